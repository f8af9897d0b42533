"""A change and its calculation are stored together, or neither is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app import klokke
from app.api.eksempler_saker import KS_PAR
from app.calc.kontrakt.feil import Feil
from app.sandbox.standard import FJORDVIK
from app.services.sak.drift import Kall
from app.services.sak.endre_og_beregne import forbered_endring, lagre_endring
from app.services.sak.feil import FinnesIkkeError, UgyldigSakError, UtdatertError
from app.services.sak.forespoersler import FORHAANDSVISNING, OensketForhaandsvisning
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from tests.baser import MOTORER, ny_database
from tests.saker.dump import REGISTERET, dump
from tests.saker.verden import Verden, tjeneste
from tests.tid import egen_tid

motorer = pytest.mark.parametrize("motor", MOTORER)
BELOEP = {"felt": "/inntekter/privatPensjon", "beloep": 60000, "begrunnelse": "Brev"}


def i_tjenesten(motor: str, arbeid: Callable[[Verden, dict[str, Any]], Awaitable[None]]) -> None:
    """Do something with a service that has one case."""
    database = ny_database(motor)

    async def alt() -> None:
        with egen_tid() as tid:
            async with tjeneste(database, clock=tid) as verden:
                svar = await verden.post("/api/v1/saker", KS_PAR)
                assert svar.status_code == 201
                await arbeid(verden, svar.json())

    asyncio.run(alt())


def uten_null(rad: dict[str, Any]) -> dict[str, Any]:
    return {navn: verdi for navn, verdi in rad.items() if verdi is not None}


def kropp(laget: dict[str, Any], **resten: Any) -> dict[str, Any]:
    """The case with another stay, and whatever else."""
    innhold = uten_null(laget["sak"]["innhold"])
    innhold["opphold"] = [{"art": "LANGTID", "fra": "2023-03-01", "institusjon": "solbakken"}]
    innhold["husstand"] = [uten_null(rad) for rad in innhold["husstand"]]
    return {"innhold": innhold, "beregning": {"aar": 2023}, **resten}


def oenske(laget: dict[str, Any], **resten: Any) -> OensketForhaandsvisning:
    feil: list[Feil] = []
    lest = FORHAANDSVISNING.les(kropp(laget, **resten), "", feil)
    assert isinstance(lest, OensketForhaandsvisning), feil
    return lest


def kall() -> Kall:
    aktoer = Aktoer(
        kommune=FJORDVIK,
        type=Aktoertype.BRUKER,
        id="bruker-beregner",
        rettigheter=RETTIGHETER[Rolle.BEREGNER],
        rolle=Rolle.BEREGNER,
    )
    return Kall(aktoer=aktoer, rute="POST /proeve", korrelasjonsid="proeve", naa=klokke.naa(), hjemmel="§ 3")


async def lagret(verden: Verden) -> Any:
    """Everything of the kommune but the register."""
    return await dump(verden.arkiv.database, FJORDVIK, uten=REGISTERET)


@motorer
def test_innhold_post_og_beregning_lagres_i_ett(motor: str) -> None:
    async def arbeid(verden: Verden, laget: dict[str, Any]) -> None:
        drift, sak_id = verden.app.state.saksdrift, UUID(laget["sak"]["id"])
        med_beloep = {"manuellePoster": {"aar": 2023, "oppgitteBeloep": [BELOEP]}}
        hva = oenske(laget, **med_beloep)
        sti = f"/api/v1/saker/{sak_id}"
        vist = (await verden.post(f"{sti}/forhaandsvisning", kropp(laget, **med_beloep))).json()
        foer = await lagret(verden)
        klar = await forbered_endring(drift, kall(), sak_id, 1, hva)
        assert await lagret(verden) == foer
        async with verden.arkiv.skriv(FJORDVIK) as lager:
            ny = await lagre_endring(lager, kall(), klar)
        sak = (await verden.les(sti)).json()
        beregning = (await verden.les(f"{sti}/beregninger/{ny.id}")).json()
        assert sak["versjon"] == beregning["sakVersjon"] == 2
        assert sak["innhold"]["opphold"][0]["fra"] == "2023-03-01"
        assert beregning["resultat"] == vist["resultat"]
        assert len((await verden.les(f"{sti}/manuelle-poster")).json()) == 1
        # Calculated again from what is stored, it is the same.
        igjen = (await verden.post(f"{sti}/beregninger", {"aar": 2023})).json()
        assert igjen["resultat"] == beregning["resultat"]

    i_tjenesten(motor, arbeid)


@motorer
def test_kommer_noen_andre_foerst_lagres_ingenting(motor: str) -> None:
    async def arbeid(verden: Verden, laget: dict[str, Any]) -> None:
        drift, sak_id = verden.app.state.saksdrift, UUID(laget["sak"]["id"])
        sti = f"/api/v1/saker/{sak_id}"
        post = (
            await verden.post(f"{sti}/manuelle-poster", {"aar": 2023, "oppgitteBeloep": [BELOEP]})
        ).json()[0]
        klar = await forbered_endring(drift, kall(), sak_id, 1, oenske(laget, opphevedePoster=[post["id"]]))
        # The post is withdrawn by somebody else meanwhile: the content that comes with it is not stored either.
        assert (await verden.kall("DELETE", f"{sti}/manuelle-poster/{post['id']}")).status_code == 200
        foer = await lagret(verden)
        with pytest.raises(FinnesIkkeError):
            async with verden.arkiv.skriv(FJORDVIK) as lager:
                await lagre_endring(lager, kall(), klar)
        assert await lagret(verden) == foer
        # The case is changed by somebody else meanwhile.
        klar = await forbered_endring(drift, kall(), sak_id, 1, oenske(laget))
        async with verden.arkiv.skriv(FJORDVIK) as lager:
            await lagre_endring(
                lager, kall(), await forbered_endring(drift, kall(), sak_id, 1, oenske(laget))
            )
        foer = await lagret(verden)
        with pytest.raises(UtdatertError):
            async with verden.arkiv.skriv(FJORDVIK) as lager:
                await lagre_endring(lager, kall(), klar)
        with pytest.raises(UtdatertError):
            await forbered_endring(drift, kall(), sak_id, 1, oenske(laget))
        assert await lagret(verden) == foer

    i_tjenesten(motor, arbeid)


def test_en_beregning_som_ikke_gaar_lagrer_ikke_endringen() -> None:
    async def arbeid(verden: Verden, laget: dict[str, Any]) -> None:
        drift, sak_id = verden.app.state.saksdrift, UUID(laget["sak"]["id"])
        foer = await lagret(verden)
        ikke_over = oenske(laget, beregning={"aar": 2026, "endeligBegrunnelse": "fordi"})
        with pytest.raises(UgyldigSakError) as feil:
            await forbered_endring(drift, kall(), sak_id, 1, ikke_over)
        assert [en.pointer for en in feil.value.feil] == ["/beregning/endeligBegrunnelse"]
        assert await lagret(verden) == foer

    i_tjenesten("sqlite", arbeid)
