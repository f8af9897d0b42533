"""The questions of ``egenandel kommune ny``, in the order a kommune decides things."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.calc.beloep import NULL, tall_paa_norsk
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.praktisk_bistand import (
    TRINN,
    PraktiskBistandValg,
    Selvkostgrunnlag,
    Trinn,
)
from app.calc.sporing import FOERSTE_DAG
from app.cli.kommune.spoersmaal import (
    Ekstra,
    Json,
    UbrukeligSvarError,
    ja_eller_nei,
    overskrift,
    si,
    spoer,
    spoer_felt,
    spoer_objekt,
    spoer_tilbud,
)
from app.services.kommuneoppsett import kontroll
from app.services.kommuneoppsett.dokument import (
    Aarsvalg,
    Brevhode,
    DatertPrisregister,
    Fremskriving,
    Institusjon,
    Kommuneoppsett,
    Oppbevaring,
    Oppholdsutgift,
    OppslagsApi,
    Oppslagsoppsett,
    Pensjonsutbetaler,
    Rettighetspakke,
    Tilbud,
    Tilgangsvei,
    les_oppsett,
)

_SENESTE_AAR = 2100


def spoer_om_alt(i_dag: date) -> Kommuneoppsett:
    """Ask for the whole document. Every answer is checked when it is given.

    Raises:
        KontraktFeilError: the answers do not fit together.
    """
    overskrift("Kommunen")
    raa: Json = {
        navn: spoer_felt(Kommuneoppsett, navn) for navn in ("organisasjonsnummer", "navn", "maalform")
    }
    raa["tjenester"] = spoer_tilbud()
    aar = _spoer_aar(i_dag.year)
    raa["valg"] = [_spoer_valg(aar, raa["tjenester"])]
    if Tilbud.LANGTIDSOPPHOLD in raa["tjenester"]:
        overskrift("Institusjoner")
        raa["institusjoner"] = _spoer_institusjoner(aar)
        if ja_eller_nei("Legge inn pensjonsutbetalere kommunen kjenner?", standard=False):
            raa["utbetalere"] = _spoer_utbetalere()
    if Tilbud.PRAKTISK_BISTAND in raa["tjenester"]:
        overskrift("Priser for praktisk bistand")
        raa["prisregister"] = _spoer_prisregistre(aar)
    overskrift("Oppslag hos Skatteetaten")
    raa["oppslag"] = _spoer_oppslag()
    overskrift("Oppbevaring og brev")
    raa["oppbevaring"] = spoer_objekt(Oppbevaring)
    if ja_eller_nei("Legge inn brevhode nå?", standard=False):
        raa["brev"] = spoer_objekt(Brevhode)
    return les_oppsett(raa)


def _spoer_utbetalere() -> list[Json]:
    alle = [spoer_objekt(Pensjonsutbetaler)]
    while ja_eller_nei("Legge inn enda en?", standard=False):
        alle.append(spoer_objekt(Pensjonsutbetaler))
    return alle


def _spoer_oppslag() -> Json:
    """How we are let in; the published packages are used unless the kommune has others."""
    oppslag: Json = {"tilgang": spoer_felt(Oppslagsoppsett, "tilgang")}
    if oppslag["tilgang"] == Tilgangsvei.SYSTEMBRUKER:
        oppslag["eksternRef"] = spoer_felt(Oppslagsoppsett, "ekstern_ref")
    if ja_eller_nei("Har kommunen månedsinntekt fra a-ordningen?", standard=False):
        oppslag["apier"] = [str(api) for api in OppslagsApi]
        pakke = {"api": str(OppslagsApi.INNTEKT), "tjeneste": str(Tilbud.LANGTIDSOPPHOLD)}
        oppslag["rettighetspakker"] = [{**pakke, "pakke": spoer_felt(Rettighetspakke, "pakke")}]
    return oppslag


def _spoer_aar(standard: int) -> int:
    def les(svar: str) -> int:
        if not (svar.isascii() and svar.isdigit() and FOERSTE_DAG.year <= int(svar) <= _SENESTE_AAR):
            raise UbrukeligSvarError(f"Skriv et årstall fra {FOERSTE_DAG.year} til {_SENESTE_AAR}.")
        return int(svar)

    overskrift("Valg")
    si(
        "Valgene gjelder fra 1. januar til kommunen legger til nye. Velg et tidligere år for å beregne det også."
    )
    return spoer("Fra hvilket år", les, str(standard))


def _spoer_valg(aar: int, tjenester: list[str]) -> Json:
    valg: Json = {"gjelderFra": f"{aar}-01-01"}
    if Tilbud.LANGTIDSOPPHOLD in tjenester:
        valg["langtidsvalg"] = spoer_objekt(Valg, lambda attributt: _lovlig_valg(aar, attributt))
        for navn in ("minstebeloep_etteroppgjoer", "automatisk_vedtak_grense", "sykehusdoegn"):
            valg[camel(navn)] = spoer_felt(Aarsvalg, navn)
        if ja_eller_nei("Fremskrive inntekter i foreløpige beregninger?", standard=False):
            valg["fremskriving"] = spoer_objekt(Fremskriving)
    if Tilbud.PRAKTISK_BISTAND in tjenester:
        valg["bistandsvalg"] = spoer_objekt(PraktiskBistandValg)
    return valg


def _lovlig_valg(aar: int, attributt: str) -> Ekstra:
    """The calculators' own check, of one choice at a time."""

    def kontroller(verdi: Any) -> Iterable[Feil]:
        feil: list[Feil] = []
        valg = replace(Valg(), **{attributt: verdi})
        kontroll.aarsvalg({"gjelder_fra": date(aar, 1, 1), "langtidsvalg": valg}, "", feil)
        return feil

    return kontroller


