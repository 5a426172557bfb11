"""A finding (疑点): something questionable in what was recorded, with its fact; and the stream it is looked for in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, Generic, NamedTuple, TypeVar

from casecore.calendar import WorkCalendar
from casecore.case.file import CaseFile
from casecore.clock import CaseClock
from casecore.errors import BadInput
from casecore.kind import File, Kind
from casecore.kinds import fold_as
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.vocabulary import ClockKind, FindingCode

__all__ = ["Finding"]

F = TypeVar("F", bound=File)

_UNCOUNTED: Final = (FindingCode.UNKNOWN_CALENDAR, FindingCode.OUTSIDE_CALENDAR)


class Finding(NamedTuple):
    """One finding. It changes nothing: what the derived clocks do with the act, the sentence says."""

    code: FindingCode
    log: str
    """District (行政区划代码)."""
    case: str
    """The stream: a case, a package (一件事), a drop box."""
    position: int
    """Position in the log of the fact it turns on."""
    version: int
    """Version within the stream of that fact."""
    at: datetime
    """When that fact happened."""
    by: str
    """Who did it."""
    sentence: str
    """What exactly, in English; ``code.zh`` is what a clerk calls it."""
    cases: tuple[str, ...] = ()
    """Every case of a burst (突击受理办结); empty for what one case shows."""


class Examination(NamedTuple, Generic[F]):
    """A stream that findings are looked for in."""

    kind: Kind[F]
    history: Sequence[Recorded]
    """Its facts in the order they were recorded; at least one."""
    file: F
    office: Office
    at: datetime
    """The moment at which what still runs is judged."""
    clocks: tuple[CaseClock, ...]

    def calendar_of(self, clock: CaseClock) -> WorkCalendar:
        """The calendar a clock is counted under; raises ``BadInput`` where nobody knows it."""
        return self.office.calendar_of(clock.calendar)

    def clocks_in(self, file: F) -> tuple[CaseClock, ...]:
        """The clocks of the stream as it stood in an earlier file."""
        return self.kind.clocks(self.kind.complete(file, self.office.catalogue, self.office.rule))

    @property
    def limits(self) -> Iterator[CaseClock]:
        """The promised and the statutory clock, as far as it has them."""
        return (clock for clock in self.clocks if clock.kind in (ClockKind.PROMISED, ClockKind.STATUTORY))

    @property
    def unknown_calendar(self) -> str | None:
        """The calendar version it was promised under, where nobody knows it."""
        for clock in self.limits:
            try:
                self.calendar_of(clock)
            except BadInput:
                return clock.calendar
        return None


Examined = Examination[CaseFile]
"""A case that findings are looked for in."""


def examine(kind: Kind[F], history: Sequence[Recorded], office: Office, at: datetime) -> Examination[F]:
    """Take up a stream."""
    file = kind.complete(fold_as(kind, history), office.catalogue, office.rule)
    return Examination(kind, history, file, office, at, kind.clocks(file))


def gathered(
    examined: Examination[F], checks: Iterable[Callable[[Examination[F]], Iterator[Finding]]]
) -> tuple[Finding, ...]:
    """What the checks find, in the order of the facts; what no calendar could count is a finding of its own."""
    findings: list[Finding] = []
    uncounted: BadInput | None = None
    for check in checks:
        try:
            findings.extend(check(examined))
        except BadInput as error:  # a calendar nobody knows, or a date it does not know
            uncounted = error
    if uncounted is not None and not any(one.code in _UNCOUNTED for one in findings):
        sentence = f"{uncounted}: not everything could be examined"
        findings.append(found(FindingCode.OUTSIDE_CALENDAR, examined.history[0], sentence))
    return tuple(sorted(findings, key=attrgetter("version")))


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
