"""The port to a district's log: what the engine asks of a store, and what every store keeps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from casecore.errors import Fault
from casecore.recorded import Entry, Envelope, Head, Receipt, Recorded, Unreadable

__all__ = ["Batch", "Log", "readable", "unwritten"]


class Batch(NamedTuple):
    """One command's facts; several batches make one append."""

    command_id: str
    stream: str
    envelopes: tuple[Envelope, ...]


class Log(Protocol):
    """One district's log. Every method may raise :class:`~casecore.errors.Unavailable`.

    A fact that cannot be read is named in its place, and those around it are read; :func:`readable` stops there.
    """

    @property
    def district(self) -> str:
        """行政区划代码: the log's name."""

    def append(self, batches: Sequence[Batch], reads: Mapping[str, int] = {}) -> list[Receipt]:
        """Write all batches in one transaction, or nothing.

        ``reads`` names the last version of each stream that what is written rests on beside its own, 0 where there is no
        such stream; the store asserts it within the transaction. Raises :class:`~casecore.errors.Conflict` when a stream
        that was read stands elsewhere by now, when a version or a command id is taken already, and when the version below
        the first that is written in a stream is not there: the store was set back. Without batches nothing is asserted.
        """

    def history(self, stream: str, after: int = 0) -> list[Entry]:
        """A stream's facts with versions above ``after``, in order."""

    def histories(self, streams: Sequence[str]) -> dict[str, list[Entry]]:
        """Whole histories of several streams; unknown ones are absent."""

    def page(self, after: int, limit: int) -> list[Entry]:
        """Up to ``limit`` facts with positions above ``after``, in order."""

    def streams(self, after: int) -> list[str]:
        """Each stream that has facts with positions above ``after``, once, in any order."""

    def receipts(self, command_ids: Sequence[str]) -> dict[str, Receipt]:
        """The receipts of those commands that were carried out."""

    def carried_out(self, command_ids: Sequence[str]) -> set[str]:
        """Those of the commands that were carried out."""

    def beginnings(self, streams: Sequence[str]) -> dict[str, Entry]:
        """The first fact of each stream that exists: it says of which kind the stream is."""

    def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The last version of each stream that exists."""

    def head(self) -> Head:
        """Where the log ends."""


def readable(entries: Iterable[Entry]) -> Iterator[Recorded]:
    """The facts, up to one that cannot be read: there it raises :class:`~casecore.errors.Fault`."""
    for entry in entries:
        if isinstance(entry, Unreadable):
            raise Fault(entry.why)
        yield entry


def unwritten(batches: Sequence[Batch]) -> list[Receipt]:
    """The receipts of a dry run: of position 0, for they stand nowhere."""
    return [
        Receipt(one.command_id, one.stream, one.envelopes[-1].version, 0, "", tuple(each.event for each in one.envelopes))
        for one in batches
    ]
