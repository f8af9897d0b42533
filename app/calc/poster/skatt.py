"""Tax from the beregnet-skatt answer, and what the skattejustering of § 3 can be read from.

The answer's ``beregnetSkatt`` includes wealth tax. A (grunnlag) and the three income taxes stand in the
answer, and P (personfradrag) follows from them and the rate, which the caller takes from the dated rates.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from app.calc.beloep import NULL
from app.calc.poster.katalog import varsel
from app.calc.poster.noder import (
    BEREGNET_SKATT,
    SKATT_BETALT_I_UTLANDET,
    SUM_FORMUESSKATT,
    faktum,
    formuesskatt,
    ingen,
    personfradrag,
    siste_dag,
    summer,
)
from app.calc.poster.typer import Api, Svardel, Varsel, Varselkode
from app.calc.sporing import Faktum, Node, Sats, Steg

_TIL_STAT = "formuesskattTilStat"
_TIL_KOMMUNE = "formuesskattTilKommune"
_INNTEKTSSKATT = ("inntektsskattTilKommune", "inntektsskattTilFylkeskommune", "fellesskatt")
_SUMMER = {"inntektsskattTilKommuneOgFylkeskommune", "sumTrygdeavgift"}
"""Entries of ``skattOgAvgift`` that repeat others."""
_FORMUE_UTLAND = "skattefradragForFormuesskattBetaltIUtlandet"
_INNTEKT_UTLAND = "skattefradragForInntektsskattBetaltIUtlandet"
_NAVN = {
    _TIL_STAT: "Formuesskatt til staten",
    _TIL_KOMMUNE: "Formuesskatt til kommunen",
    _FORMUE_UTLAND: "Fradrag for formuesskatt betalt i utlandet",
    _INNTEKT_UTLAND: "Fradrag for inntektsskatt betalt i utlandet",
    "inntektsskattTilKommune": "Inntektsskatt til kommunen",
    "inntektsskattTilFylkeskommune": "Inntektsskatt til fylkeskommunen",
    "fellesskatt": "Fellesskatt",
}
"""What those that are read are called; the source of each says Skatteetaten's own name."""


@dataclass(frozen=True, slots=True)
class Skatteart:
    """One entry of ``skattOgAvgift`` (or of ``skattefradrag``, without grunnlag)."""

    navn: str
    beloep: int = field(repr=False)
    grunnlag: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Skattedel:
    """``beregnetSkattFastland``, ``…Svalbard`` or ``…KildeskattPaaLoenn``."""

    del_: Svardel
    beregnet_skatt: int = field(repr=False)
    skatt_og_avgift: tuple[Skatteart, ...] = ()
    skattefradrag: tuple[Skatteart, ...] = ()


@dataclass(frozen=True, slots=True)
class BeregnetSkatt:
    """One person's beregnet-skatt answer for one income year."""

    aar: int
    deler: tuple[Skattedel, ...]
    skjermet: bool = False


@dataclass(frozen=True, slots=True)
class Justeringsforslag:
    """What the skattejustering needs, as read; a proposal until the caseworker confirms it."""

    alminnelig_inntekt: Faktum = field(repr=False)
    """A: the basis of ordinary income tax, after særfradrag."""
    personfradrag: Steg = field(repr=False)
    """P = A − (the three income taxes) / rate."""
    skattesats: Sats | Faktum = field(repr=False)
    """Per cent."""


@dataclass(frozen=True, slots=True)
class Skattedata:
    """Tax as nodes."""

    beregnet_skatt: Steg = field(repr=False)
    formuesskatt: Steg | None = field(repr=False)
    betalt_i_utlandet: Steg | None = field(repr=False)
    """Credit for income tax paid abroad; added back only when the kommune has chosen to."""
    justering: Justeringsforslag | None = field(repr=False)
    varsler: tuple[Varsel, ...]


def les_skatt(
    svar: BeregnetSkatt, skattesats: Sats | Faktum | None, ordinaert_personfradrag: Decimal | None = None
) -> Skattedata | None:
    """Read tax and the proposal for the skattejustering.

    Args:
        svar: an answer that is not skjermet.
        skattesats: per cent of ordinary income for where the person is taxed (lower in tiltakssonen).
        ordinaert_personfradrag: the year's ordinary amount, when known; a P that differs is warned of.

    Returns:
        ``None`` when the answer has no part with tax: unknown, not zero.
    """
    if not svar.deler:
        return None
    dag = siste_dag(svar.aar)
    varsler: list[Varsel] = []
    skatt = BEREGNET_SKATT(
        *(
            faktum(
                f"beregnetSkatt.{del_.del_.name.lower()}",
                f"Beregnet skatt, {del_.del_}",
                del_.beregnet_skatt,
                f"{Api.BEREGNET_SKATT} {svar.aar} ({del_.del_}), beregnetSkatt",
            )
            for del_ in svar.deler
        ),
        dato=dag,
    )
    formue = _formuesskatt(svar)
    if formue is not None and formue.verdi:
        varsler.append(varsel(Varselkode.FORMUESSKATT))
    elif formue is None and _uforklart(svar):
        varsler.append(varsel(Varselkode.FORMUESSKATT_UKJENT))
    utland = summer(
        SKATT_BETALT_I_UTLANDET,
        [
            _artfaktum(svar.aar, d.del_, art)
            for d in svar.deler
            for art in d.skattefradrag
            if _er(art, _INNTEKT_UTLAND)
        ],
        dag,
    )
    if utland is not None:
        varsler.append(varsel(Varselkode.SKATT_BETALT_I_UTLANDET))
    justering = _justering(svar, skattesats)
    if isinstance(justering, Varselkode):
        varsler.append(varsel(justering))
    else:
        varsler.extend(_kontroller(svar, justering, ordinaert_personfradrag))
    return Skattedata(
        skatt, formue, utland, None if isinstance(justering, Varselkode) else justering, tuple(varsler)
    )


