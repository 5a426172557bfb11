"""A PostgreSQL connection that never waits for ever, and that runs a prepared statement with as little as can be between.

A peer that goes silent (a cut cable, a frozen host) sends no error: without a limit of our own the caller would hang
until somebody looks. What is not answered in time is closed; whether it was carried out is not known.
"""

import select
from collections.abc import Sequence
from typing import Any, ClassVar, Final, NamedTuple, TypeVar

import psycopg
from eventsourcing import persistence
from psycopg import Connection, OperationalError, errors, generators
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from adapters.stores.addresses import shown_address
from casecore.errors import BadInput, Flaw

__all__ = [
    "ANSWER_SECONDS", "CONNECT_SECONDS", "BoundedConnection", "Prepared", "as_library_error", "bounded", "parameters",
    "parts_of",
]  # fmt: skip

CONNECT_SECONDS: Final = 10
"""The longest wait for a connection."""
ANSWER_SECONDS: Final = 30.0
"""The longest wait for the answer to one statement; the server is told to give up a little earlier."""

RV = TypeVar("RV")


class Prepared(NamedTuple):
    """A statement to be prepared once a connection; parameters are numbered and travel in binary."""

    name: bytes
    sql: bytes
    types: tuple[int, ...]
    """The type oid of each parameter."""


class BoundedConnection(Connection[Any]):
    """Raises ``OperationalError`` and closes itself when a statement is not answered in time."""

    answer_seconds: ClassVar[float] = ANSWER_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - psycopg's own
        super().__init__(*args, **kwargs)
        self._statements: set[bytes] = set()
        self.known_logs: set[str] = set()
        """The logs of which it was made sure that they may be written to through it."""
        self._ear: select.poll | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Let psycopg talk to the server, up to the limit."""
        limit = self.answer_seconds if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except errors._WaitTimeout as error:  # noqa: SLF001 - what the documented time-out raises
            self.close()
            raise OperationalError(f"no answer within {limit:g} s") from error

    def run(self, statement: Prepared, parameters: Sequence[bytes]) -> PGresult:
        """Carry out a prepared statement; all values in and out are in binary."""
        if statement.name not in self._statements:
            self.pgconn.send_prepare(statement.name, statement.sql, statement.types)
            self._result()
            self._statements.add(statement.name)
        self.pgconn.send_query_prepared(statement.name, parameters, [1] * len(parameters), 1)
        return self._result()

    def _result(self) -> PGresult:
        results: list[PGresult] = self.wait(generators.execute(self.pgconn))
        (result,) = results
        if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            raise errors.error_from_result(result, self.info.encoding)
        return result

    def dropped(self) -> bool:
        """Whether the server has hung up while the connection lay idle; asks the socket, not the server."""
        if self.closed:
            return True
        if self._ear is None:
            self._ear = select.poll()
            self._ear.register(self.pgconn.socket, select.POLLIN)
        # An idle server says nothing: what can be read is its farewell.
        return bool(self._ear.poll(0))


def bounded(seconds: float) -> type[BoundedConnection]:
    """The kind of connection that waits that long for an answer."""
    return type("BoundedConnection", (BoundedConnection,), {"answer_seconds": seconds})


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
