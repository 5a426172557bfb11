"""A database for what may be more than memory holds: in a temporary file, which goes with its connection."""

import sqlite3

__all__ = ["scratch"]


def scratch(*statements: str) -> sqlite3.Connection:
    """Open an empty one, and make what the statements say; nothing of it outlives the process."""
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", *statements):
        database.execute(statement)
    return database
