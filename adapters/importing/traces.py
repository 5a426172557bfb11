"""A case with its events, one after the other: what a trace of an XES log, the rows of a case, or an OCEL object share."""

from adapters.importing.pairing import Pairing
from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.values import Record
from casecore.errors import BadInput

__all__ = ["Trace"]


class Trace:
    """One case as its events are read; it keeps no event longer than it needs it. Recorded whole, or not at all."""

    def __init__(self, reader: CaseReader, line: int, attributes: Record) -> None:
        """Begin with the attributes of the case."""
        self._reader = reader
        self._line = line
        self._attributes = attributes
        self._events = 0
        self._flaw: tuple[BadInput, str] | None = None
        self._pairing: Pairing | None = None
        self.width = len(attributes)
        """How many attributes it began with."""
        self.case = reader.case(attributes)
        try:
            self._draft = reader.draft(self.case)
            reader.add_case(self._draft, attributes)
            self._pairing = reader.pairing()
        except BadInput as flaw:
            self._flaw = flaw, ""

    def add(self, line: int, event: Record) -> None:
        """Take its next event; after a flaw events are only counted."""
        self._events += 1
        if self._flaw is not None:
            return
        draft = self._draft
        draft.line = line
        try:
            for one in (event,) if self._pairing is None else self._pairing.take(line, event):
                self._reader.add_event(draft, self._attributes, one)
        except BadInput as flaw:
            self._flaw = flaw, f"event at line {line}: "

    def fail(self, flaw: BadInput) -> None:
        """Say what is wrong with it as a whole, unless something was before."""
        self._flaw = self._flaw or (flaw, "")

    def done(self) -> Reading:
        """Make its history, or say why there is none."""
        if self._flaw is None:
            try:
                for line, one in () if self._pairing is None else self._pairing.left():
                    self._draft.line = line
                    self._reader.add_event(self._draft, self._attributes, one)
                self._reader.add_taken(self._draft, self._attributes)
                self._draft.line = 0
                return self._reader.reading(self._draft, self._line, self.case, self._events)
            except BadInput as flaw:
                self._flaw = flaw, f"event at line {self._draft.line}: " if self._draft.line else ""
        why, place = self._flaw
        return Reading(self._line, self.case, rejection(self._line, self.case, why.code, f"{place}{why}"), self._events)
