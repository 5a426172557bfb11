"""The books of a district as its log has them, and those that ship for a log that has adopted none."""

from functools import cache

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.catalogue_toml import load_catalogue
from casecore.books import Books
from casecore.district import DISTRICT, DistrictFile, books_stream
from casecore.kinds import as_kind, fold_stream
from casecore.log import Log, readable

__all__ = ["books_of", "district_file", "shipped_books"]


@cache
def shipped_books() -> Books:
    """The books that ship: common practice, the shipped catalogue and calendars, the national one in force; version 0."""
    return Books(shipped_calendars(), NATIONAL, catalogue=load_catalogue())


def books_of(log: Log) -> Books:
    """The books a log has adopted; the shipped ones, marked version 0, where it has adopted none. It writes nothing.

    Raises :class:`~casecore.errors.Fault` where one of their facts cannot be read, and
    :class:`~casecore.errors.BadInput` where something else bears the name of their stream.
    """
    file = district_file(log)
    return file.books if file.version else shipped_books()


def district_file(log: Log) -> DistrictFile:
    """The file of a log's books; the empty one where it has adopted none. Raises as :func:`books_of`."""
    stream = books_stream(log.district)
    return as_kind(fold_stream(one.event for one in readable(log.history(stream))), DISTRICT, stream)
