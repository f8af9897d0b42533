"""What is new in one case, made into what is stored: answers, calculations, tasks, now and then a decision.

All of it within the transaction it is given; nothing is asked here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.calc.beloep import NULL
from app.calc.etteroppgjoer import retning
from app.calc.kontrakt.etteroppgjoer import Maanedsendring
from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeid, Liste
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.endringer import NyEndring
from app.db.lager.revisjon import NyRad
from app.services.endringer import Endringstype, endring
from app.services.kommuneoppsett.aarsoppsett import aarsoppsett
from app.services.mangler import Grunn
from app.services.oppfoelging.automatisk import vedtak_innenfor_grensen
from app.services.oppfoelging.forskjell import forskjeller
from app.services.oppfoelging.sakene import Foelgesak
from app.services.oppfoelging.undersoek import Funn, forklart
from app.services.oppgaver import (
    Oppgavehendelse,
    Oppgaveinnhold,
    Oppgaveoenske,
    Oppgaveslag,
    Oppgjoersutkast,
    avstem,
    oppgaveendring,
)
from app.services.oppgavetekst import Nytt, endring_per_maaned, oppgjoer
from app.services.revisjon import Handling
from app.services.sak.beregne import regn
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.endringer import Maanedsforskjell
from app.services.sak.etteroppgjoer import regn_oppgjoer
from app.services.sak.feil import Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import NyttEtteroppgjoer
from app.services.sak.rader import Sakstjeneste
from app.services.sak.ut import VedtakUt
from app.skatt_client import Api

AV_TALLENE = (
    Oppgaveslag.OPPGJOER_TRUKKET,
    Oppgaveslag.SKJERMET,
    Oppgaveslag.MANGLER_AVKLARING,
    Oppgaveslag.AUTOMATISK_VEDTAK,
    Oppgaveslag.ETTEROPPGJOER_KLART,
    Oppgaveslag.NY_SKATT,
    Oppgaveslag.LOENN_ENDRET,
)
"""The kinds that follow from the figures of a year; new figures judge them all anew."""


@dataclass(slots=True)
class Resultat:
    """What came of it, for the register and for those who follow the case."""

    grunnlag: int = 0
    trukket: int = 0
    beregninger: list[Beregning] = field(default_factory=list)
    oppgaver: list[Oppgavehendelse] = field(default_factory=list)
    vedtak: list[VedtakUt] = field(default_factory=list)
    rader: list[NyRad] = field(default_factory=list)
    """For the audit register."""
    endringer: list[NyEndring] = field(default_factory=list)
    """For those who follow the kommune's cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aar:
    """One calendar year of the case with its new calculations."""

    aar: int
    nye: tuple[Beregning, ...]
    feil: tuple[str, ...]


async def fullfoer(
    drift: Saksdrift, lager: Lager, kall: Kall, sak: Foelgesak, arbeid: Arbeid, funn: Funn
) -> Resultat:
    """Store everything that is new in a case. Hold the case first; the register is left to the caller."""
    ut = Resultat()
    if arbeid.ny_identitet:
        ut.oppgaver += await _ny_identitet(lager, kall, sak, funn.person_id)
    await lager.grunnlag.ny(*funn.nye)
    ut.grunnlag, ut.trukket = len(funn.nye), await lager.grunnlag.trekk(funn.trukket, kall.naa)
    nytt = Nytt(
        arbeid.noekkel.liste,
        funn.inntektsaar if funn.nye else arbeid.noekkel.aar,
        funn.person_id == sak.hentet.sak.person_id,
    )
    for ett in await _regn(drift, lager, kall, sak, funn, ut):
        ut.oppgaver += await _et_aar(drift, lager, kall, sak, funn, nytt, ett, ut)
    ut.rader += _sluttrader(kall, sak, funn, ut)
    ut.endringer += _endringer(sak, funn, ut)
    return ut


async def _ny_identitet(lager: Lager, kall: Kall, sak: Foelgesak, person_id: UUID) -> list[Oppgavehendelse]:
    tekst = (
        "Personen har fått nytt fødselsnummer eller D-nummer. Finn det i Folkeregisteret, avslutt saken på det gamle og "
        "opprett den på det nye. Til det er gjort, hentes ikke ny skatt."
    )
    aar = kall.i_dag.year
    oenske = Oppgaveoenske(
        Oppgaveslag.NY_IDENTITET, aar, Oppgaveinnhold(tekst=tekst, person_id=str(person_id))
    )
    return await avstem(lager, kall, sak.id, aar, (Oppgaveslag.NY_IDENTITET,), [oenske])


