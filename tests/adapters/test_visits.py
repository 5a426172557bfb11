"""Visits over each kind of store: a case's act and its visit are written together, once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any, Final

import pytest
from eventsourcing.persistence import StoredEvent
from support.followed import World
from support.package_story import CATALOGUE, PACKAGE, opening
from support.story import CLERK, FOOD, HALL, Story, day, moment, scoped
from support.written_before import LATEST_BEFORE, as_written_before

from adapters import district_log
from adapters.district_engine import DistrictEngine
from adapters.following import follow
from adapters.reporting import Period, report
from adapters.testing.opened import beside, open_desk
from casecore import (
    ApplicantKind,
    BadInput,
    Cause,
    DeliverResult,
    DeliveryMethod,
    Engine,
    FeeWay,
    Flaw,
    LeaveVisit,
    OpenVisit,
    PayFee,
    Place,
    Purpose,
    Reason,
    Receipt,
    ReceiveCase,
    RecordTrip,
    Refused,
    RequestCorrection,
    SubmitCorrection,
    TripMade,
    VainReason,
    Visit,
    Visitor,
)
from casecore.command import Command
from casecore.kinds import COMMANDS, VISIT
from casecore.log import Batch
from casecore.recorded import Envelope
from casecore.visit.file import VisitFile
from projections.visit_indicators import VISIT_INDICATORS

ON: Final = day("03-02")


def arriving(when: str = "03-02 09:00", number: str = "A1", **rest: Any) -> OpenVisit:
    return OpenVisit(hall=HALL, on=moment(when).date(), number=number, by="gate", at=moment(when), **rest)


def leaving(when: str, number: str = "A1", **rest: Any) -> LeaveVisit:
    return LeaveVisit(hall=HALL, on=ON, number=number, by="gate", at=moment(when), **rest)


def receiving(case: str = "C", when: str = "03-02 09:10", number: str | None = "A1", **rest: Any) -> ReceiveCase:
    given = {"item": FOOD, "hall": HALL, "applicant": "Li Lei", "applicant_kind": ApplicantKind.PERSON, **rest}
    visit = None if number is None else Visit(visit=number)
    return ReceiveCase(**{"case": case, "by": CLERK, "at": moment(when), "visit": visit, **given})


def done(engine: Engine, *commands: Command) -> list[Receipt]:
    receipts = []
    for command in commands:
        answer = engine.handle(command)
        assert isinstance(answer, Receipt), answer
        receipts.append(answer)
    return receipts


def visit(engine: Engine, number: str = "A1", on: str = "03-02") -> VisitFile:
    return engine.file_of(VISIT, scoped(number, on))


def written(engine: Engine) -> list[tuple[str, str]]:
    return [(one.stream, type(one.event).__name__) for one in engine.follow()]


def test_a_case_that_names_a_visit_opens_it_in_one_commit_and_once(world: World) -> None:
    hall = world.engine()
    command = replace(receiving(), command_id="received")

    first = done(hall, command)
    again = done(beside(hall), command)

    assert first == again
    assert written(hall) == [("C", "CaseReceived"), ("C", "TripMade"), (scoped("A1"), "CaseServed")]
    assert len({fact.recorded_at for fact in hall.follow()}) == 1
    assert hall.log.carried_out(["received", "received/1"]) == {"received", "received/1"}
    assert hall.log.verify().why is None


def test_a_whole_visit_comes_is_served_and_leaves(world: World) -> None:
    hall = world.engine()
    done(
        hall,
        arriving(persons=2, purpose=Purpose.HANDLE),
        receiving(),
        receiving("D", "03-02 09:20"),
        leaving("03-02 10:00"),
    )

    found = visit(hall)
    assert (found.cases, found.persons, found.minutes) == (("C", "D"), 2, 60)
    refused = hall.handle(receiving("E", "03-02 10:01"))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.case) == (Reason.VISIT_LEFT, scoped("A1"))
    assert hall.history("E") == [], "nothing is half-written"


def test_another_act_of_the_case_in_the_visit_is_no_trip_more_and_follows_there(world: World) -> None:
    hall = world.engine()
    asked = RequestCorrection(case="C", by=CLERK, at=moment("03-02 09:15"), materials=("lease",))
    brought = SubmitCorrection(case="C", by=CLERK, at=moment("03-02 09:30"), materials=("lease",), visit=Visit(visit="A1"))
    done(hall, receiving(), asked, brought)

    assert len(hall.file("C").trips) == 1
    assert [one.cause for one in visit(hall).served] == [Cause.SUBMIT, Cause.CORRECT]


def test_whoever_has_left_hands_in_nothing_more_though_the_trip_was_recorded(world: World) -> None:
    hall = world.engine()
    asked = RequestCorrection(case="C", by=CLERK, at=moment("03-02 09:15"), materials=("lease",))
    done(hall, receiving(), asked, leaving("03-02 09:30"))

    brought = SubmitCorrection(case="C", by=CLERK, at=moment("03-02 11:00"), materials=("lease",), visit=Visit(visit="A1"))
    refused = hall.handle(brought)

    assert isinstance(refused, Refused)
    assert refused.reason is Reason.VISIT_LEFT


def test_a_trip_recorded_late_follows_where_it_says_and_a_visit_in_vain_takes_none(world: World) -> None:
    hall = world.engine()
    done(hall, receiving(number=None), arriving("03-02 14:00", "B7"), arriving("03-02 15:00", "B8"))
    done(hall, leaving("03-02 15:10", "B8", in_vain=VainReason.QUEUE))
    trip = RecordTrip(case="C", by=CLERK, at=moment("03-02 14:10"), visit="B7", cause=Cause.SIGN)
    done(hall, trip)

    assert visit(hall, "B7").cases == ("C",)
    refused = hall.handle(replace(trip, visit="B8", at=moment("03-02 15:05")))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.named) == (Reason.VISIT_IN_VAIN, "queue")


def test_a_visit_elsewhere_is_the_other_halls(world: World) -> None:
    hall = world.engine()
    done(hall, receiving(number=None))
    done(hall, RecordTrip(case="C", by=CLERK, at=moment("03-02 14:10"), visit="A1", cause=Cause.PAY, hall="Bank",
                          place=Place.OUTSIDE))  # fmt: skip

    (trip,) = hall.file("C").trips
    assert (trip.visit, trip.hall) == (scoped("A1", hall="Bank"), "Bank")
    assert hall.file_of(VISIT, trip.visit).person_times == 0, "nobody came to a hall of ours"


def test_a_package_handed_in_within_a_visit_is_served_case_by_case_there(store_url: str) -> None:
    with open_desk(store_url, district="510107", catalogue=CATALOGUE) as hall:
        done(hall, replace(opening(visit=Visit(visit="A1")), command_id="form"))

        members = [one.plan.case for one in hall.package(PACKAGE).members]
        running = tuple(case for case in members if hall.file(case).trips)
        (named,) = {trip.visit for case in running for trip in hall.file(case).trips}
        assert hall.file_of(VISIT, named).cases == running
        assert len({fact.recorded_at for fact in hall.follow()}) == 1
        assert hall.log.verify().why is None


def test_a_package_of_whoever_has_left_is_not_opened(store_url: str) -> None:
    with open_desk(store_url, district="510107", catalogue=CATALOGUE) as hall:
        command = opening(visit=Visit(visit="A1"))
        assert command.at is not None
        place = {"hall": command.hall, "on": command.at.date(), "number": "A1", "by": "gate"}
        at = command.at.replace(hour=8, minute=0)
        done(hall, OpenVisit(**place, at=at), LeaveVisit(**place, at=at, in_vain=VainReason.CLOSED))

        refused = hall.handle(command)

        assert isinstance(refused, Refused)
        assert refused.reason is Reason.VISIT_IN_VAIN
        assert hall.package(PACKAGE).version == 0


def test_hall_and_number_too_long_together_are_stopped_at_the_door(world: World) -> None:
    hall = world.engine()
    long = "A" * 190
    for command in (arriving(number=long), receiving(number=long)):
        with pytest.raises(BadInput) as outside:
            hall.handle(command)
        assert outside.value.code is Flaw.IDENTIFIER_LENGTH
    assert written(hall) == []


def test_a_case_is_received_though_its_visit_cannot_be_read(world: World) -> None:
    hall = world.engine()
    done(hall, arriving())
    hall.log.ledger.insert_events([StoredEvent(scoped("A1"), 2, "visit.weighed.v1", b"{}")])

    done(beside(hall), receiving())

    assert [trip.visit for trip in hall.file("C").trips] == [scoped("A1")], "the case's own fact names it"


def test_an_id_that_is_taken_by_another_kind_is_nobodys_visit(world: World) -> None:
    hall = world.engine()
    done(hall, receiving(scoped("A1"), number=None))

    refused = hall.handle(receiving("D"))

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.named) == (Reason.OTHER_KIND, "case")


def test_of_two_applicants_at_two_windows_at_once_one_is_refused(world: World) -> None:
    hall, together = world.engine(), Barrier(2)
    engines = [beside(hall) for _ in range(2)]

    def race(number: int, turn: int) -> Receipt | Refused:
        together.wait(20)
        return engines[turn].handle(receiving(f"C{number}-{turn}", number=f"A{number}", applicant=f"applicant {turn}"))

    with ThreadPoolExecutor(2) as threads:
        for number in range(12):
            answers = list(threads.map(race, [number] * 2, range(2)))
            refused = [one.reason for one in answers if isinstance(one, Refused)]
            assert refused == [Reason.TWO_APPLICANTS]
            assert len(visit(hall, f"A{number}").served) == 1


def test_of_leaving_and_being_served_at_once_neither_is_lost(world: World) -> None:
    hall, together = world.engine(), Barrier(2)
    engines = [beside(hall) for _ in range(2)]
    for number in range(12):
        done(hall, arriving(number=f"A{number}"))

    def race(number: int, turn: int) -> Receipt | Refused:
        together.wait(20)
        in_vain = leaving("03-02 10:00", f"A{number}", in_vain=VainReason.QUEUE)
        return engines[turn].handle(receiving(f"C{number}", number=f"A{number}") if turn else in_vain)

    with ThreadPoolExecutor(2) as threads:
        for number in range(12):
            answers = list(threads.map(race, [number] * 2, range(2)))
            assert sum(isinstance(one, Receipt) for one in answers) == 1, "in vain, or served"
            found = visit(hall, f"A{number}")
            assert (found.left is None) == bool(found.served)


# what was written before visits were streams


def test_trips_written_before_read_as_before_and_their_visit_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = world.engine()
    monkeypatch.setattr(district_log, "WIRE", as_written_before(LATEST_BEFORE))
    told = TripMade(
        at=moment("03-02 09:10"), by=CLERK, visit="V-1", visitor=Visitor.APPLICANT, place=Place.HALL, cause=Cause.SUBMIT
    )
    _old_case(hall, told)
    monkeypatch.undo()

    engine = beside(hall)
    (trip,) = engine.file("C").trips
    assert (trip.visit, trip.hall) == ("V-1", None)
    done(engine, RecordTrip(case="C", by=CLERK, at=moment("03-03 09:00"), visit="V-1", cause=Cause.SIGN))
    refused = engine.handle(RecordTrip(case="C", by=CLERK, at=moment("03-02 11:00"), visit="V-1", cause=Cause.PAY))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.VISIT_RECORDED
    assert [one.visit for one in engine.file("C").trips] == ["V-1", scoped("V-1", "03-03")]


def _old_case(hall: DistrictEngine, trip: TripMade) -> None:
    received = Story().when(receiving(number=None)).ruling
    assert isinstance(received, tuple)
    envelopes = tuple(Envelope("C", n, fact, "old") for n, fact in enumerate((*received, trip), 1))
    hall.log.append([Batch("old", "C", envelopes)])


# every way in


def test_every_command_that_takes_a_visit_says_what_somebody_came_for() -> None:
    taking = {command.__name__ for command in COMMANDS if "visit" in getattr(command, "__dataclass_fields__", {})}

    assert taking == {"ReceiveCase", "SubmitCorrection", "PayFee", "DeliverResult", "RecordTrip", "OpenPackage"}
    pay = PayFee(case="C", by=CLERK, fee="f", amount_fen=1, way=FeeWay.WINDOW, visit=Visit(visit="A1"))
    fetch = DeliverResult(case="C", by=CLERK, method=DeliveryMethod.WINDOW, visit=Visit(visit="A1"))
    assert [one.coming and one.coming.cause for one in (pay, fetch)] == [Cause.PAY, Cause.COLLECT]
    assert replace(pay, way=FeeWay.ONLINE).coming is None
    assert replace(fetch, method=DeliveryMethod.COURIER).coming is None


def test_the_figures_of_visits_are_those_of_the_log(world: World) -> None:
    hall = world.engine()
    done(hall, arriving(persons=3), receiving(), arriving("03-02 14:00", "B7"))
    done(hall, leaving("03-02 14:10", "B7", in_vain=VainReason.CLOSED), arriving("03-03 09:00", purpose=Purpose.CONSULT))
    follow(world.logs, world.tables)

    found = report(world.tables, Period(None, None, day("12-30")), indicators=VISIT_INDICATORS)

    assert [(one.code, one.numerator, one.denominator) for one in found] == [
        ("V1", 5, None), ("V2", 3, None), ("V3", 1, 2), ("V4", 1, None),
    ]  # fmt: skip
