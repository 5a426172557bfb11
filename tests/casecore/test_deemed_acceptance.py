"""视为受理 (行政许可法 Art. 32): who is silent for five working days has accepted, since the day the papers came in."""

from datetime import date

import pytest
from support.story import (
    ARCHIVE,
    CALENDAR,
    CITIZEN,
    CLERK,
    FOOD,
    ITEMS,
    OFFICE,
    TAXI,
    Story,
    ask,
    day,
    fact,
    item,
    moment,
    received,
)

from casecore import (
    AcceptanceDeemed,
    AcceptCase,
    CaseCommand,
    CaseEvent,
    Catalogue,
    ClockKind,
    CloseCase,
    CorrectionRequested,
    CorrectionSubmitted,
    DeclineAcceptance,
    DistrictRule,
    HandlingKind,
    ItemType,
    Limit,
    OffdayAcceptance,
    Outcome,
    PassTime,
    Reason,
    RequestCorrection,
    ReviewCompleted,
    Stage,
    SubmitCorrection,
    WindowPolicy,
    WithdrawCase,
    fold,
)
from casecore.case.clocks import clock_named

FOOD_PLAN = next(found.plan for found in ITEMS if found.code == FOOD)
SATURDAY = received("03-07 10:00")
STRICT = OFFICE._replace(rule=DistrictRule(cards=()))
"""No cards: what time brings is the acceptance alone."""
WAITS = OFFICE._replace(rule=DistrictRule(cards=(), deemed_acceptance=False))


def correct(when: str) -> RequestCorrection:
    return ask(RequestCorrection, when, by=CLERK, materials=("lease",))


def deemed(facts: tuple[CaseEvent, ...]) -> AcceptanceDeemed:
    found = facts[0]
    assert isinstance(found, AcceptanceDeemed)
    return found


# five working days


@pytest.mark.parametrize(
    ("came_in", "last_day"),
    [
        ("03-06 16:30", "03-13"),  # a Friday
        ("03-07 10:00", "03-13"),  # a Saturday: the same last day, for Saturday is no working day
        ("03-08 10:00", "03-13"),  # and Sunday
        ("03-09 08:00", "03-16"),  # a Monday: day 1 is Tuesday
        ("02-13 10:00", "02-24"),  # over the holidays: 02-14 (made up), 02-19, 02-20, 02-23, 02-24
    ],
)
class TestTheLastDayOfTheNotice:
    def test_on_it_a_notice_is_in_time(self, came_in: str, last_day: str) -> None:
        told = Story(received(came_in), office=STRICT).when(correct(f"{last_day} 23:59")).done()

        assert told.file.stage is Stage.CORRECTING

    def test_the_day_after_it_is_too_late(self, came_in: str, last_day: str) -> None:
        story = Story(received(came_in), office=STRICT)
        next_day = f"{day(last_day).replace(day=day(last_day).day + 1):%m-%d} 00:00"

        story.when(correct(next_day)).refused(Reason.NOTICE_TOO_LATE, str(day(came_in[:5])))

    def test_nothing_is_accepted_by_silence_before_it_is_over(self, came_in: str, last_day: str) -> None:
        Story(received(came_in), office=STRICT).when(ask(PassTime, f"{last_day} 23:59")).refused(Reason.NOTHING_DUE)


def test_received_on_a_saturday_and_met_with_silence_it_is_accepted_since_that_saturday() -> None:
    time_passes = ask(PassTime, "03-14 00:00", by="clock")

    after = (
        Story(SATURDAY, office=STRICT)
        .when(time_passes)
        .then(
            AcceptanceDeemed(
                at=moment("03-14 00:00"),
                by="clock",
                effective_on=day("03-07"),
                item=FOOD,
                item_type=ItemType.LICENCE,
                item_version=1,
                handling=HandlingKind.PROMISED,
                promised=Limit.working_days(10),
                statutory=Limit.working_days(20),
                plan=FOOD_PLAN,
                trips_promised=1,
                calendar="story.1",
                notice_due_on=day("03-13"),
            )
        )
    )

    assert (after.file.stage, after.file.deemed) == (Stage.IN_REVIEW, True)
    assert after.file.started_on == day("03-07")
    assert after.file.accepted_by is None


def test_the_statutory_clock_runs_since_the_receipt() -> None:
    story = Story(SATURDAY, office=STRICT).when(ask(PassTime, "03-16 09:00")).done()
    promised, statutory = (clock_named(story.file, name) for name in ("promised", "statutory"))
    assert promised is not None
    assert statutory is not None

    # ten and twenty working days after Saturday 03-07; by Monday 03-16 six are used: 03-09 to 03-13, and 03-16
    readings = [clock.read(CALENDAR, moment("03-16 09:00")) for clock in (promised, statutory)]
    assert [(r.due_on, r.used) for r in readings] == [(day("03-20"), 6), (day("04-03"), 6)]
    assert [clock.started_at for clock in (promised, statutory)] == [moment("03-07 10:00")] * 2


