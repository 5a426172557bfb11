"""Acts that move a clock: suspensions, special procedures, extensions, and what the two clocks make of them."""

from datetime import date

import pytest
from story import (
    ARCHIVE,
    BUILD,
    CALENDAR,
    DECIDED,
    FOREST,
    HEAD,
    IN_REVIEW,
    LENIENT_OFFICE,
    OFFICE,
    OFFICER,
    REVIEWED,
    Story,
    accepted,
    ask,
    day,
    fact,
    moment,
    received,
)

from casecore import (
    ApproveExtension,
    ClockReading,
    ExtensionApproved,
    Limit,
    Reason,
    ResumeCase,
    Resumed,
    SpecialGround,
    Stage,
    SuspendCase,
    Suspended,
    SuspensionKind,
    Verdict,
    read_clock,
)

SPECIAL = {
    "kind": SuspensionKind.SPECIAL_PROCEDURE,
    "ground": SpecialGround.EXPERT_REVIEW,
    "declared_days": 5,
    "notice": "T-1",
}
PAUSED = fact(Suspended, "03-05 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")


def suspend(when: str = "03-05 09:00", **rest: object) -> SuspendCase:
    return ask(SuspendCase, when, **{"reason": "the roof is measured", **rest})


def extend(days: int, when: str = "03-10 09:00", **rest: object) -> ApproveExtension:
    return ask(ApproveExtension, when, by=HEAD, days=days, **{"approver": "Director Qian", "reason": "complex", **rest})


def promised(story: Story, until: str) -> ClockReading:
    file = story.file
    assert file.promise is not None
    return read_clock(
        CALENDAR, file.promise.promised, file.promise.effective_on, file.ledger(statutory=False), until=moment(until)
    )


def statutory(story: Story, until: str) -> ClockReading:
    file = story.file
    assert file.promise is not None
    assert file.promise.statutory is not None
    return read_clock(
        CALENDAR, file.promise.statutory, file.promise.effective_on, file.ledger(statutory=True), until=moment(until)
    )


def due(story: Story, until: str = "03-13 09:00") -> tuple[date, date]:
    """Both due dates, the promised and the statutory."""
    return promised(story, until).due_on, statutory(story, until).due_on


# 特别程序


def test_a_special_procedure_with_ground_declared_days_and_notice_moves_both_clocks() -> None:
    story = Story(*IN_REVIEW)
    assert due(story) == (day("03-16"), day("03-30"))

    after = story.when(suspend(**SPECIAL)).then(
        Suspended(
            at=moment("03-05 09:00"),
            by=OFFICER,
            suspension="S1",
            kind=SuspensionKind.SPECIAL_PROCEDURE,
            reason="the roof is measured",
            ground=SpecialGround.EXPERT_REVIEW,
            declared_days=5,
            notice="T-1",
            moves_promise=True,
            moves_statutory=True,
        )
    )
    assert due(after.given(fact(Resumed, "03-12 09:00", suspension="S1"))) == (day("03-23"), day("04-07"))


def test_a_special_procedure_excludes_no_more_than_was_declared() -> None:
    story = Story(*IN_REVIEW).when(suspend(**{**SPECIAL, "declared_days": 3})).done()

    assert due(story.given(fact(Resumed, "03-12 09:00", suspension="S1"))) == (day("03-19"), day("04-02"))


@pytest.mark.parametrize(
    "lacking",
    [{"declared_days": None}, {"notice": None}, {"notice": ""}, {"declared_days": None, "notice": None}],
    ids=["no declared days", "no notice", "an empty notice", "neither"],
)
@pytest.mark.parametrize("office", [OFFICE, LENIENT_OFFICE], ids=["strict", "lenient"])
def test_a_special_procedure_not_told_in_writing_is_recorded_and_moves_no_clock(
    lacking: dict[str, object], office: object
) -> None:
    story = Story(*IN_REVIEW, office=office)
    before = due(story)

    after = story.when(suspend(**{**SPECIAL, **lacking})).done()

    fact_ = after.file.suspensions[0].fact
    assert (fact_.moves_promise, fact_.moves_statutory) == (False, False)
    assert due(after.given(fact(Resumed, "03-12 09:00", suspension="S1"))) == before


