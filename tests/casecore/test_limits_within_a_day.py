"""Natural days, half days, hours and minutes, counted by hand. The comment of each row says how.

Legal working time (法定工作时间) is 09:00-12:00 and 13:00-17:00: 180 minutes, then 240, seven hours a day. Extended hours
in the evening or on a Saturday receive and hand out, but no minute of them counts. In 2017 Saturday 09-30 is worked
(调休), 10-01 to 10-08 are holidays; 2017-08-09 is a Wednesday. In 2026 Saturday 02-14 is worked, the holidays after it
end on 02-23.
"""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import pytest
from support.story import CALENDAR, HERE, moment

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import ClockReading, Ledger, Limit, SuspensionSpan, Verdict, read_clock
from casecore.calendar import OutsideCalendarError

CN = shipped_calendars()[NATIONAL]
ON_TIME, OVERDUE = Verdict.ON_TIME, Verdict.OVERDUE


class Counted(NamedTuple):
    """A limit, when it began and when it was done with; and what one finds on one's fingers."""

    what: str
    limit: Limit
    accepted: str
    done: str
    due: str
    """The instant; for limits in days, the date."""
    used: int
    """Days, or minutes of legal working time."""
    verdict: Verdict
    suspended: tuple[tuple[str, str, int | None], ...] = ()


