"""Stories: one service per module, told step by step without a loop in sight, at a time the story decides.

When a story is over, every calculation of its cases is run again and must come out byte for byte the same, and
its cases are ended, so that the next story may be about the same people.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar

import httpx2
from starlette.types import Receive, Scope, Send

from app.calc.kalkulator import kalkuler
from app.db.arkiv import Lager
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.befolkning.skatt import Tall
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, SCOPE_LES, SCOPE_SKRIV
from app.settings.skatteetaten import Skatteetaten
from tests.integrasjon.verden import ALT, innstillinger
from tests.saker.verden import Verden, sandkassen, tjeneste
from tests.tid import Tid, egen_tid

T = TypeVar("T")
Json = dict[str, Any]

SAKER: Final = "/api/v1/saker"
_ELLEVE: Final = re.compile(r"\d{11}")
_AAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TOKENETS_TID: Final = 60.0
"""Seconds a token is used by a story; it lives a little longer."""


class Oppslag(NamedTuple):
    """What Skatteetaten was asked: which API, about whom, which year."""

    api: str
    hvem: str
    aar: int


Lytter = Callable[[], Awaitable[None]]


class Fortelling:
    """The service, the sandbox behind it, and the loop they run in."""

    def __init__(
        self,
        runner: asyncio.Runner,
        verden: Verden,
        tid: Tid,
        oppslag: list[Oppslag],
        lyttere: list[Lytter],
        forgiftet: set[str],
    ) -> None:
        self._runner = runner
        self.verden = verden
        self.tid = tid
        self.oppslag = oppslag
        self.lyttere = lyttere
        """Called at every look-up, before it is answered."""
        self.forgiftet = forgiftet
        """National ids of those whose look-ups are answered with something nobody can use."""
        self._tokener_fra = tid.monotonic()

    @property
    def sandkasse(self) -> Sandkasse:
        """Skatteetaten and Maskinporten."""
        return self.verden.sandkasse

    def kjoer(self, oppgave: Callable[[], Awaitable[T]]) -> T:
        """Run something in the service's loop."""

        async def som_oppgave() -> T:
            return await oppgave()

        return self._runner.run(som_oppgave())

    def send(
        self,
        metode: str,
        sti: str,
        json_: Any = None,
        *,
        kommune: str = FJORDVIK,
        scope: str | None = None,
        hoder: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """One request with a vendor's token; GET with the scope that reads, everything else with the other."""
        if self.tid.monotonic() - self._tokener_fra > _TOKENETS_TID:
            self.verden._tokener.clear()
            self._tokener_fra = self.tid.monotonic()
        brukt = scope or (SCOPE_LES if metode == "GET" else SCOPE_SKRIV)
        return self.kjoer(
            lambda: self.verden.kall(metode, sti, json_, kommune=kommune, scope=brukt, hoder=hoder)
        )

    def bak(self, arbeid: Callable[[Lager], Awaitable[T]], kommune: str = FJORDVIK) -> T:
        """Look, or do something, behind the service in its database."""

        async def alt() -> T:
            async with self.verden.arkiv.skriv(kommune) as lager:
                return await arbeid(lager)

        return self.kjoer(alt)


@contextmanager
def fortelling(database: str, antall: int = 20) -> Iterator[Fortelling]:
    """A service for a module's stories."""
    oppslag: list[Oppslag] = []
    lyttere: list[Lytter] = []
    forgiftet: set[str] = set()
    with egen_tid() as tid, asyncio.Runner() as runner:
        sandkasse = sandkassen(antall, tid)
        _lytt(sandkasse, oppslag, lyttere, forgiftet)
        oppe: asyncio.Future[Verden]
        ferdig: asyncio.Event

        async def staa() -> None:
            try:
                async with tjeneste(
                    database, sandkasse=sandkasse, clock=tid, skatteetaten=med_inntekt()
                ) as verden:
                    oppe.set_result(verden)
                    await ferdig.wait()
            except Exception as feil:
                if oppe.done():
                    raise
                oppe.set_exception(feil)

        async def start() -> tuple[asyncio.Task[None], Verden]:
            nonlocal oppe, ferdig
            oppe, ferdig = asyncio.get_running_loop().create_future(), asyncio.Event()
            return asyncio.create_task(staa()), await oppe

        async def stopp() -> None:
            ferdig.set()
            await staaende

        staaende, verden = runner.run(start())
        try:
            yield Fortelling(runner, verden, tid, oppslag, lyttere, forgiftet)
        finally:
            runner.run(stopp())


def med_inntekt() -> Skatteetaten:
    """Fjordvik has a-ordningen too, as in the sandbox; the others have what kommuner have today."""
    vanlig = innstillinger().skatteetaten
    fjordvik = vanlig.kommuner[FJORDVIK].model_copy(update={"paa": ALT})
    return vanlig.model_copy(update={"kommuner": {**vanlig.kommuner, FJORDVIK: fjordvik}})


def _lytt(sandkasse: Sandkasse, oppslag: list[Oppslag], lyttere: list[Lytter], forgiftet: set[str]) -> None:
    """Note every look-up that reaches the sandbox; its own log has no years and no persons."""
    indre = sandkasse.app

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ident = _ELLEVE.search(scope["path"])
        if ident is not None:
            person = sandkasse.befolkning.finn(ident[0])
            rest = f"{_ELLEVE.sub('', scope['path'])}?{scope['query_string'].decode()}"
            vert = dict(scope["headers"]).get(b"host", b"").decode().partition(".")[0]
            aar = _AAR.search(rest)
            hvem = "ingen" if person is None else person.kallenavn
            oppslag.append(Oppslag(vert, hvem, 0 if aar is None else int(aar[0])))
            for lytter in lyttere:
                await lytter()
            if ident[0] in forgiftet:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"{}"})
                return
        await indre(scope, receive, send)

    sandkasse.app = app


