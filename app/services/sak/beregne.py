"""One calculation, from what a case says and what is known of its persons to a stored result.

``planlegg`` is pure and says whose figures are needed; the answers are then fetched or taken from storage;
``regn`` is pure again and gives the calculation as it is stored, with everything it was made from.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.calc.kalkulator import Art, utfoer
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.kilder import kildetekst, som_kilder
from app.calc.periode import aaret
from app.calc.poster.felt import Opphav
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import SatsManglerError, satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand, Versjoner
from app.db.lager.grunnlag import FUNNET, Grunnlag
from app.db.lager.manuelle_poster import ManuellPost
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett, OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett, Sykehusdoegn
from app.services.mangler import Mangler
from app.services.oppslag import les_bilder
from app.services.sak.doegnregister import Doegntelling, doegntelling, registervarsler
from app.services.sak.feil import Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import Beregningsoenske
from app.services.sak.grunnlagsbygging import (
    Kilder,
    Persongrunnlag,
    aapne_ut,
    bygg_bistand,
    bygg_langtid,
    mangler_ut,
    nodekilder,
    person_ut,
    varsler_ut,
)
from app.services.sak.husstand import Oppslagsperson, husstandsdag, oppslagspersoner, virkning_fra
from app.services.sak.inndata import Inndata, bistand_inn, langtid_inn
from app.services.sak.innhenting import (
    Personbilder,
    Svarbilde,
    inntektsaar_paragraf_3,
    inntektsaar_paragraf_10,
)
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.poster import Avgjoerelser
from app.services.sak.rader import Sakstjeneste
from app.services.sak.ut import Grunnlagssvar
from app.services.sak.varsler import Sakskode, Sakvarsel, foreloepig, fra_kalkulator, samle, varsel
from app.settings.skatteetaten import Tjeneste
from app.skatt_client import Api

_OERE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a calculation will take, before anything is looked up."""

    tjeneste: Sakstjeneste
    aar: int
    virkning: date
    """First of the month it holds from."""
    dag: date
    """The day the household is taken as on."""
    i_dag: date
    oppsett: Aarsoppsett
    oppsett_versjon: int
    personer: tuple[Oppslagsperson, ...]
    inntektsaar: tuple[int, ...]
    oppgjort_innen: date | None
    loepende: tuple[int, date] | None
    begrunnelse: str | None
    """Why another income year than the regulation's is used."""
    endelig_begrunnelse: str | None
    """Why the calculation is final though no settlement could be fetched."""
    doegn: Doegntelling | None
    """Only for a stay."""

    @property
    def pakke(self) -> Tjeneste:
        """Decides the rettighetspakke."""
        langtid = self.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
        return Tjeneste.LANGTIDSOPPHOLD if langtid else Tjeneste.PRAKTISK_BISTAND

    @property
    def etter_paragraf_3(self) -> bool:
        """Whether any day of the year is charged by income."""
        return self.doegn is None or self.doegn.etter_paragraf_3


def planlegg(
    innhold: LagretSaksinnhold,
    oenske: Beregningsoenske,
    oppsett: Kommuneoppsett,
    oppsett_versjon: int,
    i_dag: date,
    sti: str = "",
) -> Plan:
    """What the calculation takes.

    Args:
        innhold: what the case says.
        oenske: what is asked for.
        oppsett: what the kommune has decided.
        oppsett_versjon: its version.
        i_dag: today.
        sti: where ``oenske`` stands in the request.

    Raises:
        KonfliktError: the kommune's setup does not cover the year.
        UgyldigSakError: there are no checked rates for the year, or the day it holds from is not in it.
    """
    aar = oenske.aar or i_dag.year
    if oenske.virkning_fra is not None and oenske.virkning_fra.year != aar:
        raise UgyldigSakError(
            Feil(f"{sti}/virkningFra", "feil-aar", f"Datoen skal være i {aar}, året som beregnes.")
        )
    try:
        valgt = aarsoppsett(oppsett, aar)
    except OppsettManglerError as feil:
        raise KonfliktError(Konflikt.KOMMUNEN_MANGLER_OPPSETT, str(feil)) from None
    virkning = oenske.virkning_fra or virkning_fra(innhold, aar, i_dag)
    dag = husstandsdag(innhold, aar, virkning)
    langtid = innhold.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
    eget = oenske.inntektsaar is not None
    plan = Plan(
        tjeneste=innhold.tjeneste,
        aar=aar,
        virkning=virkning,
        dag=dag,
        i_dag=i_dag,
        oppsett=valgt,
        oppsett_versjon=oppsett_versjon,
        personer=oppslagspersoner(innhold, dag, samboer_som_ektefelle=valgt.langtid.samboer_som_ektefelle),
        inntektsaar=_inntektsaar(oenske, langtid, aar, i_dag),
        oppgjort_innen=None if langtid or eget else aaret(aar).fra,
        loepende=(aar, i_dag) if langtid and aar == i_dag.year and not eget else None,
        begrunnelse=oenske.inntektsaar_begrunnelse,
        endelig_begrunnelse=oenske.endelig_begrunnelse,
        doegn=_tell_doegn(innhold, aar, valgt, i_dag, sti) if langtid else None,
    )
    return plan if plan.etter_paragraf_3 else _uten_oppslag(plan)


