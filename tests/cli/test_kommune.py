"""``egenandel kommune`` as an administrator uses it: questions answered line by line, and files."""

import stat
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from app import klokke
from app.calc.beloep import HARDT_MELLOMROM
from app.cli import app
from app.cli.kommune import kommune_app, ny
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett
from app.services.kommuneoppsett.fil import les_fil, skriv_fil
from tests.services.kommuneoppsett.dokumenter import HJEM, MINSTE, PRISER, oppsett

ENTER = ""
LANGTIDSVALG = [ENTER] * 13


@pytest.fixture(autouse=True)
def i_dag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(klokke, "i_dag", lambda: date(2026, 11, 23))


@pytest.fixture(autouse=True)
def mappe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kjoer(*argumenter: str, svar: Iterable[str] = ()) -> Result:
    return CliRunner().invoke(app, ["kommune", *argumenter], input="".join(f"{linje}\n" for linje in svar))


def lest(tekst: str) -> str:
    """Text on one line, as it is read."""
    return " ".join(tekst.replace(HARDT_MELLOMROM, " ").split())


KORTEST = [
    "310000000", "Fjordvik", ENTER,  # who
    "ja", "nei",  # langtidsopphold only
    ENTER, *LANGTIDSVALG, ENTER, ENTER, ENTER, "nei",  # this year, all choices default, no projection
    "nei", "nei",  # no institutions, no payers
    ENTER, "nei",  # delegation, no monthly income
    ENTER, "nei",  # retention default, no letterhead
]  # fmt: skip


def test_standardsvarene_gir_et_oppsett_i_en_fil_bare_eieren_leser(mappe: Path) -> None:
    svar = kjoer("ny", svar=[*KORTEST, "ja"])
    assert svar.exit_code == 0, svar.output
    fil = mappe / "kommune-310000000.toml"
    assert les_fil(fil) == les_oppsett({**MINSTE, "valg": [{"gjelderFra": "2026-01-01"}]})
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600
    assert "VARSEL /institusjoner: Kommunen har ingen institusjoner" in svar.output
    assert fil.read_text("utf-8") in svar.output


ALT = [
    "310001007", "Skogli", "2", "ja", "ja", "2025",
    # langtidsvalg, as people write: a number from the list, the value itself, ja, a comma, a date
    ENTER, "oere_ned", "2", "ja", ENTER, "n", "70", "80,5", "1 50", ENTER, "2025-07-01", ENTER, ENTER,
    "100", "50", "2", "ja", "1,04", *[ENTER] * 8,
    "2", ENTER,  # bistandsvalg
    "ja", "sol", "Solbakken", ENTER, "90 000,50", "ja", "2026-01-01", "95000", "nei", "nei",
    "ja", "311102001", "Pensjon AS", "2", "2020-01-01", ENTER, "avtalen med arbeidsgiveren", "nei",
    "ja", "2025-07-01", "ja", "300", "100",  # prices, with selvkost
    "1", ENTER, "2", ENTER, "220", ENTER, ENTER, ENTER,  # 0-2 G
    ENTER, "352", ENTER, "1497", "10", "1",  # from 2 G
    "6, 7", "nei",
    "nei", ENTER, "nei", "400", "ja", "Tildeling", ENTER, "12 34 56 78", ENTER, "ja",
]  # fmt: skip


