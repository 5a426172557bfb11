"""``open_engine``: the one call an embedder makes."""

import random
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final, Self
from zoneinfo import ZoneInfo

from adapters.calendar_toml import known_calendars
from adapters.catalogue_toml import load_catalogue
from adapters.district_books import NOTHING_GIVEN, OPENING, GivenBooks, first_facts, shipped_books
from adapters.district_log import DistrictLog
from adapters.district_rule_toml import district_rule
from adapters.stores.known import store_at
from casecore import door
from casecore.books import Books
from casecore.books_at_hand import BooksAtHand
from casecore.calendar import WorkCalendar
from casecore.district import DISTRICT, DistrictFile, RuleAdopted, books_stream
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.engine import Engine, Surroundings
from casecore.errors import Conflict, Fault
from casecore.kind import File
from casecore.log import Batch, ClockBounds
from casecore.recorded import Envelope
from casecore.refusals import Reason, Refused
from casecore.service_item import Catalogue

__all__ = ["DistrictEngine", "engine_over", "given_books", "open_engine", "pause"]

REMEMBERED_FILES: Final = 10_000
LONGEST_PAUSE_SECONDS: Final = 0.25


class RecentFiles(MutableMapping[str, File]):
    """The files used last, bounded, safe between threads."""

    def __init__(self, most: int = REMEMBERED_FILES) -> None:
        self._most = most
        self._files: OrderedDict[str, File] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, case: str) -> File:
        with self._lock:
            self._files.move_to_end(case)
            return self._files[case]

    def __setitem__(self, case: str, file: File) -> None:
        with self._lock:
            self._files[case] = file
            self._files.move_to_end(case)
            if len(self._files) > self._most:
                self._files.popitem(last=False)

    def __delitem__(self, case: str) -> None:
        """Forget a file; another thread may have done so a moment ago."""
        with self._lock:
            self._files.pop(case, None)

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._files))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._files.clear()

    def __len__(self) -> int:
        return len(self._files)


class DistrictEngine(Engine):
    """The engine of one district over a real store; a context manager that closes its connections."""

    log: DistrictLog

    def remember_books(self, file: DistrictFile, books: Books | None = None) -> None:
        """Go on from the file of books just written, with the books it makes where somebody has made them already."""
        self._at_hand.remember(file, self.log.branch, books)

    def close(self) -> None:
        """Close every connection."""
        self.log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_engine(  # noqa: PLR0913 - what an embedder may say
    url: str,
    *,
    district: str,
    catalogue: Path | str | Catalogue | None = None,
    calendar: str | None = None,
    rule: Path | str | DistrictRule | None = None,
    calendars: Path | str | Mapping[str, WorkCalendar] | None = None,
) -> DistrictEngine:
    """Open the engine of one district.

    ``url`` is ``memory:``, ``sqlite:///file.db`` (relative; four slashes for an absolute path) or
    ``postgresql://user@host/database``. ``district`` is the 行政区划代码 whose log this is.

    It decides by the books the log has adopted. A log that has adopted none adopts what is given here and, where nothing
    is given, what ships: both have been in force always. Later, what is given takes the place of that part from today on;
    what the books say already is not adopted again. ``catalogue`` is a folder of TOML files or a catalogue, the whole of
    it; ``rule`` is the district's own (区划规则): its TOML file, or the rule itself. ``calendars`` are further ones: a
    folder of TOML files, or calendars by their version. ``calendar`` is the version in force, which new promises are made
    under; it goes before the one the rule names.

    Raises :class:`~casecore.errors.Fault` naming file and key of an unsound catalogue, calendar or rule, or the refusal of
    books that contradict those adopted, :class:`~casecore.errors.BadInput` for a calendar version that is not known,
    :class:`~casecore.errors.Unavailable` where the store cannot be reached, and :class:`~casecore.errors.ClockAhead` where
    a new log is to be begun by a machine whose clock is ahead of the server's.
    """
    door.check_district(district, "district")
    given = given_books(catalogue=catalogue, calendar=calendar, rule=rule, calendars=calendars)
    with ExitStack() as stack:
        log = stack.enter_context(closing(store_at(url).log(district)))
        engine = _engine(log, given)
        _adopt(engine, given)
        stack.pop_all()
    return engine


