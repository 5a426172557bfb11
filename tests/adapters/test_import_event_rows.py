"""Tables in which a row is an event: put together by case, wherever the rows stand."""

import csv
import io
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook
from support.import_bench import Bench, in_memory
from support.mapping_texts import mapping_text

from adapters.importing import ImportReport, import_file
from casecore import CaseClosed, CaseReceived, Fault, Flaw, StepCompleted
from casecore.instants import A_DAY, AN_INSTANT

HEADER: Final = ("办件编号", "大厅", "环节", "时间", "经办人")
FACTS: Final = """
[[fact]]
event = "received"
scope = "event"
take = "first"
at = "时间"

[[fact]]
event = "accepted"
scope = "event"
take = "first"
at = "时间"

[[fact]]
event = "closed"
scope = "event"
take = "last"
at = "时间"
when = {"环节" = ["办结"]}
required = false

[[fact]]
event = "step_completed"
scope = "event"
at = "时间"
name = {from = "环节"}
by = {from = "经办人"}
"""
SAID: Final = {"case": '"办件编号"', "rows": '"event"', "hall": '{from = "大厅"}'}


def written(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def told(case: str, step: str, when: str, hall: str = "北", by: str = "王") -> tuple[str, ...]:
    return case, hall, step, f"2026-03-{when}:00+08:00", by


A: Final = (told("A", "收件", "02T09:00"), told("A", "审查", "03T10:00"), told("A", "办结", "04T11:00"))
B: Final = (told("B", "收件", "02T09:30"), told("B", "审查", "05T10:00"))


engine = in_memory


@pytest.fixture
def read(bench: Bench, tmp_path: Path) -> Callable[..., ImportReport]:
    def _read(*rows: Sequence[str], facts: str = FACTS, **keys: str) -> ImportReport:
        (tmp_path / "events.csv").write_bytes(written((HEADER, *rows)))
        mapping = bench.mapping(mapping_text("own", facts, **{**SAID, **keys}))
        return import_file(bench.engine, mapping, tmp_path / "events.csv")

    return _read


@pytest.mark.parametrize("seed", range(5))
def test_rows_of_a_case_are_put_together_wherever_they_stand(
    bench: Bench, read: Callable[..., ImportReport], seed: int
) -> None:
    rows = [*A, *B]
    random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
    report = read(*rows)

    facts = bench.events("A")
    assert [type(one) for one in facts[::5]] == [CaseReceived, CaseClosed]
    assert [(one.name, f"{one.at:%d %H:%M}") for one in facts if isinstance(one, StepCompleted)] == [
        ("收件", "02 09:00"),
        ("审查", "03 10:00"),
        ("办结", "04 11:00"),
    ]
    assert (len(facts), len(bench.events("B")), bench.engine.file("B").hall) == (6, 4, "北")
    assert (report.rows, report.source_events, report.recorded, report.rejected) == (2, 5, 2, [])
    first = min(line for line, row in enumerate(rows, 2) if row[0] == "A")
    assert bench.engine.history("A")[0].envelope.source == ("own", "events.csv", first)


def test_columns_nobody_reads_may_bear_one_name(bench: Bench, tmp_path: Path) -> None:
    header = ("备注", *HEADER[:2], "备注", "", *HEADER[2:], "")
    rows = [("1", *row[:2], "2", "", *row[2:], "3") for row in A]
    (tmp_path / "events.csv").write_bytes(written((header, *rows)))
    report = import_file(bench.engine, bench.mapping(mapping_text("own", FACTS, **SAID)), tmp_path / "events.csv")

    assert (report.recorded, report.rejected) == (1, [])
    assert [one.name for one in bench.events("A") if isinstance(one, StepCompleted)] == ["收件", "审查", "办结"]


def test_a_sheet_has_such_rows_as_well(bench: Bench, tmp_path: Path) -> None:
    book = Workbook()
    for row in (HEADER, B[0], *A, B[1]):
        book.active.append(row)
    book.save(tmp_path / "events.xlsx")
    mapping = bench.mapping(mapping_text("own", FACTS, **SAID, format='"xlsx"'))

    assert import_file(bench.engine, mapping, tmp_path / "events.xlsx").events == 10


def test_without_the_key_each_row_would_be_a_case(read: Callable[..., ImportReport]) -> None:
    with pytest.raises(Fault, match=r"fact\[0\]\.scope: a row of a table is case and event in one"):
        read(*A, rows='"case"')
    of_rows = FACTS.replace('scope = "event"\n', "").replace('take = "first"\n', "").replace('take = "last"\n', "")
    assert [one.code for one in read(*A, facts=of_rows, rows='"case"').rejected] == [Flaw.DUPLICATE_ID] * 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (("A", "北", "审查"), "event at line 4: 3 fields, the header has 5"),
        (
            ("A", "北", "审查", "昨天", "王"),
            f"event at line 4: 时间: '昨天' is not {AN_INSTANT}, or {A_DAY}",
        ),
        (("A", "北", "", "2026-03-03T10:00:00+08:00", "王"), "event at line 4: name: empty"),
        (
            ("A", "南", "审查", "2026-03-03T10:00:00+08:00", "王"),
            "大厅: the rows of the case disagree: '北' on line 2, '南' on line 4",
        ),
    ],
)
def test_a_case_one_row_of_which_is_bad_is_rejected_whole(
    bench: Bench, read: Callable[..., ImportReport], bad: Sequence[str], reason: str
) -> None:
    report = read(A[0], B[0], bad, A[2], B[1])

    ((line, case, _, why),) = report.rejected
    assert (line, case) == (2, "A")
    assert why.startswith(reason)
    assert (report.rows, report.source_events, report.recorded) == (2, 5, 1)
    assert bench.engine.history("A") == []
    assert len(bench.events("B")) == 4


