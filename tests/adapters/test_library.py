"""The library as whoever embeds it uses it: opened by URL or with what is open, asked, answered in typed values."""

import subprocess
import sys
from datetime import date
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.audited import LONG, put
from support.followed import LIVES, TAKEN, A, B, World, rows_of, trip
from support.story import moment, received
from support.vandal import Vandal

import adapters
from adapters import explain, findings, follow, open_engine, open_store, read_command, rebuild, trip_list, verify
from adapters.auditing import Wanted
from adapters.evidence.note import make_key, read_public_key
from adapters.keeping import Keeper
from adapters.opening import open_facts
from adapters.proving import ProvenCase, ProvenGrowth, check_proof, prove_case, prove_growth
from adapters.verifying import read_checkpoints, take_checkpoint
from adapters.whole_files import write_file
from casecore import BadInput, Fault, FindingCode, Receipt, Verdict

AT = moment("12-30 17:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store of two districts nobody has followed yet."""
    world = World(f"sqlite:///{tmp_path}/hall.db")
    world.happened(LIVES)
    world.happened({"far away": TAKEN, "long": LONG}, B)
    world.close()
    return world.url


# --- What is there to import ---


def test_every_public_name_is_what_its_module_calls_so() -> None:
    assert set(adapters.__all__) == set(adapters._WHERE)
    for name, module in adapters._WHERE.items():
        assert getattr(adapters, name) is getattr(import_module(f"adapters.{module}"), name)


def test_no_module_bears_a_public_name() -> None:
    assert [name for name in adapters.__all__ if find_spec(f"adapters.{name}") is not None] == []


def test_a_name_nobody_made_is_missing_as_from_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'adapters' has no attribute 'report_card'"):
        adapters.__getattr__("report_card")


def test_importing_the_room_loads_no_store() -> None:
    heavy = "{'eventsourcing', 'psycopg', 'lxml', 'structlog', 'cryptography'}"
    said = f"import sys, adapters.calendar_toml; print(sorted({heavy} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", said], text=True) == "[]\n"


# --- Following and rebuilding ---


def test_fact_tables_are_followed_and_rebuilt_over_a_url(url: str) -> None:
    with open_store(url) as store:
        heads = sum(log.head().position for log in store.logs)

        assert follow(store.logs, store.tables) == heads
        assert follow(store.logs, store.tables) == 0
        assert rebuild(store.logs, store.tables) == heads
        assert store.tables.query("SELECT COUNT(*) FROM case_facts") == [(len(rows_of({A: LIVES})["case_facts"]) + 2,)]


def test_a_job_keeps_the_fact_tables_and_takes_in_the_district_that_joins(url: str) -> None:
    heard: list[int] = []
    with Keeper(url) as keeper:
        assert keeper.follow(heard.append) == sum(heard)
        keeper.rest()
        with open_engine(url, district="510112") as engine:
            line = (
                b'{"command": "ReceiveCase", "case": "new", "by": "w", "at": "2026-03-02T10:00:00+08:00",'
                b' "item": "bookstore-licence", "hall": "H", "applicant": "A", "applicant_kind": "company",'
                b' "visit": {"visit": "V"}}'
            )
            assert isinstance(engine.handle(read_command(line)), Receipt)
            joined = engine.log.head().position
        assert keeper.follow() == 0
        keeper.rest()
        assert keeper.follow() == joined
        assert keeper.rebuild() == sum(heard) + joined

    with open_facts(url) as tables:
        assert tables.query("SELECT log FROM case_facts WHERE case_id = 'new'") == [("510112",)]


def test_a_store_without_fact_tables_has_none_to_read(url: str) -> None:
    with pytest.raises(BadInput, match="no fact tables yet"), open_facts(url):
        pass


# --- Explaining ---


def test_a_case_is_explained_by_the_store_that_holds_it(url: str) -> None:
    with open_store(url) as store:
        found = explain(store.holding("late"), "late")

    promised = next(clock for clock in found.clocks if clock.clock == "promised")
    assert (found.case, found.district, promised.reading.verdict) == ("late", A, Verdict.OVERDUE)
    assert [trip.trip.visit for trip in found.trips] == ["V1", "V2"]


def test_a_case_is_explained_as_of_an_instant_and_under_another_calendar(memory: World) -> None:
    memory.happened(LIVES)

    found = explain(memory.engine(), "late", moment("03-10 12:00"), other="weekdays-nl.1")

    promised = next(clock for clock in found.clocks if clock.clock == "promised")
    assert (promised.reading.verdict, promised.read_on, promised.ended_at) == (Verdict.RUNNING, date(2026, 3, 10), None)
    assert promised.compared is not None
    assert promised.compared.calendar == "weekdays-nl.1"


