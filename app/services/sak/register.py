"""The day register of a case, with the kommune's choices of the year."""

from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.satser import SatsManglerError
from app.db.arkiv import Lager
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Sykehusdoegn
from app.services.revisjon import Handling
from app.services.sak.doegnregister import Doegnregister, doegnregister
from app.services.sak.drift import Kall
from app.services.sak.feil import Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saker import hent_sak, hovedident, oppsettet


async def les_register(lager: Lager, kall: Kall, sak_id: UUID, aar: int) -> Doegnregister:
    """Every day in institution of a year.

    Raises:
        FinnesIkkeError: the kommune has no such case.
        KonfliktError: the kommune's setup does not cover the year.
        UgyldigSakError: not a long-stay case, or no checked rates for the year.
    """
    sak = await hent_sak(lager, sak_id)
    if sak.innhold.tjeneste is not Sakstjeneste.LANGTIDSOPPHOLD:
        raise UgyldigSakError(
            Feil("/query/aar", "ikke-langtidsopphold", "Bare saker om opphold har et døgnregister.")
        )
    oppsett, _ = await oppsettet(lager)
    try:
        valgt = aarsoppsett(oppsett, aar)
        register = doegnregister(
            sak.innhold,
            aar,
            valgt.langtid,
            kall.i_dag,
            sykehusdoegn_betales=valgt.sykehusdoegn is Sykehusdoegn.BETALES,
        )
    except OppsettManglerError as feil:
        raise KonfliktError(Konflikt.KOMMUNEN_MANGLER_OPPSETT, str(feil)) from None
    except SatsManglerError:
        raise UgyldigSakError(
            Feil("/query/aar", "sats-mangler", f"Det finnes ikke kontrollerte satser for hele {aar}.")
        ) from None
    ident = await hovedident(lager, sak.sak)
    await lager.revisjon.noter(
        kall.naa, kall.rad(Handling.SAK_LEST, ident=ident, sak_id=sak_id, aar=[aar], data=["døgnregister"])
    )
    return register
