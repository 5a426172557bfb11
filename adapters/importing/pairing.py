"""Events that begin and end something, put together: the lifecycle of XES (IEEE 1849) in any capitals.

``start`` and ``complete`` of one activity and instance become one event with a beginning and an end, ``suspend`` and
``resume`` another; the first that began ends first. What ends (as ``ate_abort``, ``pi_abort`` and ``withdraw`` end it too)
ends its pause with it. An end without a beginning is an event of one instant, as is every other transition.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from adapters.importing.sound_mapping import Pairs
from adapters.importing.values import Column

__all__ = ["Pairing"]

Event = dict[str, Any]

_ENDS: Final = {
    "complete": Pairs.STEP,
    "": Pairs.STEP,
    "ate_abort": "ate_abort",
    "pi_abort": "pi_abort",
    "withdraw": "withdraw",
}
"""What ends an activity, and what the pair is then; where no transition is told, it is complete."""


class Pairing:
    """The activities and pauses of one case that have begun and not ended."""

    def __init__(self, pairs: Pairs, column: Column) -> None:
        self._transition = column(pairs.transition)
        self._at = column(pairs.at)
        self._key: tuple[Callable[[Event], str], ...] = tuple(
            column(name) for name in (pairs.activity, pairs.instance) if name
        )
        self._begun: defaultdict[tuple[str, ...], deque[Event]] = defaultdict(deque)
        self._paused: defaultdict[tuple[str, ...], deque[Event]] = defaultdict(deque)

    def take(self, event: Event) -> Iterator[Event]:
        """Take the next event and give what is complete with it."""
        transition = self._transition(event).lower()
        key = tuple(read(event) for read in self._key)
        match transition:
            case "start":
                self._begun[key].append(event)
            case "suspend":
                self._paused[key].append(event)
            case "resume" if self._paused[key]:
                yield self._pair(Pairs.SUSPENSION, self._paused[key].popleft(), event)
            case _ if transition in _ENDS:
                begin = self._begun[key].popleft() if self._begun[key] else event
                while self._paused[key]:
                    yield self._pair(Pairs.SUSPENSION, self._paused[key].popleft(), event)
                    if self._begun[key]:
                        break  # the others are of what goes on
                yield self._pair(_ENDS[transition], begin, event)
            case _:
                yield self._pair(transition, event, event)

    def left(self) -> Iterator[Event]:
        """Give what has begun and never ended."""
        for kind, open_ones in ((Pairs.STEP, self._begun), (Pairs.SUSPENSION, self._paused)):
            for events in open_ones.values():
                for event in events:
                    yield {**event, Pairs.KIND: kind, Pairs.BEGAN: self._at(event), Pairs.ENDED: ""}

    def _pair(self, kind: str, begin: Event, end: Event) -> Event:
        """One event of two: where both say something, what the end says."""
        said = {name: text for name, text in end.items() if text or name not in begin}
        return {**begin, **said, Pairs.KIND: kind, Pairs.BEGAN: self._at(begin), Pairs.ENDED: self._at(end)}
