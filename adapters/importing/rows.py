"""Rows under a header, whatever file they come from: each one through a mapping."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from adapters.importing.mended import check_mended, named_width, reason_of
from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.sound_mapping import Mapping
from adapters.importing.values import NoColumn
from adapters.toml_reading import one_line
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Checked", "Join", "Row", "Rows", "Spoilt", "columns_of", "header_of", "of_width", "read_rows"]

Row = Sequence[str]
Rows = Iterator[tuple[int, Row | BadInput]]
"""Each row, or what is wrong with it, with the line it begins on; the first is the header."""


class Spoilt(NamedTuple):
    """A row that is there to be seen, and why nothing is to be made of it."""

    row: Row
    flaw: BadInput


Checked = Iterator[tuple[int, Row | Spoilt | BadInput]]
"""The rows behind the header, each as wide as it or spoilt."""
Join = Callable[[Row, Checked], tuple[Row, Checked]]
"""``(header, rows) -> (header, rows)``, each with the columns of another table behind its own."""


def read_rows(mapping: Mapping, file: str, rows: Rows, join: Join | None = None) -> Iterator[Reading]:
    """Read every row as one record; raises :class:`~casecore.errors.Fault` where the header does not fit the mapping."""
    header = header_of(file, rows, mapping.layout.header)
    names = [name.strip() for name in header]
    width, reason = named_width(names), reason_of(names)
    header = header[:width]
    checked = of_width(width, rows if reason is None else _unfilled(width, rows))
    if join is not None:
        header, checked = join(header, checked)
    reader = CaseReader(mapping, columns_of(header, mapping, file), file)
    for line, row in checked:
        case: str = ""
        fields: Row = ()
        try:
            if isinstance(row, BadInput):
                raise row
            if isinstance(row, Spoilt):
                fields = row.row
                with suppress(IndexError):
                    case = reader.case(row.row)
                raise row.flaw
            fields = row if join is None else row[:width]
            if reason is not None:
                check_mended(fields, names)
            case = reader.case(row)
            draft = reader.draft(case)
            reader.add_case(draft, row)
            reading = reader.reading(draft, line, case, fields=fields)
            yield reading if reason is None else reading._replace(mended=reason(fields))
        except BadInput as flaw:
            yield Reading(line, case, rejection(line, case, flaw.code, flaw), fields=fields)


def _unfilled(width: int, rows: Rows) -> Rows:
    """The rows without the empty fields a spreadsheet fills them up with."""
    for line, row in rows:
        if not isinstance(row, BadInput):
            while len(row) > width and not row[-1].strip():
                row = row[:-1]  # noqa: PLW2901 - a row of so few fields more
        yield line, row


def of_width(width: int, rows: Rows) -> Checked:
    """The rows; one with more or fewer fields than the header is spoilt."""
    for line, row in rows:
        if isinstance(row, BadInput) or len(row) == width:
            yield line, row
        else:
            yield line, Spoilt(row, BadInput(Flaw.NOT_CSV, "", f"{len(row)} fields, the header has {width}"))


def header_of(file: str, rows: Rows, stands_on: int) -> Row:
    """Take the header off the rows, with what stands above it."""
    found = ((line, row) for line, row in rows if line >= stands_on)
    line, header = next(found, (stands_on, BadInput(Flaw.NOT_CSV, "", "no header")))
    if isinstance(header, BadInput):
        raise Fault(f"{file}: line {line}: {header}")
    return header


def columns_of(header: Row, mapping: Mapping, file: str) -> Callable[[str], Callable[[Row], str]]:
    """Find a column by its name in the header, in the way a CaseReader asks for one."""
    names = [name.strip() for name in header]

    def column(name: str) -> Callable[[Row], str]:
        if names.count(name) != 1:
            how = "stands twice in" if name in names else "is not in"
            sentence = f"mapping {mapping.name} asks for it, it {how} the header ({', '.join(names)})"
            kind = Fault if name in names else NoColumn
            raise kind(one_line(f"{file}: column {name}: {sentence}"))
        index = names.index(name)
        return lambda row: row[index].strip()

    return column
