"""The document as forms, and what differs between two of it: nothing is lost on the way, and nothing is made up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from app.calc.kontrakt.feil import KontraktFeilError
from app.portal.ramme.kontrakt import tall
from app.services.kommuneoppsett.beroerte import i_fortiden
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett
from app.services.kommuneoppsett.fil import les_fil
from app.services.kommuneoppsett.forskjell import Hva, Oppsettsdel, forskjeller
from app.services.kommuneoppsett.redigering import (
    KLASSE,
    les_skjema,
    med_rad,
    skjema,
    som_dokument,
    uten_rad,
    utgangspunkt,
)

EKSEMPLER: Final = sorted((Path(__file__).parents[3] / "eksempler/kommuner").glob("*.toml"))
FJORDVIK: Final = les_fil(next(fil for fil in EKSEMPLER if fil.stem == "fjordvik"))


def _sendt(del_: Oppsettsdel, rad: Mapping[str, object]) -> dict[str, str]:
    """What a browser sends of a form nobody has touched."""
    return {felt.sti: felt.verdi for gruppe in skjema(KLASSE[del_], rad) for felt in gruppe.felt}


@pytest.mark.parametrize("fil", EKSEMPLER, ids=lambda fil: fil.stem)
def test_et_urort_skjema_er_samme_dokument(fil: Path) -> None:
    oppsett = les_fil(fil)
    dokument = som_dokument(oppsett)
    for del_ in KLASSE:
        for nr, rad in enumerate(dokument.get(del_, ())):
            lest = les_skjema(KLASSE[del_], _sendt(del_, rad), tall)
            assert les_oppsett(med_rad(dokument, del_, nr, lest)[0]) == oppsett, (del_, nr)


def test_en_ny_rad_settes_der_datoen_sier_og_bygger_paa_den_nyeste() -> None:
    dokument = som_dokument(FJORDVIK)
    raa = utgangspunkt(FJORDVIK, Oppsettsdel.PRISREGISTER)
    assert "gjelderFra" not in raa
    nytt, sted = med_rad(dokument, Oppsettsdel.PRISREGISTER, None, {**raa, "gjelderFra": "2025-03-01"})
    lest = les_oppsett(nytt)
    assert [rad.gjelder_fra for rad in lest.prisregister] == [
        date(2021, 1, 1),
        date(2025, 3, 1),
        date(2026, 7, 1),
    ]
    assert sted == 1
    assert lest.prisregister[1].register == FJORDVIK.prisregister[-1].register


def test_dato_for_nytt_g_foelger_ikke_med_til_neste_rad() -> None:
    siste = FJORDVIK.valg[-1]
    med_dato = replace(
        FJORDVIK,
        valg=(
            *FJORDVIK.valg[:-1],
            replace(siste, langtidsvalg=replace(siste.langtidsvalg, nytt_g_fra=date(2026, 7, 1))),
        ),
    )
    assert "nyttGFra" not in utgangspunkt(med_dato, Oppsettsdel.VALG)["langtidsvalg"]


def test_det_som_ikke_er_et_tall_blir_staaende_og_feilen_finner_feltet() -> None:
    dokument = som_dokument(FJORDVIK)
    sendt = _sendt(Oppsettsdel.INSTITUSJONER, dokument["institusjoner"][0])
    sendt["oppholdsutgift/1/beloepPerMaaned"] = "mye"
    rad = les_skjema(KLASSE[Oppsettsdel.INSTITUSJONER], sendt, tall)
    with pytest.raises(KontraktFeilError) as ugyldig:
        les_oppsett(med_rad(dokument, Oppsettsdel.INSTITUSJONER, 0, rad)[0])
    assert [en.pointer for en in ugyldig.value.feil] == ["/institusjoner/0/oppholdsutgift/1/beloepPerMaaned"]
    vist = {
        felt.sti: felt.verdi
        for gruppe in skjema(KLASSE[Oppsettsdel.INSTITUSJONER], rad)
        for felt in gruppe.felt
    }
    assert vist["oppholdsutgift/1/beloepPerMaaned"] == "mye"


def _endret(**verdier: object) -> Kommuneoppsett:
    return replace(FJORDVIK, **verdier)  # type: ignore[arg-type]


def test_forskjellen_er_det_som_ble_endret_og_fra_naar() -> None:
    sted = FJORDVIK.institusjoner[0]
    utgifter = (
        *sted.oppholdsutgift[:1],
        replace(sted.oppholdsutgift[1], beloep_per_maaned=Decimal(90_000)),
        *sted.oppholdsutgift[2:],
    )
    ny = _endret(institusjoner=(replace(sted, oppholdsutgift=utgifter), *FJORDVIK.institusjoner[1:]))
    (en,) = forskjeller(FJORDVIK, ny)
    assert (en.del_, en.gjelder, en.fra, en.hva) == (
        Oppsettsdel.INSTITUSJONER,
        "solbakken",
        date(2024, 1, 1),
        Hva.ENDRET,
    )
    (verdi,) = en.verdier
    assert (verdi.foer, verdi.etter) == ("88\u00a0500", "90\u00a0000")


def test_en_ny_rad_vises_mot_den_som_gjaldt() -> None:
    nye_valg = replace(
        FJORDVIK.valg[-1], gjelder_fra=date(2027, 1, 1), minstebeloep_etteroppgjoer=Decimal(200)
    )
    (en,) = forskjeller(FJORDVIK, _endret(valg=(*FJORDVIK.valg, nye_valg)))
    assert (en.fra, en.hva) == (date(2027, 1, 1), Hva.NY)
    (verdi,) = en.verdier
    assert (verdi.foer, verdi.etter) == ("100", "200")
    assert i_fortiden([en], date(2026, 11, 23)) == []
    assert i_fortiden([en], date(2027, 1, 1)) == [en]


def test_det_udaterte_og_det_som_er_borte_vises_ogsaa() -> None:
    uten = les_oppsett(uten_rad(som_dokument(FJORDVIK), Oppsettsdel.PRISREGISTER, 1))
    funnet = forskjeller(FJORDVIK, replace(uten, navn="Fjordvik kommune"))
    assert {(en.del_, en.hva) for en in funnet} == {
        (Oppsettsdel.PRISREGISTER, Hva.FJERNET),
        (Oppsettsdel.RESTEN, Hva.ENDRET),
    }
    assert forskjeller(FJORDVIK, FJORDVIK) == ()
