"""The oracle: it knows what lies in the store, read past the code it judges, what was answered, and what was taken away.

What a command must come to it works out on plain dictionaries (:mod:`support.case_oracle`), at the place in the log where
the command stands. Whoever was answered while others wrote may have been answered by any of the states there were meanwhile.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from casecore import Receipt, Refused
from casecore.district_rule import DEFAULT_RULE
from support.case_oracle import CLERK, PLAN, Oracle

__all__ = ["Asking", "Found", "Said", "State", "Truth", "request_of"]

SKEW: Final = DEFAULT_RULE.skew
"""How far a clock may run ahead of another before what it says is called the future."""
OF_BOOKS: Final = frozenset(("books_unchanged", "adopted_later", "contradicts_books"))
"""What may be said to whoever adopts a rule: there the model knows no more than that."""


class Found(AssertionError):  # noqa: N818 - what was looked for
    """Something is not as it must be: what, in one word for the shrinking, and in a sentence."""

    def __init__(self, what: str, sentence: object) -> None:
        super().__init__(f"{what}: {sentence}")
        self.what = what


class Place(NamedTuple):
    """Where a command stands in the log."""

    stream: str
    version: int
    position: int
    hash: str


class Said(NamedTuple):
    """What somebody asked for under an id."""

    number: str
    request: Mapping[str, Any]


class Asking(NamedTuple):
    """What somebody is at who may be writing."""

    commands: Mapping[str, Said]
    made: Sequence[str]
    """Ids of a clock's own."""
    nows: Sequence[datetime]
    """What the time was whenever he looked."""


class State(NamedTuple):
    """What there is between two appends."""

    cases: dict[str, dict[str, Any]]
    present: dict[str, tuple[Place, Said | None]]
    """By the id of a command where it stands, and what it asked for; None for what a clock recorded."""
    facts: int
    hash: bytes
    at: int
    """When the last of them was recorded."""
    cards: frozenset[tuple[str, str]]


class Model(Oracle):
    """The oracle of commands, and what silence brings; and of windows, of which one may be left while the other stays."""

    def ask(self, requests: list[dict[str, Any]], now: datetime) -> str | list[int]:
        """As the oracle's own, for windows too."""
        if not any("window" in one for one in requests):
            return super().ask(requests, now)
        before, versions = self.cases, list[int]()
        for one in requests:
            answer = self._at_window(one, now) if "window" in one else super().ask([one], now)
            if isinstance(answer, str):
                self.cases = before
                return answer
            versions += answer
        return versions

    def _at_window(self, asked: dict[str, Any], now: datetime) -> str | list[int]:
        windows = {name: one["stage"] for name, one in self.cases.items()}
        window, leaves = asked["window"], asked["kind"] == "leave"
        if leaves and window not in windows:
            return "unknown_case"
        if leaves == (windows.get(window) != "staffed"):
            return "wrong_stage"
        if asked["at"] > now:
            return "in_the_future"
        windows[window] = "left" if leaves else "staffed"
        if leaves and windows.get(asked["stays"]) != "staffed":
            return "wrong_stage" if asked["stays"] in windows else "unknown_case"
        facts = [*self.case(window)["facts"], asked["at"]]
        self.cases = {**self.cases, window: {"stage": windows[window], "facts": facts}}
        return [len(facts)]

    def passed(self, name: str, facts: Sequence[tuple[str, datetime]]) -> None:
        """What a clock recorded of a case: the names of the facts, and when they happened."""
        self.cases = {**self.cases, name: {**self.case(name)}}
        case = self.cases[name]
        for fact, at in facts:
            case["facts"] = [*case["facts"], at]
            if fact == "case.acceptance_deemed":
                stage = "in_review" if PLAN[case["item"]] else "reviewed"
                case.update(stage=stage, since=at, walk=[*case["walk"], (at, stage)], acceptor=None)


def request_of(said: Said) -> dict[str, Any]:
    """A request as the model takes it."""
    return dict(said.request)


def verdicts(state: State, commands: Sequence[Said], now: datetime) -> set[str | None]:
    """The refusal a call must get in a state; None where it is carried out. Two, where silence may have accepted."""
    model, found = Model(), set()
    for deemed in (False, True) if any(one.request["kind"] == "accept" for one in commands[:-1]) else (False,):
        model.cases, model.deemed = state.cases, deemed
        wanted: list[dict[str, Any]] = []
        reused: str | None = None
        for one in commands:
            known = state.present.get(one.number)
            if known is None:
                wanted.append(request_of(one))
            elif known[1] != one:
                reused = "command_id_reused"
                break
        found.add(refused_of(model, wanted, now) or reused)
        if any(one["kind"] == "adopt" for one in wanted):
            found |= OF_BOOKS
    return found


