"""What is done with a district's books (区划账簿): adopting a folder of them, and looking at what was adopted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.adopting import adopt, books_in
from adapters.district_books import NOTHING_GIVEN, first_facts, shipped_books
from adapters.district_engine import DistrictEngine, engine_over
from adapters.opening import must_exist, open_store
from adapters.settings import FILE_NAME
from adapters.sound_histories import history_by
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from casecore import door
from casecore.district import DistrictEvent, Shelf, books_stream
from casecore.errors import BadInput, Flaw
from casecore.kinds import DISTRICT
from casecore.recorded import Unreadable
from ops.cli.configured import settings
from ops.cli.moments import day_of, instant_of
from ops.cli.options import BY_FILE, FINDING, AsOfOption, DistrictOption, JsonOption, StoreOption
from ops.cli.views import View
from ops.printing.books import Entries, print_adoptions, print_entries

__all__ = ["VIEW"]

DateArgument = Annotated[str | None, typer.Option("--from", help="The first day they are in force; default: today.")]


def adopt_books(  # noqa: PLR0913 - the options of a command
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help=f"Holds rule.toml, catalogue/ or calendars/; {BY_FILE}.")
    ] = None,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    since: DateArgument = None,
    by: Annotated[str, typer.Option("--by", help="Who adopts them.")] = "casecore",
    shipped: Annotated[
        bool,
        typer.Option("--shipped-calendars", help="In the place of a folder: those this casecore knows."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Adopt the books of a folder (采用账簿): what is new, changed and withdrawn, with the running cases it touches.

    What the books say already is not adopted again. Exit code 1 where they may not be adopted: nothing is written then.
    Without DIR each district of casecore.toml adopts its folder, or the one --district names.

    Example: casecore books adopt our-district/ --store sqlite:///cases.db --district 510114 --from 2026-07-01 --dry-run
    """
    from_on = day_of(since, "--from")
    if district is not None:
        door.check_district(district, "--district")
    if dry_run:
        must_exist(store)
    folders = _folders(folder, district, shipped=shipped)
    for found in folders.values():
        if found is not None:
            books_in(found, shipped_books())  # all of them can be read before anything is written
    adoptions = []
    for code, found in folders.items():
        with engine_over(store_at(store).log(code)) as engine:
            adoptions.append(adopt(engine, found, from_on=from_on, by=by, dry_run=dry_run))
    print_adoptions(adoptions, dry_run=dry_run, as_json=as_json)
    if any(adoption.refused is not None for adoption in adoptions):
        raise typer.Exit(FINDING)


def _folders(folder: Path | None, district: str | None, *, shipped: bool) -> Mapping[str, Path | None]:
    """Whose books are adopted from where: the one folder that is named, or those of casecore.toml; none is what ships."""
    if shipped:
        if district is None or folder is not None:
            raise BadInput(Flaw.USAGE, "--shipped-calendars", "goes with --district, and without a folder")
        return {district: None}
    if folder is not None:
        if district is None:
            raise BadInput(Flaw.USAGE, "--district", f"say whose books {folder} holds")
        return {district: folder}
    books = settings().books
    if not books:
        raise BadInput(Flaw.USAGE, "DIR", f"say which folder, or let {FILE_NAME} say it (key districts)")
    if district is None:
        return books
    if district not in books:
        raise BadInput(Flaw.USAGE, "--district", f"{FILE_NAME} names no books of {district}")
    return {district: books[district]}


def show(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="An item, theme, site …: its whole content.")] = None,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    on: Annotated[str | None, typer.Option("--on", help="As in force on this day; default: today.")] = None,
    as_json: JsonOption = False,
) -> None:
    """The books in force: every entry with its version, its hash, where it comes from and since when.

    Example: casecore books show --store sqlite:///cases.db --on 2026-07-01
    """
    day = day_of(on, "--on")
    found: list[Entries] = []
    with open_store(store, district=district) as opened:
        for engine in opened.engines:
            facts, adopted = _facts(engine)
            wanted = [one for one in Shelf(facts).entries_on(day or engine.now().date()) if code in (None, one.name.code)]
            found.append(Entries(engine.district, tuple(wanted), adopted))
    if code is not None and not any(one.entries for one in found):
        raise BadInput(Flaw.UNKNOWN_NAME, code, "no such entry in the books")
    print_entries(found, whole=code is not None, as_json=as_json)


def history(
    *, store: StoreOption, district: DistrictOption = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """Every adoption and withdrawal, as recorded; exit code 1 where one cannot be read.

    Example: casecore books history --store sqlite:///cases.db --district 510114
    """
    from ops.printing.history import print_history

    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        if len(opened.engines) > 1:
            known = ", ".join(engine.district for engine in opened.engines)
            raise BadInput(
                Flaw.USAGE, shown_address(store), f"several districts are in it ({known}): say which with --district"
            )
        (engine,) = opened.engines
        entries = history_by(engine, books_stream(engine.district), DISTRICT, until)
    print_history(entries, as_json=as_json)
    if any(isinstance(entry, Unreadable) for entry in entries):
        raise typer.Exit(FINDING)


def _facts(engine: DistrictEngine) -> tuple[tuple[DistrictEvent, ...], bool]:
    """The facts of a log's books, and whether it has adopted any; else those of what ships."""
    file = engine.file_of(DISTRICT, books_stream(engine.district))
    if file.version:
        return file.facts, True
    shipped, _ = first_facts(NOTHING_GIVEN, engine.district, engine.now())
    return DISTRICT.fold(shipped).facts, False


VIEW: Final = View(
    help="The books of a district (区划账簿): adopt them, look at what is in force.",
    example="district-510114 --store sqlite:///cases.db",
    commands={"adopt": adopt_books, "show": show, "history": history},
)
