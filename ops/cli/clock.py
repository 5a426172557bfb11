"""Commands of the conformance kit: clock check, clock vectors."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.calendar_toml import NATIONAL, known_calendars
from adapters.json_lines import numbered_lines
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.options import FINDING, CalendarsOption, JsonOption, guarded
from ops.conformance.checking import check_vectors
from ops.conformance.drawing import draw_vectors, working_days
from ops.conformance.lines import MOST_BYTES, write_vector
from ops.printing import conformance, console

__all__ = ["check", "vectors"]

CalendarOption = Annotated[str, typer.Option("--calendar", help="Calendar version.")]
_STDIN: Final = Path("-")

clock_app = typer.Typer(help="Hold clocks (时限) to worked cases, casecore's and your own.", no_args_is_help=True)
app.add_typer(clock_app, name="clock")


@clock_app.command()
@guarded
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One worked case a line (JSON); - for stdin.")],
    *,
    calendar: CalendarOption = NATIONAL,
    calendars: CalendarsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Evaluate a file of worked cases and print how many agree, and the first differences field by field.

    Every line is read; exit code 1 when a case is answered otherwise than its line expects, or a line holds no case.

    Example: casecore clock check vectors.jsonl
    """
    if file != _STDIN and not file.is_file():
        raise BadInput(Flaw.USAGE, str(file), "there is no such file")
    counted = _calendar(calendar, calendars)
    with nullcontext(sys.stdin.buffer) if file == _STDIN else file.open("rb") as source:
        agreement = check_vectors(numbered_lines(source, MOST_BYTES), counted)
    if as_json:
        console.put_json(agreement.plain())
    else:
        conformance.print_agreement(agreement)
    if not agreement.full:
        raise typer.Exit(FINDING)


@clock_app.command()
@guarded
def vectors(
    seed: Annotated[int, typer.Option(help="The same seed draws the same cases.")],
    count: Annotated[int, typer.Option(min=1, help="How many cases.")],
    *,
    calendar: CalendarOption = NATIONAL,
    calendars: CalendarsOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Default: stdout.")] = None,
) -> None:
    """Write worked cases drawn at random, one a line, answered by walking their days one by one.

    The answers share no code with casecore's clocks: hold your own system to them.

    Example: casecore clock vectors --seed 1 --count 1000 --out vectors.jsonl
    """
    counted = _calendar(calendar, calendars)
    drawn = draw_vectors(seed, count, working_days(counted), counted.covers)
    with nullcontext(sys.stdout) if out is None else out.open("w", encoding="utf-8", newline="\n") as target:
        target.writelines(f"{write_vector(vector)}\n" for vector in drawn)
    if out is not None:
        console.out.print(f"{out}: {count} cases, calendar {calendar}")


def _calendar(version: str, calendars: Path | None) -> WorkCalendar:
    return find_calendar(known_calendars(calendars), version, "--calendar")
