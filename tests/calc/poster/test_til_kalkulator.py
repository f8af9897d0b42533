"""From the tax answers to the calculators' own answers, through the contract."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt, Skatteart, Skattedel
from app.calc.poster.typer import Svardel
from app.calc.satser import sats
from tests.calc.poster.lesing import av, fil, skatt, svar


def _kalkuler(art: Art, inn: dict[str, Any]) -> Any:
    tekst = json.dumps(inn, default=lambda tall: f"<{tall}>").replace('"<', "").replace('>"', "")
    return les_json(kalkuler(art, tekst, forklar=False))


def _felter(navn: str, **valg: Any) -> dict[str, Any]:
    grunnlag = langtidsgrunnlag(svar(fil(f"{navn}.json")), beregnet=skatt(fil(f"{navn}-skatt.json")), **valg)
    assert isinstance(grunnlag, Langtidsgrunnlag)
    return grunnlag.kalkulatorfelter()


def _husstandsfelter(navn: str) -> dict[str, Decimal]:
    grunnlag = husstandsgrunnlag(svar(fil(navn)))
    assert isinstance(grunnlag, Husstandsgrunnlag)
    return grunnlag.kalkulatorfelter()


OPPHOLD = [{"art": "LANGTID", "fra": "2020-06-01"}]


def test_ks_langtid_2023() -> None:
    partner = langtidsgrunnlag(svar(fil("langtid-2023-partner.json")))
    assert isinstance(partner, Langtidsgrunnlag)
    forsoerget = {"relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0, **partner.forsoergetfelter()}
    inn = {"aar": 2023, **_felter("langtid-2023-beboer"), "forsoergede": [forsoerget], "opphold": OPPHOLD}
    ut = _kalkuler(Art.LANGTIDSOPPHOLD, inn)
    assert (ut["inntekt"], ut["fradragsberettigetSkatt"]) == (801_718, 234_591)
    assert (ut["fradragParagraf5"], ut["beregningsgrunnlag"]) == (0, 567_127)


def test_skattejusteringen_av_en_gevinst() -> None:
    """X = 50 000 × 1.6; 22 % of 80 000 comes out of tax, and so does wealth tax of 33 250."""
    rate = sats("skattesats_alminnelig_inntekt", date(2022, 12, 31))
    inn = {"aar": 2022, **_felter("gevinst-2022", skattesats=rate), "opphold": OPPHOLD}
    ut = _kalkuler(Art.LANGTIDSOPPHOLD, inn)
    assert ut["skattejustering"] == -17_600
    assert ut["fradragsberettigetSkatt"] == 120_148 - 33_250 - 17_600


def test_skatt_betalt_i_utlandet_gaar_til_kommunens_valg() -> None:
    utland = (Skatteart("skattefradragForInntektsskattBetaltIUtlandet", 70),)
    grunnlag = langtidsgrunnlag(
        av(2023, ("alderspensjonFraFolketrygden", 300_000)),
        beregnet=BeregnetSkatt(2023, (Skattedel(Svardel.FASTLAND, 1_000, (), utland),)),
    )
    assert isinstance(grunnlag, Langtidsgrunnlag)
    ut = _kalkuler(Art.LANGTIDSOPPHOLD, {"aar": 2023, **grunnlag.kalkulatorfelter(), "opphold": OPPHOLD})
    assert ut["fradragsberettigetSkatt"] == 1_070


def test_ks_praktisk_bistand_2021() -> None:
    for_haand = {"hjelpestoenad": 2_000, "omsorgsstoenad": 1_000, "skjoennsmessigFradrag": 3_000}
    mottaker = _husstandsfelter("praktisk-bistand-2021-mottaker.json")
    ektefelle = _husstandsfelter("praktisk-bistand-2021-ektefelle.json")
    ut = _kalkuler(
        Art.PRAKTISK_BISTAND,
        {
            "aar": 2022,
            "husstand": [
                {"rolle": "TJENESTEMOTTAKER", **mottaker, **for_haand},
                {"rolle": "EKTEFELLE", **ektefelle},
            ],
        },
    )
    assert [person["grunnlag"] for person in ut["perPerson"]] == [93_431, 6_381_000]
    assert ut["grunnlag"] == 6_474_431
