"""What the facts of a mapping say besides their instants: names, words and limits, compiled for the columns of a file."""

from collections.abc import Callable
from typing import Final

from adapters.importing.draft import Draft
from adapters.importing.mapping_keys import whole_amount
from adapters.importing.sound_mapping import FactRule, Mapping, Promise, ReadLimit, Scope
from adapters.importing.spreadsheets import check_unmangled
from adapters.importing.values import (
    Column,
    NeededText,
    Record,
    Text,
    compile_instant,
    compile_needed,
    compile_term,
    compile_text,
    once_a_record,
)
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from casecore.vocabulary import Unit

__all__ = ["Texts"]


class Texts:
    """The values of a rule, its own before the mapping's, which all rules share."""

    def __init__(self, mapping: Mapping, column: Column, rule: FactRule, shared: dict[str, Text]) -> None:
        self.column = column
        self._mapping = mapping
        self.rule = rule
        self._shared = shared

    def optional(self, key: str) -> Text:
        """The value of a key, which may be none."""
        column = _naming(self.column, key) if key in _NAMING else self.column
        own = self.rule.values.get(key)
        if own is not None:
            return compile_text(column, key, own, self.rule.scope)
        if key not in self._shared:
            self._shared[key] = once_a_record(compile_text(column, key, self._mapping.values.get(key), Scope.CASE))
        return self._shared[key]

    def needed(self, key: str) -> NeededText:
        """The value of a key; where a record has none, it is rejected."""
        return compile_needed(self.optional(key), key)

    def by(self) -> NeededText:
        """The actor; where none is named, the department stands in."""
        by, department = self.optional("by"), self.optional("department")
        return compile_needed(lambda record, event: by(record, event) or department(record, event), "by")

    def promise(self, promise: Promise | None, key: str) -> Callable[[Draft, Record], Limit | None]:
        """A limit; a date taken from the file also stays in the draft, as the instant it was, where it is the promise."""
        if promise is None:
            return lambda _draft, _record: None
        if promise.due is None:
            limit = promise.limit
            return self._limit(limit, key) if isinstance(limit, ReadLimit) else lambda _draft, _record: limit
        name, by_instant = promise.due, promise.by_instant
        due = compile_instant(self.column, name, Scope.CASE, self._mapping)

        def read(draft: Draft, record: Record) -> Limit:
            at = due(record, record)
            if at is None:
                raise BadInput(Flaw.MISSING_FIELD, name, "empty")
            if key == "promise":
                draft.deadline = at
            return Limit.fixed_at(at, by_instant=by_instant)

        return read

    def _limit(self, limit: ReadLimit, key: str) -> Callable[[Draft, Record], Limit]:
        """A limit that each case says itself: its amount, its unit, or both."""
        amount = compile_needed(compile_text(self.column, f"{key}.amount", limit.amount, Scope.CASE), f"{key}.amount")
        unit = compile_term(compile_text(self.column, f"{key}.unit", limit.unit, Scope.CASE), f"{key}.unit", Unit)

        def read(_draft: Draft, record: Record) -> Limit:
            return Limit(whole_amount(amount(record, record), f"{key}.amount"), unit(record, record))

        return read


_NAMING: Final = frozenset({"by", "department", "item", "hall", "notice", "approver"})
"""What names somebody or something: a spreadsheet may have changed it."""


def _naming(column: Column, key: str) -> Column:
    """A column whose fields name something, so that none may have gone through a spreadsheet's hands."""

    def find(name: str) -> Callable[[Record], str]:
        read = column(name)

        def found(record: Record) -> str:
            text = read(record)
            check_unmangled(text, key)
            return text

        return found

    return find
