"""Files of rejected rows: read again and rejected again, each row bears one reason, the latest."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from support.import_bench import CASES, HEADER, Bench, in_memory

from adapters.importing import import_file
from casecore import BadInput

REASON: Final = "拒收原因"
BAD: Final = ("A-1,W,never,", "A-2,W", "A-3,W,2023-03-01,2023-03-02,more,and more", "A-4,W,2023-03-03,2023-03-01")


engine = in_memory


@pytest.fixture
def rejects(bench: Bench, tmp_path: Path) -> Callable[[str], list[list[str]]]:
    """Import a text, and read the file its rejected rows are kept in."""

    def _rejects(text: str) -> list[list[str]]:
        (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
        (tmp_path / "rejects.csv").unlink(missing_ok=True)
        import_file(bench.engine, bench.mapping(CASES), tmp_path / "cases.csv", rejects=tmp_path / "rejects.csv")
        with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
            return [*csv.reader(file)]

    return _rejects


def text(rows: list[list[str]]) -> str:
    return "".join(",".join(f'"{field}"' for field in row) + "\n" for row in rows)


def test_a_row_rejected_again_bears_one_reason_the_latest(rejects: Callable[[str], list[list[str]]]) -> None:
    first = rejects("\n".join((HEADER, "A-0,W,2023-03-01,", *BAD, "")))
    again = rejects(text([first[0], ["A-9", "W", "2023-03-01", "", ""], *first[1:]]))

    assert again[0] == [*HEADER.split(","), REASON]
    assert [row[:-1] for row in again[1:]] == [row[:-1] for row in first[1:]]
    assert [row[-1].partition(":")[0] for row in again[1:]] == ["line 3", "line 4", "line 5", "line 6"]


def test_wherever_the_reason_stands_and_however_often_it_gives_way(rejects: Callable[[str], list[list[str]]]) -> None:
    header = [REASON, *HEADER.split(","), f" {REASON} "]
    found = rejects(text([header, ["old", "A-1", "W", "never", "", "older"]]))
    assert [row[:-1] for row in found] == [HEADER.split(","), ["A-1", "W", "never", ""]]
    assert (found[0][-1], found[1][-1].startswith("line 2: wrong_type: in: 'never'")) == (REASON, True)


def test_a_row_that_was_widened_by_hand_loses_no_field_of_its_own(rejects: Callable[[str], list[list[str]]]) -> None:
    found = rejects(text([[*HEADER.split(","), REASON], ["A-1", "W", "2023-03-01", "2023-03-02", "mine", "mine too"]]))
    assert found[1][:-1] == ["A-1", "W", "2023-03-01", "2023-03-02", "mine", "mine too"]


@pytest.mark.parametrize("name", ["nowhere/rejects.csv", "rejects.csv.gz"])
def test_where_rejects_cannot_be_kept_nothing_is_read(bench: Bench, tmp_path: Path, name: str) -> None:
    (tmp_path / "cases.csv").write_text(f"{HEADER}\nA-0,W,2023-03-01,\n{BAD[0]}\n", encoding="utf-8")

    with pytest.raises(BadInput, match=name):
        import_file(bench.engine, bench.mapping(CASES), tmp_path / "cases.csv", rejects=tmp_path / name)

    assert bench.engine.file("A-0").version == 0
