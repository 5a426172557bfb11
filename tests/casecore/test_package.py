"""A bookshop on its way (一件事办理): what becomes of the package as its cases are accepted, end, wait and fall through."""

from dataclasses import replace
from typing import Any

import pytest
from support.package_story import (
    BOOKS,
    CAFE,
    FIRE,
    ITEMS,
    OFFICE,
    PACKAGE,
    TAX,
    THEME,
    Hall,
    accepting,
    case,
    certifying,
    only,
    opening,
    reviewing,
)
from support.story import CLERK, HALL, HEAD, NOW, OFFICER, day, moment

from casecore import (
    CaseJoined,
    Catalogue,
    Channel,
    CloseCase,
    Decision,
    DeclineAcceptance,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    ExtendPackage,
    GrantApproval,
    MakeDecision,
    Outcome,
    PassTime,
    Reason,
    ReceiveCase,
    RouteCase,
    ShareMaterial,
    SubmitApplication,
    VoidCase,
    WithdrawCase,
    promised_trips,
)
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.certificates import CertificateRevoked
from casecore.case.facts.joining import ConditionLapsed
from casecore.command import Command
from casecore.limits import Limit
from casecore.package.facts.limits import PackageAccepted, PackageClosed
from casecore.package.facts.members import ConditionFailed, ConditionMet, MemberDropped, MemberEnded, MemberStarted
from casecore.reading.progress import progress
from casecore.said import Said
from casecore.vocabulary import Authority, MemberState, PackageStage, Stage


def refusing(number: str, on: str) -> list[Command]:
    """The head says no, and the case is closed with that."""
    yes = reviewing(number, on)
    no = MakeDecision(
        case=number, by=HEAD, at=moment(f"{on} 10:30"), decision=Decision.REFUSED, reason="no second exit", document="D1"
    )
    return [*yes[:-1], no, CloseCase(case=number, by=CLERK, at=moment(f"{on} 10:50"), outcome=Outcome.OTHER)]


def declining(number: str, when: str) -> DeclineAcceptance:
    return DeclineAcceptance(case=number, by=CLERK, at=moment(when), reason="not ours", remedy="appeal within 60 days")


def withdrawing(number: str, when: str) -> WithdrawCase:
    return WithdrawCase(case=number, by=CLERK, at=moment(when), reason="changed their mind")


def voiding(number: str, when: str) -> VoidCase:
    return VoidCase(case=number, by=CLERK, at=moment(when), reason="entered twice")


def closing_as_deleted(number: str, when: str) -> CloseCase:
    return CloseCase(case=number, by=CLERK, at=moment(when), outcome=Outcome.DELETED, reason="entered twice")


def opened(**said: Any) -> Hall:
    return Hall().does(opening(**said))


def told_of(hall: Hall, number: str) -> Said:
    """Where its applicant is told that a case stands."""
    return progress(hall.engine.file(number), NOW, OFFICE.calendar_of).standing


# -- 受理


def test_the_package_is_accepted_with_the_last_answer_and_runs_from_the_latest_day_0() -> None:
    hall = opened(tax="no").does(accepting(case(BOOKS), "03-02 10:00"), accepting(case(CAFE), "03-04 10:00"))
    assert hall.package.stage is PackageStage.OPENED
    hall.does(accepting(case(FIRE), "03-03 10:00"))
    assert only(PackageAccepted, hall.facts(PACKAGE, object)) == PackageAccepted(
        at=moment("03-04 10:00"),  # recorded last was not what happened last
        by=CLERK,
        effective_on=day("03-04"),
        statutory=Limit.working_days(45),
        calendar=OFFICE.calendar.version,
    )
    assert hall.package.stage is PackageStage.ACCEPTED


def test_a_case_may_be_accepted_and_granted_before_others_were_even_received() -> None:
    hall = opened(tax="yes", channel=Channel.WEBSITE)
    hall.grants(case(BOOKS), on="03-03", filed=True)
    assert hall.package.stage is PackageStage.OPENED
    assert hall.member(case(TAX)).state is MemberState.RUNNING, "its prerequisite was granted, whatever the others do"
    assert hall.told(case(TAX)) == ["CaseJoined", "CaseJoined", "ApplicationSubmitted"]
    hall.grants(case(FIRE), case(CAFE), case(TAX), on="03-04", filed=True)
    assert only(PackageAccepted, hall.facts(PACKAGE, object)).effective_on == day("03-04")
    assert only(PackageClosed, hall.facts(PACKAGE, object)).granted == 4