AT: Final = "09:00:00+08:00"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            (B[0], told("A", "办结", "01T09:00"), *A[:2]),
            f"closed at 2026-03-01T{AT} (event at line 3), before it was received at 2026-03-02T{AT} (event at line 4)",
        ),
        (
            (A[0], B[0], ("A", "北", "受理", "2026-03-01T09:00:00+08:00", "王"), A[1]),
            f"accepted at 2026-03-01T{AT} (event at line 4), before it was received at 2026-03-02T{AT} (event at line 2)",
        ),
        ((A[1], B[0], (*A[2][:4], "")), "event at line 4: by: empty"),
        ((*A[:2], B[0], (*A[2][:4], "\u202e")), "event at line 5: CaseClosed.by: char"),
    ],
)
def test_what_contradicts_within_a_case_is_named_by_the_lines_of_its_events(
    read: Callable[..., ImportReport], rows: Sequence[Sequence[str]], reason: str
) -> None:
    received, accepted, closed, step = (f"[[fact]]{fact}" for fact in FACTS.split("[[fact]]")[1:])
    facts = [
        received + 'unless = {"环节" = ["办结", "受理"]}\n',
        accepted + 'when = {"环节" = ["受理"]}\nrequired = false\n',
        closed + 'by = {from = "经办人"}\n',
        step + 'unless = {"环节" = ["办结", "受理"]}\n',
    ]
    (rejected,) = read(*rows, facts="\n".join(facts)).rejected
    assert (rejected.case, rejected.reason[: len(reason)]) == ("A", reason)


def test_what_contradicts_an_earlier_export_is_named_by_the_line_of_its_event(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path
) -> None:
    read(*A, *B)
    for rows, line in (
        ((B[0], A[0], A[1], told("A", "办结", "05T11:00")), 5),
        ((A[2], B[0], A[0], (*A[1][:4], "李")), 5),
        ((A[1], (*A[0][:4], "李"), A[2]), 3),
    ):
        (tmp_path / "later.csv").write_bytes(written((HEADER, *rows)))
        mapping = bench.mapping(mapping_text("own", FACTS, **SAID))
        report = import_file(bench.engine, mapping, tmp_path / "later.csv")
        (rejected,) = report.rejected
        assert (report.contradicted, rejected.code) == (1, Flaw.CONTRADICTS_KNOWN)
        assert f"later.csv line {line} says" in rejected.reason
        assert "is known from events.csv line 2" in rejected.reason


def test_a_row_whose_case_cannot_be_known_is_rejected_by_itself(read: Callable[..., ImportReport]) -> None:
    report = read(*A, told("", "审查", "03T10:00"), (" ",))
    assert [(one.line, one.case, one.reason) for one in report.rejected] == [
        (5, "", "办件编号: no case id"),
        (6, "", "1 fields, the header has 5"),
    ]
    assert (report.recorded, report.cases + len(report.rejected)) == (1, report.rows)


def test_what_a_case_says_may_stand_in_any_of_its_rows(bench: Bench, read: Callable[..., ImportReport]) -> None:
    report = read(
        told("A", "收件", "02T09:00", ""),
        told("A", "审查", "03T10:00", "南"),
        told("A", "办结", "04T10:00", "--"),
        nothing='["--"]',
    )
    assert (report.rejected, bench.engine.file("A").hall) == ([], "南")


