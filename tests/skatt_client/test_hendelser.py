"""Event lists: empty pages in all their forms, gaps, short pages, odd types, and events one cannot read."""

import asyncio
from datetime import date
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.skatt_client import (
    FeilOppsett,
    Funnet,
    Hendelsesside,
    Hendelsestype,
    OppsettError,
    UgyldigSvar,
    Utfall,
)
from app.skatt_client.skatteetaten.hendelser import _les_side
from tests.skatt_client.falske import ANNEN_PERSON, FA, PERSON, Svar, feil_svar, verden


def side(svar: Svar, fra: int = 1, antall: int = 1000) -> Utfall[Hendelsesside]:
    async def proev() -> Utfall[Hendelsesside]:
        async with verden(svar=svar) as v:
            utfall = await v.skatt.skatteoppgjoer_hendelser(FA).side(fra, antall)
            assert v.skatteetaten.stier == ["/v2/hendelser"]  # No package, no trailing slash.
            assert v.skatteetaten.spoerringer == [f"fraSekvensnummer={fra}&antall={antall}"]
            return utfall

    return asyncio.run(proev())


def lest(svar: Svar, fra: int = 1) -> Hendelsesside:
    utfall = side(svar, fra)
    assert isinstance(utfall, Funnet)
    return utfall.data


def hendelse(nummer: object, **mer: object) -> dict[str, object]:
    return {"sekvensnummer": nummer, "identifikator": PERSON, "gjelderPeriode": "2025", **mer}


TOMME = [
    feil_svar(404, "FA-005"),
    Svar(200, {}),
    Svar(200, {"annet": 1}),
    Svar(200, {"hendelser": None}),
    Svar(200, {"hendelser": []}),
]


@pytest.mark.parametrize("svar", TOMME, ids=["FA-005", "tomt objekt", "mangler", "null", "tom liste"])
def test_alle_tomme_sider_er_like(svar: Svar) -> None:
    tom = lest(svar, fra=77)
    assert tom.tom
    assert tom.neste == 77


@pytest.mark.parametrize("svar", [feil_svar(404, "FA-002"), Svar(404, b"")])
def test_feil_adresse_er_en_alarm_og_ingen_tom_side(svar: Svar) -> None:
    assert isinstance(side(svar), FeilOppsett)


IKKE_SIDER = [
    b"",
    b"[]",
    {"hendelser": "ingen"},
    {"hendelser": {}},
    {"kode": "FA-001", "melding": "feil med status 200"},
    {"hendelser": [hendelse(None)]},
    {"hendelser": [hendelse("mange")]},
    {"hendelser": [hendelse(2**63)]},
    {"hendelser": [PERSON]},
]


@pytest.mark.parametrize("body", IKKE_SIDER)
def test_200_som_ikke_er_en_side(body: object) -> None:
    assert isinstance(side(Svar(200, body)), UgyldigSvar)


def test_hull_er_normalt_og_neste_er_siste_pluss_en() -> None:
    funnet = lest(Svar(200, {"hendelser": [hendelse(n) for n in (1, 12, 23, 34, 45)]}))
    assert [h.sekvensnummer for h in funnet.hendelser] == [1, 12, 23, 34, 45]
    assert funnet.neste == 46
    assert not funnet.tom


def test_rekkefoelgen_i_svaret_betyr_ikke_noe() -> None:
    funnet = lest(Svar(200, {"hendelser": [hendelse(9), hendelse(3), hendelse(7)]}), fra=3)
    assert [h.sekvensnummer for h in funnet.hendelser] == [3, 7, 9]
    assert funnet.neste == 10


def test_hendelser_fra_foer_det_vi_spurte_om_avvises() -> None:
    utfall = side(Svar(200, {"hendelser": [hendelse(4), hendelse(5)]}), fra=5)
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.kode == "sekvensnummer"


def test_sekvensnummer_er_et_langt_heltall() -> None:
    assert lest(Svar(200, {"hendelser": [hendelse(2**62)]})).neste == 2**62 + 1


TYPER = [
    ("ny", Hendelsestype.NY),
    ("NY", Hendelsestype.NY),
    ("Endret", Hendelsestype.ENDRET),
    ("identitetsendring", Hendelsestype.IDENTITETSENDRING),
    (" SLETTET ", Hendelsestype.SLETTET),
    (None, Hendelsestype.UKJENT),
    ("noeNytt", Hendelsestype.UKJENT),
    (3, Hendelsestype.UKJENT),
]


