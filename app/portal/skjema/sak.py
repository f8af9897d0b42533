"""The form of a case: what stands in it, what may be chosen, and what is wrong."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import camel, les_json, skriv_json
from app.db.lager.personer import Person
from app.portal.bilder.beregningsbilde import Beregningsbilde
from app.portal.bilder.hvem import Hvem, Navneliste
from app.portal.skjema.feiltekst import Feiltekst
from app.portal.skjema.skjema import Skjema, naermeste
from app.portal.skjema.tjenester import RAD, i_skjemaet, per_maaned, som_rader
from app.portal.skjema.tre import Skjemaform, Tre
from app.services.kommuneoppsett.dokument import Institusjon, Kommuneoppsett
from app.services.sak.forespoersler import NY_SAK, NySak
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.kjent_person import KjentPerson
from app.services.sak.kontroll import BARE_BISTAND, BARE_LANGTID, FORHOLD_BARE_BISTAND, LISTER
from app.services.sak.rader import Sakstjeneste

FORM: Final = Skjemaform(NY_SAK, {"tjenester": RAD})
_AAR: Final = re.compile(r"[0-9]{4}")
_REFERANSE: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UTEN_FELT: Final = {"aar": "beregning/aar", "endeligBegrunnelse": "beregning/endeligBegrunnelse"}
"""Faults of the calculation, by where its wish stands in the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Valgene:
    """What may be chosen in the form."""

    tjenester: tuple[Sakstjeneste, ...]
    institusjoner: tuple[Institusjon, ...] = field(repr=False)
    aar: tuple[int, ...]

    @property
    def institusjonspar(self) -> list[tuple[str, str]]:
        """The institutions as a list to choose from."""
        return [(inst.kode, inst.navn) for inst in self.institusjoner]

    @property
    def aarspar(self) -> list[tuple[str, str]]:
        """The years as a list to choose from."""
        return [(str(aar), str(aar)) for aar in self.aar]

    def med_aar(self, aar: str) -> "Valgene":
        """The same with a year that a case already is of."""
        kjent = aar in {str(ett) for ett in self.aar}
        return self if kjent or not _AAR.fullmatch(aar) else replace(self, aar=(int(aar), *self.aar))

    def har_institusjon(self, kode: str) -> bool:
        """Whether the kommune's setup has an institution."""
        return any(inst.kode == kode for inst in self.institusjoner)


@dataclass(slots=True, kw_only=True)
class Saksskjema(Skjema):
    """The form of a case.

    Attributes:
        valg: what may be chosen.
        kjente: persons named by reference.
        kjent: what the kommune knows of the person, when that was asked for.
        er_ny: it was asked for, and the kommune does not know the person.
        bilde: the calculation the change is held against, for a case that is changed.
    """

    valg: Valgene
    kjente: Mapping[str, Hvem] = field(default_factory=dict)
    kjent: KjentPerson | None = None
    er_ny: bool = False
    bilde: Beregningsbilde | None = None

    @property
    def ny(self) -> bool:
        """Whether there is no case yet."""
        return self.versjon is None

    @property
    def tjeneste(self) -> str:
        """The service the form is about."""
        valgt: str = self.tre["tjeneste"]
        return valgt

    def viser(self, tjeneste: str) -> bool:
        """Whether a service's part of the form is there: for a new case all that the kommune offers."""
        return tjeneste in self.valg.tjenester if self.ny else tjeneste == self.tjeneste


def valgene(oppsett: Kommuneoppsett, i_dag: date) -> Valgene:
    """What may be chosen: what the kommune's setup says."""
    foerste = oppsett.valg[0].gjelder_fra.year if oppsett.valg else i_dag.year
    return Valgene(
        tjenester=tuple(Sakstjeneste(tilbud.value) for tilbud in oppsett.tjenester),
        institusjoner=oppsett.institusjoner,
        aar=tuple(range(i_dag.year, min(foerste, i_dag.year) - 1, -1)),
    )


