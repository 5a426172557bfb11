"""``casecore doctor``: whether this installation, and a store, are fit to work with."""

import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from adapters.calendar_toml import NATIONAL, known_calendars
from adapters.catalogue_toml import catalogue_problems
from adapters.clock_bounds import bounds_of
from adapters.district_engine import DistrictEngine
from adapters.folding import kind_found
from adapters.generations import surpassed
from adapters.opening import Store, open_store
from adapters.tables import Generation
from adapters.verifying import NOTED
from casecore.errors import CasecoreError, Fault
from casecore.kinds import CASE
from casecore.knowing import jumps_of, recorded_last
from casecore.log import MICROSECOND, Log
from casecore.recorded import Head, Recorded

__all__ = ["Check", "diagnose"]

WAL_RESET_BUG: Final = ((3, 7, 0), (3, 51, 2))
"""SQLite versions whose WAL may be reset wrongly with several writers (fixed in 3.51.3)."""
WARN_DAYS: Final = 60
STALLED: Final = timedelta(minutes=5)
"""How long a fact waits for its rows, and nothing moves, before nobody seems to follow."""
CHECKPOINT_EVERY: Final = timedelta(days=1)


class Check(NamedTuple):
    """One thing looked at: ``state`` is ok, warn or bad."""

    what: str
    state: str
    finding: str


def diagnose(store: str | None, catalogue: Path | None, calendars: Path | None = None) -> list[Check]:
    """Look at everything; a bad store is a finding, not an exception."""
    checks = [Check("Python", "ok", sys.version.split()[0]), _sqlite(), *_calendars(date.today(), calendars)]  # noqa: DTZ011 - whose day it is does not matter to a warning of sixty
    problems = catalogue_problems(catalogue)
    checks += [Check("catalogue", "bad", problem) for problem in problems]
    if not problems:
        checks.append(Check("catalogue", "ok", "sound"))
    if store is not None and not any(check.state == "bad" for check in checks):
        checks += _store(store)
    return checks


def _sqlite() -> Check:
    first, last = WAL_RESET_BUG
    if first <= sqlite3.sqlite_version_info <= last:
        finding = f"{sqlite3.sqlite_version}: let one process at a time write to a file (WAL-reset bug before 3.51.3)"
        return Check("SQLite", "warn", finding)
    return Check("SQLite", "ok", sqlite3.sqlite_version)


def _calendars(today: date, folder: Path | None) -> list[Check]:
    try:
        known = known_calendars(folder)
    except Fault as fault:
        return [Check("calendar", "bad", str(fault))]
    checks = []
    for version, calendar in known.items():
        left = (calendar.covers[1] - today).days
        state = "warn" if version == NATIONAL and left < WARN_DAYS else "ok"
        checks.append(Check("calendar", state, f"{version} covers {calendar.covers[0]} to {calendar.covers[1]}"))
    return checks


def _calendar_of(engine: DistrictEngine) -> Check:
    """How far the calendar in force in a district reaches: what is due beyond is provisional."""
    calendar, today = engine.office.calendar, engine.now().date()
    state = "warn" if (calendar.covers[1] - today).days < WARN_DAYS else "ok"
    adopted = "" if engine.books.version else ", which ships: it has adopted none"
    finding = f"{calendar.version} covers {calendar.covers[0]} to {calendar.covers[1]}{adopted}"
    return Check(f"calendar of {engine.district}", state, finding)


def _quarantine(store: Store, live: Generation | None, log: Log) -> list[Check]:
    """Each case, package or box set aside; once the program is mended, ``casecore requeue`` tries it again."""
    checks = []
    for one in store.tables.quarantine(live, log.district) if live else ():
        kind = kind_found(log.history(one.case)) or CASE
        found = f"log {log.district} position {one.position}, set aside {one.since}: {one.reason}"
        checks.append(Check(f"{kind.en} {one.case}", "bad", found))
    return checks


