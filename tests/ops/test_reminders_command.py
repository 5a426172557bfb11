"""``casecore reminders``: what is due, as the command line prints it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from support.followed import A, World
from support.reminded import TOLD

CASECORE: Final = Path(sys.executable).parent / "casecore"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('reminded')}/cases.db"
    world = World(url)
    world.happened(TOLD)
    world.close()
    return url


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [CASECORE, "reminders", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_follows_first_and_prints_a_table_a_department(store: str) -> None:
    stale = ran("--store", store, "--as-of", "2026-03-12", "--no-follow")
    assert (stale.returncode, stale.stdout) == (2, "")
    assert "run casecore follow first" in stale.stderr

    done = ran("--store", store, "--as-of", "2026-03-12")

    assert done.returncode == 0, done.stderr
    titles = [line.strip() for line in done.stdout.splitlines() if line.strip() in ("Fire", "Health", "Market")]
    assert titles == ["Fire", "Health", "Market"]
    for shown in ("承诺时限 promised", "环节时限 step:fire", "2026-03-12 13:30", "overdue (超期)"):
        assert shown in done.stdout, shown
    assert "4 due soon (临近到期), 1 overdue (超期)" in done.stdout


def test_the_command_answers_scripts_in_json(store: str) -> None:
    done = ran("--store", store, "--as-of", "2026-03-12", "--within", 5, "--department", "Health", "--district", A, "--json")

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["as_of"], answer["stale_cases"]) == ("2026-03-12", 0)
    (one,) = answer["reminders"]
    assert (one["case"], one["due_on"], one["days_left"], one["overdue"]) == ("unanswered", "2026-03-13", 1, False)


def test_a_day_that_is_none_or_no_calendar_knows_is_bad_usage(store: str) -> None:
    for day, told in (("tomorrow", "--as-of"), ("1990-01-01", "outside calendar")):
        done = ran("--store", store, "--as-of", day)
        assert done.returncode == 2
        assert told in done.stderr
