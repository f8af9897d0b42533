"""What has been done in a case, by whom and when: read from what is stored, never written for itself."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.oppgaver import Oppgavetilstand
from app.db.lager.saker import Sak, Saksversjon, Status
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.forklaringer import Innholdsforskjell, innholdsforskjeller
from app.services.sak.saker import Hentetsak, hent_sak, identene


class Historieslag(StrEnum):
    """What was done."""

    OPPRETTET = "OPPRETTET"
    ENDRET = "ENDRET"
    AVSLUTTET = "AVSLUTTET"
    BEREGNET = "BEREGNET"
    POST = "POST"
    POST_OPPHEVET = "POST_OPPHEVET"
    VEDTAK = "VEDTAK"
    GODKJENT = "GODKJENT"
    AVVIST = "AVVIST"
    ETTEROPPGJOER = "ETTEROPPGJOER"
    OPPGAVE = "OPPGAVE"
    OPPGAVE_LUKKET = "OPPGAVE_LUKKET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Historierad:
    """One thing that was done.

    Attributes:
        naar: when.
        av: by whom; ``None`` is the service itself.
        slag: what.
        gjelder: the calculation, decision or settlement.
        aar: the year it is about.
        tekst: the reason that was given.
        endringer: what became another in the case.
        oppgave: what kind of task.
    """

    naar: datetime
    av: str | None
    slag: Historieslag
    gjelder: UUID | None = None
    aar: int | None = None
    tekst: str | None = field(default=None, repr=False)
    endringer: tuple[Innholdsforskjell, ...] = ()
    oppgave: str | None = None


@dataclass(frozen=True, slots=True)
class Historie:
    """A case with everything that was done, the newest first."""

    sak: Hentetsak
    rader: tuple[Historierad, ...]


async def les_historie(lager: Lager, kall: Kall, sak_id: UUID) -> Historie:
    """What has been done in a case.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    sak = await hent_sak(lager, sak_id)
    rader = [
        *_versjoner(sak.sak, await lager.saker.versjoner(sak_id)),
        *[rad async for rad in _resten(lager, sak_id)],
    ]
    identer = await identene(lager, sak_id)
    aar = sorted({rad.aar for rad in rader if rad.aar is not None})
    await lager.revisjon.noter(
        kall.naa, *kall.rader(identer.values(), Handling.SAK_LEST, sak_id, aar=aar, data=["historie"])
    )
    return Historie(sak, tuple(sorted(rader, key=lambda rad: rad.naar, reverse=True)))


def _versjoner(sak: Sak, alle: list[Saksversjon]) -> Iterator[Historierad]:
    foer: Saksversjon | None = None
    for en in alle:
        slag = Historieslag.OPPRETTET if foer is None else Historieslag.ENDRET
        if sak.status is Status.AVSLUTTET and en.versjon == sak.versjon:
            # Nothing is changed in a case that has ended.
            slag = Historieslag.AVSLUTTET
        ulikt = () if foer is None else innholdsforskjeller(les_json(foer.innhold), les_json(en.innhold))
        yield Historierad(naar=en.opprettet, av=en.av, slag=slag, endringer=ulikt)
        foer = en


async def _resten(lager: Lager, sak_id: UUID) -> AsyncIterator[Historierad]:
    for en in await lager.beregninger.rader(sak_id):
        yield Historierad(naar=en.opprettet, av=en.av, slag=Historieslag.BEREGNET, gjelder=en.id, aar=en.aar)
    for post in await lager.manuelle_poster.for_sak(sak_id):
        foert = Historierad(
            naar=post.opprettet, av=post.av, slag=Historieslag.POST, aar=post.aar, tekst=post.begrunnelse
        )
        yield foert
        if post.opphevet is not None:
            yield replace(foert, naar=post.opphevet, av=post.opphevet_av, slag=Historieslag.POST_OPPHEVET)
    for vedtak in await lager.vedtak.alle(sak_id):
        yield Historierad(naar=vedtak.opprettet, av=vedtak.av, slag=Historieslag.VEDTAK, gjelder=vedtak.id)
        if vedtak.avgjoerelse is not None:
            yield Historierad(
                naar=vedtak.avgjoerelse.opprettet,
                av=vedtak.avgjoerelse.av,
                slag=Historieslag(vedtak.avgjoerelse.utfall),
                gjelder=vedtak.id,
                tekst=vedtak.avgjoerelse.begrunnelse,
            )
    for ett in await lager.etteroppgjoer.for_sak(sak_id):
        yield Historierad(
            naar=ett.opprettet, av=ett.av, slag=Historieslag.ETTEROPPGJOER, gjelder=ett.id, aar=ett.aar
        )
    for oppgave in await lager.oppgaver.for_sak(sak_id):
        laget = Historierad(
            naar=oppgave.opprettet,
            av=None,
            slag=Historieslag.OPPGAVE,
            aar=oppgave.aar or None,
            oppgave=oppgave.slag,
        )
        yield laget
        if oppgave.tilstand is Oppgavetilstand.LUKKET:
            yield replace(
                laget,
                naar=oppgave.endret,
                av=oppgave.lukket_av,
                slag=Historieslag.OPPGAVE_LUKKET,
                tekst=oppgave.begrunnelse,
            )
