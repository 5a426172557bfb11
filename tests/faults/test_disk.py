"""Full disks, read-only files, corrupt pages: a declared error that names the place, nothing lost, and work goes on."""

import os
import pwd
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
import pytest
from support.oracle import NOTHING, Oracle, inspect, opened
from support.postgres_server import PostgresServer
from support.victims import Raised, Victim, obey, received

from adapters.open_tables import open_tables
from adapters.tables import Generation
from casecore import CompleteStep, Fault, Refused, Unavailable
from casecore.engine import Engine
from projections.registry import PROJECTIONS

FEW, MANY, TRIES = 30, 5_000, 5
UNLIMITED: Final = -1
PAGE_BYTES: Final = 4096
CELLS: Final = slice(3, 5)  # of a B-tree page: how many it has


@contextmanager
def _small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own, or a skip where nobody may mount one."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, check=False, text=True) if shutil.which("mount") else None
    if done is None or done.returncode:
        pytest.skip(f"no small disk may be mounted here: {done.stderr.strip() if done else 'there is no mount'}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(disk: Path) -> Path:
    """A file that takes what room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * PAGE_BYTES):
                pass
        except OSError:
            return ballast
    raise AssertionError(f"{disk} has no end")


def _work(engine: Engine, oracle: Oracle, messages: int) -> Unavailable | None:
    """Handle so many messages, the one left over first; or up to one for which there is no room, which is left over."""
    for _ in range(messages):
        oracle.unanswered = oracle.unanswered or oracle.message()
        try:
            receipts = engine.handle_many(oracle.unanswered)
        except Unavailable as error:
            return error
        assert not isinstance(receipts, Refused)
        oracle.hear(oracle.unanswered, receipts)
        oracle.unanswered = ()
    return None


def _live_through(engine: Engine, oracle: Oracle, fill: Callable[[], object], relieve: Callable[[], object]) -> str:
    """Work, work on a full disk, work again, all with one engine; what it said while the disk was full."""
    assert _work(engine, oracle, FEW) is None
    fill()
    errors = []
    while len(errors) < TRIES:  # what is smaller may still find room
        error = _work(engine, oracle, MANY)
        assert error is not None, "the disk was not full"
        errors.append(str(error))
    relieve()
    assert _work(engine, oracle, FEW) is None
    print(f"{TRIES} times a full disk, {len(oracle.acknowledged)} acknowledged: {error}")  # noqa: T201
    return errors[-1]


def test_a_full_disk_is_unavailable_and_sqlite_goes_on_when_there_is_room(tmp_path: Path, chance: random.Random) -> None:
    with _small_disk(tmp_path / "disk", "8m") as disk:
        file, oracle = disk / "cases.db", Oracle(chance)
        with closing(opened(f"sqlite:///{file}")) as engine:
            said = _live_through(engine, oracle, partial(_fill, disk), (disk / "ballast").unlink)
        assert str(file) in said
        assert "\n" not in said
        # What was acknowledged is looked at with room for the tables; a log that found none in the file lies beside it.
        for part in disk.glob("cases.db*"):
            shutil.copy(part, tmp_path)
    assert inspect(f"sqlite:///{tmp_path / file.name}", oracle) == NOTHING


def test_a_full_disk_is_unavailable_and_postgresql_goes_on_when_there_is_room(
    own_server: PostgresServer, chance: random.Random
) -> None:
    place = own_server.home / f"disk-{chance.getrandbits(32):x}"
    with _small_disk(place, "24m") as disk, psycopg.connect(own_server.url(), autocommit=True) as owner:
        as_of = own_server.data_dir.stat()
        os.chown(disk, as_of.st_uid, as_of.st_gid)
        owner.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        owner.execute("CREATE DATABASE small TABLESPACE small TEMPLATE template0")
        oracle, url = Oracle(chance), own_server.url("small")
        with closing(opened(url)) as engine:
            said = _live_through(engine, oracle, partial(_fill, disk), (disk / "ballast").unlink)
        assert "No space left" in said
        assert "\n" not in said
        assert inspect(url, oracle) == NOTHING
        owner.execute("DROP DATABASE small WITH (FORCE)")
        owner.execute("DROP TABLESPACE small")


def _told(victim: Victim, *order: Any) -> Any:
    victim.wire.send(order)
    return victim.hear()


def test_a_file_that_may_not_grow_is_unavailable_and_the_writer_goes_on_when_it_may(
    tmp_path: Path, chance: random.Random
) -> None:
    file, oracle, victim = tmp_path / "cases.db", Oracle(chance), Victim(obey)
    url = f"sqlite:///{file}"
    limits: list[Raised] = []
    assert _told(victim, "open", url) is None
    for round_ in range(FEW):
        message = oracle.message()
        if round_ % 10 == 5:
            wal = file.with_name("cases.db-wal").stat().st_size
            assert _told(victim, "limit files to", wal + PAGE_BYTES // 2) is None
            limits.append(_told(victim, "handle", message))
            assert _told(victim, "limit files to", UNLIMITED) is None
        oracle.hear(message, _told(victim, "handle", message))
    victim.end()

    print(f"{len(limits)} writes cut short, {len(oracle.acknowledged)} acknowledged: {limits}")  # noqa: T201
    assert {(raised.kind, str(file) in raised.message) for raised in limits} == {("Unavailable", True)}
    assert inspect(url, oracle) == NOTHING


def test_a_writer_that_may_open_no_file_more_goes_on_when_it_may(tmp_path: Path) -> None:
    file, victim = tmp_path / "cases.db", Victim(obey)
    step = CompleteStep(case="case", by="clerk", name="step", command_id="step")
    assert _told(victim, "open", f"sqlite:///{file}") is None
    _told(victim, "handle", (received("case"),))
    victim.end()
    victim = Victim(obey)
    assert _told(victim, "open", f"sqlite:///{file}") is None  # which has read, and not written yet
    assert _told(victim, "limit open files to", 0) is None
    refused = _told(victim, "handle", (step,))
    assert (refused.kind, str(file) in refused.message) == ("Unavailable", True)
    assert _told(victim, "limit open files to", 256) is None

    (receipt,) = _told(victim, "handle", (step,))

    assert receipt.position == 2
    victim.end()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written_is_unavailable_until_it_may(what: str, chance: random.Random) -> None:
    if os.geteuid():
        pytest.skip("only root can become somebody else")
    nobody, oracle, victim = pwd.getpwnam("nobody").pw_uid, Oracle(chance), Victim(obey)
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:  # one that others may enter
        folder, file = Path(name), Path(name) / "cases.db"
        with closing(opened(f"sqlite:///{file}")) as engine:
            assert _work(engine, oracle, FEW) is None
        for path in (folder, *folder.iterdir()):
            os.chown(path, nobody, nobody)
        if what == "file":
            file.chmod(0o444)
        folder.chmod(0o555 if what == "folder" else 0o755)
        assert _told(victim, "become", nobody) is None
        message = oracle.message()

        refused = _told(victim, "open", f"sqlite:///{file}") or _told(victim, "handle", message)

        print(f"read-only {what}: {refused}")  # noqa: T201
        assert (refused.kind, str(file) in refused.message) == ("Unavailable", True)
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o644)  # SQLite's own two files took their mode from the first
        if what == "folder":  # a file may be opened to be read, and that engine lives on
            assert _told(victim, "open", f"sqlite:///{file}") is None
        answer = _told(victim, "handle", message)
        assert not isinstance(answer, Raised), answer
        oracle.hear(message, answer)
        victim.end()
        assert inspect(f"sqlite:///{file}", oracle) == NOTHING


def test_a_database_that_may_only_be_read_is_unavailable_until_it_may_be_written(
    postgres_url: str, chance: random.Random
) -> None:
    oracle = Oracle(chance)
    with closing(opened(postgres_url)) as engine:
        assert _work(engine, oracle, FEW) is None
        _set_read_only(postgres_url, "on")
        refused = [error for _ in range(TRIES) if (error := _work(engine, oracle, 1)) is not None]
        assert any("read-only" in str(error) for error in refused), refused  # others met a session that was cut
        _set_read_only(postgres_url, "off")
        while _work(engine, oracle, FEW) is not None:
            refused.append(Unavailable())
            assert len(refused) < 10 * TRIES
    assert inspect(postgres_url, oracle) == NOTHING


def _set_read_only(url: str, value: str) -> None:
    """For every session from now on: those there are, are cut."""
    with psycopg.connect(url, autocommit=True, options="-c default_transaction_read_only=off") as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = {value}")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_corrupt_page_is_a_fault_and_work_goes_on_once_it_is_restored(tmp_path: Path, chance: random.Random) -> None:
    file, oracle = tmp_path / "cases.db", Oracle(chance)
    url = f"sqlite:///{file}"
    with closing(opened(url)) as engine:
        assert _work(engine, oracle, 3 * FEW) is None
    sound = file.read_bytes()
    faults = noticed = 0
    said: set[str] = set()
    for page in range(1, len(sound) // PAGE_BYTES):  # the first holds the schema, and the file's own header
        if not any(sound[page * PAGE_BYTES :][CELLS]):
            continue  # of a table that is still empty
        wounded = bytearray(sound)
        wounded[page * PAGE_BYTES : page * PAGE_BYTES + 64] = bytes([0xFF]) * 64
        file.write_bytes(wounded)
        faults += 1
        try:
            with closing(opened(url)) as engine:
                found = _look(url, engine)
                noticed += found is not None
                said |= {found} if found else set()
                file.write_bytes(sound)
                assert _look(url, engine) is None
        except Fault as error:
            noticed += 1
            said.add(str(error))
            file.write_bytes(sound)
    print(f"{faults} pages corrupted in turn, {noticed} noticed: {sorted(said)}")  # noqa: T201
    assert faults > 0
    assert noticed == faults
    assert all(str(file) in sentence for sentence in said)
    with closing(opened(url)) as engine:
        assert _work(engine, oracle, FEW) is None
    assert inspect(url, oracle) == NOTHING


def _look(url: str, engine: Engine) -> str | None:
    """Read everything there is, by every index; what was wrong with it."""
    try:
        facts = list(engine.follow())
        engine.log.histories(sorted({fact.stream for fact in facts}))
        engine.log.receipts([fact.envelope.command_id for fact in facts if fact.envelope.command_id])
        with closing(open_tables(url, PROJECTIONS)) as tables:
            tables.checkpoint(Generation(1, tables.versions), engine.district)
        found = engine.log.verify()  # type: ignore[attr-defined]
    except Fault as error:
        return str(error)
    return str(found.why) if found.why else None


@pytest.mark.parametrize("bytes_", [b"", b"this is no database" * 500])
def test_a_file_that_is_no_database_is_said_to_be_none(bytes_: bytes, tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    file.write_bytes(bytes_)
    if not bytes_:  # an empty file is an empty store
        with closing(opened(f"sqlite:///{file}")) as engine:
            assert engine.log.head().position == 0
        return
    with pytest.raises(Fault, match=r"cases\.db: file is not a database$"):
        opened(f"sqlite:///{file}")
