"""Reconciliations: read, seen to be as they were signed, taken away as tables, and ordered now."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.avstemminger import Avstemming
from app.db.motor import OpptattError
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.nedlasting import Filtype, fil
from app.portal.ramme.side import Side, krev_side
from app.services.avstemming.kjoering import Avstemmer
from app.services.avstemming.lister import Oppdrag
from app.services.avstemming.rapport import KOLONNER, rader
from app.services.avstemming.signatur import Signering, UgyldigSignaturError, hel_jws, som_svar, verifiser
from app.services.regneark import som_csv, som_xlsx
from app.services.revisjon import Handling
from app.services.sak.feil import FinnesIkkeError
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/avstemminger", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
_FORMAAL: Final = "kontroll av avstemmingen"

Leser = Annotated[Side, krev_side(Rettighet.LES_AVSTEMMING)]
Bestiller = Annotated[Side, krev_side(Rettighet.SKRIV_DRIFT)]


@dataclass(frozen=True, slots=True)
class Kontroll:
    """Whether a report is as it was signed, and the one before it still the one it names.

    Attributes:
        signert: the signature is ours, and nothing is changed since.
        kid: the name of the key.
        forrige: whether the report it builds on is there unchanged; nothing when it is the first.
    """

    signert: bool
    kid: str
    forrige: bool | None


@router.get("")
async def liste(side: Leser, foer: Annotated[UUID | None, Query()] = None) -> Response:
    """The reports, the newest first."""

    async def arbeid(lager: Lager) -> Response:
        funnet = await lager.avstemminger.soek(foer, _PER_SIDE + 1)
        synlige = funnet[:_PER_SIDE]
        rad = side.kall.rad(Handling.AVSTEMMING_LEST, formaal=_FORMAAL, antall={"avstemminger": len(synlige)})
        await lager.revisjon.noter(side.kall.naa, rad)
        neste = synlige[-1].id if len(funnet) > _PER_SIDE else None
        return side.vis("avstemminger.html", avstemminger=synlige, neste=neste)

    return await side.gjoer(arbeid)


@router.post("")
async def avstem_naa(side: Bestiller) -> Response:
    """Reconcile now, as the nightly run does."""
    avstemmer = Avstemmer(side.request.app.state.settings, side.drift)
    oppdrag = Oppdrag(naa=side.kall.naa, aktoer=side.kall.aktoer)
    resultat = await avstemmer.kjoer(oppdrag, [side.kall.aktoer.kommune])
    if not resultat.rapporter:
        raise OpptattError("avstemmingen")
    return side.videre(f"/avstemminger/{resultat.rapporter[0].id}")


@router.get("/{avstemming_id}")
async def en(side: Leser, avstemming_id: UUID) -> Response:
    """One report."""

    async def arbeid(lager: Lager) -> Response:
        funnet = await _hent(lager, side, avstemming_id, "side")
        dokument: dict[str, Any] = les_json(funnet.innhold)
        kontroll = await _kontroller(lager, side, funnet, dokument)
        return side.vis("avstemming.html", avstemming=funnet, dokument=dokument, kontroll=kontroll)

    return await side.gjoer(arbeid)


async def _hent(lager: Lager, side: Side, id_: UUID, som: str) -> Avstemming:
    funnet = await lager.avstemminger.hent(id_)
    if funnet is None:
        raise FinnesIkkeError("avstemmingen")
    rad = side.kall.rad(Handling.AVSTEMMING_LEST, formaal=_FORMAAL, data=[f"avstemming {id_}", som])
    await lager.revisjon.noter(side.kall.naa, rad)
    return funnet


async def _kontroller(lager: Lager, side: Side, funnet: Avstemming, dokument: dict[str, Any]) -> Kontroll:
    signering = Signering(side.drift.arkiv.ring)
    try:
        signert = verifiser(hel_jws(funnet.innhold, funnet.signatur), signering.noekler()) == funnet.innhold
    except UgyldigSignaturError:
        signert = False
    sagt = dokument["forrige"]
    if sagt is None:
        return Kontroll(signert, signering.kid, None)
    forrige = await lager.avstemminger.hent(UUID(sagt["id"]))
    lik = forrige is not None and sha256(forrige.innhold.encode()).hexdigest() == sagt["sha256"]
    return Kontroll(signert, signering.kid, lik)


@router.get("/{avstemming_id}/rapport.{type_}")
async def last_ned(side: Leser, avstemming_id: UUID, type_: str) -> Response:
    """One report as a file."""
    if type_ not in (Filtype.CSV, Filtype.XLSX, Filtype.JSON, Filtype.JWS):
        raise FinnesIkkeError("avstemmingen i den formen")
    funnet = await side.gjoer(lambda lager: _hent(lager, side, avstemming_id, type_))
    navn = f"avstemming-{avstemming_id}"
    match type_:
        case Filtype.CSV:
            return fil(som_csv(KOLONNER, rader(les_json(funnet.innhold))), navn, Filtype.CSV)
        case Filtype.XLSX:
            tabell = som_xlsx("Avstemming", KOLONNER, rader(les_json(funnet.innhold)))
            return fil(tabell, navn, Filtype.XLSX)
        case Filtype.JWS:
            return fil(hel_jws(funnet.innhold, funnet.signatur), navn, Filtype.JWS)
        case _:
            return fil(som_svar(funnet.innhold, funnet.signatur), navn, Filtype.JSON)
