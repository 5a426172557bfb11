"""For every refusal of every kind of stream the facts and the command that together give it."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from casecore import (
    AcceptCase,
    AddDepartment,
    AdoptBooks,
    ApplicantKind,
    ApprovalRefused,
    Authority,
    BookEntry,
    CallBackRater,
    CardGround,
    CardLevel,
    CardRevoked,
    CaseJoined,
    CaseRated,
    CaseServed,
    Cause,
    CertificateMade,
    CertificateRevoked,
    CertificateSealed,
    Channel,
    CloseCase,
    CollectBox,
    ConditionLapsed,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    Decision,
    DecisionMade,
    DeliverResult,
    DeliveryMethod,
    DepositPapers,
    DispatchCourier,
    DistrictRule,
    ExtensionApproved,
    FeeWaived,
    FeeWay,
    Grade,
    GrantApproval,
    GrantMandate,
    HandOverPapers,
    HearingOffered,
    HolderKind,
    HoldHearing,
    IssueCard,
    ItemAdopted,
    LeaveVisit,
    LicenceLevel,
    Limit,
    MakeCertificate,
    MakeDecision,
    MaterialMet,
    MaterialPromised,
    MaterialWay,
    MeetMaterial,
    NotifyHearing,
    OfferHearing,
    OpenVisit,
    Outcome,
    PapersDeposited,
    PassTime,
    PayFee,
    Place,
    PromiseMaterial,
    RateCase,
    RaterCalledBack,
    RatingRectified,
    RatingReview,
    Reason,
    ReceiveCase,
    RecordTrip,
    RectifyRating,
    ReportCourierLost,
    ReportCourierReturned,
    RequestCorrection,
    RequestHearing,
    ResendCourier,
    ResultDelivered,
    ResumeCase,
    ReviewCompleted,
    ReviewRating,
    RevokeCard,
    RevokeMandate,
    RouteCase,
    SealCertificate,
    SetAsideResult,
    ShareMaterial,
    SiteAdopted,
    SpecialGround,
    Stage,
    SubmitApplication,
    SuspendCase,
    Suspended,
    SuspensionKind,
    Tier,
    TransferCase,
    TripMade,
    VainReason,
    VisitLeft,
    VisitOpened,
    Visitor,
    WithdrawAddedDepartment,
    Withdrawal,
)
from casecore.case.acts.joining import JoinPackage
from casecore.command import Command
from casecore.visit.acts import ServeInVisit
from support.case_samples import (
    ASKED_FOR,
    CARD,
    COMPLAINT,
    ENTRUSTED,
    FOUND_VALID,
    IN_TIME,
    OFFERED,
    OUT,
    PAUSED,
    STANDING,
    Facts,
    extend,
)
from support.registers import CLOSED_BOX, CLOSED_HALL, FAR_HALL, GONE_THEME, VILLAGE, open_package
from support.story import (
    ARCHIVE,
    BOX,
    CLERK,
    CLOSED,
    FOOD,
    FOREST,
    GONE,
    HALL,
    HEAD,
    IN_REVIEW,
    REVIEWED,
    ROUTED,
    SEALED,
    SUBSIDY,
    TICKET,
    ask,
    day,
    fact,
    granted,
    received,
    submitted,
)
from support.told_books import FOOD_ITEM, HALL_SITE
from support.told_redecision import BY_COURT, SET_ASIDE

SENT = fact(CourierDispatched, "03-05 11:20", consignment="EMS1", courier="EMS", certificate="C1")
NO = fact(ApprovalRefused, "03-04 09:00", step="market", department="Market", reason="no exit")


def apply(item: str = FOOD, channel: Channel = Channel.WEBSITE, **rest: object) -> SubmitApplication:
    """Li files something online."""
    return ask(SubmitApplication, "03-02 09:00", item=item, channel=channel, applicant="Li Lei", **rest)


def grant(when: str | None = None, step: str = "fire", department: str = "Fire", **rest: object) -> GrantApproval:
    """A department says yes."""
    return ask(GrantApproval, when, step=step, department=department, **rest)


def entrust(agent: str) -> GrantMandate:
    """Li entrusts somebody."""
    return ask(GrantMandate, agent=agent, applicant="Li Lei", scope="everything")


def pay(amount_fen: int = 5000) -> PayFee:
    """Li pays the fee."""
    return ask(PayFee, fee="licence", amount_fen=amount_fen, way=FeeWay.ONLINE)


TEST = {
    "kind": SuspensionKind.SPECIAL_PROCEDURE,
    "ground": SpecialGround.TESTING,
    "declared_days": 5,
    "notice": "T-1",
    "reason": "the water is tested",
}
TESTED = fact(Suspended, "03-03 09:00", suspension="S1", moves_promise=True, moves_statutory=True, **TEST)


IN_BOOKS = fact(ItemAdopted, "03-02 09:00", item=FOOD_ITEM, version=1, sha256="0" * 64)


class Scene(NamedTuple):
    """Facts of one stream and a command that together give one refusal."""

    given: Facts
    command: Command


CAME = fact(VisitOpened, "03-02 09:00", hall=HALL, number=TICKET)
SERVED = fact(
    CaseServed, "03-02 09:20", hall=HALL, number=TICKET, case="A", cause=Cause.SUBMIT, visitor=Visitor.APPLICANT,
    place=Place.HALL, applicant="Li Lei",
)  # fmt: skip
IN_VAIN = fact(VisitLeft, "03-02 10:00", in_vain=VainReason.SYSTEM_DOWN)
GONE_AGAIN = fact(VisitLeft, "03-02 10:00")


def come(when: str = "03-02 09:00", **rest: object) -> OpenVisit:
    """Somebody comes."""
    return ask(OpenVisit, when, **rest)


def serve(when: str = "03-02 09:20", **rest: object) -> ServeInVisit:
    """Li is served."""
    given = {
        "case": "A",
        "cause": Cause.SUBMIT,
        "visitor": Visitor.APPLICANT,
        "place": Place.HALL,
        "applicant": "Li Lei",
    }
    return ask(ServeInVisit, when, **{**given, **rest})


WAITING = fact(CaseJoined, "03-02 09:00", package="P-1", theme="books", visits_promised=2, waiting=True)
"""A case of a package that others come before."""

SCENES: dict[Reason, Scene] = {
    Reason.UNKNOWN_CASE: Scene((), ask(AcceptCase)),
    Reason.WRONG_STAGE: Scene((received(),), ask(RouteCase)),
    Reason.CASE_SUSPENDED: Scene((*REVIEWED, PAUSED), ask(MakeDecision, by=HEAD, decision=Decision.GRANTED)),
    Reason.IN_THE_FUTURE: Scene((received(),), ask(AcceptCase, "12-31 09:00")),
    Reason.BEFORE_STAGE: Scene((received(),), ask(AcceptCase, "03-01 09:00")),
    Reason.ACCEPTOR_MAY_NOT_APPROVE: Scene(ROUTED, grant(by=CLERK)),
    Reason.OUTSIDE_CALENDAR: Scene((received("2025-12-31 09:00"),), ask(AcceptCase)),
    Reason.NOTHING_DUE: Scene(IN_REVIEW, ask(PassTime, IN_TIME)),
    Reason.UNKNOWN_ITEM: Scene((), apply("MOON")),
    Reason.ITEM_NOT_IN_FORCE: Scene((), apply(GONE)),
    Reason.ITEM_DIFFERS: Scene((submitted(),), ask(ReceiveCase, item=FOREST, hall=HALL)),
    Reason.CHANNEL_NOT_OFFERED: Scene((), apply(channel=Channel.KIOSK)),
    Reason.APPLICANT_NOT_SERVED: Scene((), apply(applicant_kind=ApplicantKind.ORGAN)),
    Reason.ENTITLING_DAY_MISSING: Scene((), apply(SUBSIDY)),
    Reason.OUTSIDE_APPLICATION_WINDOW: Scene((), apply(SUBSIDY, entitled_from=date(2025, 12, 1))),
    Reason.NOTHING_NAMED: Scene((received(),), ask(RequestCorrection, materials=())),
    Reason.NOT_IN_FIRST_NOTICE: Scene(
        (
            received(),
            fact(CorrectionRequested, "03-02 09:30", materials=("lease",)),
            fact(CorrectionSubmitted, "03-03 09:30"),
        ),
        ask(RequestCorrection, IN_TIME, materials=("photo",)),
    ),
    Reason.NOTICE_TOO_LATE: Scene((received(),), ask(RequestCorrection, "03-10 00:00", materials=("lease",))),
    Reason.UNKNOWN_STEP: Scene(ROUTED, grant(step="police")),
    Reason.STEP_NOT_READY: Scene(ROUTED, ask(RouteCase)),
    Reason.STEP_NOT_OPEN: Scene(IN_REVIEW, grant()),
    Reason.WRONG_DEPARTMENT: Scene(ROUTED, grant(department="Health")),
    Reason.SAME_DEPARTMENT: Scene(ROUTED, ask(TransferCase, step="fire", to_department="Fire", reason="again")),
    Reason.STEP_EXISTS: Scene(ROUTED, ask(AddDepartment, step="fire", department="Water", reason="a well")),
    Reason.DEPARTMENT_ASKED: Scene(ROUTED, ask(AddDepartment, step="again", department="Fire", reason="a well")),
    Reason.STEP_NOT_ADDED: Scene(ROUTED, ask(WithdrawAddedDepartment, step="fire", reason="no well")),
    Reason.REVIEW_REFUSED: Scene(
        (*ROUTED, *granted("fire", "health"), NO, fact(ReviewCompleted, "03-04 09:00", granted=False)),
        ask(MakeDecision, by=HEAD, decision=Decision.GRANTED),
    ),
    Reason.GROUND_MISSING: Scene(
        IN_REVIEW, ask(SuspendCase, reason="roof", kind=SuspensionKind.SPECIAL_PROCEDURE, declared_days=5)
    ),
    Reason.DAYS_OUT_OF_RANGE: Scene(IN_REVIEW, extend(0)),
    Reason.EXTENSION_TOO_LONG: Scene(IN_REVIEW, extend(11)),
    Reason.WRONG_AUTHORITY: Scene(IN_REVIEW, extend(authority=Authority.GOVERNMENT_HEAD)),
    Reason.NOTICE_REQUIRED: Scene(IN_REVIEW, extend(notice="")),
    Reason.OVERLAPPING_DECLARATION: Scene((*IN_REVIEW, TESTED), ask(SuspendCase, "03-04 09:00", **TEST)),
    Reason.ENDED_BEFORE_STARTED: Scene((*IN_REVIEW, PAUSED), ask(ResumeCase, "03-03 11:59")),
    Reason.SUSPENSION_EXISTS: Scene((*IN_REVIEW, PAUSED), ask(SuspendCase, reason="storm", suspension="S1")),
    Reason.NOT_SUSPENDED: Scene(IN_REVIEW, ask(ResumeCase)),
    Reason.ALREADY_EXTENDED: Scene(
        (*IN_REVIEW, fact(ExtensionApproved, "03-03 09:00", days=5, approver="Director Qian", reason="complex")),
        extend(),
    ),
    Reason.HEARING_OFFERED: Scene((*IN_REVIEW, OFFERED), ask(OfferHearing, notice="H-1")),
    Reason.HEARING_NOT_OFFERED: Scene(IN_REVIEW, ask(RequestHearing)),
    Reason.HEARING_REQUESTED: Scene((*IN_REVIEW, OFFERED, ASKED_FOR), ask(RequestHearing)),
    Reason.HEARING_REQUEST_TOO_LATE: Scene(
        (*IN_REVIEW, fact(HearingOffered, "03-03 09:00", notice="H-1")), ask(RequestHearing)
    ),
    Reason.HEARING_NOT_REQUESTED: Scene(
        (*IN_REVIEW, OFFERED), ask(NotifyHearing, hearing_on=date(2027, 1, 20), notice="H-2")
    ),
    Reason.HEARING_NOTICE_TOO_SHORT: Scene(
        (*IN_REVIEW, OFFERED, ASKED_FOR), ask(NotifyHearing, hearing_on=day("12-31"), notice="H-2")
    ),
    Reason.HEARING_NOT_NOTIFIED: Scene((*IN_REVIEW, OFFERED, ASKED_FOR), ask(HoldHearing, record="R-1")),
    Reason.CARD_EXISTS: Scene(
        (*IN_REVIEW, CARD),
        ask(IssueCard, level=CardLevel.RED, ground=CardGround.OTHER, reason="again", card="manual:1"),
    ),
    Reason.UNKNOWN_CARD: Scene(IN_REVIEW, ask(RevokeCard, card="manual:1", reason="it was a deposit")),
    Reason.CARD_REVOKED: Scene(
        (*IN_REVIEW, CARD, fact(CardRevoked, "12-30 09:00", card="manual:1", reason="it was a deposit")),
        ask(RevokeCard, card="manual:1", reason="it was a deposit"),
    ),
    Reason.NOT_GRANTED: Scene(
        (*REVIEWED, fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")),
        ask(MakeCertificate, certificate="C1", kind="licence"),
    ),
    Reason.CONDITION_FAILED: Scene(
        (*SEALED, fact(ConditionLapsed, "03-09 09:00", prerequisite="the shop")),
        ask(MakeCertificate, certificate="C2", kind="licence"),
    ),
    Reason.RESULT_SET_ASIDE: Scene((*CLOSED, SET_ASIDE), ask(SetAsideResult, **BY_COURT)),
    Reason.NEW_CASE_REQUIRED: Scene(CLOSED, ask(SetAsideResult, **BY_COURT, limit=Limit.months(1))),
    Reason.CERTIFICATE_EXISTS: Scene(SEALED, ask(MakeCertificate, certificate="C1", kind="licence")),
    Reason.UNKNOWN_CERTIFICATE: Scene(SEALED, ask(SealCertificate, certificate="C9", seal="seal-7")),
    Reason.ALREADY_SEALED: Scene(SEALED, ask(SealCertificate, certificate="C1", seal="seal-7")),
    Reason.NOT_SEALED: Scene(SEALED[:-1], ask(DeliverResult, method=DeliveryMethod.WINDOW, certificate="C1")),
    Reason.ALREADY_DELIVERED: Scene(
        (*SEALED, fact(ResultDelivered, "03-06 09:00", method=DeliveryMethod.WINDOW, certificate="C1")),
        ask(DeliverResult, method=DeliveryMethod.WINDOW, certificate="C1"),
    ),
    Reason.CONSIGNMENT_EXISTS: Scene((*SEALED, SENT), ask(DispatchCourier, consignment="EMS1", courier="EMS")),
    Reason.UNKNOWN_CONSIGNMENT: Scene(SEALED, ask(ReportCourierLost, consignment="EMS1")),
    Reason.CONSIGNMENT_HOLDS_ANOTHER: Scene(
        (*OUT, fact(CertificateSealed, "03-05 11:40", certificate="C2", seal="S-1")),
        ask(DeliverResult, method=DeliveryMethod.COURIER, consignment="EMS1", certificate="C2"),
    ),
    Reason.CONSIGNMENT_NOT_IN_TRANSIT: Scene(
        OUT, ask(ReportCourierReturned, "03-05 18:00", consignment="EMS2", reason="nobody at home")
    ),
    Reason.CONSIGNMENT_NOT_FAILED: Scene(
        (*SEALED, SENT), ask(ResendCourier, consignment="EMS2", courier="SF", replaces="EMS1")
    ),
    Reason.OUTCOME_UNFIT: Scene(IN_REVIEW, ask(CloseCase, outcome=Outcome.OTHER)),
    Reason.REASON_REQUIRED: Scene(IN_REVIEW, ask(CloseCase, outcome=Outcome.RETURNED)),
    Reason.DESTINATION_REQUIRED: Scene(IN_REVIEW, ask(CloseCase, outcome=Outcome.FORWARDED)),
    Reason.CERTIFICATE_NOT_MADE: Scene(SEALED[:-2], ask(CloseCase, outcome=Outcome.CERTIFICATE_ISSUED)),
    Reason.ALREADY_RATED: Scene(
        (*STANDING[Stage.CLOSED], fact(CaseRated, "03-07 09:00", grade=Grade.SATISFIED)),
        ask(RateCase, grade=Grade.DISSATISFIED),
    ),
    # packages
    Reason.UNKNOWN_PACKAGE: Scene((), ask(ShareMaterial, material="lease")),
    Reason.OTHER_KIND: Scene((received(),), ask(ShareMaterial, material="lease")),
    Reason.IN_ANOTHER_PACKAGE: Scene((WAITING,), ask(JoinPackage, package="P-2", theme="books", visits_promised=1)),
    Reason.WAITS_FOR_OTHERS: Scene((WAITING,), ask(ReceiveCase, item=FOOD, hall=HALL)),
    Reason.UNKNOWN_THEME: Scene((), open_package(theme="MOON")),
    Reason.THEME_NOT_IN_FORCE: Scene((), open_package(theme=GONE_THEME)),
    Reason.ANSWERS_UNFIT: Scene((), open_package(answers=())),
    Reason.NO_ITEM_CALLED_FOR: Scene((), open_package(what="nothing")),
    Reason.FORM_UNFIT: Scene((), open_package(form=())),
    Reason.SUBJECT_TWICE: Scene((), open_package(subjects=("east", "west", "east"))),
    # drop boxes
    Reason.UNKNOWN_BOX: Scene((), ask(CollectBox, box="BOX-9")),
    Reason.BOX_NOT_IN_SERVICE: Scene((), ask(CollectBox, box=CLOSED_BOX)),
    Reason.DEPOSIT_EXISTS: Scene(
        (submitted(), fact(PapersDeposited, "03-02 20:00", box=BOX, deposit="D1")),
        ask(DepositPapers, box=BOX, deposit="D1"),
    ),
    # the books
    Reason.CONTRADICTS_BOOKS: Scene((IN_BOOKS,), ask(AdoptBooks, items=(replace(FOOD_ITEM, visits=7, visit_reason="x"),))),
    Reason.ADOPTED_LATER: Scene(
        (fact(SiteAdopted, "03-02 09:00", site=HALL_SITE, version=1, sha256="0" * 64, from_on=day("07-01")),),
        ask(AdoptBooks, sites=(replace(HALL_SITE, tier=Tier.CITY),), from_on=day("06-30")),
    ),
    Reason.COUNTED_UNDER: Scene((IN_BOOKS,), ask(AdoptBooks, withdraws=(Withdrawal(entry=BookEntry.RULE, code="default"),))),
    Reason.NOT_IN_BOOKS: Scene((IN_BOOKS,), ask(AdoptBooks, withdraws=(Withdrawal(entry=BookEntry.SEAL, code="S-9"),))),
    Reason.BOOKS_UNSOUND: Scene((IN_BOOKS,), ask(AdoptBooks, rule=DistrictRule(hours_per_workday=25))),
    Reason.BOOKS_UNCHANGED: Scene((IN_BOOKS,), ask(AdoptBooks, items=(FOOD_ITEM,))),
    # agents and places of intake
    Reason.NO_MANDATE: Scene(IN_REVIEW, ask(RevokeMandate, agent="Zhou", reason="moved away")),
    Reason.MANDATE_EXISTS: Scene((*IN_REVIEW, ENTRUSTED), entrust("Zhou")),
    Reason.ID_NOT_HASHED: Scene(IN_REVIEW, ask(RecordTrip, visit="V1", cause=Cause.PAY, id_hash="510107199001011234")),
    Reason.NOT_TAKEN_HERE: Scene((), ask(ReceiveCase, item=FOOD, hall=VILLAGE, applicant_kind=ApplicantKind.PERSON)),
    Reason.SITE_NOT_IN_SERVICE: Scene((), ask(ReceiveCase, "03-02 09:00", item=FOOD, hall=CLOSED_HALL)),
    Reason.OUTSIDE_AREA: Scene((), ask(ReceiveCase, item=FOOD, hall=FAR_HALL)),
    # materials
    Reason.MATERIAL_NOT_REQUIRED: Scene(IN_REVIEW, ask(MeetMaterial, material="moon rock")),
    Reason.MATERIAL_MET: Scene(
        (*IN_REVIEW, fact(MaterialMet, "03-02 11:00", material="lease", way=MaterialWay.PAPER)),
        ask(MeetMaterial, material="lease"),
    ),
    Reason.MATERIAL_PROMISED: Scene(
        (*IN_REVIEW, fact(MaterialPromised, "03-02 11:00", material="lease", due_on=day("03-20"))),
        ask(PromiseMaterial, material="lease", due_on=date(2027, 1, 20)),
    ),
    Reason.SOURCE_REQUIRED: Scene(IN_REVIEW, ask(MeetMaterial, material="identity", way=MaterialWay.E_LICENCE)),
    Reason.NO_LICENCE_FOR_IT: Scene(
        IN_REVIEW,
        ask(MeetMaterial, material="lease", way=MaterialWay.E_LICENCE, source="L-1", level=LicenceLevel.A),
    ),
    Reason.NOT_THE_HOLDER: Scene(
        (*IN_REVIEW, ENTRUSTED),
        ask(
            HandOverPapers,
            materials=("lease",),
            giver_kind=HolderKind.HALL,
            giver="wang",
            holder_kind=HolderKind.AGENT,
            holder="Zhou",
        ),
    ),
    # seals
    Reason.CERTIFICATE_REVOKED: Scene(
        (*SEALED, fact(CertificateRevoked, "03-06 09:00", certificate="C1", reason="won by deceit")),
        ask(DeliverResult, method=DeliveryMethod.WINDOW, certificate="C1"),
    ),
    Reason.UNKNOWN_SEAL: Scene(SEALED[:-1], ask(SealCertificate, certificate="C1", seal="seal-9")),
    Reason.SEAL_OF_ANOTHER: Scene(SEALED[:-1], ask(SealCertificate, certificate="C1", seal="seal-8")),
    Reason.SEAL_NOT_ELECTRONIC: Scene(
        (*SEALED[:-1], fact(CertificateMade, "03-05 10:30", certificate="C2", kind="licence", electronic=True)),
        ask(SealCertificate, certificate="C2", seal="seal-7"),
    ),
    Reason.SEAL_NOT_IN_FORCE: Scene(SEALED[:-1], ask(SealCertificate, certificate="C1", seal="seal-old")),
    # fees
    Reason.NO_FEE: Scene((received(code=ARCHIVE),), pay()),
    Reason.AMOUNT_OUT_OF_RANGE: Scene(IN_REVIEW, pay(-1)),
    Reason.FEE_SETTLED: Scene(
        (*IN_REVIEW, fact(FeeWaived, "03-02 11:00", fee="licence", amount_fen=5000, basis="a small shop")), pay()
    ),
    # ratings
    Reason.NOTHING_TO_RATE: Scene(IN_REVIEW, ask(RateCase, grade=Grade.SATISFIED)),
    Reason.NOT_RATED_BADLY: Scene(IN_REVIEW, ask(CallBackRater, satisfied=True)),
    Reason.RATING_REVIEWED: Scene(
        (*IN_REVIEW, COMPLAINT, FOUND_VALID), ask(ReviewRating, review=RatingReview.MISTAKEN, reason="he did not")
    ),
    Reason.RATING_NOT_VALID: Scene((*IN_REVIEW, COMPLAINT), ask(RectifyRating, measure="a second window")),
    Reason.RATING_RECTIFIED: Scene(
        (*IN_REVIEW, COMPLAINT, FOUND_VALID, fact(RatingRectified, "12-29 11:00", measure="a second window")),
        ask(RectifyRating, measure="a third window"),
    ),
    Reason.RATER_CALLED_BACK: Scene(
        (*IN_REVIEW, COMPLAINT, fact(RaterCalledBack, "12-29 11:00", satisfied=False)),
        ask(CallBackRater, satisfied=True),
    ),
    Reason.RATER_UNKNOWN: Scene(
        (*IN_REVIEW, fact(CaseRated, "12-29 09:00", grade=Grade.DISSATISFIED)), ask(CallBackRater, satisfied=True)
    ),
    # trips
    Reason.TRIP_BEFORE_APPLICATION: Scene((received(),), ask(RecordTrip, "03-02 08:59", visit="V1", cause=Cause.PAY)),
    Reason.VISIT_RECORDED: Scene(
        (
            received(),
            fact(TripMade, "03-02 09:00", visit="V1", visitor=Visitor.APPLICANT, place=Place.HALL, cause=Cause.SUBMIT),
        ),
        ask(RecordTrip, "03-02 11:00", visit="V1", cause=Cause.PAY),
    ),
    Reason.HALL_REQUIRED: Scene((submitted(),), ask(RecordTrip, visit="V1", cause=Cause.CONSULT)),
    # visits
    Reason.UNKNOWN_VISIT: Scene((), ask(LeaveVisit)),
    Reason.VISIT_OPENED: Scene((CAME,), come()),
    Reason.VISIT_ON_ANOTHER_DAY: Scene((), come("03-03 09:00")),
    Reason.PERSONS_OUT_OF_RANGE: Scene((), come(persons=0)),
    Reason.BEFORE_ARRIVAL: Scene((CAME,), serve("03-02 08:49")),
    Reason.LEFT_BEFORE_ARRIVAL: Scene((CAME,), ask(LeaveVisit, "03-02 08:59")),
    Reason.LEFT_WHILE_SERVED: Scene((CAME, SERVED), ask(LeaveVisit, "03-02 09:10")),
    Reason.VISIT_IN_VAIN: Scene((CAME, IN_VAIN), serve("03-02 09:10")),
    Reason.VISIT_LEFT: Scene((CAME, GONE_AGAIN), serve("03-02 10:01")),
    Reason.VISIT_SERVED: Scene((CAME, SERVED), ask(LeaveVisit, "03-02 10:00", in_vain=VainReason.QUEUE)),
    Reason.TWO_APPLICANTS: Scene((SERVED,), serve("03-02 09:30", case="B", applicant="Han Mei")),
    Reason.VISITOR_DIFFERS: Scene((CAME,), serve(visitor=Visitor.HALL_AGENT, agent="ma")),
}