def test_a_case_that_waits_keeps_nobody_from_being_accepted() -> None:
    hall = opened(coffee="no").does(accepting(case(BOOKS), "03-02 10:00"))
    assert hall.package.stage is PackageStage.ACCEPTED


def test_what_the_law_accepts_in_silence_counts_as_an_answer() -> None:
    hall = opened(tax="no").does(accepting(case(BOOKS), "03-02 10:00"), accepting(case(CAFE), "03-02 10:05"))
    ticked = hall.engine.tick(moment("03-10 01:00"))
    assert [receipt.stream for receipt in ticked.receipts] == [case(FIRE)]
    assert not ticked.unreadable
    assert only(PackageAccepted, hall.facts(PACKAGE, object)).effective_on == day("03-02")
    told = [fact for fact in hall.engine.history(PACKAGE) if fact.envelope.causation_id == ticked.receipts[0].command_id]
    assert [type(fact.event).__name__ for fact in told] == ["MemberAccepted", "PackageAccepted"]


def test_a_clock_passing_over_a_package_says_nothing_of_it() -> None:
    hall = opened()
    refused = hall.refuses(PassTime(case=PACKAGE, by="clock", at=moment("03-10 09:00")))
    assert refused.reason is Reason.OTHER_KIND


# -- 办结: once, when all are over


def test_it_is_closed_once_with_the_last_case() -> None:
    hall = opened().grants(case(BOOKS), case(FIRE), case(CAFE), on="03-04")
    assert hall.package.stage is PackageStage.ACCEPTED
    hall.grants(case(TAX), on="03-05")
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed, closed.at) == (4, 0, moment("03-05 10:50"))
    assert hall.told(PACKAGE)[-1] == "PackageClosed"


def test_some_granted_some_not_is_closed_all_the_same_and_counted() -> None:
    """Three shops: books are granted, refused, withdrawn; the tax office is asked where there are books."""
    hall = opened(coffee="no", subjects=("Lake", "Hill", "Mill"))
    hall.grants(case(BOOKS, 1), on="03-03")
    hall.does(accepting(case(BOOKS, 2), "03-03 10:00"), *refusing(case(BOOKS, 2), "03-03"))
    hall.does(withdrawing(case(BOOKS, 3), "03-03 10:00"))
    assert [(one.case, one.prerequisite) for one in hall.facts(PACKAGE, MemberDropped)] == [
        (case(TAX, shop), case(BOOKS, shop)) for shop in (2, 3)
    ]
    hall.grants(case(TAX, 1), on="03-04")
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (2, 4)


@pytest.mark.parametrize(
    ("end", "stage"),
    [
        (declining, Stage.NOT_ACCEPTED),
        (withdrawing, Stage.WITHDRAWN),
        (voiding, Stage.VOIDED),
        (closing_as_deleted, Stage.VOIDED),
    ],
    ids=["declined", "withdrawn", "voided", "closed as deleted"],
)
def test_a_case_that_was_never_accepted_is_over_however_it_ended(end: Any, stage: Stage) -> None:
    hall = opened(coffee="yes", tax="no").does(end(case(BOOKS), "03-02 11:00"))
    ended = only(MemberEnded, hall.facts(PACKAGE, object))
    assert (ended.stage, ended.granted) == (stage, False)
    hall.grants(case(FIRE), case(CAFE), on="03-03")
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (2, 1)


def test_a_package_of_which_nothing_was_accepted_is_closed_without_a_promise() -> None:
    hall = opened().does(*(declining(case(code), "03-03 09:00") for code in (BOOKS, CAFE, FIRE)))
    assert hall.member(case(TAX)).state is MemberState.DROPPED
    assert hall.package.promise is None
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (0, 4)


def test_a_case_voided_after_the_package_was_closed_closes_nothing_twice() -> None:
    hall = opened(coffee="no", tax="no").grants(case(BOOKS), on="03-03")
    hall.does(voiding(case(BOOKS), "03-09 09:00"))
    assert hall.told(PACKAGE)[-2:] == ["PackageClosed", "MemberEnded"]
    assert hall.member(case(BOOKS)).granted is False
    assert only(PackageClosed, hall.facts(PACKAGE, object)).granted == 1, "what was told at the closing stays told"


def test_a_case_voided_after_it_was_closed_is_told_again_while_the_package_runs() -> None:
    hall = opened(tax="no").grants(case(BOOKS), on="03-03").does(voiding(case(BOOKS), "03-03 12:00"))
    assert [ended.granted for ended in hall.facts(PACKAGE, MemberEnded)] == [True, False]
    hall.grants(case(FIRE), case(CAFE), on="03-04")
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (2, 1)


