"""The same key and the same request have one effect, and every repeat gets the first answer's bytes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest
from typer.testing import CliRunner

from app import klokke
from app.cli import app as kommandolinje
from app.db.lager.personer import Person, Personer
from app.db.lager.revisjon import Rad, Revisjonsfilter
from app.sandbox.standard import FJORDVIK, JOURNALKLIENT, KOMMUNEKLIENT, SKOGLI
from app.services import gjentak
from app.services.personvern.rydding import rydd
from app.services.revisjon import Driftsaktoer
from app.settings.personvern import Personvern
from tests.baser import MOTORER, ny_database
from tests.saker.gjentak import (
    BEREGN,
    POST,
    Fasit,
    Forespoersel,
    Regnskap,
    UtenLaas,
    hjelp_til,
    i_sakene,
    nye_saker,
    virkninger,
)
from tests.saker.verden import KRYPTERING, Verden, tjeneste

SAKER: Final = "/api/v1/saker"
NOEKKEL: Final = "3f0c2b52-6a0e-4f3b-9d7f-1c5c6d2e8a10"
GJENTAK: Final = 20
PERSONER: Final = 5


def kjoer(oppgave: Callable[[Verden], Awaitable[None]], motor: str = "sqlite") -> None:
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as verden:
            await oppgave(verden)

    asyncio.run(alt())


def med(noekkel: str = NOEKKEL) -> dict[str, str]:
    return {"Idempotency-Key": noekkel}


async def ny_sak(v: Verden, nummer: int = 0, **valg: Any) -> str:
    svar = await v.post(SAKER, hjelp_til(v.sandkasse.befolkning.flokk.ident(nummer)), **valg)
    assert svar.status_code == 201
    sak: str = svar.json()["sak"]["id"]
    return sak


async def registeret(v: Verden, kommune: str = FJORDVIK) -> list[Rad]:
    async with v.arkiv.les(kommune) as lager:
        return [rad async for rad in lager.revisjon.alle(Revisjonsfilter())]


async def alle_paa_en_gang(v: Verden, forespoersler: Iterable[Forespoersel]) -> Regnskap:
    """Every request ``GJENTAK`` times at once."""
    regnskap = Regnskap()
    for en in forespoersler:
        svar = await asyncio.gather(
            *(v.post(en.sti, en.kropp, hoder=med(en.noekkel)) for _ in range(GJENTAK))
        )
        regnskap.tell(fasit(svar), len(svar))
    return regnskap


def fasit(svar: Iterable[httpx2.Response]) -> Fasit:
    alle = list(svar)
    return Fasit(
        frozenset(ett.status_code for ett in alle),
        frozenset(ett.content for ett in alle),
        frozenset(ett.headers.get("location") for ett in alle),
        sum(ett.headers.get("idempotent-replayed") == "true" for ett in alle),
    )


@pytest.mark.parametrize("prosesser", ["én", "mange"])
@pytest.mark.parametrize("motor", MOTORER)
def test_mange_samtidige_gjentak_har_en_virkning(
    motor: str, prosesser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one process they wait for each other; between processes the first to commit is the one."""
    if prosesser == "mange":
        monkeypatch.setattr(gjentak, "_laaser", UtenLaas())

    async def oppgave(v: Verden) -> None:
        regnskap = await alle_paa_en_gang(v, nye_saker(v.sandkasse.befolkning.flokk, PERSONER))
        liste = (await v.les(f"{SAKER}?antall=100")).json()["elementer"]
        assert len(liste) == PERSONER
        flere = await alle_paa_en_gang(v, i_sakene((sak["id"] for sak in liste), 2))
        for del_, noekler in ((regnskap, PERSONER), (flere, 2 * PERSONER)):
            assert (del_.noekler, del_.ulike, del_.foerstesvar) == (noekler, 0, noekler)
            assert set(del_.statuser) == {201}
        assert await virkninger(v.arkiv) == {
            "sak": PERSONER,
            "beregning": PERSONER + PERSONER,
            "manuell_post": PERSONER,
            "idempotens": 3 * PERSONER,
        }
        async with v.arkiv.les(FJORDVIK) as lager:
            assert await lager.revisjon.verifiser() is None

    kjoer(oppgave, motor)


