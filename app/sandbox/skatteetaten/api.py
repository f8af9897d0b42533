"""The APIs, as Skatteetaten names them: host part, version, error table and the scopes that open them."""

from dataclasses import dataclass

SCOPE_SSG = "skatteetaten:summertskattegrunnlag"
SCOPE_BSA = "skatteetaten:beregnetskatt"
SCOPE_AVREGNING = "skatteetaten:avregning"
SCOPE_INNTEKT = "skatteetaten:inntekt"

SSG = "summertskattegrunnlag"
BSA = "beregnetskatt"
AVREGNING = "avregning"
TD = "sistetilgjengeligeskatteoppgjoer"
HENDELSER_OPPGJOER = "skatteoppgjoerhendelser"
HENDELSER_INNTEKT = "inntekthendelser"
INNTEKT = "inntekt"


@dataclass(frozen=True)
class Api:
    """One API. ``avtale`` names the API whose agreement opens it: the lists and TD have none of their own."""

    navn: str
    versjon: str
    tabell: str
    scopes: frozenset[str]
    avtaler: tuple[str, ...]
    xml: bool = False

    @property
    def vert(self) -> str:
        """The host name in Skatteetaten's test environment."""
        return f"{self.navn}.api.skatteetaten-test.no"


APIER: dict[str, Api] = {
    api.navn: api
    for api in (
        Api(SSG, "v2", "SSG", frozenset({SCOPE_SSG}), (SSG,)),
        Api(BSA, "v2", "BSA", frozenset({SCOPE_BSA}), (BSA,)),
        Api(AVREGNING, "v2", "AR", frozenset({SCOPE_AVREGNING}), (AVREGNING,)),
        Api(TD, "v1", "TD", frozenset({SCOPE_SSG}), (SSG,)),
        Api(
            HENDELSER_OPPGJOER,
            "v1",
            "FA",
            frozenset({SCOPE_SSG, SCOPE_BSA, SCOPE_AVREGNING}),
            (SSG, BSA, AVREGNING),
            xml=True,
        ),
        Api(HENDELSER_INNTEKT, "v1", "FA", frozenset({SCOPE_INNTEKT}), (INNTEKT,), xml=True),
        Api(INNTEKT, "v1", "IM", frozenset({SCOPE_INNTEKT}), (INNTEKT,)),
    )
}
