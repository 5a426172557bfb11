"""Drafting: commands carried out one after the other, each with all that follows from it, until they are appended at once.

It reads files as it needs them and writes nothing.
"""

from collections import deque
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import NamedTuple

from casecore import door
from casecore.between.following import consequences
from casecore.command import Command
from casecore.errors import Fault
from casecore.fingerprint import command_fingerprint
from casecore.kind import File
from casecore.kinds import ruling_of, spared
from casecore.log import Batch
from casecore.office import Office
from casecore.recorded import Envelope
from casecore.refusals import Refused

__all__ = ["Desk", "Draft"]


class Desk(NamedTuple):
    """What a draft is written with: the present instant, the streams, and the books as they lie in one of them."""

    now: datetime
    read: Callable[[Collection[str]], dict[str, File | None]]
    """The files of streams."""
    books: str
    """The stream of the district's books."""
    office: Callable[[File | None, date], Office]
    """What a rule may look up on a local date, by the file of that stream."""


class Draft:
    """What is to be appended at once: commands carried out one after the other, each with all that follows from it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._files: dict[str, File | None] = {}
        self._unreadable: dict[str, Fault] = {}
        self.batches: list[Batch] = []
        self._asked: set[str] = set()

    @property
    def seen(self) -> dict[str, File]:
        """Each file that a ruling looked into, as it is once the draft is appended; those that do not exist are absent."""
        return {stream: file for stream in self._asked if (file := self._files[stream]) is not None}

    @property
    def reads(self) -> dict[str, int]:
        """The version of each stream that a ruling looked into and that is not written, 0 for one that does not exist.

        A stream that cannot be read is not among them. What rests on it is only that it was told nothing, and no append
        makes it readable: there is no later version at which that would have been decided otherwise.
        """
        only_read = self._asked - {batch.stream for batch in self.batches}
        return {stream: file.version if (file := self._files[stream]) is not None else 0 for stream in only_read}

    def file(self, stream: str) -> File | None:
        """The file of a stream as it stands once the draft is appended; None where it was not read, or does not exist."""
        return self._files.get(stream)

    def load(self, streams: Collection[str]) -> None:
        """Read the files that are not at hand; what cannot be read stops nobody but those who must have it."""
        wanted = set(streams) - self._files.keys() - self._unreadable.keys()
        if not wanted:
            return
        try:
            self._files.update(self._desk.read(wanted))
        except Fault as fault:
            if len(wanted) == 1:
                self._unreadable |= dict.fromkeys(wanted, fault)
            else:
                for stream in sorted(wanted):
                    self.load({stream})

    def _office(self, at: datetime | None) -> Office:
        """The books in force when a command happens, as they stand once what was drafted before is written."""
        stream = self._desk.books
        self.load({stream})
        if (fault := self._unreadable.get(stream)) is not None:
            raise fault
        self._asked.add(stream)
        return self._desk.office(self._files[stream], (at or self._desk.now).date())

    def carry_out(self, number: str, command: Command) -> Refused | None:
        """Draft what a command makes, and what follows from that; the refusal where any of it is refused.

        What follows is kept under the command's id with a number, and names the command as its cause. A refusal of what
        follows names the stream it was for. A case that cannot be read is told nothing of its box or its package: what it
        shares them with goes on, and their own facts name it. Raises :class:`~casecore.errors.BadInput` where the door
        does not let in what follows, :class:`~casecore.errors.Fault` where another stream cannot be read.
        Of a command that was given with an id, what it said is kept by its fingerprint, and so is what followed.
        """
        following: deque[Command] = deque([command])
        count = 0
        while following:
            stream = following[0].stream
            if stream not in self._files:
                self.load({one.stream for one in following})
            one = following.popleft()
            if (fault := self._unreadable.get(stream)) is not None:
                if one is command or not spared(one):
                    raise fault
                count += 1
                continue
            office, file = self._office(one.at), self._files[stream]
            self._asked.add(stream)
            ruling = ruling_of(file, one, self._desk.now, office)
            if isinstance(ruling, Refused):
                return ruling
            first = one is command
            if ruling.facts:
                name, cause = (number, command.causation_id) if first else (f"{number}/{count}", number)
                version = file.version if file is not None else 0
                envelopes = [
                    Envelope(stream, version + n, event, name, command.correlation_id, cause)
                    for n, event in enumerate(ruling.facts, 1)
                ]
                if command.command_id is not None:
                    envelopes[0] = envelopes[0]._replace(fingerprint=command_fingerprint(one))
                self.batches.append(Batch(name, stream, tuple(envelopes)))
                self._files[stream] = ruling.file
                for follow in consequences(one, ruling, office):
                    door.check(follow, f"{type(command).__name__} -> {type(follow).__name__}")
                    following.append(follow)
            count += 1
        return None
