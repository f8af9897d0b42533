"""What is to be fetched anew about whom: ordered, tried, done, or stopped until somebody looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.leie import Leie
from app.db.tabeller import arbeid, hendelse

ALLE_AAR: Final = 0
"""The year of work whose period is unknown: every income year in use."""


class Liste(StrEnum):
    """Skatteetaten's event lists, as they are called in every table."""

    SKATTEOPPGJOER = "SKATTEOPPGJOER"
    INNTEKT = "INNTEKT"


class Arbeidsgrunn(StrEnum):
    """Why it was ordered last."""

    HENDELSE = "HENDELSE"
    NY_PERSON = "NY_PERSON"
    """The list moved on while somebody newly followed was looked up."""
    AVSTEMMING = "AVSTEMMING"


class Arbeidstilstand(StrEnum):
    """Where work stands."""

    VENTER = "VENTER"
    FERDIG = "FERDIG"
    DOED = "DOED"
    """Tried as often as makes sense: somebody must look, and order it again or close it."""
    LUKKET = "LUKKET"


@dataclass(frozen=True, slots=True, order=True)
class Arbeidsnoekkel:
    """Whose figures, from which list and income year."""

    person_id: UUID
    liste: Liste
    aar: int

    @property
    def kolonner(self) -> dict[str, Any]:
        """What a row is found by."""
        return {"person_id": self.person_id, "liste": self.liste, "aar": self.aar}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arbeid:
    """One row of work."""

    noekkel: Arbeidsnoekkel
    bestilt: int
    """How many times it has been asked for."""
    gjort: int
    """How many of them are seen to."""
    grunn: str
    slettet: bool
    """The newest event said that the settlement is deleted."""
    ny_identitet: bool
    """An event said that the person has got another number."""
    tilstand: Arbeidstilstand
    forsoek: int
    neste_forsoek: datetime
    feil: str | None
    opprettet: datetime
    endret: datetime

    @property
    def staar_igjen(self) -> bool:
        """Whether anything asked for is not seen to."""
        return self.tilstand is Arbeidstilstand.VENTER and self.bestilt > self.gjort


@dataclass(frozen=True, slots=True)
class Mottatt:
    """An event about somebody who is followed."""

    liste: str
    sekvensnummer: int
    periode: str | None
    type: str
    mottatt: datetime


