"""An import takes the memory a small file takes, however many of its rows wait for its end or are rejected."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest
from support.import_bench import CASES, GOOD, HEADER, STEP_HEADER, STEPS, Bench, traced

from adapters.importing import Rejection, import_file, load_mapping
from adapters.importing.rejections import Rejections
from adapters.testing.opened import open_desk
from casecore import Flaw, Reason

A_CASE: Final = 10
"""Rows of one case, of which each begins at another minute."""


def steps(rows: int, *, ended: bool) -> Iterator[str]:
    yield f"{STEP_HEADER},remark"
    for row in range(rows):
        end = "2023-03-02T09:00" if ended else ""
        yield f"A-{row // A_CASE},paused,2023-03-01T10:{row % A_CASE:02},{end},{'x' * 2000}"


def waiting(rows: int) -> Iterator[tuple[str, str, Iterator[str]]]:
    """Suspensions without an end, and an export that ends each of them."""
    yield "cases", CASES, iter((HEADER, *(GOOD.replace("A-1", f"A-{n}") for n in range(rows // A_CASE))))
    yield "begun", STEPS, steps(rows, ended=False)
    yield "ended", STEPS, steps(rows, ended=True)


def rejected(rows: int) -> Iterator[tuple[str, str, Iterator[str]]]:
    """Cases of which none can be read."""
    yield "cases", CASES, iter((HEADER, *(f"A-{n},W,never {n}," for n in range(rows))))


def peak(folder: Path, made: Iterator[tuple[str, str, Iterator[str]]]) -> tuple[int, int, int]:
    """Of the last import how many histories were completed and how many rows rejected, and its KiB at the most."""
    folder.mkdir()
    size, files = 0, [*made]
    with open_desk(f"sqlite:///{folder}/cases.db", district="500000") as engine:
        for name, mapping, lines in files:
            (folder / f"{name}.toml").write_text(mapping, encoding="utf-8")
            path = folder / f"{name}.csv"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            work = partial(import_file, engine, load_mapping(folder / f"{name}.toml"), path)
            report, size = traced(work) if name == files[-1][0] else (work(), 0)
    return report.completed, len(report.rejected), size


@pytest.mark.slow
@pytest.mark.parametrize(("made", "few", "many"), [(waiting, 1_000, 2_500), (rejected, 1_000, 10_000)])
def test_memory_does_not_grow_with_what_waits_or_is_rejected(
    tmp_path: Path, made: Callable[[int], Iterator[tuple[str, str, Iterator[str]]]], few: int, many: int
) -> None:
    small, large = (peak(tmp_path / str(rows), made(rows)) for rows in (few, many))
    assert (max(small[:2]), max(large[:2])) == (few, many)
    assert large[2] < small[2] + 2048, f"{small[2]} KiB for {few} rows, {large[2]} KiB for {many}"


def test_what_is_rejected_is_a_sequence_by_line_whatever_order_it_came_in(bench: Bench) -> None:
    codes = (Flaw.OTHER_KIND, Reason.OTHER_KIND, Flaw.WRONG_TYPE)
    made = [Rejection(line, f"A-{line % 7}", codes[line % 3], f"why {line}") for line in range(1_200)]
    found = Rejections()
    for one in Random(7).sample(made, len(made)):  # noqa: S311 - an example, no secret
        found.add(one)

    assert (len(found), found) == (1_200, made)
    assert [type(one.code) for one in found] == [type(one.code) for one in made]
    assert (found[0], found[-1], found[3:9:2], found[9:3:-2]) == (made[0], made[-1], made[3:9:2], made[9:3:-2])
    assert found != made[1:]
    assert repr(found).endswith(", … 1197 more]")
    with pytest.raises(IndexError):
        found[1_200]
    found.add(made[0])
    assert [one.line for one in found[:3]] == [0, 0, 1]
    assert (Rejections() == [], bool(Rejections()), bench.cases(GOOD).rejected) == (True, False, [])
