"""From a sak and its figures to the calculators' requests: one calendar year, the household as on one day.

Where a figure is unknown there is no request at all: a spouse's income left out would be an income of zero.
The warnings then say what to settle, and whom it concerns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.calc.beloep import NULL
from app.calc.regler.par_10 import Medregning, Rolle
from app.services.sak.husstand import (
    Medlem,
    egen_medregning,
    forhold_paa,
    fradragsmedlemmer,
    medregnede,
    rolle,
    skjoenn_paa,
)
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.oppholdsrader import Oppholdsutgift, oppholdsdeler
from app.services.sak.rader import Forhold, LagretHusstandsrad
from app.services.sak.saksvarsler import bistandsvarsler, langtidsvarsler, uten_oppholdsutgift
from app.services.sak.varsler import Sakskode, Sakvarsel, stopper, varsel

Felter = Mapping[str, Any]
"""A part of a request, as the calculator's contract spells it; amounts are ``Decimal`` or ``int``."""


@dataclass(frozen=True, slots=True)
class Inndata:
    """A calculator's request, and what there is to say about it."""

    inn: dict[str, Any] | None = field(repr=False)
    """The request; ``None`` while something must be settled first."""
    rader: Mapping[str, str]
    """Where each row of the request came from: pointer in ``inn`` -> pointer in the sak's document."""
    varsler: tuple[Sakvarsel, ...]


def langtid_inn(
    innhold: LagretSaksinnhold,
    aar: int,
    virkning_fra: date,
    *,
    grunnlagsfelter: Felter | None,
    forsoergetfelter: Mapping[str, Mapping[str, Decimal]],
    valg: Felter,
    oppholdsutgift: Oppholdsutgift,
    sykehusdoegn_betales: bool = True,
) -> Inndata:
    """The long-stay calculator's request.

    Args:
        innhold: the sak's document.
        aar: the calendar year.
        virkning_fra: the day the household is taken from.
        grunnlagsfelter: ``inntekter``, ``skatt`` and ``gjeldsrenter`` of the resident; ``None`` is unknown.
        forsoergetfelter: work income, pension and tenkt etterlattepensjon by the dependant's reference, before
            what the document says. A person who is not there is unknown; one who is there without an income has
            none.
        valg: the kommune's choices.
        oppholdsutgift: an institution's price by date.
        sykehusdoegn_betales: days in hospital are charged like other days of the stay.

    Raises:
        ValueError: ``virkning_fra`` is not in the year.
    """
    _krev_aaret(virkning_fra, aar)
    samboer_som_ektefelle = bool(valg.get("samboerSomEktefelle", True))
    varsler = [*langtidsvarsler(innhold, aar, virkning_fra, samboer_som_ektefelle, sykehusdoegn_betales)]
    deler = tuple(oppholdsdeler(innhold, aar, oppholdsutgift, sykehusdoegn_betales))
    varsler += uten_oppholdsutgift(innhold, deler)
    if grunnlagsfelter is None:
        varsler.append(_grunnlag_mangler(aar, innhold.person.person_id))
    forsoergede = fradragsmedlemmer(innhold, virkning_fra, samboer_som_ektefelle)
    varsler += [v for medlem in forsoergede for v in _mangler_hos(medlem, aar, forsoergetfelter)]
    skjoenn = skjoenn_paa(innhold, virkning_fra)
    inn = {
        "aar": aar,
        **(grunnlagsfelter or {}),
        "forsoergede": [_forsoerget(medlem, forsoergetfelter) for medlem in forsoergede],
        "skjoennsmessigFradrag": [{"beloep": s.beloep, "begrunnelse": s.begrunnelse} for s in skjoenn],
        "opphold": [del_.rad for del_ in deler],
        "valg": dict(valg),
    }
    rader = {
        **{f"/forsoergede/{nr}": medlem.peker for nr, medlem in enumerate(forsoergede)},
        **{
            f"/skjoennsmessigFradrag/{nr}": f"/skjoennsmessigFradrag/{innhold.skjoennsmessig_fradrag.index(s)}"
            for nr, s in enumerate(skjoenn)
        },
        **{f"/opphold/{nr}": f"/opphold/{del_.nummer}" for nr, del_ in enumerate(deler)},
    }
    return Inndata(None if stopper(varsler) else inn, rader, tuple(varsler))


def bistand_inn(
    innhold: LagretSaksinnhold,
    aar: int,
    virkning_fra: date,
    *,
    grunnlagsfelter: Mapping[str, Felter],
    valg: Felter,
    priser: Felter,
) -> Inndata:
    """The practical-help calculator's request.

    Those who do not count in the household (§ 10 fjerde ledd) are left out and named in a warning: their income
    is not looked up, and a zero in its place would be untrue.

    Args:
        innhold: the sak's document.
        aar: the calendar year.
        virkning_fra: the day the household is taken from.
        grunnlagsfelter: the tax fields of § 10 by the person's reference. A person who is not there is unknown.
        valg: the kommune's choices.
        priser: ``prisregister`` of the year, with its ``prisendringer``.

    Raises:
        ValueError: ``virkning_fra`` is not in the year.
    """
    _krev_aaret(virkning_fra, aar)
    varsler = [*bistandsvarsler(innhold, aar, virkning_fra)]
    forhold = forhold_paa(innhold, virkning_fra)
    medregnet = medregnede(innhold, virkning_fra)
    personer = [medlem.person_id for medlem in medregnet]
    if egen_medregning(forhold) is Medregning.MEDREGNET:
        personer.insert(0, innhold.person.person_id)
    varsler += [
        _grunnlag_mangler(aar, person)
        for person in personer
        if person is None or person not in grunnlagsfelter
    ]
    inn = {
        "aar": aar,
        "husstand": [
            _mottaker(innhold, forhold, virkning_fra, grunnlagsfelter),
            *(_husstandsmedlem(medlem, grunnlagsfelter) for medlem in medregnet),
        ],
        **priser,
        "tjenester": [rad for rad, _ in _tjenester(innhold, aar)],
        "valg": dict(valg),
    }
    rader = {
        "/husstand/0": "/person",
        **{f"/husstand/{nr}": medlem.peker for nr, medlem in enumerate(medregnet, start=1)},
        **{f"/tjenester/{nr}": f"/tjenester/{fra}" for nr, (_, fra) in enumerate(_tjenester(innhold, aar))},
    }
    return Inndata(None if stopper(varsler) else inn, rader, tuple(varsler))


