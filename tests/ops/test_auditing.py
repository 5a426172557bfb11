"""Auditing whole stores: what is found, what is asked for, what the command line makes of it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from followed import TAKEN, A, B, World, closed, resumed, special
from poisoned import poison
from story import CLERK, HEAD, fact, moment
from typer.testing import CliRunner

from adapters.auditing import BATCH, Wanted, audit
from casecore import CaseEvent, ExtensionApproved, FindingCode, History, Receipt, Source
from ops.cli import app

AT = moment("12-30 17:00")
C = FindingCode
EXTENDED = fact(ExtensionApproved, "03-10 09:00", by=HEAD, days=60, approver="Qian", reason="complex", notice="N1")
GOOD = (*TAKEN, closed("03-13 09:00"))
LONG = (*TAKEN, EXTENDED, closed("03-13 09:00"))
OVER = (*TAKEN, special(), resumed("03-13 09:00"), closed("03-16 09:00"))


def put(world: World, district: str = A, **lives: tuple[CaseEvent, ...]) -> None:
    engine = world.engine(district)
    histories = [History(case, f"import:{case}", life, Source("cases", "c.csv", 2)) for case, life in lives.items()]
    assert all(isinstance(receipt, Receipt) for receipt in engine.record(histories))


def at_once(minute: int) -> tuple[CaseEvent, ...]:
    at = moment("03-02 10:00") + timedelta(minutes=minute)
    received, accepted = TAKEN
    return (
        replace(received, at=at, by=CLERK),
        replace(accepted, at=at, by=CLERK),
        replace(closed("03-02 10:00"), at=at + timedelta(minutes=1), by=CLERK),
    )


@pytest.fixture
def made(world: World) -> World:
    put(world, good=GOOD, long=LONG, over=OVER)
    put(world, B, other=LONG)
    return world


def test_every_case_of_every_district_is_examined_once(made: World) -> None:
    found = audit(list(made.engines.values()), AT)

    assert found.cases == 4
    assert [(one.log, one.case, one.code) for one in found.findings] == [
        (A, "long", C.EXTENSION_TOO_LONG),
        (A, "over", C.PROCEDURE_OVER_DECLARED_DAYS),
        (B, "other", C.EXTENSION_TOO_LONG),
    ]
    assert found.counts == {C.PROCEDURE_OVER_DECLARED_DAYS: 1, C.EXTENSION_TOO_LONG: 2}


def test_findings_are_asked_for_by_code_day_and_case(made: World) -> None:
    engines = list(made.engines.values())

    def cases(**wanted: Any) -> list[str]:
        return [one.case for one in audit(engines, AT, Wanted(**wanted)).findings]

    assert cases(codes=(C.EXTENSION_TOO_LONG,)) == ["long", "other"]
    assert cases(since=moment("03-06 00:00").date()) == ["long", "other"]
    assert cases(until=moment("03-05 00:00").date()) == ["over"]
    assert cases(since=moment("03-05 00:00").date(), until=moment("03-10 00:00").date()) == ["long", "over", "other"]
    assert [one.case for one in audit([made.engine(A)], AT, case="over").findings] == ["over"]


def test_a_burst_stands_at_its_first_case_beside_what_each_case_shows(memory: World) -> None:
    put(memory, **{f"q{n}": at_once(n) for n in range(5)})

    found = audit([memory.engine()], AT)

    assert found.counts == {C.ACCEPTED_AND_CLOSED_AT_ONCE: 5, C.ACCEPT_CLOSE_BURST: 1}
    (burst,) = (one for one in found.findings if one.code is C.ACCEPT_CLOSE_BURST)
    assert burst.cases == ("q0", "q1", "q2", "q3", "q4")
    assert audit([memory.engine()], AT, Wanted((C.ACCEPT_CLOSE_BURST,))).findings == (burst,)


def test_officers_of_two_districts_make_no_burst_together(memory: World) -> None:
    put(memory, A, **{f"q{n}": at_once(n) for n in range(3)})
    put(memory, B, **{f"q{n}": at_once(n) for n in range(3)})

    assert C.ACCEPT_CLOSE_BURST not in audit(list(memory.engines.values()), AT).counts


def test_more_cases_than_are_held_at_once_are_all_examined(memory: World) -> None:
    put(memory, **{f"c{n}": LONG for n in range(BATCH + 3)})
    heard: list[int] = []

    found = audit([memory.engine()], AT, progress=heard.append)

    assert found.cases == len(found.findings) == BATCH + 3
    assert heard == [BATCH, 3]


# the command line


@pytest.fixture
def url(tmp_path: Path) -> str:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    put(world, good=GOOD, long=LONG, over=OVER)
    put(world, B, other=LONG)
    world.close()
    return world.url


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["findings", *arguments])
    return ran.exit_code, ran.output


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_examined(made: World) -> None:
    poison(made, "good")

    found = audit(list(made.engines.values()), AT)

    assert [one.case for one in found.findings] == ["long", "over", "other"]
    (why,) = found.unreadable
    assert why.startswith("good: good version 4: ")


def test_counts_come_first_and_then_each_finding_in_both_languages(url: str) -> None:
    code, out = run("--store", url)

    assert code == 1
    assert "3 findings in 4 cases" in out
    assert out.index("疑点") < out.index("3 findings") < out.index("log 510107")
    assert (
        "log 510114 position 6: long: 2026-03-10 09:00 延长超过法定上限 extension_too_long:"
        " 60 working days: 10 of them may count — zhao" in out
    )


def test_as_json_everything_is_listed(url: str) -> None:
    code, out = run("--store", url, "--district", A, "--json")

    found = json.loads(out)
    assert code == 1
    assert found["cases"] == 3
    assert found["counts"] == {"procedure_over_declared_days": 1, "extension_too_long": 1}
    assert [one["case"] for one in found["findings"]] == ["long", "over"]
    assert found["findings"][0] == {
        "code": "extension_too_long",
        "zh": "延长超过法定上限",
        "log": A,
        "case": "long",
        "position": 6,
        "version": 3,
        "at": "2026-03-10T09:00:00+08:00",
        "by": HEAD,
        "sentence": "60 working days: 10 of them may count",
        "cases": [],
    }


def test_more_than_fifty_findings_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    put(world, **{f"c{n}": LONG for n in range(60)})
    world.close()

    _, out = run("--store", world.url)

    assert "60 findings in 60 cases" in out
    assert out.count("extension_too_long:") == 50
    assert "and 10 more" in out


@pytest.mark.parametrize(
    ("options", "exit_code"),
    [
        (("--case", "good"), 0),
        (("--case", "over"), 1),
        (("--code", "deemed_acceptance"), 0),
        (("--code", "extension_too_long", "--code", "deemed_acceptance"), 1),
        (("--from", "2026-03-11"), 0),
        (("--to", "2026-03-05"), 1),
        (("--district", B, "--code", "procedure_over_declared_days"), 0),
    ],
)
def test_the_exit_code_says_whether_anything_was_found(url: str, options: tuple[str, ...], exit_code: int) -> None:
    code, out = run("--store", url, *options)

    assert code == exit_code
    assert out.startswith("0 findings in ") == (exit_code == 0)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--code", "bribery"), "--code: 'bribery' is none of deemed_acceptance"),
        (("--from", "soon"), "--from: 'soon' is not a date"),
        (("--from", "2026-03-10", "--to", "2026-03-01"), "--to: 2026-03-01 lies before"),
        (("--case", "nobody"), "case nobody: not in"),
        (("--district", "999999"), "district 999999: no log"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_two(url: str, options: tuple[str, ...], complaint: str) -> None:
    code, out = run("--store", url, *options)

    assert code == 2
    assert complaint in out
