"""What was done to spare the citizen trips and papers, as rows: each table by hand."""

from datetime import date
from typing import Any

import pytest
from support.followed import BOX, PACKAGE, SERVED
from support.story import CITIZEN, CLERK, HALL, accepted, fact, handing, received, submitted

from adapters.calendar_toml import NATIONAL
from adapters.district_books import shipped_books
from casecore import (
    BoxCollected,
    CaseClosed,
    CaseJoined,
    CaseRated,
    CaseRouted,
    CaseVoided,
    Catalogue,
    Cause,
    CausedBy,
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    ConditionFailed,
    CorrectionRequested,
    CourierDispatched,
    CourierRefused,
    Decision,
    DecisionMade,
    DeliveryMethod,
    DistrictRule,
    DropBox,
    FeePaid,
    FeeWaived,
    FeeWay,
    Grade,
    HandlingKind,
    HolderKind,
    Limit,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialsCouriered,
    MaterialWay,
    Outcome,
    PackageExtended,
    PapersHandedOver,
    PapersSent,
    Place,
    RatingReview,
    RatingReviewed,
    ResultDelivered,
    TripMade,
    Visitor,
)
from casecore.books import Books, DatedRule
from casecore.kinds import fold_stream
from casecore.recorded import Event
from casecore.vocabulary import Authority
from projections.agent_facts import AGENT_FACTS
from projections.box_facts import BOX_FACTS
from projections.case_facts import CASE_FACTS
from projections.certificate_facts import CERTIFICATE_FACTS
from projections.custody_facts import CUSTODY_FACTS
from projections.delivery_facts import DELIVERY_FACTS
from projections.material_facts import MATERIAL_FACTS
from projections.package_facts import MEMBER_FACTS, PACKAGE_FACTS, PackageFact
from projections.projection import Projection, subject_of
from projections.rating_facts import RATING_FACTS
from projections.trip_facts import TRIP_FACTS

LOG, STREAM = "510114", "S-1"
TAKEN = (received("03-02 09:00"), accepted("03-02 10:00", calendar=NATIONAL))


def rows(projection: Projection, *events: Event, books: Books | None = None) -> list[Any]:
    file = fold_stream(events)
    assert file is not None
    return list(projection.rows(subject_of(books or shipped_books(), LOG, STREAM, file)))


def told(projection: Projection, columns: str, *events: Event, books: Books | None = None) -> list[tuple[Any, ...]]:
    """These columns of all rows."""
    return [tuple(getattr(row, name) for name in columns.split()) for row in rows(projection, *events, books=books)]


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def came(cause: Cause, when: str, visit: str, **rest: Any) -> TripMade:
    how = {"visitor": Visitor.APPLICANT, "place": Place.HALL}
    return fact(TripMade, when, by=CLERK, visit=visit, cause=cause, **{**how, **rest})


def handed(when: str, giver: tuple[HolderKind, str], holder: tuple[HolderKind, str], **rest: Any) -> PapersHandedOver:
    return fact(PapersHandedOver, when, **handing(giver, holder, **rest))


LI, HE, THE_HALL = (HolderKind.APPLICANT, "Li Lei"), (HolderKind.AGENT, "he"), (HolderKind.HALL, HALL)


# --- The case's own row ---


def test_the_row_of_a_case_says_what_was_met_how_and_paid() -> None:
    materials = "materials_required materials_reused materials_shared materials_replaceable materials_by_licence"
    assert told(CASE_FACTS, f"{materials} fees_fen waived_fen agent", *SERVED) == [(3, 1, 0, 1, 1, 500, 0, "he")]


def test_a_fee_paid_and_one_waived_are_two_sums() -> None:
    fees = (
        fact(FeePaid, "03-03 09:00", fee="a", amount_fen=1200, way=FeeWay.WINDOW),
        fact(FeeWaived, "03-03 09:00", fee="b", amount_fen=300, basis="小微企业减免"),
        fact(FeePaid, "03-04 09:00", fee="c", amount_fen=50, way=FeeWay.ONLINE),
    )
    assert told(CASE_FACTS, "fees_fen waived_fen", *TAKEN, *fees) == [(1250, 300)]


def test_a_case_of_a_package_names_it() -> None:
    joined = fact(CaseJoined, "03-02 08:59", package="PKG", theme="SHOP", subject="first", visits_promised=2)
    assert told(CASE_FACTS, "package theme subject", joined, *TAKEN) == [("PKG", "SHOP", "first")]


