"""The caseworker's day: the service with all its jobs, and Skatteetaten and the login provider behind it, as a browser meets them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import uvicorn

from app.cli.demo.tjenere import VERT, i_gang, lytt, rot
from app.main import create_app
from app.sandbox.kjoering import adresser, oppsett
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import PORTALKLIENT
from app.settings.hendelser import Hendelser
from tests.integrasjon.verden import SandkasseTransport
from tests.portal.innlogging.verden import ansattporten, portalvalg
from tests.portal.nettleser.tilbydere import base_med_kommunene
from tests.saker.verden import settings
from tests.sandbox.stoette import KID, noekkel

AAR: Final = 2025
BEBOER: Final = "ektepar-beboer"
HJEMME: Final = "ektepar-hjemme"


@dataclass(frozen=True, slots=True)
class Dag:
    """A day at the office.

    Attributes:
        adresse: where the portal is served.
        tilbyderen: where one logs in.
        sandkasse: Skatteetaten.
    """

    adresse: str
    tilbyderen: str
    sandkasse: Sandkasse

    def ident(self, kallenavn: str) -> str:
        """The id in use of one of the sandbox's persons."""
        return self.sandkasse.befolkning.person(kallenavn).identer[0]

    def navn(self, kallenavn: str) -> str:
        """The name of one of them."""
        return self.sandkasse.befolkning.person(kallenavn).navn

    def oppgjoeret_er_ikke_kommet(self) -> None:
        """Nobody has a settlement for the year yet."""
        for hvem in (BEBOER, HJEMME):
            self._kontroll("DELETE", f"/personer/{hvem}/oppgjoer/{AAR}?ikke_kommet=true")

    def oppgjoeret_kommer(self) -> None:
        """The settlements of both come, each with an event."""
        for hvem in (BEBOER, HJEMME):
            self._kontroll("PUT", f"/personer/{hvem}/oppgjoer/{AAR}", {})

    def _kontroll(self, metode: str, sti: str, inn: Any = None) -> None:
        sted = self.tilbyderen.rpartition("/")[0]
        svar = httpx2.request(metode, f"{sted}/kontroll{sti}", json=inn)
        assert svar.is_success, svar.text


@contextmanager
def dagen() -> Iterator[Dag]:
    """The service and the sandbox, started, each with a port of its own, and nothing in the database but the kommuner."""
    tjenesten, sandkassen = lytt(0), lytt(0)
    sandkasse = Sandkasse(rot=rot(sandkassen), portal=rot(tjenesten), antall=0)
    sandkasse.registrer_noekkel(noekkel(), kid=KID)
    sandkasse.maskinporten.ta_i_bruk(noekkel("signering"))
    sandkasse.ansattporten.registrer_noekkel(PORTALKLIENT, noekkel(), kid=KID)
    utsteder = adresser(rot(sandkassen))["ansattporten"]
    valg = portalvalg(adresse=rot(tjenesten), tilbydere={"ansattporten": ansattporten(issuer=utsteder)})
    with ThreadPoolExecutor(1) as traad:  # the browser has a running loop on this one
        database = traad.submit(base_med_kommunene).result()
    app = create_app(
        settings(database, portal=valg, hendelser=Hendelser(sekunder_mellom=1)),
        transport=SandkasseTransport(sandkasse),
    )
    tjeneren = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    with (
        i_gang(uvicorn.Server(oppsett(sandkasse, VERT, sandkassen.getsockname()[1])), sandkassen),
        i_gang(tjeneren, tjenesten),
    ):
        yield Dag(rot(tjenesten), utsteder, sandkasse)
