"""A district's log as an ``eventsourcing`` ``Application`` that is also the engine's port.

Who knows the library finds its API (``repository``, ``events``, ``recorder``, ``notification_log``, ``save``) and can
follow our log with its tools; the engine finds :class:`casecore.log.Log`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar, Final

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    InfrastructureFactory,
    IntegrityError,
    InterfaceError,
    Mapper,
    OperationalError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from adapters.evidence.chain import Row
from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.merkle import Tree
from adapters.evidence.verification import Verification, leaf_of, verify_log
from adapters.group_commit import GroupCommit
from adapters.ledger import LedgerRecorder, ReceiptRow, Standing, StoredReceipt
from adapters.looks import LooksBeside
from adapters.mapper import WIRE, CaseMapper
from adapters.snapshots import Snapshots
from adapters.writers_clock import AheadOfLog
from casecore.errors import ClockAhead, Conflict, Fault, Unavailable
from casecore.kind import File
from casecore.kinds import advance
from casecore.log import COMMON_BOUNDS, EPOCH, MICROSECOND, Batch, ClockBounds, Looked, Looks, Stretch, not_held, readable
from casecore.recorded import Entry, Envelope, Head, Mark, Receipt, Recorded, Unreadable

__all__ = ["DistrictLog", "application_of", "project_file", "translated"]

PAGE: Final = 2000  # facts read at a time where streams are read one after the other


class DistrictLog(Application[str]):
    """The log of one district (行政区划): every stream of its cases, gap-free positions, one hash chain."""

    log_section_size = 1000
    env: ClassVar[dict[str, str]] = {"ORIGINATOR_ID_TYPE": "text", "CREATE_TABLE": "no"}

    def __init__(self, district: str, env: EnvType) -> None:
        """Open the log of ``district``; ``env`` names the persistence module and its database."""
        self.district = district
        self.name = _library_name(district)
        with translated():
            super().__init__({**env, "DISTRICT": district})
        if not isinstance(self.recorder, LedgerRecorder):
            raise Fault(f"{type(self.recorder).__name__} keeps no ledger")
        self.ledger: LedgerRecorder = self.recorder
        self._commits = GroupCommit(self.ledger)
        self._snapshots = Snapshots(self.ledger, self._entry)
        self._looks = LooksBeside(self.ledger)

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """The factory of the persistence module."""
        return InfrastructureFactory.construct(env)

    def construct_mapper(self) -> Mapper[str]:
        """Our wire in place of Python paths."""
        return CaseMapper(self.construct_transcoder())

    # -- the engine's port

    @property
    def branch(self) -> int:
        """How often the log turned out not to hold any more what had been seen of it."""
        return self.ledger.last_seen.now.branch

    def look_back(self) -> int:
        """Ask the store whether it holds what was seen of the log last; returns the branch."""
        with translated():
            return self.ledger.look_back()

    def append(
        self,
        batches: Sequence[Batch],
        reads: Mapping[str, int] = {},
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> list[Receipt]:
        """Write all batches in one transaction, or nothing; raises ``Conflict``, ``ClockAhead`` or ``Unavailable``.

        ``reads`` is the last version of each stream that what is written rests on beside its own, 0 for none; ``branch``
        that of the log when it was read. Where the log's time stands further ahead of this machine's clock than the skew of
        ``bounds``, each fact says what that clock says.
        """
        if not batches:
            return []
        with translated():
            self.ledger.meet()  # who has read only some streams does not know how far the log's time has come
        now = self.ledger.clock()
        if self.ledger.last_seen.now.last.recorded_at > now + bounds.skew:
            at = EPOCH + now * MICROSECOND
            batches = [one._replace(envelopes=tuple(e._replace(clock=at) for e in one.envelopes)) for one in batches]
        stored: list[StoredEvent] = []
        receipts: list[ReceiptRow] = []
        for batch in batches:
            stored += [
                StoredEvent(envelope.stream, envelope.version, *WIRE.encode(envelope)) for envelope in batch.envelopes
            ]
            count = len(batch.envelopes)
            receipts.append(ReceiptRow(batch.command_id, batch.stream, batch.envelopes[-1].version, count, len(stored)))
        with translated():
            end = self._commits.append(stored, receipts, [Standing(*read) for read in reads.items()], branch, bounds)
        start, head = end.position - len(stored), end.hash.hex()
        return [
            Receipt(
                receipt.command_id,
                receipt.stream,
                receipt.version,
                start + receipt.offset,
                head,
                tuple(envelope.event for envelope in batch.envelopes),
                batch.envelopes[0].fingerprint,
                batch.envelopes[0].source is not None,
            )
            for receipt, batch in zip(receipts, batches, strict=True)
        ]

    def check_clock(self, bounds: ClockBounds) -> None:
        """Raise ``ClockAhead`` where an append would."""
        with translated():
            self.ledger.check_clock(bounds)

    def history(self, stream: str, after: int = 0) -> list[Entry]:
        """A stream's facts with versions above ``after``, in order."""
        with translated():
            return [self._entry(row) for row in self.ledger.stream_rows([stream], after)]

    def histories(self, streams: Sequence[str], after: int = 0) -> dict[str, list[Entry]]:
        """Histories of several streams, whole or with versions above ``after``; unknown ones are absent."""
        found: dict[str, list[Entry]] = {}
        with translated():
            for row in self.ledger.stream_rows(streams, after):
                found.setdefault(row.stream, []).append(self._entry(row))
        return found

    def stretches(self, streams: Sequence[str]) -> dict[str, Stretch]:
        """What the files of several streams are folded from; unknown ones are absent."""
        with translated():
            return self._snapshots.stretches(streams)

    def keep(self, file: File, last: Recorded) -> None:
        """Keep a file as it was with a fact of its stream; may come to nothing."""
        self._snapshots.keep(file, last)

    def looks(self, by: datetime, latest: datetime, rests_on: str) -> Looks:
        """The streams to be looked at by an instant, as far as that is kept and believed."""
        with translated():
            return self._looks.looks(by, latest, rests_on)

    def keep_looks(self, looked: Looked, looks: Mapping[str, datetime | None]) -> int | None:
        """Keep when streams are to be looked at next; may come to nothing."""
        return self._looks.keep(looked, looks)

    def page(self, after: int | Mark, limit: int) -> list[Entry]:
        """Up to ``limit`` facts behind a position or a mark, in order; ``Fault`` where the mark does not hold."""
        mark = after if isinstance(after, Mark) else Mark(after)
        noted = mark.position > 0 and mark.leaf != ""
        with translated():
            rows = self.ledger.rows(mark.position - noted, limit + noted)
        if noted:
            if not rows or (rows[0].position, _leaf(rows[0]).hex()) != mark[:2]:
                self.look_back()
                raise not_held(mark, self.district, self.head())
            del rows[0]
        elif not rows and isinstance(after, Mark) and mark.position > (head := self.head()).position:
            raise not_held(mark, self.district, head)
        return [self._entry(row) for row in rows]

    def streams(self, after: int) -> list[str]:
        """Each stream that has facts with positions above ``after``, once, in any order."""
        with translated():
            return self.ledger.streams(after)

    def lives(self, upto: int, after: str = "", last: str | None = None) -> Iterator[Entry]:
        """Every fact up to a position, stream by stream, of the streams behind ``after``, up to and with ``last``."""
        place = after, 2**63 - 1  # behind its last version
        while True:
            with translated():
                rows = self.ledger.life_rows(place, last, upto, PAGE)
            yield from map(self._entry, rows)
            if len(rows) < PAGE:
                return
            place = rows[-1].stream, rows[-1].version

    def cuts(self, upto: int, shares: int) -> list[str]:
        """The ids at which the facts up to a position fall into about equal shares."""
        with translated():
            sampled = self.ledger.sampled_streams(upto)
        return [*dict.fromkeys(sampled[len(sampled) * n // shares] for n in range(1, shares) if sampled)]

    def receipts(self, command_ids: Sequence[str]) -> dict[str, Receipt]:
        """The receipts of those commands that were carried out."""
        with translated():
            stored = self.ledger.stored_receipts(command_ids)
        first = min((receipt.version - receipt.event_count for receipt in stored), default=0)
        histories = self.histories([receipt.stream for receipt in stored], first)
        return {given.command_id: _receipt(given, histories.get(given.stream, ())) for given in stored}

    def carried_out(self, command_ids: Sequence[str]) -> set[str]:
        """Those of the commands that were carried out."""
        with translated():
            return {receipt.command_id for receipt in self.ledger.stored_receipts(command_ids)}

    def beginnings(self, streams: Sequence[str]) -> dict[str, Entry]:
        """The first fact of each stream that exists."""
        with translated():
            return {row.stream: self._entry(row) for row in self.ledger.first_rows(streams)}

    def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The last version of each stream that exists."""
        with translated():
            return self.ledger.versions(streams)

    def head(self) -> Head:
        """Where the log ends."""
        with translated():
            head, epoch = self.ledger.head(), self.ledger.found(0).epoch
        return Head(head.position, head.hash.hex(), epoch)

    def begin_epoch(self, why: str) -> int:
        """Begin the log's next epoch, in which nobody writes by what he remembers of the one before; returns it."""
        with translated():
            return self.ledger.begin_epoch(why)

    # -- for the auditor

    def verify(
        self, tree: Tree | None = None, checkpoints: Sequence[Checkpoint] = (), bounds: ClockBounds = COMMON_BOUNDS
    ) -> Verification:
        """Walk the whole log and say whether it is what was written, and what the checkpoints of it saw; one pass.

        An empty ``tree`` given along has grown over the whole log afterwards. Jumps of its time are named by ``bounds``.
        """
        with translated(), self.ledger.written() as written:
            found = verify_log(self.district, written, tree, checkpoints, bounds.jump)
        return found if found.why is not None else found._replace(ahead_of=self.ahead_of(bounds))

    def ahead_of(self, bounds: ClockBounds) -> datetime | None:
        """The clock the last fact lies further ahead of than the skew: the store's own, or this machine's; None of none."""
        with translated():
            last, own = self.ledger.times()
        clock = self.ledger.clock() if own is None else own
        return EPOCH + clock * MICROSECOND if last > clock + bounds.skew else None

    def wrong_snapshots(self) -> tuple[str, ...]:
        """The streams whose snapshot is none of what their facts come to; each is folded from the first."""
        with translated():
            return self._snapshots.wrong()

    def _entry(self, row: Row) -> Entry:
        try:
            envelope = WIRE.decode(row.stream, row.version, row.topic, row.state)
            recorded_at = EPOCH + timedelta(microseconds=row.recorded_at)
        except Fault as fault:
            return self._unreadable(row, str(fault))
        except (TypeError, OverflowError):
            return self._unreadable(
                row, f"{row.stream} version {row.version}: recorded at no instant, {row.recorded_at!r:.40}"
            )
        return Recorded(self.district, row.position, recorded_at, envelope, _leaf(row), self.ledger.last_seen.now.epoch)

    def _unreadable(self, row: Row, why: str) -> Unreadable:
        return Unreadable(
            self.district, row.position, row.stream, row.version, why, _leaf(row), self.ledger.last_seen.now.epoch
        )


def application_of(district: str) -> type[DistrictLog]:
    """The log of a district as a class the library opens by itself, from an environment: ``ProjectionRunner`` asks for one.

    The environment is that of the store (``store_at(url).environment``), with whatever else the library is to know.
    """

    class OneDistrict(DistrictLog):
        """The log of one district."""

        name = _library_name(district)

        def __init__(self, env: EnvType | None = None) -> None:
            super().__init__(district, env or {})

    return OneDistrict


def _library_name(district: str) -> str:
    """What the library calls a district's log: whoever tracks several of them tells them apart by it."""
    return f"DistrictLog_{district}"


def _leaf(row: Row) -> bytes:
    """What the Merkle tree holds of an event; nothing where its row is so damaged that there is no telling."""
    try:
        return leaf_of(row.digest, row.recorded_at)
    except (AttributeError, OverflowError, TypeError):
        return b""


def _receipt(given: StoredReceipt, history: Iterable[Entry]) -> Receipt:
    """A receipt with the facts it was given for."""
    of_it = [entry for entry in history if given.version - given.event_count < entry.version <= given.version]
    if len(of_it) != given.event_count:
        raise Fault(
            f"command {given.command_id}: there is a receipt, and the facts of {given.stream} it was given for are gone"
        )
    kept = [recorded.envelope for recorded in readable(of_it)]
    first, events = kept[0], tuple(envelope.event for envelope in kept)
    place = given.version, given.position, given.hash.hex()
    return Receipt(given.command_id, given.stream, *place, events, first.fingerprint, first.source is not None)


def project_file(file: File | None, envelopes: Iterable[Envelope]) -> File | None:
    """The projector for the library's ``repository.get(stream, projector_func=project_file)``."""
    for envelope in envelopes:
        file = advance(file, envelope.event)
    return file


@contextmanager
def translated() -> Iterator[None]:
    """The library's errors as the port's."""
    try:
        yield
    except AheadOfLog as error:
        clock, of = (EPOCH + at * MICROSECOND for at in (error.clock, error.of))
        raise ClockAhead(error.log, clock, of, error.bound * MICROSECOND, stores_own=error.stores_own) from error
    except IntegrityError as error:
        raise Conflict(_one_line(error)) from error
    except ConnectionPoolClosedError as error:
        raise Unavailable("the store was closed") from error
    except (OperationalError, InterfaceError, OSError) as error:
        raise Unavailable(_one_line(error)) from error
    except PersistenceError as error:
        raise Fault(_one_line(error)) from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
