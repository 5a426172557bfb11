"""Supervision (电子监察) of a package: cards for its joint promise and the joint limit of the law; and cards by hand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in
from casecore.annotations import Id
from casecore.cards import with_card
from casecore.office import Office
from casecore.package.clocks import clocks_of_package
from casecore.package.command import PackageCommand
from casecore.package.facts.supervision import PackageCardIssued, PackageCardRevoked, PackageSupervisionFact
from casecore.package.file import PackageFile
from casecore.refusals import Reason, Refused
from casecore.supervising import Earned, cards_to_issue, earned_by, issued_by_hand, revoked_by_hand
from casecore.value import value
from casecore.vocabulary import CardGround, CardLevel, PackageStage
from casecore.watching import Span, looks, watch

__all__ = ["IssuePackageCard", "PassPackageTime", "RevokePackageCard"]


@value
class IssuePackageCard(PackageCommand):
    """人工发牌, by a supervisor; what its clocks show is issued by :class:`PassPackageTime`."""

    level: CardLevel
    ground: CardGround
    reason: str
    department: Id | None = None
    card: Id | None = None
    """Its name within the package; None leaves it to be given one."""


@value
class RevokePackageCard(PackageCommand):
    """撤牌: take a card back, with the reason; its ground does not earn a second one."""

    card: Id
    reason: str


@value
class PassPackageTime(PackageCommand):
    """时间推移: record what the passing of time has brought by ``at`` (see ``Engine.tick``)."""


def issue_package_card(file: PackageFile, command: IssuePackageCard, at: datetime, office: Office) -> Ruling:
    """人工发牌: a supervisor issues a card, with a reason."""
    name, reason, department = command.card, command.reason, command.department
    return issued_by_hand(PackageCardIssued, file.cards, command, at, name=name, reason=reason, department=department)


def revoke_package_card(file: PackageFile, command: RevokePackageCard, at: datetime, office: Office) -> Ruling:
    """撤牌, with a reason; the ground does not earn a second card."""
    return revoked_by_hand(PackageCardRevoked, file.cards, command, at, name=command.card, reason=command.reason)


def pass_package_time(file: PackageFile, command: PassPackageTime, at: datetime, office: Office) -> Ruling:
    """Record the cards its joint clocks have earned by ``at``."""
    cards = tuple(cards_to_issue(PackageCardIssued, file.cards, _earned(file, at, office), command.by, at, office))
    return cards or Refused(Reason.NOTHING_DUE)


def next_look(_: str, file: PackageFile, at: datetime, office: Office) -> datetime | None:
    """The earliest instant at which the passing of time alone may bring a package something; None where nothing runs."""
    over = file.closing is not None and file.closing.at <= at
    spans = (Span(span.started_at, span.ended_at) for span in file.suspensions)
    return min(looks(clocks_of_package(file), spans, at, office, over=over, cards=file.cards), default=None)


def _earned(file: PackageFile, at: datetime, office: Office) -> Iterator[Earned]:
    for watched in watch(clocks_of_package(file), at, office):
        yield from earned_by(watched, office.rule)


def _evolve(file: PackageFile, fact: PackageSupervisionFact) -> PackageFile:
    return file._replace(cards=with_card(file.cards, fact))


_EXISTS: Final = frozenset(PackageStage) - {PackageStage.NEW}

SUPERVISION: Final = Act(
    "电子监察",
    facts=facts_in(PackageSupervisionFact),
    evolve=_evolve,
    rules={
        IssuePackageCard: Rule(issue_package_card, (PackageCardIssued,), _EXISTS, late=True),
        RevokePackageCard: Rule(revoke_package_card, (PackageCardRevoked,), _EXISTS, late=True),
        PassPackageTime: Rule(pass_package_time, (PackageCardIssued,), _EXISTS, late=True),
    },
)
"""Warnings, yellow and red cards for the joint promise and the joint limit of the law; cards by hand."""
