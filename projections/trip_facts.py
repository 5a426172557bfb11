"""``trip_facts``: one row a recorded trip (跑动) of a case. Several cases may share a ``visit``, see ``visit_facts``."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import NamedTuple

from casecore.case.file import CaseFile
from projections.projection import Projection, Subject, counted_trips

__all__ = ["TRIP_FACTS", "TripFact"]


class TripFact(NamedTuple):
    """One trip of one case; the visit's other cases have rows of their own."""

    log: str
    case_id: str
    stream_version: int
    visit: str
    made_on: date
    visitor: str
    place: str
    cause: str
    near: int
    gross: int
    """1 when the applicant's account bears it."""
    net: int
    """1 when it counts against "at most one visit"."""
    why: str
    journey: int
    """1 when it belongs to the whole journey (全流程), from the preparing of the papers on."""
    verdict: str
    """Whether it could have been spared (能否避免), see :class:`~casecore.vocabulary.TripVerdict`."""
    agent: str | None
    """Which 代办员 went, where one did."""
    device: str | None
    """Which terminal (自助终端) it was handled at."""
    made_at: str
    """The instant it was made, in UTC, as text that sorts by it."""
    hall: str | None
    """Where they came to; None where ``visit`` is a number told without a hall."""


def _rows(subject: Subject[CaseFile]) -> Iterator[TripFact]:
    for counted in subject.once(counted_trips):
        trip = counted.trip
        yield TripFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            visit=trip.visit,
            made_on=trip.at.date(),
            visitor=trip.visitor.value,
            place=trip.place.value,
            cause=trip.cause.value,
            near=int(trip.place.near),
            gross=int(counted.gross),
            net=int(counted.net),
            why=counted.why,
            journey=int(counted.journey),
            verdict=counted.verdict.value,
            agent=trip.agent,
            device=trip.device,
            made_at=trip.at.astimezone(UTC).isoformat(timespec="microseconds"),
            hall=trip.hall,
        )


TRIP_FACTS = Projection("trip_facts", 3, TripFact, _rows)
"""One row a trip."""
