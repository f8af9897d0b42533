"""From a sak to a calculator's request, and what the calculator answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import skriv_json
from app.services.sak.inndata import Inndata, bistand_inn, langtid_inn
from app.services.sak.innhold import LagretSaksinnhold
from tests.calc.sakslesing import fra_json
from tests.calc.test_egenskaper import dag_for_dag
from tests.services.sak.saker import (
    BARN_ID,
    BEBOER_ID,
    EKTEFELLE_ID,
    LAGRET_BISTAND,
    LAGRET_LANGTID,
    SAMBOER_ID,
    lagret,
    lagret_ektefelle,
)
from tests.services.sak.tilfeldige_saker import prisliste, tilfeller

MARS = date(2025, 3, 1)
OPPHOLD = {"art": "LANGTID", "fra": "2024-01-10"}
GRUNNLAG: dict[str, Any] = {
    "inntekter": {"pensjonFraFolketrygden": Decimal(350_000), "renteinntekt": Decimal(20_000)},
    "skatt": {"beregnetSkatt": Decimal(45_000)},
    "gjeldsrenter": Decimal(1_000),
}
PRISREGISTER = {
    "trinn": [{"fraG": 0, "timepris": 400}],
    "selvkost": {"timeloenn": 400, "sosialeUtgifter": 100},
}


def langtid(
    innhold: LagretSaksinnhold,
    virkning: date = MARS,
    grunnlag: dict[str, Any] | None = GRUNNLAG,
    forsoergede: Mapping[str, Mapping[str, Decimal]] | None = None,
    priser: Mapping[str, list[tuple[date, Decimal]]] | None = None,
    sykehusdoegn_betales: bool = True,
    **valg: Any,
) -> Inndata:
    return langtid_inn(
        innhold,
        virkning.year,
        virkning,
        grunnlagsfelter=grunnlag,
        forsoergetfelter=forsoergede or {},
        valg=valg,
        oppholdsutgift=lambda kode: (priser or {}).get(kode, []),
        sykehusdoegn_betales=sykehusdoegn_betales,
    )


def bistand(innhold: LagretSaksinnhold, grunnlag: Mapping[str, Mapping[str, Any]]) -> Inndata:
    return bistand_inn(
        innhold,
        2025,
        MARS,
        grunnlagsfelter=grunnlag,
        valg={"avrunding": "KRONE_NED"},
        priser={"prisregister": PRISREGISTER},
    )


def kalkulert(art: str, inndata: Inndata) -> Any:
    assert inndata.inn is not None, [v.kode for v in inndata.varsler]
    return fra_json(kalkuler(art, skriv_json(inndata.inn)))


def koder(inndata: Inndata) -> list[tuple[str, str | None]]:
    return [(v.kode, v.person_id) for v in inndata.varsler]


def test_ks_langtid_2023_gjennom_en_sak() -> None:
    """Example of KS (regelverk, "Examples somebody else published"): basis 567 127."""
    innhold = lagret(
        {
            **LAGRET_LANGTID,
            "opphold": [{"art": "LANGTID", "fra": "2022-01-10"}],
            "husstand": [lagret_ektefelle(relasjon="SAMBOER", tenktEtterlattepensjon=0)],
        }
    )
    inndata = langtid(
        innhold,
        date(2023, 1, 1),
        {
            "inntekter": {
                "arbeidsinntekt": 767_670 + 4_392,
                "renteinntekt": 2_163,
                "annenAvkastning": 27_493,
            },
            "skatt": {"beregnetSkatt": 234_591},
        },
        {EKTEFELLE_ID: {"arbeidsinntekt": Decimal(142_622 + 3_600)}},
    )
    assert kalkulert("langtidsopphold", inndata)["beregningsgrunnlag"] == 567_127
    assert inndata.rader["/forsoergede/0"] == "/husstand/0"


def test_ks_praktisk_bistand_2021_gjennom_en_sak() -> None:
    """Example of KS (regelverk): 93 431 and 6 381 000, household 6 474 431. KS names no kommune's prices."""
    innhold = lagret(
        {
            **LAGRET_BISTAND,
            "forhold": [{"hjelpestoenad": 2_000, "omsorgsstoenad": 1_000}],
            "skjoennsmessigFradrag": [{"beloep": 3_000, "begrunnelse": "Høye utgifter"}],
            "husstand": [lagret_ektefelle()],
            "tjenester": [
                {"maaned": "2025-01", "art": "TIMER", "timer": 2},
                {"maaned": "2024-12", "art": "TIMER", "timer": 9},
            ],
        }
    )
    inndata = bistand(
        innhold,
        {
            BEBOER_ID: {
                "alminneligInntektFoerSaerfradrag": 6_700,
                "gevinst": 39_199,
                "tap": 88_840,
                "oppjusteringAvTap": 39_090,
            },
            EKTEFELLE_ID: {
                "alminneligInntektFoerSaerfradrag": 6_801_000,
                "gevinst": 200_000,
                "oppjusteringAvGevinst": 88_000,
                "oppjusteringAvUtbytte": 132_000,
            },
        },
    )
    svar = kalkulert("praktisk-bistand", inndata)
    assert [person["grunnlag"] for person in svar["perPerson"]] == [93_431, 6_381_000]
    assert svar["grunnlag"] == 6_474_431
    assert [maaned["egenandel"] for maaned in svar["maaneder"]] == [800]
    assert inndata.rader == {
        "/husstand/0": "/person",
        "/husstand/1": "/husstand/0",
        "/tjenester/0": "/tjenester/0",
    }


