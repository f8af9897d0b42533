"""Every fault in a request is found, with its JSON pointer, a stable code and what to do."""

import json
from typing import Any

import pytest

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.feil import KontraktFeilError, UlesbarJsonError

LANGTID = {"aar": 2025, "opphold": [{"art": "LANGTID", "fra": "2024-03-01"}]}
PB: dict[str, Any] = {"aar": 2025, "husstand": [{"rolle": "TJENESTEMOTTAKER"}]}
TIMER = {"maaned": "2025-01", "art": "TIMER", "timer": 2}


def stay(art: str, fra: str, til: str | None = None, **mer: Any) -> dict[str, Any]:
    return {"art": art, "fra": fra, **({"til": til} if til else {}), **mer}


def feil_i(art: str, inn: Any) -> list[tuple[str, str]]:
    with pytest.raises(KontraktFeilError) as feil:
        kalkuler(art, inn if isinstance(inn, str) else json.dumps(inn))
    for f in feil.value.feil:
        assert f.detail.endswith((".", "?")), f.detail
        assert len(f.detail.split(". ")) >= 1
    return [(f.pointer, f.kode) for f in feil.value.feil]


@pytest.mark.parametrize(
    ("endring", "feil"),
    [
        ({"ukjent": 1}, [("/ukjent", "ukjent-felt")]),
        ({"a/b~c": 1}, [("/a~1b~0c", "ukjent-felt")]),
        ({"aar": None}, [("/aar", "feil-type")]),
        ({"aar": "2025"}, [("/aar", "feil-type")]),
        ({"aar": 2025.5}, [("/aar", "feil-type")]),
        ({"aar": True}, [("/aar", "feil-type")]),
        ({"aar": 0}, [("/aar", "utenfor-omraadet")]),
        ({"aar": 2012}, [("/aar", "sats-mangler")]),
        ({"aar": 2027}, [("/aar", "sats-mangler")]),
        ({"inntekter": {"renteinntekt": -0.01}}, [("/inntekter/renteinntekt", "for-lavt")]),
        ({"inntekter": {"renteinntekt": 0.001}}, [("/inntekter/renteinntekt", "for-mange-desimaler")]),
        ({"inntekter": {"renteinntekt": "1"}}, [("/inntekter/renteinntekt", "feil-type")]),
        ({"inntekter": {"renteinntekt": None}}, [("/inntekter/renteinntekt", "feil-type")]),
        ({"inntekter": {"renteinntekt": 1_000_000_000_000}}, [("/inntekter/renteinntekt", "for-hoeyt")]),
        (
            {"inntekter": {"naeringsinntekt": -1_000_000_000_000}},
            [("/inntekter/naeringsinntekt", "for-lavt")],
        ),
        ({"inntekter": []}, [("/inntekter", "feil-type")]),
        ({"inntekter": {"pensjonFraFolketrygde": 1}}, [("/inntekter/pensjonFraFolketrygde", "ukjent-felt")]),
        ({"gjeldsrenter": -1}, [("/gjeldsrenter", "for-lavt")]),
        ({"opphold": {}}, [("/opphold", "feil-type")]),
        ({"opphold": [{"art": "LANGTID"}]}, [("/opphold/0/fra", "mangler")]),
        ({"opphold": [stay("HOTELL", "2025-01-01")]}, [("/opphold/0/art", "ukjent-verdi")]),
        ({"opphold": [stay("LANGTID", "2025-02-29")]}, [("/opphold/0/fra", "ugyldig-dato")]),
        ({"opphold": [stay("LANGTID", "20250301")]}, [("/opphold/0/fra", "ugyldig-dato")]),
        ({"opphold": [stay("LANGTID", "1899-12-31")]}, [("/opphold/0/fra", "ugyldig-dato")]),
        ({"opphold": [stay("LANGTID", "2025-03-02", "2025-03-01")]}, [("/opphold/0/til", "til-foer-fra")]),
        (
            {"opphold": [stay("LANGTID", "2025-03-02", medregnetFra="2025-03-03")]},
            [("/opphold/0/medregnetFra", "medregnet-etter-fra")],
        ),
        ({"opphold": [stay("DAG", "2025-03-01")]}, [("/opphold/0/antall", "mangler")]),
        ({"opphold": [stay("LANGTID", "2025-03-01", antall=2)]}, [("/opphold/0/antall", "passer-ikke")]),
        (
            {"opphold": [stay("DAG", "2025-03-31", "2025-04-01", antall=2)]},
            [("/opphold/0/til", "flere-maaneder")],
        ),
        (
            {"opphold": [stay("DAG", "2025-03-01", "2025-03-05", antall=6)]},
            [("/opphold/0/antall", "overlappende-opphold")],
        ),
        (
            {"opphold": [stay("LANGTID", "2025-01-01"), stay("DAG", "2025-03-01", antall=1)]},
            [("/opphold/1/antall", "overlappende-opphold")],
        ),
        (
            {"opphold": [stay("LANGTID", "2025-01-01", "2025-02-01"), stay("LANGTID", "2025-01-31")]},
            [("/opphold/1", "overlappende-opphold")],
        ),
        (
            {"opphold": [stay("LANGTID", "2025-01-01"), stay("KORTTID_DOEGN", "2024-12-01", "2025-01-02")]},
            [("/opphold/0", "overlappende-opphold")],
        ),
        (
            {
                "opphold": [
                    stay("DAG", "2025-03-01", antall=1, fravaer=[{"fra": "2025-03-01", "til": "2025-03-01"}])
                ]
            },
            [("/opphold/0/fravaer", "passer-ikke")],
        ),
        (
            {
                "opphold": [
                    stay(
                        "LANGTID",
                        "2025-03-02",
                        "2025-03-31",
                        fravaer=[
                            {"fra": "2025-03-01", "til": "2025-03-02"},
                            {"fra": "2025-03-31", "til": "2025-04-01"},
                            {"fra": "2025-03-11", "til": "2025-03-10"},
                            {"fra": "2025-03-20", "til": "2025-03-25"},
                            {"fra": "2025-03-25", "til": "2025-03-26"},
                        ],
                    )
                ]
            },
            [
                ("/opphold/0/fravaer/0", "utenfor-oppholdet"),
                ("/opphold/0/fravaer/1", "utenfor-oppholdet"),
                ("/opphold/0/fravaer/2/til", "til-foer-fra"),
                ("/opphold/0/fravaer/4", "overlappende-fravaer"),
            ],
        ),
        ({"valg": {"prosentInntilG": 75.01}}, [("/valg/prosentInntilG", "over-maksimum")]),
        ({"valg": {"prosentOverG": 85.01}}, [("/valg/prosentOverG", "over-maksimum")]),
        ({"valg": {"korttidPerDoegn": 200.01}}, [("/valg/korttidPerDoegn", "over-maksimum")]),
        ({"valg": {"perDagEllerNatt": 115.01}}, [("/valg/perDagEllerNatt", "over-maksimum")]),
        ({"valg": {"nyttGFra": "2024-05-01"}}, [("/valg/nyttGFra", "feil-aar")]),
        ({"valg": {"avrunding": "OPP"}}, [("/valg/avrunding", "ukjent-verdi")]),
        ({"skjoennsmessigFradrag": [{"beloep": 1}]}, [("/skjoennsmessigFradrag/0/begrunnelse", "mangler")]),
        (
            {"skjoennsmessigFradrag": [{"beloep": 1, "begrunnelse": "  "}]},
            [("/skjoennsmessigFradrag/0/begrunnelse", "feil-lengde")],
        ),
        (
            {"skjoennsmessigFradrag": [{"beloep": 1, "begrunnelse": "a\nb"}]},
            [("/skjoennsmessigFradrag/0/begrunnelse", "ugyldig-tegn")],
        ),
        ({"forsoergede": [{"relasjon": "NABO"}]}, [("/forsoergede/0/relasjon", "ukjent-verdi")]),
        (
            {"skatt": {"holdtUtenfor": [{"art": "GEVINST", "beloep": 1}]}},
            [("/skatt/alminneligInntekt", "mangler"), ("/skatt/personfradrag", "mangler")],
        ),
        (
            {"skatt": {"holdtUtenfor": [{"art": "TAP", "beloep": 1, "oppjusteringsfaktor": 0.99}]}},
            [
                ("/skatt/holdtUtenfor/0/oppjusteringsfaktor", "for-lavt"),
            ],
        ),
        (
            {"ukjent": 1, "inntekter": {"leieinntekt": -1}, "opphold": [{"art": "X"}], "aar": 2030},
            [
                ("/ukjent", "ukjent-felt"),
                ("/inntekter/leieinntekt", "for-lavt"),
                ("/opphold/0/art", "ukjent-verdi"),
                ("/opphold/0/fra", "mangler"),
                ("/aar", "sats-mangler"),
            ],
        ),
    ],
)
def test_langtid(endring: dict[str, Any], feil: list[tuple[str, str]]) -> None:
    assert sorted(feil_i("langtidsopphold", {**LANGTID, **endring})) == sorted(feil)


