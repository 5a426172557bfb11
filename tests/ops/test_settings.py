"""``casecore.toml`` replaces a row of options: store, district and folders of books, where none is said on the line."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import NO_SETTINGS, Settings, load_settings, settings_of
from casecore import Fault
from ops.cli.lazy import loaded, read_index

CASECORE = Path(sys.executable).parent / "casecore"
WHOLE = 'store = "sqlite:///cases.db"\ndistrict = "510114"\n[districts.510114]\nbooks = "books/a"\n'
RECEIVED = {
    "command": "ReceiveCase", "case": "C-1", "by": "window-7", "at": "2026-03-02T10:00:00+08:00",
    "item": "bookstore-licence", "hall": "H1", "applicant": "A-1", "applicant_kind": "company",
}  # fmt: skip


def ran(folder: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    """One run of the command: exit code, stdout, stderr."""
    ours = ("CASECORE_CALENDARS", "CASECORE_RULE", "CASECORE_CONFIG")
    environment = {name: value for name, value in os.environ.items() if name not in ours} | env
    done = subprocess.run(
        [CASECORE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def plain(folder: Path, *arguments: str) -> Any:
    code, out, err = ran(folder, *arguments, "--json")
    assert code in (0, 1), err
    return json.loads(out)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with settings, the books of two districts and a command."""
    for name in ("a", "b"):
        (tmp_path / "books" / name).mkdir(parents=True)
        rule = f'name = "rule-{name}"\n[trips]\nnear_net = {str(name == "a").lower()}\n'
        (tmp_path / "books" / name / "rule.toml").write_text(rule, "utf-8")
    (tmp_path / "casecore.toml").write_text(WHOLE, "utf-8")
    (tmp_path / "commands.jsonl").write_text(json.dumps(RECEIVED), "utf-8")
    return tmp_path


# --- What a file may say ---


def test_a_file_says_store_district_and_folders_beside_it(town: Path) -> None:
    found = load_settings(town / "casecore.toml")
    assert found == Settings(town / "casecore.toml", "sqlite:///cases.db", "510114", {"510114": town / "books" / "a"})


def test_the_only_district_with_books_is_the_one_meant_and_of_several_none_is(town: Path) -> None:
    only = town / "only.toml"
    only.write_text('[districts.510107]\nbooks = "books/b"\n', "utf-8")
    several = town / "several.toml"
    several.write_text(f'{only.read_text("utf-8")}[districts.510114]\nbooks = "books/a"\n', "utf-8")

    assert (load_settings(only).district, load_settings(only).store) == ("510107", None)
    assert load_settings(several).district is None
    assert list(load_settings(several).books) == ["510107", "510114"]


def test_where_there_is_no_file_nothing_is_said(tmp_path: Path) -> None:
    assert settings_of(folder=tmp_path) == NO_SETTINGS


