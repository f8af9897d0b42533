"""``egenandel revisjon``: prove that the audit register is whole, and hand it out."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from app import klokke
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.cli.personinndata import les_personer
from app.cli.visning import skriv
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import Brudd, Hode, Revisjonsfilter
from app.services.personvern.tilsyn import Tilsyn, se_etter
from app.services.regneark import csv_linje
from app.services.revisjon import Handling, Utfall, ny_rad

revisjon_app = typer.Typer(
    help="Hendelsesregisteret: bevis at det er helt, og lever det ut.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

BRUTT: Final = 1
"""Exit code when a chain does not hold."""
UVURDERT: Final = 1
"""Exit code when there are look-ups nobody has judged."""

_HODE: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@revisjon_app.command("verifiser")
def verifiser_kommando(
    kommune: Annotated[
        str | None, typer.Option(help="Kommunens organisasjonsnummer; utelatt betyr alle")
    ] = None,
    hode: Annotated[
        str | None, typer.Option(help="NR:HASH fra en tidligere kjøring; kjeden må fortsatt ha den raden")
    ] = None,
) -> None:
    """Gå gjennom kjeden og vis hodet, som skal noteres utenfor databasen. Avslutter med 1 ved brudd."""
    notert = None if hode is None else _les_hode(hode)
    if notert is not None and kommune is None:
        raise stopp("--hode gjelder én kommune. Oppgi den med --kommune.")

    async def oppgave(arkiv: Arkiv) -> bool:
        hel, alle = True, await arkiv.registre()
        # With a head noted, a register that is gone is a break like any other.
        if notert is None and (not alle if kommune is None else kommune not in alle):
            raise stopp("Det finnes ikke noe slikt register. Er EGENANDEL_DATABASE__URL og nummeret riktige?")
        for en in alle if kommune is None else [kommune]:
            async with arkiv.les(en) as lager:
                brudd, naa = await lager.revisjon.verifiser(notert), await lager.revisjon.hode()
            typer.echo(funn(en, brudd, naa))
            hel = hel and brudd is None
        return hel

    if not med_arkiv(les_innstillinger(), oppgave):
        raise typer.Exit(BRUTT)


def funn(kommune: str, brudd: Brudd | None, hode: Hode) -> str:
    """Whether the chain of a kommune holds, and its head, on one line."""
    if brudd is not None:
        return f"{kommune}  BRUTT ved rad {brudd.nr}: {brudd.hva}"
    return f"{kommune}  OK, {hode.nr} rader, hode {hode.nr}:{hode.hash}"


def _les_hode(tekst: str) -> Hode:
    if (funnet := _HODE.fullmatch(tekst)) is None:
        raise stopp("Hodet skal være NR:HASH, slik «egenandel revisjon verifiser» skriver det.")
    return Hode(int(funnet[1]), funnet[2])


@revisjon_app.command("eksporter")
def eksporter_kommando(
    kommune: Annotated[str, typer.Option(help="Kommunens organisasjonsnummer")],
    person: Annotated[
        bool,
        typer.Option("--person", help="Bare det som gjelder én person; nummeret leses fra standard inn"),
    ] = False,
    som_csv: Annotated[bool, typer.Option("--csv", help="Skriv CSV for regneark, ikke JSON-linjer")] = False,
) -> None:
    """Skriv registeret til standard ut, én rad per linje. At det er lest, noteres i registeret først.

    JSON-linjene har alt hashene er regnet av, så andre kan etterprøve dem; docs/drift.md sier hvordan.
    """
    ident = les_personer(1)[0] if person else None

    async def oppgave(arkiv: Arkiv) -> None:
        if kommune not in await arkiv.registre():
            raise stopp(
                f"Det finnes ikke noe register for {kommune}. Se numrene med «egenandel revisjon verifiser»."
            )
        lest = ny_rad(
            OPERATOER,
            Handling.REVISJON_EKSPORTERT,
            Utfall.OK,
            ident=ident,
            formaal="utlevering av registeret",
            data=["hendelsesregisteret"],
        )
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(klokke.naa(), lest)
        async with arkiv.les(kommune) as lager:
            overskrift = som_csv
            async for rad in lager.revisjon.alle(Revisjonsfilter(ident=ident)):
                alt = {**rad.dekket(kommune), "hash": rad.hash}
                if overskrift:
                    skriv(csv_linje(alt.keys()))
                    overskrift = False
                skriv(csv_linje(alt.values()) if som_csv else _json_linje(alt))

    med_arkiv(les_innstillinger(), oppgave)


@revisjon_app.command("tilsyn")
def tilsyn_kommando(
    kommune: Annotated[str, typer.Option(help="Kommunens organisasjonsnummer")],
) -> None:
    """Vis oppslag noen bør spørre om: på seg selv, på kolleger, og svært mange. Avslutter med 1 når noen er uvurdert."""
    settings = les_innstillinger()
    valg = settings.personvern

    async def oppgave(arkiv: Arkiv) -> Tilsyn:
        if kommune not in await arkiv.registre():
            raise stopp(
                f"Det finnes ikke noe register for {kommune}. Se numrene med «egenandel revisjon verifiser»."
            )
        lest = ny_rad(
            OPERATOER, Handling.REVISJON_LEST, Utfall.OK, formaal="tilsyn med oppslag", hjemmel=valg.hjemmel
        )
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(klokke.naa(), lest)
            return await se_etter(lager, klokke.naa(), valg)

    funnet = med_arkiv(settings, oppgave)
    for ett in funnet.tilfeller:
        typer.echo(
            f"{ett.dag}  {ett.slag:<8}  bruker {ett.bruker}  {ett.personer} personer, {ett.rader} rader "
            f"({ett.foerste_rad}-{ett.siste_rad})  {ett.konklusjon or 'IKKE VURDERT'}"
        )
    uvurdert = len(funnet.uvurdert)
    typer.echo(
        f"{kommune}  {uvurdert} av {len(funnet.tilfeller)} er ikke vurdert, {valg.tilsyn_doegn} døgn tilbake."
    )
    if uvurdert:
        raise typer.Exit(UVURDERT)


def _json_linje(alt: Mapping[str, Any]) -> str:
    return json.dumps(alt, ensure_ascii=False, separators=(",", ":")) + "\n"