# (case with source, household, figures looked up, valg, forsoergede of the request)
FORSOERGEDE: list[tuple[str, list[dict[str, Any]], dict[str, Any], dict[str, Any], list[dict[str, Any]]]] = [
    (
        "§ 5 andre ledd: slått opp",
        [lagret_ektefelle(tenktEtterlattepensjon=250_000)],
        {EKTEFELLE_ID: {"pensjonFraFolketrygden": Decimal(180_000)}},
        {},
        [
            {
                "relasjon": "EKTEFELLE",
                "hjemmeboende": True,
                "tenktEtterlattepensjon": 250_000,
                "pensjonFraFolketrygden": 180_000,
            }
        ],
    ),
    (
        "det som er satt sammen, går foran: der er det som er ført inn, alt med",
        [lagret_ektefelle(tenktEtterlattepensjon=0, arbeidsinntekt=5)],
        {EKTEFELLE_ID: {"arbeidsinntekt": Decimal(9), "pensjonFraFolketrygden": Decimal(7)}},
        {},
        [
            {
                "relasjon": "EKTEFELLE",
                "hjemmeboende": True,
                "tenktEtterlattepensjon": 0,
                "arbeidsinntekt": 9,
                "pensjonFraFolketrygden": 7,
            }
        ],
    ),
    ("§ 5 første ledd: bor ikke hjemme", [lagret_ektefelle(hjemmeboende=False)], {}, {}, []),
    ("§ 5 første ledd: begge på institusjon", [lagret_ektefelle(betalerLangtidsegenandel=True)], {}, {}, []),
    (
        "valg: samboer gir ikke fradrag",
        [{"person": {"personId": SAMBOER_ID}, "relasjon": "SAMBOER"}],
        {},
        {"samboerSomEktefelle": False},
        [],
    ),
    (
        "§ 5 første ledd: barn gir fradrag hvor det enn bor",
        [
            {
                "relasjon": "BARN_UNDER_18",
                "hjemmeboende": False,
                "tenktEtterlattepensjon": 40_000,
                "arbeidsinntekt": 0,
                "pensjonFraFolketrygden": 0,
            }
        ],
        {},
        {},
        [
            {
                "relasjon": "BARN_UNDER_18",
                "hjemmeboende": False,
                "tenktEtterlattepensjon": 40_000,
                "arbeidsinntekt": 0,
                "pensjonFraFolketrygden": 0,
            }
        ],
    ),
    (
        "ikke lenger i husstanden",
        [lagret_ektefelle(til="2025-02-28")],
        {},
        {},
        [],
    ),
]


