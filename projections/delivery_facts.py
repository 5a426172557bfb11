"""``delivery_facts``: one row a way the result took to the applicant (送达, 寄递)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.vocabulary import DeliveryMethod
from projections.projection import Projection, Subject

__all__ = ["DELIVERY_FACTS", "DeliveryFact"]


class DeliveryFact(NamedTuple):
    """One consignment, or one hand-over without a recorded one."""

    log: str
    case_id: str
    stream_version: int
    delivery: int
    """1, 2, 3 … within the case: consignments first, then hand-overs without one."""
    method: str
    consignment: str | None
    certificate: str | None
    replaces: str | None
    state: str
    dispatched_on: date | None
    ended_on: date | None


def _rows(subject: Subject) -> Iterator[DeliveryFact]:
    file = subject.file
    number = 0
    for consignment in file.consignments:
        number += 1
        yield DeliveryFact(
            log=subject.log,
            case_id=subject.case,
            stream_version=file.version,
            delivery=number,
            method=DeliveryMethod.COURIER.value,
            consignment=consignment.consignment,
            certificate=consignment.certificate,
            replaces=consignment.replaces,
            state=consignment.state.value,
            dispatched_on=consignment.dispatched_at.date(),
            ended_on=consignment.ended_at.date() if consignment.ended_at else None,
        )
    for delivery in file.deliveries:
        if delivery.consignment is None or file.consignment(delivery.consignment) is None:
            number += 1
            yield DeliveryFact(
                log=subject.log,
                case_id=subject.case,
                stream_version=file.version,
                delivery=number,
                method=delivery.method.value,
                consignment=delivery.consignment,
                certificate=delivery.certificate,
                replaces=None,
                state="delivered",
                dispatched_on=None,
                ended_on=delivery.at.date(),
            )


DELIVERY_FACTS = Projection("delivery_facts", 1, DeliveryFact, _rows)
"""One row a way to the applicant."""
