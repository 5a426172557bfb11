"""Rows put together by a key, however far apart they stand in a file: in a temporary database, in constant memory."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Final, Self

import orjson

from adapters.importing.scratch import scratch
from casecore.errors import BadInput, Flaw

__all__ = ["Staging"]

_PAGE: Final = 1000
_SCHEMA: Final = (
    "PRAGMA cache_size = -4096",  # KiB
    "CREATE TABLE staged (key TEXT NOT NULL, line INTEGER NOT NULL, fields BLOB NOT NULL, flaw TEXT)",
)


class Staging:
    """Rows by key. First all are put in, then they are asked for; the database goes with the last use of it."""

    def __init__(self) -> None:
        self._database = scratch(*_SCHEMA)
        self._page: list[tuple[str, int, bytes, str | None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._database.close()

    def put(self, key: str, line: int, row: Sequence[str] | BadInput) -> None:
        """Keep a row, or what is wrong with it."""
        if isinstance(row, BadInput):
            self._page.append((key, line, orjson.dumps([row.place, row.sentence]), row.code))
        else:
            fields = memoryview(orjson.dumps(row)).tobytes()  # without the buffer orjson wrote it into
            self._page.append((key, line, fields, None))
        if len(self._page) == _PAGE:
            self._write()

    def sort(self) -> None:
        """Put the rows in order, once all are there."""
        self._write()
        self._database.execute("CREATE UNIQUE INDEX by_key ON staged (key, line)")

    def keys(self) -> Iterator[tuple[str, int]]:
        """Each key with the line it stands on first, by that line."""
        yield from self._database.execute("SELECT key, MIN(line) FROM staged GROUP BY key ORDER BY 2")

    def rows(self, key: str) -> Iterator[tuple[int, Sequence[str] | BadInput]]:
        """The rows of a key, in the order of their lines."""
        for line, fields, flaw in self._database.execute(
            "SELECT line, fields, flaw FROM staged WHERE key = ? ORDER BY line", (key,)
        ):
            found = orjson.loads(fields)
            if flaw is not None:
                code = Flaw(flaw)
                found = BadInput(code, *found)
            yield line, found

    def _write(self) -> None:
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO staged VALUES (?, ?, ?, ?)", self._page)
        self._database.execute("COMMIT")
        self._page.clear()
