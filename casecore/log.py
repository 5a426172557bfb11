"""The port to a district's log: what the engine asks of a store, and what every store keeps."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from casecore.recorded import Envelope, Head, Receipt, Recorded

__all__ = ["Batch", "Log"]


class Batch(NamedTuple):
    """One command's facts; several batches make one append."""

    command_id: str
    stream: str
    envelopes: tuple[Envelope, ...]


class Log(Protocol):
    """One district's log. Every method may raise :class:`~casecore.errors.Unavailable`."""

    @property
    def district(self) -> str:
        """行政区划代码: the log's name."""

    def append(self, batches: Sequence[Batch]) -> list[Receipt]:
        """Write all batches in one transaction, or nothing.

        Raises :class:`~casecore.errors.Conflict` when a version or a command id is taken already.
        """

    def history(self, stream: str, after: int = 0) -> list[Recorded]:
        """A stream's facts with versions above ``after``, in order."""

    def histories(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """Whole histories of several streams; unknown ones are absent."""

    def page(self, after: int, limit: int) -> list[Recorded]:
        """Up to ``limit`` facts with positions above ``after``, in order."""

    def receipts(self, command_ids: Sequence[str]) -> dict[str, Receipt]:
        """The receipts of those commands that were carried out."""

    def carried_out(self, command_ids: Sequence[str]) -> set[str]:
        """Those of the commands that were carried out."""

    def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The last version of each stream that exists."""

    def head(self) -> Head:
        """Where the log ends."""
