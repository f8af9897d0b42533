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
from app.calc.poster.typer import Skattepost, Skattesvar, Svardel
from app.calc.satser import sats
from tests.calc.poster.lesing import av, fil, skatt, svar, trykt


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


# KS' name of what is entered by hand, and the calculator's.
FOR_HAAND = {
    "nav.hjelpestoenadFraFolketrygden": "hjelpestoenad",
    "nav.omsorgsloennEtterHelseOgOmsorgstjenesteloven": "omsorgsstoenad",
    "kommune.skjoennsmessigeFradrag": "skjoennsmessigFradrag",
}


def _husstandsmedlem(rolle: str, poster: dict[str, int]) -> dict[str, Any]:
    skattedel = tuple(Skattepost(navn, beloep) for navn, beloep in poster.items() if navn not in FOR_HAAND)
    grunnlag = husstandsgrunnlag(Skattesvar(2021, skattedel))
    assert isinstance(grunnlag, Husstandsgrunnlag)
    for_haand = {felt: poster[navn] for navn, felt in FOR_HAAND.items() if navn in poster}
    return {"rolle": rolle, **grunnlag.kalkulatorfelter(), **for_haand}


def test_ks_april_2023_avviker_fordi_to_fortegn_var_snudd() -> None:
    """KS, April 2023: omsorgslønn 1 is added and hjelpestønad 2 subtracted; § 10 første ledd says the reverse.

    By September 2023 KS had turned both signs (``test_ks_praktisk_bistand_2021``).
    """
    ks = trykt("praktisk-bistand-april-2023")
    poster: list[dict[str, int]] = []
    operasjoner: dict[str, str] = {}
    for person in ks["summertSkattegrunnlagPersoner"]:
        gruppene = [(gruppe["operasjon"], gruppe["poster"][0]) for gruppe in person["grunnlag"]]
        poster.append({post["tekniskNavn"]: post["beloep"] for _, post in gruppene})
        operasjoner.update({post["tekniskNavn"]: operasjon for operasjon, post in gruppene})
    assert {felt: operasjoner[navn] for navn, felt in FOR_HAAND.items()} == {
        "hjelpestoenad": "SUBTRAHERE",
        "omsorgsstoenad": "ADDERE",
        "skjoennsmessigFradrag": "SUBTRAHERE",
    }
    hos_ks = [person["beloep"] for person in ks["summertSkattegrunnlagPersoner"]]
    assert (hos_ks, ks["samletBeloep"]) == ([95_427, 6_381_000], 6_476_427)

    roller = ("TJENESTEMOTTAKER", "EKTEFELLE")
    husstand = [_husstandsmedlem(rolle, post) for rolle, post in zip(roller, poster, strict=True)]
    vaart = _kalkuler(Art.PRAKTISK_BISTAND, {"aar": 2022, "husstand": husstand})
    assert [person["grunnlag"] for person in vaart["perPerson"]] == [95_429, 6_381_000]
    assert vaart["grunnlag"] == 6_476_429

    # Nothing else differs: with the two amounts changing places, our answer is what KS printed.
    mottaker = husstand[0]
    snudd = mottaker | {
        "hjelpestoenad": mottaker["omsorgsstoenad"],
        "omsorgsstoenad": mottaker["hjelpestoenad"],
    }
    som_ks = _kalkuler(Art.PRAKTISK_BISTAND, {"aar": 2022, "husstand": [snudd, husstand[1]]})
    assert [person["grunnlag"] for person in som_ks["perPerson"]] == hos_ks
    assert som_ks["grunnlag"] == ks["samletBeloep"]