class Historie:
    """One story."""

    def __init__(self, fortelling: Fortelling) -> None:
        self._f = fortelling
        self._saker: list[tuple[str, str]] = []
        self.ny_start()

    @property
    def sandkasse(self) -> Sandkasse:
        """Skatteetaten and Maskinporten."""
        return self._f.sandkasse

    @property
    def fortelling(self) -> Fortelling:
        """What the story is told in."""
        return self._f

    def ny_start(self) -> None:
        """From here on look-ups are counted."""
        self._f.oppslag.clear()
        self._logget = len(self.sandkasse.maalinger.logg)

    def oppslag(self) -> list[Oppslag]:
        """Every look-up since the start, in no order."""
        return sorted(self._f.oppslag)

    def antall_hos_skatteetaten(self) -> int:
        """How many look-ups since the start the sandbox itself has logged."""
        rader = list(self.sandkasse.maalinger.logg)[self._logget :]
        return sum(rad.system != "maskinporten" for rad in rader)

    def ident(self, kallenavn: str) -> str:
        """The national id of one of the sandbox's persons."""
        return self._f.verden.ident(kallenavn)

    def person(self, kallenavn: str) -> Json:
        """A person as a request names them."""
        return {"personidentifikator": self.ident(kallenavn)}

    def send(self, metode: str, sti: str, json_: Any = None, **valg: Any) -> httpx2.Response:
        """One request, whatever comes of it."""
        return self._f.send(metode, sti, json_, **valg)

    def faa(self, status: int, metode: str, sti: str, json_: Any = None, **valg: Any) -> Any:
        """One request that must end with a status; its body with exact numbers."""
        svar = self.send(metode, sti, json_, **valg)
        assert svar.status_code == status, (svar.status_code, _ELLEVE.sub("…", svar.text[:2000]))
        return les(svar)

    def les(self, sti: str, status: int = 200, **valg: Any) -> Any:
        """GET."""
        return self.faa(status, "GET", sti, **valg)

    def post(self, sti: str, json_: Any = None, status: int = 201, **valg: Any) -> Any:
        """POST."""
        return self.faa(status, "POST", sti, {} if json_ is None else json_, **valg)

    def ny_sak(self, innhold: Json, *, status: int = 201, **valg: Any) -> Any:
        """A new case; ended when the story is over."""
        svar = self.faa(status, "POST", SAKER, innhold, **valg)
        if status == 201:
            self._saker.append((valg.get("kommune", FJORDVIK), svar["sak"]["id"]))
        return svar

    def tar_med(self, sak_id: str, kommune: str = FJORDVIK) -> None:
        """A case made by hand is ended with the others."""
        self._saker.append((kommune, sak_id))

    def glem_sakene(self) -> None:
        """The cases so far stay as they are."""
        self._saker.clear()

    def langtid(self, hvem: str, aar: int, **resten: Any) -> Any:
        """A case of somebody who has been at Solbakken all the year."""
        valg = {k: resten.pop(k) for k in ("kommune", "hoder", "status") if k in resten}
        return self.ny_sak(langtidssak(self.person(hvem), aar, **resten), **valg)

    def beregn(self, sak_id: str, aar: int, status: int = 201, **resten: Any) -> Any:
        """Another calculation of a case."""
        valg = {k: resten.pop(k) for k in ("kommune", "hoder") if k in resten}
        return self.post(f"{SAKER}/{sak_id}/beregninger", {"aar": aar, **resten}, status, **valg)

    def beloep(self, sak_id: str, aar: int, felt: str, beloep: int, **resten: Any) -> Any:
        """Enter a figure."""
        valg = {k: resten.pop(k) for k in ("kommune",) if k in resten}
        rad = {"felt": felt, "beloep": beloep, "begrunnelse": "brev fra utbetaleren", **resten}
        inn = {"aar": aar, "oppgitteBeloep": [rad]}
        return self.post(f"{SAKER}/{sak_id}/manuelle-poster", inn, **valg)[0]

    def plasser(self, sak_id: str, aar: int, *plasseringer: Json) -> Any:
        """Place posts."""
        rader = [{"begrunnelse": "avklart med beboeren", **rad} for rad in plasseringer]
        inn = {"aar": aar, "plasseringer": rader}
        return self.post(f"{SAKER}/{sak_id}/manuelle-poster", inn)

    def vedtak(self, sak_id: str, beregning: Json, fra: str, status: int = 201, **resten: Any) -> Any:
        """Decide."""
        inn = {"beregningId": beregning["id"], "fra": fra, **resten}
        return self.post(f"{SAKER}/{sak_id}/vedtak", inn, status)

    def gjoer_opp(self, sak_id: str, aar: int, status: int = 201, **resten: Any) -> Any:
        """Settle a year."""
        return self.post(f"{SAKER}/{sak_id}/etteroppgjoer", {"aar": aar, **resten}, status)

    def glem_token(self) -> None:
        """From here on a token for Skatteetaten must be fetched again."""
        self._f.tid.hopp(3700)

    def kontroll(self, metode: str, sti: str, json_: Any = None) -> None:
        """Pull a lever of the sandbox."""

        async def alt() -> None:
            transport = httpx2.ASGITransport(app=self.sandkasse.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as klient:
                svar = await klient.request(metode, f"/kontroll{sti}", json=json_)
            assert svar.is_success, svar.text

        self._f.kjoer(alt)

    def oppgjoer(self, hvem: str, aar: int, **beloep: int | None) -> None:
        """A settlement comes, or is changed."""
        self.kontroll("PUT", f"/personer/{hvem}/oppgjoer/{aar}", {"beloep": beloep})

    def register(
        self, *, hvem: str | None = None, sak_id: str | None = None, kommune: str = FJORDVIK
    ) -> list[Json]:
        """Rows of the audit register, with their content read."""
        from uuid import UUID  # noqa: PLC0415

        filter_ = Revisjonsfilter(
            ident=None if hvem is None else self.ident(hvem), sak_id=None if sak_id is None else UUID(sak_id)
        )
        rader = self._f.bak(lambda lager: lager.revisjon.soek(filter_, 0, 10_000), kommune)
        return [{"handling": r.handling, "utfall": r.utfall, **json.loads(r.innhold)} for r in rader]

    def slutt(self) -> None:
        """Put the sandbox right, run every calculation again, and end the cases."""
        self._f.lyttere.clear()
        self._f.forgiftet.clear()
        self.sandkasse.forstyrrelser.nullstill()
        self.sandkasse.befolkning.nullstill()
        for kommune, sak_id in self._saker:
            if self.send("GET", f"{SAKER}/{sak_id}", kommune=kommune).status_code == 200:  # not erased
                self.etterproev_alle(sak_id, kommune)
                self.avslutt(sak_id, kommune)

    def avslutt(self, sak_id: str, kommune: str = FJORDVIK) -> None:
        """End a case that is still open."""
        svar = self.send("GET", f"{SAKER}/{sak_id}", kommune=kommune)
        if les(svar)["status"] == "AAPEN":
            self.post(
                f"{SAKER}/{sak_id}/avslutning",
                {"dato": "2026-11-23", "grunn": "FEILREGISTRERT"},
                200,
                kommune=kommune,
                hoder={"If-Match": svar.headers["ETag"]},
            )

    def etterproev_alle(self, sak_id: str, kommune: str = FJORDVIK) -> int:
        """Run every finished calculation of a case again; how many there were."""
        sti = f"{SAKER}/{sak_id}/beregninger"
        ferdige = [
            en["id"]
            for en in self.les(f"{sti}?antall=200", kommune=kommune)["elementer"]
            if en["tilstand"] == "BEREGNET"
        ]
        for id_ in ferdige:
            proevd = self.post(f"{sti}/{id_}/etterproeving", status=200, kommune=kommune, scope=SCOPE_LES)
            assert proevd["lik"], proevd
            assert proevd["resultatHash"] == proevd["nyHash"]
            assert proevd["avvik"] == []
        return len(ferdige)


def les(svar: httpx2.Response) -> Any:
    """A body with exact numbers."""
    return les_tekst(svar.text)


def les_tekst(tekst: str) -> Any:
    """JSON with exact numbers; nothing when there is nothing."""
    return json.loads(tekst, parse_float=Decimal) if tekst else None


def langtidssak(person: Json, aar: int, **resten: Any) -> Json:
    """A case of somebody who has been at Solbakken since long before the year."""
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": person,
        "opphold": [{"art": "LANGTID", "fra": f"{aar - 1}-01-01", "institusjon": "solbakken"}],
        "beregning": {"aar": aar},
        **resten,
    }


