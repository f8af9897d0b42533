"""Reconciliations over HTTP: signed, and as tables."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.saker.felles import Kontekst, beskriv, kontekst
from app.api.saker.personvern import FrittInnhold
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_peker, side
from app.api.svar import Svar, ok
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.db.arkiv import Lager
from app.db.lager.avstemminger import Avstemming
from app.services.avstemming.funn import Utfall
from app.services.avstemming.rapport import KOLONNER, rader
from app.services.avstemming.signatur import Signering, hel_jws, som_svar
from app.services.regneark import som_csv, som_xlsx
from app.services.revisjon import Handling
from app.services.sak.drift import Saksdrift
from app.services.sak.feil import FinnesIkkeError
from app.services.sak.rader import PersonId
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1/avstemminger", tags=["avstemming"])

Leser = Annotated[Kontekst, kontekst(Rettighet.LES_AVSTEMMING)]
AvstemmingId = Annotated[UUID, Path(alias="avstemmingId", description="Avstemmingens id")]

_FORMAAL: Final = "kontroll av avstemmingen"


class Form(StrEnum):
    """How one reconciliation is given."""

    JSON = "json"
    JWS = "jws"
    CSV = "csv"
    XLSX = "xlsx"


MEDIETYPE: Final = {
    Form.JSON: "application/json",
    Form.JWS: "application/jose",
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Formvalg = Annotated[
    Form | None, Query(description="Formen på svaret; utelatt betyr det Accept ber om, ellers JSON")
]


@dataclass(frozen=True, slots=True)
class AvstemmingMeta:
    """One reconciliation in the list."""

    id: str = felt(PersonId(), "Avstemmingens id")
    fra: str = felt(Tidspunkt(), "Da forrige avstemming ble kjørt")
    til: str = felt(Tidspunkt(), "Da denne ble kjørt")
    utfall: Utfall = felt(Valgt(Utfall), "OK, RETTET eller AVVIK")
    av: str = felt(Tekst(200), "Hvem som kjørte den")


@dataclass(frozen=True, slots=True)
class Avstemmingsside:
    """A page of reconciliations."""

    elementer: tuple[AvstemmingMeta, ...] = felt(
        Liste(Objekt(AvstemmingMeta), STOERST), "Avstemmingene, den nyeste først"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True)
class SignertAvstemming:
    """One reconciliation with its signature."""

    rapport: object = felt(FrittInnhold(), "Rapporten; feltene er forklart i docs/avstemming.md")
    jws: str = felt(Tekst(10**8), "Den samme rapporten, signert (JWS, Ed25519)")


@dataclass(frozen=True, slots=True)
class Noekkelsett:
    """The public keys."""

    keys: tuple[object, ...] = felt(Liste(FrittInnhold(), STOERST), "JWK-er (RFC 7517)")


def _med_tabeller() -> dict[str, Any]:
    om = beskriv(Objekt(SignertAvstemming), feil=(404,))
    innhold = om["responses"]["200"]["content"]
    innhold[MEDIETYPE[Form.JWS]] = {"schema": {"type": "string"}}
    innhold[MEDIETYPE[Form.CSV]] = {"schema": {"type": "string"}}
    innhold[MEDIETYPE[Form.XLSX]] = {"schema": {"type": "string", "format": "binary"}}
    return om


@router.get(
    "",
    operation_id="avstemminger",
    summary="Avstemmingene i kommunen",
    openapi_extra=beskriv(Objekt(Avstemmingsside)),
)
async def liste(k: Leser, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """A page, the newest first."""
    foer = les_peker(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await lager.avstemminger.soek(foer, antall + 1)
        antallet = {"avstemminger": min(len(funnet), antall)}
        rad = k.kall.rad(Handling.AVSTEMMING_LEST, formaal=_FORMAAL, antall=antallet)
        await lager.revisjon.noter(k.kall.naa, rad)
        return ok(side(funnet, antall, _meta, lambda ett: ett.id))

    return await k.skriv(arbeid)


@router.get(
    "/noekler",
    operation_id="avstemmingsnoekler",
    summary="Nøklene avstemmingene er signert med",
    description="Åpen, så en revisor kan etterprøve uten tilgang. Uten nøkler til databasen er settet tomt.",
    openapi_extra=beskriv(Objekt(Noekkelsett)),
)
async def noekler(request: Request) -> Response:
    """The public key."""
    drift: Saksdrift | None = request.app.state.saksdrift
    return ok({"keys": []} if drift is None else Signering(drift.arkiv.ring).noekler()).respons()


@router.get(
    "/{avstemmingId}",
    operation_id="avstemming",
    summary="Én avstemming, signert, eller som tabell",
    openapi_extra=_med_tabeller(),
)
async def en(k: Leser, id_: AvstemmingId, form: Formvalg = None) -> Response:
    """One reconciliation."""
    som = form or _fra_accept(k.request.headers.get("accept", ""))
    async with k.drift.arkiv.skriv(k.kall.aktoer.kommune) as lager:
        funnet = await lager.avstemminger.hent(id_)
        if funnet is None:
            raise FinnesIkkeError("avstemmingen")
        rad = k.kall.rad(Handling.AVSTEMMING_LEST, formaal=_FORMAAL, data=[f"avstemming {id_}", som])
        await lager.revisjon.noter(k.kall.naa, rad)
    hoder = {"Cache-Control": "no-store", "Vary": "Accept"}
    if som is not Form.JSON:
        hoder["Content-Disposition"] = f'attachment; filename="avstemming-{id_}.{som}"'
    return Response(_innhold(funnet, som), headers=hoder, media_type=MEDIETYPE[som])


def _fra_accept(accept: str) -> Form:
    """The first form the caller names; JSON when there is none."""
    oensket = [del_.split(";")[0].strip().lower() for del_ in accept.split(",")]
    return next((form for type_ in oensket for form in Form if MEDIETYPE[form] == type_), Form.JSON)


def _innhold(funnet: Avstemming, som: Form) -> bytes | str:
    if som is Form.CSV:
        return som_csv(KOLONNER, rader(les_json(funnet.innhold)))
    if som is Form.XLSX:
        return som_xlsx("Avstemming", KOLONNER, rader(les_json(funnet.innhold)))
    if som is Form.JWS:
        return hel_jws(funnet.innhold, funnet.signatur)
    return som_svar(funnet.innhold, funnet.signatur)


def _meta(ett: Avstemming) -> AvstemmingMeta:
    return AvstemmingMeta(
        id=str(ett.id),
        fra=tidspunkt(ett.fra),
        til=tidspunkt(ett.til),
        utfall=Utfall(ett.utfall),
        av=ett.av,
    )
