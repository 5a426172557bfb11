"""``casecore findings``: what is questionable, as the command line prints it."""

import json
from pathlib import Path

import pytest
from support.audited import GOOD, LONG, OVER, put
from support.followed import A, B, World
from support.story import HEAD
from typer.testing import CliRunner

from ops.cli import app


@pytest.fixture
def url(tmp_path: Path) -> str:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    put(world, good=GOOD, long=LONG, over=OVER)
    put(world, B, other=LONG)
    world.close()
    return world.url


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["findings", *arguments])
    return ran.exit_code, ran.output


def test_counts_come_first_and_then_each_finding_in_both_languages(url: str) -> None:
    code, out = run("--store", url)

    assert code == 1
    assert "3 findings in 4 histories" in out
    assert out.index("疑点") < out.index("3 findings") < out.index("log 510107")
    assert (
        "log 510114 position 6: long: 2026-03-10 09:00 延长超过法定上限 extension_too_long:"
        " 60 working days: 10 of them may count — zhao" in out
    )


def test_as_json_everything_is_listed(url: str) -> None:
    code, out = run("--store", url, "--district", A, "--json")

    found = json.loads(out)
    assert code == 1
    assert found["streams"] == 3
    assert found["counts"] == {"procedure_over_declared_days": 1, "extension_too_long": 1}
    assert [one["case"] for one in found["findings"]] == ["long", "over"]
    assert found["findings"][0] == {
        "code": "extension_too_long",
        "zh": "延长超过法定上限",
        "log": A,
        "case": "long",
        "position": 6,
        "version": 3,
        "at": "2026-03-10T09:00:00+08:00",
        "by": HEAD,
        "sentence": "60 working days: 10 of them may count",
        "cases": [],
    }


def test_more_than_fifty_findings_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path}/cases.db")
    put(world, **{f"c{n}": LONG for n in range(60)})
    world.close()

    _, out = run("--store", world.url)

    assert "60 findings in 60 histories" in out
    assert out.count("extension_too_long:") == 50
    assert "and 10 more" in out


@pytest.mark.parametrize(
    ("options", "exit_code"),
    [
        (("--case", "good"), 0),
        (("--case", "over"), 1),
        (("--code", "deemed_acceptance"), 0),
        (("--code", "extension_too_long", "--code", "deemed_acceptance"), 1),
        (("--from", "2026-03-11"), 0),
        (("--to", "2026-03-05"), 1),
        (("--district", B, "--code", "procedure_over_declared_days"), 0),
    ],
)
def test_the_exit_code_says_whether_anything_was_found(url: str, options: tuple[str, ...], exit_code: int) -> None:
    code, out = run("--store", url, *options)

    assert code == exit_code
    assert out.startswith("0 findings in ") == (exit_code == 0)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--code", "bribery"), "--code: 'bribery' is none of deemed_acceptance"),
        (("--from", "soon"), "--from: 'soon' is not a date"),
        (("--from", "2026-03-10", "--to", "2026-03-01"), "--to: 2026-03-01 lies before"),
        (("--case", "nobody"), "case nobody: not in"),
        (("--district", "999999"), "district 999999: no log"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_two(url: str, options: tuple[str, ...], complaint: str) -> None:
    code, out = run("--store", url, *options)

    assert code == 2
    assert complaint in out
