"""The clocks of a package (一件事时限): the joint promise and Art. 42(2), 45 + 15, beside those of its cases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.package_story import BOOKS, CAFE, FIRE, ITEMS, OFFICE, PACKAGE, THEME, Hall, accepting, case, opening
from support.story import CALENDAR, CLERK, OFFICER, day, moment

from casecore import (
    Catalogue,
    ExtendPackage,
    Limit,
    ResumeCase,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    WithdrawCase,
    clocks_of_package,
)
from casecore.case.clocks import clocks_of
from casecore.clocks import ClockReading
from casecore.district_rule import DistrictRule
from casecore.package.facts.members import MemberSuspended
from casecore.vocabulary import ClockKind, Verdict


def reading(hall: Hall, kind: ClockKind, at: str = "06-30 17:00") -> ClockReading:
    (clock,) = [found for found in clocks_of_package(hall.package) if found.kind is kind]
    return clock.read(CALENDAR, moment(at))


def due(hall: Hall, kind: ClockKind = ClockKind.STATUTORY, at: str = "06-30 17:00") -> date:
    return reading(hall, kind, at).due_on


def last_day(start: str, days: int) -> date:
    """Counted one by one, as nobody in the engine does."""
    found = [one.day for one in CALENDAR.days(day(start), date(2026, 12, 31)) if one.working]
    return found[days - 1]


def suspending(code: str, on: str, declared: int | None, **rest: Any) -> SuspendCase:
    told: dict[str, Any] = {
        "kind": SuspensionKind.SPECIAL_PROCEDURE,
        "ground": SpecialGround.TESTING,
        "declared_days": declared,
        "notice": "N1",
        "reason": "samples are tested",
    }
    return SuspendCase(case=case(code), by=OFFICER, at=moment(f"{on} 11:00"), **{**told, **rest})


def resuming(code: str, on: str) -> ResumeCase:
    return ResumeCase(case=case(code), by=OFFICER, at=moment(f"{on} 16:00"))


def accepted(*, cafe: str = "03-02 10:10") -> Hall:
    """Three cases side by side, the café's accepted when it is said."""
    books, fire = accepting(case(BOOKS), "03-02 10:00"), accepting(case(FIRE), "03-02 10:05")
    return Hall().does(opening(tax="no"), books, fire, accepting(case(CAFE), cafe))


def test_before_the_last_answer_no_joint_limit_runs() -> None:
    hall = Hall().does(opening(tax="no"), accepting(case(BOOKS), "03-02 10:00"))
    assert clocks_of_package(hall.package) == ()
    assert {clock.kind for clock in clocks_of(hall.engine.file(case(BOOKS)))} >= {ClockKind.PROMISED, ClockKind.STATUTORY}


def test_the_promise_of_the_theme_and_45_working_days_run_from_the_latest_day_0() -> None:
    hall = accepted(cafe="03-04 10:00")
    assert due(hall, ClockKind.PROMISED) == last_day("03-04", THEME.promised.amount) == day("03-18")
    assert due(hall) == last_day("03-04", 45)


def test_fifteen_days_more_by_the_head_of_government() -> None:
    hall = accepted()
    extending = {"days": 15, "approver": "county head", "reason": "many departments", "notice": "N7"}
    hall.does(ExtendPackage(package=PACKAGE, by=OFFICER, at=moment("03-20 09:00"), **extending))  # type: ignore[arg-type]
    assert due(hall) == last_day("03-02", 60)


def test_each_case_keeps_its_own_limits_beside_the_joint_one() -> None:
    hall = accepted()
    own = {
        clock.kind: clock.read(CALENDAR, moment("03-03 09:00")).due_on for clock in clocks_of(hall.engine.file(case(FIRE)))
    }
    assert own[ClockKind.PROMISED] == last_day("03-02", 15)
    assert own[ClockKind.STATUTORY] == last_day("03-02", 20)
    assert due(hall, ClockKind.PROMISED) == last_day("03-02", 10)


