"""Indicators of ratings (好差评): what the citizens said of the service, and what became of it where it was bad."""

from typing import Final

from casecore.vocabulary import RatingReview, Stage
from projections.indicator import Indicator, Join, Population, count, count_if, fact_table
from projections.populations import CASE_COLUMNS, CASE_KEY, UNRECORDED

__all__ = ["RATING_INDICATORS"]

_REMOVED: Final = ", ".join(f"'{review.value}'" for review in (RatingReview.MISTAKEN, RatingReview.MALICIOUS))
_REPLACED: Final = """EXISTS (
    SELECT 1 FROM rating_facts AS n
    WHERE n.log = r.log AND n.case_id = r.case_id AND COALESCE(n.step, '') = COALESCE(r.step, '') AND n.rating > r.rating
)"""

_RATINGS: Final = Population(
    told="ratings of a step or of the whole case, by the date given; left out are those of void cases, those another one"
    " stands for now, what review found to be 误评 or 恶意",
    relation=fact_table("rating_facts"),
    alias="r",
    joins=(Join(relation=fact_table("case_facts"), alias="c", on="c.log = r.log AND c.case_id = r.case_id"),),
    where=(
        f"r.review IS NULL OR r.review NOT IN ({_REMOVED})",
        f"c.counted = 1 OR c.stage = '{Stage.WITHDRAWN.value}'",
        f"NOT {_REPLACED}",
    ),
    dated="r.rated_on",
    # By channel, a rating goes by the one it was given through.
    columns={**CASE_COLUMNS, "channel": f"COALESCE(r.channel, '{UNRECORDED}')"},
    case_key=CASE_KEY,
)
_GIVEN: Final = _RATINGS.narrowed("r.defaulted = 0", told=f"{_RATINGS.told}, and default ones (过期默认好评)")
_BAD: Final = _GIVEN.narrowed("r.bad = 1", told=f"{_RATINGS.told}; grades 4 and 5")
_BAD_WITH_A_NAME: Final = _BAD.narrowed("r.real_name = 1", told=f"{_BAD.told} with a name (实名)")

RATING_INDICATORS: Final = (
    Indicator(
        code="K18",
        zh="好评率",
        en="satisfied, of those who rated",
        population=_GIVEN,
        numerator=count_if("r.grade <= 3", "grades 1 to 3"),
        denominator=count("ratings"),
        source="domain.md §4 K18; GB/T 39046 A.8",
    ),
    Indicator(
        code="K18-active",
        zh="主动评价率",
        en="ratings somebody gave, of all",
        population=_RATINGS,
        numerator=count_if("r.defaulted = 0", "ratings that are no default ones (过期默认好评)"),
        denominator=count("ratings, default ones too"),
        source="domain.md §4 K18",
    ),
    Indicator(
        code="K19",
        zh="差评整改率",
        en="bad ratings put right in time",
        population=_BAD,
        numerator=count_if(
            "r.in_time = 1",
            "put right within the district's limit (default 5 working days); one not put right yet is not",
        ),
        denominator=count("bad ratings"),
        source="domain.md §4 K19; local limits: 5 working days (Dezhou), 15 (Suining)",
        cohort=True,
    ),
    Indicator(
        code="K19-callback",
        zh="实名差评回访率",
        en="bad ratings answered, of those with a name",
        population=_BAD_WITH_A_NAME,
        numerator=count_if("r.called_back_on IS NOT NULL", "raters called back"),
        denominator=count("bad ratings with a name"),
        source="domain.md §4 K19: target 100 %",
        cohort=True,
    ),
)
"""K18 and K19, in the order they are reported."""
