"""Looking through whole logs for findings (疑点): each case's own, and the bursts that only many cases show."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from casecore.auditing.bursts import QuickCase, bursts_of, quick_case
from casecore.auditing.finding import Finding
from casecore.auditing.findings import findings_of
from casecore.kinds import CASE

from casecore.engine import Engine
from casecore.log import readable
from casecore.vocabulary import FindingCode
from ops.folding import NOT_POISON, kind_found

__all__ = ["Audit", "Wanted", "audit", "plain_finding"]

BATCH: Final = 500
"""Histories in memory at a time. Beside them only the names of the cases, the quick ones and the findings are kept."""


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

    cases: int
    """Cases examined."""
    findings: tuple[Finding, ...]
    """By log and position."""
    unreadable: tuple[str, ...]
    """Cases whose history cannot be read or examined, each with the reason, in one line."""

    @property
    def counts(self) -> dict[FindingCode, int]:
        """How many of each code, in the order of the list; those of which there is none are left out."""
        counted = Counter(finding.code for finding in self.findings)
        return {code: counted[code] for code in FindingCode if counted[code]}

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "cases": self.cases,
            "counts": {code.value: count for code, count in self.counts.items()},
            "findings": [plain_finding(finding) for finding in self.findings],
            "unreadable": list(self.unreadable),
        }


def plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values, with its code in both languages."""
    return {**finding._asdict(), "code": finding.code.value, "zh": finding.code.zh, "cases": list(finding.cases)}


def audit(
    engines: Sequence[Engine],
    at: datetime,
    wanted: Wanted = Wanted(),  # noqa: B008 - a value
    *,
    case: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Audit:
    """Examine every case of the engines' logs once, or one case; ``at`` is the moment at which what runs is judged.

    Packages and drop boxes are passed over. Bursts are looked for among all cases of a district, so a single case shows
    none. Histories are read in batches by case: a case's facts lie far apart in its log, and a log read in its order would
    have to be held as a whole.
    """
    examined, findings, unreadable = 0, list[Finding](), list[str]()
    for engine in engines:
        quick: list[QuickCase] = []
        own: list[Finding] = []
        cases = sorted(engine.log.streams(0)) if case is None else [case]
        for start in range(0, len(cases), BATCH):
            histories = engine.log.histories(cases[start : start + BATCH])
            of_cases = {number: found for number, found in histories.items() if kind_found(found) in (CASE, None)}
            for number, entries in of_cases.items():
                try:
                    history = list(readable(entries))
                    of_case = findings_of(history, engine.office, at)
                    own += filter(wanted.takes, of_case)
                    if any(one.code is FindingCode.ACCEPTED_AND_CLOSED_AT_ONCE for one in of_case):
                        quick += filter(None, (quick_case(history),))
                except NOT_POISON:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever one history does, the others are examined
                    unreadable.append(f"{number}: {' '.join(str(error).split()) or type(error).__name__}")
            examined += len(of_cases)
            if progress is not None:
                progress(len(histories))
        if case is None:
            own += filter(wanted.takes, bursts_of(quick))
        findings += sorted(own, key=attrgetter("position"))
    return Audit(examined, tuple(findings), tuple(unreadable))
