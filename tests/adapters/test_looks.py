"""``engine.tick``: looks at odd moments bring what looks at any other would, and many cases share a commit."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from support.story import CALENDAR, CATALOGUE, CLERK, FOOD, HALL, OFFICER, day, moment

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApplicantKind,
    CardIssued,
    CaseCommand,
    Channel,
    Receipt,
    ReceiveCase,
    ResumeCase,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    WithdrawCase,
    WorkCalendar,
)
from casecore.ticking import Ticked


def opened(calendar: WorkCalendar = CALENDAR) -> DistrictEngine:
    return open_desk(
        "memory:",
        district="510114",
        catalogue=CATALOGUE,
        calendar=calendar.version,
        calendars={calendar.version: calendar},
    )


@pytest.fixture
def engine() -> Iterator[DistrictEngine]:
    with opened() as engine:
        yield engine


def received(at: str, case: str = "C-1", item: str = FOOD) -> ReceiveCase:
    who: dict[str, Any] = {"applicant": "li", "applicant_kind": ApplicantKind.PERSON, "channel": Channel.WINDOW}
    return ReceiveCase(case=case, by=CLERK, at=moment(at), item=item, hall=HALL, **who)


def accepted(at: str, case: str = "C-1") -> AcceptCase:
    return AcceptCase(case=case, by=CLERK, at=moment(at))


def examined(at: str, days: int) -> SuspendCase:
    return SuspendCase(
        case="C-1",
        by=OFFICER,
        at=moment(at),
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=SpecialGround.EXAMINATION,
        declared_days=days,
        notice="N1",
        reason="examined",
    )


def given(engine: DistrictEngine, *commands: CaseCommand) -> None:
    for command in commands:
        assert isinstance(engine.handle(command), Receipt)


def cards(ticked: Ticked) -> list[str]:
    return [event.card for receipt in ticked.receipts for event in receipt.events if isinstance(event, CardIssued)]


def test_a_clock_that_stands_still_on_its_last_day_does_not_run_out_over_the_weekend(engine: DistrictEngine) -> None:
    """Due Monday 03-16, examined from that day on for eight days: the last day left is Thursday 03-26."""
    given(engine, received("03-02 09:00"), accepted("03-02 10:00"), examined("03-16 09:00", 8))
    assert cards(engine.tick(moment("03-21 12:00"))) == []  # a Saturday
    assert cards(engine.tick(moment("03-26 12:00"))) == []
    assert cards(engine.tick(moment("03-27 12:00"))) == ["promise_overdue:promised:2026-03-26", "procedure_overrun:S1"]


def test_what_a_fact_ahead_of_our_clock_begins_is_looked_at_when_it_has_come(engine: DistrictEngine) -> None:
    """Another machine's clock is some minutes ahead: its case is not forgotten because nothing ran when we looked."""
    given(engine, received("03-02 09:00"), accepted("03-02 09:03"))
    engine.tick(moment("03-02 08:59"))
    assert cards(engine.tick(moment("03-17 12:00"))) == ["promise_overdue:promised:2026-03-16"]


def test_looks_in_any_order_bring_the_same_yellow_and_red_cards() -> None:
    def issued(*looks: str) -> set[str]:
        with opened() as engine:
            given(engine, received("03-02 09:00"), accepted("03-02 10:00"), examined("03-04 09:00", 2))
            given(engine, ResumeCase(case="C-1", by=OFFICER, at=moment("03-11 09:00")))
            given(engine, WithdrawCase(case="C-1", by=CLERK, at=moment("03-20 09:00"), reason="no longer wanted"))
            found = [card for look in looks for card in cards(engine.tick(moment(look)))]
        assert len(found) == len(set(found))
        return {card for card in found if not card.startswith("due_soon")}

    expected = {"promise_overdue:promised:2026-03-18", "procedure_overrun:S1"}
    for looks in (
        ["03-31 12:00"],
        ["03-07 12:00", "03-12 12:00", "03-19 12:00", "03-31 12:00"],
        ["03-31 12:00", "03-12 12:00"],
    ):
        assert issued(*looks) == expected


def test_many_cases_share_a_commit_and_each_keeps_its_receipt(engine: DistrictEngine) -> None:
    names = [f"C-{n}" for n in range(250)]
    given(engine, *(received("03-02 09:00", case) for case in names))
    ticked = engine.tick(moment("03-10 12:00"))
    assert sorted(receipt.stream for receipt in ticked.receipts) == sorted(names)
    assert len({receipt.command_id for receipt in ticked.receipts}) == len(names)
    assert len({receipt.hash for receipt in ticked.receipts}) < len(names) / 10, "a hash a commit"


def test_a_case_no_calendar_can_count_is_listed_and_the_others_are_served() -> None:
    short = WorkCalendar(
        version="short.1",
        title="Known since a day",
        zone="Asia/Shanghai",
        covers=(day("03-05"), day("12-31")),
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset(),
        work=frozenset(),
        hours=((time(9), time(12)), (time(13), time(17))),
    )
    with opened(short) as engine:
        given(engine, received("03-05 09:00", "C-1"), received("03-02 09:00", "C-2"))
        ticked = engine.tick(moment("03-13 12:00"))
    assert [receipt.stream for receipt in ticked.receipts] == ["C-1"]
    (listed,) = ticked.unreadable
    assert listed.case == "C-2"
    assert listed.why.startswith("outside_calendar: ")
