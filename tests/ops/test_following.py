"""Following and rebuilding, on every store: the rows are those of the whole histories, however one gets there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count, zip_longest
from threading import Barrier, Thread
from typing import Any, Final

import pytest
from story import CATALOGUE, CLERK, DECIDED, HALL, SEALED, accepted, fact, received, routed, submitted

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.open_engine import DistrictEngine, open_engine
from adapters.tables import Tables, open_tables
from casecore import (
    CaseAccepted,
    CaseClosed,
    CasecoreError,
    CaseEvent,
    CaseVoided,
    Cause,
    Conflict,
    CorrectionRequested,
    CourierDispatched,
    CourierReturned,
    DeliveryMethod,
    ExtensionApproved,
    History,
    Outcome,
    Place,
    Receipt,
    ResultDelivered,
    Resumed,
    Source,
    SpecialGround,
    Stage,
    Suspended,
    SuspensionKind,
    TripMade,
    Unavailable,
    Visitor,
    fold,
)
from ops import following
from ops.following import Follower, follow, rebuild
from projections.case_facts import CASE_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Projection, Subject
from projections.registry import PROJECTIONS

A, B = "510114", "510107"
Rows = list[tuple[Any, ...]]
Lives = Mapping[str, Sequence[CaseEvent]]


def nationally(*events: CaseEvent) -> tuple[CaseEvent, ...]:
    """The same facts, promised under a calendar that ships."""
    return tuple(
        accepted(f"{e.at:%m-%d %H:%M}", e.item, calendar=NATIONAL) if isinstance(e, CaseAccepted) else e for e in events
    )


def trip(when: str, number: str, cause: Cause = Cause.SUBMIT) -> TripMade:
    return fact(TripMade, when, by=CLERK, visit=number, visitor=Visitor.APPLICANT, place=Place.HALL, cause=cause)


def special(when: str = "03-05 09:00", days: int = 5) -> Suspended:
    return fact(
        Suspended,
        when,
        suspension="S1",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        reason="samples are tested",
        ground=SpecialGround.TESTING,
        declared_days=days,
        notice="N1",
        moves_promise=True,
        moves_statutory=True,
    )


def resumed(when: str = "03-12 09:00") -> Resumed:
    return fact(Resumed, when, suspension="S1")


def closed(when: str, outcome: Outcome = Outcome.OTHER) -> CaseClosed:
    return fact(CaseClosed, when, outcome=outcome, reason="so it ended")


TAKEN: Final = nationally(received(), accepted())

LIVES: Final[Lives] = {
    "approved": (
        trip("03-02 09:00", "V1"),
        *nationally(*SEALED),
        closed("03-06 09:00", Outcome.CERTIFICATE_ISSUED),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1"),
        fact(CourierReturned, "03-09 15:00", consignment="P1", reason="nobody in"),
        fact(CourierDispatched, "03-10 15:00", consignment="P2", courier="EMS", certificate="C1", replaces="P1"),
        fact(ResultDelivered, "03-12 11:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P2"),
    ),
    "suspended": (*TAKEN, special(), resumed(), closed("03-23 09:00")),
    "late": (*TAKEN, trip("03-02 09:00", "V1"), trip("03-17 09:00", "V2", Cause.COLLECT), closed("03-17 10:00")),
    "open": (submitted(), *TAKEN, *routed("fire", "health")),
    "corrected": (
        received(),
        fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",)),
        trip("03-03 09:00", "V3", Cause.CORRECT),
    ),
    "voided": (*nationally(*DECIDED), fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="twice")),
}


class World:
    """One store: its districts' engines and its tables."""

    def __init__(self, url: str, projections: Sequence[Projection] = PROJECTIONS) -> None:
        self.url = url
        self.tables = open_tables(url, projections)
        self.more: list[Tables | DistrictEngine] = []
        self.engines: dict[str, DistrictEngine] = {}
        self._numbers = count(1)

    def close(self) -> None:
        for found in (self.tables, *self.more, *self.engines.values()):
            found.close()

    def engine(self, district: str = A) -> DistrictEngine:
        if district not in self.engines:
            self.engines[district] = open_engine(self.url, district=district, catalogue=CATALOGUE)
        return self.engines[district]

    def another_engine(self) -> DistrictEngine:
        """The same district, opened by somebody else."""
        engine = open_engine(self.url, district=A, catalogue=CATALOGUE)
        self.more.append(engine)
        return engine

    @property
    def logs(self) -> list[Any]:
        return [engine.log for engine in self.engines.values()]

    def again(self, projections: Sequence[Projection] = PROJECTIONS) -> Tables:
        """The same store, opened by somebody else; the tables of memory are only for whoever opened them."""
        if self.url == "memory:":
            return self.tables
        tables = open_tables(self.url, projections)
        self.more.append(tables)
        return tables

    def happened(self, lives: Lives, district: str = A) -> None:
        """Each of these lives goes on, all side by side, fact by fact."""
        begun = self.engine(district).log.versions(list(lives))
        histories = [
            History(case, f"n{next(self._numbers)}", (event,), Source("told", "story", 1), continues=case in begun)
            for turn in zip_longest(*lives.values())
            for case, event in zip(lives, turn, strict=True)
            if event is not None
        ]
        for history in histories:
            begun = {**begun, history.case: 1}
        assert all(isinstance(found, Receipt) for found in self.engine(district).record(histories))

    def rows(self, tables: Tables | None = None) -> dict[str, Rows]:
        """All rows of all tables, all columns, ordered."""
        found = {p.name: (tables or self.tables).query(f"SELECT * FROM {p.name}") for p in PROJECTIONS}  # noqa: S608 - our names
        return {name: sorted(map(_texts, rows), key=repr) for name, rows in found.items()}