def test_a_file_that_is_named_goes_before_the_one_where_one_is(town: Path) -> None:
    (town / "other.toml").write_text('store = "memory:"\n', "utf-8")
    assert settings_of(town / "other.toml", town).store == "memory:"
    assert settings_of(None, town).store == "sqlite:///cases.db"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ('stor = "sqlite:///x.db"', "stor: unknown key"),
        ('store = "mysql://x"', "store: expected memory:"),
        ("store = 7", "store: must be text, not 7"),
        ('district = "5101 14"', "district: "),
        ('districts = "510114"', "districts: must be a table, not '510114'"),
        ("[districts.510114]", "districts.510114.books: missing"),
        ('[districts.510114]\nbooks = "gone"', "districts.510114.books: "),
        ('[districts.510114]\nbooks = "books/a"\nrule = "r"', "districts.510114.rule: unknown key"),
        ('[districts."a b"]\nbooks = "books/a"', "districts.a b: "),
        ("store =", "is not TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line_naming_it_and_the_key(town: Path, text: str, flaw: str) -> None:
    (town / "casecore.toml").write_text(text, "utf-8")
    with pytest.raises(Fault) as found:
        load_settings(town / "casecore.toml")
    assert str(found.value).startswith(f"{town / 'casecore.toml'}: {flaw}")
    code, out, err = ran(town, "report")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith(f"casecore: casecore.toml: {flaw}")


def test_a_file_that_is_named_and_not_there_is_an_error(town: Path) -> None:
    code, out, err = ran(town, "--config", "gone.toml", "report")
    assert (code, out) == (2, "")
    assert err.startswith("casecore: gone.toml: cannot be read")


# --- What every command takes from it ---


def test_a_store_is_written_followed_and_read_without_any_option(town: Path) -> None:
    assert ran(town, "handle", "commands.jsonl")[0] == 0
    assert ran(town, "follow", "--once")[0] == 0
    figures = plain(town, "report")["indicators"]
    assert [one["numerator"] for one in figures if one["code"] == "K20-received"] == [1]
    assert plain(town, "case", "show", "C-1")["case"] == "C-1"
    assert [list(plain(town, "verify")["logs"]), ran(town, "rebuild")[0], ran(town, "doctor")[0]] == [["510114"], 0, 0]


def test_an_option_goes_before_the_file(town: Path) -> None:
    assert ran(town, "handle", "commands.jsonl", "--district", "510107", "--store", "sqlite:///other.db")[0] == 0
    assert not (town / "cases.db").exists()
    assert list(plain(town, "verify", "--store", "sqlite:///other.db", "--district", "510107")["logs"]) == ["510107"]


@pytest.mark.parametrize("named", [{"arguments": ("--config", "elsewhere.toml")}, {"CASECORE_CONFIG": "elsewhere.toml"}])
def test_a_file_is_named_on_the_line_or_in_the_environment(town: Path, named: dict[str, Any]) -> None:
    (town / "casecore.toml").rename(town / "elsewhere.toml")
    arguments = named.pop("arguments", ())
    assert ran(town, "handle", "commands.jsonl")[0] == 2
    assert ran(town, *arguments, "handle", "commands.jsonl", **named)[0] == 0


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("report",), "--store: say which store, or let casecore.toml say it (key store)"),
        (("handle", "commands.jsonl", "--store", "memory:"), "--district: say which district, or let casecore.toml"),
        (("books", "adopt", "--store", "sqlite:///x.db"), "DIR: say which folder, or let casecore.toml say it"),
        (("books", "adopt", "books/a", "--store", "sqlite:///x.db"), "--district: say whose books books/a holds"),
    ],
)
def test_what_neither_says_is_asked_for_in_one_line(town: Path, command: tuple[str, ...], message: str) -> None:
    (town / "casecore.toml").unlink()
    code, out, err = ran(town, *command)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(f"casecore: {message}")


def test_every_command_with_a_store_or_a_district_takes_it_from_the_file() -> None:
    """But for those that must not touch the store at hand: demo and the benches write their own, roles are a superuser's."""
    apart = {"demo", "bench", "roles"}
    for name, line in read_index().items():
        command = loaded(name, line["module"])
        for one in getattr(command, "commands", {"": command}).values():
            for option in (found for found in one.params if found.name in ("store", "district") and name not in apart):
                assert "casecore.toml" in str(option.help), f"{name} {one.name} --{option.name}"


# --- Adopting the folders it names ---


def test_each_district_adopts_the_folder_named_for_it(town: Path) -> None:
    (town / "casecore.toml").write_text(f'{WHOLE}[districts.510107]\nbooks = "books/b"\n', "utf-8")
    assert ran(town, "migrate")[0] == 0
    code, out, err = ran(town, "books", "adopt")
    assert code == 0, err
    assert "books of 510114, in force since always" in out
    assert "books of 510107, in force since always" not in out  # district = "510114" is the one meant

    for district, rule in (("510107", "rule-b"), ("510114", "rule-a")):
        assert ran(town, "books", "adopt", "--district", district)[0] == 0
        (books,) = plain(town, "books", "show", "--district", district)
        (shown,) = [one for one in books["entries"] if one["entry"] == "rule"]
        assert shown["content"]["name"] == rule


def test_all_districts_adopt_theirs_where_none_is_meant(town: Path) -> None:
    both = WHOLE.replace('district = "510114"\n', "") + '[districts.510107]\nbooks = "books/b"\n'
    (town / "casecore.toml").write_text(both, "utf-8")
    assert ran(town, "migrate")[0] == 0
    code, out, _ = ran(town, "books", "adopt")
    assert (code, out.count("in force since always")) == (0, 2)
    code, _, err = ran(town, "books", "adopt", "--district", "440105")
    assert (code, err) == (2, "casecore: --district: casecore.toml names no books of 440105\n")


def test_the_file_that_ships_in_the_readme_is_sound(tmp_path: Path) -> None:
    text = files("adapters").joinpath("settings.py").read_text("utf-8")
    example = text.split("::\n")[1].split('"""')[0].split("\n\nIt replaces")[0]
    (tmp_path / "books" / "510114").mkdir(parents=True)
    (tmp_path / "casecore.toml").write_text("\n".join(line[4:] for line in example.splitlines()), "utf-8")
    assert load_settings(tmp_path / "casecore.toml").district == "510114"