def _tell_doegn(
    innhold: LagretSaksinnhold, aar: int, valgt: Aarsoppsett, i_dag: date, sti: str
) -> Doegntelling:
    try:
        return doegntelling(innhold, aar, valgt.langtid, i_dag, sykehusdoegn_betales=_betales(valgt))
    except SatsManglerError:
        raise UgyldigSakError(
            Feil(
                f"{sti}/aar",
                "sats-mangler",
                f"Det finnes ikke kontrollerte satser for hele {aar}. Velg et annet år.",
            )
        ) from None


def _uten_oppslag(plan: Plan) -> Plan:
    """No more is asked about anybody than what is needed: § 4 has a price, and no income."""
    return replace(plan, personer=())


def _inntektsaar(oenske: Beregningsoenske, langtid: bool, aar: int, i_dag: date) -> tuple[int, ...]:
    if oenske.inntektsaar is not None:
        return (oenske.inntektsaar,)
    return inntektsaar_paragraf_3(aar, i_dag) if langtid else inntektsaar_paragraf_10(aar)


def _betales(oppsett: Aarsoppsett) -> bool:
    return oppsett.sykehusdoegn is Sykehusdoegn.BETALES


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferdig:
    """A calculation ready to be stored, with the snapshots that are new."""

    beregning: Beregning
    nye: tuple[Grunnlag, ...]


def regn(
    plan: Plan,
    innhold: LagretSaksinnhold,
    bilder: Sequence[Personbilder],
    poster: Sequence[ManuellPost],
    *,
    sak_id: UUID,
    sak_versjon: int,
    kodeversjon: str,
    av: str,
    naa: datetime,
) -> Ferdig:
    """Calculate, or say what is missing.

    Raises:
        UgyldigSakError: the case cannot be calculated as it stands; every fault with a pointer into it.
    """
    per_person: dict[str, list[ManuellPost]] = {}
    for post in poster:
        per_person.setdefault(str(post.person_id), []).append(post)
    kilder = Kilder(
        aar=plan.aar,
        bilder={str(person.person_id): person for person in bilder},
        avgjoerelser={person: Avgjoerelser(egne) for person, egne in per_person.items()},
        faktorer=plan.oppsett.fremskriving,
        utbetalere=plan.oppsett.utbetalere,
    )
    deler, inndata = _bygg(plan, innhold, kilder)
    er_foreloepig = any(del_.sammenstilling.foreloepig for del_ in deler)
    if er_foreloepig and plan.endelig_begrunnelse is not None:
        er_foreloepig = not _kan_erklaeres_endelig(plan, deler)
    regnet = None if inndata.inn is None or not all(del_.klart for del_ in deler) else inndata.inn
    inn = kilder_ut = resultat = None
    beloep: Decimal | None = None
    kalkulatorens: tuple[Sakvarsel, ...] = ()
    if regnet is not None:
        art = Art.LANGTIDSOPPHOLD if plan.doegn is not None else Art.PRAKTISK_BISTAND
        inn, noder = skriv_json(regnet), som_kilder(nodekilder(deler))
        try:
            utfoert = utfoer(art, inn, kilder=noder)
        except KontraktFeilError as feil:
            raise UgyldigSakError(*_i_saken(feil.feil, inndata.rader)) from None
        kilder_ut = kildetekst(noder)
        resultat, beloep = utfoert.tekst, utfoert.svar.egenandel_aar
        kalkulatorens = fra_kalkulator(utfoert.svar.varsler)
    svar = Grunnlagssvar(
        personer=tuple(ut for del_ in deler if (ut := person_ut(del_)) is not None),
        mangler=tuple(mangler_ut(deler)),
        aapne=tuple(aapne_ut(deler)),
        varsler=samle(
            inndata.varsler,
            varsler_ut(deler),
            kalkulatorens,
            _planens(plan, er_foreloepig and resultat is not None),
        ),
    )
    beregning = Beregning(
        id=ny_id(naa),
        sak_id=sak_id,
        sak_versjon=sak_versjon,
        oppsett_versjon=plan.oppsett_versjon,
        aar=plan.aar,
        virkning_fra=plan.virkning,
        tilstand=Tilstand.UFULLSTENDIG if resultat is None else Tilstand.BEREGNET,
        foreloepig=er_foreloepig,
        svar=skriv_json(svar),
        inn=inn,
        kilder=kilder_ut,
        resultat=resultat,
        resultat_hash=None if resultat is None else hash_av(resultat),
        egenandel_aar_oere=None if beloep is None else int(beloep * _OERE),
        versjoner=Versjoner(REGELVERSJON, satsversjon(), katalogversjon(), kodeversjon),
        av=av,
        opprettet=naa,
        grunnlag=tuple(id_ for person in bilder for id_ in person.brukt),
    )
    nye = (
        som_grunnlag(bilde, person.person_id, sak_id, plan.pakke, av)
        for person in bilder
        for bilde in person.alle
        if bilde.nytt
    )
    return Ferdig(beregning=beregning, nye=tuple(nye))