def test_samme_noekkel_til_noe_annet_avvises() -> None:
    async def oppgave(v: Verden) -> None:
        sak, annen = await ny_sak(v), await ny_sak(v, 1)
        sti = f"{SAKER}/{sak}/beregninger"
        assert (await v.post(sti, BEREGN, hoder=med())).status_code == 201
        for galt, kropp in (
            (sti, {"aar": 2025}),  # another body
            (sti, {"aar": 2026, "grunnlag": "NYTT"}),
            (f"{sti}?forklar=false", BEREGN),  # another answer was asked for
            (f"{SAKER}/{annen}/beregninger", BEREGN),  # another case
            (f"{SAKER}/{sak}/manuelle-poster", POST),  # another thing
        ):
            svar = await v.post(galt, kropp, hoder=med())
            assert (svar.status_code, svar.json()["type"].rpartition(":")[2]) == (422, "noekkel-brukt")
        assert (await virkninger(v.arkiv))["beregning"] == 3
        assert (await v.post(sti, BEREGN, hoder=med())).headers["idempotent-replayed"] == "true"

    kjoer(oppgave)


def test_noekkelen_gjelder_bare_klienten_og_kommunen() -> None:
    async def oppgave(v: Verden) -> None:
        kropp = hjelp_til(v.sandkasse.befolkning.flokk.ident(0))
        foerst = await v.post(SAKER, kropp, hoder=med())
        hos_andre = await v.post(SAKER, kropp, kommune=SKOGLI, hoder=med())
        assert (foerst.status_code, hos_andre.status_code) == (201, 201)
        assert foerst.json()["sak"]["id"] != hos_andre.json()["sak"]["id"]

        sti = f"{SAKER}/{foerst.json()['sak']['id']}/beregninger"
        svar = {}
        for klient in (JOURNALKLIENT, KOMMUNEKLIENT):
            token = v.sandkasse.token(
                FJORDVIK,
                "egenandel-sandkasse:egenandel.write",
                klient,
                ressurser=("https://egenandel.example",),
            )
            hode = {"Authorization": f"Bearer {token['access_token']}", **med("felles-noekkel")}
            svar[klient] = await v.klient.post(sti, json=BEREGN, headers=hode)
            assert "idempotent-replayed" not in svar[klient].headers
        assert svar[JOURNALKLIENT].json()["id"] != svar[KOMMUNEKLIENT].json()["id"]

    kjoer(oppgave)


def test_det_som_avvises_beholdes_ikke() -> None:
    """What could not be done may be tried again under the same key when the reason is gone."""

    async def oppgave(v: Verden) -> None:
        kropp = hjelp_til(v.sandkasse.befolkning.flokk.ident(0))
        feil = {**kropp, "person": {"personidentifikator": "123"}}
        assert (await v.post(SAKER, feil, hoder=med())).status_code == 422
        ukjent = f"{SAKER}/01900000-0000-7000-8000-000000000000/beregninger"
        assert (await v.post(ukjent, BEREGN, hoder=med())).status_code == 404
        assert (await virkninger(v.arkiv))["idempotens"] == 0
        assert (await v.post(SAKER, kropp, hoder=med())).status_code == 201
        igjen = await v.post(SAKER, kropp, hoder=med("en-annen-noekkel"))
        assert (igjen.status_code, igjen.json()["kode"]) == (409, "sak-finnes")
        assert (await virkninger(v.arkiv))["idempotens"] == 1

    kjoer(oppgave)


def test_et_gjentak_staar_i_registeret() -> None:
    async def oppgave(v: Verden) -> None:
        kropp = hjelp_til(v.sandkasse.befolkning.flokk.ident(0))
        sak = (await v.post(SAKER, kropp, hoder=med())).json()["sak"]["id"]
        for sti, innhold, noekkel, handling, gjelder in (
            (SAKER, kropp, NOEKKEL, "SAK_LEST", None),
            (f"{SAKER}/{sak}/beregninger", BEREGN, "noekkel-b", "BEREGNING_LEST", sak),
            (f"{SAKER}/{sak}/manuelle-poster", POST, "noekkel-p", "MANUELL_POST_LEST", sak),
        ):
            await v.post(sti, innhold, hoder=med(noekkel))
            foer = await registeret(v)
            await v.post(sti, innhold, hoder=med(noekkel))
            (ny,) = (await registeret(v))[len(foer) :]
            assert (ny.handling, ny.utfall) == (handling, "OK")
            assert (None if ny.sak_id is None else str(ny.sak_id)) == gjelder
            assert "gjentak av et tidligere svar" in ny.innhold

    kjoer(oppgave)


def test_foerste_svar_gis_ogsaa_naar_saken_er_endret_siden() -> None:
    async def oppgave(v: Verden) -> None:
        kropp = hjelp_til(v.sandkasse.befolkning.flokk.ident(0))
        foerst = await v.post(SAKER, kropp, hoder=med())
        sak = foerst.json()["sak"]
        innhold = {**sak["innhold"], "referanse": "en-annen"}
        sti = f"{SAKER}/{sak['id']}"
        endret = await v.kall("PUT", sti, innhold, hoder={"If-Match": foerst.headers["etag"]})
        assert (endret.status_code, endret.headers["etag"]) == (200, '"2"')
        igjen = await v.post(SAKER, kropp, hoder=med())
        assert igjen.content == foerst.content
        for hode in ("etag", "location"):
            assert igjen.headers[hode] == foerst.headers[hode]

    kjoer(oppgave)


