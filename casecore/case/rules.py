"""The table of rules: each command, the stages it may be given in, and the rule of the same name that answers it.

``decide`` is the one way in. It checks what every rule would (does the case exist, does it stand in a fitting stage,
is the time possible) and then asks the rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.case import (
    approvals,
    certificates,
    closing,
    commands,
    delivery,
    events,
    hearings,
    intake,
    passing_time,
    supervision,
    time_limits,
    trips,
)
from casecore.case.commands import CaseCommand
from casecore.case.events import CaseEvent
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Stage

__all__ = ["RULES", "Rule", "decide"]

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far another machine's clock may run ahead of ours before we call it the future."""


class Rule(NamedTuple):
    """A rule, what it makes, where it applies, and whether it may report what happened before the present stage."""

    answer: Callable[[CaseFile, Any, datetime, Office], Ruling]
    makes: tuple[type[CaseEvent], ...]
    """The facts a yes may begin with."""
    stages: frozenset[Stage]
    late: bool = False


def _in(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_EXISTS: Final = frozenset(Stage) - {Stage.NEW}
_BEFORE_ACCEPTANCE: Final = _in(Stage.SUBMITTED, Stage.RETURNED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
_BEFORE_DECISION: Final = _in(Stage.IN_REVIEW, Stage.REVIEWED)
_AFTER_DECISION: Final = _in(Stage.DECIDED, Stage.CLOSED)

RULES: Final[Mapping[type, Rule]] = {
    commands.SubmitApplication: Rule(
        intake.submit_application, (events.ApplicationSubmitted,), _in(Stage.NEW, Stage.RETURNED)
    ),
    commands.PassPreReview: Rule(intake.pass_pre_review, (events.PreReviewPassed,), _in(Stage.SUBMITTED)),
    commands.ReturnPreReview: Rule(intake.return_pre_review, (events.PreReviewReturned,), _in(Stage.SUBMITTED)),
    commands.ReceiveCase: Rule(
        intake.receive_case, (events.CaseReceived,), _in(Stage.NEW, Stage.SUBMITTED, Stage.PRE_REVIEWED)
    ),
    commands.ReceiveCourieredMaterials: Rule(
        delivery.receive_couriered_materials, (events.MaterialsCouriered,), _BEFORE_ACCEPTANCE
    ),
    commands.CorrectOnSpot: Rule(intake.correct_on_spot, (events.CorrectedOnSpot,), _in(Stage.RECEIVED)),
    commands.RequestCorrection: Rule(intake.request_correction, (events.CorrectionRequested,), _in(Stage.RECEIVED)),
    commands.SubmitCorrection: Rule(intake.submit_correction, (events.CorrectionSubmitted,), _in(Stage.CORRECTING)),
    commands.AcceptCase: Rule(intake.accept_case, (events.CaseAccepted, events.AcceptanceDeemed), _in(Stage.RECEIVED)),
    commands.DeclineAcceptance: Rule(
        intake.decline_acceptance,
        (events.NotAccepted,),
        _in(Stage.SUBMITTED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING),
    ),
    commands.RouteCase: Rule(approvals.route_case, (events.CaseRouted,), _in(Stage.IN_REVIEW)),
    commands.TransferCase: Rule(approvals.transfer_case, (events.CaseTransferred,), _in(Stage.IN_REVIEW)),
    commands.CompleteStep: Rule(approvals.complete_step, (events.StepCompleted,), _EXISTS, late=True),
    commands.GrantApproval: Rule(approvals.grant_approval, (events.ApprovalGranted,), _in(Stage.IN_REVIEW)),
    commands.RefuseApproval: Rule(approvals.refuse_approval, (events.ApprovalRefused,), _in(Stage.IN_REVIEW)),
    commands.ReturnApproval: Rule(approvals.return_approval, (events.ApprovalReturned,), _in(Stage.IN_REVIEW)),
    commands.SuspendCase: Rule(time_limits.suspend_case, (events.Suspended,), _BEFORE_DECISION),
    commands.ResumeCase: Rule(
        time_limits.resume_case, (events.Resumed,), _in(Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED), late=True
    ),  # it may have ended before the last approval came in
    commands.ApproveExtension: Rule(time_limits.approve_extension, (events.ExtensionApproved,), _BEFORE_DECISION),
    commands.OfferHearing: Rule(hearings.offer_hearing, (events.HearingOffered,), _BEFORE_DECISION),
    commands.RequestHearing: Rule(hearings.request_hearing, (events.HearingRequested,), _BEFORE_DECISION),
    commands.NotifyHearing: Rule(hearings.notify_hearing, (events.HearingNotified,), _BEFORE_DECISION),
    commands.HoldHearing: Rule(hearings.hold_hearing, (events.HearingHeld,), _BEFORE_DECISION),
    commands.PassTime: Rule(
        passing_time.pass_time,
        (events.AcceptanceDeemed, events.RenewalDeemed, events.CardIssued),
        _EXISTS,
        late=True,
    ),
    commands.IssueCard: Rule(supervision.issue_card, (events.CardIssued,), _EXISTS, late=True),
    commands.RevokeCard: Rule(supervision.revoke_card, (events.CardRevoked,), _EXISTS, late=True),
    commands.MakeDecision: Rule(approvals.make_decision, (events.DecisionMade, events.RenewalDeemed), _in(Stage.REVIEWED)),
    commands.MakeCertificate: Rule(certificates.make_certificate, (events.CertificateMade,), _AFTER_DECISION),
    commands.SealCertificate: Rule(certificates.seal_certificate, (events.CertificateSealed,), _AFTER_DECISION),
    commands.DispatchCourier: Rule(delivery.dispatch_courier, (events.CourierDispatched,), _AFTER_DECISION),
    commands.ResendCourier: Rule(delivery.resend_courier, (events.CourierDispatched,), _AFTER_DECISION),
    commands.ReportCourierReturned: Rule(
        delivery.report_courier_returned, (events.CourierReturned,), _AFTER_DECISION, late=True
    ),
    commands.ReportCourierLost: Rule(delivery.report_courier_lost, (events.CourierLost,), _AFTER_DECISION, late=True),
    commands.DeliverResult: Rule(delivery.deliver_result, (events.ResultDelivered,), _AFTER_DECISION, late=True),
    commands.CloseCase: Rule(
        closing.close_case,
        (events.CaseClosed, events.AcceptanceDeemed),
        _EXISTS
        - {
            Stage.CLOSED,
            Stage.NOT_ACCEPTED,
            Stage.WITHDRAWN,
            Stage.VOIDED,
        },
    ),
    commands.WithdrawCase: Rule(
        closing.withdraw_case,
        (events.CaseWithdrawn, events.AcceptanceDeemed),
        _BEFORE_ACCEPTANCE | _BEFORE_DECISION,
    ),
    commands.VoidCase: Rule(closing.void_case, (events.CaseVoided,), _EXISTS - {Stage.VOIDED}),
    commands.RateCase: Rule(closing.rate_case, (events.CaseRated,), _in(Stage.CLOSED, Stage.NOT_ACCEPTED)),
    commands.RecordTrip: Rule(trips.record_trip, (events.TripMade,), _EXISTS, late=True),
}
"""Every command and its rule."""


def decide(file: CaseFile, command: CaseCommand, now: datetime, office: Office) -> Ruling:
    """What follows from a command: the facts it makes, or why it is refused. Reads nothing but its arguments.

    ``now`` and ``command.at`` are aware instants in the district's zone.
    """
    rule = RULES[type(command)]
    at = _at(file, now) if command.at is None else command.at
    ruling: Ruling
    if file.stage is Stage.NEW and Stage.NEW not in rule.stages:
        ruling = Refused(Reason.UNKNOWN_CASE, command.case)
    elif file.stage not in rule.stages:
        ruling = Refused(Reason.WRONG_STAGE, file.stage.value)
    elif at > now + CLOCK_SKEW:
        ruling = Refused(Reason.IN_THE_FUTURE, at.isoformat())
    elif file.stage_at is not None and at < file.stage_at and not rule.late:
        ruling = Refused(Reason.BEFORE_STAGE, file.stage_at.isoformat())
    else:
        ruling = _answer(rule, file, command, at, office)
    if isinstance(ruling, Refused):
        return replace(ruling, case=command.case, command=type(command).__name__)
    return ruling


def _answer(rule: Rule, file: CaseFile, command: CaseCommand, at: datetime, office: Office) -> Ruling:
    try:
        return rule.answer(file, command, at, office)
    except OutsideCalendarError as outside:
        return Refused(Reason.OUTSIDE_CALENDAR, str(outside))


def _at(file: CaseFile, now: datetime) -> datetime:
    """Now; or the beginning of the stage, where another machine's clock put that slightly ahead of ours."""
    return file.stage_at if file.stage_at is not None and now < file.stage_at <= now + CLOCK_SKEW else now
