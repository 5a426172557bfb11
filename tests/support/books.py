"""Books put together by hand, for engines over a log that has adopted none."""

from casecore import Books, DatedRule, Office
from casecore.books_at_hand import BooksAtHand
from casecore.log import Log

__all__ = ["at_hand", "books_with"]


def books_with(office: Office) -> Books:
    """Books that say on every day what an office says."""
    calendars = {office.calendar.version: office.calendar, **office.calendars}
    return Books(calendars, office.calendar.version, (DatedRule(office.rule),), office.catalogue)


def at_hand(log: Log, office: Office) -> BooksAtHand:
    """What an engine over the log goes by as long as it has adopted nothing."""
    return BooksAtHand(log, books_with(office))
