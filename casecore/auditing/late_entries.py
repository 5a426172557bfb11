"""Late entries (补录): facts recorded when a clock had run out on record, whose earlier occurrence puts it in time again.

``recorded_at`` is the store's own and nobody can set it, so the books show what was known at the deadline. A clock that
was not on record by its due date was not watched by anybody: a history imported as a whole shows nothing here.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from casecore.auditing.finding import Examination, Finding, found
from casecore.clock import CaseClock
from casecore.kind import File
from casecore.kinds import advance, as_kind
from casecore.recorded import Recorded
from casecore.vocabulary import ClockKind, FindingCode, Verdict

__all__ = ["find_late_entries"]


_WATCHED: Final = frozenset(
    {
        ClockKind.ACCEPTANCE,
        ClockKind.PROMISED,
        ClockKind.STATUTORY,
        ClockKind.STEP,
        ClockKind.PRELIMINARY_REVIEW,
        ClockKind.DELIVERY,
        ClockKind.HEARING,
        ClockKind.RECTIFICATION,
    }
)
"""The agency's own clocks."""


def find_late_entries(case: Examination[Any]) -> Iterator[Finding]:
    """Entries that made overdue clocks punctual after the fact."""
    history = case.history
    if case.unknown_calendar is not None or not _spread(history):
        return
    before, known_on = case.kind.new, dict[str, date]()
    for recorded in history:
        after = as_kind(advance(before, recorded.event), case.kind, recorded.stream)
        recorded_on = _recorded_on(recorded)
        if known_on and recorded.occurred_at.date() < recorded_on:
            rescued = [
                f"{clock.name} (due {due_on})"
                for clock, due_on in _run_out(case, before, recorded)
                if known_on[clock.name] <= due_on and not _overdue(case, after, clock.name, recorded)
            ]
            if rescued:
                sentence = f"entered on {recorded_on}, said to have happened on {recorded.occurred_at.date()}: in time again"
                yield found(FindingCode.ENTERED_AFTER_DEADLINE, recorded, f"{sentence} {', '.join(rescued)}")
        for clock in case.clocks_in(after):
            known_on.setdefault(clock.name, recorded_on)
        before = after


def _spread(history: Sequence[Recorded]) -> bool:
    """Whether anything was recorded on a later day than the first fact, and on a later day than it happened."""
    first_on = _recorded_on(history[0])
    return any(first_on < _recorded_on(r) and r.occurred_at.date() < _recorded_on(r) for r in history[1:])


def _run_out(case: Examination[Any], file: File, recorded: Recorded) -> Iterator[tuple[CaseClock, date]]:
    """The clocks that had run out on record when a fact was recorded, still running or not; each with its due date."""
    moment = _recorded_at(recorded)
    for clock in case.clocks_in(file):
        if clock.kind in _WATCHED and clock.started_at <= moment:
            reading = clock.read(case.calendar_of(clock), moment)
            if reading.verdict is Verdict.OVERDUE:
                yield clock, reading.due_on


def _overdue(case: Examination[Any], file: File, name: str, recorded: Recorded) -> bool:
    """Whether the clock of that name is overdue in a file; one that is gone is not."""
    moment = _recorded_at(recorded)
    clock = next((clock for clock in case.clocks_in(file) if clock.name == name), None)
    return clock is not None and clock.read(case.calendar_of(clock), moment).verdict is Verdict.OVERDUE


def _recorded_at(recorded: Recorded) -> datetime:
    """When it was recorded, as a local instant: with the offset the fact has."""
    return recorded.recorded_at.astimezone(recorded.occurred_at.tzinfo)


def _recorded_on(recorded: Recorded) -> date:
    return _recorded_at(recorded).date()
