"""§ 10: one household member's fields from the last settlement and what is entered."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc.poster.felt import Oppgitt, Virkning
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.sammenstilling_10 import sammenstill_husstandsmedlem
from app.calc.poster.typer import UfullstendigGrunnlagError
from tests.calc.poster.lesing import av
from tests.calc.poster.sammenstilt import koder, oppgitt, verdier

ALMINNELIG, GEVINST = "/husstand/0/alminneligInntektFoerSaerfradrag", "/husstand/0/gevinst"
HJELPESTOENAD = "/husstand/0/hjelpestoenad"
LEGGES_TIL = Virkning.LEGGES_TIL


def _grunnlag(*poster: tuple[str, int]) -> Husstandsgrunnlag:
    grunnlag = husstandsgrunnlag(av(2023, *poster))
    assert isinstance(grunnlag, Husstandsgrunnlag)
    return grunnlag


HELE = _grunnlag(("alminneligInntektFoerSaerfradrag", 300_000), ("gevinstVedRealisasjonAvAksje", 50))
UTEN_SUM = _grunnlag(("gevinstVedRealisasjonAvAksje", 50))
UKJENT = _grunnlag(("alminneligInntektFoerSaerfradrag", 1), ("nyttNavn", 1))


@pytest.mark.parametrize(
    ("kilde", "grunnlag", "oppgitte", "felter", "aapne", "varsel"),
    [
        (
            "§ 10 første ledd andre punktum: siste ligning, også når den er av et tidligere år",
            HELE,
            (),
            {ALMINNELIG: (300_000, "OPPGJOER"), GEVINST: (50, "OPPGJOER")},
            0,
            None,
        ),
        (
            "§ 10 første ledd tredje punktum: hjelpestønad og omsorgsstønad oppgis",
            HELE,
            (
                oppgitt(HJELPESTOENAD, 2_000),
                oppgitt("/husstand/0/omsorgsstoenad", 600),
                oppgitt("/husstand/0/omsorgsstoenad", 400, LEGGES_TIL),
                oppgitt("/husstand/0/skjoennsmessigFradrag", 3_000),
            ),
            {
                ALMINNELIG: (300_000, "OPPGJOER"),
                GEVINST: (50, "OPPGJOER"),
                HJELPESTOENAD: (2_000, "OPPGITT"),
                "/husstand/0/omsorgsstoenad": (1_000, "OPPGITT"),
                "/husstand/0/skjoennsmessigFradrag": (3_000, "OPPGITT"),
            },
            0,
            None,
        ),
        (
            "§ 10 første ledd andre punktum: med mindre inntekten er vesentlig endret",
            HELE,
            (oppgitt(ALMINNELIG, -100), oppgitt(GEVINST, 7, LEGGES_TIL)),
            {ALMINNELIG: (-100, "OPPGITT"), GEVINST: (57, "OPPGITT")},
            0,
            None,
        ),
        (
            "skjermet eller uten oppgjør: alminnelig inntekt oppgis",
            None,
            (oppgitt(ALMINNELIG, 300_000),),
            {ALMINNELIG: (300_000, "OPPGITT")},
            0,
            "OPPGITT_FOR_HAAND",
        ),
        (
            "ukjent alminnelig inntekt er aldri null",
            UTEN_SUM,
            (),
            {GEVINST: (50, "OPPGJOER")},
            1,
            "ALMINNELIG_INNTEKT_MANGLER",
        ),
        (
            "ukjent alminnelig inntekt kan oppgis",
            UTEN_SUM,
            (oppgitt(ALMINNELIG, 1_000),),
            {ALMINNELIG: (1_000, "OPPGITT"), GEVINST: (50, "OPPGJOER")},
            0,
            None,
        ),
        (
            "tillegg til en ukjent sum er ukjent",
            UTEN_SUM,
            (oppgitt(ALMINNELIG, 1_000, LEGGES_TIL),),
            {GEVINST: (50, "OPPGJOER")},
            1,
            "TILLEGG_TIL_UKJENT",
        ),
        ("ingenting er kjent", None, (oppgitt(HJELPESTOENAD, 1),), {HJELPESTOENAD: (1, "OPPGITT")}, 1, None),
        ("en ukjent post må plasseres", UKJENT, (), {ALMINNELIG: (1, "OPPGJOER")}, 1, None),
        (
            "negativ gevinst etter retting",
            HELE,
            (oppgitt(GEVINST, -51, LEGGES_TIL),),
            {ALMINNELIG: (300_000, "OPPGJOER"), GEVINST: (-1, "OPPGITT")},
            1,
            "NEGATIVT_FELT",
        ),
    ],
)
def test_husstandsmedlemmet(
    kilde: str,
    grunnlag: Husstandsgrunnlag | None,
    oppgitte: tuple[Oppgitt, ...],
    felter: dict[str, tuple[Any, str]],
    aapne: int,
    varsel: str | None,
) -> None:
    svar = sammenstill_husstandsmedlem(0, 2025, grunnlag, oppgitte)
    assert verdier(svar) == {peker: (Decimal(verdi), opphav) for peker, (verdi, opphav) in felter.items()}, (
        kilde
    )
    assert svar.aapne == aapne
    assert svar.foreloepig is False
    assert varsel is None or varsel in koder(svar)
    if aapne:
        with pytest.raises(UfullstendigGrunnlagError):
            svar.kalkulatorfelter()
    else:
        assert svar.kalkulatorfelter() == {p.rsplit("/", 1)[1]: verdi for p, (verdi, _) in felter.items()}


def test_det_som_ikke_hoerer_hjemme_avvises() -> None:
    with pytest.raises(ValueError, match="/husstand/1/gevinst kan ikke oppgis"):
        sammenstill_husstandsmedlem(0, 2025, HELE, (oppgitt("/husstand/1/gevinst", 1),))
    with pytest.raises(ValueError, match="senere år"):
        sammenstill_husstandsmedlem(0, 2022, HELE)
