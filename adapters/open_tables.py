"""``open_tables``: the fact tables of a store, by its URL."""

from collections.abc import Sequence
from uuid import uuid4

from adapters.district_engine import persistence
from adapters.postgres_tables import PostgresTables
from adapters.sqlite_tables import SqliteTables
from adapters.tables import Tables
from projections.projection import Projection

__all__ = ["open_tables"]


def open_tables(url: str, projections: Sequence[Projection]) -> Tables:
    """The fact tables of the store at ``url``; of ``memory:``, a database in memory of its own."""
    env = persistence(url)
    if "SQLITE_DBNAME" in env:
        return SqliteTables(env["SQLITE_DBNAME"], projections)
    if "POSTGRES_URL" in env:
        return PostgresTables(url, projections)
    return SqliteTables(f"file:{uuid4().hex}?mode=memory&cache=shared", projections)
