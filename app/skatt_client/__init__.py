"""Client library for Skatteetaten and Maskinporten; imports nothing of the rest of the app.

Typical use, once per process::

    http = Http()
    tokens = TokenSource(maskinporten_oppsett, KeyRing(SigningKey.fra_jwk(jwk)), http)
    skatt = SkattKlient(http, tokens)

    match await skatt.skattegrunnlag(oppsett).hent(personidentifikator, 2025):
        case Funnet(data=grunnlag): ...
        case Skjermet() | Slettet() | IkkeOppgjoerEnnaa() as utfall: ...

Everything a caller needs is exported here; other modules may change.
"""

from app.skatt_client.breaker import BreakerPolicy
from app.skatt_client.clock import Clock, SystemClock
from app.skatt_client.feil import (
    Ansvar,
    IngenPlassError,
    OppsettError,
    SkattKlientError,
    Transportaarsak,
    TransportError,
)
from app.skatt_client.klient import SkattKlient
from app.skatt_client.lagret import les_beregnet_skatt, les_inntekter, les_skattegrunnlag
from app.skatt_client.limiter import MAX_IN_FLIGHT, Limiter, LocalLimiter
from app.skatt_client.maskinporten.auth import MaskinportenAuth
from app.skatt_client.maskinporten.feil import (
    Avslag,
    ForespoerselAvvistError,
    KlientAvvistError,
    KlokkeAvvistError,
    MaskinportenError,
    MaskinportenUgyldigSvarError,
    MaskinportenUtilgjengeligError,
    NoekkelAvvistError,
    TilgangManglerError,
)
from app.skatt_client.maskinporten.grant import TokenRequest
from app.skatt_client.maskinporten.noekler import KeyFile, KeyFiles, KeyRing, KeySource, SigningKey
from app.skatt_client.maskinporten.tokenkilde import Token, TokenSource
from app.skatt_client.metrics import (
    BryterEndret,
    Gjentak,
    Kall,
    KlokkeRettet,
    Maaling,
    Metrics,
    NoekkelUtloeper,
    TokenHentet,
    UkjenteFelt,
    no_metrics,
)
from app.skatt_client.oppsett import (
    ISSUER_PROD,
    ISSUER_TEST,
    ApiOppsett,
    BeregnetSkattOppsett,
    Delegering,
    Egen,
    HendelserOppsett,
    InntektOppsett,
    MaskinportenOppsett,
    SisteOppgjoerOppsett,
    SkattegrunnlagOppsett,
    Systembruker,
    Tilgang,
)
from app.skatt_client.retry import RetryPolicy
from app.skatt_client.skatteetaten.api import Api, standard_base_url
from app.skatt_client.skatteetaten.beregnet_skatt import BeregnetSkatt, BeregnetSkattKlient, SkattDel
from app.skatt_client.skatteetaten.hendelser import (
    Hendelse,
    HendelserKlient,
    Hendelsesside,
    Hendelsestype,
    Startpunkt,
    UleseligHendelse,
)
from app.skatt_client.skatteetaten.inntekt import Inntekter, InntektKlient, Inntektspost, Maaned, Oppgave
from app.skatt_client.skatteetaten.siste_oppgjoer import SisteOppgjoer, SisteOppgjoerKlient
from app.skatt_client.skatteetaten.skattegrunnlag import (
    Grunnlag,
    Skattegrunnlag,
    SkattegrunnlagKlient,
    Spesifisering,
)
from app.skatt_client.transport import Http, voktet_transport
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

__all__ = [
    "ISSUER_PROD",
    "ISSUER_TEST",
    "MAX_IN_FLIGHT",
    "Ansvar",
    "Api",
    "ApiOppsett",
    "Avslag",
    "BeregnetSkatt",
    "BeregnetSkattKlient",
    "BeregnetSkattOppsett",
    "BreakerPolicy",
    "BryterEndret",
    "Clock",
    "Delegering",
    "Egen",
    "FeilOppsett",
    "ForespoerselAvvistError",
    "Funnet",
    "Gjentak",
    "Grunnlag",
    "Hendelse",
    "HendelserKlient",
    "HendelserOppsett",
    "Hendelsesside",
    "Hendelsestype",
    "Http",
    "IkkeOppgjoerEnnaa",
    "IngenPlassError",
    "IngenTilgang",
    "InntektKlient",
    "InntektOppsett",
    "Inntekter",
    "Inntektspost",
    "Kall",
    "KeyFile",
    "KeyFiles",
    "KeyRing",
    "KeySource",
    "KlientAvvistError",
    "KlokkeAvvistError",
    "KlokkeRettet",
    "Limiter",
    "LocalLimiter",
    "Maaling",
    "Maaned",
    "MaskinportenAuth",
    "MaskinportenError",
    "MaskinportenOppsett",
    "MaskinportenUgyldigSvarError",
    "MaskinportenUtilgjengeligError",
    "Metrics",
    "NoekkelAvvistError",
    "NoekkelUtloeper",
    "Oppgave",
    "OppsettError",
    "RetryPolicy",
    "SigningKey",
    "SisteOppgjoer",
    "SisteOppgjoerKlient",
    "SisteOppgjoerOppsett",
    "SkattDel",
    "SkattKlient",
    "SkattKlientError",
    "Skattegrunnlag",
    "SkattegrunnlagKlient",
    "SkattegrunnlagOppsett",
    "Skjermet",
    "Slettet",
    "Spesifisering",
    "Startpunkt",
    "Strupet",
    "SystemClock",
    "Systembruker",
    "Tilgang",
    "TilgangManglerError",
    "Token",
    "TokenHentet",
    "TokenRequest",
    "TokenSource",
    "TransportError",
    "Transportaarsak",
    "UgyldigSvar",
    "UkjentPerson",
    "UkjenteFelt",
    "UleseligHendelse",
    "UtenData",
    "Utfall",
    "Utilgjengelig",
    "les_beregnet_skatt",
    "les_inntekter",
    "les_skattegrunnlag",
    "no_metrics",
    "standard_base_url",
    "voktet_transport",
]
