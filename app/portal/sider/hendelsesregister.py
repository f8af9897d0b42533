"""The audit register for whoever audits: searched, walked through, and handed out about one person.

What is searched for stands in the body, never in the address, and nothing of the cases themselves is shown.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Response

from app import klokke
from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.db.lager.revisjon import Brudd, Hode
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, uten_tomme
from app.portal.ramme.nedlasting import Filtype, fil
from app.portal.ramme.side import Side, krev_side
from app.services.personvern.register import (
    KOLONNER,
    REGISTERSOEK,
    Registerrad,
    Registersoek,
    kontroller_registeret,
    med_brukere,
    om_person,
    soek_registeret,
    tabell,
)
from app.services.regneark import som_csv
from app.services.revisjon import Handling, Utfall
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/hendelsesregister", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
_FELT: Final = ("personidentifikator", "sakId", "handling", "utfall", "fra", "til")

Revisor = Annotated[Side, krev_side(Rettighet.LES_REVISJON)]


@router.get("")
async def skjemaet(side: Revisor) -> Response:
    """What can be searched for."""
    return _vis(side, Felter(), Felter())


@router.post("")
async def soek(side: Revisor) -> Response:
    """Rows of the register, page by page."""
    felt, oenske, feil = _lest(side)
    etter = side.tekst("etter")
    if oenske is None:
        return _vis(side, felt, feil)

    async def arbeid(lager: Lager) -> Response:
        nr = int(etter) if etter.isascii() and etter.isdigit() else 0
        funnet = await soek_registeret(lager, side.kall, oenske, nr, _PER_SIDE)
        rader = await med_brukere(lager, funnet[:_PER_SIDE])
        neste = rader[-1].rad.nr if len(funnet) > _PER_SIDE else None
        return _vis(side, felt, Felter(), rader=rader, neste=neste)

    return await side.gjoer(arbeid)


@router.post("/kontroll")
async def kontroll(side: Revisor) -> Response:
    """Walk the whole chain, and say whether it holds."""
    funnet = await side.gjoer(lambda lager: kontroller_registeret(lager, side.kall))
    return _vis(side, Felter(), Felter(), kontrollert=funnet)


@router.post("/person")
async def person(side: Revisor) -> Response:
    """Everything noted about one person, as a table to give the person."""
    felt, oenske, feil = _lest(side)
    if oenske is None or oenske.personidentifikator is None:
        mangler = Feil(
            "/personidentifikator", "mangler", "Oppgi fødselsnummeret eller d-nummeret det gjelder."
        )
        return _vis(side, felt, feil or per_felt([mangler]))
    ident = oenske.personidentifikator

    async def arbeid(lager: Lager) -> Response:
        rader = await med_brukere(lager, await om_person(lager, side.kall, ident))
        return fil(
            som_csv(KOLONNER, tabell(rader)), f"hendelsesregister-{side.kall.i_dag:%Y-%m-%d}", Filtype.CSV
        )

    return await side.gjoer(arbeid)


def _lest(side: Side) -> tuple[Felter, Registersoek | None, Felter]:
    felt = Felter({navn: side.tekst(navn) for navn in _FELT})
    raa = {
        **felt,
        "personidentifikator": felt["personidentifikator"].replace(" ", ""),
        "fra": _oeyeblikk(felt["fra"], 0),
        # The last day is with, whole.
        "til": _oeyeblikk(felt["til"], 1),
    }
    lest = les(REGISTERSOEK, uten_tomme(raa))
    return felt, lest.verdi, lest.feil


def _oeyeblikk(dag: str, doegn: int) -> str:
    """When a day begins in Norway, or one some days after; what is no day stays as it was typed."""
    try:
        lest = date.fromisoformat(dag) + timedelta(days=doegn)
    except (ValueError, OverflowError):
        return dag
    return datetime.combine(lest, time(), klokke.OSLO).isoformat()


def _vis(
    side: Side,
    felt: Felter,
    feil: Felter,
    *,
    rader: list[Registerrad] | None = None,
    neste: int | None = None,
    kontrollert: tuple[Brudd | None, Hode] | None = None,
) -> Response:
    data: dict[str, Any] = {"felt": felt, "feil": feil, "rader": rader, "neste": neste}
    return side.vis(
        "hendelsesregister.html",
        status=422 if feil else 200,
        kontrollert=kontrollert,
        handlinger=list(Handling),
        utfall=list(Utfall),
        **data,
    )
