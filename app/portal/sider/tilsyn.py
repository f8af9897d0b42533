"""Look-ups somebody should ask about, for those who read the audit register."""

from typing import Annotated, Final

from fastapi import APIRouter, Response

from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, uten_tomme
from app.portal.ramme.side import Side, krev_side
from app.services.personvern.tilsyn import VURDERING, Konklusjon, les_tilsyn, vurder
from app.services.sak.feil import UgyldigSakError
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/hendelsesregister/tilsyn", include_in_schema=False, route_class=Sideroute)

_FELT: Final = ("slag", "bruker", "dag", "konklusjon")

Revisor = Annotated[Side, krev_side(Rettighet.LES_REVISJON)]


@router.get("")
async def tilfellene(side: Revisor) -> Response:
    """What there is to ask about."""
    return await _vis(side)


@router.post("")
async def noter(side: Revisor) -> Response:
    """What somebody has come to."""
    felt = Felter({navn: side.tekst(navn) for navn in _FELT})
    lest = les(VURDERING, uten_tomme(felt))
    if (vurdering := lest.verdi) is None:
        return await _vis(side, lest.feil)
    try:
        await vurder(side.drift.arkiv, side.kall, vurdering, side.drift.personvern)
    except UgyldigSakError as ugyldig:
        return await _vis(side, Felter({"konklusjon": ugyldig.feil[0].detail}))
    return side.videre("/hendelsesregister/tilsyn")


async def _vis(side: Side, feil: Felter | None = None) -> Response:
    valg = side.drift.personvern
    funnet = await les_tilsyn(side.drift.arkiv, side.kall, valg)
    async with side.drift.arkiv.les(side.kall.aktoer.kommune) as lager:
        brukere = await lager.brukere.hent({ett.bruker for ett in funnet.tilfeller})
    return side.vis(
        "tilsyn.html",
        status=422 if feil else 200,
        feil=feil or Felter(),
        tilfeller=funnet.tilfeller,
        uvurdert=len(funnet.uvurdert),
        brukere=brukere,
        doegn=valg.tilsyn_doegn,
        mange=valg.mange_personer,
        konklusjoner=list(Konklusjon),
        selv=side.kall.aktoer.id,
    )
