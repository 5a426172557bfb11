"""The command a hall polls: reminders."""

from datetime import datetime
from typing import Annotated

import typer

from adapters.reminding import MOST_DAYS, WITHIN_DAYS
from adapters.reminding import reminders as find_reminders
from adapters.reporting import stale_cases
from ops.cli.app import app
from ops.cli.facts import facts_of
from ops.cli.moments import day_of, zone
from ops.cli.options import DistrictOption, JsonOption, StoreOption, guarded
from ops.printing import console
from ops.printing.figures import print_stale
from ops.printing.reminders import print_reminders

__all__ = ["reminders"]


@app.command()
@guarded
def reminders(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    district: DistrictOption = None,
    department: Annotated[str | None, typer.Option("--department", help="责任部门; default: all.")] = None,
    within: Annotated[int, typer.Option("--within", min=0, max=MOST_DAYS, help="Working days ahead.")] = WITHIN_DAYS,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day asked, YYYY-MM-DD; default: today.")] = None,
    fresh: Annotated[bool, typer.Option("--follow/--no-follow", help="Follow the log first.")] = True,
    as_json: JsonOption = False,
) -> None:
    """What is due soon or overdue (催办提醒), by department: every running clock of every case, with its working days left.

    With --as-of the days are counted from that day, of the clocks that run now. Exit code 0 whatever is overdue.

    Example: casecore reminders --store sqlite:///cases.db --department Market --within 3
    """
    day = day_of(as_of, "--as-of") or datetime.now(zone()).date()
    with facts_of(store, fresh=fresh) as tables:
        found = find_reminders(tables, day, within, district=district, department=department, overdue_only=overdue)
        stale = stale_cases(tables)
    if as_json:
        console.put_json({"as_of": day, "reminders": [one._asdict() for one in found], "stale_cases": stale})
    else:
        print_reminders(found)
        print_stale(stale)
