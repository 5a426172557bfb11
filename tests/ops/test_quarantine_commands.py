"""A case in quarantine as the command line meets it: follow, doctor, report, case show and requeue."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.followed import LIVES, A, World, rows_of
from support.poisoned import BAD, BAD_LIFE, set_aside
from support.vandal import Vandal

from adapters.mapper import WIRE
from casecore import Envelope
from ops.printing.figures import print_stale


def ran(world: World, *arguments: str) -> tuple[int, str, str]:
    """One run of the command on the store: exit code, stdout, stderr."""
    command = [Path(sys.executable).parent / "casecore", *arguments, "--store", world.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_damaged_fact_is_named_everywhere_and_served_again_once_it_is_restored(world: World) -> None:
    world.happened({**LIVES, BAD: BAD_LIFE})
    store = world.url.removeprefix("sqlite:///")
    ((good,),) = sql(store, "SELECT state FROM casecore_events WHERE originator_id = 'bad' AND originator_version = 3")
    restore = "UPDATE casecore_events SET state = ? WHERE originator_id = 'bad' AND originator_version = 3"
    sql(store, restore, b"{}")
    ((position,),) = sql(store, "SELECT position FROM casecore_events WHERE state = ?", b"{}")
    why = f"bad version 3: {WIRE.encode(Envelope(BAD, 3, BAD_LIFE[2]))[0]} cannot be read: KeyError('data')"

    code, out, err = ran(world, "follow", "--once")
    assert (code, out, err.count("case set aside"), err.count(why)) == (0, "", 1, 1)
    code, out, _ = ran(world, "doctor")
    assert code == 1
    assert f"bad case bad: log {A} position {position}, set aside {set_aside(world)[BAD].since}: {why}" in out
    code, out, _ = ran(world, "report")
    assert (code, "1 case is stale: figures leave them at their last known state" in out) == (0, True)
    code, out, _ = ran(world, "report", "--json")
    assert (code, json.loads(out)["stale_cases"]) == (0, 1)
    for command in ("show", "explain"):
        assert ran(world, "case", command, BAD) == (1, "", f"casecore: {why}\n")
    code, out, _ = ran(world, "case", "history", BAD, "--json")
    rows = json.loads(out)
    assert (code, [row["version"] for row in rows]) == (1, [1, 2, 3, 4, 5, 6])
    assert [row for row in rows if "event" not in row] == [{"position": position, "version": 3, "unreadable": why}]
    assert why in " ".join(ran(world, "case", "history", BAD)[1].replace("│", " ").split())
    code, out, _ = ran(world, "requeue")
    assert (code, "0 cases taken back, 1 still in quarantine" in out, why in out) == (1, True, True)

    sql(store, restore, good)
    assert ran(world, "requeue", "nobody")[::2] == (2, "casecore: case nobody: not in quarantine\n")
    code, out, _ = ran(world, "requeue", BAD, "--json")
    assert (code, [one["case"] for one in json.loads(out)["served"]], json.loads(out)["left"]) == (0, [BAD], [])
    assert ran(world, "doctor")[0] == 0
    assert world.rows() == rows_of({A: {**LIVES, BAD: BAD_LIFE}})


def sql(store: str, statement: str, *parameters: object) -> list[Any]:
    """One statement past the program."""
    with closing(Vandal(f"sqlite:///{store}")) as vandal:
        return vandal.run(statement, *parameters)


def test_figures_say_how_many_cases_they_leave_behind(capsys: pytest.CaptureFixture[str]) -> None:
    for stale in (0, 1, 2):
        print_stale(stale)
    assert [line.split(" stale")[0] for line in capsys.readouterr().out.splitlines()] == ["1 case is", "2 cases are"]