@pytest.mark.parametrize("ground", list(SpecialGround))
def test_each_ground_of_article_45_stops_the_clock(ground: SpecialGround) -> None:
    after = Story(*IN_REVIEW).when(suspend(**{**SPECIAL, "ground": ground})).done()

    assert after.file.suspensions[0].fact.moves_statutory


def test_a_special_procedure_needs_its_ground() -> None:
    Story(*IN_REVIEW).when(suspend(**{**SPECIAL, "ground": None})).refused(Reason.GROUND_MISSING)


@pytest.mark.parametrize("days", [0, -1])
@pytest.mark.parametrize("kind", list(SuspensionKind))
def test_declared_days_are_at_least_one(days: int, kind: SuspensionKind) -> None:
    asked = suspend(**{**SPECIAL, "kind": kind, "declared_days": days})

    Story(*IN_REVIEW).when(asked).refused(Reason.DAYS_OUT_OF_RANGE, str(days))


# 挂起


def test_an_ordinary_suspension_moves_no_clock_where_the_district_does_not_say_so() -> None:
    story = (
        Story(*IN_REVIEW)
        .when(suspend())
        .then(
            Suspended(
                at=moment("03-05 09:00"),
                by=OFFICER,
                suspension="S1",
                kind=SuspensionKind.ORDINARY,
                reason="the roof is measured",
                moves_promise=False,
                moves_statutory=False,
            )
        )
    )

    assert due(story.given(fact(Resumed, "03-12 09:00", suspension="S1"))) == (day("03-16"), day("03-30"))


def test_an_ordinary_suspension_moves_the_promise_and_never_the_statutory_limit_where_the_district_says_so() -> None:
    story = Story(*IN_REVIEW, office=LENIENT_OFFICE).when(suspend()).done()

    assert story.file.suspensions[0].fact.moves_promise
    assert due(story.given(fact(Resumed, "03-12 09:00", suspension="S1"))) == (day("03-23"), day("03-30"))


def test_even_with_every_paper_an_ordinary_suspension_never_moves_the_statutory_limit() -> None:
    papers = {**SPECIAL, "kind": SuspensionKind.ORDINARY}

    after = Story(*IN_REVIEW, office=LENIENT_OFFICE).when(suspend(**papers)).done()

    assert not after.file.suspensions[0].fact.moves_statutory


@pytest.mark.parametrize("office", [OFFICE, LENIENT_OFFICE], ids=["strict", "lenient"])
def test_forwarding_moves_no_clock_anywhere(office: object) -> None:
    # 转报 is the one kind of suspension whose end does not push the due date
    after = Story(*IN_REVIEW, office=office).when(suspend(kind=SuspensionKind.FORWARDED)).done()

    fact_ = after.file.suspensions[0].fact
    assert (fact_.moves_promise, fact_.moves_statutory) == (False, False)


@pytest.mark.parametrize("kind", list(SuspensionKind))
def test_nothing_is_suspended_without_a_reason(kind: SuspensionKind) -> None:
    Story(*IN_REVIEW).when(suspend(**{**SPECIAL, "kind": kind, "reason": ""})).refused(Reason.REASON_REQUIRED)


def test_suspensions_number_themselves_and_may_overlap() -> None:
    story = Story(*IN_REVIEW).when(suspend()).done().when(suspend("03-06 09:00")).done()

    assert [s.fact.suspension for s in story.file.suspensions] == ["S1", "S2"]
    assert story.file.suspended


def test_days_of_overlapping_procedures_count_once() -> None:
    story = (
        Story(*IN_REVIEW)
        .when(suspend(**SPECIAL))
        .done()
        .when(suspend("03-09 09:00", **SPECIAL))
        .done()
        .given(fact(Resumed, "03-11 09:00", suspension="S1"), fact(Resumed, "03-12 09:00", suspension="S2"))
    )

    first, second = promised(story, "03-13 09:00").exclusions
    assert (first.first_on, first.last_on, first.amount) == (day("03-06"), day("03-11"), 4)
    assert (second.first_on, second.last_on, second.amount) == (day("03-12"), day("03-12"), 1)


