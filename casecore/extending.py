"""Extensions of a limit (延长审批, 行政许可法 Art. 42): how long, and by whom."""

from typing import Protocol

from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Authority

__all__ = ["longest_extension", "unfit_extension"]


def longest_extension(*, joint: bool) -> tuple[int, Authority]:
    """How many working days a limit may be extended by, and who approves it (Art. 42(1), 42(2))."""
    return (15, Authority.GOVERNMENT_HEAD) if joint else (10, Authority.ORGAN_HEAD)


class ExtensionAsked(Protocol):
    """What is said of an extension, of a case's limit or of a package's."""

    @property
    def days(self) -> int:
        """How many are added."""

    @property
    def approver(self) -> str:
        """Who approved it."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def notice(self) -> str | None:
        """What the applicant was told it with."""

    @property
    def authority(self) -> Authority:
        """As whom the approver approved."""


def unfit_extension(  # noqa: PLR0911 - one way out a refusal
    asked: ExtensionAsked, *, joint: bool, again: bool
) -> Refused | None:
    """Why a limit cannot be extended so (Art. 42); ``again`` where it was extended before."""
    longest, authority = longest_extension(joint=joint)
    if asked.days < 1:
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(asked.days))
    if asked.days > longest:
        return Refused(Reason.EXTENSION_TOO_LONG, f"{asked.days} > {longest}")
    if asked.authority is not authority:
        return Refused(Reason.WRONG_AUTHORITY, authority.value)
    if again:
        return Refused(Reason.ALREADY_EXTENDED)
    if blank(asked.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    if blank(asked.reason) or blank(asked.approver):
        return Refused(Reason.REASON_REQUIRED)
    return None
