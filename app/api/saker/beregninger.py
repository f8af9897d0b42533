"""Calculations, their snapshots, manual posts and the day register over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.eksempler_saker import BEREGNING_EKSEMPLER, FORHAANDSVISNING_EKSEMPLER, POSTER_EKSEMPLER
from app.api.gjentak import Lagring
from app.api.saker.felles import BeregningId, Les, SakId, Skriv, beskriv, klar
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_peker, side
from app.api.svar import Svar, ok
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.services.revisjon import Handling
from app.services.sak.beregninger import (
    beregningstekst,
    etterproev,
    forbered_beregning,
    grunnlag_ut,
    lagre_beregning,
    les_beregning,
    les_beregninger,
    les_grunnlag,
    meta,
)
from app.services.sak.doegnregister import Doegnregister
from app.services.sak.forespoersler import (
    BEREGNINGSOENSKE,
    FOERSTE_AAR,
    FORHAANDSVISNING,
    NYE_MANUELLE_POSTER,
    SISTE_AAR,
)
from app.services.sak.forhaandsvisning import forhaandsvisningstekst, vis_endring
from app.services.sak.manuelle import lagre_poster, les_poster, opphev_post, post_ut
from app.services.sak.register import les_register
from app.services.sak.saker import hent_sak
from app.services.sak.sammenligning import Sammenligning, sammenlign
from app.services.sak.ut import (
    BeregningMeta,
    BeregningUt,
    Etterproeving,
    ForhaandsvisningUt,
    GrunnlagUt,
    ManuellPostUt,
)

router = APIRouter(prefix="/api/v1/saker/{sakId}", tags=["saker"])

Forklar = Annotated[bool, Query(description="Ta med forklaringstreet")]
PostId = Annotated[UUID, Path(alias="postId", description="Postens id")]
_POSTER = Liste(Objekt(ManuellPostUt), 10_000)
_GRUNNLAG = Liste(Objekt(GrunnlagUt), 10_000)


@dataclass(frozen=True, slots=True)
class Beregningsside:
    """A page of calculations."""

    elementer: tuple[BeregningMeta, ...] = felt(
        Liste(Objekt(BeregningMeta), STOERST), "Beregningene, i den rekkefølgen de ble til"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@router.post(
    "/beregninger",
    status_code=201,
    operation_id="ny_beregning",
    summary="Beregn",
    description="Bruker det som er hentet før, og henter det som mangler. Med grunnlag NYTT hentes alt på nytt.",
    openapi_extra=beskriv(
        Objekt(BeregningUt),
        inn=BEREGNINGSOENSKE,
        status=201,
        eksempler=BEREGNING_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def ny_beregning(k: Skriv, sak_id: SakId, forklar: Forklar = True) -> Response:
    """Calculate a year of the case."""
    oenske = await k.kropp(BEREGNINGSOENSKE)

    async def forbered() -> Lagring:
        ferdig = await forbered_beregning(k.drift, k.kall, sak_id, oenske)

        async def lagre(lager: Lager) -> Svar:
            ny = await lagre_beregning(lager, k.kall, ferdig)
            sted = {"Location": f"/api/v1/saker/{sak_id}/beregninger/{ny.id}"}
            return Svar(201, beregningstekst(ny, forklar=forklar), sted)

        return lagre

    return await k.en_gang(forbered, Handling.BEREGNING_LEST, sak_id)


@router.get(
    "/beregninger",
    operation_id="beregninger",
    summary="List beregningene i en sak",
    openapi_extra=beskriv(Objekt(Beregningsside)),
)
async def beregninger(k: Les, sak_id: SakId, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """Every calculation of a case, page by page."""
    etter = les_peker(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_beregninger(lager, k.kall, sak_id, etter, antall)
        return ok(side(funnet, antall, meta, lambda beregning: beregning.id))

    return await k.skriv(arbeid)


@router.get(
    "/beregninger/{beregningId}",
    operation_id="beregning",
    summary="Hent en beregning",
    openapi_extra=beskriv(Objekt(BeregningUt)),
)
async def beregning(k: Les, sak_id: SakId, beregning_id: BeregningId, forklar: Forklar = True) -> Response:
    """One calculation, whole."""

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_beregning(lager, k.kall, sak_id, beregning_id)
        return Svar(200, beregningstekst(funnet, forklar=forklar))

    return await k.skriv(arbeid)


@router.post(
    "/forhaandsvisning",
    operation_id="forhaandsvis",
    summary="Se hva en endring fører til, uten å lagre noe",
    description="Beregner med det innholdet og de manuelle postene som sendes, av det som alt er hentet, og viser forskjellen "
    "per måned fra årets nyeste beregning. Verken saken eller beregningen lagres. Den som ikke er slått opp i saken før, slås "
    "bare opp når slaaOppNye er satt.",
    openapi_extra=beskriv(
        Objekt(ForhaandsvisningUt),
        inn=FORHAANDSVISNING,
        eksempler=FORHAANDSVISNING_EKSEMPLER,
        feil=(409,),
    ),
)
async def forhaandsvis(k: Skriv, sak_id: SakId, forklar: Forklar = True) -> Response:
    """What a change would lead to."""
    oenske = await k.kropp(FORHAANDSVISNING)
    vist = await vis_endring(k.drift, k.kall, sak_id, oenske)
    return Svar(200, forhaandsvisningstekst(vist, forklar=forklar)).respons()


@router.get(
    "/beregninger/{beregningId}/sammenligning",
    operation_id="sammenlign",
    summary="Sammenlign to beregninger av samme år",
    description="Måned for måned, og det som forklarer forskjellen: tall, poster, det som står i saken, kommunens valg og "
    "priser, satser og versjoner. Bygger bare på det som er lagret med de to.",
    openapi_extra=beskriv(Objekt(Sammenligning), feil=(409,)),
)
async def sammenlign_to(
    k: Les,
    sak_id: SakId,
    beregning_id: BeregningId,
    med: Annotated[UUID, Query(description="Beregningen det sammenlignes med")],
) -> Response:
    """Two calculations side by side."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await sammenlign(lager, k.kall, sak_id, beregning_id, med))

    return await k.skriv(arbeid)


