"""What is due on the last day of a period is due in it, in whatever way figures are cut, and on whatever day they are asked.

Ten working days are promised. One case is due on the last day and never closed; another is due with it, and was closed
early. The years are past, so that today's question finds the first one late.
"""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from support.populations import TEN_DAYS, A, Life, accepted, begun, closed, life, reported_on

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.reporting import Period, report
from adapters.tables import Tables
from casecore import Limit
from ops.cli.periods import period_of

CALENDAR: Final = shipped_calendars()[NATIONAL]
LAST_DAYS: Final = tuple(
    date.fromisoformat(day) for day in ("2024-01-31", "2024-02-29", "2024-04-30", "2024-12-31", "2025-09-30")
)
"""Of months; of a year, a quarter, and a month before a holiday too."""
JUDGED: Final = ("K6b", "K7")
Fraction = tuple[int, int | None]


def accepted_for(due_on: date, limit: Limit) -> str:
    """The last day on which a case with this limit is accepted so that it is due then."""
    start = due_on
    while CALENDAR.due(start, limit.amount) != due_on:
        start -= timedelta(days=1)
    return start.isoformat()


def lives(due_on: date, limit: Limit = TEN_DAYS) -> dict[tuple[str, str], Life]:
    start = accepted_for(due_on, limit)
    return {
        (A, "open"): life(begun(start), accepted(start, limit)),
        (A, "early"): life(begun(start), accepted(start, limit), closed(start)),
    }


def cut(tables: Tables, since: date, until: date, by: str | None = None) -> dict[Any, Fraction]:
    """The figures of what was due, as the command line asks for them."""
    found = report(tables, period_of(since.isoformat(), until.isoformat()), by)
    return {(one.code, one.group): (one.numerator, one.denominator) for one in found if one.code in JUDGED}


@pytest.mark.parametrize("last", LAST_DAYS, ids=str)
class TestDueOnTheLastDay:
    def test_it_is_a_failure_of_the_month_and_of_no_other(self, last: date) -> None:
        first, next_day = last.replace(day=1), last + timedelta(days=1)
        with reported_on(lives(last)) as tables:
            month = cut(tables, first, last)
            after = cut(tables, next_day, next_day + timedelta(days=20))

        assert month == {("K6b", None): (1, 2), ("K7", None): (1, 2)}
        assert after == {("K6b", None): (0, 0), ("K7", None): (0, 0)}

    @pytest.mark.parametrize("months", [3, 12])
    def test_it_is_one_of_the_quarter_and_of_the_year_that_ends_with_it(self, last: date, months: int) -> None:
        with reported_on(lives(last)) as tables:
            found = cut(tables, last - timedelta(days=30 * months), last)

        assert found == {("K6b", None): (1, 2), ("K7", None): (1, 2)}

    @pytest.mark.parametrize("group", ["month", "item", "hall", "department", "channel"])
    def test_by_any_group_it_is_the_same_within_the_period_and_over_all(self, last: date, group: str) -> None:
        with reported_on(lives(last)) as tables:
            whole = cut(tables, date(2023, 1, 1), date(2025, 12, 31), group)
            month = cut(tables, last.replace(day=1), last, group)

        assert month == whole
        assert len(month) == 2 * len(JUDGED)

    def test_the_month_by_itself_and_the_month_in_a_row_of_months_are_alike(self, last: date) -> None:
        with reported_on(lives(last)) as tables:
            row = cut(tables, date(2023, 1, 1), date(2025, 12, 31), "month")

        assert row["K7", f"{last:%Y-%m}"] == (1, 2)

    def test_on_that_day_itself_nobody_is_late_and_on_the_next_one_is(self, last: date) -> None:
        with reported_on(lives(last)) as tables:
            asked = [
                {one.code: (one.numerator, one.denominator) for one in report(tables, Period(last.replace(day=1), last, on))}
                for on in (last, last + timedelta(days=1))
            ]

        assert [found["K7"] for found in asked] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("limit", [Limit.working_days(1), Limit.working_days(20)], ids=str)
def test_whatever_is_promised_the_last_day_is_of_the_period(limit: Limit) -> None:
    with reported_on(lives(date(2024, 12, 31), limit)) as tables:
        assert cut(tables, date(2024, 12, 1), date(2024, 12, 31))["K7", None] == (1, 2)


def test_a_question_without_a_last_day_is_asked_today() -> None:
    period = period_of("2024-12-01", None)

    assert period.as_of == period_of(None, None).as_of > date(2024, 12, 31)


def test_the_day_asked_may_be_said_and_the_catalogue_is_that_of_the_period() -> None:
    assert period_of("2024-12-01", "2024-12-31", "2024-12-31").as_of == date(2024, 12, 31)
    assert period_of("2024-12-01", "2024-12-31").catalogue_on == date(2024, 12, 31)
    assert period_of("2024-12-01", "2024-12-31", "2024-12-10").catalogue_on == date(2024, 12, 10)
