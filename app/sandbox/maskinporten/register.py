"""What Maskinporten knows: clients and their keys, scopes, delegations in Altinn, system users."""

from dataclasses import dataclass, field, replace

from joserfc.jwk import RSAKey

SEKUNDER_I_AARET = 365 * 24 * 3600


@dataclass(frozen=True)
class Klientnoekkel:
    """A posted public key; ``utloeper`` in seconds since 1970 (Digdir: at most a year after posting)."""

    kid: str
    jwk: RSAKey = field(repr=False)
    utloeper: float


@dataclass(frozen=True)
class Klient:
    """A registered client. ``levetid`` caps its tokens, in seconds."""

    klient_id: str
    orgnr: str
    scopes: frozenset[str]
    miljoe: str = "test"
    integrasjonstype: str = "maskinporten"
    levetid: int = 120
    noekler: tuple[Klientnoekkel, ...] = ()

    def noekkel(self, kid: str) -> Klientnoekkel | None:
        """The key posted under ``kid``."""
        return next((n for n in self.noekler if n.kid == kid), None)


@dataclass
class Scope:
    """A scope and the organisations its owner has granted it to. ``levetid`` is ``at_max_age``."""

    navn: str
    tilganger: set[str] = field(default_factory=set)
    delegeringskilde: str | None = None
    levetid: int | None = None
    integrasjonstyper: frozenset[str] = frozenset({"maskinporten"})


@dataclass(frozen=True)
class Delegering:
    """In Altinn, ``konsument`` lets ``leverandoer`` use ``scope`` on its behalf."""

    konsument: str
    leverandoer: str
    scope: str


@dataclass(frozen=True)
class Systembruker:
    """A system user: ``orgnr`` has given narrow rights to the system ``system_id`` of one client."""

    orgnr: str
    klient_id: str
    system_id: str
    bruker_id: str
    ekstern_ref: str | None = None


@dataclass
class Register:
    """The tables. Mutable: the control API and tests change them while the sandbox runs."""

    klienter: dict[str, Klient] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    delegeringer: set[Delegering] = field(default_factory=set)
    systembrukere: list[Systembruker] = field(default_factory=list)

    def legg_til_noekkel(self, klient_id: str, jwk: RSAKey, *, kid: str, utloeper: float) -> None:
        """Post the public half of ``jwk`` on a client; a key with the same ``kid`` is replaced."""
        klient = self.klienter[klient_id]
        offentlig = RSAKey.import_key(jwk.as_dict(private=False))
        noekler = tuple(n for n in klient.noekler if n.kid != kid)
        self.klienter[klient_id] = replace(
            klient, noekler=(*noekler, Klientnoekkel(kid, offentlig, utloeper))
        )

    def fjern_noekkel(self, klient_id: str, kid: str) -> None:
        """Take a key off a client, as when rotation is finished."""
        klient = self.klienter[klient_id]
        self.klienter[klient_id] = replace(klient, noekler=tuple(n for n in klient.noekler if n.kid != kid))
