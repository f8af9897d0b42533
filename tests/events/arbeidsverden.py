"""Work ordered by hand and done at once, for stories about what an event leads to."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx2

from app.calc.beloep import HARDT_MELLOMROM
from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeid, Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.db.lager.oppgaver import Oppgavetilstand
from app.db.lederskap import Lederskap
from app.events.arbeider import Arbeider, Runde
from app.events.mottak import Lesing, Mottak
from app.sandbox.standard import FJORDVIK
from app.services.hendelser.lister import MANDAT
from app.services.oppfoelging.forsoek import Forsoeksplan
from app.services.oppgaver import oppgavetekst
from app.settings.hendelser import Hendelser
from tests.saker.historie import Historie, Json, les_tekst


def setning(oppgave: Json) -> str:
    """What a task says, with plain spaces."""
    tekst: str = oppgave["innhold"]["tekst"]
    return tekst.replace(HARDT_MELLOMROM, " ")


class Arbeidsrom:
    """A story's worker: one process' own, with its memory of closed doors."""

    def __init__(self, h: Historie) -> None:
        self._h = h
        drift = h.fortelling.verden.app.state.saksdrift
        self.arbeider = Arbeider(drift, drift.oppslag, Hendelser(), Forsoeksplan(lambda: 0.0))

    def bestill(
        self, hvem: str, aar: int, liste: Liste = Liste.SKATTEOPPGJOER, kommune: str = FJORDVIK, **flagg: bool
    ) -> None:
        """What an event about somebody orders."""
        ident = self._h.ident(hvem)

        async def ett(lager: Lager) -> None:
            person = await lager.personer.finn(ident)
            assert person is not None
            noekkel = Arbeidsnoekkel(person.id, liste, aar)
            await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, self._h.fortelling.tid.naa(), **flagg)

        self._h.fortelling.bak(ett, kommune)

    async def bestill_naa(self, hvem: str, aar: int, kommune: str = FJORDVIK) -> None:
        """The same, from within the service's loop."""
        async with self._h.fortelling.verden.arkiv.skriv(kommune) as lager:
            person = await lager.personer.finn(self._h.ident(hvem))
            assert person is not None
            noekkel = Arbeidsnoekkel(person.id, Liste.SKATTEOPPGJOER, aar)
            await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, self._h.fortelling.tid.naa())

    async def oppgjoer_naa(self, hvem: str, aar: int, **beloep: int) -> None:
        """A settlement comes, or is changed, while something else goes on."""
        transport = httpx2.ASGITransport(app=self._h.sandkasse.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as klient:
            svar = await klient.put(f"/kontroll/personer/{hvem}/oppgjoer/{aar}", json={"beloep": beloep})
        assert svar.is_success

    async def les_listen_naa(self, liste: Liste = Liste.SKATTEOPPGJOER) -> Lesing:
        """What one poll brings in."""
        drift = self._h.fortelling.verden.app.state.saksdrift
        valg = Hendelser(fra_dato=date(2026, 1, 1))
        lederskap = Lederskap(drift.arkiv.database, 600)
        mandat = await lederskap.ta(MANDAT[liste])
        assert mandat is not None
        try:
            return await Mottak(liste, drift.arkiv, drift.oppslag, valg, self._h.fortelling.tid).les(mandat)
        finally:
            await lederskap.slipp(mandat)

    def les_listen(self, liste: Liste = Liste.SKATTEOPPGJOER) -> Lesing:
        """One poll."""
        return self._h.fortelling.kjoer(lambda: self.les_listen_naa(liste))

    def gjoer(self) -> Runde:
        """Everything that is due."""
        return self._h.fortelling.kjoer(lambda: self.arbeider.kjoer(None))

    def arbeidet(
        self, hvem: str, aar: int, kommune: str = FJORDVIK, liste: Liste = Liste.SKATTEOPPGJOER
    ) -> Arbeid:
        """How the work about somebody's settlement stands."""
        ident = self._h.ident(hvem)

        async def ett(lager: Lager) -> Arbeid | None:
            person = await lager.personer.finn(ident)
            assert person is not None
            return await lager.arbeid.hent(Arbeidsnoekkel(person.id, liste, aar))

        funnet = self._h.fortelling.bak(ett, kommune)
        assert funnet is not None
        return funnet

    def oppgaver(self, sak_id: str, kommune: str = FJORDVIK) -> list[Json]:
        """The open tasks of a case, whole."""

        async def alle(lager: Lager) -> list[Any]:
            rader = await lager.oppgaver.for_sak(UUID(sak_id))
            return [les_tekst(oppgavetekst(rad)) for rad in rader if rad.tilstand is Oppgavetilstand.AAPEN]

        return self._h.fortelling.bak(alle, kommune)