def test_facts_told_in_another_order_than_they_happened_close_it_when_the_last_had_happened() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(FIRE), on="03-06").grants(case(BOOKS), on="03-04")
    hall.grants(case(CAFE), on="03-03")
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert closed.at == moment("03-06 10:50")
    assert hall.package.stage_at == moment("03-06 10:50")


def test_a_condition_told_late_is_met_when_both_had_ended() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(CAFE), on="03-06").grants(case(FIRE), on="03-03")
    assert only(ConditionMet, hall.facts(PACKAGE, object)).at == moment("03-06 10:50")


def test_what_waited_for_two_is_opened_when_the_later_one_had_ended_whichever_was_told_first() -> None:
    after_both = replace(THEME, items=(*THEME.items[:3], replace(THEME.items[3], after=(BOOKS, FIRE))))
    hall = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS, themes=(after_both,)))).does(opening())
    hall.grants(case(BOOKS), on="03-06")
    assert hall.member(case(TAX)).state is MemberState.WAITING
    hall.grants(case(FIRE), on="03-04")
    (received,) = hall.facts(case(TAX), CaseReceived)
    assert received.at == moment("03-06 10:50")


# -- 串联: opened when granted


def test_what_had_to_wait_is_opened_with_the_grant_and_names_it_as_its_cause() -> None:
    hall = opened(coffee="no").grants(case(BOOKS), on="03-04")
    started = only(MemberStarted, hall.facts(PACKAGE, object))
    assert (started.case, started.at) == (case(TAX), moment("03-04 10:50"))
    assert hall.told(case(TAX)) == ["CaseJoined", "CaseJoined", "CaseReceived"]
    assert [joined.waiting for joined in hall.facts(case(TAX), CaseJoined)] == [True, False]
    (received,) = hall.facts(case(TAX), CaseReceived)
    assert (received.applicant, received.hall, received.at) == ("Page & Sons", HALL, moment("03-04 10:50"))


@pytest.mark.parametrize("end", [declining, withdrawing, voiding], ids=["declined", "withdrawn", "voided"])
def test_what_had_to_wait_is_dropped_when_its_prerequisite_comes_to_nothing(end: Any) -> None:
    hall = opened(coffee="no").does(end(case(BOOKS), "03-02 11:00"))
    dropped = only(MemberDropped, hall.facts(PACKAGE, object))
    assert (dropped.case, dropped.prerequisite) == (case(TAX), case(BOOKS))
    assert hall.told(case(TAX)) == ["CaseJoined", "ConditionLapsed"]
    assert only(PackageClosed, hall.facts(PACKAGE, object)).failed == 2


def test_an_applicant_is_told_that_a_case_waits_and_why_nothing_more_comes_of_a_dropped_one() -> None:
    hall = opened(coffee="no")
    waits = told_of(hall, case(TAX))
    assert "待前置事项" in waits.zh
    assert waits.en == f"Others of its package {PACKAGE} come first."
    hall.does(withdrawing(case(BOOKS), "03-02 11:00"))
    dropped = told_of(hall, case(TAX))
    assert "不再办理" in dropped.zh
    assert dropped.en.startswith(f"Nothing more comes of it: {case(BOOKS)} came to nothing")


def test_nothing_is_promised_of_a_waiting_case_and_once_opened_its_visits_are_the_packages() -> None:
    hall = opened(coffee="no")
    assert promised_trips(hall.engine.file(case(TAX))) is None
    hall.grants(case(BOOKS), on="03-04")
    assert promised_trips(hall.engine.file(case(TAX))) == THEME.visits


@pytest.mark.parametrize("channel", [Channel.WINDOW, Channel.WEBSITE])
def test_nobody_applies_any_more_for_what_was_dropped(channel: Channel) -> None:
    hall = opened(coffee="no").does(withdrawing(case(BOOKS), "03-02 11:00"))
    who: dict[str, Any] = {"case": case(TAX), "by": CLERK, "at": moment("03-03 09:00"), "item": TAX, "channel": channel}
    received = ReceiveCase(**who, hall=HALL)
    filed = SubmitApplication(**who, applicant="Page & Sons")
    for act in (received, filed):
        refused = hall.refuses(act)
        assert (refused.reason, refused.named) == (Reason.CONDITION_FAILED, case(BOOKS))


