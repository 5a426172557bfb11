"""Walking a log once, from its first event to its head, to see whether it is what was written.

Everything a store holds of a log is looked at: each event with its digest, place and time, each receipt with the events
of its command, each append with its link in the chain, the head with where all of it ends. Where checkpoints were
taken, the log must also be the one they saw.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from adapters.evidence.chain import event_digest, genesis, link
from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.merkle import Tree
from casecore.errors import Fault
from casecore.knowing import Jump
from casecore.log import COMMON_BOUNDS, EPOCH, MICROSECOND

__all__ = ["GivenReceipt", "LogHead", "Still", "Verification", "Written", "command_of", "leaf_of", "verify_log"]


class LogHead(NamedTuple):
    """Where a store says its log ends."""

    position: int
    hash: bytes
    recorded_at: int
    epoch: int = 1


class GivenReceipt(NamedTuple):
    """A receipt as a store keeps it. But for its number all of it follows from the events of its command."""

    command_id: str
    stream: str
    version: int
    event_count: int
    position: int
    hash: bytes
    recorded_at: int


class Written(NamedTuple):
    """All a store holds of one log, as of one moment.

    ``rows`` are plain tuples in the order of :class:`~adapters.evidence.chain.Row`, ``receipts`` in that of
    :class:`GivenReceipt`, both by position. A row that cannot be read is a ``Fault``.
    """

    head: LogHead
    rows: Iterable[tuple[Any, ...]]
    receipts: Iterable[tuple[Any, ...]]


class Still(NamedTuple):
    """Where a log's time stood still: so many appends, each a microsecond behind the one before, as no clock goes."""

    first: int
    """Position of the first fact that was recorded by the log's time because the clock of who wrote it was behind."""
    last: int
    at: datetime


class Verification(NamedTuple):
    """The result of walking a log; ``first_bad_position`` is None when all is well.

    What its time did is told beside: it is as it was written, by clocks that were set wrong.
    """

    events: int
    head: str
    first_bad_position: int | None
    why: str | None
    jumps: tuple[Jump, ...] = ()
    """Where its time leaps ahead by more than the district's rule lets it."""
    still: tuple[Still, ...] = ()
    """Where it stood still."""
    ahead_of: datetime | None = None
    """The store's own clock, or this machine's, where the last fact lies further ahead of it than the rule's skew."""
    wrong_snapshots: tuple[str, ...] = ()
    """The streams of whose files a copy is kept that is not what their facts come to; asked of a log that is whole."""


_ROW_KINDS: Final = (int, str, int, str, bytes, bytes, int)
_RECEIPT_KINDS: Final = (str, str, int, int, int, bytes, int)
_HEAD_KINDS: Final = (int, bytes, int, int)
MANY: Final = 10
"""Appends in a row a microsecond apart, from which on it is said that the time stood still: one may come of a clock that
was set back a little."""
_COMMAND: Final = b'"command_id":"'


def command_of(state: bytes) -> str | None:
    """The id of the command an event goes back to, None where there was none; ``ValueError`` for bytes never written so.

    The stored bytes are canonical and no fact has a field of that name, so the id is found without reading the rest.
    """
    start = state.find(_COMMAND) + len(_COMMAND)
    if start < len(_COMMAND):
        return None
    found = state[start : state.index(b'"', start)]
    return found.decode() if b"\\" not in found else str(orjson.loads(state)["command_id"])


def leaf_of(digest: bytes, recorded_at: int) -> bytes:
    """What the log's Merkle tree holds of an event: its digest and when it was recorded."""
    return digest + recorded_at.to_bytes(8, "big")


def verify_log(
    district: str,
    written: Written,
    tree: Tree | None = None,
    checkpoints: Sequence[Checkpoint] = (),
    jump: int = COMMON_BOUNDS.jump,
) -> Verification:
    """Walk a log once; an empty ``tree`` grows along, and each checkpoint of this log is held against it.

    ``jump`` is how far its time may leap ahead without being named, in microseconds.
    """
    walk = _Walk(district, written, tree or (Tree() if checkpoints else None), checkpoints)
    walk.times = times = _Times(jump)
    position, why = None, None
    try:
        walk.run()
    except _Broken as broken:
        position, why = broken.position, broken.why
    times.rest(walk.reached)
    return Verification(walk.reached, walk.running.hex(), position, why, tuple(times.jumps), tuple(times.still))


