"""A case through its year: a changed household, decisions that follow each other, the settlement, and a death."""

from decimal import Decimal
from typing import Any, Final

import pytest

from tests.saker.historie import SAKER, Historie, Json, bistandssak, for_haand, koder, langtidssak

HVEM: Final = "uten-oppgjoer"
"""Has no settlement for 2025 until the story lets it come."""


def foreloepig(h: Historie, **resten: Any) -> tuple[str, Json]:
    """A case for 2025 on the settlement of 2024, and its calculation."""
    svar = h.langtid(HVEM, 2025, **resten)
    assert svar["beregning"]["foreloepig"]
    return svar["sak"]["id"], svar["beregning"]


def oppgjoeret_kommer(h: Historie, pensjon: int) -> None:
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=pensjon)


def per_maaned(b: Json) -> dict[str, Decimal]:
    return {m["maaned"]: m["egenandel"] for m in b["resultat"]["maaneder"]}


def sammenlignet(ett: Json) -> dict[str, tuple[Decimal, Decimal]]:
    return {m["maaned"]: (m["foer"], m["etter"]) for m in ett["resultat"]["maaneder"]}


def ektefelle_ut_juni(h: Historie, til: str = "2025-06-15") -> list[Json]:
    """A deduction of 500 000 − 288 000 a year, until the marriage ends."""
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 500000}
    return [{**rad, "til": til}]


def test_husstanden_endres_to_beregninger_to_vedtak_og_etteroppgjoer_for_hver_del(h: Historie) -> None:
    id_, andre = foreloepig(h, husstand=ektefelle_ut_juni(h))
    # Without virkningFra: from the month after the change, with nobody to support.
    assert andre["virkningFra"] == "2025-07-01"
    assert andre["resultat"]["fradragParagraf5"] == 0
    (varsel,) = [v for v in andre["varsler"] if v["kode"] == "HUSSTAND_ENDRET"]
    assert "16.6.2025" in varsel["tekst"]
    foerste = h.beregn(id_, 2025, virkningFra="2025-01-01")
    assert foerste["resultat"]["fradragParagraf5"] == 500000 - 288000
    assert foerste["egenandelAar"] < andre["egenandelAar"]

    v1 = h.vedtak(id_, foerste, "2025-01-01")
    # The second holds from July, not before.
    feil = h.vedtak(id_, andre, "2025-06-01", 422)
    assert feil["errors"][0]["kode"] == "utenfor-beregningen"
    v2 = h.vedtak(id_, andre, "2025-07-01", erstatter=v1["id"])
    assert (v1["art"], v2["art"], v2["erstatter"]) == ("FORELOEPIG", "FORELOEPIG", v1["id"])
    assert [m["maaned"] for m in v2["maaneder"]] == [f"2025-{m:02d}" for m in range(7, 13)]

    oppgjoeret_kommer(h, 320000)
    endelig_1 = h.beregn(id_, 2025, virkningFra="2025-01-01", grunnlag="NYTT")
    endelig_2 = h.beregn(id_, 2025)
    assert not endelig_1["foreloepig"]
    assert not endelig_2["foreloepig"]
    del_1 = h.gjoer_opp(id_, 2025, beregningId=endelig_1["id"])
    del_2 = h.gjoer_opp(id_, 2025, beregningId=endelig_2["id"])
    ventet = [
        (per_maaned(foerste), per_maaned(endelig_1), range(1, 7), del_1),
        (per_maaned(andre), per_maaned(endelig_2), range(7, 13), del_2),
    ]
    for foer, etter, maaneder, ett in ventet:
        i_delen = [f"2025-{m:02d}" for m in maaneder]
        assert sammenlignet(ett) == {m: (foer[m], etter[m]) for m in i_delen}
        assert ett["resultat"]["sum"] == sum(etter[m] - foer[m] for m in i_delen)
        assert ett["resultat"]["retning"] == "SKYLDIG"
    assert [e["id"] for e in h.les(f"{SAKER}/{id_}/etteroppgjoer")] == [del_1["id"], del_2["id"]]


def test_samme_husstand_i_ny_rad_er_ingen_endring(h: Historie) -> None:
    en = ektefelle_ut_juni(h, "2025-05-31")[0]
    _, b = foreloepig(h, husstand=[en, {**en, "fra": "2025-06-01", "til": None}])
    assert "HUSSTAND_ENDRET" not in koder(b)
    assert b["virkningFra"] == "2025-01-01"


def test_virkning_er_alltid_den_foerste_i_en_maaned_i_aaret(h: Historie) -> None:
    id_, _ = foreloepig(h)
    for dag, kode in (("2025-03-15", "ikke-foerste-i-maaneden"), ("2024-03-01", "feil-aar")):
        feil = h.beregn(id_, 2025, 422, virkningFra=dag)
        assert [(e["pointer"], e["kode"]) for e in feil["errors"]] == [("/virkningFra", kode)]


# Decisions


