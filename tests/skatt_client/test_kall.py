"""How a call is made: path, token, retries, silence when asked for, the breaker and the limit of five."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest

from app.skatt_client import (
    BreakerPolicy,
    BryterEndret,
    FeilOppsett,
    Funnet,
    Gjentak,
    IngenPlassError,
    IngenTilgang,
    Kall,
    LocalLimiter,
    RetryPolicy,
    SkattKlient,
    Strupet,
    UgyldigSvar,
    Utilgjengelig,
)
from tests.skatt_client.falske import (
    KOMMUNE,
    PERSON,
    SSG,
    FakeClock,
    Svar,
    feil_svar,
    ssg_svar,
    til_ro,
    verden,
)

OK = Svar(200, ssg_svar())


def test_sti_og_token() -> None:
    async def proev() -> None:
        async with verden(svar=OK) as v:
            await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert v.skatteetaten.stier == [f"/v2/oppgjoer/kommunelangtidsoppholdinstitusjon/2025/{PERSON}"]
            assert v.skatteetaten.tokens == ["hemmelig-0"]
            assert v.skatteetaten.headers[0]["accept"] == "application/json"
            (krav,) = v.maskinporten.krav
            assert krav["consumer_org"] == KOMMUNE
            assert krav["scope"] == "skatteetaten:summertskattegrunnlag"
            assert "resource" not in krav

    asyncio.run(proev())


def test_rettighetspakken_kodes_i_stien() -> None:
    async def proev() -> None:
        async with verden(svar=OK) as v:
            oppsett = SSG.model_copy(update={"rettighetspakke": "a/../b?c"})
            await v.skatt.skattegrunnlag(oppsett).hent(PERSON, 2025)
            (sti,) = v.skatteetaten.stier
            assert sti.startswith(
                "/v2/oppgjoer/a/../b?c/2025/"
            )  # Decoded by the server: one segment, no query.
            assert v.skatteetaten.spoerringer == [""]

    asyncio.run(proev())


FORBIGAAENDE = [
    (Svar(500), "http-500"),
    (Svar(503), "http-503"),
    (Svar(429), "http-429"),
    (Svar(408), "http-408"),
    (httpx2.ConnectTimeout("tregt"), "tidsavbrudd"),
    (httpx2.ReadTimeout("tregt"), "tidsavbrudd"),
    (httpx2.ConnectError("nede"), "nettverk"),
    (httpx2.RemoteProtocolError("brutt"), "nettverk"),
    (httpx2.PoolTimeout("fullt"), "koe"),
]


@pytest.mark.parametrize(("feil", "grunn"), FORBIGAAENDE)
def test_forbigaaende_feil_proeves_igjen(feil: Svar | Exception, grunn: str) -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[feil, feil]) as v:
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), Funnet)
            assert v.clock.hvil == [0.25, 0.5]
            assert [m.grunn for m in v.maalinger if isinstance(m, Gjentak)] == [grunn, grunn]
            (kall,) = [m for m in v.maalinger if isinstance(m, Kall)]
            assert (kall.utfall, kall.status, kall.kode, kall.forsoek) == ("Funnet", 200, None, 3)

    asyncio.run(proev())


@pytest.mark.parametrize("status", [400, 403, 404, 406, 410, 418])
def test_alt_annet_proeves_ikke_igjen(status: int) -> None:
    async def proev() -> None:
        async with verden(svar=Svar(status)) as v:
            await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert len(v.skatteetaten.stier) == 1
            assert not v.clock.hvil

    asyncio.run(proev())


def test_ventetiden_vokser_til_et_tak_og_spres() -> None:
    politikk = RetryPolicy(attempts=7, base=1.0, cap=8.0)
    assert [politikk.delay(n, None, lambda: 0.0) for n in range(1, 8)] == [0.5, 1, 2, 4, 4, 4, None]
    assert [politikk.delay(n, None, lambda: 1.0) for n in range(1, 7)] == [1, 2, 4, 8, 8, 8]


RETRY_AFTER = [
    ({"Retry-After": "9"}, 9.0),
    ({"Retry-After": "0"}, 0.0),
    ({"Retry-After": "Mon, 23 Nov 2026 12:00:20 GMT", "Date": "Mon, 23 Nov 2026 12:00:05 GMT"}, 15.0),
    ({"Retry-After": "Mon, 23 Nov 2026 12:00:00 GMT", "Date": "Mon, 23 Nov 2026 12:00:05 GMT"}, 0.0),
    ({"Retry-After": "snart"}, 0.25),
    ({"Retry-After": "-5"}, 0.25),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("headers", "venting"), RETRY_AFTER)
def test_retry_after_gaar_foran(status: int, headers: dict[str, str], venting: float) -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[Svar(status, b"", headers)]) as v:
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), Funnet)
            assert v.clock.hvil == [venting]

    asyncio.run(proev())


def test_lang_retry_after_stanser_alle_for_virksomheten() -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[Svar(429, b"", {"Retry-After": "120"})]) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            foerste = await klient.hent(PERSON, 2025)
            assert isinstance(foerste, Strupet)
            assert foerste.proev_igjen_om == 120
            v.clock.gaa(20)
            andre = await klient.hent(PERSON, 2025)
            assert isinstance(andre, Strupet)
            assert andre.proev_igjen_om == 100
            assert len(v.skatteetaten.stier) == 1
            annen_kommune = SSG.model_copy(update={"kommune": "310000009"})
            assert isinstance(await v.skatt.skattegrunnlag(annen_kommune).hent(PERSON, 2025), Funnet)
            v.clock.gaa(90)
            assert isinstance(
                await klient.hent(PERSON, 2025), Funnet
            )  # The last ten seconds are slept through.
            assert v.clock.hvil == [10]

    asyncio.run(proev())


def test_en_urimelig_retry_after_stanser_oss_hoeyst_en_time() -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[Svar(503, b"", {"Retry-After": "999999999"})]) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            assert isinstance(await klient.hent(PERSON, 2025), Utilgjengelig)
            v.clock.gaa(3600)
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)

    asyncio.run(proev())


def test_401_gir_ett_nytt_token() -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[feil_svar(401, "SSG-004")]) as v:
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), Funnet)
            assert v.skatteetaten.tokens == ["hemmelig-0", "hemmelig-1"]
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


def test_401_to_ganger_er_en_alarm() -> None:
    async def proev() -> None:
        async with verden(svar=feil_svar(401, "SSG-004")) as v:
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), IngenTilgang)
            assert v.skatteetaten.tokens == ["hemmelig-0", "hemmelig-1"]

    asyncio.run(proev())


def test_et_api_som_avviser_gode_tokener_faar_ikke_ett_nytt_per_kall() -> None:
    """Ten refused calls cost two tokens, not eleven; ninety seconds later one more may be tried."""

    async def proev() -> None:
        async with verden(svar=feil_svar(401, "SSG-004")) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            for _ in range(10):
                assert isinstance(await klient.hent(PERSON, 2025), IngenTilgang)
            assert v.maskinporten.kall == 2
            assert len(v.skatteetaten.tokens) == 11
            v.clock.gaa(90.0)
            await klient.hent(PERSON, 2025)
            await til_ro()
            assert v.maskinporten.kall == 3

    asyncio.run(proev())


def test_mange_401_samtidig_gir_ett_nytt_token() -> None:
    async def proev() -> None:
        async with verden(svar=OK, skriptet=[Svar(401)] * 5) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            utfall = await asyncio.gather(*(klient.hent(PERSON, 2025) for _ in range(5)))
            assert all(isinstance(u, Funnet) for u in utfall)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


def test_aldri_mer_enn_fem_i_luften() -> None:
    async def proev() -> None:
        async with verden(svar=OK) as v:
            klienter = [
                v.skatt.skattegrunnlag(SSG) for _ in range(40)
            ]  # Shared however many clients are made.
            utfall = await asyncio.gather(*(klient.hent(PERSON, 2025) for klient in klienter))
            assert all(isinstance(u, Funnet) for u in utfall)
            assert v.skatteetaten.mest_i_luften == 5

    asyncio.run(proev())


def test_fem_per_virksomhet_og_oppsettet_sier_hvem_som_teller() -> None:
    async def proev(teller_som: str | None, ventet: int) -> None:
        async with verden(svar=OK) as v:
            oppsett = [
                SSG.model_copy(update={"kommune": f"31000000{n}", "teller_som": teller_som})
                for n in range(1, 4)
            ]
            await asyncio.gather(
                *(v.skatt.skattegrunnlag(oppsett[n % 3]).hent(PERSON, 2025) for n in range(40))
            )
            assert v.skatteetaten.mest_i_luften == ventet

    asyncio.run(proev(None, 15))
    asyncio.run(proev("310000000", 5))


def test_en_avbrutt_kaller_gir_plassen_fra_seg() -> None:
    async def proev() -> None:
        async with verden(svar=OK) as v:
            v.skatteetaten.port.clear()
            klient = v.skatt.skattegrunnlag(SSG)
            kall = [asyncio.create_task(klient.hent(PERSON, 2025)) for _ in range(7)]
            await til_ro()
            assert v.skatteetaten.i_luften == 5
            for ett in kall[:6]:
                ett.cancel()
            v.skatteetaten.port.set()
            assert isinstance(await kall[6], Funnet)
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)

    asyncio.run(proev())


def test_plassen_holdes_ikke_mens_det_ventes() -> None:
    """A slot is for a request in flight, not for a backoff."""
    inne = 0
    inne_mens_det_ventes: list[int] = []

    class Teller:
        @asynccontextmanager
        async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
            nonlocal inne
            assert (api, virksomhet) == ("summertskattegrunnlag", KOMMUNE)
            inne += 1
            yield
            inne -= 1

    class Klokke(FakeClock):
        async def sleep(self, seconds: float) -> None:
            inne_mens_det_ventes.append(inne)

    async def proev() -> None:
        async with verden(svar=OK, skriptet=[Svar(503)]) as v:
            skatt = SkattKlient(v.http, v.tokens, limiter=Teller(), clock=Klokke())
            await skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert inne_mens_det_ventes == [0]

    asyncio.run(proev())


def test_en_begrenser_som_gir_opp_blir_strupet() -> None:
    class Fullt:
        @asynccontextmanager
        async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
            if virksomhet:
                raise IngenPlassError
            yield

    async def proev() -> None:
        async with verden(svar=OK) as v:
            skatt = SkattKlient(v.http, v.tokens, limiter=Fullt(), clock=v.clock)
            utfall = await skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert isinstance(utfall, Strupet)
            assert utfall.kode == "ingen-plass"
            assert not v.skatteetaten.stier

    asyncio.run(proev())


def test_bryteren_aapner_proever_og_lukker() -> None:
    async def proev() -> None:
        politikk = BreakerPolicy(failures=3, seconds=30)
        async with verden(svar=Svar(500), retry=RetryPolicy(attempts=1), breaker=politikk) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            for _ in range(3):
                assert isinstance(await klient.hent(PERSON, 2025), Utilgjengelig)
            stengt = await klient.hent(PERSON, 2025)
            assert isinstance(stengt, Utilgjengelig)
            assert (stengt.kode, stengt.proev_igjen_om) == ("bryter-aapen", 30)
            assert len(v.skatteetaten.stier) == 3
            v.clock.gaa(30)
            await klient.hent(PERSON, 2025)  # The probe fails, and the pause doubles.
            v.clock.gaa(59)
            await klient.hent(PERSON, 2025)
            assert len(v.skatteetaten.stier) == 4
            v.clock.gaa(1)
            v.skatteetaten.svar = OK
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)
            tilstander = [m.tilstand for m in v.maalinger if isinstance(m, BryterEndret)]
            assert tilstander == ["aapen", "proever", "aapen", "proever", "lukket"]

    asyncio.run(proev())


def test_bare_en_proever_mens_bryteren_proever() -> None:
    async def proev() -> None:
        politikk = BreakerPolicy(failures=1, seconds=30)
        async with verden(
            svar=OK, skriptet=[Svar(500)], retry=RetryPolicy(attempts=1), breaker=politikk
        ) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            await klient.hent(PERSON, 2025)
            v.clock.gaa(30)
            utfall = await asyncio.gather(*(klient.hent(PERSON, 2025) for _ in range(5)))
            assert [type(u) for u in utfall].count(Funnet) == 1
            assert len(v.skatteetaten.stier) == 2

    asyncio.run(proev())


def test_en_avbrutt_proeve_laaser_ikke_bryteren() -> None:
    async def proev() -> None:
        politikk = BreakerPolicy(failures=1, seconds=30)
        async with verden(
            svar=OK, skriptet=[Svar(500)], retry=RetryPolicy(attempts=1), breaker=politikk
        ) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            await klient.hent(PERSON, 2025)
            v.clock.gaa(30)
            v.skatteetaten.port.clear()
            proeve = asyncio.create_task(klient.hent(PERSON, 2025))
            await til_ro()
            assert v.skatteetaten.i_luften == 1
            proeve.cancel()
            await asyncio.gather(proeve, return_exceptions=True)
            v.skatteetaten.port.set()
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)

    asyncio.run(proev())


def test_bryteren_er_per_kommune() -> None:
    async def proev() -> None:
        politikk = BreakerPolicy(failures=1)
        async with verden(
            svar=OK, skriptet=[Svar(500)], retry=RetryPolicy(attempts=1), breaker=politikk
        ) as v:
            await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            annen = SSG.model_copy(update={"kommune": "310000009"})
            assert isinstance(await v.skatt.skattegrunnlag(annen).hent(PERSON, 2025), Funnet)
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), Utilgjengelig)

    asyncio.run(proev())


def test_vaar_egen_koe_er_ikke_skatteetatens_feil() -> None:
    async def proev() -> None:
        politikk = BreakerPolicy(failures=1)
        fullt = [httpx2.PoolTimeout("fullt")]
        async with verden(svar=OK, skriptet=fullt, retry=RetryPolicy(attempts=1), breaker=politikk) as v:
            klient = v.skatt.skattegrunnlag(SSG)
            assert isinstance(await klient.hent(PERSON, 2025), Utilgjengelig)
            assert isinstance(await klient.hent(PERSON, 2025), Funnet)

    asyncio.run(proev())


def test_en_treg_maskinporten_holder_ingen_plass() -> None:
    tatt: list[str] = []

    class Teller:
        @asynccontextmanager
        async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
            tatt.append(api)
            yield

    async def proev() -> None:
        async with verden(svar=OK) as v:
            v.maskinporten.port.clear()
            skatt = SkattKlient(v.http, v.tokens, limiter=Teller(), clock=v.clock)
            kall = asyncio.create_task(skatt.skattegrunnlag(SSG).hent(PERSON, 2025))
            await til_ro()
            assert v.maskinporten.kall == 1
            assert not tatt
            v.maskinporten.port.set()
            assert isinstance(await kall, Funnet)
            assert tatt == ["summertskattegrunnlag"]

    asyncio.run(proev())


@pytest.mark.parametrize("status", [404, 403, 429])
def test_et_svar_er_et_svar(status: int) -> None:
    """Only no answer and 5xx count against the door."""

    async def proev() -> None:
        async with verden(
            svar=Svar(status), retry=RetryPolicy(attempts=1), breaker=BreakerPolicy(failures=1)
        ) as v:
            for _ in range(3):
                await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert len(v.skatteetaten.stier) == 3

    asyncio.run(proev())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_omdirigering_foelges_ikke(status: int) -> None:
    async def proev() -> None:
        hit = Svar(status, b"", {"Location": f"https://et.annet.sted/{PERSON}"})
        async with verden(svar=OK, skriptet=[hit]) as v:
            utfall = await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert isinstance(utfall, FeilOppsett)
            assert utfall.kode == "omdirigering"
            assert len(v.skatteetaten.stier) == 1

    asyncio.run(proev())


@pytest.mark.parametrize(("tillegg", "klasse"), [(0, Funnet), (1, UgyldigSvar)])
def test_svar_har_en_stoerste_lengde(tillegg: int, klasse: type) -> None:
    async def proev() -> None:
        body = b'{"personidentifikator":"%s","inntektsaar":"2025","skjermet":false}' % PERSON.encode()
        body += b" " * (1000 - len(body) + tillegg)
        async with verden(svar=Svar(200, body), max_bytes=1000) as v:
            assert isinstance(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025), klasse)
            assert len(v.skatteetaten.stier) == 1

    asyncio.run(proev())


def test_informasjonskapsler_sendes_aldri_tilbake() -> None:
    async def proev() -> None:
        kapsel = Svar(200, ssg_svar(), {"Set-Cookie": "oekt=kommune-a; Path=/; Secure"})
        async with verden(svar=kapsel) as v:
            for _ in range(2):
                await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert all("cookie" not in h for h in v.skatteetaten.headers)

    asyncio.run(proev())


def test_begrenseren_kan_settes() -> None:
    async def proev() -> None:
        async with verden(svar=OK) as v:
            skatt = SkattKlient(v.http, v.tokens, limiter=LocalLimiter(2), clock=v.clock)
            await asyncio.gather(*(skatt.skattegrunnlag(SSG).hent(PERSON, 2025) for _ in range(9)))
            assert v.skatteetaten.mest_i_luften == 2

    asyncio.run(proev())
