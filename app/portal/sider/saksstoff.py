"""What lies in a case besides its amounts: the day register, what was fetched, what was done, and its end."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.db.arkiv import Lager
from app.portal.bilder.doegn import rekker
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, uten_tomme
from app.portal.ramme.side import LesSak, Side, SkrivSak
from app.portal.sider.sak import Aar
from app.services.historikk import les_historie
from app.services.sak.beregninger import les_grunnlag
from app.services.sak.feil import KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import AVSLUTNING
from app.services.sak.register import les_register
from app.services.sak.saker import Hentetsak, avslutt_sak, hent_sak, les_sak

router = APIRouter(prefix="/saker/{sak_id:uuid}", include_in_schema=False, route_class=Sideroute)


@router.get("/doegnregister")
async def doegn(side: LesSak, sak_id: UUID, aar: Aar = None) -> Response:
    """Every day in institution of a year, and where it stands with the limit."""
    valgt = aar or side.kall.i_dag.year

    async def arbeid(lager: Lager) -> Response:
        sak = await hent_sak(lager, sak_id)
        hindring, register = None, None
        try:
            register = await les_register(lager, side.kall, sak_id, valgt)
        except (KonfliktError, UgyldigSakError) as feil:
            hindring = feil.tekst if isinstance(feil, KonfliktError) else feil.feil[0].detail
            await les_sak(lager, side.kall, sak_id)
        return side.vis(
            "doegnregister.html",
            sak=sak,
            hvem=await _hvem(lager, sak_id),
            aar=valgt,
            register=register,
            rekker=() if register is None else tuple(rekker(register.doegn)),
            hindring=hindring,
        )

    return await side.gjoer(arbeid)


@router.get("/grunnlag")
async def grunnlag(side: LesSak, sak_id: UUID) -> Response:
    """What has been fetched, the newest first."""

    async def arbeid(lager: Lager) -> Response:
        alle = await les_grunnlag(lager, side.kall, sak_id)
        return side.vis(
            "grunnlag.html",
            sak=await hent_sak(lager, sak_id),
            hvem=await _hvem(lager, sak_id),
            alle=list(reversed(alle)),
        )

    return await side.gjoer(arbeid)


@router.get("/historie")
async def historie(side: LesSak, sak_id: UUID) -> Response:
    """Who did what, and when."""

    async def arbeid(lager: Lager) -> Response:
        funnet = await les_historie(lager, side.kall, sak_id)
        return side.vis("historie.html", sak=funnet.sak, hvem=await _hvem(lager, sak_id), rader=funnet.rader)

    return await side.gjoer(arbeid)


@router.get("/avslutning")
async def slutt(side: SkrivSak, sak_id: UUID) -> Response:
    """The form that ends a case."""
    felt = Felter(dato=side.kall.i_dag.isoformat())
    return await _avslutning(side, sak_id, felt, Felter())


@router.post("/avslutning")
async def avslutt(side: SkrivSak, sak_id: UUID) -> Response:
    """End the case."""
    felt = Felter({navn: side.tekst(navn) for navn in ("dato", "grunn", "versjon")})
    lest = les(AVSLUTNING, uten_tomme({"dato": felt["dato"], "grunn": felt["grunn"]}))
    avslutning = lest.verdi
    if avslutning is None:
        return await _avslutning(side, sak_id, felt, lest.feil, 422)
    versjon = int(felt["versjon"]) if felt["versjon"].isdecimal() else 0
    try:
        await side.gjoer(lambda lager: avslutt_sak(lager, side.kall, sak_id, versjon, avslutning))
    except UgyldigSakError as feil:
        return await _avslutning(side, sak_id, felt, per_felt(feil.feil), 422)
    return side.videre(f"/saker/{sak_id}")


async def _avslutning(side: Side, sak_id: UUID, felt: Felter, feil: Felter, status: int = 200) -> Response:
    async def arbeid(lager: Lager) -> Response:
        sak: Hentetsak = await les_sak(lager, side.kall, sak_id)
        return side.vis(
            "avslutning.html",
            status=status,
            sak=sak,
            hvem=await _hvem(lager, sak_id),
            felt=felt,
            feil=feil,
        )

    return await side.gjoer(arbeid)


async def _hvem(lager: Lager, sak_id: UUID) -> Navneliste:
    return Navneliste(await lager.personer.i_sak(sak_id))
