"""A finding (疑点): something questionable in what was recorded, with its fact; and the case it is looked for in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.case.clocks import clocks_of
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.clock import CaseClock
from casecore.errors import BadInput
from casecore.kinds import CASE, fold_as
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.vocabulary import ClockKind, FindingCode

__all__ = ["Finding"]


class Finding(NamedTuple):
    """One finding. It changes nothing: what the derived clocks do with the act, the sentence says."""

    code: FindingCode
    log: str
    """District (行政区划代码)."""
    case: str
    position: int
    """Position in the log of the fact it turns on."""
    version: int
    """Version within the case of that fact."""
    at: datetime
    """When that fact happened."""
    by: str
    """Who did it."""
    sentence: str
    """What exactly, in English; ``code.zh`` is what a clerk calls it."""
    cases: tuple[str, ...] = ()
    """Every case of a burst (突击受理办结); empty for what one case shows."""


class Examined(NamedTuple):
    """A case that findings are looked for in."""

    history: Sequence[Recorded]
    """Its facts in the order they were recorded; at least one."""
    file: CaseFile
    office: Office
    at: datetime
    """The moment at which what still runs is judged."""
    clocks: tuple[CaseClock, ...]

    def calendar_of(self, clock: CaseClock) -> WorkCalendar:
        """The calendar a clock is counted under; raises ``BadInput`` where nobody knows it."""
        return self.office.calendar_of(clock.calendar)

    def clocks_in(self, file: CaseFile) -> tuple[CaseClock, ...]:
        """The clocks of the case as it stood in an earlier file."""
        return clocks_of(with_kind_of_item(file, self.office.catalogue, self.office.rule))

    @property
    def limits(self) -> Iterator[CaseClock]:
        """The promised and the statutory clock, as far as the case has them."""
        return (clock for clock in self.clocks if clock.kind in (ClockKind.PROMISED, ClockKind.STATUTORY))

    @property
    def unknown_calendar(self) -> str | None:
        """The calendar version the case was promised under, where nobody knows it."""
        promise = self.file.promise
        if promise is None:
            return None
        try:
            self.office.calendar_of(promise.calendar)
        except BadInput:
            return promise.calendar
        return None


def examine(history: Sequence[Recorded], office: Office, at: datetime) -> Examined:
    """Take up a case."""
    file = with_kind_of_item(fold_as(CASE, history), office.catalogue, office.rule)
    return Examined(history, file, office, at, clocks_of(file))


def found(code: FindingCode, recorded: Recorded, sentence: str) -> Finding:
    """Make a finding about a fact."""
    return Finding(
        code,
        recorded.log,
        recorded.stream,
        recorded.position,
        recorded.version,
        recorded.occurred_at,
        recorded.event.by,
        sentence,
    )
