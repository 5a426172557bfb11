"""Supervision (电子监察): which cards a case has earned, judged at the moment of the fact; and cards by hand.

A clock that has ended is judged at its end, one that runs at the moment of the question: whether a look comes early,
late or often, the same yellow and red cards follow. Only warnings (预警) depend on the look: they are for what still runs.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import count
from typing import Final, NamedTuple, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.calendar import OutsideCalendarError
from casecore.case.command import CaseCommand
from casecore.case.facts.supervision import CardIssued, CardRevoked, SupervisionFact
from casecore.case.file import CaseFile
from casecore.case.parts import Card
from casecore.case.procedures import overrun_of
from casecore.case.stages import EXISTS
from casecore.case.watching import PERCENT, Watched, reasonless, watch
from casecore.district_rule import DistrictRule
from casecore.limits import Limit
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import CardGround, CardLevel, ClockKind, Stage, Unit, Verdict

__all__ = ["IssueCard", "RevokeCard"]


@value
class IssueCard(CaseCommand):
    """人工发牌, by a supervisor; what a clock shows is issued by :class:`~casecore.case.acts.passing_time.PassTime`."""

    level: CardLevel
    ground: CardGround
    reason: str
    department: Id | None = None
    card: Id | None = None
    """Its name within the case; None leaves it to be given one."""


@value
class RevokeCard(CaseCommand):
    """撤牌: take a card back, with the reason; its ground does not earn a second one."""

    card: Id
    reason: str


_OVERDUE: Final = {
    ClockKind.ACCEPTANCE: CardGround.ACCEPTANCE_OVERDUE,
    ClockKind.PROMISED: CardGround.PROMISE_OVERDUE,
    ClockKind.STATUTORY: CardGround.STATUTORY_OVERDUE,
    ClockKind.STEP: CardGround.STEP_OVERDUE,
    ClockKind.PRELIMINARY_REVIEW: CardGround.PRELIMINARY_REVIEW_OVERDUE,
    ClockKind.DELIVERY: CardGround.DELIVERY_OVERDUE,
    ClockKind.HEARING: CardGround.HEARING_OVERDUE,
}
"""What it means that a clock has run out; the applicant's own (听证申请) and the licence's (延续) have no card."""


def cards_due(file: CaseFile, by: str, at: datetime, office: Office) -> Iterator[CardIssued]:
    """The cards a case has earned by ``at`` under the district's rule and does not bear yet, revoked or not.

    A case withdrawn is judged at its withdrawal; a record that was void from the beginning earns none.
    """
    if file.stage is Stage.VOIDED:
        return
    rule = office.rule
    borne = {card.fact.card for card in file.cards}
    for earned in _earned(file, at, office):
        level = rule.card_for(earned.ground)
        # An imported history may give two procedures one name: that is one card, as it is to looks in between.
        if level is None or earned.card in borne:
            continue
        borne.add(earned.card)
        yield CardIssued(
            at=at,
            by=by,
            card=earned.card,
            level=level,
            ground=earned.ground,
            judged_at=earned.judged_at,
            clock=earned.clock,
            department=earned.department,
            due_on=earned.due_on,
            overdue=earned.overdue,
            unit=earned.unit,
            provisional=earned.provisional,
            rule=rule.name,
        )


def issue_card(file: CaseFile, command: IssueCard, at: datetime, office: Office) -> Ruling:
    """人工发牌: a supervisor issues a card, with a reason."""
    name = command.card or next(free for n in count(1) if file.card(free := f"manual:{n}") is None)
    if file.card(name) is not None:
        return Refused(Reason.CARD_EXISTS, name)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    issued = made(CardIssued, command, at, card=name, judged_at=at, department=command.department or file.department)
    return (issued,)


def revoke_card(file: CaseFile, command: RevokeCard, at: datetime, office: Office) -> Ruling:
    """撤牌, with a reason; the ground does not earn a second card."""
    card = file.card(command.card)
    if card is None:
        return Refused(Reason.UNKNOWN_CARD, command.card)
    if card.revoked is not None:
        return Refused(Reason.CARD_REVOKED, command.card)
    if at < card.fact.at:
        return Refused(Reason.BEFORE_STAGE, card.fact.at.isoformat())
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(CardRevoked, command, at),)


class _Earned(NamedTuple):
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
        """Its name within the case."""
        return f"{self.ground.value}:{self.about}"


def _earned(file: CaseFile, at: datetime, office: Office) -> Iterator[_Earned]:
    for watched in watch(file, at, office):
        yield from _of_clock(watched, office.rule)
    yield from _overrun(file, at, office)
    judged_at = reasonless(file)
    if judged_at is not None and judged_at <= at:
        yield _Earned(CardGround.REASONLESS_NEGATIVE, "result", judged_at, file.department)


def _of_clock(watched: Watched, rule: DistrictRule) -> Iterator[_Earned]:
    """What one clock has earned: it has run out, or the promise is nearly due."""
    clock, reading, judged_at = watched
    # Whoever had it when it ran out has earned the card, to whom it went afterwards has not (转办).
    last = reading.due_at or datetime.combine(reading.due_on, time.max, judged_at.tzinfo)
    due = _Earned(
        CardGround.DUE_SOON,
        f"{clock.name}:{reading.due_on}",
        judged_at,
        clock.department_on(last),
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


def _overrun(file: CaseFile, at: datetime, office: Office) -> Iterator[_Earned]:
    """The special procedures that lasted longer than was told in writing, whatever the limits say of it."""
    for suspension in file.suspensions:
        try:
            found = overrun_of(file, suspension, at, office)
        except OutsideCalendarError:
            continue
        if found is not None:
            ground = CardGround.PROCEDURE_OVERRUN
            yield _Earned(ground, found.suspension, found.judged_at, file.department, overdue=found.surplus, unit=found.unit)


def _unit(limit: Limit) -> Unit:
    """What readings of a limit are counted in."""
    if limit.unit.within_a_day:
        return Unit.MINUTE
    return Unit.NATURAL_DAY if limit.unit is Unit.NATURAL_DAY else Unit.WORKING_DAY


def _due_soon(watched: Watched, rule: DistrictRule) -> bool:
    """Whether a running clock has no more left than the district warns at; of limits within a day, the share alone."""
    clock, reading, _ = watched
    amount = reading.used + reading.remaining
    if clock.ended_at is not None or reading.verdict is not Verdict.RUNNING or reading.paused or amount <= 0:
        return False
    within_days = not clock.limit.unit.within_a_day and reading.remaining <= rule.warn_days
    return within_days or reading.remaining * PERCENT <= amount * rule.warn_percent


def _evolve(file: CaseFile, fact: SupervisionFact) -> CaseFile:
    match fact:
        case CardIssued():
            return file._replace(cards=(*file.cards, Card(fact)))
        case CardRevoked():
            revoked = tuple(
                c._replace(revoked=fact) if c.fact.card == fact.card and c.revoked is None else c for c in file.cards
            )
            return file._replace(cards=revoked)
        case _:
            assert_never(fact)


SUPERVISION: Final = Act(
    "电子监察",
    facts=facts_in(SupervisionFact),
    evolve=_evolve,
    rules={
        IssueCard: Rule(issue_card, (CardIssued,), EXISTS, late=True),
        RevokeCard: Rule(revoke_card, (CardRevoked,), EXISTS, late=True),
    },
)
"""Warnings, yellow and red cards are issued and revoked."""
