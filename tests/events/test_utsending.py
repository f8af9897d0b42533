"""Webhooks as they are sent: signed, tried again, given up, stopped, and each receiver by itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app import klokke
from app.db.ident import ny_id
from app.db.lager.endringer import NyEndring
from app.db.lager.revisjon import Revisjonsfilter
from app.db.lederskap import Lederskap, Mandat, MandatTaptError
from app.db.webhookutsending import Utboks
from app.events.utsending import MANDAT, Utsending
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.personvern.rydding import rydd, se_over
from app.services.revisjon import Driftsaktoer, Handling
from app.services.webhooker.adresse import Adressevakt
from app.services.webhooker.sending import Utsender
from app.settings.personvern import Personvern
from app.settings.webhooker import Webhooker
from tests.baser import MOTORER, ny_database
from tests.saker.verden import Verden, overalt_i_verden, tjeneste

_W: Final = "/api/v1/webhooker"
VALG: Final = Webhooker(forsoek=4, tidsgrense=60.0)
motorer = pytest.mark.parametrize("motor", MOTORER)

Svarer = Callable[[httpx2.Request], Awaitable[httpx2.Response] | httpx2.Response]


def _tar_imot(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(204)


class Mottak(httpx2.AsyncBaseTransport):
    """Receivers: what each host answers, and everything that came."""

    def __init__(self) -> None:
        self.kom: list[httpx2.Request] = []
        self.svarer: dict[str, Svarer] = {}
        self._kom_noe = asyncio.Event()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.kom.append(request)
        self._kom_noe.set()
        svar = self.svarer.get(request.headers["host"], _tar_imot)(request)
        return svar if isinstance(svar, httpx2.Response) else await svar

    def til(self, vert: str) -> list[httpx2.Request]:
        return [en for en in self.kom if en.headers["host"] == vert]

    async def vent_paa(self, vert: str, antall: int) -> None:
        while len(self.til(vert)) < antall:
            self._kom_noe.clear()
            await self._kom_noe.wait()

    def alltid(self, vert: str, status: int, **hoder: str) -> None:
        self.svarer[vert] = lambda _: httpx2.Response(status, headers=hoder)


class Scene:
    """A service with an outbox, a sender with a clock of its own, and receivers."""

    def __init__(self, v: Verden, mottak: Mottak, mandat: Mandat) -> None:
        self.v, self.mottak, self.mandat = v, mottak, mandat
        self.frem = timedelta()
        utboks = Utboks(v.arkiv.database, v.arkiv.ring)
        self.utsender = Utsender(
            utboks,
            VALG,
            Adressevakt(VALG, overalt_i_verden),
            naa=self.naa,
            tilfeldig=lambda: 1.0,
            transport=lambda: mottak,
        )
        self.utsending = Utsending(self.utsender, 0.01)

    def naa(self) -> datetime:
        return klokke.naa() + self.frem

    async def toem(self) -> None:
        await self.utsending.toem(self.mandat)

    async def webhook(self, vert: str, *typer: str, kommune: str = FJORDVIK) -> Any:
        svar = await self.v.post(_W, {"url": f"https://{vert}/krok", "typer": typer}, kommune=kommune)
        assert svar.status_code == 201, svar.text
        return svar.json()

    async def skjer(self, *typer: str, kommune: str = FJORDVIK) -> None:
        async with self.v.arkiv.skriv(kommune) as lager:
            nye = (NyEndring(type=t, sak_id=ny_id(klokke.naa()), aar=2025) for t in typer or ("vedtak.nytt",))
            await lager.endringer.noter(klokke.naa(), *nye)

    async def leveringer(self, krok: Any) -> list[Any]:
        elementer: list[Any] = (await self.v.les(f"{_W}/{krok['id']}/leveringer")).json()["elementer"]
        return elementer

    async def tilstand(self, krok: Any) -> str:
        tilstand: str = (await self.v.les(f"{_W}/{krok['id']}")).json()["tilstand"]
        return tilstand


@asynccontextmanager
async def scene(database: str) -> AsyncIterator[Scene]:
    async with tjeneste(database) as v:
        mandat = await Lederskap(v.arkiv.database, 60).ta(MANDAT)
        assert mandat is not None
        yield Scene(v, Mottak(), mandat)


def spill(motor: str, historie: Callable[[Scene], Awaitable[None]]) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with scene(database) as s:
            await historie(s)

    asyncio.run(alt())


@motorer
def test_varselet_er_tynt_signert_og_kvittert(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")
        await s.skjer("vedtak.nytt")
        await s.toem()
        (kom,) = s.mottak.kom
        varsel = Webhook(krok["hemmelighet"]).verify(kom.content, dict(kom.headers))
        assert (varsel.keys(), varsel["type"]) == ({"type", "timestamp", "data"}, "vedtak.nytt")
        assert varsel["data"].keys() == {"sekvensnummer", "sakId", "gjelder", "aar"}
        rad = (await s.v.les("/api/v1/endringer")).json()["endringer"][0]
        assert varsel["data"] == {navn: rad[navn] for navn in varsel["data"]}
        assert varsel["timestamp"] == rad["tidspunkt"]
        assert kom.headers["webhook-id"] == f"msg_{krok['id'].replace('-', '')}_1"
        (levering,) = await s.leveringer(krok)
        assert (levering["tilstand"], levering["forsoek"], levering["status"]) == ("LEVERT", 1, 204)
        await s.toem()
        assert len(s.mottak.kom) == 1

    spill(motor, historie)


@motorer
def test_det_proeves_igjen_til_det_tas_imot_med_samme_id_og_innhold(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")
        svar = iter([httpx2.Response(500), httpx2.Response(302), httpx2.Response(200)])
        s.mottak.svarer["epj.example"] = lambda _: next(svar)
        await s.skjer()
        for sekunder, kommet in ((0, 1), (4, 1), (2, 2), (10, 2), (10, 3), (600, 3)):
            s.frem += timedelta(seconds=sekunder)
            await s.toem()
            assert len(s.mottak.kom) == kommet, s.frem
        assert len({(en.headers["webhook-id"], en.content) for en in s.mottak.kom}) == 1
        assert len({en.headers["webhook-timestamp"] for en in s.mottak.kom}) == 3
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["LEVERT"]

    spill(motor, historie)


@motorer
def test_mottakeren_kan_be_oss_vente(motor: str) -> None:
    async def historie(s: Scene) -> None:
        await s.webhook("epj.example")
        s.mottak.alltid("epj.example", 429, **{"Retry-After": "3600"})
        await s.skjer()
        for sekunder, kommet in ((0, 1), (3_590, 1), (20, 2)):
            s.frem += timedelta(seconds=sekunder)
            await s.toem()
            assert len(s.mottak.kom) == kommet

    spill(motor, historie)


@motorer
def test_den_som_aldri_tar_imot_settes_paa_pause_og_koeen_staar(
    motor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("borte.example")
        s.mottak.alltid("borte.example", 503)
        await s.skjer()
        await gi_opp(s)
        assert (await s.leveringer(krok))[0]["tilstand"] == "DOED"
        assert len(s.mottak.kom) == VALG.forsoek
        assert await s.tilstand(krok) == "PAUSET"
        await s.skjer()
        await s.toem()
        assert len(s.mottak.kom) == VALG.forsoek
        async with s.v.arkiv.les(FJORDVIK) as lager:
            rader = await lager.revisjon.soek(Revisjonsfilter(handling=Handling.WEBHOOK_ENDRET), 0, 10)
            assert json.loads(rader[-1].innhold)["aktoer"]["id"] == "utsending"
            assert await lager.revisjon.verifiser() is None
        s.mottak.alltid("borte.example", 200)
        endret = await s.v.kall("PUT", f"{_W}/{krok['id']}", {"url": krok["url"]}, hoder={"If-Match": '"2"'})
        assert endret.json()["tilstand"] == "AKTIV"
        await s.toem()
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["LEVERT", "DOED"]
        svar = await s.v.post(f"{_W}/{krok['id']}/leveringer/1/gjenta")
        assert (svar.status_code, svar.json()["tilstand"]) == (202, "VENTER")
        await s.toem()
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["LEVERT", "LEVERT"]
        assert s.mottak.kom[-1].headers["webhook-id"] == s.mottak.kom[0].headers["webhook-id"]

    spill(motor, historie)
    logget = "".join(capsys.readouterr())
    assert "en webhook er stanset" in logget
    assert "borte.example" not in logget


@motorer
def test_den_som_tar_imot_noe_settes_ikke_paa_pause_for_ett_varsel(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")

        def kresen(kom: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(500 if json.loads(kom.content)["data"]["sekvensnummer"] == 1 else 200)

        s.mottak.svarer["epj.example"] = kresen
        await s.skjer("vedtak.nytt", "sak.endret")
        await gi_opp(s)
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["LEVERT", "DOED"]
        assert await s.tilstand(krok) == "AKTIV"

    spill(motor, historie)


@motorer
def test_410_stenger_og_ingenting_mer_legges_i_koeen(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("nedlagt.example")
        s.mottak.alltid("nedlagt.example", 410)
        await s.skjer()
        await s.toem()
        assert await s.tilstand(krok) == "STENGT"
        await s.skjer()
        await s.toem()
        assert [(rad["sekvensnummer"], rad["status"]) for rad in await s.leveringer(krok)] == [(1, 410)]
        assert len(s.mottak.kom) == 1

    spill(motor, historie)


@motorer
def test_begge_hemmelighetene_holder_under_byttet(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")
        rotert = await s.v.post(f"{_W}/{krok['id']}/roter", hoder={"If-Match": '"1"'})
        gammel, ny = krok["hemmelighet"], rotert.json()["hemmelighet"]
        assert rotert.headers["etag"] == '"2"'
        assert gammel != ny
        assert "hemmelighet" not in (await s.v.les(f"{_W}/{krok['id']}")).json()
        await s.skjer()
        await s.toem()
        await s.skjer()
        s.frem += timedelta(hours=VALG.begge_signerer_timer, minutes=1)
        await s.toem()
        under, etter = s.mottak.kom
        for hemmelighet in (gammel, ny):
            Webhook(hemmelighet).verify(under.content, dict(under.headers))
        assert len(under.headers["webhook-signature"].split()) == 2
        assert len(etter.headers["webhook-signature"].split()) == 1
        assert etter.headers["webhook-signature"] == _signert(ny, etter)
        assert etter.headers["webhook-signature"] != _signert(gammel, etter)
        with pytest.raises(WebhookVerificationError):
            Webhook(ny).verify(under.content + b" ", dict(under.headers))

    spill(motor, historie)


@motorer
def test_en_pauset_webhook_venter_og_en_annen_faar_sitt(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok, annen = await s.webhook("epj.example"), await s.webhook("annen.example", "sak.endret")
        pause = {"url": krok["url"], "tilstand": "PAUSET"}
        svar = await s.v.kall("PUT", f"{_W}/{krok['id']}", pause, hoder={"If-Match": '"1"'})
        assert svar.json()["tilstand"] == "PAUSET"
        await s.skjer("vedtak.nytt", "sak.endret")
        await s.toem()
        assert s.mottak.til("epj.example") == []
        assert [rad["sekvensnummer"] for rad in await s.leveringer(annen)] == [2]
        utdatert = await s.v.kall("PUT", f"{_W}/{krok['id']}", pause, hoder={"If-Match": '"1"'})
        assert utdatert.status_code == 412
        await s.v.kall("PUT", f"{_W}/{krok['id']}", {**pause, "tilstand": "AKTIV"}, hoder={"If-Match": '"2"'})
        await s.toem()
        assert len(s.mottak.til("epj.example")) == 2

    spill(motor, historie)


@motorer
def test_proeven_gaar_bare_til_den_som_proeves(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example", "vedtak.nytt")
        await s.webhook("annen.example")
        svar = await s.v.post(f"{_W}/{krok['id']}/proev")
        assert (svar.status_code, svar.json()) == (202, {"sekvensnummer": 1})
        await s.toem()
        (kom,) = s.mottak.kom
        assert (kom.headers["host"], json.loads(kom.content)["type"]) == ("epj.example", "webhook.proeve")

    spill(motor, historie)


@motorer
def test_en_slettet_webhook_faar_ingenting_mer(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")
        await s.skjer()
        svar = await s.v.kall("DELETE", f"{_W}/{krok['id']}", hoder={"If-Match": '"1"'})
        assert (svar.status_code, svar.json()["id"]) == (200, krok["id"])
        await s.toem()
        assert s.mottak.kom == []
        assert (await s.v.les(f"{_W}/{krok['id']}")).status_code == 404
        assert (await s.v.les("/api/v1/endringer")).json()["neste"] == 1

    spill(motor, historie)


@motorer
def test_en_treg_mottaker_holder_bare_paa_seg_selv(motor: str) -> None:
    """The loop itself: one receiver never answers while two kommuner's others get everything, also what comes later."""

    async def historie(s: Scene) -> None:
        slipp = asyncio.Event()

        async def treg(_: httpx2.Request) -> httpx2.Response:
            await slipp.wait()
            return httpx2.Response(200)

        s.mottak.svarer["treg.example"] = treg
        await s.webhook("treg.example")
        await s.webhook("kvikk.example")
        await s.webhook("kvikk.example", kommune=SKOGLI)
        loekke = asyncio.create_task(s.utsending.kjoer(s.mandat))
        for runde in range(1, 4):
            await s.skjer(*["sak.endret"] * 20)
            await s.skjer(*["sak.endret"] * 20, kommune=SKOGLI)
            async with asyncio.timeout(60):
                await s.mottak.vent_paa("kvikk.example", 40 * runde)
        assert len(s.mottak.til("treg.example")) == VALG.samtidige_per_mottaker
        slipp.set()
        async with asyncio.timeout(60):
            await s.mottak.vent_paa("treg.example", 60)
        loekke.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loekke
        assert len({en.headers["webhook-id"] for en in s.mottak.til("kvikk.example")}) == 120

    spill(motor, historie)


