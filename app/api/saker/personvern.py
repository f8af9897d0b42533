"""Insight, erasure and the audit register over HTTP. Ids stand in bodies, never in addresses."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Response

from app.api.eksempler_saker import INNSYN_EKSEMPLER, REVISJON_EKSEMPLER, SLETTING_EKSEMPLER
from app.api.saker.felles import Kontekst, beskriv, kontekst
from app.api.sider import STANDARD, STOERST, les_nummer, side
from app.api.svar import Svar, ok
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import (
    Boolsk,
    Heltall,
    Kanskje,
    Leser,
    Liste,
    Objekt,
    Skjema,
    Tekst,
    Valgt,
    felt,
)
from app.db.arkiv import Lager
from app.db.lager.revisjon import Rad
from app.services.personvern.innsyn import innsyn
from app.services.personvern.register import Registersoek, kontroller_registeret, soek_registeret
from app.services.personvern.sletting import Slettesvar, slett
from app.services.revisjon import Handling, Utfall
from app.services.sak.rader import PersonId, Personnummer
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1", tags=["personvern"])

Sletter = Annotated[Kontekst, kontekst(Rettighet.SLETT_PERSON)]
Revisor = Annotated[Kontekst, kontekst(Rettighet.LES_REVISJON)]


class FrittInnhold(Leser):
    """An object whose fields its own document describes."""

    def les(self, raa: object, sti: str, feil: list[Feil]) -> object:
        """Answers are not read."""
        raise TypeError("svar leses ikke")

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Any object."""
        return {"type": "object"}


@dataclass(frozen=True, slots=True, repr=False)
class Innsynskrav:
    """Whose data is to be shown."""

    personidentifikator: str = felt(Personnummer(), "Fødselsnummer eller d-nummer")


@dataclass(frozen=True, slots=True)
class Innsynssvar:
    """Everything there is about a person."""

    utfall: Utfall = felt(Valgt(Utfall), "UTEN_DATA når kommunen ikke har noe om personen")
    dokument: object = felt(FrittInnhold(), "Dokumentet; feltene er forklart i docs/personvern.md")


@dataclass(frozen=True, slots=True, repr=False)
class Slettekrav:
    """Whose data is to be erased."""

    personidentifikator: str = felt(Personnummer(), "Fødselsnummer eller d-nummer")
    ogsaa_fra_andres_saker: bool = felt(
        Boolsk(), "Ta personen ut av saker der andre er hovedperson også", False
    )


@dataclass(frozen=True, slots=True)
class Sletteresultat:
    """What was erased."""

    utfall: Utfall = felt(
        Valgt(Utfall), "AVSLAATT når personen er i andres saker; UTEN_DATA når ingen finnes"
    )
    saker: int = felt(Heltall(0, 10**9), "Saker")
    beregninger: int = felt(Heltall(0, 10**9), "Beregninger")
    vedtak: int = felt(Heltall(0, 10**9), "Vedtak")
    etteroppgjoer: int = felt(Heltall(0, 10**9), "Etteroppgjør")
    grunnlag: int = felt(Heltall(0, 10**9), "Svar fra Skatteetaten")
    manuelle_poster: int = felt(Heltall(0, 10**9), "Manuelle poster")
    andres_saker: int = felt(Heltall(0, 10**9), "Saker der andre er hovedperson")


@dataclass(frozen=True, slots=True, repr=False)
class Revisjonssoek(Registersoek):
    """A search in the register, a page at a time."""

    antall: int = felt(Heltall(1, STOERST), "Hvor mange som ønskes på siden", STANDARD)
    peker: str | None = felt(Kanskje(Tekst(60)), "Verdien av neste fra siden før", None)


@dataclass(frozen=True, slots=True)
class RevisjonsradUt:
    """A row of the register."""

    nr: int = felt(Heltall(1, 10**15), "Radens nummer, uten hull")
    tidspunkt: str = felt(Tidspunkt(), "Når")
    handling: Handling = felt(Valgt(Handling), "Hva som ble gjort")
    utfall: Utfall = felt(Valgt(Utfall), "Hvordan det gikk")
    personmerke: str | None = felt(Kanskje(Tekst(64)), "Personens merke i dette registeret")
    sak_id: str | None = felt(Kanskje(PersonId()), "Saken")
    innhold: object = felt(FrittInnhold(), "Hvem, hvilke data og år, formål og hjemmel")
    forrige: str = felt(Tekst(64), "Hashen til raden før")
    hash: str = felt(Tekst(64), "Hashen til raden")


