"""The cases that follow a person, each with everything that decides what an event means for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning
from app.db.lager.grunnlag import Grunnlag
from app.db.lager.manuelle_poster import ManuellPost
from app.db.lager.saker import Sak, Status
from app.db.lager.vedtak import Vedtak
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.masse.rad import angrede_i
from app.services.sak.forespoersler import Avslutningsgrunn
from app.services.sak.saker import Hentetsak, hent_sak, identene, oppsettet


@dataclass(frozen=True, slots=True, kw_only=True)
class Foelgesak:
    """A case as it stands, read in one transaction."""

    hentet: Hentetsak
    oppsett: Kommuneoppsett
    oppsett_versjon: int
    identer: Mapping[UUID, str]
    grunnlag: Sequence[Grunnlag]
    beregninger: Sequence[Beregning]
    """All but those from a run that was undone."""
    vedtak: Sequence[Vedtak]
    poster: Sequence[ManuellPost]

    @property
    def id(self) -> UUID:
        """The case's id."""
        return self.hentet.sak.id

    @property
    def aar_i_bruk(self) -> list[int]:
        """The calendar years the case has calculations of."""
        return sorted({en.aar for en in self.beregninger})

    def av_aaret(self, aar: int) -> list[Beregning]:
        """The calculations of a year in the order they were made."""
        return [en for en in self.beregninger if en.aar == aar]


async def saker_som_foelger(lager: Lager, person_id: UUID, fulgt_fra: date) -> list[UUID]:
    """The cases for which something new about a person matters, in a fixed order.

    Args:
        lager: the kommune's.
        person_id: the person.
        fulgt_fra: cases that ended before this day are followed no more.
    """
    saker = [await lager.saker.hent(id_) for id_ in await lager.saker.for_person(person_id)]
    return sorted(sak.id for sak in saker if sak is not None and _foelges(sak, fulgt_fra))


def _foelges(sak: Sak, fulgt_fra: date) -> bool:
    if sak.status is Status.AAPEN or sak.avsluttet_dato is None:
        return True
    if sak.avsluttet_grunn == Avslutningsgrunn.FEILREGISTRERT:
        return False
    return sak.avsluttet_dato >= fulgt_fra


async def les_foelgesak(lager: Lager, sak_id: UUID) -> Foelgesak:
    """A case with everything.

    Raises:
        FinnesIkkeError: it is gone.
        KonfliktError: the kommune has no setup.
    """
    oppsett, versjon = await oppsettet(lager)
    angrede = await angrede_i(lager, sak_id, sak_id)
    return Foelgesak(
        hentet=await hent_sak(lager, sak_id),
        oppsett=oppsett,
        oppsett_versjon=versjon,
        identer=await identene(lager, sak_id),
        grunnlag=await lager.grunnlag.for_sak(sak_id),
        beregninger=[en for en in await lager.beregninger.for_sak(sak_id) if en.id not in angrede],
        vedtak=await lager.vedtak.for_sak(sak_id),
        poster=await lager.manuelle_poster.for_sak(sak_id),
    )
