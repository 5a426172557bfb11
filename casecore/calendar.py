"""The working calendar (工作日历): which dates are working days, and counting them in constant time.

Art. 82 行政许可法 ties every period to 工作日, and what a working day is follows from the State Council's yearly
notices (holidays and make-up days, 调休), never from a hall's opening hours. A calendar is a versioned value; every
deadline names the version it was counted under. Dates are local dates in the calendar's zone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from casecore.errors import BadInput, Flaw

__all__ = ["CalendarDay", "LaterNotice", "Notice", "OutsideCalendarError", "WorkCalendar"]

_ASSUMED_DAYS: Final = 3660
"""How far past its coverage a calendar still counts, on bare weekdays; every such date is provisional."""

ASSUMED: Final = "beyond the calendar's coverage, assumed (超出日历范围, 暂按周历)"
"""What is said of a day no notice has spoken of yet."""
_MINUTE: Final = timedelta(minutes=1)
_WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


_COUNTED: Final = ("_working", "_before")
"""What is counted when it is first asked for."""


class OutsideCalendarError(BadInput):
    """A date lies where the calendar knows nothing and cannot even assume anything."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Flaw.OUTSIDE_CALENDAR, "", sentence)

    def __reduce__(self) -> tuple[type["OutsideCalendarError"], tuple[str]]:
        return type(self), (self.sentence,)


class CalendarDay(NamedTuple):
    """One date and what the calendar says of it; ``why`` is a clerk's sentence."""

    day: date
    working: bool
    why: str


class Notice(NamedTuple):
    """Where days come from: the notice (放假安排通知) or other source, and when it was looked up; None where nobody says."""

    said: str | None = None
    retrieved_on: date | None = None


class LaterNotice(NamedTuple):
    """A calendar that was put in force in the place of another (后续通知), and from when to when."""

    calendar: "WorkCalendar"
    from_on: date | None = None
    """The first local date; None for always."""
    until_on: date | None = None
    """The first local date it was in force no more; None while it is."""


_NOBODY_SAYS: Final = Notice()
_NO_NOTICES: Final[Mapping[int, Notice]] = MappingProxyType({})