def _texts(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite keeps dates as text."""
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


def rows_of(lives: Mapping[str, Lives]) -> dict[str, Rows]:
    """The rows of whole histories by district, folded in one go without any store."""
    subjects = [
        Subject(district, case, fold(events), shipped_calendars())
        for district, cases in lives.items()
        for case, events in cases.items()
    ]
    return {p.name: sorted((_texts(r) for s in subjects for r in p.rows(s)), key=repr) for p in PROJECTIONS}


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    made = World(store_url)
    yield made
    made.close()


@pytest.fixture
def memory() -> Iterator[World]:
    made = World("memory:")
    yield made
    made.close()


def halves(lives: Lives) -> tuple[Lives, Lives]:
    """What happened first, and what happened then."""
    return (
        {case: events[: len(events) // 2] for case, events in lives.items() if len(events) > 1},
        {case: events[len(events) // 2 :] for case, events in lives.items() if len(events) > 1},
    )


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
    memory.happened(LIVES)
    histories = memory.logs[0].histories
    monkeypatch.setattr(memory.logs[0], "histories", lambda cases: reread.extend(cases) or histories(cases))

    follow(memory.logs, memory.tables)

    assert reread
    assert memory.rows() == rows_of({A: LIVES})


def test_a_remembered_file_is_not_read_again(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    monkeypatch.setattr(following, "PAGE", 2)
    monkeypatch.setattr(memory.logs[0], "histories", lambda _: pytest.fail("it was in memory"))

    follow(memory.logs, memory.tables)

    assert memory.rows() == rows_of({A: LIVES})


def test_following_says_how_much_it_followed(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
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
    assert [_texts(row) for row in world.tables.query(ask)] == [("2026-03-16", "overdue", 5)]

    learned = (special(), resumed())  # of early March, learned long after the closing
    world.happened({"late": learned})
    follow(world.logs, world.tables)

    assert [_texts(row) for row in world.tables.query(ask)] == [("2026-03-23", "on_time", 7)]
    assert world.rows() == rows_of({A: {**LIVES, "late": (*LIVES["late"], *learned)}})


def test_a_case_that_loses_rows_keeps_none_of_them(store_url: str) -> None:
    def until_voided(subject: Subject) -> Sequence[tuple[Any, ...]]:
        return () if subject.file.stage is Stage.VOIDED else tuple(DELIVERY_FACTS.rows(subject))

    world = World(store_url, (*PROJECTIONS[:-1], DELIVERY_FACTS._replace(rows=until_voided)))
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
        (B, len(LIVES)),
        (A, len(LIVES)),
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


def test_rows_and_checkpoint_move_together_or_not_at_all(store_url: str) -> None:
    broken = [False]

    def rows(subject: Subject) -> Iterator[tuple[Any, ...]]:
        for row in DELIVERY_FACTS.rows(subject):
            yield row._replace(method=None) if broken[0] else row  # type: ignore[attr-defined] # NOT NULL

    assert PROJECTIONS[-1] is DELIVERY_FACTS  # the rows of all other tables are in when it breaks
    world = World(store_url, (*PROJECTIONS[:-1], DELIVERY_FACTS._replace(rows=rows)))
    try:
        first, then = halves(LIVES)
        world.happened(first)
        follow(world.logs, world.tables)
        live = world.tables.live()
        assert live is not None
        before, position = world.rows(), world.tables.checkpoint(live, A)
        assert position > 0

        world.happened(then)
        broken[0] = True
        with pytest.raises(CasecoreError):
            follow(world.logs, world.tables)
        assert (world.rows(), world.tables.checkpoint(live, A)) == (before, position)

        broken[0] = False
        follow(world.logs, world.tables)
        assert world.rows() == rows_of({A: LIVES})
    finally:
        world.close()


def test_a_row_its_table_refuses_is_no_lost_race(memory: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.happened(LIVES)
    generation = memory.tables.begin()
    tried: list[int] = []

    def rows(_: Subject) -> Iterator[tuple[Any, ...]]:
        tried.append(1)
        yield (None,) * len(memory.tables.columns["delivery_facts"])

    spoilt = (*PROJECTIONS[:-1], DELIVERY_FACTS._replace(rows=rows))
    monkeypatch.setattr(memory.tables, "projections", spoilt)

    with pytest.raises(CasecoreError) as refused:
        Follower(memory.logs[0], memory.tables, generation).step()

    assert "another follower" not in str(refused.value)
    assert len(tried) <= 2 * len(LIVES)


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
    while follower.step():
        pass
    memory.tables.show(generation)

    assert memory.rows() == rows_of({A: LIVES})


def _away(*_: object) -> None:
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

    def overtaken(*what: Any) -> None:
        monkeypatch.setattr(memory.tables, "put", put)
        other.step()
        put(*what)

    monkeypatch.setattr(memory.tables, "put", overtaken)

    follow(memory.logs, memory.tables)

    assert memory.rows() == rows_of({A: LIVES})


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
    Follower(log, tables, second).step()
    Follower(log, tables, first).step()
    tables.show(first)  # the other's half-built tables are gone
    assert memory.rows() == rows_of({A: LIVES})

    rebuild(memory.logs, tables)

    assert memory.rows() == rows_of({A: LIVES})


def test_a_rebuild_whose_tables_another_has_dropped_does_not_go_live(memory: World) -> None:
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)
    first, second = memory.tables.begin(), memory.tables.begin()
    for generation in (second, first):
        Follower(memory.logs[0], memory.tables, generation).step()
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
    newer = world.again((CASE_FACTS._replace(version=2, rows=elsewhere), *PROJECTIONS[1:]))

    followed = follow(world.logs, newer)

    assert followed == sum(map(len, LIVES.values()))
    assert halls() == [("elsewhere",)]
    assert newer.live() != old
    assert "case_facts.2 " in newer.versions
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
