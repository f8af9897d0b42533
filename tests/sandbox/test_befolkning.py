"""The population: valid synthetic ids, every branch, and figures that belong together."""

from collections import Counter
from datetime import date
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sandbox.befolkning import poster
from app.sandbox.befolkning.navngitte import BETALERE, SISTE_AAR, UKJENT_PERSON, aarssum, navngitte
from app.sandbox.befolkning.person import Person, Skjerming
from app.sandbox.befolkning.poster import POSTER, Rolle
from app.sandbox.befolkning.register import STANDARD_ANTALL, Befolkning, UkjentPersonError
from app.sandbox.befolkning.satser import AAR, INNTEKTSSKATT, SATSER, andel
from app.sandbox.befolkning.skatt import Tall
from app.sandbox.skatteetaten.hendelser import Hendelse
from app.sandbox.standard import KOMMUNER, LEVERANDOER
from app.sandbox.syntetisk import er_syntetisk_orgnr, er_syntetisk_person, personidentifikator
from tests.calc.poster.lesing import les_liste

PERSONER = {person.kallenavn: person for person in navngitte()}
FLOKK = Befolkning(antall=400).flokk
UTVALG = [FLOKK.person(nummer) for nummer in range(FLOKK.antall)]

# Published persons who show another branch by having what others lack.
GRENER = {
    "enslig-pensjonist", "ektepar-beboer", "ektepar-hjemme", "utbytte", "gevinst", "tap", "naering",
    "uskiftet-bo", "svalbard", "kildeskatt", "skjermet-helt", "skjermet-delvis", "slettet",
    "uten-oppgjoer", "uten-noe", "null-inntekt", "to-identiteter", "ukjent-post", "korreksjoner", "utland",
    "barn", "formue", "ufoer", "doed", "omsorgsstoenad", "ukjent-inntektskode", "gammelt-og-nytt-navn",
    "livsvarig-afp", "ks-langtid-beboer", "ks-langtid-partner", "ks-bistand-soeker", "ks-bistand-ektefelle",
    "ks-openapi-soeker", "ks-openapi-ektefelle",
}  # fmt: skip


def tall_i(person: Person) -> list[Tall]:
    return [tall for oppgjoer in person.oppgjoer.values() for tall in oppgjoer.deler()]


def id_paa(person: Person) -> str:
    return person.kallenavn


def test_hver_gren_er_der() -> None:
    assert set(PERSONER) == GRENER


def test_alle_identiteter_er_syntetiske_og_ulike() -> None:
    identer = [i for person in PERSONER.values() for i in person.identer]
    identer += [FLOKK.ident(nummer) for nummer in range(FLOKK.antall)] + [UKJENT_PERSON]
    assert [i for i in identer if not er_syntetisk_person(i)] == []
    assert [i for i, antall in Counter(identer).items() if antall > 1] == []


def test_de_trykte_identitetene_kan_ikke_tilhoere_noen() -> None:
    """Ids KS has printed are synthetic, or of a day that no month and no D-number has."""
    trykte = [ident for person in PERSONER.values() for ident in person.trykte]
    assert len(trykte) == 6
    assert len(set(trykte) | {i for person in PERSONER.values() for i in person.identer}) == 6 + sum(
        len(person.identer) for person in PERSONER.values()
    )
    assert all(er_syntetisk_person(ident) or int(ident[:2]) > 71 for ident in trykte)
    befolkning = Befolkning(antall=0)
    assert [befolkning.finn(ident) for ident in trykte] == [
        person for person in PERSONER.values() for _ in person.trykte
    ]


@pytest.mark.parametrize("ident", ["16822548834", "11812448848", "28837598585", "09819899123"])
def test_kontrollen_godtar_publiserte_testpersoner(ident: str) -> None:
    """Persons printed in Skatteetaten's documentation of the test environment."""
    assert er_syntetisk_person(ident)


@pytest.mark.parametrize("ident", ["16822548835", "16822548824", "01010112345", "1682254883", "1682254883x"])
def test_kontrollen_avviser_andre(ident: str) -> None:
    assert not er_syntetisk_person(ident)


def test_alle_virksomheter_er_syntetiske() -> None:
    orgnumre = [LEVERANDOER, *BETALERE, *(k.orgnr for k in KOMMUNER)]
    assert all(er_syntetisk_orgnr(orgnr) for orgnr in orgnumre)
    assert len(set(orgnumre)) == len(orgnumre)
    assert not er_syntetisk_orgnr("974761076")  # valid, but not synthetic
    assert er_syntetisk_orgnr("310332712")


