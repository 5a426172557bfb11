"""Hearings (听证, 行政许可法 Art. 47-48): offered, asked for within five working days, held within twenty, announced ahead.

A hearing by itself moves no clock: the days it takes are declared as a special procedure on the ground of a hearing.
"""

from datetime import date, datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.clocks import clock_named
from casecore.case.command import CaseCommand
from casecore.case.facts.hearings import HearingFact, HearingHeld, HearingNotified, HearingOffered, HearingRequested
from casecore.case.file import CaseFile
from casecore.case.parts import Hearing
from casecore.case.stages import BEFORE_DECISION
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value

__all__ = ["HoldHearing", "NotifyHearing", "OfferHearing", "RequestHearing"]


@value
class OfferHearing(CaseCommand):
    """听证告知: tell whoever the decision concerns of the right to a hearing."""

    notice: str


@value
class RequestHearing(CaseCommand):
    """听证申请, by the applicant or whoever else the decision concerns."""


@value
class NotifyHearing(CaseCommand):
    """听证通知: announce the day of the hearing, seven days ahead; a later notice moves it."""

    hearing_on: date
    notice: str


@value
class HoldHearing(CaseCommand):
    """听证举行: hold the hearing on the day announced, with its record."""

    record: str


NOTICE_DAYS: Final = 7
"""Art. 48(1): time and place are told seven (working, Art. 82) days ahead."""


def offer_hearing(file: CaseFile, command: OfferHearing, at: datetime, office: Office) -> Ruling:
    """Whoever the decision concerns is told of the right to a hearing."""
    if file.hearing is not None:
        return Refused(Reason.HEARING_OFFERED)
    if blank(command.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    return (made(HearingOffered, command, at),)


def request_hearing(file: CaseFile, command: RequestHearing, at: datetime, office: Office) -> Ruling:
    """The hearing is asked for, within five working days of being told."""
    clock = clock_named(file, "hearing_request")
    if clock is None or clock.calendar is None:
        return Refused(Reason.HEARING_NOT_OFFERED)
    if file.hearing is not None and file.hearing.requested_at is not None:
        return Refused(Reason.HEARING_REQUESTED)
    due = clock.read(office.calendar_of(clock.calendar), at).due_on
    if at.date() > due:
        return Refused(Reason.HEARING_REQUEST_TOO_LATE, due.isoformat())
    return (made(HearingRequested, command, at),)


def notify_hearing(file: CaseFile, command: NotifyHearing, at: datetime, office: Office) -> Ruling:
    """Time and place are told, seven days ahead; a later notice moves the day."""
    if file.hearing is None or file.hearing.requested_at is None or file.promise is None:
        return Refused(Reason.HEARING_NOT_REQUESTED)
    if file.hearing.held_at is not None:
        return Refused(Reason.HEARING_NOT_NOTIFIED, file.hearing.held_at.date().isoformat())
    if office.calendar_of(file.promise.calendar).law.between(at.date(), command.hearing_on) < NOTICE_DAYS:
        return Refused(Reason.HEARING_NOTICE_TOO_SHORT, command.hearing_on.isoformat())
    if blank(command.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    return (made(HearingNotified, command, at),)


def hold_hearing(file: CaseFile, command: HoldHearing, at: datetime, office: Office) -> Ruling:
    """The hearing is held on the day announced, with its record."""
    hearing = file.hearing
    if hearing is None or hearing.held_at is not None or hearing.hearing_on != at.date():
        announced = hearing.hearing_on if hearing is not None else None
        return Refused(Reason.HEARING_NOT_NOTIFIED, "" if announced is None else announced.isoformat())
    return (made(HearingHeld, command, at),)


def _evolve(file: CaseFile, fact: HearingFact) -> CaseFile:
    hearing = file.hearing or Hearing()
    match fact:
        case HearingOffered():
            return file._replace(hearing=Hearing(fact.at))
        case HearingRequested():
            return file._replace(hearing=hearing._replace(requested_at=fact.at))
        case HearingNotified():
            return file._replace(hearing=hearing._replace(hearing_on=fact.hearing_on))
        case HearingHeld():
            return file._replace(hearing=hearing._replace(held_at=fact.at))
        case _:
            assert_never(fact)


HEARINGS: Final = Act(
    "听证",
    facts=facts_in(HearingFact),
    evolve=_evolve,
    rules={
        OfferHearing: Rule(offer_hearing, (HearingOffered,), BEFORE_DECISION),
        RequestHearing: Rule(request_hearing, (HearingRequested,), BEFORE_DECISION),
        NotifyHearing: Rule(notify_hearing, (HearingNotified,), BEFORE_DECISION),
        HoldHearing: Rule(hold_hearing, (HearingHeld,), BEFORE_DECISION),
    },
)
"""A hearing is offered, asked for, announced and held."""
