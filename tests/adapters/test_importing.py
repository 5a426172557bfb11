"""Real histories from CSV and XES: what becomes of good rows, of bad rows, and of files that break off."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.import_bench import (
    CASES,
    GOOD,
    HEADER,
    LOG,
    Bench,
    at,
    event,
    trace,
    xes,
)

from adapters.district_engine import DistrictEngine
from adapters.importing import Mapping, Rejection, import_file, load_mapping
from adapters.testing.opened import open_desk
from casecore import (
    ApplicantKind,
    CaseAccepted,
    CaseClosed,
    CaseReceived,
    Channel,
    CorrectionRequested,
    CorrectionSubmitted,
    Fault,
    Flaw,
    Limit,
    Outcome,
    Receipt,
    ReceiveCase,
    Resumed,
    Stage,
    StepCompleted,
    Suspended,
    Tier,
)
from casecore.engine import Engine
from casecore.instants import A_DAY, AN_INSTANT


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def _write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return _write


# --- What is recorded ---


def test_a_row_becomes_the_facts_its_mapping_names(bench: Bench) -> None:
    report = bench.cases(GOOD)

    received, accepted, closed = bench.events("A-1")
    assert received == CaseReceived(
        at=at("2023-03-01T09:00:00+08:00"),
        by="clerk",
        item="imported",
        channel=Channel.WINDOW,
        tier=Tier.COUNTY,
        hall="hall 1",
        trips_recorded=False,
    )
    assert isinstance(accepted, CaseAccepted)
    assert (accepted.effective_on, accepted.promised) == (date(2023, 3, 1), Limit.working_days(10))
    assert (accepted.statutory, accepted.plan, accepted.trips_promised) == (None, (), None)
    assert accepted.calendar == "cn-2026.1"
    assert closed == CaseClosed(at=at("2023-03-03T16:00:00+08:00"), by="clerk", outcome=Outcome.OTHER)
    assert (report.rows, report.cases, report.recorded, report.events, report.rejected) == (1, 1, 1, 3, [])


def test_a_fact_keeps_where_it_comes_from(bench: Bench) -> None:
    bench.cases("", GOOD)

    envelope = bench.engine.history("A-1")[0].envelope
    assert envelope.source == ("cases", "cases.csv", 3)
    assert envelope.command_id == "import:cases:A-1"


def test_the_line_of_a_row_is_where_it_begins_in_the_file(bench: Bench) -> None:
    bench.cases('"A-\n1",W,2023-03-01,', '"A-2","W",2023-03-01,')

    assert bench.engine.history("A-2")[0].envelope.source == ("cases", "cases.csv", 4)


def test_an_open_case_has_no_closing_and_other_ways_in_are_other(bench: Bench) -> None:
    bench.cases("A-1,?,2023-03-01T09:00:00+08:00,")

    file = bench.engine.file("A-1")
    assert (file.stage, file.channel) == (Stage.IN_REVIEW, Channel.OTHER)


def test_instants_are_taken_to_the_zone_of_the_mapping(bench: Bench) -> None:
    bench.cases("A-1,W,2023-03-01T20:00:00Z,2023-03-03 16:00")

    received, accepted, closed = bench.events("A-1")
    assert received.at.isoformat() == "2023-03-02T04:00:00+08:00"
    assert accepted.effective_on == date(2023, 3, 2)
    assert closed.at.isoformat() == "2023-03-03T16:00:00+08:00"


def test_an_old_offset_with_seconds_keeps_the_instant(bench: Bench) -> None:
    bench.cases("A-1,W,1900-01-01T00:00:00,")

    (received, _) = bench.events("A-1")
    assert received.at == datetime(1899, 12, 31, 15, 54, 17, tzinfo=UTC)
    assert received.at.isoformat() == "1900-01-01T00:00:17+08:06"


def test_the_department_stands_in_for_an_actor_nobody_names(bench: Bench) -> None:
    mapping = CASES.replace('by = "clerk"', "department = {from = \"id\", pattern = '^(.)-'}")
    bench.cases(GOOD, mapping=mapping)

    assert {fact.by for fact in bench.events("A-1")} == {"A"}


def test_compressed_files_and_a_byte_order_mark_read_alike(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv.gz"
    path.write_bytes(gzip.compress("\ufeff".encode() + f"{HEADER}\r\n{GOOD}\r\n".encode()))

    assert import_file(bench.engine, bench.mapping(CASES), path).recorded == 1


def test_rows_continue_cases_with_steps_suspensions_and_corrections(bench: Bench) -> None:
    bench.cases(GOOD)
    report = bench.steps(
        "A-1,checked,2023-03-01T09:10:00+08:00,2023-03-01T11:00:00+08:00",
        "A-1,paused,2023-03-01T12:00:00+08:00,2023-03-02T12:00:00+08:00",
        "A-1,paused,2023-03-02T13:00:00+08:00,",
        "A-1,mended,2023-03-02T14:00:00+08:00,2023-03-02T15:00:00+08:00",
        "A-1,mended,2023-03-02T16:00:00+08:00,",
        "A-1,noise,,",
        "A-1,judged,2023-03-02T16:00:00+08:00,",
    )

    facts = bench.events("A-1")[3:]
    step, paused, resumed, open_pause, asked, supplied, asked_again = facts
    assert isinstance(step, StepCompleted)
    assert (step.name, step.started_at) == ("checked", at("2023-03-01T09:10:00+08:00"))
    assert isinstance(paused, Suspended)
    assert (paused.moves_promise, paused.reason) == (True, "held up")
    assert isinstance(resumed, Resumed)
    assert resumed.suspension == paused.suspension
    assert isinstance(open_pause, Suspended)
    assert open_pause.suspension != paused.suspension
    assert [type(fact) for fact in (asked, supplied, asked_again)] == [
        CorrectionRequested,
        CorrectionSubmitted,
        CorrectionRequested,
    ]
    assert (report.rows, report.recorded, report.open_steps, report.ignored) == (7, 5, 1, 1)
    assert (report.cases, report.events, report.rejected) == (1, 7, [])


def test_identical_rows_are_as_many_facts_and_stay_so(bench: Bench) -> None:
    bench.cases(GOOD)
    row = "A-1,checked,2023-03-01T09:10:00+08:00,2023-03-01T11:00:00+08:00"

    assert bench.steps(row, row).recorded == 2
    again = bench.steps(row, row, row)
    assert (again.recorded, again.known) == (1, 2)


def test_a_trace_becomes_one_history_in_order_of_time(bench: Bench) -> None:
    report = bench.log(trace("t1", event("late"), event("early", "2011-05-01T09:00:00Z"), event("x", transition="start")))

    early, received, accepted, late, closed = bench.events("t1")
    assert (early.name, late.name) == ("early", "late")
    assert (late.by, late.action, received.by) == ("R1", "Web", "nobody named")
    assert received.at.isoformat() == "2011-05-02T10:30:00+02:00"
    assert accepted.promised == Limit.fixed(date(2011, 5, 20))
    assert isinstance(closed, CaseClosed)
    assert (report.rows, report.source_events, report.cases, report.ignored) == (1, 3, 1, 1)


def test_placeholders_under_global_are_no_data(bench: Bench) -> None:
    report = bench.log(trace("t1"))

    assert (report.cases, report.source_events) == (1, 0)
    assert min(fact.at for fact in bench.events("t1")).year == 2011


def test_lateness_is_counted_by_date_and_by_instant(bench: Bench) -> None:
    report = bench.log(
        trace("on-time", end="2011-05-19T10:00:00+02:00"),
        trace("same-day", end="2011-05-20T10:00:00+02:00"),
        trace("late", end="2011-05-21T10:00:00+02:00"),
        trace("open", end=""),
    )

    assert (report.closed_with_deadline, report.late_by_date, report.late_by_instant) == (3, 1, 2)


def test_a_closing_known_by_its_day_does_not_precede_the_receipt(bench: Bench) -> None:
    report = bench.log(trace("t1", end="2011-05-02T00:00:00+02:00"), trace("t2", end="2011-05-01T00:00:00+02:00"))

    assert bench.engine.file("t1").closed_at == at("2011-05-02T08:30:00Z")
    assert bench.engine.file("t1").stage is Stage.CLOSED
    assert [rejected.case for rejected in report.rejected] == ["t2"]


def test_instants_around_the_clock_change_are_ordered_as_they_happened(bench: Bench) -> None:
    before, after = "2011-10-30T02:50:00+02:00", "2011-10-30T02:10:00+01:00"
    first, second = event("first", before), event("second", after)
    bench.log(trace("t1", second, first, end=""))

    assert [fact.name for fact in bench.events("t1") if isinstance(fact, StepCompleted)] == ["first", "second"]


# --- Again, and in batches ---


def test_importing_again_adds_nothing(bench: Bench) -> None:
    first = bench.cases(GOOD, "A-2,W,2023-03-01,")
    head = bench.engine.log.head()

    again = bench.cases(GOOD, "A-2,W,2023-03-01,", "A-3,W,2023-03-01,2023-02-01")
    assert (first.recorded, again.recorded, again.known, again.cases, again.events) == (2, 0, 2, 2, 0)
    assert bench.engine.log.head() == head


def test_a_case_that_came_from_elsewhere_is_not_received_twice(bench: Bench) -> None:
    bench.cases(GOOD)
    report = bench.cases(GOOD, "A-2,W,2023-03-01,", mapping=CASES.replace('name = "cases"', 'name = "other"'))

    why = "the store has this case already, from elsewhere: mapping cases, cases.csv line 2"
    assert report.rejected == [Rejection(2, "A-1", Flaw.DUPLICATE_ID, why)]
    assert (report.cases, len(bench.engine.history("A-1"))) == (1, 3)


def test_each_case_that_came_from_elsewhere_is_named_by_its_own_origin(bench: Bench) -> None:
    bench.log(trace("A-2"))
    bench.cases("A-4,W,2023-03-01,", "A-3,W,2023-03-01,")
    live = ReceiveCase(
        case="A-1", by="li", at=datetime(2026, 3, 2, tzinfo=UTC), item="imported", hall="h", applicant="x",
        applicant_kind=ApplicantKind.PERSON, channel=Channel.WEBSITE,
    )  # fmt: skip
    assert isinstance(bench.engine.handle(live), Receipt)
    report = bench.cases(*(f"A-{n},W,2023-03-01," for n in range(6)), mapping=CASES.replace('"cases"', '"other"'))

    said = "the store has this case already, from elsewhere"
    assert {one.case: one.reason for one in report.rejected} == {
        "A-1": said,
        "A-2": f"{said}: mapping log, log.xes line 6",
        "A-3": f"{said}: mapping cases, cases.csv line 3",
        "A-4": f"{said}: mapping cases, cases.csv line 2",
    }
    assert report.recorded == 2


def test_two_stores_get_the_same_appends(tmp_path: Path) -> None:
    rows = [f"A-{n},W,2023-03-01T09:00:00+08:00," for n in range(2500)] + ["A-7,W,2023-03-01,", "bad\u200e,W,2023-03-01,"]
    told: list[int] = []
    heads = []
    for url in ("memory:", f"sqlite:///{tmp_path}/a.db"):
        with open_desk(url, district="500000") as engine:
            bench = Bench(engine, tmp_path)
            assert bench.cases(*rows).recorded == 2500
            heads.append(engine.log.head())
            again = import_file(engine, bench.mapping(CASES), tmp_path / "cases.csv", progress=told.append)
            assert (again.known, len(again.rejected)) == (2500, 2)
    assert heads[0] == heads[1]
    assert told == [1000, 1000, 502] * 2


# --- Rows that are rejected ---


@pytest.mark.parametrize(
    ("row", "code", "reason"),
    [
        (
            "B-1,W,2023-03-02T09:00:00+08:00,2023-03-01T09:00:00+08:00",
            Flaw.CONTRADICTION,
            "closed at 2023-03-01T09:00:00+08:00, before it was received at 2023-03-02T09:00:00+08:00",
        ),
        ("B-1,W,yesterday,", Flaw.WRONG_TYPE, f"in: 'yesterday' is not {AN_INSTANT}, or {A_DAY}"),
        (
            "B-1,W,0001-01-01T00:00:00+08:00,",
            Flaw.INSTANT_OUT_OF_RANGE,
            "in: '0001-01-01T00:00:00+08:00' is beyond the calendar of any zone",
        ),
        ("B-1,W,,", Flaw.MISSING_FIELD, "in: empty"),
        (",W,2023-03-01,", Flaw.MISSING_FIELD, "id: no case id"),
        ("B-1,W,2023-03-01", Flaw.NOT_CSV, "3 fields, the header has 4"),
        ("B-1,W,2023-03-01,,", Flaw.NOT_CSV, "5 fields, the header has 4"),
        ("B-1,W,2023-03-01,,x", Flaw.NOT_CSV, "5 fields, the header has 4"),
        ('B-1,"W" ,2023-03-01,', Flaw.NOT_CSV, "',' expected after '\"'"),
        (f"{'B' * 201},W,2023-03-01,", Flaw.IDENTIFIER_LENGTH, "id: an identifier has 1 to 200 characters"),
        ("B-\u202e1,W,2023-03-01,", Flaw.BIDI_CONTROL, "id: character U+202E is not allowed"),
        ("B-\0001,W,2023-03-01,", Flaw.CONTROL_CHARACTER, "id: character U+0000 is not allowed"),
        ("e\u0301,W,2023-03-01,", Flaw.NOT_NFC, "id: text is not in normal form NFC: U+0065 U+0301 is to be written U+00E9"),
    ],
)
def test_a_bad_row_is_rejected_with_line_and_reason_and_the_good_ones_are_kept(
    bench: Bench, row: str, code: Flaw, reason: str
) -> None:
    report = bench.cases(GOOD, row, "A-2,N,2023-03-01,")

    ((line, _, *why),) = report.rejected
    assert (line, *why) == (3, code, reason)
    assert report.cases + len(report.rejected) == report.rows == 3
    assert bench.engine.log.head().position == 5


def test_a_case_that_stands_twice_is_recorded_once(bench: Bench) -> None:
    report = bench.cases(GOOD, "A-1,W,2023-04-01,")

    assert report.rejected == [Rejection(3, "A-1", Flaw.DUPLICATE_ID, "case stands twice in the file")]
    assert bench.engine.file("A-1").received_at == at("2023-03-01T09:00:00+08:00")


@pytest.mark.parametrize(
    ("hall", "reason"),
    [
        ("x\u200ey", "CaseReceived.hall: character U+200E is not allowed"),
        ("x" * 70_000, "CaseReceived.hall: an identifier has 1 to 200 characters"),
    ],
)
def test_what_the_door_does_not_let_in_sinks_no_batch(bench: Bench, hall: str, reason: str) -> None:
    mapping = CASES.replace('hall = "hall 1"', 'hall = {from = "hall"}')
    good = [f"A-{n},W,2023-03-01,,here" for n in range(3)]
    report = bench.cases(*good, f"B-1,W,2023-03-01,,{hall}", header=f"{HEADER},hall", mapping=mapping)

    ((line, case, _, why),) = report.rejected
    assert (line, case) == (5, "B-1")
    assert why.startswith(reason)
    assert (report.recorded, bench.engine.log.head().position) == (3, 6)


def test_an_instant_without_offset_needs_a_zone(bench: Bench) -> None:
    report = bench.cases("A-1,W,2023-03-01T09:00:00,", GOOD, mapping=CASES.replace('zone = "Asia/Shanghai"\n', ""))

    assert report.rejected == [
        Rejection(
            2, "A-1", Flaw.NAIVE_INSTANT, "in: '2023-03-01T09:00:00' has no offset from UTC, and the mapping names no zone"
        )
    ]
    assert report.recorded == 1


def test_a_word_the_mapping_does_not_know_is_not_guessed(bench: Bench) -> None:
    unknown = bench.cases("A-1,Z,2023-03-01,", mapping=CASES.replace(', default = "other"', ""))
    plain = bench.cases("A-1,Z,2023-03-01,", mapping=CASES.replace(', words = {W = "window", N = "website"}', ""))

    assert unknown.rejected[0].reason == "channel: 'Z' fits no pattern or word of the mapping"
    assert plain.rejected[0].reason.startswith("channel: 'Z' is none of window, website,")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Z-9,checked,2023-03-01,2023-03-02", "the store has no case Z-9 to continue"),
        ("Z-9,checked,2023-03-01,", "the store has no case Z-9 to continue"),
        ("A-1,checked,2023-03-02,2023-03-01", "to: 2023-03-01T00:00:00+08:00 is before from 2023-03-02T00:00:00+08:00"),
        ("A-1,,2023-03-01,2023-03-02", "name: empty"),
        ("A-1,checked,,2023-03-02", "from: empty"),
        ("A-1,riddle,2023-03-01,2023-03-02", "no fact of the mapping fits it"),
    ],
)
def test_a_bad_continuing_row_is_rejected_and_the_good_ones_are_kept(bench: Bench, row: str, reason: str) -> None:
    bench.cases(GOOD)
    report = bench.steps(row, "A-1,checked,2023-03-01,2023-03-02")

    assert [(rejected.line, rejected.reason) for rejected in report.rejected] == [(2, reason)]
    assert (report.recorded, report.cases, bench.engine.log.head().position) == (1, 1, 4)


def test_a_trace_is_recorded_whole_or_not_at_all(bench: Bench) -> None:
    report = bench.log(
        trace("t1", event("a"), event("b", "some day")),
        trace("t2", event("a"), event("", at="2011-05-03")),
        trace("t3", deadline=""),
        trace("t4", event("a", transition="start")),
    )

    assert [(rejected.line, rejected.case, rejected.reason) for rejected in report.rejected] == [
        (6, "t1", f"event at line 6: time:timestamp: 'some day' is not {AN_INSTANT}, or {A_DAY}"),
        (7, "t2", "event at line 7: name: empty"),
        (8, "t3", "deadline: empty"),
    ]
    assert (report.rows, report.cases, report.source_events, report.ignored) == (4, 1, 5, 1)


def test_an_event_no_fact_fits_rejects_its_trace(bench: Bench) -> None:
    mapping = LOG.replace('["start"]}\nname', '["start", "complete"]}\nname')
    report = bench.log(trace("t1", event("a")), mapping=mapping)

    assert report.rejected == [Rejection(6, "t1", Flaw.NO_FACT, "event at line 6: no fact of the mapping fits it")]


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        (b"A-2,\xff,2023-03-01,", Flaw.NOT_UTF8, "is not UTF-8 (byte 5 of the line)"),
        (b"A-2,\xed\xa0\x80,2023-03-01,", Flaw.NOT_UTF8, "is not UTF-8 (byte 5 of the line)"),  # CESU-8: a surrogate
        (b'A-2,"\xff",2023-03-01,', Flaw.NOT_UTF8, "is not UTF-8 (byte 6 of the line)"),
        (b"x" * 10_000_000, Flaw.TOO_LARGE, "longer than 1048576 bytes"),
        (b'"' + b"x" * 3_000_000 + b'"', Flaw.TOO_LARGE, "longer than 1048576 bytes"),
        (b"A-2,W,2023-03-01," + b"x" * 200_000, Flaw.TOO_LARGE, "field larger than field limit (131072)"),
    ],
)
def test_a_line_that_is_too_long_or_no_text_is_kept_apart_and_the_next_ones_are_read(
    bench: Bench, write: Callable[[str, bytes], Path], line: bytes, code: Flaw, reason: str
) -> None:
    good = "A-3,W,2023-03-01,"
    path = write("cases.csv", b"\n".join((HEADER.encode(), GOOD.encode(), line, good.encode())))
    report = import_file(bench.engine, bench.mapping(CASES), path)

    assert report.rejected == [Rejection(3, "", code, reason)]
    assert (report.rows, report.recorded, len(bench.events("A-3"))) == (3, 2, 2)


# --- Files that are broken ---


def broken(engine: Engine, mapping: Mapping, path: Path) -> str:
    with pytest.raises(Fault) as caught:
        import_file(engine, mapping, path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            f"id,in,out\nA-1,{GOOD}\n",
            "file.csv: column way: mapping cases asks for it, it is not in the header (id, in, out)",
        ),
        (f"id,way,in,out,way\n{GOOD},W\n", "file.csv: column way: mapping cases asks for it, it stands twice in the header"),
        ("", "file.csv: line 1: no header"),
        (f"{HEADER}\xff\n{GOOD}\n", "file.csv: line 1: is not UTF-8 (byte 14 of the line)"),
        (f'{HEADER}\n{GOOD}\nA-2,"\xff,2023-03-01,\n{GOOD}\n', "file.csv: line 3: is not UTF-8 (byte 6 of the line)"),
        (
            f'{HEADER}\n{GOOD}\nA-2,"W\n\xff",2023-03-01,\n{GOOD}\n',
            "file.csv: line 3: is not UTF-8 (byte 1 of",
        ),
        (f'{HEADER}\n{GOOD}\nA-2,"W,2023-03-01,\n{GOOD}\n', "file.csv: line 3: unexpected end of data, up to line 4"),
        (f'{HEADER}\n{GOOD}\n"{"x" * 1_100_000}\n', "file.csv: line 3: longer than 1048576 bytes, up to line 3"),
    ],
)
def test_a_broken_csv_file_stops_with_its_place_and_leaves_the_store_as_it_was(
    bench: Bench, write: Callable[[str, bytes], Path], content: str, message: str
) -> None:
    head = bench.engine.log.head()
    said = broken(bench.engine, bench.mapping(CASES), write("file.csv", content.encode("latin-1")))

    assert said.startswith(message)
    assert said.endswith("; 0 cases were recorded before it")
    assert bench.engine.log.head() == head


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_broken_gzip_file_keeps_the_whole_batches_before_it(
    bench: Bench, write: Callable[[str, bytes], Path], damage: str
) -> None:
    rows = "".join(f"A-{n},W,2023-03-01T09:{n % 60:02}:00+08:00,\n" for n in range(1500))
    packed = gzip.compress(f"{HEADER}\n{rows}".encode())
    content = packed[:-6] if damage == "cut" else packed[:-8] + bytes(8)
    mapping = bench.mapping(CASES)
    said = broken(bench.engine, mapping, write("cases.csv.gz", content))

    assert said.startswith("cases.csv.gz: line 1502: cannot be read: ")
    assert said.endswith("; 1000 cases were recorded before it")
    assert bench.engine.log.head().position == 2000

    mended = import_file(bench.engine, mapping, write("cases.csv.gz", packed))
    assert (mended.recorded, mended.known, mended.cases) == (500, 1000, 1500)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xes(trace("t1"))[:-20].encode(), "log.xes: line 6: broken XML: "),
        (xes(trace("t1"), "<trace><string key='a' value='b'></trace>").encode(), "log.xes: line 7: broken XML: "),
        (xes(trace("t1"), trace("t\xe9")).encode("latin-1"), "log.xes: line 7: broken XML: "),
        (b"", "log.xes: line 1: broken XML: "),
        (b"<html><trace/></html>", "log.xes: line 1: not an XES log"),
        (xes(trace("t1"), "<string>" * 10_000).encode(), "log.xes: line 7: broken XML: Excessive depth"),
        (xes(trace("t1"), trace("t" * 10_000_001)).encode(), "log.xes: line 8: broken XML: Resource limit"),
        (xes(trace("t1"), trace("t&#0;")).encode(), "log.xes: line 7: broken XML: xmlParseCharRef: invalid xmlChar"),
        (xes(trace("t1"), trace("t&#xd800;")).encode(), "log.xes: line 7: broken XML: xmlParseCharRef: invalid xmlChar"),
        (
            xes(trace("t1"), trace("SURROGATE")).encode().replace(b"SURROGATE", b"\xed\xa0\x80"),
            "log.xes: line 7: broken XML: ",
        ),
        (b'<!DOCTYPE log [<!ENTITY a "b">]><log><trace/></log>', "log.xes: line 1: a document type has no place"),
    ],
)
def test_a_broken_log_stops_with_its_place_and_leaves_the_store_as_it_was(
    bench: Bench, write: Callable[[str, bytes], Path], content: bytes, message: str
) -> None:
    said = broken(bench.engine, bench.mapping(LOG), write("log.xes", content))

    assert said.startswith(message)
    assert bench.engine.log.head().position == 0


def test_a_file_that_is_not_there_is_named(bench: Bench, tmp_path: Path) -> None:
    assert broken(bench.engine, bench.mapping(CASES), tmp_path / "gone.csv").startswith("gone.csv: line 1: cannot be read")
    assert broken(bench.engine, bench.mapping(LOG), tmp_path / "gone.xes").startswith("gone.xes: cannot be read")


# --- The shared sample data ---


def test_the_municipality_log_adds_up(engine: DistrictEngine, shared_data: Path) -> None:
    mapping, path = load_mapping("coselog_receipt"), shared_data / "data" / "receipt.xes.gz"
    report = import_file(engine, mapping, path)

    assert (report.cases, report.source_events, report.rejected) == (1434, 8577, [])
    assert (report.late_by_date, report.late_by_instant, report.closed_with_deadline) == (309, 377, 1329)
    assert report.events == 2 * 1434 + 1329 + 8577
    head = engine.log.head()
    again = import_file(engine, mapping, path)
    assert (again.recorded, again.known, again.late_by_date, again.late_by_instant) == (0, 1434, 309, 377)
    assert engine.log.head() == head