@motorer
def test_den_som_har_mistet_mandatet_kvitterer_ikke(motor: str) -> None:
    async def historie(s: Scene) -> None:
        krok = await s.webhook("epj.example")
        await s.skjer()
        lederskap = Lederskap(s.v.arkiv.database, 60)
        await lederskap.slipp(s.mandat)
        neste = await lederskap.ta(MANDAT)
        assert neste is not None
        with pytest.raises(MandatTaptError):
            await s.toem()
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["VENTER"]
        s.mandat = neste
        await s.toem()
        assert [rad["tilstand"] for rad in await s.leveringer(krok)] == ["LEVERT"]
        assert len({en.headers["webhook-id"] for en in s.mottak.kom}) == 1

    spill(motor, historie)


@motorer
def test_det_som_er_ferdig_ryddes_og_det_som_venter_staar(motor: str) -> None:
    async def historie(s: Scene) -> None:
        levert, venter = await s.webhook("epj.example"), await s.webhook("nede.example")
        s.mottak.alltid("nede.example", 500)
        await s.skjer("sak.endret", "vedtak.nytt")
        await s.toem()
        for doegn, igjen in ((29, 2), (31, 0)):
            naa = klokke.naa() + timedelta(days=doegn)
            plan = await se_over(s.v.arkiv, lambda _: None, Personvern(), naa)
            ryddet = await rydd(s.v.arkiv, lambda _: None, Personvern(), Driftsaktoer("proeve"), naa)
            assert [en.leveringer for en in plan] == [en.leveringer for en in ryddet]
            assert sum(en.leveringer for en in ryddet) == 2 - igjen
            assert len(await s.leveringer(levert)) == igjen
        assert len(await s.leveringer(venter)) == 2

    spill(motor, historie)


@motorer
def test_en_kommune_kan_ikke_ha_flere_enn_innstillingen_sier(motor: str) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database, webhooker=Webhooker(hoeyst_per_kommune=1)) as v:
            svar = [await v.post(_W, {"url": "https://epj.example/"}) for _ in range(2)]
            assert [en.status_code for en in svar] == [201, 409]
            assert svar[1].json()["kode"] == "for-mange-webhooker"
            assert (await v.post(_W, {"url": "https://epj.example/"}, kommune=SKOGLI)).status_code == 201

    asyncio.run(alt())


async def gi_opp(s: Scene) -> None:
    """Let time pass until nothing is tried any more."""
    for _ in range(VALG.forsoek + 1):
        await s.toem()
        s.frem += timedelta(hours=9)


def _signert(hemmelighet: str, kom: httpx2.Request) -> str:
    naar = datetime.fromtimestamp(int(kom.headers["webhook-timestamp"]), UTC)
    return Webhook(hemmelighet).sign(kom.headers["webhook-id"], naar, kom.content.decode())