def _followed(store: Store, live: Generation | None, engine: DistrictEngine, head: Head) -> Check:
    """How far the fact tables are behind the head, and whether somebody follows: rows that wait are moved to in time."""
    what, now = f"log {engine.district}", datetime.now(UTC)
    if live is None:
        finding = f"{head.position} events, fact tables not made yet: run follow"
        return Check(what, "warn" if head.position else "ok", finding)
    mark, moved = store.tables.mark(live, engine.district), store.tables.moved_at(live, engine.district)
    finding = f"{head.position} events, fact tables {head.position - mark.position} behind"
    waiting = [entry.recorded_at for entry in engine.log.page(mark, 1) if isinstance(entry, Recorded)]
    lately = [at for at in (*waiting, moved) if at is not None and abs(now - at) <= STALLED]  # a log may stand ahead of now
    if lately or head.position == mark.position:
        return Check(what, "ok", finding)
    since = "never moved" if moved is None else f"moved last {_ago(now - moved)} ago"
    return Check(what, "warn", f"{finding}, {since}: is casecore follow at work?")


def _checkpointed(store: Store, head: Head, district: str) -> Check:
    """When the last checkpoint of a log was taken: without one that is kept elsewhere a tail cut off shows nowhere."""
    what = f"checkpoint of {district}"
    sql = f"SELECT taken_at, position FROM {NOTED} WHERE log = :log ORDER BY taken_at DESC LIMIT 1"  # noqa: S608 - our own name
    if not (found := store.tables.query(sql, log=district)):
        return Check(what, "warn" if head.position else "ok", "none was ever taken: run casecore checkpoint every day")
    ((taken_at, position),) = found
    age = datetime.now(UTC) - datetime.fromtimestamp(taken_at / 1e6, UTC)
    state = "warn" if age > CHECKPOINT_EVERY and head.position > 0 else "ok"
    return Check(what, state, f"the last was taken {_ago(age)} ago, at position {position} of {head.position}")


def _ago(age: timedelta) -> str:
    """A length of time in its largest whole unit, for people."""
    seconds = max(int(age.total_seconds()), 0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := seconds // length:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def _clocks(engine: DistrictEngine) -> list[Check]:
    """Where the log's time has jumped, whether it is ahead of what it is now, and whether this machine's clock is."""
    what, log, bounds = f"clock of {engine.district}", engine.log, bounds_of(engine.log)
    checks = [
        Check(what, "warn", f"position {one.position}: recorded_at leaps from {one.since} to {one.until}")
        for one in jumps_of(log, bounds.jump * MICROSECOND)
    ]
    if (clock := log.ahead_of(bounds)) is not None:
        head = log.head().position
        finding = f"position {head}: recorded at {recorded_last(log, head)}, which is ahead of now, {clock}"
        checks.append(Check(what, "warn", finding))
    if (refused := engine.check_clock()) is not None:
        checks.append(
            Check(what, "warn", f"nothing can be recorded from this machine: {refused.reason.en} [{refused.named}]")
        )
    return checks


def _durability(store: Store) -> list[Check]:
    """Whether the server, where there is one, keeps on disk what it acknowledges."""
    found = store.tables.durability()
    return [] if found is None else [Check(found.server, "ok" if found.sound else "warn", found.settings)]


def _store(url: str) -> list[Check]:
    try:
        with open_store(url) as store:
            live = store.tables.live()
            checks = _durability(store)
            for engine in store.engines:
                head = engine.log.head()
                checks += [_followed(store, live, engine, head), _checkpointed(store, head, engine.district)]
                checks.append(_calendar_of(engine))
                checks += _clocks(engine)
                checks += _quarantine(store, live, engine.log)
            if live is not None and surpassed(store.tables.versions, live.versions):
                finding = "made by a program whose projections are newer, or others: this one follows nothing"
                checks.append(Check("fact tables", "warn", finding))
            elif live is not None and not store.tables.made_alike(live):
                checks.append(Check("fact tables", "warn", "made by older versions of the projections: run rebuild"))
            return checks or [Check("store", "ok", "no log yet")]
    except CasecoreError as error:
        return [Check("store", "bad", str(error))]
