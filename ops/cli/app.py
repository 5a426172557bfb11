"""The application every command is hung on, the options they share, and how an error becomes one line and a code."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, NoReturn, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import typer

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.reporting import Period
from adapters.stores.known import forms
from casecore.errors import BadInput, Conflict, Fault, Flaw, Unavailable
from ops.printing import console

__all__ = [
    "DONE", "FINDING", "UNAVAILABLE", "USAGE", "AsOfOption", "CalendarInForceOption", "CalendarsOption", "CaseArgument",
    "CatalogueOption", "DistrictOption", "JsonOption", "RuleOption", "StoreOption", "app", "box_app", "case_app", "day_of",
    "guarded", "instant_of", "package_app", "period_of", "zone",
]  # fmt: skip

DONE: Final = 0
FINDING: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3

HINT: Final = "; a folder of your own: --calendars"

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(
    name="casecore",
    help="Event-sourced case tracking for government service halls (政务服务中心办件跟踪).",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
case_app = typer.Typer(help="Look at one case (办件).", no_args_is_help=True)
app.add_typer(case_app, name="case")
package_app = typer.Typer(help="Look at one package (一件事).", no_args_is_help=True)
app.add_typer(package_app, name="package")
box_app = typer.Typer(help="Look at one drop box (小蜜蜂箱).", no_args_is_help=True)
app.add_typer(box_app, name="box")

StoreOption = Annotated[str, typer.Option("--store", help=forms())]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
DistrictOption = Annotated[str | None, typer.Option("--district", help="行政区划代码; default: all in the store.")]
CatalogueOption = Annotated[Path | None, typer.Option("--catalogue", help="Folder of catalogue TOML files.")]
CalendarsOption = Annotated[
    Path | None,
    typer.Option(
        "--calendars", envvar="CASECORE_CALENDARS", help="Folder of calendar TOML files of your own, beside what ships."
    ),
]
CalendarInForceOption = Annotated[
    str | None,
    typer.Option(
        "--calendar", help="Version in force, for new promises and for silence; default: the rule's, else national."
    ),
]
RuleOption = Annotated[
    Path | None,
    typer.Option(
        "--rule", envvar="CASECORE_RULE", help="TOML file of the district's own rule (区划规则); default: what ships."
    ),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Only what had happened by this instant; a bare date is its midnight.")
]
CaseArgument = Annotated[str, typer.Argument(metavar="ID", help="办件编号")]


def _fail(code: int, message: str) -> NoReturn:
    console.err.print(f"casecore: {message}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """One line on stderr and an exit code instead of a traceback, for everything that may go wrong on purpose."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Fault as fault:
            _fail(FINDING, str(fault))
        except BadInput as bad:
            _fail(USAGE, f"{bad}{HINT}" if bad.code is Flaw.UNKNOWN_CALENDAR else str(bad))
        except (Unavailable, Conflict) as away:
            _fail(UNAVAILABLE, str(away))
        except OSError as error:
            _fail(UNAVAILABLE, f"{error.filename or 'system'}: {error.strerror or error}")

    return run


def day_of(text: str | None, option: str) -> date | None:
    """The day an option names; None where it was not given."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(Flaw.USAGE, option, f"{text!r} is not a date (YYYY-MM-DD)") from None


def period_of(since: str | None, until: str | None, as_of: str | None = None) -> Period:
    """The period of ``--from`` and ``--to``, asked on ``--as-of``; by default on its last day, or today.

    What is due later than today is not overdue, however far the period reaches.
    """
    first, last, today = day_of(since, "--from"), day_of(until, "--to"), datetime.now(zone()).date()
    if first is not None and last is not None and last < first:
        raise BadInput(Flaw.USAGE, "--to", f"{last} lies before --from {first}")
    return Period(first, last, day_of(as_of, "--as-of") or min(last or today, today))


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
