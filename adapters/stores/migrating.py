"""Numbered migrations: SQL files ``migrations/NNNN_name.sql`` of a store, applied once each, in order, while others write.

In a file, a statement ends with a semicolon before an empty line, and so the body of a function holds none. Each
migration is a transaction of its own.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from casecore.errors import Fault

__all__ = ["Migration", "lacking", "migrations", "not_allowed"]


class Migration(NamedTuple):
    """One step of the schema."""

    number: int
    name: str
    statements: tuple[str, ...]


@cache
def migrations(package: str) -> tuple[Migration, ...]:
    """All migrations of the store in a package, in order."""
    found = []
    for file in files(package).joinpath("migrations").iterdir():
        if file.name.endswith(".sql"):
            number, name = file.name.removesuffix(".sql").split("_", 1)
            statements = tuple(file.read_text("utf-8").strip().split(";\n\n"))
            found.append(Migration(int(number), name, statements))
    return tuple(sorted(found))


def lacking(package: str, applied: int) -> tuple[Migration, ...]:
    """What a database at migration ``applied`` lacks; raises ``Fault`` where it is ahead of this program."""
    wanted = migrations(package)
    if applied > len(wanted):
        raise Fault(
            f"the database is at migration {applied}, this program knows {len(wanted)}: use the program that migrated it"
        )
    return wanted[applied:]


def not_allowed(missing: tuple[Migration, ...]) -> Fault:
    """What to say where a database lacks migrations and we may not apply them."""
    return Fault(
        f"the database is at migration {missing[0].number - 1}, this program needs {missing[-1].number}:"
        " run `casecore migrate` as its owner"
    )
