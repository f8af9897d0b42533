"""The token cache: one grant for many, renewed ahead, surviving cancellation, clocks and keys going wrong."""

import asyncio
import contextvars

import pytest

from app.skatt_client import (
    KeyRing,
    KlokkeAvvistError,
    KlokkeRettet,
    MaskinportenUgyldigSvarError,
    MaskinportenUtilgjengeligError,
    NoekkelAvvistError,
    NoekkelUtloeper,
    SigningKey,
    Systembruker,
    TilgangManglerError,
    TokenHentet,
    TokenRequest,
)
from tests.skatt_client.falske import (
    ANNEN_PERSON,
    KOMMUNE,
    PERSON,
    Svar,
    Verden,
    jwk,
    jwk_tekst,
    mp_feil,
    noekkel,
    til_ro,
    verden,
)

FORESP = TokenRequest(("a:b",), consumer_org=KOMMUNE)


def test_tjue_samtidige_kalde_kall_gir_en_tokenforespoersel() -> None:
    async def proev() -> None:
        async with verden() as v:
            tokens = await asyncio.gather(*(v.tokens.hent(FORESP) for _ in range(20)))
            assert v.maskinporten.kall == 1
            assert v.maskinporten.metadata_kall == 1
            assert len({id(token) for token in tokens}) == 1

    asyncio.run(proev())


@pytest.mark.parametrize("avbrutt", [0, 7, 19])
def test_at_en_av_tjue_avbrytes_beroerer_ikke_de_andre(avbrutt: int) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.port.clear()
            kall = [asyncio.create_task(v.tokens.hent(FORESP)) for _ in range(20)]
            await til_ro()
            kall[avbrutt].cancel()
            await til_ro()
            v.maskinporten.port.set()
            svar = await asyncio.gather(*kall, return_exceptions=True)
            assert isinstance(svar[avbrutt], asyncio.CancelledError)
            assert all(repr(s) == "<Token skjult>" for i, s in enumerate(svar) if i != avbrutt)
            assert v.maskinporten.kall == 1

    asyncio.run(proev())


def test_avbrytes_alle_kommer_tokenet_likevel_i_bufferen() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.port.clear()
            kall = [asyncio.create_task(v.tokens.hent(FORESP)) for _ in range(3)]
            await til_ro()
            for ett in kall:
                ett.cancel()
            await til_ro()
            v.maskinporten.port.set()
            await til_ro()
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 1

    asyncio.run(proev())


def test_den_som_venter_sammen_faar_sin_egen_feil() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(mp_feil("MP-251"))
            feil = await asyncio.gather(*(v.tokens.hent(FORESP) for _ in range(5)), return_exceptions=True)
            assert all(isinstance(f, TilgangManglerError) for f in feil)
            assert len({id(f) for f in feil}) == 5
            assert v.maskinporten.kall == 1

    asyncio.run(proev())


# Sekunder etter utstedelsen av et token som lever 120 s -> antall grants når kallet og bakgrunnen er ferdige.
LIV_120 = [(0, 1), (89, 1), (90, 2), (109, 2), (110, 2), (500, 2)]


@pytest.mark.parametrize(("etter", "grants"), LIV_120)
def test_token_paa_120_sekunder_bufres_og_fornyes_i_forkant(etter: float, grants: int) -> None:
    async def proev() -> None:
        async with verden() as v:
            foerste = await v.tokens.hent(FORESP)
            v.clock.gaa(etter)
            andre = await v.tokens.hent(FORESP)
            assert (andre is foerste) == (etter < 110)  # Hard stop ten seconds before expiry.
            await til_ro()
            assert v.maskinporten.kall == grants

    asyncio.run(proev())


def test_fornyelse_i_bakgrunnen_holder_ingen_oppe_og_maales_for_seg() -> None:
    async def proev() -> None:
        async with verden() as v:
            gammelt = await v.tokens.hent(FORESP)
            v.clock.gaa(95)
            v.maskinporten.port.clear()
            assert await v.tokens.hent(FORESP) is gammelt
            await til_ro()
            assert await v.tokens.hent(FORESP) is gammelt
            v.maskinporten.port.set()
            await til_ro()
            assert await v.tokens.hent(FORESP) is not gammelt
            assert v.maskinporten.kall == 2
            bakgrunn = [m.i_bakgrunnen for m in v.maalinger if isinstance(m, TokenHentet)]
            assert bakgrunn == [False, True]

    asyncio.run(proev())


