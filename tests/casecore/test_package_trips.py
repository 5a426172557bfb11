"""Visits of a package: each once, whichever of its cases it served, held against what was promised for the whole."""

from typing import Any

from support.story import CLERK, HALL, Story, accepted, fact, moment, received

from casecore import CaseEvent, Cause, CausedBy, CorrectionRequested, Place, TripMade, TripVerdict, Visitor, count_trips
from casecore.reading.trips import CountedTrip
from casecore.reading.visits import CountedVisit, count_visits


def came(number: str, when: str, cause: Cause = Cause.SUBMIT, **rest: Any) -> TripMade:
    who = {"visitor": Visitor.APPLICANT, "place": Place.HALL, **rest}
    return fact(TripMade, when, by=CLERK, visit=number, cause=cause, **who)


def counted(*events: CaseEvent) -> tuple[CountedTrip, ...]:
    return count_trips(Story(*events).file)


def told_all(*, complete: bool = True, caused_by: CausedBy = CausedBy.APPLICANT) -> CorrectionRequested:
    asked = {"materials": ("lease",), "complete": complete, "caused_by": caused_by}
    return fact(CorrectionRequested, "03-03 09:00", **asked)


def verdicts(visits: tuple[CountedVisit, ...]) -> dict[str, TripVerdict]:
    return {one.visit: one.verdict for one in visits}


def test_a_visit_that_served_three_cases_is_one_visit() -> None:
    shops = {f"shop-{n}": counted(received(), came("V1", "03-02 09:00"), accepted()) for n in (1, 2, 3)}

    (visit,) = count_visits(shops, 2)

    assert (visit.visit, visit.at, visit.cases) == ("V1", moment("03-02 09:00"), ("shop-1", "shop-2", "shop-3"))
    assert (visit.gross, visit.net, visit.near, visit.journey) == (True, True, False, True)
    assert (visit.causes, visit.trip.place, visit.verdict) == ((Cause.SUBMIT,), Place.HALL, TripVerdict.PROMISED)


def test_what_each_case_kept_the_package_may_have_broken() -> None:
    first = counted(received(), came("V1", "03-02 09:00"), came("V3", "03-04 09:00", Cause.COLLECT), accepted())
    second = counted(received(), came("V2", "03-03 09:00"), came("V4", "03-05 09:00", Cause.COLLECT), accepted())

    assert verdicts(count_visits({"a": first, "b": second}, 2)) == {
        "V1": TripVerdict.PROMISED,
        "V2": TripVerdict.PROMISED,
        "V3": TripVerdict.OPTIONAL,
        "V4": TripVerdict.OPTIONAL,
    }


def test_what_one_case_did_not_promise_the_package_may_have_promised() -> None:
    (first, second) = counted(received(), came("V1", "03-02 09:00"), came("V2", "03-04 09:00", Cause.SIGN), accepted())
    assert second.verdict is TripVerdict.OPTIONAL  # one visit is promised of the item

    assert set(verdicts(count_visits({"a": (first, second)}, 2)).values()) == {TripVerdict.PROMISED}


def test_a_visit_one_case_needed_could_not_have_been_spared_whatever_else_was_put_right_in_it() -> None:
    corrected = counted(received(), told_all(complete=False), came("V1", "03-04 09:00", Cause.CORRECT))
    collecting = counted(received(), came("V1", "03-04 10:00", Cause.SIGN))

    (visit,) = count_visits({"a": corrected, "b": collecting}, 1)

    assert (visit.at, visit.causes) == (moment("03-04 09:00"), (Cause.CORRECT, Cause.SIGN))
    assert (visit.verdict, visit.net) == (TripVerdict.PROMISED, True)


def test_a_visit_made_for_corrections_alone_goes_on_the_account_of_whoever_caused_it() -> None:
    agencys = counted(received(), told_all(complete=False), came("V1", "03-04 09:00", Cause.CORRECT))
    applicants = counted(received(), told_all(), came("V1", "03-04 09:00", Cause.CORRECT))
    alone = count_visits({"b": applicants}, 1)

    both = count_visits({"a": agencys, "b": applicants}, 1)

    assert [(one.verdict, one.gross, one.net) for one in both] == [(TripVerdict.AGENCY, True, True)]
    assert [(one.verdict, one.gross, one.net) for one in alone] == [(TripVerdict.APPLICANT, True, False)]


def test_where_nothing_is_promised_nothing_is_beyond_it() -> None:
    trips = counted(received(hall=HALL), came("V1", "03-02 09:00"), came("V2", "03-03 09:00", Cause.PAY))

    assert set(verdicts(count_visits({"a": trips}, None)).values()) == {TripVerdict.PROMISED}


def test_the_halls_own_agent_makes_a_visit_that_counts_for_nobody() -> None:
    went = came("V1", "03-02 09:00", place=Place.VILLAGE_POINT, visitor=Visitor.HALL_AGENT, agent="ma")

    (visit,) = count_visits({"a": counted(received(), went)}, 1)

    assert (visit.gross, visit.net, visit.near, visit.journey) == (False, False, False, False)
    assert visit.verdict is TripVerdict.NO_TRIP
