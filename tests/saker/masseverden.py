"""Cases for mass runs: made by the service itself, some under rates that are others now."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app import klokke
from app.calc.satser import Satssamling
from app.calc.satser.antatte import Antakelse, Antakelser, antatte_satser
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.sandbox.standard import FJORDVIK
from app.services.masse.bestilling import (
    NyMassekjoering,
    bestill,
    bestill_angring,
    bestill_kjoering,
)
from app.services.masse.fullfoer import fullfoer
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.sak.drift import Kall
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from tests.saker.verden import Verden, tjeneste
from tests.tid import egen_tid

AAR: Final = 2025
GAMMEL_G: Final = Antakelse("grunnbeloep", date(2025, 5, 1), Decimal(124_028))
"""As if G had not been raised in May 2025: what a case was calculated with before the new rate file came."""


def satser_foer() -> Satssamling:
    """The rates before the new G."""
    return antatte_satser(Antakelser((GAMMEL_G,)))


LANGTID: Final[Mapping[str, Any]] = {
    "tjeneste": "LANGTIDSOPPHOLD",
    "opphold": [{"art": "LANGTID", "fra": "2022-03-01", "institusjon": "solbakken"}],
    "beregning": {"aar": AAR},
}
BISTAND: Final[Mapping[str, Any]] = {
    "tjeneste": "PRAKTISK_BISTAND",
    "tjenester": [{"maaned": f"{AAR}-{maaned:02d}", "art": "TIMER", "timer": 6} for maaned in range(1, 13)],
    "beregning": {"aar": AAR},
}


def leder(v: Verden, kommune: str = FJORDVIK) -> Kall:
    """A leader in the kommune, now."""
    aktoer = Aktoer(
        kommune=kommune,
        type=Aktoertype.BRUKER,
        id="leder",
        rolle=Rolle.LEDER,
        rettigheter=RETTIGHETER[Rolle.LEDER],
    )
    return Kall(
        aktoer=aktoer,
        rute="test",
        korrelasjonsid="test",
        naa=klokke.naa(),
        hjemmel=v.app.state.saksdrift.hjemmel,
    )


class Masseverden:
    """A kommune with cases.

    Attributes:
        v: the service.
        saker: ids of its cases, in the order they were made.
    """

    def __init__(self, v: Verden) -> None:
        self.v = v
        self.drift = v.app.state.saksdrift
        self.saker: list[UUID] = []

    async def ny_sak(self, ident: str, innhold: Mapping[str, Any]) -> dict[str, Any]:
        """One case with its first calculation."""
        svar = await self.v.post("/api/v1/saker", {**innhold, "person": {"personidentifikator": ident}})
        assert svar.status_code == 201, svar.text
        ny: dict[str, Any] = svar.json()
        self.saker.append(UUID(ny["sak"]["id"]))
        return ny

    async def ny_beregnet_sak(self, innhold: Mapping[str, Any]) -> dict[str, Any]:
        """A case of the first in the crowd whose figures are all there; those before get cases too."""
        flokk = self.v.sandkasse.befolkning.flokk
        for nummer in range(flokk.antall):
            ny = await self.ny_sak(flokk.ident(nummer), innhold)
            if ny["beregning"]["tilstand"] == "BEREGNET":
                return ny
        raise LookupError("ingen i flokken kan beregnes")

    async def gaa(self, id_: UUID, regnere: Regnere | None = None) -> Massekjoering:
        """Carry a run on until it rests."""
        async with regnere or Regnere(0) as klare:
            return await fullfoer(self.drift, FJORDVIK, id_, klare)

    async def toerr(self, slag: Masseslag = Masseslag.NY_G, aar: int = AAR) -> Massekjoering:
        """A dry run to its end."""
        kall = leder(self.v)
        async with self.v.arkiv.skriv(FJORDVIK) as lager:
            ny = await bestill(lager, kall, NyMassekjoering(slag=slag, aar=aar))
        return await self.gaa(ny.id)

    async def kjoer(self, id_: UUID) -> Massekjoering:
        """The run itself, to its end."""
        async with self.v.arkiv.skriv(FJORDVIK) as lager:
            await bestill_kjoering(lager, leder(self.v), id_)
        return await self.gaa(id_)

    async def angre(self, id_: UUID) -> Massekjoering:
        """The run undone."""
        async with self.v.arkiv.skriv(FJORDVIK) as lager:
            await bestill_angring(lager, leder(self.v), id_)
        return await self.gaa(id_)

    async def rader(self, id_: UUID) -> dict[UUID, Masserad]:
        """The rows of a run."""
        async with self.v.arkiv.les(FJORDVIK) as lager:
            return {rad.sak_id: rad for rad in await lager.massekjoeringer.rader(id_, None, 10_000)}

    async def beregninger(self) -> dict[UUID, list[UUID]]:
        """The calculations of every case, the oldest first."""
        async with self.v.arkiv.les(FJORDVIK) as lager:
            return {id_: [en.id for en in await lager.beregninger.for_sak(id_)] for id_ in self.saker}


@asynccontextmanager
async def masseverden(base: str, **resten: Any) -> AsyncIterator[Masseverden]:
    """A service with no cases yet, on a day in November 2026."""
    with egen_tid() as tid:
        async with tjeneste(base, clock=tid, **resten) as v:
            yield Masseverden(v)
