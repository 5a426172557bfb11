"""The indicators of time, edge by edge: who is judged, by which date, and what a promise saves.

Unless said otherwise a case is accepted on Monday 2 March 2026 with ten working days promised and twenty by law:
due on Monday 16 March, and on the 30th.
"""

from datetime import date
from typing import Any, Final

import pytest
from support import story
from support.populations import (
    ASKED,
    MARCH,
    WORKDAY,
    A,
    Life,
    accepted,
    begun,
    by_group,
    closed,
    day,
    figures,
    fractions,
    item,
    life,
    reported_on,
)
from support.story import CITIZEN, HEAD, fact

from casecore import (
    CaseEvent,
    CaseVoided,
    CaseWithdrawn,
    ExtensionApproved,
    Limit,
    NotAccepted,
    Outcome,
    Resumed,
    SpecialGround,
    Suspended,
    SuspensionKind,
)
from ops.printing.figures import shown
from projections.dimensions import ItemFact, item_rows

JUDGING: Final = ("K6", "K6b", "K7", "K7-early", "K9-promised", "K9-statutory")
"""The figures that judge a case by its limits."""


def told(*lives: Life, since: date = MARCH[0], until: date = MARCH[1], asked: date = ASKED) -> dict[str, Any]:
    """The figures of a few cases."""
    with reported_on({(A, f"c{n}"): one for n, one in enumerate(lives)}) as tables:
        return fractions(figures(tables, since, until, as_of=asked))


def ran(*after: CaseEvent) -> Life:
    """A case accepted on 2 March, and what happened after."""
    return life(begun(), accepted(), *after)


def promised(limit: Limit, *after: CaseEvent, statutory: Limit | None = None) -> Life:
    return life(begun(), accepted(promised=limit, statutory=statutory), *after)


def special(**rest: Any) -> tuple[CaseEvent, ...]:
    """A special procedure from 5 to 12 March: five working days."""
    grounds = {"ground": SpecialGround.TESTING, "notice": "N1", "moves_promise": True, "moves_statutory": True}
    return suspended(SuspensionKind.SPECIAL_PROCEDURE, **{**grounds, **rest})


def suspended(kind: SuspensionKind = SuspensionKind.ORDINARY, **rest: Any) -> tuple[CaseEvent, ...]:
    started = fact(Suspended, "03-05 09:00", suspension="S1", kind=kind, reason="a paper is sought", **rest)
    return started, fact(Resumed, "03-12 09:00", suspension="S1")


# --- By which date ---


def test_the_due_day_itself_is_on_time_and_not_early() -> None:
    with reported_on({(A, "c"): life(begun(), accepted(), closed("03-16"))}) as tables:
        found = fractions(figures(tables, *MARCH))

    assert (found["K6"], found["K7"], found["K7-early"]) == ((1, 1), (0, 1), (0, 1))


def test_the_day_after_is_overdue() -> None:
    with reported_on({(A, "c"): life(begun(), accepted(), closed("03-17"))}) as tables:
        found = fractions(figures(tables, *MARCH))

    assert (found["K6"], found["K6b"], found["K7"]) == ((0, 1), (0, 1), (1, 1))


@pytest.mark.parametrize(("asked", "overdue"), [("03-16", 0), ("03-17", 1)])
def test_an_open_case_is_overdue_from_the_day_after_it_was_due_and_never_in_k6(asked: str, overdue: int) -> None:
    with reported_on({(A, "c"): life(begun(), accepted())}) as tables:
        found = fractions(figures(tables, *MARCH, as_of=day(asked)))

    assert (found["K6"], found["K7-early"]) == ((0, 0), (0, 0))
    assert (found["K6b"], found["K7"]) == ((0, overdue), (overdue, overdue))


def test_closing_on_the_saturday_after_a_due_friday_is_overdue_with_no_working_day_between() -> None:
    saturday = life(begun("03-06"), accepted("03-06"), closed("03-21"))  # due on Friday the 20th

    found = told(saturday)

    assert (found["K6"], found["K6b"], found["K7"], found["K7-early"]) == ((0, 1), (0, 1), (1, 1), (0, 1))
    assert found["K9-promised"] == (0, 10)


def test_early_is_a_working_day_before_and_a_holiday_is_none_of_its_own() -> None:
    # 14 February is a Saturday to make up for the holidays, the 15th to the 23rd: two days end on Tuesday the 24th
    limit = Limit.working_days(2)
    in_the_holidays, on_the_day = (
        life(begun("02-13"), accepted("02-13", limit), closed(when)) for when in ("02-20", "02-24")
    )

    found = told(in_the_holidays, on_the_day, since=day("02-01"), until=day("02-28"))

    assert (found["K6"], found["K7-early"]) == ((2, 2), (1, 2))


