"""Auditing whole stores: what is found, and what is asked for."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.audited import GOOD, LONG, OVER, TAKEN, put
from support.followed import A, B, World, closed
from support.poisoned import poison
from support.registers import ACCEPTED, collected
from support.story import CLERK, fact, moment

from adapters.auditing import BATCH, Wanted, findings
from adapters.calendar_toml import NATIONAL
from adapters.district_engine import open_engine
from casecore import Authority, CaseEvent, FindingCode, PackageAccepted, PackageExtended

AT = moment("12-30 17:00")
C = FindingCode


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
    found = findings(list(made.engines.values()), AT)

    assert found.streams == 4
    assert [(one.log, one.case, one.code) for one in found.findings] == [
        (A, "long", C.EXTENSION_TOO_LONG),
        (A, "over", C.PROCEDURE_OVER_DECLARED_DAYS),
        (B, "other", C.EXTENSION_TOO_LONG),
    ]
    assert found.counts == {C.PROCEDURE_OVER_DECLARED_DAYS: 1, C.EXTENSION_TOO_LONG: 2}


def test_findings_are_asked_for_by_code_day_and_case(made: World) -> None:
    engines = list(made.engines.values())

    def cases(**wanted: Any) -> list[str]:
        return [one.case for one in findings(engines, AT, Wanted(**wanted)).findings]

    assert cases(codes=(C.EXTENSION_TOO_LONG,)) == ["long", "other"]
    assert cases(since=moment("03-06 00:00").date()) == ["long", "other"]
    assert cases(until=moment("03-05 00:00").date()) == ["over"]
    assert cases(since=moment("03-05 00:00").date(), until=moment("03-10 00:00").date()) == ["long", "over", "other"]
    assert [one.case for one in findings([made.engine(A)], AT, case="over").findings] == ["over"]


def test_a_burst_stands_at_its_first_case_beside_what_each_case_shows(memory: World) -> None:
    put(memory, **{f"q{n}": at_once(n) for n in range(5)})

    found = findings([memory.engine()], AT)

    assert found.counts == {C.ACCEPTED_AND_CLOSED_AT_ONCE: 5, C.ACCEPT_CLOSE_BURST: 1}
    (burst,) = (one for one in found.findings if one.code is C.ACCEPT_CLOSE_BURST)
    assert burst.cases == ("q0", "q1", "q2", "q3", "q4")
    assert findings([memory.engine()], AT, Wanted((C.ACCEPT_CLOSE_BURST,))).findings == (burst,)


def test_officers_of_two_districts_make_no_burst_together(memory: World) -> None:
    put(memory, A, **{f"q{n}": at_once(n) for n in range(3)})
    put(memory, B, **{f"q{n}": at_once(n) for n in range(3)})

    assert C.ACCEPT_CLOSE_BURST not in findings(list(memory.engines.values()), AT).counts


def test_more_cases_than_are_held_at_once_are_all_examined(memory: World) -> None:
    put(memory, **{f"c{n}": LONG for n in range(BATCH + 3)})
    heard: list[int] = []

    found = findings([memory.engine()], AT, progress=heard.append)

    assert found.streams == len(found.findings) == BATCH + 3
    assert heard == [BATCH, 3]


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_examined(made: World) -> None:
    poison(made, "good")

    found = findings(list(made.engines.values()), AT)

    assert [one.case for one in found.findings] == ["long", "over", "other"]
    (why,) = found.unreadable
    assert why.startswith("good: good version 4: ")


BOX = "小蜜蜂箱"
"""The catalogue that ships wants it emptied twice a day."""


def test_packages_and_boxes_are_examined_beside_the_cases_and_each_may_be_asked_for(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    put(world, long=LONG)
    late = fact(
        PackageExtended, "03-18 09:00", days=15, approver="Qian", reason="r", notice="N", authority=Authority.GOVERNMENT_HEAD
    )
    national = [replace(one, calendar=NATIONAL) if isinstance(one, PackageAccepted) else one for one in ACCEPTED]
    world.happened({"P-1": [*national, late], BOX: [collected("03-02 08:40"), collected("03-03 08:40")]})
    world.close()
    with open_engine(world.url, district=A) as engine:
        found = findings([engine], moment("03-04 09:00"), Wanted())
        package, box = (findings([engine], moment("03-04 09:00"), case=one) for one in ("P-1", BOX))

    assert {(one.case, one.code) for one in found.findings} >= {
        ("long", C.EXTENSION_TOO_LONG),
        ("P-1", C.ACT_AFTER_DEADLINE),
        (BOX, C.BOX_NOT_EMPTIED),
    }
    assert {one.case for one in package.findings} == {"P-1"}
    assert [(one.case, one.code, one.position > 0) for one in box.findings] == [(BOX, C.BOX_NOT_EMPTIED, True)]
    assert (package.streams, box.streams) == (1, 1)
