"""The other fact tables: approvals, suspensions, deliveries and trips of a case, and what they are grouped by."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest
from support.adopted import weekdays
from support.story import CALENDAR, CITIZEN, CLERK, FOOD, HEAD, accepted, fact, item, received, routed

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApplicantKind,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseEvent,
    CaseRouted,
    CaseTransferred,
    Cause,
    CertificateMade,
    Channel,
    CorrectionRequested,
    CourierDispatched,
    CourierLost,
    CourierReturned,
    DeliveryMethod,
    DistrictRule,
    ItemType,
    Limit,
    Place,
    ResultDelivered,
    Resumed,
    SpecialGround,
    Suspended,
    SuspensionKind,
    Tier,
    TripMade,
    Visitor,
    WorkCalendar,
    fold,
)
from casecore.books import Books, DatedRule
from casecore.theme import Baseline, Theme, ThemeItem
from casecore.vocabulary import ItemLabel
from projections.approval_facts import APPROVAL_FACTS, ApprovalFact
from projections.delivery_facts import DELIVERY_FACTS, DeliveryFact
from projections.dimensions import DateFact, ItemFact, ThemeFact, date_rows, item_rows, theme_rows
from projections.projection import Projection, Subject, columns
from projections.suspension_facts import SUSPENSION_FACTS, SuspensionFact
from projections.trip_facts import TRIP_FACTS, TripFact

LOG, CASE = "510114", "XD-1"
TAKEN = (received("03-02 09:00"), accepted("03-02 10:00", calendar=NATIONAL))


def rows(projection: Projection, *events: CaseEvent) -> list[Any]:
    return list(projection.rows(Subject(LOG, CASE, fold(events), shipped_calendars())))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def values(found: Iterable[Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(one, name) for name in names) for one in found]


# --- Approvals ---


def test_a_granted_approval_is_one_row_with_the_working_days_it_took() -> None:
    found = rows(
        APPROVAL_FACTS,
        *TAKEN,
        fact(CaseRouted, "03-03 09:00", step="fire", department="Fire"),
        fact(ApprovalGranted, "03-10 09:00", step="fire", department="Fire"),
    )

    assert found == [
        ApprovalFact(
            log=LOG,
            case_id=CASE,
            stream_version=4,
            routing=1,
            step="fire",
            department="Fire",
            opened_on=day("03-03"),
            answered_on=day("03-10"),
            answer="granted",
            working_days=5,  # 4, 5, 6, 9 and 10 March
        )
    ]


def test_an_open_approval_has_no_answer_yet() -> None:
    found = rows(APPROVAL_FACTS, *TAKEN, fact(CaseRouted, "03-03 09:00", step="fire", department="Fire"))

    assert values(found, "answer", "answered_on", "working_days") == [(None, None, None)]


def test_a_step_handed_back_and_routed_again_is_two_rows() -> None:
    found = rows(
        APPROVAL_FACTS,
        *TAKEN,
        *routed("fire", "health", when="03-03 09:00"),
        fact(ApprovalReturned, "03-04 09:00", step="fire", department="Fire", reason="not ours"),
        fact(CaseRouted, "03-05 09:00", step="fire", department="Police"),
        fact(ApprovalRefused, "03-09 09:00", step="fire", department="Police", reason="no exit"),
    )

    assert values(found, "routing", "step", "department", "opened_on", "answer", "working_days") == [
        (1, "fire", "Fire", day("03-03"), "returned", 1),
        (2, "health", "Health", day("03-03"), None, None),
        (3, "fire", "Police", day("03-05"), "refused", 2),
    ]


def test_a_transferred_step_stands_under_the_department_that_has_it_now() -> None:
    found = rows(
        APPROVAL_FACTS,
        *TAKEN,
        *routed("fire", when="03-03 09:00"),
        fact(
            CaseTransferred,
            "03-04 09:00",
            step="fire",
            from_department="Fire",
            to_department="Police",
            reason="theirs",
        ),
    )

    assert values(found, "routing", "department", "opened_on") == [(1, "Police", day("03-03"))]


def test_an_approval_of_a_case_never_accepted_has_no_calendar_to_count_under() -> None:
    found = rows(
        APPROVAL_FACTS,
        received("03-02 09:00"),
        fact(CaseRouted, "03-03 09:00", step="fire", department="Fire"),
        fact(ApprovalGranted, "03-10 09:00", step="fire", department="Fire"),
    )

    assert values(found, "answered_on", "working_days") == [(day("03-10"), None)]


# --- Suspensions ---


def test_a_special_procedure_is_one_row_with_what_it_moves() -> None:
    found = rows(
        SUSPENSION_FACTS,
        *TAKEN,
        fact(
            Suspended,
            "03-05 09:00",
            suspension="S1",
            kind=SuspensionKind.SPECIAL_PROCEDURE,
            reason="samples",
            ground=SpecialGround.TESTING,
            declared_days=3,
            notice="N1",
            moves_promise=True,
            moves_statutory=True,
        ),
        fact(Resumed, "03-12 09:00", suspension="S1"),
    )

    assert found == [
        SuspensionFact(
            log=LOG,
            case_id=CASE,
            stream_version=4,
            suspension="S1",
            kind="special_procedure",
            ground="testing",
            started_on=day("03-05"),
            ended_on=day("03-12"),
            declared_days=3,
            moves_promise=1,
            moves_statutory=1,
            working_days=5,  # all it took
            promise_excluded_days=3,
            statutory_excluded_days=3,
            surplus_days=2,
            noticed=1,
            started_near_due=0,
        )
    ]


def test_suspensions_stand_in_the_order_they_began_open_ones_without_an_end() -> None:
    kind = SuspensionKind.ORDINARY
    found = rows(
        SUSPENSION_FACTS,
        *TAKEN,
        fact(Suspended, "03-05 09:00", suspension="S1", kind=kind, reason="r"),
        fact(Suspended, "03-06 09:00", suspension="S2", kind=kind, reason="r", moves_promise=True),
        fact(Resumed, "03-09 09:00", suspension="S2"),
    )

    wanted = ("suspension", "ground", "ended_on", "declared_days", "moves_promise", "moves_statutory", "working_days")
    assert values(found, *wanted) == [
        ("S1", None, None, None, 0, 0, None),
        ("S2", None, day("03-09"), None, 1, 0, 1),
    ]


# --- Deliveries ---


def test_a_consignment_that_came_back_and_was_sent_again_is_two_rows() -> None:
    found = rows(
        DELIVERY_FACTS,
        *TAKEN,
        fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1"),
        fact(CourierReturned, "03-09 15:00", consignment="P1", reason="nobody in"),
        fact(CourierDispatched, "03-10 15:00", consignment="P2", courier="EMS", certificate="C1", replaces="P1"),
        fact(
            ResultDelivered,
            "03-12 11:00",
            method=DeliveryMethod.COURIER,
            certificate="C1",
            consignment="P2",
        ),
    )

    first = DeliveryFact(
        log=LOG,
        case_id=CASE,
        stream_version=7,
        delivery=1,
        method="courier",
        consignment="P1",
        certificate="C1",
        replaces=None,
        state="returned",
        dispatched_on=day("03-06"),
        ended_on=day("03-09"),
        charge_fen=0,
        direction="out",
    )
    again = first._replace(
        delivery=2,
        consignment="P2",
        replaces="P1",
        state="delivered",
        dispatched_on=day("03-10"),
        ended_on=day("03-12"),
    )
    assert found == [first, again]


def test_a_lost_consignment_and_one_under_way() -> None:
    found = rows(
        DELIVERY_FACTS,
        *TAKEN,
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS"),
        fact(CourierLost, "03-09 15:00", consignment="P1"),
        fact(CourierDispatched, "03-10 15:00", consignment="P2", courier="EMS", replaces="P1"),
    )

    assert values(found, "delivery", "consignment", "state", "ended_on") == [
        (1, "P1", "lost", day("03-09")),
        (2, "P2", "under_way", None),
    ]


def test_what_was_handed_over_without_a_courier_comes_after_the_consignments() -> None:
    found = rows(
        DELIVERY_FACTS,
        *TAKEN,
        fact(ResultDelivered, "03-06 09:00", method=DeliveryMethod.WINDOW, certificate="C1"),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C2"),
        fact(ResultDelivered, "03-07 09:00", method=DeliveryMethod.E_CERTIFICATE, certificate="C3"),
    )

    assert values(found, "delivery", "method", "certificate", "consignment", "state", "dispatched_on", "ended_on") == [
        (1, "courier", "C2", "P1", "under_way", day("03-06"), None),
        (2, "window", "C1", None, "delivered", None, day("03-06")),
        (3, "e_certificate", "C3", None, "delivered", None, day("03-07")),
    ]


def test_a_consignment_nobody_recorded_leaving_is_a_delivery_all_the_same() -> None:
    arrived = fact(ResultDelivered, "03-12 11:00", method=DeliveryMethod.COURIER, consignment="P9")

    found = rows(DELIVERY_FACTS, *TAKEN, arrived)

    assert values(found, "method", "consignment", "state", "dispatched_on", "ended_on") == [
        ("courier", "P9", "delivered", None, day("03-12"))
    ]


# --- Trips ---


def test_every_trip_is_a_row_that_says_what_it_counts_for_and_why() -> None:
    def came(cause: Cause, when: str, number: str, **rest: Any) -> TripMade:
        how = {"visitor": Visitor.APPLICANT, "place": Place.HALL}
        return fact(TripMade, when, by=CLERK, visit=number, cause=cause, **{**how, **rest})

    found = rows(
        TRIP_FACTS,
        came(Cause.CONSULT, "02-27 09:00", "V0"),
        received("03-02 09:00"),
        came(Cause.SUBMIT, "03-02 09:00", "V1", place=Place.VILLAGE_POINT, visitor=Visitor.OWN_AGENT),
        fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",)),
        came(Cause.CORRECT, "03-03 09:00", "V2"),
        came(Cause.PAY, "03-04 09:00", "V3", visitor=Visitor.HALL_AGENT),
        came(Cause.SIGN, "03-05 09:00", "V4", place=Place.HOME),
    )

    assert found[1] == TripFact(
        log=LOG,
        case_id=CASE,
        stream_version=7,
        visit="V1",
        made_on=day("03-02"),
        visitor="own_agent",
        place="village_point",
        cause="submit",
        near=1,
        gross=1,
        net=1,
        why="near visit (就近)",
        journey=1,
        verdict="promised",
        agent=None,
        device=None,
        made_at="2026-03-02T01:00:00.000000+00:00",
        hall=None,
    )
    assert values(found, "visit", "near", "gross", "net") == [
        ("V0", 0, 0, 0),
        ("V1", 1, 1, 1),
        ("V2", 0, 1, 0),
        ("V3", 0, 0, 0),
        ("V4", 0, 0, 0),
    ]
    assert [one.why for one in found] == [
        "before the application (申请前咨询)",
        "near visit (就近)",
        "correction after one complete notice (一次性告知后补正)",
        "the hall's agent went (代办员跑腿)",
        "home service (上门服务)",
    ]


# --- All of them ---


@pytest.mark.parametrize("year", [2003, 2099])
def test_dates_outside_the_calendar_leave_the_working_days_open(year: int) -> None:
    story = (
        received(f"{year}-03-02 09:00"),
        accepted("03-02 10:00", calendar=NATIONAL, effective_on=date(year, 3, 2)),
        fact(CaseRouted, f"{year}-03-03 09:00", step="fire", department="Fire"),
        fact(ApprovalGranted, f"{year}-03-10 09:00", step="fire", department="Fire"),
        fact(Suspended, f"{year}-03-05 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r"),
        fact(Resumed, f"{year}-03-12 09:00", suspension="S1"),
    )

    assert values(rows(APPROVAL_FACTS, *story), "answered_on", "working_days") == [(date(year, 3, 10), None)]
    assert values(rows(SUSPENSION_FACTS, *story), "ended_on", "working_days") == [(date(year, 3, 12), None)]


def test_working_days_are_counted_under_the_calendar_the_case_was_promised_under() -> None:
    """In the calendar of the stories 4 May 2026 is a working day, in the national one it is not."""
    calendars = {**shipped_calendars(), CALENDAR.version: CALENDAR}

    def took(version: str) -> int:
        story = (
            received("04-30 09:00"),
            accepted("04-30 10:00", calendar=version),
            fact(CaseRouted, "04-30 11:00", step="fire", department="Fire"),
            fact(ApprovalGranted, "05-04 11:00", step="fire", department="Fire"),
        )
        (found,) = APPROVAL_FACTS.rows(Subject(LOG, CASE, fold(story), calendars))
        return int(found[-1])

    assert (took(CALENDAR.version), took(NATIONAL)) == (1, 0)


class _Wrong(NamedTuple):
    log: str
    at: float


def test_a_column_holds_text_whole_numbers_or_dates_and_nothing_else() -> None:
    with pytest.raises(TypeError, match=r"_Wrong\.at: a column holds str, int or date"):
        columns(_Wrong)


# --- Dimensions ---


def test_each_version_of_an_item_is_a_row_of_the_district() -> None:
    old = item(FOOD, valid_until=day("03-31"), visits=2)
    new = item(
        FOOD,
        version=2,
        valid_from=day("04-01"),
        visits=0,
        visit_reason=None,
        online_depth=(2, 6),
        channels=(Channel.WEBSITE,),
        tier=Tier.TOWNSHIP,
        department=HEAD,
        item_type=ItemType.LICENCE,
        promised=Limit.working_days(3),
        statutory=Limit.natural_days(14),
        applied_for=False,
        stages=("受理", "审核", "审批", "办结", "送达"),
        materials=("lease",),
        labels=(ItemLabel.JOINT_REVIEW, ItemLabel.CITYWIDE),
        before=Baseline(source="made up", visits=6, materials=28),
    )

    first, second = item_rows(LOG, (old, new), rule_version=3)

    assert (first.item_version, first.visits, first.fully_online, first.applied_for) == (1, 2, 0, 1)
    assert (first.valid_from, first.valid_until) == (date(2025, 1, 1), day("03-31"))
    assert first.stages == 5
    assert second == ItemFact(
        log=LOG,
        item=FOOD,
        item_version=2,
        name_zh=FOOD,
        department=HEAD,
        tier="township",
        item_type="01",
        handling="promised",
        applied_for=0,
        visits=0,
        fully_online=1,
        valid_from=day("04-01"),
        valid_until=None,
        promised_minutes=3 * 7 * 60,
        statutory_minutes=10 * 7 * 60,
        stages=5,
        online=1,
        materials_now=1,
        materials_before=28,
        visits_before=6,
        labels="joint_review,citywide",
        rule_version=3,
    )
    assert (first.online, first.materials_before, first.visits_before, first.labels) == (0, None, None, None)


def test_each_version_of_a_theme_is_a_row_of_the_district() -> None:
    bare = Theme(
        code="start",
        version=1,
        name_zh="开办",
        name_en="Start",
        source="made up",
        valid_from=date(2025, 1, 1),
        valid_until=day("03-31"),
        serves=(ApplicantKind.COMPANY,),
        channels=(Channel.WINDOW,),
        items=(ThemeItem(item=FOOD),),
        materials=("lease", "form"),
        promised=Limit.fixed(day("03-31")),
        visits=2,
    )
    joined = replace(
        bare,
        version=2,
        valid_from=day("04-01"),
        valid_until=None,
        items=(ThemeItem(item=FOOD), ThemeItem(item="BUILD", after=(FOOD,))),
        materials=(),
        promised=Limit.hours(2),
        visits=1,
        before=Baseline(source="made up", limit=Limit.working_days(6), visits=6, materials=28),
    )

    first, second = theme_rows(LOG, (bare, joined), hours_per_workday=8)

    assert (first.promised_minutes, first.before_minutes, first.visits_before, first.materials_before) == (None,) * 4
    assert (first.valid_until, first.items, first.materials_now) == (day("03-31"), 1, 2)
    assert second == ThemeFact(
        log=LOG,
        theme="start",
        theme_version=2,
        name_zh="开办",
        items=2,
        visits=1,
        visits_before=6,
        promised_minutes=120,
        before_minutes=6 * 8 * 60,
        materials_now=0,
        materials_before=28,
        valid_from=day("04-01"),
        valid_until=None,
        rule_version=0,
    )


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        (Limit.working_days(0), 0),
        (Limit.fixed(day("03-31")), None),
        (Limit.working_days(2_380_952), 999_999_840),
        (Limit.working_days(2_380_953), None),  # more than a thousand million minutes
    ],
    ids=str,
)
def test_a_limit_that_cannot_be_compared_is_no_number_of_minutes(limit: Limit, minutes: int | None) -> None:
    (found,) = item_rows(LOG, [item(FOOD, promised=limit, statutory=limit)])

    assert (found.promised_minutes, found.statutory_minutes) == (minutes, minutes)


def test_an_item_without_a_statutory_limit_has_no_statutory_minutes() -> None:
    (found,) = item_rows(LOG, [item(FOOD, statutory=None)], hours_per_workday=8)

    assert (found.promised_minutes, found.statutory_minutes) == (10 * 8 * 60, None)


def test_every_covered_date_is_a_row_and_make_up_days_are_working() -> None:
    february = WorkCalendar(
        version="feb.1",
        title=CITIZEN,
        zone="Asia/Shanghai",
        covers=(day("02-13"), day("02-16")),
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset({day("02-16")}),
        work=frozenset({day("02-14")}),
        hours=(),
    )

    assert list(date_rows(LOG, Books({"feb.1": february}, "feb.1"))) == [
        DateFact(day("02-13"), "2026-02", 1, "feb.1", LOG, 0),  # Friday
        DateFact(day("02-14"), "2026-02", 1, "feb.1", LOG, 0),  # a Saturday to make up
        DateFact(day("02-15"), "2026-02", 0, "feb.1", LOG, 0),  # Sunday
        DateFact(day("02-16"), "2026-02", 0, "feb.1", LOG, 0),  # a holiday Monday
    ]


def test_each_date_is_under_the_calendar_in_force_on_it() -> None:
    national = shipped_calendars()[NATIONAL]
    own = weekdays("own.1", day("03-12"), day("03-13"))
    rules = (DatedRule(DistrictRule(), 1), DatedRule(DistrictRule(name="own", calendar="own.1"), 2, day("03-13")))

    found = {one.day: one for one in date_rows(LOG, Books({NATIONAL: national, "own.1": own}, NATIONAL, rules))}

    assert found[day("03-12")] == DateFact(day("03-12"), "2026-03", 1, NATIONAL, LOG, 1)
    assert found[day("03-13")] == DateFact(day("03-13"), "2026-03", 0, "own.1", LOG, 2)
    assert len(found) == (national.covers[1] - national.covers[0]).days + 1


def test_a_district_without_a_calendar_in_force_has_no_dates() -> None:
    assert list(date_rows(LOG, Books(shipped_calendars()))) == []
