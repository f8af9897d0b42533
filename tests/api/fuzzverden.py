"""What makes requests from the description meet something: ids that exist, persons that exist, and who may ask."""

import asyncio
import copy
import json
import random
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from zlib import crc32

import schemathesis
from fastapi import FastAPI
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response
from schemathesis.python.asgi import get_client

from app.api.tilgang.ruter import Operasjon
from app.calc.kontrakt.json_tekst import skriv_json
from app.main import create_app
from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, JOURNALKLIENT, RESSURS, SCOPE_LES, SCOPE_SKRIV
from app.services.kommuneoppsett.fil import les_fil
from app.services.tilgang import Rolle
from tests.baser import ny_database
from tests.integrasjon.verden import SandkasseTransport
from tests.saker.lovlige import LOVLIGE, PAR, Ider, blader, fyll, lovlig
from tests.saker.sesjoner import Rollesesjoner, innlogget
from tests.saker.verden import EKSEMPLER, overalt_i_verden, sandkassen, settings, tjeneste
from tests.skade import skad

Case = schemathesis.Case[Any]

SPARES: Final = frozenset(navn for par in PAR.values() for navn in par)
"""They carry the seeded cases, and are not erased."""
_TOKENETS_TID: Final = 60
"""Seconds a token is used; the sandbox's live for 120."""
_OFRE: Final = 12
"""Cases that may be ended."""
_SOEK: Final = ("personer/innsyn", "personer/sletting")


class Varig:
    """The service from its first request until it is told to stop: schemathesis ends lifespans after every test."""

    SLUTT: Final = "/slutt"

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._stabel = AsyncExitStack()
        self._begynt = False

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if not self._begynt:
            self._begynt = True
            await self._stabel.enter_async_context(self._app.router.lifespan_context(self._app))
        if scope["path"] == self.SLUTT:
            await self._stabel.aclose()
        await self._app(scope, receive, send)


