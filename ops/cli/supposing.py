"""Commands that ask all of history a question: whatif, and what report --restated does."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.calendar_toml import known_calendars
from adapters.district_rule_toml import load_district_rule
from adapters.opening import open_store
from adapters.restating import Month, Publishing, restated
from adapters.supposing import whatif as suppose
from casecore.calendars import find_calendar
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from ops.cli.app import app
from ops.cli.moments import zone
from ops.cli.options import CalendarsOption, DistrictOption, JsonOption, StoreOption, guarded
from ops.cli.periods import period_of
from ops.printing import console
from ops.printing.advance import progress
from ops.printing.restatements import plain_restatement, print_restatement
from ops.printing.whatif import plain_whatif, print_whatif
from projections.supposition import Supposition

__all__ = ["print_or_put_restatement", "read_promise", "whatif"]

MOST: Final = 5000
_PROMISE: Final = re.compile(r"(\d{1,5})(h|\.5)?", re.ASCII)


def read_promise(text: str) -> Limit:
    """``5`` and ``0.5`` working days, or ``2h`` of legal working time; raises ``BadInput`` for anything else."""
    found = _PROMISE.fullmatch(text)
    if found is None or int(found[1]) > MOST:
        wanted = f"{text!r} is no promise: working days such as 5 or 0.5, or hours such as 2h, up to {MOST}"
        raise BadInput(Flaw.USAGE, "--promise", wanted)
    amount = int(found[1])
    match found[2]:
        case "h":
            return Limit.hours(amount)
        case ".5":
            return Limit.half_days(2 * amount + 1)
        case _:
            return Limit.working_days(amount)


@app.command()
@guarded
def whatif(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    district: DistrictOption = None,
    promise: Annotated[str | None, typer.Option("--promise", help="Working days (5, 0.5) or working hours (2h).")] = None,
    calendar: Annotated[str | None, typer.Option("--calendar", help="Calendar version.")] = None,
    rule: Annotated[
        Path | None, typer.Option("--rule", help="TOML file of a district's rule: its moves_promise decides on 挂起.")
    ] = None,
    item: Annotated[str | None, typer.Option("--item", help="Only cases of this 事项 are supposed otherwise.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day asked, YYYY-MM-DD: open cases due before are late.")
    ] = None,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay history under another promise, calendar or district rule (假设推演), beside the figures as recorded.

    Whether a promise is kept is asked of both; what happened, and when, stays. Nothing is written.

    Example: casecore whatif --store sqlite:///cases.db --promise 5 --from 2023-01-01 --to 2023-06-30
    """
    if promise is None and calendar is None and rule is None:
        raise BadInput(Flaw.USAGE, "--promise, --calendar, --rule", "say what is to be supposed")
    period = period_of(since, until, as_of)
    supposed = Supposition(
        promise=read_promise(promise) if promise is not None else None,
        calendar=calendar,
        rule=load_district_rule(rule) if rule is not None else None,
        item=item,
    )
    others = known_calendars(calendars)
    with open_store(store, district=district) as opened, progress("replaying") as advance:
        for engine in opened.engines if calendar is not None else ():
            find_calendar({**others, **engine.books.calendars}, calendar or "", "--calendar")
        answer = suppose(opened.logs, supposed, period, advance, calendars=others)
    if as_json:
        console.put_json(plain_whatif(answer))
    else:
        print_whatif(answer)


def print_or_put_restatement(
    store: str,
    asked: tuple[date | None, date | None],
    published_after: int | None,
    published: datetime | None,
    *,
    as_json: bool,
) -> None:
    """What ``report --restated`` does; the months are those the days asked lie in."""
    if published_after is not None and published is not None:
        raise BadInput(Flaw.USAGE, "--published-after and --published", "choose one")
    first, last = (None if day is None else Month.of(day) for day in asked)
    publishing = Publishing(zone(), published_after or 0, published)
    with open_store(store) as opened, progress("replaying") as advance:
        answer = restated(
            opened.logs,
            publishing,
            datetime.now(zone()),
            since=first,
            until=last,
            progress=advance,
        )
    if as_json:
        console.put_json(plain_restatement(answer))
    else:
        print_restatement(answer)
