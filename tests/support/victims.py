"""What runs in the processes the fault harnesses start, and mostly kill: each takes a wire to its driver.

Pages and import batches are made small here, so that a kill finds many boundaries to fall between.
"""

import contextlib
import os
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib import import_module
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, Final, NamedTuple, TypeVar

import psycopg

from adapters import following, loading, open_engine, pace
from adapters.district_engine import DistrictEngine, pause
from adapters.importing import importing, run
from adapters.keeping import Keeper
from adapters.open_tables import open_tables
from adapters.opening import open_facts, open_store
from adapters.stores.sqlite.locks import Turnstile
from casecore import CaseCommand, CompleteStep, Receipt, ReceiveCase, Refused
from casecore.errors import CasecoreError, Conflict, Unavailable
from casecore.recorded import Recorded
from projections import registry
from projections.registry import PROJECTIONS
from support.oracle import DISTRICT, ITEM, opened

PATIENCE_SECONDS: Final = 60
GONE_SECONDS: Final = 30
NEW_CASES: Final = 0.1
COMMON_FACTS: Final = 0.1

T = TypeVar("T")


@cache
def _forking() -> ForkServerContext:
    """Processes forked from one that has imported everything: each is there within milliseconds."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["pytest", "support.victims"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # Python 3.11 gives the server no other way to find us
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


class Answer(NamedTuple):
    """What a writer says to one message of commands."""

    receipts: tuple[Receipt, ...] | Refused
    retries: int


class Raised(NamedTuple):
    """A declared error, by the name of its kind."""

    kind: str
    message: str


class Answered(NamedTuple):
    """One acknowledged command of a writer that tells all at its end."""

    command_id: str
    position: int
    hash: str
    retries: int


class Seen(NamedTuple):
    """A fact as a reader met it."""

    position: int
    case: str
    version: int
    command_id: str | None


class Failure(NamedTuple):
    """What a victim says when it ends by itself and should not."""

    what: str


class Victim:
    """A process that can be killed, and the wire to it."""

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self.wire, theirs = _forking().Pipe()
        self.process: ForkServerProcess = _forking().Process(target=_run, args=(work, theirs, arguments), daemon=True)
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

    def end(self) -> list[Any]:
        """Kill it, and let go of the wire; what it had said and nobody had heard. It must not have failed before."""
        self.kill()
        unheard = list(self.left_behind())
        self.wire.close()
        assert not any(isinstance(said, Failure) for said in unheard), unheard
        return unheard


def _run(work: Callable[..., None], wire: Connection, arguments: tuple[Any, ...]) -> None:
    run.BATCH = 20  # type: ignore[misc]
    following.PAGE = 300  # type: ignore[misc]
    random.seed(os.getpid())
    try:
        work(wire, *arguments)
    except (EOFError, BrokenPipeError):
        pass  # the driver has hung up
    except BaseException as error:  # noqa: BLE001 - the driver is to see it
        wire.send(Failure(f"{work.__name__}: {error!r}\n{traceback.format_exc()}"))


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


def store(url: str, district: str = DISTRICT) -> DistrictEngine:
    """The engine, as soon as the store can be reached."""
    engine, _ = patiently(lambda: opened(url, district))
    return engine


def received(case: str) -> ReceiveCase:
    """The command that opens a case with one fact."""
    return ReceiveCase(case=case, by="clerk", item=ITEM, hall="hall", command_id=f"receive-{case}")


def append(  # noqa: PLR0913, PLR0917 - over a wire
    wire: Connection, url: str, district: str, name: str, count: int, common: Sequence[str], seed: int
) -> None:
    """Write ``count`` facts, one a command, into cases of its own and into common ones; say all receipts at the end."""
    engine, chance = store(url, district), random.Random(seed)  # noqa: S311
    answers: list[Answered] = []
    case = ""
    wire.send("ready")
    wire.recv()
    while len(answers) < count:
        commands: list[CaseCommand] = []
        for n in range(len(answers), min(count, len(answers) + chance.choice((1, 1, 1, 4)))):
            if not case or chance.random() < NEW_CASES:
                case = f"{name}-{n}"
                commands.append(received(case))
            else:
                where = chance.choice(common) if chance.random() < COMMON_FACTS else case
                commands.append(CompleteStep(case=where, by="clerk", name=f"step {n}", command_id=f"{name}/{n}"))
        receipts, retries = patiently(lambda: engine.handle_many(commands))  # noqa: B023 - called here
        assert isinstance(receipts, tuple), f"{receipts} to {commands}"
        answers += [Answered(r.command_id, r.position, r.hash, retries) for r in receipts]
    wire.send(answers)


def tail(wire: Connection, url: str, by_engine: bool, end: str) -> None:  # noqa: FBT001 - over a wire
    """Read the log while it is written, up to the case that ends it; say what was seen, in the order it was."""
    engine = store(url)
    seen: list[Seen] = []
    wire.send("ready")
    for fact in engine.follow(wait=True) if by_engine else _polled(engine):
        seen.append(Seen(fact.position, fact.stream, fact.version, fact.envelope.command_id))
        if fact.stream == end:
            break
    wire.send(seen)


def _polled(engine: DistrictEngine) -> Iterator[Recorded]:
    """The log by pages of any size, asked for without rest."""
    after = 0
    while True:
        for fact in engine.log.page(after, random.randint(1, 200)):  # noqa: S311
            yield fact
            after = fact.position


def append_plainly(wire: Connection, url: str, count: int, seed: int) -> None:
    """Insert into the plain table of the control, in transactions of varied length."""
    chance = random.Random(seed)  # noqa: S311
    with psycopg.connect(url) as connection:
        wire.send("ready")
        wire.recv()
        for _ in range(count):
            connection.execute("INSERT INTO plain (what) VALUES ('fact')")
            time.sleep(chance.choice((0, 0, 0.001, 0.005)))
            connection.commit()
    wire.send(count)


def tail_plainly(wire: Connection, url: str, end: str) -> None:
    """Read the plain table as :func:`tail` reads a log: what lies above the last number seen."""
    seen: list[int] = []
    with psycopg.connect(url, autocommit=True) as connection:
        wire.send("ready")
        while True:
            after = seen[-1] if seen else 0
            for number, what in connection.execute("SELECT id, what FROM plain WHERE id > %s ORDER BY id", (after,)):
                seen.append(number)
                if what == end:
                    wire.send(seen)
                    return


def join(wire: Connection, name: str) -> None:
    """Open one store after the other that it is told of, and write one fact to each."""
    wire.send("ready")
    while True:
        with opened(wire.recv()) as engine:
            receipt = engine.handle(received(name))
            assert isinstance(receipt, Receipt)
            wire.send(receipt.position)


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


def start(wire: Connection, url: str, district: str, later: bool) -> None:  # noqa: FBT001 - over a wire
    """A program that starts: opens its district, writes a fact, brings the fact tables up to date and asks them.

    ``later`` is a program whose projections are newer.
    """
    if later:
        raised = (one._replace(version=one.version + 1) if one.name == "case_facts" else one for one in PROJECTIONS)
        registry.PROJECTIONS = tuple(raised)
    wire.send("ready")
    wire.recv()
    with opened(url, district) as engine:
        assert isinstance(engine.handle(received(f"case-{os.getpid()}")), Receipt)
    with Keeper(url) as keeper:
        keeper.follow()
    with open_facts(url) as tables:
        ((cases,),) = tables.query("SELECT count(*) FROM case_facts")
    wire.send(int(cases))


class Served(NamedTuple):
    """What a window did until it was told to stop."""

    receipts: int
    longest_seconds: float
    median_seconds: float


def serve(wire: Connection, url: str, courteous: bool) -> None:  # noqa: FBT001 - over a wire
    """A window: one fact after the other into a case of its own, and how long each took. A refusal or an error ends it."""
    if not courteous:
        turns_off()
    waits: list[float] = []
    with opened(url) as engine:
        case = f"window-{os.getpid()}"
        assert isinstance(engine.handle(received(case)), Receipt)
        wire.send("ready")
        wire.recv()
        while not wire.poll(0.005):
            began = time.monotonic()
            receipt = engine.handle(CompleteStep(case=case, by="clerk", name=f"step {len(waits)}"))
            waits.append(time.monotonic() - began)
            assert isinstance(receipt, Receipt)
        assert engine.file(case).version == len(waits) + 1
    waits.sort()
    wire.send(Served(len(waits), waits[-1], waits[len(waits) // 2]))


def rebuild_whole(wire: Connection, url: str, courteous: bool) -> None:  # noqa: FBT001 - over a wire
    """Make the fact tables anew, page by page as a program does, until told to stop; how often, and in how many slices."""
    following.PAGE = 5000  # type: ignore[misc]
    if not courteous:
        turns_off()
        pace.LEAST = 5000  # type: ignore[misc]
    rebuilds = 0
    with open_store(url) as opened_store:
        wire.send("ready")
        wire.recv()
        while not wire.poll(0):
            following.rebuild(opened_store.logs, opened_store.tables)
            rebuilds += 1
    wire.send(rebuilds)


def turns_off() -> None:
    """Write as a program does that queues nowhere."""
    Turnstile._queued_at = lambda _: None  # type: ignore[method-assign]


def rebuild_slowly(wire: Connection, url: str) -> None:
    """Make the fact tables anew, and never come to an end."""
    with open_store(url) as opened_store:
        following.rebuild(opened_store.logs, opened_store.tables, lambda _: (wire.send("ready"), time.sleep(600))[0])


def rebuild_in_steps(wire: Connection, url: str, together: int) -> None:
    """Make the fact tables anew, so many streams at a time; say of each step how many facts are in the rows."""
    loading.TOGETHER = together  # type: ignore[misc]
    with open_store(url) as opened_store:

        def told(_: int) -> None:
            begun = opened_store.tables.half_made()
            wire.send(sum(one.facts for one in opened_store.tables.loads(begun)) if begun is not None else 0)

        following.rebuild(opened_store.logs, opened_store.tables, told)
    wire.send("done")


def import_(wire: Connection, url: str, mapping: importing.Mapping, file: str) -> None:
    """Import one file; say how many rows each batch took, and at the end what became of it."""
    engine = store(url)
    wire.send("ready")
    report, _ = patiently(lambda: importing.import_file(engine, mapping, file, progress=wire.send))
    wire.send(report)


def obey(wire: Connection) -> None:
    """Do what it is told, one thing after the other, and say what came of it, or which declared error."""
    engine: DistrictEngine | None = None
    while True:
        match wire.recv():
            case "open", str(url):
                act = partial(opened, url)
            case "limit files to", int(size):
                act = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            case "limit open files to", int(count):
                most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
                act = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (count, most))
            case "become", int(uid):
                act = partial(_become, uid)
            case "handle", commands:
                assert engine is not None
                act = partial(engine.handle_many, commands)
            case unknown:
                raise AssertionError(unknown)
        try:
            answer = act()
        except CasecoreError as error:
            wire.send(Raised(type(error).__name__, str(error)))
            continue
        if isinstance(answer, DistrictEngine):
            engine = answer
        wire.send(answer if isinstance(answer, tuple | Refused) else None)


def _become(uid: int) -> None:
    """Somebody whom permissions bind, which they do not bind root."""
    # While they may still be read: a store, the catalogue and the codecs are loaded when they are first used.
    import_module("adapters.stores.sqlite")
    with open_engine("memory:", district="before") as engine:
        engine.handle(ReceiveCase(case="C", by="wang", hall="hall", item="house-transfer"))
        engine.file("C")
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
