"""Joint review (联审联办, 并联审批): one after the other against side by side, and the path the package waited on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from support.package_story import BOOKS, CAFE, FIRE, PACKAGE, TAX, Hall, accepting, case, certifying, opening, reviewing
from support.story import CALENDAR, CLERK, OFFICER, day, moment

from casecore import GrantApproval, RouteCase, WithdrawCase
from casecore.package.file import PackageFile
from casecore.reading.critical_path import SegmentKind
from casecore.reading.joint_review import JointMinutes, JointReview, JointSegment, MemberSpan, joint_path, joint_review


def reviewed(hall: Hall) -> JointReview:
    found = joint_review(hall.package, CALENDAR)
    assert found is not None
    return found


def path(hall: Hall, until: str = "12-30 17:00") -> tuple[JointSegment, ...]:
    files = {member.plan.case: hall.engine.file(member.plan.case) for member in hall.package.members}
    return joint_path(hall.package, files, CALENDAR, moment(until))


def told(segments: tuple[JointSegment, ...]) -> list[tuple[str, str, str | None, int]]:
    return [
        (one.case.removeprefix(f"{PACKAGE}-"), one.segment.kind.value, one.segment.department, one.segment.working_days)
        for one in segments
    ]


def tiles(segments: tuple[JointSegment, ...], start: date, end: date) -> None:
    """From the first day to the last without gap or overlap, and no day told twice."""
    assert segments[0].segment.started_on == start
    assert segments[-1].segment.ended_on == end
    assert [one.segment.ended_on for one in segments[:-1]] == [one.segment.started_on for one in segments[1:]]
    assert sum(one.segment.working_days for one in segments) == CALENDAR.between(start, end)


def granted(hall: Hall, code: str, accepted_on: str, closed_on: str) -> None:
    hall.does(accepting(case(code), f"{accepted_on} 11:00"), *reviewing(case(code), closed_on))
    hall.does(*certifying(case(code), closed_on))


def test_side_by_side_takes_as_long_as_the_longest_and_saves_the_others() -> None:
    hall = Hall().does(opening(tax="no"))
    for code, closed_on in ((BOOKS, "03-06"), (CAFE, "03-11"), (FIRE, "03-09")):
        granted(hall, code, "03-02", closed_on)
    found = reviewed(hall)
    assert found.spans == (MemberSpan(case(BOOKS), 4), MemberSpan(case(CAFE), 7), MemberSpan(case(FIRE), 5))
    assert (found.serial_days, found.actual_days, found.saved_days) == (16, 7, 9)
    assert found.path == (case(CAFE),)


def test_what_ran_one_after_the_other_saved_nothing() -> None:
    hall = Hall().does(opening(coffee="no"))
    granted(hall, BOOKS, "03-02", "03-06")
    granted(hall, TAX, "03-06", "03-10")
    found = reviewed(hall)
    assert (found.serial_days, found.actual_days, found.saved_days) == (6, 6, 0)
    assert found.path == (case(BOOKS), case(TAX))


def test_days_before_the_last_acceptance_are_days_the_package_took() -> None:
    """The books ran from 03-02, the café was accepted on 03-09 only: that saves but what truly ran side by side."""
    hall = Hall().does(opening(tax="no"))
    granted(hall, BOOKS, "03-02", "03-10")
    granted(hall, FIRE, "03-02", "03-10")
    granted(hall, CAFE, "03-09", "03-11")
    found = reviewed(hall)
    assert (found.serial_days, found.actual_days) == (6 + 6 + 2, 7)


def test_what_took_less_than_a_working_day_is_told_in_minutes_of_legal_working_time() -> None:
    """Three cases accepted at 11:00 and closed at 14:50: the noon break is nobody's."""
    hall = Hall().does(opening(tax="no"))
    for code in (BOOKS, CAFE, FIRE):
        hall.does(accepting(case(code), "03-02 11:00"))
    for code in (BOOKS, CAFE, FIRE):
        hall.does(*reviewing(case(code), "03-02", after="14"), *certifying(case(code), "03-02", after="14"))
    found = reviewed(hall)
    each = CALENDAR.working_minutes(moment("03-02 11:00"), moment("03-02 14:50"))
    assert 0 < each < 3 * 60 + 50
    assert (found.serial_days, found.actual_days) == (0, 0)
    assert found.minutes == JointMinutes(3 * each, each)
    assert found.minutes.saved == 2 * each


def test_what_took_a_working_day_or_more_is_told_in_days_alone() -> None:
    hall = Hall().does(opening(coffee="no", tax="no"))
    granted(hall, BOOKS, "03-02", "03-03")
    assert reviewed(hall).minutes is None


