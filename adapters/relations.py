"""Tables and views of a store's database, whichever it is, and the dimensions (维度) beside the tables of facts."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import islice
from typing import Any, ClassVar, Final

from adapters.district_log import translated
from projections.dimensions import DateFact, ItemFact, ThemeFact
from projections.projection import Column

__all__ = ["DIMENSIONS", "Cursor", "Relations", "Statement", "grants"]

ONE_AT_A_TIME: Final = "__migration__"
"""The checkpoint of no log, which the library keeps: who holds it loads a dimension, and others wait."""
FILLED: Final = 2000
"""Rows written at a time."""
DIMENSIONS: Final = {"item_facts": ItemFact, "theme_facts": ThemeFact, "date_facts": DateFact}

Statement = tuple[str, Mapping[str, Any] | list[dict[str, Any]]]
"""SQL with its parameters; a list of them to run it once for each."""


Cursor = Any
"""The database's own, in a transaction."""


class Relations(ABC):
    """What a database brings, and what is made of it alike everywhere. Raises ``Conflict`` and ``Unavailable``."""

    kinds: Mapping[type, str]
    """Column type by Python type."""
    hold: ClassVar[str]
    """The query for the checkpoint ``:name`` that also keeps it from moving until the transaction ends."""
    for_update: ClassVar[str]
    """What a query ends with that keeps its rows from changing until the transaction ends."""
    described: ClassVar[str]
    """The query for the column names of the table ``:relation``."""
    columns: Mapping[str, Sequence[Column]]
    """Of each table and dimension."""

    # -- what a database brings

    @abstractmethod
    def query(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query with ``:name`` parameters; dates are given as dates."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[Any]:
        """A cursor in a transaction of its own."""

    @abstractmethod
    def _execute(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any] | list[dict[str, Any]]) -> None:
        """Run one statement in a transaction."""

    @abstractmethod
    def _ask(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run one query in a transaction."""

    @abstractmethod
    @abstractmethod
    def _readers(self, relation: str) -> set[str]:
        """The roles, but for its owner, that may read a table or view, as SQL names them."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    def prepare_dimensions(self) -> None:
        """Make the table of every dimension, where it is not there: a store without a log has them too, empty."""
        for name in DIMENSIONS:
            self._prepare(name, self.columns[name])

    def load_dimension(self, name: str, district: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Make these the rows of a dimension that are a district's, unless they are; rows of no district go with them."""
        found, wanted = self.columns[name], {tuple(row) for row in rows}
        names, places = (", ".join(f"{mark}{column.name}" for column in found) for mark in ("", ":"))
        where = "WHERE log = :log OR log IS NULL"
        asked = f"SELECT {names} FROM {name} {where}"  # noqa: S608 - our own names
        made = {column for (column,) in self.query(self.described, relation=name)}
        if not made.issuperset(column.name for column in found):
            self._prepare(name, found)
        elif _same(self.query(asked, log=district), wanted, found):
            return  # nobody else is kept from writing for that
        with translated(), self._transaction() as cursor:
            self._ask(cursor, self.hold, {"name": ONE_AT_A_TIME})
            if _same(self._ask(cursor, asked, {"log": district}), wanted, found):
                return
            self._execute(cursor, f"DELETE FROM {name} {where}", {"log": district})  # noqa: S608 - our own names
            self._execute(
                cursor,
                f"INSERT INTO {name} ({names}) VALUES ({places})",  # noqa: S608 - our own names
                [{column.name: value for column, value in zip(found, row, strict=True)} for row in wanted],
            )

    def _prepare(self, name: str, found: Sequence[Column]) -> None:
        """Create a dimension's table, or add to an older one the columns it lacks: unknown in the rows there are."""
        create = self._create(name, found).replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
        readers = self._readers("casecore_tables") - self._readers(name)
        with translated(), self._transaction() as cursor:
            self._execute(cursor, create, {})
            there = {column for (column,) in self._ask(cursor, self.described, {"relation": name})}
            for column in found:
                if column.name not in there:
                    self._execute(cursor, f"ALTER TABLE {name} ADD COLUMN {self._column(column)}", {})
            for grant, _ in grants(name, readers):
                self._execute(cursor, grant, {})

    def fill(self, tables: Iterable[tuple[str, Sequence[str], Iterable[tuple[Any, ...]]]]) -> None:
        """Write rows into tables, each with its columns, in one transaction."""
        with translated(), self._transaction() as cursor:
            for table, names, rows in tables:
                into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608 - ours
                waiting = iter(rows)
                while page := [dict(zip(names, row, strict=True)) for row in islice(waiting, FILLED)]:
                    self._execute(cursor, into, page)

    def _run(self, statements: Iterable[Statement]) -> None:
        """Run statements in one transaction."""
        with self._transaction() as cursor:
            for sql, parameters in statements:
                self._execute(cursor, sql, parameters)

    def _create(self, table: str, found: Iterable[Column]) -> str:
        return f"CREATE TABLE {table} ({', '.join(map(self._column, found))})"

    def _column(self, column: Column) -> str:
        return f"{column.name} {self.kinds[column.kind]}{'' if column.optional else ' NOT NULL'}"


def _same(there: Sequence[tuple[Any, ...]], wanted: Collection[tuple[Any, ...]], found: Sequence[Column]) -> bool:
    return len(there) == len(wanted) and {_typed(row, found) for row in there} == wanted


def _typed(row: tuple[Any, ...], found: Sequence[Column]) -> tuple[Any, ...]:
    """A row as it was put in: SQLite keeps a date as its ISO text."""
    return tuple(
        date.fromisoformat(value) if column.kind is date and isinstance(value, str) else value
        for column, value in zip(found, row, strict=True)
    )


def grants(relation: str, readers: set[str]) -> list[Statement]:
    """What lets these roles read a table or view."""
    return [(f"GRANT SELECT ON {relation} TO {', '.join(sorted(readers))}", {})] if readers else []
