"""The portal and the providers of logins, each on a port of its own on this machine."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from app.cli.demo.tjenere import VERT, i_gang, lytt, rot
from app.db.arkiv import Arkiv
from app.db.motor import Database
from app.main import create_app
from app.sandbox.kjoering import adresser, lag_sandkasse, oppsett
from app.sandbox.standard import PORTALKLIENT, PORTALKLIENT_ENTRA
from tests.baser import RING, ny_database
from tests.portal.innlogging.verden import ansattporten, entra, portalvalg
from tests.saker.verden import settings, ta_inn
from tests.sandbox.stoette import KID, noekkel


@dataclass(frozen=True, slots=True)
class Steder:
    """Where things are served.

    Attributes:
        adresse: the portal, as a browser finds it.
        tilbyderen: the first provider.
        tjenesten: the service itself, behind whatever stands in front of it.
    """

    adresse: str
    tilbyderen: str
    tjenesten: str


def base_med_kommunene() -> str:
    """A database with nothing in it but the kommuner."""
    database = ny_database("sqlite")

    async def fyll() -> None:
        arkiv = Arkiv(Database(database), RING)
        await ta_inn(arkiv)
        await arkiv.database.lukk()

    asyncio.run(fyll())
    return database


@contextmanager
def portal_og_tilbydere(adresse: str | None = None) -> Iterator[Steder]:
    """The portal with both providers, and the kommuner taken in.

    Args:
        adresse: where a browser finds the portal, when that is not where it is served.
    """
    tjenesten, sandkassen = lytt(0), lytt(0)
    utad = adresse or rot(tjenesten)
    port = sandkassen.getsockname()[1]
    sandkasse = lag_sandkasse(VERT, port, portal=utad, antall=0)
    for tilbyder, klient_id in (
        (sandkasse.ansattporten, PORTALKLIENT),
        (sandkasse.entra, PORTALKLIENT_ENTRA),
    ):
        tilbyder.registrer_noekkel(klient_id, noekkel(), kid=KID)
    hos = adresser(rot(sandkassen))
    valg = portalvalg(
        adresse=utad,
        tilbydere={
            "ansattporten": ansattporten(issuer=hos["ansattporten"]),
            "entra": entra(issuer=hos["entra"]),
        },
    )
    app = create_app(settings(base_med_kommunene(), portal=valg))
    tjeneren = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    with (
        i_gang(uvicorn.Server(oppsett(sandkasse, VERT, port)), sandkassen),
        i_gang(tjeneren, tjenesten),
    ):
        yield Steder(utad, hos["ansattporten"], rot(tjenesten))
