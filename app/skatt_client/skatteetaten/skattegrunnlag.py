"""Summert skattegrunnlag v2: the posts of one person's tax settlement for one income year."""

from collections.abc import Mapping
from typing import Any, Final

from app.skatt_client.oppsett import SkattegrunnlagOppsett
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.kall import (
    ApiKall,
    Drift,
    ingen_data_er_slettet,
    kontroller_person,
    uendret,
)
from app.skatt_client.skatteetaten.modell import (
    Dato,
    Inntektsaar,
    Kroner,
    Modell,
    SkjermetError,
    Tidspunkt,
    UleseligError,
    les_modell,
)
from app.skatt_client.utfall import Utfall


class Spesifisering(Modell):
    """A detail behind a post. There are over thirty types and all their fields are optional.

    The same detail stands under several posts: never add specifications across posts.
    """

    TELL_UKJENTE = False

    type: str | None = None

    @property
    def felt(self) -> Mapping[str, Any]:
        """All fields but ``type``, by their wire names."""
        return self.model_extra or {}


class Grunnlag(Modell):
    """One post. Never sum by ``kategori``: it holds sums, transfers and doubles."""

    teknisk_navn: str
    beloep: Kroner
    kategori: str | None = None
    spesifisering: tuple[Spesifisering, ...] | None = None
    andel_skattefritt: Kroner | None = None
    andel_overfoert_fra_barn: Kroner | None = None


class Skattegrunnlag(Modell):
    """The answer. A post that is absent is unknown or not covered by the package; it is not zero."""

    personidentifikator: str
    inntektsaar: Inntektsaar
    skjermet: bool
    grunnlag: tuple[Grunnlag, ...] | None = None
    svalbard_grunnlag: tuple[Grunnlag, ...] | None = None
    kildeskatt_paa_loenn_grunnlag: tuple[Grunnlag, ...] | None = None
    skatteoppgjoersdato: Dato | None = None
    stadie: str | None = None
    ajourholdstidspunkt: Tidspunkt | None = None
    skjoennsfastsatt: bool | None = None
    svalbard_skjoennsfastsatt: bool | None = None


class SkattegrunnlagKlient:
    """Looks up summert skattegrunnlag for one kommune."""

    def __init__(self, drift: Drift, oppsett: SkattegrunnlagOppsett) -> None:
        self._oppsett: Final = oppsett
        self._kall: Final = ApiKall(drift, Api.SKATTEGRUNNLAG, oppsett)

    async def hent(
        self, personidentifikator: str, inntektsaar: int, *, etter_sletting: bool = False
    ) -> Utfall[Skattegrunnlag]:
        """The settlement of one person and year.

        Args:
            personidentifikator: eleven digits.
            inntektsaar: the income year.
            etter_sletting: an event said ``slettet``: "no data" is then the deletion, as 410 is always.

        Raises:
            OppsettError: the identifier is not eleven digits.
        """
        kontroller_person(personidentifikator)

        def les(raa: dict[str, Any]) -> Skattegrunnlag:
            svar = les_modell(Skattegrunnlag, raa)
            if svar.personidentifikator != personidentifikator:
                raise UleseligError("annen-person", "personidentifikator")
            if svar.inntektsaar != inntektsaar:
                raise UleseligError("annet-aar", "inntektsaar")
            if svar.stadie is not None and svar.stadie.lower() != self._oppsett.stadie:
                raise UleseligError("annet-stadie", "stadie")
            if svar.skjermet:
                raise SkjermetError
            return svar

        felt = {
            "stadie": self._oppsett.stadie,
            "inntektsaar": str(inntektsaar),
            "personidentifikator": personidentifikator,
        }
        return await self._kall.hent(
            self._oppsett.sti,
            felt,
            les,
            inntektsaar=inntektsaar,
            ved_feil=ingen_data_er_slettet(Api.SKATTEGRUNNLAG) if etter_sletting else uendret,
        )
