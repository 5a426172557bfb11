"""Feeding the clock (时间推移): which cases to look at now, and recording what time has brought them.

A case is looked at when facts of it are new, and when the earliest instant has come at which time alone may change it:
a tick costs what changed, but the first one after a start reads every case once. Several processes may tick one store:
what one of them records, the rules tell the others is done.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from casecore.case.commands import CaseCommand, PassTime
from casecore.case.rules import decide
from casecore.case.state import fold
from casecore.case.supervision import next_look
from casecore.errors import Conflict
from casecore.log import Log, readable
from casecore.office import Office
from casecore.recorded import Entry, Receipt
from casecore.refusals import Refused

__all__ = ["CLOCK", "Ticked", "Ticker"]

CLOCK: Final = "时钟"
"""Who does what time does."""
BATCH: Final = 500


class Ticked(NamedTuple):
    """What one tick came to."""

    looked_at: int
    """Cases that were looked at."""
    receipts: tuple[Receipt, ...]
    """One for each case that time has brought something."""
    unreadable: tuple[str, ...]
    """Cases whose history cannot be counted, each with the reason, in one line; all others were served."""


class Ticker:
    """Remembers how far a log was seen, and when to look at which case again. One thread at a time."""

    def __init__(self, log: Log, office: Office, handle: Callable[[CaseCommand], Receipt | Refused]) -> None:
        self._log, self._office, self._handle = log, office, handle
        self._seen = 0
        self._looks: dict[str, datetime] = {}

    def tick(self, now: datetime) -> Ticked:
        """Record what time has brought by ``now``; see :meth:`casecore.engine.Engine.tick`."""
        head = self._log.head().position
        cases = sorted({*self._log.streams(self._seen), *(case for case, at in self._looks.items() if at <= now)})
        receipts: list[Receipt] = []
        unreadable: list[str] = []
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            histories = self._log.histories(batch)
            for case in batch:
                receipt = self._look(case, histories.get(case, ()), now, unreadable)
                receipts += [receipt] if receipt is not None else []
        self._seen = head
        return Ticked(len(cases), tuple(receipts), tuple(unreadable))

    def _look(self, case: str, history: Iterable[Entry], now: datetime, unreadable: list[str]) -> Receipt | None:
        self._looks[case] = now  # until it has been served
        command = PassTime(case=case, by=CLOCK, at=now)
        try:
            file = fold(recorded.event for recorded in readable(history))
            ruling = decide(file, command, now, self._office)
            look = next_look(file, now, self._office)
        except Exception as error:  # noqa: BLE001 - whatever one history does, the others are served
            unreadable.append(f"{case}: {' '.join(str(error).split()) or type(error).__name__}")
            del self._looks[case]
            return None
        answer = None
        if not isinstance(ruling, Refused):
            try:
                answer = self._handle(command)
            except Conflict:  # somebody works on it: once more at the next tick
                return None
        if look is None:
            del self._looks[case]
        else:
            self._looks[case] = look
        return answer if isinstance(answer, Receipt) else None