def test_flokken_er_stor_og_lik_for_hver_start() -> None:
    assert STANDARD_ANTALL >= 10_000
    en, to = Befolkning(), Befolkning()
    assert en.flokk.ident(9_999) == to.flokk.ident(9_999)
    assert en.flokk.person(123) == to.flokk.person(123)
    assert en.flokk.person(123) != Befolkning(froe=1).flokk.person(123)
    assert len(en._flokkens_identer) == STANDARD_ANTALL


def test_fordelingene_er_rimelige() -> None:
    """A crowd of mostly pensioners with ordinary incomes; bounds wide enough for any seed."""
    med = {
        navn: sum(navn in p.oppgjoer[2024].fastland.poster for p in UTVALG if p.oppgjoer[2024].fastland)
        / len(UTVALG)
        for navn in (poster.ALDERSPENSJON, poster.TJENESTEPENSJON, poster.UTBYTTE, poster.GJELD)
    }
    assert 0.3 < med[poster.ALDERSPENSJON] < 0.7
    assert 0.1 < med[poster.UTBYTTE] < 0.2
    assert 0.15 < med[poster.GJELD] < 0.35
    inntekter = [t.poster[poster.SUM_INNTEKTER] for p in UTVALG for t in tall_i(p) if t.aar == 2024]
    assert 250_000 < median(inntekter) < 500_000
    assert sum(SISTE_AAR not in p.oppgjoer for p in UTVALG) == len(UTVALG) // 40


@pytest.mark.parametrize("person", [*PERSONER.values(), *UTVALG[:40]], ids=id_paa)
def test_postene_summerer_seg(person: Person) -> None:
    for tall in tall_i(person):
        if tall.bare_trykte:
            continue
        sum_ = summer(tall.poster)
        assert tall.poster[poster.SUM_INNTEKTER] == sum_["inntekt"]
        assert tall.poster[poster.SUM_FRADRAG] == sum_["fradrag"]
        assert tall.poster[poster.ALMINNELIG_INNTEKT] == sum_["inntekt"] - sum_["fradrag"]
        assert tall.poster.get(poster.BRUTTOFORMUE, 0) == sum_["brutto"]
        assert tall.poster.get(poster.SAMLET_GJELD, 0) == sum_["gjeld"]
        assert tall.poster.get(poster.NETTOFORMUE, 0) == sum_["brutto"] - sum_["gjeld"]


def summer(alle: dict[str, int]) -> dict[str, int]:
    """The sums, added up here anew from what each post is."""
    ut = dict.fromkeys(("inntekt", "fradrag", "brutto", "gjeld"), 0)
    for navn, beloep in alle.items():
        match POSTER[navn][0]:
            case Rolle.LOENN | Rolle.PENSJON | Rolle.ANNEN_INNTEKT:
                ut["inntekt"] += beloep
            case Rolle.FRADRAG:
                ut["fradrag"] += beloep
            case Rolle.FORMUE:
                ut["brutto"] += beloep
            case Rolle.RABATT:
                ut["brutto"] -= beloep
            case Rolle.GJELD:
                ut["gjeld"] += beloep
            case _:
                pass
    return ut


# The parts of skattOgAvgift that are themselves sums of others.
_DELSUMMER = {"inntektsskattTilKommuneOgFylkeskommune", "sumTrygdeavgift"}


@pytest.mark.parametrize("person", [*PERSONER.values(), *UTVALG[:40]], ids=id_paa)
def test_beregnet_skatt_er_summen_av_delene(person: Person) -> None:
    for oppgjoer in person.oppgjoer.values():
        if oppgjoer.fastland is None:
            continue
        skatt = oppgjoer.fastland.beregnet
        deler = {n: d["beloep"] for n, d in skatt["skattOgAvgift"].items()}
        assert (
            sum(b for n, b in deler.items() if n not in _DELSUMMER) == skatt["beregnetSkattFoerSkattefradrag"]
        )
        assert skatt["beregnetSkatt"] == skatt["beregnetSkattFoerSkattefradrag"] - skatt.get(
            "sumSkattefradrag", 0
        )
        assert skatt["informasjonTilSkattelister"]["beregnetSkatt"] == skatt["beregnetSkatt"]
        kommune_og_fylke = deler["inntektsskattTilKommune"] + deler["inntektsskattTilFylkeskommune"]
        assert deler["inntektsskattTilKommuneOgFylkeskommune"] == kommune_og_fylke
        assert all(beloep >= 0 for beloep in deler.values())


