"""Double filings (重复申报): one applicant who has filed the same item twice, within the time the district's rule names.

Only whole logs show them, so they are no case's own finding. A filing is none beside the others where it was taken back,
made void or not accepted before the next came, or was refused: whoever files again then has nothing else. Nor are the cases
of one package, which are for several subjects (门店 …), nor those of an import that names no applicant.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from casecore.auditing.finding import Finding
from casecore.case.facts.application import ApplicationSubmitted, CaseReceived
from casecore.case.file import CaseFile
from casecore.district_rule import DistrictRule
from casecore.kinds import CASE, fold_as
from casecore.recorded import Recorded
from casecore.vocabulary import Decision, FindingCode, Outcome, Stage

__all__ = ["FiledCase", "double_filings", "filed_case"]


class FiledCase(NamedTuple):
    """A filing; all that holding it against others takes."""

    log: str
    applicant: str
    item: str
    filed_at: datetime
    ended_at: datetime | None
    """When it ended; None while it is open."""
    came_to_nothing: bool
    """It ended without what was applied for."""
    package: str | None
    case: str
    position: int
    """Of the fact that filed it."""
    version: int
    by: str


def filed_case(history: Sequence[Recorded]) -> FiledCase | None:
    """What a double filing needs of a case; None where nobody named the applicant, or nothing was filed."""
    first = next((one for one in history if isinstance(one.event, ApplicationSubmitted | CaseReceived)), None)
    if first is None:
        return None
    file = fold_as(CASE, history)
    if not file.applicant or file.item is None:
        return None
    joined = file.service.package
    return FiledCase(
        first.log,
        file.applicant,
        file.item,
        first.occurred_at,
        file.closing.at if file.closing is not None else None,
        _came_to_nothing(file),
        joined.package if joined is not None else None,
        first.stream,
        first.position,
        first.version,
        first.event.by,
    )


def _came_to_nothing(file: CaseFile) -> bool:
    if file.stage in (Stage.NOT_ACCEPTED, Stage.WITHDRAWN, Stage.VOIDED):
        return True
    if file.decision is not None and file.decision.decision is Decision.REFUSED:
        return True
    return file.closing is not None and file.outcome not in (Outcome.CERTIFICATE_ISSUED, Outcome.OTHER)


def double_filings(filed: Iterable[FiledCase], rule_on: Callable[[date], DistrictRule]) -> Iterator[Finding]:
    """One finding for each filing that another of the same applicant and item stood beside; it names them all.

    ``rule_on`` gives the district's rule of a day: that of the day of the later filing says within how many days.
    """
    groups: dict[tuple[str, str, str], list[FiledCase]] = defaultdict(list)
    for one in filed:
        groups[one.log, one.applicant, one.item].append(one)
    for _, same in sorted(groups.items()):
        if len(same) > 1:
            yield from _doubled(sorted(same, key=lambda one: (one.filed_at, one.position)), rule_on)


def _doubled(same: Sequence[FiledCase], rule_on: Callable[[date], DistrictRule]) -> Iterator[Finding]:
    """Those of one applicant and item, in the order they were filed."""
    for number, later in enumerate(same):
        days = rule_on(later.filed_at.date()).double_filing_days
        if days is None:
            continue
        beside = [one for one in same[:number] if _stands_beside(one, later, days)]
        if beside:
            first = beside[0]
            state = "is open still" if _open(first, later.filed_at) else f"was filed within {days} days"
            yield Finding(
                FindingCode.DOUBLE_FILING,
                later.log,
                later.case,
                later.position,
                later.version,
                later.filed_at,
                later.by,
                f"{later.item} was filed by the same applicant as {first.case} on {first.filed_at.date()}, which {state}",
                (*(one.case for one in beside), later.case),
            )


def _stands_beside(one: FiledCase, later: FiledCase, days: int) -> bool:
    """Whether an earlier filing was open when the later came, or is no older than so many days and came to something."""
    if one.package is not None and one.package == later.package:
        return False
    if _open(one, later.filed_at):
        return True
    return not one.came_to_nothing and later.filed_at.date() - one.filed_at.date() <= timedelta(days=days)


def _open(one: FiledCase, at: datetime) -> bool:
    return one.ended_at is None or one.ended_at > at
