"""``case_facts`` of few columns for questions about time: each is what it is in the whole table."""

from casecore.kinds import CASE, fold_stream, kind_of
from followed import LIVES, A

from casecore import NEW
from ops.folding import shipped_books
from projections.case_facts import CASE_FACTS
from projections.timed_case import CASE_TIME_INDICATORS, TIMED_CASES, TimedCase


def test_every_column_is_that_of_the_whole_row() -> None:
    for case, events in LIVES.items():
        if kind_of(events[0]) is not CASE:
            continue
        for known in range(len(events) + 1):
            subject = shipped_books().subject(A, case, fold_stream(events[:known]) or NEW)
            (whole,), (few,) = CASE_FACTS.rows(subject), TIMED_CASES.rows(subject)
            assert few == tuple(getattr(whole, name) for name in TimedCase._fields)


def test_the_indicators_of_time_over_cases_are_these() -> None:
    codes = [indicator.code for indicator in CASE_TIME_INDICATORS]
    assert codes == ["K6", "K6b", "K7", "K7-early", "K9-promised", "K9-statutory", "K10"]