UBRUKELIGE: Final = (
    ("kort",),
    ("x" * 101,),
    ("med mellomrom",),
    ("æøå-æøå-æøå",),
    # Eleven digits in a row could be a national id, and a key is kept in clear.
    ("12345678901",),
    ("sak-12345678901",),
    ("ordre-1234567890123",),
    ("en-noekkel", "en-annen-noekkel"),
)


def test_noekler_som_ikke_kan_brukes() -> None:
    async def oppgave(v: Verden) -> None:
        kropp = hjelp_til(v.sandkasse.befolkning.flokk.ident(0))
        for noekler in UBRUKELIGE:
            hoder = [
                *((navn.encode(), verdi.encode()) for navn, verdi in v.hode().items()),
                *((b"Idempotency-Key", noekkel.encode()) for noekkel in noekler),
            ]
            svar = await v.klient.post(SAKER, json=kropp, headers=hoder)
            assert (svar.status_code, svar.json()["type"].rpartition(":")[2]) == (400, "ugyldig-noekkel")
        assert (await virkninger(v.arkiv))["sak"] == 0

    kjoer(oppgave)


def test_svar_ryddes_naar_tiden_er_ute() -> None:
    async def oppgave(v: Verden) -> None:
        sak = await ny_sak(v)
        sti = f"{SAKER}/{sak}/beregninger"
        await v.post(sti, BEREGN, hoder=med())
        valg = Personvern(idempotens_doegn=7)
        for doegn, igjen in ((6.9, 1), (7.1, 0)):
            naar = klokke.naa() + timedelta(days=doegn)
            await rydd(v.arkiv, lambda kommune: None, valg, Driftsaktoer("rydd"), naar)
            assert (await virkninger(v.arkiv))["idempotens"] == igjen
        # The key is free again: what comes is a new request.
        svar = await v.post(sti, BEREGN, hoder=med())
        assert "idempotent-replayed" not in svar.headers
        assert (await virkninger(v.arkiv))["beregning"] == 3

    kjoer(oppgave)


def test_rydd_sier_hvor_mange_svar(monkeypatch: pytest.MonkeyPatch) -> None:
    database = ny_database("sqlite")

    async def fyll() -> None:
        async with tjeneste(database) as v:
            await ny_sak(v, hoder=med())

    asyncio.run(fyll())
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", database)
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", KRYPTERING.gjeldende)
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())
    for navn, noekkel in KRYPTERING.noekler.items():
        monkeypatch.setenv(f"EGENANDEL_KRYPTERING__NOEKLER__{navn.upper()}", noekkel.get_secret_value())
    for dager, antall in ((1, 0), (30, 1)):
        dato = f"{klokke.naa() + timedelta(days=dager):%Y-%m-%d}"
        ut = CliRunner().invoke(kommandolinje, ["rydd", "--proev", "--dato", dato])
        assert ut.exit_code == 0
        assert f"{FJORDVIK}: 0 råsvar og {antall} idempotenssvar ville blitt slettet" in ut.stdout


def test_alle_tar_inn_de_samme_personene_i_samme_rekkefoelge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two spouses in each other's cases: in opposite order PostgreSQL would break one of the transactions off."""
    ta_inn, rekkefoelge = Personer.ta_inn, list[str]()

    async def noter(
        personer: Personer, ident: str, navn: str | None, naar: datetime, id_: UUID | None = None
    ) -> Person:
        rekkefoelge.append(ident)
        return await ta_inn(personer, ident, navn, naar, id_)

    monkeypatch.setattr(Personer, "ta_inn", noter)

    async def oppgave(v: Verden) -> None:
        a, b = (v.sandkasse.befolkning.flokk.ident(nummer) for nummer in (0, 1))
        for beboer, hjemme in ((a, b), (b, a)):
            assert (await v.post(SAKER, _ektefeller(beboer, hjemme))).status_code == 201
        assert len(set(rekkefoelge)) == 2
        assert rekkefoelge[:2] == rekkefoelge[2:], "ulik rekkefølge"

    kjoer(oppgave)


def _ektefeller(beboer: str, hjemme: str) -> dict[str, Any]:
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": beboer},
        "husstand": [{"person": {"personidentifikator": hjemme}, "relasjon": "EKTEFELLE"}],
        "opphold": [{"art": "LANGTID", "fra": "2026-02-02", "institusjon": "solbakken"}],
        "beregning": BEREGN,
    }
