"""Every stored calculation run again: whether each still comes out the same, byte for byte."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

from app.db.arkiv import Arkiv, Lager
from app.db.lager.beregninger import Beregning
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad
from app.services.sak.beregninger import etterproevd
from app.services.sak.feil import KonfliktError
from app.services.sak.rader import Sakstjeneste
from app.services.sak.ut import Etterproeving

BOLK: Final = 100
"""Calculations read at a time; none is held while they are run."""


async def etterproev_alle(
    arkiv: Arkiv, kommune: str, aktoer: Aktoer, naa: datetime, sak_id: UUID | None = None
) -> AsyncIterator[list[tuple[UUID, Etterproeving | None]]]:
    """Run the stored calculations of a kommune again, or of one case; nothing is changed.

    Args:
        arkiv: the database.
        kommune: organisation number.
        aktoer: who; the register notes it before anything is read.
        naa: now.
        sak_id: one case; all of them when left out.

    Yields:
        A batch at a time: the id, and how it went; ``None`` is a calculation that never came to a result.
    """
    async with arkiv.skriv(kommune) as lager:
        rad = ny_rad(
            aktoer,
            Handling.BEREGNING_LEST,
            Utfall.OK,
            sak_id=sak_id,
            formaal="etterprøving av lagrede beregninger",
            data=["beregning"],
        )
        await lager.revisjon.noter(naa, rad)
    etter: UUID | None = None
    while True:
        async with arkiv.les(kommune) as lager:
            bolk = await _neste(lager, sak_id, etter)
            tjenester = await _tjenester(lager, {en.sak_id for en in bolk})
        if not bolk:
            return
        etter = bolk[-1].id
        yield [(en.id, _proevd(en, tjenester[en.sak_id])) for en in bolk]


async def _neste(lager: Lager, sak_id: UUID | None, etter: UUID | None) -> list[Beregning]:
    if sak_id is None:
        return await lager.beregninger.alle(etter, BOLK)
    return await lager.beregninger.for_sak(sak_id, etter, BOLK)


async def _tjenester(lager: Lager, saker: set[UUID]) -> dict[UUID, Sakstjeneste]:
    svar = {}
    for id_ in saker:
        sak = await lager.saker.hent(id_)
        if sak is None:
            raise LookupError("beregningen har ingen sak")
        svar[id_] = Sakstjeneste(sak.tjeneste)
    return svar


def _proevd(beregning: Beregning, tjeneste: Sakstjeneste) -> Etterproeving | None:
    try:
        return etterproevd(beregning, tjeneste)
    except KonfliktError:
        return None
