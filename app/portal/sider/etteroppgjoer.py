"""A year settled: month by month against what was charged, seen before it is stored."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.json_tekst import les_json
from app.calc.periode import MAANEDER_I_AARET
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregningsrad, Tilstand
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, tall, uten_tomme
from app.portal.ramme.side import LesSak, Side, SkrivSak
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.services.masse.oppgjoerskoe import BOET, doedsdato
from app.services.masse.portion import rekke
from app.services.revisjon import Handling
from app.services.sak.etteroppgjoer import gjoer_opp, les_ett_etteroppgjoer, regn_oppgjoer
from app.services.sak.feil import KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import FOERSTE_AAR, NYTT_ETTEROPPGJOER, SISTE_AAR, NyttEtteroppgjoer
from app.services.saksside import Saksside, les_saksside, uten_tre

router = APIRouter(
    prefix="/saker/{sak_id:uuid}/etteroppgjoer", include_in_schema=False, route_class=Sideroute
)

_FAKTURERT: Final = "fakturert"
_BEREGNING: Final = "beregningId"
_LAGRE: Final = "lagre"


@router.get("")
async def liste(side: LesSak, sak_id: UUID) -> Response:
    """What has been settled, and the years that can be."""
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id))
    return side.vis(
        "etteroppgjoerene.html",
        s=funnet,
        hvem=Navneliste(funnet.personer),
        alle=[(ett, uten_tre(ett.resultat)) for ett in reversed(funnet.etteroppgjoer)],
        klare=klare(funnet),
    )


def klare(funnet: Saksside) -> list[Beregningsrad]:
    """Final calculations that hold and have not been settled; a year that was divided has several."""
    oppgjort = {ett.endelig_id for ett in funnet.etteroppgjoer}
    endelige: dict[int, list[Beregningsrad]] = {}
    for en in funnet.beregninger:
        if en.tilstand is Tilstand.BEREGNET and not en.foreloepig:
            endelige.setdefault(en.aar, []).append(en)
    return [
        en
        for aar in sorted(endelige, reverse=True)
        for en in reversed(rekke(endelige[aar], funnet.angrede))
        if en.id not in oppgjort
    ]


@router.get("/nytt")
async def nytt(
    side: SkrivSak,
    sak_id: UUID,
    aar: Annotated[int, Query(ge=FOERSTE_AAR, le=SISTE_AAR)],
    beregning: Annotated[UUID | None, Query()] = None,
) -> Response:
    """What settling the year comes to, or the part of it that one calculation holds for. Nothing is stored."""
    raa: dict[str, Any] = {"aar": aar} if beregning is None else {"aar": aar, _BEREGNING: str(beregning)}
    return await _skjema(side, sak_id, raa, Felter(), ny_noekkel())


@router.post("/nytt")
async def send(side: SkrivSak, sak_id: UUID) -> Response:
    """See what it comes to with other amounts, or settle."""
    raa = _raa(side)
    lest = les(NYTT_ETTEROPPGJOER, raa)
    noekkel = noekkelen(side)
    if lest.verdi is None:
        return await _skjema(side, sak_id, raa, _i_skjemaet(side, lest.feil), noekkel, 422)
    if side.tekst("gjoer") != _LAGRE:
        return await _skjema(side, sak_id, raa, Felter(), noekkel)
    onske: NyttEtteroppgjoer = lest.verdi

    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        async def lagre(lager: Lager) -> str:
            ett = await gjoer_opp(lager, side.kall, sak_id, onske, side.drift.kodeversjon)
            return f"/saker/{sak_id}/etteroppgjoer/{ett.id}"

        return lagre

    try:
        sted = await lagre_en_gang(side, noekkel, raa, forbered, Handling.ETTEROPPGJOER_LEST, sak_id)
    except (UgyldigSakError, KonfliktError):
        # The same is said on the page, with what can be done about it.
        return await _skjema(side, sak_id, raa, Felter(), noekkel, 409)
    return side.videre(sted)


@router.get("/{etteroppgjoer_id:uuid}")
async def vis(side: LesSak, sak_id: UUID, etteroppgjoer_id: UUID) -> Response:
    """One settlement."""

    async def arbeid(lager: Lager) -> Response:
        ett = await les_ett_etteroppgjoer(lager, side.kall, sak_id, etteroppgjoer_id)
        funnet = await les_saksside(lager, side.kall, sak_id, aar=ett.aar)
        return side.vis(
            "etteroppgjoer.html",
            s=funnet,
            hvem=Navneliste(funnet.personer),
            ett=ett,
            r=uten_tre(ett.resultat),
            minstebeloep=_minst(ett),
            boet=_boet(funnet),
        )

    return await side.gjoer(arbeid)


async def _skjema(
    side: Side, sak_id: UUID, raa: dict[str, Any], feil: Felter, noekkel: str, status: int = 200
) -> Response:
    lest = les(NYTT_ETTEROPPGJOER, raa).verdi

    async def arbeid(lager: Lager) -> Response:
        aar = raa["aar"] if isinstance(raa.get("aar"), int) else side.kall.i_dag.year - 1
        funnet = await les_saksside(lager, side.kall, sak_id, aar=aar)
        utkast, hindring = await _utkast(side, lager, sak_id, lest)
        return side.vis(
            "etteroppgjoer_nytt.html",
            status=status,
            s=funnet,
            hvem=Navneliste(funnet.personer),
            aar=aar,
            maaneder=[f"{aar:04d}-{nr:02d}" for nr in range(1, MAANEDER_I_AARET + 1)],
            utkast=None if utkast is None else uten_tre(utkast.resultat),
            minstebeloep=None if utkast is None else _minst(utkast),
            hindring=hindring,
            beregning=raa.get(_BEREGNING, ""),
            felt=Felter({navn: side.tekst(navn) for navn in side.felt if navn.startswith(_FAKTURERT)}),
            feil=feil,
            boet=_boet(funnet),
            noekkel=noekkel,
        )

    return await side.gjoer(arbeid)


async def _utkast(
    side: Side, lager: Lager, sak_id: UUID, onske: NyttEtteroppgjoer | None
) -> tuple[Etteroppgjoer | None, str | None]:
    """What it comes to, or what stands in the way."""
    if onske is None:
        return None, None
    try:
        return await regn_oppgjoer(lager, side.kall, sak_id, onske, side.drift.kodeversjon), None
    except KonfliktError as feil:
        return None, feil.tekst
    except UgyldigSakError as feil:
        return None, " ".join(en.detail for en in feil.feil)


def _raa(side: Side) -> dict[str, Any]:
    """The form as the contract has it; months nobody filled in are left out."""
    fakturert = [
        {"maaned": navn.partition("/")[2], "beloep": tall(side.tekst(navn))} for navn in _utfylte(side)
    ]
    return uten_tomme(
        {"aar": tall(side.tekst("aar")), _BEREGNING: side.tekst(_BEREGNING), _FAKTURERT: fakturert}
    )


def _utfylte(side: Side) -> list[str]:
    return [navn for navn in sorted(side.felt) if navn.startswith(f"{_FAKTURERT}/") and side.tekst(navn)]


def _i_skjemaet(side: Side, feil: Felter) -> Felter:
    """Faults of the amounts by the months they are of."""
    navnene = _utfylte(side)
    svar = Felter()
    for navn, tekst in feil.items():
        deler = navn.split("/")
        if deler[0] == _FAKTURERT and len(deler) > 1 and int(deler[1]) < len(navnene):
            svar[navnene[int(deler[1])]] = tekst
        else:
            svar[navn] = tekst
    return svar


def _minst(ett: Etteroppgjoer) -> Any:
    return les_json(ett.inn)["minstebeloep"]


def _boet(funnet: Saksside) -> str | None:
    """What is said when the person has died."""
    return None if doedsdato(funnet.sak.sak) is None else BOET
