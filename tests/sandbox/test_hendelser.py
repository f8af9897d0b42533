"""The event lists: inclusive start, gaps, untidy types, empty pages in four forms, XML."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest

from app.sandbox.sandkasse import Sandkasse
from app.sandbox.skatteetaten.hendelser import TomSide
from tests.sandbox.stoette import SSG_SCOPE, bearer, med_hode, ny_sandkasse

OPPGJOER = "/skatteetaten/skatteoppgjoerhendelser/v1/hendelser"
INNTEKT = "/skatteetaten/inntekthendelser/v1/hendelser"
_NAVNEROM = "{urn:no:skatteetaten:datasamarbeid:hendelser:v1}"


def les(s: Sandkasse, url: str, **hoder: str) -> httpx2.Response:
    scope = "skatteetaten:inntekt" if "inntekthendelser" in url else SSG_SCOPE
    return med_hode(s, url, bearer(s, scope) | hoder)


def alle(s: Sandkasse, liste: str = OPPGJOER, antall: int = 50) -> list[dict[str, Any]]:
    """Read a list to its end as a right client does: until an empty page."""
    fra = les(s, f"{liste}/start").json()["sekvensnummer"]
    lest: list[dict[str, Any]] = []
    while True:
        svar = les(s, f"{liste}?fraSekvensnummer={fra}&antall={antall}")
        if svar.status_code == 404:
            assert svar.json()["kode"] == "FA-005"
            return lest
        side = svar.json().get("hendelser") or []
        if not side:
            return lest
        lest += side
        fra = side[-1]["sekvensnummer"] + 1


def test_numrene_stiger_med_hull() -> None:
    numre = [h["sekvensnummer"] for h in alle(ny_sandkasse())]
    hull = {b - a for a, b in pairwise(numre)}
    assert min(hull) == 1
    assert max(hull) > 1


def test_fra_er_inklusiv_og_antall_teller_hendelser() -> None:
    s = ny_sandkasse()
    numre = [h["sekvensnummer"] for h in alle(s)]
    for fra in (numre[10], numre[9] + 1):
        side = les(s, f"{OPPGJOER}?fraSekvensnummer={fra}&antall=7").json()["hendelser"]
        assert [h["sekvensnummer"] for h in side] == numre[10:17]


def test_registreringstidspunkt_er_ikke_i_rekkefoelge() -> None:
    tider = [h["registreringstidspunkt"] for h in alle(ny_sandkasse())]
    assert tider != sorted(tider)


def test_alle_slags_typer_forekommer() -> None:
    hendelser = alle(ny_sandkasse())
    typer = {h["hendelsetype"] for h in hendelser if "hendelsetype" in h}
    assert typer == {"ny", "NY", None, "endret", "slettet", "identitetsendring", "omberegnet"}
    assert any("hendelsetype" not in h for h in hendelser)


def test_hver_identitet_har_sine_hendelser() -> None:
    s = ny_sandkasse()
    hendelser = alle(s)
    for ident in s.befolkning.person("to-identiteter").identer:
        typer = [h["hendelsetype"] for h in hendelser if h["identifikator"] == ident]
        assert typer.count("ny") == 5
        assert typer[-1] == "identitetsendring"


def test_ajourholdstidspunkt_er_det_samme_som_i_oppslaget() -> None:
    s = ny_sandkasse()
    ident = s.befolkning.person("formue").identer[0]
    url = f"/skatteetaten/summertskattegrunnlag/v2/oppgjoer/kommunelangtidsoppholdinstitusjon/2025/{ident}"
    hendelse = next(h for h in alle(s) if h["identifikator"] == ident and h["gjelderPeriode"] == "2025")
    assert hendelse["ajourholdstidspunkt"] == les(s, url).json()["ajourholdstidspunkt"]


def test_inntektshendelser_har_maaned_og_ingen_type() -> None:
    hendelser = alle(ny_sandkasse(), INNTEKT)
    assert hendelser
    assert all(h.keys() == {"sekvensnummer", "identifikator", "gjelderPeriode"} for h in hendelser)
    assert all(len(h["gjelderPeriode"]) == 7 for h in hendelser)


def test_start_med_dato() -> None:
    s = ny_sandkasse()
    fra = les(s, f"{OPPGJOER}/start?dato=2026-01-01").json()["sekvensnummer"]
    perioder = {h["gjelderPeriode"] for h in alle(s) if h["sekvensnummer"] >= fra}
    assert perioder == {"2025"}


def test_start_uten_dato_trenger_ikke_ha_noen_hendelse() -> None:
    s = ny_sandkasse()
    assert les(s, f"{OPPGJOER}/start").json() == {"sekvensnummer": 1}
    assert alle(s)[0]["sekvensnummer"] > 1


def test_start_fram_i_tid_er_neste_nummer() -> None:
    s = ny_sandkasse()
    siste = alle(s)[-1]["sekvensnummer"]
    assert les(s, f"{OPPGJOER}/start?dato=2030-01-01").json()["sekvensnummer"] > siste


TOMME: list[tuple[TomSide, int, dict[str, Any] | None]] = [
    (TomSide.FA_005, 404, None),
    (TomSide.TOMT_OBJEKT, 200, {}),
    (TomSide.UTEN_FELT, 200, {"antall": 0}),
    (TomSide.TOM_LISTE, 200, {"hendelser": []}),
]


@pytest.mark.parametrize(("form", "status", "kropp"), TOMME)
def test_tom_side(form: TomSide, status: int, kropp: dict[str, Any] | None) -> None:
    s = ny_sandkasse()
    s.omgivelser.oppgjoerliste.tom_side = form
    svar = les(s, f"{OPPGJOER}?fraSekvensnummer=99999999&antall=10")
    assert svar.status_code == status
    assert kropp is None or svar.json() == kropp


def test_kort_side_er_ikke_slutten() -> None:
    s = ny_sandkasse()
    hele = alle(s)
    s.omgivelser.oppgjoerliste.maks_per_side = 7
    assert len(les(s, f"{OPPGJOER}?fraSekvensnummer=1&antall=50").json()["hendelser"]) == 7
    assert alle(s) == hele


def test_xml() -> None:
    s = ny_sandkasse()
    rot = ElementTree.fromstring(  # noqa: S314 – our own answer
        les(s, f"{OPPGJOER}?fraSekvensnummer=1&antall=3", Accept="application/xml").content
    )
    json_side = les(s, f"{OPPGJOER}?fraSekvensnummer=1&antall=3").json()["hendelser"]
    assert rot.tag == f"{_NAVNEROM}hendelser"
    assert [h.findtext(f"{_NAVNEROM}sekvensnummer") for h in rot] == [
        str(h["sekvensnummer"]) for h in json_side
    ]


def test_feil_i_xml() -> None:
    svar = les(ny_sandkasse(), f"{OPPGJOER}?fraSekvensnummer=0&antall=3", Accept="application/xml")
    assert svar.status_code == 400
    assert b"<kode>FA-004</kode>" in svar.content


def test_en_flom_leses_side_for_side_mellom_det_som_kom_foer_og_det_som_kommer_etter() -> None:
    s = ny_sandkasse()
    foer = alle(s)
    foerste, siste = s.omgivelser.oppgjoerliste.flom(100)
    s.omgivelser.oppgjoerliste.publiser(s.befolkning.navngitte()[0], "2025", "ny")
    lest = alle(s, antall=7)
    numre = [h["sekvensnummer"] for h in lest]
    assert lest[: len(foer)] == foer
    assert len(lest) == len(foer) + 100 + 1
    assert numre == sorted(set(numre))
    assert (numre[len(foer)], numre[-2], numre[-1] > siste) == (foerste, siste, True)
    for fra in range(foerste, siste + 1):  # From every number, the ones that are left out too.
        side = s.omgivelser.oppgjoerliste.side(fra, 5)
        assert [h.sekvensnummer for h in side] == [nr for nr in numre if nr >= fra][:5]
    s.nullstill()
    assert alle(s) == foer
