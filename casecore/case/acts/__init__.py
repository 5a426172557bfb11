"""Acts of a case (办件): commands, rules, stages, and what their facts make of the file."""

from typing import TYPE_CHECKING, Final

from casecore.case.acts import (
    acceptance,
    agents,
    application,
    certificates,
    closing,
    correction,
    courier,
    custody,
    decision,
    delivery,
    deposits,
    fees,
    hearings,
    joining,
    materials,
    passing_time,
    ratings,
    redecision,
    review,
    supervision,
    time_limits,
    trips,
)
from casecore.case.acts.acceptance import *
from casecore.case.acts.agents import *
from casecore.case.acts.application import *
from casecore.case.acts.certificates import *
from casecore.case.acts.closing import *
from casecore.case.acts.correction import *
from casecore.case.acts.courier import *
from casecore.case.acts.custody import *
from casecore.case.acts.decision import *
from casecore.case.acts.delivery import *
from casecore.case.acts.deposits import *
from casecore.case.acts.fees import *
from casecore.case.acts.hearings import *
from casecore.case.acts.joining import *
from casecore.case.acts.materials import *
from casecore.case.acts.passing_time import *
from casecore.case.acts.ratings import *
from casecore.case.acts.redecision import *
from casecore.case.acts.review import *
from casecore.case.acts.supervision import *
from casecore.case.acts.time_limits import *
from casecore.case.acts.trips import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(
        acceptance,
        agents,
        application,
        certificates,
        closing,
        correction,
        courier,
        custody,
        decision,
        delivery,
        deposits,
        fees,
        hearings,
        joining,
        materials,
        passing_time,
        ratings,
        redecision,
        review,
        supervision,
        time_limits,
        trips,
    )

CASE_ACTS: Final = (
    application.APPLICATION,
    correction.CORRECTION,
    acceptance.ACCEPTANCE,
    review.REVIEW,
    time_limits.TIME_LIMITS,
    hearings.HEARINGS,
    decision.DECISION,
    supervision.SUPERVISION,
    certificates.CERTIFICATES,
    courier.COURIER,
    delivery.DELIVERY,
    closing.CLOSING,
    redecision.REDECISION,
    joining.JOINING,
    agents.AGENTS,
    materials.MATERIALS,
    custody.CUSTODY,
    deposits.DEPOSITS,
    fees.FEES,
    ratings.RATINGS,
    trips.TRIPS,
    passing_time.PASSING_TIME,
)
"""In the order a case meets them."""
