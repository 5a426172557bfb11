"""Following and rebuilding, on every store: the rows are those of the whole histories, however one gets there."""

from collections.abc import Iterator, Sequence
from threading import Barrier, Thread
from typing import Any, Final

import pytest
from support.followed import LIVES, A, B, Lives, Rows, World, halves, resumed, rows_of, special, texts, with_instead
from support.story import HALL, fact

from adapters import following
from adapters.following import Follower, follow, rebuild
from adapters.tables import Tables
from casecore import (
    CasecoreError,
    CaseVoided,
    Conflict,
    ExtensionApproved,
    Outcome,
    Stage,
    Unavailable,
)
from projections.case_facts import CASE_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Subject
from projections.registry import PROJECTIONS

# --- The same rows ---


def test_the_lives_told_here_have_rows_in_every_table() -> None:
    assert all(rows_of({A: LIVES}).values())


def test_rows_after_following_are_those_of_the_histories_and_of_a_rebuild(world: World) -> None:
    first, then = halves(LIVES)
    world.happened(first)
    follow(world.logs, world.tables)
    world.happened(then)
    follow(world.logs, world.tables)
    followed = world.rows()

    rebuild(world.logs, world.tables)

    assert followed == rows_of({A: LIVES})
    assert world.rows() == followed


@pytest.mark.parametrize("page", [1, 2, 7])
def test_the_size_of_a_page_makes_no_difference(world: World, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", page)
    first, then = halves(LIVES)
    pages: list[int] = []

    world.engine()
    follow(world.logs, world.tables)  # the tables are there
    world.happened(first)
    follow(world.logs, world.tables, pages.append)
    world.happened(then)
    follow(world.logs, world.tables, pages.append)

    assert max(pages) == page
    assert sum(pages) == sum(map(len, LIVES.values()))
    assert world.rows() == rows_of({A: LIVES})


@pytest.mark.parametrize("remembered", [0, 1, 3])
def test_a_forgotten_file_is_folded_anew(memory: World, remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 2)
    monkeypatch.setattr(following, "REMEMBERED_FILES", remembered)
    reread: list[str] = []
    memory.engine()
    follow(memory.logs, memory.tables)
    memory.happened(LIVES)
    histories = memory.logs[0].histories
    monkeypatch.setattr(memory.logs[0], "histories", lambda cases: reread.extend(cases) or histories(cases))

    follow(memory.logs, memory.tables)

    assert reread
    assert memory.rows() == rows_of({A: LIVES})


def test_a_remembered_file_is_not_read_again(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.engine()
    follow(memory.logs, memory.tables)
    memory.happened(LIVES)
    monkeypatch.setattr(following, "PAGE", 2)
    monkeypatch.setattr(memory.logs[0], "histories", lambda _: pytest.fail("it was in memory"))

    follow(memory.logs, memory.tables)

    assert memory.rows() == rows_of({A: LIVES})


def test_following_says_how_much_it_followed(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
    memory.engine()
    follow(memory.logs, memory.tables)
    memory.happened({"one": LIVES["suspended"], "two": LIVES["corrected"]})  # 5 + 3 facts
    pages: list[int] = []

    assert follow(memory.logs, memory.tables, pages.append) == 8
    assert pages == [3, 3, 2]
    assert follow(memory.logs, memory.tables, pages.append) == 0
    assert rebuild(memory.logs, memory.tables, pages.append) == 8


def test_a_late_fact_restates_the_rows_of_an_old_case(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    ask = "SELECT promised_due_on, promised_verdict, stream_version FROM case_facts WHERE case_id = 'late'"
    assert [texts(row) for row in world.tables.query(ask)] == [("2026-03-16", "overdue", 5)]

    learned = (special(), resumed())  # of early March, learned long after the closing
    world.happened({"late": learned})
    follow(world.logs, world.tables)

    assert [texts(row) for row in world.tables.query(ask)] == [("2026-03-23", "on_time", 7)]
    assert world.rows() == rows_of({A: {**LIVES, "late": (*LIVES["late"], *learned)}})


def test_a_case_that_loses_rows_keeps_none_of_them(store_url: str) -> None:
    def until_voided(subject: Subject) -> Sequence[tuple[Any, ...]]:
        return () if subject.file.stage is Stage.VOIDED else tuple(DELIVERY_FACTS.rows(subject))

    world = World(store_url, with_instead(DELIVERY_FACTS._replace(rows=until_voided)))
    try:
        world.happened({"approved": LIVES["approved"]})
        follow(world.logs, world.tables)
        assert len(world.rows()["delivery_facts"]) == 2

        world.happened({"approved": (fact(CaseVoided, "03-20 09:00", outcome=Outcome.VOIDED, reason="twice"),)})
        follow(world.logs, world.tables)
        assert world.rows()["delivery_facts"] == []
    finally:
        world.close()


def test_several_districts_in_one_store_keep_to_themselves(world: World) -> None:
    first, then = halves(LIVES)
    world.happened(LIVES, A)
    world.happened(first, B)
    follow(world.logs, world.tables)
    world.happened(then, B)
    follow(world.logs, world.tables)

    assert world.rows() == rows_of({A: LIVES, B: LIVES})
    assert world.tables.query("SELECT log, COUNT(*) FROM case_facts GROUP BY log ORDER BY log") == [
        (B, len(rows_of({B: LIVES})["case_facts"])),
        (A, len(rows_of({A: LIVES})["case_facts"])),
    ]
    live = world.tables.live()
    assert live is not None
    for log in world.logs:
        assert world.tables.checkpoint(live, log.district) == log.head().position


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_the_store_knows_its_districts(world: World) -> None:
    world.engine("000000")  # opened, and nothing happened there
    world.happened(LIVES, A)
    world.happened(LIVES, B)

    assert world.tables.districts() == [B, A]


# --- One transaction ---


def test_rows_and_checkpoint_move_together_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, then = halves(LIVES)
    world.happened(first)
    follow(world.logs, world.tables)
    live = world.tables.live()
    assert live is not None
    before, position = world.rows(), world.tables.checkpoint(live, A)
    assert position > 0

    world.happened(then)
    with monkeypatch.context() as broken:
        broken.setattr(world.tables, "_set_aside", _away)  # the last thing done: all rows are in
        with pytest.raises(Unavailable):
            follow(world.logs, world.tables)
    assert (world.rows(), world.tables.checkpoint(live, A)) == (before, position)

    follow(world.logs, world.tables)
    assert world.rows() == rows_of({A: LIVES})


def test_rows_the_store_refuses_are_no_lost_race(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    generation = memory.tables.begin()
    tried: list[int] = []

    def refused(*_: object) -> None:
        tried.append(1)
        raise Conflict("the rows do not fit")

    monkeypatch.setattr(memory.tables, "_replace", refused)

    with pytest.raises(Conflict, match="do not fit"):
        Follower(memory.logs[0], memory.tables, generation).step()

    assert tried == [1]


def test_a_follower_that_failed_once_goes_on_where_the_rows_are(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    generation = memory.tables.begin()
    follower = Follower(memory.logs[0], memory.tables, generation)
    put = memory.tables.put
    monkeypatch.setattr(following, "PAGE", 4)
    follower.step()

    monkeypatch.setattr(memory.tables, "put", _away)
    with pytest.raises(Unavailable):
        follower.step()
    monkeypatch.setattr(memory.tables, "put", put)
    _to_the_end(follower)
    memory.tables.show(generation)

    assert memory.rows() == rows_of({A: LIVES})


def _to_the_end(follower: Follower) -> None:
    while follower.step():
        pass


def _away(*_: object, **__: object) -> None:
    raise Unavailable("the store is away")


# --- Several at once ---


def _all_at_once(followers: Sequence[tuple[list[Any], Tables]]) -> list[BaseException]:
    """Each follows to the end as a service would: a lost race is tried again. What else went wrong."""
    wrong: list[BaseException] = []
    gate = Barrier(len(followers))

    def run(logs: list[Any], tables: Tables) -> None:
        gate.wait()
        for _ in range(200):
            try:
                if follow(logs, tables) == 0:
                    return
            except Conflict:
                continue
            except BaseException as error:  # noqa: BLE001 - handed to the test
                wrong.append(error)
                return

    threads = [Thread(target=run, args=follower) for follower in followers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


MANY: Final[Lives] = {f"{case}-{n}": events for n in range(4) for case, events in LIVES.items()}


def test_two_followers_at_once_do_not_double_a_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
    world.engine()
    follow(world.logs, world.tables)  # nothing yet, but a generation to follow into
    world.happened(MANY)
    elsewhere = world.logs if world.url == "memory:" else [world.another_engine().log]

    wrong = _all_at_once([(world.logs, world.tables), (elsewhere, world.again())])

    assert wrong == []
    assert world.rows() == rows_of({A: MANY})


def test_threads_may_share_an_engine_and_its_tables(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
    world.engine()
    follow(world.logs, world.tables)
    world.happened(MANY)

    wrong = _all_at_once([(world.logs, world.tables)] * 4)

    assert wrong == []
    assert world.rows() == rows_of({A: MANY})


def test_a_follower_overtaken_by_another_goes_on_from_there(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.engine()
    follow(memory.logs, memory.tables)
    live = memory.tables.live()
    assert live is not None
    memory.happened(LIVES)
    other = Follower(memory.logs[0], memory.tables, live)
    put = memory.tables.put

    def overtaken(*what: Any, **more: Any) -> None:
        monkeypatch.setattr(memory.tables, "put", put)
        other.step()
        put(*what, **more)

    monkeypatch.setattr(memory.tables, "put", overtaken)

    follow(memory.logs, memory.tables)

    assert memory.rows() == rows_of({A: LIVES})


def test_a_follower_whose_tables_a_rebuild_takes_away_goes_on_in_the_new_ones(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = halves(LIVES)
    world.happened(first)
    follow(world.logs, world.tables)
    world.happened(then)
    put = world.tables.put

    def taken_away(*what: Any, **more: Any) -> None:
        monkeypatch.setattr(world.tables, "put", put)
        rebuild(world.logs, world.again())
        put(*what, **more)

    monkeypatch.setattr(world.tables, "put", taken_away)

    follow(world.logs, world.tables)

    assert world.rows() == rows_of({A: LIVES})


def test_a_page_another_follower_put_first_is_not_put_again(memory: World) -> None:
    memory.happened(LIVES)
    generation = memory.tables.begin()
    log = memory.logs[0]
    memory.tables.put(generation, A, [], log.head().position)

    with pytest.raises(Conflict):
        memory.tables.put(generation, A, [], log.head().position)
    with pytest.raises(Conflict):
        memory.tables.put(generation, A, [], 1)


def test_the_next_rebuild_is_whole_after_two_that_crossed(memory: World) -> None:
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)
    log, tables = memory.logs[0], memory.tables

    first, second = tables.begin(), tables.begin()
    for generation in (second, first):
        _to_the_end(Follower(log, tables, generation))
    tables.show(first)  # the other's half-built tables are gone
    assert memory.rows() == rows_of({A: LIVES})

    rebuild(memory.logs, tables)

    assert memory.rows() == rows_of({A: LIVES})


def test_a_rebuild_whose_tables_another_has_dropped_does_not_go_live(memory: World) -> None:
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)
    first, second = memory.tables.begin(), memory.tables.begin()
    for generation in (second, first):
        _to_the_end(Follower(memory.logs[0], memory.tables, generation))
    memory.tables.show(first)

    with pytest.raises(CasecoreError):
        memory.tables.show(second)

    assert memory.tables.live() == first
    assert memory.rows() == rows_of({A: LIVES})


# --- Generations ---


def _stored_tables(tables: Tables) -> set[str]:
    """The fact tables there really are, views left out."""
    try:
        found = tables.query("SELECT name FROM sqlite_master WHERE type = 'table'")
    except CasecoreError:
        found = tables.query(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema = current_schema()"
        )
    return {name for (name,) in found if "_facts_g" in name}


def test_while_a_rebuild_goes_on_the_views_show_the_live_tables(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    live = world.tables.live()
    assert live is not None

    new = world.tables.begin()
    Follower(world.logs[0], world.tables, new).step()
    world.tables.query(f"SELECT * FROM {world.tables.table('case_facts', new)}")  # noqa: S608 - our names
    assert world.tables.live() == live
    assert _stored_tables(world.tables) == {f"{p.name}_g{g.number}" for p in PROJECTIONS for g in (live, new)}

    world.tables._run([(f"DELETE FROM {world.tables.table('case_facts', new)}", {})])  # noqa: S608 - our names
    assert world.rows() == rows_of({A: LIVES})
    world.tables.show(new)
    assert world.rows()["case_facts"] == []


def test_when_the_new_tables_are_shown_the_old_ones_are_dropped(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    old = world.tables.live()

    rebuild(world.logs, world.tables)

    new = world.tables.live()
    assert old is not None
    assert new is not None
    assert new.number != old.number
    assert _stored_tables(world.tables) == {f"{p.name}_g{new.number}" for p in PROJECTIONS}
    assert world.tables.query("SELECT generation FROM casecore_tables WHERE live = 1") == [(new.number,)]


def test_what_a_broken_rebuild_left_behind_goes_with_the_next(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)
    with monkeypatch.context() as patched:
        patched.setattr(memory.tables, "put", _away)
        with pytest.raises(Unavailable):
            rebuild(memory.logs, memory.tables)
    assert memory.rows() == rows_of({A: LIVES})
    assert len(_stored_tables(memory.tables)) == 2 * len(PROJECTIONS)

    rebuild(memory.logs, memory.tables)

    assert memory.rows() == rows_of({A: LIVES})
    assert len(_stored_tables(memory.tables)) == len(PROJECTIONS)


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_rows_of_a_changed_meaning_are_made_anew(world: World) -> None:
    def elsewhere(subject: Subject) -> Iterator[tuple[Any, ...]]:
        for row in CASE_FACTS.rows(subject):
            yield row._replace(hall="elsewhere")  # type: ignore[attr-defined] # a CaseFact

    def halls() -> Rows:
        return world.tables.query("SELECT DISTINCT hall FROM case_facts")

    world.happened(LIVES)
    follow(world.logs, world.tables)
    old = world.tables.live()
    assert halls() == [(HALL,)]
    newer = world.again(with_instead(CASE_FACTS._replace(version=CASE_FACTS.version + 1, rows=elsewhere)))

    followed = follow(world.logs, newer)

    assert followed == sum(map(len, LIVES.values()))
    assert halls() == [("elsewhere",)]
    assert newer.live() != old
    assert f"case_facts.{CASE_FACTS.version + 1} " in newer.versions
    assert follow(world.logs, newer) == 0


def test_an_extension_and_a_void_learned_late_are_in_the_rows(world: World) -> None:
    extension = fact(ExtensionApproved, "03-10 09:00", days=10, approver="zhao", reason="difficult")
    void = fact(CaseVoided, "04-01 09:00", outcome=Outcome.DELETED, reason="a slip")
    world.happened(LIVES)
    follow(world.logs, world.tables)

    world.happened({"late": (extension,), "suspended": (void,)})
    follow(world.logs, world.tables)

    ask = "SELECT case_id, promised_verdict, counted FROM case_facts WHERE case_id IN ('late', 'suspended') ORDER BY 1"
    assert world.tables.query(ask) == [("late", "on_time", 1), ("suspended", None, 0)]
