"""Where a case stands, as its applicant is told: one sentence or some, in Chinese and in English."""

from collections.abc import Iterable, Iterator
from typing import Final

from casecore.case.clocks import clock_named
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.decision import RenewalDeemed
from casecore.case.file import CaseFile
from casecore.said import Said
from casecore.vocabulary import ClockKind, Decision, Stage

__all__ = ["standing"]


_STANDING: Final = {
    Stage.NEW: Said("尚未申请。", "Nothing has been applied for yet."),
    Stage.SUBMITTED: Said("申请已提交, 等待预审。", "The application is filed and waits for the pre-review."),
    Stage.RETURNED: Said("预审退回, 请修改后重新提交。", "The pre-review handed the application back."),
    Stage.PRE_REVIEWED: Said("预审已通过, 等待收件。", "The pre-review is passed; the papers are to be received."),
    Stage.RECEIVED: Said("申请材料已收, 等待受理。", "The papers were received; the hall has to accept them."),
    Stage.CORRECTING: Said("等待您补正材料。", "The hall waits for your corrections."),
    Stage.IN_REVIEW: Said("已受理, 正在审批。", "The case is accepted and under review."),
    Stage.REVIEWED: Said("审批完毕, 等待决定。", "The review is over; the decision is to follow."),
    Stage.DECIDED: Said("已作出决定。", "The decision is made."),
    Stage.CLOSED: Said("已办结。", "The case is closed."),
    Stage.NOT_ACCEPTED: Said("不予受理。", "The application was not accepted."),
    Stage.WITHDRAWN: Said("您已撤回申请。", "The application was withdrawn."),
    Stage.VOIDED: Said("该办件记录已作废。", "The record of this case was voided."),
}
_RESULTS: Final = {
    Decision.GRANTED: Said("决定: 准予。", "It was granted."),
    Decision.CONDITIONALLY_GRANTED: Said("决定: 容缺准予。", "It was granted on conditions."),
    Decision.REFUSED: Said("决定: 不予。", "It was refused."),
}


def standing(file: CaseFile) -> Said:
    """What is said of a case as its file stands; what the law says of silence meanwhile is the progress's to add."""
    return _together(_begun(file) if file.stage is not Stage.NEW else _not_begun(file))


def _together(parts: Iterable[Said]) -> Said:
    told = tuple(parts)
    return Said("".join(p.zh for p in told), " ".join(p.en for p in told))


def _not_begun(file: CaseFile) -> Iterator[Said]:
    """A case that waits for others of its package (待前置事项), or of which nothing more comes."""
    package, lapsed = file.service.package, file.service.lapsed
    if lapsed is not None:
        why = lapsed.prerequisite
        yield Said(
            f"不再办理: 前置事项 {why} 未通过或已不再受理。",
            f"Nothing more comes of it: {why} came to nothing, or is not offered any more.",
        )
    elif package is not None and package.waiting:
        yield Said(
            f"待前置事项: 一件事 {package.package} 中须先办结其他事项。",
            f"Others of its package {package.package} come first.",
        )
    else:
        yield _STANDING[Stage.NEW]


def _begun(file: CaseFile) -> list[Said]:
    # Silence is no decision made: what the law says of it takes that sentence's place.
    parts = [] if file.stage is Stage.DECIDED and file.renewal is not None else [_STANDING[file.stage]]
    if file.stage is Stage.IN_REVIEW:
        asked = sorted({a.department for a in file.approvals if a.answer is None})
        if asked:
            parts.append(Said(f"正在办理的部门: {'、'.join(asked)}。", f"It is with: {', '.join(asked)}."))
    if file.closed_at is not None and file.stage is Stage.CLOSED:
        closed_on = file.closed_at.date()
        parts.append(Said(f"办结日期: {closed_on}。", f"Closed on {closed_on}."))
    parts += _result(file)
    parts += _late_renewal(file)
    if isinstance(file.closing, NotAccepted):
        # 不予受理 is told with its reason and the remedy (Art. 32): a notice to the applicant, not an opinion.
        reason, remedy = file.closing.reason, file.closing.remedy
        parts.append(Said(f"理由: {reason}; 救济途径: {remedy}。", f"Reason: {reason}; remedy: {remedy}."))
        if file.closing.redirect_to:
            parts.append(Said(f"请向{file.closing.redirect_to}提出。", f"Turn to {file.closing.redirect_to}."))
    return parts


def _result(file: CaseFile) -> Iterator[Said]:
    """What was decided; a yes whose condition has failed is none any more (附条件未成就)."""
    lapsed, decided = file.service.lapsed, file.decision
    aside = file.set_aside
    if aside is not None:
        anew = Said(f"重新办理: {aside.redecided_in}。", f"It is decided anew in {aside.redecided_in}.")
        yield Said(
            f"该结果已被{aside.organ}撤销 ({aside.ground.zh}, {aside.document})。",
            f"The result was set aside by {aside.organ} ({aside.ground.zh}, {aside.document}).",
        )
        yield from [anew] if aside.redecided_in is not None else []
    elif decided is not None and file.stage in (Stage.DECIDED, Stage.CLOSED):
        if file.renewal is not None:
            yield _renewed(file.renewal)
        elif lapsed is None or decided.decision is Decision.REFUSED:
            yield _RESULTS[decided.decision]
    if lapsed is not None:
        yield Said(
            f"附条件未成就: 前置事项 {lapsed.prerequisite} 未通过。",
            f"The condition it was handled on has failed: {lapsed.prerequisite} came to nothing.",
        )


def _renewed(renewal: RenewalDeemed) -> Said:
    expired_on = renewal.licence_expired_on
    return Said(
        f"许可有效期届满 ({expired_on}) 前未作出是否准予延续的决定, 依照《行政许可法》第五十条, 视为准予延续。",
        f"Nobody decided before the licence ran out on {expired_on}: by law (Administrative Licensing Law, Art. 50)"
        " its renewal counts as granted.",
    )


def _late_renewal(file: CaseFile) -> Iterator[Said]:
    """A renewal that is still to be decided and was not filed thirty days ahead: the law says nothing of silence then."""
    expires_on = file.licence_expires_on
    undecided = file.stage in (Stage.RECEIVED, Stage.CORRECTING, Stage.IN_REVIEW, Stage.REVIEWED)
    if expires_on is not None and undecided and clock_named(file, ClockKind.RENEWAL.value) is None:
        yield Said(
            f"延续申请未在有效期届满 ({expires_on}) 三十日前提出, 逾期未作决定不视为准予延续。",
            f"The renewal was filed less than thirty days before the licence runs out on {expires_on}:"
            " silence does not renew it.",
        )
