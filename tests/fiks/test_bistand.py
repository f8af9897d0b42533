"""The answers for praktisk bistand, v1 and v2: the same sums."""

import asyncio
from datetime import date
from typing import Any, Final

import pytest

from app.calc.kontrakt.json_tekst import skriv_json
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.syntetisk import personidentifikator
from app.services.mangler import Grunn
from app.services.oppslag import Hentet
from tests.fiks.verden import V1, V2, Tenkt, hentet, mot_sandkassen, program, spoer, uten
from tests.integrasjon.verden import ident, ny_sandkasse

MOTTAKER: Final = personidentifikator(date(1946, 4, 4), 10)
ANNEN: Final = personidentifikator(date(1949, 4, 4), 10)

ALMINNELIG: Final = "alminneligInntektFoerSaerfradrag"
HJELP: Final = "nav.hjelpestoenadFraFolketrygden"
OMSORG: Final = "nav.omsorgsloennEtterHelseOgOmsorgstjenesteloven"
SKJOENN: Final = "kommune.skjoennsmessigeFradrag"


@pytest.fixture(scope="module")
def sandkasse() -> Sandkasse:
    return ny_sandkasse()


def poster(**manuelle: int) -> list[dict[str, Any]]:
    navn = {"hjelp": HJELP, "omsorg": OMSORG, "skjoenn": SKJOENN}
    return [
        {"tekniskNavn": navn[felt], "visningstekst": "Fradrag 1", "beloep": beloep}
        for felt, beloep in manuelle.items()
    ]


def v1(*personer: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "inntektsaar": 2024,
        "personer": [
            {"identifikator": nummer, "type": type_, "ekstraposter": ekstra}
            for nummer, type_, ekstra in personer
        ],
    }


def som_v2(kropp: dict[str, Any], form: str = "poster") -> dict[str, Any]:
    """The same request on the old form, amounts as texts."""

    def gamle(ekstraposter: list[dict[str, Any]], valgt: Any) -> list[dict[str, Any]]:
        return [
            {"tekniskNavn": p["tekniskNavn"], "visningsnavn": p["visningstekst"], "beloep": str(p["beloep"])}
            for p in ekstraposter
            if valgt(p["tekniskNavn"])
        ]

    def listene(ekstra: list[dict[str, Any]]) -> dict[str, Any]:
        if form == "poster":
            return {"poster": gamle(ekstra, lambda _: True)}
        return {
            "navPoster": gamle(ekstra, lambda navn: navn.startswith("nav.")),
            "kommunePoster": [
                {felt: verdi for felt, verdi in post.items() if felt != "tekniskNavn"}
                for post in gamle(ekstra, lambda navn: navn.startswith("kommune."))
            ],
        }

    return {
        "inntektsaar": str(kropp["inntektsaar"]),
        "soekere": [
            {"personidentifikator": p["identifikator"], "personType": p["type"], **listene(p["ekstraposter"])}
            for p in kropp["personer"]
        ],
    }


