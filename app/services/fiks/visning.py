"""The ``visningsposter``: every post of the settlement, whether it counts or not, under Fiks' headings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.calc.poster.katalog import Behandling3, Postrad, katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt
from app.calc.poster.typer import Omtale, Svardel
from app.services.fiks.bestilling import Bestillingsperson
from app.services.fiks.ord import Visningskategori
from app.services.fiks.skatt import BEREGNET_SKATT, DEL
from app.services.fiks.svar import FiksPersonbeloep, FiksVisningsgruppe, FiksVisningspost
from app.services.oppslag import Hentet

Grunnlag = Langtidsgrunnlag | Husstandsgrunnlag

_GJELD: Final = "gjeld"
_KATEGORI: Final = {
    Behandling3.GJELDSRENTER: Visningskategori.FRADRAG,
    Behandling3.FRADRAG_TELLER_IKKE: Visningskategori.ANNET,
    Behandling3.SUM_ELLER_DUBLETT: Visningskategori.ANNET,
    Behandling3.BARE_VISNING: Visningskategori.FORMUE,
}
"""Everything else is or may be income."""

_FORMUESSKATT: Final = (
    "Formuesskatt trekkes bare fra når kommunen har valgt det; se formuesskatt under skatt i fradragene."
)
_UTLAND: Final = "Kommunen velger om skatt betalt i utlandet regnes som betalt skatt."
_SKATTEPOSTER: Final = {
    "formuesskattTilKommune": ("Formuesskatt til kommune", _FORMUESSKATT),
    "formuesskattTilStat": ("Formuesskatt til stat", _FORMUESSKATT),
    "skattefradragForFormuesskattBetaltIUtlandet": (
        "Skattefradrag for formuesskatt betalt i utlandet",
        _UTLAND,
    ),
    "skattefradragForInntektsskattBetaltIUtlandet": (
        "Skattefradrag for inntektsskatt betalt i utlandet",
        _UTLAND,
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class _Rad:
    """One person's amount of one post."""

    kategori: Visningskategori
    navn: str
    tekst: str
    info: str | None
    person: str
    beloep: int


def langtidskategori(rad: Postrad) -> Visningskategori:
    """Fiks' heading for a post of the catalogue under § 3."""
    if rad.paragraf3.id == _GJELD:
        return Visningskategori.GJELD
    return _KATEGORI.get(rad.paragraf3.behandling, Visningskategori.INNTEKT)


def visningsposter(
    personer: Sequence[tuple[Bestillingsperson, Hentet, Grunnlag | None]],
    kategori: Callable[[Postrad], Visningskategori | None],
    med_skatt: bool,
) -> tuple[FiksVisningsgruppe, ...]:
    """The posts of all persons, added up by name.

    Args:
        personer: with what was fetched and made of it.
        kategori: heading of a known post; ``None`` leaves it out.
        med_skatt: show the tax that was fetched.
    """
    per_post: dict[tuple[Visningskategori, str, str], list[_Rad]] = {}
    for person, hentet, grunnlag in personer:
        rader = [*_poster(person, hentet, grunnlag, kategori)]
        if med_skatt and hentet.skatt is not None:
            rader += _skatteposter(person, hentet.skatt)
        for rad in rader:
            per_post.setdefault((rad.kategori, rad.navn, rad.tekst), []).append(rad)
    return tuple(
        FiksVisningsgruppe(
            kategori=overskrift,
            poster=tuple(_post(rader) for (under, *_), rader in per_post.items() if under is overskrift),
        )
        for overskrift in Visningskategori
        if any(under is overskrift for under, *_ in per_post)
    )


def _post(rader: list[_Rad]) -> FiksVisningspost:
    return FiksVisningspost(
        teknisk_navn=rader[0].navn,
        visningstekst=rader[0].tekst,
        beloep=sum(rad.beloep for rad in rader),
        personer=tuple(FiksPersonbeloep(identifikator=rad.person, beloep=rad.beloep) for rad in rader),
        infotekst=next((rad.info for rad in rader if rad.info), None),
    )


def _poster(
    person: Bestillingsperson,
    hentet: Hentet,
    grunnlag: Grunnlag | None,
    kategori: Callable[[Postrad], Visningskategori | None],
) -> Iterator[_Rad]:
    if hentet.svar is None or grunnlag is None:
        return
    aapne = {(omtale.teknisk_navn, omtale.del_): omtale.grunn for omtale in _aapne(grunnlag)}
    for post in hentet.svar.poster:
        kjent = katalogen().post(post.teknisk_navn, hentet.aar)
        info = aapne.get((post.teknisk_navn, post.del_))
        under = Visningskategori.INNTEKT if kjent is None else kategori(kjent)
        if under is None and info is not None:
            under = Visningskategori.INNTEKT
        if under is None:
            continue
        if info is None and kjent is not None and kjent.paragraf3.behandling is Behandling3.HOLDT_UTENFOR:
            info = kjent.paragraf3.grunn if isinstance(grunnlag, Langtidsgrunnlag) else None
        tekst = post.teknisk_navn if kjent is None else kjent.navn
        yield _Rad(
            under,
            post.teknisk_navn,
            tekst if post.del_ is Svardel.FASTLAND else f"{tekst} ({post.del_})",
            info,
            person.identifikator,
            post.beloep,
        )


def _aapne(grunnlag: Grunnlag) -> Iterator[Omtale]:
    """Everything that waits for a caseworker."""
    yield from (*grunnlag.maa_plasseres, *grunnlag.ukjente, *grunnlag.utenfor_aar)
    for par in grunnlag.avviste:
        yield from par.poster


def _skatteposter(person: Bestillingsperson, skatt: BeregnetSkatt) -> Iterator[_Rad]:
    for del_ in skatt.deler:
        tillegg = "" if del_.del_ is Svardel.FASTLAND else f" ({del_.del_})"
        rot = DEL[del_.del_]
        yield _Rad(
            Visningskategori.FRADRAG,
            rot + BEREGNET_SKATT,
            f"Beregnet skatt{tillegg}",
            None,
            person.identifikator,
            del_.beregnet_skatt,
        )
        for sti, arter in (
            ("/skattOgAvgift/{}/beloep", del_.skatt_og_avgift),
            ("/skattefradrag/{}", del_.skattefradrag),
        ):
            for art in arter:
                if art.navn in _SKATTEPOSTER:
                    tekst, info = _SKATTEPOSTER[art.navn]
                    yield _Rad(
                        Visningskategori.FRADRAG,
                        rot + sti.format(art.navn),
                        tekst + tillegg,
                        info,
                        person.identifikator,
                        art.beloep,
                    )
