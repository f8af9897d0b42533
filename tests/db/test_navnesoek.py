"""Names are found by the beginnings of their words, and the database tells no one what they are."""

from contextlib import aclosing

import pytest

from app.db.arkiv import Arkiv
from app.db.kryptering import Noekkelring
from app.db.navneindeks import merk_alle, uten_merker
from app.db.navneord import BOLK, kan_soekes, ordene, passer
from app.db.rotasjon import roter
from app.db.tabeller import navneord
from tests.baser import MOTORER, ny_database
from tests.db.verden import NAA, kjoer, ny_ident, nytt_orgnr, sql

H = b"h" * 32
GAMMEL = Noekkelring({"a": b"a" * 32}, "a", H)
BEGGE = Noekkelring({"a": b"a" * 32, "b": b"b" * 32}, "b", H)
NY = Noekkelring({"b": b"b" * 32}, "b", H)


@pytest.mark.parametrize(
    ("navn", "ventet"),
    [
        ("Oline Prøve", ("oline", "prøve")),
        ("OLINE  PRØVE", ("oline", "prøve")),
        ("Anne-Grethe Sætre", ("anne", "grethe", "sætre")),
        ("Åse O'Hara", ("åse", "o", "hara")),
        ("A\u030ase Bo", ("åse", "bo")),
        ("José Müller-Sjöberg", ("jose", "muller", "sjøberg")),
        ("Özlem Äikiä", ("øzlem", "æikiæ")),
        ("Li 123", ("li",)),
        ("", ()),
    ],
)
def test_ordene_i_et_navn(navn: str, ventet: tuple[str, ...]) -> None:
    assert ordene(navn) == ventet


FINNES = [
    ("Oline Karoline Prøvestad", "oli", True),
    ("Oline Karoline Prøvestad", "Prøvestad Oline", True),
    ("Oline Karoline Prøvestad", "kar prø", True),
    ("Oline Karoline Prøvestad", "prøvestadt", False),
    ("Oline Karoline Prøvestad", "prøvestand", False),  # differs after the longest beginning that has a mark
    ("Oline Karoline Prøvestad", "line", False),
    ("Oline Karoline Prøvestad", "oline berg", False),
    ("Bo Li", "bo", True),
    ("Bo Li", "bo lis", False),
    ("Bodil Lie", "bo lie", False),  # two letters are a whole name, not a beginning
    ("Åse Øy", "åse", True),
    ("Åse Øy", "ase", False),
]


@pytest.mark.parametrize(("navn", "soekt", "ventet"), FINNES)
def test_hva_som_passer(navn: str, soekt: str, ventet: bool) -> None:
    assert passer(navn, soekt) is ventet


@pytest.mark.parametrize(
    ("soekt", "ventet"), [("bo", False), ("bo li", False), ("bo lie", True), ("", False)]
)
def test_hva_som_er_langt_nok(soekt: str, ventet: bool) -> None:
    assert kan_soekes(soekt) is ventet


