"""Hvorfor? Every amount on the pages of a case unfolds, and the tree tells the same number."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

import pytest

from app.portal.bilder.treet import Tre, UkjentNodeError, hjemmelvisning, noder, verditekst
from tests.portal.saker import MED_BELOEP, enslig, ny
from tests.portal.tabeller import kr
from tests.portal.test_sak import med
from tests.portal.verden import Nettleser, tekst
from tests.saker.historie import les_tekst
from tests.saker.verden import Verden

_DEL: Final = {"hx-request": "true"}
_UTFOLDET: Final = re.compile(
    r'<details class="hvorfor lat" hx-get="([^"]+)"[^>]*>\s*<summary>([^<]+)<', re.DOTALL
)


def _beloepene(html: str) -> Iterator[tuple[str, str]]:
    """Every amount that unfolds: where it is fetched, and what it says."""
    for treff in _UTFOLDET.finditer(html):
        yield treff[1], " ".join(treff[2].split())


@pytest.mark.parametrize("hva", MED_BELOEP)
def test_hvert_beloep_paa_saken_kan_forklares(hva: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, MED_BELOEP[hva](verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}?aar={svar['beregning']['aar']}")
        alle = list(_beloepene(side.text))
        assert len(alle) > len(svar["beregning"]["resultat"]["maaneder"])
        for sti, sagt in alle:
            svar_ = await leser.aapne(unquote(sti), headers=_DEL)
            assert svar_.status_code == 200, sti
            foerste = re.search(r"<strong>([^<]+)</strong>", svar_.text)
            assert foerste is not None
            assert " ".join(foerste[1].split()).startswith(sagt), (sti, sagt)

    med(arbeid)


def test_en_del_er_en_del_og_uten_skript_en_hel_side() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/hvorfor"
        del_ = await leser.aapne(f"{sti}/par_3.maaned@2025-05", headers=_DEL)
        assert "<html" not in del_.text
        hel = await leser.aapne(f"{sti}/par_3.maaned@2025-05")
        assert "<html" in hel.text
        for side in (del_, hel):
            hele = tekst(side)
            assert "Egenandel i mai 2025" in hele
            assert "rundet ned til hele kroner" in hele
            assert "§ 3 andre ledd første punktum" in hele
            assert "Inntil 75 prosent av inntekt opp til G etter fribeløpet" in hele, "med egne ord"
        # What is explained elsewhere can be followed without leaving.
        neste = dict((sagt, adresse) for adresse, sagt in _beloepene(del_.text))["Hva det er regnet av"]
        videre = tekst(await leser.aapne(unquote(neste), headers=_DEL))
        assert "Egenandel for et helt år" in videre
        assert "Folketrygdens grunnbeløp (G): 130 160 kr" in videre
        assert "les hos kilden" in videre

    med(arbeid)


def test_hele_forklaringen_staar_paa_en_side_som_kan_skrives_ut() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/hvorfor"
        side = await leser.aapne(sti)
        alle = list(noder(Tre(svar["beregning"]["resultat"]["forklaring"]).finn("rot")))
        merker = set(re.findall(r'id="n-([^"]+)"', side.text))
        assert merker == {node.adresse for node in alle}
        henvist = set(re.findall(r'href="#n-([^"]+)"', side.text))
        assert henvist
        assert henvist <= merker, "en henvisning fører ingen steder"
        assert "data-skriv-ut" in side.text
        assert kr(str(svar["beregning"]["egenandelAar"])) in tekst(side)
        assert "hx-get" not in side.text, "alt står på siden"

    med(arbeid)


@pytest.mark.parametrize(
    "adresse", ["finnes-ikke", "0-99", "felt:inntekter.ukjent", "0-0-0-0-0-0-0-0-0", "-", "9" * 400]
)
def test_en_adresse_som_ikke_finnes(adresse: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/hvorfor"
        side = await leser.aapne(f"{sti}/{adresse}")
        assert side.status_code == 404
        assert "Kommunen har ikke forklaringen" in tekst(side)

    med(arbeid)


def test_treet_er_paa_nynorsk_og_det_som_er_lagret_er_det_ikke() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        await leser.send("/spraak", {"spraak": "nn"})
        sti = f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/hvorfor"
        side = await leser.aapne(sti)
        assert '<html lang="nn"' in side.text
        assert "Kvifor?" in side.text
        vist = tekst(side)
        assert "Eigendel for året" in vist
        assert "runda ned til heile kroner" in vist
        assert "slik ho lydde frå" in vist
        assert "slik den lød" not in vist
        assert '<span lang="nb">Alderspensjon fra folketrygden</span>' in side.text
        lagret = await verden.les(f"/api/v1/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}")
        assert lagret.json()["resultat"]["forklaring"]["navn"] == "Egenandel for året"

    med(arbeid)


def test_regelsidene_forklarer_hver_paragraf() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        for nr in range(1, 11):
            side = await leser.aapne(f"/regler/{nr}")
            assert side.status_code == 200
            assert f"§ {nr} i forskriften, med våre ord" in tekst(side)
        assert (await leser.aapne("/regler/11")).status_code == 404
        assert "75 %" in tekst(await leser.aapne("/regler/3")) or "prosent" in tekst(
            await leser.aapne("/regler/3")
        )

    med(arbeid)


def _node(id_: str, verdi: Any, *barn: Any, kilde: str | None = None, **resten: Any) -> Any:
    felles = {"type": "STEG", "enhet": "kroner", "hjemmel": None, "formel": None, "navn": id_}
    return {**felles, "id": id_, "verdi": verdi, "kilde": kilde, "barn": list(barn), **resten}


def test_en_henvisning_peker_paa_det_som_forklarer() -> None:
    tre = Tre(
        _node(
            "sum", 3, _node("del", 3, kilde="forklart i del"), _node("del", 3, _node("post", 3, kilde="/a/b"))
        )
    )
    rot = tre.finn("rot")
    assert rot.barn[0].forklart == "1"
    assert tre.finn("del").plass == "1"
    assert tre.finn("felt:a.b").plass == "1-0"
    assert tre.vei("1-0") == (("rot", "sum"), ("1", "del"))
    for galt in ("", "2", "1-1", "felt:a", "ukjent"):
        with pytest.raises(UkjentNodeError):
            tre.finn(galt)


@pytest.mark.parametrize(
    ("verdi", "enhet", "ventet"),
    [
        (38655, "kroner", "38 655 kr"),
        (Decimal("463860.25"), "kroner per år", "463 860,25 kr per år"),
        (75, "prosent", "75 %"),
        (Decimal("1.04"), "faktor", "1,04"),
        (31, "døgn", "31 døgn"),
        ("2026-05-01", "dato", "1.5.2026"),
    ],
)
def test_tall_med_enhet(verdi: Any, enhet: str, ventet: str) -> None:
    assert verditekst(verdi, enhet).replace("\u00a0", " ") == ventet


def test_en_henvisning_til_loven_tas_fra_hverandre() -> None:
    lest = hjemmelvisning(
        "§ 3 andre ledd første punktum (FOR-2011-12-16-1349 som den lød fra 2026-01-01, endret ved FOR-2025-12-17-2619)"
    )
    assert (lest.tekst, lest.paragraf, lest.ledd) == ("§ 3 andre ledd første punktum", 3, 2)
    assert (lest.fra, lest.endret_ved) == (date(2026, 1, 1), "FOR-2025-12-17-2619")
    assert lest.med_egne_ord is not None
    folketrygd = hjemmelvisning("folketrygdloven § 1-4")
    assert (folketrygd.tekst, folketrygd.paragraf) == ("folketrygdloven § 1-4", None)
    assert les_tekst("1") == 1
