"""Commands that count: demo, report, due."""

from datetime import date, datetime
from typing import Annotated

import typer

from adapters.calendar_toml import NATIONAL, known_calendars
from casecore.calendars import find_calendar
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from casecore.vocabulary import Unit
from ops import due_dates, printing
from ops.cli.app import CalendarsOption, CatalogueOption, JsonOption, StoreOption, app, day_of, guarded, zone
from ops.demo import run_demo
from ops.following import follow as follow_log
from ops.reporting import Period, load_dimensions, stale_cases
from ops.reporting import report as make_report
from ops.stores import open_facts, open_store
from projections.indicators import GROUPS

__all__ = ["demo", "due", "report"]


@app.command()
@guarded
def demo(
    seed: Annotated[int, typer.Option(help="The same seed makes the same week.")] = 1,
    cases: Annotated[int, typer.Option(min=1, help="How many cases.")] = 2000,
    store: StoreOption = "memory:",
) -> None:
    """Simulate a week of a district's halls through the engine and show the headline figures.

    Example: casecore demo --cases 2000 --store sqlite:///demo.db
    """
    run_demo(seed=seed, cases=cases, url=store)


@app.command()
@guarded
def report(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    by: Annotated[str | None, typer.Option("--by", help=" | ".join(GROUPS))] = None,
    fresh: Annotated[bool, typer.Option("--follow/--no-follow", help="Follow the log first.")] = True,
    catalogue: CatalogueOption = None,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout.")] = False,
) -> None:
    """Run counts (跑动次数), time-limit compliance (时限), zero-trip rates (零跑动) and the other indicators.

    Example: casecore report --store sqlite:///cases.db --from 2023-01-01 --to 2023-06-30 --by month --json
    """
    if by is not None and by not in GROUPS:
        raise BadInput(Flaw.USAGE, "--by", f"{by!r} is none of {', '.join(GROUPS)}")
    if as_json and as_csv:
        raise BadInput(Flaw.USAGE, "--json and --csv", "choose one")
    first, last, today = day_of(since, "--from"), day_of(until, "--to"), datetime.now(zone()).date()
    if first is not None and last is not None and last < first:
        raise BadInput(Flaw.USAGE, "--to", f"{last} lies before --from {first}")
    # What is due later than today is not overdue, however far the period reaches.
    period = Period(first, last, min(last or today, today))
    if fresh:
        with (
            open_store(store, catalogue=catalogue, calendars=calendars) as opened,
            printing.progress("following") as advance,
        ):
            load_dimensions(opened.tables, opened.engines, anew=catalogue is not None, calendars=opened.calendars)
            logs = [engine.log for engine in opened.engines]
            follow_log(logs, opened.tables, advance, calendars=opened.calendars)
    with open_facts(store) as tables:
        if tables.live() is None:
            raise BadInput(Flaw.USAGE, f"store {store}", "no fact tables yet, run casecore follow first")
        figures, stale = make_report(tables, period, by), stale_cases(tables)
    if as_json:
        printing.put_json({"indicators": [figure._asdict() for figure in figures], "stale_cases": stale})
    elif as_csv:
        printing.put_csv(figures)
        printing.print_stale(stale, printing.err)
    else:
        printing.print_figures(figures, by)
        printing.print_stale(stale)


@app.command()
@guarded
def due(  # noqa: PLR0913 - the options of a command
    accepted: Annotated[str, typer.Option(help="Day of acceptance, YYYY-MM-DD.")],
    limit: Annotated[int, typer.Option(min=0, max=due_dates.MOST_DAYS, help="How many days.")],
    *,
    unit: Annotated[str, typer.Option(help="working_day | natural_day")] = Unit.WORKING_DAY.value,
    exclude: Annotated[
        list[str] | None, typer.Option(help="START..END or START..END:DECLARED, a special procedure; repeatable.")
    ] = None,
    extend: Annotated[str | None, typer.Option(help="DATE:DAYS, an extension approved on that day.")] = None,
    receipt_only: Annotated[
        bool, typer.Option("--receipt-only", help="The window only receives on rest days: acceptance is deferred.")
    ] = False,
    calendar: Annotated[str, typer.Option(help="Calendar version.")] = NATIONAL,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
) -> None:
    """When a case accepted on a day is due, with each day counted or not and why.

    Example: casecore due --accepted 2026-03-02 --limit 10 --exclude 2026-03-05..2026-03-12:3
    """
    start = day_of(accepted, "--accepted")
    if unit not in (Unit.WORKING_DAY.value, Unit.NATURAL_DAY.value):
        raise BadInput(Flaw.USAGE, "--unit", f"{unit!r} is neither working_day nor natural_day")
    answer = due_dates.work_out(
        find_calendar(known_calendars(calendars), calendar, "--calendar"),
        Limit(limit, Unit[unit.upper()]),
        start or date.min,
        exclude=exclude or [],
        extend=extend,
        receipt_only=receipt_only,
    )
    printing.put_json(answer.plain()) if as_json else printing.print_due(answer)
