"""The § 3 basis: published cases, payer split, refused pairs, and what must wait for a caseworker."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc.poster.katalog import Art
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering, Utfall
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.skatt import BeregnetSkatt, Skattedel
from app.calc.poster.typer import (
    Api,
    Gruppe,
    Skattepost,
    Skattesvar,
    Skjermet,
    Spesifisering,
    Svardel,
    UfullstendigGrunnlagError,
    UkjentPlasseringError,
    Varselkode,
)
from app.calc.sporing import Enhet, Faktum, Node
from tests.calc.poster.lesing import av, fil, skatt, svar

SATS = Faktum("skattesats", "Skattesats", Decimal(22), Enhet.PROSENT, "test")
ANNEN_PENSJON = "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"
SPK, KLP, NAV, UKJENT_UTBETALER = "982583462", "938708606", "889640782", "310827002"


def _grunnlag(inn: Skattesvar, **valg: Any) -> Langtidsgrunnlag:
    grunnlag = langtidsgrunnlag(inn, **valg)
    assert isinstance(grunnlag, Langtidsgrunnlag)
    return grunnlag


def _verdier(grunnlag: Langtidsgrunnlag) -> dict[str, int]:
    return {str(gruppe): int(steg.verdi) for gruppe, steg in grunnlag.grupper.items()}


def _koder(grunnlag: Langtidsgrunnlag) -> set[Varselkode]:
    return {varsel.kode for varsel in grunnlag.varsler}


def _blader(node: Node) -> list[Node]:
    return [blad for barn in node.barn for blad in _blader(barn)] or [node]


# --- Published cases --------------------------------------------------------------------------


def test_ks_langtid_2023() -> None:
    """KS' example: 801 718 in income, 234 591 in tax, partner's work 146 222 against etterlattepensjon 0."""
    beboer = _grunnlag(
        svar(fil("langtid-2023-beboer.json")), beregnet=skatt(fil("langtid-2023-beboer-skatt.json"))
    )
    assert _verdier(beboer) == {"arbeidsinntekt": 772_062, "renteinntekt": 2_163, "annenAvkastning": 27_493}
    partner = _grunnlag(svar(fil("langtid-2023-partner.json")))
    assert partner.forsoergetfelter() == {"arbeidsinntekt": Decimal(146_222)}
    assert beboer.aapne == 0
    assert beboer.inntekt is not None
    assert beboer.inntekt.verdi == 801_718
    felter = beboer.kalkulatorfelter()
    forsoergerfradrag = max(Decimal(0), 0 - partner.forsoergetfelter()["arbeidsinntekt"])
    beregnet = felter["skatt"]["beregnetSkatt"] - felter["skatt"]["formuesskatt"]
    assert sum(felter["inntekter"].values()) - beregnet - forsoergerfradrag == 567_127


def test_ks_openapi_eksempel() -> None:
    """Spec example: 45 000 + 50 000, and 30 000 by hand, less 25 000 in tax = 100 000."""
    grunnlag = _grunnlag(
        svar(fil("openapi-2023-soeker.json")), beregnet=skatt(fil("openapi-2023-soeker-skatt.json"))
    )
    assert _verdier(grunnlag) == {"pensjonFraFolketrygden": 45_000, "naeringsinntekt": 50_000}
    felter = grunnlag.kalkulatorfelter()
    assert sum(felter["inntekter"].values()) + 30_000 - felter["skatt"]["beregnetSkatt"] == 100_000


def test_gevinst_holdes_utenfor_med_forslag_til_skattejustering() -> None:
    """Sivilombudet 17.11.2025: the tax of a gain kept out is kept out too. BSA figures: api-dok 2022."""
    grunnlag = _grunnlag(
        svar(fil("gevinst-2022.json")),
        beregnet=skatt(fil("gevinst-2022-skatt.json")),
        skattesats=SATS,
        ordinaert_personfradrag=Decimal(58_250),
    )
    assert grunnlag.kalkulatorfelter() == {
        "inntekter": {"pensjonFraFolketrygden": 250_050},
        "skatt": {
            "beregnetSkatt": 120_148,
            "formuesskatt": 33_250,
            "alminneligInntekt": 305_050,
            "personfradrag": 58_250,
            "skattesats": 22,
            "holdtUtenfor": [
                {
                    "art": "GEVINST",
                    "beloep": 50_000,
                    "oppjusteringsfaktor": Decimal("1.6"),
                    "beskrivelse": "Gevinst ved salg av aksjer",
                }
            ],
        },
    }
    assert _koder(grunnlag) == {Varselkode.FORMUESSKATT, Varselkode.GEVINST_HOLDT_UTENFOR}


def test_oppjustering_som_er_avrundet_staar_for_seg() -> None:
    """17 × 0.72 is no whole krone: the uplift is its own item, so X is what the tax was computed of."""
    gevinst, loeft = "gevinstVedRealisasjonAvAksje", "oppjustertTilleggTilGevinstVedRealisasjonAvAksje"
    grunnlag = _grunnlag(av(2023, (gevinst, 17), (loeft, 12)))
    assert [(h.art, int(h.beloep), int(h.oppjusteringsfaktor)) for h in grunnlag.holdt_utenfor] == [
        (Art.GEVINST, 17, 1),
        (Art.GEVINST, 12, 1),
    ]


def test_oppjustering_av_utbytte_er_verken_inntekt_eller_skattejustering() -> None:
    grunnlag = _grunnlag(av(2023, ("utbytteFraAksje", 100), ("oppjustertTilleggTilUtbytteFraAksje", 72)))
    assert _verdier(grunnlag) == {"annenAvkastning": 100}
    assert grunnlag.holdt_utenfor == ()


def test_oppjustering_uten_gevinst_varsles() -> None:
    grunnlag = _grunnlag(av(2023, ("oppjustertTilleggTilTapVedRealisasjonAvAksje", 72)))
    assert Varselkode.MOTPOST_MANGLER in _koder(grunnlag)
    assert [(h.art, int(h.beloep)) for h in grunnlag.holdt_utenfor] == [(Art.TAP, 72)]


# --- Payers -----------------------------------------------------------------------------------


def _pensjon(navn: str, beloep: int, *utbetalere: tuple[str | None, int]) -> Skattesvar:
    elementer = tuple(Spesifisering("KollektivPensjonsordning", nr, del_) for nr, del_ in utbetalere)
    return Skattesvar(2024, (Skattepost(navn, beloep, "inntekt", elementer),))


@pytest.mark.parametrize(
    ("navn", "beloep", "utbetalere", "grupper", "til_saksbehandler"),
    [
        (ANNEN_PENSJON, 90, ((SPK, 60), (KLP, 30)), {"offentligTjenestepensjon": 90}, []),
        (ANNEN_PENSJON, 90, ((SPK, 60), (UKJENT_UTBETALER, 30)), {"offentligTjenestepensjon": 60}, [30]),
        (ANNEN_PENSJON, 90, ((SPK, 60),), {"offentligTjenestepensjon": 60}, [30]),
        (ANNEN_PENSJON, 90, (), {}, [90]),
        (ANNEN_PENSJON, 90, ((None, 90),), {}, [90]),
        (ANNEN_PENSJON, 90, (("03845540100", 90),), {}, [90]),
        (ANNEN_PENSJON, 90, ((SPK, 91),), {}, [90]),
        (ANNEN_PENSJON, 90, ((NAV, 90),), {}, [90]),
        ("samletAvtalefestetPensjon", 90, ((NAV, 90),), {}, [90]),
        ("ektefelletilleggTilPensjon", 90, ((NAV, 90),), {"pensjonFraFolketrygden": 90}, []),
        ("ektefelletilleggTilPensjon", 90, ((KLP, 90),), {"offentligTjenestepensjon": 90}, []),
        (
            "ufoeretrygdOmfattetAvLoennstrekkordningen",
            90,
            ((NAV, 90),),
            {"andreLoependeTrygdeytelser": 90},
            [],
        ),
    ],
)
def test_utbetaleren_avgjoer_gruppen(
    navn: str,
    beloep: int,
    utbetalere: tuple[tuple[str | None, int], ...],
    grupper: dict[str, int],
    til_saksbehandler: list[int],
) -> None:
    """§ 5 tredje ledd: half of public and half of private pension, so the payer must be known."""
    grunnlag = _grunnlag(_pensjon(navn, beloep, *utbetalere))
    assert _verdier(grunnlag) == grupper
    assert [omtale.beloep for omtale in grunnlag.maa_plasseres] == til_saksbehandler
    assert {omtale.utbetaler for omtale in grunnlag.maa_plasseres} <= {None, NAV, UKJENT_UTBETALER}


# --- What is never added ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aar", "navn"),
    [
        (2022, ("samletPensjonFraFolketrygden", "alderspensjonFraFolketrygden")),
        (
            2022,
            ("samletSkattepliktigOverskuddFraUtleieAvFastEiendom", "nettoinntektVedUtleieAvFastEiendomMv"),
        ),
        (
            2022,
            ("dagpengerForNaeringsdrivendeOgFisker", "dagpengerForFisker", "dagpengerForNaeringsdrivende"),
        ),
        (2021, ("skattepliktigUtbytteFraAksjeOgVerdipapirfondAksjedel", "utbytteFraAksje")),
        (2023, ("utbytteFraAksje", "utbytteFraAksje")),
    ],
)
def test_gammelt_og_nytt_navn_avvises_og_legges_aldri_sammen(aar: int, navn: tuple[str, ...]) -> None:
    grunnlag = _grunnlag(av(aar, *((n, 100) for n in navn)))
    (par,) = grunnlag.avviste
    assert sorted(o.teknisk_navn for o in par.poster) == sorted(navn)
    assert par.har_virkning
    assert grunnlag.inntekt is None
    valgt = _grunnlag(
        av(aar, *((n, 100) for n in navn)),
        plasseringer=(Plassering(navn[0], Gruppe.ANNEN_AVKASTNING, "Kontrollert mot oppgjøret"),),
    )
    assert _verdier(valgt) == {"annenAvkastning": 100}
    assert {o.teknisk_navn for o in valgt.ikke_regnet} == set(navn) - {navn[0]}
    assert valgt.aapne_poster == 0


def test_samme_post_paa_fastland_og_svalbard_avvises() -> None:
    poster = tuple(
        Skattepost("utbytteFraAksje", 100, del_=del_) for del_ in (Svardel.FASTLAND, Svardel.SVALBARD)
    )
    grunnlag = _grunnlag(Skattesvar(2023, poster))
    assert grunnlag.inntekt is None
    assert len(grunnlag.avviste) == 1
    assert Varselkode.SVALBARD in _koder(grunnlag)


@pytest.mark.parametrize(
    ("valgt", "sum_"),
    [((Svardel.FASTLAND,), 100), ((Svardel.SVALBARD,), 40), ((Svardel.FASTLAND, Svardel.SVALBARD), 140)],
)
def test_saksbehandler_velger_fastland_svalbard_eller_begge(valgt: tuple[Svardel, ...], sum_: int) -> None:
    poster = (
        Skattepost("utbytteFraAksje", 100),
        Skattepost("utbytteFraAksje", 40, del_=Svardel.SVALBARD),
    )
    valg = tuple(
        Plassering("utbytteFraAksje", Gruppe.ANNEN_AVKASTNING, "Kontrollert mot oppgjøret", del_)
        for del_ in valgt
    )
    grunnlag = _grunnlag(Skattesvar(2023, poster), plasseringer=valg)
    assert _verdier(grunnlag) == {"annenAvkastning": sum_}
    assert {omtale.del_ for omtale in grunnlag.ikke_regnet} == {o.del_ for o in poster} - set(valgt)
    assert grunnlag.aapne_poster == 0


def test_par_uten_virkning_stopper_ikke_grunnlaget() -> None:
    formue = (("samletInnskuddIInnenlandskeBanker", 5), ("innskudd", 5))
    null = (("samletPensjonFraFolketrygden", 0), ("alderspensjonFraFolketrygden", 0))
    for par in (formue, null):
        grunnlag = _grunnlag(av(2022, *par))
        assert [avvist.har_virkning for avvist in grunnlag.avviste] == [False]
        assert grunnlag.aapne_poster == 0


def test_personinntekt_uten_overskudd_overses_ikke() -> None:
    navn = "samletPersoninntektFraEnkeltpersonforetakInnenFiskeOgFangst"
    alene = _grunnlag(av(2023, (navn, 500)))
    assert [o.beloep for o in alene.maa_plasseres] == [500]
    sammen = _grunnlag(av(2023, (navn, 500), ("samletOverskuddAvEnkeltpersonforetakInnenFiskeOgFangst", 510)))
    assert _verdier(sammen) == {"naeringsinntekt": 510}
    assert sammen.maa_plasseres == ()


# --- What waits for a caseworker ------------------------------------------------------------------


def test_ukjent_navn_og_feil_aar_meldes_hver_for_seg() -> None:
    grunnlag = _grunnlag(av(2021, ("heltNyPost", 1), ("omstillingsstoenad", 2), ("foederaad", 0)))
    assert [o.teknisk_navn for o in grunnlag.ukjente] == ["heltNyPost"]
    assert [o.teknisk_navn for o in grunnlag.utenfor_aar] == ["omstillingsstoenad", "foederaad"]
    assert grunnlag.inntekt is None


@pytest.mark.parametrize(
    "post",
    [
        Skattepost("samledeOpptjenteRenterIInnenlandskeBanker", 100, andel_overfoert_fra_barn=10),
        Skattepost("samledeOpptjenteRenterIInnenlandskeBanker", 100, andel_skattefritt=10),
        Skattepost("samledeOpptjenteRenterIInnenlandskeBanker", -1),
        Skattepost("oevrigInntekt", 100),
    ],
)
def test_tvilsomme_beloep_maa_plasseres(post: Skattepost) -> None:
    grunnlag = _grunnlag(Skattesvar(2023, (post,)))
    assert [o.teknisk_navn for o in grunnlag.maa_plasseres] == [post.teknisk_navn]
    assert grunnlag.inntekt is None


def test_null_i_en_post_som_maa_plasseres_er_ikke_noe_aa_plassere() -> None:
    grunnlag = _grunnlag(av(2023, ("oevrigInntekt", 0)))
    assert grunnlag.aapne_poster == 0
    assert [o.teknisk_navn for o in grunnlag.ikke_regnet] == ["oevrigInntekt"]


def test_plassering_av_saksbehandler() -> None:
    inn = av(
        2023,
        ("oevrigInntekt", 100),
        ("underskuddVedUtleieMvAvFastEiendomUtenforNaering", 30),
        ("nettoinntektVedUtleieAvFastEiendomMv", 200),
        ("samletAndelAvFradragsberettigetFelleskostnadForBoligselskapEllerBoligsameie", 60),
        ("gevinstValutalaan", 40),
        ("heltNyPost", 7),
    )
    felleskostnad = "samletAndelAvFradragsberettigetFelleskostnadForBoligselskapEllerBoligsameie"
    grunnlag = _grunnlag(
        inn,
        plasseringer=(
            Plassering("oevrigInntekt", Gruppe.ARBEIDSINNTEKT, "Honorar"),
            Plassering(
                "underskuddVedUtleieMvAvFastEiendomUtenforNaering",
                Gruppe.LEIEINNTEKT,
                "Samme hus",
                trekkes_fra=True,
            ),
            Plassering(felleskostnad, Utfall.GJELDSRENTER, "Renter etter oppgave", beloep=45),
            Plassering("gevinstValutalaan", Utfall.HOLDT_UTENFOR_GEVINST, "Som gevinst"),
            Plassering("heltNyPost", Utfall.IKKE_INNTEKT, "Skattefri gave"),
        ),
    )
    assert _verdier(grunnlag) == {"arbeidsinntekt": 100, "leieinntekt": 170}
    assert grunnlag.gjeldsrenter is not None
    assert grunnlag.gjeldsrenter.verdi == 45
    assert [int(h.beloep) for h in grunnlag.holdt_utenfor] == [40]
    assert grunnlag.aapne_poster == 0
    kilder = [blad.kilde for steg in grunnlag.grupper.values() for blad in _blader(steg)]
    assert "summert skattegrunnlag 2023, oevrigInntekt; plassert av saksbehandler: Honorar" in kilder


DELVIS_AAPENT = av(
    2023,
    ("oevrigInntekt", 100),
    ("utbytteFraAksje", 1),
    ("renteinntektAvObligasjon", 10),
    ("renteinntektAvObligasjon", 20),
)


@pytest.mark.parametrize(
    ("valg", "feil"),
    [
        (Plassering("utbytteFraAksje", Gruppe.LEIEINNTEKT, "x"), UkjentPlasseringError),
        (Plassering("finnesIkke", Gruppe.LEIEINNTEKT, "x"), UkjentPlasseringError),
        (Plassering("oevrigInntekt", Gruppe.LEIEINNTEKT, " "), ValueError),
        (Plassering("oevrigInntekt", Gruppe.LEIEINNTEKT, "x", beloep=101), ValueError),
        (Plassering("oevrigInntekt", Gruppe.LEIEINNTEKT, "x", beloep=-1), ValueError),
        (Plassering("renteinntektAvObligasjon", Gruppe.RENTEINNTEKT, "hvilket?"), ValueError),
        (Plassering("renteinntektAvObligasjon", Gruppe.RENTEINNTEKT, "mer enn begge", beloep=31), ValueError),
    ],
)
def test_plassering_som_ikke_kan_brukes(valg: Plassering, feil: type[Exception]) -> None:
    with pytest.raises(feil):
        langtidsgrunnlag(DELVIS_AAPENT, plasseringer=(valg,))


def test_halve_renten_av_en_felles_konto() -> None:
    """[praksis] Interest of a joint account counts by half; the ruling carries a warning, so it gives way."""
    renter = "samledeOpptjenteRenterIInnenlandskeBanker"
    inn = av(2023, (renter, 101), ("renteinntektAvObligasjon", 9))
    valg = Plassering(renter, Gruppe.RENTEINNTEKT, "Felles konto, halvparten", beloep=50)
    assert _verdier(_grunnlag(inn)) == {"renteinntekt": 110}
    halvert = _grunnlag(inn, plasseringer=(valg,))
    assert _verdier(halvert) == {"renteinntekt": 59}
    assert [(o.teknisk_navn, o.beloep) for o in halvert.ikke_regnet] == [(renter, 51)]
    assert halvert.aapne_poster == 0


def test_tvilsom_avgjoerelse_viker_for_saksbehandler() -> None:
    inn = av(2023, ("supplerendeStoenad", 100))
    valg = Plassering("supplerendeStoenad", Utfall.IKKE_INNTEKT, "Vurdert")
    assert _verdier(_grunnlag(inn)) == {"andreLoependeTrygdeytelser": 100}
    assert _verdier(_grunnlag(inn, plasseringer=(valg,))) == {}


def test_to_plasseringer_av_samme_post_avvises() -> None:
    valg = Plassering("oevrigInntekt", Gruppe.ARBEIDSINNTEKT, "x")
    with pytest.raises(ValueError, match="to ganger"):
        langtidsgrunnlag(DELVIS_AAPENT, plasseringer=(valg, valg))


def test_dobbel_post_med_ulike_beloep_avgjoeres_med_beloep() -> None:
    valg = Plassering("renteinntektAvObligasjon", Gruppe.RENTEINNTEKT, "Begge er riktige", beloep=30)
    assert _verdier(_grunnlag(DELVIS_AAPENT, plasseringer=(valg,))) == {
        "annenAvkastning": 1,
        "renteinntekt": 30,
    }


def test_bare_naeringsinntekt_kan_vaere_negativ() -> None:
    tap = av(2023, ("underskuddVedUtleieMvAvFastEiendomUtenforNaering", 30))
    valg = Plassering(tap.poster[0].teknisk_navn, Gruppe.LEIEINNTEKT, "x", trekkes_fra=True)
    betalt = BeregnetSkatt(2023, (Skattedel(Svardel.FASTLAND, 1),))
    assert _grunnlag(tap, beregnet=betalt, plasseringer=(valg,)).aapne == 1
    assert _grunnlag(av(2023, ("underskuddFraSDF", 30)), beregnet=betalt).aapne == 0


# --- States that are not zero ------------------------------------------------------------------------


def test_skjermet_gir_ikke_noe_grunnlag() -> None:
    skjermet = svar(fil("skjermet.json"))
    assert langtidsgrunnlag(skjermet) == Skjermet(2023, Api.SUMMERT_SKATTEGRUNNLAG)
    aapent = av(2023, ("utbytteFraAksje", 1))
    assert langtidsgrunnlag(aapent, beregnet=BeregnetSkatt(2023, (), skjermet=True)) == Skjermet(
        2023, Api.BEREGNET_SKATT
    )


def test_tomt_svar_er_ukjent_ikke_null() -> None:
    grunnlag = _grunnlag(av(2023))
    assert (grunnlag.inntekt, grunnlag.gjeldsrenter, grunnlag.skatt, grunnlag.grupper) == (
        None,
        None,
        None,
        {},
    )
    assert _koder(grunnlag) == {Varselkode.INGEN_POSTER, Varselkode.SKATT_MANGLER}


@pytest.mark.parametrize(
    ("inn", "valg"),
    [
        (av(2023, ("utbytteFraAksje", 1)), {}),
        (av(2023, ("utbytteFraAksje", 1)), {"beregnet": BeregnetSkatt(2023, ())}),
        (av(2023), {"beregnet": BeregnetSkatt(2023, (Skattedel(Svardel.FASTLAND, 1),))}),
        (
            av(2023, ("utbytteFraAksje", 1), ("gevinstVedRealisasjonAvAksje", 5)),
            {"beregnet": BeregnetSkatt(2023, (Skattedel(Svardel.FASTLAND, 1),))},
        ),
        (
            av(2023, ("utbytteFraAksje", 1), ("ny", 5)),
            {"beregnet": BeregnetSkatt(2023, (Skattedel(Svardel.FASTLAND, 1),))},
        ),
    ],
    ids=["uten skatt", "tom skatt", "uten inntekt", "uten skattejustering", "ukjent post"],
)
def test_ufullstendig_grunnlag_gir_ikke_kalkulatorfelter(inn: Skattesvar, valg: dict[str, Any]) -> None:
    grunnlag = _grunnlag(inn, **valg)
    with pytest.raises(UfullstendigGrunnlagError):
        grunnlag.kalkulatorfelter()


def test_forsoerget_med_aapne_poster_gir_ikke_felter() -> None:
    with pytest.raises(UfullstendigGrunnlagError):
        _grunnlag(av(2023, ("ny", 1))).forsoergetfelter()


def test_ulike_aar_avvises() -> None:
    with pytest.raises(ValueError, match="ulike inntektsår"):
        langtidsgrunnlag(av(2023), beregnet=BeregnetSkatt(2022, ()))


# --- Warnings and trees ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inn", "kode"),
    [
        (av(2023, ("etterlattepensjonFraFolketrygden", 1)), Varselkode.USKIFTET_BO),
        (av(2023, ("pensjonFraUtlandetSkattepliktigINorge", 1)), Varselkode.UTLAND),
        (av(2023, ("samledeOpptjenteRenterIInnenlandskeBanker", 1)), Varselkode.FELLES_KONTO),
        (av(2023, ("samletSkattefriDelAvFormue", 1)), Varselkode.ENGANGSERSTATNING),
        (
            av(2023, ("utbytteFraAksje", 1), spesifisering=(Spesifisering("Konto", land="SE"),)),
            Varselkode.UTLAND,
        ),
    ],
)
def test_varsler(inn: Skattesvar, kode: Varselkode) -> None:
    assert kode in _koder(_grunnlag(inn))


def test_norge_og_null_varsles_ikke() -> None:
    norsk = av(2023, ("utbytteFraAksje", 1), spesifisering=(Spesifisering("Konto", land="NO"),))
    assert Varselkode.UTLAND not in _koder(_grunnlag(norsk))
    assert Varselkode.USKIFTET_BO not in _koder(_grunnlag(av(2023, ("etterlattepensjonFraFolketrygden", 0))))


def test_samme_konto_hos_begge_varsles_uten_kontonummer() -> None:
    konto = (Spesifisering("Konto", beloep=100, kontonummer="12345678903"),)
    hver = av(2023, ("samledeOpptjenteRenterIInnenlandskeBanker", 100), spesifisering=konto)
    grunnlag = _grunnlag(hver, ektefelle=hver)
    assert Varselkode.SAMME_KONTO in _koder(grunnlag)
    assert Varselkode.FELLES_KONTO not in _koder(grunnlag)
    assert not any("12345678903" in varsel.tekst for varsel in grunnlag.varsler)


def test_treet_gaar_ned_til_posten_med_navn_og_api() -> None:
    grunnlag = _grunnlag(
        av(
            2023,
            ("overskuddAvSDF", 100),
            ("underskuddFraSDF", 130),
            ("samletUnderskuddINaeringsvirksomhet", 5),
        )
    )
    assert grunnlag.inntekt is not None
    assert grunnlag.inntekt.verdi == -35
    assert {blad.kilde for blad in _blader(grunnlag.inntekt)} == {
        "summert skattegrunnlag 2023, overskuddAvSDF",
        "summert skattegrunnlag 2023, underskuddFraSDF",
        "summert skattegrunnlag 2023, samletUnderskuddINaeringsvirksomhet",
    }
    naering = grunnlag.grupper[Gruppe.NAERINGSINNTEKT]
    assert naering.formel.replace("\u00a0", " ") == "100 − 130 − 5 = −35"
    assert "§ 3 fjerde ledd første punktum" in naering.hjemmel


def test_beloep_staar_ikke_i_repr() -> None:
    inn = av(
        2023, ("utbytteFraAksje", 987_654), ("oevrigInntekt", 876_543), ("gevinstVedSalgAvAndelISDF", 765_432)
    )
    tekst = repr(inn) + repr(_grunnlag(inn))
    assert not any(tall in tekst for tall in ("987654", "876543", "765432"))