def refused_of(model: Model, wanted: list[dict[str, Any]], now: datetime) -> str | None:
    """The first refusal of these requests; the model stays as it is."""
    before, asked = model.cases, [one for one in wanted if one["kind"] != "adopt"]
    answer = model.ask(asked, now + SKEW) if asked else []
    model.cases = before
    return answer if isinstance(answer, str) else None


class Truth:
    """What is so."""

    def __init__(self, place: Any) -> None:
        self._place = place
        self.rows: list[tuple[Any, ...]] = place.rows(1)
        first = [row[5] for row in self.rows]
        link = sha256(sha256(b"casecore510107").digest() + sha256(b"".join(first)).digest()).digest()
        last = self.rows[-1]
        books = Place(last[1], last[2], last[0], link.hex())
        self.states = [State({}, {"books": (books, None)}, len(self.rows), link, last[6], frozenset())]
        self.acknowledged: dict[str, Place] = {}
        self.doubtful: dict[str, Said] = {}
        self.taken_away = 0

    @property
    def now(self) -> State:
        """The state there is."""
        return self.states[-1]

    # --- what lies there ---

    def observe(self, asking: Asking) -> None:
        """Read what was appended since; it must be one append, of what somebody is asking."""
        state, place = self.now, self._place
        found = place.rows(state.facts)
        if not found or found[0] != self.rows[state.facts - 1]:
            raise Found("lost", f"position {state.facts} is not what it was")
        new = found[1:]
        position, head, _ = place.head()
        if position != state.facts + len(new):
            raise Found("head", f"the head says {position}, the log ends at {state.facts + len(new)}")
        if not new:
            if head != state.hash:
                raise Found("head", "another hash, and nothing was written")
            return
        if [row[0] for row in new] != [*range(state.facts + 1, state.facts + len(new) + 1)]:
            raise Found("gap", [row[0] for row in new])
        if len({row[6] for row in new}) != 1 or new[0][6] <= state.at:
            raise Found("instants", [state.at, *(row[6] for row in new)])
        digests = [digest_of(row) for row in new]
        if digests != [row[5] for row in new]:
            raise Found("digest", f"of one of {[row[0] for row in new]}")
        link = sha256(state.hash + sha256(b"".join(digests)).digest()).digest()
        if link != head:
            raise Found("chain", f"at position {position}")
        self._follow(state, new, link, asking)

    def _follow(self, state: State, new: list[tuple[Any, ...]], link: bytes, asking: Asking) -> None:
        """The state after an append, each of whose commands must be lawful where it stands."""
        model, present, cards = Model(), dict(state.present), set(state.cards)
        model.cases = state.cases
        given = []
        versions = {row[1]: row[2] for row in self.rows}
        for number, rows in _by_command(new):
            if number in present:
                raise Found("twice", f"command {number} at {present[number][0].position} and at {rows[-1][0]}")
            for row in rows:
                if row[1] != rows[-1][1] or row[2] != versions.get(row[1], 0) + 1:
                    raise Found("version", f"{row[:3]} follows on {versions.get(row[1], 0)}, of command {number}")
                versions[row[1]] = row[2]
                cards |= _card(row, cards)
            last = rows[-1]
            place = Place(last[1], last[2], last[0], link.hex())
            given.append((number, place.stream, place.version, len(rows), place.position, link))
            present[number] = place, asking.commands.get(number)
            self._carried_out(model, number, rows, place, asking)
        if (kept := self._place.receipts(state.facts + 1)) != given:
            raise Found("receipts", f"{kept} are kept, {given} were earned")
        self.rows += new
        at = new[-1][6]
        self.states.append(State(model.cases, present, new[-1][0], link, at, frozenset(cards)))

    def _carried_out(self, model: Model, number: str, rows: Sequence[tuple[Any, ...]], place: Place, asking: Asking) -> None:
        """What a command has come to, and whether it may have come to that."""
        said = asking.commands.get(number)
        if said is None:
            if number in asking.made:
                model.passed(place.stream, [(row[3].rpartition(".")[0], _at(row)) for row in rows])
            elif number.partition("/")[0] not in asking.commands:
                raise Found("stranger", f"command {number}, which nobody is asking for")
        elif said.request["kind"] == "adopt":
            if not rows[-1][3].startswith("district."):
                raise Found("facts", f"{said} came to {rows[-1][3]}")
        else:
            by_silence = sum(row[3].startswith(("case.acceptance_deemed", "case.review_completed")) for row in rows)
            model.deemed = any(row[3].startswith("case.acceptance_deemed") for row in rows)
            self._lawful(model, said, place, asking.nows, by_silence if model.deemed else 0)

    def _lawful(self, model: Model, said: Said, place: Place, nows: Sequence[datetime], by_silence: int) -> None:
        """The command is carried out where it stands; what silence has brought by then (Art. 32) comes before an end."""
        answers = {refused_of(model, [request_of(said)], now) for now in {*nows}}
        if None not in answers:
            raise Found("unlawful", f"{said} at position {place.position}: {sorted(map(str, answers))}")
        (version,) = model.ask([request_of(said)], max(nows) + SKEW)
        if by_silence and said.request["kind"] != "accept":
            model.cases[said.request["case"]]["facts"] += [said.request["at"]] * by_silence
            version += by_silence
        if version != place.version:
            raise Found("facts", f"{said} came to version {place.version}, {version} was expected")

    # --- what was answered ---

    def answered(self, commands: Sequence[Said], answer: Any, since: int, nows: Sequence[datetime]) -> None:
        """Judge an answer by the states there were while it was worked out."""
        states = self.states[since:]
        if isinstance(answer, Refused):
            expected = {one for state in states for now in {*nows} for one in verdicts(state, commands, now)}
            if str(answer.reason) not in expected:
                raise Found("refusal", f"{answer.reason} to {commands}, expected {sorted(map(str, expected))}")
            for one in commands:
                self.doubtful.pop(one.number, None)
            return
        places = {}
        for one, receipt in zip(commands, answer, strict=True):
            assert isinstance(receipt, Receipt)
            if receipt.command_id != one.number:
                raise Found("receipt", f"{receipt.command_id} for {one.number}")
            places[one.number] = Place(receipt.stream, receipt.version, receipt.position, receipt.hash)
        wanted = {one.number: (places[one.number], one) for one in commands}
        if not any(wanted.items() <= state.present.items() for state in states):
            raise Found("receipt", f"{wanted} is nowhere in the log")
        for number, place in places.items():
            self.doubtful.pop(number, None)
            if self.now.present.get(number, (None,))[0] == place:
                self.acknowledged[number] = place
            else:  # set back meanwhile
                self.acknowledged.pop(number, None)

    def told(self, receipt: Receipt) -> None:
        """What a clock was told is in the log."""
        place = Place(receipt.stream, receipt.version, receipt.position, receipt.hash)
        if not any(state.present.get(receipt.command_id, (None,))[0] == place for state in self.states):
            raise Found("receipt", f"{receipt.command_id} at {place} is nowhere in the log")
        if self.now.present.get(receipt.command_id, (None,))[0] == place:
            self.acknowledged[receipt.command_id] = place

    def known(self) -> tuple[State, tuple[tuple[Any, ...], ...]]:
        """What there is now, for whoever keeps a copy of the store."""
        return self.now, tuple(self.rows)

    def set_back(self, known: tuple[State, tuple[tuple[Any, ...], ...]]) -> None:
        """The store holds only this from here on: it was set back, and everybody knows by whom."""
        state, rows = known
        self.rows = [*rows]
        self.states.append(state)
        for number, place in tuple(self.acknowledged.items()):
            if state.present.get(number, (None,))[0] != place:
                del self.acknowledged[number]
                self.taken_away += 1
        if self._place.rows(1) != self.rows or self._place.head()[:2] != (state.facts, state.hash):
            raise Found("copy", f"{state.facts} facts were to be there")

    def whole(self) -> None:
        """All that lies there is what was seen to be written, and all that was acknowledged is among it."""
        if self._place.rows(1) != self.rows:
            raise Found("changed", "the log is not what was seen of it")
        for number, place in self.acknowledged.items():
            if self.now.present.get(number, (None,))[0] != place:
                raise Found("lost", f"{number} was acknowledged: {place}")


