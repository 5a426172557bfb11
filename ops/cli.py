"""The command line. Data on stdout, progress and log on stderr; exit codes 0 done, 1 finding, 2 usage, 3 unavailable."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Final, NoReturn, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog
import typer

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.importing.importing import import_file
from adapters.importing.mapping import load_mapping
from adapters.open_engine import open_engine, pause
from casecore.calendar import OutsideCalendarError
from casecore.case.state import fold
from casecore.engine import Engine
from casecore.errors import BadInput, Conflict, Fault, Unavailable
from casecore.limits import Limit
from casecore.recorded import Recorded
from casecore.vocabulary import Unit
from ops import due_dates, printing
from ops.bench import bench as run_bench
from ops.case_printing import print_explanation, print_file, print_history
from ops.demo import run_demo
from ops.diagnosis import diagnose
from ops.explaining import explain
from ops.following import Followers
from ops.following import follow as follow_log
from ops.following import rebuild as rebuild_tables
from ops.reporting import Period, load_dimensions
from ops.reporting import report as make_report
from ops.stores import must_exist, open_store
from projections.indicators import GROUPS

__all__ = ["app", "main"]

DONE: Final = 0
FINDING: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3

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

StoreOption = Annotated[str, typer.Option("--store", help="memory:, sqlite:///file.db or postgresql://…")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
DistrictOption = Annotated[str | None, typer.Option("--district", help="行政区划代码; default: all in the store.")]
CatalogueOption = Annotated[Path | None, typer.Option("--catalogue", help="Folder of catalogue TOML files.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Only what had happened by this instant; a bare date is its midnight.")
]
CaseArgument = Annotated[str, typer.Argument(metavar="ID", help="办件编号")]


def _fail(code: int, message: str) -> NoReturn:
    printing.err.print(f"casecore: {message}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """One line on stderr and an exit code instead of a traceback, for everything that may go wrong on purpose."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Fault as fault:
            _fail(FINDING, str(fault))
        except (BadInput, OutsideCalendarError) as bad:
            _fail(USAGE, str(bad))
        except (Unavailable, Conflict) as away:
            _fail(UNAVAILABLE, str(away))
        except OSError as error:
            _fail(UNAVAILABLE, f"{error.filename or 'system'}: {error.strerror or error}")

    return run


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option}: {text!r} is not a date (YYYY-MM-DD)") from None


def _instant(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option}: {text!r} is not an instant (YYYY-MM-DDTHH:MM+08:00)") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(shipped_calendars()[NATIONAL].zone)


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


@app.command("import")
@guarded
def import_(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help=".xes, .xes.gz, .csv or .csv.gz")],
    *,
    mapping: Annotated[str, typer.Option("--mapping", help="A mapping's name, or a TOML file.")],
    store: StoreOption,
    district: Annotated[str, typer.Option("--district", help="行政区划代码 whose log it goes into.")] = "000000",
    suspension_moves_promise: Annotated[
        bool | None,
        typer.Option(
            "--suspension-moves-promise/--suspension-keeps-promise",
            help="Whether 挂起 moves the promise, where the mapping's own answer is not wanted.",
        ),
    ] = None,
    catalogue: CatalogueOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import real histories as facts; running it again adds nothing.

    Example: casecore import receipt.xes.gz --mapping coselog_receipt --store sqlite:///cases.db
    """
    found = load_mapping(mapping)
    if suspension_moves_promise is not None:
        found = found._replace(suspension_moves_promise=suspension_moves_promise)
    if not file.is_file():
        raise BadInput(f"{file}: there is no such file")
    with open_engine(store, district=district, catalogue=catalogue) as engine, printing.progress("importing") as advance:
        result = import_file(engine, found, file, progress=advance)
    if as_json:
        printing.put_json(
            {
                "cases": result.cases,
                "events": result.events,
                "rejected": [r._asdict() for r in result.rejected],
                **{name: getattr(result, name) for name in result._fields if name not in ("cases", "events", "rejected")},
            }
        )
    else:
        printing.print_import(result)


@app.command()
@guarded
def follow(
    store: StoreOption,
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop at the end of the log.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Bring the fact tables up to date with the log, and keep them so.

    Example: casecore follow --store sqlite:///cases.db --once
    """
    while not _followed(store, catalogue, once=once):
        pass  # a district has joined: open the store anew


def _followed(store: str, catalogue: Path | None, *, once: bool) -> bool:
    """Follow until told to stop (True), or until the store holds another district (False)."""
    log = structlog.get_logger()
    with open_store(store, catalogue=catalogue) as opened:
        districts = [engine.district for engine in opened.engines]
        load_dimensions(opened.tables, opened.engines, anew=catalogue is not None)
        followers = Followers([engine.log for engine in opened.engines], opened.tables)
        idle = 0
        while True:
            with printing.progress("following") as advance:
                count = followers.follow(advance)
            if count or once:
                log.info("followed", events=count, store=store)
            if once:
                return True
            idle = 0 if count else idle + 1
            pause(idle)
            if opened.tables.districts() != districts:
                return False


