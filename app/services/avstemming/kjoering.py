"""A reconciliation: the lists once, and then every kommune by itself, each with a signed report."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.db.lager.avstemminger import Avstemming as LagretAvstemming
from app.db.lager.revisjon import Brudd, Hode
from app.db.lederskap import Mandat
from app.db.motor import DatabaseError
from app.services.avstemming.funn import Avvik, Bestilling, Funn, Kontrollnavn
from app.services.avstemming.kontroller import KONTROLLER, Grunnlag
from app.services.avstemming.listekontroller import listekontroller
from app.services.avstemming.lister import Forrige, Listeavstemming, Listefunn, Oppdrag
from app.services.avstemming.rapport import Rapport
from app.services.avstemming.signatur import Signering
from app.services.personvern.tilsyn import Tilsyn, se_etter
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from app.services.sak.drift import Saksdrift
from app.settings import Settings

_logg = structlog.get_logger("egenandel.avstemming")

AV: Final = Driftsaktoer("avstemming")
"""Who the nightly run is."""

MeldKommune = Callable[[str], None]
"""Told of every kommune that is done."""


@dataclass(frozen=True, slots=True)
class Resultat:
    """What a run came to."""

    rapporter: Sequence[Rapport]
    feilet: Sequence[str]
    """Kommuner that could not be reconciled now."""


class Avstemmer:
    """Reconciles.

    Args:
        settings: all settings.
        drift: the database, and the way to Skatteetaten.
    """

    def __init__(self, settings: Settings, drift: Saksdrift) -> None:
        self._arkiv: Final = drift.arkiv
        self._drift: Final = drift
        self._valg: Final = settings.avstemming
        self._signering: Final = Signering(drift.arkiv.ring)
        self._lister = (
            None
            if drift.oppslag is None
            else Listeavstemming(drift.arkiv, drift.oppslag, settings.hendelser, settings.avstemming)
        )

    async def kjoer(
        self,
        oppdrag: Oppdrag,
        kommuner: Collection[str] | None = None,
        mandat: Mandat | None = None,
        meld: MeldKommune = lambda _: None,
    ) -> Resultat:
        """Reconcile.

        A kommune that cannot be, does not stop the others.

        Args:
            oppdrag: what is asked.
            kommuner: which; all unless told.
            mandat: the right to, when it is done by itself.
            meld: told of every kommune that is done.

        Raises:
            MandatTaptError: another reconciles now.
            DatabaseError: the database does not answer.
        """
        alle = list(await self._arkiv.kommuner()) if kommuner is None else sorted(kommuner)
        forrige = {kommune: await self._forrige(kommune) for kommune in alle}
        lister = [
            await self._lister.les(liste, oppdrag, _om_liste(forrige, liste))
            for liste in Liste
            if self._lister is not None
        ]
        rapporter, feilet = [], []
        for kommune in alle:
            try:
                rapporter.append(await self._en(kommune, oppdrag, lister, forrige[kommune], mandat))
            except DatabaseError as feil:
                _logg.error("kommunen kunne ikke avstemmes", kommune=kommune, feil=str(feil))
                feilet.append(kommune)
            meld(kommune)
        return Resultat(rapporter, feilet)

    async def _forrige(self, kommune: str) -> LagretAvstemming | None:
        async with self._arkiv.les(kommune) as lager:
            return await lager.avstemminger.siste()

    async def _en(
        self,
        kommune: str,
        oppdrag: Oppdrag,
        lister: Sequence[Listefunn],
        forrige: LagretAvstemming | None,
        mandat: Mandat | None,
    ) -> Rapport:
        naa = oppdrag.naa
        i_bildet, hode, brudd, tilsyn = await self._se_paa(kommune, naa)
        funn = [
            *listekontroller(kommune, lister, self._valg, naa, toerr=oppdrag.toerr),
            *i_bildet,
            _register(hode.nr, brudd),
            _oppslag(tilsyn),
        ]
        rapport = Rapport(
            id=ny_id(naa),
            kommune=kommune,
            fra=forrige.til if forrige is not None else naa - timedelta(days=self._valg.dager),
            til=naa,
            av=oppdrag.aktoer.merke,
            kodeversjon=self._drift.kodeversjon,
            funn=tuple(funn if oppdrag.toerr else map(_rettet, funn)),
            lister=tuple(en.stand for en in lister if en.stand is not None),
            register=hode if brudd is None else None,
            forrige=forrige,
        )
        if not oppdrag.toerr:
            bestillinger = sorted({a.bestilling for f in funn for a in f.avvik if a.bestilling is not None})
            async with self._arkiv.skriv(kommune, mandat) as lager:
                await self._lagre(lager, rapport, bestillinger, oppdrag)
        return rapport

    async def _se_paa(self, kommune: str, naa: datetime) -> tuple[list[Funn], Hode, Brudd | None, Tilsyn]:
        """What the controls find in the picture of the kommune, how its register stands, and what there is to ask about."""
        async with self._arkiv.les(kommune) as lager:
            bilde = await lager.avstemmingsbilder.ta()
            brudd, hode = await lager.revisjon.verifiser(), await lager.revisjon.hode()
            tilsyn = await se_etter(lager, naa, self._drift.personvern)
        grunnlag = Grunnlag(bilde, self._valg, naa)
        # In a thread, so that others are answered meanwhile: a large kommune has much to compare.
        funn = await asyncio.to_thread(lambda: [kontroll(grunnlag) for kontroll in KONTROLLER])
        return funn, hode, brudd, tilsyn

    async def _lagre(
        self, lager: Lager, rapport: Rapport, bestillinger: Sequence[Bestilling], oppdrag: Oppdrag
    ) -> None:
        for en in bestillinger:
            noekkel = Arbeidsnoekkel(en.person_id, Liste(en.liste), en.aar)
            await lager.arbeid.bestill(noekkel, Arbeidsgrunn.AVSTEMMING, oppdrag.naa)
        await lager.avstemminger.ny(rapport.signert(self._signering))
        avvik = sum(len(ett.avvik) for ett in rapport.funn)
        rad = ny_rad(
            oppdrag.aktoer,
            Handling.AVSTEMMING_LAGET,
            Utfall.OK,
            formaal=f"avstemming {rapport.id}",
            hjemmel=self._drift.hjemmel,
            antall={
                "kontroller": len(rapport.funn),
                "avvik": avvik,
                "rettet": sum(ett.rettet for ett in rapport.funn),
                "bestilt": len(bestillinger),
            },
        )
        await lager.revisjon.noter(oppdrag.naa, rad)


def _rettet(funn: Funn) -> Funn:
    """With what is ordered anew counted as mended."""
    return replace(funn, rettet=funn.rettet + sum(ett.bestilling is not None for ett in funn.avvik))


def _register(rader: int, brudd: Brudd | None) -> Funn:
    avvik = () if brudd is None else (Avvik({"nr": brudd.nr, "hva": brudd.hva}),)
    return Funn(navn=Kontrollnavn.REGISTER, kontrollert=rader, avvik=avvik)


def _oppslag(tilsyn: Tilsyn) -> Funn:
    return Funn(
        navn=Kontrollnavn.OPPSLAG,
        kontrollert=tilsyn.rader,
        avvik=tuple(
            Avvik({"slag": ett.slag.value, "dag": ett.dag.isoformat(), "bruker": ett.bruker})
            for ett in tilsyn.uvurdert
        ),
    )


def _om_liste(forrige: Mapping[str, LagretAvstemming | None], liste: Liste) -> dict[str, Forrige]:
    """What each kommune's last report said of a list that was read then."""
    funnet: dict[str, Forrige] = {}
    for kommune, rapport in forrige.items():
        lister = [] if rapport is None else les_json(rapport.innhold)["lister"]
        for en in lister:
            if rapport is not None and en["liste"] == liste.value:
                funnet[kommune] = Forrige(rapport.til, en["dekketTil"])
    return funnet
