"""The clocks of a package (一件事时限): the joint promise and the joint limit of the law, beside those of its cases."""

from datetime import datetime, time

from casecore.clock import UNTOLD_DECISION, CaseClock
from casecore.ledger import Ledger
from casecore.package.facts.limits import PackageAccepted
from casecore.package.file import PackageFile
from casecore.vocabulary import ClockKind

__all__ = ["clocks_of_package"]


def clocks_of_package(file: PackageFile) -> tuple[CaseClock, ...]:
    """Its promised and its statutory clock; none before every case opened with it was answered.

    The promise ends as the package closes, the limit of the law with the decision on its last case (Art. 42(2)).

    A special procedure that began in one case before the others were accepted is left out from day 0 on; its declared
    days count from its own beginning (Art. 45).
    """
    opened, promise = file.opened, file.promise
    if opened is None or promise is None:
        return ()
    closed_at, decided_at = file.closing.at if file.closing is not None else None, _decided_by(file)
    return tuple(
        CaseClock(
            kind,
            kind.value,
            source,
            limit,
            promise.effective_on,
            _started_at(promise),
            _from_day_0(file.ledger(statutory=kind is ClockKind.STATUTORY), promise),
            ended_at,
            promise.calendar,
            remark=remark,
        )
        for kind, source, limit, ended_at, remark in (
            (ClockKind.PROMISED, f"{opened.theme} v{opened.theme_version} 承诺", opened.promised, closed_at, None),
            (ClockKind.STATUTORY, "行政许可法 Art. 42(2)", promise.statutory, decided_at, _untold(file, decided_at)),
        )
    )


def _decided_by(file: PackageFile) -> datetime | None:
    """When nothing was left to be examined in any of its cases; None while anything is."""
    closed_at = file.closing.at if file.closing is not None else None
    ends = [member.decided_by for member in file.members]
    if not ends or None in ends:
        return closed_at
    return min(at for at in (closed_at, max(at for at in ends if at is not None)) if at is not None)


def _untold(file: PackageFile, decided_at: datetime | None) -> str | None:
    """What is said where the case it waited for last was granted, and nobody told the decision."""
    last = any(one.decided_at is None and one.granted and one.ended_at == decided_at for one in file.members)
    return UNTOLD_DECISION if last else None


def _started_at(promise: PackageAccepted) -> datetime:
    """The instant the joint limits run from: the last answer, or the end of day 0 where the law had given it before."""
    if promise.effective_on >= promise.at.date():
        return promise.at
    return datetime.combine(promise.effective_on, time.max, promise.at.tzinfo)


def _from_day_0(ledger: Ledger, promise: PackageAccepted) -> Ledger:
    """The acts as the joint limits see them: what is older than day 0 counts from day 0 on, where it lasted until then."""
    day_0 = promise.effective_on
    begins = datetime.combine(day_0, time.min, promise.at.tzinfo)
    spans = tuple(
        span._replace(seen_from=begins)
        if span.started_at < begins and (span.ended_at is None or span.ended_at >= begins)
        else span
        for span in ledger.suspensions
    )
    extension = ledger.extension
    if extension is not None and extension.approved_on < day_0:
        extension = extension._replace(approved_on=day_0)
    return Ledger(spans, extension)
