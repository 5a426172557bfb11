"""A PostgreSQL connection that never waits for ever, and that runs a prepared statement with as little as can be between.

A peer that goes silent (a cut cable, a frozen host) sends no error: without a limit of our own the caller would hang
until somebody looks. What is not answered in time is closed; whether it was carried out is not known. A statement that
may take longer than a server may be silent is asked after over another connection.
"""

import select
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Self, TypeVar

import psycopg
from eventsourcing import persistence
from psycopg import Connection, Cursor, OperationalError, errors, generators
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from adapters.stores.addresses import shown_address
from casecore.errors import BadInput, Flaw

__all__ = [
    "ANSWER_SECONDS", "CONNECT_SECONDS", "BoundedConnection", "Prepared", "as_library_error", "parameters",
    "parts_of",
]  # fmt: skip

CONNECT_SECONDS: Final = 10
"""The longest wait for a connection."""
ANSWER_SECONDS: Final = 30.0
"""The longest wait for the answer to one statement, or for a sign that a long one is worked on; the server is told to give
up a little earlier."""
GRACE_SECONDS: Final = 1.0
"""How long the answer to a statement that ended a moment ago may be under way."""

RV = TypeVar("RV")


class Prepared(NamedTuple):
    """A statement to be prepared once a connection; parameters are numbered and travel in binary."""

    name: bytes
    sql: bytes
    types: tuple[int, ...]
    """The type oid of each parameter."""


class _Cursor(Cursor[Any]):
    """psycopg's cursor, which gets over a change of the columns its prepared statements answer with.

    In autocommit psycopg itself goes on for ever with the statement the server refuses.
    """

    def execute(self, *statement: Any, **options: Any) -> Self:  # noqa: ANN401 - psycopg's own
        """As psycopg's; a statement that was prepared before the change is prepared anew, once."""
        try:
            return super().execute(*statement, **options)
        except errors.FeatureNotSupported:
            if self.connection.pgconn.transaction_status != TransactionStatus.IDLE:
                raise  # it undoes what came before it, and with the rollback psycopg forgets by itself
        with self.connection.transaction(force_rollback=True):
            pass
        return super().execute(*statement, **options)


class BoundedConnection(Connection[Any]):
    """Raises ``OperationalError`` and closes itself when a statement is not answered in time."""

    answer_seconds: float = ANSWER_SECONDS
    """The longest a statement may take."""
    silent_seconds: float = ANSWER_SECONDS
    """How long nothing may be heard before somebody asks whether the statement is worked on."""
    still_working: Callable[[int], bool] | None = None
    """Asks the server, over another connection, whether the session of this number works."""
    backend: int = 0
    """The number of the server's session: behind a pooler, not the one the client was told."""
    opened: float = 0.0
    rested: float = 0.0
    """When it was opened and used last, by the monotonic clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - psycopg's own
        super().__init__(*args, **kwargs)
        self.cursor_factory = _Cursor
        self._statements: set[bytes] = set()
        self.known_logs: set[str] = set()
        """The logs of which it was made sure that they may be written to through it."""
        self._ear: select.poll | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Let psycopg talk to the server, up to the limit."""
        left = limit = self.answer_seconds if timeout is None else timeout
        until, asked = time.monotonic() + limit, self.still_working
        while True:
            try:
                return super().wait(gen, interval, self.silent_seconds if asked and left > self.silent_seconds else left)
            except errors._WaitTimeout as error:  # noqa: SLF001 - what the documented time-out raises
                if asked is None or time.monotonic() >= until:
                    self.close()
                    raise OperationalError(f"no answer within {limit:g} s, or no sign that there will be one") from error
                if not asked(self.backend):
                    asked, until = None, time.monotonic() + GRACE_SECONDS
                left = max(until - time.monotonic(), 0.0)
            except (psycopg.Error, ValueError, LookupError, AssertionError) as error:
                # A server that ends answers twice, or by half: psycopg then speaks of what it has not counted on.
                if not self.closed or isinstance(error, OperationalError) or getattr(error, "sqlstate", None) is not None:
                    raise
                raise OperationalError(f"the server hung up in the middle of its answer: {error}") from error

    def run(self, statement: Prepared, parameters: Sequence[bytes]) -> PGresult:
        """Carry out a prepared statement; all values in and out are in binary."""
        if statement.name in self._statements:
            try:
                return self._run(statement, parameters)
            except errors.InvalidSqlStatementName:  # psycopg drops all there are when it forgets its own
                self._statements.clear()
        self.pgconn.send_prepare(statement.name, statement.sql, statement.types)
        self._result()
        self._statements.add(statement.name)
        return self._run(statement, parameters)

    def _run(self, statement: Prepared, parameters: Sequence[bytes]) -> PGresult:
        self.pgconn.send_query_prepared(statement.name, parameters, [1] * len(parameters), 1)
        return self._result()

    def _result(self) -> PGresult:
        """The server's answer; of several, which a server gives that ends meanwhile, the first that is an error."""
        results: list[PGresult] = self.wait(generators.execute(self.pgconn))
        for result in results:
            if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                raise errors.error_from_result(result, self.info.encoding)
        if not results:
            raise OperationalError("the server gave no answer")
        return results[0]

    def dropped(self) -> bool:
        """Whether the server has hung up while the connection lay idle; asks the socket, not the server."""
        if self.closed:
            return True
        if self._ear is None:
            self._ear = select.poll()
            self._ear.register(self.pgconn.socket, select.POLLIN)
        # An idle server says nothing: what can be read is its farewell.
        return bool(self._ear.poll(0))


