"""A driver that asks over a wire that breaks: it retries until it is answered, keeps its own account, and compares.

What the store holds is read past the wire. A write that was in before its wire broke is known by its time: the receipt's
``recorded_at`` lies before the instant of the cut.
"""

# ruff: noqa: T201 - the figures are to be seen

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple, Self, TypeVar

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    ApplicantKind,
    CaseCommand,
    Channel,
    CompleteStep,
    Conflict,
    Receipt,
    ReceiveCase,
    Refused,
    StepCompleted,
    Unavailable,
    Visit,
)
from support.proxy import Cut, How, Proxy, Way
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment

TRIES: Final = 40
NOTES_A_CASE: Final = 60
"""A case that is read again after a conflict should not be long."""

T = TypeVar("T")


@dataclass
class Tally:
    """What came of the cuts."""

    dialogue: str
    cuts: int = 0
    passed_by: int = 0
    """Armed, but the dialogue was over before."""
    in_before: int = 0
    """The wire broke when the write was in already and nobody had been told."""
    seen: int = 0
    """Errors the client saw."""
    conflicts: int = 0
    refusals: int = 0
    undeclared: list[str] = field(default_factory=list)
    checked: int = 0
    longest: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.dialogue}: {self.cuts} cuts ({self.passed_by} passed by), {self.in_before} after the commit,"
            f" {self.seen} errors seen, {self.checked} acknowledgements checked, false conflicts {self.conflicts},"
            f" false refusals {self.refusals}, undeclared errors {len(self.undeclared)},"
            f" longest wait {self.longest:.3f} s"
        )


class Dialogue(NamedTuple):
    """Something a client does over the wire."""

    name: str
    given: Callable[[], Any]
    """Makes so what has to be so before, and what is to be said."""
    call: Callable[[Any], Any]
    """One try over the wire."""
    then: Callable[[Any, Any], int | None]
    """Looks at what came of it; returns when its write was recorded (see ``recorded_at``), None where it made none."""