def nytt_tre(valg: Valgene, i_dag: date) -> Tre:
    """An empty form, with what most new cases are like."""
    opphold: dict[str, Any] = {"art": "LANGTID"}
    if len(valg.institusjoner) == 1:
        opphold["institusjon"] = valg.institusjoner[0].kode
    return FORM.vis(
        {
            "tjeneste": valg.tjenester[0].value if valg.tjenester else "",
            "opphold": [opphold],
            "tjenester": [{"art": "TIMER", "fra": f"{i_dag:%Y-%m}", "til": f"{i_dag:%Y}-12"}],
            "beregning": {"aar": i_dag.year},
        }
    )


def lagret_tre(innhold: LagretSaksinnhold, aar: int) -> Tre:
    """The form of what a case says."""
    raa = les_json(skriv_json(innhold))
    raa["tjenester"] = som_rader(raa["tjenester"])
    return FORM.vis({**raa, "beregning": {"aar": aar}})


def les_skjema(tre: Tre) -> tuple[NySak | None, list[Feil], Any]:
    """What the form says, read with the contract's own reader.

    Returns:
        What it says, or ``None`` when something is wrong; every fault; and the request as JSON.
    """
    raa, feil = FORM.json(_uten_den_andres(tre))
    tjenester, fra_rad, av_maanedene = per_maaned(raa["tjenester"])
    raa["tjenester"] = tjenester
    av_kontrakten: list[Feil] = []
    with eksakt_regning():
        lest = NY_SAK.les(raa, "", av_kontrakten)
    kjente = {en.pointer for en in feil}
    feil += av_maanedene
    feil += [en for en in i_skjemaet(av_kontrakten, fra_rad) if en.pointer not in kjente]
    return (lest if isinstance(lest, NySak) and not feil else None), feil, raa


def feil_i_skjemaet(tre: Tre, feil: Iterable[Feil], tekst: Feiltekst) -> dict[str, str]:
    """What is wrong, at the field of the form that is nearest to it."""
    _, fra_rad, _ = per_maaned(FORM.json(tre)[0]["tjenester"])
    svar: dict[str, str] = {}
    for en in i_skjemaet(feil, fra_rad):
        navn = en.pointer.removeprefix("/")
        svar.setdefault(naermeste(tre, _UTEN_FELT.get(navn, navn)), tekst(en))
    return svar


def nevnte(tre: Tre) -> set[UUID]:
    """Everybody the form names by reference."""
    alle = [tre["person"]["personId"], *(rad["person"]["personId"] for rad in tre["husstand"])]
    return {UUID(en) for en in alle if _REFERANSE.fullmatch(en)}


def navnene(personer: Mapping[UUID, Person]) -> dict[str, Hvem]:
    """Persons by reference, as the form shows them."""
    liste = Navneliste(personer)
    return {str(id_): liste[id_] for id_ in personer}


def med_kjent(tre: Tre, valg: Valgene, kjent: KjentPerson) -> None:
    """Put in the form what the kommune already knows: the person, and those who live there."""
    tre["person"] = {"personId": str(kjent.person.id), "personidentifikator": "", "navn": ""}
    if not tre["husstand"]:
        tre["husstand"] = FORM.vis({"husstand": les_json(skriv_json(kjent.husstand))})["husstand"]
    opptatt = {sak.tjeneste for sak in kjent.aapne}
    ledige = [tjeneste.value for tjeneste in valg.tjenester if tjeneste.value not in opptatt]
    if ledige and tre["tjeneste"] in opptatt:
        tre["tjeneste"] = ledige[0]


def _uten_den_andres(tre: Tre) -> Tre:
    """The form without what only the other service has: those fields are not shown."""
    if tre["tjeneste"] not in Sakstjeneste.__members__:
        return tre
    tjeneste = Sakstjeneste(tre["tjeneste"])
    langtid = tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
    i_husstanden = {*map(camel, BARE_BISTAND)} if langtid else {*map(camel, BARE_LANGTID), "hjemmeboende"}
    hos_personen = {*map(camel, FORHOLD_BARE_BISTAND)} if langtid else set()
    return {
        **tre,
        **{navn: [] for navn in LISTER[tjeneste]},
        "husstand": [_uten(rad, i_husstanden) for rad in tre["husstand"]],
        "forhold": [_uten(rad, hos_personen) for rad in tre["forhold"]],
    }


def _uten(rad: Mapping[str, Any], navn: set[str]) -> dict[str, Any]:
    return {felt: ("" if felt in navn else verdi) for felt, verdi in rad.items()}
