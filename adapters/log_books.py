"""The books (账簿) of a log: what its district had adopted up to a position, as facts of its own stream."""

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.books import Books
from casecore.log import Log

__all__ = ["LogBooks", "shipped_books"]


def shipped_books() -> Books:
    """What a district is counted under that has adopted nothing: the shipped calendars, the national one in force."""
    return Books(shipped_calendars(), NATIONAL)


class LogBooks:
    """The books of one district, as its log has them at a position. What was read last is remembered."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._books = shipped_books()

    def at(self, position: int | None = None) -> Books:  # noqa: ARG002 - until the books are facts
        """The books by what stands in the log up to a position; None: all there is."""
        return self._books
