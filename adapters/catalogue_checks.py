"""What is wrong with what was read of a catalogue: by itself, beside its like, and where its tables name each other."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casecore.errors import Flaw
from casecore.places import DropBox, Seal, Site, unsound_register
from casecore.service_item import ServiceItem, unsound
from casecore.theme import Theme, unsound_theme

__all__ = ["Read", "clashes", "code_of", "disagreements", "flaws"]

Flaws = Iterator[tuple[str, str]]
"""``(key, sentence)``."""


@dataclass(slots=True)
class Read:
    """What was read so far, by kind of table, with the place of each value."""

    named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Every code that stands in a file, that of a table which could not be read as well."""
    found: dict[str, list[tuple[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, kind: str, place: str, value: object) -> None:
        """Add a value that could be read."""
        self.found[kind].append((place, value))

    def values(self, kind: str) -> list[Any]:
        """All values of a kind, in the order they were read."""
        return [value for _, value in self.found[kind]]


def flaws(value: ServiceItem | Theme | Site | Seal | DropBox) -> Flaws:
    """What is wrong with a value by itself."""
    match value:
        case ServiceItem():
            return unsound(value)
        case Theme():
            return unsound_theme(value)
        case _:
            return unsound_register(value)


def code_of(value: object, key: str) -> Flaw:
    """The code of what is wrong under a key of a value that could be read."""
    runs_in_a_circle = isinstance(value, Theme) and key == "items" and value.circle
    return Flaw.CIRCULAR if runs_in_a_circle else Flaw.CONTRADICTION


def clashes(value: Any, earlier: Sequence[Any]) -> Flaws:  # noqa: ANN401 - any of the five
    """Where a value and those of the same code read before contradict each other."""
    for other in earlier:
        if other.code != value.code:
            continue
        if not isinstance(value, ServiceItem | Theme):
            yield "code", "is in the catalogue twice"
            return
        if other.version == value.version:
            yield "version", f"version {value.version} is in the catalogue twice"
            continue
        begin = max(other.valid_from, value.valid_from)
        if begin <= min(other.valid_until or date.max, value.valid_until or date.max):
            yield "valid_from", f"versions {other.version} and {value.version} are both in force on {begin}"


def disagreements(read: Read) -> Iterator[tuple[str, str, str]]:
    """Where the tables of a catalogue name what is not there, as (place, key, sentence)."""
    versions: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in read.values("item"):
        versions[item.code].append(item)
    for place, theme in read.found["theme"]:
        yield from ((place, key, sentence) for key, sentence in _theme_flaws(theme, read.named["item"], versions))
    for place, site in read.found["site"]:
        yield from ((place, key, sentence) for key, sentence in _site_flaws(site, read.named["item"]))
    for place, box in read.found["box"]:
        if read.named["site"] and box.hall not in read.named["site"]:
            yield place, "hall", f"{box.hall} is no site of the catalogue"
        for site in read.values("site"):
            if site.code == box.hall and not site.covers(box):
                yield place, "hall", f"{box.hall} takes papers {site.span}, the box {box.span}"


def _theme_flaws(theme: Theme, known: Collection[str], versions: Mapping[str, Sequence[ServiceItem]]) -> Flaws:
    for one in theme.items:
        if one.item not in known:
            yield "items", f"{one.item} is no item of the catalogue"
        elif one.item in versions and (gap := _uncovered(theme, versions[one.item])) is not None:
            yield "items", f"{one.item} is not in force on {gap}, when the theme is"


def _site_flaws(site: Site, known: Collection[str]) -> Flaws:
    for key, codes in (("items", site.items), ("elsewhere", [one.item for one in site.elsewhere])):
        for code in codes:
            if code not in known:
                yield key, f"{code} is no item of the catalogue"


def _uncovered(theme: Theme, versions: Sequence[ServiceItem]) -> date | None:
    """The first day on which the theme is in force and no version of the item is."""
    day, last = theme.valid_from, theme.valid_until or date.max
    for item in sorted(versions, key=lambda item: item.valid_from):
        if item.valid_from > day:
            break
        ends = item.valid_until or date.max
        if ends >= last:
            return None
        day = max(day, ends + timedelta(days=1))
    return day if day <= last else None
