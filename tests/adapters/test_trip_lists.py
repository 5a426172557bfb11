"""Trip lists (跑动台账): every visit of a case or a package, whom it served, what it counts for, against the promise."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from support.adopted import adopt
from support.followed import B, Lives, World, nationally, trip
from support.poisoned import set_aside
from support.story import CITIZEN, CLERK, accepted, fact, moment, received
from support.vandal import Vandal

from adapters.district_books import GivenBooks
from adapters.following import follow
from adapters.trip_lists import trip_list
from casecore import (
    CaseClosed,
    CaseEvent,
    CaseJoined,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    ConditionLapsed,
    DistrictRule,
    NotAccepted,
    Outcome,
    Place,
    TripMade,
    TripsUnknown,
    TripVerdict,
    Visitor,
)
from ops.printing.trips import print_trip_list
from projections.explaining.trip_list import TripList

ONE, TWO, THREE, ALONE = "one", "two", "three", "alone"
SHARED: Lives = {
    ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), trip("03-10 09:00", "V2", Cause.COLLECT)),
    TWO: nationally(received(), trip("03-02 09:05", "V1"), accepted()),
    THREE: nationally(received(), trip("03-02 09:10", "V1"), accepted()),
    ALONE: nationally(received(), trip("03-02 09:20", "V9"), accepted()),
}


def listed(world: World, case: str, until: str | None = None) -> TripList:
    """Of a case by an instant."""
    return trip_list(world.engine(), world.tables, case, moment(until) if until is not None else None)


def shares(found: TripList) -> dict[str, tuple[int, Fraction]]:
    return {line.visit.visit: (len(line.cases), line.share) for line in found.lines}


# --- Whom a visit served ---


@pytest.mark.parametrize("followed", ["never", "to the end", "for a while"])
def test_a_visit_is_shared_among_all_it_served_whether_anybody_follows_the_log_or_not(memory: World, followed: str) -> None:
    memory.happened({ONE: SHARED[ONE], ALONE: SHARED[ALONE]})
    if followed == "for a while":
        follow(memory.logs, memory.tables)
    memory.happened({TWO: SHARED[TWO], THREE: SHARED[THREE]})
    if followed == "to the end":
        follow(memory.logs, memory.tables)

    found = listed(memory, ONE)

    assert shares(found) == {"V1": (3, Fraction(1, 3)), "V2": (1, Fraction(1))}
    assert found.lines[0].cases == (ONE, THREE, TWO)
    assert found.totals.apportioned == Fraction(4, 3)
    assert found.unread == ()


def test_the_shares_of_all_cases_add_up_to_the_visits_made(memory: World) -> None:
    memory.happened(SHARED)

    assert sum(listed(memory, case).totals.apportioned for case in SHARED) == len({"V1", "V2", "V9"})


def test_a_visit_of_the_same_number_in_another_district_is_another_visit(memory: World) -> None:
    memory.happened({ONE: SHARED[ONE]})
    memory.happened({TWO: SHARED[TWO]}, B)
    follow(memory.logs, memory.tables)

    assert shares(listed(memory, ONE))["V1"] == (1, Fraction(1))


def test_whoever_came_to_be_served_later_is_not_yet_there(memory: World) -> None:
    memory.happened(SHARED)

    found = listed(memory, ONE, "03-02 09:06")

    assert shares(found) == {"V1": (2, Fraction(1, 2))}
    assert (found.promised, found.kept) == (None, None)


def test_of_a_case_that_waits_or_is_dropped_no_promise_is_kept(memory: World, capsys: pytest.CaptureFixture[str]) -> None:
    joined = fact(CaseJoined, "03-02 09:00", package="PKG", theme="shop", visits_promised=2)
    waits = replace(joined, waiting=True)
    dropped = (waits, fact(ConditionLapsed, "03-03 09:00", prerequisite="PKG-FIRE"))
    memory.happened({"waits": (waits,), "dropped": dropped, "runs": (waits, joined)})

    found = {case: listed(memory, case) for case in ("waits", "dropped", "runs")}

    assert [(one.promised, one.kept) for one in found.values()] == [(None, None), (None, None), (2, True)]
    for case in ("waits", "dropped"):
        print_trip_list(found[case], as_json=False)
        assert "守诺" not in capsys.readouterr().out


def test_where_it_counts_for_nobody_it_is_nobodys_share(memory: World) -> None:
    went = {"visitor": Visitor.HALL_AGENT, "agent": "ma", "place": Place.VILLAGE_POINT, "cause": Cause.SUBMIT}
    carried = fact(TripMade, "03-02 09:05", by=CLERK, visit="V1", **went)
    memory.happened({ONE: SHARED[ONE], TWO: (received(), carried)})

    (line, _), (agents,) = listed(memory, ONE).lines, listed(memory, TWO).lines

    assert (line.cases, line.share) == ((ONE, TWO), Fraction(1))
    assert (agents.share, agents.visit.verdict) == (Fraction(), TripVerdict.NO_TRIP)


@pytest.mark.parametrize("followed", [True, False])
def test_a_case_that_shares_a_visit_and_cannot_be_read_is_named(tmp_path: Path, followed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    world = World(f"sqlite:///{tmp_path}/cases.db")
    world.happened(SHARED)
    (position,) = (r.position for r in world.engine().history(TWO) if r.version == len(SHARED[TWO]))
    vandal = Vandal(world.url)
    vandal.set_event("topic", position, "case.nonsense.v9")
    vandal.close()
    if followed:
        follow(world.logs, world.tables)
        assert list(set_aside(world)) == [TWO]

    found = listed(world, ONE)
    world.close()

    assert found.lines[0].cases == (ONE, THREE)
    assert found.unread == (f"{TWO}: {TWO} version 3: unknown event name case.nonsense.v9",)


def test_the_districts_rule_says_what_counts(memory: World) -> None:
    near = fact(
        TripMade,
        "03-02 09:00",
        by=CLERK,
        visit="V1",
        visitor=Visitor.OWN_AGENT,
        place=Place.COMMUNITY_KIOSK,
        cause=Cause.SUBMIT,
        device="K-07",
    )
    memory.happened({ONE: (received(), near, accepted())})
    engine = memory.engine()

    usual = trip_list(engine, memory.tables, ONE)
    adopt(memory, GivenBooks(rule=DistrictRule(name="two steps", near_visits_net=False)))
    lenient = trip_list(engine, memory.tables, ONE)
    adopt(memory, GivenBooks(rule=DistrictRule(name="later")), date(2026, 3, 3))
    assert trip_list(engine, memory.tables, ONE) == lenient  # it began under the rule of before

    assert (usual.totals.gross, usual.totals.net, usual.totals.near) == (1, 1, 1)
    assert (lenient.totals.gross, lenient.totals.net, lenient.totals.near, lenient.rule) == (1, 0, 1, "two steps")


def test_where_trips_were_not_recorded_nothing_is_said_to_be_kept(memory: World) -> None:
    memory.happened({ONE: (received(trips_recorded=False), accepted())})

    found = listed(memory, ONE)

    assert (found.unknown, found.promised, found.kept) == (TripsUnknown.NOT_RECORDED, 1, None)
    assert found.plain()["actual"] is None


WITHDRAWN = fact(CaseWithdrawn, "03-04 09:00", by=CITIZEN, reason="moved")
DECLINED = fact(NotAccepted, "03-03 09:00", by=CLERK, reason="not ours", remedy="appeal")
JOINED = fact(CaseJoined, "03-02 08:59", by=CLERK, package="P1", theme="SHOPS", subject=None, visits_promised=1)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (WITHDRAWN, "已撤回 withdrawn"),
        (fact(CaseVoided, "03-04 09:00", by=CLERK, outcome=Outcome.VOIDED, reason="twice"), "作废办结 voided"),
        (fact(CaseVoided, "03-04 09:00", by=CLERK, outcome=Outcome.DELETED, reason="twice"), "删除办结 deleted"),
        (fact(CaseClosed, "03-04 09:00", by=CLERK, outcome=Outcome.DELETED, reason="twice"), "删除办结 deleted"),
    ],
)
def test_what_no_figure_counts_kept_no_promise_and_says_so(
    memory: World, capsys: pytest.CaptureFixture[str], ending: CaseEvent, said: str
) -> None:
    memory.happened({ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), ending)})
    follow(memory.logs, memory.tables)

    found = listed(memory, ONE)

    assert (found.promised, found.totals.net, found.kept, found.uncounted) == (1, 1, None, said)
    assert memory.tables.query("SELECT counted FROM case_facts") == [(0,)], "as the indicators treat it"
    print_trip_list(found, as_json=False)
    assert f"承诺 promised 1, 实际 actual 1 (net): in no trip figure 不计入跑动指标: {said}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "promised", "more"),
    [((), None, ""), ((JOINED,), 1, ", though its visits count for its package (一件事)")],
    ids=["alone", "of a package"],
)
def test_what_was_not_accepted_is_no_closed_case_whose_trips_are_told(
    memory: World, capsys: pytest.CaptureFixture[str], before: tuple[CaseEvent, ...], promised: int | None, more: str
) -> None:
    memory.happened({ONE: (*before, received(), trip("03-02 09:00", "V1"), DECLINED)})
    follow(memory.logs, memory.tables)

    found = listed(memory, ONE)

    assert (found.promised, found.kept) == (promised, None)
    assert found.uncounted == f"不予受理 not_accepted: never closed (办结){more}"
    assert memory.tables.query("SELECT counted, closed FROM case_facts") == [(1, 0)]
    print_trip_list(found, as_json=True)
    assert json.loads(capsys.readouterr().out)["uncounted"] == found.uncounted


@pytest.mark.parametrize("outcome", [Outcome.OTHER, Outcome.CORRECTION_NOT_SUPPLIED, None])
def test_a_case_that_runs_or_was_closed_otherwise_is_held_to_its_promise(memory: World, outcome: Outcome | None) -> None:
    ending = () if outcome is None else (fact(CaseClosed, "03-04 09:00", by=CLERK, outcome=outcome),)
    memory.happened({ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), *ending)})

    assert (listed(memory, ONE).kept, listed(memory, ONE).uncounted) == (True, None)


@pytest.mark.parametrize("ending", [WITHDRAWN, fact(CaseVoided, "03-04 09:00", outcome=Outcome.VOIDED, reason="twice")])
def test_who_counts_nowhere_takes_no_share_of_a_visit_from_the_others(memory: World, ending: CaseEvent) -> None:
    """As in the figure (K2-apportioned): the shares of the cases that count add up to the visits made for them."""
    memory.happened({ONE: SHARED[ONE], TWO: (*SHARED[TWO], ending)})

    assert shares(listed(memory, ONE)) == {"V1": (2, Fraction(1)), "V2": (1, Fraction(1))}
