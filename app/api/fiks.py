"""KS Fiks' calculation API over our look-up and rules: an existing client changes its base URL.

``koble_paa`` joins it to an app. Every answer below ``/register/api/`` that is an error has Fiks' body.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Request, Response
from starlette.exceptions import HTTPException

from app.api.fiksfeil import PREFIKS, SomFiksfeil, fiksfeil
from app.api.kalkulator import er_json
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.lesing import Liste, Objekt, Skjema
from app.services.fiks.beregning import OppslagGjort, Oppslagskilde, Spoerrer, hent
from app.services.fiks.bestilling import Bestilling
from app.services.fiks.bistand import bistandssvar
from app.services.fiks.feil import STATUS, Feilkode, FiksFeilError, tilbys_ikke
from app.services.fiks.foresporsel import FiksBeregningRequest, FiksSummertRequest, les_v1, les_v2
from app.services.fiks.gammelt_svar import FiksSummertResponse, gammelt_svar
from app.services.fiks.langtid import langtidssvar
from app.services.fiks.ord import FOERSTE_AAR, Beregningstype
from app.services.fiks.svar import FiksBeregningResponse, FiksFeil, FiksVerdier
from app.services.fiks.verdier import alle_verdier, verdier

V1: Final = f"{PREFIKS}v1/ks/{{rolleId}}/skatteoginntektsopplysninger"
V2: Final = f"{PREFIKS}v2/ks/{{rolleId}}/summertskattegrunnlag"
_SISTE_AAR: Final = 2100

Naa = Callable[[], datetime]


class Aktoerlik(Protocol):
    """What is needed of the one who asks: the kommune is the token's, never the path's."""

    @property
    def kommune(self) -> str: ...
    @property
    def merke(self) -> str: ...


async def _standardvalg(kommune: str, aar: int) -> Valg:
    return Valg()


@dataclass(frozen=True, slots=True, kw_only=True)
class Omgivelser:
    """What the routes work with."""

    oppslag: Oppslagskilde
    oppslag_gjort: OppslagGjort
    """Told of every look-up before its answer is given; when it raises, nothing is given."""
    valg: Callable[[str, int], Awaitable[Valg]] = _standardvalg
    """The kommune's choices in a year: wealth tax, tax paid abroad, samboer."""


def skjemaer() -> dict[str, Skjema]:
    """The named schemas of requests, answers and errors."""
    navngitte: dict[str, Skjema] = {}
    for klasse in (
        *(FiksBeregningRequest, FiksBeregningResponse, FiksVerdier),
        *(FiksSummertRequest, FiksSummertResponse, FiksFeil),
    ):
        Objekt(klasse).skjema(navngitte)
    return navngitte


def koble_paa(
    app: FastAPI,
    aktoer_avhengighet: Any,
    omgivelser: Callable[..., Any],
    naa: Naa,
) -> None:
    """Join the routes, their schemas and their errors to an app; after its own error handling.

    Args:
        app: the app.
        aktoer_avhengighet: what ``krev(Rettighet.LES_SAK)`` gives: a dependency on who asks, or a refusal.
        omgivelser: function FastAPI calls for ``Omgivelser``.
        naa: the time, in Norway.
    """

    async def svar_feil(request: Request, feil: Exception) -> Response:
        if not isinstance(feil, FiksFeilError):
            raise feil
        return fiksfeil(feil, request.url.path, naa())

    app.include_router(lag_router(aktoer_avhengighet, omgivelser, naa))
    app.state.skjemaer = {**getattr(app.state, "skjemaer", {}), **skjemaer()}
    app.add_exception_handler(FiksFeilError, svar_feil)
    app.add_middleware(SomFiksfeil, naa=naa)


