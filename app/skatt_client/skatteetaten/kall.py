"""One GET to one API for one kommune: token, breaker, slot, retries, and the answer's meaning."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias, TypedDict, TypeVar
from urllib.parse import quote
from uuid import uuid4

from app.skatt_client.breaker import Breaker, BreakerPolicy
from app.skatt_client.clock import Clock
from app.skatt_client.feil import Ansvar, IngenPlassError, OppsettError, Transportaarsak, TransportError
from app.skatt_client.limiter import Limiter
from app.skatt_client.masking import safe_code, safe_correlation_id
from app.skatt_client.maskinporten.auth import MaskinportenAuth
from app.skatt_client.maskinporten.feil import MaskinportenError, TilgangManglerError
from app.skatt_client.maskinporten.grant import TokenRequest
from app.skatt_client.maskinporten.tokenkilde import TokenSource
from app.skatt_client.metrics import Gjentak, Kall, Metrics, UkjenteFelt
from app.skatt_client.oppsett import ApiOppsett
from app.skatt_client.retry import Jitter, RetryPolicy
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.koder import KODER_FOR_404, Betydning, betydning, tekst
from app.skatt_client.skatteetaten.modell import SkjermetError, TomError, UleseligError, les_json
from app.skatt_client.transport import Http, Svar
from app.skatt_client.utfall import (
    FeilOppsett,
    Funnet,
    IkkeOppgjoerEnnaa,
    IngenTilgang,
    Skjermet,
    Slettet,
    Strupet,
    UgyldigSvar,
    UkjentPerson,
    UtenData,
    Utfall,
    Utilgjengelig,
)

_OK: Final = 200
_FORBIGAAENDE: Final = (Betydning.BACKEND, Betydning.STRUPET)

_SERVERFEIL: Final = 500
LENGSTE_STILLHET: Final = 3600.0
"""Seconds; a longer ``Retry-After`` is a mistake that must not silence us for days."""
_FOERSTE_AAR_SOM_KAN_MANGLE: Final = -1
"""Relative to this year: last year's income may not be settled yet; an older year is never "not yet"."""


class Lest(Protocol):
    """What a reader of a 200 makes."""

    def ukjente_felt(self) -> tuple[str, ...]:
        """Paths of fields the models do not know."""
        ...


T = TypeVar("T", bound=Lest)


@dataclass(slots=True)
class Drift:
    """What all API clients of a process share."""

    http: Http
    tokens: TokenSource
    limiter: Limiter
    clock: Clock
    retry: RetryPolicy
    breaker: BreakerPolicy
    metrics: Metrics
    jitter: Jitter
    brytere: dict[tuple[Api, str], Breaker] = field(default_factory=dict)
    stille_til: dict[tuple[Api, str], float] = field(default_factory=dict)
    """Until when Skatteetaten has asked an enterprise for silence, on the monotonic clock."""

    def bryter(self, api: Api, kommune: str) -> Breaker:
        """The breaker of one API and kommune."""
        noekkel = (api, kommune)
        if noekkel not in self.brytere:
            self.brytere[noekkel] = Breaker(api.value, self.breaker, self.clock, self.metrics)
        return self.brytere[noekkel]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forsoek:
    """How one attempt ended: with an answer, or with an outcome of our own."""

    svar: Svar | None = None
    utfall: UtenData | None = None
    proeves_igjen: bool = False
    sendt_id: str | None = None