def _kan_erklaeres_endelig(plan: Plan, deler: Iterable[Persongrunnlag]) -> bool:
    """Whether a caseworker may say that the figures are the year's own.

    Raises:
        UgyldigSakError: the year is not over, or a figure is an estimate or another year's.
    """
    egne = {Opphav.OPPGJOER, Opphav.OPPGITT}
    felter = [felt for del_ in deler for felt in del_.sammenstilling.felter.values()]
    if plan.aar >= plan.i_dag.year or any(felt.opphav not in egne for felt in felter):
        raise UgyldigSakError(
            Feil(
                "/endeligBegrunnelse",
                "ikke-endelig",
                f"Beregningen kan bare sies å være endelig når {plan.aar} er over og alle tallene er ført inn for hånd. "
                "Før inn tallene som er videreført eller anslått, eller utelat feltet.",
            )
        )
    return True


def hash_av(tekst: str) -> str:
    """What a stored text is known by."""
    return sha256(tekst.encode()).hexdigest()


def _bygg(
    plan: Plan, innhold: LagretSaksinnhold, kilder: Kilder
) -> tuple[tuple[Persongrunnlag, ...], Inndata]:
    if plan.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD:
        return _bygg_langtid(plan, innhold, kilder)
    deler = bygg_bistand(innhold, plan.dag, kilder)
    inndata = bistand_inn(
        innhold,
        plan.aar,
        plan.dag,
        grunnlagsfelter=_klare(deler),
        valg=plan.oppsett.bistandsvalg,
        priser=plan.oppsett.priser,
    )
    return deler, inndata


def _bygg_langtid(
    plan: Plan, innhold: LagretSaksinnhold, kilder: Kilder
) -> tuple[tuple[Persongrunnlag, ...], Inndata]:
    deler: tuple[Persongrunnlag, ...] = ()
    if plan.etter_paragraf_3:
        deler = bygg_langtid(innhold, plan.dag, plan.oppsett.langtid.samboer_som_ektefelle, kilder)
    felter: dict[str, Any] | None = {}
    if deler:
        felter = deler[0].sammenstilling.kalkulatorfelter() if deler[0].klart else None
    inndata = langtid_inn(
        innhold if plan.etter_paragraf_3 else _uten_forsoergede(innhold),
        plan.aar,
        plan.dag,
        grunnlagsfelter=felter,
        forsoergetfelter=_klare(deler[1:]),
        valg=plan.oppsett.langtidsvalg,
        oppholdsutgift=_oppholdsutgift(plan.oppsett),
        sykehusdoegn_betales=_betales(plan.oppsett),
    )
    return deler, inndata


def _uten_forsoergede(innhold: LagretSaksinnhold) -> LagretSaksinnhold:
    """§ 5 is about § 3; a price per day has no deductions."""
    return replace(innhold, husstand=(), skjoennsmessig_fradrag=())


