"""Counting working days and minutes, and the clocks that count them, against worked answers and brute force."""

import gc
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.clocks import ClockReading, read_clock
from casecore.ledger import Extension, Ledger, SuspensionSpan
from casecore.limits import Limit
from casecore.vocabulary import Verdict

CN = shipped_calendars()[NATIONAL]
HOURS = ((time(9), time(12)), (time(13), time(17)))
NO_ACTS = Ledger()
A_DAY = timedelta(days=1)
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def plain(covers: tuple[date, date] = YEAR, **changes: Any) -> WorkCalendar:
    """Monday to Friday of 2024 without holidays, unless something is changed."""
    parts: dict[str, Any] = {
        "version": "plain.1",
        "title": "plain",
        "zone": "Asia/Shanghai",
        "rest_weekdays": frozenset({6, 7}),
        "rest": frozenset(),
        "work": frozenset(),
        "hours": HOURS,
    }
    return WorkCalendar(covers=covers, **(parts | changes))


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- Worked answers ---


def running(days: int, ledger: Ledger = NO_ACTS, until: str = "2026-04-30") -> ClockReading:
    return read_clock(CN, Limit.working_days(days), on("2026-03-02"), ledger, until=on(until))


def test_what_begins_after_the_deadline_does_not_revive_it() -> None:
    late = Ledger((SuspensionSpan("procedure", at("2026-03-17 09:00"), None, 5),), Extension(on("2026-03-18"), 10))
    clock = running(10, late)
    assert clock.due_on == on("2026-03-16")
    assert clock.ignored == (
        "procedure: after the due date 2026-03-16",
        "extension: after the due date 2026-03-16",
    )


def test_overlapping_procedures_exclude_a_day_once() -> None:
    spans = tuple(
        SuspensionSpan(name, at(f"2026-03-{start} 09:00"), at("2026-03-12 09:00"), 10)
        for name, start in (("one", "05"), ("two", "06"))
    )
    assert running(10, Ledger(spans)).due_on == on("2026-03-23")


def test_a_natural_day_limit_that_ends_on_a_rest_day_moves_to_the_next_working_day() -> None:
    clock = read_clock(CN, Limit.natural_days(5), on("2026-03-02"), NO_ACTS, until=on("2026-03-03"))
    assert (clock.due_on, clock.moved_from) == (on("2026-03-09"), on("2026-03-07"))
    assert running(5).moved_from is None  # working days end on one


def test_two_hours_promised_after_closing_are_two_hours_of_the_next_working_day() -> None:
    clock = read_clock(
        CN,
        Limit.hours(2),
        on("2026-03-06"),
        NO_ACTS,
        started_at=at("2026-03-06 18:00"),
        closed_at=at("2026-03-07 10:00"),
    )
    assert (clock.due_at, clock.verdict, clock.used) == (at("2026-03-09 11:00"), Verdict.ON_TIME, 0)


def test_a_clock_read_at_no_moment_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="closing"):
        read_clock(CN, Limit.working_days(1), on("2026-03-02"), NO_ACTS)


# --- Brute force ---


