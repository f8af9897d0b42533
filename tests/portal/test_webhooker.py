"""Webhooks in the portal: the secret is seen once, and nobody sees another kommune's."""

import re
from typing import Final
from uuid import UUID

import pytest

from app.db.lager.webhooker import Leveringstilstand, Webhook
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
URL: Final = "https://fagsystem.example/krok"


async def _kroker(v: Verden, kommune: str = FJORDVIK) -> list[Webhook]:
    async with v.arkiv.les(kommune) as lager:
        return await lager.webhooker.alle()


def _hemmelighet(side: str) -> str:
    funnet = re.search(r'<code class="brytes">([^<]+)</code>', side)
    assert funnet is not None
    return funnet[1]


@motorer
def test_fra_laget_til_slettet(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.LEDER) as leser:
            felt = {"url": URL, "beskrivelse": "Journalen", "typer": ["beregning.ny", "vedtak.nytt"]}
            svar = await leser.send("/webhooker", felt)
            assert svar.status_code == 200
            hemmelighet = _hemmelighet(svar.text)
            (krok,) = await _kroker(v)
            assert (krok.url, krok.beskrivelse, set(krok.typer)) == (
                URL,
                "Journalen",
                {"beregning.ny", "vedtak.nytt"},
            )
            sti = f"/webhooker/{krok.id}"
            for side in (await leser.aapne("/webhooker"), await leser.aapne(sti)):
                assert "Journalen" in tekst(side)
                assert hemmelighet not in side.text

            # Changed from what the page shows; a page from before is refused.
            endret = {**felt, "typer": [], "tilstand": "PAUSET", "versjon": "1"}
            assert (await leser.send(sti, endret)).status_code == 303
            (krok,) = await _kroker(v)
            assert (krok.versjon, krok.tilstand, krok.typer) == (2, "PAUSET", ())
            for handling in ("", "/roter", "/slett"):
                assert (await leser.send(f"{sti}{handling}", endret)).status_code == 409, handling

            rotert = await leser.send(f"{sti}/roter", {"versjon": "2"})
            assert _hemmelighet(rotert.text) != hemmelighet
            assert "Det signeres også med den forrige" in tekst(rotert)

            assert (await leser.send(f"{sti}/proev")).status_code == 303
            side = await leser.aapne(f"{sti}?tilstand=VENTER")
            (nr,) = re.findall(r"/leveringer/(\d+)/gjenta", side.text)
            assert "Ingen leveringer." in tekst(await leser.aapne(f"{sti}?tilstand=LEVERT"))
            assert (await leser.send(f"{sti}/leveringer/{nr}/gjenta")).status_code == 303
            async with v.arkiv.les(FJORDVIK) as lager:
                (levering,) = await lager.webhooker.leveringer(krok.id, None, None, 10)
            assert levering.tilstand is Leveringstilstand.VENTER

            assert (await leser.send(f"{sti}/slett", {"versjon": "3"})).status_code == 303
            assert await _kroker(v) == []
            assert (await leser.aapne(sti)).status_code == 404

    i_portalen(motor, arbeid)


def test_en_utrygg_adresse_avvises_ved_feltet() -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.LEDER) as leser:
            for url in ("http://fagsystem.example/krok", "https://127.0.0.1/krok", ""):
                svar = await leser.send("/webhooker", {"url": url, "beskrivelse": "Min egen"})
                assert (svar.status_code, 'id="url-feil"' in svar.text) == (422, True), url
                assert 'value="Min egen"' in svar.text
            assert await _kroker(v) == []
            await leser.send("/webhooker", {"url": URL})
            (krok,) = await _kroker(v)
            feil = {"url": "https://127.0.0.1/", "versjon": "1"}
            svar = await leser.send(f"/webhooker/{krok.id}", feil)
            assert (svar.status_code, 'id="url-feil"' in svar.text) == (422, True)
            assert (await _kroker(v))[0].url == URL

    i_portalen("sqlite", arbeid)


def test_bare_egen_kommune_og_bare_ledere_endrer() -> None:
    async def arbeid(v: Verden) -> None:
        async with (
            nettleser(v, Rolle.LEDER) as leser,
            nettleser(v) as beregner,
            nettleser(v, Rolle.LEDER, SKOGLI) as annen,
        ):
            await leser.send("/webhooker", {"url": URL})
            (krok,) = await _kroker(v)
            sti = f"/webhooker/{krok.id}"
            assert "Bytt hemmeligheten" not in tekst(await beregner.aapne(sti))
            assert (await annen.aapne(sti)).status_code == 404
            for handling in ("", "/roter", "/proev", "/slett", "/leveringer/1/gjenta"):
                felt = {"url": URL, "versjon": "1"}
                assert (await annen.send(f"{sti}{handling}", felt)).status_code == 404, handling
            assert [en.id for en in await _kroker(v)] == [UUID(str(krok.id))]

    i_portalen("sqlite", arbeid)