@dataclass
class Fuzzverden:
    """A running service with something in it.

    Attributes:
        app: the service.
        ider: what a kommune in it has.
        ofre: cases made to be ended.
        poster: manual posts made to be withdrawn.
    """

    app: Varig
    sandkasse: Sandkasse
    ider: Ider
    ofre: list[str]
    poster: list[str]
    _tokener: dict[str, tuple[float, str]] = field(default_factory=dict)

    def kall(self, case: Case) -> Response:
        """Send a case: most of them with ids that exist, many with a body that is lawful or nearly so."""
        operasjon = (case.method.upper(), case.path)
        tilfeldig = random.Random(
            crc32(repr((operasjon, case.path_parameters, case.query, case.body)).encode())
        )
        hoder: dict[str, str] = {}
        if operasjon in LOVLIGE:
            self._tilpass(case, operasjon, tilfeldig)
            hoder = self._hoder(case, operasjon, tilfeldig)
        svar: Response = case.call(app=self.app, headers=hoder)
        if operasjon == ("PUT", "/api/v1/kommune/oppsett") and svar.status_code == 200:
            self._tilbake(case)
        return svar

    def _tilpass(self, case: Case, operasjon: Operasjon, tilfeldig: random.Random) -> None:
        egen = lovlig(operasjon, self.ider)
        if tilfeldig.random() < 0.8:
            for navn in ("sakId", "beregningId", "vedtakId", "etteroppgjoerId", "postId", "massekjoeringId"):
                if navn in (case.path_parameters or {}):
                    case.path_parameters[navn] = egen.sti[navn]
            if operasjon[1].endswith("/avslutning"):
                case.path_parameters["sakId"] = tilfeldig.choice(self.ofre)
            if "postId" in case.path_parameters:
                case.path_parameters["postId"] = tilfeldig.choice(self.poster)
        if egen.kropp is None or case.body is NOT_SET:
            return
        match tilfeldig.randrange(4):
            case 0:
                case.body = egen.kropp
            case 1 if isinstance(case.body, dict) and case.body:
                navn = tilfeldig.choice(sorted(case.body))
                case.body = {**egen.kropp, navn: case.body[navn]}
            case 2:
                case.body = skad(egen.kropp, tilfeldig)
        case.body = self._med_kjente(case.body, operasjon, tilfeldig)

    def _med_kjente(self, kropp: Any, operasjon: Operasjon, tilfeldig: random.Random) -> Any:
        """Most numbers and references are somebody's."""
        kropp = copy.deepcopy(kropp)
        kjent = {"beregningId": self.ider.ny_beregning, "erstatter": self.ider.vedtak, "sakId": self.ider.sak}
        for sted, verdi in list(blader(kropp)):
            if not isinstance(verdi, str) or not sted or tilfeldig.random() < 0.2:
                continue
            holder = kropp
            for ledd in sted[:-1]:
                holder = holder[ledd]
            navn = sted[-1]
            if navn in {"personidentifikator", "identifikator"}:
                holder[navn] = self._ident(operasjon, tilfeldig)
            elif navn == "personId":
                holder[navn] = tilfeldig.choice(
                    [self.ider.person, self.ider.ektefelle, self.ider.hjemmeboende]
                )
            elif navn in kjent:
                holder[navn] = kjent[str(navn)]
        return kropp

    def _ident(self, operasjon: Operasjon, tilfeldig: random.Random) -> str:
        spares = operasjon[1].endswith(_SOEK)
        return tilfeldig.choice([p.identer[0] for p in navngitte() if not (spares and p.kallenavn in SPARES)])

    def _hoder(self, case: Case, operasjon: Operasjon, tilfeldig: random.Random) -> dict[str, str]:
        """The credentials the description asks for, and often the version that is there."""
        vern = case.operation.definition.raw["security"][0]
        if "maskinporten" in vern:
            hoder = {"Authorization": f"Bearer {self._token(vern['maskinporten'])}"}
        else:
            hoder = innlogget(FJORDVIK, Rolle.LEDER)
        if "if-match" in {navn.lower() for navn in case.headers or {}} and tilfeldig.random() < 0.7:
            hoder["If-Match"] = self._versjon(case)
        return hoder

    def _token(self, scoper: list[str]) -> str:
        scope = SCOPE_SKRIV if any(s.endswith("write") for s in scoper) else SCOPE_LES
        laget, token = self._tokener.get(scope, (-1e9, ""))
        if monotonic() - laget > _TOKENETS_TID:
            token = self.sandkasse.token(FJORDVIK, scope, JOURNALKLIENT, ressurser=(RESSURS,))["access_token"]
            self._tokener[scope] = (monotonic(), token)
        return token

    def send(self, metode: str, sti: str, hoder: Mapping[str, str], kropp: Any = None) -> Any:
        """A request of our own, in the same loop as the cases."""
        with get_client(self.app) as klient:
            return klient.request(metode, f"http://testserver{sti}", headers=dict(hoder), json=kropp)

    def _versjon(self, case: Case) -> str:
        mal = case.path.removesuffix("/avslutning")
        sti = mal.format(**(case.path_parameters or {}))
        hoder = {"Authorization": f"Bearer {self._token([SCOPE_LES])}"}
        return str(self.send("GET", sti, hoder).headers.get("etag", '"1"'))

    def _tilbake(self, case: Case) -> None:
        """The setup as it was, so that later cases can be calculated."""
        hoder = {"Authorization": f"Bearer {self._token([SCOPE_SKRIV])}", "If-Match": self._versjon(case)}
        svar = self.send("PUT", case.path, hoder, _oppsettet())
        assert svar.status_code == 200, svar.text


def _oppsettet() -> Any:
    return json.loads(skriv_json(les_fil(EKSEMPLER / "fjordvik.toml")))


@contextmanager
def fuzzverden() -> Iterator[Fuzzverden]:
    """The whole service over SQLite and the sandbox, seeded; ask for it before any loop runs."""
    database = ny_database("sqlite")
    sandkasse = sandkassen()

    async def saa() -> tuple[Ider, list[str], list[str]]:
        async with tjeneste(database, sandkasse=sandkasse) as v:
            ider = await fyll(v, FJORDVIK)
            ofre = []
            for person in [p for p in navngitte() if p.kallenavn not in SPARES][:_OFRE]:
                kropp = {
                    "tjeneste": "PRAKTISK_BISTAND",
                    "person": {"personidentifikator": person.identer[0]},
                    "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 4}],
                    "beregning": {"aar": 2025},
                }
                svar = await v.post("/api/v1/saker", kropp)
                ofre.append(svar.json()["sak"]["id"])
            beloep = {"felt": "/inntekter/leieinntekt", "beloep": 1, "begrunnelse": "Skal oppheves"}
            svar = await v.post(
                f"/api/v1/saker/{ider.sak}/manuelle-poster",
                {"aar": 2026, "oppgitteBeloep": [beloep] * _OFRE},
            )
            return ider, ofre, [post["id"] for post in svar.json()]

    ider, ofre, poster = asyncio.run(saa())
    app = create_app(
        settings(database), transport=SandkasseTransport(sandkasse), navneoppslag=overalt_i_verden
    )
    app.state.sesjoner = Rollesesjoner()
    verden = Fuzzverden(Varig(app), sandkasse, ider, ofre, poster)
    try:
        yield verden
    finally:
        verden.send("GET", Varig.SLUTT, {})
