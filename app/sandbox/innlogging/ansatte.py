"""The employees: everybody who can log in, what each is there to show, and what Altinn and Entra give them.

The ids are synthetic (month + 80) and the names are made up. This file is the only place to add somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.sandbox.standard import FJORDVIK, KOMMUNER, LIA, SKOGLI
from app.sandbox.syntetisk import organisasjonsnummer, personidentifikator

BETYDELIG: Final = "idporten-loa-substantial"
HOEYT: Final = "idporten-loa-high"
NIVAAER: Final = (BETYDELIG, HOEYT)
"""``acr`` values, lowest first."""

BEREGNER: Final = "beregner"
LEDER: Final = "leder"
REVISOR: Final = "revisor"
DRIFT: Final = "drift"
HANDLINGER: Final = (BEREGNER, LEDER, REVISOR, DRIFT)
"""Actions in our Altinn resource, and app roles in Entra: one for each role in the service."""

TENANT: Final = "3f0d1c52-0000-4000-8000-000000000310"
"""Fjordvik's Entra tenant."""

FREMMED_TENANT: Final = "77aa90c4-0000-4000-8000-000000000999"
"""A tenant that is nobody's kommune."""

FIRMA: Final = organisasjonsnummer(31_350_000)
"""An organisation that is not a kommune."""


@dataclass(frozen=True, slots=True)
class Virksomhet:
    """An organisation somebody may represent; ``form`` as the Brønnøysund register writes it."""

    orgnr: str
    navn: str
    form: str


VIRKSOMHETER: Final[Mapping[str, Virksomhet]] = {
    virksomhet.orgnr: virksomhet
    for virksomhet in (
        *(Virksomhet(kommune.orgnr, f"{kommune.navn} kommune", "KOMM") for kommune in KOMMUNER),
        Virksomhet(FIRMA, "Syntetisk regnskap AS", "AS"),
    )
}


@dataclass(frozen=True, slots=True)
class Entrakonto:
    """An account in Entra. ``flerfaktor`` is whether the login used more than a password."""

    oid: str
    roller: tuple[str, ...]
    tid: str = TENANT
    flerfaktor: bool = True


@dataclass(frozen=True, slots=True)
class Ansatt:
    """Somebody who can log in.

    Attributes:
        kallenavn: what the control API and the forms call them.
        viser: what they are there to show.
        nivaa: the highest ``acr`` they can reach.
        rettigheter: actions on our resource in Altinn, by organisation number.
        entra: their account in Entra, when they have one.
        bare_entra: whether they are unknown to Ansattporten.
    """

    kallenavn: str
    navn: str = field(repr=False)
    pid: str = field(repr=False)
    viser: str
    rettigheter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nivaa: str = HOEYT
    entra: Entrakonto | None = None
    bare_entra: bool = False


def _oid(nummer: int) -> str:
    return f"c1a0be11-0000-4000-8000-{nummer:012d}"


ANSATTE: Final = (
    Ansatt(
        "fjordvik-beregner",
        "NØYAKTIG KULERAMME",
        personidentifikator(date(1984, 3, 14), 21),
        "Beregner i Fjordvik",
        {FJORDVIK: (BEREGNER,)},
        entra=Entrakonto(_oid(1), (BEREGNER,)),
    ),
    Ansatt(
        "fjordvik-leder",
        "BESTEMT BLEKKHUS",
        personidentifikator(date(1971, 11, 2), 40),
        "Leder i Fjordvik",
        {FJORDVIK: (LEDER,)},
        entra=Entrakonto(_oid(2), (LEDER,)),
    ),
    Ansatt(
        "fjordvik-leder-to",
        "RETTSKAFFEN LINJAL",
        personidentifikator(date(1979, 6, 23), 12),
        "Leder nummer to i Fjordvik: den som godkjenner det den første har gjort",
        {FJORDVIK: (LEDER,)},
        entra=Entrakonto(_oid(3), (LEDER,)),
    ),
    Ansatt(
        "fjordvik-revisor",
        "GRANSKENDE FORSTØRRELSESGLASS",
        personidentifikator(date(1966, 1, 30), 33),
        "Revisor i Fjordvik: ser registeret, ikke sakene",
        {FJORDVIK: (REVISOR,)},
        entra=Entrakonto(_oid(4), (REVISOR,)),
    ),
    Ansatt(
        "fjordvik-drift",
        "HENDIG SKIFTENØKKEL",
        personidentifikator(date(1990, 8, 9), 5),
        "Drift i Fjordvik: ser tilstanden, ingen data",
        {FJORDVIK: (DRIFT,)},
    ),
    Ansatt(
        "fjordvik-flere-roller",
        "ALLSIDIG LOMMEKNIV",
        personidentifikator(date(1982, 4, 17), 8),
        "Beregner, leder og revisor i Fjordvik",
        {FJORDVIK: (BEREGNER, LEDER, REVISOR)},
        entra=Entrakonto(_oid(5), (BEREGNER, LEDER, REVISOR)),
    ),
    Ansatt(
        "skogli-beregner",
        "STILLFAREN KONVOLUTT",
        personidentifikator(date(1988, 10, 5), 61),
        "Beregner i Skogli",
        {SKOGLI: (BEREGNER,)},
    ),
    Ansatt(
        "lia-beregner",
        "LETTLEST PERM",
        personidentifikator(date(1993, 2, 11), 17),
        "Beregner i Lia",
        {LIA: (BEREGNER,)},
    ),
    Ansatt(
        "to-kommuner",
        "DELT SKRIVEBORD",
        personidentifikator(date(1977, 12, 19), 44),
        "Representerer to kommuner: beregner i Fjordvik, leder i Skogli",
        {FJORDVIK: (BEREGNER,), SKOGLI: (LEDER,)},
    ),
    Ansatt(
        "uten-rettigheter",
        "TOMHENDT MAPPE",
        personidentifikator(date(1995, 7, 7), 3),
        "Ingen rettigheter: kan ikke representere noen",
        entra=Entrakonto(_oid(6), ()),
    ),
    Ansatt(
        "bare-betydelig",
        "HALVVEIS STIGETRINN",
        personidentifikator(date(1986, 9, 28), 70),
        "Beregner i Fjordvik, men kan bare logge inn på nivå betydelig",
        {FJORDVIK: (BEREGNER,)},
        nivaa=BETYDELIG,
    ),
    Ansatt(
        "annen-virksomhet",
        "FREMMED STEMPEL",
        personidentifikator(date(1981, 5, 25), 29),
        "Ansatt i et firma som ikke er en kommune, med rett til å beregne der",
        {FIRMA: (BEREGNER,)},
    ),
    Ansatt(
        "uten-flerfaktor",
        "ENKEL HENGELÅS",
        personidentifikator(date(1992, 3, 3), 50),
        "Beregner i Fjordvik, logget inn med bare passord",
        entra=Entrakonto(_oid(7), (BEREGNER,), flerfaktor=False),
        bare_entra=True,
    ),
    Ansatt(
        "fremmed-tenant",
        "FORVILLET PASSERKORT",
        personidentifikator(date(1974, 4, 4), 9),
        "Fra en tenant som ikke er noen kommunes: tid er en annen enn utstederens",
        entra=Entrakonto(_oid(8), (BEREGNER,), tid=FREMMED_TENANT),
        bare_entra=True,
    ),
)

ETTER_KALLENAVN: Final[Mapping[str, Ansatt]] = {ansatt.kallenavn: ansatt for ansatt in ANSATTE}
