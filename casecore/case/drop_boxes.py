"""Papers through a drop box (小蜜蜂箱): put in at any hour, received by the rule of the district when it is emptied."""

from datetime import datetime

from casecore.case.commands import CollectPapers, DepositPapers, ReceiveCase, SubmitCorrection
from casecore.case.events import PapersCollected, PapersDeposited
from casecore.case.intake import receive_case, submit_correction
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, evolve
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import ReceiptDate, Stage, Tier

__all__ = ["collect_papers", "deposit_papers"]


def deposit_papers(file: CaseFile, command: DepositPapers, at: datetime, office: Office) -> Ruling:
    """The papers lie in the box; nobody has them yet."""
    if any(one.fact.deposit == command.deposit for one in file.service.deposits):
        return Refused(Reason.DEPOSIT_EXISTS, command.deposit)
    deposited = PapersDeposited(at=at, by=command.by, box=command.box, deposit=command.deposit, materials=command.materials)
    return (deposited,)


def collect_papers(file: CaseFile, command: CollectPapers, at: datetime, office: Office) -> Ruling:
    """The box was emptied: what waits for the papers goes on with them, as of the day the district's rule says.

    A case that cannot be received as it stands has its papers at the hall all the same, and holds up no other. What was
    put in before a notice of what is missing (补正) is no answer to it: the window looks at that.
    """
    deposit = next((one for one in file.service.deposits if one.fact.deposit == command.deposit), None)
    if deposit is None or deposit.collected_at is not None:
        return ()
    collected = PapersCollected(at=at, by=command.by, box=command.box, deposit=command.deposit)
    file = evolve(file, collected)
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
            tier=_tier(command.hall, office),
            materials=deposit.fact.materials,
        )
        ruling = receive_case(file, receipt, received_at, office)
    elif file.stage is Stage.CORRECTING and (file.stage_at is None or deposit.fact.at >= file.stage_at):
        correction = SubmitCorrection(case=command.case, by=command.by, materials=deposit.fact.materials)
        ruling = submit_correction(file, correction, received_at, office)
    return (collected,) if isinstance(ruling, Refused) else (collected, *ruling)


def _tier(hall: str, office: Office) -> Tier:
    site = office.catalogue.sites.get(hall)
    return site.tier if site is not None else Tier.COUNTY
