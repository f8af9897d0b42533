"""The operator sees to work that has stopped, from the command line, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

import app.cli.arbeid as kommandoen
from app import klokke
from app.cli import app
from app.db.arkiv import Arkiv
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Arbeidstilstand, Liste
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.standard import FJORDVIK
from app.services.arkiv import aapne
from app.services.revisjon import Handling
from app.settings import Settings
from tests.baser import MOTORER, ny_database
from tests.db.verden import kjoer
from tests.saker.verden import sandkassen, settings

FEIL = "UKJENT_PERSON summertskattegrunnlag SSG-007"


class Operatoer:
    """Somebody at the command line of a kommune where two persons are known."""

    def __init__(self, oppsett: Settings) -> None:
        self.oppsett = oppsett
        befolkning = sandkassen().befolkning
        self.identer = [befolkning.person(navn).identer[0] for navn in ("uskiftet-bo", "gevinst")]

    def kommando(self, *argumenter: str) -> Result:
        return CliRunner().invoke(app, ["arbeid", *argumenter])

    def gjoer(self, oppgave: Callable[[Arkiv], Awaitable[Any]]) -> Any:
        return kjoer(self.oppsett.database.url.get_secret_value(), oppgave, aapne(self.oppsett).ring)

    def stopp(self) -> list[UUID]:
        """Work about both, tried in vain; their ids."""

        async def alt(arkiv: Arkiv) -> list[UUID]:
            async with arkiv.skriv(FJORDVIK) as lager:
                await lager.kommuner.opprett("Fjordvik", klokke.naa())
                ider = [(await lager.personer.ta_inn(ident, None, klokke.naa())).id for ident in self.identer]
                for id_ in ider:
                    noekkel = Arbeidsnoekkel(id_, Liste.SKATTEOPPGJOER, 2025)
                    await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, klokke.naa())
                    await lager.arbeid.stopp(noekkel, klokke.naa(), feil=FEIL, forsoek=3)
            return ider

        ider: list[UUID] = self.gjoer(alt)
        return ider

    def tilstander(self, *ider: UUID) -> list[tuple[Arbeidstilstand, str | None]]:
        async def alle(arkiv: Arkiv) -> list[tuple[Arbeidstilstand, str | None]]:
            async with arkiv.les(FJORDVIK) as lager:
                rader = [(await lager.arbeid.for_person(id_))[0] for id_ in ider]
            return [(rad.tilstand, rad.feil) for rad in rader]

        funnet: list[tuple[Arbeidstilstand, str | None]] = self.gjoer(alle)
        return funnet

    def notert(self) -> int:
        """How many rows the register has of it."""

        async def tell(arkiv: Arkiv) -> int:
            async with arkiv.les(FJORDVIK) as lager:
                filter_ = Revisjonsfilter(handling=Handling.ARBEID_ENDRET)
                return len(await lager.revisjon.soek(filter_, 0, 100))

        antall: int = self.gjoer(tell)
        return antall


@pytest.fixture(params=MOTORER)
def operatoer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Operatoer:
    oppsett = settings(ny_database(request.param))
    monkeypatch.setattr(kommandoen, "les_innstillinger", lambda: oppsett)
    return Operatoer(oppsett)


def test_det_som_har_stoppet_vises_gjentas_og_lukkes(operatoer: Operatoer) -> None:
    assert operatoer.kommando("status").stdout == "Ingen hendelser har bestilt noe.\n"
    assert operatoer.kommando("doede", FJORDVIK).stdout == "Ingenting har stoppet.\n"
    en, to = operatoer.stopp()
    assert operatoer.kommando("status").stdout.split()[:3] == [FJORDVIK, "DOED", "2"]
    vist = operatoer.kommando("doede", FJORDVIK).stdout
    assert {f"{id_}  SKATTEOPPGJOER  2025  3 forsøk  {FEIL}" for id_ in (en, to)} == set(vist.splitlines())
    assert not any(ident in vist for ident in operatoer.identer)

    ett = ("--person", str(en), "--liste", "SKATTEOPPGJOER", "--aar", "2025")
    gjentatt = operatoer.kommando("gjenta", FJORDVIK, *ett)
    assert (gjentatt.exit_code, gjentatt.stdout) == (0, "1 prøves om igjen.\n"), gjentatt.output
    assert [tilstand for tilstand, _ in operatoer.tilstander(en, to)] == ["VENTER", "DOED"]
    igjen = operatoer.kommando("gjenta", FJORDVIK, *ett)
    assert (igjen.exit_code, "Det prøves av seg selv" in igjen.stderr) == (2, True)

    lukket = operatoer.kommando("lukk", FJORDVIK, "--begrunnelse", "Flyttet fra kommunen")
    assert (lukket.exit_code, lukket.stdout) == (0, "1 er lukket.\n"), lukket.output
    assert operatoer.tilstander(to) == [(Arbeidstilstand.LUKKET, "Flyttet fra kommunen")]
    assert operatoer.kommando("gjenta", FJORDVIK).stdout == "0 prøves om igjen.\n"
    assert operatoer.notert() == 2


@pytest.mark.parametrize(
    ("argumenter", "sier"),
    [
        (["gjenta", "123456789"], "ni sifre"),
        (["gjenta", FJORDVIK, "--person", str(uuid4()), "--aar", "2025"], "egenandel arbeid doede"),
        (["lukk", FJORDVIK, "--begrunnelse", "Gjelder 01817104321"], "sifre"),
        (["lukk", FJORDVIK, "--begrunnelse", ""], "."),
    ],
)
def test_det_som_ikke_kan_brukes_sier_hva_som_maa_gjoeres(
    operatoer: Operatoer, argumenter: list[str], sier: str
) -> None:
    (id_, _) = operatoer.stopp()
    resultat = operatoer.kommando(*argumenter)
    assert (resultat.exit_code, sier in resultat.stderr) == (2, True), resultat.output
    assert operatoer.tilstander(id_) == [(Arbeidstilstand.DOED, FEIL)]
    assert operatoer.notert() == 0