def test_k6_goes_by_the_closing_and_k6b_by_the_day_it_was_due() -> None:
    late = life(begun("03-17"), accepted("03-17"), closed("04-01"))  # due on 31 March

    march, april = told(late), told(late, since=day("04-01"), until=day("04-30"))

    assert (march["K6"], march["K6b"], march["K7"]) == ((0, 0), (0, 1), (1, 1))
    assert (april["K6"], april["K6b"], april["K7"]) == ((0, 1), (0, 0), (0, 0))


# --- Who is judged ---


@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda found: found.zh)
def test_cases_closed_with_0_1_4_or_6_are_judged_and_no_others(outcome: Outcome) -> None:
    on_its_day, late = ran(closed("03-16", outcome)), ran(closed("03-17", outcome))

    found = told(on_its_day, late)

    if outcome in (0, 1, 4, 6):
        assert (found["K6"], found["K6b"], found["K7"], found["K7-early"]) == ((1, 2), (1, 2), (1, 2), (0, 2))
        assert (found["K9-promised"], found["K9-statutory"]) == ((-1, 20), (19, 40))  # 10 and 11 days used
    else:
        assert {found[code] for code in JUDGING} == {(0, 0)}


def test_a_case_closed_because_corrections_never_came_is_accepted_and_closed_and_never_early() -> None:
    found = told(ran(closed("03-05", Outcome.CORRECTION_NOT_SUPPLIED)))

    assert {found[code] for code in JUDGING} == {(0, 0)}
    assert (found["K10"], found["K11"], found["K2-known"]) == ((0, 1), (1, 1), (0, 1))


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param((fact(CaseVoided, "03-20 09:00", outcome=Outcome.VOIDED, reason="twice"),), id="voided"),
        pytest.param((fact(CaseVoided, "03-20 09:00", outcome=Outcome.DELETED, reason="a slip"),), id="deleted"),
        pytest.param((fact(CaseWithdrawn, "03-20 09:00", by=CITIZEN, reason="moved"),), id="withdrawn"),
        pytest.param(
            (closed("03-17"), fact(CaseVoided, "03-18 09:00", outcome=Outcome.VOIDED, reason="twice")),
            id="closed late, then voided",
        ),
        pytest.param((fact(NotAccepted, "03-20 09:00", reason="not ours", remedy="appeal"),), id="not accepted after all"),
    ],
)
def test_a_case_that_ended_some_other_way_past_its_day_is_not_overdue(ended: Life) -> None:
    found = told(ran(*ended))

    assert {found[code] for code in JUDGING} == {(0, 0)}


def test_a_case_closed_without_ever_being_accepted_had_no_limit_to_keep() -> None:
    found = told(life(begun(), closed("03-05")))

    assert {found[code] for code in (*JUDGING, "K10")} == {(0, 0)}
    assert found["K20-closed"] == (1, None)


def test_while_the_clock_stands_still_without_a_cap_nothing_is_due() -> None:
    started, resumed = suspended(moves_promise=True)

    assert told(ran(started))["K7"] == (0, 0)
    assert (told(ran(started, resumed))["K6b"], told(ran(started, resumed))["K7"]) == ((0, 1), (1, 1))  # due on the 23rd


# --- Days used (K9) ---


@pytest.mark.parametrize(
    ("when", "used"),
    [
        pytest.param("03-02", 0, id="the day of acceptance is day 0"),
        pytest.param("03-03", 1, id="part of a day is a whole one"),
        pytest.param("03-07", 4, id="a Saturday is none"),
        pytest.param("03-16", 10, id="the due day"),
        pytest.param("03-17", 11, id="a day too many counts against"),
    ],
)
def test_days_used_are_working_days_by_date(when: str, used: int) -> None:
    found = told(ran(closed(when)))

    assert (found["K9-promised"], found["K9-statutory"]) == ((10 - used, 10), (20 - used, 20))


def test_a_special_procedure_is_left_out_of_both_up_to_what_was_declared() -> None:
    found = told(ran(*special(declared_days=3), closed("03-19")))

    # 13 working days from the 3rd to the 19th, without the 6th, 9th and 10th
    assert (found["K6"], found["K9-promised"], found["K9-statutory"]) == ((1, 1), (0, 10), (10, 20))


