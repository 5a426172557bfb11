"""One run of the simulation: a world and its steps, from the first to the last judgement."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from structlog.testing import capture_logs

from adapters.district_books import books_of
from casecore import (
    AdoptBooks,
    Command,
    Conflict,
    DistrictRule,
    Fault,
    Mark,
    Refused,
    Unavailable,
)
from casecore.log import readable
from projections.registry import PROJECTIONS
from support.case_oracle import CLERK
from support.case_requests import command_of
from support.followed import rows_of, texts
from support.simulation.places import DISTRICT, RESTS, Kept, Place, around, micros
from support.simulation.programs import Errand, Follower, Killed, Program
from support.simulation.steps import CASES, Setting, Step
from support.simulation.truth import Asking, Found, Said, Truth, next_request
from support.story import moment
from support.windows import LeaveWindow, StaffWindow

__all__ = ["Played", "Run", "command", "run"]

MORNING: Final = moment("03-02 09:00")
LONG_AGO: Final = moment("01-15 09:00")
NEVER_YET: Final = moment("2027-01-04 09:00")
LATEST: Final = moment("09-30 17:00")
"""The calendar of this world ends with the year, and some clocks run for months."""


class Played(NamedTuple):
    """What a run has come to."""

    steps: int
    facts: int
    acknowledged: int
    refused: int
    struck: Counter[str]
    """Faults by kind."""
    digest: str
    """Of all that was done and answered, and of what lay there at the end."""


def command(said: Said) -> Command:
    """The oracle's request in the engine's words."""
    asked = said.request
    if asked["kind"] == "adopt":
        number = asked["rule"]
        rule = DistrictRule(name=f"r{number}", warn_days=1 + number, count_before_application=number == 1, jump_days=RESTS)
        return AdoptBooks(district=DISTRICT, by=CLERK, rule=rule, command_id=said.number)
    common: dict[str, Any] = {"at": asked["at"], "by": asked.get("by") or CLERK, "command_id": said.number}
    if "window" in asked:
        kind = StaffWindow if asked["kind"] == "staff" else LeaveWindow
        return kind(**common, **{name: asked[name] for name in ("window", "stays") if name in asked})
    return command_of(asked, said.number)


class Reader(NamedTuple):
    """Somebody who reads the log on from where he was."""

    seen: list[tuple[int, bytes]]
    mark: Mark
    set_backs: int
    """How many there had been when he began to read last."""


def leaf(row: tuple[Any, ...]) -> bytes:
    """A fact's digest and instant, as a mark has them."""
    whole: bytes = row[5] + row[6].to_bytes(8, "big")
    return whole


