"""What a sak's own document gives reason to say, before anything is calculated."""

from collections.abc import Iterable, Iterator
from datetime import date

from app.calc.periode import aaret, dagen_etter, dato_paa_norsk
from app.calc.poster.typer import Varselkode
from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_10 import Medregning
from app.services.sak.husstand import egen_medregning, endringsdager, forhold_paa, medlemmer_paa
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.oppholdsrader import Oppholdsdel
from app.services.sak.rader import Saksopphold, Sykehusopphold
from app.services.sak.varsler import Sakskode, Sakvarsel, varsel


def langtidsvarsler(
    innhold: LagretSaksinnhold,
    aar: int,
    virkning_fra: date,
    samboer_som_ektefelle: bool,
    sykehusdoegn_betales: bool,
) -> Iterator[Sakvarsel]:
    """Of a long stay: the resident, the dependants, the household's changes and hospital."""
    yield from _om_personen(innhold, virkning_fra)
    if innhold.fyller_18 is not None and innhold.fyller_18 > virkning_fra:
        yield varsel(
            Sakskode.BEBOER_UNDER_18,
            f"Beboeren er under 18 år til {dato_paa_norsk(innhold.fyller_18)}. Bare egen inntekt kan gi egenandel; "
            "foreldrenes inntekt og formue holdes utenfor (§ 3 tredje ledd).",
            innhold.person.person_id,
        )
    for medlem in medlemmer_paa(innhold, virkning_fra):
        if medlem.gir_fradrag(samboer_som_ektefelle):
            continue
        if medlem.rad.betaler_langtidsegenandel:
            tekst = (
                "Ektefelle eller samboer bor også på institusjon, og gir ikke fradrag (§ 5 første ledd). Hver av dem "
                "beregnes for seg."
            )
            yield varsel(Sakskode.EKTEFELLE_OGSAA_BEBOER, tekst, medlem.person_id)
        else:
            grunn = (
                "samboer regnes ikke som ektefelle etter kommunens valg"
                if medlem.bor_hjemme
                else "ektefelle eller samboer bor ikke hjemme"
            )
            yield varsel(
                "FORSOERGET_GIR_IKKE_FRADRAG",
                f"Rad {medlem.nummer + 1} i husstanden gir ikke fradrag etter § 5 første ledd: {grunn}.",
                medlem.person_id,
            )
    yield from _husstand_endret(innhold, aar)
    yield from _sykehus(innhold, aar, sykehusdoegn_betales)


def bistandsvarsler(innhold: LagretSaksinnhold, aar: int, virkning_fra: date) -> Iterator[Sakvarsel]:
    """Of praktisk bistand: the recipient, those who do not count, and the household's changes."""
    yield from _om_personen(innhold, virkning_fra)
    egen = egen_medregning(forhold_paa(innhold, virkning_fra))
    if egen is not Medregning.MEDREGNET:
        yield varsel(Sakskode.IKKE_MEDREGNET, egen.tekst, innhold.person.person_id)
    for medlem in medlemmer_paa(innhold, virkning_fra):
        if medlem.medregning is not Medregning.MEDREGNET:
            yield varsel(Sakskode.IKKE_MEDREGNET, medlem.medregning.tekst, medlem.person_id)
    yield from _husstand_endret(innhold, aar)


def uten_oppholdsutgift(innhold: LagretSaksinnhold, deler: Iterable[Oppholdsdel]) -> Iterator[Sakvarsel]:
    """Institutions that lack a price while somebody lives there, so that the ceiling cannot be tried."""
    sett: dict[str, Oppholdsdel] = {}
    for del_ in deler:
        opphold = innhold.opphold[del_.nummer]
        if del_.uten_pris and opphold.art is Oppholdsart.LANGTID and opphold.institusjon is not None:
            sett.setdefault(opphold.institusjon, del_)
    for kode, del_ in sett.items():
        yield varsel(
            Sakskode.INSTITUSJON_UTEN_OPPHOLDSUTGIFT,
            f"Institusjonen {kode} har ingen oppholdsutgift fra {dato_paa_norsk(del_.spenn.fra)}, så taket i § 3 "
            "første ledd kan ikke prøves. Legg den inn i kommunens oppsett.",
        )


def _om_personen(innhold: LagretSaksinnhold, dag: date) -> Iterator[Sakvarsel]:
    for medlem in medlemmer_paa(innhold, dag):
        if medlem.er_slettet:
            yield varsel(
                Sakskode.PERSON_SLETTET,
                f"Personen i rad {medlem.nummer + 1} i husstanden er slettet og kan ikke slås opp. Før inn tallene i raden, "
                "eller ta raden bort.",
            )
    if forhold_paa(innhold, dag).uskiftet_bo:
        yield varsel(
            Varselkode.USKIFTET_BO,
            "Personen sitter i uskiftet bo. Undersøk hvem renter, avkastning, leieinntekt og gjeld tilhører, og før "
            "inn det som er personens egen inntekt.",
            innhold.person.person_id,
        )


def _husstand_endret(innhold: LagretSaksinnhold, aar: int) -> Iterator[Sakvarsel]:
    dager = endringsdager(innhold, aar)
    if dager:
        ganger = "hvert tidsrom" if len(dager) > 1 else "tiden før og en for tiden fra og med den dagen"
        yield varsel(
            Sakskode.HUSSTAND_ENDRET,
            f"Husstanden eller fradragene endres {_opplisting(map(dato_paa_norsk, dager))}. Lag én beregning og ett "
            f"vedtak for {ganger} (virkningFra).",
        )


def _opplisting(deler: Iterable[str]) -> str:
    *foerst, sist = deler
    return f"{', '.join(foerst)} og {sist}" if foerst else sist


def _sykehus(innhold: LagretSaksinnhold, aar: int, betales: bool) -> Iterator[Sakvarsel]:
    fra, til = aaret(aar)
    i_aaret = [s for s in innhold.sykehusopphold if s.fra <= til and (s.til or til) >= fra]
    if not i_aaret:
        return
    hva = (
        "Døgnene betales som andre døgn i oppholdet."
        if betales
        else "Døgnene betales ikke, etter kommunens valg. Oppholdet fortsetter."
    )
    yield varsel(
        Sakskode.SYKEHUSOPPHOLD,
        f"Beboeren er på sykehus fra {_opplisting(dato_paa_norsk(s.fra) for s in i_aaret)}. {hva} De regnes med i "
        "de 60 døgnene.",
        innhold.person.person_id,
    )
    doegn = [o for o in innhold.opphold if not o.art.er_besoek]
    utenfor = [s for s in i_aaret if not _dekket(s, doegn, til)]
    if utenfor:
        yield varsel(
            Sakskode.SYKEHUS_UTENFOR_OPPHOLD,
            f"Sykehusopphold fra {_opplisting(dato_paa_norsk(s.fra) for s in utenfor)} er helt eller delvis utenfor "
            "oppholdene, og regnes ikke med der. Ble plassen beholdt, skal oppholdet vare gjennom sykehusoppholdet.",
            innhold.person.person_id,
        )


def _dekket(sykehus: Sykehusopphold, opphold: list[Saksopphold], aarets_siste: date) -> bool:
    """Whether every day of the hospital stay is in some stay."""
    siste = sykehus.til or aarets_siste
    dag = sykehus.fra
    for o in sorted(opphold, key=lambda o: o.fra):
        if o.fra <= dag <= (o.til or date.max):
            if o.til is None or o.til >= siste:
                return True
            dag = dagen_etter(o.til)
    return False
