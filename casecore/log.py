"""The port to a district's log: what the engine asks of a store, and what every store keeps."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol, Self

from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.errors import Fault
from casecore.kind import File
from casecore.recorded import Entry, Envelope, Head, Mark, Receipt, Recorded, Unreadable

__all__ = [
    "COMMON_BOUNDS",
    "EPOCH",
    "MICROSECOND",
    "NO_LOOKS",
    "Batch",
    "ClockBounds",
    "Log",
    "Looked",
    "Looks",
    "Stretch",
    "not_held",
    "read_on",
    "readable",
    "unwritten",
]

PAGE: Final = 2000
"""Facts read at a time."""


class Batch(NamedTuple):
    """One command's facts; several batches make one append."""

    command_id: str
    stream: str
    envelopes: tuple[Envelope, ...]


class Stretch(NamedTuple):
    """What the file of a stream is folded from."""

    entries: list[Entry]
    """Its facts: all of them, or those behind the snapshot."""
    kept: File | None = None
    """The file a snapshot was taken of; None where the facts begin with the first."""


class ClockBounds(NamedTuple):
    """How far the clock of the machine that writes may lie ahead; all in microseconds.

    One that is behind is not refused: the log's time goes on from where it stands.
    """

    skew: int
    """Ahead of the store's own clock, where it has one."""
    jump: int
    """Ahead of the last fact, where there is one."""
    admitted: int = 0
    """Up to which instant, since 1970 in UTC, an operator has admitted any clock (准许时钟提前)."""

    @classmethod
    def of(cls, rule: DistrictRule, admitted: datetime | None = None) -> Self:
        """The bounds of a district's rule, with what its operator admits."""
        until = 0 if admitted is None else (admitted - EPOCH) // MICROSECOND
        return cls(rule.skew // MICROSECOND, rule.jump // MICROSECOND, until)


class Looks(NamedTuple):
    """When the streams of a log are to be looked at next, as it is kept beside the log."""

    number: int
    """How often it was written; 0 where nothing is kept."""
    position: int
    """Up to which all facts of the log were looked at; 0 where what is kept is not to be believed."""
    due: tuple[str, ...] = ()
    """The streams whose time has come."""


NO_LOOKS: Final = Looks(0, 0)


class Looked(NamedTuple):
    """What looks that are to be kept were found by."""

    number: int
    """That of what is kept already (:class:`Looks`)."""
    whole: bool
    """Whether they are all there are; else those of other streams stay."""
    last: Mark
    """Up to which fact the log was looked at."""
    at: datetime
    """What the clock said."""
    rests_on: str
    """The books, in words."""


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
COMMON_BOUNDS: Final = ClockBounds.of(DEFAULT_RULE)
"""Those of a district that has adopted no rule."""


class Log(Protocol):
    """One district's log. Every method may raise :class:`~casecore.errors.Unavailable`.

    A fact that cannot be read is named in its place, and those around it are read; :func:`readable` stops there.

    A store may be set back under a running program: a backup is put in its place, a standby is promoted without the last
    facts. Nothing is written there before whatever was remembered of what is gone is forgotten: see ``branch``.
    """

    @property
    def district(self) -> str:
        """行政区划代码: the log's name."""

    @property
    def branch(self) -> int:
        """How often, since it was opened, the log turned out not to hold any more what had been read of it or written.

        What was read under another branch is to be forgotten.
        """

    def look_back(self) -> int:
        """Ask the store whether the log holds what was read of it last, in the epoch it was read in; returns the branch.

        Raises :class:`~casecore.errors.Fault` where it is of an earlier epoch: an old primary, or a backup of one.
        """

    def append(
        self,
        batches: Sequence[Batch],
        reads: Mapping[str, int] = {},
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> list[Receipt]:
        """Write all batches in one transaction, or nothing.

        ``reads`` names the last version of each stream that what is written rests on beside its own, 0 where there is no
        such stream; the store asserts it within the transaction. Raises :class:`~casecore.errors.Conflict` when a stream
        that was read stands elsewhere by now, when a version or a command id is taken already, and when the version below
        the first that is written in a stream is not there. Without batches nothing is asserted.

        It asserts as well that the log holds the last fact this process has read of it or written, and is of the epoch it
        knows: else nothing is written, the branch is another from then on, and ``Conflict`` is raised. ``branch`` is that
        under which the files were read that the batches rest on; None where they rest on none.

        Where the clock of this machine lies further ahead than ``bounds``, held against where the log ends as it is written
        to, nothing is written and :class:`~casecore.errors.ClockAhead` is raised.
        """

    def check_clock(self, bounds: ClockBounds) -> None:
        """Raise :class:`~casecore.errors.ClockAhead` where an append would, were one made now."""

    def history(self, stream: str, after: int = 0) -> list[Entry]:
        """A stream's facts with versions above ``after``, in order."""

    def histories(self, streams: Sequence[str]) -> dict[str, list[Entry]]:
        """Whole histories of several streams; unknown ones are absent."""

    def stretches(self, streams: Sequence[str]) -> dict[str, Stretch]:
        """What the files of several streams are folded from; unknown ones are absent.

        A snapshot is used where the log holds the fact it was taken at and this program would have folded the same.
        """

    def keep(self, file: File, last: Recorded) -> None:
        """Keep a file as it was with a fact of its stream; may come to nothing, and raises nothing of the store's."""

    def looks(self, by: datetime, latest: datetime, rests_on: str) -> Looks:
        """The streams to be looked at by an instant, besides those with facts behind its position.

        Believed where the log holds the fact it was kept at, in its epoch, and where this program kept it, by the books it
        ``rests_on``, when its clock said ``latest`` at most.
        """

    def keep_looks(self, looked: Looked, looks: Mapping[str, datetime | None]) -> int | None:
        """Keep when streams are to be looked at next, None for never, all together or nothing.

        Returns the number this has; None where somebody else has kept some since, or the store keeps none.
        """

    def page(self, after: int | Mark, limit: int) -> list[Entry]:
        """Up to ``limit`` facts behind a position or a mark, in order.

        Raises :class:`~casecore.errors.Fault` where the log does not hold the mark: it was set back, or is another.
        """

    def streams(self, after: int) -> list[str]:
        """Each stream that has facts with positions above ``after``, once, in any order."""

    def lives(self, upto: int, after: str = "", last: str | None = None) -> Iterator[Entry]:
        """Every fact up to a position, stream by stream, each stream's in order.

        Only of the streams behind ``after``, up to and with ``last``, in the store's own order of ids.
        """

    def cuts(self, upto: int, shares: int) -> list[str]:
        """The ids, in the store's own order, at which the facts up to a position fall into about equal shares."""

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


def not_held(mark: Mark, log: str, head: Head) -> Fault:
    """What to say to whoever reads on from a mark that a log does not hold."""
    if mark.position > head.position:
        why = f"it ends at position {head.position}, epoch {head.epoch}"
    elif mark.epoch > head.epoch:
        why = f"it is of epoch {head.epoch}: a primary that was left behind, or a backup"
    else:
        why = "another fact stands there"
    noted = f", epoch {mark.epoch}," if mark.epoch else ""
    return Fault(
        f"log {log}: it was read up to position {mark.position}{noted} and does not hold what was read there: {why}."
        " The store was set back, or is another: read anew from position 0 (fact tables: casecore rebuild)"
    )


def read_on(log: Log, mark: Mark, pause: Callable[[int], None] | None) -> Iterator[Recorded]:
    """Every fact of a log behind a mark; at its end, with ``pause``, wait that way and ask again, or else end.

    Raises :class:`~casecore.errors.Fault` where the log does not hold the mark, and at a fact that cannot be read.
    """
    idle = 0
    while True:
        if mark.position and not idle:
            head = log.head()
            if mark.position > head.position or mark.epoch > head.epoch:
                raise not_held(mark, log.district, head)
        page = log.page(mark, PAGE)
        if page:
            idle, mark = 0, page[-1].mark
            yield from readable(page)
        elif pause is None:
            return
        else:
            idle += 1
            pause(idle)


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
