"""What the document accepts, and every fault with its place."""

from dataclasses import fields
from typing import Any

import pytest

from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import camel
from app.calc.poster.typer import Gruppe
from app.services.kommuneoppsett.dokument import Fremskriving, les_oppsett
from tests.services.kommuneoppsett.dokumenter import HJEM, MINSTE, PRISER, Json, oppsett


def feil_i(raa: Any) -> list[tuple[str, str]]:
    with pytest.raises(KontraktFeilError) as feil:
        les_oppsett(raa)
    assert all(f.detail.endswith(".") for f in feil.value.feil)
    return [(f.pointer, f.kode) for f in feil.value.feil]


def valg(fra: str = "2025-01-01", **langtidsvalg: Any) -> Json:
    return {"gjelderFra": fra, "langtidsvalg": langtidsvalg}


def hjem(*utgifter: tuple[str, int], **mer: Any) -> Json:
    rader = [{"gjelderFra": fra, "beloepPerMaaned": beloep} for fra, beloep in utgifter]
    return {**HJEM, "oppholdsutgift": rader, **mer}


@pytest.mark.parametrize(
    ("endring", "feil"),
    [
        # Who it is, and what it offers.
        ({"organisasjonsnummer": "310000001"}, [("/organisasjonsnummer", "ugyldig-organisasjonsnummer")]),
        ({"organisasjonsnummer": "31000000"}, [("/organisasjonsnummer", "ugyldig-organisasjonsnummer")]),
        ({"organisasjonsnummer": 310000000}, [("/organisasjonsnummer", "ugyldig-organisasjonsnummer")]),
        ({"navn": " "}, [("/navn", "feil-lengde")]),
        ({"maalform": "EN"}, [("/maalform", "ukjent-verdi")]),
        ({"tjenester": []}, [("/tjenester", "tom-liste")]),
        ({"tjenester": ["LEGE"]}, [("/tjenester/0", "ukjent-verdi")]),
        ({"tjenester": ["LANGTIDSOPPHOLD"] * 2}, [("/tjenester/1", "dobbel")]),
        ({"ukjent": 1}, [("/ukjent", "ukjent-felt")]),
        ({"oppbevaring": {"raasvarDoegn": 0}}, [("/oppbevaring/raasvarDoegn", "utenfor-omraadet")]),
        ({"brev": {"logo": "x"}}, [("/brev/logo", "ukjent-felt")]),
        # Choices: whole calendar years, in order, within the law every year they cover.
        ({"valg": []}, [("/valg", "tom-liste")]),
        ({"valg": [{}]}, [("/valg/0/gjelderFra", "mangler")]),
        ({"valg": [valg("2025-07-01")]}, [("/valg/0/gjelderFra", "ikke-foerste-januar")]),
        ({"valg": [valg("2012-01-01")]}, [("/valg/0/gjelderFra", "for-tidlig")]),
        ({"valg": [valg(), valg()]}, [("/valg/1/gjelderFra", "dobbel-dato")]),
        ({"valg": [valg("2026-01-01"), valg()]}, [("/valg/1/gjelderFra", "feil-rekkefoelge")]),
        ({"valg": [valg(prosentInntilG=76)]}, [("/valg/0/langtidsvalg/prosentInntilG", "over-maksimum")]),
        ({"valg": [valg(prosentOverG=86)]}, [("/valg/0/langtidsvalg/prosentOverG", "over-maksimum")]),
        ({"valg": [valg(korttidPerDoegn=201)]}, [("/valg/0/langtidsvalg/korttidPerDoegn", "over-maksimum")]),
        ({"valg": [valg(perDagEllerNatt=116)]}, [("/valg/0/langtidsvalg/perDagEllerNatt", "over-maksimum")]),
        ({"valg": [valg(nyttGFra="2026-07-01")]}, [("/valg/0/langtidsvalg/nyttGFra", "feil-aar")]),
        ({"valg": [valg(avrunding="OPP")]}, [("/valg/0/langtidsvalg/avrunding", "ukjent-verdi")]),
        (
            {"valg": [{**valg(), "fremskriving": {"arbeidsinntekt": 0}}]},
            [("/valg/0/fremskriving/arbeidsinntekt", "for-lavt")],
        ),
        (
            {"valg": [{**valg(), "bistandsvalg": {"avrunding": "OPP"}, "sykehusdoegn": "HALVT"}]},
            [("/valg/0/bistandsvalg/avrunding", "ukjent-verdi"), ("/valg/0/sykehusdoegn", "ukjent-verdi")],
        ),
        # Institutions.
        ({"institusjoner": [HJEM, HJEM]}, [("/institusjoner/1/kode", "dobbel")]),
        ({"institusjoner": [hjem()]}, [("/institusjoner/0/oppholdsutgift", "tom-liste")]),
        (
            {"institusjoner": [hjem(("2026-01-01", 1), ("2025-01-01", 2))]},
            [("/institusjoner/0/oppholdsutgift/1/gjelderFra", "feil-rekkefoelge")],
        ),
        (
            {"institusjoner": [hjem(("2026-01-01", -1))]},
            [("/institusjoner/0/oppholdsutgift/0/beloepPerMaaned", "for-lavt")],
        ),
        # Prices: whole months, in order, a whole ladder every year they cover.
        (
            {"prisregister": [{**PRISER, "gjelderFra": "2026-07-15"}]},
            [("/prisregister/0/gjelderFra", "ikke-foerste-i-maaneden")],
        ),
        (
            {"prisregister": [{**PRISER, "gjelderFra": "2012-12-01"}]},
            [("/prisregister/0/gjelderFra", "for-tidlig")],
        ),
        ({"prisregister": [PRISER, PRISER]}, [("/prisregister/1/gjelderFra", "dobbel-dato")]),
        (
            {"prisregister": [{**PRISER, "trinn": [{"fraG": 3, "timepris": 1}]}]},
            [("/prisregister/0/trinn/0", "hull-i-trinn")],
        ),
        (
            {"prisregister": [{**PRISER, "trinn": [{"fraG": 0, "tilG": 9, "timepris": 1}]}]},
            [("/prisregister/0/trinn/0", "hull-i-trinn")],
        ),
        (
            {"prisregister": [{**PRISER, "trinn": [{"fraG": 0}]}]},
            [("/prisregister/0/trinn/0", "trinn-uten-pris")],
        ),
        (
            {"prisregister": [{**PRISER, "friMaaneder": [13]}]},
            [("/prisregister/0/friMaaneder/0", "utenfor-omraadet")],
        ),
        ({"prisregister": [{**PRISER, "timepris": 1}]}, [("/prisregister/0/timepris", "ukjent-felt")]),
        # All at once.
        (
            {
                "organisasjonsnummer": "1",
                "valg": [valg("2025-02-01", prosentOverG=90), valg("2025-01-01")],
                "prisregister": [
                    {**PRISER, "gjelderFra": "2026-01-02", "trinn": [{"fraG": 3, "timepris": 1}]}
                ],
                "institusjoner": [hjem(), HJEM],
            },
            [
                ("/organisasjonsnummer", "ugyldig-organisasjonsnummer"),
                ("/valg/0/gjelderFra", "ikke-foerste-januar"),
                ("/valg/0/langtidsvalg/prosentOverG", "over-maksimum"),
                ("/prisregister/0/gjelderFra", "ikke-foerste-i-maaneden"),
                ("/prisregister/0/trinn/0", "hull-i-trinn"),
                ("/institusjoner/0/oppholdsutgift", "tom-liste"),
            ],
        ),
    ],
)
def test_feil(endring: Json, feil: list[tuple[str, str]]) -> None:
    assert feil_i({**MINSTE, **endring}) == feil


