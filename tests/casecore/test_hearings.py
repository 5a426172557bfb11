"""听证 (行政许可法 Art. 47-48): asked for within five working days, held within twenty, announced seven ahead."""

from datetime import date, datetime

import pytest
from support.story import (
    CALENDAR,
    CITIZEN,
    DECIDED,
    HEAD,
    IN_REVIEW,
    OFFICER,
    REVIEWED,
    Story,
    ask,
    day,
    fact,
    moment,
    received,
)

from casecore import (
    CaseClosed,
    CaseEvent,
    CaseFile,
    ClockKind,
    Decision,
    DecisionMade,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingRequested,
    HoldHearing,
    NotifyHearing,
    OfferHearing,
    Outcome,
    Reason,
    RequestHearing,
    Verdict,
)
from casecore.case.clocks import clock_named
from casecore.clock import CaseClock

OFFERED = (*IN_REVIEW, fact(HearingOffered, "03-04 09:00", notice="H-1"))
REQUESTED = (*OFFERED, fact(HearingRequested, "03-06 09:00", by=CITIZEN))
ANNOUNCED = (*REQUESTED, fact(HearingNotified, "03-09 09:00", hearing_on=day("03-18"), notice="H-2"))
HELD = (*ANNOUNCED, fact(HearingHeld, "03-18 14:00", record="R-1"))


def announce(when: str, hearing_on: str, notice: str = "H-2") -> NotifyHearing:
    return ask(NotifyHearing, when, hearing_on=day(hearing_on), notice=notice)


def clock(file: CaseFile, name: str) -> CaseClock:
    found = clock_named(file, name)
    assert found is not None, name
    return found


# the whole way


def test_a_hearing_is_offered_asked_for_announced_and_held() -> None:
    (
        Story(*IN_REVIEW)
        .when(ask(OfferHearing, "03-04 09:00", notice="H-1"))
        .then(HearingOffered(at=moment("03-04 09:00"), by=OFFICER, notice="H-1"))
        .when(ask(RequestHearing, "03-06 09:00", by=CITIZEN))
        .then(HearingRequested(at=moment("03-06 09:00"), by=CITIZEN))
        .when(announce("03-09 09:00", "03-18"))
        .then(HearingNotified(at=moment("03-09 09:00"), by=OFFICER, hearing_on=day("03-18"), notice="H-2"))
        .when(ask(HoldHearing, "03-18 14:00", record="R-1"))
        .then(HearingHeld(at=moment("03-18 14:00"), by=OFFICER, record="R-1"))
    )


def test_a_hearing_by_itself_moves_neither_limit() -> None:
    file = Story(*HELD).file

    for name, due in (("promised", "03-16"), ("statutory", "03-30")):
        assert clock(file, name).read(CALENDAR, moment("03-19 09:00")).due_on == day(due)


# 听证告知


@pytest.mark.parametrize("notice", ["", "  "])
def test_the_right_to_a_hearing_is_told_in_writing(notice: str) -> None:
    Story(*IN_REVIEW).when(ask(OfferHearing, "03-04 09:00", notice=notice)).refused(Reason.NOTICE_REQUIRED)


def test_the_right_to_a_hearing_is_told_once() -> None:
    Story(*OFFERED).when(ask(OfferHearing, "03-05 09:00", notice="H-9")).refused(Reason.HEARING_OFFERED)


@pytest.mark.parametrize(("before", "stage"), [((received(),), "received"), (DECIDED, "decided")])
def test_a_hearing_belongs_between_acceptance_and_decision(before: tuple[CaseEvent, ...], stage: str) -> None:
    for command in (
        ask(OfferHearing, notice="H-1"),
        ask(RequestHearing),
        ask(NotifyHearing, hearing_on=date(2027, 1, 20), notice="H-2"),
        ask(HoldHearing, record="R-1"),
    ):
        Story(*before).when(command).refused(Reason.WRONG_STAGE, stage)


def test_a_hearing_may_still_be_offered_when_every_department_has_answered() -> None:
    Story(*REVIEWED).when(ask(OfferHearing, "03-04 10:00", notice="H-1")).done()


# 听证申请: told on Wednesday 03-04, so until Wednesday 03-11


def test_on_the_fifth_working_day_a_hearing_may_still_be_asked_for() -> None:
    Story(*OFFERED).when(ask(RequestHearing, "03-11 23:59", by=CITIZEN)).done()


def test_on_the_sixth_it_is_too_late() -> None:
    Story(*OFFERED).when(ask(RequestHearing, "03-12 00:00")).refused(Reason.HEARING_REQUEST_TOO_LATE, "2026-03-11")


def test_nobody_asks_for_a_hearing_that_was_not_offered() -> None:
    Story(*IN_REVIEW).when(ask(RequestHearing)).refused(Reason.HEARING_NOT_OFFERED)


def test_a_hearing_is_asked_for_once() -> None:
    Story(*REQUESTED).when(ask(RequestHearing, "03-06 10:00")).refused(Reason.HEARING_REQUESTED)


# 听证通知: the seventh working day after Monday 03-09 is Wednesday 03-18


def test_seven_working_days_ahead_are_enough() -> None:
    Story(*REQUESTED).when(announce("03-09 17:00", "03-18")).done()


