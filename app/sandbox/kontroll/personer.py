"""Levers on people: settlements and monthly income, for everybody or for one kommune."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from fastapi import APIRouter, HTTPException

from app.sandbox.befolkning import poster
from app.sandbox.befolkning.navngitte import UKJENT_PERSON
from app.sandbox.befolkning.person import Inntektsrad, Oppgave, Oppgjoer, Person
from app.sandbox.befolkning.register import Befolkning
from app.sandbox.befolkning.satser import AAR
from app.sandbox.befolkning.skatt import Tall
from app.sandbox.klokke import Klokke
from app.sandbox.kontroll.skjema import Maaned, Maanedsendring, Oppgjoersendring
from app.sandbox.skatteetaten.hendelser import Hendelsesliste


def ruter(
    befolkning: Befolkning, klokke: Klokke, oppgjoerliste: Hendelsesliste, inntektsliste: Hendelsesliste
) -> APIRouter:
    """The routes under ``/personer``."""
    rute = APIRouter(prefix="/personer")

    @rute.get("")
    async def alle() -> dict[str, Any]:
        """Every hand-made person, and an id nobody has."""
        return {
            "personer": [_som_svar(person) for person in befolkning.navngitte()],
            "ukjentPerson": UKJENT_PERSON,
            "flokk": befolkning.flokk.antall,
        }

    @rute.get("/{kallenavn}")
    async def en(kallenavn: str) -> dict[str, Any]:
        """One person; the crowd is called flokk-000000 and up."""
        return _som_svar(befolkning.person(kallenavn))

    @rute.put("/{kallenavn}/oppgjoer/{aar}")
    async def endre_oppgjoer(kallenavn: str, aar: int, endring: Oppgjoersendring) -> dict[str, Any]:
        """Change a settlement, or let one arrive: as it was at the start, else with the newest as the pattern."""
        if aar not in AAR:
            raise HTTPException(422, f"Inntektsåret må være {AAR[0]}–{AAR[-1]}")
        person = befolkning.person(kallenavn, endring.kommune)
        egen = person.oppgjoer.get(aar) or befolkning.opprinnelig_oppgjoer(kallenavn, aar)
        nytt = _nytt_oppgjoer(person, egen, aar, endring, klokke.tid())
        befolkning.sett_oppgjoer(kallenavn, aar, nytt, endring.kommune)
        if not endring.hendelse:
            return {"sekvensnumre": []}
        return {
            "sekvensnumre": oppgjoerliste.publiser(person, str(aar), endring.hendelsetype, nytt.ajourholdt)
        }

    @rute.delete("/{kallenavn}/oppgjoer/{aar}")
    async def slett_oppgjoer(
        kallenavn: str, aar: int, kommune: str | None = None, *, ikke_kommet: bool = False
    ) -> dict[str, Any]:
        """Delete a settlement: 410 from now on, and an event that says so; or let it not have come yet: 404."""
        person = befolkning.person(kallenavn, kommune)
        if aar not in person.oppgjoer:
            raise HTTPException(404, "Personen har ikke oppgjør for året")
        if ikke_kommet:
            befolkning.hold_tilbake_oppgjoer(kallenavn, aar, kommune)
            return {"sekvensnumre": []}
        befolkning.slett_oppgjoer(kallenavn, aar, kommune)
        return {"sekvensnumre": oppgjoerliste.publiser(person, str(aar), "slettet")}

    @rute.put("/{kallenavn}/inntekt/{maaned}")
    async def endre_maaned(kallenavn: str, maaned: Maaned, endring: Maanedsendring) -> dict[str, Any]:
        """Correct a month: what is given replaces everything reported for it."""
        oppgaver = tuple(
            Oppgave(
                maaned,
                oppgave.betaler,
                tuple(Inntektsrad(**linje.model_dump()) for linje in oppgave.rader),
                oppgave.forskuddstrekk,
            )
            for oppgave in endring.oppgaver
        )
        befolkning.sett_maaned(kallenavn, maaned, oppgaver, endring.kommune)
        if not endring.hendelse:
            return {"sekvensnumre": []}
        return {"sekvensnumre": inntektsliste.publiser(befolkning.person(kallenavn), maaned, None)}

    return rute


def _som_svar(person: Person) -> dict[str, Any]:
    return {
        "kallenavn": person.kallenavn,
        "navn": person.navn,
        "identer": list(person.identer),
        "viser": person.viser,
        "oppgjoersaar": sorted(person.oppgjoer),
        "slettedeAar": sorted(person.slettet),
        "inntektsmaaneder": sorted({o.maaned for o in person.inntekt}),
        "ektefelle": person.ektefelle,
    }


def _nytt_oppgjoer(
    person: Person, egen: Oppgjoer | None, aar: int, endring: Oppgjoersendring, naa: datetime
) -> Oppgjoer:
    """The settlement with the change in it; posts are merged on the mainland part."""
    moenster = egen or (person.oppgjoer[max(person.oppgjoer)] if person.oppgjoer else None)
    gammel = (moenster and moenster.fastland) or Tall(aar, {})
    onsket = {poster.dagens_navn(navn, aar): b for navn, b in endring.beloep.items()}
    beloep = {navn: b for navn, b in {**gammel.beloep, **onsket}.items() if b is not None}
    if gammel.bare_trykte and poster.ALMINNELIG_INNTEKT not in beloep:
        raise HTTPException(422, f"Personen må ha {poster.ALMINNELIG_INNTEKT}")
    # Who paid what is known only as long as nobody changes the sums.
    fastland = (
        gammel
        if egen is not None and not endring.beloep
        else replace(gammel, aar=aar, beloep=beloep, spesifisering={}, forskuddstrekk=None)
    )
    dato = endring.dato or naa.date()
    ajourholdt = naa if endring.dato is None else datetime.combine(endring.dato, time(12), UTC)
    return Oppgjoer(
        dato,
        ajourholdt,
        fastland,
        svalbard=egen.svalbard if egen else None,
        kildeskatt=egen.kildeskatt if egen else None,
    )
