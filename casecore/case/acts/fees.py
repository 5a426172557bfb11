"""Fees (收费): paid or waived, once each; paying online is never a trip."""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.acts.trips import trips_of
from casecore.case.command import CaseCommand
from casecore.case.facts.fees import FeeFact, FeePaid, FeeWaived
from casecore.case.file import CaseFile
from casecore.case.items import item_of
from casecore.case.stages import LIVING
from casecore.given import Coming, Visit
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Cause, FeeWay
from casecore.whereabouts import led_to

__all__ = ["PayFee", "WaiveFee"]


@value
class PayFee(CaseCommand):
    """缴费; at a window it may be a trip, online never."""

    fee: str
    amount_fen: int
    way: FeeWay
    receipt: str | None = None
    visit: Visit | None = None

    @property
    def coming(self) -> Coming | None:
        """The visit in which it was paid at a window; who pays online need not come."""
        return None if self.visit is None or self.way is not FeeWay.WINDOW else Coming(self.visit, Cause.PAY)


@value
class WaiveFee(CaseCommand):
    """减免: waive a fee, under the rule named."""

    fee: str
    amount_fen: int
    basis: str


def pay_fee(file: CaseFile, command: PayFee, at: datetime, office: Office) -> Ruling:
    """The applicant pays; at a window it may be a trip."""
    if refused := _not_due(file, command.fee, command.amount_fen, at, office):
        return refused
    trips = trips_of(file, led_to(command.coming, file.hall, at.date(), office), at, command.by)
    if isinstance(trips, Refused):
        return trips
    paid = made(FeePaid, command, at)
    return (paid, *trips)


def waive_fee(file: CaseFile, command: WaiveFee, at: datetime, office: Office) -> Ruling:
    """The applicant need not pay."""
    if refused := _not_due(file, command.fee, command.amount_fen, at, office):
        return refused
    if blank(command.basis):
        return Refused(Reason.REASON_REQUIRED)
    return (made(FeeWaived, command, at),)


def _not_due(file: CaseFile, fee: str, amount_fen: int, at: datetime, office: Office) -> Refused | None:
    item = item_of(file, at, office)
    if item is None or not item.fee:
        return Refused(Reason.NO_FEE, file.item or "")
    if amount_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(amount_fen))
    return Refused(Reason.FEE_SETTLED, fee) if any(one.fee == fee for one in file.service.fees) else None


def _evolve(file: CaseFile, fact: FeeFact) -> CaseFile:
    return file._replace(service=file.service._replace(fees=grown(file.service.fees, fact)))


FEES: Final = Act(
    "收费",
    facts=facts_in(FeeFact),
    evolve=_evolve,
    rules={
        PayFee: Rule(pay_fee, (FeePaid,), LIVING, late=True),
        WaiveFee: Rule(waive_fee, (FeeWaived,), LIVING, late=True),
    },
)
"""Fees are paid or waived."""
