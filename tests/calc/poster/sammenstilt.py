"""Sources to put together: settlements and a-ordningen made of names and amounts."""

from datetime import date
from decimal import Decimal

from app.calc.poster.felt import Oppgitt, Sammenstilling, Virkning
from app.calc.poster.inntekter import (
    Aarsanslag,
    Inntektslinje,
    Inntektsoppgave,
    Inntektssvar,
    Kodeplassering,
    anslag_for_aaret,
)
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt, Skatteart, Skattedel
from app.calc.poster.typer import Svardel
from app.calc.satser import sats
from tests.calc.poster.lesing import av

NAV, SPK, KLP = "889640782", "982583462", "938708606"
FOLKETRYGD = ("pensjonEllerTrygd", "alderspensjon")
TJENESTEPENSJON = ("pensjonEllerTrygd", "pensjonOgLivrenterIArbeidsforhold")
LOENN = ("loennsinntekt", "fastloenn")

PENSJON, LEIE, ARBEID = (
    "alderspensjonFraFolketrygden",
    "nettoinntektVedUtleieAvFastEiendomMv",
    "annenArbeidsinntekt",
)
RENTE, UTBYTTE = "samledeOpptjenteRenterIInnenlandskeBanker", "utbytteFraAksje"
LAAN, UNDERSKUDD = "samledePaaloepteRenterPaaGjeldIInnenlandskeBanker", "samletUnderskuddINaeringsvirksomhet"
GEVINST, LOEFT = "gevinstVedRealisasjonAvAksje", "oppjustertTilleggTilGevinstVedRealisasjonAvAksje"
UTLANDSPENSJON = "pensjonFraUtlandetSkattepliktigINorge"


def oppgjoer(
    aar: int,
    *poster: tuple[str, int],
    skatt: int | None = None,
    formuesskatt: int = 0,
    utland: int = 0,
    alminnelig: tuple[int, int] | None = None,
    plasseringer: tuple[Plassering, ...] = (),
) -> Langtidsgrunnlag:
    """A settlement; ``alminnelig`` is A and the sum of the three income taxes."""
    beregnet = None
    if skatt is not None:
        arter = [Skatteart("formuesskattTilKommune", formuesskatt)] if formuesskatt else []
        if alminnelig is not None:
            a, sum_ = alminnelig
            arter += [
                Skatteart("inntektsskattTilKommune", sum_, a),
                Skatteart("inntektsskattTilFylkeskommune", 0, a),
                Skatteart("fellesskatt", 0, a),
            ]
        kreditt = (Skatteart("skattefradragForInntektsskattBetaltIUtlandet", utland),) if utland else ()
        beregnet = BeregnetSkatt(aar, (Skattedel(Svardel.FASTLAND, skatt, tuple(arter), kreditt),))
    grunnlag = langtidsgrunnlag(
        av(aar, *poster),
        beregnet=beregnet,
        skattesats=sats("skattesats_alminnelig_inntekt", date(aar, 12, 31)),
        plasseringer=plasseringer,
    )
    assert isinstance(grunnlag, Langtidsgrunnlag)
    return grunnlag


def anslag(
    aar: int,
    *linjer: tuple[str, tuple[str, str], int],
    trekk: int | None = None,
    plasseringer: tuple[Kodeplassering, ...] = (),
) -> Aarsanslag:
    """A whole year of a-ordningen: each line once, in December, so that the amount is the year's."""
    oppgaver = tuple(
        Inntektsoppgave(
            f"{aar}-12",
            utbetaler,
            (Inntektslinje(*kode, "kontantytelse", Decimal(beloep)),),
            () if trekk is None or nr else (Decimal(trekk),),
        )
        for nr, (utbetaler, kode, beloep) in enumerate(linjer)
    )
    svar = anslag_for_aaret(Inntektssvar(aar, oppgaver), date(aar + 1, 1, 10), plasseringer)
    assert isinstance(svar, Aarsanslag)
    return svar


def oppgitt(felt: str, beloep: str | int, virkning: Virkning = Virkning.ERSTATTER) -> Oppgitt:
    """An entered figure with a reason."""
    return Oppgitt(felt, Decimal(beloep), virkning, "opplyst på telefon", "Nav")


def verdier(svar: Sammenstilling) -> dict[str, tuple[Decimal, str]]:
    """Figure and origin by pointer."""
    return {peker: (Decimal(str(felt.node.verdi)), felt.opphav.value) for peker, felt in svar.felter.items()}


def koder(svar: Sammenstilling) -> set[str]:
    """Codes of the warnings."""
    return {varsel.kode.value for varsel in svar.varsler}
