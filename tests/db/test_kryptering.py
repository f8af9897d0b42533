"""What is encrypted opens only where it was put, and only with its key."""

import pytest

from app.db.kryptering import Noekkelring, UkjentNoekkelError, UlesbarError, sted

K1, K2, H = b"1" * 32, b"2" * 32, b"h" * 32
RING = Noekkelring({"en": K1}, "en", H)
STED = sted("person", "ident_kryptert", "310000000", "id-1")


@pytest.mark.parametrize("klartekst", [b"", b"x", "æøå".encode(), bytes(range(256)) * 100])
def test_det_som_legges_inn_kommer_ut(klartekst: bytes) -> None:
    assert RING.dekrypter(RING.krypter(klartekst, STED), STED) == klartekst


def test_samme_tekst_ser_aldri_lik_ut_to_ganger() -> None:
    assert len({RING.krypter(b"lik", STED) for _ in range(100)}) == 100


FLYTTET = {
    "annen rad": sted("person", "ident_kryptert", "310000000", "id-2"),
    "annen kolonne": sted("person", "navn_kryptert", "310000000", "id-1"),
    "annen kommune": sted("person", "ident_kryptert", "310000001", "id-1"),
    "annen tabell": sted("grunnlag", "ident_kryptert", "310000000", "id-1"),
}


@pytest.mark.parametrize("dit", FLYTTET.values(), ids=FLYTTET)
def test_en_flyttet_verdi_aapnes_ikke(dit: str) -> None:
    with pytest.raises(UlesbarError):
        RING.dekrypter(RING.krypter(b"hemmelig", STED), dit)


def test_to_noekler_kan_ikke_skrives_likt() -> None:
    """A key of two parts: where the first ends and the second begins belongs to the place."""
    assert sted("idempotens", "svar", "310000000", "a:b", "c") != sted(
        "idempotens", "svar", "310000000", "a", "b:c"
    )


def test_hver_endret_byte_blir_oppdaget() -> None:
    lukket = RING.krypter(b"hemmelig", STED)
    for plass in range(len(lukket)):
        endret = bytearray(lukket)
        endret[plass] ^= 1
        with pytest.raises((UlesbarError, UkjentNoekkelError)):
            RING.dekrypter(bytes(endret), STED)


@pytest.mark.parametrize("avkortet", [b"", b"\x02", b"\x02en", b"\x02en" + b"0" * 12, b"\x02en" + b"0" * 20])
def test_det_som_ikke_er_vaart_aapnes_ikke(avkortet: bytes) -> None:
    with pytest.raises(UlesbarError):
        RING.dekrypter(avkortet, STED)


def test_en_noekkel_som_er_borte_blir_navngitt() -> None:
    lukket = RING.krypter(b"hemmelig", STED)
    with pytest.raises(UkjentNoekkelError, match="en,") as feil:
        Noekkelring({"to": K2}, "to", H).dekrypter(lukket, STED)
    assert feil.value.merke == "en"


def test_en_annen_noekkel_med_samme_navn_aapner_ikke() -> None:
    with pytest.raises(UlesbarError):
        Noekkelring({"en": K2}, "en", H).dekrypter(RING.krypter(b"hemmelig", STED), STED)


def test_bytte_av_noekkel() -> None:
    begge = Noekkelring({"en": K1, "to": K2}, "to", H)
    assert begge.dekrypter(RING.krypter(b"gammel", STED), STED) == b"gammel"
    ny = begge.krypter(b"ny", STED)
    assert begge.merke_paa(ny) == "to"
    assert Noekkelring({"to": K2}, "to", H).dekrypter(ny, STED) == b"ny"


@pytest.mark.parametrize(
    ("noekler", "gjeldende"), [({"": K1}, ""), ({"x" * 256: K1}, "x" * 256), ({"en": K1}, "to"), ({}, "en")]
)
def test_en_ring_som_ikke_kan_brukes(noekler: dict[str, bytes], gjeldende: str) -> None:
    with pytest.raises(ValueError, match="krypteringsnøkkel"):
        Noekkelring(noekler, gjeldende, H)


def test_ingen_noekkel_vises() -> None:
    ring = Noekkelring({"en": b"abcdefgh" * 4}, "en", b"ijklmnop" * 4)
    assert repr(ring) == "<Noekkelring en>"


def test_personhash_og_personmerke_er_noeklet() -> None:
    annen = Noekkelring({"en": K1}, "en", b"i" * 32)
    ident = "01810000000"
    assert RING.personhash(ident) == RING.personhash(ident)
    assert RING.personhash(ident) != annen.personhash(ident)
    assert RING.personhash(ident) != RING.personhash("01810000001")
    assert RING.personmerke(ident, "310000000") != annen.personmerke(ident, "310000000")


def test_personmerket_er_ulikt_i_hver_kommune() -> None:
    merker = {RING.personmerke("01810000000", kommune) for kommune in ("310000000", "310000001")}
    assert len(merker) == 2
    assert RING.personhash("01810000000").hex() not in merker
