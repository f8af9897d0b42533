"""``/metrics``: what it tells, to whom, and that the alarms ask for what there is."""

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from pydantic import SecretStr, ValidationError

from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap
from app.events.plan import jobber
from app.sandbox.standard import FJORDVIK
from app.services.hendelser.lister import MANDAT
from app.settings.maaling import Maaling
from tests.baser import MOTORER, ny_database
from tests.db.verden import NAA, fyll, sql
from tests.saker.verden import Verden, tjeneste

ALARMER: Final = Path(__file__).parents[2] / "eksempler" / "prometheus" / "alarmer.yml"
DRIFT: Final = Path(__file__).parents[2] / "docs" / "drift.md"
NAVN: Final = re.compile(r"\begenandel_[a-z_]+")
_TOKEN: Final = "et-langt-nok-token"  # noqa: S105


async def _fyll(v: Verden) -> str:
    """A kommune with one of everything, work that waits and work that was given up, and a list that is read."""
    kommune = (await fyll(v.arkiv, "399999990")).kommune
    await sql(
        v.arkiv.database,
        "INSERT INTO hendelsesliste (liste, neste, mandat, lest, siste_hendelse, opprettet) "
        "VALUES ('SKATTEOPPGJOER', 42, 1, :naa, :naa, :naa)",
        naa=NAA.replace(tzinfo=None) if v.arkiv.database.er_sqlite else NAA,
    )
    return kommune


def _linjer(tekst: str) -> dict[str, float]:
    return {
        linje.rpartition(" ")[0]: float(linje.rpartition(" ")[2])
        for linje in tekst.splitlines()
        if not linje.startswith("#")
    }


