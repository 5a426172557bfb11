"""The options commands share, and how an error becomes one line and a code."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, NoReturn, ParamSpec, TypeVar

import typer

from adapters.settings import FILE_NAME
from adapters.stores.known import forms
from casecore.errors import BadInput, ClockAhead, Conflict, Fault, Flaw, Unavailable
from ops.cli.configured import settings
from ops.printing import console

__all__ = [
    "BY_FILE", "DONE", "FINDING", "UNAVAILABLE", "USAGE", "AsOfOption", "CalendarInForceOption", "CalendarsOption",
    "CatalogueOption", "DistrictOption", "ImportedDistrictOption", "JsonOption", "OneDistrictOption", "RuleOption",
    "StoreOption", "StoreTooOption", "guarded",
]  # fmt: skip

DONE: Final = 0
FINDING: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3

BY_FILE: Final = f"default: what {FILE_NAME} says"
NOBODYS: Final = "000000"
"""The district whose log histories go into that nobody names one for."""
HINT: Final = "; a folder of your own: --calendars"

P = ParamSpec("P")
R = TypeVar("R")

JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
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
    console.err.print(f"casecore: {message}")
    raise typer.Exit(code)


def _not_there(error: BaseException | None) -> bool:
    """Whether it comes of a file or folder that was named and is not there: the caller's spelling, as an unknown name is."""
    while error is not None:
        if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
            return True
        error = error.__cause__
    return False


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """One line on stderr and an exit code instead of a traceback, for everything that may go wrong on purpose."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ClockAhead as ahead:
            _fail(FINDING, str(ahead))
        except Fault as fault:
            _fail(USAGE if _not_there(fault) else FINDING, str(fault))
        except BadInput as bad:
            _fail(USAGE, f"{bad}{HINT}" if bad.code is Flaw.UNKNOWN_CALENDAR else str(bad))
        except (Unavailable, Conflict) as away:
            _fail(UNAVAILABLE, str(away))
        except OSError as error:
            _fail(USAGE if _not_there(error) else UNAVAILABLE, f"{error.filename or 'system'}: {error.strerror or error}")

    return run


@guarded
def _store_said() -> str:
    """The store casecore.toml names."""
    return _said(settings().store, "--store", "which store", "store")


@guarded
def _store_or_none() -> str | None:
    return settings().store


@guarded
def _district_said() -> str:
    """The district casecore.toml means."""
    found = settings()
    several = f" (books of {', '.join(found.books)})" if len(found.books) > 1 else ""
    return _said(found.district, "--district", f"which district{several}", "district")


@guarded
def _district_or_none(value: str | None) -> str | None:
    """The district casecore.toml means, where none was said."""
    return settings().district if value is None else value


@guarded
def _district_or_nobodys() -> str:
    return settings().district or NOBODYS


def _said(value: str | None, option: str, asked: str, key: str) -> str:
    if value is None:
        raise BadInput(Flaw.USAGE, option, f"say {asked}, or let {FILE_NAME} say it (key {key})")
    return value


@guarded
def _folder_there(value: Path | None) -> Path | None:
    """The folder that was named, which has to be there: what is wrong in it is a finding, a name of none is not."""
    if value is not None and not value.is_dir():
        raise BadInput(Flaw.USAGE, str(value), "there is no such folder")
    return value


CatalogueOption = Annotated[
    Path | None, typer.Option("--catalogue", callback=_folder_there, help="Folder of catalogue TOML files.")
]
StoreOption = Annotated[
    str, typer.Option("--store", default_factory=_store_said, show_default=False, help=f"{forms()}; {BY_FILE}.")
]
StoreTooOption = Annotated[
    str | None,
    typer.Option("--store", default_factory=_store_or_none, show_default=False, help=f"A store to look at, too; {BY_FILE}."),
]
DistrictOption = Annotated[
    str | None,
    typer.Option("--district", callback=_district_or_none, help=f"行政区划代码; {BY_FILE}, else all in the store."),
]
OneDistrictOption = Annotated[
    str,
    typer.Option("--district", default_factory=_district_said, show_default=False, help=f"行政区划代码; {BY_FILE}."),
]
ImportedDistrictOption = Annotated[
    str,
    typer.Option(
        "--district",
        default_factory=_district_or_nobodys,
        show_default=False,
        help=f"行政区划代码; {BY_FILE}, else {NOBODYS}.",
    ),
]
