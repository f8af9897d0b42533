"""Style sheets and scripts: ours, and those of packages that the installation fetched. Nothing comes from elsewhere."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

_PORTAL: Final = Path(__file__).parents[1]
PAKKER: Final = _PORTAL / "tredjepart" / "node_modules"
_STIL: Final = "text/css; charset=utf-8"
_SKRIPT: Final = "text/javascript; charset=utf-8"
_BILDE: Final = "image/svg+xml"

FILER: Final = {
    "designsystemet.css": (PAKKER / "@digdir/designsystemet-css/dist/src/index.css", _STIL),
    "tema.css": (PAKKER / "@digdir/designsystemet-css/dist/theme/designsystemet.css", _STIL),
    "htmx.js": (PAKKER / "htmx.org/dist/htmx.min.js", _SKRIPT),
    "portal.css": (_PORTAL / "statisk/portal.css", _STIL),
    "portal.js": (_PORTAL / "statisk/portal.js", _SKRIPT),
    "merke.svg": (_PORTAL / "statisk/merke.svg", _BILDE),
}
"""Every file there is; a name that is not here is not found, whatever it says."""


class StilfilerManglerError(RuntimeError):
    """The packages are not installed; the message says how."""


@dataclass(frozen=True, slots=True)
class Fil:
    """A file, with its media type and a mark of what it holds."""

    innhold: bytes
    type: str
    merke: str


@cache
def les(navn: str) -> Fil:
    """One of the files."""
    sti, type_ = FILER[navn]
    innhold = sti.read_bytes()
    return Fil(innhold, type_, sha256(innhold).hexdigest()[:16])


def kontroller() -> None:
    """See that every file is there.

    Raises:
        StilfilerManglerError: some are not.
    """
    mangler = [navn for navn, (sti, _) in FILER.items() if not sti.is_file()]
    if mangler:
        raise StilfilerManglerError(
            f"Portalens filer mangler: {', '.join(mangler)}. Kjør «make», eller «npm ci --omit=dev» i "
            "app/portal/tredjepart."
        )


def adresse(navn: str) -> str:
    """Where a page finds a file; the address changes with the file, so that browsers may keep it for ever."""
    return f"/statisk/{les(navn).merke}/{navn}"