@pytest.mark.parametrize(
    ("husstand", "slaatt_opp", "valg", "ventet"),
    [rad[1:] for rad in FORSOERGEDE],
    ids=[rad[0] for rad in FORSOERGEDE],
)
def test_forsoergede(
    husstand: list[dict[str, Any]],
    slaatt_opp: dict[str, Any],
    valg: dict[str, Any],
    ventet: list[dict[str, Any]],
) -> None:
    innhold = lagret({**LAGRET_LANGTID, "opphold": [OPPHOLD], "husstand": husstand})
    inndata = langtid(innhold, forsoergede=slaatt_opp, **valg)
    assert inndata.inn is not None
    assert inndata.inn["forsoergede"] == ventet
    assert kalkulert("langtidsopphold", inndata)["aar"] == 2025


# (what is unknown, document, persons with figures, code and person of what stops)
UKJENT: list[tuple[str, dict[str, Any], list[str], tuple[str, str]]] = [
    ("beboeren", LAGRET_LANGTID, [], ("GRUNNLAG_MANGLER", BEBOER_ID)),
    (
        "ektefellens inntekt",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(tenktEtterlattepensjon=1)]},
        [BEBOER_ID],
        ("GRUNNLAG_MANGLER", EKTEFELLE_ID),
    ),
    (
        "ektefellens tenkte etterlattepensjon",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle()]},
        [BEBOER_ID, EKTEFELLE_ID],
        ("TENKT_ETTERLATTEPENSJON_MANGLER", EKTEFELLE_ID),
    ),
    ("mottakeren", LAGRET_BISTAND, [], ("GRUNNLAG_MANGLER", BEBOER_ID)),
    (
        "ektefellen i husstanden",
        {**LAGRET_BISTAND, "husstand": [lagret_ektefelle()]},
        [BEBOER_ID],
        ("GRUNNLAG_MANGLER", EKTEFELLE_ID),
    ),
    (
        "barnet hjelpen skyldes",
        {
            **LAGRET_BISTAND,
            "husstand": [
                {
                    "person": {"personId": BARN_ID},
                    "relasjon": "BARN_UNDER_18",
                    "hjelpenSkyldesBarnetsBehov": True,
                }
            ],
        },
        [BEBOER_ID],
        ("GRUNNLAG_MANGLER", BARN_ID),
    ),
]


@pytest.mark.parametrize(
    ("inn", "kjente", "ventet"), [rad[1:] for rad in UKJENT], ids=[rad[0] for rad in UKJENT]
)
def test_det_ukjente_blir_aldri_null(inn: dict[str, Any], kjente: list[str], ventet: tuple[str, str]) -> None:
    innhold = lagret(inn)
    felter: dict[str, dict[str, Any]] = {person: {} for person in kjente}
    if inn["tjeneste"] == "LANGTIDSOPPHOLD":
        inndata = langtid(innhold, grunnlag=GRUNNLAG if kjente else None, forsoergede=felter)
    else:
        inndata = bistand(innhold, felter)
    assert inndata.inn is None
    assert koder(inndata) == [ventet]
    assert [str(v.alvor) for v in inndata.varsler] == ["STOPP"]


def test_den_som_ikke_regnes_med_er_verken_null_eller_med() -> None:
    """§ 10 fjerde ledd."""
    innhold = lagret(
        {
            **LAGRET_BISTAND,
            "forhold": [{"betalerLangtidsegenandel": True}],
            "husstand": [lagret_ektefelle(avkortetYtelseBorteFraHjemmet=True)],
        }
    )
    inndata = bistand(innhold, {})
    svar = kalkulert("praktisk-bistand", inndata)
    assert [person["medregnet"] for person in svar["perPerson"]] == [False]
    assert koder(inndata) == [("IKKE_MEDREGNET", BEBOER_ID), ("IKKE_MEDREGNET", EKTEFELLE_ID)]
    assert "INGEN_MEDREGNET" in {v["kode"] for v in svar["varsler"]}


PRISER = {
    "A": [
        (date(2025, 7, 1), Decimal(300)),
        (date(2020, 1, 1), Decimal(100)),
        (date(2025, 4, 1), Decimal(200)),
    ],
    "NY": [(date(2025, 4, 1), Decimal(200))],
    "LIK": [(date(2020, 1, 1), Decimal(100)), (date(2025, 4, 1), Decimal(100))],
}


