"""Of how many cases and packages the trips (跑动) are known: the coverage (覆盖率) every figure of trips is told with.

What is taken in at a window, a terminal or a village point without a visit told is no zero trip (零跑动), and neither is
what waits to be collected: nobody knows how often the applicant comes. Such a case is in no figure of trips.
"""

from typing import Final

from projections.indicator import Indicator, count, count_if
from projections.populations import CLOSED
from projections.trip_populations import CLOSED_PACKAGES, KNOWN_WHOLE, MEMBERS

__all__ = ["COVERED_CASES", "COVERED_MEMBERS", "COVERED_PACKAGES"]

_SOURCE: Final = "domain.md §4, trip rules: what nobody told is no zero trip"
_WHOLE: Final = "every visit of the package told, and where nobody had to come no result of it to be collected"

COVERED_CASES: Final = Indicator(
    code="K2-known",
    zh="跑动可知率(办件口径)",
    en="cases whose trips are known",
    population=CLOSED,
    numerator=count_if(
        "c.trips_unknown IS NULL",
        "cases whose trips are known: every visit told, and where nobody had to come no result to be collected",
    ),
    denominator=count("closed cases"),
    source=_SOURCE,
)
"""The coverage of figures by case."""

COVERED_MEMBERS: Final = Indicator(
    code="K2-known-inherited",
    zh="跑动可知率(一件事子办件口径)",
    en="cases of packages of which the package's trips are known",
    population=MEMBERS,
    numerator=count_if(KNOWN_WHOLE.format("c"), f"cases whose package's trips are known: {_WHOLE}"),
    denominator=count("closed cases of packages"),
    source=_SOURCE,
)
"""The coverage of what the cases of packages inherit."""

COVERED_PACKAGES: Final = Indicator(
    code="K2-known-package",
    zh="跑动可知率(一件事口径)",
    en="packages whose trips are known",
    population=CLOSED_PACKAGES,
    numerator=count_if(KNOWN_WHOLE.format("p"), f"packages whose trips are known: {_WHOLE}"),
    denominator=count("closed packages"),
    source=_SOURCE,
)
"""The coverage of figures by package."""
