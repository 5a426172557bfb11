"""Tables in which a row is an event: the rows of a case stand anywhere, and what is said of the case in each of them."""

from collections.abc import Callable, Iterator
from typing import Final

from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.rows import Join, Row, Rows, Spoilt, columns_of, header_of, of_width
from adapters.importing.sound_mapping import Mapping, Pairs
from adapters.importing.staging import Staging
from adapters.importing.traces import Trace
from casecore.door import shown
from casecore.errors import BadInput, Flaw

__all__ = ["read_event_rows"]

_Fields = dict[str, str]

_OF_PAIRS: Final = (Pairs.KIND, Pairs.BEGAN, Pairs.ENDED)


def read_event_rows(mapping: Mapping, file: str, rows: Rows, join: Join | None = None) -> Iterator[Reading]:
    """Read every case, in the order of their first rows; a row whose case cannot be known is rejected by itself, before."""
    header = header_of(file, rows, mapping.layout.header)
    checked = of_width(len(header), rows)
    if join is not None:
        header, checked = join(header, checked)
    find = columns_of(header, mapping, file)
    names = [name.strip() for name in header]

    def column(name: str) -> Callable[[_Fields], str]:
        if name not in _OF_PAIRS:
            find(name)
        return lambda fields: fields.get(name, "")

    reader = CaseReader(mapping, column, file)
    with Staging() as staging:
        for line, row in checked:
            found, flaw = _fields(names, row)
            case = reader.case(found)
            if case:
                staging.put(case, line, flaw or _as_read(row))
            else:
                flaw = flaw or BadInput(Flaw.MISSING_FIELD, mapping.case, "no case id")
                yield Reading(line, "", rejection(line, "", flaw.code, flaw))
        staging.sort()
        of_case = [(name, reader.column(name)) for name in sorted(mapping.case_columns - {*_OF_PAIRS})]
        for case, line in staging.keys():  # noqa: SIM118 - no dictionary
            attributes = dict.fromkeys(names, "")
            flaw = _gather(of_case, ((n, _fields(names, row)[0]) for n, row in _sound(staging.rows(case))), attributes)
            attributes[mapping.case] = case
            trace = Trace(reader, line, attributes)
            for place, row in staging.rows(case):
                if isinstance(row, BadInput):
                    trace.fail(BadInput(row.code, f"event at line {place}", str(row)))
                elif flaw is not None:
                    trace.fail(flaw)
                trace.add(place, _fields(names, row)[0])
            yield trace.done()


def _fields(names: list[str], row: Row | Spoilt | BadInput) -> tuple[_Fields, BadInput | None]:
    """A row's fields by their columns, and what is wrong with it; of a short row those that are there."""
    if isinstance(row, BadInput):
        return {}, row
    fields, flaw = row if isinstance(row, Spoilt) else (row, None)
    return {name: text.strip() for name, text in zip(names, fields, strict=False)}, flaw


def _as_read(row: Row | Spoilt | BadInput) -> Row:
    """All its fields: two columns may bear one name, as long as nobody reads them."""
    return () if isinstance(row, Spoilt | BadInput) else row


def _sound(rows: Iterator[tuple[int, Row | BadInput]]) -> Iterator[tuple[int, Row]]:
    return ((line, row) for line, row in rows if not isinstance(row, BadInput))


def _gather(
    of_case: list[tuple[str, Callable[[_Fields], str]]], rows: Iterator[tuple[int, _Fields]], attributes: _Fields
) -> BadInput | None:
    """Gather what the rows say of the case; two of them that contradict each other are a flaw of the case."""
    said: dict[str, int] = {}
    for line, fields in rows:
        for name, read in of_case:
            text = read(fields)
            if not text or text == attributes[name]:
                continue
            if name in said:
                sentence = f"{shown(attributes[name])} on line {said[name]}, {shown(text)} on line {line}"
                return BadInput(Flaw.CONTRADICTION, name, f"the rows of the case disagree: {sentence}")
            attributes[name], said[name] = text, line
    return None