def test_alt_kan_svares_paa() -> None:
    svar = kjoer("ny", "--fil", "ut.json", "--ja", svar=ALT)
    assert svar.exit_code == 0, svar.output
    assert les_fil(Path("ut.json")) == les_oppsett(
        {
            "organisasjonsnummer": "310001007",
            "navn": "Skogli",
            "maalform": "NN",
            "tjenester": ["LANGTIDSOPPHOLD", "PRAKTISK_BISTAND"],
            "valg": [
                {
                    "gjelderFra": "2025-01-01",
                    "langtidsvalg": {
                        "avrunding": "OERE_NED",
                        "doegnregel": "30_DAGER",
                        "trekkFormuesskatt": True,
                        "samboerSomEktefelle": False,
                        "prosentInntilG": 70,
                        "prosentOverG": Decimal("80.5"),
                        "korttidPerDoegn": 150,
                        "nyttGFra": "2025-07-01",
                    },
                    "bistandsvalg": {"avrundingAvTid": "PER_BESOEK"},
                    "minstebeloepEtteroppgjoer": 100,
                    "automatiskVedtakGrense": 50,
                    "sykehusdoegn": "BETALES_IKKE",
                    "fremskriving": {"pensjonFraFolketrygden": Decimal("1.04")},
                }
            ],
            "utbetalere": [
                {
                    "organisasjonsnummer": "311102001",
                    "navn": "Pensjon AS",
                    "ordning": "PRIVAT",
                    "gjelderFra": "2020-01-01",
                    "kilde": "avtalen med arbeidsgiveren",
                }
            ],
            "institusjoner": [
                {
                    "kode": "sol",
                    "navn": "Solbakken",
                    "oppholdsutgift": [
                        {"gjelderFra": "2025-01-01", "beloepPerMaaned": Decimal("90000.50")},
                        {"gjelderFra": "2026-01-01", "beloepPerMaaned": 95_000},
                    ],
                }
            ],
            "prisregister": [
                {
                    "gjelderFra": "2025-07-01",
                    "selvkost": {"timeloenn": 300, "sosialeUtgifter": 100},
                    "trinn": [
                        {"fraG": 0, "tilG": 2, "fastprisPerMaaned": 220},
                        {"fraG": 2, "timepris": 352, "maksPerMaaned": 1497, "maksTimer": 10, "friTimer": 1},
                    ],
                    "friMaaneder": [6, 7],
                    "trygghetsalarmInngaarITak": False,
                }
            ],
            "oppbevaring": {"raasvarDoegn": 400},
            "brev": {"avdeling": "Tildeling", "telefon": "12 34 56 78", "visAndresTall": True},
        }
    )


def med(svar: list[str], plass: int, *foerst: str) -> list[str]:
    """The answers, with unusable ones before one of them."""
    return [*svar[:plass], *foerst, *svar[plass:]]


@pytest.mark.parametrize(
    ("plass", "ubrukelig", "grunn"),
    [
        (0, "310000001", "det siste er kontrollsifferet. Kontroller sifrene"),
        (1, " ", "minst ett og høyst 100 tegn"),
        (2, "3", "Skal være en av NB, NN."),
        (3, "kanskje", "Skriv ja eller nei."),
        (5, "2012", "Skriv et årstall fra 2013 til 2100."),
        (6, "HALV", "Skal være en av 75_PROSENT, 100_PROSENT."),
        (12, "75,01", "Høyeste lovlige verdi i 2025 er 75 prosent"),
        (12, "mye", "Skriv et tall, for eksempel 1 234,50."),
        (14, "200,01", "Høyeste lovlige verdi i 2025 er 200 kroner per døgn"),
        (14, "-1", "Kan ikke være negativt."),
        (14, "1,001", "høyst 2 desimaler"),
        (16, "1. juli", "ÅÅÅÅ-MM-DD"),
        (16, "2026-07-01", "Datoen skal være i 2025"),
        (ALT.index("2026-01-01"), "2025-01-01", "Skriv en dato etter 2025-01-01."),
        (ALT.index("352") - 1, "2", "Skriv en grense over 2, eller ingenting"),
        (ALT.index("6, 7"), "13", "Skal være fra 1 til 12."),
        (ALT.index("400"), "0", "Skal være fra 1 til 36525."),
    ],
)
def test_et_ubrukelig_svar_gir_grunnen_og_spoersmaalet_igjen(plass: int, ubrukelig: str, grunn: str) -> None:
    kjoer("ny", "--fil", "uten.toml", "--ja", svar=ALT)
    svar = kjoer("ny", "--fil", "med.toml", "--ja", svar=med(ALT, plass, ubrukelig))
    assert svar.exit_code == 0, svar.output
    assert grunn in lest(svar.output)
    assert les_fil(Path("med.toml")) == les_fil(Path("uten.toml"))


