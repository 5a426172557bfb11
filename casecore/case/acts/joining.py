"""A case in its package (一件事): it joins, and what was issued on a condition that failed is revoked."""

from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.command import CaseCommand
from casecore.case.facts.certificates import CertificateRevoked
from casecore.case.facts.joining import CaseJoined, ConditionLapsed, JoiningFact
from casecore.case.file import CaseFile
from casecore.case.stages import ANY, stages
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import Stage

__all__ = ["FailCondition", "JoinPackage"]


@value
class JoinPackage(CaseCommand):
    """纳入一件事: follows from the package's opening."""

    package: Id
    theme: Id
    visits_promised: int
    subject: str | None = None
    waiting: bool = False


@value
class FailCondition(CaseCommand):
    """附条件未成就: follows from a prerequisite that came to nothing; what was issued on it is revoked, what waits ends."""

    prerequisite: Id


def join_package(file: CaseFile, command: JoinPackage, at: datetime, office: Office) -> Ruling:
    """The case is the package's from its opening on; one that waits is told so, and told when it need not any more."""
    package = file.service.package
    if package is not None and package.package != command.package:
        return Refused(Reason.IN_ANOTHER_PACKAGE, package.package)
    joined = made(CaseJoined, command, at)
    return (joined,)


def fail_condition(file: CaseFile, command: FailCondition, at: datetime, office: Office) -> Ruling:
    """附条件未成就: every certificate in force loses its ground with the prerequisite, and none is made any more.

    A case that waits for it is told in the same way that its turn never comes.
    """
    if file.service.lapsed is not None:
        return ()
    revoked = tuple(
        CertificateRevoked(
            at=at,
            by=command.by,
            certificate=certificate.certificate,
            reason=f"前置事项未通过: {command.prerequisite} / prerequisite not granted: {command.prerequisite}",
        )
        for certificate in file.certificates
        if certificate.revoked_at is None
    )
    return (made(ConditionLapsed, command, at), *revoked)


def _evolve(file: CaseFile, fact: JoiningFact) -> CaseFile:
    match fact:
        case CaseJoined():
            before = file.service.package
            waited = file.service.waited or (before is not None and before.waiting)
            return file._replace(service=file.service._replace(package=fact, waited=waited))
        case ConditionLapsed():
            return file._replace(service=file.service._replace(lapsed=fact))
        case _:
            assert_never(fact)


JOINING: Final = Act(
    "一件事中的办件",
    facts=facts_in(JoiningFact),
    evolve=_evolve,
    rules={
        JoinPackage: Rule(join_package, (CaseJoined,), stages(Stage.NEW), begins=True, follows=True),
        FailCondition: Rule(fail_condition, (ConditionLapsed,), ANY, late=True, follows=True),
    },
)
"""A case belongs to a package: it may wait there for others, and lose what it was granted on condition of."""