def test_a_package_that_runs_or_was_never_accepted_has_saved_nothing_yet() -> None:
    assert joint_review(PackageFile(), CALENDAR) is None
    hall = Hall().does(opening(coffee="no", tax="no"))
    assert joint_review(hall.package, CALENDAR) is None
    hall.does(WithdrawCase(case=case(BOOKS), by=CLERK, at=moment("03-02 11:00"), reason="no"))
    assert joint_review(hall.package, CALENDAR) is None


def test_a_case_that_was_dropped_stands_on_no_path() -> None:
    hall = Hall().does(opening(coffee="no"))
    hall.does(accepting(case(BOOKS), "03-02 10:00"))
    hall.does(WithdrawCase(case=case(BOOKS), by=CLERK, at=moment("03-05 11:00"), reason="no"))
    assert reviewed(hall).path == (case(BOOKS),)


@pytest.mark.parametrize("after", [{BOOKS: BOOKS}, {BOOKS: TAX, TAX: BOOKS}])
def test_in_a_plan_no_rule_has_looked_at_no_case_waits_for_itself_for_ever(after: Mapping[str, str]) -> None:
    hall = Hall().does(opening(coffee="no"))
    granted(hall, BOOKS, "03-02", "03-06")
    granted(hall, TAX, "03-06", "03-10")
    circle = tuple(
        one._replace(plan=replace(one.plan, after=(case(after[one.plan.item]),))) if one.plan.item in after else one
        for one in hall.package.members
    )
    found = joint_review(hall.package._replace(members=circle), CALENDAR)
    assert found is not None
    assert sorted(found.path) in ([case(TAX)], sorted((case(BOOKS), case(TAX))))


def test_one_path_leads_through_the_departments_of_the_cases_that_waited_for_each_other() -> None:
    """Filed on 03-02, the books accepted on 03-03, routed 03-04, answered 03-09, closed 03-10; then the tax office."""
    hall = Hall().does(opening(coffee="no"), accepting(case(BOOKS), "03-03 10:00"))
    hall.does(RouteCase(case=case(BOOKS), by=OFFICER, at=moment("03-04 10:00")))
    hall.does(
        GrantApproval(case=case(BOOKS), by=OFFICER, at=moment("03-09 10:00"), step="press", department="Culture"),
        reviewing(case(BOOKS), "03-10")[-1],
        *certifying(case(BOOKS), "03-10"),
    )
    hall.does(accepting(case(TAX), "03-11 10:00"), *reviewing(case(TAX), "03-13"), *certifying(case(TAX), "03-13"))
    found = path(hall)
    assert told(found) == [
        (BOOKS, "intake", "Market", 1),
        (BOOKS, "routing", "Market", 1),
        (BOOKS, "step", "Culture", 3),
        (BOOKS, "decision", "Market", 1),
        (TAX, "intake", "Market", 1),
        (TAX, "decision", "Market", 2),
    ]
    assert found[2].segment.step == "press"
    tiles(found, day("03-02"), day("03-13"))


def test_within_the_longest_case_it_is_the_later_of_two_departments() -> None:
    hall = Hall().does(opening(tax="no"))
    granted(hall, BOOKS, "03-02", "03-03")
    granted(hall, FIRE, "03-02", "03-03")
    hall.does(accepting(case(CAFE), "03-02 10:00"), RouteCase(case=case(CAFE), by=OFFICER, at=moment("03-02 11:00")))
    for step, department, on in (("kitchen", "Market", "03-04"), ("water", "Health", "03-06")):
        at = moment(f"{on} 10:00")
        hall.does(GrantApproval(case=case(CAFE), by=OFFICER, at=at, step=step, department=department))
    hall.does(reviewing(case(CAFE), "03-06")[-1], *certifying(case(CAFE), "03-09"))
    found = path(hall)
    assert told(found) == [(CAFE, "step", "Health", 4), (CAFE, "closing", "Market", 1)]
    tiles(found, day("03-02"), day("03-09"))


@pytest.mark.parametrize("until", ["03-03 17:00", "03-05 17:00", "03-06 17:00"])
def test_while_it_runs_the_path_leads_to_the_day_of_the_question(until: str) -> None:
    hall = Hall().does(opening(coffee="no"))
    hall.does(accepting(case(BOOKS), "03-03 10:00"), RouteCase(case=case(BOOKS), by=OFFICER, at=moment("03-03 11:00")))
    found = path(hall, until)
    assert [one.segment.kind for one in found] == [SegmentKind.INTAKE, SegmentKind.STEP]
    tiles(found, day("03-02"), moment(until).date())


def test_what_nobody_has_answered_waits_to_be_accepted() -> None:
    hall = Hall().does(opening(coffee="no", tax="no"))
    assert told(path(hall, "03-05 17:00")) == [(BOOKS, "intake", "Market", 3)]


def test_there_is_no_path_in_a_package_nobody_opened() -> None:
    assert joint_path(PackageFile(), {}, CALENDAR, moment("03-02 09:00")) == ()
