"""Ratings (好差评): five grades of one step or of the whole, and what becomes of bad ones (差评整改)."""

from datetime import datetime

from casecore.case.commands import CallBackRater, RateCase, RectifyRating, ReviewRating
from casecore.case.events import CaseClosed, CaseRated, NotAccepted, RaterCalledBack, RatingRectified, RatingReviewed
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Rating
from casecore.limits import Limit
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import CoreStep, RatingReview

__all__ = ["call_back_rater", "done_at", "rate_case", "rectify_rating", "review_rating"]


def rate_case(file: CaseFile, command: RateCase, at: datetime, office: Office) -> Ruling:
    """One rating a step; a real one may replace a default one."""
    done = done_at(file, command.step)
    if done is None or at < done:
        return Refused(Reason.NOTHING_TO_RATE, command.step.value if command.step is not None else "")
    standing = file.service.rating(command.step)
    if standing is not None and (command.defaulted or not standing.fact.defaulted):
        return Refused(Reason.ALREADY_RATED, command.step.value if command.step is not None else "")
    bad = command.grade.bad and not command.defaulted
    rated = CaseRated(
        at=at,
        by=command.by,
        grade=command.grade,
        defaulted=command.defaulted,
        remark=command.remark,
        step=command.step,
        channel=command.channel,
        real_name=command.real_name,
        rectify_within=Limit.working_days(office.rule.rectify_days) if bad else None,
    )
    return (rated,)


def review_rating(file: CaseFile, command: ReviewRating, at: datetime, office: Office) -> Ruling:
    """Whether a bad rating is what it says; a mistaken or malicious one leaves the figures."""
    rating = _bad(file, command.step, at)
    if isinstance(rating, Refused):
        return rating
    if rating.review is not None:
        return Refused(Reason.RATING_REVIEWED)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (RatingReviewed(at=at, by=command.by, review=command.review, reason=command.reason, step=command.step),)


def rectify_rating(file: CaseFile, command: RectifyRating, at: datetime, office: Office) -> Ruling:
    """What a valid one complained of is put right."""
    rating = _bad(file, command.step, at)
    if isinstance(rating, Refused):
        return rating
    if rating.review is None or rating.review.review is not RatingReview.VALID:
        return Refused(Reason.RATING_NOT_VALID)
    if rating.rectified is not None:
        return Refused(Reason.RATING_RECTIFIED)
    if blank(command.measure):
        return Refused(Reason.NOTHING_NAMED, "measure")
    return (RatingRectified(at=at, by=command.by, measure=command.measure, step=command.step),)


def call_back_rater(file: CaseFile, command: CallBackRater, at: datetime, office: Office) -> Ruling:
    """A rater who gave a name is called back."""
    rating = _bad(file, command.step, at)
    if isinstance(rating, Refused):
        return rating
    if not rating.fact.real_name:
        return Refused(Reason.RATER_UNKNOWN)
    if rating.called_back is not None:
        return Refused(Reason.RATER_CALLED_BACK)
    return (RaterCalledBack(at=at, by=command.by, satisfied=command.satisfied, step=command.step),)


def done_at(file: CaseFile, step: CoreStep | None) -> datetime | None:
    """When a step was done, first; None while it is not. The case as a whole is done with its closing (办结, 不予受理).

    What was withdrawn (撤回) was not done as a whole; the steps it came through may be rated all the same.
    """
    match step:
        case CoreStep.RECEIPT:
            declined_at = file.closing.at if isinstance(file.closing, NotAccepted) else None
            return file.received_at or declined_at
        case CoreStep.REVIEW:
            answers = [one.answered_at for one in file.approvals if one.answered_at is not None]
            decided = [file.decision.at] if file.decision is not None else []
            return min([*answers, *(one.at for one in file.steps), *decided], default=None)
        case CoreStep.APPROVAL:
            return file.decision.at if file.decision is not None else None
        case CoreStep.DELIVERY:
            return min((one.at for one in file.deliveries), default=None)
        case CoreStep.CLOSING | None:
            return file.closing.at if isinstance(file.closing, CaseClosed | NotAccepted) else None


def _bad(file: CaseFile, step: CoreStep | None, at: datetime) -> Rating | Refused:
    """The bad rating that stands of a step."""
    rating = file.service.rating(step)
    if rating is None or not rating.fact.grade.bad or rating.fact.defaulted:
        return Refused(Reason.NOT_RATED_BADLY, step.value if step is not None else "")
    last = rating.review.at if rating.review is not None else rating.fact.at
    return Refused(Reason.BEFORE_STAGE, last.isoformat()) if at < last else rating
