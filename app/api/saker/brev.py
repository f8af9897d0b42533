"""Letters over HTTP: PDF, in the kommune's language or the one that is asked for."""

from base64 import b64encode
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, FastAPI, Query, Request, Response

from app.api.feilhaandtering import problemsvar
from app.api.problem import BREV_IKKE_SATT_OPP, INTERN_FEIL, PROBLEMSVAR, Problem
from app.api.saker.felles import BeregningId, Les, SakId, beskriv
from app.api.saker.vedtak import EtteroppgjoerId, VedtakId
from app.services.brev.brev import Brev, etteroppgjoersbrev, vedtaksbrev, vedtaksutkast
from app.services.brev.feil import IKKE_SATT_OPP, BrevError, BrevIkkeSattOppError
from app.services.brev.innhold import Spraak

router = APIRouter(prefix="/api/v1/saker/{sakId}", tags=["brev"])

_logg = structlog.get_logger("egenandel.brev")

PDF: Final = "application/pdf"
Spraakvalg = Annotated[
    Spraak | None, Query(description="nb eller nn; utelatt er målformen i kommunens oppsett")
]
_LAAST: Final = (
    "Første gang lages brevet og tas vare på. Siden gis nøyaktig det samme dokumentet, også når navn, brevhode eller "
    "maler er endret. PDF/A-2a og PDF/UA-1."
)


def _pdf(*feil: int) -> dict[str, Any]:
    om = beskriv(None, feil=feil)
    om["responses"]["200"] = {
        "description": "Brevet",
        "headers": {
            "Content-Disposition": {"description": "Filnavn uten personopplysninger", "schema": _TEKST},
            "Repr-Digest": {"description": "SHA-256 av dokumentet (RFC 9530)", "schema": _TEKST},
        },
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
    om["responses"]["503"] = PROBLEMSVAR
    return om


_TEKST: Final = {"type": "string"}


@router.get(
    "/vedtak/{vedtakId}/brev",
    operation_id="vedtaksbrev",
    summary="Hent vedtaksbrevet",
    description=_LAAST,
    openapi_extra=_pdf(),
    response_class=Response,
)
async def brev_om_vedtak(k: Les, sak_id: SakId, vedtak_id: VedtakId, spraak: Spraakvalg = None) -> Response:
    """The letter of a decision."""
    return _svar(await vedtaksbrev(k.drift, k.kall, sak_id, vedtak_id, spraak))


@router.get(
    "/etteroppgjoer/{etteroppgjoerId}/brev",
    operation_id="etteroppgjoersbrev",
    summary="Hent brevet om etteroppgjøret",
    description=_LAAST,
    openapi_extra=_pdf(),
    response_class=Response,
)
async def brev_om_etteroppgjoer(
    k: Les, sak_id: SakId, etteroppgjoer_id: EtteroppgjoerId, spraak: Spraakvalg = None
) -> Response:
    """The letter of a settlement."""
    return _svar(await etteroppgjoersbrev(k.drift, k.kall, sak_id, etteroppgjoer_id, spraak))


@router.get(
    "/beregninger/{beregningId}/brevutkast",
    operation_id="brevutkast",
    summary="Hent utkast til vedtaksbrev",
    description="Slik vedtaksbrevet blir om det fattes vedtak på beregningen. Merket «Utkast»; ingenting lagres.",
    openapi_extra=_pdf(409),
    response_class=Response,
)
async def brevutkast(k: Les, sak_id: SakId, beregning_id: BeregningId, spraak: Spraakvalg = None) -> Response:
    """A draft."""
    return _svar(await vedtaksutkast(k.drift, k.kall, sak_id, beregning_id, spraak))


def _svar(brev: Brev) -> Response:
    digest = b64encode(bytes.fromhex(brev.sha256)).decode()
    return Response(
        brev.pdf,
        media_type=PDF,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="{brev.filnavn}"',
            "Content-Language": brev.spraak,
            "Repr-Digest": f"sha-256=:{digest}:",
            "X-Content-Type-Options": "nosniff",
        },
    )


def registrer(app: FastAPI) -> None:
    """Make a letter that cannot be made a problem answer."""
    app.add_exception_handler(BrevError, _feil)


async def _feil(_: Request, feil: Exception) -> Response:
    if isinstance(feil, BrevIkkeSattOppError):
        return problemsvar(Problem(BREV_IKKE_SATT_OPP, IKKE_SATT_OPP))
    _logg.error("brevet kan ikke settes", feiltype=type(feil).__name__)
    return problemsvar(
        Problem(
            INTERN_FEIL,
            "Brevet kan ikke settes. Vedtaket er ikke berørt. Kontakt drift og oppgi X-Korrelasjonsid.",
        )
    )
