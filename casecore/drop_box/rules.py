"""Rules of a drop box, and the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.deciding import Rule
from casecore.door import MAX_EVENT_BYTES
from casecore.drop_box import commands, events
from casecore.drop_box.commands import CollectBox, NoteDeposit
from casecore.drop_box.events import BoxCollected, BoxDeposit, BoxDeposited, DropBoxEvent
from casecore.drop_box.state import BoxStage, DropBoxFile
from casecore.office import Office
from casecore.refusals import Reason, Refused

__all__ = ["BOX_RULES", "Duty", "collect_box", "duty_of", "note_deposit"]

_ROOM: Final = MAX_EVENT_BYTES // 2 - 1024
"""Half of what a fact may hold: in a text every character may have to be escaped."""
_AROUND: Final = 32
"""What names and brackets around a deposit take."""

Ruling = tuple[DropBoxEvent, ...] | Refused


class Duty(NamedTuple):
    """One working day of a box: how often it was emptied, and how often it had to be."""

    day: date
    collections: int
    wanted: int

    @property
    def done(self) -> bool:
        """Whether it was emptied often enough."""
        return self.collections >= self.wanted


def collect_box(file: DropBoxFile, command: CollectBox, at: datetime, office: Office) -> Ruling:
    """The box is emptied of all that was put in by then: in one fact, or as many as it takes to name it all."""
    if refused := _unknown(command.box, office):
        return refused
    taken = [BoxDeposit(case=one.case, deposit=one.deposit) for one in file.inside if one.at <= at]
    return tuple(BoxCollected(at=at, by=command.by, deposits=some) for some in _fitting(taken))


def _fitting(deposits: Iterable[BoxDeposit]) -> Iterator[tuple[BoxDeposit, ...]]:
    """The deposits in their order, as many together as one fact may hold; none at all are one fact, too."""
    together: list[BoxDeposit] = []
    room = _ROOM
    for one in deposits:
        takes = len(one.case.encode()) + len(one.deposit.encode()) + _AROUND
        if takes > room and together:
            yield tuple(together)
            together, room = [], _ROOM
        together.append(one)
        room -= takes
    yield tuple(together)


def note_deposit(file: DropBoxFile, command: NoteDeposit, at: datetime, office: Office) -> Ruling:
    """Something was put in."""
    if refused := _unknown(command.box, office):
        return refused
    return (BoxDeposited(at=at, by=command.by, case=command.case, deposit=command.deposit),)


def duty_of(file: DropBoxFile, calendar: WorkCalendar, wanted: int, until: date) -> Iterator[Duty]:
    """Every working day since the box's first fact up to ``until``: how often it was emptied.

    Raises :class:`~casecore.calendar.OutsideCalendarError` for days the calendar knows nothing of.
    """
    day = file.since
    emptied = {one.day: one.collections for one in file.days}
    while day is not None and day <= until:
        if calendar.is_working(day):
            yield Duty(day, emptied.get(day, 0), wanted)
        day += timedelta(days=1)


def _unknown(box: str, office: Office) -> Refused | None:
    boxes = office.catalogue.boxes
    return Refused(Reason.UNKNOWN_BOX, box) if boxes and box not in boxes else None


_ALWAYS: Final = frozenset(BoxStage)

BOX_RULES: Final[Mapping[type, Rule]] = {
    commands.CollectBox: Rule(collect_box, (events.BoxCollected,), _ALWAYS, late=True, begins=True),
    commands.NoteDeposit: Rule(note_deposit, (events.BoxDeposited,), _ALWAYS, late=True, begins=True, follows=True),
}
"""Every command of a box and its rule."""
