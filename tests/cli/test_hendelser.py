"""The operator follows the event lists from the command line, against the sandbox, on both databases."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

import app.cli.hendelser as kommandoen
from app.cli import app
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import Revisjonsfilter
from app.db.tabeller import hendelse, pekerflytting
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK
from app.services.arkiv import aapne
from app.services.revisjon import Handling
from app.services.tilkobling import koble_til
from app.settings import Settings
from app.settings.skatteetaten import ApiNavn, ApiValg
from tests.baser import MOTORER, ny_database
from tests.db.verden import kjoer
from tests.events.verden import foelg
from tests.integrasjon.verden import SandkasseTransport
from tests.saker.verden import sandkassen, settings

FRA = date(2021, 1, 1)


@pytest.fixture(params=MOTORER)
def verden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> "Operatoer":
    sandkasse = sandkassen()
    oppsett = settings(ny_database(request.param))
    hendelser = oppsett.hendelser.model_copy(update={"fra_dato": FRA})
    oppsett = oppsett.model_copy(update={"hendelser": hendelser})
    monkeypatch.setattr(kommandoen, "les_innstillinger", lambda: oppsett)
    monkeypatch.setattr(kommandoen, "koble_til", partial(koble_til, transport=SandkasseTransport(sandkasse)))
    return Operatoer(sandkasse, oppsett)


class Operatoer:
    """Somebody at the command line, with a person that is followed."""

    def __init__(self, sandkasse: Sandkasse, oppsett: Settings) -> None:
        self.sandkasse = sandkasse
        self.oppsett = oppsett
        self.ident = sandkasse.befolkning.person("uskiftet-bo").identer[0]
        self.gjoer(lambda arkiv: foelg(arkiv, {FJORDVIK: [self.ident]}))

    def kommando(self, *argumenter: str) -> Result:
        return CliRunner().invoke(app, ["hendelser", *argumenter])

    def gjoer(self, oppgave: Callable[[Arkiv], Awaitable[Any]]) -> Any:
        return kjoer(self.oppsett.database.url.get_secret_value(), oppgave, aapne(self.oppsett).ring)

    def status(self) -> Any:
        return json.loads(self.kommando("status", "--json").stdout)["lister"]


def test_fra_ingenting_til_lest_og_flyttet(verden: Operatoer) -> None:
    assert "Ingen liste er lest ennå" in verden.kommando("status").stdout
    lest = verden.kommando("les")
    assert lest.exit_code == 0, lest.output
    (stand,) = verden.status()
    nye = int(re.findall(r"(\d+) om noen som følges", lest.stdout)[0])
    assert nye > 0
    assert (stand["liste"], stand["venter"] > 0, stand["leses"]) == ("SKATTEOPPGJOER", True, False)
    assert str(stand["neste"]) in verden.kommando("status").stdout

    proevd = verden.kommando("flytt", "--liste", "skatteoppgjoer", "--til", "1", "--toerr")
    assert proevd.exit_code == 0, proevd.output
    assert "leses om igjen" in proevd.stdout
    assert f"{nye} av dem er tatt imot før" in proevd.stdout
    assert verden.status() == [stand]

    flyttet = verden.kommando(
        "flytt", "--liste", "skatteoppgjoer", "--til", "1", "--begrunnelse", "Prøver på nytt"
    )
    assert flyttet.exit_code == 0, flyttet.output
    assert verden.status()[0]["neste"] == 1
    assert verden.gjoer(_flyttinger) == [(stand["neste"], 1, "Prøver på nytt")]
    assert verden.gjoer(_notert) == [{"fra": stand["neste"], "til": 1}]

    igjen = verden.kommando("les", "--liste", "skatteoppgjoer")
    assert "0 om noen som følges, 0 oppslag bestilt" in igjen.stdout
    assert verden.gjoer(_hendelser) == nye

    fram = verden.kommando("flytt", "--liste", "skatteoppgjoer", "--dato", "2021-06-01", "--toerr")
    assert "leses om igjen" in fram.stdout


def test_det_som_ikke_kan_leses_vises_leses_om_igjen_og_lukkes(verden: Operatoer) -> None:
    liste = verden.sandkasse.omgivelser.oppgjoerliste
    hendelser = liste.hendelser
    friske = (hendelser[3], hendelser[5])
    hendelser[3], hendelser[5] = (en._replace(identifikator="") for en in friske)
    assert verden.kommando("les").exit_code == 0
    vist = verden.kommando("uleselige").stdout
    assert [en.sekvensnummer for en in friske] == [int(nr) for nr in re.findall(r"OPPGJOER (\d+) ", vist)]
    assert verden.status()[0]["uleselige"] == 2

    assert verden.kommando("les-om").exit_code == 1
    hendelser[3] = friske[0]
    om_igjen = verden.kommando(
        "les-om", "--liste", "skatteoppgjoer", "--nummer", str(friske[0].sekvensnummer)
    )
    assert (om_igjen.exit_code, ": lest" in om_igjen.stdout) == (0, True)

    nummer = str(friske[1].sekvensnummer)
    lukk = partial(verden.kommando, "lukk", "--liste", "skatteoppgjoer", "--nummer", nummer, "--begrunnelse")
    assert lukk("Ola Nordmann ringte").exit_code == 2
    assert lukk("Skatteetaten har tatt den bort").exit_code == 0
    assert lukk("Skatteetaten har tatt den bort").exit_code == 2
    assert verden.kommando("uleselige").stdout == "Ingen.\n"
    assert "LUKKET" in verden.kommando("uleselige", "--alle").stdout


@pytest.mark.parametrize(
    ("argumenter", "sier"),
    [
        (["flytt", "--liste", "skatteoppgjoer"], "enten --til eller --dato"),
        (["flytt", "--liste", "skatteoppgjoer", "--til", "5"], "Skriv hvorfor"),
        (["flytt", "--liste", "inntekt", "--til", "5", "--toerr"], "ikke lest ennå"),
        (["les-om", "--nummer", "5"], "Oppgi den med --liste"),
        (["lukk", "--liste", "inntekt", "--nummer", "5", "--begrunnelse", "Finnes ikke"], "ingen slik åpen"),
    ],
)
def test_det_som_ikke_kan_brukes_sier_hva_som_maa_gjoeres(
    verden: Operatoer, argumenter: list[str], sier: str
) -> None:
    resultat = verden.kommando(*argumenter)
    assert (resultat.exit_code, sier in resultat.stderr) == (2, True), resultat.output


def test_feil_adresse_er_ingen_tom_liste(verden: Operatoer, monkeypatch: pytest.MonkeyPatch) -> None:
    apier = verden.oppsett.skatteetaten.apier | {
        ApiNavn.SKATTEOPPGJOER_HENDELSER: ApiValg(sti="/finnes-ikke")
    }
    skatteetaten = verden.oppsett.skatteetaten.model_copy(update={"apier": apier})
    feil = verden.oppsett.model_copy(update={"skatteetaten": skatteetaten})
    monkeypatch.setattr(kommandoen, "les_innstillinger", lambda: feil)
    resultat = verden.kommando("les")
    assert resultat.exit_code == 1
    assert "kjenner ikke adressen" in resultat.stderr


async def _flyttinger(arkiv: Arkiv) -> list[tuple[int, int, str]]:
    async with arkiv.database.les() as forbindelse:
        rader = await forbindelse.execute(select(pekerflytting))
        return [(rad.fra, rad.til, rad.begrunnelse) for rad in rader]


async def _hendelser(arkiv: Arkiv) -> int:
    async with arkiv.database.les() as forbindelse:
        return len((await forbindelse.execute(select(hendelse))).all())


async def _notert(arkiv: Arkiv) -> list[Any]:
    async with arkiv.les(FJORDVIK) as lager:
        filter_ = Revisjonsfilter(handling=Handling.PEKER_FLYTTET)
        return [json.loads(rad.innhold)["antall"] async for rad in lager.revisjon.alle(filter_)]
