"""Who looks at what is their own: seen in the register, judged there, and asked about again when there is more."""

from typing import Final

import httpx2
import pytest

from app import klokke
from app.db.lager.brukere import Bruker
from app.sandbox.standard import FJORDVIK
from app.services.personvern.tilsyn import se_etter
from app.services.tilgang import Rolle
from app.settings.personvern import Personvern
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

TILSYN: Final = "/hendelsesregister/tilsyn"
API: Final = "/api/v1/revisjon/tilsyn"


async def _sak(v: Verden, kallenavn: str) -> tuple[str, str]:
    ident = v.ident(kallenavn)
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": ident},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": 2025},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    return ident, svar.json()["sak"]["id"]


async def _logget_inn(v: Verden, rolle: Rolle, ident: str | None) -> str:
    """As after a login in which the provider told the number."""
    id_ = f"bruker-{rolle.lower()}"
    async with v.arkiv.skriv(FJORDVIK) as lager:
        await lager.brukere.ta_inn(
            Bruker(id=id_, navn=None, rolle=rolle.value, tilbyder="proeve", sist_innlogget=klokke.naa()),
            ident,
        )
    return id_


async def _aapne(v: Verden, rolle: Rolle, *stier: str) -> None:
    async with nettleser(v, rolle) as leser:
        for sti in stier:
            assert (await leser.aapne(sti)).status_code == 200, sti


def _vurdering(slag: str, bruker: str) -> dict[str, str]:
    return {
        "slag": slag,
        "bruker": bruker,
        "dag": klokke.i_dag().isoformat(),
        "konklusjon": "TJENSTLIG",
    }


def _stand(svar: httpx2.Response) -> list[tuple[str, str, str | None]]:
    assert svar.status_code == 200, svar.text
    return [(en["slag"], en["bruker"], en["konklusjon"]) for en in svar.json()]


@pytest.mark.parametrize("motor", MOTORER)
def test_egne_og_kollegers_saker_ses_vurderes_og_ses_igjen_naar_det_kommer_mer(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        ident, sak = await _sak(v, "enslig-pensjonist")
        _, andres = await _sak(v, "livsvarig-afp")
        beregner = await _logget_inn(v, Rolle.BEREGNER, ident)
        leder = await _logget_inn(v, Rolle.LEDER, None)
        # A name in a list is not opened, and a resident's case is nothing to ask about.
        await _aapne(v, Rolle.BEREGNER, "/", "/saker", f"/saker/{andres}")
        async with nettleser(v, Rolle.REVISOR) as revisor:
            assert "Ingen slike oppslag." in tekst(await revisor.aapne(TILSYN))
            await _aapne(v, Rolle.BEREGNER, f"/saker/{sak}")
            await _aapne(v, Rolle.LEDER, f"/saker/{sak}")
            assert _stand(await revisor.aapne(API)) == [("EGEN", beregner, None), ("KOLLEGA", leder, None)]
            side = await revisor.aapne(TILSYN)
            assert "På seg selv" in tekst(side)
            assert "På en kollega" in tekst(side)
            assert "2 er ikke vurdert." in tekst(side)
            assert ident not in side.text
            # The auditor sees which case, and no way into it.
            assert sak in side.text
            assert 'href="/saker' not in side.text
            svar = await revisor.send(TILSYN, _vurdering("EGEN", beregner))
            assert (svar.status_code, svar.headers["location"]) == (303, TILSYN)
            assert _stand(await revisor.aapne(API)) == [
                ("EGEN", beregner, "TJENSTLIG"),
                ("KOLLEGA", leder, None),
            ]
            await _aapne(v, Rolle.BEREGNER, f"/saker/{sak}/historie")
            assert _stand(await revisor.aapne(API))[0] == ("EGEN", beregner, None)

    i_portalen(motor, arbeid)


def test_ingen_vurderer_egne_oppslag_og_det_som_ikke_er_der_kan_ikke_vurderes() -> None:
    async def arbeid(v: Verden) -> None:
        ident, sak = await _sak(v, "enslig-pensjonist")
        beregner = await _logget_inn(v, Rolle.BEREGNER, ident)
        leder = await _logget_inn(v, Rolle.LEDER, None)
        await _aapne(v, Rolle.LEDER, f"/saker/{sak}")
        async with nettleser(v, Rolle.LEDER) as leser:
            side = tekst(await leser.aapne(TILSYN))
            assert "En annen må vurdere dine egne oppslag." in side
            svar = await leser.send(TILSYN, _vurdering("KOLLEGA", leder))
            assert svar.status_code == 422
            assert "Oppslagene er dine egne." in tekst(svar)
            assert (await leser.send(TILSYN, _vurdering("EGEN", beregner))).status_code == 404
            uten = {**_vurdering("KOLLEGA", leder), "konklusjon": "KANSKJE"}
            assert (await leser.send(TILSYN, uten)).status_code == 422
            assert _stand(await leser.aapne(API)) == [("KOLLEGA", leder, None)]

    i_portalen("sqlite", arbeid)


@pytest.mark.parametrize("motor", MOTORER)
def test_mange_paa_et_doegn_etter_innstillingen_og_bare_brukere(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        saker = [(await _sak(v, navn))[1] for navn in ("enslig-pensjonist", "livsvarig-afp")]
        for sak in saker:
            # The journal system reads them too.
            assert (await v.les(f"/api/v1/saker/{sak}")).status_code == 200
        await _aapne(v, Rolle.BEREGNER, *(f"/saker/{sak}" for sak in saker))
        async with v.arkiv.les(FJORDVIK) as lager:
            for mange, ventet in ((2, []), (1, [("MANGE", "bruker-beregner", 2)])):
                valg = Personvern(mange_personer=mange)
                funnet = await se_etter(lager, klokke.naa(), valg)
                assert [(en.slag, en.bruker, en.personer) for en in funnet.tilfeller] == ventet
            # Two months on nobody looks back at it.
            senere = klokke.naa().replace(year=klokke.naa().year + 1)
            assert not (await se_etter(lager, senere, Personvern(mange_personer=1))).tilfeller

    i_portalen(motor, arbeid)
