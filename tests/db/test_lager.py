"""What is put in comes out equal, found by what it is searched by, in the order it was made."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.lager.saker import Sak, Saksfilter, Status
from app.db.motor import AvvistError
from tests.baser import MOTORER
from tests.db.verden import (
    AV,
    KLIENT,
    NAA,
    SENERE,
    SVAR,
    felles,
    fyll,
    kjoer,
    ny_beregning,
    ny_ident,
    ny_vedtak,
    nytt_orgnr,
    sql,
)

pytestmark = pytest.mark.parametrize("motor", MOTORER)


def test_alt_kommer_ut_som_det_gikk_inn(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.les(v.kommune) as lager:
            assert await lager.kommuner.oppsett() == v.oppsett
            assert await lager.personer.hent(v.person.id) == v.person
            assert await lager.personer.hent(v.ektefelle.id) == v.ektefelle
            assert await lager.saker.hent(v.sak.id) == v.sak
            assert await lager.saker.personer(v.sak.id) == {v.person.id, v.ektefelle.id}
            assert await lager.grunnlag.hent(v.grunnlag.id) == v.grunnlag
            assert await lager.manuelle_poster.hent(v.post.id, v.sak.id) == v.post
            assert await lager.beregninger.hent(v.beregning.id) == v.beregning
            assert await lager.vedtak.hent(v.vedtak.id, v.sak.id) == v.vedtak
            assert await lager.etteroppgjoer.hent(v.etteroppgjoer.id, v.sak.id) == v.etteroppgjoer
            assert await lager.brev.om_vedtak(v.vedtak.id, "nb") == v.brev
            assert await lager.brev.om_vedtak(v.vedtak.id, "nn") is None
            assert await lager.brev.for_sak(v.sak.id) == [v.brev]
            assert await lager.idempotens.hent(KLIENT, v.svar.noekkel) == v.svar
            assert (await arkiv.kommuner())[v.kommune] == "Fjordvik"
            assert v.kommune in await arkiv.registre()

    kjoer(felles(motor), oppgave)


def test_ingenting_personlig_staar_lesbart_i_basen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        hemmelig = [v.person.ident.encode(), b"Oppdiktet Navn", SVAR.encode()]
        lukket = {"person": ("ident_hash", "ident_kryptert", "navn_kryptert"), "grunnlag": ("raasvar",)}
        async with arkiv.database.les() as forbindelse:
            for tabell, kolonner in {**lukket, "idempotens": ("svar",)}.items():
                for kolonne in kolonner:
                    rader = await forbindelse.exec_driver_sql(
                        f"SELECT {kolonne} FROM {tabell} WHERE kommune = '{v.kommune}'"
                    )
                    for (verdi,) in rader:
                        assert verdi is None or not any(tekst in bytes(verdi) for tekst in hemmelig)

    kjoer(felles(motor), oppgave)


def test_et_tidspunkt_er_det_samme_i_alle_soner_og_aldri_uten(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        oslo = NAA.astimezone(timezone(timedelta(hours=1)))
        async with arkiv.skriv(v.kommune) as lager:
            ny = await lager.kommuner.nytt_oppsett("{}", AV, oslo, 1)
            lest = await lager.kommuner.oppsett()
            assert lest == ny
            assert lest is not None
            assert lest.opprettet.utcoffset() == timedelta(0)
        with pytest.raises(Exception, match="tidssone"):
            async with arkiv.skriv(v.kommune) as lager:
                await lager.kommuner.nytt_oppsett("{}", AV, datetime(2026, 1, 1), 2)  # noqa: DTZ001

    kjoer(felles(motor), oppgave)


def test_kommunen_tas_inn_en_gang_og_kan_skifte_navn(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = nytt_orgnr()
        async with arkiv.skriv(kommune) as lager:
            assert not await lager.kommuner.finnes()
            assert await lager.kommuner.oppsett() is None
            await lager.kommuner.opprett("Gammelt navn", NAA)
            await lager.kommuner.opprett("Nytt navn", SENERE)
            assert await lager.kommuner.finnes()
        assert (await arkiv.kommuner())[kommune] == "Nytt navn"

    kjoer(felles(motor), oppgave)


def test_oppsettet_faar_versjoner_og_den_gamle_staar(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.skriv(v.kommune) as lager:
            ny = await lager.kommuner.nytt_oppsett('{"a":2}', "bruker:b", SENERE, 1)
        async with arkiv.skriv(v.kommune) as lager:
            assert await lager.kommuner.oppsett() == ny
            assert await lager.kommuner.oppsett(1) == v.oppsett
            assert await lager.kommuner.oppsett(3) is None
            for bygger_paa in (0, 1, 3):
                with pytest.raises(VersjonskonfliktError):
                    await lager.kommuner.nytt_oppsett("{}", AV, NAA, bygger_paa)

    kjoer(felles(motor), oppgave)


def test_en_person_finnes_en_gang(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.skriv(v.kommune) as lager:
            assert await lager.personer.finn(v.person.ident) == v.person
            assert await lager.personer.finn(ny_ident()) is None
            assert await lager.personer.ta_inn(v.person.ident, None, SENERE) == v.person
            omdoept = await lager.personer.ta_inn(v.person.ident, "Nytt Navn", SENERE)
            assert omdoept == replace(v.person, navn="Nytt Navn")
            assert await lager.personer.mange({v.person.id, v.ektefelle.id, ny_id(NAA)}) == {
                v.person.id: omdoept,
                v.ektefelle.id: v.ektefelle,
            }
            assert await lager.personer.mange(set()) == {}

    kjoer(felles(motor), oppgave)


def test_to_kommuner_har_hver_sin_rad_for_samme_person(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        annen = nytt_orgnr()
        async with arkiv.skriv(annen) as lager:
            await lager.kommuner.opprett("Annen", NAA)
            ny = await lager.personer.ta_inn(v.person.ident, None, NAA)
        assert ny.id != v.person.id
        assert ny.navn is None

    kjoer(felles(motor), oppgave)


def test_saken_faar_versjoner(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        avsluttet = replace(
            v.sak,
            status=Status.AVSLUTTET,
            endret=SENERE,
            avsluttet_dato=date(2026, 12, 1),
            avsluttet_grunn="FLYTTET",
            referanse=None,
        )
        async with arkiv.skriv(v.kommune) as lager:
            ny = await lager.saker.endre(v.sak, avsluttet, '{"v":2}', {v.person.id}, "bruker:b")
            assert ny == replace(avsluttet, versjon=2)
            with pytest.raises(VersjonskonfliktError):
                await lager.saker.endre(v.sak, avsluttet, "{}", {v.person.id}, AV)
        async with arkiv.les(v.kommune) as lager:
            assert await lager.saker.hent(v.sak.id) == ny
            foerste, andre = await lager.saker.versjoner(v.sak.id)
            assert (foerste.versjon, foerste.innhold, foerste.av, foerste.opprettet) == (1, SVAR, AV, NAA)
            assert (andre.versjon, andre.innhold, andre.av) == (2, '{"v":2}', "bruker:b")
            assert andre.opprettet == SENERE
            assert await lager.saker.innhold(v.sak.id, 1) == foerste
            assert await lager.saker.innhold(v.sak.id, 3) is None
            assert await lager.saker.personer(v.sak.id) == {v.person.id}
            assert await lager.saker.for_person(v.ektefelle.id) == []
            assert await lager.saker.for_person(v.person.id) == [v.sak.id]

    kjoer(felles(motor), oppgave)


def test_sakene_finnes_etter_hva_de_er(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        andre = Sak(ny_id(NAA), "PRAKTISK_BISTAND", v.ektefelle.id, "epj-2", Status.AVSLUTTET, 1, NAA, SENERE)
        tredje = Sak(ny_id(SENERE), "LANGTIDSOPPHOLD", v.ektefelle.id, None, Status.AAPEN, 1, NAA, NAA)
        async with arkiv.skriv(v.kommune) as lager:
            await lager.saker.ny(andre, "{}", {v.ektefelle.id}, AV)
            await lager.saker.ny(tredje, "{}", {v.ektefelle.id}, AV)
        en, to, tre = v.sak.id, andre.id, tredje.id
        tilfeller = [
            (Saksfilter(), [en, to, tre]),
            (Saksfilter(person_id=v.person.id), [en]),
            # The spouse of the first, and the one the others are about.
            (Saksfilter(person_id=v.ektefelle.id), [en, to, tre]),
            (Saksfilter(person_id=ny_id(NAA)), []),
            (Saksfilter(tjeneste="LANGTIDSOPPHOLD"), [en, tre]),
            (Saksfilter(status=Status.AVSLUTTET), [to]),
            (Saksfilter(referanse="epj-1"), [en]),
            (Saksfilter(endret_etter=NAA), [to]),
            (Saksfilter(tjeneste="LANGTIDSOPPHOLD", person_id=v.person.id, status=Status.AAPEN), [en]),
        ]
        async with arkiv.les(v.kommune) as lager:
            for filter_, ventet in tilfeller:
                assert [sak.id for sak in await lager.saker.soek(filter_, None, 10)] == ventet, filter_
            assert [sak.id for sak in await lager.saker.soek(Saksfilter(), None, 2)] == [en, to]
            assert [sak.id for sak in await lager.saker.soek(Saksfilter(), to, 2)] == [tre]
            assert await lager.saker.soek(Saksfilter(), tre, 2) == []

    kjoer(felles(motor), oppgave)


def _uferdig(beregning: Beregning) -> Beregning:
    return replace(
        beregning,
        tilstand=Tilstand.UFULLSTENDIG,
        inn=None,
        kilder=None,
        resultat=None,
        resultat_hash=None,
        egenandel_aar_oere=None,
    )


@pytest.mark.parametrize(
    ("laget", "status", "ventet"),
    [
        ((), Status.AAPEN, False),
        (((2026, True),), Status.AAPEN, False),
        (((2026, False),), Status.AAPEN, True),
        # It came to an amount afterwards, or does so no longer.
        (((2026, False), (2026, True)), Status.AAPEN, False),
        (((2026, True), (2026, False)), Status.AAPEN, True),
        # Another year does not make up for it.
        (((2026, False), (2025, True)), Status.AAPEN, True),
        (((2026, False),), Status.AVSLUTTET, False),
    ],
)
def test_uferdig_er_den_der_et_aar_ikke_har_noe_beloep(
    motor: str, laget: tuple[tuple[int, bool], ...], status: Status, ventet: bool
) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        sak = replace(v.sak, id=ny_id(NAA), tjeneste="PRAKTISK_BISTAND", status=status)
        async with arkiv.skriv(v.kommune) as lager:
            await lager.saker.ny(sak, "{}", {v.person.id}, AV)
            for nr, (aar, ferdig) in enumerate(laget, 1):
                ny = ny_beregning(sak.id, aar=aar, naa=NAA + timedelta(seconds=nr))
                await lager.beregninger.ny(ny if ferdig else _uferdig(ny))
            uferdige = await lager.saker.soek(Saksfilter(uferdig=True), None, 10)
        assert (sak.id in {en.id for en in uferdige}) is ventet

    kjoer(felles(motor), oppgave)


def test_beregningene_kommer_side_for_side_og_den_siste_er_den_sist_laget(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        # Two of one moment: a household that changed within the year.
        andre, tredje = ny_beregning(v.sak.id), ny_beregning(v.sak.id)
        fjoraaret = ny_beregning(v.sak.id, naa=SENERE, aar=2025)
        async with arkiv.skriv(v.kommune) as lager:
            for ny in (andre, tredje, fjoraaret):
                await lager.beregninger.ny(ny)
        foerste = replace(v.beregning, grunnlag=())
        async with arkiv.les(v.kommune) as lager:
            alle = [foerste, andre, tredje, fjoraaret]
            assert await lager.beregninger.for_sak(v.sak.id) == alle
            assert await lager.beregninger.for_sak(v.sak.id, andre.id, 1) == [tredje]
            assert await lager.beregninger.alle(None, 2) == alle[:2]
            assert await lager.beregninger.alle(andre.id, 10) == alle[2:]
            assert await lager.beregninger.siste(v.sak.id, 2026, uten=()) == tredje
            assert await lager.beregninger.siste(v.sak.id, 2026, uten={tredje.id}) == andre
            assert await lager.beregninger.siste(v.sak.id, 2026, uten={andre.id}) == tredje
            assert await lager.beregninger.siste(v.sak.id, 2024, uten=()) is None
            assert await lager.beregninger.hent(v.beregning.id, v.sak.id) == v.beregning
            assert await lager.beregninger.hent(v.beregning.id, ny_id(NAA)) is None

    kjoer(felles(motor), oppgave)


def test_uten_resultat_er_uten_resultat(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        ufullstendig = _uferdig(ny_beregning(v.sak.id))
        async with arkiv.skriv(v.kommune) as lager:
            await lager.beregninger.ny(ufullstendig)
            assert await lager.beregninger.hent(ufullstendig.id) == ufullstendig
        halv: Beregning = replace(ny_beregning(v.sak.id), resultat=None)
        with pytest.raises(AvvistError):
            async with arkiv.skriv(v.kommune) as lager:
                await lager.beregninger.ny(halv)

    kjoer(felles(motor), oppgave)


def test_det_siste_grunnlaget_for_hvert_api(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        nyere = replace(v.grunnlag, id=ny_id(SENERE), raasvar=b"nytt", hentet=SENERE)
        async with arkiv.skriv(v.kommune) as lager:
            await lager.grunnlag.ny(nyere)
            noekkel = (v.sak.id, v.person.id, 2025)
            assert await lager.grunnlag.siste(*noekkel, "skattegrunnlag") == nyere
            mangel = await lager.grunnlag.siste(*noekkel, "beregnet-skatt")
            assert mangel is not None
            assert (mangel.utfall, mangel.mangel, mangel.raasvar) == ("SKJERMET", SVAR, None)
            assert await lager.grunnlag.siste(*noekkel, "inntekt") is None
            assert await lager.grunnlag.for_sak(v.sak.id) == [v.grunnlag, mangel, nyere]
            assert await lager.grunnlag.for_personer({v.person.id}) == [v.grunnlag, mangel, nyere]
            assert await lager.grunnlag.for_personer({v.ektefelle.id}) == []
            await lager.grunnlag.ny()

    kjoer(felles(motor), oppgave)


def test_raasvar_tas_bort_etter_alder_og_alt_annet_staar(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        nyere = replace(v.grunnlag, id=ny_id(SENERE), hentet=SENERE)
        async with arkiv.skriv(v.kommune) as lager:
            await lager.grunnlag.ny(nyere)
            gamle = [ett.id for ett in await lager.raasvar.hentet_foer(SENERE, None, 10)]
            assert gamle == [v.grunnlag.id]
            assert await lager.raasvar.slett(gamle, SENERE) == 1
            assert await lager.raasvar.slett(gamle, SENERE) == 0
            uten = replace(v.grunnlag, raasvar=None, raasvar_slettet=SENERE)
            assert await lager.grunnlag.hent(v.grunnlag.id) == uten
            assert await lager.grunnlag.hent(nyere.id) == nyere

    kjoer(felles(motor), oppgave)


def test_en_manuell_post_oppheves_en_gang(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.skriv(v.kommune) as lager:
            assert not await lager.manuelle_poster.opphev(v.post.id, ny_id(NAA), "bruker:b", SENERE)
            assert await lager.manuelle_poster.opphev(v.post.id, v.sak.id, "bruker:b", SENERE)
            assert not await lager.manuelle_poster.opphev(v.post.id, v.sak.id, "bruker:c", SENERE)
            opphevet = replace(v.post, opphevet=SENERE, opphevet_av="bruker:b")
            assert await lager.manuelle_poster.for_sak(v.sak.id) == [opphevet]

    kjoer(felles(motor), oppgave)


def test_et_vedtak_erstattes_en_gang(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        andre = ny_vedtak(v.sak.id, v.beregning.id, v.vedtak.id)
        tidligere = ny_vedtak(v.sak.id, v.beregning.id, fra=date(2025, 1, 1))
        async with arkiv.skriv(v.kommune) as lager:
            await lager.vedtak.ny(andre)
            await lager.vedtak.ny(tidligere)
            assert await lager.vedtak.for_sak(v.sak.id) == [v.vedtak, andre, tidligere]
        with pytest.raises(AvvistError):
            async with arkiv.skriv(v.kommune) as lager:
                await lager.vedtak.ny(ny_vedtak(v.sak.id, v.beregning.id, v.vedtak.id))

    kjoer(felles(motor), oppgave)


def test_samme_noekkel_lagres_en_gang(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        annet = replace(v.svar, status=500, svar=b"annet")
        async with arkiv.skriv(v.kommune) as lager:
            assert not await lager.idempotens.lagre(KLIENT, annet)
            assert await lager.idempotens.hent(KLIENT, v.svar.noekkel) == v.svar
            assert await lager.idempotens.lagre("maskin:annen", annet)
            assert await lager.idempotens.hent("maskin:annen", v.svar.noekkel) == annet
            assert await lager.idempotens.hent(KLIENT, "ubrukt") is None
            assert await lager.idempotens.slett(NAA) == 0
            assert await lager.idempotens.slett(SENERE) == 2

    kjoer(felles(motor), oppgave)


def test_alt_om_en_sak_kan_tas_bort_og_registeret_staar(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.skriv(v.kommune) as lager:
            # A chain of decisions, and one of the same moment.
            for erstatter in (v.vedtak.id, None):
                await lager.vedtak.ny(ny_vedtak(v.sak.id, v.beregning.id, erstatter))
        async with arkiv.skriv(v.kommune) as lager:
            assert await lager.brev.slett(v.sak.id) == 1
            await lager.etteroppgjoer.slett(v.sak.id)
            await lager.vedtak.slett(v.sak.id)
            await lager.beregninger.slett(v.sak.id)
            await lager.grunnlag.slett(v.sak.id)
            await lager.manuelle_poster.slett(v.sak.id)
            await lager.saker.slett(v.sak.id)
            assert await lager.personer.slett(v.person.id)
            assert not await lager.personer.slett(v.person.id)
        async with arkiv.les(v.kommune) as lager:
            assert await lager.saker.hent(v.sak.id) is None
            assert await lager.personer.finn(v.person.ident) is None
            assert (await lager.revisjon.hode()).nr == 1

    kjoer(felles(motor), oppgave)


def test_en_person_med_sak_kan_ikke_tas_bort(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        with pytest.raises(AvvistError):
            async with arkiv.skriv(v.kommune) as lager:
                await lager.personer.slett(v.person.id)

    kjoer(felles(motor), oppgave)


def test_en_flyttet_verdi_aapnes_ikke_i_basen_heller(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        await sql(
            arkiv.database,
            "UPDATE person SET navn_kryptert = ident_kryptert WHERE kommune = :k AND navn_kryptert IS NOT NULL",
            k=v.kommune,
        )
        with pytest.raises(Exception, match="endret eller hører til en annen rad"):
            async with arkiv.les(v.kommune) as lager:
                await lager.personer.hent(v.person.id)

    kjoer(felles(motor), oppgave)
