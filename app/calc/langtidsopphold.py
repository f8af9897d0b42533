"""The long-stay calculator: puts the rules of §§ 1, 3, 4, 5 and 6 together for one year."""

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.langtidsopphold import LangtidInn, LangtidUt
from app.calc.langtid.aarssats import Aarssatser
from app.calc.langtid.grunnlag import beregningsgrunnlag
from app.calc.langtid.maaneder import maanedsbeloep
from app.calc.langtid.perioder import besoek_i_aaret, besoeksperiode, del_opp_doegn, prisperioder
from app.calc.langtid.varsler import varsler
from app.calc.periode import aaret
from app.calc.regler import par_3_maaned
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


def _beregn(inn: LangtidInn) -> LangtidUt:
    grunnlag = beregningsgrunnlag(inn)
    aarssatser = Aarssatser(inn, henvisning(grunnlag.samlet))
    deler = del_opp_doegn(inn)
    perioder = prisperioder(inn, deler, aarssatser)
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
