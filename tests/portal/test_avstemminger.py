"""Reconciliations and stopped work in the portal: read by those who see no cases, and set going by hand."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from app import klokke
from app.calc.kontrakt.json_tekst import les_json
from app.db.ident import ny_id
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Arbeidstilstand, Liste
from app.db.lager.avstemminger import Avstemming
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.avstemming.rapport import KOLONNER
from app.services.avstemming.signatur import verifiser
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
LANGTID: Final = {
    "tjeneste": "LANGTIDSOPPHOLD",
    "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
    "beregning": {"aar": 2025},
}


async def _siste(v: Verden) -> Avstemming:
    async with v.arkiv.les(FJORDVIK) as lager:
        funnet = await lager.avstemminger.siste()
    assert funnet is not None
    return funnet


@motorer
def test_bestilt_lest_og_hentet_som_den_ble_signert(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.DRIFT) as drift, nettleser(v, Rolle.REVISOR) as revisor:
            svar = await drift.send("/avstemminger")
            assert svar.status_code == 303
            sti = svar.headers["location"]
            rapport = await _siste(v)
            assert sti == f"/avstemminger/{rapport.id}"
            side = tekst(await revisor.aapne(sti))
            assert "Rapporten er slik den ble signert." in side
            assert "Dette er den første." in side
            for kontroll in les_json(rapport.innhold)["kontroller"]:
                assert kontroll["hva"] in side
            # The one after says that this one still stands.
            andre = (await drift.send("/avstemminger")).headers["location"]
            assert "Forrige rapport Uendret" in tekst(await revisor.aapne(andre))
            liste = await revisor.aapne("/avstemminger")
            assert all(f'href="{en}"' in liste.text for en in (sti, andre))

            som_csv = await revisor.aapne(f"{sti}/rapport.csv")
            navn = f'attachment; filename="avstemming-{rapport.id}.csv"'
            assert som_csv.headers["content-disposition"] == navn
            (hode, *_) = csv.reader(io.StringIO(som_csv.content.decode("utf-8-sig")), delimiter=";")
            assert tuple(hode) == KOLONNER
            noekler = (await v.klient.get("/api/v1/avstemminger/noekler")).json()
            som_json = await revisor.aapne(f"{sti}/rapport.json")
            assert json.loads(verifiser(som_json.text, noekler)) == json.loads(rapport.innhold)
            som_jws = await revisor.aapne(f"{sti}/rapport.jws")
            assert verifiser(som_jws.text, noekler) == rapport.innhold
            assert (await revisor.aapne(f"{sti}/rapport.pdf")).status_code == 404
            # Whoever reads, cannot order.
            assert 'action="/avstemminger"' not in liste.text
            assert (await revisor.send("/avstemminger")).status_code == 403

    i_portalen(motor, arbeid)


def test_en_rapport_som_ikke_er_slik_den_ble_signert_sier_det() -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.DRIFT) as drift:
            await drift.send("/avstemminger")
            ekte = await _siste(v)
            raa = les_json(ekte.innhold)
            raa["forrige"] = {"id": str(ekte.id), "sha256": "0" * 64}
            falsk = replace(ekte, id=ny_id(klokke.naa()), innhold=json.dumps(raa, default=str))
            async with v.arkiv.skriv(FJORDVIK) as lager:
                await lager.avstemminger.ny(falsk)
            side = tekst(await drift.aapne(f"/avstemminger/{falsk.id}"))
            assert "Stemmer ikke" in side
            assert "Borte eller endret" in side

    i_portalen("sqlite", arbeid)


async def _stoppet(v: Verden, liste: Liste = Liste.SKATTEOPPGJOER) -> Arbeidsnoekkel:
    person = {"personidentifikator": v.ident("gammelt-og-nytt-navn"), "navn": "Olga Prøve"}
    svar = await v.post("/api/v1/saker", {**LANGTID, "person": person})
    assert svar.status_code in {201, 409}
    async with v.arkiv.skriv(FJORDVIK) as lager:
        funnet = await lager.personer.finn(person["personidentifikator"])
        assert funnet is not None
        noekkel = Arbeidsnoekkel(funnet.id, liste, 2025)
        await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, klokke.naa())
        await lager.arbeid.stopp(noekkel, klokke.naa(), feil="UKJENT_PERSON", forsoek=3)
    return noekkel


def _felt(noekkel: Arbeidsnoekkel) -> dict[str, str]:
    return {"personId": str(noekkel.person_id), "liste": noekkel.liste, "aar": str(noekkel.aar)}


async def _tilstand(v: Verden, noekkel: Arbeidsnoekkel) -> tuple[Arbeidstilstand, str | None]:
    async with v.arkiv.les(FJORDVIK) as lager:
        rad = await lager.arbeid.hent(noekkel)
    assert rad is not None
    return rad.tilstand, rad.feil


@motorer
def test_stoppet_arbeid_proeves_om_igjen_eller_lukkes(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        noekkel = await _stoppet(v)
        async with nettleser(v, Rolle.DRIFT) as drift:
            side = await drift.aapne("/drift/arbeid")
            assert "UKJENT_PERSON" in tekst(side)
            # The operator sees no names.
            assert "Olga" not in tekst(side)
            assert (await drift.send("/drift/arbeid/gjenta", _felt(noekkel))).status_code == 303
            assert await _tilstand(v, noekkel) == (Arbeidstilstand.VENTER, None)
            assert "Ikke noe arbeid har stoppet." in tekst(await drift.aapne("/drift/arbeid"))
            # What waits, is not to be touched.
            assert (await drift.send("/drift/arbeid/gjenta", _felt(noekkel))).status_code == 409

            await _stoppet(v)
            uten = await drift.send("/drift/arbeid/lukk", _felt(noekkel))
            assert (uten.status_code, 'href="#begrunnelse"' in uten.text) == (422, True)
            assert (await _tilstand(v, noekkel))[0] is Arbeidstilstand.DOED
            med = {**_felt(noekkel), "begrunnelse": "Vurdert"}
            assert (await drift.send("/drift/arbeid/lukk", med)).status_code == 303
            assert await _tilstand(v, noekkel) == (Arbeidstilstand.LUKKET, "Vurdert")

            # Everything at once.
            await _stoppet(v)
            annen = await _stoppet(v, Liste.INNTEKT)
            assert (await drift.send("/drift/arbeid/gjenta")).status_code == 303
            assert {(await _tilstand(v, en))[0] for en in (noekkel, annen)} == {Arbeidstilstand.VENTER}

    i_portalen(motor, arbeid)


@motorer
def test_det_som_staar_stille_vises(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.DRIFT) as drift:
            assert "Ikke noe arbeid står stille." in tekst(await drift.aapne("/drift/arbeid"))
            noekkel = await _stoppet(v)
            async with v.arkiv.skriv(FJORDVIK) as lager:
                await lager.arbeid.gjenta(noekkel, klokke.naa() - timedelta(hours=7))
            assert "mer enn 6 timer siden" in tekst(await drift.aapne("/drift/arbeid"))

    i_portalen(motor, arbeid)


def test_bare_egen_kommune() -> None:
    async def arbeid(v: Verden) -> None:
        noekkel = await _stoppet(v)
        async with nettleser(v, Rolle.DRIFT) as drift, nettleser(v, Rolle.LEDER, SKOGLI) as andre:
            sti = (await drift.send("/avstemminger")).headers["location"]
            assert (await andre.aapne(sti)).status_code == 404
            assert (await andre.aapne(f"{sti}/rapport.csv")).status_code == 404
            assert "Ikke noe arbeid har stoppet." in tekst(await andre.aapne("/drift/arbeid"))
            assert (await andre.send("/drift/arbeid/gjenta", _felt(noekkel))).status_code == 404
            assert UUID(sti.rsplit("/", 1)[1])

    i_portalen("sqlite", arbeid)
