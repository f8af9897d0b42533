"""The running year from a-ordningen: codes into groups, complete months, and what is not carried forward."""

from datetime import date
from decimal import Decimal

import pytest

from app.calc.poster.inntekter import (
    UTGIFTSGODTGJOERELSE,
    Aarsanslag,
    Inntektslinje,
    Inntektsoppgave,
    Inntektssvar,
    Kodenoekkel,
    Kodeplassering,
    anslag_for_aaret,
    er_komplett,
)
from app.calc.poster.typer import (
    Api,
    Gruppe,
    Skjermet,
    UfullstendigGrunnlagError,
    UkjentPlasseringError,
    Varselkode,
)
from app.calc.sporing import Node

NAV, SPK, KLP, BANK = "889640782", "982583462", "938708606", "310827002"
FOLKETRYGD = ("pensjonEllerTrygd", "alderspensjon")
TJENESTEPENSJON = ("pensjonEllerTrygd", "pensjonOgLivrenterIArbeidsforhold")
FASTLOENN = ("loennsinntekt", "fastloenn")
HELE_AARET = date(2027, 1, 10)


def _oppgave(
    maaned: int,
    utbetaler: str,
    *linjer: tuple[tuple[str, str], int],
    fordel: str = "kontantytelse",
    trekk: tuple[int, ...] = (),
) -> Inntektsoppgave:
    return Inntektsoppgave(
        f"2026-{maaned:02d}",
        utbetaler,
        tuple(Inntektslinje(*kode, fordel, Decimal(beloep)) for kode, beloep in linjer),
        tuple(Decimal(beloep) for beloep in trekk),
    )


def _anslag(
    per_dato: date, *oppgaver: Inntektsoppgave, plasseringer: tuple[Kodeplassering, ...] = ()
) -> Aarsanslag:
    anslag = anslag_for_aaret(Inntektssvar(2026, oppgaver), per_dato, plasseringer)
    assert isinstance(anslag, Aarsanslag)
    return anslag


def _verdier(anslag: Aarsanslag) -> dict[str, int]:
    return {str(gruppe): int(steg.verdi) for gruppe, steg in anslag.grupper.items()}


def _koder(anslag: Aarsanslag) -> set[Varselkode]:
    return {varsel.kode for varsel in anslag.varsler}


@pytest.mark.parametrize(
    ("maaned", "per_dato", "komplett"),
    [
        (5, date(2026, 6, 9), False),
        (5, date(2026, 6, 10), True),
        (12, date(2027, 1, 9), False),
        (12, date(2027, 1, 10), True),
    ],
)
def test_maaneden_brukes_fra_den_tiende_i_neste(maaned: int, per_dato: date, komplett: bool) -> None:
    assert er_komplett(2026, maaned, per_dato) is komplett


def test_pensjonist_med_folketrygd_og_to_tjenestepensjoner() -> None:
    """Jan–May complete on 10 June; the May figures stand for seven months to come."""
    oppgaver = [
        oppgave
        for maaned, folketrygd in (
            (1, 20_000),
            (2, 20_000),
            (3, 20_000),
            (4, 20_000),
            (5, 21_000),
            (6, 99_000),
        )
        for oppgave in (
            _oppgave(maaned, NAV, (FOLKETRYGD, folketrygd), trekk=(3_000,)),
            _oppgave(maaned, SPK, (TJENESTEPENSJON, 4_000), trekk=(1_000,)),
            _oppgave(maaned, KLP, (TJENESTEPENSJON, 1_000)),
        )
    ]
    anslag = _anslag(date(2026, 6, 10), *oppgaver)
    assert _verdier(anslag) == {
        "pensjonFraFolketrygden": 4 * 20_000 + 21_000 + 7 * 21_000,
        "offentligTjenestepensjon": 12 * 5_000,
    }
    assert anslag.siste_maaned == "2026-05"
    assert anslag.ikke_komplette == ("2026-06",)
    assert _koder(anslag) == {Varselkode.FORELOEPIG, Varselkode.MAANED_IKKE_KOMPLETT}
    assert anslag.kalkulatorfelter() == {
        "inntekter": {"pensjonFraFolketrygden": 248_000, "offentligTjenestepensjon": 60_000},
        "skatt": {"beregnetSkatt": 12 * 4_000},
    }


