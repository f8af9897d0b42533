"""Korttid: the day register, the 60 days, hospital, New Year, visits and avlastning, through the API."""

from typing import Any, Final

import pytest

from app.sandbox.standard import SKOGLI
from tests.saker.historie import SAKER, Historie, Json, Oppslag, koder, skatten, tall

DOEGN: Final = {2024: 193, 2025: 200, 2026: 205}
"""Kroner a day under § 4; forskriftens satser."""
BESOEK: Final = {2026: 115}


def sak(h: Historie, hvem: str, aar: int, *opphold: Json, **resten: Any) -> Any:
    kommune = resten.pop("kommune", None)
    innhold = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": h.person(hvem),
        "opphold": list(opphold),
        "beregning": {"aar": aar},
        **resten,
    }
    return h.ny_sak(innhold, **({} if kommune is None else {"kommune": kommune}))


def korttid(fra: str, til: str | None = None, art: str = "KORTTID_DOEGN") -> Json:
    return {"art": art, "fra": fra, **({} if til is None else {"til": til})}


def register(h: Historie, svar: Json, aar: int, **valg: Any) -> Any:
    return h.les(f"{SAKER}/{svar['sak']['id']}/doegnregister?aar={aar}", **valg)


def maaneder(b: Json) -> dict[str, tuple[int, int]]:
    return {m["maaned"]: (m["doegn"], m["egenandel"]) for m in b["resultat"]["maaneder"]}


def test_under_60_doegn_betales_prisen_per_doegn_fra_foerste_dag(h: Historie) -> None:
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2026-01-10", "2026-02-08"))
    assert maaneder(svar["beregning"]) == {"2026-01": (22, 22 * 205), "2026-02": (8, 8 * 205)}
    assert not svar["beregning"]["foreloepig"], "prisen er endelig"
    assert h.oppslag() == []
    r = register(h, svar, 2026)
    assert (r["antallIAaret"], r["grensenNaas"], r["paragraf3Fra"], r["doegnIgjen"]) == (30, None, None, None)
    assert len(r["doegn"]) == 30
    assert {d["grunnlag"] for d in r["doegn"]} == {"PARAGRAF_4"}


def test_doegn_61_betales_etter_paragraf_3(h: Historie) -> None:
    # 2025: day 60 is 31 March when the stay begins on 31 January; 1 April is the 61st.
    svar = sak(h, "enslig-pensjonist", 2025, korttid("2025-01-31", "2025-04-30"))
    r = register(h, svar, 2025)
    assert (r["grensenNaas"], r["paragraf3Fra"], r["antallIAaret"]) == ("2025-03-31", "2025-04-01", 90)
    b = svar["beregning"]
    assert {m: doegn for m, (doegn, _) in maaneder(b).items()} == {
        "2025-01": 1,
        "2025-02": 28,
        "2025-03": 31,
        "2025-04": 30,
    }
    pris = [maaneder(b)[f"2025-0{m}"][1] for m in (1, 2, 3)]
    assert pris == [1 * DOEGN[2025], 28 * DOEGN[2025], 31 * DOEGN[2025]]
    # A whole month under § 3 is a twelfth: 75 % and 85 % of the basis, G 124 028 and F 10 450.
    grunnlag = 334056 + 18400 - skatten(h, "enslig-pensjonist", 2025)
    aar = (75 * (124028 - 10450) + 85 * (grunnlag - 124028)) / 100
    assert maaneder(b)["2025-04"][1] == int(aar / 12)
    assert h.oppslag() == sorted(
        Oppslag(api, "enslig-pensjonist", 2025) for api in ("summertskattegrunnlag", "beregnetskatt")
    )


def test_varselet_kommer_foer_grensen_naas(h: Historie) -> None:
    # On 23 November: the 60th day is 14 December, when the stay began on 16 October.
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2026-10-16"))
    (varsel,) = [v for v in svar["beregning"]["varsler"] if v["kode"] == "DOEGN_60_NAERMER_SEG"]
    assert varsel["tekst"].startswith("60 døgn nås 14. desember; fra 15. desember betales etter § 3.")
    assert "Det er 21 døgn igjen." in varsel["tekst"]
    assert varsel["alvor"] == "INFO"
    assert "OVER_60_DOEGN" not in koder(svar["beregning"])
    r = register(h, svar, 2026)
    assert (r["antallTilIDag"], r["doegnIgjen"], r["grensenNaas"]) == (39, 21, "2026-12-14")