def test_a_column_that_is_not_there_is_named(read: Callable[..., ImportReport]) -> None:
    with pytest.raises(Fault, match=r"events\.csv: column 岗位: mapping own asks for it, it is not in the header"):
        read(*A, facts=FACTS.replace('"经办人"', '"岗位"'))


def test_start_and_complete_rows_are_pairs(bench: Bench, read: Callable[..., ImportReport]) -> None:
    facts = FACTS.replace('at = "时间"\nname', 'at = "pair:start"\nuntil = "pair:end"\nname')
    facts = facts.replace('when = {"环节" = ["办结"]}\n', "")
    rows = [(*row[:2], row[2], row[3], way) for row, way in zip((A[0], A[0], A[1]), ("START", "x", "complete"), strict=True)]
    rows[1] = (*A[1][:2], "收件", "2026-03-02T09:30:00+08:00", "Complete")
    read(*rows, facts=facts, pairs='{transition = "经办人", activity = "环节", instance = "大厅", at = "时间"}')
    steps = [one for one in bench.events("A") if isinstance(one, StepCompleted)]
    assert [(one.name, f"{one.started_at:%H:%M}", f"{one.at:%H:%M}") for one in steps] == [
        ("收件", "09:00", "09:30"),
        ("审查", "10:00", "10:00"),
    ]


@pytest.mark.parametrize("key", ["by", "department"])
def test_who_did_it_is_said_once_for_all_facts_and_each_row_says_its_own(
    bench: Bench, read: Callable[..., ImportReport], key: str
) -> None:
    rows = (A[0], (*A[1][:4], "李"), (*A[2][:4], "赵"))
    facts = FACTS.replace('by = {from = "经办人"}\n', "")
    report = read(*rows, facts=facts, **{key: '{from = "经办人"}'})

    told = [(type(one), getattr(one, key, None)) for one in bench.events("A")]
    assert [who for kind, who in told if kind is StepCompleted] == ["王", "李", "赵"]
    assert (told[0], report.rejected) == ((CaseReceived, "王"), [])


def test_where_the_mapping_says_that_the_case_says_it_its_rows_have_to_agree(read: Callable[..., ImportReport]) -> None:
    rows = (A[0], (*A[1][:4], "李"))
    facts = FACTS.replace('by = {from = "经办人"}\n', "")
    (rejected,) = read(*rows, facts=facts, by='{from = "经办人", scope = "case"}').rejected
    assert rejected.reason == "经办人: the rows of the case disagree: '王' on line 2, '李' on line 3"


def test_a_fact_of_the_case_asks_all_its_rows_who_did_it(read: Callable[..., ImportReport]) -> None:
    of_case = '[[fact]]\nevent = "received"\nat = "时间"\n\n[[fact]]\nevent = "accepted"\nat = "时间"\n'
    (rejected,) = read(A[0], (*A[0][:4], "李"), facts=of_case, by='{from = "经办人"}').rejected
    assert "the rows of the case disagree: '王' on line 2, '李' on line 3" in rejected.reason


PAIRED: Final = FACTS.replace('at = "时间"\nname', 'at = "pair:start"\nuntil = "pair:end"\nname').replace(
    'when = {"环节" = ["办结"]}\n', ""
)
WAYS: Final = (*HEADER, "状态")


def way(step: str, when: str, by: str, transition: str) -> tuple[str, ...]:
    return (*told("A", step, f"02T{when}", by=by), transition)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ('resource = "经办人", ', [("王", "09:00", "10:00"), ("李", "09:30", "09:50"), ("李", "10:10", "11:00")]),
        ("", [("王", "09:30", "10:00"), ("李", "09:00", "09:50"), ("李", "10:10", "11:00")]),
    ],
)
def test_without_an_instance_what_one_resource_began_first_it_ends_first(
    bench: Bench, tmp_path: Path, pairs: str, expected: list[tuple[str, str, str]]
) -> None:
    rows = [
        way("审查", "09:00", "王", "start"), way("审查", "09:30", "李", "start"), way("审查", "09:50", "李", "complete"),
        way("审查", "10:00", "王", "complete"), way("审查", "10:10", "李", "start"), way("审查", "11:00", "李", "complete"),
    ]  # fmt: skip
    (tmp_path / "events.csv").write_bytes(written((WAYS, *rows)))
    said = {**SAID, "pairs": f'{{{pairs}transition = "状态", activity = "环节", at = "时间"}}'}
    report = import_file(bench.engine, bench.mapping(mapping_text("own", PAIRED, **said)), tmp_path / "events.csv")

    steps = [
        (one.by, f"{one.started_at:%H:%M}", f"{one.at:%H:%M}") for one in bench.events("A") if isinstance(one, StepCompleted)
    ]
    assert (sorted(steps, key=lambda one: one[2]), report.rejected) == (sorted(expected, key=lambda one: one[2]), [])


