"""The long-stay calculator: puts the rules of §§ 1, 3, 4, 5 and 6 together for one year."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.langtidsopphold import LangtidInn, LangtidUt
from app.calc.langtid.aarssats import Aarssatser
from app.calc.langtid.grunnlag import Beregningsgrunnlag, beregningsgrunnlag
from app.calc.langtid.maaneder import bare_beloep, maanedsbeloep
from app.calc.langtid.perioder import (
    Prisperiode,
    besoek_i_aaret,
    besoeksperiode,
    del_opp_doegn,
    prisperioder,
)
from app.calc.langtid.varsler import varsler
from app.calc.periode import aaret
from app.calc.regler import par_3_maaned
from app.calc.regler.par_6 import Del
from app.calc.satser import satsversjon
from app.calc.sporing import henvisning, som_tall
from app.calc.versjon import REGELVERSJON


def beregn(inn: LangtidInn) -> LangtidUt:
    """The egenandel of one year of stay, with the tree that explains it.

    The request must have passed the contract's checks (``kontrakt.langtidsopphold.LANGTID_INN``).

    Raises:
        SatsManglerError: a rate is missing for the year.
    """
    with eksakt_regning():
        return _beregn(inn)


def beloep(inn: LangtidInn) -> Mapping[str, Decimal]:
    """What each month costs, and nothing else: the same rules, where nobody will see the tree.

    Raises:
        SatsManglerError: a rate is missing for the year.
    """
    with eksakt_regning():
        return bare_beloep(inn, _priset(inn).perioder, besoek_i_aaret(inn))


class _Priset(NamedTuple):
    """The year's days with what they cost, and what that came from."""

    grunnlag: Beregningsgrunnlag
    aarssatser: Aarssatser
    deler: tuple[Del, ...]
    perioder: list[Prisperiode]


def _priset(inn: LangtidInn) -> _Priset:
    grunnlag = beregningsgrunnlag(inn)
    aarssatser = Aarssatser(inn, henvisning(grunnlag.samlet))
    deler = del_opp_doegn(inn)
    return _Priset(grunnlag, aarssatser, deler, prisperioder(inn, deler, aarssatser))


def _beregn(inn: LangtidInn) -> LangtidUt:
    grunnlag, aarssatser, deler, perioder = _priset(inn)
    besoek = besoek_i_aaret(inn)
    maaneder = maanedsbeloep(inn, perioder, besoek)
    rot = par_3_maaned.egenandel_aar(
        *(steg for _, steg in maaneder),
        dato=aaret(inn.aar).fra,
        vedlegg=(grunnlag.samlet, *(p.steg for p in perioder), *(a.steg for a in aarssatser)),
    )
    rader = [*(p.ut for p in perioder), *(besoeksperiode(inn, opphold) for opphold in besoek)]
    skattejustering = som_tall(grunnlag.skattejustering)
    return LangtidUt(
        aar=inn.aar,
        inntekt=grunnlag.inntekt.verdi,
        fradragsberettiget_skatt=grunnlag.skatt.verdi,
        skattejustering=skattejustering,
        fradrag_paragraf5=grunnlag.fradrag.verdi,
        beregningsgrunnlag=grunnlag.samlet.verdi,
        perioder=tuple(sorted(rader, key=lambda rad: (rad.fra, rad.til))),
        maaneder=tuple(ut for ut, _ in maaneder),
        egenandel_aar=rot.verdi,
        varsler=tuple(varsler(inn, skattejustering, deler, perioder)),
        forklaring=rot,
        regelversjon=REGELVERSJON,
        satsversjon=satsversjon(),
    )
