"""``egenandel fakturagrunnlag``: the finance system's file, from the command line."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from app import klokke
from app.cli.arkiv import med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.services.faktura.fil import Filtype
from app.services.faktura.kjoering import (
    FakturakjoeringUt,
    forbered_kjoering,
    lagre_kjoering,
    les_fil,
)
from app.services.revisjon import ser_personlig_ut
from app.services.sak.drift import Kall, eget_kall
from app.services.sak.feil import FinnesIkkeError, KonfliktError, UgyldigSakError

_BARE_EIEREN: Final = 0o600
_MAANED: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def fakturagrunnlag_kommando(
    til: Annotated[
        Path, typer.Argument(help="Ny fil bare du kan lese: .xlsx, .json, ellers tekst som i oppsettet")
    ],
    kommune: Annotated[str, typer.Option("--kommune", help="Kommunens organisasjonsnummer")],
    maaned: Annotated[
        str | None, typer.Option("--maaned", help="Gi alt som ikke er gitt før, til og med måneden (ÅÅÅÅ-MM)")
    ] = None,
    kjoering: Annotated[
        int | None, typer.Option("--kjoering", help="Hent en tidligere kjøring på nytt, etter nummeret")
    ] = None,
    av: Annotated[
        str,
        typer.Option("--av", help="Hvem som gjør det, slik kommunen kjenner igjen brukeren; aldri et navn"),
    ] = "kommandolinje",
) -> None:
    """Skriv det som skal faktureres, til en fil for økonomisystemet. Det som er gitt før, gis ikke igjen."""
    settings = les_innstillinger()
    if (maaned is None) == (kjoering is None):
        raise stopp("Oppgi enten --maaned eller --kjoering.")
    if maaned is not None and not _MAANED.fullmatch(maaned):
        raise stopp("--maaned skal være på formen ÅÅÅÅ-MM, for eksempel 2026-10.")
    if ser_personlig_ut(av):
        raise stopp("--av ser ut som et navn eller et fødselsnummer. Bruk en kode.")
    if til.exists():
        raise stopp("Filen finnes fra før. Velg et nytt filnavn.")
    filtype = Filtype(til.suffix[1:]) if til.suffix[1:] in {*Filtype} else Filtype.CSV
    kall = eget_kall(settings.personvern.hjemmel, kommune, av, klokke.naa())

    async def oppgave(arkiv: Arkiv) -> tuple[int, bytes]:
        try:
            nr = kjoering or (await _ny(arkiv, kall, maaned or "")).nr
            return nr, await les_fil(arkiv, kall, nr, filtype)
        except KonfliktError as feil:
            raise stopp(feil.tekst) from None
        except UgyldigSakError as feil:
            raise stopp(" ".join(en.detail for en in feil.feil)) from None
        except FinnesIkkeError:
            raise stopp("Kommunen har ikke kjøringen. Kontroller nummeret.") from None

    nr, innhold = med_arkiv(settings, oppgave)
    til.touch(mode=_BARE_EIEREN, exist_ok=False)
    til.write_bytes(innhold)
    typer.echo(f"Kjøring {nr} er skrevet til {til}.")


async def _ny(arkiv: Arkiv, kall: Kall, maaned: str) -> FakturakjoeringUt:
    async with arkiv.les(kall.aktoer.kommune) as lager:
        if not await lager.kommuner.finnes():
            raise stopp("Kommunen er ikke tatt inn. Kontroller organisasjonsnummeret.")
    klar = await forbered_kjoering(arkiv, kall, maaned)
    async with arkiv.skriv(kall.aktoer.kommune) as lager:
        ny = await lagre_kjoering(lager, kall, klar)
        if not ny.antall:
            typer.echo(f"Det er ingenting nytt å fakturere til og med {maaned}.", err=True)
        if ny.uavklarte:
            typer.echo(
                f"{len(ny.uavklarte)} måneder er ikke med: vedtakene sier ikke hva de koster. Se kjøring {ny.nr}.",
                err=True,
            )
        return ny
