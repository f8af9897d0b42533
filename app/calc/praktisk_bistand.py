"""The practical-help calculator: puts the rules of §§ 8, 9 and 10 together for one household's year."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL, eksakt_regning
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.lesing import tittel
from app.calc.kontrakt.praktisk_bistand import (
    Husstandsmedlem,
    Linje,
    PersonUt,
    PraktiskBistandInn,
    PraktiskBistandMaaned,
    PraktiskBistandUt,
    Tjeneste,
    Trinn,
    TrinnUt,
    grenser,
)
from app.calc.periode import aaret
from app.calc.regler import par_8, par_9, par_10
from app.calc.regler.par_8 import Tjenesteart
from app.calc.regler.par_9 import AvrundingAvTid
from app.calc.regler.par_10 import Medregning
from app.calc.satser import sats, satsversjon
from app.calc.sporing import Enhet, Faktum, Node, Sats, Steg
from app.calc.versjon import REGELVERSJON

_GRUNNLAGSFELT: Final = (
    "alminnelig_inntekt_foer_saerfradrag",
    "gevinst",
    "oppjustering_av_gevinst",
    "tap",
    "oppjustering_av_tap",
    "oppjustering_av_utbytte",
    "hjelpestoenad",
    "omsorgsstoenad",
    "skjoennsmessig_fradrag",
)


def beregn(inn: PraktiskBistandInn) -> PraktiskBistandUt:
    """The egenandel of one household's year of practical help, with the tree that explains it.

    The request must have passed the contract's checks
    (``kontrakt.praktisk_bistand.PRAKTISK_BISTAND_INN``).

    Raises:
        KontraktFeilError: a service has no price that can be found.
        SatsManglerError: a rate is missing for the year.
    """
    with eksakt_regning():
        return _Beregning(inn).svar()


class _Beregning:
    def __init__(self, inn: PraktiskBistandInn) -> None:
        self._inn = inn
        self._dag = aaret(inn.aar).fra
        self._varsler: list[Varsel] = []
        self._feil: list[Feil] = []

    def svar(self) -> PraktiskBistandUt:
        inn = self._inn
        personer = [self._person(nr, person) for nr, person in enumerate(inn.husstand)]
        husstand = par_10.husstandsgrunnlag(
            *(steg for steg, medregning in personer if medregning is Medregning.MEDREGNET),
            dato=self._dag,
            vedlegg=tuple(steg for steg, medregning in personer if medregning is not Medregning.MEDREGNET),
        )
        g = sats("grunnbeloep", self._dag)
        to_g = par_10.to_g(sats("grense_for_utgiftstak", self._dag), g, dato=self._dag)
        self._under_2g = husstand.verdi < to_g.verdi
        self._statens_tak: Sats = sats("utgiftstak_under_2g", self._dag)
        self._selvkost = self._selvkost_per_time()
        self._trinn_nr, self._trinn = self._finn_trinn(husstand.verdi, g.verdi)
        maaneder = [self._maaned(maaned, tjenester) for maaned, tjenester in self._per_maaned()]
        if self._feil:
            raise KontraktFeilError(self._feil)
        rot = par_10.egenandel_aar(
            *(steg for _, steg in maaneder),
            dato=self._dag,
            vedlegg=(husstand, to_g, *([] if self._selvkost is None else [self._selvkost])),
        )
        self._varsle(rot.verdi, personer)
        return PraktiskBistandUt(
            aar=inn.aar,
            grunnlag=husstand.verdi,
            per_person=tuple(
                PersonUt(
                    rolle=person.rolle,
                    medregnet=medregning is Medregning.MEDREGNET,
                    grunnlag=steg.verdi,
                    grunn=medregning.tekst,
                )
                for person, (steg, medregning) in zip(inn.husstand, personer, strict=True)
            ),
            grunnbeloep=g.verdi,
            to_g=to_g.verdi,
            under2_g=self._under_2g,
            trinn=self._trinn_ut(g.verdi),
            selvkost_per_time=None if self._selvkost is None else self._selvkost.verdi,
            maaneder=tuple(ut for ut, _ in maaneder),
            egenandel_aar=rot.verdi,
            varsler=tuple(self._varsler),
            forklaring=rot,
            regelversjon=REGELVERSJON,
            satsversjon=satsversjon(),
        )

    # --- § 10: household and step ---------------------------------------------------------------

    def _person(self, nr: int, person: Husstandsmedlem) -> tuple[Steg, Medregning]:
        medregning = par_10.medregning(
            person.rolle,
            person.betaler_langtidsegenandel,
            person.avkortet_ytelse_borte_fra_hjemmet,
            person.hjelpen_skyldes_barnets_behov,
        )
        fakta = [
            Faktum(
                f"husstand.{navn}",
                tittel(Husstandsmedlem, navn),
                getattr(person, navn),
                Enhet.KRONER,
                f"/husstand/{nr}/{camel(navn)}",
            )
            for navn in _GRUNNLAGSFELT
        ]
        return par_10.persongrunnlag(*fakta, dato=self._dag, merke=f"{nr + 1}"), medregning

    def _finn_trinn(self, grunnlag: Decimal, g: Decimal) -> tuple[int, Trinn | None]:
        """The step whose limits hold the basis; a negative basis is placed as 0."""
        plassering = max(NULL, grunnlag)
        for nr, trinn in enumerate(self._inn.prisregister.trinn, start=1):
            fra, til = grenser(trinn, g)
            if fra <= plassering and (til is None or plassering < til):
                return nr, trinn
        return 0, None

    def _trinn_ut(self, g: Decimal) -> TrinnUt | None:
        if self._trinn is None:
            return None
        fra, til = grenser(self._trinn, g)
        felles = {
            felt.name: getattr(self._trinn, felt.name)
            for felt in fields(TrinnUt)
            if felt.name in Trinn.__slots__ and felt.name not in {"fra_kroner", "til_kroner"}
        }
        return TrinnUt(nummer=self._trinn_nr, fra_kroner=fra, til_kroner=til, **felles)

    # --- § 9: selvkost --------------------------------------------------------------------------

    def _selvkost_per_time(self) -> Steg | None:
        selvkost = self._inn.prisregister.selvkost
        if selvkost is None:
            return None
        return par_9.selvkost_per_time(
            _per_time(
                "timeloenn",
                "Gjennomsnittlig timelønn",
                selvkost.timeloenn,
                "/prisregister/selvkost/timeloenn",
            ),
            _per_time(
                "sosiale_utgifter",
                "Sosiale utgifter per time",
                selvkost.sosiale_utgifter,
                "/prisregister/selvkost/sosialeUtgifter",
            ),
            sats("selvkost_administrasjon", self._dag),
            dato=self._dag,
        )

    # --- months ---------------------------------------------------------------------------------

    def _per_maaned(self) -> list[tuple[str, list[tuple[int, Tjeneste]]]]:
        samlet: dict[str, list[tuple[int, Tjeneste]]] = defaultdict(list)
        for nr, tjeneste in enumerate(self._inn.tjenester):
            samlet[tjeneste.maaned].append((nr, tjeneste))
        return sorted(samlet.items())

    def _maaned(
        self, maaned: str, tjenester: list[tuple[int, Tjeneste]]
    ) -> tuple[PraktiskBistandMaaned, Steg]:
        dag = date.fromisoformat(f"{maaned}-01")
        register = self._inn.prisregister
        under_tak: list[Node] = []
        utenfor_tak: list[Node] = []
        linjer: list[Linje] = []
        for linje, steg in self._linjer(maaned, dag, tjenester):
            linjer.append(linje)
            er_utenfor = linje.art is Tjenesteart.TRYGGHETSALARM and not register.trygghetsalarm_inngaar_i_tak
            (utenfor_tak if er_utenfor else under_tak).append(steg)
        sum_under_tak = par_10.under_tak(*under_tak, dato=dag, merke=maaned)
        tak = self._tak(dag, maaned)
        etter = sum_under_tak if tak is None else par_10.etter_tak(sum_under_tak, tak, dato=dag, merke=maaned)
        if dag.month in register.fri_maaneder:
            etter = par_10.i_fri_maaned(etter, dato=dag, merke=maaned)
        steg = par_10.MAANED[self._inn.valg.avrunding](etter, *utenfor_tak, dato=dag, merke=maaned)
        return (
            PraktiskBistandMaaned(
                maaned=maaned,
                linjer=tuple(linjer),
                foer_tak=sum((linje.beloep for linje in linjer), NULL),
                tak=None if tak is None else tak.verdi,
                egenandel=steg.verdi,
            ),
            steg,
        )

    def _tak(self, dag: date, maaned: str) -> Steg | None:
        kommunens = None if self._trinn is None else self._trinn.maks_per_maaned
        faktum = None
        if kommunens is not None:
            faktum = Faktum(
                "maks_per_maaned",
                "Kommunens tak for trinnet",
                kommunens,
                Enhet.KRONER_PER_MAANED,
                f"/prisregister/trinn/{self._trinn_nr - 1}/maksPerMaaned",
            )
        if faktum is None:
            return par_10.statens_tak(self._statens_tak, dato=dag, merke=maaned) if self._under_2g else None
        if self._under_2g:
            return par_10.laveste_tak(self._statens_tak, faktum, dato=dag, merke=maaned)
        return par_10.kommunens_tak(faktum, dato=dag, merke=maaned)

    def _linjer(
        self, maaned: str, dag: date, tjenester: list[tuple[int, Tjeneste]]
    ) -> Iterator[tuple[Linje, Steg]]:
        etter_trinn: list[tuple[int, Tjeneste]] = []
        til_egen_pris: dict[Decimal, list[tuple[int, Tjeneste]]] = defaultdict(list)
        for nr, tjeneste in tjenester:
            pris = tjeneste.pris
            if tjeneste.art is Tjenesteart.PERSONLIG_STELL:
                steg = par_8.personlig_stell(dato=dag, merke=f"{maaned}.{nr}")
                yield Linje(art=tjeneste.art, timer=tjeneste.timer, beloep=steg.verdi), steg
            elif tjeneste.art is Tjenesteart.TRYGGHETSALARM and pris is not None:
                faktum = _per_maaned_pris(pris, f"/tjenester/{nr}/pris")
                steg = par_8.trygghetsalarm(faktum, dato=dag, merke=f"{maaned}.{nr}")
                yield Linje(art=tjeneste.art, timer=None, beloep=steg.verdi), steg
            elif pris is None:
                etter_trinn.append((nr, tjeneste))
            elif tjeneste.art is Tjenesteart.ABONNEMENT:
                timer = None if tjeneste.timer is None else self._tid([(nr, tjeneste)], dag, f"{maaned}.{nr}")
                yield self._fastpris(pris, f"/tjenester/{nr}/pris", timer, dag, f"{maaned}.{nr}", True)
            else:
                til_egen_pris[pris].append((nr, tjeneste))
        for pris, gruppe in til_egen_pris.items():
            foerste = gruppe[0][0]
            merke = f"{maaned}.{foerste}"
            timepris = self._timepris(pris, f"/tjenester/{foerste}/pris", dag, merke)
            tid = self._tid(gruppe, dag, merke)
            steg = par_8.timebetaling(tid, timepris, dato=dag, merke=merke)
            yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg
        if etter_trinn:
            yield from self._etter_trinn(etter_trinn, dag, maaned)

    def _etter_trinn(
        self, tjenester: list[tuple[int, Tjeneste]], dag: date, maaned: str
    ) -> Iterator[tuple[Linje, Steg]]:
        """Services without a price of their own: the household's step decides, once for the month."""
        trinn, nr = self._trinn, tjenester[0][0]
        abonnement = any(tjeneste.art is Tjenesteart.ABONNEMENT for _, tjeneste in tjenester)
        uten_timer = any(tjeneste.timer is None for _, tjeneste in tjenester)
        tid = None if uten_timer else self._tid(tjenester, dag, maaned)
        if trinn is None:
            yield from self._uten_trinn(nr, None if abonnement else tid, dag, maaned)
            return
        sti = f"/prisregister/trinn/{self._trinn_nr - 1}"
        fast, timepris = trinn.fastpris_per_maaned, trinn.timepris
        if tid is not None and trinn.fri_timer and not abonnement and tid.verdi <= trinn.fri_timer:
            steg = par_8.bare_frie_timer(tid, _frie_timer(trinn, sti), dato=dag, merke=maaned)
            yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg
            return
        if fast is not None and (abonnement or timepris is None or tid is None):
            yield self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            return
        if abonnement or tid is None:
            self._feil.append(Feil(f"/tjenester/{nr}/pris", "pris-mangler", _UTEN_FASTPRIS))
            return
        pris = self._trinnets_timepris(timepris, sti, dag, maaned)
        if pris is None:
            self._feil.append(Feil(f"{sti}/timepris", "pris-mangler", _UTEN_TIMEPRIS))
            return
        aa_betale = tid.verdi - trinn.fri_timer
        overtar = trinn.maks_timer is not None and aa_betale > trinn.maks_timer
        if fast is not None and overtar:
            yield self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            return
        steg = par_8.timebetaling(
            self._timer_aa_betale(tid, trinn, sti, dag, maaned), pris, dato=dag, merke=maaned
        )
        if fast is not None and trinn.maks_timer is None:
            _, fastpris = self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            steg = par_8.laveste_av_timer_og_fastpris(steg, fastpris, dato=dag, merke=maaned)
        yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg

    def _uten_trinn(self, nr: int, tid: Steg | None, dag: date, maaned: str) -> Iterator[tuple[Linje, Steg]]:
        """A ladder need not reach below 2 G, where the state's cap holds: hours are priced at selvkost."""
        if tid is None or self._selvkost is None or not self._under_2g:
            self._feil.append(Feil(f"/tjenester/{nr}/pris", "pris-mangler", _UTEN_TRINN))
            return
        self._varsle_om("TIMEPRIS_IKKE_FASTSATT", _TEKST_TIMEPRIS)
        steg = par_8.timebetaling(tid, self._selvkost, dato=dag, merke=maaned)
        yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg

    def _timer_aa_betale(self, tid: Steg, trinn: Trinn, sti: str, dag: date, maaned: str) -> Steg:
        if not trinn.fri_timer and trinn.maks_timer is None:
            return tid
        frie = _frie_timer(trinn, sti)
        if trinn.maks_timer is None:
            return par_8.timer_aa_betale(tid, frie, dato=dag, merke=maaned)
        hoeyst = Faktum(
            "maks_timer", "Høyeste antall timer", trinn.maks_timer, Enhet.TIMER, f"{sti}/maksTimer"
        )
        return par_8.timer_aa_betale_med_maks(tid, frie, hoeyst, dato=dag, merke=maaned)

    def _trinnets_timepris(self, timepris: Decimal | None, sti: str, dag: date, merke: str) -> Node | None:
        """The step's price; a step with only a cap is priced at selvkost, the most that is lawful."""
        if timepris is None:
            self._varsle_om("TIMEPRIS_IKKE_FASTSATT", _TEKST_TIMEPRIS)
            return self._selvkost
        return self._timepris(timepris, f"{sti}/timepris", dag, merke)

    def _timepris(self, pris: Decimal, kilde: str, dag: date, merke: str) -> Node:
        faktum = _per_time("timepris", "Timepris", pris, kilde)
        if self._selvkost is None:
            self._varsle_om("SELVKOST_IKKE_OPPGITT", _TEKST_SELVKOST)
            return faktum
        if pris > self._selvkost.verdi:
            self._varsle_om("PRIS_OVER_SELVKOST", _TEKST_OVER_SELVKOST)
        return par_9.timepris_hoeyst_selvkost(faktum, self._selvkost, dato=dag, merke=merke)

    def _fastpris(
        self, pris: Decimal, kilde: str, tid: Steg | None, dag: date, merke: str, abonnement: bool
    ) -> tuple[Linje, Steg]:
        faktum = _per_maaned_pris(pris, kilde)
        if tid is None:
            self._varsle_om("ABONNEMENT_UTEN_TIMER", _TEKST_UTEN_TIMER)
        if self._selvkost is None:
            self._varsle_om("SELVKOST_IKKE_OPPGITT", _TEKST_SELVKOST)
        if tid is not None and not tid.verdi:
            steg = par_9.ingen_tid(tid, dato=dag, merke=merke)
        elif tid is None or self._selvkost is None:
            steg = par_8.fastpris(faktum, dato=dag, merke=merke)
        else:
            steg = par_9.fastpris_hoeyst_selvkost(faktum, tid, self._selvkost, dato=dag, merke=merke)
        art = Tjenesteart.ABONNEMENT if abonnement else Tjenesteart.TIMER
        return Linje(art=art, timer=None if tid is None else tid.verdi, beloep=steg.verdi), steg

    def _tid(self, tjenester: list[tuple[int, Tjeneste]], dag: date, merke: str) -> Steg:
        """Rounded time of several services: for the month as a whole, or each visit by itself."""
        enhet = sats("tidsenhet", dag)
        timer = [
            Faktum("timer", "Timer", tjeneste.timer or NULL, Enhet.TIMER, f"/tjenester/{nr}/timer")
            for nr, tjeneste in tjenester
        ]
        if self._inn.valg.avrunding_av_tid is AvrundingAvTid.PER_BESOEK:
            hvert = (
                par_9.avrundet_tid(faktum, enhet, dato=dag, merke=f"{merke}.besoek-{nr}")
                for nr, faktum in enumerate(timer, start=1)
            )
            return par_9.samlet_tid(*hvert, dato=dag, merke=merke)
        return par_9.avrundet_tid(
            par_9.samlet_tid(*timer, dato=dag, merke=merke), enhet, dato=dag, merke=merke
        )

    # --- warnings -------------------------------------------------------------------------------

    def _varsle_om(self, kode: str, tekst: str) -> None:
        if all(varsel.kode != kode for varsel in self._varsler):
            self._varsler.append(Varsel(kode=kode, tekst=tekst))

    def _varsle(self, egenandel: Decimal, personer: list[tuple[Steg, Medregning]]) -> None:
        if not self._inn.tjenester:
            self._varsle_om("INGEN_TJENESTER", _TEKST_INGEN_TJENESTER)
        if all(medregning is not Medregning.MEDREGNET for _, medregning in personer):
            self._varsle_om("INGEN_MEDREGNET", _TEKST_INGEN_MEDREGNET)
        if egenandel and not self._under_2g:
            self._varsle_om("VURDER_PERSONLIGE_BEHOV", _TEKST_BEHOV)


