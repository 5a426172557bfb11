"""Looking through whole logs for findings (疑点): each stream's own, and what many show: bursts, double filings, visits."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from adapters.folding import NOT_POISON, fold_history, kind_found
from adapters.sound_histories import kind_among
from casecore.auditing.bursts import QuickCase, bursts_of, quick_case
from casecore.auditing.double_filings import FiledCase, double_filings, filed_case
from casecore.auditing.examiners import EXAMINERS
from casecore.auditing.finding import Finding
from casecore.auditing.visits import ToldVisits
from casecore.engine import Engine
from casecore.errors import BadInput, Flaw
from casecore.kinds import CASE, KINDS, fold_stream, kind_of_file
from casecore.log import readable
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.visit.file import VisitFile
from casecore.vocabulary import FindingCode
from projections.explaining.plain import plain_finding

__all__ = ["Audit", "Wanted", "findings"]

_EXAMINED: Final = tuple(kind for kind in KINDS if kind.name in EXAMINERS)
BATCH: Final = 500
"""Histories in memory at a time. Beside them only the names of the cases, the quick ones, the filings of named applicants,
visits nothing guarded and the findings are kept."""


class Wanted(NamedTuple):
    """Which findings are asked for; nothing said, all."""

    codes: Collection[FindingCode] = ()
    since: date | None = None
    """By the day of the fact a finding turns on, a local date; both days included."""
    until: date | None = None

    def takes(self, finding: Finding) -> bool:
        """Whether a finding is among them."""
        on = finding.at.date()
        early = self.since is not None and on < self.since
        late = self.until is not None and on > self.until
        return not (early or late) and (not self.codes or finding.code in self.codes)


class Audit(NamedTuple):
    """What was found."""

    streams: int
    """Histories examined: of cases, packages, drop boxes, visits, and the district's books."""
    findings: tuple[Finding, ...]
    """By log and position."""
    unreadable: tuple[str, ...]
    """Streams whose history cannot be read or examined, each with the reason, in one line."""

    @property
    def counts(self) -> dict[FindingCode, int]:
        """How many of each code, in the order of the list; those of which there is none are left out."""
        counted = Counter(finding.code for finding in self.findings)
        return {code: counted[code] for code in FindingCode if counted[code]}

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "streams": self.streams,
            "counts": {code.value: count for code, count in self.counts.items()},
            "findings": [plain_finding(finding) for finding in self.findings],
            "unreadable": list(self.unreadable),
        }


def findings(
    engines: Sequence[Engine],
    at: datetime,
    wanted: Wanted = Wanted(),  # noqa: B008 - a value
    *,
    case: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Audit:
    """Look for what is questionable (疑点) in every stream of the engines' logs that is examined, or in one of them.

    ``at`` is the moment at which what runs is judged. Bursts, double filings and merged visits are looked for among all
    cases of a district, so a single case shows none. ``progress`` is called with the number of histories just read. A stream
    that cannot be read or examined is named in the result, and the others are examined.

    Histories are read in batches by case: a case's facts lie far apart in its log, and a log read in its order would have to
    be held as a whole. Streams of kinds that nobody examines are passed over.

    Raises :class:`~casecore.errors.BadInput` for a ``case`` that is of a kind nobody examines, or that no log knows.
    """
    if case is not None:
        histories = [engine.log.history(case) for engine in engines]
        if not any(histories):
            raise BadInput(Flaw.UNKNOWN_NAME, case, "in none of the logs")
        for entries in histories:
            kind_among(entries, case, *_EXAMINED)
    examined, found, unreadable = 0, list[Finding](), list[str]()
    for engine in engines:
        one = _examined(engine, at, wanted, case, progress)
        examined += one.streams
        found += one.findings
        unreadable += one.unreadable
    return Audit(examined, tuple(found), tuple(unreadable))


def _examined(
    engine: Engine, at: datetime, wanted: Wanted, case: str | None, progress: Callable[[int], None] | None
) -> Audit:
    """What one log shows."""
    examined, own, unreadable = 0, list[Finding](), list[str]()
    quick, filed, visits = list[QuickCase](), list[FiledCase](), ToldVisits()
    cases = sorted(engine.log.streams(0)) if case is None else [case]
    office_of = _Offices(engine)
    for start in range(0, len(cases), BATCH):
        histories = engine.log.histories(cases[start : start + BATCH])
        for number, entries in histories.items():
            # What nobody can read a word of is taken for a case: that it is none would have to be readable.
            kind = kind_found(entries) or CASE
            examine = EXAMINERS.get(kind.name)
            if examine is None:
                continue
            examined += 1
            try:
                history = list(readable(entries))
                of_one = examine(history, office_of(history), at)
                own += filter(wanted.takes, of_one)
                visits.take(history)
                if case is None and kind is CASE:
                    filed += filter(None, (filed_case(history),))
                if any(one.code is FindingCode.ACCEPTED_AND_CLOSED_AT_ONCE for one in of_one):
                    quick += filter(None, (quick_case(history),))
            except NOT_POISON:
                raise
            except Exception as error:  # noqa: BLE001 - whatever one history does, the others are examined
                unreadable.append(f"{number}: {' '.join(str(error).split()) or type(error).__name__}")
        if progress is not None:
            progress(len(histories))
    if case is None:
        own += filter(wanted.takes, bursts_of(quick))
        own += filter(wanted.takes, double_filings(filed, lambda day: engine.books.rule_on(day).rule))
        own += filter(wanted.takes, _merged(engine, visits))
    return Audit(examined, tuple(sorted(own, key=attrgetter("position"))), tuple(unreadable))


class _Offices:
    """What each history is examined by: the rule and the calendar of the day it began, and today's catalogue."""

    def __init__(self, engine: Engine) -> None:
        self._today, self._books = engine.now().date(), engine.books
        self._office = self._books.office(self._today)
        self._changes = len(self._books.rules) > 1 or len(self._books.calendars_in_force) > 1

    def __call__(self, history: Sequence[Recorded]) -> Office:
        """What a history is examined by. Raises whatever its fold does."""
        if not self._changes:
            return self._office
        file = fold_stream(recorded.event for recorded in history)
        began_on = None if file is None else kind_of_file(file).begun(file)
        return self._books.office(began_on or self._today)._replace(catalogue=self._office.catalogue)


def _merged(engine: Engine, visits: ToldVisits) -> Iterator[Finding]:
    """Visits that cannot have been one, those held against their own streams that have one."""
    scoped = visits.scoped
    for start in range(0, len(scoped), BATCH):
        for visit, entries in engine.log.histories(scoped[start : start + BATCH]).items():
            if isinstance(file := fold_history(entries), VisitFile):
                visits.live(visit, file)
    yield from visits.findings()
