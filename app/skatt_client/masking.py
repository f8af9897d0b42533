"""Text from outside is masked here before it may reach a log, an error or an outcome."""

import re
from typing import Final

_LANGE_TALL: Final = re.compile(r"\d{6}[ .-]?\d{5,}")
_JWT: Final = re.compile(r"eyJ[\w-]*(?:\.[\w-]*)*")
_KODE: Final = re.compile(r"(?:SSG|BSA|AR|TD|FA|IM|DAS)-[0-9]{3}")
_KORRELASJONSID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
_FELTNAVN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_LENGSTE_TEKST: Final = 300
_SIFRE_I_PERSONIDENTIFIKATOR: Final = 11


def mask(tekst: str) -> str:
    """One printable line without numbers of eleven digits or more and without tokens."""
    utskrivbar = "".join(tegn if tegn.isprintable() else " " for tegn in tekst)
    # Tokens first: masking digits inside one would leave its halves standing.
    return _LANGE_TALL.sub("[maskert]", _JWT.sub("[maskert]", utskrivbar))[:_LENGSTE_TEKST]


def safe_code(verdi: object) -> str | None:
    """One of Skatteetaten's error codes, such as ``SSG-007``; ``None`` for anything else."""
    if not isinstance(verdi, str):
        return None
    kode = verdi.strip().upper()
    return kode if _KODE.fullmatch(kode) else None


def safe_correlation_id(verdi: object) -> str | None:
    """A korrelasjonsid fit for a log, or ``None`` if it could hide a national id."""
    if not isinstance(verdi, str) or not _KORRELASJONSID.fullmatch(verdi):
        return None
    deler = verdi.split("-")
    if any(del_.isdigit() and len(del_) == _SIFRE_I_PERSONIDENTIFIKATOR for del_ in deler):
        return None
    return verdi


def safe_field(verdi: object) -> str:
    """A field name from a wire answer; anything that is not a plain word becomes ``?``."""
    return verdi if isinstance(verdi, str) and _FELTNAVN.fullmatch(verdi) else "?"
