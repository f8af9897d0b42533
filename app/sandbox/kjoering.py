"""Starting the sandbox on its own, as ``egenandel sandbox`` does."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from joserfc.jwk import RSAKey

from app.sandbox.befolkning.register import STANDARD_ANTALL, STANDARD_FROE
from app.sandbox.innlogging.utforming import Ansattporten, Entra
from app.sandbox.lokalt import er_lokal
from app.sandbox.sandkasse import MASKINPORTEN, SKATTEETATEN, Sandkasse
from app.sandbox.skatteetaten.api import APIER
from app.sandbox.standard import PORTAL, PORTALKLIENT, PORTALKLIENT_ENTRA

STANDARD_PORT = 8790
_KID = "sandkassenoekkel"
_PORTAL_KID = "portalnoekkel"


class SandkasseNektetError(ValueError):
    """The sandbox will not start like this."""


def adresser(rot: str) -> dict[str, str]:
    """Base URLs of every system when the sandbox is served at ``rot`` (no trailing slash).

    ``maskinporten`` is the issuer, with the trailing slash; the login providers are issuers without one; the
    APIs include their version.
    """
    return {
        MASKINPORTEN: f"{rot}/{MASKINPORTEN}/",
        **{utforming.system: utforming.utsteder for utforming in (Ansattporten(rot), Entra(rot))},
        **{navn: f"{rot}/{SKATTEETATEN}/{navn}/{api.versjon}" for navn, api in APIER.items()},
        "kontroll": f"{rot}/kontroll",
    }


def lag_sandkasse(
    host: str,
    port: int,
    *,
    portal: str = PORTAL,
    froe: int = STANDARD_FROE,
    antall: int = STANDARD_ANTALL,
) -> Sandkasse:
    """A sandbox whose issuers are the address it will be served at, for a portal served at ``portal``."""
    vert = f"[{host}]" if ":" in host else host
    rot = f"http://{vert}:{port}"
    sandkasse = Sandkasse(
        utsteder=adresser(rot)[MASKINPORTEN], rot=rot, portal=portal, froe=froe, antall=antall
    )
    for liste in (sandkasse.omgivelser.oppgjoerliste, sandkasse.omgivelser.inntektsliste):
        # Who follows the list remembers how far it was read; started again, it uses no number a second time.
        liste.minst = int(sandkasse.klokke.tid().timestamp())
    return sandkasse


def kjoer(
    host: str = "127.0.0.1",
    port: int = STANDARD_PORT,
    *,
    miljoe: str = "test",
    noekkelfil: Path | None = None,
    portal: str = PORTAL,
    portalnoekkelfil: Path | None = None,
    froe: int = STANDARD_FROE,
    antall: int = STANDARD_ANTALL,
) -> None:
    """Serve the sandbox until it is interrupted.

    Args:
        host: where to listen; must be this machine's own address.
        port: TCP port.
        miljoe: the environment the caller runs in.
        noekkelfil: where to write the standard client's private JWK, readable by the owner only.
        portal: where the portal is served, without a slash at the end.
        portalnoekkelfil: where to write the portal's private JWK, readable by the owner only.
        froe: seed of the crowd.
        antall: size of the crowd.

    Raises:
        SandkasseNektetError: production, or an address others could reach.
    """
    kontroller(host, miljoe)
    kontroller_portal(portal)
    sandkasse = lag_sandkasse(host, port, portal=portal, froe=froe, antall=antall)
    if noekkelfil is not None:
        skriv_noekkel(sandkasse, noekkelfil)
    if portalnoekkelfil is not None:
        skriv_portalnoekkel(sandkasse, portalnoekkelfil)
    uvicorn.Server(oppsett(sandkasse, host, port)).run()


def oppsett(sandkasse: Sandkasse, host: str, port: int) -> uvicorn.Config:
    """How the sandbox is served. No access log: Skatteetaten's paths end in a national id.

    The sandbox sends its own ``Date``. Proxy headers are ignored, so that nobody can claim to be local.
    """
    return uvicorn.Config(
        sandkasse.app,
        host=host,
        port=port,
        access_log=False,
        date_header=False,
        proxy_headers=False,
        log_level="warning",
    )


def kontroller(host: str, miljoe: str) -> None:
    """Raise ``SandkasseNektetError`` for production and for addresses that are not loopback."""
    if miljoe.strip().lower().startswith("prod"):
        raise SandkasseNektetError("Sandkassen starter ikke i produksjon")
    if not er_lokal(host):
        raise SandkasseNektetError(
            "Sandkassen lytter bare på denne maskinens egen adresse, for eksempel 127.0.0.1"
        )


def kontroller_portal(adresse: str) -> None:
    """Raise ``SandkasseNektetError`` unless logins stay on this machine, and the address can be compared as it is."""
    deler = urlsplit(adresse)
    if deler.scheme not in ("http", "https") or f"{deler.scheme}://{deler.netloc}" != adresse:
        raise SandkasseNektetError(
            "Portalens adresse skal være som http://127.0.0.1:8000, uten sti og skråstrek til slutt"
        )
    if not er_lokal(deler.hostname or ""):
        raise SandkasseNektetError(
            "Sandkassen logger bare inn i en portal på denne maskinen, for eksempel http://127.0.0.1:8000"
        )


def skriv_noekkel(sandkasse: Sandkasse, fil: Path) -> None:
    """Make a key for the standard client and write the private JWK to ``fil`` (mode 0600)."""
    _skriv(sandkasse.ny_noekkel(_KID), fil)


def skriv_portalnoekkel(sandkasse: Sandkasse, fil: Path) -> None:
    """Make a key for the portal, post it with both login providers and write the private JWK (mode 0600)."""
    noekkel = sandkasse.ansattporten.ny_noekkel(PORTALKLIENT, _PORTAL_KID)
    sandkasse.entra.registrer_noekkel(PORTALKLIENT_ENTRA, noekkel, kid=_PORTAL_KID)
    _skriv(noekkel, fil)


def _skriv(noekkel: RSAKey, fil: Path) -> None:
    aapner = os.open(fil, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(aapner, "w", encoding="utf-8") as ut:
        os.fchmod(aapner, 0o600)  # A file that was there keeps its old mode otherwise.
        json.dump(noekkel.as_dict(private=True), ut)
