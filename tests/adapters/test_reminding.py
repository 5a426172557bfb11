"""Reminders, on every store: which running clocks are due soon or overdue, whose they are, and what is left."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from support.adopted import adopt, weekdays
from support.followed import A, B, World, nationally
from support.registers import ACCEPTED, FINISHED, collected
from support.reminded import TAKEN, TOLD
from support.story import HEAD, accepted, fact, received

from adapters.calendar_toml import NATIONAL
from adapters.dimensions import calendars_in_force
from adapters.district_books import GivenBooks
from adapters.following import follow
from adapters.reminding import Reminder, reminders
from casecore import (
    BadInput,
    CaseClosed,
    Catalogue,
    Decision,
    DecisionMade,
    DistrictRule,
    DropBox,
    Limit,
    Outcome,
    OutsideCalendarError,
    PackageAccepted,
)

THURSDAY: Final = date(2026, 3, 12)


@pytest.fixture
def told(world: World) -> World:
    world.happened(TOLD)
    follow(world.logs, world.tables)
    return world


def asked(world: World, as_of: date = THURSDAY, within_days: int = 2, **rest: Any) -> list[Reminder]:
    return list(reminders(world.tables, as_of, within_days, **rest))


def short(found: list[Reminder]) -> list[tuple[Any, ...]]:
    return [(one.department, one.case, one.clock, f"{one.due_on:%m-%d}", one.days_left) for one in found]


def test_what_is_due_within_two_working_days_and_what_is_overdue_is_told_by_department(told: World) -> None:
    found = asked(told)

    assert short(found) == [
        ("Fire", "at departments", "step:fire", "03-12", 0),
        ("Health", "unanswered", "acceptance", "03-13", 1),
        ("Market", "late", "promised", "03-11", -1),
        ("Market", "at the window", "promised", "03-12", 0),
        ("Market", "soon", "promised", "03-16", 2),
    ]
    assert [one.case for one in found if one.overdue] == ["late"]
    assert [one.due_time for one in found] == [None, None, None, "13:30", None]
    assert {one.provisional for one in found} == {False}
    assert found[0] == Reminder(
        A, "Fire", "case", "at departments", "FOOD", "step", "step:fire", "fire", date(2026, 3, 12), None, 0,
        overdue=False, provisional=False,
    )  # fmt: skip


def test_the_further_one_looks_the_more_one_is_reminded_of(told: World) -> None:
    assert short(asked(told, within_days=0))[-1] == ("Market", "at the window", "promised", "03-12", 0)
    further = {one.case: one.clock for one in asked(told, within_days=5)}
    assert further.keys() - {one.case for one in asked(told)} == {"far", "to be delivered"}
    assert further["to be delivered"] == "delivery"


def test_one_department_one_district_or_the_overdue_alone_can_be_asked_for(told: World) -> None:
    told.happened({"there": TAKEN}, B)
    follow(told.logs, told.tables)

    assert {one.department for one in asked(told, department="Health")} == {"Health"}
    assert [(one.district, one.case) for one in asked(told, district=B)] == [(B, "there")]
    assert [one.case for one in asked(told, overdue_only=True)] == ["late"]
    assert asked(told, department="nobody's") == []


def test_what_was_due_on_friday_is_overdue_on_saturday_by_no_working_day_yet(told: World) -> None:
    (found,) = asked(told, date(2026, 3, 14), department="Health")

    assert (found.overdue, found.days_left) == (True, 0)


def test_a_reminder_at_the_end_of_the_calendar_is_provisional(memory: World) -> None:
    memory.happened({"late in the year": nationally(received("12-17 09:00"), accepted("12-17 10:00", plan=()))})
    follow(memory.logs, memory.tables)

    (found,) = asked(memory, date(2026, 12, 30))

    assert (found.due_on, found.days_left, found.provisional) == (date(2026, 12, 31), 1, True)


def test_what_the_answer_ends_nobody_is_reminded_of_any_more(told: World) -> None:
    told.happened({"soon": (fact(CaseClosed, "03-12 09:00", outcome=Outcome.OTHER),)})
    follow(told.logs, told.tables)

    assert "soon" not in {one.case for one in asked(told)}


def test_a_look_too_far_ahead_is_refused(memory: World) -> None:
    for days in (-1, 5000):
        with pytest.raises(BadInput, match="working days"):
            asked(memory, within_days=days)
    memory.happened({"soon": TAKEN})
    follow(memory.logs, memory.tables)
    with pytest.raises(OutsideCalendarError):
        asked(memory, date(1990, 1, 1))


def test_each_district_counts_the_days_left_by_the_calendar_in_force_there(world: World) -> None:
    """The thirteenth is a feast in one of them: what is due on the sixteenth is one working day nearer there."""
    feast = weekdays("feast.1", date(2026, 3, 13))
    adopt(world, GivenBooks(DistrictRule(name="feast", calendar="feast.1"), calendars={"feast.1": feast}), district=B)
    for district in (A, B):
        world.happened({f"{district}-soon": TAKEN}, district)
    follow(world.logs, world.tables)

    assert {one.case: one.days_left for one in asked(world)} == {f"{A}-soon": 2, f"{B}-soon": 1}
    assert {one.case for one in asked(world, within_days=1)} == {f"{B}-soon"}
    assert calendars_in_force(world.tables)[A].due(date(2026, 12, 31), 1) == date(2027, 1, 1)  # bare weekdays from there on


def test_a_case_whose_calendar_nobody_has_is_set_aside_and_the_others_are_told(memory: World) -> None:
    memory.happened({"strange": (received(), accepted(plan=(), calendar="nobody.1")), "soon": TAKEN})
    follow(memory.logs, memory.tables)
    live = memory.tables.live()
    assert live is not None

    (aside,) = memory.tables.quarantine(live, A)
    assert aside.case == "strange"
    assert "nobody.1" in aside.reason
    assert [one.case for one in asked(memory)] == ["soon"]


def test_nobody_is_reminded_of_a_law_that_was_kept(world: World) -> None:
    begun = nationally(received(), accepted(plan=(), promised=Limit.working_days(60)))  # by law until the 30th
    decided = fact(DecisionMade, "03-27 09:00", by=HEAD, decision=Decision.GRANTED)
    world.happened({"decided": (*begun, decided), "undecided": begun})
    follow(world.logs, world.tables)

    found = [one.case for one in asked(world, date(2026, 3, 30)) if one.clock == "statutory"]
    assert found == ["undecided"]


# --- 一件事, 小蜜蜂箱 ---


PACKAGE: Final = tuple(replace(one, calendar=NATIONAL) if isinstance(one, PackageAccepted) else one for one in ACCEPTED)
"""Its joint promise is due on the 17th, its joint limit on 05-09, a Saturday that is worked."""
BOX: Final = "小蜜蜂箱"
"""The catalogue that ships wants it emptied twice a day."""


@pytest.mark.parametrize(
    ("as_of", "within", "wanted"),
    [
        (date(2026, 3, 12), 2, []),
        (date(2026, 3, 13), 2, [("promised", 2, False)]),
        (date(2026, 3, 17), 0, [("promised", 0, False)]),
        (date(2026, 3, 18), 0, [("promised", -1, True)]),
        (date(2026, 5, 9), 0, [("promised", -35, True), ("statutory", 0, False)]),
    ],
)
def test_the_joint_limits_of_a_package_are_reminded_of(
    world: World, as_of: date, within: int, wanted: list[tuple[Any, ...]]
) -> None:
    world.happened({"P-1": PACKAGE})
    follow(world.logs, world.tables)
    found = asked(world, as_of, within)

    assert [(one.clock, one.days_left, one.overdue) for one in found] == wanted
    assert {(one.of, one.case, one.department, one.item) for one in found} <= {("package", "P-1", None, None)}


def test_a_package_that_has_closed_is_reminded_of_no_more(memory: World) -> None:
    memory.happened({"P-1": (*PACKAGE, *FINISHED[3:])})
    follow(memory.logs, memory.tables)

    assert asked(memory, date(2026, 3, 16), 5) == []


@pytest.mark.parametrize(
    ("as_of", "done"),
    [
        (date(2026, 3, 10), 0),  # a Tuesday on which nobody came yet
        (date(2026, 3, 9), 1),
        (date(2026, 3, 6), 2),
        (date(2026, 3, 8), None),  # a Sunday
        (date(2026, 3, 4), None),  # before anything was told of it
        (date(2026, 4, 30), 0),
    ],
)
def test_a_box_is_reminded_of_on_a_working_day_until_it_was_emptied_often_enough(
    world: World, as_of: date, done: int | None
) -> None:
    emptied = ("03-05 09:00", "03-06 08:40", "03-06 16:30", "03-07 10:00", "03-09 08:40")
    world.happened({BOX: [collected(when) for when in emptied]})
    follow(world.logs, world.tables)

    found = [one for one in asked(world, as_of) if one.of == "drop_box"]
    reminded = [] if done in {None, 2} else [(BOX, f"emptying:{done}/2", as_of, 0, False)]
    assert [(one.case, one.clock, one.due_on, one.days_left, one.overdue) for one in found] == reminded


@pytest.mark.parametrize(("as_of", "reminded"), [(date(2026, 3, 10), True), (date(2026, 3, 11), False)])
def test_a_box_is_reminded_of_as_long_as_it_is_in_service(memory: World, as_of: date, *, reminded: bool) -> None:
    box = DropBox(code="B-1", name_zh="小蜜蜂箱", source="story", hall="H", valid_until=date(2026, 3, 10))
    memory.happened({"B-1": [collected("03-09 08:40")]})
    adopt(memory, GivenBooks(catalogue=Catalogue((), boxes=(box,))))
    follow(memory.logs, memory.tables)

    assert [one.case for one in asked(memory, as_of)] == (["B-1"] if reminded else [])


def test_who_asks_for_one_department_or_the_overdue_is_told_of_no_box(memory: World) -> None:
    memory.happened({BOX: [collected("03-09 08:40")]})
    follow(memory.logs, memory.tables)

    day = date(2026, 3, 10)
    assert [one.case for one in asked(memory, day)] == [BOX]
    assert asked(memory, day, overdue_only=True) == []
    assert asked(memory, day, department="Market") == []
    assert asked(memory, day, district=B) == []
