"""The books of a district (区划的账簿): what its decisions and figures rest on besides the facts of a stream.

A value, put together elsewhere: from the facts of the district's own stream, or from files.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol, TypeVar

from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar, with_later
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.office import Office
from casecore.service_item import Catalogue

__all__ = ["COMMON_PRACTICE", "Books", "DatedCalendar", "DatedCatalogue", "DatedRule"]


class _Dated(Protocol):
    @property
    def from_on(self) -> date | None: ...


D = TypeVar("D", bound=_Dated)


class DatedRule(NamedTuple):
    """A district's rule (区划规则) with the day it came into force."""

    rule: DistrictRule
    version: int = 0
    """Counted from 1 as rules were adopted; 0 for one no log holds."""
    from_on: date | None = None
    """The first local date it is in force; None for one that has always been."""


class DatedCalendar(NamedTuple):
    """The calendar a district counts by where its rule names none, with the day that began."""

    version: str
    from_on: date | None = None


class DatedCatalogue(NamedTuple):
    """The catalogue with its registers as it stood from a day on."""

    from_on: date | None
    catalogue: Catalogue


COMMON_PRACTICE: Final = DatedRule(DEFAULT_RULE)
"""The rule of a district that has adopted none."""


class Books(NamedTuple):
    """The books of one district, as of one moment."""

    calendars: Mapping[str, WorkCalendar]
    """By version: those that cases and packages may be promised under."""
    in_force: str | None = None
    """The calendar version in force where the rule names none; None leaves out clocks that began before a promise."""
    rules: tuple[DatedRule, ...] = (COMMON_PRACTICE,)
    """In the order they came into force; never empty."""
    catalogue: Catalogue = Catalogue(())
    """As adopted last: every item and theme is looked up in it by its own dates."""
    version: int = 0
    """That of the district's stream they were read at; 0 where its log has adopted none."""
    calendars_in_force: tuple[DatedCalendar, ...] = ()
    """Every calendar there was in force, in order; where there are none, ``in_force`` has always been."""
    catalogues: tuple[DatedCatalogue, ...] = ()
    """As it became another from day to day, in order; where there are none, ``catalogue`` has always been."""

    def rule_on(self, day: date | None) -> DatedRule:
        """The rule in force on a local date: before the first that one, for None the last."""
        return _on(self.rules, day)

    def calendar_on(self, day: date | None) -> str | None:
        """The calendar version in force on a local date: the one its rule names, else the common one."""
        named = self.rule_on(day).rule.calendar
        if named is not None or not self.calendars_in_force:
            return named or self.in_force
        return _on(self.calendars_in_force, day).version

    @property
    def calendars_by_day(self) -> tuple[tuple[date | None, str], ...]:
        """The calendar versions in force, each with its first day: as the rules name them, or the district."""
        days = {one.from_on for one in self.rules} | {one.from_on for one in self.calendars_in_force}
        found: list[tuple[date | None, str]] = []
        for day in sorted(days, key=lambda day: day or date.min):
            version = self.calendar_on(day or date.min)
            if version is not None and (not found or found[-1][1] != version):
                found.append((day, version))
        return tuple(found)

    def judging(self) -> "Books":
        """The same books, whose calendars know which of them took their place (后续通知)."""
        return self._replace(calendars=with_later(self.calendars, self.calendars_by_day))

    def catalogue_on(self, day: date | None) -> Catalogue:
        """The catalogue with its registers on a local date: before the first that one, for None the last."""
        return _on(self.catalogues, day).catalogue if self.catalogues else self.catalogue

    def office(self, day: date) -> Office:
        """What a rule may look up on a local date; raises ``BadInput`` where its calendar is not at hand."""
        version = self.calendar_on(day)
        calendar = find_calendar(self.calendars, version or "none")
        return Office(self.catalogue_on(day), calendar, self.rule_on(day).rule, self.calendars, self.catalogues)


def _on(dated: Sequence[D], day: date | None) -> D:
    """What is in force on a local date: before the first that one, for None the last."""
    if day is None:
        return dated[-1]
    started = [one for one in dated if one.from_on is None or one.from_on <= day]
    return started[-1] if started else dated[0]
