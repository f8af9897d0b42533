"""Fødselsnummer and d-nummer: whether eleven digits can be one, and whether it is made up for testing.

Nothing else is read out of a number. Sex and century cannot be read from numbers issued from 2032, so age and
sex are never derived from any.

Sources: Skatteetaten, "Nytt fødselsnummer fra 2032" (remainders 0-3 in the first control digit, the second
unchanged, old numbers stay valid beside the new); Folkeregisteret's test population (month + 80, also for
d-nummer). Month + 65 is used by the health sector's test persons.
"""

from typing import Final

LENGDE: Final = 11

_VEKTER_K1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_VEKTER_K2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_MODULUS: Final = 11
_RESTER_K1: Final = frozenset({0, 1, 2, 3})
"""0 is the rule of old numbers. The rest are numbers issued from 2032, accepted already: the second control
digit alone finds every single wrong digit and every exchange of neighbours."""

_D_NUMMER: Final = 40
_SYNTETISKE_TILLEGG: Final = (80, 65)
_DAGER: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUAR: Final = 2
_SKUDDAAR: Final = 4


def er_personnummer(tekst: str) -> bool:
    """Whether this is the form of a fødselsnummer or d-nummer, synthetic ones included."""
    if len(tekst) != LENGDE or not tekst.isascii() or not tekst.isdigit():
        return False
    sifre = [int(siffer) for siffer in tekst]
    return _er_dato(tekst) and _rest(sifre, _VEKTER_K1) in _RESTER_K1 and _rest(sifre, _VEKTER_K2) == 0


def er_syntetisk(nummer: str) -> bool:
    """Whether the number is one no person can have; such are to be refused in production."""
    return int(nummer[2:4]) > min(_SYNTETISKE_TILLEGG)


def _rest(sifre: list[int], vekter: tuple[int, ...]) -> int:
    # k2 weighs all eleven digits, k1 the first ten.
    return sum(siffer * vekt for siffer, vekt in zip(sifre, vekter, strict=False)) % _MODULUS


def _er_dato(tekst: str) -> bool:
    """Day, month and year of two digits, with the additions taken off. The century is unknown."""
    dag, maaned, aar = int(tekst[:2]), int(tekst[2:4]), int(tekst[4:6])
    dag -= _D_NUMMER if dag > _D_NUMMER else 0
    maaned -= next((tillegg for tillegg in _SYNTETISKE_TILLEGG if maaned > tillegg), 0)
    if not 1 <= maaned <= len(_DAGER) or not 1 <= dag <= _DAGER[maaned - 1]:
        return False
    return (dag, maaned) != (_DAGER[_FEBRUAR - 1], _FEBRUAR) or aar % _SKUDDAAR == 0
