"""The connections of one PostgreSQL store in this process: a bounded number, shared by all its logs and tables.

A province's hundred districts are a hundred engines over one server that lets in a hundred clients. Whoever needs a
connection takes the one used last, whose statements are prepared, or opens one in his own thread, where an error says
what it is; where all are in use he waits his turn. psycopg's own pool opens them in threads of its own, which keep the
reason to themselves, and goes round all of them.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from threading import Condition, RLock
from typing import Any, Final
from urllib.parse import urlsplit

from eventsourcing import persistence
from psycopg import OperationalError, errors
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row, tuple_row

from adapters.stores.postgres.bounded_connection import CONNECT_SECONDS, BoundedConnection, parameters
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Connections", "libpq_url", "shared"]

MOST: Final = 8
"""How many connections a store takes in a process, where its URL says nothing else."""
LEAST: Final = 2
"""The least: who makes fact tables holds the claim to it on one, and writes them on another."""
BOUND: Final = 64
"""The most a URL may ask for: more than a server with its default of 100 can give several programs."""
SETTING: Final = "connections"
LIFETIME_SECONDS: Final = 3600
"""How old a connection grows: whoever moves the server behind a name is found after so long."""
REST_SECONDS: Final = 600
"""How long a connection nobody needs is kept."""
PAUSE_SECONDS: Final = 0.05
ROUNDS: Final = 3
"""How often a pooler is asked which session it gives: somebody else may take the one we had."""
POOLED_SECONDS: Final = 5.0
"""The longest wait for a pooler to give a second session; it gives none where the first is all it has."""


class Connections:
    """So many connections at most; safe between threads. ``users`` counts who has them open."""

    def __init__(self, url: str) -> None:
        self.url, self._most = _read(url)
        self.users = 0
        self._lock = RLock()  # a datastore that is collected while a thread is in here closes itself
        self._changed = Condition(self._lock)
        self._queue: deque[object] = deque()
        self._idle: list[BoundedConnection] = []
        self._taken = 0
        self._renewed = 0.0
        self._closed = False
        self._unpooled = False

    def take(self, seconds: float, rows: Callable[..., Any] = dict_row) -> BoundedConnection:
        """A connection nobody else has, that the server has not hung up on, whose statements take ``seconds`` at most.

        It is to be given back. Raises psycopg's errors, and the library's ``OperationalError`` where none becomes free in
        time.
        """
        connection = self._wait()
        try:
            if connection is not None and connection.dropped():
                connection.close()
                connection = None
            if connection is None:
                connection = self._open(seconds)
            elif connection.answer_seconds != seconds:
                _limit(connection, seconds)
            connection.row_factory = rows
        except BaseException:
            self.give_back(connection)
            raise
        return connection

    def renew(self) -> None:
        """Use no connection again that is open now: what its session was told when it began may no longer be so."""
        with self._lock:
            self._renewed = time.monotonic()
            while self._idle:
                self._idle.pop().close()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        with self._lock:
            self._closed = True
            self.renew()
            self._changed.notify_all()

    def _wait(self) -> BoundedConnection | None:
        """A place among those there may be, with the connection used last, if any; who came first is served first."""
        with self._lock:
            if self._queue or self._closed or not self._free():
                self._queue_up()
            self._taken += 1
            return self._idle.pop() if self._idle else None

    def _free(self) -> bool:
        return bool(self._idle) or self._taken < self._most

    def _queue_up(self) -> None:
        me = object()
        self._queue.append(me)
        try:
            if not self._changed.wait_for(lambda: self._closed or (self._queue[0] is me and self._free()), CONNECT_SECONDS):
                raise persistence.OperationalError(
                    f"{CONNECT_SECONDS} s passed and the {self._most} connections this process may have are in use"
                )
            if self._closed:
                raise persistence.InterfaceError("the store was closed")
        finally:
            self._queue.remove(me)
            self._changed.notify_all()

    def give_back(self, connection: BoundedConnection | None) -> None:
        """Let others have what was taken, where it is fit for it; None where nothing could be."""
        now = time.monotonic()
        with self._lock:
            self._taken -= 1
            if connection is not None:
                at_rest = not connection.closed and connection.pgconn.transaction_status == TransactionStatus.IDLE
                fresh = connection.opened > max(self._renewed, now - LIFETIME_SECONDS)
                if at_rest and fresh and not self._closed:
                    connection.rested = now
                    self._idle.append(connection)
                else:
                    connection.close()
            while self._idle and self._idle[0].rested < now - REST_SECONDS:
                self._idle.pop(0).close()
            if self._queue:
                self._changed.notify_all()

    def _open(self, seconds: float) -> BoundedConnection:
        connection = self._insist(seconds)
        try:
            if not self._unpooled:
                self._refuse_changing_sessions(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _insist(self, seconds: float) -> BoundedConnection:
        """A new connection; a server that was there before and says no is asked again for a while: it may be starting."""
        until = time.monotonic() + CONNECT_SECONDS
        while True:
            try:
                return _connected(self.url, seconds)
            except OperationalError as error:
                silent = isinstance(error, errors.ConnectionTimeout)
                if silent or not self._unpooled or self._closed or time.monotonic() > until:
                    raise
                time.sleep(PAUSE_SECONDS)

    def _refuse_changing_sessions(self, connection: BoundedConnection) -> None:
        """Raise ``Fault`` where a pooler changes the session under a connection, once a store.

        What a session is told when it begins (that a commit is on disk, how long a statement may take), what it has
        prepared and the lock of a migration are then another's.
        """
        pid = connection.pgconn.backend_pid
        if connection.backend != pid and _sessions_change(self.url, connection):
            raise Fault(
                f"{urlsplit(self.url).hostname}: a pooler there changes the session under a connection (transaction pooling,"
                " pool_mode = transaction), and with it what makes an acknowledged fact safe; casecore needs session"
                " pooling (pool_mode = session), or the server itself"
            )
        self._unpooled = True


def _connected(url: str, seconds: float) -> BoundedConnection:
    """A new connection with our settings."""
    connection = BoundedConnection.connect(url, autocommit=True, row_factory=dict_row, **parameters(url))
    try:
        connection.opened = time.monotonic()
        connection.still_working = partial(_still_working, url)
        _limit(connection, seconds, _SETTINGS)
    except BaseException:
        connection.close()
        raise
    return connection


_SETTINGS: Final = """
set_config('datestyle', 'ISO, YMD', false),
set_config('default_transaction_isolation', 'read committed', false),
set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), false),
"""
"""Settings of every session, whatever the server's, the database's or the role's habit.

