"""From the settings to what the client library takes: one API for one kommune, and the client itself."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from app.settings.maskinporten import Maskinporten
from app.settings.maskinporten import Noekkel as Noekkelvalg
from app.settings.skatteetaten import INNTEKT_APIER, ApiNavn, Kommune, Skatteetaten, Tjeneste
from app.skatt_client import (
    ISSUER_PROD,
    ISSUER_TEST,
    Api,
    ApiOppsett,
    BeregnetSkattOppsett,
    Delegering,
    Egen,
    HendelserOppsett,
    InntektOppsett,
    KeyFile,
    KeyFiles,
    KeyRing,
    KeySource,
    MaskinportenOppsett,
    SigningKey,
    SisteOppgjoerOppsett,
    SkattegrunnlagOppsett,
    Systembruker,
    Tilgang,
    standard_base_url,
)

_ISSUER: Final = {"test": ISSUER_TEST, "prod": ISSUER_PROD}

API: Final = {
    ApiNavn.SKATTEGRUNNLAG: Api.SKATTEGRUNNLAG,
    ApiNavn.BEREGNET_SKATT: Api.BEREGNET_SKATT,
    ApiNavn.SISTE_OPPGJOER: Api.SISTE_OPPGJOER,
    ApiNavn.INNTEKT: Api.INNTEKT,
    ApiNavn.SKATTEOPPGJOER_HENDELSER: Api.SKATTEOPPGJOER_HENDELSER,
    ApiNavn.INNTEKT_HENDELSER: Api.INNTEKT_HENDELSER,
}

_HENDELSESCOPE: Final = {
    # A list takes the scope of the look-up it serves.
    ApiNavn.SKATTEOPPGJOER_HENDELSER: "skatteetaten:summertskattegrunnlag",
    ApiNavn.INNTEKT_HENDELSER: "skatteetaten:inntekt",
}

O = TypeVar("O", bound=ApiOppsett)  # noqa: E741


class InnstillingManglerError(ValueError):
    """A setting that is needed is not there; the text is for the operator and names it."""


def maskinporten_oppsett(valg: Maskinporten) -> MaskinportenOppsett:
    """The client's environment and identity.

    Raises:
        ValueError: environment and issuer do not belong together.
    """
    return MaskinportenOppsett(
        miljoe=valg.miljoe,
        issuer=valg.issuer or _ISSUER[valg.miljoe],
        client_id=valg.klient_id,
        eget_orgnr=valg.eget_orgnr,
    )


class _Samlet:
    """Several sources of keys as one."""

    def __init__(self, *kilder: KeySource) -> None:
        self._kilder = kilder

    def keys(self) -> Sequence[SigningKey]:
        return [noekkel for kilde in self._kilder for noekkel in kilde.keys()]


def noekler(valg: Maskinporten) -> KeySource:
    """The keys that may sign: the first, and the next while they are being swapped.

    Raises:
        OppsettError: a key cannot be read or used.
    """
    return noekkelkilde(valg.noekkel, valg.ny_noekkel)


def noekkelkilde(foerste: Noekkelvalg, neste: Noekkelvalg | None) -> KeySource:
    """The keys of a client: one, or two while they are being swapped.

    Raises:
        OppsettError: a key cannot be read or used.
    """
    begge = [noekkel for noekkel in (foerste, neste) if noekkel is not None]
    if all(noekkel.fil is not None for noekkel in begge):
        # Together, so that the second file may be missing between two rotations.
        return KeyFiles(*(_fil(noekkel) for noekkel in begge))
    return _Samlet(*(_kilde(noekkel) for noekkel in begge))


def _kilde(noekkel: Noekkelvalg) -> KeySource:
    if noekkel.jwk is None:
        return KeyFiles(_fil(noekkel))
    return KeyRing(SigningKey.fra_jwk(noekkel.jwk.get_secret_value(), utloeper=noekkel.utloeper))


def _fil(noekkel: Noekkelvalg) -> KeyFile:
    if noekkel.fil is None:
        raise InnstillingManglerError("nøkkelen har ingen fil")
    passord = None if noekkel.passord is None else noekkel.passord.get_secret_value()
    return KeyFile(noekkel.fil, passord, noekkel.utloeper)


class Apioppsett:
    """What the library needs for every API and kommune, from the settings.

    Args:
        skatteetaten: the APIs and the kommuner.
        miljoe: Maskinporten's environment; decides the published addresses. The sandbox has none.
    """

    def __init__(self, skatteetaten: Skatteetaten, miljoe: str) -> None:
        self._valg = skatteetaten
        self._faste = frozenset(skatteetaten.kommuner)
        self._miljoe = miljoe

    def ta_i_bruk(self, orgnr: str, kommune: Kommune) -> None:
        """Let a kommune look up as it has set up itself, unless the operator's settings say how.

        Args:
            orgnr: organisation number.
            kommune: what it has set up; monthly income is left out while no rettighetspakke is named.
        """
        if orgnr in self._faste:
            return
        kjent = self._valg.kommuner.get(orgnr)
        med = self._valg.model_copy(update={"kommuner": {**self._valg.kommuner, orgnr: kommune}})
        if med.pakke(orgnr, ApiNavn.INNTEKT, Tjeneste.LANGTIDSOPPHOLD) is None:
            kommune = kommune.model_copy(update={"paa": kommune.paa - INNTEKT_APIER})
        if kommune != kjent:
            self._valg = med.model_copy(update={"kommuner": {**self._valg.kommuner, orgnr: kommune}})

    def kommuner_med(self, api: ApiNavn) -> tuple[str, ...]:
        """The kommuner known so far that have an API."""
        return tuple(sorted(orgnr for orgnr, valg in self._valg.kommuner.items() if api in valg.paa))

    def kommune(self, orgnr: str) -> Kommune:
        """One kommune.

        Raises:
            InnstillingManglerError: it is not in the settings.
        """
        if (kommune := self._valg.kommuner.get(orgnr)) is None:
            raise InnstillingManglerError(
                f"Kommunen med organisasjonsnummer {orgnr} står ikke i innstillingene. Leverandøren må legge "
                "den inn."
            )
        return kommune

    def skattegrunnlag(self, orgnr: str, tjeneste: Tjeneste) -> SkattegrunnlagOppsett:
        """Summert skattegrunnlag for one kommune and service."""
        return self._bygg(SkattegrunnlagOppsett, orgnr, ApiNavn.SKATTEGRUNNLAG, tjeneste)

    def beregnet_skatt(self, orgnr: str, tjeneste: Tjeneste) -> BeregnetSkattOppsett:
        """Beregnet skatt for one kommune and service."""
        return self._bygg(BeregnetSkattOppsett, orgnr, ApiNavn.BEREGNET_SKATT, tjeneste)

    def siste_oppgjoer(self, orgnr: str) -> SisteOppgjoerOppsett:
        """Siste tilgjengelige skatteoppgjør for one kommune."""
        return self._bygg(SisteOppgjoerOppsett, orgnr, ApiNavn.SISTE_OPPGJOER, None)

    def inntekt(self, orgnr: str, tjeneste: Tjeneste) -> InntektOppsett:
        """Inntekt for one kommune and service."""
        return self._bygg(InntektOppsett, orgnr, ApiNavn.INNTEKT, tjeneste)

    def hendelser(self, orgnr: str, api: ApiNavn) -> HendelserOppsett:
        """An event list for one kommune."""
        return self._bygg(HendelserOppsett, orgnr, api, None)

    def _bygg(self, klasse: type[O], orgnr: str, api: ApiNavn, tjeneste: Tjeneste | None) -> O:
        kommune = self.kommune(orgnr)
        valg = self._valg.valg(orgnr, api)
        pakke = None if tjeneste is None else self._valg.pakke(orgnr, api, tjeneste)
        satt: dict[str, Any] = {
            "scope": valg.scope or _HENDELSESCOPE.get(api),
            "sti": valg.sti,
            "rettighetspakke": pakke,
            "altinn_tjeneste": valg.altinn_tjeneste,
            "korrelasjonsheader": valg.korrelasjonsheader,
            "teller_som": valg.teller_som,
        }
        return klasse(
            kommune=orgnr,
            base_url=valg.base_url or self._publisert(api),
            tilgang=_tilgang(orgnr, valg.tilgang or kommune.tilgang, kommune.ekstern_ref),
            **{navn: verdi for navn, verdi in satt.items() if verdi is not None},
        )

    def _publisert(self, api: ApiNavn) -> str:
        match self._miljoe:
            case "test" | "prod" as miljoe:
                return standard_base_url(API[api], miljoe)
            case _:
                raise InnstillingManglerError(
                    f"Sandkassen har ingen publisert adresse for {API[api].navn}. Sett "
                    f"EGENANDEL_SKATTEETATEN__APIER__{api.upper()}__BASE_URL."
                )


def _tilgang(orgnr: str, type_: str, ekstern_ref: str | None) -> Tilgang:
    match type_:
        case "egen":
            return Egen()
        case "systembruker":
            return Systembruker(orgnr=orgnr, ekstern_ref=ekstern_ref)
        case _:
            return Delegering(consumer_org=orgnr)
