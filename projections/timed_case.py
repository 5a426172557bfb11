"""What the indicators of time (时限) ask of a case: those columns of ``case_facts``, under its name.

A question about time alone is put to a table of these few, over the same SQL: it means the same, and is made faster.
"""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from casecore.case.file import CaseFile
from projections.case_facts import CASE_FACTS, life_columns
from projections.case_times import time_columns
from projections.indicator import Indicator
from projections.projection import Projection, Subject
from projections.resting import Rests
from projections.time_indicators import TIME_INDICATORS

__all__ = ["CASE_TIME_INDICATORS", "TIMED_CASES", "TimedCase"]

CASE_TIME_INDICATORS: Final[tuple[Indicator, ...]] = tuple(
    indicator for indicator in TIME_INDICATORS if indicator.tables == {CASE_FACTS.name}
)
"""The indicators of time that are of cases: those of items (事项口径) follow from the catalogue."""


class TimedCase(NamedTuple):
    """One case; each column is what it is in :class:`~projections.case_facts.CaseFact`."""

    log: str
    case_id: str
    stream_version: int
    stage: str
    item: str | None
    accepted_on: date | None
    closed_on: date | None
    accepted: int
    closed: int
    closed_normally: int
    counted: int
    redecides: str | None
    promised_amount: int | None
    promised_unit: str | None
    promised_due_on: date | None
    promised_verdict: str | None
    statutory_amount: int | None
    statutory_unit: str | None
    statutory_used_days: int | None
    used_days: int | None
    elapsed_days: int | None
    early: int
    provisional: int
    begun_on: date | None
    rule_version: int
    calendar: str | None

    def under(self, subject: Subject[CaseFile]) -> "TimedCase":
        """The row as it would be were the case's file that of ``subject``, which differs in what limits are made of."""
        return TimedCase._make((*self[: len(_OF_LIFE)], *_times_of(time_columns(subject)), *subject.rests))

    def verdict(self, as_of: date) -> str | None:
        """on_time, overdue or running on the day asked; None where nothing was promised or could be counted."""
        if self.closed or not self.accepted:
            return self.promised_verdict
        if self.promised_due_on is None:
            return "running"
        return "overdue" if self.promised_due_on < as_of else "running"


_OF_LIFE: Final = TimedCase._fields[: TimedCase._fields.index("promised_amount")]
_life_of, _times_of = itemgetter(*_OF_LIFE), itemgetter(*TimedCase._fields[len(_OF_LIFE) : -len(Rests._fields)])


def _rows(subject: Subject[CaseFile]) -> Iterator[TimedCase]:
    yield TimedCase._make((*_life_of(life_columns(subject)), *_times_of(time_columns(subject)), *subject.rests))


TIMED_CASES: Final = Projection(CASE_FACTS.name, CASE_FACTS.version, TimedCase, _rows)
"""One row a case."""
