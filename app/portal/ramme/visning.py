"""How values look on a page. Numbers as Norwegians write them, and never 0 for what is not known."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk
from app.calc.periode import dato_paa_norsk
from app.klokke import OSLO

_MAANEDER: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
UKJENT: Final = "–"
"""Where there is no value. What kind of nothing it is, the page says in words beside it."""


def kr(verdi: Decimal | int | None) -> str:
    """An amount in kroner: ``3 744 kr``, øre only where there are some; a dash when it is not known."""
    return UKJENT if verdi is None else f"{tall(verdi)}{HARDT_MELLOMROM}kr"


def oere(verdi: int | None) -> str:
    """An amount kept in øre, in kroner."""
    return kr(None if verdi is None else Decimal(verdi).scaleb(-2))


def tall(verdi: Decimal | int | None) -> str:
    """A number: ``3 744``; a dash when it is not known."""
    if verdi is None:
        return UKJENT
    return tall_paa_norsk(verdi)


def fortegn(verdi: Decimal | int | None) -> str:
    """A difference in kroner, with its sign: ``+312 kr``, ``−312 kr``, ``0 kr``."""
    if verdi is None:
        return UKJENT
    foran = "+" if verdi > 0 else "−" if verdi < 0 else ""
    return f"{foran}{tall_paa_norsk(verdi if verdi >= 0 else -verdi)}{HARDT_MELLOMROM}kr"


def dato(verdi: date | str | None) -> str:
    """A day, or the day of a moment in Norway: ``1. mai 2026``."""
    if verdi is None:
        return UKJENT
    return dato_paa_norsk(_dag(verdi))


def kort_dato(verdi: date | str | None) -> str:
    """A day for a table: ``01.05.2026``."""
    return UKJENT if verdi is None else f"{_dag(verdi):%d.%m.%Y}"


def klokkeslett(verdi: datetime | str | None) -> str:
    """A moment in Norway: ``01.05.2026 kl. 13.05``."""
    if verdi is None:
        return UKJENT
    lest = verdi if isinstance(verdi, datetime) else datetime.fromisoformat(verdi)
    return f"{lest.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"


def maaned(noekkel: str) -> str:
    """The name of a month from ``2026-05``: ``mai``."""
    return _MAANEDER[int(noekkel[5:7]) - 1]


def maaned_og_aar(noekkel: str) -> str:
    """A month from ``2026-05``: ``mai 2026``."""
    return f"{maaned(noekkel)} {noekkel[:4]}"


def iso(verdi: Any) -> str:
    """A day for ``<time datetime>`` and ``<input type=date>``; empty when there is none."""
    if verdi is None:
        return ""
    return verdi.isoformat() if isinstance(verdi, date) else str(verdi)


def attributter(valg: dict[str, Any]) -> Markup:
    """Attributes of an element; those that are ``None`` or ``False`` are left out, ``True`` stands by its name."""
    deler = (
        Markup(" {}").format(navn) if verdi is True else Markup(' {}="{}"').format(navn, verdi)
        for navn, verdi in valg.items()
        if verdi is not None and verdi is not False
    )
    return Markup("").join(deler)


def _dag(verdi: date | str) -> date:
    if isinstance(verdi, datetime):
        return verdi.astimezone(OSLO).date()
    if isinstance(verdi, date):
        return verdi
    if "T" in verdi:
        return datetime.fromisoformat(verdi).astimezone(OSLO).date()
    return date.fromisoformat(verdi)


FILTRE: Final = {
    "kr": kr,
    "oere": oere,
    "tall": tall,
    "fortegn": fortegn,
    "dato": dato,
    "kort_dato": kort_dato,
    "klokkeslett": klokkeslett,
    "maaned": maaned,
    "maaned_og_aar": maaned_og_aar,
    "iso": iso,
    "attributter": attributter,
}
