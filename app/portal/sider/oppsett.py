"""The kommune's own setup: what holds from when, changed a row at a time or as a whole file.

What reaches back in time is shown with whom it concerns, and stored only when that is confirmed.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.feil import KontraktFeilError, UlesbarJsonError
from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, per_felt, tall
from app.portal.ramme.nedlasting import Filtype, fil
from app.portal.ramme.side import Side, krev_side
from app.services.kommuneoppsett.beroerte import finn_beroerte, i_fortiden
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett
from app.services.kommuneoppsett.fil import (
    STOERSTE_FIL_BYTES,
    UlesbarFilError,
    fra_json,
    fra_toml,
    som_json,
    som_toml,
)
from app.services.kommuneoppsett.forskjell import Oppsettsdel, Oppsettsforskjell, forskjeller
from app.services.kommuneoppsett.lagring import (
    LagretOppsett,
    endre_oppsett,
    les_lagret_oppsett,
    les_versjon,
    les_versjoner,
)
from app.services.kommuneoppsett.redigering import (
    KLASSE,
    les_skjema,
    med_rad,
    skjema,
    som_dokument,
    uten_rad,
    utgangspunkt,
)
from app.services.sak.feil import FinnesIkkeError, UtdatertError
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/oppsett", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
_VEI: Final = "/oppsett"

Leser = Annotated[Side, krev_side(Rettighet.LES_KOMMUNE)]
Skriver = Annotated[Side, krev_side(Rettighet.SKRIV_KOMMUNE)]
Json = dict[str, Any]


@router.get("")
async def oversikt(side: Leser) -> Response:
    """Every part, by date."""
    lest = await _les(side)
    return side.vis("oppsett.html", lest=lest, oppsett=lest.oppsett, i_dag=side.kall.i_dag)


async def _les(side: Side) -> LagretOppsett:
    return await side.gjoer(lambda lager: les_lagret_oppsett(lager, side.kall))


@router.get("/fil.toml")
async def last_ned(side: Leser) -> Response:
    """The whole document, with explanations."""
    lest = await _les(side)
    return fil(
        som_toml(lest.oppsett), f"oppsett-{lest.oppsett.organisasjonsnummer}-{lest.versjon}", Filtype.TOML
    )


@router.get("/fil")
async def fil_skjema(side: Skriver) -> Response:
    """The whole document, to be pasted."""
    lest = await _les(side)
    return side.vis("oppsett_fil.html", versjon=lest.versjon, tekst="", feil=Felter(), andre=())


@router.post("/fil")
async def fil_sendt(side: Skriver) -> Response:
    """A whole document: what differs is shown before anything is stored."""
    tekst, versjon = side.tekst("tekst"), _heltall(side.tekst("versjon"))
    feil: Felter
    andre: Sequence[str] = ()
    try:
        nytt = _fra_tekst(tekst)
    except UlesbarFilError as ulesbar:
        feil = Felter(tekst=str(ulesbar))
    except KontraktFeilError as ugyldig:
        feil = Felter(tekst=f"Oppsettet har {ugyldig.antall} feil.")
        andre = [f"{en.pointer}: {en.detail}" for en in ugyldig.feil]
    else:
        return await _lagre(side, nytt, versjon, alltid_vist=True)
    return side.vis("oppsett_fil.html", status=422, versjon=versjon, tekst=tekst, feil=feil, andre=andre)


def _fra_tekst(tekst: str) -> Kommuneoppsett:
    if len(tekst.encode()) > STOERSTE_FIL_BYTES:
        raise UlesbarFilError("Teksten er for lang. Kontroller at det er riktig fil.")
    return fra_json(tekst) if tekst.startswith("{") else fra_toml(tekst)


@router.post("/bekreft")
async def bekreft(side: Skriver) -> Response:
    """Store what was shown."""
    try:
        nytt = les_oppsett(les_json(side.tekst("dokument")))
    except UlesbarJsonError:
        raise UtdatertError from None
    await side.gjoer(lambda lager: endre_oppsett(lager, side.kall, nytt, _heltall(side.tekst("versjon"))))
    return side.videre(_VEI)


@router.get("/historikk")
async def historikk(side: Leser, foer: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """The versions, the newest first."""
    funnet = await side.gjoer(lambda lager: les_versjoner(lager, side.kall, foer, _PER_SIDE))
    neste = funnet[_PER_SIDE - 1].versjon if len(funnet) > _PER_SIDE else None
    return side.vis("oppsett_historikk.html", versjoner=funnet[:_PER_SIDE], neste=neste)


@router.get("/historikk/{versjon}")
async def en_versjon(side: Leser, versjon: int) -> Response:
    """What a version changed."""

    async def arbeid(lager: Lager) -> Response:
        denne = await les_versjon(lager, side.kall, versjon)
        forrige = None if versjon == 1 else await les_versjon(lager, side.kall, versjon - 1)
        endret = () if forrige is None else forskjeller(forrige.oppsett, denne.oppsett)
        return side.vis("oppsett_versjon.html", denne=denne, foerste=forrige is None, endringer=endret)

    return await side.gjoer(arbeid)


@router.get("/{del_}/ny")
async def ny_rad(side: Skriver, del_: Oppsettsdel) -> Response:
    """A row to be added, as the newest one unless something is changed."""
    klasse = _klasse(del_)
    lest = await _les(side)
    raa = utgangspunkt(lest.oppsett, del_)
    return _vis_rad(side, del_, None, lest.versjon, skjema(klasse, raa), Felter(), ())


@router.get("/{del_}/{nr}")
async def rad(side: Leser, del_: Oppsettsdel, nr: int) -> Response:
    """One row as it stands."""
    klasse = _klasse(del_)
    lest = await _les(side)
    rader = som_dokument(lest.oppsett).get(del_, ())
    if not 0 <= nr < len(rader):
        raise FinnesIkkeError("raden i oppsettet")
    return _vis_rad(side, del_, nr, lest.versjon, skjema(klasse, rader[nr]), Felter(), ())


@router.post("/{del_}")
async def lagre_rad(side: Skriver, del_: Oppsettsdel) -> Response:
    """A row added, changed or taken away."""
    klasse = _klasse(del_)
    lest = await _les(side)
    versjon = _heltall(side.tekst("versjon"))
    if versjon != lest.versjon:
        raise UtdatertError
    gammelt = som_dokument(lest.oppsett)
    nr = _heltall(side.tekst("nr")) if side.tekst("nr") else None
    if nr is not None and not 0 <= nr < len(gammelt.get(del_, ())):
        raise FinnesIkkeError("raden i oppsettet")
    felt = {navn: side.tekst(navn) for navn in side.felt if navn not in {"csrf", "versjon", "nr"}}
    raa: Json = {}
    if nr is not None and side.valgt("fjern"):
        dokument, sted = uten_rad(gammelt, del_, nr), nr
    else:
        raa = les_skjema(klasse, felt, tall)
        dokument, sted = med_rad(gammelt, del_, nr, raa)
    try:
        nytt = les_oppsett(dokument)
    except KontraktFeilError as ugyldig:
        foran = f"/{del_.value}/{sted}/"
        her = [en for en in ugyldig.feil if en.pointer.startswith(foran)]
        ved_feltet = Felter({navn.removeprefix(foran[1:]): tekst for navn, tekst in per_felt(her).items()})
        andre = [en.detail for en in ugyldig.feil if en not in her]
        vist = skjema(klasse, raa or gammelt[del_.value][nr or 0])
        return _vis_rad(side, del_, nr, versjon, vist, ved_feltet, andre)
    return await _lagre(side, nytt, versjon)


def _klasse(del_: Oppsettsdel) -> type[Any]:
    if del_ not in KLASSE:
        raise FinnesIkkeError("en slik del av oppsettet")
    return KLASSE[del_]


def _vis_rad(
    side: Side,
    del_: Oppsettsdel,
    nr: int | None,
    versjon: int,
    grupper: Sequence[Any],
    feil: Felter,
    andre: Sequence[str],
) -> Response:
    kjente = {felt.sti for gruppe in grupper for felt in gruppe.felt}
    # A fault of a whole group, or of the document elsewhere, has no field to stand by.
    andre = [*(tekst for navn, tekst in feil.items() if navn not in kjente), *andre]
    return side.vis(
        "oppsett_rad.html",
        status=422 if feil or andre else 200,
        del_=del_.value,
        nr=nr,
        versjon=versjon,
        grupper=grupper,
        kan_endre=side.har(Rettighet.SKRIV_KOMMUNE),
        # Cases refer to an institution by its code.
        laaste=() if nr is None else ("kode",),
        feil=Felter({navn: tekst for navn, tekst in feil.items() if navn in kjente}),
        andre=andre,
    )


async def _lagre(side: Side, nytt: Kommuneoppsett, versjon: int, *, alltid_vist: bool = False) -> Response:
    """Store it, or show first what reaches back and whom that concerns."""

    async def arbeid(lager: Lager) -> Response:
        lest = await les_lagret_oppsett(lager, side.kall)
        if lest.versjon != versjon:
            raise UtdatertError
        endringer = forskjeller(lest.oppsett, nytt)
        tilbake = i_fortiden(endringer, side.kall.i_dag)
        if not endringer or not (tilbake or alltid_vist):
            if endringer:
                await endre_oppsett(lager, side.kall, nytt, versjon)
            return side.videre(_VEI)
        return await _vis_endring(side, lager, nytt, versjon, endringer, tilbake)

    return await side.gjoer(arbeid)


async def _vis_endring(
    side: Side,
    lager: Lager,
    nytt: Kommuneoppsett,
    versjon: int,
    endringer: Sequence[Oppsettsforskjell],
    tilbake: Sequence[Oppsettsforskjell],
) -> Response:
    if nytt.organisasjonsnummer != side.kall.aktoer.kommune:
        # The same refusal as storing it would give, before anything is shown.
        await endre_oppsett(lager, side.kall, nytt, versjon)
    return side.vis(
        "oppsett_bekreft.html",
        versjon=versjon,
        dokument=som_json(nytt),
        endringer=endringer,
        tilbake=bool(tilbake),
        beroerte=await finn_beroerte(lager, side.kall, tilbake),
    )


def _heltall(tekst: str) -> int:
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) < len(str(10**9))):
        raise UtdatertError
    return int(tekst)
