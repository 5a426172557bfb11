"""The indicators of service: materials spared (免提交), what was done at once (即办, 秒批) or online, ratings (好差评)."""

from typing import Any, Final

import pytest
from support.populations import (
    ASKED,
    COURIER,
    E_CERTIFICATE,
    MARCH,
    WEBSITE,
    A,
    Life,
    Population,
    accepted,
    begun,
    by_group,
    closed,
    delivered,
    figures,
    fractions,
    joined,
    life,
    reported_on,
    trip,
)
from support.story import CITIZEN, CLERK, HALL, fact

from casecore import (
    CaseRated,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    Channel,
    CorrectionRequested,
    Decision,
    DecisionMade,
    DistrictRule,
    Grade,
    HandlingKind,
    LicenceLevel,
    Limit,
    LookupFailed,
    MaterialMet,
    MaterialWay,
    Outcome,
    RaterCalledBack,
    RatingRectified,
    RatingReview,
    RatingReviewed,
)
from casecore.recorded import Event
from casecore.vocabulary import CoreStep

PAPER, LICENCE, SHARED = MaterialWay.PAPER, MaterialWay.E_LICENCE, MaterialWay.DATA_SHARING
EARLIER, EXEMPTED, UPLOAD = MaterialWay.EARLIER_CASE, MaterialWay.EXEMPTED, MaterialWay.UPLOAD
IDENTITY, LEASE, PLAN = "identity", "lease", "plan"


def found(*lives: Life, by: str | None = None, rule: DistrictRule | None = None, **how: Any) -> dict[str, Any]:
    """The figures of March for these cases, or their groups."""
    population: Population = {(A, f"c{n}"): one for n, one in enumerate(lives, 1)}
    with reported_on(population, rule=rule or DistrictRule(), **how) as tables:
        told = figures(tables, *MARCH, by, as_of=ASKED)
    return fractions(told) if by is None else {f.code: by_group(told, f.code) for f in told}


# --- Materials (K14) ---


def met(material: str, way: MaterialWay) -> MaterialMet:
    level = LicenceLevel.A if way is LICENCE else None
    return fact(MaterialMet, "03-02 09:30", by=CLERK, material=material, way=way, source="there", level=level)


def with_materials(*ways: MaterialMet | LookupFailed, requires: tuple[str, ...] = (IDENTITY, LEASE, PLAN)) -> Life:
    """A closed case of an item that requires these materials; a licence may stand for the identity card and the lease."""
    replaceable = tuple(one for one in requires if one != PLAN)
    return life(begun(), *ways, accepted(materials=requires, licence_materials=replaceable), closed("03-06"))


def test_what_nobody_had_to_hand_in_is_told_of_all_that_is_required() -> None:
    told = found(
        with_materials(met(IDENTITY, LICENCE), met(LEASE, SHARED), met(PLAN, UPLOAD)),
        with_materials(met(IDENTITY, EARLIER), met(LEASE, PAPER)),  # of the plan nobody told
    )

    assert told["K14"] == (3, 6)
    assert told["K14-licence"] == (1, 4)
    assert told["K14-case"] == (0, 2)


def test_a_look_up_that_failed_and_fell_back_to_paper_stays_in_the_denominator() -> None:
    failed = fact(LookupFailed, "03-02 09:15", by=CLERK, material=LEASE, way=LICENCE, reason="no answer")

    told = found(with_materials(met(IDENTITY, LICENCE), failed, met(LEASE, PAPER), met(PLAN, SHARED)))

    assert (told["K14"], told["K14-licence"]) == ((2, 3), (1, 2))


def test_one_licence_is_all_it_takes_where_everything_else_is_reused_or_exempted() -> None:
    told = found(
        with_materials(met(IDENTITY, LICENCE), met(LEASE, EXEMPTED), met(PLAN, SHARED)),
        with_materials(met(IDENTITY, LICENCE), met(LEASE, LICENCE), met(PLAN, UPLOAD)),
        with_materials(met(IDENTITY, LICENCE), met(LEASE, LICENCE)),
        with_materials(met(IDENTITY, MaterialWay.PACKAGE), requires=(IDENTITY,)),  # handed in, though for another case
    )

    assert told["K14-case"] == (1, 4)


def test_what_a_package_shares_was_handed_in_once_and_is_told_apart() -> None:
    def member(*ways: MaterialMet) -> Life:
        begins, *rest = with_materials(*ways)
        return (begins, joined("P1"), *rest)

    told = found(
        member(met(IDENTITY, LICENCE), met(LEASE, PAPER), met(PLAN, PAPER)),
        member(met(IDENTITY, LICENCE), met(LEASE, MaterialWay.PACKAGE), met(PLAN, MaterialWay.PACKAGE)),
        with_materials(met(IDENTITY, LICENCE)),  # of no package
    )

    assert told["K14"] == (3, 9)
    assert told["K14-shared"] == (2, 6)
    assert told["K14-licence"] == (3, 6)


