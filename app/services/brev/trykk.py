"""Printing: a document becomes a PDF. The typesetter is an optional package, and runs beside the event loop.

Words and form are templates; the document is handed over as JSON, so nothing in it is ever read as code. The templates
see no file but each other, no clock, no network and no fonts but those the typesetter brings: the same document gives the
same bytes.
"""

import asyncio
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from app.services.brev.feil import BrevIkkeSattOppError, BrevKanIkkeLagesError
from app.services.brev.rad import Dok

MALER: Final = Path(__file__).parent / "maler"
STANDARDER: Final = ("a-2a", "ua-1")
"""PDF/A-2a for the archive, PDF/UA-1 for whoever reads with a screen reader. The typesetter refuses what breaks them."""

_LAAS: Final = Lock()
"""One letter at a time: the typesetter keeps what it knows of the templates from one to the next."""


async def trykk(dokument: Dok) -> bytes:
    """The letter as PDF.

    Raises:
        BrevIkkeSattOppError: the typesetter is not installed.
        BrevKanIkkeLagesError: the templates cannot print this document.
    """
    return await asyncio.to_thread(trykk_naa, dokument)


def trykk_naa(dokument: Dok) -> bytes:
    """As ``trykk``, in this thread."""
    setter = _setter()
    laget = datetime.fromisoformat(dokument["laget"]).replace(tzinfo=UTC)
    data = {"data": json.dumps(dokument, ensure_ascii=False)}
    with _LAAS:
        try:
            pdf = setter.compile(
                format="pdf",
                sys_inputs=data,
                pdf_standards=list(STANDARDER),
                timestamp=int(laget.timestamp()),
            )
        except RuntimeError:
            # What it says may quote the letter.
            raise BrevKanIkkeLagesError from None
    if not isinstance(pdf, bytes):
        raise BrevKanIkkeLagesError
    return pdf


def krev_satt_opp() -> None:
    """Ask before anything is read.

    Raises:
        BrevIkkeSattOppError: the typesetter is not installed.
    """
    _setter()


@cache
def _setter() -> Any:
    try:
        import typst  # noqa: PLC0415 - an optional package
    except ImportError:
        raise BrevIkkeSattOppError from None
    skrifter = typst.Fonts(include_system_fonts=False)
    return typst.Compiler(
        input=str(MALER / "brev.typ"), root=str(MALER), font_paths=skrifter, ignore_system_fonts=True
    )
