"""``casecore package explain``, ``box explain``: the story, what the clocks say, the cards, and what is questionable."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.followed import World
from support.registers import ACCEPTED, collected
from support.story import fact, moment

from adapters.calendar_toml import NATIONAL
from casecore import (
    Authority,
    BoxCardIssued,
    CardGround,
    CardLevel,
    PackageAccepted,
    PackageCardIssued,
    PackageCardRevoked,
    PackageExtended,
)

CASECORE = Path(sys.executable).parent / "casecore"
BOX = "小蜜蜂箱"
LATE = "promise_overdue:promised:2026-03-17"


@pytest.fixture
def url(tmp_path: Path) -> str:
    world = World(f"sqlite:///{tmp_path}/hall.db")
    yellow = {"level": CardLevel.YELLOW, "judged_at": moment("03-18 09:00"), "rule": "default"}
    head = Authority.GOVERNMENT_HEAD
    package = (
        *(replace(one, calendar=NATIONAL) if isinstance(one, PackageAccepted) else one for one in ACCEPTED),
        fact(PackageCardIssued, "03-18 09:00", card=LATE, ground=CardGround.PROMISE_OVERDUE, **yellow),
        fact(PackageCardRevoked, "03-18 10:00", card=LATE, reason="a mistake"),
        fact(PackageExtended, "03-18 11:00", days=15, approver="Qian", reason="r", notice="N", authority=head),
    )
    box = (
        collected("03-02 08:40"),
        fact(BoxCardIssued, "03-03 09:00", card="box_not_emptied:2026-03-02", ground=CardGround.BOX_NOT_EMPTIED, **yellow),
    )
    world.happened({"P-1": package, BOX: box})
    world.close()
    return world.url


def run(*arguments: str) -> str:
    done = subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def plain(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_a_package_is_explained_with_its_clocks_cards_and_findings(url: str) -> None:
    said = run("package", "explain", "P-1", "--store", url, "--as-of", "2026-03-19")

    assert said.index("一件事受理") < said.index("承诺时限") < said.index("监察 Cards") < said.index("疑点 Findings")
    assert f"2026-03-18  黄牌 yellow: 超承诺时限, {LATE} [#6]; revoked (撤牌) 2026-03-18 #7: a mistake" in said
    assert "超期后挂起或延长 act_after_deadline: the extension of 2026-03-18 came after the promised limit ran out" in said


def test_everything_explained_of_a_package_is_said_as_json_too(url: str) -> None:
    found = plain("package", "explain", "P-1", "--store", url, "--as-of", "2026-03-19")

    (card,) = found["cards"]
    assert (card["card"], card["position"], card["revoked_position"], card["rule"]) == (LATE, 6, 7, "default")
    assert "act_after_deadline" in {one["code"] for one in found["findings"]}


def test_a_box_is_explained_with_the_days_it_was_emptied_too_seldom(url: str) -> None:
    found = plain("box", "explain", BOX, "--store", url, "--as-of", "2026-03-04")
    said = run("box", "explain", BOX, "--store", url, "--as-of", "2026-03-04")

    assert [one["card"] for one in found["cards"]] == ["box_not_emptied:2026-03-02"]
    (finding,) = [one for one in found["findings"] if one["code"] == "box_not_emptied"]
    assert finding["sentence"] == "emptied 1 times on 2 working days from 2026-03-02 to 2026-03-03, of 4 it had to be"
    assert "投递箱取件不足" in said


def test_what_is_questionable_in_one_package_or_box_may_be_asked_for(url: str) -> None:
    done = subprocess.run(
        [CASECORE, "findings", "--store", url, "--case", "P-1", "--json"], capture_output=True, timeout=120, check=False
    )

    found = json.loads(done.stdout)
    assert (done.returncode, found["streams"]) == (1, 1)
    assert {one["case"] for one in found["findings"]} == {"P-1"}
