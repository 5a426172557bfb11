"""The closed list of refusals: stable codes, two languages, one order of precedence."""

import re
from datetime import date, datetime
from typing import NamedTuple

import pytest
from support.story import (
    CLERK,
    CLOSED,
    DECIDED,
    FOOD,
    GONE,
    HALL,
    HEAD,
    IN_REVIEW,
    NOW,
    OFFICE,
    REVIEWED,
    ROUTED,
    SEALED,
    SUBSIDY,
    ask,
    fact,
    granted,
    moment,
    received,
    submitted,
)

from casecore import (
    AcceptCase,
    ApplicantKind,
    ApproveExtension,
    Authority,
    CardGround,
    CardIssued,
    CardLevel,
    CardRevoked,
    CaseCommand,
    CaseEvent,
    CertificateMade,
    Channel,
    CloseCase,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    CourierReturned,
    Decision,
    DeclineAcceptance,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    ExtensionApproved,
    GrantApproval,
    HearingHeld,
    HearingOffered,
    HearingRequested,
    IssueCard,
    MakeDecision,
    NotifyHearing,
    OfferHearing,
    Outcome,
    PreReviewReturned,
    Reason,
    ReceiveCase,
    RefuseApproval,
    Refused,
    ReportCourierReturned,
    RequestCorrection,
    RequestHearing,
    ResendCourier,
    ResultDelivered,
    ReviewCompleted,
    RevokeCard,
    RouteCase,
    SpecialGround,
    SubmitApplication,
    SuspendCase,
    Suspended,
    SuspensionKind,
    TransferCase,
    decide,
    fold,
)

