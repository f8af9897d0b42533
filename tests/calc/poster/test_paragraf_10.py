"""The § 10 basis per person: KS' published cases, and what must wait for a caseworker."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc.poster.katalog import Behandling10
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, Plassering10, husstandsgrunnlag
from app.calc.poster.typer import (
    Api,
    Skattepost,
    Skattesvar,
    Skjermet,
    Svardel,
    UfullstendigGrunnlagError,
    UkjentPlasseringError,
    Varselkode,
)
from tests.calc.poster.lesing import av, fil, svar

ALMINNELIG = "alminneligInntektFoerSaerfradrag"


def _grunnlag(inn: Skattesvar, *plasseringer: Plassering10) -> Husstandsgrunnlag:
    grunnlag = husstandsgrunnlag(inn, plasseringer)
    assert isinstance(grunnlag, Husstandsgrunnlag)
    return grunnlag


def _netto(inn: Skattesvar, *plasseringer: Plassering10) -> Decimal:
    steg = _grunnlag(inn, *plasseringer).skattbar_nettoinntekt
    assert steg is not None
    return steg.verdi


def test_ks_praktisk_bistand_2021() -> None:
    """KS, Sept 2023: hjelpestønad 2 000 is added, omsorgslønn 1 000 and skjønn 3 000 are subtracted."""
    mottaker = svar(fil("praktisk-bistand-2021-mottaker.json"))
    ektefelle = svar(fil("praktisk-bistand-2021-ektefelle.json"))
    assert _grunnlag(mottaker).kalkulatorfelter() == {
        "alminneligInntektFoerSaerfradrag": 6_700,
        "oppjusteringAvGevinst": 39_199,
        "tap": 88_840,
        "oppjusteringAvTap": 39_090,
    }
    assert _grunnlag(ektefelle).kalkulatorfelter() == {
        "alminneligInntektFoerSaerfradrag": 6_801_000,
        "gevinst": 200_000,
        "oppjusteringAvGevinst": 88_000,
        "oppjusteringAvUtbytte": 132_000,
    }
    person = _netto(mottaker) + 2_000 - 1_000 - 3_000
    assert person == 93_431
    assert _netto(ektefelle) == 6_381_000
    assert person + _netto(ektefelle) == 6_474_431


def test_negativ_alminnelig_inntekt_staar() -> None:
    assert _netto(av(2023, (ALMINNELIG, -500))) == -500


def test_treet_viser_formelen() -> None:
    steg = _grunnlag(svar(fil("praktisk-bistand-2021-ektefelle.json"))).skattbar_nettoinntekt
    assert steg is not None
    assert steg.formel.replace("\u00a0", " ") == "6 801 000 − 200 000 − 88 000 + 0 + 0 − 132 000 = 6 381 000"
    assert "§ 10 første ledd første punktum" in steg.hjemmel
    assert [barn.kilde for barn in steg.barn if not barn.barn] == ["ingen slik post i svaret"] * 2


def test_uten_alminnelig_inntekt_er_grunnlaget_ukjent_ikke_null() -> None:
    grunnlag = _grunnlag(av(2023, ("gevinstVedRealisasjonAvAksje", 5)))
    assert grunnlag.skattbar_nettoinntekt is None
    assert Varselkode.ALMINNELIG_INNTEKT_MANGLER in {v.kode for v in grunnlag.varsler}
    with pytest.raises(UfullstendigGrunnlagError):
        grunnlag.kalkulatorfelter()


def test_skjermet_gir_ikke_noe_grunnlag() -> None:
    assert husstandsgrunnlag(svar(fil("skjermet.json"))) == Skjermet(2023, Api.SUMMERT_SKATTEGRUNNLAG)


@pytest.mark.parametrize(
    ("poster", "liste"),
    [
        ([("ny", 1)], "ukjente"),
        ([("omstillingsstoenad", 1)], "utenfor_aar"),
        ([("gevinstValutalaan", 1)], "maa_plasseres"),
        ([("gevinstVedRealisasjonAvAksje", -1)], "maa_plasseres"),
        ([("utbytteFraAksje", 1), ("utbytteFraAksje", 1)], None),
        ([("gevinstVedSalgAvAndelISDF", 1), ("gevinstVedSalgAvAndelISDF", 1)], "avviste"),
    ],
)
def test_det_som_maa_avgjoeres(poster: list[tuple[str, int]], liste: str | None) -> None:
    grunnlag = _grunnlag(av(2021, (ALMINNELIG, 100), *poster))
    assert grunnlag.aapne == (liste is not None)
    if liste is not None:
        assert len(getattr(grunnlag, liste)) == 1
    assert _netto(av(2021, (ALMINNELIG, 100), *poster)) == 100


def test_loennstrekk_paa_svalbard_er_ikke_i_fastlandets_sum() -> None:
    poster = (
        Skattepost(ALMINNELIG, 100),
        Skattepost(
            "loennsinntektMedTrygdeavgiftspliktOmfattetAvLoennstrekkordningen", 50, del_=Svardel.SVALBARD
        ),
    )
    grunnlag = _grunnlag(Skattesvar(2023, poster))
    assert [o.beloep for o in grunnlag.maa_plasseres] == [50]
    valg = Plassering10(poster[1].teknisk_navn, Behandling10.ALMINNELIG_INNTEKT, "Skattbar", Svardel.SVALBARD)
    assert _netto(Skattesvar(2023, poster), valg) == 150


@pytest.mark.parametrize(
    ("som", "netto"),
    [(Behandling10.GEVINST, 60), (Behandling10.I_SUMMEN, 100), (Behandling10.ALMINNELIG_INNTEKT, 140)],
)
def test_plassering(som: Behandling10, netto: int) -> None:
    inn = av(2023, (ALMINNELIG, 100), ("gevinstValutalaan", 40))
    assert _netto(inn, Plassering10("gevinstValutalaan", som, "Vurdert")) == netto


@pytest.mark.parametrize(
    ("valg", "feil"),
    [
        (("gevinstValutalaan", Behandling10.GEVINST, " "), ValueError),
        (("gevinstValutalaan", Behandling10.OMSORGSSTOENAD, "x"), ValueError),
        (("utbytteFraAksje", Behandling10.GEVINST, "x"), UkjentPlasseringError),
    ],
)
def test_plassering_som_ikke_kan_brukes(valg: Any, feil: type[Exception]) -> None:
    with pytest.raises(feil):
        _grunnlag(av(2023, (ALMINNELIG, 1), ("gevinstValutalaan", 40)), Plassering10(*valg))


def test_alminnelig_inntekt_paa_fastland_og_svalbard_avgjoeres_av_saksbehandler() -> None:
    inn = Skattesvar(2023, (Skattepost(ALMINNELIG, 100), Skattepost(ALMINNELIG, 40, del_=Svardel.SVALBARD)))
    assert _grunnlag(inn).skattbar_nettoinntekt is None
    valg = [
        Plassering10(ALMINNELIG, Behandling10.ALMINNELIG_INNTEKT, "To steder", del_)
        for del_ in (Svardel.FASTLAND, Svardel.SVALBARD)
    ]
    assert [_netto(inn, valg[0]), _netto(inn, *valg)] == [100, 140]
    assert _grunnlag(inn, *valg).aapne == 0


def test_avvist_par_kan_avgjoeres() -> None:
    gammel = "oppjustertTilleggTilGevinstVedRealisasjonAvAksjeOgVerdipapirfondAksjedel"
    ny = "oppjustertTilleggTilGevinstVedRealisasjonAvAksje"
    inn = av(2022, (ALMINNELIG, 100), (gammel, 40), (ny, 40))
    assert _grunnlag(inn).aapne == 1
    assert _netto(inn, Plassering10(ny, Behandling10.OPPJUSTERING_AV_GEVINST, "Samme post")) == 60
