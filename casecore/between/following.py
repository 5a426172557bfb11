"""What follows in other streams from the facts of one: in a package and a visit from their cases, in the cases from those.

A consequence is a command nobody gives. It is decided and written with the facts it follows from, in one transaction:
a package never lags behind its cases, and no case is lost between two commits.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from casecore.between.visiting import in_visit
from casecore.case.acts.agents import EntrustAgent
from casecore.case.acts.application import ReceiveCase, SubmitApplication
from casecore.case.acts.deposits import CollectPapers
from casecore.case.acts.joining import FailCondition, JoinPackage
from casecore.case.acts.materials import ShareWithCase
from casecore.case.acts.redecision import SetAsideResult, TakeUpAgain
from casecore.case.facts.acceptance import AcceptanceDeemed, CaseAccepted, NotAccepted
from casecore.case.facts.closing import CaseClosed, CaseVoided, CaseWithdrawn
from casecore.case.facts.decision import DecisionMade, RenewalDeemed
from casecore.case.facts.deposits import PapersDeposited
from casecore.case.facts.redecision import ResultSetAside
from casecore.case.facts.time_limits import Resumed, Suspended, told_in_writing
from casecore.case.file import CaseFile
from casecore.command import Command
from casecore.drop_box.acts import NoteDeposit
from casecore.drop_box.facts import BoxCollected
from casecore.drop_box.file import DropBoxFile
from casecore.kind import Decided
from casecore.kinds import CASE, DROP_BOX, PACKAGE, kind_of_file
from casecore.office import Office
from casecore.package.acts.members import NoteAcceptance, NoteDecision, NoteEnd, NoteResumption, NoteSuspension
from casecore.package.acts.opening import OpenPackage
from casecore.package.facts.members import ConditionFailed, MemberDropped, MemberStarted
from casecore.package.facts.opening import MaterialShared, PackageOpened, PlannedCase
from casecore.package.file import Member, PackageFile
from casecore.recorded import Event
from casecore.vocabulary import Channel, Decision, MaterialWay, MemberState, Outcome, Stage, Tier

__all__ = ["consequences"]


_GRANTING: Final = (Outcome.CERTIFICATE_ISSUED, Outcome.OTHER)


def consequences(command: Command, decided: Decided, office: Office) -> Iterator[Command]:
    """What follows elsewhere from the facts a command made; the file is its stream's with those facts folded in."""
    follows = _FOLLOWS.get(kind_of_file(decided.file).name)
    if follows is not None:
        for event in decided.facts:
            yield from follows(command, event, decided.file, office)
    if isinstance(decided.file, CaseFile):
        yield from in_visit(command, decided.facts[0].at, decided.file)


def _from_case(command: Command, event: Event, file: CaseFile, office: Office) -> Iterator[Command]:
    """What a package and a drop box learn of a case, and the case that decides it anew (重作)."""
    yield from _in_package(event, file, command.stream)
    if isinstance(event, ResultSetAside) and event.redecided_in is not None:
        yield _again(event, file, command, event.redecided_in)
    if isinstance(event, PapersDeposited):
        yield NoteDeposit(box=event.box, by=event.by, at=event.at, case=command.stream, deposit=event.deposit)


def _again(event: ResultSetAside, file: CaseFile, command: Command, case: str) -> TakeUpAgain:
    """The case that decides anew (重作) knows of its applicant and place what the first one knew."""
    asked = command if isinstance(command, SetAsideResult) else None
    return TakeUpAgain(
        case=case,
        by=event.by,
        at=event.at,
        former=command.stream,
        ground=event.ground,
        organ=event.organ,
        document=event.document,
        item=file.item or "",
        channel=file.channel or Channel.WINDOW,
        tier=file.tier or Tier.COUNTY,
        hall=(asked.hall if asked is not None else None) or file.hall or "",
        window=file.window,
        department=file.department,
        applicant=file.applicant,
        applicant_kind=file.applicant_kind,
        assisted=file.assisted,
        accepted_on=file.started_on,
        limit=asked.limit if asked is not None else None,
    )


def _from_drop_box(command: Command, event: Event, file: DropBoxFile, office: Office) -> Iterator[Command]:
    """What the cases learn whose papers lay in a box."""
    if isinstance(event, BoxCollected):
        box = office.catalogue.boxes.get(command.stream)
        for one in event.deposits:
            yield CollectPapers(
                case=one.case,
                by=event.by,
                at=event.at,
                box=command.stream,
                deposit=one.deposit,
                hall=box.hall if box is not None else command.stream,
            )


def _in_package(event: Event, file: CaseFile, case: str) -> Iterator[Command]:
    """What a package learns of its case."""
    joined = file.service.package
    if joined is None:
        return
    package = joined.package
    match event:
        case CaseAccepted() | AcceptanceDeemed():
            yield NoteAcceptance(package=package, by=event.by, at=event.at, case=case, effective_on=event.effective_on)
        case Suspended() if told_in_writing(event):
            yield NoteSuspension(
                package=package,
                by=event.by,
                at=event.at,
                case=case,
                suspension=event.suspension,
                declared_days=event.declared_days or 0,
                moves_statutory=event.moves_statutory,
            )
        case Resumed():
            yield NoteResumption(package=package, by=event.by, at=event.at, case=case, suspension=event.suspension)
        case DecisionMade() | RenewalDeemed() if file.decision is not None:
            decided = file.decision  # silence decides as the licence runs out, however late that is recorded
            yield NoteDecision(package=package, by=event.by, at=decided.at, case=case, decision=decided.decision)
        case CaseClosed() | NotAccepted() | CaseWithdrawn() | CaseVoided():
            outcome = event.outcome if isinstance(event, CaseClosed | CaseVoided) else None
            yield NoteEnd(
                package=package,
                by=event.by,
                at=event.at,
                case=case,
                stage=file.stage,
                outcome=outcome,
                granted=file.stage is Stage.CLOSED and outcome in _GRANTING and _granted(file),
            )
        case _:
            pass


