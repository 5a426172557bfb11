"""A PostgreSQL database as we open it: psycopg 3, over the connections this process has to the store."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache

import psycopg
from eventsourcing import persistence
from eventsourcing.postgres import PostgresDatastore
from psycopg import errors, sql

from adapters.stores.migrating import Migration
from adapters.stores.postgres.bounded_connection import BoundedConnection, as_library_error
from adapters.stores.postgres.connections import shared
from adapters.stores.postgres.schema import migrate
from adapters.turns import Turn, same_process

__all__ = ["UrlDatastore", "named"]


class UrlDatastore(PostgresDatastore):
    """The library's datastore over a connection URL with all its options; no wait is without a limit.

    ``seconds`` is the longest a statement may take. Whoever has the same URL open in this process shares its connections.
    """

    _opened_by = 0
    _closed = False

    def __init__(self, url: str, *, seconds: float | None = None) -> None:
        self.url = url
        # The library's own pool goes nowhere, and is never opened.
        super().__init__(dbname="", host="", port="", user="", password="", originator_id_type="text")
        self._limit = BoundedConnection.answer_seconds if seconds is None else seconds
        self._turn = Turn(self._limit)
        self._sharing = ExitStack()
        self.connections = self._sharing.enter_context(shared(url))
        self._opened_by = os.getpid()

    @contextmanager
    def get_connection(self) -> Iterator[BoundedConnection]:
        """A connection nobody else has, that the server has not hung up on; psycopg's errors become the library's."""
        same_process(self._opened_by)
        if self._closed:
            raise persistence.InterfaceError("the store was closed")
        connection = None
        try:
            connection = self.connections.take(self._limit)
            yield connection
        except psycopg.Error as error:
            if isinstance(error, errors.ReadOnlySqlTransaction):
                self.connections.renew()  # a session that began on a read-only database stays so when that has ended
            raise as_library_error(error) from error
        finally:
            if connection is not None:
                self.connections.give_back(connection)

    def turn(self) -> Turn:
        """One append at a time: the threads of a log queue here, not for a lock on the server."""
        same_process(self._opened_by)  # whose lock it is
        return self._turn

    def close(self) -> None:
        """Leave the connections to who else has the store open, or close them; an append under way ends first.

        A forked child leaves them alone.
        """
        if os.getpid() != self._opened_by or self._closed:
            return
        self._closed = True
        with suppress(persistence.OperationalError), self._turn:  # who writes has had his time
            pass
        self._sharing.close()

    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date; see :func:`adapters.stores.postgres.schema.migrate`."""
        return migrate(self.url)


@cache
def named(statement: str) -> sql.SQL:
    """A statement with ``:name`` parameters in psycopg's own form."""
    return sql.SQL(re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement))
