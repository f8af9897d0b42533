"""Where a kommune's setup is kept once it is in use: the database, every version of it."""

from app import klokke
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.kommuneoppsett.lagring import LagretOppsett, skriv_ut_oppsett, ta_inn_kommune
from app.services.sak.feil import KonfliktError, UtdatertError


def krev_database() -> None:
    """End the command now, rather than after many questions, when the database cannot be used."""

    async def oppgave(arkiv: Arkiv) -> None:
        await arkiv.kommuner()

    med_arkiv(les_innstillinger(), oppgave)


def lagre_i_database(oppsett: Kommuneoppsett) -> str:
    """Take the kommune in, or keep a new version; what was done, in Norwegian."""
    kommune = oppsett.organisasjonsnummer

    async def oppgave(arkiv: Arkiv) -> tuple[int, LagretOppsett]:
        async with arkiv.skriv(kommune) as lager:
            siste = await lager.kommuner.oppsett()
            ny = await ta_inn_kommune(lager, OPERATOER, klokke.naa(), oppsett)
            return 0 if siste is None else siste.versjon, ny

    try:
        foer, lagret = med_arkiv(les_innstillinger(), oppgave)
    except UtdatertError:
        raise stopp("Noen andre lagret oppsettet samtidig. Kjør kommandoen igjen.") from None
    hvem = f"{oppsett.navn} ({kommune})"
    if foer == lagret.versjon:
        return f"{hvem} har alt dette oppsettet (versjon {foer}). Ingenting er endret."
    hva = "er tatt i bruk" if foer == 0 else "har fått nytt oppsett"
    return f"{hvem} {hva}: versjon {lagret.versjon}."


def hent_fra_database(kommune: str) -> LagretOppsett:
    """The newest version; ends the command when there is none."""

    async def oppgave(arkiv: Arkiv) -> LagretOppsett:
        async with arkiv.skriv(kommune) as lager:
            return await skriv_ut_oppsett(lager, OPERATOER, klokke.naa())

    try:
        return med_arkiv(les_innstillinger(), oppgave)
    except KonfliktError:
        raise stopp(f"{kommune} er ikke tatt i bruk. Kontroller organisasjonsnummeret.") from None
