"""Nothing secret in any log record, repr or exception, whatever the host application does to logging."""

import asyncio
import logging
import logging.config
import re
import traceback
from collections.abc import Callable, Iterator

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.skatt_client as bibliotek
from app.skatt_client import (
    Funnet,
    KeyRing,
    Maaned,
    MaskinportenError,
    OppsettError,
    SkattKlientError,
    TokenRequest,
    TransportError,
)
from app.skatt_client.masking import mask, safe_code, safe_correlation_id, safe_field
from app.skatt_client.silence import silence_http_library
from app.skatt_client.transport import Svar as HttpSvar
from tests.skatt_client.conftest import HEMMELIG
from tests.skatt_client.falske import (
    ANNEN_PERSON,
    BSA,
    FA,
    IM,
    PERSON,
    SSG,
    TD,
    Svar,
    Verden,
    feil_svar,
    mp_feil,
    noekkel,
    ssg_svar,
    verden,
)

LEKK = f"person {PERSON}, 098198 99123, token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.abc og 250000123456789"


class _Opptak(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.linjer: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.linjer.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def opptak() -> Iterator[_Opptak]:
    handler = _Opptak()
    rot = logging.getLogger()
    rot.addHandler(handler)
    yield handler
    rot.removeHandler(handler)


async def _oppslag(v: Verden) -> None:
    await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)


def _ingenting() -> None:
    pass


def _debug() -> None:
    for navn in ("httpx2", "httpcore2"):
        logging.getLogger(navn).setLevel(logging.DEBUG)


def _dict_config() -> None:
    loggers = {navn: {"level": "DEBUG"} for navn in ("httpx2", "httpcore2", "httpcore2.http11")}
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "loggers": loggers})


def _fjern_filtrene() -> None:
    for navn in ("httpx2", "httpcore2.http11"):
        logging.getLogger(navn).filters.clear()


@pytest.mark.parametrize("forstyrr", [_ingenting, _debug, _dict_config, _fjern_filtrene])
def test_http_biblioteket_tier(forstyrr: Callable[[], None], opptak: _Opptak) -> None:
    async def proev() -> None:
        async with verden(svar=Svar(200, ssg_svar())) as v:
            forstyrr()
            await _oppslag(v)

    asyncio.run(proev())
    assert not [linje for linje in opptak.linjer if linje.startswith(("httpx2", "httpcore2"))]


