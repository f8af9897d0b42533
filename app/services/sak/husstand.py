"""Who counts on a day, whom to look up, and when that changes.

A beregning is made with the household as on one day. A change in the middle of a year therefore gives two
beregninger, each with its own vedtak.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.calc.periode import MAANEDER_I_AARET, aaret, dagen_etter, pluss_maaneder
from app.calc.regler.par_5 import Relasjon, gir_fradrag
from app.calc.regler.par_10 import Medregning, Rolle, medregning
from app.db.ident import er_slettet_id
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.rader import (
    Datert,
    DatertSkjoenn,
    Forhold,
    LagretHusstandsrad,
    Sakstjeneste,
    gjelder,
)

INGEN_FORHOLD: Final = Forhold()


class Medlem(NamedTuple):
    """A row of the household with its place in the document."""

    nummer: int
    rad: LagretHusstandsrad

    @property
    def peker(self) -> str:
        """Where the row stands."""
        return f"/husstand/{self.nummer}"

    @property
    def person_id(self) -> str | None:
        """Who it is, when that is told."""
        return None if self.rad.person is None else self.rad.person.person_id

    @property
    def er_slettet(self) -> bool:
        """Whether the person has been erased, and only the row is left."""
        return self.person_id is not None and er_slettet_id(UUID(self.person_id))

    @property
    def bor_hjemme(self) -> bool:
        """Whether the person lives at home; one who pays for a long stay does not."""
        return self.rad.hjemmeboende and not self.rad.betaler_langtidsegenandel

    def gir_fradrag(self, samboer_som_ektefelle: bool) -> bool:
        """Whether the resident gets deductions for this person (§ 5 første ledd)."""
        return gir_fradrag(self.rad.relasjon, self.bor_hjemme, samboer_som_ektefelle)

    @property
    def inntekt_er_oppgitt(self) -> bool:
        """Whether both figures of § 5 andre ledd are entered, so that nothing is looked up."""
        return self.rad.arbeidsinntekt is not None and self.rad.pensjon_fra_folketrygden is not None

    @property
    def medregning(self) -> Medregning:
        """Whether the person counts in the household, and why not (§ 10)."""
        return medregning(
            rolle(self.rad.relasjon),
            self.rad.betaler_langtidsegenandel,
            self.rad.avkortet_ytelse_borte_fra_hjemmet,
            self.rad.hjelpen_skyldes_barnets_behov,
        )


def rolle(relasjon: Relasjon) -> Rolle:
    """The role in the household of § 10.

    Raises:
        ValueError: the relation has no place there; the document's check refuses it.
    """
    return Rolle(relasjon.value)


def medlemmer_paa(innhold: LagretSaksinnhold, dag: date) -> tuple[Medlem, ...]:
    """The rows of the household that hold on a day."""
    return tuple(Medlem(nr, rad) for nr, rad in enumerate(innhold.husstand) if gjelder(rad, dag))


def fradragsmedlemmer(
    innhold: LagretSaksinnhold, dag: date, samboer_som_ektefelle: bool
) -> tuple[Medlem, ...]:
    """Those the resident gets deductions for on a day, in the order of the calculator's ``forsoergede``."""
    alle = medlemmer_paa(innhold, dag)
    return tuple(medlem for medlem in alle if medlem.gir_fradrag(samboer_som_ektefelle))


def medregnede(innhold: LagretSaksinnhold, dag: date) -> tuple[Medlem, ...]:
    """Those who count beside the recipient on a day, in the order of the calculator's ``husstand``."""
    alle = medlemmer_paa(innhold, dag)
    return tuple(medlem for medlem in alle if medlem.medregning is Medregning.MEDREGNET)


def forhold_paa(innhold: LagretSaksinnhold, dag: date) -> Forhold:
    """What holds for the sak's own person on a day."""
    return next((rad for rad in innhold.forhold if gjelder(rad, dag)), INGEN_FORHOLD)


def skjoenn_paa(innhold: LagretSaksinnhold, dag: date) -> tuple[DatertSkjoenn, ...]:
    """The decided deductions that hold on a day."""
    return tuple(rad for rad in innhold.skjoennsmessig_fradrag if gjelder(rad, dag))


def egen_medregning(forhold: Forhold) -> Medregning:
    """Whether the recipient's own income counts (§ 10 fjerde ledd)."""
    return medregning(
        Rolle.TJENESTEMOTTAKER,
        forhold.betaler_langtidsegenandel,
        forhold.avkortet_ytelse_borte_fra_hjemmet,
        False,
    )