def test_a_licence_where_none_may_stand_for_the_paper_is_no_licence_of_those_that_may() -> None:
    told = found(with_materials(met(IDENTITY, LICENCE), met(LEASE, LICENCE), met(PLAN, LICENCE)))

    assert (told["K14"], told["K14-licence"]) == ((3, 3), (2, 2))


def test_a_case_that_requires_nothing_says_nothing_of_materials() -> None:
    told = found(life(begun(), accepted(), closed("03-06")))

    assert (told["K14"], told["K14-licence"], told["K14-case"]) == ((0, 0), (0, 0), (0, 0))


def test_where_no_licence_may_stand_for_anything_none_could_be_reused() -> None:
    plan_alone = with_materials(met(PLAN, PAPER), requires=(PLAN,))

    told, by_item = found(plan_alone), found(plan_alone, by="item")

    assert (told["K14"], told["K14-licence"]) == ((0, 1), (0, 0))
    assert (by_item["K14"], by_item["K14-licence"]) == ({"FOOD": (0, 1)}, {})


def test_materials_are_told_by_theme() -> None:
    alone = with_materials(met(IDENTITY, LICENCE), requires=(IDENTITY,))
    together = (*alone[:1], joined("P1"), *with_materials(met(IDENTITY, PAPER), requires=(IDENTITY,))[1:])

    assert found(alone, together, by="theme")["K14"] == {"SHOPS": (0, 1), "none": (1, 1)}


# --- At once (K17) and online (K16) ---


def decided(when: str, *, automatic: bool = False) -> DecisionMade:
    return fact(DecisionMade, when, decision=Decision.GRANTED, automatic=automatic)


def test_an_instant_item_decided_on_the_day_of_its_receipt_is_done_on_the_spot() -> None:
    def ran(handling: HandlingKind, when: str) -> Life:
        return life(begun(), accepted(handling=handling), decided(when), closed("03-06"))

    told = found(
        ran(HandlingKind.INSTANT, "03-02 16:00"),
        ran(HandlingKind.INSTANT, "03-03 09:00"),
        ran(HandlingKind.PROMISED, "03-02 16:00"),
    )

    assert told["K17-case"] == (1, 3)


def test_what_a_program_decides_within_the_districts_seconds_is_approved_at_once() -> None:
    def ran(*, automatic: bool, later: str = "09:01") -> Life:
        return life(begun(channel=WEBSITE), accepted(), decided(f"03-02 {later}", automatic=automatic), closed("03-06"))

    cases = ran(automatic=True), ran(automatic=False), ran(automatic=True, later="09:02")

    assert found(*cases)["K17-instant"] == (1, 3)
    assert found(*cases, rule=DistrictRule(instant_seconds=120))["K17-instant"] == (2, 3)


def filed_online(*after: Event, **rest: Any) -> Life:
    return life(begun(channel=WEBSITE, **rest), *after)


@pytest.mark.parametrize(
    ("case", "fully"),
    [
        (filed_online(accepted(), closed("03-06"), delivered("03-06", E_CERTIFICATE)), 1),
        (filed_online(accepted(), closed("03-06"), delivered("03-06", COURIER)), 1),
        (filed_online(accepted(), closed("03-06")), 0),  # nobody has the result
        (filed_online(accepted(), trip("03-03", "V1", Cause.PAY), closed("03-06"), delivered("03-06", COURIER)), 0),
        (filed_online(accepted(), closed("03-06"), delivered("03-06", COURIER), assisted=True), 0),
        (life(begun(), trip("03-02", "V1"), accepted(), closed("03-06"), delivered("03-06", COURIER)), 0),
        (
            filed_online(
                fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=(LEASE,)),
                trip("03-03", "V1", Cause.CORRECT),  # breaks no promise, and yet somebody came
                accepted("03-03"),
                closed("03-06"),
                delivered("03-06", COURIER),
            ),
            0,
        ),
    ],
    ids=["e-certificate", "courier", "no result", "came to pay", "filed by staff", "at a window", "came to correct"],
)
def test_fully_online_is_filed_online_without_any_visit_and_the_result_sent(case: Life, fully: int) -> None:
    assert found(case)["K16-case"] == (fully, 1)


# --- Ratings (K18, K19) ---

OWN: Final = CITIZEN
FIVE_DAYS: Final = Limit.working_days(5)