def _klare(deler: Iterable[Persongrunnlag]) -> dict[str, dict[str, Any]]:
    return {
        del_.person_id: del_.sammenstilling.kalkulatorfelter()
        for del_ in deler
        if del_.person_id is not None and del_.klart
    }


def _oppholdsutgift(oppsett: Aarsoppsett) -> Callable[[str], Sequence[tuple[date, Decimal]]]:
    def utgift(kode: str) -> Sequence[tuple[date, Decimal]]:
        try:
            return oppsett.oppholdsutgift(kode)
        except OppsettManglerError:
            return ()

    return utgift


def _planens(plan: Plan, er_foreloepig: bool) -> Iterator[Sakvarsel]:
    if plan.doegn is not None:
        yield from registervarsler(plan.doegn, plan.i_dag)
    if not plan.etter_paragraf_3:
        yield varsel(
            Sakskode.INNTEKT_IKKE_HENTET,
            f"Ingen døgn i {plan.aar} betales etter § 3, så inntekten er ikke hentet. Den er ukjent, ikke null.",
        )
    if er_foreloepig:
        yield foreloepig(plan.aar)
    elif plan.endelig_begrunnelse is not None:
        yield varsel(
            Sakskode.ERKLAERT_ENDELIG,
            f"Saksbehandler har sagt at tallene for {plan.aar} er endelige: {plan.endelig_begrunnelse}",
        )
    if plan.begrunnelse is not None:
        yield varsel(
            Sakskode.ANNET_INNTEKTSAAR,
            f"{_valgt_oppgjoer(plan.inntektsaar[0])}{plan.begrunnelse}",
        )


_VALGT: Final = re.compile(r"Skatteoppgjøret for (\d{4}) er valgt av saksbehandler: ")


def _valgt_oppgjoer(inntektsaar: int) -> str:
    return f"Skatteoppgjøret for {inntektsaar} er valgt av saksbehandler: "


def valgt_inntektsaar(beregning: Beregning) -> tuple[int, str] | None:
    """The income year a caseworker chose for a kept calculation, and why; ``None`` when the regulation's was used."""
    varsler: list[dict[str, Any]] = les_json(beregning.svar)["varsler"]
    for ett in varsler:
        if ett["kode"] == Sakskode.ANNET_INNTEKTSAAR and (treff := _VALGT.match(ett["tekst"])):
            return int(treff[1]), ett["tekst"][treff.end() :]
    return None


def _i_saken(feil: Iterable[Feil], rader: Mapping[str, str]) -> Iterator[Feil]:
    """The calculator's faults with pointers into the case, as far as the case has the field."""
    for en in feil:
        treff = max(
            (peker for peker in rader if f"{en.pointer}/".startswith(f"{peker}/")), key=len, default=None
        )
        if treff is None:
            yield en
        else:
            yield Feil(rader[treff] + en.pointer.removeprefix(treff), en.kode, en.detail)


def som_grunnlag(svar: Svarbilde, person_id: UUID, sak_id: UUID, tjeneste: Tjeneste, av: str) -> Grunnlag:
    """An answer as it is kept."""
    bilde = svar.bilde
    lest = les_bilder(bilde) if bilde.raa is not None and bilde.api is Api.SKATTEGRUNNLAG else None
    return Grunnlag(
        id=svar.id,
        person_id=person_id,
        sak_id=sak_id,
        aar=bilde.aar,
        tjeneste=tjeneste.value,
        api=bilde.api.value,
        utfall=FUNNET if bilde.mangel is None else str(bilde.mangel.grunn),
        mangel=None if bilde.mangel is None else skriv_json(mangel_som_dict(bilde.mangel)),
        raasvar=bilde.raa,
        innhold_hash=None if bilde.raa is None else sha256(bilde.raa).hexdigest(),
        ajourholdt=None if lest is None else lest.ajourholdt,
        skatteoppgjoersdato=None if lest is None else lest.skatteoppgjoersdato,
        korrelasjonsid=bilde.korrelasjonsid,
        hentet=svar.hentet,
        hentet_av=av,
    )


def mangel_som_dict(mangel: Mangler) -> dict[str, Any]:
    """A reason as it is kept."""
    return {
        "grunn": str(mangel.grunn),
        "tekst": mangel.tekst,
        "ansvar": str(mangel.ansvar),
        "kode": mangel.kode,
    }
