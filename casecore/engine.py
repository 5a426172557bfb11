"""The engine: commands in, receipts out. It reads a file, asks the rules, appends, and retries what may be retried.

It knows no store, clock or randomness of its own: those come in through :class:`Surroundings`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, NamedTuple, TypeVar

from casecore import door
from casecore.annotations import localized
from casecore.asked import answers, let_in, refused_clock, reused
from casecore.between.importing import places_of
from casecore.between.visiting import foreseen
from casecore.books import Books
from casecore.books_at_hand import BooksAtHand
from casecore.case.file import CaseFile
from casecore.command import Command
from casecore.drafting import Desk, Draft
from casecore.drop_box.file import DropBoxFile
from casecore.errors import BadInput, ClockAhead, Conflict, Flaw, Unavailable
from casecore.fact import Fact
from casecore.histories import History, check_history
from casecore.kind import File, Kind
from casecore.kinds import CASE, DROP_BOX, PACKAGE, as_kind, fold_stream, kind_of_command, kind_of_file
from casecore.knowing import known_of
from casecore.log import MICROSECOND, Batch, ClockBounds, Log, read_on, readable, unwritten
from casecore.office import Office
from casecore.package.file import PackageFile
from casecore.recorded import Envelope, Mark, Receipt, Recorded
from casecore.refusals import Reason, Refused
from casecore.snapshots import file_from, files_from, keep_written
from casecore.ticking import Ticked, Ticker

__all__ = ["Engine", "Surroundings"]

ATTEMPTS: Final = 40
"""Who races seven others to one package needs up to ten; of hundreds of closings at once, the unluckiest up to 34."""

Answer = tuple[Receipt, ...] | Refused
F = TypeVar("F", bound=File)


class Surroundings(NamedTuple):
    """What the engine takes from the world around it."""

    now: Callable[[], datetime]
    """The present instant in the district's zone."""
    localize: Callable[[datetime], datetime]
    """An aware instant, with the offset of the district's zone."""
    new_id: Callable[[], str]
    pause: Callable[[int], None]
    """Wait before attempt number n, or before asking an idle log again."""


