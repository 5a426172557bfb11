"""CSV files (``.csv``, ``.csv.gz``), UTF-8 with or without a mark, read row by row; lines are the file's own, from 1."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BufferedIOBase
from pathlib import Path
from typing import Final

from adapters.importing.mapping import Mapping
from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.values import Unfit
from adapters.toml_reading import one_line
from casecore.errors import Fault

__all__ = ["BROKEN_FILE", "opened", "read_csv"]

MAX_LINE_BYTES: Final = 1024 * 1024

BROKEN_FILE: Final = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, may raise where it is broken."""


def opened(path: Path) -> BufferedIOBase:
    """Open a file for reading, unpacked where its name ends in ``.gz``."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def read_csv(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every row; raises :class:`~casecore.errors.Fault` naming file and line where the file itself is broken."""
    rows = _rows(path)
    _, header, flaw = next(rows, (1, [], "no header"))
    if flaw is not None:
        raise Fault(f"{path.name}: line 1: {flaw}")
    reader = CaseReader(mapping, _columns(header, mapping, path), path.name)
    width = len(header)
    for line, row, flaw in rows:
        case = ""
        try:
            if flaw is not None:
                raise Unfit(flaw)  # noqa: TRY301 - one way out for every finding about a row
            if len(row) != width:
                with suppress(IndexError):
                    case = reader.case(row)
                raise Unfit(f"{len(row)} fields, the header has {width}")  # noqa: TRY301
            case = reader.case(row)
            draft = reader.draft(case, row)
            reader.add_case(draft, row)
            yield reader.reading(draft, line, case)
        except Unfit as finding:
            yield Reading(line, case, rejection(line, case, finding))


def _columns(header: Sequence[str], mapping: Mapping, path: Path) -> Callable[[str], Callable[[Sequence[str]], str]]:
    """Find a column by its name in the header, in the way a CaseReader asks for one."""
    names = [name.strip() for name in header]

    def column(name: str) -> Callable[[Sequence[str]], str]:
        if names.count(name) != 1:
            how = "stands twice in" if name in names else "is not in"
            sentence = f"mapping {mapping.name} asks for it, it {how} the header ({', '.join(names)})"
            raise Fault(one_line(f"{path.name}: column {name}: {sentence}"))
        index = names.index(name)
        return lambda row: row[index].strip()

    return column


def _rows(path: Path) -> Iterator[tuple[int, list[str], str | None]]:
    """Each row with the line it begins on, and what is wrong with it; blank lines are none."""
    reader = csv.reader(_lines(path), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as flaw:
            if reader.line_num > line:
                raise Fault(f"{path.name}: line {line}: {flaw}, up to line {reader.line_num}") from flaw
            yield line, [], str(flaw)
            continue
        if row:
            yield line, row, None


def _lines(path: Path) -> Iterator[str]:
    """Decode the lines one by one, so that what is broken has its line."""
    line = 0
    try:
        with opened(path) as file:
            while raw := file.readline(MAX_LINE_BYTES):
                line += 1
                if len(raw) == MAX_LINE_BYTES:
                    raise Fault(f"{path.name}: line {line}: longer than {MAX_LINE_BYTES} bytes")
                text = raw.decode()
                yield text.removeprefix("\ufeff") if line == 1 else text
    except UnicodeDecodeError as flaw:
        raise Fault(f"{path.name}: line {line}: is not UTF-8 (byte {flaw.start + 1} of the line)") from flaw
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: line {line + 1}: cannot be read: {flaw}") from flaw