def test_a_suspension_id_is_used_once() -> None:
    story = Story(*IN_REVIEW, PAUSED, fact(Resumed, "03-06 09:00", suspension="S1"))

    story.when(suspend("03-09 09:00", suspension="S1")).refused(Reason.SUSPENSION_EXISTS, "S1")


def test_an_unnamed_suspension_never_takes_a_name_that_is_used() -> None:
    story = Story(*IN_REVIEW).when(suspend(suspension="S2")).done()

    after = story.when(suspend("03-06 09:00")).done()

    assert len({s.fact.suspension for s in after.file.suspensions}) == 2


def test_a_case_may_be_suspended_between_review_and_decision() -> None:
    after = Story(*REVIEWED).when(suspend()).done()

    assert (after.file.stage, after.file.suspended) == (Stage.REVIEWED, True)


@pytest.mark.parametrize(("before", "stage"), [((received(),), "received"), (DECIDED, "decided")])
def test_a_case_is_suspended_only_between_acceptance_and_decision(before: tuple, stage: str) -> None:
    Story(*before).when(suspend()).refused(Reason.WRONG_STAGE, stage)


# 解挂


@pytest.mark.parametrize("named", [None, "S1"])
def test_a_suspension_ends(named: str | None) -> None:
    after = (
        Story(*IN_REVIEW, PAUSED)
        .when(ask(ResumeCase, "03-06 09:00", suspension=named))
        .then(Resumed(at=moment("03-06 09:00"), by=OFFICER, suspension="S1"))
    )

    assert not after.file.suspended
    assert after.file.suspensions[0].ended_at == moment("03-06 09:00")


TWICE_PAUSED = (PAUSED, fact(Suspended, "03-06 09:00", suspension="S2", kind=SuspensionKind.ORDINARY, reason="storm"))


def test_one_of_two_open_suspensions_has_to_be_named() -> None:
    story = Story(*IN_REVIEW, *TWICE_PAUSED)

    story.when(ask(ResumeCase)).refused(Reason.NOT_SUSPENDED, "S1, S2")
    one = story.when(ask(ResumeCase, "03-09 09:00", suspension="S2")).then(fact(Resumed, "03-09 09:00", suspension="S2"))
    one.when(ask(ResumeCase, "03-09 10:00")).then(fact(Resumed, "03-09 10:00", suspension="S1"))


@pytest.mark.parametrize("named", [None, "S1", "S9"])
def test_what_is_not_suspended_cannot_be_resumed(named: str | None) -> None:
    ended = (PAUSED, fact(Resumed, "03-06 09:00", suspension="S1"))

    Story(*IN_REVIEW).when(ask(ResumeCase, suspension=named)).refused(Reason.NOT_SUSPENDED, named or "")
    Story(*IN_REVIEW, *ended).when(ask(ResumeCase, suspension=named)).refused(Reason.NOT_SUSPENDED, named or "")


def test_a_suspension_does_not_end_before_it_began() -> None:
    Story(*IN_REVIEW, PAUSED).when(ask(ResumeCase, "03-05 08:59")).refused(Reason.BEFORE_STAGE, "S1")


def test_the_end_of_a_suspension_may_be_reported_after_the_last_approval() -> None:
    paused = fact(Suspended, "03-03 10:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")

    Story(*REVIEWED, paused).when(ask(ResumeCase, "03-03 15:00")).then(fact(Resumed, "03-03 15:00", suspension="S1"))


def test_an_open_procedure_stops_the_clock_up_to_today_and_no_longer_than_declared() -> None:
    story = Story(*IN_REVIEW).when(suspend(**SPECIAL)).done()

    assert promised(story, "03-10 09:00").paused
    assert promised(story, "03-10 09:00").due_on == day("03-19")
    assert not promised(story, "03-20 09:00").paused
    assert promised(story, "03-20 09:00").due_on == day("03-23")


