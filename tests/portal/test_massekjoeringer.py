"""Mass runs in the portal: ordered dry, followed, read with names, stored, undone, taken away as a table; and budgets."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Final
from uuid import UUID

import httpx2
import pytest

from app.calc.satser import regn_med
from app.db.lager.revisjon import Revisjonsfilter
from app.portal.ramme.visning import kr
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.revisjon import Handling
from app.services.tilgang import Rolle
from tests.baser import MOTORER, ny_database
from tests.portal.verden import nettleser, portal, tekst
from tests.saker.masseverden import LANGTID, Masseverden, satser_foer

PENSJONIST: Final = "04817209888"
motorer = pytest.mark.parametrize("motor", MOTORER)


def i_portalen(motor: str, arbeid: Callable[[Masseverden], Awaitable[None]]) -> None:
    """Do something where there are cases for mass runs."""
    database = ny_database(motor)

    async def alt() -> None:
        async with portal(database) as verden:
            await arbeid(Masseverden(verden))

    asyncio.run(alt())


async def _ny_g_sak(m: Masseverden, navn: str) -> str:
    with regn_med(satser_foer()):
        svar = await m.v.post(
            "/api/v1/saker", {**LANGTID, "person": {"personidentifikator": PENSJONIST, "navn": navn}}
        )
    assert svar.status_code == 201, svar.text
    sak: str = svar.json()["sak"]["id"]
    return sak


async def _lest(m: Masseverden, person: str) -> int:
    async with m.v.arkiv.les(FJORDVIK) as lager:
        filter_ = Revisjonsfilter(ident=person, handling=Handling.MASSEKJOERING_LEST)
        return len(await lager.revisjon.soek(filter_, 0, 1_000))


def _id(svar: httpx2.Response) -> str:
    sted: str = svar.headers["location"]
    return sted.rsplit("/", 1)[1]


@motorer
def test_fra_bestilt_til_angret(motor: str) -> None:
    async def arbeid(m: Masseverden) -> None:
        sak = await _ny_g_sak(m, "=Kari Prøve")
        async with nettleser(m.v, Rolle.LEDER) as leser:
            svar = await leser.send("/massekjoeringer", {"slag": "NY_G", "aar": "2025", "virkningFra": ""})
            assert svar.status_code == 303
            sti = svar.headers["location"]
            id_ = _id(svar)

            # On its way: the page asks again by itself, and says so in words without a script.
            side = await leser.aapne(sti)
            assert "Tørrkjøres" in tekst(side)
            assert 'hx-trigger="every 2s"' in side.text
            underveis = await leser.aapne(f"{sti}/framdrift", headers={"hx-request": "true"})
            assert underveis.text.strip().startswith("<div")
            assert "hx-refresh" not in underveis.headers

            await m.gaa(UUID(id_))
            ferdig = await leser.aapne(f"{sti}/framdrift", headers={"hx-request": "true"})
            assert ferdig.headers["hx-refresh"] == "true"

            # The list has the name, and everybody in it can be told that it was shown.
            foer = await _lest(m, PENSJONIST)
            side = await leser.aapne(sti)
            assert f'href="/saker/{sak}"' in side.text
            assert "=Kari Prøve" in tekst(side)
            assert "Blir annerledes (1)" in tekst(side)
            (rad,) = (await m.v.les(f"/api/v1{sti}/rader")).json()["elementer"]
            assert _kroner(rad["foerAar"]) in _flatt(side)
            assert _kroner(rad["etterAar"]) in _flatt(side)
            assert await _lest(m, PENSJONIST) == foer + 1

            tabell = await leser.aapne(f"{sti}/liste.csv")
            assert tabell.headers["content-disposition"] == f'attachment; filename="massekjoering-{id_}.csv"'
            (hode, linje) = list(csv.reader(io.StringIO(tabell.content.decode("utf-8-sig")), delimiter=";"))
            funnet = dict(zip(hode, linje, strict=True))
            assert (funnet["sak"], funnet["navn"]) == (sak, "'=Kari Prøve")
            assert funnet["endring for året, kroner"].startswith("-")
            assert await _lest(m, PENSJONIST) == foer + 2
            assert (await leser.aapne(f"{sti}/liste.xlsx")).content[:2] == b"PK"
            assert (await leser.aapne(f"{sti}/liste.exe")).status_code == 404

            assert (await leser.send(f"{sti}/kjoer")).status_code == 303
            await m.gaa(UUID(id_))
            side = await leser.aapne(sti)
            assert "Beregnet på nytt" in tekst(side)
            assert "Angre kjøringen" in tekst(side)
            # What the run led to, waits on the start page in words.
            (oppgave,) = (await m.v.les("/api/v1/oppgaver")).json()["elementer"]
            assert oppgave["innhold"]["tekst"] in tekst(await leser.aapne("/"))
            assert (await leser.send(f"{sti}/angre")).status_code == 303
            await m.gaa(UUID(id_))
            assert "Angre kjøringen" not in tekst(await leser.aapne(sti))
            # Once more is not an error; to run what is undone is.
            assert (await leser.send(f"{sti}/angre")).status_code == 303
            svar = await leser.send(f"{sti}/kjoer")
            assert (svar.status_code, "lag en ny tørrkjøring" in tekst(svar)) == (409, True)

    i_portalen(motor, arbeid)


def _flatt(svar: httpx2.Response) -> str:
    return tekst(svar).replace("\u00a0", " ")


def _kroner(beloep: float) -> str:
    return kr(Decimal(str(beloep))).replace("\u00a0", " ")


def test_feil_staar_ved_feltet_og_det_skrevne_beholdes() -> None:
    async def arbeid(m: Masseverden) -> None:
        async with nettleser(m.v, Rolle.LEDER) as leser:
            svar = await leser.send(
                "/massekjoeringer", {"slag": "NYTT_AAR", "aar": "2025", "virkningFra": "2024-05-01"}
            )
            assert svar.status_code == 422
            assert "Datoen skal være i 2025" in tekst(svar)
            assert 'id="virkningFra-feil"' in svar.text
            assert 'value="2024-05-01"' in svar.text
            svar = await leser.send("/massekjoeringer", {"slag": "NYTT_AAR", "aar": "2050"})
            assert (svar.status_code, 'id="aar-feil"' in svar.text) == (422, True)
            svar = await leser.send("/massekjoeringer", {"slag": "NYTT_AAR", "aar": "neste"})
            assert (svar.status_code, 'id="aar-feil"' in svar.text) == (422, True)
            assert "Ingen kjøringer ennå" in tekst(await leser.aapne("/massekjoeringer"))

    i_portalen("sqlite", arbeid)


def test_bare_egen_kommune_og_bare_ledere_bestiller() -> None:
    async def arbeid(m: Masseverden) -> None:
        await _ny_g_sak(m, "Kari Prøve")
        kjoering = await m.toerr()
        sti = f"/massekjoeringer/{kjoering.id}"
        async with nettleser(m.v, Rolle.BEREGNER) as leser:
            assert "Tørrkjør</button>" not in (await leser.aapne("/massekjoeringer")).text
            assert "Kjør for alle" not in tekst(await leser.aapne(sti))
        async with nettleser(m.v, Rolle.LEDER, SKOGLI) as leser:
            for under in ("", "/framdrift", "/liste.csv"):
                assert (await leser.aapne(f"{sti}{under}")).status_code == 404
            for under in ("/kjoer", "/angre"):
                assert (await leser.send(f"{sti}{under}")).status_code == 404

    i_portalen("sqlite", arbeid)


def test_budsjettet_er_apiets() -> None:
    async def arbeid(m: Masseverden) -> None:
        await m.ny_beregnet_sak(LANGTID)
        sats = {"id": "grunnbeloep", "gjelderFra": "2025-05-01", "verdi": 150_000}
        ventet = (await m.v.post("/api/v1/hva-om", {"aar": 2025, "satser": [sats]})).json()
        async with nettleser(m.v, Rolle.LEDER) as leser:
            felt = {
                "aar": "2025",
                "satser/0/id": "grunnbeloep",
                "satser/0/gjelderFra": "2025-05-01",
                "satser/0/verdi": "150 000",
            }
            svar = await leser.send("/massekjoeringer/hva-om", felt)
            assert svar.status_code == 200
            assert "ikke er vedtatt" in tekst(svar)
            for navn in ("foer", "etter"):
                assert _kroner(ventet[navn]) in _flatt(svar)
            for feil, ved in (
                ({"satser/0/verdi": "mye"}, "satser-0-verdi-feil"),
                ({"aar": ""}, "aar-feil"),
            ):
                svar = await leser.send("/massekjoeringer/hva-om", {**felt, **feil})
                assert (svar.status_code, f'id="{ved}"' in svar.text) == (422, True), ved

    i_portalen("sqlite", arbeid)
