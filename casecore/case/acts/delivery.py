"""The handing over of results (送达): at a window, from a locker, by courier, brought home, or as an e-certificate."""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, Personal
from casecore.case.acts.courier import consigned, known_as, not_to_hand_over
from casecore.case.acts.trips import trips_of
from casecore.case.command import CaseCommand
from casecore.case.facts.delivery import DeliveryFact, ResultDelivered
from casecore.case.file import CaseFile
from casecore.case.parts import Consignment, CourierReport
from casecore.case.stages import AFTER_DECISION
from casecore.given import Coming, Visit
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import Cause, DeliveryMethod, Place, Transit, Visitor
from casecore.whereabouts import led_to

__all__ = ["DeliverResult"]


@value
class DeliverResult(CaseCommand):
    """送达: at a window, from a locker, by courier, brought home, or as an e-certificate."""

    method: DeliveryMethod
    certificate: Id | None = None
    consignment: Id | None = None
    recipient: Personal | None = None
    visit: Visit | None = None

    @property
    def coming(self) -> Coming | None:
        """The visit in which the result was collected, or brought home."""
        visit = self.visit
        if visit is None:
            return None
        brought = visit.visitor is Visitor.HALL_AGENT or visit.place is Place.HOME
        came = self.method.collected or (self.method is DeliveryMethod.HOME and brought)
        return Coming(visit, Cause.COLLECT) if came else None


def deliver_result(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: DeliverResult, at: datetime, office: Office
) -> Ruling:
    """The result is in the applicant's hands; picking it up is a trip, if a visit is given.

    Who brings it to the applicant's home may give his own journey as the visit: it costs the applicant none. What a
    courier reports is told whatever was reported before, even of a result that arrived already: what was taken for lost
    and sent again may arrive twice.
    """
    if file.decision is not None and at < file.decision.at:
        return Refused(Reason.BEFORE_STAGE, file.decision.at.isoformat())
    by_courier = command.method is DeliveryMethod.COURIER
    sent = known_as(file, command.consignment or "", at, outgoing=True) if by_courier else None
    if isinstance(sent, Refused) and sent.reason is Reason.BEFORE_STAGE:
        return sent
    certificate = command.certificate or (sent.certificate if isinstance(sent, Consignment) else None)
    if certificate is None and file.certificates and command.method is DeliveryMethod.E_CERTIFICATE:
        return Refused(Reason.UNKNOWN_CERTIFICATE)
    if refused := not_to_hand_over(file, certificate, at, reported=isinstance(sent, Consignment)):
        return refused
    if isinstance(sent, Refused):
        return sent
    if sent is not None and CourierReport(at, Transit.DELIVERED) in sent.reports:
        return Refused(Reason.ALREADY_DELIVERED, certificate or "")
    if sent is not None and certificate != sent.certificate:
        return Refused(Reason.CONSIGNMENT_HOLDS_ANOTHER, sent.certificate or "")
    came = led_to(command.coming, file.hall, at.date(), office, at_window=command.method.collected)
    trips = trips_of(file, came, at, command.by)
    if isinstance(trips, Refused):
        return trips
    delivered = made(
        ResultDelivered, command, at, certificate=certificate, consignment=sent.consignment if sent is not None else None
    )
    return (delivered, *trips)


def _evolve(file: CaseFile, fact: DeliveryFact) -> CaseFile:
    if fact.consignment is not None:
        file = consigned(file, fact.consignment, Transit.DELIVERED, fact.at)
    return file._replace(delivered=grown(file.delivered, fact))


DELIVERY: Final = Act(
    "送达",
    facts=facts_in(DeliveryFact),
    evolve=_evolve,
    rules={
        DeliverResult: Rule(deliver_result, (ResultDelivered,), AFTER_DECISION, late=True),
    },
)
"""The result reaches the applicant."""
