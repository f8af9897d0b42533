"""Whole requests to the case API, with the sandbox's persons: shown in the description and in README, and tested."""

from typing import Any, Final

KS_PAR: Final[dict[str, Any]] = {
    "tjeneste": "LANGTIDSOPPHOLD",
    "referanse": "journal-2301",
    "person": {"personidentifikator": "04817209888"},
    "husstand": [
        {
            "person": {"personidentifikator": "27847009441"},
            "relasjon": "SAMBOER",
            "tenktEtterlattepensjon": 0,
        }
    ],
    "opphold": [{"art": "LANGTID", "fra": "2022-03-01", "institusjon": "solbakken"}],
    "beregning": {"aar": 2023},
}
"""The couple KS prints in its example for 2023: income 801 718, tax 234 591, basis 567 127."""

EKTEPAR: Final[dict[str, Any]] = {
    "tjeneste": "LANGTIDSOPPHOLD",
    "referanse": "journal-4711",
    "person": {"personidentifikator": "03894304161"},
    "husstand": [
        {
            "person": {"personidentifikator": "24916008852"},
            "relasjon": "EKTEFELLE",
            "tenktEtterlattepensjon": 210000,
        }
    ],
    "opphold": [{"art": "LANGTID", "fra": "2026-02-02", "institusjon": "solbakken"}],
    "beregning": {"aar": 2026},
}
"""A resident with a spouse at home, in a kommune that has monthly income too."""

HJEMMEHJELP: Final[dict[str, Any]] = {
    "tjeneste": "PRAKTISK_BISTAND",
    "person": {"personidentifikator": "12854101216"},
    "tjenester": [{"maaned": f"2026-{maaned:02d}", "art": "TIMER", "timer": 4} for maaned in range(1, 4)],
    "beregning": {"aar": 2026},
}
"""Somebody who lives alone and gets four hours of help a month."""

NY_SAK_EKSEMPLER: Final[dict[str, Any]] = {
    "ks-par": {"summary": "Langtidsopphold, samboer hjemme, endelig", "value": KS_PAR},
    "ektepar": {"summary": "Langtidsopphold, ektefelle hjemme", "value": EKTEPAR},
    "hjemmehjelp": {"summary": "Praktisk bistand, enslig", "value": HJEMMEHJELP},
}
