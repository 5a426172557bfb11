"""A deadline told as an instant: both it and its date are kept, and the mapping says which of them rules."""

from datetime import date, datetime
from typing import Any, Final

import orjson
import pytest
from support.import_bench import LOG, Bench, trace
from support.mapping_texts import mapping_text
from support.story import accepted

from adapters.following import follow
from adapters.open_tables import open_tables
from adapters.reporting import Period, report
from adapters.wire import Wire
from casecore import Envelope, Limit
from projections.explaining.explanation import explain_case
from projections.indicators import INDICATORS
from projections.registry import PROJECTIONS

BY_DATE: Final = LOG.replace("day_only = true\n", "")
BY_INSTANT: Final = BY_DATE.replace('{due = "deadline"}', '{due = "deadline", rules = "instant"}')
DEADLINE: Final = "2011-05-04T12:00:00+02:00"
ENDS: Final = {
    "the day before": ("2011-05-03T18:00:00+02:00", "on_time", "on_time"),
    "a minute before": ("2011-05-04T11:59:00+02:00", "on_time", "on_time"),
    "at the very instant": ("2011-05-04T12:00:00+02:00", "on_time", "on_time"),
    "a second after": ("2011-05-04T12:00:01+02:00", "on_time", "overdue"),
    "late that evening": ("2011-05-04T23:30:00+02:00", "on_time", "overdue"),
    "an hour after, told in another zone": ("2011-05-04T11:00:00Z", "on_time", "overdue"),
    "the day after": ("2011-05-05T08:00:00+02:00", "overdue", "overdue"),
}


def rows(bench: Bench, sql: str) -> list[tuple[Any, ...]]:
    tables = open_tables("memory:", PROJECTIONS)
    follow([bench.engine.log], tables)
    return [tuple(row) for row in tables.query(sql)]


@pytest.mark.parametrize(("end", "by_date", "by_instant"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("mapping", [BY_DATE, BY_INSTANT], ids=["date", "instant"])
def test_the_mapping_says_whether_date_or_instant_rules(
    bench: Bench, mapping: str, end: str, by_date: str, by_instant: str
) -> None:
    report_of_import = bench.log(trace("t1", end=end, deadline=DEADLINE), mapping=mapping)
    assert report_of_import.rejected == []

    expected = by_instant if mapping is BY_INSTANT else by_date
    assert rows(bench, "SELECT promised_verdict, promised_due_on FROM case_facts") == [(expected, "2011-05-04")]
    (limit,) = {one.promised for one in bench.events("t1") if hasattr(one, "promised")}
    assert (limit.due_on, limit.due_at) == (date(2011, 5, 4), datetime.fromisoformat(DEADLINE))


def test_figures_and_the_explanation_follow_what_rules(bench: Bench) -> None:
    traces = [trace(f"t{n}", end=end, deadline=DEADLINE) for n, (end, *_) in enumerate(ENDS.values())]
    bench.log(*traces, mapping=BY_INSTANT)
    tables = open_tables("memory:", PROJECTIONS)
    follow([bench.engine.log], tables)
    (figure,) = report(
        tables, Period(None, None, date(2012, 1, 1)), indicators=[one for one in INDICATORS if one.code == "K6"]
    )
    assert (figure.numerator, figure.denominator) == (3, 7)

    told = explain_case(bench.engine.history("t3"), datetime.fromisoformat("2012-01-01T00:00:00+01:00"), bench.engine.office)
    promised = told.clocks[0].plain()
    assert (promised["verdict"], str(promised["due_at"])) == ("overdue", "2011-05-04 12:00:00+02:00")
    assert promised["limit"] == "by 2011-05-04 12:00:00"


def test_a_statutory_deadline_may_rule_by_its_instant_as_well(bench: Bench) -> None:
    both = BY_DATE.replace(
        'promise = {due = "deadline"}', 'promise = {due = "deadline"}\nstatutory = {due = "deadline", rules = "instant"}'
    )
    bench.log(trace("t1", end="2011-05-04T13:00:00+02:00", deadline=DEADLINE), mapping=both)

    assert rows(bench, "SELECT promised_verdict, statutory_verdict FROM case_facts") == [("on_time", "overdue")]


def test_only_a_date_in_a_column_may_rule_by_its_instant(bench: Bench) -> None:
    wrong = mapping_text("cases", "", "").replace("promise = {", 'promise = {rules = "instant", ')
    with pytest.raises(Exception, match="rules"):
        bench.mapping(wrong)


def test_limits_of_before_are_written_as_they_were_and_instants_come_back() -> None:
    wire = Wire()
    told = Limit.fixed_at(datetime.fromisoformat(DEADLINE), by_instant=True)

    for limit, keys in ((told, 5), (Limit.fixed(date(2011, 5, 4)), 3), (Limit.working_days(10), 3)):
        name, state = wire.encode(Envelope("C", 1, accepted(promised=limit)))
        found = orjson.loads(state)["data"]["promised"]
        assert len(found) == keys
        back = wire.decode("C", 1, name, state).event.promised  # type: ignore[attr-defined]
        assert (back, back.due_at, back.by_instant) == (limit, limit.due_at, limit.by_instant)
