"""The clock of the machine that writes (写入时钟): what it is held against, and what is said where it lies too far ahead."""

from typing import NamedTuple

from eventsourcing.persistence import IntegrityError

from casecore.log import ClockBounds

__all__ = ["AheadOfLog", "LeapUnseen", "Times"]


class AheadOfLog(IntegrityError):  # noqa: N818 - reads as what it is
    """The clock of this machine lies further ahead than it may; all instants in microseconds since 1970, UTC.

    Nothing is written then, and nothing is wrong with the store: as where a version is taken.
    """

    def __init__(self, log: str, clock: int, of: int, bound: int, *, stores_own: bool) -> None:
        super().__init__(f"log {log}: the clock of this machine, {clock}, is more than {bound} us ahead of {of}")
        self.log, self.clock, self.of, self.bound, self.stores_own = log, clock, of, bound, stores_own


class LeapUnseen(IntegrityError):  # noqa: N818 - reads as what it is
    """The log's time has leapt ahead of this machine's clock since it was read: facts are to note what that clock says."""


class Times(NamedTuple):
    """What the clock of a writer is held against; in microseconds since 1970, UTC."""

    last: int
    """When the last fact was recorded; 0 where none was."""
    own: int | None = None
    """What the store's own clock says; None of a store that has none but this machine's."""

    def check(self, log: str, clock: int, bounds: ClockBounds) -> None:
        """Raise :class:`AheadOfLog` where the clock lies further ahead, and nobody has admitted it."""
        if clock <= bounds.admitted:
            return
        if self.own is not None and clock > self.own + bounds.skew:
            raise AheadOfLog(log, clock, self.own, bounds.skew, stores_own=True)
        if self.last and clock > self.last + bounds.jump:
            raise AheadOfLog(log, clock, self.last, bounds.jump, stores_own=False)
