"""Where the log of a command goes: stderr."""

import sys

import structlog

__all__ = ["log_to_stderr"]


def log_to_stderr() -> None:
    """Print what is logged from here on, one line each, to whatever stderr is then."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
