"""Files of one JSON object a line, as bounded lines with their numbers, and one line parsed strictly."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import IO, Any, Final

from adapters.json_objects import each_key_once
from casecore import door
from casecore.errors import BadInput, Flaw

__all__ = ["numbered_lines", "parse_line"]


def numbered_lines(source: IO[bytes], most_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, from 1; of one that is too long only as much as shows it. Blank lines are none.

    A byte order mark is no part of a line; where files were put together one may begin any line.
    """
    longest = most_bytes + len(BOM_UTF8) + len("\r\n")
    number = 0
    while line := source.readline(longest + 1):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and len(rest) > longest:
            rest = source.readline(longest + 1)
        if line := line.removeprefix(BOM_UTF8).rstrip(b"\r\n"):
            yield number, line


def parse_line(line: bytes, most_bytes: int) -> dict[str, Any]:
    """Parse one object, no key of which stands in it twice; raises :class:`~casecore.errors.BadInput`."""
    if len(line) > most_bytes:
        raise BadInput(Flaw.TOO_LARGE, "", f"longer than {most_bytes} bytes")
    try:
        found = _DECODER.decode(line.decode())
    except UnicodeDecodeError as flaw:
        raise BadInput(Flaw.NOT_UTF8, "", f"is not UTF-8 (byte {flaw.start + 1})") from None
    except RecursionError:
        raise BadInput(Flaw.TOO_DEEP, "", "nested too deep to be read") from None
    except BadInput:
        raise
    except ValueError as flaw:  # also what Python says of a number of thousands of digits
        raise BadInput(Flaw.NOT_JSON, "", f"is not JSON: {flaw}") from None
    if not isinstance(found, dict):
        raise BadInput(Flaw.WRONG_TYPE, "", f"an object is wanted, not {door.shown(found)}")
    return found


_DECODER: Final = json.JSONDecoder(object_pairs_hook=each_key_once)
