"""The explanation: every node complete, every step's number recomputable, and text a resident can read."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc import etteroppgjoer, langtidsopphold, praktisk_bistand
from app.calc.beloep import eksakt_regning
from app.calc.forklar import UkjentForklaringError, forklar
from app.calc.kalkulator import KALKULATORER, Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.sporing import Node, Steg
from tests.calc.sakslesing import Sak, les_saker

SAKER = les_saker()
BEREGN = {
    Art.LANGTIDSOPPHOLD: langtidsopphold.beregn,
    Art.PRAKTISK_BISTAND: praktisk_bistand.beregn,
    Art.ETTEROPPGJOER: etteroppgjoer.beregn,
}


def tre(sak: Sak) -> Node:
    art = Art(sak.art)
    with eksakt_regning():
        inn = KALKULATORER[art].inn.les(les_json(sak.inn), "", [])
    rot: Node = KALKULATORER[art].beregn(inn).forklaring
    return rot


def alle(node: Node) -> list[Node]:
    return [node, *(under for barn in node.barn for under in alle(barn))]


@pytest.mark.parametrize("sak", SAKER, ids=lambda s: s.tittel)
def test_hvert_steg_er_regelens_svar_paa_barna(sak: Sak) -> None:
    """Value and reason are one object: the rule run again on the children gives the number shown."""
    with eksakt_regning():
        for node in alle(tre(sak)):
            if isinstance(node, Steg):
                assert node.regel.funksjon(*(barn.verdi for barn in node.argumenter)) == node.verdi


@pytest.mark.parametrize("sak", SAKER, ids=lambda s: s.tittel)
def test_hver_node_er_fullstendig(sak: Sak) -> None:
    def se(node: dict[str, Any]) -> None:
        assert list(node) == ["id", "type", "navn", "verdi", "enhet", "hjemmel", "formel", "kilde", "barn"]
        assert node["id"]
        assert "{" not in node["navn"] + (node["formel"] or "")
        match node["type"]:
            case "STEG":
                assert node["hjemmel"].startswith("§ ")
                assert "FOR-2011-12-16-1349 som den lød fra" in node["hjemmel"]
                assert node["formel"]
            case "SATS":
                assert node["hjemmel"]
                assert "https://" in node["kilde"]
            case "FAKTUM":
                assert node["kilde"]
                assert node["barn"] == []
            case annet:
                pytest.fail(f"ukjent type {annet}")
        for barn in node["barn"]:
            se(barn)

    se(les_json(kalkuler(sak.art, sak.inn))["forklaring"])


@pytest.mark.parametrize("sak", SAKER, ids=lambda s: s.tittel)
def test_id_er_entydig_blant_stegene(sak: Sak) -> None:
    """Two different steps never share an id, so a client may use it as an anchor."""
    steg: dict[str, Steg] = {}
    for node in alle(tre(sak)):
        if isinstance(node, Steg) and sak.art != Art.ETTEROPPGJOER:
            assert steg.setdefault(node.id, node) == node


@pytest.mark.parametrize("sak", SAKER, ids=lambda s: s.tittel)
def test_teksten_er_den_samme_hver_gang_og_har_svaret(sak: Sak) -> None:
    svar = les_json(kalkuler(sak.art, sak.inn))
    tekst = forklar(svar)
    assert tekst == forklar(les_json(kalkuler(sak.art, sak.inn))) == forklar(svar["forklaring"])
    assert tekst.splitlines()[0].startswith(("Egenandel for året: ", "Etteroppgjør: "))
    assert tekst.splitlines()[-1].startswith("Regelverk: § ")


def test_teksten_sier_det_en_beboer_trenger() -> None:
    sak = next(s for s in SAKER if s.tittel.startswith("Kontraktens eksempel"))
    tekst = forklar(les_json(kalkuler(sak.art, sak.inn))).replace("\u00a0", " ")
    for linje in (
        "Egenandel for året: 255 600 kroner (§ 3 andre ledd første punktum)",
        "= 370 000 − skatt 45 000 − gjeldsrenter 0 − fradrag etter § 5 0, minst 0 = 325 000",
        "= 75 % × (den minste av 325 000 og 124 028, minus 10 450, minst 0) = 85 183,50",
        "= (256 009,70 × 31 døgn) / (12 måneder × 31 døgn) = 21 334,14, rundet ned til hele kroner: 21 334",
        "Egenandel i januar 2025: 21 334 kroner",
        "Folketrygdens grunnbeløp (G): 124 028 kroner (folketrygdloven § 1-4)",
        "§ 3 i FOR-2011-12-16-1349 som den lød fra 1.1.2025, endret ved FOR-2024-12-16-3180",
    ):
        assert linje in tekst


def test_et_tap_skrives_med_minus_en_gang() -> None:
    sak = next(s for s in SAKER if s.tittel.startswith("Underskudd i næring"))
    assert "200 000 − 250 000 = −50 000" in forklar(les_json(kalkuler(sak.art, sak.inn))).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    "svar", [{}, [], None, 1, {"forklaring": None}, {"forklaring": {"barn": []}}, {"barn": [1]}]
)
def test_uten_forklaring_sier_hva_som_maa_gjoeres(svar: Any) -> None:
    with pytest.raises(UkjentForklaringError, match=r"Kalkuler på nytt|Send svaret"):
        forklar(svar)


def test_uten_tre_er_resten_likt() -> None:
    for sak in SAKER:
        med, uten = (les_json(kalkuler(sak.art, sak.inn, forklar=valg)) for valg in (True, False))
        med.pop("forklaring")
        assert med == uten


def test_tall_i_teksten_er_eksakte() -> None:
    sak = next(s for s in SAKER if s.tittel.startswith("Gjeldsrenter"))
    assert isinstance(les_json(kalkuler(sak.art, sak.inn))["beregningsgrunnlag"], Decimal)


def test_en_node_i_en_logg_viser_aldri_beloepet() -> None:
    sak = next(s for s in SAKER if s.tittel.startswith("Kontraktens eksempel"))
    for node in alle(tre(sak)):
        assert repr(node).startswith(("<Faktum ", "<Sats ", "<Steg "))
        assert "325" not in repr(node)