class ApiKall:
    """Calls to one API for one kommune."""

    def __init__(self, drift: Drift, api: Api, oppsett: ApiOppsett) -> None:
        self._drift = drift
        self._api = api
        self._oppsett = oppsett
        self._token = TokenRequest.for_api(oppsett)
        self._auth = MaskinportenAuth(drift.tokens, self._token)
        self._bryter = drift.bryter(api, oppsett.kommune)

    async def hent(
        self,
        mal: str,
        felt: Mapping[str, str],
        les: Callable[[dict[str, Any]], T],
        *,
        params: Mapping[str, str] | None = None,
        inntektsaar: int | None = None,
        ved_feil: Callable[[UtenData], Utfall[T]] = lambda utfall: utfall,
    ) -> Utfall[T]:
        """GET, retried where safe, and read.

        Args:
            mal: path template.
            felt: values for it.
            les: reads the body of a 200; raises ``UleseligError``, ``SkjermetError`` or ``TomError``.
            params: query.
            inntektsaar: the year asked for, which decides what "year not supported" means.
            ved_feil: the API's own reading of an outcome without data.
        """
        start = self._drift.clock.monotonic()
        forsoek, antall = await self._med_gjentak(self._url(mal, felt), params)
        utfall: Utfall[T]
        if forsoek.utfall is not None:
            utfall = forsoek.utfall
        elif forsoek.svar is not None and forsoek.svar.status == _OK:
            utfall = self._les(forsoek.svar, forsoek.sendt_id, les)
        elif forsoek.svar is not None:
            utfall = self._feilsvar(forsoek.svar, forsoek.sendt_id, inntektsaar)
        if not isinstance(utfall, Funnet):
            utfall = ved_feil(utfall)
        self._maal(utfall, forsoek, antall, self._drift.clock.monotonic() - start)
        return utfall

    def _url(self, mal: str, felt: Mapping[str, str]) -> str:
        alle = {**felt, "rettighetspakke": self._oppsett.rettighetspakke or ""}
        sti = mal.format(**{navn: quote(verdi, safe="") for navn, verdi in alle.items()})
        return self._oppsett.base_url.rstrip("/") + sti

    async def _med_gjentak(self, url: str, params: Mapping[str, str] | None) -> tuple[_Forsoek, int]:
        drift = self._drift
        nr = 0
        while True:
            stille = self._stille()
            if stille > drift.retry.longest_wait:
                return _Forsoek(utfall=self._strupet("stille", stille)), nr
            if stille > 0:
                await drift.clock.sleep(stille)
            nr += 1
            forsoek = await self._forsoek(url, params)
            vent = forsoek.svar.retry_after if forsoek.svar is not None else None
            venting = drift.retry.delay(nr, vent, drift.jitter) if forsoek.proeves_igjen else None
            if venting is None:
                return forsoek, nr
            drift.metrics(Gjentak(self._api, _grunn(forsoek)))
            await drift.clock.sleep(venting)

    async def _forsoek(self, url: str, params: Mapping[str, str] | None) -> _Forsoek:
        drift = self._drift
        adgang = self._bryter.enter()
        if adgang is None:
            utfall = self._utilgjengelig("bryter-aapen", self._bryter.wait())
            return _Forsoek(utfall=utfall)
        header = self._oppsett.korrelasjonsheader
        sendt_id = None if header is None else str(uuid4())
        headers = None if header is None or sendt_id is None else {header: sendt_id}
        with adgang:
            try:
                # Before the slot, so that a slow Maskinporten does not hold one of five.
                await drift.tokens.hent(self._token)
                async with drift.limiter.slot(self._api, self._oppsett.virksomhet):
                    svar = await drift.http.get(url, params=params, headers=headers, auth=self._auth)
            except TransportError as feil:
                if feil.forbigaaende and feil.aarsak is not Transportaarsak.KOE:
                    adgang.settle(False)
                utfall_uten_svar = self._uten_svar(feil.aarsak)
                return _Forsoek(utfall=utfall_uten_svar, proeves_igjen=feil.forbigaaende, sendt_id=sendt_id)
            except IngenPlassError:
                return _Forsoek(utfall=self._strupet("ingen-plass", None))
            except MaskinportenError as feil:
                return _Forsoek(utfall=_fra_maskinporten(feil, self._oppsett.altinn_tjeneste))
            adgang.settle(svar.status < _SERVERFEIL)
        if svar.status == _OK:
            return _Forsoek(svar=svar, sendt_id=sendt_id)
        forbigaaende = betydning(self._api, svar.status, None, "") in _FORBIGAAENDE
        if forbigaaende and svar.retry_after is not None:
            # All who call for this enterprise keep silent, not only the one who was told.
            stille = min(svar.retry_after, LENGSTE_STILLHET)
            drift.stille_til[self._api, self._oppsett.virksomhet] = drift.clock.monotonic() + stille
        return _Forsoek(svar=svar, proeves_igjen=forbigaaende, sendt_id=sendt_id)

    def _stille(self) -> float:
        til = self._drift.stille_til.get((self._api, self._oppsett.virksomhet), 0.0)
        return til - self._drift.clock.monotonic()

    def _les(self, svar: Svar, sendt_id: str | None, les: Callable[[dict[str, Any]], T]) -> Utfall[T]:
        korrelasjonsid = self._korrelasjonsid(svar, None, sendt_id)
        try:
            data = les(les_json(svar.body))
        except UleseligError as feil:
            return self._ugyldig(feil.kode, feil.felt, svar.status, korrelasjonsid)
        except SkjermetError:
            melding = (
                f"Opplysningene i {self._api.navn} kan ikke hentes fordi personen er skjermet. Saken må "
                "behandles manuelt av en saksbehandler med tilgang. Inntekten er ukjent, ikke null."
            )
            return Skjermet(
                melding=melding,
                ansvar=Ansvar.SAKSBEHANDLEREN,
                status=svar.status,
                korrelasjonsid=korrelasjonsid,
            )
        except TomError:
            ansvar, melding = tekst(self._api, Betydning.INGEN_DATA)
            return IkkeOppgjoerEnnaa(
                melding=melding, ansvar=ansvar, status=svar.status, korrelasjonsid=korrelasjonsid
            )
        ukjente = data.ukjente_felt()
        if ukjente:
            self._drift.metrics(UkjenteFelt(self._api, len(ukjente)))
        return Funnet(
            data=data,
            raa=svar.body,
            ukjente_felt=ukjente,
            melding=f"Hentet {self._api.navn}.",
            korrelasjonsid=korrelasjonsid,
        )

    def _feilsvar(self, svar: Svar, sendt_id: str | None, inntektsaar: int | None) -> UtenData:
        try:
            feil = les_json(svar.body)
        except UleseligError:
            feil = {}
        kode = safe_code(feil.get("kode"))
        melding = feil.get("melding")
        hva = betydning(self._api, svar.status, kode, melding if isinstance(melding, str) else "")
        if hva is Betydning.AAR_IKKE_AAPNET and not self._kan_mangle(inntektsaar):
            hva = Betydning.FORESPOERSEL
        ansvar, sats = tekst(self._api, hva)
        felles = _Felles(
            melding=sats,
            ansvar=ansvar,
            status=svar.status,
            kode=kode or f"http-{svar.status}",
            korrelasjonsid=self._korrelasjonsid(svar, feil, sendt_id),
        )
        return _utfall_for(hva, felles, svar.retry_after)

    def _kan_mangle(self, inntektsaar: int | None) -> bool:
        iaar = time.gmtime(self._drift.clock.time()).tm_year
        return inntektsaar is not None and inntektsaar >= iaar + _FOERSTE_AAR_SOM_KAN_MANGLE

    def _korrelasjonsid(self, svar: Svar, feil: Mapping[str, object] | None, sendt: str | None) -> str | None:
        header = self._oppsett.korrelasjonsheader or "korrelasjonsid"
        fra_kropp = safe_correlation_id(feil.get("korrelasjonsid")) if feil else None
        return fra_kropp or safe_correlation_id(svar.headers.get(header)) or sendt

    def _uten_svar(self, aarsak: Transportaarsak) -> UtenData:
        match aarsak:
            case Transportaarsak.TIDSAVBRUDD | Transportaarsak.NETTVERK | Transportaarsak.KOE:
                return self._utilgjengelig(aarsak.value, None)
            case Transportaarsak.OMDIRIGERING:
                ansvar, melding = tekst(self._api, Betydning.URL)
                return FeilOppsett(melding=melding, ansvar=ansvar, kode=aarsak.value)
            case Transportaarsak.FOR_STORT | Transportaarsak.ULESELIG:
                return self._ugyldig(aarsak.value, (), None, None)

    def _utilgjengelig(self, kode: str, om: float | None) -> Utilgjengelig:
        ansvar, melding = tekst(self._api, Betydning.BACKEND)
        return Utilgjengelig(melding=melding, ansvar=ansvar, kode=kode, proev_igjen_om=om)

    def _strupet(self, kode: str, om: float | None) -> Strupet:
        ansvar, melding = tekst(self._api, Betydning.STRUPET)
        if kode == "ingen-plass":
            melding = f"Kommunen har så mange samtidige oppslag i {self._api.navn} som Skatteetaten tillater."
        return Strupet(melding=melding, ansvar=ansvar, kode=kode, proev_igjen_om=om)

    def _ugyldig(
        self, kode: str, felt: tuple[str, ...], status: int | None, korrelasjonsid: str | None
    ) -> UgyldigSvar:
        hva = _UGYLDIG[kode]
        return UgyldigSvar(
            melding=f"Svaret fra Skatteetaten om {self._api.navn} {hva}, og er ikke brukt. "
            "Leverandøren må undersøke det.",
            ansvar=Ansvar.LEVERANDOEREN,
            status=status,
            kode=kode,
            korrelasjonsid=korrelasjonsid,
            felt=felt,
        )

    def _maal(self, utfall: Utfall[T], forsoek: _Forsoek, antall: int, sekunder: float) -> None:
        status = forsoek.svar.status if forsoek.svar is not None else None
        kode = None if isinstance(utfall, Funnet) else utfall.kode
        self._drift.metrics(Kall(self._api, type(utfall).__name__, status, kode, antall, sekunder))


