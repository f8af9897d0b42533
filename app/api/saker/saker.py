"""Cases over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Response

from app.api.eksempler_saker import (
    AVSLUTNING_EKSEMPLER,
    ENDRE_SAK_EKSEMPLER,
    NY_SAK_EKSEMPLER,
    SAKSOEK_EKSEMPLER,
)
from app.api.gjentak import Lagring
from app.api.saker.felles import Kontekst, Les, SakId, Skriv, beskriv
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_peker, side
from app.api.svar import Svar, etag, krev_if_match, ok, uendret
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Heltall, Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.db.arkiv import Lager
from app.db.lager.saker import Saksfilter, Status
from app.services.revisjon import Handling
from app.services.sak.beregninger import beregningstekst
from app.services.sak.forespoersler import AVSLUTNING, NY_SAK
from app.services.sak.innhold import SAKSINNHOLD
from app.services.sak.rader import Fritekst, Personnummer, Sakstjeneste
from app.services.sak.saker import (
    Hentetsak,
    avslutt_sak,
    endre_sak,
    forbered_ny_sak,
    i_liste,
    lagre_ny_sak,
    les_sak,
)
from app.services.sak.soek import Soek, soek_saker
from app.services.sak.ut import SakIListe, SakMedBeregning, SakUt, Tidspunkt, medlem, slaa_sammen

router = APIRouter(prefix="/api/v1/saker", tags=["saker"])


@dataclass(frozen=True, slots=True)
class Saksside:
    """A page of cases."""

    elementer: tuple[SakIListe, ...] = felt(
        Liste(Objekt(SakIListe), STOERST), "Sakene, i den rekkefølgen de ble til"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True, repr=False)
class Saksoek:
    """A search. It stands in the body so that no national id ever stands in an address."""

    personidentifikator: str | None = felt(
        Kanskje(Personnummer()), "Finner alle saker personen er med i, også som ektefelle", None
    )
    navn: str | None = felt(
        Kanskje(Fritekst(100)),
        "Begynnelsen av ord i navnet, minst tre bokstaver av ett av dem; finner alle saker personen er med i",
        None,
    )
    tjeneste: Sakstjeneste | None = felt(Kanskje(Valgt(Sakstjeneste)), "Bare saker om denne tjenesten", None)
    status: Status | None = felt(Kanskje(Valgt(Status)), "Bare saker med denne statusen", None)
    referanse: str | None = felt(Kanskje(Fritekst(100)), "Deres egen referanse", None)
    endret_etter: datetime | None = felt(
        Kanskje(Tidspunkt()),
        "Bare saker endret etter dette; den tidspunktet er tatt fra, kan komme med igjen",
        None,
    )
    antall: int = felt(Heltall(1, STOERST), "Hvor mange som ønskes på siden", STANDARD)
    peker: str | None = felt(Kanskje(Tekst(60)), "Verdien av neste fra siden før", None)


_SOEK: Final = Objekt(Saksoek)


def _sak(funnet: Hentetsak, status: int = 200) -> Svar:
    return Svar(status, skriv_json(funnet.ut), etag(funnet.sak.versjon))


@router.post(
    "",
    status_code=201,
    operation_id="ny_sak",
    summary="Opprett en sak og beregn",
    description="Slår opp det som trengs hos Skatteetaten, beregner og lagrer alt i ett. Mangler tall for noen, opprettes "
    "saken likevel, og beregningen sier hvem det gjelder og hvorfor.",
    openapi_extra=beskriv(
        Objekt(SakMedBeregning),
        inn=NY_SAK,
        status=201,
        eksempler=NY_SAK_EKSEMPLER,
        gjentak=True,
        etag=True,
        feil=(404, 409),
    ),
)
async def ny_sak(k: Skriv) -> Response:
    """A case and its first calculation."""
    ny = await k.kropp(NY_SAK)

    async def forbered() -> Lagring:
        klar = await forbered_ny_sak(k.drift, k.kall, ny)

        async def lagre(lager: Lager) -> Svar:
            lagret = await lagre_ny_sak(lager, k.kall, klar)
            kropp = slaa_sammen(
                medlem("sak", skriv_json(lagret.ut)), medlem("beregning", beregningstekst(klar.beregning))
            )
            sted = {"Location": f"{router.prefix}/{lagret.sak.id}"}
            return Svar(201, kropp, {**etag(lagret.sak.versjon), **sted})

        return lagre

    return await k.en_gang(forbered, Handling.SAK_LEST)


@router.get(
    "",
    operation_id="saker",
    summary="List sakene",
    openapi_extra=beskriv(Objekt(Saksside)),
)
async def saker(k: Les, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """Every case of the kommune, page by page."""
    return await _soek(k, Soek(), peker, antall)


@router.post(
    "/soek",
    operation_id="soek_saker",
    summary="Søk etter saker",
    openapi_extra=beskriv(Objekt(Saksside), inn=_SOEK, eksempler=SAKSOEK_EKSEMPLER),
)
async def soek(k: Les) -> Response:
    """Cases that match."""
    hva = await k.kropp(_SOEK)
    filter_ = Saksfilter(
        tjeneste=hva.tjeneste, status=hva.status, referanse=hva.referanse, endret_etter=hva.endret_etter
    )
    soekt = Soek(filter_=filter_, ident=hva.personidentifikator, navn=hva.navn)
    return await _soek(k, soekt, hva.peker, hva.antall)


async def _soek(k: Kontekst, soekt: Soek, peker: str | None, antall: int) -> Response:
    etter = les_peker(peker)

    async def arbeid(lager: Lager) -> Svar:
        treff = await soek_saker(lager, k.kall, soekt, etter, antall)
        return ok(side(treff, antall, i_liste, lambda sak: sak.id))

    return await k.skriv(arbeid)


@router.get(
    "/{sakId}",
    operation_id="sak",
    summary="Hent en sak",
    openapi_extra=beskriv(Objekt(SakUt), hvis_endret=True),
)
async def sak(k: Les, sak_id: SakId) -> Response:
    """One case."""

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_sak(lager, k.kall, sak_id)
        if uendret(k.request, funnet.sak.versjon):
            return Svar(304, "", etag(funnet.sak.versjon))
        return _sak(funnet)

    return await k.skriv(arbeid)


@router.put(
    "/{sakId}",
    operation_id="endre_sak",
    summary="Endre en sak",
    description="Hele innholdet erstattes. Det beregnes ikke på nytt av seg selv.",
    openapi_extra=beskriv(
        Objekt(SakUt), inn=SAKSINNHOLD, eksempler=ENDRE_SAK_EKSEMPLER, if_match=True, feil=(409,)
    ),
)
async def endre(k: Skriv, sak_id: SakId) -> Response:
    """Replace what a case says."""
    versjon = krev_if_match(k.request)
    nytt = await k.kropp(SAKSINNHOLD)

    async def arbeid(lager: Lager) -> Svar:
        return _sak(await endre_sak(k.drift, lager, k.kall, sak_id, versjon, nytt))

    return await k.skriv(arbeid)


@router.post(
    "/{sakId}/avslutning",
    operation_id="avslutt_sak",
    summary="Avslutt en sak",
    description="Beregninger og vedtak står, og året kan fortsatt gjøres opp.",
    openapi_extra=beskriv(
        Objekt(SakUt), inn=AVSLUTNING, eksempler=AVSLUTNING_EKSEMPLER, if_match=True, feil=(409,)
    ),
)
async def avslutt(k: Skriv, sak_id: SakId) -> Response:
    """End a case."""
    versjon = krev_if_match(k.request)
    avslutning = await k.kropp(AVSLUTNING)

    async def arbeid(lager: Lager) -> Svar:
        return _sak(await avslutt_sak(lager, k.kall, sak_id, versjon, avslutning))

    return await k.skriv(arbeid)
