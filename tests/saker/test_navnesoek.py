"""A caseworker finds a case by name: only in the own kommune, never somebody shielded, and each hit is noted."""

import json
from typing import Any

import pytest

from app.db.arkiv import Lager
from app.db.lager.revisjon import Revisjonsfilter
from app.db.lager.saker import Saksfilter
from app.sandbox.standard import FJORDVIK, SCOPE_LES, SKOGLI
from app.services.revisjon import Handling
from app.services.sak.drift import eget_kall
from app.services.sak.saksvisning import Saksvisning, vis_saker
from app.services.sak.soek import FLEST_PERSONER
from tests.saker.historie import SAKER, Historie, Json, bistandssak

SOEK = f"{SAKER}/soek"


def soek(h: Historie, navn: str, status: int = 200, **resten: Any) -> Any:
    kommune = {"kommune": resten.pop("kommune")} if "kommune" in resten else {}
    return h.post(SOEK, {"navn": navn, **resten}, status, scope=SCOPE_LES, **kommune)


def treff(h: Historie, navn: str, **resten: Any) -> set[str]:
    return {sak["id"] for sak in soek(h, navn, **resten)["elementer"]}


def med_navn(h: Historie, hvem: str, navn: str) -> Json:
    return {**h.person(hvem), "navn": navn}


def test_navnet_finner_saken_som_beboer_og_som_ektefelle(h: Historie) -> None:
    ektefelle = {
        "person": med_navn(h, "ektepar-hjemme", "Karoline Prøvestad"),
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 0,
    }
    sak = h.langtid("uskiftet-bo", 2025, husstand=[ektefelle])["sak"]["id"]
    innhold = bistandssak(med_navn(h, "enslig-pensjonist", "Oline Prøvestad"), 2025)
    annen = h.ny_sak(innhold)["sak"]["id"]
    assert treff(h, "karoline") == {sak}
    assert treff(h, "PRØVE oline") == {annen}
    assert treff(h, "prøvestad") == {sak, annen}
    assert treff(h, "prøvestad", tjeneste="PRAKTISK_BISTAND") == {annen}
    assert treff(h, "prøvestad", personidentifikator=h.ident("enslig-pensjonist")) == {annen}
    assert treff(h, "prøvestad", personidentifikator=h.ident("uskiftet-bo")) == set()
    assert treff(h, "ingen heter dette") == set()
    assert treff(h, "prøvestad", kommune=SKOGLI) == set()


def test_den_som_blir_funnet_kan_faa_vite_det(h: Historie) -> None:
    h.ny_sak(bistandssak(med_navn(h, "livsvarig-afp", "Anne-Grethe Funnestad"), 2025))
    foer = len(h.register(hvem="livsvarig-afp"))
    assert len(treff(h, "grethe funn")) == 1
    (rad,) = h.register(hvem="livsvarig-afp")[foer:]
    assert (rad["handling"], rad["data"], rad["formaal"]) == (
        *("SAK_SOEKT", ["navn"]),
        "søk etter saker på navn",
    )
    # What was searched for stands nowhere.
    alle = h.fortelling.bak(
        lambda lager: lager.revisjon.soek(Revisjonsfilter(handling=Handling.SAK_SOEKT), 0, 1000)
    )
    assert "funn" not in json.dumps([rad.innhold for rad in alle]).lower().replace("funnet", "")


def test_den_skjermede_blir_ikke_funnet_paa_navn_men_paa_nummer(h: Historie) -> None:
    innhold = bistandssak(med_navn(h, "skjermet-helt", "Skjerming Hemmeligstad"), 2025)
    sak = h.ny_sak(innhold)["sak"]["id"]
    assert treff(h, "hemmeligstad") == set()
    svar = h.post(SOEK, {"personidentifikator": h.ident("skjermet-helt")}, 200, scope=SCOPE_LES)
    assert [en["id"] for en in svar["elementer"]] == [sak]


def test_den_skjermedes_navn_vises_ikke_i_en_liste(h: Historie) -> None:
    navn = {"skjermet-helt": "Skjerming Hemmeligstad", "naering": "Synlig Prøvestad"}
    for hvem, heter in navn.items():
        h.ny_sak(bistandssak(med_navn(h, hvem, heter), 2025))
    foer = {hvem: len(h.register(hvem=hvem)) for hvem in navn}

    async def liste(lager: Lager) -> dict[str, Saksvisning]:
        kall = eget_kall("prøve", FJORDVIK, "proeve", h.fortelling.tid.naa())
        ider = {hvem: await lager.personer.finn(h.ident(hvem)) for hvem in navn}
        saker = await lager.saker.soek(Saksfilter(), None, 100)
        vist = await vis_saker(lager, kall, saker)
        return {
            hvem: next(en for en in vist if person is not None and en.sak.person_id == person.id)
            for hvem, person in ider.items()
        }

    vist = h.fortelling.bak(liste)
    assert (vist["naering"].navn, vist["naering"].skjermet) == ("Synlig Prøvestad", False)
    skjult = vist["skjermet-helt"]
    assert (skjult.navn, skjult.foedt, skjult.skjermet) == (None, "", True)
    # What was not shown is not noted as shown.
    nye = {hvem: len(h.register(hvem=hvem)) - foer[hvem] for hvem in navn}
    assert nye["skjermet-helt"] == 0 < nye["naering"]


@pytest.mark.parametrize("navn", ["bo", "b c d", "-", "12"])
def test_et_for_kort_navn_finner_ikke_alle(h: Historie, navn: str) -> None:
    feil = soek(h, navn, 422)["errors"]
    assert [(en["pointer"], en["kode"]) for en in feil] == [("/navn", "for-kort-navn")]


def test_for_mange_med_samme_navn_sies_fra_om(h: Historie, monkeypatch: pytest.MonkeyPatch) -> None:
    begge = {
        h.ny_sak(bistandssak(med_navn(h, hvem, navn), 2025))["sak"]["id"]
        for hvem, navn in (("korreksjoner", "Mange Mangesen"), ("naering", "Flere Mangesen"))
    }
    monkeypatch.setattr("app.services.sak.soek.FLEST_PERSONER", 2)
    assert begge <= treff(h, "mangesen")
    monkeypatch.setattr("app.services.sak.soek.FLEST_PERSONER", 1)
    assert [en["kode"] for en in soek(h, "mangesen", 422)["errors"]] == ["for-mange-treff"]
    assert FLEST_PERSONER == 100
