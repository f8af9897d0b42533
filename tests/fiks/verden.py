"""The routes alone in an app: over the sandbox, or over look-ups made by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx2
from fastapi import Depends, FastAPI

from app.api import beskrivelse, feilhaandtering
from app.api.fiks import Omgivelser, koble_paa
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.poster.skatt import BeregnetSkatt, Skattedel
from app.calc.poster.typer import Skattepost, Skattesvar, Svardel
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK
from app.services.fiks.beregning import Fiksoppslag, Oppslagskilde
from app.services.mangler import Grunn, Mangler
from app.services.oppslag import Hentet, Oppslag
from app.settings import Settings
from app.skatt_client import Ansvar, Api
from tests.integrasjon.verden import innstillinger, koblet
from tests.integrasjon.virtuell_tid import kjoer

ROLLE: Final = "b1a7c0de-0000-4000-8000-00000000abcd"
V1: Final = f"/register/api/v1/ks/{ROLLE}/skatteoginntektsopplysninger"
V2: Final = f"/register/api/v2/ks/{ROLLE}/summertskattegrunnlag"
NAA: Final = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LANGTID: Final = "LANGTIDSOPPHOLD_INSTITUSJON"
BISTAND: Final = "PRAKTISK_BISTAND"


@dataclass(frozen=True)
class Aktoer:
    """Who asks, as the token will say."""

    kommune: str = FJORDVIK
    merke: str = "maskin:testklient"


@dataclass
class Revisjon:
    """Takes down what the register is told; may refuse to."""

    oppslag: list[Fiksoppslag] = field(default_factory=list)
    svikter: bool = False

    async def __call__(self, oppslag: Fiksoppslag) -> None:
        if self.svikter:
            raise RuntimeError(f"kunne ikke lagre {oppslag.personer}")
        self.oppslag.append(oppslag)


def program(
    kilde: Oppslagskilde,
    revisjon: Revisjon | None = None,
    valg: Valg | None = None,
    aktoer: Callable[..., Any] = Aktoer,
) -> FastAPI:
    """The routes in an app."""
    app = FastAPI(title="Egenandel", version="test")
    app.state.settings = Settings()
    feilhaandtering.registrer(app, 100_000)

    async def valget(kommune: str, aar: int) -> Valg:
        return valg or Valg()

    async def omgivelser() -> Omgivelser:
        return Omgivelser(oppslag=kilde, oppslag_gjort=revisjon or Revisjon(), valg=valget)

    async def den_som_spoer() -> Any:
        return aktoer()

    koble_paa(app, Depends(den_som_spoer), omgivelser, lambda: NAA)
    beskrivelse.installer(app)
    return app


async def spoer(app: FastAPI, sti: str, kropp: Any = None, metode: str = "POST") -> httpx2.Response:
    """One request; a text or bytes is sent as it is."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://egenandel.test") as klient:
        if isinstance(kropp, bytes):
            return await klient.request(
                metode, sti, content=kropp, headers={"content-type": "application/json"}
            )
        return await klient.request(metode, sti, **({} if kropp is None else {"json": kropp}))


def mot_sandkassen(
    sandkasse: Sandkasse, sti: str, kropp: Any, revisjon: Revisjon | None = None
) -> httpx2.Response:
    """A request all the way: the routes, the client and the sandbox, in virtual time."""

    async def alt() -> httpx2.Response:
        async with koblet(sandkasse, innstillinger()) as tilkobling:
            kilde = Oppslag(tilkobling.klient, tilkobling.oppsett)
            return await spoer(program(kilde, revisjon), sti, kropp)

    return kjoer(alt())


@dataclass
class Tenkt:
    """Look-ups made by hand, by number; counts what was asked for."""

    svar: Mapping[str, Hentet]
    spurt: list[tuple[str, str]] = field(default_factory=list)

    async def langtidsopphold(
        self, kommune: str, aar: int, beboer: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]:
        self.spurt.append(("langtid", beboer))
        return self.svar[beboer], None

    async def forsoerget(self, kommune: str, aar: int, person: str) -> Hentet:
        self.spurt.append(("forsoerget", person))
        return self.svar[person]

    async def praktisk_bistand(
        self, kommune: str, aar: int, mottaker: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]:
        self.spurt.append(("bistand", mottaker))
        return self.svar[mottaker], None


def hentet(
    poster: Mapping[str, int] | tuple[Skattepost, ...],
    skatt: int | BeregnetSkatt | None = None,
    *,
    aar: int = 2024,
    mangler: tuple[Mangler, ...] = (),
) -> Hentet:
    """A settlement; with ``skatt`` a tax on the mainland."""
    if isinstance(poster, Mapping):
        poster = tuple(Skattepost(navn, beloep) for navn, beloep in poster.items())
    if isinstance(skatt, int):
        skatt = BeregnetSkatt(aar, (Skattedel(Svardel.FASTLAND, skatt),))
    return Hentet(
        aar=aar,
        svar=Skattesvar(aar, poster),
        skatt=skatt,
        mangler=mangler,
        skatteoppgjoersdato=date(aar + 1, 4, 10),
        ajourholdt=datetime(aar + 1, 4, 10, 12, tzinfo=UTC),
    )


def mangel(grunn: Grunn, api: Api = Api.SKATTEGRUNNLAG, om: float | None = None) -> Mangler:
    """One reason."""
    return Mangler(grunn=grunn, api=api, tekst=f"Tekst om {grunn}.", ansvar=Ansvar.INGEN, proev_igjen_om=om)


def uten(grunn: Grunn, aar: int = 2024, om: float | None = None) -> Hentet:
    """Nothing, for one reason."""
    return Hentet(aar=aar, mangler=(mangel(grunn, om=om),))
