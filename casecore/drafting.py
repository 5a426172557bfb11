"""Drafting: commands carried out one after the other, each with all that follows from it, until they are appended at once.

It reads files as it needs them and writes nothing.
"""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime

from casecore import door
from casecore.between.following import consequences
from casecore.command import Command
from casecore.errors import Fault
from casecore.kind import File
from casecore.kinds import ruling_of, spared
from casecore.log import Batch
from casecore.office import Office
from casecore.recorded import Envelope
from casecore.refusals import Refused

__all__ = ["Draft"]


class Draft:
    """What is to be appended at once: commands carried out one after the other, each with all that follows from it."""

    def __init__(self, office: Office, now: datetime, read: Callable[[Collection[str]], dict[str, File | None]]) -> None:
        self._office, self._now, self._read = office, now, read
        self._files: dict[str, File | None] = {}
        self._unreadable: dict[str, Fault] = {}
        self.touched: dict[str, File] = {}
        self.batches: list[Batch] = []
        self.passed_over = False
        """Whether something that follows changed nothing where it came to: no version guards what was read there."""

    def load(self, streams: Collection[str]) -> None:
        """Read the files that are not at hand; what cannot be read stops nobody but those who must have it."""
        wanted = set(streams) - self._files.keys() - self._unreadable.keys()
        if not wanted:
            return
        try:
            self._files.update(self._read(wanted))
        except Fault as fault:
            if len(wanted) == 1:
                self._unreadable |= dict.fromkeys(wanted, fault)
            else:
                for stream in sorted(wanted):
                    self.load({stream})

    def carry_out(self, number: str, command: Command) -> Refused | None:
        """Draft what a command makes, and what follows from that; the refusal where any of it is refused.

        What follows is kept under the command's id with a number, and names the command as its cause. A refusal of what
        follows names the stream it was for. A case that cannot be read is told nothing of its box or its package: what it
        shares them with goes on, and their own facts name it. Raises :class:`~casecore.errors.BadInput` where the door
        does not let in what follows, :class:`~casecore.errors.Fault` where another stream cannot be read.
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
            file = self._files[stream]
            ruling = ruling_of(file, one, self._now, self._office)
            if isinstance(ruling, Refused):
                return ruling
            first = one is command
            if ruling.facts:
                name, cause = (number, command.causation_id) if first else (f"{number}/{count}", number)
                version = file.version if file is not None else 0
                self.batches.append(
                    Batch(
                        name,
                        stream,
                        tuple(
                            Envelope(stream, version + n, event, name, command.correlation_id, cause)
                            for n, event in enumerate(ruling.facts, 1)
                        ),
                    )
                )
                self._files[stream] = self.touched[stream] = ruling.file
                for follow in consequences(one, ruling, self._office):
                    door.check(follow, f"{type(command).__name__} -> {type(follow).__name__}")
                    following.append(follow)
            else:
                self.passed_over = True
            count += 1
        return None
