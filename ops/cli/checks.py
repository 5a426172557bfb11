"""Commands that look at an installation: doctor, calendars."""

import typer

from adapters.calendar_toml import known_calendars
from adapters.diagnosis import diagnose
from adapters.opening import must_exist
from ops.cli.app import app
from ops.cli.options import FINDING, CalendarsOption, CatalogueOption, JsonOption, StoreTooOption, guarded
from ops.printing import console
from ops.printing.calendars import plain_calendars, print_calendars
from ops.printing.checks import print_checks

__all__ = ["calendars_", "doctor"]


@app.command()
@guarded
def doctor(
    store: StoreTooOption,
    *,
    catalogue: CatalogueOption = None,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the installation: Python, SQLite, calendars, catalogue and, where given, a store.

    Example: casecore doctor --store sqlite:///cases.db
    """
    if store is not None:
        must_exist(store)
    checks = diagnose(store, catalogue, calendars)
    if as_json:
        console.put_json({"checks": [check._asdict() for check in checks]})
    else:
        print_checks(checks)
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(FINDING)


@app.command("calendars")
@guarded
def calendars_(*, calendars: CalendarsOption = None, as_json: JsonOption = False) -> None:
    """The working calendars (工作日历) there are: versions, coverage, and which one is now in force on each line.

    Example: casecore calendars --calendars our-calendars
    """
    known = known_calendars(calendars)
    if as_json:
        console.put_json({"calendars": plain_calendars(known)})
    else:
        print_calendars(known)
