"""What rows and figures make of a decision in time and a closing after it (行政许可法 Art. 42), and of the other way round.

A case is accepted on Monday 2 March 2026 under the national calendar: the law gives twenty working days, until the 30th.
"""

from datetime import date
from typing import Any, Final

import pytest
from support.populations import MARCH, A, accepted, begun, closed, day, figures, fractions, life, reported_on
from support.story import HEAD, fact, procedure

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import CaseEvent, Decision, DecisionMade, ExtensionApproved, Limit, Outcome, Resumed, fold
from projections.case_facts import CASE_FACTS, CaseFact
from projections.clock_facts import CLOCK_FACTS
from projections.projection import Subject

YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))


def decided(when: str) -> DecisionMade:
    return fact(DecisionMade, f"{when} 15:00", by=HEAD, decision=Decision.GRANTED)


def subject(*after: CaseEvent, **rest: Any) -> Subject[Any]:
    return Subject(A, "c", fold(life(begun(), accepted(**rest), *after)), shipped_calendars(), NATIONAL)


def row(*after: CaseEvent, **rest: Any) -> CaseFact:
    (found,) = CASE_FACTS.rows(subject(*after, **rest))
    assert isinstance(found, CaseFact)
    return found


def by_law(found: CaseFact) -> tuple[date | None, str | None, int | None]:
    return found.statutory_due_on, found.statutory_verdict, found.statutory_used_days


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param((decided("03-30"), closed("04-01")), ("03-30", "on_time", 20), id="closed two days after"),
        pytest.param((decided("03-30"),), ("03-30", "on_time", 20), id="not closed yet"),
        pytest.param((decided("03-31"), closed("03-31")), ("03-30", "overdue", 21), id="decided a day late"),
        pytest.param((closed("03-31"),), ("03-30", "overdue", 21), id="no decision told: by the closing"),
        pytest.param((), ("03-30", None, None), id="running"),
        pytest.param(
            (procedure("03-05 09:00", 3), fact(Resumed, "03-12 09:00", suspension="S1"), decided("04-02"), closed("04-09")),
            ("04-02", "on_time", 20),
            id="with a procedure of three days",
        ),
        pytest.param(
            (procedure("03-31 09:00", 3), decided("03-30"), closed("04-09")), ("03-30", "on_time", 20), id="suspended after"
        ),
        pytest.param(
            (fact(ExtensionApproved, "03-20 09:00", by=HEAD, days=5, approver=HEAD, reason="hard"), decided("04-07")),
            ("04-07", "on_time", 25),
            id="extended, not closed yet",
        ),
    ],
)
def test_the_columns_of_the_law_are_as_of_the_decision(
    after: tuple[CaseEvent, ...], expected: tuple[str, str | None, int | None]
) -> None:
    due_on, verdict, used = expected

    assert by_law(row(*after)) == (day(due_on), verdict, used)


def test_the_columns_of_the_promise_are_as_of_the_closing() -> None:
    found = row(decided("03-16"), closed("03-18"))

    assert (found.promised_verdict, found.used_days, found.statutory_used_days) == ("overdue", 12, 10)
    assert (row(decided("03-16")).promised_verdict, row(decided("03-16")).used_days) == (None, None)


@pytest.mark.parametrize("limit", [Limit.natural_days(28), Limit.hours(145)], ids=str)
def test_limits_of_other_units_are_judged_as_of_the_decision_too(limit: Limit) -> None:
    assert row(decided("03-30"), closed("04-08"), statutory=limit).statutory_verdict == "on_time"
    assert row(decided("03-31"), closed("03-31"), statutory=limit).statutory_verdict == "overdue"


def test_the_row_of_the_clock_ends_with_the_decision() -> None:
    rows = {one.clock: (one.ended_on, one.verdict) for one in CLOCK_FACTS.rows(subject(decided("03-30"), closed("04-01")))}

    assert rows["statutory"] == (day("03-30"), "on_time")
    assert rows["promised"] == (day("04-01"), "overdue")


def test_the_time_saved_of_the_law_is_counted_to_the_decision() -> None:
    with reported_on({(A, "c"): life(begun(), accepted(), decided("03-10"), closed("03-31"))}) as tables:
        found = fractions(figures(tables, *MARCH))

    assert (found["K9-statutory"], found["K9-promised"]) == ((14, 20), (-11, 10))


def test_outcomes_without_a_decision_are_judged_by_the_closing() -> None:
    found = [row(closed("03-31", outcome)).statutory_verdict for outcome in (Outcome.RETURNED, Outcome.FORWARDED)]

    assert found == ["overdue", "overdue"]
