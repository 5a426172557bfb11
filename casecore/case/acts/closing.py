"""The end of a case (办结, 撤回, 作废)."""

from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.calendar import OutsideCalendarError
from casecore.case.acts.acceptance import deem_acceptance
from casecore.case.command import CaseCommand
from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.case.facts.closing import CaseClosed, CaseVoided, CaseWithdrawn, ClosingFact
from casecore.case.file import CaseFile
from casecore.case.stages import BEFORE_ACCEPTANCE, BEFORE_DECISION, EXISTS
from casecore.fact import Fact
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Outcome, Stage

__all__ = ["CloseCase", "VoidCase", "WithdrawCase"]


@value
class CloseCase(CaseCommand):
    """办结: close the case with one of the seven 办结结果, each from where it makes sense; 2 and 3 make it void (作废)."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None


@value
class WithdrawCase(CaseCommand):
    """撤回: the applicant withdraws, before the decision."""

    reason: str


@value
class VoidCase(CaseCommand):
    """作废: take a wrong record out of every figure, even after closing."""

    reason: str
    typing_error: bool = False
    """True for 删除办结 (3), False for 作废办结 (2)."""


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
    Outcome.FORWARDED: frozenset({Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED}),
    Outcome.CORRECTION_NOT_SUPPLIED: frozenset({Stage.CORRECTING}),
    Outcome.OTHER: frozenset({Stage.DECIDED}),
}
"""From where each 办结结果 can be reached."""


def close_case(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: CloseCase, at: datetime, office: Office
) -> Ruling:
    """办结 with one of the seven outcomes, each from where it makes sense.

    What the law has accepted by then (Art. 32(4)) is closed as accepted: handing papers back undoes no acceptance. A record
    that was wrong (作废, 删除) is no case that ends: it is void, as by :class:`VoidCase`.
    """
    if command.outcome.void:
        return _void(command.outcome, command.reason, at, command.by)
    deemed, file = _by_silence(file, command.by, at, office)
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
    closed = made(CaseClosed, command, at)
    return (*deemed, closed)


def withdraw_case(file: CaseFile, command: WithdrawCase, at: datetime, office: Office) -> Ruling:
    """The applicant withdraws before the decision; what the law has accepted by then (Art. 32(4)) was accepted."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    deemed, _ = _by_silence(file, command.by, at, office)
    return (*deemed, made(CaseWithdrawn, command, at))


def _by_silence(file: CaseFile, by: str, at: datetime, office: Office) -> tuple[tuple[Fact, ...], CaseFile]:
    """What the law has accepted; where no calendar can count the days nobody knows, and the case ends all the same."""
    try:
        return deem_acceptance(file, by, at, office)
    except OutsideCalendarError:
        return (), file


def void_case(file: CaseFile, command: VoidCase, at: datetime, office: Office) -> Ruling:
    """The record was wrong: it leaves every figure, even after closing; its history stays."""
    return _void(Outcome.DELETED if command.typing_error else Outcome.VOIDED, command.reason, at, command.by)


def _void(outcome: Outcome, reason: str | None, at: datetime, by: str) -> Ruling:
    if reason is None or blank(reason):
        return Refused(Reason.REASON_REQUIRED)
    return (CaseVoided(at=at, by=by, outcome=outcome, reason=reason),)


def _evolve(file: CaseFile, fact: ClosingFact) -> CaseFile:
    match fact:
        case CaseClosed() if fact.outcome.void:  # written by versions that told it so: it is void all the same
            return _evolve(file, CaseVoided(at=fact.at, by=fact.by, outcome=fact.outcome, reason=fact.reason or ""))
        case CaseClosed():
            return file._replace(stage=Stage.CLOSED, stage_at=fact.at, closing=fact)
        case CaseWithdrawn():
            return file._replace(stage=Stage.WITHDRAWN, stage_at=fact.at, closing=fact)
        case CaseVoided():
            return file._replace(stage=Stage.VOIDED, stage_at=fact.at, closing=fact)
        case _:
            assert_never(fact)


CLOSING: Final = Act(
    "办结",
    facts=facts_in(ClosingFact),
    evolve=_evolve,
    rules={
        CloseCase: Rule(
            close_case,
            (CaseClosed, AcceptanceDeemed, CaseVoided),
            EXISTS - {Stage.CLOSED, Stage.NOT_ACCEPTED, Stage.WITHDRAWN, Stage.VOIDED},
        ),
        WithdrawCase: Rule(withdraw_case, (CaseWithdrawn, AcceptanceDeemed), BEFORE_ACCEPTANCE | BEFORE_DECISION),
        VoidCase: Rule(void_case, (CaseVoided,), EXISTS - {Stage.VOIDED}),
    },
)
"""A case ends: closed, withdrawn by the applicant, or void."""
