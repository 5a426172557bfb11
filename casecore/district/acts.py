"""Adopting books (采用账簿): which entries a district decides by from now on.

What is in the books already is not adopted again; one fact is one entry that is new, or says something else. The past
stands: a version of an item, a theme or a calendar is a name for what it says, and no day before the adoption changes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from casecore.act import Act, Rule, Ruling, facts_in
from casecore.annotations import Id
from casecore.calendar_sheet import CalendarSheet, CalendarYear, unsound_calendar
from casecore.calendars import line_of
from casecore.command import Command
from casecore.district.facts import (
    BoxAdopted,
    CalendarAdopted,
    CalendarPutInForce,
    CalendarYearAdopted,
    DistrictEvent,
    EntryName,
    EntryWithdrawn,
    ItemAdopted,
    RuleAdopted,
    SealAdopted,
    SiteAdopted,
    ThemeAdopted,
    year_name,
)
from casecore.district.file import IN_CATALOGUE, DistrictFile, DistrictStage, Shelf, books_stream, numbered
from casecore.district_rule import DistrictRule, unsound_rule
from casecore.errors import BadInput
from casecore.fingerprint import fingerprint
from casecore.growing import grown
from casecore.office import Office
from casecore.places import DropBox, Seal, Site
from casecore.refusals import Reason, Refused
from casecore.service_item import ServiceItem
from casecore.soundness import unsound_catalogue
from casecore.theme import Theme
from casecore.value import value
from casecore.vocabulary import BookEntry

__all__ = ["AdoptBooks", "DistrictCommand", "Withdrawal"]


@value
class Withdrawal:
    """An entry of the catalogue that is taken out of the books."""

    entry: BookEntry
    code: Id
    edition: int = 0
    """The version of an item or a theme; otherwise 0."""


@value
class DistrictCommand(Command):
    """A command about the books of one district."""

    district: Id

    @property
    def stream(self) -> str:
        """The stream of its books."""
        return books_stream(self.district)


@value
class AdoptBooks(DistrictCommand):
    """采用账簿: decide by these from a day on. What is not named stays as it is."""

    rule: DistrictRule | None = None
    items: tuple[ServiceItem, ...] = ()
    themes: tuple[Theme, ...] = ()
    sites: tuple[Site, ...] = ()
    seals: tuple[Seal, ...] = ()
    boxes: tuple[DropBox, ...] = ()
    calendars: tuple[CalendarSheet, ...] = ()
    calendar_years: tuple[CalendarYear, ...] = ()
    """The years of those calendars."""
    calendar: Id | None = None
    """The version in force from that day on where the rule names none."""
    whole_catalogue: bool = False
    """Whether items, themes, sites, seals and boxes are all there are from that day on: others are withdrawn."""
    withdraws: tuple[Withdrawal, ...] = ()
    from_on: date | None = None
    """The first local date they are in force. None is the day of the command; in books that hold nothing yet, always."""

    @property
    def names(self) -> tuple[EntryName, ...]:
        """Every entry that is named, in the order books are read."""
        return tuple(one.name for one in _asked(self))


def adopt_books(file: DistrictFile, command: AdoptBooks, at: datetime, office: Office) -> Ruling:
    """What is new in the books, one fact an entry; refused where it contradicts the past, or nothing could be decided by."""
    begins = command.from_on is None and not file.facts
    from_on = None if begins else command.from_on or at.date()
    shelf, asked = Shelf(file.facts), tuple(_asked(command))
    made = [*_adoptions(shelf, asked, command, from_on, at), *_withdrawals(shelf, asked, command, from_on or at.date(), at)]
    refused = [one for one in made if isinstance(one, Refused)]
    facts = tuple(one for one in made if not isinstance(one, Refused))
    if refused:
        return min(refused, key=lambda one: _PRECEDENCE.index(one.reason))
    if why := next(_unsound(shelf, asked, facts, from_on), None):
        return Refused(Reason.BOOKS_UNSOUND, why)
    return facts or Refused(Reason.BOOKS_UNCHANGED, command.district)


_Adopted = (
    RuleAdopted
    | ItemAdopted
    | ThemeAdopted
    | SiteAdopted
    | SealAdopted
    | BoxAdopted
    | CalendarAdopted
    | CalendarYearAdopted
    | CalendarPutInForce
)


class _Asked(NamedTuple):
    """An entry the command names, and the fact it would be."""

    fact: type[_Adopted]
    field: str
    """Where it stands in the fact."""
    name: EntryName
    content: Any


def _asked(command: AdoptBooks) -> Iterator[_Asked]:
    """Every entry the command names, in the order books are read."""
    for sheet in command.calendars:
        yield _Asked(CalendarAdopted, "sheet", EntryName(BookEntry.CALENDAR, sheet.version), sheet)
    for year in command.calendar_years:
        yield _Asked(CalendarYearAdopted, "year", year_name(year), year)
    if command.calendar is not None:
        yield _Asked(CalendarPutInForce, "calendar", EntryName(BookEntry.CALENDAR_IN_FORCE), command.calendar)
    if command.rule is not None:
        yield _Asked(RuleAdopted, "rule", EntryName(BookEntry.RULE), command.rule)
    for item in command.items:
        yield _Asked(ItemAdopted, "item", EntryName(BookEntry.ITEM, item.code, item.version), item)
    for theme in command.themes:
        yield _Asked(ThemeAdopted, "theme", EntryName(BookEntry.THEME, theme.code, theme.version), theme)
    for site in command.sites:
        yield _Asked(SiteAdopted, "site", EntryName(BookEntry.SITE, site.code), site)
    for seal in command.seals:
        yield _Asked(SealAdopted, "seal", EntryName(BookEntry.SEAL, seal.code), seal)
    for box in command.boxes:
        yield _Asked(BoxAdopted, "box", EntryName(BookEntry.BOX, box.code), box)


def _adoptions(
    shelf: Shelf, asked: Sequence[_Asked], command: AdoptBooks, from_on: date | None, at: datetime
) -> Iterator[DistrictEvent | Refused]:
    """The fact of each entry that is new or says something else, or why it may not be one.

    What it says is held against what is in the books on that day: what is planned for a later one changes nothing of it. Of
    a calendar there is but one version of each name, from whatever day on.
    """
    for one in asked:
        counted_by = one.name.entry in (BookEntry.CALENDAR, BookEntry.CALENDAR_YEAR)
        held = shelf.held(one.name) if counted_by else shelf.held_on(one.name, _day(from_on))
        if held is not None and held.content == one.content:
            continue
        told = shelf.told(one.name)
        if _contradicts(shelf, one, from_on):
            yield Refused(Reason.CONTRADICTS_BOOKS, str(one.name))
        elif told and _day(from_on) < _day(told[-1].from_on):
            yield Refused(Reason.ADOPTED_LATER, f"{one.name}: {told[-1].from_on}")
        else:
            said: dict[str, Any] = {one.field: one.content}
            if one.fact is not CalendarPutInForce:
                said["sha256"] = fingerprint(one.content)
            yield one.fact(at=at, by=command.by, version=numbered(shelf, one.name), from_on=from_on, **said)
    named = {one.name for one in asked}
    for version in (sheet.version for sheet in command.calendars if sheet.version in shelf.calendars):
        for year in shelf.calendars[version].years:
            name = year_name(year)
            if name not in named:
                yield Refused(Reason.CONTRADICTS_BOOKS, str(name))


def _contradicts(shelf: Shelf, one: _Asked, from_on: date | None) -> bool:
    """Whether the entry changes what bears its name: its version is a name for what it says.

    A version of an item or a theme may only be ended, or go on, and no day before the adoption is touched.
    """
    match one.name.entry:
        case BookEntry.CALENDAR:
            return one.content.version in shelf.calendars
        case BookEntry.CALENDAR_YEAR:
            return one.content.calendar in shelf.calendars
        case BookEntry.ITEM | BookEntry.THEME:
            adopted = [fact for fact in shelf.told(one.name) if isinstance(fact, ItemAdopted | ThemeAdopted)]
            return bool(adopted) and not _ends_otherwise(adopted[-1].content, one.content, _day(from_on))
        case _:
            return False


def _ends_otherwise(before: ServiceItem | Theme, after: ServiceItem | Theme, since: date) -> bool:
    """Whether a version says what it said, but for a last day that leaves the days before ``since`` as they were."""
    first_changed = min(before.valid_until or date.max, after.valid_until or date.max)
    same = before == replace(after, valid_until=before.valid_until)
    untouched = before.valid_until == after.valid_until or since <= date.min or first_changed >= since - timedelta(days=1)
    return same and untouched


def _withdrawals(
    shelf: Shelf, asked: Sequence[_Asked], command: AdoptBooks, from_on: date, at: datetime
) -> Iterator[EntryWithdrawn | Refused]:
    """The fact of each entry that is taken out of the books, or why it may not be."""
    names = {EntryName(one.entry, one.code, one.edition): None for one in command.withdraws}
    if command.whole_catalogue:
        named = {one.name for one in asked}
        names |= {one.name: None for one in shelf.entries_on(from_on, *IN_CATALOGUE) if one.name not in named}
    for name in names:
        told = shelf.told(name)
        if name.entry not in IN_CATALOGUE:
            yield Refused(Reason.COUNTED_UNDER, str(name))
        elif told and from_on < _day(told[-1].from_on):
            yield Refused(Reason.ADOPTED_LATER, f"{name}: {told[-1].from_on}")
        elif shelf.held(name) is None:
            yield Refused(Reason.NOT_IN_BOOKS, str(name))
        else:
            entry, code, edition = name
            yield EntryWithdrawn(at=at, by=command.by, entry=entry, code=code, edition=edition, from_on=from_on)


def _unsound(shelf: Shelf, asked: Sequence[_Asked], facts: Sequence[DistrictEvent], from_on: date | None) -> Iterator[str]:
    """What keeps the books, as they would be, from being decided by."""
    if twice := [name for name, times in Counter(one.name for one in asked).items() if times > 1]:
        yield f"{twice[0]}: stands here twice"
        return
    after = Shelf((*shelf.facts, *facts))
    yield from _unsound_calendars(after, facts)
    if unsound := next(_unsound_rules(shelf, after, facts), None):
        yield unsound
    elif any(fact.name.entry in IN_CATALOGUE for fact in facts):
        for dated in after.books.catalogues:
            if _day(dated.from_on) >= _day(from_on):
                yield from (f"{entry}: {why}" for entry, why in unsound_catalogue(dated.catalogue))


def _unsound_calendars(after: Shelf, facts: Sequence[DistrictEvent]) -> Iterator[str]:
    new = [fact.sheet.version for fact in facts if isinstance(fact, CalendarAdopted)]
    for fact in facts:
        if isinstance(fact, CalendarYearAdopted) and fact.year.calendar not in new:
            yield f"{fact.name}: there is no such calendar"
    for version in new:
        writing = after.calendars[version]
        yield from (f"calendar {version}: {key}: {sentence}" for key, sentence in unsound_calendar(writing))
        if writing.sheet.base is not None and writing.sheet.base not in after.calendars:
            yield f"calendar {version}: base: {writing.sheet.base} is no calendar of the books"
    try:
        line_of({version: writing.sheet.supersedes for version, writing in after.calendars.items()})
    except BadInput as flaw:
        yield f"calendar {flaw.place}: supersedes: {flaw.sentence}"


def _unsound_rules(shelf: Shelf, after: Shelf, facts: Sequence[DistrictEvent]) -> Iterator[str]:
    """What is wrong with the rule, and with the calendars it and the district name."""
    counted = {_named(fact) for fact in _naming(shelf.facts)}
    zones = {writing.sheet.zone for version, writing in after.calendars.items() if version in counted}
    for fact in _naming(facts):
        named = _named(fact)
        if isinstance(fact, RuleAdopted):
            yield from (f"rule {fact.rule.name}: {key}: {sentence}" for key, sentence in unsound_rule(fact.rule))
        if named is None:
            continue
        if named not in after.calendars:
            yield f"{fact.name}: {named} is no calendar of the books"
        elif zones and after.calendars[named].sheet.zone not in zones:
            yield f"{fact.name}: {named} counts in {after.calendars[named].sheet.zone}, the district in {min(zones)}"
    if after.told(EntryName(BookEntry.RULE)) and after.books.calendar_on(None) is None:
        yield "rule: neither it nor the district names a calendar"


def _naming(facts: Sequence[DistrictEvent]) -> Iterator[RuleAdopted | CalendarPutInForce]:
    """The facts that say by which calendar the district counts."""
    return (fact for fact in facts if isinstance(fact, RuleAdopted | CalendarPutInForce))


def _named(fact: RuleAdopted | CalendarPutInForce) -> str | None:
    return fact.rule.calendar if isinstance(fact, RuleAdopted) else fact.calendar


def _day(from_on: date | None) -> date:
    return from_on or date.min


_PRECEDENCE: Final = tuple(Reason)


def _evolve(file: DistrictFile, fact: DistrictEvent) -> DistrictFile:
    return file._replace(facts=grown(file.facts, fact))


ADOPTION: Final = Act(
    "采用账簿",
    facts=facts_in(DistrictEvent),
    evolve=_evolve,
    rules={AdoptBooks: Rule(adopt_books, facts_in(DistrictEvent), frozenset(DistrictStage), begins=True)},
)
"""Entries come into the books, and go."""
