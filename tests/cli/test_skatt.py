"""The operators' commands against a sandbox served on this machine, by settings in the environment alone."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner

from app.calc.beloep import tall_paa_norsk
from app.cli import app
from app.cli.sandkasse import innstillinger, oversikt
from app.sandbox.befolkning.navngitte import UKJENT_PERSON
from app.sandbox.kjoering import lag_sandkasse, oppsett, skriv_noekkel
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, LIA, OEYVAER, SKOGLI, VIDDEFJELL
from app.services.kjede import PROEVENUMMER
from tests.integrasjon.verden import ident
from tests.tid import egen_tid

FRIST_SEKUNDER = 10


@dataclass(frozen=True)
class Tjener:
    """A sandbox that is being served, and the environment that points at it."""

    sandkasse: Sandkasse
    miljoe: dict[str, str]


@pytest.fixture(scope="module")
def tjener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tjener]:
    with socket.socket() as proeve:
        proeve.bind(("127.0.0.1", 0))
        port = proeve.getsockname()[1]
    sandkasse = lag_sandkasse("127.0.0.1", port, antall=10)
    fil = tmp_path_factory.mktemp("noekkel") / "noekkel.json"
    skriv_noekkel(sandkasse, fil)
    server = uvicorn.Server(oppsett(sandkasse, "127.0.0.1", port))
    traad = threading.Thread(target=server.run, daemon=True)
    traad.start()
    frist = time.monotonic() + FRIST_SEKUNDER
    while not server.started and time.monotonic() < frist:
        time.sleep(0.01)
    yield Tjener(sandkasse, innstillinger(f"http://127.0.0.1:{port}", fil))
    server.should_exit = True
    traad.join(FRIST_SEKUNDER)


def kall(tjener: Tjener, *args: str, inn: str | None = None, **miljoe: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    svar = CliRunner().invoke(app, list(args), input=inn, env={**tjener.miljoe, **miljoe})
    return svar.exit_code, svar.output


# Kommune, exit code, what must be said, and who must mend it.
KJEDER = [
    (FJORDVIK, 0, "Kjeden er hel.", "inntekt fra a-ordningen (kommuneBoligsosialeFormaal): svarer"),
    (SKOGLI, 0, "Kjeden er hel.", "hendelser om skatteoppgjør: svarer"),
    (VIDDEFJELL, 1, "BRUTT   Delegering", "må rettes av kommunen"),
    (OEYVAER, 1, "BRUTT   Tilgang", "må rettes av kommunen"),
    (LIA, 1, "BRUTT   API", "Kommunen må få rettighetspakken"),
    ("313300005", 1, "BRUTT   Innstillinger", "må rettes av leverandøren"),
]


@pytest.mark.parametrize(("kommune", "kode", "sagt", "ogsaa"), KJEDER, ids=[k[0] for k in KJEDER])
def test_sjekk_sier_hvilket_ledd_og_hvem(
    tjener: Tjener, kommune: str, kode: int, sagt: str, ogsaa: str
) -> None:
    fikk, ut = kall(tjener, "skatt", "sjekk", "--kommune", kommune)
    assert fikk == kode, ut
    assert sagt in ut
    assert ogsaa in ut


def test_sjekk_proever_ikke_bak_et_brutt_ledd(tjener: Tjener) -> None:
    _, ut = kall(tjener, "skatt", "sjekk", "--kommune", VIDDEFJELL)
    assert "ikke prøvd, fordi leddet Delegering er brutt" in ut
    assert "Summert skattegrunnlag API - På vegne av" in ut
    assert "svarer" not in ut


# A setting made wrong, and the link that must be named.
BRUDD = [
    ({"EGENANDEL_MASKINPORTEN__KLIENT_ID": "en-annen"}, "BRUTT   Klient", "leverandøren"),
    ({"EGENANDEL_MASKINPORTEN__NOEKKEL__FIL": "finnes-ikke.json"}, "BRUTT   Nøkkel", "leverandøren"),
    ({"EGENANDEL_MASKINPORTEN__ISSUER": "http://127.0.0.1:9/"}, "BRUTT   Maskinporten", "Digdir"),
    ({"EGENANDEL_MASKINPORTEN__ISSUER": "https://maskinporten.no/"}, "BRUTT   Innstillinger", "leverandøren"),
    (
        {"EGENANDEL_SKATTEETATEN__APIER__SISTE_OPPGJOER__BASE_URL": ""},
        "BRUTT   Innstillinger",
        "leverandøren",
    ),
    (
        {"EGENANDEL_SKATTEETATEN__APIER__SKATTEGRUNNLAG__STI": "/feil/{sti}"},
        "BRUTT   Innstillinger",
        "leverandøren",
    ),
    ({"EGENANDEL_SKATTEETATEN__APIER__SKATTEGRUNNLAG__SCOPE": "ks:fiks"}, "BRUTT   Scope", "leverandøren"),
    # The sandbox has granted the scopes to the kommune, but a systembruker makes the supplier the consumer.
    (
        {f"EGENANDEL_SKATTEETATEN__KOMMUNER__{FJORDVIK}__TILGANG": "systembruker"},
        "BRUTT   Tilgang",
        "leverandøren",
    ),
]


@pytest.mark.parametrize(
    ("miljoe", "sagt", "hvem"), BRUDD, ids=[next(iter(b[0])).rpartition("EL_")[2] + b[1][8:] for b in BRUDD]
)
def test_sjekk_finner_det_som_er_galt(tjener: Tjener, miljoe: dict[str, str], sagt: str, hvem: str) -> None:
    kode, ut = kall(tjener, "skatt", "sjekk", "--kommune", FJORDVIK, **miljoe)
    assert kode == 1, ut
    assert sagt in ut
    assert f"må rettes av {hvem}" in ut


def test_sjekk_uten_innstillinger(tjener: Tjener) -> None:
    svar = CliRunner().invoke(app, ["skatt", "sjekk", "--kommune", FJORDVIK])
    assert svar.exit_code == 1
    assert "EGENANDEL_MASKINPORTEN__MILJOE" in svar.output


def test_proevenummeret_er_ingen(tjener: Tjener) -> None:
    assert PROEVENUMMER == UKJENT_PERSON
    assert tjener.sandkasse.befolkning.finn(PROEVENUMMER) is None


def test_sjekk_med_en_bestemt_person(tjener: Tjener) -> None:
    person = ident(tjener.sandkasse, "ektepar-beboer")
    kode, ut = kall(tjener, "skatt", "sjekk", "--kommune", FJORDVIK, "--med-person", inn=person)
    assert kode == 0
    assert person not in ut


# --- hent -------------------------------------------------------------------------------------


def hent(tjener: Tjener, *kallenavn: str, valg: tuple[str, ...] = ("--aar", "2025")) -> tuple[int, str]:
    inn = "\n".join(ident(tjener.sandkasse, navn) for navn in kallenavn)
    return kall(tjener, "skatt", "hent", "--kommune", FJORDVIK, *valg, inn=inn)


@pytest.mark.parametrize("tjeneste", ["langtidsopphold", "praktisk_bistand"])
@pytest.mark.parametrize(
    ("kallenavn", "aar"),
    [
        ("ektepar-beboer", 2025),
        ("gevinst", 2024),
        ("tap", 2025),
        ("formue", 2025),
        ("ukjent-post", 2025),
        ("gammelt-og-nytt-navn", 2022),
        ("svalbard", 2025),
        ("kildeskatt", 2025),
        ("utland", 2024),
        ("ks-bistand-ektefelle", 2021),
    ],
)
def test_hver_post_i_svaret_vises_med_beloepet(
    tjener: Tjener, kallenavn: str, aar: int, tjeneste: str
) -> None:
    kode, ut = hent(tjener, kallenavn, valg=("--aar", str(aar), "--tjeneste", tjeneste))
    assert kode == 0, ut
    oppgjoer = tjener.sandkasse.befolkning.person(kallenavn).oppgjoer[aar]
    poster = [(navn, beloep) for tall in oppgjoer.deler() for navn, beloep in tall.poster.items()]
    assert poster
    for navn, beloep in poster:
        linjer = [linje for linje in ut.splitlines() if navn in linje]
        assert linjer, navn
        delt = navn.startswith("samletAnnenPensjon")
        assert delt or any(f"  {tall_paa_norsk(beloep)}  " in linje for linje in linjer), navn
    assert "Inntekt etter " in ut or tjeneste == "praktisk_bistand"


def test_et_par_vises_uten_at_noen_kan_kjennes_igjen(tjener: Tjener) -> None:
    kode, ut = hent(tjener, "ektepar-beboer", "ektepar-hjemme")
    assert kode == 0
    assert "Beboeren, inntektsåret 2025" in ut
    assert "Ektefellen, inntektsåret 2025" in ut
    assert "summert skattegrunnlag 2025, alderspensjonFraFolketrygden" in ut
    assert "Pensjon fra folketrygden er inntekt." in ut
    assert "Må plasseres av saksbehandler:" in ut
    beboer, ektefelle = ut.split("Ektefellen,")
    assert "Beregnet skatt: " in beboer
    assert "2 forhold må avklares først" in beboer
    assert "skatt er" not in ektefelle
    assert "Grunnlaget er klart til beregning." in ektefelle


def test_det_som_mangler_gir_kode_1_og_aldri_null(tjener: Tjener) -> None:
    for kallenavn, grunn in (
        ("skjermet-helt", "SKJERMET"),
        ("slettet", "SLETTET"),
        ("uten-noe", "IKKE_OPPGJOER"),
    ):
        kode, ut = hent(tjener, kallenavn)
        assert kode == 1
        assert grunn in ut
        assert "Grunnlaget etter § 3 er ukjent. Det er ikke null." in ut
        assert ": 0" not in ut


def test_maanedsinntekt_vises_naar_kommunen_har_den(tjener: Tjener) -> None:
    with egen_tid():
        _, ut = hent(tjener, "omsorgsstoenad", valg=("--aar", "2025", "--maanedsinntekt"))
    assert "fra a-ordningen, foreløpig" in ut
    inn = ident(tjener.sandkasse, "omsorgsstoenad")
    _, ut = kall(tjener, "skatt", "hent", "--kommune", SKOGLI, "--aar", "2025", "--maanedsinntekt", inn=inn)
    assert "har ikke slått på inntekt fra a-ordningen" in ut


@pytest.mark.parametrize("inn", ["", "123", "1" * 12, "a" * 11, "\n".join(["11111111111"] * 3)])
def test_ubrukelige_numre_blir_ikke_gjentatt(tjener: Tjener, inn: str) -> None:
    kode, ut = kall(tjener, "skatt", "hent", "--kommune", FJORDVIK, "--aar", "2025", inn=inn)
    assert kode == 2
    assert "elleve sifre" in ut
    assert not inn or inn not in ut


def test_samme_person_to_ganger(tjener: Tjener) -> None:
    kode, ut = hent(tjener, "barn", "barn")
    assert kode == 2
    assert "den samme" in ut


def test_foedselsnummer_kan_ikke_vaere_et_argument(tjener: Tjener) -> None:
    kode, _ = kall(tjener, "skatt", "hent", "--kommune", FJORDVIK, "--aar", "2025", "11111111111")
    assert kode == 2


def test_ukjent_kommune(tjener: Tjener) -> None:
    kode, ut = kall(tjener, "skatt", "hent", "--kommune", "313300005", "--aar", "2025", inn="11111111111")
    assert kode == 2
    assert "står ikke i innstillingene" in ut


@pytest.mark.parametrize("navn", ["MASKINPORTEN", "SKATTEETATEN"])
def test_ugyldig_json_i_en_innstilling_gjentas_ikke(tjener: Tjener, navn: str) -> None:
    kode, ut = kall(
        tjener, "skatt", "sjekk", "--kommune", FJORDVIK, **{f"EGENANDEL_{navn}": '{"noekkel": hemmelig'}
    )
    assert kode == 2
    assert "Rett den og start på nytt." in ut
    assert "hemmelig" not in ut


# --- sandbox ----------------------------------------------------------------------------------


def test_sandkassen_sier_hvordan_den_brukes(tmp_path: Path) -> None:
    fil = tmp_path / "min nøkkel.json"
    linjer = list(oversikt("http://127.0.0.1:8790", fil))
    assert any(linje.endswith("http://127.0.0.1:8790/maskinporten/") for linje in linjer)
    assert f"export EGENANDEL_MASKINPORTEN__NOEKKEL__FIL='{fil}'" in linjer
    assert not any("export" in linje for linje in oversikt("http://127.0.0.1:8790", None))
    portal = list(oversikt("http://127.0.0.1:8790", None, "http://127.0.0.1:8000", fil))
    assert "export EGENANDEL_PORTAL__ADRESSE=http://127.0.0.1:8000" in portal
    assert (
        "export EGENANDEL_PORTAL__TILBYDERE__ANSATTPORTEN__ISSUER=http://127.0.0.1:8790/ansattporten"
        in portal
    )
    assert f"export EGENANDEL_PORTAL__TILBYDERE__ENTRA__NOEKKEL__FIL='{fil}'" in portal


@pytest.mark.parametrize("vert", ["0.0.0.0", "192.168.1.2", "eksempel.no"])  # noqa: S104
def test_sandkassen_starter_bare_paa_egen_maskin(vert: str) -> None:
    svar = CliRunner().invoke(app, ["sandbox", "--vert", vert])
    assert svar.exit_code == 2
    assert "egen adresse" in svar.output


def test_noekkelfilen_kan_brukes_som_den_er(tjener: Tjener) -> None:
    fil = Path(tjener.miljoe["EGENANDEL_MASKINPORTEN__NOEKKEL__FIL"])
    assert json.loads(fil.read_text("utf-8"))["kid"] == "sandkassenoekkel"
