"""From the settings to the portal's login."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import httpx2

from app.db.arkiv import Arkiv
from app.portal.innlogging.hvem import Ansattporten, Entra, Slag
from app.portal.innlogging.innlogging import RETUR, Innlogging, Tilbyder
from app.portal.innlogging.klient import Oidcklient
from app.portal.innlogging.oppdagelse import METADATA, Oppdagelse
from app.services.oppsett import noekkelkilde
from app.services.sesjoner.databasesesjoner import Databasesesjoner
from app.services.sesjoner.forsoek import Innloggingsforsoek
from app.services.utsteder.jwks import MAKS_BYTES, Jwks
from app.settings.portal import Portal
from app.settings.portal import Tilbyder as Tilbydervalg
from app.skatt_client import Clock, Http, KeySource, OppsettError, SystemClock

_FRIST: Final = 3.0
_HELE: Final = 8.0
"""Seconds for a step and for a whole exchange; a user waits."""

_SEKUNDER: Final = 60


def lag_tilbydere(
    valg: Portal, *, transport: httpx2.AsyncBaseTransport | None = None, clock: Clock | None = None
) -> dict[str, Tilbyder]:
    """The providers; nothing is sent before the first login.

    Args:
        valg: the settings.
        transport: another way out, for tests and sandboxes.
        clock: time.

    Raises:
        OppsettError: a key cannot be read or used.
    """
    klokke = clock or SystemClock()
    return {navn: _tilbyder(ett, valg.adresse, transport, klokke) for navn, ett in valg.tilbydere.items()}


def lag_innlogging(
    valg: Portal,
    tilbydere: Mapping[str, Tilbyder],
    arkiv: Arkiv,
    hjemmel: str,
    clock: Clock | None = None,
) -> Innlogging:
    """The login, over the database.

    Args:
        valg: the settings.
        tilbydere: from ``lag_tilbydere``.
        arkiv: where sessions are kept.
        hjemmel: the basis the register notes.
        clock: time.
    """
    klokke = clock or SystemClock()
    naa = _tidspunkt(klokke)
    return Innlogging(
        tilbydere,
        Databasesesjoner(arkiv, valg, hjemmel, naa),
        Innloggingsforsoek(arkiv, valg, naa),
        valg.adresse,
        valg.lengste_minutter * _SEKUNDER,
        klokke.time,
    )


def _tilbyder(
    valg: Tilbydervalg, adresse: str, transport: httpx2.AsyncBaseTransport | None, klokke: Clock
) -> Tilbyder:
    http = Http(transport=transport, timeout=_FRIST, total=_HELE, max_bytes=MAKS_BYTES)
    return Tilbyder(
        tittel=valg.navn,
        utsteder=valg.issuer,
        klient_id=valg.klient_id,
        slag=_slag(valg),
        oppdagelse=Oppdagelse(valg.issuer, http, klokke),
        klient=Oidcklient(
            valg.issuer, valg.klient_id, f"{adresse}{RETUR}", _noekler(valg), klokke.time, transport
        ),
        noekler=Jwks(valg.issuer, http, klokke, metadata=METADATA),
    )


def _slag(valg: Tilbydervalg) -> Slag:
    if valg.slag == "entra":
        return Entra(tider=valg.tider)
    if valg.ressurs is None:
        raise OppsettError("ansattporten må ha ressurs")
    scope = "openid profile" if valg.personidentifikator else "openid"
    return Ansattporten(ressurs=valg.ressurs, nivaa=valg.nivaa, scope=scope)


def _noekler(valg: Tilbydervalg) -> KeySource:
    kilde = noekkelkilde(valg.noekkel, valg.ny_noekkel)
    if any(noekkel.kid is None for noekkel in kilde.keys()):
        raise OppsettError("nøkkelen til portalen må ha kid; bruk en JWK")
    return kilde


def _tidspunkt(klokke: Clock) -> Callable[[], datetime]:
    return lambda: datetime.fromtimestamp(klokke.time(), UTC)