class _Times:
    """What the time of a log does from append to append."""

    def __init__(self, jump: int) -> None:
        self._jump = jump
        self._at, self._lifted, self._since = 0, 0, 0
        self.jumps: list[Jump] = []
        self.still: list[Still] = []

    def see(self, position: int, recorded_at: int) -> None:
        """An append begins."""
        if recorded_at == self._at + 1:
            self._since = self._since if self._lifted else position
            self._lifted += 1
        else:
            self.rest(position - 1)
            if self._at and recorded_at - self._at > self._jump:
                self.jumps.append(Jump(position, _instant(self._at), _instant(recorded_at)))
        self._at = recorded_at

    def rest(self, last: int) -> None:
        """No further append was recorded by the time of the one before."""
        if self._lifted >= MANY:
            self.still.append(Still(self._since, last, _instant(self._at)))
        self._lifted = 0


def _instant(microseconds: int) -> datetime:
    try:
        return EPOCH + microseconds * MICROSECOND
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _count(receipt: tuple[Any, ...]) -> int:
    """How many events a receipt says its command has; 0 where it says nothing of the kind."""
    return receipt[3] if isinstance(receipt[3], int) else 0


class _Broken(Exception):  # noqa: N818 - a finding, caught above
    """What is not as it was written."""

    def __init__(self, position: int, why: str) -> None:
        self.position, self.why = position, why