def test_an_end_by_somebody_who_began_nothing_ends_what_anybody_began_first(bench: Bench, tmp_path: Path) -> None:
    rows = [way("审查", "09:00", "王", "start"), way("审查", "09:30", "李", "start"), way("审查", "10:00", "赵", "complete")]
    (tmp_path / "events.csv").write_bytes(written((WAYS, *rows)))
    said = {**SAID, "pairs": '{resource = "经办人", transition = "状态", activity = "环节", at = "时间"}'}
    report = import_file(bench.engine, bench.mapping(mapping_text("own", PAIRED, **said)), tmp_path / "events.csv")

    (step,) = (one for one in bench.events("A") if isinstance(one, StepCompleted))
    assert (step.by, f"{step.started_at:%H:%M}", report.open_steps) == ("赵", "09:00", 1)


def test_a_column_the_pairs_name_has_to_be_there(read: Callable[..., ImportReport]) -> None:
    for key in ("instance", "resource"):
        with pytest.raises(Fault, match=r"events\.csv: column concept:instance: mapping own asks for it"):
            read(
                *A,
                facts=PAIRED,
                pairs=f'{{{key} = "concept:instance", transition = "大厅", activity = "环节", at = "时间"}}',
            )


@pytest.mark.parametrize("usual", ["concept:instance", "org:resource"])
def test_a_usual_column_that_is_there_twice_is_told(bench: Bench, tmp_path: Path, usual: str) -> None:
    rows = [(*WAYS, usual, usual), (*way("审查", "09:00", "王", "start"), "1", "2")]
    (tmp_path / "events.csv").write_bytes(written(tuple(rows)))
    said = {**SAID, "pairs": '{transition = "状态", activity = "环节", at = "时间"}'}
    with pytest.raises(Fault, match=f"column {usual}: mapping own asks for it, it stands twice in the header"):
        import_file(bench.engine, bench.mapping(mapping_text("own", PAIRED, **said)), tmp_path / "events.csv")


def test_what_never_ended_and_cannot_be_read_is_named_by_the_line_it_began_on(read: Callable[..., ImportReport]) -> None:
    rows = [(*A[0][:4], "complete"), B[0], ("A", "北", "审查", "昨天", "start")]
    pairs = '{transition = "经办人", activity = "环节", at = "时间"}'
    facts = PAIRED.replace('at = "时间"', 'at = "pair:end"\nwhen = {"环节" = ["收件"]}')
    (rejected,) = read(*rows, facts=facts, pairs=pairs).rejected[:1]
    assert rejected.reason.startswith("event at line 4: pair:start: '昨天' is not")


def test_again_adds_nothing(bench: Bench, read: Callable[..., ImportReport]) -> None:
    read(*A, *B)
    head = bench.engine.log.head()
    assert (read(*B, *A).known, bench.engine.log.head()) == (2, head)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"rows": '"line"'}, "rows: 'line' is none of case, event"),
        ({"format": '"xes"'}, "rows: means nothing for xes: it is said of CSV and XLSX files"),
    ],
)
def test_what_a_row_is_has_two_answers(read: Callable[..., ImportReport], keys: dict[str, str], message: str) -> None:
    with pytest.raises(Fault) as caught:
        read(*A, **keys)
    assert str(caught.value).startswith(f"mapping.toml: {message}")


IMPORT: Final = """
import resource, sys
from adapters.importing import load_mapping
from adapters.importing.readers import read_file
from pathlib import Path
mapping = load_mapping(sys.argv[1])
print(sum(reading.source_events for reading in read_file(mapping, Path(sys.argv[2]))))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(folder: Path, rows: int) -> int:
    """MiB at the most, reading so many rows of five a case, each case's rows far from each other."""
    cases = rows // 5
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [HEADER, *(told(f"C-{n % cases}", f"步骤{n // cases}", f"{2 + n // cases:02}T09:00") for n in range(rows))]
        )
    (folder / "own.toml").write_text(mapping_text("own", FACTS, **SAID), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, folder / "own.toml", folder / "events.csv"]
    read, size = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(read) == rows
    return int(size)


@pytest.mark.slow
def test_rows_are_put_together_in_the_memory_a_small_file_needs(tmp_path: Path) -> None:
    small, large = peak(tmp_path, 10_000), peak(tmp_path, 60_000)
    assert large < small + 20, f"{small} MiB for 10,000 rows, {large} MiB for 60,000"
