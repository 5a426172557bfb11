"""Feeding the clock (时间推移): what time has brought is recorded once, and only what changed is looked at."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent
from support.story import ARCHIVE, CASE, CATALOGUE, FOOD, HALL, accepted, ask, fact, moment, procedure, received

from adapters.calendar_toml import NATIONAL
from adapters.district_engine import DistrictEngine, open_engine
from adapters.mapper import WIRE
from adapters.testing.opened import open_desk
from casecore import (
    ApprovalGranted,
    BadInput,
    CaseClosed,
    CaseCommand,
    CaseEvent,
    CaseRouted,
    CorrectionRequested,
    CorrectionSubmitted,
    DistrictRule,
    Envelope,
    ExtensionApproved,
    Flaw,
    Limit,
    Outcome,
    PlanStep,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    ResumeCase,
    Resumed,
    Source,
    SpecialGround,
    StepCompleted,
    SuspendCase,
    SuspensionKind,
    Unavailable,
)
from casecore.case.acts.passing_time import PassTime
from casecore.case.clocks import clocks_of
from casecore.histories import History
from casecore.ticking import TOGETHER, Ticker

PLAN = (
    PlanStep(step="look", department="Fire", limit=Limit.hours(4)),
    PlanStep(step="weigh", department="Health", limit=Limit.working_days(3)),
    PlanStep(step="review", department="Township", preliminary=True),
)


@pytest.fixture
def hall() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="510107", catalogue=CATALOGUE) as engine:
        yield engine


def taken(when: str = "03-02 10:00", **promise: object) -> tuple[CaseEvent, CaseEvent]:
    """Received and accepted, under the national calendar: ten working days from Monday 03-02 end on 03-16."""
    return received("03-02 09:00"), accepted(when, calendar=NATIONAL, **{"plan": (), **promise})


def happened(hall: DistrictEngine, case: str, *events: CaseEvent) -> None:
    source = Source("told", "story", 1)
    number = hall.log.head().position
    continues = bool(hall.history(case))
    (receipt,) = hall.record([History(case, f"{case}-{number}", events, source, continues=continues)])
    assert isinstance(receipt, Receipt)


def names(hall: DistrictEngine, case: str) -> list[str]:
    return [card.fact.card for card in hall.file(case).cards]


# once


def test_what_time_has_brought_is_recorded_under_the_clocks_name(hall: DistrictEngine) -> None:
    happened(hall, "late", *taken())

    ticked = hall.tick(moment("03-17 00:00"))

    (receipt,) = ticked.receipts
    assert (receipt.stream, ticked.looked_at, ticked.unreadable) == ("late", 1, ())
    assert names(hall, "late") == ["promise_overdue:promised:2026-03-16"]
    assert [(event.at, event.by) for event in receipt.events] == [(moment("03-17 00:00"), "时钟")]


def test_silence_accepts_and_what_follows_from_it_comes_at_once(hall: DistrictEngine) -> None:
    happened(hall, "silent", received("03-07 10:00", ARCHIVE))

    (receipt,) = hall.tick(moment("04-30 00:00")).receipts

    assert [type(event).__name__ for event in receipt.events] == [
        *("AcceptanceDeemed", "ReviewCompleted", "CardIssued", "CardIssued"),
    ]
    assert names(hall, "silent") == ["promise_overdue:promised:2026-03-20", "statutory_overdue:statutory:2026-04-03"]


def test_the_second_tick_at_the_same_instant_issues_nothing(hall: DistrictEngine) -> None:
    happened(hall, "late", *taken())
    happened(hall, "silent", received("03-07 10:00"))
    first = hall.tick(moment("04-20 00:00"))
    head = hall.log.head()

    second = hall.tick(moment("04-20 00:00"))

    assert len(first.receipts) == 2
    assert second.receipts == ()
    assert hall.log.head() == head


def test_a_clock_that_was_restarted_issues_nothing_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    with open_desk(url, district="510107", catalogue=CATALOGUE) as hall:
        happened(hall, "late", *taken())
        assert len(hall.tick(moment("04-20 00:00")).receipts) == 1
    with open_desk(url, district="510107", catalogue=CATALOGUE) as hall:
        again = hall.tick(moment("04-20 00:00"))
        assert (again.looked_at, again.receipts) == (1, ())


def test_two_processes_that_tick_one_store_record_each_thing_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    with (
        open_desk(url, district="510107", catalogue=CATALOGUE) as ours,
        open_desk(url, district="510107", catalogue=CATALOGUE) as theirs,
    ):
        happened(ours, "late", *taken())
        for day in range(10, 31):
            for hall in (ours, theirs):
                hall.tick(moment(f"03-{day} 00:00"))
        assert names(ours, "late") == ["due_soon:promised:2026-03-16", "promise_overdue:promised:2026-03-16"]


# only what changed


def test_a_tick_looks_at_what_is_new_and_at_nothing_that_cannot_have_changed(hall: DistrictEngine) -> None:
    for number in range(5):
        happened(hall, f"C{number}", *taken())
    assert hall.tick(moment("03-03 00:00")).looked_at == 5
    assert hall.tick(moment("03-03 00:01")).looked_at == 0

    happened(hall, "C3", fact(StepCompleted, "03-03 00:02", name="审核"))
    assert hall.tick(moment("03-03 00:03")).looked_at == 1

    # Eight counted days are eight days on the wall at least: nobody looks before 03-10, and the warning comes on 03-12.
    assert hall.tick(moment("03-09 23:59")).looked_at == 0
    assert [hall.tick(moment(f"03-{day} 00:00")).looked_at for day in (11, 12)] == [5, 5]
    assert names(hall, "C0") == ["due_soon:promised:2026-03-16"]


def test_what_has_ended_in_every_respect_is_never_looked_at_again(hall: DistrictEngine) -> None:
    happened(hall, "done", *taken(), fact(CaseClosed, "03-05 09:00", outcome=Outcome.OTHER))
    assert hall.tick(moment("03-06 00:00")).looked_at == 1
    assert [hall.tick(moment(f"{month}-01 00:00")).looked_at for month in ("04", "06", "09")] == [0, 0, 0]


LIVES: dict[str, tuple[CaseEvent, ...]] = {
    "ten days": taken(),
    "natural days": taken(promised=Limit.natural_days(20)),
    "a month": taken(promised=Limit.months(1), statutory=Limit.months(2)),
    "two hours": taken("03-02 16:00", promised=Limit.hours(2), statutory=None),
    "half days": taken("03-02 10:30", promised=Limit.half_days(5)),
    "an agreed date": taken(promised=Limit.fixed(moment("03-20 00:00").date())),
    "steps": (
        *taken(plan=PLAN),
        *(fact(CaseRouted, "03-03 09:30", step=step.step, department=step.department) for step in PLAN),
        fact(ApprovalGranted, "03-05 15:00", step="weigh", department="Health"),
    ),
    "a procedure": (*taken(), procedure("03-05 09:30"), fact(Resumed, "03-13 09:30", suspension="S1")),
    "an open one": (*taken(), procedure("03-05 09:30", declared=4)),
    "one begun late": (*taken(), procedure("03-18 09:30")),
    "hours that stood still": (*taken(promised=Limit.hours(9)), procedure("03-03 09:30", declared=2)),
    "extended": (*taken(), fact(ExtensionApproved, "03-12 09:30", days=5, approver="Qian", reason="complex")),
    "silent": (received("03-07 10:00"),),
    "corrected": (
        received("03-02 10:00"),
        fact(CorrectionRequested, "03-06 17:30", materials=("lease",)),
        fact(CorrectionSubmitted, "03-11 09:30"),
    ),
    "renewed": (received("03-02 09:00", licence_expires_on=moment("04-03 00:00").date()), taken()[1]),
}


def hours(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += timedelta(hours=2)


def test_who_looks_at_little_misses_nothing_that_looking_at_everything_finds(tmp_path: Path) -> None:
    """Facts come in as they happen. One clock is new every two hours and reads all. Of the others one remembers where to
    look, one is new as often and reads that from beside the log, and one does both in turns.
    """
    ends = []
    for way in ("all", "remembered", "kept", "in turns"):
        url = f"sqlite:///{tmp_path}/{way.replace(' ', '-')}.db" if way in ("kept", "in turns") else "memory:"
        with open_engine(url, district="510107", catalogue=CATALOGUE) as hall:
            waiting = {case: list(events) for case, events in LIVES.items()}
            looked, among = 0, (hall.log, hall.office_on, hall.handle_many, hall.check_clock)
            clock = Ticker(*among, hall._at_hand.rest_on)
            for number, now in enumerate(hours(moment("03-02 17:00"), moment("04-12 00:00"))):
                for case, events in waiting.items():
                    while events and events[0].at <= now:
                        happened(hall, case, events.pop(0))
                if way == "all":
                    clock = Ticker(*among)
                begins = way == "kept" or (way == "in turns" and number % 3 > 0)
                ticked = (Ticker(*among, hall._at_hand.rest_on) if begins else clock).tick(now)
                assert ticked.unreadable == ()
                looked += ticked.looked_at
            ends.append({case: [recorded.event for recorded in hall.history(case)] for case in LIVES})
            assert len(LIVES) < looked < 1500 or way == "all", (way, looked)
    assert all(end == ends[0] for end in ends)
    assert sum(len(facts) for facts in ends[0].values()) > sum(map(len, LIVES.values())) + len(LIVES)


# what goes wrong


def test_a_history_that_cannot_be_read_is_named_and_the_others_are_served(hall: DistrictEngine) -> None:
    for case in ("a", "b", "c"):
        happened(hall, case, *taken())
    odd = WIRE.encode(Envelope("b", 3, fact(StepCompleted, "03-03 09:00", name="x")))[1]
    hall.log.ledger.insert_events([StoredEvent("b", 3, "case.weighed.v1", odd)])

    ticked = hall.tick(moment("03-17 00:00"))

    assert [receipt.stream for receipt in ticked.receipts] == ["a", "c"]
    (named,) = ticked.unreadable
    assert named.case == "b"
    assert "unknown event name case.weighed.v1" in named.why
    assert "\n" not in named.why
    assert ticked.looked_at == 3


def test_a_store_that_cannot_be_reached_costs_a_tick_and_no_card(hall: DistrictEngine) -> None:
    cases = [f"{n:03}" for n in range(2 * TOGETHER + 1)]
    for case in cases:
        happened(hall, case, *taken())
    commits: list[int] = []

    def handle_many(commands: Sequence[CaseCommand]) -> tuple[Receipt, ...] | Refused:
        commits.append(len(commands))
        if len(commits) == 2:
            raise Unavailable("the cable was cut")
        return hall.handle_many(commands)

    clock = Ticker(hall.log, hall.office_on, handle_many, hall.check_clock)
    assert clock.tick(moment("03-03 00:00")).receipts == ()
    with pytest.raises(Unavailable):
        clock.tick(moment("03-17 00:00"))
    assert [case for case in cases if names(hall, case)] == cases[:TOGETHER]

    clock.tick(moment("03-17 00:00"))

    card = ["promise_overdue:promised:2026-03-16"]
    assert all(names(hall, case) == card for case in cases)


@pytest.mark.parametrize("ahead", [timedelta(minutes=11), timedelta(days=400)])
@pytest.mark.parametrize("cases", [0, 1], ids=["of nothing", "of a case"])
def test_nobody_ticks_ahead_of_time(hall: DistrictEngine, ahead: timedelta, cases: int) -> None:
    for _ in range(cases):
        happened(hall, "late", *taken())
    head = hall.log.head()

    with pytest.raises(BadInput) as refused:
        hall.tick(hall.now() + ahead)

    assert refused.value.code is Flaw.INSTANT_OUT_OF_RANGE
    assert hall.log.head() == head


def test_a_tick_is_asked_for_at_an_aware_instant(hall: DistrictEngine) -> None:
    with pytest.raises(BadInput, match="now"):
        hall.tick(datetime(2026, 3, 17))  # noqa: DTZ001 - the point


def test_a_tick_may_be_asked_for_in_another_zone_and_is_counted_in_the_districts(hall: DistrictEngine) -> None:
    happened(hall, "late", *taken())

    assert hall.tick(datetime(2026, 3, 16, 15, 59, tzinfo=UTC)).receipts[0].events[0].at == moment("03-16 23:59")
    assert names(hall, "late") == ["due_soon:promised:2026-03-16"]
    hall.tick(datetime(2026, 3, 16, 16, 0, tzinfo=UTC))
    assert names(hall, "late")[1:] == ["promise_overdue:promised:2026-03-16"]


def test_without_an_instant_it_is_now(hall: DistrictEngine) -> None:
    happened(hall, "late", *taken())

    before = hall.now()
    (receipt,) = hall.tick().receipts

    assert before <= receipt.events[0].at <= hall.now()


# beside the tick


def test_one_case_may_be_asked_about_by_a_command(hall: DistrictEngine) -> None:
    happened(hall, "late", *taken())
    asked = PassTime(case="late", by="inspector", at=moment("03-17 00:00"))

    first, second = hall.handle(asked), hall.handle(asked)

    assert isinstance(first, Receipt)
    assert isinstance(second, Refused)
    assert second.reason is Reason.NOTHING_DUE


def test_the_districts_rule_comes_with_the_engine() -> None:
    rule = DistrictRule(name="no cards", cards=(), deemed_acceptance=False)
    with open_desk("memory:", district="510107", catalogue=CATALOGUE, rule=rule) as hall:
        happened(hall, "late", *taken())
        happened(hall, "silent", received("03-07 10:00"))
        assert hall.tick(moment("06-01 00:00")).receipts == ()


def test_a_case_lived_through_commands_is_ticked_like_any_other(hall: DistrictEngine) -> None:
    hall.handle(ask(ReceiveCase, "03-07 10:00", item=FOOD, hall=HALL))
    hall.tick(moment("03-14 00:00"))
    suspended = ask(
        SuspendCase,
        "03-16 09:00",
        reason="the water is tested",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=SpecialGround.TESTING,
        declared_days=2,
        notice="T-1",
    )
    assert isinstance(hall.handle(suspended), Receipt)
    assert isinstance(hall.handle(ask(ResumeCase, "03-18 09:00")), Receipt)

    promised = next(clock for clock in clocks_of(hall.file(CASE)) if clock.name == "promised")
    assert promised.read(hall.office.calendar, moment("03-19 09:00")).due_on == moment("03-24 00:00").date()
