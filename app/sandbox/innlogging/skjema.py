"""Fields of a form or a query, each at most once."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.sandbox.innlogging.feil import UGYLDIG, OAuthError

_SKJEMATYPE = "application/x-www-form-urlencoded"
_STOERSTE_SKJEMA = 32_768
_FLEST_FELT = 50


async def les_skjema(request: Request) -> dict[str, str]:
    """The posted form.

    Raises:
        OAuthError: not a form, too large, unreadable, or a field given twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _SKJEMATYPE:
        raise OAuthError(UGYLDIG, f"Skjemaet må være {_SKJEMATYPE}")
    kropp = await request.body()
    if len(kropp) > _STOERSTE_SKJEMA:
        raise OAuthError(UGYLDIG, "Skjemaet er for stort")
    # Parsed by hand: doubled fields must be seen.
    return _felt(kropp)


def les_spoerring(request: Request) -> dict[str, str]:
    """The query.

    Raises:
        OAuthError: unreadable, or a field given twice.
    """
    return _felt(request.scope["query_string"])


def _felt(tekst: bytes) -> dict[str, str]:
    try:
        alle = parse_qsl(
            tekst.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(tekst),
            errors="strict",
            max_num_fields=_FLEST_FELT,
        )
    except ValueError:
        raise OAuthError(UGYLDIG, "Parametrene kan ikke leses") from None
    felt = dict(alle)
    if len(felt) != len(alle):
        raise OAuthError(UGYLDIG, "Hver parameter kan bare stå én gang")
    # RFC 6749 § 3.1: a parameter without a value counts as not sent.
    return {navn: verdi for navn, verdi in felt.items() if verdi}


def bare_kjente(felt: Mapping[str, str], kjente: Iterable[str]) -> None:
    """Refuse anything else. The standard says ignore; here a misspelt parameter shall be seen.

    Raises:
        OAuthError: a parameter this endpoint does not know.
    """
    if felt.keys() - set(kjente):
        raise OAuthError(UGYLDIG, "Det står en parameter i forespørselen som ikke er kjent her")


def krev(felt: Mapping[str, str], navn: str) -> str:
    """A parameter that must be there.

    Raises:
        OAuthError: it is not.
    """
    verdi = felt.get(navn)
    if verdi is None:
        raise OAuthError(UGYLDIG, f"{navn} mangler")
    return verdi
