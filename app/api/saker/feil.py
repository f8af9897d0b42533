"""What goes wrong in the case API as problem answers, and the refusals noted."""

from typing import Final

import structlog
from fastapi import FastAPI, Request, Response

from app.api.feilhaandtering import problemsvar
from app.api.problem import (
    FINNES_IKKE,
    INTERN_FEIL,
    KONFLIKT,
    OPPTATT,
    SATS_MANGLER,
    UTDATERT,
    Problem,
    fra_kontrakt,
)
from app.api.tilgang.avhengighet import meld_avslag
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.satser import SatsManglerError
from app.db.motor import AvvistError, DatabaseError, OpptattError
from app.services.sak.feil import (
    FinnesIkkeError,
    KonfliktError,
    SakError,
    SamtidigError,
    UgyldigSakError,
    UtdatertError,
)
from app.services.tilgang import Avslagsgrunn

_logg = structlog.get_logger("egenandel.saker")

_PROEV_IGJEN: Final = {"Retry-After": "2"}
_OPPTATT: Final = (
    "Databasen er opptatt. Prøv igjen om litt; bruk samme Idempotency-Key, så skjer ingenting to ganger."
)
_SAMTIDIG: Final = (
    "Noen andre lagret det samme samtidig. Hent det på nytt, og gjør endringen på nytt om den trengs."
)


def registrer(app: FastAPI) -> None:
    """Make the case API's errors problem answers."""
    app.add_exception_handler(SakError, _sak)
    app.add_exception_handler(DatabaseError, _database)
    app.add_exception_handler(SatsManglerError, _sats)


async def _sak(request: Request, feil: Exception) -> Response:
    match feil:
        case FinnesIkkeError():
            # Another kommune's is as unknown as one that never was; that somebody asked is noted.
            await _noter(request)
            return problemsvar(Problem(FINNES_IKKE, f"Kommunen har ikke {feil.hva}. Kontroller id-en."))
        case UtdatertError():
            return problemsvar(
                Problem(
                    UTDATERT,
                    "Hent det på nytt, gjør endringen i det, og send den nye verdien av ETag i If-Match.",
                )
            )
        case KonfliktError():
            gjelder = None if feil.gjelder is None else str(feil.gjelder)
            return problemsvar(Problem(KONFLIKT, feil.tekst, kode=feil.hva.value, gjelder=gjelder))
        case UgyldigSakError():
            if feil.gjelder_andre:
                await _noter(request)
            return problemsvar(fra_kontrakt(KontraktFeilError(list(feil.feil))))
        case SamtidigError():
            return problemsvar(Problem(OPPTATT, _OPPTATT), _PROEV_IGJEN)
        case _:
            raise feil


async def _noter(request: Request) -> None:
    aktoer, rettighet = request.state.avslag
    await meld_avslag(request, aktoer, rettighet, Avslagsgrunn.FINNES_IKKE)


async def _database(request: Request, feil: Exception) -> Response:
    match feil:
        case OpptattError():
            return problemsvar(Problem(OPPTATT, _OPPTATT), _PROEV_IGJEN)
        case AvvistError():
            return problemsvar(Problem(KONFLIKT, _SAMTIDIG, kode="samtidig"))
        case _:
            _logg.error("databasen avviste", feiltype=type(feil).__name__, kode=str(feil))
            return problemsvar(
                Problem(INTERN_FEIL, "Feilen er logget. Prøv igjen; vedvarer den, kontakt drift.")
            )


async def _sats(request: Request, feil: Exception) -> Response:
    return problemsvar(
        Problem(SATS_MANGLER, "Det finnes ikke kontrollerte satser for hele året. Velg et annet år.")
    )
