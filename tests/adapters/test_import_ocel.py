"""OCEL 2.0 logs of two tools, as JSON and SQLite: objects of one type are cases, whatever tool wrote them.

``support/ocel`` holds one small log as pm4py 2.7.23.11 and r4pm 0.6.2 write it; the databases as their dumps.
"""

import gzip
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from support.import_bench import Bench, at, in_memory
from support.mapping_texts import mapping_text
from support.ocel_logs import LOGS, WRITTEN, ocel_log

from adapters.importing import ImportReport, import_file
from adapters.importing.log_heads import ocel_head
from adapters.importing.ocel_parts import latest
from adapters.testing.opened import open_desk
from casecore import CaseAccepted, CaseClosed, CaseReceived, Fault, Flaw, StepCompleted
from casecore.instants import A_DAY, AN_INSTANT

FACTS: Final = """
[[fact]]
event = "received"
scope = "event"
take = "first"
at = "ocel:time"
when = {"ocel:type" = ["收件"]}

[[fact]]
event = "accepted"
scope = "event"
take = "first"
at = "ocel:time"
when = {"ocel:type" = ["受理"]}

[[fact]]
event = "closed"
scope = "event"
take = "last"
at = "ocel:time"
when = {"ocel:type" = ["办结"]}
required = false

[[fact]]
event = "step_completed"
scope = "event"
at = "ocel:time"
name = {from = "ocel:type"}
by = {from = "经办人"}
action = {from = "窗口"}
department = {from = "ocel:qualifier"}
"""
SAID: Final = {"format": '"ocel"', "case": '"ocel:id"', "hall": '{from = "hall"}'}
SUBJECT: Final = '{object = "办件", qualifiers = ["subject"]}'


engine = in_memory


@pytest.fixture
def read(bench: Bench, tmp_path: Path) -> Callable[..., ImportReport]:
    def _read(log: str, ocel: str = SUBJECT, facts: str = FACTS) -> ImportReport:
        path = ocel_log(log, tmp_path)
        return import_file(bench.engine, bench.mapping(mapping_text("own", facts, **SAID, ocel=ocel)), path)

    return _read


def changed(folder: Path, change: Callable[[Any], object]) -> str:
    """The name of a log in JSON that is not as pm4py wrote it."""
    log = json.loads((WRITTEN / "pm4py.json").read_text("utf-8"))
    change(log)
    (folder / "changed.json").write_text(json.dumps(log), "utf-8")
    return "changed.json"


@pytest.mark.parametrize("log", LOGS)
def test_objects_of_a_type_are_cases_with_the_events_that_relate_to_them(
    bench: Bench, read: Callable[..., ImportReport], log: str
) -> None:
    report = read(log)

    assert (report.rows, report.source_events, report.recorded, report.rejected) == (2, 7, 2, [])
    facts = bench.events("A-1")
    milestones = [type(one) for one in facts if not isinstance(one, StepCompleted)]
    assert milestones == [CaseReceived, CaseAccepted, CaseClosed]
    steps = [one for one in facts if isinstance(one, StepCompleted)]
    assert [(one.name, one.by, one.action, one.department) for one in steps] == [
        ("收件", "王", "1", "subject"),
        ("受理", "王", "1", "subject"),
        ("审查", "李", "2", "subject"),
        ("办结", "赵", "3", "subject"),
    ]
    assert (facts[0].at, facts[-1].at) == (at("2026-03-02T09:00:00+08:00"), at("2026-03-05T16:00:00+08:00"))
    assert bench.engine.file("A-1").hall == "北大厅"


@pytest.mark.parametrize("log", LOGS)
def test_an_attribute_says_what_it_said_last(bench: Bench, read: Callable[..., ImportReport], log: str) -> None:
    read(log)
    assert bench.engine.file("A-2").hall == "西大厅"


