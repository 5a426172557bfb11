"""Findings of a drop box (小蜜蜂箱): days on which it was not emptied often enough, deposits outside its service."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from casecore.auditing.any_kind import find_ahead
from casecore.auditing.finding import Examination, Finding, examine, found, gathered
from casecore.drop_box.acts.emptying import Duty
from casecore.drop_box.acts.supervision import neglected
from casecore.drop_box.facts.emptying import BoxDeposited
from casecore.drop_box.file import DropBoxFile
from casecore.kinds import DROP_BOX
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.vocabulary import FindingCode

__all__ = ["findings_of_box"]

Examined = Examination[DropBoxFile]


def findings_of_box(history: Sequence[Recorded], office: Office, at: datetime) -> tuple[Finding, ...]:
    """Everything questionable in one box's facts, in the order of the facts."""
    return gathered(examine(DROP_BOX, history, office, at), _CHECKS) if history else ()


def _neglected(box: Examined) -> Iterator[Finding]:
    """Working days in a row on which it was not emptied often enough: one finding, at the last fact by their end."""
    name = box.history[0].stream
    for run in _runs(box, list(neglected(name, box.file, box.at, box.office))):
        days = f"on {run[0].day}" if len(run) == 1 else f"on {len(run)} working days from {run[0].day} to {run[-1].day}"
        emptied = sum(duty.collections for duty in run)
        sentence = f"emptied {emptied} times {days}, of {sum(duty.wanted for duty in run)} it had to be"
        yield found(FindingCode.BOX_NOT_EMPTIED, _last_by(box.history, run[-1].day), sentence)


def _runs(box: Examined, duties: Sequence[Duty]) -> Iterator[list[Duty]]:
    """Duties whose days follow each other as working days do."""
    calendar = box.office.calendar.law
    run: list[Duty] = []
    for duty in duties:
        if run and calendar.next_working(run[-1].day + timedelta(days=1)) != duty.day:
            yield run
            run = []
        run.append(duty)
    if run:
        yield run


def _last_by(history: Sequence[Recorded], day: date) -> Recorded:
    """The last fact of a history that happened by the end of a day; the first of all where none had."""
    by_then = [recorded for recorded in history if recorded.occurred_at.date() <= day]
    return by_then[-1] if by_then else history[0]


def _deposits(box: Examined) -> Iterator[Finding]:
    """What was put in on a day on which the box was not in service."""
    for recorded in box.history:
        event, on = recorded.event, recorded.occurred_at.date()
        kept = box.office.on(on).catalogue.boxes.get(recorded.stream)
        if isinstance(event, BoxDeposited) and kept is not None and not kept.in_force(on):
            sentence = f"{event.deposit} was put in on {on}; the box is in service {kept.span}"
            yield found(FindingCode.BOX_OUT_OF_SERVICE, recorded, sentence)


_CHECKS: Final = (_neglected, _deposits, find_ahead)
