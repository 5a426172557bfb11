"""Adopting the books of a folder (采用账簿): what is new, what changes, what goes, and which running cases that touches.

A folder holds any of ``rule.toml``, ``catalogue/*.toml`` and ``calendars/*.toml``, in the forms that ship. What it holds
takes the place of that part of the books, a catalogue as a whole; what it lacks stays.
"""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.calendar_toml import own_calendars, shipped_calendars
from adapters.catalogue_toml import load_catalogue
from adapters.district_books import GivenBooks
from adapters.district_rule_toml import load_district_rule
from adapters.folding import Poison, fold_history
from casecore import door
from casecore.books import Books
from casecore.calendars import newest
from casecore.case import CaseFile
from casecore.district import AdoptBooks, DistrictFile, EntryAdopted, EntryName, EntryWithdrawn, Shelf
from casecore.engine import Engine
from casecore.errors import BadInput, Flaw
from casecore.fact import Fact
from casecore.fingerprint import canonical
from casecore.kinds import DISTRICT, decide
from casecore.package import PackageFile
from casecore.recorded import Receipt
from casecore.refusals import Reason, Refused
from casecore.vocabulary import BookEntry

__all__ = ["Adoption", "Change", "adopt", "books_in"]

BATCH: Final = 500
"""Streams in memory at a time."""
RULE, CATALOGUE, CALENDARS = "rule.toml", "catalogue", "calendars"


class Change(NamedTuple):
    """One entry of the books that is new, says something else, or goes."""

    name: EntryName
    keys: tuple[str, ...] = ()
    """What it says otherwise than before, for one that was there."""
    touches: tuple[str, ...] = ()
    """Running cases and packages decided or counted by it."""


class Adoption(NamedTuple):
    """What became of a folder's books, or would become of them."""

    district: str
    from_on: date | None
    """The first local date they are in force; None for always, in books that held nothing before."""
    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    withdrawn: tuple[Change, ...] = ()
    unchanged: tuple[EntryName, ...] = ()
    """Named, and in the books already."""
    receipt: Receipt | None = None
    """None where nothing was written: in a dry run, where nothing changes, or where they are refused."""
    refused: Refused | None = None
    """Why they may not be adopted; then nothing was written."""


def adopt(
    engine: Engine, directory: Path | str | None, *, from_on: date | None = None, by: str, dry_run: bool = False
) -> Adoption:
    """Adopt the books of a folder from a day on, by default today; a log without books has them always.

    Of no folder, the calendars that ship: those of a later casecore know a later notice. A calendar that supersedes the one
    in force takes its place. ``dry_run`` says what would become of it and writes nothing.

    Raises :class:`~casecore.errors.Fault` naming file and key of what cannot be read,
    :class:`~casecore.errors.BadInput` for a folder without books.
    """
    books = engine.books
    given = books_in(None if directory is None else Path(directory), books)
    command = (given if books.version else given.whole()).adoption(engine.district, by, from_on)
    now = engine.now()
    file = engine.file_of(DISTRICT, command.stream)
    answer: tuple[Fact, ...] | Receipt | Refused
    answer = _foreseen(file, command, engine) if dry_run else engine.handle(command)
    begins = from_on is None and not file.facts
    whole = Adoption(engine.district, None if begins else from_on or now.date())
    if isinstance(answer, Refused) and answer.reason is not Reason.BOOKS_UNCHANGED:
        return whole._replace(refused=answer)
    receipt = answer if isinstance(answer, Receipt) else None
    facts = answer.events if isinstance(answer, Receipt) else () if isinstance(answer, Refused) else answer
    changes = _sorted_out(Shelf(file.facts), facts, _Touched(engine))
    made = {fact.name for fact in facts if isinstance(fact, EntryAdopted)}
    return whole._replace(
        added=changes["added"],
        changed=changes["changed"],
        withdrawn=changes["withdrawn"],
        unchanged=tuple(name for name in command.names if name not in made),
        receipt=receipt,
    )


def books_in(directory: Path | None, books: Books) -> GivenBooks:
    """The books a folder holds, read beside those of the log, or the calendars that ship; raises as :func:`adopt`."""
    given = GivenBooks(calendars=shipped_calendars()) if directory is None else _in_folder(directory, books)
    ruled = given.rule or books.rule_on(None).rule
    if given.calendars is None or books.in_force is None or ruled.calendar is not None:
        return given
    later = newest({**books.calendars, **given.calendars}, books.in_force)
    return given if later == books.in_force else given._replace(calendar=later)