def test_a_window_that_only_receives_on_saturdays_puts_nothing_off_when_it_is_silent() -> None:
    policy = WindowPolicy(hall="Chengbei Hall", offday_acceptance=OffdayAcceptance.RECEIPT_ONLY)
    office = OFFICE._replace(rule=DistrictRule(cards=(), windows=(policy,)))

    story = Story(SATURDAY, office=office).when(ask(PassTime, "03-14 00:00")).done()

    assert story.file.started_on == day("03-07")


def test_it_is_accepted_by_silence_once() -> None:
    story = Story(SATURDAY, office=STRICT).when(ask(PassTime, "03-14 00:00")).done()

    story.when(ask(PassTime, "03-14 00:00")).refused(Reason.NOTHING_DUE)
    story.when(ask(AcceptCase, "03-14 09:00")).refused(Reason.WRONG_STAGE, "in_review")


def test_the_version_in_force_at_the_receipt_is_the_one_promised() -> None:
    story = Story(received("06-30 09:00", TAXI), office=STRICT).when(ask(PassTime, "07-20 09:00")).done()

    assert story.file.promise is not None
    assert (story.file.promise.item_version, story.file.promise.promised) == (1, Limit.working_days(10))


def test_what_asks_no_department_is_reviewed_with_it() -> None:
    facts = Story(received("03-07 10:00", ARCHIVE), office=STRICT).when(ask(PassTime, "03-14 00:00", by="clock")).ruling
    assert isinstance(facts, tuple)

    assert deemed(facts).plan == ()
    assert facts[1:] == (ReviewCompleted(at=moment("03-14 00:00"), by="clock", granted=True),)


# what ends the clock, and what starts it again


def test_a_notice_stops_the_clock_for_good_while_the_corrections_are_awaited() -> None:
    waiting = Story(SATURDAY, office=STRICT).when(correct("03-13 17:00")).done()

    waiting.when(ask(PassTime, "06-30 09:00")).refused(Reason.NOTHING_DUE)


def test_after_the_corrections_the_five_days_begin_anew_and_acceptance_counts_from_them() -> None:
    story = (
        Story(SATURDAY, office=STRICT)
        .when(correct("03-13 17:00"))
        .done()
        .when(ask(SubmitCorrection, "03-20 09:00", by=CLERK))
        .done()
    )

    story.when(ask(PassTime, "03-27 23:59")).refused(Reason.NOTHING_DUE)  # Friday 03-20 and five: 03-27
    (found,) = story.when(ask(PassTime, "03-28 00:00")).ruling

    assert isinstance(found, AcceptanceDeemed)
    assert (found.effective_on, found.notice_due_on) == (day("03-20"), day("03-27"))  # all papers in: Art. 32(5)


def test_each_round_of_papers_has_its_clock() -> None:
    story = Story(
        SATURDAY,
        fact(CorrectionRequested, "03-13 17:00", materials=("lease", "photo")),
        fact(CorrectionSubmitted, "03-20 09:00"),
        fact(CorrectionRequested, "03-23 17:00", materials=("photo",)),
        fact(CorrectionSubmitted, "03-24 09:00"),
        office=STRICT,
    )
    after = story.when(ask(AcceptCase, "03-25 09:00")).done()

    clocks = [clock_named(after.file, name) for name in ("acceptance", "acceptance:2", "acceptance:3")]
    assert [clock and clock.kind for clock in clocks] == [ClockKind.ACCEPTANCE] * 3
    assert [clock and clock.started_on for clock in clocks] == [day("03-07"), day("03-20"), day("03-24")]
    assert [clock and clock.ended_at for clock in clocks] == [
        moment(text) for text in ("03-13 17:00", "03-23 17:00", "03-25 09:00")
    ]


def test_papers_that_come_after_the_answer_open_no_clock_of_acceptance() -> None:
    story = Story(
        SATURDAY,
        fact(CorrectionRequested, "03-16 17:00", materials=("lease",)),
        fact(CorrectionSubmitted, "03-24 09:00"),
    )
    known_late = story.given(*Story(SATURDAY, office=STRICT).when(ask(AcceptCase, "03-09 09:00")).ruling)  # type: ignore[misc]

    assert clock_named(known_late.file, "acceptance:2") is None


# acts of the hall, once the law has spoken