@pytest.mark.parametrize("log", LOGS)
def test_an_event_that_relates_in_another_way_counts_where_no_qualifier_is_named(
    bench: Bench, read: Callable[..., ImportReport], log: str
) -> None:
    report = read(log, '{object = "办件"}')

    assert report.source_events == 8
    steps = [one for one in bench.events("A-2") if isinstance(one, StepCompleted)]
    assert [(one.name, one.department) for one in steps] == [
        ("收件", "subject"),
        ("受理", "subject"),
        ("审查", "mentioned"),
        ("审查", "subject"),
    ]


@pytest.mark.parametrize("log", LOGS)
def test_the_object_type_the_mapping_names_decides_what_a_case_is(read: Callable[..., ImportReport], log: str) -> None:
    report = read(log, '{object = "material"}')
    assert [(one.case, one.line) for one in report.rejected] == [("M-1", 3 if log.endswith("json") else 1)]
    with pytest.raises(Fault, match=rf"{log}: has no object of type 一件事"):
        read(log, '{object = "一件事"}')


@pytest.mark.parametrize("log", LOGS)
def test_both_tools_and_both_forms_give_the_same_facts(bench: Bench, read: Callable[..., ImportReport], log: str) -> None:
    read("pm4py.json")
    expected = {case: bench.events(case) for case in ("A-1", "A-2")}
    with open_desk("memory:", district="500000") as other:
        bench.engine = other
        read(log)
        assert {case: bench.events(case) for case in expected} == expected


def test_a_log_may_be_packed_and_begin_with_a_mark(bench: Bench, read: Callable[..., ImportReport], tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + (WRITTEN / "r4pm.json").read_bytes()
    (tmp_path / "log.json.gz").write_bytes(gzip.compress(content))
    mapping = bench.mapping(mapping_text("own", FACTS, **SAID, ocel=SUBJECT))
    assert import_file(bench.engine, mapping, tmp_path / "log.json.gz").recorded == 2
    assert read("r4pm.json").known == 2


def test_events_that_stand_before_their_objects_are_found(read: Callable[..., ImportReport], tmp_path: Path) -> None:
    def turn(log: dict[str, Any]) -> None:
        for key in ("objects", "objectTypes"):
            log[key] = log.pop(key)

    assert read(changed(tmp_path, turn)).source_events == 7


def test_an_event_related_in_two_ways_is_one_event(read: Callable[..., ImportReport], tmp_path: Path) -> None:
    def twice(log: dict[str, Any]) -> None:
        log["events"][1]["relationships"].append({"objectId": "A-1", "qualifier": "owner"})

    assert read(changed(tmp_path, twice), '{object = "办件", qualifiers = ["owner", "subject"]}').source_events == 7


def test_a_time_that_is_none_rejects_its_case_only(read: Callable[..., ImportReport], tmp_path: Path) -> None:
    def late(log: dict[str, Any]) -> None:
        log["events"][1]["time"] = "someday"

    report = read(changed(tmp_path, late))
    assert [(one.case, one.reason) for one in report.rejected] == [
        (
            "A-1",
            f"event at line 2: ocel:time: 'someday' is not {AN_INSTANT}, or {A_DAY}",
        )
    ]
    assert report.recorded == 1


def test_an_event_its_own_table_does_not_know_is_not_lost(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path
) -> None:
    read("r4pm.sqlite")
    with closing(sqlite3.connect(tmp_path / "r4pm.sqlite")) as database, database:
        database.execute("DELETE FROM \"event_审查\" WHERE ocel_id = 'e7'")
    with open_desk("memory:", district="500000") as other:
        bench.engine = other
        (rejected,) = read("r4pm.sqlite").rejected
    assert (rejected.case, rejected.reason.partition(": ")[2]) == ("A-2", "ocel:time: empty")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON: it ends too soon"),
        (b"[]", "is no OCEL 2.0 log in JSON: '[' stands where '{' should"),
        (b'{"objects": [{"id": "A-1"}]}', "objects[0]: is no object of OCEL 2.0: 'type'"),
        (b'{"events": [{"id": "e", "type": "x"}]}', "events[0]: is no event of OCEL 2.0: 'time'"),
        (b'{"events": [7]}', "events[0]: is no event of OCEL 2.0"),
        (b'{"objects": [{"id": "A-1", "type": "x"', "is not JSON"),
        (
            b'{"objects": [{"id": "A-1", "type": "x", "attributes": [{"name": "a", "value": []}]}]}',
            "objects[0]: an attribute",
        ),
        (b'{"objects": [{"id": "\xff"}]}', "is not UTF-8"),
        (b"SQLite format 3\x00 and no more", "is no OCEL 2.0 log in SQLite"),
    ],
)
def test_what_is_no_log_is_named(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "log.json").write_bytes(content)
    with pytest.raises(Fault) as caught:
        read("log.json")
    assert str(caught.value).startswith(f"log.json: {message}")
    assert bench.engine.log.head().position == 0


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({**SAID}, "ocel.object: missing: it names the type of the objects that are cases"),
        ({**SAID, "ocel": "{}"}, "ocel.object: missing"),
        ({**SAID, "ocel": '{object = "x", qualifier = "y"}'}, "ocel.qualifier: unknown key"),
        ({**SAID, "format": '"xes"', "ocel": SUBJECT}, "ocel: means nothing for xes: it is said of OCEL files"),
    ],
)
def test_a_mapping_of_a_log_of_objects_names_their_type(bench: Bench, said: dict[str, str], message: str) -> None:
    with pytest.raises(Fault) as caught:
        bench.mapping(mapping_text("own", FACTS, **said))
    assert str(caught.value).startswith(f"mapping.toml: {message}")


