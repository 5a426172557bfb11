"""A SQLite file as we open it: WAL with ``synchronous=FULL``, one writing connection a process, our schema in it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    DatabaseError,
    IntegrityError,
    OperationalError,
    PersistenceError,
)
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from adapters.stores.migrating import Migration, lacking
from adapters.stores.sqlite.files import LOCK_TIMEOUT_SECONDS, Stands, connect, stands
from adapters.stores.sqlite.locks import BEGIN, Turnstile
from adapters.turns import Turn, same_process

__all__ = ["NOT_TEXT", "LedgerDatastore", "damage", "has_schema"]

PACKAGE: Final = "adapters.stores.sqlite"
LOCKED_PAUSE_SECONDS: Final = 0.02
NOT_TEXT: Final = "Could not decode"
"""How Python's driver begins to say that bytes of a text column are none; SQLite itself has no code for it."""


class _Transaction(SQLiteTransaction):
    """The library's transaction, taking the write lock at its beginning where it means to write, when its turn has come.

    A deferred transaction that reads before it writes fails at once when another process wrote in between.
    """

    connection: "_Connection"

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        try:
            if self.commit and (turnstile := self.connection.turnstile) is not None:
                turnstile.begin(cursor)
            else:
                cursor.execute(BEGIN if self.commit else "BEGIN")
        except sqlite3.Error as error:
            self.__exit__(type(error), error, error.__traceback__)
        return cursor


class _Connection(SQLiteConnection):
    turnstile: Turnstile | None = None

    def __init__(self, connection: sqlite3.Connection, max_age: float | None, unchanging: Stands | None) -> None:
        """``unchanging`` is how the file lay there, where it is read as one that does not change."""
        super().__init__(connection, max_age)
        self.unchanging = unchanging

    def changed(self, path: str) -> bool:
        """Whether a file that is read as one that does not change has."""
        return self.unchanging is not None and stands(path) != self.unchanging

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with _Transaction(self, commit=commit) as cursor, cursor:
            yield cursor


class _Pool(SQLiteConnectionPool):
    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back, not under the hands of its user."""
        with self._put_condition:
            self._closed = True
            while self._pool:
                self._pool.popleft().close()
            self._put_condition.notify_all()

    def put_connection(self, conn: SQLiteConnection) -> None:
        """The library's; of a closed pool, the connection is closed."""
        try:
            super().put_connection(conn)
        except ConnectionPoolClosedError:
            conn.close()
            conn.in_use.release()

    def _create_connection(self) -> _Connection:
        """A connection in our mode; waits for whoever is just making the file, which SQLite itself does not."""
        deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
        while True:
            connection = None
            try:
                connection, unchanging = connect(self.db_name, isolation_level=None, check_same_thread=False)
                if not self.is_sqlite_memory_mode and unchanging is None:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute("PRAGMA synchronous = FULL")
                connection.row_factory = sqlite3.Row
                return _Connection(connection, self.max_age, unchanging)
            except sqlite3.Error as error:
                if connection is not None:
                    connection.close()
                if not isinstance(error, sqlite3.OperationalError):
                    raise DatabaseError(f"{self.db_name}: {error}") from error
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise OperationalError(f"{self.db_name}: {error}") from error
                time.sleep(LOCKED_PAUSE_SECONDS)