def test_en_stige_i_kroner_maa_vaere_hel_hvert_aar_den_dekker() -> None:
    """2 G was 248 056 kroner in January 2025 and 260 320 in 2026; the gap is below 2 G only then."""
    trinn = [{"fraKroner": 0, "tilKroner": 240_000, "timepris": 1}, {"fraKroner": 255_000, "timepris": 2}]
    register = {**PRISER, "gjelderFra": "2026-01-01", "trinn": trinn}
    assert oppsett(prisregister=[register])
    tidligere = {**register, "gjelderFra": "2025-07-01"}
    assert feil_i({**MINSTE, "prisregister": [tidligere]}) == [("/prisregister/0/trinn/1", "hull-i-trinn")]


def test_en_stige_i_g_og_kroner_kan_sprekke_et_senere_aar() -> None:
    """3 G is 372 084 kroner in 2025, when the steps meet exactly, and 390 480 in 2026."""
    trinn = [{"fraKroner": 0, "tilKroner": 372_084, "timepris": 1}, {"fraG": 3, "timepris": 2}]
    register = {**PRISER, "gjelderFra": "2025-01-01", "trinn": trinn}
    feil = [("/prisregister/0/trinn/1", "hull-i-trinn")]
    assert feil_i({**MINSTE, "prisregister": [register]}) == feil
    assert oppsett(prisregister=[register, {**PRISER, "gjelderFra": "2026-01-01"}])
    assert feil_i({**MINSTE, "prisregister": [register, {**PRISER, "gjelderFra": "2026-02-01"}]}) == feil


@pytest.mark.parametrize(
    "endring",
    [
        {"valg": [valg("2024-01-01", nyttGFra="2024-07-01"), valg("2026-01-01", nyttGFra="2026-07-01")]},
        {"valg": [valg("2030-01-01", prosentInntilG=75)]},
        {"prisregister": [{**PRISER, "gjelderFra": "2030-03-01"}]},
        {"prisregister": [{"gjelderFra": "2026-03-01"}]},
        {"prisregister": [PRISER, {**PRISER, "gjelderFra": "2026-02-01"}]},
        {"institusjoner": [hjem(("2020-02-29", 0), ("2026-01-01", 1))]},
        {"brev": None},
        {"brev": {}},
    ],
)
def test_lovlig(endring: Json) -> None:
    assert oppsett(**endring)


def test_pris_som_ble_lovlig_senere_er_ikke_lovlig_foer() -> None:
    """205 kroner a day is the maximum of 2026, and 200 that of 2025 (§ 4)."""
    assert oppsett(valg=[valg("2026-01-01", korttidPerDoegn=205)])
    feil = feil_i({**MINSTE, "valg": [valg("2025-01-01", korttidPerDoegn=205)]})
    assert feil == [("/valg/0/langtidsvalg/korttidPerDoegn", "over-maksimum")]


def test_fremskriving_har_forskriftens_inntektsgrupper() -> None:
    assert [camel(felt.name) for felt in fields(Fremskriving)] == list(Gruppe)
