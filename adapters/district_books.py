"""The books of a district as its log has them, those that ship, and adopting what an embedder gives."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.catalogue_toml import load_catalogue
from casecore import door
from casecore.books import Books, DatedRule
from casecore.calendar import WorkCalendar
from casecore.calendar_sheet import written
from casecore.calendars import find_calendar
from casecore.district import DISTRICT, AdoptBooks, books_stream
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.errors import Fault
from casecore.fact import Fact
from casecore.kinds import as_kind, decide, fold_stream
from casecore.log import Log, readable
from casecore.refusals import Refused
from casecore.service_item import Catalogue

__all__ = ["NOTHING_GIVEN", "OPENING", "GivenBooks", "books_of", "first_facts", "shipped_books"]

OPENING: Final = "casecore"
"""Who adopts as an engine is opened."""


@cache
def shipped_books() -> Books:
    """The books that ship: common practice, the shipped catalogue and calendars, the national one in force; version 0."""
    return Books(shipped_calendars(), NATIONAL, catalogue=load_catalogue()).judging()


def books_of(log: Log) -> Books:
    """The books a log has adopted; the shipped ones, marked version 0, where it has adopted none. It writes nothing.

    Raises :class:`~casecore.errors.Fault` where one of their facts cannot be read, and
    :class:`~casecore.errors.BadInput` where something else bears the name of their stream.
    """
    stream = books_stream(log.district)
    file = as_kind(fold_stream(one.event for one in readable(log.history(stream))), DISTRICT, stream)
    return file.books if file.version else shipped_books()


class GivenBooks(NamedTuple):
    """What an embedder gives as books; what is not given stays what it is, or ships."""

    rule: DistrictRule | None = None
    catalogue: Catalogue | None = None
    calendars: Mapping[str, WorkCalendar] | None = None
    calendar: str | None = None
    """The version in force; it goes before what the rule names."""

    def beside(self, books: Books) -> "GivenBooks":
        """Those to adopt beside what the books hold: a calendar given goes before the one their rule names.

        Raises :class:`~casecore.errors.BadInput` for a calendar version that is not among the calendars.
        """
        ruled = self.rule or books.rule_on(None).rule
        calendars = {**books.calendars, **(self.calendars or {})}
        if self.calendar is None and ruled.calendar is not None:
            find_calendar(calendars, ruled.calendar, f"rule {ruled.name}: calendar")
        else:
            find_calendar(calendars, self.calendar or books.in_force or NATIONAL)
        if self.calendar is None or ruled.calendar in (None, self.calendar):
            return self
        return self._replace(rule=replace(ruled, calendar=self.calendar))

    def whole(self) -> "GivenBooks":
        """Those of a district that had none: what is not given ships, and what ships of calendars stands beside those given.

        Raises :class:`~casecore.errors.BadInput` for a calendar version that is not among the calendars.
        """
        shipped = shipped_books()
        rule = self.beside(shipped).rule or DEFAULT_RULE
        catalogue = shipped.catalogue if self.catalogue is None else self.catalogue
        return GivenBooks(rule, catalogue, {**shipped.calendars, **(self.calendars or {})}, self.calendar or NATIONAL)

    def instead_of(self, books: Books) -> Books:
        """The books, with these in the place of what they say on every day: for whoever looks, and adopts nothing."""
        if self == NOTHING_GIVEN:
            return books
        given = self.beside(books)
        changed: dict[str, Any] = {"calendars": {**books.calendars, **(self.calendars or {})}}
        if given.rule is not None:
            changed["rules"] = (DatedRule(given.rule),)
        if given.calendar is not None:
            changed |= {"in_force": given.calendar, "calendars_in_force": ()}
        if given.catalogue is not None:
            changed |= {"catalogue": given.catalogue, "catalogues": ()}
        return books._replace(**changed).judging()

    def zone(self, books: Books) -> str:
        """The zone the district counts in, once these are adopted beside the books."""
        calendars = {**books.calendars, **(self.calendars or {})}
        ruled = self.rule or books.rule_on(None).rule
        return find_calendar(calendars, ruled.calendar or self.calendar or books.in_force or NATIONAL).zone

    def adoption(self, district: str, by: str, from_on: date | None = None) -> AdoptBooks:
        """The command that adopts them; a catalogue given is all there is of it."""
        catalogue, writings = self.catalogue, [written(one) for one in (self.calendars or {}).values()]
        of_catalogue: dict[str, Any] = {}
        if catalogue is not None:
            of_catalogue = {
                "items": tuple(catalogue),
                "themes": tuple(catalogue.themes),
                "sites": tuple(catalogue.sites.values()),
                "seals": tuple(catalogue.seals.values()),
                "boxes": tuple(catalogue.boxes.values()),
            }
        return AdoptBooks(
            district=district,
            by=by,
            rule=self.rule,
            calendars=tuple(one.sheet for one in writings),
            calendar_years=tuple(year for one in writings for year in one.years),
            calendar=self.calendar,
            whole_catalogue=catalogue is not None,
            from_on=from_on,
            **of_catalogue,
        )


NOTHING_GIVEN: Final = GivenBooks()


def first_facts(given: GivenBooks, district: str, at: datetime) -> tuple[tuple[Fact, ...], Books | None]:
    """The facts a district's books begin with, and the books they make where somebody has made them already.

    Raises :class:`~casecore.errors.Fault` where nobody could decide by them.
    """
    if given == NOTHING_GIVEN:
        shipped, books = _shipped_facts()
        return tuple(replace(fact, at=at) for fact in shipped), books
    command = given.whole().adoption(district, OPENING)
    door.check(command)
    return _decided(command, at), None


@cache
def _shipped_facts() -> tuple[tuple[Fact, ...], Books]:
    facts = _decided(NOTHING_GIVEN.whole().adoption("000000", OPENING), datetime(2000, 1, 1, tzinfo=UTC))
    return facts, DISTRICT.fold(facts).books


def _decided(command: AdoptBooks, at: datetime) -> tuple[Fact, ...]:
    ruling = decide(None, command, at, shipped_books().office(at.date()))
    if isinstance(ruling, Refused):
        raise Fault(str(ruling))
    return ruling
