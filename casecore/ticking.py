"""Feeding the clock (时间推移): which cases to look at now, and recording what time has brought them.

A case is looked at when facts of it are new, and when the earliest instant has come at which time alone may change it:
a tick costs what changed. When that is, is kept beside the log as well, for whoever ticks next: derived and disposable, and
where it is not to be believed every case is read once. Several processes may tick one store: what one of them records, the
rules tell the others is done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.command import Command
from casecore.errors import Conflict
from casecore.kinds import KINDS, decide, kind_of_file
from casecore.log import EPOCH, NO_LOOKS, Log, Looked, Looks, Stretch
from casecore.office import Office
from casecore.recorded import Receipt
from casecore.refusals import Reason, Refused
from casecore.snapshots import file_from, keep

__all__ = ["Ticked", "Unserved"]

CLOCK: Final = "时钟"
"""Who does what time does."""
BATCH: Final = 500
"""Streams in memory at a time."""
TOGETHER: Final = 100
"""Cases whose facts share a commit; one that somebody else is faster with sends its companions off one by one."""

OfficeOn = Callable[[date], Office]
"""What a rule may look up on a local date."""
_NOTHING_YET: Final = (Reason.NOTHING_DUE, Reason.WRONG_STAGE)
"""No clock runs that has run out, or none runs at all: a case of a package that waits for others."""
HandleMany = Callable[[Sequence[Command]], tuple[Receipt, ...] | Refused]
RestsOn = Callable[[date], str | None]
"""What looks on a local date rest on besides the log; None where that is not the log's own, and none are kept."""
CheckClock = Callable[[], Refused | None]
"""Why the clock of this machine may record nothing; None where it may."""


def _on_no_books(_: date) -> None:
    """Of looks nobody keeps."""


