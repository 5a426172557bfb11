"""Two tables of the same cases: a row of the one has the columns of the other's row with its key.

The other table lies in a temporary database while the first is read, so that the order of neither matters, nor its size.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final, Self

from adapters.importing.counting import Counted
from adapters.importing.readers import table_rows
from adapters.importing.reading import Reading, rejection
from adapters.importing.rows import Checked, Row, Spoilt, columns_of, header_of, of_width
from adapters.importing.sound_mapping import Join, Mapping
from adapters.importing.spreadsheets import check_unmangled
from adapters.importing.staging import Staging
from casecore.door import shown
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Joined"]


_NO_KEY: Final = ""
"""Under this are kept the rows whose own key cannot be known."""


class Joined:
    """The other table, put in order by its key while its context lasts."""

    def __init__(self, mapping: Mapping, path: Path) -> None:
        """Say which table; raises ``BadInput`` where the mapping joins none."""
        if mapping.join is None:
            raise BadInput(Flaw.CONTRADICTION, "joined", f"mapping {mapping.name} joins no second table")
        self._join = mapping.join
        self._mapping = mapping
        self._path = path
        self._header: Row = ()
        self._stack = ExitStack()
        self._staged: Staging
        self._asked: Counted
        self.unasked = 0
        """How many of its rows no row of the first table asked for."""

    def __enter__(self) -> Self:
        """Read it whole; raises :class:`~casecore.errors.Fault` where it is broken or lacks a column of the mapping."""
        with ExitStack() as stack:
            self._staged = stack.enter_context(Staging())
            self._asked = stack.enter_context(Counted())
            self._read()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def beside(self, header: Row, rows: Checked) -> tuple[Row, Checked]:
        """The rows of the first table, each with the columns of its row here; empty where there is none."""
        names = [name.strip() for name in header]
        if names.count(self._join.on) != 1:
            raise Fault(f"column {self._join.on}: join.on asks for it, it does not stand once in the header")
        return [*header, *(f"{Join.OF}{name}" for name in self._header)], self._joined(names.index(self._join.on), rows)

    def left_over(self) -> Iterator[Reading]:
        """What of this table went into no row of the first: rows that cannot be read, and rows nobody asked for."""
        for line, row in self._staged.rows(_NO_KEY):
            if isinstance(row, BadInput):
                yield self._rejected(line, "", row)
        why = BadInput(Flaw.CONTRADICTION, self._join.key, "no row of the first table has this key")
        for key, _ in self._staged.keys():  # noqa: SIM118 - no dictionary
            if key == _NO_KEY or self._asked.times(key):
                continue
            for line, row in self._staged.rows(key):
                if isinstance(row, BadInput):
                    yield self._rejected(line, key, row)
                    continue
                self.unasked += 1
                if self._join.required:
                    yield self._rejected(line, key, why)

    def _read(self) -> None:
        join, name = self._join, self._path.name
        wanted = {one.removeprefix(Join.OF) for one in self._mapping.columns if one.startswith(Join.OF)} | {join.key}
        rows = table_rows(join.format, self._path, join.layout, frozenset(wanted))
        self._header = [one.strip() for one in header_of(name, rows, join.layout.header)]
        column = columns_of(self._header, self._mapping, name)
        for one in sorted(wanted):
            column(one)
        for line, row in of_width(len(self._header), rows):
            self._stage(line, row, column(join.key))
        self._staged.sort()

    def _stage(self, line: int, row: Row | Spoilt | BadInput, key: Callable[[Row], str]) -> None:
        """Keep a row by its key; one that may not be used spoils the row that asks for it, if it says which that is."""
        if isinstance(row, BadInput):
            self._staged.put(_NO_KEY, line, row)
            return
        fields, flaw = row if isinstance(row, Spoilt) else (row, None)
        try:
            found = self._key(key(fields), f"{Join.OF}{self._join.key}", self._join.key)
        except IndexError:
            self._staged.put(_NO_KEY, line, flaw or BadInput(Flaw.NOT_CSV, "", "no key"))
        except BadInput as mangled:
            self._staged.put(_NO_KEY, line, mangled)
        else:
            without = flaw or BadInput(Flaw.MISSING_FIELD, self._join.key, "no key to join it by")
            self._staged.put(found or _NO_KEY, line, (flaw or fields) if found else without)

    def _key(self, text: str, column: str, place: str) -> str:
        """A key as the mapping reads its column; raises ``BadInput`` for what a spreadsheet has changed."""
        found = "" if text in self._mapping.layout.blanks(column) else text
        check_unmangled(found, place)
        return found

    def _joined(self, on: int, rows: Checked) -> Checked:
        for line, row in rows:
            if isinstance(row, Spoilt | BadInput):
                yield line, row
                continue
            try:
                yield line, [*row, *self._row_of(self._key(row[on].strip(), self._join.on, self._join.on))]
            except BadInput as flaw:
                yield line, Spoilt(row, flaw)

    def _row_of(self, key: str) -> Row:
        """The one row of a key, or empty fields; raises ``BadInput`` where it cannot be used, or there are several."""
        if not key:
            return [""] * len(self._header)
        self._asked.again([key])
        found = [*islice(self._staged.rows(key), 3)]
        if len(found) > 1:
            lines = " and ".join(str(place) for place, _ in found)
            count = sum(1 for _ in self._staged.rows(key))
            sentence = f"{self._path.name} has {count} rows of {shown(key)}, on lines {lines}"
            raise BadInput(Flaw.DUPLICATE_ID, self._join.on, sentence)
        for place, row in found:
            if isinstance(row, BadInput):
                raise BadInput(row.code, self._join.on, f"{self._path.name} line {place}: {row}")
            return row
        return [""] * len(self._header)

    def _rejected(self, line: int, key: str, flaw: BadInput) -> Reading:
        return Reading(line, key, rejection(line, key, flaw.code, f"{self._path.name}: {flaw}"), fields=None)
