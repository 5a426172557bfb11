"""The rows of a CSV file that were not recorded, in a file of their own: to be mended there, and imported again."""

from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from adapters.csv_cells import Cells, csv_writer
from adapters.importing.csv_file import csv_rows
from adapters.importing.mended import A_REASON, MISSING, REASON, named_width, reason_begins
from adapters.importing.reading import Rejection
from adapters.importing.rows import header_of
from adapters.importing.sound_mapping import Encoding, Format, Mapping
from casecore.errors import BadInput, Flaw

__all__ = ["Rejects"]


class Rejects:
    """A file of rejected rows, written as the file they come from and with its header; made with the first of them.

    No cell of it is a formula to a spreadsheet (:mod:`adapters.csv_cells`); imported again, each is the text it was.

    Where they come from such a file, the reason they were rejected for then gives way to the one they are rejected for now.
    """

    def __init__(self, path: Path, mapping: Mapping, source: Path) -> None:
        """Raises ``BadInput`` where a file lies there already, which somebody may be mending, and for other formats."""
        if mapping.format is not Format.CSV or mapping.has_events:
            raise BadInput(
                Flaw.CONTRADICTION, "rejects", f"kept are rows of a CSV file, a record each; {source.name} has none"
            )
        if path.exists():
            sentence = "lies there already: import what was mended in it and remove it, or name another file"
            raise BadInput(Flaw.DUPLICATE_ID, str(path), sentence)
        if not path.parent.is_dir():
            raise BadInput(Flaw.UNREADABLE, str(path), "the folder to write it into is not there")
        if path.suffix == ".gz":
            raise BadInput(
                Flaw.CONTRADICTION, str(path), "rows to be mended are written plainly: name a file that is not .gz"
            )
        self._path, self._layout = path, mapping.layout
        header = header_of(source.name, csv_rows(source, mapping.layout), mapping.layout.header)
        names = [name.strip() for name in header]
        self._width = named_width(names)
        self._reasons = tuple(n for n, name in enumerate(names) if name == REASON)
        self._header = self._without_reason(header[: self._width])
        self._file: TextIOWrapper | None = None
        self._rows: Cells | None = None

    def add(self, row: Sequence[str], rejected: Rejection) -> None:
        """Write one row; with a mark for each field that is missing: all, where it could not be read."""
        if self._file is None or self._rows is None:
            layout = self._layout
            encoding = "utf-8-sig" if layout.encoding is Encoding.UTF_8 else layout.encoding
            self._file = self._path.open("x", encoding=encoding, newline="")
            self._file.write("\r\n" * (layout.header - 1))
            self._rows = csv_writer(self._file, layout.delimiter)
            self._rows.row([*self._header, REASON])
        row = self._without_reason(row)
        missing = [MISSING] * (len(self._header) - len(row))
        self._rows.row([*row, *missing, reason_begins(rejected) + rejected.reason])

    def _without_reason(self, row: Sequence[str]) -> Sequence[str]:
        """A row without an earlier reason: in a row that has not as many fields as the header, it is the last one."""
        if not self._reasons:
            return row
        if len(row) == self._width:
            return [text for n, text in enumerate(row) if n not in self._reasons]
        return row[:-1] if row and A_REASON.match(row[-1]) else row

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
