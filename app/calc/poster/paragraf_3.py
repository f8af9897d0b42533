"""The § 3 basis of one person: income groups as trees of posts, tax, interest, and what is still open."""

from decimal import Decimal

from app.calc.beloep import eksakt_regning
from app.calc.poster.fordeling import Samler, felles_konto, fordel, har_virkning, plasser
from app.calc.poster.katalog import (
    Katalog,
    Utbetaler,
    katalogen,
    katalogversjon,
    varsel,
)
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.noder import (
    GRUPPESUM,
    SUM_GJELDSRENTER,
    SUM_INNTEKT,
    siste_dag,
    summer,
)
from app.calc.poster.skatt import BeregnetSkatt, Skattedata, les_skatt
from app.calc.poster.sortering import sorter
from app.calc.poster.typer import (
    Api,
    Gruppe,
    Skattesvar,
    Skjermet,
    Varselkode,
)
from app.calc.sporing import Faktum, Sats

_SKATTEVARSLER = {
    Varselkode.FORMUESSKATT,
    Varselkode.FORMUESSKATT_UKJENT,
    Varselkode.SKATT_BETALT_I_UTLANDET,
}
"""Warnings that matter also when nothing is kept out of income."""


def langtidsgrunnlag(
    svar: Skattesvar,
    *,
    beregnet: BeregnetSkatt | None = None,
    skattesats: Sats | Faktum | None = None,
    plasseringer: tuple[Plassering, ...] = (),
    ektefelle: Skattesvar | None = None,
    ordinaert_personfradrag: Decimal | None = None,
    utbetalere: tuple[Utbetaler, ...] = (),
) -> Langtidsgrunnlag | Skjermet:
    """The § 3 basis.

    Args:
        svar: the person's posts.
        beregnet: the person's beregnet skatt of the same year; ``None`` leaves the basis incomplete.
        skattesats: rate of ordinary income tax in per cent, for the skattejustering.
        plasseringer: the caseworker's decisions on posts the catalogue hands over, or counts with a doubt or
            a warning (interest of a joint account: half of it).
        ektefelle: the spouse's posts, only to see whether a bank account stands with both.
        ordinaert_personfradrag: the year's ordinary personfradrag, to check what is read.
        utbetalere: pension payers the kommune has found out about, after the catalogue's own.

    Raises:
        UkjentPlasseringError: a placement points at nothing that waits.
        ValueError: the answers are of different years, or a placement cannot be carried out.
    """
    if svar.skjermet:
        return Skjermet(svar.aar, svar.api)
    if beregnet is not None and beregnet.skjermet:
        return Skjermet(beregnet.aar, Api.BEREGNET_SKATT)
    if beregnet is not None and beregnet.aar != svar.aar:
        raise ValueError("summert skattegrunnlag og beregnet skatt gjelder ulike inntektsår")
    with eksakt_regning():
        skatt = None if beregnet is None else les_skatt(beregnet, skattesats, ordinaert_personfradrag)
        return _langtidsgrunnlag(svar, skatt, plasseringer, ektefelle, katalogen().med(utbetalere))


def _langtidsgrunnlag(
    svar: Skattesvar,
    skatt: Skattedata | None,
    plasseringer: tuple[Plassering, ...],
    ektefelle: Skattesvar | None,
    katalog: Katalog,
) -> Langtidsgrunnlag:
    sortert = sorter(svar, katalog, har_virkning)
    overproevd = frozenset((valg.teknisk_navn, valg.del_) for valg in plasseringer if valg.utbetaler is None)
    samler = Samler(svar, katalog, overproevd)
    samler.varsler.extend(v for v in sortert.varsler if v.kode is not Varselkode.FELLES_KONTO)
    samler.varsler.extend(felles_konto(svar, ektefelle, sortert.varsler))
    tilstede = {post.teknisk_navn: (post, rad) for post, rad in sortert.klare}
    for post, rad in sortert.klare:
        fordel(samler, post, rad, tilstede)
    ukjente, utenfor_aar = list(sortert.ukjente), list(sortert.utenfor_aar)
    avviste = list(sortert.avviste)
    plasser(samler, plasseringer, ukjente, utenfor_aar, avviste)

    dag = siste_dag(svar.aar)
    grupper = {
        gruppe: GRUPPESUM[gruppe](*samler.ledd[gruppe], dato=dag)
        for gruppe in Gruppe
        if gruppe in samler.ledd
    }
    inntekt = summer(SUM_INNTEKT, list(grupper.values()), dag)
    if inntekt is None:
        samler.varsler.append(varsel(Varselkode.INGEN_POSTER))
    if skatt is None:
        samler.varsler.append(varsel(Varselkode.SKATT_MANGLER))
    else:
        samler.varsler.extend(v for v in skatt.varsler if samler.utenfor or v.kode in _SKATTEVARSLER)
    if samler.utenfor:
        samler.varsler.append(varsel(Varselkode.GEVINST_HOLDT_UTENFOR))
    return Langtidsgrunnlag(
        svar.aar,
        grupper,
        inntekt,
        summer(SUM_GJELDSRENTER, samler.renter, dag),
        skatt,
        tuple(samler.utenfor),
        tuple(samler.plasseres),
        tuple(ukjente),
        tuple(utenfor_aar),
        tuple(avviste),
        tuple(samler.vist),
        tuple(samler.ikke_regnet),
        tuple(samler.varsler),
        katalogversjon(),
    )
