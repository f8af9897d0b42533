"""The form of a case: what stands in it, what may be chosen, and what is wrong."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import camel, les_json, skriv_json
from app.db.lager.personer import Person
from app.portal.skjema.tjenester import RAD, i_skjemaet, per_maaned, som_rader
from app.portal.skjema.tre import Skjemaform, Tre
from app.services.kommuneoppsett.dokument import Institusjon, Kommuneoppsett, Tilbud
from app.services.sak.feil import KonfliktError
from app.services.sak.forespoersler import NY_SAK, NySak
from app.services.sak.forhaandsvisning import Forhaandsvisning
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.kontroll import BARE_BISTAND, BARE_LANGTID, FORHOLD_BARE_BISTAND, LISTER
from app.services.sak.rader import Sakstjeneste
from app.services.sak.stige import Stige

FORM: Final = Skjemaform(NY_SAK, {"tjenester": RAD})
SKJEMAET: Final = "skjema"
"""The field that faults of the form as a whole stand at."""

_AAR: Final = re.compile(r"[0-9]{4}")
_SYNLIGE_SIFRE: Final = 6
_UTEN_FELT: Final = {"aar": "beregning/aar", "endeligBegrunnelse": "beregning/endeligBegrunnelse"}
"""Faults of the calculation, by where its wish stands in the form."""


@dataclass(frozen=True, slots=True)
class Kjent:
    """Somebody the case knows, as the form shows them: never by number."""

    navn: str | None = field(repr=False)
    foedt: str = field(repr=False)


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
class Saksskjema:
    """A form on its way to the page.

    Attributes:
        sti: where it is sent.
        tre: what stands in it.
        valg: what may be chosen.
        noekkel: what a repeat of it is known by.
        feil: what is wrong, by field.
        konflikt: the state that does not allow it.
        opptatt: somebody else was in the way, and nothing is stored.
        utdatert: somebody else has changed the case since.
        fokus: where the user goes on.
        versjon: the version of the case that is changed.
        kjente: persons the case knows, by reference.
        virkning: what the form leads to, when that was asked for.
        stige: the kommune's ladder with the household's place in it.
    """

    sti: str
    tre: Tre
    valg: Valgene
    noekkel: str
    feil: dict[str, str] = field(default_factory=dict)
    konflikt: KonfliktError | None = None
    opptatt: bool = False
    utdatert: bool = False
    fokus: str | None = None
    versjon: int | None = None
    kjente: Mapping[str, Kjent] = field(default_factory=dict)
    virkning: Forhaandsvisning | None = None
    stige: Stige | None = None

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

    @property
    def svar(self) -> dict[str, Any]:
        """What the calculation that is shown says besides its result."""
        svar: dict[str, Any] = {} if self.virkning is None else les_json(self.virkning.beregning.svar)
        return svar

    def verdi(self, navn: str) -> str:
        """What stands in a field."""
        her = finn(self.tre, navn)
        return her if isinstance(her, str) else ""

    def feil_under(self, navn: str) -> bool:
        """Whether something is wrong within a part of the form."""
        return any(en == navn or en.startswith(f"{navn}/") for en in self.feil)

    def utfylt(self, *navn: str) -> bool:
        """Whether something stands in one of these, or is wrong there."""
        return any(_har_noe(finn(self.tre, en)) or self.feil_under(en) for en in navn)


def valgene(oppsett: Kommuneoppsett, i_dag: date) -> Valgene:
    """What may be chosen: what the kommune's setup says."""
    foerste = oppsett.valg[0].gjelder_fra.year if oppsett.valg else i_dag.year
    return Valgene(
        tjenester=tuple(Sakstjeneste(tilbud.value) for tilbud in oppsett.tjenester if tilbud in Tilbud),
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


def feil_i_skjemaet(tre: Tre, feil: Iterable[Feil]) -> dict[str, str]:
    """What is wrong, at the field of the form that is nearest to it."""
    _, fra_rad, _ = per_maaned(FORM.json(tre)[0]["tjenester"])
    svar: dict[str, str] = {}
    for en in i_skjemaet(feil, fra_rad):
        navn = en.pointer.removeprefix("/")
        svar.setdefault(_naermeste(tre, _UTEN_FELT.get(navn, navn)), en.detail)
    return svar


def kjente_personer(personer: Mapping[Any, Person]) -> dict[str, Kjent]:
    """Persons by reference, as the form shows them."""
    return {str(id_): Kjent(person.navn, person.ident[:_SYNLIGE_SIFRE]) for id_, person in personer.items()}


def finn(tre: Tre, navn: str) -> Tre:
    """What stands at a place of the form; ``None`` when there is no such place."""
    her = tre
    for ledd in navn.split("/"):
        if isinstance(her, list):
            if not ledd.isdigit() or int(ledd) >= len(her):
                return None
            her = her[int(ledd)]
        elif isinstance(her, dict) and ledd in her:
            her = her[ledd]
        else:
            return None
    return her


def _naermeste(tre: Tre, navn: str) -> str:
    if navn == "person" or navn.endswith("/person"):
        navn += "/personidentifikator"
    while navn and finn(tre, navn) is None:
        navn = navn.rpartition("/")[0]
    return navn or SKJEMAET


def _har_noe(tre: Tre) -> bool:
    if isinstance(tre, dict):
        return any(map(_har_noe, tre.values()))
    if isinstance(tre, list):
        return bool(tre)
    return bool(tre)


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