class WorkCalendar:
    """Working days between two covered dates, by prefix sums: every question is answered in O(1).

    ``rest`` are holidays on ordinary weekdays, ``work`` make-up working days on rest weekdays (调休上班).
    Past ``covers[1]`` bare weekdays are assumed for ten years, and :meth:`provisional` says so.
    """

    __slots__ = (
        "_before",
        "_first",
        "_last",
        "_working",
        "base",
        "covers",
        "hours",
        "hours_a_day",
        "later",
        "notices",
        "rest",
        "rest_weekdays",
        "source",
        "supersedes",
        "title",
        "version",
        "work",
        "zone",
    )

    def __init__(  # noqa: PLR0913 - a calendar is these data and nothing else
        self,
        *,
        version: str,
        title: str,
        zone: str,
        covers: tuple[date, date],
        rest_weekdays: frozenset[int],
        rest: frozenset[date],
        work: frozenset[date],
        hours: Sequence[tuple[time, time]],
        supersedes: str | None = None,
        base: str | None = None,
        source: Notice = _NOBODY_SAYS,
        notices: Mapping[int, Notice] = _NO_NOTICES,
    ) -> None:
        self.version, self.title, self.zone, self.covers = version, title, zone, covers
        self.supersedes = supersedes
        """The version whose place this one took, after a later notice (后续通知)."""
        self.base = base
        """The version it was laid on (叠加日历); it counts by its own days all the same."""
        self.source = source
        self.notices = notices
        """By year, where a notice is named."""
        self.rest, self.work, self.hours = rest, work, tuple(hours)
        self.hours_a_day = sum((_span(*span) for span in hours), timedelta())
        """Legal working time (法定工作时间) of a working day, 7 h from 09:00-12:00 and 13:00-17:00."""
        self._first = covers[0].toordinal()
        self._last = min(covers[1].toordinal() + _ASSUMED_DAYS, date.max.toordinal())
        self.rest_weekdays = rest_weekdays
        self.later: tuple[LaterNotice, ...] = ()
        """The calendars that took its place in a district, in the order they were put in force: clocks promised under this
        one are judged under them, too. None where it is looked at by itself."""

    def under(self, later: tuple[LaterNotice, ...]) -> "WorkCalendar":
        """The same calendar, in whose place others were put in force."""
        if later == self.later:
            return self
        same: WorkCalendar = object.__new__(WorkCalendar)
        for name in self.__slots__:
            if name not in _COUNTED:
                setattr(same, name, getattr(self, name))
        same.later = later
        return same

    def judging(self, day: date) -> tuple["WorkCalendar", ...]:
        """The later calendars that a verdict of a local date rests on: the one in force now, and the one in force then."""
        taken = [
            one
            for one in reversed(self.later)
            if one.until_on is None or ((one.from_on is None or one.from_on <= day) and day < one.until_on)
        ]
        return tuple(one.calendar for one in taken)

    @property
    def law(self) -> "WorkCalendar":
        """The calendar that says today what a day is or was: the last that took the place of this one, or this one."""
        return self.later[-1].calendar if self.later and self.later[-1].until_on is None else self

    def __getattr__(self, name: str) -> list[int]:
        """The days are counted when one is first asked for: of the calendars there are, most answer no question."""
        if name not in _COUNTED:
            raise AttributeError(name)
        working: list[int] = []  # ordinals of working days, ascending
        before = [0]  # before[i]: working days before the i-th covered date
        rest, work = ({day.toordinal() for day in days} for days in (self.rest, self.work))
        for ordinal in range(self._first, self._last + 1):
            if ordinal in work or ((ordinal % 7 or 7) not in self.rest_weekdays and ordinal not in rest):  # 7: Sunday
                working.append(ordinal)
            before.append(len(working))
        self._working, self._before = working, before
        return working if name == "_working" else before

    def says_as(self, other: "WorkCalendar") -> bool:
        """Whether another calendar says the same of every day and hour, whatever it is called."""
        names = ("zone", "covers", "rest_weekdays", "rest", "work", "hours")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def _index(self, day: date) -> int:
        ordinal = day.toordinal()
        if not self._first <= ordinal <= self._last:
            raise OutsideCalendarError(f"{day} lies outside calendar {self.version} ({self.covers[0]} to {self.covers[1]})")
        return ordinal - self._first

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a legal working day (法定工作日)."""
        index = self._index(day)
        return self._before[index + 1] > self._before[index]

    def number(self, day: date) -> int:
        """How many working days the calendar knows up to and including ``day``: the number of a working day."""
        return self._before[self._index(day) + 1]

    def numbered(self, number: int) -> date:
        """The working day of a number, see :meth:`number`."""
        if not 0 < number <= len(self._working):
            raise OutsideCalendarError(f"working day number {number} lies outside calendar {self.version}")
        return date.fromordinal(self._working[number - 1])

    def between(self, after: date, until: date) -> int:
        """W(after, until]: working days after ``after`` up to and including ``until``; 0 when ``until`` is not later."""
        if until <= after:
            return 0
        return self._before[self._index(until) + 1] - self._before[self._index(after) + 1]

    def due(self, start: date, days: int) -> date:
        """The smallest d with W(start, d] = ``days`` working days; ``start`` itself for 0."""
        if days < 0:
            raise ValueError(f"a limit cannot be negative: {days}")
        if days == 0:
            return start
        nth = self._before[self._index(start) + 1] + days - 1
        if nth >= len(self._working):
            raise OutsideCalendarError(f"{days} working days after {start} lie outside calendar {self.version}")
        return date.fromordinal(self._working[nth])

    def next_working(self, day: date) -> date:
        """``day`` if it is a working day, else the next one."""
        return day if self.is_working(day) else self.due(day, 1)

    def provisional(self, day: date) -> bool:
        """Whether a deadline on ``day`` touches or passes the coverage: the next notice may still move it."""
        return day >= self.covers[1]

    def describe(self, day: date) -> CalendarDay:
        """What the calendar says of one date, and why."""
        working = self.is_working(day)
        if day > self.covers[1]:
            rule = ASSUMED
        elif day in self.work:
            rule = "make-up working day (调休上班)"
        elif day in self.rest:
            rule = "public holiday (法定节假日放假)"
        else:
            rule = "working day (工作日)" if working else "rest day (休息日)"
        return CalendarDay(day, working, f"{rule}; {_WEEKDAYS[day.weekday()]}")

    def days(self, after: date, until: date) -> Iterator[CalendarDay]:
        """Each date in (after, until] with what the calendar says of it."""
        for offset in range(1, (until - after).days + 1):
            yield self.describe(after + timedelta(days=offset))

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """Minutes of legal working time (法定工作时间) in (start, end], each :func:`to_the_minute`."""
        return max(timedelta(), self._worked_by(end) - self._worked_by(start)) // _MINUTE

    def after_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The minute at which ``minutes`` of legal working time have passed since ``start``."""
        if minutes == 0:
            return to_the_minute(start)
        try:
            target = self._worked_by(start) + minutes * _MINUTE
        except OverflowError as error:
            raise OutsideCalendarError(f"{minutes} working minutes after {start} lie beyond any date") from error
        days, left = divmod(target, self.hours_a_day)
        if not left:  # the last minute of a day, not the night before the next
            days, left = days - 1, self.hours_a_day
        if days >= len(self._working):
            raise OutsideCalendarError(f"{minutes} working minutes after {start} lie outside calendar {self.version}")
        day = date.fromordinal(self._working[days])
        for opens, closes in self.hours:
            opened = datetime.combine(day, opens, start.tzinfo)
            span = datetime.combine(day, closes, start.tzinfo) - opened
            if left <= span:
                return opened + left
            left -= span
        raise AssertionError("a day's hours add up to a day's hours")

    def _worked_by(self, at: datetime) -> timedelta:
        """Legal working time from the calendar's first day to the minute of an instant."""
        at = to_the_minute(at)
        day = at.date()
        passed = self._before[self._index(day)] * self.hours_a_day
        if self.is_working(day):
            for opens, closes in self.hours:
                opened = datetime.combine(day, opens, at.tzinfo)
                passed += max(timedelta(), min(at, datetime.combine(day, closes, at.tzinfo)) - opened)
        return passed


def to_the_minute(at: datetime) -> datetime:
    """An instant as the clock on the wall shows it (精确到分): limits within a day know no seconds.

    Begin, end, suspensions and due time are all read so: of what lies within one minute none is earlier or later, as
    within one day of a limit in days.
    """
    return at.replace(second=0, microsecond=0)


def _span(opens: time, closes: time) -> timedelta:
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
