"""§ 10: the fields of one household member, from the last settlement and what is entered.

The regulation asks for the last settlement available on 1 January, so one of an earlier year is not foreløpig.
Hjelpestønad to help in the house, omsorgsstønad and skjønnsmessig fradrag stand in no settlement and are entered;
the other fields may be corrected when income has changed materially.
"""

from typing import Final

from app.calc.beloep import eksakt_regning
from app.calc.poster.felt import Felt, Feltnavn, Feltregler, Oppgitt, Opphav, Samling, Sammenstilling
from app.calc.poster.feltregler import (
    fra_siste_oppgjoer,
    med_tillegg_for_husstanden,
    oppgitt_for_husstanden,
)
from app.calc.poster.katalog import Behandling10
from app.calc.poster.paragraf_10 import FELT as _SKATTEFELT
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.typer import Varselkode

_ALMINNELIG_INNTEKT: Final = f"/{_SKATTEFELT[Behandling10.ALMINNELIG_INNTEKT]}"
_BARE_OPPGITT: Final = {
    "/hjelpestoenad": Feltnavn("Hjelpestønad til hjelp i huset"),
    "/omsorgsstoenad": Feltnavn("Omsorgsstønad"),
    "/skjoennsmessigFradrag": Feltnavn("Skjønnsmessig fradrag"),
}
_NAVN: Final = {
    Behandling10.ALMINNELIG_INNTEKT: Feltnavn("Alminnelig inntekt før særfradrag", kan_vaere_negativ=True),
    Behandling10.GEVINST: Feltnavn("Gevinst ved salg"),
    Behandling10.OPPJUSTERING_AV_GEVINST: Feltnavn("Oppjustering av gevinst"),
    Behandling10.TAP: Feltnavn("Tap ved salg"),
    Behandling10.OPPJUSTERING_AV_TAP: Feltnavn("Oppjustering av tap"),
    Behandling10.OPPJUSTERING_AV_UTBYTTE: Feltnavn("Oppjustering av utbytte"),
}
_FELT: Final = {f"/{_SKATTEFELT[behandling]}": navn for behandling, navn in _NAVN.items()} | _BARE_OPPGITT
FELT_HUSSTAND: Final = frozenset(_FELT)
"""What a caseworker may enter for a member of the household."""

_REGLER: Final = Feltregler(oppgitt_for_husstanden, med_tillegg_for_husstanden)


def sammenstill_husstandsmedlem(
    nr: int, aar: int, oppgjoer: Husstandsgrunnlag | None, oppgitte: tuple[Oppgitt, ...] = ()
) -> Sammenstilling:
    """One member's part of the household's basis.

    Args:
        nr: the member's place in ``husstand``; entered figures are for ``/husstand/<nr>/…``.
        aar: the year that is computed.
        oppgjoer: the last settlement; ``None`` when there is none, or it is withheld. Alminnelig inntekt must
            then be entered.
        oppgitte: what a caseworker has entered.

    Raises:
        ValueError: the settlement is of a later year, or an entered figure cannot stand (see ``Samling``).
    """
    if oppgjoer is not None and oppgjoer.aar > aar:
        raise ValueError("oppgjøret gjelder et senere år enn det som beregnes")
    with eksakt_regning():
        samling = Samling(aar, f"/husstand/{nr}", _FELT, oppgitte, _REGLER)
        for behandling in _NAVN:
            lokal = f"/{_SKATTEFELT[behandling]}"
            steg = None if oppgjoer is None else oppgjoer.felter.get(behandling)
            fra = None
            if oppgjoer is not None and steg is not None:
                merke = samling.merke(lokal, oppgjoer.aar)
                fra = Felt(fra_siste_oppgjoer(steg, dato=samling.dag, merke=merke), Opphav.OPPGJOER)
            samling.sett(lokal, fra, ukjent=oppgjoer is None or lokal == _ALMINNELIG_INNTEKT)
        if samling.navn(_ALMINNELIG_INNTEKT) in samling.ukjente:
            samling.aapent(Varselkode.ALMINNELIG_INNTEKT_MANGLER)
        if oppgjoer is None:
            ikke_med = ", ".join(samling.ukjente) or "ingenting"
            samling.varsle(Varselkode.OPPGITT_FOR_HAAND, navn=ikke_med)
        else:
            samling.ta_med(v for v in oppgjoer.varsler if v.kode is not Varselkode.ALMINNELIG_INNTEKT_MANGLER)
            samling.aapne_i_kilden(oppgjoer.aapne_poster)
        for lokal in _BARE_OPPGITT:
            samling.sett(lokal, None)
        return samling.ferdig(False, f"person {nr + 1}")