def test_what_is_no_case_of_the_district_is_not_explained(memory: World) -> None:
    memory.happened(LIVES)
    engine = memory.engine()

    known = {"nobody": "nothing of that id in log 510114", "PKG": "is a package", "box-1": "is a drop box"}
    for stream, said in known.items():
        with pytest.raises(BadInput, match=f"^{stream}: {said}"):
            explain(engine, stream)
    with pytest.raises(BadInput, match="nothing had happened by"):
        explain(engine, "late", moment("2025-01-01 00:00"))
    with pytest.raises(BadInput, match=r"calendar: 'cn-1949.1' is none of"):
        explain(engine, "late", other="cn-1949.1")


def test_a_case_that_cannot_be_read_is_a_fault_that_names_the_fact(url: str) -> None:
    spoil(url)
    with open_store(url, district=A) as store, pytest.raises(Fault, match="late version 2: unknown event name"):
        explain(store.holding("late"), "late")


def spoil(url: str) -> None:
    """The second fact of a case is of a kind nobody knows."""
    vandal = Vandal(url)
    ((position,),) = vandal.run(
        "SELECT position FROM casecore_events WHERE originator_id = 'late' AND originator_version = 2"
    )
    vandal.set_event("topic", position, "case.nonsense.v9")
    vandal.close()


# --- Trips ---


def test_the_trips_of_a_case_and_of_a_package_are_listed(memory: World) -> None:
    memory.happened({**LIVES, "shares": (received(), trip("03-02 09:00", "V1"))})

    found = trip_list(memory.engine(), memory.tables, "late")
    package = trip_list(memory.engine(), memory.tables, "PKG")

    assert [(line.visit.visit, line.cases, line.share) for line in found.lines] == [
        ("V1", ("approved", "late", "shares"), Fraction(1, 3)),
        ("V2", ("late",), Fraction(1)),
    ]
    assert (found.kind.name, package.kind.name, package.lines) == ("case", "package", ())
    assert trip_list(memory.engine(), memory.tables, "late", moment("03-10 09:00")).totals.visits == 1


def test_what_has_no_trips_is_no_trip_list(memory: World) -> None:
    memory.happened(LIVES)
    for stream in ("nobody", "box-1"):
        with pytest.raises(BadInput, match=f"^{stream}: "):
            trip_list(memory.engine(), memory.tables, stream)


# --- Findings ---


def test_findings_are_looked_for_in_a_whole_store_or_in_one_case(url: str) -> None:
    with open_store(url) as store:
        everything = findings(store.engines, AT)
        kept = sum(len(engine.log.streams(0)) for engine in store.engines)
        one = findings(store.engines, AT, Wanted((FindingCode.EXTENSION_TOO_LONG,)), case="long")

        with pytest.raises(BadInput, match=r"^nobody: in none of the logs"):
            findings(store.engines, AT, case="nobody")
        assert findings(store.engines, AT, case="PKG").streams == 1, "packages are examined too"
    assert everything.streams == kept
    assert everything.unreadable == ()
    assert (one.streams, [found.case for found in one.findings]) == (1, ["long"])
    assert set(one.findings) <= set(everything.findings)


# --- Verifying and proving ---


def test_a_store_is_verified_by_its_url_and_by_its_open_logs(url: str) -> None:
    by_url = verify(url)
    with open_store(url) as store:
        opened = verify(store.logs)

    assert by_url == opened
    assert {name: found.first_bad_position for name, found in by_url.items()} == {A: None, B: None}
    assert list(verify(url, district=B)) == [B]

    spoil(url)
    assert verify(url)[A].first_bad_position is not None


def test_a_log_that_is_not_there_is_not_verified(url: str) -> None:
    for store in (url, []):
        with pytest.raises(BadInput, match=r"^district 999999: "):
            verify(store, district="999999")


def test_checkpoints_are_taken_held_against_the_log_and_proven_from(url: str, tmp_path: Path) -> None:
    key, first, second = tmp_path / "hall.key", tmp_path / "first", tmp_path / "second"
    public = read_public_key(make_key(key))
    early = take_checkpoint(url, key, first, district=A)
    world = World(url)
    put(world, more=TAKEN)
    world.close()
    assert take_checkpoint(url, key, second, district=A).size > early.size
    seen = read_checkpoints([first, second], public)

    assert verify(url, seen)[A].first_bad_position is None
    with pytest.raises(BadInput, match=r"^checkpoint: of log 510114, not of 510107"):
        verify(url, seen, district=B)

    write_file(tmp_path / "case", prove_case(url, "late", first).written())
    write_file(tmp_path / "growth", prove_growth(url, first, second).written())
    case, growth = check_proof(tmp_path / "case", public), check_proof(tmp_path / "growth", public)
    assert isinstance(case, ProvenCase)
    assert {event.stream for event in case.proof.events} == {"late"}
    assert isinstance(growth, ProvenGrowth)
    assert (growth.old.checkpoint, growth.new.checkpoint) == tuple(seen)
    with pytest.raises(Fault, match="is not JSON"):
        check_proof(first, public)
