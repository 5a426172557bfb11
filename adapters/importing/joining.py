"""Two tables of the same cases: a row of the one has the columns of the other's row with its key.

The other table lies in a temporary database while the first is read, so that the order of neither matters, nor its size.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from adapters.importing.counting import Counted
from adapters.importing.readers import table_rows
from adapters.importing.reading import Reading, rejection
from adapters.importing.rows import Checked, Row, Spoilt, columns_of, header_of, of_width
from adapters.importing.sound_mapping import Join, Mapping
from adapters.importing.staging import Staging
from casecore.door import shown
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Joined"]


class Joined:
    """The other table, put in order by its key."""

    def __init__(self, mapping: Mapping, path: Path) -> None:
        """Read it whole; raises :class:`~casecore.errors.Fault` where it is broken or lacks a column of the mapping."""
        if mapping.join is None:
            raise BadInput(Flaw.CONTRADICTION, "joined", f"mapping {mapping.name} joins no second table")
        self._join = join = mapping.join
        self._file = path.name
        self._stack = ExitStack()
        self._staged = self._stack.enter_context(Staging())
        self._asked = self._stack.enter_context(Counted())
        self._bad: list[Reading] = []
        self.unasked = 0
        """How many of its rows no row of the first table asked for."""
        try:
            wanted = {name.removeprefix(Join.OF) for name in mapping.columns if name.startswith(Join.OF)} | {join.key}
            rows = table_rows(join.format, path, join.layout, frozenset(wanted))
            self._header = [name.strip() for name in header_of(path.name, rows, join.layout.header)]
            column = columns_of(self._header, mapping, path.name)
            for name in sorted(wanted):
                column(name)
            key = column(join.key)
            for line, row in of_width(len(self._header), rows):
                flaw = row.flaw if isinstance(row, Spoilt) else row
                if isinstance(flaw, BadInput):
                    self._reject(line, "", flaw)
                elif found := key(flaw):
                    self._staged.put(found, line, flaw)
                else:
                    self._reject(line, "", BadInput(Flaw.MISSING_FIELD, join.key, "no key to join it by"))
            self._staged.sort()
        except (BadInput, Fault):
            self._stack.close()
            raise

    def __enter__(self) -> Self:
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
        yield from self._bad
        for key, line in self._staged.keys():  # noqa: SIM118 - no dictionary
            if not self._asked.times(key):
                rows = [found for found, _ in self._staged.rows(key)]
                self.unasked += len(rows)
                if self._join.required:
                    why = BadInput(Flaw.CONTRADICTION, self._join.key, "no row of the first table has this key")
                    for found in rows or [line]:
                        yield self._rejected(found, key, why)

    def _joined(self, on: int, rows: Checked) -> Checked:
        nothing = [""] * len(self._header)
        for line, row in rows:
            if isinstance(row, Spoilt | BadInput):
                yield line, row
                continue
            key = row[on].strip()
            self._asked.again([key])
            found = [*self._staged.rows(key)]
            if len(found) > 1:
                lines = " and ".join(str(place) for place, _ in found[:3])
                sentence = f"{self._file} has {len(found)} rows of {shown(key)}, on lines {lines}"
                yield line, Spoilt(row, BadInput(Flaw.DUPLICATE_ID, self._join.on, sentence))
            else:
                yield line, [*row, *(found[0][1] if found else nothing)]  # type: ignore[misc]

    def _reject(self, line: int, key: str, flaw: BadInput) -> None:
        self._bad.append(self._rejected(line, key, flaw))

    def _rejected(self, line: int, key: str, flaw: BadInput) -> Reading:
        return Reading(line, key, rejection(line, key, flaw.code, f"{self._file}: {flaw}"), fields=None)