def _granted(file: CaseFile) -> bool:
    """Whether what was applied for was granted, and its condition has not failed before the closing."""
    decided = file.decision
    return decided is not None and decided.decision is not Decision.REFUSED and file.service.lapsed is None


def _from_package(command: Command, event: Event, file: PackageFile, office: Office) -> Iterator[Command]:
    """What a package means to its cases."""
    opened = file.opened
    if opened is None:
        return
    act = _Act(command.stream, event.by, event.at)
    match event:
        case PackageOpened():
            asked = command if isinstance(command, OpenPackage) else None
            for plan in opened.cases:
                if plan.after:  # its id is the package's from now on: nobody else can take it
                    yield _joined(act, opened, plan, waiting=True)
                    yield from _entrusted(act, opened, plan, asked)
                else:
                    yield from _opened(act, opened, plan, asked)
        case MemberStarted(case=case):
            member = file.member(case)
            if member is not None:
                yield from _opened(act, opened, member.plan, None)
                for shared in file.materials:
                    yield from _given_to(act, shared, file, office, only=case)
        case MaterialShared():
            yield from _given_to(act, event, file, office)
        case ConditionFailed() | MemberDropped():
            yield FailCondition(case=event.case, by=event.by, at=event.at, prerequisite=event.prerequisite)
        case _:
            pass


class _Act(NamedTuple):
    """Which package did it, who, and when."""

    package: str
    by: str
    at: datetime


def _opened(act: _Act, opened: PackageOpened, plan: PlannedCase, asked: OpenPackage | None) -> Iterator[Command]:
    """The commands that open one case: it joins, an agent is entrusted, it is filed online or received at the window."""
    who: dict[str, Any] = {"case": plan.case, "by": act.by, "at": act.at}
    yield _joined(act, opened, plan, waiting=False)
    yield from _entrusted(act, opened, plan, asked)
    agent = asked.agent if asked is not None else None
    if opened.channel.online:
        yield SubmitApplication(
            **who,
            item=plan.item,
            channel=opened.channel,
            applicant=opened.applicant,
            applicant_kind=opened.applicant_kind,
            assisted=opened.assisted,
            agent=agent,
        )
        return
    yield ReceiveCase(
        **who,
        hall=opened.hall,
        tier=opened.tier,
        item=plan.item,
        channel=opened.channel,
        window=opened.window,
        applicant=opened.applicant,
        applicant_kind=opened.applicant_kind,
        assisted=opened.assisted,
        visit=asked.visit if asked is not None else None,
    )


def _entrusted(act: _Act, opened: PackageOpened, plan: PlannedCase, asked: OpenPackage | None) -> Iterator[EntrustAgent]:
    """Who files the whole is entrusted by the applicant with each case of it, one that still waits too (民法典 165)."""
    if asked is not None and asked.agent is not None and asked.mandate is not None:
        yield EntrustAgent(
            case=plan.case,
            by=opened.applicant,
            at=act.at,
            agent=asked.agent,
            applicant=opened.applicant,
            scope=asked.mandate,
        )


def _joined(act: _Act, opened: PackageOpened, plan: PlannedCase, *, waiting: bool) -> JoinPackage:
    return JoinPackage(
        case=plan.case,
        by=act.by,
        at=act.at,
        package=act.package,
        theme=opened.theme,
        visits_promised=opened.visits_promised,
        subject=plan.subject,
        waiting=waiting,
    )


def _given_to(
    act: _Act, shared: MaterialShared, file: PackageFile, office: Office, only: str | None = None
) -> Iterator[Command]:
    """A shared material for the cases that require it.

    What was looked up or exempted serves every case in the same way: one look-up is enough for all. What was handed in
    the case that ran first has as it came in, and the others share it.
    """
    wanting = [member for member in file.members if _requires(member, shared.material, act.at, office)]
    running = [member for member in wanting if member.state is MemberState.RUNNING]
    # One that has ended since it came in may have it; what had ended before took no part.
    before = [m for m in wanting if only is not None and m.ended_at is not None and m.ended_at >= shared.at]
    taking = [member for member in (*running, *before) if member.started_at is not None]
    first = min(taking, key=lambda member: member.started_at or act.at, default=None)
    for member in running:
        if only in (None, member.plan.case):
            as_it_came = member is first or not shared.way.handed_in
            yield ShareWithCase(
                case=member.plan.case,
                by=act.by,
                at=act.at,
                material=shared.material,
                way=shared.way if as_it_came else MaterialWay.PACKAGE,
                source=shared.source if as_it_came else act.package,
                level=shared.level if as_it_came else None,
            )


def _requires(member: Member, material: str, at: datetime, office: Office) -> bool:
    """Whether the version of the item asks for it that the case was accepted under, else the one in force."""
    item = office.catalogue.find(member.plan.item, (member.accepted_at or at).date())
    return item is not None and material in item.materials


_FOLLOWS: Final[Mapping[str, Callable[[Command, Event, Any, Office], Iterator[Command]]]] = {
    CASE.name: _from_case,
    PACKAGE.name: _from_package,
    DROP_BOX.name: _from_drop_box,
}
"""By kind of stream, what follows from each fact; from those of no other kind does anything follow elsewhere."""
