"""All fact tables there are."""

from typing import Final

from projections.agent_facts import AGENT_FACTS
from projections.approval_facts import APPROVAL_FACTS
from projections.box_facts import BOX_FACTS
from projections.card_facts import CARD_FACTS
from projections.case_facts import CASE_FACTS
from projections.certificate_facts import CERTIFICATE_FACTS
from projections.clock_facts import CLOCK_FACTS
from projections.custody_facts import CUSTODY_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.material_facts import MATERIAL_FACTS
from projections.package_facts import MEMBER_FACTS, PACKAGE_FACTS
from projections.projection import Projection
from projections.rating_facts import RATING_FACTS
from projections.step_facts import STEP_FACTS
from projections.suspension_facts import SUSPENSION_FACTS
from projections.trip_facts import TRIP_FACTS
from projections.visit_facts import VISIT_FACTS

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
    MATERIAL_FACTS,
    CUSTODY_FACTS,
    AGENT_FACTS,
    CERTIFICATE_FACTS,
    RATING_FACTS,
    PACKAGE_FACTS,
    MEMBER_FACTS,
    BOX_FACTS,
    VISIT_FACTS,
)
"""Followed and rebuilt together: a stream is folded once for all of them."""
