"""A crowd: as many synthetic persons as wanted, each made from the seed and a number when asked for."""

import random
from datetime import date, timedelta
from functools import lru_cache

from app.sandbox.befolkning import poster as p
from app.sandbox.befolkning.navngitte import (
    ARBEIDSGIVER,
    OFFENTLIG_PENSJONSKASSE,
    SISTE_MAANED,
    TRYGDEETAT,
    maaneder,
)
from app.sandbox.befolkning.person import Inntektsrad, Oppgave, Oppgjoer, Person, oppgjoer
from app.sandbox.befolkning.satser import AAR
from app.sandbox.befolkning.skatt import Tall
from app.sandbox.syntetisk import personidentifikator

_FOERSTE_FOEDSELSDAG = date(1925, 1, 1)
_DAGER = 27_000
_STEG = 7_919  # a prime: spreads consecutive persons over birth dates, each date and place used once
_PENSJONSALDER = 67
_ADJEKTIV = ("BLID", "RASK", "STILLE", "MODIG", "LUN", "SPREK", "KLOK", "NØYSOM", "VÅKEN", "ÆRLIG")
_SUBSTANTIV = ("BJØRK", "HEGRE", "STEIN", "TIUR", "MOSE", "ELGKU", "RUGDE", "TORSK", "MULTE", "EINER")
_VEKST = {2021: 0, 2022: 48, 2023: 107, 2024: 164, 2025: 219}  # per mille above 2021


class Flokk:
    """``antall`` persons numbered from 0; the same seed gives the same crowd everywhere."""

    def __init__(self, froe: int, antall: int) -> None:
        self.froe = froe
        self.antall = antall
        self._foerste_dag = froe % _DAGER
        self.person = lru_cache(maxsize=4096)(self._lag)

    def ident(self, nummer: int) -> str:
        """The id of person ``nummer``."""
        foedt, plass = self._foedt(nummer)
        return personidentifikator(foedt, plass)

    def kallenavn(self, nummer: int) -> str:
        """The nickname of person ``nummer``."""
        return f"flokk-{nummer:06d}"

    def oppgjoersdager(self, nummer: int) -> list[tuple[int, date]]:
        """(income year, settlement date), without making the whole person. One in forty lacks 2025."""
        return [
            (aar, date(aar + 1, 3, 21) + timedelta(days=(nummer * 37 + aar * 11 + self.froe) % 200))
            for aar in AAR
            if aar != AAR[-1] or nummer % 40
        ]

    def _foedt(self, nummer: int) -> tuple[date, int]:
        dag = (self._foerste_dag + nummer * _STEG) % _DAGER
        # Twenty places apart: two persons born the same day never slide into the same valid number.
        return _FOERSTE_FOEDSELSDAG + timedelta(days=dag), (200 + nummer // _DAGER * 20) % 500

    def _lag(self, nummer: int) -> Person:
        terning = random.Random(f"{self.froe}:{nummer}")  # noqa: S311 – synthetic figures, not secrets
        foedt, _ = self._foedt(nummer)
        tall_2021 = _tall_2021(terning, AAR[-1] - foedt.year)
        oppgjoer_per_aar: dict[int, Oppgjoer] = {
            aar: oppgjoer(
                dato,
                Tall(aar, {navn: b * (1000 + _VEKST[aar]) // 1000 for navn, b in tall_2021.items()}),
            )
            for aar, dato in self.oppgjoersdager(nummer)
        }
        return Person(
            self.kallenavn(nummer),
            f"{terning.choice(_ADJEKTIV)} {terning.choice(_SUBSTANTIV)}",
            (self.ident(nummer),),
            "Generert person.",
            oppgjoer_per_aar,
            inntekt=tuple(_maanedsinntekt(tall_2021)),
        )


def _tall_2021(terning: random.Random, alder: int) -> dict[str, int]:
    """Posts of 2021: mostly pensioners, some with occupational pension, savings, shares or debt."""
    tall: dict[str, int] = {}
    if alder >= _PENSJONSALDER:
        tall[p.ALDERSPENSJON] = int(terning.triangular(165_000, 380_000, 235_000))
        if terning.random() < 0.6:  # noqa: PLR2004
            tall[p.TJENESTEPENSJON] = int(terning.triangular(8_000, 190_000, 48_000))
    elif terning.random() < 0.45:  # noqa: PLR2004
        tall[p.UFOERE] = int(terning.triangular(235_000, 420_000, 270_000))
    else:
        tall[p.LOENN] = int(terning.triangular(120_000, 900_000, 430_000))
    innskudd = int(terning.lognormvariate(11.9, 1.3))
    tall[p.INNSKUDD] = innskudd
    tall[p.RENTER] = innskudd * 2 // 100
    if terning.random() < 0.7:  # noqa: PLR2004
        tall[p.PRIMAERBOLIG] = int(terning.triangular(300_000, 1_900_000, 700_000))
    if terning.random() < 0.15:  # noqa: PLR2004
        tall[p.UTBYTTE] = int(terning.lognormvariate(8.8, 1.2))
        tall[p.AKSJER] = tall[p.UTBYTTE] * 22
    if terning.random() < 0.25:  # noqa: PLR2004
        tall[p.GJELD] = int(terning.triangular(20_000, 1_800_000, 250_000))
        tall[p.GJELDSRENTER] = tall[p.GJELD] * 4 // 100
    return tall


def _maanedsinntekt(tall_2021: dict[str, int]) -> list[Oppgave]:
    """Twelfths of the year's running income in 2026, carried forward from the settlement of 2025."""
    slag = {
        p.ALDERSPENSJON: (TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon"),
        p.TJENESTEPENSJON: (
            OFFENTLIG_PENSJONSKASSE,
            "pensjonEllerTrygd",
            "pensjonOgLivrenterIArbeidsforhold",
        ),
        p.UFOERE: (TRYGDEETAT, "ytelseFraOffentlige", "ufoeretrygd"),
        p.LOENN: (ARBEIDSGIVER, "loennsinntekt", "fastloenn"),
    }
    return [
        Oppgave(maaned, betaler, (Inntektsrad(art, beskrivelse, beloep),), forskuddstrekk=beloep // 5)
        for navn, (betaler, art, beskrivelse) in slag.items()
        if navn in tall_2021
        for beloep in [tall_2021[navn] * (1000 + _VEKST[AAR[-1]]) // 12_000]
        for maaned in maaneder("2026-01", SISTE_MAANED)
    ]
