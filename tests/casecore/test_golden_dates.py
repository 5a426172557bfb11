"""The golden dates of clock law, one named test each, through what an embedder imports. Read them beside the calendar:
2017-08-04 is a Friday, 2026-03-02 a Monday; make-up working days (调休) are named where they count.
"""

from datetime import date, datetime, time, timedelta

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import ClockReading, Extension, Ledger, Limit, SuspensionSpan, Verdict, read_clock

CN = shipped_calendars()[NATIONAL]
A_DAY = timedelta(days=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def nine_on(text: str) -> datetime:
    return datetime.combine(on(text), time(9))


def procedure(started: str, ended: str, declared: int) -> SuspensionSpan:
    """A special procedure (特别程序), from nine in the morning to nine in the morning."""
    return SuspensionSpan("procedure", nine_on(started), nine_on(ended), declared)


def clock(started: str, days: int, *procedures: SuspensionSpan, extension: Extension | None = None) -> ClockReading:
    """A clock of so many working days, read on the last day any of its acts names."""
    ends = [span.ended_at.date() for span in procedures if span.ended_at]
    until = max([on(started), *ends, *([extension.approved_on] if extension else [])])
    return read_clock(CN, Limit.working_days(days), on(started), Ledger(procedures, extension), until=until)


def due(started: str, days: int, *procedures: SuspensionSpan, extension: Extension | None = None) -> date:
    return clock(started, days, *procedures, extension=extension).due_on


def working_days_of(year: int) -> int:
    first, last = date(year, 1, 1), date(year, 12, 31)
    counted = sum(CN.is_working(first + A_DAY * n) for n in range((last - first).days + 1))
    assert CN.between(first, last) + CN.is_working(first) == counted
    return counted


# --- Promises of so many working days ---


def test_five_working_days_from_friday_2017_08_04_end_on_2017_08_11() -> None:
    assert due("2017-08-04", 5) == on("2017-08-11")


def test_five_working_days_from_saturday_2017_08_05_end_on_2017_08_11_too() -> None:
    assert due("2017-08-05", 5) == on("2017-08-11")


def test_where_windows_only_receive_on_rest_days_that_saturday_counts_as_monday_due_2017_08_14() -> None:
    accepted = CN.next_working(on("2017-08-05"))
    assert accepted == on("2017-08-07")
    assert due("2017-08-07", 5) == on("2017-08-14")


def test_a_window_that_only_receives_on_rest_days_accepts_on_a_make_up_saturday() -> None:
    assert CN.next_working(on("2017-09-30")) == on("2017-09-30")


def test_five_working_days_from_2017_09_29_end_on_2017_10_12_as_saturday_09_30_is_made_up() -> None:
    assert CN.is_working(on("2017-09-30"))
    assert due("2017-09-29", 5) == on("2017-10-12")


def test_three_working_days_from_2024_02_08_end_on_2024_02_19_for_sunday_2024_02_18_is_made_up() -> None:
    assert [CN.is_working(on(f"2024-02-{day}")) for day in ("09", "10", "17", "18")] == [True, False, False, True]
    assert due("2024-02-08", 3) == on("2024-02-19")


def test_five_working_days_from_2026_02_13_end_on_2026_02_27_as_saturday_02_14_is_made_up() -> None:
    assert CN.is_working(on("2026-02-14"))
    assert due("2026-02-13", 5) == on("2026-02-27")


def test_ten_working_days_from_2026_03_02_end_on_2026_03_16() -> None:
    assert due("2026-03-02", 10) == on("2026-03-16")


def test_at_once_means_the_day_itself_be_it_a_saturday() -> None:
    assert due("2026-03-02", 0) == on("2026-03-02")
    assert due("2026-03-07", 0) == on("2026-03-07")


# --- Special procedures and extensions ---


def test_a_special_procedure_from_2026_03_05_to_03_12_moves_the_ten_days_by_five_to_03_23() -> None:
    found = clock("2026-03-02", 10, procedure("2026-03-05", "2026-03-12", 5))
    assert (found.due_on, found.excluded) == (on("2026-03-23"), 5)
    assert due("2026-03-02", 10, procedure("2026-03-05", "2026-03-12", 9)) == on("2026-03-23")


def test_the_same_procedure_with_three_declared_days_moves_them_by_three_to_2026_03_19() -> None:
    found = clock("2026-03-02", 10, procedure("2026-03-05", "2026-03-12", 3))
    assert (found.due_on, found.excluded) == (on("2026-03-19"), 3)


def test_twenty_days_of_article_42_from_2026_03_02_end_on_2026_03_30() -> None:
    assert due("2026-03-02", 20) == on("2026-03-30")


def test_ten_more_by_extension_end_on_2026_04_14() -> None:
    found = clock("2026-03-02", 20, extension=Extension(on("2026-03-20"), 10))
    assert (found.due_on, found.extension_days) == (on("2026-04-14"), 10)


def test_forty_five_days_of_joint_handling_from_2026_03_02_end_on_2026_05_08() -> None:
    assert due("2026-03-02", 45) == on("2026-05-08")


def test_fifteen_more_by_extension_end_on_2026_05_28() -> None:
    found = clock("2026-03-02", 45, extension=Extension(on("2026-03-20"), 15))
    assert (found.due_on, found.extension_days) == (on("2026-05-28"), 15)


# --- The other clocks of the law ---


def test_of_what_was_received_on_friday_2026_03_06_corrections_are_told_until_2026_03_13() -> None:
    assert due("2026-03-06", 5) == on("2026-03-13")


def test_corrections_of_what_came_on_saturday_2026_03_07_are_told_until_2026_03_13_as_well() -> None:
    assert due("2026-03-07", 5) == on("2026-03-13")


def test_what_was_decided_on_2026_03_16_is_delivered_by_2026_03_30() -> None:
    assert due("2026-03-16", 10) == on("2026-03-30")


# --- On time is a comparison of dates ---


def test_closed_late_on_the_due_day_is_on_time_and_at_midnight_it_is_overdue() -> None:
    last_minute = datetime.combine(on("2026-03-16"), time(23, 59))
    verdicts = [
        read_clock(CN, Limit.working_days(10), on("2026-03-02"), Ledger(), closed_at=closed).verdict
        for closed in (last_minute, last_minute + timedelta(minutes=1))
    ]
    assert verdicts == [Verdict.ON_TIME, Verdict.OVERDUE]


# --- The end of the calendar ---


def test_a_due_date_before_the_last_covered_day_is_final() -> None:
    found = clock("2026-12-16", 10)
    assert (found.due_on, found.provisional) == (on("2026-12-30"), False)


def test_a_due_date_on_the_last_covered_day_is_provisional() -> None:
    found = clock("2026-12-17", 10)
    assert (found.due_on, found.provisional) == (on("2026-12-31"), True)


def test_a_due_date_past_the_last_covered_day_is_provisional() -> None:
    found = clock("2026-12-18", 10)
    assert (found.due_on, found.provisional) == (on("2027-01-01"), True)


def test_an_extension_past_the_last_covered_day_makes_a_due_date_provisional() -> None:
    assert not clock("2026-12-01", 10).provisional
    assert clock("2026-12-01", 10, extension=Extension(on("2026-12-10"), 15)).provisional


# --- Working days of a year ---


def test_2017_has_249_working_days() -> None:
    assert working_days_of(2017) == 249


def test_2019_has_250_working_days() -> None:
    assert working_days_of(2019) == 250


def test_2020_has_249_working_days() -> None:
    assert working_days_of(2020) == 249


def test_2024_has_251_working_days() -> None:
    assert working_days_of(2024) == 251


def test_2025_has_248_working_days() -> None:
    assert working_days_of(2025) == 248


def test_2026_has_248_working_days() -> None:
    assert working_days_of(2026) == 248
