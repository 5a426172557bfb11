"""The options commands share, and how an error becomes one line and a code."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, NoReturn, ParamSpec, TypeVar

import typer

from adapters.stores.known import forms
from casecore.errors import BadInput, Conflict, Fault, Flaw, Unavailable
from ops.printing import console

__all__ = [
    "DONE", "FINDING", "UNAVAILABLE", "USAGE", "AsOfOption", "CalendarInForceOption", "CalendarsOption", "CatalogueOption",
    "DistrictOption", "JsonOption", "RuleOption", "StoreOption", "guarded",
]  # fmt: skip

DONE: Final = 0
FINDING: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3

HINT: Final = "; a folder of your own: --calendars"

P = ParamSpec("P")
R = TypeVar("R")

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
