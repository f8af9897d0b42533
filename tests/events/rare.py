"""Lists read to the end as the service does it, however strange they are."""

from random import Random
from typing import Any

from app.db.arkiv import Arkiv
from tests.baser import ny_database
from tests.db.verden import kjoer
from tests.events.liste import TOMME, Forstyrrer, Listetjener, fasit, personer, rar
from tests.events.verden import FJORDVIK, SKOGLI, foelg, holder, koblet, mottak, stand

IDENTER = personer(40)
FOELGES = {FJORDVIK: IDENTER[:15], SKOGLI: IDENTER[10:20]}
"""Five persons are followed by both, and twenty by nobody."""


async def les_til_endes(arkiv: Arkiv, tjener: Listetjener, **valg: Any) -> None:
    """Read again and again, as the service does, until the end is reached."""
    slutt = tjener.hendelser[-1].nummer + 1
    async with koblet(tjener) as (oppslag, clock), holder(arkiv) as mandat:
        m = mottak(arkiv, oppslag, clock, **valg)
        for _ in range(200):
            clock.gaa(1_000)
            lesing = await m.les(mandat)
            if lesing.stans is None and lesing.neste == slutt:
                return
    raise AssertionError("kom aldri til slutten")


def en_rar_liste(motor: str, froe: int) -> set[str]:
    """Follow one generated list to its end; what it was disturbed by."""
    tilfeldig = Random(froe)
    liste = rar(tilfeldig, tilfeldig.randint(1, 300), IDENTER)
    forstyrrer = Forstyrrer(tilfeldig)
    tjener = Listetjener(liste, forstyrrer, tilfeldig.choice(TOMME), stokk=tilfeldig)

    async def oppgave(arkiv: Arkiv) -> None:
        await foelg(arkiv, FOELGES)
        await les_til_endes(arkiv, tjener, sidestoerrelse=tilfeldig.choice((1, 7, 50, 1000)))
        assert await stand(arkiv, IDENTER) == fasit(liste, FOELGES), froe

    kjoer(ny_database(motor), oppgave)
    return forstyrrer.slag
