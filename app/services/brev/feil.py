"""Why there is no letter."""

from typing import Final

IKKE_SATT_OPP: Final = (
    "Brev kan ikke lages fordi pakken «typst» ikke er installert. Driften installerer den med "
    "«pip install 'egenandel[brev]'» og starter tjenesten på nytt; se docs/brev.md."
)


class BrevError(Exception):
    """Base; carries nothing personal."""


class BrevIkkeSattOppError(BrevError):
    """The typesetter is not installed."""


class BrevKanIkkeLagesError(BrevError):
    """The templates cannot print this document: a fault of ours."""
