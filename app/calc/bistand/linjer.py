"""What each service of a month costs, never above selvkost (§§ 8 and 9)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL
from app.calc.bistand.husstand import Husstandstrinn
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.praktisk_bistand import Linje, Prisregister, Tjeneste, Trinn
from app.calc.regler import par_8, par_9
from app.calc.regler.par_8 import Tjenesteart
from app.calc.regler.par_9 import AvrundingAvTid
from app.calc.satser import sats
from app.calc.sporing import Enhet, Faktum, Node, Steg

Nummerert = tuple[int, Tjeneste]
"""A service with its place in the request."""


def selvkost_per_time(
    register: Prisregister, register_sti: str, dag: date, fra_maaned: str | None
) -> Steg | None:
    """The most an hour may cost, kroner; ``None`` where the kommune has not stated its costs.

    Args:
        register: the prices in force.
        register_sti: where they stand in the request.
        dag: the first day they apply.
        fra_maaned: that month, for prices that took over within the year.
    """
    selvkost = register.selvkost
    if selvkost is None:
        return None
    regel = par_9.selvkost_per_time if fra_maaned is None else par_9.selvkost_per_time_fra
    return regel(
        _per_time(
            "timeloenn",
            "Gjennomsnittlig timelønn",
            selvkost.timeloenn,
            f"{register_sti}/selvkost/timeloenn",
        ),
        _per_time(
            "sosiale_utgifter",
            "Sosiale utgifter per time",
            selvkost.sosiale_utgifter,
            f"{register_sti}/selvkost/sosialeUtgifter",
        ),
        sats("selvkost_administrasjon", dag),
        dato=dag,
        merke=fra_maaned or "",
    )


class Prising:
    """Prices services month by month, and keeps what there is to say about the prices."""

    def __init__(
        self, trinn: Husstandstrinn | None, selvkost: Steg | None, avrunding: AvrundingAvTid, under_2g: bool
    ) -> None:
        self._trinn = trinn
        self._selvkost = selvkost
        self._avrunding = avrunding
        self._under_2g = under_2g
        self._varsler: dict[str, Varsel] = {}
        self.feil: list[Feil] = []
        """Services without a price that can be found."""

    @property
    def varsler(self) -> tuple[Varsel, ...]:
        """The warnings so far, each once."""
        return tuple(self._varsler.values())

    def linjer(self, maaned: str, dag: date, tjenester: list[Nummerert]) -> Iterator[tuple[Linje, Steg]]:
        """Lines of the answer with their nodes; services at one hourly price become one line."""
        etter_trinn: list[Nummerert] = []
        til_egen_pris: dict[Decimal, list[Nummerert]] = defaultdict(list)
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
        self, tjenester: list[Nummerert], dag: date, maaned: str
    ) -> Iterator[tuple[Linje, Steg]]:
        """Services without a price of their own: the household's step decides, once for the month."""
        nr = tjenester[0][0]
        abonnement = any(tjeneste.art is Tjenesteart.ABONNEMENT for _, tjeneste in tjenester)
        uten_timer = any(tjeneste.timer is None for _, tjeneste in tjenester)
        tid = None if uten_timer else self._tid(tjenester, dag, maaned)
        if self._trinn is None:
            yield from self._uten_trinn(nr, None if abonnement else tid, dag, maaned)
            return
        sti, trinn = self._trinn.sti, self._trinn.trinn
        fast, timepris = trinn.fastpris_per_maaned, trinn.timepris
        if tid is not None and trinn.fri_timer and not abonnement and tid.verdi <= trinn.fri_timer:
            steg = par_8.bare_frie_timer(tid, _frie_timer(trinn, sti), dato=dag, merke=maaned)
            yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg
            return
        if fast is not None and (abonnement or timepris is None or tid is None):
            yield self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            return
        if abonnement or tid is None:
            self.feil.append(Feil(f"/tjenester/{nr}/pris", "pris-mangler", _UTEN_FASTPRIS))
            return
        pris = self._trinnets_timepris(timepris, sti, dag, maaned)
        if pris is None:
            self.feil.append(Feil(f"{sti}/timepris", "pris-mangler", _UTEN_TIMEPRIS))
            return
        aa_betale = tid.verdi - trinn.fri_timer
        overtar = trinn.maks_timer is not None and aa_betale > trinn.maks_timer
        if fast is not None and overtar:
            yield self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            return
        steg = par_8.timebetaling(
            _timer_aa_betale(tid, trinn, sti, dag, maaned), pris, dato=dag, merke=maaned
        )
        if fast is not None and trinn.maks_timer is None:
            _, fastpris = self._fastpris(fast, f"{sti}/fastprisPerMaaned", tid, dag, maaned, abonnement)
            steg = par_8.laveste_av_timer_og_fastpris(steg, fastpris, dato=dag, merke=maaned)
        yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg

    def _uten_trinn(self, nr: int, tid: Steg | None, dag: date, maaned: str) -> Iterator[tuple[Linje, Steg]]:
        """A ladder need not reach below 2 G, where the state's cap holds: hours are priced at selvkost."""
        if tid is None or self._selvkost is None or not self._under_2g:
            self.feil.append(Feil(f"/tjenester/{nr}/pris", "pris-mangler", _UTEN_TRINN))
            return
        self._varsle_om("TIMEPRIS_IKKE_FASTSATT", _TEKST_TIMEPRIS)
        steg = par_8.timebetaling(tid, self._selvkost, dato=dag, merke=maaned)
        yield Linje(art=Tjenesteart.TIMER, timer=tid.verdi, beloep=steg.verdi), steg

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

    def _tid(self, tjenester: list[Nummerert], dag: date, merke: str) -> Steg:
        """Rounded time of several services: for the month as a whole, or each visit by itself."""
        enhet = sats("tidsenhet", dag)
        timer = [
            Faktum("timer", "Timer", tjeneste.timer or NULL, Enhet.TIMER, f"/tjenester/{nr}/timer")
            for nr, tjeneste in tjenester
        ]
        if self._avrunding is AvrundingAvTid.PER_BESOEK:
            hvert = (
                par_9.avrundet_tid(faktum, enhet, dato=dag, merke=f"{merke}.besoek-{nr}")
                for nr, faktum in enumerate(timer, start=1)
            )
            return par_9.samlet_tid(*hvert, dato=dag, merke=merke)
        return par_9.avrundet_tid(
            par_9.samlet_tid(*timer, dato=dag, merke=merke), enhet, dato=dag, merke=merke
        )

    def _varsle_om(self, kode: str, tekst: str) -> None:
        self._varsler.setdefault(kode, Varsel(kode=kode, tekst=tekst))


def _timer_aa_betale(tid: Steg, trinn: Trinn, sti: str, dag: date, maaned: str) -> Steg:
    if not trinn.fri_timer and trinn.maks_timer is None:
        return tid
    frie = _frie_timer(trinn, sti)
    if trinn.maks_timer is None:
        return par_8.timer_aa_betale(tid, frie, dato=dag, merke=maaned)
    hoeyst = Faktum("maks_timer", "Høyeste antall timer", trinn.maks_timer, Enhet.TIMER, f"{sti}/maksTimer")
    return par_8.timer_aa_betale_med_maks(tid, frie, hoeyst, dato=dag, merke=maaned)


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
