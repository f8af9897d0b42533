"""docs/saker.md says what the code does."""

import re
from pathlib import Path

from app.calc.kontrakt.json_tekst import camel, les_json
from app.services.sak.doegnregister import Doegnregister
from app.services.sak.innhold import Saksinnhold
from tests.services.sak.saker import sendt

DOKUMENT = (Path(__file__).parents[3] / "docs" / "saker.md").read_text("utf-8")


def tabellens_felt(overskrift: str) -> set[str]:
    avsnitt = DOKUMENT.split(f"\n## {overskrift}\n")[1].split("\n## ")[0].split("\n### ")[0]
    foerste_kolonner = re.findall(r"^\| (`[^|]+) \|", avsnitt, re.MULTILINE)
    return {navn for celle in foerste_kolonner for navn in re.findall(r"`(\w+)`", celle)}


def test_eksemplet_kan_sendes() -> None:
    for eksempel in re.findall(r"```json\n(.*?)```", DOKUMENT, re.DOTALL):
        assert sendt(les_json(eksempel)).person.navn == "Test Testesen"


def test_hvert_felt_staar_i_tabellen() -> None:
    assert tabellens_felt("Hva en sak inneholder") == {
        camel(navn) for navn in Saksinnhold.__dataclass_fields__
    }


def test_hvert_felt_i_registeret_staar_i_tabellen() -> None:
    felt = {camel(navn) for navn in Doegnregister.__dataclass_fields__} - {"aar", "grense"}
    assert tabellens_felt("Døgnregisteret") == felt