def given_books(
    *,
    catalogue: Path | str | Catalogue | None = None,
    calendar: str | None = None,
    rule: Path | str | DistrictRule | None = None,
    calendars: Path | str | Mapping[str, WorkCalendar] | None = None,
) -> GivenBooks:
    """What is given as books, loaded where it is a file or a folder; raises as :func:`open_engine`."""
    if calendars is not None and not isinstance(calendars, Mapping):
        known, shipped = known_calendars(Path(calendars)), shipped_books().calendars
        calendars = {version: one for version, one in known.items() if version not in shipped}
    items = load_catalogue(Path(catalogue)) if isinstance(catalogue, Path | str) else catalogue
    return GivenBooks(None if rule is None else district_rule(rule), items, calendars, calendar)


def engine_over(log: DistrictLog, given: GivenBooks = NOTHING_GIVEN) -> DistrictEngine:
    """The engine of a district that adopts nothing: it goes by the books of its log, or those that ship where it has none.

    What is given stands in their place on every day. Raises as :func:`open_engine`.
    """
    at_hand = BooksAtHand(log, shipped_books())
    file = at_hand.anew()
    found = at_hand.books(file)
    if given != NOTHING_GIVEN:
        books = given.instead_of(found)
        at_hand = BooksAtHand(log, books, own=False)
        at_hand.remember(file, log.branch, books)
    return _over(log, at_hand, ZoneInfo(given.zone(found)))


def _engine(log: DistrictLog, given: GivenBooks) -> DistrictEngine:
    """The engine over a log, in the zone of its books, or of those it is going to adopt."""
    at_hand = BooksAtHand(log, shipped_books())
    file = at_hand.anew()
    books = at_hand.books(file)
    return _over(log, at_hand, ZoneInfo(given.beside(books).zone(books) if file.version else given.whole().zone(books)))


def _over(log: DistrictLog, at_hand: BooksAtHand, zone: ZoneInfo) -> DistrictEngine:
    surroundings = Surroundings(
        now=lambda: datetime.now(zone),
        localize=lambda at: at.astimezone(zone),
        new_id=lambda: token_hex(16),
        pause=pause,
    )
    return DistrictEngine(log, at_hand, surroundings, RecentFiles())


def _adopt(engine: DistrictEngine, given: GivenBooks) -> None:
    """Adopt what is given, or what ships where a log has adopted nothing; of several at once, one does."""
    if engine.books.version == 0 and _begin(engine, given):
        return
    if given == NOTHING_GIVEN:
        return
    answer = engine.handle(given.beside(engine.books).adoption(engine.district, OPENING))
    if isinstance(answer, Refused) and answer.reason is not Reason.BOOKS_UNCHANGED:
        first = ", on an engine opened without new books" if answer.reason is Reason.CLOCK_AHEAD else ""
        raise Fault(f"{answer}{first}")


def _begin(engine: DistrictEngine, given: GivenBooks) -> bool:
    """Write the first facts of a log's books; False where somebody else was faster."""
    facts, books = first_facts(given, engine.district, engine.now())
    stream, number = books_stream(engine.district), token_hex(16)
    rule = next((one.rule for one in facts if isinstance(one, RuleAdopted)), DEFAULT_RULE)
    envelopes = tuple(Envelope(stream, version, fact, number) for version, fact in enumerate(facts, 1))
    try:
        engine.log.append([Batch(number, stream, envelopes)], bounds=ClockBounds.of(rule))
    except Conflict:
        return False
    engine.remember_books(DISTRICT.fold(facts), books)
    return True


def pause(attempt: int) -> None:
    """Longer with every attempt, and never for two of a race the same."""
    longest = min(LONGEST_PAUSE_SECONDS, 0.001 * 2 ** min(attempt, 16))
    time.sleep(random.uniform(longest / 4, longest))  # noqa: S311 - no secret
