"""Everything the page of a case shows, read in one transaction and noted once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.calc.regler.par_1 import Oppholdsart
from app.calc.satser import SatsManglerError
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning, Beregningsrad, Tilstand
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.manuelle_poster import ManuellPost
from app.db.lager.oppgaver import Oppgave, Oppgavetilstand
from app.db.lager.personer import Person
from app.db.lager.revisjon import NyRad
from app.db.lager.vedtak import Vedtak
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett, Sykehusdoegn, les_oppsettstekst
from app.services.masse.rad import angrede_i
from app.services.revisjon import Handling
from app.services.sak.beregninger import hent_beregning
from app.services.sak.doegnregister import Doegntelling, doegntelling
from app.services.sak.drift import Kall
from app.services.sak.saker import Hentetsak, hent_sak

_TELLER: Final = frozenset({Oppholdsart.KORTTID_DOEGN, Oppholdsart.AVLASTNING})
"""The stays for which it matters how many days there have been."""

_TREET: Final = ',"forklaring":{'
"""Inside a JSON text a quotation mark is escaped, so this stands only where the tree begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saksside:
    """A case as its page shows it.

    Attributes:
        sak: the case.
        personer: everybody the case is about, by reference.
        beregninger: every calculation, the newest first.
        angrede: those that come from a mass run that was undone.
        valgt: the calculation that is shown, whole; ``None`` when there is none of the year.
        forrige: the newest final calculation of the year before, whole, when the one shown is provisional.
        vedtak: every decision, the oldest first; also those that wait to be approved, or were refused.
        etteroppgjoer: every settlement, the oldest first.
        oppgaver: the tasks that wait, the most pressing first.
        poster: the manual posts in force.
        oppsett: the kommune's setup; ``None`` when it has none.
        telling: where the year stands with the 60 days, for short stays.
    """

    sak: Hentetsak
    personer: Mapping[UUID, Person] = field(repr=False)
    beregninger: tuple[Beregningsrad, ...]
    angrede: frozenset[UUID]
    valgt: Beregning | None
    forrige: Beregning | None
    vedtak: tuple[Vedtak, ...]
    etteroppgjoer: tuple[Etteroppgjoer, ...]
    oppgaver: tuple[Oppgave, ...]
    poster: tuple[ManuellPost, ...]
    oppsett: Kommuneoppsett | None
    telling: Doegntelling | None

    @property
    def vedtak_i_kraft(self) -> tuple[Vedtak, ...]:
        """The decisions that hold."""
        return tuple(ett for ett in self.vedtak if ett.i_kraft)

    @property
    def institusjonsnavn(self) -> Mapping[str, str]:
        """The names of the kommune's institutions, by code."""
        return {} if self.oppsett is None else {en.kode: en.navn for en in self.oppsett.institusjoner}


async def les_saksside(
    lager: Lager, kall: Kall, sak_id: UUID, *, aar: int | None = None, beregning_id: UUID | None = None
) -> Saksside:
    """The page of a case.

    Args:
        lager: the kommune's.
        kall: who looks.
        sak_id: the case.
        aar: the year that is shown; left out it is the running one, else the one calculated last.
        beregning_id: the calculation that is shown, instead of a year's newest.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such calculation.
    """
    sak = await hent_sak(lager, sak_id)
    personer = await lager.personer.i_sak(sak_id)
    alle = await lager.beregninger.rader(sak_id)
    angrede = await angrede_i(lager, sak_id, sak_id) if alle else frozenset[UUID]()
    if beregning_id is None:
        beregning_id = den_som_vises(alle, angrede, kall.i_dag.year, aar)
    valgt = None if beregning_id is None else await hent_beregning(lager, sak_id, beregning_id)
    vist_aar = valgt.aar if valgt is not None else aar or kall.i_dag.year
    oppsett = await _oppsett(lager)
    side = Saksside(
        sak=sak,
        personer=personer,
        beregninger=tuple(alle),
        angrede=angrede,
        valgt=valgt,
        forrige=await _forrige(lager, sak_id, alle, angrede, valgt),
        vedtak=tuple(await lager.vedtak.alle(sak_id)),
        etteroppgjoer=tuple(await lager.etteroppgjoer.for_sak(sak_id)),
        oppgaver=_aapne(await lager.oppgaver.for_sak(sak_id)),
        poster=tuple(post for post in await lager.manuelle_poster.for_sak(sak_id) if post.opphevet is None),
        oppsett=oppsett,
        telling=telling(kall, sak, oppsett, vist_aar),
    )
    await lager.revisjon.noter(kall.naa, *_rader(kall, side))
    return side


