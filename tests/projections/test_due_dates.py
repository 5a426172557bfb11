"""Due dates worked out from dates alone, against worked answers and against counting on one's fingers."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import Limit, OutsideCalendarError
from casecore.ledger import Extension
from ops.cli.spans import extension_of, spans_of
from projections.explaining.due_dates import DueDate, work_out

CN: Final = shipped_calendars()[NATIONAL]
A_DAY: Final = timedelta(days=1)


def on(text: str) -> date:
    """A date of the year 2026, or of any year."""
    return date.fromisoformat(text if len(text) > len("03-02") else f"2026-{text}")


def worked_out(
    accepted: str, limit: Limit | int, *exclude: str, extend: str | None = None, receipt_only: bool = False
) -> DueDate:
    found = Limit.working_days(limit) if isinstance(limit, int) else limit
    spans, extension = spans_of(exclude), extension_of(extend)
    return work_out(CN, found, on(accepted), spans=spans, extension=extension, receipt_only=receipt_only)


# --- Worked answers ---


def excluded_days(found: DueDate) -> set[date]:
    """The days it is said of that they were excluded; as many as the reading counts."""
    days = {day.day for day in found.days if "不计入时限" in day.why}
    assert len(days) == found.reading.excluded
    return days


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("2017-08-04", 5, "2017-08-11"),
        ("2017-08-05", 5, "2017-08-11"),
        ("2017-09-29", 5, "2017-10-12"),
        ("2024-02-08", 3, "2024-02-19"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-03-02", 10, "2026-03-16"),
        ("2026-03-02", 20, "2026-03-30"),
        ("2026-03-02", 45, "2026-05-08"),
        ("2026-03-06", 5, "2026-03-13"),
        ("2026-03-07", 5, "2026-03-13"),
        ("2026-03-16", 10, "2026-03-30"),
        ("2026-03-02", 0, "2026-03-02"),
    ],
)
def test_so_many_working_days_after_acceptance(accepted: str, days: int, due: str) -> None:
    found = worked_out(accepted, days)

    assert (found.reading.due_on, found.working_days) == (on(due), days)
    assert (found.accepted_on, found.calendar, found.reading.provisional) == (on(accepted), NATIONAL, False)
    assert sum(day.counted for day in found.days) == days


def test_a_window_that_only_receives_on_rest_days_starts_on_the_next_working_day() -> None:
    found = worked_out("2017-08-05", 5, receipt_only=True)

    assert (found.accepted_on, found.reading.due_on) == (on("2017-08-07"), on("2017-08-14"))
    assert worked_out("2017-08-04", 5, receipt_only=True).accepted_on == on("2017-08-04")
    assert worked_out("2026-02-14", 1, receipt_only=True).accepted_on == on("02-14")  # a Saturday to make up


def test_a_special_procedure_excludes_its_working_days() -> None:
    found = worked_out("03-02", 10, "2026-03-05..2026-03-12")

    assert found.reading.due_on == on("03-23")
    assert excluded_days(found) == {on(f"03-{day}") for day in ("06", "09", "10", "11", "12")}
    assert found.working_days == 10


def test_a_special_procedure_excludes_no_more_than_it_declared() -> None:
    found = worked_out("03-02", 10, "2026-03-05..2026-03-12:3")

    assert found.reading.due_on == on("03-19")
    assert excluded_days(found) == {on(f"03-{day}") for day in ("06", "09", "10")}
    assert worked_out("03-02", 10, "2026-03-05..2026-03-12:0").reading.due_on == on("03-16")
    assert worked_out("03-02", 10, "2026-03-05..2026-03-12:99").reading.due_on == on("03-23")


def test_a_day_of_two_procedures_is_excluded_once() -> None:
    found = worked_out("03-02", 10, "2026-03-05..2026-03-12", "2026-03-10..2026-03-13")

    assert found.reading.excluded == 6
    assert found.reading.due_on == on("03-24")


@pytest.mark.parametrize(("days", "more", "due"), [(20, 10, "04-14"), (45, 15, "05-28")])
def test_an_extension_adds_its_days(days: int, more: int, due: str) -> None:
    found = worked_out("03-02", days, extend=f"2026-03-20:{more}")

    assert (found.reading.due_on, found.reading.extension_days) == (on(due), more)
    assert found.working_days == days + more


def test_what_begins_after_the_due_date_revives_nothing_and_is_named() -> None:
    found = worked_out("03-02", 10, "2026-03-17..2026-03-20", extend="2026-03-18:10")

    assert found.reading.due_on == on("03-16")
    assert found.reading.ignored == ("S1: after the due date 2026-03-16", "extension: after the due date 2026-03-16")
    assert worked_out("03-02", 10, "2026-03-16..2026-03-18").reading.due_on == on("03-18")  # on the due date itself


def test_what_begins_before_acceptance_does_not_matter_and_is_named() -> None:
    found = worked_out("03-02", 10, "2026-02-27..2026-03-05", extend="2026-02-27:5")

    assert found.reading.due_on == on("03-16")
    assert found.reading.ignored == ("S1: before the start", "extension: before the start")


def test_natural_days_end_on_a_working_day() -> None:
    five = worked_out("03-02", Limit.natural_days(5))

    assert five.reading.due_on == on("03-09")  # Saturday the 7th, moved to Monday
    assert worked_out("03-02", Limit.natural_days(4)).reading.due_on == on("03-06")
    assert worked_out("03-02", Limit.natural_days(60)).reading.due_on == on("05-06")  # 1 May, a holiday until the 5th
    assert worked_out("02-09", Limit.natural_days(5)).reading.due_on == on("02-14")  # a Saturday to make up


def test_under_natural_days_a_procedure_excludes_weekends_as_well() -> None:
    found = worked_out("03-02", Limit.natural_days(10), "2026-03-05..2026-03-12")

    assert excluded_days(found) == {on("03-05") + n * A_DAY for n in range(1, 8)}
    assert found.reading.due_on == on("03-19")  # 17 days later
    assert found.working_days == 13 - 5


def test_days_excluded_after_the_due_date_take_nothing_from_the_working_days_before_it() -> None:
    """14 natural days end on Sunday 15 February, moved to the 24th; a procedure from the 16th gains not even a day."""
    found = worked_out("02-01", Limit.natural_days(14), "2026-02-16..2026-02-25")

    assert found.reading.due_on == on("02-24")
    assert [day.day for day in found.days if day.counted] == [on("02-01") + n * A_DAY for n in range(1, 16)]
    assert found.working_days == 11  # 2 to 6, 9 to 13, and Saturday 14, to make up


@pytest.mark.parametrize(
    ("days", "due", "provisional"), [(10, "12-30", False), (11, "12-31", True), (12, "2027-01-01", True)]
)
def test_a_date_at_the_end_of_the_calendar_is_provisional(days: int, due: str, *, provisional: bool) -> None:
    found = worked_out("12-16", days)

    assert (found.reading.due_on, found.reading.provisional) == (on(due), provisional)
    assert ("超出日历范围" in found.days[-1].why) == (found.reading.due_on > on("12-31"))


@pytest.mark.parametrize("accepted", ["2003-12-31", "2099-01-01"])
def test_a_date_the_calendar_cannot_count_from_is_no_guess(accepted: str) -> None:
    with pytest.raises(OutsideCalendarError, match=NATIONAL):
        worked_out(accepted, 5)


def test_each_day_says_whether_it_counts_and_why() -> None:
    found = worked_out("02-12", 2, "2026-02-13..2026-02-14")

    assert [(day.day, day.counted) for day in found.days] == [
        (on("02-13"), True),
        (on("02-14"), False),
        (on("02-15"), False),
        *((on(f"02-{day}"), False) for day in range(16, 24)),
        (on("02-24"), True),
    ]
    why = {day.day: day.why for day in found.days}
    assert ("第1日" in why[on("02-13")], "第2日" in why[on("02-24")]) == (True, True)
    assert "不计入时限" in why[on("02-14")]
    assert "休息日" in why[on("02-15")]
    assert "法定节假日" in why[on("02-17")]


def test_the_answer_is_plain_values() -> None:
    plain = worked_out("03-02", 2, "2026-03-03..2026-03-04", extend="2026-02-01:3").plain()

    assert plain == {
        "due_on": on("03-05"),
        "printed_on": on("03-05"),
        "legal_on": on("03-05"),
        "working_days": 2,
        "provisional": False,
        "calendar_version": NATIONAL,
        "accepted_on": on("03-02"),
        "ignored": ("extension: before the start",),
        "days": plain["days"],
    }
    assert [(day["date"], day["counted"]) for day in plain["days"]] == [
        (on("03-03"), True),
        (on("03-04"), False),
        (on("03-05"), True),
    ]


# --- Counting on one's fingers ---

HOLIDAYS_2026: Final = frozenset(
    on(text)
    for text in (
        *("01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06"),
        *("05-01", "05-04", "05-05", "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"),
    )
)
"""国务院办公厅 2026: holidays that fall on weekdays …"""
MAKE_UP_DAYS_2026: Final = frozenset(map(on, ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")))
"""… and the weekends worked for them."""
SATURDAY: Final = 5


def is_working(day: date) -> bool:
    return day in MAKE_UP_DAYS_2026 or (day.weekday() < SATURDAY and day not in HOLIDAYS_2026)


def count_on(start: date, days: int, *, natural: bool) -> date:
    """One day at a time."""
    day, left = start, days
    while left:
        day += A_DAY
        left -= 1 if natural or is_working(day) else 0
    while natural and days and not is_working(day):
        day += A_DAY
    return day


Span = tuple[date, date, int | None]


def by_hand(
    start: date, limit: int, spans: list[Span], extension: tuple[date, int] | None, *, natural: bool
) -> tuple[date, set[date]]:
    """The due date and the days excluded, act by act in order of date."""
    excluded: set[date] = set()
    added = 0
    acts: list[tuple[date, int, Span | None]] = [(span[0], 0, span) for span in spans]
    if extension is not None:
        acts.append((extension[0], 1, None))
    for begins, _, span in sorted(acts, key=lambda act: act[:2]):
        if not start <= begins <= count_on(start, limit + added + len(excluded), natural=natural):
            continue
        if span is None:
            assert extension is not None
            added = extension[1]
            continue
        day, taken = begins, 0
        while day < span[1] and (span[2] is None or taken < span[2]):
            day += A_DAY
            if natural or is_working(day):
                taken += 1
                excluded.add(day)
    return count_on(start, limit + added + len(excluded), natural=natural), excluded


DATES: Final = st.dates(on("01-01"), on("06-30"))
SPANS: Final = st.tuples(DATES, st.integers(0, 25), st.none() | st.integers(0, 12)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1] * A_DAY, drawn[2])
)


@settings(max_examples=300)
@given(
    accepted=st.dates(on("01-01"), on("05-31")),
    limit=st.integers(0, 30),
    spans=st.lists(SPANS, max_size=3),
    extension=st.none() | st.tuples(DATES, st.integers(0, 15)),
    natural=st.booleans(),
    receipt_only=st.booleans(),
)
def test_it_is_what_counting_day_by_day_comes_to(  # noqa: PLR0913 - what the command line may say
    accepted: date,
    limit: int,
    spans: list[Span],
    extension: tuple[date, int] | None,
    *,
    natural: bool,
    receipt_only: bool,
) -> None:
    start = accepted
    while receipt_only and not is_working(start):
        start += A_DAY

    found = work_out(
        CN,
        Limit.natural_days(limit) if natural else Limit.working_days(limit),
        accepted,
        spans=spans_of([f"{first}..{last}" + ("" if cap is None else f":{cap}") for first, last, cap in spans]),
        extension=None if extension is None else Extension(*extension),
        receipt_only=receipt_only,
    )

    due, excluded = by_hand(start, limit, spans, extension, natural=natural)
    assert (found.accepted_on, found.reading.due_on, excluded_days(found)) == (start, due, excluded)
    every_day = [start + n * A_DAY for n in range(1, (max({due, *excluded}) - start).days + 1)]
    assert [day.day for day in found.days] == every_day
    assert [day.day for day in found.days if day.counted] == [
        day for day in every_day if (natural or is_working(day)) and day not in excluded
    ]
    assert found.working_days == sum(is_working(day) and day not in excluded for day in every_day)