async def _regn(
    drift: Saksdrift, lager: Lager, kall: Kall, sak: Foelgesak, funn: Funn, ut: Resultat
) -> list[_Aar]:
    """Calculate what is touched, and store it beside what was there."""
    nye: dict[int, list[Beregning]] = {}
    feil: dict[int, list[str]] = {aar: [tekst] for aar, tekst in funn.feil}
    lagret = {ett.id for ett in funn.nye}
    for en in funn.beroert:
        try:
            ferdig = regn(
                en.plan,
                sak.hentet.innhold,
                en.bilder,
                sak.poster,
                sak_id=sak.id,
                sak_versjon=sak.hentet.sak.versjon,
                kodeversjon=drift.kodeversjon,
                av=kall.av,
                naa=kall.naa,
            )
        except UgyldigSakError as stans:
            feil.setdefault(en.plan.aar, []).append(forklart(stans))
            continue
        flere = [ett for ett in ferdig.nye if ett.id not in lagret]
        await lager.grunnlag.ny(*flere)
        lagret |= {ett.id for ett in flere}
        await lager.beregninger.ny(ferdig.beregning)
        ut.beregninger.append(ferdig.beregning)
        nye.setdefault(en.plan.aar, []).append(ferdig.beregning)
    return [
        _Aar(aar=aar, nye=tuple(nye.get(aar, ())), feil=tuple(feil.get(aar, ())))
        for aar in sorted({*nye, *feil})
    ]


async def _et_aar(
    drift: Saksdrift,
    lager: Lager,
    kall: Kall,
    sak: Foelgesak,
    funn: Funn,
    nytt: Nytt,
    ett: _Aar,
    ut: Resultat,
) -> list[Oppgavehendelse]:
    """Tell what the new figures of a year mean: the tasks there should be are these, and no others of their kind."""
    rader = forskjeller(ett.aar, sak.vedtak, sak.av_aaret(ett.aar), ett.nye)
    utkast = await _utkast(drift, lager, kall, sak, ett)
    felles = Oppgaveinnhold(
        tekst="",
        person_id=str(funn.person_id),
        inntektsaar=nytt.inntektsaar,
        beregninger=tuple(str(en.id) for en in ett.nye),
        # What is unknown is no difference: without a whole year there is nothing to show.
        maaneder=rader if _er_ferdig(ett) else (),
        etteroppgjoer=utkast if isinstance(utkast, Oppgjoersutkast) else None,
    )
    vedtak = await vedtak_innenfor_grensen(lager, kall, sak, ett.nye, rader)
    if vedtak is not None:
        ut.vedtak.append(vedtak)
    hva = _hva(funn, nytt, ett, rader, utkast, vedtak)
    if hva is None:
        return await avstem(lager, kall, sak.id, ett.aar, AV_TALLENE, [])
    slag, tekst = hva
    innhold = replace(felles, tekst=tekst, vedtak_id=None if vedtak is None else vedtak.id)
    return await avstem(lager, kall, sak.id, ett.aar, AV_TALLENE, [Oppgaveoenske(slag, ett.aar, innhold)])


def _hva(
    funn: Funn,
    nytt: Nytt,
    ett: _Aar,
    rader: Sequence[Maanedsforskjell],
    utkast: Oppgjoersutkast | str | None,
    vedtak: VedtakUt | None,
) -> tuple[Oppgaveslag, str] | None:
    """The one task a year calls for, and what it says; the gravest first."""
    stans = _stans(funn, nytt, ett)
    if stans is not None:
        return stans
    endring = endring_per_maaned(ett.aar, rader, naevn_aar=ett.aar != nytt.inntektsaar)
    if vedtak is not None:
        return Oppgaveslag.AUTOMATISK_VEDTAK, (
            f"{nytt.hva}: {endring}. Det er innenfor grensen kommunen har satt, så foreløpig vedtak er fattet fra "
            f"{vedtak.fra:%d.%m.%Y}. Underrett den det gjelder."
        )
    if utkast is not None:
        oppgjort = utkast if isinstance(utkast, str) else oppgjoer(utkast.sum, utkast.retning)
        return Oppgaveslag.ETTEROPPGJOER_KLART, f"{nytt.hva}: {endring}, {oppgjort}"
    if all(rad.differanse == 0 for rad in rader):
        return None
    slag = Oppgaveslag.LOENN_ENDRET if nytt.liste is Liste.INNTEKT else Oppgaveslag.NY_SKATT
    return slag, f"{nytt.hva}: {endring}"


def _er_ferdig(ett: _Aar) -> bool:
    """Whether all of the year could be calculated."""
    return all(en.tilstand is Tilstand.BEREGNET for en in ett.nye) and not ett.feil


