"""``card_facts`` and what ``suspension_facts`` says of the clocks, hand-computed for March 2026."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.followed import SUPERVISED
from support.registers import ACCEPTED, deposited, opened
from support.story import accepted as story_accepted
from support.story import fact, moment, received
from support.story import procedure as special

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_books import shipped_books
from casecore import (
    BoxCardIssued,
    BoxCardRevoked,
    CardGround,
    CardIssue,
    CardIssued,
    CardLevel,
    CardRevocation,
    CardRevoked,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    Fact,
    Limit,
    Outcome,
    PackageAccepted,
    PackageCardIssued,
    PackageCardRevoked,
    Resumed,
    Suspended,
    SuspensionKind,
    fold,
    fold_stream,
)
from projections.card_facts import CARD_FACTS, CardFact
from projections.clock_facts import CLOCK_FACTS
from projections.projection import Projection, Subject, subject_of
from projections.suspension_facts import SUSPENSION_FACTS

LOG, CASE = "510114", "XD-1"


def rows(projection: Projection, *events: CaseEvent) -> list[Any]:
    return list(projection.rows(Subject(LOG, CASE, fold(events), shipped_calendars(), NATIONAL)))


def values(found: list[Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(one, name) for name in names) for one in found]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def accepted(**rest: Any) -> CaseAccepted:
    return story_accepted("03-02 10:00", **{"calendar": NATIONAL, "plan": (), **rest})


def ordinary(when: str, number: str = "S1", *, moves_promise: bool) -> Suspended:
    kind = SuspensionKind.ORDINARY
    return fact(Suspended, when, suspension=number, kind=kind, reason="a paper is sought", moves_promise=moves_promise)


def resumed(when: str, number: str = "S1") -> Resumed:
    return fact(Resumed, when, suspension=number)


def closed(when: str) -> CaseClosed:
    return fact(CaseClosed, when, outcome=Outcome.OTHER, reason="so it ended")


TAKEN = (received(), accepted())  # the promise is due on 16 March, the law on the 30th


# --- Cards ---


def test_a_card_of_a_rule_that_was_revoked_is_one_row() -> None:
    assert rows(CARD_FACTS, *SUPERVISED) == [
        CardFact(
            log=LOG,
            stream_id=CASE,
            stream_kind="case",
            stream_version=9,
            card="step_overdue:step:fire:2026-03-06",
            level="yellow",
            ground="step_overdue",
            clock="step:fire",
            department="Fire",
            due_on=day("03-06"),
            issued_on=day("03-10"),
            judged_on=day("03-09"),
            overdue=1,
            unit=None,
            provisional=0,
            automatic=1,
            rule="default",
            revoked_on=day("03-11"),
            revoked=1,
        )
    ]


def test_a_card_issued_by_hand_has_no_rule_and_stands_until_it_is_revoked() -> None:
    by_hand = fact(
        CardIssued,
        "03-10 08:00",
        card="manual:1",
        level=CardLevel.RED,
        ground=CardGround.ILLEGAL_FEE,
        judged_at=moment("03-10 08:00"),
        reason="a fee nobody may ask",
    )

    found = rows(CARD_FACTS, *TAKEN, by_hand)

    wanted = ("card", "automatic", "rule", "clock", "due_on", "overdue", "revoked", "revoked_on")
    assert values(found, *wanted) == [("manual:1", 0, None, None, None, 0, 0, None)]


# --- Suspensions: what they took ---


def test_each_suspension_says_what_it_alone_took_and_they_add_up_to_what_the_clock_left_out() -> None:
    story = (
        *TAKEN,
        special("03-04 09:00", 4, "S1"),  # 5, 6, 9, 10 March
        ordinary("03-06 09:00", "S2", moves_promise=True),  # 9 and 10 are taken already: 11 and 12
        resumed("03-12 09:00", "S1"),
        resumed("03-12 10:00", "S2"),
        ordinary("03-13 09:00", "S3", moves_promise=False),
        resumed("03-18 09:00", "S3"),
        closed("03-20 09:00"),
    )

    found = rows(SUSPENSION_FACTS, *story)

    wanted = ("suspension", "promise_excluded_days", "statutory_excluded_days", "surplus_days", "noticed")
    assert values(found, *wanted) == [
        ("S1", 4, 4, 2, 1),  # it lasted six days
        ("S2", 2, 0, None, 0),
        ("S3", 0, 0, None, 0),
    ]
    excluded = {c.clock: c.excluded_days for c in rows(CLOCK_FACTS, *story)}
    assert (excluded["promised"], excluded["statutory"]) == (6, 4)


def test_an_open_declaration_counts_in_full_and_an_open_uncapped_suspension_is_not_known_yet() -> None:
    capped = rows(SUSPENSION_FACTS, *TAKEN, special("03-05 09:00", 3))
    endless = rows(SUSPENSION_FACTS, *TAKEN, ordinary("03-05 09:00", moves_promise=True))

    wanted = ("promise_excluded_days", "statutory_excluded_days", "surplus_days", "working_days")
    assert values(capped, *wanted) == [(3, 3, None, None)]
    assert values(endless, *wanted) == [(None, 0, None, None)]


def test_a_suspension_nobody_ended_ends_with_the_case() -> None:
    found = rows(SUSPENSION_FACTS, *TAKEN, special("03-05 09:00", 3), closed("03-13 09:00"))

    assert values(found, "promise_excluded_days", "surplus_days", "ended_on") == [(3, 3, None)]  # six days to the 13th


def test_what_starts_after_the_due_date_takes_nothing() -> None:
    found = rows(SUSPENSION_FACTS, *TAKEN, special("03-17 09:00", 3), resumed("03-19 09:00"), closed("03-20 09:00"))

    wanted = ("promise_excluded_days", "statutory_excluded_days", "started_near_due")
    assert values(found, *wanted) == [(0, 2, 0)]


def test_a_promise_of_hours_counts_no_days() -> None:
    promise = accepted(promised=Limit.hours(20), statutory=None)

    found = rows(SUSPENSION_FACTS, received(), promise, special("03-03 09:00", 1), resumed("03-04 09:00"))

    assert values(found, "promise_excluded_days", "statutory_excluded_days", "surplus_days") == [(None, None, 0)]


@pytest.mark.parametrize(
    ("when", "near"),
    [
        ("03-11 09:00", 0),  # three working days before the 16th
        ("03-12 09:00", 1),
        ("03-14 09:00", 1),  # a Saturday
        ("03-16 17:00", 1),
        ("03-17 09:00", 0),  # too late to move anything
    ],
)
def test_a_suspension_within_two_working_days_of_the_due_date_is_marked(when: str, near: int) -> None:
    found = rows(SUSPENSION_FACTS, *TAKEN, ordinary(when, moves_promise=False))

    assert values(found, "started_near_due") == [(near,)]


def test_near_is_judged_by_the_due_date_as_it_stood_then() -> None:
    story = (*TAKEN, special("03-05 09:00", 5), resumed("03-12 09:00"))  # due on the 23rd since
    later = (special("03-24 09:00", 5, "S3"), resumed("03-25 09:00", "S3"))

    found = rows(SUSPENSION_FACTS, *story, ordinary("03-13 09:00", "S2", moves_promise=False), *later)

    assert values(found, "suspension", "started_near_due") == [("S1", 0), ("S2", 0), ("S3", 0)]
    near = rows(SUSPENSION_FACTS, *story, ordinary("03-19 09:00", "S2", moves_promise=False))
    assert values(near, "suspension", "started_near_due") == [("S1", 0), ("S2", 1)]


def test_before_anything_is_promised_nothing_is_near_and_nothing_taken() -> None:
    found = rows(SUSPENSION_FACTS, received(), special("03-02 09:30", 3), resumed("03-04 09:00"))

    wanted = ("promise_excluded_days", "statutory_excluded_days", "surplus_days", "noticed", "started_near_due")
    assert values(found, *wanted) == [(None, None, None, 1, None)]


@pytest.mark.parametrize("year", [2003, 2099])
def test_dates_outside_the_calendar_leave_open_what_was_taken(year: int) -> None:
    promise = accepted(effective_on=date(year, 3, 2))

    found = rows(SUSPENSION_FACTS, received(f"{year}-03-02 09:00"), promise, special(f"{year}-03-05 09:00", 3))

    wanted = ("promise_excluded_days", "statutory_excluded_days", "surplus_days", "started_near_due")
    assert values(found, *wanted) == [(None, None, None, None)]


# --- Of every kind of stream ---


BEGUN: dict[str, Fact] = {"case": received("03-02 09:00"), "package": opened(), "drop_box": deposited()}
ISSUES: dict[str, type[CardIssue]] = {
    "case": CardIssued,
    "package": PackageCardIssued,
    "drop_box": BoxCardIssued,
}
REVOCATIONS: dict[str, type[CardRevocation]] = {
    "case": CardRevoked,
    "package": PackageCardRevoked,
    "drop_box": BoxCardRevoked,
}


@pytest.mark.parametrize("kind", BEGUN)
def test_a_card_of_whatever_kind_of_stream_is_a_row_that_says_whose_it_is(kind: str) -> None:
    judged = moment("03-05 08:00")
    level, ground = CardLevel.YELLOW, CardGround.OTHER
    card = fact(ISSUES[kind], "03-05 09:00", card="manual:1", level=level, ground=ground, judged_at=judged)
    revoked = fact(REVOCATIONS[kind], "03-06 09:00", card="manual:1", reason="a mistake")
    file = fold_stream((BEGUN[kind], card, revoked))
    assert file is not None

    subject = subject_of(shipped_books(), LOG, "S-1", file)
    (row,) = CARD_FACTS.rows(subject)
    assert CARD_FACTS.about(subject.kind)
    assert (row.log, row.stream_id, row.stream_version, row.stream_kind) == (LOG, "S-1", 3, kind)
    assert (row.card, row.level, row.ground, row.issued_on, row.revoked_on) == (
        "manual:1",
        "yellow",
        "other",
        day("03-05"),
        day("03-06"),
    )


def test_the_joint_clocks_of_a_package_are_rows_beside_those_of_cases_and_a_box_has_none() -> None:
    accepted_ = [replace(one, calendar=NATIONAL) if isinstance(one, PackageAccepted) else one for one in ACCEPTED]
    package, box = fold_stream(accepted_), fold_stream((deposited(),))
    assert package is not None
    assert box is not None

    found = list(CLOCK_FACTS.rows(subject_of(shipped_books(), LOG, "P-1", package)))
    assert values(found, "stream_id", "stream_kind", "kind", "item", "due_on", "ended_on") == [
        ("P-1", "package", "promised", None, day("03-17"), None),
        ("P-1", "package", "statutory", None, day("05-09"), None),
    ]
    assert list(CLOCK_FACTS.rows(subject_of(shipped_books(), LOG, "B-1", box))) == []
