"""What the kommune already knows of somebody a new case is to be about, so that nothing is told twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.db.arkiv import Lager
from app.db.ident import er_slettet_id
from app.db.lager.personer import Person
from app.db.lager.saker import Sak, Status
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.rader import LagretHusstandsrad
from app.services.sak.saker import hent_sak


@dataclass(frozen=True, slots=True, kw_only=True)
class KjentPerson:
    """Somebody the kommune has met before.

    Attributes:
        person: who.
        saker: the cases that are the person's own, the newest first.
        husstand: those who live with the person by the newest of them, without what lies in the past.
    """

    person: Person
    saker: tuple[Sak, ...]
    husstand: tuple[LagretHusstandsrad, ...] = field(repr=False)

    @property
    def aapne(self) -> tuple[Sak, ...]:
        """The cases in work."""
        return tuple(sak for sak in self.saker if sak.status is Status.AAPEN)


async def finn_kjent(lager: Lager, kall: Kall, ident: str) -> KjentPerson | None:
    """Somebody by national id, and note that it was asked; ``None`` when the kommune does not know the person.

    Args:
        lager: the kommune's.
        kall: who asks.
        ident: the national id.
    """
    person = await lager.personer.finn(ident)
    saker: Sequence[Sak] = () if person is None else (await lager.saker.hovedsaker(person.id))[::-1]
    await lager.revisjon.noter(
        kall.naa,
        kall.rad(
            Handling.SAK_SOEKT, ident=ident, formaal="ny sak om en person", antall={"treff": len(saker)}
        ),
    )
    if person is None:
        return None
    husstand: tuple[LagretHusstandsrad, ...] = ()
    if saker:
        innhold = (await hent_sak(lager, saker[0].id)).innhold
        husstand = tuple(rad for rad in innhold.husstand if _gjelder_ennaa(rad, kall.i_dag))
        andre = await lager.personer.i_sak(saker[0].id)
        identer = [en.ident for en in andre.values()]
        await lager.revisjon.noter(kall.naa, *kall.rader(identer, Handling.SAK_LEST, saker[0].id))
    return KjentPerson(person=person, saker=tuple(saker), husstand=husstand)


def _gjelder_ennaa(rad: LagretHusstandsrad, i_dag: date) -> bool:
    slettet = rad.person is not None and er_slettet_id(UUID(rad.person.person_id))
    return not slettet and (rad.til is None or rad.til >= i_dag)


async def navngi(lager: Lager, kall: Kall, personer: Collection[UUID]) -> dict[UUID, Person]:
    """Persons by reference, for a form that names them again; that they were shown is noted."""
    if not personer:
        return {}
    funnet = await lager.personer.mange(set(personer))
    await lager.revisjon.noter(
        kall.naa,
        *(
            kall.rad(Handling.SAK_SOEKT, ident=person.ident, formaal="ny sak om en person")
            for person in funnet.values()
        ),
    )
    return funnet
