"""Several processes at one port: they serve, and none is left when the service ends, whatever ended it."""

import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.baser import tom_database
from tests.saker.prosesser import (
    VERT,
    Tjenesteprosess,
    databaseinnstillinger,
    databasemiljoe,
    gjoer_klar,
    ny_kryptering,
)

_FRIST_S = 20.0


@pytest.fixture(scope="module")
def miljoe() -> dict[str, str]:
    kryptering, url = ny_kryptering(), tom_database("postgresql")
    gjoer_klar(databaseinnstillinger(url, kryptering))
    return {**databasemiljoe(url, kryptering), "EGENANDEL_PROSESSER": "2"}


@pytest.fixture
def tjeneste(miljoe: dict[str, str]) -> Iterator[Tjenesteprosess]:
    with Tjenesteprosess(miljoe) as i_gang:
        yield i_gang


def svarer(port: int) -> bool:
    forbindelse = HTTPConnection(VERT, port, timeout=_FRIST_S)
    try:
        forbindelse.request("GET", "/ready")
        return forbindelse.getresponse().status == 200
    except OSError:
        return False
    finally:
        forbindelse.close()


def porten_blir_ledig(port: int) -> bool:
    frist = time.monotonic() + _FRIST_S
    while time.monotonic() < frist:
        if not svarer(port):
            return True
        time.sleep(0.02)
    return False


def test_hver_svarer_og_ingen_er_igjen_naar_den_blir_bedt_om_aa_slutte(tjeneste: Tjenesteprosess) -> None:
    assert len(tjeneste.pider) == 3
    assert all(svarer(tjeneste.port) for _ in range(20))
    assert tjeneste.avslutt(signal.SIGTERM) == 0
    assert not svarer(tjeneste.port)


def test_er_en_borte_slutter_alle(tjeneste: Tjenesteprosess) -> None:
    """Whoever started the service starts it anew, as with one process."""
    assert tjeneste.avslutt(signal.SIGKILL, tjeneste.pider[-1]) == 1
    assert not svarer(tjeneste.port)


def test_ingen_holder_porten_naar_den_som_startet_dem_blir_drept(tjeneste: Tjenesteprosess) -> None:
    assert tjeneste.avslutt(signal.SIGKILL) == -signal.SIGKILL
    assert porten_blir_ledig(tjeneste.port)


def test_en_oppstart_som_feiler_er_en_feil(miljoe: dict[str, str]) -> None:
    database = "postgresql://ingen@127.0.0.1:1/ingen"
    with pytest.raises(RuntimeError, match="kom ikke i gang"):
        Tjenesteprosess(
            {**miljoe, "EGENANDEL_DATABASE__URL": database, "EGENANDEL_DATABASE__OPPGRADER_VED_START": "true"}
        ).start()
