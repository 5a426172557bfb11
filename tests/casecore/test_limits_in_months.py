"""Limits in months and years (民法典 201-203), counted by hand, and held to the answers of python-dateutil.

In 2026 Saturday 02-14 and 02-28 are worked (调休); 02-15 to 02-23 and 05-01 to 05-05 are holidays, and so is 10-01 to 10-07.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from support.story import Story, accepted, ask, fact, moment, procedure, received

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    CardGround,
    CardIssued,
    CardLevel,
    ClockReading,
    Decision,
    DecisionMade,
    Extension,
    Ledger,
    Limit,
    PassTime,
    Refused,
    SuspensionSpan,
    Unit,
    Verdict,
    clocks_of,
    fold,
    read_clock,
)
from casecore.calendar import OutsideCalendarError
from casecore.reading.progress import due_day

CN = shipped_calendars()[NATIONAL]
A_DAY = timedelta(days=1)
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def read(
    limit: Limit, start: date, end: date | None = None, *, closed: bool = False, ledger: Ledger | None = None
) -> ClockReading:
    """The clock of a limit that began on a day."""
    at = datetime.combine(end or start, time(9))
    return read_clock(CN, limit, start, ledger or Ledger(), closed_at=at if closed else None, until=at)


def a_working_day(day: date) -> date:
    """民法典 203, day by day."""
    while not CN.is_working(day):
        day += A_DAY
    return day


class Counted(NamedTuple):
    """A limit, the day of the event, and what one finds on one's fingers."""

    limit: Limit
    started: str
    due: str


BY_HAND = (
    Counted(Limit.months(1), "2026-03-02", "2026-04-02"),  # the day of the event is not counted; the same-numbered day
    Counted(Limit.months(1), "2025-12-31", "2026-02-02"),  # 01-31 is a Saturday: Monday
    Counted(Limit.months(1), "2026-01-30", "2026-02-28"),  # no 30th: the month's last, a Saturday that is worked (调休)
    Counted(Limit.months(3), "2025-11-30", "2026-02-28"),
    Counted(Limit.months(2), "2026-03-01", "2026-05-06"),  # 05-01 to 05-05 are holidays
    Counted(Limit.months(6), "2026-03-31", "2026-09-30"),
    Counted(Limit.years(1), "2024-02-29", "2025-02-28"),  # no 29th
    Counted(Limit.years(2), "2024-02-28", "2026-02-28"),
    Counted(Limit.years(1), "2025-03-02", "2026-03-02"),
    Counted(Limit.months(0), "2026-03-07", "2026-03-07"),  # at once, as of every unit
    # the other reading: from the next day on, so that what begins with a month ends with one
    Counted(Limit.whole_months(1), "2026-02-28", "2026-03-31"),
    Counted(Limit.months(1), "2026-02-28", "2026-03-30"),  # 03-28 is a Saturday
    Counted(Limit.whole_months(1), "2026-03-31", "2026-04-30"),
    Counted(Limit.whole_months(1), "2026-01-30", "2026-02-28"),  # begins on the 31st, which February has not
    Counted(Limit.whole_months(1), "2026-03-10", "2026-04-10"),  # within a month both are one
)


@pytest.mark.parametrize("counted", BY_HAND, ids=lambda one: f"{one.limit} from {one.started}")
def test_a_limit_in_months_ends_as_one_finds_on_ones_fingers(counted: Counted) -> None:
    assert read(counted.limit, date.fromisoformat(counted.started)).due_on == date.fromisoformat(counted.due)


@given(DAYS, st.integers(1, 40), st.sampled_from([Unit.MONTH, Unit.YEAR]))
def test_the_last_day_is_that_of_an_independent_library(start: date, amount: int, unit: Unit) -> None:
    later = relativedelta(months=amount) if unit is Unit.MONTH else relativedelta(years=amount)

    assert start + timedelta(days=Limit(amount, unit).natural_days_from(start)) == start + later


@given(DAYS, st.integers(1, 40))
def test_a_whole_month_ends_the_day_before_the_next_one_of_the_library_begins(start: date, amount: int) -> None:
    first = start + A_DAY
    begins_again = first + relativedelta(months=amount)
    last = begins_again - A_DAY if begins_again.day == first.day else begins_again

    assert start + timedelta(days=Limit.whole_months(amount).natural_days_from(start)) == last


@given(st.dates(date(2010, 1, 1), date(2025, 6, 30)), st.integers(1, 12), st.integers(-5, 40))
def test_on_time_is_up_to_the_working_day_the_last_one_moves_to(start: date, amount: int, over: int) -> None:
    due = a_working_day(start + relativedelta(months=amount))
    end = max(start, due + timedelta(days=over))
    found = read(Limit.months(amount), start, end, closed=True)

    assert found.due_on == due
    assert found.remaining == (due - end).days
    assert found.verdict is (Verdict.OVERDUE if end > due else Verdict.ON_TIME)
    assert found.used == (end - start).days


def test_the_two_readings_differ_only_at_the_end_of_a_month() -> None:
    days = [date(2025, 1, 1) + A_DAY * n for n in range(365)]
    differing = [
        day for day in days if Limit.months(1).natural_days_from(day) != Limit.whole_months(1).natural_days_from(day)
    ]

    assert {(day + A_DAY).day for day in differing} == {1}
    assert [day.month for day in differing] == [2, 4, 6, 9, 11]  # the months before one that is longer


