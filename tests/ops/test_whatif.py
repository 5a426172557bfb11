"""What if: history replayed under another promise, calendar or rule, with nothing written."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from support.followed import A, B, World
from support.poisoned import BAD, poison
from support.story import FOOD, TAXI, accepted, fact, received

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_engine import open_engine
from adapters.importing.importing import import_file
from adapters.importing.mapping import load_mapping
from adapters.reporting import Period
from adapters.supposing import ChangedCase, WhatIf, whatif
from casecore import (
    BadInput,
    CaseClosed,
    CaseEvent,
    CaseVoided,
    DistrictRule,
    Limit,
    Outcome,
    Resumed,
    SpecialGround,
    Suspended,
    SuspensionKind,
    WorkCalendar,
)
from ops.cli.supposing import read_promise
from projections.supposition import Supposition

EVER: Final = Period(None, None, date(2026, 12, 30))
FIVE: Final = Limit.working_days(5)
ORDINARY: Final = DistrictRule(moves_promise=(SuspensionKind.ORDINARY,))
CASECORE: Final = Path(sys.executable).parent / "casecore"


def closed(when: str, outcome: Outcome = Outcome.OTHER) -> CaseClosed:
    return fact(CaseClosed, when, outcome=outcome, reason="so it ended")


def taken(when: str = "03-02", code: str = FOOD, **rest: Any) -> tuple[CaseEvent, ...]:
    """Received and accepted on that day, promised ten working days (three for a taxi) under the national calendar."""
    return received(f"{when} 09:00", code), accepted(f"{when} 10:00", code, calendar=NATIONAL, **rest)


def stopped(first: str, last: str, *, moves: bool = False) -> tuple[CaseEvent, ...]:
    """An ordinary suspension."""
    return (
        fact(Suspended, f"{first} 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r", moves_promise=moves),
        fact(Resumed, f"{last} 09:00", suspension="S1"),
    )


def special(first: str, last: str, days: int, notice: str | None = "N1") -> tuple[CaseEvent, ...]:
    """A special procedure; told in writing it moves both limits."""
    told = notice is not None
    started = fact(
        Suspended, f"{first} 09:00", suspension="P1", kind=SuspensionKind.SPECIAL_PROCEDURE, reason="samples",
        ground=SpecialGround.TESTING, declared_days=days, notice=notice, moves_promise=told, moves_statutory=told,
    )  # fmt: skip
    return started, fact(Resumed, f"{last} 09:00", suspension="P1")


def asked(world: World, period: Period = EVER, calendars: Mapping[str, WorkCalendar] | None = None, **what: Any) -> WhatIf:
    return whatif(world.logs, Supposition(**what), period, calendars=calendars)


def changed(answer: WhatIf) -> dict[str, tuple[str | None, str | None]]:
    return {one.case: (one.verdict_recorded, one.verdict_what_if) for one in answer.changed}


def figure(answer: WhatIf, code: str) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    (found,) = [sides for sides in answer.figures if sides.recorded.code == code]
    return tuple((side.numerator, side.denominator) for side in found)  # type: ignore[return-value]


# --- another promise ---


def test_under_a_shorter_promise_cases_closed_between_the_two_due_dates_are_late(world: World) -> None:
    world.happened(
        {
            "early": (*taken(), closed("03-09 16:00")),  # the fifth working day
            "between": (*taken(), closed("03-10 09:00")),
            "late": (*taken(), closed("03-17 09:00")),
        }
    )
    answer = asked(world, promise=FIVE)
    assert answer.changed == (
        ChangedCase(A, "between", FOOD, date(2026, 3, 10), date(2026, 3, 16), date(2026, 3, 9), "on_time", "overdue"),
    )
    assert figure(answer, "K6") == ((2, 3), (1, 3))
    assert figure(answer, "K7") == ((1, 3), (2, 3))
    assert figure(answer, "K7-early") == ((2, 3), (0, 3))
    assert (answer.cases, answer.concerned, answer.unread) == (3, 3, ())


def test_under_a_longer_promise_late_cases_are_on_time(memory: World) -> None:
    memory.happened({"late": (*taken(), closed("03-17 09:00"))})
    assert changed(asked(memory, promise=Limit.working_days(11))) == {"late": ("overdue", "on_time")}


def test_a_promise_in_hours_is_counted_in_hours(memory: World) -> None:
    memory.happened({"same-day": (*taken(), closed("03-02 15:00")), "one-hour": (*taken(), closed("03-02 11:00"))})
    assert changed(asked(memory, promise=Limit.hours(2))) == {"same-day": ("on_time", "overdue")}


def test_only_cases_of_the_item_asked_about_are_supposed_otherwise(memory: World) -> None:
    memory.happened({"meal": (*taken(), closed("03-12 09:00")), "cab": (*taken(code=TAXI), closed("03-12 09:00"))})
    answer = asked(memory, promise=FIVE, item=TAXI)
    assert changed(answer) == {"cab": ("on_time", "overdue")}
    assert (answer.cases, answer.concerned) == (2, 1)


def test_a_case_nobody_accepted_or_that_was_voided_changes_nothing(memory: World) -> None:
    voided = fact(CaseVoided, "03-12 09:00", outcome=Outcome.VOIDED, reason="twice")
    memory.happened({"waiting": taken()[:1], "voided": (*taken(), voided)})
    answer = asked(memory, promise=FIVE)
    assert (answer.changed, answer.concerned) == ((), 1)
    assert figure(answer, "K6") == ((0, 0), (0, 0))


def test_an_open_case_is_late_from_the_day_after_its_due_date(memory: World) -> None:
    memory.happened({"open": taken()})
    on_the_day, after = (Period(None, None, date(2026, 3, day)) for day in (9, 10))
    assert changed(asked(memory, on_the_day, promise=FIVE)) == {}
    assert changed(asked(memory, after, promise=FIVE)) == {"open": ("running", "overdue")}
    assert figure(asked(memory, after, promise=FIVE), "K7") == ((0, 0), (1, 1))


def test_changed_cases_are_those_of_the_period(memory: World) -> None:
    memory.happened({"march": (*taken(), closed("03-12 09:00")), "april": (*taken("04-07"), closed("04-16 09:00"))})
    april = Period(date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 30))
    assert changed(asked(memory, april, promise=FIVE)).keys() == {"april"}
    assert figure(asked(memory, april, promise=FIVE), "K6") == ((1, 1), (0, 1))


def test_every_district_of_the_store_is_replayed(world: World) -> None:
    world.happened({"here": (*taken(), closed("03-12 09:00"))}, A)
    world.happened({"there": (*taken(), closed("03-12 09:00"))}, B)
    assert sorted((one.log, one.case) for one in asked(world, promise=FIVE).changed) == [(B, "there"), (A, "here")]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("5", FIVE),
        ("0", Limit.working_days(0)),
        ("0.5", Limit.half_days(1)),
        ("2.5", Limit.half_days(5)),
        ("2h", Limit.hours(2)),
    ],
)
def test_a_promise_is_said_in_days_or_hours(text: str, limit: Limit) -> None:
    assert read_promise(text) == limit


@pytest.mark.parametrize("text", ["", "-1", "five", "1.25", "5001", "2 h", "٥", "1e3"])
def test_what_is_no_promise_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="--promise"):
        read_promise(text)


# --- another rule ---


def test_where_the_rule_lets_suspensions_move_the_promise_the_frozen_answer_does_not_matter(memory: World) -> None:
    memory.happened(
        {
            "kept": (*taken(), *stopped("03-03", "03-10"), closed("03-20 09:00")),
            "moved": (*taken(), *stopped("03-03", "03-10", moves=True), closed("03-20 09:00")),
        }
    )
    assert changed(asked(memory, rule=ORDINARY)) == {"kept": ("overdue", "on_time")}
    assert changed(asked(memory, rule=DistrictRule())) == {"moved": ("on_time", "overdue")}


def test_a_suspension_that_starts_after_the_deadline_does_not_revive_it(memory: World) -> None:
    memory.happened({"dead": (*taken(), *stopped("03-17", "03-25"), closed("03-26 09:00"))})
    assert asked(memory, rule=ORDINARY).changed == ()


def test_no_rule_takes_from_or_adds_to_what_a_special_procedure_moves(memory: World) -> None:
    memory.happened(
        {
            "told": (*taken(), *special("03-03", "03-10", 5), closed("03-23 09:00")),
            "untold": (*taken(), *special("03-03", "03-10", 5, notice=None), closed("03-23 09:00")),
        }
    )
    every = DistrictRule(moves_promise=(SuspensionKind.ORDINARY, SuspensionKind.FORWARDED))
    assert asked(memory, rule=DistrictRule()).changed == asked(memory, rule=every).changed == ()
    assert figure(asked(memory, rule=every), "K6") == ((1, 2), (1, 2))


def test_a_promise_and_a_rule_are_supposed_together(memory: World) -> None:
    memory.happened({"both": (*taken(), *stopped("03-03", "03-10"), closed("03-16 09:00"))})
    assert changed(asked(memory, promise=FIVE)) == {"both": ("on_time", "overdue")}
    assert changed(asked(memory, promise=FIVE, rule=ORDINARY)) == {}


# --- another calendar ---

LATER: Final = "cn-2026.later"
HOLIDAYS: Final = (date(2026, 3, 11), date(2026, 3, 12))
"""What a later notice turns into holidays, in the middle of the cases' lives."""


