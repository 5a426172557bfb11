"""``import_file``: a file's histories into the store, a thousand a transaction, and a report that adds up."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from adapters.importing.readers import reader_of
from adapters.importing.reading import Reading, Rejection, rejection
from adapters.importing.sound_mapping import Mapping
from adapters.mapper import WIRE
from casecore import door
from casecore.engine import Engine
from casecore.errors import BadInput, Fault, Flaw
from casecore.histories import History
from casecore.recorded import Envelope, Receipt
from casecore.refusals import Reason, Refused

__all__ = ["ImportReport", "import_file"]

BATCH: Final = 1000
"""Histories a transaction. Fixed, so that two stores get the same appends and the same head hash."""

MOST_FACTS: Final = 10_000
"""Facts a transaction, but for the last history in it: cases of many events need no more memory than cases of few."""


class ImportReport(NamedTuple):
    """What became of a file. For a file of cases ``cases + len(rejected) == rows``.

    For a file that continues cases every row is recorded, known, rejected, or holds nothing finished
    (``open_steps``, ``ignored``).
    """

    mapping: str
    file: str
    rows: int
    """Rows of a CSV file, traces of an XES log."""
    source_events: int
    """Rows of a CSV file, events of an XES log: read and accounted for."""
    cases: int
    """Distinct cases of the file that are in the store now."""
    recorded: int
    """Histories written now."""
    known: int
    """Histories an earlier import had written."""
    events: int
    """Facts written now."""
    open_steps: int
    """Steps without an end: no facts yet."""
    ignored: int
    """Rows or events the mapping sets aside by name."""
    closed_with_deadline: int
    """Closed cases whose promise is a date from the file; 0 where the mapping has no ``due``."""
    late_by_date: int
    """Of those, closed on a later local date than the promised one: what the law counts."""
    late_by_instant: int
    """Of those, closed at a later instant than the deadline's."""
    rejected: list[Rejection]
    """By line."""


def import_file(
    engine: Engine, mapping: Mapping, path: str | Path, *, progress: Callable[[int], None] | None = None
) -> ImportReport:
    """Record every history of a file that is not in the store yet; ``progress`` hears of every batch how many rows it took.

    Give it an engine of the district the cases belong to: a mapping knows no district.
    Raises :class:`~casecore.errors.Fault` naming file and place where the file is broken or lacks a column; whole
    batches written before it stay. :class:`~casecore.errors.Conflict` and :class:`~casecore.errors.Unavailable` are the
    engine's; importing the file again goes on where it stopped.
    """
    path = Path(path)
    door.check_text(path.name, "file name")
    for item in mapping.items:
        if not engine.office.catalogue.known(item):
            raise BadInput(Flaw.UNKNOWN_NAME, f"mapping {mapping.name}", f"item {item} is not in the catalogue")
    work = _Import(engine, mapping)
    told = 0
    try:
        for reading in reader_of(mapping)(mapping, path):
            if work.add(reading) and progress is not None:
                progress(work.rows - told)
                told = work.rows
    except Fault as flaw:
        unit = "rows" if mapping.continues else "cases"
        raise Fault(f"{flaw}; {work.recorded} {unit} were recorded before it") from flaw
    work.write()
    if progress is not None:
        progress(work.rows - told)
    return work.report(mapping.name, path.name)