@pytest.mark.parametrize(
    ("endring", "feil"),
    [
        ({"husstand": []}, [("/husstand", "tjenestemottaker")]),
        ({"husstand": [{"rolle": "EKTEFELLE"}]}, [("/husstand", "tjenestemottaker")]),
        ({"husstand": [{"rolle": "TJENESTEMOTTAKER"}] * 2}, [("/husstand", "tjenestemottaker")]),
        (
            {"husstand": [{"rolle": r} for r in ("TJENESTEMOTTAKER", "EKTEFELLE", "SAMBOER")]},
            [("/husstand", "flere-partnere")],
        ),
        (
            {"husstand": [{"rolle": "TJENESTEMOTTAKER"}, {"rolle": "SOESKEN"}]},
            [("/husstand/1/rolle", "ukjent-verdi")],
        ),
        ({"husstand": [{"rolle": "TJENESTEMOTTAKER", "gevinst": -1}]}, [("/husstand/0/gevinst", "for-lavt")]),
        ({"tjenester": [{**TIMER, "maaned": "2025-13"}]}, [("/tjenester/0/maaned", "ugyldig-maaned")]),
        ({"tjenester": [{**TIMER, "maaned": "2024-12"}]}, [("/tjenester/0/maaned", "feil-aar")]),
        ({"tjenester": [{"maaned": "2025-01", "art": "TIMER"}]}, [("/tjenester/0/timer", "mangler")]),
        ({"tjenester": [{"maaned": "2025-01", "art": "TRYGGHETSALARM"}]}, [("/tjenester/0/pris", "mangler")]),
        ({"tjenester": [TIMER]}, [("/tjenester/0/pris", "pris-mangler")]),
        (
            {"tjenester": [TIMER], "prisregister": {"trinn": [{"fraG": 0, "maksPerMaaned": 100}]}},
            [("/prisregister/trinn/0/timepris", "pris-mangler")],
        ),
        (
            {
                "tjenester": [{"maaned": "2025-01", "art": "ABONNEMENT"}],
                "prisregister": {"trinn": [{"fraG": 0, "timepris": 100}]},
            },
            [("/tjenester/0/pris", "pris-mangler")],
        ),
        ({"prisregister": {"friMaaneder": [0]}}, [("/prisregister/friMaaneder/0", "utenfor-omraadet")]),
        ({"prisregister": {"friMaaneder": [13]}}, [("/prisregister/friMaaneder/0", "utenfor-omraadet")]),
        (
            {"prisendringer": [{"fraMaaned": "2026-01", "prisregister": {}}]},
            [("/prisendringer/0/fraMaaned", "feil-aar")],
        ),
        (
            {"prisendringer": [{"fraMaaned": "2025-07", "prisregister": {}}] * 2},
            [("/prisendringer/1/fraMaaned", "dobbel-maaned")],
        ),
        (
            {"prisendringer": [{"fraMaaned": "2025-07"}]},
            [("/prisendringer/0/prisregister", "mangler")],
        ),
        (
            {
                "prisendringer": [
                    {"fraMaaned": "2025-07", "prisregister": {"trinn": [{"fraG": 3, "timepris": 1}]}}
                ]
            },
            [("/prisendringer/0/prisregister/trinn/0", "hull-i-trinn")],
        ),
        (
            {
                "tjenester": [TIMER, {**TIMER, "maaned": "2025-08"}],
                "prisregister": {"trinn": [{"fraG": 0, "timepris": 100}]},
                "prisendringer": [
                    {"fraMaaned": "2025-07", "prisregister": {"trinn": [{"fraG": 0, "maksPerMaaned": 1}]}}
                ],
            },
            [("/prisendringer/0/prisregister/trinn/0/timepris", "pris-mangler")],
        ),
    ],
)
def test_praktisk_bistand(endring: dict[str, Any], feil: list[tuple[str, str]]) -> None:
    assert feil_i("praktisk-bistand", {**PB, **endring}) == feil


