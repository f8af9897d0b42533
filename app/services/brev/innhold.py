"""The document of a letter: everything the templates print besides their own words. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.lager.beregninger import Beregning
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.db.lager.vedtak import Vedtak, Vedtaksart
from app.klokke import dagen
from app.services.brev import bistand, langtid
from app.services.brev.poster import bistandsposter, holdt_utenfor, langtidsposter
from app.services.brev.rad import Dok, paragrafer
from app.services.brev.tall import dato, kroner, maaned
from app.services.brev.tegn import skrivbare
from app.services.brev.varsler import til_mottaker
from app.services.kommuneoppsett.dokument import Brevhode, Kommuneoppsett, Maalform
from app.services.sak.forespoersler import Avslutningsgrunn
from app.services.sak.poster import les_innhold, noekkelaar, postnavn
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saker import Hentetsak

MALVERSJON: Final = "1"
"""Raised when the words or the form of the letters change; kept with every letter."""

_FRA_A_ORDNINGEN: Final = "inntekt"


class Spraak(StrEnum):
    """The written Norwegian of a letter."""

    NB = "nb"
    NN = "nn"


def kommunens(oppsett: Kommuneoppsett) -> Spraak:
    """What the kommune writes unless something else is asked for."""
    return Spraak.NN if oppsett.maalform is Maalform.NN else Spraak.NB


@dataclass(frozen=True, slots=True, kw_only=True)
class Brevsak:
    """What a letter is about, apart from the decision."""

    sak: Hentetsak
    beregning: Beregning
    poster: Sequence[ManuellPost] = field(default=(), repr=False)
    oppsett: Kommuneoppsett
    navn: str | None = field(repr=False)
    """The recipient's, when it is known."""
    spraak: Spraak


def vedtaksdokument(om: Brevsak, vedtak: Vedtak, erstatter: Vedtak | None) -> Dok:
    """The letter of a decision; a draft while it is not in force."""
    fattet = vedtak.opprettet if vedtak.avgjoerelse is None else vedtak.avgjoerelse.opprettet
    return _vedtak(om, vedtak, erstatter, dagen(fattet), utkast=not vedtak.i_kraft)


def utkastdokument(om: Brevsak, i_dag: date) -> Dok:
    """The letter a decision on the calculation would give, if it were made today for all it holds for."""
    beregning = om.beregning
    tenkt = Vedtak(
        id=UUID(int=0),
        sak_id=beregning.sak_id,
        beregning_id=beregning.id,
        art=Vedtaksart.FORELOEPIG if beregning.foreloepig else Vedtaksart.ENDELIG,
        fra=beregning.virkning_fra,
        til=None,
        erstatter=None,
        av=beregning.av,
        opprettet=beregning.opprettet,
    )
    return _vedtak(om, tenkt, None, i_dag, utkast=True)


def _vedtak(om: Brevsak, vedtak: Vedtak, erstatter: Vedtak | None, dag: date, *, utkast: bool) -> Dok:
    resultat = les_json(om.beregning.resultat or "null")
    fra, til = f"{vedtak.fra:%Y-%m}", "9999-12" if vedtak.til is None else f"{vedtak.til:%Y-%m}"
    rader = [rad for rad in resultat["maaneder"] if fra <= rad["maaned"] <= til]
    beloep = {Decimal(rad["egenandel"]) for rad in rader}
    ferdig: Dok = skrivbare(
        {
            **_felles(om, resultat, {rad["maaned"] for rad in rader}, dag, utkast=utkast),
            "slag": "vedtak",
            "art": vedtak.art,
            "fra": dato(vedtak.fra),
            "til": None if vedtak.til is None else dato(vedtak.til),
            "erstatter": None if erstatter is None else dato(dagen(erstatter.opprettet)),
            "likt": kroner(rader[0]["egenandel"]) if len(beloep) == 1 else None,
            "maaneder": [
                {"maaned": maaned(rad["maaned"]), "beloep": kroner(rad["egenandel"])} for rad in rader
            ],
            "begrunnelse": vedtak.begrunnelse,
        }
    )
    return ferdig


