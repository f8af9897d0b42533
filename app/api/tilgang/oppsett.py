"""From the settings to the guard."""

from typing import Final

import httpx2
from pydantic import TypeAdapter

from app.api.tilgang.maskinporten import Maskinportenvakt, Tokenkrav
from app.services.utsteder.jwks import MAKS_BYTES, Jwks
from app.settings.tilgang import Tilgang
from app.skatt_client import ISSUER_PROD, ISSUER_TEST, Clock, Http, SystemClock
from app.skatt_client.oppsett import Url

_ISSUER: Final = {"test": ISSUER_TEST, "prod": ISSUER_PROD}
_URL: Final[TypeAdapter[str]] = TypeAdapter(Url)
_FRIST: Final = 3.0
_HELE: Final = 8.0
"""Seconds for a step and for the whole exchange; callers wait while keys are fetched."""


def lag_vakt(
    valg: Tilgang, *, transport: httpx2.AsyncBaseTransport | None = None, clock: Clock | None = None
) -> Maskinportenvakt:
    """The guard; nothing is sent before the first token comes.

    Args:
        valg: the settings.
        transport: another way out, for tests and sandboxes.
        clock: time.

    Raises:
        ValueError: environment and issuer do not belong together, or an address is not https.
    """
    issuer = _issuer(valg)
    klokke = clock or SystemClock()
    krav = Tokenkrav(
        issuer=issuer,
        ressurs=valg.ressurs,
        scopeprefiks=valg.scopeprefiks,
        godta_uspesifisert=valg.godta_uspesifisert_audience,
        at_max_age=valg.at_max_age,
        delegeringskilde=valg.godtatt_delegeringskilde,
        leverandoerer=valg.leverandoerer,
    )
    adresse = None if valg.jwks_uri is None else _URL.validate_python(valg.jwks_uri)
    http = Http(transport=transport, timeout=_FRIST, total=_HELE, max_bytes=MAKS_BYTES)
    return Maskinportenvakt(krav, Jwks(issuer, http, klokke, adresse), klokke.time)


def _issuer(valg: Tilgang) -> str:
    """The published issuer of the environment; a sandbox has its own, and may not borrow a real one."""
    publisert = _ISSUER.get(valg.miljoe)
    issuer = _URL.validate_python(valg.issuer or publisert)
    if issuer != publisert and (publisert is not None or issuer in _ISSUER.values()):
        raise ValueError(f"EGENANDEL_TILGANG__ISSUER hører ikke til miljø {valg.miljoe}")
    if not issuer.endswith("/"):
        raise ValueError("EGENANDEL_TILGANG__ISSUER skal ha skråstrek til slutt")
    return issuer
