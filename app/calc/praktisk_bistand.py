"""The practical-help calculator: puts the rules of §§ 8, 9 and 10 together for one household's year."""

from collections.abc import Iterator

from app.calc.beloep import eksakt_regning
from app.calc.bistand.husstand import Person, husstandsgrunnlag, les_person
from app.calc.bistand.maaneder import maanedsbeloep
from app.calc.bistand.priser import Prisperiode, prisperioder
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandInn, PraktiskBistandUt
from app.calc.periode import aaret
from app.calc.regler import par_10
from app.calc.satser import sats, satsversjon
from app.calc.sporing import Steg
from app.calc.versjon import REGELVERSJON


def beregn(inn: PraktiskBistandInn) -> PraktiskBistandUt:
    """The egenandel of one household's year of practical help, with the tree that explains it.

    The request must have passed the contract's checks
    (``kontrakt.praktisk_bistand.PRAKTISK_BISTAND_INN``).

    Raises:
        KontraktFeilError: a service has no price that can be found.
        SatsManglerError: a rate is missing for the year.
    """
    with eksakt_regning():
        return _beregn(inn)


def _beregn(inn: PraktiskBistandInn) -> PraktiskBistandUt:
    dag = aaret(inn.aar).fra
    personer = [les_person(nr, person, dag) for nr, person in enumerate(inn.husstand)]
    husstand = husstandsgrunnlag(personer, dag)
    g = sats("grunnbeloep", dag)
    to_g = par_10.to_g(sats("grense_for_utgiftstak", dag), g, dato=dag)
    under_2g = husstand.verdi < to_g.verdi
    perioder = prisperioder(inn, husstand.verdi, g.verdi, under_2g)
    trinn, selvkost = perioder[-1].trinn, perioder[-1].selvkost
    maaneder = maanedsbeloep(inn, perioder)
    if feil := [en for periode in perioder for en in periode.prising.feil]:
        raise KontraktFeilError(feil)
    rot = par_10.egenandel_aar(
        *(steg for _, steg in maaneder),
        dato=dag,
        vedlegg=(husstand, to_g, *(p.selvkost for p in perioder if p.selvkost is not None)),
    )
    return PraktiskBistandUt(
        aar=inn.aar,
        grunnlag=husstand.verdi,
        per_person=tuple(person.ut for person in personer),
        grunnbeloep=g.verdi,
        to_g=to_g.verdi,
        under2_g=under_2g,
        trinn=None if trinn is None else trinn.ut,
        selvkost_per_time=None if selvkost is None else selvkost.verdi,
        maaneder=tuple(ut for ut, _ in maaneder),
        egenandel_aar=rot.verdi,
        varsler=(*_prisvarsler(perioder), *_varsler(inn, personer, rot, under_2g)),
        forklaring=rot,
        regelversjon=REGELVERSJON,
        satsversjon=satsversjon(),
    )


def _prisvarsler(perioder: tuple[Prisperiode, ...]) -> tuple[Varsel, ...]:
    """What there is to say about the prices, each thing once for the year."""
    return tuple({varsel.kode: varsel for p in perioder for varsel in p.prising.varsler}.values())


def _varsler(
    inn: PraktiskBistandInn, personer: list[Person], egenandel: Steg, under_2g: bool
) -> Iterator[Varsel]:
    if not inn.tjenester:
        yield Varsel(
            kode="INGEN_TJENESTER",
            tekst="Ingen tjenester er oppgitt, så det er ingen måneder å betale for.",
        )
    if not any(person.er_medregnet for person in personer):
        yield Varsel(
            kode="INGEN_MEDREGNET",
            tekst="Ingen i husstanden regnes med etter § 10. Kontroller opplysningene før vedtak.",
        )
    if egenandel.verdi and not under_2g:
        yield Varsel(
            kode="VURDER_PERSONLIGE_BEHOV",
            tekst="Grunnlaget er ikke under 2 G, så statens tak gjelder ikke. Vurder om den som betaler, har nok "
            "igjen til personlige behov og forsørgelse (§ 9 tredje ledd).",
        )
