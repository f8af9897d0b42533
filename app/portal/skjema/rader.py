"""Rows added to a form and taken away from it, by the name of the button that was pressed."""

import re
from typing import Final

from app.portal.skjema.tre import Skjemaform, Tre

_NY: Final = re.compile(r"ny:([A-Za-z0-9/]{1,80})(?::([A-Z0-9_]{1,40}))?")
_FJERN: Final = re.compile(r"fjern:([A-Za-z0-9/]{1,80})/([0-9]{1,4})")
_FLEST: Final = 400


def endre_rader(form: Skjemaform, tre: Tre, gjoer: str, slag: str = "") -> str | None:
    """Do what a button asks for.

    Args:
        form: the shape of the form.
        tre: the form; changed.
        gjoer: ``ny:husstand:EKTEFELLE``, ``ny:opphold``, ``fjern:opphold/0`` …
        slag: the field that the last part of a new row's name fills in.

    Returns:
        Where the user goes on: the new row, or the list that got shorter; ``None`` when nothing was asked for.
    """
    if treff := _NY.fullmatch(gjoer):
        liste = _listen(tre, treff[1])
        if liste is None or len(liste) >= _FLEST:
            return None
        rad = form.tom(treff[1])
        if treff[2] and slag in rad:
            rad[slag] = treff[2]
        liste.append(rad)
        return f"{treff[1]}/{len(liste) - 1}"
    if treff := _FJERN.fullmatch(gjoer):
        liste = _listen(tre, treff[1])
        if liste is not None and int(treff[2]) < len(liste):
            del liste[int(treff[2])]
        return treff[1]
    return None


def _listen(tre: Tre, peker: str) -> list[Tre] | None:
    her = tre
    for ledd in peker.split("/"):
        if isinstance(her, list):
            if not ledd.isdigit() or int(ledd) >= len(her):
                return None
            her = her[int(ledd)]
        elif isinstance(her, dict) and ledd in her:
            her = her[ledd]
        else:
            return None
    return her if isinstance(her, list) else None
