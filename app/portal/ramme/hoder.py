"""What every answer tells the browser: run only our own files, be framed by nobody, keep nothing."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def innholdsregler(*, skjema_til: str = "") -> str:
    """The Content-Security-Policy of a page.

    Args:
        skjema_til: an origin besides our own that a form may end at, as logging out does at the login provider.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            # The icons of the design system stand as data within its style sheet.
            "img-src 'self' data:",
            "connect-src 'self'",
            f"form-action 'self'{f' {skjema_til}' if skjema_til else ''}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


INNHOLDSREGLER: Final = "Content-Security-Policy"

_RAMMEFELT: Final = "X-Frame-Options"
_FASTE: Final = {
    "X-Content-Type-Options": "nosniff",
    _RAMMEFELT: "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Sikkerhetshoder:
    """Sets the headers on every answer; a route that has set one itself keeps its own."""

    def __init__(self, app: ASGIApp, *, skjema_til: str = "", kun_https: bool = False) -> None:
        self._app = app
        self._hoder = {INNHOLDSREGLER: innholdsregler(skjema_til=skjema_til), **_FASTE}
        if kun_https:
            self._hoder["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_videre(melding: Message) -> None:
            if melding["type"] == "http.response.start":
                hoder = MutableHeaders(scope=melding)
                egne_regler = INNHOLDSREGLER in hoder
                for navn, verdi in self._hoder.items():
                    # A page with rules of its own says there who may frame it.
                    if not (egne_regler and navn == _RAMMEFELT):
                        hoder.setdefault(navn, verdi)
                # A page about a person is read once, and lies nowhere afterwards.
                hoder.setdefault("Cache-Control", "no-store")
            await send(melding)

        await self._app(scope, receive, send_videre)
