"""Hearings (听证, 行政许可法 Art. 47-48): offered, asked for within five working days, held within twenty, announced ahead.

A hearing by itself moves no clock: the days it takes are declared as a special procedure on the ground of a hearing.
"""

from datetime import datetime
from typing import Final

from casecore.case.clocks import clock_named
from casecore.case.commands import HoldHearing, NotifyHearing, OfferHearing, RequestHearing
from casecore.case.events import HearingHeld, HearingNotified, HearingOffered, HearingRequested
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank

__all__ = ["hold_hearing", "notify_hearing", "offer_hearing", "request_hearing"]

NOTICE_DAYS: Final = 7
"""Art. 48(1): time and place are told seven (working, Art. 82) days ahead."""


def offer_hearing(file: CaseFile, command: OfferHearing, at: datetime, office: Office) -> Ruling:
    """Whoever the decision concerns is told of the right to a hearing."""
    if file.hearing is not None:
        return Refused(Reason.HEARING_OFFERED)
    if blank(command.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    return (HearingOffered(at=at, by=command.by, notice=command.notice),)


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
    return (HearingRequested(at=at, by=command.by),)


def notify_hearing(file: CaseFile, command: NotifyHearing, at: datetime, office: Office) -> Ruling:
    """Time and place are told, seven days ahead; a later notice moves the day."""
    if file.hearing is None or file.hearing.requested_at is None or file.promise is None:
        return Refused(Reason.HEARING_NOT_REQUESTED)
    if file.hearing.held_at is not None:
        return Refused(Reason.HEARING_NOT_NOTIFIED, file.hearing.held_at.date().isoformat())
    if office.calendar_of(file.promise.calendar).between(at.date(), command.hearing_on) < NOTICE_DAYS:
        return Refused(Reason.HEARING_NOTICE_TOO_SHORT, command.hearing_on.isoformat())
    if blank(command.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    return (HearingNotified(at=at, by=command.by, hearing_on=command.hearing_on, notice=command.notice),)


def hold_hearing(file: CaseFile, command: HoldHearing, at: datetime, office: Office) -> Ruling:
    """The hearing is held on the day announced, with its record."""
    hearing = file.hearing
    if hearing is None or hearing.held_at is not None or hearing.hearing_on != at.date():
        announced = hearing.hearing_on if hearing is not None else None
        return Refused(Reason.HEARING_NOT_NOTIFIED, "" if announced is None else announced.isoformat())
    return (HearingHeld(at=at, by=command.by, record=command.record),)