def _spoer_institusjoner(aar: int) -> list[Json]:
    alle: list[Json] = []
    while ja_eller_nei(f"Legge til {'en' if not alle else 'enda en'} institusjon?", standard=not alle):
        brukte = {inst["kode"] for inst in alle}
        kode = spoer_felt(Institusjon, "kode", ekstra=_ny_kode(brukte))
        navn = spoer_felt(Institusjon, "navn")
        alle.append({"kode": kode, "navn": navn, "oppholdsutgift": _spoer_oppholdsutgift(aar)})
    return alle


def _ny_kode(brukte: set[str]) -> Ekstra:
    def kontroller(kode: str) -> Iterable[Feil]:
        if kode in brukte:
            yield Feil("", "dobbel", "Koden er brukt. Skriv en annen.")

    return kontroller


def _spoer_oppholdsutgift(aar: int) -> list[Json]:
    rader: list[Json] = []
    while not rader or ja_eller_nei("Legge til et beløp fra en senere dato?", standard=False):
        rader.append(
            {
                "gjelderFra": _spoer_dato(Oppholdsutgift, rader, aar),
                "beloepPerMaaned": spoer_felt(Oppholdsutgift, "beloep_per_maaned"),
            }
        )
    return rader


def _spoer_dato(klasse: type[Any], rader: list[Json], aar: int, *, maanedens_foerste: bool = False) -> Any:
    """A date after that of the row before; the first is proposed."""
    forrige = rader[-1]["gjelderFra"] if rader else ""

    def kontroller(dato: date) -> Iterable[Feil]:
        if forrige and dato <= date.fromisoformat(forrige):
            yield Feil("", "feil-rekkefoelge", f"Skriv en dato etter {forrige}.")
        if maanedens_foerste and dato.day != 1:
            yield Feil("", "ikke-foerste-i-maaneden", "Skriv den første dagen i en måned.")
        if maanedens_foerste and dato < FOERSTE_DAG:
            yield Feil("", "for-tidlig", f"Skriv {FOERSTE_DAG} eller senere.")

    if rader:
        return spoer_felt(klasse, "gjelder_fra", ekstra=kontroller)
    return spoer_felt(klasse, "gjelder_fra", standard=f"{aar}-01-01", ekstra=kontroller)


