"""Which reader reads which format of file."""

from collections import abc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from adapters.importing.csv_file import read_csv
from adapters.importing.reading import Reading
from adapters.importing.sound_mapping import Format, Mapping
from adapters.importing.xes_file import read_xes
from adapters.importing.xlsx_file import read_xlsx

__all__ = ["READERS"]

READERS: Final[abc.Mapping[Format, Callable[[Mapping, Path], Iterator[Reading]]]] = {
    Format.CSV: read_csv,
    Format.XLSX: read_xlsx,
    Format.XES: read_xes,
}