_UGYLDIG: Final = {
    "ikke-json": "er ikke JSON",
    "felt": "mangler felt eller har felt på feil form",
    "annen-person": "gjelder en annen person enn den det ble spurt om",
    "annet-aar": "gjelder et annet år enn det det ble spurt om",
    "annen-periode": "gjelder en annen periode enn den det ble spurt om",
    "annet-stadie": "gjelder et annet stadium enn det det ble spurt om",
    "sekvensnummer": "har hendelser fra før det vi spurte om",
    Transportaarsak.FOR_STORT.value: "er for stort",
    Transportaarsak.ULESELIG.value: "kan ikke leses",
}


class _Felles(TypedDict):
    melding: str
    ansvar: Ansvar
    status: int | None
    kode: str | None
    korrelasjonsid: str | None


_EnkelKlasse: TypeAlias = type[
    IkkeOppgjoerEnnaa | UkjentPerson | Slettet | IngenTilgang | UgyldigSvar | FeilOppsett
]

_KLASSE: Final[Mapping[Betydning, _EnkelKlasse]] = {
    Betydning.TOKEN: IngenTilgang,
    Betydning.TILGANG: IngenTilgang,
    Betydning.SAMTYKKE: IngenTilgang,
    Betydning.PERSON: UkjentPerson,
    Betydning.INGEN_DATA: IkkeOppgjoerEnnaa,
    Betydning.AAR_IKKE_AAPNET: IkkeOppgjoerEnnaa,
    Betydning.SLETTET: Slettet,
    Betydning.UVENTET: UgyldigSvar,
    Betydning.URL: FeilOppsett,
    Betydning.FORESPOERSEL: FeilOppsett,
    Betydning.FORMAT: FeilOppsett,
}