def rated(grade: Grade, when: str = "03-09 10:00", **rest: Any) -> CaseRated:
    within = FIVE_DAYS if grade.bad and not rest.get("defaulted") else None
    return fact(CaseRated, when, by=OWN, grade=grade, **{"rectify_within": within, **rest})


def reviewed(review: RatingReview, when: str = "03-10 10:00") -> RatingReviewed:
    return fact(RatingReviewed, when, review=review, reason="asked")


def rectified(when: str) -> RatingRectified:
    return fact(RatingRectified, when, measure="told again")


def with_ratings(*ratings: Event) -> Life:
    return life(begun(), accepted(), closed("03-06"), *ratings)


GOOD, FAIR, BAD, WORST = Grade.VERY_SATISFIED, Grade.FAIRLY_SATISFIED, Grade.DISSATISFIED, Grade.VERY_DISSATISFIED


def test_three_grades_of_five_are_good_and_default_ratings_are_kept_apart() -> None:
    told = found(*(with_ratings(rated(grade)) for grade in Grade), with_ratings(rated(GOOD, defaulted=True)))

    assert told["K18"] == (3, 5)
    assert told["K18-active"] == (5, 6)


def test_a_default_rating_counts_no_more_once_somebody_rates() -> None:
    told = found(with_ratings(rated(GOOD, defaulted=True), rated(BAD, "03-10 10:00")))

    assert (told["K18"], told["K18-active"]) == ((0, 1), (1, 1))


def test_each_step_and_the_whole_are_rated_by_themselves() -> None:
    told = found(with_ratings(rated(GOOD, step=CoreStep.RECEIPT), rated(FAIR, step=CoreStep.CLOSING), rated(BAD)))

    assert told["K18"] == (2, 3)


@pytest.mark.parametrize(
    ("review", "satisfied", "bad"),
    [
        (RatingReview.VALID, (1, 2), (0, 1)),
        (RatingReview.MISTAKEN, (1, 1), (0, 0)),
        (RatingReview.MALICIOUS, (1, 1), (0, 0)),
    ],
)
def test_mistaken_and_malicious_ratings_leave_the_figures(
    review: RatingReview, satisfied: tuple[int, int], bad: tuple[int, int]
) -> None:
    told = found(with_ratings(rated(GOOD)), with_ratings(rated(WORST), reviewed(review)))

    assert (told["K18"], told["K18-active"], told["K19"]) == (satisfied, satisfied[1:] * 2, bad)


def test_a_bad_rating_is_put_right_in_time_by_the_end_of_its_fifth_working_day() -> None:
    valid = reviewed(RatingReview.VALID)

    told = found(
        with_ratings(rated(BAD), valid, rectified("03-16 16:00")),  # rated on Monday the 9th
        with_ratings(rated(BAD), valid, rectified("03-17 09:00")),
        with_ratings(rated(BAD), valid),
        with_ratings(rated(BAD)),  # not reviewed yet: bad as long as nobody says otherwise
    )

    assert told["K19"] == (1, 4)


def test_raters_with_a_name_are_to_be_called_back() -> None:
    called = fact(RaterCalledBack, "03-11 10:00", satisfied=False)

    told = found(
        with_ratings(rated(BAD, real_name=True), called),
        with_ratings(rated(BAD, real_name=True)),
        with_ratings(rated(BAD)),
        with_ratings(rated(GOOD, real_name=True)),
    )

    assert told["K19-callback"] == (1, 2)


def test_ratings_count_by_the_day_they_were_given_and_the_channel_they_came_through() -> None:
    late = with_ratings(rated(GOOD, "04-01 10:00"))
    texted = with_ratings(rated(BAD, channel=Channel.MOBILE))

    told = found(late, texted, with_ratings(rated(GOOD)), by="channel")

    assert told["K18"] == {"mobile": (0, 1), "unrecorded": (1, 1)}
    assert found(texted, by="hall")["K18"] == {HALL: (0, 1)}
    assert found(texted, by="month")["K18"] == {"2026-03": (0, 1)}


def _ended(ended: Event) -> Life:
    return life(begun(), accepted(), ended, rated(BAD))


@pytest.mark.parametrize(
    ("case", "counted"),
    [
        (_ended(fact(CaseVoided, "03-04 09:00", outcome=Outcome.VOIDED, reason="twice")), (0, 0)),
        (_ended(closed("03-04", Outcome.DELETED)), (0, 0)),
        (_ended(fact(CaseWithdrawn, "03-04 09:00", by=CITIZEN, reason="moved")), (0, 1)),
        (_ended(closed("03-04")), (0, 1)),
    ],
    ids=["void", "deleted", "withdrawn", "closed"],
)
def test_who_withdrew_may_rate_and_a_void_case_has_no_rating(case: Life, counted: tuple[int, int]) -> None:
    assert found(case)["K18"] == counted
