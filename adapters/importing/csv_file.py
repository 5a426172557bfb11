"""CSV files (``.csv``, ``.csv.gz``) in the encoding and with the delimiter a mapping names, read row by row.

Lines are the file's own, from 1. A line that is too long, or not in its encoding, is a bad row and the next one is
read; where a quoted field goes on beyond it nobody can say where the next row begins, and the file is broken.

A file with a column 拒收原因 is one of ours (:mod:`adapters.importing.rejects`): its cells are read as the texts they were
written from (:mod:`adapters.csv_cells`). Every other file is read as it is.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from adapters.csv_cells import text_of
from adapters.importing.lines import BROKEN_FILE, opened, text_lines
from adapters.importing.mended import REASON
from adapters.importing.rows import Rows
from adapters.importing.sound_mapping import Layout
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["csv_rows"]


def csv_rows(path: Path, layout: Layout, _: frozenset[str] | None = None) -> Rows:
    """Each row, or what is wrong with it, with the line it begins on; blank lines are none.

    Raises ``Fault`` naming file and line where the file itself is broken.
    """
    line, ours = 1, None
    try:
        with opened(path) as file:
            lines = text_lines(file, layout.encoding, path.name)
            reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
            while (row := _next_row(reader)) is not None:
                if isinstance(row, BadInput) and (lines.count > line or lines.open_quote):
                    raise Fault(f"{path.name}: line {line}: {row}, up to line {lines.count}")
                if ours is None and row and line >= layout.header:
                    ours = not isinstance(row, BadInput) and REASON in map(str.strip, row)
                if row:
                    yield line, [*map(text_of, row)] if ours and not isinstance(row, BadInput) else row
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