def test_inntektsskatten_er_22_prosent_over_personfradraget() -> None:
    """What lets a reader find personfradraget again from the answer (to the rounding of three parts)."""
    assert INNTEKTSSKATT == 2200
    tall = PERSONER["enslig-pensjonist"].oppgjoer[2025].fastland
    assert tall is not None
    deler = tall.beregnet["skattOgAvgift"]
    inntektsskatt = deler["inntektsskattTilKommuneOgFylkeskommune"]["beloep"] + deler["fellesskatt"]["beloep"]
    over = tall.alminnelig_inntekt - SATSER[2025].personfradrag
    assert abs(inntektsskatt - andel(over, 2200)) <= 2


def test_skatteetatens_eksempel_for_2022_til_kronen() -> None:
    """The published example: 305 050 after særfradrag, wage 350 000, net wealth 5 200 000 → 120 148."""
    tall = Tall(2022, {poster.LOENN: 350_000, poster.ALMINNELIG_INNTEKT: 305_050,
                       poster.NETTOFORMUE: 5_200_000}, bare_trykte=True)  # fmt: skip
    assert tall.beregnet["beregnetSkatt"] == 120_148
    assert {n: d["beloep"] for n, d in tall.beregnet["skattOgAvgift"].items()} == {
        "formuesskattTilStat": 8_750, "inntektsskattTilKommune": 27_025,
        "inntektsskattTilFylkeskommune": 5_923, "inntektsskattTilKommuneOgFylkeskommune": 32_948,
        "formuesskattTilKommune": 24_500, "fellesskatt": 21_348, "trinnskatt": 4_602,
        "trygdeavgiftAvLoennsinntekt": 28_000, "sumTrygdeavgift": 28_000,
    }  # fmt: skip


# Source: KS' printed calculation for langtidsopphold 2023.
KS_BEBOER = {
    "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt": 767_670,
    "avkortetFordelVedElektroniskKommunikasjon": 4_392,
    "samledeOpptjenteRenterIInnenlandskeBanker": 2_163,
    "utbytteFraAksje": 27_493,
    "oppjustertTilleggTilUtbytteFraAksje": 19_795,
    "minstefradragIInntekt": 104_450,
    "sumInntekterIAlminneligInntektFoerFordelingsfradrag": 821_513,
    "alminneligInntektFoerSaerfradrag": 717_063,
    "innskudd": 108_147,
    "verdiFoerVerdsettingsrabattForAksje": 1_284_727,
    "bruttoformue": 1_135_929,
}
KS_PARTNER = {
    "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt": 142_622,
    "avkortetFordelVedElektroniskKommunikasjon": 3_600,
    "renteinntektAvSkadeforsikring": 2_234,
    "betalteForsinkelsesrenter": 876,
    "minstefradragIInntekt": 67_262,
    "alminneligInntektFoerSaerfradrag": 80_318,
    "samletGjeld": 29_188,
}


@pytest.mark.parametrize(
    ("kallenavn", "aar", "trykt"),
    [("ks-langtid-beboer", 2023, KS_BEBOER), ("ks-langtid-partner", 2023, KS_PARTNER)],
)
def test_ks_langtid(kallenavn: str, aar: int, trykt: dict[str, int]) -> None:
    tall = PERSONER[kallenavn].oppgjoer[aar].fastland
    assert tall is not None
    assert {navn: tall.poster[navn] for navn in trykt} == trykt


def test_ks_langtid_skatt() -> None:
    tall = PERSONER["ks-langtid-beboer"].oppgjoer[2023].fastland
    assert tall is not None
    assert tall.beregnet["informasjonTilSkattelister"]["beregnetSkatt"] == 234_591
    uten_skatt = sum(tall.poster[n] for n in (poster.LOENN, poster.EKOM, poster.RENTER, poster.UTBYTTE))
    assert uten_skatt == 801_718
    assert uten_skatt - tall.beregnet["beregnetSkatt"] == 567_127


