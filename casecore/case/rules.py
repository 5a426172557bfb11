"""The table of rules of a case: each command, the stages it may be given in, and the rule of the same name.

:func:`casecore.streams.decide` is the one way in.
"""

from collections.abc import Mapping
from typing import Final

from casecore.case import (
    agents,
    approvals,
    certificates,
    closing,
    commands,
    delivery,
    drop_boxes,
    events,
    fees,
    hearings,
    intake,
    joining,
    materials,
    passing_time,
    ratings,
    supervision,
    time_limits,
    trips,
)
from casecore.deciding import Rule
from casecore.vocabulary import Stage

__all__ = ["RULES"]


def _in(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_ANY: Final = frozenset(Stage)
_EXISTS: Final = frozenset(Stage) - {Stage.NEW}
_BEFORE_ACCEPTANCE: Final = _in(Stage.SUBMITTED, Stage.RETURNED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
_BEFORE_DECISION: Final = _in(Stage.IN_REVIEW, Stage.REVIEWED)
_LIVING: Final = _ANY - {Stage.NOT_ACCEPTED, Stage.WITHDRAWN, Stage.VOIDED}
"""Where something may still be done for the applicant: before the application, and after the closing."""
_FILED: Final = _LIVING - {Stage.NEW}
"""Where an item asks for something."""
_AFTER_DECISION: Final = _in(Stage.DECIDED, Stage.CLOSED)

RULES: Final[Mapping[type, Rule]] = {
    commands.SubmitApplication: Rule(
        intake.submit_application, (events.ApplicationSubmitted,), _in(Stage.NEW, Stage.RETURNED), begins=True
    ),
    commands.PassPreReview: Rule(intake.pass_pre_review, (events.PreReviewPassed,), _in(Stage.SUBMITTED)),
    commands.ReturnPreReview: Rule(intake.return_pre_review, (events.PreReviewReturned,), _in(Stage.SUBMITTED)),
    commands.ReceiveCase: Rule(
        intake.receive_case,
        (events.CaseReceived,),
        _in(Stage.NEW, Stage.SUBMITTED, Stage.PRE_REVIEWED),
        begins=True,
    ),
    commands.ReceiveCourieredMaterials: Rule(
        delivery.receive_couriered_materials, (events.MaterialsCouriered,), _BEFORE_ACCEPTANCE | _in(Stage.NEW)
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
    commands.ReportCourierReturned: Rule(delivery.report_courier_returned, (events.CourierReturned,), _ANY, late=True),
    commands.ReportCourierLost: Rule(delivery.report_courier_lost, (events.CourierLost,), _ANY, late=True),
    commands.ReportCourierRefused: Rule(delivery.report_courier_refused, (events.CourierRefused,), _ANY, late=True),
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
    commands.RecordTrip: Rule(trips.record_trip, (events.TripMade,), _ANY, late=True),
    # certificates that were made already, and papers on their way in
    commands.CorrectCertificate: Rule(certificates.correct_certificate, (events.CertificateCorrected,), _AFTER_DECISION),
    commands.RevokeCertificate: Rule(certificates.revoke_certificate, (events.CertificateRevoked,), _AFTER_DECISION),
    commands.ReissueCertificate: Rule(certificates.reissue_certificate, (events.CertificateReissued,), _AFTER_DECISION),
    commands.SendPapers: Rule(delivery.send_papers, (events.PapersSent,), _BEFORE_ACCEPTANCE | _in(Stage.NEW), begins=True),
    # agents and materials
    commands.GrantMandate: Rule(agents.grant_mandate, (events.MandateGranted,), _LIVING, late=True, begins=True),
    commands.RevokeMandate: Rule(agents.revoke_mandate, (events.MandateRevoked,), _LIVING, late=True),
    commands.RequestHomeService: Rule(
        agents.request_home_service, (events.HomeServiceRequested,), _LIVING, late=True, begins=True
    ),
    commands.HandOverPapers: Rule(materials.hand_over_papers, (events.PapersHandedOver,), _ANY, late=True),
    commands.MeetMaterial: Rule(materials.meet_material, (events.MaterialMet,), _FILED, late=True),
    commands.PromiseMaterial: Rule(materials.promise_material, (events.MaterialPromised,), _FILED, late=True),
    commands.ReportLookupFailed: Rule(materials.report_lookup_failed, (events.LookupFailed,), _FILED, late=True),
    commands.DepositPapers: Rule(
        drop_boxes.deposit_papers,
        (events.PapersDeposited,),
        _in(Stage.SUBMITTED, Stage.PRE_REVIEWED, Stage.CORRECTING),
    ),
    # fees and ratings
    commands.PayFee: Rule(fees.pay_fee, (events.FeePaid,), _LIVING, late=True),
    commands.WaiveFee: Rule(fees.waive_fee, (events.FeeWaived,), _LIVING, late=True),
    commands.RateCase: Rule(ratings.rate_case, (events.CaseRated,), _EXISTS - {Stage.VOIDED}, late=True),
    commands.ReviewRating: Rule(ratings.review_rating, (events.RatingReviewed,), _EXISTS, late=True),
    commands.RectifyRating: Rule(ratings.rectify_rating, (events.RatingRectified,), _EXISTS, late=True),
    commands.CallBackRater: Rule(ratings.call_back_rater, (events.RaterCalledBack,), _EXISTS, late=True),
    # what follows from a package or a drop box
    commands.JoinPackage: Rule(joining.join_package, (events.CaseJoined,), _in(Stage.NEW), begins=True, follows=True),
    commands.EntrustAgent: Rule(agents.entrust_agent, (events.MandateGranted,), _LIVING, late=True, follows=True),
    commands.ShareWithCase: Rule(materials.share_with_case, (events.MaterialMet,), _EXISTS, late=True, follows=True),
    commands.CollectPapers: Rule(drop_boxes.collect_papers, (events.PapersCollected,), _EXISTS, late=True, follows=True),
    commands.FailCondition: Rule(joining.fail_condition, (events.ConditionLapsed,), _ANY, late=True, follows=True),
}
"""Every command and its rule."""
