"""What is shown is shown as it is: no name is markup, an emoji's code, a link or a command to the terminal."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from rich.table import Table
from support.named import NAMES, SCREENS, WITHOUT_NAMES, Screen, Town, commands, neutral

from adapters.csv_cells import text_of
from ops.printing import console
from ops.printing.console import inert, styled

LIST: Final = Path(__file__).with_name("screens_of_names.txt")
"""Every screen and file as it is asked for, made here, and which of them show no name."""


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed on the screen of a terminal."""
    written = io.StringIO()
    monkeypatch.setattr(console.out, "_file", written)
    monkeypatch.setattr(console.out, "_force_terminal", True)
    return written


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_as_it_is_in_a_line_a_cell_a_title_and_what_stands_out(printed: io.StringIO, name: str) -> None:
    table = Table(title=name)
    table.add_column(name)
    table.add_row(name)
    console.out.print(name)
    console.out.print(table)
    console.out.print(styled((name, "bold"), name))

    assert printed.getvalue().count(name) == 6


@pytest.mark.parametrize(
    "control", ["\x1b[31m", "\x1b]8;;https://example.org\x1b\\", "\x07", "\r", "\x9b2J", "\x7f", "\u202e"]
)
def test_a_terminal_obeys_nothing_that_is_shown(printed: io.StringIO, control: str) -> None:
    table = Table(title=control)
    table.add_column(control)
    table.add_row(f"a{control}b")
    console.out.print(f"a{control}b")
    console.out.print(table)
    console.out.print(styled(f"a{control}b"))

    assert control not in printed.getvalue()
    assert "a" in printed.getvalue()


# --- the screens and files ---


def test_every_command_is_asked_for_its_names_or_said_to_show_none() -> None:
    asked = {screen.command for screen in SCREENS}
    assert asked.isdisjoint(WITHOUT_NAMES)
    assert set(commands()) == asked | WITHOUT_NAMES.keys()


def test_the_list_names_every_screen_as_it_is_asked_for() -> None:
    assert [line.removesuffix(": none") for line in LIST.read_text("utf-8").splitlines()] == [line for line, _, _ in asked()]


@pytest.mark.parametrize("name", NAMES[:3])
def test_each_command_the_list_says_shows_names_shows_them_as_they_are(tmp_path: Path, name: str) -> None:
    town, each = (
        Town.of(tmp_path / "a", name),
        {screen.command: (line, screen) for line, screen, json in asked() if not json},
    )
    listed = LIST.read_text("utf-8").splitlines()
    shown = {line for line, screen in each.values() if town.count(screen, as_json=False)}

    print(f"{len(shown)} of {len(each)} commands show {name}")  # noqa: T201
    assert shown == {line for line, _ in each.values() if line in listed}
    assert len(shown) > len(each) * 2 // 3


@pytest.mark.torture
@pytest.mark.parametrize("name", NAMES)
def test_every_screen_and_file_shows_every_name_as_often_as_one_of_mere_letters(tmp_path: Path, name: str) -> None:
    """What is shown of a name that looks like markup, a link or a formula is what is shown of any other."""
    shown = counted(tmp_path, name, [*asked()])

    if name == NAMES[0]:
        page = "".join(f"{line}{'' if n else ': none'}\n" for line, n, _ in shown)
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            LIST.write_text(page, "utf-8")
        assert page == LIST.read_text("utf-8"), "UPDATE_SNAPSHOTS=1 writes it down"
    assert sum(n > 0 for _, n, _ in shown) > len(shown) * 3 // 4


def counted(folder: Path, name: str, asked: list[tuple[str, Screen, bool]]) -> list[tuple[str, int, int]]:
    """Each screen with how often it shows the name, and how often that of mere letters in its place."""
    told, plainly = (Town.of(folder / part, called) for part, called in (("a", name), ("b", neutral(name))))
    shown = [(line, told.count(screen, as_json), plainly.count(screen, as_json)) for line, screen, as_json in asked]
    print(f"{len(shown)} screens and files, {sum(n for _, n, _ in shown)} times {name}")  # noqa: T201
    assert [(line, n, wanted) for line, n, wanted in shown if n != wanted] == []
    return shown


def test_a_screen_that_took_a_name_for_markup_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, plainly = (Town.of(tmp_path / part, called) for part, called in (("a", "[bold]科"), ("b", neutral("[bold]科"))))
    monkeypatch.setattr(console.out, "_markup", True)
    explained = next(screen for screen in SCREENS if screen.command == "case explain")

    assert told.count(explained, as_json=True) == plainly.count(explained, as_json=True) > 0
    assert told.count(explained, as_json=False) < plainly.count(explained, as_json=False)


def asked() -> Iterator[tuple[str, Screen, bool]]:
    """Each screen as it is asked for, for people and for scripts."""
    for screen in SCREENS:
        line = " ".join((screen.command, *screen.arguments))
        yield line, screen, False
        if screen.json:
            yield f"{line} --json", screen, True


def test_a_figure_in_csv_is_no_formula_and_says_what_it_said(tmp_path: Path) -> None:
    town = Town.of(tmp_path / "a", "=1+1")
    rows = [*csv.reader(town.ran("report", "--by", "hall", "--csv").splitlines())]

    cells = {cell for row in rows for cell in row}
    assert "'=1+1" in cells
    assert "=1+1" in set(map(text_of, cells))
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("control", ["\x9b2J", "\x7f", "\u202e", "\u2028"])
def test_json_says_what_it_said_and_a_terminal_obeys_none_of_it(control: str) -> None:
    written = inert(json.dumps({"hall": f"科{control}"}, ensure_ascii=False))

    assert control not in written
    assert json.loads(written) == {"hall": f"科{control}"}
