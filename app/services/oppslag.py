"""Look-ups: from a kommune, persons and a year to the bases of § 3 and § 10.

What was fetched is kept apart from what is made of it, so that a caseworker's decisions give a new basis
without a new call. Nothing here prints a person or an amount.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from app.calc.periode import MAANEDER_I_AARET, aaret
from app.calc.poster import typer as poster
from app.calc.poster.inntekter import Aarsanslag, Inntektssvar, Kodeplassering, anslag_for_aaret
from app.calc.poster.katalog import Utbetaler
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, Plassering10, husstandsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt
from app.calc.satser import SatsManglerError, sats
from app.calc.sporing import Faktum, Sats
from app.services.mangler import Mangler, ikke_slaatt_paa, mangler, uforstaaelig
from app.services.oppsett import API, Apioppsett
from app.services.oversettelse import UforstaaeligError, inntektssvar, skattesvar, skattetall
from app.settings.skatteetaten import ApiNavn, Kommune, Tjeneste
from app.skatt_client import (
    Api,
    Funnet,
    HendelserKlient,
    Maaned,
    SkattKlient,
    Utfall,
    les_beregnet_skatt,
    les_inntekter,
    les_skattegrunnlag,
)

_SKATTESATS: Final = "skattesats_alminnelig_inntekt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilde:
    """What one API answered about one person and year: as it came, or why there is nothing."""

    api: Api
    aar: int
    raa: bytes | None = field(default=None, repr=False)
    """The body, byte for byte; ``None`` when ``mangel`` says why."""
    mangel: Mangler | None = None
    korrelasjonsid: str | None = None
    """Skatteetaten's reference to the call."""


