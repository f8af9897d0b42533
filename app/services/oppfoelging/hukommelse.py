"""What has been asked of Skatteetaten for one piece of work: each question once, noted before it is asked.

A case is looked through twice, first while the network may be used and then, closed, within the transaction that stores
what came of it. A question that was not asked the first time undoes the second.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from app.db.lager.revisjon import NyRad
from app.services.mangler import Grunn, Mangler, ikke_satt_opp
from app.services.oppsett import InnstillingManglerError
from app.services.oppslag import Bilde, Oppslag
from app.services.revisjon import Handling, Utfall
from app.services.sak.drift import Kall, Saksdrift
from app.settings.skatteetaten import ApiNavn, Tjeneste
from app.skatt_client import Api

TRENGER_NOEN: Final = frozenset(
    {Grunn.UKJENT_PERSON, Grunn.INGEN_TILGANG, Grunn.UGYLDIG_SVAR, Grunn.FEIL_OPPSETT}
)
"""Reasons that do not pass by themselves."""


class TrengerMerError(Exception):
    """The case has changed so that more must be asked. Undo the transaction, and look through it again."""


class Spurt(NamedTuple):
    """One question."""

    tjeneste: Tjeneste
    ident: str
    aar: int
    api: Api


class Hukommelse:
    """The answers of one piece of work in one kommune.

    Args:
        drift: what is at hand.
        oppslag: the look-ups.
        kall: who asks.
    """

    def __init__(self, drift: Saksdrift, oppslag: Oppslag, kall: Kall) -> None:
        self._drift = drift
        self.oppslag: Final = oppslag
        self.kall: Final = kall
        self._svar: dict[Spurt, Bilde | InnstillingManglerError] = {}
        self._laaser: defaultdict[Spurt, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._notert: set[tuple[Tjeneste, str, int]] = set()
        self._for: dict[Spurt, UUID] = {}

    def kilde(self, sak_id: UUID, slettet: Callable[[str, int], bool], *, lukket: bool) -> "Kilde":
        """Answers for one case.

        Args:
            sak_id: what the register says they were for.
            slettet: whether an event said that a person's settlement of a year is deleted.
            lukket: whether the network must not be used.
        """
        return Kilde(self, sak_id, slettet, lukket)

    def svikt(self, ident: str) -> Mangler | None:
        """Why the work cannot be done now: something that passes, or no usable answer about its own person."""
        for spurt, svar in self._svar.items():
            mangel = _mangel(spurt, svar)
            if mangel is None:
                continue
            if mangel.gaar_over or (spurt.ident == ident and mangel.grunn in TRENGER_NOEN):
                return mangel
        return None

    def rader(self) -> Iterator[NyRad]:
        """What the register is to say came of the questions."""
        for spurt, svar in self._svar.items():
            if isinstance(svar, Bilde):
                yield self.kall.rad(
                    Handling.OPPSLAG,
                    Utfall.OK if svar.mangel is None else Utfall.UTEN_DATA,
                    ident=spurt.ident,
                    sak_id=self._for[spurt],
                    data=[spurt.api.navn],
                    aar=[spurt.aar],
                    skatteetaten=[] if svar.korrelasjonsid is None else [svar.korrelasjonsid],
                )

    async def svar(
        self, spurt: Spurt, sak_id: UUID, hent: Callable[[], Awaitable[Bilde]], *, lukket: bool
    ) -> Bilde:
        """The answer, asked for the first time only.

        Raises:
            TrengerMerError: closed, and it was never asked.
            InnstillingManglerError: the kommune is not set up for it.
        """
        async with self._laaser[spurt]:
            if spurt not in self._svar:
                if lukket:
                    raise TrengerMerError
                await self._noter(spurt, sak_id)
                self._for[spurt] = sak_id
                try:
                    self._svar[spurt] = await hent()
                except InnstillingManglerError as feil:
                    self._svar[spurt] = feil
        funnet = self._svar[spurt]
        if isinstance(funnet, InnstillingManglerError):
            raise funnet
        return funnet

    async def _noter(self, spurt: Spurt, sak_id: UUID) -> None:
        noekkel = (spurt.tjeneste, spurt.ident, spurt.aar)
        if noekkel in self._notert:
            return
        rad = self.kall.rad(
            Handling.OPPSLAG, Utfall.PAABEGYNT, ident=spurt.ident, sak_id=sak_id, aar=[spurt.aar]
        )
        async with self._drift.arkiv.skriv(self.kall.aktoer.kommune) as lager:
            await lager.revisjon.noter(self.kall.naa, rad)
        self._notert.add(noekkel)


def _mangel(spurt: Spurt, svar: Bilde | InnstillingManglerError) -> Mangler | None:
    return ikke_satt_opp(spurt.api, str(svar)) if isinstance(svar, InnstillingManglerError) else svar.mangel


@dataclass(frozen=True, slots=True)
class Kilde:
    """Answers for one case; see ``app.services.sak.innhenting.Oppslagskilde``."""

    hukommelse: Hukommelse
    sak_id: UUID
    slettet: Callable[[str, int], bool]
    lukket: bool

    async def skattegrunnlag(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The posts of one settlement."""
        oppslag = self.hukommelse.oppslag
        return await self._svar(
            Spurt(tjeneste, person, aar, Api.SKATTEGRUNNLAG),
            lambda: oppslag.skattegrunnlag(
                kommune, aar, person, tjeneste, etter_sletting=self.slettet(person, aar)
            ),
        )

    async def beregnet_skatt(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The tax of one settlement."""
        oppslag = self.hukommelse.oppslag
        return await self._svar(
            Spurt(tjeneste, person, aar, Api.BEREGNET_SKATT),
            lambda: oppslag.beregnet_skatt(
                kommune, aar, person, tjeneste, etter_sletting=self.slettet(person, aar)
            ),
        )

    async def inntekt(self, kommune: str, aar: int, person: str, per_dato: date) -> Bilde:
        """The months of a year."""
        oppslag = self.hukommelse.oppslag
        return await self._svar(
            Spurt(Tjeneste.LANGTIDSOPPHOLD, person, aar, Api.INNTEKT),
            lambda: oppslag.inntekt(kommune, aar, person, per_dato),
        )

    def har(self, kommune: str, api: ApiNavn) -> bool:
        """Whether the kommune has an API."""
        return self.hukommelse.oppslag.har(kommune, api)

    async def _svar(self, spurt: Spurt, hent: Callable[[], Awaitable[Bilde]]) -> Bilde:
        return await self.hukommelse.svar(spurt, self.sak_id, hent, lukket=self.lukket)
