"""The rows of a CSV file that were not recorded, in a file of their own: to be mended there, and imported again."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from adapters.importing.csv_file import csv_rows
from adapters.importing.reading import Rejection
from adapters.importing.rows import header_of
from adapters.importing.sound_mapping import Encoding, Format, Mapping
from casecore.errors import BadInput, Flaw

__all__ = ["REASON", "Rejects"]

REASON: Final = "拒收原因"
"""The last column: the line it stood on and why it was rejected. No mapping asks for it, so it may stay there."""


class Rejects:
    """A file of rejected rows, written as the file they come from and with its header; made with the first of them."""

    def __init__(self, path: Path, mapping: Mapping, source: Path) -> None:
        """Raises ``BadInput`` where a file lies there already, which somebody may be mending, and for other formats."""
        if mapping.format is not Format.CSV or mapping.has_events:
            raise BadInput(
                Flaw.CONTRADICTION, "rejects", f"kept are rows of a CSV file, a record each; {source.name} has none"
            )
        if path.exists():
            raise BadInput(Flaw.DUPLICATE_ID, str(path), "lies there already: import it, then remove it")
        self._path, self._layout = path, mapping.layout
        self._header = header_of(source.name, csv_rows(source, mapping.layout), mapping.layout.header)
        self._file: TextIOWrapper | None = None
        self._rows: Any = None

    def add(self, row: Sequence[str], rejected: Rejection) -> None:
        """Write one row; of one that could not be read at all, only where it stood and why."""
        if self._file is None:
            layout = self._layout
            encoding = "utf-8-sig" if layout.encoding is Encoding.UTF_8 else layout.encoding
            self._file = self._path.open("x", encoding=encoding, newline="")
            self._file.write("\r\n" * (layout.header - 1))
            self._rows = csv.writer(self._file, delimiter=layout.delimiter)
            self._rows.writerow([*self._header, REASON])
        missing = [""] * (len(self._header) - len(row))
        self._rows.writerow([*row, *missing, f"line {rejected.line}: {rejected.code.value}: {rejected.reason}"])

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