@dataclass(frozen=True, slots=True)
class Revisjonsside:
    """A page of the register."""

    elementer: tuple[RevisjonsradUt, ...] = felt(Liste(Objekt(RevisjonsradUt), STOERST), "Radene")
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True)
class Verifisering:
    """Whether the chain holds."""

    hel: bool = felt(Boolsk(), "Om hele registeret henger sammen")
    nr: int = felt(Heltall(0, 10**15), "Siste rad; noter det utenfor databasen sammen med hash")
    hash: str = felt(Tekst(64), "Hashen til siste rad")
    brudd_ved: int | None = felt(Kanskje(Heltall(1, 10**15)), "Første rad der det ikke henger sammen")
    brudd: str | None = felt(Kanskje(Tekst(200)), "Hva som er galt der")


_INNSYN: Final = Objekt(Innsynskrav)
_SLETT: Final = Objekt(Slettekrav)
_SOEK: Final = Objekt(Revisjonssoek)


@router.post(
    "/personer/innsyn",
    operation_id="innsyn",
    summary="Alt kommunen har om én person",
    openapi_extra=beskriv(Objekt(Innsynssvar), inn=_INNSYN, eksempler=INNSYN_EKSEMPLER),
)
async def vis_alt(k: Sletter) -> Response:
    """Insight for one person."""
    krav = await k.kropp(_INNSYN)

    async def arbeid(lager: Lager) -> Svar:
        svar = await innsyn(
            lager, krav.personidentifikator, aktoer=k.kall.aktoer, naa=k.kall.naa, hjemmel=k.kall.hjemmel
        )
        return ok({"utfall": svar.utfall, "dokument": svar.dokument})

    return await k.skriv(arbeid)


@router.post(
    "/personer/sletting",
    operation_id="slett_person",
    summary="Slett én person",
    description="Arkivloven kan være til hinder; kommunen avgjør. Revisjonsregisteret består.",
    openapi_extra=beskriv(Objekt(Sletteresultat), inn=_SLETT, eksempler=SLETTING_EKSEMPLER),
)
async def slett_alt(k: Sletter) -> Response:
    """Erasure of one person."""
    krav = await k.kropp(_SLETT)

    async def arbeid(lager: Lager) -> Svar:
        svar = await slett(
            lager,
            krav.personidentifikator,
            aktoer=k.kall.aktoer,
            naa=k.kall.naa,
            ogsaa_fra_andres_saker=krav.ogsaa_fra_andres_saker,
        )
        return ok(_slettet(svar))

    return await k.skriv(arbeid)


def _slettet(svar: Slettesvar) -> Sletteresultat:
    omfang = svar.omfang
    return Sletteresultat(
        utfall=svar.utfall,
        saker=omfang.saker,
        beregninger=omfang.beregninger,
        vedtak=omfang.vedtak,
        etteroppgjoer=omfang.etteroppgjoer,
        grunnlag=omfang.grunnlag,
        manuelle_poster=omfang.manuelle_poster,
        andres_saker=omfang.antall_i_andres_saker,
    )


@router.post(
    "/revisjon/soek",
    operation_id="soek_revisjon",
    summary="Søk i revisjonsregisteret",
    description="Å lese registeret noteres også.",
    openapi_extra=beskriv(Objekt(Revisjonsside), inn=_SOEK, eksempler=REVISJON_EKSEMPLER),
)
async def soek(k: Revisor) -> Response:
    """Rows of the register."""
    hva = await k.kropp(_SOEK)
    etter = les_nummer(hva.peker)

    async def arbeid(lager: Lager) -> Svar:
        rader = await soek_registeret(lager, k.kall, hva, etter, hva.antall)
        return ok(side(rader, hva.antall, _rad, lambda rad: rad.nr))

    return await k.skriv(arbeid)


@router.get(
    "/revisjon/verifisering",
    operation_id="verifiser_revisjon",
    summary="Kontroller at revisjonsregisteret er helt",
    openapi_extra=beskriv(Objekt(Verifisering)),
)
async def verifiser(k: Revisor) -> Response:
    """Walk the whole chain."""

    async def arbeid(lager: Lager) -> Svar:
        brudd, hode = await kontroller_registeret(lager, k.kall)
        return ok(
            Verifisering(
                hel=brudd is None,
                nr=hode.nr,
                hash=hode.hash,
                brudd_ved=None if brudd is None else brudd.nr,
                brudd=None if brudd is None else brudd.hva,
            )
        )

    return await k.skriv(arbeid)


def _rad(rad: Rad) -> RevisjonsradUt:
    return RevisjonsradUt(
        nr=rad.nr,
        tidspunkt=tidspunkt(rad.tidspunkt),
        handling=Handling(rad.handling),
        utfall=Utfall(rad.utfall),
        personmerke=rad.personmerke,
        sak_id=None if rad.sak_id is None else str(rad.sak_id),
        innhold=les_json(rad.innhold),
        forrige=rad.forrige,
        hash=rad.hash,
    )
