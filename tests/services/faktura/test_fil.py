"""The finance system's file, column by column: golden files, and text that would like to be a formula."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from app.calc.kontrakt.feil import Feil
from app.db.lager.faktura import Fakturalinje, Linjeslag
from app.services.faktura.fil import Fakturarad, Filtype, fil, fra_til
from app.services.kommuneoppsett.faktura import FAKTURAOPPSETT, STANDARDKOLONNER, Fakturaoppsett, Kilde
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.rader import Sakstjeneste

GULL: Final = Path(__file__).parent / "gull"
FORMLER: Final = ('=HYPERLINK("http://x")', "+47 22", "-1+1", "@SUM(A1)", "\tTab", "\rRetur")


def oppsett(**valg: Any) -> Fakturaoppsett:
    feil: list[Feil] = []
    lest = FAKTURAOPPSETT.les({"fraMaaned": "2026-01", **valg}, "", feil)
    assert isinstance(lest, Fakturaoppsett), feil
    return lest


def rad(nr: int = 0, oere: int = 2_133_450, **resten: Any) -> Fakturarad:
    slag = resten.pop("slag", Linjeslag.EGENANDEL)
    linje = Fakturalinje(
        id=UUID(int=nr + 1),
        kjoering=7,
        sak_id=UUID(int=100),
        slag=slag,
        periode=resten.pop("periode", "2026-02"),
        nr=nr,
        beloep_oere=oere,
        vedtak_id=None if slag is Linjeslag.ETTEROPPGJOER else UUID(int=200),
        etteroppgjoer_id=None,
        opprettet=datetime(2026, 3, 1, tzinfo=UTC),
    )
    felter: dict[str, Any] = {
        "linje": linje,
        "person_id": str(UUID(int=300)),
        "ident": "01833800783",
        "navn": "Oline Prøve",
        "referanse": "epj-17",
        "tjeneste": Sakstjeneste.LANGTIDSOPPHOLD,
        "institusjon": "solbakken",
        **resten,
    }
    return Fakturarad(**felter)


RADER: Final = (
    rad(),
    rad(1, -1, slag=Linjeslag.KORREKSJON, referanse='=HYPERLINK("http://x")', navn="-Olsen; og\nsønn"),
    rad(2, -123_456_789, slag=Linjeslag.ETTEROPPGJOER, periode="2025", navn=None, referanse=None),
    rad(3, 24_500, tjeneste=Sakstjeneste.PRAKTISK_BISTAND, institusjon=None),
)

ALLE: Final = [
    {"navn": kilde.lower(), "kilde": kilde.value, **({"fast": "EGENANDEL"} if kilde is Kilde.FAST else {})}
    for kilde in Kilde
]
FASTE: Final = [
    {"navn": "type", "kilde": "FAST", "fast": "L1", "bredde": 2},
    {"navn": "fnr", "kilde": "FOEDSELSNUMMER", "bredde": 11},
    {"navn": "beloep", "kilde": "BELOEP_OERE", "bredde": 12, "justering": "HOEYRE", "fyll": "0"},
    {"navn": "kroner", "kilde": "BELOEP_KRONER", "format": "PUNKTUM", "bredde": 14, "justering": "HOEYRE"},
    {"navn": "fra", "kilde": "FRA_DATO", "format": "AAAAMMDD", "bredde": 8},
    {"navn": "til", "kilde": "TIL_DATO", "format": "DDMMAAAA", "bredde": 8},
    {"navn": "tekst", "kilde": "TEKST", "bredde": 60},
]


@pytest.mark.parametrize(
    ("fasit", "filtype", "valg"),
    [
        ("alle.csv", Filtype.CSV, {"kolonner": ALLE}),
        ("alle.json", Filtype.JSON, {"kolonner": ALLE}),
        ("standard.csv", Filtype.CSV, {}),
        ("fast.txt", Filtype.CSV, {"kolonner": FASTE, "filform": "FAST_BREDDE", "overskrift": False}),
    ],
)
def test_filen_er_som_fasiten(fasit: str, filtype: Filtype, valg: dict[str, Any]) -> None:
    assert fil(oppsett(**valg), RADER, filtype) == (GULL / fasit).read_bytes()


@pytest.mark.parametrize("tekst", FORMLER)
@pytest.mark.parametrize("felt", ["navn", "referanse", "institusjon"])
def test_tekst_blir_aldri_en_formel_og_minus_blir_staaende(felt: str, tekst: str) -> None:
    valgt = oppsett(kolonner=ALLE)
    rader = [rad(0, -150, **{felt: tekst})]
    linje = fil(valgt, rader, Filtype.CSV).decode("utf-8-sig").splitlines()[1]
    celler = linje.split(";")
    navn = [kolonne.kilde for kolonne in valgt.kolonner]
    celle = celler[navn.index(Kilde(felt.upper() if felt != "referanse" else "SAKSREFERANSE"))].strip('"')
    assert not celle.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert celler[navn.index(Kilde.BELOEP_OERE)] == "-150"
    assert celler[navn.index(Kilde.BELOEP_KRONER)] == "-1,50"


@pytest.mark.parametrize("tekst", FORMLER)
def test_regnearket_har_tall_for_beloep_og_ingen_formel(tekst: str) -> None:
    farlig = [*ALLE[:-1], {"navn": tekst.strip(), "kilde": "FAST", "fast": tekst.strip()}]
    innhold = fil(oppsett(kolonner=farlig), [rad(0, -150, navn=tekst)], Filtype.XLSX)
    with zipfile.ZipFile(io.BytesIO(innhold)) as bok:
        ark = bok.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in ark
    assert "<v>-150</v>" in ark
    assert "<v>-1.50</v>" in ark


def test_en_verdi_som_ikke_faar_plass_kuttes_ikke() -> None:
    smal = [{"navn": "navn", "kilde": "NAVN", "bredde": 5}]
    with pytest.raises(KonfliktError) as feil:
        fil(oppsett(kolonner=smal, filform="FAST_BREDDE"), RADER, Filtype.CSV)
    assert feil.value.hva is Konflikt.KOLONNEN_ER_FOR_SMAL
    assert "Oline" not in feil.value.tekst


def test_json_har_eksakte_tall() -> None:
    lest = json.loads(fil(oppsett(), RADER, Filtype.JSON), parse_float=str)
    assert [en["beloep_oere"] for en in lest] == [2_133_450, -1, -123_456_789, 24_500]


@pytest.mark.parametrize(
    ("periode", "ventet"),
    [("2025", ("2025-01-01", "2025-12-31")), ("2024-02", ("2024-02-01", "2024-02-29"))],
)
def test_dagene_i_en_periode(periode: str, ventet: tuple[str, str]) -> None:
    assert tuple(dag.isoformat() for dag in fra_til(periode)) == ventet


@pytest.mark.parametrize(
    ("valg", "sti", "kode"),
    [
        ({"kolonner": []}, "/kolonner", "ingen-kolonner"),
        ({"kolonner": [{"navn": "a", "kilde": "FAST"}]}, "/kolonner/0/fast", "fast-verdi"),
        ({"kolonner": [{"navn": "a", "kilde": "NAVN", "fast": "x"}]}, "/kolonner/0/fast", "fast-verdi"),
        (
            {"kolonner": [{"navn": "a", "kilde": "NAVN", "format": "KOMMA"}]},
            "/kolonner/0/format",
            "feil-format",
        ),
        (
            {"kolonner": [{"navn": "a", "kilde": "FRA_DATO", "format": "KOMMA"}]},
            "/kolonner/0/format",
            "feil-format",
        ),
        (
            {"kolonner": [{"navn": "a", "kilde": "NAVN"}], "filform": "FAST_BREDDE"},
            "/kolonner/0/bredde",
            "mangler",
        ),
        (
            {"kolonner": [{"navn": "a", "kilde": "NAVN"}, {"navn": "a", "kilde": "TEKST"}]},
            "/kolonner/1/navn",
            "dobbel",
        ),
        ({"kolonner": [{"navn": "a", "kilde": "KONTONUMMER"}]}, "/kolonner/0/kilde", "ukjent-verdi"),
    ],
)
def test_oppsettet_kontrolleres(valg: dict[str, Any], sti: str, kode: str) -> None:
    feil: list[Feil] = []
    FAKTURAOPPSETT.les({"fraMaaned": "2026-01", **valg}, "", feil)
    assert [(en.pointer, en.kode) for en in feil] == [(sti, kode)]


def test_standarden_gir_ikke_foedselsnummer_eller_navn() -> None:
    assert not {Kilde.FOEDSELSNUMMER, Kilde.NAVN} & {kolonne.kilde for kolonne in STANDARDKOLONNER}