def test_vedtak_overlapper_ikke_og_erstattes_i_rekke(h: Historie) -> None:
    id_, b = foreloepig(h)
    v1 = h.vedtak(id_, b, "2025-01-01", begrunnelse="Beregnet av oppgjøret for 2024.")
    assert (v1["til"], v1["erstattetAv"], v1["begrunnelse"]) == (
        None,
        None,
        "Beregnet av oppgjøret for 2024.",
    )
    assert {m["maaned"]: m["egenandel"] for m in v1["maaneder"]} == per_maaned(b)

    feil = h.vedtak(id_, b, "2025-04-01", 409)
    assert (feil["kode"], feil["gjelder"]) == ("vedtak-overlapper", v1["id"])
    v2 = h.vedtak(id_, b, "2025-04-01", erstatter=v1["id"])
    feil = h.vedtak(id_, b, "2025-05-01", 409, erstatter=v1["id"])
    assert (feil["kode"], feil["gjelder"]) == ("vedtak-alt-erstattet", v2["id"])
    v3 = h.vedtak(id_, b, "2025-06-01", erstatter=v2["id"])
    h.vedtak(id_, b, "2025-07-01", 404, erstatter=b["id"])

    alle = h.les(f"{SAKER}/{id_}/vedtak")
    assert [(v["id"], v["erstatter"], v["erstattetAv"]) for v in alle] == [
        (v1["id"], None, v2["id"]),
        (v2["id"], v1["id"], v3["id"]),
        (v3["id"], v2["id"], None),
    ]
    assert h.les(f"{SAKER}/{id_}/vedtak/{v2['id']}") == alle[1]


def test_to_vedtak_etter_hverandre_med_sluttdato(h: Historie) -> None:
    id_, b = foreloepig(h)
    v1 = h.vedtak(id_, b, "2025-01-01", til="2025-06-30")
    assert [m["maaned"] for m in v1["maaneder"]] == [f"2025-{m:02d}" for m in range(1, 7)]
    h.vedtak(id_, b, "2025-06-30", 409)
    h.vedtak(id_, b, "2025-07-01")


@pytest.mark.parametrize(
    ("fra", "resten", "pekere"),
    [
        ("2024-12-31", {}, ["/fra"]),
        ("2026-01-01", {}, ["/fra"]),
        ("2025-05-01", {"til": "2025-04-30"}, ["/til"]),
        ("2025-01-01", {"art": "ENDELIG"}, ["/art"]),
        ("2026-01-01", {"til": "2025-12-31", "art": "ENDELIG"}, ["/fra", "/til", "/art"]),
    ],
)
def test_vedtak_som_ikke_passer_til_beregningen(
    h: Historie, fra: str, resten: Json, pekere: list[str]
) -> None:
    id_, b = foreloepig(h)
    feil = h.vedtak(id_, b, fra, 422, **resten)
    assert [e["pointer"] for e in feil["errors"]] == pekere
    assert h.les(f"{SAKER}/{id_}/vedtak") == []


