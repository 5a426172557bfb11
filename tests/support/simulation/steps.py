"""What a seed draws: the world of a run, and its steps, each a plain value whose ``repr`` can be pasted into a test."""

import random
from typing import Any, Final, NamedTuple

from support.case_oracle import CLERK, OFFICER, PLAN, WHERE

__all__ = ["CASES", "FAULT_KINDS", "Setting", "Step", "drawn", "told"]

CASES: Final = ("A", "B", "案-C")
VISITS: Final = ("V1", "V2", "V3")
WINDOWS: Final = ("W1", "W2")
REASONS: Final = ("不再办理", "no longer wanted", " ")
STEPS: Final = (*PLAN["FOOD"], "moon")
MOMENTS: Final = 12
"""How often a program asks the store in the course of one command, at most, before somebody else may come in between."""
REQUESTS: Final = (*WHERE, "receive", "grant", "note", "trip")
OF_A_NUMBER: Final = {"fill": 3, "adopt": 3, **dict.fromkeys(("again", "send", "put back", "restore", "cut tail"), 1000)}
"""What is asked of them is a number below that."""
OF_FOLLOWERS: Final = ("killed before", "killed within", "killed within", "killed after", "stopped", "killed at")
OPERATIONS: Final = 400
"""Of SQLite's virtual machine: an append takes about so many."""


class Setting(NamedTuple):
    """The world of a run."""

    store: str = "memory"
    """``memory``, ``file`` (the fact tables lie in the same file), ``apart`` (they lie in one of their own)."""
    programs: int = 2
    followers: int = 1
    remembers: int = 1000
    """Files a program remembers at most."""
    page: int = 50
    """Facts a follower reads at a time."""
    old_form: bool = False
    """Whether the first program writes the forms of facts that are superseded by today's."""
    newer: tuple[int, ...] = ()
    """By how much the tables of each follower are of a newer version than ours."""


class Step(NamedTuple):
    """What is done, by which program, with which fault, and what others do meanwhile."""

    do: str
    by: int = 0
    asked: tuple[Any, ...] = ()
    minutes: float = 0
    """How much time passes before."""
    fault: tuple[Any, ...] = ()
    inside: tuple[tuple[int, "Step"], ...] = ()
    """Steps of others, each before the so-manieth time that the store is asked."""


def told(setting: Setting, steps: list[Step]) -> str:
    """A run for people, that Python reads as well."""
    lines = "".join(f"    {step!r},\n" for step in steps)
    plain = lines
    for field, default in Step._field_defaults.items():
        plain = plain.replace(f", {field}={default!r}", "")
    return f"{setting!r}, [\n{plain}]"


# --- drawing ---

FAULTS: Final = {
    "refused": 3,  # the append comes to nothing, and the program is told so
    "unanswered": 6,  # the append is in, and the program is not told
    "cut": 3,  # the append is cut short in the middle of its transaction
    "killed before": 2,
    "killed within": 2,
    "killed after": 3,
    "killed at": 3,
}
FAULT_KINDS: Final = frozenset(FAULTS) | {
    *("killed idle", "in between", "doubled", "late", "id reused", "clock jump"),
    *("set back", "tail lost", "restored", "backup restored", "locked", "full", "old form", "newer tables"),
    *(f"follower {how}" for how in ("killed before", "killed within", "killed after", "stopped")),
}
"""What strikes in the course of many seeds."""
DOING: Final = {
    "ask": 14,
    "go on": 26,
    "several": 8,
    "write": 4,
    "send": 5,
    "again": 10,
    "reuse": 3,
    "tick": 6,
    "follow": 6,
    "rebuild": 0.4,
    "read": 4,
    "staff": 2,
    "leave": 4,
    "adopt": 1.5,
    "kill": 3,
    "jump": 2,
    "pass": 3,
}
ON_FILES: Final = {
    "copy": 5,
    "put back": 5,
    "restore": 1,
    "backup": 0.15,
    "lock": 0.8,
    "fill": 0.8,
    "free": 3,
    "cut tail": 0.8,
}
INSIDE: Final = (
    "ask",
    "go on",
    "go on",
    "several",
    "again",
    "tick",
    "send",
    "adopt",
    "leave",
    "leave",
    "kill",
    "copy",
    "put back",
)


