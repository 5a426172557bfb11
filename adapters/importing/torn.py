"""Rows that are not just what is known of them, told apart once the whole file was read.

Of several rows that begin alike nobody can say which is which before all are there: in the next export they may stand in
another order, one more of them between.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from adapters.importing.counting import Counted, Row, key_of, wholly_of
from adapters.importing.known import Known, completing_id, later
from adapters.importing.reading import Reading
from casecore.errors import BadInput
from casecore.histories import History

__all__ = ["Settled", "Torn", "settle"]


class Torn(NamedTuple):
    """A row whose like is known, and says otherwise."""

    reading: Reading
    row: Row


class Settled(NamedTuple):
    """What becomes of such a row."""

    reading: Reading
    history: History | None = None
    """What is to be recorded; None where all is known, or where it contradicts."""
    completes: bool = False
    """Whether that completes a row that is known."""
    contradiction: BadInput | None = None


def settle(rows: Sequence[Torn], stored: Mapping[str, Known], counted: Counted) -> Iterator[Settled]:
    """Tell apart the rows of one case that begin alike, by what an earlier import recorded of it.

    A row that says just what is stored, as often as it is stored, is known. Of the others one may end what is stored without
    an end; else it contradicts what the file does not tell any more; and where nothing such is left, it is a new row.
    """
    case, key = rows[0].row.history.case, rows[0].row.key
    alike = {
        record: (known, wholly_of(case, [one.event for one in known.facts]))
        for record, known in stored.items()
        if key_of(case, [one.event for one in known.facts]) == key
    }
    there = Counter(wholly for _, wholly in alike.values())
    told = {wholly: counted.times(wholly) for wholly in {*there, *(one.row.wholly for one in rows)}}
    others, left = list[Torn](), Counter({wholly: times - there[wholly] for wholly, times in told.items()})
    for one in reversed(rows):
        if left[one.row.wholly] > 0:
            left[one.row.wholly] -= 1
            others.insert(0, one)
        else:
            yield Settled(one.reading)
    untold = {record: known for record, (known, wholly) in alike.items() if _untold(left, wholly)}
    yield from _others(others, untold, len(alike))


def _untold(left: Counter[str], wholly: str) -> bool:
    """Whether one more is stored that says this than the file tells."""
    if left[wholly] >= 0:
        return False
    left[wholly] += 1
    return True


def _others(rows: Sequence[Torn], untold: dict[str, Known], alike: int) -> Iterator[Settled]:
    """The rows that are stored nowhere just as they are, against what is stored and stands in no row."""
    unmatched = []
    for one in rows:
        found = _fitting(one, untold)
        if found is None:
            unmatched.append(one)
        else:
            yield found
    for one in unmatched:
        if untold:
            history = one.row.history
            try:
                later(untold.popitem()[1], history.events, history.source, "")
            except BadInput as flaw:
                yield Settled(one.reading, contradiction=flaw)
        else:
            alike += 1
            yield Settled(one.reading, one.row.numbered(alike))


def _fitting(one: Torn, untold: dict[str, Known]) -> Settled | None:
    """What becomes of a row that fits something stored: it ends it, or says less; None where it fits nothing."""
    history = one.row.history
    for record, known in untold.items():
        number = completing_id(history.source.name, record, known.told + 1)
        try:
            said = later(known, history.events, history.source, number)
        except BadInput:
            continue
        del untold[record]
        more = history._replace(command_id=number, events=said) if said else None
        return Settled(one.reading, more, completes=True)
    return None