def bistandssak(person: Json, aar: int, **resten: Any) -> Json:
    """A case of somebody who gets four hours of help in January."""
    return {
        "tjeneste": "PRAKTISK_BISTAND",
        "person": person,
        "tjenester": [{"maaned": f"{aar}-01", "art": "TIMER", "timer": 4}],
        "beregning": {"aar": aar},
        **resten,
    }


def for_haand(art: str, **inn: Any) -> Any:
    """What the stateless calculator answers to figures put in by hand."""
    return json.loads(kalkuler(art, json.dumps(inn, default=float)), parse_float=Decimal)


def noder(node: Json) -> Iterator[Json]:
    """A tree from the root down."""
    yield node
    for barn in node["barn"]:
        yield from noder(barn)


def blader(node: Json) -> Iterator[Json]:
    """The ends of a tree: what was told, read or set by law."""
    return (ett for ett in noder(node) if not ett["barn"])


def kroner(node: Json) -> Decimal:
    """The number of a node; numbers are written as text or as they are."""
    return Decimal(node["verdi"])


def felter(beregning: Json, nr: int = 0) -> dict[str, Json]:
    """One person's figures of a calculation by their field."""
    return {rad["felt"]: rad for rad in beregning["personer"][nr]["felter"]}


def koder(beregning: Json, alvor: Collection[str] = ("STOPP", "OBS", "INFO")) -> set[str]:
    """The codes of a calculation's warnings."""
    return {v["kode"] for v in beregning["varsler"] if v["alvor"] in alvor}


def tall(h: Historie, hvem: str, aar: int) -> Tall:
    """A person's mainland figures as the sandbox has them, before they became an answer."""
    fastland = h.sandkasse.befolkning.person(hvem).oppgjoer[aar].fastland
    assert fastland is not None
    return fastland


def skatten(h: Historie, hvem: str, aar: int) -> int:
    """A person's tax as the sandbox has it."""
    return int(tall(h, hvem, aar).beregnet["beregnetSkatt"])
