"""The calculations of a case: listed, shown one by one, held against each other, and run again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregningsrad
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, tall, uten_tomme
from app.portal.ramme.side import LesSak, Side, SkrivSak
from app.portal.sider.sak import Aar, bildet
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.services.revisjon import Handling
from app.services.sak.beregninger import etterproev, forbered_beregning, hent_beregning, lagre_beregning
from app.services.sak.feil import KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import BEREGNINGSOENSKE, Grunnlagsvalg
from app.services.sak.sammenligning import sammenlign
from app.services.saksside import les_saksside

router = APIRouter(prefix="/saker/{sak_id:uuid}/beregninger", include_in_schema=False, route_class=Sideroute)

_OERE: Final = Decimal(100)
_TALL: Final = frozenset({"aar", "inntektsaar"})
_FELTENE: Final = (
    "aar",
    "virkningFra",
    "grunnlag",
    "inntektsaar",
    "inntektsaarBegrunnelse",
    "endeligBegrunnelse",
)


@dataclass(frozen=True, slots=True)
class Listerad:
    """A calculation in the list.

    Attributes:
        b: the calculation.
        forrige: the one before it of the same year.
        angret: whether it came from a mass run that was undone.
    """

    b: Beregningsrad
    forrige: UUID | None
    angret: bool

    @property
    def aarets(self) -> Decimal | None:
        """What the year costs; ``None`` is not known."""
        oere = self.b.egenandel_aar_oere
        return None if oere is None else Decimal(oere) / _OERE


def _rader(alle: tuple[Beregningsrad, ...], angrede: frozenset[UUID]) -> list[Listerad]:
    """The newest first, as they are given."""
    return [
        Listerad(
            en, next((eldre.id for eldre in alle[nr + 1 :] if eldre.aar == en.aar), None), en.id in angrede
        )
        for nr, en in enumerate(alle)
    ]


@router.get("")
async def liste(side: LesSak, sak_id: UUID) -> Response:
    """Every calculation."""
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id))
    return side.vis(
        "beregninger.html",
        s=funnet,
        hvem=Navneliste(funnet.personer),
        rader=_rader(funnet.beregninger, funnet.angrede),
    )


@router.get("/ny")
async def skjema(side: SkrivSak, sak_id: UUID, aar: Aar = None) -> Response:
    """The form of another calculation."""
    valgt = {"aar": str(aar or side.kall.i_dag.year), "grunnlag": Grunnlagsvalg.LAGRET.value}
    return await _skjema(side, sak_id, Felter(valgt), Felter(), ny_noekkel())


@router.post("/ny")
async def ny(side: SkrivSak, sak_id: UUID) -> Response:
    """Calculate a year."""
    sendt = Felter({navn: side.tekst(navn) for navn in _FELTENE})
    raa = uten_tomme({navn: tall(verdi) if navn in _TALL else verdi for navn, verdi in sendt.items()})
    lest = les(BEREGNINGSOENSKE, raa)
    noekkel = noekkelen(side)
    if lest.verdi is None:
        return await _skjema(side, sak_id, sendt, lest.feil, noekkel, 422)
    oenske = lest.verdi

    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        klar = await forbered_beregning(side.drift, side.kall, sak_id, oenske)

        async def lagre(lager: Lager) -> str:
            ferdig = await lagre_beregning(lager, side.kall, klar)
            return f"/saker/{sak_id}?aar={ferdig.aar}"

        return lagre

    try:
        sted = await lagre_en_gang(side, noekkel, raa, forbered, Handling.BEREGNING_LEST, sak_id)
    except UgyldigSakError as feil:
        return await _skjema(side, sak_id, sendt, per_felt(feil.feil), noekkel, 422)
    except KonfliktError as feil:
        galt = per_felt([Feil("/aar", feil.hva, feil.tekst)])
        return await _skjema(side, sak_id, sendt, galt, noekkel, 409)
    return side.videre(sted)


async def _skjema(
    side: Side, sak_id: UUID, felt: Felter, feil: Felter, noekkel: str, status: int = 200
) -> Response:
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id))
    return side.vis(
        "beregning_ny.html",
        status=status,
        s=funnet,
        hvem=Navneliste(funnet.personer),
        felt=felt,
        feil=feil,
        noekkel=noekkel,
    )


@router.get("/{beregning_id:uuid}")
async def vis(side: LesSak, sak_id: UUID, beregning_id: UUID) -> Response:
    """One calculation."""
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id, beregning_id=beregning_id))
    rad = next(en for en in _rader(funnet.beregninger, funnet.angrede) if en.b.id == beregning_id)
    return side.vis(
        "beregning.html",
        s=funnet,
        bilde=bildet(side, funnet),
        hvem=Navneliste(funnet.personer),
        rad=rad,
        proevd=None,
    )


@router.get("/{beregning_id:uuid}/etterproeving")
async def proev(side: LesSak, sak_id: UUID, beregning_id: UUID) -> Response:
    """The calculation run again, and whether it came out the same, byte for byte. Nothing is stored."""

    async def arbeid(lager: Lager) -> Response:
        funnet = await les_saksside(lager, side.kall, sak_id, beregning_id=beregning_id)
        proevd = await etterproev(lager, side.kall, sak_id, beregning_id)
        rad = next(en for en in _rader(funnet.beregninger, funnet.angrede) if en.b.id == beregning_id)
        return side.vis(
            "beregning.html",
            s=funnet,
            bilde=bildet(side, funnet),
            hvem=Navneliste(funnet.personer),
            rad=rad,
            proevd=proevd,
        )

    return await side.gjoer(arbeid)


@router.get("/{beregning_id:uuid}/mot/{gammel_id:uuid}")
async def mot(side: LesSak, sak_id: UUID, beregning_id: UUID, gammel_id: UUID) -> Response:
    """A calculation beside another of the same year, with what explains the difference."""

    async def arbeid(lager: Lager) -> Response:
        funnet = await les_saksside(lager, side.kall, sak_id, beregning_id=beregning_id)
        await hent_beregning(lager, sak_id, gammel_id)
        return side.vis(
            "mot.html",
            s=funnet,
            hvem=Navneliste(funnet.personer),
            sml=await sammenlign(lager, side.kall, sak_id, beregning_id, gammel_id),
        )

    return await side.gjoer(arbeid)
