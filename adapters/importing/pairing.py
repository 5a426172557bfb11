"""Events that begin and end something, put together: the lifecycle of XES (IEEE 1849) in any capitals.

``start`` and ``complete`` of one activity and instance become one event with a beginning and an end, ``suspend`` and
``resume`` another; the first that began ends first, and where no instance tells them apart, the first of the same resource.
Where only one of the two names its instance, it may be of any: an end without one ends the first that began with one, of the
same resource rather than of another, where nothing began without; and an end with one ends what began without, where nothing
began under that instance. What began under one instance never ends under another. What ends (as ``ate_abort``, ``pi_abort``
and ``withdraw`` end it too) ends its pause with it. An end without a beginning is an event of one instant, as is every other
transition.
"""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from adapters.importing.sound_mapping import Pairs
from adapters.importing.values import Column, NoColumn

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
    """A column the mapping names; or else the usual one, which a table need not have, but not twice."""
    if named is not None:
        return column(named)
    try:
        return column(usual)
    except NoColumn:
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
    instance: str
    resource: str


class _Group:
    """What of one activity and instance has begun and not ended, by who began it; where an instance is named, by nobody."""

    def __init__(self) -> None:
        self._by: dict[str, deque[_Begun]] = {}

    def __bool__(self) -> bool:
        return bool(self._by)

    def __iter__(self) -> Iterator[_Begun]:
        for queue in self._by.values():
            yield from queue

    def add(self, begun: _Begun) -> None:
        """Note what begins."""
        self._by.setdefault("" if begun.instance else begun.resource, deque()).append(begun)

    def whose(self, resource: str) -> str:
        """Whose ends: this resource's, or where it began none, that of whoever began first."""
        return resource if resource in self._by else min(self._by, key=lambda who: self._by[who][0].number, default=resource)

    def end(self, resource: str) -> _Begun | None:
        """Take out the first that this very resource began; None where it began none."""
        queue = self._by.get(resource)
        if queue is None:
            return None
        begun = queue.popleft()
        if not queue:
            del self._by[resource]
        return begun


class _Open:
    """What of one activity has begun and not ended, by its instance; no more is kept of what ended."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._named: OrderedDict[str | None, OrderedDict[int, str]] = OrderedDict()
        """The instances of what began under one, by the resource, and under None of all, as they began."""

    def __bool__(self) -> bool:
        return bool(self._groups)

    def __iter__(self) -> Iterator[_Begun]:
        for group in self._groups.values():
            yield from group

    def __contains__(self, instance: str) -> bool:
        return instance in self._groups

    @property
    def instances(self) -> list[str]:
        """The instances of which something is open; empty for what began without one."""
        return [*self._groups]

    def add(self, begun: _Begun) -> None:
        """Note what begins."""
        self._groups.setdefault(begun.instance, _Group()).add(begun)
        if begun.instance:
            for who in (begun.resource, None):
                self._named.setdefault(who, OrderedDict())[begun.number] = begun.instance

    def end(self, instance: str, resource: str) -> _Begun | None:
        """Take out what an event ends; None where nothing began that it may be of."""
        if instance not in self._groups:
            instance = "" if instance else self._first_named(resource)
        group = self._groups.get(instance)
        return None if group is None else self.end_of(instance, group.whose("" if instance else resource))

    def end_of(self, instance: str, who: str) -> _Begun | None:
        """Take out the first of this very instance that this very resource began; None where it began none."""
        group = self._groups.get(instance)
        begun = None if group is None else group.end("" if instance else who)
        if not group:
            self._groups.pop(instance, None)
        if begun is not None and instance:
            for one in (begun.resource, None):
                del self._named[one][begun.number]
                if not self._named[one]:
                    del self._named[one]
        return begun

    def _first_named(self, resource: str) -> str:
        """The first instance this resource began, or else anybody; empty where there is none."""
        named = self._named.get(resource) or self._named.get(None)
        return next(iter(named.values())) if named else ""


_NOTHING: Final = _Open()
"""Of an activity of which nothing began."""


class Pairing:
    """The activities and pauses of one case that have begun and not ended."""

    def __init__(self, columns: PairColumns) -> None:
        self._columns = columns
        self._number = 0
        self._begun: defaultdict[str, _Open] = defaultdict(_Open)
        self._paused: defaultdict[str, _Open] = defaultdict(_Open)

    def take(self, line: int, event: Event) -> Iterator[Event]:
        """Take the next event and give what is complete with it."""
        columns = self._columns
        transition, activity = columns.transition(event).lower(), columns.activity(event)
        self._number += 1
        one = _Begun(self._number, line, event, columns.instance(event), columns.resource(event))
        match transition:
            case "start":
                self._begun[activity].add(one)
            case "suspend":
                self._paused[activity].add(one)
            case "resume" if (pause := self._paused.get(activity, _NOTHING).end(one.instance, one.resource)) is not None:
                yield self._pair(Pairs.SUSPENSION, pause.event, event)
            case _ if transition in _ENDS:
                began = self._begun.get(activity, _NOTHING).end(one.instance, one.resource) or one
                for pause in self._ended_with(activity, began, one.instance):
                    yield self._pair(Pairs.SUSPENSION, pause.event, event)
                yield self._pair(_ENDS[transition], began.event, event)
            case _:
                yield self._pair(transition, event, event)
        for opened in (self._begun, self._paused):
            if not opened.get(activity, True):
                del opened[activity]

    def _ended_with(self, activity: str, began: _Begun, instance: str) -> Iterator[_Begun]:
        """The pauses of what ends: one where its instance goes on, else all; where nothing does, all they may be of."""
        paused, goes_on = self._paused.get(activity), self._begun.get(activity)
        if not paused:
            return
        if goes_on and began.instance in goes_on:
            pause = paused.end_of(began.instance, began.resource)
            yield from () if pause is None else (pause,)
            return
        names = {began.instance}
        if not goes_on:
            named = {began.instance, instance} - {""}
            names = {"", *named} if named else {*paused.instances}
        for name in sorted(names):
            while (pause := paused.end(name, began.resource) if name in paused else None) is not None:
                yield pause

    def left(self) -> Iterator[tuple[int, Event]]:
        """Give what has begun and never ended, each with the line it began on."""
        at = self._columns.at
        for kind, opened in ((Pairs.STEP, self._begun), (Pairs.SUSPENSION, self._paused)):
            begun = sorted((one for activity in opened.values() for one in activity), key=lambda one: one.number)
            for one in begun:
                yield one.line, {**one.event, Pairs.KIND: kind, Pairs.BEGAN: at(one.event), Pairs.ENDED: ""}

    def _pair(self, kind: str, begin: Event, end: Event) -> Event:
        at = self._columns.at
        return _Pair(begin, end, {Pairs.KIND: kind, Pairs.BEGAN: at(begin), Pairs.ENDED: at(end)})
