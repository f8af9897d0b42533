"""A new key for everything, however often it is interrupted."""

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.kryptering import Noekkelring, UkjentNoekkelError, UlesbarError
from app.db.rotasjon import KOLONNER, gjenstaar, roter, unoedvendige
from app.db.sesjonsoppslag import Paabegynt, Sesjonsoppslag
from tests.baser import MOTORER, ny_database
from tests.db.verden import KLIENT, NAA, SENERE, Verden, fyll, kjoer, sql

H = b"h" * 32
GAMMEL = Noekkelring({"a": b"a" * 32}, "a", H)
BEGGE = Noekkelring({"a": b"a" * 32, "b": b"b" * 32}, "b", H)
NY = Noekkelring({"b": b"b" * 32}, "b", H)

VERDIER = 19
"""Of two kommuner: two ids, a name, an answer from Skatteetaten, one of our own, a letter, a user and a session each;
and a login that has begun, of nobody."""

TILSTAND, NETTLESER = b"t" * 32, b"n" * 32


def test_alt_som_er_kryptert_blir_rotert() -> None:
    assert {str(kolonne) for kolonne in KOLONNER} == {
        "person.ident_kryptert",
        "person.navn_kryptert",
        "grunnlag.raasvar",
        "idempotens.svar",
        "brev.pdf_kryptert",
        "webhook.hemmelighet",
        "webhook.forrige_hemmelighet",
        "bruker.navn",
        "sesjon.innhold",
        "innlogging.innhold",
    }


async def _fyll(arkiv: Arkiv) -> list[Verden]:
    paabegynt = Paabegynt(
        tilstand_hash=TILSTAND,
        nettleser_hash=NETTLESER,
        tilbyder="proeve",
        innhold=b"nonce",
        utloeper=SENERE,
    )
    await Sesjonsoppslag(arkiv.database, arkiv.ring).begynn(paabegynt, NAA, NAA - timedelta(hours=1))
    return [await fyll(arkiv), await fyll(arkiv)]


async def _alt_leses(arkiv: Arkiv, alle: list[Verden]) -> None:
    oppslag = Sesjonsoppslag(arkiv.database, arkiv.ring)
    for v in alle:
        assert await oppslag.finn(v.sesjon.noekkel_hash) == v.sesjon
        async with arkiv.les(v.kommune) as lager:
            assert await lager.brukere.hent([v.bruker.id]) == {v.bruker.id: v.bruker}
            assert await lager.personer.finn(v.person.ident) == v.person
            assert await lager.personer.hent(v.ektefelle.id) == v.ektefelle
            assert await lager.grunnlag.hent(v.grunnlag.id) == v.grunnlag
            assert await lager.idempotens.hent(KLIENT, v.svar.noekkel) == v.svar


async def _roter(arkiv: Arkiv, hoeyst: int = 1_000) -> int:
    """Portions of two, and no more than so many; how many values were done."""
    gjort = 0
    async with aclosing(roter(arkiv.database, arkiv.ring, porsjon=2)) as porsjoner:
        while hoeyst and (antall := await anext(porsjoner, 0)):
            gjort, hoeyst = gjort + antall, hoeyst - 1
    return gjort


@pytest.mark.parametrize("motor", MOTORER)
def test_avbrutt_etter_hver_porsjon_og_kjoert_igjen(motor: str) -> None:
    adresse = ny_database(motor)
    alle = kjoer(adresse, _fyll, GAMMEL)

    async def en_porsjon(arkiv: Arkiv) -> int:
        igjen = await gjenstaar(arkiv.database, arkiv.ring)
        gjort = await _roter(arkiv, hoeyst=1)
        assert await gjenstaar(arkiv.database, arkiv.ring) == igjen - gjort
        await _alt_leses(arkiv, alle)
        assert (await unoedvendige(arkiv.database, arkiv.ring) == ["a"]) == (igjen == gjort)
        return gjort

    gjort = []
    while antall := kjoer(adresse, en_porsjon, BEGGE):
        gjort.append(antall)
    assert sum(gjort) == VERDIER
    assert max(gjort) == 2
    kjoer(adresse, lambda arkiv: _alt_leses(arkiv, alle), NY)

    async def fullfoer(arkiv: Arkiv) -> None:
        paabegynt = await Sesjonsoppslag(arkiv.database, arkiv.ring).ta(TILSTAND, NETTLESER)
        assert paabegynt is not None
        assert paabegynt.innhold == b"nonce"

    kjoer(adresse, fullfoer, NY)


@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_skrives_imens_gaar_ikke_tapt(motor: str) -> None:
    """The service writes on, with the old key in force in a process that has not been restarted."""
    adresse = ny_database(motor)
    alle = kjoer(adresse, _fyll, GAMMEL)

    async def imens(arkiv: Arkiv) -> list[Verden]:
        tjenesten = Arkiv(arkiv.database, Noekkelring({"a": b"a" * 32, "b": b"b" * 32}, "a", H))
        assert await _roter(arkiv, hoeyst=1) == 2
        v = alle[0]
        async with tjenesten.skriv(v.kommune) as lager:
            nytt_navn = await lager.personer.ta_inn(v.person.ident, "Annet Navn", SENERE)
            nytt = replace(v.grunnlag, id=ny_id(SENERE), raasvar=b"nytt")
            await lager.grunnlag.ny(nytt)
        assert await unoedvendige(arkiv.database, arkiv.ring) == []
        await _roter(arkiv)
        return [replace(v, person=nytt_navn), replace(v, person=nytt_navn, grunnlag=nytt), alle[1]]

    etter = kjoer(adresse, imens, BEGGE)
    kjoer(adresse, lambda arkiv: _alt_leses(arkiv, etter), NY)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_noekkel_som_mangler_stopper_og_endrer_ikke_raden(motor: str) -> None:
    adresse = ny_database(motor)
    alle = kjoer(adresse, _fyll, GAMMEL)

    async def uten(arkiv: Arkiv) -> None:
        with pytest.raises(UkjentNoekkelError, match="nøkkelen a,"):
            await _roter(arkiv)

    kjoer(adresse, uten, NY)
    kjoer(adresse, lambda arkiv: _alt_leses(arkiv, alle), GAMMEL)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_rad_noen_har_tuklet_med_faar_ikke_ny_noekkel(motor: str) -> None:
    adresse = ny_database(motor)
    kjoer(adresse, _fyll, GAMMEL)

    async def tuklet(arkiv: Arkiv) -> None:
        await sql(
            arkiv.database, "UPDATE person SET ident_kryptert = navn_kryptert WHERE navn_kryptert IS NOT NULL"
        )
        with pytest.raises(UlesbarError):
            await _roter(arkiv)

    kjoer(adresse, tuklet, BEGGE)
