"""Restatement (数据更正): the figures of a closed month as they were known when it was published, and as known now.

What is learned late changes what was published. One pass over the logs in the order of their positions, which is the
order in which the facts were recorded: at each month's cut-off the indicators are asked of what had been recorded
before it. Asked at the end again, for the same days, they say what has changed since; each case says what it adds to
either, and so which cases made the difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from adapters.dimensions import load_dimensions
from adapters.folding import Poison, make_rows
from adapters.log_books import LogBooks
from adapters.mapper import WIRE
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report, shares
from adapters.tables import CaseRows, Tables
from adapters.walking import Progress, Unread, Walk, undisturbed
from casecore.books import Books
from casecore.log import Log
from casecore.recorded import Recorded
from projections.indicator import Indicator
from projections.indicators import INDICATORS
from projections.projection import subject_of
from projections.registry import PROJECTIONS
from projections.resting import what_changed

__all__ = ["Cause", "Month", "Publishing", "Restated", "Restatement", "SinceFact", "restated"]

RESTATABLE: Final[tuple[Indicator, ...]] = tuple(
    indicator for indicator in INDICATORS if indicator.population.case_key is not None and not indicator.cohort
)
"""Those of cases, whose months are closed one day: no month of a cohort "by now" (accepted; rated badly) ever is."""

COUNTED: Final = tuple(p for p in PROJECTIONS if any(p.name in indicator.tables for indicator in RESTATABLE))
"""The tables they are asked of."""

Share = tuple[int, int]
"""What one case adds to numerator and denominator."""


class Month(NamedTuple):
    """One calendar month."""

    year: int
    number: int

    def __str__(self) -> str:
        """``YYYY-MM``."""
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def after(self) -> "Month":
        """The next one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)


class Publishing(NamedTuple):
    """When the figures of a month are published: so many days into the next one, or at one instant for all months."""

    zone: tzinfo
    days: int = 0
    at: datetime | None = None

    def cut_off(self, month: Month) -> datetime:
        """What was recorded before this instant was known."""
        start = datetime.combine(month.after.first + timedelta(days=self.days), time(), self.zone)
        return self.at if self.at is not None else start


class SinceFact(NamedTuple):
    """A fact recorded since the cut-off."""

    event: str
    """Its wire name."""
    position: int
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    """Whether it had happened before the cut-off: reported late. What happened later is no lateness, and may count too."""


class Cause(NamedTuple):
    """A case that adds to a figure now what it did not add then."""

    log: str
    case: str
    then: Share | None
    """None where it was not counted at all."""
    now: Share | None
    facts: tuple[SinceFact, ...]


class Restated(NamedTuple):
    """One figure of one month that is another one now."""

    month: Month
    cut_off: datetime
    then: Figure
    now: Figure
    causes: tuple[Cause, ...]


class Restatement(NamedTuple):
    """The answer."""

    months: tuple[Month, ...]
    """The closed months that had been published."""
    unpublished: tuple[Month, ...]
    """Closed months with cases, for which nothing had been recorded by their cut-off: an import tells of them."""
    restated: tuple[Restated, ...]
    unread: tuple[Unread, ...]
    """Cases left at their last known state, because what follows cannot be read."""


class _Snapshot(NamedTuple):
    """A month as it was published."""

    month: Month
    cut_off: datetime
    figures: list[Figure]
    shares: Mapping[str, Mapping[tuple[str, str], Share]]

    @property
    def period(self) -> Period:
        return _period(self.month, self.cut_off)


def restated(  # noqa: PLR0913 - what is asked, of what
    logs: Sequence[Log],
    publishing: Publishing,
    now: datetime,
    *,
    since: Month | None = None,
    until: Month | None = None,
    progress: Progress | None = None,
) -> Restatement:
    """What has changed of the months from ``since`` to ``until`` that were published before ``now``.

    Each is counted under the books (账簿) its log held then, and holds now: an adoption that reaches back restates too. Open
    cases past due are late on the day of the cut-off, then and now.
    """
    chosen = _Chosen(publishing, now, since, until)
    with undisturbed(), closing(open_tables("memory:", COUNTED)) as tables:
        tables.show(tables.begin())
        known = _Known([_Learning(Walk(log), LogBooks(log)) for log in logs], tables, progress)
        published: list[_Snapshot] = []
        for month in chosen.months(_first_published(known, publishing)):
            known.advance(publishing.cut_off(month))
            published.append(_snapshot(tables, month, publishing.cut_off(month)))
        known.advance(None)
        found = [one for snapshot in published for one in _compared(tables, snapshot)]
        months = tuple(snapshot.month for snapshot in published)
        told = chosen.months(known.earliest())
    unpublished = tuple(month for month in told if month not in months)
    unread = tuple(one for learning in known.logs for one in learning.left_out())
    return Restatement(months, unpublished, tuple(_with_facts(found, logs)), unread)


class _Chosen(NamedTuple):
    """Which months are asked about."""

    publishing: Publishing
    now: datetime
    since: Month | None
    until: Month | None

    def months(self, first: Month | None) -> list[Month]:
        """From ``first`` on, those that are over and were to be published by now."""
        found: list[Month] = []
        if first is None:
            return found
        month = first if self.since is None else max(first, self.since)
        while (self.until is None or month <= self.until) and self._closed(month):
            found.append(month)
            month = month.after
        return found

    def _closed(self, month: Month) -> bool:
        over_at = datetime.combine(month.after.first, time(), self.publishing.zone)
        return over_at <= self.publishing.cut_off(month) <= self.now


