"""Histories made up at random: facts of every kind of stream, in any order."""

from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from casecore.drop_box.facts import DropBoxEvent
from casecore.package.facts import PackageEvent
from casecore.package.facts.opening import PlannedCase
from hypothesis import strategies as st
from story import HERE

from adapters.calendar_toml import NATIONAL
from casecore import (
    BoxDeposit,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseReceived,
    ExtensionApproved,
    Limit,
    PackageAccepted,
    PackageClosed,
    PackageOpened,
    Resumed,
    Suspended,
)

__all__ = ["BOXES", "HISTORIES", "NAMES", "PACKAGES"]

NAMES: Final = st.sampled_from(("A", "B", "C"))
"""Few enough names that references (steps, suspensions, consignments) often hit."""
INSTANTS: Final = st.datetimes(datetime(2017, 1, 1), datetime(2026, 12, 31), timezones=st.just(HERE))  # noqa: DTZ001
DAYS: Final = st.integers(0, 60)
LIMITS: Final = st.one_of(
    st.builds(Limit.working_days, DAYS),
    st.builds(Limit.natural_days, DAYS),
    st.builds(Limit.hours, st.integers(0, 20)),
    st.builds(Limit.fixed, st.dates(date(2017, 1, 1), date(2026, 12, 31))),
)
BY_FIELD: Final[dict[str, st.SearchStrategy[Any]]] = {
    "effective_on": st.dates(date(2017, 1, 1), date(2026, 12, 31)),
    "declared_days": DAYS,
    "days": DAYS,
    "calendar": st.just(NATIONAL),
    "plan": st.just(()),
    "answers": st.just(()),
    "form": st.just(()),
}
BY_TYPE: Final[dict[type, st.SearchStrategy[Any]]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(0, 5),
    datetime: INSTANTS,
    date: st.dates(date(2017, 1, 1), date(2026, 12, 31)),
    Limit: LIMITS,
    BoxDeposit: st.builds(BoxDeposit, case=NAMES, deposit=NAMES),
    PlannedCase: st.builds(
        PlannedCase,
        case=NAMES,
        item=NAMES,
        subject=st.none() | NAMES,
        after=st.lists(NAMES, max_size=1).map(tuple),
        conditional_on=st.lists(NAMES, max_size=1).map(tuple),
    ),
}


def _any_of(kind: Any, name: str) -> st.SearchStrategy[Any]:
    """Some value of a field's type."""
    if get_origin(kind) is UnionType:
        return st.one_of([_any_of(part, name) for part in get_args(kind)])
    if kind is not NoneType and name in BY_FIELD:
        return BY_FIELD[name]
    if get_origin(kind) is tuple:
        return st.lists(_any_of(get_args(kind)[0], ""), max_size=3).map(tuple)
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    assert kind is str
    return NAMES


def _facts_of(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _any_of(hints[field.name], field.name) for field in fields(kind)})


def _any_fact(kinds: Any) -> st.SearchStrategy[Any]:
    return st.one_of([_facts_of(kind) for kind in get_args(kinds)])


ANY_FACT: Final = _any_fact(CaseEvent)
HISTORIES: Final = st.lists(ANY_FACT, max_size=14) | st.tuples(
    _facts_of(CaseReceived),
    _facts_of(CaseAccepted),
    st.lists(_facts_of(Suspended) | _facts_of(Resumed) | _facts_of(ExtensionApproved) | ANY_FACT, max_size=8),
    st.lists(_facts_of(CaseClosed), max_size=1),
).map(lambda parts: [parts[0], parts[1], *parts[2], *parts[3]])
"""Of a case."""

PACKAGES: Final = st.lists(_any_fact(PackageEvent), min_size=1, max_size=14) | st.tuples(
    _facts_of(PackageOpened),
    _facts_of(PackageAccepted),
    st.lists(_any_fact(PackageEvent), max_size=12),
    st.lists(_facts_of(PackageClosed), max_size=1),
).map(lambda parts: [parts[0], parts[1], *parts[2], *parts[3]])
"""Of a package."""

BOXES: Final = st.lists(_any_fact(DropBoxEvent), min_size=1, max_size=10)
"""Of a drop box."""