def _per_time(id_: str, navn: str, verdi: Decimal, kilde: str) -> Faktum:
    return Faktum(id_, navn, verdi, Enhet.KRONER_PER_TIME, kilde)


def _frie_timer(trinn: Trinn, sti: str) -> Faktum:
    return Faktum("fri_timer", "Frie timer", trinn.fri_timer, Enhet.TIMER, f"{sti}/friTimer")


def _per_maaned_pris(pris: Decimal, kilde: str) -> Faktum:
    return Faktum("pris_per_maaned", "Pris per måned", pris, Enhet.KRONER_PER_MAANED, kilde)


_UTEN_TRINN: Final = (
    "Ingen trinn i prisregisteret dekker husstandens grunnlag, og tjenesten har ingen egen pris. "
    "Legg til et trinn, eller oppgi pris på tjenesten."
)
_UTEN_FASTPRIS: Final = (
    "Abonnementet har ingen pris, og husstandens trinn har ingen fast pris. "
    "Oppgi pris på tjenesten, eller fastprisPerMaaned på trinnet."
)
_UTEN_TIMEPRIS: Final = (
    "Husstandens trinn har verken timepris eller fast pris, og selvkost er ikke oppgitt. Oppgi en av dem."
)
_TEKST_TIMEPRIS: Final = (
    "Prisregisteret har ingen timepris for husstanden, så timene er priset til selvkost før taket. "
    "Legg inn timeprisen kommunen har vedtatt."
)
_TEKST_SELVKOST: Final = (
    "Selvkost er ikke oppgitt, så taket i § 9 første ledd er ikke prøvd. Legg inn selvkost."
)
_TEKST_OVER_SELVKOST: Final = (
    "En timepris var høyere enn selvkost og er satt ned (§ 9 første ledd). Rett prisregisteret."
)
_TEKST_UTEN_TIMER: Final = (
    "Abonnementet har ingen timer, så det er ikke prøvd mot selvkost for måneden (§ 9 første ledd andre punktum). "
    "Legg inn timer."
)
_TEKST_INGEN_TJENESTER: Final = "Ingen tjenester er oppgitt, så det er ingen måneder å betale for."
_TEKST_INGEN_MEDREGNET: Final = (
    "Ingen i husstanden regnes med etter § 10. Kontroller opplysningene før vedtak."
)
_TEKST_BEHOV: Final = (
    "Grunnlaget er ikke under 2 G, så statens tak gjelder ikke. Vurder om den som betaler, har nok igjen til "
    "personlige behov og forsørgelse (§ 9 tredje ledd)."
)
