"""Etteroppgjør: the year as it should have been against what was charged (§ 3 sjette ledd)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.calc.kalkulator import Art, utfoer
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.kilder import flytt_kilder
from app.calc.periode import maanedsnoekkel
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand, Versjoner
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.saker import Sak
from app.db.lager.vedtak import Vedtak
from app.services.endringer import Endringstype, endring
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.masse.rad import angrede_i
from app.services.oppgaver import VED_ETTEROPPGJOER, lukk_utfoerte
from app.services.revisjon import Handling
from app.services.sak.beregne import hash_av
from app.services.sak.beregninger import krev_ikke_angret, per_maaned, versjoner_ut
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import NyttEtteroppgjoer
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saker import hent_sak, identene, oppsettet
from app.services.sak.ut import EtteroppgjoerMeta, medlem, slaa_sammen, tidspunkt
from app.services.sak.vedtaksrekke import per_maaned as vedtak_per_maaned

_OERE: Final = 100


async def gjoer_opp(
    lager: Lager, kall: Kall, sak_id: UUID, nytt: NyttEtteroppgjoer, kodeversjon: str
) -> Etteroppgjoer:
    """Settle a year, or the part of it that one final calculation holds for.

    Raises:
        As ``regn_oppgjoer``.
    """
    ett = await regn_oppgjoer(lager, kall, sak_id, nytt, kodeversjon)
    await lager.etteroppgjoer.ny(ett)
    lukket = await lukk_utfoerte(lager, kall, sak_id, ett.aar, VED_ETTEROPPGJOER, ett.endelig_id)
    nytt_oppgjoer = endring(Endringstype.ETTEROPPGJOER_NYTT, sak_id, gjelder=ett.id, aar=ett.aar)
    await lager.endringer.noter(kall.naa, nytt_oppgjoer, *lukket)
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(
        kall.naa, *kall.rader(identer.values(), Handling.ETTEROPPGJOER_LAGET, sak_id, aar=[nytt.aar])
    )
    return ett


async def regn_oppgjoer(
    lager: Lager, kall: Kall, sak_id: UUID, nytt: NyttEtteroppgjoer, kodeversjon: str
) -> Etteroppgjoer:
    """What settling a year would come to; nothing is stored.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such calculation.
        KonfliktError: there is no final calculation, it has been settled already, or the run that made it was undone.
        UgyldigSakError: what was charged cannot be read from the decisions; it must then be told.
    """
    sak = await hent_sak(lager, sak_id)
    if sak.innhold.tjeneste is not Sakstjeneste.LANGTIDSOPPHOLD:
        raise UgyldigSakError(
            Feil(
                "/aar",
                "ikke-langtidsopphold",
                "Etteroppgjør gjelder langtidsopphold (§ 3 sjette ledd). Praktisk bistand følger siste skatteoppgjør.",
            )
        )
    alle = await _beregninger(lager, sak_id, nytt.aar)
    angrede = await angrede_i(lager, sak_id, sak_id)
    gjeldende = [en for en in alle if en.id not in angrede]
    if nytt.beregning_id is not None:
        krev_ikke_angret(UUID(nytt.beregning_id), angrede)
    endelig = _endelig(gjeldende, nytt)
    tidligere = [ett for ett in await lager.etteroppgjoer.for_sak(sak_id) if ett.aar == nytt.aar]
    if any(ett.endelig_id == endelig.id for ett in tidligere):
        raise KonfliktError(
            Konflikt.ETTEROPPGJOER_FINNES,
            "Beregningen er alt gjort opp. Lag en ny beregning hvis skatteoppgjøret er endret siden.",
            endelig.id,
        )
    fra, til = _maaneder(gjeldende, endelig)
    fakturert = (
        {rad.maaned: rad.beloep for rad in nytt.fakturert}
        if nytt.fakturert is not None
        else await _krevd(lager, sak.sak, nytt.aar, (fra, til), alle, tidligere)
    )
    oppsett, _ = await oppsettet(lager)
    try:
        minst = aarsoppsett(oppsett, nytt.aar).minstebeloep_etteroppgjoer
    except OppsettManglerError as feil:
        raise KonfliktError(Konflikt.KOMMUNEN_MANGLER_OPPSETT, str(feil)) from None
    inn = skriv_json(
        {
            "endelig": les_json(endelig.inn or "null"),
            "fakturert": [
                {"maaned": maaned, "beloep": beloep} for maaned, beloep in sorted(fakturert.items())
            ],
            "minstebeloep": minst,
            "fraMaaned": fra,
            "tilMaaned": til,
        }
    )
    kilder = flytt_kilder(endelig.kilder or "{}", "/endelig")
    try:
        utfoert = utfoer(Art.ETTEROPPGJOER, inn, kilder=kilder)
    except KontraktFeilError as feil:
        raise UgyldigSakError(*feil.feil) from None
    return Etteroppgjoer(
        id=ny_id(kall.naa),
        sak_id=sak_id,
        aar=nytt.aar,
        endelig_id=endelig.id,
        inn=inn,
        kilder=kilder,
        resultat=utfoert.tekst,
        resultat_hash=hash_av(utfoert.tekst),
        sum_oere=int(utfoert.svar.sum * _OERE),
        retning=utfoert.svar.retning,
        versjoner=Versjoner(REGELVERSJON, satsversjon(), katalogversjon(), kodeversjon),
        av=kall.av,
        opprettet=kall.naa,
    )


async def _beregninger(lager: Lager, sak_id: UUID, aar: int) -> list[Beregning]:
    return [
        en
        for en in await lager.beregninger.for_sak(sak_id)
        if en.aar == aar and en.tilstand is Tilstand.BEREGNET
    ]


def _endelig(alle: Sequence[Beregning], nytt: NyttEtteroppgjoer) -> Beregning:
    endelige = [en for en in alle if not en.foreloepig]
    if nytt.beregning_id is None:
        if not endelige:
            raise KonfliktError(
                Konflikt.INGEN_ENDELIG_BEREGNING,
                f"Saken har ingen endelig beregning for {nytt.aar}. Lag en beregning med grunnlag NYTT når skatteoppgjøret "
                "er kommet.",
            )
        return endelige[-1]
    valgt = next((en for en in alle if str(en.id) == nytt.beregning_id), None)
    if valgt is None:
        raise FinnesIkkeError("beregningen")
    if valgt.foreloepig:
        raise KonfliktError(
            Konflikt.BEREGNING_FORELOEPIG,
            "Beregningen er foreløpig. Et år gjøres opp med en beregning fra årets eget skatteoppgjør.",
            valgt.id,
        )
    return valgt


def _maaneder(alle: Sequence[Beregning], endelig: Beregning) -> tuple[str, str]:
    """The months a final calculation holds for: until the next one with another household."""
    senere = [en.virkning_fra for en in alle if not en.foreloepig and en.virkning_fra > endelig.virkning_fra]
    til = endelig.virkning_fra.replace(month=12) if not senere else min(senere)
    siste = til.month if not senere else til.month - 1
    # The first calculation of a year holds from New Year: nothing is charged before the first stay.
    foerst = all(en.virkning_fra >= endelig.virkning_fra for en in alle if not en.foreloepig)
    fra = 1 if foerst else endelig.virkning_fra.month
    return f"{endelig.aar:04d}-{fra:02d}", f"{endelig.aar:04d}-{siste:02d}"


async def _krevd(
    lager: Lager,
    sak: Sak,
    aar: int,
    spenn: tuple[str, str],
    alle: Sequence[Beregning],
    tidligere: Sequence[Etteroppgjoer],
) -> dict[str, Decimal]:
    """What was charged each month: what an earlier etteroppgjør settled it at, else what the decisions say.

    A decision without an end still ends with the case: nothing is taken to be charged of somebody who has died.

    Raises:
        KonfliktError: no decision, and nobody has told what was charged.
        UgyldigSakError: months whose charge the decisions do not tell.
    """
    vedtakene = await lager.vedtak.for_sak(sak.id)
    slutt = "9999-12" if sak.avsluttet_dato is None else maanedsnoekkel(sak.avsluttet_dato)
    if not vedtakene and not tidligere:
        raise KonfliktError(
            Konflikt.INGEN_VEDTAK,
            f"Saken har ingen vedtak, så det som er krevd i {aar}, er ukjent. Oppgi det i fakturert.",
        )
    oppgjort = _oppgjort(tidligere)
    beloep = {en.id: per_maaned(en) for en in alle}
    krevd: dict[str, Decimal] = {}
    feil = []
    for maaned, gjelder in vedtak_per_maaned(vedtakene, aar).items():
        if not spenn[0] <= maaned <= spenn[1]:
            continue
        if maaned in oppgjort:
            krevd[maaned] = oppgjort[maaned]
        elif gjelder == (None,) or maaned > slutt:
            continue
        elif (fra_vedtaket := _fra_ett_vedtak(gjelder, vedtakene, beloep)) is None:
            feil.append(maaned)
        elif maaned in fra_vedtaket:
            krevd[maaned] = fra_vedtaket[maaned]
    if feil:
        raise UgyldigSakError(
            Feil(
                "/fakturert",
                "mangler",
                f"Vedtakene sier ikke hva som er krevd i {', '.join(feil)}: måneden er delt mellom vedtak, eller vedtaket "
                f"bygger på et annet år enn {aar}. Oppgi det som er fakturert, for alle månedene.",
            )
        )
    return krevd


def _fra_ett_vedtak(
    gjelder: tuple[UUID | None, ...],
    vedtakene: Sequence[Vedtak],
    beloep: Mapping[UUID, Mapping[str, Decimal]],
) -> Mapping[str, Decimal] | None:
    # Before the first decision nothing was charged: a month it begins in, is all its own.
    if len(gjelder) == 2 and gjelder[0] is None:  # noqa: PLR2004
        gjelder = gjelder[1:]
    if len(gjelder) != 1:
        return None
    vedtak = next((ett for ett in vedtakene if ett.id == gjelder[0]), None)
    return None if vedtak is None else beloep.get(vedtak.beregning_id)


def _oppgjort(tidligere: Sequence[Etteroppgjoer]) -> dict[str, Decimal]:
    svar: dict[str, Decimal] = {}
    for ett in tidligere:
        rader: list[dict[str, Any]] = les_json(ett.resultat)["maaneder"]
        svar |= {rad["maaned"]: Decimal(rad["etter"]) for rad in rader}
    return svar


async def les_etteroppgjoer(lager: Lager, kall: Kall, sak_id: UUID) -> list[Etteroppgjoer]:
    """Every etteroppgjør of a case in the order they were made.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    await hent_sak(lager, sak_id)
    alle = await lager.etteroppgjoer.for_sak(sak_id)
    identer = await identene(lager, sak_id)
    rader = kall.rader(identer.values(), Handling.ETTEROPPGJOER_LEST, sak_id, aar=[ett.aar for ett in alle])
    await lager.revisjon.noter(kall.naa, *rader)
    return alle


async def les_ett_etteroppgjoer(
    lager: Lager, kall: Kall, sak_id: UUID, etteroppgjoer_id: UUID
) -> Etteroppgjoer:
    """One etteroppgjør.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case none of that id.
    """
    for ett in await les_etteroppgjoer(lager, kall, sak_id):
        if ett.id == etteroppgjoer_id:
            return ett
    raise FinnesIkkeError("etteroppgjøret")


def meta(ett: Etteroppgjoer) -> EtteroppgjoerMeta:
    """What identifies an etteroppgjør."""
    return EtteroppgjoerMeta(
        id=str(ett.id),
        sak_id=str(ett.sak_id),
        aar=ett.aar,
        beregning_id=str(ett.endelig_id),
        versjoner=versjoner_ut(ett.versjoner),
        av=ett.av,
        opprettet=tidspunkt(ett.opprettet),
        resultat_hash=ett.resultat_hash,
    )


def etteroppgjoertekst(ett: Etteroppgjoer) -> str:
    """An etteroppgjør as a client sees it."""
    return slaa_sammen(skriv_json(meta(ett)), medlem("resultat", ett.resultat))