def _utfall_for(hva: Betydning, felles: _Felles, om: float | None) -> UtenData:
    if hva is Betydning.BACKEND:
        return Utilgjengelig(**felles, proev_igjen_om=om)
    if hva is Betydning.STRUPET:
        return Strupet(**felles, proev_igjen_om=om)
    return _KLASSE[hva](**felles)


def _fra_maskinporten(feil: MaskinportenError, altinn_tjeneste: str | None) -> UtenData:
    kode = feil.kode if feil.kode.startswith("MP-") else f"maskinporten-{feil.kode}"
    if isinstance(feil, TilgangManglerError):
        navngitt = feil.mangler_delegering and altinn_tjeneste is not None
        melding = f"{feil.melding} Tjenesten heter «{altinn_tjeneste}»." if navngitt else feil.melding
        return IngenTilgang(melding=melding, ansvar=feil.ansvar, kode=kode)
    if not feil.avslag.varig:
        om = feil.avslag.proev_igjen_om
        return Utilgjengelig(melding=feil.melding, ansvar=feil.ansvar, kode=kode, proev_igjen_om=om)
    return FeilOppsett(melding=feil.melding, ansvar=feil.ansvar, kode=kode)


def _grunn(forsoek: _Forsoek) -> str:
    if forsoek.svar is not None:
        return f"http-{forsoek.svar.status}"
    return (forsoek.utfall.kode if forsoek.utfall is not None else None) or "ukjent"


_PERSONIDENTIFIKATOR: Final = re.compile(r"[0-9]{11}")


def kontroller_person(personidentifikator: str) -> str:
    """The identifier, if it can stand in a path.

    Raises:
        OppsettError: it is not eleven digits. The text does not repeat it.
    """
    if not _PERSONIDENTIFIKATOR.fullmatch(personidentifikator):
        raise OppsettError("personidentifikator må være elleve sifre")
    return personidentifikator


def uendret(utfall: UtenData) -> UtenData:
    """An outcome as it is."""
    return utfall


def ingen_data_er_slettet(api: Api) -> Callable[[UtenData], UtenData]:
    """For a look-up after an event that said ``slettet``: "no data" is then the deletion.

    Beregnet skatt has no 410, so there it is the only way to know.
    """

    def les(utfall: UtenData) -> UtenData:
        if not isinstance(utfall, IkkeOppgjoerEnnaa) or utfall.kode is None:
            return utfall
        if KODER_FOR_404[api].get(utfall.kode) is not Betydning.INGEN_DATA:
            return utfall
        ansvar, melding = tekst(api, Betydning.SLETTET)
        return Slettet(
            melding=melding,
            ansvar=ansvar,
            status=utfall.status,
            kode=utfall.kode,
            korrelasjonsid=utfall.korrelasjonsid,
        )

    return les
