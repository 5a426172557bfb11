"""Limits within a day are counted to the minute, in the reading, the verdict and the card alike (精确到分).

Legal working time is 09:00-12:00 and 13:00-17:00. Monday 2026-03-02 and Tuesday are working days. What is expected is
counted by hand: each instant is the minute the clock shows, and a limit has run out once more minutes were used than it has.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from support.story import CALENDAR, HERE, OFFICE, Story, accepted, ask, fact, moment, received

from casecore import (
    CardGround,
    CaseClosed,
    ClockReading,
    Ledger,
    Limit,
    Outcome,
    PassTime,
    Reason,
    SuspensionSpan,
    Unit,
    Verdict,
    read_clock,
)
from casecore.case.watching import next_look

ON_TIME, OVERDUE = Verdict.ON_TIME, Verdict.OVERDUE


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=HERE)


class Member(NamedTuple):
    """A limit of two hours: since when, done when, what stood still; the due minute, minutes used, the verdict."""

    what: str
    accepted: str
    done: str
    due: str
    used: int
    verdict: Verdict
    suspended: tuple[tuple[str, str], ...] = ()


MEMBERS = (
    Member("the very instant", "02 09:30:00", "02 11:30:00", "02 11:30", 120, ON_TIME),
    Member("a second into the last minute", "02 09:30:00", "02 11:30:01", "02 11:30", 120, ON_TIME),
    Member("the end of the last minute", "02 09:30:00", "02 11:30:59.999999", "02 11:30", 120, ON_TIME),
    Member("the minute after", "02 09:30:00", "02 11:31:00", "02 11:30", 121, OVERDUE),
    Member("accepted within a minute", "02 09:30:50", "02 11:30:10", "02 11:30", 120, ON_TIME),
    Member("accepted within a minute, a minute late", "02 09:30:50", "02 11:31:10", "02 11:30", 121, OVERDUE),
    # The last minute ends with the morning; over lunch no other is used.
    Member("seconds into lunch", "02 10:00:00", "02 12:00:40", "02 12:00", 120, ON_TIME),
    Member("the end of lunch", "02 10:00:00", "02 13:00:59", "02 12:00", 120, ON_TIME),
    Member("the first minute after lunch", "02 10:00:00", "02 13:01:00", "02 12:00", 121, OVERDUE),
    Member("the evening window", "02 15:00:00", "02 19:10:30", "02 17:00", 120, ON_TIME),
    Member("before the doors open", "02 15:00:00", "03 08:59:59", "02 17:00", 120, ON_TIME),
    Member("a minute of the next day", "02 15:00:00", "03 09:01:00", "02 17:00", 121, OVERDUE),
    # 09:30-10:30 and 10:30-10:31 as the clock shows it: 61 minutes stood still.
    Member(
        "seconds in suspensions",
        "02 09:00:30",
        "02 13:01:59",
        "02 13:01",
        120,
        ON_TIME,
        (("02 09:30:59", "02 10:30:01"), ("02 10:30:02", "02 10:31:58.5")),
    ),
    Member("within one minute", "02 09:30:00", "02 11:31:00", "02 11:30", 121, OVERDUE, (("02 10:00:01", "02 10:00:59"),)),
    # Begun in the last minute it holds the limit up; begun over lunch too, for nothing had run out.
    Member("in the last minute", "02 09:00:00", "02 14:00:00", "02 14:00", 120, ON_TIME, (("02 11:00:40", "02 14:00:20"),)),
    Member("over lunch", "02 10:00:00", "02 15:00:30", "02 15:00", 120, ON_TIME, (("02 12:20:00", "02 15:00:10"),)),
    Member("a minute too late", "02 09:00:00", "02 14:00:00", "02 11:00", 240, OVERDUE, (("02 11:01:00", "02 14:00:00"),)),
)


def read(member: Member, *, closed: bool = True) -> ClockReading:
    spans = (SuspensionSpan(f"S{n}", instant(a), instant(b), None) for n, (a, b) in enumerate(member.suspended, 1))
    start, end = instant(member.accepted), instant(member.done)
    ended = end if closed else None
    return read_clock(
        CALENDAR, Limit.hours(2), start.date(), Ledger(tuple(spans)), started_at=start, closed_at=ended, until=end
    )


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.what)
def test_reading_and_verdict_are_told_to_the_same_minute(member: Member) -> None:
    found = read(member)

    assert (found.due_at, found.used, found.verdict) == (instant(member.due), member.used, member.verdict)
    assert found.remaining == 120 - member.used


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.what)
def test_what_runs_is_overdue_as_soon_as_less_than_nothing_is_left(member: Member) -> None:
    found = read(member, closed=False)

    assert (found.verdict is OVERDUE) is (found.remaining < 0) is (member.verdict is OVERDUE)


def taken(at: str) -> Story:
    return Story(received("03-02 09:00"), accepted(at, promised=Limit.hours(2), statutory=None, plan=()))


@pytest.mark.parametrize(
    ("accepted_at", "nothing", "card"),
    [
        ("03-02 09:30", ("03-02 11:30",), "03-02 11:31"),
        ("03-02 10:00", ("03-02 12:00", "03-02 12:30", "03-02 13:00"), "03-02 13:01"),
        ("03-02 15:00", ("03-02 17:00", "03-02 19:10", "03-03 08:59"), "03-03 09:01"),
        ("03-06 15:00", ("03-06 17:00", "03-09 09:00"), "03-09 09:01"),
    ],
)
def test_a_card_is_earned_with_the_first_minute_over_and_says_so(
    accepted_at: str, nothing: tuple[str, ...], card: str
) -> None:
    story, due = taken(accepted_at), nothing[0]
    story = story.when(ask(PassTime, due)).done()  # the warning
    for moment_ in nothing:
        assert next_look("", story.file, moment(moment_), OFFICE) == moment(card)
        story.when(ask(PassTime, moment_)).refused(Reason.NOTHING_DUE)

    looked = story.when(ask(PassTime, card)).done()

    (issued,) = [one.fact for one in looked.file.cards if one.fact.ground is CardGround.PROMISE_OVERDUE]
    assert (issued.overdue, issued.unit, issued.judged_at) == (1, Unit.MINUTE, moment(card))


@pytest.mark.parametrize("seconds", [1, 40, 59])
def test_what_was_closed_within_its_last_minute_earns_no_card(seconds: int) -> None:
    closed = fact(CaseClosed, "03-02 11:30", outcome=Outcome.OTHER)
    late = replace(closed, at=closed.at + timedelta(seconds=seconds))

    taken("03-02 09:30").given(late).when(ask(PassTime, "03-09 09:00")).refused(Reason.NOTHING_DUE)
