"""From what a provider calls a user's rights to the one role the user has here."""

from collections.abc import Iterable
from typing import Final

from app.services.tilgang import RETTIGHETER, Rolle

ROLLENAVN: Final = {rolle.value.lower(): rolle for rolle in Rolle}
"""An action in Altinn, or an app role in Entra, is the role's name in small letters."""


class RollerStriderError(ValueError):
    """Several roles, none of which holds what the others give."""


def rollen(navn: Iterable[str]) -> Rolle | None:
    """The role; ``None`` when none of the names is one.

    A role that gives all the others give is the role: a leader is a caseworker too, and sees the register. Rights
    are never added up. Whoever is both caseworker and auditor would be checking themselves, and whoever runs the
    service shall see nobody's data; the kommune must choose.

    Raises:
        RollerStriderError: there is no such role.
    """
    roller = {ROLLENAVN[ett] for ett in navn if ett in ROLLENAVN}
    if not roller:
        return None
    alle = frozenset().union(*(RETTIGHETER[rolle] for rolle in roller))
    for rolle in roller:
        if RETTIGHETER[rolle] == alle:
            return rolle
    raise RollerStriderError
