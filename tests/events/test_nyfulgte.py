"""Nothing is lost between the look-up of somebody new and the moment they are followed."""

from typing import Final

import pytest

from app.db.lager.arbeid import ALLE_AAR, Arbeidsgrunn, Arbeidstilstand
from tests.events.arbeidsverden import Arbeidsrom
from tests.saker.historie import SAKER, Historie, langtidssak

HVEM: Final = "uten-oppgjoer"
"""Has no settlement for 2025 until the story lets it come."""


@pytest.fixture
def rom(h: Historie) -> Arbeidsrom:
    rom = Arbeidsrom(h)
    rom.les_listen()
    return rom


def test_oppgjoeret_som_kommer_mellom_oppslag_og_lagring_blir_sett(h: Historie, rom: Arbeidsrom) -> None:
    """The list passes the event while nobody follows the person: the case that is stored must still hear of it."""
    ganger = iter(range(100))

    async def oppgjoeret_kommer() -> None:
        # After 2025 was asked for and had not come, before the answer of 2024.
        if next(ganger) == 1:
            await rom.oppgjoer_naa(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
            assert (await rom.les_listen_naa()).bestilt == 0

    h.fortelling.lyttere.append(oppgjoeret_kommer)
    svar = h.langtid(HVEM, 2025)
    h.fortelling.lyttere.clear()
    assert svar["beregning"]["foreloepig"], "oppslaget så det ikke"
    arbeid = rom.arbeidet(HVEM, ALLE_AAR)
    assert (arbeid.grunn, arbeid.staar_igjen) == (Arbeidsgrunn.NY_PERSON, True)
    rom.gjoer()
    siste = h.les(f"{SAKER}/{svar['sak']['id']}/beregninger")["elementer"][-1]
    assert (siste["automatisk"], siste["foreloepig"]) == (True, False)


def test_uten_nytt_i_listen_bestilles_ingenting(h: Historie, rom: Arbeidsrom) -> None:
    foer = h.fortelling.bak(lambda lager: lager.arbeid.i_tilstand(Arbeidstilstand.VENTER))
    h.langtid(HVEM, 2025)
    assert h.fortelling.bak(lambda lager: lager.arbeid.i_tilstand(Arbeidstilstand.VENTER)) == foer


def test_den_som_tas_inn_igjen_slaas_opp_igjen(h: Historie, rom: Arbeidsrom) -> None:
    """A spouse out of the case is not followed; back in it, what is kept may be old."""
    hvem = "ektepar-hjemme"
    rad = {"person": h.person(hvem), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0}
    med = langtidssak(h.person(HVEM), 2025, husstand=[rad])
    svar = h.ny_sak(med)
    id_, innhold = svar["sak"]["id"], {navn: med[navn] for navn in ("tjeneste", "person", "opphold")}
    h.faa(200, "PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": '"1"'})
    h.oppgjoer(hvem, 2025, loennsinntekt=10_000)
    assert rom.les_listen().bestilt == 0, "ingen følger personen"
    h.faa(200, "PUT", f"{SAKER}/{id_}", {**innhold, "husstand": [rad]}, hoder={"If-Match": '"2"'})
    rom.gjoer()
    nye = [g for g in h.les(f"{SAKER}/{id_}/grunnlag") if g["hentetAv"] == "system:hendelser"]
    assert {g["inntektsaar"] for g in nye} == {2025}
