"""Rows that begin alike, told apart: as a plain reading of the rule does, and in time that grows with their number only."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.import_bench import GOOD, STEP_HEADER, STEPS, Bench

from adapters.importing import import_file
from adapters.importing.counting import Counted
from adapters.importing.known import completing_id, known_of, record_id
from adapters.importing.reading import Reading
from adapters.importing.stored import Stored
from adapters.importing.torn import Torn, Waiting, settle
from casecore import CorrectionRequested, CorrectionSubmitted, Resumed, Suspended, SuspensionKind
from casecore.histories import History
from casecore.recorded import Envelope, Event, Recorded, Source

MARCH: Final = datetime(2023, 3, 1, tzinfo=UTC)


class Told(NamedTuple):
    """A row: something is held up and papers are asked for on one day, and each ends on a later day, or not yet."""

    begun: int
    resumed: int | None
    mended: int | None

    def history(self, line: int, file: str) -> History:
        def on(day: int) -> datetime:
            return MARCH + timedelta(days=day)

        events: list[Event] = [
            Suspended(at=on(self.begun), by="clerk", suspension=":1", kind=SuspensionKind.ORDINARY, reason="held up"),
            CorrectionRequested(at=on(self.begun), by="clerk", materials=()),
        ]
        if self.resumed is not None:
            events.append(Resumed(at=on(self.resumed), by="clerk", suspension=":1"))
        if self.mended is not None:
            events.append(CorrectionSubmitted(at=on(self.mended), by="clerk"))
        return History("A-1", "", tuple(events), Source("steps", file, line), continues=True)

    def fits(self, known: "Told") -> bool:
        """Whether it ends what is known otherwise than it ended, in no way."""
        pairs = ((self.resumed, known.resumed), (self.mended, known.mended))
        return self.begun == known.begun and all(None in pair or pair[0] == pair[1] for pair in pairs)

    def adds(self, known: "Told") -> bool:
        return (known.resumed is None and self.resumed is not None) or (known.mended is None and self.mended is not None)


DAYS: Final = st.none() | st.integers(5, 7)
TOLD: Final = st.lists(st.builds(Told, st.integers(1, 2), DAYS, DAYS), max_size=14)
Outcome = tuple[str, int]
"""What becomes of a row, and of or against which of the stored ones; or its number among those that begin alike."""


def plainly(rows: Sequence[Told], stored: Sequence[Told]) -> list[Outcome]:
    """What becomes of each row, by trying each against each."""
    outcomes: dict[int, Outcome] = {}
    left = [*range(len(stored))]
    for n, row in enumerate(rows):
        alike = [one for one in left if stored[one] == row]
        if alike:
            left.remove(alike[-1])
            outcomes[n] = "known", 0
    for n, row in enumerate(rows):
        fitting = [one for one in left if row.fits(stored[one])]
        if n not in outcomes and fitting:
            left.remove(fitting[0])
            outcomes[n] = ("ends", fitting[0]) if row.adds(stored[fitting[0]]) else ("known", 0)
    numbers = {begun: sum(one.begun == begun for one in stored) for begun in (1, 2)}
    for n, row in enumerate(rows):
        if n in outcomes:
            continue
        alike = [one for one in left if stored[one].begun == row.begun]
        if alike:
            left.remove(alike[-1])
            outcomes[n] = "contradicts", alike[-1]
        else:
            numbers[row.begun] += 1
            outcomes[n] = "new", numbers[row.begun]
    return [outcomes[n] for n in range(len(rows))]


def settled(rows: Sequence[Told], stored: Sequence[Told]) -> list[Outcome]:
    with Counted() as earlier:
        histories = [row.numbered() for row in earlier.rows([one.history(n, "d1") for n, one in enumerate(stored)])]
    facts = [
        Recorded("500000", n, MARCH, Envelope("A-1", n, event, history.command_id, source=history.source))
        for history in histories
        for n, event in enumerate(history.events)
    ]
    known = Stored("A-1", known_of(facts, "steps"))
    numbers = {history.command_id: n for n, history in enumerate(histories)}
    with Counted() as counted, Waiting() as waiting:
        for line, row in enumerate(counted.rows([one.history(n, "d2") for n, one in enumerate(rows)])):
            waiting.put(Torn(Reading(line, "A-1", row.history), row))
        assert [*waiting.pages(3)] == ([["A-1"]] if rows else [])
        found: dict[int, Outcome] = {}
        for one in settle(lambda: waiting.rows("A-1"), known, counted):
            if one.contradiction is not None:
                found[one.reading.line] = "contradicts", int(str(one.contradiction).rpartition(" ")[2])
            elif one.history is None:
                found[one.reading.line] = "known", 0
            elif one.completes:
                first = one.history.command_id.replace("import.2:", "import:")
                found[one.reading.line] = "ends", numbers[first]
                assert {type(event) for event in one.history.events} <= {Resumed, CorrectionSubmitted}
            else:
                found[one.reading.line] = "new", int(one.history.command_id.rpartition(":")[2])
    assert len(found) == len(rows)
    return [found[line] for line in range(len(rows))]


@given(rows=TOLD, stored=TOLD)
def test_rows_are_told_apart_as_trying_each_against_each_does(rows: list[Told], stored: list[Told]) -> None:
    assert settled(rows, stored) == plainly(rows, stored)


def test_the_numbers_a_record_is_completed_under_are_those_the_test_reads() -> None:
    assert completing_id("steps", "x:1", 2).replace("import.2:", "import:") == record_id("steps", "x:1")


def calls(work: Callable[[], object]) -> int:
    """How many functions of ours are called in it."""
    counted = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal counted
        counted += event == "call" and "importing" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def minute(row: int) -> str:
    return f"2023-03-{2 + row // 1440:02}T{row // 60 % 24:02}:{row % 60:02}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(lambda n: f"{minute(n)},", lambda n: f"{minute(n)},2023-03-31", id="each ends"),
        pytest.param(lambda _: "2023-03-02,", lambda n: f"2023-03-02,{minute(n)}", id="all begin alike and end"),
        pytest.param(lambda n: f"2023-03-01,{minute(n)}", lambda n: f"2023-03-01,{minute(n + 999)}", id="all end otherwise"),
        pytest.param(lambda n: f"{minute(n)},2023-03-30", lambda n: f"{minute(n)},2023-03-31", id="each ends otherwise"),
    ],
)
def test_four_times_the_rows_of_one_case_are_about_four_times_the_work(
    bench: Bench, before: Callable[[int], str], after: Callable[[int], str]
) -> None:
    work = []
    mapping = bench.mapping(STEPS)
    for case, rows in (("A-1", 60), ("A-2", 240)):
        bench.cases(GOOD.replace("A-1", case))
        bench.steps(*(f"{case},paused,{before(n)}" for n in range(rows)))
        path = bench.folder / "later.csv"
        path.write_text("\n".join((STEP_HEADER, *(f"{case},paused,{after(n)}" for n in range(rows)))), encoding="utf-8")
        reports: list[Any] = []
        work.append(calls(lambda path=path, reports=reports: reports.append(import_file(bench.engine, mapping, path))))
        assert reports[0].completed + reports[0].contradicted == rows
    assert 3 < work[1] / work[0] < 5, work