def test_mislykket_fornyelse_lar_det_gamle_virke_til_det_stopper() -> None:
    async def proev() -> None:
        async with verden() as v:
            gammelt = await v.tokens.hent(FORESP)
            v.clock.gaa(95)
            v.maskinporten.koe.append(mp_feil("MP-251"))
            assert await v.tokens.hent(FORESP) is gammelt
            await til_ro()
            assert await v.tokens.hent(FORESP) is gammelt
            await til_ro()
            assert v.maskinporten.kall == 2  # Not tried again at once.
            v.clock.gaa(15)
            with pytest.raises(TilgangManglerError):
                await v.tokens.hent(FORESP)

    asyncio.run(proev())


def test_levetiden_regnes_fra_foer_forespoerselen() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.port.clear()
            kall = asyncio.create_task(v.tokens.hent(FORESP))
            await til_ro()
            v.clock.gaa(30)
            v.maskinporten.skjevhet = -30  # The assertion is not what this is about.
            v.maskinporten.port.set()
            token = await kall
            assert token.stopp == 1000 + 120 - 10
            assert token.fornyes == 1000 + 90

    asyncio.run(proev())


def test_veggklokken_styrer_ikke_levetiden() -> None:
    async def proev() -> None:
        async with verden() as v:
            token = await v.tokens.hent(FORESP)
            v.clock.vegg += 3600
            assert await v.tokens.hent(FORESP) is token

    asyncio.run(proev())


def test_et_token_uten_nytte_bufres_ikke() -> None:
    """A token living eight seconds serves the caller that asked, and nobody else."""

    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.levetid = 8
            await v.tokens.hent(FORESP)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


ULIKE = [
    TokenRequest(("a:b",)),
    TokenRequest(("a:b", "a:c")),
    TokenRequest(("a:b",), consumer_org=KOMMUNE),
    TokenRequest(("a:b",), resource=("https://r",)),
    TokenRequest(("a:b",), pid=PERSON),
    TokenRequest(("a:b",), pid=ANNEN_PERSON),
    TokenRequest(("a:b",), systembruker=Systembruker(orgnr=KOMMUNE)),
    TokenRequest(("a:b",), systembruker=Systembruker(orgnr=KOMMUNE, ekstern_ref="x")),
]


def test_alt_i_noekkelen_skiller_tokens() -> None:
    async def proev() -> None:
        async with verden() as v:
            await asyncio.gather(*(v.tokens.hent(foresp) for foresp in ULIKE))
            assert v.maskinporten.kall == len(ULIKE)
            await v.tokens.hent(TokenRequest(("a:c", "a:b", "a:c")))  # Order and doubles do not matter.
            assert v.maskinporten.kall == len(ULIKE)

    asyncio.run(proev())


def test_en_treg_henting_sperrer_ikke_andre() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.port.clear()
            treg = asyncio.create_task(v.tokens.hent(FORESP))
            await til_ro()
            rask = asyncio.create_task(v.tokens.hent(TokenRequest(("annet:scope",))))
            await til_ro()
            assert v.maskinporten.kall == 2
            v.maskinporten.port.set()
            await asyncio.gather(treg, rask)

    asyncio.run(proev())


def test_varig_avslag_huskes_et_minutt() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(mp_feil("MP-251"))
            for sekunder in (0, 59):
                v.clock.gaa(sekunder)
                with pytest.raises(TilgangManglerError):
                    await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 1
            v.clock.gaa(1)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


def test_jti_gjentas_aldri() -> None:
    """Also through 5xx, lost connections, MP-012, a corrected clock and a refused key."""

    async def proev() -> None:
        ring = KeyRing(noekkel(0), noekkel(1))
        async with verden(noekler=ring) as v:
            v.maskinporten.skjevhet = 300
            v.maskinporten.registrert["test-1"] = jwk(1)
            v.maskinporten.koe.extend([Svar(503), mp_feil("MP-012"), mp_feil("MP-121")])
            await v.tokens.hent(FORESP)
            for _ in range(5):
                v.clock.gaa(500)
                await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 10
            assert len({k["jti"] for k in v.maskinporten.krav}) == 10
            assert len(set(v.maskinporten.assertions)) == 10

    asyncio.run(proev())


