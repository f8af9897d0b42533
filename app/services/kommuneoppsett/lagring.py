"""The kommune's setup in the database: every version is kept."""

from dataclasses import dataclass
from datetime import datetime

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.kommuner import Oppsettversjon, VersjonskonfliktError
from app.klokke import dagen
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett
from app.services.kommuneoppsett.fil import som_json
from app.services.kommuneoppsett.varsler import Oppsettsvarsel, varsler
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad
from app.services.sak.drift import Kall
from app.services.sak.feil import (
    ANNEN_KOMMUNE,
    FinnesIkkeError,
    Konflikt,
    KonfliktError,
    UgyldigSakError,
    UtdatertError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LagretOppsett:
    """A version, read."""

    versjon: int
    oppsett: Kommuneoppsett
    varsler: tuple[Oppsettsvarsel, ...]
    av: str
    opprettet: datetime


def _lest(versjon: Oppsettversjon, naa: datetime) -> LagretOppsett:
    oppsett = les_oppsett(les_json(versjon.innhold))
    return LagretOppsett(
        versjon=versjon.versjon,
        oppsett=oppsett,
        varsler=varsler(oppsett, dagen(naa)),
        av=versjon.av,
        opprettet=versjon.opprettet,
    )


async def les_lagret_oppsett(lager: Lager, kall: Kall) -> LagretOppsett:
    """The newest version.

    Raises:
        KonfliktError: there is none.
    """
    versjon = await _siste(lager)
    await lager.revisjon.noter(kall.naa, kall.rad(Handling.KOMMUNE_LEST, data=["oppsett"]))
    return _lest(versjon, kall.naa)


async def les_versjoner(lager: Lager, kall: Kall, foer: int | None, antall: int) -> list[Oppsettversjon]:
    """The versions, the newest first; one more than asked for shows that there are more."""
    versjoner = await lager.kommuner.oppsettene(foer, antall + 1)
    await lager.revisjon.noter(kall.naa, kall.rad(Handling.KOMMUNE_LEST, data=["oppsett"]))
    return versjoner


async def les_versjon(lager: Lager, kall: Kall, versjon: int) -> LagretOppsett:
    """One version.

    Raises:
        FinnesIkkeError: there is none with that number.
    """
    funnet = await lager.kommuner.oppsett(versjon)
    if funnet is None:
        raise FinnesIkkeError("versjonen av oppsettet")
    await lager.revisjon.noter(kall.naa, kall.rad(Handling.KOMMUNE_LEST, data=["oppsett"]))
    return _lest(funnet, kall.naa)


async def skriv_ut_oppsett(lager: Lager, aktoer: Aktoer, naa: datetime) -> LagretOppsett:
    """The newest version, for the operator.

    Raises:
        KonfliktError: there is none.
    """
    versjon = await _siste(lager)
    await lager.revisjon.noter(naa, ny_rad(aktoer, Handling.KOMMUNE_LEST, Utfall.OK, data=["oppsett"]))
    return _lest(versjon, naa)


async def _siste(lager: Lager) -> Oppsettversjon:
    versjon = await lager.kommuner.oppsett()
    if versjon is None:
        raise KonfliktError(
            Konflikt.KOMMUNEN_MANGLER_OPPSETT,
            "Kommunen har ikke lagt inn oppsettet sitt. Leverandøren tar kommunen i bruk med «egenandel kommune les-inn».",
        )
    return versjon


async def endre_oppsett(lager: Lager, kall: Kall, nytt: Kommuneoppsett, bygger_paa: int) -> LagretOppsett:
    """Keep a new version of a kommune that is taken in.

    Raises:
        KonfliktError: the kommune has not been taken in.
        UgyldigSakError: the document is another kommune's.
        UtdatertError: there is a newer version than ``bygger_paa``.
    """
    if not await lager.kommuner.finnes():
        raise KonfliktError(
            Konflikt.KOMMUNEN_MANGLER_OPPSETT,
            "Kommunen er ikke tatt i bruk. Leverandøren gjør det med «egenandel kommune les-inn».",
        )
    _krev_egen(lager, nytt)
    return await _lagre(
        lager, nytt, kall.aktoer, kall.naa, bygger_paa, rute=kall.rute, korrelasjonsid=kall.korrelasjonsid
    )


async def ta_inn_kommune(
    lager: Lager, aktoer: Aktoer, naa: datetime, oppsett: Kommuneoppsett
) -> LagretOppsett:
    """Take a kommune in with its setup, or keep a new version for one that is in. For the operator.

    Raises:
        UgyldigSakError: the document is another kommune's.
    """
    _krev_egen(lager, oppsett)
    await lager.kommuner.opprett(oppsett.navn, naa)
    siste = await lager.kommuner.oppsett()
    if siste is not None and siste.innhold == som_json(oppsett):
        return _lest(siste, naa)
    return await _lagre(lager, oppsett, aktoer, naa, 0 if siste is None else siste.versjon)


def _krev_egen(lager: Lager, oppsett: Kommuneoppsett) -> None:
    if oppsett.organisasjonsnummer != lager.kommune:
        raise UgyldigSakError(
            Feil(
                "/organisasjonsnummer",
                ANNEN_KOMMUNE,
                "Organisasjonsnummeret er ikke kommunens eget. Rett det, eller bruk kommunens eget token.",
            )
        )


async def _lagre(
    lager: Lager,
    nytt: Kommuneoppsett,
    aktoer: Aktoer,
    naa: datetime,
    bygger_paa: int,
    rute: str | None = None,
    korrelasjonsid: str | None = None,
) -> LagretOppsett:
    await lager.kommuner.opprett(nytt.navn, naa)
    try:
        versjon = await lager.kommuner.nytt_oppsett(som_json(nytt), aktoer.merke, naa, bygger_paa)
    except VersjonskonfliktError:
        raise UtdatertError from None
    await lager.revisjon.noter(
        naa,
        ny_rad(
            aktoer,
            Handling.KOMMUNE_ENDRET,
            Utfall.OK,
            data=["oppsett"],
            antall={"versjon": versjon.versjon},
            rute=rute,
            korrelasjonsid=korrelasjonsid,
        ),
    )
    return _lest(versjon, naa)
