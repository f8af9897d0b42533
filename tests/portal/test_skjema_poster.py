"""Posts that wait are placed, amounts entered and withdrawn, by the form: with the same result as by the API."""

import re
from typing import Any, Final

import pytest

from app.api.eksempler_saker import EKTEPAR, HJEMMEHJELP, KS_PAR
from app.sandbox.standard import SKOGLI
from tests.baser import MOTORER
from tests.portal.skjemaer import feltene
from tests.portal.test_skjema_endre import i_nettleseren, ny_sak
from tests.portal.test_skjema_ny import LANGTID, saken
from tests.portal.verden import Nettleser, i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)

SOM: Final = ("offentligTjenestepensjon", "privatPensjon")
GRUNN: Final = "Brev fra pensjonskassen"
ANDRE: Final = "manuellePoster/plasseringer/1"
BELOEP: Final = "manuellePoster/oppgitteBeloep/0"


async def siste(verden: Verden, sak_id: str) -> dict[str, Any]:
    """The case's newest calculation."""
    alle = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger")).json()["elementer"]
    funnet: dict[str, Any] = (await verden.les(f"/api/v1/saker/{sak_id}/beregninger/{alle[-1]['id']}")).json()
    return funnet


async def fasit(verden: Verden) -> Any:
    """The couple's year when the API places the posts."""
    laget = await ny_sak(verden, EKTEPAR)
    aapne = laget["beregning"]["aapne"]
    rader = [
        {"noekkel": en["noekkel"], "som": som, "begrunnelse": GRUNN, "person": {"personId": en["personId"]}}
        for en, som in zip(aapne, SOM, strict=True)
    ]
    sti = f"/api/v1/saker/{laget['sak']['id']}"
    svar = await verden.post(f"{sti}/manuelle-poster", {"aar": 2026, "plasseringer": rader})
    assert svar.status_code == 201
    return (await verden.post(f"{sti}/beregninger", {"aar": 2026})).json()["egenandelAar"]


@motorer
def test_fra_ny_sak_til_beloep_med_poster_som_plasseres(motor: str) -> None:
    """New case, the unknown posts placed one after the other, and the amount is the one the API gives."""
    riktig: list[Any] = []

    async def med_apiet(verden: Verden) -> None:
        riktig.append(await fasit(verden))

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak = await saken(verden, await leser.send("/saker/ny", LANGTID))
        sti = f"/saker/{sak['id']}/poster"
        felt = feltene(await leser.aapne(f"{sti}?aar=2026"))
        assert felt[f"{ANDRE}/som"] == ""
        # The first one alone: the other still waits, and the page says so.
        foerste = {
            "manuellePoster/plasseringer/0/som": SOM[0],
            "manuellePoster/plasseringer/0/begrunnelse": GRUNN,
        }
        svar = await leser.send(sti, {**felt, **foerste, "gjoer": "lagre"})
        assert (svar.status_code, svar.headers["location"]) == (303, f"{sti}?aar=2026")
        assert (await siste(verden, sak["id"]))["egenandelAar"] is None
        siden = await leser.aapne(f"{sti}?aar=2026")
        felt = feltene(siden)
        assert f"{ANDRE}/som" not in felt
        assert GRUNN in tekst(siden)
        andre = {
            "manuellePoster/plasseringer/0/som": SOM[1],
            "manuellePoster/plasseringer/0/begrunnelse": GRUNN,
        }
        vist = await leser.send(sti, {**felt, **andre, "gjoer": "vis"})
        svar = await leser.send(sti, {**feltene(vist), "gjoer": "lagre"})
        assert (svar.status_code, svar.headers["location"]) == (303, f"/saker/{sak['id']}?aar=2026")
        beregning = await siste(verden, sak["id"])
        assert beregning["egenandelAar"] == riktig[0] > 0
        assert f"{riktig[0]}kr".replace(".", ",") in tekst(vist).replace(" ", "")
        # The same form once more has no other effect.
        antall = len((await verden.les(f"/api/v1/saker/{sak['id']}/manuelle-poster")).json())
        igjen = await leser.send(sti, {**feltene(vist), "gjoer": "lagre"})
        assert igjen.headers["location"] == svar.headers["location"]
        assert len((await verden.les(f"/api/v1/saker/{sak['id']}/manuelle-poster")).json()) == antall == 2

    i_portalen(motor, med_apiet)
    i_nettleseren(motor, arbeid)


