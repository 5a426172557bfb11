"""后续通知 for every kind of clock: steps, packages, drop boxes, the statutory limit, hours. Late is past both dates."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from support.registers import ACCEPTED, collected
from support.story import BOX, CALENDAR, OFFICE, Story, accepted, ask, day, fact, moment, procedure, received

from casecore import (
    CaseRouted,
    Catalogue,
    DistrictRule,
    DropBox,
    LaterNotice,
    Limit,
    Office,
    PassTime,
    PlanStep,
    Refused,
    WorkCalendar,
    clocks_of,
)
from casecore.drop_box import NEW_BOX, PassBoxTime
from casecore.package import NEW_PACKAGE, PassPackageTime

BEGUN: Final = (received(), accepted(plan=(PlanStep(step="weigh", department="Health", limit=Limit.working_days(3)),)))
ROUTED: Final = fact(CaseRouted, "03-03 09:00", step="weigh", department="Health")


def noticed(*rest: str, work: tuple[str, ...] = ()) -> WorkCalendar:
    """The calendar of the stories, in whose place another was put with further days off, or days worked."""
    names = ("title", "zone", "covers", "rest_weekdays", "work", "hours")
    parts = {name: getattr(CALENDAR, name) for name in names}
    parts["work"] |= {day(one) for one in work}
    gone = {day(one) for one in work}
    law = WorkCalendar(
        version="story.2", supersedes="story.1", rest=(CALENDAR.rest - gone) | {day(d) for d in rest}, **parts
    )
    return CALENDAR.under((LaterNotice(law),))


def office(calendar: WorkCalendar, **rest: Any) -> Office:
    return OFFICE._replace(calendar=calendar, calendars={"story.1": calendar}, **rest)


def carded(story: Story, command: Any, when: str) -> set[str]:
    told = story.when(ask(command, when))
    return set() if isinstance(told.ruling, Refused) else {card.card for card in told.ruling if "due_soon" not in card.card}


@pytest.mark.parametrize(
    ("facts", "notice", "printed", "legal", "card"),
    [
        (BEGUN, ("03-10",), "03-17", "03-18", "promise_overdue:promised"),
        (BEGUN, ("03-24", "03-25"), "03-31", "04-02", "statutory_overdue:statutory"),
        ((*BEGUN, ROUTED), ("03-05", "03-06"), "03-09", "03-11", "step_overdue:step:weigh"),
        ((*BEGUN, procedure("03-05 09:00")), ("03-06",), "03-20", "03-23", "promise_overdue:promised"),
    ],
    ids=["promise", "law", "step", "with a special procedure"],
)
def test_a_card_comes_on_the_first_working_day_past_both_dates(
    facts: tuple[Any, ...], notice: tuple[str, ...], printed: str, legal: str, card: str
) -> None:
    told = Story(*facts, office=office(noticed(*notice)))
    bare = Story(*facts, office=office(CALENDAR))

    assert any(one.startswith(card) for one in carded(bare, PassTime, f"{printed} 00:00"))
    assert not any(one.startswith(card) for one in carded(told, PassTime, f"{printed} 00:00"))
    assert any(one.startswith(card) for one in carded(told, PassTime, f"{legal} 00:00"))


@pytest.mark.parametrize(("rest", "late"), [((), "03-18"), (("03-10",), "03-19"), (("03-17", "03-18"), "03-20")])
def test_a_package_is_late_past_both_dates_of_its_joint_promise(rest: tuple[str, ...], late: str) -> None:
    package: Any = Story(*ACCEPTED, office=office(noticed(*rest)), file=NEW_PACKAGE)

    before = moment(f"{late} 00:00") - timedelta(days=1)
    assert carded(package, PassPackageTime, f"{before:%m-%d} 23:59") == set()
    assert {name.split(":")[0] for name in carded(package, PassPackageTime, f"{late} 00:00")} == {"promise_overdue"}


@pytest.mark.parametrize(("rest", "days"), [((), ["03-03", "03-04"]), (("03-03",), ["03-04"]), (("03-03", "03-04"), [])])
def test_a_box_owes_nothing_on_a_day_that_a_later_notice_makes_a_day_off(rest: tuple[str, ...], days: list[str]) -> None:
    box = DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up", hall="H")
    told = (collected("03-02 08:40"), collected("03-02 16:30"))
    kept = Office(Catalogue((), boxes=(box,)), noticed(*rest), DistrictRule())
    story: Any = Story(*told, office=kept, file=NEW_BOX)

    assert carded(story, PassBoxTime, "03-05 00:00") == {f"box_not_emptied:2026-{one}" for one in days}


def test_hours_that_fall_on_a_day_off_are_counted_on_the_next_and_both_instants_are_known() -> None:
    told = Story(received("03-02 09:00"), accepted("03-02 16:00", promised=Limit.hours(2), plan=()))
    (clock,) = (one for one in clocks_of(told.file) if one.name == "promised")

    reading = clock.read(noticed("03-03"), moment("03-04 09:30"))

    assert (reading.due_at, reading.printed_on, reading.legal_on) == (moment("03-04 10:00"), day("03-03"), day("03-04"))
    assert clock.read(noticed("03-03"), moment("03-04 10:30")).verdict.value == "overdue"


def test_natural_days_whose_last_a_later_notice_makes_a_day_off_move_on() -> None:
    told = Story(received("03-02 09:00"), accepted("03-02 10:00", promised=Limit.natural_days(10), plan=()))
    (clock,) = (one for one in clocks_of(told.file) if one.name == "promised")

    reading = clock.read(noticed("03-12"), moment("03-13 09:00"))

    assert (reading.due_on, reading.moved_from, reading.printed_on) == (day("03-13"), day("03-12"), day("03-12"))


@pytest.mark.parametrize("kept", [Limit.fixed(day("03-12")), Limit.working_days(8)], ids=["an agreed date", "counted days"])
def test_a_day_off_turned_back_leaves_the_printed_date(kept: Limit) -> None:
    base = replace(accepted("03-02 10:00", promised=kept, plan=()))
    told = Story(received("03-02 09:00"), base)
    (clock,) = (one for one in clocks_of(told.file) if one.name == "promised")

    reading = clock.read(noticed(work=("03-07",)), moment("03-12 16:00"))

    assert (reading.due_on, reading.verdict.value) == (day("03-12"), "running")
    assert reading.legal_on <= reading.printed_on == day("03-12")