class Arbeidene:
    """The work of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def bestill(
        self,
        noekkel: Arbeidsnoekkel,
        grunn: Arbeidsgrunn,
        naa: datetime,
        *,
        slettet: bool = False,
        ny_identitet: bool = False,
    ) -> None:
        """Ask for it, from now on and whatever has been tried before."""
        ny = {
            **noekkel.kolonner,
            "bestilt": 0,
            "gjort": 0,
            "grunn": grunn,
            "slettet": False,
            "ny_identitet": False,
            "tilstand": Arbeidstilstand.VENTER,
            "forsoek": 0,
            "neste_forsoek": naa,
            "opprettet": naa,
            "endret": naa,
        }
        await self._leie.sett_inn_hvis_ny(arbeid, ny)
        rad = await self._leie.laas(arbeid, **noekkel.kolonner)
        if rad is None:
            raise LookupError("arbeidet ble tatt bort mens det ble bestilt")
        await self._sett(
            noekkel,
            bestilt=rad.bestilt + 1,
            grunn=grunn,
            slettet=slettet,
            ny_identitet=ny_identitet or rad.ny_identitet,
            tilstand=Arbeidstilstand.VENTER,
            forsoek=0,
            neste_forsoek=naa,
            feil=None,
            endret=naa,
        )

    async def hent(self, noekkel: Arbeidsnoekkel) -> Arbeid | None:
        """One row."""
        rad = await self._leie.en(arbeid, **noekkel.kolonner)
        return None if rad is None else _les(rad)

    async def laas(self, noekkel: Arbeidsnoekkel) -> Arbeid | None:
        """One row, held for this transaction."""
        rad = await self._leie.laas(arbeid, **noekkel.kolonner)
        return None if rad is None else _les(rad)

    async def ferdig(self, sett: Arbeid, naa: datetime, igjen: datetime | None = None) -> None:
        """Everything that was asked for when ``sett`` was read, is seen to; what has been asked for since, is not.

        Hold the row first.

        Args:
            sett: the work as it was begun.
            naa: this moment.
            igjen: when it is to be done once more, whatever is asked for.
        """
        rest = await self._leie.antall(arbeid, arbeid.c.bestilt > sett.bestilt, **sett.noekkel.kolonner)
        if rest:
            await self._sett(sett.noekkel, gjort=sett.bestilt, forsoek=0, neste_forsoek=naa, endret=naa)
            return
        await self._sett(
            sett.noekkel,
            bestilt=sett.bestilt + (igjen is not None),
            gjort=sett.bestilt,
            slettet=False,
            ny_identitet=False,
            tilstand=Arbeidstilstand.FERDIG if igjen is None else Arbeidstilstand.VENTER,
            forsoek=0,
            neste_forsoek=igjen or sett.neste_forsoek,
            feil=None,
            endret=naa,
        )

    async def utsett(
        self, noekkel: Arbeidsnoekkel, neste: datetime, naa: datetime, *, feil: str, forsoek: int
    ) -> None:
        """It did not succeed; try again later."""
        await self._sett(noekkel, neste_forsoek=neste, feil=feil, forsoek=forsoek, endret=naa)

    async def stopp(self, noekkel: Arbeidsnoekkel, naa: datetime, *, feil: str, forsoek: int) -> None:
        """It did not succeed, and will not by being tried again."""
        await self._sett(
            noekkel, tilstand=Arbeidstilstand.DOED, feil=feil, forsoek=forsoek, endret=naa, neste_forsoek=naa
        )

    async def gjenta(self, noekkel: Arbeidsnoekkel, naa: datetime) -> None:
        """Let it be tried again from the beginning."""
        await self._sett(
            noekkel, tilstand=Arbeidstilstand.VENTER, forsoek=0, neste_forsoek=naa, feil=None, endret=naa
        )

    async def lukk(self, rad: Arbeid, begrunnelse: str, naa: datetime) -> None:
        """Let it be: everything asked for so far counts as seen to."""
        await self._sett(
            rad.noekkel, tilstand=Arbeidstilstand.LUKKET, gjort=rad.bestilt, feil=begrunnelse, endret=naa
        )

    async def i_tilstand(
        self,
        tilstand: Arbeidstilstand,
        etter: Arbeidsnoekkel | None = None,
        antall: int | None = None,
    ) -> Sequence[Arbeid]:
        """Rows that stand so, by person, list and year, after one of them."""
        k = arbeid.c
        rader = await self._leie.mange(
            arbeid,
            *([] if etter is None else [_etter(etter)]),
            sorter=[k.person_id, k.liste, k.aar],
            antall=antall,
            tilstand=tilstand,
        )
        return [_les(rad) for rad in rader]

    async def antall(self, tilstand: Arbeidstilstand) -> int:
        """How much work stands so."""
        return await self._leie.antall(arbeid, tilstand=tilstand)

    async def forfalt(self, foer: datetime, antall: int) -> Sequence[Arbeid]:
        """Work that waits, and should have been tried before a time; what has waited longest comes first."""
        k = arbeid.c
        rader = await self._leie.mange(
            arbeid,
            k.neste_forsoek < foer,
            k.bestilt > k.gjort,
            sorter=[k.neste_forsoek, k.person_id, k.liste, k.aar],
            antall=antall,
            tilstand=Arbeidstilstand.VENTER,
        )
        return [_les(rad) for rad in rader]

    async def for_person(self, person_id: UUID) -> Sequence[Arbeid]:
        """Everything there has been to do about a person."""
        k = arbeid.c
        rader = await self._leie.mange(arbeid, sorter=[k.liste, k.aar], person_id=person_id)
        return [_les(rad) for rad in rader]

    async def hendelser(self, person_id: UUID) -> Sequence[Mottatt]:
        """Every event about a person that has been kept, in the order of the lists."""
        k = hendelse.c
        rader = await self._leie.mange(hendelse, sorter=[k.liste, k.sekvensnummer], person_id=person_id)
        return [Mottatt(rad.liste, rad.sekvensnummer, rad.periode, rad.type, rad.mottatt) for rad in rader]

    async def perioder(self, noekkel: Arbeidsnoekkel) -> set[str]:
        """The year and months of it that the person's events have been about, as the list writes them."""
        k = hendelse.c
        rader = await self._leie.mange(
            hendelse,
            k.periode.startswith(f"{noekkel.aar:04d}"),
            kolonner=[k.periode],
            person_id=noekkel.person_id,
            liste=noekkel.liste,
        )
        return {rad.periode for rad in rader}

    async def _sett(self, noekkel: Arbeidsnoekkel, **verdier: Any) -> None:
        await self._leie.endre(arbeid, verdier, **noekkel.kolonner)


def _etter(noekkel: Arbeidsnoekkel) -> ColumnElement[bool]:
    k = arbeid.c
    samme_person, samme_liste = k.person_id == noekkel.person_id, k.liste == noekkel.liste
    senere_liste = samme_person & (k.liste > noekkel.liste)
    senere_aar = samme_person & samme_liste & (k.aar > noekkel.aar)
    return (k.person_id > noekkel.person_id) | senere_liste | senere_aar


def _les(rad: Row[Any]) -> Arbeid:
    return Arbeid(
        noekkel=Arbeidsnoekkel(rad.person_id, Liste(rad.liste), rad.aar),
        bestilt=rad.bestilt,
        gjort=rad.gjort,
        grunn=rad.grunn,
        slettet=rad.slettet,
        ny_identitet=rad.ny_identitet,
        tilstand=Arbeidstilstand(rad.tilstand),
        forsoek=rad.forsoek,
        neste_forsoek=rad.neste_forsoek,
        feil=rad.feil,
        opprettet=rad.opprettet,
        endret=rad.endret,
    )