@dataclass(frozen=True, slots=True)
class Oppslagsperson:
    """Somebody whose figures are needed."""

    person_id: str
    peker: str
    """Where the person stands in the document."""
    med_skatt: bool
    """Beregnet skatt is needed too: only for the resident (§ 3 fjerde ledd)."""


def oppslagspersoner(
    innhold: LagretSaksinnhold, dag: date, *, samboer_som_ektefelle: bool = True
) -> tuple[Oppslagsperson, ...]:
    """Whom to look up for a calculation with the household as on a day; nobody whose figures are not used."""
    langtid = innhold.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
    svar = []
    if langtid or egen_medregning(forhold_paa(innhold, dag)) is Medregning.MEDREGNET:
        svar.append(Oppslagsperson(innhold.person.person_id, "/person", med_skatt=langtid))
    for medlem in medlemmer_paa(innhold, dag):
        brukes = (
            medlem.gir_fradrag(samboer_som_ektefelle) and not medlem.inntekt_er_oppgitt
            if langtid
            else medlem.medregning is Medregning.MEDREGNET
        )
        if brukes and medlem.person_id is not None and not medlem.er_slettet:
            svar.append(Oppslagsperson(medlem.person_id, medlem.peker, med_skatt=False))
    return tuple(svar)


def husstandssegmenter(innhold: LagretSaksinnhold, aar: int) -> tuple[date, ...]:
    """The days of the year, after 1 January, from which household, own facts or deductions are others.

    A row that ends where one with the same content begins is no change.
    """
    fra, til = aaret(aar)
    rader: tuple[Datert, ...] = (*innhold.husstand, *innhold.forhold, *innhold.skjoennsmessig_fradrag)
    dager = {rad.fra for rad in rader if rad.fra is not None}
    dager |= {dagen_etter(rad.til) for rad in rader if rad.til is not None}
    svar = []
    forrige = _hvem_og_hva(innhold, fra)
    for dag in sorted(dag for dag in dager if fra < dag <= til):
        naa = _hvem_og_hva(innhold, dag)
        if naa != forrige:
            svar.append(dag)
        forrige = naa
    return tuple(svar)


def _hvem_og_hva(innhold: LagretSaksinnhold, dag: date) -> tuple[Any, ...]:
    return (
        [replace(medlem.rad, fra=None, til=None) for medlem in medlemmer_paa(innhold, dag)],
        # Uskiftet bo changes no figure by itself: what is the person's own income is entered by hand.
        replace(forhold_paa(innhold, dag), fra=None, til=None, uskiftet_bo=False),
        [replace(rad, fra=None, til=None) for rad in skjoenn_paa(innhold, dag)],
    )


def foerste_dag(innhold: LagretSaksinnhold, aar: int) -> date:
    """The first day of the year with a stay or a service; 1 January when there is none."""
    fra, til = aaret(aar)
    dager = [max(rad.fra, fra) for rad in innhold.opphold if rad.fra <= til and (rad.til or til) >= fra]
    maaneder = [int(rad.maaned[5:]) for rad in innhold.tjenester if int(rad.maaned[:4]) == aar]
    dager += [date(aar, maaned, 1) for maaned in maaneder if maaned <= MAANEDER_I_AARET]
    return min(dager, default=fra)


def endringsdager(innhold: LagretSaksinnhold, aar: int) -> tuple[date, ...]:
    """The days of change that a calculation of the year must be divided at."""
    start = foerste_dag(innhold, aar)
    return tuple(dag for dag in husstandssegmenter(innhold, aar) if dag > start)


def virkning_fra(innhold: LagretSaksinnhold, aar: int, i_dag: date) -> date:
    """The first of the month a calculation holds from when nobody has said otherwise.

    Egenandel is charged by the month, so a change in the middle of one counts from the next. The latest change
    that has happened; before any, the month of the first stay or service.
    """
    skjedd = [_neste_maaned(dag) for dag in endringsdager(innhold, aar) if dag <= i_dag]
    i_aaret = [dag for dag in skjedd if dag.year == aar]
    return max(i_aaret, default=foerste_dag(innhold, aar).replace(day=1))


def husstandsdag(innhold: LagretSaksinnhold, aar: int, virkning: date) -> date:
    """The day the household is taken as on, for a calculation that holds from the first of a month.

    Not before the first day with a stay or a service: who lived together earlier is of no account.
    """
    return max(virkning, foerste_dag(innhold, aar))


def _neste_maaned(dag: date) -> date:
    return dag if dag.day == 1 else pluss_maaneder(dag.replace(day=1), 1)
