"""Two calculations side by side: every difference has its explanation, read from what is stored with the two."""

from typing import Any, Final

import pytest

from app.services.sak.persondeler import persondeler
from tests.saker.historie import SAKER, Historie, Json, bistandssak

HVEM: Final = "uten-oppgjoer"
FORKLARINGER: Final = ("tall", "poster", "mangler", "innhold", "oppsett", "satser", "versjoner")


def sammenlign(h: Historie, sak_id: str, ny: Json, gammel: Json, status: int = 200) -> Any:
    sti = f"{SAKER}/{sak_id}/beregninger/{ny['id']}/sammenligning?med={gammel['id']}"
    return h.les(sti, status)


def forklart(svar: Json) -> set[str]:
    return {navn for navn in FORKLARINGER if svar[navn]}


def test_to_like_er_like(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_, foerste = svar["sak"]["id"], svar["beregning"]
    andre = h.beregn(id_, 2025)
    s = sammenlign(h, id_, andre, foerste)
    assert (s["lik"], s["sum"], forklart(s)) == (True, 0, set())
    assert (s["ny"]["id"], s["gammel"]["id"]) == (andre["id"], foerste["id"])
    assert [rad["differanse"] for rad in s["maaneder"]] == [0] * 12
    assert h.register(hvem="enslig-pensjonist", sak_id=id_)[-1]["handling"] == "BEREGNING_LEST"


def test_et_nytt_oppgjoer_forklares_med_postene_kilden_og_aaret(h: Historie) -> None:
    svar = h.langtid(HVEM, 2025)
    id_, foreloepig = svar["sak"]["id"], svar["beregning"]
    assert foreloepig["foreloepig"]
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=360000)
    endelig = h.beregn(id_, 2025, grunnlag="NYTT")
    s = sammenlign(h, id_, endelig, foreloepig)
    assert not s["lik"]
    assert s["sum"] == endelig["egenandelAar"] - foreloepig["egenandelAar"]
    (tall,) = [rad for rad in s["tall"] if rad["felt"] == "/inntekter/pensjonFraFolketrygden"]
    assert (tall["endring"], tall["ny"], tall["gammeltOpphav"], tall["nyttOpphav"]) == (
        *("ENDRET", 360000),
        *("VIDEREFOERT", "OPPGJOER"),
    )
    assert (tall["gammeltInntektsaar"], tall["nyttInntektsaar"]) == (2024, 2025)
    (post,) = [rad for rad in s["poster"] if rad["post"] == "alderspensjonFraFolketrygden"]
    assert (post["endring"], post["ny"], post["personId"]) == ("ENDRET", 360000, tall["personId"])
    assert "2024" in post["gammelKilde"]
    assert "2025" in post["nyKilde"]
    assert forklart(s) <= {"tall", "poster", "mangler"}


