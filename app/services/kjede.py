"""The chain of access for one kommune, link by link: which is broken, and who must mend it.

Settings, key, Maskinporten, clock, client, scope, grant to the kommune, delegation, and each API. A link
behind a broken one is not tried, because its answer would say nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final

from app.services.oppsett import InnstillingManglerError
from app.services.tilkobling import Tilkobling
from app.settings.skatteetaten import ApiNavn, Tjeneste
from app.skatt_client import (
    Ansvar,
    Api,
    ApiOppsett,
    Funnet,
    IkkeOppgjoerEnnaa,
    Maaned,
    MaskinportenError,
    MaskinportenUgyldigSvarError,
    MaskinportenUtilgjengeligError,
    Skjermet,
    Slettet,
    TokenRequest,
    UkjentPerson,
    UtenData,
)

PROEVENUMMER: Final = "14825103768"
"""A made-up number (month + 80) that nobody has: asking about it shows whether the door is open, and reads
nothing about anybody."""

_AAR_SOM_ER_AAPENT: Final = 2
"""Years back: the settlement of the year before last is always open."""


class Ledd(StrEnum):
    """The links, in order; the value is what the operator reads."""

    INNSTILLINGER = "Innstillinger"
    NOEKKEL = "Nøkkel"
    MASKINPORTEN = "Maskinporten"
    KLOKKE = "Klokke"
    KLIENT = "Klient"
    SCOPE = "Scope"
    TILGANG = "Tilgang"
    DELEGERING = "Delegering"
    TOKEN = "Token"  # noqa: S105
    API = "API"


class Tilstand(StrEnum):
    """How a link is."""

    I_ORDEN = "i orden"
    ADVARSEL = "advarsel"
    BRUTT = "brutt"
    IKKE_PROEVD = "ikke prøvd"


@dataclass(frozen=True, slots=True)
class Funn:
    """One link and how it is."""

    ledd: Ledd
    tilstand: Tilstand
    tekst: str
    ansvar: Ansvar = Ansvar.INGEN
    kode: str | None = None
    korrelasjonsid: str | None = None


_LEDD_FOR_KODE: Final = {
    "MP-120": Ledd.NOEKKEL,
    "MP-121": Ledd.NOEKKEL,
    "MP-122": Ledd.NOEKKEL,
    "MP-124": Ledd.NOEKKEL,
    "MP-130": Ledd.KLOKKE,
    "iat": Ledd.KLOKKE,
    "MP-110": Ledd.MASKINPORTEN,
    "MP-200": Ledd.SCOPE,
    "MP-250": Ledd.TILGANG,
    "MP-251": Ledd.DELEGERING,
    "MP-303": Ledd.DELEGERING,
}
"""Every other refusal is about how our client asks or is registered."""


def ledd_for(feil: MaskinportenError) -> Ledd:
    """The link a refusal of Maskinporten points at."""
    if isinstance(feil, MaskinportenUtilgjengeligError | MaskinportenUgyldigSvarError):
        return Ledd.MASKINPORTEN
    return _LEDD_FOR_KODE.get(feil.kode, Ledd.KLIENT)


_AAPEN_DOER: Final = (Funnet, UkjentPerson, IkkeOppgjoerEnnaa, Slettet, Skjermet)
"""Answers that only one who is let in gets."""


@dataclass(frozen=True, slots=True)
class _Proeve:
    """One API to try, for one rettighetspakke."""

    api: Api
    oppsett: ApiOppsett
    spoer: Callable[[], Awaitable[Funnet[Any] | UtenData]]

    @property
    def navn(self) -> str:
        """The API, and the rettighetspakke when there is one."""
        pakke = self.oppsett.rettighetspakke
        return self.api.navn if pakke is None else f"{self.api.navn} ({pakke})"


async def gaa_kjeden(
    tilkobling: Tilkobling, kommune: str, i_dag: date, person: str = PROEVENUMMER
) -> AsyncIterator[Funn]:
    """Try every link for one kommune; the findings come as they are made.

    Args:
        tilkobling: the connection; that it could be made shows that the key can be read.
        kommune: organisation number.
        i_dag: today.
        person: whom to ask about; a made-up number unless the operator gives one.
    """
    try:
        valgt = tilkobling.oppsett.kommune(kommune)
        proever = list(_proever(tilkobling, kommune, i_dag, person))
    except (InnstillingManglerError, ValueError) as feil:
        yield Funn(Ledd.INNSTILLINGER, Tilstand.BRUTT, _innstillingsfeil(feil), Ansvar.LEVERANDOEREN)
        return
    yield Funn(Ledd.INNSTILLINGER, Tilstand.I_ORDEN, f"{valgt.navn} har {len(valgt.paa)} API-er slått på.")
    for funn in _noekkelfunn(tilkobling):
        yield funn
    tokens: dict[TokenRequest, Funn] = {}
    for proeve in proever:
        foresp = TokenRequest.for_api(proeve.oppsett)
        if foresp not in tokens:
            tokens[foresp] = await _token(tilkobling, foresp, proeve.oppsett)
            yield tokens[foresp]
        if tokens[foresp].tilstand is Tilstand.BRUTT:
            yield Funn(
                Ledd.API,
                Tilstand.IKKE_PROEVD,
                f"{proeve.navn}: ikke prøvd, fordi leddet {tokens[foresp].ledd.value} er brutt.",
            )
        else:
            yield await _api(proeve)


def _innstillingsfeil(feil: Exception) -> str:
    if isinstance(feil, InnstillingManglerError):
        return str(feil)
    return "Innstillingene for kommunen kan ikke brukes. Se sti, rettighetspakke og adresse per API."


def _noekkelfunn(tilkobling: Tilkobling) -> Iterator[Funn]:
    varsler = tilkobling.tokens.noekkelvarsler()
    for varsel in varsler:
        yield Funn(Ledd.NOEKKEL, Tilstand.ADVARSEL, varsel, Ansvar.LEVERANDOEREN)
    for noekkel in () if varsler else tilkobling.noekler.keys():
        naar = (
            "utløpsdatoen er ikke oppgitt"
            if noekkel.utloeper is None
            else f"utløper {datetime.fromtimestamp(noekkel.utloeper, UTC).date()}"
        )
        yield Funn(Ledd.NOEKKEL, Tilstand.I_ORDEN, f"{noekkel.navn} ({noekkel.alg}), {naar}.")


def _proever(tilkobling: Tilkobling, orgnr: str, i_dag: date, person: str) -> Iterator[_Proeve]:
    """Every API the kommune has; the look-ups of a settlement once per rettighetspakke."""
    klient, oppsett = tilkobling.klient, tilkobling.oppsett
    paa = oppsett.kommune(orgnr).paa
    aar = i_dag.year - _AAR_SOM_ER_AAPENT
    if ApiNavn.SKATTEGRUNNLAG in paa:
        for tjeneste in Tjeneste:
            ssg = oppsett.skattegrunnlag(orgnr, tjeneste)
            yield _Proeve(Api.SKATTEGRUNNLAG, ssg, partial(klient.skattegrunnlag(ssg).hent, person, aar))
    if ApiNavn.BEREGNET_SKATT in paa:
        for tjeneste in Tjeneste:
            bsa = oppsett.beregnet_skatt(orgnr, tjeneste)
            yield _Proeve(Api.BEREGNET_SKATT, bsa, partial(klient.beregnet_skatt(bsa).hent, person, aar))
    if ApiNavn.SISTE_OPPGJOER in paa:
        td = oppsett.siste_oppgjoer(orgnr)
        yield _Proeve(Api.SISTE_OPPGJOER, td, partial(klient.siste_oppgjoer(td).hent, person))
    if ApiNavn.SKATTEOPPGJOER_HENDELSER in paa:
        fa = oppsett.hendelser(orgnr, ApiNavn.SKATTEOPPGJOER_HENDELSER)
        yield _Proeve(Api.SKATTEOPPGJOER_HENDELSER, fa, klient.skatteoppgjoer_hendelser(fa).start)
    if ApiNavn.INNTEKT in paa:
        im = oppsett.inntekt(orgnr, Tjeneste.LANGTIDSOPPHOLD)
        januar = Maaned(i_dag.year - 1, 1)
        yield _Proeve(Api.INNTEKT, im, partial(klient.inntekt(im).hent, person, januar, januar))
    if ApiNavn.INNTEKT_HENDELSER in paa:
        fa = oppsett.hendelser(orgnr, ApiNavn.INNTEKT_HENDELSER)
        yield _Proeve(Api.INNTEKT_HENDELSER, fa, klient.inntekt_hendelser(fa).start)


async def _token(tilkobling: Tilkobling, foresp: TokenRequest, oppsett: ApiOppsett) -> Funn:
    scope = " ".join(foresp.scopes)
    try:
        await tilkobling.tokens.hent(foresp)
    except MaskinportenError as feil:
        ledd = ledd_for(feil)
        tekst = f"{scope}: {feil.melding}"
        if feil.mangler_delegering and oppsett.altinn_tjeneste is not None:
            tekst += f" Tjenesten i Altinn heter «{oppsett.altinn_tjeneste}»."
        return Funn(ledd, Tilstand.BRUTT, tekst, feil.ansvar, feil.kode)
    return Funn(Ledd.TOKEN, Tilstand.I_ORDEN, f"{scope}: Maskinporten gir token for kommunen.")


async def _api(proeve: _Proeve) -> Funn:
    utfall = await proeve.spoer()
    if isinstance(utfall, _AAPEN_DOER):
        return Funn(Ledd.API, Tilstand.I_ORDEN, f"{proeve.navn}: svarer, og kommunen slipper til.")
    return Funn(
        Ledd.API,
        Tilstand.BRUTT,
        f"{proeve.navn}: {utfall.melding}",
        utfall.ansvar,
        utfall.kode,
        utfall.korrelasjonsid,
    )
