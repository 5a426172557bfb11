"""Commands that keep a store: import, follow, rebuild, requeue."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import structlog
import typer

from adapters.calendar_toml import known_calendars
from adapters.district_books import GivenBooks
from adapters.district_engine import DistrictEngine, engine_over, given_books, open_engine
from adapters.importing.importing import import_file
from adapters.importing.mapping import load_mapping
from adapters.keeping import Keeper
from adapters.opening import open_store
from adapters.requeueing import requeue as requeue_cases
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from adapters.tables import Quarantined
from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.lasting import SupervisedOption, interruptible, waiting_out
from ops.cli.options import (
    FINDING,
    CalendarsOption,
    CatalogueOption,
    DistrictOption,
    ImportedDistrictOption,
    JsonOption,
    StoreOption,
    guarded,
)
from ops.printing import console
from ops.printing.advance import progress
from ops.printing.imports import print_import
from ops.printing.requeued import print_requeued

__all__ = ["follow", "import_", "rebuild", "requeue"]


@app.command("import")
@guarded
def import_(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XES or OCEL 2.0 (JSON, SQLite); .gz too where it is text.")],
    *,
    mapping: Annotated[str, typer.Option("--mapping", help="A mapping's name, or a TOML file.")],
    store: StoreOption,
    district: ImportedDistrictOption,
    suspension_moves_promise: Annotated[
        bool | None,
        typer.Option(
            "--suspension-moves-promise/--suspension-keeps-promise",
            help="Whether 挂起 moves the promise, where the mapping's own answer is not wanted.",
        ),
    ] = None,
    catalogue: CatalogueOption = None,
    calendars: CalendarsOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing to the store (but --rejects FILE).")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            help="A new file for the rejected rows of a CSV file, with --dry-run for those that would be: mend them there"
            " and import it. A file that lies there is never written over.",
        ),
    ] = None,
    joined: Annotated[
        Path | None, typer.Option("--joined", help="The second table, where the mapping joins two by a key.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Import real histories as facts; running it again adds nothing, and a later export adds what is new in it.

    Exit code 1 when rows were rejected: what cannot be read, and what contradicts an earlier export, with both places.

    Example: casecore import receipt.xes.gz --mapping coselog_receipt --store sqlite:///cases.db
    """
    known = known_calendars(calendars)
    found = load_mapping(mapping, calendars=known)
    if suspension_moves_promise is not None:
        found = found._replace(suspension_moves_promise=suspension_moves_promise)
    for named in (file, joined):
        if named is not None and not named.is_file():
            raise BadInput(Flaw.USAGE, str(named), "there is no such file")
    with (
        _looking(store, district, given_books(catalogue=catalogue, calendars=known))
        if dry_run
        else open_engine(store, district=district, catalogue=catalogue, calendars=known) as engine,
        progress("importing") as advance,
    ):
        result = import_file(engine, found, file, progress=advance, dry_run=dry_run, rejects=rejects, joined=joined)
    if as_json:
        console.put_json_object(
            {
                "cases": result.cases,
                "events": result.events,
                "rejected": (r._asdict() for r in result.rejected),
                **{name: getattr(result, name) for name in result._fields if name not in ("cases", "events", "rejected")},
            }
        )
    else:
        print_import(result, dry_run=dry_run, rejects=rejects)
    if result.rejected:
        raise typer.Exit(FINDING)


def _looking(store: str, district: str, given: GivenBooks) -> DistrictEngine:
    """An engine that adopts nothing and is asked to write nothing: over an empty store where there is none yet."""
    place = store_at(store)
    return engine_over((place if place.begun() else store_at("memory:")).log(district), given)


@app.command()
@guarded
def follow(
    store: StoreOption,
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop at the end of the log.")] = False,
    supervised: SupervisedOption = False,
) -> None:
    """Bring the fact tables up to date with the log, and keep them so.

    Each district is counted under the books its own log holds. What rests on a book that was never adopted is set aside, and
    taken back once it is; exit code 1 while that waits. SIGTERM or SIGINT ends it at a page's end, with exit code 0; whoever
    follows next goes on from there. Where a newer program made the tables, nothing is followed, and a line says so.

    Example: casecore follow --store sqlite:///cases.db --once
    """
    log, waiting = structlog.get_logger(), list[Quarantined]()

    def followed(answered: Callable[[], None]) -> None:
        with Keeper(store) as keeper:
            while True:
                with progress("following") as advance:
                    count = keeper.follow(wish.at_page_end_after(advance))
                answered()
                if count or once:
                    log.info("followed", events=count, store=shown_address(store))
                if once:
                    waiting[:] = keeper.waiting()
                    return
                keeper.rest()
                wish.at_page_end()

    with interruptible() as wish:
        waiting_out(followed, wish, supervised=supervised)
    _say_waiting(waiting)


@app.command()
@guarded
def rebuild(
    store: StoreOption,
    *,
    older: Annotated[
        bool, typer.Option("--older", help="Even if a newer program made those that are there: going back to this one.")
    ] = False,
    processes: Annotated[int, typer.Option(min=1, help="How many processes make them, each a share of the cases.")] = 1,
) -> None:
    """Make the fact tables anew from the whole log, beside the old ones, and swap.

    Where another program is making them, they are waited for. Where a newer one made those that are there, nothing is done,
    and the exit code is 1. So it is while something waits for a book, as casecore follow says it.

    Example: casecore rebuild --store sqlite:///cases.db
    """
    with Keeper(store) as keeper, progress("rebuilding", keeper.facts()) as advance:
        count, waiting = keeper.rebuild(advance, older=older, processes=processes), keeper.waiting()
    structlog.get_logger().info("rebuilt", events=count, store=shown_address(store))
    _say_waiting(waiting)


def _say_waiting(waiting: Sequence[Quarantined]) -> None:
    """Say which books are missing, and how many wait for each; nothing where none is."""
    for (log, book), cases in Counter((one.log, one.book) for one in waiting).items():
        streams = "1 case waits" if cases == 1 else f"{cases} cases wait"
        line = f"casecore: district {log}: {streams} for a book: {book}; casecore books adopt brings it in"
        console.err.print(line)
    if waiting:
        raise typer.Exit(FINDING)


@app.command()
@guarded
def requeue(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="办件编号; default: all set aside.")] = None,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try the cases in quarantine again, once the program is mended or their calendar there; exit code 1 while some fail.

    Example: casecore requeue --store sqlite:///cases.db
    """
    with open_store(store, district=district) as opened:
        result = requeue_cases(opened.logs, opened.tables, cases or ())
    if as_json:
        console.put_json({name: [one._asdict() for one in found] for name, found in result._asdict().items()})
    else:
        print_requeued(result)
    if result.left:
        raise typer.Exit(FINDING)
