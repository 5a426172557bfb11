"""Compliance with every limit but the promise: of those that ended, and of those due in the period, worked out by hand.

Unless said otherwise a case is accepted on Monday 2 March 2026 under the national calendar: by law it is decided by the
30th. The day asked is 10 April.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Final

import pytest
from support.populations import (
    ASKED,
    MARCH,
    A,
    Life,
    accepted,
    begun,
    by_group,
    closed,
    day,
    delivered,
    figures,
    fractions,
    life,
    package,
    reported_on,
)
from support.story import CITIZEN, CLERK, HEAD, fact, granted, routed

from adapters.tables import Tables
from casecore import (
    CaseWithdrawn,
    CertificateMade,
    CorrectionRequested,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ItemType,
    Limit,
    MemberDecided,
    NotAccepted,
    Outcome,
    PackageExtended,
    PlanStep,
    Stage,
    Suspended,
    SuspensionKind,
)
from casecore.package.facts.members import MemberEnded
from casecore.recorded import Event
from casecore.vocabulary import Authority
from projections.compliance_indicators import COMPLIANCE_INDICATORS, SHOWN_CODES

APRIL: Final = (date(2026, 4, 1), date(2026, 4, 30))
LONG: Final = Limit.working_days(60)
"""A promise nobody breaks here."""


def decided(when: str, decision: Decision = Decision.GRANTED) -> DecisionMade:
    return fact(DecisionMade, f"{when} 15:00", by=HEAD, decision=decision, reason="so it was decided")


def certified(when: str, number: str = "C1") -> CertificateMade:
    return fact(CertificateMade, f"{when} 15:30", certificate=number, kind="licence")


def ran(*after: Event, **rest: Any) -> Life:
    return life(begun(), accepted(promised=LONG, **rest), *after)


def told(*lives: Life, span: tuple[date, date] = MARCH, asked: date = ASKED, **rest: Any) -> dict[str, Any]:
    """The figures of a few cases."""
    with reported_on({(A, f"c{n}"): one for n, one in enumerate(lives)}, **rest) as tables:
        return fractions(figures(tables, *span, as_of=asked))


def pair(found: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    return found[f"K6-{name}"], found[f"K6b-{name}"]


def test_every_limit_is_told_in_both_forms_and_five_of_them_are_shown() -> None:
    codes = [one.code for one in COMPLIANCE_INDICATORS]

    assert [code.replace("K6-", "K6b-") for code in codes if code.startswith("K6-")] == [
        code for code in codes if code.startswith("K6b-")
    ]
    assert set(SHOWN_CODES) <= set(codes)
    assert len(SHOWN_CODES) == 5


# --- 法定时限 ---


def test_the_law_is_kept_by_the_decision_whenever_the_case_is_closed() -> None:
    in_time, late = ran(decided("03-30"), closed("04-08")), ran(decided("03-31"), closed("03-31"))

    march, april = told(in_time, late), told(in_time, late, span=APRIL)

    assert pair(march, "statutory") == ((1, 2), (1, 2))
    assert pair(april, "statutory") == ((0, 0), (0, 0))


def test_decided_and_not_closed_yet_it_is_judged() -> None:
    assert pair(told(ran(decided("03-20"))), "statutory") == ((1, 1), (1, 1))


@pytest.mark.parametrize(("asked", "due"), [("03-30", (0, 0)), ("03-31", (0, 1))])
def test_undecided_it_is_a_failure_from_the_day_after_the_last_one(asked: str, due: tuple[int, int]) -> None:
    assert pair(told(ran(), asked=day(asked)), "statutory") == ((0, 0), due)


def test_what_is_due_on_the_last_day_of_a_month_is_due_in_it() -> None:
    open_ = life(begun("03-03"), accepted("03-03", LONG))  # until 31 March

    assert told(open_)["K6b-statutory"] == (0, 1)
    assert told(open_, span=APRIL)["K6b-statutory"] == (0, 0)
    with reported_on({(A, "c"): open_}) as tables:
        assert by_group(figures(tables, None, None, "month"), "K6b-statutory") == {"2026-03": (0, 1)}


def test_what_is_withdrawn_or_never_came_to_an_end_of_its_own_is_judged_by_no_law() -> None:
    withdrawn = ran(fact(CaseWithdrawn, "04-02 09:00", by=CITIZEN, reason="moved"))
    nobody_came = ran(closed("04-02", Outcome.CORRECTION_NOT_SUPPLIED))
    declined = ran(fact(NotAccepted, "04-02 09:00", reason="not ours", remedy="appeal"))

    for span in (MARCH, APRIL):
        assert pair(told(withdrawn, nobody_came, declined, span=span), "statutory") == ((0, 0), (0, 0))


def test_what_stands_still_for_an_open_end_is_not_due_by_law() -> None:
    standing = fact(
        Suspended, "03-05 09:00", suspension="S1", kind=SuspensionKind.SPECIAL_PROCEDURE, reason="r", moves_promise=True
    )
    assert told(ran(standing))["K6b-statutory"] == (0, 1)  # told nobody how long: the law goes on


# --- 受理, Art. 32 ---


def test_papers_are_answered_by_acceptance_refusal_or_one_notice() -> None:
    took_in = begun("03-02")
    on_the_last_day, late = life(took_in, accepted("03-09", LONG)), life(took_in, accepted("03-10", LONG))
    noticed = life(
        took_in, fact(CorrectionRequested, "03-09 09:00", by=CLERK, materials=("lease",)), accepted("03-20", LONG)
    )

    found = told(on_the_last_day, late, noticed)

    assert pair(found, "acceptance") == ((2, 3), (2, 3))


def test_silence_is_no_answer_and_what_is_no_licence_has_no_five_days() -> None:
    licence, other = begun("03-02"), begun("03-02", item_type=ItemType.CONFIRMATION, licence_law=False)
    silent, not_under_it = life(licence, accepted("03-20", LONG)), life(other, accepted("03-20", LONG, **NO_LICENCE))

    assert pair(told(silent, not_under_it), "acceptance") == ((0, 1), (0, 1))


NO_LICENCE: Final[dict[str, Any]] = {"item_type": ItemType.CONFIRMATION, "licence_law": False}


# --- 送达, Art. 44 ---


def test_a_result_is_handed_over_within_ten_working_days_of_the_decision() -> None:
    given = (decided("03-10"), certified("03-10"))  # until 24 March
    in_time = ran(*given, delivered("03-24", DeliveryMethod.WINDOW))
    late = ran(*given, delivered("03-25", DeliveryMethod.COURIER))
    open_ = ran(*given, closed("03-11"))

    assert pair(told(in_time, late, open_), "delivery") == ((1, 2), (1, 3))
    assert told(in_time, late, open_, asked=day("03-24"))["K6b-delivery"] == (1, 2)


def test_a_refusal_and_what_is_no_licence_owe_no_result() -> None:
    refused = ran(decided("03-10", Decision.REFUSED))
    no_licence = life(
        begun(item_type=ItemType.CONFIRMATION, licence_law=False),
        accepted(promised=LONG, **NO_LICENCE),
        decided("03-10"),
        certified("03-10"),
    )

    assert pair(told(refused, no_licence), "delivery") == ((0, 0), (0, 0))


# --- 环节, by the department that had to act ---

PLAN: Final = (
    PlanStep(step="fire", department="Fire", limit=Limit.working_days(3)),
    PlanStep(step="health", department="Health", limit=Limit.working_days(3)),
    PlanStep(step="market", department="Market"),
)


def reviewed(*answers: Event, **rest: Any) -> Life:
    """Three departments were asked on 2 March; two of them have three working days, until the 5th."""
    return ran(*routed("fire", "health", "market", when="03-02 11:00"), *answers, plan=PLAN, **rest)


def answered(step: str, when: str) -> Event:
    return granted(step, when=f"{when} 10:00")[0]


def stepped() -> AbstractContextManager[Tables]:
    in_time = reviewed(answered("fire", "03-05"), answered("health", "03-06"), answered("market", "03-30"))
    running = reviewed(answered("health", "03-03"))
    return reported_on({(A, "c1"): in_time, (A, "c2"): running})


def test_steps_are_judged_by_their_own_departments() -> None:
    with stepped() as tables:
        found = figures(tables, *MARCH, "department")

    assert pair(fractions(found), "step") == ((2, 3), (2, 4))
    assert by_group(found, "K6-step") == {"Fire": (1, 1), "Health": (1, 2)}
    assert by_group(found, "K6b-step") == {"Fire": (1, 2), "Health": (1, 2)}


def test_how_long_steps_took_is_told_by_department_with_median_and_ninetieth_percentile() -> None:
    with stepped() as tables:
        found = {one.group: one for one in figures(tables, *MARCH, "department") if one.code == "K9-step"}

    assert {name: (one.numerator, one.denominator) for name, one in found.items()} == {
        None: (3 + 4 + 20 + 1, 4),
        "Fire": (3, 1),
        "Health": (4 + 1, 2),
        "Market": (20, 1),
    }
    assert {name: (one.median, one.p90) for name, one in found.items()} == {
        None: (3, 20),
        "Fire": (3, 3),
        "Health": (1, 4),
        "Market": (20, 20),
    }


def test_a_step_the_decision_overtook_was_not_late_before_it() -> None:
    overtaken = reviewed(decided("03-04"), closed("03-04", Outcome.RETURNED))

    assert pair(told(overtaken), "step") == ((2, 2), (2, 2))


# --- 一件事: ten working days promised, until 16 March; 45 by law, until 8 May ---


def members(*events: Event, **rest: Any) -> Life:
    return (*package("c0", **{"closed": None, **rest}), *events)


def packaged(*lives: Life, span: tuple[date, date] = MARCH, asked: date = ASKED) -> dict[str, Any]:
    with reported_on({(A, f"p{n}"): one for n, one in enumerate(lives)}) as tables:
        return fractions(figures(tables, *span, as_of=asked))


def test_a_package_is_closed_within_its_joint_promise_or_not() -> None:
    found = packaged(package("c0", closed="03-16"), package("c0", closed="03-17"), members())

    assert pair(found, "package") == ((1, 2), (1, 3))


def test_a_package_that_is_open_on_its_last_day_is_not_late_that_day() -> None:
    assert packaged(members(), asked=day("03-16"))["K6b-package"] == (0, 0)
    assert packaged(members(), asked=day("03-17"))["K6b-package"] == (0, 1)


def test_the_joint_limit_of_the_law_is_kept_by_the_last_decision() -> None:
    may = (date(2026, 5, 1), date(2026, 5, 31))
    yes = {"case": "c0", "decision": Decision.GRANTED}
    in_time, late = (members(fact(MemberDecided, f"{when} 10:00", **yes)) for when in ("05-08", "05-11"))

    found = packaged(in_time, late, members(), span=may, asked=date(2026, 6, 1))

    assert pair(found, "package-statutory") == ((1, 2), (1, 3))


def test_extended_by_fifteen_days_a_package_has_sixty() -> None:
    longer = fact(
        PackageExtended, "03-20 09:00", days=15, approver="the mayor", reason="hard", notice="N1",
        authority=Authority.GOVERNMENT_HEAD,
    )  # fmt: skip
    may = (date(2026, 5, 1), date(2026, 5, 31))

    assert packaged(members(longer), span=may, asked=date(2026, 5, 28))["K6b-package-statutory"] == (0, 0)
    assert packaged(members(longer), span=may, asked=date(2026, 5, 29))["K6b-package-statutory"] == (0, 1)


def test_a_package_whose_every_case_was_withdrawn_is_no_failure() -> None:
    ended = {"case": "c0", "stage": Stage.WITHDRAWN, "outcome": None, "granted": False}
    withdrawn = members(fact(MemberEnded, "03-20 09:00", **ended))

    assert pair(packaged(withdrawn), "package") == ((0, 0), (0, 0))


def test_groups_of_packages_are_halls_tiers_channels_and_themes() -> None:
    with reported_on({(A, "p1"): package("c1"), (A, "p2"): package("c2", theme="CAFES", closed="03-17")}) as tables:
        found = figures(tables, *MARCH, "theme")

    assert by_group(found, "K6-package") == {"CAFES": (0, 1), "SHOPS": (1, 1)}


# --- 撤回率 ---


def test_the_share_of_those_received_that_were_withdrawn_by_now() -> None:
    withdrawn = life(begun(), fact(CaseWithdrawn, "04-02 09:00", by=CITIZEN, reason="moved"))

    assert told(withdrawn, ran(), ran(closed("03-05")))["K11-withdrawn"] == (1, 3)
    assert told(withdrawn, span=APRIL)["K11-withdrawn"] == (0, 0)
