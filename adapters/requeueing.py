"""Trying the cases in quarantine again, after the program was mended."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from adapters.district_engine import pause
from adapters.folding import Poison, rows_of_history
from adapters.log_books import LogBooks
from adapters.tables import CaseRows, Generation, Quarantined, Tables
from casecore.books import Books
from casecore.errors import BadInput, Conflict, Flaw
from casecore.log import Log

__all__ = ["Requeued", "requeue", "try_again"]

ATTEMPTS: Final = 8
TOGETHER: Final = 200
"""Cases tried in one transaction."""


class Requeued(NamedTuple):
    """Who went through, as it had been set aside, and who is still in quarantine, with what is now the reason."""

    served: tuple[Quarantined, ...]
    left: tuple[Quarantined, ...]


def requeue(logs: Sequence[Log], tables: Tables, cases: Collection[str] = ()) -> Requeued:
    """Try each case in quarantine, or each of those named, again from its whole history.

    Each is counted under the books its log holds now. Raises :class:`~casecore.errors.BadInput` for a named case that is
    not in quarantine.
    """
    live = _live(tables)
    waiting = {log: tables.quarantine(live, log.district) for log in logs}
    if strangers := sorted(set(cases) - {one.case for found in waiting.values() for one in found}):
        raise BadInput(Flaw.UNKNOWN_NAME, f"case {strangers[0]}", "not in quarantine")
    served: list[Quarantined] = []
    left: list[Quarantined] = []
    for log, found in waiting.items():
        wanted = [one for one in found if not cases or one.case in cases]
        books = LogBooks(log).at()
        for start in range(0, len(wanted), TOGETHER):
            tried = wanted[start : start + TOGETHER]
            failed = try_again(log, tables, lambda: _live(tables), {one.case for one in tried}, books)
            left += failed.values()
            served += [one for one in tried if one.case not in failed]
    return Requeued(tuple(served), tuple(left))


def _live(tables: Tables) -> Generation:
    """The live generation, made by these projections."""
    live = tables.live()
    if live is None or not tables.made_alike(live):
        wanted = "no fact tables of these projections: run casecore rebuild, which tries every case anew"
        raise BadInput(Flaw.UNKNOWN_NAME, "store", wanted)
    return live


def try_again(
    log: Log, tables: Tables, generation_now: Callable[[], Generation], wanted: Collection[str], books: Books
) -> dict[str, Quarantined]:
    """Try these streams of a quarantine in one transaction; returns those that are still in it.

    Whoever was overtaken asks again which generation it is about: a rebuild may have put another in its place.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(attempt)
        generation = generation_now()
        waiting = {one.case: one for one in tables.quarantine(generation, log.district) if one.case in wanted}
        histories = log.histories(sorted(waiting))
        cases: list[CaseRows] = []
        left: dict[str, Quarantined] = {}
        for case, history in histories.items():
            made = rows_of_history(tables, books, log.district, case, history)
            if isinstance(made, Poison):
                left[case] = waiting[case]._replace(position=made.position, reason=made.why)
            else:
                cases.append(made)
        upto = log.head().position
        if any(version > histories[case][-1].version for case, version in log.versions(sorted(histories)).items()):
            continue  # one of them went on while it was being folded
        with suppress(Conflict):
            tables.requeue(generation, log.district, cases, list(left.values()), upto)
            return left
    raise Conflict(f"log {log.district}: {ATTEMPTS} times its rows or its quarantine changed meanwhile")
