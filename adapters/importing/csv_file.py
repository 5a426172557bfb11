"""CSV files (``.csv``, ``.csv.gz``), UTF-8 with or without a mark, read row by row; lines are the file's own, from 1.

A line that is too long, or not UTF-8, is a bad row and the next one is read; where a quoted field goes on beyond it
nobody can say where the next row begins, and the file is broken.
"""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BufferedIOBase
from pathlib import Path
from typing import Final, Self

from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.sound_mapping import Mapping
from adapters.toml_reading import one_line
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["BROKEN_FILE", "header_of", "opened", "read_csv"]

MAX_LINE_BYTES: Final = 1024 * 1024

BROKEN_FILE: Final = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, may raise where it is broken."""


def opened(path: Path) -> BufferedIOBase:
    """Open a file for reading, unpacked where its name ends in ``.gz``."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def read_csv(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every row; raises :class:`~casecore.errors.Fault` naming file and line where the file itself is broken."""
    rows = _rows(path)
    header = _header(rows, path)
    reader = CaseReader(mapping, _columns(header, mapping, path), path.name)
    width = len(header)
    for line, row in rows:
        case = ""
        try:
            if isinstance(row, BadInput):
                raise row
            if len(row) != width:
                with suppress(IndexError):
                    case = reader.case(row)
                raise BadInput(Flaw.NOT_CSV, "", f"{len(row)} fields, the header has {width}")  # noqa: TRY301
            case = reader.case(row)
            draft = reader.draft(case)
            reader.add_case(draft, row)
            yield reader.reading(draft, line, case, fields=row)
        except BadInput as flaw:
            fields = () if isinstance(row, BadInput) else row
            yield Reading(line, case, rejection(line, case, flaw.code, flaw), fields=fields)


def header_of(path: Path) -> list[str]:
    """The names of the columns; raises :class:`~casecore.errors.Fault` where the file has none."""
    return _header(_rows(path), path)


def _header(rows: Iterator[tuple[int, list[str] | BadInput]], path: Path) -> list[str]:
    _, header = next(rows, (1, BadInput(Flaw.NOT_CSV, "", "no header")))
    if isinstance(header, BadInput):
        raise Fault(f"{path.name}: line 1: {header}")
    return header


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


def _rows(path: Path) -> Iterator[tuple[int, list[str] | BadInput]]:
    """Each row, or what is wrong with it, with the line it begins on; blank lines are none."""
    line = 1
    try:
        with opened(path) as file:
            lines = _Lines(file)
            reader = csv.reader(lines, strict=True)
            while (row := _next_row(reader)) is not None:
                if isinstance(row, BadInput) and (lines.count > line or lines.open_quote):
                    raise Fault(f"{path.name}: line {line}: {row}, up to line {lines.count}")
                if row:
                    yield line, row
                line = lines.count + 1
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: line {line}: cannot be read: {flaw}") from flaw


def _next_row(reader: Iterator[list[str]]) -> list[str] | BadInput | None:
    """The next row, or what is wrong with it; None at the end."""
    try:
        return next(reader, None)
    except csv.Error as error:
        return BadInput(Flaw.TOO_LARGE if "field limit" in str(error) else Flaw.NOT_CSV, "", str(error))
    except BadInput as flaw:
        return flaw


class _Lines:
    """The lines of a file as text. One that is none, or too long, is raised; the next one can be asked for."""

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file
        self.count = 0
        self.open_quote = False
        """Whether a quoted field goes on beyond a line that was raised."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(MAX_LINE_BYTES)
        if not raw:
            raise StopIteration
        self.count += 1
        quotes = raw.count(b'"')
        if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
            while (more := self._file.readline(MAX_LINE_BYTES)) and not more.endswith(b"\n"):
                quotes += more.count(b'"')
            self.open_quote = (quotes + more.count(b'"')) % 2 == 1
            raise BadInput(Flaw.TOO_LARGE, "", f"longer than {MAX_LINE_BYTES} bytes")
        try:
            text = raw.decode()
        except UnicodeDecodeError as flaw:
            self.open_quote = quotes % 2 == 1
            raise BadInput(Flaw.NOT_UTF8, "", f"is not UTF-8 (byte {flaw.start + 1} of the line)") from flaw
        return text.removeprefix("\ufeff") if self.count == 1 else text
