"""Documents for tests: the smallest that can be used, and random ones."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.calc.poster.typer import Gruppe
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett

Json = dict[str, Any]

MINSTE: Json = {
    "organisasjonsnummer": "310000000",
    "navn": "Fjordvik",
    "tjenester": ["LANGTIDSOPPHOLD"],
    "valg": [{"gjelderFra": "2025-01-01"}],
}
HJEM: Json = {
    "kode": "hjem",
    "navn": "Hjemmet",
    "oppholdsutgift": [{"gjelderFra": "2026-01-01", "beloepPerMaaned": 90_000}],
}
PRISER: Json = {
    "gjelderFra": "2026-01-01",
    "trinn": [{"fraG": 2, "timepris": 400}],
    "selvkost": {"timeloenn": 300, "sosialeUtgifter": 100},
}


def oppsett(**endring: Any) -> Kommuneoppsett:
    return les_oppsett({**MINSTE, **endring})


def _kroner(hoeyst: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, hoeyst, places=2)


TEKST = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(
    lambda tekst: bool(tekst.strip())
)
"""What a text may hold: anything that can be seen, also quotes, backslashes and number signs."""


def _langtidsvalg(aar: int) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {},
        optional={
            "fordelAvFribeloep": st.sampled_from(["75_PROSENT", "100_PROSENT"]),
            "avrunding": st.sampled_from(["KRONE_NED", "OERE_NED"]),
            "doegnregel": st.sampled_from(["KALENDERMAANED", "30_DAGER", "365_DAGER"]),
            "trekkFormuesskatt": st.booleans(),
            "prosentInntilG": _kroner(75),
            "prosentOverG": _kroner(85),
            "korttidPerDoegn": _kroner(137),
            "nyttGFra": st.dates(date(aar, 1, 1), date(aar, 12, 31)).map(str),
        },
    )


@st.composite
def _valg(draw: st.DrawFn, aar: int) -> Json:
    faktorer = st.dictionaries(
        st.sampled_from([str(gruppe) for gruppe in Gruppe]), st.decimals("0.1", 10, places=4), max_size=3
    )
    return {
        "gjelderFra": f"{aar}-01-01",
        "langtidsvalg": draw(_langtidsvalg(aar)),
        "bistandsvalg": {"avrundingAvTid": draw(st.sampled_from(["PER_MAANED", "PER_BESOEK"]))},
        "minstebeloepEtteroppgjoer": draw(_kroner(1000)),
        "sykehusdoegn": draw(st.sampled_from(["BETALES", "BETALES_IKKE"])),
        "fremskriving": draw(faktorer),
    }


@st.composite
def _register(draw: st.DrawFn, fra: date) -> Json:
    grenser = [Decimal(0), *sorted(draw(st.sets(st.decimals("0.5", 9, places=1), max_size=4)))]
    trinn = []
    for nr, grense in enumerate(grenser):
        navn = draw(st.sampled_from(["timepris", "fastprisPerMaaned", "maksPerMaaned"]))
        ett: Json = {"fraG": grense, navn: draw(_kroner(5000)), "friTimer": draw(st.sampled_from([0, 1]))}
        if nr + 1 < len(grenser):
            ett["tilG"] = grenser[nr + 1]
        trinn.append(ett)
    register: Json = {"gjelderFra": str(fra), "trinn": trinn}
    if draw(st.booleans()):
        register["selvkost"] = {"timeloenn": draw(_kroner(500)), "sosialeUtgifter": draw(_kroner(200))}
    if draw(st.booleans()):
        register["friMaaneder"] = draw(st.lists(st.integers(1, 12), max_size=3))
    return register


DATOER = st.dates(date(2013, 1, 1), date(2026, 12, 31))
MAANEDER = DATOER.map(lambda dato: dato.replace(day=1))


@st.composite
def dokumenter(draw: st.DrawFn) -> Kommuneoppsett:
    """Any document the contract accepts."""
    institusjoner = [
        {
            "kode": kode,
            "navn": draw(TEKST),
            "oppholdsutgift": [
                {"gjelderFra": str(fra), "beloepPerMaaned": draw(_kroner(200_000))}
                for fra in sorted(draw(st.sets(DATOER, min_size=1, max_size=3)))
            ],
        }
        for kode in draw(st.sets(TEKST, max_size=2))
    ]
    raa: Json = {
        "organisasjonsnummer": draw(st.sampled_from(["310000000", "310001007"])),
        "navn": draw(TEKST),
        "maalform": draw(st.sampled_from(["NB", "NN"])),
        "tjenester": draw(
            st.sampled_from(
                [["LANGTIDSOPPHOLD"], ["PRAKTISK_BISTAND", "LANGTIDSOPPHOLD"], ["PRAKTISK_BISTAND"]]
            )
        ),
        "valg": [
            draw(_valg(aar)) for aar in sorted(draw(st.sets(st.integers(2013, 2027), min_size=1, max_size=3)))
        ],
        "institusjoner": institusjoner,
        "prisregister": [draw(_register(fra)) for fra in sorted(draw(st.sets(MAANEDER, max_size=4)))],
        "oppbevaring": {"raasvarDoegn": draw(st.integers(1, 36_525))},
    }
    if draw(st.booleans()):
        raa["brev"] = draw(st.fixed_dictionaries({}, optional={"adresse": TEKST, "epost": TEKST}))
    return les_oppsett(raa)
