"""Printing how far a file of worked cases and casecore's clocks agree."""

from typing import Any, Final

from ops.conformance.checking import Agreement
from ops.printing import console

__all__ = ["print_agreement"]

SHOWN: Final = 10


def print_agreement(agreement: Agreement) -> None:
    """How many agree, the first differences field by field, the first lines that hold no case."""
    _line(f"{agreement.agreeing} of {agreement.cases} cases agree, calendar {agreement.calendar}")
    if agreement.provisional:
        dates = "due date is" if agreement.provisional == 1 else "due dates are"
        _line(f"{agreement.provisional} {dates} provisional: at or beyond the end of the calendar's coverage (暂定)")
    for line, fields in agreement.differences[:SHOWN]:
        _line(f"line {line} differs:")
        for name, (expected, found) in fields.items():
            _line(f"  {name}: expected {_shown(expected)}, found {_shown(found)}")
    _more(len(agreement.differences), "differences")
    if agreement.bad_lines:
        count = len(agreement.bad_lines)
        _line(f"{count} {'line holds' if count == 1 else 'lines hold'} no case:")
    for bad in agreement.bad_lines[:SHOWN]:
        place = f"{bad.place}: " if bad.place else ""
        _line(f"  line {bad.line}: {bad.code}: {place}{bad.message}")
    _more(len(agreement.bad_lines), "such lines")


def _more(count: int, what: str) -> None:
    if count > SHOWN:
        _line(f"  … and {count - SHOWN} more {what}; --json lists all")


def _shown(value: Any) -> str:  # noqa: ANN401 - a field of an answer
    if isinstance(value, tuple):
        return f"[{'; '.join(value)}]"
    return str(value)


def _line(text: str) -> None:
    console.out.print(text)
