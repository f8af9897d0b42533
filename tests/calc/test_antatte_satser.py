"""Assumed rates: over the law's, within their own context only, and never to be taken for the real thing."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.satser import SatsManglerError, regn_med, sats, satsversjon
from app.calc.satser.antatte import (
    AntakelseError,
    Antakelser,
    antatte_satser,
    les_antakelser,
)

MAI: Final = date(2026, 5, 1)
TEKST: Final = """
videreforer_til = 2027-12-31

[[sats]]
id = "grunnbeloep"
gjelder_fra = 2026-05-01
verdi = 140000
"""
SAK: Final = (
    '{"aar":2026,"inntekter":{"pensjonFraFolketrygden":350000},"skatt":{"beregnetSkatt":45000},'
    '"opphold":[{"art":"LANGTID","fra":"2024-03-01"}]}'
)


def test_antatt_sats_gjelder_bare_innenfor_og_sier_at_den_er_antatt() -> None:
    ekte, versjon = sats("grunnbeloep", MAI), satsversjon()
    with regn_med(antatte_satser(les_antakelser(TEKST))):
        antatt = sats("grunnbeloep", MAI)
        assert (antatt.verdi, satsversjon()[:7]) == (Decimal(140_000), "antatt-")
        assert "ANTATT" in antatt.kilde
        assert "antatt" in antatt.navn
        assert "ANTATT" in sats("fribeloep", date(2027, 6, 1)).kilde
        svar = les_json(kalkuler(Art.LANGTIDSOPPHOLD, SAK))
        assert svar["perioder"][-1]["grunnbeloep"] == 140_000
        assert svar["satsversjon"].startswith("antatt-")
    assert (sats("grunnbeloep", MAI), satsversjon()) == (ekte, versjon)
    assert les_json(kalkuler(Art.LANGTIDSOPPHOLD, SAK))["satsversjon"] == versjon
    with pytest.raises(SatsManglerError):
        sats("fribeloep", date(2027, 6, 1))


def test_en_forespoersel_ser_aldri_en_annens_antatte_satser() -> None:
    async def med() -> str:
        with regn_med(antatte_satser(les_antakelser(TEKST))):
            await asyncio.sleep(0)
            return satsversjon()

    async def uten() -> str:
        await asyncio.sleep(0)
        return satsversjon()

    async def alle() -> list[str]:
        return list(await asyncio.gather(*(en() for _ in range(20) for en in (med, uten))))

    svar = asyncio.run(alle())
    assert len(set(svar[::2])) == len(set(svar[1::2])) == 1
    assert svar[0].startswith("antatt-")
    assert svar[1] == satsversjon()


def test_andre_antakelser_har_et_annet_fingeravtrykk() -> None:
    andre = les_antakelser(TEKST.replace("140000", "140001"))
    assert antatte_satser(andre).versjon != antatte_satser(les_antakelser(TEKST)).versjon
    assert antatte_satser(Antakelser()).serier.keys() == antatte_satser(andre).serier.keys()


@pytest.mark.parametrize(
    ("tekst", "sier"),
    [
        ("sats", "ikke gyldig TOML"),
        ("rente = 1", "Ukjente felt"),
        ('videreforer_til = "2027"', "dato"),
        ("[sats]\nid = 1", r"\[\[sats\]\]"),
        ('[[sats]]\nid = "grunnbeloep"', "id, gjelder_fra og verdi"),
        ('[[sats]]\nid = "grunnbeloep"\ngjelder_fra = 2026-05-01\nverdi = "mye"', "tall"),
        ('[[sats]]\nid = "grunnbeloep"\ngjelder_fra = "i mai"\nverdi = 1', "dato"),
        ('[[sats]]\nid = "rente"\ngjelder_fra = 2026-05-01\nverdi = 1', "Det finnes ingen sats"),
        ('[[sats]]\nid = "grunnbeloep"\ngjelder_fra = 2026-05-01\nverdi = -1', "kan ikke være"),
        ('[[sats]]\nid = "grunnbeloep"\ngjelder_fra = 2026-05-01\nverdi = nan', "kan ikke være|tall"),
        ('[[sats]]\nid = "prosent_inntil_g"\ngjelder_fra = 2026-01-01\nverdi = 101', "prosent"),
        ('[[sats]]\nid = "grunnbeloep"\ngjelder_fra = 1990-01-01\nverdi = 1', "begynner"),
    ],
)
def test_antakelser_som_ikke_kan_brukes_sier_hvorfor(tekst: str, sier: str) -> None:
    with pytest.raises(AntakelseError, match=sier):
        antatte_satser(les_antakelser(tekst))


def test_antatt_verdi_samme_dag_erstatter_den_ekte() -> None:
    serie = antatte_satser(les_antakelser(TEKST)).serier["grunnbeloep"]
    assert [v.verdi for v in serie.verdier if v.gjelder_fra == MAI] == [Decimal(140_000)]
