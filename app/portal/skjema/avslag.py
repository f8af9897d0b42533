"""What stands in the way of a form, put in the form itself: nothing that was typed is lost."""

from collections.abc import Callable, Iterable
from typing import Final

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.db.motor import AvvistError, OpptattError
from app.portal.skjema.skjema import Skjema
from app.services.sak.feil import KonfliktError, SamtidigError, UgyldigSakError, UtdatertError

Plassering = Callable[[Iterable[Feil]], dict[str, str]]
"""Puts each fault at the field it is about."""

FOR_SKJEMAET: Final = (
    UgyldigSakError,
    KontraktFeilError,
    UtdatertError,
    KonfliktError,
    SamtidigError,
    OpptattError,
    AvvistError,
)
"""What the user can do something about, with the form as it stands."""

_UGYLDIG: Final = 422
_KONFLIKT: Final = 409
_OPPTATT: Final = 503
_INNHOLD: Final = "/innhold"
"""Where a case's content stands in a request to see or store a change."""


def ta_imot(skjema: Skjema, feil: Exception, plasser: Plassering) -> int:
    """Put in the form why it went no further; the status of the page.

    Raises:
        Exception: the error itself, when no form can mend it; persons of others are answered, and noted, as unknown.
    """
    if isinstance(feil, UgyldigSakError) and feil.gjelder_andre:
        raise feil
    if isinstance(feil, (UgyldigSakError, KontraktFeilError)):
        egne = (Feil(en.pointer.removeprefix(_INNHOLD), en.kode, en.detail) for en in feil.feil)
        skjema.feil = plasser(egne)
        return _UGYLDIG
    if isinstance(feil, UtdatertError):
        skjema.utdatert = True
        return _KONFLIKT
    if isinstance(feil, KonfliktError):
        skjema.konflikt = feil
        return _KONFLIKT
    if isinstance(feil, (SamtidigError, OpptattError, AvvistError)):
        skjema.opptatt = True
        return _OPPTATT
    raise feil
