"""The books at hand (手边的账簿): those of one log as they were read last, with the file they were made of.

Every decision asks for them and they seldom change, so they are put together once a version, and only what is new of
their stream is ever read again.
"""

from datetime import date

from casecore.books import Books
from casecore.district import DISTRICT, NO_BOOKS, DistrictFile, books_stream
from casecore.kind import File
from casecore.kinds import as_kind, fold_stream
from casecore.log import ClockBounds, Log, readable
from casecore.office import Office

__all__ = ["BooksAtHand"]


class BooksAtHand:
    """What a desk remembers of its district's books. Safe to share between threads.

    Remembered too long, they are taken for what they were: who must not err asks for them :meth:`anew`, or has the log
    say at which version of their stream it decided.
    """

    def __init__(self, log: Log, without: Books, *, own: bool = True) -> None:
        """Read them from ``log``; ``without`` are those it goes by while it has adopted none.

        They are not its ``own`` where others are remembered in their place.
        """
        self._own = own
        self.stream = books_stream(log.district)
        self._log, self._without = log, without
        self._read: tuple[int, DistrictFile] | None = None
        """The branch of the log that it was read on, and the file: on another branch, what that tells of may be gone."""
        self._made: tuple[DistrictFile, Books] = (NO_BOOKS, without)
        self._bounded: tuple[File | None, ClockBounds] = (None, ClockBounds.of(without.rule_on(None).rule))

    def remembered(self) -> DistrictFile:
        """The file of the books, as it was read last."""
        read = self._read
        return read[1] if read is not None and read[0] == self._log.branch else self.anew()

    def anew(self) -> DistrictFile:
        """The file of the books, as the log has it now.

        Raises :class:`~casecore.errors.Fault` where a fact of it cannot be read, and
        :class:`~casecore.errors.BadInput` where something else bears the name of the stream.
        """
        branch = self._log.branch  # before it is read: it may be set back meanwhile
        read = self._read
        known = read[1] if read is not None and read[0] == branch else NO_BOOKS
        later = [recorded.event for recorded in readable(self._log.history(self.stream, known.version))]
        if known.version == 0:
            file = as_kind(fold_stream(later), DISTRICT, self.stream)
        else:
            file = DISTRICT.fold(later, known) if later else known
        self._read = branch, file
        return file

    def remember(self, file: File, branch: int, books: Books | None = None) -> None:
        """Take a file for the one that was read last, on a branch, with its books where somebody has made them already."""
        read = as_kind(file, DISTRICT, self.stream)
        self._read = branch, read
        if books is not None:
            self._made = (read, books)

    def books(self, file: DistrictFile) -> Books:
        """The books of such a file."""
        if file.version == 0:
            return self._without
        made, books = self._made
        if made is not file:
            books = file.books
            self._made = (file, books)
        return books

    def rest_on(self, day: date) -> str | None:
        """What is in force on a local date, told by where it stands in the log; None where it does not stand there."""
        file = self.anew()
        if not self._own or file.version == 0:
            return None
        books = self.books(file)
        catalogues = [one.from_on for one in books.catalogues if one.from_on is None or one.from_on <= day]
        _, rule, since = books.rule_on(day)
        return (
            f"books {file.version}, rule {rule} of {since}, calendar {books.calendar_on(day)}, catalogue {catalogues[-1:]}"
        )

    def office(self, file: File | None, day: date) -> Office:
        """What a rule may look up on a local date, by such a file; None for a stream that does not exist."""
        return self.books(as_kind(file, DISTRICT, self.stream)).office(day)

    def bounds_of(self, read: File | None, drafted: File | None) -> ClockBounds:
        """Those of what is written on the books ``read``: a rule adopted with it does not count yet, an admission does."""
        bounds = self.bounds(read)
        return bounds if drafted is read else bounds._replace(admitted=self.bounds(drafted).admitted)

    def bounds(self, file: File | None) -> ClockBounds:
        """How far a writer's clock may lie ahead, by such a file: by the rule adopted last, and what is admitted.

        Whatever day that rule is in force from: a clock that is set wrong does not pick the rule it is held to.
        """
        bounded, bounds = self._bounded
        if bounded is not file:
            books = as_kind(file, DISTRICT, self.stream)
            bounds = ClockBounds.of(self.books(books).rule_on(None).rule, books.admitted)
            self._bounded = (file, bounds)
        return bounds
