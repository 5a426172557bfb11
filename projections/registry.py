"""All fact tables there are."""

from typing import Final

from projections.approval_facts import APPROVAL_FACTS
from projections.case_facts import CASE_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Projection
from projections.suspension_facts import SUSPENSION_FACTS
from projections.trip_facts import TRIP_FACTS

__all__ = ["PROJECTIONS"]

PROJECTIONS: Final[tuple[Projection, ...]] = (
    CASE_FACTS,
    TRIP_FACTS,
    APPROVAL_FACTS,
    SUSPENSION_FACTS,
    DELIVERY_FACTS,
)
"""Followed and rebuilt together: a case is folded once for all of them."""
