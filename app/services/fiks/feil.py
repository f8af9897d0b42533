"""When there is no answer: Fiks' status and code, our sentence, and who of the persons it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.calc.kontrakt.feil import Feil
from app.services.fiks.bestilling import Bestilling, Bestillingsperson
from app.services.mangler import Grunn, Mangler
from app.services.oppslag import Hentet
from app.skatt_client import Api


class Feilkode(StrEnum):
    """``errorCode``: Skatteetaten's own where there is one, else ours."""

    UKJENT_PERSON = "SSG-007"
    IKKE_OPPGJOER = "SSG-008"
    SLETTET = "SSG-011"
    TILGANG = "EA-TILGANG"
    UTILGJENGELIG = "EA-UTILGJENGELIG"
    UBRUKELIG_SVAR = "EA-UBRUKELIG-SVAR"
    REVISJON = "EA-REVISJON"
    TILBYS_IKKE = "EA-TILBYS-IKKE"


STATUS: Final = {
    Feilkode.UKJENT_PERSON: 404,
    Feilkode.IKKE_OPPGJOER: 404,
    Feilkode.SLETTET: 410,
    Feilkode.TILGANG: 403,
    Feilkode.UTILGJENGELIG: 503,
    Feilkode.UBRUKELIG_SVAR: 502,
    Feilkode.REVISJON: 503,
    Feilkode.TILBYS_IKKE: 400,
}

_KODE: Final = {
    Grunn.INGEN_TILGANG: Feilkode.TILGANG,
    Grunn.IKKE_SLAATT_PAA: Feilkode.TILGANG,
    Grunn.FEIL_OPPSETT: Feilkode.UBRUKELIG_SVAR,
    Grunn.UGYLDIG_SVAR: Feilkode.UBRUKELIG_SVAR,
    Grunn.STRUPET: Feilkode.UTILGJENGELIG,
    Grunn.UTILGJENGELIG: Feilkode.UTILGJENGELIG,
    Grunn.SLETTET: Feilkode.SLETTET,
    Grunn.UKJENT_PERSON: Feilkode.UKJENT_PERSON,
    Grunn.IKKE_OPPGJOER_ENNAA: Feilkode.IKKE_OPPGJOER,
}
"""In order of which decides the status when several persons are missing. SKJERMET is no error: Fiks'
answer has a field for it."""


class FiksFeilError(Exception):
    """No answer can be given. Holds no number, amount or name."""

    def __init__(
        self, kode: Feilkode, melding: str, feil: Sequence[Feil] = (), proev_igjen_om: int | None = None
    ) -> None:
        super().__init__(kode.value)
        self.kode = kode
        self.status = STATUS[kode]
        self.melding = melding
        self.feil = tuple(feil)
        self.proev_igjen_om = proev_igjen_om
        """Seconds."""


_I_STEDET: Final = {
    "foreldrebetaling": "Grunnlag for foreldrebetaling i barnehage og SFO tilbys ikke her. Bruk KS Fiks til det. "
    "Her finnes beregning for LANGTIDSOPPHOLD_INSTITUSJON og PRAKTISK_BISTAND.",
    "pdf": "Svar som PDF tilbys ikke. Bruk samme adresse uten /pdf, som svarer med JSON.",
    "yaml": "Reglene som YAML tilbys ikke. Gyldige poster står på /verdier, og hver post i svaret sier om og "
    "hvordan den er regnet.",
}


def tilbys_ikke(hva: str) -> FiksFeilError:
    """Something Fiks has and we do not: what to do instead."""
    return FiksFeilError(Feilkode.TILBYS_IKKE, _I_STEDET[hva])


@dataclass(frozen=True, slots=True)
class _Manglende:
    person: Bestillingsperson
    mangler: Mangler
    kode: Feilkode


def hindring(bestilling: Bestilling, hentet: Sequence[Hentet]) -> FiksFeilError | None:
    """Why no answer can be given, every person named by pointer; ``None`` when one can.

    A shielded person and tax that is missing for good are no hindrance: the answer says so, and the sums
    that depend on them are ``null``.
    """
    manglende = [
        _Manglende(person, mangler, _KODE[mangler.grunn])
        for person, svar in zip(bestilling.personer, hentet, strict=True)
        for mangler in svar.mangler
        if mangler.grunn in _KODE and (mangler.api is Api.SKATTEGRUNNLAG or mangler.gaar_over)
    ]
    if not manglende:
        return None
    rekkefoelge = list(dict.fromkeys(_KODE.values()))
    verst = min(manglende, key=lambda m: rekkefoelge.index(m.kode))
    ventetider = [m.mangler.proev_igjen_om for m in manglende if m.mangler.proev_igjen_om is not None]
    tekst = verst.mangler.tekst
    if verst.kode is Feilkode.SLETTET:
        tekst = f"Opplysningene finnes ikke lenger. {tekst}"
    return FiksFeilError(
        verst.kode,
        f"Grunnlaget kan ikke lages for {verst.person.omtale}: {tekst}",
        [Feil(m.person.sti, m.kode.value, m.mangler.tekst) for m in manglende],
        max(1, -int(-max(ventetider) // 1)) if ventetider and verst.kode is Feilkode.UTILGJENGELIG else None,
    )
