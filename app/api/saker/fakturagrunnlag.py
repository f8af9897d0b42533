"""What is to be invoiced, over HTTP: made once, fetched as often as needed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Response

from app.api.eksempler_saker import FAKTURA_EKSEMPLER
from app.api.gjentak import Lagring
from app.api.saker.felles import Les, Skriv, beskriv
from app.api.sider import STANDARD, Antall
from app.api.svar import Svar, ok
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Liste, Objekt
from app.db.arkiv import Lager
from app.services.faktura.fil import Filtype
from app.services.faktura.kjoering import (
    NY_FAKTURAKJOERING,
    FakturakjoeringUt,
    FakturalinjeUt,
    forbered_kjoering,
    lagre_kjoering,
    les_fil,
    les_kjoeringer,
    les_linjer,
)
from app.services.revisjon import Handling

router = APIRouter(prefix="/api/v1/fakturagrunnlag", tags=["fakturagrunnlag"])

Nr = Annotated[int, Path(ge=1, le=10**9, description="Kjøringens nummer")]
_MEDIETYPE: Final = {
    Filtype.CSV: "text/csv",
    Filtype.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Filtype.JSON: "application/json",
}


@router.post(
    "",
    status_code=201,
    operation_id="ny_fakturakjoering",
    summary="Lag fakturagrunnlag til og med en måned",
    description="Linjer for alt som gjelder og ikke er gitt før: nye måneder, forskjeller etter nye vedtak, og etteroppgjør. "
    "Kjøres den samme måneden igjen uten at noe er endret, er det ingen linjer.",
    openapi_extra=beskriv(
        Objekt(FakturakjoeringUt),
        inn=NY_FAKTURAKJOERING,
        status=201,
        eksempler=FAKTURA_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def ny(k: Skriv) -> Response:
    """A run."""
    oenske = await k.kropp(NY_FAKTURAKJOERING)

    async def forbered() -> Lagring:
        klar = await forbered_kjoering(k.drift.arkiv, k.kall, oenske.maaned)

        async def lagre(lager: Lager) -> Svar:
            kjoering = await lagre_kjoering(lager, k.kall, klar)
            return Svar(201, skriv_json(kjoering), {"Location": f"{router.prefix}/{kjoering.nr}"})

        return lagre

    return await k.en_gang(forbered, Handling.FAKTURA_LEST)


@router.get(
    "",
    operation_id="fakturakjoeringer",
    summary="Kjøringene, den nyeste først",
    openapi_extra=beskriv(Liste(Objekt(FakturakjoeringUt), 10_000)),
)
async def liste(k: Les, antall: Antall = STANDARD) -> Response:
    """The runs."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await les_kjoeringer(lager, k.kall, antall))

    return await k.skriv(arbeid)


@router.get(
    "/{nr}",
    operation_id="fakturalinjer",
    summary="Linjene i en kjøring",
    openapi_extra=beskriv(Liste(Objekt(FakturalinjeUt), 1_000_000)),
)
async def linjer(k: Les, nr: Nr) -> Response:
    """The lines of a run."""
    return ok(await les_linjer(k.drift.arkiv, k.kall, nr)).respons()


def _filer() -> dict[str, Any]:
    om = beskriv(None, feil=(409,))
    om["responses"]["200"]["content"] = {
        _MEDIETYPE[Filtype.CSV]: {"schema": {"type": "string"}},
        _MEDIETYPE[Filtype.XLSX]: {"schema": {"type": "string", "format": "binary"}},
        _MEDIETYPE[Filtype.JSON]: {"schema": {"type": "array", "items": {"type": "object"}}},
    }
    return om


@router.get(
    "/{nr}/fil",
    operation_id="fakturafil",
    summary="En kjøring som økonomisystemets fil",
    description="Kolonnene er de kommunen har valgt i oppsettet. Filen føres i registeret på hver person i den.",
    openapi_extra=_filer(),
)
async def filen(
    k: Les,
    nr: Nr,
    form: Annotated[Filtype, Query(description="csv (også fast bredde), xlsx eller json")] = Filtype.CSV,
) -> Response:
    """A run as a file."""
    innhold = await les_fil(k.drift.arkiv, k.kall, nr, form)
    hoder = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="fakturagrunnlag-{nr}.{form}"',
    }
    return Response(innhold, headers=hoder, media_type=_MEDIETYPE[form])
