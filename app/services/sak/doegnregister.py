"""The day register of a year: where the resident was each day, what counts towards the 60, and what is charged.

The days are counted by the calculator's own rules (``app.calc.regler.par_6``); here they are only shown one by
one. The calculator charges exactly these days.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from app.calc.kontrakt.langtidsopphold import LangtidInn, Valg
from app.calc.kontrakt.lesing import Boolsk, Dato, Heltall, Kanskje, Liste, Maaned, Objekt, Valgt, felt
from app.calc.langtid.perioder import del_opp_doegn
from app.calc.periode import (
    MAANEDER_I_AARET,
    MAANEDSNAVN,
    Spenn,
    aaret,
    dagen_foer,
    maanedsnoekkel,
    pluss_doegn,
)
from app.calc.regler import par_6
from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_6 import Del, Grunnlag
from app.calc.satser import sats
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.oppholdsrader import fravaer, som_fravaer
from app.services.sak.rader import gjelder
from app.services.sak.varsler import Alvor, Sakskode, Sakvarsel, varsel

NAER_GRENSEN_DOEGN: Final = 14
"""With so many counted days left, or fewer, the warning asks to be looked at."""

_ANTALL: Final = Heltall(0, 366)


class Nyttaar(StrEnum):
    """What the new year did to a stay that ran over it."""

    INGEN_OPPHOLD = "INGEN_OPPHOLD"
    TELLES_PAA_NYTT = "TELLES_PAA_NYTT"
    BEHOLDER_PARAGRAF_3 = "BEHOLDER_PARAGRAF_3"


@dataclass(frozen=True, slots=True)
class Doegn:
    """One day in institution."""

    dato: date = felt(Dato(), "Dag")
    opphold: int = felt(Heltall(0, 500), "Oppholdets plass i saken, fra 0")
    art: Oppholdsart = felt(Valgt(Oppholdsart), "Oppholdets art")
    grunnlag: Grunnlag = felt(Valgt(Grunnlag), "Paragrafen døgnet betales etter, eller hvorfor det er fritt")
    betales: bool = felt(Boolsk(), "Døgnet betales")
    teller: bool = felt(Boolsk(), "Døgnet regnes med i de 60 døgnene")
    antall: int = felt(_ANTALL, "Døgn som er regnet med i året, til og med denne dagen")
    sykehus: bool = felt(Boolsk(), "Beboeren er på sykehus")


@dataclass(frozen=True, slots=True)
class Doegnmaaned:
    """The days of one month, added up."""

    maaned: str = felt(Maaned(), "Måned")
    doegn: int = felt(_ANTALL, "Døgn i institusjon")
    teller: int = felt(_ANTALL, "Døgn som regnes med i de 60")
    paragraf3: int = felt(_ANTALL, "Døgn som betales etter § 3")
    paragraf4: int = felt(_ANTALL, "Døgn som betales etter § 4")
    fri_maaned: int = felt(_ANTALL, "Døgn i den betalingsfrie måneden")
    gratis: int = felt(_ANTALL, "Døgn som alltid er gratis")
    fravaer: int = felt(_ANTALL, "Døgn med fravær som ikke betales")
    sykehus: int = felt(_ANTALL, "Døgn på sykehus")
    besoek: int = felt(_ANTALL, "Dag- og nattopphold, som ikke er døgn")


@dataclass(frozen=True, slots=True)
class Doegnregister:
    """The year's days, and where it stands with the 60."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret")
    grense: int = felt(_ANTALL, "Døgn i kalenderåret før § 3")
    nyttaar: Nyttaar = felt(Valgt(Nyttaar), "Hva som skjedde ved nyttår med et opphold fra året før")
    antall_til_i_dag: int = felt(_ANTALL, "Døgn som er regnet med til og med i dag")
    antall_i_aaret: int = felt(_ANTALL, "Døgn som regnes med i året, planlagte medregnet")
    grensen_naas: date | None = felt(Kanskje(Dato()), "Dagen det siste av de 60 døgnene er, eller null")
    paragraf3_fra: date | None = felt(
        Kanskje(Dato()), "Første dag som betales etter § 3 fordi grensen er nådd, eller null"
    )
    doegn_igjen: int | None = felt(
        Kanskje(_ANTALL), "Døgn som gjenstår etter i dag før grensen er nådd; null når den ikke nås"
    )
    maaneder: tuple[Doegnmaaned, ...] = felt(
        Liste(Objekt(Doegnmaaned), MAANEDER_I_AARET), "Måneder med døgn eller besøk"
    )
    doegn: tuple[Doegn, ...] = felt(Liste(Objekt(Doegn), 366), "Hvert døgn i institusjon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doegntelling:
    """Where a year stands with the 60, without its days one by one; a calculation asks for no more."""

    grense: int
    antall_til_i_dag: int
    antall_i_aaret: int
    grensen_naas: date | None
    paragraf3_fra: date | None
    etter_paragraf_3: bool
    """Whether any day is charged by income."""

    @property
    def doegn_igjen(self) -> int | None:
        """Days left after today before the limit is reached; ``None`` when it is not."""
        return None if self.grensen_naas is None else max(0, self.grense - self.antall_til_i_dag)


def doegntelling(
    innhold: LagretSaksinnhold,
    aar: int,
    valg: Valg,
    i_dag: date,
    *,
    sykehusdoegn_betales: bool = True,
) -> Doegntelling:
    """Count the days of a calendar year; an open stay is planned to the end of it.

    Raises:
        SatsManglerError: the rates do not cover the year.
    """
    return _tell(del_opp_doegn(_som_inn(innhold, aar, valg, sykehusdoegn_betales)), aar, i_dag)


def _tell(deler: tuple[Del, ...], aar: int, i_dag: date) -> Doegntelling:
    grense = int(sats("korttid_grense", aaret(aar).fra).verdi)
    i_grensen = (d for d in deler if d.teller and d.doegn_foer < grense <= d.doegn_foer + d.spenn.doegn)
    return Doegntelling(
        grense=grense,
        antall_til_i_dag=max(
            (_talt(d, min(d.spenn.til, i_dag)) for d in deler if d.spenn.fra <= i_dag), default=0
        ),
        antall_i_aaret=max((_talt(d, d.spenn.til) for d in deler), default=0),
        grensen_naas=next((pluss_doegn(d.spenn.fra, grense - d.doegn_foer - 1) for d in i_grensen), None),
        paragraf3_fra=next((d.spenn.fra for d in deler if _over_grensen(d, grense)), None),
        etter_paragraf_3=any(d.grunnlag is Grunnlag.PARAGRAF_3 for d in deler),
    )


def _talt(del_: Del, dag: date) -> int:
    """Days counted when a day of this run is over."""
    return del_.doegn_foer + (Spenn(del_.spenn.fra, dag).doegn if del_.teller else 0)


def doegnregister(
    innhold: LagretSaksinnhold,
    aar: int,
    valg: Valg,
    i_dag: date,
    *,
    sykehusdoegn_betales: bool = True,
) -> Doegnregister:
    """The day register of a calendar year; an open stay is planned to the end of it.

    Raises:
        SatsManglerError: the rates do not cover the year.
    """
    inn = _som_inn(innhold, aar, valg, sykehusdoegn_betales)
    deler = del_opp_doegn(inn)
    telling = _tell(deler, aar, i_dag)
    doegn = tuple(_doegn(innhold, deler))
    return Doegnregister(
        aar=aar,
        grense=telling.grense,
        nyttaar=_nyttaar(inn),
        antall_til_i_dag=telling.antall_til_i_dag,
        antall_i_aaret=telling.antall_i_aaret,
        grensen_naas=telling.grensen_naas,
        paragraf3_fra=telling.paragraf3_fra,
        doegn_igjen=telling.doegn_igjen,
        maaneder=tuple(_maaneder(innhold, aar, doegn)),
        doegn=doegn,
    )


def registervarsler(telling: Doegntelling, i_dag: date) -> Iterator[Sakvarsel]:
    """That § 3 lies ahead, while there is still time to decide."""
    naas, fra = telling.grensen_naas, telling.paragraf3_fra
    if naas is None or fra is None or fra <= i_dag or telling.doegn_igjen is None:
        return
    igjen = telling.doegn_igjen
    rest = "1 døgn" if igjen == 1 else f"{igjen} døgn"
    yield varsel(
        Sakskode.DOEGN_60_NAERMER_SEG,
        f"{telling.grense} døgn nås {_med_ord(naas)}; fra {_med_ord(fra)} betales etter § 3. Det er {rest} igjen. "
        "Hent inntekt og fatt vedtak før den tid (§ 6 tredje ledd).",
        alvor=Alvor.OBS if igjen <= NAER_GRENSEN_DOEGN else Alvor.INFO,
    )


def _som_inn(innhold: LagretSaksinnhold, aar: int, valg: Valg, sykehusdoegn_betales: bool) -> LangtidInn:
    til = aaret(aar).til
    sykehus = () if sykehusdoegn_betales else innhold.sykehusopphold
    return LangtidInn(
        aar=aar,
        valg=valg,
        opphold=tuple(
            replace(o, fravaer=som_fravaer(fravaer(o, sykehus), o.fra, min(o.til or til, til)))
            for o in innhold.opphold
        ),
    )


def _doegn(innhold: LagretSaksinnhold, deler: tuple[Del, ...]) -> Iterator[Doegn]:
    for del_ in deler:
        art, betales = innhold.opphold[del_.nummer].art, del_.grunnlag in par_6.BETALES
        for nr in range(del_.spenn.doegn):
            dag = pluss_doegn(del_.spenn.fra, nr)
            yield Doegn(
                dato=dag,
                opphold=del_.nummer,
                art=art,
                grunnlag=del_.grunnlag,
                betales=betales,
                teller=del_.teller,
                antall=del_.doegn_foer + (nr + 1 if del_.teller else 0),
                sykehus=any(gjelder(s, dag) for s in innhold.sykehusopphold),
            )


def _over_grensen(del_: Del, grense: int) -> bool:
    """Whether this run is charged under § 3 because of this year's limit."""
    return del_.regel is par_6.etter_grensen and del_.doegn_foer >= grense


def _nyttaar(inn: LangtidInn) -> Nyttaar:
    """What happened on 1 January to a stay from the year before, away that day or not.

    A long stay that is charged stays charged, whatever the count: it is counted anew, without effect.
    """
    nyttaarsdag = aaret(inn.aar).fra
    deler = del_opp_doegn(replace(inn, opphold=tuple(replace(o, fravaer=()) for o in inn.opphold)))
    if not deler or deler[0].spenn.fra != nyttaarsdag:
        return Nyttaar.INGEN_OPPHOLD
    kveld = dagen_foer(nyttaarsdag)
    if not any(o.fra <= kveld <= (o.til or date.max) for o in inn.opphold if not o.art.er_besoek):
        return Nyttaar.INGEN_OPPHOLD
    if deler[0].regel is par_6.etter_grensen:
        return Nyttaar.BEHOLDER_PARAGRAF_3
    return Nyttaar.TELLES_PAA_NYTT


def _maaned_i_aaret(doegn: Doegn) -> int:
    return doegn.dato.month


def _maaneder(innhold: LagretSaksinnhold, aar: int, doegn: tuple[Doegn, ...]) -> Iterator[Doegnmaaned]:
    per_maaned = {
        nr: tuple(dager) for nr, dager in groupby(sorted(doegn, key=_maaned_i_aaret), key=_maaned_i_aaret)
    }
    for nr in range(1, MAANEDER_I_AARET + 1):
        noekkel = maanedsnoekkel(date(aar, nr, 1))
        dager = per_maaned.get(nr, ())
        besoek = sum(
            o.antall or 0 for o in innhold.opphold if o.art.er_besoek and maanedsnoekkel(o.fra) == noekkel
        )
        if not dager and not besoek:
            continue
        etter = Counter(d.grunnlag for d in dager)
        yield Doegnmaaned(
            maaned=noekkel,
            doegn=len(dager),
            teller=sum(d.teller for d in dager),
            paragraf3=etter[Grunnlag.PARAGRAF_3],
            paragraf4=etter[Grunnlag.PARAGRAF_4],
            fri_maaned=etter[Grunnlag.FRI_MAANED],
            gratis=etter[Grunnlag.GRATIS],
            fravaer=etter[Grunnlag.FRAVAER],
            sykehus=sum(d.sykehus for d in dager),
            besoek=besoek,
        )


def _med_ord(dag: date) -> str:
    return f"{dag.day}. {MAANEDSNAVN[dag.month - 1]}"
