"""The APIs, their names in Norwegian and their hosts."""

from enum import StrEnum
from typing import Final, Literal


class Api(StrEnum):
    """One API; the value is the host's first label and the label in metrics."""

    SKATTEGRUNNLAG = "summertskattegrunnlag"
    BEREGNET_SKATT = "beregnetskatt"
    SISTE_OPPGJOER = "sistetilgjengeligeskatteoppgjoer"
    INNTEKT = "inntekt"
    SKATTEOPPGJOER_HENDELSER = "skatteoppgjoerhendelser"
    INNTEKT_HENDELSER = "inntekthendelser"

    @property
    def navn(self) -> str:
        """What the operator knows it as."""
        return _NAVN[self]

    @property
    def versjon(self) -> str:
        """Version in the path."""
        return "v2" if self in (Api.SKATTEGRUNNLAG, Api.BEREGNET_SKATT) else "v1"

    @property
    def er_hendelsesliste(self) -> bool:
        """Whether it is an event list."""
        return self in (Api.SKATTEOPPGJOER_HENDELSER, Api.INNTEKT_HENDELSER)


_NAVN: Final = {
    Api.SKATTEGRUNNLAG: "summert skattegrunnlag",
    Api.BEREGNET_SKATT: "beregnet skatt",
    Api.SISTE_OPPGJOER: "siste tilgjengelige skatteoppgjør",
    Api.INNTEKT: "inntekt fra a-ordningen",
    Api.SKATTEOPPGJOER_HENDELSER: "hendelser om skatteoppgjør",
    Api.INNTEKT_HENDELSER: "hendelser om inntekt",
}


def standard_base_url(api: Api, miljoe: Literal["test", "prod"]) -> str:
    """Skatteetaten's published host for an API, with the version; a value for the settings."""
    domene = "skatteetaten.no" if miljoe == "prod" else "skatteetaten-test.no"
    return f"https://{api}.api.{domene}/{api.versjon}"
