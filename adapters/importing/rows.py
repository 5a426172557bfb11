"""Rows under a header, whatever file they come from: each one through a mapping."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.sound_mapping import Mapping
from adapters.toml_reading import one_line
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Row", "Rows", "columns_of", "header_of", "read_rows"]

Row = Sequence[str]
Rows = Iterator[tuple[int, Row | BadInput]]
"""Each row, or what is wrong with it, with the line it begins on; the first is the header."""


def read_rows(mapping: Mapping, file: str, rows: Rows) -> Iterator[Reading]:
    """Read every row as one record; raises :class:`~casecore.errors.Fault` where the header does not fit the mapping."""
    header = header_of(file, rows, mapping.layout.header)
    reader = CaseReader(mapping, columns_of(header, mapping, file), file)
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
            raise Fault(one_line(f"{file}: column {name}: {sentence}"))
        index = names.index(name)
        return lambda row: row[index].strip()

    return column
