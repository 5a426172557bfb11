"""What a rule may look up besides the file: the catalogue in force, the calendars, and the district's own rule."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.calendars import find_calendar
from casecore.district_rule import DistrictRule
from casecore.service_item import Catalogue

__all__ = ["Office"]


class Office(NamedTuple):
    """The books of one district's hall (政务服务中心). A value: loading it is somebody else's work."""

    catalogue: Catalogue
    calendar: WorkCalendar
    """The version in force: new promises are made under it, and clocks that began before a promise counted."""
    rule: DistrictRule = DistrictRule()
    calendars: Mapping[str, WorkCalendar] = {}
    """Every version there is: a case is counted under the one it was promised under."""
    catalogues: Sequence[tuple[date | None, Catalogue]] = ()
    """The catalogue as it became another from day to day, in order; where there are none, it has always been this one."""

    def on(self, day: date) -> "Office":
        """The office with the catalogue and the registers of a local date; before the first those."""
        begun = [one for since, one in self.catalogues if since is None or since <= day]
        found = begun[-1] if begun else self.catalogues[0][1] if self.catalogues else self.catalogue
        return self if found is self.catalogue else self._replace(catalogue=found)

    def rests(self, day: date) -> bool:
        """Whether a local date is a day of rest (休息日, 节假日) by the calendar in force; none that it cannot count."""
        try:
            return not self.calendar.law.is_working(day)
        except OutsideCalendarError:
            return False

    def calendar_of(self, version: str | None) -> WorkCalendar:
        """The calendar of a version, for None the one in force.

        Raises :class:`~casecore.errors.BadInput` where nobody knows it.
        """
        if version is None or version == self.calendar.version:
            return self.calendar
        return find_calendar(self.calendars, version)