class Driver:
    """Asks over the wire, remembers what it asked and was told, and looks at the store past the wire."""

    def __init__(self, url: str, proxy: Proxy, district: str) -> None:
        self.url, self.proxy, self.district = url, proxy, district
        before, _, after = url.rpartition("@")[2].partition("/")
        self.wired_url = url.replace(f"@{before}/{after}", f"@127.0.0.1:{proxy.port}/{after}?application_name=wired")
        self.direct = open_desk(url, district=district, catalogue=CATALOGUE)
        self.wired = self.open()
        self.eye = psycopg.connect(url, autocommit=True)
        self.tally = Tally("nothing")
        self.numbers = count(1)
        self.asked: list[CaseCommand] = []
        self.told: dict[str, Receipt] = {}
        self.visits: dict[str, str] = {}
        self.case, self.room = "", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.eye.close()
        self.wired.close()
        self.direct.close()

    def open(self) -> DistrictEngine:
        return open_desk(self.wired_url, district=self.district, catalogue=CATALOGUE)

    # --- commands ---

    def a_case(self, *, anew: bool = False) -> str:
        """A case to write notes on, a new one now and then; it comes in past the wire."""
        number = next(self.numbers)
        if anew or self.room <= 0:
            self.room = NOTES_A_CASE
            self.case = f"{self.district}-{number:06}"
            command = ReceiveCase(
                case=self.case,
                by=CLERK,
                at=moment("03-02 09:00"),
                hall=HALL,
                item=FOOD,
                channel=Channel.WINDOW,
                applicant="李雷",
                applicant_kind=ApplicantKind.PERSON,
                command_id=f"R{number:06}",
                visit=Visit(visit=f"V{number:06}"),
            )
            self.visits[self.case] = f"{HALL}/2026-03-02/V{number:06}"
            self.remember([command], self.handle(self.direct, [command]))
        return self.case

    def notes(self, how_many: int) -> list[CaseCommand]:
        """Commands that may be carried out any number of times: a double shows."""
        case = self.a_case()
        self.room -= how_many
        return [
            CompleteStep(case=case, by=OFFICER, at=moment("03-02 10:00"), name=f"N{n:06}", command_id=f"C{n:06}")
            for n in (next(self.numbers) for _ in range(how_many))
        ]

    def remember(self, commands: Sequence[CaseCommand], receipts: Sequence[Receipt]) -> None:
        self.asked += commands
        for receipt in receipts:
            self.told[receipt.command_id] = receipt

    # --- the fault, and the retries ---

    def ask(self, commands: Sequence[CaseCommand]) -> None:
        """Ask until there is an answer."""
        self.remember(commands, self.insist(lambda: self.handle(self.wired, commands)))

    def recorded_at(self, command: CaseCommand) -> int:
        """When the receipt of a command was written, in microseconds of the epoch, by the writer's clock."""
        sql = "SELECT recorded_at FROM casecore_receipts WHERE log = %s AND command_id = %s"
        (found,) = self.eye.execute(sql, (self.district, command.command_id)).fetchall()
        return int(found[0])

    def handle(self, engine: DistrictEngine, commands: Sequence[CaseCommand]) -> tuple[Receipt, ...]:
        answer = engine.handle(commands[0]) if len(commands) == 1 else engine.handle_many(commands)
        if isinstance(answer, Refused):
            self.tally.refusals += 1
            pytest.fail(f"refused: {answer}")
        return (answer,) if isinstance(answer, Receipt) else answer

    def insist(self, act: Callable[[], T]) -> T:
        """Do it again until it goes through, counting what went wrong."""
        for _ in range(TRIES):
            try:
                return self.once(act)
            except Unavailable:
                self.tally.seen += 1
            except Conflict:
                self.tally.conflicts += 1
            except (psycopg.Error, PersistenceError, OSError) as error:
                self.tally.undeclared.append(repr(error))
        raise TimeoutError(f"not through after {TRIES} tries: {self.tally}")

    def once(self, act: Callable[[], T]) -> T:
        """Do it, and see how long it takes."""
        began = time.monotonic()
        try:
            return act()
        finally:
            self.tally.longest = max(self.tally.longest, time.monotonic() - began)

    def hold(self, dialogue: Dialogue, prepared: Any) -> int | None:
        """Hold a dialogue to its good end."""
        return dialogue.then(prepared, self.insist(lambda: dialogue.call(prepared)))

    def under(self, cut: Cut, dialogue: Dialogue) -> None:
        """Hold a dialogue while its wire is cut."""
        prepared = dialogue.given()
        self.proxy.arm(cut)
        recorded_at = self.hold(dialogue, prepared)
        struck_at = self.proxy.disarm()
        if struck_at is None:
            self.tally.passed_by += 1
        else:
            self.tally.cuts += 1
            self.tally.in_before += recorded_at is not None and recorded_at * 1000 < struck_at

    def length(self, dialogue: Dialogue) -> dict[Way, int]:
        """Bytes of an undisturbed dialogue; the first ones are longer, they prepare their statements."""
        found = {}
        for _ in range(4):
            prepared = dialogue.given()
            self.proxy.count()
            self.hold(dialogue, prepared)
            found = self.proxy.carried()
        return found

    def cut_everywhere(self, dialogue: Dialogue, stride: int) -> Tally:
        """Cut after every ``stride``-th byte of a dialogue, each way, with a reset and an orderly end in turn."""
        self.tally = Tally(dialogue.name)
        length = self.length(dialogue)
        for way in Way:
            for n, after in enumerate(sorted({*range(0, length[way] + 1, stride), length[way]})):
                self.under(Cut(way, after, (How.RESET, How.FINISH)[n % 2]), dialogue)
        self.check()
        print(f"\n{length[Way.TO_SERVER]} bytes out, {length[Way.TO_CLIENT]} back, every {stride}\n{self.tally}")
        return self.tally

    # --- then ---

    def check(self) -> None:
        """The log is whole and holds exactly what was asked, as it was acknowledged."""
        assert self.direct.log.verify().why is None
        facts = list(self.direct.follow())
        assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
        noted = Counter(fact.event.name for fact in facts if isinstance(fact.event, StepCompleted))
        wanted = {command.name for command in self.asked if isinstance(command, CompleteStep)}
        assert noted == dict.fromkeys(wanted, 1), "a note is missing, doubled or nobody's"
        found: dict[str, Receipt] = {}
        ids = {str(command.command_id) for command in self.asked}
        for case in {command.case for command in self.asked}:
            found |= self.direct.log.receipts([str(c.command_id) for c in self.asked if c.case == case])
        assert not ids - found.keys(), "acknowledged, and lost"
        others = [(told, found[number]) for number, told in self.told.items() if told != found[number]]
        assert not others, f"{len(others)} acknowledgements tell something else than the log, first {others[0]}"
        self.tally.checked = len(found)
