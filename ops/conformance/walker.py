"""The independent oracle of the clocks: one case answered by walking its days one by one.

Slow and plain on purpose. It shares no code with the clocks it judges: all it knows of a calendar is a plain set of
working days and the last day that set speaks of. The rules it walks by (行政许可法 Art. 42, 45, 82):

* day 0 is the day of acceptance; the n-th working day after it is the due date of n days;
* acts are taken in order of date, on the same date special procedures (特别程序, in their order) before the extension;
* an act counts if its date is not before acceptance, not after the end, and not after the due date as it stood then;
* a procedure excludes the first ``declared_days`` working days after its start, up to its end or the case's; a day of
  two procedures is excluded once;
* on time means closed on or before the due date.
"""

from collections.abc import Container, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

__all__ = ["Answer", "Extension", "Procedure", "WalkedCase", "WalkedTooFarError", "count_working", "nth_working", "walk"]

_A_DAY: Final = timedelta(days=1)


class WalkedTooFarError(ValueError):
    """The walk passed the last day of which it is known whether it is a working day."""


class Procedure(NamedTuple):
    """A special procedure (特别程序): ``end_on`` is None while it is open, ``declared_days`` what was told in writing."""

    start_on: date
    end_on: date | None
    declared_days: int


class Extension(NamedTuple):
    """An extension (延长审批): working days added to the limit."""

    approved_on: date
    days: int


class WalkedCase(NamedTuple):
    """A case as dates alone: ``closed_on`` is None while it runs, ``as_of`` the day of the question."""

    accepted_on: date
    limit_days: int
    procedures: tuple[Procedure, ...]
    extension: Extension | None
    closed_on: date | None
    as_of: date


class Answer(NamedTuple):
    """What the clock of a case says, all in working days."""

    due_on: date
    excluded_days: int
    extension_days: int
    used_days: int
    remaining_days: int
    """Negative once more days are used than the case had."""
    verdict: str
    """``on_time`` or ``overdue`` of a closed case, ``running`` or ``overdue`` of one that runs."""
    ignored: tuple[str, ...]
    """The acts that did not count, in order of date, and why."""


def walk(case: WalkedCase, working: Container[date], last: date) -> Answer:
    """Answer a case over a set of working days known up to ``last``; raises :class:`WalkedTooFarError` beyond it."""
    end = case.as_of if case.closed_on is None else case.closed_on
    excluded: set[date] = set()
    extension_days = 0
    ignored: list[str] = []
    for on, name, act in _in_order_of_date(case):
        due_on = nth_working(case.accepted_on, case.limit_days + extension_days + len(excluded), working, last)
        if on < case.accepted_on:
            ignored.append(f"{name}: before acceptance")
        elif on > end:
            ignored.append(f"{name}: after the end")
        elif on > due_on:
            ignored.append(f"{name}: after the deadline")
        elif isinstance(act, Extension):
            extension_days = act.days
        else:
            excluded.update(_excluded_by(act, end, working))
    allowed = case.limit_days + extension_days
    due_on = nth_working(case.accepted_on, allowed + len(excluded), working, last)
    used = sum(1 for day in _days(case.accepted_on, end) if day in working and day not in excluded)
    return Answer(
        due_on=due_on,
        excluded_days=len(excluded),
        extension_days=extension_days,
        used_days=used,
        remaining_days=allowed - used,
        verdict="overdue" if end > due_on else "running" if case.closed_on is None else "on_time",
        ignored=tuple(ignored),
    )


def nth_working(start: date, number: int, working: Container[date], last: date) -> date:
    """Walk to the ``number``-th working day after ``start``; ``start`` itself for 0."""
    day = start
    while number:
        day += _A_DAY
        if day > last:
            raise WalkedTooFarError(f"walking from {start} passed {last}")
        if day in working:
            number -= 1
    return day


def count_working(after: date, until: date, working: Container[date]) -> int:
    """Count the working days after ``after`` up to and including ``until``."""
    return sum(1 for day in _days(after, until) if day in working)


def _in_order_of_date(case: WalkedCase) -> list[tuple[date, str, Procedure | Extension]]:
    acts: list[tuple[date, str, Procedure | Extension]] = [
        (procedure.start_on, f"procedure {number}", procedure) for number, procedure in enumerate(case.procedures)
    ]
    if case.extension is not None:
        acts.append((case.extension.approved_on, "extension", case.extension))
    return sorted(acts, key=lambda act: act[0])  # a stable sort: acts of one date stay in the order above


def _excluded_by(procedure: Procedure, end: date, working: Container[date]) -> Iterator[date]:
    left = procedure.declared_days
    until = end if procedure.end_on is None or procedure.end_on > end else procedure.end_on
    for day in _days(procedure.start_on, until):
        if day in working and left > 0:
            left -= 1
            yield day


def _days(after: date, until: date) -> Iterator[date]:
    day = after
    while day < until:
        day += _A_DAY
        yield day
