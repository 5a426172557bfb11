"""The clock bounds (时钟偏差) of a log that is looked at and not decided by."""

from adapters.log_books import LogBooks
from casecore.log import COMMON_BOUNDS, ClockBounds, Log

__all__ = ["bounds_of"]


def bounds_of(log: Log) -> ClockBounds:
    """Those of the rule the log has adopted last; the common ones where its books cannot be read."""
    try:
        return ClockBounds.of(LogBooks(log).at().rule_on(None).rule)
    except Exception:  # noqa: BLE001 - whatever is wrong with them is not what is asked
        return COMMON_BOUNDS
