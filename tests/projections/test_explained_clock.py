"""A clock explained: its days add up to its totals, each act has its place in the log, and two calendars side by side."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.explained import (
    CORRECTED,
    DEEMED,
    LATE,
    OFFICE,
    ON_TIME,
    OVER_DECLARED,
    PROVISIONAL,
    STORIES,
    closed,
    explained,
    on,
    recorded,
    resumed,
    special,
    taken,
    told_in,
    yellow,
)
from support.story import BUILD, HEAD, HERE, accepted, fact, granted, received, routed

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApprovalGranted,
    Authority,
    BadInput,
    CardRevoked,
    CaseEvent,
    CaseRouted,
    CertificateMade,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ExtensionApproved,
    Flaw,
    HearingOffered,
    HearingRequested,
    Limit,
    PlanStep,
    ResultDelivered,
    Suspended,
    SuspensionKind,
    WorkCalendar,
)
from ops.printing.cases import print_explanation
from projections.explaining.explanation import Explanation, explain_case

A_DAY: Final = timedelta(days=1)
LATER: Final = "2027-01-10 09:00"


def plain_of(found: Explanation) -> dict[str, Any]:
    """As a script reads it."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(found.plain()))
    return plain


def clocks_of(*events: CaseEvent, as_of: str = LATER, other: str | None = None) -> dict[str, dict[str, Any]]:
    found = told_in(OFFICE, *events, as_of=as_of, other=other)
    return {clock["id"]: clock for clock in plain_of(found)["clocks"]}


# --- The sums ---


def assert_it_adds_up(clock: Mapping[str, Any]) -> None:
    """A clock's days, added up by nobody but this test."""
    used = excluded = 0
    days = clock["days"]
    dates = [date.fromisoformat(day["date"]) for day in days]
    until = date.fromisoformat(clock["read_on"])
    for when, day in zip(dates, days, strict=True):
        if when <= until:
            used += day["amount"]
            excluded += day["excluded"]
        assert day["counted"] == (day["amount"] > 0)
    assert (used, excluded) == (clock["used"], clock["excluded"])
    assert excluded == sum(one["amount"] for one in clock["exclusions"]) == sum(act["excluded"] for act in clock["acts"])
    start = date.fromisoformat(clock["started_on"])
    if clock["unit"] == "days":
        last = max(until, date.fromisoformat(clock["due_on"]))
        assert dates == [start + n * A_DAY for n in range(1, (last - start).days + 1)]
        assert clock["excluded_days"] == [day["date"] for day in days if day["excluded"]]
    assert clock["totals"]["counted"] == used
    assert clock["totals"]["excluded"] == excluded
    assert clock["totals"]["days"] == sum(when <= until for when in dates)


