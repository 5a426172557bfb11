"""The applicant's view: where a case stands, when it is due, what is still to do; and no more than that."""

from dataclasses import fields, replace
from typing import Any, Final

import pytest
from support.story import (
    CALENDAR,
    CITIZEN,
    CLERK,
    CLOSED,
    DECIDED,
    HEAD,
    IN_REVIEW,
    OFFICER,
    REVIEWED,
    ROUTED,
    SEALED,
    accepted,
    day,
    fact,
    granted,
    moment,
    received,
    submitted,
)

from casecore import (
    AcceptanceDeemed,
    Authority,
    CaseAccepted,
    CaseClosed,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    CertificateCorrected,
    CertificateRevoked,
    CertificateSealed,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    Decision,
    DecisionMade,
    DeliveryMethod,
    DistrictRule,
    ExtensionApproved,
    HearingOffered,
    HearingRequested,
    Limit,
    MaterialMet,
    MaterialPromised,
    MaterialWay,
    NotAccepted,
    Outcome,
    Place,
    PreReviewReturned,
    RenewalDeemed,
    ResultDelivered,
    Resumed,
    SpecialGround,
    Stage,
    Suspended,
    SuspensionKind,
    TripMade,
    Visitor,
    WorkCalendar,
    fold,
)
from casecore.reading.progress import Progress, Trips, progress


def told(*events: Any, at: str = "03-05 12:00", **rest: Any) -> Progress:
    def calendar_of(version: str | None) -> WorkCalendar:
        assert version in (None, CALENDAR.version)
        return CALENDAR

    return progress(fold(events), moment(at), calendar_of, **rest)


def deemed() -> AcceptanceDeemed:
    """Received on Saturday 7 March, silent to the end of Friday 13 March."""
    parts = {field.name: getattr(accepted(), field.name) for field in fields(CaseAccepted) if field.name != "notice"}
    since = {"effective_on": day("03-07"), "notice_due_on": day("03-13"), "at": moment("03-16 00:00")}
    return AcceptanceDeemed(**{**parts, **since})


# --- Where it stands ---


