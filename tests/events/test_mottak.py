"""A list is followed: every oddity it has, and everything that can stand in the way."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from app.db.arkiv import Arkiv
from app.db.lager.arbeid import Arbeidstilstand, Liste
from app.db.tabeller import arbeid, hendelsesliste
from app.services.hendelser.leser import Stans
from tests.baser import MOTORER, ny_database
from tests.db.verden import kjoer
from tests.events.liste import TOMME, Listetjener, Sann, fasit, jevn
from tests.events.rare import FOELGES, IDENTER, en_rar_liste, les_til_endes
from tests.events.verden import (
    FJORDVIK,
    LISTE,
    SKOGLI,
    foelg,
    hendelsesmottaket,
    koblet,
    mandatet,
    mottak,
    stand,
)
from tests.skatt_client.falske import Svar, feil_svar
from tests.tid import START, egen_tid

motorer = pytest.mark.parametrize("motor", MOTORER)


@motorer
def test_tjue_rare_lister_gir_det_orakelet_sier(motor: str) -> None:
    """``bench/hendelser_bevis.py`` does two hundred."""
    slag: set[str] = set()
    for froe in range(20 if motor == "sqlite" else 8):
        slag |= en_rar_liste(motor, froe)
    assert len(slag) == 10


@motorer
@pytest.mark.parametrize("tom", TOMME)
def test_bare_en_tom_side_er_slutten_og_alle_fire_former_er_like(motor: str, tom: Svar) -> None:
    liste = jevn(30, IDENTER)

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, FOELGES)
        tjener = Listetjener(liste, tom=tom, stokk=Random(1))  # Every page is short.
        async with koblet(tjener) as (oppslag, clock):
            lesing = await mottak(arkiv, oppslag, clock).les(await mandatet(arkiv))
        assert (lesing.stans, lesing.lest, lesing.neste) == (None, 30, liste[-1].nummer + 1)
        assert await stand(arkiv, IDENTER) == fasit(liste, FOELGES)

    kjoer(ny_database(motor), oppgave)


@motorer
def test_en_side_som_leveres_om_igjen_bestiller_ingenting(motor: str) -> None:
    liste = jevn(50, IDENTER)

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, FOELGES)
        tjener = Listetjener(liste)
        await les_til_endes(arkiv, tjener)
        async with arkiv.database.skriv() as forbindelse:
            await forbindelse.execute(hendelsesliste.update().values(neste=liste[20].nummer))
        await les_til_endes(arkiv, tjener)
        assert await stand(arkiv, IDENTER) == fasit(liste, FOELGES)

    kjoer(ny_database(motor), oppgave)


@motorer
def test_den_som_ikke_foelges_lagres_ikke(motor: str) -> None:
    """Ended three years ago or less is followed; longer ago, or in no case at all, is not."""
    naa = datetime.now(UTC).date()
    liste = [Sann(nr, ident, "ny", "2025") for nr, ident in enumerate(IDENTER[:4], 1)]

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, {FJORDVIK: IDENTER[:1]})
        nylig, lenge_siden = date(naa.year - 2, naa.month, 1), date(naa.year - 4, naa.month, 1)
        await foelg(arkiv, {FJORDVIK: IDENTER[1:2]}, status="AVSLUTTET", avsluttet=nylig)
        await foelg(arkiv, {FJORDVIK: IDENTER[2:3]}, status="AVSLUTTET", avsluttet=lenge_siden)
        await les_til_endes(arkiv, Listetjener(liste))
        assert {nr for _, nr, _ in (await stand(arkiv, IDENTER)).hendelser} == {1, 2}

    kjoer(ny_database(motor), oppgave)


@motorer
def test_feil_adresse_er_en_alarm_og_pekeren_staar(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        tjener = Listetjener(jevn(10, IDENTER), lambda fra, antall: feil_svar(404, "FA-002"))
        async with koblet(tjener) as (oppslag, clock):
            with capture_logs() as logg:
                lesing = await mottak(arkiv, oppslag, clock).les(await mandatet(arkiv))
        assert (lesing.stans, lesing.neste) == (Stans.FEIL_OPPSETT, 1)
        assert [linje["kode"] for linje in logg if linje["log_level"] == "error"] == ["FA-002"]

    kjoer(ny_database(motor), oppgave)


@motorer
def test_en_annen_kommune_leser_naar_den_foerste_avvises(motor: str) -> None:
    liste = jevn(10, IDENTER)

    async def oppgave(arkiv: Arkiv) -> None:
        avvist: list[bool] = []

        def bare_den_andre(fra: int, antall: int) -> Svar | None:
            avvist.append(True)
            return feil_svar(403, "DAS-008") if len(avvist) == 1 else None

        tjener = Listetjener(liste, bare_den_andre)
        async with koblet(tjener, (FJORDVIK, SKOGLI)) as (oppslag, clock):
            m, mandat = mottak(arkiv, oppslag, clock, les_som=SKOGLI), await mandatet(arkiv)
            with capture_logs() as logg:
                lesing = await m.les(mandat)
        assert (lesing.stans, lesing.lest) == (None, 10)
        assert [linje["kommune"] for linje in logg if "kommune" in linje] == [SKOGLI]

    kjoer(ny_database(motor), oppgave)


@motorer
def test_en_side_de_ikke_gir_saa_stor_faar_vi_mindre(motor: str) -> None:
    liste = jevn(500, IDENTER)

    def hoeyst_hundre(fra: int, antall: int) -> Svar | None:
        return feil_svar(400, "FA-004") if antall > 100 else None

    async def oppgave(arkiv: Arkiv) -> None:
        tjener = Listetjener(liste, hoeyst_hundre)
        await les_til_endes(arkiv, tjener, sidestoerrelse=1000)
        antall = [antall for _, antall in tjener.spurt]
        assert antall[:5] == [1000, 500, 250, 125, 62]
        assert set(antall[4:]) == {62}  # What was refused is not asked for again.

    kjoer(ny_database(motor), oppgave)


@motorer
def test_en_treg_tjener_faar_mindre_sider_og_saa_stoerre(motor: str) -> None:
    liste = jevn(4_000, IDENTER)
    spurt: list[int] = []

    def treg(fra: int, antall: int) -> Svar | None:
        spurt.append(antall)
        return feil_svar(500, "FA-001") if antall > 100 and len(spurt) < 40 else None

    async def oppgave(arkiv: Arkiv) -> None:
        await les_til_endes(arkiv, Listetjener(liste, treg), sidestoerrelse=1000)
        assert min(spurt) == 62
        assert spurt[-1] == 1000

    kjoer(ny_database(motor), oppgave)


@motorer
def test_det_som_staar_i_veien_alene_venter_lengre_for_hver_gang_og_legges_saa_til_side(motor: str) -> None:
    """An event without a number: nothing tells where it is, and the list goes on behind it all the same."""
    liste = jevn(20, IDENTER)
    syk = liste[7].nummer

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, FOELGES)
        tjener = Listetjener(liste, raa={syk: b'{"identifikator": "x"}'})
        async with koblet(tjener) as (oppslag, clock):
            m, mandat = mottak(arkiv, oppslag, clock, sidestoerrelse=8), await mandatet(arkiv)
            with capture_logs() as logg:
                assert (await m.les(mandat)).stans is Stans.UFORSTAAELIG
                await m.kjoer(mandat)  # Too early: nothing is asked.
                spurt = len(tjener.spurt)
                for pause in (60, 120, 240, 480):
                    clock.gaa(pause - 1)
                    await m.kjoer(mandat)
                    assert len(tjener.spurt) == spurt
                    clock.gaa(1)
                    await m.kjoer(mandat)
                    assert len(tjener.spurt) > spurt
                    spurt = len(tjener.spurt)
            assert len([linje for linje in logg if linje["log_level"] == "error"]) >= 5
        for _ in range(100):  # Until the number of the event itself is passed.
            async with koblet(tjener) as (oppslag, clock):
                m = mottak(arkiv, oppslag, clock)
                for _ in range(5):
                    lesing = await m.les(mandat)
                if lesing.stans is None:
                    break
        naa = await stand(arkiv, IDENTER)
        rett = fasit([en for en in liste if en.nummer != syk], FOELGES)
        assert (naa.hendelser, naa.arbeid, naa.neste) == (rett.hendelser, rett.arbeid, rett.neste)
        assert max(naa.uleselige) == syk
        tjener.raa = {}
        async with koblet(tjener) as (oppslag, clock):
            m = mottak(arkiv, oppslag, clock)
            for en in await hendelsesmottaket(arkiv).uleselige():
                await m.les_uleselig(en)
        assert await stand(arkiv, IDENTER) == fasit(liste, FOELGES)

    kjoer(ny_database(motor), oppgave)


@motorer
def test_det_som_ikke_kan_leses_legges_til_side_og_leses_naar_det_kan(motor: str) -> None:
    liste = jevn(1_000, IDENTER, uleselig_hver=100)

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, FOELGES)
        tjener = Listetjener(liste)
        await les_til_endes(arkiv, tjener)
        assert await stand(arkiv, IDENTER) == fasit(liste, FOELGES)
        tjener.rettet = True
        async with koblet(tjener) as (oppslag, clock):
            m = mottak(arkiv, oppslag, clock)
            aapne = await hendelsesmottaket(arkiv).uleselige(LISTE)
            assert len(aapne) == 10
            for en in aapne:
                assert await m.les_uleselig(en)
        naa, rett = await stand(arkiv, IDENTER), fasit(liste, FOELGES, rettet=True)
        assert (naa.hendelser, naa.uleselige, naa.neste) == (rett.hendelser, rett.uleselige, rett.neste)
        assert {k: v[0] for k, v in naa.arbeid.items()} == {k: v[0] for k, v in rett.arbeid.items()}

    kjoer(ny_database(motor), oppgave)


@motorer
def test_nytt_om_det_som_er_gjort_eller_oppgitt_bestiller_igjen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, {FJORDVIK: IDENTER[:1]})
        liste = [Sann(1, IDENTER[0], "identitetsendring", "2025")]
        await les_til_endes(arkiv, Listetjener(liste))
        async with arkiv.database.skriv() as forbindelse:
            await forbindelse.execute(
                arbeid.update().values(
                    gjort=1, tilstand=Arbeidstilstand.DOED, forsoek=9, feil="ute", slettet=True
                )
            )
        await les_til_endes(arkiv, Listetjener([*liste, Sann(5, IDENTER[0], "ny", "2025")]))
        async with arkiv.database.les() as forbindelse:
            rad = (await forbindelse.execute(select(arbeid))).one()
        assert (rad.bestilt, rad.gjort, rad.tilstand, rad.forsoek, rad.feil) == (2, 1, "VENTER", 0, None)
        assert (rad.slettet, rad.ny_identitet) == (False, False)

    kjoer(ny_database(motor), oppgave)


@motorer
@pytest.mark.parametrize("periode", ["2025", None])
@pytest.mark.parametrize(("gammel", "ny"), [("slettet", "ny"), ("ny", "slettet")])
def test_en_gammel_hendelse_som_leses_sent_sier_ikke_om_oppgjoeret_er_slettet(
    motor: str, gammel: str, ny: str, periode: str | None
) -> None:
    """What could not be read the first time, is read when something newer is known."""
    liste = [
        Sann(1, IDENTER[0], "ny", "2024"),
        Sann(2, IDENTER[0], gammel, periode, uleselig=True),
        Sann(5, IDENTER[0], ny, periode),
    ]

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, {FJORDVIK: IDENTER[:1]})
        await les_til_endes(arkiv, Listetjener(liste))
        async with koblet(Listetjener(liste, rettet=True)) as (oppslag, clock):
            (en,) = await hendelsesmottaket(arkiv).uleselige()
            await mottak(arkiv, oppslag, clock).les_uleselig(en)
        rett = fasit(liste, {FJORDVIK: IDENTER[:1]}, rettet=True)
        assert (await stand(arkiv, IDENTER)).arbeid == rett.arbeid

    kjoer(ny_database(motor), oppgave)


@motorer
def test_inntekten_for_en_maaned_ventes_til_den_tiende_i_den_neste(motor: str) -> None:
    naa = datetime.fromtimestamp(START, UTC)
    denne = f"{naa.year}-{naa.month:02d}"
    neste = date(naa.year + naa.month // 12, naa.month % 12 + 1, 10)

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, {FJORDVIK: IDENTER[:3]})
        liste = [
            Sann(1, IDENTER[0], ..., denne),
            Sann(2, IDENTER[1], ..., "2025-01"),
            Sann(3, IDENTER[2], ..., denne),
            Sann(4, IDENTER[2], ..., "2026-01"),
        ]
        async with koblet(Listetjener(liste), inntekt=True) as (oppslag, clock):
            m = mottak(arkiv, oppslag, clock, Liste.INNTEKT)
            assert (await m.les(await mandatet(arkiv, Liste.INNTEKT))).stans is None
        async with arkiv.database.les() as forbindelse:
            forfall = sorted((await forbindelse.execute(select(arbeid.c.neste_forsoek))).scalars())
        # What waits for its month is not put off by what is due, nor the other way round.
        assert [tid.date() <= naa.date() for tid in forfall] == [True, True, False]
        assert (forfall[-1].date() - neste).days in {-1, 0}  # Midnight in Norway is the day before in UTC.

    with egen_tid():
        kjoer(ny_database(motor), oppgave)


@motorer
def test_uten_noen_som_har_listen_skjer_ingenting(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        tjener = Listetjener(jevn(3, IDENTER))
        async with koblet(tjener) as (oppslag, clock):
            m = mottak(arkiv, oppslag, clock, Liste.INNTEKT)
            with capture_logs() as logg:
                assert (await m.les(await mandatet(arkiv, Liste.INNTEKT))).stans is Stans.INGEN_HAR_LISTEN
        assert tjener.spurt == []
        assert logg == []

    kjoer(ny_database(motor), oppgave)
