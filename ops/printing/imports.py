"""Printing what an import did."""

from pathlib import Path
from typing import Final

from adapters.importing.importing import ImportReport
from ops.printing.console import out

__all__ = ["print_import"]

SHOWN_REJECTIONS: Final = 20


def print_import(result: ImportReport, *, dry_run: bool = False, rejects: Path | None = None) -> None:
    """What an import did, or would do; ``rejects`` is the file that holds the rejected rows."""
    if dry_run:
        out.print("dry run: nothing was written to the store; this is what would be")
    out.print(
        f"{result.cases} cases of the file are in the store ({result.recorded} histories recorded now,"
        f" {result.completed} completed, {result.known} known before), "
        f"{result.events} facts written from {result.source_events} source events, {len(result.rejected)} rejected"
    )
    if result.contradicted:
        out.print(f"{result.contradicted} of the rejected contradict an earlier import: nothing of them was written")
    if result.open_steps or result.ignored:
        out.print(
            f"{result.open_steps} steps have not ended yet and {result.ignored} rows are set aside by the mapping: no facts"
        )
    if result.unjoined:
        out.print(f"{result.unjoined} rows of the second table were joined to none of the file")
    if result.closed_with_deadline:
        out.print(
            f"of {result.closed_with_deadline} closed cases with a deadline, {result.late_by_date} closed on a later"
            f" date (our rule), {result.late_by_instant} at a later instant"
        )
    for rejection in result.rejected[:SHOWN_REJECTIONS]:
        out.print(f"  line {rejection.line}: {rejection.case or '—'}: {rejection.reason}")
    if len(result.rejected) > SHOWN_REJECTIONS:
        out.print(f"  … and {len(result.rejected) - SHOWN_REJECTIONS} more; --json lists all")
    if rejects is not None and rejects.exists():
        out.print(f"{rejects} holds the rows, to be mended and imported")
