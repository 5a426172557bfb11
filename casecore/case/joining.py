"""A case in its package (一件事): it joins, and what was issued on a condition that failed is revoked."""

from datetime import datetime

from casecore.case.commands import FailCondition, JoinPackage
from casecore.case.events import CaseJoined, CertificateRevoked, ConditionLapsed
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused

__all__ = ["fail_condition", "join_package"]


def join_package(file: CaseFile, command: JoinPackage, at: datetime, office: Office) -> Ruling:
    """The case is the package's from its opening on; one that waits is told so, and told when it need not any more."""
    package = file.service.package
    if package is not None and package.package != command.package:
        return Refused(Reason.IN_ANOTHER_PACKAGE, package.package)
    joined = CaseJoined(
        at=at,
        by=command.by,
        package=command.package,
        theme=command.theme,
        visits_promised=command.visits_promised,
        subject=command.subject,
        waiting=command.waiting,
    )
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
            reason=f"前置事项未通过: {command.prerequisite}",
        )
        for certificate in file.certificates
        if certificate.revoked_at is None
    )
    return (ConditionLapsed(at=at, by=command.by, prerequisite=command.prerequisite), *revoked)
