"""What a whole year of long stay costs with the rates of a day (§ 3 første og andre ledd)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from app.calc.kontrakt.langtidsopphold import LangtidInn, Opphold, Valg
from app.calc.langtid.valg import nytt_g_fra, valgt_eller_sats
from app.calc.periode import MAANEDER_I_AARET, aaret
from app.calc.regler import par_3_aarssats
from app.calc.regler.par_3_aarssats import DOBBELTROM_FRA, FordelAvFribeloep
from app.calc.satser import sats
from app.calc.sporing import Enhet, Faktum, Node, Sats, Steg, henvisning, som_tall


class Aarssats(NamedTuple):
    """A yearly rate, kroner, with what decided it."""

    steg: Steg
    kort: Faktum
    """The rate as the months refer to it: one node, however many months."""
    grunnbeloep: Decimal
    fribeloep: Decimal


class Aarssatser:
    """The yearly rates of one year of stay; days with the same rates share one ``Aarssats``."""

    def __init__(self, inn: LangtidInn, grunnlag: Faktum) -> None:
        self._inn = inn
        self._grunnlag = grunnlag
        self._nytt_g_fra = nytt_g_fra(inn)
        self._kjente: dict[tuple[Decimal, Decimal, Decimal | None], Aarssats] = {}

    def __iter__(self) -> Iterator[Aarssats]:
        """Every rate that has been asked for, in that order."""
        return iter(self._kjente.values())

    def paa(self, dag: date, nummer: int) -> Aarssats:
        """The rate on a day of the stay with this place in the request."""
        opphold, aar = self._inn.opphold[nummer], aaret(self._inn.aar)
        g = sats("grunnbeloep", aar.til if dag >= self._nytt_g_fra else aar.fra)
        fribeloep = _fribeloep(dag, opphold)
        noekkel = (g.verdi, som_tall(fribeloep), opphold.oppholdsutgift_per_maaned)
        if noekkel not in self._kjente:
            utgift = _oppholdsutgift(dag, opphold.oppholdsutgift_per_maaned, nummer)
            steg = _aarssats(dag, aar.fra, self._inn.valg, self._grunnlag, g, fribeloep, utgift)
            self._kjente[noekkel] = Aarssats(steg, henvisning(steg), g.verdi, som_tall(fribeloep))
        return self._kjente[noekkel]


def _fribeloep(dag: date, opphold: Opphold) -> Node:
    if not opphold.dobbeltrom_mot_eget_oenske:
        return sats("fribeloep", dag)
    if dag >= DOBBELTROM_FRA:
        return par_3_aarssats.fribeloep_dobbeltrom(
            sats("fribeloep_dobbeltrom", dag), dato=dag, merke=dag.isoformat()
        )
    return par_3_aarssats.fribeloep_dobbeltrom_foer_juli_2014(
        sats("fribeloep", dag), dato=dag, merke=dag.isoformat()
    )


def _oppholdsutgift(dag: date, utgift: Decimal | None, nummer: int) -> Steg | None:
    if utgift is None:
        return None
    return par_3_aarssats.oppholdsutgift(
        Faktum(
            "oppholdsutgift",
            "Oppholdsutgift per måned",
            utgift,
            Enhet.KRONER_PER_MAANED,
            f"/opphold/{nummer}/oppholdsutgiftPerMaaned",
        ),
        _MAANEDER,
        dato=dag,
        merke=dag.isoformat(),
    )


def _aarssats(
    dag: date,
    aarets_foerste: date,
    valg: Valg,
    grunnlag: Faktum,
    g: Sats,
    fribeloep: Node,
    utgift: Steg | None,
) -> Steg:
    merke = dag.isoformat()
    inntil_g = par_3_aarssats.andel_inntil_g(
        grunnlag,
        g,
        fribeloep,
        valgt_eller_sats(valg.prosent_inntil_g, "prosent_inntil_g", aarets_foerste, "/valg/prosentInntilG"),
        dato=dag,
        merke=merke,
    )
    over_g = par_3_aarssats.andel_over_g(
        grunnlag,
        g,
        valgt_eller_sats(valg.prosent_over_g, "prosent_over_g", aarets_foerste, "/valg/prosentOverG"),
        dato=dag,
        merke=merke,
    )
    fordel: Node = sats("prosent_fordel_av_fribeloep", dag)
    if valg.fordel_av_fribeloep is FordelAvFribeloep.PROSENT_100:
        fordel = _HELE_FRIBELOEPET
    i_behold = par_3_aarssats.i_behold(
        g, sats("prosent_i_behold", dag), fribeloep, fordel, dato=dag, merke=merke
    )
    etter_behold = par_3_aarssats.hoeyst_etter_behold(grunnlag, i_behold, dato=dag, merke=merke)
    if utgift is None:
        return par_3_aarssats.aarssats(inntil_g, over_g, etter_behold, dato=dag, merke=merke)
    return par_3_aarssats.aarssats_med_tak(inntil_g, over_g, etter_behold, utgift, dato=dag, merke=merke)


_HELE_FRIBELOEPET: Final = Faktum(
    "fordel_av_fribeloep", "Hele fribeløpet, valgt", Decimal(100), Enhet.PROSENT, "/valg/fordelAvFribeloep"
)
_MAANEDER: Final = Faktum(
    "maaneder_i_aaret", "Måneder i året", Decimal(MAANEDER_I_AARET), Enhet.MAANEDER, "kalenderen"
)
