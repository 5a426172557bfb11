"""``rating_facts``: one row a rating (好差评), and what became of it where it was bad (差评整改)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.case.clocks import rectification
from casecore.case.file import CaseFile
from casecore.case.parts import Rating
from projections.projection import Projection, Subject, day_of

__all__ = ["RATING_FACTS", "RatingFact"]


class RatingFact(NamedTuple):
    """One rating."""

    log: str
    case_id: str
    stream_version: int
    rating: int
    """1, 2, 3 … within the case, in the order told."""
    step: str | None
    """The step that was rated (一次一评); None for the case as a whole (一事一评)."""
    channel: str | None
    grade: int
    """满意度: from 1, 非常满意, to 5, 非常不满意 (GB/T 39046 A.8)."""
    defaulted: int
    """默认好评: nobody gave it, and no figure counts it."""
    real_name: int
    """实名: the rater can be called back."""
    rated_on: date
    bad: int
    """差评: really given, with grade 4 or 5."""
    review: str | None
    """差评核实: what the review found; a mistaken or malicious one leaves the figures."""
    rectify_due_on: date | None
    """差评整改时限: by when a bad one that stands is to be put right; None where it cannot be counted, and of void cases."""
    rectified_on: date | None
    in_time: int | None
    """Whether it was put right by then; None while it was not."""
    called_back_on: date | None


def _rows(subject: Subject[CaseFile]) -> Iterator[RatingFact]:
    service = subject.file.service
    for number, rating in enumerate(service.ratings, 1):
        fact, rectified, called_back = rating.fact, rating.rectified, rating.called_back
        stands = service.rating(fact.step) is rating
        clock = subject.clock(rectification(fact.step)) if stands and _bad(rating) else None
        due_on = clock.due_on if clock is not None else None
        yield RatingFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            rating=number,
            step=fact.step.value if fact.step is not None else None,
            channel=fact.channel.value if fact.channel is not None else None,
            grade=int(fact.grade),
            defaulted=int(fact.defaulted),
            real_name=int(fact.real_name),
            rated_on=fact.at.date(),
            bad=int(_bad(rating)),
            review=rating.review.review.value if rating.review is not None else None,
            rectify_due_on=due_on,
            rectified_on=day_of(rectified.at if rectified is not None else None),
            in_time=int(rectified.at.date() <= due_on) if rectified is not None and due_on is not None else None,
            called_back_on=day_of(called_back.at if called_back is not None else None),
        )


def _bad(rating: Rating) -> bool:
    return rating.fact.grade.bad and not rating.fact.defaulted


RATING_FACTS = Projection("rating_facts", 1, RatingFact, _rows)
"""One row a rating."""
