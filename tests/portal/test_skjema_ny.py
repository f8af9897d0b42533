"""A new case by the form: one page, one button, and nothing typed twice."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx2
import pytest

from app.api.eksempler_saker import EKTEPAR, HJEMMEHJELP, KS_PAR
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.revisjon import Handling
from tests.baser import MOTORER
from tests.portal.skjemaer import feltene
from tests.portal.verden import Nettleser, i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)

LANGTID: Final[dict[str, str]] = {
    "gjoer": "lagre",
    "noekkel": "en-noekkel-som-staar-i-skjemaet",
    "tjeneste": "LANGTIDSOPPHOLD",
    "person/personidentifikator": "038943 04161",
    "person/navn": "Standhaftig Rosebusk",
    "husstand/0/relasjon": "EKTEFELLE",
    "husstand/0/person/personidentifikator": "24916008852",
    "husstand/0/tenktEtterlattepensjon": "210 000",
    "husstand/0/hjemmeboende": "ja",
    "opphold/0/art": "LANGTID",
    "opphold/0/fra": "2026-02-02",
    "opphold/0/institusjon": "solbakken",
    "referanse": "journal-4711",
    "beregning/aar": "2026",
    # What the form holds of the other service is not shown, and not read.
    "tjenester/0/art": "TIMER",
    "tjenester/0/fra": "2026-11",
}
KS: Final[dict[str, str]] = {
    "gjoer": "lagre",
    "tjeneste": "LANGTIDSOPPHOLD",
    "person/personidentifikator": "04817209888",
    "husstand/0/relasjon": "SAMBOER",
    "husstand/0/person/personidentifikator": "27847009441",
    "husstand/0/tenktEtterlattepensjon": "0",
    "husstand/0/hjemmeboende": "ja",
    "opphold/0/art": "LANGTID",
    "opphold/0/fra": "1.3.2022",
    "opphold/0/institusjon": "solbakken",
    "referanse": "journal-2301",
    "beregning/aar": "2023",
}
BISTAND: Final[dict[str, str]] = {
    "gjoer": "lagre",
    "tjeneste": "PRAKTISK_BISTAND",
    "person/personidentifikator": "12854101216",
    "opphold/0/art": "LANGTID",
    "tjenester/0/art": "TIMER",
    "tjenester/0/timer": "4",
    "tjenester/0/fra": "2026-01",
    "tjenester/0/til": "2026-03",
    "beregning/aar": "2026",
}


async def saken(verden: Verden, svar: httpx2.Response) -> dict[str, Any]:
    """The case a form was answered with, as the API shows it."""
    assert svar.status_code == 303, tekst(svar)
    treff = re.fullmatch(r"/saker/([0-9a-f-]{36})", svar.headers["location"])
    assert treff is not None
    hentet: dict[str, Any] = (await verden.les(f"/api/v1/saker/{treff[1]}")).json()
    return hentet


async def beloepet(verden: Verden, sak_id: str) -> Any:
    """What the year costs by the case's newest calculation."""
    sider = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]
    return sider[-1]["egenandelAar"]


