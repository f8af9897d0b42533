"""One tree from the egenandel to the tax post, for the cases KS published and for what is entered or estimated."""

import json
from collections.abc import Iterator, Set
from datetime import date
from decimal import Decimal
from typing import Any

from app.calc.forklar import forklar
from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.kilder import skriv_kilder
from app.calc.poster.felt import Sammenstilling
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.sammenstilling import sammenstill_forsoerget, sammenstill_langtid
from app.calc.poster.sammenstilling_10 import sammenstill_husstandsmedlem
from app.calc.poster.typer import Gruppe
from app.calc.satser import sats
from app.calc.sporing import Node
from tests.calc.poster.lesing import fil, skatt, svar
from tests.calc.poster.sammenstilt import FOLKETRYGD, NAV, PENSJON, RENTE, anslag, oppgitt, oppgjoer

OPPHOLD = [{"art": "LANGTID", "fra": "2020-06-01"}]


def alle(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for barn in node["barn"]:
        yield from alle(barn)


def kjoer(art: Art, inn: dict[str, Any], *deler: Sammenstilling) -> dict[str, Any]:
    """The answer, after seeing that a stored calculation run again gives the same bytes."""
    noder: dict[str, Node] = {}
    for del_ in deler:
        noder |= del_.kilder()
    tekst, kilder = skriv_json(inn), skriv_kilder(noder)
    ut = kalkuler(art, tekst, kilder=kilder)
    assert kalkuler(art, tekst.encode(), kilder=kilder.encode()) == ut
    lest: dict[str, Any] = json.loads(ut, parse_float=Decimal)
    return lest


def poster_under(svar: dict[str, Any], rot: str) -> set[str]:
    """Ids of the facts of Skatteetaten's answers below every fact that stands at or below the pointer."""
    return {
        blad["id"].removeprefix("skattepost.")
        for node in alle(svar["forklaring"])
        if node["type"] == "FAKTUM" and node["kilde"].startswith(rot)
        for blad in alle(node)
        if blad["id"].startswith("skattepost.")
    }


def krev_hele_treet(svar: dict[str, Any], pekere: Set[str]) -> None:
    """Every composed fact that the rules reached goes on; steps that differ have different ids."""
    sett: dict[str, dict[str, Any]] = {}
    for node in alle(svar["forklaring"]):
        if node["type"] == "FAKTUM" and node["kilde"] in pekere:
            assert len(node["barn"]) == 1
            assert node["barn"][0]["verdi"] == node["verdi"]
        if node["type"] == "STEG":
            assert sett.setdefault(node["id"], node) == node


def test_ks_langtid_2023() -> None:
    """KS' documentation, long stay 2023: 801 718 − 234 591 = 567 127."""
    grunnlag = langtidsgrunnlag(
        svar(fil("langtid-2023-beboer.json")), beregnet=skatt(fil("langtid-2023-beboer-skatt.json"))
    )
    partner = langtidsgrunnlag(svar(fil("langtid-2023-partner.json")))
    assert isinstance(grunnlag, Langtidsgrunnlag)
    assert isinstance(partner, Langtidsgrunnlag)
    beboer = sammenstill_langtid(2023, grunnlag)
    ektefelle = sammenstill_forsoerget(
        0, 2023, partner, oppgitte=(oppgitt("/forsoergede/0/tenktEtterlattepensjon", 0),)
    )
    inn = {
        "aar": 2023,
        **beboer.kalkulatorfelter(),
        "forsoergede": [{"relasjon": "EKTEFELLE", **ektefelle.kalkulatorfelter()}],
        "opphold": OPPHOLD,
    }
    ut = kjoer(Art.LANGTIDSOPPHOLD, inn, beboer, ektefelle)
    assert (ut["inntekt"], ut["fradragsberettigetSkatt"]) == (801_718, 234_591)
    assert ut["beregningsgrunnlag"] == 567_127
    krev_hele_treet(ut, beboer.felter.keys() | ektefelle.felter.keys())
    assert poster_under(ut, "/inntekter/renteinntekt")
    assert poster_under(ut, "/skatt/beregnetSkatt") == {"beregnetSkatt.fastland"}
    assert poster_under(ut, "/forsoergede/0/arbeidsinntekt")


def test_ks_praktisk_bistand_2021() -> None:
    """KS' documentation, September 2023: 93 431 + 6 381 000 = 6 474 431."""
    grunnlag = [
        husstandsgrunnlag(svar(fil(f"praktisk-bistand-2021-{hvem}.json")))
        for hvem in ("mottaker", "ektefelle")
    ]
    assert isinstance(grunnlag[0], Husstandsgrunnlag)
    assert isinstance(grunnlag[1], Husstandsgrunnlag)
    mottaker = sammenstill_husstandsmedlem(
        0,
        2022,
        grunnlag[0],
        (
            oppgitt("/husstand/0/hjelpestoenad", 2_000),
            oppgitt("/husstand/0/omsorgsstoenad", 1_000),
            oppgitt("/husstand/0/skjoennsmessigFradrag", 3_000),
        ),
    )
    ektefelle = sammenstill_husstandsmedlem(1, 2022, grunnlag[1])
    husstand = [
        {"rolle": "TJENESTEMOTTAKER", **mottaker.kalkulatorfelter()},
        {"rolle": "EKTEFELLE", **ektefelle.kalkulatorfelter()},
    ]
    ut = kjoer(Art.PRAKTISK_BISTAND, {"aar": 2022, "husstand": husstand}, mottaker, ektefelle)
    assert [person["grunnlag"] for person in ut["perPerson"]] == [93_431, 6_381_000]
    assert ut["grunnlag"] == 6_474_431
    krev_hele_treet(ut, mottaker.felter.keys() | ektefelle.felter.keys())
    for nr in (0, 1):
        assert poster_under(ut, f"/husstand/{nr}/alminneligInntektFoerSaerfradrag") == {
            "alminneligInntektFoerSaerfradrag"
        }


def test_skattejusteringen_gaar_ned_til_gevinsten() -> None:
    """Sivilombudet 17.11.2025: 22 % of 50 000 × 1.6 comes out of tax; the tree shows both posts."""
    grunnlag = langtidsgrunnlag(
        svar(fil("gevinst-2022.json")),
        beregnet=skatt(fil("gevinst-2022-skatt.json")),
        skattesats=sats("skattesats_alminnelig_inntekt", date(2022, 12, 31)),
    )
    assert isinstance(grunnlag, Langtidsgrunnlag)
    beboer = sammenstill_langtid(2022, grunnlag)
    ut = kjoer(Art.LANGTIDSOPPHOLD, {"aar": 2022, **beboer.kalkulatorfelter(), "opphold": OPPHOLD}, beboer)
    assert ut["skattejustering"] == -17_600
    krev_hele_treet(ut, beboer.felter.keys())
    assert poster_under(ut, "/skatt/holdtUtenfor/0") == {
        "gevinstVedRealisasjonAvAksje",
        "oppjustertTilleggTilGevinstVedRealisasjonAvAksje",
    }


def test_teksten_sier_hvor_hvert_tall_kommer_fra() -> None:
    beboer = sammenstill_langtid(
        2025,
        oppgjoer(2023, (PENSJON, 250_000), (RENTE, 2_000), skatt=40_000),
        anslag(2025, (NAV, FOLKETRYGD, 290_000)),
        (oppgitt("/skatt/beregnetSkatt", 45_000),),
        {Gruppe.RENTEINNTEKT: Decimal("1.5")},
    )
    inn = {"aar": 2025, **beboer.kalkulatorfelter(), "opphold": OPPHOLD}
    ut = kalkuler(Art.LANGTIDSOPPHOLD, skriv_json(inn), kilder=skriv_kilder(beboer.kilder()))
    tekst = forklar(les_json(ut)).replace("\u00a0", " ")
    for linje in (
        "        A-ordningen for 2025, pensjon fra folketrygden: 290 000 kroner per år (§ 3 fjerde ledd første punktum)",
        "        Videreført med kommunens faktor fra skatteoppgjøret for 2023, renteinntekt: 3 000 kroner per år",
        "          = 2 000 × 1,50, kuttet til hele øre = 3 000",
        "            Renter av bankinnskudd: 2 000 kroner per år (summert skattegrunnlag 2023, samledeOpptjente",
        "        Oppgitt for 2025, beregnet skatt: 45 000 kroner per år",
        "          oppgitt for hånd: 45 000",
        "          Kommunens faktor for renteinntekt: 1,50 (kommunens oppsett for 2025)",
        "          Beregnet skatt: 45 000 kroner per år (oppgitt av saksbehandler, etter Nav: opplyst på telefon)",
    ):
        assert linje in tekst
    assert "= 2 000 = 2 000" not in tekst
