"""Several calendars: a version is found or named as unknown, and a later notice follows an earlier on one line."""

from datetime import date
from typing import Any

import pytest
from support.story import CALENDAR

from casecore import BadInput, Flaw, WorkCalendar, find_calendar, newest
from casecore.calendars import successors


def notice(version: str, supersedes: str | None = None) -> WorkCalendar:
    """A calendar of one week, published in the place of another."""
    parts: dict[str, Any] = {
        "title": version,
        "zone": "Asia/Shanghai",
        "covers": (date(2026, 3, 2), date(2026, 3, 8)),
        "rest_weekdays": frozenset({6, 7}),
        "rest": frozenset(),
        "work": frozenset(),
        "hours": (),
    }
    return WorkCalendar(version=version, supersedes=supersedes, **parts)


def known(**superseded: str | None) -> dict[str, WorkCalendar]:
    return {version: notice(version, earlier) for version, earlier in superseded.items()}


def flaw_of(calendars: dict[str, WorkCalendar], version: str) -> tuple[Flaw, str]:
    with pytest.raises(BadInput) as caught:
        newest(calendars, version)
    return caught.value.code, str(caught.value)


def test_a_calendar_supersedes_nothing_unless_it_says_so() -> None:
    assert CALENDAR.supersedes is None
    assert notice("b", "a").supersedes == "a"


def test_the_version_in_force_is_the_last_of_its_line_wherever_one_asks_on_it() -> None:
    calendars = known(c="b", a=None, b="a", region=None)
    assert [newest(calendars, version) for version in ("a", "b", "c", "region")] == ["c", "c", "c", "region"]
    assert successors(calendars) == {"a": "b", "b": "c"}


def test_a_version_that_is_not_known_is_named_with_those_that_are() -> None:
    calendars = known(b=None, a=None)
    assert find_calendar(calendars, "a") is calendars["a"]
    assert flaw_of(calendars, "z") == (Flaw.UNKNOWN_CALENDAR, "calendar: 'z' is none of a, b")
    with pytest.raises(BadInput, match=r"^--calendar: 'z' is none of a, b$"):
        find_calendar(calendars, "z", "--calendar")


@pytest.mark.parametrize("asked", ["a", "b", "c"])
def test_two_successors_of_one_version_are_a_contradiction_whoever_is_asked_for(asked: str) -> None:
    calendars = known(a=None, b="a", c="a")
    assert flaw_of(calendars, asked) == (Flaw.CONTRADICTION, "c: a is superseded by b already")


def test_a_version_supersedes_only_one_that_is_known() -> None:
    assert flaw_of(known(b="a"), "b") == (Flaw.UNKNOWN_CALENDAR, "b: 'a' is none of b")


@pytest.mark.parametrize(
    ("superseded", "circle"),
    [({"a": "a"}, "a"), ({"a": "b", "b": "a"}, "a, b"), ({"a": "c", "b": "a", "c": "b"}, "a, b, c")],
)
def test_no_version_supersedes_itself_in_the_end(superseded: dict[str, str], circle: str) -> None:
    calendars = known(other=None, **superseded)
    assert flaw_of(calendars, "other") == (Flaw.CONTRADICTION, f"a: it supersedes itself in the end ({circle})")
