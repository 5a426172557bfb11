"""What a rule may look up besides the file: the catalogue in force, the calendars, and the district's own rule."""

from collections.abc import Mapping
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.district_rule import DistrictRule
from casecore.service_item import Catalogue

__all__ = ["Office"]


class Office(NamedTuple):
    """The books of one district's hall (政务服务中心). A value: loading it is somebody else's work."""

    catalogue: Catalogue
    calendar: WorkCalendar
    """The calendar version new promises are made under."""
    rule: DistrictRule = DistrictRule()
    calendars: Mapping[str, WorkCalendar] = {}
    """Every version there is: a case is counted under the one it was promised under."""

    def calendar_of(self, version: str) -> WorkCalendar:
        """The calendar of a version; raises :class:`~casecore.errors.BadInput` where nobody knows it."""
        return self.calendar if version == self.calendar.version else find_calendar(self.calendars, version)
