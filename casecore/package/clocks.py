"""The clocks of a package (一件事时限): the joint promise and the joint limit of the law, beside those of its cases."""

from casecore.case.clocks import CaseClock
from casecore.package.state import PackageFile
from casecore.vocabulary import ClockKind

__all__ = ["clocks_of_package"]


def clocks_of_package(file: PackageFile) -> tuple[CaseClock, ...]:
    """Its promised and its statutory clock; none before every case opened with it was answered."""
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
            promise.at,
            file.ledger(),
            ended_at,
            promise.calendar,
        )
        for kind, source, limit in (
            (ClockKind.PROMISED, f"{opened.theme} v{opened.theme_version} 承诺", opened.promised),
            (ClockKind.STATUTORY, "行政许可法 Art. 42(2)", promise.statutory),
        )
    )
