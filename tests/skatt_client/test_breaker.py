"""The breaker itself: what opens it, what does not, and attempts that end after it has changed."""

from app.skatt_client import BreakerPolicy, BryterEndret, Maaling
from app.skatt_client.breaker import Breaker, Permit
from tests.skatt_client.falske import FakeClock


def _bryter(failures: int = 3) -> tuple[Breaker, FakeClock, list[Maaling]]:
    clock, maalinger = FakeClock(), list[Maaling]()
    return Breaker("api", BreakerPolicy(failures, 30, 100), clock, maalinger.append), clock, maalinger


def _inn(bryter: Breaker) -> Permit:
    adgang = bryter.enter()
    assert adgang is not None
    return adgang


def test_bare_feil_paa_rad_aapner() -> None:
    bryter, _, _ = _bryter()
    for gikk_bra in (False, False, True, False, False):
        _inn(bryter).settle(gikk_bra)
    assert bryter.tilstand.value == "lukket"
    _inn(bryter).settle(False)
    assert bryter.tilstand.value == "aapen"


def test_en_avbrutt_teller_hverken_eller() -> None:
    bryter, _, _ = _bryter()
    _inn(bryter).settle(False)
    _inn(bryter).settle(False)
    with _inn(bryter):
        pass
    _inn(bryter).settle(False)
    assert bryter.tilstand.value == "aapen"


def test_forsoek_fra_foer_aapningen_sier_ingenting_om_proeven() -> None:
    bryter, clock, _ = _bryter(failures=1)
    sene = [_inn(bryter) for _ in range(3)]
    _inn(bryter).settle(False)
    clock.gaa(30)
    proeve = _inn(bryter)
    for sen, gikk_bra in zip(sene, (True, False, False), strict=True):
        sen.settle(gikk_bra)
    assert bryter.tilstand.value == "proever"
    assert bryter.enter() is None
    proeve.settle(True)
    assert bryter.tilstand.value == "lukket"


def test_pausen_dobles_til_et_tak() -> None:
    bryter, clock, maalinger = _bryter(failures=1)
    _inn(bryter).settle(False)
    pauser = []
    for _ in range(4):
        pauser.append(bryter.wait())
        clock.gaa(bryter.wait())
        _inn(bryter).settle(False)
    assert pauser == [30, 60, 100, 100]
    assert {m.api for m in maalinger if isinstance(m, BryterEndret)} == {"api"}


def test_et_oppgjoer_gjelder_en_gang() -> None:
    bryter, _, _ = _bryter(failures=2)
    with _inn(bryter) as adgang:
        adgang.settle(False)
        adgang.settle(False)
    assert bryter.tilstand.value == "lukket"