def _stans(funn: Funn, nytt: Nytt, ett: _Aar) -> tuple[Oppgaveslag, str] | None:
    """What somebody must see to before there is anything to decide on."""
    ferdig = _er_ferdig(ett)
    if funn.har(Grunn.SLETTET):
        rest = "" if ferdig else f" {_mangler(ett)}"
        return Oppgaveslag.OPPGJOER_TRUKKET, (
            f"Skatteetaten har slettet skatteoppgjøret for {nytt.inntektsaar}. Vedtaket for {ett.aar} står til det blir "
            f"endret; vurder om det må det.{rest}"
        )
    if funn.har(Grunn.SKJERMET):
        return Oppgaveslag.SKJERMET, (
            f"{nytt.hva} kan ikke hentes fordi personen er skjermet. En saksbehandler med tilgang må finne tallene for "
            f"{ett.aar} og føre dem inn. Inntekten er ukjent, ikke null."
        )
    if ferdig:
        return None
    return Oppgaveslag.MANGLER_AVKLARING, (
        f"{nytt.hva}: egenandelen for {ett.aar} er ikke klar. {_mangler(ett)}"
    )


def _mangler(ett: _Aar) -> str:
    """What must be settled before the year can be calculated."""
    tekster = [*ett.feil]
    for en in ett.nye:
        svar = les_json(en.svar)
        if svar["aapne"]:
            antall = len(svar["aapne"])
            tekster.append("1 post må plasseres." if antall == 1 else f"{antall} poster må plasseres.")
        tekster += [mangel["tekst"] for mangel in svar["mangler"]]
    return " ".join(dict.fromkeys(tekster))


async def _utkast(
    drift: Saksdrift, lager: Lager, kall: Kall, sak: Foelgesak, ett: _Aar
) -> Oppgjoersutkast | str | None:
    """What settling the year would come to, when its own settlement has come; or why that cannot be told."""
    endelige = [en for en in ett.nye if en.tilstand is Tilstand.BEREGNET and not en.foreloepig]
    if sak.hentet.innhold.tjeneste is not Sakstjeneste.LANGTIDSOPPHOLD or not endelige:
        return None
    deler = []
    for en in endelige:
        oenske = NyttEtteroppgjoer(aar=ett.aar, beregning_id=str(en.id))
        try:
            deler.append(await regn_oppgjoer(lager, kall, sak.id, oenske, drift.kodeversjon))
        except KonfliktError as feil:
            if feil.hva is Konflikt.INGEN_VEDTAK:
                # Nothing was decided for the year here, so there is nothing of ours to settle.
                return None
            return forklart(feil)
        except UgyldigSakError as feil:
            return forklart(feil)
    rader = [les_json(del_.resultat) for del_ in deler]
    sum_ = sum((Decimal(rad["sum"]) for rad in rader), NULL)
    minst = aarsoppsett(sak.oppsett, ett.aar).minstebeloep_etteroppgjoer
    return Oppgjoersutkast(
        sum=sum_,
        retning=retning(sum_, minst),
        minstebeloep=minst,
        maaneder=tuple(_maanedsendring(rad) for en in rader for rad in en["maaneder"]),
    )


def _maanedsendring(rad: dict[str, Any]) -> Maanedsendring:
    return Maanedsendring(
        maaned=rad["maaned"],
        foer=Decimal(rad["foer"]),
        etter=Decimal(rad["etter"]),
        differanse=Decimal(rad["differanse"]),
    )


def _sluttrader(kall: Kall, sak: Foelgesak, funn: Funn, ut: Resultat) -> Iterator[NyRad]:
    antall = {
        "grunnlag": ut.grunnlag,
        "trukket": ut.trukket,
        "beregninger": len(ut.beregninger),
        "oppgaver": len(ut.oppgaver),
        "vedtak": len(ut.vedtak),
    }
    yield kall.rad(
        Handling.HENDELSE_BEHANDLET,
        ident=sak.identer[funn.person_id],
        sak_id=sak.id,
        data=[Api(ett.api).navn for ett in funn.nye],
        aar=[ett.aar for ett in funn.nye],
        antall=antall,
    )
    for en in ut.beregninger:
        yield from kall.rader(sak.identer.values(), Handling.BEREGNING_LAGET, sak.id, aar=[en.aar])


def _endringer(sak: Foelgesak, funn: Funn, ut: Resultat) -> Iterator[NyEndring]:
    """A decision has told of itself."""
    for ett in funn.nye:
        yield endring(Endringstype.GRUNNLAG_NYTT, sak.id, gjelder=ett.id, aar=ett.aar)
    aar = {ett.id: ett.aar for ett in sak.grunnlag}
    for id_ in funn.trukket:
        yield endring(Endringstype.GRUNNLAG_TRUKKET, sak.id, gjelder=id_, aar=aar[id_])
    for en in ut.beregninger:
        yield endring(Endringstype.BEREGNING_NY, sak.id, gjelder=en.id, aar=en.aar)
    for hendt in ut.oppgaver:
        yield oppgaveendring(sak.id, hendt)
