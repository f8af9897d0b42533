"""Putting each tax post where its § 3 ruling says. Every post ends in exactly one pile."""

from dataclasses import dataclass, field
from decimal import Decimal

from app.calc.poster.katalog import (
    Art,
    Avgjoerelse3,
    Behandling3,
    Katalog,
    Postrad,
    gruppe_for_utbetaler,
    gyldig_organisasjonsnummer,
    varsel,
)
from app.calc.poster.langtidsgrunnlag import HoldtUtenfor, Plassering, Utfall
from app.calc.poster.noder import (
    fratrekk,
    postfaktum,
    siste_dag,
)
from app.calc.poster.plassering import kontroller, ta_ut, uvalgte
from app.calc.poster.sortering import BARN_GRUNN, SKATTEFRI_GRUNN, omtal
from app.calc.poster.typer import (
    AvvistPar,
    Gruppe,
    Omtale,
    Skattepost,
    Skattesvar,
    Svardel,
    Varsel,
    Varselkode,
)
from app.calc.sporing import Faktum, Node

_FAKTORDESIMALER = 4
"""Decimals of an uplift factor; a quotient that needs more is rounding in the posts."""


@dataclass(slots=True)
class Samler:
    """The piles while one answer is worked through."""

    svar: Skattesvar
    katalog: Katalog
    overproevd: frozenset[tuple[str, Svardel]]
    """Posts a caseworker has decided on; a doubtful ruling then gives way."""
    ledd: dict[Gruppe, list[Node]] = field(default_factory=dict)
    renter: list[Node] = field(default_factory=list)
    utenfor: list[HoldtUtenfor] = field(default_factory=list)
    plasseres: list[Omtale] = field(default_factory=list)
    vist: list[Omtale] = field(default_factory=list)
    ikke_regnet: list[Omtale] = field(default_factory=list)
    varsler: list[Varsel] = field(default_factory=list)

    def i_gruppe(self, gruppe: Gruppe, post: Faktum, trekkes_fra: bool) -> None:
        """Add a post to an income group, with the sign turned or not."""
        node = fratrekk(post, dato=siste_dag(self.svar.aar), merke=post.id) if trekkes_fra else post
        self.ledd.setdefault(gruppe, []).append(node)


_TELLER = {
    Behandling3.INNTEKT,
    Behandling3.ETTER_UTBETALER,
    Behandling3.GJELDSRENTER,
    Behandling3.HOLDT_UTENFOR,
    Behandling3.OPPJUSTERING,
}


def har_virkning(rad: Postrad) -> bool:
    """Whether a post under this ruling can change the § 3 basis."""
    regel = rad.paragraf3
    if regel.art is Art.UTBYTTE:
        return False
    return regel.behandling in _TELLER or regel.behandling is Behandling3.MAA_PLASSERES


