"""An answer before it is sent: status, body and headers, so that it can be kept and given again."""

import re
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from app.api.problem import FORHAANDSKRAV_MANGLER, Problem, ProblemError
from app.calc.kontrakt.json_tekst import skriv_json
from app.services.gjentak import Gjensvar

_ETAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


@dataclass(frozen=True, slots=True)
class Svar(Gjensvar):
    """Body as JSON text; ``hoder`` are those that belong to the answer itself."""

    def respons(self, **flere: str) -> Response:
        """As the framework sends it. Never kept by anybody on the way: it is personal."""
        if not self.kropp:
            return Response(status_code=self.status, headers={**_IKKE_LAGRE, **self.hoder, **flere})
        return Response(self.kropp, self.status, {**_IKKE_LAGRE, **self.hoder, **flere}, "application/json")


_IKKE_LAGRE: Final = {"Cache-Control": "no-store"}


def ok(verdi: Any, **hoder: str) -> Svar:
    """200 with a value of the contract."""
    return Svar(200, skriv_json(verdi), hoder)


def etag(versjon: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{versjon}"'}


def krev_if_match(request: Request) -> int:
    """The version a change builds on.

    Raises:
        ProblemError: 428 when it is not said, or not said as we say it.
    """
    treff = _ETAG.fullmatch(request.headers.get("if-match", ""))
    if treff is None:
        raise ProblemError(
            Problem(
                FORHAANDSKRAV_MANGLER,
                "Hent det som skal endres, og send verdien av ETag i feltet If-Match, slik at ingen andres "
                "endring blir borte.",
            )
        )
    return int(treff[1])


def uendret(request: Request, versjon: int) -> bool:
    """Whether the caller already has this version."""
    return request.headers.get("if-none-match") == etag(versjon)["ETag"]