def test_naer_grensen_er_varselet_alvorligere(h: Historie) -> None:
    # The 60th day is 2 December: nine days ahead.
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2026-10-04"))
    (varsel,) = [v for v in svar["beregning"]["varsler"] if v["kode"] == "DOEGN_60_NAERMER_SEG"]
    assert "Det er 9 døgn igjen." in varsel["tekst"]
    assert varsel["alvor"] == "OBS"


def test_avlastning_er_gratis_og_teller_med(h: Historie) -> None:
    svar = sak(
        *(h, "gevinst", 2026),
        korttid("2026-02-01", "2026-02-28", "AVLASTNING"),
        korttid("2026-03-05", "2026-04-10"),
    )
    r = register(h, svar, 2026)
    # 28 + 32 days: the 60th is 5 April.
    assert (r["grensenNaas"], r["paragraf3Fra"]) == ("2026-04-05", "2026-04-06")
    per_maaned = {m["maaned"]: m for m in r["maaneder"]}
    assert (per_maaned["2026-02"]["gratis"], per_maaned["2026-02"]["teller"]) == (28, 28)
    assert (per_maaned["2026-04"]["paragraf4"], per_maaned["2026-04"]["paragraf3"]) == (5, 5)
    betalt = maaneder(svar["beregning"])
    assert betalt["2026-03"] == (27, 27 * DOEGN[2026])
    assert "2026-02" not in betalt, "avlastning koster ingenting"
    assert betalt["2026-04"][1] > 5 * DOEGN[2026], "fem døgn etter § 4 og fem etter § 3"


def test_bare_avlastning_koster_ingenting_og_slaar_ikke_opp_noen(h: Historie) -> None:
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2026-01-01", "2026-06-30", "AVLASTNING"))
    assert svar["beregning"]["egenandelAar"] == 0
    assert h.oppslag() == []


def test_besoek_er_ikke_doegn(h: Historie) -> None:
    svar = sak(
        *(h, "enslig-pensjonist", 2026),
        {"art": "DAG", "fra": "2026-03-01", "antall": 8},
        {"art": "NATT", "fra": "2026-03-01", "antall": 2},
    )
    (mars,) = svar["beregning"]["resultat"]["maaneder"]
    assert (mars["maaned"], mars["besoek"], mars["egenandel"]) == ("2026-03", 10, 10 * BESOEK[2026])
    r = register(h, svar, 2026)
    assert (r["antallIAaret"], r["doegn"], r["maaneder"][0]["besoek"]) == (0, [], 10)


@pytest.mark.parametrize(
    ("kommune", "fravaer"),
    [("fjordvik betaler for døgnene", 0), ("skogli betaler ikke", 7)],
    ids=str,
)
def test_sykehusdoegn_etter_kommunens_valg(h: Historie, kommune: str, fravaer: int) -> None:
    valg: dict[str, Any] = {"kommune": SKOGLI} if kommune.startswith("skogli") else {}
    svar = sak(
        *(h, "enslig-pensjonist", 2026),
        korttid("2026-02-01", "2026-02-28"),
        sykehusopphold=[{"fra": "2026-02-10", "til": "2026-02-16"}],
        **valg,
    )
    betalt = 28 - fravaer
    assert maaneder(svar["beregning"]) == {"2026-02": (betalt, betalt * DOEGN[2026])}
    r = register(h, svar, 2026, **valg)
    (februar,) = r["maaneder"]
    assert (februar["sykehus"], februar["fravaer"], februar["teller"]) == (7, fravaer, 28)
    (varsel,) = [v for v in svar["beregning"]["varsler"] if v["kode"] == "SYKEHUSOPPHOLD"]
    assert ("betales ikke" in varsel["tekst"]) == bool(fravaer)


