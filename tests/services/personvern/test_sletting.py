"""Erasure takes all of one person and nothing of anybody else; the register knows that it happened."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Arkiv, Lager
from app.db.ident import er_slettet_id, ny_id
from app.db.kryptering import Noekkelring
from app.db.lager.revisjon import Revisjonsfilter
from app.db.lager.saker import Saksfilter
from app.services.personvern.roller import referanser, roller
from app.services.personvern.sletting import omfang, slett
from app.services.revisjon import Driftsaktoer, Handling, Utfall
from tests.baser import MOTORER, RING
from tests.services.personvern.alt_lagret import alt_lagret, steder_med
from tests.services.personvern.verden import (
    ANNEN_KOMMUNE,
    AV,
    FREMMED,
    KOMMUNE,
    NAA,
    NAVN,
    OLINE,
    PEDER,
    i_databasen,
    lagre_svar,
    ny_beregning,
    ny_sak,
    nytt_grunnlag,
    ta_inn_paret,
    tekst,
)

AKTOER = Driftsaktoer("klient-2")


async def slettehendelser(lager: Lager, ident: str) -> list[str]:
    filter_ = Revisjonsfilter(ident=ident, handling=Handling.SLETTING)
    return [rad.utfall for rad in await lager.revisjon.soek(filter_, 0, 10)]


@pytest.mark.parametrize("motor", MOTORER)
def test_alt_om_personen_er_borte_og_ingenting_annet(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(ANNEN_KOMMUNE) as lager:
            await ta_inn_paret(lager)
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            fremmed = (await lager.personer.ta_inn(FREMMED, None, NAA)).id
            fremmed_sak = await ny_sak(lager, fremmed, {})
        annen_foer = await alt_lagret(arkiv.database, ANNEN_KOMMUNE)
        foer = await alt_lagret(arkiv.database, KOMMUNE)
        for ord_ in (OLINE, NAVN[OLINE], str(par.oline)):
            assert steder_med(foer, ord_), "skanningen må finne det som står der"
        async with arkiv.les(KOMMUNE) as lager:
            ventet = await omfang(lager, OLINE)
        async with arkiv.skriv(KOMMUNE) as lager:
            svar = await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert svar.utfall is Utfall.OK
        assert ventet is not None
        assert svar.omfang == replace(ventet, idempotens=1)
        assert (svar.omfang.saker, svar.omfang.beregninger, svar.omfang.vedtak) == (1, 1, 1)
        assert (svar.omfang.etteroppgjoer, svar.omfang.grunnlag, svar.omfang.manuelle_poster) == (1, 2, 2)
        assert svar.omfang.andre_personer == 1, "ektefellen var bare kjent fra denne saken"
        etter = await alt_lagret(arkiv.database, KOMMUNE)
        for ord_ in (OLINE, PEDER, *NAVN.values(), str(par.oline), str(par.peder)):
            assert steder_med(etter, ord_) == set()
        # The register and the list of changes may still know the case, by its identity.
        assert steder_med(etter, str(par.sak)) == {
            ("revisjon", "sak_id"),
            ("revisjon", "innhold"),
            ("endring", "sak_id"),
        }
        for borte in (par.beregning, par.vedtak, par.etteroppgjoer):
            assert steder_med(etter, str(borte)) == set()
        for merke in ("oline", "peder", "linje-om-begge"):
            assert steder_med(etter, merke) == set()
        async with arkiv.les(KOMMUNE) as lager:
            assert await lager.personer.finn(OLINE) is None
            assert await lager.personer.finn(PEDER) is None
            assert await lager.saker.soek(Saksfilter(person_id=par.oline), None, 10) == []
            assert await lager.saker.hent(fremmed_sak) is not None
            assert await lager.idempotens.hent("klient-1", "om-noe-annet") is not None
            assert await slettehendelser(lager, OLINE) == ["OK"]
            assert await slettehendelser(lager, PEDER) == ["OK"]
            assert await lager.revisjon.verifiser() is None
        assert await alt_lagret(arkiv.database, ANNEN_KOMMUNE) == annen_foer
        async with arkiv.skriv(KOMMUNE) as lager:
            assert (await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)).utfall is Utfall.UTEN_DATA
            assert await slettehendelser(lager, OLINE) == ["OK", "UTEN_DATA"]

    i_databasen(motor, oppgave)


def test_heller_ikke_i_filen_paa_disken() -> None:
    """Not in free pages nor in SQLite's log, as text, as identities or as the ciphertext of the number."""

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
        async with arkiv.database.les() as forbindelse:
            fil: str = (await forbindelse.exec_driver_sql("PRAGMA database_list")).one().file
            lukket = (await forbindelse.exec_driver_sql("SELECT ident_kryptert FROM person")).scalars().all()
            svar = (await forbindelse.exec_driver_sql("SELECT resultat FROM beregning")).scalars().one()
        spor = [par.oline.hex.encode(), RING.personhash(OLINE), *lukket, svar[:200]]
        assert await arkiv.visk_ut()
        assert all(ett in les(fil) for ett in spor), "skanningen må finne det som står der"
        async with arkiv.skriv(KOMMUNE) as lager:
            await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert await arkiv.visk_ut()
        assert [ett for ett in spor if ett in les(fil)] == []

    i_databasen("sqlite", oppgave)