def _times(*said: str) -> Callable[[Any], object]:
    """Give the events of A-1 other times."""

    def change(log: Any) -> None:
        times = dict(zip(("e1", "e2", "e3", "e4"), said, strict=True))
        for event in log["events"]:
            event["time"] = times.get(event["id"], event["time"])

    return change


@pytest.mark.parametrize(
    ("times", "dates"),
    [
        (
            (
                "2026-03-02T09:00:00+08:00",
                "2026-03-02T09:30:00+08:00",
                "2026-03-02T24:00:00+08:00",
                "2026-03-03T00:30:00+08:00",
            ),
            "",
        ),
        (("2026/3/2 9:00", "2026/3/2 9:30", "2026/3/2 10:00", "2026/3/10 9:00"), '["slashes"]'),
        (("2026-03-02T09:00:00", "2026-03-02T01:30:00Z", "2026-03-02T10:00:00", "2026-03-02T02:30:00Z"), ""),
    ],
)
def test_events_stand_in_the_order_of_their_times_as_the_mapping_reads_them(
    bench: Bench, tmp_path: Path, times: tuple[str, ...], dates: str
) -> None:
    def change(log: Any) -> None:
        _times(*times)(log)
        log["events"].reverse()

    said = {**SAID, "ocel": SUBJECT, **({"dates": dates} if dates else {})}
    report = import_file(
        bench.engine, bench.mapping(mapping_text("own", FACTS, **said)), tmp_path / changed(tmp_path, change)
    )

    assert "A-1" not in {one.case for one in report.rejected}
    found = [one.at for one in bench.events("A-1") if isinstance(one, StepCompleted)]
    assert len(found) == 4
    assert found == sorted(found)
    assert [one.name for one in bench.events("A-1") if isinstance(one, StepCompleted)] == ["收件", "受理", "审查", "办结"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-03-02T09:30:00+08:00", "2026-03-02T02:00:00Z"),
        ("2026-03-02T02:00:00Z", "2026-03-02T02:00:00.500Z"),
        ("2026-03-02T02:00:00Z", "2026-03-02T02:00:00Z"),
    ],
)
def test_what_an_attribute_says_last_is_a_matter_of_instants(old: str, new: str) -> None:
    assert latest([("hall", old, "OLD"), ("hall", new, "NEW")]) == {"hall": "NEW"}
    assert latest([("hall", new, "OLD"), ("hall", old, "OLD")]) == {"hall": "OLD"}


