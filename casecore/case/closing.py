"""The end of a case (办结, 撤回, 作废)."""

from datetime import datetime
from typing import Final

from casecore.calendar import OutsideCalendarError
from casecore.case.commands import CloseCase, VoidCase, WithdrawCase
from casecore.case.events import CaseClosed, CaseEvent, CaseVoided, CaseWithdrawn
from casecore.case.intake import deem_acceptance
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, fold
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Outcome, Stage

__all__ = ["close_case", "void_case", "withdraw_case"]

_OPEN: Final = frozenset(
    {
        Stage.SUBMITTED,
        Stage.RETURNED,
        Stage.PRE_REVIEWED,
        Stage.RECEIVED,
        Stage.CORRECTING,
        Stage.IN_REVIEW,
        Stage.REVIEWED,
        Stage.DECIDED,
    }
)

_MAY_CLOSE: Final = {
    Outcome.CERTIFICATE_ISSUED: frozenset({Stage.DECIDED}),
    Outcome.RETURNED: _OPEN,
    Outcome.VOIDED: _OPEN,
    Outcome.DELETED: _OPEN,
    Outcome.FORWARDED: frozenset({Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED}),
    Outcome.CORRECTION_NOT_SUPPLIED: frozenset({Stage.CORRECTING}),
    Outcome.OTHER: frozenset({Stage.DECIDED}),
}
"""From where each 办结结果 can be reached."""


def close_case(file: CaseFile, command: CloseCase, at: datetime, office: Office) -> Ruling:
    """办结 with one of the seven outcomes, each from where it makes sense.

    What the law has accepted by then (Art. 32(4)) is closed as accepted: handing papers back undoes no acceptance.
    """
    deemed = _by_silence(file, command.by, at, office)
    file = fold(deemed, file)
    if file.suspended:
        return Refused(Reason.CASE_SUSPENDED)
    if file.stage not in _MAY_CLOSE[command.outcome]:
        return Refused(Reason.OUTCOME_UNFIT, file.stage.value)
    if command.outcome.reason_required and blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    if command.outcome is Outcome.FORWARDED and blank(command.forwarded_to):
        return Refused(Reason.DESTINATION_REQUIRED)
    if command.outcome is Outcome.CERTIFICATE_ISSUED and all(one.revoked_at is not None for one in file.certificates):
        return Refused(Reason.CERTIFICATE_NOT_MADE)
    closed = CaseClosed(
        at=at, by=command.by, outcome=command.outcome, reason=command.reason, forwarded_to=command.forwarded_to
    )
    return (*deemed, closed)


def withdraw_case(file: CaseFile, command: WithdrawCase, at: datetime, office: Office) -> Ruling:
    """The applicant withdraws before the decision; what the law has accepted by then (Art. 32(4)) was accepted."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    deemed = _by_silence(file, command.by, at, office)
    return (*deemed, CaseWithdrawn(at=at, by=command.by, reason=command.reason))


def _by_silence(file: CaseFile, by: str, at: datetime, office: Office) -> tuple[CaseEvent, ...]:
    """What the law has accepted; where no calendar can count the days nobody knows, and the case ends all the same."""
    try:
        return deem_acceptance(file, by, at, office)
    except OutsideCalendarError:
        return ()


def void_case(file: CaseFile, command: VoidCase, at: datetime, office: Office) -> Ruling:
    """The record was wrong: it leaves every figure, even after closing; its history stays."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    outcome = Outcome.DELETED if command.typing_error else Outcome.VOIDED
    return (CaseVoided(at=at, by=command.by, outcome=outcome, reason=command.reason),)
