"""Given, when, then: how whoever embeds the engine tests what a command makes of a history, without a store.

A story is the facts of one stream so far, and what a command makes of them::

    from casecore.testing import Story

    story = Story(received, accepted, office=my_office, now=tomorrow)
    story.when(GrantApproval(case="C-1", by="chen", step="fire", department="Fire")).refused(Reason.STEP_NOT_OPEN)

Every kind of stream is told in the same way. A failed expectation raises ``AssertionError`` naming both sides.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from casecore.command import Command
from casecore.fact import Fact
from casecore.kind import File
from casecore.kinds import advance, decide
from casecore.office import Office
from casecore.refusals import Reason, Refused

__all__ = ["Answer", "Story"]


class Answer:
    """A command was given: what came of it?"""

    def __init__(self, story: "Story", command: Command, ruling: tuple[Fact, ...] | Refused) -> None:
        """Keep what came of a command; :meth:`Story.when` makes it."""
        self._story, self._command = story, command
        self.ruling = ruling
        """The facts, or the refusal."""

    def then(self, *facts: Fact) -> "Story":
        """Exactly these facts; the story may go on from there."""
        _expect(self.ruling == facts, f"expected\n{_lines(facts)}\nbut found\n{_found(self.ruling)}")
        return self._story.given(*facts)

    def done(self) -> "Story":
        """Some facts, of no interest here; the story may go on from there."""
        if isinstance(self.ruling, Refused):
            raise AssertionError(f"refused: {self.ruling}")
        return self._story.given(*self.ruling)

    def refused(self, reason: Reason, named: str | None = None) -> "Story":
        """Refused for this reason, naming this; nothing has changed."""
        if not isinstance(self.ruling, Refused):
            raise AssertionError(f"not refused for {reason}:\n{_lines(self.ruling)}")
        _expect(self.ruling.reason is reason, f"refused for another reason than {reason}: {self.ruling}")
        _expect(named is None or self.ruling.named == named, f"{self.ruling} does not name {named!r}")
        asked = (self._command.stream, type(self._command).__name__)
        _expect((self.ruling.case, self.ruling.command) == asked, f"{self.ruling} does not name {asked}")
        return self._story


class Story:
    """Facts of one stream so far, of whatever kind, and what a command makes of them."""

    def __init__(self, *facts: Fact, office: Office, now: datetime, file: File | None = None) -> None:
        """Begin with what has happened; ``office`` are the books rules look into, ``now`` the instant commands are given at.

        ``file`` is what happened before, None where nothing did.
        """
        self.office, self.now = office, now
        for fact in facts:
            file = advance(file, fact)
        self.file = file

    def given(self, *facts: Fact) -> Self:
        """More that has happened."""
        return type(self)(*facts, office=self.office, now=self.now, file=self.file)

    def when(self, command: Command, *, now: datetime | None = None) -> Answer:
        """Somebody asks for something, or it follows from another stream's facts; before its first fact it is of no kind."""
        known = self.file if self.file is not None and self.file.version else None
        return Answer(self, command, decide(known, command, self.now if now is None else now, self.office))


def _expect(held: bool, otherwise: str) -> None:  # noqa: FBT001 - a condition
    if not held:
        raise AssertionError(otherwise)


def _lines(facts: Iterable[object]) -> str:
    return "\n".join(f"  {fact!r}" for fact in facts) or "  nothing"


def _found(ruling: tuple[Fact, ...] | Refused) -> str:
    return f"  refused: {ruling}" if isinstance(ruling, Refused) else _lines(ruling)
