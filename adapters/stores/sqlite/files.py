"""Opening a SQLite file that may be read and no more: on a medium or in a folder where nothing can be written.

A file in WAL mode wants two files beside it, even of who only reads. Where they cannot be made the file is read as one that
does not change (``immutable``), and whoever reads it looks whether that was true.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

__all__ = ["LOCK_TIMEOUT_SECONDS", "Stands", "connect", "may_be_written", "stands"]

LOCK_TIMEOUT_SECONDS: Final = 30


class Stands(NamedTuple):
    """How a file lies there that is read as one that does not change."""

    device: int
    number: int
    size: int
    modified: int
    """Nanoseconds."""
    logged: bool
    """Whether something stands in a write-ahead log beside it, which whoever reads it so does not see."""


def stands(path: str) -> Stands:
    """How a file lies there now."""
    found, wal = Path(path).stat(), Path(f"{path}-wal")
    logged = wal.exists() and wal.stat().st_size > 0
    return Stands(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, logged)


def may_be_written(path: str) -> bool:
    """Whether this program may write to the file, or make it, as far as its rights and the medium say."""
    file = Path(path)
    return os.access(file.parent, os.W_OK) and (os.access(file, os.W_OK) or not file.exists())


def connect(path: str, **options: Any) -> tuple[sqlite3.Connection, Stands | None]:  # noqa: ANN401 - the driver's own
    """Open a file; with how it stood, where it is read as one that does not change."""
    found = None
    if Path(path).is_file() and not os.access(Path(path).parent, os.W_OK):
        found = stands(path)
    if found is None or found.logged:
        return sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, uri=True, **options), None
    address = f"file:{quote(path)}?mode=ro&immutable=1"
    return sqlite3.connect(address, timeout=LOCK_TIMEOUT_SECONDS, uri=True, **options), found
