"""The clocks of a package (一件事时限): the joint promise and the joint limit of the law, beside those of its cases."""

from datetime import datetime, time

from casecore.clock import CaseClock
from casecore.ledger import Ledger
from casecore.package.facts.limits import PackageAccepted
from casecore.package.file import PackageFile
from casecore.vocabulary import ClockKind

__all__ = ["clocks_of_package"]


def clocks_of_package(file: PackageFile) -> tuple[CaseClock, ...]:
    """Its promised and its statutory clock; none before every case opened with it was answered.

    A special procedure that began in one case before the others were accepted is left out from day 0 on; its declared
    days count from its own beginning (Art. 45).
    """
    opened, promise = file.opened, file.promise
    if opened is None or promise is None:
        return ()
    ended_at = file.closing.at if file.closing is not None else None
    return tuple(
        CaseClock(
            kind,
            kind.value,
            source,
            limit,
            promise.effective_on,
            _started_at(promise),
            _from_day_0(file.ledger(), promise),
            ended_at,
            promise.calendar,
        )
        for kind, source, limit in (
            (ClockKind.PROMISED, f"{opened.theme} v{opened.theme_version} 承诺", opened.promised),
            (ClockKind.STATUTORY, "行政许可法 Art. 42(2)", promise.statutory),
        )
    )


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
