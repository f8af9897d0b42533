"""Insight: all of one's own, nothing of another's, and a note that it was given."""

from dataclasses import replace
from typing import Any

import pytest

from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import Revisjonsfilter
from app.services.personvern.innsyn import innsyn
from app.services.personvern.innsynstekst import som_tekst
from app.services.personvern.sletting import slett
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from tests.baser import MOTORER
from tests.services.personvern.test_skjerming import tall_i
from tests.services.personvern.verden import (
    FREMMED,
    KOMMUNE,
    NAA,
    NAVN,
    OLINE,
    OLINES_PENSJON,
    PEDER,
    PEDERS_TALL,
    i_databasen,
    ny_beregning,
    ny_sak,
    nytt_grunnlag,
    ta_inn_paret,
)

AKTOER = Driftsaktoer("klient-2")


def innsyn_i(motor: str, ident: str) -> tuple[Any, str]:
    """The document of one of the couple, and its text."""

    async def oppgave(arkiv: Arkiv) -> tuple[Any, str]:
        async with arkiv.skriv(KOMMUNE) as lager:
            await ta_inn_paret(lager)
        async with arkiv.skriv(KOMMUNE) as lager:
            funnet = await innsyn(lager, ident, aktoer=AKTOER, naa=NAA)
            filter_ = Revisjonsfilter(ident=ident, handling=Handling.INNSYN)
            (rad,) = await lager.revisjon.soek(filter_, 0, 10)
            assert (rad.utfall, funnet.utfall) == ("OK", Utfall.OK)
            assert await lager.revisjon.verifiser() is None
        assert les_json(funnet.som_json()) == les_json(skriv_json(funnet.dokument))
        return les_json(funnet.som_json()), som_tekst(funnet.dokument)

    return i_databasen(motor, oppgave)


def uten_felt(verdi: Any, felt: str) -> Any:
    if isinstance(verdi, dict):
        return {navn: uten_felt(under, felt) for navn, under in verdi.items() if navn != felt}
    return [uten_felt(under, felt) for under in verdi] if isinstance(verdi, list) else verdi


@pytest.mark.parametrize("motor", MOTORER)
def test_beboeren_faar_alt_sitt_og_ingenting_av_ektefellens(motor: str) -> None:
    dokument, tekst = innsyn_i(motor, OLINE)
    assert dokument["person"]["identitetsnummer"] == OLINE
    assert dokument["person"]["navn"] == NAVN[OLINE]
    (sak,) = dokument["saker"]
    assert sak["rolle"] == ["HOVEDPERSON"]
    (grunnlag,) = sak["grunnlag"]
    assert grunnlag["raasvar"] == {"personidentifikator": OLINE, "merke": "svar-om-oline"}
    assert grunnlag["raasvarTilstand"] == "LAGRET"
    (post,) = sak["manuellePoster"]
    assert (post["innhold"], post["begrunnelse"]) == ({"post": "post-oline"}, "grunn-oline")
    (beregning,) = sak["beregninger"]
    assert beregning["svar"] == {
        "/grunnlag/0": {"personId": dokument["person"]["personId"], "poster": ["linje-om-oline"]}
    }
    assert beregning["resultat"]["egenandelAar"] > 0
    (vedtak,) = sak["vedtak"]
    assert vedtak["begrunnelse"] == "vedtak-om-oline"
    (oppgjoer,) = sak["etteroppgjoer"]
    assert oppgjoer["resultat"]["retning"]
    # The letters show the spouse's figures; that they were made is told.
    assert [(ett["vedtakId"] is None, ett["pdf"]) for ett in sak["brev"]] == [(False, None), (True, None)]
    assert tekst.count("fås som part i saken") == 2
    assert [h["handling"] for h in dokument["hendelser"]] == ["OPPSLAG", "SAK_OPPRETTET"]
    (versjon,) = sak["versjoner"]
    assert versjon["innhold"]["husstand"] == [{"relasjon": "EKTEFELLE", "utelatt": "gjelder en annen person"}]
    for ut in (skriv_json(dokument), tekst):
        for hemmelig in (PEDER, NAVN[PEDER], "om-peder", "grunn-peder", "post-peder", "om-begge"):
            assert hemmelig not in ut
        assert not tall_i(ut) & set(PEDERS_TALL)
        assert OLINES_PENSJON in tall_i(ut)


@pytest.mark.parametrize("motor", MOTORER)
def test_ektefellen_faar_sitt_eget_og_ingenting_om_beboerens_sak(motor: str) -> None:
    dokument, tekst = innsyn_i(motor, PEDER)
    (sak,) = dokument["saker"]
    assert sak["rolle"] == ["EKTEFELLE"]
    (grunnlag,) = sak["grunnlag"]
    assert grunnlag["raasvar"] == {"personidentifikator": PEDER, "merke": "svar-om-peder"}
    assert [post["begrunnelse"] for post in sak["manuellePoster"]] == ["grunn-peder"]
    (versjon,) = sak["versjoner"]
    (rad,) = versjon["innhold"].values()
    assert (rad["relasjon"], rad["tenktEtterlattepensjon"]) == ("EKTEFELLE", PEDERS_TALL[0])
    (beregning,) = sak["beregninger"]
    assert set(beregning) == {"beregningId", "aar", "virkningFra", "opprettet", "grunnlag", "svar"}
    assert beregning["grunnlag"] == [grunnlag["grunnlagId"]]
    assert [svar["poster"] for svar in beregning["svar"].values()] == [["linje-om-peder"]]
    assert not {"vedtak", "etteroppgjoer", "brev", "status", "avsluttetGrunn"} & set(sak)
    assert [h["handling"] for h in dokument["hendelser"]] == ["OPPSLAG"]
    for ut in (skriv_json(dokument), tekst):
        for hemmelig in (OLINE, NAVN[OLINE], "om-oline", "grunn-oline", "post-oline", "om-begge"):
            assert hemmelig not in ut
        assert OLINES_PENSJON not in tall_i(ut)


