"""The clocks against an oracle that walks days one by one and shares no code with them; and the oracle against worked cases.

The random cases lie over overlays: the national days of some years with days turned over at random, working to rest and
rest to working, under weekends of any kind. The walker sees each overlay as a bare set of dates.
"""

import ast
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import pytest

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import WorkCalendar
from ops.conformance import walker
from ops.conformance.checking import Reading, read_case
from ops.conformance.drawing import draw_vectors, working_days
from ops.conformance.lines import Vector, read_vector
from ops.conformance.walker import Extension, Procedure, WalkedCase, WalkedTooFarError, count_working, nth_working, walk

CN: Final = shipped_calendars()[NATIONAL]
NATIONAL_DAYS: Final = working_days(CN)
LAST: Final = CN.covers[1]

CASES: Final = 100_000
CHUNKS: Final = 8
OVERLAYS_A_CHUNK: Final = 5
SEED: Final = 20260302
WEEKENDS: Final = (frozenset({6, 7}), frozenset({6, 7}), frozenset({7}), frozenset({5, 6}), frozenset({1, 3, 7}))


def on(text: str) -> date:
    return date.fromisoformat(text)


# --- The walker itself ---


def test_the_walker_imports_nothing_of_casecore() -> None:
    tree = ast.parse(Path(walker.__file__).read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections.abc", "datetime", "typing"}


def test_the_walker_gives_the_worked_answer_in_every_case(shared_data: Path) -> None:
    vectors = worked(shared_data)
    assert [vector for vector in vectors if walk(vector.case, NATIONAL_DAYS, LAST) != vector.expect] == []


def test_the_walker_walks_the_golden_dates() -> None:
    assert nth_working(on("2017-09-29"), 5, NATIONAL_DAYS, LAST) == on("2017-10-12")
    assert nth_working(on("2026-02-13"), 5, NATIONAL_DAYS, LAST) == on("2026-02-27")
    assert nth_working(on("2026-03-07"), 0, NATIONAL_DAYS, LAST) == on("2026-03-07")
    assert count_working(on("2016-12-31"), on("2017-12-31"), NATIONAL_DAYS) == 249
    assert count_working(on("2026-03-12"), on("2026-03-05"), NATIONAL_DAYS) == 0


def test_the_walker_names_each_act_that_does_not_count_and_why() -> None:
    acts = (
        Procedure(on("2026-03-18"), None, 5),  # after the deadline
        Procedure(on("2026-02-27"), on("2026-03-06"), 5),  # before acceptance
        Procedure(on("2026-03-24"), None, 5),  # after the end
    )
    case = WalkedCase(on("2026-03-02"), 10, acts, Extension(on("2026-03-18"), 10), None, on("2026-03-20"))

    answer = walk(case, NATIONAL_DAYS, LAST)

    assert answer.ignored == (
        "procedure 1: before acceptance",
        "procedure 0: after the deadline",
        "extension: after the deadline",
        "procedure 2: after the end",
    )
    assert (answer.due_on, answer.used_days, answer.remaining_days) == (on("2026-03-16"), 14, -4)
    assert answer.verdict == "overdue"


def test_on_one_date_procedures_come_in_their_order_and_before_the_extension() -> None:
    late = on("2026-03-18")
    procedures = (Procedure(late, None, 5), Procedure(late, late, 1))
    case = WalkedCase(on("2026-03-02"), 10, procedures, Extension(late, 5), None, on("2026-03-20"))

    ignored = walk(case, NATIONAL_DAYS, LAST).ignored

    assert [line.split(": ")[0] for line in ignored] == ["procedure 0", "procedure 1", "extension"]


def test_what_keeps_a_deadline_open_lets_a_later_act_count() -> None:
    """Ten days end on the 16th; a procedure moves that to the 18th, on which the extension is still in time."""
    procedure, extension = Procedure(on("2026-03-10"), on("2026-03-12"), 5), Extension(on("2026-03-18"), 5)
    with_it = WalkedCase(on("2026-03-02"), 10, (procedure,), extension, None, on("2026-03-20"))

    assert walk(with_it, NATIONAL_DAYS, LAST).due_on == on("2026-03-25")
    assert walk(with_it._replace(procedures=()), NATIONAL_DAYS, LAST).due_on == on("2026-03-16")


def test_a_walk_past_the_last_known_day_is_no_guess() -> None:
    with pytest.raises(WalkedTooFarError, match="2026-12-31"):
        walk(WalkedCase(on("2026-12-21"), 10, (), None, None, on("2026-12-21")), NATIONAL_DAYS, LAST)


# --- The clocks against worked cases ---


def test_the_clock_gives_the_worked_answer_in_every_case(shared_data: Path) -> None:
    vectors = worked(shared_data)
    assert [vector for vector in vectors if read_case(CN, vector.case).answer != vector.expect] == []


def worked(shared_data: Path) -> list[Vector]:
    lines = (shared_data / "vectors" / "clock.jsonl").read_bytes().splitlines()
    assert len(lines) == 3000
    return [read_vector(line, CN.covers) for line in lines]


# --- The clocks against the walker ---


class Overlay(NamedTuple):
    """A calendar, and its covered working days as the set it was made from."""

    calendar: WorkCalendar
    working: frozenset[date]


@cache
def overlay(number: int) -> Overlay:
    """Some years of the national calendar, one day in twelve turned over, under one weekend or another."""
    rng = Random(number)  # noqa: S311 - examples, not secrets
    first = date(rng.randint(2004, 2021), rng.randint(1, 12), rng.randint(1, 28))
    days = [first + timedelta(days=n) for n in range(rng.randint(700, 1500))]
    weekend = WEEKENDS[number % len(WEEKENDS)]
    turned = set(rng.sample(days, len(days) // 12))
    working = frozenset(day for day in days if (day in NATIONAL_DAYS) != (day in turned))
    calendar = WorkCalendar(
        version=f"overlay-{number}.1",
        title="overlay",
        zone="Asia/Shanghai",
        covers=(days[0], days[-1]),
        rest_weekdays=weekend,
        rest=frozenset(day for day in days if day not in working and day.isoweekday() not in weekend),
        work=frozenset(day for day in working if day.isoweekday() in weekend),
        hours=((time(9), time(12)), (time(13), time(17))),
    )
    return Overlay(calendar, working)


def drawn(chunk: int, count: int) -> Iterator[tuple[Overlay, Vector]]:
    """Cases of a chunk, spread over its own overlays."""
    for number in range(OVERLAYS_A_CHUNK):
        under = overlay(chunk * OVERLAYS_A_CHUNK + number)
        seed = f"{SEED}:{chunk}:{number}"
        for vector in draw_vectors(seed, count // OVERLAYS_A_CHUNK, under.working, under.calendar.covers):
            yield under, vector


Rule = Callable[[Overlay, WalkedCase], Reading]


def disagreeing(chunk: int, count: int, rule: Rule) -> list[tuple[str, Vector, Reading]]:
    found = []
    for under, vector in drawn(chunk, count):
        reading = rule(under, vector.case)
        if reading.answer != vector.expect:
            found.append((under.calendar.version, vector, reading))
    return found


def by_the_rules(under: Overlay, case: WalkedCase) -> Reading:
    return read_case(under.calendar, case)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_clock_says_what_the_walker_says_of_random_cases_over_random_overlays(chunk: int) -> None:
    print(f"seed {SEED}:{chunk}, {CASES // CHUNKS} cases over {OVERLAYS_A_CHUNK} overlays")  # noqa: T201 - of a failure
    assert disagreeing(chunk, CASES // CHUNKS, by_the_rules)[:3] == []


def test_the_random_cases_are_as_many_and_as_varied_as_they_claim() -> None:
    assert CASES // CHUNKS // OVERLAYS_A_CHUNK * OVERLAYS_A_CHUNK * CHUNKS == CASES
    overlays = [overlay(number) for number in range(CHUNKS * OVERLAYS_A_CHUNK)]
    assert len({under.working for under in overlays}) == CHUNKS * OVERLAYS_A_CHUNK >= 20
    assert all(working_days(under.calendar) == under.working for under in overlays)
    seen = [vector for _, vector in drawn(0, 5000)]
    told = {line.split(": ")[1] for vector in seen for line in vector.expect.ignored}
    assert told == {"before acceptance", "after the deadline", "after the end"}
    share = len(seen) // 50
    for what, asked in {
        "on time": lambda v: v.expect.verdict == "on_time",
        "running": lambda v: v.expect.verdict == "running",
        "overdue while it runs": lambda v: v.expect.verdict == "overdue" and v.case.closed_on is None,
        "closed on the due date": lambda v: v.case.closed_on == v.expect.due_on,
        "closed the day after": lambda v: v.case.closed_on == v.expect.due_on + timedelta(days=1),
        "accepted at once": lambda v: v.case.limit_days == 0,
        "three procedures": lambda v: len(v.case.procedures) == 3,
        "an open one": lambda v: any(p.end_on is None for p in v.case.procedures),
        "extended": lambda v: v.expect.extension_days > 0,
        "excluded": lambda v: v.expect.excluded_days > 0,
    }.items():
        assert sum(map(asked, seen)) > share, what


# --- Positive controls: a wrong rule is caught ---


def uncapped(under: Overlay, case: WalkedCase) -> Reading:
    procedures = tuple(procedure._replace(declared_days=999) for procedure in case.procedures)
    return read_case(under.calendar, case._replace(procedures=procedures))


@cache
def bare_weekdays(covers: tuple[date, date]) -> WorkCalendar:
    return WorkCalendar(
        version="bare.1",
        title="bare",
        zone="Asia/Shanghai",
        covers=covers,
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset(),
        work=frozenset(),
        hours=((time(9), time(17)),),
    )


def without_make_up_days(under: Overlay, case: WalkedCase) -> Reading:
    """Monday to Friday, whatever the notices say."""
    return read_case(bare_weekdays(under.calendar.covers), case)


def counting_acceptance_as_day_one(under: Overlay, case: WalkedCase) -> Reading:
    return read_case(under.calendar, case._replace(limit_days=max(0, case.limit_days - 1)))


def reviving(under: Overlay, case: WalkedCase) -> Reading:
    """An extension after the deadline counts after all: it is taken as approved on acceptance."""
    if case.extension is None or case.extension.approved_on < case.accepted_on:
        return read_case(under.calendar, case)
    return read_case(under.calendar, case._replace(extension=case.extension._replace(approved_on=case.accepted_on)))


def counting_overlaps_twice(under: Overlay, case: WalkedCase) -> Reading:
    """Each procedure's days, whether another had them or not."""
    reading = read_case(under.calendar, case)
    alone = [read_case(under.calendar, case._replace(procedures=(one,))).answer.excluded_days for one in case.procedures]
    return reading._replace(answer=reading.answer._replace(excluded_days=sum(alone)))


@pytest.mark.parametrize(
    "wrong", [uncapped, without_make_up_days, counting_acceptance_as_day_one, reviving, counting_overlaps_twice]
)
def test_a_wrong_rule_is_caught_within_a_thousand_cases(wrong: Rule) -> None:
    assert len(disagreeing(0, 1000, wrong)) > 20
    assert disagreeing(0, 1000, by_the_rules) == []


def test_a_case_is_drawn_the_same_from_the_same_seed_however_many_follow() -> None:
    few = list(draw_vectors(7, 20, NATIONAL_DAYS, CN.covers))
    assert list(islice(draw_vectors(7, 100, NATIONAL_DAYS, CN.covers), 20)) == few
    assert list(draw_vectors(8, 20, NATIONAL_DAYS, CN.covers)) != few
