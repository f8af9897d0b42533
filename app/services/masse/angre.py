"""A run undone, as far as nobody has decided on what it led to.

A calculation is never changed or taken away; the row says that it comes from a run that was undone, and from then on
nothing builds on it. What a decision or a settlement builds on, stands, and the row says so.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.endringer import Endringstype, endring
from app.services.masse.gang import PORSJON, flytt, hold
from app.services.masse.rad import ER_KJOERT, Masseutfall, beregninger_i
from app.services.masse.radinnhold import les_radinnhold
from app.services.masse.stand import lagt_til, les_stand
from app.services.oppgaver import Oppgaveslag
from app.services.sak.drift import Saksdrift

_ANGRET: Final = "Massekjøringen er angret."
_AVGJORT: Final = (
    "Det er fattet vedtak eller gjort etteroppgjør på beregningen fra kjøringen. Vurder saken for seg; et nytt vedtak "
    "kan komme i stedet."
)


async def angre_portion(drift: Saksdrift, kjoering: Massekjoering, kommune: str, naa: datetime) -> None:
    """Undo the next portion."""
    stand = les_stand(kjoering.innhold)
    async with drift.arkiv.skriv(kommune) as lager:
        if not await hold(lager, kjoering):
            return
        rader = await lager.massekjoeringer.rader(kjoering.id, stand.etter, PORSJON, ER_KJOERT)
        # Held, so that nobody decides on them meanwhile.
        await lager.massesaker.laas([rad.sak_id for rad in rader])
        avgjorte = await lager.massesaker.avgjorte([id_ for rad in rader for id_ in beregninger_i(rad)])
        nye = [_angret(rad, avgjorte) for rad in rader]
        await lager.massekjoeringer.erstatt_rader(kjoering.id, nye)
        angrede = {rad.sak_id: str(rad.etter_id) for rad in nye if rad.utfall == Masseutfall.ANGRET}
        av = kjoering.angret_av or kjoering.av
        lukket = await lager.masseoppgaver.lukk(
            Oppgaveslag.MASSEKJOERING, kjoering.aar, angrede, av, _ANGRET, naa
        )
        videre = replace(
            stand,
            etter=rader[-1].sak_id if rader else stand.etter,
            sett=stand.sett + len(rader),
            antall=lagt_til(
                lagt_til(stand.antall, Counter(rad.utfall for rad in nye)),
                {navn: -antall for navn, antall in Counter(rad.utfall for rad in rader).items()},
            ),
        )
        ferdig = len(rader) < PORSJON
        await flytt(lager, kjoering, videre, naa, ferdig=ferdig)
        await lager.endringer.noter(
            naa,
            *(
                endring(Endringstype.OPPGAVE_LUKKET, sak_id, gjelder=id_, aar=kjoering.aar)
                for sak_id, id_ in lukket
            ),
            *(
                [endring(Endringstype.MASSEKJOERING_ANGRET, gjelder=kjoering.id, aar=kjoering.aar)]
                if ferdig
                else []
            ),
        )


def _angret(rad: Masserad, avgjorte: set[UUID]) -> Masserad:
    if avgjorte.isdisjoint(beregninger_i(rad)):
        return replace(rad, utfall=Masseutfall.ANGRET)
    innhold = replace(les_radinnhold(rad.innhold), tekst=_AVGJORT)
    return replace(rad, utfall=Masseutfall.KAN_IKKE_ANGRES, innhold=innhold.som_tekst())
