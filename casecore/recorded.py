"""Facts as they are kept: the envelope a fact travels in, the place it has in its log, and the receipt for writing it."""

from datetime import datetime
from typing import NamedTuple

from casecore.fact import Fact

__all__ = ["Entry", "Envelope", "Event", "Head", "Mark", "Receipt", "Recorded", "Source", "Unreadable"]


Event = Fact
"""A fact as the store knows it, where the ``eventsourcing`` library's own word is met."""


class Source(NamedTuple):
    """Where an imported fact comes from: the mapping's name, the file, and the line (or trace) in it, from 1."""

    name: str
    file: str
    line: int


class Envelope(NamedTuple):
    """A fact with its place in its stream and what it goes back to. All of it is hashed."""

    stream: str
    """What it is about: the id of a case (办件编号), of a package (一件事) or of a drop box."""
    version: int
    """1, 2, 3 … within the stream."""
    event: Event
    command_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    source: Source | None = None
    fingerprint: str | None = None
    """What its command said (see :func:`casecore.fingerprint.command_fingerprint`), on the first fact of a command that was
    given with an id of its own; None on all others, of what was imported, and where it was written before it was kept."""
    clock: datetime | None = None
    """What the clock of the machine that wrote it said, in UTC, where the log's time stood further ahead of it than the
    rule's skew: after a jump, or with a clock that is slow. None where the two agreed."""

    @property
    def occurred_at(self) -> datetime:
        """When it happened."""
        return self.event.at

    @property
    def actor(self) -> str:
        """Who did it."""
        return self.event.by

    @property
    def originator_id(self) -> str:
        """The stream, under the name the ``eventsourcing`` library knows it by."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, under the name the ``eventsourcing`` library knows it by."""
        return self.version


class Mark(NamedTuple):
    """How far somebody has read a log, so that it can be told whether the log still holds what was read.

    A position alone cannot: where a store was set back and written on, another fact stands there.
    """

    position: int = 0
    """Of the last fact read; 0 before the first."""
    leaf: str = ""
    """What the log's Merkle tree holds of that fact, its digest and when it was recorded, hexadecimal; empty where it was
    not noted, and then it is not looked at."""
    epoch: int = 0
    """The epoch of the log (see :class:`Head`) it was read in; 0 where it was not noted."""


class Recorded(NamedTuple):
    """An envelope in its log: position 1, 2, 3 … without gaps, and when we learned of it."""

    log: str
    """The district (行政区划代码)."""
    position: int
    recorded_at: datetime
    """The log's time: it only ever grows from append to append, whatever the clocks of those who write say."""
    envelope: Envelope
    leaf: bytes = b""
    """As in :class:`Mark`."""
    epoch: int = 0
    """As in :class:`Mark`."""

    @property
    def mark(self) -> Mark:
        """Where the log is to be read on from, once this fact was read."""
        return Mark(self.position, self.leaf.hex(), self.epoch)

    @property
    def stream(self) -> str:
        """The stream's id."""
        return self.envelope.stream

    @property
    def version(self) -> int:
        """Version within the stream."""
        return self.envelope.version

    @property
    def event(self) -> Event:
        """The fact itself."""
        return self.envelope.event

    @property
    def occurred_at(self) -> datetime:
        """When it happened."""
        return self.envelope.event.at


class Unreadable(NamedTuple):
    """A fact that lies in its log and cannot be read: nobody knows its event name, or its bytes are none of that name's."""

    log: str
    position: int
    stream: str
    version: int
    why: str
    """One line naming case, version and event name."""
    leaf: bytes = b""
    epoch: int = 0

    @property
    def mark(self) -> Mark:
        """Where the log is to be read on from, once this was passed over."""
        return Mark(self.position, self.leaf.hex(), self.epoch)


Entry = Recorded | Unreadable
"""What lies at one position of a log."""


class Head(NamedTuple):
    """Where a log ends: its last position (0 when empty) and the hash of its chain, hexadecimal."""

    position: int
    hash: str
    epoch: int = 1
    """How often the log was taken up anew: 1, and one more with each restore (恢复) and each promotion of a standby
    (主备切换), since facts that were written before may be missing then."""


class Receipt(NamedTuple):
    """Proof that a command was carried out, on disk, once: the same for every retry of the same command id."""

    command_id: str
    stream: str
    version: int
    """The stream's version after the command."""
    position: int
    """Position in the log of the command's last fact."""
    hash: str
    """Head hash of the log after the append that carried the command, hexadecimal."""
    events: tuple[Event, ...]
    fingerprint: str | None = None
    """What the command said: another command under the same id is refused. None where its first fact keeps none."""
    imported: bool = False
    """Whether an import has that id: then it answers no command."""
