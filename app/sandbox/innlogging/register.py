"""What a login provider knows: clients with their keys and addresses."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from joserfc.jwk import RSAKey

from app.sandbox.maskinporten.register import Klientnoekkel


@dataclass(frozen=True, slots=True)
class Klient:
    """A registered client; every address is compared character by character.

    Attributes:
        navn: what the pages call the service.
        retur: where the browser may be sent after login.
        utlogget: where the browser may be sent after logout.
        fremre: opened in a frame when the session ends (front-channel logout).
        ressurser: Altinn resources it may ask representation for.
    """

    klient_id: str
    navn: str
    retur: frozenset[str]
    utlogget: frozenset[str] = frozenset()
    fremre: str | None = None
    ressurser: frozenset[str] = frozenset()
    noekler: tuple[Klientnoekkel, ...] = ()

    def noekkel(self, kid: str) -> Klientnoekkel | None:
        """The key posted under ``kid``."""
        return next((n for n in self.noekler if n.kid == kid), None)


@dataclass(slots=True)
class Register:
    """The clients of one provider. Mutable: the control API and tests change them while the sandbox runs."""

    klienter: dict[str, Klient] = field(default_factory=dict)

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

    def fyll(self, klienter: tuple[Klient, ...]) -> None:
        """These clients and no others; a client that was there keeps its keys."""
        gamle = self.klienter
        self.klienter = {
            klient.klient_id: replace(klient, noekler=gamle[klient.klient_id].noekler)
            if klient.klient_id in gamle
            else klient
            for klient in klienter
        }


def opphav(adresse: str) -> str:
    """Scheme, host and port of an address, as a Content-Security-Policy writes them."""
    deler = urlsplit(adresse)
    return f"{deler.scheme}://{deler.netloc}"
