"""A long history is folded in proportion to its length, and to the very file that folding it fact by fact gives."""

# ruff: noqa: T201 - the figures are to be seen
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import count, islice
from typing import Any, Final

import pytest
from hypothesis import given
from support.made_up import whatever
from support.sampling import Samples
from support.story import HERE

from adapters.folding import fold_history
from adapters.walking import undisturbed
from casecore import BoxDeposited, CaseServed, Envelope, Limit, MaterialShared, Recorded, SiteAdopted, StepCompleted, kinds
from casecore.fact import Fact
from casecore.growing import LONG, frozen, grown, thawed
from casecore.kind import Kind
from casecore.kinds import FACTS, KINDS, fold_stream, kind_of

LOOKS_FOR_ONE: Final = {"CertificateReissued", "DepartmentAdded"}
"""Facts that look for one among all those of their sort: a case has a few of them."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_history_folded_at_once_is_the_file_it_is_fact_by_fact(kind: Kind[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "LONG", 2)

    @given(whatever(kind))
    def told(facts: list[Any]) -> None:
        file = kind.fold(facts) if facts else None
        assert_same(fold_stream(facts), file)
        for first in range(1, len(facts)):
            assert_same(fold_stream(facts[first:], fold_stream(facts[:first])), file)

    told()


def assert_same(found: Any, expected: Any) -> None:
    assert found == expected
    assert repr(found) == repr(expected), "tuples again, wherever they lie"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_history_of_thousands_is_the_file_it_is_fact_by_fact(kind: Kind[Any]) -> None:
    facts = [one for fact in kind.facts for one in islice(several(fact), 2 * LONG // len(kind.facts) + 1)]
    file = kind.fold(facts)
    assert_same(fold_stream(facts), file)
    at = facts[0].at
    entries = [Recorded("510107", n, at, Envelope("S", n, one)) for n, one in enumerate(facts, 1)]
    assert_same(fold_history(entries), file)


# --- what grows ---


def test_two_that_add_to_the_same_see_nothing_of_each_other() -> None:
    common = grown(thawed((("a",),))[0], "b")  # type: ignore[arg-type]
    one, other = grown(common, "c"), grown(common, "d")
    assert [*one], [*other] == (["a", "b", "c"], ["a", "b", "d"])
    assert ("d" in one, "c" in other, "c" in common) == (False, False, False)
    assert grown(one, "d")[-2:] == ("c", "d")
    assert [*common] == ["a", "b"]


def test_one_that_grows_is_read_as_the_tuple_it_becomes() -> None:
    plain = ("a", "b", "a", "c")
    ((growing,),) = (thawed((plain,)),)
    assert frozen((growing,)) == (plain,)
    assert (growing, hash(growing), len(growing)) == (plain, hash(plain), 4)
    assert [*reversed(growing)] == [*reversed(plain)]
    assert [growing[n] for n in range(-4, 4)] == [plain[n] for n in range(-4, 4)]
    assert (growing[1:], growing[::-2], growing[-3:9]) == (plain[1:], plain[::-2], plain[-3:9])
    assert (growing + ("d",), ("z",) + growing, (*growing,)) == ((*plain, "d"), ("z", *plain), plain)  # noqa: RUF005
    assert ((*growing, "d"), ("d", *growing)) == ((*plain, "d"), ("d", *plain))
    assert ("a" in growing, "d" in growing, growing.count("a"), growing.index("c")) == (True, False, 2, 3)
    for beyond in (4, -5):
        with pytest.raises(IndexError):
            growing[beyond]


# --- in proportion ---


def several(fact: type[Fact]) -> Iterator[Any]:
    """Facts of a class, each about something else, and all of one instant: none is told late."""
    at = datetime(2026, 3, 2, 9, tzinfo=HERE)
    for n in count():
        plain = {
            str: lambda name, n=n: f"{name}-{n}",
            int: lambda _: 1,
            bool: lambda _: True,
            datetime: lambda _: at,
            date: lambda _: at.date(),
            Limit: lambda _: Limit.working_days(5),
        }
        yield Samples(plain).full(fact)


def calls(file: Any, fact: Fact) -> int:
    """How often Python calls, or resumes, anything as one more fact is folded."""
    counted = 0

    def counts(_: Any, event: str, __: Any) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(counts)
    try:
        kind_of(fact).evolve(file, fact)
    finally:
        sys.setprofile(before)
    return counted


def parts(file: Any) -> list[Any]:
    held = [*file]
    return held + [part for one in held if hasattr(one, "_fields") for part in one]


def grows_with_the_history(fact: type[Fact]) -> bool:
    """Whether one more fact costs what there are of them: a tuple is copied, or each of them is looked at."""
    kind, told = kind_of(next(several(fact))), several(fact)
    short = thawed(fold_stream(islice(told, LONG)))
    long = thawed(fold_stream(islice(told, LONG), short))
    more = next(told)
    after = kind.evolve(kind.evolve(long, more), next(told))
    known = {id(part) for part in parts(long)}
    copied = [part for part in parts(after) if type(part) is tuple and len(part) >= LONG and id(part) not in known]
    return bool(copied) or calls(long, more) > calls(short, more) + LONG // 2


def test_one_more_fact_costs_no_more_however_many_there_are() -> None:
    assert {fact.__name__ for fact in FACTS if grows_with_the_history(fact)} == LOOKS_FOR_ONE


SOME: Final = 12_000
"""Enough to see it by: one by one, 40,000 take minutes."""


@pytest.mark.torture
@pytest.mark.parametrize(
    "fact", [StepCompleted, MaterialShared, BoxDeposited, CaseServed, SiteAdopted], ids=lambda fact: fact.__name__
)
def test_twice_as_many_facts_take_twice_as_long(fact: type[Fact]) -> None:
    facts = [*islice(several(fact), 40_000)]
    at_once, one_by_one = ratio(fold_stream, facts), ratio(kind_of(facts[0]).fold, facts[:SOME])
    print(
        f"{fact.__name__}: 40,000 at once take {at_once:.2f} times the CPU of 20,000; one by one, {SOME} of {SOME // 2}"
        f" {one_by_one:.2f} times"
    )
    assert at_once < 3 < one_by_one, "the control: copied with every fact it is four times, or more where memory is far"


def ratio(fold: Callable[[Sequence[Any]], Any], facts: Sequence[Any]) -> float:
    """How much longer all of the facts take than half of them, each the least of three."""
    with undisturbed():
        whole, half = (min(seconds(fold, some) for _ in range(3)) for some in (facts, facts[: len(facts) // 2]))
    return whole / half


def seconds(fold: Callable[[Sequence[Any]], Any], facts: Sequence[Any]) -> float:
    began = time.process_time()
    fold(facts)
    return time.process_time() - began