def test_trips_are_counted_by_whose_fault_they_were() -> None:
    trips = (
        came(Cause.CONSULT, "03-01 09:00", "V0"),
        received("03-02 09:00", assisted=True),
        came(Cause.SUBMIT, "03-02 09:00", "V1"),
        fact(CorrectionRequested, "03-02 09:30", materials=("lease",), complete=False, caused_by=CausedBy.AGENCY),
        came(Cause.CORRECT, "03-03 09:00", "V2"),
        accepted("03-03 10:00", calendar=NATIONAL),
        came(Cause.SIGN, "03-04 09:00", "V3"),
    )
    wanted = "trips_gross trips_net trips_journey trips_agency trips_optional assisted applied_on"
    assert told(CASE_FACTS, wanted, *trips) == [(3, 3, 4, 1, 1, 1, on("03-02"))]
    assert told(TRIP_FACTS, "visit journey verdict", *trips) == [
        ("V0", 1, "no_trip"),
        ("V1", 1, "promised"),
        ("V2", 1, "agency"),
        ("V3", 1, "optional"),
    ]


def test_the_districts_rule_says_what_a_near_visit_counts_for() -> None:
    near = (*TAKEN, came(Cause.SUBMIT, "03-02 09:00", "V1", place=Place.COMMUNITY_KIOSK, device="kiosk-3"))
    lenient = shipped_books()._replace(rules=(DatedRule(DistrictRule(near_visits_net=False)),))

    assert told(CASE_FACTS, "trips_gross trips_net trips_near", *near) == [(1, 1, 1)]
    assert told(CASE_FACTS, "trips_gross trips_net trips_near", *near, books=lenient) == [(1, 0, 1)]
    assert told(TRIP_FACTS, "net device", *near, books=lenient) == [(0, "kiosk-3")]


INSTANT = accepted("03-02 10:00", calendar=NATIONAL, handling=HandlingKind.INSTANT, promised=Limit.working_days(0))


@pytest.mark.parametrize(
    ("promise", "decided", "on_the_spot"),
    [(INSTANT, "03-02 16:00", 1), (INSTANT, "03-03 09:00", 0), (TAKEN[1], "03-02 16:00", 0)],
)
def test_on_the_spot_is_an_instant_item_decided_on_the_day_of_its_receipt(
    promise: Event, decided: str, on_the_spot: int
) -> None:
    decision = fact(DecisionMade, decided, decision=Decision.GRANTED)
    assert told(CASE_FACTS, "on_the_spot", TAKEN[0], promise, decision) == [(on_the_spot,)]


@pytest.mark.parametrize(
    ("events", "seconds", "instant"),
    [
        ((), 3600, 1),
        ((), 60, 0),
        ((fact(CaseRouted, "03-02 09:10", step="fire", department="Fire"),), 3600, 0),
    ],
)
def test_instant_approval_is_a_programs_within_the_districts_seconds(
    events: tuple[Event, ...], seconds: int, instant: int
) -> None:
    books = shipped_books()._replace(rules=(DatedRule(DistrictRule(instant_seconds=seconds)),))
    for automatic in (True, False):
        decision = fact(DecisionMade, "03-02 09:20", decision=Decision.GRANTED, automatic=automatic)
        filed = (submitted("03-02 09:00"), received("03-02 09:01"), INSTANT, *events, decision)
        assert told(CASE_FACTS, "instant_approved", *filed, books=books) == [(instant if automatic else 0,)]


# --- Materials, custody, agents ---


def test_every_required_material_is_a_row_that_says_how_it_was_met() -> None:
    wanted = "material replaceable way source level failed_lookups promised_for reused"
    assert told(MATERIAL_FACTS, wanted, *SERVED) == [
        ("lease", 0, None, None, None, 0, None, 0),
        ("identity", 1, "e_licence", "L1", "A", 0, None, 1),
        ("plan", 0, None, None, None, 1, on("03-20"), 0),
    ]


def test_neither_a_material_its_package_shares_nor_one_exempted_was_looked_up() -> None:
    required = accepted("03-02 10:00", calendar=NATIONAL, materials=("lease", "form"))
    met = (
        fact(MaterialMet, "03-02 11:00", material="lease", way=MaterialWay.PACKAGE, source="PKG"),
        fact(MaterialMet, "03-02 11:00", material="form", way=MaterialWay.EXEMPTED),
    )
    assert told(MATERIAL_FACTS, "way source reused", TAKEN[0], required, *met) == [
        ("package", "PKG", 0),
        ("exempted", None, 0),
    ]
    assert told(CASE_FACTS, "materials_required materials_reused materials_shared", TAKEN[0], required, *met) == [(2, 0, 1)]


