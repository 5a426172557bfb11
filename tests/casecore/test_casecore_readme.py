"""The README of the heart is tested: the kind it makes is listed, and its story holds."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import Catalogue, Office, kinds
from casecore.kind import Kind

README: Final = (Path(__file__).resolve().parents[2] / "casecore" / "README.md").read_text("utf-8")
NOW: Final = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=8)))
OFFICE: Final = Office(Catalogue(()), shipped_calendars()[NATIONAL])
KIND, STORY = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def made() -> dict[str, Any]:
    said: dict[str, Any] = {"__name__": "readme", "office": OFFICE, "now": NOW}
    exec(KIND, said)  # noqa: S102 - our own words
    return said


def test_the_kind_of_the_readme_is_told_as_every_kind_once_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = made()
    kind: Kind[Any] = said["TICKET"]
    for known, more in {
        "_BY_FACT": dict.fromkeys(kind.facts, kind),
        "_BY_COMMAND": dict.fromkeys(kind.rules, kind),
        "_BY_FILE": {type(kind.new): kind},
    }.items():
        monkeypatch.setattr(kinds, known, {**getattr(kinds, known), **more})
    exec(STORY, said)  # noqa: S102 - our own words
    with pytest.raises(AssertionError, match="refused for another reason"):
        exec(STORY.replace("WRONG_STAGE", "UNKNOWN_CASE"), said)  # noqa: S102 - our own words


def test_the_facts_of_the_readme_tell_themselves_in_both_languages() -> None:
    for fact, fields in {"TicketDrawn": {"queue": "food"}, "TicketCalled": {"window": "7"}}.items():
        zh, en = made()[fact](at=NOW, by="kiosk", **fields).told()
        assert next(iter(fields.values())) in zh
        assert next(iter(fields.values())) in en


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120
