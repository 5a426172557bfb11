"""Which cases of a district a visit served besides the one asked about, and what it counts for there.

The fact tables know the visits up to where they were followed; what was recorded since is read from the log. So the
answer is that of the log, whether anybody follows it or not; without fact tables the whole log is read.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from adapters.folding import Poison, fold_history
from adapters.tables import Tables
from casecore.books import Books
from casecore.case.facts.trips import TripMade
from casecore.case.file import CaseFile
from casecore.kinds import fold_stream
from casecore.log import Log
from casecore.reading.trips import trips_in_figures
from casecore.recorded import Entry, Recorded
from projections.explaining.trip_list import Served
from projections.projection import rule_of

__all__ = ["happened", "served_by"]

BATCH: Final = 500

SERVED: Final = "SELECT DISTINCT case_id FROM trip_facts WHERE log = :log AND visit = :visit"


def served_by(  # noqa: PLR0913 - what is asked, and what it is looked up in
    visits: Collection[str],
    log: Log,
    tables: Tables,
    books: Books,
    *,
    besides: Collection[str] = (),
    until: datetime | None = None,
) -> Served:
    """Every case that one of the visits served by an instant (None: ever), without those known already (``besides``)."""
    found = Served({})
    if not visits:
        return found
    wanted, unread = frozenset(visits), list[str]()
    cases = sorted(_candidates(wanted, log, tables).difference(besides))
    for start in range(0, len(cases), BATCH):
        for case, entries in log.histories(cases[start : start + BATCH]).items():
            if not any(isinstance(e, Recorded) and _serves(e, wanted, until) for e in entries):
                continue
            sound = fold_history(entries)
            file = fold_stream(one.event for one in happened(entries, until))
            if isinstance(sound, Poison):
                unread.append(f"{case}: {sound.why}")
            elif isinstance(file, CaseFile):
                found.trips[case] = trips_in_figures(file, rule_of(books, file).rule)
    return found._replace(unread=tuple(unread))


def happened(entries: Iterable[Entry], until: datetime | None) -> Iterator[Recorded]:
    """The facts that can be read and had happened by an instant (None: all)."""
    return (e for e in entries if isinstance(e, Recorded) and (until is None or e.occurred_at <= until))


def _serves(recorded: Recorded, visits: frozenset[str], until: datetime | None) -> bool:
    event = recorded.event
    return isinstance(event, TripMade) and event.visit in visits and (until is None or event.at <= until)


def _candidates(visits: frozenset[str], log: Log, tables: Tables) -> set[str]:
    """The streams that may know of the visits: by the fact tables, or with facts those have not seen."""
    live = tables.live()
    if live is None or not tables.made_alike(live):
        return set(log.streams(0))
    seen = tables.checkpoint(live, log.district)
    known = {case for visit in visits for (case,) in tables.query(SERVED, log=log.district, visit=visit)}
    return known | {one.case for one in tables.quarantine(live, log.district)} | set(log.streams(seen))
