"""Who a change of the document concerns: the cases with calculations of the years it reaches back to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.services.kommuneoppsett.forskjell import Oppsettsdel, Oppsettsforskjell
from app.services.sak.drift import Kall
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saksvisning import Saksvisning, vis_saker

VISTE: Final = 20
"""Cases that are named; the number of them is whole."""
_BOLK: Final = 500

_TJENESTER: Final[Mapping[Oppsettsdel, frozenset[Sakstjeneste]]] = {
    Oppsettsdel.VALG: frozenset(Sakstjeneste),
    Oppsettsdel.PRISREGISTER: frozenset({Sakstjeneste.PRAKTISK_BISTAND}),
    Oppsettsdel.INSTITUSJONER: frozenset({Sakstjeneste.LANGTIDSOPPHOLD}),
    Oppsettsdel.UTBETALERE: frozenset({Sakstjeneste.LANGTIDSOPPHOLD}),
    Oppsettsdel.RESTEN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Beroerte:
    """The cases a change concerns.

    Attributes:
        antall: how many.
        fra_aar: the first calendar year.
        viste: the first of them, with names.
    """

    antall: int
    fra_aar: int
    viste: tuple[Saksvisning, ...]


def i_fortiden(endringer: Iterable[Oppsettsforskjell], i_dag: date) -> list[Oppsettsforskjell]:
    """Those that reach back: something may have been calculated with what stood there."""
    return [en for en in endringer if en.fra is not None and en.fra <= i_dag]


async def finn_beroerte(lager: Lager, kall: Kall, endringer: Iterable[Oppsettsforskjell]) -> Beroerte | None:
    """The cases with calculations of a year that a change reaches; ``None`` when no change has a date.

    A case is concerned when its service is, and, where it is about an institution, when it has a stay there.
    """
    daterte = [(en, en.fra.year) for en in endringer if en.fra is not None]
    if not daterte:
        return None
    funnet: set[UUID] = set()
    for en, aar in daterte:
        saker = await lager.massesaker.beregnede(_TJENESTER[en.del_], aar)
        if en.del_ is Oppsettsdel.INSTITUSJONER:
            saker = await _i_institusjon(lager, saker, en.gjelder)
        funnet |= saker
    foerste = sorted(funnet)[:VISTE]
    hentet = await lager.massesaker.hent(foerste)
    viste = await vis_saker(lager, kall, (hentet[id_] for id_ in foerste))
    return Beroerte(len(funnet), min(aar for _, aar in daterte), viste)


async def _i_institusjon(lager: Lager, saker: set[UUID], kode: str) -> set[UUID]:
    i_rekkefoelge = sorted(saker)
    funnet = set()
    for start in range(0, len(i_rekkefoelge), _BOLK):
        bolk = i_rekkefoelge[start : start + _BOLK]
        for (sak_id, _), innhold in (await lager.massesaker.innhold(bolk[0], bolk[-1])).items():
            if sak_id in saker and kode in innhold and _bor_der(innhold, kode):
                funnet.add(sak_id)
    return funnet


def _bor_der(innhold: str, kode: str) -> bool:
    return any(en.get("institusjon") == kode for en in les_json(innhold).get("opphold", ()))
