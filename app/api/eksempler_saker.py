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

_PERSON_ID: Final = "01a2078e-0326-72ac-aa9e-19b727694d5d"
_EKTEFELLE_ID: Final = "01a2078e-0326-72ac-aa9e-19b82d1c40ee"
_SAK_ID: Final = "01a2078e-0326-72ac-aa9e-19b91d286455"
_BEREGNING_ID: Final = "01a2078e-039b-72ac-aa9e-19c3609c3ca8"
_VEDTAK_ID: Final = "01a2078e-0412-72ac-aa9e-19d04b7f11fa"

ENDRET: Final[dict[str, Any]] = {
    "tjeneste": "LANGTIDSOPPHOLD",
    "referanse": "journal-4711",
    "person": {"personId": _PERSON_ID},
    "husstand": [
        {
            "person": {"personId": _EKTEFELLE_ID},
            "relasjon": "EKTEFELLE",
            "tenktEtterlattepensjon": 210000,
        }
    ],
    "opphold": [{"art": "LANGTID", "fra": "2026-02-02", "institusjon": "solbakken"}],
    "sykehusopphold": [{"fra": "2026-04-03", "til": "2026-04-09"}],
}
"""The couple's case after a week in hospital; the whole content is sent, with the references of the first answer."""

POSTER: Final[dict[str, Any]] = {
    "aar": 2026,
    "oppgitteBeloep": [
        {
            "felt": "/inntekter/privatPensjon",
            "beloep": 48000,
            "begrunnelse": "Årsoppgave fra pensjonsselskapet",
            "kilde": "Pensjonsselskapet",
            "person": {"personId": _PERSON_ID},
        }
    ],
    "plasseringer": [
        {
            "noekkel": "ssg|2025|FASTLAND|annenInntekt|",
            "som": "leieinntekt",
            "begrunnelse": "Leie av garasje etter kontrakten",
            "person": {"personId": _PERSON_ID},
        }
    ],
}

VEDTAK: Final[dict[str, Any]] = {
    "beregningId": _BEREGNING_ID,
    "fra": "2026-02-02",
    "erstatter": _VEDTAK_ID,
    "begrunnelse": "Egenandelen er endret fordi skatteoppgjøret er kommet.",
}

ETTEROPPGJOER: Final[dict[str, Any]] = {
    "aar": 2025,
    "beregningId": _BEREGNING_ID,
    "fakturert": [{"maaned": f"2025-{maaned:02d}", "beloep": 12500} for maaned in range(1, 13)],
}

OPPSETT: Final[dict[str, Any]] = {
    "organisasjonsnummer": "310000000",
    "navn": "Fjordvik",
    "tjenester": ["LANGTIDSOPPHOLD", "PRAKTISK_BISTAND"],
    "valg": [{"gjelderFra": "2021-01-01"}],
    "institusjoner": [
        {
            "kode": "solbakken",
            "navn": "Solbakken sykehjem",
            "oppholdsutgift": [{"gjelderFra": "2021-01-01", "beloepPerMaaned": 88500}],
        }
    ],
    "prisregister": [
        {
            "gjelderFra": "2021-01-01",
            "selvkost": {"timeloenn": 370, "sosialeUtgifter": 100},
            "trinn": [{"fraG": 0, "tilG": 2, "fastprisPerMaaned": 220}, {"fraG": 2, "timepris": 400}],
        }
    ],
}


def _ett(hva: str, kropp: dict[str, Any]) -> dict[str, Any]:
    return {"eksempel": {"summary": hva, "value": kropp}}


ENDRE_SAK_EKSEMPLER: Final = _ett("En uke på sykehus", ENDRET)
AVSLUTNING_EKSEMPLER: Final = _ett("Beboeren flyttet", {"dato": "2026-06-30", "grunn": "FLYTTET"})
SAKSOEK_EKSEMPLER: Final = _ett(
    "Alle åpne saker personen er med i", {"personidentifikator": "03894304161", "status": "AAPEN"}
)
BEREGNING_EKSEMPLER: Final = _ett("Året på nytt, med nye svar", {"aar": 2025, "grunnlag": "NYTT"})
FORHAANDSVISNING_EKSEMPLER: Final = _ett(
    "Hva et beløp vil føre til",
    {"beregning": {"aar": 2026}, "manuellePoster": {"aar": 2026, "oppgitteBeloep": POSTER["oppgitteBeloep"]}},
)
POSTER_EKSEMPLER: Final = _ett("Et beløp føres inn, og en post plasseres", POSTER)
VEDTAK_EKSEMPLER: Final = _ett("Nytt vedtak i stedet for et annet", VEDTAK)
GODKJENNING_EKSEMPLER: Final = {
    "godkjent": {"summary": "Godkjent", "value": {"utfall": "GODKJENT"}},
    "avvist": {
        "summary": "Avvist",
        "value": {"utfall": "AVVIST", "begrunnelse": "Ektefellens pensjon er ikke tatt med."},
    },
}
ETTEROPPGJOER_EKSEMPLER: Final = _ett("Et år med likt beløp i måneden", ETTEROPPGJOER)
WEBHOOK_EKSEMPLER: Final = _ett(
    "Vedtak og oppgjør",
    {
        "url": "https://epj.example.no/egenandel",
        "typer": ["vedtak.nytt", "etteroppgjoer.nytt"],
        "beskrivelse": "Journalsystemet",
    },
)
FAKTURA_EKSEMPLER: Final = _ett("Til og med oktober", {"maaned": "2026-10"})
OPPSETT_EKSEMPLER: Final = _ett("En institusjon og en prisliste", OPPSETT)
INNSYN_EKSEMPLER: Final = _ett("Innsyn", {"personidentifikator": "03894304161"})
SLETTING_EKSEMPLER: Final = _ett(
    "Slett, også fra ektefellens sak", {"personidentifikator": "24916008852", "ogsaaFraAndresSaker": True}
)
REVISJON_EKSEMPLER: Final = _ett(
    "Avslag i en sak", {"sakId": _SAK_ID, "handling": "AVSLAG", "fra": "2026-11-01T00:00:00Z", "antall": 20}
)
VURDERING_EKSEMPLER: Final = _ett(
    "Tjenstlig",
    {
        "slag": "KOLLEGA",
        "bruker": "5f0c2d7e-8f41-4b6a-9a51-0f6f3d1c2b7a",
        "dag": "2026-11-20",
        "konklusjon": "TJENSTLIG",
    },
)
LUKK_OPPGAVE_EKSEMPLER: Final = _ett("Vurdert, ingen endring", {"begrunnelse": "Vurdert; vedtaket står"})
ARBEIDSVALG_EKSEMPLER: Final = _ett(
    "Én person og ett år", {"personId": _PERSON_ID, "liste": "SKATTEOPPGJOER", "aar": 2025}
)
LUKK_ARBEID_EKSEMPLER: Final = _ett("Alt som har stoppet", {"begrunnelse": "Tilgangen er sagt opp"})
