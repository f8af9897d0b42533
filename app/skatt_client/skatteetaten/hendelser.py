"""Event lists: who has something new to fetch. An event says only "look again"."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from app.skatt_client.feil import OppsettError
from app.skatt_client.oppsett import HendelserOppsett
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.kall import ApiKall, Drift
from app.skatt_client.skatteetaten.modell import Heltall, Modell, UleseligError, les_modell
from app.skatt_client.utfall import Funnet, IkkeOppgjoerEnnaa, UtenData, Utfall

_STOERSTE: Final = 2**63 - 1
"""A ``long``; nobody can keep a place beyond it."""
_PERIODE: Final = re.compile(r"([0-9]{4})(?:-[0-9]{2})?")


class Hendelsestype(StrEnum):
    """Why there is an event."""

    NY = "ny"
    ENDRET = "endret"
    IDENTITETSENDRING = "identitetsendring"
    SLETTET = "slettet"
    UKJENT = "ukjent"
    """None given, or a word not known here: fetch again."""


def _hendelsestype(verdi: object) -> Hendelsestype:
    try:
        return Hendelsestype(verdi.strip().lower()) if isinstance(verdi, str) else Hendelsestype.UKJENT
    except ValueError:
        return Hendelsestype.UKJENT


def _periode(verdi: object) -> object:
    return str(verdi) if isinstance(verdi, int) else verdi


def _tidspunkt(verdi: object) -> datetime | None:
    """A moment one cannot read is no reason to hold back an event."""
    try:
        return datetime.fromisoformat(verdi) if isinstance(verdi, str) else None
    except ValueError:
        return None


_Tidspunkt = Annotated[datetime | None, BeforeValidator(_tidspunkt)]


class Hendelse(Modell):
    """One event. ``registreringstidspunkt`` does not rise with the number: it is no cursor."""

    sekvensnummer: Heltall
    identifikator: str = Field(min_length=1)
    gjelder_periode: Annotated[str | None, BeforeValidator(_periode)] = None
    """A year, or a month in the income list."""
    registreringstidspunkt: _Tidspunkt = None
    hendelsetype: Annotated[Hendelsestype, BeforeValidator(_hendelsestype)] = Hendelsestype.UKJENT
    ajourholdstidspunkt: _Tidspunkt = None

    @property
    def inntektsaar(self) -> int | None:
        """The year of the period, or ``None`` if there is no period of a known form."""
        treff = _PERIODE.fullmatch(self.gjelder_periode or "")
        return int(treff.group(1)) if treff else None


class _Nummerert(Modell):
    sekvensnummer: Heltall


@dataclass(frozen=True, slots=True)
class UleseligHendelse:
    """An event whose number is known and whose rest is not: park it, raise an alarm, move on."""

    sekvensnummer: int
    felt: tuple[str, ...]
    raa: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hendelsesside:
    """One page, in order of number. Short pages and gaps are normal; only an empty page is the end."""

    hendelser: tuple[Hendelse, ...] = field(repr=False)
    uleselige: tuple[UleseligHendelse, ...]
    neste: int
    """Where the next page begins; the same as was asked for if the page is empty."""

    @property
    def tom(self) -> bool:
        """No more events now."""
        return not self.hendelser and not self.uleselige

    def ukjente_felt(self) -> tuple[str, ...]:
        """Paths of fields the models do not know."""
        return tuple(
            sorted({f"hendelser.{felt}" for hendelse in self.hendelser for felt in hendelse.ukjente_felt()})
        )


class Startpunkt(Modell):
    """The first possible number from a day on; no event need have it."""

    sekvensnummer: Heltall


class HendelserKlient:
    """Reads one event list for one kommune. The caller keeps the cursor."""

    def __init__(self, drift: Drift, api: Api, oppsett: HendelserOppsett) -> None:
        if not api.er_hendelsesliste:
            raise OppsettError(f"{api.navn} er ikke en hendelsesliste")
        self._oppsett: Final = oppsett
        self._kall: Final = ApiKall(drift, api, oppsett)

    async def side(self, fra: int, antall: int = 1000) -> Utfall[Hendelsesside]:
        """Events from number ``fra`` on, that one included.

        The four forms of an empty page (404 FA-005, ``{}``, no list, an empty list) are the same here. FA-002
        is a wrong address and becomes ``FeilOppsett``.

        Raises:
            OppsettError: a number is not above zero.
        """
        if fra < 1 or antall < 1:
            raise OppsettError("fra og antall må være over null")

        def ved_feil(utfall: UtenData) -> Utfall[Hendelsesside]:
            if isinstance(utfall, IkkeOppgjoerEnnaa):
                tom = Hendelsesside((), (), fra)
                return Funnet(data=tom, raa=b"", melding=utfall.melding, korrelasjonsid=utfall.korrelasjonsid)
            return utfall

        return await self._kall.hent(
            self._oppsett.sti,
            {},
            lambda raa: _les_side(raa, fra),
            params={"fraSekvensnummer": str(fra), "antall": str(antall)},
            ved_feil=ved_feil,
        )

    async def start(self, dato: date | None = None) -> Utfall[Startpunkt]:
        """The first possible number, of the whole list or from a day on."""
        params = {} if dato is None else {"dato": dato.isoformat()}
        return await self._kall.hent(
            self._oppsett.start_sti, {}, lambda raa: les_modell(Startpunkt, raa), params=params
        )


def _les_side(raa: dict[str, Any], fra: int) -> Hendelsesside:
    liste = raa.get("hendelser")
    if "kode" in raa or not isinstance(liste, list | None):
        raise UleseligError("felt", "hendelser")
    hendelser: list[Hendelse] = []
    uleselige: list[UleseligHendelse] = []
    for element in liste or []:
        # Without a number the cursor cannot pass it, and the whole page is refused.
        nummer = les_modell(_Nummerert, element).sekvensnummer
        if nummer >= _STOERSTE:
            raise UleseligError("felt", "hendelser.[].sekvensnummer")
        if nummer < fra:
            raise UleseligError("sekvensnummer", "hendelser.[].sekvensnummer")
        try:
            hendelser.append(les_modell(Hendelse, element))
        except UleseligError as feil:
            uleselige.append(UleseligHendelse(nummer, feil.felt, element))
    hendelser.sort(key=lambda hendelse: hendelse.sekvensnummer)
    siste = max([fra - 1, *(h.sekvensnummer for h in hendelser), *(u.sekvensnummer for u in uleselige)])
    return Hendelsesside(tuple(hendelser), tuple(uleselige), siste + 1)
