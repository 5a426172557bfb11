"""The log of a command: one JSON object a line on stderr, each with its level and instant."""

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from adapters.stores.addresses import without_passwords
from ops.printing.console import inert

__all__ = ["log_to_stderr"]

Line = MutableMapping[str, Any]


def log_to_stderr() -> None:
    """Write what is logged from here on to whatever stderr is then, what the libraries warn of too."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _hiding_passwords,
            structlog.processors.JSONRenderer(serializer=_written),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Passing()], level=logging.WARNING)


class _Passing(logging.Handler):
    """Hands on what a library logs in its own way."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name)


def _hiding_passwords(_logger: object, _level: str, line: Line) -> Line:
    return {name: without_passwords(value) if isinstance(value, str) else value for name, value in line.items()}


def _written(line: Line, **_: Any) -> str:  # noqa: ANN401 - what structlog hands on
    return inert(json.dumps(line, ensure_ascii=False, default=str))
