"""Files a user takes away. Their names say what and when, never whom."""

from enum import StrEnum
from typing import Final

from fastapi import Response


class Filtype(StrEnum):
    """How a file is given, by the end of its name."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    TOML = "toml"
    JWS = "jws"
    PDF = "pdf"


_MEDIETYPE: Final = {
    Filtype.CSV: "text/csv; charset=utf-8",
    Filtype.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Filtype.JSON: "application/json",
    Filtype.TOML: "application/toml; charset=utf-8",
    Filtype.JWS: "application/jose",
    Filtype.PDF: "application/pdf",
}


def fil(innhold: bytes | str, navn: str, type_: Filtype) -> Response:
    """A file to keep.

    Args:
        innhold: what it holds.
        navn: what it is called, without its end; words and ids of ours only.
        type_: what kind it is.
    """
    hoder = {"Content-Disposition": f'attachment; filename="{navn}.{type_}"'}
    return Response(innhold, headers=hoder, media_type=_MEDIETYPE[type_])
