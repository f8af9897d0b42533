"""Whose income counts in the household, and which step of the price register that gives (§ 10)."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from app.calc.beloep import NULL
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.lesing import tittel
from app.calc.kontrakt.praktisk_bistand import (
    Husstandsmedlem,
    PersonUt,
    Prisregister,
    Trinn,
    TrinnUt,
    grenser,
)
from app.calc.regler import par_10
from app.calc.regler.par_10 import Medregning, Rolle
from app.calc.sporing import Enhet, Faktum, Steg

_GRUNNLAGSFELT: Final = (
    "alminnelig_inntekt_foer_saerfradrag",
    "gevinst",
    "oppjustering_av_gevinst",
    "tap",
    "oppjustering_av_tap",
    "oppjustering_av_utbytte",
    "hjelpestoenad",
    "omsorgsstoenad",
    "skjoennsmessig_fradrag",
)


class Person(NamedTuple):
    """One of the household, with the basis and whether it counts."""

    rolle: Rolle
    steg: Steg
    medregning: Medregning

    @property
    def er_medregnet(self) -> bool:
        """Whether the basis is part of the household's."""
        return self.medregning is Medregning.MEDREGNET

    @property
    def ut(self) -> PersonUt:
        """The person as a row of the answer."""
        return PersonUt(
            rolle=self.rolle,
            medregnet=self.er_medregnet,
            grunnlag=self.steg.verdi,
            grunn=self.medregning.tekst,
        )


def les_person(nr: int, person: Husstandsmedlem, dag: date) -> Person:
    """The basis of the household member with this place in the request."""
    medregning = par_10.medregning(
        person.rolle,
        person.betaler_langtidsegenandel,
        person.avkortet_ytelse_borte_fra_hjemmet,
        person.hjelpen_skyldes_barnets_behov,
    )
    fakta = [
        Faktum(
            f"husstand.{navn}",
            tittel(Husstandsmedlem, navn),
            getattr(person, navn),
            Enhet.KRONER,
            f"/husstand/{nr}/{camel(navn)}",
        )
        for navn in _GRUNNLAGSFELT
    ]
    return Person(person.rolle, par_10.persongrunnlag(*fakta, dato=dag, merke=f"{nr + 1}"), medregning)


def husstandsgrunnlag(personer: list[Person], dag: date) -> Steg:
    """The household's basis; those who do not count are explained beside it."""
    return par_10.husstandsgrunnlag(
        *(person.steg for person in personer if person.er_medregnet),
        dato=dag,
        vedlegg=tuple(person.steg for person in personer if not person.er_medregnet),
    )


class Husstandstrinn(NamedTuple):
    """The step the household is priced at, with its limits in kroner."""

    nummer: int
    trinn: Trinn
    fra_kroner: Decimal
    til_kroner: Decimal | None
    register_sti: str

    @property
    def sti(self) -> str:
        """Where the step stands in the request."""
        return f"{self.register_sti}/trinn/{self.nummer - 1}"

    @property
    def ut(self) -> TrinnUt:
        """The step as the answer shows it."""
        felles = {
            felt.name: getattr(self.trinn, felt.name)
            for felt in fields(TrinnUt)
            if felt.name in Trinn.__slots__ and felt.name not in {"fra_kroner", "til_kroner"}
        }
        return TrinnUt(nummer=self.nummer, fra_kroner=self.fra_kroner, til_kroner=self.til_kroner, **felles)


def finn_trinn(
    register: Prisregister, register_sti: str, grunnlag: Decimal, g: Decimal
) -> Husstandstrinn | None:
    """The step whose limits hold the basis; a negative basis is placed as 0."""
    plassering = max(NULL, grunnlag)
    for nummer, trinn in enumerate(register.trinn, start=1):
        fra, til = grenser(trinn, g)
        if fra <= plassering and (til is None or plassering < til):
            return Husstandstrinn(nummer, trinn, fra, til, register_sti)
    return None