def test_et_vedtak_paa_aarets_oppgjoer_er_endelig(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    assert h.vedtak(svar["sak"]["id"], svar["beregning"], "2025-01-01")["art"] == "ENDELIG"


def test_vedtak_paa_en_annen_saks_beregning_finnes_ikke(h: Historie) -> None:
    id_, _ = foreloepig(h)
    annen = h.langtid("enslig-pensjonist", 2025)["beregning"]
    h.vedtak(id_, annen, "2025-01-01", 404)


# Settlements


def test_etteroppgjoer_av_vedtaket(h: Historie) -> None:
    id_, b = foreloepig(h)
    h.vedtak(id_, b, "2025-01-01")
    oppgjoeret_kommer(h, 240000)
    endelig = h.beregn(id_, 2025, grunnlag="NYTT")
    ett = h.gjoer_opp(id_, 2025)
    assert ett["beregningId"] == endelig["id"]
    foer, etter = per_maaned(b), per_maaned(endelig)
    assert sammenlignet(ett) == {m: (foer[m], etter[m]) for m in foer}
    assert ett["resultat"]["sum"] == sum(etter.values()) - sum(foer.values()) < 0
    assert ett["resultat"]["retning"] == "TIL_GODE"
    # The same by the stateless calculator, with the months as they were charged.
    haand = for_haand(
        "etteroppgjoer",
        endelig={
            "aar": 2025,
            "inntekter": {"pensjonFraFolketrygden": 240000},
            "skatt": {"beregnetSkatt": endelig["resultat"]["fradragsberettigetSkatt"]},
            "opphold": [{"art": "LANGTID", "fra": "2024-01-01", "oppholdsutgiftPerMaaned": 88500}],
        },
        fakturert=[{"maaned": m, "beloep": int(beloep)} for m, beloep in foer.items()],
    )
    assert ett["resultat"]["maaneder"] == haand["maaneder"]
    assert ett["resultat"]["sum"] == haand["sum"]
    # Once is enough.
    feil = h.gjoer_opp(id_, 2025, 409)
    assert (feil["kode"], feil["gjelder"]) == ("etteroppgjoer-finnes", endelig["id"])
    assert h.les(f"{SAKER}/{id_}/etteroppgjoer/{ett['id']}") == ett


def test_etteroppgjoer_av_det_som_er_fakturert(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_, etter = svar["sak"]["id"], per_maaned(svar["beregning"])
    fakturert = {m: 18000 for m in etter}
    feil = h.gjoer_opp(id_, 2025, 409)
    assert feil["kode"] == "ingen-vedtak"
    ett = h.gjoer_opp(
        id_, 2025, fakturert=[{"maaned": m, "beloep": beloep} for m, beloep in fakturert.items()]
    )
    assert sammenlignet(ett) == {m: (18000, etter[m]) for m in etter}
    assert ett["resultat"]["sum"] == sum(etter.values()) - 12 * 18000


def test_et_nytt_oppgjoer_bygger_paa_det_forrige(h: Historie) -> None:
    id_, b = foreloepig(h)
    h.vedtak(id_, b, "2025-01-01")
    oppgjoeret_kommer(h, 320000)
    foerste = h.beregn(id_, 2025, grunnlag="NYTT")
    en = h.gjoer_opp(id_, 2025)
    oppgjoeret_kommer(h, 300000)
    andre = h.beregn(id_, 2025, grunnlag="NYTT")
    to = h.gjoer_opp(id_, 2025)
    assert sammenlignet(to) == {m: (etter, per_maaned(andre)[m]) for m, etter in per_maaned(foerste).items()}
    # Both together take the resident from what was decided to what is right.
    riktig = sum(per_maaned(andre).values()) - sum(per_maaned(b).values())
    assert en["resultat"]["sum"] + to["resultat"]["sum"] == riktig


def test_etteroppgjoer_forutsetter_en_endelig_beregning(h: Historie) -> None:
    id_, b = foreloepig(h)
    h.vedtak(id_, b, "2025-01-01")
    assert h.gjoer_opp(id_, 2025, 409)["kode"] == "ingen-endelig-beregning"
    assert h.gjoer_opp(id_, 2025, 409, beregningId=b["id"])["kode"] == "beregning-foreloepig"
    h.gjoer_opp(id_, 2025, 404, beregningId=id_)


def test_en_maaned_delt_mellom_to_vedtak_maa_oppgis(h: Historie) -> None:
    id_, b = foreloepig(h)
    v1 = h.vedtak(id_, b, "2025-01-01")
    h.vedtak(id_, b, "2025-04-10", erstatter=v1["id"])
    oppgjoeret_kommer(h, 320000)
    h.beregn(id_, 2025, grunnlag="NYTT")
    (feil,) = h.gjoer_opp(id_, 2025, 422)["errors"]
    assert (feil["pointer"], feil["kode"]) == ("/fakturert", "mangler")
    assert "2025-04" in feil["detail"]
    assert "2025-03" not in feil["detail"]
    h.gjoer_opp(id_, 2025, fakturert=[{"maaned": f"2025-{m:02d}", "beloep": 14000} for m in range(1, 13)])


def test_praktisk_bistand_gjoeres_ikke_opp(h: Historie) -> None:
    svar = h.ny_sak(bistandssak(h.person("formue"), 2025))
    (feil,) = h.gjoer_opp(svar["sak"]["id"], 2025, 422)["errors"]
    assert feil["kode"] == "ikke-langtidsopphold"


def test_ved_doedsfall_avsluttes_saken_og_aaret_gjoeres_opp_til_doedsdagen(h: Historie) -> None:
    id_, b = foreloepig(h)
    h.vedtak(id_, b, "2025-01-01")
    svar = h.send("GET", f"{SAKER}/{id_}")
    innhold = langtidssak(h.person(HVEM), 2025)
    del innhold["beregning"]
    innhold["opphold"][0]["til"] = "2025-04-20"
    endret = h.send("PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": svar.headers["ETag"]})
    assert endret.status_code == 200
    slutt = h.faa(
        *(200, "POST", f"{SAKER}/{id_}/avslutning", {"dato": "2025-04-20", "grunn": "DOED"}),
        hoder={"If-Match": endret.headers["ETag"]},
    )
    assert (slutt["status"], slutt["avsluttetDato"], slutt["avsluttetGrunn"]) == (
        *("AVSLUTTET", "2025-04-20"),
        "DOED",
    )
    oppgjoeret_kommer(h, 320000)
    endelig = h.beregn(id_, 2025, grunnlag="NYTT")
    dager = {m["maaned"]: m["doegn"] for m in endelig["resultat"]["maaneder"]}
    assert dager == {"2025-01": 31, "2025-02": 28, "2025-03": 31, "2025-04": 20}
    ett = h.gjoer_opp(id_, 2025)
    foer, etter = per_maaned(b), per_maaned(endelig)
    # What the decision said for the months until the death; nothing is charged of the dead after it.
    assert sammenlignet(ett) == {
        f"2025-{m:02d}": (foer[f"2025-{m:02d}"], etter[f"2025-{m:02d}"]) for m in range(1, 5)
    }
    feil = h.faa(*(409, "PUT", f"{SAKER}/{id_}", innhold), hoder={"If-Match": f'"{slutt["versjon"]}"'})
    assert feil["kode"] == "sak-avsluttet"
