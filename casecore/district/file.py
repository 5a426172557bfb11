"""The file of a district's books: what was adopted and withdrawn, and the books that makes on any day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple

from casecore.books import COMMON_PRACTICE, Books, DatedCalendar, DatedCatalogue, DatedRule
from casecore.calendar_sheet import WrittenCalendar
from casecore.district.facts import DistrictEvent, EntryAdopted, EntryName, EntryWithdrawn
from casecore.service_item import Catalogue
from casecore.vocabulary import BookEntry

__all__ = ["NO_BOOKS", "DistrictFile", "DistrictStage", "Shelf", "books_stream"]

IN_CATALOGUE: Final = (BookEntry.ITEM, BookEntry.THEME, BookEntry.SITE, BookEntry.SEAL, BookEntry.BOX)
"""What the catalogue is made of."""


def books_stream(district: str) -> str:
    """What the stream of a district's books is called in its log: there is one."""
    return f"district-{district}"


class DistrictStage(Enum):
    """Books are always open."""

    IN_USE = "in_use"


class DistrictFile(NamedTuple):
    """Everything the facts of a district's books add up to: they themselves, in their order, and the clock admitted."""

    version: int = 0
    stage: DistrictStage = DistrictStage.IN_USE
    stage_at: datetime | None = None
    facts: tuple[DistrictEvent, ...] = ()
    admitted: datetime | None = None
    """Up to which instant an operator lets the clocks of those who write lie ahead: what was said last."""

    @property
    def books(self) -> Books:
        """The books that makes; put together anew whenever it is asked, so whoever asks often keeps it."""
        return Shelf(self.facts).books._replace(version=self.version)


NO_BOOKS: Final = DistrictFile()


class Shelf:
    """The facts of a district's books by entry: what each was, is, and will be."""

    def __init__(self, facts: Sequence[DistrictEvent]) -> None:
        self.facts = facts
        by_name: dict[EntryName, list[DistrictEvent]] = defaultdict(list)
        for fact in facts:
            by_name[fact.name].append(fact)
        self._by_name: Mapping[EntryName, Sequence[DistrictEvent]] = by_name

    def told(self, name: EntryName) -> Sequence[DistrictEvent]:
        """What was adopted and withdrawn under a name, in its order."""
        return self._by_name.get(name, ())

    def held(self, name: EntryName) -> EntryAdopted | None:
        """The entry as it was adopted last; None where there is none, or it was withdrawn."""
        told = self._by_name.get(name)
        return told[-1] if told and isinstance(told[-1], EntryAdopted) else None

    def held_on(self, name: EntryName, day: date) -> EntryAdopted | None:
        """The entry as it is in the books on a local date; None where it is not among them then."""
        begun = [fact for fact in self.told(name) if fact.from_on is None or fact.from_on <= day]
        return begun[-1] if begun and isinstance(begun[-1], EntryAdopted) else None

    def entries(self, *kinds: BookEntry) -> Iterator[EntryAdopted]:
        """Every entry of these kinds that was adopted and not withdrawn, as it was adopted last."""
        for name, told in self._by_name.items():
            if name.entry in kinds and isinstance(told[-1], EntryAdopted):
                yield told[-1]

    def entries_on(self, day: date, *kinds: BookEntry) -> Iterator[EntryAdopted]:
        """Every entry of these kinds, by default of all, that is in the books on a local date, as it is then."""
        for name in self._by_name:
            if (not kinds or name.entry in kinds) and (held := self.held_on(name, day)) is not None:
                yield held

    @cached_property
    def calendars(self) -> Mapping[str, WrittenCalendar]:
        """Every calendar by its version: none is ever withdrawn, for what was promised under it is counted by it."""
        years = defaultdict(list)
        for one in self.entries(BookEntry.CALENDAR_YEAR):
            years[one.content.calendar].append(one.content)
        sheets = [one.content for one in self.entries(BookEntry.CALENDAR)]
        ordered = {version: tuple(sorted(found, key=lambda one: one.year)) for version, found in years.items()}
        return {sheet.version: WrittenCalendar(sheet, ordered.get(sheet.version, ())) for sheet in sheets}

    @cached_property
    def books(self) -> Books:
        """The books they make."""
        in_force = tuple(
            DatedCalendar(one.content, one.from_on) for one in self._adoptions(EntryName(BookEntry.CALENDAR_IN_FORCE))
        )
        rules = tuple(DatedRule(one.content, one.version, one.from_on) for one in self._adoptions(EntryName(BookEntry.RULE)))
        catalogues = tuple(DatedCatalogue(day, self._catalogue_on(day or date.min)) for day in self._days())
        return Books(
            calendars={version: writing.calendar() for version, writing in self.calendars.items()},
            in_force=in_force[-1].version if in_force else None,
            rules=rules or (COMMON_PRACTICE,),
            catalogue=catalogues[-1].catalogue if catalogues else Catalogue(()),
            version=len(self.facts),
            calendars_in_force=in_force,
            catalogues=catalogues,
        ).judging()

    def _adoptions(self, name: EntryName) -> Iterator[EntryAdopted]:
        return (fact for fact in self.told(name) if isinstance(fact, EntryAdopted))

    def _days(self) -> list[date | None]:
        """The days on which the catalogue became another, in their order."""
        days = {fact.from_on for fact in self.facts if fact.name.entry in IN_CATALOGUE}
        return sorted(days, key=lambda day: day or date.min)

    def _catalogue_on(self, day: date) -> Catalogue:
        found: Mapping[BookEntry, list[Any]] = {kind: [] for kind in IN_CATALOGUE}
        for one in self.entries_on(day, *IN_CATALOGUE):
            found[one.entry].append(one.content)
        return Catalogue(
            found[BookEntry.ITEM],
            themes=found[BookEntry.THEME],
            sites=found[BookEntry.SITE],
            seals=found[BookEntry.SEAL],
            boxes=found[BookEntry.BOX],
        )


def numbered(shelf: Shelf, name: EntryName) -> int:
    """The version a further adoption under the name bears."""
    if name.edition:
        return name.edition
    return 1 + sum(not isinstance(fact, EntryWithdrawn) for fact in shelf.told(name))
