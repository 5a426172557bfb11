"""The books (账簿) of a log: what its district had adopted up to a position, as facts of its own stream."""

from collections.abc import Iterator

from adapters.district_books import shipped_books
from casecore.books import Books
from casecore.district import DISTRICT, books_stream
from casecore.kinds import as_kind, fold_stream
from casecore.log import Log, readable
from casecore.recorded import Entry, Unreadable

__all__ = ["LogBooks"]


class LogBooks:
    """The books of one district as its log has them at a position; those that ship, version 0, before the first adoption.

    The stream of the books is read on from where it was read to, and books are put together once a version.
    """

    def __init__(self, log: Log) -> None:
        self._log, self._stream = log, books_stream(log.district)
        self._entries: list[Entry] = []
        self._made: dict[int, Books] = {}

    def at(self, position: int | None = None) -> Books:
        """The books by what stands in the log up to a position; None: all there is.

        An adoption is taken as a whole: its facts lie side by side, and half of them are no books anybody ever decided by.
        Another that follows at once is another: who read up to the first has not read it.
        Raises :class:`~casecore.errors.Fault` where a fact of theirs cannot be read, and
        :class:`~casecore.errors.BadInput` where something else bears the name of their stream.
        """
        self._entries += self._log.history(self._stream, len(self._entries))
        version = sum(1 for _ in self._told(position))
        if version not in self._made:
            known = self._entries[:version]
            file = as_kind(fold_stream(one.event for one in readable(known)), DISTRICT, self._stream)
            books = file.books if file.version else shipped_books()
            self._made = {**{number: self._made[number] for number in list(self._made)[-1:]}, version: books}
        return self._made[version]

    def _told(self, position: int | None) -> Iterator[Entry]:
        """The facts up to a position, and those of the same adoption that lie behind it."""
        last: Entry | None = None
        for entry in self._entries:
            if position is not None and entry.position > position and (last is None or not _of_one_adoption(last, entry)):
                return
            last = entry
            yield entry


def _of_one_adoption(one: Entry, following: Entry) -> bool:
    """Whether two facts of the books lie side by side, and one command made both; of one that cannot be read, who knows."""
    if following.position != one.position + 1:
        return False
    if isinstance(one, Unreadable) or isinstance(following, Unreadable):
        return True
    return one.envelope.command_id == following.envelope.command_id