class LedgerDatastore(SQLiteDatastore):
    """The library's datastore over our connections, of which one and the same does all the writing.

    Threads take turns at it, and no reader waits behind a writer.
    """

    _writer: _Connection | None = None
    pool: _Pool
    _opened_by = 0

    def __init__(self, db_name: str, **options: Any) -> None:  # noqa: ANN401 - the library's own options
        super().__init__(db_name, originator_id_type="text", lock_timeout=LOCK_TIMEOUT_SECONDS, **options)
        self.pool.close()
        self.pool = _Pool(db_name=db_name, lock_timeout=LOCK_TIMEOUT_SECONDS)
        self._turn, self._turnstile = Turn(LOCK_TIMEOUT_SECONDS), Turnstile(db_name)
        self._opened_by = os.getpid()
        self._file: tuple[int, int] | None = None

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A transaction that reads, or one that writes. A database in memory is the library's to keep apart.

        An error names the file, and ends the connection with all it remembers of a broken one.
        """
        same_process(self._opened_by)
        if self.pool.is_sqlite_memory_mode:
            with super().transaction(commit=commit) as cursor:
                yield cursor
            return
        with self._writing() if commit else self.get_connection(commit=False) as connection:
            try:
                with connection.transaction(commit=commit) as cursor:
                    yield cursor
            except IntegrityError:
                raise
            except PersistenceError as error:
                connection.close()
                # A table that is not there, or text that is none, is no trouble of the disk or of other writers.
                cause = error.__cause__
                damaged = getattr(cause, "sqlite_errorname", None) == "SQLITE_ERROR" or NOT_TEXT in str(cause)
                kind = DatabaseError if damaged else type(error)
                raise kind(f"{self.pool.db_name}: {error}") from error

    def run_at_once(self, sql: str, parameters: dict[str, Any]) -> None:
        """Run one statement that writes, where nobody else does just now; else ``OperationalError``, at once."""
        if self.pool.is_sqlite_memory_mode:
            with self.transaction(commit=True) as cursor:
                cursor.execute(sql, parameters)
            return
        same_process(self._opened_by)
        self._same_file()
        try:
            with closing(connect(self.pool.db_name, isolation_level=None)[0]) as connection:
                connection.execute("PRAGMA busy_timeout = 0")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(sql, parameters)
        except sqlite3.OperationalError as error:
            raise OperationalError(f"{self.pool.db_name}: {error}") from error
        except sqlite3.Error as error:
            raise DatabaseError(f"{self.pool.db_name}: {error}") from error

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """The library's; nobody is shown a file that is not there any more.

        What was read in a file as one that does not change, while it did, is not handed on.
        """
        path = self.pool.db_name
        connection = self.pool.get_connection(is_writer=commit)
        while isinstance(connection, _Connection) and connection.changed(path):
            connection.close()
            self.pool.put_connection(connection)
            connection = self.pool.get_connection(is_writer=commit)
        try:
            if not self.pool.is_sqlite_memory_mode:
                self._same_file()
            yield connection
            if isinstance(connection, _Connection) and connection.changed(path):
                raise OperationalError(f"{path}: was written to while it was read as a file that does not change")
        finally:
            self.pool.put_connection(connection)

    @contextmanager
    def _writing(self) -> Iterator[SQLiteConnection]:
        """The writing connection, when its turn has come."""
        with self._turn:
            if self.pool.closed:
                raise ConnectionPoolClosedError
            if self._writer is None or self._writer.closed:
                self._writer = self.pool._create_connection()  # noqa: SLF001 - the pool's way to open one
                self._writer.turnstile = self._turnstile
            self._same_file()
            yield self._writer

    def _same_file(self) -> None:
        """Refuse a file that was deleted, or gave way to another: it is read by nobody, and shows what is old."""
        try:
            found = os.stat(self.pool.db_name)  # noqa: PTH116 - asked at every read
        except OSError as error:
            raise OperationalError(f"{self.pool.db_name}: {error.strerror}") from error
        self._file = self._file or (found.st_dev, found.st_ino)
        if (found.st_dev, found.st_ino) != self._file:
            raise OperationalError(f"{self.pool.db_name}: is no longer the file that was opened")

    def close(self) -> None:
        """Close every connection, the writing one when it has ended what it does; a forked child leaves them alone."""
        if os.getpid() != self._opened_by:
            return
        super().close()
        with suppress(OperationalError), self._turn:  # who writes has had his time
            pass
        if self._writer is not None:
            self._writer.close()
        self._turnstile.close()

    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date, safely when many programs start at once; returns the migrations applied here."""
        done: list[Migration] = []
        while self._lacking():
            with self.transaction(commit=True) as cursor:
                done += _apply_next(cursor)
        return tuple(done)

    def _lacking(self) -> tuple[Migration, ...]:
        with self.transaction(commit=False) as cursor:
            return lacking(PACKAGE, _applied(cursor))


def _apply_next(cursor: SQLiteCursor) -> tuple[Migration, ...]:
    """The next migration, or nothing where another program was faster."""
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS casecore_migrations (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
    )
    following = lacking(PACKAGE, _applied(cursor))[:1]
    for number, name, statements in following:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("INSERT INTO casecore_migrations VALUES (?, ?)", (number, name))
    return following


def _applied(cursor: SQLiteCursor) -> int:
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'casecore_migrations'")
    if not cursor.fetchone()[0]:
        return 0
    cursor.execute("SELECT coalesce(max(number), 0) FROM casecore_migrations")
    return int(cursor.fetchone()[0])


def has_schema(path: str) -> bool:
    """Whether a file has our schema, of whatever age; asks, and makes nothing."""
    return bool(_asked(path, "SELECT 1 FROM sqlite_master WHERE name = 'casecore_migrations'"))


def damage(path: str) -> str | None:
    """The first thing SQLite finds wrong with the pages of a file, None where they are whole."""
    ((found,), *_) = _asked(path, "PRAGMA integrity_check(1)")
    return None if found == "ok" else " ".join(str(found).split())


def _asked(path: str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query, on a connection of its own."""
    try:
        with closing(connect(path)[0]) as connection:
            return connection.execute(sql).fetchall()
    except sqlite3.OperationalError as error:
        raise OperationalError(f"{path}: {error}") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {error}") from error