@pytest.mark.parametrize(
    ("trinn", "feil"),
    [
        ([{"timepris": 1}], [("/prisregister/trinn/0", "trinngrense")]),
        ([{"fraG": 0, "fraKroner": 0, "timepris": 1}], [("/prisregister/trinn/0", "trinngrense")]),
        ([{"fraG": 0, "tilKroner": 9, "timepris": 1}], [("/prisregister/trinn/0", "trinngrense")]),
        ([{"fraG": 2, "tilG": 2, "timepris": 1}], [("/prisregister/trinn/0", "trinngrense")]),
        ([{"fraG": 0}], [("/prisregister/trinn/0", "trinn-uten-pris")]),
        ([{"fraG": 0, "tilG": 5, "timepris": 1}], [("/prisregister/trinn/0", "hull-i-trinn")]),
        ([{"fraG": 2.01, "timepris": 1}], [("/prisregister/trinn/0", "hull-i-trinn")]),
        (
            [{"fraG": 0, "tilG": 3, "timepris": 1}, {"fraG": 3.01, "timepris": 1}],
            [("/prisregister/trinn/1", "hull-i-trinn")],
        ),
        (
            [{"fraG": 0, "tilG": 3, "timepris": 1}, {"fraG": 2.99, "timepris": 1}],
            [("/prisregister/trinn/1", "overlappende-trinn")],
        ),
        (
            [{"fraG": 0, "timepris": 1}, {"fraG": 3, "timepris": 1}],
            [("/prisregister/trinn/1", "overlappende-trinn")],
        ),
        (
            [{"fraKroner": 0, "tilKroner": 300_000, "timepris": 1}, {"fraKroner": 300_001, "timepris": 1}],
            [("/prisregister/trinn/1", "hull-i-trinn")],
        ),
    ],
)
def test_stigen_skal_dekke_alt_fra_2_g_uten_overlapp(
    trinn: list[dict[str, Any]], feil: list[tuple[str, str]]
) -> None:
    assert feil_i("praktisk-bistand", {**PB, "prisregister": {"trinn": trinn}}) == feil