def later_calendar(version: str = LATER) -> WorkCalendar:
    """March 2026 with two more holidays."""
    return WorkCalendar(
        version=version,
        title="a later notice",
        zone="Asia/Shanghai",
        covers=(date(2026, 1, 1), date(2026, 12, 31)),
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset(HOLIDAYS),
        work=frozenset(),
        hours=((time(9), time(12)), (time(13), time(17))),
    )


WEEKDAYS: Final = frozenset(d for n in range(60) if (d := date(2026, 3, 1) + timedelta(n)).weekday() < 5 and d.month == 3)


class Drawn:
    """A case drawn at random, and its due date counted by hand over sets of dates."""

    def __init__(self, number: int, chance: random.Random) -> None:
        days = sorted(WEEKDAYS)
        self.case, self.start = f"R-{number:03}", chance.choice(days[:6])
        self.limit = chance.randint(3, 7)
        self.stop = self.back = self.declared = None
        if chance.random() < 0.4:
            at = days.index(self.start) + chance.randint(0, 2)
            self.stop, self.back, self.declared = days[at], days[at + chance.randint(1, 4)], chance.randint(1, 3)
        # Near the deadline, where two days make the difference; suspended ones have come back by then.
        self.end = self.due(WEEKDAYS) + timedelta(days=chance.randint(-2, 4))
        if self.back is not None:
            self.end = max(self.end, self.back)

    def due(self, working: frozenset[date]) -> date:
        """The day on which the limit is used up: every working day counts that is not taken out."""
        out: set[date] = set()
        if self.stop is not None and self.back is not None and self.declared is not None:
            out = {d for d in sorted(d for d in working if self.stop < d)[: self.declared] if d <= self.back}
        day, left = self.start, self.limit
        while left:
            day += timedelta(days=1)
            left -= day in working and day not in out
        return day

    def life(self) -> tuple[CaseEvent, ...]:
        opened = f"{self.start:%m-%d}"
        procedure: tuple[CaseEvent, ...] = ()
        if self.stop is not None and self.back is not None and self.declared is not None:
            procedure = special(f"{self.stop:%m-%d}", f"{self.back:%m-%d}", self.declared)
            procedure = (procedure[0], fact(Resumed, f"{self.back:%m-%d} 12:00", suspension="P1"))
        return (
            received(f"{opened} 08:30"),
            accepted(f"{opened} 08:45", calendar=NATIONAL, promised=Limit.working_days(self.limit)),
            *procedure,
            closed(f"{self.end:%m-%d} 18:00"),
        )


