"""What is refused live is recorded from an import: with its finding, with clocks that can be read or honestly cannot."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.followed import World, nationally, resumed, special
from support.story import CASE, HEAD, accepted, fact, moment
from support.story import received as story_received

from adapters.following import follow
from casecore import (
    Authority,
    BadInput,
    CaseEvent,
    CaseReceived,
    Channel,
    ExtensionApproved,
    FindingCode,
    History,
    Receipt,
    Source,
    Verdict,
    findings_of,
)
from casecore.case.clocks import clock_named, clocks_of
from casecore.watching import watch

C = FindingCode
AT = moment("03-20 09:00")


def received() -> CaseReceived:
    """By courier: nobody had to come."""
    return story_received(channel=Channel.COURIER)


TAKEN = nationally(received(), accepted())
SECOND = replace(special("03-09 09:00"), suspension="S2")
LONG_AGO = "1999-03-02"


def extended(when: str = "03-10 09:00", days: int = 10, authority: Authority = Authority.ORGAN_HEAD) -> ExtensionApproved:
    told: dict[str, Any] = {"approver": "Qian", "reason": "complex", "notice": "N1"}
    return fact(ExtensionApproved, when, by=HEAD, days=days, authority=authority, **told)


@pytest.fixture(params=["memory", "sqlite"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path_factory.mktemp('kept')}/cases.db"
    world = World(url)
    yield world
    world.close()


def imported(world: World, *events: CaseEvent) -> list[FindingCode]:
    """Record a history; the codes found in what the store gives back."""
    (receipt,) = world.engine().record([History(CASE, "import:1", events, Source("cases", "cases.csv", 2))])
    assert isinstance(receipt, Receipt)
    assert receipt.events == events
    history = world.engine().history(CASE)
    assert [recorded.event for recorded in history] == list(events)
    return [finding.code for finding in findings_of(history, world.engine().office, AT)]


def row(world: World, *columns: str) -> tuple[Any, ...]:
    """Some columns of the case's row, after following."""
    follow(world.logs, world.tables)
    assert world.tables.query("SELECT COUNT(*) FROM stale_cases") == [(0,)]
    ((*values,),) = world.tables.query(f"SELECT {', '.join(columns)} FROM case_facts")  # noqa: S608 - our own columns
    return tuple(date.fromisoformat(value) if isinstance(value, str) and value[:2] == "20" else value for value in values)


PLAIN, ADDED, MOVED = date(2026, 3, 16), date(2026, 3, 30), date(2026, 3, 23)


@pytest.mark.parametrize(
    ("acts", "found", "due_on"),
    [
        ((extended(), extended("03-11 09:00")), [C.EXTENDED_TWICE], ADDED),
        ((extended(authority=Authority.GOVERNMENT_HEAD),), [C.EXTENSION_WRONG_AUTHORITY], PLAIN),
        ((extended(days=60),), [C.EXTENSION_TOO_LONG], ADDED),
        ((special(), resumed("03-04 09:00")), [C.ENDED_BEFORE_STARTED], PLAIN),
        ((resumed("03-04 09:00"), special()), [C.ENDED_BEFORE_STARTED], PLAIN),
        ((resumed(),), [C.RESUMED_WITHOUT_SUSPENSION], PLAIN),
        ((special(), resumed(), resumed("03-13 09:00")), [C.RESUMED_WITHOUT_SUSPENSION], MOVED),
        (
            (special(), SECOND, resumed("03-12 09:00"), replace(resumed("03-12 10:00"), suspension="S2")),
            [C.OVERLAPPING_DECLARATIONS],
            MOVED,
        ),
    ],
    ids=[
        "extended twice",
        "by the wrong authority",
        "past the maximum",
        "ended before it started",
        "its end recorded first",
        "resumed without suspension",
        "resumed twice",
        "overlapping declarations",
    ],
)
def test_an_unlawful_act_is_recorded_found_and_counted_as_the_law_lets_it(
    kept: World, acts: tuple[CaseEvent, ...], found: list[FindingCode], due_on: date
) -> None:
    assert imported(kept, *TAKEN, *acts) == found

    clock = clock_named(kept.engine().file(CASE), "promised")
    assert clock is not None
    assert clock.read(kept.engine().office.calendar, AT).due_on == due_on
    assert row(kept, "case_id", "promised_due_on") == (CASE, due_on)


def test_a_case_under_an_unknown_calendar_is_recorded_found_and_set_aside_by_the_versions_name(kept: World) -> None:
    assert imported(kept, received(), accepted(calendar="cn-2031.1"), special()) == [C.UNKNOWN_CALENDAR]

    with pytest.raises(BadInput, match=r"cn-2031\.1"):
        list(watch(clocks_of(kept.engine().file(CASE)), AT, kept.engine().office))
    follow(kept.logs, kept.tables)
    live = kept.tables.live()
    assert live is not None
    (aside,) = kept.tables.quarantine(live, kept.engine().district)
    assert aside.case == CASE
    assert "cn-2031.1" in aside.reason


def test_a_case_before_all_calendars_is_recorded_found_and_has_a_row_without_dates(kept: World) -> None:
    old = (
        replace(received(), at=moment(f"{LONG_AGO} 09:00")),
        replace(TAKEN[1], at=moment(f"{LONG_AGO} 10:00"), effective_on=date.fromisoformat(LONG_AGO)),  # type: ignore[call-arg]
    )

    assert imported(kept, *old) == [C.OUTSIDE_CALENDAR, C.ITEM_OUT_OF_FORCE]

    assert list(watch(clocks_of(kept.engine().file(CASE)), AT, kept.engine().office)) == []
    assert row(kept, "case_id", "promised_due_on", "provisional") == (CASE, None, 1)


OUTSIDE = replace(TAKEN[1], effective_on=date.fromisoformat(LONG_AGO))  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("odd", "named"),
    [(accepted(calendar="cn-2031.1"), ["cn-2031.1"]), (OUTSIDE, [])],
    ids=["unknown calendar", "outside coverage"],
)
def test_time_passes_over_such_cases_and_serves_the_others(kept: World, odd: CaseEvent, named: list[str]) -> None:
    imported(kept, received(), odd)
    kept.engine().record([History("C-2", "import:2", TAKEN, Source("cases", "cases.csv", 3))])

    ticked = kept.engine().tick(AT)

    assert {receipt.stream for receipt in ticked.receipts} == {"C-2"}
    assert [one.case == CASE and version in one.why for one, version in zip(ticked.unreadable, named, strict=True)] == [
        True
    ] * len(named)
    read = {w.clock.name: w.reading.verdict for w in watch(clocks_of(kept.engine().file("C-2")), AT, kept.engine().office)}
    assert read["promised"] is Verdict.OVERDUE