@st.composite
def calendars(draw: st.DrawFn) -> tuple[WorkCalendar, set[date]]:
    """A calendar of 90 days with any weekend, holidays and make-up days; and its working days as a plain set."""
    first = draw(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
    days = [first + timedelta(days=offset) for offset in range(90)]
    weekend = draw(st.frozensets(st.integers(1, 7), max_size=6))
    ordinary = [day for day in days if day.isoweekday() not in weekend]
    resting = [day for day in days if day.isoweekday() in weekend]
    rest = draw(st.frozensets(st.sampled_from(ordinary)))
    work = draw(st.frozensets(st.sampled_from(resting))) if resting else frozenset()
    made = plain((days[0], days[-1]), rest_weekdays=weekend, rest=rest, work=work)
    return made, (set(ordinary) - rest) | work


@settings(deadline=None)
@given(drawn=calendars(), start=st.integers(0, 89), length=st.integers(-5, 89))
def test_between_counts_what_a_walk_over_the_days_counts(
    drawn: tuple[WorkCalendar, set[date]], start: int, length: int
) -> None:
    calendar, working = drawn
    after = calendar.covers[0] + timedelta(days=start)
    until = min(after + timedelta(days=length), calendar.covers[1])
    assert calendar.between(after, until) == sum(1 for day in working if after < day <= until)
    assert [entry.working for entry in calendar.days(after, until)] == [
        after + timedelta(days=n) in working for n in range(1, (until - after).days + 1)
    ]


@settings(deadline=None)
@given(drawn=calendars(), start=st.integers(0, 89), amount=st.integers(0, 70))
def test_due_is_where_a_walk_over_the_days_ends(drawn: tuple[WorkCalendar, set[date]], start: int, amount: int) -> None:
    calendar, working = drawn
    after = calendar.covers[0] + timedelta(days=start)
    ahead = sorted(day for day in working if day > after)
    expected = after if amount == 0 else next(iter(ahead[amount - 1 :]), None)
    if expected is None:
        assert calendar.due(after, amount) > calendar.covers[1]
    else:
        assert calendar.due(after, amount) == expected


@given(start=st.dates(date(2004, 1, 1), date(2026, 12, 31)), amount=st.integers(1, 400))
def test_due_and_between_undo_each_other_on_the_national_calendar(start: date, amount: int) -> None:
    due = CN.due(start, amount)
    assert CN.is_working(due)
    assert CN.between(start, due) == amount
    assert CN.between(start, due - A_DAY) == amount - 1


@given(day=st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_the_next_working_day_is_the_first_one_not_before(day: date) -> None:
    found = CN.next_working(day)
    assert CN.is_working(found)
    assert CN.between(day - A_DAY, found) == 1 if day > CN.covers[0] else found == on("2004-01-02")


# --- Working time ---


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        pytest.param("2026-03-02 09:00", "2026-03-02 17:00", 420, id="a whole day has seven hours"),
        pytest.param("2026-03-02 11:30", "2026-03-02 13:30", 60, id="the noon break does not count"),
        pytest.param("2026-03-02 07:00", "2026-03-02 09:00", 0, id="nor the time before opening"),
        pytest.param("2026-03-02 17:00", "2026-03-02 20:00", 0, id="nor an extended evening"),
        pytest.param("2026-03-06 16:00", "2026-03-09 10:00", 120, id="nor a weekend"),
        pytest.param("2026-02-13 16:00", "2026-02-14 10:00", 120, id="a make-up Saturday counts"),
        pytest.param("2026-03-02 09:00:30", "2026-03-02 09:02:29", 2, id="each is the minute the clock shows"),
        pytest.param("2026-03-02 11:59:30", "2026-03-02 13:00:30", 1, id="two halves make a minute"),
        pytest.param("2026-03-02 10:00", "2026-03-02 10:00", 0, id="no time at all"),
        pytest.param("2026-03-02 11:00", "2026-03-02 10:00", 0, id="backwards"),
        pytest.param("2026-03-03 11:00", "2026-03-02 10:00", 0, id="backwards over a day"),
    ],
)
def test_only_legal_working_time_counts(start: str, end: str, minutes: int) -> None:
    assert CN.working_minutes(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        pytest.param("2026-03-02 09:00", 120, "2026-03-02 11:00", id="two hours in the morning"),
        pytest.param("2026-03-02 11:00", 120, "2026-03-02 14:00", id="two hours over noon"),
        pytest.param("2026-03-02 16:00", 120, "2026-03-03 10:00", id="two hours over night"),
        pytest.param("2026-03-07 10:00", 120, "2026-03-09 11:00", id="from a Saturday"),
        pytest.param("2026-02-14 16:00", 120, "2026-02-24 10:00", id="over New Year"),
        pytest.param("2026-03-02 10:00", 120, "2026-03-02 12:00", id="to the very end of the morning"),
        pytest.param("2026-03-02 09:00", 420, "2026-03-02 17:00", id="to the very end of the day"),
        pytest.param("2026-03-02 10:15", 0, "2026-03-02 10:15", id="no time at all"),
    ],
)
def test_working_time_ends_within_working_hours(start: str, minutes: int, end: str) -> None:
    assert CN.after_working_minutes(at(start), minutes) == at(end)


STARTS = st.datetimes(datetime(2017, 1, 1), datetime(2026, 6, 30))  # noqa: DTZ001 - local time of the calendar's zone


@given(start=STARTS.map(lambda moment: moment.replace(microsecond=0)), minutes=st.integers(0, 5000))
def test_counting_working_minutes_undoes_adding_them(start: datetime, minutes: int) -> None:
    assert CN.working_minutes(start, CN.after_working_minutes(start, minutes)) == minutes


def test_parts_of_a_second_add_up_over_the_noon_break() -> None:
    assert CN.working_minutes(at("2026-03-02 11:59:30.500"), at("2026-03-02 13:00:30.500")) == 1


@given(start=STARTS, minutes=st.integers(1, 5000))
def test_working_time_never_ends_outside_working_hours(start: datetime, minutes: int) -> None:
    end = CN.after_working_minutes(start, minutes)
    assert CN.is_working(end.date())
    assert any(opens < end.time() <= closes for opens, closes in HOURS)


@settings(max_examples=50)
@given(moments=st.lists(STARTS.map(lambda m: m.replace(microsecond=0, second=0)), min_size=3, max_size=3))
def test_working_minutes_add_up(moments: list[datetime]) -> None:
    ordered = sorted(moments)
    parts = [CN.working_minutes(low, high) for low, high in pairwise(ordered)]
    assert CN.working_minutes(ordered[0], ordered[-1]) == sum(parts)


# --- The ends of the calendar ---


def test_a_deadline_that_touches_the_coverage_is_provisional() -> None:
    assert not CN.provisional(on("2026-12-30"))
    assert CN.provisional(on("2026-12-31"))
    assert CN.provisional(on("2027-01-04"))