def test_hele_aaret_er_bare_summen() -> None:
    oppgaver = [_oppgave(maaned, NAV, (FOLKETRYGD, 100 * maaned)) for maaned in range(1, 13)]
    assert _verdier(_anslag(HELE_AARET, *oppgaver)) == {"pensjonFraFolketrygden": 7_800}


@pytest.mark.parametrize(
    ("kode", "sum_av_aaret"),
    [
        (FASTLOENN, 1_200),
        (("ytelseFraOffentlige", "sykepenger"), 1_200),
        (("loennsinntekt", "feriepenger"), 100),
        (("loennsinntekt", "loennEtterDoedsfall"), 100),
        (("loennsinntekt", "bonus"), 100),
        (("ytelseFraOffentlige", "feriepengerSykepenger"), 100),
        (("pensjonEllerTrygd", "pensjonIDoedsmaaneden"), 100),
    ],
)
def test_engangsbeloep_foeres_ikke_videre(kode: tuple[str, str], sum_av_aaret: int) -> None:
    anslag = _anslag(date(2026, 2, 10), _oppgave(1, NAV, (kode, 100)))
    assert sum(_verdier(anslag).values()) == sum_av_aaret


def test_inntekt_som_er_slutt_foeres_ikke_videre() -> None:
    anslag = _anslag(
        date(2026, 3, 10),
        _oppgave(1, BANK, (FASTLOENN, 500)),
        _oppgave(2, NAV, (FOLKETRYGD, 100)),
    )
    assert _verdier(anslag) == {"arbeidsinntekt": 500, "pensjonFraFolketrygden": 1_100}


def test_maaned_uten_noen_oppgave_er_ukjent_ikke_null() -> None:
    """March is complete by date but nothing is reported: February still stands, and it is said."""
    anslag = _anslag(date(2026, 4, 10), *(_oppgave(m, NAV, (FOLKETRYGD, 100)) for m in (1, 2)))
    assert _verdier(anslag) == {"pensjonFraFolketrygden": 1_200}
    assert anslag.siste_maaned == "2026-02"
    (varsel,) = [v for v in anslag.varsler if v.kode is Varselkode.MAANED_UTEN_OPPGAVE]
    assert "mars" in varsel.tekst


def test_ingen_komplett_maaned_gir_ikke_noe_anslag() -> None:
    anslag = _anslag(date(2026, 2, 9), _oppgave(1, NAV, (FOLKETRYGD, 100), trekk=(10,)))
    assert (anslag.inntekt, anslag.forskuddstrekk, anslag.siste_maaned) == (None, None, None)
    assert Varselkode.INGEN_POSTER in _koder(anslag)
    with pytest.raises(UfullstendigGrunnlagError):
        anslag.kalkulatorfelter()


@pytest.mark.parametrize(
    ("kode", "utbetaler", "gruppe"),
    [
        (FOLKETRYGD, NAV, "pensjonFraFolketrygden"),
        (FOLKETRYGD, SPK, "offentligTjenestepensjon"),
        (FOLKETRYGD, BANK, None),
        (TJENESTEPENSJON, NAV, None),
        (TJENESTEPENSJON, BANK, None),
        (("pensjonEllerTrygd", "avtalefestetPensjon"), KLP, "offentligTjenestepensjon"),
        (("pensjonEllerTrygd", "nyAvtalefestetPensjonPrivatSektor"), NAV, "privatPensjon"),
        (("pensjonEllerTrygd", "ipaEllerIpsPeriodiskeYtelser"), BANK, "privatPensjon"),
        (("pensjonEllerTrygd", "ufoerepensjon"), NAV, "andreLoependeTrygdeytelser"),
        (("pensjonEllerTrygd", "krigspensjon"), SPK, None),
        (("ytelseFraOffentlige", "ufoeretrygd"), NAV, "andreLoependeTrygdeytelser"),
        (("ytelseFraOffentlige", "ufoereytelseEtteroppgjoer"), NAV, None),
        (("naeringsinntekt", "sykepenger"), NAV, "andreLoependeTrygdeytelser"),
        (("naeringsinntekt", "vederlag"), BANK, None),
    ],
)
def test_kode_og_utbetaler_gir_gruppe(kode: tuple[str, str], utbetaler: str, gruppe: str | None) -> None:
    anslag = _anslag(date(2026, 2, 10), _oppgave(1, utbetaler, (kode, 100)))
    assert list(_verdier(anslag)) == ([] if gruppe is None else [gruppe])
    assert len(anslag.maa_plasseres) == (gruppe is None)


