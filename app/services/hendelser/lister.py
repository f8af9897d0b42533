"""The lists we follow, and the kommuner they can be read for."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Hendelsesmottak
from app.db.lager.arbeid import Liste
from app.klokke import dagen
from app.services.kommuneoppsett.dokument import les_oppsett
from app.services.kommuneoppsett.innstilling import som_innstilling
from app.services.oppslag import Oppslag
from app.settings.hendelser import Hendelser
from app.settings.skatteetaten import ApiNavn

API: Final[Mapping[Liste, ApiNavn]] = MappingProxyType(
    {
        Liste.SKATTEOPPGJOER: ApiNavn.SKATTEOPPGJOER_HENDELSER,
        Liste.INNTEKT: ApiNavn.INNTEKT_HENDELSER,
    }
)
"""Where each list is read."""

MANDAT: Final[Mapping[Liste, str]] = MappingProxyType({liste: f"mottak-{liste.lower()}" for liste in Liste})
"""Who reads each list has this mandate."""


def mottaket(arkiv: Arkiv) -> Hendelsesmottak:
    """Where the lists' places and events are kept."""
    return Hendelsesmottak(arkiv.database, arkiv.ring)


async def lesere(arkiv: Arkiv, oppslag: Oppslag, liste: Liste, foerst: str | None) -> AsyncIterator[str]:
    """The kommuner the list can be read on behalf of: the one asked for first, those we have used, then the rest.

    Args:
        arkiv: where the kommuner have their setups.
        oppslag: the kommuner in use.
        liste: which.
        foerst: the one to begin with, if it has the list.
    """
    kjente = oppslag.kommuner_med(API[liste])
    for kommune in sorted(kjente, key=lambda k: k != foerst):
        yield kommune
    await ta_alle_i_bruk(arkiv, oppslag)
    for kommune in oppslag.kommuner_med(API[liste]):
        if kommune not in kjente:
            yield kommune


async def ta_alle_i_bruk(arkiv: Arkiv, oppslag: Oppslag) -> None:
    """Let every kommune that is taken in look up as it has set up itself."""
    for kommune in await arkiv.kommuner():
        async with arkiv.les(kommune) as lager:
            versjon = await lager.kommuner.oppsett()
        if versjon is not None:
            oppslag.ta_i_bruk(kommune, som_innstilling(les_oppsett(les_json(versjon.innhold))))


async def foerste_dag(mottak: Hendelsesmottak, valg: Hendelser, naa: datetime) -> date:
    """The day a list is read from the first time: nothing we keep is older than what is read."""
    if valg.fra_dato is not None:
        return valg.fra_dato
    eldste = await mottak.eldste_grunnlag()
    return listedag(naa) if eldste is None else listedag(eldste) - timedelta(days=1)


def listedag(tidspunkt: datetime) -> date:
    """The day to ask a list from, for nothing published at that time or later to be left out.

    Nothing we have read says whether a list is dated by Norwegian time or by UTC. The day in UTC is never the later
    of the two; the Norwegian one is, for an hour or two after midnight.
    """
    return tidspunkt.astimezone(UTC).date()


def fulgt_fra(valg: Hendelser, naa: datetime) -> date:
    """Persons whose last case ended on this day or later are still followed."""
    i_dag = dagen(naa)
    try:
        return i_dag.replace(year=i_dag.year - valg.foelges_aar)
    except ValueError:
        return i_dag.replace(year=i_dag.year - valg.foelges_aar, day=28)
