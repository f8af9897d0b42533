"""Decisions: made on a calculation, listed, shown month by month, and approved by a second person."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning
from app.db.lager.vedtak import Vedtak
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, uten_tomme
from app.portal.ramme.side import LesSak, Side, SkrivSak, krev_side
from app.portal.sider.sak import bildet
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.services.revisjon import Handling
from app.services.sak.feil import KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import NYTT_VEDTAK, VEDTAKSAVGJOERELSE, NyttVedtak
from app.services.sak.godkjenning import avgjoer_vedtak
from app.services.sak.saker import hent_sak
from app.services.sak.vedtak import fatt_vedtak, les_ett_vedtak, les_vedtak
from app.services.sak.vedtaksrekke import gjeldende
from app.services.saksside import les_saksside
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/saker/{sak_id:uuid}/vedtak", include_in_schema=False, route_class=Sideroute)

Godkjenner = Annotated[Side, krev_side(Rettighet.GODKJENN_VEDTAK)]

_FELTENE: Final = ("beregningId", "fra", "til", "art", "erstatter", "begrunnelse")


@router.get("")
async def liste(side: LesSak, sak_id: UUID) -> Response:
    """Every decision, the newest first."""

    async def arbeid(lager: Lager) -> Response:
        alle = await les_vedtak(lager, side.kall, sak_id)
        return side.vis(
            "vedtak.html", sak=await hent_sak(lager, sak_id), hvem=await _hvem(lager, sak_id), alle=alle[::-1]
        )

    return await side.gjoer(arbeid)


@router.get("/nytt")
async def nytt(side: SkrivSak, sak_id: UUID, beregning: Annotated[UUID, Query()]) -> Response:
    """The form, filled in as far as it can be."""
    return await _skjema(side, sak_id, beregning, None, Felter(), ny_noekkel())


@router.post("/nytt")
async def fatt(side: SkrivSak, sak_id: UUID) -> Response:
    """Make the decision."""
    raa = uten_tomme({navn: side.tekst(navn) for navn in _FELTENE})
    lest = les(NYTT_VEDTAK, raa)
    noekkel = noekkelen(side)
    if lest.verdi is None:
        return await _paa_nytt(side, sak_id, lest.feil, noekkel)
    ny: NyttVedtak = lest.verdi

    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        async def lagre(lager: Lager) -> str:
            vedtak = await fatt_vedtak(lager, side.kall, sak_id, ny)
            return f"/saker/{sak_id}/vedtak/{vedtak.id}"

        return lagre

    try:
        sted = await lagre_en_gang(side, noekkel, raa, forbered, Handling.VEDTAK_LEST, sak_id)
    except UgyldigSakError as feil:
        return await _paa_nytt(side, sak_id, per_felt(feil.feil), noekkel)
    except KonfliktError as feil:
        galt = per_felt([Feil("/erstatter", feil.hva, feil.tekst)])
        return await _paa_nytt(side, sak_id, galt, noekkel, status=409)
    return side.videre(sted)


@router.get("/{vedtak_id:uuid}")
async def vis(side: LesSak, sak_id: UUID, vedtak_id: UUID) -> Response:
    """One decision."""
    return await _vis(side, sak_id, vedtak_id, Felter())


@router.post("/{vedtak_id:uuid}/godkjenning")
async def godkjenn(side: Godkjenner, sak_id: UUID, vedtak_id: UUID) -> Response:
    """Say yes or no to a decision that waits."""
    raa = uten_tomme({navn: side.tekst(navn) for navn in ("utfall", "begrunnelse")})
    lest = les(VEDTAKSAVGJOERELSE, raa)
    valg = lest.verdi
    if valg is None:
        return await _vis(side, sak_id, vedtak_id, lest.feil, 422)
    await side.gjoer(lambda lager: avgjoer_vedtak(lager, side.kall, sak_id, vedtak_id, valg))
    return side.videre(f"/saker/{sak_id}/vedtak/{vedtak_id}")


async def _vis(side: Side, sak_id: UUID, vedtak_id: UUID, feil: Felter, status: int = 200) -> Response:
    async def arbeid(lager: Lager) -> Response:
        ett = await les_ett_vedtak(lager, side.kall, sak_id, vedtak_id)
        return side.vis(
            "ett_vedtak.html",
            status=status,
            sak=await hent_sak(lager, sak_id),
            hvem=await _hvem(lager, sak_id),
            v=ett,
            feil=feil,
            skrevet=side.tekst("begrunnelse"),
            kan_godkjenne=side.har(Rettighet.GODKJENN_VEDTAK) and ett.av != side.kall.av,
        )

    return await side.gjoer(arbeid)


async def _paa_nytt(side: Side, sak_id: UUID, feil: Felter, noekkel: str, *, status: int = 422) -> Response:
    beregning = side.tekst("beregningId")
    try:
        beregning_id = UUID(beregning)
    except ValueError:
        return side.videre(f"/saker/{sak_id}")
    sendt = {navn: side.tekst(navn) for navn in _FELTENE}
    return await _skjema(side, sak_id, beregning_id, sendt, feil, noekkel, status)


async def _skjema(
    side: Side,
    sak_id: UUID,
    beregning_id: UUID,
    sendt: dict[str, Any] | None,
    feil: Felter,
    noekkel: str,
    status: int = 200,
) -> Response:
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id, beregning_id=beregning_id))
    bilde = bildet(side, funnet)
    if funnet.valgt is None or bilde is None or not bilde.beregnet:
        return side.videre(f"/saker/{sak_id}")
    fra = foerste_dag(funnet.valgt, funnet.vedtak_i_kraft, side.kall.i_dag)
    i_kraft = gjeldende(funnet.vedtak_i_kraft, fra)
    erstattede = {ett.erstatter for ett in funnet.vedtak_i_kraft}
    return side.vis(
        "vedtak_nytt.html",
        status=status,
        s=funnet,
        bilde=bilde,
        hvem=Navneliste(funnet.personer),
        felt=Felter(
            sendt or {"fra": fra.isoformat(), "erstatter": "" if i_kraft is None else str(i_kraft.id)}
        ),
        kan_erstattes=[ett for ett in reversed(funnet.vedtak_i_kraft) if ett.id not in erstattede],
        feil=feil,
        noekkel=noekkel,
    )


def foerste_dag(beregning: Beregning, i_kraft: Sequence[Vedtak], i_dag: date) -> date:
    """The day a decision is proposed from: the calculation's first when it is the first, else this month's.

    Args:
        beregning: what is decided on.
        i_kraft: the decisions of the case that are in force.
        i_dag: today.
    """
    if i_dag.year != beregning.aar or not i_kraft:
        return beregning.virkning_fra
    return max(beregning.virkning_fra, i_dag.replace(day=1))


async def _hvem(lager: Lager, sak_id: UUID) -> Navneliste:
    return Navneliste(await lager.personer.i_sak(sak_id))
