"""Which of a calculation's warnings the recipient is told, in words of the letter's own.

Most warnings are for whoever makes the decision. Those below say something about the amount that the recipient can
check, or should know. Everything else has been looked at when the letter is sent.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.calc.poster.typer import Varselkode
from app.services.sak.varsler import Sakskode

FORTELLES: Final = tuple(
    map(
        str,
        (
            Sakskode.EKTEFELLE_OGSAA_BEBOER,
            Sakskode.HUSSTAND_ENDRET,
            Sakskode.SYKEHUSOPPHOLD,
            Sakskode.BARE_FOERTE_TALL,
            Sakskode.ANNET_INNTEKTSAAR,
            Sakskode.ERKLAERT_ENDELIG,
            "OVER_60_DOEGN",
            "DOBBELTROM_FOER_2014",
            "FORSOERGET_GIR_IKKE_FRADRAG",
            "OPPHOLDSUTGIFT_IKKE_OPPGITT",
            "SKATTEJUSTERING",
            "VURDER_PERSONLIGE_BEHOV",
            Varselkode.FELLES_KONTO,
            Varselkode.USKIFTET_BO,
            Varselkode.KREDITFRADRAG_IKKE_MED,
        ),
    )
)
"""In the order they are told."""

_SAMME: Final[Mapping[str, str]] = {
    Sakskode.INSTITUSJON_UTEN_OPPHOLDSUTGIFT.value: "OPPHOLDSUTGIFT_IKKE_OPPGITT",
    Varselkode.GEVINST_HOLDT_UTENFOR.value: "SKATTEJUSTERING",
}
"""Codes that tell the recipient the same as another."""


_OM_ANDRE: Final = frozenset({Sakskode.EKTEFELLE_OGSAA_BEBOER.value})
"""Codes that tell something of another."""

_OM_SEG: Final = frozenset(
    map(
        str,
        (
            Sakskode.SYKEHUSOPPHOLD,
            Sakskode.BARE_FOERTE_TALL,
            Varselkode.FELLES_KONTO,
            Varselkode.USKIFTET_BO,
            Varselkode.KREDITFRADRAG_IKKE_MED,
        ),
    )
)
"""Codes that are told only when they are about the recipient: what is said of a spouse is the spouse's."""


def til_mottaker(varsler: Iterable[Mapping[str, Any]], person_id: str, *, andres: bool) -> list[str]:
    """The codes to tell, each once.

    Args:
        varsler: as they are stored with the calculation.
        person_id: the recipient.
        andres: whether the letter tells of the others at all.
    """
    koder = {
        _SAMME.get(kode, kode)
        for varsel in varsler
        if (kode := str(varsel["kode"])) not in _OM_SEG or varsel.get("personId") in {None, person_id}
    }
    return [kode for kode in FORTELLES if kode in koder and (andres or kode not in _OM_ANDRE)]
