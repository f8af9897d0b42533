"""Sessions in both databases: how long they live, what ends them, and what whoever reads the database finds."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.db.arkiv import Arkiv
from app.db.kryptering import Noekkelring
from app.db.lager.revisjon import Revisjonsfilter
from app.db.motor import Database, OpptattError
from app.db.sesjonsoppslag import Sesjonsoppslag
from app.services.sesjoner.databasesesjoner import Databasesesjoner, Identitet, Sporing
from app.services.sesjoner.forsoek import Forsoek, Innloggingsforsoek, ny_hemmelighet
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from app.settings.portal import Portal
from tests.baser import MOTORER, RING, ny_database
from tests.db.verden import kjoer
from tests.services.personvern.alt_lagret import alt_lagret

KOMMUNE, NABO = "310000000", "310001007"
UTSTEDER = "https://ansattporten.example"
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SPORING = Sporing(rute="GET /logg-inn/retur", korrelasjonsid="proeve-1")
VALG = Portal.model_validate(
    {
        "adresse": "https://egenandel.example",
        "tilbydere": {
            "proeve": {
                "slag": "ansattporten",
                "navn": "Ansattporten",
                "issuer": UTSTEDER,
                "klient_id": "portal",
                "noekkel": {"jwk": "{}"},
                "ressurs": "urn:altinn:resource:egenandel",
            }
        },
    }
)


class Klokke:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.naa = START

    def __call__(self) -> datetime:
        return self.naa

    def gaa(self, **tid: float) -> None:
        """Let time pass."""
        self.naa += timedelta(**tid)


class Verden:
    """Two kommuner, the sessions and a clock."""

    def __init__(self, arkiv: Arkiv) -> None:
        self.arkiv = arkiv
        self.klokke = Klokke()
        self.sesjoner = Databasesesjoner(arkiv, VALG, "hjemmel", self.klokke)
        self.forsoek = Innloggingsforsoek(arkiv, VALG, self.klokke)
        self.oppslag = Sesjonsoppslag(arkiv.database, arkiv.ring)

    async def logg_inn(self, hvem: Identitet | None = None, forrige: str | None = None) -> str:
        """Log somebody in."""
        return await self.sesjoner.logg_inn(hvem or identitet(), SPORING, forrige)

    async def registeret(self, kommune: str = KOMMUNE) -> list[tuple[str, str, list[str]]]:
        """What has been noted."""
        async with self.arkiv.les(kommune) as lager:
            rader = await lager.revisjon.soek(Revisjonsfilter(), 0, 100)
        return [(rad.handling, rad.utfall, json.loads(rad.innhold)["data"]) for rad in rader]


def identitet(
    kommune: str = KOMMUNE, rolle: Rolle = Rolle.BEREGNER, sid: str | None = "sid-1", navn: str | None = None
) -> Identitet:
    """Somebody the provider vouches for."""
    return Identitet(
        aktoer=Aktoer(
            kommune=kommune,
            type=Aktoertype.BRUKER,
            id="en-bruker",
            rettigheter=RETTIGHETER[rolle],
            rolle=rolle,
            eid_nivaa="idporten-loa-high",
        ),
        navn=navn or "NØYAKTIG KULERAMME",
        tilbyder="proeve",
        utsteder=UTSTEDER,
        sid=sid,
        id_token="et.id.token",  # noqa: S106
    )


def i_verden(motor: str, oppgave: Callable[[Verden], Awaitable[None]], ring: Noekkelring = RING) -> None:
    """Do something in a new world."""

    async def alt(arkiv: Arkiv) -> None:
        for kommune in (KOMMUNE, NABO):
            async with arkiv.skriv(kommune) as lager:
                await lager.kommuner.opprett("Kommune", START)
        await oppgave(Verden(arkiv))

    kjoer(ny_database(motor), alt, ring)


@pytest.fixture(params=MOTORER)
def motor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_den_som_er_logget_inn_er_den_tilbyderen_sa(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        sesjon = await v.sesjoner.hent(kapsel)
        assert sesjon is not None
        assert sesjon.aktoer == identitet().aktoer
        assert (sesjon.navn, sesjon.innlogget) == ("NØYAKTIG KULERAMME", START)
        assert sesjon.utloeper == START + timedelta(minutes=120)
        assert await v.sesjoner.finn(kapsel) == sesjon.aktoer
        assert await v.registeret() == [("INNLOGGING", "OK", ["proeve"])]
        async with v.arkiv.les(KOMMUNE) as lager:
            brukere = await lager.brukere.hent(["en-bruker"])
        assert brukere["en-bruker"].navn == "NØYAKTIG KULERAMME"

    i_verden(motor, oppgave)


def test_ingen_andre_verdier_gir_en_sesjon(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        for annen in ("", "x", kapsel[:-1], kapsel + "A", kapsel.swapcase(), ny_hemmelighet(), "æ" * 43):
            assert await v.sesjoner.hent(annen) is None
            assert await v.sesjoner.finn(annen) is None
            assert not await v.sesjoner.godtar_csrf(annen, "")

    i_verden(motor, oppgave)


# Minutes after login at which the session is used, and whether it is alive then.
LEVETID: list[tuple[str, list[float], bool]] = [
    ("rett før en halv time", [29.9], True),
    ("etter en halv time uten bruk", [30], False),
    ("i bruk hele tiden", [25, 50, 75, 100, 119], True),
    ("to timer uansett", [25, 50, 75, 100, 119, 120], False),
    ("en halv time etter siste bruk", [25, 54], True),
    ("mer enn en halv time etter siste bruk", [25, 55.1], False),
]


@pytest.mark.parametrize(("_", "brukt", "ventet"), LEVETID, ids=[rad[0] for rad in LEVETID])
def test_hvor_lenge_en_sesjon_lever(motor: str, _: str, brukt: list[float], ventet: bool) -> None:
    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        levende = True
        for minutt in brukt:
            v.klokke.naa = START + timedelta(minutes=minutt)
            levende = await v.sesjoner.finn(kapsel) is not None
        assert levende is ventet

    i_verden(motor, oppgave)


def test_at_den_brukes_noteres_hoeyst_en_gang_i_minuttet(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        notert = []
        for _ in range(6):
            v.klokke.gaa(seconds=25)
            await v.sesjoner.hent(kapsel)
            (rad,) = await v.oppslag.med_sid(RING.sesjonshash("sid", UTSTEDER, "sid-1"))
            notert.append((rad.sist_brukt - START).seconds)
        assert notert == [0, 0, 75, 75, 75, 150]

    i_verden(motor, oppgave)


def test_siden_vises_ogsaa_naar_ingen_kan_skrive(monkeypatch: pytest.MonkeyPatch) -> None:
    async def opptatt(*_: object) -> None:
        raise OpptattError("SQLITE_BUSY")

    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        v.klokke.gaa(minutes=5)
        monkeypatch.setattr(Sesjonsoppslag, "brukt", opptatt)
        assert await v.sesjoner.hent(kapsel) is not None

    i_verden("sqlite", oppgave)


def test_csrf_er_sesjonens_egen(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        en, annen = await v.logg_inn(), await v.logg_inn()
        mine, andres = await v.sesjoner.hent(en), await v.sesjoner.hent(annen)
        assert mine is not None
        assert andres is not None
        assert await v.sesjoner.godtar_csrf(en, mine.csrf)
        for feil in (andres.csrf, "", mine.csrf[:-1], mine.csrf + "x", "æøå", en):
            assert not await v.sesjoner.godtar_csrf(en, feil)

    i_verden(motor, oppgave)


def test_ny_innlogging_gir_ny_id_og_avslutter_den_forrige(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        en = await v.logg_inn()
        annen = await v.logg_inn(identitet(NABO, Rolle.LEDER), forrige=en)
        assert annen != en
        assert await v.sesjoner.finn(en) is None
        aktoer = await v.sesjoner.finn(annen)
        assert aktoer is not None
        assert (aktoer.kommune, aktoer.rolle) == (NABO, Rolle.LEDER)
        assert [rad[0] for rad in await v.registeret()] == ["INNLOGGING", "UTLOGGING"]
        assert [rad[0] for rad in await v.registeret(NABO)] == ["INNLOGGING"]

    i_verden(motor, oppgave)


def test_utlogging_gjelder_en_sesjon_og_noteres_en_gang(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        en, annen = await v.logg_inn(), await v.logg_inn()
        avsluttet = await v.sesjoner.logg_ut(en, SPORING)
        assert avsluttet is not None
        assert (avsluttet.tilbyder, avsluttet.id_token) == ("proeve", "et.id.token")
        assert await v.sesjoner.logg_ut(en, SPORING) is None
        assert await v.sesjoner.logg_ut("tull", SPORING) is None
        assert await v.sesjoner.finn(annen) is not None
        utlogginger = [rad for rad in await v.registeret() if rad[0] == "UTLOGGING"]
        assert utlogginger == [("UTLOGGING", "OK", ["brukeren"])]

    i_verden(motor, oppgave)


def test_tilbyderen_avslutter_det_som_begynte_med_sesjonen_der(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        mine = [await v.logg_inn(), await v.logg_inn(identitet(NABO))]
        andres = [await v.logg_inn(identitet(sid="sid-2")), await v.logg_inn(identitet(sid=None))]
        assert await v.sesjoner.logg_ut_fra("https://en-annen.example", "sid-1", SPORING) == 0
        assert await v.sesjoner.logg_ut_fra(UTSTEDER, "sid-1", SPORING) == 2
        assert await v.sesjoner.logg_ut_fra(UTSTEDER, "sid-1", SPORING) == 0
        assert [await v.sesjoner.finn(kapsel) for kapsel in mine] == [None, None]
        assert None not in [await v.sesjoner.finn(kapsel) for kapsel in andres]
        assert ("UTLOGGING", "OK", ["tilbyderen"]) in await v.registeret(NABO)

    i_verden(motor, oppgave)


def test_den_som_leser_databasen_kan_ikke_bli_noen(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        kapsel = await v.logg_inn()
        sesjon = await v.sesjoner.hent(kapsel)
        assert sesjon is not None
        forsoek = Forsoek(tilbyder="proeve", retur="/saker")
        nettleser = ny_hemmelighet()
        await v.forsoek.begynn(nettleser, forsoek)
        hemmelig = [
            *(kapsel, sesjon.csrf, sesjon.navn, "et.id.token", "sid-1"),
            *(nettleser, forsoek.tilstand, forsoek.nonce, forsoek.verifier),
        ]
        lagret = await _raatt(v.arkiv.database)
        for verdi in hemmelig:
            assert verdi.encode() not in lagret, verdi
        # What is encrypted is there, once opened; so the search above looks in the right place.
        aapnet = await alt_lagret(v.arkiv.database, KOMMUNE)
        assert sesjon.csrf in "".join(aapnet["sesjon", "innhold"])
        assert sesjon.csrf not in repr(sesjon)
        assert sesjon.navn not in repr(sesjon)
        assert forsoek.verifier not in repr(forsoek)

    i_verden(motor, oppgave)


async def _raatt(database: Database) -> bytes:
    from app.db.tabeller import bruker, innlogging, sesjon  # noqa: PLC0415

    rader: list[object] = []
    async with database.les() as forbindelse:
        for tabell in (bruker, innlogging, sesjon):
            rader += [verdi for rad in await forbindelse.execute(tabell.select()) for verdi in rad]
    return b"|".join(rad if isinstance(rad, bytes) else str(rad).encode() for rad in rader)


def test_uten_noekkelen_logger_brukeren_inn_paa_nytt(motor: str) -> None:
    adresse = ny_database(motor)

    async def inn(arkiv: Arkiv) -> str:
        async with arkiv.skriv(KOMMUNE) as lager:
            await lager.kommuner.opprett("Kommune", START)
        return await Verden(arkiv).logg_inn()

    async def ut(arkiv: Arkiv, kapsel: str) -> None:
        assert await Verden(arkiv).sesjoner.hent(kapsel) is None

    kapsel = kjoer(adresse, inn)
    kjoer(adresse, lambda arkiv: ut(arkiv, kapsel), Noekkelring({"b": b"b" * 32}, "b", b"h" * 32))
    kjoer(adresse, lambda arkiv: ut(arkiv, kapsel), Noekkelring({"a": b"a" * 32}, "a", b"x" * 32))


async def _begynn(v: Verden) -> tuple[str, Forsoek]:
    nettleser, forsoek = ny_hemmelighet(), Forsoek(tilbyder="proeve", retur="/saker")
    await v.forsoek.begynn(nettleser, forsoek)
    return nettleser, forsoek


def test_et_forsoek_er_nettleserens_eget_og_brukes_en_gang(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        nettleser, forsoek = await _begynn(v)
        annen, annet = await _begynn(v)
        for feil in ((annen, forsoek.tilstand), (nettleser, annet.tilstand), ("", forsoek.tilstand)):
            assert await v.forsoek.ta(*feil) is None
        assert await v.forsoek.ta(nettleser, "") is None
        assert await v.forsoek.ta(nettleser, forsoek.tilstand) == forsoek, "andres forsøk brukte det ikke opp"
        assert await v.forsoek.ta(nettleser, forsoek.tilstand) is None
        assert await v.forsoek.ta(annen, annet.tilstand) == annet

    i_verden(motor, oppgave)


def test_to_faner_i_samme_nettleser(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        nettleser, foerste = await _begynn(v)
        andre = Forsoek(tilbyder="proeve", retur="/")
        await v.forsoek.begynn(nettleser, andre)
        assert await v.forsoek.ta(nettleser, foerste.tilstand) == foerste
        assert await v.forsoek.ta(nettleser, andre.tilstand) == andre

    i_verden(motor, oppgave)


def test_et_forsoek_varer_i_ti_minutter(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        nettleser, forsoek = await _begynn(v)
        annen, annet = await _begynn(v)
        v.klokke.gaa(minutes=9.9)
        assert await v.forsoek.ta(nettleser, forsoek.tilstand) == forsoek
        v.klokke.gaa(minutes=0.1)
        assert await v.forsoek.ta(annen, annet.tilstand) is None

    i_verden(motor, oppgave)


def test_det_som_er_over_ryddes(motor: str) -> None:
    async def oppgave(v: Verden) -> None:
        gammel, brukt = await v.logg_inn(), await v.logg_inn()
        await _begynn(v)
        v.klokke.gaa(minutes=20)
        await v.sesjoner.finn(brukt)
        v.klokke.gaa(minutes=15)
        assert await v.sesjoner.antall_over() == 2
        assert await v.sesjoner.rydd() == 2
        assert await v.sesjoner.rydd() == 0
        assert await v.sesjoner.finn(brukt) is not None
        v.klokke.gaa(minutes=100)
        await _begynn(v)
        assert await v.sesjoner.antall_over() == 0, "den neste som logger inn, rydder"
        assert [await v.sesjoner.logg_ut(kapsel, SPORING) for kapsel in (gammel, brukt)] == [None, None]

    i_verden(motor, oppgave)


def test_brukerens_id_er_fast_og_sier_ingenting() -> None:
    async def oppgave(v: Verden) -> None:
        id_ = v.sesjoner.brukerid(UTSTEDER, "en-sub")
        assert id_ == v.sesjoner.brukerid(UTSTEDER, "en-sub")
        andre = [
            v.sesjoner.brukerid(*deler) for deler in ((UTSTEDER, "to"), ("https://b", "en-sub"), (UTSTEDER,))
        ]
        assert len({id_, *andre}) == 4
        assert "en-sub" not in id_
        await v.sesjoner.nekt(
            replace(identitet().aktoer, id=id_, rolle=None, rettigheter=frozenset()), "mangler-rolle", SPORING
        )
        assert await v.registeret() == [("INNLOGGING", "AVSLAATT", ["mangler-rolle"])]
        assert await v.sesjoner.kjenner(KOMMUNE)
        assert not await v.sesjoner.kjenner("310002003")

    i_verden("sqlite", oppgave)
