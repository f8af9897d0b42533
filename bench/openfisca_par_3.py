"""§ 3 as an OpenFisca model, to measure against: the same paragraph in the tool most others would use.

Written the way OpenFisca is meant to be written: one entity, a variable per rule and month, dated
parameters. The rates are read from our own files, so only the machinery differs. It covers a year paid in
full: the days of § 6, the deductions of § 5 and the choices of the kommune are left out, which makes the
comparison easier for OpenFisca.

OpenFisca is made for calculating many people at once in binary fractions (float32). For one person, as
here, its time is nearly all bookkeeping; its strength is elsewhere.
"""

import json
from dataclasses import dataclass
from math import floor
from typing import Any, Final

from openfisca_core.entities import build_entity
from openfisca_core.model_api import ADD, MONTH, YEAR, ParameterNode, Variable, max_, min_
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.satser import serie

_FLOAT32_SIFFER: Final = 2.0**-21
"""Relative error of a few operations in float32 (24 bits of mantissa)."""

_SATSER: Final = (
    "grunnbeloep",
    "fribeloep",
    "prosent_inntil_g",
    "prosent_over_g",
    "prosent_i_behold",
    "prosent_fordel_av_fribeloep",
)

_Beboer = build_entity(key="beboer", plural="beboere", label="Beboer", is_person=True)


