"""Acts that move a clock: suspensions, special procedures, extensions, and what the two clocks make of them."""

from datetime import date

import pytest
from support.story import (
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
    Authority,
    ClockReading,
    DistrictRule,
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
PARALLEL_OFFICE = OFFICE._replace(rule=DistrictRule(parallel_procedures=True))
PAUSED = fact(Suspended, "03-05 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")


def suspend(when: str = "03-05 09:00", **rest: object) -> SuspendCase:
    return ask(SuspendCase, when, **{"reason": "the roof is measured", **rest})


def extend(days: int, when: str = "03-10 09:00", **rest: object) -> ApproveExtension:
    paper = {"approver": "Director Qian", "reason": "complex", "notice": "E-1"}
    return ask(ApproveExtension, when, by=HEAD, days=days, **{**paper, **rest})


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


def test_where_a_district_says_so_a_suspension_moves_the_promise_but_never_the_statutory_limit() -> None:
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


def test_days_of_overlapping_procedures_count_once_where_a_district_lets_them_run_abreast() -> None:
    story = (
        Story(*IN_REVIEW, office=PARALLEL_OFFICE)
        .when(suspend(**SPECIAL))
        .done()
        .when(suspend("03-09 09:00", **SPECIAL))
        .done()
        .given(fact(Resumed, "03-11 09:00", suspension="S1"), fact(Resumed, "03-12 09:00", suspension="S2"))
    )

    first, second = promised(story, "03-13 09:00").exclusions
    assert (first.first_on, first.last_on, first.amount) == (day("03-06"), day("03-11"), 4)
    assert (second.first_on, second.last_on, second.amount) == (day("03-12"), day("03-12"), 1)


@pytest.mark.parametrize(
    ("when", "declared"),
    [
        ("03-09 09:00", 5),  # within the days declared for the first, 03-06 to 03-12
        ("03-11 17:00", 1),  # its only day, 03-12, is the last of the first
        ("03-02 11:00", 4),  # reported late: its last day, 03-06, is the first of the first
        ("03-05 09:00", 5),  # the very same days
    ],
)
def test_days_are_not_declared_twice(when: str, declared: int) -> None:
    story = Story(*IN_REVIEW).when(suspend(**SPECIAL)).done()

    asked = suspend(when, **{**SPECIAL, "declared_days": declared})

    story.when(asked).refused(Reason.OVERLAPPING_DECLARATION, "S1")


@pytest.mark.parametrize(
    ("when", "declared"),
    [
        ("03-12 17:00", 5),  # begins when the days of the first are over: its first day is 03-13
        ("03-02 11:00", 3),  # reported late, and over by 03-05, when the first begins
    ],
)
def test_days_may_be_declared_before_and_after_those_of_another_procedure(when: str, declared: int) -> None:
    story = Story(*IN_REVIEW).when(suspend(**SPECIAL)).done()

    after = story.when(suspend(when, **{**SPECIAL, "declared_days": declared})).done()

    assert [s.fact.moves_statutory for s in after.file.suspensions] == [True, True]


def test_days_of_a_procedure_that_ended_early_may_be_declared_again() -> None:
    story = Story(*IN_REVIEW).when(suspend(**SPECIAL)).done().given(fact(Resumed, "03-09 16:00", suspension="S1"))

    story.when(suspend("03-06 16:00", **SPECIAL)).refused(Reason.OVERLAPPING_DECLARATION, "S1")
    story.when(suspend("03-09 16:30", **SPECIAL)).done()


def test_natural_days_are_not_declared_twice_either() -> None:
    promise = accepted(code=FOREST, promised=Limit.natural_days(40))
    story = Story(received(code=FOREST), promise).when(suspend(**SPECIAL)).done()  # Friday 03-06 to Tuesday 03-10

    story.when(suspend("03-09 09:00", **SPECIAL)).refused(Reason.OVERLAPPING_DECLARATION, "S1")
    story.when(suspend("03-10 09:00", **SPECIAL)).done()


@pytest.mark.parametrize("lacking", [{"declared_days": None}, {"notice": None}])
def test_a_procedure_not_told_in_writing_declares_no_days_and_overlaps_none(lacking: dict[str, object]) -> None:
    untold = {**SPECIAL, **lacking}

    told_later = Story(*IN_REVIEW).when(suspend(**untold)).done().when(suspend("03-06 09:00", **SPECIAL)).done()
    told_before = Story(*IN_REVIEW).when(suspend(**SPECIAL)).done().when(suspend("03-06 09:00", **untold)).done()

    assert [s.fact.moves_statutory for s in told_later.file.suspensions] == [False, True]
    assert [s.fact.moves_statutory for s in told_before.file.suspensions] == [True, False]


def test_an_ordinary_suspension_may_fall_into_declared_days() -> None:
    Story(*IN_REVIEW).when(suspend(**SPECIAL)).done().when(suspend("03-06 09:00")).done()


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
    Story(*IN_REVIEW, PAUSED).when(ask(ResumeCase, "03-05 08:59")).refused(Reason.ENDED_BEFORE_STARTED, "S1")


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
        .when(extend(10))
        .then(
            ExtensionApproved(
                at=moment("03-10 09:00"),
                by=HEAD,
                days=10,
                approver="Director Qian",
                reason="complex",
                notice="E-1",
                authority=Authority.ORGAN_HEAD,
            )
        )
    )

    assert due(story) == (day("03-30"), day("04-14"))


