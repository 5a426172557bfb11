"""A record that is told again in a later export: what is new completes it, what contradicts it is named, nothing doubles."""

from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import pytest
from support.import_bench import ACT_HEADER, ACTS, CASES, GOOD, HEADER, STEP_HEADER, STEPS, Bench, event, trace
from support.mapping_texts import RECEIVED_AND_ACCEPTED, mapping_text

from adapters.importing import ImportReport, import_file, run
from casecore import (
    CaseClosed,
    CorrectionRequested,
    CorrectionSubmitted,
    Flaw,
    Resumed,
    Stage,
    StepCompleted,
    Suspended,
)
from casecore.histories import History
from casecore.recorded import Event, Source

OPEN = "A-1,W,2023-03-01T09:00:00+08:00,"
NAMES = {CASES: ("cases", HEADER), STEPS: ("steps", STEP_HEADER), ACTS: ("acts", ACT_HEADER)}


def told(bench: Bench, mapping: str, name: str, *rows: str, header: str = "") -> ImportReport:
    """Import rows from a file of that name."""
    path = bench.folder / name
    path.write_text("\n".join((header or NAMES[mapping][1], *rows)) + "\n", encoding="utf-8")
    return import_file(bench.engine, bench.mapping(mapping), path)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.recorded, report.completed, report.known, len(report.rejected)


def said(bench: Bench, case: str = "A-1") -> Counter[str]:
    """What is stored of a case, but for the numbers of suspensions."""
    return Counter(_plain(one) for one in bench.events(case))


def _plain(one: Event) -> str:
    return repr([type(one).__name__, *(getattr(one, f.name) for f in fields(one) if f.name != "suspension")])


# --- cases ---


def test_a_closing_that_comes_later_completes_the_case(bench: Bench) -> None:
    assert counts(told(bench, CASES, "w1.csv", OPEN)) == (1, 0, 0, 0)
    assert counts(told(bench, CASES, "w2.csv", GOOD, "A-2,W,2023-03-02,")) == (1, 1, 0, 0)
    assert bench.engine.file("A-1").stage is Stage.CLOSED
    assert bench.engine.history("A-1")[-1].envelope.source == Source("cases", "w2.csv", 2)
    head = bench.engine.log.head()
    assert counts(told(bench, CASES, "w3.csv", GOOD, "A-2,W,2023-03-02,")) == (0, 0, 2, 0)
    assert bench.engine.log.head() == head


def test_an_older_export_read_after_a_later_one_changes_nothing(bench: Bench) -> None:
    told(bench, CASES, "w2.csv", GOOD)
    before = said(bench)

    assert counts(told(bench, CASES, "w1.csv", OPEN)) == (0, 0, 1, 0)
    assert said(bench) == before


@pytest.mark.parametrize(
    ("row", "what"),
    [
        pytest.param("A-1,W,2023-03-01T09:00:00+08:00,2023-03-03T17:00:00+08:00", "办结", id="another closing"),
        pytest.param("A-1,W,2023-03-01T10:00:00+08:00,2023-03-03T16:00:00+08:00", "收件", id="another receipt"),
        pytest.param("A-1,N,2023-03-01T09:00:00+08:00,2023-03-03T16:00:00+08:00", "收件", id="another way in"),
        pytest.param("A-1,N,2022-11-01T09:00:00+08:00,", "收件", id="another case under the same number"),
    ],
)
def test_what_contradicts_is_named_with_both_places_and_nothing_of_it_is_written(bench: Bench, row: str, what: str) -> None:
    told(bench, CASES, "north.csv", "A-0,W,2023-03-01,", GOOD)
    head = bench.engine.log.head()

    report = told(bench, CASES, "south.csv", row)

    (rejected,) = report.rejected
    assert (report.contradicted, rejected.code, rejected.case) == (1, Flaw.CONTRADICTS_KNOWN, "A-1")
    assert rejected.reason.startswith(f"{what}: south.csv line 2 says ")
    assert rejected.reason.endswith(" from north.csv line 3")
    assert bench.engine.log.head() == head
    assert report.cases + len(report.rejected) == report.rows


def test_a_later_calendar_in_the_mapping_makes_no_other_case_of_it(bench: Bench) -> None:
    told(bench, CASES, "w1.csv", OPEN)
    moved = CASES.replace('calendar = "cn-2026.1"', 'calendar = "cn-2017.1"')
    assert moved != CASES

    path = bench.folder / "w2.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    assert counts(import_file(bench.engine, bench.mapping(moved), path)) == (0, 1, 0, 0)