class _Walk:
    """How far a walk has come: up to ``reached`` each append links to the one before it."""

    def __init__(self, district: str, written: Written, tree: Tree | None, checkpoints: Sequence[Checkpoint]) -> None:
        self.reached, self.running = 0, genesis(district)
        self._rows, self._head = written.rows, written.head
        self.times = _Times(COMMON_BOUNDS.jump)
        self._receipts: Iterator[tuple[Any, ...]] = iter(written.receipts)
        self._versions: dict[str, int] = {}
        self._tree = tree
        self._checkpoints = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
        self._latest = max(checkpoints, key=lambda checkpoint: checkpoint.epoch or 0, default=None)
        # The append that is being walked, and the command within it.
        self._at, self._batch, self._given = 0, sha256(), list[GivenReceipt]()
        self._command: str | None = None
        self._stream, self._first = "", 1
        # Up to here a receipt has confirmed the chain, and a checkpoint the tree.
        self._confirmed, self._witnessed = 0, 0

    def run(self) -> None:
        """Walk to the end; raises ``_Broken`` at the first thing that is not as it was written."""
        self._see()
        expected, versions = 1, self._versions
        grow = None if self._tree is None else self._tree.add
        try:
            for row in self._rows:  # no call more than needed: this runs once an event
                if tuple(map(type, row)) != _ROW_KINDS:
                    raise _Broken(expected, "holds a value of another kind than was written")
                position, stream, version, topic, state, digest, recorded_at = row
                if position != expected:
                    raise _Broken(min(expected, position), f"position {expected} is missing, {position} follows")
                if digest != event_digest(stream, version, topic, state):
                    raise _Broken(position, "the stored bytes do not match their digest")
                last = versions.get(stream)
                if last is not None and version != last + 1:
                    raise _Broken(position, f"{stream} goes from version {last} to {version}")
                command = command_of(state)
                if recorded_at != self._at or command != self._command or stream != self._stream:
                    self._turn(position, stream, command, recorded_at)
                versions[stream] = version
                self._batch.update(digest)
                if grow is not None:
                    grow(leaf_of(digest, recorded_at))
                expected += 1
            self._reach(expected - 1)
            self._finish(expected)
            self._close_append(expected)
            self._end()
        except Fault as fault:
            raise _Broken(expected, f"cannot be read: {fault}") from fault
        except (ValueError, KeyError) as error:
            raise _Broken(expected, f"its command cannot be told from the stored bytes ({error!r})") from error

    def _turn(self, position: int, stream: str, command: str | None, recorded_at: int) -> None:
        """A command begins, and perhaps an append."""
        begins = recorded_at != self._at
        if begins and self._command is not None and self._given[-1].position >= position:
            raise _Broken(position, "recorded at another time than its receipt says")
        self._finish(position)
        given = self._receipt(position, command, recorded_at) if command is not None else None
        if begins:
            self._close_append(position)
            if recorded_at <= self._at:
                raise _Broken(position, "recorded before the append that precedes it")
            self._at = recorded_at
            self.times.see(position, recorded_at)
        if given is not None:
            self._given.append(given)
        self._command, self._stream, self._first = command, stream, position

    def _receipt(self, position: int, command: str, recorded_at: int) -> GivenReceipt:
        """The receipt of the command whose first event is at ``position``."""
        row = next(self._receipts, None)
        if row is None:
            raise _Broken(position, f"command {command} has no receipt")
        if tuple(map(type, row)) != _RECEIPT_KINDS:
            raise _Broken(position, "its receipt holds a value of another kind than was written")
        given = GivenReceipt(*row)
        if given.command_id != command:
            following = next(self._receipts, None)
            own = following is not None and (following[0], following[4]) == (command, position + _count(following) - 1)
            if given.position < position or own:
                why = f"a receipt was given for command {given.command_id}, which no event there carries"
                raise _Broken(max(given.position, 1), why)
            raise _Broken(position, f"command {command} has no receipt")
        if given.recorded_at != recorded_at:
            raise _Broken(position, "recorded at another time than its receipt says")
        return given

    def _finish(self, position: int) -> None:
        """The command before ``position`` has ended: its receipt says what its events say."""
        if self._command is None:
            return
        given, last, count = self._given[-1], position - 1, position - self._first
        told = (self._command, self._stream, self._versions[self._stream], count, last)
        if given[:5] != told:
            names = [name for name, said, is_ in zip(given._fields, given, told, strict=False) if said != is_]
            raise _Broken(last, f"its receipt has another {', '.join(names)}")

    def _close_append(self, position: int) -> None:
        """The append before ``position`` has ended: it links to the chain, and its receipts have the hash it leads to."""
        if self.reached == position - 1:
            return
        running = link(self.running, self._batch.digest())
        if wrong := [given.position for given in self._given if given.hash != running]:
            if len(wrong) < len(self._given):
                raise _Broken(wrong[0], "its receipt has another hash")
            why = f"the chain does not lead to the hash its receipt has (positions {self._confirmed + 1} to {position - 1})"
            raise _Broken(self._confirmed + 1, why)
        self.reached, self.running = position - 1, running
        if self._given:
            self._confirmed = self.reached
        self._batch, self._given = sha256(), []
        self._see()

    def _see(self) -> None:
        """What the checkpoints saw up to here is what is here."""
        while self._checkpoints and self._checkpoints[0].size <= self.reached and self._tree is not None:
            seen = self._checkpoints.pop(0)
            if (seen.size, seen.head, seen.root) != (self.reached, self.running, self._tree.root()):
                why = f"positions {self._witnessed + 1} to {seen.size} are not what the checkpoint of {seen.at} saw"
                raise _Broken(self._witnessed + 1, why)
            self._witnessed = seen.size

    def _reach(self, last: int) -> None:
        """The events end where the head says."""
        if tuple(map(type, self._head)) != _HEAD_KINDS:
            raise _Broken(max(last, 1), "the head holds a value of another kind than was written")
        if last != self._head.position:
            why = f"the log ends at position {last}, its head says {self._head.position}"
            raise _Broken(max(min(last, self._head.position) + 1, 1), why)

    def _end(self) -> None:
        """The head holds what the chain leads to, no receipt is left over, and no checkpoint saw more."""
        reached, head = self.reached, self._head
        last = max(reached, 1)
        if (extra := next(self._receipts, None)) is not None:
            raise _Broken(last if extra[4] == reached else reached + 1, "a receipt was given for what is not there")
        if head.hash != self.running:
            raise _Broken(min(self._confirmed + 1, last), "the chain does not lead to the hash the head has")
        if head.recorded_at != self._at:
            raise _Broken(last, "the head has another recorded_at")
        if self._checkpoints:
            seen = self._checkpoints[-1]
            why = f"the log ends at position {reached}, the checkpoint of {seen.at} saw {seen.size}"
            raise _Broken(reached + 1, why)
        if self._latest is not None and (self._latest.epoch or 0) > head.epoch:
            why = f"the log is of epoch {head.epoch}, the checkpoint of {self._latest.at} saw epoch {self._latest.epoch}"
            raise _Broken(last, f"{why}: it was left behind, or is a backup")
