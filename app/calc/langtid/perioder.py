"""Which days of the year are charged under which paragraph and at which price (§ 6).

A run of days becomes a row of the answer and a node of the tree; visits by day or night become rows only.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from app.calc.kontrakt.langtidsopphold import LangtidInn, Opphold, Periode
from app.calc.langtid.aarssats import Aarssats, Aarssatser
from app.calc.langtid.valg import besoekspris, korttidspris, nytt_g_fra
from app.calc.periode import Spenn, aaret, dagen_foer, maaneden
from app.calc.regler import par_6
from app.calc.regler.par_3_aarssats import DOBBELTROM_FRA
from app.calc.regler.par_6 import Del, Doegnopphold, Grunnlag
from app.calc.satser import sats
from app.calc.sporing import Enhet, Faktum, Regel, Steg, som_tall


class Prisperiode(NamedTuple):
    """A run of days with what it costs."""

    spenn: Spenn
    grunnlag: Grunnlag
    nummer: int
    """The stay's place in the request."""
    regel: Regel
    aarssats: Aarssats | None = None
    """Only under § 3."""
    sats_per_doegn: Decimal | None = None
    """Kroner, only under § 4."""

    def fortsetter(self, forrige: "Prisperiode") -> bool:
        """Whether this run and the one before are one in the answer."""
        return (
            self.grunnlag is forrige.grunnlag
            and self.aarssats is forrige.aarssats
            and dagen_foer(self.spenn.fra) == forrige.spenn.til
        )

    @property
    def steg(self) -> Steg:
        """The run as a node of the tree."""
        fra, til = self.spenn
        return self.regel(
            Faktum("fra", "Fra og med", fra, Enhet.DATO, f"/opphold/{self.nummer}"),
            Faktum("til", "Til og med", til, Enhet.DATO, f"/opphold/{self.nummer}"),
            dato=fra,
            merke=fra.isoformat(),
        )

    @property
    def ut(self) -> Periode:
        """The run as a row of the answer."""
        aarssats = self.aarssats
        return Periode(
            fra=self.spenn.fra,
            til=self.spenn.til,
            grunnlag=self.grunnlag,
            grunnbeloep=None if aarssats is None else aarssats.grunnbeloep,
            fribeloep=None if aarssats is None else aarssats.fribeloep,
            aarssats=None if aarssats is None else aarssats.steg.verdi,
            sats_per_doegn=self.sats_per_doegn,
        )


def del_opp_doegn(inn: LangtidInn) -> tuple[Del, ...]:
    """The days of the year, divided by the paragraph they are charged under."""
    aar = aaret(inn.aar)
    opphold = sorted(
        (
            Doegnopphold(
                o.art,
                o.fra,
                min(o.til or aar.til, aar.til),
                o.medregnet_fra,
                nummer,
                tuple(Spenn(borte.fra, borte.til) for borte in o.fravaer),
            )
            for nummer, o in enumerate(inn.opphold)
            if not o.art.er_besoek and o.fra <= aar.til
        ),
        key=lambda o: (o.fra, o.til),
    )
    regler = par_6.Regler(
        fri_maaneder=int(sats("fri_periode", aar.fra).verdi),
        grense_doegn=int(sats("korttid_grense", aar.fra).verdi),
        avlastning_teller=inn.valg.avlastning_teller_mot60_doegn,
        beholder_over_nyttaar=inn.valg.paragraf3_over_nyttaar,
    )
    return par_6.del_opp(opphold, inn.aar, regler)


def prisperioder(inn: LangtidInn, deler: Iterable[Del], aarssatser: Aarssatser) -> list[Prisperiode]:
    """The divided days with their prices; neighbours at the same price are one."""
    ferdige: list[Prisperiode] = []
    for periode in _prissett(inn, deler, aarssatser):
        if ferdige and periode.fortsetter(ferdige[-1]):
            forrige = ferdige.pop()
            ferdige.append(forrige._replace(spenn=Spenn(forrige.spenn.fra, periode.spenn.til)))
        else:
            ferdige.append(periode)
    return ferdige


def _prissett(inn: LangtidInn, deler: Iterable[Del], aarssatser: Aarssatser) -> Iterator[Prisperiode]:
    for del_ in deler:
        hele, grunnlag, nummer, regel = del_.spenn, del_.grunnlag, del_.nummer, del_.regel
        if grunnlag is Grunnlag.PARAGRAF_4:
            pris = som_tall(korttidspris(inn))
            yield Prisperiode(hele, grunnlag, nummer, regel, sats_per_doegn=pris)
        elif grunnlag is Grunnlag.PARAGRAF_3:
            for spenn in _med_samme_satser(hele, inn, inn.opphold[nummer]):
                yield Prisperiode(spenn, grunnlag, nummer, regel, aarssatser.paa(spenn.fra, nummer))
        else:
            yield Prisperiode(hele, grunnlag, nummer, regel)


def _med_samme_satser(spenn: Spenn, inn: LangtidInn, opphold: Opphold) -> Iterator[Spenn]:
    skiller = {nytt_g_fra(inn)}
    if opphold.dobbeltrom_mot_eget_oenske:
        skiller.add(DOBBELTROM_FRA)
    fra = spenn.fra
    for skille in sorted(skiller):
        if fra < skille <= spenn.til:
            yield Spenn(fra, dagen_foer(skille))
            fra = skille
    yield Spenn(fra, spenn.til)


def besoek_i_aaret(inn: LangtidInn) -> list[Opphold]:
    """The visits by day or night, in the order of the request."""
    return [o for o in inn.opphold if o.art.er_besoek and o.fra.year == inn.aar]


def besoeksperiode(inn: LangtidInn, besoek: Opphold) -> Periode:
    """The visits of one month as a row of the answer."""
    return Periode(
        fra=besoek.fra,
        til=besoek.til or maaneden(besoek.fra.year, besoek.fra.month).til,
        grunnlag=Grunnlag.PARAGRAF_4,
        grunnbeloep=None,
        fribeloep=None,
        aarssats=None,
        sats_per_doegn=som_tall(besoekspris(inn)),
    )
