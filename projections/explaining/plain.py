"""As JSON values, what more than one explanation shows: a clock's reading, a finding."""

from typing import Any

from casecore.auditing.finding import Finding
from casecore.clocks import ClockReading

__all__ = ["plain_finding", "plain_reading"]


def plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values, with its code in both languages."""
    return {**finding._asdict(), "code": finding.code.value, "zh": finding.code.zh, "cases": list(finding.cases)}


def plain_reading(reading: ClockReading) -> dict[str, Any]:
    """What a clock says, as JSON values."""
    return {
        "due_on": reading.due_on,
        "due_at": reading.due_at,
        "printed_on": reading.printed_on,
        "legal_on": reading.legal_on,
        "legal_calendar": None if reading.both_dates is None else reading.both_dates.calendar,
        "moved_from": reading.moved_from,
        "used": reading.used,
        "remaining": reading.remaining,
        "excluded": reading.excluded,
        "extension_days": reading.extension_days,
        "paused": reading.paused,
        "provisional": reading.provisional,
    }