def parts_of(url: str) -> dict[str, Any]:
    """What libpq reads in a URL; raises ``BadInput``, with no part of a password in it, where it reads nothing or amiss.

    A password with a bare @ or / in it is cut there: its end becomes a host or a database, which errors name.
    """
    authority, _, rest = url.partition("://")[2].partition("/")
    sentence = "signs of a password that mean something in an address are written %40 for @, %2F for /, %25 for %, %3F for ?"
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        if shown_address(url) == url:
            sentence = " ".join(str(error).split())
    else:
        ports = str(parts.get("port", "")).split(",")
        if authority.count("@") <= 1 and "@" not in rest.partition("?")[0] and all(p.isdecimal() or not p for p in ports):
            return parts
    raise BadInput(Flaw.UNREADABLE, f"store {shown_address(url)}", f"cannot be read: {sentence}")


def parameters(url: str) -> dict[str, Any]:
    """What a connection is opened with beside its URL.

    The kernel is to notice a dead peer, where the URL does not set its own limits; text travels as UTF-8 whatever the
    environment, the database or the role would have it in.
    """
    given = parts_of(url)
    wanted = {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": int(ANSWER_SECONDS * 1000),
    }
    return {name: value for name, value in wanted.items() if name not in given} | {"client_encoding": "UTF8"}


_LIBRARY_ERRORS: Final = (
    (errors.ReadOnlySqlTransaction, persistence.OperationalError),  # a standby: wait for, or find, the primary
    (errors.IdleInTransactionSessionTimeout, persistence.OperationalError),
    (errors.TransactionTimeout, persistence.OperationalError),
    (psycopg.InterfaceError, persistence.InterfaceError),
    (psycopg.OperationalError, persistence.OperationalError),
    (psycopg.DataError, persistence.DataError),
    (psycopg.IntegrityError, persistence.IntegrityError),
    (psycopg.InternalError, persistence.InternalError),
    (psycopg.ProgrammingError, persistence.ProgrammingError),
    (psycopg.NotSupportedError, persistence.NotSupportedError),
    (psycopg.DatabaseError, persistence.DatabaseError),
)


def as_library_error(error: psycopg.Error) -> persistence.PersistenceError:
    """The ``eventsourcing`` library's error for psycopg's."""
    for theirs, ours in _LIBRARY_ERRORS:
        if isinstance(error, theirs):
            return ours(str(error))
    return persistence.PersistenceError(str(error))