def test_an_acceptance_after_the_deadline_is_the_laws_and_not_the_halls() -> None:
    told = Story(SATURDAY, office=STRICT).when(ask(AcceptCase, "03-16 09:00", by=CLERK, notice="A-1"))

    (found,) = told.ruling
    assert isinstance(found, AcceptanceDeemed)
    assert (found.effective_on, found.at, found.by) == (day("03-07"), moment("03-16 09:00"), CLERK)


def test_an_acceptance_on_the_last_day_is_the_halls() -> None:
    after = Story(SATURDAY, office=STRICT).when(ask(AcceptCase, "03-13 17:00", by=CLERK)).done()

    assert (after.file.deemed, after.file.started_on, after.file.accepted_by) == (False, day("03-13"), CLERK)


def test_an_acceptance_on_the_last_day_may_be_recorded_later() -> None:
    after = Story(SATURDAY, office=STRICT).when(ask(AcceptCase, "03-13 17:00"), now=moment("03-17 09:00")).done()

    assert not after.file.deemed


def test_after_the_deadline_nothing_is_declined() -> None:
    no = ask(DeclineAcceptance, "03-14 09:00", reason="not this organ", remedy="appeal")

    Story(SATURDAY, office=STRICT).when(no).refused(Reason.NOTICE_TOO_LATE, "2026-03-07")


def test_while_corrections_are_awaited_it_may_be_declined_at_any_time() -> None:
    no = ask(DeclineAcceptance, "06-30 09:00", reason="never brought the lease", remedy="appeal")

    Story(SATURDAY, office=STRICT).when(correct("03-13 17:00")).done().when(no).done()


# what a district, or a catalogue, may say


class TestWhereTheDistrictDoesNotAcceptBySilence:
    def test_time_brings_nothing(self) -> None:
        Story(SATURDAY, office=WAITS).when(ask(PassTime, "04-30 09:00")).refused(Reason.NOTHING_DUE)

    def test_the_hall_accepts_when_it_does(self) -> None:
        after = Story(SATURDAY, office=WAITS).when(ask(AcceptCase, "03-17 09:00")).done()

        assert (after.file.deemed, after.file.started_on) == (False, day("03-17"))

    def test_a_late_notice_is_told_all_the_same(self) -> None:
        Story(SATURDAY, office=WAITS).when(correct("03-17 09:00")).done()


def test_silence_accepts_no_item_that_ended_while_corrections_were_awaited_it_may_be_declined() -> None:
    ended = OFFICE._replace(catalogue=Catalogue([item(FOOD, valid_until=day("03-15"))]))
    story = Story(
        SATURDAY,
        fact(CorrectionRequested, "03-13 17:00", materials=("lease",)),
        fact(CorrectionSubmitted, "03-20 09:00"),
        office=ended,
    )

    story.when(ask(PassTime, "04-30 09:00")).refused(Reason.NOTHING_DUE)
    story.when(ask(DeclineAcceptance, "04-30 09:00", reason="the item has ended", remedy="appeal")).done()


def test_a_receipt_no_calendar_can_count_is_refused_and_not_guessed_at() -> None:
    before = fold((received("2025-12-31 09:00"),))
    assert before.received_at is not None
    assert before.received_at.date() < CALENDAR.covers[0] == date(2026, 1, 1)

    Story(file=before, office=STRICT).when(ask(PassTime, "03-02 09:00")).refused(Reason.OUTSIDE_CALENDAR)


@pytest.mark.parametrize(
    "ending",
    [
        ask(CloseCase, "03-30 09:00", outcome=Outcome.RETURNED, reason="incomplete"),
        ask(WithdrawCase, "03-30 09:00", by=CITIZEN, reason="waited long enough"),
    ],
    ids=["handed back", "withdrawn"],
)
def test_what_ends_after_the_silence_was_accepted_by_law_whether_or_not_anybody_had_noticed(ending: CaseCommand) -> None:
    noticed = Story(received("03-02 09:00")).when(ask(PassTime, "03-10 00:00")).done().when(ending).done()

    unnoticed = Story(received("03-02 09:00")).when(ending).done()

    assert [unnoticed.file.stage, unnoticed.file.deemed] == [noticed.file.stage, True]
    late = [story.when(ask(PassTime, "04-01 00:00")).done().file.cards for story in (noticed, unnoticed)]
    assert [[card.fact.card for card in cards] for cards in late] == [["promise_overdue:promised:2026-03-16"]] * 2


def test_what_is_handed_back_within_the_five_days_was_never_accepted() -> None:
    ending = ask(CloseCase, "03-09 17:00", outcome=Outcome.RETURNED, reason="incomplete")

    after = Story(received("03-02 09:00")).when(ending).done()

    assert (after.file.stage, after.file.promise) == (Stage.CLOSED, None)
