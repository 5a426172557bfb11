"""Rows that are not just what is known of them, told apart once the whole file was read.

Of several rows that begin alike nobody can say which is which before all are there: in the next export they may stand in
another order, one more of them between. Until then they wait outside memory.
"""

import pickle
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import Final, NamedTuple, Self

import orjson

from adapters.importing.counting import Counted, Row, is_mended
from adapters.importing.known import Known, completing_id, endings, later
from adapters.importing.reading import Reading
from adapters.importing.scratch import scratch
from adapters.importing.stored import Stored
from casecore.errors import BadInput, Flaw
from casecore.fact import Fact
from casecore.histories import History

__all__ = ["Settled", "Torn", "Waiting", "settle"]

_PAGE: Final = 500


class Torn(NamedTuple):
    """A row whose like is known, and says otherwise."""

    reading: Reading
    row: Row


class Waiting:
    """The rows that wait for the end of the file."""

    def __init__(self) -> None:
        self._database = scratch(
            "CREATE TABLE waiting (number INTEGER PRIMARY KEY, stream TEXT NOT NULL, key TEXT NOT NULL, torn BLOB NOT NULL)",
            "CREATE INDEX by_key ON waiting (key)",
            "BEGIN",
        )
        self._page: list[tuple[str, str, bytes]] = []
        self._any = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def put(self, one: Torn) -> None:
        """Let a row wait."""
        self._page.append((one.row.history.case, one.row.key, pickle.dumps(one, pickle.HIGHEST_PROTOCOL)))
        self._any = True
        if len(self._page) == _PAGE:
            self._write()

    def among(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys of which a row waits."""
        if not self._any:
            return set()
        self._write()
        sql = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM waiting WHERE key = value)"
        return {key for (key,) in self._database.execute(sql, (orjson.dumps([*keys]).decode(),))}

    def pages(self, most: int) -> Iterator[list[str]]:
        """The cases of all rows that wait, in the order of their first: so many as have ``most`` rows, and at least one."""
        if not self._any:
            return
        self._write()
        self._database.execute("CREATE INDEX by_case ON waiting (stream)")
        page, held = list[str](), 0
        for case, rows in self._database.execute(
            "SELECT stream, COUNT(*) FROM waiting GROUP BY stream ORDER BY MIN(number)"
        ):
            if page and held + rows > most:
                yield page
                page, held = [], 0
            page.append(case)
            held += rows
        yield page

    def rows(self, case: str) -> Iterator[Torn]:
        """The rows of a case that wait, in the order they were put."""
        for (torn,) in self._database.execute("SELECT torn FROM waiting WHERE stream = ? ORDER BY number", (case,)):
            yield pickle.loads(torn)  # noqa: S301 - written above, where nobody else can write

    def _write(self) -> None:
        self._database.executemany("INSERT INTO waiting (stream, key, torn) VALUES (?, ?, ?)", self._page)
        self._page.clear()


class Settled(NamedTuple):
    """What becomes of such a row."""

    reading: Reading
    history: History | None = None
    """What is to be recorded; None where all is known, or where it contradicts."""
    completes: bool = False
    """Whether that completes a row that is known."""
    contradiction: BadInput | None = None


def settle(rows: Callable[[], Iterator[Torn]], stored: Stored, counted: Counted) -> Iterator[Settled]:
    """Tell apart the rows of one case, which are read twice, by what an earlier import recorded of it.

    A row that says just what is stored, as often as it is stored, is known. Of the others that begin alike one may end what
    is stored without an end; else it contradicts what the file does not tell any more; and where nothing such is left, it is
    a new row. No row is held, and each is looked at against the few records it may fit.
    """
    records: defaultdict[str, list[str]] = defaultdict(list)
    for record, key in stored.keys.items():
        records[key].append(record)
    alike: dict[str, _Alike] = {}
    left = bytearray()
    for one in rows():
        key = one.row.key
        if key not in alike:
            alike[key] = _Alike(stored, records[key], counted, mended=bool(one.row.origin))
        settled = alike[key].known_or_ended(one)
        left.append(settled is None)
        if settled is not None:
            yield settled
    if any(left):
        for one in compress(rows(), left):
            yield alike[one.row.key].contradicted_or_new(one)


class _Alike:
    """What is stored that begins alike, and what is left of it while the rows are told apart."""

    def __init__(self, stored: Stored, records: Sequence[str], counted: Counted, *, mended: bool) -> None:
        self._number = len(records)
        records = [record for record in records if not (is_mended(record) and counted.tells(record))]
        self._there = Counter(stored.wholly[record] for record in records)
        self._same = {stored.wholly[record]: stored.records[record] for record in records} if mended else {}
        surplus: dict[str, int] = {}
        untold: OrderedDict[str, Known] = OrderedDict()
        for record in records:
            wholly = stored.wholly[record]
            left = surplus.get(wholly)
            surplus[wholly] = left = (self._there[wholly] - counted.times(wholly) if left is None else left) - 1
            if left >= 0 or mended:
                untold[record] = stored.records[record]
        self._untold = _Untold(untold)

    def known_or_ended(self, one: Torn) -> Settled | None:
        """What becomes of a row that is stored just so, or fits something stored: it ends it, or says less."""
        if one.row.origin:
            if (same := self._same.get(one.row.wholly)) is not None:
                return _known_or_besides(one, same)
        elif one.row.copy <= self._there[one.row.wholly]:
            return Settled(one.reading)
        history = one.row.history
        found = self._untold.take_fitting(history)
        if found is None:
            return None
        number, said = found
        more = history._replace(command_id=number, events=said) if said else None
        return Settled(one.reading, more, completes=True)

    def contradicted_or_new(self, one: Torn) -> Settled:
        """What becomes of a row that fits nothing stored, once it is known of all which of them do."""
        known = self._untold.take_last()
        if known is None:
            self._number += 1
            return Settled(one.reading, one.row.numbered(self._number))
        history = one.row.history
        try:
            later(known, history.events, history.source, "")
        except BadInput as flaw:
            return Settled(one.reading, contradiction=flaw)
        raise TypeError(one)


def _known_or_besides(one: Torn, same: Known) -> Settled:
    """What becomes of a row that was rejected before and says just what is stored: known where that is of this very row.

    Else it may be that row, told again, or one more that is alike: which of the two, only the whole file says.
    """
    first = same.facts[0].envelope
    completed_by = [fact.envelope.source for fact in same.facts if fact.envelope.command_id != first.command_id]
    if one.row.history.source in completed_by:
        return Settled(one.reading)
    there = "what is stored" if first.source is None else f"{first.source.file} line {first.source.line}"
    sentence = (
        f"says just what {there} says: whether it is one more, only the whole file tells; mend it there, and import that"
    )
    return Settled(one.reading, contradiction=BadInput(Flaw.DUPLICATE_ID, "", sentence))


_FEW: Final = 4
"""So many are asked one by one."""
_Way = tuple[int, object]
"""A kind of end, and one end of that kind; or None where there is none."""


class _Untold:
    """Records that begin alike and stand in no row, found by how they end.

    A row fits no record that ends in the same kind of way and shares no end of that kind with it: only the others are asked.
    """

    def __init__(self, records: OrderedDict[str, Known]) -> None:
        self._records = records
        self._places: dict[str, int] = {}
        self._by_way: defaultdict[_Way, OrderedDict[str, None]] = defaultdict(OrderedDict)
        if len(records) > _FEW:
            self._places = {record: place for place, record in enumerate(records)}
            for record, known in records.items():
                for way in _ways_of(known):
                    self._by_way[way][record] = None

    def take_fitting(self, history: History) -> tuple[str, tuple[Fact, ...]] | None:
        """Take the first record a row fits: under which number it is completed, and with what; None where it fits none."""
        lists = self._candidates(history) if self._by_way else [self._records]
        fits = [fit for some in lists if (fit := self._first_fit(some, history)) is not None]
        if not fits:
            return None
        record, number, said = min(fits, key=lambda fit: self._places.get(fit[0], 0))
        known = self._records.pop(record)
        for way in _ways_of(known) if self._by_way else ():
            del self._by_way[way][record]
        return number, said

    def take_last(self) -> Known | None:
        """Take the last record, once no row is asked to fit any more."""
        return self._records.popitem()[1] if self._records else None

    def _candidates(self, history: History) -> list[Collection[str]]:
        """Lists of records a row may fit, each as they were put: by that kind of its ends which leaves the fewest."""
        choices: list[list[Collection[str]]] = [
            [self._by_way.get(way, {}) for way in (*ways, (kind, None))]
            for kind, ways in enumerate(_ways(history.events))
            if (kind, None) not in ways
        ]
        return min(choices, key=lambda some: sum(map(len, some)), default=[self._records])

    def _first_fit(self, records: Iterable[str], history: History) -> tuple[str, str, tuple[Fact, ...]] | None:
        for record in records:
            known = self._records[record]
            number = completing_id(history.source.name, record, known.told + 1)
            try:
                return record, number, later(known, history.events, history.source, number)
            except BadInput:
                continue
        return None


def _ways_of(known: Known) -> Iterator[_Way]:
    return chain.from_iterable(_ways([one.event for one in known.facts]))


def _ways(facts: Sequence[Fact]) -> list[set[_Way]]:
    """How a record or a row ends: of each kind of end its ways, never none."""
    return [{(kind, end) for end in ends} or {(kind, None)} for kind, ends in enumerate(endings(facts))]
