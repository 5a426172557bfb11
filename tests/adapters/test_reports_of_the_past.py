"""Reports of the past: a store asked as of a position says what a program said there, though books changed since."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from support.adopted import RULES, Told, adopt, drawn, told
from support.followed import LIVES, A, B, World

from adapters.district_books import GivenBooks
from adapters.following import follow
from adapters.past import LogUpTo, past_tables, position_at
from adapters.reporting import Figure, Period, report
from adapters.tables import Tables
from casecore import BadInput, DistrictRule, Fault
from casecore.kinds import DISTRICT, kind_of
from casecore.recorded import Recorded

ASKED = Period(None, None, date(2026, 6, 30))


def figures(tables: Tables) -> list[Figure]:
    return report(tables, ASKED, "district")


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Stores made by the way, closed in the end."""
    made: list[World] = []
    yield made
    for world in made:
        world.close()


@pytest.mark.parametrize("seed", [11, pytest.param(12, marks=pytest.mark.torture)])
def test_as_of_any_position_it_says_what_a_store_that_ended_there_says(world: World, worlds: list[World], seed: int) -> None:
    steps, heads = drawn(seed), list[int]()
    for step in steps:
        told(world, [step], lambda: None)
        heads.append(world.engine().log.head().position)
    differing = set()
    for count in range(1, len(steps) + 1, 9):
        ended = World("memory:")
        worlds.append(ended)
        told(ended, steps[:count], lambda: None)
        follow(ended.logs, ended.tables)
        with past_tables(world.logs, {A: heads[count - 1]}) as then:
            assert figures(then) == figures(ended.tables)
            assert {p: sorted(map(repr, rows)) for p, rows in world.rows(then).items()} == {
                p: sorted(map(repr, rows)) for p, rows in ended.rows().items()
            }
            differing.add(tuple(figures(then)))
    assert len(differing) > 3


def test_a_rule_adopted_since_changes_nothing_of_what_was_reported_before(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    before, position = figures(world.tables), world.engine().log.head().position

    adopt(world, GivenBooks(rule=DistrictRule(name="none", near_visits_gross=False, near_visits_net=False, warn_days=3)))
    follow(world.logs, world.tables)

    with past_tables(world.logs, {A: position}) as then:
        assert figures(then) == before
    assert figures(world.tables) != before  # the versions they rest on are others, at least


def test_each_district_is_asked_as_of_its_own_position_and_others_as_they_are(memory: World, worlds: list[World]) -> None:
    first, second = World("memory:"), World("memory:")
    worlds += [first, second]
    for district, alone in ((A, first), (B, second)):
        told(memory, [one for one in drawn(3) if one != Told()][:25], lambda: None, district)
        told(alone, [one for one in drawn(3) if one != Told()][: 25 if district == B else 12], lambda: None, district)
        follow(alone.logs, alone.tables)
    position = first.engine().log.head().position

    with past_tables(memory.logs, {A: position}) as then:
        found = [one for one in figures(then) if one.group is not None and one.code.startswith("K2")]
    alone = [one for world in (second, first) for one in figures(world.tables) if one.group and one.code.startswith("K2")]

    assert sorted(found, key=repr) == sorted(alone, key=repr)


def test_the_position_of_an_instant_is_that_of_the_last_fact_recorded_before_it(memory: World) -> None:
    memory.happened(LIVES)
    log = memory.engine().log
    entries = [one for one in log.page(0, 10_000) if isinstance(one, Recorded)]

    for entry in entries[::7]:
        assert position_at(log, entry.recorded_at) < entry.position
        assert position_at(log, entry.recorded_at + timedelta(seconds=1)) >= entry.position
    assert position_at(log, entries[0].recorded_at) == 0
    assert position_at(log, datetime.max.replace(tzinfo=entries[0].recorded_at.tzinfo)) == log.head().position


def test_a_log_of_the_past_holds_nothing_later_and_takes_nothing(memory: World) -> None:
    memory.happened(LIVES)
    adopt(memory, GivenBooks(rule=RULES[0]))
    log = memory.engine().log
    past = LogUpTo(log, 9)

    page = past.page(0, 100)
    assert [entry.position for entry in page] == list(range(1, 10))
    assert past.page(9, 100) == past.page(20, 100) == []
    streams = list(dict.fromkeys(entry.stream for entry in page))
    assert past.streams(0) == streams
    assert set(past.histories(list(LIVES))) == set(past.beginnings(list(LIVES))) == set(streams)
    assert past.versions(streams) == {stream: past.history(stream)[-1].version for stream in streams}
    assert not any(isinstance(one, Recorded) and kind_of(one.event) is DISTRICT for one in page)
    assert (past.head().position, past.district) == (9, A)
    numbers = [one.envelope.command_id for one in log.page(0, 12) if isinstance(one, Recorded)]
    assert past.carried_out(numbers) == set(past.receipts(numbers)) == set(numbers[:9])
    with pytest.raises(Fault, match="nothing is added to its past"):
        past.append([])


@pytest.mark.parametrize(("district", "position"), [(A, -1), (A, 10_000), (B, 1)])
def test_a_position_no_log_reaches_and_a_district_without_a_log_are_refused(
    memory: World, district: str, position: int
) -> None:
    memory.happened(LIVES)
    with pytest.raises(BadInput), past_tables(memory.logs, {district: position}):
        pass