def test_a_trace_that_goes_on_is_completed_and_one_that_changed_contradicts(bench: Bench) -> None:
    first, second = event("checked"), event("signed", "2011-05-03T14:00:00+02:00")
    bench.log(trace("T-1", first, end=""))

    assert counts(bench.log(trace("T-1", first, second, end=""))) == (0, 1, 0, 0)
    assert counts(bench.log(trace("T-1", first, second))) == (0, 1, 0, 0)
    assert [type(one) for one in bench.events("T-1")[2:]] == [StepCompleted, StepCompleted, CaseClosed]
    assert counts(bench.log(trace("T-1", first, second))) == (0, 0, 1, 0)
    changed = bench.log(trace("T-1", first, event("signed", "2011-05-03T15:00:00+02:00")))
    assert (changed.contradicted, counts(changed)) == (1, (0, 0, 0, 1))


def test_the_same_event_twice_in_a_trace_is_twice_there_and_stays_so(bench: Bench) -> None:
    bench.log(trace("T-1", event("checked"), event("checked")))
    assert counts(bench.log(trace("T-1", event("checked"), event("checked"), event("checked")))) == (0, 1, 0, 0)
    assert len([one for one in bench.events("T-1") if isinstance(one, StepCompleted)]) == 3


# --- rows that continue cases ---

PAUSED = "A-1,paused,2023-03-01T10:00:00+08:00,"
RESUMED = f"{PAUSED}2023-03-02T09:00:00+08:00"
CHECKED = "A-1,checked,2023-03-01T10:00:00+08:00,"
MENDED = "A-1,mended,2023-03-01T11:00:00+08:00,"
PROCEDURE = "A-1,检测,2023-03-06T09:00:00+08:00,,5,N-1,,"


@pytest.mark.parametrize(
    ("mapping", "begun", "ended", "first", "then"),
    [
        pytest.param(STEPS, PAUSED, RESUMED, [Suspended], [Resumed], id="a suspension"),
        pytest.param(
            STEPS, MENDED, f"{MENDED}2023-03-02T09:00:00+08:00", [CorrectionRequested], [CorrectionSubmitted],
            id="a correction",
        ),
        pytest.param(
            ACTS, PROCEDURE, PROCEDURE.replace("+08:00,,", "+08:00,2023-03-10T09:00:00+08:00,"), [Suspended], [Resumed],
            id="a special procedure",
        ),
        pytest.param(
            STEPS, CHECKED, f"{CHECKED}2023-03-01T12:00:00+08:00", [], [StepCompleted], id="a step",
        ),
    ],
)  # fmt: skip
def test_an_end_that_comes_later_ends_what_is_there(  # noqa: PLR0913, PLR0917 - a table
    bench: Bench, mapping: str, begun: str, ended: str, first: list[type], then: list[type]
) -> None:
    bench.cases(GOOD)
    told(bench, mapping, "d1.csv", begun)
    assert [type(one) for one in bench.events("A-1")[3:]] == first

    report = told(bench, mapping, "d2.csv", ended)

    assert [type(one) for one in bench.events("A-1")[3:]] == [*first, *then]
    assert (report.recorded + report.completed, report.known, report.rejected) == (1, 0, [])
    ends = [one for one in bench.events("A-1") if isinstance(one, Resumed | Suspended)]
    assert len({one.suspension for one in ends}) == bool(ends)
    for rows in ((ended,), (begun,)):
        assert counts(told(bench, mapping, "d3.csv", *rows))[:2] == (0, 0)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        pytest.param(f"{STEP_HEADER},exported by", f"{RESUMED},wang", id="a column more"),
        pytest.param("to,from,what,id", "2023-03-02T09:00:00+08:00,2023-03-01T10:00:00+08:00,paused,A-1", id="other order"),
        pytest.param(STEP_HEADER, "A-1,paused,2023-03-01T02:00:00Z,2023-03-02 09:00", id="instants spelt otherwise"),
        pytest.param(STEP_HEADER, " A-1 , paused ,2023-03-01T10:00:00+08:00,2023-03-02T09:00:00+08:00 ", id="blanks around"),
    ],
)
def test_a_row_is_known_by_what_the_mapping_reads(bench: Bench, header: str, row: str) -> None:
    bench.cases(GOOD)
    told(bench, STEPS, "d1.csv", RESUMED, "A-1,checked,2023-03-01T10:00:00+08:00,2023-03-01T12:00:00+08:00")
    before = bench.engine.log.head()

    assert counts(told(bench, STEPS, "d2.csv", row, header=header)) == (0, 0, 1, 0)
    assert bench.engine.log.head() == before