BY_HAND = (
    # 30 minutes until 17:00, eight holidays, the other 90 on Monday 10-09 from 09:00; 30 + 60 used at 10:00.
    Counted(
        "before the long holiday", Limit.hours(2), "2017-09-30 16:30", "2017-10-09 10:00", "2017-10-09 10:30", 90, ON_TIME
    ),
    # 30 minutes on Friday until 17:00, the other 90 on Saturday 09-30, which is worked; 30 + 120 used at 11:00.
    Counted(
        "before a worked Saturday", Limit.hours(2), "2017-09-29 16:30", "2017-09-30 11:00", "2017-09-30 10:30", 150, OVERDUE
    ),
    # Nothing counts before Thursday 09:00, and two hours later it is 11:00; 60 used at 10:00.
    Counted(
        "accepted in the evening", Limit.hours(2), "2017-08-09 19:10", "2017-08-10 10:00", "2017-08-10 11:00", 60, ON_TIME
    ),
    # Accepted and done the same evening: not one minute of legal working time.
    Counted("done in the evening", Limit.hours(2), "2017-08-09 19:10", "2017-08-09 19:40", "2017-08-10 11:00", 0, ON_TIME),
    # A Saturday window: counting begins on Monday at 09:00; all 120 used at 11:00 sharp.
    Counted("on a Saturday", Limit.hours(2), "2017-08-05 10:00", "2017-08-07 11:00", "2017-08-07 11:00", 120, ON_TIME),
    # A minute more is too late.
    Counted("a minute late", Limit.hours(2), "2017-08-05 10:00", "2017-08-07 11:01", "2017-08-07 11:00", 121, OVERDUE),
    # Lunch: counting begins at 13:00; 60 used at 14:00.
    Counted("at noon", Limit.hours(2), "2017-08-09 12:30", "2017-08-09 14:00", "2017-08-09 15:00", 60, ON_TIME),
    # 60 minutes until 12:00, 60 from 13:00; at 12:45 still only 60 are used.
    Counted("across lunch", Limit.hours(2), "2017-08-09 11:00", "2017-08-09 12:45", "2017-08-09 14:00", 60, ON_TIME),
    # 120 minutes until 12:00: the last minute before lunch, not the first after it.
    Counted("up to lunch", Limit.hours(2), "2017-08-09 10:00", "2017-08-09 12:00", "2017-08-09 12:00", 120, ON_TIME),
    # So is what is done over lunch: no further minute of working time has passed, and with nothing over nothing is late.
    Counted("over lunch", Limit.hours(2), "2017-08-09 10:00", "2017-08-09 12:30", "2017-08-09 12:00", 120, ON_TIME),
    # Accepted as the doors close: Thursday 09:00 and two hours.
    Counted("at closing time", Limit.hours(2), "2017-08-09 17:00", "2017-08-10 09:30", "2017-08-10 11:00", 30, ON_TIME),
    # Seven hours are one working day: 180 + 240.
    Counted("a whole day", Limit.hours(7), "2017-08-09 09:00", "2017-08-09 17:00", "2017-08-09 17:00", 420, ON_TIME),
    # Eight are not: 240 on Wednesday afternoon, 180 on Thursday until 12:00, 60 from 13:00.
    Counted("eight hours", Limit.hours(8), "2017-08-09 13:00", "2017-08-10 13:30", "2017-08-10 14:00", 450, ON_TIME),
    # 120 minutes used by 16:00; closed in the evening window the afternoon has 60 more: 180.
    Counted(
        "due before the evening", Limit.hours(2), "2017-08-09 14:00", "2017-08-09 19:10", "2017-08-09 16:00", 180, OVERDUE
    ),
    # Half of seven hours is 210 minutes: 120 until 12:00, 90 from 13:00.
    Counted(
        "0.5 工作日 across lunch",
        Limit.half_days(1),
        "2017-08-09 10:00",
        "2017-08-09 14:00",
        "2017-08-09 14:30",
        180,
        ON_TIME,
    ),
    # 180 until 12:00 and 30 from 13:00: half a working day is not the morning.
    Counted(
        "0.5 工作日 from nine", Limit.half_days(1), "2017-08-09 09:00", "2017-08-09 13:30", "2017-08-09 13:30", 210, ON_TIME
    ),
    # 420 on Friday, 210 on Monday as above; at 14:00 240 are used there.
    Counted("1.5 工作日", Limit.half_days(3), "2017-08-11 09:00", "2017-08-14 14:00", "2017-08-14 13:30", 660, OVERDUE),
    # 15 minutes on Friday, 15 on Monday.
    Counted(
        "minutes before a weekend",
        Limit.minutes(30),
        "2017-08-11 16:45",
        "2017-08-14 09:10",
        "2017-08-14 09:15",
        25,
        ON_TIME,
    ),
    # 10 minutes until 12:00, 5 from 13:00.
    Counted(
        "minutes across lunch", Limit.minutes(15), "2017-08-09 11:50", "2017-08-09 13:05", "2017-08-09 13:05", 15, ON_TIME
    ),
    # Of 360 minutes from 09:00 (due then: 16:00) 240 stood still: 10:00-12:00 and 13:00-15:00. 60 + 30 used at 15:30.
    Counted(
        "suspended within the limit",
        Limit.hours(2),
        "2017-08-09 09:00",
        "2017-08-09 15:30",
        "2017-08-09 16:00",
        90,
        ON_TIME,
        (("2017-08-09 10:00", "2017-08-09 15:00", None),),
    ),
    # 30 used by 16:30; 30 minutes of Wednesday and 30 of Thursday stood still; the other 90 from 09:30.
    Counted(
        "suspended over night",
        Limit.hours(2),
        "2017-08-09 16:00",
        "2017-08-10 11:30",
        "2017-08-10 11:00",
        150,
        OVERDUE,
        (("2017-08-09 16:30", "2017-08-10 09:30", None),),
    ),
    # One declared day is 420 minutes, from 10:00 to Thursday 10:00; the rest of the suspension counts: 60 + 60 are used up
    # at 11:00 although it ended at 15:00 only.
    Counted(
        "suspended longer than declared",
        Limit.hours(2),
        "2017-08-09 09:00",
        "2017-08-10 15:00",
        "2017-08-10 11:00",
        300,
        OVERDUE,
        (("2017-08-09 10:00", "2017-08-10 15:00", 1),),
    ),
    # 即办: due on the day itself, be it a Saturday; no day is used.
    Counted(
        "at once on a Saturday", Limit.working_days(0), "2017-08-05 10:00", "2017-08-05 16:50", "2017-08-05", 0, ON_TIME
    ),
    # Day 1 is Monday, and that is one too many.
    Counted(
        "at once, two days later", Limit.working_days(0), "2017-08-05 10:00", "2017-08-07 09:05", "2017-08-05", 1, OVERDUE
    ),
    # Day 5 is Friday 08-11; a date is compared with a date, so the evening window of that day is in time.
    Counted(
        "done on the last evening", Limit.working_days(5), "2017-08-04 10:00", "2017-08-11 19:40", "2017-08-11", 5, ON_TIME
    ),
    # 09-21 and ten is 10-01, a holiday: the next working day is 10-09, the 18th day (民法典 203).
    Counted(
        "natural days into a holiday",
        Limit.natural_days(10),
        "2017-09-21 10:00",
        "2017-10-09 10:00",
        "2017-10-09",
        18,
        ON_TIME,
    ),
    # 02-13 and five is 02-18, a holiday until 02-23: Tuesday 02-24, the 11th day; 02-25 is the 12th.
    Counted(
        "natural days into Spring Festival",
        Limit.natural_days(5),
        "2026-02-13 10:00",
        "2026-02-25 09:00",
        "2026-02-24",
        12,
        OVERDUE,
    ),
    # 02-09 and five is Saturday 02-14, which is worked: nothing moves.
    Counted(
        "natural days to a worked Saturday",
        Limit.natural_days(5),
        "2026-02-09 10:00",
        "2026-02-14 16:00",
        "2026-02-14",
        5,
        ON_TIME,
    ),
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def read(case: Counted, *, until: str | None = None) -> ClockReading:
    spans = tuple(
        SuspensionSpan(f"S{number}", instant(start), instant(end), declared)
        for number, (start, end, declared) in enumerate(case.suspended, 1)
    )
    started = instant(case.accepted)
    closed = instant(case.done) if until is None else None
    at = instant(until or case.done)
    return read_clock(CN, case.limit, started.date(), Ledger(spans), started_at=started, closed_at=closed, until=at)


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.what)
def test_a_clock_says_what_one_counts_by_hand(case: Counted) -> None:
    reading = read(case)

    due = f"{reading.due_at:%Y-%m-%d %H:%M}" if reading.due_at is not None else str(reading.due_on)
    assert (due, reading.used, reading.verdict) == (case.due, case.used, case.verdict)
    assert str(reading.due_on) == case.due[:10]


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.what)
def test_what_is_not_done_yet_runs_until_it_is_due(case: Counted) -> None:
    reading = read(case, until=case.done)

    assert reading.verdict is (Verdict.RUNNING if case.verdict is ON_TIME else OVERDUE)
    assert reading.used == case.used


