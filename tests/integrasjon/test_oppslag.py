"""Look-up to basis, each krone traced, for every branch the sandbox's persons take."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.poster.inntekter import Aarsanslag, Kodeplassering
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.typer import Gruppe, Omtale, UfullstendigGrunnlagError, Varselkode
from app.calc.sporing import Faktum, Node
from app.sandbox.befolkning.navngitte import (
    OFFENTLIG_PENSJONSKASSE,
    PRIVAT_PENSJONSSELSKAP,
    UKJENT_PERSON,
    navngitte,
)
from app.sandbox.forstyrrelser import Art as Sandkassefeil
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.skatteetaten.api import SCOPE_BSA, SCOPE_SSG
from app.sandbox.standard import FJORDVIK, LEVERANDOER, LIA, OEYVAER, SKOGLI, VIDDEFJELL
from app.services.mangler import Grunn, Mangler
from app.services.oppslag import Hentet, paragraf_3, paragraf_10
from app.settings.skatteetaten import ApiNavn, Kommune, Skatteetaten
from app.skatt_client import Ansvar, Api, Maaling
from tests.integrasjon.verden import ALT, ident, innstillinger, ny_sandkasse, slaa_opp

IDAG = date(2026, 11, 18)


@dataclass(frozen=True)
class Bestilling:
    """A disturbance of every call."""

    art: Sandkassefeil
    kode: str | None = None
    retry_after: str | None = None


@pytest.fixture(scope="module")
def sandkasse() -> Sandkasse:
    return ny_sandkasse()


def blader(node: Node) -> Iterator[Node]:
    """The leaves of a tree."""
    barn = [blad for under in node.barn for blad in blader(under)]
    yield from barn or [node]


def langtid(
    sandkasse: Sandkasse, aar: int, beboer: str, ektefelle: str | None = None, kommune: str = FJORDVIK
) -> tuple[Hentet, Hentet | None]:
    andre = None if ektefelle is None else ident(sandkasse, ektefelle)
    return slaa_opp(sandkasse, lambda o: o.langtidsopphold(kommune, aar, ident(sandkasse, beboer), andre))


def bistand(
    sandkasse: Sandkasse, aar: int, mottaker: str, ektefelle: str | None = None
) -> tuple[Hentet, Hentet | None]:
    andre = None if ektefelle is None else ident(sandkasse, ektefelle)
    return slaa_opp(sandkasse, lambda o: o.praktisk_bistand(FJORDVIK, aar, ident(sandkasse, mottaker), andre))


def grunnlaget(hentet: Hentet | None, **valg: tuple[Plassering, ...]) -> Langtidsgrunnlag:
    assert hentet is not None
    grunnlag = paragraf_3(hentet, **valg)  # type: ignore[arg-type]
    assert grunnlag is not None
    return grunnlag


def husstanden(hentet: Hentet | None) -> Husstandsgrunnlag:
    assert hentet is not None
    grunnlag = paragraf_10(hentet)
    assert grunnlag is not None
    return grunnlag


# --- A couple from a cold start ---------------------------------------------------------------


def test_et_par_faar_begge_grunnlag_med_hver_krone_sporet(sandkasse: Sandkasse) -> None:
    beboer, hjemme = langtid(sandkasse, 2025, "ektepar-beboer", "ektepar-hjemme")
    assert beboer.mangler == ()
    assert hjemme is not None
    assert hjemme.mangler == ()

    # Two pension funds nobody has ruled on wait for the caseworker, each with its payer.
    aapent = grunnlaget(beboer)
    assert {omtale.utbetaler for omtale in aapent.maa_plasseres} == {
        OFFENTLIG_PENSJONSKASSE,
        PRIVAT_PENSJONSSELSKAP,
    }
    post = aapent.maa_plasseres[0].teknisk_navn
    plasseringer = (
        Plassering(
            post,
            Gruppe.OFFENTLIG_TJENESTEPENSJON,
            "Kommunens egen pensjonskasse",
            utbetaler=OFFENTLIG_PENSJONSKASSE,
        ),
        Plassering(post, Gruppe.PRIVAT_PENSJON, "Privat selskap", utbetaler=PRIVAT_PENSJONSSELSKAP),
    )
    par_3 = grunnlaget(beboer, plasseringer=plasseringer)
    assert par_3.aapne == 0
    assert set(par_3.grupper) == {
        Gruppe.PENSJON_FRA_FOLKETRYGDEN,
        Gruppe.OFFENTLIG_TJENESTEPENSJON,
        Gruppe.PRIVAT_PENSJON,
        Gruppe.RENTEINNTEKT,
    }

    # Each krone: the leaves add up to the sum, and each names its post and its API.
    assert par_3.inntekt is not None
    poster = [blad for blad in blader(par_3.inntekt) if isinstance(blad, Faktum)]
    assert sum(Decimal(str(blad.verdi)) for blad in poster) == par_3.inntekt.verdi
    wire = {p.teknisk_navn: p.beloep for p in beboer.svar.poster} if beboer.svar else {}
    per_post: dict[str, Decimal] = {}
    for blad in poster:
        navn = blad.id.removeprefix("skattepost.").partition(".")[0]
        assert f"summert skattegrunnlag 2025, {navn}" in blad.kilde
        per_post[navn] = per_post.get(navn, Decimal(0)) + Decimal(str(blad.verdi))
    assert per_post == {navn: wire[navn] for navn in per_post}
    assert par_3.skatt is not None
    assert all("beregnet skatt 2025" in str(b.kilde) for b in blader(par_3.skatt.beregnet_skatt))

    # Into the calculators, as they stand.
    forsoerget = {
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 0,
        **grunnlaget(hjemme).forsoergetfelter(),
    }
    inn = {
        "aar": 2025,
        **par_3.kalkulatorfelter(),
        "forsoergede": [forsoerget],
        "opphold": [{"art": "LANGTID", "fra": "2020-06-01"}],
    }
    ut = les_json(kalkuler(Art.LANGTIDSOPPHOLD, skriv_json(inn), forklar=False))
    assert ut["inntekt"] == par_3.inntekt.verdi

    mottaker, ektefelle = bistand(sandkasse, 2025, "ektepar-beboer", "ektepar-hjemme")
    begge = [husstanden(mottaker), husstanden(ektefelle)]
    for par_10, hentet in zip(begge, (mottaker, ektefelle), strict=True):
        assert par_10.aapne == 0
        assert par_10.skattbar_nettoinntekt is not None
        assert hentet is not None
        assert hentet.svar is not None
        wire = {p.teknisk_navn: p.beloep for p in hentet.svar.poster}
        assert par_10.skattbar_nettoinntekt.verdi == wire["alminneligInntektFoerSaerfradrag"]
    husstand = [
        {"rolle": rolle, **par_10.kalkulatorfelter()}
        for rolle, par_10 in zip(("TJENESTEMOTTAKER", "EKTEFELLE"), begge, strict=True)
    ]
    ut = les_json(
        kalkuler(Art.PRAKTISK_BISTAND, skriv_json({"aar": 2026, "husstand": husstand}), forklar=False)
    )
    assert ut["grunnlag"] == sum(
        par_10.skattbar_nettoinntekt.verdi for par_10 in begge if par_10.skattbar_nettoinntekt is not None
    )


def test_det_hentes_ikke_mer_enn_det_trengs(sandkasse: Sandkasse) -> None:
    """§ 5 asks for the spouse's income, § 10 for nobody's beregnet skatt, and nothing follows a refusal."""
    ny = ny_sandkasse()
    langtid(ny, 2025, "ektepar-beboer", "ektepar-hjemme")
    assert _kall(ny) == {"summertskattegrunnlag": 2, "beregnetskatt": 1}
    ny.maalinger.nullstill()
    bistand(ny, 2025, "ektepar-beboer", "ektepar-hjemme")
    assert _kall(ny) == {"summertskattegrunnlag": 2}
    ny.maalinger.nullstill()
    langtid(ny, 2025, "uten-oppgjoer")
    assert _kall(ny) == {"summertskattegrunnlag": 1}


def _kall(sandkasse: Sandkasse) -> dict[str, int]:
    antall: dict[str, int] = {}
    for rad in sandkasse.maalinger.logg:
        if rad.system != "maskinporten":
            antall[rad.system] = antall.get(rad.system, 0) + 1
    return antall


# --- The published KS cases, end to end -------------------------------------------------------


def test_ks_langtid_2023(sandkasse: Sandkasse) -> None:
    """KS: income 801 718, tax 234 591, partner's work 146 222, basis 567 127."""
    beboer, partner = langtid(sandkasse, 2023, "ks-langtid-beboer", "ks-langtid-partner")
    grunnlag = grunnlaget(beboer)
    assert grunnlag.aapne == 0
    partnerfelter = grunnlaget(partner).forsoergetfelter()
    assert partnerfelter == {"arbeidsinntekt": Decimal(146_222)}
    inn = {
        "aar": 2023,
        **grunnlag.kalkulatorfelter(),
        "forsoergede": [{"relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0, **partnerfelter}],
        "opphold": [{"art": "LANGTID", "fra": "2020-06-01"}],
    }
    ut = les_json(kalkuler(Art.LANGTIDSOPPHOLD, skriv_json(inn), forklar=False))
    assert (ut["inntekt"], ut["fradragsberettigetSkatt"]) == (801_718, 234_591)
    assert (ut["fradragParagraf5"], ut["beregningsgrunnlag"]) == (0, 567_127)


def test_ks_praktisk_bistand_2021(sandkasse: Sandkasse) -> None:
    """KS, September 2023: 93 431 and 6 381 000."""
    soeker, ektefelle = bistand(sandkasse, 2021, "ks-bistand-soeker", "ks-bistand-ektefelle")
    for_haand = {"hjelpestoenad": 2_000, "omsorgsstoenad": 1_000, "skjoennsmessigFradrag": 3_000}
    husstand = [
        {"rolle": "TJENESTEMOTTAKER", **husstanden(soeker).kalkulatorfelter(), **for_haand},
        {"rolle": "EKTEFELLE", **husstanden(ektefelle).kalkulatorfelter()},
    ]
    ut = les_json(
        kalkuler(Art.PRAKTISK_BISTAND, skriv_json({"aar": 2022, "husstand": husstand}), forklar=False)
    )
    assert [person["grunnlag"] for person in ut["perPerson"]] == [93_431, 6_381_000]
    assert ut["grunnlag"] == 6_474_431


# --- Every person's branch --------------------------------------------------------------------

ANNEN_PENSJON = "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"
V = Varselkode

# Nickname, year, groups of § 3, posts that wait under § 3, how many things wait under § 3 and § 10, and
# warnings. The amounts are those of the person's own description in ``app.sandbox.befolkning.navngitte``.
GRENER: list[tuple[str, int, dict[str, int], set[str], int, int, set[Varselkode]]] = [
    ("enslig-pensjonist", 2025, {"pensjonFraFolketrygden": 334_056, "renteinntekt": 18_400}, set(), 0, 0, set()),
    ("ektepar-beboer", 2025, {"pensjonFraFolketrygden": 334_056, "renteinntekt": 9_200}, {ANNEN_PENSJON}, 2, 0, set()),
    ("ektepar-hjemme", 2025, {"arbeidsinntekt": 288_000, "renteinntekt": 2_100}, set(), 0, 0, set()),
    ("gevinst", 2024, {"pensjonFraFolketrygden": 316_105, "renteinntekt": 6_207}, set(), 0, 0, {V.GEVINST_HOLDT_UTENFOR}),
    ("tap", 2025, {"pensjonFraFolketrygden": 344_000, "renteinntekt": 6_500}, set(), 1, 0, {V.PERSONFRADRAG_UKJENT, V.GEVINST_HOLDT_UTENFOR}),
    ("utbytte", 2025, {"pensjonFraFolketrygden": 318_000, "annenAvkastning": 52_000}, set(), 0, 0, set()),
    ("naering", 2025, {"pensjonFraFolketrygden": 142_000, "naeringsinntekt": 214_000}, set(), 0, 0, set()),
    ("uskiftet-bo", 2025, {"pensjonFraFolketrygden": 333_000, "renteinntekt": 61_000}, set(), 0, 0, {V.USKIFTET_BO, V.FORMUESSKATT}),
    ("formue", 2025, {"pensjonFraFolketrygden": 352_000, "leieinntekt": 96_000, "renteinntekt": 104_000}, set(), 0, 0, {V.FORMUESSKATT}),
    ("ukjent-post", 2025, {"pensjonFraFolketrygden": 266_000}, {"sandkasseytelseSomIkkeFinnesIKatalogen"}, 1, 1, set()),
    ("gammelt-og-nytt-navn", 2022, {}, set(), 2, 0, {V.INGEN_POSTER}),
    ("utland", 2025, {"pensjonFraFolketrygden": 196_000}, {"pensjonFraUtlandetSkattepliktigINorge"}, 1, 0, {V.UTLAND, V.SKATT_BETALT_I_UTLANDET}),
    ("barn", 2025, {"pensjonFraFolketrygden": 114_000, "renteinntekt": 1_200}, set(), 0, 0, set()),
    ("ufoer", 2025, {"andreLoependeTrygdeytelser": 312_000, "renteinntekt": 900}, set(), 0, 0, set()),
    ("livsvarig-afp", 2025, {"pensjonFraFolketrygden": 240_000, "offentligTjenestepensjon": 61_000}, set(), 0, 0, set()),
    ("svalbard", 2025, {"renteinntekt": 3_900}, {"pensjonsinntektOmfattetAvLoennstrekkordningen"}, 1, 3, {V.SVALBARD}),
    ("kildeskatt", 2025, {"arbeidsinntekt": 186_000}, set(), 0, 0, set()),
    ("null-inntekt", 2025, {"andreLoependeTrygdeytelser": 0, "arbeidsinntekt": 0, "renteinntekt": 0}, set(), 0, 0, set()),
    ("slettet", 2024, {"pensjonFraFolketrygden": 288_410, "renteinntekt": 1_814}, set(), 0, 0, set()),
    ("uten-oppgjoer", 2024, {"pensjonFraFolketrygden": 265_490}, set(), 0, 0, set()),
    ("to-identiteter", 2025, {"pensjonFraFolketrygden": 315_000, "renteinntekt": 12_000}, set(), 0, 0, set()),
    ("korreksjoner", 2025, {"pensjonFraFolketrygden": 332_724}, set(), 0, 0, set()),
    ("omsorgsstoenad", 2025, {"arbeidsinntekt": 495_600}, set(), 0, 0, set()),
    ("doed", 2025, {"pensjonFraFolketrygden": 334_056}, set(), 0, 0, set()),
    ("ukjent-inntektskode", 2025, {"pensjonFraFolketrygden": 260_000}, set(), 0, 0, set()),
    ("ks-openapi-soeker", 2023, {"pensjonFraFolketrygden": 45_000, "naeringsinntekt": 50_000}, set(), 0, 0, set()),
    ("ks-openapi-ektefelle", 2023, {"pensjonFraFolketrygden": 50_000}, set(), 0, 0, set()),
    ("ks-langtid-beboer", 2023, {"arbeidsinntekt": 772_062, "renteinntekt": 2_163, "annenAvkastning": 27_493}, set(), 0, 0, set()),
    ("ks-langtid-partner", 2023, {"arbeidsinntekt": 146_222, "renteinntekt": 2_234}, set(), 0, 0, set()),
    ("ks-bistand-soeker", 2021, {}, set(), 2, 0, {V.MOTPOST_MANGLER, V.INGEN_POSTER}),
    ("ks-bistand-ektefelle", 2021, {}, set(), 1, 0, {V.INGEN_POSTER}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kallenavn", "aar", "grupper", "venter", "aapne_3", "aapne_10", "varsler"),
    GRENER,
    ids=[f"{gren[0]}-{gren[1]}" for gren in GRENER],
)
def test_grenen_gir_sitt_grunnlag(
    sandkasse: Sandkasse,
    kallenavn: str,
    aar: int,
    grupper: dict[str, int],
    venter: set[str],
    aapne_3: int,
    aapne_10: int,
    varsler: set[Varselkode],
) -> None:
    hentet, _ = langtid(sandkasse, aar, kallenavn)
    assert hentet.mangler == ()
    par_3, par_10 = grunnlaget(hentet), husstanden(hentet)
    assert {str(gruppe): int(steg.verdi) for gruppe, steg in par_3.grupper.items()} == grupper
    aapne: tuple[Omtale, ...] = (*par_3.maa_plasseres, *par_3.ukjente, *par_3.utenfor_aar)
    assert {omtale.teknisk_navn for omtale in aapne} == venter
    assert (par_3.aapne, par_10.aapne) == (aapne_3, aapne_10)
    assert varsler <= {varsel.kode for varsel in par_3.varsler}


# Nickname, year, what is missing; whether there are posts all the same.
UTEN: list[tuple[str, int, Grunn, Api, Ansvar, bool]] = [
    ("skjermet-helt", 2025, Grunn.SKJERMET, Api.SKATTEGRUNNLAG, Ansvar.SAKSBEHANDLEREN, False),
    ("skjermet-delvis", 2025, Grunn.SKJERMET, Api.BEREGNET_SKATT, Ansvar.SAKSBEHANDLEREN, True),
    ("slettet", 2025, Grunn.SLETTET, Api.SKATTEGRUNNLAG, Ansvar.SAKSBEHANDLEREN, False),
    ("uten-oppgjoer", 2025, Grunn.IKKE_OPPGJOER_ENNAA, Api.SKATTEGRUNNLAG, Ansvar.INGEN, False),
    ("uten-noe", 2025, Grunn.IKKE_OPPGJOER_ENNAA, Api.SKATTEGRUNNLAG, Ansvar.INGEN, False),
    ("enslig-pensjonist", 2026, Grunn.IKKE_OPPGJOER_ENNAA, Api.SKATTEGRUNNLAG, Ansvar.INGEN, False),
    ("kildeskatt", 2023, Grunn.IKKE_OPPGJOER_ENNAA, Api.SKATTEGRUNNLAG, Ansvar.INGEN, False),
]


def test_alle_personene_er_med() -> None:
    assert {gren[0] for gren in GRENER} | {gren[0] for gren in UTEN} == {p.kallenavn for p in navngitte()}


@pytest.mark.parametrize(
    ("kallenavn", "aar", "grunn", "api", "ansvar", "poster"), UTEN, ids=[f"{u[0]}-{u[1]}" for u in UTEN]
)
def test_det_som_mangler_er_aldri_null(
    sandkasse: Sandkasse, kallenavn: str, aar: int, grunn: Grunn, api: Api, ansvar: Ansvar, poster: bool
) -> None:
    hentet, _ = langtid(sandkasse, aar, kallenavn)
    assert [(m.grunn, m.api, m.ansvar) for m in hentet.mangler] == [(grunn, api, ansvar)]
    assert (paragraf_3(hentet) is not None) is poster
    assert (paragraf_10(hentet) is not None) is poster
    if poster:
        # Posts without tax: shown, and not ready.
        grunnlag = grunnlaget(hentet)
        assert grunnlag.skatt is None
        assert grunnlag.aapne == 1
        with pytest.raises(UfullstendigGrunnlagError):
            grunnlag.kalkulatorfelter()


def test_begge_identitetene_gir_det_samme(sandkasse: Sandkasse) -> None:
    def grunnlag_for(identitet: str) -> Langtidsgrunnlag:
        return grunnlaget(slaa_opp(sandkasse, lambda o: o.langtidsopphold(FJORDVIK, 2025, identitet))[0])

    ene, andre = map(grunnlag_for, sandkasse.befolkning.person("to-identiteter").identer)
    assert ene.kalkulatorfelter() == andre.kalkulatorfelter()


# --- Every outcome of the client, in its own words --------------------------------------------

# How it is brought about: the kommune, the person, and what the sandbox is ordered to do.
UTFALL: list[tuple[str, Grunn, str, str | None, Bestilling | None]] = [
    ("mp-250", Grunn.INGEN_TILGANG, OEYVAER, None, None),
    ("mp-251", Grunn.INGEN_TILGANG, VIDDEFJELL, None, None),
    ("uten-pakke", Grunn.INGEN_TILGANG, LIA, None, None),
    ("ukjent-person", Grunn.UKJENT_PERSON, FJORDVIK, UKJENT_PERSON, None),
    ("strupet", Grunn.STRUPET, FJORDVIK, None, Bestilling(Sandkassefeil.FOR_MANGE, retry_after="900")),
    ("strupet-uten-tid", Grunn.STRUPET, FJORDVIK, None, Bestilling(Sandkassefeil.FOR_MANGE)),
    ("html-500", Grunn.UTILGJENGELIG, FJORDVIK, None, Bestilling(Sandkassefeil.HTML_500)),
    ("html-503", Grunn.UTILGJENGELIG, FJORDVIK, None, Bestilling(Sandkassefeil.HTML_503)),
    ("ssg-001", Grunn.UTILGJENGELIG, FJORDVIK, None, Bestilling(Sandkassefeil.KODE, kode="SSG-001")),
    ("brudd", Grunn.UTILGJENGELIG, FJORDVIK, None, Bestilling(Sandkassefeil.BRUDD)),
    ("avkortet", Grunn.UGYLDIG_SVAR, FJORDVIK, None, Bestilling(Sandkassefeil.AVKORTET)),
    ("tom-kropp", Grunn.UGYLDIG_SVAR, FJORDVIK, None, Bestilling(Sandkassefeil.TOM_KROPP)),
    ("feil-person", Grunn.UGYLDIG_SVAR, FJORDVIK, None, Bestilling(Sandkassefeil.FEIL_PERSON)),
    ("feil-aar", Grunn.UGYLDIG_SVAR, FJORDVIK, None, Bestilling(Sandkassefeil.FEIL_AAR)),
    ("bar-404", Grunn.FEIL_OPPSETT, FJORDVIK, None, Bestilling(Sandkassefeil.BAR_404)),
    ("ukjent-instans", Grunn.FEIL_OPPSETT, FJORDVIK, None, Bestilling(Sandkassefeil.UKJENT_INSTANS)),
    ("ssg-004", Grunn.INGEN_TILGANG, FJORDVIK, None, Bestilling(Sandkassefeil.KODE, kode="SSG-004")),
]


def _med_utfall(kommune: str, person: str | None, bestilling: Bestilling | None) -> Mangler:
    ny = ny_sandkasse()
    if bestilling is not None:
        ny.forstyrrelser.bestill(
            "summertskattegrunnlag", bestilling.art, kode=bestilling.kode, retry_after=bestilling.retry_after
        )
    hvem = person or ident(ny, "enslig-pensjonist")
    hentet, _ = slaa_opp(ny, lambda o: o.langtidsopphold(kommune, 2025, hvem))
    assert paragraf_3(hentet) is None
    assert paragraf_10(hentet) is None
    (mangel,) = hentet.mangler
    return mangel


@pytest.mark.parametrize(
    ("grunn", "kommune", "person", "bestilling"), [u[1:] for u in UTFALL], ids=[u[0] for u in UTFALL]
)
def test_utfallet_faar_sin_grunn(
    grunn: Grunn, kommune: str, person: str | None, bestilling: Bestilling | None
) -> None:
    mangel = _med_utfall(kommune, person, bestilling)
    assert mangel.grunn is grunn
    assert mangel.gaar_over is (grunn in (Grunn.STRUPET, Grunn.UTILGJENGELIG))
    assert mangel.tekst.endswith(".")


def test_hvert_utfall_har_sin_egen_setning(sandkasse: Sandkasse) -> None:
    mangler = [_med_utfall(*u[2:]) for u in UTFALL]
    mangler += [m for u in UTEN for m in langtid(sandkasse, u[1], u[0])[0].mangler]
    av = innstillinger(paa=frozenset({ApiNavn.BEREGNET_SKATT}))
    hentet, _ = slaa_opp(sandkasse, lambda o: o.langtidsopphold(FJORDVIK, 2025, UKJENT_PERSON), av)
    mangler += hentet.mangler
    setninger: dict[str, set[Grunn]] = {}
    for mangel in mangler:
        setninger.setdefault(mangel.tekst, set()).add(mangel.grunn)
    assert all(len(grunner) == 1 for grunner in setninger.values())
    # What was never asked for is no outcome of a look-up; a preview says so of those it does not look up.
    assert {mangel.grunn for mangel in mangler} == set(Grunn) - {Grunn.IKKE_HENTET}


def test_beregnet_skatt_av_gir_grunnlag_uten_skatt(sandkasse: Sandkasse) -> None:
    uten = innstillinger(paa=ALT - {ApiNavn.BEREGNET_SKATT})
    person = ident(sandkasse, "enslig-pensjonist")
    hentet, _ = slaa_opp(sandkasse, lambda o: o.langtidsopphold(FJORDVIK, 2025, person), uten)
    assert [m.grunn for m in hentet.mangler] == [Grunn.IKKE_SLAATT_PAA]
    assert grunnlaget(hentet).aapne == 1


@pytest.mark.parametrize("aapnet", [True, False])
def test_systembruker_i_stedet_for_delegering(aapnet: bool) -> None:
    """A strategy per API: one that takes no systembruker refuses, and the kommune is told."""
    ny = ny_sandkasse()
    for scope in (SCOPE_SSG, SCOPE_BSA):  # Now we are the consumer, and not the kommune.
        ny.register.scopes[scope].tilganger.add(LEVERANDOER)
    if aapnet:
        ny.avtaler.systembruker.update({"summertskattegrunnlag", "beregnetskatt"})
    kommune = Kommune(navn="Fjordvik", tilgang="systembruker")
    valg = innstillinger().model_copy(update={"skatteetaten": Skatteetaten(kommuner={FJORDVIK: kommune})})
    person = ident(ny, "enslig-pensjonist")
    hentet, _ = slaa_opp(ny, lambda o: o.langtidsopphold(FJORDVIK, 2025, person), valg)
    assert [m.grunn for m in hentet.mangler] == ([] if aapnet else [Grunn.INGEN_TILGANG])
    assert (paragraf_3(hentet) is not None) is aapnet


# --- Monthly income, on and off ---------------------------------------------------------------


def _anslag(
    sandkasse: Sandkasse, kallenavn: str, kommune: str = FJORDVIK, *, paa: bool = True
) -> Aarsanslag | Mangler:
    valg = innstillinger(paa=ALT) if paa else innstillinger()
    return slaa_opp(sandkasse, lambda o: o.aarsanslag(kommune, 2026, ident(sandkasse, kallenavn), IDAG), valg)


def test_inntekt_er_av_fra_foerste_stund(sandkasse: Sandkasse) -> None:
    ny = ny_sandkasse()
    svar = _anslag(ny, "enslig-pensjonist", paa=False)
    assert isinstance(svar, Mangler)
    assert svar.grunn is Grunn.IKKE_SLAATT_PAA
    assert _kall(ny) == {}


def test_anslaget_fremskriver_pensjonen_etter_mai(sandkasse: Sandkasse) -> None:
    """2026: 28 282 to April, 29 670 from May; October is complete on 10 November and stands for two months.

    The sandbox's made-up payer is nobody the catalogue knows, so the caseworker says what it pays.
    """
    aapent = _anslag(sandkasse, "enslig-pensjonist")
    assert isinstance(aapent, Aarsanslag)
    assert aapent.inntekt is None
    (venter,) = aapent.maa_plasseres
    valg = Kodeplassering(venter.noekkel, Gruppe.PENSJON_FRA_FOLKETRYGDEN, "Som Nav", fremfoeres=True)
    person = ident(sandkasse, "enslig-pensjonist")
    anslag = slaa_opp(
        sandkasse, lambda o: o.aarsanslag(FJORDVIK, 2026, person, IDAG, (valg,)), innstillinger(paa=ALT)
    )
    assert isinstance(anslag, Aarsanslag)
    assert anslag.aapne == 0
    assert anslag.siste_maaned == "2026-10"
    assert anslag.inntekt is not None
    assert anslag.inntekt.verdi == 4 * 28_282 + 8 * 29_670
    assert anslag.forskuddstrekk is not None


def test_en_kommune_uten_rettighetspakken_faar_vite_det(sandkasse: Sandkasse) -> None:
    svar = _anslag(sandkasse, "enslig-pensjonist", SKOGLI)
    assert isinstance(svar, Mangler)
    assert svar.grunn is Grunn.INGEN_TILGANG


def test_ukjent_inntektskode_vises(sandkasse: Sandkasse) -> None:
    anslag = _anslag(sandkasse, "ukjent-inntektskode")
    assert isinstance(anslag, Aarsanslag)
    assert "sandkasseytelse" in {omtale.noekkel.beskrivelse for omtale in anslag.ukjente}


# --- Nothing personal comes out ---------------------------------------------------------------


def test_verken_maalinger_eller_repr_roeper_noen(sandkasse: Sandkasse) -> None:
    maalinger: list[Maaling] = []
    person = sandkasse.befolkning.person("ektepar-beboer")
    hentet, _ = slaa_opp(
        sandkasse, lambda o: o.langtidsopphold(FJORDVIK, 2025, person.identer[0]), maalinger=maalinger
    )
    tekst = repr(maalinger) + repr(hentet) + repr(grunnlaget(hentet))
    assert maalinger
    assert person.identer[0] not in tekst
    assert FJORDVIK not in repr(maalinger)
    assert "334056" not in tekst


def test_de_to_maa_vaere_ulike(sandkasse: Sandkasse) -> None:
    with pytest.raises(ValueError, match="den samme") as feil:
        langtid(sandkasse, 2025, "barn", "barn")
    assert ident(sandkasse, "barn") not in str(feil.value)
