"""A PostgreSQL that restarts, hangs or hangs up: bounded waits, and an answer where one can be had."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from support.postgres_server import DatabaseServer, PostgresServer
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment

from adapters.district_engine import DistrictEngine
from adapters.ledger import Appended
from adapters.stores.postgres import bounded_connection
from adapters.stores.postgres.bounded_connection import BoundedConnection
from adapters.stores.postgres.ledger import PostgresLedgerRecorder
from adapters.testing.opened import open_desk
from casecore import ApplicantKind, Channel, CompleteStep, Fault, Receipt, ReceiveCase, Unavailable

DISTRICT: Final = "510107"
CASE: Final = "510107-2025-000001"
LIMIT: Final = 0.5
ROUNDS: Final = 4
CONNECTING: Final = 2
"""The least psycopg knows."""


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
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
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
        monkeypatch.setattr(bounded_connection, "CONNECT_SECONDS", CONNECTING)
        wire.silent = True
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            engine.handle(note("unheard", command_id="k"))
        # an answer not given, and a connection not made, for the append and for looking it up
        assert time.monotonic() - begun < 2 * (LIMIT + CONNECTING) + 2
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
    for connection in engine.log.ledger.datastore.connections._idle:
        connection.execute(setting)


def test_a_statement_the_server_cancels_is_unavailability(postgres_url: str) -> None:
    with opened(postgres_url) as engine, psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE casecore_heads IN ACCESS EXCLUSIVE MODE")
        everywhere(engine, "SET statement_timeout = '200ms'")
        with pytest.raises(Unavailable, match="statement timeout"):
            engine.handle(note("blocked"))


def test_a_database_made_read_only_is_unavailable_until_it_is_writable_again(postgres_url: str) -> None:
    with opened(postgres_url) as engine, psycopg.connect(postgres_url, autocommit=True) as owner:
        settled = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        for round_ in range(ROUNDS):
            owner.execute(settled.format(sql.Identifier(owner.info.dbname), sql.SQL("on")))
            everywhere(engine, "SET default_transaction_read_only = on")  # sessions there are keep what they began with
            for number in range(ROUNDS):
                with pytest.raises(Unavailable, match="read-only"):
                    engine.handle(note(f"refused {round_} {number}"))
            owner.execute(settled.format(sql.Identifier(owner.info.dbname), sql.SQL("off")))
            assert isinstance(engine.handle(note(f"written {round_}")), Receipt)
        assert names(engine) == [f"written {round_}" for round_ in range(ROUNDS)]


@pytest.mark.parametrize("encoding", ["GB18030", "GBK", "LATIN1"])
def test_names_are_kept_as_they_are_whatever_the_database_would_have_them_in(postgres_url: str, encoding: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as vandal:
        vandal.execute(f"ALTER DATABASE {vandal.info.dbname} SET client_encoding = '{encoding}'".encode())
    case = "办件-0001"
    with open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        receipt = engine.handle(replace(receive(), case=case, command_id="令牌-1"))
        assert isinstance(receipt, Receipt)
    with open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        assert [fact.stream for fact in engine.history(case)] == [case]
        assert engine.handle(replace(receive(), case=case, command_id="令牌-1")) == receipt
        assert engine.log.verify().why is None


def test_a_database_that_keeps_no_utf8_is_not_taken(postgres_server: DatabaseServer) -> None:
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE casecore_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    url = postgres_server.url("casecore_ascii")
    try:
        with pytest.raises(Fault, match="SQL_ASCII"):
            open_desk(url, district=DISTRICT, catalogue=CATALOGUE)
    finally:
        postgres_server.drop_database(url)


def test_what_a_database_sets_for_its_sessions_does_not_change_what_a_receipt_means(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as vandal:
        for setting in ("synchronous_commit = off", "default_transaction_isolation = 'serializable'"):
            vandal.execute(f"ALTER DATABASE {vandal.info.dbname} SET {setting}".encode())
    with opened(postgres_url) as engine, engine.log.ledger.datastore.get_connection() as connection:
        found = connection.execute(
            "SELECT current_setting('synchronous_commit') AS a, current_setting('transaction_isolation') AS b"
        )
        assert tuple(found.fetchone().values()) == ("on", "read committed")


def test_closing_while_a_thread_connects_leaves_no_connection(postgres_url: str) -> None:
    engine = open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE)
    threads = [Thread(target=until_closed, args=(engine, n)) for n in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    engine.close()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 30  # a backend takes a moment to see that its client has gone
    with psycopg.connect(postgres_url, autocommit=True) as other:
        while (left := backends(other)) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert left == 0


def backends(asking: psycopg.Connection) -> int:
    """How many other clients the database has."""
    ((found,),) = asking.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchall()
    return int(found)


def until_closed(engine: DistrictEngine, number: int) -> None:
    with suppress(Unavailable):
        while True:
            engine.handle(replace(receive(), case=f"C-{number}-{time.monotonic_ns()}"))
