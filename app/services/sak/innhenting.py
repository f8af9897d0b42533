"""Which settlements a calculation needs, and getting them: kept answers where they serve, look-ups where not.

No more is asked than what is needed. § 3 takes the year's own settlement, or the newest there is while the year
has none; § 10 takes the last one there was on 1 January.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from uuid import UUID

from app.calc.poster.inntekter import er_komplett
from app.db.ident import ny_id
from app.klokke import dagen
from app.services.mangler import Grunn, ikke_hentet, ikke_satt_opp
from app.services.oppsett import InnstillingManglerError
from app.services.oppslag import Bilde, Hentet, les_bilder
from app.settings.skatteetaten import ApiNavn, Tjeneste
from app.skatt_client import Api

_AAR_TILBAKE: Final = 2
"""How many years before the wanted one a settlement may be carried forward from."""

_JANUAR: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoersmaal:
    """Somebody whose figures are needed."""

    person_id: UUID
    ident: str = field(repr=False)
    med_skatt: bool
    """Whether beregnet skatt is needed too: § 3 asks for it for the resident only, § 10 never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Svarbilde:
    """An answer with its place in the database."""

    id: UUID
    bilde: Bilde
    hentet: datetime
    nytt: bool
    """Whether it was fetched just now and is not kept yet."""

    @property
    def er_spurt(self) -> bool:
        """Whether anybody was asked at all."""
        return self.bilde.mangel is None or self.bilde.mangel.grunn is not Grunn.IKKE_HENTET


@dataclass(frozen=True, slots=True, kw_only=True)
class Personbilder:
    """Everything known of one person for one calculation."""

    person_id: UUID
    grunnlag: Svarbilde
    """The settlement used; or the last that was asked for, with the reason why there is none."""
    skatt: Svarbilde | None = None
    inntekt: Svarbilde | None = None
    forsoek: tuple[Svarbilde, ...] = ()
    """Newer settlements that were asked for and had not come."""

    @property
    def alle(self) -> tuple[Svarbilde, ...]:
        """Every answer, in the order asked."""
        brukt = (self.grunnlag, self.skatt, self.inntekt)
        return (*self.forsoek, *(bilde for bilde in brukt if bilde is not None))

    @property
    def brukt(self) -> tuple[UUID, ...]:
        """The snapshots the figures come from."""
        return tuple(
            bilde.id
            for bilde in (self.grunnlag, self.skatt, self.inntekt)
            if bilde is not None and bilde.bilde.raa is not None
        )

    def oppgjoer(self) -> Hentet:
        """The settlement, read."""
        return les_bilder(self.grunnlag.bilde, None if self.skatt is None else self.skatt.bilde)


def inntektsaar_paragraf_3(aar: int, i_dag: date) -> tuple[int, ...]:
    """Income years whose settlement serves a § 3 calculation of a year, the best first."""
    foerste = min(aar, i_dag.year - 1)
    return tuple(range(foerste, foerste - _AAR_TILBAKE - (foerste == aar), -1))


def inntektsaar_paragraf_10(aar: int) -> tuple[int, ...]:
    """Income years whose settlement can be the last one there was on 1 January of a year, the best first.

    The settlement of the year just ended never exists on that day.
    """
    return tuple(range(aar - 2, aar - 2 - _AAR_TILBAKE, -1))


Lagret = Mapping[tuple[UUID, int, Api], Svarbilde]
"""Kept answers by person, income year and API; also that a settlement had not come."""


def lagret_oppgjoer(
    person_id: UUID, inntektsaar: Sequence[int], innen: date | None, lagret: Lagret
) -> tuple[Svarbilde, tuple[Svarbilde, ...]] | None:
    """The kept settlement that serves best, and the better ones that had not come when they were asked for.

    ``None`` when a better year has never been asked for: last year's answer is no answer about this year.
    """
    forsoek: list[Svarbilde] = []
    for aar in inntektsaar:
        kjent = lagret.get((person_id, aar, Api.SKATTEGRUNNLAG))
        if kjent is None:
            return None
        if kjent.bilde.raa is not None and not _for_sent(kjent.bilde, innen):
            return kjent, tuple(forsoek)
        forsoek.append(kjent)
    return None