@pytest.mark.parametrize("case", [case for case in BY_HAND if case.limit.unit.within_a_day], ids=lambda case: case.what)
def test_what_is_left_of_a_limit_within_a_day_is_the_rest_of_its_minutes(case: Counted) -> None:
    reading = read(case)
    whole = {"hour": 60, "half_day": 210, "minute": 1}[case.limit.unit.value] * case.limit.amount

    assert reading.remaining == whole - case.used


def test_two_suspensions_of_the_same_minutes_count_once() -> None:
    # 10:00-11:00 and 10:30-11:30 are 90 minutes of which 30 are both's: 120 + 90 from 09:00 is 180 and, from 13:00, 30.
    twice = (("2017-08-09 10:00", "2017-08-09 11:00", None), ("2017-08-09 10:30", "2017-08-09 11:30", None))
    reading = read(Counted("", Limit.hours(2), "2017-08-09 09:00", "2017-08-09 13:30", "", 0, ON_TIME, twice))

    assert reading.excluded == 90
    assert [taken.amount for taken in reading.exclusions] == [60, 30]
    assert reading.due_at == instant("2017-08-09 13:30")


def test_a_suspension_begun_after_the_last_minute_does_not_revive_the_limit() -> None:
    late = (("2017-08-09 11:01", "2017-08-09 16:00", None),)
    reading = read(Counted("", Limit.hours(2), "2017-08-09 09:00", "2017-08-09 16:30", "", 0, OVERDUE, late))

    assert (reading.due_at, reading.verdict) == (instant("2017-08-09 11:00"), OVERDUE)
    assert reading.ignored == ("S1: after the due time 2017-08-09T11:00:00+08:00",)


@pytest.mark.parametrize(
    "limit",
    [Limit.natural_days(10**9), Limit.natural_days(2**53), Limit.hours(2**53), Limit.half_days(2**53), Limit.minutes(2**53)],
    ids=str,
)
def test_a_limit_beyond_any_date_cannot_be_counted_and_says_so(limit: Limit) -> None:
    start = moment("03-02 10:00")

    with pytest.raises(OutsideCalendarError):
        read_clock(CALENDAR, limit, start.date(), Ledger(), started_at=start, until=start)


@pytest.mark.parametrize(
    ("closed", "verdict", "remaining"), [("10:30", ON_TIME, 0), ("10:31", OVERDUE, -1), ("09:45", ON_TIME, 45)]
)
def test_over_the_change_to_summer_time_a_working_hour_stays_an_hour(closed: str, verdict: Verdict, remaining: int) -> None:
    """Friday 2026-03-27 15:00-17:00, Monday 03-30 09:00-10:30 in Amsterdam, where the clocks went forward on Sunday."""
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    start = datetime(2026, 3, 27, 15, tzinfo=winter)
    end = datetime.fromisoformat(f"2026-03-30T{closed}").replace(tzinfo=summer)
    paused = SuspensionSpan("S1", datetime(2026, 3, 30, 9, tzinfo=summer), datetime(2026, 3, 30, 9, 30, tzinfo=summer), None)

    found = read_clock(CALENDAR, Limit.hours(3), start.date(), Ledger((paused,)), started_at=start, closed_at=end, until=end)

    assert (found.due_at, found.verdict, found.remaining) == (end.replace(hour=10, minute=30), verdict, remaining)
    assert found.excluded == 30