def test_krigspensjon_har_egen_minsteregel() -> None:
    anslag = _anslag(date(2026, 2, 10), _oppgave(1, NAV, (("pensjonEllerTrygd", "krigspensjon"), 100)))
    assert [omtale.hjemmel for omtale in anslag.maa_plasseres] == ["§ 5 femte ledd"]
    assert Varselkode.KRIGSPENSJON in _koder(anslag)


def test_omsorgsstoenad_er_inntekt_etter_paragraf_3_og_foreslaas_trukket_etter_paragraf_10() -> None:
    kode = ("loennsinntekt", "kommunalOmsorgsloennOgFosterhjemsgodtgjoerelse")
    anslag = _anslag(date(2026, 2, 10), _oppgave(1, BANK, (kode, 100)))
    assert _verdier(anslag) == {"arbeidsinntekt": 1_200}
    assert anslag.omsorgsstoenad is not None
    assert anslag.omsorgsstoenad.verdi == 1_200
    assert Varselkode.OMSORGSSTOENAD in _koder(anslag)


def test_utgiftsgodtgjoerelse_er_ikke_inntekt() -> None:
    kode = ("loennsinntekt", "smusstillegg")
    som_utgift = _anslag(date(2026, 2, 10), _oppgave(1, BANK, (kode, 100), fordel=UTGIFTSGODTGJOERELSE))
    assert (som_utgift.inntekt, len(som_utgift.ikke_inntekt)) == (None, 1)
    assert Varselkode.TREKKPLIKTIG_GODTGJOERELSE in _koder(som_utgift)
    som_loenn = _anslag(date(2026, 2, 10), _oppgave(1, BANK, (kode, 100)))
    assert (som_loenn.inntekt, len(som_loenn.maa_plasseres)) == (None, 1)


@pytest.mark.parametrize(
    ("kode", "fordel", "liste"),
    [
        (("loennsinntekt", "overtidsmat"), UTGIFTSGODTGJOERELSE, "ukjente"),
        (("pensjonEllerTrygd", "fastloenn"), "kontantytelse", "ukjente"),
        (("ytelseFraOffentlige", "underholdsbidragTilBarn"), "kontantytelse", "ukjente"),
        (FASTLOENN, "noeNytt", "maa_plasseres"),
        (("loennsinntekt", "skattefriErstatning"), "kontantytelse", "ikke_inntekt"),
    ],
)
def test_ukjente_og_ugyldige_koder_meldes(kode: tuple[str, str], fordel: str, liste: str) -> None:
    """«overtidsmat» stands in the documentation's own example and in no code list."""
    anslag = _anslag(date(2026, 2, 10), _oppgave(1, BANK, (kode, 100), fordel=fordel))
    assert [omtale.beloep for omtale in getattr(anslag, liste)] == [100]
    assert anslag.inntekt is None


@pytest.mark.parametrize(
    ("trekk", "aaret"),
    [((-100, -100), 1_200), ((100, 100), 1_200), ((100, -100), None), ((), None)],
)
def test_forskuddstrekk(trekk: tuple[int, ...], aaret: int | None) -> None:
    oppgaver = [_oppgave(m, NAV, (FOLKETRYGD, 1), trekk=(beloep,)) for m, beloep in enumerate(trekk, start=1)]
    anslag = _anslag(date(2026, 3, 10), *(oppgaver or [_oppgave(1, NAV, (FOLKETRYGD, 1))]))
    assert (None if anslag.forskuddstrekk is None else anslag.forskuddstrekk.verdi) == aaret
    assert (Varselkode.FORSKUDDSTREKK_FORTEGN in _koder(anslag)) is (trekk == (100, -100))


