"""An overlay changes the calendar it lies on and nothing else; a folder of one's own calendars stands beside what ships."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.calendar_toml import NATIONAL, known_calendars, load_calendar, shipped_calendars
from casecore.calendar import WorkCalendar
from casecore.calendars import newest
from casecore.errors import BadInput, Fault

TOWN = """
version = "town.1"
title = "A town"
zone = "Asia/Shanghai"
covers = [2024-01-01, 2025-12-31]
rest_weekdays = [6, 7]
hours = [["09:00", "12:00"], ["13:00", "17:00"]]

[years]
2024.rest = ["01-01", "02-12"]
2024.work = ["02-04"]
"""
FEAST = """
version = "feast.1"
title = "The town with its feast"
base = "town.1"

[years]
2024.rest = ["02-04", "04-11"]
2024.work = ["02-12", "04-13"]
"""
CUT = """
version = "town.0"
title = "The town as it was known in January"
base = "town.1"
covers = [2024-01-01, 2024-01-31]
"""
LATER = """
version = "town.2"
title = "The town after the notice for 2026"
base = "town.1"
covers = [2024-01-01, 2026-12-31]
supersedes = "town.1"

[years]
2026.rest = ["01-01"]
"""


def known(folder: Path, *texts: str) -> Mapping[str, WorkCalendar]:
    """The calendars there are with these files, each named after its version."""
    for text in texts:
        (folder / f"{text.split('version = ')[1].split(chr(34))[1]}.toml").write_text(text, "utf-8")
    return known_calendars(folder)


def refused(folder: Path, *texts: str) -> str:
    with pytest.raises(Fault) as fault:
        known(folder, *texts)
    return str(fault.value)


def on(text: str) -> date:
    return date.fromisoformat(text)


def differing(one: WorkCalendar, other: WorkCalendar) -> dict[str, bool]:
    """The days both cover and do not agree on, and whether the first works then."""
    first, last = max(one.covers[0], other.covers[0]), min(one.covers[1], other.covers[1])
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return {str(day): one.is_working(day) for day in days if one.is_working(day) is not other.is_working(day)}


# --- What an overlay says ---


def test_an_overlay_changes_the_days_it_names_and_no_others(tmp_path: Path) -> None:
    calendars = known(tmp_path, TOWN, FEAST)
    town, feast = calendars["town.1"], calendars["feast.1"]
    assert differing(feast, town) == {"2024-02-04": False, "2024-02-12": True, "2024-04-11": False, "2024-04-13": True}
    assert (feast.title, feast.zone, feast.covers, feast.hours_a_day) == (
        "The town with its feast",
        town.zone,
        town.covers,
        town.hours_a_day,
    )


def test_an_overlay_says_why_as_any_calendar_does(tmp_path: Path) -> None:
    feast = known(tmp_path, TOWN, FEAST)["feast.1"]
    why = {
        day: feast.describe(on(day)).why.partition(";")[0]
        for day in ("2024-02-04", "2024-02-12", "2024-04-11", "2024-04-13")
    }
    assert why == {
        "2024-02-04": "rest day (休息日)",
        "2024-02-12": "working day (工作日)",
        "2024-04-11": "public holiday (法定节假日放假)",
        "2024-04-13": "make-up working day (调休上班)",
    }


def test_shorter_coverage_forgets_what_lies_beyond_and_says_it_is_provisional(tmp_path: Path) -> None:
    calendars = known(tmp_path, TOWN, CUT)
    cut, whole = calendars["town.0"], calendars["town.1"]
    assert (cut.covers, differing(cut, whole)) == ((on("2024-01-01"), on("2024-01-31")), {})
    assert (cut.due(on("2024-01-30"), 9), cut.provisional(on("2024-02-12"))) == (on("2024-02-12"), True)
    assert (whole.due(on("2024-01-30"), 9), whole.provisional(on("2024-02-09"))) == (on("2024-02-09"), False)
    assert cut.describe(on("2024-02-04")).why.startswith("beyond the calendar's coverage")


def test_longer_coverage_is_a_later_notice_on_top_of_the_earlier(tmp_path: Path) -> None:
    calendars = known(tmp_path, TOWN, LATER)
    later = calendars["town.2"]
    assert differing(later, calendars["town.1"]) == {}
    assert (later.is_working(on("2026-01-01")), later.provisional(on("2026-01-05"))) == (False, False)
    assert (later.supersedes, newest(calendars, "town.1")) == ("town.1", "town.2")


def test_an_overlay_may_have_hours_of_its_own(tmp_path: Path) -> None:
    short = FEAST.replace("[years]", 'hours = [["10:00", "14:00"]]\n[years]')
    assert known(tmp_path, TOWN, short)["feast.1"].hours_a_day == timedelta(hours=4)


def test_an_overlay_may_lie_on_an_overlay_in_whatever_order_the_files_are(tmp_path: Path) -> None:
    lower = FEAST.replace("feast.1", "z.1")
    upper = 'version = "a.1"\ntitle = "Without the feast"\nbase = "z.1"\n[years]\n2024.work = ["04-11"]\n'
    calendars = known(tmp_path, TOWN, lower, upper)
    assert differing(calendars["a.1"], calendars["z.1"]) == {"2024-04-11": True}


def test_a_base_may_supersede_what_lies_on_it(tmp_path: Path) -> None:
    calendars = known(tmp_path, TOWN.replace('title = "A town"', 'title = "A town"\nsupersedes = "town.0"'), CUT)
    assert (calendars["town.0"].supersedes, newest(calendars, "town.0")) == (None, "town.1")


def test_what_lies_on_a_later_notice_does_not_take_the_place_of_what_that_superseded(tmp_path: Path) -> None:
    upper = 'version = "region.2"\ntitle = "A region"\nbase = "town.2"\n'
    assert known(tmp_path, TOWN, LATER, upper)["region.2"].supersedes is None


def test_an_overlay_of_what_ships_can_be_loaded_by_itself(tmp_path: Path) -> None:
    own = tmp_path / "draft.toml"
    own.write_text('version = "city.1"\ntitle = "A city"\nbase = "cn-2026.1"\n[years]\n2026.rest = ["03-02"]\n', "utf-8")
    assert differing(load_calendar(own), shipped_calendars()[NATIONAL]) == {"2026-03-02": False}
    own.write_text(FEAST, "utf-8")
    with pytest.raises(Fault, match=r"^draft\.toml: base: 'town\.1' is none of cn-2017\.1, cn-2026\.1, "):
        load_calendar(own)


# --- A folder ---


def test_calendars_of_ones_own_stand_beside_those_that_ship(tmp_path: Path) -> None:
    calendars = known(tmp_path, TOWN)
    assert set(calendars) == {*shipped_calendars(), "town.1"}
    assert known_calendars() is shipped_calendars()
    with pytest.raises(TypeError):
        calendars["town.2"] = calendars["town.1"]  # type: ignore[index]


def test_a_calendar_of_ones_own_may_supersede_one_that_ships(tmp_path: Path) -> None:
    notice = f'version = "cn-2027.1"\ntitle = "2027"\nbase = "{NATIONAL}"\ncovers = [2004-01-01, 2027-12-31]\n'
    calendars = known(tmp_path, notice + f'supersedes = "{NATIONAL}"\n[years]\n2027.rest = ["01-01"]\n')
    assert newest(calendars, "cn-2017.1") == newest(calendars, NATIONAL) == "cn-2027.1"
    assert newest(shipped_calendars(), "cn-2017.1") == NATIONAL


def test_a_file_is_read_as_it_is_now(tmp_path: Path) -> None:
    assert not known(tmp_path, TOWN)["town.1"].is_working(on("2024-02-12"))
    assert known(tmp_path, TOWN.replace(', "02-12"', ""))["town.1"].is_working(on("2024-02-12"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('base = "town.1"', "base = 1", "base: must be text, not 1"),
        ('version = "feast.1"\n', "", "version: missing"),
        ('title = "The town with its feast"', "", "title: missing"),
        ('base = "town.1"', 'base = "town.1"\nzone = "Asia/Shanghai"', "zone: unknown key"),
        ('base = "town.1"', 'base = "town.1"\nrest_weekdays = [7]', "rest_weekdays: unknown key"),
        ('base = "town.1"', 'base = "town.1"\nsupersedes = 1', "supersedes: must be text, not 1"),
        (
            'base = "town.1"',
            'base = "town.1"\ncovers = [2023-12-31, 2024-12-31]',
            "covers: must begin where town.1 counts (2024-01-01 to 2025-12-31)",
        ),
        (
            'base = "town.1"',
            'base = "town.1"\ncovers = [2026-01-01, 2026-12-31]',
            "covers: must begin where town.1 counts (2024-01-01 to 2025-12-31)",
        ),
        (
            'base = "town.1"',
            'base = "town.1"\ncovers = [2024-02-05, 2024-12-31]',
            "years.2024.rest: 2024-02-04 lies outside covers (2024-02-05 to 2024-12-31)",
        ),
        ("2024.work", "2026.work", "years.2026: the year lies outside covers (2024-01-01 to 2025-12-31)"),
        ('"04-11"', '"04-14"', "years.2024.rest: 2024-04-14 rests under town.1 already"),
        ('"04-11"', '"01-01"', "years.2024.rest: 2024-01-01 rests under town.1 already"),
        ('"04-11"', '"02-04"', "years.2024.rest: 2024-02-04 is listed twice"),
        ('"04-13"', '"04-12"', "years.2024.work: 2024-04-12 is worked under town.1 already"),
        ('"04-13"', '"04-11"', "years.2024.work: 2024-04-11 is worked under town.1 already"),
        ('"04-13"', '"02-12"', "years.2024.work: 2024-02-12 is listed twice"),
    ],
)
def test_a_bad_overlay_is_refused_by_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FEAST
    (tmp_path / "town.1.toml").write_text(TOWN, "utf-8")
    (tmp_path / "feast.1.toml").write_text(FEAST.replace(old, new), "utf-8")
    assert refused(tmp_path) == f"feast.1.toml: {message}"


def test_a_base_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, FEAST).startswith("feast.1.toml: base: 'town.1' is none of cn-2017.1, cn-2026.1, ")


def test_no_calendar_lies_on_itself(tmp_path: Path) -> None:
    one, other = (f'version = "{v}"\ntitle = "x"\nbase = "{base}"\n' for v, base in (("a.1", "b.1"), ("b.1", "a.1")))
    assert refused(tmp_path, one, other) == "b.1.toml: base: a.1 would lie on itself (a.1 on b.1 on a.1)"
    above = one.replace("a.1", "0.1").replace("b.1", "a.1")
    assert refused(tmp_path, above) == "b.1.toml: base: a.1 would lie on itself (a.1 on b.1 on a.1)"
    (tmp_path / "0.1.toml").unlink()
    assert refused(tmp_path, one.replace("b.1", "a.1")) == "a.1.toml: base: a.1 would lie on itself (a.1 on a.1)"


def test_a_long_pile_of_overlays_is_laid_without_recursion(tmp_path: Path) -> None:
    overlay = 'version = "o.{}"\ntitle = "x"\nbase = "{}"\ncovers = [2024-01-01, 2024-01-31]\n'
    pile = [overlay.format(n, f"o.{n + 1}") for n in range(1200)] + [overlay.format(1200, "town.1")]
    assert known(tmp_path, TOWN, *pile)["o.0"].between(on("2024-01-01"), on("2024-01-31")) == 22


def test_what_ships_is_not_redefined(tmp_path: Path) -> None:
    message = "cn-2026.1.toml: version: cn-2026.1 ships with casecore and stays what it is"
    assert refused(tmp_path, TOWN.replace("town.1", NATIONAL)) == message


def test_a_calendar_lies_in_a_file_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "city.1.toml").write_text(TOWN, "utf-8")
    assert refused(tmp_path) == "city.1.toml: version: town.1 belongs in a file of its own name"


@pytest.mark.parametrize(
    ("supersedes", "message"),
    [
        ("town.9", "town.2.toml: supersedes: 'town.9' is none of cn-2017.1, "),
        ("cn-2017.1", "town.2.toml: supersedes: cn-2017.1 is superseded by cn-2026.1 already"),
        ("town.2", "town.2.toml: supersedes: it supersedes itself in the end (town.2)"),
    ],
)
def test_a_line_of_versions_is_sound(tmp_path: Path, supersedes: str, message: str) -> None:
    assert refused(tmp_path, TOWN, LATER.replace('supersedes = "town.1"', f'supersedes = "{supersedes}"')).startswith(
        message
    )


def test_a_folder_without_calendars_is_a_mistake(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: no *.toml file in this directory"
    assert refused(tmp_path / "gone") == f"{tmp_path}/gone: the directory cannot be read: No such file or directory"


# --- What ships ---


def test_the_calendar_as_known_in_2017_is_todays_cut_where_knowledge_ended() -> None:
    then, now = shipped_calendars()["cn-2017.1"], shipped_calendars()[NATIONAL]
    assert (then.covers, differing(then, now)) == ((on("2004-01-01"), on("2017-12-31")), {})
    assert newest(shipped_calendars(), "cn-2017.1") == NATIONAL
    assert (then.due(on("2017-12-29"), 1), then.provisional(on("2018-01-01"))) == (on("2018-01-01"), True)
    assert now.due(on("2017-12-29"), 1) == on("2018-01-02")


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        (
            "cn-gx-2024.1",
            {
                **dict.fromkeys(("2021-04-14", "2021-04-15", "2021-04-16"), False),
                "2021-04-18": True,
                **dict.fromkeys(("2022-04-02", "2022-04-06", "2023-04-21", "2023-04-23", "2024-04-11", "2024-04-12"), False),
            },
        ),
        (
            "cn-nx-2022.1",
            dict.fromkeys(
                (
                    *("2019-06-05", "2019-06-06", "2019-08-12", "2019-08-13"),
                    *("2020-05-25", "2020-05-26", "2020-07-30", "2020-07-31"),
                    *("2021-05-13", "2021-05-14", "2021-07-19", "2021-07-20"),
                    *("2022-07-11", "2022-07-12"),
                ),
                False,
            ),
        ),
        ("cn-xz-2026.1", dict.fromkeys(("2026-02-24", "2026-02-25", "2026-02-26"), False)),
        ("cn-hb-2020.1", dict.fromkeys((f"2020-02-{day:02}" for day in (3, 4, 5, 6, 7, 10, 11, 12, 13)), False)),
    ],
)
def test_a_region_differs_from_the_nation_on_the_days_of_its_notices(version: str, changes: dict[str, bool]) -> None:
    assert differing(shipped_calendars()[version], shipped_calendars()[NATIONAL]) == changes


def test_where_a_regions_notices_are_not_known_nothing_is_counted_or_it_is_provisional() -> None:
    guangxi = shipped_calendars()["cn-gx-2024.1"]
    with pytest.raises(BadInput, match=r"^2020-12-31 lies outside calendar cn-gx-2024\.1"):
        guangxi.is_working(on("2020-12-31"))
    assert guangxi.provisional(on("2025-03-31"))


@pytest.mark.parametrize(
    ("version", "accepted", "days", "due"),
    [
        ("cn-gx-2024.1", "2024-04-10", 1, "2024-04-15"),
        ("cn-gx-2024.1", "2021-04-13", 1, "2021-04-18"),
        ("cn-nx-2022.1", "2020-05-22", 1, "2020-05-27"),
        ("cn-xz-2026.1", "2026-02-14", 1, "2026-02-27"),
        ("cn-hb-2020.1", "2020-01-23", 1, "2020-02-14"),
    ],
)
def test_a_region_counts_by_its_own_holidays(version: str, accepted: str, days: int, due: str) -> None:
    assert shipped_calendars()[version].due(on(accepted), days) == on(due)
    assert shipped_calendars()[NATIONAL].due(on(accepted), days) < on(due)
