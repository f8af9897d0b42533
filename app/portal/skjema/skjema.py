"""A form on its way to the page: what stands in it, what is wrong with it, and what it would lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.calc.kontrakt.json_tekst import les_json
from app.portal.bilder.beregningsbilde import til_vurdering
from app.portal.skjema.tre import Tre
from app.services.sak.feil import KonfliktError
from app.services.sak.forhaandsvisning import Forhaandsvisning

SKJEMAET: Final = "skjema"
"""The field that faults of the form as a whole stand at."""


@dataclass(slots=True, kw_only=True)
class Skjema:
    """A form.

    Attributes:
        sti: where it is sent.
        tre: what stands in it.
        noekkel: what a repeat of it is known by.
        feil: what is wrong, by field.
        konflikt: the state that does not allow it.
        opptatt: somebody else was in the way, and nothing is stored.
        utdatert: somebody else has changed the case since.
        fokus: where the user goes on.
        versjon: the version of the case that is changed; ``None`` when there is no case yet.
        virkning: what the form leads to, when that was asked for.
    """

    sti: str
    tre: Tre = field(repr=False)
    noekkel: str
    feil: dict[str, str] = field(default_factory=dict)
    konflikt: KonfliktError | None = None
    opptatt: bool = False
    utdatert: bool = False
    fokus: str | None = None
    versjon: int | None = None
    virkning: Forhaandsvisning | None = None

    @property
    def svar(self) -> dict[str, Any]:
        """What the calculation that is shown beforehand says besides its result."""
        svar: dict[str, Any] = {} if self.virkning is None else les_json(self.virkning.beregning.svar)
        return svar

    @property
    def varsler(self) -> list[Mapping[str, Any]]:
        """The warnings to look at before it is stored."""
        return [] if self.virkning is None else list(til_vurdering(self.svar))

    def verdi(self, navn: str) -> str:
        """What stands in a field."""
        her = finn(self.tre, navn)
        return her if isinstance(her, str) else ""

    def feil_under(self, navn: str) -> bool:
        """Whether something is wrong within a part of the form."""
        return any(en == navn or en.startswith(f"{navn}/") for en in self.feil)

    def utfylt(self, *navn: str) -> bool:
        """Whether something stands in one of these, or is wrong there."""
        return any(har_noe(finn(self.tre, en)) or self.feil_under(en) for en in navn)


def finn(tre: Tre, navn: str) -> Tre:
    """What stands at a place of the form; ``None`` when there is no such place."""
    her = tre
    for ledd in navn.split("/"):
        if isinstance(her, list):
            if not ledd.isdigit() or int(ledd) >= len(her):
                return None
            her = her[int(ledd)]
        elif isinstance(her, dict) and ledd in her:
            her = her[ledd]
        else:
            return None
    return her


def naermeste(tre: Tre, navn: str) -> str:
    """The field a fault stands at: the one it names, else the nearest thing around it."""
    if navn == "person" or navn.endswith("/person"):
        navn += "/personidentifikator"
    while navn and finn(tre, navn) is None:
        navn = navn.rpartition("/")[0]
    return navn or SKJEMAET


def har_noe(tre: Tre) -> bool:
    """Whether anything stands in a part of the form."""
    if isinstance(tre, dict):
        return any(map(har_noe, tre.values()))
    return bool(tre)
