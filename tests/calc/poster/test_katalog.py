"""The catalogue covers every published name and code, and a file that breaks the format is refused."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest

from app.calc.hjemmel import alle_ledd
from app.calc.poster.katalog import (
    Art,
    Avgjoerelse3,
    Avgjoerelse10,
    Behandling3,
    Behandling10,
    KatalogfeilError,
    Koderad,
    Postrad,
    gyldig_organisasjonsnummer,
    katalogen,
    les_avgjoerelser3,
    les_avgjoerelser10,
    les_koder,
    les_poster,
    les_utbetalere,
    les_varsler,
)
from tests.calc.poster.lesing import les_liste

NAVN_OG_AAR = {
    (rad["tekniskNavn"], int(aar)) for rad in les_liste("navn_og_aar.csv") for aar in rad["aar"].split()
}
KODER = {(rad["inntektstype"], rad["beskrivelse"]) for rad in les_liste("koder.csv")}


def _innhold(navn: str) -> str:
    return files("app.calc.poster").joinpath(navn).read_text("utf-8")


def _dekket(poster: dict[str, tuple[Postrad, ...]]) -> set[tuple[str, int]]:
    return {
        (navn, aar)
        for navn, rader in poster.items()
        for rad in rader
        for aar in range(rad.foerste_aar, rad.siste_aar + 1)
    }


def test_fasiten_har_alle_navn_og_koder() -> None:
    assert len({navn for navn, _ in NAVN_OG_AAR}) == 406
    assert Counter(aar for _, aar in NAVN_OG_AAR) == {2021: 341, 2022: 327, 2023: 297, 2024: 312, 2025: 290}
    assert len(KODER) == 173


def test_hvert_navn_i_hvert_aar_har_noeyaktig_en_avgjoerelse() -> None:
    assert _dekket(katalogen().poster) == NAVN_OG_AAR


def test_hver_inntektskode_har_en_avgjoerelse() -> None:
    assert set(katalogen().koder) == KODER


def test_en_fjernet_rad_oppdages() -> None:
    katalog = katalogen()
    linjer = _innhold("skatteposter.csv").splitlines(keepends=True)
    uten = "".join(linje for linje in linjer if not linje.startswith("foederaad,"))
    uten = uten.replace(",foederaad,", ",,")  # the old name points at the new
    poster = les_poster("x.csv", uten, katalog.avgjoerelser3, katalog.avgjoerelser10)
    assert NAVN_OG_AAR - _dekket(poster) == {("foederaad", aar) for aar in (2022, 2023, 2024, 2025)}


def test_alle_omdoepte_navn_kolliderer_begge_veier() -> None:
    katalog = katalogen()
    par = [
        (rad["tekniskNavn"], nytt)
        for rad in les_liste("navn_og_aar.csv")
        for nytt in rad["sammeBegrep"].split()
    ]
    assert len(par) > 16
    for gammelt, nytt in par:
        assert nytt in katalog.poster[gammelt][0].kolliderer
        assert gammelt in katalog.poster[nytt][0].kolliderer


def test_hver_avgjoerelse_har_grunn_hjemmel_og_brukes() -> None:
    katalog = katalogen()
    ledd = {(rad.paragraf, rad.ledd) for rad in alle_ledd()}
    rader: list[Postrad | Koderad] = [rad for poster in katalog.poster.values() for rad in poster]
    rader += katalog.koder.values()
    avgjoerelser: list[Avgjoerelse3 | Avgjoerelse10] = [
        *katalog.avgjoerelser3.values(),
        *katalog.avgjoerelser10.values(),
    ]
    for avgjoerelse in avgjoerelser:
        assert (avgjoerelse.hjemmel.paragraf, avgjoerelse.hjemmel.ledd) in ledd
        assert avgjoerelse.grunn.endswith(".")
    assert {r.paragraf3.id for r in rader} == set(katalog.avgjoerelser3)
    assert {r.paragraf10.id for r in rader} == set(katalog.avgjoerelser10)


def test_oppjustering_og_motpost_hoerer_sammen_i_begge_paragrafer() -> None:
    katalog = katalogen()
    loeftet = {
        Behandling10.OPPJUSTERING_AV_GEVINST: Behandling10.GEVINST,
        Behandling10.OPPJUSTERING_AV_TAP: Behandling10.TAP,
    }
    for (rad,) in katalog.poster.values():
        if rad.paragraf3.behandling is Behandling3.OPPJUSTERING:
            assert rad.motpost is not None, rad.teknisk_navn
        if rad.paragraf10.behandling in loeftet and rad.motpost is not None:
            mot = katalog.poster[rad.motpost][0]
            assert mot.paragraf10.behandling is loeftet[rad.paragraf10.behandling], rad.teknisk_navn
            assert mot.paragraf3.art is rad.paragraf3.art, rad.teknisk_navn


_BARE_VIST = {Behandling3.BARE_VISNING}
_UTENOM = {Behandling3.FRADRAG_TELLER_IKKE, Behandling3.MAA_PLASSERES}
_TILLATT = {
    "formue": _BARE_VIST,
    "formuesfradrag": _BARE_VIST,
    "verdsettingsrabattSomGirGjeldsreduksjon": _BARE_VIST,
    "-": {Behandling3.SUM_ELLER_DUBLETT, *_BARE_VIST, *_UTENOM},
    "": _UTENOM,
    "oppjusteringAvEierinntekter": {Behandling3.OPPJUSTERING, Behandling3.MAA_PLASSERES},
    "inntektsfradrag": {
        *(Behandling3.GJELDSRENTER, Behandling3.HOLDT_UTENFOR, Behandling3.INNTEKT),
        *(Behandling3.SUM_ELLER_DUBLETT, *_UTENOM),
    },
    "inntekt": {
        *(Behandling3.INNTEKT, Behandling3.ETTER_UTBETALER, Behandling3.HOLDT_UTENFOR),
        *(Behandling3.SUM_ELLER_DUBLETT, *_UTENOM),
    },
}


@pytest.mark.parametrize("rad", les_liste("navn_og_aar.csv"), ids=lambda rad: rad["tekniskNavn"])
def test_avgjoerelsen_er_forenlig_med_kategorien(rad: dict[str, str]) -> None:
    """The category never decides, but it bounds: wealth is never income, a deduction never adds."""
    for post in katalogen().poster[rad["tekniskNavn"]]:
        assert post.paragraf3.behandling in _TILLATT[rad["kategori"]]
        if rad["kategori"] == "inntektsfradrag":
            assert post.paragraf3.behandling is not Behandling3.INNTEKT or post.paragraf3.fortegn < 0
            assert post.paragraf3.art in (None, Art.TAP)
        if rad["kategori"] == "inntekt":
            assert post.paragraf3.fortegn > 0
            assert post.paragraf3.art in (None, Art.GEVINST)
        if _TILLATT[rad["kategori"]] is _BARE_VIST:
            assert post.paragraf10.behandling is Behandling10.IKKE_I_SUMMEN


@pytest.mark.parametrize(
    ("dato", "kjent"),
    [
        (date(2012, 12, 31), False),
        (date(2013, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_utbetalere_er_kjent_i_kontrollerte_aar(dato: date, kjent: bool) -> None:
    assert (katalogen().utbetaler("982583462", dato) is not None) is kjent
    assert katalogen().utbetaler(None, dato) is None


@pytest.mark.parametrize(
    ("navn", "paragraf3", "paragraf10", "kilde"),
    [
        ("samletPensjonFraFolketrygden", "pensjon_folketrygd", "i_summen", "fiks 2021-eksempel"),
        (
            "samletUfoeretrygdFraFolketrygdenEksklusiveEktefelletillegg",
            "trygdeytelse",
            "i_summen",
            "§ 3 fjerde ledd",
        ),
        (
            "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg",
            "pensjon_etter_utbetaler",
            "i_summen",
            "§ 5 (3)",
        ),
        (
            "samletOverskuddAvEnkeltpersonforetakInnenAnnenNaering",
            "naering",
            "i_summen",
            "ssg-v2-2023: 51 432 én gang",
        ),
        (
            "samletPersoninntektFraEnkeltpersonforetakInnenJordbrukReindriftSkiferproduksjonOgAnnenNaering",
            "dublett_personinntekt",
            "i_summen",
            "ssg-v2-2023: 51 432 én gang",
        ),
        ("sumMinstefradrag", "sum", "i_summen", "«Never sum by kategori»"),
        ("skjermingsfradrag", "skatteteknisk", "i_summen", "kategori inntekt, men senker inntekten"),
        (
            "saerskiltInntektsfradragIBarnsInntekt",
            "fradrag",
            "i_summen",
            "kategori inntekt, men senker inntekten",
        ),
        ("alminneligInntektFoerSaerfradrag", "sum", "alminnelig_inntekt", "fiks gruppe 1"),
        ("gevinstVedSalgAvAndelISDF", "gevinst", "gevinst", "fiks gruppe 2"),
        (
            "oppjustertTilleggTilGevinstVedRealisasjonAvAksje",
            "oppjustering_gevinst",
            "oppjustering_gevinst",
            "fiks 3",
        ),
        ("tapVedRealisasjonAvAksje", "tap", "tap", "fiks gruppe 4"),
        (
            "oppjustertTilleggTilTapVedRealisasjonAvAksje",
            "oppjustering_tap",
            "oppjustering_tap",
            "fiks gruppe 5",
        ),
        (
            "oppjustertTilleggTilAndelIFellesTilleggIAlminneligInntektFraSDFInnenAnnenNaering",
            "oppjustering_utbytte",
            "oppjustering_utbytte",
            "fiks gruppe 7",
        ),
        ("utbytteFraAksje", "avkastning", "i_summen", "fiks langtid 2023"),
        ("sumVerdsettingsrabatt", "formue", "formue", "formue teller aldri"),
        ("gevinstVedRealisasjonAvFastEiendomMv", "gevinst", "gevinst", "regelverk: gevinst er ikke inntekt"),
        (
            "skattepliktigTilfeldigInntektFraSpillLotteriMv",
            "spill",
            "i_summen",
            "regelverk: lotteri er ikke inntekt",
        ),
    ],
)
def test_avgjoerelser_vi_har_kilde_for(navn: str, paragraf3: str, paragraf10: str, kilde: str) -> None:
    (rad,) = katalogen().poster[navn]
    assert (rad.paragraf3.id, rad.paragraf10.id) == (paragraf3, paragraf10), kilde


_HODE = "tekniskNavn,foersteAar,sisteAar,navn,paragraf3,paragraf10,motpost,dublettAv,kolliderer,varsel,tvil\n"
_RAD3 = '[[avgjoerelse]]\nid = "a"\nhjemmel = { paragraf = 3, ledd = 4 }\n'


def _poster(innhold: str) -> object:
    return les_poster("x.csv", innhold, katalogen().avgjoerelser3, katalogen().avgjoerelser10)


def _koder(innhold: str) -> object:
    return les_koder("x.csv", innhold, katalogen().avgjoerelser3, katalogen().avgjoerelser10)


def _tre(innhold: str) -> object:
    return les_avgjoerelser3("x.toml", innhold)


def _ti(innhold: str) -> object:
    return les_avgjoerelser10("x.toml", innhold)


def _utbetalere(innhold: str) -> object:
    return les_utbetalere("x.toml", innhold)


@pytest.mark.parametrize(
    ("les", "innhold", "feil"),
    [
        (_tre, _RAD3 + 'behandling = "BARE_VISNING"\n', "mangler"),
        (_tre, _RAD3 + 'behandling = "BARE_VISNING"\ngrunn = " "\n', "mangler grunn"),
        (_tre, _RAD3 + 'behandling = "BARE_VISNING"\ngrunn = "x"\nfarge = 1\n', "ukjente"),
        (_tre, _RAD3 + 'behandling = "BARE_VISNING"\ngrunn = "x"\ngruppe = "leieinntekt"\n', "ukjente"),
        (_tre, _RAD3 + 'behandling = "INNTEKT"\ngrunn = "x"\nfortegn = 1\n', "mangler"),
        (
            _tre,
            _RAD3 + 'behandling = "INNTEKT"\ngrunn = "x"\nfortegn = 2\ngruppe = "leieinntekt"\n',
            "fortegn",
        ),
        (_tre, _RAD3 + 'behandling = "INNTEKT"\ngrunn = "x"\nfortegn = 1\ngruppe = "gaver"\n', "Gruppe"),
        (_tre, _RAD3 + 'behandling = "KANSKJE"\ngrunn = "x"\n', "Behandling3"),
        (_tre, 2 * (_RAD3 + 'behandling = "BARE_VISNING"\ngrunn = "x"\n'), "to ganger"),
        (_ti, _RAD3 + 'behandling = "GEVINST"\n', "mangler"),
        (_poster, "tekniskNavn,navn\n", "kolonnene"),
        (_poster, _HODE + "a,2021,2025,A,borte,i_summen,,,,,\n", "ikke finnes"),
        (_poster, _HODE + "a,2021,2025,A,sum,i_summen,b,,,,\n", "motpost"),
        (_poster, _HODE + "a,2021,2025,A,sum,i_summen,,,,,\na,2025,2025,A,sum,i_summen,,,,,\n", "overlapper"),
        (_poster, _HODE + "a,2025,2021,A,sum,i_summen,,,,,\n", "baklengs"),
        (_poster, _HODE + "a,2021,2025,A,sum,i_summen,,,,HURRA,\n", "Varselkode"),
        (_poster, _HODE + "a,2021,2025,A,sum\n", "antall kolonner"),
        (_poster, _HODE + "a,2021,2025,,sum,i_summen,,,,,\n", "mangler navn"),
        (
            _koder,
            "inntektstype,beskrivelse,gyldigFra,gyldigTil,paragraf3,fremfoeres,paragraf10,varsel,tvil\n"
            "a,b,,,arbeid,kanskje,i_summen,,\n",
            "fremfoeres",
        ),
        (_utbetalere, "kontrollert_til = 2026-12-31\n", "mangler"),
        (
            _utbetalere,
            'kontrollert_til = 2026-12-31\n[[utbetaler]]\norganisasjonsnummer = "982583463"\nnavn = "x"\n'
            'art = "OFFENTLIG"\ngjelder_fra = 2013-01-01\nkilde = { tittel = "x", url = "y" }\n',
            "organisasjonsnummer",
        ),
    ],
)
def test_feil_i_filene_stopper_lesingen(les: Callable[[str], object], innhold: str, feil: str) -> None:
    with pytest.raises(KatalogfeilError, match=feil):
        les(innhold)


def test_alle_varsler_har_tekst() -> None:
    with pytest.raises(KatalogfeilError, match="mangler"):
        les_varsler("x.toml", 'UTLAND = "x"\n')


def test_organisasjonsnummer() -> None:
    assert all(gyldig_organisasjonsnummer(nummer) for nummer in katalogen().utbetalere)
    assert not any(gyldig_organisasjonsnummer(feil) for feil in ("982583463", "98258346", "98258346x", ""))
