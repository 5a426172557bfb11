"""All fact tables there are."""

from typing import Final

from projections.approval_facts import APPROVAL_FACTS
from projections.card_facts import CARD_FACTS
from projections.case_facts import CASE_FACTS
from projections.clock_facts import CLOCK_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Projection
from projections.step_facts import STEP_FACTS
from projections.suspension_facts import SUSPENSION_FACTS
from projections.trip_facts import TRIP_FACTS

__all__ = ["PROJECTIONS"]

PROJECTIONS: Final[tuple[Projection, ...]] = (
    CASE_FACTS,
    TRIP_FACTS,
    APPROVAL_FACTS,
    STEP_FACTS,
    SUSPENSION_FACTS,
    CLOCK_FACTS,
    CARD_FACTS,
    DELIVERY_FACTS,
)
"""Followed and rebuilt together: a case is folded once for all of them."""