def begge(svar: dict[str, Hentet], kropp: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The v1 and the v2 answer."""

    async def alt() -> tuple[dict[str, Any], dict[str, Any]]:
        app = program(Tenkt(svar))
        ny = await spoer(app, f"{V1}/beregning/praktisk-bistand", kropp)
        gammel = await spoer(app, V2, som_v2(kropp))
        assert (ny.status_code, gammel.status_code) == (200, 200), (ny.text, gammel.text)
        return ny.json(), gammel.json()

    return asyncio.run(alt())


def test_ks_september_2023(sandkasse: Sandkasse) -> None:
    """KS' documentation: 93 431 and 6 381 000, household 6 474 431."""
    kropp = v1(
        (ident(sandkasse, "ks-bistand-soeker"), "SOEKER", poster(hjelp=2_000, omsorg=1_000, skjoenn=3_000)),
        (ident(sandkasse, "ks-bistand-ektefelle"), "EKTEFELLE", []),
    ) | {"inntektsaar": 2021}
    ny = mot_sandkassen(sandkasse, f"{V1}/beregning/praktisk-bistand", kropp).json()
    assert ny["beregningsbeloep"] == 6_474_431
    for form in ("poster", "to lister"):
        gammel = mot_sandkassen(sandkasse, V2, som_v2(kropp, form)).json()
        assert [p["beloep"] for p in gammel["summertSkattegrunnlagPersoner"]] == [93_431, 6_381_000]
        assert gammel["samletBeloep"] == 6_474_431
        assert [
            (linje["navn"], linje["operasjon"], linje["beloep"]) for linje in gammel["samletGrunnlag"]
        ] == [
            ("1", "ADDERE", 6_807_700),
            ("2", "SUBTRAHERE", 200_000),
            ("3", "SUBTRAHERE", 127_199),
            ("4", "ADDERE", 88_840),
            ("5", "ADDERE", 39_090),
            ("7", "SUBTRAHERE", 132_000),
            (HJELP.upper(), "ADDERE", 2_000),
            (OMSORG.upper(), "SUBTRAHERE", 1_000),
            (SKJOENN.upper(), "SUBTRAHERE", 3_000),
        ]


FORTEGN = [
    # Source: § 10 første ledd tredje punktum, and KS' example of September 2023.
    (poster(hjelp=10), 100_010),
    (poster(omsorg=10), 99_990),
    (poster(skjoenn=10), 99_990),
    (poster(hjelp=5, omsorg=7, skjoenn=11), 99_987),
    ([*poster(skjoenn=10), *poster(skjoenn=20)], 99_970),
]


@pytest.mark.parametrize(("manuelle", "sum_"), FORTEGN)
def test_manuelle_poster(manuelle: list[dict[str, Any]], sum_: int) -> None:
    ny, gammel = begge({MOTTAKER: hentet({ALMINNELIG: 100_000})}, v1((MOTTAKER, "SOEKER", manuelle)))
    assert ny["beregningsbeloep"] == gammel["samletBeloep"] == sum_
    for post in manuelle:
        assert post["tekniskNavn"] in skriv_json(ny)


def test_negativt_grunnlag_er_negativt() -> None:
    """The household is a plain sum (KS' arithmetic; § 10 has no floor per person)."""
    ny, gammel = begge(
        {MOTTAKER: hentet({ALMINNELIG: -40_000}), ANNEN: hentet({ALMINNELIG: 90_000})},
        v1((MOTTAKER, "SOEKER", []), (ANNEN, "EKTEFELLE", [])),
    )
    assert ny["beregningsbeloep"] == gammel["samletBeloep"] == 50_000
    assert ny["fradrag"] is None
    assert "EA-HUSSTAND" not in skriv_json(ny)


@pytest.mark.parametrize("type_", ["ANNET", "BARN"])
def test_den_som_kanskje_ikke_hoerer_til_husstanden_nevnes(type_: str) -> None:
    ny, gammel = begge(
        {MOTTAKER: hentet({ALMINNELIG: 100_000}), ANNEN: hentet({ALMINNELIG: 1_000})},
        v1((MOTTAKER, "SOEKER", []), (ANNEN, type_, [])),
    )
    assert ny["beregningsbeloep"] == 101_000
    assert [m["kode"] for m in ny["feilmeldinger"]] == ["SI-01", "EA-HUSSTAND"]
    assert gammel["summertSkattegrunnlagPersoner"][1]["skattFeilmelding"].startswith("EA-HUSSTAND: Person 2")


UKJENT = [
    (uten(Grunn.SKJERMET), "EA-SKJERMET", True),
    (hentet({"alderspensjonFraFolketrygden": 200_000}), "EA-ALMINNELIG_INNTEKT_MANGLER", False),
]


@pytest.mark.parametrize(("svar", "kode", "skjermet"), UKJENT)
def test_ukjent_er_aldri_null(svar: Hentet, kode: str, skjermet: bool) -> None:
    ny, gammel = begge(
        {MOTTAKER: hentet({ALMINNELIG: 100_000}), ANNEN: svar},
        v1((MOTTAKER, "SOEKER", []), (ANNEN, "EKTEFELLE", poster(hjelp=10))),
    )
    assert (ny["beregningsbeloep"], ny["inntekt"]["beloep"], gammel["samletBeloep"]) == (None, None, None)
    assert [p["beloep"] for p in gammel["summertSkattegrunnlagPersoner"]] == [100_000, None]
    assert kode in [m["kode"] for m in ny["feilmeldinger"]]
    assert kode in gammel["summertSkattegrunnlagPersoner"][1]["skattFeilmelding"]
    assert ny["personer"][1]["skjermet"] is skjermet
    assert gammel["summertSkattegrunnlagPersoner"][1]["skjermet"] is skjermet


def test_post_som_venter_er_vist_og_nevnt_og_ikke_regnet_med() -> None:
    ny, gammel = begge(
        {MOTTAKER: hentet({ALMINNELIG: 100_000, "enHeltNyPost": 9_000})}, v1((MOTTAKER, "SOEKER", []))
    )
    assert ny["beregningsbeloep"] == gammel["samletBeloep"] == 100_000
    vist = {p["tekniskNavn"]: p["beloep"] for g in ny["visningsposter"] for p in g["poster"]}
    assert vist == {ALMINNELIG: 100_000, "enHeltNyPost": 9_000}
    assert "EA-UKJENT-POST" in [m["kode"] for m in ny["feilmeldinger"]]
    assert "EA-UKJENT-POST" in gammel["summertSkattegrunnlagPersoner"][0]["skattFeilmelding"]
