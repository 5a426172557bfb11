"""``casecore clock``: holding the clocks to a file of worked cases, and answering a case the way such files do."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from casecore import (
    ClockReading,
    Extension,
    Ledger,
    Limit,
    OutsideCalendarError,
    SuspensionSpan,
    WorkCalendar,
    read_clock,
)
from casecore.errors import BadInput, Flaw
from ops.conformance.lines import read_vector
from ops.conformance.walker import Answer, WalkedCase

__all__ = ["Agreement", "BadLine", "Difference", "Reading", "check_vectors", "clock_of", "read_case"]

_OPENS: Final = time(9)
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {"before the start": "before acceptance", "after the end": "after the end", "after the due date": "after the deadline"}
)
"""Why an act did not count: what a reading's reason begins with, and the word of the vectors for it."""


class Reading(NamedTuple):
    """What casecore says of a case, in the words of the vectors."""

    answer: Answer
    provisional: bool
    """The due date touches the end of the calendar's coverage (暂定)."""


class Difference(NamedTuple):
    """A case answered otherwise than its line expects: by field, what was expected and what was found."""

    line: int
    fields: Mapping[str, tuple[Any, Any]]


class BadLine(NamedTuple):
    """A line that holds no case: what is wrong, and where in it."""

    line: int
    code: Flaw
    place: str
    message: str


class Agreement(NamedTuple):
    """How far a file's answers and casecore's agree. Lines without a case count nowhere but in ``bad_lines``."""

    calendar: str
    cases: int
    provisional: int
    differences: tuple[Difference, ...]
    bad_lines: tuple[BadLine, ...]

    @property
    def agreeing(self) -> int:
        """Cases answered as expected, in every field."""
        return self.cases - len(self.differences)

    @property
    def full(self) -> bool:
        """Whether every line holds a case, and every case the expected answer."""
        return not self.differences and not self.bad_lines

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "calendar_version": self.calendar,
            "cases": self.cases,
            "agreeing": self.agreeing,
            "provisional": self.provisional,
            "differences": [
                {"line": line, "fields": {name: {"expected": pair[0], "found": pair[1]} for name, pair in fields.items()}}
                for line, fields in self.differences
            ],
            "bad_lines": [bad._asdict() for bad in self.bad_lines],
        }


def check_vectors(lines: Iterable[tuple[int, bytes]], calendar: WorkCalendar) -> Agreement:
    """Read numbered lines to the last and hold casecore to each; raises ``BadInput`` where there is no line at all."""
    cases = provisional = 0
    differences: list[Difference] = []
    bad_lines: list[BadLine] = []
    for number, line in lines:
        try:
            vector = read_vector(line, calendar.covers)
            found = read_case(calendar, vector.case)
        except BadInput as flaw:
            bad_lines.append(BadLine(number, flaw.code, flaw.place, flaw.sentence))
        except OutsideCalendarError as error:  # its dates are covered, its deadline lies years beyond
            bad_lines.append(BadLine(number, Flaw.INSTANT_OUT_OF_RANGE, "limit_days", str(error)))
        else:
            cases += 1
            provisional += found.provisional
            if found.answer != vector.expect:
                differences.append(Difference(number, _differing(vector.expect, found.answer)))
    if not cases and not bad_lines:
        raise BadInput(Flaw.NO_FACT, "", "there is no case to check")
    return Agreement(calendar.version, cases, provisional, tuple(differences), tuple(bad_lines))


def clock_of(calendar: WorkCalendar, case: WalkedCase) -> Callable[[], ClockReading]:
    """The clock of a case given as dates, ready to be read."""
    zone = ZoneInfo(calendar.zone)

    def at(day: date) -> datetime:
        return datetime.combine(day, _OPENS, zone)

    spans = tuple(
        SuspensionSpan(f"procedure {number}", at(p.start_on), at(p.end_on) if p.end_on else None, p.declared_days)
        for number, p in enumerate(case.procedures)
    )
    return partial(
        read_clock,
        calendar,
        Limit.working_days(case.limit_days),
        case.accepted_on,
        Ledger(spans, Extension(*case.extension) if case.extension else None),
        closed_at=at(case.closed_on) if case.closed_on else None,
        until=case.as_of,
    )


def read_case(calendar: WorkCalendar, case: WalkedCase) -> Reading:
    """Read the clock of a case given as dates; raises ``OutsideCalendarError`` where the calendar cannot count."""
    reading = clock_of(calendar, case)()
    answer = Answer(
        due_on=reading.due_on,
        excluded_days=reading.excluded,
        extension_days=reading.extension_days,
        used_days=reading.used,
        remaining_days=reading.remaining,
        verdict=reading.verdict.value,
        ignored=tuple(map(_reason, reading.ignored)),
    )
    return Reading(answer, reading.provisional)


def _reason(ignored: str) -> str:
    """An act that did not count, as the vectors name it."""
    act, _, why = ignored.partition(": ")
    return f"{act}: {next((word for begins, word in _REASONS.items() if why.startswith(begins)), why)}"


def _differing(expected: Answer, found: Answer) -> dict[str, tuple[Any, Any]]:
    pairs = zip(Answer._fields, expected, found, strict=True)
    return {name: (wanted, got) for name, wanted, got in pairs if wanted != got}