class _Dice:
    def __init__(self, chance: random.Random, setting: Setting) -> None:
        self._chance, self._setting = chance, setting
        doing = dict(DOING) if setting.store == "memory" else {**DOING, **ON_FILES}
        self._doing, self._weights = list(doing), list(doing.values())
        self._inside = [one for one in INSIDE if one in doing]

    def step(self) -> Step:
        chance = self._chance
        (do,) = chance.choices(self._doing, self._weights)
        step = self._of(do)
        step = step._replace(minutes=chance.choice((0, 1, 10, 60, 240)) if chance.random() < 0.97 else 1440 * 5)
        if do in {"ask", "go on", "several", "send", "again", "tick", "adopt", "staff", "leave"}:
            if chance.random() < 0.16:
                step = step._replace(fault=self._fault())
            if chance.random() < 0.2:
                step = step._replace(inside=self._others(chance.choice((1, 1, 1, 2, 3))))
        if do == "leave" and chance.random() < 0.5:  # both at once, each to the other
            mirror = Step("leave", chance.randrange(self._setting.programs), step.asked[::-1])
            step = step._replace(inside=((chance.randint(1, 6), mirror),))
        elif do == "read" and chance.random() < 0.2:
            step = step._replace(inside=self._others(1))
        elif do in {"follow", "rebuild"}:
            if chance.random() < 0.3:
                kind = chance.choice(OF_FOLLOWERS)
                step = step._replace(fault=(kind, chance.randint(1, 8 if kind == "killed at" else 2)))
            if chance.random() < 0.3:
                step = step._replace(inside=self._others(1))
        return step

    def _others(self, count: int) -> tuple[tuple[int, Step], ...]:
        found = [(self._chance.randint(1, MOMENTS), self._of(self._chance.choice(self._inside))) for _ in range(count)]
        return tuple(sorted(found, key=lambda one: one[0]))

    def _fault(self) -> tuple[Any, ...]:
        chance = self._chance
        (kind,) = chance.choices(list(FAULTS), list(FAULTS.values()))
        if kind in {"cut", "killed within"} and self._setting.store == "memory":
            kind = "refused"
        number = {"cut": OPERATIONS, "killed within": OPERATIONS, "killed at": MOMENTS}.get(kind, 2)
        return kind, chance.randint(1, number)

    def _of(self, do: str) -> Step:
        chance = self._chance
        by = chance.randrange(self._setting.programs)
        asked: tuple[Any, ...] = ()
        match do:
            case "ask" | "write":
                asked = (self._request(),)
            case "go on":
                asked = (chance.choice(CASES),)
            case "several":
                asked = tuple(self._request() for _ in range(chance.randint(2, 3)))
            case "staff" | "leave":
                asked = tuple(chance.sample(WINDOWS, 2))
            case "reuse":
                asked = (chance.randrange(1000), self._request())
            case "jump":
                asked = (chance.choice((-3000, -90, -10, -3, 0, 0, 3, 10, 90, 3000, 20000)),)
            case "pass":
                asked = (chance.choice((1, 30, 600, 1440, 2880, 14400)),)
            case "follow" | "rebuild":
                by = chance.randrange(self._setting.followers)
            case _ if do in OF_A_NUMBER:
                asked = (chance.randrange(OF_A_NUMBER[do]),)
        return Step(do, by, asked)

    def _request(self) -> dict[str, Any]:
        chance = self._chance
        kind = chance.choice(REQUESTS)
        more: dict[str, Any] = {}
        match kind:
            case "receive":
                more = {"item": chance.choice(sorted(PLAN)), "visit": chance.choice((None, *VISITS))}
            case "route":
                more = {"steps": tuple(chance.sample(STEPS, chance.randrange(3)))}
            case "grant":
                step = chance.choice(STEPS)
                by = chance.choice((OFFICER, OFFICER, OFFICER, CLERK))
                more = {"step": step, "department": PLAN["FOOD"].get(step, "Fire"), "by": by}
            case "decide":
                more = {"by": chance.choice((OFFICER, OFFICER, CLERK))}
            case "note":
                more = {"name": f"n{chance.randrange(3)}"}
            case "trip":
                more = {"visit": chance.choice(VISITS)}
            case "withdraw":
                more = {"reason": chance.choice(REASONS)}
            case "close":
                more = {"outcome": chance.choice(("other", "returned")), "reason": chance.choice(REASONS)}
        when = chance.choices(("now", "ago", "long ago", "ahead", "never yet"), (30, 6, 1, 3, 1))[0]
        return {"kind": kind, "case": chance.choice(CASES), "when": when, **more}


def _overtaken(chance: random.Random, setting: Setting) -> list[Step]:
    """A program decides what it saw before a set-back, and another has gone on from there in its own way."""
    case, (one, other) = chance.choice(CASES), chance.sample(range(setting.programs), 2)
    ends = {"kind": "withdraw", "case": case, "when": "now", "reason": REASONS[0]}
    return [
        Step("copy"),
        Step("go on", one, (case,)),
        Step("write on", one, (case,)),
        Step("put back", other, (-1,)),
        Step("ask", other, (ends,)),
        Step("send", one, (-1,)),
    ]


def drawn(seed: int) -> tuple[Setting, list[Step]]:
    """The world and the steps of a seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    (store,) = chance.choices(("memory", "file", "apart"), (5, 4, 2))
    followers = chance.choice((1, 1, 1, 2))
    setting = Setting(
        store,
        chance.choice((2, 2, 3)),
        followers,
        chance.choice((1, 2, 1000, 1000)),
        chance.choice((3, 9, 50, 50)),
        chance.random() < 0.12,
        tuple(chance.choice((0,) * 9 + (1, 2)) for _ in range(followers)),
    )
    dice = _Dice(chance, setting)
    steps = [dice.step() for _ in range(chance.randint(20, 50))]
    if store != "memory" and chance.random() < 0.3:
        steps[(at := chance.randrange(5, 20)) : at] = _overtaken(chance, setting)
    return setting, steps