def lag_router(aktoer_avhengighet: Any, omgivelser: Callable[..., Any], naa: Naa) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["fiks"], dependencies=[Depends(_integrasjon)])

    async def spoerrer(
        rolle_id: Annotated[UUID, Path(alias="rolleId", description="Klientens rolle; velger ikke kommune")],
        aktoer: Annotated[Any, aktoer_avhengighet],
    ) -> Spoerrer:
        hvem: Aktoerlik = aktoer
        return Spoerrer(kommune=hvem.kommune, av=hvem.merke, rolle_id=str(rolle_id))

    def beregning(sti: str, type_: Beregningstype | None, navn: str) -> None:
        async def svar(
            request: Request,
            hvem: Annotated[Spoerrer, Depends(spoerrer)],
            med: Annotated[Omgivelser, Depends(omgivelser)],
        ) -> Response:
            raa = await _kropp(request)
            tid = naa()
            return _json(await _beregn(les_v1(raa, type_, tid.year), hvem, med, tid))

        router.add_api_route(
            V1 + sti,
            svar,
            methods=["POST"],
            operation_id=f"fiks_beregning{navn}",
            summary="Inntektsgrunnlag, som KS Fiks",
            openapi_extra=_beskriv(FiksBeregningRequest, Objekt(FiksBeregningResponse).skjema({}), *Feilkode),
        )

    beregning("/beregning", None, "")
    beregning("/beregning/praktisk-bistand", Beregningstype.PRAKTISK_BISTAND, "_praktisk_bistand")
    beregning(
        "/beregning/langtidsopphold-institusjon",
        Beregningstype.LANGTIDSOPPHOLD_INSTITUSJON,
        "_langtidsopphold",
    )

    async def gyldige_verdier(hvem: Annotated[Spoerrer, Depends(spoerrer)]) -> Response:
        return _json(alle_verdier())

    for metode in ("GET", "POST"):
        router.add_api_route(
            f"{V1}/verdier",
            gyldige_verdier,
            methods=[metode],
            operation_id=f"fiks_verdier_{metode.lower()}",
            summary="Gyldige persontyper og manuelle poster",
            openapi_extra=_beskriv(None, Liste(Objekt(FiksVerdier), 1_000).skjema({})),
        )

    @router.post(
        V2,
        operation_id="fiks_summertskattegrunnlag",
        summary="Inntektsgrunnlag for praktisk bistand, som KS Fiks' eldre versjon",
        openapi_extra=_beskriv(FiksSummertRequest, Objekt(FiksSummertResponse).skjema({}), *Feilkode),
    )
    async def summertskattegrunnlag(
        request: Request,
        hvem: Annotated[Spoerrer, Depends(spoerrer)],
        med: Annotated[Omgivelser, Depends(omgivelser)],
    ) -> Response:
        raa = await _kropp(request)
        tid = naa()
        bestilt = les_v2(raa, tid.year)
        return _json(gammelt_svar(bestilt, await hent(med.oppslag, med.oppslag_gjort, hvem, bestilt), tid))

    @router.get(
        f"{V2}/verdier/{{type}}/{{aar}}",
        operation_id="fiks_summertskattegrunnlag_verdier",
        summary="Gyldige persontyper og manuelle poster for ett år",
        openapi_extra=_beskriv(None, Objekt(FiksVerdier).skjema({}), Feilkode.TILBYS_IKKE),
    )
    async def gyldige_gamle_verdier(
        hvem: Annotated[Spoerrer, Depends(spoerrer)],
        type_: Annotated[Beregningstype, Path(alias="type")],
        aar: Annotated[int, Path(ge=FOERSTE_AAR, le=_SISTE_AAR)],
    ) -> Response:
        if type_ is Beregningstype.BARNEHAGE_SFO:
            raise tilbys_ikke("foreldrebetaling")
        return _json(verdier(type_, aar))

    _tilbys_ikke(router, aktoer_avhengighet)
    return router


async def _integrasjon(
    integrasjon_id: Annotated[
        str | None, Header(alias="IntegrasjonId", description="Godtas, men gir ikke tilgang")
    ] = None,
    integrasjon_passord: Annotated[
        str | None, Header(alias="IntegrasjonPassord", description="Godtas, men gir ikke tilgang")
    ] = None,
) -> None:
    """Fiks' own credentials are let by unread; the token decides."""


async def _beregn(
    bestilt: Bestilling, hvem: Spoerrer, med: Omgivelser, tid: datetime
) -> FiksBeregningResponse:
    hentet = await hent(med.oppslag, med.oppslag_gjort, hvem, bestilt)
    if bestilt.type is Beregningstype.PRAKTISK_BISTAND:
        return bistandssvar(bestilt, hentet, tid)
    return langtidssvar(bestilt, hentet, tid, await med.valg(hvem.kommune, bestilt.aar))


async def _kropp(request: Request) -> bytes:
    if not er_json(request.headers.get("content-type", "")):
        raise HTTPException(415)
    return await request.body()


def _json(svar: Any) -> Response:
    return Response(skriv_json(svar), headers={"Cache-Control": "no-store"}, media_type="application/json")


def _tilbys_ikke(router: APIRouter, aktoer_avhengighet: Any) -> None:
    """What Fiks has and we do not: told so, with what to do instead."""
    for metode, sti, hva in (
        ("POST", f"{V1}/beregning/redusert-foreldrebetaling", "foreldrebetaling"),
        ("POST", f"{V1}/beregning/redusert-foreldrebetaling/pdf", "foreldrebetaling"),
        ("POST", f"{V1}/beregning/pdf", "pdf"),
        ("POST", f"{V1}/beregning/praktisk-bistand/pdf", "pdf"),
        ("POST", f"{V1}/beregning/langtidsopphold-institusjon/pdf", "pdf"),
        ("POST", f"{V2}/pdf", "pdf"),
        ("GET", f"{V1}/yaml/{{beregningstype}}/{{inntektsaar}}", "yaml"),
        (
            "GET",
            f"{PREFIKS}v1/ks/skatteoginntektsopplysninger/yaml/{{beregningstype}}/{{inntektsaar}}",
            "yaml",
        ),
    ):
        router.add_api_route(
            sti,
            _uten_parametre(hva),
            methods=[metode],
            include_in_schema=False,
            dependencies=[aktoer_avhengighet],
        )


def _uten_parametre(hva: str) -> Callable[[], Awaitable[Response]]:
    async def svar() -> Response:
        raise tilbys_ikke(hva)

    return svar


_FEIL_I_KROPPEN: Final = (400, 413, 415)
_FEIL_I_ADRESSEN: Final = (400,)


def _beskriv(inn: type[Any] | None, ut: Skjema, *feil: Feilkode) -> dict[str, Any]:
    """What the description says; ``feil`` are the reasons there may be no answer."""
    feilsvar = {
        "description": "Feil, på Fiks' form",
        "content": {"application/json": {"schema": Objekt(FiksFeil).skjema({})}},
    }
    statuser = {*(STATUS[kode] for kode in feil), *(_FEIL_I_ADRESSEN if inn is None else _FEIL_I_KROPPEN)}
    beskrivelse: dict[str, Any] = {
        "responses": {
            "200": {"description": "Svaret", "content": {"application/json": {"schema": ut}}},
            **{str(status): feilsvar for status in sorted(statuser)},
            "default": feilsvar,
        }
    }
    if inn is not None:
        beskrivelse["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": Objekt(inn).skjema({})}},
        }
    return beskrivelse
