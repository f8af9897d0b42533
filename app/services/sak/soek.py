"""Finding cases: by national id, by name, by service and status.

Whoever is shielded (kode 6 or 7) is not found by name: that there was a hit would tell where the person gets care. By
national id the case is found as always.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.db.lager.personer import Person
from app.db.lager.revisjon import NyRad
from app.db.lager.saker import Sak, Saksfilter
from app.db.navneord import KORTEST, kan_soekes
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import UgyldigSakError
from app.services.sak.skjermede import skjermede

FLEST_PERSONER: Final = 100
"""So many may have the name that is looked for; more are too many to choose among."""
_FORMAAL: Final = "søk etter saker"
_PAA_NAVN: Final = "søk etter saker på navn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Soek:
    """What is looked for; what is left out does not limit."""

    filter_: Saksfilter = Saksfilter()
    ident: str | None = field(default=None, repr=False)
    """National id; finds every case the person is part of."""
    navn: str | None = field(default=None, repr=False)
    """The beginnings of words in the name of anybody the case is about."""


async def soek_saker(lager: Lager, kall: Kall, soek: Soek, etter: UUID | None, antall: int) -> Sequence[Sak]:
    """Cases that match, in the order they were made; one more than asked for shows that there are more.

    Args:
        lager: the kommune's.
        kall: who searches.
        soek: what is searched for.
        etter: the last case of the page before.
        antall: how many.

    Raises:
        UgyldigSakError: the name is too short, or too many have it.
    """
    treff: Sequence[Sak] = ()
    personer = None if soek.navn is None else await _med_navn(lager, soek.navn)
    if soek.ident is not None:
        person = await lager.personer.finn(soek.ident)
        funnet = [] if person is None else [person]
        personer = funnet if personer is None else [en for en in funnet if en in personer]
    if personer is None:
        treff = await lager.saker.soek(soek.filter_, etter, antall + 1)
    elif personer:
        blant = frozenset(en.id for en in personer)
        treff = await lager.saker.soek(replace(soek.filter_, personer=blant), etter, antall + 1)
    await lager.revisjon.noter(
        kall.naa,
        kall.rad(
            Handling.SAK_SOEKT,
            ident=soek.ident,
            formaal=_FORMAAL if soek.navn is None else _PAA_NAVN,
            antall={"treff": len(treff)},
        ),
        *_funnet_paa_navn(kall, soek, personer or ()),
    )
    return treff


def _funnet_paa_navn(kall: Kall, soek: Soek, personer: Collection[Person]) -> list[NyRad]:
    """A row for each who was found by name: that somebody has a case was told of each of them."""
    if soek.navn is None:
        return []
    identer = sorted(en.ident for en in personer if en.ident != soek.ident)
    return [kall.rad(Handling.SAK_SOEKT, ident=ident, formaal=_PAA_NAVN, data=["navn"]) for ident in identer]


async def _med_navn(lager: Lager, navn: str) -> list[Person]:
    if not kan_soekes(navn):
        raise UgyldigSakError(
            Feil("/navn", "for-kort-navn", f"Skriv minst {KORTEST} bokstaver av fornavnet eller etternavnet.")
        )
    funnet = await lager.personer.med_navn(navn, FLEST_PERSONER)
    if funnet is None:
        raise UgyldigSakError(
            Feil(
                "/navn",
                "for-mange-treff",
                f"Over {FLEST_PERSONER} personer passer. Skriv mer av navnet, eller søk på fødselsnummer.",
            )
        )
    skjulte = await skjermede(lager, [en.id for en in funnet])
    return [en for en in funnet if en.id not in skjulte]