class _Lest(Protocol):
    def ukjente_felt(self) -> tuple[str, ...]:
        """Fields we do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hentet:
    """What Skatteetaten said of one person and year, and why the rest is missing."""

    aar: int
    svar: poster.Skattesvar | None = field(default=None, repr=False)
    """The posts; ``None`` is unknown, and ``mangler`` says why."""
    skatt: BeregnetSkatt | None = field(default=None, repr=False)
    """Beregnet skatt; ``None`` when it was not asked for or not given."""
    mangler: tuple[Mangler, ...] = ()
    skatteoppgjoersdato: date | None = None
    ajourholdt: datetime | None = None
    bilder: tuple[Bilde, ...] = ()
    """What all of it was read from."""
    leste: tuple[_Lest, ...] = field(default=(), repr=False)
    """The same, read."""

    @property
    def ukjente_felt(self) -> tuple[str, ...]:
        """Fields of the answers that we do not know; kept, and worth a look."""
        return tuple(felt for en in self.leste for felt in en.ukjente_felt())


def les_bilder(grunnlag: Bilde, skatt: Bilde | None = None) -> Hentet:
    """Read answers, fetched just now or kept since long: the same reading, so the same figures.

    Args:
        grunnlag: summert skattegrunnlag.
        skatt: beregnet skatt of the same year, when it was asked for.
    """
    bilder = (grunnlag,) if skatt is None else (grunnlag, skatt)
    if grunnlag.raa is None:
        return Hentet(aar=grunnlag.aar, mangler=_mangler(grunnlag), bilder=bilder)
    lest = les_skattegrunnlag(grunnlag.raa)
    tall, uten_skatt, skattelest = (None, (), ()) if skatt is None else _les_skatt(skatt)
    return Hentet(
        aar=grunnlag.aar,
        svar=skattesvar(lest),
        skatt=tall,
        mangler=uten_skatt,
        skatteoppgjoersdato=lest.skatteoppgjoersdato,
        ajourholdt=lest.ajourholdstidspunkt,
        bilder=bilder,
        leste=(lest, *skattelest),
    )


def _les_skatt(bilde: Bilde) -> tuple[BeregnetSkatt | None, tuple[Mangler, ...], tuple[_Lest, ...]]:
    if bilde.raa is None:
        return None, _mangler(bilde), ()
    lest = les_beregnet_skatt(bilde.raa)
    try:
        return skattetall(lest), (), (lest,)
    except UforstaaeligError as feil:
        return None, (uforstaaelig(bilde.api, feil.felt, bilde.korrelasjonsid),), ()


def _mangler(bilde: Bilde) -> tuple[Mangler, ...]:
    return () if bilde.mangel is None else (bilde.mangel,)


def les_inntekt(inntekt: Bilde) -> Inntektssvar | Mangler:
    """What an answer of a-ordningen says, or why it says nothing."""
    if inntekt.raa is None:
        if inntekt.mangel is None:
            raise ValueError("svaret er slettet")
        return inntekt.mangel
    try:
        return inntektssvar(les_inntekter(inntekt.raa), inntekt.aar)
    except UforstaaeligError as feil:
        return uforstaaelig(inntekt.api, feil.felt, inntekt.korrelasjonsid)


def anslaa(
    svar: Inntektssvar,
    per_dato: date,
    plasseringer: tuple[Kodeplassering, ...] = (),
    utbetalere: tuple[Utbetaler, ...] = (),
) -> Aarsanslag:
    """The year's § 3 income from an answer of a-ordningen.

    Args:
        svar: the answer, read.
        per_dato: the day it was fetched: a month counts from the 10th of the next.
        plasseringer: the caseworker's decisions.
        utbetalere: pension payers the kommune has found out about itself.
    """
    ferdig = anslag_for_aaret(svar, per_dato, plasseringer, utbetalere)
    if isinstance(ferdig, poster.Skjermet):
        raise TypeError("inntekt kjenner ikke skjerming")
    return ferdig


def paragraf_3(
    hentet: Hentet,
    *,
    plasseringer: tuple[Plassering, ...] = (),
    ektefelle: Hentet | None = None,
    skattesats: Sats | Faktum | None = None,
    utbetalere: tuple[Utbetaler, ...] = (),
) -> Langtidsgrunnlag | None:
    """The § 3 basis of one person; ``None``, never zero, when the posts are unknown.

    Args:
        hentet: what was fetched. Without tax the basis is made, and says that it is incomplete.
        plasseringer: the caseworker's decisions.
        ektefelle: the spouse's answer, to see whether a bank account stands with both.
        skattesats: per cent on ordinary income; the year's ordinary rate unless another is given (it is
            lower in tiltakssonen).
        utbetalere: pension payers the kommune has found out about itself.
    """
    if hentet.svar is None:
        return None
    grunnlag = langtidsgrunnlag(
        hentet.svar,
        beregnet=hentet.skatt,
        skattesats=skattesats or _ordinaer_sats(hentet.aar),
        plasseringer=plasseringer,
        ektefelle=None if ektefelle is None else ektefelle.svar,
        utbetalere=utbetalere,
    )
    return None if isinstance(grunnlag, poster.Skjermet) else grunnlag


def paragraf_10(hentet: Hentet, plasseringer: tuple[Plassering10, ...] = ()) -> Husstandsgrunnlag | None:
    """The § 10 basis of one person; ``None``, never zero, when the posts are unknown."""
    if hentet.svar is None:
        return None
    grunnlag = husstandsgrunnlag(hentet.svar, plasseringer)
    return None if isinstance(grunnlag, poster.Skjermet) else grunnlag


def _ordinaer_sats(aar: int) -> Sats | None:
    try:
        return sats(_SKATTESATS, aaret(aar).til)
    except SatsManglerError:
        return None


class Oppslag:
    """Look-ups for the kommuner in the settings.

    Args:
        klient: the client library.
        oppsett: every API and kommune.
    """

    def __init__(self, klient: SkattKlient, oppsett: Apioppsett) -> None:
        self._klient = klient
        self._oppsett = oppsett

    async def langtidsopphold(
        self, kommune: str, aar: int, beboer: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]:
        """The resident with tax, and the spouse without: § 5 asks for the spouse's income only.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: an identifier is not eleven digits.
            ValueError: resident and spouse are the same person.
        """
        _ulike(beboer, ektefelle)
        beboeren = self._hent(kommune, aar, beboer, Tjeneste.LANGTIDSOPPHOLD, med_skatt=True)
        if ektefelle is None:
            return await beboeren, None
        return await asyncio.gather(
            beboeren, self._hent(kommune, aar, ektefelle, Tjeneste.LANGTIDSOPPHOLD, med_skatt=False)
        )

    async def forsoerget(self, kommune: str, aar: int, person: str) -> Hentet:
        """One whom the resident supports, without tax: § 5 asks for own income only.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: the identifier is not eleven digits.
        """
        return await self._hent(kommune, aar, person, Tjeneste.LANGTIDSOPPHOLD, med_skatt=False)

    async def praktisk_bistand(
        self, kommune: str, aar: int, mottaker: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]:
        """The recipient and the spouse. § 10 does not use beregnet skatt, so it is not fetched.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: an identifier is not eleven digits.
            ValueError: recipient and spouse are the same person.
        """
        _ulike(mottaker, ektefelle)
        mottakeren = self._hent(kommune, aar, mottaker, Tjeneste.PRAKTISK_BISTAND, med_skatt=False)
        if ektefelle is None:
            return await mottakeren, None
        return await asyncio.gather(
            mottakeren, self._hent(kommune, aar, ektefelle, Tjeneste.PRAKTISK_BISTAND, med_skatt=False)
        )

    async def aarsanslag(
        self,
        kommune: str,
        aar: int,
        person: str,
        per_dato: date,
        plasseringer: tuple[Kodeplassering, ...] = (),
    ) -> Aarsanslag | Mangler:
        """The year's § 3 income from a-ordningen, when the kommune has that API.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: the identifier is not eleven digits, or the year has not begun.
        """
        svar = les_inntekt(await self.inntekt(kommune, aar, person, per_dato))
        return svar if isinstance(svar, Mangler) else anslaa(svar, per_dato, plasseringer)

    async def skattegrunnlag(
        self, kommune: str, aar: int, person: str, tjeneste: Tjeneste, *, etter_sletting: bool = False
    ) -> Bilde:
        """Ask for the posts of one settlement.

        Args:
            kommune: organisation number.
            aar: income year.
            person: national id.
            tjeneste: decides the rettighetspakke.
            etter_sletting: an event said that it is deleted; "no data" is then the deletion.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: the identifier is not eleven digits.
        """
        if (av := self._av(kommune, ApiNavn.SKATTEGRUNNLAG, aar)) is not None:
            return av
        klient = self._klient.skattegrunnlag(self._oppsett.skattegrunnlag(kommune, tjeneste))
        svar = await klient.hent(person, aar, etter_sletting=etter_sletting)
        return _bilde(Api.SKATTEGRUNNLAG, aar, svar)

    async def beregnet_skatt(
        self, kommune: str, aar: int, person: str, tjeneste: Tjeneste, *, etter_sletting: bool = False
    ) -> Bilde:
        """Ask for the tax of one settlement.

        Args:
            kommune: organisation number.
            aar: income year.
            person: national id.
            tjeneste: decides the rettighetspakke.
            etter_sletting: an event said that it is deleted; "no data" is then the deletion.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: the identifier is not eleven digits.
        """
        if (av := self._av(kommune, ApiNavn.BEREGNET_SKATT, aar)) is not None:
            return av
        klient = self._klient.beregnet_skatt(self._oppsett.beregnet_skatt(kommune, tjeneste))
        svar = await klient.hent(person, aar, etter_sletting=etter_sletting)
        return _bilde(Api.BEREGNET_SKATT, aar, svar)

    async def inntekt(self, kommune: str, aar: int, person: str, per_dato: date) -> Bilde:
        """Ask a-ordningen for the months of a year that have begun.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            OppsettError: the identifier is not eleven digits, or the year has not begun.
        """
        if (av := self._av(kommune, ApiNavn.INNTEKT, aar)) is not None:
            return av
        siste = per_dato.month if per_dato.year == aar else MAANEDER_I_AARET if per_dato.year > aar else 0
        klient = self._klient.inntekt(self._oppsett.inntekt(kommune, Tjeneste.LANGTIDSOPPHOLD))
        return _bilde(Api.INNTEKT, aar, await klient.hent(person, Maaned(aar, 1), Maaned(aar, siste)))

    def ta_i_bruk(self, orgnr: str, kommune: Kommune) -> None:
        """Let a kommune look up as it has set up itself; see ``Apioppsett.ta_i_bruk``."""
        self._oppsett.ta_i_bruk(orgnr, kommune)

    def har(self, kommune: str, api: ApiNavn) -> bool:
        """Whether the kommune has an API.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
        """
        return api in self._oppsett.kommune(kommune).paa

    def kommuner_med(self, api: ApiNavn) -> tuple[str, ...]:
        """The kommuner known so far that have an API."""
        return self._oppsett.kommuner_med(api)

    def hendelser(self, kommune: str, liste: ApiNavn) -> HendelserKlient:
        """One event list, read on behalf of a kommune.

        Raises:
            InnstillingManglerError: the kommune is not in the settings.
            ValueError: not an event list.
        """
        oppsett = self._oppsett.hendelser(kommune, liste)
        match liste:
            case ApiNavn.SKATTEOPPGJOER_HENDELSER:
                return self._klient.skatteoppgjoer_hendelser(oppsett)
            case ApiNavn.INNTEKT_HENDELSER:
                return self._klient.inntekt_hendelser(oppsett)
            case _:
                raise ValueError(f"{liste} er ikke en hendelsesliste")

    def _av(self, kommune: str, api: ApiNavn, aar: int) -> Bilde | None:
        if self.har(kommune, api):
            return None
        mangel = ikke_slaatt_paa(API[api], self._oppsett.kommune(kommune).navn)
        return Bilde(api=API[api], aar=aar, mangel=mangel)

    async def _hent(
        self, kommune: str, aar: int, person: str, tjeneste: Tjeneste, *, med_skatt: bool
    ) -> Hentet:
        grunnlag = await self.skattegrunnlag(kommune, aar, person, tjeneste)
        if not med_skatt or grunnlag.raa is None:
            # No more is asked about a person than what can be used.
            return les_bilder(grunnlag)
        return les_bilder(grunnlag, await self.beregnet_skatt(kommune, aar, person, tjeneste))


def _bilde(api: Api, aar: int, utfall: Utfall[Any]) -> Bilde:
    if isinstance(utfall, Funnet):
        return Bilde(api=api, aar=aar, raa=utfall.raa, korrelasjonsid=utfall.korrelasjonsid)
    mangel = mangler(api, utfall)
    return Bilde(api=api, aar=aar, mangel=mangel, korrelasjonsid=mangel.korrelasjonsid)


def _ulike(hoved: str, ektefelle: str | None) -> None:
    if hoved == ektefelle:
        raise ValueError("de to personene er den samme")
