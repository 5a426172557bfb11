"""``casecore books``: a folder is adopted, what is in force is shown, and every adoption is in the history."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.story import CATALOGUE
from support.told_books import FOOD_ITEM
from typer.testing import CliRunner

from adapters import open_engine
from casecore import Catalogue
from ops.cli.app import app
from ops.cli.kinds import hang_up

hang_up("books")
DISTRICT = ("--district", "510114")
ITEM = """
[[item]]
code = "FOOD"
version = 1
name_zh = "食品经营许可"
name_en = "Food"
source = "区政务服务清单"
retrieved_on = 2026-06-30
item_type = "20"
tier = "county"
department = "Market"
valid_from = 2025-01-01
handling = "promised"
promised = {amount = 5, unit = "working_day"}
serves = ["person", "company"]
channels = ["window"]
visits = 1
visit_reason = "核验原件"
"""


class Ran:
    """One run of the command."""

    def __init__(self, *arguments: object) -> None:
        done = CliRunner().invoke(app, ["books", *map(str, arguments)])
        self.code, self.out, self.err = done.exit_code, done.stdout, done.stderr

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "our"
    (found / "catalogue").mkdir(parents=True)
    (found / "catalogue" / "items.toml").write_text(ITEM, "utf-8")
    (found / "rule.toml").write_text('name = "xindu"\nrectify_days = 15\n', "utf-8")
    return found


@pytest.fixture
def store(tmp_path: Path) -> tuple[str, str]:
    """A store of two districts, each with books of its own."""
    url = f"sqlite:///{tmp_path}/cases.db"
    open_engine(url, district="510114", catalogue=Catalogue([])).close()
    open_engine(url, district="510115", catalogue=CATALOGUE).close()
    return "--store", url


def test_a_folder_is_adopted_after_a_dry_run_has_said_what_changes(store: tuple[str, str], folder: Path) -> None:
    dry = Ran("adopt", folder, *store, *DISTRICT, "--from", "2026-07-01", "--dry-run")
    assert dry.code == 0
    assert "+ item FOOD 1 would be adopted" in dry.out
    assert "~ rule would be changed: name, rectify_days" in dry.out

    (done,) = Ran("adopt", folder, *store, *DISTRICT, "--from", "2026-07-01", "--by", "chen", "--json").json()
    assert (done["from_on"], done["dry_run"], done["refused"]) == ("2026-07-01", False, None)
    assert [one["entry"] for one in done["added"]] == ["item FOOD 1"]
    assert [(one["entry"], one["keys"]) for one in done["changed"]] == [("rule", ["name", "rectify_days"])]
    assert done["position"] is not None

    again = Ran("adopt", folder, *store, *DISTRICT)
    assert (again.code, "2 unchanged" in again.out) == (0, True)
    assert Ran("adopt", folder, *store, *DISTRICT, "--json").json()[0]["position"] is None


def test_books_that_may_not_be_adopted_are_refused_with_exit_code_1(store: tuple[str, str], folder: Path) -> None:
    assert Ran("adopt", folder, *store, *DISTRICT).code == 0
    changed = ITEM.replace("amount = 5", "amount = 4")
    (folder / "catalogue" / "items.toml").write_text(changed, "utf-8")
    refused = Ran("adopt", folder, *store, *DISTRICT)
    assert (refused.code, "contradicts_books" in refused.out) == (1, True)
    said = Ran("adopt", folder, *store, *DISTRICT, "--json")
    assert (said.code, said.json()[0]["reason"]) == (1, "contradicts_books")
    (folder / "catalogue" / "items.toml").write_text(changed.replace("tier", "teir"), "utf-8")
    unreadable = Ran("adopt", folder, *store, *DISTRICT)
    assert (unreadable.code, "items.toml: item FOOD: teir: unknown key" in unreadable.err) == (1, True)


def test_what_no_command_can_do_is_usage_and_what_is_not_there_unavailable(
    store: tuple[str, str], folder: Path, tmp_path: Path
) -> None:
    assert Ran("adopt", tmp_path / "no", *store, *DISTRICT).code == 2
    assert Ran("adopt", folder, *store, *DISTRICT, "--from", "soon").code == 2
    assert Ran("adopt", folder, *store, "--district", "a b").code == 2
    assert Ran("adopt", folder, "--store", f"sqlite:///{tmp_path}/none.db", *DISTRICT, "--dry-run").code == 3
    assert not (tmp_path / "none.db").exists()
    assert Ran("show", "moon", *store).code == 2
    assert Ran("show", *store, "--on", "soon").code == 2
    assert Ran("history", *store).code == 2


def test_books_are_shown_with_version_hash_source_and_since_when(store: tuple[str, str], folder: Path) -> None:
    assert Ran("adopt", folder, *store, *DISTRICT, "--from", "2026-07-01").code == 0
    (found,) = Ran("show", *store, *DISTRICT, "--on", "2026-07-01", "--json").json()
    by_code = {(one["entry"], one["code"]): one for one in found["entries"]}
    food = by_code["item", "FOOD"]
    assert (food["version"], food["from_on"], food["source"], food["retrieved_on"]) == (
        1, "2026-07-01", "区政务服务清单", "2026-06-30",
    )  # fmt: skip
    assert (len(food["sha256"]), food["content"]["name_en"]) == (64, "Food")
    assert by_code["rule", "xindu"]["version"] == 2
    assert by_code["calendar_in_force", "cn-2026.1"]["from_on"] is None
    assert by_code["calendar_year", "cn-gx-2024.1/2024"]["source"].startswith("自治区人民政府办公厅")
    before = Ran("show", *store, *DISTRICT, "--on", "2026-06-30", "--json").json()[0]
    assert {one["code"] for one in before["entries"] if one["entry"] in {"rule", "item"}} == {"default"}


def test_an_entry_asked_for_is_shown_whole(store: tuple[str, str]) -> None:
    shown = Ran("show", "FOOD", *store)
    assert shown.code == 0
    assert "Books of 510115" in shown.out
    assert f"department: {FOOD_ITEM.department}" in shown.out


def test_a_store_without_books_shows_what_ships_and_stays_as_it_is(tmp_path: Path) -> None:
    from adapters.stores.known import store_at  # noqa: PLC0415 - here alone a log is opened bare
    from adapters.testing.opened import open_desk  # noqa: PLC0415
    from adapters.testing.world import receive  # noqa: PLC0415

    url = f"sqlite:///{tmp_path}/old.db"
    with open_desk(url, district="510114", catalogue=CATALOGUE) as desk:
        desk.handle(receive())
        head = desk.log.head()
    shown = Ran("show", "--store", url)
    assert (shown.code, "has adopted no books yet" in shown.out) == (0, True)
    (found,) = Ran("show", "--store", url, "--json").json()
    assert (found["adopted"], len(found["entries"]) > 100) == (False, True)
    with store_at(url).log("510114") as log:
        assert log.head() == head


def test_every_adoption_is_in_the_history(store: tuple[str, str], folder: Path) -> None:
    assert Ran("adopt", folder, *store, *DISTRICT, "--by", "chen").code == 0
    rows = Ran("history", *store, *DISTRICT, "--json").json()
    assert [(row["event"], row["actor"]) for row in rows[-2:]] == [
        ("district.rule_adopted.v2", "chen"),
        ("district.item_adopted.v1", "chen"),
    ]
    assert rows[-1]["data"]["item"]["code"] == "FOOD"


def test_the_calendars_of_a_later_casecore_are_adopted_without_a_folder(store: tuple[str, str]) -> None:
    said = Ran("adopt", "--shipped-calendars", *store, *DISTRICT)
    assert (said.code, "54 unchanged" in said.out) == (0, True)
    assert Ran("adopt", "--shipped-calendars", *store).code == 2