def test_what_moves_the_promise_alone_counts_against_the_law() -> None:
    found = told(ran(*suspended(moves_promise=True), closed("03-23")))

    # 15 working days from the 3rd to the 23rd; the promise leaves out 6 and 9 to 12 March
    assert (found["K6"], found["K9-promised"], found["K9-statutory"]) == ((1, 1), (0, 10), (5, 20))


def test_an_extension_lets_a_case_be_on_time_and_does_not_make_it_fast() -> None:
    longer = fact(ExtensionApproved, "03-10 09:00", by=HEAD, days=10, approver=HEAD, reason="difficult")

    found = told(ran(longer, closed("03-24")))

    assert (found["K6"], found["K9-promised"], found["K9-statutory"]) == ((1, 1), (-6, 10), (4, 20))


def test_an_instant_case_that_took_days_counts_against_the_others() -> None:
    found = told(promised(Limit.working_days(0), closed("03-04")), ran(closed("03-04")))

    assert found["K9-promised"] == (10 - 2 - 2, 10)


@pytest.mark.parametrize(
    "limit",
    [Limit.hours(70), Limit.minutes(4_200), Limit.half_days(20), Limit.natural_days(14), Limit.fixed(day("03-16"))],
    ids=str,
)
def test_limits_that_are_not_in_working_days_are_not_added_to_those_that_are(limit: Limit) -> None:
    by_promise = told(promised(limit, closed("03-06"), statutory=Limit.working_days(20)))
    by_law = told(promised(Limit.working_days(10), closed("03-06"), statutory=limit))

    assert (by_promise["K9-promised"], by_promise["K9-statutory"]) == ((0, 0), (16, 20))
    assert (by_law["K9-promised"], by_law["K9-statutory"]) == ((6, 10), (0, 0))


def test_a_case_the_law_sets_no_limit_saves_only_of_its_promise() -> None:
    found = told(promised(Limit.working_days(10), closed("03-06"), statutory=None))

    assert (found["K9-promised"], found["K9-statutory"]) == ((6, 10), (0, 0))


def test_a_case_older_than_its_calendar_saves_nothing_anybody_could_count() -> None:
    found = told(life(begun("2003-06-02"), accepted("2003-06-02"), closed("2003-06-05")), since=date(2003, 1, 1))

    assert (found["K9-promised"], found["K9-statutory"], found["K20-closed"]) == ((0, 0), (0, 0), (1, None))


# --- Closed early, of those accepted (K10) ---


def test_early_closings_are_set_against_the_month_the_cases_were_accepted_in() -> None:
    early = life(begun("02-27"), accepted("02-27"), closed("03-02"))
    running = life(begun("02-27"), accepted("02-27"))

    february, march = told(early, running, since=day("02-01"), until=day("02-28")), told(early, running)

    assert (february["K10"], march["K10"]) == ((1, 2), (0, 0))
    assert march["K7-early"] == (1, 1)


# --- What the catalogue promises (K5, K8, K13) ---


def catalogued(*items: ItemFact, asked: date = ASKED, url: str = "memory:") -> dict[str, Any]:
    """The figures of a catalogue, with their values."""
    with reported_on({}, items, url) as tables:
        return {figure.code: figure for figure in figures(tables, *MARCH, as_of=asked)}


def ratio(figure: Any) -> tuple[int, int | None, float | None]:
    return figure.numerator, figure.denominator, figure.value


@pytest.mark.parametrize(
    ("hours", "numerator", "denominator", "percentage"),
    [(7, 6 * 7 * 60 - 120, 6 * 7 * 60, "95.24%"), (8, 6 * 8 * 60 - 120, 6 * 8 * 60, "95.83%")],
)
def test_zengchengs_six_working_days_cut_to_two_hours(hours: int, numerator: int, denominator: int, percentage: str) -> None:
    cut = story.item("CUT", promised=Limit.hours(2), statutory=Limit.working_days(6))

    found = catalogued(*item_rows(A, [cut], hours_per_workday=hours))

    assert (found["K5"].numerator, found["K5"].denominator, shown(found["K5"])) == (numerator, denominator, percentage)
    assert shown(found["K8"]) == percentage


def test_natural_days_are_converted_before_they_are_added() -> None:
    week = story.item("WEEK", promised=Limit.working_days(1), statutory=Limit.natural_days(7))
    same = story.item("SAME", promised=Limit.natural_days(14), statutory=Limit.working_days(10))

    found = catalogued(*item_rows(A, [week, same]))

    assert ratio(found["K5"]) == (4 * WORKDAY, 15 * WORKDAY, 0.266667)


