"""Random but lawful requests for the long-stay calculator."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

AAR = st.integers(2013, 2026)
BELOEP = st.integers(0, 90_000_000).map(lambda oere: Decimal(oere).scaleb(-2))
"""0 to 900 000 kroner, to the øre."""


def dager(aar: int, fra: int = -500) -> st.SearchStrategy[date]:
    """Days from well before the year to its end."""
    return st.integers(fra, 365).map(lambda d: date(aar, 1, 1) + timedelta(d))


@st.composite
def opphold(draw: st.DrawFn, aar: int) -> list[dict[str, Any]]:
    """One to four stays in order, some touching, some with a gap; the last may be open."""
    antall = draw(st.integers(1, 4))
    punkter = sorted(draw(st.lists(dager(aar), min_size=2 * antall, max_size=2 * antall)))
    stays = []
    for nr in range(antall):
        fra, til = punkter[2 * nr], punkter[2 * nr + 1]
        stay: dict[str, Any] = {
            "art": draw(
                st.sampled_from(["LANGTID", "LANGTID", "KORTTID_DOEGN", "AVLASTNING", "OEYEBLIKKELIG_HJELP"])
            ),
            "fra": fra.isoformat(),
            "til": til.isoformat(),
        }
        if nr == antall - 1 and draw(st.booleans()):
            stay["til"] = None
        if draw(st.booleans()):
            stay["dobbeltromMotEgetOenske"] = True
        if draw(st.booleans()):
            stay["oppholdsutgiftPerMaaned"] = draw(BELOEP)
        stays.append(stay)
    return stays


@st.composite
def valg(draw: st.DrawFn, aar: int) -> dict[str, Any]:
    """The kommune's choices."""
    return {
        "fordelAvFribeloep": draw(st.sampled_from(["75_PROSENT", "100_PROSENT"])),
        "avrunding": draw(st.sampled_from(["KRONE_NED", "OERE_NED"])),
        "doegnregel": draw(st.sampled_from(["KALENDERMAANED", "30_DAGER", "365_DAGER"])),
        "nyttGFra": draw(st.sampled_from([f"{aar}-05-01", f"{aar}-07-01", f"{aar}-03-15", f"{aar}-01-01"])),
        "paragraf3OverNyttaar": draw(st.booleans()),
    }


@st.composite
def langtid(draw: st.DrawFn) -> dict[str, Any]:
    """A whole request."""
    aar = draw(AAR)
    inntekter = {
        "pensjonFraFolketrygden": draw(BELOEP),
        "offentligTjenestepensjon": draw(BELOEP),
        "naeringsinntekt": draw(BELOEP) - 300_000,
    }
    return {
        "aar": aar,
        "inntekter": inntekter,
        "skatt": {"beregnetSkatt": draw(BELOEP), "formuesskatt": draw(BELOEP)},
        "gjeldsrenter": draw(BELOEP),
        "opphold": draw(opphold(aar)),
        "valg": draw(valg(aar)),
    }
