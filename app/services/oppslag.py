"""Look-ups: from a kommune, persons and a year to the bases of § 3 and § 10.

What was fetched is kept apart from what is made of it, so that a caseworker's decisions give a new basis
without a new call. Nothing here prints a person or an amount.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from app.calc.periode import MAANEDER_I_AARET, aaret
from app.calc.poster import typer as poster
from app.calc.poster.inntekter import Aarsanslag, Kodeplassering, anslag_for_aaret
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, Plassering10, husstandsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt
from app.calc.satser import SatsManglerError, sats
from app.calc.sporing import Faktum, Sats
from app.services.mangler import Mangler, ikke_slaatt_paa, mangler, uforstaaelig
from app.services.oppsett import Apioppsett
from app.services.oversettelse import UforstaaeligError, inntektssvar, skattesvar, skattetall
from app.settings.skatteetaten import ApiNavn, Tjeneste
from app.skatt_client import Api, Funnet, Maaned, SkattKlient

_SKATTESATS: Final = "skattesats_alminnelig_inntekt"


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
    ukjente_felt: tuple[str, ...] = ()
    """Fields of the answers that we do not know; kept, counted, and worth a look."""


def paragraf_3(
    hentet: Hentet,
    *,
    plasseringer: tuple[Plassering, ...] = (),
    ektefelle: Hentet | None = None,
    skattesats: Sats | Faktum | None = None,
) -> Langtidsgrunnlag | None:
    """The § 3 basis of one person; ``None``, never zero, when the posts are unknown.

    Args:
        hentet: what was fetched. Without tax the basis is made, and says that it is incomplete.
        plasseringer: the caseworker's decisions.
        ektefelle: the spouse's answer, to see whether a bank account stands with both.
        skattesats: per cent on ordinary income; the year's ordinary rate unless another is given (it is
            lower in tiltakssonen).
    """
    if hentet.svar is None:
        return None
    grunnlag = langtidsgrunnlag(
        hentet.svar,
        beregnet=hentet.skatt,
        skattesats=skattesats or _ordinaer_sats(hentet.aar),
        plasseringer=plasseringer,
        ektefelle=None if ektefelle is None else ektefelle.svar,
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
        valgt = self._oppsett.kommune(kommune)
        if ApiNavn.INNTEKT not in valgt.paa:
            return ikke_slaatt_paa(Api.INNTEKT, valgt.navn)
        siste = per_dato.month if per_dato.year == aar else MAANEDER_I_AARET if per_dato.year > aar else 0
        oppsett = self._oppsett.inntekt(kommune, Tjeneste.LANGTIDSOPPHOLD)
        utfall = await self._klient.inntekt(oppsett).hent(person, Maaned(aar, 1), Maaned(aar, siste))
        if not isinstance(utfall, Funnet):
            return mangler(Api.INNTEKT, utfall)
        try:
            svar = inntektssvar(utfall.data, aar)
        except UforstaaeligError as feil:
            return uforstaaelig(Api.INNTEKT, feil.felt, utfall.korrelasjonsid)
        anslag = anslag_for_aaret(svar, per_dato, plasseringer)
        if isinstance(anslag, poster.Skjermet):
            raise TypeError("inntekt kjenner ikke skjerming")
        return anslag

    async def _hent(
        self, kommune: str, aar: int, person: str, tjeneste: Tjeneste, *, med_skatt: bool
    ) -> Hentet:
        valgt = self._oppsett.kommune(kommune)
        if ApiNavn.SKATTEGRUNNLAG not in valgt.paa:
            return Hentet(aar=aar, mangler=(ikke_slaatt_paa(Api.SKATTEGRUNNLAG, valgt.navn),))
        grunnlag = self._klient.skattegrunnlag(self._oppsett.skattegrunnlag(kommune, tjeneste))
        utfall = await grunnlag.hent(person, aar)
        if not isinstance(utfall, Funnet):
            # No more is asked about a person than what can be used.
            return Hentet(aar=aar, mangler=(mangler(Api.SKATTEGRUNNLAG, utfall),))
        skatt, uten_skatt, ukjente = (
            await self._skatt(kommune, aar, person, tjeneste) if med_skatt else (None, (), ())
        )
        return Hentet(
            aar=aar,
            svar=skattesvar(utfall.data),
            skatt=skatt,
            mangler=uten_skatt,
            skatteoppgjoersdato=utfall.data.skatteoppgjoersdato,
            ajourholdt=utfall.data.ajourholdstidspunkt,
            ukjente_felt=(*utfall.ukjente_felt, *ukjente),
        )

    async def _skatt(
        self, kommune: str, aar: int, person: str, tjeneste: Tjeneste
    ) -> tuple[BeregnetSkatt | None, tuple[Mangler, ...], tuple[str, ...]]:
        valgt = self._oppsett.kommune(kommune)
        if ApiNavn.BEREGNET_SKATT not in valgt.paa:
            return None, (ikke_slaatt_paa(Api.BEREGNET_SKATT, valgt.navn),), ()
        klient = self._klient.beregnet_skatt(self._oppsett.beregnet_skatt(kommune, tjeneste))
        utfall = await klient.hent(person, aar)
        if not isinstance(utfall, Funnet):
            return None, (mangler(Api.BEREGNET_SKATT, utfall),), ()
        try:
            return skattetall(utfall.data), (), utfall.ukjente_felt
        except UforstaaeligError as feil:
            return None, (uforstaaelig(Api.BEREGNET_SKATT, feil.felt, utfall.korrelasjonsid),), ()


def _ulike(hoved: str, ektefelle: str | None) -> None:
    if hoved == ektefelle:
        raise ValueError("de to personene er den samme")
