"""Ratings (好差评): five grades of one step or of the whole, and what becomes of bad ones (差评整改)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Personal
from casecore.case.command import CaseCommand
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.closing import CaseClosed
from casecore.case.facts.ratings import CaseRated, RaterCalledBack, RatingFact, RatingRectified, RatingReviewed
from casecore.case.file import CaseFile
from casecore.case.parts import Rating, Service
from casecore.case.stages import EXISTS
from casecore.growing import grown
from casecore.limits import Limit
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Channel, CoreStep, Grade, RatingReview, Stage

__all__ = ["CallBackRater", "RateCase", "RectifyRating", "ReviewRating"]


@value
class RateCase(CaseCommand):
    """好差评, of one step (一次一评) or of the case as a whole (一事一评)."""

    grade: Grade
    defaulted: bool = False
    remark: Personal | None = None
    step: CoreStep | None = None
    channel: Channel | None = None
    real_name: bool = False


@value
class ReviewRating(CaseCommand):
    """差评核实: say whether a bad rating is what it says."""

    review: RatingReview
    reason: str
    step: CoreStep | None = None


@value
class RectifyRating(CaseCommand):
    """差评整改: say how what a bad rating complained of was put right."""

    measure: str
    step: CoreStep | None = None


@value
class CallBackRater(CaseCommand):
    """差评回访: call back whoever rated badly."""

    satisfied: bool
    step: CoreStep | None = None


def rate_case(file: CaseFile, command: RateCase, at: datetime, office: Office) -> Ruling:
    """One rating a step; a real one may replace a default one."""
    done = done_at(file, command.step)
    if done is None or at < done:
        return Refused(Reason.NOTHING_TO_RATE, command.step.value if command.step is not None else "")
    standing = file.service.rating(command.step)
    if standing is not None and (command.defaulted or not standing.fact.defaulted):
        return Refused(Reason.ALREADY_RATED, command.step.value if command.step is not None else "")
    bad = command.grade.bad and not command.defaulted
    rated = made(CaseRated, command, at, rectify_within=Limit.working_days(office.rule.rectify_days) if bad else None)
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
    return (made(RatingReviewed, command, at),)


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
    return (made(RatingRectified, command, at),)


def call_back_rater(file: CaseFile, command: CallBackRater, at: datetime, office: Office) -> Ruling:
    """A rater who gave a name is called back."""
    rating = _bad(file, command.step, at)
    if isinstance(rating, Refused):
        return rating
    if not rating.fact.real_name:
        return Refused(Reason.RATER_UNKNOWN)
    if rating.called_back is not None:
        return Refused(Reason.RATER_CALLED_BACK)
    return (made(RaterCalledBack, command, at),)


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


def _rated(service: Service, step: CoreStep | None, change: Callable[[Rating], Rating]) -> Service:
    """The service with the standing rating of a step changed; unchanged where nobody rated it."""
    ratings = list(service.ratings)
    for index in reversed(range(len(ratings))):
        if ratings[index].fact.step is step:
            ratings[index] = change(ratings[index])
            break
    return service._replace(ratings=tuple(ratings))


def _evolve(file: CaseFile, fact: RatingFact) -> CaseFile:
    service = file.service
    match fact:
        case CaseRated():
            service = service._replace(ratings=grown(service.ratings, Rating(fact)))
        case RatingReviewed():
            service = _rated(service, fact.step, partial(Rating._replace, review=fact))
        case RatingRectified():
            service = _rated(service, fact.step, partial(Rating._replace, rectified=fact))
        case RaterCalledBack():
            service = _rated(service, fact.step, partial(Rating._replace, called_back=fact))
        case _:
            assert_never(fact)
    return file._replace(service=service)


RATINGS: Final = Act(
    "好差评",
    facts=facts_in(RatingFact),
    evolve=_evolve,
    rules={
        RateCase: Rule(rate_case, (CaseRated,), EXISTS - {Stage.VOIDED}, late=True),
        ReviewRating: Rule(review_rating, (RatingReviewed,), EXISTS, late=True),
        RectifyRating: Rule(rectify_rating, (RatingRectified,), EXISTS, late=True),
        CallBackRater: Rule(call_back_rater, (RaterCalledBack,), EXISTS, late=True),
    },
)
"""Applicants rate; a bad rating is reviewed, put right, its rater called back."""