def test_filed_online_what_lost_its_condition_is_still_received_so_that_it_can_be_answered() -> None:
    hall = opened(tax="no", channel=Channel.WEBSITE).does(declining(case(FIRE), "03-02 11:00"))
    hall.does(ReceiveCase(case=case(CAFE), by=CLERK, at=moment("03-03 09:00"), hall=HALL))
    assert hall.engine.file(case(CAFE)).stage is Stage.RECEIVED


def test_an_item_that_is_offered_no_more_when_its_turn_comes_holds_nobody_up() -> None:
    """The tax office's item ends on 30 September; the books are granted on 9 October."""
    hall = opened(when="09-28 09:00", coffee="no").does(accepting(case(BOOKS), "09-28 10:00"))
    hall.does(*reviewing(case(BOOKS), "10-09"), *certifying(case(BOOKS), "10-09"))
    dropped = only(MemberDropped, hall.facts(PACKAGE, object))
    assert (dropped.case, dropped.prerequisite) == (case(TAX), TAX)
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (1, 1)


def test_nothing_can_be_done_in_a_case_that_waits() -> None:
    hall = opened()
    assert hall.refuses(accepting(case(TAX), "03-03 09:00")).reason is Reason.WRONG_STAGE
    received = ReceiveCase(case=case(TAX), by=CLERK, at=moment("03-03 09:00"), item=TAX, hall=HALL)
    filed = SubmitApplication(
        case=case(TAX), by=CLERK, at=moment("03-03 09:00"), item=TAX, channel=Channel.WEBSITE, applicant="Page & Sons"
    )
    for act in (received, filed):
        assert hall.refuses(act).reason is Reason.WAITS_FOR_OTHERS


# -- 并联, 附条件办结


def test_a_case_closed_on_condition_keeps_the_package_open_until_it_is_met() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(BOOKS), case(CAFE), on="03-03")
    ended = hall.facts(PACKAGE, MemberEnded)[-1]
    assert (ended.case, ended.granted, ended.pending) == (case(CAFE), True, (case(FIRE),))
    assert hall.member(case(CAFE)).over is False
    hall.grants(case(FIRE), on="03-05")
    assert hall.told(PACKAGE)[-3:] == ["MemberEnded", "ConditionMet", "PackageClosed"]
    assert only(ConditionMet, hall.facts(PACKAGE, object)).case == case(CAFE)
    assert hall.facts(case(CAFE), CertificateRevoked) == []
    assert only(PackageClosed, hall.facts(PACKAGE, object)).granted == 3


def test_a_condition_that_fails_revokes_what_was_issued_on_it() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(BOOKS), case(CAFE), on="03-03")
    hall.does(accepting(case(FIRE), "03-03 10:00"), *refusing(case(FIRE), "03-05"))
    failed = only(ConditionFailed, hall.facts(PACKAGE, object))
    assert (failed.case, failed.prerequisite) == (case(CAFE), case(FIRE))
    revoked = only(CertificateRevoked, hall.facts(case(CAFE), object))
    assert (revoked.certificate, revoked.at) == (f"C-{case(CAFE)}", moment("03-05 10:50"))
    assert case(FIRE) in revoked.reason
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (1, 2)


@pytest.mark.parametrize("end", [declining, withdrawing, voiding], ids=["declined", "withdrawn", "voided"])
def test_a_condition_that_fails_stops_the_case_that_runs_on_it_at_once(end: Any) -> None:
    hall = opened(coffee="yes", tax="no").does(end(case(FIRE), "03-02 10:00"))
    failed = only(ConditionFailed, hall.facts(PACKAGE, object))
    assert (failed.case, failed.prerequisite, failed.at) == (case(CAFE), case(FIRE), moment("03-02 10:00"))
    assert hall.member(case(CAFE)).state is MemberState.RUNNING
    assert hall.told(case(CAFE))[-1] == "ConditionLapsed"


def test_a_condition_voided_after_it_was_granted_stops_the_case_that_still_runs_on_it() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(FIRE), on="03-03")
    assert hall.facts(PACKAGE, ConditionFailed) == []
    hall.does(voiding(case(FIRE), "03-04 10:00"))
    assert only(ConditionFailed, hall.facts(PACKAGE, object)).at == moment("03-04 10:00")


