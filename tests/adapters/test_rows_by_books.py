"""Rows rest on the books their log holds: whatever is adopted when, following and rebuilding come to the same."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from support.adopted import CALENDARS, FIRST, OWN, RULES, adopt, drawn, life, lives_of, told
from support.followed import A, B, World, rows_of
from support.story import CATALOGUE, fact

from adapters import following, recounting
from adapters.district_books import GivenBooks, books_of
from adapters.following import follow, rebuild
from adapters.log_books import LogBooks
from adapters.reporting import Period, report
from casecore import CaseRated, Catalogue, Conflict, Fault, Grade, Unavailable
from casecore.district import books_stream


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(1, 6))])
@pytest.mark.parametrize("page", [1, 3, 5000])
def test_following_and_rebuilding_count_under_the_books_the_log_holds_in_the_end(
    world: World, page: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", page)
    monkeypatch.setattr(following, "REMEMBERED_FILES", 3)
    monkeypatch.setattr(recounting, "TOGETHER", 2)
    steps = drawn(seed)
    told(world, steps, lambda: follow(world.logs, world.tables))
    wanted = rows_of({A: lives_of(steps)}, {A: books_of(world.engine().log)})

    follow(world.logs, world.tables)
    live = world.tables.live()
    assert live is not None
    assert world.tables.quarantine(live, A) == []
    assert world.rows() == wanted
    assert len({row[-2] for row in wanted["case_facts"]}) > 1  # versions of the rule

    rebuild(world.logs, world.tables)
    assert world.rows() == wanted


def aside(world: World, district: str = A) -> dict[str, str | None]:
    """Who is set aside, and which book is missing."""
    live = world.tables.live()
    assert live is not None
    return {one.case: one.book for one in world.tables.quarantine(live, district)}


# --- A book that is missing ---


def test_what_rests_on_a_book_nobody_adopted_is_set_aside_and_taken_back_once_it_is(world: World) -> None:
    world.happened({"own": life(FIRST, OWN), "common": life(FIRST)})
    follow(world.logs, world.tables)
    waiting = aside(world)
    assert list(waiting) == ["own"]
    assert str(waiting["own"]).startswith(f"calendar '{OWN}' is none of cn-2017.1, cn-2026.1")

    world.happened({"own": (fact(CaseRated, "03-20 09:00", grade=Grade.SATISFIED),)})  # it goes on meanwhile
    follow(world.logs, world.tables)
    assert list(aside(world)) == ["own"]
    adopt(world, GivenBooks(calendars=CALENDARS))
    follow(world.logs, world.tables)

    assert aside(world) == {}
    assert len(world.tables.query("SELECT 1 FROM case_facts WHERE case_id = 'own' AND calendar = 'weekends.1'")) == 1
    followed = world.rows()
    rebuild(world.logs, world.tables)
    assert world.rows() == followed


def test_a_book_that_is_not_the_missing_one_leaves_them_waiting(memory: World) -> None:
    memory.happened({"own": life(FIRST, OWN)})
    follow(memory.logs, memory.tables)
    adopt(memory, GivenBooks(rule=RULES[0]))
    follow(memory.logs, memory.tables)
    assert list(aside(memory)) == ["own"]


def test_an_adoption_in_another_district_takes_nobody_back(memory: World) -> None:
    memory.happened({"own": life(FIRST, OWN)})
    memory.happened({"other": life(FIRST)}, B)
    follow(memory.logs, memory.tables)
    adopt(memory, GivenBooks(calendars=CALENDARS), district=B)
    follow(memory.logs, memory.tables)
    assert (list(aside(memory)), aside(memory, B)) == (["own"], {})


# --- Interrupted, and overtaken ---


def test_who_is_interrupted_while_counting_anew_meets_the_adoption_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = {f"c{n}": life(FIRST) for n in range(5)}
    world.happened(lives)
    follow(world.logs, world.tables)
    adopt(world, GivenBooks(rule=RULES[2], calendars=CALENDARS))
    monkeypatch.setattr(recounting, "TOGETHER", 2)
    remake, made = world.tables.remake, list[int]()

    def broken(*arguments: Any, **rest: Any) -> None:
        if len(made) == 2:
            raise Unavailable("the store is away")
        made.append(1)
        remake(*arguments, **rest)

    with monkeypatch.context() as patched:
        patched.setattr(world.tables, "remake", broken)
        with pytest.raises(Unavailable):
            follow(world.logs, world.tables)
    assert sorted(world.tables.query("SELECT rule_version, COUNT(*) FROM case_facts GROUP BY 1")) == [(0, 1), (1, 4)]

    follow(world.logs, world.tables)
    assert world.rows() == rows_of({A: lives}, {A: books_of(world.engine().log)})


def test_rows_are_counted_anew_only_where_the_checkpoint_stands(memory: World) -> None:
    memory.happened({"one": life(FIRST)})
    follow(memory.logs, memory.tables)
    live = memory.tables.live()
    assert live is not None
    with pytest.raises(Conflict, match="changed meanwhile"):
        memory.tables.remake(live, A, [], 1)


def test_an_adoption_that_concerns_nobody_makes_no_row_anew(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened({"one": life(FIRST)})
    adopt(memory, GivenBooks(rule=RULES[0]))
    follow(memory.logs, memory.tables)
    adopt(memory, GivenBooks(rule=RULES[1]), date(2026, 7, 1))
    monkeypatch.setattr(memory.tables, "remake", lambda *_, **__: pytest.fail("nobody began since"))
    follow(memory.logs, memory.tables)
    assert memory.tables.query("SELECT DISTINCT rule_version FROM case_facts") == [(1,)]


def test_an_adoption_is_taken_as_a_whole_wherever_a_page_ends(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 1)
    memory.happened({"one": life(FIRST)})
    follow(memory.logs, memory.tables)
    before = memory.engine().log.head().position
    adopt(memory, GivenBooks(rule=RULES[0], calendars=CALENDARS))
    books = LogBooks(memory.engine().log)
    assert books.at(before).version == 0
    assert {books.at(position).version for position in range(before + 1, before + 40)} == {books.at().version}
    follow(memory.logs, memory.tables)
    assert aside(memory) == {}


def test_an_adoption_right_behind_another_is_one_of_its_own_for_who_followed_between(memory: World) -> None:
    memory.happened({"one": life(FIRST)})
    adopt(memory, GivenBooks(rule=RULES[0]))
    adopt(memory, GivenBooks(rule=RULES[1]), FIRST)
    between = memory.engine().log.head().position
    follow(memory.logs, memory.tables)
    adopt(memory, GivenBooks(rule=RULES[0]), FIRST)
    assert [LogBooks(memory.engine().log).at(position).rule_on(FIRST).version for position in (between, None)] == [2, 3]
    follow(memory.logs, memory.tables)
    assert memory.tables.query("SELECT DISTINCT rule_version FROM case_facts") == [(3,)]


def test_books_that_cannot_be_read_stop_their_district_and_no_other(world: World) -> None:
    adopt(world, GivenBooks())
    world.happened({"one": life(FIRST)}, B)
    follow(world.logs, world.tables)
    log, stream = world.engine().log, books_stream(A)
    version = log.versions([stream])[stream] + 1
    log.ledger.insert_events([StoredEvent(stream, version, "district.nothing.v1", b'{"data":{}}')])
    world.happened({"two": life(FIRST)}, B)

    with pytest.raises(Fault, match="unknown event name"):
        follow(world.logs, world.tables)

    assert len(world.tables.query("SELECT 1 FROM case_facts WHERE log = :log", log=B)) == 2
    with pytest.raises(Fault, match="unknown event name"):
        rebuild(world.logs, world.tables)  # no tables are shown that lack a district
    assert len(world.tables.query("SELECT 1 FROM case_facts WHERE log = :log", log=B)) == 2


def test_a_rebuild_makes_no_row_twice(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened({"one": life(FIRST), "own": life(FIRST, OWN)})
    adopt(memory, GivenBooks(rule=RULES[0], calendars=CALENDARS))
    memory.happened({"two": life(FIRST)})
    adopt(memory, GivenBooks(rule=RULES[1]), FIRST)
    monkeypatch.setattr(following, "PAGE", 3)
    monkeypatch.setattr(memory.tables, "remake", lambda *_, **__: pytest.fail("once is enough"))
    monkeypatch.setattr(memory.tables, "requeue", lambda *_, **__: pytest.fail("nobody was set aside"))
    rebuild(memory.logs, memory.tables)
    lives = {"one": life(FIRST), "own": life(FIRST, OWN), "two": life(FIRST)}
    assert memory.rows() == rows_of({A: lives}, {A: books_of(memory.engine().log)})


def test_items_count_while_the_books_hold_them_whatever_is_planned_or_taken_out(world: World) -> None:
    food, *others = CATALOGUE
    later = replace(food, code="LATER")
    adopt(world, GivenBooks(catalogue=Catalogue([food, *others])))
    adopt(world, GivenBooks(catalogue=Catalogue([food, later])), date(2026, 7, 1))  # the others go, one comes
    follow(world.logs, world.tables)

    def counted(day: date) -> int | None:
        (k1,) = (one for one in report(world.tables, Period(None, day, day, day)) if one.code == "K1")
        return k1.denominator

    here = [sum(one.applied_for and one.in_force(date(2026, month, 30)) for one in CATALOGUE) for month in (3, 6)]
    assert [counted(date(2026, month, 30)) for month in (3, 6, 7, 12)] == [*here, 2, 2]
    assert counted(date(2026, 7, 1)) == 2
