"""The period that --from and --to name."""

from datetime import datetime

from adapters.reporting import Period
from casecore.errors import BadInput, Flaw
from ops.cli.moments import day_of, zone

__all__ = ["period_of"]


def period_of(since: str | None, until: str | None, as_of: str | None = None) -> Period:
    """The period of ``--from`` and ``--to``, asked on ``--as-of``; by default today.

    What is due later than the day asked is not overdue, however far the period reaches; what was due before is, in whatever
    period it lies. Counted is the catalogue of the period's last day, or of the day asked where that is earlier.
    """
    first, last, today = day_of(since, "--from"), day_of(until, "--to"), datetime.now(zone()).date()
    if first is not None and last is not None and last < first:
        raise BadInput(Flaw.USAGE, "--to", f"{last} lies before --from {first}")
    asked = day_of(as_of, "--as-of") or today
    return Period(first, last, asked, min(last or asked, asked))
