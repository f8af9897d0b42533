"""The templates: every value is escaped, and a name nobody gave is an error and not an empty string."""

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.portal.ramme import visning
from app.portal.ramme.fagtekst import vis_fagtekst
from app.portal.ramme.meny import er_her, menyen
from app.portal.ramme.spraak import Spraak, oversettelser
from app.portal.ramme.statisk import adresse

MAPPE: Final = Path(__file__).parents[1] / "maler"


@cache
def omgivelse(spraak: Spraak) -> Environment:
    """The templates in one language."""
    miljoe = Environment(
        loader=FileSystemLoader(MAPPE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    miljoe.install_gettext_translations(oversettelser(spraak), newstyle=True)  # type: ignore[attr-defined]
    miljoe.filters.update(visning.FILTRE, fagtekst=partial(vis_fagtekst, spraak=spraak))
    miljoe.globals.update(spraak=spraak.value, statisk=adresse, menyen=menyen, er_her=er_her)
    return miljoe


def tegn(mal: str, spraak: Spraak, **data: Any) -> str:
    """A page, or a part of one.

    Args:
        mal: the template's file, or ``file#block`` for one block of it, as htmx asks for a part of a page.
        spraak: the language.
        data: what the template names.
    """
    fil, _, blokk = mal.partition("#")
    malen = omgivelse(spraak).get_template(fil)
    if not blokk:
        return malen.render(data)
    sammenheng = malen.new_context(data)
    return "".join(malen.blocks[blokk](sammenheng))
