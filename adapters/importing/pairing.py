"""Events that begin and end something, put together: the lifecycle of XES (IEEE 1849) in any capitals.

``start`` and ``complete`` of one activity and instance become one event with a beginning and an end, ``suspend`` and
``resume`` another; the first that began ends first, and where no instance tells them apart, the first of the same resource.
What ends (as ``ate_abort``, ``pi_abort`` and ``withdraw`` end it too) ends its pause with it. An end without a beginning is
an event of one instant, as is every other transition.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from heapq import merge
from typing import Any, Final, NamedTuple

from adapters.importing.sound_mapping import Pairs
from adapters.importing.values import Column
from casecore.errors import Fault

__all__ = ["PairColumns", "Pairing", "as_begun", "as_ended"]

Event = dict[str, Any]

_ENDS: Final = {
    "complete": Pairs.STEP,
    "": Pairs.STEP,
    "ate_abort": "ate_abort",
    "pi_abort": "pi_abort",
    "withdraw": "withdraw",
}
"""What ends an activity, and what the pair is then; where no transition is told, it is complete."""


class PairColumns:
    """The columns that pairs are made by, found once for a file."""

    def __init__(self, pairs: Pairs, column: Column) -> None:
        self.transition = column(pairs.transition)
        self.activity = column(pairs.activity)
        self.at = column(pairs.at)
        self.instance = _found(column, pairs.instance, Pairs.INSTANCE)
        self.resource = _found(column, pairs.resource, Pairs.RESOURCE)


def _found(column: Column, named: str | None, usual: str) -> Callable[[Event], str]:
    """A column the mapping names; or else the usual one, which a table need not have."""
    if named is not None:
        return column(named)
    try:
        return column(usual)
    except Fault:
        return lambda _: ""


class _Pair(dict[str, Any]):
    """Two events as one: where both say something, what the end says."""

    begun: "_AsBegun | None" = None

    def __init__(self, begin: Event, end: Event, own: Event) -> None:
        super().__init__({**begin, **_said(end, begin), **own})
        self.parts = begin, end, own


class _AsBegun(dict[str, Any]):
    """A pair in which stands, of what both say, what the beginning says."""

    def __init__(self, pair: _Pair) -> None:
        begin, end, own = pair.parts
        super().__init__({**end, **_said(begin, end), **own})
        self.ended = pair


def _said(event: Event, other: Event) -> Event:
    """What an event says, and where neither does, that it says nothing."""
    return {name: text for name, text in event.items() if text or name not in other}


def as_begun(event: Event) -> Event:
    """Of a pair, what was said when it began, as it stood before the end was told; any other event as it is."""
    if not isinstance(event, _Pair):
        return event
    if event.begun is None:
        event.begun = _AsBegun(event)
    return event.begun


def as_ended(event: Event) -> Event:
    """Of a pair as it began, what was said when it ended; any other event as it is."""
    return event.ended if isinstance(event, _AsBegun) else event


class _Begun(NamedTuple):
    """An event that begins something."""

    number: int
    line: int
    event: Event


class _Open:
    """What of one activity and instance has begun and not ended, by who began it."""

    def __init__(self) -> None:
        self._by: dict[str, deque[_Begun]] = {}

    def __bool__(self) -> bool:
        return bool(self._by)

    def __iter__(self) -> Iterator[_Begun]:
        return merge(*self._by.values(), key=lambda one: one.number)

    def add(self, resource: str, begun: _Begun) -> None:
        """Note what begins."""
        self._by.setdefault(resource, deque()).append(begun)

    def whose(self, resource: str) -> str:
        """Whose ends: this resource's, or where it began none, that of whoever began first."""
        return resource if resource in self._by else min(self._by, key=lambda who: self._by[who][0].number, default=resource)

    def end(self, resource: str) -> Event | None:
        """Take out the first that this very resource began; None where it began none."""
        begun = self._by.get(resource)
        if begun is None:
            return None
        event = begun.popleft().event
        if not begun:
            del self._by[resource]
        return event


class Pairing:
    """The activities and pauses of one case that have begun and not ended."""

    def __init__(self, columns: PairColumns) -> None:
        self._columns = columns
        self._number = 0
        self._begun: defaultdict[tuple[str, str], _Open] = defaultdict(_Open)
        self._paused: defaultdict[tuple[str, str], _Open] = defaultdict(_Open)

    def take(self, line: int, event: Event) -> Iterator[Event]:
        """Take the next event and give what is complete with it."""
        columns = self._columns
        transition = columns.transition(event).lower()
        instance = columns.instance(event)
        resource = "" if instance else columns.resource(event)
        key = columns.activity(event), instance
        begun, paused = self._begun[key], self._paused[key]
        self._number += 1
        match transition:
            case "start":
                begun.add(resource, _Begun(self._number, line, event))
            case "suspend":
                paused.add(resource, _Begun(self._number, line, event))
            case "resume" if (pause := paused.end(paused.whose(resource))) is not None:
                yield self._pair(Pairs.SUSPENSION, pause, event)
            case _ if transition in _ENDS:
                whose = begun.whose(resource)
                begin = begun.end(whose) or event
                while (pause := paused.end(whose if begun else paused.whose(whose))) is not None:
                    yield self._pair(Pairs.SUSPENSION, pause, event)
                    if begun:
                        break  # the others are of what goes on
                yield self._pair(_ENDS[transition], begin, event)
            case _:
                yield self._pair(transition, event, event)

    def left(self) -> Iterator[tuple[int, Event]]:
        """Give what has begun and never ended, each with the line it began on."""
        at = self._columns.at
        for kind, open_ones in ((Pairs.STEP, self._begun), (Pairs.SUSPENSION, self._paused)):
            for events in open_ones.values():
                for _, line, event in events:
                    yield line, {**event, Pairs.KIND: kind, Pairs.BEGAN: at(event), Pairs.ENDED: ""}

    def _pair(self, kind: str, begin: Event, end: Event) -> Event:
        at = self._columns.at
        return _Pair(begin, end, {Pairs.KIND: kind, Pairs.BEGAN: at(begin), Pairs.ENDED: at(end)})