def test_another_calendar_changes_exactly_the_cases_counting_by_hand_says(memory: World) -> None:
    chance = random.Random(4)  # noqa: S311 - no secret
    cases = [Drawn(number, chance) for number in range(400)]
    memory.happened({drawn.case: drawn.life() for drawn in cases})
    after = WEEKDAYS.difference(HOLIDAYS)
    expected = {
        drawn.case: tuple("on_time" if drawn.end <= drawn.due(days) else "overdue" for days in (WEEKDAYS, after))
        for drawn in cases
    }
    expected = {case: verdicts for case, verdicts in expected.items() if verdicts[0] != verdicts[1]}

    answer = asked(memory, calendars={**shipped_calendars(), LATER: later_calendar()}, calendar=LATER)

    assert changed(answer) == expected
    dues = {drawn.case: (drawn.due(WEEKDAYS), drawn.due(after)) for drawn in cases}
    assert all((one.due_recorded, one.due_what_if) == dues[one.case] for one in answer.changed)
    on_time = [sum(drawn.end <= drawn.due(days) for drawn in cases) for days in (WEEKDAYS, after)]
    assert figure(answer, "K6") == ((on_time[0], 400), (on_time[1], 400))
    assert 40 < len(expected) < 360  # the draw tells the two calendars apart
    assert any(drawn.declared for drawn in cases if drawn.case in expected)