def _spoer_prisregistre(aar: int) -> list[Json]:
    alle: list[Json] = []
    while ja_eller_nei(
        "Legge inn kommunens priser?" if not alle else "Legge inn priser fra en senere måned?",
        standard=not alle,
    ):
        register: Json = {
            "gjelderFra": _spoer_dato(DatertPrisregister, alle, aar, maanedens_foerste=True),
        }
        if ja_eller_nei("Oppgi selvkost per time?", standard=True):
            register["selvkost"] = spoer_objekt(Selvkostgrunnlag)
        register["trinn"] = _spoer_stige(date.fromisoformat(register["gjelderFra"]))
        for navn in ("fri_maaneder", "trygghetsalarm_inngaar_i_tak"):
            register[camel(navn)] = spoer_felt(DatertPrisregister, navn)
        alle.append(register)
    return alle


def _spoer_stige(fra: date) -> list[Json]:
    """The ladder from the lowest income up; each step begins where the one before ended."""
    while True:
        trinnene = _spoer_trinn_for_trinn()
        feil: list[Feil] = []
        lest = tuple(trinn for raa in trinnene if isinstance(trinn := TRINN.les(raa, "", []), Trinn))
        kontroll.prisregister({"gjelder_fra": fra, "trinn": lest}, "", feil)
        if not feil:
            return trinnene
        for en in feil:
            si(f"  {en.detail}")
        si("Skriv stigen på nytt.")


def _spoer_trinn_for_trinn() -> list[Json]:
    i_g = spoer("Grenser i 1 G eller 2 kroner", _les_enhet, "1")
    fra_felt, til_felt = ("fra_g", "til_g") if i_g else ("fra_kroner", "til_kroner")
    fra = spoer_felt(Trinn, fra_felt, standard=NULL)
    trinnene: list[Json] = []
    while fra is not None:
        si(f"Trinn {len(trinnene) + 1}, fra {tall_paa_norsk(fra)} {'G' if i_g else 'kroner'}")
        til = spoer_felt(Trinn, til_felt, ekstra=_over(fra))
        grenser = {camel(fra_felt): fra, **({} if til is None else {camel(til_felt): til})}
        trinnene.append(_spoer_priser(grenser))
        fra = til
    return trinnene


def _les_enhet(svar: str) -> bool:
    if svar not in {"1", "2"}:
        raise UbrukeligSvarError("Skriv 1 for G eller 2 for kroner.")
    return svar == "1"


def _over(fra: int | Decimal) -> Ekstra:
    def kontroller(til: Decimal | None) -> Iterable[Feil]:
        if til is not None and til <= fra:
            tekst = f"Skriv en grense over {tall_paa_norsk(fra)}, eller ingenting for øverste trinn."
            yield Feil("", "trinngrense", tekst)

    return kontroller


def _spoer_priser(grenser: Json) -> Json:
    navn = [f.name for f in fields(Trinn) if not f.name.startswith(("fra_", "til_"))]
    while True:
        svar = {camel(attributt): spoer_felt(Trinn, attributt) for attributt in navn}
        trinn = {**grenser, **{felt: verdi for felt, verdi in svar.items() if verdi is not None}}
        feil: list[Feil] = []
        TRINN.les(trinn, "", feil)
        if not feil:
            return trinn
        for en in feil:
            si(f"  {en.detail}")


def forbered(i_dag: date) -> str:
    """What the one who answers should have at hand."""
    return (
        "Svar på spørsmålene, eller trykk Enter for det som står i klammer. Ha vedtaket om egenandel og "
        f"betalingssatser for {i_dag.year} for hånden. Ingenting lagres før du har sett alt samlet."
    )