@app.command()
@guarded
def rebuild(store: StoreOption, *, catalogue: CatalogueOption = None) -> None:
    """Make the fact tables anew from the whole log, beside the old ones, and swap.

    Example: casecore rebuild --store sqlite:///cases.db
    """
    with open_store(store, catalogue=catalogue) as opened:
        logs = [engine.log for engine in opened.engines]
        load_dimensions(opened.tables, opened.engines, anew=catalogue is not None)
        with printing.progress("rebuilding") as advance:
            count = rebuild_tables(logs, opened.tables, advance)
    structlog.get_logger().info("rebuilt", events=count, store=store)


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
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout.")] = False,
) -> None:
    """Run counts (跑动次数), time-limit compliance (时限), zero-trip rates (零跑动) and the other indicators.

    Example: casecore report --store sqlite:///cases.db --from 2023-01-01 --to 2023-06-30 --by month --json
    """
    if by is not None and by not in GROUPS:
        raise BadInput(f"--by: {by!r} is none of {', '.join(GROUPS)}")
    if as_json and as_csv:
        raise BadInput("--json and --csv: choose one")
    first, last, today = _day(since, "--from"), _day(until, "--to"), datetime.now(_zone()).date()
    if first is not None and last is not None and last < first:
        raise BadInput(f"--to: {last} lies before --from {first}")
    # What is due later than today is not overdue, however far the period reaches.
    period = Period(first, last, min(last or today, today))
    with open_store(store, catalogue=catalogue) as opened:
        if fresh:
            logs = [engine.log for engine in opened.engines]
            load_dimensions(opened.tables, opened.engines, anew=catalogue is not None)
            with printing.progress("following") as advance:
                follow_log(logs, opened.tables, advance)
        elif opened.tables.live() is None:
            raise BadInput(f"store {store}: no fact tables yet, run casecore follow first")
        figures = make_report(opened.tables, period, by)
    if as_json:
        printing.put_json({"indicators": [figure._asdict() for figure in figures]})
    elif as_csv:
        printing.put_csv(figures)
    else:
        printing.print_figures(figures, by)


def _happened(engine: Engine, case: str, until: datetime | None) -> list[Recorded]:
    """What had happened in a case by an instant, which must be something."""
    facts = [fact for fact in engine.history(case) if until is None or fact.occurred_at <= until]
    if not facts:
        raise BadInput(f"case {case}: nothing had happened by {until}")
    return facts


@case_app.command("show")
@guarded
def show(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The file of a case: where it stands and what was promised.

    Example: casecore case show DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-10T12:00
    """
    until = _instant(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_file(case, fold(fact.event for fact in facts), as_json=as_json)


@case_app.command("history")
@guarded
def history(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every fact of a case, as recorded.

    Example: casecore case history DEMO-0001 --store sqlite:///demo.db --json
    """
    until = _instant(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_history(facts, as_json=as_json)


@case_app.command("explain")
@guarded
def explain_(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A case's story, its clocks day by day, and its trips.

    Example: casecore case explain DEMO-0001 --store sqlite:///demo.db
    """
    until = _instant(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_explanation(explain(facts, until or datetime.now(_zone())), as_json=as_json)


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
    as_json: JsonOption = False,
) -> None:
    """When a case accepted on a day is due, with each day counted or not and why.

    Example: casecore due --accepted 2026-03-02 --limit 10 --exclude 2026-03-05..2026-03-12:3
    """
    start = _day(accepted, "--accepted")
    if unit not in (Unit.WORKING_DAY.value, Unit.NATURAL_DAY.value):
        raise BadInput(f"--unit: {unit!r} is neither working_day nor natural_day")
    calendars = shipped_calendars()
    if calendar not in calendars:
        raise BadInput(f"--calendar: {calendar!r} is none of {', '.join(calendars)}")
    answer = due_dates.work_out(
        calendars[calendar],
        Limit(limit, Unit[unit.upper()]),
        start or date.min,
        exclude=exclude or [],
        extend=extend,
        receipt_only=receipt_only,
    )
    printing.put_json(answer.plain()) if as_json else printing.print_due(answer)


@app.command()
@guarded
def verify(store: StoreOption, *, district: DistrictOption = None, as_json: JsonOption = False) -> None:
    """Walk the hash chain: is the log what was written? Exit code 1 and the position where it is not.

    Example: casecore verify --store sqlite:///cases.db
    """
    with open_store(store, district=district) as opened:
        results = {engine.district: engine.log.verify() for engine in opened.engines}
    bad = [district for district, found in results.items() if found.first_bad_position is not None]
    if as_json:
        printing.put_json(printing.plain_verification(results))
    else:
        printing.print_verification(results)
    if bad:
        raise typer.Exit(FINDING)


@app.command()
@guarded
def doctor(
    store: Annotated[str | None, typer.Option("--store", help="A store to look at, too.")] = None,
    *,
    catalogue: CatalogueOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the installation: Python, SQLite, calendars, catalogue and, where given, a store.

    Example: casecore doctor --store sqlite:///cases.db
    """
    if store is not None:
        must_exist(store)
    checks = diagnose(store, catalogue)
    if as_json:
        printing.put_json({"checks": [check._asdict() for check in checks]})
    else:
        printing.print_checks(checks)
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(FINDING)


@app.command()
@guarded
def bench(
    store: Annotated[str | None, typer.Option("--store", help="Also measure an empty PostgreSQL database.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure against floors of the same machine in the same run: ratios, not promises.

    Example: casecore bench --store postgresql://casecore@localhost/bench
    """
    results = run_bench(store)
    if as_json:
        printing.put_json({"measurements": [r._asdict() for r in results]})
    else:
        printing.print_bench(results)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callback
    if wanted:
        printing.out.print(f"casecore {installed_version('casecore')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Event-sourced case tracking for government service halls (政务服务中心办件跟踪)."""


def main() -> None:
    """Run the command line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app()
