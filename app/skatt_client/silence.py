"""Silences the HTTP library, whose INFO line prints URLs that end in a national id.

A filter, not a level and not ``disabled``: ``logging.config`` resets both of those on loggers it meets,
and leaves filters alone. The transport puts the filter back before every request, so nobody has to
remember anything and nothing done to the logging set-up later undoes it.
"""

import logging
from typing import Final

_LOGGERS: Final = ("httpx2", "httpcore2")


def _drop(record: logging.LogRecord) -> bool:
    return False


def silence_http_library() -> None:
    """Drop every record of httpx2 and httpcore2, from all their loggers. Idempotent."""
    # A logger's filters do not see its children's records, so each child needs the filter itself.
    kjente = [
        navn
        for navn in tuple(logging.Logger.manager.loggerDict)  # A copy: other threads add loggers.
        if navn.partition(".")[0] in _LOGGERS and navn not in _LOGGERS
    ]
    for navn in (*_LOGGERS, *kjente):
        logging.getLogger(navn).addFilter(_drop)


silence_http_library()
