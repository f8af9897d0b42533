"""What is wrong, as a form says it: the contract's own words, but where they speak of the request's fields."""

from collections.abc import Callable
from typing import Final

from app.calc.kontrakt.feil import Feil
from app.calc.regler.par_10 import HUSSTAND
from app.portal.ramme.spraak import Spraak, oversettelser

Feiltekst = Callable[[Feil], str]
"""The words for a fault."""


def _(tekst: str) -> str:
    """Marks a text that has a nynorsk form."""
    return tekst


_EGNE: Final = {
    "personidentifikator-eller-person-id": _("Skriv fødselsnummeret eller d-nummeret."),
    "ikke-et-tall": _("Skriv et tall, for eksempel 12 500 eller 12 500,50."),
    "til-foer-fra-maaned": _("Siste måned er før første måned. Rett fra eller til."),
}
_FYLL_UT: Final = _("Fyll ut: %(hva)s.")
_PLASSER: Final = _("Velg hva posten er.")
_BARNETS_BEHOV: Final = _(
    "Barn regnes bare med når hjelpen gis på grunn av barnets behov (%(hjemmel)s). Kryss av når det er slik, "
    "ellers fjern raden."
)
_LEGG_TIL: Final = " mangler. Legg det til: "
_LISTE: Final = "Skal være en av "


def feiltekst(spraak: Spraak) -> Feiltekst:
    """The words in one language. What the contract says stands in bokmål, as the regulation's own words do."""
    oversett = oversettelser(spraak).gettext

    def tekst(feil: Feil) -> str:
        if feil.kode in _EGNE:
            return oversett(_EGNE[feil.kode])
        if feil.kode == "mangler" and feil.pointer.endswith("/som"):
            return oversett(_PLASSER)
        if feil.kode == "mangler" and _LEGG_TIL in feil.detail:
            return oversett(_FYLL_UT) % {"hva": feil.detail.partition(_LEGG_TIL)[2].rstrip(".")}
        if feil.kode == "ikke-i-husstanden" and feil.pointer.endswith("/hjelpenSkyldesBarnetsBehov"):
            return oversett(_BARNETS_BEHOV) % {"hjemmel": HUSSTAND}
        if feil.kode == "ukjent-verdi" and feil.detail.startswith(_LISTE):
            # What may be chosen stands in the list; what is said besides is why it may not.
            return feil.detail.partition(". ")[2] or feil.detail
        return feil.detail

    return tekst
