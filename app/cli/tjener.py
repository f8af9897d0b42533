"""Runs the service with its log."""

import gc
import logging
import sys

import structlog
import uvicorn

from app.main import create_app
from app.settings import Settings


def sett_opp_logg(settings: Settings, nivaa: int = logging.INFO) -> None:
    """Structured log on standard error. Nothing personal is ever given to it."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if settings.loggformat == "json"
            else structlog.dev.ConsoleRenderer(colors=False),
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


def lag_tjener(settings: Settings) -> uvicorn.Server:
    """The server, not yet started."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.vert,
            port=settings.port,
            log_config=None,
            # Our own lines carry what an operator needs; a raw URL never reaches the log.
            access_log=False,
            server_header=False,
        )
    )


def kjoer(settings: Settings) -> None:
    """Serve until told to stop."""
    sett_opp_logg(settings)
    tjener = lag_tjener(settings)
    _sett_opp_minnerydding()
    tjener.run()


def _sett_opp_minnerydding() -> None:
    """Look for cycles seldom, and never among what stands for as long as the service does.

    An answer with its tree is tens of thousands of small objects that are gone without any search. With the
    interpreter's own limits each answer sets off several searches, and some of them go through the whole
    catalogue of posts and the whole description of the API: a tenth of a second in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