Dates are read as ISO text, and what is acknowledged is on disk: of the ways to commit only ``off`` is not let stand.
"""


def _limit(connection: BoundedConnection, seconds: float, further: str = "") -> None:
    """How long a statement may take from here on, for the client and, a little shorter, for the server; one round trip."""
    connection.answer_seconds = seconds
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            f"SELECT {further} set_config('statement_timeout', '{int(seconds * 900)}ms', false),"
            f" set_config('idle_in_transaction_session_timeout', '{int(seconds * 1000)}ms', false), pg_backend_pid()",
            prepare=False,
        )
        connection.backend = next(iter(cursor))[-1]


def _still_working(url: str, backend: int) -> bool:
    """Whether the server says that a session works on its statement; False too where it says nothing at all.

    A server that says no at once (it has no room for one more) is not silent: the session is given the benefit.
    """
    try:
        with BoundedConnection.connect(url, autocommit=True, row_factory=tuple_row, **parameters(url)) as asking:
            asking.answer_seconds = CONNECT_SECONDS
            sql = "SELECT state NOT LIKE 'idle%%' FROM pg_stat_activity WHERE pid = %s"
            return any(working for (working,) in asking.execute(sql, (backend,)))
    except errors.ConnectionTimeout:
        return False
    except OperationalError as error:
        return not isinstance(error.__cause__, errors._WaitTimeout)  # noqa: SLF001 - see BoundedConnection.wait


def _sessions_change(url: str, connection: BoundedConnection) -> bool:
    """Whether two connections, one after the other and both open, were given one session, or one of them two."""
    with suppress(OperationalError), closing(_connected(url, POOLED_SECONDS)) as other:
        for _ in range(ROUNDS):
            ours, others = _session(connection), _session(other)
            if ours == others or ours != _session(connection) or others != _session(other):
                return True
    return False


def _session(connection: BoundedConnection) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        ((backend,),) = cursor.execute("SELECT pg_backend_pid()", prepare=False).fetchall()
        return int(backend)


def libpq_url(url: str) -> str:
    """The URL as libpq knows it: without ``connections``, which is ours."""
    return _read(url)[0]


def _read(url: str) -> tuple[str, int]:
    """The URL as libpq knows it, and how many connections it asks for; raises ``BadInput`` for a number out of bounds."""
    address, mark, query = url.partition("?")
    parts = query.split("&")
    ours = [part for part in parts if part.partition("=")[0] == SETTING]
    if not ours:
        return url, MOST
    number = ours[-1].partition("=")[2]
    if not (number.isascii() and number.isdigit() and LEAST <= int(number) <= BOUND):
        raise BadInput(
            Flaw.NUMBER_OUT_OF_RANGE, f"store {SETTING}", f"it is a number from {LEAST} to {BOUND}, not {number!r}"
        )
    theirs = "&".join(part for part in parts if part not in ours)
    return address + (mark + theirs if theirs else ""), int(number)


_open_stores: Final[dict[str, Connections]] = {}
_among_threads: RLock = RLock()


@contextmanager
def shared(url: str) -> Iterator[Connections]:
    """The connections this process has to a store, while anybody uses them; what a forked child opens is its own."""
    with _among_threads:
        found = _open_stores.get(url) or _open_stores.setdefault(url, Connections(url))
        found.users += 1
    try:
        yield found
    finally:
        with _among_threads:
            found.users -= 1
            if not found.users:
                _open_stores.pop(url, None)
        if not found.users:
            found.close()


def _begin_anew() -> None:
    """In a forked child: what is open is the parent's."""
    global _among_threads  # noqa: PLW0603 - a thread that is not here may have held it
    _among_threads = RLock()
    _open_stores.clear()


os.register_at_fork(after_in_child=_begin_anew)
