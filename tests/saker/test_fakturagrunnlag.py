"""What is invoiced, told run by run: everything once, nothing twice, differences when something is decided anew."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest

from app.sandbox.standard import SKOGLI
from tests.saker.historie import SAKER, Historie, Json, langtidssak

F: Final = "/api/v1/fakturagrunnlag"
OPPSETT: Final = "/api/v1/kommune/oppsett"
HVEM: Final = "enslig-pensjonist"


def kjoer(h: Historie, maaned: str, status: int = 201, **valg: Any) -> Any:
    return h.post(F, {"maaned": maaned}, status, **valg)


def linjer(h: Historie, kjoering: Json, sak_id: str) -> list[Json]:
    return [linje for linje in h.les(f"{F}/{kjoering['nr']}") if linje["sakId"] == sak_id]


def gitt(h: Historie, maaned: str, sak_id: str) -> list[tuple[str, str, int]]:
    """What a run gives of a case."""
    funnet = linjer(h, kjoer(h, maaned), sak_id)
    assert all(linje["beloep"] == Decimal(linje["beloepOere"]) / 100 for linje in funnet)
    return [(linje["slag"], linje["periode"], linje["beloepOere"]) for linje in funnet]


def oere(beregning: Json, *maaneder: str) -> list[int]:
    alle = {m["maaned"]: int(m["egenandel"] * 100) for m in beregning["resultat"]["maaneder"]}
    return [alle[maaned] for maaned in maaneder]


def ny(h: Historie, hvem: str = HVEM) -> tuple[str, Json, Json]:
    svar = h.langtid(hvem, 2025)
    id_, b = svar["sak"]["id"], svar["beregning"]
    return id_, b, h.vedtak(id_, b, "2025-01-01")


def test_hver_maaned_gis_en_gang(h: Historie) -> None:
    id_, b, vedtak = ny(h)
    foerste = kjoer(h, "2025-02")
    funnet = linjer(h, foerste, id_)
    assert [linje["beloepOere"] for linje in funnet] == oere(b, "2025-01", "2025-02")
    assert {(linje["slag"], linje["vedtakId"], linje["institusjon"]) for linje in funnet} == {
        ("EGENANDEL", vedtak["id"], "solbakken")
    }
    assert gitt(h, "2025-02", id_) == []
    assert gitt(h, "2025-03", id_) == [("EGENANDEL", "2025-03", *oere(b, "2025-03"))]
    # Fetched again it is the same, and no id is used twice.
    assert linjer(h, foerste, id_) == funnet
    alle = [linje["id"] for en in h.les(F + "?antall=200") for linje in h.les(f"{F}/{en['nr']}")]
    assert len(alle) == len(set(alle))


def test_et_nytt_vedtak_gir_forskjellen_fra_det_som_er_gitt(h: Historie) -> None:
    id_, b, vedtak = ny(h)
    kjoer(h, "2025-03")
    h.beloep(id_, 2025, "/inntekter/privatPensjon", 60000)
    hoeyere = h.beregn(id_, 2025)
    h.vedtak(id_, hoeyere, "2025-02-01", erstatter=vedtak["id"])
    foer, etter = oere(b, "2025-02", "2025-03"), oere(hoeyere, "2025-02", "2025-03")
    assert gitt(h, "2025-04", id_) == [
        ("KORREKSJON", "2025-02", etter[0] - foer[0]),
        ("KORREKSJON", "2025-03", etter[1] - foer[1]),
        ("EGENANDEL", "2025-04", *oere(hoeyere, "2025-04")),
    ]
    assert gitt(h, "2025-04", id_) == []
    # Back again: the whole is what the decisions say.
    h.faa(200, "DELETE", f"{SAKER}/{id_}/manuelle-poster/{h.les(f'{SAKER}/{id_}/manuelle-poster')[0]['id']}")
    lavere = h.beregn(id_, 2025)
    h.vedtak(id_, lavere, "2025-03-01", erstatter=h.les(f"{SAKER}/{id_}/vedtak")[-1]["id"])
    tilbake = gitt(h, "2025-04", id_)
    assert [(slag, periode) for slag, periode, _ in tilbake] == [
        ("KORREKSJON", "2025-03"),
        ("KORREKSJON", "2025-04"),
    ]
    assert all(beloep < 0 for _, _, beloep in tilbake)
    assert sum_gitt(h, id_, "2025-03") == oere(b, "2025-03")[0]


def sum_gitt(h: Historie, sak_id: str, periode: str) -> int:
    alle = [linje for en in h.les(F + "?antall=200") for linje in linjer(h, en, sak_id)]
    return sum(linje["beloepOere"] for linje in alle if linje["periode"] == periode)


def test_etteroppgjoeret_gis_en_gang_og_et_nytt_vedtak_dobler_det_ikke(h: Historie) -> None:
    id_, _, vedtak = ny(h, "uten-oppgjoer")
    kjoer(h, "2025-12")
    h.oppgjoer("uten-oppgjoer", 2025, alderspensjonFraFolketrygden=360000)
    endelig = h.beregn(id_, 2025, grunnlag="NYTT")
    oppgjoer = h.gjoer_opp(id_, 2025)["resultat"]
    assert oppgjoer["retning"] == "SKYLDIG"
    assert gitt(h, "2025-12", id_) == [("ETTEROPPGJOER", "2025", int(oppgjoer["sum"] * 100))]
    assert gitt(h, "2025-12", id_) == []
    h.vedtak(id_, endelig, "2025-01-01", erstatter=vedtak["id"])
    assert gitt(h, "2025-12", id_) == []
    # In all, what the final calculation says.
    alle = sum(sum_gitt(h, id_, f"2025-{m:02d}") for m in range(1, 13)) + sum_gitt(h, id_, "2025")
    assert alle == int(endelig["egenandelAar"] * 100)


def test_det_vedtakene_ikke_sier_er_uavklart_og_ikke_null(h: Historie) -> None:
    id_, b, _ = ny(h)
    kjoering = kjoer(h, "2026-01")
    assert {"sakId": id_, "maaned": "2026-01"} in kjoering["uavklarte"]
    assert [linje["periode"] for linje in linjer(h, kjoering, id_)] == [f"2025-{m:02d}" for m in range(1, 13)]
    assert sum(linje["beloepOere"] for linje in linjer(h, kjoering, id_)) == int(b["egenandelAar"] * 100)
    assert h.les(F)[0]["uavklarte"] == kjoering["uavklarte"]


def test_en_avsluttet_sak_faktureres_til_den_sluttet_og_det_som_er_gitt_for_mye_rettes(h: Historie) -> None:
    id_, b, _ = ny(h)
    kjoer(h, "2025-06")
    sak = h.send("GET", f"{SAKER}/{id_}")
    slutt = {"dato": "2025-04-20", "grunn": "DOED"}
    h.post(f"{SAKER}/{id_}/avslutning", slutt, 200, hoder={"If-Match": sak.headers["ETag"]})
    mai, juni = oere(b, "2025-05", "2025-06")
    assert gitt(h, "2025-08", id_) == [("KORREKSJON", "2025-05", -mai), ("KORREKSJON", "2025-06", -juni)]


@pytest.fixture
def uten_oppsett(h: Historie) -> Iterator[None]:
    """The kommune has not said how it is invoiced."""
    yield from _med_oppsett(h, None)


@pytest.fixture
def med_nummer(h: Historie) -> Iterator[None]:
    """The kommune asks for the national id."""
    kolonner = [
        {"navn": "fnr", "kilde": "FOEDSELSNUMMER"},
        {"navn": "oere", "kilde": "BELOEP_OERE"},
        {"navn": "konto", "kilde": "FAST", "fast": "=1+1"},
    ]
    yield from _med_oppsett(h, {"fraMaaned": "2025-01", "kolonner": kolonner})


def _med_oppsett(h: Historie, valg: Json | None) -> Iterator[None]:
    foer = h.send("GET", OPPSETT)
    dokument = foer.json()["oppsett"]
    h.faa(
        200, "PUT", OPPSETT, {**dokument, "fakturagrunnlag": valg}, hoder={"If-Match": foer.headers["etag"]}
    )
    yield
    etag = h.send("GET", OPPSETT).headers["etag"]
    h.faa(200, "PUT", OPPSETT, dokument, hoder={"If-Match": etag})


@pytest.mark.usefixtures("uten_oppsett")
def test_uten_oppsett_gis_ingenting(h: Historie) -> None:
    assert kjoer(h, "2025-02", 409)["kode"] == "faktura-ikke-satt-opp"


@pytest.mark.parametrize("maaned", ["2024-12", "2026-12", "2025-13"])
def test_maaneden_maa_vaere_begynt_og_faktureres_herfra(h: Historie, maaned: str) -> None:
    assert [en["pointer"] for en in kjoer(h, maaned, 422)["errors"]] == ["/maaned"]


@pytest.mark.usefixtures("med_nummer")
def test_filen_har_det_kommunen_ber_om_og_foeres_paa_personen(h: Historie) -> None:
    _, b, _ = ny(h)
    kjoering = kjoer(h, "2025-01")
    for form, ventet in (
        ("csv", f"{h.ident(HVEM)};{oere(b, '2025-01')[0]};'=1+1"),
        ("json", h.ident(HVEM)),
        ("xlsx", ""),
    ):
        svar = h.send("GET", f"{F}/{kjoering['nr']}/fil?form={form}")
        assert svar.status_code == 200
        assert f"fakturagrunnlag-{kjoering['nr']}.{form}" in svar.headers["content-disposition"]
        assert svar.headers["cache-control"] == "no-store"
        if ventet:
            assert ventet in svar.content.decode("utf-8-sig")
        rad = h.register(hvem=HVEM)[-1]
        assert (rad["handling"], rad["data"]) == ("FAKTURA_LEST", ["beloep_oere", "foedselsnummer"])
    h.les(f"{F}/999/fil", 404)
    h.les(f"{F}/{kjoering['nr']}", 404, kommune=SKOGLI)


def test_samme_noekkel_gir_samme_kjoering(h: Historie) -> None:
    ny(h)
    hoder = {"Idempotency-Key": "faktura-en-gang"}
    foerste, igjen = (kjoer(h, "2025-02", hoder=hoder) for _ in range(2))
    assert foerste == igjen
    assert kjoer(h, "2025-02")["nr"] == foerste["nr"] + 1


def test_et_vedtak_som_venter_paa_godkjenning_er_ikke_med(h: Historie) -> None:
    svar = h.ny_sak(langtidssak(h.person(HVEM), 2025))
    id_ = svar["sak"]["id"]
    foer = h.send("GET", OPPSETT)
    dokument = foer.json()["oppsett"]
    valg = [{**rad, "godkjenningOverMaaned": 1} for rad in dokument["valg"]]
    h.faa(200, "PUT", OPPSETT, {**dokument, "valg": valg}, hoder={"If-Match": foer.headers["etag"]})
    try:
        assert h.vedtak(id_, svar["beregning"], "2025-01-01")["tilstand"] == "TIL_GODKJENNING"
        assert gitt(h, "2025-02", id_) == []
    finally:
        etag = h.send("GET", OPPSETT).headers["etag"]
        h.faa(200, "PUT", OPPSETT, dokument, hoder={"If-Match": etag})
