"""What the caseworker should know about the answer, in the order it is told."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.calc.beloep import tall_paa_norsk
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.langtidsopphold import LangtidInn
from app.calc.langtid.fradrag import gir_fradrag
from app.calc.langtid.perioder import Prisperiode
from app.calc.langtid.valg import nytt_g
from app.calc.regler import par_6
from app.calc.regler.par_3_aarssats import DOBBELTROM_FRA
from app.calc.regler.par_6 import Del, Grunnlag


def varsler(
    inn: LangtidInn, skattejustering: Decimal, deler: Iterable[Del], perioder: list[Prisperiode]
) -> Iterator[Varsel]:
    """The warnings of one year of stay.

    Args:
        inn: the request.
        skattejustering: kroner the tax was changed by.
        deler: the days as they were divided, before neighbours at the same price became one.
        perioder: the days with their prices.
    """
    for nr, person in enumerate(inn.forsoergede, start=1):
        if not gir_fradrag(person, inn.valg):
            yield Varsel(
                kode="FORSOERGET_GIR_IKKE_FRADRAG",
                tekst=f"Forsørget nr. {nr} gir ikke fradrag etter § 5: ektefelle må bo hjemme, og samboer må regnes som ektefelle.",
            )
    if any(
        inn.opphold[del_.nummer].dobbeltrom_mot_eget_oenske
        and del_.grunnlag is Grunnlag.PARAGRAF_3
        and del_.spenn.fra < DOBBELTROM_FRA
        for del_ in deler
    ):
        yield Varsel(
            kode="DOBBELTROM_FOER_2014",
            tekst="Høyere fribeløp for dobbeltrom ble innført 1. juli 2014. Før det er vanlig fribeløp brukt.",
        )
    if not perioder and not any(o.art.er_besoek for o in inn.opphold):
        yield Varsel(
            kode="INGEN_OPPHOLD_I_AARET",
            tekst="Ingen av oppholdene berører året, så det er ingen måneder å betale for. Kontroller datoene.",
        )
    if inn.skatt.holdt_utenfor:
        yield Varsel(
            kode="SKATTEJUSTERING",
            tekst=f"Skatten er endret med {tall_paa_norsk(skattejustering)} kroner for gevinst eller tap som ikke "
            "regnes som inntekt. Kontroller beløpene og bekreft (Sivilombudet 17.11.2025).",
        )
    if inn.skatt.formuesskatt > inn.skatt.beregnet_skatt:
        yield Varsel(
            kode="FORMUESSKATT_OVER_SKATT",
            tekst="Formuesskatten er høyere enn beregnet skatt. Kontroller tallene fra skatteoppgjøret.",
        )
    if any(
        p.aarssats is not None and inn.opphold[p.nummer].oppholdsutgift_per_maaned is None for p in perioder
    ):
        yield Varsel(
            kode="OPPHOLDSUTGIFT_IKKE_OPPGITT",
            tekst="Institusjonens oppholdsutgift er ikke oppgitt, så taket i § 3 første ledd er ikke prøvd. Legg den inn.",
        )
    if any(p.regel is par_6.etter_grensen for p in perioder):
        yield Varsel(
            kode="OVER_60_DOEGN",
            tekst="Beboeren har passert grensen for døgn på institusjon i kalenderåret. Døgnene etter grensen er beregnet etter § 3.",
        )
    if inn.skjoennsmessig_fradrag and not inn.forsoergede:
        yield Varsel(
            kode="SKJOENN_UTEN_FORSOERGEDE",
            tekst="Det er gitt skjønnsmessig fradrag uten at noen forsørges. Kontroller at § 5 fjerde ledd er riktig hjemmel.",
        )
    if inn.valg.nytt_g_fra is not None and inn.valg.nytt_g_fra > nytt_g(inn.aar):
        yield Varsel(
            kode="NYTT_G_SENERE_ENN_1_MAI",
            tekst="Kommunen tar nytt G i bruk etter 1. mai. Det gir høyere egenandel i mellomtiden.",
        )
