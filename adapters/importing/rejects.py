"""The rows of a CSV file that were not recorded, in a file of their own: to be mended there, and imported again."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from adapters.importing.reading import Rejection
from casecore.errors import BadInput, Flaw

__all__ = ["REASON", "Rejects"]

REASON: Final = "拒收原因"
"""The last column: the line it stood on and why it was rejected. No mapping asks for it, so it may stay there."""


class Rejects:
    """A file of rejected rows with the header of the file they come from; made with the first of them."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        """Raises ``BadInput`` where a file lies there already: it may hold rows that somebody mends."""
        if path.exists():
            raise BadInput(Flaw.USAGE, str(path), "lies there already: import it, then remove it")
        self._path = path
        self._file: TextIOWrapper | None = None
        self._rows: Any = None
        self._header = header

    def add(self, row: Sequence[str], rejected: Rejection) -> None:
        """Write one row; of one that could not be read at all, only where it stood and why."""
        if self._file is None:
            self._file = self._path.open("x", encoding="utf-8-sig", newline="")
            self._rows = csv.writer(self._file)
            self._rows.writerow([*self._header, REASON])
        missing = [""] * (len(self._header) - len(row))
        self._rows.writerow([*row, *missing, f"line {rejected.line}: {rejected.code.value}: {rejected.reason}"])

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