# --- what moves it ---


def test_a_suspension_adds_its_natural_days_to_the_end_and_a_day_of_rest_moves_only_then() -> None:
    """One month from 03-02 ends on 04-02; five declared days of a procedure from 03-05 on make it 04-07, a Tuesday."""
    span = SuspensionSpan("S1", datetime(2026, 3, 5, 9), datetime(2026, 3, 16, 9), 5)  # noqa: DTZ001 - the calendar's own
    found = read(Limit.months(1), date(2026, 3, 2), date(2026, 3, 20), ledger=Ledger((span,)))

    assert (found.due_on, found.excluded) == (date(2026, 4, 7), 5)
    assert (found.used, found.remaining) == (13, 18)  # 18 days after 03-02 less five; from 03-20 to 04-07
    assert found.exclusions[0].surplus == 6


def test_an_extension_adds_natural_days_to_the_end() -> None:
    """One month from 03-02 ends on 04-02; ten days more on 04-12, a Sunday: Monday 04-13."""
    extended = Ledger(extension=Extension(date(2026, 3, 20), 10))

    assert read(Limit.months(1), date(2026, 3, 2), date(2026, 3, 20), ledger=extended).due_on == date(2026, 4, 13)


def test_what_comes_after_the_last_day_moves_nothing() -> None:
    span = SuspensionSpan("S1", datetime(2026, 4, 3, 9), datetime(2026, 4, 9, 9), 5)  # noqa: DTZ001 - the calendar's own
    found = read(Limit.months(1), date(2026, 3, 2), date(2026, 4, 20), ledger=Ledger((span,)))

    assert (found.due_on, found.verdict, len(found.ignored)) == (date(2026, 4, 2), Verdict.OVERDUE, 1)


@pytest.mark.parametrize("limit", [Limit.months(10**9), Limit.years(9000), Limit.whole_months(10**6)], ids=str)
def test_a_limit_beyond_any_date_is_outside_the_calendar_and_no_crash(limit: Limit) -> None:
    with pytest.raises(OutsideCalendarError):
        read(limit, date(2026, 3, 2))


# --- as it is told, judged and warned of ---


@pytest.mark.parametrize(("limit", "zh", "en"), [
    (Limit.months(3), "3 个月", "3 months"),
    (Limit.months(1), "1 个月", "1 month"),
    (Limit.whole_months(2), "2 个整月", "2 whole months"),
    (Limit.years(1), "1 年", "1 year"),
])  # fmt: skip
def test_a_limit_in_months_is_said_as_a_clerk_says_it(limit: Limit, zh: str, en: str) -> None:
    assert (limit.zh, str(limit)) == (zh, en)


def test_a_case_promised_for_a_month_is_warned_at_its_share_and_carded_the_day_after() -> None:
    """From 03-02 to 04-02 are 31 days: no more than a fifth, six days, is left from 03-27 on."""
    told = (received(), accepted(promised=Limit.months(1), statutory=Limit.months(2)))

    def cards(when: str) -> list[tuple[CardLevel, CardGround, int, Unit | None]]:
        ruling: Any = Story(*told).when(ask(PassTime, when)).ruling
        if isinstance(ruling, Refused):
            return []
        return [(one.level, one.ground, one.overdue, one.unit) for one in ruling if isinstance(one, CardIssued)]

    assert cards("03-26 09:00") == []
    assert cards("03-27 09:00") == [(CardLevel.WARNING, CardGround.DUE_SOON, 0, Unit.NATURAL_DAY)]
    assert cards("04-02 23:59")[0][:2] == (CardLevel.WARNING, CardGround.DUE_SOON)
    assert cards("04-03 00:01") == [(CardLevel.YELLOW, CardGround.PROMISE_OVERDUE, 1, Unit.NATURAL_DAY)]


def test_an_applicant_is_told_the_day_and_that_an_extension_is_of_natural_days() -> None:
    (clock,) = [one for one in clocks_of(fold((received(), accepted(promised=Limit.months(1))))) if one.name == "promised"]
    extended = clock._replace(ledger=Ledger(extension=Extension(date(2026, 3, 20), 10)))

    said = due_day(extended, extended.read(CN, moment("03-25 09:00"))).said
    assert "2026-04-13" in said.zh
    assert "10 个自然日" in said.zh


def test_a_procedure_moves_the_limit_of_a_case_in_months_by_its_natural_days() -> None:
    """One month from 03-02 ends on 04-02; three days of a special procedure make it Sunday 04-05, and 04-06 is a holiday."""
    file = fold((received(), accepted(promised=Limit.months(1), statutory=Limit.months(1)), procedure("03-05 09:00", 3),
                 fact(DecisionMade, "04-07 09:00", decision=Decision.GRANTED)))  # fmt: skip
    due = {one.name: one.read(CN, moment("04-07 09:00")) for one in clocks_of(file) if one.name in ("promised", "statutory")}

    assert {name: one.due_on for name, one in due.items()} == dict.fromkeys(due, date(2026, 4, 7))
    assert due["statutory"].verdict is Verdict.ON_TIME