def etteroppgjoersdokument(om: Brevsak, ett: Etteroppgjoer) -> Dok:
    """The letter of a settlement."""
    oppgjort = les_json(ett.resultat)
    resultat = les_json(om.beregning.resultat or "null")
    minst = Decimal(les_json(ett.inn)["minstebeloep"])
    rader = oppgjort["maaneder"]
    ferdig: Dok = skrivbare(
        {
            **_felles(om, resultat, {rad["maaned"] for rad in rader}, dagen(ett.opprettet), utkast=False),
            "slag": "etteroppgjoer",
            "retning": oppgjort["retning"],
            "lik": not oppgjort["sum"],
            "sum": kroner(oppgjort["sum"]),
            "beloep": kroner(abs(Decimal(oppgjort["sum"]))),
            "minst": kroner(minst) if minst else None,
            "maaneder": [
                {
                    "maaned": maaned(rad["maaned"]),
                    **{navn: kroner(rad[navn]) for navn in ("foer", "etter", "differanse")},
                }
                for rad in rader
            ],
            "hjemler": paragrafer(oppgjort["forklaring"]),
        }
    )
    return ferdig


def _felles(
    om: Brevsak, resultat: Mapping[str, Any], maaneder: Collection[str], dag: date, *, utkast: bool
) -> Dok:
    """What every letter has: who writes to whom, and how the sum came about."""
    svar, innhold, sak = les_json(om.beregning.svar), om.sak.innhold, om.sak.sak
    egen = innhold.person.person_id
    mottaker = next((tall for tall in svar["personer"] if tall["personId"] == egen), None)
    er_langtid = innhold.tjeneste is Sakstjeneste.LANGTIDSOPPHOLD
    hode = om.oppsett.brev or Brevhode()
    andres = hode.vis_andres_tall
    return {
        "spraak": om.spraak,
        "utkast": utkast,
        "tjeneste": _tjeneste(er_langtid, resultat),
        "aar": om.beregning.aar,
        "dato": dato(dag),
        "laget": dag.isoformat(),
        "kommune": {
            "navn": _kommunenavn(om.oppsett.navn),
            "avdeling": hode.avdeling,
            "adresse": hode.adresse,
            "telefon": hode.telefon,
            "epost": hode.epost,
        },
        "mottaker": om.navn,
        "doedsbo": sak.avsluttet_grunn == Avslutningsgrunn.DOED,
        "doedsdag": None if sak.avsluttet_dato is None else dato(sak.avsluttet_dato),
        "sakId": str(sak.id),
        "referanse": sak.referanse,
        "inntektsaar": None if mottaker is None else mottaker["inntektsaar"],
        "skatteoppgjoersdato": None
        if mottaker is None or mottaker["skatteoppgjoersdato"] is None
        else dato(mottaker["skatteoppgjoersdato"]),
        "regnestykke": (langtid if er_langtid else bistand).regnestykke(resultat, maaneder, andres=andres),
        "poster": langtidsposter(resultat["forklaring"], andres=andres)
        if er_langtid
        else bistandsposter(resultat, andres=andres),
        "plassert": _plassert(om),
        "holdtUtenfor": holdt_utenfor([] if mottaker is None else mottaker["ikkeRegnet"]),
        "varsler": til_mottaker(svar["varsler"], egen, andres=andres),
        "hjemler": paragrafer(resultat["forklaring"]),
    }


def _tjeneste(er_langtid: bool, resultat: Mapping[str, Any]) -> str:
    if not er_langtid:
        return "bistand"
    return "korttid" if langtid.er_korttid(resultat) else "langtid"


def _kommunenavn(navn: str) -> str:
    return navn if "kommune" in navn.lower() else f"{navn} kommune"


def _plassert(om: Brevsak) -> list[Dok]:
    """Income codes a caseworker had placed when it was calculated: the tree has the amounts, not the reasons."""
    laget, egen = om.beregning.opprettet, str(om.sak.sak.person_id)
    rader = []
    for post in om.poster:
        gjaldt = post.opprettet <= laget and (post.opphevet is None or post.opphevet > laget)
        if post.slag is not Slag.PLASSERING or not gjaldt or str(post.person_id) != egen:
            continue
        noekkel = les_innhold(post)["noekkel"]
        if noekkel.startswith(_FRA_A_ORDNINGEN) and noekkelaar(noekkel) == om.beregning.aar:
            rader.append({"navn": postnavn(noekkel), "grunn": post.begrunnelse})
    return rader
