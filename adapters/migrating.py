"""Numbered migrations: SQL files ``KIND_NNNN_name.sql`` beside this module, applied once each, in order, under a lock."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["Migration", "migrations", "numbered"]


class Migration(NamedTuple):
    """One step of the schema."""

    number: int
    name: str
    statements: tuple[str, ...]


@cache
def migrations(kind: str) -> tuple[Migration, ...]:
    """All migrations of one database, in order."""
    found = []
    for file in files("adapters").joinpath("migrations").iterdir():
        if file.name.startswith(f"{kind}_") and file.name.endswith(".sql"):
            _, number, name = file.name.removesuffix(".sql").split("_", 2)
            statements = tuple(s.strip() for s in file.read_text("utf-8").split(";\n") if s.strip())
            found.append(Migration(int(number), name, statements))
    return tuple(sorted(found))


def numbered(wanted: Sequence[Migration], applied: int) -> Iterator[Migration]:
    """Those not applied yet."""
    return (migration for migration in wanted if migration.number > applied)
