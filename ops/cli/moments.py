"""The days and instants that options name."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.door import shown
from casecore.errors import BadInput, Flaw
from casecore.instants import A_DAY, day_in, read_instant

__all__ = ["day_of", "instant_of", "zone"]


def day_of(text: str | None, option: str) -> date | None:
    """The day an option names; None where it was not given."""
    if text is None:
        return None
    day = day_in(text)
    if day is None:
        raise BadInput(Flaw.USAGE, option, f"{shown(text)} is not {A_DAY}")
    return day


def instant_of(text: str | None, option: str) -> datetime | None:
    """The instant, or the midnight of the day, an option names, in the national zone unless it says another."""
    if text is None:
        return None
    try:
        at = read_instant(text, option, or_day=True)
    except BadInput as flaw:
        raise BadInput(Flaw.USAGE, option, flaw.sentence) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone())


def zone() -> ZoneInfo:
    """The zone of the national calendar."""
    return ZoneInfo(shipped_calendars()[NATIONAL].zone)