class Oppslagskilde(Protocol):
    """Where answers come from: ``app.services.oppslag.Oppslag``, or somebody who has asked it before."""

    async def skattegrunnlag(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The posts of one settlement."""
        ...

    async def beregnet_skatt(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The tax of one settlement."""
        ...

    async def inntekt(self, kommune: str, aar: int, person: str, per_dato: date) -> Bilde:
        """The months of a year."""
        ...

    def har(self, kommune: str, api: ApiNavn) -> bool:
        """Whether the kommune has an API."""
        ...


class BareOm:
    """Look-ups about some persons only; of everybody else it says that nobody was asked.

    Args:
        oppslag: the look-ups; ``None`` when they are not set up.
        identer: national ids of those who may be asked about.
    """

    def __init__(self, oppslag: Oppslagskilde | None, identer: Collection[str]) -> None:
        self._oppslag = oppslag
        self._identer = identer

    async def skattegrunnlag(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The posts of one settlement."""
        oppslag = self._om(person)
        if oppslag is None:
            return Bilde(api=Api.SKATTEGRUNNLAG, aar=aar, mangel=ikke_hentet(Api.SKATTEGRUNNLAG))
        return await oppslag.skattegrunnlag(kommune, aar, person, tjeneste)

    async def beregnet_skatt(self, kommune: str, aar: int, person: str, tjeneste: Tjeneste) -> Bilde:
        """The tax of one settlement."""
        oppslag = self._om(person)
        if oppslag is None:
            return Bilde(api=Api.BEREGNET_SKATT, aar=aar, mangel=ikke_hentet(Api.BEREGNET_SKATT))
        return await oppslag.beregnet_skatt(kommune, aar, person, tjeneste)

    async def inntekt(self, kommune: str, aar: int, person: str, per_dato: date) -> Bilde:
        """The months of a year."""
        oppslag = self._om(person)
        if oppslag is None:
            return Bilde(api=Api.INNTEKT, aar=aar, mangel=ikke_hentet(Api.INNTEKT))
        return await oppslag.inntekt(kommune, aar, person, per_dato)

    def har(self, kommune: str, api: ApiNavn) -> bool:
        """Whether the kommune has an API."""
        return self._oppslag is not None and self._oppslag.har(kommune, api)

    def _om(self, person: str) -> Oppslagskilde | None:
        if person not in self._identer:
            return None
        if self._oppslag is None:
            raise InnstillingManglerError(_UTEN_OPPSLAG)
        return self._oppslag


class Innhenting:
    """Gets answers for one kommune and service. The same question is asked once, however many calculations it is for.

    Args:
        oppslag: the look-ups; ``None`` when they are not set up.
        kommune: organisation number.
        tjeneste: decides the rettighetspakke.
        lagret: kept answers that may be used; empty when everything is to be asked anew.
        naa: now.
    """

    def __init__(
        self, oppslag: Oppslagskilde | None, kommune: str, tjeneste: Tjeneste, lagret: Lagret, naa: datetime
    ) -> None:
        self._oppslag = oppslag
        self._kommune = kommune
        self._tjeneste = tjeneste
        self._lagret = lagret
        self._naa = naa
        self._spurt: dict[tuple[UUID, int, Api], Svarbilde] = {}

    def med_lagret(self, lagret: Lagret) -> "Innhenting":
        """The same questions asked, with other kept answers."""
        ny = Innhenting(self._oppslag, self._kommune, self._tjeneste, lagret, self._naa)
        ny._spurt = self._spurt
        return ny

    async def hent(
        self,
        spoersmaal: Iterable[Spoersmaal],
        inntektsaar: Sequence[int],
        *,
        oppgjort_innen: date | None = None,
        loepende: tuple[int, date] | None = None,
    ) -> tuple[Personbilder, ...]:
        """Everybody at once.

        Args:
            spoersmaal: whose figures.
            inntektsaar: the settlements that serve, the best first.
            oppgjort_innen: a settlement dated later than this is not used.
            loepende: the running year and today, when a-ordningen is to fill it.
        """
        return tuple(
            await asyncio.gather(
                *(self._person(en, inntektsaar, oppgjort_innen, loepende) for en in spoersmaal)
            )
        )

    async def _person(
        self,
        en: Spoersmaal,
        inntektsaar: Sequence[int],
        oppgjort_innen: date | None,
        loepende: tuple[int, date] | None,
    ) -> Personbilder:
        grunnlag, forsoek = await self._oppgjoer(en, inntektsaar, oppgjort_innen)
        skatt = None
        if en.med_skatt and grunnlag.bilde.raa is not None:
            # No more is asked about a person than what can be used.
            skatt = await self._bilde(en, grunnlag.bilde.aar, Api.BEREGNET_SKATT)
        inntekt = None
        if loepende is not None and loepende[0] != grunnlag.bilde.aar and self.kan_anslaas(*loepende):
            inntekt = await self._bilde(en, loepende[0], Api.INNTEKT)
        return Personbilder(
            person_id=en.person_id, grunnlag=grunnlag, skatt=skatt, inntekt=inntekt, forsoek=forsoek
        )

    def kan_anslaas(self, aar: int, i_dag: date) -> bool:
        """Whether a-ordningen has anything to say of a year: the kommune has it, and a month is complete."""
        if self._oppslag is None or not er_komplett(aar, _JANUAR, i_dag):
            return False
        try:
            return self._oppslag.har(self._kommune, ApiNavn.INNTEKT)
        except InnstillingManglerError:
            return False

    async def _oppgjoer(
        self, en: Spoersmaal, inntektsaar: Sequence[int], innen: date | None
    ) -> tuple[Svarbilde, tuple[Svarbilde, ...]]:
        kjent = lagret_oppgjoer(en.person_id, inntektsaar, innen, self._lagret)
        if kjent is not None:
            return kjent
        forsoek: list[Svarbilde] = []
        for aar in inntektsaar:
            svar = await self.spoer(en, aar, Api.SKATTEGRUNNLAG)
            forsoek.append(svar)
            if not _ventes(svar.bilde) and not _for_sent(svar.bilde, innen):
                return svar, tuple(forsoek[:-1])
        # The best year's answer says why there is none.
        return forsoek[0], tuple(forsoek[1:])

    async def _bilde(self, en: Spoersmaal, aar: int, api: Api) -> Svarbilde:
        return self._lagret.get((en.person_id, aar, api)) or await self.spoer(en, aar, api)

    async def spoer(self, en: Spoersmaal, aar: int, api: Api) -> Svarbilde:
        """Ask, whatever is kept."""
        noekkel = (en.person_id, aar, api)
        if noekkel not in self._spurt:
            self._spurt[noekkel] = await self._spoer(en, aar, api)
        return self._spurt[noekkel]

    async def _spoer(self, en: Spoersmaal, aar: int, api: Api) -> Svarbilde:
        try:
            bilde = await self._kall(api, en.ident, aar)
        except InnstillingManglerError as feil:
            bilde = Bilde(api=api, aar=aar, mangel=ikke_satt_opp(api, str(feil)))
        return Svarbilde(id=ny_id(self._naa), bilde=bilde, hentet=self._naa, nytt=True)

    async def _kall(self, api: Api, ident: str, aar: int) -> Bilde:
        oppslag, kommune, tjeneste = self._oppslag, self._kommune, self._tjeneste
        if oppslag is None:
            raise InnstillingManglerError(_UTEN_OPPSLAG)
        match api:
            case Api.SKATTEGRUNNLAG:
                return await oppslag.skattegrunnlag(kommune, aar, ident, tjeneste)
            case Api.BEREGNET_SKATT:
                return await oppslag.beregnet_skatt(kommune, aar, ident, tjeneste)
            case Api.INNTEKT:
                return await oppslag.inntekt(kommune, aar, ident, dagen(self._naa))
            case _:
                raise ValueError(f"{api} er ikke et oppslag om en person")


_UTEN_OPPSLAG: Final = "Oppslag hos Skatteetaten er ikke satt opp. Leverandøren må sette EGENANDEL_MASKINPORTEN__…; se docs/oppslag.md."


def _ventes(bilde: Bilde) -> bool:
    return bilde.mangel is not None and bilde.mangel.grunn is Grunn.IKKE_OPPGJOER_ENNAA


def _for_sent(bilde: Bilde, innen: date | None) -> bool:
    """Whether a settlement came after the day it had to be there; one without a date is taken to have come."""
    if innen is None or bilde.raa is None:
        return False
    dato = les_bilder(bilde).skatteoppgjoersdato
    return dato is not None and dato > innen