# (case, stay, rows as (fra, til, price), institutions without a price from)
DELT: list[tuple[str, dict[str, Any], list[tuple[str, str | None, int | None]], list[str]]] = [
    (
        "prisen endres to ganger i året",
        {**OPPHOLD, "institusjon": "A"},
        [("2024-01-10", "2025-03-31", 100), ("2025-04-01", "2025-06-30", 200), ("2025-07-01", None, 300)],
        [],
    ),
    (
        "bare endringer mens oppholdet varer",
        {**OPPHOLD, "fra": "2025-04-01", "til": "2025-06-30", "institusjon": "A"},
        [("2025-04-01", "2025-06-30", 200)],
        [],
    ),
    (
        "siste dag har ny pris",
        {**OPPHOLD, "til": "2025-04-01", "institusjon": "A"},
        [("2024-01-10", "2025-03-31", 100), ("2025-04-01", "2025-04-01", 200)],
        [],
    ),
    ("samme pris på nytt", {**OPPHOLD, "institusjon": "LIK"}, [("2024-01-10", None, 100)], []),
    (
        "uten pris før den første",
        {**OPPHOLD, "institusjon": "NY"},
        [("2024-01-10", "2025-03-31", None), ("2025-04-01", None, 200)],
        ["1.1.2025"],
    ),
    (
        "uten pris i det hele tatt",
        {**OPPHOLD, "institusjon": "UKJENT"},
        [("2024-01-10", None, None)],
        ["1.1.2025"],
    ),
    (
        "avlastning har ikke noe tak",
        {**OPPHOLD, "art": "AVLASTNING", "institusjon": "UKJENT"},
        [("2024-01-10", None, None)],
        [],
    ),
    (
        "et opphold i fjor trenger ingen pris",
        {**OPPHOLD, "til": "2024-12-31", "institusjon": "UKJENT"},
        [("2024-01-10", "2024-12-31", None)],
        [],
    ),
    ("beløpet står i saken", {**OPPHOLD, "oppholdsutgiftPerMaaned": 7}, [("2024-01-10", None, 7)], []),
    ("et opphold til neste år er ikke med", {**OPPHOLD, "fra": "2026-01-01", "institusjon": "A"}, [], []),
]


@pytest.mark.parametrize(
    ("opphold", "rader", "uten"), [rad[1:] for rad in DELT], ids=[rad[0] for rad in DELT]
)
def test_opphold_deles_der_prisen_endres(
    opphold: dict[str, Any], rader: list[tuple[str, str | None, int | None]], uten: list[str]
) -> None:
    inndata = langtid(lagret({**LAGRET_LANGTID, "opphold": [opphold]}), priser=PRISER)
    assert inndata.inn is not None
    assert [
        (r["fra"], r.get("til"), r.get("oppholdsutgiftPerMaaned")) for r in inndata.inn["opphold"]
    ] == rader
    varsler = [v.tekst for v in inndata.varsler if v.kode == "INSTITUSJON_UTEN_OPPHOLDSUTGIFT"]
    assert len(varsler) == len(uten)
    assert all(dag in tekst for dag, tekst in zip(uten, varsler, strict=True))
    kalkulert("langtidsopphold", inndata)


def test_sykehus_deles_med_oppholdet_og_kuttes_ved_aarets_slutt() -> None:
    innhold = lagret(
        {
            **LAGRET_LANGTID,
            "opphold": [
                {**OPPHOLD, "institusjon": "A", "fravaer": [{"fra": "2025-03-25", "til": "2025-03-28"}]}
            ],
            "sykehusopphold": [
                {"fra": "2024-01-01", "til": "2024-01-12"},
                {"fra": "2025-03-27", "til": "2025-04-02"},
                {"fra": "2025-12-20"},
            ],
        }
    )
    borte = {
        r["fra"]: r.get("fravaer")
        for r in (langtid(innhold, priser=PRISER, sykehusdoegn_betales=False).inn or {})["opphold"]
    }
    assert borte == {
        "2024-01-10": [
            {"fra": "2024-01-10", "til": "2024-01-12"},
            {"fra": "2025-03-25", "til": "2025-03-31"},
        ],
        "2025-04-01": [{"fra": "2025-04-01", "til": "2025-04-02"}],
        "2025-07-01": [{"fra": "2025-12-20", "til": "2025-12-31"}],
    }
    betalt = [r.get("fravaer") for r in (langtid(innhold, priser=PRISER).inn or {})["opphold"]]
    assert betalt == [[{"fra": "2025-03-25", "til": "2025-03-28"}], None, None]


