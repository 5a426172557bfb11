"""casecore due: a date worked out under the calendar of the promise and the one in force when it is judged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

CASECORE: Final = Path(sys.executable).parent / "casecore"
BEFORE: Final = 'version = "town.1"\ntitle = "before"\nbase = "cn-2026.1"\n[years]\n2025.rest = ["03-13"]\n'
AFTER: Final = 'version = "town.2"\ntitle = "after"\nbase = "cn-2026.1"\nsupersedes = "town.1"\n[years]\n{days}\n'


def due(folder: Path, days: str, *more: str) -> Any:
    """Ten working days from 3 March 2025, with 13 March off, and after a notice of other days."""
    (folder / "town.1.toml").write_text(BEFORE, "utf-8")
    (folder / "town.2.toml").write_text(AFTER.format(days=days), "utf-8")
    asked = ("due", "--accepted", "2025-03-03", "--limit", "10", "--calendars", str(folder), "--calendar", "town.1")
    done = subprocess.run([CASECORE, *asked, *more], capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout) if "--json" in more else done.stdout


@pytest.mark.parametrize(
    ("days", "dates"),
    [
        ('2025.rest = ["03-13"]', ("2025-03-18", "2025-03-18", "2025-03-18")),
        ('2025.rest = ["03-13", "03-14"]', ("2025-03-19", "2025-03-18", "2025-03-19")),
        ("2025.rest = []", ("2025-03-18", "2025-03-18", "2025-03-17")),
    ],
    ids=["nothing new", "one more day off", "the day off is worked"],
)
def test_both_dates_are_told_and_the_later_is_when_it_is_due(tmp_path: Path, days: str, dates: tuple[str, str, str]) -> None:
    answer = due(tmp_path, days, "--judged-under", "town.2", "--json")

    assert (answer["due_on"], answer["printed_on"], answer["legal_on"]) == dates


def test_a_clerk_reads_both_dates(tmp_path: Path) -> None:
    printed = due(tmp_path, '2025.rest = ["03-13", "03-14"]', "--judged-under", "town.2")

    one_line = printed.replace("\n", " ")
    assert "printed (承诺到期日) 2025-03-18, legal (法定到期日, town.2) 2025-03-19: late only past both" in one_line


def test_without_the_later_calendar_there_is_one_date(tmp_path: Path) -> None:
    answer = due(tmp_path, '2025.rest = ["03-13", "03-14"]', "--json")

    assert (answer["due_on"], answer["printed_on"], answer["legal_on"]) == ("2025-03-18",) * 3
