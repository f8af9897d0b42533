"""The words of KS Fiks' contract, and the readers it needs beside our own."""

from enum import StrEnum
from re import compile as moenster
from typing import Any, Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import UGYLDIG, Heltall, Leser, Skjema


class Beregningstype(StrEnum):
    """What the basis is for."""

    PRAKTISK_BISTAND = "PRAKTISK_BISTAND"
    LANGTIDSOPPHOLD_INSTITUSJON = "LANGTIDSOPPHOLD_INSTITUSJON"
    BARNEHAGE_SFO = "BARNEHAGE_SFO"


class Persontype(StrEnum):
    """A person's place in the case."""

    SOEKER = "SOEKER"
    BEBOER = "BEBOER"
    BRUKER = "BRUKER"
    EKTEFELLE = "EKTEFELLE"
    PARTNER = "PARTNER"
    SAMBOER = "SAMBOER"
    BARN = "BARN"
    SOESKEN = "SOESKEN"
    MOR = "MOR"
    FAR = "FAR"
    MEDMOR = "MEDMOR"
    ANNET = "ANNET"


PARTNERE: Final = (Persontype.EKTEFELLE, Persontype.PARTNER, Persontype.SAMBOER)
"""At most one of these in a request."""


class Stadie(StrEnum):
    """How far the settlement has come. We never use drafts."""

    OPPGJOER = "OPPGJOER"
    UKJENT = "UKJENT"


class Operasjon(StrEnum):
    """Whether an amount is added to or subtracted from the sum it stands in."""

    ADDERE = "ADDERE"
    SUBTRAHERE = "SUBTRAHERE"

    def paa(self, beloep: int) -> int:
        """The amount with its sign, kroner."""
        return beloep if self is Operasjon.ADDERE else -beloep


class Gruppetype(StrEnum):
    """Whether a group holds posts, or sums of posts."""

    POST = "POST"
    GRUNNLAG = "GRUNNLAG"


class Kilde(StrEnum):
    """Where an amount comes from, in v1."""

    SKATTEETATEN = "SKATTEETATEN"
    MANUELL_INPUT = "MANUELL_INPUT"


class GammelKilde(StrEnum):
    """Where an amount comes from, in v2."""

    SKATTEETATEN = "SKATTEETATEN"
    NAV = "NAV"
    KOMMUNE = "KOMMUNE"


class Justeringstype(StrEnum):
    """Which way a manual post moves the sum it belongs to."""

    OKNING = "OKNING"
    REDUKSJON = "REDUKSJON"


class Tilhoerighetskategori(StrEnum):
    """Which half of the calculation a manual post belongs to."""

    INNTEKT = "INNTEKT"
    FRADRAG = "FRADRAG"


class Visningskategori(StrEnum):
    """Under which heading a post is shown; the last two only for praktisk bistand."""

    INNTEKT = "INNTEKT"
    FRADRAG = "FRADRAG"
    FORMUE = "FORMUE"
    GJELD = "GJELD"
    ANNET = "ANNET"
    GEVINST = "GEVINST"
    TAP = "TAP"


_PERSON: Final = moenster(r"[0-9]{11}")
_SIFRE: Final = moenster(r"-?[0-9]{1,15}")


class Personidentifikator(Leser):
    """Eleven digits; whether anybody has the number is Skatteetaten's to say."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The number as text."""
        if type(raa) is not str or not _PERSON.fullmatch(raa):
            feil.append(
                Feil(
                    sti,
                    "ugyldig-identifikator",
                    "Skal være elleve sifre som tekst: fødselsnummer eller D-nummer.",
                )
            )
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Fiks' own pattern."""
        return {"type": "string", "pattern": "^[0-9]{11}$"}


class Tallstreng(Leser):
    """A whole number, as digits in a text or as a JSON number: v2's examples send both."""

    def __init__(self, minst: int, hoeyst: int) -> None:
        self._heltall = Heltall(minst, hoeyst)

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The number."""
        if type(raa) is str:
            if not _SIFRE.fullmatch(raa):
                feil.append(
                    Feil(
                        sti, "feil-type", "Skal være et helt tall, som sifre i en tekst eller som JSON-tall."
                    )
                )
                return UGYLDIG
            raa = int(raa)
        return self._heltall.les(raa, sti, feil)

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Either form."""
        return {"anyOf": [{"type": "string", "pattern": "^-?[0-9]{1,15}$"}, self._heltall.skjema(navngitte)]}


class Tidspunkt(Leser):
    """A moment in ISO 8601; only ever written."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """Answers are not read back."""
        raise TypeError("tidspunkt leses ikke")

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """A text."""
        return {"type": "string", "format": "date-time"}


BELOEP: Final = Heltall(-(10**15), 10**15)
"""Whole kroner in an answer."""
BELOEP_INN: Final = Heltall(0, 999_999_999_999)
"""Whole kroner in a request; the kind of post says which way it counts."""
FOERSTE_AAR: Final = 2021
AAR: Final = Heltall(FOERSTE_AAR, 2100)
