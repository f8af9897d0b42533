"""Runs the service with its log."""

import gc
import logging
import signal
import sys
import time
from types import FrameType
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from app.cli.prosesser import kjoer_sammen
from app.main import create_app
from app.settings import Settings


def sett_opp_logg(settings: Settings, nivaa: int = logging.INFO) -> None:
    """Structured log on standard error. Nothing personal is ever given to it."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if settings.loggformat == "json"
            # Its own way with exceptions shows the values of local variables.
            else structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )
    til = logging.StreamHandler(sys.stderr)
    til.setFormatter(formatter)
    logging.basicConfig(level=nivaa, handlers=[til], force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Tjener(uvicorn.Server):
    """A server that says it is closing before it closes, so that whoever sends requests has time to send elsewhere.

    On SIGTERM ``/ready`` answers 503 and every mandate is let go of at once; a while later no new request is taken,
    and those under way are finished. A second signal, or Ctrl-C, does not wait.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI, vent: float) -> None:
        super().__init__(config)
        self._app: Final = app
        self._vent: Final = vent
        self._stenges: float | None = None
        self._sluppet = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to close, or close."""
        if sig == signal.SIGTERM and self._stenges is None and self._vent > 0:
            self._app.state.stenger = True
            self._stenges = time.monotonic() + self._vent
            self._signal = (sig, frame)
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Whether to close now; asked ten times a second."""
        if self._stenges is not None:
            if not self._sluppet and self._app.state.plan is not None:
                self._sluppet = True
                await self._app.state.plan.stopp()
            if time.monotonic() >= self._stenges:
                super().handle_exit(*self._signal)
        return await super().on_tick(counter)


def lag_tjener(settings: Settings) -> uvicorn.Server:
    """The server, not yet started."""
    app = create_app(settings)
    return Tjener(
        uvicorn.Config(
            app,
            host=settings.vert,
            port=settings.port,
            log_config=None,
            # Our own lines carry what an operator needs; a raw URL never reaches the log.
            access_log=False,
            server_header=False,
        ),
        app,
        settings.avslutt_etter_sekunder,
    )


def kjoer(settings: Settings) -> None:
    """Serve until told to stop."""
    sett_opp_logg(settings)
    tjener = lag_tjener(settings)
    _sett_opp_minnerydding()
    if settings.prosesser == 1:
        tjener.run()
    else:
        kjoer_sammen(tjener, settings.prosesser)


def _sett_opp_minnerydding() -> None:
    """Look for cycles seldom, and never among what stands for as long as the service does.

    An answer with its tree is tens of thousands of small objects that are gone without any search. With the
    interpreter's own limits each answer sets off several searches, and some of them go through the whole
    catalogue of posts and the whole description of the API: a tenth of a second in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
