"""A case changed by the form: it is filled with what is stored, shows what changes, and stores it in one."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from app.api.eksempler_saker import HJEMMEHJELP, KS_PAR
from app.db.lager.revisjon import Revisjonsfilter
from app.portal.skjema.tjenester import per_maaned, som_rader
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.revisjon import Handling
from tests.baser import MOTORER
from tests.portal.skjemaer import feltene
from tests.portal.verden import Nettleser, i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)


ALT: Final[dict[str, Any]] = {
    **KS_PAR,
    "fyller18": "1990-01-01",
    "forhold": [{"til": "2022-12-31", "uskiftetBo": True}],
    "husstand": [
        {
            "person": {"personidentifikator": "27847009441", "navn": "Test Prøvesen"},
            "relasjon": "SAMBOER",
            "fra": "2020-01-01",
            "til": "2025-06-30",
            "hjemmeboende": False,
            "tenktEtterlattepensjon": 120000.5,
            "arbeidsinntekt": 0,
            "pensjonFraFolketrygden": 210000,
            "betalerLangtidsegenandel": True,
        },
        {"relasjon": "BARN_UNDER_18", "tenktEtterlattepensjon": 1, "arbeidsinntekt": 0, "pensjonFraFolketrygden": 0},
    ],
    "opphold": [
        {"art": "DAG", "fra": "2021-03-01", "til": "2021-03-31", "antall": 7},
        {
            "art": "LANGTID",
            "fra": "2022-03-01",
            "institusjon": "solbakken",
            "dobbeltromMotEgetOenske": True,
            "medregnetFra": "2022-02-01",
            "fravaer": [{"fra": "2023-07-01", "til": "2023-07-10"}, {"fra": "2023-09-01", "til": "2023-09-02"}],
        },
        {"art": "KORTTID_DOEGN", "fra": "2022-01-01", "til": "2022-01-31", "oppholdsutgiftPerMaaned": 80000},
    ],
    "sykehusopphold": [{"fra": "2023-04-03", "til": "2023-04-09"}, {"fra": "2024-01-01"}],
    "skjoennsmessigFradrag": [{"beloep": 1200.25, "begrunnelse": "Bolig som ventes solgt", "fra": "2023-01-01"}],
}  # fmt: skip
ALT_HJEMME: Final[dict[str, Any]] = {
    **HJEMMEHJELP,
    "referanse": "hjemme-1",
    "husstand": [
        {
            "person": {"personidentifikator": "24916008852"},
            "relasjon": "EKTEFELLE",
            "hjelpestoenad": 12000,
            "omsorgsstoenad": 6000,
        },
        {
            "person": {"personidentifikator": "27847009441"},
            "relasjon": "BARN_UNDER_18",
            "hjelpenSkyldesBarnetsBehov": True,
            "avkortetYtelseBorteFraHjemmet": True,
        },
    ],
    "forhold": [{"fra": "2026-01-01", "hjelpestoenad": 1, "omsorgsstoenad": 2}],
    "tjenester": [
        *HJEMMEHJELP["tjenester"],
        {"maaned": "2026-02", "art": "TIMER", "timer": 4},
        {"maaned": "2025-12", "art": "TRYGGHETSALARM", "pris": 250},
        {"maaned": "2026-01", "art": "TRYGGHETSALARM", "pris": 250},
        {"maaned": "2026-05", "art": "TIMER", "timer": 4.25, "pris": 100},
        {"maaned": "2026-03", "art": "ABONNEMENT"},
    ],
}


async def ny_sak(verden: Verden, kropp: dict[str, Any], **valg: Any) -> dict[str, Any]:
    svar = await verden.post("/api/v1/saker", kropp, **valg)
    assert svar.status_code == 201, svar.text
    laget: dict[str, Any] = svar.json()
    return laget


async def innholdet(verden: Verden, sak_id: str) -> dict[str, Any]:
    sak: dict[str, Any] = (await verden.les(f"/api/v1/saker/{sak_id}")).json()
    sak["innhold"]["tjenester"].sort(key=lambda en: (en["maaned"], en["art"], str(en["timer"])))
    return sak


def i_nettleseren(motor: str, arbeid: Callable[[Verden, Nettleser], Awaitable[None]]) -> None:
    """Do something as somebody who works with cases."""

    async def alt(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            await arbeid(verden, leser)

    i_portalen(motor, alt)


@motorer
@pytest.mark.parametrize(
    "kropp", [KS_PAR, HJEMMEHJELP, ALT, ALT_HJEMME], ids=["ks", "hjelp", "alt", "alt-hjemme"]
)
def test_det_som_ikke_er_endret_blir_staaende(motor: str, kropp: dict[str, Any]) -> None:
    """The whole content is replaced by what the form sends, so the form holds every field there is."""

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        laget = await ny_sak(verden, kropp)
        sak_id = laget["sak"]["id"]
        foer = await innholdet(verden, sak_id)
        felt = feltene(await leser.aapne(f"/saker/{sak_id}/endre"))
        svar = await leser.send(f"/saker/{sak_id}/endre", {**felt, "gjoer": "lagre"})
        assert svar.status_code == 303, tekst(svar)
        assert svar.headers["location"] == f"/saker/{sak_id}?aar={kropp['beregning']['aar']}"
        etter = await innholdet(verden, sak_id)
        assert etter["innhold"] == foer["innhold"]
        assert etter["versjon"] == foer["versjon"] + 1
        sider = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]
        assert [en["sakVersjon"] for en in sider] == [1, 2]
        assert sider[0]["egenandelAar"] == sider[1]["egenandelAar"]
        assert {en["aar"] for en in sider} == {kropp["beregning"]["aar"]}

    i_nettleseren(motor, arbeid)


@motorer
def test_det_som_vises_er_det_som_lagres(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        laget = await ny_sak(verden, KS_PAR)
        sak_id = laget["sak"]["id"]
        sti = f"/saker/{sak_id}/endre"
        felt = feltene(await leser.aapne(sti)) | {"opphold/0/til": "2023-06-30"}
        vist = await leser.send(sti, {**felt, "gjoer": "vis"})
        assert vist.status_code == 200
        # Nothing is stored by looking.
        assert (await innholdet(verden, sak_id))["versjon"] == 1
        assert len((await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]) == 1
        # While the form is filled in, the same comes as a part of the page.
        deler = await leser.send(f"{sti}/virkning", felt, headers={"hx-request": "true"})
        assert "<form" not in deler.text
        gammel = laget["beregning"]["egenandelAar"]
        svar = await leser.send(sti, {**feltene(vist), "gjoer": "lagre"})
        assert svar.status_code == 303, tekst(svar)
        ny = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"][-1]["egenandelAar"]
        assert 0 < ny < gammel
        for siden in (vist, deler):
            vises = tekst(siden).replace(" ", "")
            assert f"{ny}kr" in vises
            assert f"−{gammel - ny}kr" in vises

    i_nettleseren(motor, arbeid)


@motorer
def test_to_som_endrer_samtidig_mister_ingenting(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id = (await ny_sak(verden, KS_PAR))["sak"]["id"]
        sti = f"/saker/{sak_id}/endre"
        den_ene, den_andre = [feltene(await leser.aapne(sti)) for _ in range(2)]
        den_ene |= {"referanse": "den ene", "gjoer": "lagre"}
        assert (await leser.send(sti, den_ene)).status_code == 303
        # The same form once more is the same change, and not a conflict with itself.
        assert (await leser.send(sti, den_ene)).status_code == 303
        svar = await leser.send(sti, {**den_andre, "referanse": "den andre", "gjoer": "lagre"})
        assert svar.status_code == 409
        assert "Noen andre har endret saken" in tekst(svar)
        assert 'value="den andre"' in svar.text
        sak = await innholdet(verden, sak_id)
        assert (sak["versjon"], sak["innhold"]["referanse"]) == (2, "den ene")
        assert len((await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]) == 2

    i_nettleseren(motor, arbeid)


def test_ny_i_husstanden_slaas_ikke_opp_foer_det_lagres() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id = (await ny_sak(verden, {**KS_PAR, "husstand": []}))["sak"]["id"]
        sti = f"/saker/{sak_id}/endre"
        felt = feltene(await leser.aapne(sti))
        svar = await leser.send(sti, {**felt, "gjoer": "ny:husstand:SAMBOER"})
        felt = feltene(svar) | {
            "husstand/0/person/personidentifikator": "27847009441",
            "husstand/0/tenktEtterlattepensjon": "0",
        }
        assert felt["husstand/0/relasjon"] == "SAMBOER"
        vist = await leser.send(sti, {**felt, "gjoer": "vis"})
        assert "Beløpet er ukjent til dette er avklart" in tekst(vist)
        assert await _oppslag(verden, "27847009441") == 0
        assert (await leser.send(sti, {**felt, "gjoer": "lagre"})).status_code == 303
        assert await _oppslag(verden, "27847009441") > 0
        siste = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"][-1]
        assert siste["tilstand"] == "BEREGNET"
        # Afterwards the person stands by name and birth, never by number.
        siden = await leser.aapne(sti)
        assert "27847009441" not in siden.text
        assert "Uten navn" in tekst(siden)
        assert "278470" in tekst(siden)

    i_nettleseren("sqlite", arbeid)


async def _oppslag(verden: Verden, ident: str) -> int:
    async with verden.arkiv.les(FJORDVIK) as lager:
        rader = await lager.revisjon.soek(Revisjonsfilter(handling=Handling.OPPSLAG, ident=ident), 0, 100)
    return len(rader)


def test_feil_lagrer_verken_saken_eller_beregningen() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id = (await ny_sak(verden, KS_PAR))["sak"]["id"]
        sti = f"/saker/{sak_id}/endre"
        felt = feltene(await leser.aapne(sti))
        for galt, sted in (
            ({"opphold/0/fra": ""}, "opphold-0-fra"),
            ({"opphold/0/institusjon": "finnes-ikke"}, "opphold-0-institusjon"),
            ({"beregning/aar": "2030"}, "beregning-aar"),
            (
                {"beregning/endeligBegrunnelse": "fordi", "beregning/aar": "2026"},
                "beregning-endeligBegrunnelse",
            ),
        ):
            for gjoer in ("vis", "lagre"):
                svar = await leser.send(sti, {**felt, **galt, "gjoer": gjoer})
                assert svar.status_code == 422, (galt, gjoer)
                assert f'href="#{sted}"' in svar.text
            deler = await leser.send(f"{sti}/virkning", {**felt, **galt}, headers={"hx-request": "true"})
            assert "Rett feilene i skjemaet" in tekst(deler)
        assert (await innholdet(verden, sak_id))["versjon"] == 1
        assert len((await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]) == 1

    i_nettleseren("sqlite", arbeid)


def test_stigen_viser_hvor_husstanden_staar() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        laget = await ny_sak(verden, HJEMMEHJELP)
        resultat = laget["beregning"]["resultat"]
        siden = await leser.aapne(f"/saker/{laget['sak']['id']}/endre")
        assert f"{resultat['trinn']['nummer']} – husstanden er her" in tekst(siden)
        assert tekst(siden).count("husstanden er her") == 1
        antall_g = f"{resultat['grunnlag'] / resultat['grunnbeloep']:.4f}"[:4].replace(".", ",")
        grunnlag = f"{int(resultat['grunnlag']):,}".replace(",", " ")
        assert f"Husstandens grunnlag er {grunnlag} kr, det er {antall_g} G" in tekst(siden)

    i_nettleseren("sqlite", arbeid)


def test_andres_sak_finnes_ikke_og_avsluttet_sak_endres_ikke() -> None:
    async def arbeid(verden: Verden) -> None:
        sak = (await ny_sak(verden, KS_PAR))["sak"]
        sti = f"/saker/{sak['id']}/endre"
        async with nettleser(verden) as leser, nettleser(verden, kommune=SKOGLI) as nabo:
            felt = feltene(await leser.aapne(sti))
            assert (await nabo.aapne(sti)).status_code == 404
            for gjoer in ("vis", "lagre", "ny:opphold"):
                assert (await nabo.send(sti, {**felt, "gjoer": gjoer})).status_code == 404
            assert (await nabo.send(f"{sti}/virkning", felt)).status_code == 404
            svar = await verden.post(
                f"/api/v1/saker/{sak['id']}/avslutning",
                {"dato": "2026-06-30", "grunn": "FLYTTET"},
                hoder={"If-Match": '"1"'},
            )
            assert svar.status_code == 200
            assert (await leser.aapne(sti)).status_code == 409
            svar = await leser.send(sti, {**felt, "gjoer": "lagre"})
            assert svar.status_code == 409
            assert "Saken er avsluttet" in tekst(svar)

    i_portalen("sqlite", arbeid)


TJENESTER: Final[list[list[dict[str, Any]]]] = [
    [],
    [{"maaned": "2025-12", "art": "TIMER", "timer": 2}, {"maaned": "2026-01", "art": "TIMER", "timer": 2}],
    [{"maaned": "2026-01", "art": "TIMER", "timer": 2}] * 3,
    [{"maaned": f"2026-{m:02d}", "art": "ABONNEMENT"} for m in (1, 2, 3, 5, 6, 12)],
    [{"maaned": "2026-01", "art": "TIMER", "timer": 2}, {"maaned": "2026-02", "art": "TIMER", "timer": 3}],
]


@pytest.mark.parametrize("tjenester", TJENESTER)
def test_maaneder_som_rader_og_tilbake_er_det_samme(tjenester: list[dict[str, Any]]) -> None:
    def noekkel(en: dict[str, Any]) -> str:
        return str(sorted(en.items()))

    rader = [{navn: v for navn, v in rad.items() if v is not None} for rad in som_rader(tjenester)]
    tilbake, fra_rad, feil = per_maaned(rader)
    assert feil == []
    assert sorted(tilbake, key=noekkel) == sorted(tjenester, key=noekkel)
    assert len(fra_rad) == len(tjenester)
    assert len(rader) <= len(tjenester)
