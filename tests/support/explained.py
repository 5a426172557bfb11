"""Cases to be explained: their facts in a few words, counted under the shipped national calendar."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    AcceptanceDeemed,
    CardGround,
    CardIssued,
    CardLevel,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    Catalogue,
    ClockKind,
    CorrectionRequested,
    CorrectionSubmitted,
    Envelope,
    Limit,
    Office,
    Outcome,
    Recorded,
    Resumed,
    Suspended,
)
from casecore.annotations import shapes_of
from projections.explaining.explanation import Clock, Explanation, Told, explain_case
from support.story import accepted, fact, moment, procedure, received

LOG, CASE = "510114", "XD-1"

OFFICE: Final = Office(Catalogue(()), shipped_calendars()[NATIONAL], calendars=shipped_calendars())
"""Books without an item: the shipped calendars, and common practice."""


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def recorded(*events: CaseEvent) -> list[Recorded]:
    """The facts in the order we learned of them, every third position somebody else's."""
    return [
        Recorded(LOG, 3 * n, moment("12-01 09:00"), Envelope(CASE, n, event, f"n{n}")) for n, event in enumerate(events, 1)
    ]


def told_in(office: Office, *events: CaseEvent, as_of: str = "12-01 09:00", other: str | None = None) -> Explanation:
    """What an office tells of these facts; nobody looks for findings."""
    return explain_case(recorded(*events), moment(as_of), office, other=other, examined=False)


def explained(*events: CaseEvent, as_of: str = "12-01 09:00") -> Explanation:
    return told_in(OFFICE, *events, as_of=as_of)


def taken(promised: Limit | None = None, statutory: Limit | None = None) -> tuple[CaseEvent, ...]:
    limits = {"promised": promised or Limit.working_days(10), "statutory": statutory}
    return received(), accepted(calendar=NATIONAL, **limits)


def special(when: str, number: str = "S1", days: int | None = 3) -> Suspended:
    return procedure(when, days, number)


def closed(when: str) -> CaseClosed:
    return fact(CaseClosed, when, outcome=Outcome.OTHER)


def resumed(when: str, number: str = "S1") -> Resumed:
    return fact(Resumed, when, suspension=number)


def deemed_accepted(when: str = "03-16 00:00", **rest: Any) -> AcceptanceDeemed:
    """Received on Saturday 7 March, silent to the end of Friday 13 March."""
    parts = {name: getattr(accepted(), name) for name in shapes_of(CaseAccepted) if name != "notice"}
    told = {"effective_on": on("03-07"), "notice_due_on": on("03-13"), "calendar": NATIONAL, "plan": ()}
    return AcceptanceDeemed(**{**parts, **told, "at": moment(when), **rest})


def yellow(when: str) -> CardIssued:
    return fact(
        CardIssued,
        when,
        by="tick",
        card="promise_overdue:promised:2026-03-16",
        level=CardLevel.YELLOW,
        ground=CardGround.PROMISE_OVERDUE,
        judged_at=moment(when),
        clock="promised",
        department="Market",
        due_on=on("03-16"),
        overdue=1,
        rule="default",
    )


SUSPENDED: Final = (*taken(), special("03-05 09:00"), resumed("03-12 09:00"))


def the_clock(found: Explanation) -> Clock:
    """The promised limit's."""
    (clock,) = (clock for clock in found.clocks if clock.kind is ClockKind.PROMISED)
    return clock


def counted(days: Iterable[Told]) -> list[date]:
    return [day.day for day in days if day.counted]


ON_TIME: Final = (*taken(statutory=Limit.working_days(20)), closed("03-12 09:00"))
LATE: Final = (*taken(statutory=Limit.working_days(20)), closed("03-18 09:00"))
CORRECTED: Final = (
    received(),
    fact(CorrectionRequested, "03-03 09:00", materials=("lease",)),
    fact(CorrectionSubmitted, "03-06 09:00", materials=("lease",)),
    accepted("03-06 10:00", calendar=NATIONAL),
    closed("03-20 09:00"),
)
OVER_DECLARED: Final = (
    *taken(statutory=Limit.working_days(20)),
    special("03-05 09:00"),
    resumed("03-12 09:00"),
    closed("03-19 09:00"),
)
"""Three days declared, five taken: accepted 2 March and due on the 19th."""
DEEMED: Final = (received("03-07 10:00"), deemed_accepted(), closed("03-20 09:00"))
PROVISIONAL: Final = (received("12-21 09:00"), accepted("12-21 10:00", calendar=NATIONAL), closed("12-30 09:00"))
STORIES: Final[dict[str, tuple[CaseEvent, ...]]] = {
    "on time": ON_TIME,
    "late": LATE,
    "corrected": CORRECTED,
    "over its declared days": OVER_DECLARED,
    "deemed accepted": DEEMED,
    "provisional": PROVISIONAL,
}
