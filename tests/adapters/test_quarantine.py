"""Quarantine: a history that cannot be read, folded or turned into rows is set aside, and all others are served."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from support.followed import LIVES, A, B, World, halves, rows_of
from support.poisoned import BAD, BAD_LIFE, REASONS, goes_wrong, mended, poison, sabotaged, set_aside, weighed
from support.vandal import Vandal

from adapters import following
from adapters.following import follow, rebuild
from adapters.mapper import WIRE
from adapters.reporting import stale_cases
from adapters.requeueing import requeue
from adapters.stores.memory import ledger as memory_ledger
from adapters.tables import Generation
from casecore import BadInput, CaseEvent, Envelope, Fault, Unavailable
from casecore.kinds import CASE, kind_of
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Subject

# --- The others are served ---


@pytest.mark.parametrize(
    ("kind", "place"), [("unknown name", "first"), ("broken bytes", "middle"), ("fold", "last"), ("rows", "first")]
)
def test_whatever_goes_wrong_with_one_case_all_others_are_served(
    world: World, kind: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", 7)
    before = {"first": 1, "middle": 4, "last": 7}[place] - 1 + 14 - len(BAD_LIFE)
    told = [{case: (event,)} for case, events in LIVES.items() for event in events]
    world.happened({BAD: BAD_LIFE})
    for one in told[:before]:
        world.happened(one)
    position = goes_wrong(world, kind, monkeypatch)
    for one in told[before:]:
        world.happened(one)
    world.happened({BAD: LIVES["approved"][6:]})
    assert position % 7 == {"first": 1, "middle": 4, "last": 0}[place]

    followed = follow(world.logs, world.tables)

    assert followed == world.logs[0].head().position
    assert world.rows() == rows_of({A: LIVES})
    ((bad),) = set_aside(world).values()
    assert bad.case == BAD
    assert bad.position == position or kind == "rows"
    assert re.fullmatch(REASONS[kind], bad.reason)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["topic", "originator_id"])
def test_a_flipped_bit_in_a_name_sets_one_case_aside(world: World, column: str) -> None:
    world.happened({**LIVES, BAD: BAD_LIFE})
    with closing(Vandal(world.url)) as vandal:
        vandal.run(
            f"UPDATE casecore_events SET {column} = CAST(x'FF' || CAST(substr({column}, 2) AS BLOB) AS TEXT)"  # noqa: S608
            " WHERE originator_id = ? AND originator_version = 2",
            BAD,
        )

    follow(world.logs, world.tables)

    assert BAD in set_aside(world)
    others = {name: [row for row in rows if BAD not in row[1]] for name, rows in world.rows().items()}
    assert others == rows_of({A: LIVES})


def test_without_quarantine_one_unknown_name_stops_whoever_follows(world: World) -> None:
    world.happened(LIVES)
    position = poison(world)
    world.happened({"another": LIVES["corrected"]})
    seen: list[int] = []

    with pytest.raises(Fault, match=r"bad version 1: unknown event name case\.weighed\.v1"):
        seen.extend(fact.position for fact in world.engine().follow())
    with pytest.raises(Fault, match="bad version 1"):
        world.engine().history(BAD)

    seen += [fact.position for fact in world.engine().follow(position)]
    assert seen == [*range(1, position), *range(position + 1, world.logs[0].head().position + 1)]


def test_several_cases_may_be_in_quarantine_in_several_districts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 5)
    world.happened(LIVES)
    world.happened(LIVES, B)
    places = {case: poison(world, case) for case in ("late", "open", "voided")}

    follow(world.logs, world.tables)

    served = {case: events for case, events in LIVES.items() if case not in places}
    assert world.rows() == rows_of({A: served, B: LIVES})
    assert {case: one.position for case, one in set_aside(world).items()} == places
    assert set_aside(world, B) == {}
    assert stale_cases(world.tables) == 3


def test_each_case_set_aside_is_logged_once(memory: World) -> None:
    memory.happened(LIVES)
    position = poison(memory)
    with capture_logs() as logs:
        follow(memory.logs, memory.tables)
        memory.happened({"another": LIVES["corrected"]})
        follow(memory.logs, memory.tables)

    ((entry),) = logs
    assert (entry["log_level"], entry["case"], entry["position"]) == ("warning", BAD, position)


# --- Its rows stay as they were ---


@pytest.mark.parametrize("kind", REASONS)
def test_a_case_set_aside_keeps_its_last_good_rows_and_is_named_stale(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = halves(LIVES)
    world.happened({**first, BAD: BAD_LIFE})
    follow(world.logs, world.tables)
    position = goes_wrong(world, kind, monkeypatch)
    world.happened(then)
    follow(world.logs, world.tables)

    world.happened({BAD: LIVES["approved"][6:]})  # what happens later brings back no half-state
    follow(world.logs, world.tables)

    assert world.rows() == rows_of({A: {**LIVES, BAD: BAD_LIFE}})
    since = set_aside(world)[BAD].since
    stale = world.tables.query("SELECT log, case_id, position, since FROM stale_cases")
    assert stale == [(A, BAD, position, since)]

    restarted = world.again()
    assert follow(world.logs, restarted) == 0
    assert restarted.query("SELECT since FROM stale_cases") == [(since,)]


def test_a_case_set_aside_is_not_read_again(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    poison(memory, "open")
    follow(memory.logs, memory.tables)
    monkeypatch.setattr(memory.logs[0], "histories", lambda cases: pytest.fail(f"{cases} were read"))

    memory.happened({"open": LIVES["approved"][6:]})
    assert follow(memory.logs, memory.tables) == len(LIVES["approved"][6:])


def test_a_version_that_is_missing_is_named(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened({BAD: BAD_LIFE})
    monkeypatch.setattr(memory_ledger, "standing_before", lambda _: ())  # as programs of before wrote, which left gaps
    topic, state = WIRE.encode(Envelope(BAD, 9, weighed()))
    memory.logs[0].ledger.insert_events([StoredEvent(BAD, 9, topic, state)])
    follow(memory.logs, memory.tables)
    assert set_aside(memory)[BAD].reason == "bad version 9: version 7 is missing"


MISFITS: Final = {
    "too few": (),
    "method is missing": {"method": None},
    "stream_version is too large a number": {"stream_version": 2**63},
    "stream_version is str, not int": {"stream_version": "1"},
    "case_id is no text a database takes": {"case_id": "\0"},
    "log is no text a database takes": {"log": "\ud800"},
}


@pytest.mark.parametrize("wrong", MISFITS)
def test_a_row_its_table_would_not_take_sets_its_case_aside(
    memory: World, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(subject: Subject) -> Iterator[Any]:
        for row in DELIVERY_FACTS.rows(subject):
            yield row._replace(**MISFITS[wrong]) if MISFITS[wrong] else row[:-1]  # type: ignore[attr-defined,arg-type]

    sabotaged(memory, monkeypatch, rows)
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)

    delivered = {row[1] for row in rows_of({A: LIVES})["delivery_facts"]}
    assert delivered
    assert set_aside(memory).keys() == delivered
    reasons = {one.reason for one in set_aside(memory).values()}
    assert all("no rows of delivery_facts: " in r and (wrong in r or "values for" in r) for r in reasons)
    assert memory.rows() == rows_of({A: {case: events for case, events in LIVES.items() if case not in delivered}})


@pytest.mark.parametrize("trouble", [Unavailable("away"), MemoryError(), OSError("disk"), KeyboardInterrupt()])
def test_troubles_of_the_store_and_the_machine_are_about_no_case(
    memory: World, trouble: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(_: Subject) -> Iterator[tuple[Any, ...]]:
        raise trouble
        yield

    memory.happened(LIVES)
    generation = memory.tables.begin()
    sabotaged(memory, monkeypatch, rows)
    with pytest.raises(type(trouble)):
        following.Follower(memory.logs[0], memory.tables, generation).step()

    assert memory.tables.quarantine(generation, A) == []
    assert memory.tables.checkpoint(generation, A) == 0


# --- Rebuilding and requeueing ---


def test_a_rebuild_tries_the_case_anew_and_leaves_no_half_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 4)
    world.happened({BAD: BAD_LIFE})
    follow(world.logs, world.tables)
    position = poison(world)
    world.happened(LIVES)
    follow(world.logs, world.tables)
    old = world.tables.live()

    rebuild(world.logs, world.tables)

    assert world.rows() == rows_of({A: LIVES})
    assert set_aside(world)[BAD].position == position
    assert old is not None
    assert world.tables.quarantine(old, A) == []
    assert stale_cases(world.tables) == 1

    mended(monkeypatch)
    rebuild(world.logs, world.tables)

    assert world.rows() == rows_of({A: {**LIVES, BAD: (*BAD_LIFE, weighed())}})
    assert set_aside(world) == {}


@pytest.mark.parametrize("before", ["followed before", "never followed"])
def test_once_the_program_is_mended_requeue_makes_the_rows_of_a_rebuild(
    world: World, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = {**LIVES, BAD: BAD_LIFE}
    world.happened(lives)
    if before == "followed before":
        follow(world.logs, world.tables)
    for case in (BAD, "open"):
        poison(world, case)
    follow(world.logs, world.tables)
    stale = set_aside(world)
    assert requeue(world.logs, world.tables) == ((), tuple(stale.values()))

    mended(monkeypatch)
    found = requeue(world.logs, world.tables)

    assert found == (tuple(stale.values()), ())
    assert set_aside(world) == {}
    rows = world.rows()
    assert rows == rows_of({A: {**lives, **{case: (*lives[case], weighed()) for case in (BAD, "open")}}})
    world.happened({BAD: LIVES["approved"][6:]})
    follow(world.logs, world.tables)
    followed = world.rows()
    rebuild(world.logs, world.tables)
    assert world.rows() == followed


def test_what_still_fails_stays_with_its_new_reason_and_its_old_date(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened({BAD: BAD_LIFE})
    poison(world)
    broken = poison(world, topic="case.step_completed.v1", cut=5)
    poison(world, "other")
    follow(world.logs, world.tables)
    since = set_aside(world)[BAD].since

    mended(monkeypatch)
    found = requeue(world.logs, world.tables)

    assert [one.case for one in found.served] == ["other"]
    ((left),) = found.left
    assert (left.case, left.position, left.since) == (BAD, broken, since)
    assert "version 8: case.step_completed.v1 cannot be read" in left.reason
    assert set_aside(world) == {BAD: left}


def test_requeue_tries_only_the_cases_named(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    for case in ("open", "late"):
        poison(memory, case)
    follow(memory.logs, memory.tables)
    mended(monkeypatch)

    assert [one.case for one in requeue(memory.logs, memory.tables, ["late"]).served] == ["late"]

    assert set_aside(memory).keys() == {"open"}
    with pytest.raises(BadInput, match="case late: not in quarantine"):
        requeue(memory.logs, memory.tables, ["late", "open"])
    assert set_aside(memory).keys() == {"open"}


def test_requeue_wants_tables_of_these_projections(memory: World) -> None:
    memory.engine()
    with pytest.raises(BadInput, match="casecore rebuild"):
        requeue(memory.logs, memory.tables)


# --- However it came about ---

STEPS: Final = st.lists(
    st.tuples(st.sampled_from(["fact", "fact", "poison", "follow", "requeue"]), st.sampled_from(sorted(LIVES))),
    max_size=40,
)


@settings(max_examples=40)
@given(steps=STEPS, page=st.integers(1, 9))
def test_rows_after_following_and_requeueing_are_those_of_a_rebuild(steps: list[tuple[str, str]], page: int) -> None:
    world = World("memory:")
    told: dict[str, tuple[CaseEvent, ...]] = {}
    patch = pytest.MonkeyPatch()
    try:
        patch.setattr(following, "PAGE", page)
        world.engine()
        for act, case in steps:
            happened = told.get(case, ())
            match act:
                case "fact" | "poison" if act == "fact" or kind_of(LIVES[case][0]) is not CASE:
                    event = LIVES[case][len(happened) % len(LIVES[case])]
                    world.happened({case: (event,)})
                    told[case] = (*happened, event)
                case "poison":
                    poison(world, case)
                    told[case] = (*happened, weighed())
                case "follow":
                    follow(world.logs, world.tables)
                case _ if world.tables.live():
                    requeue(world.logs, world.tables)
        follow(world.logs, world.tables)
        served = {c: events for c, events in told.items() if weighed() not in events}
        assert set_aside(world).keys() == told.keys() - served.keys()
        good = rows_of({A: served})
        assert {n: [r for r in rows if r[1] in served] for n, rows in world.rows().items()} == good

        rebuild(world.logs, world.tables)
        assert world.rows() == good

        mended(patch)
        assert requeue(world.logs, world.tables).left == ()
        assert world.rows() == rows_of({A: told})
    finally:
        patch.undo()
        world.close()


def test_a_generation_nobody_follows_has_no_quarantine(memory: World) -> None:
    assert memory.tables.quarantine(Generation(99, ""), A) == []
