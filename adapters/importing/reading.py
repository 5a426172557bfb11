"""One row, or one trace, through a mapping: a history to record, or the reason why not."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from adapters.importing.draft import Dated, Draft
from adapters.importing.facts import Rule, compile_rules
from adapters.importing.known import record_id
from adapters.importing.milestones import make_taken, offer
from adapters.importing.pairing import PairColumns, Pairing
from adapters.importing.sound_mapping import Mapping, Scope
from adapters.importing.spreadsheets import check_unmangled
from adapters.importing.values import Column, Record, compile_column
from casecore.characters import seen
from casecore.door import MAX_ID_LENGTH, check_id, shown
from casecore.errors import BadInput, Flaw
from casecore.fact import Fact
from casecore.histories import History
from casecore.recorded import Source
from casecore.refusals import Reason

__all__ = ["CaseReader", "Reading", "Rejection", "rejection"]


class Rejection(NamedTuple):
    """A row, or a trace, that was not recorded."""

    line: int
    case: str
    """The case id as far as it can be read and shown; may be empty."""
    code: Flaw | Reason
    """A flaw of the record; or the reason the rules would give, where the store does not fit it."""
    reason: str


class Reading(NamedTuple):
    """What became of one row or trace."""

    line: int
    case: str
    outcome: History | Rejection | None
    """None where the mapping finds nothing finished in it: it only counts. Rows that continue a case get their command id
    where they are counted (:mod:`adapters.importing.counting`)."""
    source_events: int = 1
    open_steps: int = 0
    ignored: int = 0
    closed_at: datetime | None = None
    deadline: datetime | None = None
    fields: Sequence[str] | None = ()
    """Of a row of a file of rows: what stands in it; None where it is a row of another file than the one imported."""
    mended: str | None = None
    """In a file of rejected rows: the line and code it was rejected with, empty where they are not told any more."""
    dated: Sequence[Dated] = ()
    """The facts of its history, each with the line of its event."""

    def line_of(self, fact: Fact) -> int:
        """The line of the event a fact of its history is of; 0 where it is of none."""
        return next((line for _, _, event, line in self.dated if event is fact), 0)

    def at_event(self, fact: Fact) -> str:
        """Name the event a fact of its history is of, before what is wrong with it; nothing where it is of none."""
        line = self.line_of(fact)
        return f"event at line {line}: " if line else ""


def rejection(line: int, case: str, code: Flaw | Reason, reason: object) -> Rejection:
    """Say on one line why a record is not recorded, whatever stands in it."""
    plain = len(case) <= MAX_ID_LENGTH and seen(case) == case
    return Rejection(line, case if plain else shown(case), code, " ".join(str(reason).split()))


class CaseReader:
    """A mapping bound to the columns of one file."""

    def __init__(self, mapping: Mapping, column: Column, file: str) -> None:
        """Compile; ``column`` may raise for a name the file does not have."""
        self._mapping = mapping
        self._file = file
        column = compile_column(mapping, column)
        self.column = column
        """Find a column, as the mapping reads it: its words for nothing are nothing."""
        self.case = column(mapping.case)
        rules = [(rule.scope, made) for rule, made in zip(mapping.facts, compile_rules(mapping, column), strict=True)]
        self._of_case = tuple(rule for scope, rule in rules if scope is Scope.CASE)
        self._of_event = tuple(rule for scope, rule in rules if scope is Scope.EVENT and rule.take is None)
        self._taken = tuple(rule for _, rule in rules if rule.take is not None)
        self._pairs = None if mapping.pairs is None else PairColumns(mapping.pairs, column)

    def draft(self, case: str) -> Draft:
        """Begin a history. A case of its own is known by its id; a row that continues one, by what it says."""
        if not case:
            raise BadInput(Flaw.MISSING_FIELD, self._mapping.case, "no case id")
        check_id(case, self._mapping.case)
        check_unmangled(case, self._mapping.case)
        return Draft("" if self._mapping.continues else record_id(self._mapping.name, case))

    def add_case(self, draft: Draft, record: Record) -> None:
        """Add what the record says of the case itself."""
        _apply(self._of_case, draft, record, record)

    def add_event(self, draft: Draft, record: Record, event: Record) -> None:
        """Add what one event of the record says; an event no rule fits is not passed over in silence."""
        before = draft.found
        _apply(self._of_event, draft, record, event)
        only = draft.found == before
        if self._taken and offer(self._taken, draft, record, event, only=only):
            return
        if only:
            raise BadInput(Flaw.NO_FACT, "", "no fact of the mapping fits it")

    def pairing(self) -> Pairing | None:
        """What puts the events of one case together; None where the mapping takes them one by one."""
        return None if self._pairs is None else Pairing(self._pairs)

    def add_taken(self, draft: Draft, record: Record) -> None:
        """Add what the first or last event of its kind says of the case, once all events are there."""
        make_taken(self._taken, draft, record)

    def reading(self, draft: Draft, line: int, case: str, source_events: int = 1, fields: Sequence[str] = ()) -> Reading:
        """Make the history of what was found."""
        events = draft.events()
        if not draft.found:
            raise BadInput(Flaw.NO_FACT, "", "no fact of the mapping fits it")
        mapping = self._mapping
        history = History(
            case, draft.command_id, events, Source(mapping.name, self._file, line), continues=mapping.continues
        )
        return Reading(
            line,
            case,
            history if events else None,
            source_events,
            draft.open_steps,
            draft.ignored,
            draft.closed_at,
            draft.deadline,
            fields,
            dated=draft.dated,
        )


def _apply(rules: tuple[Rule, ...], draft: Draft, record: Record, event: Record) -> None:
    """Make the facts of every rule that fits."""
    for rule in rules:
        if rule.fits is not None and not rule.fits(record, event):
            continue
        if rule.at is None:
            draft.ignored += 1
            continue
        at = rule.at(record, event)
        if at is None:
            if rule.required:
                raise BadInput(Flaw.MISSING_FIELD, rule.columns[0], "empty")
            continue
        until = None
        if rule.until is not None:
            until = rule.until(record, event)
            if until is not None and until < at and not rule.any_end:
                sentence = f"{until.isoformat()} is before {rule.columns[0]} {at.isoformat()}"
                raise BadInput(Flaw.CONTRADICTION, str(rule.columns[1]), sentence)
        rule.make(draft, record, event, at, until)
