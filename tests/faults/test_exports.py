"""The municipal sample as halls send it: weekly, each export with all before; in halves; by a program that is killed."""

import csv
import gzip
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from adapters.district_engine import DistrictEngine, open_engine
from adapters.importing import ImportReport, import_file, load_mapping
from casecore import Flaw
from casecore.recorded import Recorded

DISTRICT: Final = "500000"
WEEKS: Final = 10
KILLS: Final = 20
FEW_KILLS: Final = 6
"""Of the short sample: half of it is the start of processes."""
SHORT: Final = 600
FILES: Final = (("chongqing_cases", 2), ("chongqing_steps", 2))
"""The mapping of each file, and in which column a row ends."""
LINE: Final = 5_000

IMPORT: Final = """\
import sys
from adapters.district_engine import open_engine
from adapters.importing import import_file, load_mapping, run
run.BATCH = 50
with open_engine(sys.argv[1], district=sys.argv[2]) as engine:
    import_file(engine, load_mapping(sys.argv[3]), sys.argv[4], progress=lambda rows: print(rows, flush=True))
"""

Table = list[list[str]]


class Sample:
    """The two files of the sample, or the first cases of it with their steps."""

    def __init__(self, data: Path, most: int | None) -> None:
        cases, steps = (_rows(data / f"{mapping}.csv.gz") for mapping, _ in FILES)
        kept = cases[: most and most + 1]
        ids = {row[0] for row in kept}
        self.tables: tuple[Table, Table] = (kept, [steps[0], *(row for row in steps[1:] if row[0] in ids)])

    def weeks(self) -> Iterator[tuple[Table, Table]]:
        """Ten exports, each with all that had begun by its day; what had not ended by then is open in it."""
        begun = sorted(datetime.fromisoformat(row[1]) for row in self.tables[0][1:])
        ended = max(datetime.fromisoformat(row[2]) for table in self.tables for row in table[1:] if row[2])
        days = [begun[len(begun) * week // WEEKS - 1] for week in range(1, WEEKS)]
        for day in [*days, ended]:
            cases, steps = (self._by(table, day) for table in self.tables)
            yield cases, steps

    @staticmethod
    def _by(table: Table, day: datetime) -> Table:
        there = [table[0]]
        for row in table[1:]:
            if not row[1] or datetime.fromisoformat(row[1]) <= day:
                over = row[2] and datetime.fromisoformat(row[2]) <= day
                there.append([*row[:2], row[2] if over else "", *row[3:]])
        return there


def _rows(path: Path) -> Table:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _written(folder: Path, name: str, table: Sequence[Sequence[str]]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


def take_in(engine: DistrictEngine, folder: Path, tables: Sequence[Table], name: str) -> list[ImportReport]:
    """Import both files as one export."""
    return [
        import_file(engine, load_mapping(mapping), _written(folder, f"{name}-{mapping}.csv", table))
        for (mapping, _), table in zip(FILES, tables, strict=True)
    ]


def facts(engine: DistrictEngine) -> Counter[tuple[str, str]]:
    """What is stored of each case, but for the numbers of suspensions and the order in which it was told."""
    return Counter(
        (one.stream, _plain(one)) for one in engine.follow() if isinstance(one, Recorded) and one.envelope.source is not None
    )


def _plain(one: Recorded) -> str:
    event = one.event
    return repr([type(event).__name__, *(getattr(event, f.name) for f in fields(event) if f.name != "suspension")])


@pytest.fixture(scope="module", params=[SHORT, pytest.param(None, marks=pytest.mark.torture)], ids=["short", "whole"])
def sample(request: pytest.FixtureRequest, shared_data: Path) -> Sample:
    return Sample(shared_data / "data", request.param)


@pytest.fixture(scope="module")
def at_once(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """What the whole sample says, imported at once."""
    folder = tmp_path_factory.mktemp("once")
    with open_engine(f"sqlite:///{folder}/once.db", district=DISTRICT) as engine:
        take_in(engine, folder, sample.tables, "once")
        return facts(engine)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DistrictEngine]:
    with open_engine(f"sqlite:///{tmp_path}/cases.db", district=DISTRICT) as opened:
        yield opened
        assert opened.log.verify().why is None


def test_ten_weekly_exports_say_what_the_whole_says(
    sample: Sample, at_once: Counter[tuple[str, str]], engine: DistrictEngine, tmp_path: Path
) -> None:
    reports = [take_in(engine, tmp_path, tables, f"week{n}") for n, tables in enumerate(sample.weeks(), 1)]

    assert facts(engine) == at_once
    assert sum(report.completed for week in reports for report in week) > 0, "the control: something was open for a while"
    assert all(report.contradicted == 0 for week in reports for report in week)


def test_halves_with_columns_added_say_what_the_whole_says(
    sample: Sample, at_once: Counter[tuple[str, str]], engine: DistrictEngine, tmp_path: Path
) -> None:
    cases, steps = sample.tables
    take_in(engine, tmp_path, (cases[: len(cases) // 2], []) if not steps else (cases[: len(cases) // 2], steps), "first")
    wider = [[*row, "导出人" if number == 0 else "甲"] for number, row in enumerate(cases)]
    turned = [[("导出时间" if number == 0 else f"day {number}"), *reversed(row)] for number, row in enumerate(steps)]

    take_in(engine, tmp_path, (wider, turned), "second")

    assert facts(engine) == at_once


def test_an_import_that_is_killed_again_and_again_goes_on_where_it_stopped(
    sample: Sample, at_once: Counter[tuple[str, str]], tmp_path: Path
) -> None:
    url, chance = f"sqlite:///{tmp_path}/cases.db", random.Random(20)  # noqa: S311 - no secret
    killed, kills = 0, KILLS if len(sample.tables[0]) > SHORT + 1 else FEW_KILLS
    for (mapping, _), table in zip(FILES, sample.tables, strict=True):
        path = _written(tmp_path, f"{mapping}.csv", table)
        batches = len(table) // 50
        for _ in range(kills // len(FILES)):
            killed += _killed_after(chance.randrange(1, max(2, batches)), url, mapping, path)
        assert _killed_after(None, url, mapping, path) == 0

    with open_engine(url, district=DISTRICT) as engine:
        assert facts(engine) == at_once
        assert engine.log.verify().why is None
    assert killed >= kills // 2


def _killed_after(batches: int | None, url: str, mapping: str, path: Path) -> int:
    """Import in a process of its own, killed after so many batches; 1 where it was."""
    command = [sys.executable, "-c", IMPORT, url, DISTRICT, mapping, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches or 0):
            if not process.stdout.readline():
                break
        if batches is None:
            process.stdout.read()
            assert process.wait(600) == 0
            return 0
        time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.stdout.read()
        return int(process.wait(60) == -signal.SIGKILL)


def test_a_contradiction_in_one_row_of_thousands_is_named(sample: Sample, engine: DistrictEngine, tmp_path: Path) -> None:
    cases, steps = sample.tables
    take_in(engine, tmp_path, (cases, steps), "first")
    row = min(LINE, len(cases) - 1)
    while not cases[row][2]:
        row -= 1
    wrong = [*cases]
    wrong[row] = [*cases[row][:2], "2024-02-01T10:00:00+08:00"]

    (report, _) = take_in(engine, tmp_path, (wrong, steps), "second")

    assert report.contradicted == 1
    (named,) = [one for one in report.rejected if one.code is Flaw.CONTRADICTS_KNOWN]
    assert (named.line, named.case) == (row + 1, cases[row][0])
    assert f"second-chongqing_cases.csv line {row + 1} says" in named.reason
    assert f"from first-chongqing_cases.csv line {row + 1}" in named.reason
