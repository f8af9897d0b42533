"""Look-ups somebody should ask about: of oneself, of a colleague, of very many. Found in the audit register, and judged there.

Only what a user opened is counted: a name in a list was put there by the service. Machines are left out; their owner
has the register of who sits behind them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import Dato, Objekt, Tekst, Valgt, felt
from app.db.arkiv import Arkiv, Lager
from app.db.lager.revisjon import Rad, Revisjonsfilter
from app.klokke import OSLO, dagen
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, UgyldigSakError
from app.settings.personvern import Personvern

AAPNET: Final = frozenset(
    {
        Handling.OPPSLAG,
        Handling.SAK_OPPRETTET,
        Handling.SAK_ENDRET,
        Handling.SAK_LEST,
        Handling.BEREGNING_LAGET,
        Handling.BEREGNING_LEST,
        Handling.FORHAANDSVIST,
        Handling.GRUNNLAG_LEST,
        Handling.VEDTAK_FATTET,
        Handling.VEDTAK_AVGJORT,
        Handling.VEDTAK_LEST,
        Handling.ETTEROPPGJOER_LAGET,
        Handling.ETTEROPPGJOER_LEST,
        Handling.BREV_LAGET,
        Handling.BREV_LEST,
        Handling.MANUELL_POST_NY,
        Handling.MANUELL_POST_OPPHEVET,
        Handling.MANUELL_POST_LEST,
        Handling.INNSYN,
        Handling.SLETTING,
    }
)
"""What is done with one case or person at a time."""

_FLEST_SAKER: Final = 20
_LENGST: Final = 100
_VURDERT: Final = re.compile(r"vurdering av oppslag: (\w+) (\d{4}-\d{2}-\d{2}) (\S+) (\w+)")
_SISTE_RAD: Final = "sisteRad"


class Slag(StrEnum):
    """What there is to ask about."""

    EGEN = "EGEN"
    """The user is in the case."""
    KOLLEGA = "KOLLEGA"
    """Another user of the kommune is in it."""
    MANGE = "MANGE"
    """The user opened more persons in a day than anybody is expected to."""


class Konklusjon(StrEnum):
    """What whoever judged it came to."""

    TJENSTLIG = "TJENSTLIG"
    """It was part of the work."""
    FULGT_OPP = "FULGT_OPP"
    """It was not, or may not have been, and is followed up by the kommune's own routine."""


class Sett(NamedTuple):
    """A user had one person's data open."""

    nr: int
    dag: date
    bruker: str
    merke: str
    sak_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilfelle:
    """One user's look-ups of one kind on one day."""

    slag: Slag
    bruker: str
    """The user's opaque id."""
    dag: date
    personer: int
    rader: int
    """How many rows of the register say so."""
    foerste_rad: int
    siste_rad: int
    saker: tuple[UUID, ...]
    """The first of the cases."""
    konklusjon: Konklusjon | None = None
    """What was said of it; ``None`` when nobody has, or when there has been more since."""


@dataclass(frozen=True, slots=True)
class Tilsyn:
    """What was found, the newest day first, and how many rows were looked through."""

    tilfeller: tuple[Tilfelle, ...]
    rader: int

    @property
    def uvurdert(self) -> tuple[Tilfelle, ...]:
        """Those somebody must still judge."""
        return tuple(ett for ett in self.tilfeller if ett.konklusjon is None)


@dataclass(frozen=True, slots=True)
class Vurdering:
    """What somebody has come to about look-ups."""

    slag: Slag = felt(Valgt(Slag), "Hva slags oppslag det er")
    bruker: str = felt(Tekst(_LENGST), "Brukerens id, slik registeret har den")
    dag: date = felt(Dato(), "Dagen")
    konklusjon: Konklusjon = felt(
        Valgt(Konklusjon), "TJENSTLIG, eller FULGT_OPP når kommunen følger det opp etter egen rutine"
    )


VURDERING: Final = Objekt(Vurdering)


def finn(sett: Iterable[Sett], merker: Mapping[str, str], mange: int) -> list[Tilfelle]:
    """What there is to ask about.

    Args:
        sett: what users had open.
        merker: the users' own marks.
        mange: how many persons a user may open in a day.
    """
    brukere = set(merker.values())
    grupper: dict[tuple[Slag, str, date], list[Sett]] = {}
    for ett in sett:
        grupper.setdefault((Slag.MANGE, ett.bruker, ett.dag), []).append(ett)
        if ett.merke == merker.get(ett.bruker):
            grupper.setdefault((Slag.EGEN, ett.bruker, ett.dag), []).append(ett)
        elif ett.merke in brukere:
            grupper.setdefault((Slag.KOLLEGA, ett.bruker, ett.dag), []).append(ett)
    tilfeller = (_tilfelle(slag, alle) for (slag, _, _), alle in grupper.items())
    funnet = (ett for ett in tilfeller if ett.slag is not Slag.MANGE or ett.personer > mange)
    return sorted(funnet, key=lambda ett: (-ett.dag.toordinal(), list(Slag).index(ett.slag), ett.bruker))


