"""Small populations of cases and items, held in real tables, and what is reported on them."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any, Final

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_books import shipped_books
from adapters.folding import make_rows
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report
from adapters.tables import CaseRows, Tables
from casecore import (
    ApplicantKind,
    CaseAccepted,
    CaseClosed,
    CaseJoined,
    CaseReceived,
    Cause,
    Channel,
    DeliveryMethod,
    DistrictRule,
    HandlingKind,
    Limit,
    MemberAccepted,
    MemberEnded,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageOpened,
    Place,
    PlannedCase,
    ResultDelivered,
    Stage,
    Tier,
    TripMade,
    Visitor,
    fold_stream,
)
from casecore.annotations import shapes_of
from casecore.books import Books, DatedRule
from casecore.district_rule import DEFAULT_RULE
from casecore.recorded import Event
from projections.dimensions import DateFact, ItemFact, ThemeFact, date_rows
from projections.projection import subject_of
from projections.registry import PROJECTIONS
from support.story import CLERK, HALL, fact, moment
from support.story import received as story_received

A, B = "510114", "510107"
Life = tuple[Event, ...]
Population = Mapping[tuple[str, str], Life]
TEN_DAYS: Final = Limit.working_days(10)
TWENTY_DAYS: Final = Limit.working_days(20)
WORKDAY: Final = 7 * 60
"""Minutes of a working day of seven hours."""
MARCH: Final = (date(2026, 3, 1), date(2026, 3, 31))
ASKED: Final = date(2026, 4, 10)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


# --- Telling a case's life ---


def received(when: str = "03-02", **rest: Any) -> CaseReceived:
    return story_received(f"{when} 09:00", **rest)


def accepted(
    when: str = "03-02", promised: Limit = TEN_DAYS, statutory: Limit | None = TWENTY_DAYS, **rest: Any
) -> CaseAccepted:
    elements = {"item_version": 1, "handling": HandlingKind.PROMISED, "trips_promised": 1, "plan": ()}
    return fact(
        CaseAccepted,
        f"{when} 10:00",
        by=CLERK,
        effective_on=moment(f"{when} 10:00").date(),
        item="FOOD",
        promised=promised,
        statutory=statutory,
        calendar=NATIONAL,
        **{**elements, **rest},
    )


def closed(when: str, outcome: Outcome = Outcome.OTHER) -> CaseClosed:
    return fact(CaseClosed, f"{when} 16:00", outcome=outcome, reason="so it ended")


def trip(when: str, number: str, cause: Cause = Cause.SUBMIT, place: Place = Place.HALL) -> TripMade:
    came = Visitor.APPLICANT
    return fact(TripMade, f"{when} 09:00", by=CLERK, visit=number, visitor=came, place=place, cause=cause)


def delivered(when: str, method: DeliveryMethod) -> ResultDelivered:
    return fact(ResultDelivered, f"{when} 17:00", method=method)


def joined(
    package: str, theme: str = "SHOPS", when: str = "03-02", visits: int = 2, subject: str | None = None
) -> CaseJoined:
    """The case was opened by a package that promises so many visits."""
    return fact(CaseJoined, f"{when} 08:30", by=CLERK, package=package, theme=theme, visits_promised=visits, subject=subject)


def package(
    *cases: str, theme: str = "SHOPS", closed: str | None = "03-06", accepted: str | None = "03-02", **rest: Any
) -> Life:
    """A package of these cases, all granted where it is closed; two visits are promised for the whole."""
    elements = {
        "theme_version": 1,
        "applicant": "Li Lei",
        "applicant_kind": ApplicantKind.COMPANY,
        "channel": Channel.WINDOW,
        "hall": HALL,
        "tier": Tier.COUNTY,
        "window": None,
        "assisted": False,
        "answers": (),
        "form": (),
        "promised": TEN_DAYS,
        "visits_promised": 2,
    }
    planned = tuple(PlannedCase(case=case, item="FOOD") for case in cases)
    events: list[Event] = [
        fact(PackageOpened, "03-02 08:30", by=CLERK, theme=theme, cases=planned, **{**elements, **rest}),
    ]
    if accepted is not None:
        on, law = day(accepted), Limit.working_days(45)
        events += [fact(MemberAccepted, f"{accepted} 10:00", case=case, effective_on=on) for case in cases]
        events.append(fact(PackageAccepted, f"{accepted} 10:00", effective_on=on, statutory=law, calendar=NATIONAL))
    if closed is not None:
        ended = {"stage": Stage.CLOSED, "outcome": Outcome.OTHER, "granted": True}
        events += [fact(MemberEnded, f"{closed} 16:00", case=case, **ended) for case in cases]
        events.append(fact(PackageClosed, f"{closed} 16:00", granted=len(cases), failed=0))
    return tuple(events)


def life(begun: Mapping[str, Any], *after: Event, item: str = "FOOD", department: str = "Market") -> Life:
    """Received as ``begun`` says, for an item at a department; and what happened after."""
    first = received(code=item, department=department, **begun)
    return (
        first,
        *(CaseAccepted(**{**_parts(e), "item": item}) if isinstance(e, CaseAccepted) else e for e in after),
    )


def _parts(event: CaseAccepted) -> dict[str, Any]:
    return {name: getattr(event, name) for name in shapes_of(type(event))}


def begun(when: str = "03-02", channel: Channel = Channel.WINDOW, tier: Tier = Tier.COUNTY, **rest: Any) -> dict[str, Any]:
    return {"when": when, "channel": channel, "tier": tier, **rest}


COURIER, E_CERTIFICATE = DeliveryMethod.COURIER, DeliveryMethod.E_CERTIFICATE
WEBSITE, MOBILE = Channel.WEBSITE, Channel.MOBILE


def item(log: str, code: str, visits: int, **rest: Any) -> ItemFact:
    """An item in force since 2025, ten working days promised of twenty by law, but for what is said."""
    elements = {
        "item_version": 1,
        "name_zh": code,
        "department": "Market",
        "tier": "county",
        "item_type": "20",
        "handling": "promised",
        "applied_for": 1,
        "fully_online": 0,
        "valid_from": date(2025, 1, 1),
        "valid_until": None,
        "promised_minutes": TEN_DAYS.amount * WORKDAY,
        "statutory_minutes": TWENTY_DAYS.amount * WORKDAY,
        "stages": 5,
        "online": 0,
        "materials_now": 3,
        "materials_before": None,
        "visits_before": None,
        "labels": None,
        "rule_version": 0,
    }
    return ItemFact(log=log, item=code, visits=visits, **{**elements, **rest})


def theme(log: str, code: str, **rest: Any) -> ThemeFact:
    """A theme in force since 2025, ten working days promised instead of twenty, but for what is said."""
    elements = {
        "theme_version": 1,
        "name_zh": code,
        "items": 2,
        "visits": 1,
        "visits_before": None,
        "promised_minutes": TEN_DAYS.amount * WORKDAY,
        "before_minutes": TWENTY_DAYS.amount * WORKDAY,
        "materials_now": 3,
        "materials_before": None,
        "valid_from": date(2025, 1, 1),
        "valid_until": None,
        "rule_version": 0,
    }
    return ThemeFact(log=log, theme=code, **{**elements, **rest})


@contextmanager
def reported_on(  # noqa: PLR0913 - what a world is made of
    population: Population,
    items: Iterable[ItemFact] = (),
    url: str = "memory:",
    *,
    themes: Iterable[ThemeFact] = (),
    dates: bool = True,
    rule: DistrictRule = DEFAULT_RULE,
) -> Iterator[Tables]:
    """Tables that hold a population, a catalogue and the national calendar."""
    tables, books = open_tables(url, PROJECTIONS), Books(shipped_calendars(), rules=(DatedRule(rule),))
    try:
        generation = tables.begin()
        for log in dict.fromkeys(log for log, _ in population):
            cases = []
            for (district, case), events in population.items():
                if district == log:
                    file = fold_stream(events)
                    assert file is not None
                    rows = make_rows(tables, subject_of(books, log, case, file), len(events))
                    assert isinstance(rows, CaseRows), rows
                    cases.append(rows)
            tables.put(generation, log, cases, len(cases))
        tables.show(generation)
        _load(tables, {log for log, _ in population} or {A}, items, themes, dates=dates)
        yield tables
    finally:
        tables.close()


def _load(
    tables: Tables, logs: Iterable[str], items: Iterable[ItemFact], themes: Iterable[ThemeFact], *, dates: bool
) -> None:
    for name, rows in (("item_facts", tuple(items)), ("theme_facts", tuple(themes))):
        for log in {one.log for one in rows} or {A}:
            tables.load_dimension(name, log, [one for one in rows if one.log == log])
    for log in logs:
        tables.load_dimension("date_facts", log, _year(log) if dates else ())


@cache
def _year(log: str) -> tuple[DateFact, ...]:
    """The dates of the year these populations live in."""
    return tuple(row for row in date_rows(log, shipped_books()) if row.day.year == 2026)


def crowd(seed: int, size: int = 60) -> Population:
    """Some cases of March in two districts."""
    chosen = random.Random(seed)  # noqa: S311 - a population
    lives = {}
    for number in range(size):
        start = f"03-{chosen.randint(2, 13):02}"
        channel = chosen.choice([Channel.WINDOW, Channel.WEBSITE])
        ended = [closed(f"03-{chosen.randint(14, 31):02}", chosen.choice([Outcome.OTHER, Outcome.RETURNED]))]
        told = (trip(start, f"V{number}"), accepted(start, TEN_DAYS), *ended[: chosen.randint(0, 3)])
        lives[chosen.choice([A, B]), f"c{number:02}"] = life(
            begun(start, channel), *told, department=chosen.choice(["Fire", "Health", "Market"])
        )
    return lives


def figures(
    tables: Tables,
    since: date | None,
    until: date | None,
    by: str | Sequence[str] | None = None,
    as_of: date = ASKED,
) -> list[Figure]:
    return report(tables, Period(since, until, as_of), by)


def fractions(found: Iterable[Figure], *codes: str) -> dict[str, tuple[int, int | None]]:
    """Numerator and denominator of the whole, by code."""
    return {f.code: (f.numerator, f.denominator) for f in found if f.group is None and (not codes or f.code in codes)}


def by_group(found: Iterable[Figure], code: str) -> dict[str | None, tuple[int, int | None]]:
    return {f.group: (f.numerator, f.denominator) for f in found if f.code == code and f.group is not None}
