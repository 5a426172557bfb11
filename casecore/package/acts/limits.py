"""A package as a whole (一件事时限): the joint limit of Art. 42(2) runs from its acceptance to its closing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.extending import unfit_extension
from casecore.limits import Limit
from casecore.office import Office
from casecore.package.command import PackageCommand
from casecore.package.facts.limits import PackageAccepted, PackageClosed, PackageExtended, PackageLimitFact
from casecore.package.file import PackageFile
from casecore.value import value
from casecore.vocabulary import Authority, PackageStage

__all__ = ["ExtendPackage"]


@value
class ExtendPackage(PackageCommand):
    """延长审批 of the joint limit: up to 15 working days, approved by the head of government, the applicant told."""

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority = Authority.GOVERNMENT_HEAD


JOINT_DAYS: Final = 45
"""Art. 42(2): joint handling (统一办理, 联合办理, 集中办理) is decided within 45 working days."""


def extend_package(file: PackageFile, command: ExtendPackage, at: datetime, office: Office) -> Ruling:
    """The joint limit is extended, once (Art. 42(2)); the cases keep their own."""
    if refused := unfit_extension(command, joint=True, again=file.extension is not None):
        return refused
    extended = made(PackageExtended, command, at, notice=command.notice or "")
    return (extended,)


def whole_accepted(file: PackageFile, at: datetime, by: str, office: Office) -> Iterator[PackageLimitFact]:
    """受理 of the whole, once every case opened with it was answered."""
    first = [member for member in file.members if not member.plan.after]
    answered = [member.accepted_at or member.ended_at for member in first]
    days = [member.accepted_on for member in first if member.accepted_on is not None]
    if file.stage is PackageStage.OPENED and None not in answered and days:
        yield PackageAccepted(
            at=max(at, *(answer for answer in answered if answer is not None)),
            by=by,
            effective_on=max(days),
            statutory=Limit.working_days(JOINT_DAYS),
            calendar=office.calendar.version,
        )


def whole_closed(file: PackageFile, at: datetime, by: str) -> Iterator[PackageLimitFact]:
    if all(member.over for member in file.members):
        granted = sum(member.granted for member in file.members)
        at = max(at, *ends_of(file, [member.plan.case for member in file.members]))
        yield PackageClosed(at=at, by=by, granted=granted, failed=len(file.members) - granted)


def ends_of(file: PackageFile, cases: Iterable[str]) -> Iterator[datetime]:
    """When those of the cases that are over came to their ends."""
    found = (file.member(case) for case in cases)
    yield from (member.ended_at for member in found if member is not None and member.ended_at is not None)


def evolve_limits(file: PackageFile, fact: PackageLimitFact) -> PackageFile:
    """A package's file after one more fact of it as a whole."""
    match fact:
        case PackageAccepted():
            return file._replace(stage=PackageStage.ACCEPTED, stage_at=fact.at, promise=fact)
        case PackageExtended():
            return file._replace(extension=fact)
        case PackageClosed():
            return file._replace(stage=PackageStage.CLOSED, stage_at=fact.at, closing=fact)
        case _:
            assert_never(fact)


LIMITS: Final = Act(
    "一件事时限",
    facts=facts_in(PackageLimitFact),
    evolve=evolve_limits,
    rules={
        ExtendPackage: Rule(extend_package, (PackageExtended,), frozenset({PackageStage.ACCEPTED})),
    },
)
"""A package as a whole is accepted, its joint limit extended, and closed."""