def _tilfelle(slag: Slag, alle: Sequence[Sett]) -> Tilfelle:
    saker = dict.fromkeys(ett.sak_id for ett in alle if ett.sak_id is not None)
    return Tilfelle(
        slag=slag,
        bruker=alle[0].bruker,
        dag=alle[0].dag,
        personer=len({ett.merke for ett in alle}),
        rader=len(alle),
        foerste_rad=alle[0].nr,
        siste_rad=alle[-1].nr,
        saker=tuple(saker)[:_FLEST_SAKER],
    )


async def se_etter(lager: Lager, naa: datetime, valg: Personvern) -> Tilsyn:
    """Go through the register, as many days back as the settings say."""
    return await _siden(lager, dagen(naa) - timedelta(days=valg.tilsyn_doegn), valg.mange_personer)


async def _siden(lager: Lager, dag: date, mange: int) -> Tilsyn:
    fra = datetime.combine(dag, time(), OSLO)
    sett = [_sett(rad) async for rad in lager.revisjon.brukeres(AAPNET, fra)]
    vurdert = await _vurdert(lager, fra)
    tilfeller = []
    for ett in finn(sett, await lager.brukere.merker(), mange):
        konklusjon, til_og_med = vurdert.get((ett.slag, ett.dag, ett.bruker), (None, 0))
        tilfeller.append(replace(ett, konklusjon=konklusjon) if til_og_med >= ett.siste_rad else ett)
    return Tilsyn(tuple(tilfeller), len(sett))


def _sett(rad: Rad) -> Sett:
    bruker: str = les_json(rad.innhold)["aktoer"]["id"]
    return Sett(rad.nr, dagen(rad.tidspunkt), bruker, rad.personmerke or "", rad.sak_id)


async def _vurdert(lager: Lager, fra: datetime) -> dict[tuple[str, date, str], tuple[Konklusjon, int]]:
    """What was said last of each, and up to which row."""
    svar = {}
    async for rad in lager.revisjon.alle(Revisjonsfilter(handling=Handling.TILSYN_VURDERT, fra=fra)):
        innhold = les_json(rad.innhold)
        if (treff := _VURDERT.fullmatch(innhold["formaal"])) is not None:
            slag, dag, bruker, konklusjon = treff.groups()
            svar[slag, date.fromisoformat(dag), bruker] = (
                Konklusjon(konklusjon),
                innhold["antall"][_SISTE_RAD],
            )
    return svar


async def les_tilsyn(arkiv: Arkiv, kall: Kall, valg: Personvern) -> Tilsyn:
    """The same for somebody who asks; that they did is noted before it is told. Others need not wait for the reading."""
    async with arkiv.les(kall.aktoer.kommune) as lager:
        funnet = await se_etter(lager, kall.naa, valg)
    rad = kall.rad(
        Handling.REVISJON_LEST,
        formaal="tilsyn med oppslag",
        antall={"rader": funnet.rader, "tilfeller": len(funnet.tilfeller)},
    )
    async with arkiv.skriv(kall.aktoer.kommune) as lager:
        await lager.revisjon.noter(kall.naa, rad)
    return funnet


async def vurder(arkiv: Arkiv, kall: Kall, vurdering: Vurdering, valg: Personvern) -> Tilfelle:
    """Note what somebody has come to about look-ups; the register is where it stands.

    Raises:
        FinnesIkkeError: there are no such look-ups.
        UgyldigSakError: they are one's own.
    """
    if vurdering.bruker == kall.aktoer.id:
        raise UgyldigSakError(
            Feil("/bruker", "egne-oppslag", "Oppslagene er dine egne. En annen må vurdere dem.")
        )
    async with arkiv.les(kall.aktoer.kommune) as lager:
        alle = await _siden(lager, vurdering.dag, valg.mange_personer)
    hvilket = (vurdering.slag, vurdering.bruker, vurdering.dag)
    funnet = next((ett for ett in alle.tilfeller if (ett.slag, ett.bruker, ett.dag) == hvilket), None)
    if funnet is None:
        raise FinnesIkkeError("oppslagene")
    rad = kall.rad(
        Handling.TILSYN_VURDERT,
        formaal=f"vurdering av oppslag: {funnet.slag} {funnet.dag} {funnet.bruker} {vurdering.konklusjon}",
        antall={"rader": funnet.rader, "personer": funnet.personer, _SISTE_RAD: funnet.siste_rad},
    )
    async with arkiv.skriv(kall.aktoer.kommune) as lager:
        await lager.revisjon.noter(kall.naa, rad)
    return replace(funnet, konklusjon=vurdering.konklusjon)