STANDINGS: Final[tuple[tuple[tuple[Any, ...], str, str], ...]] = (
    ((submitted(),), "等待预审", "waits for the pre-review"),
    ((received(),), "等待受理", "the hall has to accept them"),
    (ROUTED, "正在审批。正在办理的部门: Fire、Health、Market。", "It is with: Fire, Health, Market."),
    ((*ROUTED, *granted("fire", "health")), "正在办理的部门: Market。", "It is with: Market."),
    (REVIEWED, "审批完毕", "the decision is to follow"),
    (DECIDED, "决定: 准予", "It was granted."),
    (CLOSED, "已办结。办结日期: 2026-03-06。决定: 准予。", "Closed on 2026-03-06. It was granted."),
    (
        (received(), fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal", redirect_to="the bank")),
        "不予受理。理由: not ours; 救济途径: appeal。请向the bank提出。",
        "Reason: not ours; remedy: appeal. Turn to the bank.",
    ),
    ((received(), fact(CaseWithdrawn, "03-03 09:00", reason="moved")), "撤回", "withdrawn"),
    ((received(), fact(CaseVoided, "03-03 09:00", outcome=Outcome.VOIDED, reason="twice")), "作废", "voided"),
)


@pytest.mark.parametrize(("events", "zh", "en"), STANDINGS)
def test_an_applicant_is_told_where_the_case_stands(events: tuple[Any, ...], zh: str, en: str) -> None:
    standing = told(*events).standing

    assert zh in standing.zh
    assert en in standing.en


@pytest.mark.parametrize("stage", Stage)
def test_no_stage_is_without_a_sentence(stage: Stage) -> None:
    found = progress(fold(())._replace(stage=stage), moment("03-05 12:00"), lambda _: CALENDAR)

    assert found.stage is stage
    assert found.standing.zh.endswith("。")


def test_the_days_of_receipt_and_acceptance_are_told() -> None:
    found = told(received("03-02 09:00"), accepted("03-03 10:00"))

    assert found.received_on == day("03-02")
    assert found.acceptance is not None
    assert (found.acceptance.on, found.acceptance.deemed, found.acceptance.said.zh) == (
        day("03-03"), False, "2026-03-03 受理。",
    )  # fmt: skip


def test_accepted_on_a_rest_day_it_is_said_from_when_its_limits_count() -> None:
    found = told(received("03-07 09:00"), accepted("03-07 10:00", effective_on=day("03-09")), at="03-10 12:00")

    assert found.acceptance is not None
    assert found.acceptance.said.en == "Accepted on 2026-03-07; its limits count from 2026-03-09."


# --- Silence ---


def test_silence_past_five_working_days_is_acceptance_by_law_before_anybody_wrote_it_down() -> None:
    found = told(received("03-07 10:00"), at="03-16 00:30")

    assert found.acceptance is not None
    assert (found.acceptance.on, found.acceptance.deemed, found.acceptance.recorded) == (day("03-07"), True, False)
    assert "the law deems it accepted" in found.standing.en
    assert "until 2026-03-13" in found.standing.en
    assert "自收到之日 2026-03-07 起即为受理" in found.standing.zh
    assert found.due is None


@pytest.mark.parametrize("at", ["03-12 12:00", "03-13 23:59"])
def test_within_the_five_days_nothing_is_deemed(at: str) -> None:
    assert told(received("03-07 10:00"), at=at).acceptance is None


def test_where_the_districts_rule_deems_nothing_silence_says_nothing() -> None:
    assert told(received("03-07 10:00"), at="03-20 12:00", rule=DistrictRule(deemed_acceptance=False)).acceptance is None


def test_a_case_waiting_for_corrections_is_not_silent() -> None:
    asked = fact(CorrectionRequested, "03-03 09:00", materials=("lease", "photo"))

    assert told(received(), asked, at="03-20 12:00").acceptance is None


def test_corrected_papers_left_unanswered_count_as_accepted_since_they_came_in() -> None:
    rounds = (
        fact(CorrectionRequested, "03-03 09:00", materials=("lease",)),
        fact(CorrectionSubmitted, "03-06 09:00", materials=("lease",)),
    )

    found = told(received(), *rounds, at="03-16 12:00")

    assert found.acceptance is not None
    assert (found.acceptance.on, found.acceptance.recorded) == (day("03-06"), False)


def test_deemed_acceptance_once_recorded_says_that_nobody_answered_and_is_due_from_the_receipt() -> None:
    found = told(received("03-07 10:00"), deemed(), at="03-16 12:00")

    assert found.acceptance is not None
    assert (found.acceptance.on, found.acceptance.deemed, found.acceptance.recorded) == (day("03-07"), True, True)
    assert "Nobody answered within 5 working days (until 2026-03-13)" in found.acceptance.said.en
    assert "Art. 32" in found.acceptance.said.en
    assert "视为受理" in found.acceptance.said.zh
    assert found.due is not None
    assert found.due.on == day("03-20")


# --- When it is due ---


def test_the_promise_is_told_with_its_day() -> None:
    due = told(*IN_REVIEW).due

    assert due is not None
    assert (due.on, due.overdue, due.provisional) == (day("03-16"), False, False)
    assert (due.said.zh, due.said.en) == ("承诺办结时间: 2026-03-16。", "Promised by 2026-03-16.")


def test_a_promise_of_hours_is_told_to_the_minute() -> None:
    due = told(received(), accepted(promised=Limit.hours(2)), at="03-02 10:30").due

    assert due is not None
    assert due.said.en == "Promised by 2026-03-02 12:00."


def test_an_overdue_promise_is_admitted() -> None:
    running, closed = told(*IN_REVIEW, at="03-17 09:00").due, told(*CLOSED, at="12-01 09:00").due

    assert running is not None
    assert closed is not None
    assert (running.overdue, "已超过承诺时限" in running.said.zh, closed.overdue) == (True, True, False)


def test_a_provisional_due_date_says_so() -> None:
    due = told(received("12-21 09:00"), accepted("12-21 10:00"), at="12-22 09:00").due

    assert due is not None
    assert due.provisional
    assert ("暂定" in due.said.zh, "provisional" in due.said.en) == (True, True)


def test_an_extension_is_told_with_the_later_date() -> None:
    longer = fact(
        ExtensionApproved, "03-05 09:00", days=10, approver=HEAD, reason="difficult", authority=Authority.ORGAN_HEAD
    )

    due = told(*IN_REVIEW, longer, at="03-06 09:00").due

    assert due is not None
    assert (due.on, "已延长 10 个工作日" in due.said.zh) == (day("03-30"), True)


# --- Whether it stands still ---


def suspended(**rest: Any) -> Suspended:
    lawful = {
        "suspension": "S1",
        "kind": SuspensionKind.SPECIAL_PROCEDURE,
        "reason": "chen suspects the samples",
        "ground": SpecialGround.TESTING,
        "declared_days": 3,
        "notice": "N1",
        "moves_promise": True,
        "moves_statutory": True,
    }
    return fact(Suspended, "03-05 09:00", **{**lawful, **rest})


def test_a_standstill_says_why_and_until_when_at_most() -> None:
    (standstill,) = told(*ROUTED, suspended(), at="03-06 12:00").standstills

    assert (standstill.since, standstill.until, standstill.stops_clock) == (day("03-05"), day("03-10"), True)
    assert standstill.said.zh == "自 2026-03-05 起因特别程序(检测)暂停办理, 最长至 2026-03-10; 时限暂停计算。"
    assert "a procedure required by law (testing), until 2026-03-10 at most" in standstill.said.en


def test_past_its_declared_days_the_time_limit_goes_on() -> None:
    (standstill,) = told(*ROUTED, suspended(), at="03-11 12:00").standstills

    assert (standstill.stops_clock, "时限照常计算" in standstill.said.zh) == (False, True)


def test_a_suspension_that_moves_nothing_says_that_the_time_limit_goes_on() -> None:
    ordinary = suspended(
        kind=SuspensionKind.ORDINARY, ground=None, declared_days=None, moves_promise=False, moves_statutory=False
    )

    (standstill,) = told(*ROUTED, ordinary, at="03-06 12:00").standstills

    assert (standstill.until, standstill.stops_clock) == (None, False)
    assert (
        standstill.said.en
        == "Since 2026-03-05 the case stands still: a suspension, no end was told; the time limit goes on."
    )


def test_what_has_been_resumed_stands_still_no_more() -> None:
    resumed = fact(Resumed, "03-06 09:00", suspension="S1")

    assert told(*ROUTED, suspended(), resumed, at="03-06 12:00").standstills == ()


def test_a_case_withdrawn_is_neither_due_nor_standing_still() -> None:
    found = told(*ROUTED, suspended(), fact(CaseWithdrawn, "03-06 09:00", reason="moved"), at="03-06 12:00")

    assert (found.due, found.standstills, found.to_do) == (None, (), ())


# --- What is still to do ---


def test_the_corrections_that_are_missing_are_named_until_they_are_in() -> None:
    asked = fact(CorrectionRequested, "03-03 09:00", materials=("lease", "photo"))
    done = fact(CorrectionSubmitted, "03-05 09:00", materials=("lease", "photo"))

    assert [one.zh for one in told(received(), asked).to_do] == ["请补正: lease、photo。"]
    assert told(received(), asked, done).to_do == ()


def test_an_application_handed_back_is_to_be_filed_again() -> None:
    back = fact(PreReviewReturned, "03-02 09:00", reason="unsigned", materials=("form",))

    assert [one.en for one in told(submitted(), back).to_do] == ["Change the application and file it again."]


def test_a_sealed_result_is_to_be_collected_until_it_was() -> None:
    sent = fact(CourierDispatched, "03-06 10:00", consignment="P1", courier="EMS", certificate="C1")
    delivered = fact(ResultDelivered, "03-07 10:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P1")

    assert [one.zh for one in told(*SEALED).to_do] == ["请领取结果(窗口领取): C1。"]
    assert ["寄递" in one.zh for one in told(*CLOSED, sent).to_do] == [True]
    assert told(*CLOSED, sent, delivered).to_do == ()


def test_nobody_is_asked_to_fetch_what_is_no_longer_valid_but_a_corrected_result_once_more() -> None:
    revoked = fact(CertificateRevoked, "03-06 10:00", certificate="C1", reason="made in error")
    delivered = fact(ResultDelivered, "03-07 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
    corrected = fact(CertificateCorrected, "03-09 10:00", certificate="C1", correction="the name", reason="misspelt")
    sealed = fact(CertificateSealed, "03-09 11:00", certificate="C1", seal="seal-7")

    assert told(*CLOSED, revoked).to_do == ()
    assert told(*CLOSED, delivered, corrected).to_do == ()
    assert [one.en for one in told(*CLOSED, delivered, corrected, sealed).to_do] == ["Collect the result: C1."]


def test_what_was_promised_for_later_is_still_to_come_until_it_has() -> None:
    promised = fact(MaterialPromised, "03-02 09:30", material="lease", due_on=day("03-20"))
    came = fact(MaterialMet, "03-10 09:00", material="lease", way=MaterialWay.PAPER)
    withdrawn = fact(CaseWithdrawn, "03-03 09:00", reason="moved away")

    assert [one.zh for one in told(received(), promised).to_do] == ["请于 2026-03-20 前(含当日)补交: lease(容缺承诺)。"]
    assert "Hand in what was promised for later, by 2026-03-20: lease." in [
        one.en for one in told(received(), promised, *CLOSED[1:]).to_do
    ]
    assert told(received(), promised, came).to_do == ()
    assert told(received(), promised, withdrawn).to_do == ()


def test_a_hearing_may_be_asked_for_until_its_fifth_day() -> None:
    offered = fact(HearingOffered, "03-05 09:00", notice="T1")

    assert [one.en for one in told(*ROUTED, offered, at="03-06 09:00").to_do] == [
        "You may ask for a hearing until 2026-03-12."
    ]
    assert told(*ROUTED, offered, at="03-13 09:00").to_do == ()
    assert told(*ROUTED, offered, fact(HearingRequested, "03-06 09:00"), at="03-06 10:00").to_do == ()


def test_days_declared_beyond_any_date_are_told_without_an_end() -> None:
    promised = accepted(promised=Limit.natural_days(10))

    (still,) = told(received(), promised, suspended(declared_days=2**53), at="03-06 09:00").standstills

    assert still.until is None


def test_standing_still_on_its_last_day_the_promise_is_not_told_as_broken_over_the_weekend() -> None:
    promised = accepted(promised=Limit.working_days(4), plan=())  # until Friday 03-06
    since_friday = replace(suspended(), at=moment("03-06 09:00"))
    over_on_friday = fact(Resumed, "03-06 10:00", suspension="S1")

    standing, gone_on = (
        told(received(), promised, since_friday, *end, at="03-07 09:00").due for end in ((), (over_on_friday,))
    )

    assert standing is not None
    assert gone_on is not None
    assert (standing.overdue, gone_on.overdue) == (False, True)
    assert "not kept" not in standing.said.en


def test_an_extension_of_natural_days_is_told_in_natural_days() -> None:
    extended = fact(ExtensionApproved, "03-05 09:00", days=10, approver="zhao", reason="hard", notice="N-1")

    due = told(received(), accepted(promised=Limit.natural_days(10), plan=()), extended, at="03-06 09:00").due

    assert due is not None
    assert "(extended by 10 natural days)" in due.said.en
    assert "已延长 10 个自然日" in due.said.zh


# --- Trips, and what is not told ---


def test_trips_are_told_against_what_was_promised() -> None:
    came = {"visitor": Visitor.APPLICANT, "place": Place.HALL, "by": CITIZEN}
    asked = fact(CorrectionRequested, "03-02 09:30", materials=("lease",))
    trips = (
        fact(TripMade, "03-02 09:00", visit="V1", cause=Cause.SUBMIT, **came),
        fact(TripMade, "03-03 09:00", visit="V2", cause=Cause.CORRECT, **came),
    )

    assert told(received(), asked, *trips, accepted()).trips == Trips(made=2, counted=1, promised=1)
    assert told(received(trips_recorded=False), accepted()).trips is None


def test_trips_are_told_as_the_district_counts_them() -> None:
    near = fact(
        TripMade, "03-02 09:00", visit="V1", visitor=Visitor.APPLICANT, place=Place.VILLAGE_POINT, cause=Cause.SUBMIT
    )
    two_steps = DistrictRule(name="two steps", near_visits_net=False)

    assert told(received(), near, accepted()).trips == Trips(made=1, counted=1, promised=1)
    assert told(received(), near, accepted(), rule=two_steps).trips == Trips(made=1, counted=0, promised=1)


def test_no_officer_and_no_opinion_is_told() -> None:
    refused = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="zhao doubts the lease")
    events = (*REVIEWED, suspended(), refused, fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER, reason="chen knows"))

    for count in range(1, len(events) + 1):
        said = repr(told(*events[:count]))
        for name in (CLERK, OFFICER, HEAD, "suspects", "doubts", "knows"):
            assert name not in said, (name, said)


