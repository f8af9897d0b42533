"""The settlement calculator (§ 3 sjette ledd): the year as it should have been against what was charged."""

from decimal import Decimal
from typing import Final

from app.calc import langtidsopphold
from app.calc.beloep import NULL, eksakt_regning, tall_paa_norsk
from app.calc.kontrakt.etteroppgjoer import (
    EtteroppgjoerInn,
    EtteroppgjoerUt,
    Grunnlagspar,
    Maanedsendring,
    Retning,
)
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.langtidsopphold import LangtidUt
from app.calc.periode import aaret
from app.calc.regler import par_3_etteroppgjoer
from app.calc.satser import satsversjon
from app.calc.sporing import Enhet, Faktum, Node, Steg, som_tall, under
from app.calc.versjon import REGELVERSJON


def beregn(inn: EtteroppgjoerInn) -> EtteroppgjoerUt:
    """Difference per month, net sum and direction, with the trees of both calculations.

    The request must have passed the contract's checks (``kontrakt.etteroppgjoer.ETTEROPPGJOER_INN``).

    Raises:
        SatsManglerError: a rate is missing for the year.
    """
    endelig = langtidsopphold.beregn(inn.endelig)
    foreloepig = None if inn.foreloepig is None else langtidsopphold.beregn(inn.foreloepig)
    with eksakt_regning():
        etter = _per_maaned(endelig, "endelig beregning")
        foer = _fakturert(inn) if foreloepig is None else _per_maaned(foreloepig, "foreløpig beregning")
        maaneder = []
        for maaned in sorted(filter(inn.gjelder, etter.keys() | foer.keys())):
            node_foer, node_etter = foer.get(maaned, _IKKE_KREVD), etter.get(maaned, _INGEN_EGENANDEL)
            steg = par_3_etteroppgjoer.differanse(
                node_etter, node_foer, dato=aaret(inn.endelig.aar).fra, merke=maaned
            )
            maaneder.append((maaned, node_foer, node_etter, steg))
        traer = [
            under(ut.forklaring, sti)
            for ut, sti in ((foreloepig, "/foreloepig"), (endelig, "/endelig"))
            if ut is not None and ut.forklaring is not None
        ]
        rot = par_3_etteroppgjoer.etteroppgjoer(
            *(steg for *_, steg in maaneder), dato=aaret(inn.endelig.aar).fra, vedlegg=tuple(traer)
        )
        return EtteroppgjoerUt(
            aar=inn.endelig.aar,
            beregningsgrunnlag=Grunnlagspar(
                foer=None if foreloepig is None else foreloepig.beregningsgrunnlag,
                etter=endelig.beregningsgrunnlag,
            ),
            maaneder=tuple(
                Maanedsendring(
                    maaned=maaned, foer=som_tall(foer_node), etter=som_tall(etter_node), differanse=steg.verdi
                )
                for maaned, foer_node, etter_node, steg in maaneder
            ),
            sum=rot.verdi,
            retning=retning(rot.verdi, inn.minstebeloep),
            varsler=_varsler(rot, inn, endelig, foreloepig),
            forklaring=rot,
            regelversjon=REGELVERSJON,
            satsversjon=satsversjon(),
        )


def retning(sum_: Decimal, minstebeloep: Decimal) -> Retning:
    """Who owes whom; nobody when the sum is below what the kommune settles."""
    if sum_ == 0 or abs(sum_) < minstebeloep:
        return Retning.INGEN
    return Retning.SKYLDIG if sum_ > 0 else Retning.TIL_GODE


def _varsler(
    rot: Steg, inn: EtteroppgjoerInn, endelig: LangtidUt, foreloepig: LangtidUt | None
) -> tuple[Varsel, ...]:
    varsler = list(endelig.varsler)
    if foreloepig is not None:
        varsler += [varsel for varsel in foreloepig.varsler if varsel not in varsler]
    fakturert = {rad.maaned for rad in inn.fakturert or ()}
    uten_faktura = [
        m.maaned
        for m in endelig.maaneder
        if m.egenandel and m.maaned not in fakturert and inn.gjelder(m.maaned)
    ]
    if inn.fakturert is not None and uten_faktura:
        tekst = (
            f"Ikke alle måneder med egenandel står i fakturert: {', '.join(uten_faktura)}. De er regnet som ikke "
            "krevd. Kontroller at det ikke mangler en faktura."
        )
        varsler.append(Varsel(kode="MAANED_UTEN_FAKTURA", tekst=tekst))
    if rot.verdi and abs(rot.verdi) < inn.minstebeloep:
        tekst = (
            f"Summen {tall_paa_norsk(rot.verdi)} kroner er under kommunens minstebeløp "
            f"{tall_paa_norsk(inn.minstebeloep)} kroner og gjøres ikke opp."
        )
        varsler.append(Varsel(kode="UNDER_MINSTEBELOEP", tekst=tekst))
    return tuple(varsler)


def _per_maaned(ut: LangtidUt, kilde: str) -> dict[str, Node]:
    return {
        maaned.maaned: Faktum(
            "egenandel_i_maaneden",
            "Egenandel i måneden",
            maaned.egenandel,
            Enhet.KRONER,
            f"{kilde}, {maaned.maaned}",
        )
        for maaned in ut.maaneder
    }


def _fakturert(inn: EtteroppgjoerInn) -> dict[str, Node]:
    return {
        rad.maaned: Faktum("fakturert", "Fakturert", rad.beloep, Enhet.KRONER, f"/fakturert/{nr}")
        for nr, rad in enumerate(inn.fakturert or ())
    }


_IKKE_KREVD: Final = Faktum("ikke_krevd", "Ikke krevd", NULL, Enhet.KRONER, "ingen betaling i måneden")
_INGEN_EGENANDEL: Final = Faktum(
    "ingen_egenandel", "Ingen egenandel", NULL, Enhet.KRONER, "ingen betaling i måneden"
)