class _Learning:
    """What one log had told so far: its files, the books it held, and whose rows could not be made."""

    def __init__(self, walk: Walk, books: LogBooks) -> None:
        self.walk = walk
        self._log_books = books
        self._books: Books | None = None
        self._lacking: dict[str, Poison] = {}

    def learn(self, tables: Tables, instant: datetime | None, progress: Progress | None) -> None:
        """Put into the tables what was recorded before an instant, and what an adoption before it has changed."""
        touched = self.walk.until(instant, progress)
        before, books = self._books, self._log_books.at(self.walk.position)
        self._books = books
        changed = what_changed(before or books, books)
        if before is None or changed:
            load_dimensions(tables, self.walk.log.district, books)
        made: list[CaseRows] = []
        for case, file in (self.walk.files if changed else touched).items():
            if case not in touched and case in self.walk.unread:
                continue
            rows = make_rows(tables, subject_of(books, self.walk.log.district, case, file), self.walk.position)
            if isinstance(rows, Poison):
                self._lacking[case] = rows
            else:
                self._lacking.pop(case, None)
                made.append(rows)
        live = tables.live()
        if made and live is not None:
            tables.put(live, self.walk.log.district, made, self.walk.position)

    def left_out(self) -> Iterator[Unread]:
        """The cases at whose last known state the rows were left."""
        yield from self.walk.unread.values()
        for case, poison in self._lacking.items():
            if case not in self.walk.unread:
                yield Unread(self.walk.log.district, case, poison.position, poison.why)


class _Known(NamedTuple):
    """What the logs had told so far, in rows."""

    logs: Sequence[_Learning]
    tables: Tables
    progress: Progress | None

    def advance(self, instant: datetime | None) -> None:
        """Learn what was recorded before an instant; None: all there is."""
        for learning in self.logs:
            learning.learn(self.tables, instant, self.progress)

    def earliest(self) -> Month | None:
        """The first month anything happened in, as far as is known."""
        found = self.tables.query("SELECT min(received_on), min(accepted_on), min(closed_on) FROM case_facts")
        firsts = [date.fromisoformat(str(day)) for day in found[0] if day is not None]
        return Month.of(min(firsts)) if firsts else None


def _first_published(known: _Known, publishing: Publishing) -> Month | None:
    """The first month of which anything had been recorded by its cut-off."""
    started = min(filter(None, (one.walk.first_recorded() for one in known.logs)), default=None)
    if started is None:
        return None
    if publishing.at is not None:
        known.advance(publishing.at)
        return known.earliest()
    return Month.of((started.astimezone(publishing.zone) - timedelta(days=publishing.days)).date())


def _snapshot(tables: Tables, month: Month, cut_off: datetime) -> _Snapshot:
    period = _period(month, cut_off)
    figures = report(tables, period, indicators=RESTATABLE)
    return _Snapshot(month, cut_off, figures, {i.code: shares(tables, period, i) for i in RESTATABLE})


def _period(month: Month, cut_off: datetime) -> Period:
    return Period(month.first, month.last, cut_off.date())


def _compared(tables: Tables, snapshot: _Snapshot) -> Iterator[Restated]:
    """The figures of a month that are other ones now; their cases as yet without the facts."""
    figures = report(tables, snapshot.period, indicators=RESTATABLE)
    for indicator, then, now in zip(RESTATABLE, snapshot.figures, figures, strict=True):
        if (then.numerator, then.denominator) == (now.numerator, now.denominator):
            continue
        was, is_now = snapshot.shares[indicator.code], shares(tables, snapshot.period, indicator)
        causes = (
            Cause(log, case, was.get((log, case)), is_now.get((log, case)), ())
            for log, case in sorted(was.keys() | is_now.keys())
            if was.get((log, case)) != is_now.get((log, case))
        )
        yield Restated(snapshot.month, snapshot.cut_off, then, now, tuple(causes))


def _with_facts(found: Sequence[Restated], logs: Iterable[Log]) -> Iterator[Restated]:
    """The same, each case with what has been recorded of it since the cut-off."""
    histories: dict[tuple[str, str], list[Recorded]] = {}
    for log in logs:
        wanted = sorted({cause.case for one in found for cause in one.causes if cause.log == log.district})
        for case, entries in (log.histories(wanted) if wanted else {}).items():
            histories[log.district, case] = [entry for entry in entries if isinstance(entry, Recorded)]
    for one in found:
        causes = (
            cause._replace(facts=tuple(_since(histories.get((cause.log, cause.case), ()), one.cut_off)))
            for cause in one.causes
        )
        yield one._replace(causes=tuple(causes))


def _since(history: Iterable[Recorded], cut_off: datetime) -> Iterator[SinceFact]:
    for fact in history:
        if fact.recorded_at >= cut_off:
            name, _ = WIRE.plain(fact.event)
            yield SinceFact(name, fact.position, fact.occurred_at, fact.recorded_at, fact.occurred_at < cut_off)