def ends(*days: int) -> list[str]:
    return [f"{PAUSED}2023-03-0{day}T09:00:00+08:00" if day else PAUSED for day in days]


@pytest.mark.parametrize(
    ("before", "later", "report", "after"),
    [
        pytest.param([2, 3], [3, 2], (0, 0, 2, 0), [2, 3], id="in another order"),
        pytest.param([2, 3], [4, 2, 3], (1, 0, 2, 0), [2, 3, 4], id="one more before them"),
        pytest.param([2, 3], [2, 2, 3], (1, 0, 2, 0), [2, 2, 3], id="one of them twice"),
        pytest.param([0, 3], [3, 2], (0, 1, 1, 0), [2, 3], id="the open one has ended and stands last"),
        pytest.param([0, 0], [2, 3], (0, 2, 0, 0), [2, 3], id="both have ended"),
        pytest.param([0], [2, 0], (1, 0, 1, 0), [0, 2], id="another one, and the first is open still"),
        pytest.param([2, 3], [2, 4], (0, 0, 1, 1), [2, 3], id="one ends otherwise"),
        pytest.param([2], [3, 4], (1, 0, 0, 1), None, id="one ends otherwise, one is new"),
        pytest.param([2, 3], [0], (0, 0, 1, 0), [2, 3], id="an older export"),
    ],
)
def test_of_rows_that_begin_alike_each_is_known_ended_named_or_new(
    bench: Bench, before: list[int], later: list[int], report: tuple[int, ...], after: list[int] | None
) -> None:
    bench.cases(GOOD)
    told(bench, STEPS, "d1.csv", *ends(*before))

    assert counts(told(bench, STEPS, "d2.csv", *ends(*later))) == report

    if after is not None:
        assert sorted(_days(bench)) == after
        facts = said(bench)
        assert counts(told(bench, STEPS, "d3.csv", *ends(*after))) == (0, 0, len(after), 0)
        assert said(bench) == facts


def _days(bench: Bench) -> list[int]:
    """The day each suspension ended, 0 where it goes on."""
    events = bench.events("A-1")
    resumed = {one.suspension: one.at.day for one in events if isinstance(one, Resumed)}
    return [resumed.get(one.suspension, 0) for one in events if isinstance(one, Suspended)]


def test_an_end_that_is_told_otherwise_is_named_with_both_places(bench: Bench) -> None:
    bench.cases(GOOD)
    told(bench, STEPS, "d1.csv", RESUMED)

    report = told(bench, STEPS, "d2.csv", "A-1,checked,2023-03-01,2023-03-01", RESUMED.replace("02T09", "02T10"))

    assert (report.recorded, report.contradicted) == (1, 1)
    (rejected,) = report.rejected
    assert rejected.line == 3
    assert rejected.reason == (
        "解挂: d2.csv line 3 says at 2023-03-02T10:00:00+08:00 where 2023-03-02T09:00:00+08:00 is known from d1.csv line 2"
    )


def test_rows_a_version_of_before_wrote_by_all_their_columns_are_known_and_ended(bench: Bench) -> None:
    bench.cases(GOOD)
    told(bench, STEPS, "d1.csv", RESUMED.replace("A-1", "A-9"))
    source = Source("steps", "old.csv", 2)
    paused = _made(bench, PAUSED)
    old = "import:steps:0123456789abcdef01234567:1"
    number = f"{old}:1"
    facts = tuple(_with_number(one, number) for one in paused)
    bench.engine.record([History("A-1", old, facts, source, continues=True)])

    assert counts(told(bench, STEPS, "d2.csv", RESUMED)) == (0, 1, 0, 0)
    assert _days(bench) == [2]
    assert counts(told(bench, STEPS, "d3.csv", RESUMED)) == (0, 0, 1, 0)


