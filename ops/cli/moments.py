"""The days and instants that options name."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.errors import BadInput, Flaw

__all__ = ["day_of", "instant_of", "zone"]


def day_of(text: str | None, option: str) -> date | None:
    """The day an option names; None where it was not given."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(Flaw.USAGE, option, f"{text!r} is not a date (YYYY-MM-DD)") from None


def instant_of(text: str | None, option: str) -> datetime | None:
    """The instant an option names, in the national zone unless it says another; None where it was not given."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(Flaw.USAGE, option, f"{text!r} is not an instant (YYYY-MM-DDTHH:MM+08:00)") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone())


def zone() -> ZoneInfo:
    """The zone of the national calendar."""
    return ZoneInfo(shipped_calendars()[NATIONAL].zone)
