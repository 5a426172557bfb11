"""Packages and drop boxes whatever happens to them: any facts fold, a package closes once and when all is over."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_up import whatever
from support.registers import FINISHED, SHOP, WORLD, collected, deposited, opened, package_closed
from support.story import CASE, NOW, OFFICER, PACKAGE, ask, day, moment

from casecore import (
    BoxCollected,
    CollectBox,
    ConditionFailed,
    ConditionMet,
    Decision,
    MaterialShared,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberStarted,
    MemberState,
    Outcome,
    PackageAccepted,
    PackageCardIssued,
    PackageCardRevoked,
    PackageClosed,
    PackageEvent,
    PackageExtended,
    PackageFile,
    PackageStage,
    Refused,
    Stage,
    clocks_of_package,
)
from casecore.command import Command
from casecore.drop_box.acts import NoteDeposit
from casecore.kind import Kind
from casecore.kinds import DROP_BOX, advance, decide, fold_stream
from casecore.kinds import PACKAGE as PACKAGES
from casecore.package.acts.members import NoteAcceptance, NoteDecision, NoteEnd, NoteResumption, NoteSuspension
from casecore.package.facts.opening import PlannedCase
from casecore.reading.joint_review import joint_review
from casecore.recorded import Event

BEGINS: Final = moment("03-02 09:00")
MOST: Final = 6

# any facts in any order


@pytest.mark.parametrize("kind", [PACKAGES, DROP_BOX], ids=lambda kind: kind.name)
@given(choice=st.data())
@settings(deadline=None)
def test_any_facts_in_any_order_fold_into_a_file(kind: Kind, choice: st.DataObject) -> None:
    file: Any = kind.new
    for version, event in enumerate(choice.draw(whatever(kind)), 1):
        before = file
        file = kind.evolve(file, event)
        assert kind.evolve(before, event) == file
        assert file.version == version


@given(st.permutations([*FINISHED, opened("03-02 10:00"), package_closed("03-13 09:00")]))
@settings(deadline=None)
def test_what_a_package_is_asked_it_answers_in_whatever_order_it_was_told(facts: Sequence[PackageEvent]) -> None:
    file = fold_stream(facts)

    assert isinstance(file, PackageFile)
    assert file.version == len(facts)
    assert len(file.members) == len(FINISHED[0].cases)
    for clock in clocks_of_package(file):
        assert clock.read(WORLD.calendar, NOW).used >= 0
    assert joint_review(file, WORLD.calendar) is None or file.closing is not None


# through the rules


class Step(NamedTuple):
    """Something happens to one of the cases."""

    what: type
    number: int
    granted: bool
    voided: bool


def plans(most: int = MOST) -> st.SearchStrategy[tuple[PlannedCase, ...]]:
    """A package of some cases, each waiting for some others, or closed on condition of them; told in any order."""

    def plan(waits: list[list[int]]) -> tuple[PlannedCase, ...]:
        return tuple(
            PlannedCase(
                case=f"{PACKAGE}-{n}",
                item=SHOP,
                after=tuple(f"{PACKAGE}-{before}" for before, how in enumerate(hows[:n]) if how == 1),
                conditional_on=tuple(f"{PACKAGE}-{before}" for before, how in enumerate(hows[:n]) if how == 2),
            )
            for n, hows in enumerate(waits)
        )

    ways = st.lists(st.sampled_from([0, 1, 2]), min_size=most, max_size=most)
    return st.lists(ways, min_size=1, max_size=most).map(plan).flatmap(st.permutations).map(tuple)


STEPS: Final = st.lists(
    st.builds(
        Step,
        st.sampled_from([NoteAcceptance, NoteDecision, *[NoteEnd] * 4, NoteSuspension, NoteResumption]),
        st.integers(0, MOST - 1),
        st.sampled_from([True, True, False]),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=4,
    max_size=20,
)


class Life:
    """A package from its opening on, with everything its rules have made of what happened to its cases."""

    def __init__(self, plan: tuple[PlannedCase, ...]) -> None:
        self.told: list[Event] = [opened(cases=plan)]
        self.file = self.folded()

    def folded(self) -> PackageFile:
        """The whole history, folded anew."""
        file = fold_stream(self.told)
        assert isinstance(file, PackageFile)
        return file

    def meets(self, command: Command) -> tuple[Event, ...]:
        """What a command makes; none of those that follow is ever refused."""
        decided = PACKAGES.decide(self.file, command, NOW, WORLD)
        assert not isinstance(decided, Refused), decided
        self.file = PACKAGES.fold(decided.facts, self.file)
        self.told += decided.facts
        assert decided.file == self.file
        return decided.facts

    def step(self, step: Step) -> None:
        """Something happens to a case that was opened; to one that waits nothing can."""
        member = self.file.members[step.number % len(self.file.members)]
        if member.state in (MemberState.WAITING, MemberState.DROPPED):
            return
        at = f"{BEGINS + timedelta(hours=len(self.told)):%m-%d %H:%M}"
        case = member.plan.case
        match step.what.__name__:
            case "NoteAcceptance":
                self.meets(ask(NoteAcceptance, at, case=case, effective_on=day("03-03")))
            case "NoteDecision":
                self.meets(ask(NoteDecision, at, case=case, decision=Decision.GRANTED))
            case "NoteSuspension":
                self.meets(ask(NoteSuspension, at, case=case, suspension="S1", declared_days=3))
            case "NoteResumption":
                self.meets(ask(NoteResumption, at, case=case, suspension="S1"))
            case _:
                self.ends(case, at, step)

    def ends(self, case: str, at: str, step: Step) -> None:
        """A case comes to its end; what has ended may be voided afterwards."""
        granted = step.granted and not step.voided
        stage = Stage.VOIDED if step.voided else Stage.CLOSED
        outcome = Outcome.CERTIFICATE_ISSUED if granted else Outcome.VOIDED if step.voided else Outcome.RETURNED
        self.meets(ask(NoteEnd, at, case=case, stage=stage, outcome=outcome, granted=granted))

    def all_of(self, kind: type) -> list[Any]:
        """Every fact of a kind."""
        return [event for event in self.told if isinstance(event, kind)]


def end_of(told: Sequence[Event], case: str) -> MemberEnded | MemberDropped | None:
    """How a case ended so far, the last that was told of it."""
    return next((e for e in reversed(told) if isinstance(e, MemberEnded | MemberDropped) and e.case == case), None)


def nothing(told: Sequence[Event], case: str) -> bool:
    """Whether a case came to nothing, read off the facts alone: not granted, never opened, or its condition failed."""
    end = end_of(told, case)
    lost = any(isinstance(event, ConditionFailed) and event.case == case for event in told)
    return lost or isinstance(end, MemberDropped) or (end is not None and not end.granted)


def over(plan: tuple[PlannedCase, ...], told: Sequence[Event], case: str) -> bool:
    """Whether nothing is to come of a case, read off the facts alone: it and what it was closed on have ended.

    Of one that has ended and come to nothing no condition is open.
    """
    end = end_of(told, case)
    if end is None or nothing(told, case):
        return end is not None
    (own,) = (one for one in plan if one.case == case)
    return all(over(plan, told, before) for before in own.conditional_on)


@pytest.mark.slow
@given(plan=plans(), steps=STEPS)
@settings(deadline=None, max_examples=300)
def test_a_package_closes_at_most_once_and_only_when_all_its_cases_are_over(
    plan: tuple[PlannedCase, ...], steps: list[Step]
) -> None:
    life = Life(plan)
    for step in steps:
        before = life.file
        life.step(step)
        closed = life.file.stage is PackageStage.CLOSED
        if closed and before.stage is not PackageStage.CLOSED:
            (closing,) = life.all_of(PackageClosed)
            assert closing.granted == sum(member.granted for member in life.file.members)
            assert closing.granted + closing.failed == len(plan)
        assert closed == all(over(plan, life.told, one.case) for one in plan), "closed when all is over, and no sooner"

    assert len(life.all_of(PackageClosed)) <= 1
    assert len(life.all_of(PackageAccepted)) <= 1
    assert life.file == life.folded()


@pytest.mark.slow
@given(plan=plans(), steps=STEPS, yes=st.lists(st.booleans(), min_size=MOST, max_size=MOST))
@settings(deadline=None, max_examples=300)
def test_a_package_whose_open_cases_all_end_is_closed_with_none_lost(
    plan: tuple[PlannedCase, ...], steps: list[Step], yes: list[bool]
) -> None:
    life = Life(plan)
    for step in steps:
        life.step(step)
    while running := [n for n, one in enumerate(life.file.members) if one.state is MemberState.RUNNING]:
        life.step(Step(NoteEnd, running[-1], yes[running[-1]], voided=False))

    assert life.file.stage is PackageStage.CLOSED
    accounted = {event.case for event in life.told if isinstance(event, MemberEnded | MemberDropped)}
    assert accounted == {one.case for one in plan}
    assert not {event.case for event in life.all_of(MemberDropped)} & {event.case for event in life.all_of(MemberStarted)}
    for fact in (MemberAccepted, MemberStarted, MemberDropped, ConditionMet, ConditionFailed):
        told = [event.case for event in life.all_of(fact)]
        assert len(set(told)) == len(told), f"{fact.__name__} twice"


@pytest.mark.slow
@given(plan=plans(), steps=STEPS)
@settings(deadline=None, max_examples=300)
def test_nothing_is_opened_before_what_it_waits_for_was_granted_on_no_condition_any_more(
    plan: tuple[PlannedCase, ...], steps: list[Step]
) -> None:
    waits = {one.case: one.after for one in plan}
    life = Life(plan)
    for step in steps:
        life.step(step)

    for number, event in enumerate(life.told):
        if isinstance(event, MemberStarted):
            for before in waits[event.case]:
                end = end_of(life.told[:number], before)
                assert isinstance(end, MemberEnded)
                assert end.granted
                assert over(plan, life.told[:number], before)
                assert not nothing(life.told[:number], before)


@pytest.mark.slow
@given(plan=plans(), steps=STEPS)
@settings(deadline=None, max_examples=300)
def test_no_case_runs_waits_or_stands_open_on_what_came_to_nothing_and_none_stops_for_less(
    plan: tuple[PlannedCase, ...], steps: list[Step]
) -> None:
    life = Life(plan)
    for step in steps:
        life.step(step)
        for member in life.file.members:
            own, rests_on = member.plan.case, (*member.plan.after, *member.plan.conditional_on)
            fallen = {before for before in rests_on if nothing(life.told, before)}
            stopped = [e for e in life.told if isinstance(e, ConditionFailed | MemberDropped) and e.case == own]
            assert len(stopped) <= 1, "told once"
            if stopped:
                assert stopped[0].prerequisite in fallen
                assert not member.granted
                assert not member.pending
            elif member.state is MemberState.RUNNING:
                assert not fallen.intersection(member.plan.conditional_on)
            else:
                assert not fallen.intersection(rests_on if member.state is MemberState.WAITING else member.pending)


@pytest.mark.slow
def test_the_histories_drawn_here_hold_every_fact_that_follows_from_cases() -> None:
    """The control: what is never drawn is never tested."""
    seen: set[type] = set()

    @given(plan=plans(), steps=STEPS)
    @settings(deadline=None, max_examples=500, derandomize=True, database=None)
    def lived(plan: tuple[PlannedCase, ...], steps: list[Step]) -> None:
        life = Life(plan)
        for step in steps:
            life.step(step)
        seen.update(map(type, life.told))

    lived()

    of_their_own = {MaterialShared, PackageExtended, PackageCardIssued, PackageCardRevoked}  # a command's, or time's
    assert seen == set(PACKAGES.facts) - of_their_own


# drop boxes


@given(acts=st.lists(st.one_of(st.just("deposit"), st.integers(0, 6).map(lambda ago: ago)), max_size=20))
@settings(deadline=None)
def test_whatever_lay_in_a_box_is_taken_out_once_and_nothing_else_is(acts: list[Any]) -> None:
    file: Any = None
    told: list[Event] = []
    for hour, act in enumerate(acts):
        now = BEGINS + timedelta(hours=hour)
        if act == "deposit":
            command: Command = ask(NoteDeposit, f"{now:%m-%d %H:%M}", case=CASE, deposit=f"D{hour}")
        else:  # told late by so many hours
            command = ask(CollectBox, f"{now - timedelta(hours=act):%m-%d %H:%M}", by=OFFICER)
        ruling = decide(file, command, NOW, WORLD)
        assert not isinstance(ruling, Refused)
        for event in ruling:
            file = advance(file, event)
            told.append(event)

    put_in = [event.deposit for event in told if not isinstance(event, BoxCollected)]
    taken = [one.deposit for event in told if isinstance(event, BoxCollected) for one in event.deposits]
    left = [] if file is None else [one.deposit for one in file.inside]
    assert sorted([*taken, *left]) == sorted(put_in)
    assert sum(one.collected for one in (() if file is None else file.days)) == len(taken)


def test_a_deposit_that_was_put_in_after_the_box_was_emptied_waits_for_the_next_time() -> None:
    first, second = deposited("03-02 20:00"), deposited("03-03 10:00", "D2")
    file: Any = fold_stream([first, second, collected("03-03 09:00", first)])

    assert [one.deposit for one in file.inside] == ["D2"]
    assert file.on(day("03-03")).longest_wait_minutes == 13 * 60