@pytest.mark.parametrize("decision", [Decision.GRANTED, Decision.CONDITIONALLY_GRANTED])
def test_nothing_is_granted_any_more_on_a_condition_that_failed(decision: Decision) -> None:
    hall = opened(coffee="yes", tax="no").does(withdrawing(case(FIRE), "03-02 10:00"), accepting(case(CAFE), "03-03 10:00"))
    *reviewed, yes = reviewing(case(CAFE), "03-03")
    hall.does(*reviewed)
    refused = hall.refuses(replace(yes, decision=decision))
    assert (refused.reason, refused.named) == (Reason.CONDITION_FAILED, case(FIRE))


def _returned(hall: Hall) -> None:
    at = moment("03-03 11:00")
    hall.does(CloseCase(case=case(CAFE), by=CLERK, at=at, outcome=Outcome.RETURNED, reason="no fire brigade"))


def _refused(hall: Hall) -> None:
    *reviewed, yes = reviewing(case(CAFE), "03-03")
    hall.does(*reviewed, replace(yes, decision=Decision.REFUSED, reason="no fire brigade"))
    hall.does(CloseCase(case=case(CAFE), by=CLERK, at=moment("03-03 11:00"), outcome=Outcome.OTHER))


@pytest.mark.parametrize("end", [_returned, _refused, lambda hall: hall.does(withdrawing(case(CAFE), "03-03 11:00"))])
def test_a_case_whose_condition_failed_is_refused_returned_or_withdrawn_and_told_of_it_once(end: Any) -> None:
    hall = opened(coffee="yes", tax="no").does(withdrawing(case(FIRE), "03-02 10:00"), accepting(case(CAFE), "03-03 10:00"))
    end(hall)
    assert hall.member(case(CAFE)).over
    hall.grants(case(BOOKS), on="03-04")
    assert len(hall.facts(PACKAGE, ConditionFailed)) == len(hall.facts(case(CAFE), ConditionLapsed)) == 1
    closed = only(PackageClosed, hall.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (1, 2)


def test_what_was_decided_before_its_condition_failed_and_closed_after_is_not_granted() -> None:
    hall = opened(coffee="yes", tax="no").does(accepting(case(CAFE), "03-03 10:00"), *reviewing(case(CAFE), "03-03"))
    hall.does(withdrawing(case(FIRE), "03-04 10:00"))
    hall.does(CloseCase(case=case(CAFE), by=CLERK, at=moment("03-04 11:00"), outcome=Outcome.OTHER))
    ended = hall.facts(PACKAGE, MemberEnded)[-1]
    assert (ended.case, ended.granted, hall.member(case(CAFE)).granted) == (case(CAFE), False, False)
    said = told_of(hall, case(CAFE))
    assert "附条件未成就" in said.zh
    assert "granted" not in said.en


def test_what_waits_for_a_case_that_lost_its_condition_is_dropped_with_it() -> None:
    after_the_cafe = replace(THEME, items=(*THEME.items[:3], replace(THEME.items[3], after=(CAFE,))))
    hall = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS, themes=(after_the_cafe,)))).does(opening())
    hall.does(withdrawing(case(FIRE), "03-02 10:00"))
    dropped = only(MemberDropped, hall.facts(PACKAGE, object))
    assert (dropped.case, dropped.prerequisite) == (case(TAX), case(CAFE))


def test_what_waits_is_dropped_when_the_condition_fails_that_it_would_be_closed_on() -> None:
    on_fire = replace(THEME, items=(*THEME.items[:3], replace(THEME.items[3], conditional_on=(FIRE,))))
    hall = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS, themes=(on_fire,)))).does(opening())
    hall.does(withdrawing(case(FIRE), "03-02 10:00")).grants(case(BOOKS), on="03-03")
    dropped = only(MemberDropped, hall.facts(PACKAGE, object))
    assert (dropped.case, dropped.prerequisite) == (case(TAX), case(FIRE))
    assert hall.facts(PACKAGE, MemberStarted) == []


def test_what_was_closed_without_a_certificate_gets_none_after_its_condition_failed() -> None:
    hall = opened(coffee="yes", tax="no").does(accepting(case(CAFE), "03-03 10:00"), *reviewing(case(CAFE), "03-03"))
    hall.does(CloseCase(case=case(CAFE), by=CLERK, at=moment("03-03 10:50"), outcome=Outcome.OTHER))
    hall.does(withdrawing(case(FIRE), "03-04 10:00"))
    refused = hall.refuses(certifying(case(CAFE), "03-05")[0])
    assert (refused.reason, refused.named) == (Reason.CONDITION_FAILED, case(FIRE))