def test_ids_that_are_numbers_are_text_and_bytes_are_none(bench: Bench, tmp_path: Path) -> None:
    script = (WRITTEN / "pm4py.sql").read_text("utf-8")
    for path, value, said in (("numbers.sqlite", "7", ""), ("bytes.sqlite", "x'ff'", "must be text")):
        with closing(sqlite3.connect(tmp_path / path)) as database:
            untyped = re.sub(r'"(ocel_id|ocel_object_id)" TEXT', r'"\1"', script)
            database.executescript(untyped.replace("'A-1'", value))
        mapping = bench.mapping(mapping_text("own", FACTS, **SAID, ocel=SUBJECT))
        if said:
            with pytest.raises(Fault, match=said):
                import_file(bench.engine, mapping, tmp_path / path)
        else:
            assert import_file(bench.engine, mapping, tmp_path / path).cases == 2


def test_half_a_character_in_a_log_is_named(bench: Bench, tmp_path: Path) -> None:
    log = (WRITTEN / "pm4py.json").read_text("utf-8").replace('"A-1"', '"A-\\ud800"')
    (tmp_path / "half.json").write_text(log, "utf-8")
    mapping = bench.mapping(mapping_text("own", FACTS, **SAID, ocel=SUBJECT))
    with pytest.raises(Fault, match=r"half.json: (objects|events)\[\d\]: half a character stands in it"):
        import_file(bench.engine, mapping, tmp_path / "half.json")


# --- what relates to nothing, and types that are none ---


def with_rows(folder: Path, log: str, *relations: tuple[str, str, str]) -> str:
    """A log with more relations of events to objects."""
    path = ocel_log(log, folder)
    if log.endswith("json"):
        said = json.loads(path.read_text("utf-8"))
        events = {one["id"]: one for one in said["events"]}
        for event, case, qualifier in relations:
            events[event]["relationships"].append({"objectId": case, "qualifier": qualifier})
        path.write_text(json.dumps(said), "utf-8")
    else:
        with closing(sqlite3.connect(path)) as database, database:
            database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", relations)
    return log


@pytest.mark.parametrize("log", LOGS)
def test_an_object_that_is_not_in_the_file_is_rejected_by_its_name(
    read: Callable[..., ImportReport], tmp_path: Path, log: str
) -> None:
    relations = ("e1", "A-9", "subject"), ("e4", "A-9", "subject"), ("e1", "A-8", "subject"), ("e2", "A-7", "mentioned")
    report = read(with_rows(tmp_path, log, *relations))

    assert (report.rows, report.cases, report.recorded, report.source_events) == (4, 2, 2, 10)
    said = {one.case: (one.code, re.sub(r"line \d+", "line N", one.reason)) for one in report.rejected}
    assert said == {
        "A-8": (Flaw.UNKNOWN_NAME, "the event at line N relates to object 'A-8', which is not in the file"),
        "A-9": (Flaw.UNKNOWN_NAME, "the event at line N and 1 more relate to object 'A-9', which is not in the file"),
    }
    assert all(f"line {one.line} " in one.reason for one in report.rejected)


def changed_database(folder: Path, *statements: str, untyped: bool = False) -> str:
    """The name of a log in SQLite that is not as pm4py wrote it; where it is untyped, a number stays one."""
    script = (WRITTEN / "pm4py.sql").read_text("utf-8")
    with closing(sqlite3.connect(folder / "changed.sqlite")) as database:
        database.executescript(re.sub(r'"(ocel_\w+)" TEXT', r'"\1"', script) if untyped else script)
        for statement in statements:
            database.execute(statement)
        database.commit()
    return "changed.sqlite"


