"""Where papers may be handed in besides at a hall's windows, and under which seal results leave: registers as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casecore.validity import Dated
from casecore.vocabulary import Area, Place, Tier

__all__ = ["DropBox", "Elsewhere", "Seal", "Site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """An item a site does not take, and where it is taken instead."""

    item: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Dated):
    """A place of intake (办理点): a hall, a village point (代办点), a kiosk, a terminal at a bank.

    What the register says of it stands whatever a command says: where a visit led, at which tier papers came in.
    """

    code: str
    """What commands call ``hall``."""
    name_zh: str
    source: str
    place: Place
    tier: Tier
    """The tier it takes papers in at (受理层级), which need not be the item's 行使层级."""
    items: tuple[str, ...] = ()
    """Items it takes; every item where none is named."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """Items it does not take, with where they are taken instead."""
    away: Area | None = None
    """How far from the district it lies: in another county, city or province; None for one that lies in it.

    It takes the items alone that may be handed in so far from their owner (通办范围)."""
    valid_from: date | None = None
    """The first day papers are taken in here; None where it has always been open."""
    valid_until: date | None = None
    """The last one; None while nobody has closed it."""
    retrieved_on: date | None = None
    """When it was looked up in its source; None where nobody says."""

    def instead(self, item: str) -> str | None:
        """Where an item is handled that this site does not take: empty where nobody says; None where it takes it."""
        for one in self.elsewhere:
            if one.item == item:
                return one.where
        return None if not self.items or item in self.items else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal(Dated):
    """A seal or electronic seal (印章, 电子印章) with the dates within which it may be used."""

    code: str
    name_zh: str
    source: str
    department: str
    """Whose seal it is."""
    electronic: bool = False
    valid_from: date
    valid_until: date | None = None
    """The last day it is in force; None while nobody has withdrawn it."""
    retrieved_on: date | None = None
    """When it was looked up in its source; None where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBox(Dated):
    """A drop box (小蜜蜂箱): papers are put in at any hour and collected several times a day."""

    code: str
    name_zh: str
    source: str
    hall: str
    """The hall that collects it and receives what lay in it."""
    collections_a_day: int = 2
    """How often it is emptied on every working day of its service, at least."""
    valid_from: date | None = None
    """The first day something may be put in; None where it has always hung there."""
    valid_until: date | None = None
    """The last one; None while nobody has taken it down."""
    retrieved_on: date | None = None
    """When it was looked up in its source; None where nobody says."""


def unsound_register(entry: Site | Seal | DropBox) -> Iterator[tuple[str, str]]:
    """Breaches of what an entry of a register must keep, as (key, sentence)."""
    match entry:
        case Site(items=items, elsewhere=elsewhere):
            if entry.place is Place.HOME:
                yield "place", "nobody's home is a place of intake"
            if entry.away is Area.NATION:
                yield "away", f"{Area.NATION.zh} is no distance: it lies in another county, city or province"
            sent_on = [one.item for one in elsewhere]
            for key, names in (("items", items), ("elsewhere", sent_on)):
                if len(set(names)) < len(names):
                    yield key, "an item stands here twice"
            if both := sorted(set(items) & set(sent_on)):
                yield "elsewhere", f"taken here as well: {', '.join(both)}"
        case DropBox(collections_a_day=collections):
            if collections < 1:
                yield "collections_a_day", "a box nobody empties"
        case Seal():
            pass
    yield from entry.unsound_dates()
