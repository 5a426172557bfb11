"""后续通知: a notice that comes while cases run. The date printed stands beside the legal one, and late is past both."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import pytest
from support.adopted import weekdays
from support.hall import Hall, at, on

from adapters.auditing import findings
from adapters.reminding import reminders
from casecore import ApplicantKind, ReceiveCase, WorkCalendar

CASE: Final = "C-1"
BEFORE: Final = weekdays("town.1")
PRINTED: Final = on("2025-03-17")
"""Ten working days after Monday, 3 March."""
LAW: Final = on("2025-03-31")
"""Twenty of them."""
CLOCKS: Final = "SELECT clock, due_on, verdict FROM clock_facts WHERE clock IN ('promised', 'statutory') ORDER BY clock"


def after(version: str = "town.2", supersedes: str = "town.1", *, rest: str = "", work: str = "") -> WorkCalendar:
    """The calendar after a notice that makes days holidays, or days of rest days to be worked."""
    changed = weekdays(version, *(on(f"2025-{one}") for one in rest.split()), supersedes=supersedes)
    changed.work |= {on(f"2025-{one}") for one in work.split()}
    return changed


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A hall that has accepted a case of ten working days, by the calendar before the notice."""
    opened = Hall(calendars={BEFORE.version: BEFORE}, calendar=BEFORE.version)
    _taken_in(opened, CASE)
    yield opened
    opened.close()


def _taken_in(hall: Hall, case: str) -> None:
    hall.do(
        ReceiveCase, "2025-03-03 09:00", case=case, item="bookstore-licence", hall="通州区政务服务中心",
        applicant="书香公司", applicant_kind=ApplicantKind.COMPANY,
    )  # fmt: skip
    hall.accept(case, "2025-03-03 10:00")


def clocks(hall: Hall) -> dict[str, tuple[date, str | None]]:
    """When promise and law are due, and the verdict."""
    return {name: (date.fromisoformat(str(due)), verdict) for name, due, verdict in hall.facts(CLOCKS)}


def overdue(hall: Hall) -> list[str]:
    return [name for name in hall.cards(CASE) if "overdue" in name]


def moved(hall: Hall) -> list[str]:
    audit = findings([hall.engine], at("2025-12-31 17:00"))
    return [one.sentence for one in audit.findings if one.code.value == "due_date_moved_by_notice"]


NOTICES: Final = {
    "a feast in the middle of the calendar": ("03-12", "", "03-18", "04-01"),
    "the last day of the promise": ("03-17", "", "03-18", "04-01"),
    "the two days after it and its last": ("03-17 03-18 03-19", "", "03-20", "04-03"),
    "a day off that is worked before": ("03-13 03-14", "03-16", "03-18", "04-01"),
    "days beyond the promise alone": ("03-24 03-25", "", "03-17", "04-02"),
}
"""What is announced on 10 March: days off, days worked; and the last legal days of the promise and of the law."""


@pytest.mark.parametrize(("rest", "work", "promised", "statutory"), NOTICES.values(), ids=NOTICES)
def test_who_is_done_on_the_last_legal_day_is_in_time_and_bears_no_card(
    hall: Hall, rest: str, work: str, promised: str, statutory: str
) -> None:
    hall.announce(after(rest=rest, work=work), "2025-03-10")
    last, law = on(f"2025-{promised}"), on(f"2025-{statutory}")

    hall.engine.tick(at(f"{last} 23:59"))
    assert overdue(hall) == []
    hall.handle(CASE, f"{last} 16:00")
    hall.engine.tick(at("2025-04-30 09:00"))

    assert overdue(hall) == []
    assert clocks(hall) == {"promised": (last, "on_time"), "statutory": (law, "on_time")}
    assert hall.figure("K6").numerator == 1
    assert bool(moved(hall)) is ((last, law) != (PRINTED, LAW))


@pytest.mark.parametrize(("rest", "work", "promised", "statutory"), NOTICES.values(), ids=NOTICES)
def test_past_both_dates_it_is_late_by_promise_and_by_law(
    hall: Hall, rest: str, work: str, promised: str, statutory: str
) -> None:
    hall.announce(after(rest=rest, work=work), "2025-03-10")

    hall.engine.tick(at("2025-05-08 09:00"))

    assert {f"promise_overdue:promised:2025-{promised}", f"statutory_overdue:statutory:2025-{statutory}"} <= set(
        overdue(hall)
    )
    assert hall.figure("K6b").numerator == 0