@pytest.mark.parametrize(("raa", "ventet"), TYPER)
def test_hendelsetype(raa: object, ventet: Hendelsestype) -> None:
    (funnet,) = lest(Svar(200, {"hendelser": [hendelse(1, hendelsetype=raa)]})).hendelser
    assert funnet.hendelsetype is ventet


def test_inntektslisten_har_ingen_type() -> None:
    (funnet,) = lest(Svar(200, {"hendelser": [hendelse(1, gjelderPeriode="2023-10")]})).hendelser
    assert funnet.hendelsetype is Hendelsestype.UKJENT
    assert funnet.inntektsaar == 2023


@pytest.mark.parametrize(
    ("periode", "aar"), [("2025", 2025), (2025, 2025), ("2025-12", 2025), (None, None), ("string", None)]
)
def test_periode(periode: object, aar: int | None) -> None:
    (funnet,) = lest(Svar(200, {"hendelser": [hendelse(1, gjelderPeriode=periode)]})).hendelser
    assert funnet.inntektsaar == aar


def test_en_uleselig_hendelse_stopper_ikke_de_andre() -> None:
    daarlig = {"sekvensnummer": 2, "identifikator": None}
    funnet = lest(Svar(200, {"hendelser": [hendelse(1), daarlig, hendelse(3, identifikator=ANNEN_PERSON)]}))
    assert [h.sekvensnummer for h in funnet.hendelser] == [1, 3]
    (uleselig,) = funnet.uleselige
    assert (uleselig.sekvensnummer, uleselig.felt) == (2, ("identifikator",))
    assert funnet.neste == 4


def test_en_side_med_bare_uleselige_er_ikke_tom() -> None:
    funnet = lest(Svar(200, {"hendelser": [{"sekvensnummer": 8}]}))
    assert not funnet.tom
    assert funnet.neste == 9


@pytest.mark.parametrize("tidspunkt", ["2026-03-21T10:00:00.123456789Z", "i går", 17, None])
def test_et_tidspunkt_holder_ikke_hendelsen_tilbake(tidspunkt: object) -> None:
    svar = lest(Svar(200, {"hendelser": [hendelse(1, registreringstidspunkt=tidspunkt)]}))
    assert not svar.uleselige
    assert (svar.hendelser[0].registreringstidspunkt is None) == (not str(tidspunkt).startswith("2026"))


@settings(max_examples=40, deadline=None)
@given(
    hull=st.lists(st.integers(1, 10_000), min_size=1, max_size=30),
    antall=st.integers(1, 12),
    stokk=st.randoms(use_true_random=False),
)
def test_hver_hendelse_leses_en_gang(hull: list[int], antall: int, stokk: Random) -> None:
    """Any gaps, any page size, pages in any order: reading to the empty page sees each event once."""
    numre = list(accumulate(hull))

    def side_fra(fra: int) -> Hendelsesside:
        utvalg = [n for n in numre if n >= fra][:antall]
        stokk.shuffle(utvalg)
        return _les_side({"hendelser": [hendelse(n) for n in utvalg]}, fra)

    sett: list[int] = []
    fra = 1
    while not (naa := side_fra(fra)).tom:
        sett += [h.sekvensnummer for h in naa.hendelser]
        fra = naa.neste
    assert sett == numre


def test_ukjente_felt() -> None:
    utfall = side(Svar(200, {"hendelser": [hendelse(1, nytt=1), hendelse(2, nytt=2)]}))
    assert isinstance(utfall, Funnet)
    assert utfall.ukjente_felt == ("hendelser.nytt",)


def test_start() -> None:
    async def proev() -> None:
        async with verden(svar=Svar(200, {"sekvensnummer": 21})) as v:
            liste = v.skatt.inntekt_hendelser(FA)
            for dato in (None, date(2026, 1, 2)):
                utfall = await liste.start(dato)
                assert isinstance(utfall, Funnet)
                assert utfall.data.sekvensnummer == 21
            assert v.skatteetaten.stier == ["/v2/hendelser/start"] * 2
            assert v.skatteetaten.spoerringer == ["", "dato=2026-01-02"]

    asyncio.run(proev())


@pytest.mark.parametrize(("fra", "antall"), [(0, 10), (-1, 10), (1, 0)])
def test_tall_maa_vaere_over_null(fra: int, antall: int) -> None:
    async def proev() -> None:
        async with verden() as v:
            with pytest.raises(OppsettError):
                await v.skatt.skatteoppgjoer_hendelser(FA).side(fra, antall)

    asyncio.run(proev())