def les(fil: str) -> bytes:
    alt = b""
    for hale in ("", "-wal"):
        try:
            with open(fil + hale, "rb") as apen:
                alt += apen.read()
        except FileNotFoundError:
            continue
    return alt


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_er_med_i_andres_sak_slettes_ikke_uten_at_det_er_bedt_om(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            await ny_sak(lager, par.peder, {}, tjeneste="PRAKTISK_BISTAND")
        foer = await alt_lagret(arkiv.database, KOMMUNE)
        async with arkiv.skriv(KOMMUNE) as lager:
            svar = await slett(lager, PEDER, aktoer=AKTOER, naa=NAA)
        assert svar.utfall is Utfall.AVSLAATT
        assert svar.omfang.andres_saker == {"EKTEFELLE": 1}
        etter = await alt_lagret(arkiv.database, KOMMUNE)
        uroert = {hvor for hvor in foer if not hvor[0].startswith("revisjon")}
        assert {hvor: etter[hvor] for hvor in uroert} == {hvor: foer[hvor] for hvor in uroert}
        async with arkiv.les(KOMMUNE) as lager:
            assert await slettehendelser(lager, PEDER) == ["AVSLAATT"]

    i_databasen(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_andres_sak_beholder_resultatene_og_mister_henvisningen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            await lagre_svar(lager, "om-peder", {"personId": str(par.peder)})
            beregning = await lager.beregninger.hent(par.beregning)
            vedtak = await lager.vedtak.for_sak(par.sak)
            oppgjoer = await lager.etteroppgjoer.for_sak(par.sak)
            brev = await lager.brev.for_sak(par.sak)
        assert beregning is not None
        async with arkiv.skriv(KOMMUNE) as lager:
            svar = await slett(lager, PEDER, aktoer=AKTOER, naa=NAA, ogsaa_fra_andres_saker=True)
        assert svar.utfall is Utfall.OK
        assert (svar.omfang.saker, svar.omfang.grunnlag, svar.omfang.manuelle_poster) == (0, 1, 1)
        etter = await alt_lagret(arkiv.database, KOMMUNE)
        for ord_ in (PEDER, NAVN[PEDER], str(par.peder), "svar-om-peder", "grunn-peder"):
            assert steder_med(etter, ord_) == set()
        for ord_ in (OLINE, str(par.oline), "svar-om-oline", "grunn-oline"):
            assert steder_med(etter, ord_)
        async with arkiv.les(KOMMUNE) as lager:
            assert await lager.personer.finn(PEDER) is None
            assert await lager.vedtak.for_sak(par.sak) == vedtak
            assert await lager.etteroppgjoer.for_sak(par.sak) == oppgjoer
            assert await lager.brev.for_sak(par.sak) == brev
            assert len(brev) == 2
            ny = await lager.beregninger.hent(par.beregning)
            assert ny is not None
            olines = {ett.id for ett in await lager.grunnlag.for_sak(par.sak)}
            assert set(ny.grunnlag) == olines
            assert replace(ny, svar=beregning.svar, grunnlag=beregning.grunnlag) == beregning
            await sjekk_saken(lager, par.sak, par.oline)
            assert await lager.idempotens.hent("klient-1", "om-peder") is None

    i_databasen(motor, oppgave)


async def sjekk_saken(lager: Lager, sak_id: UUID, oline: UUID) -> None:
    """The reference points at nobody, in every version, and whoever follows the case sees a new one."""
    sak = await lager.saker.hent(sak_id)
    versjoner = await lager.saker.versjoner(sak_id)
    assert sak is not None
    assert (sak.versjon, [v.versjon for v in versjoner]) == (2, [1, 2])
    assert [v.av for v in versjoner] == [AV, AKTOER.merke]
    assert await lager.saker.personer(sak_id) == {oline}
    for versjon in versjoner:
        (borte,) = referanser(les_json(versjon.innhold)) - {oline}
        assert er_slettet_id(borte)
        assert roller(les_json(versjon.innhold), borte) == {"EKTEFELLE"}


@pytest.mark.parametrize("motor", MOTORER)
def test_ogsaa_gamle_versjoner_og_svar_etter_at_personen_er_tatt_ut_av_saken(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            oline = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            peder = (await lager.personer.ta_inn(PEDER, None, NAA)).id
            sak_id = await ny_sak(lager, oline, {peder: "SAMBOER"})
            gammel = await lager.saker.hent(sak_id)
            assert gammel is not None
            uten = tekst({"person": {"personId": str(oline)}, "husstand": []})
            await lager.saker.endre(gammel, gammel, uten, {oline}, AV)
            assert (await slett(lager, PEDER, aktoer=AKTOER, naa=NAA)).omfang.andres_saker == {"SAMBOER": 1}
            await slett(lager, PEDER, aktoer=AKTOER, naa=NAA, ogsaa_fra_andres_saker=True)
        etter = await alt_lagret(arkiv.database, KOMMUNE)
        assert steder_med(etter, str(peder)) == set()
        async with arkiv.les(KOMMUNE) as lager:
            sak = await lager.saker.hent(sak_id)
            assert sak is not None
            assert sak.versjon == 2, "den nyeste versjonen nevnte ikke personen, og er ikke endret"

    i_databasen(motor, oppgave)


def test_den_andre_blir_staaende_naar_en_gammel_versjon_av_andres_sak_nevner_den() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            fremmed = (await lager.personer.ta_inn(FREMMED, None, NAA)).id
            sak = await lager.saker.hent(await ny_sak(lager, fremmed, {par.peder: "BARN_OVER_18"}))
            assert sak is not None
            await lager.saker.endre(sak, sak, tekst({"husstand": []}), {fremmed}, AV)
            svar = await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
            assert svar.omfang.andre_personer == 0
            assert await lager.personer.finn(PEDER) is not None

    i_databasen("sqlite", oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_den_andre_blir_staaende_naar_noe_annet_kjenner_den(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
            egen = await ny_sak(lager, par.peder, {}, tjeneste="PRAKTISK_BISTAND")
            ett = nytt_grunnlag(egen, par.peder, NAA)
            await lager.grunnlag.ny(ett)
            beregning = await ny_beregning(lager, egen, NAA, {}, (ett.id,))
            svar = await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert svar.omfang.andre_personer == 0
        async with arkiv.les(KOMMUNE) as lager:
            assert await lager.personer.finn(PEDER) is not None
            assert await lager.saker.hent(egen) is not None
            assert await lager.beregninger.hent(beregning) is not None
            assert await slettehendelser(lager, PEDER) == []

    i_databasen(motor, oppgave)


def test_et_svar_ingen_lenger_har_noekkelen_til_kan_slettes() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        ny_noekkel = Noekkelring({"a": b"a" * 32, "b": b"b" * 32}, "b", b"h" * 32)
        async with arkiv.skriv(KOMMUNE) as lager:
            par = await ta_inn_paret(lager)
        async with Arkiv(arkiv.database, ny_noekkel).skriv(KOMMUNE) as lager:
            await lager.grunnlag.ny(nytt_grunnlag(par.sak, par.oline, NAA))
            await lagre_svar(lager, "under-ny-noekkel", {})
        async with arkiv.skriv(KOMMUNE) as lager:
            svar = await slett(lager, OLINE, aktoer=AKTOER, naa=NAA)
        assert (svar.omfang.grunnlag, svar.omfang.idempotens) == (3, 2)

    i_databasen("sqlite", oppgave)


def test_alt_eller_ingenting() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await ta_inn_paret(lager)
        foer = await alt_lagret(arkiv.database, KOMMUNE)
        with pytest.raises(ValueError, match="ligner"):
            async with arkiv.skriv(KOMMUNE) as lager:
                await slett(lager, OLINE, aktoer=AKTOER, naa=NAA, formaal="krav fra Oline Haugland")
        assert await alt_lagret(arkiv.database, KOMMUNE) == foer

    i_databasen("sqlite", oppgave)


def test_en_slettet_henvisning_er_ingen_annens() -> None:
    assert not er_slettet_id(ny_id(NAA))