def test_virkning_maa_vaere_i_aaret() -> None:
    innhold = lagret(LAGRET_LANGTID)
    with pytest.raises(ValueError, match="virkningFra"):
        langtid_inn(
            innhold,
            2024,
            MARS,
            grunnlagsfelter=GRUNNLAG,
            forsoergetfelter={},
            valg={},
            oppholdsutgift=lambda _: [],
        )


def test_hver_dag_koster_det_den_ville_kostet_med_dagens_pris_hele_aaret() -> None:
    """A divided stay is the same stay: on random stays, priced by institution and by the price of the day."""
    for navn, inn, _ in tilfeller():
        r, aar = Random(navn), inn["aar"]
        priser = prisliste(r, aar)
        uten_pris = [
            {k: v for k, v in o.items() if k != "oppholdsutgiftPerMaaned"}
            for o in inn["opphold"]
            if "antall" not in o
        ]
        sak = lagret({**LAGRET_LANGTID, "opphold": [{**o, "institusjon": "A"} for o in uten_pris]})
        delt = _beregnet(inn, sak, aar, {"A": priser})
        per_pris: dict[Decimal | None, Any] = {}
        for dag, periode in dag_for_dag(delt).items():
            pris = next((beloep for fra, beloep in sorted(priser, reverse=True) if fra <= dag), None)
            if pris not in per_pris:
                fast = [o if pris is None else {**o, "oppholdsutgiftPerMaaned": pris} for o in uten_pris]
                per_pris[pris] = dag_for_dag(
                    fra_json(kalkuler("langtidsopphold", skriv_json({**inn, "opphold": fast}), False))
                )
            assert periode == per_pris[pris][dag], f"{navn}: {dag}"


def test_sykehusdoegn_som_ikke_betales_endrer_ingen_andre_doegn() -> None:
    for navn, inn, med_besoek in tilfeller():
        # A visit's row is the whole month, and would hide the days of a stay.
        innhold = replace(med_besoek, opphold=tuple(o for o in med_besoek.opphold if not o.art.er_besoek))
        med = dag_for_dag(_beregnet(inn, innhold, inn["aar"], {}))
        uten = dag_for_dag(_beregnet(inn, innhold, inn["aar"], {}, sykehusdoegn_betales=False))
        assert med.keys() == uten.keys(), navn
        for dag, periode in med.items():
            paa_sykehus = any(s.fra <= dag <= (s.til or dag) for s in innhold.sykehusopphold)
            if paa_sykehus and periode["grunnlag"] in {"PARAGRAF_3", "PARAGRAF_4"}:
                assert uten[dag]["grunnlag"] == "FRAVAER", f"{navn}: {dag}"
            else:
                assert uten[dag] == periode, f"{navn}: {dag}"


def _beregnet(
    inn: dict[str, Any],
    innhold: LagretSaksinnhold,
    aar: int,
    priser: Mapping[str, list[tuple[date, Decimal]]],
    sykehusdoegn_betales: bool = True,
) -> Any:
    felter: dict[str, Any] = {
        navn: inn[navn] for navn in ("inntekter", "skatt", "gjeldsrenter") if navn in inn
    }
    inndata = langtid(
        innhold, date(aar, 1, 1), felter, None, priser, sykehusdoegn_betales, **inn.get("valg", {})
    )
    assert inndata.inn is not None
    # Dependants are not in these saker; what they change has nothing to do with days.
    hele = {
        **inndata.inn,
        "forsoergede": inn.get("forsoergede", []),
        "skjoennsmessigFradrag": inn.get("skjoennsmessigFradrag", []),
    }
    return fra_json(kalkuler("langtidsopphold", skriv_json(hele), forklar=False))
