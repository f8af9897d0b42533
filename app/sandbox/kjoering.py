"""Starting the sandbox on its own, as ``egenandel sandbox`` does."""

import json
import os
from pathlib import Path

import uvicorn

from app.sandbox.befolkning.register import STANDARD_ANTALL, STANDARD_FROE
from app.sandbox.lokalt import er_lokal
from app.sandbox.sandkasse import MASKINPORTEN, SKATTEETATEN, Sandkasse
from app.sandbox.skatteetaten.api import APIER

STANDARD_PORT = 8790
_KID = "sandkassenoekkel"


class SandkasseNektetError(ValueError):
    """The sandbox will not start like this."""


def adresser(rot: str) -> dict[str, str]:
    """Base URLs of every system when the sandbox is served at ``rot`` (no trailing slash).

    ``maskinporten`` is the issuer, with the trailing slash; the APIs include their version.
    """
    return {
        MASKINPORTEN: f"{rot}/{MASKINPORTEN}/",
        **{navn: f"{rot}/{SKATTEETATEN}/{navn}/{api.versjon}" for navn, api in APIER.items()},
        "kontroll": f"{rot}/kontroll",
    }


def lag_sandkasse(
    host: str, port: int, *, froe: int = STANDARD_FROE, antall: int = STANDARD_ANTALL
) -> Sandkasse:
    """A sandbox whose issuer is the address it will be served at."""
    vert = f"[{host}]" if ":" in host else host
    sandkasse = Sandkasse(utsteder=adresser(f"http://{vert}:{port}")[MASKINPORTEN], froe=froe, antall=antall)
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
    froe: int = STANDARD_FROE,
    antall: int = STANDARD_ANTALL,
) -> None:
    """Serve the sandbox until it is interrupted.

    Args:
        host: where to listen; must be this machine's own address.
        port: TCP port.
        miljoe: the environment the caller runs in.
        noekkelfil: where to write the standard client's private JWK, readable by the owner only.
        froe: seed of the crowd.
        antall: size of the crowd.

    Raises:
        SandkasseNektetError: production, or an address others could reach.
    """
    kontroller(host, miljoe)
    sandkasse = lag_sandkasse(host, port, froe=froe, antall=antall)
    if noekkelfil is not None:
        skriv_noekkel(sandkasse, noekkelfil)
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


def skriv_noekkel(sandkasse: Sandkasse, fil: Path) -> None:
    """Make a key for the standard client and write the private JWK to ``fil`` (mode 0600)."""
    jwk = sandkasse.ny_noekkel(_KID).as_dict(private=True)
    aapner = os.open(fil, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(aapner, "w", encoding="utf-8") as ut:
        os.fchmod(aapner, 0o600)  # A file that was there keeps its old mode otherwise.
        json.dump(jwk, ut)
