"""Cases as a caseworker recognises them in a list: by the person's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.db.arkiv import Lager
from app.db.lager.oppgaver import Oppgave, Oppgavefilter, Oppgavetilstand
from app.db.lager.personer import Person
from app.db.lager.saker import Sak
from app.services.oppgaver import les_oppgaver
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.skjermede import skjermede

_SYNLIGE_SIFRE: Final = 6


@dataclass(frozen=True, slots=True)
class Saksvisning:
    """A case in a list.

    Attributes:
        sak: the case.
        navn: the person's name, or ``None`` when nobody has told us.
        foedt: the first six digits of the national id, enough to tell two of one name apart.
        skjermet: whether neither is shown because the person is shielded (kode 6 or 7).
    """

    sak: Sak
    navn: str | None = field(repr=False)
    foedt: str = field(repr=False)
    skjermet: bool = False


@dataclass(frozen=True, slots=True)
class Oppgavevisning:
    """A task in a list, with the case it is about."""

    oppgave: Oppgave
    gjelder: Saksvisning


@dataclass(frozen=True, slots=True)
class Startside:
    """What waits, and what the user worked with last."""

    oppgaver: tuple[Oppgavevisning, ...]
    flere: bool
    """Whether more tasks wait than are shown."""
    siste: tuple[Saksvisning, ...]


def saksvisning(sak: Sak, person: Person | None) -> Saksvisning:
    """A case with the person it is about."""
    if person is None:
        return Saksvisning(sak, None, "")
    return Saksvisning(sak, person.navn, person.ident[:_SYNLIGE_SIFRE])


async def vis_saker(lager: Lager, kall: Kall, saker: Iterable[Sak]) -> tuple[Saksvisning, ...]:
    """Cases with names, in the order given; that each name was shown is noted."""
    alle = list(saker)
    ider = {sak.person_id for sak in alle}
    personer = await lager.personer.mange(ider)
    skjulte = await skjermede(lager, ider)
    rader = [
        kall.rad(Handling.SAK_SOEKT, ident=personer[sak.person_id].ident, sak_id=sak.id)
        for sak in alle
        if sak.person_id in personer and sak.person_id not in skjulte
    ]
    await lager.revisjon.noter(kall.naa, *rader)
    return tuple(
        Saksvisning(sak, None, "", skjermet=True)
        if sak.person_id in skjulte
        else saksvisning(sak, personer.get(sak.person_id))
        for sak in alle
    )


async def startside(lager: Lager, kall: Kall, oppgaver: int, saker: int) -> Startside:
    """The start page of a caseworker.

    Args:
        lager: the kommune's.
        kall: whose page it is.
        oppgaver: how many tasks are shown.
        saker: how many cases.
    """
    ventende = await les_oppgaver(lager, kall, Oppgavefilter(tilstand=Oppgavetilstand.AAPEN), None, oppgaver)
    siste = await lager.revisjon.siste_saker(kall.aktoer.id, Handling.SAK_LEST, saker)
    funnet = await _saker(lager, [*(ett.sak_id for ett in ventende), *siste])
    synlige = ventende[:oppgaver]
    vist = await vis_saker(lager, kall, funnet.values())
    etter_id = {en.sak.id: en for en in vist}
    return Startside(
        oppgaver=tuple(
            Oppgavevisning(ett, etter_id[ett.sak_id]) for ett in synlige if ett.sak_id in etter_id
        ),
        flere=len(ventende) > oppgaver,
        siste=tuple(etter_id[id_] for id_ in siste if id_ in etter_id),
    )


async def _saker(lager: Lager, ider: Sequence[UUID]) -> dict[UUID, Sak]:
    funnet: dict[UUID, Sak] = {}
    for id_ in dict.fromkeys(ider):
        sak = await lager.saker.hent(id_)
        if sak is not None:
            funnet[id_] = sak
    return funnet
