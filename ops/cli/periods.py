"""The period that --from and --to name."""

from datetime import datetime

from adapters.reporting import Period
from casecore.errors import BadInput, Flaw
from ops.cli.moments import day_of, zone

__all__ = ["period_of"]


def period_of(since: str | None, until: str | None, as_of: str | None = None) -> Period:
    """The period of ``--from`` and ``--to``, asked on ``--as-of``; by default on its last day, or today.

    What is due later than today is not overdue, however far the period reaches.
    """
    first, last, today = day_of(since, "--from"), day_of(until, "--to"), datetime.now(zone()).date()
    if first is not None and last is not None and last < first:
        raise BadInput(Flaw.USAGE, "--to", f"{last} lies before --from {first}")
    return Period(first, last, day_of(as_of, "--as-of") or min(last or today, today))