@pytest.mark.viser_personer
def test_teksten_er_til_aa_lese(capsys: pytest.CaptureFixture[str]) -> None:
    _, tekst = innsyn_i("sqlite", OLINE)
    for linje in (
        f"Gjelder: {NAVN[OLINE]}, {OLINE}",
        "Langtidsopphold (saken gjelder deg), sak ",
        "Foreløpig vedtak fra 1.1.2025, fattet 1.6.2026 kl. 14.00.",
        "Begrunnelse: vedtak-om-oline",
        "Hvem som har sett eller brukt opplysninger om deg:",
        "Opplysninger ble hentet fra Skatteetaten (system klient-1).",
        "Hjemmel: forskrift om egenandel",
        "ikke vist",
    ):
        assert linje in tekst, tekst


@pytest.mark.parametrize("motor", MOTORER)
def test_den_ingen_kjenner_faar_vite_det_og_det_noteres(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            funnet = await innsyn(lager, FREMMED, aktoer=AKTOER, naa=NAA)
        assert funnet.utfall is Utfall.UTEN_DATA
        assert (funnet.dokument["saker"], funnet.dokument["hendelser"]) == ([], [])
        assert "Kommunen har ingen saker om deg" in som_tekst(funnet.dokument)

    i_databasen(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_etter_sletting_staar_bare_hendelsene_igjen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await ta_inn_paret(lager)
            await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
            funnet = await innsyn(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert funnet.utfall is Utfall.OK
        assert funnet.dokument["saker"] == []
        assert funnet.dokument["person"]["navn"] is None
        assert [h["handling"] for h in funnet.dokument["hendelser"]] == ["OPPSLAG", "SLETTING"]

    i_databasen(motor, oppgave)


def test_en_sak_av_egen_og_en_av_andres_og_et_raasvar_som_er_slettet() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            egen = await ny_sak(lager, par.peder, {}, tjeneste="PRAKTISK_BISTAND")
            ett = nytt_grunnlag(egen, par.peder, NAA)
            await lager.grunnlag.ny(ett)
            await lager.raasvar.slett([ett.id], NAA)
            await ny_beregning(lager, egen, NAA, {"felles": "hele"}, (ett.id,), aar=2026)
            await lager.revisjon.noter(
                NAA, ny_rad(AKTOER, Handling.SAK_LEST, Utfall.OK, ident=OLINE, sak_id=egen)
            )
            funnet = await innsyn(lager, PEDER, aktoer=AKTOER, naa=NAA)
        andres, egne = funnet.dokument["saker"]
        assert (andres["rolle"], egne["rolle"]) == (["EKTEFELLE"], ["HOVEDPERSON"])
        (grunnlag,) = egne["grunnlag"]
        assert (grunnlag["raasvar"], grunnlag["raasvarTilstand"]) == (None, "SLETTET")
        # Another's mark on a row in one's own case: it is about the other.
        assert [h["handling"] for h in funnet.dokument["hendelser"]] == ["OPPSLAG"]

    i_databasen("sqlite", oppgave)


# A raw answer, and how it stands in the document.
RAASVAR: list[tuple[bytes, Any]] = [
    (b'{"a":1.50}', {"a": 1.5}),
    (b"<xml/>", "<xml/>"),
    (b'{"a":NaN}', '{"a":NaN}'),
    (b"\xff\xfe", {"base64": "//4="}),
]


@pytest.mark.parametrize(("raa", "ventet"), RAASVAR)
def test_et_raasvar_som_ikke_er_json_kommer_med_som_det_er(raa: bytes, ventet: Any) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            sak = await ny_sak(lager, person, {})
            await lager.grunnlag.ny(replace(nytt_grunnlag(sak, person, NAA), raasvar=raa))
            funnet = await innsyn(lager, OLINE, aktoer=AKTOER, naa=NAA)
        ut = les_json(funnet.som_json())
        assert ut["saker"][0]["grunnlag"][0]["raasvar"] == ventet

    i_databasen("sqlite", oppgave)


def test_samme_bytes_for_det_samme() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await ta_inn_paret(lager)
            en = await innsyn(lager, OLINE, aktoer=AKTOER, naa=NAA)
            to = await innsyn(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert skriv_json(uten_felt(en.dokument, "hendelser")) == skriv_json(
            uten_felt(to.dokument, "hendelser")
        )
        assert [h["handling"] for h in to.dokument["hendelser"]][-1] == "INNSYN"

    i_databasen("sqlite", oppgave)
