"""Which reader reads which format of file; what a format needs is imported when it is read."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from adapters.importing.event_rows import read_event_rows
from adapters.importing.reading import Reading
from adapters.importing.rows import Join, Rows, read_rows
from adapters.importing.sound_mapping import Format, Layout, Mapping

__all__ = ["read_file", "table_rows"]

_TABLES: Final = {Format.CSV: "csv_file", Format.XLSX: "xlsx_file"}
_LOGS: Final = {Format.XES: "xes_file", Format.OCEL: "ocel_file"}


def read_file(mapping: Mapping, path: Path, join: Join | None = None) -> Iterator[Reading]:
    """Read every row, or case, of a file; ``join`` puts the columns of another beside those of a table.

    Raises :class:`~casecore.errors.Fault` naming file and place where the file itself is broken.
    """
    if mapping.format in _TABLES:
        rows = table_rows(mapping.format, path, mapping.layout, mapping.columns)
        return (read_event_rows if mapping.has_events else read_rows)(mapping, path.name, rows, join)
    module = import_module(f"adapters.importing.{_LOGS[mapping.format]}")
    read: Callable[[Mapping, Path], Iterator[Reading]] = getattr(module, f"read_{mapping.format}")
    return read(mapping, path)


def table_rows(kind: Format, path: Path, layout: Layout, wanted: frozenset[str] | None = None) -> Rows:
    """The rows of a table; what a cell of another column than ``wanted`` (None: all) holds spoils no row."""
    module = import_module(f"adapters.importing.{_TABLES[kind]}")
    rows: Rows = getattr(module, f"{kind}_rows")(path, layout, wanted)
    return rows
