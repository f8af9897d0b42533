"""What applies in a year, as lines for people."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc.beloep import tall_paa_norsk
from app.calc.kontrakt.lesing import tittel
from app.calc.kontrakt.praktisk_bistand import Trinn
from app.calc.periode import aaret, dato_paa_norsk
from app.calc.satser import SatsManglerError, sats, serie
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett
from app.services.kommuneoppsett.dokument import Aarsvalg, DatertPrisregister, Kommuneoppsett, Tilbud
from app.services.kommuneoppsett.veiledning import VERDIER

_STATENS: Final = {
    "prosent_inntil_g": "prosent_inntil_g",
    "prosent_over_g": "prosent_over_g",
    "korttid_per_doegn": "korttid_doegn",
    "per_dag_eller_natt": "dag_eller_natt",
}
"""From a choice left open to the rate that then applies."""


def vis_aar(oppsett: Kommuneoppsett, i_aaret: Aarsoppsett) -> Iterator[str]:
    """The year's setup: choices, institutions, prices."""
    yield f"{oppsett.navn} ({oppsett.organisasjonsnummer}) i {i_aaret.aar}"
    yield f"Målform: {VERDIER[oppsett.maalform]}"
    if Tilbud.LANGTIDSOPPHOLD in oppsett.tjenester:
        yield from ("", "Opphold i institusjon")
        yield from _valg(i_aaret.langtid, i_aaret.aar)
        yield _linje(tittel(Aarsvalg, "sykehusdoegn"), _verdi(i_aaret.sykehusdoegn))
        minste = f"{tall_paa_norsk(i_aaret.minstebeloep_etteroppgjoer)} kroner"
        yield _linje("Minste sum i etteroppgjør", minste)
        grense = i_aaret.automatisk_vedtak_grense
        aldri_over = "aldri" if grense is None else f"inntil {tall_paa_norsk(grense)} kroner i måneden"
        yield _linje("Automatisk foreløpig vedtak", aldri_over)
        for navn, over in (
            ("egenandel i måneden", i_aaret.godkjenning_over_maaned),
            ("endring i måneden", i_aaret.godkjenning_over_endring),
        ):
            tekst = "aldri" if over is None else f"over {tall_paa_norsk(over)} kroner"
            yield _linje(f"Vedtak godkjennes av en til, {navn}", tekst)
        endret = {g: f for g, f in i_aaret.fremskriving.items() if f != 1}
        tekst = ", ".join(f"{g} × {tall_paa_norsk(f)}" for g, f in endret.items()) or "ingen"
        yield _linje("Fremskriving", tekst)
        yield from ("", "Oppholdsutgift per måned")
        yield from _institusjoner(i_aaret)
    if Tilbud.PRAKTISK_BISTAND in oppsett.tjenester:
        yield from ("", "Praktisk bistand")
        yield from _valg(i_aaret.bistand, i_aaret.aar)
        for register in i_aaret.prisregistre:
            yield from ("", f"Priser fra {dato_paa_norsk(register.gjelder_fra)}")
            yield from _priser(register, i_aaret.aar)
        if not i_aaret.prisregistre:
            yield _linje("Priser", "ingen i året; bare statens tak under 2 G er kjent")
    yield ""
    yield f"Råsvar oppbevares i {oppsett.oppbevaring.raasvar_doegn} døgn."


def _linje(navn: str, verdi: str) -> str:
    return f"  {navn}: {verdi}"


def _valg(valg: Any, aar: int) -> Iterator[str]:
    for felt in fields(valg):
        verdi = getattr(valg, felt.name)
        tekst = _ikke_valgt(felt.name, aar) if verdi is None else _verdi(verdi)
        yield _linje(felt.metadata["tittel"].split(";")[0], tekst)


def _ikke_valgt(attributt: str, aar: int) -> str:
    """The state's value, where the kommune has chosen none."""
    try:
        if attributt not in _STATENS:
            sats("grunnbeloep", aaret(aar).til)
            nytt = [dato for dato in serie("grunnbeloep").datoer if dato.year == aar]
            return f"{dato_paa_norsk(nytt[0])} (folketrygden)" if nytt else "ikke kjent ennå"
        statens = sats(_STATENS[attributt], aaret(aar).fra)
    except SatsManglerError:
        return "statens, som ikke er kjent ennå"
    return f"{tall_paa_norsk(statens.verdi)} {statens.enhet} (statens maksimum)"


def _verdi(verdi: Any) -> str:
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, StrEnum):
        return f"{verdi} ({VERDIER[verdi]})"
    if isinstance(verdi, date):
        return dato_paa_norsk(verdi)
    return tall_paa_norsk(verdi)


def _institusjoner(i_aaret: Aarsoppsett) -> Iterator[str]:
    for institusjon in i_aaret.institusjoner:
        beloep = ", ".join(
            f"{tall_paa_norsk(kroner)} kroner fra {dato_paa_norsk(fra)}"
            for fra, kroner in i_aaret.oppholdsutgift(institusjon.kode)
        )
        yield _linje(f"{institusjon.navn} ({institusjon.kode})", beloep)
    if not i_aaret.institusjoner:
        yield "  ingen; egenandelen prøves ikke mot oppholdsutgiftene"


def _priser(register: DatertPrisregister, aar: int) -> Iterator[str]:
    for nr, trinn in enumerate(register.trinn, start=1):
        yield _linje(f"{nr}. {_grenser(trinn, aar)}", _prisene(trinn))
    if register.selvkost is None:
        yield _linje("Selvkost", "ikke oppgitt")
    else:
        loenn, sosialt = register.selvkost.timeloenn, register.selvkost.sosiale_utgifter
        tekst = f"timelønn {tall_paa_norsk(loenn)} og sosiale utgifter {tall_paa_norsk(sosialt)} kroner"
        yield _linje("Selvkost", f"{tekst}, med tillegg for administrasjon")
    frie = ", ".join(str(maaned) for maaned in register.fri_maaneder) or "ingen"
    yield _linje("Måneder uten betaling", frie)
    yield _linje(
        tittel(DatertPrisregister, "trygghetsalarm_inngaar_i_tak"),
        _verdi(register.trygghetsalarm_inngaar_i_tak),
    )


def _grenser(trinn: Trinn, aar: int) -> str:
    if trinn.fra_g is None:
        return f"{_fra_til(trinn.fra_kroner, trinn.til_kroner)} kroner"
    tekst = f"{_fra_til(trinn.fra_g, trinn.til_g)} G"
    try:
        g = sats("grunnbeloep", aaret(aar).fra).verdi
    except SatsManglerError:
        return tekst
    return f"{tekst}, {_fra_til(trinn.fra_g * g, None if trinn.til_g is None else trinn.til_g * g)} kroner"


def _fra_til(fra: Decimal | None, til: Decimal | None) -> str:
    nedre = tall_paa_norsk(fra or Decimal(0))
    return f"fra {nedre}" if til is None else f"{nedre}–{tall_paa_norsk(til)}"


def _prisene(trinn: Trinn) -> str:
    deler = [
        f"{tall_paa_norsk(beloep)} kroner {hva}"
        for beloep, hva in (
            (trinn.timepris, "timen"),
            (trinn.fastpris_per_maaned, "fast i måneden"),
            (trinn.maks_per_maaned, "høyst i måneden"),
        )
        if beloep is not None
    ]
    if trinn.maks_timer is not None:
        deler.append(f"høyst {tall_paa_norsk(trinn.maks_timer)} timer betales")
    if trinn.fri_timer:
        deler.append(f"{tall_paa_norsk(trinn.fri_timer)} timer frie")
    return ", ".join(deler)
