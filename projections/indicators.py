"""All indicators (指标), each declared where its subject is: this is their order.

Periods go by the date of closing unless the population says otherwise. Excluded everywhere: voided (作废) and deleted
(删除) cases, and withdrawn ones (撤回) from all but the counts of K20. Ratios are rounded half up when displayed.
"""

from typing import Final

from projections.compliance_indicators import COMPLIANCE_INDICATORS
from projections.indicator import Indicator
from projections.item_indicators import ITEM_INDICATORS, STAGE_INDICATORS
from projections.rating_indicators import RATING_INDICATORS
from projections.service_indicators import SERVICE_INDICATORS
from projections.time_indicators import TIME_INDICATORS
from projections.trip_indicators import TRIP_INDICATORS
from projections.visit_indicators import VISIT_INDICATORS
from projections.volume_indicators import CLOSING_INDICATORS, VOLUME_INDICATORS

__all__ = ["INDICATORS"]

INDICATORS: Final[tuple[Indicator, ...]] = (
    *TRIP_INDICATORS,
    *TIME_INDICATORS,
    *COMPLIANCE_INDICATORS,
    *CLOSING_INDICATORS,
    *STAGE_INDICATORS,
    *SERVICE_INDICATORS,
    *RATING_INDICATORS,
    *VOLUME_INDICATORS,
    *VISIT_INDICATORS,
    *ITEM_INDICATORS,
)
"""In the order they are reported."""