def test_what_the_supposed_calendar_cannot_count_has_no_verdict(memory: World) -> None:
    late = WorkCalendar(
        version=LATER, title="t", zone="Asia/Shanghai", covers=(date(2026, 6, 1), date(2026, 12, 31)),
        rest_weekdays=frozenset({6, 7}), rest=frozenset(), work=frozenset(), hours=((time(9), time(12)),),
    )  # fmt: skip
    memory.happened({"march": (*taken(), closed("03-12 09:00"))})
    answer = asked(memory, calendars={**shipped_calendars(), LATER: late}, calendar=LATER)
    assert changed(answer) == {"march": ("on_time", None)}
    assert figure(answer, "K6") == ((1, 1), (0, 0))


def test_a_calendar_nobody_knows_is_refused(memory: World) -> None:
    memory.happened({"one": taken()})
    with pytest.raises(BadInput, match="cn-1900"):
        asked(memory, calendar="cn-1900")


# --- what goes wrong, and what is left alone ---


def test_a_case_that_cannot_be_read_is_named_and_left_out_of_both_sides(memory: World) -> None:
    memory.happened({"good": (*taken(), closed("03-12 09:00")), BAD: (*taken(), closed("03-12 09:00"))})
    position = poison(memory)
    answer = asked(memory, promise=FIVE)
    assert [(one.log, one.case, one.position) for one in answer.unread] == [(A, BAD, position)]
    assert "unknown event name" in answer.unread[0].why
    assert figure(answer, "K6") == ((1, 1), (0, 1))


def test_nothing_is_written(world: World) -> None:
    world.happened({"between": (*taken(), closed("03-10 09:00"))})
    before = world.engine().log.head()
    assert asked(world, promise=FIVE).changed
    assert world.engine().log.head() == before
    assert world.again().live() is None