def fordel(
    samler: Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    """Put one post where its ruling says; every post ends in exactly one pile."""
    regel = rad.paragraf3
    hinder = _hinder(post, regel)
    if hinder is None and _gir_etter(samler, post, rad):
        hinder = regel.grunn
    if hinder is not None:
        samler.plasseres.append(_omtal3(post, rad, hinder))
        return
    match regel.behandling:
        case Behandling3.INNTEKT if regel.gruppe is not None:
            samler.i_gruppe(regel.gruppe, _faktum(samler, post, rad), regel.fortegn < 0)
        case Behandling3.ETTER_UTBETALER:
            _etter_utbetaler(samler, post, rad)
        case Behandling3.GJELDSRENTER:
            samler.renter.append(_faktum(samler, post, rad))
        case Behandling3.HOLDT_UTENFOR if regel.art is not None:
            _hold_utenfor(samler, post, rad, tilstede)
        case Behandling3.OPPJUSTERING:
            _oppjustering(samler, post, rad, tilstede)
        case Behandling3.BARE_VISNING:
            samler.vist.append(_omtal3(post, rad, regel.grunn))
        case Behandling3.SUM_ELLER_DUBLETT if (
            rad.dublett_av and post.beloep and not any(navn in tilstede for navn in rad.dublett_av)
        ):
            samler.plasseres.append(
                _omtal3(
                    post,
                    rad,
                    f"{regel.grunn} Men den andre posten er ikke i svaret, så beløpet må plasseres.",
                )
            )
        case Behandling3.MAA_PLASSERES if post.beloep:
            samler.plasseres.append(_omtal3(post, rad, regel.grunn))
        case _:
            samler.ikke_regnet.append(_omtal3(post, rad, regel.grunn))


def _gir_etter(samler: Samler, post: Skattepost, rad: Postrad) -> bool:
    """Whether a caseworker has overruled this post, and may: only rulings with a doubt or a warning give way."""
    return (
        (post.teknisk_navn, post.del_) in samler.overproevd
        and rad.paragraf3.behandling in (Behandling3.INNTEKT, Behandling3.GJELDSRENTER)
        and bool(rad.tvil or rad.varsler)
    )


def _hinder(post: Skattepost, regel: Avgjoerelse3) -> str | None:
    """Why a post that would count cannot, as it stands."""
    if regel.behandling not in _TELLER:
        return None
    if post.andel_overfoert_fra_barn:
        return BARN_GRUNN
    if post.andel_skattefritt:
        return SKATTEFRI_GRUNN
    if post.beloep < 0:
        return "Beløpet er negativt. Se hva som er rettet eller tilbakeført."
    return None


def _omtal3(post: Skattepost, rad: Postrad, grunn: str) -> Omtale:
    return omtal(post, rad.navn, grunn, str(rad.paragraf3.hjemmel))


def _faktum(samler: Samler, post: Skattepost, rad: Postrad) -> Faktum:
    return postfaktum(post, rad.navn, samler.svar.aar, samler.svar.api)


def _etter_utbetaler(samler: Samler, post: Skattepost, rad: Postrad) -> None:
    """Split a lumped pension post by the payer's organisation number; what cannot be told is handed over."""
    if not post.beloep:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    fordelt: dict[str, int] = {}
    for element in post.spesifisering:
        nummer, beloep = element.organisasjonsnummer, element.beloep
        if nummer is None or beloep is None or beloep < 0 or not gyldig_organisasjonsnummer(nummer):
            continue
        fordelt[nummer] = fordelt.get(nummer, 0) + beloep
    if sum(fordelt.values()) > post.beloep:
        samler.plasseres.append(
            _omtal3(post, rad, "Spesifiseringen er større enn posten. " + rad.paragraf3.grunn)
        )
        return
    dag = siste_dag(samler.svar.aar)
    for nummer, beloep in fordelt.items():
        kjent = samler.katalog.utbetaler(nummer, dag)
        gruppe = None if kjent is None else gruppe_for_utbetaler(rad.paragraf3, kjent.art)
        if kjent is not None and gruppe is not None:
            del_ = Skattepost(post.teknisk_navn, beloep, post.kategori, del_=post.del_)
            samler.i_gruppe(
                gruppe,
                postfaktum(
                    del_,
                    f"{rad.navn}, {kjent.navn}",
                    samler.svar.aar,
                    samler.svar.api,
                    tillegg=f", utbetaler {nummer}",
                    utbetaler=nummer,
                ),
                False,
            )
        elif beloep:
            samler.plasseres.append(
                Omtale(
                    post.teknisk_navn,
                    rad.navn,
                    beloep,
                    post.del_,
                    f"Vi vet ikke hva slags ordning denne utbetaleren er. {rad.paragraf3.grunn}",
                    str(rad.paragraf3.hjemmel),
                    nummer,
                )
            )
    rest = post.beloep - sum(fordelt.values())
    if rest:
        samler.plasseres.append(
            Omtale(
                post.teknisk_navn,
                rad.navn,
                rest,
                post.del_,
                f"Svaret sier ikke hvem som har utbetalt dette. {rad.paragraf3.grunn}",
                str(rad.paragraf3.hjemmel),
            )
        )


def _hold_utenfor(
    samler: Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    if not post.beloep or rad.paragraf3.art is None:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    loeft = next(
        (
            (annen, annen_rad)
            for annen, annen_rad in tilstede.values()
            if annen_rad.motpost == post.teknisk_navn and _hinder(annen, annen_rad.paragraf3) is None
        ),
        None,
    )
    faktor = None if loeft is None else _eksakt_faktor(post.beloep, loeft[0].beloep)
    noder = [_faktum(samler, post, rad)]
    if loeft is not None and faktor is not None:
        noder.append(_faktum(samler, *loeft))
    samler.utenfor.append(
        HoldtUtenfor(rad.paragraf3.art, Decimal(post.beloep), faktor or Decimal(1), rad.navn, tuple(noder))
    )


def _eksakt_faktor(beloep: int, oppjustering: int) -> Decimal | None:
    """(amount + uplift) / amount when that is a short exact number; else the uplift is listed by itself."""
    hele, rest = divmod(Decimal(beloep + oppjustering).scaleb(_FAKTORDESIMALER), Decimal(beloep))
    return None if rest else hele.scaleb(-_FAKTORDESIMALER).normalize()


def _oppjustering(
    samler: Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    art = rad.paragraf3.art
    if art in (None, Art.UTBYTTE) or not post.beloep:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    mot = tilstede.get(rad.motpost or "")
    loeftet = mot is not None and mot[0].beloep and _hinder(mot[0], mot[1].paragraf3) is None
    if not loeftet:
        samler.varsler.append(varsel(Varselkode.MOTPOST_MANGLER, navn=rad.navn))
    if loeftet and mot is not None and _eksakt_faktor(mot[0].beloep, post.beloep) is not None:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    if art is not None:
        samler.utenfor.append(
            HoldtUtenfor(art, Decimal(post.beloep), Decimal(1), rad.navn, (_faktum(samler, post, rad),))
        )


def felles_konto(svar: Skattesvar, ektefelle: Skattesvar | None, varsler: tuple[Varsel, ...]) -> list[Varsel]:
    """The general hint, made definite when the same account stands with both spouses."""
    hint = [v for v in varsler if v.kode is Varselkode.FELLES_KONTO]
    if ektefelle is None or ektefelle.skjermet:
        return hint
    kontoer = [
        {s.kontonummer for post in hver.poster for s in post.spesifisering if s.kontonummer}
        for hver in (svar, ektefelle)
    ]
    if kontoer[0] & kontoer[1]:
        return [varsel(Varselkode.SAMME_KONTO)]
    return hint


def plasser(
    samler: Samler,
    plasseringer: tuple[Plassering, ...],
    ukjente: list[Omtale],
    utenfor_aar: list[Omtale],
    avviste: list[AvvistPar],
) -> None:
    """Carry out the caseworker's decisions; what they settle leaves the open lists."""
    kontroller(plasseringer)
    avgjorte: list[AvvistPar | None] = []
    for valg in plasseringer:
        uttak = ta_ut(valg, (samler.plasseres, ukjente, utenfor_aar), avviste)
        avgjorte.append(uttak.par)
        _utfoer(samler, valg, uttak.omtale)
        if uttak.rest is not None:
            samler.ikke_regnet.append(uttak.rest)
    samler.ikke_regnet.extend(uvalgte(avviste, avgjorte, plasseringer))


def _utfoer(samler: Samler, valg: Plassering, omtale: Omtale) -> None:
    node = postfaktum(
        Skattepost(omtale.teknisk_navn, omtale.beloep, del_=omtale.del_),
        omtale.navn,
        samler.svar.aar,
        samler.svar.api,
        tillegg=f"; plassert av saksbehandler: {valg.begrunnelse}",
        utbetaler=omtale.utbetaler,
    )
    if isinstance(valg.som, Gruppe):
        samler.i_gruppe(valg.som, node, valg.trekkes_fra)
    elif valg.som is Utfall.GJELDSRENTER:
        samler.renter.append(node)
    elif valg.som is Utfall.IKKE_INNTEKT or not omtale.beloep:
        samler.ikke_regnet.append(omtale)
    else:
        art = Art.GEVINST if valg.som is Utfall.HOLDT_UTENFOR_GEVINST else Art.TAP
        samler.utenfor.append(HoldtUtenfor(art, Decimal(omtale.beloep), Decimal(1), omtale.navn, (node,)))
