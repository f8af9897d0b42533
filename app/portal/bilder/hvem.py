"""Who somebody is, as a page names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.db.ident import er_slettet_id
from app.db.lager.personer import Person

_SYNLIGE_SIFRE: Final = 6


@dataclass(frozen=True, slots=True)
class Hvem:
    """A person on a page.

    Attributes:
        navn: the name, or ``None`` when nobody has told us.
        foedt: the first six digits of the national id.
        slettet: whether the person has been erased.
    """

    navn: str | None = field(repr=False)
    foedt: str = field(repr=False)
    slettet: bool = False


class Navneliste:
    """Finds who a reference stands for."""

    def __init__(self, personer: Mapping[UUID, Person]) -> None:
        self._personer = personer

    def __getitem__(self, person_id: str | UUID) -> Hvem:
        id_ = person_id if isinstance(person_id, UUID) else UUID(person_id)
        person = self._personer.get(id_)
        if person is None:
            return Hvem(None, "", er_slettet_id(id_))
        return Hvem(person.navn, person.ident[:_SYNLIGE_SIFRE])
