"""``casecore demo``: a simulated week of a district's halls, written through the engine, and what can be seen of it."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from rich.table import Table

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_engine import DistrictEngine, open_engine
from adapters.following import follow
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from adapters.tables import Tables
from casecore.case.clocks import clock_named
from casecore.case.facts.supervision import CardIssued
from casecore.refusals import Refused
from casecore.ticking import Ticked
from casecore.vocabulary import CardLevel, ClockKind
from ops.demo.arrival import CHENGDU
from ops.demo.compliance_table import print_compliance
from ops.demo.refusing import fault_of
from ops.demo.simulation import DISTRICT, SHOWCASE, simulate
from ops.demo.story_files import Story, load_stories
from ops.demo.trip_tables import print_declared, print_trip_stories
from ops.demo.visit_tables import print_visit_stories
from ops.printing.advance import progress
from ops.printing.cases import print_explanation
from ops.printing.console import out, styled
from ops.printing.figures import shown
from projections.explaining.explanation import explain_case
from projections.registry import PROJECTIONS

__all__ = ["run_demo"]

KNOWN_THEN: Final = "cn-2017.1"
"""The calendar as a hall knew it that summer: what is due in 2018 is provisional."""
NEW_YEARS_EVE: Final = datetime(2017, 12, 31, 9, tzinfo=CHENGDU)
"""When the demonstration looks what time has brought."""
HEADLINES: Final = (
    ("K2", "平均跑动次数", "mean trips"),
    ("K6", "按时办结率", "closed within the promise"),
    ("K4-case", "零跑动率", "zero trips"),
    ("K2-known", "跑动可知率", "coverage (覆盖率)"),
)


def run_demo(*, seed: int, cases: int, url: str) -> None:
    """Simulate, write, follow, report, explain, and say what to type next."""
    started = time.perf_counter()
    stories = load_stories(seed)
    with open_engine(url, district=DISTRICT, calendar=KNOWN_THEN) as engine:
        tables = open_tables(url, PROJECTIONS)
        try:
            commands = 0
            with progress("simulating") as advance:
                week = simulate(seed=seed, cases=cases, catalogue=engine.office.catalogue, calendar=engine.office.calendar)
                lives = (life.commands for life in week)
                for life in (*lives, *(story.commands for story in (*stories.clocks, *stories.trips, *stories.visits))):
                    result = engine.handle_many(life)
                    if isinstance(result, Refused):
                        raise fault_of(engine, result, f"demo-{seed}:")
                    commands += len(life)
                    advance(1)
            ticked = engine.tick(NEW_YEARS_EVE - timedelta(days=2))  # a Sunday: nothing is issued on a day of rest
            with progress("following") as advance:
                follow([engine.log], tables, advance)
            out.print(
                styled((f"A week of district {DISTRICT}", "bold")),
                f", 2017-07-31 to 2017-08-06 (seed {seed}): {cases} cases and {len(stories.clocks)} whose clocks tell a"
                f" story, {len(stories.trips)} stories of trips, {len(stories.visits)} of visits without a case,"
                f" {commands} commands, {engine.log.head().position} facts, in"
                f" {time.perf_counter() - started:.1f} s\n",
                sep="",
            )
            _print_weekend(tables)
            _print_time(engine, ticked, stories.clocks)
            print_trip_stories(engine, tables, stories.trips)
            print_visit_stories(engine, tables, stories.visits)
            print_declared(tables)
            for by in ("department", "channel"):
                _print_headlines(report(tables, Period(None, None, date(2017, 12, 31)), by), by)
            print_compliance(tables, NEW_YEARS_EVE.date())
            office = engine.office._replace(calendar=shipped_calendars()[NATIONAL])
            story = explain_case(engine.history(SHOWCASE), engine.now(), office, examined=False)
            print_explanation(story, as_json=False)
        finally:
            tables.close()
    _print_next(url, seed, cases)


def _print_time(engine: DistrictEngine, ticked: Ticked, stories: Sequence[Story]) -> None:
    """What time brought, and the six cases whose clocks tell a story each."""
    facts = [event for receipt in ticked.receipts for event in receipt.events]
    levels = Counter(fact.level for fact in facts if isinstance(fact, CardIssued))
    cards = ", ".join(f"{levels[level]} {level.zh} {level.value}" for level in CardLevel)
    out.print(f"What time brought by {NEW_YEARS_EVE:%Y-%m-%d} (时间推移): {cards}\n")
    table = Table(title="Six clocks (时限): casecore case explain ID tells each day by day", title_justify="left")
    for name in ("case", "story", "day 0", "due", "closed", "used", "verdict", "cards"):
        table.add_column(name, justify="right" if name == "used" else "left")
    for story in stories:
        file = engine.file(story.stream)
        clock = clock_named(file, ClockKind.PROMISED.value)
        if clock is None or file.closed_at is None:
            continue
        reading = clock.read(engine.office.calendar, file.closed_at)
        due = f"{reading.due_on}{' 暂定' if reading.provisional else ''}"
        cards = ", ".join(f"{card.fact.level.zh}{card.fact.ground.zh}" for card in file.cards)
        verdict = f"{reading.verdict.value} {reading.verdict.zh}"
        days = str(clock.started_on), due, str(file.closed_at.date())
        table.add_row(story.stream, story.about, *days, str(reading.used), verdict, cards)
    out.print(table)
    out.print()


def _print_headlines(figures: list[Figure], by: str) -> None:
    wanted = {(figure.code, figure.group): figure for figure in figures if figure.code in {c for c, _, _ in HEADLINES}}
    groups = sorted({group for _, group in wanted if group is not None})
    table = Table(title=f"Run counts, compliance, zero trips (跑动次数 · 时限 · 零跑动) by {by}", title_justify="left")
    table.add_column(by)
    for code, zh, en in HEADLINES:
        table.add_column(f"{code} {zh}\n{en}", justify="right")
    for group in (*groups, None):
        cells = []
        for code, _, _ in HEADLINES:
            figure = wanted.get((code, group))
            cells.append(f"{shown(figure)}  ({figure.numerator}/{figure.denominator})" if figure else "—")
        table.add_row("(all)" if group is None else group, *cells, end_section=group == groups[-1])
    out.print(table)
    out.print()


def _print_weekend(tables: Tables) -> None:
    """Weekend receipts by tier, in the seed's proportion 2090 : 7694 : 1522."""
    rows = tables.query(
        "SELECT tier, COUNT(*) FROM case_facts WHERE received_on BETWEEN :saturday AND :sunday GROUP BY tier",
        saturday=date(2017, 8, 5),
        sunday=date(2017, 8, 6),
    )
    found = Counter({tier: int(count) for tier, count in rows})
    parts = " + ".join(f"{found[tier]} {tier}" for tier in ("city", "county", "township"))
    out.print(
        f"Weekend receipts (周末收件): {found.total()} = {parts}; the seed: 11306 = 2090 + 7694 + 1522\n",
    )


def _print_next(url: str, seed: int, cases: int) -> None:
    if not store_at(url).kept:
        out.print(
            "\nThis week is gone now: it was in memory. To keep one and look around:\n"
            f"  casecore demo --seed {seed} --cases {cases} --store sqlite:///demo.db",
        )
        url = "sqlite:///demo.db"
    url = shown_address(url)
    out.print(
        f"\nNext:\n  casecore report --store {url} --by tier\n  casecore case history {SHOWCASE} --store {url}\n"
        f"  casecore trips DEMO-020 --store {url}\n"
        f"  casecore verify --store {url}",
    )