class _Import:
    """One run over one file: what is gathered for the next batch, and what is counted."""

    def __init__(self, engine: Engine, mapping: Mapping) -> None:
        self._engine = engine
        self._continues = mapping.continues
        self._seen: set[str] = set()
        self._stored: set[str] = set()
        self._batch: list[tuple[Reading, History]] = []
        self._unfinished: list[Reading] = []
        self._rejected: list[Rejection] = []
        self.rows = self._source_events = self._facts = 0
        self.recorded = self._known = self._events = 0
        self._open_steps = self._ignored = 0
        self._closed = self._late_by_date = self._late_by_instant = 0

    def add(self, reading: Reading) -> bool:
        """Take one row; whether it filled a batch, which is written."""
        self.rows += 1
        self._source_events += reading.source_events
        match reading.outcome:
            case History() as history if history.case in self._seen:
                self._reject(reading, Flaw.DUPLICATE_ID, "case stands twice in the file")
            case History() as history:
                if not self._continues:
                    self._seen.add(history.case)
                self._batch.append((reading, history))
                self._facts += len(history.events)
            case Rejection() as rejected:
                self._rejected.append(rejected)
            case None:
                self._unfinished.append(reading)
        if max(len(self._batch), len(self._unfinished)) < BATCH and self._facts < MOST_FACTS:
            return False
        self.write()
        return True

    def write(self) -> None:
        """Write what was gathered, in one transaction."""
        batch, self._batch, self._facts = self._new(self._batch), [], 0
        try:
            results = self._record(batch)
        except BadInput:  # of one history: the others go in without it
            batch = [entry for entry in batch if self._let_in(*entry)]
            results = self._record(batch)
        for (reading, history), result in zip(batch, results, strict=True):
            if isinstance(result, Refused):
                unknown = result.reason is Reason.UNKNOWN_CASE
                why = (
                    f"the store has no case {history.case} to continue" if unknown else f"{result.reason.en}: {result.named}"
                )
                self._reject(reading, result.reason, why)
                continue
            if result is None:
                self._known += 1
            else:
                self.recorded += 1
                self._events += len(history.events)
            self._count(reading)
        self._write_unfinished()

    def report(self, mapping: str, file: str) -> ImportReport:
        """What became of the file, once everything is written."""
        return ImportReport(
            mapping=mapping,
            file=file,
            rows=self.rows,
            source_events=self._source_events,
            cases=len(self._stored),
            recorded=self.recorded,
            known=self._known,
            events=self._events,
            open_steps=self._open_steps,
            ignored=self._ignored,
            closed_with_deadline=self._closed,
            late_by_date=self._late_by_date,
            late_by_instant=self._late_by_instant,
            rejected=sorted(self._rejected),
        )

    def _record(self, batch: list[tuple[Reading, History]]) -> list[Receipt | Refused | None]:
        return self._engine.record([history for _, history in batch]) if batch else []

    def _new(self, batch: list[tuple[Reading, History]]) -> list[tuple[Reading, History]]:
        """Leave out cases that came into the store by another way than this import: they are not received twice."""
        if self._continues or not batch:
            return batch
        log = self._engine.log
        taken = log.versions([history.case for _, history in batch])
        if not taken:
            return batch
        ours = log.carried_out([history.command_id for _, history in batch if history.case in taken])
        kept = []
        for reading, history in batch:
            if history.case in taken and history.command_id not in ours:
                self._reject(reading, Flaw.DUPLICATE_ID, "the store has this case already, from elsewhere")
            else:
                kept.append((reading, history))
        return kept

    def _let_in(self, reading: Reading, history: History) -> bool:
        """Ask the door about one history of a batch it did not let in as a whole."""
        try:
            for version, event in enumerate(history.events, 1):
                door.check(event)
                WIRE.encode(Envelope(history.case, version, event, history.command_id, source=history.source))
        except BadInput as flaw:
            self._reject(reading, flaw.code, flaw)
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

    def _count(self, reading: Reading) -> None:
        self._stored.add(reading.case)
        self._open_steps += reading.open_steps
        self._ignored += reading.ignored
        if reading.deadline is not None and reading.closed_at is not None:
            self._closed += 1
            self._late_by_date += reading.closed_at.date() > reading.deadline.date()
            self._late_by_instant += reading.closed_at > reading.deadline

    def _reject(self, reading: Reading, code: Flaw | Reason, reason: object) -> None:
        self._rejected.append(rejection(reading.line, reading.case, code, reason))