def i_nettleseren(motor: str, arbeid: Callable[[Verden, Nettleser], Awaitable[None]]) -> None:
    """Do something as somebody who works with cases."""

    async def alt(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            await arbeid(verden, leser)

    i_portalen(motor, alt)


@motorer
@pytest.mark.parametrize(("felt", "api"), [(LANGTID, EKTEPAR), (KS, KS_PAR), (BISTAND, HJEMMEHJELP)])
def test_skjemaet_gir_samme_sak_og_beloep_som_apiet(
    motor: str, felt: dict[str, str], api: dict[str, Any]
) -> None:
    fasit: dict[str, Any] = {}

    async def med_apiet(verden: Verden) -> None:
        fasit.update((await verden.post("/api/v1/saker", api)).json())

    async def med_skjemaet(verden: Verden, leser: Nettleser) -> None:
        laget = await saken(verden, await leser.send("/saker/ny", felt))
        ulike = {
            navn
            for navn, verdi in laget["innhold"].items()
            if navn not in {"person", "husstand"} and verdi != fasit["sak"]["innhold"][navn]
        }
        assert ulike == set()
        beloep = fasit["beregning"]["egenandelAar"]
        # The couple's year has something open; an amount that is not known is not 0.
        assert (beloep is None) == (api is EKTEPAR)
        assert await beloepet(verden, laget["id"]) == beloep

    i_portalen(motor, med_apiet)
    i_nettleseren(motor, med_skjemaet)


@motorer
def test_samme_skjema_to_ganger_er_en_sak(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        foerst = await leser.send("/saker/ny", LANGTID)
        igjen = await leser.send("/saker/ny", LANGTID)
        assert foerst.headers["location"] == igjen.headers["location"]
        assert len((await verden.les("/api/v1/saker")).json()["elementer"]) == 1
        # A form that says something else is another form, even with the key of the first.
        annet = await leser.send("/saker/ny", {**BISTAND, "noekkel": LANGTID["noekkel"]})
        assert annet.headers["location"] != foerst.headers["location"]

    i_nettleseren(motor, arbeid)


def test_den_som_har_en_sak_faar_lenken_til_den() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        foerst = await leser.send("/saker/ny", LANGTID)
        svar = await leser.send("/saker/ny", {**LANGTID, "noekkel": "x" * 24})
        assert svar.status_code == 409
        assert "Personen har en åpen sak om denne tjenesten" in tekst(svar)
        assert f'href="{foerst.headers["location"]}"' in svar.text
        assert 'value="journal-4711"' in svar.text

    i_nettleseren("sqlite", arbeid)


FEIL: Final[list[tuple[dict[str, str], str, str]]] = [
    ({"person/personidentifikator": "123"}, "person-personidentifikator", "elleve sifre"),
    ({"person/personidentifikator": ""}, "person-personidentifikator", "Skriv fødselsnummeret"),
    ({"husstand/0/relasjon": "SOESKEN"}, "husstand-0-relasjon", "§ 10 tredje ledd"),
    ({"husstand/0/person/personidentifikator": "03894304161"}, "husstand-0-person-personidentifikator", "den saken gjelder"),
    ({"husstand/0/tenktEtterlattepensjon": "mye"}, "husstand-0-tenktEtterlattepensjon", "Skriv et tall"),
    ({"husstand/0/tenktEtterlattepensjon": "-1"}, "husstand-0-tenktEtterlattepensjon", "negativt"),
    ({"opphold/0/fra": ""}, "opphold-0-fra", "Første dag"),
    ({"opphold/0/fra": "2.2.26"}, "opphold-0-fra", "Skal være en dato"),
    ({"opphold/0/til": "2026-01-01"}, "opphold-0-til", "Siste dag er før første dag"),
    ({"opphold/0/institusjon": "finnes-ikke"}, "opphold-0-institusjon", "finnes ikke i kommunens oppsett"),
    ({"opphold/1/art": "LANGTID", "opphold/1/fra": "2026-03-01"}, "opphold-1", "overlapper"),
    ({"sykehusopphold/0/fra": "2026-05-05", "sykehusopphold/0/til": "2026-05-01"}, "sykehusopphold-0-til", "før første dag"),
    ({"opphold/0/fravaer/0/fra": "2026-05-05"}, "opphold-0-fravaer-0-til", "Siste døgn"),
    ({"skjoennsmessigFradrag/0/beloep": "100"}, "skjoennsmessigFradrag-0-begrunnelse", "Begrunnelse"),
    ({"referanse": "sak 03894304161"}, "referanse", "elleve sifre"),
    ({"beregning/aar": "2012"}, "beregning-aar", "fra 2013"),
    ({"beregning/virkningFra": "2026-03-02"}, "beregning-virkningFra", "første dagen i måneden"),
    ({"beregning/inntektsaar": "2024"}, "beregning-inntektsaarBegrunnelse", "må begrunnes"),
    ({"tjeneste": "BARNEHAGE"}, "tjeneste", "Skal være en av"),
    ({"tjeneste": "PRAKTISK_BISTAND", "husstand/0/relasjon": "BARN_OVER_18"}, "husstand-0-relasjon", "§ 10 tredje ledd"),
    ({"tjeneste": "PRAKTISK_BISTAND", "husstand/0/relasjon": "BARN_UNDER_18"}, "husstand-0-hjelpenSkyldesBarnetsBehov", "§ 10 tredje ledd"),
    ({"tjeneste": "PRAKTISK_BISTAND"}, "tjenester-0-timer", "antall timer"),
    ({"tjeneste": "PRAKTISK_BISTAND", "tjenester/0/fra": "snart"}, "tjenester-0-fra", "ÅÅÅÅ-MM"),
    ({"tjeneste": "PRAKTISK_BISTAND", "tjenester/0/til": "2026-01"}, "tjenester-0-til", "Siste måned er før første måned"),
    ({"tjeneste": "PRAKTISK_BISTAND", "tjenester/0/timer": "9999"}, "tjenester-0-timer", "Kan ikke være mer enn"),
]  # fmt: skip


@pytest.mark.parametrize(("galt", "sted", "ord_"), FEIL)
def test_feil_staar_ved_feltet_og_ingenting_blir_borte(galt: dict[str, str], sted: str, ord_: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        felt = {**LANGTID, **galt}
        svar = await leser.send("/saker/ny", felt)
        assert svar.status_code == 422
        assert f'href="#{sted}"' in svar.text
        assert f'id="{sted}"' in svar.text, "lenken må føre til et sted på siden"
        lenke = re.search(rf'href="#{sted}">([^<]*)<', svar.text)
        assert lenke is not None
        assert ord_ in lenke[1].replace("\u00a0", " ")
        # Shown at the top and at its place.
        assert svar.text.count(lenke[1]) >= 2
        for navn, verdi in felt.items():
            if navn not in {"gjoer", "tjeneste"} and not navn.endswith(
                ("relasjon", "art", "institusjon", "aar")
            ):
                assert f'value="{verdi}"' in svar.text, navn
        assert (await verden.les("/api/v1/saker")).json()["elementer"] == []

    i_nettleseren("sqlite", arbeid)


def test_rader_legges_til_og_tas_bort_uten_skript() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        felt = {**LANGTID, "gjoer": "ny:husstand:BARN_UNDER_18"}
        svar = await leser.send("/saker/ny", felt)
        assert svar.status_code == 200
        assert 'name="husstand/1/relasjon"' in svar.text
        assert re.search(r'id="husstand-1"[^>]*data-fokus', svar.text)
        assert 'value="210 000"' in svar.text
        felt |= {"husstand/1/relasjon": "BARN_UNDER_18", "husstand/1/person/navn": "Et barn"}
        svar = await leser.send("/saker/ny", {**felt, "gjoer": "fjern:husstand/0"})
        assert 'name="husstand/0/person/navn" type="text" value="Et barn"' in svar.text
        assert "husstand/1/" not in svar.text
        svar = await leser.send("/saker/ny", {**felt, "gjoer": "ny:opphold/0/fravaer"})
        assert 'name="opphold/0/fravaer/0/fra"' in svar.text
        # htmx asks for the form alone.
        svar = await leser.send("/saker/ny", felt, headers={"hx-request": "true"})
        assert svar.text.lstrip().startswith("<form")

    i_nettleseren("sqlite", arbeid)


RARE: Final[list[dict[str, str]]] = [
    {"husstand": "x"},
    {"husstand/a/relasjon": "EKTEFELLE"},
    {"person": "x"},
    {"person/personidentifikator/x": "1"},
    {"opphold/9999/fra": "x", "opphold/3/fra": "x"},
    {"gjoer": "ny:person"},
    {"gjoer": "ny:finnes/ikke"},
    {"gjoer": "ny:opphold/77/fravaer"},
    {"gjoer": "fjern:husstand/9999"},
    {"gjoer": "fjern:person/0"},
    {"gjoer": ""},
    {"noekkel": "<script>"},
    {"tjenester/0/fra": "0001-01", "tjenester/0/til": "9999-12", "tjeneste": "PRAKTISK_BISTAND", "gjoer": "lagre"},
    {"a/" * 40: "x"},
    {"beregning/aar": "١٢"},
    {"husstand/0/relasjon": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("felt", RARE)
def test_et_skjema_som_ikke_er_vaart_gir_et_skjema_tilbake(felt: dict[str, str]) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        for gjoer in ("lagre", "vis"):
            svar = await leser.send("/saker/ny", {"gjoer": gjoer, **felt})
            assert svar.status_code in {200, 422}, tekst(svar)
            assert 'id="skjema"' in svar.text

    i_nettleseren("sqlite", arbeid)


def test_andres_person_er_ukjent() -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser, nettleser(verden, kommune=SKOGLI) as nabo:
            laget = await saken(verden, await leser.send("/saker/ny", LANGTID))
            personen = laget["innhold"]["person"]["personId"]
            felt = {
                **LANGTID,
                "person/personidentifikator": "",
                "person/navn": "",
                "person/personId": personen,
            }
            svar = await nabo.send("/saker/ny", {**felt, "opphold/0/institusjon": "skoglitunet"})
            assert svar.status_code == 404
            async with verden.arkiv.les(SKOGLI) as lager:
                notert = await lager.revisjon.soek(Revisjonsfilter(handling=Handling.AVSLAG), 0, 10)
            assert len(notert) == 1

    i_portalen("sqlite", arbeid)


def test_det_kommunen_vet_skrives_ikke_igjen() -> None:
    """A person with a case of one service gets the other with the household that is known."""

    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser, nettleser(verden, kommune=SKOGLI) as nabo:
            foerste = await saken(verden, await leser.send("/saker/ny", LANGTID))
            start = {"gjoer": "start", "person/personidentifikator": "03894304161"}
            siden = await leser.send("/saker/ny", start)
            assert siden.status_code == 200
            assert "Standhaftig Rosebusk" in tekst(siden)
            assert "038943" in tekst(siden)
            assert "03894304161" not in siden.text
            assert f'href="/saker/{foerste["id"]}"' in siden.text
            felt = feltene(siden)
            assert felt["tjeneste"] == "PRAKTISK_BISTAND"
            ektefelle = foerste["innhold"]["husstand"][0]["person"]["personId"]
            assert felt["husstand/0/person/personId"] == ektefelle
            svar = await leser.send("/saker/ny", {**felt, "tjenester/0/timer": "4", "gjoer": "lagre"})
            andre = await saken(verden, svar)
            assert andre["innhold"]["person"] == foerste["innhold"]["person"]
            assert andre["innhold"]["husstand"][0]["person"]["personId"] == ektefelle
            # Who was asked about stands in the register; the neighbours know nobody.
            async with verden.arkiv.les(FJORDVIK) as lager:
                soekt = Revisjonsfilter(handling=Handling.SAK_SOEKT, ident="03894304161")
                assert len(await lager.revisjon.soek(soekt, 0, 10)) >= 2
            siden = await nabo.send("/saker/ny", start)
            assert "Kommunen kjenner ikke personen fra før" in tekst(siden)
            assert 'value="03894304161"' in siden.text

    i_portalen("sqlite", arbeid)


def test_et_galt_nummer_kan_ikke_vaere_kjent() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.send(
            "/saker/ny", {**LANGTID, "gjoer": "kjent", "person/personidentifikator": "123"}
        )
        assert svar.status_code == 422
        assert 'href="#person-personidentifikator"' in svar.text
        assert 'value="journal-4711"' in svar.text

    i_nettleseren("sqlite", arbeid)


@pytest.mark.parametrize(
    ("tjeneste", "relasjon", "ord_"),
    [
        ("PRAKTISK_BISTAND", "SOESKEN", "§ 10 tredje ledd"),
        ("PRAKTISK_BISTAND", "FORELDER", "§ 10 tredje ledd"),
        ("PRAKTISK_BISTAND", "ANNEN", "§ 10 tredje ledd"),
        ("PRAKTISK_BISTAND", "BARN_OVER_18", "§ 10 tredje ledd"),
        ("PRAKTISK_BISTAND", "EKTEFELLE", ""),
        ("LANGTIDSOPPHOLD", "SOESKEN", "§ 5 første ledd"),
        ("LANGTIDSOPPHOLD", "BARN_OVER_18", ""),
    ],
)
def test_den_som_ikke_regnes_med_avvises_naar_relasjonen_velges(
    tjeneste: str, relasjon: str, ord_: str
) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        felt = {**LANGTID, "tjeneste": tjeneste, "husstand/0/relasjon": relasjon}
        svar = await leser.send("/saker/ny/husstand?rad=0", felt, headers={"hx-request": "true"})
        assert (ord_ in tekst(svar)) if ord_ else tekst(svar) == ""
        # Only the row that was asked about.
        assert tekst(await leser.send("/saker/ny/husstand?rad=1", felt)) == ""

    i_nettleseren("sqlite", arbeid)


def test_nummeret_skrives_ikke_to_ganger() -> None:
    """A search that finds nobody leads to the form with the number in it."""

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.send("/saker/soek", {"soek": "038943 04161"})
        assert 'name="person/personidentifikator" value="03894304161"' in svar.text
        svar = await leser.send("/saker/ny", {"gjoer": "start", "person/personidentifikator": "03894304161"})
        assert svar.status_code == 200
        assert 'value="03894304161"' in svar.text
        assert 'value="LANGTIDSOPPHOLD" checked' in svar.text

    i_nettleseren("sqlite", arbeid)


def test_bare_det_kommunen_tilbyr_kan_velges() -> None:
    async def arbeid(verden: Verden) -> None:
        oppsett = (await verden.les("/api/v1/kommune/oppsett")).json()
        oppsett["oppsett"]["tjenester"] = ["PRAKTISK_BISTAND"]
        hoder = {"If-Match": f'"{oppsett["versjon"]}"'}
        svar = await verden.kall("PUT", "/api/v1/kommune/oppsett", oppsett["oppsett"], hoder=hoder)
        assert svar.status_code == 200
        async with nettleser(verden) as leser:
            siden = await leser.aapne("/saker/ny")
            assert 'type="hidden" name="tjeneste" value="PRAKTISK_BISTAND"' in siden.text
            assert "opphold/0/art" not in siden.text
            assert (await leser.send("/saker/ny", BISTAND)).status_code == 303
            svar = await leser.send("/saker/ny", LANGTID)
            assert svar.status_code == 409
            assert "Tjenesten står ikke i kommunens oppsett" in tekst(svar)

    i_portalen("sqlite", arbeid)
