"""Explaining a case: its story in order, a sentence for every fact, its clocks day by day, its trips."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import orjson
from hypothesis import given
from hypothesis import strategies as st
from support.explained import (
    CASE,
    LOG,
    OFFICE,
    SUSPENDED,
    closed,
    counted,
    explained,
    on,
    recorded,
    resumed,
    special,
    taken,
    the_clock,
)
from support.story import CITIZEN, CLERK, HEAD, HERE, accepted, fact, moment, received

from adapters.calendar_toml import NATIONAL
from casecore import (
    CaseAccepted,
    CaseClosed,
    Cause,
    CorrectionRequested,
    ExtensionApproved,
    Limit,
    Outcome,
    Place,
    Resumed,
    StepCompleted,
    Suspended,
    TripMade,
    Visitor,
)
from casecore.annotations import shapes_of
from casecore.clocks import CountedDay
from projections.explaining.explanation import collapse, explain_case

A_DAY: Final = timedelta(days=1)


# --- The story ---


def test_the_story_is_told_in_the_order_it_happened_not_in_the_order_it_was_learned() -> None:
    learned_late = fact(StepCompleted, "03-02 09:30", name="survey")

    found = explained(*taken(), closed("03-06 09:00"), learned_late)

    assert [(line.position, line.at, line.term) for line in found.story] == [
        (3, moment("03-02 09:00"), "收件"),
        (12, moment("03-02 09:30"), "环节办结"),
        (6, moment("03-02 10:00"), "受理"),
        (9, moment("03-06 09:00"), "办结"),
    ]
    assert [line.by for line in found.story] == [CLERK, "chen", CLERK, "chen"]


def test_of_facts_of_one_instant_the_one_recorded_first_is_told_first() -> None:
    at_once = [fact(StepCompleted, "03-03 09:00", name=name) for name in ("survey", "draft", "check")]

    found = explained(*taken(), *at_once)

    assert [line.sentence for line in found.story[2:]] == ["survey", "draft", "check"]


def test_instants_are_compared_not_their_local_times() -> None:
    elsewhere = datetime.fromisoformat("2026-03-02T01:30:00+00:00")  # 09:30 here
    noted = StepCompleted(at=elsewhere, by="chen", name="noted in Greenwich")

    found = explained(noted, *taken())

    assert [line.term for line in found.story] == ["收件", "环节办结", "受理"]


# --- The clocks ---


def test_a_closed_cases_clock_numbers_every_working_day_and_says_which_were_excluded() -> None:
    found = explained(*SUSPENDED, closed("03-19 09:00"))

    clock = the_clock(found)

    assert (clock.started_on, clock.reading.due_on, clock.calendar) == (on("03-02"), on("03-19"), NATIONAL)
    assert [day.day for day in clock.days] == [on("03-02") + n * A_DAY for n in range(1, 18)]
    assert counted(clock.days) == [on(f"03-{day}") for day in ("03", "04", "05", "11", "12", "13", "16", "17", "18", "19")]
    assert clock.reading.used == 10
    for number, day in enumerate((day for day in clock.days if day.counted), 1):
        assert f"第{number}日" in day.why
    said = {day.day: day.why for day in clock.days if not day.counted}
    assert {day for day, why in said.items() if "不计入时限" in why} == {on("03-06"), on("03-09"), on("03-10")}
    assert {day for day, why in said.items() if "休息日" in why} == {on(f"03-{day}") for day in ("07", "08", "14", "15")}


def test_both_clocks_of_a_case_are_explained_each_to_its_own_due_date() -> None:
    story = (*taken(statutory=Limit.working_days(20)), special("03-05 09:00"), resumed("03-12 09:00"))

    promised, statutory, *_ = explained(*story, closed("03-19 09:00")).clocks

    assert ("承诺" in promised.name, "法定" in statutory.name) == (True, True)
    assert (promised.days[-1].day, statutory.days[-1].day) == (on("03-19"), on("04-02"))
    assert (str(promised.limit), str(statutory.limit)) == ("10 working days", "20 working days")


def test_an_overdue_case_is_counted_to_its_closing() -> None:
    clock = the_clock(explained(*SUSPENDED, closed("03-24 09:00")))

    assert clock.days[-1].day == on("03-24")
    assert len(counted(clock.days)) == clock.reading.used == 13
    assert clock.reading.verdict == "overdue"


def test_a_case_closed_early_has_used_the_days_up_to_its_closing() -> None:
    clock = the_clock(explained(*taken(), closed("03-06 09:00")))

    assert (clock.reading.used, clock.reading.remaining) == (4, 6)
    assert len(counted([day for day in clock.days if day.day <= on("03-06")])) == 4
    assert clock.days[-1].day == on("03-16")


def test_an_open_case_is_read_on_the_day_one_asks() -> None:
    story = (*taken(), special("03-05 09:00", days=None))

    clock = the_clock(explained(*story, as_of="03-10 12:00"))
    later = the_clock(explained(*story, resumed("03-12 09:00"), as_of="03-17 12:00"))

    assert (clock.reading.paused, clock.reading.used, clock.reading.due_on) == (True, 3, on("03-19"))
    assert (later.reading.paused, later.reading.used, later.reading.due_on) == (False, 6, on("03-23"))
    assert (clock.reading.verdict, later.reading.verdict) == ("running", "running")


def test_a_question_about_a_time_before_acceptance_is_answered_for_day_0() -> None:
    clock = the_clock(explained(*taken(), as_of="02-01 12:00"))

    assert (clock.reading.used, clock.reading.due_on) == (0, on("03-16"))


def test_two_hours_are_read_to_the_minute() -> None:
    story = taken(promised=Limit.hours(2))

    clock = the_clock(explained(*story, as_of="03-02 11:15"))
    noon, done = (the_clock(explained(*story, closed(f"03-02 {at}"), as_of="03-02 18:00")) for at in ("12:01", "13:01"))

    assert (clock.reading.due_at, clock.reading.used, clock.reading.remaining) == (moment("03-02 12:00"), 75, 45)
    assert (noon.reading.used, noon.reading.verdict) == (120, "on_time")  # the noon break does not count
    assert (done.reading.used, done.reading.remaining, done.reading.verdict) == (121, -1, "overdue")


def test_a_case_never_accepted_has_a_story_and_the_clock_of_its_acceptance_alone() -> None:
    found = explained(received())

    assert [(clock.clock, clock.reading.due_on) for clock in found.clocks] == [("acceptance", on("03-09"))]
    assert [line.term for line in found.story] == ["收件"]


def test_an_open_case_its_calendar_has_long_forgotten_is_told_all_the_same() -> None:
    """The Dutch sample log: its calendar ends in 2013, some of its cases never did."""
    here = {"calendar": "weekdays-nl.1", "effective_on": date(2011, 3, 2), "promised": Limit.fixed(date(2011, 4, 1))}

    found = explained(received("2011-03-02 09:00"), _dutch(**here), as_of="2026-11-20 09:00")

    assert [line.term for line in found.story] == ["收件", "受理"]


def _dutch(**rest: Any) -> CaseAccepted:
    parts = {name: getattr(accepted(), name) for name in shapes_of(CaseAccepted)}
    return CaseAccepted(**{**parts, "at": moment("2011-03-02 10:00"), "statutory": None, **rest})


_INSTANTS: Final = st.datetimes(datetime(2026, 2, 20), datetime(2026, 5, 20), timezones=st.just(HERE))  # noqa: DTZ001
_ACTS: Final = st.lists(
    st.tuples(_INSTANTS, st.integers(0, 20), st.none() | st.integers(0, 9)), max_size=3
)  # begins, days until it ends, days declared


@given(
    acts=_ACTS,
    limit=st.one_of(
        st.builds(Limit.working_days, st.integers(0, 20)),
        st.builds(Limit.natural_days, st.integers(0, 30)),
        st.builds(Limit.fixed, st.dates(date(2026, 3, 1), date(2026, 5, 1))),
    ),
    extension=st.none() | st.tuples(_INSTANTS, st.integers(1, 10)),
    end=_INSTANTS,
    is_closed=st.booleans(),
)
def test_the_days_counted_are_the_days_used(
    acts: list[tuple[datetime, int, int | None]],
    limit: Limit,
    extension: tuple[datetime, int] | None,
    end: datetime,
    *,
    is_closed: bool,
) -> None:
    story = list(taken(promised=limit))
    for number, (begins, days, declared) in enumerate(acts):
        begun = special("03-05 09:00", f"S{number}", declared)
        story.append(_at(begun, begins))
        story.append(Resumed(at=begins + days * A_DAY, by=HEAD, suspension=f"S{number}"))
    if extension is not None:
        more = extension[1]
        story.append(ExtensionApproved(at=extension[0], by=HEAD, days=more, approver=HEAD, reason="difficult"))
    if is_closed:
        story.append(CaseClosed(at=end, by=HEAD, outcome=Outcome.OTHER))

    clock = the_clock(explain_case(recorded(*story), end, OFFICE, examined=False))

    start, stop = on("03-02"), max(end.date(), on("03-02"))
    assert [d.day for d in clock.days] == [
        start + n * A_DAY for n in range(1, (max(clock.reading.due_on, stop) - start).days + 1)
    ]
    if not is_closed or end.date() >= start:
        assert len(counted([d for d in clock.days if d.day <= stop])) == clock.reading.used
    assert sum("不计入时限" in d.why for d in clock.days) == clock.reading.excluded
    numbers = [d.why.split("第")[1].split("日")[0] for d in clock.days if d.counted]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _at(event: Suspended, at: datetime) -> Suspended:
    return Suspended(**{**{name: getattr(event, name) for name in shapes_of(Suspended)}, "at": at})


# --- The days in short ---


def test_neighbouring_days_of_one_kind_become_one_line() -> None:
    clock = the_clock(explained(*SUSPENDED, closed("03-19 09:00")))

    lines = collapse(clock.days)

    assert [line[:4] for line in lines] == [
        (on("03-03"), on("03-05"), 3, True),
        (on("03-06"), on("03-06"), 1, False),
        (on("03-07"), on("03-08"), 2, False),
        (on("03-09"), on("03-10"), 2, False),
        (on("03-11"), on("03-13"), 3, True),
        (on("03-14"), on("03-15"), 2, False),
        (on("03-16"), on("03-19"), 4, True),
    ]
    whys = [line[4] for line in lines]
    assert ("第1日" in whys[0], "第3日" in whys[0]) == (True, True)
    assert ("第7日" in whys[6], "第10日" in whys[6]) == (True, True)
    assert all("不计入时限" in whys[n] for n in (1, 3))
    assert all("休息日" in whys[n] for n in (2, 5))


def test_a_lone_counted_day_keeps_its_own_sentence() -> None:
    (line,) = collapse([CountedDay(on("03-03"), counted=True, why="day 1 (第1日); working day")])

    assert line == (on("03-03"), on("03-03"), 1, True, "day 1 (第1日); working day")


def test_no_days_make_no_lines() -> None:
    assert collapse([]) == []


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(("rest; x", "rest; y", "holiday", "excluded; z"))), max_size=40))
def test_in_short_every_day_is_there_exactly_once(kinds: list[tuple[bool, str]]) -> None:
    days = [CountedDay(on("03-02") + n * A_DAY, is_counted, why) for n, (is_counted, why) in enumerate(kinds, 1)]

    told = [
        (first + n * A_DAY, is_counted)
        for first, last, many, is_counted, _ in collapse(days)
        for n in range(many)
        if first + (many - 1) * A_DAY == last
    ]

    assert told == [(day.day, day.counted) for day in days]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(("rest; x", "rest; y", "holiday", "excluded; z"))), max_size=40))
def test_in_short_no_two_neighbouring_lines_could_be_one(kinds: list[tuple[bool, str]]) -> None:
    days = [CountedDay(on("03-02") + n * A_DAY, is_counted, why) for n, (is_counted, why) in enumerate(kinds, 1)]

    lines = collapse(days)

    for one, next_one in pairwise(lines):
        assert (one[3], "" if one[3] else one[4]) != (next_one[3], "" if next_one[3] else next_one[4])


# --- The whole ---


def test_the_trips_are_told_with_what_they_count_for() -> None:
    came = {"visitor": Visitor.APPLICANT, "place": Place.HALL}
    found = explained(
        received(),
        fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",)),
        fact(TripMade, "03-03 09:00", by=CLERK, visit="V2", cause=Cause.CORRECT, **came),
        fact(TripMade, "03-04 09:00", by=CLERK, visit="V3", cause=Cause.SIGN, **came),
    )

    assert [(trip.trip.visit, trip.gross, trip.net) for trip in found.trips] == [
        ("V2", True, False),
        ("V3", True, True),
    ]


def test_an_explanation_is_plain_values_for_a_script() -> None:
    found = explained(
        *SUSPENDED,
        fact(TripMade, "03-04 09:00", by=CITIZEN, visit="V1", visitor=Visitor.APPLICANT, place=Place.HALL, cause=Cause.PAY),
        closed("03-19 09:00"),
    )

    plain = orjson.loads(orjson.dumps(found.plain()))

    assert (plain["case"], plain["district"], plain["stage"]) == (CASE, LOG, "closed")
    assert plain["story"][0]["term"] == "收件"
    clock = plain["clocks"][0]
    assert (clock["limit"], clock["due_on"], clock["used"], clock["verdict"]) == (
        "10 working days",
        "2026-03-19",
        10,
        "on_time",
    )
    assert clock["excluded_days"] == ["2026-03-06", "2026-03-09", "2026-03-10"]
    assert clock["calendar_version"] == NATIONAL
    assert clock["days"][0] == {
        "date": "2026-03-03",
        "counted": True,
        "amount": 1,
        "excluded": 0,
        "why": the_clock(found).days[0].why,
    }
    (trip,) = plain["trips"]
    assert (trip["visit"], trip["cause"], trip["net"]) == ("V1", "pay", True)