# codes and sentences


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_stable_code_and_a_sentence_in_both_languages(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", reason.value)
    assert reason.value == reason.name.lower()
    assert str(reason) == reason.value
    assert re.search(r"[\u4e00-\u9fff]", reason.zh)
    assert re.fullmatch(r"[a-zA-Z][\x20-\x7e]+[^.]", reason.en)


def test_no_two_reasons_share_a_code_or_a_sentence() -> None:
    for words in ([r.value for r in Reason], [r.zh for r in Reason], [r.en for r in Reason]):
        assert len(set(words)) == len(words) == len(Reason.__members__)


def test_a_reason_is_found_by_its_code() -> None:
    assert Reason("wrong_stage") is Reason.WRONG_STAGE


def test_a_refusal_reads_as_a_line() -> None:
    refused = Refused(Reason.WRONG_STAGE, "closed", "510107-1", "GrantApproval")

    assert str(refused) == (
        "510107-1 GrantApproval: wrong_stage [closed]: "
        "办件当前环节不能进行此操作 / the case does not stand where this can be done"
    )


def test_a_refusal_that_names_nothing_has_no_brackets() -> None:
    assert "[" not in str(Refused(Reason.NOTHING_NAMED, "", "510107-1", "CorrectOnSpot"))


def test_a_refusal_of_nobodys_command_is_still_a_sentence() -> None:
    assert str(Refused(Reason.NOTHING_NAMED)) == ": nothing_named: 未列明材料 / no material is named"


# precedence

Facts = tuple[CaseEvent, ...]


class Fault(NamedTuple):
    """Two reasons to refuse one command; with the first one cured, the second is left."""

    first: Reason
    second: Reason
    given: Facts
    command: CaseCommand
    cured: CaseCommand | Facts
    """The same command without the first fault, or the facts under which the command does not have it."""
    now: datetime = NOW


def grant(when: str | None = None, step: str = "fire", department: str = "Fire", **rest: object) -> GrantApproval:
    return ask(GrantApproval, when, step=step, department=department, **rest)


def apply(item: str = FOOD, **rest: object) -> SubmitApplication:
    filed = {"channel": Channel.WEBSITE, "applicant": "Li Lei"}
    return ask(SubmitApplication, "03-03 09:00", item=item, **{**filed, **rest})


def missing(*materials: str, at: str | None = None) -> RequestCorrection:
    return ask(RequestCorrection, at, materials=materials)


def decline(reason: str, at: str | None = None) -> DeclineAcceptance:
    return ask(DeclineAcceptance, at, reason=reason, remedy="appeal")


def suspend(at: str | None = None, **rest: object) -> SuspendCase:
    procedure = {
        "reason": "the roof is measured",
        "kind": SuspensionKind.SPECIAL_PROCEDURE,
        "ground": SpecialGround.TESTING,
        "declared_days": 5,
        "notice": "T-1",
    }
    return ask(SuspendCase, at, **{**procedure, **rest})


def extend(days: int = 5, **rest: object) -> ApproveExtension:
    paper = {"approver": "Director Qian", "reason": "complex", "notice": "E-1"}
    return ask(ApproveExtension, days=days, **{**paper, **rest})


def announce(on: str = "2027-01-20", notice: str = "H-2") -> NotifyHearing:
    return ask(NotifyHearing, hearing_on=date.fromisoformat(on), notice=notice)


def card(reason: str = "charged 50 yuan", name: str = "manual:1") -> IssueCard:
    return ask(IssueCard, level=CardLevel.RED, ground=CardGround.ILLEGAL_FEE, reason=reason, card=name)


def dispatch(consignment: str = "EMS1", certificate: str | None = "C1") -> DispatchCourier:
    return ask(DispatchCourier, consignment=consignment, courier="EMS", certificate=certificate)


def resend(consignment: str = "EMS2", replaces: str = "EMS1") -> ResendCourier:
    return ask(ResendCourier, consignment=consignment, courier="EMS", replaces=replaces)


def decided(by: str = HEAD, when: str | None = None, decision: Decision = Decision.GRANTED) -> MakeDecision:
    return ask(MakeDecision, when, by=by, decision=decision)


RETURNED: Facts = (submitted(), fact(PreReviewReturned, "03-02 08:30", reason="blurred"))
PAUSED = fact(Suspended, "03-04 12:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")
SENT: Facts = (*CLOSED, fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS"))
SENT_WITH_C1: Facts = (
    *CLOSED,
    fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS", certificate="C1"),
)
CAME_BACK: Facts = (*SENT_WITH_C1, fact(CourierReturned, "03-09 10:00", consignment="EMS1", reason="nobody at home"))
FETCHED = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
EXTENDED: Facts = (
    *IN_REVIEW,
    fact(ExtensionApproved, "03-03 09:00", days=5, approver="Director Qian", reason="complex"),
)
TESTED: Facts = (
    *IN_REVIEW,
    fact(
        Suspended,
        "03-03 09:00",
        suspension="S1",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=SpecialGround.TESTING,
        declared_days=5,
        notice="T-0",
        reason="the water is tested",
        moves_promise=True,
        moves_statutory=True,
    ),
)
SILENT: Facts = (
    received(),
    fact(CorrectionRequested, "03-02 09:30", materials=("lease",)),
    fact(CorrectionSubmitted, "03-03 09:30"),
)
OFFERED: Facts = (*IN_REVIEW, fact(HearingOffered, "03-03 09:00", notice="H-1"))
WANTED: Facts = (*OFFERED, fact(HearingRequested, "03-04 09:00"))
HELD: Facts = (*WANTED, fact(HearingHeld, "03-18 09:00", record="R-1"))
CARDED: Facts = (
    *IN_REVIEW,
    fact(
        CardIssued,
        "03-09 09:00",
        card="manual:1",
        level=CardLevel.RED,
        ground=CardGround.ILLEGAL_FEE,
        judged_at=moment("03-09 09:00"),
    ),
)
BY_THE_MAYOR: dict[str, object] = {"authority": Authority.GOVERNMENT_HEAD}
NOT_ALL_GRANTED: Facts = (*ROUTED, *granted("fire", "health"), fact(ReviewCompleted, "03-04 09:00", granted=False))
UNSEALED: Facts = (*SENT, fact(CertificateMade, "03-06 11:00", certificate="C2", kind="licence"))

FAULTS = [
    # where the case stands, before when it happened
    Fault(Reason.UNKNOWN_CASE, Reason.IN_THE_FUTURE, (), grant("12-31 09:00"), ROUTED),
    Fault(Reason.WRONG_STAGE, Reason.IN_THE_FUTURE, DECIDED, grant("12-31 09:00"), ROUTED),
    Fault(Reason.WRONG_STAGE, Reason.BEFORE_STAGE, REVIEWED, grant("03-01 09:00"), ROUTED),
    Fault(Reason.WRONG_STAGE, Reason.ACCEPTOR_MAY_NOT_APPROVE, DECIDED, grant(by=CLERK), ROUTED),
    Fault(
        Reason.IN_THE_FUTURE,
        Reason.OUTCOME_UNFIT,
        IN_REVIEW,
        ask(CloseCase, "12-31 09:00", outcome=Outcome.OTHER),
        ask(CloseCase, outcome=Outcome.OTHER),
    ),
    Fault(
        Reason.CASE_SUSPENDED,
        Reason.OUTCOME_UNFIT,
        (*IN_REVIEW, PAUSED),
        ask(CloseCase, outcome=Outcome.OTHER),
        IN_REVIEW,
    ),
    Fault(Reason.IN_THE_FUTURE, Reason.CASE_SUSPENDED, (*REVIEWED, PAUSED), decided(when="12-31 09:00"), decided()),
    Fault(Reason.BEFORE_STAGE, Reason.CASE_SUSPENDED, (*REVIEWED, PAUSED), decided(when="03-01 09:00"), decided()),
    Fault(Reason.CASE_SUSPENDED, Reason.ACCEPTOR_MAY_NOT_APPROVE, (*REVIEWED, PAUSED), decided(CLERK), REVIEWED),
    Fault(
        Reason.CASE_SUSPENDED,
        Reason.REASON_REQUIRED,
        (*REVIEWED, PAUSED),
        ask(CloseCase, outcome=Outcome.RETURNED),
        REVIEWED,
    ),
    # when, before who and what
    Fault(
        Reason.IN_THE_FUTURE,
        Reason.BEFORE_STAGE,
        (received("03-04 09:00"),),
        ask(AcceptCase, "03-03 09:00"),
        ask(AcceptCase, "03-01 09:00"),
        now=moment("03-02 09:00"),
    ),
    Fault(Reason.IN_THE_FUTURE, Reason.ACCEPTOR_MAY_NOT_APPROVE, ROUTED, grant("12-31 09:00", by=CLERK), grant(by=CLERK)),
    Fault(Reason.BEFORE_STAGE, Reason.ACCEPTOR_MAY_NOT_APPROVE, ROUTED, grant("03-01 09:00", by=CLERK), grant(by=CLERK)),
    Fault(Reason.BEFORE_STAGE, Reason.UNKNOWN_STEP, ROUTED, grant("03-01 09:00", "police"), grant(step="police")),
    # who, before what
    Fault(
        Reason.ACCEPTOR_MAY_NOT_APPROVE,
        Reason.UNKNOWN_STEP,
        ROUTED,
        grant(step="police", by=CLERK),
        grant(step="police"),
    ),
    Fault(Reason.ACCEPTOR_MAY_NOT_APPROVE, Reason.STEP_NOT_OPEN, IN_REVIEW, grant(by=CLERK), grant()),
    Fault(
        Reason.ACCEPTOR_MAY_NOT_APPROVE,
        Reason.WRONG_DEPARTMENT,
        ROUTED,
        grant(department="Health", by=CLERK),
        grant(department="Health"),
    ),
    Fault(Reason.ACCEPTOR_MAY_NOT_APPROVE, Reason.REVIEW_REFUSED, NOT_ALL_GRANTED, decided(CLERK), decided()),
    Fault(
        Reason.ACCEPTOR_MAY_NOT_APPROVE,
        Reason.REASON_REQUIRED,
        REVIEWED,
        decided(CLERK, decision=Decision.REFUSED),
        decided(decision=Decision.REFUSED),
    ),
    # the item
    Fault(Reason.UNKNOWN_ITEM, Reason.ITEM_DIFFERS, RETURNED, apply("MOON"), apply("BUILD")),
    Fault(Reason.ITEM_NOT_IN_FORCE, Reason.ITEM_DIFFERS, RETURNED, apply(GONE), apply("BUILD")),
    Fault(
        Reason.UNKNOWN_ITEM,
        Reason.ITEM_DIFFERS,
        (submitted(),),
        ask(ReceiveCase, item="MOON", hall=HALL),
        ask(ReceiveCase, item="BUILD", hall=HALL),
    ),
    Fault(
        Reason.UNKNOWN_ITEM,
        Reason.CHANNEL_NOT_OFFERED,
        (),
        apply("MOON", channel=Channel.KIOSK),
        apply(channel=Channel.KIOSK),
    ),
    Fault(
        Reason.ITEM_NOT_IN_FORCE,
        Reason.CHANNEL_NOT_OFFERED,
        (),
        apply(GONE, channel=Channel.KIOSK),
        apply(channel=Channel.KIOSK),
    ),
    Fault(
        Reason.ITEM_DIFFERS,
        Reason.CHANNEL_NOT_OFFERED,
        RETURNED,
        apply("BUILD", channel=Channel.KIOSK),
        apply(channel=Channel.KIOSK),
    ),
    Fault(
        Reason.CHANNEL_NOT_OFFERED,
        Reason.APPLICANT_NOT_SERVED,
        (),
        apply(channel=Channel.KIOSK, applicant_kind=ApplicantKind.ORGAN),
        apply(applicant_kind=ApplicantKind.ORGAN),
    ),
    Fault(
        Reason.APPLICANT_NOT_SERVED,
        Reason.ENTITLING_DAY_MISSING,
        (),
        apply(SUBSIDY, applicant_kind=ApplicantKind.COMPANY),
        apply(SUBSIDY),
    ),
    Fault(
        Reason.APPLICANT_NOT_SERVED,
        Reason.OUTSIDE_APPLICATION_WINDOW,
        (),
        apply(SUBSIDY, applicant_kind=ApplicantKind.COMPANY, entitled_from=date(2025, 1, 1)),
        apply(SUBSIDY, entitled_from=date(2025, 1, 1)),
    ),
    # approvals
    Fault(
        Reason.UNKNOWN_STEP,
        Reason.STEP_NOT_READY,
        ROUTED,
        ask(RouteCase, steps=("fire", "police")),
        ask(RouteCase, steps=("fire",)),
    ),
    Fault(
        Reason.STEP_NOT_OPEN,
        Reason.WRONG_DEPARTMENT,
        (*ROUTED, *granted("fire")),
        grant(department="Health"),
        ROUTED,
    ),
    Fault(
        Reason.WRONG_DEPARTMENT,
        Reason.REASON_REQUIRED,
        ROUTED,
        ask(RefuseApproval, step="fire", department="Health", reason=""),
        ask(RefuseApproval, step="fire", department="Fire", reason=""),
    ),
    Fault(
        Reason.SAME_DEPARTMENT,
        Reason.REASON_REQUIRED,
        ROUTED,
        ask(TransferCase, step="fire", to_department="Fire", reason=""),
        ask(TransferCase, step="fire", to_department="Health", reason=""),
    ),
    # time limits
    Fault(
        Reason.GROUND_MISSING,
        Reason.DAYS_OUT_OF_RANGE,
        IN_REVIEW,
        suspend(ground=None, declared_days=0),
        suspend(declared_days=0),
    ),
    Fault(
        Reason.GROUND_MISSING,
        Reason.SUSPENSION_EXISTS,
        (*IN_REVIEW, PAUSED),
        suspend(ground=None, suspension="S1"),
        suspend(suspension="S1"),
    ),
    Fault(Reason.GROUND_MISSING, Reason.REASON_REQUIRED, IN_REVIEW, suspend(ground=None, reason=""), suspend(reason="")),
    Fault(
        Reason.DAYS_OUT_OF_RANGE,
        Reason.SUSPENSION_EXISTS,
        (*IN_REVIEW, PAUSED),
        suspend(declared_days=0, suspension="S1"),
        suspend(suspension="S1"),
    ),
    Fault(
        Reason.DAYS_OUT_OF_RANGE,
        Reason.REASON_REQUIRED,
        IN_REVIEW,
        suspend(declared_days=0, reason=""),
        suspend(reason=""),
    ),
    Fault(
        Reason.SUSPENSION_EXISTS,
        Reason.REASON_REQUIRED,
        (*IN_REVIEW, PAUSED),
        suspend(suspension="S1", reason=""),
        suspend(reason=""),
    ),
    Fault(
        Reason.DAYS_OUT_OF_RANGE,
        Reason.OVERLAPPING_DECLARATION,
        TESTED,
        suspend(at="03-04 09:00", declared_days=0),
        suspend(at="03-04 09:00"),
    ),
    Fault(
        Reason.SUSPENSION_EXISTS,
        Reason.OVERLAPPING_DECLARATION,
        TESTED,
        suspend(at="03-04 09:00", suspension="S1"),
        suspend(at="03-04 09:00"),
    ),
    Fault(
        Reason.OVERLAPPING_DECLARATION,
        Reason.REASON_REQUIRED,
        TESTED,
        suspend(at="03-04 09:00", reason=""),
        suspend(reason=""),
    ),
    Fault(Reason.DAYS_OUT_OF_RANGE, Reason.WRONG_AUTHORITY, IN_REVIEW, extend(0, **BY_THE_MAYOR), extend(**BY_THE_MAYOR)),
    Fault(Reason.DAYS_OUT_OF_RANGE, Reason.ALREADY_EXTENDED, EXTENDED, extend(0), extend()),
    Fault(Reason.DAYS_OUT_OF_RANGE, Reason.REASON_REQUIRED, IN_REVIEW, extend(0, reason=""), extend(reason="")),
    Fault(Reason.EXTENSION_TOO_LONG, Reason.WRONG_AUTHORITY, IN_REVIEW, extend(11, **BY_THE_MAYOR), extend(**BY_THE_MAYOR)),
    Fault(Reason.EXTENSION_TOO_LONG, Reason.ALREADY_EXTENDED, EXTENDED, extend(11), extend()),
    Fault(Reason.EXTENSION_TOO_LONG, Reason.NOTICE_REQUIRED, IN_REVIEW, extend(11, notice=""), extend(notice="")),
    Fault(Reason.WRONG_AUTHORITY, Reason.ALREADY_EXTENDED, EXTENDED, extend(**BY_THE_MAYOR), extend()),
    Fault(Reason.WRONG_AUTHORITY, Reason.REASON_REQUIRED, IN_REVIEW, extend(reason="", **BY_THE_MAYOR), extend(reason="")),
    Fault(Reason.ALREADY_EXTENDED, Reason.NOTICE_REQUIRED, EXTENDED, extend(notice=""), IN_REVIEW),
    Fault(Reason.ALREADY_EXTENDED, Reason.REASON_REQUIRED, EXTENDED, extend(reason=""), IN_REVIEW),
    Fault(Reason.NOTICE_REQUIRED, Reason.REASON_REQUIRED, IN_REVIEW, extend(notice="", reason=""), extend(reason="")),
    # intake, when the law has accepted the case already
    Fault(Reason.NOTHING_NAMED, Reason.NOTICE_TOO_LATE, SILENT, missing(), missing("photo")),
    Fault(Reason.NOTICE_TOO_LATE, Reason.NOT_IN_FIRST_NOTICE, SILENT, missing("photo"), missing("photo", at="03-10 17:00")),
    Fault(Reason.NOTICE_TOO_LATE, Reason.REASON_REQUIRED, SILENT, decline(""), decline("", at="03-10 17:00")),
    # hearings
    Fault(
        Reason.HEARING_OFFERED,
        Reason.NOTICE_REQUIRED,
        OFFERED,
        ask(OfferHearing, notice=""),
        IN_REVIEW,
    ),
    Fault(Reason.HEARING_REQUESTED, Reason.HEARING_REQUEST_TOO_LATE, WANTED, ask(RequestHearing), OFFERED),
    Fault(Reason.HEARING_NOT_REQUESTED, Reason.HEARING_NOTICE_TOO_SHORT, OFFERED, announce("2026-12-31"), WANTED),
    Fault(Reason.HEARING_NOT_REQUESTED, Reason.NOTICE_REQUIRED, OFFERED, announce(notice=""), WANTED),
    Fault(Reason.HEARING_NOT_NOTIFIED, Reason.HEARING_NOTICE_TOO_SHORT, HELD, announce("2026-12-31"), WANTED),
    Fault(Reason.HEARING_NOTICE_TOO_SHORT, Reason.NOTICE_REQUIRED, WANTED, announce("2026-12-31", ""), announce(notice="")),
    # supervision
    Fault(Reason.CARD_EXISTS, Reason.REASON_REQUIRED, CARDED, card(""), card("", "manual:2")),
    Fault(
        Reason.CARD_REVOKED,
        Reason.REASON_REQUIRED,
        (*CARDED, fact(CardRevoked, "03-10 09:00", card="manual:1", reason="it was a deposit")),
        ask(RevokeCard, card="manual:1", reason=""),
        CARDED,
    ),
    # certificates and delivery
    Fault(Reason.UNKNOWN_CERTIFICATE, Reason.CONSIGNMENT_EXISTS, SENT, dispatch(certificate="C9"), dispatch()),
    Fault(Reason.NOT_SEALED, Reason.CONSIGNMENT_EXISTS, UNSEALED, dispatch(certificate="C2"), dispatch()),
    Fault(Reason.ALREADY_DELIVERED, Reason.CONSIGNMENT_EXISTS, (*SENT, FETCHED), dispatch(), SENT),
    Fault(
        Reason.NOT_SEALED,
        Reason.UNKNOWN_CONSIGNMENT,
        UNSEALED,
        ask(DeliverResult, method=DeliveryMethod.COURIER, certificate="C2", consignment="EMS9"),
        ask(DeliverResult, method=DeliveryMethod.COURIER, certificate="C1", consignment="EMS9"),
    ),
    Fault(
        Reason.ALREADY_DELIVERED,
        Reason.UNKNOWN_CONSIGNMENT,
        (*SENT, FETCHED),
        ask(DeliverResult, method=DeliveryMethod.COURIER, certificate="C1", consignment="EMS9"),
        SENT,
    ),
    Fault(Reason.CONSIGNMENT_EXISTS, Reason.UNKNOWN_CONSIGNMENT, SENT, resend("EMS1", "EMS9"), resend("EMS2", "EMS9")),
    Fault(Reason.CONSIGNMENT_EXISTS, Reason.CONSIGNMENT_NOT_FAILED, SENT, resend("EMS1"), resend("EMS2")),
    Fault(
        Reason.CONSIGNMENT_NOT_IN_TRANSIT,
        Reason.REASON_REQUIRED,
        CAME_BACK,
        ask(ReportCourierReturned, "03-09 10:00", consignment="EMS1", reason=""),
        SENT,
    ),
    # closing
    Fault(
        Reason.OUTCOME_UNFIT,
        Reason.CERTIFICATE_NOT_MADE,
        REVIEWED,
        ask(CloseCase, outcome=Outcome.CERTIFICATE_ISSUED),
        DECIDED,
    ),
    Fault(
        Reason.CASE_SUSPENDED,
        Reason.DESTINATION_REQUIRED,
        (*REVIEWED, PAUSED),
        ask(CloseCase, outcome=Outcome.FORWARDED),
        REVIEWED,
    ),
]


def told(given: Facts, command: CaseCommand, now: datetime) -> Reason | None:
    ruling = decide(fold(given), command, now, OFFICE)
    return ruling.reason if isinstance(ruling, Refused) else None


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda f: f"{type(f.command).__name__}-{f.first.value}-before-{f.second.value}"
)
def test_where_two_reasons_apply_the_first_in_the_list_is_given(fault: Fault) -> None:
    order = list(Reason)
    assert order.index(fault.first) < order.index(fault.second)
    cured = (fault.cured, fault.command) if isinstance(fault.cured, tuple) else (fault.given, fault.cured)
    assert told(*cured, fault.now) is fault.second

    assert told(fault.given, fault.command, fault.now) is fault.first


def test_a_sealed_certificate_has_none_of_these_faults() -> None:
    assert told(SEALED, dispatch(), NOW) is None
