"""The list of a run as people read it: with whom each case is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.db.arkiv import Lager
from app.services.masse.rad import MasseradUt, Masseutfall, rad_ut
from app.services.revisjon import Handling
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import FinnesIkkeError
from app.services.sak.saksvisning import Saksvisning, saksvisning

_PORSJON: Final = 500


@dataclass(frozen=True, slots=True)
class Listerad:
    """One case in a run, with whom it is about; the case is gone when the person was erased since."""

    rad: MasseradUt
    gjelder: Saksvisning | None = field(repr=False)


KOLONNER: Final = (
    "sak",
    "referanse",
    "navn",
    "tjeneste",
    "utfall",
    "året før, kroner",
    "året etter, kroner",
    "endring for året, kroner",
    "merknad",
)
"""Of the tables."""


async def les_liste(
    lager: Lager, kall: Kall, id_: UUID, etter: UUID | None, antall: int, utfall: Sequence[Masseutfall] = ()
) -> list[Listerad]:
    """Rows in the order of the cases, with names; one more than asked for shows that there are more.

    That each person was shown is noted.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    kjoering = await lager.massekjoeringer.hent(id_)
    if kjoering is None:
        raise FinnesIkkeError("massekjøringen")
    rader = await lager.massekjoeringer.rader(id_, etter, antall + 1, utfall)
    saker = await lager.massesaker.hent([rad.sak_id for rad in rader])
    personer = await lager.personer.mange({sak.person_id for sak in saker.values()})
    aar = [kjoering.aar]
    noteres = [
        kall.rad(Handling.MASSEKJOERING_LEST, ident=personer[sak.person_id].ident, sak_id=sak.id, aar=aar)
        for sak in saker.values()
        if sak.person_id in personer
    ]
    om_listen = kall.rad(Handling.MASSEKJOERING_LEST, formaal=f"massekjøring {id_}", aar=aar)
    await lager.revisjon.noter(kall.naa, om_listen, *noteres)
    return [
        Listerad(
            rad_ut(rad),
            saksvisning(sak, personer.get(sak.person_id)) if (sak := saker.get(rad.sak_id)) else None,
        )
        for rad in rader
    ]


async def hele_listen(drift: Saksdrift, kall: Kall, id_: UUID) -> list[Listerad]:
    """Every row, read a portion at a time so that others get their turn.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    alle: list[Listerad] = []
    etter: UUID | None = None
    while True:
        async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
            funnet = await les_liste(lager, kall, id_, etter, _PORSJON)
        alle += funnet[:_PORSJON]
        if len(funnet) <= _PORSJON:
            return alle
        etter = UUID(funnet[_PORSJON - 1].rad.sak_id)


def tabell(rader: Sequence[Listerad]) -> Iterator[Sequence[Any]]:
    """As rows of a table; what is not known is an empty cell."""
    for en in rader:
        sak = None if en.gjelder is None else en.gjelder.sak
        yield [
            en.rad.sak_id,
            None if sak is None else sak.referanse,
            None if en.gjelder is None else en.gjelder.navn,
            None if sak is None else sak.tjeneste,
            en.rad.utfall.value,
            en.rad.foer_aar,
            en.rad.etter_aar,
            en.rad.endring,
            en.rad.tekst,
        ]
