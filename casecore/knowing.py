"""What of a log was known at an instant (``known_at``), also where its time has jumped.

``recorded_at`` only grows. One writer whose clock was set to next year puts the log's time there, and whatever is recorded
afterwards lies behind it, until the true time has caught up. Two things still tell: positions, in whose order everything
was recorded, and what the clocks of those who wrote later said, noted with each fact that was recorded while the log's
time stood ahead of them (:attr:`casecore.recorded.Envelope.clock`). What lies before a fact was known by the time that
fact was written: so up to the last one that was written by an instant, all was known at it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Final, NamedTuple

from casecore.log import Log
from casecore.recorded import Entry, Unreadable

__all__ = ["Jump", "jumps_of", "known_of", "known_up_to", "recorded_last"]

PAGE: Final = 500


class Jump(NamedTuple):
    """Where a log's time leaps further ahead than its district ever rests."""

    position: int
    """Of the first fact behind the leap."""
    since: datetime
    """When the fact before was recorded."""
    until: datetime
    """When this one was, as the log has it."""


def recorded_last(log: Log, position: int) -> datetime | None:
    """When the last fact up to a position was recorded; one that cannot be read goes with the one before; None for none."""
    while position > 0:
        (entry,) = log.page(position - 1, 1)
        if not isinstance(entry, Unreadable):
            return entry.recorded_at
        position -= 1
    return None


def known_up_to(log: Log, instant: datetime, jump: timedelta) -> int:
    """The last position that was known at an instant, 0 where none was.

    The log's time counts, but for an instant that lies within a leap of more than ``jump``: there the clocks of those who
    wrote behind it do. One that said less than the log's time before the leap is slow, and tells nothing.
    """
    least, most = 0, log.head().position
    while least < most:
        middle = (least + most + 1) // 2
        recorded = recorded_last(log, middle)
        least, most = (middle, most) if recorded is None or recorded <= instant else (least, middle - 1)
    since = recorded_last(log, least)
    following = next(_recorded(log, least), None)
    if since is None or following is None or following[1] - since <= jump:
        return least
    behind = (entry for entry in _behind(log, least) if not isinstance(entry, Unreadable))
    noted = (entry.position for entry in behind if (at := entry.envelope.clock) is not None and since <= at <= instant)
    return max(noted, default=least)


def known_of(log: Log, history: list[Entry], instant: datetime, jump: timedelta) -> list[Entry]:
    """What of a stream's history was known at an instant: recorded by then, or lying before what was."""
    later = [entry for entry in history if not isinstance(entry, Unreadable) and entry.recorded_at > instant]
    if not later:
        return history
    last = max(known_up_to(log, instant, jump), later[0].position - 1)
    return [entry for entry in history if entry.position <= last]


def jumps_of(log: Log, jump: timedelta) -> list[Jump]:
    """Where the log's time leaps by more than ``jump``, in order.

    It only grows, so a stretch of the log over which it grew by less holds no leap, and is not looked into.
    """
    found: list[Jump] = []
    begun = next(_recorded(log, 0), None)
    stretches = [(begun[0], log.head().position)] if begun is not None else []
    while stretches:
        first, last = stretches.pop()
        since, until = recorded_last(log, first), recorded_last(log, last)
        if since is None or until is None or until - since <= jump:
            continue
        if last - first <= PAGE:
            for (_, before), (position, after) in pairwise(chain([(first, since)], _recorded(log, first, last))):
                if after - before > jump:
                    found.append(Jump(position, before, after))
        else:
            middle = (first + last) // 2
            stretches += [(middle, last), (first, middle)]  # the earlier first
    return found


def _recorded(log: Log, after: int, last: int | None = None) -> Iterator[tuple[int, datetime]]:
    """Position and instant of each fact behind a position that can be read, up to another."""
    for entry in _behind(log, after):
        if last is not None and entry.position > last:
            return
        if not isinstance(entry, Unreadable):
            yield entry.position, entry.recorded_at


def _behind(log: Log, after: int) -> Iterator[Entry]:
    while page := log.page(after, PAGE):
        yield from page
        after = page[-1].position