def test_such_rows_are_known_behind_a_thousand_new_ones_too(bench: Bench) -> None:
    news = [f"N-{n}" for n in range(run.BATCH + 1)]
    bench.cases(GOOD, *(GOOD.replace("A-1", case) for case in news))
    old = "import:steps:0123456789abcdef01234567:1"
    facts = tuple(_with_number(one, f"{old}:1") for one in _made(bench, PAUSED))
    bench.engine.record([History("A-1", old, facts, Source("steps", "old.csv", 2), continues=True)])

    report = told(bench, STEPS, "d2.csv", *(RESUMED.replace("A-1", case) for case in news), RESUMED)
    assert counts(report) == (len(news), 1, 0, 0)
    assert _days(bench) == [2]


ENDED: Final = """\
[[fact]]
event = "closed"
at = "out"
required = false
outcome = {from = "outcome"}
reason = {from = "why"}
"""
ENDS: Final = mapping_text("ends", RECEIVED_AND_ACCEPTED, ENDED)
VOIDED: Final = "A-1,2023-03-01 09:00,2023-03-03 16:00,作废办结,twice"


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (VOIDED, VOIDED.replace("作废办结,twice", ","), (0, 0, 0, 1)),
        (VOIDED, VOIDED.replace("作废办结,twice", "出证办结,"), (0, 0, 0, 1)),
        (VOIDED.replace("作废办结,twice", ","), VOIDED, (0, 0, 0, 1)),
        (VOIDED.replace("作废办结,twice", ","), VOIDED.replace("03-03", "03-02"), (0, 0, 0, 1)),
        (VOIDED.replace("作废办结,twice", ","), VOIDED.replace("03-03", "03-09"), (0, 1, 0, 0)),  # an act of its own
        (VOIDED, VOIDED, (0, 0, 1, 0)),
    ],
)
def test_a_case_ended_otherwise_is_a_contradiction(
    bench: Bench, first: str, second: str, wanted: tuple[int, int, int, int]
) -> None:
    bench.cases(first, header="id,in,out,outcome,why", mapping=ENDS)
    report = bench.cases(second, header="id,in,out,outcome,why", mapping=ENDS)

    assert counts(report) == wanted
    assert {one.code for one in report.rejected} <= {Flaw.CONTRADICTS_KNOWN}


def _made(bench: Bench, row: str) -> list[Event]:
    """The facts of a row, made in a case of their own."""
    bench.cases("M-1,W,2023-03-01T09:00:00+08:00,")
    told(bench, STEPS, "made.csv", row.replace("A-1", "M-1"))
    return bench.events("M-1")[2:]


def _with_number(one: Event, number: str) -> Event:
    return replace(one, suspension=number) if isinstance(one, Suspended) else one


# --- a dry run, and rejected rows ---


def test_a_dry_run_says_what_an_import_does_and_writes_nothing(bench: Bench, tmp_path: Path) -> None:
    told(bench, CASES, "w1.csv", OPEN, "A-2,W,2023-03-01,2023-03-02")
    head = bench.engine.log.head()
    path = tmp_path / "w2.csv"
    rows = (GOOD, "A-2,W,2023-03-01,2023-03-03", "A-3,W,2023-03-01,", "A-4,W,never,")
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")

    foreseen = import_file(bench.engine, bench.mapping(CASES), path, dry_run=True)
    assert bench.engine.log.head() == head
    assert foreseen == import_file(bench.engine, bench.mapping(CASES), path)
    assert counts(foreseen) == (1, 1, 0, 2)


def test_rejected_rows_go_to_a_file_that_is_mended_and_read_again(bench: Bench, tmp_path: Path) -> None:
    path, rejects = tmp_path / "w1.csv", tmp_path / "rejects.csv"
    path.write_text(f"{HEADER}\n{GOOD}\nA-2,W,never,\nA-3,W\n", encoding="utf-8")

    report = import_file(bench.engine, bench.mapping(CASES), path, rejects=rejects)

    assert len(report.rejected) == 2
    text = rejects.read_text(encoding="utf-8-sig")
    assert [line.split(",")[:4] for line in text.splitlines()] == [
        HEADER.split(","), ["A-2", "W", "never", ""], ["A-3", "W", "(缺此栏)", "(缺此栏)"],
    ]  # fmt: skip
    assert "line 3: wrong_type: in: 'never'" in text
    rejects.write_text(
        text.replace("never", "2023-03-04").replace("A-3,W,(缺此栏),(缺此栏)", "A-3,W,2023-03-05,"), encoding="utf-8-sig"
    )
    assert counts(import_file(bench.engine, bench.mapping(CASES), rejects)) == (2, 0, 0, 0)