def test_an_original_is_followed_from_hand_to_hand_and_no_applicant_is_named() -> None:
    chain = (
        handed("03-01 10:00", LI, HE, place=Place.HOME, materials=("lease", "identity")),
        handed("03-02 08:50", HE, THE_HALL),
        *TAKEN,
        handed("03-05 10:00", THE_HALL, HE),
        handed("03-06 10:00", HE, LI, place=Place.HOME),
    )
    wanted = "handover material giver_kind giver holder_kind holder place handed_on current"
    assert told(CUSTODY_FACTS, wanted, *chain) == [
        (1, "lease", "applicant", None, "agent", "he", "home", on("03-01"), 0),
        (2, "identity", "applicant", None, "agent", "he", "home", on("03-01"), 1),
        (3, "lease", "agent", "he", "hall", HALL, None, on("03-02"), 0),
        (4, "lease", "hall", HALL, "agent", "he", None, on("03-05"), 0),
        (5, "lease", "agent", "he", "applicant", None, "home", on("03-06"), 1),
    ]


def test_papers_handed_in_at_the_window_are_the_halls() -> None:
    taken_in = received("03-02 09:00", materials=("lease",))
    assert told(CUSTODY_FACTS, "giver_kind holder_kind holder current", taken_in) == [("applicant", "hall", HALL, 1)]


def test_the_agents_ledger_says_what_was_done_under_each_mandate() -> None:
    def entrusted(when: str, **rest: Any) -> MandateGranted:
        return fact(MandateGranted, when, by=CITIZEN, agent="he", applicant="Li Lei", scope="all of it", **rest)

    life = (
        entrusted("03-01 09:00", until=on("03-03"), site="Jinfeng"),
        handed("03-01 10:00", LI, HE, place=Place.HOME),
        *TAKEN,
        came(Cause.SUBMIT, "03-02 09:00", "V1", visitor=Visitor.HALL_AGENT, agent="he"),
        came(Cause.SIGN, "03-04 09:00", "V2", visitor=Visitor.HALL_AGENT, agent="he"),  # the mandate was over
        entrusted("03-05 09:00"),
        came(Cause.COLLECT, "03-06 09:00", "V3", visitor=Visitor.HALL_AGENT, agent="he"),
        fact(ResultDelivered, "03-06 15:00", by="he", method=DeliveryMethod.HOME),
        handed("03-06 15:00", HE, LI, place=Place.HOME),
        fact(MandateRevoked, "03-07 09:00", by=CITIZEN, agent="he", reason="done"),
    )
    wanted = "agent site granted_on until revoked_on pickups brought_home trips"
    assert told(AGENT_FACTS, wanted, *life) == [
        ("he", "Jinfeng", on("03-01"), on("03-03"), on("03-07"), 1, 0, 1),
        ("he", None, on("03-05"), None, on("03-07"), 0, 2, 1),
    ]
    assert told(CASE_FACTS, "agent trips_gross", *life) == [("he", 0)]


# --- Certificates, ratings, deliveries ---


def test_a_certificate_is_a_row_as_it_stands() -> None:
    life = (
        *TAKEN,
        fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence", conditional=True, valid_until=on("12-31")),
        fact(CertificateSealed, "03-05 11:00", certificate="C1", seal="seal-7"),
        fact(CertificateMade, "03-05 10:00", certificate="C2", kind="licence", electronic=True),
        fact(CertificateSealed, "03-05 11:00", certificate="C2", seal="seal-7"),
        fact(CertificateCorrected, "03-06 11:00", certificate="C2", correction="name", reason="misspelt"),
        fact(CertificateReissued, "03-09 11:00", certificate="C3", kind="licence", replaces="C1", reason="lost"),
        fact(CertificateRevoked, "03-10 11:00", certificate="C3", reason="前置事项未通过"),
    )
    wanted = "certificate made_on sealed_on seal electronic conditional valid_until replaces revoked_on"
    assert told(CERTIFICATE_FACTS, wanted, *life) == [
        ("C1", on("03-05"), on("03-05"), "seal-7", 0, 1, on("12-31"), None, on("03-09")),
        ("C2", on("03-05"), None, None, 1, 0, None, None, None),
        ("C3", on("03-09"), None, None, 0, 1, None, "C1", on("03-10")),  # on the condition of the one it stands for
    ]


RATED = "rating grade defaulted real_name bad review rectify_due_on rectified_on in_time called_back_on"


def rated(when: str, grade: Grade = Grade.DISSATISFIED, **rest: Any) -> CaseRated:
    within = None if rest.get("defaulted") else Limit.working_days(5)
    return fact(CaseRated, when, by=CITIZEN, grade=grade, rectify_within=within, **rest)


