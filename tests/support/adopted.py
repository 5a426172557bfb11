"""Districts that adopt books while their cases run: a log told step by step, and what its rows are by the books it holds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_books import GivenBooks
from casecore import (
    CaseClosed,
    CaseEvent,
    Cause,
    DistrictRule,
    Outcome,
    Place,
    Receipt,
    TripMade,
    Visitor,
    WorkCalendar,
)
from casecore.recorded import Event
from support.followed import BOX, PACKAGE, A, World, trip
from support.story import CLERK, accepted, fact, received

__all__ = ["CALENDARS", "FIRST", "OWN", "RULES", "Told", "adopt", "drawn", "life", "lives_of", "told", "weekdays"]

FIRST: Final = date(2026, 3, 2)
OWN: Final = "weekends.1"
"""A calendar of a district's own."""
RULES: Final = (
    DistrictRule(name="two-steps", near_visits_net=False),
    DistrictRule(name="one-step", near_visits_net=True),
    DistrictRule(name="nearby-is-none", near_visits_gross=False, near_visits_net=False),
    DistrictRule(name="from-the-start", count_before_application=True),
    DistrictRule(name="weekends-too", calendar=OWN, near_visits_net=False),
)
"""Each counts another number of trips, or under another calendar."""


def weekdays(version: str, *rest: date, supersedes: str | None = None) -> WorkCalendar:
    """The national calendar of 2026 under another name, with further days off."""
    base = shipped_calendars()[NATIONAL]
    return WorkCalendar(
        version=version,
        title=version,
        zone=base.zone,
        covers=base.covers,
        rest_weekdays=base.rest_weekdays,
        rest=base.rest | frozenset(rest),
        work=base.work,
        hours=base.hours,
        supersedes=supersedes,
    )


CALENDARS: Final[Mapping[str, WorkCalendar]] = {OWN: weekdays(OWN, date(2026, 3, 10), date(2026, 3, 11))}


def life(begun: date, calendar: str = NATIONAL) -> tuple[CaseEvent, ...]:
    """A case with a visit before it was applied for, a near one and one to the hall, closed in the second week."""
    on = [f"{begun + timedelta(days=days):%m-%d}" for days in range(15)]
    near = fact(
        TripMade, f"{on[1]} 09:00", by=CLERK, visit=f"N-{begun}", visitor=Visitor.APPLICANT, place=Place.VILLAGE_POINT,
        cause=Cause.SIGN,
    )  # fmt: skip
    return (
        trip(f"{on[0]} 08:00", f"C-{begun}", Cause.CONSULT),
        received(f"{on[0]} 09:00"),
        accepted(f"{on[0]} 10:00", calendar=calendar),
        near,
        trip(f"{on[14]} 09:00", f"H-{begun}", Cause.COLLECT),
        fact(CaseClosed, f"{on[14]} 10:00", outcome=Outcome.OTHER, reason="so it ended"),
    )


class Told(NamedTuple):
    """One step: a fact of a stream, an adoption, or a look at the log by whoever follows it."""

    stream: str | None = None
    event: Event | None = None
    given: GivenBooks | None = None
    from_on: date | None = None


def drawn(seed: int) -> list[Told]:
    """Lives side by side, adoptions in between that reach back or ahead, and looks at any time; in the end all is there."""
    random = Random(seed)  # noqa: S311 - no secret
    lives: dict[str, list[Event]] = {f"c{n}": [*life(FIRST + timedelta(days=random.randrange(12)))] for n in range(4)}
    lives |= {f"own{n}": [*life(FIRST + timedelta(days=7 * n), OWN)] for n in range(2)}
    lives |= {"PKG": [*PACKAGE], "box-1": [*BOX]}
    steps, from_on, rules = list[Told](), FIRST - timedelta(days=3), [*RULES]
    random.shuffle(rules)
    while any(lives.values()):
        match random.randrange(12):
            case 0 if rules:
                from_on += timedelta(days=random.randrange(6))
                steps.append(_adoption(rules.pop(), from_on))
            case 1 | 2:
                steps.append(Told())
            case _:
                stream = random.choice([name for name, rest in lives.items() if rest])
                steps.append(Told(stream, lives[stream].pop(0)))
    return [*steps, *(_adoption(rule, from_on + timedelta(days=5)) for rule in rules)]


def _adoption(rule: DistrictRule, from_on: date) -> Told:
    return Told(given=GivenBooks(rule=rule, calendars=CALENDARS if rule.calendar else None), from_on=from_on)


def adopt(world: World, given: GivenBooks, from_on: date | None = None, district: str = A) -> None:
    """Adopt books into the log of a district, from a day on; into a log that holds none, what is not given ships."""
    engine = world.engine(district)
    if engine.books.version:
        whole = given.beside(engine.books)
    else:
        whole = given._replace(calendars={**shipped_calendars(), **(given.calendars or {})}).whole()
    answer = engine.handle(whole.adoption(district, "office", from_on))
    assert isinstance(answer, Receipt), answer


def told(world: World, steps: Iterable[Told], look: Callable[[], object], district: str = A) -> None:
    """Tell a log the steps."""
    for step in steps:
        if step.given is not None:
            adopt(world, step.given, step.from_on, district)
        elif step.stream is not None and step.event is not None:
            world.happened({step.stream: (step.event,)}, district)
        else:
            look()


def lives_of(steps: Iterable[Told]) -> dict[str, list[Event]]:
    """What the steps tell of each stream."""
    lives: dict[str, list[Event]] = {}
    for step in steps:
        if step.stream is not None and step.event is not None:
            lives.setdefault(step.stream, []).append(step.event)
    return lives
