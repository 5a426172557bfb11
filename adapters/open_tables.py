"""``open_tables``: the fact tables of a store, by its URL."""

from collections.abc import Sequence

from adapters.stores.known import store_at
from adapters.tables import Tables
from projections.projection import Projection

__all__ = ["open_tables"]


def open_tables(url: str, projections: Sequence[Projection]) -> Tables:
    """The fact tables of the store at ``url``; of ``memory:``, a database in memory of its own."""
    return store_at(url).tables(projections)
