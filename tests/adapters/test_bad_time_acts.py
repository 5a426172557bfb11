"""Acts on a clock that no law allows, through the engine: each is refused with its own code, and nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from support.story import BUILD, CATALOGUE, CLERK, FOOD, HALL, HEAD, ask

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApproveExtension,
    Authority,
    CaseCommand,
    Catalogue,
    CloseCase,
    DistrictRule,
    Outcome,
    PassTime,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    RequestCorrection,
    ResumeCase,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    WithdrawCase,
    WorkCalendar,
)


@pytest.fixture
def hall() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="510107", catalogue=CATALOGUE) as engine:
        yield engine


def began(hall: DistrictEngine, code: str = FOOD) -> None:
    done(hall, ask(ReceiveCase, "03-02 09:00", by=CLERK, item=code, hall=HALL))
    done(hall, ask(AcceptCase, "03-02 10:00", by=CLERK))


def done(hall: DistrictEngine, command: CaseCommand) -> None:
    assert isinstance(hall.handle(command), Receipt)


def refused(hall: DistrictEngine, command: CaseCommand, reason: Reason, named: str | None = None) -> None:
    """The engine says no for this reason, and the log ends where it ended."""
    head, file = hall.log.head(), hall.file(command.case)

    answer = hall.handle(command)

    assert isinstance(answer, Refused), answer
    assert answer.reason is reason
    assert named is None or answer.named == named
    assert (hall.log.head(), hall.file(command.case)) == (head, file)
    assert hall.log.verify().why is None


def extend(days: int, when: str = "03-10 09:00", **rest: Any) -> ApproveExtension:
    paper = {"approver": "Director Qian", "reason": "complex", "notice": "E-1"}
    return ask(ApproveExtension, when, by=HEAD, days=days, **{**paper, **rest})


def procedure(when: str, declared: int = 5, **rest: Any) -> SuspendCase:
    papers = {
        "reason": "the water is tested",
        "kind": SuspensionKind.SPECIAL_PROCEDURE,
        "ground": SpecialGround.TESTING,
        "notice": "T-1",
    }
    return ask(SuspendCase, when, declared_days=declared, **{**papers, **rest})


def test_a_limit_is_not_extended_twice(hall: DistrictEngine) -> None:
    began(hall)
    done(hall, extend(5))

    refused(hall, extend(5, "03-11 09:00"), Reason.ALREADY_EXTENDED)


def test_a_limit_is_not_extended_by_the_wrong_authority(hall: DistrictEngine) -> None:
    began(hall)

    refused(hall, extend(5, authority=Authority.GOVERNMENT_HEAD), Reason.WRONG_AUTHORITY, "organ_head")
    done(hall, extend(5))


def test_joint_handling_is_not_extended_by_the_organs_head(hall: DistrictEngine) -> None:
    began(hall, BUILD)

    refused(hall, extend(15), Reason.WRONG_AUTHORITY, "government_head")
    done(hall, extend(15, authority=Authority.GOVERNMENT_HEAD))


def test_a_limit_is_not_extended_past_its_maximum(hall: DistrictEngine) -> None:
    began(hall)

    refused(hall, extend(11), Reason.EXTENSION_TOO_LONG, "11 > 10")
    done(hall, extend(10))


def test_joint_handling_is_not_extended_past_its_maximum_either(hall: DistrictEngine) -> None:
    began(hall, BUILD)

    refused(hall, extend(16, authority=Authority.GOVERNMENT_HEAD), Reason.EXTENSION_TOO_LONG, "16 > 15")


@pytest.mark.parametrize("days", [0, -3])
def test_a_limit_is_not_extended_by_no_days(hall: DistrictEngine, days: int) -> None:
    began(hall)

    refused(hall, extend(days), Reason.DAYS_OUT_OF_RANGE, str(days))


def test_a_limit_is_not_extended_behind_the_applicants_back(hall: DistrictEngine) -> None:
    began(hall)

    refused(hall, extend(5, notice=None), Reason.NOTICE_REQUIRED)


def test_a_special_procedure_does_not_end_before_it_started(hall: DistrictEngine) -> None:
    began(hall)
    done(hall, procedure("03-05 09:00"))

    refused(hall, ask(ResumeCase, "03-05 08:59"), Reason.ENDED_BEFORE_STARTED, "S1")
    done(hall, ask(ResumeCase, "03-05 09:00"))


def test_what_was_not_suspended_is_not_resumed(hall: DistrictEngine) -> None:
    began(hall)

    refused(hall, ask(ResumeCase, "03-05 09:00"), Reason.NOT_SUSPENDED)
    refused(hall, ask(ResumeCase, "03-05 09:00", suspension="S1"), Reason.NOT_SUSPENDED, "S1")


def test_days_are_not_declared_twice(hall: DistrictEngine) -> None:
    began(hall)
    done(hall, procedure("03-05 09:00"))

    refused(hall, procedure("03-09 09:00"), Reason.OVERLAPPING_DECLARATION, "S1")


def test_days_declared_side_by_side_are_the_districts_to_allow() -> None:
    rule = DistrictRule(parallel_procedures=True)
    with open_desk("memory:", district="510107", catalogue=CATALOGUE, rule=rule) as hall:
        began(hall)
        done(hall, procedure("03-05 09:00"))
        done(hall, procedure("03-09 09:00"))
        assert len(hall.file(ask(AcceptCase).case).suspensions) == 2


def test_a_special_procedure_needs_its_ground_in_law(hall: DistrictEngine) -> None:
    began(hall)

    refused(hall, procedure("03-05 09:00", ground=None), Reason.GROUND_MISSING)


LONG_AGO = "2003-12-30 09:00"
"""The national calendar begins in 2004: of a date before it nobody can say whether it is a working day."""


@pytest.mark.parametrize(
    "asked",
    [
        ask(AcceptCase, LONG_AGO),
        ask(AcceptCase, "2004-03-01 09:00"),
        ask(RequestCorrection, LONG_AGO, materials=("lease",)),
        ask(PassTime, "2004-03-01 09:00"),
    ],
    ids=["accepted then", "accepted later", "a notice", "the passing of time"],
)
def test_what_was_received_on_a_date_the_calendar_does_not_know_is_not_counted_by_guessing(asked: CaseCommand) -> None:
    old = Catalogue([replace(found, valid_from=date(2003, 1, 1)) for found in CATALOGUE if found.code == FOOD])
    with open_desk("memory:", district="510107", catalogue=old) as hall:
        assert hall.office.calendar.covers[0] == date(2004, 1, 1)
        done(hall, ask(ReceiveCase, LONG_AGO, by=CLERK, item=FOOD, hall=HALL))

        refused(hall, asked, Reason.OUTSIDE_CALENDAR)


@pytest.mark.parametrize(
    "ended",
    [
        ask(WithdrawCase, "2004-03-01 09:00", reason="moved away"),
        ask(CloseCase, "2004-03-01 09:00", outcome=Outcome.RETURNED, reason="not the right office"),
    ],
    ids=["withdrawn", "handed back"],
)
def test_what_no_calendar_can_count_can_be_ended_all_the_same(ended: CaseCommand) -> None:
    old = Catalogue([replace(found, valid_from=date(2003, 1, 1)) for found in CATALOGUE if found.code == FOOD])
    with open_desk("memory:", district="510107", catalogue=old) as hall:
        done(hall, ask(ReceiveCase, LONG_AGO, by=CLERK, item=FOOD, hall=HALL))

        done(hall, ended)


def test_what_is_accepted_long_after_the_calendar_has_ended_is_not_counted_by_guessing_either() -> None:
    ended = WorkCalendar(
        version="old.1",
        title="of one year",
        zone="Asia/Shanghai",
        covers=(date(2010, 1, 1), date(2010, 12, 31)),
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset(),
        work=frozenset(),
        hours=((time(9), time(17)),),
    )
    books: dict[str, Any] = {"catalogue": CATALOGUE, "calendar": "old.1", "calendars": {"old.1": ended}}
    with open_desk("memory:", district="510107", **books) as hall:
        done(hall, ask(ReceiveCase, "03-02 09:00", by=CLERK, item=FOOD, hall=HALL))

        refused(hall, ask(AcceptCase, "03-02 10:00", by=CLERK), Reason.OUTSIDE_CALENDAR)
