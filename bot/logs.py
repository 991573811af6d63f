"""Logging of every process: one JSON line an event, to standard error.

What libraries log through the standard library comes out in the same form, from WARNING on. Nothing that was
said belongs in a log; should some get there in an error's text, phone, identity and bank numbers are masked.
"""

from __future__ import annotations

import hashlib
import logging
import sys

import structlog

from bot import privacy


def configure(level: int = logging.INFO) -> None:
    """Set up structlog and the standard library's logging. Call it once, first thing in ``main``."""
    common: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        _mask,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    to_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*common, to_json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, to_json],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))


def _mask(
    _logger: structlog.types.WrappedLogger, _name: str, line: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Mask personal numbers in every text of a line but ``key``, which is a hash."""
    for name, value in line.items():
        if isinstance(value, str) and name != "key":
            line[name] = privacy.mask(value)
    return line


def hashed(key: str) -> str:
    """A message's key in a form fit for the log: it names the message, and nobody."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
