"""Papers through a drop box (小蜜蜂箱): put in at any hour, received by the rule of the district when it is emptied."""

from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.acts.application import ReceiveCase, receive_case
from casecore.case.acts.correction import SubmitCorrection, submit_correction
from casecore.case.command import CaseCommand
from casecore.case.facts.deposits import DepositFact, PapersCollected, PapersDeposited
from casecore.case.file import CaseFile
from casecore.case.parts import Deposit, Service
from casecore.case.stages import EXISTS, stages
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import ReceiptDate, Stage

__all__ = ["CollectPapers", "DepositPapers"]


@value
class DepositPapers(CaseCommand):
    """投递: put papers into a drop box."""

    box: Id
    deposit: Id
    materials: tuple[str, ...] = ()


@value
class CollectPapers(CaseCommand):
    """取件: follows from the emptying of a drop box."""

    box: Id
    deposit: Id
    hall: Id


def deposit_papers(file: CaseFile, command: DepositPapers, at: datetime, office: Office) -> Ruling:
    """The papers lie in the box; nobody has them yet."""
    if any(one.fact.deposit == command.deposit for one in file.service.deposits):
        return Refused(Reason.DEPOSIT_EXISTS, command.deposit)
    deposited = made(PapersDeposited, command, at)
    return (deposited,)


def collect_papers(file: CaseFile, command: CollectPapers, at: datetime, office: Office) -> Ruling:
    """The box was emptied: what waits for the papers goes on with them, as of the day the district's rule says.

    A case that cannot be received as it stands has its papers at the hall all the same, and holds up no other. What was
    put in before a notice of what is missing (补正) is no answer to it: the window looks at that.
    """
    deposit = next((one for one in file.service.deposits if one.fact.deposit == command.deposit), None)
    if deposit is None or deposit.collected_at is not None:
        return ()
    collected = made(PapersCollected, command, at)
    file = _evolve(file, collected)
    put_in = office.rule.drop_box_receipt is ReceiptDate.DEPOSIT
    received_at = deposit.fact.at if put_in else at
    if file.stage is Stage.SUBMITTED and file.stage_at is not None:
        received_at = max(received_at, file.stage_at)  # filed again after the papers were put in
    ruling: Ruling = ()
    if file.stage in (Stage.SUBMITTED, Stage.PRE_REVIEWED):
        receipt = ReceiveCase(
            case=command.case,
            by=command.by,
            hall=command.hall,
            materials=deposit.fact.materials,
        )
        ruling = receive_case(file, receipt, received_at, office)
    elif file.stage is Stage.CORRECTING and (file.stage_at is None or deposit.fact.at >= file.stage_at):
        correction = SubmitCorrection(case=command.case, by=command.by, materials=deposit.fact.materials)
        ruling = submit_correction(file, correction, received_at, office)
    return (collected, *ruling) if isinstance(ruling, tuple) else (collected,)


def _collected(service: Service, event: PapersCollected, hall: str | None) -> Service:
    """The papers of a deposit are at the hall, whatever becomes of the case."""
    deposits = list(service.deposits)
    for index, deposit in enumerate(deposits):
        if deposit.fact.deposit == event.deposit and deposit.collected_at is None:
            deposits[index] = deposit._replace(collected_at=event.at)
            service = service.taken_in(deposit.fact.materials, hall, event.at)
            break
    return service._replace(deposits=tuple(deposits))


def _evolve(file: CaseFile, fact: DepositFact) -> CaseFile:
    match fact:
        case PapersDeposited():
            return file._replace(service=file.service._replace(deposits=grown(file.service.deposits, Deposit(fact))))
        case PapersCollected():
            return file._replace(service=_collected(file.service, fact, file.hall))
        case _:
            assert_never(fact)


DEPOSITS: Final = Act(
    "投递",
    facts=facts_in(DepositFact),
    evolve=_evolve,
    rules={
        DepositPapers: Rule(
            deposit_papers, (PapersDeposited,), stages(Stage.SUBMITTED, Stage.PRE_REVIEWED, Stage.CORRECTING)
        ),
        CollectPapers: Rule(collect_papers, (PapersCollected,), EXISTS, late=True, follows=True),
    },
)
"""Papers are put into a drop box and taken out of it."""