@pytest.mark.parametrize(
    "trinn",
    [
        [{"fraG": 2, "timepris": 1}],
        [{"fraG": 0, "tilG": 1, "timepris": 1}, {"fraG": 2, "timepris": 1}],
        [{"fraG": 3, "timepris": 1}, {"fraG": 0, "tilG": 3, "timepris": 1}],
        [{"fraG": 0, "tilG": 2, "timepris": 1}, {"fraKroner": 248056, "timepris": 1}],
    ],
)
def test_lovlige_stiger(trinn: list[dict[str, Any]]) -> None:
    """A gap below 2 G is allowed, order does not matter; 2 G in January 2025 is 248 056 kroner."""
    assert kalkuler("praktisk-bistand", json.dumps({**PB, "prisregister": {"trinn": trinn}}))


@pytest.mark.parametrize(
    ("inn", "feil"),
    [
        ({"endelig": LANGTID}, [("", "foreloepig-eller-fakturert")]),
        (
            {"endelig": LANGTID, "foreloepig": LANGTID, "fakturert": []},
            [("", "foreloepig-eller-fakturert")],
        ),
        ({"foreloepig": LANGTID}, [("/endelig", "mangler")]),
        ({"endelig": LANGTID, "foreloepig": {**LANGTID, "aar": 2024}}, [("/foreloepig/aar", "feil-aar")]),
        (
            {"endelig": LANGTID, "fakturert": [{"maaned": "2024-12", "beloep": 1}]},
            [("/fakturert/0/maaned", "feil-aar")],
        ),
        (
            {"endelig": LANGTID, "fakturert": [{"maaned": "2025-12", "beloep": 1}] * 2},
            [("/fakturert/1/maaned", "dobbel-maaned")],
        ),
        (
            {"endelig": {**LANGTID, "opphold": [stay("X", "2025-01-01")]}, "fakturert": []},
            [("/endelig/opphold/0/art", "ukjent-verdi")],
        ),
        (
            {"endelig": {**LANGTID, "valg": {"prosentOverG": 90}}, "fakturert": []},
            [("/endelig/valg/prosentOverG", "over-maksimum")],
        ),
    ],
)
def test_etteroppgjoer(inn: dict[str, Any], feil: list[tuple[str, str]]) -> None:
    assert feil_i("etteroppgjoer", inn) == feil


