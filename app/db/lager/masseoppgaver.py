"""The tasks a mass run leads to, many at a time: one open per case, kind and year, and news is put into it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.ident import ny_id
from app.db.lager.oppgaver import Oppgavetilstand
from app.db.leie import Leie
from app.db.tabeller import oppgave


class Masseoppgaver:
    """The tasks of one kommune, many at a time."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def sett(
        self, slag: str, aar: int, innhold: Mapping[UUID, str], hast: int, naa: datetime
    ) -> Sequence[tuple[UUID, UUID]]:
        """Open one for each case, or put the news into the one that is open. Hold the cases first.

        Returns:
            The case and id of each that is new.
        """
        k = oppgave.c
        aapne = await self._leie.mange(
            oppgave,
            k.sak_id.in_(list(innhold)),
            kolonner=[k.id, k.sak_id, k.versjon],
            slag=slag,
            aar=aar,
            tilstand=Oppgavetilstand.AAPEN,
        )
        for rad in aapne:
            verdier: dict[str, Any] = {
                "innhold": innhold[rad.sak_id],
                "hast": hast,
                "versjon": rad.versjon + 1,
                "endret": naa,
            }
            await self._leie.endre(oppgave, verdier, id=rad.id)
        kjente = {rad.sak_id for rad in aapne}
        nye = [(sak_id, ny_id(naa)) for sak_id in innhold if sak_id not in kjente]
        await self._leie.sett_inn(
            oppgave,
            *(
                {
                    "id": id_,
                    "sak_id": sak_id,
                    "slag": slag,
                    "aar": aar,
                    "tilstand": Oppgavetilstand.AAPEN,
                    "hast": hast,
                    "frist": None,
                    "innhold": innhold[sak_id],
                    "versjon": 1,
                    "opprettet": naa,
                    "endret": naa,
                }
                for sak_id, id_ in nye
            ),
        )
        return nye

    async def aapne(self, slag: str, aar: int, sak_ider: Collection[UUID]) -> dict[UUID, str]:
        """What the open ones of these cases say."""
        vilkaar = oppgave.c.sak_id.in_(list(sak_ider))
        rader = await self._leie.mange(oppgave, vilkaar, slag=slag, aar=aar, tilstand=Oppgavetilstand.AAPEN)
        return {rad.sak_id: rad.innhold for rad in rader}

    async def lukk(
        self, slag: str, aar: int, om: Mapping[UUID, str], av: str, begrunnelse: str, naa: datetime
    ) -> Sequence[tuple[UUID, UUID]]:
        """Close the open one of each case if its content names this; a later run may have put its own there.

        Returns:
            The case and id of each that was closed.
        """
        k = oppgave.c
        aapne = await self._leie.mange(
            oppgave, k.sak_id.in_(list(om)), slag=slag, aar=aar, tilstand=Oppgavetilstand.AAPEN
        )
        lukkes = [(rad.sak_id, rad.id) for rad in aapne if om[rad.sak_id] in rad.innhold]
        verdier = {
            "tilstand": Oppgavetilstand.LUKKET,
            "lukket_av": av,
            "begrunnelse": begrunnelse,
            "endret": naa,
        }
        await self._leie.endre(oppgave, verdier, k.id.in_([id_ for _, id_ in lukkes]))
        return lukkes
