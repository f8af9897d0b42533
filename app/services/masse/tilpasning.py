"""What a new setup of the kommune changes in a kept request. Pure.

Where only a choice or a price of the calculator is new, it is put into the request as it was kept. Where the basis
itself may come out otherwise (projection factors, payers, hospital days, what a place costs), the case is put together
anew from what is kept of its persons.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett
from app.services.sak.rader import Sakstjeneste

Bytte = Mapping[str, Any]
"""Members of a request with their new values; empty when nothing is new."""

_BARE_REGNING: Final = frozenset(
    {
        "fordelAvFribeloep",
        "avrunding",
        "doegnregel",
        "prosentInntilG",
        "prosentOverG",
        "korttidPerDoegn",
        "perDagEllerNatt",
        "nyttGFra",
    }
)
"""Choices of § 3 that only the calculator reads; the others decide what the request holds."""


def bytte(foer: Aarsoppsett, naa: Aarsoppsett, tjeneste: Sakstjeneste) -> Bytte | None:
    """What to put into a request made under an earlier setup; ``None`` when it must be made anew."""
    if foer == naa:
        return {}
    if _grunnlaget(foer) != _grunnlaget(naa):
        return None
    if tjeneste is Sakstjeneste.LANGTIDSOPPHOLD:
        return _langtid(foer, naa)
    nye = {"valg": naa.bistandsvalg, **naa.priser}
    return {} if nye == {"valg": foer.bistandsvalg, **foer.priser} else nye


def _langtid(foer: Aarsoppsett, naa: Aarsoppsett) -> Bytte | None:
    if (foer.sykehusdoegn, foer.institusjoner) != (naa.sykehusdoegn, naa.institusjoner):
        return None
    gamle, nye = foer.langtidsvalg, naa.langtidsvalg
    ulike = {navn for navn in gamle.keys() | nye.keys() if gamle.get(navn) != nye.get(navn)}
    if not ulike:
        return {}
    return {"valg": nye} if ulike <= _BARE_REGNING else None


def _grunnlaget(oppsett: Aarsoppsett) -> tuple[Any, ...]:
    return oppsett.fremskriving, oppsett.utbetalere
