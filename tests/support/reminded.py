"""Cases in the week before they are due, overdue, paused or ended."""

from typing import Final

from adapters.calendar_toml import NATIONAL
from casecore import (
    CaseClosed,
    CaseWithdrawn,
    CertificateMade,
    CorrectionRequested,
    Decision,
    DecisionMade,
    HearingOffered,
    Limit,
    Outcome,
    Suspended,
    SuspensionKind,
)
from support.followed import LIMITED, Lives, nationally, resumed, special
from support.story import HEAD, accepted, fact, granted, received, routed

__all__ = ["TAKEN", "TOLD"]

TAKEN: Final = nationally(received(), accepted(plan=()))  # due on Monday the 16th
GRANTED: Final = (
    *TAKEN,
    fact(DecisionMade, "03-04 09:00", by=HEAD, decision=Decision.GRANTED),
    fact(CertificateMade, "03-04 10:00", certificate="C1", kind="licence"),
)
TOLD: Final[Lives] = {
    "soon": TAKEN,
    "late": nationally(received("02-26 09:00"), accepted("02-26 10:00")),  # due on the 11th: Saturday 02-28 is worked
    "far": nationally(received("03-05 09:00"), accepted("03-05 10:00")),  # due on the 19th
    "unanswered": (received("03-06 09:00", department="Health"),),  # Art. 32: to be told by the 13th
    "told": (received("03-06 09:00"), fact(CorrectionRequested, "03-09 09:00", materials=("lease",))),
    "paused": (*TAKEN, fact(Suspended, "03-05 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r",
                            moves_promise=True)),
    "moved": (*TAKEN, special(), resumed()),  # five days: due on the 23rd
    "withdrawn": (*TAKEN, fact(CaseWithdrawn, "03-05 09:00", reason="r")),
    "closed": (*TAKEN, fact(CaseClosed, "03-05 09:00", outcome=Outcome.OTHER)),
    "to be delivered": (*GRANTED, fact(CaseClosed, "03-05 09:00", outcome=Outcome.CERTIFICATE_ISSUED)),  # by the 18th
    "at departments": (
        received(),
        accepted(plan=LIMITED, calendar=NATIONAL, promised=Limit.working_days(20)),
        *routed("fire", "health", when="03-09 09:00"),  # fire until the 12th
        *granted("health", when="03-10 09:00"),
    ),
    "at the window": (
        received("03-12 10:00"),
        accepted("03-12 10:30", plan=(), calendar=NATIONAL, promised=Limit.hours(2), statutory=None),
    ),
    "to be heard": (
        received(),
        accepted(plan=(), calendar=NATIONAL, promised=Limit.working_days(30)),
        fact(HearingOffered, "03-05 09:00", notice="N9"),  # the applicant asks by the 12th, or does not
    ),
}  # fmt: skip
