"""Restatement: what was published of a closed month, what is known of it now, and which late facts made the difference.

Facts are recorded in real stores, by a clock that is set to the day the story needs.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from support.adopted import adopt
from support.followed import A, B, World, closed, nationally, trip
from support.poisoned import BAD, poison
from support.story import accepted, fact, moment, received

from adapters.district_books import GivenBooks
from adapters.restating import RESTATABLE, Month, Publishing, Restated, Restatement, restated
from adapters.writers_clock import Times
from casecore import (
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseVoided,
    Cause,
    Channel,
    DistrictRule,
    Grade,
    Outcome,
    Place,
    TripMade,
    Visitor,
)

ZONE: Final = ZoneInfo("Asia/Shanghai")
CASECORE: Final = Path(sys.executable).parent / "casecore"
NOW: Final = moment("06-15 12:00")
FEBRUARY, MARCH, APRIL, MAY = (Month(2026, number) for number in (2, 3, 4, 5))
Recording = Callable[..., None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Recording:
    """Facts become known on that day. Months lie between: an operator would have to admit the clock."""
    monkeypatch.setattr(Times, "check", lambda *_: None)

    def record(
        when: str,
        world: World,
        lives: dict[str, tuple[CaseEvent, ...]],
        district: str = A,
        rule: DistrictRule | None = None,
    ) -> None:
        at = int(moment(when).timestamp()) * 1_000_000_000
        with monkeypatch.context() as patched:
            patched.setattr(time, "time_ns", lambda: at)
            if rule is not None:
                adopt(world, GivenBooks(rule=rule), district=district)
            world.happened(lives, district)

    return record


def taken(when: str) -> tuple[CaseEvent, ...]:
    """By courier: nobody had to come."""
    return nationally(received(f"{when} 09:00", channel=Channel.COURIER), accepted(f"{when} 10:00"))


def asked(world: World, days: int = 0, at: str | None = None, **rest: Any) -> Restatement:
    publishing = Publishing(ZONE, days, moment(at) if at else None)
    return restated(world.logs, publishing, NOW, **rest)


def told(answer: Restatement, code: str, month: Month = MARCH) -> Restated | None:
    return next((one for one in answer.restated if (one.month, one.now.code) == (month, code)), None)


def fractions(one: Restated | None) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    assert one is not None
    return (one.then.numerator, one.then.denominator), (one.now.numerator, one.now.denominator)


def test_a_closing_reported_late_restates_its_month(world: World, on: Recording) -> None:
    on("03-20 17:00", world, {"known": (*taken("03-02"), closed("03-10 09:00")), "late": taken("03-02")})
    on("04-09 10:00", world, {"late": (closed("03-18 09:00"),)})  # two days after it was due
    answer = asked(world)
    assert fractions(told(answer, "K6")) == ((1, 1), (1, 2))
    assert fractions(told(answer, "K20-closed")) == ((1, None), (2, None))
    assert answer.months == (MARCH, APRIL, MAY)
    (cause,) = told(answer, "K6").causes  # type: ignore[union-attr]
    assert (cause.log, cause.case, cause.then, cause.now) == (A, "late", None, (0, 1))
    (late,) = cause.facts
    assert (late.event, late.position, late.late) == ("case.closed.v1", 6, True)
    assert (late.occurred_at, late.recorded_at) == (moment("03-18 09:00"), moment("04-09 10:00"))


def test_figures_that_are_as_they_were_are_not_listed(world: World, on: Recording) -> None:
    on("03-20 17:00", world, {"known": (*taken("03-02"), closed("03-10 09:00")), "late": taken("03-02")})
    on("04-09 10:00", world, {"late": (closed("03-18 09:00"),)})
    # It was open and past due on the day of publishing: that it was late was known then.
    codes = {one.now.code for one in asked(world).restated}
    assert codes.isdisjoint({"K6b", "K7", "K20-received"})
    # It needed no material and no visit, and is of no package.
    assert codes.isdisjoint({"K2-avoidable", "K2-inherited", "K14", "K14-shared", "K14-licence", "K14-case"})
    # Its statutory limit was due on 30 March and seemed to run on the 31st: now it ended with the closing.
    assert {one.population.dated for one in RESTATABLE if one.code in codes} == {"c.closed_on", "k.ended_on", "k.due_on"}
    assert {code for code in codes if code.startswith("K6b")} == {"K6b-statutory"}
    assert codes >= {"K6", "K7-early", "K9-promised", "K9-statutory", "K20-closed", "K21", "K2", "K3-case", "K4-case",
                     "K2-visits", "K2-apportioned", "K2-net", "K2-near", "K2-journey", "K16-case", "K17-case",
                     "K17-instant"}  # fmt: skip


def test_what_is_recorded_in_time_restates_nothing(world: World, on: Recording) -> None:
    on("03-20 17:00", world, {"known": taken("03-02")})
    on("03-31 23:59", world, {"known": (closed("03-10 09:00"),)})
    answer = asked(world)
    assert (answer.restated, answer.unpublished) == ((), ())


def test_the_cut_off_is_the_first_instant_of_the_next_month(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": taken("03-02")})
    on("04-01 00:00", memory, {"known": (closed("03-10 09:00"),)})
    assert fractions(told(asked(memory), "K6")) == ((0, 0), (1, 1))


def test_a_month_published_some_days_later_knows_what_came_until_then(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": taken("03-02")})
    on("04-05 23:00", memory, {"known": (closed("03-10 09:00"),)})
    assert told(asked(memory, days=4), "K6") is not None
    assert told(asked(memory, days=5), "K6") is None


@pytest.mark.parametrize(("void", "wire"), [(CaseVoided, "case.voided.v1"), (CaseClosed, "case.closed.v1")])
def test_a_voiding_after_the_month_takes_the_case_out_of_it(memory: World, on: Recording, void: Any, wire: str) -> None:
    on("03-20 17:00", memory, {"twice": (*taken("03-02"), closed("03-10 09:00"))})
    on("04-09 10:00", memory, {"twice": (fact(void, "04-08 09:00", outcome=Outcome.VOIDED, reason="twice"),)})
    answer = asked(memory)
    for code in ("K6", "K20-received", "K20-accepted", "K20-closed"):
        found = told(answer, code)
        assert fractions(found) == (((1, 1), (0, 0)) if code == "K6" else ((1, None), (0, None)))
        (cause,) = found.causes  # type: ignore[union-attr]
        assert (cause.now, [(f.event, f.late) for f in cause.facts]) == (None, [(wire, False)])


def test_a_case_told_of_late_as_a_whole_is_a_cause_with_all_its_facts(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": taken("03-02")})
    on("04-09 10:00", memory, {"forgotten": (*taken("03-03"), closed("03-10 09:00"))})
    found = told(asked(memory), "K20-received")
    assert fractions(found) == ((1, None), (2, None))
    assert [f.event for f in found.causes[0].facts] == ["case.received.v3", "case.accepted.v4", "case.closed.v1"]  # type: ignore[union-attr]


def test_a_trip_told_after_the_month_was_published_restates_it_and_names_the_case(world: World, on: Recording) -> None:
    on("03-20 17:00", world, {"known": (*taken("03-02"), trip("03-02 09:00", "V1"), closed("03-10 09:00")),
                              "quiet": (*taken("03-02"), closed("03-11 09:00"))})  # fmt: skip
    on("04-09 10:00", world, {"known": (trip("03-10 08:00", "V2", Cause.SIGN),)})
    answer = asked(world)
    assert fractions(told(answer, "K2")) == ((1, 2), (2, 2))
    assert fractions(told(answer, "K3-case")) == ((2, 2), (1, 2))
    assert fractions(told(answer, "K2-visits")) == ((1, 2), (2, 2))
    for code, then, now in (("K2", (1, 1), (2, 1)), ("K3-case", (1, 1), (0, 1))):
        (cause,) = told(answer, code).causes  # type: ignore[union-attr]
        assert (cause.log, cause.case, cause.then, cause.now) == (A, "known", then, now)
        assert [(late.event, late.late) for late in cause.facts] == [("case.trip_made.v3", True)]
        assert cause.facts[0].occurred_at == moment("03-10 08:00")
    assert "K6" not in {one.now.code for one in answer.restated}  # no trip makes a case late


NEAR: Final = fact(
    TripMade, "03-09 08:00", visit="V1", visitor=Visitor.APPLICANT, place=Place.VILLAGE_POINT, cause=Cause.SIGN
)
LENIENT: Final = DistrictRule(name="lenient", near_visits_gross=False, near_visits_net=False)
"""A near visit is no trip."""


@pytest.mark.parametrize(("rule", "codes"), [(None, {"K2", "K4-case", "K2-journey"}), (LENIENT, {"K2-journey"})])
def test_a_trip_told_late_restates_nothing_where_the_districts_rule_does_not_count_it(
    memory: World, on: Recording, rule: DistrictRule | None, codes: set[str]
) -> None:
    on("03-20 17:00", memory, {"known": (*taken("03-02"), closed("03-10 09:00"))}, rule=rule)
    on("04-09 10:00", memory, {"known": (NEAR,)})
    found = {one.now.code for one in asked(memory).restated}
    assert found & {"K2", "K4-case", "K2-journey"} == codes


def test_a_rule_adopted_later_that_reaches_back_restates_what_was_published(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": (*taken("03-02"), NEAR, closed("03-10 09:00"))})
    on("04-09 10:00", memory, {}, rule=LENIENT)  # the first rule adopted: in force always
    found = told(asked(memory), "K2")
    assert fractions(found) == ((1, 1), (0, 1))
    assert found is not None
    assert (found.then.rests.rules, found.now.rests.rules) == (((A, 0),), ((A, 1),))


def test_a_rule_that_comes_into_force_later_restates_nothing(memory: World, on: Recording) -> None:
    on("03-02 08:00", memory, {}, rule=DistrictRule())
    on("03-20 17:00", memory, {"known": (*taken("03-02"), NEAR, closed("03-10 09:00"))})
    adopt(memory, GivenBooks(rule=LENIENT), date(2026, 3, 3))
    assert asked(memory).restated == ()


def test_a_rating_told_late_restates_the_month_it_was_given_in(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": (*taken("03-02"), closed("03-10 09:00"))})
    on("04-09 10:00", memory, {"known": (fact(CaseRated, "03-12 09:00", grade=Grade.DISSATISFIED),)})
    answer = asked(memory)
    assert fractions(told(answer, "K18")) == ((0, 0), (0, 1))
    assert [cause.case for cause in told(answer, "K18").causes] == ["known"]  # type: ignore[union-attr]


def test_facts_that_change_no_figure_make_no_restatement(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"known": (*taken("03-02"), closed("03-10 09:00"))})
    on("04-09 10:00", memory, {"known": (fact(CaseRated, "04-08 09:00", grade=Grade.VERY_SATISFIED),)})
    assert asked(memory).restated == ()


def test_figures_of_a_cohort_by_now_are_left_alone(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"open": taken("03-27")})
    on("04-09 10:00", memory, {"open": (closed("04-08 09:00"),)})
    assert asked(memory).restated == ()


def test_months_before_the_first_record_were_not_published(memory: World, on: Recording) -> None:
    on("04-20 17:00", memory, {"imported": (*taken("02-25"), closed("03-10 09:00"))})
    on("05-20 17:00", memory, {"imported": (fact(CaseVoided, "05-08 09:00", outcome=Outcome.VOIDED, reason="twice"),)})
    answer = asked(memory)
    assert (answer.unpublished, answer.months, answer.restated) == ((FEBRUARY, MARCH), (APRIL, MAY), ())


def test_all_months_published_at_one_instant(memory: World, on: Recording) -> None:
    on("04-20 17:00", memory, {"imported": (*taken("02-25"), closed("03-10 09:00"))})
    on("05-20 17:00", memory, {"imported": (fact(CaseVoided, "05-08 09:00", outcome=Outcome.VOIDED, reason="twice"),)})
    answer = asked(memory, at="05-01 00:00")
    assert (answer.unpublished, answer.months) == ((), (FEBRUARY, MARCH, APRIL))
    assert fractions(told(answer, "K6")) == ((1, 1), (0, 0))
    assert asked(memory, at="04-20 17:00").months == ()


def test_a_month_restated_twice_is_told_against_each_cut_off(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"one": taken("03-02"), "two": taken("04-01")})
    on("04-09 10:00", memory, {"one": (closed("03-10 09:00"),)})
    on("05-09 10:00", memory, {"two": (closed("04-10 09:00"),)})
    answer = asked(memory)
    assert fractions(told(answer, "K20-closed", MARCH)) == ((0, None), (1, None))
    assert fractions(told(answer, "K20-closed", APRIL)) == ((0, None), (1, None))
    assert [one.cut_off for one in answer.restated if one.now.code == "K6"] == [
        datetime(2026, 4, 1, tzinfo=ZONE), datetime(2026, 5, 1, tzinfo=ZONE),
    ]  # fmt: skip


def test_only_the_months_asked_about(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {"one": taken("03-02"), "two": taken("04-01")})
    on("05-09 10:00", memory, {"one": (closed("03-10 09:00"),), "two": (closed("04-10 09:00"),)})
    answer = asked(memory, since=APRIL, until=APRIL)
    assert {one.month for one in answer.restated} == {APRIL} == set(answer.months)


def test_a_month_that_is_not_over_or_not_yet_published_is_not_asked_about(memory: World, on: Recording) -> None:
    on("05-10 17:00", memory, {"one": taken("05-06")})
    assert asked(memory).months == (MAY,)
    assert asked(memory, days=15).months == (APRIL,)  # published on 16 May; May's is due tomorrow


def test_every_district_counts(world: World, on: Recording) -> None:
    on("03-20 17:00", world, {"here": taken("03-02")}, A)
    on("03-21 17:00", world, {"there": taken("03-02")}, B)
    on("04-09 10:00", world, {"here": (closed("03-10 09:00"),)}, A)
    on("04-09 10:00", world, {"there": (closed("03-11 09:00"),)}, B)
    found = told(asked(world), "K6")
    assert fractions(found) == ((0, 0), (2, 2))
    assert [(cause.log, cause.case) for cause in found.causes] == [(B, "there"), (A, "here")]  # type: ignore[union-attr]


def test_a_case_that_can_no_longer_be_read_stays_as_it_was_known_and_is_named(memory: World, on: Recording) -> None:
    on("03-20 17:00", memory, {BAD: (*taken("03-02"), closed("03-10 09:00"))})
    position = poison(memory)
    answer = asked(memory)
    assert answer.restated == ()
    assert [(one.case, one.position) for one in answer.unread] == [(BAD, position)]


def test_an_empty_store_has_published_nothing(memory: World) -> None:
    memory.engine()
    assert asked(memory) == Restatement((), (), (), ())


# --- the command ---


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False)


STORE: Final = ("report", "--restated", "--store", "sqlite:///cases.db")


@pytest.fixture
def folder(tmp_path: Path, on: Recording) -> Path:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    on("03-20 17:00", world, {"known": (*taken("03-02"), closed("03-10 09:00")), "late": taken("03-02")})
    on("04-09 10:00", world, {"late": (closed("03-18 09:00"),)})
    world.close()
    return tmp_path


def test_the_command_prints_old_and_new_figure_and_the_late_fact(folder: Path) -> None:
    ran = run(folder, *STORE, "--from", "2026-03-01", "--to", "2026-03-31")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "2026-03  K6 按时办结率 closed within the promise: 1/1 100.00% → 1/2 50.00%" in ran.stdout
    assert "case late: not counted 不计 → 0/1" in ran.stdout
    assert (
        "case.closed.v1 at position 6: happened 2026-03-18T09:00:00+08:00, recorded 2026-04-09T02:00:00+00:00" in ran.stdout
    )


def test_its_json_is_complete(folder: Path) -> None:
    answer = json.loads(run(folder, *STORE, "--to", "2026-03-31", "--json").stdout)
    assert (answer["months"], answer["unpublished"], answer["unread"]) == (["2026-03"], [], [])
    (k6,) = [one for one in answer["restated"] if one["code"] == "K6"]
    assert (k6["then"], k6["now"]) == (
        {"numerator": 1, "denominator": 1, "value": 1.0},
        {"numerator": 1, "denominator": 2, "value": 0.5},
    )
    assert k6["cases"] == [
        {
            "log": A, "case": "late", "then": None, "now": [0, 1],
            "facts": [{
                "event": "case.closed.v1", "position": 6, "occurred_at": "2026-03-18T09:00:00+08:00",
                "recorded_at": "2026-04-09T02:00:00+00:00", "late": True,
            }],
        }
    ]  # fmt: skip


def test_an_instant_of_publishing_may_be_said(folder: Path) -> None:
    before = run(folder, *STORE, "--to", "2026-03-31", "--published", "2026-04-09T09:59")
    after = run(folder, *STORE, "--to", "2026-03-31", "--published", "2026-04-09T10:01")
    assert "K6" in before.stdout
    assert "no figure has changed of 2026-03" in after.stdout


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((*STORE, "--by", "month"), "--restated"),
        ((*STORE, "--csv"), "--restated"),
        ((*STORE, "--published", "then"), "--published"),
        ((*STORE, "--published", "2026-04-09", "--published-after", "3"), "choose one"),
        (("report", *STORE[2:], "--published-after", "3"), "--restated"),
    ],
)
def test_options_that_do_not_go_together_are_named(folder: Path, options: tuple[str, ...], named: str) -> None:
    ran = run(folder, *options)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert named in ran.stderr


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(2026, 12).after == Month(2027, 1)
    assert Month(2026, 12).last + timedelta(days=1) == Month(2027, 1).first
    assert str(Month(2026, 3)) == "2026-03"