@pytest.mark.parametrize(
    ("acts", "excluded"),
    [
        ([suspending(FIRE, "03-05", 3), resuming(FIRE, "03-10")], 3),
        ([suspending(FIRE, "03-05", 3), resuming(FIRE, "03-06")], 1),
        # side by side: 03-06, 03-09, 03-10 and 03-09, 03-10, 03-11, 03-12 are five days, not seven
        ([suspending(FIRE, "03-05", 3), suspending(CAFE, "03-06", 4), resuming(FIRE, "03-10"), resuming(CAFE, "03-12")], 5),
        # one within the other
        ([suspending(FIRE, "03-05", 6), suspending(CAFE, "03-06", 2), resuming(CAFE, "03-10"), resuming(FIRE, "03-13")], 6),
        # one after the other
        ([suspending(FIRE, "03-05", 2), resuming(FIRE, "03-09"), suspending(CAFE, "03-11", 2), resuming(CAFE, "03-13")], 4),
    ],
    ids=["declared", "ended early", "overlapping", "within", "apart"],
)
def test_special_procedures_of_its_cases_are_left_out_once_where_they_overlap(acts: list[Any], excluded: int) -> None:
    hall = accepted().does(*acts)
    found = reading(hall, ClockKind.STATUTORY)
    assert found.excluded == excluded
    assert found.due_on == last_day("03-02", 45 + excluded)
    assert due(hall, ClockKind.PROMISED) == last_day("03-02", 10 + excluded)


def test_a_suspension_the_law_does_not_know_moves_no_joint_limit() -> None:
    hall = accepted().does(suspending(FIRE, "03-05", None, kind=SuspensionKind.ORDINARY, ground=None, notice=None))
    hall.does(resuming(FIRE, "03-12"))
    assert hall.facts(PACKAGE, MemberSuspended) == []
    assert due(hall) == last_day("03-02", 45)


def test_a_procedure_begun_before_the_others_were_accepted_counts_from_day_0_on() -> None:
    """Told on 03-03 for six days, 03-04 … 03-11; the joint limit begins on 03-06: three of them are left."""
    hall = Hall().does(opening(tax="no"), accepting(case(BOOKS), "03-02 10:00"), accepting(case(FIRE), "03-02 10:05"))
    hall.does(suspending(FIRE, "03-03", 6), accepting(case(CAFE), "03-06 10:00"), resuming(FIRE, "03-13"))
    assert reading(hall, ClockKind.STATUTORY).excluded == 3
    assert due(hall) == last_day("03-06", 48)


def test_a_procedure_that_was_over_before_day_0_is_none_of_the_packages() -> None:
    hall = Hall().does(opening(tax="no"), accepting(case(BOOKS), "03-02 10:00"), accepting(case(FIRE), "03-02 10:05"))
    hall.does(suspending(FIRE, "03-03", 1), resuming(FIRE, "03-04"), accepting(case(CAFE), "03-06 10:00"))
    assert due(hall) == last_day("03-06", 45)


def test_a_procedure_ends_with_the_case_it_was_for() -> None:
    """Thirty days of tests were told; whoever withdraws on the next working day waits for none of them (Art. 45)."""
    hall = accepted().does(suspending(FIRE, "03-05", 30))
    hall.does(WithdrawCase(case=case(FIRE), by=CLERK, at=moment("03-06 09:00"), reason="changed their mind"))
    assert reading(hall, ClockKind.STATUTORY).excluded == 1
    assert due(hall) == last_day("03-02", 46)
    assert due(hall, ClockKind.PROMISED) == last_day("03-02", 11)


def test_the_clock_ends_with_the_package() -> None:
    hall = accepted()
    for code, on in ((BOOKS, "03-10"), (CAFE, "03-12"), (FIRE, "03-11")):
        hall.does(WithdrawCase(case=case(code), by=CLERK, at=moment(f"{on} 09:00"), reason="changed their mind"))
    found = reading(hall, ClockKind.PROMISED)
    assert (found.used, found.verdict) == (8, Verdict.ON_TIME)


def test_a_promise_of_two_hours_runs_in_working_time_from_the_last_answer() -> None:
    """企业开办 two hours: accepted at 11:30, with the noon hour between."""
    quick = Catalogue(ITEMS, themes=(replace(THEME, promised=Limit.hours(2)),))
    hall = Hall(OFFICE._replace(catalogue=quick)).does(opening(coffee="no", tax="no"), accepting(case(BOOKS), "03-02 11:30"))
    found = reading(hall, ClockKind.PROMISED, "03-02 13:00")
    assert found.due_at == moment("03-02 14:30")


def test_accepted_on_a_saturday_by_a_window_that_only_takes_papers_it_runs_from_monday() -> None:
    assert OFFICE.rule == DistrictRule()
    hall = Hall().does(opening("03-07 09:00", coffee="no", tax="no"), accepting(case(BOOKS), "03-07 10:00"))
    assert due(hall) == last_day("03-09", 45)
