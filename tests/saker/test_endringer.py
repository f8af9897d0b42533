"""Every use case that stores something says so in the list of changes, in its own transaction, and nothing else does."""

import asyncio
import json

import pytest

from app import klokke
from app.api.tilgang.ruter import rettigheter
from app.db.lager.endringer import Endring
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.revisjon import Handling
from app.services.tilgang import RETTIGHETER, SCOPER, Rolle
from tests.baser import MOTORER, ny_database
from tests.saker.lovlige import LOVLIGE, Ider, fyll, lovlig
from tests.saker.sesjoner import Rollesesjoner, innlogget
from tests.saker.verden import Verden, tjeneste

_S = "/api/v1/saker"
SIER_FRA = {
    ("POST", _S): ["sak.opprettet", "beregning.ny"],
    ("PUT", f"{_S}/{{sakId}}"): ["sak.endret"],
    ("POST", f"{_S}/{{sakId}}/beregninger"): ["beregning.ny"],
    ("POST", f"{_S}/{{sakId}}/manuelle-poster"): ["manuell-post.ny"] * 2,
    ("DELETE", f"{_S}/{{sakId}}/manuelle-poster/{{postId}}"): ["manuell-post.opphevet"],
    ("POST", f"{_S}/{{sakId}}/vedtak"): ["vedtak.nytt"],
    ("POST", f"{_S}/{{sakId}}/vedtak/{{vedtakId}}/godkjenning"): ["vedtak.nytt"],
    ("POST", f"{_S}/{{sakId}}/etteroppgjoer"): ["etteroppgjoer.nytt"],
    ("POST", f"{_S}/{{sakId}}/avslutning"): ["sak.avsluttet"],
    ("POST", "/api/v1/oppgaver/{oppgaveId}/lukk"): ["oppgave.lukket"],
    ("POST", "/api/v1/webhooker/{webhookId}/proev"): ["webhook.proeve"],
    ("POST", "/api/v1/personer/sletting"): ["sak.slettet"],
}
"""What each lawful request is told of as."""


@pytest.mark.parametrize("motor", MOTORER)
def test_hver_rute_som_lagrer_sier_fra_om_det(motor: str) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as v:
            v.app.state.sesjoner = Rollesesjoner()
            vernet = rettigheter(v.app)
            ider = await fyll(v, FJORDVIK)
            for operasjon, rad in LOVLIGE.items():
                foer = len(await _endringene(v))
                foresporsel = lovlig(operasjon, ider)
                krevd = vernet[operasjon]
                med = [rolle for rolle in (Rolle.LEDER, Rolle.DRIFT) if krevd <= RETTIGHETER[rolle]]
                maskin = krevd <= SCOPER["egenandel.write"]
                hoder = v.hode(FJORDVIK) if maskin else innlogget(FJORDVIK, med[0])
                svar = await v.klient.request(
                    operasjon[0],
                    foresporsel.adresse,
                    headers={**hoder, **foresporsel.hoder},
                    **({} if foresporsel.kropp is None else {"json": foresporsel.kropp}),
                )
                assert svar.status_code == rad.status, (operasjon, svar.text)
                nye = (await _endringene(v))[foer:]
                assert [ny.type for ny in nye] == SIER_FRA.get(operasjon, []), operasjon

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_raden_sier_hvilken_sak_hva_og_hvilket_aar(motor: str) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as v:
            foer = klokke.naa()
            ider: Ider = await fyll(v, FJORDVIK)
            funnet = await _endringene(v)
            assert [
                (e.sekvensnummer, e.type, str(e.sak_id), None if e.gjelder is None else str(e.gjelder), e.aar)
                for e in funnet[:6]
            ] == [
                (1, "sak.opprettet", ider.sak, None, None),
                (2, "beregning.ny", ider.sak, ider.beregning, 2025),
                (3, "vedtak.nytt", ider.sak, ider.vedtak, 2025),
                (4, "etteroppgjoer.nytt", ider.sak, ider.etteroppgjoer, 2025),
                (5, "beregning.ny", ider.sak, ider.ny_beregning, 2025),
                (6, "manuell-post.ny", ider.sak, ider.post, 2026),
            ]
            assert all(foer <= e.tidspunkt <= klokke.naa() for e in funnet)

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_et_gjentatt_kall_sier_ikke_fra_to_ganger(motor: str) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as v:
            ider = await fyll(v, FJORDVIK)
            for _ in range(3):
                await v.post(
                    f"{_S}/{ider.sak}/beregninger", {"aar": 2025}, hoder={"Idempotency-Key": "en-og-samme"}
                )
            foer = len(await _endringene(v))
            svar = await v.post(f"{_S}/{ider.sak}/vedtak", {"beregningId": ider.sak, "fra": "2025-06-01"})
            assert svar.status_code == 404
            endringene = await _endringene(v)
            assert len(endringene) == foer
            assert [e.type for e in endringene].count("beregning.ny") == 4

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_leser_side_for_side_ser_hver_endring_en_gang(motor: str) -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as v:
            tom = (await v.les("/api/v1/endringer?etter=0")).json()
            assert tom == {"endringer": [], "neste": 0}
            assert (await v.les("/api/v1/endringer/start")).json() == {"etter": 0}
            await fyll(v, FJORDVIK)
            lest, etter = [], 0
            while side := (await v.les(f"/api/v1/endringer?etter={etter}&antall=3")).json()["endringer"]:
                assert len(side) <= 3
                lest += side
                etter = side[-1]["sekvensnummer"]
            assert [rad["sekvensnummer"] for rad in lest] == list(range(1, len(lest) + 1))
            assert lest[0].keys() == {"sekvensnummer", "type", "sakId", "gjelder", "aar", "tidspunkt"}
            assert (await v.les(f"/api/v1/endringer?etter={etter}")).json() == {
                "endringer": [],
                "neste": etter,
            }
            assert (await v.les("/api/v1/endringer", kommune=SKOGLI)).json()["endringer"] == []
            for dato, begynner in (("2020-01-01", 0), ("2100-01-01", etter)):
                svar = await v.les(f"/api/v1/endringer/start?dato={dato}")
                assert svar.json() == {"etter": begynner}
            assert (await v.les("/api/v1/endringer/start")).json() == {"etter": etter}
            async with v.arkiv.les(FJORDVIK) as lager:
                filter_ = Revisjonsfilter(handling=Handling.ENDRINGER_LEST)
                rader = await lager.revisjon.soek(filter_, 0, 100)
            antall = [json.loads(rad.innhold)["antall"]["endringer"] for rad in rader]
            assert sum(antall) == len(lest)

    asyncio.run(alt())


@pytest.mark.parametrize(
    "sporring", ["etter=-1", "etter=9223372036854775808", "etter=a", "antall=0", "antall=10001"]
)
def test_en_gal_sporring_sier_hva_som_er_galt(sporring: str) -> None:
    database = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(database) as v:
            svar = await v.les(f"/api/v1/endringer?{sporring}")
            assert (svar.status_code, svar.json()["type"]) == (422, "urn:egenandel:problem:ugyldig-parameter")
            assert svar.json()["errors"][0]["pointer"] == f"/query/{sporring.partition('=')[0]}"

    asyncio.run(alt())


async def _endringene(v: Verden) -> list[Endring]:
    async with v.arkiv.les(FJORDVIK) as lager:
        return list(await lager.endringer.etter(0, 1_000))
