"""The form of posts: those that wait to be placed, amounts that are entered, and what is withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil
from app.calc.poster.sammenstilling import FELT_FORSOERGET, FELT_LANGTID
from app.calc.poster.sammenstilling_10 import FELT_HUSSTAND
from app.db.lager.manuelle_poster import ManuellPost
from app.portal.bilder.beregningsbilde import Beregningsbilde
from app.portal.bilder.hvem import Navneliste
from app.portal.skjema.feiltekst import Feiltekst
from app.portal.skjema.skjema import Skjema, har_noe, naermeste
from app.portal.skjema.tre import Skjemaform, Tre
from app.services.sak.forespoersler import FORHAANDSVISNING, OensketForhaandsvisning
from app.services.sak.manuelle import post_ut
from app.services.sak.rader import Sakstjeneste
from app.services.sak.ut import ManuellPostUt
from app.services.saksside import Saksside

FORM: Final = Skjemaform(FORHAANDSVISNING)
_POSTER: Final = "manuellePoster"
_PLASSERINGER: Final = "plasseringer"
_VALGT: Final = ("som", "begrunnelse", "beloep", "vedlegg")
"""What a caseworker fills in of a placement; a row with none of it is not decided on."""


@dataclass(slots=True, kw_only=True)
class Posterskjema(Skjema):
    """The form of posts.

    Attributes:
        side: the case with what it has.
        hvem: names.
        bilde: the calculation the posts are of; ``None`` when the year has none.
        gjelder: the posts in force.
        opphevede: those that were withdrawn.
        aar: the year that is calculated.
    """

    side: Saksside
    hvem: Navneliste
    bilde: Beregningsbilde | None
    gjelder: Sequence[ManuellPostUt] = field(repr=False)
    opphevede: Sequence[ManuellPostUt] = field(repr=False)
    aar: int

    @property
    def aapne(self) -> Sequence[Mapping[str, Any]]:
        """The posts that wait to be placed."""
        return () if self.bilde is None else self.bilde.aapne

    @property
    def felter(self) -> list[str]:
        """The fields an amount may be entered for."""
        bistand = self.side.sak.innhold.tjeneste is Sakstjeneste.PRAKTISK_BISTAND
        return sorted(FELT_HUSSTAND if bistand else FELT_LANGTID)

    @property
    def felter_forsoerget(self) -> list[str]:
        """The fields of those who are supported (§ 5)."""
        innhold = self.side.sak.innhold
        langtid = innhold.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
        return sorted(FELT_FORSOERGET) if langtid and innhold.husstand else []

    @property
    def personer(self) -> list[str]:
        """Whom the case is about, the person it is of first."""
        egen = self.side.sak.sak.person_id
        andre = sorted(id_ for id_ in self.side.personer if id_ != egen)
        return [str(egen), *map(str, andre)]


def vist(poster: Iterable[ManuellPost]) -> list[ManuellPostUt]:
    """Posts as they are shown."""
    return [post_ut(post) for post in poster]


def nytt_tre(aar: int, aapne: Sequence[Mapping[str, Any]]) -> Tre:
    """The form with a row for each post that waits."""
    return FORM.vis({_POSTER: {"aar": aar, _PLASSERINGER: _rader(aapne, [])}, "beregning": {"aar": aar}})


def sendt_tre(felt: Iterable[tuple[str, object]], aar: int, aapne: Sequence[Mapping[str, Any]]) -> Tre:
    """The form that was sent, with its placements where the posts stand now."""
    tre = FORM.les(felt)
    tre["innhold"] = FORM.vis({})["innhold"]
    tre["beregning"]["aar"] = tre[_POSTER]["aar"] = str(aar)
    rader = _rader(aapne, tre[_POSTER][_PLASSERINGER])
    tre[_POSTER][_PLASSERINGER] = FORM.vis({_POSTER: {_PLASSERINGER: rader}})[_POSTER][_PLASSERINGER]
    return tre


def _rader(aapne: Sequence[Mapping[str, Any]], sendt: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    fylt = {(rad["noekkel"], rad["person"]["personId"]): rad for rad in sendt}
    return [
        {
            **fylt.get((en["noekkel"], en["personId"]), {}),
            "noekkel": en["noekkel"],
            "person": {"personId": en["personId"]},
        }
        for en in aapne
    ]


def les_skjema(tre: Tre) -> tuple[OensketForhaandsvisning | None, list[Feil], Any]:
    """What the form says, read with the contract's own reader.

    Returns:
        What it says, or ``None`` when something is wrong; every fault; and the request as JSON.
    """
    plasseringer = tre[_POSTER][_PLASSERINGER]
    valgte = _valgte(plasseringer)
    poster = {**tre[_POSTER], _PLASSERINGER: [plasseringer[nr] for nr in valgte]}
    if not valgte and not poster["oppgitteBeloep"]:
        poster = FORM.vis({})[_POSTER]
    raa, feil = FORM.json({**tre, _POSTER: poster})
    av_kontrakten: list[Feil] = []
    with eksakt_regning():
        lest = FORHAANDSVISNING.les(raa, "", av_kontrakten)
    kjente = {en.pointer for en in feil}
    feil += [en for en in av_kontrakten if en.pointer not in kjente]
    funnet = lest if isinstance(lest, OensketForhaandsvisning) and not feil else None
    return funnet, feil, raa


def feil_i_skjemaet(tre: Tre, feil: Iterable[Feil], tekst: Feiltekst) -> dict[str, str]:
    """What is wrong, at the field of the form that is nearest to it."""
    valgte = _valgte(tre[_POSTER][_PLASSERINGER])
    svar: dict[str, str] = {}
    for en in feil:
        ledd = en.pointer.removeprefix("/").split("/")
        if ledd[:2] == [_POSTER, _PLASSERINGER] and len(ledd) > 2 and int(ledd[2]) < len(valgte):  # noqa: PLR2004
            ledd[2] = str(valgte[int(ledd[2])])
        svar.setdefault(naermeste(tre, "/".join(ledd)), tekst(en))
    return svar


def _valgte(plasseringer: Sequence[Mapping[str, Any]]) -> list[int]:
    """The placements that something is filled in for."""
    return [nr for nr, rad in enumerate(plasseringer) if any(har_noe(rad[navn]) for navn in _VALGT)]
