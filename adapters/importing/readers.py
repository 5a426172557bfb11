"""Which reader reads which format of file; what a format needs is imported when it is read."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from adapters.importing.reading import Reading
from adapters.importing.sound_mapping import Format, Mapping

__all__ = ["reader_of"]

_READERS: Final = {
    Format.CSV: "csv_file",
    Format.XLSX: "xlsx_file",
    Format.XES: "xes_file",
    Format.OCEL: "ocel_file",
}


def reader_of(mapping: Mapping) -> Callable[[Mapping, Path], Iterator[Reading]]:
    """Find what reads every row, or case, of a file; raises :class:`~casecore.errors.Fault` where the file is broken."""
    module = import_module(f"adapters.importing.{_READERS[mapping.format]}")
    read: Callable[[Mapping, Path], Iterator[Reading]] = getattr(module, f"read_{mapping.format}")
    return read