def test_ks_praktisk_bistand() -> None:
    soeker, ektefelle = (
        PERSONER[navn].oppgjoer[2021].fastland for navn in ("ks-bistand-soeker", "ks-bistand-ektefelle")
    )
    assert soeker is not None
    assert ektefelle is not None
    s, e = soeker.poster, ektefelle.poster
    uten_manuelle = s[poster.ALMINNELIG_INNTEKT] - s[poster.GEVINST_OPP] + s[poster.TAP] + s[poster.TAP_OPP]
    assert uten_manuelle + 2_000 - 1_000 - 3_000 == 93_431
    assert (
        e[poster.ALMINNELIG_INNTEKT]
        - e[poster.GEVINST_SDF]
        - e[poster.GEVINST_SDF_OPP]
        - e[poster.TILLEGG_SDF_OPP]
        == 6_381_000
    )


def test_formuesskatt_er_med_i_beregnet_skatt() -> None:
    for kallenavn in ("formue", "uskiftet-bo"):
        tall = PERSONER[kallenavn].oppgjoer[2025].fastland
        assert tall is not None
        deler = tall.beregnet["skattOgAvgift"]
        formuesskatt = deler["formuesskattTilStat"]["beloep"] + deler["formuesskattTilKommune"]["beloep"]
        assert formuesskatt > 0


def test_gevinsten_skattlegges_med_oppjustering() -> None:
    oppgjoer = PERSONER["gevinst"].oppgjoer
    med, uten = oppgjoer[2024].fastland, oppgjoer[2023].fastland
    assert med is not None
    assert uten is not None
    assert med.poster[poster.GEVINST_OPP] == andel(med.poster[poster.GEVINST], 7200)
    assert med.beregnet["beregnetSkatt"] > uten.beregnet["beregnetSkatt"] + 100_000


def test_naering_staar_to_ganger_men_teller_en() -> None:
    tall = PERSONER["naering"].oppgjoer[2025].fastland
    assert tall is not None
    assert tall.poster[poster.NAERING] == tall.poster[poster.NAERING_PERSON] == 214_000
    assert tall.poster[poster.SUM_INNTEKTER] == 214_000 + 142_000


def test_fradrag_for_skatt_i_utlandet() -> None:
    tall = PERSONER["utland"].oppgjoer[2025].fastland
    assert tall is not None
    assert tall.beregnet["skattefradrag"] == {"skattefradragForInntektsskattBetaltIUtlandet": 7_400}


def test_pensjonen_er_delt_paa_utbetaler() -> None:
    tall = PERSONER["ektepar-beboer"].oppgjoer[SISTE_AAR].fastland
    assert tall is not None
    detaljer = tall.spesifisering[poster.TJENESTEPENSJON]
    assert len(detaljer) == 2
    assert {d["organisasjonsnummer"] for d in detaljer} <= set(BETALERE)
    assert (
        sum(d["pensjonsinntektPerSkattleggingsperiode"] for d in detaljer)
        == tall.poster[poster.TJENESTEPENSJON]
    )


# Descriptions in the monthly reports → the post of the year they add up to.
MAANEDER = [
    ("enslig-pensjonist", poster.ALDERSPENSJON, ("alderspensjon",)),
    ("ektepar-beboer", poster.ALDERSPENSJON, ("alderspensjon",)),
    ("ektepar-beboer", poster.TJENESTEPENSJON, ("pensjonOgLivrenterIArbeidsforhold",)),
    ("ektepar-hjemme", poster.LOENN, ("fastloenn",)),
    ("korreksjoner", poster.ALDERSPENSJON, ("alderspensjon",)),
    ("omsorgsstoenad", poster.LOENN, ("fastloenn", "kommunalOmsorgsloennOgFosterhjemsgodtgjoerelse")),
    ("doed", poster.ALDERSPENSJON, ("alderspensjon",)),
]


@pytest.mark.parametrize(("kallenavn", "post", "beskrivelser"), MAANEDER)
def test_maanedene_summerer_seg_til_aaret(kallenavn: str, post: str, beskrivelser: tuple[str, ...]) -> None:
    person = PERSONER[kallenavn]
    tall = person.oppgjoer[2025].fastland
    assert tall is not None
    assert aarssum(person.inntekt, 2025, *beskrivelser) == tall.poster[post]


def test_rettelser_gir_to_oppgaver_for_samme_maaned_og_betaler() -> None:
    antall = Counter((o.maaned, o.betaler) for o in PERSONER["korreksjoner"].inntekt)
    assert sorted(maaned for (maaned, _), n in antall.items() if n > 1) == ["2025-11", "2026-02"]


def test_skjerming_er_ulik_fra_datasett_til_datasett() -> None:
    delvis = PERSONER["skjermet-delvis"].skjerming
    assert (delvis["summertskattegrunnlag"], delvis["beregnetskatt"]) == (Skjerming.DELVIS, Skjerming.HELT)


