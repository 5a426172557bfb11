"""What rows rest on besides the facts of their stream: the district's books (账簿), by their versions.

A stream is counted under the rule in force on the day it began, and under the calendar it was promised under, or that
rule's. So a rule adopted later changes no row of a stream that began before it came into force. Where an adoption reaches
back to days that streams began on, or says something else of a calendar, :func:`what_changed` says whose rows it concerns.
"""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final, NamedTuple

from casecore.books import Books
from casecore.calendar import WorkCalendar

__all__ = ["RESTS_VERSION", "Changed", "Rests", "what_changed"]

RESTS_VERSION: Final = 1
"""Of what the columns of :class:`Rests` mean, in every table."""


class Rests(NamedTuple):
    """The columns every table ends with, but for those of that name its own rows have: what a row rests on."""

    begun_on: date | None
    """The day the stream began: the rule in force on it is the one it is counted under. None where it has not begun yet,
    and where no one day decides: then the latest rule is."""
    rule_version: int
    """The district's rule it is counted under, as adopted; 0 for common practice (通行做法): then none was adopted."""
    calendar: str | None
    """The calendar version it is counted under: that of its promise, before one the version in force when it began."""


class Changed(NamedTuple):
    """What two books say differently, as far as rows rest on it."""

    since: date | None
    """The first day with another rule or calendar in force; None where every day has the same."""
    calendars: AbstractSet[str]
    """The versions one of them does not know, or whose days are others."""
    registers: bool = False
    """Whether a register says something else that rows look into: that of the drop boxes."""

    def __bool__(self) -> bool:
        return self.since is not None or bool(self.calendars) or self.registers


def what_changed(before: Books, after: Books) -> Changed:
    """What is another rule or calendar after an adoption than before."""
    if before is after:
        return Changed(None, frozenset())
    dated = {one.from_on for books in (before, after) for one in books.rules}
    dated |= {one.from_on for books in (before, after) for one in books.calendars_in_force}
    days = sorted(day for day in dated if day is not None)
    differing = (day for day in (date.min, *days) if _in_force(before, day) != _in_force(after, day))
    versions = before.calendars.keys() | after.calendars.keys()
    others = frozenset(version for version in versions if not _alike(before, after, version))
    registers = before.catalogue.boxes != after.catalogue.boxes
    return Changed(next(differing, None), others, registers)


def _in_force(books: Books, day: date) -> tuple[object, ...]:
    dated = books.rule_on(day)
    return dated.version, dated.rule, books.calendar_on(day)


def _alike(before: Books, after: Books, version: str) -> bool:
    one, other = before.calendars.get(version), after.calendars.get(version)
    if one is other:
        return True
    return one is not None and other is not None and one.says_as(other) and _judged_alike(one, other)


def _judged_alike(one: WorkCalendar, other: WorkCalendar) -> bool:
    """Whether two calendars had their place taken by the same others on the same days."""
    if len(one.later) != len(other.later):
        return False
    return all(
        (a.from_on, a.until_on) == (b.from_on, b.until_on) and a.calendar.says_as(b.calendar)
        for a, b in zip(one.later, other.later, strict=True)
    )
