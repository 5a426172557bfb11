"""The acts beside a clock (挂起, 特别程序, 延长审批): what each did to it, from which event to which, or why nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from casecore.case.facts.time_limits import ExtensionApproved, Resumed, Suspended
from casecore.case.file import CaseFile
from casecore.case.parts import Suspension
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.extending import longest_extension
from casecore.recorded import Recorded
from casecore.refusals import blank
from casecore.vocabulary import ClockKind, SuspensionKind

__all__ = ["EXTENSION", "ClockAct", "Positions", "acts_of", "positions_of"]

EXTENSION: Final = "extension"
"""The name of the extension among the acts of a clock."""

_WHOLE_CASE: Final = (ClockKind.PROMISED, ClockKind.STATUTORY)


class Positions(NamedTuple):
    """Where in the log the acts of a case stand, in the order of its file."""

    suspensions: tuple[tuple[int, int | None], ...]
    """Position of the beginning, and of the end."""
    extensions: tuple[int, ...]


class ClockAct(NamedTuple):
    """A suspension or an extension, and what it did to one clock. Days are the clock's own: minutes for limits in hours."""

    act: str
    """The suspension's name, or ``extension``."""
    kind: str
    term: str
    """What a clerk calls it."""
    ground: str | None
    """Art. 45: 听证, 检测 …"""
    reason: str
    declared_days: int | None
    notice: str | None
    authority: str | None
    """As whom an extension was approved."""
    started_at: datetime
    ended_at: datetime | None
    position: int
    """Of the fact that began it, in the district's log."""
    ended_position: int | None
    excluded: int
    """Days that count for nobody because of this act alone."""
    first_on: date | None
    last_on: date | None
    surplus: int
    """Days it lasted beyond its declaration: they run against the agency."""
    added: int
    """Days it added to the limit."""
    ignored: str | None
    """Why it did not move this clock."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return self._asdict()


def positions_of(history: Sequence[Recorded]) -> Positions:
    """Where the acts stand; the history in the order of its versions."""
    suspensions: list[tuple[str, int, int | None]] = []
    early: dict[str, int] = {}  # ends reported before their suspensions: the file keeps the first of a name for it
    extensions: list[int] = []
    for recorded in history:
        event = recorded.event
        if isinstance(event, Suspended):
            suspensions.append((event.suspension, recorded.position, early.pop(event.suspension, None)))
        elif isinstance(event, Resumed) and all(name != event.suspension for name, _, _ in suspensions):
            early.setdefault(event.suspension, recorded.position)
        elif isinstance(event, Resumed):
            suspensions = _ended(suspensions, event.suspension, recorded.position)
        elif isinstance(event, ExtensionApproved):
            extensions.append(recorded.position)
    return Positions(
        tuple((began, ended) for _, began, ended in suspensions),
        tuple(extensions),
    )


def _ended(open_: list[tuple[str, int, int | None]], name: str, position: int) -> list[tuple[str, int, int | None]]:
    return [(one, began, position if one == name and ended is None else ended) for one, began, ended in open_]


def acts_of(file: CaseFile, clock: CaseClock, reading: ClockReading, positions: Positions) -> tuple[ClockAct, ...]:
    """Every suspension and extension of a case that bears on a clock, in the order recorded.

    Of the promised and the statutory limit also those that do not move it, with the reason; of other clocks those alone
    that do.
    """
    return (*_suspensions(file, clock, reading, positions), *_extensions(file, clock, reading, positions))


def _suspensions(file: CaseFile, clock: CaseClock, reading: ClockReading, positions: Positions) -> Iterator[ClockAct]:
    seen = {(span.label, span.started_at) for span in clock.ledger.suspensions}
    exclusions = list(reading.exclusions)
    for number, suspension in enumerate(file.suspensions):
        fact = suspension.fact
        moves = (fact.suspension, fact.at) in seen
        if not moves and clock.kind not in _WHOLE_CASE:
            continue
        found = next((one for one in exclusions if moves and one.label == fact.suspension), None)
        if found is not None:
            exclusions.remove(found)
        began, ended = positions.suspensions[number]
        yield ClockAct(
            act=fact.suspension,
            kind=fact.kind.value,
            term=fact.kind.zh,
            ground=fact.ground.zh if fact.ground is not None else None,
            reason=fact.reason,
            declared_days=fact.declared_days,
            notice=fact.notice,
            authority=None,
            started_at=fact.at,
            ended_at=suspension.ended_at,
            position=began,
            ended_position=ended,
            excluded=found.amount if found is not None else 0,
            first_on=found.first_on if found is not None else None,
            last_on=found.last_on if found is not None else None,
            surplus=found.surplus if found is not None else 0,
            added=0,
            ignored=None if found is not None else _why(suspension, clock, reading, moves=moves),
        )


def _why(suspension: Suspension, clock: CaseClock, reading: ClockReading, *, moves: bool) -> str:
    """Why a suspension took nothing out of a clock."""
    fact = suspension.fact
    if moves:
        return _told(reading, fact.suspension) or "it took no day"
    if fact.kind is SuspensionKind.SPECIAL_PROCEDURE:
        lacking = [
            name
            for name, there in (
                ("ground 法定事由", fact.ground is not None),
                ("written notice 书面告知", not blank(fact.notice)),
                ("declared days 告知期限", fact.declared_days is not None and fact.declared_days > 0),
            )
            if not there
        ]
        return f"not as Art. 45 asks: no {', no '.join(lacking)}" if lacking else "recorded as moving no clock"
    if clock.kind is ClockKind.STATUTORY:
        return f"the law lets no {fact.kind.zh} move the statutory limit (Art. 45)"
    return f"the district's rule lets no {fact.kind.zh} move the promise"


def _told(reading: ClockReading, label: str) -> str | None:
    """What the reading says of an act it ignored."""
    return next((one.removeprefix(f"{label}: ") for one in reading.ignored if one.startswith(f"{label}: ")), None)


def _extensions(file: CaseFile, clock: CaseClock, reading: ClockReading, positions: Positions) -> Iterator[ClockAct]:
    if clock.kind not in _WHOLE_CASE:
        return
    most, authority = longest_extension(joint=file.promise is not None and file.promise.joint)
    for number, fact in enumerate(file.extensions):
        added = 0
        if number:
            ignored: str | None = "a limit is extended once (Art. 42)"
        elif fact.days <= 0:
            ignored = "it adds no day"
        elif clock.ledger.extension is None:
            ignored = f"it was not for its approver to give (Art. 42): {authority.zh} {authority.value}"
        else:
            ignored = _told(reading, EXTENSION)
            added = reading.extension_days
            if ignored is None and fact.days > most:
                ignored = f"its days beyond {most} (Art. 42)"
        yield ClockAct(
            act=EXTENSION,
            kind=EXTENSION,
            term="延长审批",
            ground=None,
            reason=fact.reason,
            declared_days=fact.days,
            notice=fact.notice,
            authority=fact.authority.zh if fact.authority is not None else None,
            started_at=fact.at,
            ended_at=None,
            position=positions.extensions[number],
            ended_position=None,
            excluded=0,
            first_on=None,
            last_on=None,
            surplus=0,
            added=added,
            ignored=ignored,
        )
