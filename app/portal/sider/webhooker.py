"""Webhooks: made, changed, given a new secret, tried, taken away; and how the deliveries went.

A secret is shown in the answer to what made it, and never again.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.db.arkiv import Lager
from app.db.lager.webhooker import Leveringstilstand
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, uten_tomme
from app.portal.ramme.side import Side, krev_side
from app.services.endringer import Endringstype
from app.services.endringsliste import STOERSTE
from app.services.sak.feil import UgyldigSakError, UtdatertError
from app.services.tilgang import Rettighet
from app.services.webhooker.abonnement import (
    WEBHOOKOENSKE,
    OensketTilstand,
    WebhookMedHemmelighet,
    Webhookoenske,
    WebhookUt,
    endre_webhook,
    gjenta_levering,
    kontroller_adresse,
    les_leveringer,
    les_webhook,
    les_webhooker,
    levering_ut,
    ny_webhook,
    proev_webhook,
    roter_hemmelighet,
    slett_webhook,
    ut,
)

router = APIRouter(prefix="/webhooker", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
TYPER: Final = tuple(en for en in Endringstype if en is not Endringstype.WEBHOOK_PROEVE)
"""What there is to choose among; a test is sent whatever is chosen."""

Leser = Annotated[Side, krev_side(Rettighet.LES_KOMMUNE)]
Skriver = Annotated[Side, krev_side(Rettighet.SKRIV_KOMMUNE)]
Nr = Annotated[int, Path(ge=0, le=STOERSTE)]


@router.get("")
async def liste(side: Leser) -> Response:
    """Every webhook."""
    funnet = await side.gjoer(lambda lager: les_webhooker(lager, side.kall))
    return side.vis("webhooker.html", webhooker=[ut(en) for en in funnet])


@router.get("/ny")
async def ny_skjema(side: Skriver) -> Response:
    """A webhook to be made."""
    return _vis_ny(side, Felter(), (), Felter())


def _vis_ny(side: Side, felt: Felter, typer: Sequence[str], feil: Felter) -> Response:
    return side.vis(
        "webhook_ny.html", status=422 if feil else 200, felt=felt, valgte=typer, feil=feil, typer=TYPER
    )


@router.post("")
async def lag(side: Skriver) -> Response:
    """A new webhook, with its secret."""
    felt, typer = _felt(side)
    oenske, feil = await _oenske(side, felt, typer)
    if oenske is None:
        return _vis_ny(side, felt, typer, feil)
    valg = side.request.app.state.settings.webhooker
    laget = await side.gjoer(lambda lager: ny_webhook(lager, side.kall, valg, oenske))
    return _vis_hemmelighet(side, laget)


def _felt(side: Side) -> tuple[Felter, list[str]]:
    felt = Felter({navn: side.tekst(navn) for navn in ("url", "beskrivelse", "tilstand")})
    return felt, [verdi for verdi in side.felt.getlist("typer") if isinstance(verdi, str)]


async def _oenske(side: Side, felt: Felter, typer: Sequence[str]) -> tuple[Webhookoenske | None, Felter]:
    raa: dict[str, Any] = uten_tomme({**felt, "typer": list(typer)})
    lest = les(WEBHOOKOENSKE, raa)
    if lest.verdi is None:
        return None, lest.feil
    try:
        await kontroller_adresse(side.drift.webhookvakt, lest.verdi)
    except UgyldigSakError as ugyldig:
        return None, per_felt(ugyldig.feil)
    return lest.verdi, Felter()


def _vis_hemmelighet(side: Side, laget: WebhookMedHemmelighet) -> Response:
    return side.vis("webhook_hemmelighet.html", webhook=laget)


@router.get("/{webhook_id}")
async def en(
    side: Leser,
    webhook_id: UUID,
    tilstand: Leveringstilstand | None = None,
    foer: Annotated[int | None, Query(ge=0, le=STOERSTE)] = None,
) -> Response:
    """One webhook with its deliveries."""

    async def arbeid(lager: Lager) -> Response:
        krok = ut(await les_webhook(lager, side.kall, webhook_id))
        felt = Felter(url=krok.url, beskrivelse=krok.beskrivelse or "", tilstand=krok.tilstand)
        return await _vis_en(
            lager, side, krok, felt, [en.value for en in krok.typer], Felter(), tilstand, foer
        )

    return await side.gjoer(arbeid)


async def _vis_en(
    lager: Lager,
    side: Side,
    krok: WebhookUt,
    felt: Felter,
    typer: Sequence[str],
    feil: Felter,
    tilstand: Leveringstilstand | None = None,
    foer: int | None = None,
) -> Response:
    funnet = await les_leveringer(lager, side.kall, UUID(krok.id), tilstand, foer, _PER_SIDE)
    return side.vis(
        "webhook.html",
        status=422 if feil else 200,
        webhook=krok,
        felt=felt,
        valgte=typer,
        feil=feil,
        typer=TYPER,
        tilstander=list(OensketTilstand),
        leveringer=[levering_ut(en) for en in funnet[:_PER_SIDE]],
        leveringstilstander=list(Leveringstilstand),
        tilstand=tilstand,
        neste=funnet[_PER_SIDE - 1].sekvensnummer if len(funnet) > _PER_SIDE else None,
    )


@router.post("/{webhook_id}")
async def endre(side: Skriver, webhook_id: UUID) -> Response:
    """Replace what a webhook says."""
    felt, typer = _felt(side)
    versjon = _versjon(side)
    oenske, feil = await _oenske(side, felt, typer)

    async def arbeid(lager: Lager) -> Response:
        if oenske is None:
            krok = ut(await les_webhook(lager, side.kall, webhook_id))
            return await _vis_en(lager, side, krok, felt, typer, feil)
        await endre_webhook(lager, side.kall, webhook_id, versjon, oenske)
        return side.videre(f"/webhooker/{webhook_id}")

    return await side.gjoer(arbeid)


@router.post("/{webhook_id}/roter")
async def roter(side: Skriver, webhook_id: UUID) -> Response:
    """A new secret."""
    valg, versjon = side.request.app.state.settings.webhooker, _versjon(side)
    rotert = await side.gjoer(lambda lager: roter_hemmelighet(lager, side.kall, valg, webhook_id, versjon))
    return _vis_hemmelighet(side, rotert)


@router.post("/{webhook_id}/proev")
async def proev(side: Skriver, webhook_id: UUID) -> Response:
    """A test."""
    await side.gjoer(lambda lager: proev_webhook(lager, side.kall, webhook_id))
    return side.videre(f"/webhooker/{webhook_id}")


@router.post("/{webhook_id}/slett")
async def slett(side: Skriver, webhook_id: UUID) -> Response:
    """Take it away."""
    versjon = _versjon(side)
    await side.gjoer(lambda lager: slett_webhook(lager, side.kall, webhook_id, versjon))
    return side.videre("/webhooker")


@router.post("/{webhook_id}/leveringer/{nr}/gjenta")
async def gjenta(side: Skriver, webhook_id: UUID, nr: Nr) -> Response:
    """A delivery again."""
    await side.gjoer(lambda lager: gjenta_levering(lager, side.kall, webhook_id, nr))
    return side.videre(f"/webhooker/{webhook_id}")


def _versjon(side: Side) -> int:
    """The version the form was made from; a form without one is as old as can be."""
    tekst = side.tekst("versjon")
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) < len(str(10**9))):
        raise UtdatertError
    return int(tekst)