class Run:
    """A world while it lasts."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.place = Place(setting.store)
        self.truth = Truth(self.place)
        self.time = MORNING
        self.errands: list[Errand] = []
        self.faults: Counter[str] = Counter()
        self.refused = 0
        self._trace = sha256()
        self._numbers = 0
        self._micros = 0
        self._programs: list[Program | None] = [None] * setting.programs
        self._followers: list[Follower | None] = [None] * setting.followers
        self._sent: list[Said] = []
        self._written: list[Said] = []
        self._kept: list[Kept] = []
        self._epochs = 1
        self._readers: dict[int, Reader] = {}
        self.faults["old form"] += setting.old_form
        self.faults["newer tables"] += any(setting.newer)
        self._set_backs = 0
        self._does: dict[str, Callable[[Step], Any]] = {
            "ask": lambda step: self._handle(step, [self._new(step.asked[0])]),
            "go on": self._go_on,
            "several": lambda step: self._handle(step, [self._new(one) for one in step.asked]),
            "write": lambda step: self._written.append(self._new(step.asked[0])),
            "write on": lambda step: self._written.append(self._new(next_request(self.truth.now, step.asked[0]))),
            "send": self._send,
            "again": self._again,
            "reuse": self._reuse,
            "tick": self._tick,
            "adopt": lambda step: self._handle(step, [self._new({"kind": "adopt", "rule": step.asked[0]})]),
            "read": self._read,
            "staff": lambda step: self._handle(step, [self._new({"kind": "staff", "window": step.asked[0]})]),
            "leave": self._leave,
            "follow": lambda step: self._follow(step, anew=False),
            "rebuild": lambda step: self._follow(step, anew=True),
            "kill": self._kill,
            "jump": self._jump,
            "pass": lambda step: self._pass(step.asked[0]),
            "copy": self._copy,
            "backup": self._backup,
            "put back": self._put_back,
            "cut tail": self._cut_tail,
            "restore": self._restore,
            "lock": lambda _: self._ail("locked", self.place.lock),
            "fill": lambda step: self._ail("full", lambda: self.place.fill(step.asked[0])),
            "free": lambda _: self.place.relieve(),
        }

    # --- what the machine would say ---

    def nanoseconds(self) -> int:
        """The wall clock of whoever is at work; no two looks at it are at one microsecond."""
        self._micros += 1
        who = self.errands[-1].who if self.errands else None
        offset = who.offset if isinstance(who, Program) else timedelta()
        return (micros(self.time + offset) + self._micros) * 1000

    def new_id(self) -> str:
        self._numbers += 1
        return f"t{self._numbers}"

    def struck(self, kind: str) -> None:
        self.faults[kind] += 1

    def observe(self) -> None:
        errand = self.errands[-1] if self.errands else Errand(None, Step("nothing"))
        self.truth.observe(Asking(errand.commands, errand.made, errand.nows))

    def moment(self, who: Program | Follower) -> None:
        errand = self.errands[-1] if self.errands else None
        if errand is None or errand.who is not who:
            return
        if who.dead:
            raise Killed
        errand.moments += 1
        for at, step in errand.step.inside:
            if at == errand.moments and not self._at_it(step):
                self.faults["in between"] += 1
                self.play(step)
        if who.dead:
            raise Killed
        if errand.step.fault == ("killed at", errand.moments):
            self.struck("killed at")
            who.die()
            raise Killed

    def _at_it(self, step: Step) -> bool:
        """Whether that program ticks already: one thread at a time."""
        ticking = {one.who.number for one in self.errands if one.step.do == "tick"}
        return step.do == "tick" and step.by in ticking

    # --- steps ---

    def play(self, step: Step) -> None:
        """Do one step, and look at what came of it."""
        if step.minutes:
            self._pass(step.minutes)
        answer = self._does[step.do](step)
        self._noted(step.do, step.by, answer)

    def _noted(self, *what: Any) -> None:
        self._trace.update(repr((*what, len(self.truth.rows), self.truth.now.hash.hex())).encode())

    def _pass(self, minutes: float) -> None:
        self.time = min(self.time + timedelta(minutes=minutes), LATEST)

    def program(self, number: int) -> Program:
        found = self._programs[number]
        if found is None or found.dead:
            found = self._programs[number] = Program(self, number)
        return found

    def follower(self, number: int) -> Follower:
        found = self._followers[number]
        if found is None or found.dead:
            if found is not None:
                found.close()
            found = self._followers[number] = Follower(self, number)
        return found

    def _new(self, asked: dict[str, Any]) -> Said:
        self._numbers += 1
        request = dict(asked)
        when = request.pop("when", "now")
        minutes = {"now": -(self._numbers % 3), "ago": -90, "ahead": 4, "long ago": None, "never yet": None}[when]
        fixed = LONG_AGO if when == "long ago" else NEVER_YET
        request["at"] = fixed if minutes is None else self.time + timedelta(minutes=minutes)
        return Said(f"k{self._numbers}", request)

    def _go_on(self, step: Step) -> Any:
        return self._handle(step, [self._new(next_request(self.truth.now, step.asked[0]))])

    def _send(self, step: Step) -> Any:
        if not self._written:
            return None
        self.faults["late"] += 1
        return self._handle(step, [self._written.pop(step.asked[0] % len(self._written))])

    def _again(self, step: Step) -> Any:
        if not self._sent:
            return None
        self.faults["doubled"] += 1
        return self._handle(step, [self._sent[step.asked[0] % len(self._sent)]])

    def _reuse(self, step: Step) -> Any:
        if not self._sent:
            return None
        self.faults["id reused"] += 1
        before = self._sent[step.asked[0] % len(self._sent)]
        return self._handle(step, [self._new(step.asked[1])._replace(number=before.number)])

    def _handle(self, step: Step, commands: list[Said]) -> Any:
        self._sent += [one for one in commands if one not in self._sent]
        who = self.program(step.by)
        errand = self._errand(who, step)
        errand.commands = {one.number: one for one in commands}
        since = len(self.truth.states) - 1
        for one in commands:
            self.truth.doubtful[one.number] = one
        asked = [command(one) for one in commands]
        answer = self._done(errand, lambda: who.engine.handle_many(asked))
        if isinstance(answer, tuple | Refused):
            self.refused += isinstance(answer, Refused)
            if not self._excused(who, answer):
                self.truth.answered(commands, answer, since, errand.nows)
            return str(answer.reason) if isinstance(answer, Refused) else [(one.position, one.hash) for one in answer]
        return answer

    def _excused(self, who: Program, answer: Any) -> bool:
        """Whether a refusal is that of a clock that runs ahead."""
        return isinstance(answer, Refused) and str(answer.reason) == "clock_ahead" and who.offset > timedelta()

    def _tick(self, step: Step) -> Any:
        who = self.program(step.by)
        answer = self._done(self._errand(who, step), who.engine.tick)
        if isinstance(answer, str):
            return answer
        if answer.unreadable:
            raise Found("unreadable", answer.unreadable)
        for one in answer.receipts:
            self.truth.told(one)
        return answer.looked_at, len(answer.receipts)

    def _read(self, step: Step) -> Any:
        """Somebody who keeps a mark reads on: each fact once and in order, or a sentence that what was read is gone."""
        who, reader = self.program(step.by), self._readers.setdefault(step.by, Reader([], Mark(), self._set_backs))
        before = self._set_backs
        read = self._done(self._errand(who, step), lambda: list(who.engine.follow(reader.mark)), since=reader.set_backs)
        if read == "fault":
            del self._readers[step.by]
        if not isinstance(read, list):
            return read
        seen = [*reader.seen, *((one.position, one.leaf) for one in read)]
        mark = read[-1].mark if read else reader.mark
        self._readers[step.by] = Reader(seen, mark, before)
        if self._set_backs == before and seen != [(row[0], leaf(row)) for row in self.truth.rows]:
            raise Found("reader", f"{len(seen)} facts were read, and they are not those of the log")
        return len(read)

    def _leave(self, step: Step) -> Any:
        left, stays = step.asked
        for window in () if self.errands else step.asked:
            if self.truth.now.cases.get(window, {}).get("stage") != "staffed":
                self.play(Step("staff", step.by, (window,)))
        return self._handle(step, [self._new({"kind": "leave", "window": left, "stays": stays})])

    def _errand(self, who: Program | Follower, step: Step) -> Errand:
        count = step.fault[1] if len(step.fault) > 1 else 0
        return Errand(who, step, fault_left=count)

    def _done(self, errand: Errand, act: Callable[[], Any], since: int | None = None) -> Any:
        """What comes of an errand: its answer, or in a word how it ended."""
        self.errands.append(errand)
        before = self._set_backs if since is None else since
        try:
            answer = act()
        except Killed:
            answer = "killed"
        except Unavailable as error:
            if errand.step.fault[:1] not in {("refused",), ("unanswered",), ("cut",)} and not self.place.ails:
                raise Found("unavailable", error) from error
            answer = "unavailable"
        except Conflict as error:
            raise Found("conflict", error) from error
        except Fault as error:
            if not self._may_stop(errand, before):
                raise Found("fault", error) from error
            self.faults["stopped with a sentence"] += 1
            answer = "fault"
        finally:
            self.errands.pop()
        self.observe()
        return answer

    def _may_stop(self, errand: Errand, before: int) -> bool:
        """Whether a program may say that it was left behind, or has to read anew: not unless somebody set the store back."""
        if isinstance(errand.who, Follower):
            return self._set_backs > 0 or any(self.setting.newer)
        return self._epochs > self.place.head()[2] or self._set_backs > before

    def _follow(self, step: Step, *, anew: bool) -> Any:
        who = self.follower(step.by)
        walk = who.followers.rebuild if anew else who.followers.follow
        answer = self._done(self._errand(who, step), lambda: walk(who.progress))
        if answer == "fault" and not anew:
            answer = self._done(self._errand(who, Step("rebuild")), who.followers.rebuild)
        return answer

    # --- what befalls them ---

    def _kill(self, step: Step) -> None:
        if self._programs[step.by] is not None:
            self.struck("killed idle")
            self._dies(step.by)

    def _dies(self, number: int) -> None:
        found = self._programs[number]
        if found is not None:
            found.die()
        self._programs[number] = None

    def _jump(self, step: Step) -> None:
        self.struck("clock jump")
        self.program(step.by).offset = timedelta(minutes=step.asked[0])

    def _ail(self, kind: str, act: Callable[[], None]) -> None:
        self.struck(kind)
        act()

    def _copy(self, _: Step) -> None:
        self._kept.append(self.place.keep(self.truth.known(), self.place.head()[2]))

    def _backup(self, _: Step) -> None:
        self.place.relieve()
        self._kept.append(self.place.backed_up(self.truth.known(), self.place.head()[2]))

    def _chosen(self, step: Step, kind: type | None = None) -> Kept | None:
        there = [one for one in self._kept if kind is None or not isinstance(one.copied, kind)]
        return there[step.asked[0] % len(there)] if there else None

    def _put_back(self, step: Step) -> Any:
        """A copy in the place of the store, under running programs."""
        kept = self._chosen(step, type(self.place.path))
        if kept is None:
            return None
        self.struck("set back")
        self._set_backs += 1
        self.place.put_back(kept)
        self._gone(kept)
        return len(self.truth.rows)

    def _cut_tail(self, step: Step) -> Any:
        """The machine stops, and its newest facts are gone when it comes up again; nobody is told."""
        if self._chosen(step, type(self.place.path)) is None or self.errands:
            return None
        self.struck("tail lost")
        self._all_die()
        return self._put_back(step)

    def _restore(self, step: Step) -> Any:
        kept = self._chosen(step)
        if kept is None or self.errands:
            return None
        self.struck("restored" if not hasattr(kept.copied, "joinpath") else "backup restored")
        self._all_die()
        self._set_backs += 1
        self.place.restore(kept)
        self._gone(kept)
        self._epochs = max(self._epochs, self.place.head()[2])
        self._kept = (
            [one for one in self._kept if hasattr(one.copied, "joinpath")]
            if hasattr(kept.copied, "joinpath")
            else self._kept
        )
        return len(self.truth.rows)

    def _gone(self, kept: Kept) -> None:
        self.truth.set_back(kept.known)

    def _all_die(self) -> None:
        for number in range(len(self._programs)):
            self._dies(number)
        for number, found in enumerate(self._followers):
            if found is not None:
                found.die()
                self._followers[number] = None

    # --- the end ---

    def end(self) -> None:
        """Faults end and everybody starts anew: what was in doubt is asked again, all goes on, and all is looked through."""
        self.place.relieve()
        self._all_die()
        for said in list(self.truth.doubtful.values()):
            self._handle(Step("again", 0), [said])
        if self.truth.doubtful:
            raise Found("doubt", self.truth.doubtful)
        for case in CASES:
            known = case in self.truth.now.cases
            wanted = {"kind": "note", "case": case, "name": "end"} if known else {**next_request(self.truth.now, case)}
            answer = self._handle(Step("ask", 1), [self._new(wanted)])
            if not isinstance(answer, list):
                raise Found("stuck", f"{case}: {answer}")
        self._quiet()
        self.truth.whole()
        self._same_rows()
        self._receipts()
        self.truth.whole()
        verified = self.program(0).log.verify()
        if verified.why is not None or verified.head != self.truth.now.hash.hex():
            raise Found("verify", verified)
        self._trace.update(repr(self.truth.rows).encode())

    def _quiet(self) -> None:
        """All that time has brought is recorded once."""
        self._pass(60 * 24 * 10)
        self._tick(Step("tick", 0))
        before = len(self.truth.rows)
        for number in (0, 1):
            self._tick(Step("tick", number))
        if len(self.truth.rows) != before:
            raise Found("ticked twice", self.truth.rows[before:])

    def _receipts(self) -> None:
        """Whoever asks again for what was acknowledged gets the receipt he got."""
        engine = self.program(0).engine
        found = engine.log.receipts(sorted(self.truth.acknowledged))
        for number, place in self.truth.acknowledged.items():
            one = found[number]
            if (one.stream, one.version, one.position, one.hash) != place:
                raise Found("receipt", f"{one} is not {place}")

    def _same_rows(self) -> None:
        """The tables are what the whole log, folded anew and past them, makes."""
        newest = max(range(self.setting.followers), key=lambda one: self.setting.newer[one] if self.setting.newer else 0)
        self._follow(Step("follow", newest), anew=False)
        follower, log = self.follower(newest), self.program(0).log
        tables = follower.tables
        live = tables.live()
        if live is None or not tables.made_alike(live):
            raise Found("tables", f"{live} is not of {tables.versions}")
        if aside := tables.quarantine(live, DISTRICT):
            raise Found("quarantine", aside)
        lives = {
            stream: [one.event for one in readable(history)] for stream, history in log.histories(log.streams(0)).items()
        }
        made = rows_of({DISTRICT: lives}, {DISTRICT: books_of(log)})
        for one in PROJECTIONS:
            found = sorted(map(texts, tables.query(f"SELECT * FROM {one.name}")), key=repr)  # noqa: S608 - our names
            if found != made[one.name]:
                wrong = [row for row in found if row not in made[one.name]], [r for r in made[one.name] if r not in found]
                raise Found("rows", f"{one.name}: {wrong[0][:2]} in the tables, {wrong[1][:2]} by the log")

    def close(self) -> None:
        with suppress(Exception):
            self._all_die()
        self.place.close()

    def outcome(self, steps: int) -> Played:
        return Played(
            steps,
            len(self.truth.rows),
            len(self.truth.acknowledged),
            self.refused,
            self.faults,
            self._trace.hexdigest(),
        )


def run(setting: Setting, steps: Sequence[Step]) -> Played:
    """Play a run to its end; raises what was found."""
    world = Run(setting)
    with capture_logs(), around(world.nanoseconds, setting.page):
        try:
            for step in steps:
                world.play(step)
            world.end()
            return world.outcome(len(steps))
        finally:
            world.close()
