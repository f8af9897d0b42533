"""Requests shown in the API description. Each is executed by a test against the answer it names."""

from dataclasses import dataclass
from typing import Any, Final

from app.calc.kalkulator import Art


@dataclass(frozen=True, slots=True)
class Eksempel:
    """A request with what it shows and the year's answer in kroner."""

    navn: str
    inn: dict[str, Any]
    egenandel: int


_PENSJONIST: Final[dict[str, Any]] = {
    "aar": 2025,
    "inntekter": {"pensjonFraFolketrygden": 350000, "renteinntekt": 20000},
    "skatt": {"beregnetSkatt": 45000},
    "opphold": [{"art": "LANGTID", "fra": "2024-03-01"}],
}

EKSEMPLER: Final[dict[Art, dict[str, Eksempel]]] = {
    Art.LANGTIDSOPPHOLD: {
        "enslig": Eksempel("Enslig pensjonist, hele 2025", _PENSJONIST, 255600),
        "ektefelle-hjemme": Eksempel(
            "Ektefelle hjemme, dobbeltrom mot eget ønske, flyttet inn 15. januar",
            {
                "aar": 2026,
                "inntekter": {
                    "pensjonFraFolketrygden": 280000,
                    "offentligTjenestepensjon": 120000,
                    "renteinntekt": 4000,
                },
                "skatt": {"beregnetSkatt": 61000, "formuesskatt": 3000},
                "forsoergede": [
                    {
                        "relasjon": "EKTEFELLE",
                        "tenktEtterlattepensjon": 210000,
                        "pensjonFraFolketrygden": 190000,
                    }
                ],
                "opphold": [
                    {
                        "art": "LANGTID",
                        "fra": "2026-01-15",
                        "dobbeltromMotEgetOenske": True,
                        "oppholdsutgiftPerMaaned": 95000,
                    }
                ],
            },
            154231,
        ),
        "korttid-over-60-doegn": Eksempel(
            "Korttidsopphold som passerer 60 døgn",
            {
                "aar": 2026,
                "inntekter": {"pensjonFraFolketrygden": 300000},
                "skatt": {"beregnetSkatt": 40000},
                "opphold": [{"art": "KORTTID_DOEGN", "fra": "2026-02-01", "til": "2026-04-30"}],
            },
            0,
        ),
    },
    Art.PRAKTISK_BISTAND: {
        "under-2g": Eksempel(
            "Enslig rett under 2 G: statens tak gjelder",
            {
                "aar": 2026,
                "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 260319}],
                "prisregister": {
                    "trinn": [
                        {"fraG": 0, "tilG": 2, "timepris": 300},
                        {"fraG": 2, "timepris": 424, "maksPerMaaned": 2051},
                    ],
                    "selvkost": {"timeloenn": 300, "sosialeUtgifter": 100},
                },
                "tjenester": [{"maaned": "2026-01", "art": "TIMER", "timer": 4}],
            },
            245,
        ),
        "over-2g": Eksempel(
            "Ektepar over 2 G: kommunens stige gjelder",
            {
                "aar": 2026,
                "husstand": [
                    {"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 200000},
                    {"rolle": "EKTEFELLE", "alminneligInntektFoerSaerfradrag": 120000},
                ],
                "prisregister": {
                    "trinn": [
                        {"fraG": 0, "tilG": 2, "timepris": 300},
                        {"fraG": 2, "timepris": 424, "maksPerMaaned": 2051},
                    ],
                    "selvkost": {"timeloenn": 300, "sosialeUtgifter": 100},
                },
                "tjenester": [
                    {"maaned": "2026-01", "art": "TIMER", "timer": 3.25},
                    {"maaned": "2026-01", "art": "TRYGGHETSALARM", "pris": 300},
                ],
            },
            1784,
        ),
    },
    Art.ETTEROPPGJOER: {
        "mot-faktura": Eksempel(
            "Skatteoppgjøret mot det som er fakturert",
            {
                "endelig": _PENSJONIST,
                "fakturert": [{"maaned": f"2025-{maaned:02d}", "beloep": 21000} for maaned in range(1, 13)],
                "minstebeloep": 500,
            },
            3600,
        )
    },
}
