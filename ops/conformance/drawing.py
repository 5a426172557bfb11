"""Drawing clock vectors at random, the same from the same seed: cases of every kind, answered by the day walker.

Most acts are dated near what decides about them (acceptance, the deadline, the end), a day on either side of it: a rule
that is off by one shows there and nowhere else.
"""

from collections.abc import Container, Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from casecore.calendar import WorkCalendar
from ops.conformance.lines import Vector
from ops.conformance.walker import Extension, Procedure, WalkedCase, WalkedTooFarError, nth_working, walk

__all__ = ["draw_vectors", "working_days"]

_LIMITS: Final = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60)
_DECLARED: Final = (1, 3, 5, 10, 15, 20, 30)
_EXTENSIONS: Final = (5, 10, 15)
_HOW_MANY_PROCEDURES: Final = (0, 0, 1, 1, 1, 2, 2, 3)
_NEAR: Final = (-1, 0, 1)


def working_days(calendar: WorkCalendar) -> frozenset[date]:
    """The covered working days of a calendar as a plain set: all the walker is told of it."""
    first, last = calendar.covers
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(day for day in days if calendar.is_working(day))


def draw_vectors(seed: int | str, count: int, working: Container[date], covers: tuple[date, date]) -> Iterator[Vector]:
    """Draw so many cases whose every date, the due date too, is covered."""
    rng = Random(seed)  # noqa: S311 - examples, not secrets
    for _ in range(count):
        yield _draw_vector(rng, working, covers)


def _draw_vector(rng: Random, working: Container[date], covers: tuple[date, date]) -> Vector:
    first, last = covers
    while True:  # until one fits: a case at once without any act fits into every calendar
        try:
            case = _draw_case(rng, working, covers)
            answer = walk(case, working, last)
            if rng.random() < 0.3:  # noqa: PLR2004 - the question falls at the deadline
                case = _ended(case, answer.due_on + timedelta(days=rng.choice(_NEAR)))
                answer = walk(case, working, last)
        except WalkedTooFarError:
            continue
        if all(first <= day <= last for day in _dates(case)) and case.accepted_on <= case.as_of:
            return Vector(case, answer)


def _draw_case(rng: Random, working: Container[date], covers: tuple[date, date]) -> WalkedCase:
    first, last = covers
    accepted = first + timedelta(days=rng.randrange((last - first).days + 1))
    limit = rng.choice(_LIMITS)
    deadline = nth_working(accepted, limit, working, last)
    end = accepted + timedelta(days=rng.randint(0, 2 * limit + 25))

    def act_on() -> date:
        if rng.random() < 0.3:  # noqa: PLR2004 - at one of the three dates that decide
            return rng.choice((accepted, deadline, end)) + timedelta(days=rng.choice(_NEAR))
        return accepted + timedelta(days=rng.randint(-2, limit + limit // 2 + 5))

    procedures = tuple(_draw_procedure(rng, act_on()) for _ in range(rng.choice(_HOW_MANY_PROCEDURES)))
    extension = Extension(act_on(), rng.choice(_EXTENSIONS)) if rng.random() < 0.35 else None  # noqa: PLR2004
    closed = rng.random() < 0.7  # noqa: PLR2004
    return WalkedCase(accepted, limit, procedures, extension, end if closed else None, end)


def _draw_procedure(rng: Random, start: date) -> Procedure:
    end = None if rng.random() < 0.12 else start + timedelta(days=rng.randint(0, 30))  # noqa: PLR2004 - still open
    return Procedure(start, end, rng.choice(_DECLARED))


def _ended(case: WalkedCase, end: date) -> WalkedCase:
    return case._replace(closed_on=None if case.closed_on is None else end, as_of=end)


def _dates(case: WalkedCase) -> Iterator[date]:
    yield from (case.accepted_on, case.as_of)
    for procedure in case.procedures:
        yield procedure.start_on
        if procedure.end_on is not None:
            yield procedure.end_on
    if case.extension is not None:
        yield case.extension.approved_on
