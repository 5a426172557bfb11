"""The ways a simulated year comes into a store."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Final, TypeVar

from adapters.district_engine import DistrictEngine
from casecore.case.facts.closing import CaseClosed
from casecore.command import Command
from casecore.district import books_stream
from casecore.drafting import Desk, Draft
from casecore.errors import Conflict, Fault
from casecore.histories import History
from casecore.kind import File
from casecore.kinds import CASE, PACKAGE, VISIT, kind_of
from casecore.log import Batch
from casecore.office import Office
from casecore.recorded import Event, Mark, Source
from casecore.refusals import Refused
from ops.demo.refusing import OTHERS, fault_of
from ops.year.telling import Party

__all__ = ["Drafts", "Way", "Written", "through_engine", "through_import", "through_log"]

PAGE: Final = 2000
"""Commands a transaction."""
NAME: Final = "simulate"
"""Of the source imported facts bear."""

T = TypeVar("T")


class Way(StrEnum):
    """How facts come in."""

    ENGINE = "engine"
    LOG = "log"
    IMPORT = "import"


class Written:
    """What was written, counted off the facts."""

    def __init__(self) -> None:
        self.facts = self.closed = 0
        self._streams: Counter[str] = Counter()

    @property
    def cases(self) -> int:
        """Cases begun."""
        return self._streams[CASE.name]

    @property
    def visits(self) -> int:
        """Visits begun."""
        return self._streams[VISIT.name]

    @property
    def packages(self) -> int:
        """Packages begun."""
        return self._streams[PACKAGE.name]

    def told(self) -> dict[str, int]:
        """Each number by its name."""
        return {name: getattr(self, name) for name in ("facts", "cases", "closed", "visits", "packages")}

    def count(self, events: Sequence[Event], before: int = 0) -> None:
        """Count facts of one stream that stood at version ``before``."""
        self.facts += len(events)
        self.closed += sum(type(event) is CaseClosed for event in events)
        if before == 0:
            self._streams[kind_of(events[0]).name] += 1


class Drafts:
    """What parties' commands make, decided beforehand: a party needs nobody else's files, but for those of the boxes."""

    def __init__(self, engine: DistrictEngine) -> None:
        books = engine.books
        self._boxes: Collection[str] = frozenset(books.catalogue.boxes)
        self._kept: dict[str, File | None] = {}

        @cache
        def office_on(day: date) -> Office:
            return books.office(day)

        def read(streams: Collection[str]) -> dict[str, File | None]:
            return {stream: self._kept.get(stream) for stream in streams}

        self._desk = Desk(engine.now(), read, books_stream(engine.district), lambda _, day: office_on(day))

    def of(self, party: Party) -> list[tuple[datetime, Sequence[Batch]]]:
        """The facts of a party by its commands; ``Fault`` where a rule refuses one."""
        draft, made = Draft(self._desk), list[tuple[datetime, Sequence[Batch]]]()
        for command in party:
            before = len(draft.batches)
            refused = draft.carry_out(command.command_id or "", command)
            if refused is not None:
                raise Fault(f"{command.stream}: the rules refuse what is simulated ({refused})")
            if command.at is not None:
                made.append((command.at, draft.batches[before:]))
        for box in self._boxes:
            if (file := draft.file(box)) is not None:
                self._kept[box] = file
        return made


def through_engine(engine: DistrictEngine, commands: Iterable[Command], ours: str, told: Callable[[int], None]) -> Written:
    """Hand in commands, whose ids begin with ``ours``, a page a transaction: each is decided on the files of the store."""
    written, mark = Written(), Mark(engine.log.head().position)
    for page in _pages(commands):
        answer = engine.handle_many(page)
        if isinstance(answer, Refused):
            raise fault_of(engine, answer, ours)
        before = written.facts
        for recorded in engine.follow(mark):
            mark = recorded.mark
            written.count((recorded.event,), recorded.version - 1)
        told(written.facts - before)
    return written


def through_log(engine: DistrictEngine, drafted: Iterable[Sequence[Batch]], told: Callable[[int], None]) -> Written:
    """Append what was decided beforehand, a page a transaction; what the store holds already is passed over."""
    written, books = Written(), {books_stream(engine.district): engine.books.version}
    again = True
    for page in _pages(drafted):
        batches = [batch for some in page for batch in some]
        if again:
            known = engine.log.carried_out([batch.command_id for batch in batches])
            again = bool(known)
            batches = [batch for batch in batches if batch.command_id not in known]
        try:
            engine.log.append(batches, books)
        except Conflict as taken:
            raise Fault(f"{OTHERS}, and let nobody else write to it meanwhile") from taken
        before = written.facts
        for batch in batches:
            written.count([one.event for one in batch.envelopes], batch.envelopes[0].version - 1)
        told(written.facts - before)
    return written


def through_import(
    engine: DistrictEngine, drafted: Iterable[Sequence[Batch]], ours: str, told: Callable[[int], None]
) -> Written:
    """Record the facts of cases as imported histories, each no longer than one command made it, from a source ``ours``.

    No import brings visits, packages and boxes: those are left out.
    """
    written, line = Written(), 0
    for page in _pages(drafted):
        histories: list[History] = []
        for batch in (batch for some in page for batch in some):
            events, first = tuple(one.event for one in batch.envelopes), batch.envelopes[0]
            if kind_of(first.event) is CASE:
                line += 1
                source = Source(NAME, ours, line)
                histories.append(History(batch.stream, batch.command_id, events, source, continues=first.version > 1))
        begun = [history.case for history in histories if not history.continues]
        theirs = engine.log.versions(begun) if begun else {}
        _all_known(engine, [history for history in histories if not history.continues and history.case in theirs])
        before, results = written.facts, engine.record(histories)
        for history, result in zip(histories, results, strict=True):
            if isinstance(result, Refused):
                raise fault_of(engine, result, ours)
            if result is not None:
                written.count(history.events, result.version - len(history.events))
        told(written.facts - before)
    return written


def _all_known(engine: DistrictEngine, there: Sequence[History]) -> None:
    """Raise ``Fault`` where a case that is to begin has been begun by somebody else."""
    known = engine.log.carried_out([history.command_id for history in there]) if there else set()
    for history in there:
        if history.command_id not in known:
            raise Fault(f"{OTHERS} (case {history.case})")


def _pages(items: Iterable[T]) -> Iterator[list[T]]:
    found = iter(items)
    while page := list(islice(found, PAGE)):
        yield page
