"""What a kind of stream is (办件, 一件事, 小蜜蜂箱 …): a value that holds all there is to ask of it.

Engine, wire, tick, import, story, rows and command line are generic over kinds: they ask the kind. What every kind
decides alike stands here: does the stream exist, does it stand in a fitting stage, is the time possible.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from casecore.act import Act, Folded, Rule, Ruling
from casecore.calendar import OutsideCalendarError
from casecore.cards import Card
from casecore.clock import CaseClock
from casecore.command import Command
from casecore.district_rule import DistrictRule
from casecore.fact import Fact
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.service_item import Catalogue

__all__ = ["Decided", "File", "Kind", "Passing"]


class File(Protocol):
    """What a stream's history adds up to, of whatever kind: a ``NamedTuple`` whose first field is the version."""

    @property
    def version(self) -> int:
        """How many facts were folded."""

    @property
    def stage(self) -> Any:  # noqa: ANN401 - each kind has its own stages
        """Where it stands."""

    @property
    def stage_at(self) -> datetime | None:
        """When it came there."""


F = TypeVar("F", bound=File)


class Decided(NamedTuple):
    """A yes: the facts, and the file they lead to."""

    facts: tuple[Fact, ...]
    file: File


class Passing(NamedTuple, Generic[F]):
    """What the passing of time (时间推移) may bring the streams of a kind."""

    ask: Callable[[str, str, datetime], Command]
    """The command that records what time has brought a stream: stream, who asks, by which instant."""
    next_look: Callable[[str, F, datetime, Office], datetime | None]
    """The earliest instant at which time alone may bring a stream something; None where nothing runs."""


def _nothing_more(_: F, after: F, __: Fact) -> F:
    return after


def _judged(_: File, __: CaseClock) -> datetime | None:
    return None


def _on_no_day(_: File) -> date | None:
    return None


def _under_none(_: File) -> str | None:
    return None


def _no_cards(_: File) -> tuple[Card, ...]:
    return ()


def _as_it_is(file: F, _: Catalogue, __: DistrictRule) -> F:
    return file


def _no_clocks(_: File) -> tuple[CaseClock, ...]:
    return ()


