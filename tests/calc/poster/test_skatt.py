"""Tax from beregnet skatt, and what the skattejustering is read from."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.calc.beloep import eksakt_regning
from app.calc.poster.skatt import BeregnetSkatt, Skatteart, Skattedata, Skattedel, les_skatt
from app.calc.poster.typer import Svardel, Varselkode
from app.calc.sporing import Enhet, Faktum, Node
from tests.calc.poster.lesing import fil, publisert, skatt


def _sats(prosent: str) -> Faktum:
    return Faktum("skattesats", "Skattesats", Decimal(prosent), Enhet.PROSENT, "test")


def _les(svar: BeregnetSkatt, prosent: str | None = "22", ordinaert: int | None = None) -> Skattedata:
    with eksakt_regning():
        data = les_skatt(
            svar,
            None if prosent is None else _sats(prosent),
            None if ordinaert is None else Decimal(ordinaert),
        )
    assert data is not None
    return data


def _fastland(*arter: Skatteart, fradrag: tuple[Skatteart, ...] = (), skatt: int = 1000) -> BeregnetSkatt:
    return BeregnetSkatt(2024, (Skattedel(Svardel.FASTLAND, skatt, arter, fradrag),))


def _tre(kommune: int, fylke: int, felles: int, grunnlag: int = 300_000) -> tuple[Skatteart, ...]:
    return (
        Skatteart("inntektsskattTilKommune", kommune, grunnlag),
        Skatteart("inntektsskattTilFylkeskommune", fylke, grunnlag),
        Skatteart("fellesskatt", felles, grunnlag),
    )


@pytest.mark.parametrize(
    ("arter", "prosent", "personfradrag", "kilde"),
    [
        (_tre(27_025, 5_923, 21_348, 305_050), "22", 58_250, "api-dok beregnetskatt 2022; P 2022 er 58 250"),
        (
            _tre(27_025, 5_923, 21_347, 305_050),
            "22",
            58_255,
            "én krone avrunding flytter P med 4 til 5 kroner",
        ),
        (_tre(27_025, 5_923, 21_349, 305_050), "22", 58_245, "246 804,5… rundes opp"),
        (_tre(18_500, 0, 0), "18.5", 200_000, "tiltakssonen"),
        (_tre(66_000, 0, 0), "22", 0, "uten personfradrag"),
    ],
)
def test_personfradrag_leses(
    arter: tuple[Skatteart, ...], prosent: str, personfradrag: int, kilde: str
) -> None:
    justering = _les(_fastland(*arter), prosent).justering
    assert justering is not None
    assert justering.personfradrag.verdi == personfradrag, kilde
    assert justering.alminnelig_inntekt.verdi == arter[0].grunnlag


@pytest.mark.parametrize(
    ("svar", "prosent", "kode"),
    [
        (_fastland(*_tre(1, 1, 1)), None, Varselkode.SKATTESATS_MANGLER),
        (BeregnetSkatt(2024, (Skattedel(Svardel.SVALBARD, 1),)), "22", Varselkode.SKATTESATS_MANGLER),
        (_fastland(*_tre(1, 1, 1)[:2]), "22", Varselkode.SKATTEGRUNNLAG_ULIKE),
        (
            _fastland(*_tre(1, 1, 1)[:2], Skatteart("fellesskatt", 1, 7)),
            "22",
            Varselkode.SKATTEGRUNNLAG_ULIKE,
        ),
        (
            _fastland(*(Skatteart(art.navn, 1) for art in _tre(1, 1, 1))),
            "22",
            Varselkode.SKATTEGRUNNLAG_ULIKE,
        ),
        (_fastland(*_tre(0, 0, 0)), "22", Varselkode.PERSONFRADRAG_UKJENT),
        (_fastland(*_tre(66_001, 0, 0)), "22", Varselkode.SKATTESATS_FOR_LAV),
    ],
)
def test_det_som_ikke_kan_leses_blir_ikke_gjettet(
    svar: BeregnetSkatt, prosent: str | None, kode: Varselkode
) -> None:
    data = _les(svar, prosent)
    assert data.justering is None
    assert kode in {varsel.kode for varsel in data.varsler}


@pytest.mark.parametrize(
    ("ordinaert", "varsles"), [(58_250, False), (58_263, False), (58_264, True), (88_250, True)]
)
def test_uvanlig_personfradrag_varsles(ordinaert: int, varsles: bool) -> None:
    """Three taxes rounded to a krone: P is known to within 3 / 0.22 = 13 kroner."""
    data = _les(_fastland(*_tre(27_025, 5_923, 21_348, 305_050)), ordinaert=ordinaert)
    assert (Varselkode.PERSONFRADRAG_AVVIKER in {v.kode for v in data.varsler}) is varsles


@pytest.mark.parametrize(
    ("arter", "fradrag", "formuesskatt"),
    [
        ((), (), None),
        ((Skatteart("formuesskattTilStat", 100), Skatteart("formuesskattTilKommune", 200)), (), 300),
        ((Skatteart("formuesskattTilKommune", 200),), (), 200),
        (
            (Skatteart("formuesskattTilStat", 100), Skatteart("formuesskattTilKommune", 200)),
            (Skatteart("skattefradragForFormuesskattBetaltIUtlandet", 50),),
            250,
        ),
        (
            (Skatteart("formuesskattTilKommune", 200),),
            (Skatteart("skattefradragForFormuesskattBetaltIUtlandet", 250),),
            0,
        ),
    ],
)
def test_formuesskatt_er_det_som_faktisk_ligger_i_skatten(
    arter: tuple[Skatteart, ...], fradrag: tuple[Skatteart, ...], formuesskatt: int | None
) -> None:
    steg = _les(_fastland(*arter, fradrag=fradrag)).formuesskatt
    assert (None if steg is None else steg.verdi) == formuesskatt


def test_skatt_fra_alle_deler_legges_sammen_og_utland_staar_for_seg() -> None:
    utland = (Skatteart("skattefradragForInntektsskattBetaltIUtlandet", 70),)
    data = _les(
        BeregnetSkatt(
            2024,
            (
                Skattedel(Svardel.FASTLAND, 1_000, _tre(27_025, 5_923, 21_348, 305_050), utland),
                Skattedel(Svardel.SVALBARD, 500),
            ),
        )
    )
    assert data.beregnet_skatt.verdi == 1_500
    assert data.betalt_i_utlandet is not None
    assert data.betalt_i_utlandet.verdi == 70
    koder = {v.kode for v in data.varsler}
    assert {Varselkode.SKATT_BETALT_I_UTLANDET, Varselkode.SKATTEFRADRAG} <= koder


def test_formuesskatt_fra_to_deler_legges_sammen() -> None:
    arter = (Skatteart("formuesskattTilStat", 100),)
    data = _les(
        BeregnetSkatt(
            2024, tuple(Skattedel(del_, 100, arter) for del_ in (Svardel.FASTLAND, Svardel.SVALBARD))
        )
    )
    assert data.formuesskatt is not None
    assert data.formuesskatt.verdi == 200


@pytest.mark.parametrize(
    ("arter", "skatt", "varsles"),
    [
        ((), 1_000, True),
        ((Skatteart("trinnskatt", 1_000),), 1_000, False),
        ((Skatteart("trinnskatt", 1_000), Skatteart("sumTrygdeavgift", 500)), 1_500, True),
        ((Skatteart("formuesskattTilStat", 0),), 1_000, False),
    ],
)
def test_skatt_som_ikke_er_forklart_kan_vaere_formuesskatt(
    arter: tuple[Skatteart, ...], skatt: int, varsles: bool
) -> None:
    data = _les(_fastland(*arter, skatt=skatt))
    assert (Varselkode.FORMUESSKATT_UKJENT in {v.kode for v in data.varsler}) is varsles


def test_svar_uten_deler_er_ukjent_skatt() -> None:
    with eksakt_regning():
        assert les_skatt(BeregnetSkatt(2024, ()), _sats("22")) is None


def test_summen_av_kommune_og_fylke_telles_ikke_to_ganger() -> None:
    """inntektsskattTilKommuneOgFylkeskommune repeats the two; the fixture has all three."""
    justering = _les(skatt(fil("gevinst-2022-skatt.json"))).justering
    assert justering is not None
    assert justering.personfradrag.verdi == 58_250


def test_skattene_har_navn_og_kilden_sier_skatteetatens() -> None:
    """The tree is read by caseworkers; Skatteetaten's name of a tax is its source."""
    arter = (Skatteart("formuesskattTilStat", 100), Skatteart("formuesskattTilKommune", 200))
    utland = (Skatteart("skattefradragForInntektsskattBetaltIUtlandet", 50),)
    med_formue = _les(_fastland(*arter, fradrag=utland))
    justering = _les(skatt(fil("gevinst-2022-skatt.json"))).justering
    assert med_formue.formuesskatt is not None
    assert med_formue.betalt_i_utlandet is not None
    assert justering is not None
    traerne = (med_formue.formuesskatt, med_formue.betalt_i_utlandet, justering.personfradrag)
    funnet = {blad.id.removeprefix("skattepost."): blad.navn for tre in traerne for blad in _blader(tre)}
    assert funnet == {
        "formuesskattTilStat.fastland": "Formuesskatt til staten",
        "formuesskattTilKommune.fastland": "Formuesskatt til kommunen",
        "ingen.skattefradragForFormuesskattBetaltIUtlandet": "Fradrag for formuesskatt betalt i utlandet",
        "skattefradragForInntektsskattBetaltIUtlandet.fastland": "Fradrag for inntektsskatt betalt i utlandet",
        "alminneligInntekt": "Grunnlag for skatt på alminnelig inntekt",
        "inntektsskattTilKommune.fastland": "Inntektsskatt til kommunen",
        "inntektsskattTilFylkeskommune.fastland": "Inntektsskatt til fylkeskommunen",
        "fellesskatt.fastland": "Fellesskatt",
        "skattesats": "Skattesats",
    }


def _blader(node: Node) -> Iterator[Node]:
    if not node.barn:
        yield node
    for barn in node.barn:
        yield from _blader(barn)


def test_skatteetatens_eksempel() -> None:
    data = _les(skatt(publisert("beregnetskatt-2022")))
    assert data.beregnet_skatt.verdi == 120_148
    assert data.formuesskatt is not None
    assert data.formuesskatt.verdi == 33_250
