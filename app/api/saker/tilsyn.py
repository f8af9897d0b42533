"""Look-ups somebody should ask about, over HTTP."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from app.api.eksempler_saker import VURDERING_EKSEMPLER
from app.api.saker.felles import beskriv
from app.api.saker.personvern import Revisor
from app.api.svar import ok
from app.calc.kontrakt.lesing import Dato, Heltall, Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.services.personvern.tilsyn import VURDERING, Konklusjon, Slag, Tilfelle, les_tilsyn, vurder
from app.services.sak.rader import PersonId

router = APIRouter(prefix="/api/v1/revisjon/tilsyn", tags=["personvern"])

_RADNR: Final = Heltall(1, 10**15)
_ANTALL: Final = Heltall(1, 10**9)


@dataclass(frozen=True, slots=True)
class TilfelleUt:
    """One user's look-ups of one kind on one day."""

    slag: Slag = felt(
        Valgt(Slag),
        "EGEN: brukeren er selv i saken. KOLLEGA: en annen bruker er det. MANGE: flere personer på et døgn enn ventet",
    )
    bruker: str = felt(Tekst(100), "Brukerens id, slik registeret har den")
    dag: date = felt(Dato(), "Dagen")
    personer: int = felt(_ANTALL, "Hvor mange personer")
    rader: int = felt(_ANTALL, "Hvor mange rader i registeret")
    foerste_rad: int = felt(_RADNR, "Den første av dem")
    siste_rad: int = felt(_RADNR, "Den siste av dem")
    saker: tuple[str, ...] = felt(Liste(PersonId(), 20), "De første av sakene")
    konklusjon: Konklusjon | None = felt(
        Kanskje(Valgt(Konklusjon)), "Null når ingen har vurdert det, eller når det er kommet mer siden"
    )


_TILFELLER: Final = Liste(Objekt(TilfelleUt), 100_000)


@router.get(
    "",
    operation_id="tilsyn",
    summary="Oppslag noen bør spørre om",
    description="Brukeres oppslag på seg selv og på kolleger, og uvanlig mange oppslag på et døgn, så mange døgn tilbake som "
    "driften har stilt inn. Å lese dem noteres.",
    openapi_extra=beskriv(_TILFELLER),
)
async def liste(k: Revisor) -> Response:
    """What there is to ask about, the newest first."""
    funnet = await les_tilsyn(k.drift.arkiv, k.kall, k.drift.personvern)
    return ok([_ut(ett) for ett in funnet.tilfeller]).respons()


@router.post(
    "",
    operation_id="vurder_oppslag",
    summary="Noter hva dere kom til",
    description="Vurderingen står i revisjonsregisteret. Ingen vurderer sine egne oppslag.",
    openapi_extra=beskriv(Objekt(TilfelleUt), inn=VURDERING, eksempler=VURDERING_EKSEMPLER, feil=(404,)),
)
async def noter(k: Revisor) -> Response:
    """What somebody has come to."""
    vurdering = await k.kropp(VURDERING)
    return ok(_ut(await vurder(k.drift.arkiv, k.kall, vurdering, k.drift.personvern))).respons()


def _ut(ett: Tilfelle) -> TilfelleUt:
    return TilfelleUt(
        slag=ett.slag,
        bruker=ett.bruker,
        dag=ett.dag,
        personer=ett.personer,
        rader=ett.rader,
        foerste_rad=ett.foerste_rad,
        siste_rad=ett.siste_rad,
        saker=tuple(map(str, ett.saker)),
        konklusjon=ett.konklusjon,
    )