class Kind(Generic[F]):
    """One kind of stream. Which kind a stream is, its first fact says; a command of another kind is refused there."""

    def __init__(  # noqa: PLR0913 - all there is to ask of a kind
        self,
        name: str,
        zh: str,
        *,
        new: F,
        acts: tuple[Act[F], ...],
        unknown: Reason,
        keeps: Callable[[F, F, Fact], F] = _nothing_more,
        clocks: Callable[[F], tuple[CaseClock, ...]] = _no_clocks,
        cut_off: Callable[[F, CaseClock], datetime | None] = _judged,
        begun: Callable[[F], date | None] = _on_no_day,
        promised_under: Callable[[F], str | None] = _under_none,
        cards: Callable[[F], tuple[Card, ...]] = _no_cards,
        passing: Passing[F] | None = None,
        complete: Callable[[F, Catalogue, DistrictRule], F] = _as_it_is,
        imported: bool = False,
        spared: bool = False,
        only: Callable[[str], str] | None = None,
        word: str | None = None,
        look: str = "show",
    ) -> None:
        """Put a kind together; raises ``TypeError`` where two acts claim one fact or command."""
        self.name = name
        self.zh = zh
        self.word = name if word is None else word
        """What its commands are typed under."""
        self.look = look
        """Under which of them it is looked at first."""
        self.new = new
        """The file of a stream nobody has heard of."""
        self.acts = acts
        self.unknown = unknown
        """What a command to a stream that does not exist is refused with."""
        self.clocks = clocks
        """Every clock its file runs."""
        self.cut_off = cut_off
        """When a clock stopped as its stream ended under it, neither in time nor late; None where it did not."""
        self.begun = begun
        """The local date a stream began on: the district's rule of that day is the one it is counted under to its end.

        None while it has not begun, and where no one day decides: each day of such a stream is under the rule of that day.
        """
        self.promised_under = promised_under
        """The version of the calendar its promise was made under; None where none was."""
        self.cards = cards
        """Every card of supervision (电子监察) its file bears, revoked or not."""
        self.passing = passing
        """What time brings; None where it brings nothing."""
        self.complete = complete
        """Its file with what catalogue and rule say of it that its facts, being older, do not."""
        self.imported = imported
        """Whether its histories may be brought in from elsewhere."""
        self.spared = spared
        """Whether what follows here from another stream is left out while this one cannot be read: its own facts name it."""
        self.only = only
        """What the one stream of this kind is called in the log of a district; None where there are many."""
        self.facts: tuple[type[Fact], ...] = tuple(one for act in acts for one in act.facts)
        self.rules: Mapping[type[Command], Rule] = {command: rule for act in acts for command, rule in act.rules.items()}
        self._keeps = keeps
        self._arms = {one: act.evolve for act in acts if act.evolve is not None for one in act.facts}
        if len(self._arms) < len(self.facts) or len(self.rules) < sum(len(act.rules) for act in acts):
            raise TypeError(f"{name}: two acts claim one fact or command, or a fact has no fold")
        if getattr(new, "_fields", ("",))[0] != "version":
            raise TypeError(f"{name}: a file is a NamedTuple that begins with its version")

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"

    @property
    def en(self) -> str:
        """What it is called in an English sentence."""
        return self.name.replace("_", " ")

    def evolve(self, file: F, fact: Fact) -> F:
        """The file after one more fact. It never refuses, and reads neither clock nor catalogue."""
        after = self._keeps(file, self._arms[type(fact)](file, fact), fact)
        numbered: F = _numbered(after, file.version + 1)
        return numbered

    def fold(self, facts: Iterable[Fact], file: F | None = None) -> F:
        """Fold facts, in the order of their versions, onto a file; by default onto the empty one."""
        folded = self.new if file is None else file
        for one in facts:
            folded = self.evolve(folded, one)
        return folded

    def decide(self, file: File | None, command: Command, now: datetime, office: Office) -> Decided | Refused:
        """What follows from a command of this kind: the facts it makes with the file after them, or why it is refused."""
        mine: F
        if file is None:
            mine = self.new
        elif isinstance(file, type(self.new)):
            mine = file
        else:
            return _named(Refused(Reason.OTHER_KIND), command)
        ruling = self._ruled(mine, command, now, office)
        match ruling:
            case Refused():
                return _named(ruling, command)
            case Folded():
                return Decided(ruling.facts, _numbered(ruling.file, mine.version + len(ruling.facts)))
            case _:
                return Decided(ruling, self.fold(ruling, mine))

    def _ruled(self, file: F, command: Command, now: datetime, office: Office) -> Ruling:
        rule = self.rules[type(command)]
        at = _at(file, now, office) if command.at is None else command.at
        if file.version == 0 and not rule.begins:
            return Refused(self.unknown, command.stream)
        if file.stage not in rule.stages:
            return Refused(Reason.WRONG_STAGE, file.stage.value)
        if at > now and at > now + office.rule.skew:
            return Refused(Reason.IN_THE_FUTURE, at.isoformat())
        if file.stage_at is not None and at < file.stage_at and not rule.late:
            return Refused(Reason.BEFORE_STAGE, file.stage_at.isoformat())
        try:
            return rule.answer(file, command, at, office)
        except OutsideCalendarError as outside:
            return Refused(Reason.OUTSIDE_CALENDAR, str(outside))


def _at(file: File, now: datetime, office: Office) -> datetime:
    """Now; or the beginning of the stage, where another machine's clock put that slightly ahead of ours."""
    begun = file.stage_at
    return begun if begun is not None and now < begun <= now + office.rule.skew else now


def _numbered(file: Any, version: int) -> Any:  # noqa: ANN401 - a NamedTuple that begins with its version
    """The file under another version; several times faster than ``_replace``, and every fact passes here."""
    return tuple.__new__(type(file), (version, *file[1:]))


def _named(refused: Refused, command: Command) -> Refused:
    return replace(refused, case=command.stream, command=type(command).__name__)
