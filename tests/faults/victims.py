"""What runs in the processes the fault harnesses start, and mostly kill: each takes a wire to its driver.

Pages and import batches are made small here, so that a kill finds many boundaries to fall between.
"""

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Final, NamedTuple, TypeVar

from oracle import opened

from adapters.importing import importing
from adapters.open_engine import DistrictEngine, pause
from adapters.tables import open_tables
from casecore import CaseCommand, Receipt, Refused
from casecore.errors import Conflict, Unavailable
from ops import following
from projections.registry import PROJECTIONS

PATIENCE_SECONDS: Final = 60
GONE_SECONDS: Final = 30

T = TypeVar("T")

_context = get_context("forkserver")
_context.set_forkserver_preload(["pytest", "victims"])  # a victim is there within milliseconds


class Answer(NamedTuple):
    """What a writer says to one message of commands."""

    receipts: tuple[Receipt, ...] | Refused
    retries: int


class Failure(NamedTuple):
    """What a victim says when it ends by itself and should not."""

    what: str


class Victim:
    """A process that can be killed, and the wire to it."""

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self.wire, theirs = _context.Pipe()
        self.process: ForkServerProcess = _context.Process(target=_run, args=(work, theirs, arguments), daemon=True)
        self.process.start()
        theirs.close()

    def hear(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """The next thing it says."""
        assert self.wire.poll(seconds), f"{self.process.name} has said nothing for {seconds} s"
        said = self.wire.recv()
        assert not isinstance(said, Failure), said.what
        return said

    def left_behind(self) -> Iterator[Any]:
        """What it had said before it died and nobody had heard."""
        with contextlib.suppress(EOFError, OSError):
            while self.wire.poll(0):
                yield self.wire.recv()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.join(GONE_SECONDS)
        assert self.process.exitcode is not None, "still there after SIGKILL"

    def end(self) -> None:
        """Kill it, and let go of the wire."""
        self.kill()
        self.wire.close()


def _run(work: Callable[..., None], wire: Connection, arguments: tuple[Any, ...]) -> None:
    importing.BATCH = 20  # type: ignore[misc]
    following.PAGE = 300  # type: ignore[misc]
    random.seed(os.getpid())
    try:
        work(wire, *arguments)
    except (EOFError, BrokenPipeError):
        pass  # the driver has hung up
    except BaseException as error:  # noqa: BLE001 - the driver is to see it
        wire.send(Failure(f"{work.__name__}: {error!r}"))


def patiently(act: Callable[[], T]) -> tuple[T, int]:
    """Do it again while the store is away or another was faster, as a client would; how often it was."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    retries = 0
    while True:
        try:
            return act(), retries
        except (Conflict, Unavailable):
            if time.monotonic() > deadline:
                raise
            retries += 1
            pause(retries)


def store(url: str) -> DistrictEngine:
    """The engine, as soon as the store can be reached."""
    engine, _ = patiently(lambda: opened(url))
    return engine


def write(wire: Connection, url: str, lag_seconds: float) -> None:
    """Carry out what comes over the wire, each message in one transaction, and answer with the receipts.

    ``lag_seconds``: an answer is up to that long on its way.
    """
    engine = store(url)
    while True:
        commands: tuple[CaseCommand, ...] = wire.recv()
        receipts, retries = patiently(lambda: engine.handle_many(commands))  # noqa: B023 - called here
        time.sleep(random.uniform(0, lag_seconds))  # noqa: S311
        wire.send(Answer(receipts, retries))


def follow(wire: Connection, url: str) -> None:
    """Keep the fact tables up to date."""
    engine = store(url)
    tables, _ = patiently(lambda: open_tables(url, PROJECTIONS))
    followers = following.Followers([engine.log], tables)
    wire.send("ready")
    while True:
        patiently(followers.follow)
        time.sleep(0.002)


def rebuild(wire: Connection, url: str) -> None:
    """Make the fact tables anew, again and again."""
    engine = store(url)
    tables, _ = patiently(lambda: open_tables(url, PROJECTIONS))
    wire.send("ready")
    while True:
        patiently(lambda: following.rebuild([engine.log], tables))


def import_(wire: Connection, url: str, mapping: importing.Mapping, file: str) -> None:
    """Import one file, and say what became of it."""
    engine = store(url)
    wire.send("ready")
    report, _ = patiently(lambda: importing.import_file(engine, mapping, file))
    wire.send(report)