@pytest.mark.parametrize(
    ("statement", "rejected"),
    [
        (
            "INSERT INTO event_object VALUES ('e99', 'A-1', 'subject')",
            {"A-1": "event at line 8: event 'e99' is not among the events"},
        ),
        (
            "INSERT INTO event_object VALUES (NULL, 'A-1', 'subject')",
            {"A-1": "event at line 8: event '' is not among the events"},
        ),
        (
            "DELETE FROM event_map_type WHERE ocel_type = '办结'",
            {"A-1": "event at line 7: event 'e4' is of type '办结', which has no table"},
        ),
        ("INSERT INTO object VALUES (NULL, '办件')", {"": "ocel:id: no case id"}),
        ("INSERT INTO object VALUES ('A-1', '办件')", {"A-1": "case stands twice in the file"}),
        ("INSERT INTO event_object VALUES ('e1', NULL, 'subject')", {"": "which is not in the file"}),
    ],
)
def test_what_a_join_in_a_database_would_drop_is_rejected_by_its_name(
    read: Callable[..., ImportReport], tmp_path: Path, statement: str, rejected: dict[str, str]
) -> None:
    report = read(changed_database(tmp_path, statement))
    assert [one.case for one in report.rejected] == [*rejected]
    for one in report.rejected:
        assert rejected[one.case] in one.reason
    assert report.cases + len(report.rejected) == report.rows


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "DELETE FROM object_map_type WHERE ocel_type = '办件'",
            "object_map_type: names no table of objects of type '办件'",
        ),
        ("UPDATE object SET ocel_type = NULL WHERE ocel_id = 'M-1'", "object M-1: has no type"),
        ("UPDATE object SET ocel_type = x'ff' WHERE ocel_id = 'M-1'", "object M-1: an attribute must be text"),
        (
            "UPDATE object_map_type SET ocel_type = x'ff' WHERE ocel_type = 'material'",
            "object_map_type: an attribute must be",
        ),
        ("UPDATE event_map_type SET ocel_type = NULL WHERE ocel_type = '盘点'", "event_map_type: has no type"),
        ("UPDATE event_map_type SET ocel_type_map = x'ff'", "event_map_type: an attribute must be text"),
        ("UPDATE \"object_Type\" SET hall = x'ff'", "object_Type A-1: an attribute must be text"),
        ("DROP TABLE object_map_type", "is no OCEL 2.0 log in SQLite: no such table: object_map_type"),
    ],
)
def test_a_database_whose_types_are_none_is_named(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path, statement: str, message: str
) -> None:
    with pytest.raises(Fault) as caught:
        read(changed_database(tmp_path, statement))
    assert str(caught.value).startswith(f"changed.sqlite: {message}")
    assert bench.engine.log.head().position == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda log: log["objects"][2].update(type=None), "objects[2]: has no type"),
        (lambda log: log["events"][0].update(type=None), "events[0]: has no type"),
        (lambda log: log["events"][0].update(type=["x"]), "events[0]: an attribute must be text"),
        (lambda log: log.update(events={"e1": log["events"][0]}), "events: is no list"),
        (lambda log: log.update(objects=None), "objects: is no list"),
    ],
)
def test_types_and_lists_that_are_none_are_named(
    read: Callable[..., ImportReport], tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(Fault) as caught:
        read(changed(tmp_path, change))
    assert str(caught.value).startswith(f"changed.json: {message}")


def test_a_type_that_is_a_number_is_text(read: Callable[..., ImportReport], tmp_path: Path) -> None:
    numbers = (
        "UPDATE object SET ocel_type = 7 WHERE ocel_type = '办件'",
        "UPDATE object_map_type SET ocel_type = 7 WHERE ocel_type = '办件'",
        "UPDATE event SET ocel_type = 7 WHERE ocel_type = '审查'",
        "UPDATE event_map_type SET ocel_type = 7 WHERE ocel_type = '审查'",
    )
    log = changed_database(tmp_path, *numbers, untyped=True)

    report = read(log, '{object = "7", qualifiers = ["subject"]}', FACTS.replace("审查", "7"))
    assert (report.recorded, report.source_events, report.rejected) == (2, 7, [])
    assert ocel_head(tmp_path / log).cases[0]["ocel:type"] == "7"


@pytest.mark.parametrize("change", ["UPDATE object SET ocel_type = NULL", "UPDATE object SET ocel_type = x'ff'"])
def test_the_head_of_a_log_whose_types_are_none_is_named(tmp_path: Path, change: str) -> None:
    log = changed_database(tmp_path, f"{change} WHERE ocel_id = 'M-1'")
    with pytest.raises(Fault, match=r"^changed\.sqlite: object: (has no type|an attribute must be text)"):
        ocel_head(tmp_path / log)
