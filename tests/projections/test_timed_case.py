"""``case_facts`` of few columns for questions about time: each is what it is in the whole table."""

from support.followed import LIVES, A

from adapters.district_books import shipped_books
from casecore import NEW
from casecore.kinds import CASE, fold_stream, kind_of
from projections.case_facts import CASE_FACTS
from projections.projection import subject_of
from projections.time_indicators import TIME_INDICATORS
from projections.timed_case import CASE_TIME_INDICATORS, TIMED_CASES, TimedCase


def test_every_column_is_that_of_the_whole_row() -> None:
    for case, events in LIVES.items():
        if kind_of(events[0]) is not CASE:
            continue
        for known in range(len(events) + 1):
            subject = subject_of(shipped_books(), A, case, fold_stream(events[:known]) or NEW)
            (whole,), (few,) = CASE_FACTS.whole_rows(subject), TIMED_CASES.whole_rows(subject)
            row = dict(zip((column.name for column in CASE_FACTS.columns), whole, strict=True))
            assert few == tuple(row[name] for name in TimedCase._fields)


def test_the_indicators_of_time_over_cases_are_these() -> None:
    codes = [indicator.code for indicator in CASE_TIME_INDICATORS]
    assert codes == [indicator.code for indicator in TIME_INDICATORS if indicator.population.case_key is not None]
    assert set(codes) >= {"K6", "K6b", "K7", "K7-early", "K9-promised", "K9-statutory", "K10"}
    assert not {"K5", "K8"}.intersection(codes)
