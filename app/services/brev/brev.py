"""Letters: made once for each decision and language, kept, and given as they were made ever after (adr 14)."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.brev import LagretBrev
from app.services.brev.innhold import (
    MALVERSJON,
    Brevsak,
    Spraak,
    etteroppgjoersdokument,
    kommunens,
    utkastdokument,
    vedtaksdokument,
)
from app.services.brev.rad import Dok
from app.services.brev.trykk import krev_satt_opp, trykk
from app.services.revisjon import Handling
from app.services.sak.beregninger import hent_beregning
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError
from app.services.sak.saker import hent_sak, identene, oppsettet

_VEDTAK: Final = "vedtaksbrev"
_ETTEROPPGJOER: Final = "etteroppgjoersbrev"
_UTKAST: Final = "utkast"


@dataclass(frozen=True, slots=True)
class Brev:
    """A letter."""

    pdf: bytes = field(repr=False)
    filnavn: str
    """Names nobody."""
    sha256: str
    spraak: Spraak


async def vedtaksbrev(
    drift: Saksdrift, kall: Kall, sak_id: UUID, vedtak_id: UUID, spraak: Spraak | None = None
) -> Brev:
    """The letter of a decision. One that is not in force gives a draft, and that is not kept.

    Args:
        drift: the service.
        kall: who asks.
        sak_id: the case.
        vedtak_id: the decision.
        spraak: the kommune's own language unless another is asked for.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such decision.
        BrevIkkeSattOppError: letters cannot be made here.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        await hent_sak(lager, sak_id)
        vedtak = await lager.vedtak.hent(vedtak_id, sak_id)
        if vedtak is None:
            raise FinnesIkkeError("vedtaket")
        oppsett, _ = await oppsettet(lager)
        valgt = spraak or kommunens(oppsett)
        lagret = await lager.brev.om_vedtak(vedtak_id, valgt) if vedtak.i_kraft else None
        if lagret is None:
            om = await _om(lager, await hent_beregning(lager, sak_id, vedtak.beregning_id), valgt)
            erstattet = (
                None if vedtak.erstatter is None else await lager.vedtak.hent(vedtak.erstatter, sak_id)
            )
            dokument = vedtaksdokument(om, vedtak, erstattet)
    if not vedtak.i_kraft:
        return await _utkast(drift, kall, sak_id, dokument, vedtak_id)
    if lagret is None:
        lagret = await _nytt(kall, sak_id, dokument, vedtak_id=vedtak_id, spraak=valgt)
    filnavn = f"{_VEDTAK}-{vedtak_id}-{valgt}.pdf"
    return await _gi(drift, kall, lagret, _VEDTAK, filnavn)


async def etteroppgjoersbrev(
    drift: Saksdrift, kall: Kall, sak_id: UUID, etteroppgjoer_id: UUID, spraak: Spraak | None = None
) -> Brev:
    """The letter of a settlement.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such settlement.
        BrevIkkeSattOppError: letters cannot be made here.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        await hent_sak(lager, sak_id)
        ett = await lager.etteroppgjoer.hent(etteroppgjoer_id, sak_id)
        if ett is None:
            raise FinnesIkkeError("etteroppgjøret")
        oppsett, _ = await oppsettet(lager)
        valgt = spraak or kommunens(oppsett)
        lagret = await lager.brev.om_etteroppgjoer(etteroppgjoer_id, valgt)
        if lagret is None:
            om = await _om(lager, await hent_beregning(lager, sak_id, ett.endelig_id), valgt)
            dokument = etteroppgjoersdokument(om, ett)
    if lagret is None:
        lagret = await _nytt(kall, sak_id, dokument, etteroppgjoer_id=etteroppgjoer_id, spraak=valgt)
    filnavn = f"{_ETTEROPPGJOER}-{etteroppgjoer_id}-{valgt}.pdf"
    return await _gi(drift, kall, lagret, _ETTEROPPGJOER, filnavn)


async def vedtaksutkast(
    drift: Saksdrift, kall: Kall, sak_id: UUID, beregning_id: UUID, spraak: Spraak | None = None
) -> Brev:
    """What the letter of a decision on the calculation would look like. Nothing is kept.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such calculation.
        KonfliktError: the calculation has no amount.
        BrevIkkeSattOppError: letters cannot be made here.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        await hent_sak(lager, sak_id)
        beregning = await hent_beregning(lager, sak_id, beregning_id)
        if beregning.tilstand is not Tilstand.BEREGNET:
            raise KonfliktError(
                Konflikt.BEREGNING_UFULLSTENDIG,
                "Beregningen mangler noe og har ikke noe beløp å skrive om. Avgjør det som står i mangler og aapne, og "
                "beregn på nytt.",
                beregning_id,
            )
        oppsett, _ = await oppsettet(lager)
        valgt = spraak or kommunens(oppsett)
        om = await _om(lager, beregning, valgt)
    return await _utkast(drift, kall, sak_id, utkastdokument(om, kall.i_dag), beregning_id)


