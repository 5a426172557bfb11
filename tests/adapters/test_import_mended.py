"""Rejected rows, mended in their file: each is one beside those that were recorded, and none is lost or doubled unsaid."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.import_bench import CASES, GOOD, HEADER, STEP_HEADER, STEPS, Bench, in_memory

from adapters.importing import ImportReport, import_file
from adapters.testing.opened import open_desk
from casecore import Flaw, StepCompleted

REASON: Final = "拒收原因"
NOON: Final = "2023-03-01T12:00:00+08:00"
CHECKED: Final = f"A-1,checked,2023-03-01T10:00:00+08:00,{NOON}"
PAUSED: Final = "A-1,paused,2023-03-01T10:00:00+08:00,2023-03-02T09:00:00+08:00"
PAUSED_LONGER: Final = PAUSED.replace("03-02", "03-03")
BAD: Final = CHECKED.replace(NOON, "never")

engine = in_memory


class Desk(NamedTuple):
    """Imports texts of rows that continue a case, and files of those that were rejected."""

    bench: Bench

    def read(self, *rows: str, name: str = "w1.csv", dry_run: bool = False, mapping: str = STEPS) -> ImportReport:
        path = self.bench.folder / name
        header = STEP_HEADER if mapping == STEPS else HEADER
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        rejects = self.bench.folder / "rejects.csv"
        rejects.unlink(missing_ok=True)
        return import_file(self.bench.engine, self.bench.mapping(mapping), path, rejects=rejects, dry_run=dry_run)

    @property
    def rejects(self) -> str:
        return (self.bench.folder / "rejects.csv").read_text("utf-8-sig")

    def mended(self, text: str, *, name: str = "mended.csv", mapping: str = STEPS) -> ImportReport:
        path = self.bench.folder / name
        path.write_text(text, encoding="utf-8-sig")
        return import_file(self.bench.engine, self.bench.mapping(mapping), path)

    def facts(self) -> Counter[str]:
        """What is stored of the case, a pause with its end."""
        ends = {one.suspension: one.at for one in self.bench.events("A-1") if type(one).__name__ == "Resumed"}
        return Counter(
            f"{type(one).__name__} {one.at} {ends.get(getattr(one, 'suspension', ''))}"
            for one in self.bench.events("A-1")
            if type(one).__name__ != "Resumed"
        )


@pytest.fixture
def desk(bench: Bench) -> Desk:
    bench.cases(GOOD)
    return Desk(bench)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.recorded, report.completed, report.known, len(report.rejected)


def steps(desk: Desk) -> int:
    return sum(isinstance(one, StepCompleted) for one in desk.bench.events("A-1"))


def test_a_row_mended_to_equal_a_recorded_one_is_named_and_never_silently_known(desk: Desk) -> None:
    desk.read(CHECKED, BAD)
    mended = desk.rejects.replace("never", NOON)

    for _ in range(2):
        report = desk.mended(mended)
        (rejected,) = report.rejected
        assert (counts(report), rejected.code, rejected.line) == ((0, 0, 0, 1), Flaw.DUPLICATE_ID, 2)
        assert rejected.reason.startswith("says just what w1.csv line 2 says: ")
        assert steps(desk) == 1
    assert counts(desk.read(CHECKED, CHECKED)) == (1, 0, 1, 0)
    assert counts(desk.read(CHECKED, CHECKED, name="w2.csv")) == (0, 0, 2, 0)


def test_rows_mended_alike_are_as_many_as_were_rejected(desk: Desk) -> None:
    desk.read(BAD, BAD)
    mended = desk.rejects.replace("never", NOON)

    assert counts(desk.mended(mended)) == (2, 0, 0, 0)
    assert counts(desk.mended(mended, name="again.csv")) == (0, 0, 2, 0)
    assert counts(desk.read(CHECKED, CHECKED, CHECKED)) == (1, 0, 2, 0)
    assert counts(desk.mended(mended)) == (0, 0, 2, 0)
    assert steps(desk) == 3


def test_a_row_read_after_its_like_was_mended_is_one_more_where_that_is_rejected_again(desk: Desk) -> None:
    desk.read(CHECKED, BAD, dry_run=True)
    assert counts(desk.mended(desk.rejects.replace("never", NOON))) == (1, 0, 0, 0)

    for known in (0, 1):
        assert counts(desk.read(CHECKED, BAD)) == (1 - known, 0, known, 1)
    assert counts(desk.read(CHECKED, CHECKED)) == (0, 0, 2, 0)


def test_a_row_that_is_mended_twice_in_one_file_is_named(desk: Desk) -> None:
    desk.read(BAD)
    mended = desk.rejects.replace("never", NOON)
    report = desk.mended(mended + mended.splitlines()[-1])
    assert (counts(report), steps(desk)) == ((1, 0, 0, 1), 1)


def test_a_mended_row_whose_reason_was_cleared_is_known_by_its_place(desk: Desk) -> None:
    desk.read(BAD, BAD)
    rows = desk.rejects.replace("never", NOON).splitlines()
    cleared = "\n".join([rows[0], *(f"{CHECKED}," for _ in rows[1:])])

    assert counts(desk.mended(cleared)) == (2, 0, 0, 0)
    assert counts(desk.mended(cleared)) == (0, 0, 2, 0)


def test_a_mended_end_ends_what_is_open_and_is_known_again(desk: Desk) -> None:
    begun, end = PAUSED.rpartition(",")[::2]
    desk.read(f"{begun},")
    desk.read(f"{begun},never", name="w2.csv")
    mended = desk.rejects.replace("never", end)

    assert [counts(desk.mended(mended)) for _ in range(2)] == [(0, 1, 0, 0), (0, 0, 1, 0)]
    assert counts(desk.read(PAUSED, name="w3.csv")) == (0, 0, 1, 0)


def test_a_mended_row_is_ended_by_the_same_file_mended_further_or_by_a_later_export(desk: Desk) -> None:
    begun, end = PAUSED.rpartition(",")[::2]
    desk.read(f"{begun},never", f"{begun},never")
    first, second = desk.rejects.splitlines()[1:]
    header = desk.rejects.splitlines()[0]

    def mended(*ends: str) -> str:
        return "\n".join([header, *(row.replace("never", end) for row, end in zip((first, second), ends, strict=True))])

    assert counts(desk.mended(mended("", ""))) == (2, 0, 0, 0)
    assert counts(desk.mended(mended(end, ""))) == (0, 1, 1, 0)
    assert counts(desk.read(PAUSED, PAUSED)) == (0, 1, 1, 0)
    assert counts(desk.mended(mended(end, end))) == (0, 0, 2, 0)
    assert counts(desk.mended(mended(end, end.replace("T09", "T10")))) == (0, 0, 1, 1)


# --- any order ---

Row = tuple[str, bool]
"""A row of the clean file, and whether it is bad in the first export."""
ROWS: Final = st.lists(st.tuples(st.sampled_from([CHECKED, PAUSED, PAUSED_LONGER]), st.booleans()), min_size=1, max_size=6)
ACTS: Final = st.lists(st.sampled_from(["first", "half", "mended", "one mended", "clean"]), max_size=6)


def spoilt(rows: Sequence[Row]) -> list[str]:
    return [f"{row.rpartition(',')[0]},never" if is_bad else row for row, is_bad in rows]


def mended_text(text: str, rows: Sequence[Row], most: int) -> str:
    """The file of rejected rows, in which so many are mended."""
    header, *lines = text.splitlines()
    ends = [row.rpartition(",")[2] for row, is_bad in rows if is_bad]
    return "\n".join(
        [header, *(line.replace("never", end, n < most) for n, (line, end) in enumerate(zip(lines, ends, strict=True)))]
    )


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, acts=ACTS)
def test_in_whatever_order_files_are_read_and_mended_the_facts_are_those_of_the_clean_file(
    rows: list[Row], acts: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_desk("memory:", district="500000") as opened:
        clean = Desk(Bench(opened, Path(folder)))
        clean.bench.cases(GOOD)
        clean.read(*(row for row, _ in rows))
        wanted = clean.facts()
    with tempfile.TemporaryDirectory() as folder, open_desk("memory:", district="500000") as opened:
        desk = Desk(Bench(opened, Path(folder)))
        desk.bench.cases(GOOD)
        desk.read(*spoilt(rows), dry_run=True)
        rejects = desk.rejects if any(is_bad for _, is_bad in rows) else f"{STEP_HEADER},{REASON}\n"
        for act in acts:
            match act:
                case "first":
                    desk.read(*spoilt(rows))
                case "half":
                    desk.read(*spoilt(rows[: len(rows) // 2]), name="half.csv")
                case "mended":
                    desk.mended(mended_text(rejects, rows, len(rows)))
                case "one mended":
                    desk.mended(mended_text(rejects, rows, 1))
                case _:
                    desk.read(*(row for row, _ in rows), name="clean.csv")
            assert desk.facts() <= wanted, f"{act} doubles"
        desk.read(*spoilt(rows))
        mended = desk.mended(mended_text(rejects, rows, len(rows)))
        lost = (wanted - desk.facts()).total()
        assert lost <= len(mended.rejected), "what is not recorded is named"
        desk.read(*(row for row, _ in rows), name="clean.csv")
        assert desk.facts() == wanted


# --- short rows, and what a spreadsheet does to them ---


def filled(text: str) -> str:
    """The file as a spreadsheet writes it: each row as long as the longest."""
    rows = [line.split(",") for line in text.splitlines()]
    width = max(map(len, rows))
    return "\n".join(",".join(row + [""] * (width - len(row))) for row in rows)


@pytest.mark.parametrize("through", [str, filled])
@pytest.mark.parametrize(
    "bad", [["A-2,W,2023-03-01"], ["A-2"], ["A-2,W,2023-03-01,,x,y"], ["A-2,W,2023-03-01", "A-3,W,,,,,,x"]]
)
def test_a_row_of_another_width_that_was_not_mended_is_rejected_again(
    desk: Desk, bad: list[str], through: type[str]
) -> None:
    desk.read(*bad, mapping=CASES)
    report = desk.mended(through(desk.rejects), mapping=CASES)
    assert (counts(report), {one.code for one in report.rejected}) == ((0, 0, 0, len(bad)), {Flaw.NOT_CSV})


@pytest.mark.parametrize("through", [str, filled])
def test_a_short_row_that_was_mended_is_recorded_where_nothing_is_left_marked(desk: Desk, through: type[str]) -> None:
    desk.read("A-2,W,2023-03-01", "A-3,W,2023-03-01,,x,y", mapping=CASES)
    (rejected,) = desk.mended(through(desk.rejects.replace("(缺此栏)", "")), mapping=CASES).rejected
    assert (rejected.case, desk.bench.engine.file("A-2").version > 0) == ("A-3", True)
