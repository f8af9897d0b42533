"""What is registered from the start: suppliers with their clients, and kommuner that differ in access.

Two directions: our own client calls Skatteetaten, and others' clients call our API with scopes of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.sandbox.innlogging.register import Klient as Innloggingsklient
from app.sandbox.maskinporten.register import Delegering, Klient, Register, Scope, Systembruker
from app.sandbox.skatteetaten.api import (
    BSA,
    INNTEKT,
    SCOPE_AVREGNING,
    SCOPE_BSA,
    SCOPE_INNTEKT,
    SCOPE_SSG,
    SSG,
)
from app.sandbox.skatteetaten.tilgang import Avtaler
from app.sandbox.syntetisk import organisasjonsnummer

DELEGERINGSKILDE = "https://tt02.altinn.no/"

LEVERANDOER = organisasjonsnummer(31_330_000)
KLIENT_ID = "egenandel-sandkasse"
SYSTEM_ID = f"{LEVERANDOER}_egenandel"

PAKKER_SSG = ("kommunelangtidsoppholdinstitusjon", "kommunepersonligassistanse")
PAKKER_BSA = ("kommuneLangtidsoppholdInstitusjon", "kommunePraktiskBistand")
PAKKE_INNTEKT = "kommuneBoligsosialeFormaal"

SCOPES = (SCOPE_SSG, SCOPE_BSA, SCOPE_INNTEKT)

SCOPEPREFIKS = "egenandel-sandkasse"
SCOPE_LES = f"{SCOPEPREFIKS}:egenandel.read"
SCOPE_SKRIV = f"{SCOPEPREFIKS}:egenandel.write"
EGNE_SCOPES = (SCOPE_LES, SCOPE_SKRIV)
"""Ours to grant: they open our own API."""

RESSURS = "https://egenandel.example"
"""Our own API as a token's ``aud`` names it."""

JOURNALLEVERANDOER = organisasjonsnummer(31_340_000)
JOURNALKLIENT = "journal-sandkasse"
KOMMUNEKLIENT = "fjordvik-sandkasse"

PORTAL = "http://127.0.0.1:8000"
"""Where the portal is, unless the sandbox is told."""
PORTALKLIENT = "egenandel-portal"
PORTALKLIENT_ENTRA = "5b1f6c9e-0000-4000-8000-000000000010"
"""Entra names its clients itself."""
ALTINNRESSURS = "urn:altinn:resource:egenandel"
"""The resource in Altinn whose actions are the portal's roles."""


@dataclass(frozen=True)
class Kommune:
    """A made-up kommune.

    Attributes:
        scopes: what Skatteetaten has granted it in Maskinporten.
        delegert: what it has delegated to the supplier in Altinn.
        avtaler: its rettighetspakker by API.
        egne: the scopes of our own API that we have granted it.
        egne_delegert: those of them it has delegated to the journal supplier.
    """

    orgnr: str
    navn: str
    viser: str
    scopes: tuple[str, ...]
    delegert: tuple[str, ...]
    avtaler: Mapping[str, tuple[str, ...]]
    egne: tuple[str, ...] = ()
    egne_delegert: tuple[str, ...] = ()


_OPPSLAG = {SSG: PAKKER_SSG, BSA: PAKKER_BSA}

KOMMUNER = (
    Kommune(
        organisasjonsnummer(31_000_000),
        "Fjordvik",
        "Har alt, også månedsinntekt.",
        SCOPES,
        SCOPES,
        {**_OPPSLAG, INNTEKT: (PAKKE_INNTEKT,)},
        EGNE_SCOPES,
        EGNE_SCOPES,
    ),
    Kommune(
        organisasjonsnummer(31_000_100),
        "Skogli",
        "Har oppslagene, men ikke månedsinntekt: slik er det for kommuner i dag.",
        (SCOPE_SSG, SCOPE_BSA),
        (SCOPE_SSG, SCOPE_BSA),
        _OPPSLAG,
        EGNE_SCOPES,
        EGNE_SCOPES,
    ),
    Kommune(
        organisasjonsnummer(31_000_200),
        "Viddefjell",
        "Har fått scopene, men har ikke delegert dem til leverandøren (MP-251).",
        (SCOPE_SSG, SCOPE_BSA),
        (),
        _OPPSLAG,
    ),
    Kommune(
        organisasjonsnummer(31_000_300),
        "Øyvær",
        "Har ikke fått noen scope av Skatteetaten (MP-250).",
        (),
        (),
        {},
    ),
    Kommune(
        organisasjonsnummer(31_000_400),
        "Lia",
        "Har delegert scopene, men mangler rettighetspakker (403 fra Skatteetaten).",
        (SCOPE_SSG, SCOPE_BSA),
        (SCOPE_SSG, SCOPE_BSA),
        {},
        EGNE_SCOPES,
    ),
)

FJORDVIK, SKOGLI, VIDDEFJELL, OEYVAER, LIA = (kommune.orgnr for kommune in KOMMUNER)


def standardklienter() -> dict[str, Klient]:
    """Our own client, a journal supplier's that calls us for kommuner, and one kommune's own that calls us."""
    klienter = (
        Klient(KLIENT_ID, LEVERANDOER, frozenset(SCOPES)),
        Klient(JOURNALKLIENT, JOURNALLEVERANDOER, frozenset(EGNE_SCOPES)),
        Klient(KOMMUNEKLIENT, FJORDVIK, frozenset(EGNE_SCOPES)),
    )
    return {klient.klient_id: klient for klient in klienter}


def fyll_register(register: Register) -> None:
    """Put the standard clients, scopes, grants, delegations and one system user in place."""
    register.klienter = standardklienter()
    register.scopes = {
        navn: Scope(
            navn,
            tilganger={k.orgnr for k in KOMMUNER if navn in (*k.scopes, *k.egne)},
            delegeringskilde=DELEGERINGSKILDE,
        )
        for navn in (*SCOPES, SCOPE_AVREGNING, *EGNE_SCOPES)
    }
    register.delegeringer = {
        Delegering(k.orgnr, leverandoer, scope)
        for k in KOMMUNER
        for leverandoer, delegert in ((LEVERANDOER, k.delegert), (JOURNALLEVERANDOER, k.egne_delegert))
        for scope in delegert
    }
    register.systembrukere = [
        Systembruker(FJORDVIK, KLIENT_ID, SYSTEM_ID, "5f0c1d2e-0000-4000-8000-000000000001")
    ]


def portalklienter(portal: str) -> tuple[Innloggingsklient, Innloggingsklient]:
    """The portal as Ansattporten and as Entra know it, when it is served at ``portal`` (no trailing slash)."""
    hos_ansattporten = Innloggingsklient(
        PORTALKLIENT,
        "Egenandel",
        retur=frozenset({f"{portal}/logg-inn/retur"}),
        utlogget=frozenset({f"{portal}/logget-ut"}),
        fremre=f"{portal}/logg-ut/fremre",
        ressurser=frozenset({ALTINNRESSURS}),
    )
    hos_entra = replace(hos_ansattporten, klient_id=PORTALKLIENT_ENTRA, ressurser=frozenset())
    return hos_ansattporten, hos_entra


def fyll_avtaler(avtaler: Avtaler) -> None:
    """Put the standard rettighetspakker in place."""
    avtaler.pakker = {
        (kommune.orgnr, api): set(pakker) for kommune in KOMMUNER for api, pakker in kommune.avtaler.items()
    }
    avtaler.felt = {}
    avtaler.systembruker = set()
