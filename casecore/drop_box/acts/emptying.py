"""Rules of a drop box, and the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.door import MAX_EVENT_BYTES
from casecore.drop_box.command import DropBoxCommand
from casecore.drop_box.facts.emptying import BoxCollected, BoxDeposit, BoxDeposited, EmptyingFact
from casecore.drop_box.file import BoxDay, BoxStage, DropBoxFile
from casecore.growing import grown
from casecore.office import Office
from casecore.places import DropBox
from casecore.refusals import Reason, Refused
from casecore.value import value

__all__ = ["CollectBox", "Duty", "NoteDeposit", "duty_of"]


@value
class CollectBox(DropBoxCommand):
    """取件: empty the box; every case whose papers lay in it is told."""


@value
class NoteDeposit(DropBoxCommand):
    """Something was put in."""

    case: Id
    deposit: Id


_ROOM: Final = MAX_EVENT_BYTES // 2 - 1024
"""Half of what a fact may hold: in a text every character may have to be escaped."""
_AROUND: Final = 32
"""What names and brackets around a deposit take."""


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
    """The box is emptied of all that was put in by then: in one fact, or as many as it takes to name it all.

    What lies in it as it is taken down can be taken out still.
    """
    if refused := _unfit(command.box, at.date(), office, emptied=True):
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
    """Something was put in, while the box was in service."""
    if refused := _unfit(command.box, at.date(), office):
        return refused
    return (made(BoxDeposited, command, at),)


def duty_of(box: str, file: DropBoxFile, office: Office, until: date, *, since: date | None = None) -> Iterator[Duty]:
    """Every working day of a box's service up to ``until``: how often it was emptied, and had to be.

    Each day goes by the register of that day; none is one on which no register knows the box. Where the register does not
    say since when it hangs there, that is since its first fact. ``since`` leaves out the days before it. Raises
    :class:`~casecore.calendar.OutsideCalendarError` for days the calendar in force knows nothing of.
    """
    registers = (office.catalogue, *(catalogue for _, catalogue in office.catalogues))
    kept = [one.boxes[box] for one in registers if box in one.boxes]
    begins = [one.valid_from for one in kept if one.valid_from is not None]
    day = max(since or date.min, min((*begins, file.since or date.max)))
    emptied = {one.day: one.collections for one in file.days}
    while kept and day <= until:
        if (found := _served(box, file, office, day)) is not None and office.calendar.law.is_working(day):
            yield Duty(day, emptied.get(day, 0), found.collections_a_day)
        day += timedelta(days=1)


def _served(box: str, file: DropBoxFile, office: Office, day: date) -> DropBox | None:
    """The box as its register says on a day, if it is in service then."""
    found = office.on(day).catalogue.boxes.get(box)
    if found is None or not found.in_force(day):
        return None
    begun = found.valid_from is not None or (file.since is not None and file.since <= day)
    return found if begun else None


def _unfit(code: str, on: date, office: Office, *, emptied: bool = False) -> Refused | None:
    """Why a box cannot be used on a day; where the district keeps no register of boxes, any may."""
    boxes = office.catalogue.boxes
    if not boxes:
        return None
    box = boxes.get(code)
    if box is None:
        return Refused(Reason.UNKNOWN_BOX, code)
    taken_down = box.valid_until is not None and on > box.valid_until
    if box.in_force(on) or (emptied and taken_down):
        return None
    return Refused(Reason.BOX_NOT_IN_SERVICE, f"{code}: {box.span}")


def _evolve(file: DropBoxFile, fact: EmptyingFact) -> DropBoxFile:
    day = fact.at.date()
    file = file._replace(since=day if file.since is None else min(day, file.since))
    match fact:
        case BoxDeposited():
            return file._replace(inside=grown(file.inside, fact))
        case BoxCollected():
            return _collected(file, fact)
        case _:
            assert_never(fact)


def _collected(file: DropBoxFile, fact: BoxCollected) -> DropBoxFile:
    taken = {(one.case, one.deposit) for one in fact.deposits}
    out = [one for one in file.inside if (one.case, one.deposit) in taken]
    before = file.on(fact.at.date())
    waits = [(fact.at - one.at) // timedelta(minutes=1) for one in out]
    day = BoxDay(
        before.day,
        before.collections + (fact.at != file.emptied_at),
        before.collected + len(fact.deposits),
        max((before.longest_wait_minutes, *waits)),
    )
    return file._replace(
        inside=tuple(one for one in file.inside if (one.case, one.deposit) not in taken),
        days=_with_day(file.days, day),
        emptied_at=fact.at,
    )


def _with_day(days: tuple[BoxDay, ...], day: BoxDay) -> tuple[BoxDay, ...]:
    """The days with one as it is now, the last of them; mostly it was the last before, or follows on it."""
    if days and days[-1].day == day.day:
        return grown(days[:-1], day)
    told = any(one.day == day.day for one in days)
    return grown(tuple(one for one in days if one.day != day.day) if told else days, day)


EMPTYING: Final = Act(
    "投递箱",
    facts=facts_in(EmptyingFact),
    evolve=_evolve,
    rules={
        CollectBox: Rule(collect_box, (BoxCollected,), frozenset(BoxStage), late=True, begins=True),
        NoteDeposit: Rule(note_deposit, (BoxDeposited,), frozenset(BoxStage), late=True, begins=True, follows=True),
    },
)
"""Papers are put in, and the box is emptied."""