@pytest.mark.parametrize("hearing_on", ["03-17", "03-16", "03-09", "03-02"])
def test_six_are_not(hearing_on: str) -> None:
    told = Story(*REQUESTED).when(announce("03-09 09:00", hearing_on))

    told.refused(Reason.HEARING_NOTICE_TOO_SHORT, str(day(hearing_on)))


def test_a_holiday_is_no_day_of_notice() -> None:
    told = Story(*REQUESTED)  # after Monday 03-30: 03-31, 04-01, 04-02, 04-03, then 04-07 for Monday 04-06 is a holiday

    told.when(announce("03-30 09:00", "04-08")).refused(Reason.HEARING_NOTICE_TOO_SHORT)
    told.when(announce("03-30 09:00", "04-09")).done()


def test_nobody_announces_a_hearing_nobody_asked_for() -> None:
    for before in (IN_REVIEW, OFFERED):
        Story(*before).when(announce("03-09 09:00", "03-18")).refused(Reason.HEARING_NOT_REQUESTED)


def test_time_and_place_are_told_in_writing() -> None:
    Story(*REQUESTED).when(announce("03-09 09:00", "03-18", notice="")).refused(Reason.NOTICE_REQUIRED)


def test_a_hearing_may_be_put_off_with_as_much_notice_again() -> None:
    story = Story(*ANNOUNCED)

    story.when(announce("03-17 09:00", "03-25")).refused(Reason.HEARING_NOTICE_TOO_SHORT)
    later = story.when(announce("03-17 09:00", "03-26")).done()
    later.when(ask(HoldHearing, "03-18 14:00", record="R-1")).refused(Reason.HEARING_NOT_NOTIFIED, "2026-03-26")
    later.when(ask(HoldHearing, "03-26 14:00", record="R-1")).done()


def test_what_was_held_is_not_announced_any_more() -> None:
    Story(*HELD).when(announce("03-19 09:00", "03-31")).refused(Reason.HEARING_NOT_NOTIFIED, "2026-03-18")


# 听证举行


@pytest.mark.parametrize("when", ["03-17 14:00", "03-19 14:00"])
def test_a_hearing_is_held_on_the_day_announced(when: str) -> None:
    Story(*ANNOUNCED).when(ask(HoldHearing, when, record="R-1")).refused(Reason.HEARING_NOT_NOTIFIED, "2026-03-18")


@pytest.mark.parametrize("before", [IN_REVIEW, OFFERED, REQUESTED])
def test_a_hearing_nobody_announced_is_not_held(before: tuple[CaseEvent, ...]) -> None:
    Story(*before).when(ask(HoldHearing, "03-18 14:00", record="R-1")).refused(Reason.HEARING_NOT_NOTIFIED, "")


def test_a_hearing_is_held_once() -> None:
    Story(*HELD).when(ask(HoldHearing, "03-18 16:00", record="R-2")).refused(Reason.HEARING_NOT_NOTIFIED, "2026-03-18")


# the two clocks


def test_the_applicants_clock_runs_five_days_from_the_offer_to_the_request() -> None:
    found = clock(Story(*REQUESTED).file, "hearing_request")

    assert (found.kind, found.source) == (ClockKind.HEARING_REQUEST, "行政许可法 Art. 47")
    assert (found.started_on, found.ended_at) == (day("03-04"), moment("03-06 09:00"))
    reading = found.read(CALENDAR, moment("03-20 09:00"))
    assert (reading.due_on, reading.used, reading.verdict) == (day("03-11"), 2, Verdict.ON_TIME)


def test_the_organs_clock_runs_twenty_days_from_the_request_to_the_hearing() -> None:
    found = clock(Story(*HELD).file, "hearing")

    assert (found.kind, found.started_on, found.ended_at) == (ClockKind.HEARING, day("03-06"), moment("03-18 14:00"))
    reading = found.read(CALENDAR, moment("03-20 09:00"))
    assert (reading.due_on, reading.used, reading.verdict) == (day("04-03"), 8, Verdict.ON_TIME)


@pytest.mark.parametrize(
    ("at", "verdict"), [("04-03 23:59", Verdict.RUNNING), ("04-04 00:00", Verdict.OVERDUE)], ids=["in time", "too late"]
)
def test_a_hearing_not_held_in_time_is_overdue(at: str, verdict: Verdict) -> None:
    assert clock(Story(*REQUESTED).file, "hearing").read(CALENDAR, moment(at)).verdict is verdict


def ends(before: tuple[CaseEvent, ...], *after: CaseEvent) -> list[datetime | None]:
    file = Story(*before, *after).file
    return [found.ended_at for name in ("hearing_request", "hearing") if (found := clock_named(file, name))]


def test_a_decision_ends_what_nobody_asked_for_or_held() -> None:
    decided = fact(DecisionMade, "03-13 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")
    closed = fact(CaseClosed, "03-16 09:00", outcome=Outcome.OTHER)

    assert ends(OFFERED, decided, closed) == [moment("03-13 09:00")]
    assert ends(REQUESTED, decided, closed) == [moment("03-06 09:00"), moment("03-13 09:00")]
    assert ends(REQUESTED, closed) == [moment("03-06 09:00"), moment("03-16 09:00")]