def test_repr_har_verken_ident_eller_beloep() -> None:
    person = PERSONER["enslig-pensjonist"]
    assert repr(person) == "Person(enslig-pensjonist)"
    hendelse = Hendelse(7, person.identer[0], "2025", "ny", None, date(2026, 1, 1))
    synlig = repr((hendelse, person.oppgjoer, person.inntekt))
    assert person.identer[0] not in synlig
    assert not any(str(b) in synlig for t in tall_i(person) for b in t.poster.values() if b > 9_999)


INNTEKTER = [
    navn
    for navn, (rolle, _) in POSTER.items()
    if rolle in (Rolle.LOENN, Rolle.PENSJON) and navn != poster.ALDERSPENSJON_2021
]


@given(
    aar=st.sampled_from(AAR),
    inntekt=st.dictionaries(st.sampled_from(INNTEKTER), st.integers(0, 5_000_000), min_size=1),
    gevinst=st.integers(0, 3_000_000),
    gjeldsrenter=st.integers(0, 3_000_000),
    innskudd=st.integers(0, 50_000_000),
)
@settings(max_examples=200, deadline=None)
def test_alle_tall_henger_sammen(
    aar: int, inntekt: dict[str, int], gevinst: int, gjeldsrenter: int, innskudd: int
) -> None:
    """Whatever is put in: sums add up, no tax is negative, and a gain never lowers the tax."""
    beloep = {**inntekt, poster.GJELDSRENTER: gjeldsrenter, poster.INNSKUDD: innskudd}
    uten, med = Tall(aar, beloep), Tall(aar, {**beloep, poster.GEVINST: gevinst})
    assert med.poster[poster.SUM_INNTEKTER] == summer(med.poster)["inntekt"]
    assert 0 <= uten.beregnet["beregnetSkatt"] <= med.beregnet["beregnetSkatt"]
    deler = med.beregnet["skattOgAvgift"]
    assert sum(d["beloep"] for n, d in deler.items() if n not in _DELSUMMER) == med.beregnet["beregnetSkatt"]


@given(dag=st.dates(date(1900, 1, 1), date(2039, 12, 31)), plass=st.integers(0, 499), d_nummer=st.booleans())
def test_hvert_laget_nummer_er_gyldig(dag: date, plass: int, d_nummer: bool) -> None:
    assert er_syntetisk_person(personidentifikator(dag, plass, d_nummer=d_nummer))


def test_endringer_for_en_kommune_ses_bare_der() -> None:
    befolkning = Befolkning(antall=0)
    befolkning.slett_oppgjoer("formue", 2025, kommune="310000000")
    ident = PERSONER["formue"].identer[0]
    hos, andre = befolkning.finn(ident, "310000000"), befolkning.finn(ident, "310001007")
    assert hos is not None
    assert andre is not None
    assert (2025 in hos.oppgjoer, 2025 in andre.oppgjoer) == (False, True)
    befolkning.nullstill()
    assert befolkning.finn(ident, "310000000") == PERSONER["formue"]


@pytest.mark.parametrize("kallenavn", ["ingen", "flokk-999999", "flokk-x", "flokk--1"])
def test_ukjent_kallenavn(kallenavn: str) -> None:
    with pytest.raises(UkjentPersonError):
        Befolkning(antall=10).person(kallenavn)


def test_postene_finnes_i_skatteetatens_liste_for_aaret() -> None:
    listen = {rad["tekniskNavn"]: rad for rad in les_liste("navn_og_aar.csv")}
    for person in [*PERSONER.values(), *UTVALG[:20]]:
        for tall in tall_i(person):
            for post in tall.grunnlag():
                navn = post["tekniskNavn"]
                if navn == poster.UKJENT_POST:
                    continue
                assert str(tall.aar) in listen[navn]["aar"].split(), (navn, tall.aar)
                assert post["kategori"] == listen[navn]["kategori"], navn


def test_inntektskodene_finnes_i_kodelisten() -> None:
    koder = {(rad["inntektstype"], rad["beskrivelse"]) for rad in les_liste("koder.csv")}
    brukte = {
        (rad.slag, rad.beskrivelse)
        for person in [*PERSONER.values(), *UTVALG[:20]]
        for oppgave in person.inntekt
        for rad in oppgave.rader
    }
    assert brukte - koder == {("pensjonEllerTrygd", "sandkasseytelse")}
