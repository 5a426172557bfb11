"""The stages a command of a case may be given in, as the acts share them."""

from collections.abc import Mapping
from typing import Final

from casecore.vocabulary import Stage

__all__ = ["AFTER_DECISION", "ANY", "BEFORE_ACCEPTANCE", "BEFORE_DECISION", "EXISTS", "FILED", "LIVING", "RANK", "stages"]


def stages(*stages: Stage) -> frozenset[Stage]:
    """Just these."""
    return frozenset(stages)


ANY: Final = frozenset(Stage)
"""Whatever the stage, even before the first fact."""
EXISTS: Final = frozenset(Stage) - {Stage.NEW}
"""From the first stage on, whatever became of it."""
BEFORE_ACCEPTANCE: Final = stages(Stage.SUBMITTED, Stage.RETURNED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
"""Filed or received, and not accepted."""
BEFORE_DECISION: Final = stages(Stage.IN_REVIEW, Stage.REVIEWED)
"""Accepted, and not decided."""
LIVING: Final = ANY - {Stage.NOT_ACCEPTED, Stage.WITHDRAWN, Stage.VOIDED}
"""Where something may still be done for the applicant: before the application, and after the closing."""
FILED: Final = LIVING - {Stage.NEW}
"""Where an item asks for something."""
AFTER_DECISION: Final = stages(Stage.DECIDED, Stage.CLOSED)
"""Decided, closed or not."""
RANK: Final[Mapping[Stage, int]] = {
    Stage.NEW: 0,
    Stage.SUBMITTED: 1,
    Stage.RETURNED: 1,
    Stage.PRE_REVIEWED: 2,
    Stage.RECEIVED: 3,
    Stage.CORRECTING: 3,
    Stage.IN_REVIEW: 4,
    Stage.REVIEWED: 5,
    Stage.DECIDED: 6,
    Stage.CLOSED: 7,
    Stage.NOT_ACCEPTED: 8,
    Stage.WITHDRAWN: 9,
    Stage.VOIDED: 10,
}
"""How far a case has come; stages it may go back and forth between stand equal."""