@pytest.mark.parametrize(
    ("accepted", "due", "provisional"),
    [("2026-12-16", "2026-12-30", False), ("2026-12-17", "2026-12-31", True), ("2026-12-18", "2027-01-01", True)],
)
def test_a_clock_says_that_its_deadline_is_provisional(accepted: str, due: str, *, provisional: bool) -> None:
    clock = read_clock(CN, Limit.working_days(10), on(accepted), NO_ACTS, until=on(accepted))
    assert (clock.due_on, clock.provisional) == (on(due), provisional)


def test_past_the_coverage_bare_weekdays_are_assumed() -> None:
    assert CN.is_working(on("2027-10-01"))
    assert not CN.is_working(on("2027-10-02"))
    assert CN.describe(on("2027-10-01")).why.startswith("beyond the calendar's coverage")


def test_before_the_coverage_nothing_is_assumed() -> None:
    with pytest.raises(OutsideCalendarError, match=r"^2003-12-31 lies outside calendar cn-2026\.1 \(2004-01-01 to"):
        CN.is_working(on("2003-12-31"))
    with pytest.raises(OutsideCalendarError):
        CN.due(on("2003-12-31"), 5)
    with pytest.raises(OutsideCalendarError):
        CN.between(on("2003-12-31"), on("2004-01-05"))


def test_far_past_the_coverage_nothing_is_assumed() -> None:
    with pytest.raises(OutsideCalendarError):
        CN.is_working(on("2037-12-31"))
    with pytest.raises(OutsideCalendarError, match="9999 working days after 2026-03-02"):
        CN.due(on("2026-03-02"), 9999)
    with pytest.raises(OutsideCalendarError):
        CN.after_working_minutes(at("2026-03-02 09:00"), 10**7)


def test_a_calendar_may_cover_the_last_year_there_is() -> None:
    last = plain((date(9999, 1, 1), date.max))
    assert last.due(date(9999, 12, 24), 1) == date(9999, 12, 27)
    with pytest.raises(OutsideCalendarError):
        last.due(date(9999, 12, 24), 99)


# --- What a clerk is told ---


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        ("2024-02-18", True, "make-up working day (调休上班); 周日"),
        ("2024-02-12", False, "public holiday (法定节假日放假); 周一"),
        ("2024-02-19", True, "working day (工作日); 周一"),
        ("2024-02-17", False, "rest day (休息日); 周六"),
    ],
)
def test_a_day_is_explained(day: str, *, working: bool, why: str) -> None:
    assert tuple(CN.describe(on(day))) == (on(day), working, why)


def test_the_days_of_a_limit_are_explained_one_by_one() -> None:
    explained = list(CN.days(on("2024-02-08"), on("2024-02-19")))
    assert [entry.day for entry in explained if entry.working] == [on(f"2024-02-{n}") for n in ("09", "18", "19")]
    assert len(explained) == 11


# --- What counting costs ---


def lines_run(question: Callable[[], object]) -> int:
    """How many lines of Python answering a question takes: what it costs, whatever else the machine does.

    A collection of garbage in between calls back into Python (Hypothesis listens), which is no cost of the answer.
    """
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    gc.collect()
    gc.disable()
    sys.settrace(trace)
    try:
        question()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def test_a_due_date_costs_the_same_however_long_the_limit() -> None:
    start = on("2017-03-01")
    costs = {lines_run(lambda days=days: CN.due(start, days)) for days in (5, 20, 200, 2000)}
    assert len(costs) == 1


def test_used_days_cost_the_same_however_many_they_are() -> None:
    start = on("2017-03-01")
    costs = {lines_run(lambda days=days: CN.between(start, start + timedelta(days=days))) for days in (7, 30, 300, 3000)}
    assert len(costs) == 1


def test_minutes_of_working_time_cost_the_same_over_a_year_as_over_a_week() -> None:
    start = at("2017-03-01 10:00")
    costs = {lines_run(lambda days=days: CN.working_minutes(start, start + timedelta(days=days))) for days in (7, 364)}
    assert len(costs) == 1


def test_a_reading_costs_as_much_more_as_there_are_more_acts() -> None:
    def cost(acts: int) -> int:
        spans = tuple(
            SuspensionSpan(
                f"S{n}", at("2017-03-01 10:00") + timedelta(days=n), at("2017-03-01 12:00") + timedelta(days=n), 1
            )
            for n in range(acts)
        )
        limit, ledger = Limit.working_days(2000), Ledger(spans)
        return lines_run(lambda: read_clock(CN, limit, on("2017-03-01"), ledger, until=on("2021-03-01")))

    assert cost(400) - cost(200) < 2.1 * (cost(200) - cost(100))  # twice as many; days of rest cost a little less


def test_walking_day_by_day_would_be_seen_to_cost_more() -> None:
    start = on("2017-03-01")

    def walk(days: int) -> None:
        day = start
        while days:
            day += timedelta(days=1)
            days -= CN.is_working(day)

    assert lines_run(lambda: walk(200)) > 10 * lines_run(lambda: walk(5))
