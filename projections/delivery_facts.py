"""``delivery_facts``: one row a way between hall and applicant (双向寄递).

The result out (送达, 寄递), and papers in by courier.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from casecore.case.file import CaseFile
from casecore.case.parts import Consignment
from casecore.vocabulary import DeliveryMethod, Transit
from projections.projection import Projection, Subject

__all__ = ["DELIVERY_FACTS", "DeliveryFact"]


class DeliveryFact(NamedTuple):
    """One consignment, or one hand-over without a recorded one."""

    log: str
    case_id: str
    stream_version: int
    delivery: int
    """1, 2, 3 … within the case: consignments out first, then hand-overs without one, then what came in."""
    method: str
    consignment: str | None
    certificate: str | None
    replaces: str | None
    state: str
    dispatched_on: date | None
    ended_on: date | None
    charge_fen: int
    """What the applicant paid for it, in fen (分); 0 where it was free (免费寄递)."""
    direction: str
    """out to the applicant, or in to the hall."""


class _Way(NamedTuple):
    """What a row says beside whose it is and which of them it is."""

    method: DeliveryMethod
    consignment: str | None
    certificate: str | None = None
    replaces: str | None = None
    state: Transit = Transit.DELIVERED
    dispatched_at: datetime | None = None
    ended_at: datetime | None = None
    charge_fen: int = 0
    direction: str = "out"


def _rows(subject: Subject[CaseFile]) -> Iterator[DeliveryFact]:
    for number, way in enumerate(_ways(subject), 1):
        yield DeliveryFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            delivery=number,
            method=way.method.value,
            consignment=way.consignment,
            certificate=way.certificate,
            replaces=way.replaces,
            state=way.state.value,
            dispatched_on=way.dispatched_at.date() if way.dispatched_at else None,
            ended_on=way.ended_at.date() if way.ended_at else None,
            charge_fen=way.charge_fen,
            direction=way.direction,
        )


def _ways(subject: Subject[CaseFile]) -> Iterator[_Way]:
    file = subject.file
    for consignment in file.consignments:
        yield _couriered(consignment, "out")
    for delivery in file.deliveries:
        if delivery.consignment is None or file.consignment(delivery.consignment) is None:
            yield _Way(delivery.method, delivery.consignment, delivery.certificate, ended_at=delivery.at)
    for consignment in file.inbound:
        yield _couriered(consignment, "in")
    sent = {consignment.consignment for consignment in file.inbound}
    for arrived in file.couriered_in:
        if arrived.consignment not in sent:
            yield _Way(DeliveryMethod.COURIER, arrived.consignment, ended_at=arrived.at, direction="in")


def _couriered(one: Consignment, direction: str) -> _Way:
    return _Way(
        DeliveryMethod.COURIER,
        one.consignment,
        one.certificate,
        one.replaces,
        one.state,
        one.dispatched_at,
        one.ended_at,
        one.charge_fen,
        direction,
    )


DELIVERY_FACTS = Projection("delivery_facts", 2, DeliveryFact, _rows)
"""One row a way."""