class Engine:
    """The cases, packages and drop boxes of one district. Safe to share between threads: all state is the store's.

    ``recent`` remembers files; a stale one costs a retry, never a wrong answer, because every append is checked
    against the version of each stream it writes and of each that its decision only looked into, and no refusal is given
    on a remembered file.
    """

    def __init__(self, log: Log, books: BooksAtHand, surroundings: Surroundings, recent: MutableMapping[str, File]) -> None:
        self.log = log
        self._at_hand = books
        self._surroundings = surroundings
        self._recent = recent
        self._branch = log.branch
        self._ticker = Ticker(log, self.office_on, self.handle_many, self.check_clock, self._at_hand.rest_on)

    @property
    def district(self) -> str:
        """行政区划代码."""
        return self.log.district

    @property
    def books(self) -> Books:
        """The books of the district, as its log has them now."""
        return self._at_hand.books(self._at_hand.anew())

    @property
    def office(self) -> Office:
        """What a rule may look up today."""
        return self.office_on(self.now().date())

    def office_on(self, day: date) -> Office:
        """What a rule may look up on a local date, by the books as they are now."""
        return self.books.office(day)

    def office_for(self, file: File) -> Office:
        """What a stream is counted under: the rule and the calendar of the day it began, and today's catalogue.

        One that has not begun, or that no one day decides for, is counted under today's.
        """
        today, books = self.now().date(), self.books
        office = books.office(kind_of_file(file).begun(file) or today)
        return office._replace(catalogue=books.catalogue_on(today))

    def now(self) -> datetime:
        """The present instant in the district's zone."""
        return self._surroundings.now()

    def handle(self, command: Command) -> Receipt | Refused:
        """Carry out one command: a receipt when its facts are on disk, or the reason the rules say no.

        Raises :class:`~casecore.errors.BadInput` for input the door does not let in,
        :class:`~casecore.errors.Conflict` after many lost races, :class:`~casecore.errors.Unavailable`.
        """
        result = self.handle_many((command,))
        return result if isinstance(result, Refused) else result[0]

    def handle_many(self, commands: Sequence[Command]) -> tuple[Receipt, ...] | Refused:
        """Carry out several commands, of one stream or many, in one transaction: all of them or none.

        What follows in other streams (in a package from its cases, in the cases from their package) is written with it.
        The first refusal is returned, and nothing is written. Commands already carried out keep their receipts;
        another command under the id of one that was is refused (``COMMAND_ID_REUSED``).
        An append that got no answer is looked up by its command ids and, where it is not there, tried once more.
        """
        commands = tuple(commands)
        let_in(commands)
        ready = [(command.command_id or self._surroundings.new_id(), self._localized(command)) for command in commands]
        unanswered = False
        for attempt in range(ATTEMPTS):
            branch = self._on_branch()
            try:
                outcome = self._attempt(ready, branch, fresh=attempt > 0)
                if isinstance(outcome, Refused) and (attempt == 0 or self.log.look_back() != branch):
                    continue  # by remembered files, by facts that are gone, or asked before: look again before saying no
            except Unavailable:
                if unanswered or attempt == ATTEMPTS - 1:
                    raise
                unanswered = True  # it may be written all the same: the receipts will tell
                continue
            if outcome is not None:
                return outcome
            if attempt:
                self._surroundings.pause(attempt)
        raise Conflict(f"{len(ready)} command(s) lost the race {ATTEMPTS} times, first stream {commands[0].stream}")

    def tick(self, now: datetime | None = None, stop: Callable[[], bool] | None = None) -> Ticked:
        """Record what the passing of time has brought (时间推移) by ``now``, by default the present instant.

        Acceptance by silence (Art. 32), renewal by silence (Art. 50), warnings, yellow and red cards: each once, however
        often and by however many processes. Call it every minute or every night, from one thread; ``stop``, asked after each
        page, may end it. A machine whose clock is ahead issues nothing, and ``refused`` says so. Raises
        :class:`~casecore.errors.BadInput` for the future, :class:`~casecore.errors.Unavailable`.
        """
        if now is not None:
            door.check_instant(now, "now")
        present = self.now()
        if now is not None and now > present + self.office.rule.skew:
            raise BadInput(Flaw.INSTANT_OUT_OF_RANGE, "now", f"{now.isoformat()} lies in the future")
        return self._ticker.tick(present if now is None else self._surroundings.localize(now), stop)

    def check_clock(self) -> Refused | None:
        """Why the clock of this machine may not record anything (``CLOCK_AHEAD``); None where it may."""
        try:
            self.log.check_clock(self._bounds())
        except ClockAhead as ahead:
            return refused_clock(ahead, self._surroundings.localize)
        return None

    def _bounds(self) -> ClockBounds:
        """How far this machine's clock may lie ahead, by the books as they are now."""
        return self._at_hand.bounds(self._at_hand.anew())

    def record(self, histories: Sequence[History], *, dry_run: bool = False) -> list[Receipt | Refused | None]:
        """Record imported histories in one transaction; no rule refuses them.

        For each: a receipt; None when it was recorded before; ``UNKNOWN_CASE`` when it continues a case that is not
        there, ``OTHER_KIND`` when what stands under its id is no case, or the package it joined no package,
        ``WAITS_FOR_OTHERS`` when a package kept here opens it later: what it waits for could not be closed any more;
        ``PACKAGE_MUST_KNOW`` when a package kept here follows what is told of its case. With ``dry_run`` nothing is written.
        Raises :class:`~casecore.errors.ClockAhead` where this machine's clock lies too far ahead: no history's fault.
        """
        for history in histories:
            check_history(history)
        if len({history.command_id for history in histories}) < len(histories):
            raise BadInput(Flaw.DUPLICATE_ID, "command_id", "one id stands twice in one import")
        for attempt in range(ATTEMPTS):
            if attempt:
                self._surroundings.pause(attempt)
            known = self.log.carried_out([history.command_id for history in histories])
            news = [history for history in histories if history.command_id not in known]
            versions = dict(self.log.versions([history.case for history in news]) if news else {})
            books = self._at_hand.anew()
            places = places_of(news, versions.keys(), self._firsts, lambda cases: self.log.histories(sorted(cases)))
            results: list[Receipt | Refused | None] = []
            batches: list[Batch] = []
            pending: list[int] = []
            for history in histories:
                version = versions.get(history.case, 0)
                if history.command_id in known:
                    results.append(None)
                elif refused := places.refusal(history, version):
                    results.append(refused)
                else:
                    envelopes = tuple(
                        Envelope(history.case, version + n, event, history.command_id, source=history.source)
                        for n, event in enumerate(history.events, 1)
                    )
                    versions[history.case] = version + len(envelopes)
                    batches.append(Batch(history.command_id, history.case, envelopes))
                    self._recent.pop(history.case, None)
                    pending.append(len(results))
                    results.append(None)
            reads, bounds = {**places.reads, self._at_hand.stream: books.version}, self._at_hand.bounds(books)
            try:
                receipts = unwritten(batches) if dry_run else self.log.append(batches, reads, None, bounds)
            except Conflict:
                continue
            for index, receipt in zip(pending, receipts, strict=True):
                results[index] = receipt
            return results
        raise Conflict(f"an import of {len(histories)} histories lost the race {ATTEMPTS} times")

    def _firsts(self, streams: Collection[str]) -> dict[str, Fact | None]:
        """The first fact of each of the streams that exists; None for one that cannot be read."""
        found = self.log.beginnings(sorted(streams)) if streams else {}
        return {stream: entry.event if isinstance(entry, Recorded) else None for stream, entry in found.items()}

    def history(self, case: str) -> list[Recorded]:
        """Every fact of a case in the order of its versions; empty for an unknown case.

        Raises :class:`~casecore.errors.Fault` where one of them cannot be read.
        """
        return list(readable(self.log.history(case)))

    def file(self, case: str, *, as_of: datetime | None = None, known_at: datetime | None = None) -> CaseFile:
        """The file of a case; the file of nobody (version 0) for an unknown one.

        ``as_of`` keeps what had happened by that instant, ``known_at`` what had been recorded by then: a late report
        is in the one and not in the other. Where the log's time has jumped by more than the rule's bound, the order of
        positions says what was known (:mod:`casecore.knowing`). Raises :class:`~casecore.errors.BadInput` for a stream of
        another kind.
        """
        return self.file_of(CASE, case, as_of=as_of, known_at=known_at)

    def package(self, package: str, *, as_of: datetime | None = None, known_at: datetime | None = None) -> PackageFile:
        """The file of a package (一件事), as :meth:`file` gives that of a case."""
        return self.file_of(PACKAGE, package, as_of=as_of, known_at=known_at)

    def drop_box(self, box: str, *, as_of: datetime | None = None, known_at: datetime | None = None) -> DropBoxFile:
        """The file of a drop box (小蜜蜂箱), as :meth:`file` gives that of a case."""
        return self.file_of(DROP_BOX, box, as_of=as_of, known_at=known_at)

    def file_of(self, kind: Kind[F], stream: str, *, as_of: datetime | None = None, known_at: datetime | None = None) -> F:
        """The file of a stream of whatever kind, as :meth:`file` gives that of a case."""
        for name, instant in (("as_of", as_of), ("known_at", known_at)):
            if instant is not None:
                door.check_instant(instant, name)
        if as_of is None and known_at is None:
            return as_kind(file_from(self.log.stretches([stream]).get(stream)), kind, stream)
        history = self.log.history(stream)
        if known_at is not None:
            history = known_of(self.log, history, known_at, self._bounds().jump * MICROSECOND)
        file = fold_stream(r.event for r in readable(history) if as_of is None or r.occurred_at <= as_of)
        return as_kind(file, kind, stream)

    def follow(self, after: int | Mark = 0, *, wait: bool = False) -> Iterator[Recorded]:
        """Every fact of the log behind a position, or better a mark (``recorded.mark``), in commit order.

        Ends at the head, or with ``wait`` goes on forever, asking an idle log at growing intervals. Raises
        :class:`~casecore.errors.Fault` at the first fact that cannot be read, after all those before it; and where the
        store was set back, or another put in its place, so that it does not hold what was read up to there. Of a position
        alone only that can be told whether the log reaches as far.
        """
        mark = after if isinstance(after, Mark) else Mark(after)
        return read_on(self.log, mark, self._surroundings.pause if wait else None)

    def _on_branch(self) -> int:
        """The branch of the log that all remembered is of: where it is another than before, everything is forgotten."""
        branch = self.log.branch
        if branch != self._branch:
            self._branch = branch
            self._recent.clear()
        return branch

    def _localized(self, command: Command) -> Command:
        """The command with its instants in the district's zone."""
        try:
            return localized(command, self._surroundings.localize)
        except (OverflowError, ValueError) as error:
            sentence = "an instant beyond the calendar of any zone"
            raise BadInput(Flaw.INSTANT_OUT_OF_RANGE, type(command).__name__, sentence) from error

    def _attempt(self, commands: Sequence[tuple[str, Command]], branch: int, *, fresh: bool) -> Answer | None:
        """Decide and append once, each command under its id, on that branch of the log; None when the append lost a race.

        Receipts are asked for after the files were read: a write of ours that is still under way then shows in both, in
        the receipts alone, or in neither and takes the version. In the files alone it would be refused as done already.
        """
        at_hand, now = self._at_hand, self.now()
        read = partial(self._files, fresh=fresh)
        draft = Draft(Desk(now, read, at_hand.stream, at_hand.office))
        streams = {stream for _, command in commands for stream in (command.stream, *foreseen(command, now))}
        draft.load({at_hand.stream, *streams})
        books_read = draft.file(at_hand.stream)
        known = self.log.receipts([number for number, _ in commands]) if fresh else {}
        for number, command in commands:
            only = kind_of_command(command).only
            if only is not None and command.stream != only(self.district):
                return Refused(Reason.OTHER_DISTRICT, self.district, command.stream, type(command).__name__)
            if number in known:
                if not answers(known[number], command):
                    return Refused(Reason.COMMAND_ID_REUSED, number, command.stream, type(command).__name__)
                continue
            refused = draft.carry_out(number, command)
            if refused is not None:
                return refused
        try:
            bounds = at_hand.bounds_of(books_read, draft.file(at_hand.stream))
            appended = self.log.append(draft.batches, draft.reads, branch, bounds)
        except ClockAhead as ahead:
            return refused_clock(ahead, self._surroundings.localize, commands[0][1])
        except Conflict:
            for stream in draft.seen:
                self._recent.pop(stream, None)
            return reused(self.log, draft.batches, dict(commands)) if fresh else None
        seen = draft.seen
        if (books := seen.pop(at_hand.stream, None)) is not None:
            at_hand.remember(books, branch)
        self._remember(seen, branch)
        keep_written(self.log, draft.batches, seen, branch)
        receipts = {**known, **{receipt.command_id: receipt for receipt in appended}}
        return tuple(receipts[number] for number, _ in commands)

    def _remember(self, files: Mapping[str, File], branch: int) -> None:
        """Remember files as of a branch of the log, unless that was set back meanwhile: others have forgotten all by now."""
        self._recent.update(files)
        if self.log.branch != branch:
            self._recent.clear()

    def _files(self, streams: Collection[str], *, fresh: bool) -> dict[str, File | None]:
        """The files of the streams: those remembered, unless fresh ones are wanted, and the others from the log."""
        files: dict[str, File | None] = {}
        if not fresh:
            files = {stream: file for stream in streams if (file := self._recent.get(stream)) is not None}
        if (books := self._at_hand.stream) in streams:
            files[books] = self._at_hand.anew() if fresh else self._at_hand.remembered()
        return files | files_from(self.log, set(streams) - files.keys())
