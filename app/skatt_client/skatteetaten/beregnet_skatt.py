"""Beregnet skatt v2: the tax of one person and income year, filtered by package."""

from typing import Any, Final

from app.skatt_client.oppsett import BeregnetSkattOppsett
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
    Heltall,
    Inntektsaar,
    Kroner,
    Modell,
    SkjermetError,
    Tidspunkt,
    UleseligError,
    les_modell,
)
from app.skatt_client.utfall import Utfall


class KommunefordeltSkatt(Modell):
    """One kommune's share of a tax."""

    kommune: str | None = None
    grunnlag: Kroner | None = None
    beloep: Kroner | None = None


class SkattEllerAvgift(Modell):
    """One tax or contribution."""

    grunnlag: Kroner | None = None
    beloep: Kroner | None = None
    kommunefordelt_skatt: tuple[KommunefordeltSkatt, ...] | None = None


class InformasjonTilSkattelister(Modell):
    """What the public tax lists show."""

    nettoinntekt: Kroner | None = None
    nettoformue: Kroner | None = None
    beregnet_skatt: Kroner | None = None
    kommune: tuple[str, ...] | None = None


class OevrigeResultater(Modell):
    """Other results of the calculation; many names, kept as they come in ``model_extra``."""

    TELL_UKJENTE = False

    alminnelig_inntekt_foer_saerfradrag: Kroner | None = None
    anvendt_saerfradrag: Kroner | None = None
    pensjonsgivende_inntekt: Kroner | None = None


class SkattDel(Modell):
    """Tax of one area: the mainland, Svalbard, or withholding tax on wages.

    ``beregnet_skatt`` includes formuesskatt. What the package leaves out is ``None``, not zero.
    """

    skatteklasse: str | None = None
    beregnet_skatt: Kroner | None = None
    beregnet_skatt_foer_skattefradrag: Kroner | None = None
    skatteregnskapskommune: str | None = None
    anvendt_standardfradrag: bool | None = None
    sum_skattefradrag: Kroner | None = None
    skatt_og_avgift: dict[str, SkattEllerAvgift] | None = None
    skattefradrag: Any = None
    skattetillegg: Any = None
    informasjon_til_skattelister: InformasjonTilSkattelister | None = None
    oevrige_resultater_av_beregning: OevrigeResultater | None = None


class BeregnetSkatt(Modell):
    """The answer."""

    personidentifikator: str
    inntektsaar: Inntektsaar
    skjermet: bool
    beregnet_skatt_fastland: SkattDel | None = None
    beregnet_skatt_svalbard: SkattDel | None = None
    beregnet_skatt_kildeskatt_paa_loenn: SkattDel | None = None
    skatteoppgjoersdato: Dato | None = None
    ajourholdstidspunkt: Tidspunkt | None = None
    anvendt_tolvdel_for_trinnskatt: Heltall | None = None
    anvendt_tolvdel_ved_arbeidsopphold_i_norge: Heltall | None = None
    anvendt_tolvdel_ved_arbeidsopphold_i_utlandet: Heltall | None = None


class BeregnetSkattKlient:
    """Looks up beregnet skatt for one kommune."""

    def __init__(self, drift: Drift, oppsett: BeregnetSkattOppsett) -> None:
        self._oppsett: Final = oppsett
        self._kall: Final = ApiKall(drift, Api.BEREGNET_SKATT, oppsett)

    async def hent(
        self, personidentifikator: str, inntektsaar: int, *, etter_sletting: bool = False
    ) -> Utfall[BeregnetSkatt]:
        """The tax of one person and year.

        Args:
            personidentifikator: eleven digits.
            inntektsaar: the income year.
            etter_sletting: an event said ``slettet``. This API has no 410, so its "no data" is then
                the deletion.

        Raises:
            OppsettError: the identifier is not eleven digits.
        """
        kontroller_person(personidentifikator)

        def les(raa: dict[str, Any]) -> BeregnetSkatt:
            svar = les_modell(BeregnetSkatt, raa)
            if svar.personidentifikator != personidentifikator:
                raise UleseligError("annen-person", "personidentifikator")
            if svar.inntektsaar != inntektsaar:
                raise UleseligError("annet-aar", "inntektsaar")
            if svar.skjermet:
                raise SkjermetError
            return svar

        felt = {"inntektsaar": str(inntektsaar), "personidentifikator": personidentifikator}
        return await self._kall.hent(
            self._oppsett.sti,
            felt,
            les,
            inntektsaar=inntektsaar,
            ved_feil=ingen_data_er_slettet(Api.BEREGNET_SKATT) if etter_sletting else uendret,
        )
