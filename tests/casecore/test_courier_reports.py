"""What a courier tells is a report: any later one may overtake any earlier one, and the last by its instant holds.

Decided on Thursday 03-05: the ten working days of Art. 44 end on 03-19. Sent on 03-06 10:00.
"""

from itertools import permutations, product
from typing import Any, Final

import pytest
from support.story import CALENDAR, CLOSED, HALL, Story, ask, day, fact, handing, moment, submitted

from casecore import (
    CaseEvent,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    DeliverResult,
    DeliveryMethod,
    MaterialsCouriered,
    PapersHandedOver,
    PapersSent,
    Reason,
    ReceiveCourieredMaterials,
    ReportCourierLost,
    ReportCourierRefused,
    ReportCourierReturned,
    ResendCourier,
    ResultDelivered,
    Transit,
    Verdict,
)
from casecore.case.clocks import clock_named, handed_over
from casecore.vocabulary import HolderKind

SENT: Final = (*CLOSED, fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS", certificate="C1"))
LOST, RETURNED, REFUSED, DELIVERED = Transit.LOST, Transit.RETURNED, Transit.REFUSED, Transit.DELIVERED
FAILED: Final = (LOST, RETURNED, REFUSED)
ORDERS: Final = (*product((*FAILED, DELIVERED), repeat=3),)
WHEN: Final = ("03-09 10:00", "03-11 10:00", "03-16 10:00")


def told(state: Transit, when: str, consignment: str = "EMS1") -> CaseEvent:
    """A report as a fact."""
    match state:
        case Transit.LOST:
            return fact(CourierLost, when, consignment=consignment)
        case Transit.RETURNED:
            return fact(CourierReturned, when, consignment=consignment, reason="nobody there")
        case Transit.REFUSED:
            return fact(CourierRefused, when, consignment=consignment, reason="not mine")
        case _:
            by_courier = {"method": DeliveryMethod.COURIER, "consignment": consignment}
            return fact(ResultDelivered, when, certificate="C1", **by_courier)


def report(state: Transit, when: str, consignment: str = "EMS1") -> Any:
    """A report as it is made."""
    match state:
        case Transit.LOST:
            return ask(ReportCourierLost, when, consignment=consignment)
        case Transit.RETURNED:
            return ask(ReportCourierReturned, when, consignment=consignment, reason="nobody there")
        case Transit.REFUSED:
            return ask(ReportCourierRefused, when, consignment=consignment, reason="not mine")
        case _:
            return ask(DeliverResult, when, method=DeliveryMethod.COURIER, consignment=consignment)


def in_hand(states: tuple[Transit, ...], when: tuple[str, ...] = WHEN) -> str | None:
    """Since when the applicant has it, counted by hand: the first of the deliveries after the last failure."""
    since: str | None = None
    for state, at in zip(states, when, strict=True):
        since = (since or at) if state is DELIVERED else None
    return since


@pytest.mark.parametrize("states", ORDERS, ids=lambda states: "-".join(state.value for state in states))
def test_any_report_overtakes_any_other_and_the_last_says_where_it_is(states: tuple[Transit, ...]) -> None:
    story = Story(*SENT)
    for state, when in zip(states, WHEN, strict=True):
        story = story.when(report(state, when)).done()
        (consignment,) = story.file.consignments
        assert (consignment.state, consignment.ended_at) == (state, moment(when))

    since = in_hand(states)
    assert handed_over(story.file) == (None if since is None else moment(since))
    assert (story.file.deliveries == ()) is (since is None)


@pytest.mark.parametrize("states", ORDERS, ids=lambda states: "-".join(state.value for state in states))
def test_in_whatever_order_reports_are_told_the_last_by_its_instant_holds(states: tuple[Transit, ...]) -> None:
    since = in_hand(states)
    reports = [report(state, when) for state, when in zip(states, WHEN, strict=True)]
    for order in permutations(reports):
        story = Story(*SENT)
        for one in order:
            story = story.when(one).done()
        (consignment,) = story.file.consignments
        assert (consignment.state, consignment.ended_at) == (states[-1], moment(WHEN[-1]))
        assert handed_over(story.file) == (None if since is None else moment(since))


@pytest.mark.parametrize("state", [*FAILED, DELIVERED])
@pytest.mark.parametrize("before", [(), *((one,) for one in FAILED), (LOST, DELIVERED)])
def test_the_very_same_report_again_is_refused_and_changes_nothing(before: tuple[Transit, ...], state: Transit) -> None:
    story = Story(*SENT, *(told(one, when) for one, when in zip(before, WHEN, strict=False)), told(state, "03-18 10:00"))
    reason = Reason.ALREADY_DELIVERED if state is DELIVERED else Reason.CONSIGNMENT_NOT_IN_TRANSIT

    story.when(report(state, "03-18 10:00")).refused(reason)
    later = story.given(told(LOST if state is not LOST else RETURNED, "03-18 11:00"))
    later.when(report(state, "03-18 10:00")).refused(reason)


@pytest.mark.parametrize("failed", FAILED)
def test_what_was_sent_again_after_a_false_failure_may_arrive_twice(failed: Transit) -> None:
    story = Story(*SENT, told(failed, "03-09 10:00"))
    story = story.when(ask(ResendCourier, "03-10 10:00", consignment="EMS2", courier="SF", replaces="EMS1")).done()
    found = story.when(report(DELIVERED, "03-11 10:00")).done()
    found.when(ask(ResendCourier, "03-12 10:00", consignment="EMS3", courier="SF", replaces="EMS2")).refused(
        Reason.ALREADY_DELIVERED
    )

    both = found.when(report(DELIVERED, "03-12 10:00", "EMS2")).done()

    assert [one.state for one in both.file.consignments] == [DELIVERED, DELIVERED]
    assert [one.consignment for one in both.file.deliveries] == ["EMS1", "EMS2"]
    assert handed_over(both.file) == moment("03-11 10:00")
    again = both.when(report(failed, "03-13 10:00")).done()
    assert [one.consignment for one in again.file.deliveries] == ["EMS2"], "the other is in hand"


def test_a_delivery_taken_back_lets_the_ten_days_run_on_and_a_later_one_ends_them() -> None:
    wrong_door = Story(*SENT, told(DELIVERED, "03-09 10:00"))
    taken_back = wrong_door.when(report(RETURNED, "03-12 10:00")).done()
    late = taken_back.when(ask(ResendCourier, "03-13 10:00", consignment="EMS2", courier="SF", replaces="EMS1")).done()
    late = late.when(report(DELIVERED, "03-20 10:00", "EMS2")).done()

    def verdict(story: Story) -> Verdict:
        clock = clock_named(story.file, "delivery")
        assert clock is not None
        reading = clock.read(CALENDAR, moment("03-23 09:00"))
        assert reading.due_on == day("03-19")
        return reading.verdict

    assert [verdict(one) for one in (wrong_door, taken_back, late)] == [Verdict.ON_TIME, Verdict.OVERDUE, Verdict.OVERDUE]
    told_late = late.when(report(DELIVERED, "03-18 10:00", "EMS2")).done()
    assert verdict(told_late) is Verdict.ON_TIME


def papers(*reports: CaseEvent) -> Story:
    sent = fact(PapersSent, "03-02 08:00", consignment="IN1", courier="EMS", materials=("lease",))
    return Story(submitted(), sent, *reports)


def here(when: str) -> CaseEvent:
    return fact(MaterialsCouriered, when, consignment="IN1", materials=("lease",))


@pytest.mark.parametrize(
    ("reports", "state", "holder"),
    [
        ((told(LOST, "03-03 08:00", "IN1"), here("03-04 08:00")), DELIVERED, HolderKind.HALL),
        ((told(RETURNED, "03-03 08:00", "IN1"), here("03-04 08:00")), DELIVERED, HolderKind.HALL),
        ((told(REFUSED, "03-03 08:00", "IN1"), told(RETURNED, "03-04 08:00", "IN1")), RETURNED, HolderKind.APPLICANT),
        ((told(RETURNED, "03-03 08:00", "IN1"), told(LOST, "03-04 08:00", "IN1")), LOST, HolderKind.COURIER),
        ((here("03-04 08:00"), told(RETURNED, "03-03 08:00", "IN1")), DELIVERED, HolderKind.HALL),
        ((here("03-04 08:00"), told(LOST, "03-03 08:00", "IN1")), DELIVERED, HolderKind.HALL),
        ((told(RETURNED, "03-05 08:00", "IN1"), here("03-04 08:00")), RETURNED, HolderKind.APPLICANT),
        ((here("03-04 08:00"), told(RETURNED, "03-05 08:00", "IN1")), RETURNED, HolderKind.APPLICANT),
        ((here("03-04 08:00"), told(LOST, "03-05 08:00", "IN1")), LOST, HolderKind.COURIER),
    ],
)
def test_papers_on_their_way_in_are_with_whom_the_last_report_leaves_them(
    reports: tuple[CaseEvent, ...], state: Transit, holder: HolderKind
) -> None:
    file = papers(*reports).file
    held = file.service.held("lease")

    assert file.inbound[0].state is state
    assert held is not None
    assert held.kind is holder


@pytest.mark.parametrize("failed", FAILED)
def test_papers_given_up_and_found_are_taken_in_and_no_trip_is_made(failed: Transit) -> None:
    arrival = ask(ReceiveCourieredMaterials, "03-04 08:00", consignment="IN1")
    story = papers().when(report(failed, "03-03 08:00", "IN1")).done().when(arrival).done()

    assert (story.file.service.papers, story.file.trips) == (("lease",), ())
    story.when(arrival).refused(Reason.CONSIGNMENT_EXISTS)
    story.when(ask(ReceiveCourieredMaterials, "03-05 08:00", consignment="IN1")).refused(Reason.CONSIGNMENT_EXISTS)


@pytest.mark.parametrize("states", ORDERS, ids=lambda states: "-".join(state.value for state in states))
def test_in_whatever_order_reports_are_told_papers_are_with_the_same_since_the_same(states: tuple[Transit, ...]) -> None:
    reports = [
        here(when) if state is DELIVERED else told(state, when, "IN1") for state, when in zip(states, WHEN, strict=True)
    ]
    expected = papers(*reports).file.service.custody

    for order in permutations(reports):
        assert papers(*order).file.service.custody == expected


RECEIVED_BY_HAND: Final = fact(
    PapersHandedOver, "03-04 09:00", **handing((HolderKind.APPLICANT, "Li"), (HolderKind.HALL, HALL))
)


def test_what_somebody_else_has_had_in_his_hands_since_no_report_takes_from_him() -> None:
    back, lost = told(RETURNED, "03-03 08:00", "IN1"), told(LOST, "03-05 08:00", "IN1")

    for order in ((back, RECEIVED_BY_HAND, lost), (RECEIVED_BY_HAND, back, lost), (RECEIVED_BY_HAND, lost, back)):
        held = papers(*order).file.service.held("lease")
        assert held is not None
        assert (held.kind, held.since) == (HolderKind.HALL, moment("03-04 09:00"))


def test_a_report_of_one_consignment_takes_no_link_of_another() -> None:
    again = fact(PapersSent, "03-03 09:00", consignment="IN2", courier="EMS", materials=("lease",))
    back, lost = told(RETURNED, "03-03 09:00", "IN1"), told(LOST, "03-02 12:00", "IN1")

    held = papers(back, again, lost).file.service.held("lease")

    assert held is not None
    assert (held.kind, held.since, held.consignment) == (HolderKind.COURIER, moment("03-03 09:00"), "IN2")


def test_papers_that_came_back_are_back_once_however_much_is_told_after() -> None:
    story = papers(
        told(RETURNED, "03-03 09:00", "IN1"), told(LOST, "03-05 09:00", "IN1"), told(REFUSED, "03-06 09:00", "IN1")
    )

    kinds = [link.kind for link in story.file.service.custody]

    assert kinds == [HolderKind.COURIER, HolderKind.APPLICANT, HolderKind.COURIER]