class _Ahead(Exception):  # noqa: N818 - caught in this module
    """The clock has come to lie too far ahead while the tick was under way."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


class Unserved(NamedTuple):
    """A case whose time cannot be counted."""

    case: str
    why: str
    """In one line."""


class Ticked(NamedTuple):
    """What one tick came to."""

    looked_at: int
    """Cases that were looked at."""
    receipts: tuple[Receipt, ...]
    """One for each case that time has brought something."""
    unreadable: tuple[Unserved, ...]
    """Cases whose history cannot be counted, each with the reason; all others were served."""
    refused: Refused | None = None
    """Why nothing more was recorded: the clock of this machine lies too far ahead (``CLOCK_AHEAD``), and judges nobody."""


class _Look(NamedTuple):
    """What a look at a case found."""

    due: bool
    """Whether time has brought something that nobody has recorded yet."""
    again: datetime | None
    """When to look again, unless facts come in before."""
    uncounted: bool = False
    """Whether its time cannot be counted: who ticks next is to say so too."""


class Ticker:
    """Remembers how far a log was seen, and when to look at which case again. One thread at a time."""

    def __init__(
        self,
        log: Log,
        office_on: OfficeOn,
        handle_many: HandleMany,
        check_clock: CheckClock,
        rests_on: RestsOn = _on_no_books,
    ) -> None:
        self._log, self._office_on, self._handle_many, self._check_clock = log, office_on, handle_many, check_clock
        self._rests_on = rests_on
        self._timeless = {kind.only(log.district) for kind in KINDS if kind.only is not None and kind.passing is None}
        """Streams that time brings nothing, known by their names: they are not even looked at."""
        self._branch, self._seen = log.branch, 0
        self._on: str | None = None
        """What the looks rest on."""
        self._kept = NO_LOOKS
        """What is kept beside the log of all streams but those in ``_looks``; position 0 where nothing is."""
        self._looks: dict[str, datetime | None] = {}
        """When to look again; None, where something else may be kept, for never."""
        self._named: dict[str, datetime | None] = {}
        """Those whose time cannot be counted, which was said: when to look again here. Who ticks next is to say it too."""
        self._asks: dict[str, Callable[[str, str, datetime], Command]] = {}
        """How what time has brought is recorded, for those looked at."""

    def tick(self, now: datetime, stop: Callable[[], bool] | None = None) -> Ticked:
        """Record what time has brought by ``now``; see :meth:`casecore.engine.Engine.tick`.

        Cut short by an error, or by ``stop``, the next tick looks at what this one did not come to.
        """
        if (refused := self._check_clock()) is not None:
            return Ticked(0, (), (), refused)
        number = self._remember(now)
        head = self._log.head().position
        cases = self._to_look_at(now)
        self._seen = head
        receipts: list[Receipt] = []
        unreadable: list[Unserved] = []
        for start in range(0, len(cases), BATCH):
            looks = self._look(cases[start : start + BATCH], now, unreadable)
            due = [case for case, look in looks.items() if look.due]
            try:
                for first in range(0, len(due), TOGETHER):
                    receipts += self._record(due[first : first + TOGETHER], now, looks)
            except _Ahead as ahead:  # it has looked at cases ahead of their time: all are looked at again
                self._forget()
                self._asks.clear()
                return Ticked(start, tuple(receipts), tuple(unreadable), ahead.refused)
            self._put_down(looks)
            self._asks.clear()
            if stop is not None and stop():
                return Ticked(min(start + BATCH, len(cases)), tuple(receipts), tuple(unreadable))
        self._keep(number, head, now)
        return Ticked(len(cases), tuple(receipts), tuple(unreadable))

    def _forget(self) -> None:
        """Look at every case again."""
        self._seen, self._kept = 0, NO_LOOKS
        self._looks.clear()
        self._named.clear()

    def _remember(self, now: datetime) -> int:
        """Hold what is remembered here against the log, the books and what is kept beside the log; returns its number."""
        branch, on = self._log.look_back(), self._rests_on(now.date())
        if branch != self._branch or on != self._on:  # what was seen of the log is gone, or the books are others
            self._branch, self._on = branch, on
            self._forget()
        if on is None:
            return 0
        kept = self._log.looks(now, now + self._office_on(now.date()).rule.skew, on)
        if kept.position and kept[:2] != self._kept[:2]:  # the first tick, or somebody else has ticked since
            self._forget()
            self._seen = kept.position
        elif self._kept.position and not kept.position:  # what is remembered holds beside what is gone
            self._forget()
        self._kept = kept
        return kept.number

    def _to_look_at(self, now: datetime) -> list[str]:
        """The streams with new facts, and those whose time has come: all are to be looked at until they were."""
        mine = {case for case, at in self._looks.items() if at is not None and at <= now}
        due = (mine | (set(self._kept.due) - self._looks.keys())) - self._named.keys()
        due |= {case for case, at in self._named.items() if at is not None and at <= now}
        cases = (due | set(self._log.streams(self._seen))) - self._timeless
        self._looks |= dict.fromkeys(cases, now)
        for case in cases:
            self._named.pop(case, None)
        return sorted(cases)

    def _put_down(self, looks: Mapping[str, _Look]) -> None:
        for case, look in looks.items():
            self._looks[case] = EPOCH if look.uncounted else look.again
            if look.uncounted:
                self._named[case] = look.again

    def _keep(self, number: int, head: int, now: datetime) -> None:
        """Keep beside the log what was found, for whoever ticks next; what comes to nothing there is remembered here."""
        whole = not self._kept.position
        if self._on is not None and (self._looks or head > self._kept.position):
            for last in self._log.page(head - 1, 1):  # none, where the last fact is lost
                looked = Looked(number, whole, last.mark, now, self._on)
                if (number_now := self._log.keep_looks(looked, self._looks)) is not None:
                    self._kept = Looks(number_now, head)
                    self._looks.clear()
                    return
        if whole:
            self._looks = {case: at for case, at in self._looks.items() if at is not None}

    def _look(self, cases: Sequence[str], now: datetime, unreadable: list[Unserved]) -> dict[str, _Look]:
        stretches, office = self._log.stretches(cases), self._office_on(now.date())
        looks = {}
        for case in cases:
            try:
                looks[case], why = self._judge(case, stretches.get(case), now, office)
            except Exception as error:  # noqa: BLE001 - whatever one history does, the others are served
                looks[case], why = _Look(due=False, again=None), str(error) or type(error).__name__
            if why is not None:
                looks[case] = looks[case]._replace(uncounted=True)
                unreadable.append(Unserved(case, " ".join(why.split())))
        return looks

    def _judge(self, case: str, stretch: Stretch | None, now: datetime, office: Office) -> tuple[_Look, str | None]:
        """What a look at a case finds, and why its time cannot be counted, where it cannot."""
        file = file_from(stretch)
        if stretch is not None:
            keep(self._log, stretch, file)
        passing = kind_of_file(file).passing if file is not None else None
        if passing is None:
            return _Look(due=False, again=None), None
        self._asks[case] = passing.ask
        ruling = decide(file, passing.ask(case, CLOCK, now), now, office)
        again = passing.next_look(case, file, now, office)
        if not isinstance(ruling, Refused):
            return _Look(due=True, again=again), None
        why = None if ruling.reason in _NOTHING_YET else f"{ruling.reason.value}: {ruling.named}"
        return _Look(due=False, again=again), why

    def _record(self, due: Sequence[str], now: datetime, looks: dict[str, _Look]) -> list[Receipt]:
        """Record what the cases have earned, in one commit; each by itself where one of them stands in the way."""
        try:
            answer = self._handle_many([self._asks[case](case, CLOCK, now) for case in due])
        except Conflict:
            answer = None
        if isinstance(answer, tuple):
            return list(answer)
        if answer is not None and answer.reason is Reason.CLOCK_AHEAD:
            raise _Ahead(answer)
        if len(due) > 1:
            return [receipt for case in due for receipt in self._record([case], now, looks)]
        if answer is None:  # somebody works on it: once more at the next tick
            looks[due[0]] = _Look(due=True, again=now)
        return []
