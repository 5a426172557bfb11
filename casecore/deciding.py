"""What every kind of stream decides alike: does it exist, does it stand in a fitting stage, is the time possible.

A rule table names for each command the stages it may be given in and the rule of the same name that answers it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from casecore.calendar import OutsideCalendarError
from casecore.fact import Fact
from casecore.office import Office
from casecore.refusals import Reason, Refused

__all__ = ["CLOCK_SKEW", "Answered", "File", "Rule", "ruled"]

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far another machine's clock may run ahead of ours before we call it the future."""

Answered = tuple[Any, ...] | Refused
"""Facts of the stream's kind, or a refusal. Without facts where what follows from elsewhere changes nothing here."""


class File(Protocol):
    """What a stream's history adds up to, of whatever kind."""

    @property
    def version(self) -> int:
        """How many facts were folded."""

    @property
    def stage(self) -> Any:  # noqa: ANN401 - each kind has its own stages
        """Where it stands."""

    @property
    def stage_at(self) -> datetime | None:
        """When it came there."""


class Rule(NamedTuple):
    """A rule, what it makes, where it applies, and whether it may report what happened before the present stage."""

    answer: Callable[[Any, Any, datetime, Office], Answered]
    makes: tuple[type[Fact], ...]
    """The facts a yes may begin with."""
    stages: frozenset[Any]
    late: bool = False
    begins: bool = False
    """Whether its facts may be the first of their stream."""
    follows: bool = False
    """Whether the command only ever follows from another stream's facts, and is given by nobody."""


def ruled(  # noqa: PLR0913, PLR0917 - a rule, and what it is asked with
    rule: Rule,
    file: File,
    command: Any,  # noqa: ANN401 - of any kind
    now: datetime,
    office: Office,
    unknown: Reason,
) -> Answered:
    """What follows from a command; ``unknown`` is what a stream that does not exist is refused with."""
    at = _at(file, now) if command.at is None else command.at
    if file.version == 0 and not rule.begins:
        return Refused(unknown, command.stream)
    if file.stage not in rule.stages:
        return Refused(Reason.WRONG_STAGE, file.stage.value)
    if at > now + CLOCK_SKEW:
        return Refused(Reason.IN_THE_FUTURE, at.isoformat())
    if file.stage_at is not None and at < file.stage_at and not rule.late:
        return Refused(Reason.BEFORE_STAGE, file.stage_at.isoformat())
    try:
        return rule.answer(file, command, at, office)
    except OutsideCalendarError as outside:
        return Refused(Reason.OUTSIDE_CALENDAR, str(outside))


def _at(file: File, now: datetime) -> datetime:
    """Now; or the beginning of the stage, where another machine's clock put that slightly ahead of ours."""
    return file.stage_at if file.stage_at is not None and now < file.stage_at <= now + CLOCK_SKEW else now