def test_items_without_a_law_with_a_law_of_nothing_or_with_a_fixed_date_are_not_compared() -> None:
    found = catalogued(
        item(A, "FREE", 1, statutory_minutes=None),
        item(A, "NOTHING", 1, promised_minutes=0, statutory_minutes=0),
        item(A, "FAIR", 1, promised_minutes=None),
        item(A, "AT-ONCE", 1, promised_minutes=0, statutory_minutes=WORKDAY),
    )

    assert ratio(found["K5"]) == (WORKDAY, WORKDAY, 1)
    assert ratio(found["K8"]) == (1_000_000_000, 1_000_000_000, 1)


def test_xindus_items_grew_from_85_to_93_percent_as_a_mean_and_otherwise_as_a_ratio_of_sums() -> None:
    until = day("03-31")
    items = (
        item(A, "LONG", 1, promised_minutes=5 * WORKDAY, statutory_minutes=50 * WORKDAY, valid_until=until),  # 90 %
        item(A, "SHORT", 1, promised_minutes=2 * WORKDAY, statutory_minutes=10 * WORKDAY, valid_until=until),  # 80 %
        *(
            item(A, code, 1, item_version=2, valid_from=day("04-01"), promised_minutes=left, statutory_minutes=of)
            for code, left, of in (
                ("LONG", 2 * WORKDAY, 50 * WORKDAY),  # 96 %
                ("SHORT", 1 * WORKDAY, 10 * WORKDAY),  # 90 %
            )
        ),
    )

    before, after = catalogued(*items, asked=until), catalogued(*items, asked=day("04-01"))

    assert ratio(before["K8"]) == (1_700_000_000, 2_000_000_000, 0.85)
    assert ratio(after["K8"]) == (1_860_000_000, 2_000_000_000, 0.93)
    assert ratio(before["K5"]) == (53 * WORKDAY, 60 * WORKDAY, 0.883333)
    assert ratio(after["K5"]) == (57 * WORKDAY, 60 * WORKDAY, 0.95)


@pytest.mark.parametrize(
    ("promise", "law", "saved"),
    [
        pytest.param(1, 3, 666_666_667, id="two thirds"),
        pytest.param(2, 3, 333_333_333, id="one third"),
        pytest.param(20, 10, -1_000_000_000, id="longer than the law, as no sound item is"),
        pytest.param(5, 3, -666_666_667, id="longer, and rounded"),
        pytest.param(10**9, 1, 10**9 - 10**18, id="as long as can be"),
        pytest.param(1, 10**9, 999_999_999, id="a billionth"),
    ],
)
def test_what_an_item_saves_is_rounded_to_the_nearest_billionth_alike_everywhere(
    promise: int, law: int, saved: int, store_url: str
) -> None:
    found = catalogued(item(A, "ITEM", 1, promised_minutes=promise, statutory_minutes=law), url=store_url)

    assert (found["K8"].numerator, found["K8"].denominator) == (saved, 1_000_000_000)


def test_xindus_1709_stages_became_1228() -> None:
    # 100 items: 91 of 17 and 9 of 18 stages at first, 72 of 12 and 28 of 13 now; a version between counts for nothing
    stages = [(17 + (n < 9), 12 + (n < 28)) for n in range(100)]
    assert (sum(old for old, _ in stages), sum(new for _, new in stages)) == (1709, 1228)
    ended = {"valid_until": day("03-31")}
    since = {"valid_from": day("04-01")}
    items = [
        version
        for n, (old, new) in enumerate(stages)
        for version in (
            item(A, f"item-{n}", 1, stages=old, **ended),
            item(A, f"item-{n}", 1, item_version=2, stages=40, valid_from=day("03-31"), valid_until=day("03-31")),
            item(A, f"item-{n}", 1, item_version=3, stages=new, **since),
        )
    ]
    uncounted = (
        item(A, "only-ever-one", 1, stages=9),
        item(A, "not-published-at-first", 1, stages=None, **ended),
        item(A, "not-published-at-first", 1, item_version=2, stages=3, **since),
        item(A, "no-longer-published", 1, stages=3, **ended),
        item(A, "no-longer-published", 1, item_version=2, stages=None, **since),
        item(A, "abolished", 1, stages=9, **ended),
        item(A, "abolished", 1, item_version=2, stages=3, valid_until=day("04-09")),
        item("510107", "item-0", 1, stages=99),
    )

    with reported_on({}, (*items, *uncounted)) as tables:
        found = figures(tables, *MARCH, "item")

    (whole,) = [figure for figure in found if figure.code == "K13" and figure.group is None]
    assert (*ratio(whole), shown(whole)) == (481, 1709, 0.281451, "28.15%")
    assert by_group(found, "K13").keys() == {f"item-{n}" for n in range(100)}
