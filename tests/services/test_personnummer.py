"""Every form a person's number may have, and what is not one. All numbers here are made up (month + 80 or + 65).

Sources: Folkeregisteret's test population (month + 80, d-nummer day + 40); Skatteetaten on numbers from 2032
(the first control digit's sum may leave 0, 1, 2 or 3, the second is unchanged).
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.syntetisk import personidentifikator
from app.services.personnummer import er_personnummer, er_syntetisk

VEKTER_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
VEKTER_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def med_rest(begynnelse: str, rest: int) -> str:
    """A number beginning with these six digits whose first control sum leaves ``rest``."""
    for individ in range(1000):
        ni = f"{begynnelse}{individ:03d}"
        k1 = (rest - sum(int(s) * v for s, v in zip(ni, VEKTER_K1, strict=True))) % 11
        k2 = -sum(int(s) * v for s, v in zip(f"{ni}{k1}", VEKTER_K2, strict=False)) % 11
        if k1 < 10 and k2 < 10:
            return f"{ni}{k1}{k2}"
    raise AssertionError("ingen slike nummer")


FORMER = [
    ("fødselsnummer, måned + 80", "018150", 0, True),
    ("d-nummer, dag + 40 og måned + 80", "418150", 0, True),
    ("siste dag og måned", "319299", 0, True),
    ("måned + 65", "016650", 0, True),
    ("måned + 65, desember", "017750", 0, True),
    ("29. februar i et år som kan være skuddår", "298200", 0, True),
    ("utstedt fra 2032, rest 1", "018150", 1, True),
    ("utstedt fra 2032, rest 2", "018150", 2, True),
    ("utstedt fra 2032, rest 3", "018150", 3, True),
    ("utstedt fra 2032, d-nummer", "418150", 3, True),
    ("rest 4 finnes ikke", "018150", 4, False),
    ("rest 10 finnes ikke", "018150", 10, False),
    ("29. februar i et år som aldri er skuddår", "298201", 0, False),
    ("31. april", "318450", 0, False),
    ("dag 0", "008150", 0, False),
    ("dag 40 er ikke et d-nummer", "408150", 0, False),
    ("dag 72", "728150", 0, False),
    ("måned 13 + 80", "019350", 0, False),
    ("måned 0 + 80", "018050", 0, False),
    ("måned 13 + 65", "017850", 0, False),
    ("måned + 40 (hjelpenummer)", "014150", 0, False),
]


@pytest.mark.parametrize(
    ("begynnelse", "rest", "gyldig"), [rad[1:] for rad in FORMER], ids=[r[0] for r in FORMER]
)
def test_former(begynnelse: str, rest: int, gyldig: bool) -> None:
    nummer = med_rest(begynnelse, rest)
    assert er_personnummer(nummer) is gyldig
    if gyldig:
        assert er_syntetisk(nummer)


@pytest.mark.parametrize("maaned", range(1, 13))
def test_et_virkelig_nummer_er_ikke_syntetisk(maaned: int) -> None:
    """Built without control digits, so that it can be nobody's."""
    assert not er_syntetisk(f"01{maaned:02d}50" + "0" * 5)


@pytest.mark.parametrize(
    "tekst",
    ["", "0181500", " 1815000000", "018150 00000", "0181500000a", "٠١٨١٥٠٠٠٠٠٠", "018150000000"],
)
def test_annet_enn_elleve_sifre(tekst: str) -> None:
    assert not er_personnummer(tekst)


FOEDT = st.dates(date(1900, 1, 1), date(2039, 12, 31))


@given(FOEDT, st.integers(0, 499), st.booleans())
def test_hele_testbefolkningen_er_gyldig(foedt: date, plass: int, d_nummer: bool) -> None:
    nummer = personidentifikator(foedt, plass, d_nummer=d_nummer)
    assert er_personnummer(nummer)
    assert er_syntetisk(nummer)


@given(FOEDT, st.integers(0, 499), st.integers(0, 10), st.integers(1, 9))
def test_ett_galt_siffer_oppdages_alltid(foedt: date, plass: int, hvor: int, avvik: int) -> None:
    nummer = personidentifikator(foedt, plass)
    galt = str((int(nummer[hvor]) + avvik) % 10)
    assert not er_personnummer(nummer[:hvor] + galt + nummer[hvor + 1 :])


@given(FOEDT, st.integers(0, 499), st.integers(0, 9))
def test_to_ombyttede_naboer_oppdages_alltid(foedt: date, plass: int, hvor: int) -> None:
    nummer = personidentifikator(foedt, plass)
    byttet = nummer[:hvor] + nummer[hvor + 1] + nummer[hvor] + nummer[hvor + 2 :]
    assert byttet == nummer or not er_personnummer(byttet)