def test_a_bad_rating_is_a_row_until_the_rater_was_called_back() -> None:
    assert told(RATING_FACTS, RATED, *SERVED) == [(1, 4, 0, 1, 1, "valid", on("03-13"), on("03-10"), 1, on("03-11"))]


def test_a_default_rating_stays_beside_the_real_one_and_is_never_bad() -> None:
    life = (
        *TAKEN,
        fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER),
        rated("03-06 10:00", Grade.VERY_DISSATISFIED, defaulted=True),
        rated("03-07 10:00"),
        fact(RatingReviewed, "03-09 10:00", review=RatingReview.MISTAKEN, reason="the wrong hall"),
    )
    assert told(RATING_FACTS, RATED, *life) == [
        (1, 5, 1, 0, 0, None, None, None, None, None),
        (2, 4, 0, 0, 1, "mistaken", on("03-13"), None, None, None),
    ]


def test_nothing_is_owed_for_the_rating_of_a_void_case() -> None:
    voided = fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="twice")
    assert told(RATING_FACTS, "bad rectify_due_on", *TAKEN, rated("03-06 10:00"), voided) == [(1, None)]


def test_consignments_go_both_ways_and_say_what_they_cost() -> None:
    life = (
        fact(PapersSent, "03-01 10:00", consignment="I1", courier="EMS", materials=("lease",), charge_fen=0),
        fact(MaterialsCouriered, "03-02 08:00", consignment="I1", materials=("lease",)),
        *TAKEN,
        fact(MaterialsCouriered, "03-03 08:00", consignment="I2"),
        fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1", charge_fen=1200),
        fact(CourierRefused, "03-07 15:00", consignment="P1", reason="not his"),
        fact(ResultDelivered, "03-10 11:00", method=DeliveryMethod.LOCKER, certificate="C1"),
    )
    wanted = "delivery direction method consignment state dispatched_on ended_on charge_fen"
    assert told(DELIVERY_FACTS, wanted, *life) == [
        (1, "out", "courier", "P1", "refused", on("03-06"), on("03-07"), 1200),
        (2, "out", "locker", None, "delivered", None, on("03-10"), 0),
        (3, "in", "courier", "I1", "delivered", on("03-01"), on("03-02"), 0),
        (4, "in", "courier", "I2", "delivered", None, on("03-03"), 0),
    ]


# --- Packages and drop boxes ---


def test_the_row_of_a_package_with_every_column() -> None:
    (found,) = rows(PACKAGE_FACTS, *PACKAGE)
    assert found == PackageFact(
        log=LOG,
        package_id=STREAM,
        stream_version=len(PACKAGE),
        theme="SHOP",
        theme_version=1,
        stage="closed",
        applicant_kind="company",
        channel="window",
        hall=HALL,
        tier="county",
        opened_on=on("03-02"),
        accepted_on=on("03-02"),
        closed_on=on("03-10"),
        cases=5,
        granted=3,
        failed=2,
        waiting=0,
        conditional=1,
        visits_promised=2,
        promised_amount=10,
        promised_unit="working_day",
        promised_due_on=on("03-18"),  # two days of the special procedure are left out
        promised_verdict="on_time",
        statutory_due_on=on("05-11"),  # 05-08 and two days more, of which Saturday 05-09 is a working day
        statutory_verdict="on_time",
        provisional=0,
        used_days=6,
        serial_days=10,  # 5 of the first, 4 of the second, 1 of the third
        saved_days=4,
        shared_materials=1,
        closed=1,
        withdrawn=0,
    )


def test_the_row_of_a_package_on_its_way() -> None:
    assert told(PACKAGE_FACTS, "stage granted failed waiting promised_due_on used_days closed", *PACKAGE[:4]) == [
        ("opened", 0, 0, 2, None, None, 0)
    ]
    half = PACKAGE[:11]  # the second case is closed on condition of the first, which runs
    wanted = "stage granted failed waiting conditional promised_due_on promised_verdict"
    assert told(PACKAGE_FACTS, wanted, *half) == [("accepted", 0, 2, 1, 1, on("03-18"), None)]


def test_an_extension_moves_the_joint_limits() -> None:
    extended = fact(
        PackageExtended,
        "03-05 09:00",
        days=15,
        approver="the mayor",
        reason="difficult",
        notice="N1",
        authority=Authority.GOVERNMENT_HEAD,
    )
    plain = told(PACKAGE_FACTS, "promised_due_on statutory_due_on", *PACKAGE[:7])
    longer = told(PACKAGE_FACTS, "promised_due_on statutory_due_on", *PACKAGE[:7], extended)
    calendar = shipped_books().calendars[NATIONAL]
    assert [calendar.between(a, b) for a, b in zip(plain[0], longer[0], strict=True)] == [15, 15]


