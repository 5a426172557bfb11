"""Findings that any kind of stream may show: told ahead of its time, or counted by nobody's calendar."""

from collections.abc import Iterator
from typing import Any

from casecore.auditing.finding import Examination, Finding, found
from casecore.calendar import OutsideCalendarError
from casecore.fact import Fact
from casecore.vocabulary import ClockKind, FindingCode

__all__ = ["find_ahead", "find_moved_by_notice", "find_uncountable"]


def find_ahead(examined: Examination[Any]) -> Iterator[Finding]:
    """What is said to have happened after it was recorded: live it is refused (in_the_future)."""
    for recorded in examined.history:
        ahead = recorded.occurred_at - recorded.recorded_at
        if ahead > examined.office.rule.skew:
            recorded_at = recorded.recorded_at.astimezone(recorded.occurred_at.tzinfo)
            sentence = (
                f"said to have happened at {recorded.occurred_at.isoformat(timespec='seconds')},"
                f" recorded at {recorded_at.isoformat(timespec='seconds')}: every clock takes it at its word"
            )
            yield found(FindingCode.OCCURRED_AFTER_RECORDING, recorded, sentence)


def find_uncountable(
    examined: Examination[Any], *, promises: tuple[type[Fact], ...], beginnings: tuple[type[Fact], ...]
) -> Iterator[Finding]:
    """Whether its clocks can be read at all; named at the fact that promised, or at the first that began anything."""
    if (version := examined.unknown_calendar) is not None:
        promised = next(r for r in examined.history if isinstance(r.event, promises))
        yield found(FindingCode.UNKNOWN_CALENDAR, promised, f"no calendar {version!r} is known: no clock can be read")
        return
    for clock in examined.clocks:
        if clock.started_at > examined.at:
            continue
        try:
            clock.read(examined.calendar_of(clock), examined.at)
        except OutsideCalendarError as outside:
            begun = next((r for r in examined.history if isinstance(r.event, beginnings)), examined.history[0])
            yield found(FindingCode.OUTSIDE_CALENDAR, begun, f"{clock.kind.zh} {clock.name} cannot be read: {outside}")
            return


def find_moved_by_notice(examined: Examination[Any], *, promises: tuple[type[Fact], ...]) -> Iterator[Finding]:
    """Clocks that a later notice (后续通知) gives another due date than was printed."""
    promised = next((r for r in examined.history if isinstance(r.event, promises)), None)
    if promised is None:
        return
    moved: list[str] = []
    law = ""
    for clock in examined.clocks:
        # What began before the promise ran under no printed date.
        if clock.calendar is None or clock.started_at > examined.at or clock.kind is ClockKind.ACCEPTANCE:
            continue
        both = clock.read(examined.calendar_of(clock), examined.at).both_dates
        if both is not None:
            law = both.calendar
            moved.append(f"{clock.name} printed {both.printed_on}, legal {both.legal_on}")
    if moved:
        sentence = f"under calendar {law}, which took the place of the one promised under: {'; '.join(moved)}"
        yield found(FindingCode.DUE_DATE_MOVED_BY_NOTICE, promised, f"{sentence}: late only past both")
