"""Supervision (电子监察) of any kind of stream: what its clocks have earned, which cards are due, and cards by hand.

A clock that has ended is judged at its end, one that runs at the moment of the question: whether a look comes early,
late or often, the same yellow and red cards follow. Only warnings (预警) depend on the look: they are for what still runs.
On a day of rest (休息日, 节假日) nothing is issued: what was earned by then is on the next working day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import count
from typing import Final, NamedTuple, TypeVar

from casecore.act import Ruling, made
from casecore.cards import Card, CardIssue, CardRevocation, card_named
from casecore.command import Command
from casecore.district_rule import DistrictRule
from casecore.limits import Limit
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import CardGround, ClockKind, Unit, Verdict
from casecore.watching import PERCENT, Watched

__all__ = ["Earned", "cards_to_issue", "earned_by", "issued_by_hand", "revoked_by_hand"]

I = TypeVar("I", bound=CardIssue)  # noqa: E741 - an issue

_OVERDUE: Final = {
    ClockKind.ACCEPTANCE: CardGround.ACCEPTANCE_OVERDUE,
    ClockKind.PROMISED: CardGround.PROMISE_OVERDUE,
    ClockKind.STATUTORY: CardGround.STATUTORY_OVERDUE,
    ClockKind.STEP: CardGround.STEP_OVERDUE,
    ClockKind.PRELIMINARY_REVIEW: CardGround.PRELIMINARY_REVIEW_OVERDUE,
    ClockKind.DELIVERY: CardGround.DELIVERY_OVERDUE,
    ClockKind.HEARING: CardGround.HEARING_OVERDUE,
    ClockKind.RENEWAL: CardGround.RENEWAL_OVERDUE,
    ClockKind.RECTIFICATION: CardGround.RECTIFICATION_OVERDUE,
}
"""What it means that a clock has run out; the applicant's own (听证申请) earns nobody a card."""


class Earned(NamedTuple):
    """What a card would be issued for; of which colour, or whether at all, is the district's to say."""

    ground: CardGround
    about: str
    judged_at: datetime
    department: str | None
    clock: str | None = None
    due_on: date | None = None
    overdue: int = 0
    unit: Unit | None = None
    provisional: bool = False

    @property
    def card(self) -> str:
        """Its name within the stream."""
        return f"{self.ground.value}:{self.about}"


def cards_to_issue(  # noqa: PLR0913, PLR0917 - what a card names
    fact: type[I], cards: Iterable[Card], earned: Iterable[Earned], by: str, at: datetime, office: Office
) -> Iterator[I]:
    """The cards a stream has earned under the district's rule and does not bear yet. A day of rest has none."""
    if office.rests(at.date()):
        return
    rule = office.rule
    borne = {card.fact.card for card in cards}
    for one in earned:
        level = rule.card_for(one.ground)
        # An imported history may give two procedures one name: that is one card, as it is to looks in between.
        if level is None or one.card in borne:
            continue
        borne.add(one.card)
        yield fact(
            at=at,
            by=by,
            card=one.card,
            level=level,
            ground=one.ground,
            judged_at=one.judged_at,
            clock=one.clock,
            department=one.department,
            due_on=one.due_on,
            overdue=one.overdue,
            unit=one.unit,
            provisional=one.provisional,
            rule=rule.name,
        )


def earned_by(watched: Watched, rule: DistrictRule) -> Iterator[Earned]:
    """What one clock has earned: it has run out, or the promise is nearly due."""
    clock, reading, judged_at = watched
    due = Earned(
        CardGround.DUE_SOON,
        f"{clock.name}:{reading.due_on}",
        judged_at,
        clock.department_due(reading),
        clock.name,
        reading.due_on,
        unit=_unit(clock.limit),
        provisional=reading.provisional,
    )
    ground = _OVERDUE.get(clock.kind)
    # Standing still on its last day, it has not run out on the rest days that follow: the day of the next look decides.
    if reading.verdict is Verdict.OVERDUE and not reading.paused and ground is not None:
        yield due._replace(ground=ground, overdue=max(0, -reading.remaining))
    if clock.kind is ClockKind.PROMISED and _due_soon(watched, rule):
        yield due


def issued_by_hand(  # noqa: PLR0913 - what a supervisor says
    fact: type[CardIssue],
    cards: Iterable[Card],
    command: Command,
    at: datetime,
    *,
    name: str | None,
    reason: str,
    department: str | None,
) -> Ruling:
    """人工发牌: a supervisor issues a card, with a reason; without a name it is given one."""
    borne = tuple(cards)
    card = name or next(free for n in count(1) if card_named(borne, free := f"manual:{n}") is None)
    if card_named(borne, card) is not None:
        return Refused(Reason.CARD_EXISTS, card)
    if blank(reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(fact, command, at, card=card, judged_at=at, department=department),)


def revoked_by_hand(  # noqa: PLR0913 - what a supervisor says
    fact: type[CardRevocation], cards: Iterable[Card], command: Command, at: datetime, *, name: str, reason: str
) -> Ruling:
    """撤牌, with a reason; the ground does not earn a second card."""
    card = card_named(cards, name)
    if card is None:
        return Refused(Reason.UNKNOWN_CARD, name)
    if card.revoked is not None:
        return Refused(Reason.CARD_REVOKED, name)
    if at < card.fact.at:
        return Refused(Reason.BEFORE_STAGE, card.fact.at.isoformat())
    if blank(reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(fact, command, at),)


def _unit(limit: Limit) -> Unit:
    """What readings of a limit are counted in."""
    if limit.unit.within_a_day:
        return Unit.MINUTE
    return Unit.NATURAL_DAY if limit.unit.natural else Unit.WORKING_DAY


def _due_soon(watched: Watched, rule: DistrictRule) -> bool:
    """Whether a running clock has no more left than the district warns at; of limits within a day, the share alone."""
    clock, reading, _ = watched
    amount = reading.used + reading.remaining
    if clock.ended_at is not None or reading.verdict is not Verdict.RUNNING or reading.paused or amount <= 0:
        return False
    within_days = not clock.limit.unit.within_a_day and reading.remaining <= rule.warn_days
    return within_days or reading.remaining * PERCENT <= amount * rule.warn_percent
