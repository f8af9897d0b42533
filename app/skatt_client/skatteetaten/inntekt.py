"""Inntekt v1 (a-ordningen): income of the running year, month by month and payer by payer."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from app.skatt_client.feil import OppsettError
from app.skatt_client.oppsett import InntektOppsett
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.kall import ApiKall, Drift, kontroller_person
from app.skatt_client.skatteetaten.modell import Beloep, Dato, Modell, TomError, UleseligError, les_modell
from app.skatt_client.utfall import Utfall

_MAANEDER: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Maaned:
    """A calendar month."""

    aar: int
    maaned: int

    def __post_init__(self) -> None:
        if not 1 <= self.maaned <= _MAANEDER or not date.min.year <= self.aar <= date.max.year:
            raise OppsettError("ikke en måned")

    def __str__(self) -> str:
        return f"{self.aar:04}-{self.maaned:02}"


class Inntektsbeskrivelse(Modell):
    """What kind of income; details vary by kind and are kept in ``model_extra``."""

    TELL_UKJENTE = False

    beskrivelse: str | None = None


class Inntektspost(Modell):
    """One amount. Exactly one of the four descriptions is set; another kind stands in ``model_extra``."""

    fordel: str
    beloep: Beloep
    utloeser_arbeidsgiveravgift: bool | None = None
    inngaar_i_grunnlag_for_trekk: bool | None = None
    skatte_og_avgiftsregel: str | None = None
    startdato_opptjeningsperiode: Dato | None = None
    sluttdato_opptjeningsperiode: Dato | None = None
    loennsinntekt: Inntektsbeskrivelse | None = None
    ytelse_fra_offentlige: Inntektsbeskrivelse | None = None
    pensjon_eller_trygd: Inntektsbeskrivelse | None = None
    naeringsinntekt: Inntektsbeskrivelse | None = None


class Trekk(Modell):
    """Tax withheld, or a deduction."""

    beloep: Beloep
    beskrivelse: str | None = None


class Inntektsmottaker(Modell):
    """Who received it."""

    personidentifikator: str


class Oppgave(Modell):
    """One payer's report for one month."""

    kalendermaaned: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    opplysningspliktig_id: str
    """The payer's organisation number."""
    virksomhet_id: str | None = None
    inntektsmottaker: Inntektsmottaker
    inntekt: tuple[Inntektspost, ...] | None = None
    forskuddstrekk: tuple[Trekk, ...] | None = None
    fradrag: tuple[Trekk, ...] | None = None


class Inntekter(Modell):
    """The answer: the whole truth for the months asked for."""

    oppgave_inntektsmottaker: tuple[Oppgave, ...]


class InntektKlient:
    """Looks up a-ordningen for one kommune."""

    def __init__(self, drift: Drift, oppsett: InntektOppsett) -> None:
        self._oppsett: Final = oppsett
        self._kall: Final = ApiKall(drift, Api.INNTEKT, oppsett)

    async def hent(
        self, personidentifikator: str, fra_og_med: Maaned, til_og_med: Maaned
    ) -> Utfall[Inntekter]:
        """Income of one person, both months included.

        A month is complete after the tenth of the next one.

        Raises:
            OppsettError: the identifier is not eleven digits, or the months are in the wrong order.
        """
        kontroller_person(personidentifikator)
        if til_og_med < fra_og_med:
            raise OppsettError("perioden slutter før den begynner")

        def les(raa: dict[str, Any]) -> Inntekter:
            svar = les_modell(Inntekter, raa)
            for oppgave in svar.oppgave_inntektsmottaker:
                if oppgave.inntektsmottaker.personidentifikator != personidentifikator:
                    raise UleseligError("annen-person", "oppgaveInntektsmottaker.[].inntektsmottaker")
                if not str(fra_og_med) <= oppgave.kalendermaaned <= str(til_og_med):
                    raise UleseligError("annen-periode", "oppgaveInntektsmottaker.[].kalendermaaned")
            if not svar.oppgave_inntektsmottaker:
                raise TomError
            return svar

        return await self._kall.hent(
            self._oppsett.sti,
            {"personidentifikator": personidentifikator},
            les,
            params={"fraOgMed": str(fra_og_med), "tilOgMed": str(til_og_med)},
        )