# --- the command ---


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of thirty cases that five days would make late."""
    path = tmp_path_factory.mktemp("whatif")
    world = World(f"sqlite:///{path}/cases.db")
    world.happened({f"C-{n:02}": (*taken(), closed("03-12 09:00")) for n in range(30)})
    world.close()
    return path


STORE: Final = ("--store", "sqlite:///cases.db")


def test_the_command_prints_both_sides_and_the_first_changed_cases(folder: Path) -> None:
    ran = run(folder, "whatif", *STORE, "--promise", "5")
    assert (ran.returncode, ran.stderr) == (0, "")
    for shown in ("30 / 30", "0 / 30", "30 cases whose verdict changes", "C-00", "C-19", "… and 10 more"):
        assert shown in ran.stdout, shown
    assert "C-20" not in ran.stdout


def test_its_json_holds_every_changed_case(folder: Path) -> None:
    ran = run(folder, "whatif", *STORE, "--promise", "5", "--to", "2026-03-31", "--json")
    answer = json.loads(ran.stdout)
    assert answer["changed"][29] == {
        "log": A, "case": "C-29", "item": FOOD, "closed_on": "2026-03-12", "due_recorded": "2026-03-16",
        "due_what_if": "2026-03-09", "verdict_recorded": "on_time", "verdict_what_if": "overdue",
        "provisional_recorded": False, "provisional_what_if": False,
    }  # fmt: skip
    (k6,) = [one for one in answer["indicators"] if one["code"] == "K6"]
    assert (k6["recorded"]["numerator"], k6["what_if"]["numerator"], k6["what_if"]["denominator"]) == (30, 0, 30)
    assert (answer["cases"], answer["concerned"], answer["unread"]) == (30, 30, [])


def test_a_rule_comes_from_its_file_and_a_calendar_from_its_folder(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    world.happened(
        {
            "stopped": (*taken(), *stopped("03-03", "03-10"), closed("03-20 09:00")),
            "near": (*taken(), closed("03-17 09:00")),
        }
    )
    world.close()
    (tmp_path / "ours.toml").write_text('name = "ours"\nmoves_promise = ["ordinary"]\n', "utf-8")
    (tmp_path / "calendars").mkdir()
    overlay = 'version = "later.1"\ntitle = "t"\nbase = "cn-2026.1"\n[years]\n2026.rest = ["03-11"]\n'
    (tmp_path / "calendars" / "later.1.toml").write_text(overlay, "utf-8")
    by_rule = run(tmp_path, "whatif", *STORE, "--rule", "ours.toml", "--json")
    assert [one["case"] for one in json.loads(by_rule.stdout)["changed"]] == ["stopped"]
    by_calendar = run(tmp_path, "whatif", *STORE, "--calendar", "later.1", "--calendars", "calendars", "--json")
    assert [one["case"] for one in json.loads(by_calendar.stdout)["changed"]] == ["near"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "say what is to be supposed"),
        (("--promise", "soon"), "--promise"),
        (("--calendar", "cn-1900"), "cn-1900"),
        (("--promise", "5", "--from", "2026-03-02", "--to", "2026-03-01"), "--to"),
        (("--promise", "5", "--as-of", "today"), "--as-of"),
        (("--promise", "5", "--district", "999999"), "999999"),
    ],
)
def test_bad_options_are_named(folder: Path, options: tuple[str, ...], named: str) -> None:
    ran = run(folder, "whatif", *STORE, *options)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert named in ran.stderr


# --- the real histories ---


@pytest.fixture(scope="module")
def chongqing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    data = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the shared sample data is not here")
    url = f"sqlite:///{tmp_path_factory.mktemp('real')}/real.db"
    with open_engine(url, district="500000") as engine:
        for name in ("chongqing_cases", "chongqing_steps"):
            import_file(engine, load_mapping(name), data / f"{name}.csv.gz")
        yield engine.log


ASKED: Final = Period(None, None, date(2026, 7, 1))


@pytest.mark.torture
def test_chongqing_under_a_promise_of_five_days(chongqing: Any) -> None:
    kept = whatif([chongqing], Supposition(promise=FIVE), ASKED)
    assert figure(kept, "K6") == ((51_230, 59_828), (40_066, 59_828))
    assert len(kept.changed) == 51_230 - 40_066
    assert {(one.verdict_recorded, one.verdict_what_if) for one in kept.changed} == {("on_time", "overdue")}


@pytest.mark.torture
def test_chongqing_under_five_days_that_suspensions_move(chongqing: Any) -> None:
    moved = whatif([chongqing], Supposition(promise=FIVE, rule=ORDINARY), ASKED)
    assert figure(moved, "K6") == ((51_230, 59_828), (40_463, 59_828))