def test_sykehus_utenfor_oppholdet_sies(h: Historie) -> None:
    svar = sak(
        *(h, "enslig-pensjonist", 2026),
        korttid("2026-02-01", "2026-02-28"),
        sykehusopphold=[{"fra": "2026-02-25", "til": "2026-03-04"}],
    )
    assert "SYKEHUS_UTENFOR_OPPHOLD" in koder(svar["beregning"], ["OBS"])


def test_et_opphold_etter_paragraf_3_beholder_den_over_nyttaar(h: Historie) -> None:
    # 2025: day 60 is 29 November; from 30 November § 3, which the open stay keeps over New Year.
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2025-10-01", "2026-01-20"))
    assert register(h, svar, 2025)["paragraf3Fra"] == "2025-11-30"
    r = register(h, svar, 2026)
    assert r["nyttaar"] == "BEHOLDER_PARAGRAF_3"
    assert {d["grunnlag"] for d in r["doegn"]} == {"PARAGRAF_3"}
    assert (r["doegn"][0]["antall"], r["antallIAaret"]) == (1, 20)


def test_under_60_doegn_telles_paa_nytt_fra_nyttaar(h: Historie) -> None:
    svar = sak(h, "enslig-pensjonist", 2026, korttid("2025-12-01", "2026-02-10"))
    r = register(h, svar, 2026)
    assert (r["nyttaar"], r["antallIAaret"], r["paragraf3Fra"]) == ("TELLES_PAA_NYTT", 41, None)
    assert maaneder(svar["beregning"]) == {"2026-01": (31, 31 * 205), "2026-02": (10, 10 * 205)}


def test_et_nytt_opphold_etter_nyttaar_begynner_paa_nytt(h: Historie) -> None:
    svar = sak(
        *(h, "enslig-pensjonist", 2026),
        korttid("2025-09-01", "2025-12-30"),
        korttid("2026-01-02", "2026-01-31"),
    )
    r = register(h, svar, 2026)
    assert r["nyttaar"] == "INGEN_OPPHOLD"
    assert {d["grunnlag"] for d in r["doegn"]} == {"PARAGRAF_4"}


def test_langtid_etter_60_doegn_gir_ingen_ny_fri_maaned(h: Historie) -> None:
    svar = sak(
        *(h, "enslig-pensjonist", 2025),
        korttid("2025-01-01", "2025-03-15"),
        {"art": "LANGTID", "fra": "2025-04-01", "institusjon": "solbakken"},
    )
    april = {m["maaned"]: m for m in register(h, svar, 2025)["maaneder"]}["2025-04"]
    assert (april["friMaaned"], april["paragraf3"]) == (0, 30)


def test_langtid_foer_60_doegn_er_fri_den_foerste_maaneden(h: Historie) -> None:
    svar = sak(
        h, "enslig-pensjonist", 2025, {"art": "LANGTID", "fra": "2025-01-31", "institusjon": "solbakken"}
    )
    r = {m["maaned"]: m for m in register(h, svar, 2025)["maaneder"]}
    # 31 January to 27 February is free; charged from the 28th.
    assert (r["2025-01"]["friMaaned"], r["2025-02"]["friMaaned"], r["2025-02"]["paragraf3"]) == (1, 27, 1)


def test_bare_saker_om_opphold_har_et_doegnregister(h: Historie) -> None:
    svar = h.ny_sak(
        {
            "tjeneste": "PRAKTISK_BISTAND",
            "person": h.person("formue"),
            "tjenester": [],
            "beregning": {"aar": 2026},
        }
    )
    h.les(f"{SAKER}/{svar['sak']['id']}/doegnregister?aar=2026", 422)


def test_forsoergede_slaas_ikke_opp_og_nevnes_ikke_naar_bare_doegnprisen_gjelder(h: Historie) -> None:
    svar = sak(
        *(h, "ektepar-beboer", 2026),
        korttid("2026-01-10", "2026-01-20"),
        husstand=[{"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE"}],
    )
    b = svar["beregning"]
    assert b["egenandelAar"] == 11 * 205
    assert koder(b) == {"INNTEKT_IKKE_HENTET"}
    assert h.oppslag() == []
    assert tall(h, "ektepar-hjemme", 2025).poster, "hun har inntekt, men den angår ikke døgnprisen"
