"""What a process has seen last of a log: no append goes through to a store that does not hold it any more.

A store may be set back while programs run on it: a backup is put in its place, an old data folder, a standby that was
promoted without the last facts. What a program remembers, and what it would decide by it, then rests on facts that are
gone. Positions only grow and no two appends of a log are recorded at the same microsecond, so that one look at the last
fact seen tells of all before it.
"""

from threading import Lock
from typing import Final, NamedTuple

from eventsourcing.persistence import IntegrityError, ProgrammingError

from adapters.evidence.verification import leaf_of

__all__ = ["FIRST_EPOCH", "EarlierEpoch", "Found", "LastSeen", "Leaf", "Seen", "SetBack"]

FIRST_EPOCH: Final = 1


class SetBack(IntegrityError):  # noqa: N818 - reads as what it is
    """The store does not hold what was seen of it: nothing was written, and what is remembered of it is void."""


class EarlierEpoch(ProgrammingError):  # noqa: N818 - reads as what it is
    """The store is one that was left behind."""


class Leaf(NamedTuple):
    """The fact at a position, as far as it is to be told from any other."""

    position: int
    digest: bytes
    recorded_at: int
    """Microseconds since the epoch, UTC."""

    def hex(self) -> str:
        """What the Merkle tree holds of it."""
        return leaf_of(self.digest, self.recorded_at).hex()


class Seen(NamedTuple):
    """What a process knows of a log."""

    branch: int = 0
    """How often the log turned out to be another than the one that was seen."""
    epoch: int = 0
    """0 where nobody has asked yet."""
    last: Leaf = Leaf(0, b"", 0)
    """Of all that was read or written, what stands highest; position 0 where nothing was."""


class Found(NamedTuple):
    """What a store answers who asks where its log stands."""

    epoch: int
    end: Leaf
    """The last fact; position 0 of an empty log."""
    there: Leaf | None
    """The fact where one was seen last; None where there is none."""


class LastSeen:
    """What a process has seen last of a district's log. Safe to share between threads."""

    def __init__(self, district: str) -> None:
        self._district = district
        self._lock = Lock()
        self.now = Seen()

    def note(self, last: Leaf) -> None:
        """Note what was written, or read."""
        with self._lock:
            if last.position > self.now.last.position:
                self.now = Seen(self.now.branch, self.now.epoch, last)

    def compare(self, seen: Seen, found: Found) -> None:
        """Hold what was seen against what the store answers; where that is gone, or the epoch is over, say so aloud.

        Raises :class:`EarlierEpoch` where the store is of an earlier epoch than the one that was seen.
        """
        if found.epoch < seen.epoch:
            raise EarlierEpoch(
                f"log {self._district}: this store is of epoch {found.epoch}, and epoch {seen.epoch} was seen: it is a"
                " primary that was left behind, or a backup. Connect to the store of the later epoch; if it is this one that"
                " is to go on, run `casecore adopt-restore`"
            )
        gone = seen.last.position > 0 and found.there != seen.last
        if not gone and (found.epoch == seen.epoch or not seen.epoch):
            with self._lock:
                if self.now.branch == seen.branch:
                    self.now = Seen(seen.branch, found.epoch, max(self.now.last, found.end))
            return
        with self._lock:
            if self.now.branch != seen.branch:
                return  # somebody else has found it out
            self.now = Seen(seen.branch + 1, found.epoch, found.end)
        import structlog  # noqa: PLC0415 - when there is something to tell: a command that looks at a case has nothing

        structlog.get_logger().critical(
            "log set back" if gone else "log taken up in a new epoch",
            log=self._district,
            seen=seen.last.position,
            ends=found.end.position,
            epoch=found.epoch,
            forgotten="all files, looks and places remembered of it",
        )
