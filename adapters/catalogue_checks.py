"""What was read of a catalogue, each value with its place, and where its tables name what is not there."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casecore.errors import Flaw
from casecore.service_item import ServiceItem
from casecore.soundness import box_flaws, clashes, flaws, site_flaws, theme_flaws
from casecore.theme import Theme

__all__ = ["Read", "clashes", "code_of", "disagreements", "flaws"]


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


def code_of(value: object, key: str) -> Flaw:
    """The code of what is wrong under a key of a value that could be read."""
    runs_in_a_circle = isinstance(value, Theme) and key == "items" and value.circle
    return Flaw.CIRCULAR if runs_in_a_circle else Flaw.CONTRADICTION


def disagreements(read: Read) -> Iterator[tuple[str, str, str]]:
    """Where the tables of a catalogue name what is not there, as (place, key, sentence)."""
    versions: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in read.values("item"):
        versions[item.code].append(item)
    for place, theme in read.found["theme"]:
        yield from ((place, *found) for found in theme_flaws(theme, read.named["item"], versions))
    for place, site in read.found["site"]:
        yield from ((place, *found) for found in site_flaws(site, read.named["item"]))
    for place, box in read.found["box"]:
        yield from ((place, *found) for found in box_flaws(box, read.named["site"], read.values("site")))