@pytest.mark.parametrize(
    ("plass", "ubrukelige", "grunn"),
    [
        # Two services refused, no code twice, prices from a whole month, a step with a price, a whole ladder.
        (3, ["nei", "nei"], "Svar ja på minst én av tjenestene."),
        (ALT.index("nei", ALT.index("95000")) + 1, ["ja", "sol", "fjord", "F", ENTER, "1", "nei"], "Koden er brukt."),
        (ALT.index("300") - 2, ["2025-07-15"], "Skriv den første dagen i en måned."),
        (ALT.index("220") - 1, [ENTER] * 5, "Trinnet har ingen pris."),
        (ALT.index("300") + 2, ["1", "3", ENTER, "352", ENTER, ENTER, ENTER, ENTER], "Skriv stigen på nytt."),
    ],
)  # fmt: skip
def test_svar_som_ikke_passer_sammen(plass: int, ubrukelige: list[str], grunn: str) -> None:
    svar = kjoer("ny", "--fil", "ut.toml", "--ja", svar=med(ALT, plass, *ubrukelige))
    assert svar.exit_code == 0, svar.output
    assert grunn in lest(svar.output)


@pytest.mark.parametrize("svar", [[], KORTEST[:5], KORTEST, [*KORTEST, "nei"]])
def test_avbrutt_lagrer_ingenting(mappe: Path, svar: list[str]) -> None:
    ferdig = kjoer("ny", svar=svar)
    assert ferdig.exit_code == 1
    assert "Avbrutt. Ingenting er lagret." in ferdig.output
    assert list(mappe.iterdir()) == []


def test_en_fil_som_finnes_skrives_ikke_over_uten_ja(mappe: Path) -> None:
    (mappe / "ut.toml").write_text("min")
    svar = kjoer("ny", "--fil", "ut.toml", svar=[*KORTEST, "ja", "nei", "borte/ny.toml", "ny.toml"])
    assert svar.exit_code == 0, svar.output
    assert "Filen kan ikke skrives" in svar.output
    assert (mappe / "ut.toml").read_text() == "min"
    assert les_fil(mappe / "ny.toml").navn == "Fjordvik"
    assert kjoer("ny", "--fil", "ut.toml", svar=[*KORTEST, "ja", "ja"]).exit_code == 0
    assert les_fil(mappe / "ut.toml").navn == "Fjordvik"


def test_mappen_proeves_foer_spoersmaalene() -> None:
    svar = kjoer("ny", "--fil", "borte/ut.toml")
    assert svar.exit_code == 2
    assert "Mappen til filen finnes ikke" in svar.output


def test_et_annet_lager_kan_ta_imot() -> None:
    """The seam: whoever keeps documents is given one that is in order, and says where it went."""
    mottatt: list[Kommuneoppsett] = []
    program = typer.Typer()

    @program.command()
    def lagre() -> None:
        ny(lambda dokument: mottatt.append(dokument) or "Lagret hos oss.", ja=False)  # type: ignore[func-returns-value]

    svar = CliRunner().invoke(program, input="".join(f"{linje}\n" for linje in [*KORTEST, "ja"]))
    assert svar.output.endswith("Lagret hos oss.\n")
    assert [dokument.navn for dokument in mottatt] == ["Fjordvik"]


