"""``casecore import``: a dry run, and rejected rows that are mended and read again, as a script meets them."""

import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

import pytest
from support.import_bench import CASES, HEADER, traced
from typer.testing import CliRunner, Result

from adapters.importing import ImportReport, Rejection
from adapters.importing.rejections import Rejections
from casecore import Flaw
from ops.cli import app
from ops.printing.console import put_json_object

FIRST: Final = ("cases", "events", "rejected")
ROWS = f"{HEADER}\nA-1,W,2023-03-01,2023-03-02\nA-2,W,never,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "little.toml").write_text(CASES, encoding="utf-8")
    (tmp_path / "cases.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def imported(file: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["import", file, "--mapping", "little.toml", "--store", "sqlite:///cases.db", *more])


def test_a_dry_run_tells_all_and_makes_no_store(folder: Path) -> None:
    foreseen = imported("cases.csv", "--dry-run")

    assert foreseen.exit_code == 1, "a row is rejected"
    assert foreseen.stdout.startswith("dry run: nothing was written")
    assert "1 histories recorded now" in foreseen.stdout
    assert not (folder / "cases.db").exists()
    assert imported("cases.csv").stdout == "\n".join(foreseen.stdout.splitlines()[1:]) + "\n"


def test_json_is_one_document_whatever_is_rejected(folder: Path) -> None:
    for rejected in (0, 1, 3):
        rows = [f'"A-1{n}\n",W,never,' for n in range(rejected)]
        (folder / "some.csv").write_text("\n".join((HEADER, "A-1,W,2023-03-01,", *rows)) + "\n", encoding="utf-8")
        told = imported("some.csv", "--json")
        document = json.loads(told.stdout)
        assert told.stdout == json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        assert [*document] == ["cases", "events", "rejected", *(k for k in ImportReport._fields if k not in FIRST)]
        assert [one["line"] for one in document["rejected"]] == [3 + 2 * n for n in range(rejected)]


@pytest.mark.slow
def test_json_of_many_rejections_takes_the_memory_of_few(tmp_path: Path) -> None:
    def printed(count: int) -> int:
        ones = Rejections()
        for line in range(count):
            ones.add(Rejection(line, f"A-{line}", Flaw.WRONG_TYPE, "never " * 20))
        with (tmp_path / "out.json").open("w", encoding="utf-8") as file, redirect_stdout(file):
            _, size = traced(lambda: put_json_object({"cases": 0, "rejected": (one._asdict() for one in ones)}))
        assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["rejected"]) == count
        return size

    assert printed(20_000) < 2 * printed(1_000) + 64


def test_rejected_rows_are_mended_in_their_file_and_imported(folder: Path) -> None:
    assert imported("cases.csv", "--rejects", "rejects.csv").exit_code == 1
    rejects = folder / "rejects.csv"
    rejects.write_text(rejects.read_text("utf-8-sig").replace("never", "2023-03-03"), encoding="utf-8-sig")

    again = imported("rejects.csv")
    assert (again.exit_code, "1 histories recorded now" in again.stdout) == (0, True)


def test_a_file_of_rejects_is_never_written_over(folder: Path) -> None:
    (folder / "rejects.csv").write_text("mine", encoding="utf-8")

    refused = imported("cases.csv", "--rejects", "rejects.csv")

    assert (refused.exit_code, (folder / "rejects.csv").read_text(encoding="utf-8")) == (2, "mine")
    assert "rejects.csv: lies there already" in refused.stderr


def test_a_dry_run_keeps_what_would_be_rejected_and_no_later_run_writes_over_it(folder: Path) -> None:
    dry = imported("cases.csv", "--dry-run", "--rejects", "rejects.csv")

    assert (dry.exit_code, dry.stdout.splitlines()[-1]) == (1, "rejects.csv holds the rows, to be mended and imported")
    kept = (folder / "rejects.csv").read_text("utf-8-sig")
    assert [line.split(",")[0] for line in kept.splitlines()] == ["id", "A-2"]
    assert not (folder / "cases.db").exists()
    for more in ((), ("--dry-run",)):
        refused = imported("cases.csv", "--rejects", "rejects.csv", *more)
        assert refused.exit_code == 2
        assert "import what was mended in it and remove it, or name another file" in refused.stderr
    assert (folder / "rejects.csv").read_text("utf-8-sig") == kept
    assert "1 histories recorded now" in imported("cases.csv", "--rejects", "second.csv").stdout, "refused, it read nothing"
    assert (folder / "second.csv").read_bytes() == (folder / "rejects.csv").read_bytes()


def test_a_dry_run_that_rejects_nothing_makes_no_file(folder: Path) -> None:
    (folder / "good.csv").write_text(ROWS.replace("never", "2023-03-01"), encoding="utf-8")
    told = imported("good.csv", "--dry-run", "--rejects", "rejects.csv")
    assert (told.exit_code, "rejects.csv" in told.stdout, (folder / "rejects.csv").exists()) == (0, False, False)


def test_what_contradicts_an_earlier_import_is_counted_and_named_with_exit_1(folder: Path) -> None:
    imported("cases.csv")
    (folder / "later.csv").write_text(f"{HEADER}\nA-1,W,2023-03-01,2023-03-04\n", encoding="utf-8")

    told = imported("later.csv")

    assert told.exit_code == 1
    assert "1 of the rejected contradict an earlier import" in told.stdout
    assert "later.csv line 2 says" in told.stdout
    assert "from cases.csv line 2" in told.stdout
