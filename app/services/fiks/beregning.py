"""The use case: have it recorded, look everybody up, have the outcome recorded, and only then answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from app.services.fiks.bestilling import Bestilling, Bestillingsperson
from app.services.fiks.feil import Feilkode, FiksFeilError, hindring
from app.services.fiks.ord import Beregningstype, Persontype
from app.services.oppsett import InnstillingManglerError
from app.services.oppslag import Hentet

FORMAAL: Final = "Fiks-beregning"
FUNNET: Final = "FUNNET"
FEILET: Final = "FEILET"
PAABEGYNT: Final = "PAABEGYNT"
"""Noted before anything is asked, so that nothing is asked that is not noted."""


class Oppslagskilde(Protocol):
    """What is needed of the look-ups; ``app.services.oppslag.Oppslag`` has it."""

    async def langtidsopphold(
        self, kommune: str, aar: int, beboer: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]: ...
    async def forsoerget(self, kommune: str, aar: int, person: str) -> Hentet: ...
    async def praktisk_bistand(
        self, kommune: str, aar: int, mottaker: str, ektefelle: str | None = None
    ) -> tuple[Hentet, Hentet | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiksoppslag:
    """What the audit register is told of one request: about whom, why, and how it went."""

    kommune: str
    av: str
    """Who asked, as stored rows carry it."""
    formaal: str
    rolle_id: str
    """The client's own role; it never decides the kommune."""
    beregningstype: Beregningstype
    aar: tuple[int, ...]
    personer: tuple[tuple[str, str], ...] = field(repr=False)
    """The number, and PAABEGYNT before the look-up; after it FUNNET, the reason it was not, or FEILET."""


OppslagGjort = Callable[[Fiksoppslag], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoerrer:
    """Who asks."""

    kommune: str
    av: str
    rolle_id: str


async def hent(
    kilde: Oppslagskilde, oppslag_gjort: OppslagGjort, spoerrer: Spoerrer, bestilling: Bestilling
) -> list[Hentet]:
    """What Skatteetaten says of everybody, recorded before it is asked and again before it is given to anybody.

    Raises:
        FiksFeilError: somebody is missing, the kommune is not set up, or the look-up could not be recorded.
    """
    await _noter(oppslag_gjort, spoerrer, bestilling, [PAABEGYNT] * len(bestilling.personer))
    try:
        hentet = await asyncio.gather(
            *(_hent(kilde, spoerrer.kommune, bestilling, person) for person in bestilling.personer)
        )
    except InnstillingManglerError:
        raise FiksFeilError(
            Feilkode.TILGANG, "Kommunen er ikke satt opp for oppslag hos oss. Leverandøren må legge den inn."
        ) from None
    except Exception:
        await _noter(oppslag_gjort, spoerrer, bestilling, [FEILET] * len(bestilling.personer))
        raise
    await _noter(oppslag_gjort, spoerrer, bestilling, [_utfall(svar) for svar in hentet])
    feil = hindring(bestilling, hentet)
    if feil is not None:
        raise feil
    return hentet


async def _hent(
    kilde: Oppslagskilde, kommune: str, bestilling: Bestilling, person: Bestillingsperson
) -> Hentet:
    """No more is asked than what is used: tax only of the resident."""
    nummer, aar = person.identifikator, bestilling.aar
    if bestilling.type is Beregningstype.PRAKTISK_BISTAND:
        return (await kilde.praktisk_bistand(kommune, aar, nummer))[0]
    if person.type is Persontype.SOEKER:
        return (await kilde.langtidsopphold(kommune, aar, nummer))[0]
    return await kilde.forsoerget(kommune, aar, nummer)


def _utfall(hentet: Hentet) -> str:
    return ", ".join(mangler.grunn for mangler in hentet.mangler) or FUNNET


async def _noter(
    oppslag_gjort: OppslagGjort, spoerrer: Spoerrer, bestilling: Bestilling, utfall: Sequence[str]
) -> None:
    """Have the look-up recorded; nothing is answered when it cannot be."""
    numre = [person.identifikator for person in bestilling.personer]
    try:
        await oppslag_gjort(
            Fiksoppslag(
                kommune=spoerrer.kommune,
                av=spoerrer.av,
                formaal=FORMAAL,
                rolle_id=spoerrer.rolle_id,
                beregningstype=bestilling.type,
                aar=(bestilling.aar,),
                personer=tuple(zip(numre, utfall, strict=True)),
            )
        )
    except Exception:
        # Whatever went wrong may hold what it was told, so neither text nor cause is kept.
        raise FiksFeilError(
            Feilkode.REVISJON,
            "Oppslaget kunne ikke føres i hendelsesregisteret, og opplysningene blir derfor ikke gitt. Prøv igjen.",
        ) from None
