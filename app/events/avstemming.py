"""The nightly reconciliation, and what else is seen to at night. Whether it is due is in the database, so a night is neither missed nor done twice."""

from datetime import datetime, time, timedelta
from time import monotonic
from typing import Final

import structlog

from app import klokke
from app.db.lederskap import Mandat
from app.db.maalinger import uavstemt_siden
from app.db.motor import DatabaseError
from app.services.avstemming.kjoering import AV, Avstemmer
from app.services.avstemming.lister import Oppdrag
from app.services.oppfoelging.naer_grensen import se_etter_grensen
from app.services.sak.drift import Saksdrift, eget_kall
from app.settings import Settings

_logg = structlog.get_logger("egenandel.avstemming")

_PAUSE: Final = 3_600.0
"""Seconds before a kommune that could not be reconciled is tried again."""


def siste_klokkeslett(naa: datetime, klokkeslett: time) -> datetime:
    """The last time it was that o'clock in Norway."""
    i_dag = datetime.combine(klokke.dagen(naa), klokkeslett, klokke.OSLO)
    if i_dag <= naa:
        return i_dag
    return datetime.combine(klokke.dagen(naa) - timedelta(days=1), klokkeslett, klokke.OSLO)


class Nattavstemming:
    """One process' part in it.

    Args:
        settings: all settings.
        drift: the database, and the way to Skatteetaten.
    """

    MANDAT: Final = "avstemming"
    SEKUNDER_MELLOM: Final = 300
    """Between each time it is seen whether it is due."""

    def __init__(self, settings: Settings, drift: Saksdrift) -> None:
        self._avstemmer: Final = Avstemmer(settings, drift)
        self._klokkeslett: Final = settings.avstemming.klokkeslett
        self._database: Final = drift.arkiv.database
        self._drift: Final = drift
        self._ikke_foer = float("-inf")

    async def kjoer(self, mandat: Mandat) -> None:
        """Reconcile every kommune that has not been since the last time it was due."""
        if monotonic() < self._ikke_foer:
            return
        naa = klokke.naa()
        kommuner = await uavstemt_siden(self._database, siste_klokkeslett(naa, self._klokkeslett))
        if not kommuner:
            return
        for kommune in kommuner:
            kall = eget_kall(self._drift.hjemmel, kommune, AV.id, naa)
            try:
                await se_etter_grensen(self._drift, kall, mandat)
            except DatabaseError as feil:
                # Those who come near the limit are seen the next night too; the report is not put off for it.
                _logg.error("døgnene kunne ikke telles", kommune=kommune, feil=str(feil))
        resultat = await self._avstemmer.kjoer(Oppdrag(naa=naa, aktoer=AV), kommuner, mandat)
        for rapport in resultat.rapporter:
            _logg.info("avstemt", kommune=rapport.kommune, utfall=rapport.utfall, avstemming=str(rapport.id))
        if resultat.feilet:
            self._ikke_foer = monotonic() + _PAUSE
