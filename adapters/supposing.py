"""What if (假设推演): history replayed under another promise, calendar or rule, the figures of both side by side.

One pass over each log; every case then makes two rows, as recorded and as supposed, and the same indicators are asked
of both. Nothing is written to the store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from adapters.calendar_toml import shipped_calendars
from adapters.folding import Poison, make_rows
from adapters.log_books import LogBooks
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report
from adapters.tables import CaseRows, Tables
from adapters.walking import Progress, Unread, Walk, undisturbed
from casecore.books import Books
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.case.file import CaseFile
from casecore.log import Log
from projections.projection import Subject, subject_of
from projections.supposition import Supposition
from projections.timed_case import CASE_TIME_INDICATORS, TIMED_CASES, TimedCase

__all__ = ["ChangedCase", "Sides", "WhatIf", "whatif"]


class Sides(NamedTuple):
    """One indicator, as recorded and as it would be."""

    recorded: Figure
    supposed: Figure


class ChangedCase(NamedTuple):
    """A case whose promise would have been kept and was not, or the other way round."""

    log: str
    case: str
    item: str | None
    closed_on: date | None
    due_recorded: date | None
    due_what_if: date | None
    verdict_recorded: str | None
    verdict_what_if: str | None
    """None where nothing can be counted: a date outside what the calendar knows."""
    provisional_recorded: bool = False
    """Whether the due date touches or passes what its calendar covers (暂定)."""
    provisional_what_if: bool = False


class WhatIf(NamedTuple):
    """The answer."""

    cases: int
    """Cases replayed."""
    concerned: int
    """Of these, those anything was supposed of."""
    figures: tuple[Sides, ...]
    changed: tuple[ChangedCase, ...]
    """Of the period, in the order of closing (open ones last), district and number."""
    unread: tuple[Unread, ...]
    """Cases left out of both sides."""


class _Replayed(NamedTuple):
    recorded: list[TimedCase]
    supposed: list[TimedCase]
    concerned: int


def whatif(
    logs: Sequence[Log],
    supposition: Supposition,
    period: Period,
    progress: Progress | None = None,
    *,
    calendars: Mapping[str, WorkCalendar] | None = None,
) -> WhatIf:
    """Replay the logs, each under the books (账簿) it holds, but for what is supposed.

    A supposed calendar is one of the district's own, or one of ``calendars``, by default those that ship. Raises
    :class:`~casecore.errors.BadInput` for one that is not there.
    """
    others = shipped_calendars() if calendars is None else calendars
    with undisturbed(), _fact_table() as recorded, _fact_table() as supposed:
        cases = concerned = 0
        changed: list[ChangedCase] = []
        unread: list[Unread] = []
        for log in logs:
            walk = Walk(log)
            walk.until(None, progress)
            rows = _rows(walk, supposition, LogBooks(log).at(walk.position), others, recorded)
            cases += len(rows.recorded)
            concerned += rows.concerned
            changed += _changed(rows, period)
            unread += walk.unread.values()
            for tables, made in ((recorded, rows.recorded), (supposed, rows.supposed)):
                _fill(tables, log.district, made, walk.position)
        figures = tuple(map(Sides, *(report(t, period, indicators=CASE_TIME_INDICATORS) for t in (recorded, supposed))))
    changed.sort(key=lambda one: (one.closed_on or date.max, one.log, one.case))
    return WhatIf(cases, concerned, figures, tuple(changed), tuple(unread))


def _rows(
    walk: Walk, supposition: Supposition, books: Books, others: Mapping[str, WorkCalendar], tables: Tables
) -> _Replayed:
    """Both rows of every case; what goes wrong with one leaves that one out."""
    calendars = {**others, **books.calendars}
    if supposition.calendar is not None:
        calendars[supposition.calendar] = find_calendar(calendars, supposition.calendar).under(())  # that one, and no other
    replayed = _Replayed([], [], 0)
    concerned = 0
    for case, file in walk.files.items():
        if case in walk.unread:
            continue
        subject = subject_of(books, walk.log.district, case, file)
        made = make_rows(tables, subject, walk.position)
        if isinstance(made, Poison):
            walk.leave_out(case, made)
            continue
        (row,) = made.rows[TIMED_CASES.name]
        recorded = TimedCase._make(row)
        replayed.recorded.append(recorded)
        replayed.supposed.append(_supposed(recorded, subject, supposition.of(file), calendars))
        concerned += supposition.concerns(file)
    return replayed._replace(concerned=concerned)


def _supposed(
    recorded: TimedCase, subject: Subject[CaseFile], file: CaseFile, calendars: Mapping[str, WorkCalendar]
) -> TimedCase:
    return recorded if file is subject.file else recorded.under(replace(subject, file=file, calendars=calendars))


def _changed(replayed: _Replayed, period: Period) -> Iterator[ChangedCase]:
    """The cases of the period that count and whose verdict differs."""
    for recorded, supposed in zip(replayed.recorded, replayed.supposed, strict=True):
        if recorded is supposed or not recorded.counted:
            continue
        verdict, verdict_what_if = recorded.verdict(period.as_of), supposed.verdict(period.as_of)
        # An open case has no day of closing: it lies in the period if it is due there on either side.
        days = [recorded.closed_on] if recorded.closed else [recorded.promised_due_on, supposed.promised_due_on]
        if verdict != verdict_what_if and _within(days, period):
            yield ChangedCase(
                recorded.log,
                recorded.case_id,
                recorded.item,
                recorded.closed_on,
                recorded.promised_due_on,
                supposed.promised_due_on,
                verdict,
                verdict_what_if,
                bool(recorded.provisional),
                bool(supposed.provisional),
            )


def _within(days: Iterable[date | None], period: Period) -> bool:
    since, until = period.since or date.min, period.until or date.max
    return any(day is not None and since <= day <= until for day in days)


@contextmanager
def _fact_table() -> Iterator[Tables]:
    """An empty table of case facts, in memory."""
    with closing(open_tables("memory:", [TIMED_CASES])) as tables:
        tables.show(tables.begin())
        yield tables


def _fill(tables: Tables, district: str, rows: Sequence[TimedCase], position: int) -> None:
    live = tables.live()
    if live is not None and rows:
        tables.put(live, district, [CaseRows(row.case_id, {TIMED_CASES.name: (row,)}) for row in rows], position)
