"""What a rule may look up besides the file: the catalogue in force, the calendar, and the district's own practice."""

from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.service_item import Catalogue

__all__ = ["Office"]


class Office(NamedTuple):
    """The books of one district's hall (政务服务中心). A value: loading it is somebody else's work."""

    catalogue: Catalogue
    calendar: WorkCalendar
    """The calendar version new promises are made under."""
    suspension_moves_promise: bool = False
    """Whether the district's rule lets an ordinary 挂起 move the promised (never the statutory) limit."""
