"""The audit register in the portal: searched by those who see no cases, handed out, and read only with a trace."""

import csv
import io
import re
from typing import Any, Final
from uuid import UUID

import pytest

from app import klokke
from app.db.lager.brukere import Bruker
from app.db.lager.revisjon import Rad, Revisjonsfilter
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.personvern.register import KOLONNER
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
REGISTERET: Final = "/hendelsesregister"


async def _sak(v: Verden, kallenavn: str = "gammelt-og-nytt-navn") -> tuple[str, str]:
    ident = v.ident(kallenavn)
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": ident, "navn": "Olga Prøve"},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": 2025},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    return ident, svar.json()["sak"]["id"]


async def _rader(v: Verden, **filter_: Any) -> list[Rad]:
    async with v.arkiv.les(FJORDVIK) as lager:
        return list(await lager.revisjon.soek(Revisjonsfilter(**filter_), 0, 10_000))


@motorer
def test_soek_etter_person_sak_handling_utfall_og_tid(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        ident, sak = await _sak(v)
        await _sak(v, "livsvarig-afp")
        i_dag = klokke.i_dag().isoformat()
        async with nettleser(v, Rolle.REVISOR) as leser:
            for felt, filter_ in (
                ({"personidentifikator": f"{ident[:6]} {ident[6:]}"}, {"ident": ident}),
                (
                    {"sakId": sak, "handling": "SAK_OPPRETTET"},
                    {"sak_id": UUID(sak), "handling": "SAK_OPPRETTET"},
                ),
                (
                    {"handling": "BEREGNING_LAGET", "fra": i_dag, "til": i_dag},
                    {"handling": "BEREGNING_LAGET"},
                ),
                ({"utfall": "AVSLAATT"}, {"utfall": Utfall.AVSLAATT}),
            ):
                ventet = [f"{rad.nr}" for rad in await _rader(v, **filter_)]
                svar = await leser.send(REGISTERET, felt)
                assert svar.status_code == 200
                funnet = re.findall(r'<td class="tall">(\d+)</td>', svar.text)
                assert funnet == ventet[:50], felt
                # No case, no name, and no way to one.
                assert "Olga" not in tekst(svar)
                assert 'href="/saker' not in svar.text
            tomt = await leser.send(REGISTERET, {"handling": "SAK_OPPRETTET", "fra": "2090-01-01"})
            assert "Ingen rader passer." in tekst(tomt)
            # The reading itself stands there, with whom it was about.
            (lest,) = await _rader(v, ident=ident, handling=Handling.REVISJON_LEST)
            assert lest.utfall == Utfall.OK
            # Who has logged in, is shown by name.
            async with v.arkiv.skriv(FJORDVIK) as lager:
                await lager.brukere.ta_inn(
                    Bruker(
                        id="bruker-revisor",
                        navn="Rita Revisor",
                        rolle="REVISOR",
                        tilbyder="proeve",
                        sist_innlogget=klokke.naa(),
                    )
                )
            assert "Rita Revisor" in tekst(await leser.send(REGISTERET, {"handling": "REVISJON_LEST"}))

    i_portalen(motor, arbeid)


def test_sidene_foelger_hverandre_med_soeket_i_kroppen() -> None:
    async def arbeid(v: Verden) -> None:
        ident, _ = await _sak(v)
        async with v.arkiv.skriv(FJORDVIK) as lager:
            nye = [
                ny_rad(Driftsaktoer("proeve"), Handling.SAK_LEST, Utfall.OK, ident=ident, formaal="prøve")
                for _ in range(60)
            ]
            await lager.revisjon.noter(klokke.naa(), *nye)
        async with nettleser(v, Rolle.REVISOR) as leser:
            felt = {"personidentifikator": ident, "handling": "SAK_LEST"}
            foerste = await leser.send(REGISTERET, felt)
            alle = [f"{rad.nr}" for rad in await _rader(v, ident=ident, handling=Handling.SAK_LEST)]
            assert len(alle) >= 60
            assert re.findall(r'<td class="tall">(\d+)</td>', foerste.text) == alle[:50]
            skjult = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', foerste.text))
            assert skjult["personidentifikator"] == ident
            andre = await leser.send(REGISTERET, skjult)
            assert re.findall(r'<td class="tall">(\d+)</td>', andre.text) == alle[50:]

    i_portalen("sqlite", arbeid)


@motorer
def test_utskriften_til_personen_er_alt_om_den_og_noteres(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        ident, _ = await _sak(v)
        await _sak(v, "livsvarig-afp")
        async with nettleser(v, Rolle.REVISOR) as leser:
            svar = await leser.send(f"{REGISTERET}/person", {"personidentifikator": ident})
            assert ident not in svar.headers["content-disposition"]
            (hode, *linjer) = csv.reader(io.StringIO(svar.content.decode("utf-8-sig")), delimiter=";")
            assert tuple(hode) == KOLONNER
            ventet = [rad.nr for rad in await _rader(v, ident=ident)]
            assert {int(linje[0]) for linje in linjer} >= set(ventet[:-1])
            assert ventet[-1] not in {int(linje[0]) for linje in linjer}
            assert [rad.handling for rad in await _rader(v, ident=ident)][-1] == Handling.REVISJON_EKSPORTERT
            uten = await leser.send(f"{REGISTERET}/person", {"handling": "SAK_LEST"})
            assert (uten.status_code, 'id="personidentifikator-feil"' in uten.text) == (422, True)

    i_portalen(motor, arbeid)


def test_kjeden_kontrolleres_og_ingen_ser_andres() -> None:
    async def arbeid(v: Verden) -> None:
        ident, _ = await _sak(v)
        async with nettleser(v, Rolle.REVISOR) as leser, nettleser(v, Rolle.REVISOR, SKOGLI) as andre:
            svar = await leser.send(f"{REGISTERET}/kontroll")
            assert "Kjeden er hel" in tekst(svar)
            async with v.arkiv.les(FJORDVIK) as lager:
                siste = await lager.revisjon.hode()
            # The control is noted after what it walked through.
            assert f"{siste.nr - 1} rader" in tekst(svar)
            assert "Ingen rader passer." in tekst(
                await andre.send(REGISTERET, {"personidentifikator": ident})
            )
            for felt, ved in (
                ({"personidentifikator": "123"}, "personidentifikator"),
                ({"sakId": "x"}, "sakId"),
                ({"fra": "i går"}, "fra"),
            ):
                feil = await leser.send(REGISTERET, felt)
                assert (feil.status_code, f'id="{ved}-feil"' in feil.text) == (422, True), ved

    i_portalen("sqlite", arbeid)