VERDICTS = {
    "on time": ("2026-03-16", 8, 2, "on_time"),
    "late": ("2026-03-16", 12, -2, "overdue"),
    "corrected": ("2026-03-20", 10, 0, "on_time"),
    "over its declared days": ("2026-03-19", 10, 0, "on_time"),
    "deemed accepted": ("2026-03-20", 10, 0, "on_time"),
    "provisional": ("2027-01-04", 7, 3, "on_time"),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_days_of_every_clock_add_up_to_its_totals(name: str) -> None:
    clocks = clocks_of(*STORIES[name])

    for clock in clocks.values():
        assert_it_adds_up(clock)
    promised = clocks["promised"]
    assert (promised["due_on"], promised["used"], promised["remaining"], promised["verdict"]) == VERDICTS[name]


@pytest.mark.parametrize("name", STORIES)
def test_the_printed_ranges_add_up_to_the_printed_totals(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(explained(*STORIES[name], as_of=LATER), as_json=False)

    blocks = capsys.readouterr().out.split("\n时限 ")[1:]
    assert len(blocks) == len(clocks_of(*STORIES[name]))
    for block in blocks:
        told = block.split(" dates after day 0")[0]
        counted = sum(int(found) for found in re.findall(r"^  2\d{3}.{21} \+(\d+)", told, re.MULTILINE))
        used = re.search(r"used (-?\d+) days", block)
        totals = re.search(r"(\d+) days counted, (\d+) excluded", block)
        assert used is not None
        assert totals is not None
        assert counted == int(used[1]) == int(totals[1])
        assert f"excluded {totals[2]}, extended" in block


def test_minutes_add_up_over_the_noon_break_and_the_night() -> None:
    clocks = clocks_of(
        *taken(promised=Limit.hours(8)),
        special("03-02 11:00", days=1),
        resumed("03-02 14:00"),
        closed("03-03 11:30"),
    )

    assert_it_adds_up(clocks["promised"])
    assert [(d["date"], d["amount"], d["excluded"]) for d in clocks["promised"]["days"]] == [
        ("2026-03-02", 240, 120),
        ("2026-03-03", 150, 0),
    ]
    assert (clocks["promised"]["unit"], clocks["promised"]["due_at"][:16]) == ("minutes", "2026-03-03T14:00")


def test_minutes_are_printed_day_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(explained(*taken(promised=Limit.hours(8)), closed("03-05 09:30")), as_json=False)

    printed = capsys.readouterr().out
    for line in (
        "2026-03-02                +360  360 minutes count (计时360分钟); working day (工作日); 周一",
        "2026-03-03 … 2026-03-04   +840  420 minutes count (计时420分钟); working day (工作日), each (每日)",
        "4 dates from day 0 to 2026-03-05: 1230 minutes counted, 0 excluded, 0 dates neither",
    ):
        assert line in printed, line


# --- All clocks ---


def test_every_clock_of_a_case_is_told_with_its_law_its_department_and_its_end() -> None:
    plan = (PlanStep(step="fire", department="Fire", limit=Limit.working_days(3)),)
    clocks = clocks_of(
        received(licence_expires_on=on("06-30")),
        accepted(plan=plan, calendar=NATIONAL),
        fact(CaseRouted, "03-03 09:00", step="fire", department="Fire"),
        fact(HearingOffered, "03-03 10:00", notice="T1"),
        fact(HearingRequested, "03-04 10:00"),
        fact(ApprovalGranted, "03-10 09:00", step="fire", department="Fire"),
        fact(DecisionMade, "03-11 09:00", by=HEAD, decision=Decision.GRANTED),
        fact(CertificateMade, "03-11 10:00", certificate="C1", kind="licence"),
        closed("03-12 09:00"),
        fact(ResultDelivered, "03-13 09:00", method=DeliveryMethod.WINDOW, certificate="C1"),
    )

    told = {name: (c["source"], c["department"], c["due_on"], c["used"], c["verdict"]) for name, c in clocks.items()}
    assert told == {
        "promised": ("FOOD v1 承诺", "Market", "2026-03-16", 8, "on_time"),
        "statutory": ("行政许可法 Art. 42(1)", "Market", "2026-03-30", 7, "on_time"),
        "acceptance": ("行政许可法 Art. 32", "Market", "2026-03-09", 0, "on_time"),
        "step:fire": ("环节时限", "Fire", "2026-03-06", 5, "overdue"),
        "hearing_request": ("行政许可法 Art. 47", "Market", "2026-03-10", 1, "on_time"),
        "hearing": ("行政许可法 Art. 47", "Market", "2026-04-01", 5, "on_time"),
        "renewal": ("行政许可法 Art. 50", "Market", "2026-06-30", 7, "on_time"),
        "delivery": ("行政许可法 Art. 44", "Market", "2026-03-25", 2, "on_time"),
    }
    for clock in clocks.values():
        assert_it_adds_up(clock)


def test_a_clock_no_calendar_reaches_is_named_instead_of_told() -> None:
    found = explained(received("1999-03-02 09:00"), as_of="1999-03-05 09:00")

    (uncounted,) = plain_of(found)["uncounted_clocks"]
    assert (found.clocks, uncounted["clock"], uncounted["limit"]) == ((), "acceptance", "5 working days")
    assert "1999" in uncounted["why"]


# --- What the acts did ---


def test_an_act_is_told_with_its_ground_its_notice_its_positions_and_what_it_took() -> None:
    (act,) = clocks_of(*OVER_DECLARED)["statutory"]["acts"]

    assert {name: act[name] for name in ("act", "term", "ground", "declared_days", "notice", "ignored")} == {
        "act": "S1",
        "term": "特别程序",
        "ground": "检测",
        "declared_days": 3,
        "notice": "N1",
        "ignored": None,
    }
    assert (act["position"], act["ended_position"]) == (9, 12)
    assert (act["excluded"], act["first_on"], act["last_on"], act["surplus"]) == (3, "2026-03-06", "2026-03-10", 2)


def test_an_act_that_moves_nothing_says_why() -> None:
    ordinary = fact(Suspended, "03-04 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="a paper is sought")
    untold = fact(Suspended, "03-04 10:00", suspension="S2", kind=SuspensionKind.SPECIAL_PROCEDURE, reason="tests")
    clocks = clocks_of(
        *taken(statutory=Limit.working_days(20)), ordinary, untold, special("03-17 09:00", "S3"), closed("03-18 09:00")
    )

    promised = {act["act"]: act["ignored"] for act in clocks["promised"]["acts"]}
    statutory = {act["act"]: act["ignored"] for act in clocks["statutory"]["acts"]}
    assert promised == {
        "S1": "the district's rule lets no 普通挂起 move the promise",
        "S2": "not as Art. 45 asks: no ground 法定事由, no written notice 书面告知, no declared days 告知期限",
        "S3": "after the due date 2026-03-16",
    }
    assert statutory["S1"] == "the law lets no 普通挂起 move the statutory limit (Art. 45)"
    assert statutory["S3"] is None


def test_an_end_reported_before_its_suspension_has_its_own_place_in_the_log() -> None:
    (act,) = clocks_of(*taken(), resumed("03-12 09:00"), special("03-05 09:00"), closed("03-19 09:00"))["promised"]["acts"]

    assert (act["position"], act["ended_position"], act["excluded"], act["surplus"]) == (12, 9, 3, 2)


def test_an_imported_procedure_that_claims_to_move_the_law_without_a_notice_says_what_it_lacks() -> None:
    claimed = replace(special("03-05 09:00"), notice=None)
    (act,) = clocks_of(*taken(statutory=Limit.working_days(20)), claimed, resumed("03-12 09:00"))["statutory"]["acts"]

    assert (act["excluded"], act["ignored"]) == (0, "not as Art. 45 asks: no written notice 书面告知")


def test_an_extension_of_no_day_says_so() -> None:
    none = fact(ExtensionApproved, "03-05 09:00", days=0, approver=HEAD, reason="difficult", authority=Authority.ORGAN_HEAD)
    (act,) = clocks_of(*taken(), none)["promised"]["acts"]

    assert (act["added"], act["ignored"]) == (0, "it adds no day")


def test_an_extension_is_told_with_who_approved_it_and_a_second_one_with_why_it_does_not_count() -> None:
    def extension(when: str, authority: Authority | None = Authority.ORGAN_HEAD, days: int = 10) -> ExtensionApproved:
        return fact(ExtensionApproved, when, days=days, approver=HEAD, reason="difficult", notice="N2", authority=authority)

    first, second = clocks_of(*taken(), extension("03-05 09:00"), extension("03-06 09:00"))["promised"]["acts"]
    (wrong,) = clocks_of(*taken(), extension("03-05 09:00", Authority.GOVERNMENT_HEAD))["promised"]["acts"]
    (long,) = clocks_of(*taken(), extension("03-05 09:00", None, 14))["promised"]["acts"]
    (late,) = clocks_of(*taken(), extension("03-20 09:00"))["promised"]["acts"]

    assert (first["added"], first["ignored"], first["authority"], first["position"]) == (10, None, "行政机关负责人", 9)
    assert (second["added"], second["ignored"], second["position"]) == (0, "a limit is extended once (Art. 42)", 12)
    assert (wrong["added"], "行政机关负责人" in wrong["ignored"]) == (0, True)
    assert (long["added"], long["ignored"]) == (10, "its days beyond 10 (Art. 42)")
    assert (late["added"], late["ignored"]) == (0, "after the due date 2026-03-16")


# --- As promised, and as now known ---


def own_calendar(holiday: date, last: date = date(2026, 12, 31)) -> WorkCalendar:
    """The national hours and a week of five days, with one holiday in the life of the case."""
    national = shipped_calendars()[NATIONAL]
    return WorkCalendar(
        version="own.2",
        title="a later notice",
        zone=national.zone,
        covers=(date(2026, 1, 1), last),
        rest_weekdays=frozenset({6, 7}),
        rest=frozenset({holiday}),
        work=frozenset(),
        hours=national.hours,
    )


def test_a_day_that_became_a_holiday_is_told_beside_the_promise_and_the_verdict_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Closed on 17 March, a day late as promised; with the 10th a holiday it would have been in time."""
    office = OFFICE._replace(calendars={**OFFICE.calendars, "own.2": own_calendar(on("03-10"))})
    found = told_in(office, *taken(), closed("03-17 09:00"), other="own.2")

    clock = plain_of(found)["clocks"][0]
    known = clock["as_now_known"]
    assert (clock["calendar_version"], clock["due_on"], clock["used"], clock["verdict"]) == (
        NATIONAL, "2026-03-16", 11, "overdue",
    )  # fmt: skip
    assert (known["calendar_version"], known["due_on"], known["used"], known["would_be_overdue"]) == (
        "own.2", "2026-03-17", 10, False,
    )  # fmt: skip
    (day,) = known["differing_days"]
    assert (day["day"], day["promised_working"], day["known_working"]) == ("2026-03-10", True, False)
    assert ("工作日" in day["promised"], "法定节假日" in day["known"]) == (True, True)

    print_explanation(found, as_json=False)
    printed = capsys.readouterr().out
    assert "as promised  (cn-2026.1, 按承诺时的日历): due 2026-03-16; used 11 days" in printed
    assert "as now known (own.2, 按现知的日历): due 2026-03-17; used 10 days" in printed
    assert "the verdict stays with the promise (以承诺时的日历为准): overdue 超期" in printed
    assert "2026-03-10: as promised working day (工作日); 周二; as now known public holiday" in printed


def test_a_calendar_without_a_difference_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    office = OFFICE._replace(calendars={**OFFICE.calendars, "own.2": own_calendar(on("06-10"))})

    print_explanation(told_in(office, *ON_TIME, other="own.2"), as_json=False)

    assert "no day of this clock differs" in capsys.readouterr().out


def test_a_calendar_that_cannot_count_a_clock_says_so() -> None:
    known = clocks_of(*ON_TIME, other="weekdays-nl.1")["promised"]["as_now_known"]

    assert (known.get("due_on"), known["would_be_overdue"], known["differing_days"]) == (None, None, [])
    assert "2026-03-02 lies outside calendar weekdays-nl.1" in known["why_not"]


def test_an_unknown_calendar_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"calendar: 'cn-1949.1' is none of") as bad:
        told_in(OFFICE, *ON_TIME, other="cn-1949.1")
    assert bad.value.code is Flaw.UNKNOWN_CALENDAR
    with pytest.raises(BadInput, match=r"'story.1' is none of"):
        explained(received(), accepted())


def test_a_provisional_due_date_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(explained(*PROVISIONAL), as_json=False)

    assert "due 2027-01-04, provisional (暂定): at or past the end of the calendar" in capsys.readouterr().out


# --- The way through the departments, and the cards ---


def test_the_path_and_the_slack_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = explained(
        received(code=BUILD),
        accepted(code=BUILD, calendar=NATIONAL),
        *routed("survey", "heritage", when="03-03 09:00"),
        *granted("survey", when="03-06 09:00"),
        *granted("heritage", when="03-04 09:00"),
        closed("03-10 09:00"),
    )

    plain = plain_of(found)
    assert [(s["kind"], s["step"], s["working_days"]) for s in plain["critical_path"]] == [
        ("routing", None, 1),
        ("step", "survey", 3),
        ("closing", None, 2),
    ]
    assert [(s["step"], s["working_days"]) for s in plain["slack"]] == [("heritage", 2)]
    assert sum(s["working_days"] for s in plain["critical_path"]) == plain["clocks"][0]["used"] == 6

    print_explanation(found, as_json=False)
    printed = capsys.readouterr().out
    assert "关键路径 Critical path: 6 working days" in printed
    assert "余量 slack: heritage, Culture, to 2026-03-04: 2 working days before the end of the review" in printed


def test_cards_are_told_with_their_positions_and_a_revoked_one_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    card = yellow("03-17 00:00")
    revoked = fact(CardRevoked, "03-18 09:00", card=card.card, reason="the system was down")

    found = explained(*LATE[:-1], card, revoked, closed("03-18 09:00"))

    (plain,) = plain_of(found)["cards"]
    assert (plain["level"], plain["ground"], plain["due_on"], plain["overdue"]) == (
        "yellow", "promise_overdue", "2026-03-16", 1,
    )  # fmt: skip
    assert (plain["position"], plain["revoked_position"], plain["revoked_because"]) == (9, 12, "the system was down")
    print_explanation(found, as_json=False)
    assert "黄牌 yellow: 超承诺时限" in (printed := capsys.readouterr().out)
    assert "revoked (撤牌) 2026-03-18 #12: the system was down" in printed


def test_an_answered_step_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    plan = (PlanStep(step="fire", department="Fire", limit=Limit.working_days(3)),)
    asked = fact(CaseRouted, "03-03 09:00", step="fire", department="Fire")
    answered = fact(ApprovalGranted, "03-10 09:00", step="fire", department="Fire")

    print_explanation(explained(received(), accepted(plan=plan, calendar=NATIONAL), asked, answered), as_json=False)

    (line,) = [one for one in capsys.readouterr().out.splitlines() if "step:fire (环节时限)" in one]
    assert "ended 2026-03-10; due 2026-03-06; used 5 days, remaining -2" in line
    assert "overdue 超期" in line


def test_deemed_acceptance_counts_from_the_receipt() -> None:
    clocks = clocks_of(*DEEMED)

    assert {name: clock["started_on"] for name, clock in clocks.items()} == dict.fromkeys(
        ("promised", "statutory", "acceptance"), "2026-03-07"
    )
    assert (clocks["acceptance"]["due_on"], clocks["acceptance"]["verdict"]) == ("2026-03-13", "overdue")


def test_corrected_papers_start_a_second_clock_of_acceptance() -> None:
    clocks = clocks_of(*CORRECTED)

    assert [(c["started_on"], c["ended_at"][:10]) for n, c in clocks.items() if n.startswith("acceptance")] == [
        ("2026-03-02", "2026-03-03"),
        ("2026-03-06", "2026-03-06"),
    ]


_INSTANTS: Final = st.datetimes(datetime(2026, 2, 20), datetime(2026, 4, 20), timezones=st.just(HERE))  # noqa: DTZ001
_LIMITS: Final = st.one_of(
    st.builds(Limit.working_days, st.integers(0, 20)),
    st.builds(Limit.natural_days, st.integers(0, 30)),
    st.builds(Limit.hours, st.integers(0, 60)),
    st.builds(Limit.half_days, st.integers(0, 9)),
    st.builds(Limit.fixed, st.dates(date(2026, 3, 1), date(2026, 5, 1))),
)


@given(
    acts=st.lists(st.tuples(_INSTANTS, st.integers(0, 400), st.none() | st.integers(0, 9), st.booleans()), max_size=4),
    promised=_LIMITS,
    ended=_INSTANTS,
    is_closed=st.booleans(),
)
def test_whatever_happened_the_days_of_every_clock_add_up(
    acts: list[tuple[datetime, int, int | None, bool]], promised: Limit, ended: datetime, *, is_closed: bool
) -> None:
    story = list(taken(promised=promised, statutory=Limit.working_days(20)))
    for number, (begins, hours, declared, resumes) in enumerate(acts):
        story.append(replace(special("03-05 09:00", f"S{number}", declared), at=begins))
        if resumes:
            story.append(replace(resumed("03-05 09:00", f"S{number}"), at=begins + timedelta(hours=hours)))
    if is_closed:
        story.append(replace(closed("03-05 09:00"), at=ended))

    found = explain_case(recorded(*story), ended, OFFICE, examined=False)

    assert [clock.clock for clock in found.clocks] == ["promised", "statutory", "acceptance"]
    for clock in plain_of(found)["clocks"]:
        assert_it_adds_up(clock)
        assert len(clock["acts"]) == (0 if clock["kind"] == "acceptance" else len(acts))