@pytest.mark.parametrize("skjevhet", [-3600.0, -11.0, 11.0, 86_400.0])
def test_klokken_rettes_en_gang_etter_date(skjevhet: float) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.skjevhet = skjevhet
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2
            (rettet,) = [m.sekunder for m in v.maalinger if isinstance(m, KlokkeRettet)]
            assert abs(rettet - skjevhet) < 1
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 3  # The correction is kept.

    asyncio.run(proev())


def test_klokken_rettes_for_alle_som_var_under_veis() -> None:
    """Twenty kommuner at a cold start with a wrong clock: each gets its token."""

    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.skjevhet = -500
            v.maskinporten.port.clear()
            foresp = [TokenRequest(("a:b",), consumer_org=f"3100000{n:02}") for n in range(20)]
            kall = [asyncio.create_task(v.tokens.hent(en)) for en in foresp]
            await til_ro()
            assert v.maskinporten.kall == 20
            v.maskinporten.port.set()
            await asyncio.gather(*kall)
            assert v.maskinporten.kall == 40
            assert len([m for m in v.maalinger if isinstance(m, KlokkeRettet)]) == 1

    asyncio.run(proev())


def test_klokken_rettes_ikke_to_ganger() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.extend(
                mp_feil("MP-130", dato=dato)
                for dato in ("Wed, 01 Jan 2025 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT")
            )
            with pytest.raises(KlokkeAvvistError):
                await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


@pytest.mark.parametrize("dato", [None, "tull", "samme"])
def test_uten_funn_i_date_er_klokkefeil_varig(dato: str | None) -> None:
    async def proev() -> None:
        async with verden() as v:
            skrevet = "Wed, 18 Nov 2026 00:26:40 GMT" if dato == "samme" else dato
            v.clock.vegg = 1_794_961_600.0
            v.maskinporten.koe.append(mp_feil("MP-130", dato=skrevet))
            with pytest.raises(KlokkeAvvistError):
                await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 1

    asyncio.run(proev())


def test_noekkelbytte_uten_omstart() -> None:
    """Old and new overlap; the new one takes over when the old is refused, without one failed caller."""

    async def proev() -> None:
        ring = KeyRing(noekkel(0), noekkel(1))
        async with verden(noekler=ring) as v:
            v.maskinporten.registrert = {"test-0": jwk(0), "test-1": jwk(1)}
            await v.tokens.hent(FORESP)
            del v.maskinporten.registrert["test-0"]
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)  # The refused key is not tried first again.
            ring.bytt(noekkel(1))
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)
            assert [h["kid"] for h in v.maskinporten.hoder] == [
                "test-0",
                "test-0",
                "test-1",
                "test-1",
                "test-1",
            ]

    asyncio.run(proev())


def test_ny_noekkel_som_settes_foerst_brukes_foerst() -> None:
    async def proev() -> None:
        ring = KeyRing(noekkel(0))
        async with verden(noekler=ring) as v:
            v.maskinporten.registrert["test-1"] = jwk(1)
            await v.tokens.hent(FORESP)
            ring.bytt(noekkel(1), noekkel(0))
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)
            assert [h["kid"] for h in v.maskinporten.hoder] == ["test-0", "test-1"]

    asyncio.run(proev())


def test_begge_noekler_avvist() -> None:
    async def proev() -> None:
        async with verden(noekler=KeyRing(noekkel(0), noekkel(1))) as v:
            v.maskinporten.registrert.clear()
            with pytest.raises(NoekkelAvvistError):
                await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


def test_utloept_noekkel_brukes_ikke_saa_lenge_en_annen_finnes(caplog: pytest.LogCaptureFixture) -> None:
    async def proev() -> None:
        naa = 1_795_000_000
        gammel = SigningKey.fra_jwk(jwk_tekst(0, {"exp": naa - 1}))
        ny = SigningKey.fra_jwk(jwk_tekst(1, {"exp": naa + 29 * 86_400}))
        async with verden(noekler=KeyRing(gammel, ny)) as v:
            v.maskinporten.registrert["test-1"] = jwk(1)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.hoder[0]["kid"] == "test-1"
            assert "om 29 døgn" in caplog.text
            assert [m.plass for m in v.maalinger if isinstance(m, NoekkelUtloeper)] == [0, 1]
            utloept, varsel = v.tokens.noekkelvarsler()
            assert "test-0 utløp" in utloept
            assert "test-1 utløper" in varsel
            v.clock.gaa(500)
            await v.tokens.hent(FORESP)
            assert caplog.text.count("om 29 døgn") == 1  # Once a day, not once a grant.

    asyncio.run(proev())


