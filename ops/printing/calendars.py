"""Printing the working calendars (工作日历) there are."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from casecore.calendar import WorkCalendar
from casecore.calendars import newest
from ops.printing.console import out

__all__ = ["plain_calendars", "print_calendars"]


def plain_calendars(calendars: Mapping[str, WorkCalendar]) -> list[dict[str, Any]]:
    """The JSON of ``calendars``: each version, and under ``newest`` the one now in force on its line."""
    return [
        {
            "version": version,
            "title": calendar.title,
            "zone": calendar.zone,
            "covers": calendar.covers,
            "supersedes": calendar.supersedes,
            "newest": newest(calendars, version),
        }
        for version, calendar in sorted(calendars.items())
    ]


def print_calendars(calendars: Mapping[str, WorkCalendar]) -> None:
    """The calendars as a table."""
    table = Table(title="Working calendars (工作日历)", title_justify="left")
    for column in ("version", "title", "covers", "supersedes", "now in force"):
        table.add_column(column)
    for found in plain_calendars(calendars):
        first, last = found["covers"]
        cells = (found["version"], found["title"], f"{first} to {last}", found["supersedes"] or "—", found["newest"])
        table.add_row(*cells)
    out.print(table)
