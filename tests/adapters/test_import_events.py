"""Cases with events of their own: pairs of start and complete, milestones events say, limits and outcomes cases say."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from support.import_bench import Bench, at, in_memory, xes
from support.mapping_texts import mapping_text

from adapters.importing import ImportReport
from adapters.testing.opened import open_desk
from casecore import (
    CaseAccepted,
    CaseClosed,
    CaseReceived,
    CaseVoided,
    Fault,
    Flaw,
    Limit,
    Outcome,
    Resumed,
    StepCompleted,
    Suspended,
)

STEP: Final = """
[[fact]]
event = "step_completed"
scope = "event"
at = "pair:start"
until = "pair:end"
when = {"pair:kind" = ["step"]}
name = {from = "concept:name"}
by = {from = "org:resource", default = "nobody"}
"""
PAUSE: Final = """
[[fact]]
event = "suspension"
scope = "event"
at = "pair:start"
until = "pair:end"
when = {"pair:kind" = ["suspension"]}
reason = {from = "concept:name"}
"""
IGNORED: Final = '[[fact]]\nevent = "ignored"\nscope = "event"\nwhen = {"pair:kind" = ["schedule"]}\n'
RECEIVED: Final = """
[[fact]]
event = "received"
scope = "event"
take = "first"
at = "time:timestamp"
"""
ACCEPTED: Final = RECEIVED.replace("received", "accepted")
CLOSED: Final = RECEIVED.replace("received", "closed").replace("first", "last") + "required = false\n"
PLAIN_STEP: Final = """
[[fact]]
event = "step_completed"
scope = "event"
at = "time:timestamp"
name = {from = "concept:name"}
"""
BEGUN: Final = RECEIVED.replace("time:timestamp", "pair:start") + ACCEPTED.replace("time:timestamp", "pair:start")
PAIRED: Final = BEGUN + STEP + PAUSE


def log_mapping(*facts: str, **said: str) -> str:
    return mapping_text("log", *facts, **{"format": '"xes"', "case": '"concept:name"', **said})


def told(name: str, when: str, transition: str | None = None, **more: str) -> str:
    parts = {"concept:name": name, "lifecycle:transition": transition, **more}
    texts = "".join(f'<string key="{key}" value="{value}"/>' for key, value in parts.items() if value is not None)
    return f'<event>{texts}<date key="time:timestamp" value="2026-03-02T{when}:00+08:00"/></event>'


engine = in_memory


@pytest.fixture
def read(bench: Bench) -> Callable[..., ImportReport]:
    def _read(mapping: str, *events: str, head: str = "") -> ImportReport:
        return bench.log(f'<trace><string key="concept:name" value="t1"/>{head}{"".join(events)}</trace>', mapping=mapping)

    return _read


def steps(bench: Bench) -> list[Any]:
    """Each step with its beginning and its end, as hours and minutes."""
    return [
        (one.name, f"{one.started_at:%H:%M}", f"{one.at:%H:%M}")
        for one in bench.events("t1")
        if isinstance(one, StepCompleted)
    ]


# --- Start and complete ---


@pytest.mark.parametrize(("start", "complete"), [("start", "complete"), ("START", "Complete"), ("Start", "COMPLETE")])
def test_start_and_complete_are_one_step_in_any_capitals(
    bench: Bench, read: Callable[..., ImportReport], start: str, complete: str
) -> None:
    events = told("a", "09:00", start), told("b", "09:30", start), told("a", "10:00", complete), told("b", "11:00", complete)
    report = read(log_mapping(*PAIRED.split("\n\n"), pairs="{}"), *events)

    assert steps(bench) == [("a", "09:00", "10:00"), ("b", "09:30", "11:00")]
    assert (report.source_events, report.events, report.rejected) == (4, 4, [])


def test_instances_of_one_activity_are_kept_apart(bench: Bench, read: Callable[..., ImportReport]) -> None:
    def one(when: str, transition: str, instance: str) -> str:
        return told("a", when, transition, **{"concept:instance": instance})

    read(
        log_mapping(PAIRED, pairs="{}"),
        *(
            one("09:00", "start", "1"),
            one("09:10", "start", "2"),
            one("09:20", "complete", "2"),
            one("11:00", "complete", "1"),
        ),
    )
    assert steps(bench) == [("a", "09:10", "09:20"), ("a", "09:00", "11:00")]


def test_without_instances_what_began_first_ends_first(bench: Bench, read: Callable[..., ImportReport]) -> None:
    events = [told("a", when, how) for when, how in (("09:00", "start"), ("09:10", "start"), ("10:00", "complete"))]
    report = read(log_mapping(PAIRED, pairs="{}"), *events)

    assert steps(bench) == [("a", "09:00", "10:00")]
    assert (report.open_steps, report.rejected) == (1, [])


def named(when: str, transition: str, instance: str = "", who: str = "w") -> str:
    return told("a", when, transition, **{"org:resource": who} | ({"concept:instance": instance} if instance else {}))


@pytest.mark.parametrize(
    ("events", "expected", "still_open"),
    [
        pytest.param([named("09:00", "start", "1"), named("10:00", "complete")], [("09:00", "10:00")], 0, id="start"),
        pytest.param([named("09:00", "start"), named("10:00", "complete", "1")], [("09:00", "10:00")], 0, id="complete"),
        pytest.param(
            [named("09:00", "start", "1"), named("09:10", "start", "2", "x"), named("10:00", "complete", who="x")],
            [("09:10", "10:00")], 1, id="its own resource's",
        ),
        pytest.param(
            [named("09:00", "start", "1"), named("09:10", "start", "2"), named("10:00", "complete", who="x")],
            [("09:00", "10:00")], 1, id="the first of anybody",
        ),
        pytest.param(
            [named("09:00", "start", "1"), named("09:10", "start"), named("10:00", "complete")],
            [("09:10", "10:00")], 1, id="without before with",
        ),
        pytest.param(
            [named("09:00", "start"), named("09:10", "start", "1"), named("10:00", "complete", "1")],
            [("09:10", "10:00")], 1, id="the very instance before any",
        ),
        pytest.param(
            [named("09:00", "start", "1"), named("10:00", "complete", "2")],
            [("10:00", "10:00")], 1, id="never another instance",
        ),
        pytest.param(
            [named("09:00", "start", "1"), named("09:30", "complete", "1"), named("10:00", "complete")],
            [("09:00", "09:30"), ("10:00", "10:00")], 0, id="once ended it is gone",
        ),
    ],
)  # fmt: skip
def test_where_one_of_two_events_names_no_instance_it_may_be_of_any(
    bench: Bench, read: Callable[..., ImportReport], events: list[str], expected: list[tuple[str, str]], still_open: int
) -> None:
    report = read(log_mapping(PAIRED, pairs="{}"), *events)
    assert ([(begun, ended) for _, begun, ended in steps(bench)], report.open_steps) == (expected, still_open)
    assert report.rejected == []


@pytest.mark.parametrize("instances", [("1", "", ""), ("", "1", ""), ("1", "", "1"), ("", "", "1"), ("1", "1", "")])
@pytest.mark.parametrize("end", ["resume", "complete"])
def test_a_pause_whose_instance_is_told_only_now_and_then_ends(
    bench: Bench, read: Callable[..., ImportReport], instances: tuple[str, str, str], end: str
) -> None:
    start, suspend, last = instances
    more = [named("11:00", "complete", start)] if end == "resume" else []
    read(
        log_mapping(PAIRED, pairs="{}"),
        named("09:00", "start", start), named("09:30", "suspend", suspend), named("10:00", end, last), *more,
    )  # fmt: skip
    (resumed,) = (one for one in bench.events("t1") if isinstance(one, Resumed))
    assert (f"{resumed.at:%H:%M}", len(steps(bench))) == ("10:00", 1)


def test_what_one_clerk_ends_ends_no_pause_of_another_who_goes_on(bench: Bench, read: Callable[..., ImportReport]) -> None:
    def one(when: str, how: str, who: str) -> str:
        return told("a", when, how, **{"org:resource": who})

    report = read(
        log_mapping(PAIRED, pairs="{}"),
        *(
            one("09:00", "start", "jia"),
            one("09:10", "start", "yi"),
            one("09:20", "suspend", "yi"),
            one("09:30", "complete", "jia"),
            one("10:00", "resume", "yi"),
            one("11:00", "complete", "yi"),
        ),
    )

    assert report.rejected == []
    assert steps(bench) == [("a", "09:00", "09:30"), ("a", "09:10", "11:00")]


def test_a_complete_without_a_start_and_an_event_without_transition_are_of_one_instant(
    bench: Bench, read: Callable[..., ImportReport]
) -> None:
    read(log_mapping(PAIRED, pairs="{}"), told("a", "09:00", "complete"), told("b", "10:00"))
    assert steps(bench) == [("a", "09:00", "09:00"), ("b", "10:00", "10:00")]


def test_what_both_say_is_what_the_end_says(bench: Bench, read: Callable[..., ImportReport]) -> None:
    start = told("a", "09:00", "start", **{"org:resource": "first", "note": "only here"})
    read(
        log_mapping(RECEIVED, ACCEPTED, STEP + 'action = {from = "note"}\n', pairs="{}"),
        *(start, told("a", "10:00", "complete", **{"org:resource": "second"})),
    )
    (step,) = (one for one in bench.events("t1") if isinstance(one, StepCompleted))
    assert (step.by, step.action) == ("second", "only here")


def test_what_the_end_leaves_empty_is_what_the_beginning_says(bench: Bench, read: Callable[..., ImportReport]) -> None:
    start = told("a", "09:00", "start", **{"org:resource": "first", "note": "kept"})
    read(
        log_mapping(RECEIVED, ACCEPTED, STEP + 'action = {from = "note"}\n', pairs="{}"),
        *(start, told("a", "10:00", "complete", **{"org:resource": "second", "note": ""})),
    )
    (step,) = (one for one in bench.events("t1") if isinstance(one, StepCompleted))
    assert (step.by, step.action) == ("second", "kept")


def test_suspend_and_resume_are_a_pause_and_one_never_resumed_stays_open(
    bench: Bench, read: Callable[..., ImportReport]
) -> None:
    ways = (("09:00", "start"), ("09:30", "Suspend"), ("10:00", "RESUME"), ("10:30", "suspend"))
    report = read(log_mapping(PAIRED, pairs="{}"), *[told("a", when, how) for when, how in ways])

    paused, resumed, again = (one for one in bench.events("t1") if isinstance(one, Suspended | Resumed))
    assert isinstance(paused, Suspended)
    assert isinstance(resumed, Resumed)
    assert (paused.reason, resumed.suspension, resumed.at) == ("a", paused.suspension, at("2026-03-02T10:00:00+08:00"))
    assert (again.at, type(again), report.open_steps) == (at("2026-03-02T10:30:00+08:00"), Suspended, 1)


WHO: Final = 'by = {from = "org:resource"}\n'
AS_PAUSE: Final = {
    "suspension": "",
    "correction": "",
    "special_procedure": 'ground = "expert_review"\ndeclared_days = "10"\nnotice = {from = "org:resource"}\n',
}


@pytest.mark.parametrize("kind", AS_PAUSE)
def test_a_pause_is_of_who_began_it_whoever_ends_it_and_however_often_it_is_told(
    bench: Bench, read: Callable[..., ImportReport], kind: str
) -> None:
    fact = PAUSE.replace('"suspension"', f'"{kind}"', 1).replace('["correction"]', '["suspension"]') + AS_PAUSE[kind] + WHO
    mapping = log_mapping(BEGUN, STEP, _without_reason(fact) if kind == "correction" else fact, pairs="{}")
    begun = told("a", "09:00", "start", **{"org:resource": "jia"}), told("a", "09:30", "suspend", **{"org:resource": "jia"})
    ended = told("a", "10:00", "resume", **{"org:resource": "yi"})

    read(mapping, *begun)
    (paused,) = bench.events("t1")[2:]
    report = read(mapping, *begun, ended)
    again, ending = bench.events("t1")[2:]
    assert (report.rejected, report.completed, again) == ([], 1, paused)
    assert (paused.by, ending.by) == ("jia", "yi")
    assert read(mapping, *begun, ended).known == 1


def _without_reason(fact: str) -> str:
    return "".join(line for line in fact.splitlines(keepends=True) if not line.startswith("reason"))


@pytest.mark.parametrize("end", ["complete", "withdraw"])
def test_a_receipt_at_the_beginning_of_a_step_stays_who_began_it(
    bench: Bench, read: Callable[..., ImportReport], end: str
) -> None:
    mapping = log_mapping(
        BEGUN.replace("[[fact]]", "[[fact]]\n" + WHO.strip()), STEP, IGNORED.replace("schedule", end), pairs="{}"
    )
    start = told("a", "09:00", "start", **{"org:resource": "jia"})
    read(mapping, start)
    before = bench.events("t1")
    report = read(mapping, start, told("a", "10:00", end, **{"org:resource": "yi"}))
    assert (report.rejected, report.recorded + report.completed + report.known) == ([], 1)
    assert [one.by for one in before] == ["jia", "jia"]
    assert bench.events("t1")[:2] == before


@pytest.mark.parametrize("end", ["complete", "ate_abort", "PI_ABORT", "withdraw"])
def test_what_ends_ends_its_pause_with_it(bench: Bench, read: Callable[..., ImportReport], end: str) -> None:
    rest = STEP.replace('["step"]', '["step", "ate_abort", "pi_abort", "withdraw"]')
    ways = (("09:00", "start"), ("09:30", "suspend"), ("10:00", end))
    report = read(log_mapping(BEGUN, rest, PAUSE, pairs="{}"), *[told("a", when, how) for when, how in ways])

    assert [type(one) for one in bench.events("t1")[2:]] == [Suspended, Resumed, StepCompleted]
    assert (steps(bench), report.open_steps) == ([("a", "09:00", "10:00")], 0)


def test_what_ends_ends_all_its_pauses_but_none_of_what_goes_on(bench: Bench, read: Callable[..., ImportReport]) -> None:
    ways = (("09:00", "start"), ("09:30", "suspend"), ("09:40", "suspend"), ("10:00", "complete"))
    read(log_mapping(PAIRED, pairs="{}"), *[told("a", when, how) for when, how in ways])
    assert [type(one) for one in bench.events("t1")[2:]] == [Suspended, Suspended, Resumed, Resumed, StepCompleted]

    with open_desk("memory:", district="500000") as other:
        bench.engine = other
        ways = (("09:00", "start"), ("09:10", "start"), *ways[1:])
        read(log_mapping(PAIRED, pairs="{}"), *[told("a", when, how) for when, how in ways])
        assert sorted(type(one).__name__ for one in bench.events("t1")[2:]) == [
            "Resumed", "StepCompleted", "Suspended", "Suspended",
        ]  # fmt: skip


def test_other_transitions_are_events_of_one_instant_the_mapping_has_to_know(
    bench: Bench, read: Callable[..., ImportReport]
) -> None:
    events = told("a", "09:00", "Schedule"), told("a", "09:10", "complete")
    milestones = (RECEIVED + 'when = {"pair:kind" = ["step"]}\n', ACCEPTED + 'when = {"pair:kind" = ["step"]}\n')
    refused = read(log_mapping(*milestones, STEP, PAUSE, pairs="{}"), *events)
    taken = read(log_mapping(*milestones, STEP, PAUSE, IGNORED, pairs="{}"), *events)

    assert [one.reason for one in refused.rejected] == ["event at line 6: no fact of the mapping fits it"]
    assert (taken.ignored, steps(bench)) == (1, [("a", "09:10", "09:10")])


@pytest.mark.parametrize("how", ["resume", "unheard-of"])
def test_a_transition_nothing_began_for_is_not_passed_over(read: Callable[..., ImportReport], how: str) -> None:
    plain = RECEIVED + 'when = {"pair:kind" = ["step"]}\n' + ACCEPTED + 'when = {"pair:kind" = ["step"]}\n'
    (rejected,) = read(log_mapping(plain, STEP, PAUSE, pairs="{}"), told("a", "09:00", how)).rejected
    assert rejected.code is Flaw.NO_FACT


def test_an_end_before_its_beginning_rejects_the_case(read: Callable[..., ImportReport]) -> None:
    (rejected,) = read(log_mapping(PAIRED, pairs="{}"), told("a", "09:00", "start"), told("a", "08:00", "complete")).rejected
    assert "is before pair:start" in rejected.reason


def test_pairs_are_read_from_the_columns_the_mapping_names(bench: Bench, read: Callable[..., ImportReport]) -> None:
    pairs = '{transition = "way", activity = "what", instance = "n", at = "on"}'
    said = {"pairs": pairs, "dates": '["slashes"]', "nothing": '{n = ["-"]}'}
    events = [
        f'<event><string key="what" value="a"/><string key="way" value="{way}"/><string key="n" value="{n}"/>'
        f'<string key="on" value="2026/3/2 {on}"/></event>'
        for way, on, n in (("start", "9:00", "-"), ("complete", "10:00", ""))
    ]
    facts = (PAIRED.replace('"time:timestamp"', '"on"').replace('"concept:name"', '"what"'),)
    read(log_mapping(*facts, **said), *events)
    assert steps(bench) == [("a", "09:00", "10:00")]


@pytest.mark.parametrize(
    ("facts", "said", "message"),
    [
        (PAIRED, {}, "pair:end: stands for nothing where the mapping has no pairs"),
        (RECEIVED + ACCEPTED + PLAIN_STEP, {"pairs": "{}"}, "pairs: no fact of this mapping reads pair:start or pair:end"),
        (PAIRED, {"pairs": '{begin = "x"}'}, "pairs.begin: unknown key"),
        (RECEIVED.replace('take = "first"\n', ""), {}, "fact[0].scope: received is a fact of the case: take says whether"),
        (RECEIVED.replace('scope = "event"\n', ""), {}, "fact[0].take: a fact of the case has no event to be taken from"),
        (RECEIVED + "required = false\n", {}, "fact[0]: every case of the file is received"),
        (RECEIVED + ACCEPTED + PLAIN_STEP + 'take = "last"\n', {}, "fact[2].take: means nothing for step_completed"),
        (RECEIVED.replace("first", "middle"), {}, "fact[0].take: 'middle' is none of first, last"),
        (
            RECEIVED + ACCEPTED + CLOSED + 'outcome = "6"\n',
            {},
            "fact[2].outcome: '6' is none of certificate_issued (0 出证办结),",
        ),
        (RECEIVED + 'outcome = "other"\n', {}, "fact[0].outcome: means nothing for received"),
    ],
)
def test_a_mapping_of_events_that_is_unsound_is_refused(
    bench: Bench, facts: str, said: dict[str, str], message: str
) -> None:
    with pytest.raises(Fault) as caught:
        bench.mapping(log_mapping(facts, **said))
    assert str(caught.value).startswith(f"mapping.toml: {message}")


def test_pairs_need_events(bench: Bench) -> None:
    with pytest.raises(Fault, match="pairs: only events have a partner, and a row of this file is a case"):
        bench.mapping(
            mapping_text(
                "rows",
                '[[fact]]\nevent = "received"\nat = "pair:start"\n\n[[fact]]\nevent = "accepted"\nat = "in"',
                pairs="{}",
            )
        )


# --- Milestones events say ---


def test_receipt_and_closing_are_the_first_and_the_last_event_by_their_instants(
    bench: Bench, read: Callable[..., ImportReport]
) -> None:
    events = told("b", "10:00"), told("a", "09:00"), told("d", "17:00"), told("c", "11:00")
    report = read(log_mapping(RECEIVED, ACCEPTED, CLOSED, PLAIN_STEP), *events)

    facts = bench.events("t1")
    assert [type(one) for one in facts] == [CaseReceived, CaseAccepted, *[StepCompleted] * 4, CaseClosed]
    assert (f"{facts[0].at:%H:%M}", f"{facts[1].at:%H:%M}", f"{facts[-1].at:%H:%M}") == ("09:00", "09:00", "17:00")
    assert (report.source_events, report.ignored) == (4, 0)


def test_a_milestone_is_the_activity_the_mapping_names(bench: Bench, read: Callable[..., ImportReport]) -> None:
    named = {"received": "hand in", "accepted": "accept", "closed": "hand out"}
    facts = [
        f'{fact}when = {{"concept:name" = ["{named[event]}"]}}\nby = {{from = "org:resource"}}\n'
        for event, fact in (("received", RECEIVED), ("accepted", ACCEPTED), ("closed", CLOSED))
    ]
    facts.append(PLAIN_STEP + f'unless = {{"concept:name" = {list(named.values())}}}\n'.replace("'", '"'))
    who = {"org:resource": "li"}
    events = [told(name, when, **who) for name, when in (("hand in", "09:00"), ("look", "09:30"), ("accept", "10:00"))]
    events += [
        told("hand in", "10:30", **who),
        told("hand out", "11:00", **who),
        told("hand out", "12:00", **{"org:resource": "xu"}),
    ]
    report = read(log_mapping(*facts), *events)

    facts_made = [(type(one), f"{one.at:%H:%M}", one.by) for one in bench.events("t1")]
    assert facts_made == [
        (CaseReceived, "09:00", "li"),
        (StepCompleted, "09:30", "clerk"),
        (CaseAccepted, "10:00", "li"),
        (CaseClosed, "12:00", "xu"),
    ]
    assert (report.source_events, report.ignored) == (6, 2)  # the second receipt, the first closing


def test_a_case_whose_events_do_not_say_a_needed_milestone_is_rejected(read: Callable[..., ImportReport]) -> None:
    mapping = log_mapping(RECEIVED + 'when = {"concept:name" = ["hand in"]}\n', ACCEPTED, PLAIN_STEP)
    for events in ((), (told("look", "09:00"),)):
        (rejected,) = read(mapping, *events).rejected
        assert (rejected.code, rejected.case) == (Flaw.MISSING_FIELD, "t1")
        assert "no event says when the case was received" in rejected.reason


def test_a_case_no_event_closes_stays_open(bench: Bench, read: Callable[..., ImportReport]) -> None:
    closed = CLOSED + 'when = {"concept:name" = ["hand out"]}\n'
    read(log_mapping(RECEIVED, ACCEPTED, closed, PLAIN_STEP), told("look", "09:00"))
    assert bench.engine.file("t1").closed_at is None


# --- Limits and outcomes cases say ---

ROWS: Final = '[[fact]]\nevent = "received"\nat = "in"\n\n[[fact]]\nevent = "accepted"\nat = "in"\n'
READ_LIMIT: Final = (
    "{limit = {amount = {from = 'limit', pattern = '^([0-9]+)'}, "
    "unit = {from = 'limit', pattern = '([^0-9]+)$', "
    "words = {'个工作日' = 'working_day', '天' = 'natural_day', '小时' = 'hour'}}}}"
)


@pytest.mark.parametrize(
    ("cell", "limit"),
    [
        ("20个工作日", Limit.working_days(20)),
        ("7天", Limit.natural_days(7)),
        ("4小时", Limit.hours(4)),
        ("0小时", Limit.hours(0)),
    ],
)
def test_a_limit_is_read_from_a_column(bench: Bench, cell: str, limit: Limit) -> None:
    mapping = mapping_text(
        "own", ROWS, promise=READ_LIMIT, statutory='{limit = {amount = {from = "law"}, unit = "working_day"}}'
    )
    bench.cases(f"A-1,2026-03-02,{cell},20", header="id,in,limit,law", mapping=mapping)
    accepted = bench.events("A-1")[1]
    assert (accepted.promised, accepted.statutory) == (limit, Limit.working_days(20))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "promise.amount: empty"),
        ("十天", "promise.amount: '十天' fits no pattern or word of the mapping"),
        ("5年", "promise.unit: '5年' fits no pattern or word of the mapping"),
        ("9999999天", "promise.amount: '9999999' is no whole number"),
    ],
)
def test_a_limit_that_cannot_be_read_rejects_the_case(bench: Bench, cell: str, reason: str) -> None:
    mapping = mapping_text("own", ROWS, promise=READ_LIMIT)
    (rejected,) = bench.cases(f"A-1,2026-03-02,{cell}", header="id,in,limit", mapping=mapping).rejected
    assert rejected.reason == reason


def outcomes(said: str) -> str:
    return mapping_text(
        "own", ROWS, f'[[fact]]\nevent = "closed"\nat = "out"\noutcome = {said}\nreason = {{from = "why"}}\n'
    )


@pytest.mark.parametrize(
    ("said", "cell", "outcome"),
    [
        ("{from = 'how', words = {'准予' = 'certificate_issued', '退件' = 'returned'}}", "准予", Outcome.CERTIFICATE_ISSUED),
        ("{from = 'how', words = {'准予' = 'certificate_issued', '退件' = '退回办结'}}", "退件", Outcome.RETURNED),
        ("{from = 'how'}", "转报办结", Outcome.FORWARDED),
        ("{from = 'how'}", "", Outcome.OTHER),
        ("{from = 'how', default = 'correction_not_supplied'}", "", Outcome.CORRECTION_NOT_SUPPLIED),
        ("'returned'", "x", Outcome.RETURNED),
    ],
)
def test_an_outcome_is_read_from_a_column_by_name_or_by_word(bench: Bench, said: str, cell: str, outcome: Outcome) -> None:
    bench.cases(f"A-1,2026-03-02,2026-03-03,{cell},because", header="id,in,out,how,why", mapping=outcomes(said))
    closed = bench.events("A-1")[-1]
    assert (type(closed), closed.outcome, closed.reason) == (CaseClosed, outcome, "because")


def test_an_outcome_that_voids_a_record_voids_it_and_needs_a_reason(bench: Bench) -> None:
    rows = "A-1,2026-03-02,2026-03-03,删除办结,typed twice", "A-2,2026-03-02,2026-03-03,voided,"
    report = bench.cases(*rows, header="id,in,out,how,why", mapping=outcomes("{from = 'how'}"))

    voided = bench.events("A-1")[-1]
    assert (type(voided), voided.outcome, voided.reason) == (CaseVoided, Outcome.DELETED, "typed twice")
    assert [(one.case, one.reason) for one in report.rejected] == [("A-2", "reason: empty")]


@pytest.mark.parametrize("cell", ["6", "1", "办结了", "CLOSED"])
def test_a_number_or_another_word_is_no_outcome(bench: Bench, cell: str) -> None:
    row = f"A-1,2026-03-02,2026-03-03,{cell},why"
    (rejected,) = bench.cases(row, header="id,in,out,how,why", mapping=outcomes("{from = 'how'}")).rejected
    assert rejected.code is Flaw.UNKNOWN_WORD
    assert "is none of certificate_issued (0 出证办结), returned (1 退回办结)," in rejected.reason


# --- A log of any size ---


def test_attributes_behind_the_events_of_a_trace_are_named_not_half_read(bench: Bench) -> None:
    late = f'<trace><string key="concept:name" value="t1"/>{told("a", "09:00")}<string key="way" value="x"/></trace>'
    sound = f'<trace><string key="concept:name" value="t2"/>{told("a", "09:00")}</trace>'
    report = bench.log(late, sound, mapping=log_mapping(RECEIVED, ACCEPTED, PLAIN_STEP))

    assert report.recorded == 1
    assert [(one.case, one.reason) for one in report.rejected] == [
        ("t1", "way stands behind the events of the trace, XES has it before them")
    ]


IMPORT: Final = """
import sys
from adapters.importing import import_file, load_mapping
from adapters.testing.opened import open_desk
with open_desk("sqlite:///" + sys.argv[3], district="500000") as engine:
    report = import_file(engine, load_mapping(sys.argv[1]), sys.argv[2])
    print(report.events)
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(folder: Path, cases: int, events: int) -> tuple[int, int]:
    """Facts written, and MiB at the most, of a log of so many cases of so many events."""
    whole = [told(f"step {n}", f"{n // 60 % 24:02}:{n % 60:02}") for n in range(events)]
    traces = (f'<trace><string key="concept:name" value="t{n}"/>{"".join(whole)}</trace>' for n in range(cases))
    (folder / "log.xes").write_text(xes(*traces), encoding="utf-8")
    (folder / "log.toml").write_text(log_mapping(RECEIVED, ACCEPTED, PLAIN_STEP), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, folder / "log.toml", folder / "log.xes", folder / f"{cases}.db"]
    facts, size = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(facts), int(size)


@pytest.mark.slow
def test_cases_of_many_events_need_no_more_memory_than_cases_of_few(tmp_path: Path) -> None:
    few, many = peak(tmp_path, 900, 10), peak(tmp_path, 250, 131)
    assert (few[0], many[0]) == (900 * 12, 250 * 133)
    assert many[1] < few[1] + 60, f"{many[1]} MiB for {many[0]} facts, {few[1]} MiB for {few[0]}"
