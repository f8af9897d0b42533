"""From a page of Skatteetaten's list to what is kept of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from app.calc.poster.inntekter import komplett_fra
from app.db.hendelsesmottak import Hendelsesrad, Side
from app.db.lager.arbeid import ALLE_AAR, Liste
from app.klokke import OSLO
from app.skatt_client import Hendelse, Hendelsesside, Hendelsestype

_MAANED: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LENGST_FRAM: Final = timedelta(days=70)


def side(
    liste: Liste, lest: Hendelsesside, fra: int, personhash: Callable[[str], bytes], naa: datetime
) -> Side:
    """A page as it is taken in.

    Args:
        liste: the list it is from.
        lest: the page.
        fra: the number it was asked for from.
        personhash: what a person is found by.
        naa: this moment.
    """
    return Side(
        fra=fra,
        neste=lest.neste,
        hendelser=[_rad(liste, hendelse, personhash, naa) for hendelse in lest.hendelser],
        uleselige={en.sekvensnummer: ", ".join(en.felt) for en in lest.uleselige},
    )


def _rad(liste: Liste, hendelse: Hendelse, personhash: Callable[[str], bytes], naa: datetime) -> Hendelsesrad:
    periode, aar = hendelse.gjelder_periode, hendelse.inntektsaar
    return Hendelsesrad(
        sekvensnummer=hendelse.sekvensnummer,
        person=personhash(hendelse.identifikator.strip()),
        # A period of a form we do not know may hold anything; that it is unknown is all there is to keep.
        periode=periode if aar is not None else None,
        aar=ALLE_AAR if aar is None else aar,
        type=hendelse.hendelsetype,
        registrert=_i_utc(hendelse.registreringstidspunkt),
        ajourholdt=_i_utc(hendelse.ajourholdstidspunkt),
        forfall=forfall(periode or "", naa) if liste is Liste.INNTEKT else naa,
        slettet=hendelse.hendelsetype is Hendelsestype.SLETTET,
        ny_identitet=hendelse.hendelsetype is Hendelsestype.IDENTITETSENDRING,
    )


def forfall(periode: str, naa: datetime) -> datetime:
    """When the month is complete, or now if it is."""
    if (treff := _MAANED.fullmatch(periode)) is None:
        return naa
    try:
        ferdig = datetime.combine(komplett_fra(int(treff[1]), int(treff[2])), time(), OSLO)
        # Nobody can report a month long before it; what says so is no reason to wait for years.
        return ferdig if timedelta() < ferdig - naa <= _LENGST_FRAM else naa
    except (ValueError, OverflowError):
        return naa


def _i_utc(tid: datetime | None) -> datetime | None:
    """A moment without a zone is not guessed at: the event says "look again" without it."""
    if tid is None or tid.tzinfo is None:
        return None
    try:
        return tid.astimezone(UTC)
    except OverflowError:
        return None
