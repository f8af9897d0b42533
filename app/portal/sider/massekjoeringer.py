"""Mass runs: ordered dry, followed, read through, stored or undone; and budgets on assumed rates."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.calc.satser import alle_serier
from app.db.arkiv import Lager
from app.db.lager.massekjoeringer import I_GANG
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, tall, uten_tomme
from app.portal.ramme.nedlasting import Filtype, fil
from app.portal.ramme.side import LesSak, Side, krev_side
from app.services.masse.bestilling import (
    NY_MASSEKJOERING,
    MassekjoeringUt,
    bestill,
    bestill_angring,
    bestill_kjoering,
    kjoering_ut,
    les_massekjoering,
    les_massekjoeringer,
)
from app.services.masse.hva_om import HVA_OM, HvaOmUt, hva_om
from app.services.masse.liste import KOLONNER, hele_listen, les_liste, tabell
from app.services.masse.rad import UNNTAK, Masseutfall
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.regneark import som_csv, som_xlsx
from app.services.sak.feil import FinnesIkkeError, UgyldigSakError
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/massekjoeringer", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
_SATSRADER: Final = 4
"""Assumed rates there is room for in the form."""

Styr = Annotated[Side, krev_side(Rettighet.SKRIV_KOMMUNE)]
Foer = Annotated[UUID | None, Query()]


@router.get("")
async def liste(side: LesSak, foer: Foer = None) -> Response:
    """The runs, the newest first, and a way to order one."""
    return await _vis_liste(side, foer, Felter(), Felter())


async def _vis_liste(side: Side, foer: UUID | None, felt: Felter, feil: Felter) -> Response:
    funnet = await side.gjoer(lambda lager: les_massekjoeringer(lager, side.kall, foer, _PER_SIDE))
    neste = funnet[_PER_SIDE - 1].id if len(funnet) > _PER_SIDE else None
    return side.vis(
        "massekjoeringer.html",
        status=422 if feil else 200,
        kjoeringer=[kjoering_ut(en) for en in funnet[:_PER_SIDE]],
        neste=neste,
        slag=list(Masseslag),
        felt=felt,
        feil=feil,
        i_aar=side.kall.i_dag.year,
    )


@router.post("")
async def ny(side: Styr) -> Response:
    """Order a dry run."""
    felt = Felter({navn: side.tekst(navn) for navn in ("slag", "aar", "virkningFra")})
    lest = les(NY_MASSEKJOERING, uten_tomme({**felt, "aar": tall(felt["aar"])}))
    if (oenske := lest.verdi) is None:
        return await _vis_liste(side, None, felt, lest.feil)
    try:
        kjoering = await side.gjoer(lambda lager: bestill(lager, side.kall, oenske))
    except UgyldigSakError as feil:
        return await _vis_liste(side, None, felt, per_felt(feil.feil))
    return side.videre(f"/massekjoeringer/{kjoering.id}")


@router.get("/hva-om")
async def hva_om_skjema(side: Styr) -> Response:
    """A budget to be asked for."""
    return _vis_hva_om(side, Felter(aar=str(side.kall.i_dag.year)), Felter(), None)


@router.post("/hva-om")
async def regn_hva_om(side: Styr) -> Response:
    """A budget."""
    felt = Felter({navn: side.tekst(navn) for navn in _hva_om_felt()})
    lest = les(HVA_OM, _hva_om_raa(felt))
    if (oenske := lest.verdi) is None:
        return _vis_hva_om(side, felt, lest.feil, None)
    try:
        async with Regnere() as regnere:
            svar = await hva_om(side.drift, side.kall, oenske, regnere)
    except UgyldigSakError as feil:
        return _vis_hva_om(side, felt, per_felt(feil.feil), None)
    return _vis_hva_om(side, felt, Felter(), svar)


def _hva_om_felt() -> list[str]:
    rader = (f"satser/{nr}/{navn}" for nr in range(_SATSRADER) for navn in ("id", "gjelderFra", "verdi"))
    return ["aar", "byggerPaa", "videreforerTil", *rader]


def _hva_om_raa(felt: Felter) -> dict[str, Any]:
    """The rows that are filled in keep their places, so that a fault finds its field."""
    rader = [
        uten_tomme(
            {
                "id": felt[f"satser/{nr}/id"],
                "gjelderFra": felt[f"satser/{nr}/gjelderFra"],
                "verdi": tall(felt[f"satser/{nr}/verdi"]),
            }
        )
        for nr in range(_SATSRADER)
    ]
    while rader and not rader[-1]:
        rader.pop()
    return uten_tomme(
        {
            "aar": tall(felt["aar"]),
            "byggerPaa": tall(felt["byggerPaa"]),
            "videreforerTil": felt["videreforerTil"],
            "satser": rader,
        }
    )


def _vis_hva_om(side: Side, felt: Felter, feil: Felter, svar: HvaOmUt | None) -> Response:
    return side.vis(
        "hva_om.html",
        status=422 if feil else 200,
        felt=felt,
        feil=feil,
        svar=svar,
        rader=range(_SATSRADER),
        satser=[(serie.id, serie.navn) for serie in alle_serier()],
    )


@router.get("/{kjoering_id}")
async def en(
    side: LesSak, kjoering_id: UUID, utfall: Masseutfall | None = None, etter: Foer = None
) -> Response:
    """One run: how far it has come, its sums, and its list with names."""

    async def arbeid(lager: Lager) -> Response:
        kjoering = kjoering_ut(await les_massekjoering(lager, side.kall, kjoering_id))
        valgt = [] if utfall is None else [utfall]
        rader = await les_liste(lager, side.kall, kjoering_id, etter, _PER_SIDE, valgt)
        return side.vis(
            "massekjoering.html",
            kjoering=kjoering,
            i_gang=_i_gang(kjoering),
            unntak=UNNTAK,
            rader=rader[:_PER_SIDE],
            utfall=utfall,
            etter=etter,
            neste=rader[_PER_SIDE - 1].rad.sak_id if len(rader) > _PER_SIDE else None,
        )

    return await side.gjoer(arbeid)


@router.get("/{kjoering_id}/framdrift")
async def framdrift(side: LesSak, kjoering_id: UUID) -> Response:
    """How far a run has come, for the page to ask again and again. Counts only, so nothing is noted."""
    async with side.drift.arkiv.les(side.kall.aktoer.kommune) as lager:
        funnet = await lager.massekjoeringer.hent(kjoering_id)
    if funnet is None:
        raise FinnesIkkeError("massekjøringen")
    kjoering = kjoering_ut(funnet)
    if not side.htmx:
        return side.videre(f"/massekjoeringer/{kjoering_id}")
    svar = side.vis("massekjoering.html#framdrift", kjoering=kjoering, i_gang=_i_gang(kjoering))
    if not _i_gang(kjoering):
        # The list is there now: the page is loaded again, once.
        svar.headers["HX-Refresh"] = "true"
    return svar


def _i_gang(kjoering: MassekjoeringUt) -> bool:
    return kjoering.tilstand in I_GANG


@router.post("/{kjoering_id}/kjoer")
async def kjoer(side: Styr, kjoering_id: UUID) -> Response:
    """Store what the dry run found."""
    await side.gjoer(lambda lager: bestill_kjoering(lager, side.kall, kjoering_id))
    return side.videre(f"/massekjoeringer/{kjoering_id}")


@router.post("/{kjoering_id}/angre")
async def angre(side: Styr, kjoering_id: UUID) -> Response:
    """Undo a run."""
    await side.gjoer(lambda lager: bestill_angring(lager, side.kall, kjoering_id))
    return side.videre(f"/massekjoeringer/{kjoering_id}")


@router.get("/{kjoering_id}/liste.{type_}")
async def last_ned(side: LesSak, kjoering_id: UUID, type_: str) -> Response:
    """The whole list as a table."""
    if type_ not in (Filtype.CSV, Filtype.XLSX):
        raise FinnesIkkeError("listen i den formen")
    rader = tabell(await hele_listen(side.drift, side.kall, kjoering_id))
    navn = f"massekjoering-{kjoering_id}"
    if type_ == Filtype.CSV:
        return fil(som_csv(KOLONNER, rader), navn, Filtype.CSV)
    return fil(som_xlsx("Massekjøring", KOLONNER, rader), navn, Filtype.XLSX)
