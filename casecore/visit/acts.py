"""Rules of a visit: who comes is told, what is done in it follows from the cases, and who came leaves."""

from datetime import date, datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, PersonalId
from casecore.command import Command
from casecore.given import Visit, unfit_hash
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.visit.facts import CaseServed, VisitEvent, VisitLeft, VisitOpened
from casecore.visit.file import VisitFile
from casecore.visit_ids import visit_id
from casecore.vocabulary import Cause, Need, Place, Purpose, VainReason, Visitor, VisitStage
from casecore.whereabouts import place_of

__all__ = ["LeaveVisit", "OpenVisit", "ServeInVisit", "VisitCommand"]


@value
class VisitCommand(Command):
    """A command about one visit: the hall's own number means one visit there on one day."""

    hall: Id
    """The hall or site (办理点) somebody came to."""
    on: date
    """The local date on which they came."""
    number: Id
    """The hall's own number (排队号)."""

    @property
    def stream(self) -> str:
        """The visit's id."""
        return visit_id(self.hall, self.on, self.number)


@value
class OpenVisit(VisitCommand):
    """到场登记: somebody has come, whatever for; no case is needed. Told late, it is added to what the visit served."""

    visitor: Visitor = Visitor.APPLICANT
    place: Place = Place.HALL
    purpose: Purpose | None = None
    person: PersonalId | None = None
    """Who came: the applicant, whoever the applicant sent, or the 代办员."""
    persons: int = 1
    """人次: how many came together under the number."""
    items: tuple[Id, ...] = ()
    """The items asked for."""
    needs: tuple[Need, ...] = ()
    device: Id | None = None
    """The entry or terminal (闸机, 自助终端) it was told by."""
    id_hash: str | None = None
    """刷证入场: SHA-256 of the identity swiped at the entry, 64 hexadecimal digits."""


@value
class ServeInVisit(VisitCommand):
    """办理: follows from an act of a case that names the visit."""

    case: Id
    cause: Cause
    visitor: Visitor
    place: Place
    applicant: PersonalId | None = None
    agent: PersonalId | None = None
    device: Id | None = None
    id_hash: str | None = None


@value
class LeaveVisit(VisitCommand):
    """离场: whoever came has gone; with a reason where it was in vain (白跑)."""

    in_vain: VainReason | None = None
    note: str | None = None
    """What was missing, or what stood in the way."""


def open_visit(file: VisitFile, command: OpenVisit, at: datetime, office: Office) -> Ruling:  # noqa: PLR0911 - one way out a refusal
    """Somebody has come; what was served in the visit before anybody told of it agrees with who came, and when."""
    if file.opened is not None:
        return Refused(Reason.VISIT_OPENED, file.opened.number)
    if at.date() != command.on:
        return Refused(Reason.VISIT_ON_ANOTHER_DAY, command.on.isoformat())
    if command.persons < 1:
        return Refused(Reason.PERSONS_OUT_OF_RANGE, str(command.persons))
    if refused := unfit_hash(command.id_hash):
        return refused
    for item in command.items:
        if not office.catalogue.known(item):
            return Refused(Reason.UNKNOWN_ITEM, item)
    if file.left is not None and file.left.at < at:
        return Refused(Reason.LEFT_BEFORE_ARRIVAL, file.left.at.isoformat())
    came = Visit(visit=command.number, place=command.place, visitor=command.visitor, device=command.device)
    place = place_of(came, command.hall, command.on, office, at_window=True)
    opened = made(VisitOpened, command, at, place=place)
    for served in file.served:
        if refused := _stranger(opened, served, office):
            return refused
    return (opened,)


def serve_in_visit(file: VisitFile, command: ServeInVisit, at: datetime, office: Office) -> Ruling:
    """An act of a case was done in the visit, while whoever came was there; one visit is of one applicant in person."""
    if file.left is not None and file.left.in_vain is not None:
        return Refused(Reason.VISIT_IN_VAIN, file.left.in_vain.value)
    if file.left is not None and file.left.at < at:
        return Refused(Reason.VISIT_LEFT, file.left.at.isoformat())
    served = made(CaseServed, command, at)
    if file.opened is not None and (refused := _stranger(file.opened, served, office)):
        return refused
    return _too_many(file, served) or (served,)


def leave_visit(file: VisitFile, command: LeaveVisit, at: datetime, office: Office) -> Ruling:
    """Whoever came has gone, after what was done in the visit; it was in vain only where nothing was."""
    began_at, last_at = file.began_at, file.last_served_at
    if began_at is not None and at < began_at:
        return Refused(Reason.LEFT_BEFORE_ARRIVAL, began_at.isoformat())
    if last_at is not None and at < last_at:
        return Refused(Reason.LEFT_WHILE_SERVED, last_at.isoformat())
    if command.in_vain is not None and file.served:
        return Refused(Reason.VISIT_SERVED, file.served[0].case)
    if command.in_vain is VainReason.OTHER and blank(command.note):
        return Refused(Reason.REASON_REQUIRED, command.in_vain.value)
    return (made(VisitLeft, command, at),)


def _stranger(opened: VisitOpened, served: CaseServed, office: Office) -> Refused | None:
    """Why what was done cannot have been done by who came: before they came, or the 代办员 came and not the applicant.

    An entry's clock may run ahead of a window's. Of several who came together each may be another.
    """
    if served.at < opened.at - office.rule.skew:
        return Refused(Reason.BEFORE_ARRIVAL, opened.at.isoformat())
    hall_agent = Visitor.HALL_AGENT
    if opened.persons == 1 and (opened.visitor is hall_agent) != (served.visitor is hall_agent):
        return Refused(Reason.VISITOR_DIFFERS, opened.visitor.value)
    return None


def _too_many(file: VisitFile, served: CaseServed) -> Refused | None:
    """Why the applicant cannot have come in person: as many have as came. Who was sent may come for several."""
    if served.visitor is not Visitor.APPLICANT or served.applicant is None:
        return None
    if file.opened is not None and file.opened.visitor is not Visitor.APPLICANT:
        return None  # whoever came, told on arriving, was sent
    before = file.applicants_in_person
    if served.applicant in before or len(before) < file.persons:
        return None
    return Refused(Reason.TWO_APPLICANTS, before[0])


def _evolve(file: VisitFile, fact: VisitEvent) -> VisitFile:
    match fact:
        case VisitOpened():
            if file.opened is not None:
                return file
            file = file._replace(opened=fact)
            return file if file.left is not None else file._replace(stage=VisitStage.OPEN, stage_at=fact.at)
        case CaseServed():
            served = grown(file.served, fact)
            if file.stage is not VisitStage.NEW:
                return file._replace(served=served)
            return file._replace(served=served, stage=VisitStage.OPEN, stage_at=fact.at)
        case VisitLeft():
            return file if file.left is not None else file._replace(left=fact, stage=VisitStage.LEFT, stage_at=fact.at)
        case _:
            assert_never(fact)


VISITING: Final = Act(
    "到场",
    facts=facts_in(VisitEvent),
    evolve=_evolve,
    rules={
        OpenVisit: Rule(open_visit, (VisitOpened,), frozenset(VisitStage), late=True, begins=True),
        ServeInVisit: Rule(serve_in_visit, (CaseServed,), frozenset(VisitStage), late=True, begins=True, follows=True),
        LeaveVisit: Rule(leave_visit, (VisitLeft,), frozenset({VisitStage.OPEN}), late=True),
    },
)
"""Somebody comes, is served or not, and leaves."""
