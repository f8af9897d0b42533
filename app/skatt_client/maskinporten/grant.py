"""What is asked of Maskinporten, and the signed assertion that asks it."""

from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from joserfc import jwt

from app.skatt_client.maskinporten.noekler import ALGORITMER, SigningKey
from app.skatt_client.oppsett import ApiOppsett, Delegering, MaskinportenOppsett, Systembruker

GRANT_TYPE: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
RAR_SYSTEMBRUKER: Final = "urn:altinn:systemuser"
AUTHORITY: Final = "iso6523-actorid-upis"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One kind of token. Together with environment and client it is the cache key."""

    scopes: tuple[str, ...]
    """Sorted and without repetition, whatever order they were given in."""
    consumer_org: str | None = None
    resource: tuple[str, ...] = ()
    pid: str | None = field(default=None, repr=False)
    """Binds the token to a person who has not logged in. Such tokens are never shared between persons."""
    systembruker: Systembruker | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "scopes", tuple(sorted(set(self.scopes))))

    @classmethod
    def for_api(cls, oppsett: ApiOppsett) -> "TokenRequest":
        """The token one API needs for one kommune, by that API's way of getting access."""
        tilgang = oppsett.tilgang
        return cls(
            (oppsett.scope,),
            consumer_org=tilgang.consumer_org if isinstance(tilgang, Delegering) else None,
            resource=oppsett.resource,
            systembruker=tilgang if isinstance(tilgang, Systembruker) else None,
        )


def signed_assertion(
    oppsett: MaskinportenOppsett, foresp: TokenRequest, noekkel: SigningKey, issuer: str, naa: float
) -> str:
    """A JWT good for one attempt: every call has a new ``jti``.

    Args:
        oppsett: the client.
        foresp: the token wanted.
        noekkel: signs.
        issuer: Maskinporten's issuer, used as ``aud``.
        naa: Maskinporten's time as far as we know it, seconds since 1970.
    """
    # Nothing but these names: Maskinporten refuses an assertion with any other claim.
    krav: dict[str, object] = {
        "aud": issuer,
        "iss": oppsett.client_id,
        "scope": " ".join(foresp.scopes),
        "iat": int(naa),
        "exp": int(naa) + oppsett.levetid,
        "jti": str(uuid4()),
    }
    if foresp.consumer_org is not None and foresp.consumer_org != oppsett.eget_orgnr:
        krav["consumer_org"] = foresp.consumer_org
    if foresp.resource:
        krav["resource"] = list(foresp.resource)
    if foresp.pid is not None:
        krav["pid"] = foresp.pid
    if foresp.systembruker is not None:
        krav["authorization_details"] = [_rar(foresp.systembruker)]
    hode: dict[str, object] = {"alg": noekkel.alg}
    if noekkel.x5c is not None:
        hode["x5c"] = list(noekkel.x5c)
    else:
        hode["kid"] = noekkel.kid
    return jwt.encode(hode, krav, noekkel.jwk, algorithms=ALGORITMER, default_type=None)


def _rar(systembruker: Systembruker) -> dict[str, object]:
    rar: dict[str, object] = {
        "type": RAR_SYSTEMBRUKER,
        "systemuser_org": {"authority": AUTHORITY, "ID": f"0192:{systembruker.orgnr}"},
    }
    if systembruker.ekstern_ref is not None:
        rar["externalRef"] = systembruker.ekstern_ref
    return rar