def _krev_aaret(virkning_fra: date, aar: int) -> None:
    if virkning_fra.year != aar:
        raise ValueError("virkningFra er ikke i året som beregnes")


def _grunnlag_mangler(aar: int, person_id: str | None) -> Sakvarsel:
    return varsel(
        Sakskode.GRUNNLAG_MANGLER,
        f"Grunnlaget for {aar} er ikke klart for denne personen. Avgjør det som står i aapne og mangler og i de andre varslene.",
        person_id,
    )


def _mangler_hos(
    medlem: Medlem, aar: int, forsoergetfelter: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[Sakvarsel]:
    klart = forsoergetfelter.get(medlem.person_id or "", {})
    if medlem.rad.tenkt_etterlattepensjon is None and "tenktEtterlattepensjon" not in klart:
        yield varsel(
            Sakskode.TENKT_ETTERLATTEPENSJON_MANGLER,
            f"Tenkt etterlattepensjon mangler i rad {medlem.nummer + 1} i husstanden. Før inn det personen ville "
            "fått fra folketrygden om beboeren var død, eller 0 når det ikke er noe (§ 5 andre ledd).",
            medlem.person_id,
        )
    if not medlem.inntekt_er_oppgitt and medlem.person_id not in forsoergetfelter:
        yield _grunnlag_mangler(aar, medlem.person_id)


_OPPGITT: Final = {
    "tenktEtterlattepensjon": "tenkt_etterlattepensjon",
    "arbeidsinntekt": "arbeidsinntekt",
    "pensjonFraFolketrygden": "pensjon_fra_folketrygden",
}


def _forsoerget(medlem: Medlem, forsoergetfelter: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Any]:
    rad = medlem.rad
    klart = forsoergetfelter.get(medlem.person_id or "", {})
    ut: dict[str, Any] = {"relasjon": str(rad.relasjon), "hjemmeboende": medlem.bor_hjemme}
    for navn, attributt in _OPPGITT.items():
        beloep = klart.get(navn, getattr(rad, attributt))
        if beloep is not None:
            ut[navn] = beloep
    return ut


def _mottaker(
    innhold: LagretSaksinnhold, forhold: Forhold, dag: date, grunnlagsfelter: Mapping[str, Felter]
) -> dict[str, Any]:
    ut: dict[str, Any] = {"rolle": str(Rolle.TJENESTEMOTTAKER)}
    if egen_medregning(forhold) is not Medregning.MEDREGNET:
        ut["betalerLangtidsegenandel"] = forhold.betaler_langtidsegenandel
        ut["avkortetYtelseBorteFraHjemmet"] = forhold.avkortet_ytelse_borte_fra_hjemmet
        return ut
    ut |= _trygd(forhold) | dict(grunnlagsfelter.get(innhold.person.person_id, {}))
    skjoenn = sum((rad.beloep for rad in skjoenn_paa(innhold, dag)), NULL)
    if skjoenn and "skjoennsmessigFradrag" not in ut:
        ut["skjoennsmessigFradrag"] = skjoenn
    return ut


def _husstandsmedlem(medlem: Medlem, grunnlagsfelter: Mapping[str, Felter]) -> dict[str, Any]:
    rad = medlem.rad
    ut: dict[str, Any] = {"rolle": str(rolle(rad.relasjon))}
    if rad.hjelpen_skyldes_barnets_behov:
        ut["hjelpenSkyldesBarnetsBehov"] = True
    return ut | _trygd(rad) | dict(grunnlagsfelter.get(medlem.person_id or "", {}))


def _trygd(rad: Forhold | LagretHusstandsrad) -> dict[str, Any]:
    par = (("hjelpestoenad", rad.hjelpestoenad), ("omsorgsstoenad", rad.omsorgsstoenad))
    return {navn: beloep for navn, beloep in par if beloep is not None}


def _tjenester(innhold: LagretSaksinnhold, aar: int) -> Iterator[tuple[dict[str, Any], int]]:
    for nr, tjeneste in enumerate(innhold.tjenester):
        if not tjeneste.maaned.startswith(f"{aar:04d}-"):
            continue
        rad: dict[str, Any] = {"maaned": tjeneste.maaned, "art": str(tjeneste.art)}
        if tjeneste.timer is not None:
            rad["timer"] = tjeneste.timer
        if tjeneste.pris is not None:
            rad["pris"] = tjeneste.pris
        yield rad, nr
