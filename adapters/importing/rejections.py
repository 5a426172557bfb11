"""What was rejected, as many rows as it may be: a sequence by line that lies outside memory."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, overload
from weakref import finalize

from adapters.importing.reading import Rejection
from adapters.importing.scratch import scratch
from casecore.errors import Flaw
from casecore.refusals import Reason

__all__ = ["Rejections"]

_CODES: Final[dict[str, Flaw | Reason]] = {repr(code): code for code in (*Flaw, *Reason)}
"""By more than their values, of which some are in both."""
_PAGE: Final = 500
_SHOWN: Final = 3


class Rejections(Sequence[Rejection]):
    """Rejections by line, whatever order they come in; equal to any sequence of the same ones."""

    __hash__ = None  # type: ignore[assignment]  # more may come

    def __init__(self) -> None:
        self._database = scratch(
            "CREATE TABLE rejected (line INTEGER NOT NULL, stream TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL)",
            "BEGIN",
        )
        self._page: list[tuple[int, str, str, str]] = []
        self._count = 0
        finalize(self, self._database.close)

    def add(self, one: Rejection) -> None:
        """Keep one more."""
        self._page.append((one.line, one.case, repr(one.code), one.reason))
        self._count += 1
        if len(self._page) == _PAGE:
            self._write()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejection]:
        self._write()
        self._database.execute("CREATE INDEX IF NOT EXISTS by_line ON rejected (line)")
        for line, case, code, reason in self._database.execute(
            "SELECT line, stream, code, reason FROM rejected ORDER BY line, stream, code, reason"
        ):
            yield Rejection(line, case, _CODES[code], reason)

    @overload
    def __getitem__(self, index: int) -> Rejection: ...

    @overload
    def __getitem__(self, index: slice) -> list[Rejection]: ...

    def __getitem__(self, index: int | slice) -> Rejection | list[Rejection]:
        """One, or some; what stands before them is read over."""
        if isinstance(index, int):
            return next(islice(self, range(self._count)[index], None))
        start, stop, step = index.indices(self._count)
        return [*islice(self, start, stop, step)] if step > 0 else [*self][index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    def __reduce__(self) -> tuple[type[list[Rejection]], tuple[list[Rejection]]]:
        """What is sent to another process is a plain list."""
        return list, ([*self],)

    def __repr__(self) -> str:
        more = f", … {self._count - _SHOWN} more" if self._count > _SHOWN else ""
        return f"[{', '.join(map(repr, self[:_SHOWN]))}{more}]"

    def _write(self) -> None:
        self._database.executemany("INSERT INTO rejected VALUES (?, ?, ?, ?)", self._page)
        self._page.clear()