@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_staar_i_databasen_og_det_prosessen_har_talt(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as v:
            kommune = await _fyll(v)
            await v.les("/api/v1/saker")
            ny = {
                "tjeneste": "LANGTIDSOPPHOLD",
                "person": {"personidentifikator": v.ident("enslig-pensjonist")},
                "opphold": [{"art": "LANGTID", "fra": "2025-02-01", "institusjon": "solbakken"}],
                "beregning": {"aar": 2025},
            }
            assert (await v.post("/api/v1/saker", ny)).status_code == 201
            svar = await v.klient.get("/metrics")
            assert svar.status_code == 200
            assert svar.headers["content-type"].startswith("text/plain")
            maalt = _linjer(svar.text)
            i_kommunen = f'{{kommune="{kommune}"}}'
            assert maalt['egenandel_liste_neste{liste="SKATTEOPPGJOER"}'] == 42
            assert maalt['egenandel_liste_lest_sekunder{liste="SKATTEOPPGJOER"}'] > -86_400
            assert maalt[f"egenandel_arbeid_venter{i_kommunen}"] == 1
            assert maalt[f"egenandel_webhook_venter{i_kommunen}"] == 1
            assert maalt[f"egenandel_avstemming_utfall{i_kommunen}"] == 0
            assert maalt['egenandel_skatteetaten_i_luften{api="summertskattegrunnlag"}'] == 0
            kall = 'egenandel_skatteetaten_kall_sekunder_count{api="summertskattegrunnlag",utfall="Funnet"}'
            assert maalt[kall] >= 1
            sett = 'egenandel_http_sekunder_count{metode="GET",rute="/api/v1/saker",status="200"}'
            assert maalt[sett] == 1
            assert maalt['egenandel_maskinporten_token_sekunder_count{utfall="hentet"}'] >= 1

    asyncio.run(alt())


def test_ingen_person_og_ingen_adresse_med_verdier() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            ident = v.ident("enslig-pensjonist")
            await v.klient.get(f"/api/v1/saker/{ident}")
            await v.klient.get(f"/finnes-ikke/{ident}")
            await v.klient.get(f"/api/finnes-ikke/{ident}")
            await v.klient.request(f"M{ident}", "/live")
            tekst = (await v.klient.get("/metrics")).text
            assert ident not in tekst
            assert 'metode="GET",rute="ukjent"' in tekst
            kommuner = set(re.findall(r'kommune="([^"]*)"', tekst))
            assert kommuner <= {FJORDVIK}

    asyncio.run(alt())


def test_sidene_som_leses_av_seg_selv_telles() -> None:
    """The job of the plan is told to count, whatever the list holds."""
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            tilstand = v.app.state
            valg = tilstand.settings.hendelser.model_copy(update={"fra_dato": date(2025, 1, 1)})
            settings = tilstand.settings.model_copy(update={"hendelser": valg})
            lagt = jobber(settings, tilstand.saksdrift, tilstand.maalinger.side)
            (les,) = [jobb for jobb in lagt if jobb.navn == MANDAT[Liste.SKATTEOPPGJOER]]
            mandat = await Lederskap(v.arkiv.database, 600.0).ta(les.navn)
            assert mandat is not None
            await les.arbeid(mandat)
            maalt = _linjer((await v.klient.get("/metrics")).text)
            paa_listen = [
                en
                for en in v.sandkasse.omgivelser.oppgjoerliste.hendelser
                if en.publisert >= date(2025, 1, 1)
            ]
            assert paa_listen
            assert maalt['egenandel_liste_hendelser_total{liste="SKATTEOPPGJOER"}'] == len(paa_listen)
            assert maalt['egenandel_liste_sider_total{liste="SKATTEOPPGJOER"}'] == 1
            assert maalt['egenandel_mandat_holdt{mandat="mottak-skatteoppgjoer"}'] == 1

    asyncio.run(alt())


HVEM: Final[dict[str, tuple[dict[str, Any], str, dict[str, str], int]]] = {
    "av": ({"serveres": "av"}, "127.0.0.1", {}, 404),
    "lokalt-fra-maskinen": ({}, "127.0.0.1", {}, 200),
    "lokalt-ipv6": ({}, "::1", {}, 200),
    "lokalt-utenfra": ({}, "192.0.2.7", {}, 404),
    "lokalt-gjennom-en-proxy": ({}, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
    "token": (
        {"serveres": "token", "token": SecretStr(_TOKEN)},
        "192.0.2.7",
        {"Authorization": f"Bearer {_TOKEN}"},
        200,
    ),
    "feil-token": (
        {"serveres": "token", "token": SecretStr(_TOKEN)},
        "127.0.0.1",
        {"Authorization": "Bearer et-annet"},
        401,
    ),
    "uten-token": ({"serveres": "token", "token": SecretStr(_TOKEN)}, "127.0.0.1", {}, 401),
}


@pytest.mark.parametrize(("valg", "fra", "hoder", "ventet"), HVEM.values(), ids=HVEM)
def test_bare_den_det_er_ment_for_faar_svar(
    valg: dict[str, Any], fra: str, hoder: dict[str, str], ventet: int
) -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base, kommuner=False, maaling=Maaling(**valg)) as v:
            transport = httpx2.ASGITransport(app=v.app, client=(fra, 1234))
            async with httpx2.AsyncClient(transport=transport, base_url="http://x") as klient:
                svar = await klient.get("/metrics", headers=hoder)
            assert svar.status_code == ventet
            assert ("egenandel_" in svar.text) is (ventet == 200)

    asyncio.run(alt())


@pytest.mark.parametrize("valg", [{"serveres": "token"}, {"token": "langt-nok-token-her"}])
def test_token_og_serveres_hoerer_sammen(valg: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="token skal settes"):
        Maaling.model_validate(valg)


def test_hver_alarm_spoer_om_noe_som_finnes_og_staar_i_dokumentet() -> None:
    """A measurement that is renamed would silence its alarm."""
    base = ny_database("sqlite")
    regler = re.findall(r"- alert: (\w+)\n +expr: (.+)\n", ALARMER.read_text("utf-8"))
    tekst = ""

    async def alt() -> None:
        nonlocal tekst
        async with tjeneste(base) as v:
            await _fyll(v)
            tekst = (await v.klient.get("/metrics")).text

    asyncio.run(alt())
    maalinger = dict(re.findall(r"^# TYPE (\S+) (\S+)$", tekst, re.MULTILINE))
    endelser = {"histogram": ("_count", "_sum", "_bucket"), "gauge": ("",), "counter": ("",)}
    finnes = {navn + endelse for navn, slag in maalinger.items() for endelse in endelser[slag]}
    assert len(regler) == ALARMER.read_text("utf-8").count("alert:") > 0
    for alarm, uttrykk in regler:
        brukt = set(NAVN.findall(uttrykk))
        assert brukt, alarm
        assert brukt <= finnes, alarm
        assert f"| `{alarm}` |" in DRIFT.read_text("utf-8"), alarm
    for navn in maalinger:
        if navn.startswith("egenandel_"):
            assert f"| `{navn}` |" in DRIFT.read_text("utf-8"), navn