async def _utkast(drift: Saksdrift, kall: Kall, sak_id: UUID, dokument: Dok, gjelder: UUID) -> Brev:
    spraak, pdf = Spraak(dokument["spraak"]), await trykk(dokument)
    async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
        await _noter(lager, kall, sak_id, Handling.BREV_LEST, _UTKAST)
    return Brev(pdf, f"{_UTKAST}-{gjelder}-{spraak}.pdf", _hash(pdf), spraak)


async def _om(lager: Lager, beregning: Beregning, spraak: Spraak) -> Brevsak:
    krev_satt_opp()
    sak = await hent_sak(lager, beregning.sak_id)
    oppsett, _ = await oppsettet(lager)
    person = await lager.personer.hent(sak.sak.person_id)
    return Brevsak(
        sak=sak,
        beregning=beregning,
        poster=await lager.manuelle_poster.for_sak(beregning.sak_id),
        oppsett=oppsett,
        navn=None if person is None else person.navn,
        spraak=spraak,
    )


async def _nytt(
    kall: Kall,
    sak_id: UUID,
    dokument: Dok,
    *,
    spraak: Spraak,
    vedtak_id: UUID | None = None,
    etteroppgjoer_id: UUID | None = None,
) -> LagretBrev:
    pdf = await trykk(dokument)
    return LagretBrev(
        id=ny_id(kall.naa),
        sak_id=sak_id,
        vedtak_id=vedtak_id,
        etteroppgjoer_id=etteroppgjoer_id,
        spraak=spraak,
        malversjon=MALVERSJON,
        pdf=pdf,
        sha256=_hash(pdf),
        av=kall.av,
        opprettet=kall.naa,
    )


async def _gi(drift: Saksdrift, kall: Kall, lagret: LagretBrev, hva: str, filnavn: str) -> Brev:
    """Keep the letter if it is new, note who got it, and give the one that is kept.

    Raises:
        FinnesIkkeError: the case was erased while the letter was made.
    """
    async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
        if not await lager.saker.laas(lagret.sak_id):
            raise FinnesIkkeError("saken")
        kjent = await _kjent(lager, lagret)
        if kjent is None:
            await lager.brev.ny(lagret)
        handling = Handling.BREV_LAGET if kjent is None else Handling.BREV_LEST
        await _noter(lager, kall, lagret.sak_id, handling, hva)
    # Somebody else may have made the same letter meanwhile: the one that is kept is the letter.
    gitt = kjent or lagret
    return Brev(gitt.pdf, filnavn, gitt.sha256, Spraak(gitt.spraak))


async def _kjent(lager: Lager, lagret: LagretBrev) -> LagretBrev | None:
    if lagret.vedtak_id is not None:
        return await lager.brev.om_vedtak(lagret.vedtak_id, lagret.spraak)
    if lagret.etteroppgjoer_id is not None:
        return await lager.brev.om_etteroppgjoer(lagret.etteroppgjoer_id, lagret.spraak)
    return None


async def _noter(lager: Lager, kall: Kall, sak_id: UUID, handling: Handling, hva: str) -> None:
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(kall.naa, *kall.rader(identer.values(), handling, sak_id, data=[hva]))


def _hash(pdf: bytes) -> str:
    return sha256(pdf).hexdigest()
