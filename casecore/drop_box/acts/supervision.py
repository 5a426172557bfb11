"""Supervision (电子监察) of a drop box: a card for each day on which it was not emptied as often as it must be."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in
from casecore.annotations import Id
from casecore.cards import with_card
from casecore.drop_box.acts.emptying import Duty, duty_of
from casecore.drop_box.command import DropBoxCommand
from casecore.drop_box.facts.supervision import BoxCardIssued, BoxCardRevoked, BoxSupervisionFact
from casecore.drop_box.file import BoxStage, DropBoxFile
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.supervising import Earned, cards_to_issue, issued_by_hand, revoked_by_hand
from casecore.value import value
from casecore.vocabulary import CardGround, CardLevel
from casecore.watching import next_midnight

__all__ = ["IssueBoxCard", "PassBoxTime", "RevokeBoxCard"]


@value
class IssueBoxCard(DropBoxCommand):
    """人工发牌, by a supervisor; what its days show is issued by :class:`PassBoxTime`."""

    level: CardLevel
    ground: CardGround
    reason: str
    department: Id | None = None
    card: Id | None = None
    """Its name within the box; None leaves it to be given one."""


@value
class RevokeBoxCard(DropBoxCommand):
    """撤牌: take a card back, with the reason; its day does not earn a second one."""

    card: Id
    reason: str


@value
class PassBoxTime(DropBoxCommand):
    """时间推移: record what the passing of time has brought by ``at`` (see ``Engine.tick``)."""


def issue_box_card(file: DropBoxFile, command: IssueBoxCard, at: datetime, office: Office) -> Ruling:
    """人工发牌: a supervisor issues a card, with a reason."""
    name, reason, department = command.card, command.reason, command.department
    return issued_by_hand(BoxCardIssued, file.cards, command, at, name=name, reason=reason, department=department)


def revoke_box_card(file: DropBoxFile, command: RevokeBoxCard, at: datetime, office: Office) -> Ruling:
    """撤牌, with a reason; the day does not earn a second card."""
    return revoked_by_hand(BoxCardRevoked, file.cards, command, at, name=command.card, reason=command.reason)


def pass_box_time(file: DropBoxFile, command: PassBoxTime, at: datetime, office: Office) -> Ruling:
    """Record the cards that days have earned which are over by ``at``."""
    earned = (_earned(duty, at) for duty in neglected(command.box, file, at, office))
    cards = tuple(cards_to_issue(BoxCardIssued, file.cards, earned, command.by, at, office))
    return cards or Refused(Reason.NOTHING_DUE)


def neglected(box: str, file: DropBoxFile, at: datetime, office: Office) -> Iterator[Duty]:
    """The working days of a box that are over by ``at`` and on which it was not emptied often enough.

    Those alone of which the calendar in force knows anything.
    """
    first, last = office.calendar.law.covers
    over = min(last, at.date() - timedelta(days=1))
    return (duty for duty in duty_of(box, file, office, over, since=first) if not duty.done)


def next_look(box: str, file: DropBoxFile, at: datetime, office: Office) -> datetime | None:
    """When the present day of a box is over; None for a box nobody has to empty any more."""
    registered = office.catalogue.boxes.get(box)
    if registered is None or (registered.valid_until is not None and registered.valid_until < at.date()):
        return None
    return next_midnight(at)


def _earned(duty: Duty, at: datetime) -> Earned:
    over_at = datetime.combine(duty.day, time.max, at.tzinfo)
    return Earned(CardGround.BOX_NOT_EMPTIED, duty.day.isoformat(), over_at, None, due_on=duty.day)


def _evolve(file: DropBoxFile, fact: BoxSupervisionFact) -> DropBoxFile:
    return file._replace(cards=with_card(file.cards, fact))


SUPERVISION: Final = Act(
    "电子监察",
    facts=facts_in(BoxSupervisionFact),
    evolve=_evolve,
    rules={
        IssueBoxCard: Rule(issue_box_card, (BoxCardIssued,), frozenset(BoxStage), late=True),
        RevokeBoxCard: Rule(revoke_box_card, (BoxCardRevoked,), frozenset(BoxStage), late=True),
        PassBoxTime: Rule(pass_box_time, (BoxCardIssued,), frozenset(BoxStage), late=True),
    },
)
"""Cards for days on which the box was not emptied as often as it must be; cards by hand."""