@router.post(
    "/beregninger/{beregningId}/etterproeving",
    operation_id="etterproev",
    summary="Kjør en beregning om igjen",
    description="Samme inndata gir samme svar, byte for byte. Gjør det ikke det, sier svaret hvilken versjon som er en annen.",
    openapi_extra=beskriv(Objekt(Etterproeving), feil=(409,)),
)
async def proev_igjen(k: Les, sak_id: SakId, beregning_id: BeregningId) -> Response:
    """Run a stored calculation again."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await etterproev(lager, k.kall, sak_id, beregning_id))

    return await k.skriv(arbeid)


@router.get(
    "/grunnlag",
    operation_id="grunnlag",
    summary="List det som er hentet fra Skatteetaten",
    openapi_extra=beskriv(_GRUNNLAG),
)
async def grunnlag(k: Les, sak_id: SakId) -> Response:
    """Every snapshot of a case."""

    async def arbeid(lager: Lager) -> Svar:
        return ok([grunnlag_ut(ett) for ett in await les_grunnlag(lager, k.kall, sak_id)])

    return await k.skriv(arbeid)


@router.post(
    "/manuelle-poster",
    status_code=201,
    operation_id="nye_manuelle_poster",
    summary="Før inn beløp og plasser poster",
    description="Gjelder fra neste beregning.",
    openapi_extra=beskriv(
        _POSTER,
        inn=NYE_MANUELLE_POSTER,
        status=201,
        eksempler=POSTER_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def nye_poster(k: Skriv, sak_id: SakId) -> Response:
    """Manual posts."""
    nye = await k.kropp(NYE_MANUELLE_POSTER)

    async def lagre(lager: Lager) -> Svar:
        funnet = await hent_sak(lager, sak_id)
        lagret = await lagre_poster(lager, k.kall, funnet.sak, nye)
        return Svar(201, skriv_json([post_ut(post) for post in lagret]))

    return await k.en_gang(klar(lagre), Handling.MANUELL_POST_LEST, sak_id)


@router.get(
    "/manuelle-poster",
    operation_id="manuelle_poster",
    summary="List beløp og plasseringer, også opphevede",
    openapi_extra=beskriv(_POSTER),
)
async def poster(k: Les, sak_id: SakId) -> Response:
    """Every manual post of a case."""

    async def arbeid(lager: Lager) -> Svar:
        return ok([post_ut(post) for post in await les_poster(lager, k.kall, sak_id)])

    return await k.skriv(arbeid)


@router.delete(
    "/manuelle-poster/{postId}",
    operation_id="opphev_manuell_post",
    summary="Opphev et beløp eller en plassering",
    description="Posten blir stående som opphevet. Gjelder fra neste beregning.",
    openapi_extra=beskriv(Objekt(ManuellPostUt)),
)
async def opphev(k: Skriv, sak_id: SakId, post_id: PostId) -> Response:
    """Withdraw a manual post."""

    async def arbeid(lager: Lager) -> Svar:
        funnet = await hent_sak(lager, sak_id)
        return ok(post_ut(await opphev_post(lager, k.kall, funnet.sak, post_id)))

    return await k.skriv(arbeid)


@router.get(
    "/doegnregister",
    operation_id="doegnregister",
    summary="Døgnregisteret for et år",
    description="Hvert døgn i institusjon: om det teller mot de 60, og hva det betales etter.",
    openapi_extra=beskriv(Objekt(Doegnregister), feil=(409,)),
)
async def doegn(
    k: Les,
    sak_id: SakId,
    aar: Annotated[int, Query(ge=FOERSTE_AAR, le=SISTE_AAR, description="Kalenderåret")],
) -> Response:
    """The day register."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await les_register(lager, k.kall, sak_id, aar))

    return await k.skriv(arbeid)