@pytest.mark.parametrize(
    ("code", "most", "authority"),
    [
        ("FOOD", 10, Authority.ORGAN_HEAD),
        (ARCHIVE, 10, Authority.ORGAN_HEAD),
        (BUILD, 15, Authority.GOVERNMENT_HEAD),  # 联办: 45 + 15
        (FOREST, 10, Authority.ORGAN_HEAD),  # sixty natural days are no joint handling
    ],
)
class TestHowFarALimitIsExtendedAndByWhom:
    def test_up_to_the_most_the_law_allows(self, code: str, most: int, authority: Authority) -> None:
        for days in (1, most):
            Story(received(code=code), accepted(code=code, plan=())).when(extend(days, authority=authority)).done()

    def test_and_not_further(self, code: str, most: int, authority: Authority) -> None:
        story = Story(received(code=code), accepted(code=code, plan=()))

        story.when(extend(most + 1, authority=authority)).refused(Reason.EXTENSION_TOO_LONG, f"{most + 1} > {most}")

    def test_and_by_nobody_else(self, code: str, most: int, authority: Authority) -> None:
        (other,) = set(Authority) - {authority}
        story = Story(received(code=code), accepted(code=code, plan=()))

        story.when(extend(most, authority=other)).refused(Reason.WRONG_AUTHORITY, authority.value)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_limit_is_extended_by_one_day_at_least(days: int) -> None:
    Story(*IN_REVIEW).when(extend(days)).refused(Reason.DAYS_OUT_OF_RANGE, str(days))


def test_an_item_without_a_statutory_limit_is_extended_by_ten_days_at_most() -> None:
    story = Story(received(), accepted(statutory=None))

    story.when(extend(10)).done()
    story.when(extend(11)).refused(Reason.EXTENSION_TOO_LONG, "11 > 10")


@pytest.mark.parametrize("days", [44, 45, 60])
def test_a_long_limit_is_not_joint_handling(days: int) -> None:
    story = Story(received(), accepted(statutory=Limit.working_days(days)))

    story.when(extend(11)).refused(Reason.EXTENSION_TOO_LONG, "11 > 10")


def test_joint_handling_is_what_was_frozen_at_acceptance_whatever_the_limit() -> None:
    story = Story(received(), accepted(joint=True))

    story.when(extend(15, authority=Authority.GOVERNMENT_HEAD)).done()


@pytest.mark.parametrize("notice", [None, "", " "])
def test_the_applicant_is_told_of_the_extension_in_writing(notice: str | None) -> None:
    Story(*IN_REVIEW).when(extend(2, notice=notice)).refused(Reason.NOTICE_REQUIRED)


def test_an_extension_approved_after_the_due_date_does_not_revive_the_promise() -> None:
    story = Story(*IN_REVIEW).when(extend(5, "03-17 09:00")).done()

    late = promised(story, "03-18 09:00")

    assert (late.due_on, late.verdict) == (day("03-16"), Verdict.OVERDUE)
    assert late.ignored == ("extension: after the due date 2026-03-16",)
    assert statutory(story, "03-18 09:00").due_on == day("04-07")


@pytest.mark.parametrize(
    ("recorded", "due_on"),
    [
        ({"days": 40, "authority": Authority.ORGAN_HEAD}, "04-14"),  # 20 + 10, and no more
        ({"days": 10, "authority": Authority.GOVERNMENT_HEAD}, "03-30"),  # not theirs to approve
        ({"days": 10, "authority": None}, "04-14"),  # nobody recorded as whom
    ],
)
def test_an_imported_extension_counts_as_far_as_the_law_allows_it(recorded: dict[str, object], due_on: str) -> None:
    story = Story(*IN_REVIEW, fact(ExtensionApproved, "03-10 09:00", approver="Qian", reason="complex", **recorded))

    assert statutory(story, "03-13 09:00").due_on == day(due_on)


def test_of_two_imported_extensions_the_first_counts() -> None:
    twice = [fact(ExtensionApproved, at, days=5, approver="Qian", reason="complex") for at in ("03-10 09:00", "03-11 09:00")]

    assert statutory(Story(*IN_REVIEW, *twice), "03-13 09:00").due_on == day("04-07")


def test_a_limit_is_extended_once() -> None:
    story = Story(*IN_REVIEW).when(extend(2)).done()

    story.when(extend(2, "03-11 09:00")).refused(Reason.ALREADY_EXTENDED)


def test_a_limit_is_not_extended_without_a_reason() -> None:
    Story(*IN_REVIEW).when(extend(2, reason="")).refused(Reason.REASON_REQUIRED)
    Story(*IN_REVIEW).when(extend(2, approver="")).refused(Reason.REASON_REQUIRED)


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


def test_no_more_days_are_declared_than_any_procedure_takes() -> None:
    story = Story(*IN_REVIEW)

    story.when(suspend(**{**SPECIAL, "declared_days": 1001})).refused(Reason.DAYS_OUT_OF_RANGE, "1001")
    story.when(suspend(**{**SPECIAL, "declared_days": 1000})).done()
