"""Reminders, on every store: which running clocks are due soon or overdue, whose they are, and what is left."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from followed import LIMITED, A, B, Lives, World, nationally, resumed, special
from story import HEAD, accepted, fact, granted, received, routed

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.following import follow
from adapters.reminding import Reminder, reminders
from casecore import (
    BadInput,
    CaseClosed,
    CaseWithdrawn,
    CertificateMade,
    CorrectionRequested,
    Decision,
    DecisionMade,
    HearingOffered,
    Limit,
    Outcome,
    OutsideCalendarError,
    Suspended,
    SuspensionKind,
)

CASECORE: Final = Path(sys.executable).parent / "casecore"
CALENDAR: Final = shipped_calendars()[NATIONAL]
THURSDAY: Final = date(2026, 3, 12)

TAKEN: Final = nationally(received(), accepted(plan=()))  # due on Monday the 16th
GRANTED: Final = (
    *TAKEN,
    fact(DecisionMade, "03-04 09:00", by=HEAD, decision=Decision.GRANTED),
    fact(CertificateMade, "03-04 10:00", certificate="C1", kind="licence"),
)
TOLD: Final[Lives] = {
    "soon": TAKEN,
    "late": nationally(received("02-26 09:00"), accepted("02-26 10:00")),  # due on the 11th: Saturday 02-28 is worked
    "far": nationally(received("03-05 09:00"), accepted("03-05 10:00")),  # due on the 19th
    "unanswered": (received("03-06 09:00", department="Health"),),  # Art. 32: to be told by the 13th
    "told": (received("03-06 09:00"), fact(CorrectionRequested, "03-09 09:00", materials=("lease",))),
    "paused": (*TAKEN, fact(Suspended, "03-05 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r",
                            moves_promise=True)),
    "moved": (*TAKEN, special(), resumed()),  # five days: due on the 23rd
    "withdrawn": (*TAKEN, fact(CaseWithdrawn, "03-05 09:00", reason="r")),
    "closed": (*TAKEN, fact(CaseClosed, "03-05 09:00", outcome=Outcome.OTHER)),
    "to be delivered": (*GRANTED, fact(CaseClosed, "03-05 09:00", outcome=Outcome.CERTIFICATE_ISSUED)),  # by the 18th
    "at departments": (
        received(),
        accepted(plan=LIMITED, calendar=NATIONAL, promised=Limit.working_days(20)),
        *routed("fire", "health", when="03-09 09:00"),  # fire until the 12th
        *granted("health", when="03-10 09:00"),
    ),
    "at the window": (
        received("03-12 10:00"),
        accepted("03-12 10:30", plan=(), calendar=NATIONAL, promised=Limit.hours(2), statutory=None),
    ),
    "to be heard": (
        received(),
        accepted(plan=(), calendar=NATIONAL, promised=Limit.working_days(30)),
        fact(HearingOffered, "03-05 09:00", notice="N9"),  # the applicant asks by the 12th, or does not
    ),
}  # fmt: skip


@pytest.fixture
def told(world: World) -> World:
    world.happened(TOLD)
    follow(world.logs, world.tables)
    return world


def asked(world: World, as_of: date = THURSDAY, within_days: int = 2, **rest: Any) -> list[Reminder]:
    return list(reminders(world.tables, as_of, within_days, CALENDAR, **rest))


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
        A, "Fire", "at departments", "FOOD", "step", "step:fire", "fire", date(2026, 3, 12), None, 0,
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
    with pytest.raises(OutsideCalendarError):
        asked(memory, date(1990, 1, 1))


def test_a_case_whose_calendar_nobody_has_is_set_aside_and_the_others_are_told(memory: World) -> None:
    memory.happened({"strange": (received(), accepted(plan=(), calendar="nobody.1")), "soon": TAKEN})
    follow(memory.logs, memory.tables)
    live = memory.tables.live()
    assert live is not None

    (aside,) = memory.tables.quarantine(live, A)
    assert aside.case == "strange"
    assert "nobody.1" in aside.reason
    assert [one.case for one in asked(memory)] == ["soon"]


# --- The command ---


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('reminded')}/cases.db"
    world = World(url)
    world.happened(TOLD)
    world.close()
    return url


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [CASECORE, "reminders", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_follows_first_and_prints_a_table_a_department(store: str) -> None:
    stale = ran("--store", store, "--as-of", "2026-03-12", "--no-follow")
    assert (stale.returncode, stale.stdout) == (2, "")
    assert "run casecore follow first" in stale.stderr

    done = ran("--store", store, "--as-of", "2026-03-12")

    assert done.returncode == 0, done.stderr
    titles = [line.strip() for line in done.stdout.splitlines() if line.strip() in ("Fire", "Health", "Market")]
    assert titles == ["Fire", "Health", "Market"]
    for shown in ("承诺时限 promised", "环节时限 step:fire", "2026-03-12 13:30", "overdue (超期)"):
        assert shown in done.stdout, shown
    assert "4 due soon (临近到期), 1 overdue (超期)" in done.stdout


def test_the_command_answers_scripts_in_json(store: str) -> None:
    done = ran("--store", store, "--as-of", "2026-03-12", "--within", 5, "--department", "Health", "--district", A, "--json")

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["as_of"], answer["stale_cases"]) == ("2026-03-12", 0)
    (one,) = answer["reminders"]
    assert (one["case"], one["due_on"], one["days_left"], one["overdue"]) == ("unanswered", "2026-03-13", 1, False)


def test_a_day_that_is_none_or_no_calendar_knows_is_bad_usage(store: str) -> None:
    for day, told in (("tomorrow", "--as-of"), ("1990-01-01", "outside calendar")):
        done = ran("--store", store, "--as-of", day)
        assert done.returncode == 2
        assert told in done.stderr