def test_the_cases_of_a_package_are_rows_as_it_sees_them() -> None:
    wanted = "case_id item state started_on accepted_on ended_on granted pending lost_to"
    assert told(MEMBER_FACTS, wanted, *PACKAGE[:11]) == [
        ("PKG-1", "FOOD", "running", on("03-02"), on("03-02"), None, 0, 0, None),
        ("PKG-2", "ARCHIVE", "ended", on("03-02"), on("03-02"), on("03-06"), 1, 1, None),
        ("PKG-3", "PROOF", "waiting", None, None, None, 0, 0, None),
        ("PKG-4", "TAXI", "ended", on("03-02"), None, on("03-03"), 0, 0, None),
        ("PKG-5", "PROOF", "dropped", None, None, on("03-03"), 0, 0, "PKG-4"),
    ]
    failed = fact(ConditionFailed, "03-09 09:00", case="PKG-2", prerequisite="PKG-1")
    assert told(MEMBER_FACTS, "granted pending lost_to", *PACKAGE[:11], failed)[1] == (0, 0, "PKG-1")


def test_a_box_has_a_row_for_every_working_day_and_for_every_day_it_was_emptied() -> None:
    on_saturday = fact(BoxCollected, "03-07 10:00", deposits=())
    wanted = "day working collections collected longest_wait_minutes"
    assert told(BOX_FACTS, wanted, *BOX, on_saturday) == [
        (on("03-02"), 1, 0, 0, 0),
        (on("03-03"), 1, 2, 1, 750),
        (on("03-04"), 1, 0, 0, 0),
        (on("03-05"), 1, 0, 0, 0),
        (on("03-06"), 1, 0, 0, 0),
        (on("03-07"), 0, 1, 0, 0),
    ]


def registered(**elements: Any) -> Books:
    """The shipped books, and a box in its register."""
    box = DropBox(code=STREAM, name_zh="小蜜蜂箱", source="made up for these stories", hall="H", **elements)
    return shipped_books()._replace(catalogue=Catalogue((), boxes=(box,)))


SERVICE: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "since ever, for ever": (
        {"collections_a_day": 3},
        [("03-02", 3), ("03-03", 3), ("03-04", 3), ("03-05", 3), ("03-06", 3), ("03-07", 0)],
    ),
    "since before its first fact": (
        {"valid_from": on("02-27")},
        [("02-27", 2), ("02-28", 2)] + [(f"03-0{n}", 2) for n in range(2, 7)] + [("03-07", 0)],
    ),
    "hung up later than it was emptied": (
        {"valid_from": on("03-05")},
        [("03-02", 0), ("03-03", 0), ("03-05", 2), ("03-06", 2), ("03-07", 0)],
    ),
    "taken down on its last day": (
        {"valid_until": on("03-04")},
        [("03-02", 2), ("03-03", 2), ("03-04", 2), ("03-07", 0)],
    ),
}


@pytest.mark.parametrize(("elements", "wanted"), SERVICE.values(), ids=SERVICE)
def test_a_box_has_a_row_for_every_working_day_of_its_service_and_what_was_wanted(
    elements: dict[str, Any], wanted: list[tuple[Any, ...]]
) -> None:
    """Of 2026 Saturday 02-28 is worked."""
    on_saturday = fact(BoxCollected, "03-07 10:00", deposits=())
    found = told(BOX_FACTS, "day wanted", *BOX, on_saturday, books=registered(**elements))
    assert found == [(on(day), number) for day, number in wanted]


def test_without_a_calendar_only_its_first_day_and_those_a_box_was_emptied_are_known() -> None:
    nobodys = Books(shipped_books().calendars)
    known = [(on("03-02"), None, 0), (on("03-03"), None, 2)]
    assert told(BOX_FACTS, "day working collections", *BOX, books=nobodys) == known


def test_a_box_told_of_on_a_day_no_calendar_covers_is_walked_no_further_than_it_covers() -> None:
    ancient = fact(BoxCollected, "1926-03-02 10:00", deposits=())
    found = told(BOX_FACTS, "day working", ancient, *BOX)
    first, last = shipped_books().calendars[NATIONAL].covers
    assert found[0] == (date(1926, 3, 2), None)
    assert first <= min(day for day, working in found if working is not None)
    assert max(day for day, _ in found) == on("03-05") <= last
