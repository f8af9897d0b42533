"""The documents say what the code does."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app import klokke
from app.api.problem import (
    ALLE,
    IKKE_AUTENTISERT,
    INGEN_TILGANG,
    TILGANG_IKKE_SATT_OPP,
    TILGANG_KAN_IKKE_KONTROLLERES,
)
from app.api.tilgang.maskinporten import KLOKKESLINGRING
from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.etteroppgjoer import Retning
from app.calc.poster.felt import Opphav
from app.cli.demo.anvisning import blokker
from app.db.lager.beregninger import Tilstand
from app.db.lager.endringer import Endring
from app.db.lager.webhooker import Leveringstilstand, Webhooktilstand
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import EGNE_SCOPES, FJORDVIK, RESSURS
from app.services.avstemming.funn import FORKLARING, Kontrollnavn
from app.services.avstemming.lister import Pekerfeil
from app.services.endringer import Endringstype
from app.services.mangler import Grunn
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from app.services.sak.feil import Konflikt
from app.services.tilgang import RETTIGHETER, SCOPER, Rettighet
from app.services.utsteder.jwks import LEVETID, MELLOM_HENTINGER
from app.services.webhooker.adresse import Adressefeil
from app.services.webhooker.melding import hoder, kropp, ny_hemmelighet
from app.services.webhooker.transport import Sendefeil
from app.settings import Settings
from app.settings.avstemming import Avstemming, Stillhet
from app.settings.maaling import Maaling
from app.settings.personvern import Personvern
from app.settings.tilgang import Tilgang
from app.settings.webhooker import Webhooker
from docs.lag_regler import MAPPE, lag

ROT = Path(__file__).parent.parent
SPORET = subprocess.run(
    ["git", "ls-files"],  # noqa: S607
    cwd=ROT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split()


def les(sti: str) -> str:
    return (ROT / sti).read_text("utf-8")


def test_regelsidene_er_ferske() -> None:
    """``make docs`` writes them."""
    assert {fil.name: fil.read_text("utf-8") for fil in MAPPE.glob("*.md")} == lag()


def test_hver_innstilling_staar_i_driftsdokumentet() -> None:
    """The groups stand in a document of their own, name by name; ``tests/settings`` holds it to that."""
    drift = les("docs/drift.md")
    grupper = {
        "maskinporten": "oppslag",
        "skatteetaten": "oppslag",
        "tilgang": "tilgang",
        "portal": "tilgang",
        "hendelser": "hendelser",
        "webhooker": "webhooker",
        "avstemming": "avstemming",
    }
    for navn, felt in Settings.model_fields.items():
        if navn in grupper:
            assert f"`EGENANDEL_{navn.upper()}__…`" in les(f"docs/{grupper[navn]}.md")
        elif navn in {"database", "kryptering", "maaling"}:
            assert f"| `EGENANDEL_{navn.upper()}__" in drift
        elif navn != "personvern":
            standard = "pakkens versjon" if navn == "kodeversjon" else f"`{felt.default}`"
            assert f"| `EGENANDEL_{navn.upper()}` | {standard} |" in drift


def test_hver_innstilling_for_personvern_staar_i_personverndokumentet() -> None:
    dokument = les("docs/personvern.md")
    for navn, felt in Personvern.model_fields.items():
        assert f"| `EGENANDEL_PERSONVERN__{navn.upper()}` | `{felt.default}` |" in dokument


def test_mottakeren_i_webhookdokumentet_virker() -> None:
    """The receiver pasted from the document takes a delivery once, however often it comes, and refuses others."""
    (kode,) = re.findall(r"```python\n(.*?)```", les("docs/webhooker.md"), re.DOTALL)
    hentet: list[tuple[str, str]] = []
    rom: dict[str, Any] = {"hent_og_oppdater": lambda sak_id, type_: hentet.append((sak_id, type_))}
    exec(kode, rom)  # noqa: S102 - what a reader would do with it
    hemmelighet, sett = ny_hemmelighet(), set[str]()
    endring = Endring(
        type="vedtak.nytt", sak_id=UUID(int=7), aar=2025, sekvensnummer=3, tidspunkt=klokke.naa()
    )
    innhold = kropp(endring)
    signert = hoder("msg_1", innhold, [ny_hemmelighet(), hemmelighet], klokke.naa())
    for _ in range(2):
        assert rom["ta_imot"](innhold.encode(), signert, hemmelighet, sett) == 204
    assert hentet == [(str(UUID(int=7)), "vedtak.nytt")]
    assert rom["ta_imot"](innhold.encode() + b" ", signert, hemmelighet, sett) == 401
    assert rom["ta_imot"](innhold.encode(), signert, ny_hemmelighet(), sett) == 401


def test_webhookdokumentet_sier_det_koden_gjoer() -> None:
    """Settings with their defaults, the kinds of change, and why an address or an attempt is refused."""
    dokument = les("docs/webhooker.md")
    for navn, felt in Webhooker.model_fields.items():
        standard = json.dumps(list(felt.default) if isinstance(felt.default, tuple) else felt.default)
        assert f"| `EGENANDEL_WEBHOOKER__{navn.upper()}` | `{standard}` |" in dokument
    for ord_ in (*Endringstype, *Adressefeil, *Sendefeil, *Leveringstilstand, Webhooktilstand.PAUSET):
        assert f"`{ord_}`" in dokument or f"={ord_}`" in dokument or f'"{ord_}"' in dokument, ord_


def test_hvert_felt_i_registeret_staar_i_personverndokumentet() -> None:
    dokument = les("docs/personvern.md")
    rad = ny_rad(Driftsaktoer("proeve"), Handling.RYDDING, Utfall.OK)
    for felt in {*rad.innhold, *Utfall} - {"antall"}:
        assert f"`{felt}`" in dokument


def test_hver_kontroll_i_avstemmingen_staar_i_dokumentet() -> None:
    """Controls and settings, each in its table; and what is wrong with a cursor."""
    dokument = les("docs/avstemming.md")
    tabell = dokument.split("## Kontrollene")[1].split("\n## ")[0]
    kontroller = re.findall(r"^\| `([a-z-]+)` \|", tabell, re.MULTILINE)
    assert kontroller == list(Kontrollnavn)
    assert set(FORKLARING) == set(Kontrollnavn)
    for ord_ in Pekerfeil:
        assert f"`{ord_}`" in dokument
    for navn, felt in Avstemming.model_fields.items():
        if navn != "stillhet":
            standard = felt.default.strftime("%H:%M") if navn == "klokkeslett" else felt.default
            assert f"| `EGENANDEL_AVSTEMMING__{navn.upper()}` | `{standard}` |" in dokument
    for navn, felt in Stillhet.model_fields.items():
        standard = sorted(felt.default) if navn == "stille_maaneder" else felt.default
        assert f"| `EGENANDEL_AVSTEMMING__STILLHET__{navn.upper()}` | `{standard}` |" in dokument


def test_hver_maaling_i_innstillingene_staar_i_driftsdokumentet() -> None:
    for navn, felt in Maaling.model_fields.items():
        standard = "utelatt" if felt.default is None else f"`{felt.default}`"
        assert f"| `EGENANDEL_MAALING__{navn.upper()}` | {standard} |" in les("docs/drift.md")


def test_hver_problemtype_staar_i_leverandoerdokumentet() -> None:
    dokument = les("docs/api.md")
    for problem in ALLE:
        assert f"| `{problem.uri}` | {problem.status} |" in dokument


def test_hvert_ord_api_dokumentet_lover_er_et_ord_koden_bruker() -> None:
    """Conflicts, reasons for missing figures, states and origins: each in its table, and none that does not exist."""
    dokument = les("docs/api.md")
    konflikter = re.findall(
        r"^\| `([a-z-]+)` \|", dokument.split("### `kode` i en konflikt")[1], re.MULTILINE
    )
    assert sorted(konflikter) == sorted(["kode", *Konflikt, "samtidig"])
    for ord_ in (*Grunn, *Tilstand, *Opphav, *Retning):
        assert f"`{ord_}`" in dokument, ord_


def test_tilgangsdokumentet_sier_det_koden_gjoer() -> None:
    """Settings with their defaults, problems with their status, and the table of rights."""
    dokument = les("docs/tilgang.md")
    for navn, felt in Tilgang.model_fields.items():
        rad = next(linje for linje in dokument.splitlines() if linje.startswith(f"| `{navn.upper()}` |"))
        standard = rad.split("|")[2].strip()
        if felt.is_required():
            assert standard == "må settes"
        elif felt.default is not None:
            assert standard == f"`{str(felt.default).lower()}`"
    for problem in (IKKE_AUTENTISERT, INGEN_TILGANG, TILGANG_IKKE_SATT_OPP, TILGANG_KAN_IKKE_KONTROLLERES):
        assert f"| {problem.status} | `{problem.uri}` |" in dokument
    for rettighet in Rettighet:
        rad = next(linje for linje in dokument.splitlines() if linje.startswith(f"| `{rettighet}` |"))
        scoper = [f"`{scope}`" for scope, retter in SCOPER.items() if rettighet in retter]
        roller = [rolle.value for rolle, retter in RETTIGHETER.items() if rettighet in retter]
        assert rad.endswith(f"| {', '.join(scoper) or 'ingen'} | {', '.join(roller)} |"), rad
    for tall in (KLOKKESLINGRING, int(MELLOM_HENTINGER), int(LEVETID / 3600)):
        assert re.search(rf"\b{tall}\b", dokument)


def test_kallet_i_tilgangsdokumentet_virker() -> None:
    sandkasse = Sandkasse(antall=0)
    (kropp,) = re.findall(r"-d '(\{.*?\})'", les("docs/tilgang.md"))
    oenske = json.loads(kropp)
    token = sandkasse.token(oenske["kommune"], oenske["scope"], ressurser=tuple(oenske["resource"]))
    assert oenske["kommune"] == FJORDVIK
    assert oenske["scope"] in EGNE_SCOPES
    assert oenske["resource"] == [RESSURS]
    assert token["scope"] == oenske["scope"]


def test_kallet_i_readme_virker() -> None:
    """The body pasted from README gives the answer README names; ``tests/cli/test_demo.py`` pastes the other calls."""
    (kropp,) = re.findall(r"echo '(\{.*?\})'", les("README.md"))
    svar = json.loads(kalkuler("langtidsopphold", kropp))
    assert (svar["beregningsgrunnlag"], svar["egenandelAar"]) == (325000, 255600)
    assert {m["egenandel"] for m in svar["maaneder"]} == {21334, 21283}


def test_kallene_i_readme_er_dem_demoen_skriver() -> None:
    for blokk in blokker("http://127.0.0.1:8000", "http://127.0.0.1:8790"):
        assert f"```sh\n{blokk}```\n" in les("README.md")


@pytest.mark.parametrize("dokument", [fil for fil in SPORET if fil.endswith(".md")])
def test_lenkene_finnes(dokument: str) -> None:
    for lenke in re.findall(r"\]\((?!https?://)([^)#]+)", les(dokument)):
        assert (ROT / dokument).parent.joinpath(lenke).exists(), lenke


def test_tolkningene_saker_viser_til_finnes() -> None:
    tolkninger = les("docs/tolkninger.md")
    for fil in (ROT / "tests/calc/saker").glob("*.toml"):
        for del_, punkt in re.findall(r"docs/tolkninger\.md, ([^\"]*?) punkt (\d)", fil.read_text("utf-8")):
            overskrift = {"§ 3": "## § 3: langtidsopphold", "praktisk bistand": "## Praktisk bistand"}[del_]
            avsnitt = tolkninger[tolkninger.index(overskrift) :].split("\n## ")[0]
            assert f"\n{punkt}. " in avsnitt


def test_laasefilene_navngir_ingen_indeks() -> None:
    for fil in (ROT / "lock").glob("*.txt"):
        innhold = fil.read_text("utf-8")
        assert "://" not in innhold
        assert "--hash=sha256:" in innhold


def test_ingen_maskinstier_i_prosjektet() -> None:
    for fil in SPORET:
        sti = ROT / fil
        if sti.suffix in {".py", ".md", ".toml", ".json", ".csv", ""} and sti.is_file():
            assert not re.search(r"(?<![\w.])/(?:work|root|tmp|home)/", sti.read_text("utf-8")), fil
