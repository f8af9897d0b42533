"""Who is shielded (kode 6 or 7), as far as Skatteetaten has told."""

from collections.abc import Collection
from uuid import UUID

from app.db.arkiv import Lager
from app.services.mangler import Grunn


async def skjermede(lager: Lager, personer: Collection[UUID]) -> frozenset[UUID]:
    """Those of whom the newest look-up of some API says that they are shielded."""
    utfall = await lager.grunnlag.siste_utfall(personer)
    return frozenset(id_ for id_, siste in utfall.items() if Grunn.SKJERMET in siste)
