"""Text that somebody has written, made printable: letters the fonts have, and no others.

The fonts come with the typesetter and cover what is written in Norway and around it. A sign they lack would stop the
letter, since a PDF/A says what every glyph means; it becomes ``�``, so that it shows that something stood there.
"""

import unicodedata
from typing import Any, Final

ERSTATNING: Final = "\N{REPLACEMENT CHARACTER}"
"""What is printed for a sign the fonts lack."""

OMRAADER: Final = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x345),
    (0x370, 0x3FF),
    (0x400, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x2054, 0x205E),
    (0x20A0, 0x20BF),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
)
"""First and last code of what the fonts have."""


def skrivbar(tekst: str) -> str:
    """The text in one line of signs the fonts have."""
    samlet = unicodedata.normalize("NFC", tekst)
    return "".join(_tegn(tegn) for tegn in samlet).strip()


def skrivbare(verdi: Any) -> Any:
    """The same document with every text printable."""
    if isinstance(verdi, str):
        return skrivbar(verdi)
    if isinstance(verdi, dict):
        return {navn: skrivbare(under) for navn, under in verdi.items()}
    if isinstance(verdi, (list, tuple)):
        return [skrivbare(under) for under in verdi]
    return verdi


def _tegn(tegn: str) -> str:
    if tegn in "\t\n":
        return " "
    kode, kategori = ord(tegn), unicodedata.category(tegn)
    if kategori == "Cf":
        return ""  # says how to show the others, such as their direction; nothing is lost without it
    kjent = any(fra <= kode <= til for fra, til in OMRAADER) and kategori != "Cn"
    return tegn if kjent else ERSTATNING