def _in_folder(directory: Path, books: Books) -> GivenBooks:
    if not directory.is_dir():
        raise BadInput(Flaw.UNREADABLE, str(directory), "there is no such folder")
    strangers = sorted(
        one.name
        for one in directory.iterdir()
        if (one.suffix == ".toml" and one.name != RULE) or (one.is_dir() and one.name not in (CATALOGUE, CALENDARS))
    )
    if strangers:
        sentence = f"{strangers[0]} is none of {RULE}, {CATALOGUE}/ and {CALENDARS}/"
        raise BadInput(Flaw.UNKNOWN_NAME, str(directory), sentence)
    rule, catalogue, calendars = (directory / name for name in (RULE, CATALOGUE, CALENDARS))
    given = GivenBooks(
        load_district_rule(rule) if rule.exists() else None,
        load_catalogue(catalogue) if catalogue.exists() else None,
        own_calendars(calendars, books.calendars) if calendars.exists() else None,
    )
    if given == GivenBooks():
        raise BadInput(Flaw.UNREADABLE, str(directory), f"holds none of {RULE}, {CATALOGUE}/ and {CALENDARS}/")
    return given


def _foreseen(file: DistrictFile, command: AdoptBooks, engine: Engine) -> tuple[Fact, ...] | Refused:
    """What the command would make, and nothing written."""
    door.check(command)
    return decide(file, command, engine.now(), engine.office)


def _sorted_out(shelf: Shelf, facts: Collection[Fact], touched: "_Touched") -> dict[str, tuple[Change, ...]]:
    """The facts of an adoption by what they do to the books there were."""
    changes: dict[str, list[Change]] = {"added": [], "changed": [], "withdrawn": []}
    for fact in facts:
        if isinstance(fact, EntryWithdrawn):
            changes["withdrawn"].append(Change(fact.name, touches=touched.by(fact.name)))
        elif isinstance(fact, EntryAdopted):
            before = shelf.held(fact.name)
            what = "added" if before is None else "changed"
            keys = () if before is None else tuple(_differing(before.content, fact.content))
            changes[what].append(Change(fact.name, keys, touched.by(fact.name)))
    return {what: tuple(found) for what, found in changes.items()}


def _differing(before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 - the content of an entry
    """The keys under which two contents of an entry say different things."""
    old, new = canonical(before), canonical(after)
    if not isinstance(old, dict):
        yield f"{old} -> {new}"
        return
    yield from sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


class _Touched:
    """Which running cases and packages an entry of the books is looked up for. The log is read when first asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by(self, name: EntryName) -> tuple[str, ...]:
        """Those decided by an item or a theme, handed in at a site, lying in a box, or counted by rule and calendar."""
        match name.entry:
            case BookEntry.RULE | BookEntry.CALENDAR_IN_FORCE:
                return tuple(sorted(self._running))
            case BookEntry.ITEM:
                found = (stream for stream, file in self._running.items() if _rests_on_item(file, name))
            case BookEntry.THEME:
                found = (stream for stream, file in self._running.items() if _rests_on_theme(file, name))
            case BookEntry.SITE:
                found = (stream for stream, file in self._running.items() if _hall_of(file) == name.code)
            case BookEntry.BOX:
                found = (one.case for one in self._engine.drop_box(name.code).inside)
            case _:
                return ()
        return tuple(sorted(set(found)))

    @cached_property
    def _running(self) -> dict[str, CaseFile | PackageFile]:
        """The files of all cases and packages that have not ended; what cannot be read is left out."""
        log = self._engine.log
        running: dict[str, CaseFile | PackageFile] = {}
        streams = sorted(log.streams(0))
        for start in range(0, len(streams), BATCH):
            for stream, entries in log.histories(streams[start : start + BATCH]).items():
                file = fold_history(entries)
                if isinstance(file, Poison):
                    continue
                if isinstance(file, CaseFile | PackageFile) and file.closing is None:
                    running[stream] = file
        return running


def _rests_on_item(file: CaseFile | PackageFile, name: EntryName) -> bool:
    """Whether a case was accepted under a version of an item, or will be under whatever is in force then."""
    if isinstance(file, PackageFile):
        return False
    promise = file.promise
    if promise is None:
        return file.item == name.code
    return (promise.item, promise.item_version) == (name.code, name.edition)


def _rests_on_theme(file: CaseFile | PackageFile, name: EntryName) -> bool:
    """Whether a package was opened under a version of a theme."""
    opened = file.opened if isinstance(file, PackageFile) else None
    return opened is not None and (opened.theme, opened.theme_version) == (name.code, name.edition)


def _hall_of(file: CaseFile | PackageFile) -> str | None:
    """Where it was handed in."""
    if isinstance(file, CaseFile):
        return file.hall
    return file.opened.hall if file.opened is not None else None
