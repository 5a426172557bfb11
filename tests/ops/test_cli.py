"""The command line as scripts meet it: a real process, its exit code, its stdout, its stderr."""

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from adapters import open_engine, open_store
from adapters.stores.known import forms
from casecore import CaseReceived
from ops.cli import app
from ops.cli.lazy import Promised

CASECORE = Path(sys.executable).parent / "casecore"
CASES = "number,received,closed\nA-1,2024-03-04T09:00:00+08:00,2024-03-08T16:00:00+08:00\nA-2,2024-03-04T10:00:00+08:00,\n"
MAPPING = """
name = "little"
format = "csv"
zone = "Asia/Shanghai"
case = "number"
item = "imported"
by = "import"
hall = "hall"
tier = "county"
channel = "window"
calendar = "cn-2026.1"
promise = {limit = {amount = 10, unit = "working_day"}}
[[fact]]
event = "received"
at = "received"
[[fact]]
event = "accepted"
at = "received"
[[fact]]
event = "closed"
at = "closed"
required = false
"""


class Ran:
    """One run of the command."""

    def __init__(self, *arguments: object, folder: Path) -> None:
        done = subprocess.run([CASECORE, *map(str, arguments)], cwd=folder, capture_output=True, timeout=120, check=False)
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    def json(self) -> Any:
        assert self.code in (0, 1), self.err
        return json.loads(self.out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small demo in it, followed."""
    path = tmp_path_factory.mktemp("cli")
    assert Ran("demo", "--cases", 60, "--store", "sqlite:///demo.db", folder=path).code == 0
    (path / "little.toml").write_text(MAPPING, "utf-8")
    (path / "cases.csv").write_text(CASES, "utf-8")
    return path


DEMO = ("--store", "sqlite:///demo.db")


def test_every_command_has_help_with_an_example() -> None:
    """Asked within one program: forty of them would take longer to start than to answer."""
    runner = CliRunner()
    groups: list[Any] = [((), typer.main.get_command(app))]
    told = 0
    for path, group in groups:
        for name, promised in group.commands.items():
            command = promised.load() if isinstance(promised, Promised) else promised
            if hasattr(command, "commands"):
                groups.append(((*path, name), command))
                continue
            asked = runner.invoke(app, [*path, name, "--help"])
            assert asked.exit_code == 0
            assert " ".join(("casecore", *path, name)) in asked.output.split("Example:")[1], name
            told += 1
    assert told > 10


def test_the_demo_shows_the_three_figures_one_story_and_what_to_type_next(tmp_path: Path) -> None:
    ran = Ran("demo", "--cases", 80, "--seed", 3, folder=tmp_path)
    assert ran.code == 0, ran.err
    for shown in ("平均跑动次数", "按时办结率", "零跑动率", "by department", "by channel", "DEMO-0001", "寄递退回", "Next:"):
        assert shown in ran.out, shown
    assert list(tmp_path.iterdir()) == []


def test_the_same_demo_again_adds_nothing(folder: Path) -> None:
    before = Ran("verify", *DEMO, "--json", folder=folder).json()
    assert Ran("demo", "--cases", 60, *DEMO, folder=folder).code == 0
    assert Ran("verify", *DEMO, "--json", folder=folder).json() == before


def test_explain_tells_a_clerk_story_clock_and_trips(folder: Path) -> None:
    ran = Ran("case", "explain", "DEMO-0001", *DEMO, folder=folder)
    for shown in (
        "补正告知",
        "特别程序",
        "寄递退回",
        "重新寄出",
        "承诺时限",
        "不计入时限",
        "on_time",
        "跑动 Trips",
    ):
        assert shown in ran.out, shown
    assert ran.out.count("分办") >= 3
    plain = Ran("case", "explain", "DEMO-0001", *DEMO, "--json", folder=folder).json()
    promised = plain["clocks"][0]
    assert promised["verdict"] == "on_time"
    assert sum(day["counted"] for day in promised["days"] if day["date"] <= "2017-08-14") == promised["used"]
    assert sum(trip["net"] for trip in plain["trips"]) == 1


def test_history_has_the_agreed_keys(folder: Path) -> None:
    rows = Ran("case", "history", "DEMO-0001", *DEMO, "--json", folder=folder).json()
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert set(rows[0]) == {
        "position", "version", "event", "occurred_at", "recorded_at", "actor", "command_id", "data",
    }  # fmt: skip
    assert rows[0]["event"] == "case.received.v3"


def test_a_case_can_be_shown_as_it_stood(folder: Path) -> None:
    then = Ran("case", "show", "DEMO-0001", *DEMO, "--as-of", "2017-08-01T12:00", "--json", folder=folder).json()
    now = Ran("case", "show", "DEMO-0001", *DEMO, "--json", folder=folder).json()
    assert (then["stage"], now["stage"]) == ("correcting", "closed")


def test_report_has_the_agreed_keys_and_adds_up(folder: Path) -> None:
    figures = Ran("report", *DEMO, "--by", "tier", "--json", folder=folder).json()["indicators"]
    assert set(figures[0]) == {
        *("code", "name_zh", "name_en", "group", "groups", "numerator", "denominator", "value"),
        *("median", "p90", "coverage", "rests"),
    }
    received = {f["group"]: f["numerator"] for f in figures if f["code"] == "K20-received"}
    whole = received.pop(None)
    assert whole == sum(received.values())
    csv = Ran("report", *DEMO, "--csv", folder=folder).out.splitlines()
    assert csv[0].startswith(
        "code,name_zh,name_en,group,numerator,denominator,value,median,p90,coverage_known,coverage_closed"
    )


def test_rebuilding_changes_no_figure(folder: Path) -> None:
    before = Ran("report", *DEMO, "--by", "item", "--json", folder=folder).json()
    assert Ran("rebuild", *DEMO, folder=folder).code == 0
    assert Ran("report", *DEMO, "--by", "item", "--json", "--no-follow", folder=folder).json() == before


def test_following_forever_ends_quietly_when_it_is_told_to(folder: Path) -> None:
    running = subprocess.Popen([CASECORE, "follow", *DEMO], cwd=folder, stderr=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(2)
    running.terminate()
    _, err = running.communicate(timeout=20)
    assert b"Traceback" not in err


@pytest.mark.parametrize(
    ("options", "due_on"),
    [
        ("--accepted 2017-08-04 --limit 5", "2017-08-11"),
        ("--accepted 2017-08-05 --limit 5", "2017-08-11"),
        ("--accepted 2017-08-05 --limit 5 --receipt-only", "2017-08-14"),
        ("--accepted 2017-09-29 --limit 5", "2017-10-12"),
        ("--accepted 2024-02-08 --limit 3", "2024-02-19"),
        ("--accepted 2026-02-13 --limit 5", "2026-02-27"),
        ("--accepted 2026-03-02 --limit 10", "2026-03-16"),
        ("--accepted 2026-03-02 --limit 10 --exclude 2026-03-05..2026-03-12:5", "2026-03-23"),
        ("--accepted 2026-03-02 --limit 10 --exclude 2026-03-05..2026-03-12:3", "2026-03-19"),
        ("--accepted 2026-03-06 --limit 5", "2026-03-13"),
        ("--accepted 2026-03-07 --limit 5", "2026-03-13"),
        ("--accepted 2026-03-02 --limit 20", "2026-03-30"),
        ("--accepted 2026-03-02 --limit 20 --extend 2026-03-20:10", "2026-04-14"),
        ("--accepted 2026-03-02 --limit 45", "2026-05-08"),
        ("--accepted 2026-03-02 --limit 45 --extend 2026-03-20:15", "2026-05-28"),
        ("--accepted 2026-03-16 --limit 10", "2026-03-30"),
    ],
)
def test_due_gives_the_golden_dates(folder: Path, options: str, due_on: str) -> None:
    answer = Ran("due", *options.split(), "--json", folder=folder).json()
    assert answer["due_on"] == due_on
    assert answer["provisional"] is False
    assert sum(day["counted"] for day in answer["days"]) == answer["working_days"]


@pytest.mark.parametrize(
    ("options", "due_on"),
    [
        ("--accepted 2026-03-02 --limit 1 --unit month", "2026-04-02"),
        ("--accepted 2026-01-30 --limit 1 --unit month", "2026-02-28"),  # no 30th, and that Saturday is worked
        ("--accepted 2026-02-28 --limit 1 --unit whole_month", "2026-03-31"),
        ("--accepted 2024-02-29 --limit 1 --unit year", "2025-02-28"),
        ("--accepted 2026-03-02 --limit 1 --unit month --exclude 2026-03-05..2026-03-16:5", "2026-04-07"),
        ("--accepted 2026-03-02 --limit 1 --unit month --extend 2026-03-20:10", "2026-04-13"),
    ],
)
def test_due_counts_months_and_years_as_the_civil_code_does(folder: Path, options: str, due_on: str) -> None:
    answer = Ran("due", *options.split(), "--json", folder=folder).json()
    assert answer["due_on"] == due_on
    assert answer["days"][-1]["date"] == due_on


def test_a_unit_nobody_counts_a_due_date_in_is_told_with_those_there_are(folder: Path) -> None:
    ran = Ran("due", "--accepted", "2026-03-02", "--limit", "1", "--unit", "fortnight", folder=folder)
    assert ran.code == 2
    assert "'fortnight' is none of working_day, natural_day, month, whole_month, year" in ran.err


def test_a_due_date_beyond_the_calendar_says_it_is_provisional(folder: Path) -> None:
    assert Ran("due", "--accepted", "2026-12-25", "--limit", 10, "--json", folder=folder).json()["provisional"] is True
    assert "provisional" in Ran("due", "--accepted", "2026-12-25", "--limit", 10, folder=folder).out


def test_import_says_what_it_did_and_adds_nothing_again(folder: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/little.db"
    arguments = ("import", folder / "cases.csv", "--mapping", folder / "little.toml", "--store", store, "--json")
    first, again = Ran(*arguments, folder=folder).json(), Ran(*arguments, folder=folder).json()
    assert (first["cases"], first["events"], first["rejected"]) == (2, 5, [])
    assert (again["cases"], again["events"]) == (2, 0)


def test_a_case_id_of_two_districts_has_to_be_told_apart(folder: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/two.db"
    for district in ("330106", "510107"):
        arguments = ("--mapping", folder / "little.toml", "--store", store, "--district", district)
        assert Ran("import", folder / "cases.csv", *arguments, folder=folder).code == 0
    ran = Ran("case", "show", "A-1", "--store", store, folder=folder)
    assert (ran.code, "330106, 510107" in ran.err) == (2, True)
    assert Ran("case", "show", "A-1", "--store", store, "--district", "510107", folder=folder).code == 0


def test_a_report_by_two_groups_names_both_in_json_csv_and_print(folder: Path) -> None:
    figures = Ran("report", *DEMO, "--by", "month,department", "--json", folder=folder).json()["indicators"]
    pairs = [one for one in figures if one["code"] == "K20-closed" and one["group"] is not None]
    whole = next(one for one in figures if one["code"] == "K20-closed" and one["group"] is None)
    assert {tuple(one["groups"]) for one in pairs} == {("month", "department")}
    assert sum(one["numerator"] for one in pairs) == whole["numerator"] > 0
    csv = Ran("report", *DEMO, "--by", "month,department", "--csv", folder=folder).out.splitlines()
    assert csv[0].startswith("code,name_zh,name_en,month,department,numerator,denominator,value,median,p90,")
    printed = Ran("report", *DEMO, "--by", "department,band", folder=folder).out
    assert "by department and band" in printed
    assert "median" in printed


@pytest.mark.parametrize("by", ["month,month", "month,department,item", "month,", "weather", "month, department"])
def test_groups_are_one_or_two_of_those_there_are(folder: Path, by: str) -> None:
    ran = Ran("report", *DEMO, "--by", by, folder=folder)
    assert (ran.code, "--by" in ran.err) == (2, True)


def test_a_report_by_band_adds_up_to_the_whole(folder: Path) -> None:
    figures = Ran("report", *DEMO, "--by", "band", "--json", folder=folder).json()["indicators"]
    received = {one["group"]: one["numerator"] for one in figures if one["code"] == "K20-received"}
    assert received.pop(None) == sum(received.values())
    assert received.keys() <= {
        *("before_opening", "morning", "noon", "afternoon", "evening", "saturday", "rest_day", "unrecorded")
    }
    assert received["morning"] > 0


def test_what_falls_due_later_than_today_is_not_overdue_in_a_longer_period(folder: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/later.db"
    received = datetime.now(UTC) - timedelta(days=1)
    (tmp_path / "now.csv").write_text(f"number,received,closed\nN-1,{received.isoformat()},\n", "utf-8")
    assert (
        Ran("import", tmp_path / "now.csv", "--mapping", folder / "little.toml", "--store", store, folder=folder).code == 0
    )
    period = ("--to", (received + timedelta(days=365)).date().isoformat())
    figures = Ran("report", "--store", store, *period, "--json", folder=folder).json()["indicators"]
    assert [(f["numerator"], f["denominator"]) for f in figures if f["code"] == "K7"] == [(0, 0)]


def test_the_items_of_a_report_are_those_of_the_books_in_the_log(folder: Path, tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/own.db")
    assert Ran("import", folder / "cases.csv", "--mapping", folder / "little.toml", *store, folder=folder).code == 0
    (tmp_path / "own" / "catalogue").mkdir(parents=True)
    shipped = files("adapters") / "catalogue" / "general.toml"
    (tmp_path / "own" / "catalogue" / "general.toml").write_text(shipped.read_text("utf-8"), "utf-8")

    def items() -> list[int]:
        figures = Ran("report", *store, "--json", folder=folder).json()["indicators"]
        return [f["denominator"] for f in figures if f["code"] == "K1"]

    before = items()
    assert Ran("books", "adopt", tmp_path / "own", *store, "--district", "000000", folder=folder).code == 0
    own = items()
    assert before > own


def flip(connection: Any, blob: str, mark: str, unbelt: str) -> None:
    """Flip one bit of the tenth event's bytes, once the trigger that forbids it is off."""
    connection.execute(unbelt)
    ((state,),) = connection.execute(f"SELECT {blob} FROM casecore_events WHERE position = 10").fetchall()  # noqa: S608
    state = bytes(state)
    changed = state[:20] + bytes([state[20] ^ 1]) + state[21:]
    connection.execute(f"UPDATE casecore_events SET {blob} = {mark} WHERE position = 10", (changed,))  # noqa: S608


def test_one_flipped_byte_in_sqlite_is_found_with_its_position(tmp_path: Path) -> None:
    store = ("--store", "sqlite:///demo.db")
    assert Ran("demo", "--cases", 5, *store, folder=tmp_path).code == 0
    assert Ran("verify", *store, folder=tmp_path).code == 0
    with closing(sqlite3.connect(tmp_path / "demo.db")) as connection, connection:
        flip(connection, "state", "?", "DROP TRIGGER casecore_events_no_update")
    found = Ran("verify", *store, "--json", folder=tmp_path)
    assert found.code == 1
    assert found.json() | {"events": 0, "head": "", "logs": {}, "pages": {}} == {
        "events": 0, "head": "", "ok": False, "first_bad_position": 10, "logs": {}, "pages": {},
        "why": "the stored bytes do not match their digest",
    }  # fmt: skip
    assert "position 10" in Ran("verify", *store, folder=tmp_path).out


def test_one_flipped_byte_in_postgresql_is_found_with_its_position(postgres_url: str, tmp_path: Path) -> None:
    assert Ran("demo", "--cases", 5, "--store", postgres_url, folder=tmp_path).code == 0
    assert Ran("verify", "--store", postgres_url, folder=tmp_path).code == 0
    with psycopg.connect(postgres_url) as connection:
        flip(connection, "state", "%s", "DROP TRIGGER casecore_events_stay ON casecore_events")
    found = Ran("verify", "--store", postgres_url, "--json", folder=tmp_path)
    assert (found.code, found.json()["first_bad_position"]) == (1, 10)


def test_a_wrong_snapshot_of_a_long_stream_is_named(tmp_path: Path) -> None:
    store = ("--store", "sqlite:///demo.db")
    assert Ran("demo", "--cases", 5, *store, folder=tmp_path).code == 0
    with open_store(f"sqlite:///{tmp_path}/demo.db") as opened:
        (engine,) = opened.engines
        case = next(one.stream for one in engine.follow() if isinstance(one.event, CaseReceived))
        last = engine.history(case)[-1]
        engine.log.keep(engine.file(case), last)
        sound = Ran("verify", *store, "--json", folder=tmp_path).json()
        assert (sound["ok"], sound["logs"][engine.district]["wrong_snapshots"]) == (True, [])
        engine.log.keep(engine.file(case)._replace(hall="another"), last)
    found = Ran("verify", *store, "--json", folder=tmp_path)
    assert (found.code, found.json()["ok"], found.json()["first_bad_position"]) == (1, False, None)
    assert found.json()["logs"][engine.district]["wrong_snapshots"] == [case]
    assert f"the snapshot of {case} is not what its facts come to" in Ran("verify", *store, folder=tmp_path).out


def store_of(path: Path) -> list[str]:
    """Everything a store holds."""
    with closing(sqlite3.connect(path / "demo.db")) as connection:
        return list(connection.iterdump())


INTO = (*DEMO, "--district", "510114")
BAD = {
    "unknown case": (("case", "show", "NOBODY", *DEMO), 2, "case NOBODY: not in sqlite:///demo.db"),
    "unknown district": (("verify", *DEMO, "--district", "999999"), 2, "district 999999: no log in"),
    "bad date": (("report", *DEMO, "--from", "9999-99-99"), 2, "--from: '9999-99-99' is not a date"),
    "bad due date": (("due", "--accepted", "9999-99-99", "--limit", 5), 2, "--accepted: '9999-99-99' is not a date"),
    "bad instant": (("case", "show", "DEMO-0001", *DEMO, "--as-of", "soon"), 2, "--as-of: 'soon' is not an instant"),
    "memory": (("report", "--store", "memory:"), 2, "store memory: it holds nothing between two commands"),
    "backward period": (("report", *DEMO, "--from", "2024-02-01", "--to", "2024-01-01"), 2, "--to: 2024-01-01 lies before"),
    "before it began": (("case", "show", "DEMO-0001", *DEMO, "--as-of", "2017-01-01"), 2, "nothing had happened by"),
    "bad group": (("report", *DEMO, "--by", "colour"), 2, "--by: 'colour' is none of"),
    "no such store": (("report", "--store", "sqlite:///gone.db"), 3, "store sqlite:///gone.db: there is no such file"),
    "no such folder": (
        ("import", "cases.csv", "--mapping", "little.toml", "--store", "sqlite:///no/where.db"),
        3,
        "the folder does not exist",
    ),
    "unreachable": (("report", "--store", "postgresql://nobody@127.0.0.1:1/none"), 3, "127.0.0.1"),
    "no such scheme": (("report", "--store", "mysql://x"), 2, f"expected {forms()}"),
    "no such file": (("import", "gone.csv", "--mapping", "little.toml", *INTO), 2, "gone.csv: there is no such file"),
    "unknown mapping": (("import", "cases.csv", "--mapping", "nothing", *INTO), 2, "mapping nothing: unknown"),
    "missing key": (("import", "cases.csv", "--mapping", "keyless.toml", *INTO), 1, "keyless.toml: case: missing"),
    "unknown item": (
        ("import", "cases.csv", "--mapping", "itemless.toml", *INTO),
        2,
        "item flying-carpet is not in the catalogue",
    ),
    "bad UTF-8": (("import", "latin.csv", "--mapping", "little.toml", *INTO), 1, "latin.csv:"),
    "truncated gzip": (("import", "cut.csv.gz", "--mapping", "little.toml", *INTO), 1, "cut.csv.gz"),
    "no such mapping's file": (("import", "cases.csv", "--mapping", "gone.toml", *INTO), 2, "gone.toml: cannot be read"),
    "no such rule": (("tick", *DEMO, "--rule", "gone.toml"), 2, "gone.toml: cannot be read"),
    "no such catalogue": (("tick", *DEMO, "--catalogue", "gone"), 2, "gone: there is no such folder"),
    "no such catalogue to examine": (("doctor", "--catalogue", "gone"), 2, "gone: there is no such folder"),
    "no such calendars": (("calendars", "--calendars", "gone"), 2, "gone: the directory cannot be read"),
    "no such settings": (("--config", "gone.toml", "report"), 2, "gone.toml: cannot be read"),
    "no such key": (("verify", *DEMO, "--checkpoint", "gone", "--key", "gone"), 2, "gone: No such file"),
    "no folder to write into": (("clock", "vectors", "--seed", 1, "--count", 1, "--out", "no/where"), 2, "no/where: No"),
    "unsound rule": (("tick", *DEMO, "--rule", "keyless.toml"), 1, "keyless.toml: format: unknown key"),
    "unsound catalogue": (("tick", *DEMO, "--catalogue", "catalogue"), 1, "items.toml: item x: version: missing"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_with_its_place_and_leaves_the_store_alone(folder: Path, name: str) -> None:
    (folder / "keyless.toml").write_text(MAPPING.replace('case = "number"\n', ""), "utf-8")
    (folder / "itemless.toml").write_text(MAPPING.replace('"imported"', '"flying-carpet"'), "utf-8")
    (folder / "latin.csv").write_bytes(CASES.replace("number", "Num\xe9ro").encode("latin-1"))
    (folder / "cut.csv.gz").write_bytes(gzip.compress(CASES.encode() * 50)[:-20])
    (folder / "catalogue").mkdir(exist_ok=True)
    (folder / "catalogue" / "items.toml").write_text('[[item]]\ncode = "x"\n', "utf-8")
    arguments, code, message = BAD[name]
    before = store_of(folder)

    ran = Ran(*arguments, folder=folder)

    assert ran.code == code, ran.err
    assert message in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    assert ran.out == ""
    assert store_of(folder) == before


def test_doctor_finds_an_unsound_catalogue(folder: Path) -> None:
    (folder / "bad").mkdir(exist_ok=True)
    (folder / "bad" / "items.toml").write_text('[[item]]\ncode = "x"\n', "utf-8")
    ran = Ran("doctor", "--catalogue", "bad", folder=folder)
    assert ran.code == 1
    assert "items.toml: item x" in ran.out
    assert Ran("doctor", *DEMO, folder=folder).code == 0


def test_progress_stays_off_when_stderr_is_no_terminal(folder: Path, tmp_path: Path) -> None:
    ran = Ran("demo", "--cases", 20, "--store", f"sqlite:///{tmp_path}/quiet.db", folder=folder)
    assert ran.err == ""


@pytest.mark.parametrize("command", ["verify", "report", "follow", "doctor"])
def test_a_database_of_others_is_left_as_it_is(tmp_path: Path, command: str) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as theirs:
        theirs.execute("CREATE TABLE mine (a)")
    before = (tmp_path / "theirs.db").read_bytes()
    ran = Ran(command, "--store", "sqlite:///theirs.db", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "casecore has no tables there" in ran.err
    assert (tmp_path / "theirs.db").read_bytes() == before


def test_a_table_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    assert Ran("demo", "--cases", 5, "--store", "sqlite:///cut.db", folder=tmp_path).code == 0
    with closing(sqlite3.connect(tmp_path / "cut.db")) as vandal:
        vandal.execute("DROP TABLE casecore_receipts")
    ran = Ran("verify", "--store", "sqlite:///cut.db", folder=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "no such table: casecore_receipts" in ran.err


def test_an_import_with_a_rejected_row_is_a_finding_and_the_others_are_in(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text(CASES + "A-3,yesterday,\n", "utf-8")
    arguments = ("--mapping", folder / "little.toml", "--store", "sqlite:///some.db", "--json")
    ran = Ran("import", "some.csv", *arguments, folder=tmp_path)
    assert (ran.code, ran.json()["cases"], len(ran.json()["rejected"])) == (1, 2, 1)


def test_doctor_says_whether_a_server_keeps_what_it_acknowledges(postgres_url: str, tmp_path: Path) -> None:
    open_engine(postgres_url, district="510114").close()
    with psycopg.connect(postgres_url) as connection:
        ((fsync,),) = connection.execute("SHOW fsync").fetchall()
    checks = Ran("doctor", "--store", postgres_url, "--json", folder=tmp_path).json()["checks"]
    (found,) = [check for check in checks if check["what"] == "PostgreSQL"]
    assert (found["state"], found["finding"].startswith(f"fsync {fsync},")) == ("ok" if fsync == "on" else "warn", True)
