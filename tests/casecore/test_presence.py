"""Who had to be there (到场): what is done in person without a visit told is no zero trip, nor is a result that waits."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from support.examined import all_found
from support.story import CITIZEN, CLERK, HEAD, SEALED, Story, accepted, fact, moment, received
from support.story import submitted as filed

from casecore import (
    CaseClosed,
    CaseEvent,
    CaseJoined,
    Cause,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    Channel,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    Decision,
    DecisionMade,
    DeliveryMethod,
    DistrictRule,
    FeePaid,
    FeeWay,
    HolderKind,
    HomeServiceRequested,
    MandateGranted,
    MaterialMet,
    MaterialsCouriered,
    MaterialWay,
    Outcome,
    PapersCollected,
    PapersDeposited,
    PapersHandedOver,
    Place,
    ResultDelivered,
    TripMade,
    TripsUnknown,
    Visitor,
    count_trips,
)
from casecore.district_rule import DEFAULT_RULE
from casecore.reading.presence import package_trips_unknown, trips_unknown
from casecore.reading.trips import trips_in_figures
from casecore.reading.visits import count_visits
from casecore.vocabulary import FindingCode

Facts = CaseEvent | Sequence[CaseEvent]
LENIENT: Final = DistrictRule(name="two steps are no trip", near_visits_gross=False, near_visits_net=False)
ASKED: Final = fact(CorrectionRequested, "03-02 16:00", by=CLERK, materials=("lease",))
MANDATE: Final = fact(MandateGranted, "03-01 09:00", agent="ma", applicant="Li Lei", scope="all of it")


def told(*events: Facts) -> list[CaseEvent]:
    return [one for event in events for one in (event if isinstance(event, Sequence) else (event,))]


def unknown(*events: Facts, rule: DistrictRule = DEFAULT_RULE) -> TripsUnknown | None:
    file = Story(*told(*events)).file
    return trips_unknown(file, count_trips(file, rule), rule)


def codes(*events: Facts, at: str = "03-10 09:00") -> list[str]:
    """The findings of this kind, judged at an instant."""
    mine = (FindingCode.UNRECORDED_VISIT, FindingCode.UNRECORDED_COLLECTION, FindingCode.RESULT_NOT_HANDED_OVER)
    return [one.code.value for one in all_found(*told(*events), at=moment(at)) if one.code in mine]


def came(when: str = "03-02 09:00", cause: Cause = Cause.SUBMIT, **rest: Any) -> TripMade:
    who = {"visitor": Visitor.APPLICANT, "place": Place.HALL, **rest}
    return fact(TripMade, when, by=CLERK, visit=f"V@{when}", cause=cause, **who)


def handed(when: str, giver: HolderKind, holder: HolderKind, place: Place | None = None) -> PapersHandedOver:
    names = {HolderKind.APPLICANT: "Li Lei", HolderKind.AGENT: "ma", HolderKind.HALL: "Chengbei Hall"}
    return fact(
        PapersHandedOver, when, materials=("lease",), giver_kind=giver, giver=names[giver], holder_kind=holder,
        holder=names[holder], place=place,
    )  # fmt: skip


APPLICANT, AGENT, THE_HALL = HolderKind.APPLICANT, HolderKind.AGENT, HolderKind.HALL

# --- What is taken in ---


@pytest.mark.parametrize("channel", [Channel.WINDOW, Channel.KIOSK, Channel.AGENT_POINT])
def test_an_intake_in_person_without_a_visit_is_no_zero_trip(channel: Channel) -> None:
    taken_in = received(channel=channel)

    assert (unknown(taken_in), codes(taken_in)) == (TripsUnknown.INTAKE, ["unrecorded_visit"])
    assert (unknown(taken_in, came()), codes(taken_in, came())) == (None, [])


@pytest.mark.parametrize("channel", [one for one in Channel if not one.in_person])
def test_what_comes_in_otherwise_needs_no_visit(channel: Channel) -> None:
    assert (unknown(received(channel=channel)), codes(received(channel=channel))) == (None, [])


def test_an_application_filed_online_and_taken_over_at_the_desk_needs_none() -> None:
    assert unknown(filed("03-01 20:00"), received("03-02 09:00", channel=Channel.WEBSITE)) is None


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(fact(MaterialsCouriered, "03-02 08:00", consignment="IN1"), id="by courier"),
        pytest.param(
            (
                fact(PapersDeposited, "03-01 20:00", box="B1", deposit="D1"),
                fact(PapersCollected, "03-02 08:30", box="B1", deposit="D1"),
            ),
            id="out of a drop box",
        ),
        pytest.param((MANDATE, handed("03-02 08:00", APPLICANT, AGENT, Place.HOME)), id="fetched at home by an agent"),
        pytest.param((MANDATE, handed("03-02 08:00", APPLICANT, AGENT)), id="fetched by an agent"),
        pytest.param(came(visitor=Visitor.HALL_AGENT, agent="ma"), id="an agent's errand"),
        pytest.param(came(place=Place.HOME), id="at home"),
        pytest.param(
            fact(HomeServiceRequested, "03-01 09:00", wanted_on=moment("03-02 09:00").date(), where="Lane 3"),
            id="home service asked for",
        ),
        pytest.param(came("03-02 15:00", Cause.SIGN), id="a visit of that day told with something else"),
        pytest.param(came(visitor=Visitor.OWN_AGENT), id="whoever the applicant sent"),
    ],
)
def test_what_reached_the_window_without_the_applicant_or_in_a_visit_told_is_known(way: Facts) -> None:
    assert (unknown(way, received("03-02 09:00")), codes(way, received("03-02 09:00"))) == (None, [])


def test_an_agent_who_was_met_at_the_village_point_was_met_by_somebody_who_came_there() -> None:
    met = (MANDATE, handed("03-02 08:00", APPLICANT, AGENT, Place.VILLAGE_POINT))

    assert unknown(met, received(channel=Channel.HOME_SERVICE)) is TripsUnknown.ORIGINALS
    assert unknown(met, came("03-02 08:00", place=Place.VILLAGE_POINT), received(channel=Channel.HOME_SERVICE)) is None
    assert unknown(met, received(channel=Channel.HOME_SERVICE), rule=LENIENT) is None, "there two steps are no trip at all"


def test_where_two_steps_are_no_trip_an_intake_at_a_village_point_is_zero_trips() -> None:
    assert unknown(received(channel=Channel.AGENT_POINT), rule=LENIENT) is None
    assert unknown(received(channel=Channel.WINDOW), rule=LENIENT) is TripsUnknown.INTAKE


def test_an_imported_history_that_says_nothing_of_trips_is_as_before() -> None:
    silent = received(trips_recorded=False)

    assert (unknown(silent, came()), codes(silent)) == (TripsUnknown.NOT_RECORDED, [])


def test_a_case_its_package_opened_when_its_turn_came_was_brought_by_nobody() -> None:
    def joined(*, waiting: bool) -> CaseJoined:
        return fact(CaseJoined, "03-02 08:00", package="P", theme="SHOPS", visits_promised=1, waiting=waiting)

    assert unknown(joined(waiting=True), joined(waiting=False), received("03-09 09:00")) is None
    assert unknown(joined(waiting=False), received("03-02 09:00")) is TripsUnknown.INTAKE


# --- What is brought, paid and collected afterwards ---

WINDOW: Final = (received(), came())
CLOSING: Final = fact(CaseClosed, "03-06 10:00", by=HEAD, outcome=Outcome.CERTIFICATE_ISSUED)
DECIDED: Final = fact(DecisionMade, "03-06 09:00", by=HEAD, decision=Decision.GRANTED)
REFUSED: Final = fact(DecisionMade, "03-06 09:00", by=HEAD, decision=Decision.REFUSED, reason="too small")
SO_IT_ENDED: Final = fact(CaseClosed, "03-06 10:00", by=HEAD, outcome=Outcome.OTHER)
ONLINE: Final = (filed("03-01 20:00"), received("03-02 09:00", channel=Channel.WEBSITE))


def submitted(when: str = "03-04 09:00", **rest: Any) -> CorrectionSubmitted:
    return fact(CorrectionSubmitted, when, by=CITIZEN, materials=("lease",), **rest)


def test_a_correction_is_handed_in_where_the_application_was_unless_something_else_is_told() -> None:
    assert unknown(WINDOW, ASKED, submitted()) is TripsUnknown.CORRECTION
    assert codes(WINDOW, ASKED, submitted()) == ["unrecorded_visit"]
    assert unknown(WINDOW, ASKED, submitted(), came("03-04 09:00", Cause.CORRECT)) is None
    assert unknown(WINDOW, ASKED, submitted(channel=Channel.WEBSITE)) is None
    assert unknown(ONLINE, ASKED, submitted()) is None
    assert unknown(ONLINE, ASKED, submitted(channel=Channel.WINDOW)) is TripsUnknown.CORRECTION
    assert unknown(ONLINE, ASKED, submitted(channel=Channel.COURIER)) is None


@pytest.mark.parametrize(
    ("way", "explains"),
    [
        (fact(MaterialsCouriered, "03-04 08:00", consignment="IN1", materials=("lease",)), True),
        (fact(MaterialsCouriered, "03-02 08:00", consignment="IN1", materials=("lease",)), False),
        (fact(MaterialMet, "03-04 08:00", material="lease", way=MaterialWay.UPLOAD), True),
        (fact(MaterialMet, "03-04 08:00", material="lease", way=MaterialWay.PACKAGE, source="P"), True),
        (fact(MaterialMet, "03-04 08:00", material="lease", way=MaterialWay.PAPER), False),
        (fact(MaterialMet, "03-04 08:00", material="photo", way=MaterialWay.UPLOAD), False),
        ((MANDATE, handed("03-04 08:00", APPLICANT, AGENT, Place.HOME)), True),
    ],
    ids=["couriered", "couriered before", "uploaded", "shared", "on paper", "something else", "fetched by an agent"],
)
def test_what_was_missing_may_have_come_without_anybody(way: Facts, *, explains: bool) -> None:
    assert unknown(WINDOW, ASKED, way, submitted()) is (None if explains else TripsUnknown.CORRECTION)


def test_what_is_put_right_on_the_spot_is_in_the_visit_of_that_day() -> None:
    def put_right(when: str) -> CorrectedOnSpot:
        return fact(CorrectedOnSpot, when, by=CLERK, materials=("form",))

    assert unknown(WINDOW, put_right("03-02 09:20")) is None
    assert unknown(WINDOW, put_right("03-03 09:20")) is TripsUnknown.CORRECTION
    assert unknown(ONLINE, put_right("03-03 09:20")) is None


def test_a_fee_is_paid_in_person_at_a_window_and_by_nobody_online() -> None:
    def paid(way: FeeWay) -> FeePaid:
        return fact(FeePaid, "03-04 09:00", by=CITIZEN, fee="work", amount_fen=500, way=way)

    assert unknown(ONLINE, paid(FeeWay.ONLINE)) is None
    assert unknown(ONLINE, paid(FeeWay.WINDOW)) is TripsUnknown.PAYMENT
    assert codes(ONLINE, paid(FeeWay.WINDOW)) == ["unrecorded_visit"]
    assert unknown(ONLINE, paid(FeeWay.WINDOW), came("03-04 11:00", Cause.OTHER, place=Place.OUTSIDE)) is None


@pytest.mark.parametrize(("giver", "holder"), [(APPLICANT, THE_HALL), (THE_HALL, APPLICANT)])
def test_originals_do_not_change_hands_by_themselves(giver: HolderKind, holder: HolderKind) -> None:
    assert unknown(ONLINE, handed("03-04 09:00", giver, holder)) is TripsUnknown.ORIGINALS
    assert unknown(ONLINE, handed("03-04 09:00", giver, holder, Place.HOME)) is None
    assert unknown(ONLINE, handed("03-04 09:00", giver, holder), came("03-04 10:00", Cause.SIGN)) is None


@pytest.mark.parametrize(
    ("method", "why"),
    [
        (DeliveryMethod.WINDOW, TripsUnknown.COLLECTION),
        (DeliveryMethod.LOCKER, TripsUnknown.COLLECTION),
        (DeliveryMethod.COURIER, None),
        (DeliveryMethod.E_CERTIFICATE, None),
        (DeliveryMethod.HOME, None),
    ],
)
def test_a_result_that_was_collected_was_collected_by_somebody(method: DeliveryMethod, why: TripsUnknown | None) -> None:
    delivered = fact(ResultDelivered, "03-09 10:00", method=method, certificate="C1")

    assert unknown(came(), SEALED, CLOSING, delivered) is why
    assert codes(came(), SEALED, CLOSING, delivered) == ([] if why is None else ["unrecorded_collection"])
    assert unknown(came(), SEALED, CLOSING, delivered, came("03-09 10:00", Cause.COLLECT)) is None


def test_an_agent_entrusted_by_the_applicant_may_have_fetched_the_result() -> None:
    def fetched(by: str) -> ResultDelivered:
        return fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1", recipient=by)

    assert unknown(MANDATE, came(), SEALED, CLOSING, fetched("ma")) is None
    assert unknown(MANDATE, came(), SEALED, CLOSING, fetched("Li Lei")) is TripsUnknown.COLLECTION


def test_that_somebody_came_to_their_home_explains_no_collection() -> None:
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
    at_home = came("03-09 09:00", Cause.OTHER, place=Place.HOME)

    assert unknown(came(), SEALED, CLOSING, delivered, at_home) is TripsUnknown.COLLECTION


def test_what_is_done_after_the_result_was_received_is_no_trip_and_leaves_nothing_unknown() -> None:
    over = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    back = handed("03-20 09:00", THE_HALL, APPLICANT)

    assert unknown(came(), SEALED, CLOSING, over, back) is None
    assert unknown(came(), SEALED, CLOSING, back) is TripsUnknown.ORIGINALS


def test_one_day_on_which_nobody_is_said_to_have_come_is_one_finding() -> None:
    day = (received("03-02 09:00"), fact(CorrectedOnSpot, "03-02 09:20", by=CLERK, materials=("form",)), ASKED)

    assert codes(day, submitted()) == ["unrecorded_visit", "unrecorded_visit"], "of the two days"


# --- A result that waits (结果待领取) ---

PAPER: Final = (*ONLINE, *SEALED[1:])


def test_a_paper_result_nobody_has_collected_is_not_yet_zero_trips() -> None:
    assert unknown(PAPER) is None, "it is not closed, and in no figure"
    assert unknown(PAPER, CLOSING) is TripsUnknown.PENDING


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1"), None),
        (fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.HOME), None),
        (fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.E_CERTIFICATE, certificate="C1"), None),
        (fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.LOCKER, certificate="C1"), TripsUnknown.COLLECTION),
        (fact(CourierDispatched, "03-09 10:00", consignment="EMS1", courier="EMS", certificate="C1"), TripsUnknown.PENDING),
        (fact(CertificateRevoked, "03-09 10:00", certificate="C1", reason="void"), None),
        (came("03-09 10:00", Cause.COLLECT), None),
    ],
    ids=["couriered", "brought home", "sent as an e-certificate", "locker, no visit", "on its way", "revoked", "visit told"],
)
def test_what_ends_the_waiting_says_what_it_cost(after: CaseEvent, why: TripsUnknown | None) -> None:
    assert unknown(PAPER, CLOSING, after) is why


def test_an_electronic_certificate_waits_for_nobody() -> None:
    def certified(*, electronic: bool) -> list[CaseEvent]:
        made = fact(CertificateMade, "03-06 09:10", by=HEAD, certificate="C1", kind="licence", electronic=electronic)
        return told(
            ONLINE, accepted(), DECIDED, made, fact(CertificateSealed, "03-06 09:20", certificate="C1", seal="S"), CLOSING
        )

    assert unknown(certified(electronic=True)) is None
    assert unknown(certified(electronic=False)) is TripsUnknown.PENDING


def test_a_refusal_is_told_in_writing_and_online_to_who_applied_online() -> None:
    """Art. 38(2): 依法作出不予行政许可的书面决定."""
    posted = (fact(MaterialsCouriered, "03-02 08:00", consignment="IN1"), received(channel=Channel.COURIER), accepted())
    letter = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER)

    assert unknown(posted, REFUSED, SO_IT_ENDED) is TripsUnknown.PENDING
    assert unknown(posted, REFUSED, SO_IT_ENDED, letter) is None
    assert unknown(posted, DECIDED, SO_IT_ENDED) is None, "a grant without a certificate hands nothing over"
    assert unknown(ONLINE, accepted(), REFUSED, SO_IT_ENDED) is None


def test_whoever_has_come_already_is_no_case_of_zero_trips_whatever_waits() -> None:
    assert unknown(came(), SEALED, CLOSING) is None


def test_the_second_certificate_may_wait_and_what_is_issued_again_later_does_not() -> None:
    second = (
        fact(CertificateMade, "03-06 09:30", by=HEAD, certificate="C2", kind="annex"),
        fact(CertificateSealed, "03-06 09:40", by=HEAD, certificate="C2", seal="S"),
    )
    first = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    again = fact(CertificateReissued, "04-01 09:00", certificate="C9", kind="licence", replaces="C1", reason="lost")

    assert unknown(PAPER, second, CLOSING, first) is TripsUnknown.PENDING
    assert unknown(PAPER, CLOSING, first, again) is None


def test_a_result_that_waits_longer_than_the_district_allows_is_a_finding() -> None:
    """Closed on Friday 6 March: ten working days end on Friday the 20th."""
    assert codes(PAPER, CLOSING, at="03-20 23:00") == []
    assert codes(PAPER, CLOSING, at="03-23 00:01") == ["result_not_handed_over"]
    late = fact(ResultDelivered, "03-24 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    assert codes(PAPER, CLOSING, late, at="12-30 09:00") == []


# --- Of a package as a whole ---


def whole(*cases: list[CaseEvent]) -> TripsUnknown | None:
    files = [Story(*one).file for one in cases]
    visits = count_visits({f"c{n}": trips_in_figures(file) for n, file in enumerate(files)}, 1)
    return package_trips_unknown([(file, DEFAULT_RULE) for file in files], visits)


def test_the_trips_of_a_package_are_known_where_those_of_every_case_are() -> None:
    known, untold = told(received(), came(), accepted()), told(received(), accepted())
    withdrawn = [*untold, fact(CaseClosed, "03-04 09:00", outcome=Outcome.VOIDED, reason="twice")]

    assert whole(known, known) is None
    assert whole(known, untold) is TripsUnknown.INTAKE
    assert whole(known, withdrawn) is None, "no figure counts that one"
    assert whole(known, told(received(trips_recorded=False))) is TripsUnknown.NOT_RECORDED


def test_a_package_somebody_has_come_for_is_not_one_of_zero_trips_whatever_waits() -> None:
    waits = told(PAPER, CLOSING)

    assert whole(waits, waits) is TripsUnknown.PENDING
    assert whole(waits, told(received(), came(), accepted())) is None


# --- What explains nothing ---


def test_an_errand_of_an_agent_explains_no_collection_by_the_applicant() -> None:
    story = (
        received(channel=Channel.WEBSITE),
        came("03-06 10:00", Cause.OTHER, visitor=Visitor.HALL_AGENT, agent="ma"),
        fact(ResultDelivered, "03-06 11:00", method=DeliveryMethod.WINDOW),
    )

    assert (unknown(*story), codes(*story)) == (TripsUnknown.COLLECTION, ["unrecorded_collection"])


@pytest.mark.parametrize(("channel", "why"), [(Channel.WINDOW, TripsUnknown.CORRECTION), (None, None)])
def test_a_wish_for_home_service_explains_nothing_said_to_be_done_at_a_window(
    channel: Channel | None, why: TripsUnknown | None
) -> None:
    story = (
        received(),
        came(),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        fact(HomeServiceRequested, "03-03 09:00", wanted_on=moment("03-04 09:00").date(), where="Lane 3"),
        fact(CorrectionSubmitted, "03-04 09:00", materials=("lease",), channel=channel),
    )

    assert unknown(*story) is why
