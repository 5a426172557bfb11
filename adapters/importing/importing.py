"""``import_file``: a file's histories into the store, a thousand a transaction, and a report that adds up."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from adapters.importing.joining import Joined
from adapters.importing.readers import read_file
from adapters.importing.reading import Rejection
from adapters.importing.rejects import Rejects
from adapters.importing.run import Run
from adapters.importing.sound_mapping import Mapping
from casecore import door
from casecore.engine import Engine
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["ImportReport", "import_file"]


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
    completed: int
    """Histories an earlier import had written, to which this file adds: a closing, the end of a suspension."""
    known: int
    """Histories an earlier import had written, to which this file adds nothing."""
    contradicted: int
    """Of the rejected: those that say otherwise than what an earlier import has written."""
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
    unjoined: int
    """Rows of a second table that no row of the file asked for; rejected too, where the mapping does not say otherwise."""
    rejected: Sequence[Rejection]
    """By line, and outside memory: a file may be all rejected."""


def import_file(  # noqa: PLR0913 - what may be said of an import
    engine: Engine,
    mapping: Mapping,
    path: str | Path,
    *,
    progress: Callable[[int], None] | None = None,
    dry_run: bool = False,
    rejects: str | Path | None = None,
    joined: str | Path | None = None,
) -> ImportReport:
    """Record what a file says and the store does not; ``progress`` hears of every batch how many rows it took.

    A record is known by its case id, a row that continues a case by what the mapping reads in it but for its end. What is
    new in a known record completes it; what contradicts it is rejected, with both places.

    Give it an engine of the district the cases belong to: a mapping knows no district. ``dry_run`` says what would happen
    and writes nothing to the store; a row that continues a case which the same file brings counts as rejected then.
    ``rejects`` names a new file for the rejected rows of a CSV file, which can be mended and imported; a dry run writes
    it too, with the rows that would be rejected, and no run writes over one that lies there. ``joined`` is the second
    table where the mapping joins one: a rejected row of it is told by its file, and is counted in ``rows``.
    Raises :class:`~casecore.errors.Fault` naming file and place where the file is broken or lacks a column; whole
    batches written before it stay. :class:`~casecore.errors.Conflict` and :class:`~casecore.errors.Unavailable` are the
    engine's; importing the file again goes on where it stopped.
    """
    path = Path(path)
    door.check_text(path.name, "file name")
    for item in mapping.items:
        if not engine.office.catalogue.known(item):
            raise BadInput(Flaw.UNKNOWN_NAME, f"mapping {mapping.name}", f"item {item} is not in the catalogue")
    if mapping.join is not None and joined is None:
        raise BadInput(Flaw.MISSING_FIELD, "joined", f"mapping {mapping.name} joins a second table: say which file it is")
    told = 0
    with ExitStack() as stack:
        kept = None if rejects is None else stack.enter_context(closing(Rejects(Path(rejects), mapping, path)))
        work = stack.enter_context(Run(engine, mapping, kept, dry_run=dry_run))
        other = None if joined is None else stack.enter_context(Joined(mapping, Path(joined)))
        readings = read_file(mapping, path, None if other is None else other.beside)
        try:
            for reading in readings if other is None else chain(readings, other.left_over()):
                if work.add(reading) and progress is not None:
                    progress(work.rows - told)
                    told = work.rows
        except Fault as flaw:
            unit = "rows" if mapping.continues else "cases"
            raise Fault(f"{flaw}; {work.recorded} {unit} were recorded before it") from flaw
        work.finish()
        if progress is not None:
            progress(work.rows - told)
        unjoined = 0 if other is None else other.unasked
        return ImportReport(mapping=mapping.name, file=path.name, unjoined=unjoined, **work.told())
