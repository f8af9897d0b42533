"""What is to be invoiced: shown before it is given, given once, fetched as a file, and the columns of the file."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.periode import dagen_foer, maanedsnoekkel
from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, per_felt, tall, uten_tomme
from app.portal.ramme.nedlasting import Filtype as Nedlasting
from app.portal.ramme.nedlasting import fil
from app.portal.ramme.side import LesSak, Side, SkrivSak, krev_side
from app.services.faktura.fil import Filtype
from app.services.faktura.forhaandsvisning import avtrykk, forhaandsvis
from app.services.faktura.kjoering import (
    NY_FAKTURAKJOERING,
    FakturaKlar,
    forbered_kjoering,
    lagre_kjoering,
    les_fil,
    les_kjoeringer,
    les_linjer,
)
from app.services.kommuneoppsett.dokument import les_oppsett
from app.services.kommuneoppsett.faktura import Fakturaoppsett
from app.services.kommuneoppsett.lagring import endre_oppsett, les_lagret_oppsett
from app.services.kommuneoppsett.redigering import les_skjema, skjema, som_dokument
from app.services.sak.feil import FinnesIkkeError, KonfliktError, UgyldigSakError, UtdatertError
from app.services.sak.saksvisning import vis_saker
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/fakturagrunnlag", include_in_schema=False, route_class=Sideroute)

_KJOERINGER: Final = 100
_LINJER: Final = 200
"""Lines shown on a page; the file has them all."""
_MANGE: Final = 10_000
_DEL: Final = "fakturagrunnlag"

Nr = Annotated[int, Path(ge=1, le=10**9)]
Leser = Annotated[Side, krev_side(Rettighet.LES_KOMMUNE)]
Styrer = Annotated[Side, krev_side(Rettighet.SKRIV_KOMMUNE)]


@router.get("")
async def liste(side: LesSak) -> Response:
    """The runs, and a month to be chosen."""
    return await _vis_liste(side, Felter(), Felter())


async def _vis_liste(side: Side, felt: Felter, feil: Felter) -> Response:
    funnet = await side.gjoer(lambda lager: les_kjoeringer(lager, side.kall, _KJOERINGER))
    forrige = maanedsnoekkel(dagen_foer(side.kall.i_dag.replace(day=1)))
    return side.vis(
        "fakturagrunnlag.html",
        status=422 if feil else 200,
        kjoeringer=funnet,
        felt=felt,
        feil=feil,
        forrige=forrige,
    )


@router.post("/forhaandsvis")
async def vis_foerst(side: LesSak) -> Response:
    """What a run would give."""
    klar = await _klar(side)
    return klar if isinstance(klar, Response) else await _vis_klar(side, klar, endret=False)


async def _klar(side: Side) -> FakturaKlar | Response:
    """What the run is made from, or the form with what is wrong."""
    felt = Felter(maaned=side.tekst("maaned"))
    lest = les(NY_FAKTURAKJOERING, uten_tomme(felt))
    if (oenske := lest.verdi) is None:
        return await _vis_liste(side, felt, lest.feil)
    try:
        return await forbered_kjoering(side.drift.arkiv, side.kall, oenske.maaned)
    except UgyldigSakError as ugyldig:
        return await _vis_liste(side, felt, per_felt(ugyldig.feil))
    except KonfliktError as konflikt:
        return await _vis_liste(side, felt, Felter(maaned=konflikt.tekst))


async def _vis_klar(side: Side, klar: FakturaKlar, *, endret: bool) -> Response:
    vist = await side.gjoer(lambda lager: forhaandsvis(lager, side.kall, klar, _LINJER))
    return side.vis("fakturagrunnlag_foerst.html", vist=vist, sum=_kroner(vist.sum_oere), endret=endret)


def _kroner(oere: int) -> Decimal:
    return Decimal(oere).scaleb(-2)


@router.post("")
async def ny(side: SkrivSak) -> Response:
    """A run of exactly what was shown."""
    klar = await _klar(side)
    if isinstance(klar, Response):
        return klar
    if side.tekst("avtrykk") != avtrykk(klar.linjer):
        return await _vis_klar(side, klar, endret=True)
    kjoering = await side.gjoer(lambda lager: lagre_kjoering(lager, side.kall, klar))
    return side.videre(f"/fakturagrunnlag/{kjoering.nr}")


@router.get("/oppsett")
async def kolonnene(side: Leser) -> Response:
    """How the finance system wants it."""
    lest = await side.gjoer(lambda lager: les_lagret_oppsett(lager, side.kall))
    raa = som_dokument(lest.oppsett).get(_DEL, {})
    return _vis_kolonner(side, lest.versjon, raa, Felter(), ())


@router.post("/oppsett")
async def lagre_kolonnene(side: Styrer) -> Response:
    """The columns, changed. What has been given, stays as it was given."""
    felt = {navn: side.tekst(navn) for navn in side.felt if navn not in {"csrf", "versjon"}}
    raa = les_skjema(Fakturaoppsett, felt, tall)
    sendt = side.tekst("versjon")

    async def arbeid(lager: Lager) -> Response:
        lest = await les_lagret_oppsett(lager, side.kall)
        if sendt != str(lest.versjon):
            raise UtdatertError
        try:
            nytt = les_oppsett({**som_dokument(lest.oppsett), _DEL: raa})
        except KontraktFeilError as ugyldig:
            foran = f"{_DEL}/"
            feil = per_felt(ugyldig.feil)
            her = {navn.removeprefix(foran): tekst for navn, tekst in feil.items() if navn.startswith(foran)}
            andre = [tekst for navn, tekst in feil.items() if not navn.startswith(foran)]
            return _vis_kolonner(side, lest.versjon, raa, Felter(her), andre)
        if nytt != lest.oppsett:
            await endre_oppsett(lager, side.kall, nytt, lest.versjon)
        return side.videre("/fakturagrunnlag")

    return await side.gjoer(arbeid)


def _vis_kolonner(
    side: Side, versjon: int, raa: dict[str, Any], feil: Felter, andre: Sequence[str]
) -> Response:
    grupper = skjema(Fakturaoppsett, raa)
    kjente = {felt.sti for gruppe in grupper for felt in gruppe.felt}
    andre = [*(tekst for navn, tekst in feil.items() if navn not in kjente), *andre]
    return side.vis(
        "fakturagrunnlag_oppsett.html",
        status=422 if feil or andre else 200,
        versjon=versjon,
        grupper=grupper,
        feil=Felter({navn: tekst for navn, tekst in feil.items() if navn in kjente}),
        andre=andre,
        kan_endre=side.har(Rettighet.SKRIV_KOMMUNE),
        laaste=(),
    )


@router.get("/{nr}")
async def en(side: LesSak, nr: Nr) -> Response:
    """A run, as it was given."""
    synlige = await les_linjer(side.drift.arkiv, side.kall, nr, _LINJER)

    async def arbeid(lager: Lager) -> Response:
        kjoering = next((en for en in await les_kjoeringer(lager, side.kall, _MANGE) if en.nr == nr), None)
        if kjoering is None:
            raise FinnesIkkeError("kjøringen")
        saker = await lager.massesaker.hent(sorted({UUID(linje.sak_id) for linje in synlige}))
        navn = {str(en.sak.id): en for en in await vis_saker(lager, side.kall, saker.values())}
        return side.vis(
            "fakturakjoering.html",
            kjoering=kjoering,
            sum=_kroner(kjoering.sum_oere),
            linjer=synlige,
            navn=navn,
            filtyper=list(Filtype),
        )

    return await side.gjoer(arbeid)


@router.get("/{nr}/fil.{type_}")
async def filen(side: LesSak, nr: Nr, type_: str) -> Response:
    """A run as the finance system's file."""
    if type_ not in {en.value for en in Filtype}:
        raise FinnesIkkeError("filen i den formen")
    innhold = await les_fil(side.drift.arkiv, side.kall, nr, Filtype(type_))
    return fil(innhold, f"fakturagrunnlag-{nr}", Nedlasting(type_))