def test_a_holiday_that_is_worked_after_all_leaves_the_printed_date_standing() -> None:
    before = after("town.1", "none", rest="03-12 03-13")
    before.supersedes = None
    opened = Hall(calendars={before.version: before}, calendar=before.version)
    _taken_in(opened, CASE)

    opened.announce(after(), "2025-03-10")
    opened.engine.tick(at("2025-03-19 09:00"))
    opened.handle(CASE, "2025-03-19 16:00")

    assert overdue(opened) == []
    assert clocks(opened)["promised"] == (on("2025-03-19"), "on_time")
    assert moved(opened)[0].count("promised printed 2025-03-19, legal 2025-03-17") == 1
    opened.close()


def test_a_notice_adopted_after_the_verdict_restates_it(hall: Hall) -> None:
    hall.handle(CASE, "2025-03-18 16:00")
    assert (clocks(hall)["promised"], hall.figure("K6").numerator) == ((PRINTED, "overdue"), 0)

    hall.announce(after(rest="03-12"), "2025-06-02")

    assert (clocks(hall)["promised"], hall.figure("K6").numerator) == ((on("2025-03-18"), "on_time"), 1)


def test_of_three_notices_the_one_in_force_at_the_verdict_counts_as_well_as_the_last(hall: Hall) -> None:
    hall.announce(after(rest="03-12 03-13"), "2025-03-10")
    hall.handle(CASE, "2025-03-19 16:00")
    hall.announce(after("town.3", "town.2", rest="03-12"), "2025-06-02")

    assert clocks(hall)["promised"] == (on("2025-03-19"), "on_time")


def test_a_calendar_that_follows_another_line_says_nothing_of_the_promise(hall: Hall) -> None:
    stranger = after("elsewhere.2", "town.1", rest="03-12 03-13 03-14 03-17")
    stranger.supersedes = None
    hall.announce(stranger, "2025-03-10")

    assert clocks(hall)["promised"] == (PRINTED, None)
    assert moved(hall) == []


def test_rows_that_were_followed_before_are_those_of_a_rebuild(hall: Hall) -> None:
    assert clocks(hall)["promised"] == (PRINTED, None)  # followed once
    hall.announce(after(rest="03-12"), "2025-03-10")
    followed = hall.facts("SELECT * FROM clock_facts ORDER BY clock")

    other = Hall(calendars={BEFORE.version: BEFORE}, calendar=BEFORE.version)
    other.announce(after(rest="03-12"), "2025-03-10")
    _taken_in(other, CASE)
    assert [row[:12] for row in other.facts("SELECT * FROM clock_facts ORDER BY clock")] == [row[:12] for row in followed]
    other.close()


@pytest.mark.parametrize("day_off", ["2025-03-11", "2025-03-15", "2025-03-16"], ids=["by the notice", "Saturday", "Sunday"])
def test_nobody_is_warned_or_carded_on_a_day_of_rest(hall: Hall, day_off: str) -> None:
    hall.announce(after(rest="03-11"), "2025-03-04")
    before = len(hall.file(CASE).cards)

    hall.engine.tick(at(f"{day_off} 09:00"))
    assert len(hall.file(CASE).cards) == before
    hall.engine.tick(at("2025-03-24 09:00"))
    assert overdue(hall) == ["promise_overdue:promised:2025-03-18"]
    assert all(card.fact.at.date() == on("2025-03-24") for card in hall.file(CASE).cards)


def test_a_reminder_says_overdue_only_past_both_dates(hall: Hall) -> None:
    hall.announce(after(rest="03-17 03-18"), "2025-03-10")
    hall.facts("SELECT 1")

    said = {day: _reminded(hall, day) for day in ("2025-03-17", "2025-03-18", "2025-03-19", "2025-03-20")}

    assert said == {
        "2025-03-17": (1, False),
        "2025-03-18": (1, False),
        "2025-03-19": (0, False),
        "2025-03-20": (-1, True),
    }


def _reminded(hall: Hall, day: str) -> tuple[int, bool]:
    (one,) = (found for found in reminders(hall.tables, on(day), 5) if found.clock == "promised")
    return one.days_left, one.overdue