def test_what_was_granted_on_a_condition_that_failed_leaves_the_hall_no_more_on_paper_either() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(CAFE), on="03-03")
    hall.does(withdrawing(case(FIRE), "03-04 09:00"))
    for command in (
        DeliverResult(case=case(CAFE), by=CLERK, at=moment("03-04 10:00"), method=DeliveryMethod.WINDOW),
        DispatchCourier(case=case(CAFE), by=CLERK, at=moment("03-04 10:00"), consignment="SF-1", courier="SF"),
    ):
        refused = hall.refuses(command)
        assert (refused.reason, refused.named) == (Reason.CONDITION_FAILED, case(FIRE))
    hall.does(DeliverResult(case=case(CAFE), by=CLERK, at=moment("03-03 16:00"), method=DeliveryMethod.WINDOW))  # told late


def test_a_condition_that_was_met_before_is_none_any_more() -> None:
    hall = opened(coffee="yes", tax="no").grants(case(FIRE), on="03-03").grants(case(CAFE), on="03-04")
    assert [ended.pending for ended in hall.facts(PACKAGE, MemberEnded)] == [(), ()]
    assert hall.facts(PACKAGE, ConditionMet) == []


def test_a_case_that_is_refused_depends_on_no_condition() -> None:
    hall = opened(coffee="yes", tax="no").does(accepting(case(CAFE), "03-03 10:00"), *refusing(case(CAFE), "03-03"))
    assert only(MemberEnded, hall.facts(PACKAGE, object)).pending == ()
    hall.does(withdrawing(case(FIRE), "03-03 12:00"))
    assert hall.facts(PACKAGE, ConditionFailed) == []


# -- 延长审批


def extending(**said: Any) -> ExtendPackage:
    asked: dict[str, Any] = {"days": 15, "approver": "county head", "reason": "many departments", "notice": "N7"}
    return ExtendPackage(package=PACKAGE, by=OFFICER, at=moment("03-10 09:00"), **{**asked, **said})


def test_the_head_of_government_extends_the_joint_limit_once_by_fifteen_days_at_most() -> None:
    hall = opened(coffee="no", tax="no")
    assert hall.refuses(extending()).reason is Reason.WRONG_STAGE, "before the acceptance there is no limit to extend"
    hall.does(accepting(case(BOOKS), "03-02 10:00"))
    for said, reason in (
        ({"days": 16}, Reason.EXTENSION_TOO_LONG),
        ({"days": 0}, Reason.DAYS_OUT_OF_RANGE),
        ({"approver": " "}, Reason.REASON_REQUIRED),
        ({"authority": Authority.ORGAN_HEAD}, Reason.WRONG_AUTHORITY),
        ({"notice": None}, Reason.NOTICE_REQUIRED),
        ({"notice": " "}, Reason.NOTICE_REQUIRED),
        ({"reason": " "}, Reason.REASON_REQUIRED),
    ):
        assert hall.refuses(extending(**said)).reason is reason
    hall.does(extending())
    assert hall.refuses(extending()).reason is Reason.ALREADY_EXTENDED


def test_nothing_is_shared_or_extended_in_a_package_nobody_opened_or_that_is_closed() -> None:
    sharing = ShareMaterial(package=PACKAGE, by=CLERK, at=moment("03-10 09:00"), material="lease")
    assert Hall().refuses(sharing).reason is Reason.UNKNOWN_PACKAGE
    assert Hall().refuses(extending()).reason is Reason.UNKNOWN_PACKAGE
    hall = opened(coffee="no", tax="no").grants(case(BOOKS), on="03-03")
    assert hall.refuses(sharing).reason is Reason.WRONG_STAGE
    assert hall.refuses(extending()).reason is Reason.WRONG_STAGE


def test_each_case_keeps_its_own_rules_within_the_package() -> None:
    hall = opened(coffee="no", tax="no").does(accepting(case(BOOKS), "03-02 10:00"))
    hall.does(RouteCase(case=case(BOOKS), by=OFFICER, at=moment("03-02 11:00")))
    answer = GrantApproval(case=case(BOOKS), by=CLERK, at=moment("03-02 12:00"), step="press", department="Culture")
    assert hall.refuses(answer).reason is Reason.ACCEPTOR_MAY_NOT_APPROVE


def test_a_case_received_by_hand_is_in_the_package_it_was_filed_in() -> None:
    hall = opened(coffee="no", tax="no", channel=Channel.WEBSITE)
    hall.does(ReceiveCase(case=case(BOOKS), by=CLERK, at=moment("03-03 09:00"), hall=HALL))
    joined = hall.engine.file(case(BOOKS)).service.package
    assert joined is not None
    assert joined.package == PACKAGE
