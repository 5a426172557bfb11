"""Fees (收费): paid or waived, once each; paying online is never a trip."""

from datetime import datetime

from casecore.case.commands import PayFee, WaiveFee
from casecore.case.events import FeePaid, FeeWaived
from casecore.case.items import item_of
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.case.trips import trips_of
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Cause, FeeWay

__all__ = ["pay_fee", "waive_fee"]


def pay_fee(file: CaseFile, command: PayFee, at: datetime, office: Office) -> Ruling:
    """The applicant pays; at a window it may be a trip."""
    if refused := _not_due(file, command.fee, command.amount_fen, at, office):
        return refused
    at_window = command.way is FeeWay.WINDOW
    trips = trips_of(file, command.visit if at_window else None, Cause.PAY, at, command.by)
    if isinstance(trips, Refused):
        return trips
    paid = FeePaid(
        at=at, by=command.by, fee=command.fee, amount_fen=command.amount_fen, way=command.way, receipt=command.receipt
    )
    return (paid, *trips)


def waive_fee(file: CaseFile, command: WaiveFee, at: datetime, office: Office) -> Ruling:
    """The applicant need not pay."""
    if refused := _not_due(file, command.fee, command.amount_fen, at, office):
        return refused
    if blank(command.basis):
        return Refused(Reason.REASON_REQUIRED)
    return (FeeWaived(at=at, by=command.by, fee=command.fee, amount_fen=command.amount_fen, basis=command.basis),)


def _not_due(file: CaseFile, fee: str, amount_fen: int, at: datetime, office: Office) -> Refused | None:
    item = item_of(file, at, office)
    if item is None or not item.fee:
        return Refused(Reason.NO_FEE, file.item or "")
    if amount_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(amount_fen))
    return Refused(Reason.FEE_SETTLED, fee) if any(one.fee == fee for one in file.service.fees) else None