def test_a_procedure_begun_after_the_due_date_does_not_revive_it() -> None:
    story = Story(*IN_REVIEW).when(suspend("03-17 09:00", **SPECIAL)).done()

    reading = promised(story, "03-20 09:00")

    assert (reading.due_on, reading.verdict) == (day("03-16"), Verdict.OVERDUE)
    assert reading.ignored == ("S1: after the due date 2026-03-16",)
    assert statutory(story, "03-20 09:00").due_on == day("04-02")  # by then three days had been excluded


# 延长审批


def test_an_extension_moves_both_clocks() -> None:
    story = (
        Story(*IN_REVIEW)
        .when(extend(10, notice="E-1"))
        .then(
            ExtensionApproved(
                at=moment("03-10 09:00"),
                by=HEAD,
                days=10,
                approver="Director Qian",
                reason="complex",
                notice="E-1",
            )
        )
    )

    assert due(story) == (day("03-30"), day("04-14"))


@pytest.mark.parametrize(
    ("code", "most"),
    [
        ("FOOD", 10),
        (ARCHIVE, 10),
        (BUILD, 15),  # 联办: 45 + 15
        (FOREST, 10),  # sixty natural days are no joint handling
    ],
)
class TestHowFarALimitIsExtended:
    def test_up_to_the_most_the_law_allows(self, code: str, most: int) -> None:
        for days in (1, most):
            Story(received(code=code), accepted(code=code, plan=())).when(extend(days)).done()

    def test_and_not_further(self, code: str, most: int) -> None:
        for days in (-1, 0, most + 1):
            story = Story(received(code=code), accepted(code=code, plan=()))
            story.when(extend(days)).refused(Reason.DAYS_OUT_OF_RANGE, str(days))


def test_an_item_without_a_statutory_limit_is_extended_by_ten_days_at_most() -> None:
    story = Story(received(), accepted(statutory=None))

    story.when(extend(10)).done()
    story.when(extend(11)).refused(Reason.DAYS_OUT_OF_RANGE, "11")


def test_a_limit_of_forty_four_days_is_not_joint_handling() -> None:
    story = Story(received(), accepted(statutory=Limit.working_days(44)))

    story.when(extend(11)).refused(Reason.DAYS_OUT_OF_RANGE, "11")


def test_a_limit_is_extended_once() -> None:
    story = Story(*IN_REVIEW).when(extend(2)).done()

    story.when(extend(2, "03-11 09:00")).refused(Reason.ALREADY_EXTENDED)


def test_a_limit_is_not_extended_without_a_reason() -> None:
    Story(*IN_REVIEW).when(extend(2, reason="")).refused(Reason.REASON_REQUIRED)


def test_a_limit_may_be_extended_after_the_review_and_not_after_the_decision() -> None:
    Story(*REVIEWED).when(extend(2)).done()
    Story(*DECIDED).when(extend(2)).refused(Reason.WRONG_STAGE, "decided")


def test_an_extension_may_be_approved_while_the_case_is_suspended() -> None:
    Story(*IN_REVIEW, PAUSED).when(extend(2)).done()


# the whole way


def test_the_clocks_start_on_the_deferred_day_and_not_on_the_saturday_of_the_signature() -> None:
    story = Story(received("03-07 09:00"), accepted("03-07 10:00", effective_on=day("03-09")))

    assert due(story) == (day("03-23"), day("04-07"))


def test_an_on_time_closing_is_a_matter_of_dates() -> None:
    file = Story(*IN_REVIEW).file
    assert file.promise is not None

    late_that_day = read_clock(
        CALENDAR,
        file.promise.promised,
        file.promise.effective_on,
        file.ledger(statutory=False),
        closed_at=moment("03-16 23:59"),
    )
    next_day = read_clock(
        CALENDAR,
        file.promise.promised,
        file.promise.effective_on,
        file.ledger(statutory=False),
        closed_at=moment("03-17 00:01"),
    )

    assert (late_that_day.verdict, next_day.verdict) == (Verdict.ON_TIME, Verdict.OVERDUE)
