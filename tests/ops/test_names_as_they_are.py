"""What is shown is shown as it is: no name is markup, an emoji's code, a link or a command to the terminal."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from rich.table import Table
from support.followed import World, trip
from support.story import IN_REVIEW, ROUTED, accepted, fact, received

from adapters.calendar_toml import NATIONAL
from casecore import ApprovalRefused, CaseTransferred, MandateGranted, MaterialMet
from casecore.vocabulary import MaterialWay
from ops.printing import console
from ops.printing.console import styled

CASECORE = Path(sys.executable).parent / "casecore"
NAMES: Final = (
    "[/x]",
    "审批[fire]科",
    "[bold red]科",
    "[link=x]科[/link]",
    "入口:cat:",
    "=1+1",
    "\\[x]",
    "[/]",
)


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


@pytest.mark.parametrize("control", ["\x1b[31m", "\x1b]8;;https://example.org\x1b\\", "\x07", "\r", "\x9b2J", "\x7f"])
def test_a_terminal_obeys_nothing_that_is_shown(printed: io.StringIO, control: str) -> None:
    table = Table(title=control)
    table.add_column(control)
    table.add_row(f"a{control}b")
    console.out.print(f"a{control}b")
    console.out.print(table)
    console.out.print(styled(f"a{control}b"))

    assert control not in printed.getvalue()
    assert "a" in printed.getvalue()


# --- the screens ---


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which everything that is named bears each of the names."""
    url = f"sqlite:///{tmp_path_factory.mktemp('halls')}/halls.db"
    world = World(url)
    world.happened({f"{name}{n}": lived(name) for n, name in enumerate(NAMES)})
    world.close()
    return url


def lived(name: str) -> tuple[Any, ...]:
    named: dict[str, Any] = {"hall": name, "window": name, "department": name, "applicant": name}
    return (
        fact(MandateGranted, "03-01 09:00", agent=name, applicant=name, scope=name, site=name),
        trip("03-02 08:00", name),
        received(**named),
        accepted(notice=name, calendar=NATIONAL),
        *ROUTED[len(IN_REVIEW) :],
        fact(CaseTransferred, "03-03 10:00", step="fire", from_department="Fire", to_department=name, reason=name),
        fact(MaterialMet, "03-03 11:00", material=name, way=MaterialWay.PAPER, source=name),
        fact(ApprovalRefused, "03-04 09:00", step="fire", department=name, reason=name),
    )


def run(*arguments: str) -> str:
    done = subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode < 2, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "screen", [("case", "show"), ("case", "status"), ("case", "explain"), ("case", "history"), ("trips",)]
)
def test_each_screen_of_a_case_shows_its_names_as_they_are(halls: str, screen: tuple[str, ...]) -> None:
    for n, name in enumerate(NAMES):
        said = run(*screen, f"{name}{n}", "--store", halls)
        assert name in said, (name, said)


@pytest.mark.parametrize("screen", [("agent", "{name}"), ("reminders",), ("findings",), ("report", "--by", "hall")])
def test_each_screen_of_a_store_shows_its_names_as_they_are(halls: str, screen: tuple[str, ...]) -> None:
    for name in NAMES:
        said = run(*(one.format(name=name) for one in screen), "--store", halls)
        assert name in said, (name, said)