def test_kontroller_sier_hvor_hver_feil_er(mappe: Path) -> None:
    fil = mappe / "oppsett.toml"
    skriv_fil(fil, oppsett(institusjoner=[HJEM], prisregister=[PRISER]))
    i_orden = kjoer("kontroller", str(fil))
    assert (i_orden.exit_code, i_orden.output) == (0, "Oppsettet for Fjordvik (310000000) kan brukes.\n")
    fil.write_text(fil.read_text("utf-8").replace("2025-01-01", "2025-02-01").replace("fraG = 2", "fraG = 3"))
    feil = kjoer("kontroller", str(fil))
    assert (feil.exit_code, feil.stdout) == (2, "")
    linjer = feil.stderr.replace(HARDT_MELLOMROM, " ").splitlines()
    assert [linje.split(": ")[0] for linje in linjer[:-1]] == [
        "/valg/0/gjelderFra",
        "/prisregister/0/trinn/0",
    ]
    assert linjer[0].endswith("Skriv 2025-01-01. (ikke-foerste-januar)")
    assert linjer[-1] == "Oppsettet har 2 feil og kan ikke brukes."


def test_kontroller_viser_varsler_paa_standard_ut(mappe: Path) -> None:
    skriv_fil(mappe / "oppsett.toml", oppsett())
    svar = kjoer("kontroller", "oppsett.toml")
    assert (svar.exit_code, svar.stderr) == (0, "")
    assert svar.stdout.startswith("VARSEL /institusjoner: ")


@pytest.mark.parametrize(
    ("argumenter", "melding"),
    [
        (["kontroller", "borte.toml"], "Filen kan ikke åpnes"),
        (["vis", "borte.toml"], "Filen kan ikke åpnes"),
        (
            ["vis", "oppsett.toml", "--aar", "2024"],
            "dekker ikke 2024. Legg til valg med gjelderFra 2024-01-01",
        ),
    ],
)
def test_det_som_ikke_kan_vises(mappe: Path, argumenter: list[str], melding: str) -> None:
    skriv_fil(mappe / "oppsett.toml", oppsett())
    svar = kjoer(*argumenter)
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert melding in svar.stderr


@pytest.mark.parametrize(
    ("fil", "aar", "linjer"),
    [
        (
            "fjordvik",
            2026,
            [
                "Fjordvik (310000000) i 2026",
                "Prosent av inntekt inntil G, høyst 75: 75 prosent (statens maksimum)",
                "Dagen kommunen tar årets nye G i bruk: 1.5.2026 (folketrygden)",
                "Minste sum i etteroppgjør: 100 kroner",
                "Automatisk foreløpig vedtak: aldri",
                "Fremskriving: pensjonFraFolketrygden × 1,04",
                "Solbakken sykehjem (solbakken): 97 250,50 kroner fra 1.1.2026",
                "Priser fra 1.7.2026",
                "2. 2–3 G, 260 320–390 480 kroner: 920 kroner fast i måneden",
                "4. fra 4 G, fra 520 640 kroner: 2 340 kroner fast i måneden",
            ],
        ),
        (
            "skogli",
            2026,
            [
                "Målform: nynorsk",
                "Dagen kommunen tar årets nye G i bruk: 1.7.2026",
                "Om beboeren betaler for døgn på sykehus: BETALES_IKKE (døgn på sykehus betales ikke)",
                "2. 2–3 G, 260 320–390 480 kroner: 424 kroner timen, 957 kroner høyst i måneden",
                "Måneder uten betaling: 7",
            ],
        ),
        (
            "lia",
            2028,
            ["Kommunens pris per døgn korttidsopphold: 170", "2. 2–3 G: ", "statens, som ikke er kjent ennå"],
        ),
    ],
)
def test_vis_det_som_gjelder_i_et_aar(fil: str, aar: int, linjer: list[str]) -> None:
    sti = Path(__file__).parents[2] / "eksempler" / "kommuner" / f"{fil}.toml"
    svar = kjoer("vis", str(sti), "--aar", str(aar))
    assert svar.exit_code == 0, svar.output
    for linje in linjer:
        assert linje in lest(svar.output)


def test_kommandoene_har_norsk_hjelp() -> None:
    svar = CliRunner().invoke(kommune_app, ["--help"])
    for kommando in ("ny", "kontroller", "vis"):
        assert kommando in svar.output
