"""Exact money: the decimal context every rule runs in, and how amounts look in Norwegian text.

All amounts are kroner as ``Decimal``. The context traps ``Inexact``: an operation that cannot be
represented exactly raises instead of rounding silently, so the only roundings are the ones written
out in ``app.calc.avrunding``.
"""

from contextlib import AbstractContextManager
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext

# Amounts have at most 12 digits before and 2 after the decimal point; 60 digits leave room for every
# product the rules form (amount x percentage x factor x days).
_EKSAKT = Context(prec=60, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

NULL = Decimal(0)

HARDT_MELLOMROM = "\u00a0"


def eksakt_regning() -> AbstractContextManager[Context]:
    """Context manager for exact arithmetic; every public entry to the calculators opens one."""
    return localcontext(_EKSAKT)


def prosent_av(prosent: Decimal, beloep: Decimal) -> Decimal:
    """``prosent`` per cent of ``beloep``, exactly."""
    return (prosent * beloep).scaleb(-2)


def tallstreng(verdi: Decimal | int) -> str:
    """The one spelling of a number in JSON and files: plain digits, no exponent, no trailing zeros."""
    tekst = str(verdi)
    if "E" in tekst:
        tekst = format(verdi, "f")
    if "." in tekst:
        tekst = tekst.rstrip("0").rstrip(".")
    return "0" if tekst == "-0" else tekst


def tall_paa_norsk(verdi: Decimal | int, desimaler: int | None = None) -> str:
    """Number as Norwegian text: hard space between thousands, decimal comma.

    ``desimaler`` cuts (never rounds up) to that many decimals; ``None`` shows the number whole,
    with at least two decimals when there are any.
    """
    tekst = format(verdi, "," if isinstance(verdi, int) else ",f")
    hele, _, brudd = tekst.partition(".")
    brudd = brudd.rstrip("0")
    if hele == "-0" and not brudd:
        hele = "0"
    if desimaler is not None:
        brudd = brudd[:desimaler].ljust(desimaler, "0") if desimaler else ""
    elif brudd:
        brudd = brudd.ljust(2, "0")
    hele = hele.replace(",", HARDT_MELLOMROM).replace("-", "−")
    return f"{hele},{brudd}" if brudd else hele
