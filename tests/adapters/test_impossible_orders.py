"""先后顺序矛盾: what a file that continues cases brings, and no rule lets in, is recorded and is a finding."""

from typing import Final

import pytest
from support.import_bench import GOOD, Bench, at
from support.mapping_texts import mapping_text

from adapters.auditing import findings
from casecore import CloseCase, Outcome, Refused

MORE: Final = """\
name = "more"
format = "csv"
zone = "Asia/Shanghai"
continues = true
case = "id"
by = "clerk"
item = "imported"
calendar = "cn-2026.1"
promise = {limit = {amount = 10, unit = "working_day"}}
suspension_moves_promise = false

[[fact]]
event = "accepted"
at = "from"
when = {what = ["受理"]}

[[fact]]
event = "closed"
at = "from"
when = {what = ["办结"]}

[[fact]]
event = "suspension"
at = "from"
until = "to"
when = {what = ["挂起"]}
reason = "held up"

[[fact]]
event = "correction"
at = "from"
until = "to"
when = {what = ["补正"]}
"""
HEADER: Final = "id,what,from,to"
NOW: Final = at("2023-06-01T12:00:00+08:00")
RUNNING: Final = "A-1,W,2023-03-01T09:00:00+08:00,"
"""Received and accepted on 1 March at nine, and not closed; GOOD is closed on the 3rd at four."""

ORDERS: Final = {
    "closed before the receipt": (RUNNING, "办结,2023-02-27T10:00:00+08:00,", 1),
    "closed a minute before the receipt": (RUNNING, "办结,2023-03-01T08:59:00+08:00,", 1),
    "closed a second time": (GOOD, "办结,2023-03-06T10:00:00+08:00,", 1),
    "closed a second time, and earlier": (GOOD, "办结,2023-03-02T10:00:00+08:00,", 1),
    "accepted after the closing": (GOOD, "受理,2023-03-06T10:00:00+08:00,", 1),
    "accepted a second time": (RUNNING, "受理,2023-03-02T10:00:00+08:00,", 1),
    "suspended after the closing": (GOOD, "挂起,2023-03-06T10:00:00+08:00,2023-03-07T10:00:00+08:00", 1),
    "corrections asked for after the acceptance": (
        RUNNING, "补正,2023-03-02T10:00:00+08:00,2023-03-03T10:00:00+08:00", 2,
    ),
    "closed once": (RUNNING, "办结,2023-03-03T10:00:00+08:00,", 0),
    "closed on the day, known by its date alone": (RUNNING, "办结,2023-03-01T00:00:00+08:00,", 0),
    "suspended before the closing": (GOOD, "挂起,2023-03-02T10:00:00+08:00,2023-03-02T16:00:00+08:00", 0),
}  # fmt: skip
"""A case, a row that continues it, and how many findings of an impossible order that makes."""


def found(bench: Bench) -> list[str]:
    audit = findings([bench.engine], NOW)
    assert audit.unreadable == ()
    return [one.sentence for one in audit.findings if one.code.value == "out_of_order"]


def told(bench: Bench, case: str, *rows: str) -> None:
    bench.cases(case)
    assert bench.cases(*(f"A-1,{row}" for row in rows), header=HEADER, mapping=MORE).rejected == []


@pytest.mark.parametrize(("case", "row", "expected"), ORDERS.values(), ids=ORDERS)
def test_an_order_no_rule_lets_in_is_recorded_and_is_a_finding(bench: Bench, case: str, row: str, expected: int) -> None:
    told(bench, case, row)

    assert len(found(bench)) == expected


def test_the_finding_says_what_comes_before_what(bench: Bench) -> None:
    told(bench, RUNNING, "办结,2023-02-27T10:00:00+08:00,")

    (sentence,) = found(bench)
    assert sentence.startswith(
        "办结 (CaseClosed) of 2023-02-27T10:00:00+08:00 comes before 收件 (CaseReceived) of 2023-03-01"
    )
    assert sentence.endswith("live it is refused")


def test_what_is_refused_live_is_what_is_found_when_imported(bench: Bench) -> None:
    told(bench, GOOD, "办结,2023-03-06T10:00:00+08:00,")
    again = CloseCase(case="A-1", by="clerk", at=at("2023-03-06T10:00:00+08:00"), outcome=Outcome.OTHER)

    assert isinstance(bench.engine.handle(again), Refused)
    assert len(found(bench)) == 1


def test_a_history_told_in_one_file_shows_nothing(bench: Bench) -> None:
    whole = mapping_text("cases", '[[fact]]\nevent = "received"\nat = "in"\n', '[[fact]]\nevent = "closed"\nat = "out"\n')
    whole = "\n".join(line for line in whole.splitlines() if not line.startswith(("promise", "calendar")))
    bench.cases(GOOD, mapping=whole)

    assert found(bench) == []