def digest_of(row: tuple[Any, ...]) -> bytes:
    """The digest of a fact, by the book."""
    _, stream, version, topic, state, *_ = row
    name, kind = stream.encode(), topic.encode()
    whole = f"{len(name)}:".encode() + name + f",{version},{len(kind)}:".encode() + kind + b"," + state
    return sha256(whole).digest()


def _by_command(rows: Sequence[tuple[Any, ...]]) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The facts of an append by the command their bytes name, in their order."""
    found: list[tuple[str, list[tuple[Any, ...]]]] = []
    for row in rows:
        number = json.loads(row[4])["command_id"]
        if not found or found[-1][0] != number:
            found.append((number, []))
        found[-1][1].append(row)
    if len({number for number, _ in found}) < len(found):
        raise Found("mixed", [number for number, _ in found])
    return found


def _card(row: tuple[Any, ...], known: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The card a fact issues; each is issued once."""
    if not row[3].startswith("case.card_issued"):
        return set()
    card = row[1], json.loads(row[4])["data"]["card"]
    if card in known:
        raise Found("card twice", card)
    return {card}


def _at(row: tuple[Any, ...]) -> datetime:
    return datetime.fromisoformat(json.loads(row[4])["at"])


def next_request(state: State, case: str) -> dict[str, Any]:
    """What brings a case one step on."""
    model = Model()
    model.cases = state.cases
    stage = model.case(case)
    if stage["stage"] == "in_review" and stage["item"] not in PLAN:
        return {"kind": "note", "name": "on"}
    request = model.next_request(case)
    if request.get("by") is None:
        request["by"] = CLERK
    return {"case": case, **request}
