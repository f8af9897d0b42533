"""Answers that are not the documented ones, and the ``Date`` every answer carries."""

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox.forstyrrelser import Art, Forstyrrelse
from app.sandbox.klokke import Klokke

_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class BruddError(ConnectionResetError):
    """The connection broke before a whole answer had come."""


class BruttSvar(Response):
    """Half an answer. Over a socket the connection closes; in memory ``BruddError`` is raised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half, then stop."""
        if "state" not in scope:  # in memory: no server between us and the client
            raise BruddError
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json"), (b"content-length", b"4096")],
            }
        )
        await send({"type": "http.response.body", "body": b'{"personidentifikator":', "more_body": True})


def udokumentert_svar(forstyrrelse: Forstyrrelse) -> Response | None:  # noqa: PLR0911 – a table
    """The answer of a disturbance that any system may give; None when it is not of that sort."""
    match forstyrrelse.art:
        case Art.BAR_404:
            return Response(status_code=404)
        case Art.UKJENT_INSTANS:
            return PlainTextResponse("Unknown instance. ID=sandkasse", status_code=404)
        case Art.HTML_500:
            return HTMLResponse(_HTML.format("Internal Server Error"), status_code=500)
        case Art.HTML_503:
            return HTMLResponse(_HTML.format("Service Unavailable"), status_code=503)
        case Art.FOR_MANGE:
            return for_mange(forstyrrelse.retry_after)
        case Art.TOM_KROPP:
            return Response(status_code=200, media_type="application/json")
        case Art.BRUDD:
            return BruttSvar()
        case _:
            return None


def for_mange(retry_after: str | None = None) -> Response:
    """429. No form of it is documented, so it is plain text."""
    svar = PlainTextResponse("Too Many Requests", status_code=429)
    if retry_after is not None:
        svar.headers["Retry-After"] = retry_after
    return svar


def avkortet(svar: Response) -> Response:
    """The same answer with the last half of the body missing."""
    return Response(
        bytes(svar.body)[: len(svar.body) // 2], status_code=svar.status_code, media_type="application/json"
    )


class MedDato:
    """Puts the sandbox clock's ``Date`` on every answer, so that a client can find its own clock error."""

    def __init__(self, app: ASGIApp, klokke: Klokke) -> None:
        self._app = app
        self._klokke = klokke

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_med_dato(melding: Message) -> None:
            start = melding["type"] == "http.response.start"
            if start and not any(navn == b"date" for navn, _ in melding.get("headers", ())):
                melding["headers"] = [
                    *melding.get("headers", ()),
                    (b"date", self._klokke.http_dato().encode()),
                ]
            await send(melding)

        await self._app(scope, receive, send_med_dato)
