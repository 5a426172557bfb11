"""Bursts (突击受理办结): one officer accepting and closing many cases within minutes, each of them at once.

Only whole logs show them, so they are no case's own finding. Cases done at the window while one waits (即办件) do not
count, nor do those of which an import knows the department alone: that is nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from casecore.auditing.finding import Finding
from casecore.auditing.findings import quickly_closed
from casecore.case.facts.acceptance import CaseAccepted
from casecore.case.facts.closing import CaseClosed
from casecore.kinds import CASE, fold_as
from casecore.recorded import Recorded
from casecore.vocabulary import FindingCode

__all__ = ["MOST_MINUTES", "QuickCase", "bursts_of", "quick_case"]


LEAST_CASES: Final = 5
"""How many cases make a burst."""
MOST_MINUTES: Final = 10
"""Within how many minutes of each other they were accepted and closed."""


class QuickCase(NamedTuple):
    """A case that one officer accepted and closed at once; all a burst needs of it."""

    log: str
    officer: str
    accepted_at: datetime
    closed_at: datetime
    case: str
    position: int
    """Of its closing."""
    version: int


def quick_case(history: Sequence[Recorded]) -> QuickCase | None:
    """What a burst needs of a case, where one officer accepted and closed it at once."""
    file = fold_as(CASE, history)
    accepted, closing = file.promise, file.closing
    if not (isinstance(accepted, CaseAccepted) and isinstance(closing, CaseClosed) and quickly_closed(accepted, closing)):
        return None
    if accepted.by != closing.by or accepted.by == file.department:
        return None
    last = next(recorded for recorded in history if recorded.event is closing)
    return QuickCase(last.log, accepted.by, accepted.at, closing.at, last.stream, last.position, last.version)


def bursts_of(cases: Iterable[QuickCase], *, least: int = LEAST_CASES, minutes: int = MOST_MINUTES) -> Iterator[Finding]:
    """One finding a burst: ``least`` cases or more of one officer, any ``least`` in a row within ``minutes``.

    A burst reaches as far as it goes on; it stands at its first case and names them all.
    """
    by_officer: dict[tuple[str, str], list[QuickCase]] = defaultdict(list)
    for case in cases:
        by_officer[case.log, case.officer].append(case)
    for _, found in sorted(by_officer.items()):
        found.sort(key=lambda case: (case.accepted_at, case.position))
        yield from _bursts(found, least, timedelta(minutes=minutes))


def _bursts(cases: Sequence[QuickCase], least: int, longest: timedelta) -> Iterator[Finding]:
    start = end = 0
    """The burst that is growing is ``cases[start:end]``; none where the two are equal."""
    for first in range(len(cases) - least + 1):
        window = cases[first : first + least]
        if max(case.closed_at for case in window) - window[0].accepted_at > longest:
            continue
        if first >= end > start:
            yield _burst(cases[start:end])
            start = first
        elif start == end:
            start = first
        end = first + least
    if end > start:
        yield _burst(cases[start:end])


def _burst(cases: Sequence[QuickCase]) -> Finding:
    first = cases[0]
    last = max(case.closed_at for case in cases)
    minutes = -((first.accepted_at - last) // timedelta(minutes=1))
    return Finding(
        FindingCode.ACCEPT_CLOSE_BURST,
        first.log,
        first.case,
        first.position,
        first.version,
        first.accepted_at,
        first.officer,
        f"{len(cases)} cases accepted and closed within {minutes} min, each of them at once",
        tuple(case.case for case in cases),
    )
