"""Facts of a case (办件事实), by act: storage formats, never edited, only superseded."""

from typing import TYPE_CHECKING

from casecore.case.facts import (
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
    ratings,
    redecision,
    review,
    supervision,
    time_limits,
    trips,
)
from casecore.case.facts.acceptance import *
from casecore.case.facts.agents import *
from casecore.case.facts.application import *
from casecore.case.facts.certificates import *
from casecore.case.facts.closing import *
from casecore.case.facts.correction import *
from casecore.case.facts.courier import *
from casecore.case.facts.custody import *
from casecore.case.facts.decision import *
from casecore.case.facts.delivery import *
from casecore.case.facts.deposits import *
from casecore.case.facts.fees import *
from casecore.case.facts.hearings import *
from casecore.case.facts.joining import *
from casecore.case.facts.materials import *
from casecore.case.facts.ratings import *
from casecore.case.facts.redecision import *
from casecore.case.facts.review import *
from casecore.case.facts.supervision import *
from casecore.case.facts.time_limits import *
from casecore.case.facts.trips import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = [
        "CaseEvent",
        *names_of(
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
            ratings,
            redecision,
            review,
            supervision,
            time_limits,
            trips,
        ),
    ]

CaseEvent = (
    application.ApplicationFact
    | correction.CorrectionFact
    | acceptance.AcceptanceFact
    | review.ReviewFact
    | time_limits.TimeLimitFact
    | hearings.HearingFact
    | decision.DecisionFact
    | supervision.SupervisionFact
    | certificates.CertificateFact
    | courier.CourierFact
    | delivery.DeliveryFact
    | closing.ClosingFact
    | redecision.RedecisionFact
    | joining.JoiningFact
    | agents.AgentFact
    | materials.MaterialFact
    | custody.CustodyFact
    | deposits.DepositFact
    | fees.FeeFact
    | ratings.RatingFact
    | trips.TripFact
)
"""Every fact a case's history may hold."""
