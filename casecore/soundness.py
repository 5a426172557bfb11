"""What keeps books from being used: entries unsound by themselves, contradicting their like, or naming what is not there.

Pure, and without a file: who reads files (``adapters``) adds the place, who adopts (``casecore.district``) the refusal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, Final

from casecore.limits import Limit
from casecore.places import DropBox, Seal, Site, unsound_register
from casecore.service_item import Catalogue, ServiceItem, unsound, working_minutes
from casecore.theme import Theme, unsound_theme

__all__ = ["Flaws", "box_flaws", "clashes", "flaws", "site_flaws", "theme_flaws", "unsound_catalogue"]

MOST_MINUTES: Final = working_minutes(Limit.years(100)) or 0
"""Of working time; more than any procedure takes: a slip of the pen."""
Flaws = Iterator[tuple[str, str]]
"""``(key, sentence)``."""


def flaws(value: ServiceItem | Theme | Site | Seal | DropBox) -> Flaws:
    """What is wrong with an entry of the catalogue by itself."""
    match value:
        case ServiceItem():
            return chain(unsound(value), _limit_flaws(value))
        case Theme():
            return chain(unsound_theme(value), _limit_flaws(value))
        case _:
            return unsound_register(value)


def _limit_flaws(entry: ServiceItem | Theme) -> Flaws:
    """Limits that say two things, or that no calendar could count to their end."""
    for key, limit in _limits(entry):
        if limit is not None and limit.says_two_things:
            yield key, f"{limit.amount} and the date {limit.due_on} contradict each other"
        if limit is not None and (working_minutes(limit) or 0) > MOST_MINUTES:
            yield key, f"{limit} is more than a hundred years"


def _limits(entry: ServiceItem | Theme) -> Iterator[tuple[str, Limit | None]]:
    yield "promised", entry.promised
    if isinstance(entry, ServiceItem):
        yield "statutory", entry.statutory
        for step in entry.plan:
            yield "plan", step.limit
    if entry.before is not None:
        yield "before", entry.before.limit


def clashes(value: Any, earlier: Iterable[Any]) -> Flaws:  # noqa: ANN401 - any of the five
    """Where an entry and those of the same code before it contradict each other."""
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


def theme_flaws(theme: Theme, known: Collection[str], versions: Mapping[str, Sequence[ServiceItem]]) -> Flaws:
    """Items a theme joins that are not there, or not while it is in force; ``versions`` are those that can be asked."""
    for one in theme.items:
        if one.item not in known:
            yield "items", f"{one.item} is no item of the catalogue"
        elif one.item in versions and (gap := _uncovered(theme, versions[one.item])) is not None:
            yield "items", f"{one.item} is not in force on {gap}, when the theme is"


def site_flaws(site: Site, known: Collection[str]) -> Flaws:
    """Items a site takes, or sends elsewhere, that are not there."""
    for key, codes in (("items", site.items), ("elsewhere", [one.item for one in site.elsewhere])):
        for code in codes:
            if code not in known:
                yield key, f"{code} is no item of the catalogue"


def box_flaws(box: DropBox, named: Collection[str], sites: Iterable[Site]) -> Flaws:
    """What is wrong with the hall of a box: none of the sites, where any is named, or not open as long as the box is.

    ``named`` are the codes of all sites, also of those nobody could read.
    """
    if named and box.hall not in named:
        yield "hall", f"{box.hall} is no site of the catalogue"
    for site in sites:
        if site.code == box.hall and not site.covers(box):
            yield "hall", f"{box.hall} takes papers {site.span}, the box {box.span}"


def unsound_catalogue(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Everything wrong with a catalogue, as (kind and code, ``key: sentence``)."""
    versions: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in catalogue:
        yield from _named("item", item, flaws(item), clashes(item, versions[item.code]))
        versions[item.code].append(item)
    themes: dict[str, list[Theme]] = defaultdict(list)
    for theme in catalogue.themes:
        yield from _named(
            "theme", theme, flaws(theme), clashes(theme, themes[theme.code]), theme_flaws(theme, versions, versions)
        )
        themes[theme.code].append(theme)
    for site in catalogue.sites.values():
        yield from _named("site", site, flaws(site), site_flaws(site, versions))
    for seal in catalogue.seals.values():
        yield from _named("seal", seal, flaws(seal))
    for box in catalogue.boxes.values():
        yield from _named("box", box, flaws(box), box_flaws(box, catalogue.sites, catalogue.sites.values()))


def _named(kind: str, entry: Any, *found: Flaws) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any of the five
    for some in found:
        yield from ((f"{kind} {entry.code}", f"{key}: {sentence}") for key, sentence in some)


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