@pytest.mark.parametrize("motor", MOTORER)
def test_databasen_finner_det_som_passer_og_ikke_annet(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        for navn, soekt, ventet in FINNES:
            if not kan_soekes(soekt):
                continue
            async with arkiv.skriv(await _kommune(arkiv)) as lager:
                person = await lager.personer.ta_inn(ny_ident(), navn, NAA)
                assert await lager.personer.med_navn(soekt, 10) == ([person] if ventet else []), soekt

    kjoer(ny_database(motor), oppgave, GAMMEL)


async def _kommune(arkiv: Arkiv) -> str:
    kommune = nytt_orgnr()
    async with arkiv.skriv(kommune) as lager:
        await lager.kommuner.opprett("Prøvevik", NAA)
    return kommune


@pytest.mark.parametrize("motor", MOTORER)
def test_et_nytt_navn_erstatter_det_gamle_og_sletting_tar_alt(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune, nabo = await _kommune(arkiv), await _kommune(arkiv)
        async with arkiv.skriv(nabo) as lager:
            await lager.personer.ta_inn(ny_ident(), "Oline Prøve", NAA)
        async with arkiv.skriv(kommune) as lager:
            ident = ny_ident()
            person = await lager.personer.ta_inn(ident, "Oline Prøve", NAA)
            uten = await lager.personer.ta_inn(ny_ident(), None, NAA)
            assert await lager.personer.med_navn("oline", 10) == [person]
            # Taken in again, without a name and with the same one.
            await lager.personer.ta_inn(ident, None, NAA)
            await lager.personer.ta_inn(ident, "Oline Prøve", NAA)
            assert await lager.personer.med_navn("oline prøve", 10) == [person]
            gift = await lager.personer.ta_inn(ident, "Oline Berg", NAA)
            assert await lager.personer.med_navn("prøve", 10) == []
            assert await lager.personer.med_navn("oline berg", 10) == [gift]
            assert await lager.personer.med_navn("oline", 0) is None
            assert await lager.personer.slett(gift.id)
            assert await lager.personer.med_navn("oline", 10) == []
            assert await lager.personer.slett(uten.id)
            assert await lager.personer._leie.antall(navneord) == 0
        async with arkiv.skriv(nabo) as lager:
            assert len(await lager.personer.med_navn("oline", 10) or ()) == 1

    kjoer(ny_database(motor), oppgave, GAMMEL)


@pytest.mark.parametrize("motor", MOTORER)
def test_navnet_finnes_under_en_ny_krypteringsnoekkel(motor: str) -> None:
    adresse = ny_database(motor)

    async def foer(arkiv: Arkiv) -> str:
        kommune = await _kommune(arkiv)
        async with arkiv.skriv(kommune) as lager:
            await lager.personer.ta_inn(ny_ident(), "Oline Prøve", NAA)
        return kommune

    async def bytt(arkiv: Arkiv) -> None:
        async with aclosing(roter(arkiv.database, arkiv.ring)) as porsjoner:
            async for _ in porsjoner:
                pass

    async def etter(arkiv: Arkiv) -> None:
        async with arkiv.les(kommune) as lager:
            assert [en.navn for en in await lager.personer.med_navn("oline", 10) or ()] == ["Oline Prøve"]

    kommune = kjoer(adresse, foer, GAMMEL)
    kjoer(adresse, bytt, BEGGE)
    kjoer(adresse, etter, NY)


@pytest.mark.parametrize("motor", MOTORER)
def test_navn_fra_foer_blir_soekbare_og_ingen_to_ganger(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        alle = {}
        for kommune in [await _kommune(arkiv), await _kommune(arkiv)]:
            async with arkiv.skriv(kommune) as lager:
                navnene = ("Oline Prøve", "Ola Prøve", None, "12")
                alle[kommune] = [await lager.personer.ta_inn(ny_ident(), navn, NAA) for navn in navnene]
        await sql(arkiv.database, "DELETE FROM navneord WHERE kommune <> :k", k="0")
        assert await uten_merker(arkiv.database) == 6
        gjort = []
        async with aclosing(merk_alle(arkiv.database, arkiv.ring, porsjon=4)) as porsjoner:
            gjort = [antall async for antall in porsjoner]
        assert gjort == [4, 2]
        assert await uten_merker(arkiv.database) == 0
        for kommune, (oline, ola, *_) in alle.items():
            async with arkiv.les(kommune) as lager:
                assert await lager.personer.med_navn("oline", 10) == [oline]
                assert set(await lager.personer.med_navn("prøve", 10) or ()) == {oline, ola}

    kjoer(ny_database(motor), oppgave, GAMMEL)


@pytest.mark.parametrize("motor", MOTORER)
def test_merkene_sier_verken_navnet_eller_hvor_langt_det_er(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        merker = {}
        for kommune in [await _kommune(arkiv), await _kommune(arkiv)]:
            async with arkiv.skriv(kommune) as lager:
                for navn in ("Oline Prøve", "Ola By", "Oline Karoline Prøvestad"):
                    id_ = (await lager.personer.ta_inn(ny_ident(), navn, NAA)).id
                    rader = await lager.personer._leie.mange(navneord, person_id=id_)
                    merker[kommune, navn] = {bytes(rad.merke) for rad in rader}
        antall = {navn: len(funnet) for (_, navn), funnet in merker.items()}
        assert set(antall.values()) == {BOLK, 2 * BOLK}
        assert antall["Oline Prøve"] == antall["Ola By"] == BOLK
        (a, b) = sorted({kommune for kommune, _ in merker})
        # The same name in two kommuner has nothing in common.
        assert not merker[a, "Oline Prøve"] & merker[b, "Oline Prøve"]
        assert merker[a, "Oline Prøve"] & merker[a, "Oline Karoline Prøvestad"]

    kjoer(ny_database(motor), oppgave, GAMMEL)
