"""Cells of the CSV files we write: none is a formula to whoever opens the file in a spreadsheet (表格).

A text that begins with a sign a spreadsheet begins a formula with, after whatever apostrophes, gets one apostrophe more in
front: ``=1+1`` is written ``'=1+1``, and ``'=1+1`` is written ``''=1+1``. Read back, exactly one of them goes. So every text
comes back as it was, whoever saved the file in between: in a file an apostrophe is a sign like any other.
"""

import csv
import re
from collections.abc import Iterable
from typing import Final, Protocol, TextIO

__all__ = ["Cells", "cell", "csv_writer", "text_of"]

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How what a spreadsheet takes for a formula begins; the wide signs, too, where it is set to Chinese or Japanese."""
_WRITTEN: Final = re.compile(rf"'{_FORMULA.pattern}")


class Cells(Protocol):
    """What rows are written with."""

    def row(self, values: Iterable[object]) -> None:
        """Write one row; a number stays one, None is nothing."""


def cell(text: str) -> str:
    """A text as it stands in a CSV file of ours."""
    return f"'{text}" if _FORMULA.match(text) else text


def text_of(written: str) -> str:
    """What a cell of such a file says."""
    return written[1:] if _WRITTEN.match(written) else written


def csv_writer(file: TextIO, delimiter: str = ",") -> Cells:
    """Write rows into a file opened without translation of line ends: the one way we write CSV."""
    return _Rows(file, delimiter)


class _Rows:
    def __init__(self, file: TextIO, delimiter: str) -> None:
        self._writer = csv.writer(file, delimiter=delimiter)

    def row(self, values: Iterable[object]) -> None:
        self._writer.writerow([cell(one) if isinstance(one, str) else one for one in values])