def den_som_vises(
    alle: Sequence[Beregningsrad], angrede: Collection[UUID], i_aar: int, aar: int | None
) -> UUID | None:
    """The newest calculation that holds: of the year asked for; else of the running year, else of any.

    Args:
        alle: every calculation, the newest first.
        angrede: those that come from a mass run that was undone.
        i_aar: the running year.
        aar: the year that is asked for.
    """
    gjelder = [en for en in alle if en.id not in angrede]
    valgt_aar = next((en for en in gjelder if en.aar == (aar or i_aar)), None)
    if valgt_aar is None and aar is None:
        valgt_aar = next(iter(gjelder), None)
    return None if valgt_aar is None else valgt_aar.id


async def _forrige(
    lager: Lager,
    sak_id: UUID,
    alle: Sequence[Beregningsrad],
    angrede: Collection[UUID],
    valgt: Beregning | None,
) -> Beregning | None:
    """What a provisional year is held beside: the year before, from its own settlement."""
    if valgt is None or not valgt.foreloepig:
        return None
    funnet = next(
        (
            en.id
            for en in alle
            if en.aar == valgt.aar - 1
            and en.id not in angrede
            and not en.foreloepig
            and en.tilstand is Tilstand.BEREGNET
        ),
        None,
    )
    return None if funnet is None else await lager.beregninger.hent(funnet, sak_id)


def _aapne(alle: Sequence[Oppgave]) -> tuple[Oppgave, ...]:
    aapne = (ett for ett in alle if ett.tilstand is Oppgavetilstand.AAPEN)
    return tuple(sorted(aapne, key=lambda ett: (ett.hast, ett.id)))


async def _oppsett(lager: Lager) -> Kommuneoppsett | None:
    versjon = await lager.kommuner.oppsett()
    return None if versjon is None else les_oppsettstekst(versjon.innhold)


def telling(kall: Kall, sak: Hentetsak, oppsett: Kommuneoppsett | None, aar: int) -> Doegntelling | None:
    """Where a year stands with the 60 days; ``None`` when the case has no short stay, or it cannot be known."""
    if oppsett is None or not any(rad.art in _TELLER for rad in sak.innhold.opphold):
        return None
    try:
        valgt = aarsoppsett(oppsett, aar)
        betales = valgt.sykehusdoegn is Sykehusdoegn.BETALES
        return doegntelling(sak.innhold, aar, valgt.langtid, kall.i_dag, sykehusdoegn_betales=betales)
    except (OppsettManglerError, SatsManglerError):
        return None


def _rader(kall: Kall, side: Saksside) -> Iterator[NyRad]:
    """One row for each person and each kind of thing that was shown."""
    aar = sorted({en.aar for en in side.beregninger})
    vist = (
        (Handling.SAK_LEST, True),
        (Handling.BEREGNING_LEST, bool(side.beregninger)),
        (Handling.VEDTAK_LEST, bool(side.vedtak)),
        (Handling.ETTEROPPGJOER_LEST, bool(side.etteroppgjoer)),
        (Handling.MANUELL_POST_LEST, bool(side.poster)),
        (Handling.OPPGAVE_LEST, bool(side.oppgaver)),
    )
    identer = [person.ident for person in side.personer.values()]
    for handling, noe in vist:
        if noe:
            yield from kall.rader(identer, handling, side.sak.sak.id, aar=aar)


def uten_tre(resultat: str) -> dict[str, Any]:
    """A stored result without its explanation tree, which is most of the text and is not read."""
    foran, skille, _ = resultat.partition(_TREET)
    lest: dict[str, Any] = les_json(f"{foran}}}" if skille else resultat)
    return lest


def treet(resultat: str) -> dict[str, Any]:
    """The explanation tree of a stored result."""
    tre: dict[str, Any] = les_json(resultat)["forklaring"]
    return tre
