"""Reading TOML strictly: a reader takes a value out of a table with its place, and returns what it means.

Shared by the calendars, the catalogue, the mappings and the districts' rules. What is wrong is a
:class:`~casecore.errors.BadInput` whose message begins with the place; the loaders turn it into a
:class:`~casecore.errors.Fault` naming the file.
"""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from enum import Enum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from casecore.door import check, check_id, check_text
from casecore.errors import BadInput, Flaw

__all__ = [
    "Reader",
    "many",
    "one_line",
    "one_of",
    "parse_toml",
    "read_date",
    "read_flag",
    "read_id",
    "read_table",
    "read_text",
    "read_whole",
    "shown",
    "table_flaws",
    "toml_files",
]

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[object, str], T]
"""``(value, place) -> what it means``; raises ``BadInput`` whose message begins with the place."""


def toml_files(directory: Path | Traversable) -> list[Path | Traversable]:
    """List the TOML files of a directory by name; raises ``OSError`` where it cannot be read."""
    return sorted((entry for entry in directory.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)


def parse_toml(source: Path | Traversable) -> dict[str, object]:
    """Parse a file, with or without a byte order mark; whatever keeps it from being a TOML table is a ``BadInput``."""
    try:
        return tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except OSError as flaw:
        raise BadInput(Flaw.UNREADABLE, "", f"cannot be read: {flaw.strerror or flaw}") from flaw
    except UnicodeDecodeError as flaw:
        raise BadInput(Flaw.NOT_UTF8, "", f"is not UTF-8 (byte {flaw.start})") from flaw
    except (ValueError, RecursionError) as flaw:
        raise BadInput(Flaw.NOT_TOML, "", f"is not TOML: {flaw}") from flaw


def read_table(
    value: object, readers: Mapping[str, Reader[Any]], required: Collection[str], place: str = ""
) -> dict[str, Any]:
    """Read a table whose every key has a reader, with all ``required`` keys; raises at the first flaw."""
    parts: dict[str, Any] = {}
    for flaw in table_flaws(value, readers, required, parts, place):
        raise flaw
    return parts


def table_flaws(
    value: object,
    readers: Mapping[str, Reader[Any]],
    required: Collection[str],
    parts: dict[str, Any],
    place: str = "",
) -> Iterator[BadInput]:
    """Read a table into ``parts`` and yield what is wrong with it: unknown keys, missing ones, unreadable values."""
    if not isinstance(value, dict):
        yield BadInput(Flaw.WRONG_TYPE, place, f"must be a table, not {shown(value)}")
        return
    prefix = f"{place}." if place else ""
    for key in value:
        if key not in readers:
            yield BadInput(Flaw.UNKNOWN_FIELD, f"{prefix}{key}", "unknown key")
    for key, reader in readers.items():
        if key in value:
            try:
                parts[key] = reader(value[key], f"{prefix}{key}")
            except BadInput as flaw:
                yield flaw
        elif key in required:
            yield BadInput(Flaw.MISSING_FIELD, f"{prefix}{key}", "missing")


def many(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a list of what ``reader`` reads."""

    def read(value: object, place: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise BadInput(Flaw.WRONG_TYPE, place, f"must be a list, not {shown(value)}")
        return tuple(reader(part, f"{place}[{index}]") for index, part in enumerate(value))

    return read


def one_of(words: type[E]) -> Reader[E]:
    """Read a word of a closed list."""

    def read(value: object, place: str) -> E:
        for word in words:
            if word.value == value:
                return word
        raise BadInput(
            Flaw.UNKNOWN_WORD,
            place,
            f"{read_text(value, place)!r} is none of {', '.join(str(word.value) for word in words)}",
        )

    return read


def read_text(value: object, place: str) -> str:
    """Read one line of plain text that is not blank."""
    if not isinstance(value, str):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be text, not {shown(value)}")
    check_text(value, place)
    if not value.strip() or len(value.splitlines()) != 1:
        raise BadInput(Flaw.NOT_ONE_LINE, place, "must be one line of text")
    return value


def read_id(value: object, place: str) -> str:
    """Read an identifier: text without spaces, of bounded length."""
    name = read_text(value, place)
    check_id(name, place)
    if len(name.split()) != 1 or name != name.strip():
        raise BadInput(Flaw.NOT_ONE_LINE, place, "an identifier has no spaces")
    return name


def read_whole(value: object, place: str) -> int:
    """Read a whole number (true and false are none)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a whole number, not {shown(value)}")
    check(value, place)
    return value


def read_flag(value: object, place: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be true or false")
    return value


def read_date(value: object, place: str) -> date:
    """Read a date without a time."""
    if type(value) is not date:
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a date such as 2020-01-31, not {shown(value)}")
    return value


def shown(value: object) -> str:
    """Show a value in a message, shortly and as TOML would write it."""
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            return repr(value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def one_line(message: str) -> str:
    """Put a message on one line, whatever names and values it quotes."""
    return " ".join(message.splitlines())
