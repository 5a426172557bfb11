"""Histories made up at random: facts of every kind of stream, in any order."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from adapters.calendar_toml import NATIONAL
from casecore import (
    BoxDeposit,
    CaseAccepted,
    CaseClosed,
    CaseReceived,
    ExtensionApproved,
    Limit,
    PackageAccepted,
    PackageClosed,
    PackageOpened,
    Resumed,
    Suspended,
)
from casecore.kind import Kind
from casecore.kinds import CASE, DROP_BOX, PACKAGE, VISIT
from casecore.package.facts.opening import PlannedCase
from support.sampling import AnyValues
from support.story import CLERK, HERE

__all__ = ["BOXES", "HISTORIES", "NAMES", "PACKAGES", "VISITS", "whatever"]

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
PLAIN: Final[dict[type, st.SearchStrategy[Any]]] = {
    str: NAMES,
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


LIKELY: Final = AnyValues(PLAIN, BY_FIELD)
ANY_FACT: Final = LIKELY.one_of(CASE.facts)
HISTORIES: Final = st.lists(ANY_FACT, max_size=14) | st.tuples(
    LIKELY.of(CaseReceived),
    LIKELY.of(CaseAccepted),
    st.lists(LIKELY.of(Suspended) | LIKELY.of(Resumed) | LIKELY.of(ExtensionApproved) | ANY_FACT, max_size=8),
    st.lists(LIKELY.of(CaseClosed), max_size=1),
).map(lambda parts: [parts[0], parts[1], *parts[2], *parts[3]])
"""Of a case."""

PACKAGES: Final = st.lists(LIKELY.one_of(PACKAGE.facts), min_size=1, max_size=14) | st.tuples(
    LIKELY.of(PackageOpened),
    LIKELY.of(PackageAccepted),
    st.lists(LIKELY.one_of(PACKAGE.facts), max_size=12),
    st.lists(LIKELY.of(PackageClosed), max_size=1),
).map(lambda parts: [parts[0], parts[1], *parts[2], *parts[3]])
"""Of a package."""

BOXES: Final = st.lists(LIKELY.one_of(DROP_BOX.facts), min_size=1, max_size=10)
"""Of a drop box."""

VISITS: Final = st.lists(LIKELY.one_of(VISIT.facts), min_size=1, max_size=8)
"""Of a visit."""

WORDS: Final = st.sampled_from(["", "a", "b", "fire", "S1", "EMS1", "C1", CLERK])
WHATEVER: Final = AnyValues(
    {
        str: WORDS,
        int: st.integers(-(2**53), 2**53),
        bool: st.booleans(),
        date: st.dates(),
        datetime: st.integers(0, 20_000).map(lambda minutes: datetime(2026, 3, 2, tzinfo=HERE) + timedelta(minutes=minutes)),
        Limit: st.one_of(
            st.integers(0, 60).map(Limit.working_days),
            st.integers(0, 60).map(Limit.natural_days),
            st.integers(0, 60).map(Limit.hours),
            st.dates().map(Limit.fixed),
        ),
    }
)


def whatever(kind: Kind[Any]) -> st.SearchStrategy[list[Any]]:
    """Any facts of a kind of stream in any order, however little sense they make."""
    return st.lists(WHATEVER.one_of(kind.facts), max_size=12)
