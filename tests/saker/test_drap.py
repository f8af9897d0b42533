"""Killed while it stores: every request is whole or absent. ``bench`` has the large one."""

import signal
from collections.abc import Iterator

import pytest

from tests.baser import MOTORER
from tests.saker import gal_tjener, treg_tjener
from tests.saker.drap import KLIENTER, PER_SAK, bevis
from tests.saker.prosesser import Sandkasseprosess, sandkasse

PERSONER = KLIENTER


@pytest.fixture(scope="module")
def verden() -> Iterator[Sandkasseprosess]:
    with sandkasse(PERSONER) as prosess:
        yield prosess


@pytest.mark.parametrize("motor", MOTORER)
def test_drept_mens_den_lagrer(verden: Sandkasseprosess, motor: str) -> None:
    regnskap = bevis(verden, motor, PERSONER, drap=1)
    assert regnskap.avvik == []
    assert regnskap.galt == 0
    assert regnskap.forespoersler == PERSONER * PER_SAK
    assert 0 < regnskap.avbrutt <= regnskap.gjentatt


@pytest.mark.parametrize("motor", MOTORER)
def test_bedt_om_aa_slutte_mens_den_lagrer(verden: Sandkasseprosess, motor: str) -> None:
    """What it has begun, it finishes and answers; nothing is stored that nobody was told of."""
    regnskap = bevis(verden, motor, PERSONER, drap=1, signal_=signal.SIGTERM, kode=treg_tjener.kode())
    assert regnskap.avvik == []
    assert regnskap.galt == 0
    assert regnskap.forespoersler == PERSONER * PER_SAK
    assert regnskap.avbrutt_hele == 0
    assert 0 < regnskap.avbrutt <= regnskap.gjentatt


def test_proeven_ser_en_tjeneste_som_slutter_braatt(verden: Sandkasseprosess) -> None:
    braa = treg_tjener.kode(braa=True)
    regnskap = bevis(verden, "sqlite", PERSONER, drap=1, signal_=signal.SIGTERM, kode=braa)
    assert regnskap.avbrutt_hele > 0


def test_proeven_ser_en_noekkel_som_lagres_for_seg(verden: Sandkasseprosess) -> None:
    """The proof is worth nothing if it does not see a service that is wrong."""
    regnskap = bevis(verden, "sqlite", PERSONER, drap=1, kode=gal_tjener.kode(mellomrom=0.3))
    assert any("finnes uten lagret svar" in avvik for avvik in regnskap.avvik)
