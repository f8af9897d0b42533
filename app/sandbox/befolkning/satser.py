"""The sandbox's own tax rates: enough arithmetic to make figures that belong together.

Nothing in the app reads these. 2022 reproduces the published beregnet-skatt example (120 148 kroner) and
2023 the published KS case (234 591 kroner) to the krone; the other years are plausible, not verified
against the statutes. The split of the 22 per cent between kommune, fylke and fellesskatt is that of the
2022 example in every year.

Rates are in hundredths of a per cent, amounts in whole kroner.
"""

from dataclasses import dataclass

KOMMUNE, FYLKE, FELLESSKATT = 1095, 240, 865
INNTEKTSSKATT = KOMMUNE + FYLKE + FELLESSKATT
TRYGDEAVGIFT_PENSJON = 510
TRYGDEAVGIFT_NAERING = 1100
VERDSETTINGSRABATT_AKSJE = 2000
SVALBARD = 800
KILDESKATT_LOENN = 2500


@dataclass(frozen=True)
class Aarssatser:
    """Rates of one income year."""

    personfradrag: int
    trygdeavgift_loenn: int
    trinn: tuple[tuple[int, int], ...]
    minstefradrag_loenn: tuple[int, int]
    minstefradrag_pensjon: tuple[int, int]
    formue_bunn: int
    formue_kommune: int
    formue_stat: int
    oppjustering: int


SATSER = {
    2021: Aarssatser(
        52_450, 820, ((184_800, 170), (260_100, 400), (651_250, 1320), (1_021_550, 1620)),
        (4600, 106_750), (3200, 88_700), 1_500_000, 70, 15, 4400,
    ),
    2022: Aarssatser(
        58_250, 800, ((190_350, 170), (267_900, 400), (643_800, 1340), (969_200, 1640)),
        (4600, 109_950), (3700, 90_800), 1_700_000, 70, 25, 6000,
    ),
    2023: Aarssatser(
        79_600, 790, ((198_350, 170), (279_150, 400), (642_950, 1350), (926_800, 1650)),
        (4600, 104_450), (4000, 86_250), 1_700_000, 70, 30, 7200,
    ),
    2024: Aarssatser(
        88_250, 780, ((208_050, 170), (292_850, 400), (670_000, 1360), (937_900, 1660)),
        (4600, 104_450), (4000, 73_150), 1_700_000, 70, 30, 7200,
    ),
    2025: Aarssatser(
        108_550, 770, ((217_400, 170), (306_050, 400), (697_150, 1370), (942_400, 1670)),
        (4600, 92_000), (4000, 73_150), 1_760_000, 35, 65, 7200,
    ),
}  # fmt: skip

AAR = tuple(SATSER)


def andel(beloep: int, sats: int) -> int:
    """``sats`` hundredths of a per cent of ``beloep``, rounded half up to whole kroner."""
    return (beloep * sats + 5000) // 10_000
