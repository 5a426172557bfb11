"""The two consoles: what a command has to say on stdout, for people or as JSON for scripts; what went wrong on stderr."""

import sys
from datetime import date, datetime
from typing import Final

import orjson
from rich.console import Console

__all__ = ["err", "out", "put_json", "worth_saying"]

WIDE: Final = 200

out = Console(soft_wrap=False, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)


def put_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode() + "\n")


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def worth_saying(value: object) -> bool:
    """Whether a field says anything: 0 does (出证办结), None, False and an empty list do not."""
    return value is not None and value is not False and value != []