def test_et_oppgitt_beloep_er_lagt_til_og_tatt_bort(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_, uten = svar["sak"]["id"], svar["beregning"]
    h.beloep(id_, 2025, "/inntekter/privatPensjon", 60000)
    med = h.beregn(id_, 2025)
    for ny, gammel, endring, tall in ((med, uten, "LAGT_TIL", "ny"), (uten, med, "FJERNET", "gammel")):
        s = sammenlign(h, id_, ny, gammel)
        assert [(rad["felt"], rad["endring"], rad[tall]) for rad in s["tall"]] == [
            ("/inntekter/privatPensjon", endring, 60000)
        ]
        assert [(rad["felt"], rad["endring"], rad[tall]) for rad in s["poster"]] == [
            ("/inntekter/privatPensjon", endring, 60000)
        ]
        assert forklart(s) == {"tall", "poster"}


def endret(h: Historie, sak: Json, **felter: Any) -> None:
    innhold = {navn: verdi for navn, verdi in sak["innhold"].items() if verdi is not None}
    h.faa(
        200,
        "PUT",
        f"{SAKER}/{sak['id']}",
        {**innhold, **felter},
        hoder={"If-Match": f'"{sak["versjon"]}"'},
    )


def test_oppholdet_og_husstanden_er_endret(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    sak, foer = svar["sak"], svar["beregning"]
    ektefelle = {
        "person": h.person("ektepar-hjemme"),
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 400000,
    }
    endret(
        h,
        sak,
        husstand=[ektefelle],
        opphold=[{"art": "LANGTID", "fra": "2024-01-01", "til": "2025-10-31", "institusjon": "solbakken"}],
    )
    etter = h.beregn(sak["id"], 2025)
    s = sammenlign(h, sak["id"], etter, foer)
    rader = {(rad["del"], rad["endring"]): rad["felter"] for rad in s["innhold"]}
    assert rader[("opphold", "ENDRET")] == [{"felt": "til", "gammel": None, "ny": "2025-10-31"}]
    husstand = {rad["felt"]: rad["ny"] for rad in rader[("husstand", "LAGT_TIL")]}
    assert husstand["relasjon"] == "EKTEFELLE"
    assert husstand["tenktEtterlattepensjon"] == "400000"
    # Hers are told as hers, his as his.
    hennes = husstand["person/personId"]
    assert {rad["personId"] for rad in s["tall"]} == {hennes}
    assert {rad["personId"] for rad in s["poster"]} == {hennes}
    november = next(rad for rad in s["maaneder"] if rad["maaned"] == "2025-11")
    assert (november["ny"], november["differanse"]) == (None, -november["gammel"])


def test_en_ufullstendig_sier_hva_som_mangler_og_ingen_differanse(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    sak, foer = svar["sak"], svar["beregning"]
    skjermet = {"person": h.person("skjermet-helt"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0}
    endret(h, sak, husstand=[skjermet])
    etter = h.beregn(sak["id"], 2025)
    assert etter["tilstand"] == "UFULLSTENDIG"
    s = sammenlign(h, sak["id"], etter, foer)
    assert {(rad["endring"], rad["grunn"]) for rad in s["mangler"]} == {("LAGT_TIL", "SKJERMET")}
    assert s["sum"] is None
    assert all(rad["gammel"] > 0 and rad["ny"] is None and rad["differanse"] is None for rad in s["maaneder"])


def test_kommunens_priser_er_endret(h: Historie) -> None:
    svar = h.ny_sak(bistandssak(h.person("enslig-pensjonist"), 2026))
    id_, foer = svar["sak"]["id"], svar["beregning"]
    oppsett = h.send("GET", "/api/v1/kommune/oppsett")
    dokument = oppsett.json()["oppsett"]
    for register in dokument["prisregister"]:
        for trinn in register["trinn"]:
            if trinn.get("fastprisPerMaaned") is not None:
                trinn["fastprisPerMaaned"] = trinn["fastprisPerMaaned"] - 1
    etag = oppsett.headers["etag"]
    ny_etag = h.send("PUT", "/api/v1/kommune/oppsett", dokument, hoder={"If-Match": etag})
    assert ny_etag.status_code == 200, ny_etag.text
    try:
        etter = h.beregn(id_, 2026)
        s = sammenlign(h, id_, etter, foer)
        assert forklart(s) == {"oppsett"}
        assert all("fastprisPerMaaned" in rad["felt"] and rad["endring"] == "ENDRET" for rad in s["oppsett"])
        assert s["ny"]["oppsettVersjon"] > s["gammel"]["oppsettVersjon"]
    finally:
        h.send(
            "PUT",
            "/api/v1/kommune/oppsett",
            oppsett.json()["oppsett"],
            hoder={"If-Match": ny_etag.headers["etag"]},
        )


def test_to_aar_kan_ikke_sammenlignes(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_, foerste = svar["sak"]["id"], svar["beregning"]
    annet = h.beregn(id_, 2026)
    assert sammenlign(h, id_, annet, foerste, 409)["kode"] == "ulike-aar"
    assert sammenlign(h, id_, foerste, svar["sak"], 404)["type"].endswith("finnes-ikke")


@pytest.mark.parametrize(
    ("pekere", "personer", "ventet"),
    [
        (
            ["/inntekter/a", "/forsoergede/0/b", "/forsoergede/1/b"],
            [("p1", ["/inntekter/a"]), ("p2", ["/b"]), ("p3", ["/b"])],
            {
                "/inntekter/a": ("p1", "/inntekter/a"),
                "/forsoergede/0/b": ("p2", "/b"),
                "/forsoergede/1/b": ("p3", "/b"),
            },
        ),
        # The first dependant has no reference, and other fields than the second.
        (
            ["/forsoergede/0/arbeidsinntekt", "/forsoergede/1/b"],
            [("p2", ["/b"])],
            {
                "/forsoergede/0/arbeidsinntekt": (None, "/arbeidsinntekt"),
                "/forsoergede/1/b": ("p2", "/b"),
            },
        ),
    ],
)
def test_hvem_sine_tallene_er(
    pekere: list[str], personer: list[tuple[str, list[str]]], ventet: dict[str, tuple[str | None, str]]
) -> None:
    svar = [{"personId": id_, "felter": [{"felt": felt} for felt in felter]} for id_, felter in personer]
    assert persondeler(dict.fromkeys(pekere), svar) == ventet
