"""Synthetic identities: national ids with month + 80 and organisation numbers starting with 2 or 3.

The forms are those of Tenor and Folkeregisteret's test population: modulus 11 is unchanged, the month
is raised by 80, a D-number also has its day raised by 40. No such number can belong to anybody.
"""

from datetime import date

_VEKT_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_VEKT_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_VEKT_ORGNR = (3, 2, 7, 6, 5, 4, 3, 2)

_LENGDE_FNR = 11
_LENGDE_ORGNR = 9
_INDIVIDNUMRE = 500
_FOERSTE_AAR_NY_SERIE = 2000
_MAANED_TILLEGG = 80
_DAG_TILLEGG_D_NUMMER = 40


def _kontrollsiffer(sifre: str, vekter: tuple[int, ...]) -> int:
    """The modulus 11 digit; 10 means that the number cannot be used."""
    return -sum(int(s) * v for s, v in zip(sifre, vekter, strict=True)) % 11


def _med_kontrollsifre(ni_sifre: str) -> str | None:
    k1 = _kontrollsiffer(ni_sifre, _VEKT_K1)
    if k1 > 9:  # noqa: PLR2004
        return None
    k2 = _kontrollsiffer(f"{ni_sifre}{k1}", _VEKT_K2)
    return None if k2 > 9 else f"{ni_sifre}{k1}{k2}"  # noqa: PLR2004


def personidentifikator(foedt: date, plass: int, *, d_nummer: bool = False) -> str:
    """The first valid synthetic id at or after ``plass`` among the 500 individual numbers of a day.

    Args:
        foedt: date of birth, 1900 to 2039.
        plass: where to begin looking; wraps round within the series of the century.
        d_nummer: raise the day by 40 as for persons without a Norwegian birth number.
    """
    dag = foedt.day + (_DAG_TILLEGG_D_NUMMER if d_nummer else 0)
    serie = _INDIVIDNUMRE if foedt.year >= _FOERSTE_AAR_NY_SERIE else 0
    dato = f"{dag:02d}{foedt.month + _MAANED_TILLEGG:02d}{foedt.year % 100:02d}"
    for forsoek in range(_INDIVIDNUMRE):
        ident = _med_kontrollsifre(f"{dato}{serie + (plass + forsoek) % _INDIVIDNUMRE:03d}")
        if ident:
            return ident
    raise ValueError("ingen gyldige nummer denne dagen")


def er_syntetisk_person(ident: str) -> bool:
    """Eleven digits, month 81–92 and both control digits right."""
    return (
        len(ident) == _LENGDE_FNR
        and ident.isascii()
        and ident.isdigit()
        and _MAANED_TILLEGG < int(ident[2:4]) <= _MAANED_TILLEGG + 12
        and _med_kontrollsifre(ident[:9]) == ident
    )


def organisasjonsnummer(start: int) -> str:
    """The first valid organisation number whose eight first digits are ``start`` or later (2… or 3…)."""
    for aatte in range(start, start + 20):
        kontroll = _kontrollsiffer(f"{aatte}", _VEKT_ORGNR)
        if kontroll <= 9:  # noqa: PLR2004
            return f"{aatte}{kontroll}"
    raise ValueError("ingen gyldige nummer i serien")


def er_syntetisk_orgnr(orgnr: str) -> bool:
    """Nine digits, first digit 2 or 3 and the control digit right."""
    return (
        len(orgnr) == _LENGDE_ORGNR
        and orgnr.isascii()
        and orgnr.isdigit()
        and orgnr[0] in "23"
        and _kontrollsiffer(orgnr[:8], _VEKT_ORGNR) == int(orgnr[8])
    )
