"""A hall at work whose processes are killed at random moments, and whose oracle sees what becomes of it."""

import random
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg

from adapters.importing import ImportReport, load_mapping
from casecore import CaseCommand
from support.oracle import MAPPING, Findings, Oracle, inspect, opened
from support.postgres_server import PostgresServer
from support.victims import PATIENCE_SECONDS, Answer, Victim, follow, import_, rebuild, write

IN_FLIGHT: Final = 6
ASKED_TWICE: Final = 3
AT_WORK: Final = 0.8
"""How many of the killed had something done already; the others die at their start."""
LONGEST_LIFE_SECONDS: Final = 0.15
LONGEST_LAG_SECONDS: Final = 0.01
IMPORTED_CASES: Final = 400

Message = tuple[CaseCommand, ...]


class Hall:
    """One store with a writer and a follower at work, driven from outside; ``url`` names the store.

    ``remembers=False`` is a client that retries under a new command id: the control that must make doubles.
    """

    def __init__(self, url: str, chance: random.Random, folder: Path, *, remembers: bool = True) -> None:
        self.oracle = Oracle(chance)
        self.faults: Counter[str] = Counter()
        self.retries = self.in_doubt = self.had_been_written = self.imports = 0
        self._url, self._chance, self._folder, self._remembers = url, chance, folder, remembers
        self._mapping_file = folder / "faults.toml"
        self._mapping_file.write_text(MAPPING, "utf-8")
        self._mapping = load_mapping(str(self._mapping_file))
        self._sent: deque[Message] = deque()
        self._again: deque[Message] = deque()
        self._answered: deque[Message] = deque(maxlen=ASKED_TWICE)
        self._writer = self._new_writer()
        self._follower = self._started(follow)

    # -- the daily work

    def work(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Send commands and hear answers for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not until():
            while len(self._sent) < IN_FLIGHT:
                self._send(self._again.popleft() if self._again else self.oracle.message())
            if self._writer.wire.poll(0.002):
                self._heard(self._writer.hear())

    def finish(self) -> None:
        """Hear the answer to everything that was asked, and stop."""
        while self._sent or self._again:
            if self._again:
                self._send(self._again.popleft())
            else:
                self._heard(self._writer.hear())
        self.stop()

    def stop(self) -> None:
        """Kill everything, whatever is in flight, having heard all that was said."""
        self._follower.end()
        self._writer.kill()
        for said in self._writer.left_behind():
            assert isinstance(said, Answer), said
            self._heard(said)
        self._writer.wire.close()

    def _send(self, message: Message) -> None:
        self._sent.append(message)
        self._writer.wire.send(message)

    def _heard(self, answer: Answer) -> None:
        self._busy = True
        message = self._sent.popleft()
        self.retries += answer.retries
        if isinstance(answer.receipts, tuple):
            self.oracle.hear(message, answer.receipts)
            self._answered.append(message)
        else:
            assert not self._remembers, f"{answer.receipts} to {message}"

    # -- faults

    def kill_writer(self) -> None:
        """The writer dies; a new one is asked again what the old one did not answer, and some that it did."""
        if self._chance.random() < AT_WORK:
            self.work(PATIENCE_SECONDS, until=lambda: self._busy)
        self.work(self._moment())
        self._writer.kill()
        for said in self._writer.left_behind():
            assert isinstance(said, Answer), said
            self._heard(said)
        self._writer.wire.close()
        unanswered = list(self._sent)
        self._sent.clear()
        self.in_doubt += sum(map(len, unanswered))
        self.had_been_written += self._written(unanswered)
        again = [*self._answered, *unanswered] if self._remembers else [_renamed(message) for message in unanswered]
        self._again.extendleft(reversed(again))  # before what the last life left unsent
        self._writer = self._new_writer()
        self.faults["writer"] += 1

    def kill_follower(self) -> None:
        """The follower dies, and another takes its place."""
        self.work(self._moment())
        self._follower.end()
        self._follower = self._started(follow)
        self.faults["follower"] += 1

    def kill_rebuild(self) -> None:
        """A rebuild dies; whoever follows is not to notice."""
        victim = self._started(rebuild)
        self.work(self._moment())
        victim.end()
        self.faults["rebuild"] += 1

    def kill_import(self) -> None:
        """An import dies, and is run again to its end."""
        file = self._folder / f"{uuid4().hex}.csv"
        lines = list(self.oracle.file_of_cases(IMPORTED_CASES))
        file.write_text("\n".join(lines) + "\n", "utf-8")
        victim = self._started(import_, self._mapping, str(file))
        if self._chance.random() < AT_WORK:
            self.work(PATIENCE_SECONDS, until=victim.wire.poll)  # the first batch is in
        self.work(self._moment() / 4)
        self.faults["import"] += not any(isinstance(said, ImportReport) for said in victim.end())  # none if it was done
        second = self._started(import_, self._mapping, str(file))
        report = None
        while not isinstance(report, ImportReport):
            self.work(PATIENCE_SECONDS, until=second.wire.poll)
            report = second.hear()
        second.end()
        assert (report.rows, report.cases, report.rejected) == (IMPORTED_CASES, IMPORTED_CASES, []), report
        assert report.recorded + report.known == IMPORTED_CASES
        self.imports += 0 < report.known < IMPORTED_CASES

    def kill_server(self, server: PostgresServer) -> None:
        """PostgreSQL dies with all its processes, and comes back; the processes of the hall live on."""
        self.work(self._moment())
        server.kill()
        server.start()
        self.faults["server"] += 1

    def inspect(self) -> Findings:
        """Compare the store with the oracle."""
        return inspect(self._url, self.oracle)

    def _moment(self) -> float:
        return self._chance.uniform(0, LONGEST_LIFE_SECONDS)

    def _new_writer(self) -> Victim:
        self._busy = False
        lag = self._chance.choice((0, LONGEST_LAG_SECONDS))
        return Victim(write, self._url, lag)

    def _started(self, work: Callable[..., None], *arguments: object) -> Victim:
        """A victim that has begun its work; the writer goes on meanwhile."""
        victim = Victim(work, self._url, *arguments)
        self.work(PATIENCE_SECONDS, until=victim.wire.poll)
        assert victim.hear() == "ready"
        return victim

    def _written(self, messages: Sequence[Message]) -> int:
        """How many of the commands are in, although nobody was told."""
        ids = [command.command_id for message in messages for command in message if command.command_id]
        new = [command_id for command_id in ids if command_id not in self.oracle.acknowledged]
        with opened(self._url) as engine:
            return len(engine.log.carried_out(new))


def _renamed(message: Message) -> Message:
    return tuple(replace(command, command_id=uuid4().hex) for command in message)


def set_for_database(url: str, setting: str) -> None:
    """Change a setting for every later session of a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting}")
