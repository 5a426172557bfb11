"""One run over one file: what is gathered for the next batch, what is known of it, and what is counted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final, NamedTuple, Self

from adapters.importing.counting import Counted, Row
from adapters.importing.elsewhere import elsewhere
from adapters.importing.known import Known, completing_id, later
from adapters.importing.mended import reason_begins
from adapters.importing.reading import Reading, Rejection, rejection
from adapters.importing.rejections import Rejections
from adapters.importing.rejects import Rejects
from adapters.importing.sound_mapping import Mapping
from adapters.importing.stored import Stored, StoredCases
from adapters.importing.torn import Torn, Waiting, settle
from adapters.mapper import WIRE
from casecore import door
from casecore.engine import Engine
from casecore.errors import BadInput, Flaw
from casecore.histories import History
from casecore.recorded import Envelope
from casecore.refusals import Reason, Refused

__all__ = ["BATCH", "Run"]

BATCH: Final = 1000
"""Histories a transaction. Fixed, so that two stores get the same appends and the same head hash."""
MOST_FACTS: Final = 10_000
"""Facts a transaction, but for the last history in it: cases of many events need no more memory than cases of few."""


class _Entry(NamedTuple):
    """A record that is to be recorded, unless it is known."""

    reading: Reading
    history: History
    row: Row | None = None
    """Of a row that continues a case: how it is counted."""
    completes: bool = False

    @property
    def counted(self) -> Row:
        """Its row, which is one that continues a case."""
        if self.row is None:
            raise TypeError(self)
        return self.row


class Run:
    """One run over one file, in the same memory however long it is. A dry one asks the store the same and writes nothing."""

    def __init__(self, engine: Engine, mapping: Mapping, rejects: Rejects | None = None, *, dry_run: bool = False) -> None:
        self._engine = engine
        self._mapping = mapping.name
        self._stored = StoredCases(engine, mapping.name)
        self._continues = mapping.continues
        self._stack = ExitStack()
        self._counted = self._stack.enter_context(Counted())
        self._waiting = self._stack.enter_context(Waiting())
        self._rejects = rejects
        self._dry_run = dry_run
        self._batch: list[_Entry] = []
        self._unfinished: list[Reading] = []
        self._rejected = Rejections()
        self._touched: set[str] = set()
        """Cases that are in the store, not yet counted."""
        self.rows = self._source_events = self._cases = self._facts = 0
        self.recorded = self._completed = self._known = self._contradicted = self._events = 0
        self._open_steps = self._ignored = 0
        self._closed = self._late_by_date = self._late_by_instant = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, reading: Reading) -> bool:
        """Take one row; whether it filled a batch, which is written."""
        self.rows += 1
        self._source_events += reading.source_events
        match reading.outcome:
            case History() as history:
                self._batch.append(_Entry(reading, history))
                self._facts += len(history.events)
            case Rejection() as rejected:
                self._keep(reading, rejected)
            case None:
                self._unfinished.append(reading)
        if not self._is_full():
            return False
        self._write()
        return True

    def _is_full(self) -> bool:
        return len(self._batch) >= BATCH or self._facts >= MOST_FACTS or len(self._unfinished) >= BATCH

    def finish(self) -> None:
        """Write the last batch, and settle what waited for it."""
        self._write()
        for cases in self._waiting.pages(BATCH):
            stored = self._stored.of(cases)
            for case in cases:
                self._settle(case, stored[case])
            self._record_settled()

    def told(self) -> dict[str, Any]:
        """What became of the file, once everything is written: the fields of a report."""
        return {
            "rows": self.rows,
            "source_events": self._source_events,
            "cases": self._cases,
            "recorded": self.recorded,
            "completed": self._completed,
            "known": self._known,
            "contradicted": self._contradicted,
            "events": self._events,
            "open_steps": self._open_steps,
            "ignored": self._ignored,
            "closed_with_deadline": self._closed,
            "late_by_date": self._late_by_date,
            "late_by_instant": self._late_by_instant,
            "rejected": self._rejected,
        }

    def _write(self) -> None:
        """Write what was gathered, in one transaction; what is known of it already is looked at."""
        batch, self._batch, self._facts = self._batch, [], 0
        if self._continues:
            known, others = self._apart(self._counted_rows(batch))
            self._look_at_rows(known)
            self._write_rows(others)
        else:
            self._look_at_cases(self._record(self._ours(self._first_ones(batch))))
        self._write_unfinished()
        self._count_cases()

    def _write_rows(self, batch: Sequence[_Entry]) -> None:
        """Write rows that are new; of several that begin alike, once it is known what became of those that are not."""
        there = self._engine.log.carried_out([entry.history.command_id for entry in batch]) if batch else set()
        self._look_at_rows([entry for entry in batch if entry.history.command_id in there])
        new = [entry for entry in batch if entry.history.command_id not in there]
        torn = self._waiting.among(entry.counted.key for entry in new)
        self._look_at_rows([entry for entry in new if entry.counted.key in torn])
        self._look_at_rows(self._record([entry for entry in new if entry.counted.key not in torn]))

    # --- cases ---

    def _first_ones(self, batch: Sequence[_Entry]) -> list[_Entry]:
        """Leave out cases that stood in the file before."""
        kept = []
        for entry, times in zip(batch, self._counted.again([entry.history.case for entry in batch]), strict=True):
            if times > 1:
                self._reject(entry.reading, Flaw.DUPLICATE_ID, "case stands twice in the file")
            else:
                kept.append(entry)
        return kept

    def _ours(self, batch: list[_Entry]) -> list[_Entry]:
        """Leave out cases that came into the store by another way than this import: they are not received twice."""
        log = self._engine.log
        taken = log.versions([entry.history.case for entry in batch]) if batch else {}
        if not taken:
            return batch
        ours = log.carried_out([entry.history.command_id for entry in batch if entry.history.case in taken])
        theirs = [entry for entry in batch if entry.history.case in taken and entry.history.command_id not in ours]
        whence = elsewhere(log, [entry.history.case for entry in theirs])
        for entry in theirs:
            self._reject(entry.reading, Flaw.DUPLICATE_ID, whence[entry.history.case])
        return [entry for entry in batch if entry.history.case not in whence]

    def _look_at_cases(self, entries: Sequence[_Entry]) -> None:
        """Complete cases that are known with what is new in their records."""
        stored = self._stored.of(entry.history.case for entry in entries)
        news = list[_Entry]()
        for entry in entries:
            history = entry.history
            known = stored[history.case].records.get(history.case)
            if known is None:
                self._reject(entry.reading, Flaw.UNREADABLE, "what is stored of the case cannot be read")
                continue
            news += self._news(entry.reading, history, history.case, known)
        self._complete(news)

    def _news(self, reading: Reading, history: History, record: str, known: Known) -> Iterator[_Entry]:
        """What is new in a record that is known, if anything is."""
        number = completing_id(self._mapping, record, known.told + 1)
        try:
            said = later(known, history.events, history.source, number, reading.line_of)
        except BadInput as flaw:
            self._reject(reading, flaw.code, flaw)
            return
        if said:
            yield _Entry(reading, history._replace(command_id=number, events=said, continues=True), completes=True)
        else:
            self._take_known(reading)

    def _complete(self, news: Sequence[_Entry]) -> None:
        for entry in self._record(news):
            self._take_known(entry.reading)

    # --- rows ---

    def _counted_rows(self, batch: Sequence[_Entry]) -> list[_Entry]:
        """Count the rows; those whose like waits for the end of the file wait with it."""
        rows = self._counted.rows([entry.history for entry in batch], [entry.reading.mended for entry in batch])
        torn = self._waiting.among(row.key for row in rows)
        kept = []
        for entry, row in zip(batch, rows, strict=True):
            if row.origin and row.number > 1:
                self._reject(
                    entry.reading, Flaw.DUPLICATE_ID, "a row rejected for the same, and mended to the same, stands before it"
                )
            elif row.key in torn and not row.origin:
                self._waiting.put(Torn(entry.reading, row))
            else:
                kept.append(entry._replace(history=row.numbered(), row=row))
        return kept

    def _apart(self, batch: Sequence[_Entry]) -> tuple[list[_Entry], list[_Entry]]:
        """Rows whose like is stored under another id, mended ones whose like is stored; and the others.

        Another id is that of a row which was rejected before, or of a version that knew a row by all its columns.
        """
        stored = self._stored.of(entry.history.case for entry in batch)
        mended = any(entry.counted.origin for entry in batch)
        alike = {key for one in stored.values() for record, key in one.keys.items() if mended or not record.startswith(key)}
        known, others = list[_Entry](), list[_Entry]()
        for entry in batch:
            (known if entry.counted.key in alike else others).append(entry)
        return known, others

    def _look_at_rows(self, entries: Sequence[_Entry]) -> None:
        """Take rows that are stored just as they are; those that say otherwise wait until the whole file was read."""
        rows = [(entry.reading, entry.counted) for entry in entries]
        stored = self._stored.of(row.history.case for _, row in rows)
        torn = self._waiting.among(row.key for _, row in rows).union(*(one.mended for one in stored.values()))
        news = list[_Entry]()
        for reading, row in rows:
            own = stored[row.history.case].records.get(row.origin)
            if own is not None:
                news += self._news(reading, row.history, row.origin, own)
            elif not row.origin and row.copy <= stored[row.history.case].times[row.wholly] and row.key not in torn:
                self._take_known(reading)
            else:
                torn.add(row.key)
                self._waiting.put(Torn(reading, row))
        self._complete(news)

    def _settle(self, case: str, stored: Stored) -> None:
        """Tell apart the rows of a case that waited; what is to be recorded fills batches."""
        for one in settle(partial(self._waiting.rows, case), stored, self._counted):
            if one.contradiction is not None:
                self._reject(one.reading, one.contradiction.code, one.contradiction)
            elif one.history is None:
                self._take_known(one.reading)
            else:
                self._batch.append(_Entry(one.reading, one.history, completes=one.completes))
                self._facts += len(one.history.events)
                if self._is_full():
                    self._record_settled()

    def _record_settled(self) -> None:
        batch, self._batch, self._facts = self._batch, [], 0
        for entry in self._record(batch):
            self._take_known(entry.reading)
        self._count_cases()

    # --- both ---

    def _record(self, entries: Sequence[_Entry]) -> list[_Entry]:
        """Record in one transaction what can be; those that are known already are given back."""
        try:
            results = self._ask(entries)
        except BadInput:  # of one history: the others go in without it
            entries = [entry for entry in entries if self._let_in(entry)]
            results = self._ask(entries)
        known = []
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, Refused):
                unknown = result.reason is Reason.UNKNOWN_CASE
                case = entry.history.case
                why = f"the store has no case {case} to continue" if unknown else f"{result.reason.en}: {result.named}"
                self._reject(entry.reading, result.reason, why)
            elif result is None:
                known.append(entry)
            else:
                self.recorded += not entry.completes
                self._completed += entry.completes
                self._events += len(entry.history.events)
                self._count(entry.reading)
        return known

    def _ask(self, entries: Sequence[_Entry]) -> Sequence[object]:
        histories = [entry.history for entry in entries]
        return self._engine.record(histories, dry_run=self._dry_run) if histories else []

    def _let_in(self, entry: _Entry) -> bool:
        """Ask the door about one history of a batch it did not let in as a whole."""
        history = entry.history
        for version, event in enumerate(history.events, 1):
            try:
                door.check(event)
                WIRE.encode(Envelope(history.case, version, event, history.command_id, source=history.source))
            except BadInput as flaw:
                self._reject(entry.reading, flaw.code, f"{entry.reading.at_event(event)}{flaw}")
                return False
        return True

    def _write_unfinished(self) -> None:
        """Count rows without a finished fact; their case has to be there all the same."""
        rows, self._unfinished = self._unfinished, []
        there = self._engine.log.versions([reading.case for reading in rows]) if rows else {}
        for reading in rows:
            if reading.case in there:
                self._count(reading)
            else:
                self._reject(reading, Reason.UNKNOWN_CASE, f"the store has no case {reading.case} to continue")

    def _take_known(self, reading: Reading) -> None:
        self._known += 1
        self._count(reading)

    def _count(self, reading: Reading) -> None:
        self._touched.add(reading.case)
        self._open_steps += reading.open_steps
        self._ignored += reading.ignored
        if reading.deadline is not None and reading.closed_at is not None:
            self._closed += 1
            self._late_by_date += reading.closed_at.date() > reading.deadline.date()
            self._late_by_instant += reading.closed_at > reading.deadline

    def _count_cases(self) -> None:
        """Count the cases of what was just counted, each once in the file."""
        touched, self._touched = [*self._touched], set()
        self._cases += (
            self._counted.again([f"case {case}" for case in touched]).count(1) if self._continues else len(touched)
        )

    def _reject(self, reading: Reading, code: Flaw | Reason, reason: object) -> None:
        self._contradicted += code is Flaw.CONTRADICTS_KNOWN
        self._keep(reading, rejection(reading.line, reading.case, code, reason))

    def _keep(self, reading: Reading, rejected: Rejection) -> None:
        self._rejected.add(rejected)
        self._counted.reject(reason_begins(rejected))
        if self._rejects is not None and reading.fields is not None:
            self._rejects.add(reading.fields, rejected)
