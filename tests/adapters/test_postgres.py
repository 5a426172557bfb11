"""A PostgreSQL that restarts, hangs or hangs up: bounded waits, and an answer where one can be had."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from postgres_server import PostgresServer
from psycopg.conninfo import conninfo_to_dict
from story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment

from adapters import open_engine
from adapters.bounded_connection import BoundedConnection
from adapters.ledger import Appended
from adapters.open_engine import DistrictEngine
from adapters.postgres import PostgresLedgerRecorder
from casecore import ApplicantKind, Channel, CompleteStep, Receipt, ReceiveCase, Unavailable

DISTRICT: Final = "510107"
CASE: Final = "510107-2025-000001"
LIMIT: Final = 0.5


def receive() -> ReceiveCase:
    return ReceiveCase(
        case=CASE,
        by=CLERK,
        at=moment("2025-03-03 09:00"),
        hall=HALL,
        item=FOOD,
        channel=Channel.WINDOW,
        applicant="李雷",
        applicant_kind=ApplicantKind.PERSON,
    )


def note(name: str, **rest: Any) -> CompleteStep:
    return CompleteStep(case=CASE, by=OFFICER, at=moment("2025-03-04 10:00"), name=name, **rest)


def names(engine: DistrictEngine) -> list[str]:
    return [step.name for step in engine.file(CASE).steps]


@contextmanager
def opened(url: str) -> Iterator[DistrictEngine]:
    with open_engine(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        assert isinstance(engine.handle(receive()), Receipt)
        yield engine


class Silence:
    """A way to the server that, once told to, swallows what it is given and says nothing."""

    def __init__(self, url: str) -> None:
        parts = conninfo_to_dict(url)
        self._server = (str(parts["host"]), int(str(parts["port"])))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._door]
        self.silent = False
        self.url = f"postgresql://{parts['user']}@127.0.0.1:{self._door.getsockname()[1]}/{parts['dbname']}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._server)
                self._sockets += (client, server)
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while heard := source.recv(65536):
                if not self.silent:
                    target.sendall(heard)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in self._sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def test_a_server_that_restarted_while_the_engine_was_idle_costs_no_error(postgres_bin: Path) -> None:
    with PostgresServer(postgres_bin) as server, opened(server.create_database()) as engine:
        for name in ("before", "after"):
            assert isinstance(engine.handle(note(name)), Receipt)
            server.stop()
            server.start()
        assert names(engine) == ["before", "after"]


def test_a_silent_server_is_waited_for_no_longer_than_the_limit(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedConnection, "answer_seconds", LIMIT)
    wire = Silence(postgres_url)
    with opened(wire.url) as engine:
        monkeypatch.setattr(engine.log.ledger.datastore.pool, "timeout", LIMIT)
        wire.silent = True
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            engine.handle(note("unheard", command_id="k"))
        # an answer not given, and a connection not made, for the append and for looking it up
        assert time.monotonic() - begun < 4 * LIMIT + 2
        wire.silent = False
        deadline = time.monotonic() + 30
        while True:
            with suppress(Unavailable):
                receipt = engine.handle(note("unheard", command_id="k"))
                break
            assert time.monotonic() < deadline
        assert isinstance(receipt, Receipt)
        assert names(engine) == ["unheard"]
    wire.close()


def test_an_append_whose_answer_is_lost_is_looked_up_and_not_repeated(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = PostgresLedgerRecorder.append
    lost: list[Appended] = []

    def hang_up_after(recorder: PostgresLedgerRecorder, *arguments: Any) -> Appended:
        end = append(recorder, *arguments)
        if not lost:
            lost.append(end)
            with recorder.datastore.get_connection() as connection:
                connection.close()
                connection.execute("SELECT 1")  # the answer that never comes
        return end

    with opened(postgres_url) as engine:
        monkeypatch.setattr(PostgresLedgerRecorder, "append", hang_up_after)
        receipt = engine.handle(note("once"))
        assert isinstance(receipt, Receipt)
        assert receipt.position == lost[0].position
        assert names(engine) == ["once"]


def everywhere(engine: DistrictEngine, setting: str) -> None:
    """Change a setting in every session of the engine."""
    datastore = engine.log.ledger.datastore
    for connection in (*datastore.pool._pool, datastore._writer):
        connection.execute(setting)


def test_a_statement_the_server_cancels_is_unavailability(postgres_url: str) -> None:
    with opened(postgres_url) as engine, psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE casecore_heads IN ACCESS EXCLUSIVE MODE")
        everywhere(engine, "SET statement_timeout = '200ms'")
        with pytest.raises(Unavailable, match="statement timeout"):
            engine.handle(note("blocked"))


def test_a_standby_is_unavailability(postgres_url: str) -> None:
    with opened(postgres_url) as engine:
        everywhere(engine, "SET default_transaction_read_only = on")
        with pytest.raises(Unavailable, match="read-only"):
            engine.handle(note("refused"))