# 延续 (Art. 50)

EXPIRES: Final = day("04-30")
FILED_IN_TIME: Final = (received("03-02 09:00", licence_expires_on=EXPIRES), accepted())
RENEWED: Final = fact(RenewalDeemed, "05-01 00:00", by="clock", licence_expired_on=EXPIRES)


@pytest.mark.parametrize("after", [(), (fact(CaseClosed, "05-02 09:00", outcome=Outcome.OTHER),)], ids=["decided", "closed"])
def test_what_silence_renewed_is_told_as_the_laws_doing_and_not_as_a_decision(after: tuple[CaseClosed, ...]) -> None:
    standing = told(*FILED_IN_TIME, RENEWED, *after, at="05-04 09:00").standing

    assert "视为准予延续" in standing.zh
    assert "Nobody decided before the licence ran out on 2026-04-30: by law" in standing.en
    assert "决定: 准予" not in standing.zh
    assert "已作出决定" not in standing.zh
    assert "It was granted" not in standing.en
    assert "decision is made" not in standing.en


def test_a_renewal_that_was_decided_is_told_as_decided() -> None:
    refusal = fact(DecisionMade, "05-02 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    for facts in ((*FILED_IN_TIME, refusal), (*FILED_IN_TIME, RENEWED, refusal)):
        standing = told(*facts, at="05-04 09:00").standing
        assert standing.en == "The decision is made. It was refused."
        assert "视为" not in standing.zh


@pytest.mark.parametrize(("filed", "warned"), [("03-31 23:59", False), ("04-01 00:00", True)])
def test_who_files_a_renewal_late_is_told_that_silence_does_not_renew_it(filed: str, *, warned: bool) -> None:
    late = (received(filed, licence_expires_on=EXPIRES), accepted("04-01 10:00"))

    standing = told(*late, at="04-02 09:00").standing

    assert ("silence does not renew it" in standing.en) is warned
    assert ("不视为准予延续" in standing.zh) is warned


def test_nothing_is_said_of_renewal_where_nothing_is_renewed_or_all_is_decided() -> None:
    refusal = fact(DecisionMade, "04-03 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")
    late = (received("04-01 09:00", licence_expires_on=EXPIRES), accepted("04-01 10:00"))

    assert "renew" not in told(*IN_REVIEW).standing.en
    assert "renew" not in told(*late, refusal, at="04-04 09:00").standing.en
