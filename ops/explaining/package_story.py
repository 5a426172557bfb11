"""Facts of packages (一件事) and drop boxes (小蜜蜂箱) as sentences."""

from typing import assert_never

from casecore.drop_box.facts import BoxCollected, BoxDeposited, DropBoxEvent
from casecore.package.facts import PackageEvent

from casecore.package import events as e
from ops.explaining.phrases import because, listed, number_of, origin

__all__ = ["tell_box", "tell_package"]


def tell_package(event: PackageEvent) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    """The Chinese term for a fact of a package, and a sentence saying what happened."""
    match event:
        case e.PackageOpened():
            return "一件事申请", _opened(event)
        case e.MaterialShared():
            came = f"{event.material}: {event.way.zh}{origin(event.source, event.level)}"
            return "共用材料", f"{came}, once for every case that requires it"
        case e.MemberStarted():
            return "后续办件启动", f"{event.case} is opened: what comes before it was granted"
        case e.MemberAccepted():
            return "办件受理", f"{event.case} accepted with effect from {event.effective_on}"
        case e.MemberSuspended():
            days = number_of(event.declared_days, "working day")
            return "办件特别程序", f"{event.case}: {event.suspension} begins, {days} declared; the joint limit moves with it"
        case e.MemberResumed():
            return "办件解挂", f"{event.case}: {event.suspension} ends"
        case e.MemberEnded():
            return "办件结束", _ended(event)
        case e.MemberDropped():
            return "不再办理", f"{event.case} is not opened any more: {event.prerequisite} came to nothing"
        case e.ConditionMet():
            return "附条件成就", f"{event.case}: the last thing it was closed on condition of was granted"
        case e.ConditionFailed():
            return "附条件未成就", f"{event.case}: {event.prerequisite} came to nothing, and its condition with it"
        case e.PackageAccepted():
            limit = f"joint limit by law {event.statutory}, calendar {event.calendar}"
            return "一件事受理", f"accepted with effect from {event.effective_on}: {limit}"
        case e.PackageExtended():
            days = number_of(event.days, "working day")
            approver = f"{event.approver} ({event.authority.zh})"
            return "延长审批", f"{days} more, approved by {approver}, notice {event.notice}: {event.reason}"
        case e.PackageClosed():
            return "一件事办结", f"every case has ended: {event.granted} granted, {event.failed} not"
        case _:
            assert_never(event)


def _opened(event: e.PackageOpened) -> str:
    assisted = ", filed by window staff (帮办)" if event.assisted else ""
    asked = f"{event.applicant} applied for {event.theme} version {event.theme_version}, by {event.channel.value}{assisted}"
    subjects = len({case.subject for case in event.cases if case.subject is not None})
    about = f" about {number_of(subjects, 'subject')}" if subjects else ""
    promise = f"promised {event.promised}, at most {number_of(event.visits_promised, 'visit')}"
    return f"{asked}: {number_of(len(event.cases), 'case')}{about}; {promise}"


def _ended(event: e.MemberEnded) -> str:
    how = event.stage.zh if event.outcome is None else f"{event.outcome.value} {event.outcome.zh}"
    granted = "granted" if event.granted else "not granted"
    condition = f", on condition of {', '.join(event.pending)} (附条件办结)" if event.pending else ""
    return f"{event.case}: {how}, {granted}{condition}"


def tell_box(event: DropBoxEvent) -> tuple[str, str]:
    """The Chinese term for a fact of a drop box, and a sentence saying what happened."""
    match event:
        case BoxDeposited():
            return "投递", f"{event.deposit} put in" + because(event.case)
        case BoxCollected():
            if not event.deposits:
                return "取件", "emptied, and nothing was in it"
            taken = number_of(len(event.deposits), "deposit")
            return "取件", f"emptied of {taken}" + listed(tuple(one.deposit for one in event.deposits))
        case _:
            assert_never(event)