def test_retry_after_overholdes() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(Svar(429, b"", {"Retry-After": "7"}))
            await v.tokens.hent(FORESP)
            assert v.clock.hvil == [7.0]

    asyncio.run(proev())


def test_for_lang_retry_after_gir_beskjed_i_stedet() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(Svar(503, b"", {"Retry-After": "900"}))
            with pytest.raises(MaskinportenUtilgjengeligError) as fanget:
                await v.tokens.hent(FORESP)
            assert fanget.value.avslag.proev_igjen_om == 900
            assert not v.clock.hvil

    asyncio.run(proev())


def test_bryteren_skaaner_en_maskinporten_som_er_nede() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.extend([Svar(500)] * 5)
            for _ in range(4):
                with pytest.raises(MaskinportenUtilgjengeligError):
                    await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 5
            v.clock.gaa(31)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 6

    asyncio.run(proev())


def test_metadata_hentes_en_gang_i_doegnet_og_det_gamle_taaler_utfall() -> None:
    async def proev() -> None:
        async with verden() as v:
            await v.tokens.hent(FORESP)
            v.clock.gaa(23 * 3600)
            await v.tokens.hent(FORESP)
            assert v.maskinporten.metadata_kall == 1
            v.clock.gaa(2 * 3600)
            v.maskinporten.metadata = {"issuer": "https://feil/"}
            await v.tokens.hent(FORESP)
            assert v.maskinporten.metadata_kall == 2

    asyncio.run(proev())


def test_metadata_som_mangler_proeves_ikke_en_gang_per_ventende() -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.metadata = {}
            v.maskinporten.metadata_port.clear()
            foresp = [TokenRequest(("a:b",), consumer_org=f"3100000{n:02}") for n in range(20)]
            kall = [asyncio.create_task(v.tokens.hent(en)) for en in foresp]
            await til_ro()
            v.maskinporten.metadata_port.set()
            svar = await asyncio.gather(*kall, return_exceptions=True)
            assert all(isinstance(s, MaskinportenUgyldigSvarError) for s in svar)
            assert v.maskinporten.metadata_kall == 1

    asyncio.run(proev())


def test_et_nyere_token_forkastes_ikke() -> None:
    async def proev() -> None:
        async with verden() as v:
            gammelt = await v.tokens.hent(FORESP)
            v.tokens.forkast(FORESP, gammelt)
            nytt = await v.tokens.hent(FORESP)
            v.tokens.forkast(FORESP, gammelt)
            assert await v.tokens.hent(FORESP) is nytt
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


def test_tokens_bundet_til_personer_hoper_seg_ikke_opp() -> None:
    async def proev() -> None:
        async with verden() as v:
            for nummer in range(30):
                await v.tokens.hent(TokenRequest(("a:b",), pid=f"person-{nummer}"))
                v.clock.gaa(60)
            assert antall_plasser(v) <= 3

    asyncio.run(proev())


def antall_plasser(v: Verden) -> int:
    return len(v.tokens._plasser)


def test_hentingen_arver_ikke_den_foerste_kallerens_kontekst() -> None:
    """What one request bound to its log lines must not stand on lines made for all."""
    hvem: contextvars.ContextVar[str] = contextvars.ContextVar("hvem", default="ingen")
    sett: list[str] = []

    class Lytter:
        def keys(self) -> list[SigningKey]:
            sett.append(hvem.get())
            return [noekkel()]

    async def proev() -> None:
        async with verden(noekler=Lytter()) as v:
            hvem.set("saksbehandler")
            await v.tokens.hent(FORESP)

    asyncio.run(proev())
    assert sett == ["ingen"]


def test_lukking_stopper_henting_under_veis() -> None:
    async def proev() -> None:
        v = verden()
        v.maskinporten.port.clear()
        kall = asyncio.create_task(v.tokens.hent(FORESP))
        await til_ro()
        await v.tokens.aclose()
        with pytest.raises(asyncio.CancelledError):
            await kall
        await v.http.aclose()

    asyncio.run(proev())
