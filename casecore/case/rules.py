"""The table of rules: each command, the stages it may be given in, and the rule of the same name that answers it.

``decide`` is the one way in. It checks what every rule would (does the case exist, does it stand in a fitting stage,
is the time possible) and then asks the rule.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from casecore.case import approvals, certificates, closing, commands, delivery, intake, time_limits, trips
from casecore.case.commands import CaseCommand
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Stage

__all__ = ["RULES", "Rule", "decide"]

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far another machine's clock may run ahead of ours before we call it the future."""


class Rule(NamedTuple):
    """A rule, where it applies, and whether it may report what happened before the present stage."""

    answer: Callable[[CaseFile, Any, datetime, Office], Ruling]
    stages: frozenset[Stage]
    late: bool = False


def _in(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_EXISTS: Final = frozenset(Stage) - {Stage.NEW}
_BEFORE_ACCEPTANCE: Final = _in(Stage.SUBMITTED, Stage.RETURNED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
_AFTER_DECISION: Final = _in(Stage.DECIDED, Stage.CLOSED)

RULES: Final[Mapping[type, Rule]] = {
    commands.SubmitApplication: Rule(intake.submit_application, _in(Stage.NEW, Stage.RETURNED)),
    commands.PassPreReview: Rule(intake.pass_pre_review, _in(Stage.SUBMITTED)),
    commands.ReturnPreReview: Rule(intake.return_pre_review, _in(Stage.SUBMITTED)),
    commands.ReceiveCase: Rule(intake.receive_case, _in(Stage.NEW, Stage.SUBMITTED, Stage.PRE_REVIEWED)),
    commands.ReceiveCourieredMaterials: Rule(delivery.receive_couriered_materials, _BEFORE_ACCEPTANCE),
    commands.CorrectOnSpot: Rule(intake.correct_on_spot, _in(Stage.RECEIVED)),
    commands.RequestCorrection: Rule(intake.request_correction, _in(Stage.RECEIVED)),
    commands.SubmitCorrection: Rule(intake.submit_correction, _in(Stage.CORRECTING)),
    commands.AcceptCase: Rule(intake.accept_case, _in(Stage.RECEIVED)),
    commands.DeclineAcceptance: Rule(
        intake.decline_acceptance, _in(Stage.SUBMITTED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
    ),
    commands.RouteCase: Rule(approvals.route_case, _in(Stage.IN_REVIEW)),
    commands.TransferCase: Rule(approvals.transfer_case, _in(Stage.IN_REVIEW)),
    commands.CompleteStep: Rule(approvals.complete_step, _EXISTS, late=True),
    commands.GrantApproval: Rule(approvals.grant_approval, _in(Stage.IN_REVIEW)),
    commands.RefuseApproval: Rule(approvals.refuse_approval, _in(Stage.IN_REVIEW)),
    commands.ReturnApproval: Rule(approvals.return_approval, _in(Stage.IN_REVIEW)),
    commands.SuspendCase: Rule(time_limits.suspend_case, _in(Stage.IN_REVIEW, Stage.REVIEWED)),
    commands.ResumeCase: Rule(
        time_limits.resume_case, _in(Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED), late=True
    ),  # it may have ended before the last approval came in
    commands.ApproveExtension: Rule(time_limits.approve_extension, _in(Stage.IN_REVIEW, Stage.REVIEWED)),
    commands.MakeDecision: Rule(approvals.make_decision, _in(Stage.REVIEWED)),
    commands.MakeCertificate: Rule(certificates.make_certificate, _AFTER_DECISION),
    commands.SealCertificate: Rule(certificates.seal_certificate, _AFTER_DECISION),
    commands.DispatchCourier: Rule(delivery.dispatch_courier, _AFTER_DECISION),
    commands.ResendCourier: Rule(delivery.resend_courier, _AFTER_DECISION),
    commands.ReportCourierReturned: Rule(delivery.report_courier_returned, _AFTER_DECISION, late=True),
    commands.ReportCourierLost: Rule(delivery.report_courier_lost, _AFTER_DECISION, late=True),
    commands.DeliverResult: Rule(delivery.deliver_result, _AFTER_DECISION, late=True),
    commands.CloseCase: Rule(
        closing.close_case,
        _EXISTS
        - {
            Stage.CLOSED,
            Stage.NOT_ACCEPTED,
            Stage.WITHDRAWN,
            Stage.VOIDED,
        },
    ),
    commands.WithdrawCase: Rule(closing.withdraw_case, _BEFORE_ACCEPTANCE | _in(Stage.IN_REVIEW, Stage.REVIEWED)),
    commands.VoidCase: Rule(closing.void_case, _EXISTS - {Stage.VOIDED}),
    commands.RateCase: Rule(closing.rate_case, _in(Stage.CLOSED, Stage.NOT_ACCEPTED)),
    commands.RecordTrip: Rule(trips.record_trip, _EXISTS, late=True),
}
"""Every command and its rule."""


def decide(file: CaseFile, command: CaseCommand, now: datetime, office: Office) -> Ruling:
    """What follows from a command: the facts it makes, or why it is refused. Reads nothing but its arguments.

    ``now`` and ``command.at`` are aware instants in the district's zone. Raises
    :class:`~casecore.calendar.OutsideCalendarError` when a promise would lie beyond any calendar.
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
        ruling = rule.answer(file, command, at, office)
    if isinstance(ruling, Refused):
        return ruling._replace(case=command.case, command=type(command).__name__)
    return ruling


def _at(file: CaseFile, now: datetime) -> datetime:
    """Now; or the beginning of the stage, where another machine's clock put that slightly ahead of ours."""
    return file.stage_at if file.stage_at is not None and now < file.stage_at <= now + CLOCK_SKEW else now
