"""A result set aside, and its case taken up again (撤销重作): in a case of its own, with its own clock and result."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, PersonalId
from casecore.case.acts.acceptance import promised_by
from casecore.case.command import CaseCommand
from casecore.case.facts.acceptance import CaseAccepted
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.certificates import CertificateRevoked
from casecore.case.facts.redecision import CaseTakenUpAgain, RedecisionFact, ResultSetAside
from casecore.case.facts.review import ReviewCompleted
from casecore.case.file import CaseFile
from casecore.case.named_limits import unfit_limit
from casecore.case.stages import stages
from casecore.fact import Fact
from casecore.limits import Limit
from casecore.offering import item_in_force
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import ApplicantKind, Channel, SetAsideGround, Stage, Tier

__all__ = ["SetAsideResult", "TakeUpAgain"]


@value
class SetAsideResult(CaseCommand):
    """撤销: the result of a closed case is set aside on reconsideration, by a court or by the organ itself.

    ``redecide_in`` is the number of the case that decides it anew (重作), opened with it; ``limit`` the period named for
    that, ``hall`` where it is handled if elsewhere than the first. ``at`` is when the document reached the organ: the
    new case's limits run from that day.
    """

    ground: SetAsideGround
    organ: Id
    document: Id
    redecide_in: Id | None = None
    limit: Limit | None = None
    hall: Id | None = None


@value
class TakeUpAgain(CaseCommand):
    """重作: follows from a result set aside; what the first case knew of its applicant and place comes with it."""

    former: Id
    ground: SetAsideGround
    organ: Id
    document: Id
    item: Id
    channel: Channel
    tier: Tier
    hall: Id
    window: Id | None = None
    department: Id | None = None
    applicant: PersonalId | None = None
    applicant_kind: ApplicantKind | None = None
    assisted: bool = False
    accepted_on: date | None = None
    """Day 0 of the first case; None where it was not accepted (不予受理)."""
    limit: Limit | None = None


def set_aside_result(file: CaseFile, command: SetAsideResult, at: datetime, office: Office) -> Ruling:
    """What was decided holds no more, once; of what was published nothing changes but that its certificates are void."""
    if file.set_aside is not None:
        return Refused(Reason.RESULT_SET_ASIDE, file.set_aside.document)
    if command.redecide_in is None:
        if command.limit is not None or command.hall is not None:
            return Refused(Reason.NEW_CASE_REQUIRED)
    elif file.item is None:
        return Refused(Reason.UNKNOWN_ITEM)
    elif (command.hall or file.hall) is None:
        return Refused(Reason.HALL_REQUIRED)
    elif command.limit is not None and (unfit := unfit_limit(command.limit, at, office.calendar)):
        return unfit
    revoked = tuple(
        CertificateRevoked(
            at=at,
            by=command.by,
            certificate=one.certificate,
            reason=f"结果撤销: {command.document} / result set aside: {command.document}",
        )
        for one in file.certificates
        if one.revoked_at is None
    )
    return (made(ResultSetAside, command, at, redecided_in=command.redecide_in), *revoked)


def take_up_again(file: CaseFile, command: TakeUpAgain, at: datetime, office: Office) -> Ruling:
    """It is received and accepted as of that day, under the item in force, or the version of then where there is none now.

    Nobody applies again: no trip of the applicant and no material is asked for. The period that was named takes the place
    of both limits of the item.
    """
    item = item_in_force(command.item, at.date(), office)
    if isinstance(item, Refused):
        of_then = None if command.accepted_on is None else office.catalogue.find(command.item, command.accepted_on)
        if of_then is None:
            return item
        item = of_then
    received = made(
        CaseReceived,
        command,
        at,
        trips_recorded=False,
        item_type=item.item_type,
        licence_law=office.rule.under_licence_law(item.item_type),
    )
    accepted = CaseAccepted(at=at, by=command.by, effective_on=at.date(), **promised_by(item, office))
    asked = replace(accepted, materials=(), licence_materials=())
    if command.limit is not None:
        asked = replace(asked, promised=command.limit, statutory=command.limit)
    opening: tuple[Fact, ...] = (received, made(CaseTakenUpAgain, command, at), asked)
    return opening if item.plan else (*opening, ReviewCompleted(at=at, by=command.by, granted=True))


def _evolve(file: CaseFile, fact: RedecisionFact) -> CaseFile:
    match fact:
        case ResultSetAside():
            return file._replace(set_aside=fact)
        case CaseTakenUpAgain():
            return file._replace(again=fact)
        case _:
            assert_never(fact)


REDECISION: Final = Act(
    "撤销重作",
    facts=facts_in(RedecisionFact),
    evolve=_evolve,
    rules={
        SetAsideResult: Rule(set_aside_result, (ResultSetAside,), stages(Stage.CLOSED, Stage.NOT_ACCEPTED)),
        TakeUpAgain: Rule(take_up_again, (CaseReceived,), stages(Stage.NEW), begins=True, follows=True),
    },
)
"""A result is set aside, and decided anew in a case of its own."""
