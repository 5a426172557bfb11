"""Commands that count: report, due."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.adopted_rule import must_be_in_force
from adapters.calendar_toml import NATIONAL, known_calendars
from adapters.district_rule_toml import load_district_rule
from adapters.opening import open_store
from adapters.reporting import provisional_cases, stale_cases
from adapters.reporting import report as make_report
from adapters.tables import Tables
from casecore.calendar import LaterNotice
from casecore.calendars import find_calendar
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from casecore.vocabulary import Unit
from ops.cli.app import app
from ops.cli.facts import facts_at, facts_of
from ops.cli.moments import day_of, instant_of
from ops.cli.options import CalendarsOption, JsonOption, StoreOption, guarded
from ops.cli.periods import period_of
from ops.cli.spans import MOST_DAYS, extension_of, spans_of
from ops.cli.supposing import print_or_put_restatement
from ops.printing import console
from ops.printing.due import print_due
from ops.printing.figures import print_figures, print_provisional, print_rests, print_stale, put_csv
from projections.explaining.due_dates import work_out
from projections.indicator import GROUPS

__all__ = ["due", "report"]

MOST_GROUPS: Final = 2
_DUE_UNITS: Final = tuple(unit.value for unit in Unit if unit is Unit.WORKING_DAY or unit.natural)


@app.command()
@guarded
def report(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    by: Annotated[str | None, typer.Option("--by", help=f"{' | '.join(GROUPS)}; or two: month,department")] = None,
    fresh: Annotated[bool, typer.Option("--follow/--no-follow", help="Follow the log first.")] = True,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="As of then: a position, DISTRICT:POSITION (repeatable), or an instant of recording."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The day asked, which says what runs late: today, or with --at that of the last fact."),
    ] = None,
    rule: Annotated[
        Path | None,
        typer.Option("--rule", help="Deprecated: the log says the rule; refuse unless this file is the one adopted last."),
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout.")] = False,
    restated: Annotated[
        bool, typer.Option("--restated", help="What has changed of closed months since they were published (数据更正).")
    ] = False,
    published_after: Annotated[
        int | None, typer.Option(min=0, max=366, help="With --restated: so many days after its end a month is published.")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="With --restated: the instant at which all were published.")
    ] = None,
) -> None:
    """Run counts (跑动次数), time-limit compliance (时限), zero-trip rates (零跑动) and the other indicators.

    With --at: what a report said then, under the books and on the day of then, from the log alone; nothing is written.
    With --restated: each figure of a closed month that late facts have changed, then and now, and the cases that did it.

    Example: casecore report --store sqlite:///cases.db --from 2023-01-01 --to 2023-06-30 --by month --json
    """
    if restated:
        if by is not None or as_csv or at or as_of is not None:
            raise BadInput(Flaw.USAGE, "--restated", "it comes without --by, --at, --as-of and --csv")
        asked = day_of(since, "--from"), day_of(until, "--to")
        print_or_put_restatement(store, asked, published_after, instant_of(published, "--published"), as_json=as_json)
        return
    if published_after is not None or published is not None:
        raise BadInput(Flaw.USAGE, "--published-after, --published", "they go with --restated")
    groups = _groups_of(by)
    if as_json and as_csv:
        raise BadInput(Flaw.USAGE, "--json and --csv", "choose one")
    period = period_of(since, until, as_of)
    if rule is not None:
        with open_store(store) as opened:
            must_be_in_force(load_district_rule(rule), opened.engines)
    with _asked(store, at or (), fresh=fresh) as (tables, then):
        if then is not None and as_of is None:
            period = period_of(since, until, then.isoformat())
        figures, stale = make_report(tables, period, groups), stale_cases(tables)
        provisional = provisional_cases(tables, period)
    if as_json:
        said = {"stale_cases": stale, "provisional_cases": provisional}
        console.put_json({"indicators": [figure.plain() for figure in figures], **said})
    elif as_csv:
        put_csv(figures, groups)
        print_provisional(provisional, console.err)
        print_stale(stale, console.err)
    else:
        print_figures(figures, groups)
        print_rests(figures)
        print_provisional(provisional)
        print_stale(stale)


@contextmanager
def _asked(store: str, at: Sequence[str], *, fresh: bool) -> Iterator[tuple[Tables, date | None]]:
    """The fact tables of now or of then, and which day it was then; None for today."""
    if at:
        with facts_at(store, at) as found:
            yield found
    else:
        with facts_of(store, fresh=fresh) as tables:
            yield tables, None


def _groups_of(by: str | None) -> tuple[str, ...]:
    """One group, or two separated by a comma."""
    groups = tuple(by.split(",")) if by is not None else ()
    for group in groups:
        if group not in GROUPS:
            raise BadInput(Flaw.USAGE, "--by", f"{group!r} is none of {', '.join(GROUPS)}")
    if len(groups) > MOST_GROUPS or len(set(groups)) < len(groups):
        raise BadInput(Flaw.USAGE, "--by", f"{by!r}: say one group, or two different ones separated by a comma")
    return groups


@app.command()
@guarded
def due(  # noqa: PLR0913 - the options of a command
    accepted: Annotated[str, typer.Option(help="Day of acceptance, YYYY-MM-DD.")],
    limit: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="How many days, months or years.")],
    *,
    unit: Annotated[str, typer.Option(help=" | ".join(_DUE_UNITS))] = Unit.WORKING_DAY.value,
    exclude: Annotated[
        list[str] | None, typer.Option(help="START..END or START..END:DECLARED, a special procedure; repeatable.")
    ] = None,
    extend: Annotated[str | None, typer.Option(help="DATE:DAYS, an extension approved on that day.")] = None,
    receipt_only: Annotated[
        bool, typer.Option("--receipt-only", help="The window only receives on rest days: acceptance is deferred.")
    ] = False,
    calendar: Annotated[str, typer.Option(help="Calendar version.")] = NATIONAL,
    judged_under: Annotated[
        str | None,
        typer.Option("--judged-under", help="The version in force when it is judged: due on the later of both."),
    ] = None,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
) -> None:
    """When a case accepted on a day is due, with each day counted or not and why.

    Example: casecore due --accepted 2026-03-02 --limit 10 --exclude 2026-03-05..2026-03-12:3
    """
    start = day_of(accepted, "--accepted")
    if unit not in _DUE_UNITS:
        raise BadInput(Flaw.USAGE, "--unit", f"{unit!r} is none of {', '.join(_DUE_UNITS)}")
    known = known_calendars(calendars)
    promised = find_calendar(known, calendar, "--calendar")
    if judged_under is not None:
        promised = promised.under((LaterNotice(find_calendar(known, judged_under, "--judged-under")),))
    answer = work_out(
        promised,
        Limit(limit, Unit[unit.upper()]),
        start or date.min,
        spans=spans_of(exclude or ()),
        extension=extension_of(extend),
        receipt_only=receipt_only,
    )
    console.put_json(answer.plain()) if as_json else print_due(answer)