@pytest.mark.parametrize(
    ("tekst", "pekere"),
    [
        ('{"aar":2025,"gjeldsrenter":NaN}', ["/gjeldsrenter"]),
        ('{"aar":2025,"gjeldsrenter":Infinity}', ["/gjeldsrenter"]),
        ('{"aar":2025,"gjeldsrenter":' + "9" * 5000 + "}", ["/gjeldsrenter"]),
        ('{"aar":2025,"gjeldsrenter":1e999999999}', ["/gjeldsrenter"]),
        ('{"aar":2025,"gjeldsrenter":1e-999999999}', ["/gjeldsrenter"]),
        ('{"aar":2025,"gjeldsrenter":0.1000000000000000000001}', ["/gjeldsrenter"]),
        ('{"aar":2025,"aar":2024}', ["/aar"]),
        ('{"aar":2025,"inntekter":{"leieinntekt":1,"leieinntekt":2}}', ["/inntekter/leieinntekt"]),
        ("[]", [""]),
        ("null", [""]),
        ('"tekst"', [""]),
        ("12", [""]),
    ],
)
def test_rare_tall_og_doble_felt(tekst: str, pekere: list[str]) -> None:
    assert [peker for peker, _ in feil_i("langtidsopphold", tekst)] == pekere


@pytest.mark.parametrize(
    "tall", ["100", "100.0", "100.00", "100.000", "1e2", "1E+2", "1000e-1", "10000.0e-2"]
)
def test_samme_tall_paa_flere_maater(tall: str) -> None:
    svar = kalkuler("langtidsopphold", f'{{"aar":2025,"inntekter":{{"leieinntekt":{tall}}}}}')
    assert '"beregningsgrunnlag":100,' in svar


@pytest.mark.parametrize(
    ("tekst", "melding"),
    [
        (b"", "linje 1, tegn 1"),
        (b"{", "linje 1"),
        (b'{"aar":2025,}', "linje 1"),
        (b"{'aar':2025}", "linje 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "nivåer"),
        (b'{"\\ud800":1}', "halvt Unicode-tegn"),
    ],
)
def test_ikke_json(tekst: bytes, melding: str) -> None:
    with pytest.raises(UlesbarJsonError) as feil:
        kalkuler("langtidsopphold", tekst)
    assert melding in feil.value.detail


def test_utf8_med_bom_leses() -> None:
    assert kalkuler("langtidsopphold", b'\xef\xbb\xbf{"aar":2025}')


def test_forslag_naar_et_feltnavn_er_nesten_riktig() -> None:
    with pytest.raises(KontraktFeilError) as feil:
        kalkuler("langtidsopphold", '{"aar":2025,"oppholdd":[]}')
    assert feil.value.feil[0].detail == "Feltet finnes ikke i kontrakten. Mente du opphold?"


def test_andre_i_husstanden_avvises_med_paragraf() -> None:
    with pytest.raises(KontraktFeilError) as feil:
        kalkuler("praktisk-bistand", '{"aar":2025,"husstand":[{"rolle":"MOR"},{"rolle":"TJENESTEMOTTAKER"}]}')
    assert "§ 10 tredje ledd" in feil.value.feil[0].detail


@pytest.mark.parametrize(
    ("sats", "prosent"), [("22", 22), ("0.22", 22), ("18.5", 18.5), ("0.185", 18.5), ("1", 1), ("0", 0)]
)
def test_skattesats_i_prosent_eller_som_andel(sats: str, prosent: float) -> None:
    inn = (
        f'{{"aar":2025,"skatt":{{"beregnetSkatt":90000,"skattesats":{sats},"alminneligInntekt":300000,'
        '"personfradrag":100000,"holdtUtenfor":[{"art":"TAP","beloep":1000}]}}'
    )
    assert json.loads(kalkuler("langtidsopphold", inn))["skattejustering"] == prosent * 10


def test_svaert_mange_feil_listes_ikke_alle() -> None:
    with pytest.raises(KontraktFeilError) as feil:
        kalkuler("langtidsopphold", json.dumps({f"felt{nr}": 1 for nr in range(50_000)}))
    assert (len(feil.value.feil), feil.value.antall) == (1000, 50_001)


def test_mange_besoek_og_opphold_proeves_raskt() -> None:
    """500 rows is the most a request may hold; a visit on a day shared by two stays is counted out once."""
    doegn = [stay("KORTTID_DOEGN", f"2025-01-{d:02d}", f"2025-01-{d + 1:02d}") for d in range(1, 30)]
    assert feil_i(
        "langtidsopphold", {"aar": 2025, "opphold": [*doegn, stay("DAG", "2025-01-01", antall=2)]}
    ) == [("/opphold/29/antall", "overlappende-opphold")]
    assert kalkuler(
        "langtidsopphold", json.dumps({"aar": 2025, "opphold": [*doegn, stay("DAG", "2025-01-01", antall=1)]})
    )
