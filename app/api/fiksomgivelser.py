"""What the Fiks-compatible routes work with in the running service: look-ups, the register, the kommune's choices."""

from typing import Annotated

from fastapi import Request

from app import klokke
from app.api.fiks import Omgivelser
from app.api.korrelasjon import korrelasjonsid
from app.api.problem import LAGRING_IKKE_SATT_OPP, Problem, ProblemError
from app.api.tilgang.avhengighet import krev, rute_mal
from app.calc.kontrakt.langtidsopphold import Valg
from app.services.fiks.beregning import FEILET, FUNNET, PAABEGYNT, Fiksoppslag
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import les_oppsettstekst
from app.services.revisjon import Handling, Utfall, ny_rad
from app.services.sak.drift import Saksdrift
from app.services.sak.saker import ta_i_bruk
from app.services.tilgang import Aktoer, Rettighet


async def fiksomgivelser(request: Request, aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)]) -> Omgivelser:
    """The surroundings of one request."""
    drift: Saksdrift | None = request.app.state.saksdrift
    if drift is None or drift.oppslag is None:
        raise ProblemError(
            Problem(
                LAGRING_IKKE_SATT_OPP,
                "Oppslag og revisjonsregister må være satt opp. Driften må sette EGENANDEL_MASKINPORTEN__… og "
                "EGENANDEL_KRYPTERING__…; se docs/drift.md.",
            )
        )
    arkiv = drift.arkiv

    async def noter(gjort: Fiksoppslag) -> None:
        rader = [
            ny_rad(
                aktoer,
                Handling.FIKS_BEREGNING,
                _UTFALL.get(hvordan, Utfall.UTEN_DATA),
                ident=ident,
                data=[gjort.beregningstype.value, hvordan],
                aar=gjort.aar,
                formaal=f"{gjort.formaal}, rolle {gjort.rolle_id}",
                hjemmel=drift.hjemmel,
                rute=rute_mal(request),
                korrelasjonsid=korrelasjonsid(request),
            )
            for ident, hvordan in gjort.personer
        ]
        async with arkiv.skriv(aktoer.kommune) as lager:
            await lager.revisjon.noter(klokke.naa(), *rader)

    async with arkiv.les(aktoer.kommune) as lager:
        versjon = await lager.kommuner.oppsett()
    oppsett = None if versjon is None else les_oppsettstekst(versjon.innhold)
    if oppsett is not None:
        ta_i_bruk(drift, oppsett)

    async def valg(_: str, aar: int) -> Valg:
        try:
            return Valg() if oppsett is None else aarsoppsett(oppsett, aar).langtid
        except OppsettManglerError:
            return Valg()

    return Omgivelser(oppslag=drift.oppslag, oppslag_gjort=noter, valg=valg)


_UTFALL = {FUNNET: Utfall.OK, FEILET: Utfall.FEIL, PAABEGYNT: Utfall.PAABEGYNT}