def test_plassering_av_saksbehandler() -> None:
    noekkel = Kodenoekkel(*TJENESTEPENSJON, BANK, "kontantytelse")
    oppgave = _oppgave(1, BANK, (TJENESTEPENSJON, 100))
    privat = Kodeplassering(noekkel, Gruppe.PRIVAT_PENSJON, "Storbedriftens pensjonskasse", fremfoeres=True)
    anslag = _anslag(date(2026, 2, 10), oppgave, plasseringer=(privat,))
    assert _verdier(anslag) == {"privatPensjon": 1_200}
    assert anslag.maa_plasseres == ()
    utenfor = Kodeplassering(noekkel, None, "Tilbakebetalt", fremfoeres=False)
    anslag = _anslag(date(2026, 2, 10), oppgave, plasseringer=(utenfor,))
    assert (anslag.inntekt, anslag.maa_plasseres, len(anslag.ikke_inntekt)) == (None, (), 1)


def test_plassering_som_ikke_kan_brukes() -> None:
    noekkel = Kodenoekkel(*FOLKETRYGD, NAV, "kontantytelse")
    oppgave = _oppgave(1, NAV, (FOLKETRYGD, 100))
    with pytest.raises(UkjentPlasseringError):
        _anslag(
            date(2026, 2, 10),
            oppgave,
            plasseringer=(Kodeplassering(noekkel, Gruppe.PRIVAT_PENSJON, "x", fremfoeres=True),),
        )
    with pytest.raises(ValueError, match="begrunnelse"):
        _anslag(
            date(2026, 2, 10), oppgave, plasseringer=(Kodeplassering(noekkel, None, "", fremfoeres=True),)
        )


def test_skjermet_og_feil_aar() -> None:
    assert anslag_for_aaret(Inntektssvar(2026, (), skjermet=True), HELE_AARET) == Skjermet(2026, Api.INNTEKT)
    with pytest.raises(ValueError, match="året"):
        anslag_for_aaret(Inntektssvar(2025, (_oppgave(1, NAV),)), HELE_AARET)


def test_treet_viser_maaneder_utbetaler_og_framskriving() -> None:
    anslag = _anslag(date(2026, 3, 10), *(_oppgave(m, NAV, (FOLKETRYGD, 100)) for m in (1, 2)))
    steg = anslag.grupper[Gruppe.PENSJON_FRA_FOLKETRYGDEN].barn[0]
    assert steg.formel is not None
    assert steg.formel.replace("\u00a0", " ") == "200 + 100 × 10 måneder = 1 200"
    kjente = steg.barn[0].barn
    assert [blad.kilde for blad in kjente] == [
        f"inntekt (a-ordningen) 2026, alderspensjon, utbetaler {NAV}, 2026-0{m}" for m in (1, 2)
    ]


def test_privat_arbeidsgivers_id_vises_aldri() -> None:
    """A household's employee: the payer is a person, and the id must not reach a tree or a repr."""
    privatperson = "03845540100"
    oppgave = _oppgave(1, privatperson, (("loennsinntekt", "loennTilPrivatpersonerForArbeidIHjemmet"), 100))
    anslag = _anslag(date(2026, 2, 10), oppgave, _oppgave(1, privatperson, (TJENESTEPENSJON, 5)))
    noder: list[Node] = [anslag.grupper[Gruppe.ARBEIDSINNTEKT]]
    tekst = repr(oppgave) + repr(anslag)
    while noder:
        node = noder.pop()
        tekst += f"{node.id} {node.navn} {node.kilde} {node.formel}"
        noder.extend(node.barn)
    assert "utbetaler privat arbeidsgiver" in tekst
    assert privatperson not in tekst


def test_beloep_staar_ikke_i_repr() -> None:
    oppgave = _oppgave(1, BANK, (FASTLOENN, 987_654), (TJENESTEPENSJON, 876_543), trekk=(765_432,))
    anslag = _anslag(date(2026, 2, 10), oppgave)
    assert not any(tall in repr(oppgave) + repr(anslag) for tall in ("987654", "876543", "765432"))