class inntekt(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    label = "Inntekt i året før skatt"


class skatt(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    label = "Skatt som trekkes fra inntekten"


class gjeldsrenter(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    label = "Gjeldsrenter"


class oppholdsutgift_per_maaned(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    default_value = float("inf")
    label = "Faktiske oppholdsutgifter per måned"


class beregningsgrunnlag(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    label = "Beregningsgrunnlag"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        return max_(0, beboer("inntekt", period) - beboer("skatt", period) - beboer("gjeldsrenter", period))


class andel_inntil_g(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Av inntekt inntil G, kroner per år"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        satser = parameters(period)
        grunnlag = beboer("beregningsgrunnlag", period.this_year)
        under_g = max_(0, min_(grunnlag, satser.grunnbeloep) - satser.fribeloep)
        return satser.prosent_inntil_g / 100 * under_g


class andel_over_g(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Av inntekt over G, kroner per år"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        satser = parameters(period)
        grunnlag = beboer("beregningsgrunnlag", period.this_year)
        return satser.prosent_over_g / 100 * max_(0, grunnlag - satser.grunnbeloep)


class i_behold(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Beboeren skal minst ha i behold, kroner per år"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        satser = parameters(period)
        av_g = satser.prosent_i_behold / 100 * satser.grunnbeloep
        return av_g + satser.prosent_fordel_av_fribeloep / 100 * satser.fribeloep


class hoeyst_etter_behold(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Høyeste egenandel når beboeren får beholde sitt, kroner per år"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        return max_(0, beboer("beregningsgrunnlag", period.this_year) - beboer("i_behold", period))


class aarssats(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Egenandel for et helt år"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        av_inntekt = beboer("andel_inntil_g", period) + beboer("andel_over_g", period)
        utgift = 12 * beboer("oppholdsutgift_per_maaned", period.this_year)
        return min_(min_(av_inntekt, beboer("hoeyst_etter_behold", period)), utgift)


class egenandel_maaned(Variable):
    value_type = float
    entity = _Beboer
    definition_period = MONTH
    label = "Egenandel i måneden, ned til hele kroner"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        return beboer("aarssats", period) // 12


class egenandel_aar(Variable):
    value_type = float
    entity = _Beboer
    definition_period = YEAR
    label = "Egenandel for året"

    def formula(beboer: Any, period: Any, parameters: Any) -> Any:
        return beboer("egenandel_maaned", period, options=[ADD])


def _lag_system() -> Any:
    system = TaxBenefitSystem([_Beboer])
    system.parameters = ParameterNode(
        "",
        data={
            id_: {
                "values": {str(v.gjelder_fra): {"value": float(v.verdi)} for v in serie(id_).verdier},
            }
            for id_ in _SATSER
        },
    )
    system.add_variables(
        inntekt,
        skatt,
        gjeldsrenter,
        oppholdsutgift_per_maaned,
        beregningsgrunnlag,
        andel_inntil_g,
        andel_over_g,
        i_behold,
        hoeyst_etter_behold,
        aarssats,
        egenandel_maaned,
        egenandel_aar,
    )
    return system


_SYSTEM: Final = _lag_system()


@dataclass(frozen=True, slots=True)
class Sak:
    """A resident who lives in the institution all year and whose free month is long past."""

    aar: int
    inntekt: int
    skatt: int
    gjeldsrenter: int = 0
    oppholdsutgift_per_maaned: int | None = None

    def til_openfisca(self) -> dict[str, Any]:
        """The request in OpenFisca's form."""
        aar = str(self.aar)
        beboer = {
            "inntekt": {aar: self.inntekt},
            "skatt": {aar: self.skatt},
            "gjeldsrenter": {aar: self.gjeldsrenter},
        }
        if self.oppholdsutgift_per_maaned is not None:
            beboer["oppholdsutgift_per_maaned"] = {aar: self.oppholdsutgift_per_maaned}
        return {"beboere": {"beboer": beboer}}

    def til_oss(self) -> dict[str, Any]:
        """The request in our contract."""
        opphold: dict[str, Any] = {"art": "LANGTID", "fra": f"{self.aar - 1}-03-01"}
        if self.oppholdsutgift_per_maaned is not None:
            opphold["oppholdsutgiftPerMaaned"] = self.oppholdsutgift_per_maaned
        return {
            "aar": self.aar,
            "inntekter": {"pensjonFraFolketrygden": self.inntekt},
            "skatt": {"beregnetSkatt": self.skatt},
            "gjeldsrenter": self.gjeldsrenter,
            "opphold": [opphold],
        }


EKSEMPEL: Final = Sak(aar=2025, inntekt=370_000, skatt=45_000)
"""The basis 325 000 of the contract's first example, which costs 255 600 kroner."""

SAKER: Final[tuple[tuple[Sak, int | None], ...]] = (
    (EKSEMPEL, 255_600),
    (Sak(2025, 370_000, 45_000, oppholdsutgift_per_maaned=15_000), 180_000),
    (Sak(2025, 0, 0), 0),
    *(
        (Sak(aar, inntekt, inntekt // 5, gjeldsrenter=1_234), None)
        for aar in (2014, 2020, 2026)
        for inntekt in (9_000, 60_000, 111_111, 275_001, 480_007, 905_005)
    ),
)
"""Cases with the year's charge where it is known beforehand; the two must agree on all of them."""


def simulering(sak: dict[str, Any], spor: bool) -> Any:
    """A simulation of one resident, not yet calculated."""
    ny = SimulationBuilder().build_from_entities(_SYSTEM, sak)
    ny.trace = spor
    return ny


def beregn(ny: Any, aar: int) -> float:
    """The year's charge in kroner."""
    return float(ny.calculate("egenandel_aar", str(aar))[0])


def json_til_json(tekst: str, aar: int) -> str:
    """Request as text in, calculation with its whole trace as text out."""
    ny = simulering(json.loads(tekst), spor=True)
    beregn(ny, aar)
    return json.dumps(ny.tracer.get_serialized_flat_trace())


def kontroller() -> int:
    """Compare the two over all the cases.

    Returns:
        The number of cases.

    Raises:
        AssertionError: they differ by more than float32 explains.
    """
    for sak, fasit in SAKER:
        vaart = les_json(kalkuler(Art.LANGTIDSOPPHOLD, json.dumps(sak.til_oss())))
        deres = simulering(sak.til_openfisca(), spor=False)
        avvik = abs(float(vaart["egenandelAar"]) - beregn(deres, sak.aar))
        assert avvik <= _usikre_maaneder(deres, sak.aar), f"{sak}: {avvik} kroner"
        assert fasit is None or vaart["egenandelAar"] == fasit, f"{sak}: {vaart['egenandelAar']}"
    return len(SAKER)


def _usikre_maaneder(deres: Any, aar: int) -> int:
    """Months so near a whole krone that float32 may fall on the other side of it: one krone each."""
    usikre = 0
    for maaned in range(1, 13):
        del_ = float(deres.calculate("aarssats", f"{aar}-{maaned:02d}")[0]) / 12
        slingring = max(1.0, del_) * _FLOAT32_SIFFER
        usikre += floor(max(0.0, del_ - slingring)) != floor(del_ + slingring)
    return usikre


if __name__ == "__main__":
    print(f"{kontroller()} saker gir samme svar i OpenFisca og hos oss.")