def _er(art: Skatteart, navn: str) -> bool:
    return art.navn == navn and art.beloep != 0


def _artfaktum(aar: int, del_: Svardel, art: Skatteart) -> Faktum:
    return faktum(
        f"{art.navn}.{del_.name.lower()}",
        _NAVN[art.navn],
        art.beloep,
        f"{Api.BEREGNET_SKATT} {aar} ({del_}), {art.navn}",
    )


def _formuesskatt(svar: BeregnetSkatt) -> Steg | None:
    """Wealth tax of every part that shows any; ``None`` when none does."""
    dag = siste_dag(svar.aar)
    per_del: list[Node] = []
    for del_ in svar.deler:
        funnet = {
            art.navn: _artfaktum(svar.aar, del_.del_, art)
            for art in (*del_.skatt_og_avgift, *del_.skattefradrag)
            if art.navn in (_TIL_STAT, _TIL_KOMMUNE, _FORMUE_UTLAND)
        }
        if {_TIL_STAT, _TIL_KOMMUNE} & funnet.keys():
            ledd = (
                funnet.get(navn) or ingen(navn, "ikke i svaret", _NAVN[navn])
                for navn in (_TIL_STAT, _TIL_KOMMUNE, _FORMUE_UTLAND)
            )
            per_del.append(formuesskatt(*ledd, dato=dag, merke=del_.del_.name.lower()))
    return summer(SUM_FORMUESSKATT, per_del, dag)


def _uforklart(svar: BeregnetSkatt) -> bool:
    """Whether beregnet skatt is more than the taxes the answer lists; the rest may be wealth tax."""
    return any(
        del_.beregnet_skatt + sum(art.beloep for art in del_.skattefradrag)
        > sum(art.beloep for art in del_.skatt_og_avgift if art.navn not in _SUMMER)
        for del_ in svar.deler
    )


def _justering(svar: BeregnetSkatt, skattesats: Sats | Faktum | None) -> Justeringsforslag | Varselkode:
    fastland = next((d for d in svar.deler if d.del_ is Svardel.FASTLAND), None)
    if fastland is None or skattesats is None:
        return Varselkode.SKATTESATS_MANGLER
    arter = {art.navn: art for art in fastland.skatt_og_avgift}
    tre = [arter[navn] for navn in _INNTEKTSSKATT if navn in arter]
    grunnlag = {art.grunnlag for art in tre}
    if len(tre) < len(_INNTEKTSSKATT) or len(grunnlag) != 1 or None in grunnlag:
        return Varselkode.SKATTEGRUNNLAG_ULIKE
    if not sum(art.beloep for art in tre):
        return Varselkode.PERSONFRADRAG_UKJENT
    a = faktum(
        "alminneligInntekt",
        "Grunnlag for skatt på alminnelig inntekt",
        tre[0].grunnlag or 0,
        f"{Api.BEREGNET_SKATT} {svar.aar} (fastland), {_INNTEKTSSKATT[0]}.grunnlag",
    )
    p = personfradrag(
        a, *(_artfaktum(svar.aar, Svardel.FASTLAND, art) for art in tre), skattesats, dato=siste_dag(svar.aar)
    )
    if p.verdi < NULL:
        return Varselkode.SKATTESATS_FOR_LAV
    return Justeringsforslag(a, p, skattesats)


def _kontroller(svar: BeregnetSkatt, justering: Justeringsforslag, ordinaert: Decimal | None) -> list[Varsel]:
    prosent = justering.skattesats.verdi
    if not isinstance(prosent, Decimal):
        raise TypeError("skattesatsen skal være et tall")
    varsler = []
    # Each of the three taxes is rounded to a krone, so P is known to within their number divided by the rate.
    slingring = Decimal(len(_INNTEKTSSKATT)).scaleb(2) // prosent
    if ordinaert is not None and abs(justering.personfradrag.verdi - ordinaert) > slingring:
        varsler.append(varsel(Varselkode.PERSONFRADRAG_AVVIKER))
    if any(art.beloep for del_ in svar.deler for art in del_.skattefradrag):
        varsler.append(varsel(Varselkode.SKATTEFRADRAG))
    return varsler
