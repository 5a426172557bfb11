"""Supervision (电子监察) of a case: which cards it has earned; and cards by hand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in
from casecore.annotations import Id
from casecore.calendar import OutsideCalendarError
from casecore.cards import with_card
from casecore.case.clocks import clocks_of
from casecore.case.command import CaseCommand
from casecore.case.facts.supervision import CardIssued, CardRevoked, SupervisionFact
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.case.procedures import overrun_of
from casecore.case.stages import EXISTS
from casecore.case.watching import reasonless
from casecore.office import Office
from casecore.supervising import Earned, cards_to_issue, earned_by, issued_by_hand, revoked_by_hand
from casecore.value import value
from casecore.vocabulary import CardGround, CardLevel, Stage
from casecore.watching import watch

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


def cards_due(file: CaseFile, by: str, at: datetime, office: Office) -> Iterator[CardIssued]:
    """The cards a case has earned by ``at`` under the district's rule and does not bear yet, revoked or not.

    A case withdrawn is judged at its withdrawal; a record that was void from the beginning earns none.
    """
    if file.stage is not Stage.VOIDED:
        yield from cards_to_issue(CardIssued, file.cards, _earned(file, at, office), by, at, office)


def issue_card(file: CaseFile, command: IssueCard, at: datetime, office: Office) -> Ruling:
    """人工发牌: a supervisor issues a card, with a reason."""
    department = command.department or file.department
    return issued_by_hand(
        CardIssued, file.cards, command, at, name=command.card, reason=command.reason, department=department
    )


def revoke_card(file: CaseFile, command: RevokeCard, at: datetime, office: Office) -> Ruling:
    """撤牌, with a reason; the ground does not earn a second card."""
    return revoked_by_hand(CardRevoked, file.cards, command, at, name=command.card, reason=command.reason)


def _earned(file: CaseFile, at: datetime, office: Office) -> Iterator[Earned]:
    for watched in watch(clocks_of(with_kind_of_item(file, office.catalogue, office.rule)), at, office):
        yield from earned_by(watched, office.rule)
    yield from _overrun(file, at, office)
    judged_at = reasonless(file)
    if judged_at is not None and judged_at <= at:
        yield Earned(CardGround.REASONLESS_NEGATIVE, "result", judged_at, file.department)


def _overrun(file: CaseFile, at: datetime, office: Office) -> Iterator[Earned]:
    """The special procedures that lasted longer than was told in writing, whatever the limits say of it."""
    for suspension in file.suspensions:
        try:
            found = overrun_of(file, suspension, at, office)
        except OutsideCalendarError:
            continue
        if found is not None:
            ground = CardGround.PROCEDURE_OVERRUN
            yield Earned(ground, found.suspension, found.judged_at, file.department, overdue=found.surplus, unit=found.unit)


def _evolve(file: CaseFile, fact: SupervisionFact) -> CaseFile:
    return file._replace(cards=with_card(file.cards, fact))


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