@pytest.mark.planter_lekkasje
def test_uten_filteret_ville_adressen_staatt_i_loggen(
    opptak: _Opptak, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: this is what the filter is for."""

    async def proev() -> None:
        async with verden(svar=Svar(200, ssg_svar())) as v:
            monkeypatch.setattr("app.skatt_client.transport.silence_http_library", lambda: None)
            logging.getLogger("httpx2").filters.clear()
            await _oppslag(v)

    asyncio.run(proev())
    silence_http_library()
    caplog.clear()
    assert any(PERSON in linje for linje in opptak.linjer)


def test_hver_logger_i_http_biblioteket_har_filteret() -> None:
    for navn in logging.Logger.manager.loggerDict:
        if navn.partition(".")[0] in ("httpx2", "httpcore2"):
            assert logging.getLogger(navn).filters, navn


SKRIPT: list[Svar | Exception] = [
    Svar(200, ssg_svar()),
    Svar(200, ssg_svar(personidentifikator=ANNEN_PERSON)),
    Svar(200, {**ssg_svar(), PERSON: PERSON, "grunnlag": [{PERSON: 1}]}),
    Svar(200, LEKK.encode()),
    feil_svar(404, "SSG-007", LEKK),
    feil_svar(400, "SSG-006", LEKK),
    Svar(404, {"kode": LEKK, "melding": LEKK, "korrelasjonsid": PERSON}),
    Svar(500, LEKK.encode()),
    Svar(302, b"", {"Location": f"https://x/{PERSON}"}),
    Svar(401, LEKK.encode()),
    Svar(429, LEKK.encode(), {"Retry-After": "3"}),
    httpx2.ReadTimeout(LEKK),
    httpx2.ConnectError(LEKK),
    httpx2.DecodingError(LEKK),
]


@pytest.mark.parametrize("nummer", range(len(SKRIPT)))
def test_ingen_lekkasje_fra_oppslag(nummer: int, opptak: _Opptak) -> None:
    async def proev() -> list[object]:
        skript = SKRIPT[nummer]
        async with verden(svar=skript if isinstance(skript, Svar) else Svar(500)) as v:
            v.skatteetaten.koe.append(skript)
            utfall: list[object] = [
                await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025),
                await v.skatt.beregnet_skatt(BSA).hent(PERSON, 2025),
                await v.skatt.siste_oppgjoer(TD).hent(PERSON),
                await v.skatt.inntekt(IM).hent(PERSON, Maaned(2026, 1), Maaned(2026, 2)),
                await v.skatt.skatteoppgjoer_hendelser(FA).side(1),
            ]
            return [*utfall, *v.maalinger, v.http, v.tokens, v.skatt]

    for ting in asyncio.run(proev()):
        _skann(ting)
    for linje in opptak.linjer:
        assert not HEMMELIG.search(linje), "logg"


@pytest.mark.parametrize(
    "svar",
    [
        mp_feil("MP-251", LEKK),
        mp_feil("MP-999", LEKK),
        Svar(400, {"error": LEKK, "error_description": LEKK, "error_uri": LEKK}),
        Svar(400, LEKK.encode()),
        Svar(200, {"access_token": "hemmelig-9\n", "token_type": "Bearer", "expires_in": 1}),
        Svar(200, LEKK.encode()),
        httpx2.ReadError(LEKK),
    ],
)
def test_ingen_lekkasje_fra_maskinporten(svar: Svar | Exception, opptak: _Opptak) -> None:
    async def proev() -> MaskinportenError:
        async with verden() as v:
            v.maskinporten.koe.extend([svar] * 3)
            with pytest.raises(MaskinportenError) as fanget:
                await v.tokens.hent(TokenRequest(("a:b",), pid=PERSON))
            for assertion in v.maskinporten.assertions:
                for linje in opptak.linjer:
                    assert assertion[:20] not in linje
            return fanget.value

    feil = asyncio.run(proev())
    _skann(feil)
    _skann(feil.avslag)
    for linje in opptak.linjer:
        assert not HEMMELIG.search(linje), "logg"


def test_feilene_drar_ikke_med_seg_http_bibliotekets_egne() -> None:
    """httpx2's exceptions hold the request: URL, id and Authorization header."""

    async def proev() -> TransportError:
        async with verden() as v:
            v.skatteetaten.koe.append(httpx2.ReadTimeout(LEKK))
            with pytest.raises(TransportError) as fanget:
                await v.http.get(f"https://skatt.falsk/{PERSON}", headers={"Authorization": "Bearer x"})
            return fanget.value

    feil = asyncio.run(proev())
    assert feil.__cause__ is None
    assert feil.__context__ is None


def test_et_oppslag_uten_person_i_noe_som_kan_skrives_ut() -> None:
    async def proev() -> None:
        async with verden(svar=Svar(200, ssg_svar())) as v:
            utfall = await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert isinstance(utfall, Funnet)
            _skann(utfall)
            _skann(utfall.data)
            assert "250" not in f"{utfall!r}{utfall.data!r}{utfall.data!s}"
            token = await v.tokens.hent(TokenRequest(("a:b",)))
            _skann(token)
            with pytest.raises(TypeError):
                token.__reduce__()
            _skann(TokenRequest(("a:b",), pid=PERSON))
            _skann(HttpSvar(200, PERSON.encode(), {"x": PERSON}))

    asyncio.run(proev())


def test_noekler_skrives_ikke_ut() -> None:
    hemmelig = noekkel()
    privat = hemmelig.jwk.as_dict(private=True)
    for ting in (hemmelig, KeyRing(hemmelig)):
        assert str(privat["d"])[:20] not in f"{ting!r} {ting!s}"
        assert str(privat["n"])[:20] not in f"{ting!r} {ting!s}"


def test_alle_feil_er_i_treet() -> None:
    feil = [
        ting for ting in vars(bibliotek).values() if isinstance(ting, type) and issubclass(ting, Exception)
    ]
    assert all(issubclass(klasse, SkattKlientError) for klasse in feil)
    assert issubclass(OppsettError, ValueError)


@pytest.mark.parametrize(
    "tekst", [LEKK, f"x{PERSON}y", "010190-12345", "010190 12345", "linje\nskift\x1b[31m"]
)
def test_maskering(tekst: str) -> None:
    maskert = mask(tekst)
    assert not HEMMELIG.search(maskert)
    assert not re.search(r"\d{6}[ .-]?\d{5}", maskert)
    assert maskert.isprintable()


@given(st.text(alphabet="0123456789 .-eyJabc_\n", max_size=80))
@settings(max_examples=200, deadline=None)
def test_maskering_av_hva_som_helst(tekst: str) -> None:
    assert not HEMMELIG.search(mask(tekst))
    for trygg in (safe_code(tekst), safe_correlation_id(tekst), safe_field(tekst)):
        assert trygg is None or not re.search(r"(?<![0-9A-Za-z])\d{11}(?![0-9A-Za-z])", trygg)


def _skann(ting: object) -> None:
    tekst = f"{ting!r} {ting!s}"
    if isinstance(ting, BaseException):
        tekst += "".join(traceback.format_exception(ting)) + repr(ting.args)
    assert not HEMMELIG.search(tekst), type(ting).__name__
    assert not re.search(r"\d{6}[ .-]?\d{5}", tekst), type(ting).__name__