@motorer
def test_et_beloep_foeres_inn_vises_lagres_og_trekkes_tilbake(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        laget = await ny_sak(verden, KS_PAR)
        sak_id, foer = laget["sak"]["id"], laget["beregning"]["egenandelAar"]
        sti = f"/saker/{sak_id}/poster"
        felt = feltene(await leser.aapne(f"{sti}?aar=2023"))
        felt = feltene(await leser.send(sti, {**felt, "gjoer": "ny:manuellePoster/oppgitteBeloep"}))
        felt |= {
            f"{BELOEP}/felt": "/inntekter/privatPensjon",
            f"{BELOEP}/beloep": "48 000,50",
            f"{BELOEP}/begrunnelse": "Årsoppgave",
            f"{BELOEP}/kilde": "Pensjonsselskapet",
            f"{BELOEP}/vedlegg": "arkiv-17",
        }
        vist = await leser.send(sti, {**felt, "gjoer": "vis"})
        assert (await verden.les(f"/api/v1/saker/{sak_id}/manuelle-poster")).json() == []
        svar = await leser.send(sti, {**felt, "gjoer": "lagre"})
        assert svar.status_code == 303, tekst(svar)
        poster = (await verden.les(f"/api/v1/saker/{sak_id}/manuelle-poster")).json()
        assert [(en["beloep"], en["kilde"], en["vedlegg"], en["virkning"]) for en in poster] == [
            (48000.5, "Pensjonsselskapet", "arkiv-17", "ERSTATTER")
        ]
        etter = (await siste(verden, sak_id))["egenandelAar"]
        assert etter > foer
        assert f"+{etter - foer}kr" in tekst(vist).replace(" ", "")
        siden = await leser.aapne(f"{sti}?aar=2023")
        assert "Pensjonsselskapet" in tekst(siden)
        svar = await leser.send(
            sti, {**feltene(siden), "opphevedePoster/0": poster[0]["id"], "gjoer": "lagre"}
        )
        assert svar.status_code == 303
        assert (await siste(verden, sak_id))["egenandelAar"] == foer
        # Somebody who still has the old page is told, and loses nothing.
        svar = await leser.send(sti, {**feltene(siden), "opphevedePoster/0": poster[0]["id"], "gjoer": "vis"})
        assert svar.status_code == 409
        assert "Noen andre har endret saken" in tekst(svar)
        assert "Trukket tilbake: 1" in tekst(await leser.aapne(f"{sti}?aar=2023"))

    i_nettleseren(motor, arbeid)


FEIL: Final[list[tuple[dict[str, str], str, str]]] = [
    ({f"{ANDRE}/som": "privatPensjon"}, f"{ANDRE}/begrunnelse", "Fyll ut: Hvorfor"),
    ({f"{ANDRE}/begrunnelse": "fordi"}, f"{ANDRE}/som", "Velg hva posten er"),
    ({f"{ANDRE}/som": "HELE", f"{ANDRE}/begrunnelse": "fordi"}, f"{ANDRE}/som", "Skal være en av"),
    ({f"{ANDRE}/som": "privatPensjon", f"{ANDRE}/begrunnelse": "fordi", f"{ANDRE}/beloep": "1,5"}, f"{ANDRE}/beloep", "helt tall"),
    ({f"{BELOEP}/felt": "/gjeldsrenter", f"{BELOEP}/begrunnelse": "x"}, f"{BELOEP}/beloep", "Fyll ut: Beløp"),
    ({f"{BELOEP}/felt": "/gjeldsrenter", f"{BELOEP}/begrunnelse": "x", f"{BELOEP}/beloep": "mye"}, f"{BELOEP}/beloep", "Skriv et tall"),
    ({f"{BELOEP}/felt": "/tenktEtterlattepensjon", f"{BELOEP}/begrunnelse": "x", f"{BELOEP}/beloep": "1"}, f"{BELOEP}/felt", "Skal være et av feltene"),
]  # fmt: skip


def test_feil_staar_ved_feltet_og_ingenting_lagres() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        laget = await ny_sak(verden, EKTEPAR)
        sti = f"/saker/{laget['sak']['id']}/poster"
        person = laget["sak"]["innhold"]["person"]["personId"]
        felt = feltene(await leser.aapne(f"{sti}?aar=2026"))
        for galt, sted, ord_ in FEIL:
            egne = {f"{BELOEP}/person/personId": person} if any(BELOEP in navn for navn in galt) else {}
            for gjoer in ("vis", "lagre"):
                svar = await leser.send(sti, {**felt, **egne, **galt, "gjoer": gjoer})
                assert svar.status_code == 422, (galt, gjoer)
                anker = sted.replace("/", "-")
                lenke = re.search(rf'href="#{anker}">([^<]*)<', svar.text)
                assert lenke is not None, (galt, tekst(svar)[:900])
                assert ord_ in lenke[1]
                assert f'id="{anker}"' in svar.text
        assert (await verden.les(f"/api/v1/saker/{laget['sak']['id']}/manuelle-poster")).json() == []
        assert (
            len((await verden.les(f"/api/v1/saker/{laget['sak']['id']}/beregninger")).json()["elementer"])
            == 1
        )

    i_nettleseren("sqlite", arbeid)


def test_andres_saker_poster_og_personer_finnes_ikke() -> None:
    async def arbeid(verden: Verden) -> None:
        egen = await ny_sak(verden, EKTEPAR)
        annen = await ny_sak(verden, KS_PAR)
        sti = f"/saker/{egen['sak']['id']}/poster"
        beloep = {"felt": "/gjeldsrenter", "beloep": 1, "begrunnelse": "x"}
        fremmed = await verden.post(
            f"/api/v1/saker/{annen['sak']['id']}/manuelle-poster", {"aar": 2023, "oppgitteBeloep": [beloep]}
        )
        async with nettleser(verden) as leser, nettleser(verden, kommune=SKOGLI) as nabo:
            felt = feltene(await leser.aapne(f"{sti}?aar=2026"))
            assert (await nabo.aapne(sti)).status_code == 404
            assert (await nabo.send(sti, {**felt, "gjoer": "lagre"})).status_code == 404
            assert (await nabo.send(f"{sti}/virkning", felt)).status_code == 404
            # Somebody who is not in the case, and a post of another case.
            rad = {f"{BELOEP}/felt": "/gjeldsrenter", f"{BELOEP}/beloep": "1", f"{BELOEP}/begrunnelse": "x"}
            rad[f"{BELOEP}/person/personId"] = annen["sak"]["innhold"]["person"]["personId"]
            svar = await leser.send(sti, {**felt, **rad, "gjoer": "lagre"})
            assert svar.status_code == 422
            annens = {"opphevedePoster/0": fremmed.json()[0]["id"]}
            for gjoer in ("vis", "lagre"):
                svar = await leser.send(sti, {**felt, **annens, "gjoer": gjoer})
                assert svar.status_code == 404
            assert (await leser.send(f"{sti}/virkning", {**felt, **annens})).status_code == 404
        poster = (await verden.les(f"/api/v1/saker/{annen['sak']['id']}/manuelle-poster")).json()
        assert [post["opphevet"] for post in poster] == [None]

    i_portalen("sqlite", arbeid)


RARE: Final[list[dict[str, str]]] = [
    {"manuellePoster": "x"},
    {"manuellePoster/plasseringer": "x"},
    {"opphevedePoster/0/x": "1"},
    {"opphevedePoster/0": "ikke-en-id"},
    {"beregning/aar": "99999"},
    {"beregning/aar": ""},
    {"versjon": "x"},
    {"innhold/tjeneste": "LANGTIDSOPPHOLD"},
    {"gjoer": "ny:opphevedePoster"},
    {"gjoer": "ny:manuellePoster/plasseringer"},
    {"gjoer": "fjern:manuellePoster/plasseringer/0"},
]


@pytest.mark.parametrize("kropp", [EKTEPAR, HJEMMEHJELP], ids=["langtid", "hjemme"])
def test_et_skjema_som_ikke_er_vaart_gir_et_skjema_tilbake(kropp: dict[str, Any]) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sti = f"/saker/{(await ny_sak(verden, kropp))['sak']['id']}/poster"
        felt = feltene(await leser.aapne(sti))
        for rart in RARE:
            for gjoer in ("vis", "lagre"):
                svar = await leser.send(sti, {**felt, "gjoer": gjoer, "versjon": "7", **rart})
                assert svar.status_code in {200, 409, 422}, (rart, tekst(svar))
                assert 'id="skjema"' in svar.text, rart

    i_nettleseren("sqlite", arbeid)
