"""A hall backend for stories: commands at given instants on a real engine, read back as files, tables and figures.

The people are the same in every story: one clerk takes papers in and accepts, another officer reviews and decides.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from adapters.catalogue_toml import load_catalogue
from adapters.district_books import GivenBooks
from adapters.district_engine import DistrictEngine, open_engine
from adapters.following import follow
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report, stale_cases
from casecore import (
    AcceptCase,
    CaseFile,
    Catalogue,
    ClockReading,
    CloseCase,
    CountedTrip,
    Decision,
    DistrictRule,
    FormField,
    GrantApproval,
    Limit,
    MakeCertificate,
    MakeDecision,
    Outcome,
    PackageFile,
    PackageOpened,
    Receipt,
    Refused,
    RouteCase,
    SealCertificate,
    ServiceItem,
    Stage,
    Theme,
    WorkCalendar,
    apportion,
    clocks_of,
    clocks_of_package,
    count_trips,
)
from projections.indicators import INDICATORS
from projections.registry import PROJECTIONS

__all__ = [
    "APPROVER",
    "CLERK",
    "LAST_DAY",
    "SHIPPED",
    "Hall",
    "OpenHall",
    "at",
    "filled",
    "hashed",
    "item",
    "many_items",
    "minutes_between",
    "on",
    "theme",
    "with_items",
]

ZONE: Final = ZoneInfo("Asia/Shanghai")
CLERK, APPROVER = "受理员", "审批员"
SHIPPED: Final = load_catalogue()
"""The catalogue that ships, where the seeds' items, themes, sites, seals and boxes stand as data."""
Kind = TypeVar("Kind")
LAST_DAY: Final = date(2026, 1, 1)
"""A day after every story: the figures are asked for then."""


def at(when: str) -> datetime:
    """A local instant, ``2021-03-01 09:00``."""
    return datetime.fromisoformat(when).replace(tzinfo=ZONE)


def on(when: str) -> date:
    """A local date."""
    return date.fromisoformat(when)


def hashed(identity: str) -> str:
    """What an entry by ID card keeps of the card: its SHA-256."""
    return sha256(identity.encode()).hexdigest()


def item(code: str, when: str = "2021-01-04") -> ServiceItem:
    """An item of the shipped catalogue as in force on a day."""
    found = SHIPPED.find(code, on(when))
    assert found is not None
    return found


def theme(code: str, when: str = "2021-01-04") -> Theme:
    """A theme of the shipped catalogue as in force on a day."""
    found = SHIPPED.theme(code, on(when))
    assert found is not None
    return found


def with_items(*more: ServiceItem, themes: Iterable[Theme] = ()) -> Catalogue:
    """The shipped catalogue with items and themes of the story's own; those of a shipped code take its place."""
    themes = tuple(themes)
    codes, named = {one.code for one in more}, {one.code for one in themes}
    return Catalogue(
        [*(one for one in SHIPPED if one.code not in codes), *more],
        themes=[*(one for one in SHIPPED.themes if one.code not in named), *themes],
        sites=SHIPPED.sites.values(),
        seals=SHIPPED.seals.values(),
        boxes=SHIPPED.boxes.values(),
    )


def many_items(like: ServiceItem, stem: str, count: int, **rest: Any) -> list[ServiceItem]:
    """So many items the seed counts and does not name: numbered, and otherwise as another one."""
    return [replace(like, code=f"{stem}-{n:04d}", name_zh=f"{stem}之{n}", **rest) for n in range(1, count + 1)]


def filled(fields: Iterable[str]) -> tuple[FormField, ...]:
    """The one form filled in; what is written there is ours."""
    return tuple(FormField(name=name, value=f"({name})") for name in fields)


def minutes_between(first: datetime | None, last: datetime | None) -> float:
    """Minutes from one instant to another."""
    assert first is not None
    assert last is not None
    return (last - first).total_seconds() / 60


class Hall:
    """One district's hall backend, on a store of its own."""

    def __init__(
        self,
        catalogue: Catalogue = SHIPPED,
        *,
        url: str = "memory:",
        district: str = "510114",
        rule: DistrictRule | None = None,
        **calendars: Any,
    ) -> None:
        self.url = url
        self.engine: DistrictEngine = open_engine(url, district=district, catalogue=catalogue, rule=rule, **calendars)
        self.tables = open_tables(url, PROJECTIONS)
        self._asked_before = False

    def close(self) -> None:
        """Close store and tables."""
        self.tables.close()
        self.engine.close()

    # --- what people do ---

    def ask(self, command: type[Any], when: str, /, *, by: str = CLERK, **rest: Any) -> Receipt | Refused:
        """Somebody tries something."""
        return self.engine.handle(command(by=by, at=at(when), **rest))

    def do(self, command: type[Any], when: str, /, *, by: str = CLERK, **rest: Any) -> Receipt:
        """Somebody does something, and the rules let it be done."""
        answer = self.ask(command, when, by=by, **rest)
        assert isinstance(answer, Receipt), answer
        return answer

    def refused(self, command: type[Any], when: str, /, *, by: str = CLERK, **rest: Any) -> Refused:
        """Somebody tries something, and the rules say no."""
        answer = self.ask(command, when, by=by, **rest)
        assert isinstance(answer, Refused), answer
        return answer

    def announce(self, calendar: WorkCalendar, since: str) -> None:
        """A later notice: the district counts by another calendar from a day on."""
        given = GivenBooks(calendars={calendar.version: calendar}, calendar=calendar.version)
        answer = self.engine.handle(given.adoption(self.engine.district, "办公室", on(since)))
        assert isinstance(answer, Receipt), answer

    def cards(self, stream: str) -> list[str]:
        """The cards a stream bears."""
        return [card.fact.card for card in self.engine.file(stream).cards]

    def accept(self, case: str, when: str) -> None:
        """The clerk accepts what was received."""
        self.do(AcceptCase, when, case=case)

    def review(self, case: str, when: str, *, decision: Decision = Decision.GRANTED, automatic: bool = False) -> None:
        """Every department of the plan says yes, those side by side that may, and the organ decides."""
        if self.file(case).stage is Stage.IN_REVIEW and not self.file(case).approvals:
            self.do(RouteCase, when, case=case)
        while self.file(case).stage is Stage.IN_REVIEW:
            for step in self.open_steps(case):
                department = next(one.department for one in self.file(case).plan if one.step == step)
                self.do(GrantApproval, when, by=APPROVER, case=case, step=step, department=department)
        self.do(MakeDecision, when, by=APPROVER, case=case, decision=decision, automatic=automatic)

    def certify(self, case: str, when: str, number: str, *, seal: str | None = None, electronic: bool = False) -> None:
        """The result is made and sealed: with the organ's seal, where no other is named."""
        kind = self.item_of(case)
        self.do(MakeCertificate, when, by=APPROVER, case=case, certificate=number, kind=kind.name_zh, electronic=electronic)
        own = f"{kind.department}{'电子印章' if electronic else '专用章'}"
        used = own if seal is None else seal
        self.do(SealCertificate, when, by=APPROVER, case=case, certificate=number, seal=used)

    def end(self, case: str, when: str) -> None:
        """The case is closed: with its certificate where one was made."""
        outcome = Outcome.CERTIFICATE_ISSUED if self.file(case).certificates else Outcome.OTHER
        self.do(CloseCase, when, case=case, outcome=outcome)

    def handle(self, case: str, when: str) -> None:
        """All in one go, without a certificate: accepted where it is not yet, reviewed, decided, closed."""
        if self.file(case).stage is Stage.RECEIVED:
            self.accept(case, when)
        self.review(case, when)
        self.end(case, when)

    def handle_and_certify(self, case: str, day: str) -> None:
        """Accepted where it is not yet, granted, its certificate made and sealed: ready to be handed out."""
        if self.file(case).stage is Stage.RECEIVED:
            received = self.file(case).received_at
            assert received is not None
            self.accept(case, f"{received:%Y-%m-%d %H:%M}")
        self.review(case, f"{day} 15:00")
        self.certify(case, f"{day} 15:30", f"证-{case}")

    # --- what people read ---

    def file(self, case: str) -> CaseFile:
        """A case's file."""
        return self.engine.file(case)

    def package(self, package: str) -> PackageFile:
        """A package's file."""
        return self.engine.package(package)

    def told(self, stream: str, kind: type[Kind]) -> list[Kind]:
        """A stream's facts of one kind, in their order."""
        return [one.event for one in self.engine.history(stream) if isinstance(one.event, kind)]

    def item_of(self, case: str) -> ServiceItem:
        """The item version a case goes by."""
        file = self.file(case)
        assert file.promise is not None
        found = self.engine.office.catalogue.find(file.promise.item, file.promise.at.date())
        assert found is not None
        return found

    def open_steps(self, case: str) -> list[str]:
        """Steps that lie at their departments now."""
        return [one.step for one in self.file(case).approvals if one.answer is None]

    def trips(self, case: str) -> tuple[CountedTrip, ...]:
        """A case's trips, with what each counts for."""
        return count_trips(self.file(case), self.engine.office.rule)

    def net(self, case: str) -> int:
        """How many trips of a case count."""
        return sum(one.net for one in self.trips(case))

    def shares(self, *cases: str) -> list[Fraction]:
        """Each case's share of the visits they were served in together."""
        return list(apportion({case: self.trips(case) for case in cases}).values())

    def due(self, stream: str, limit: Limit, when: str) -> ClockReading:
        """What the promised clock of that limit, of a case or a package, reads at an instant."""
        whole = self.told(stream, PackageOpened)
        clocks = clocks_of_package(self.package(stream)) if whole else clocks_of(self.file(stream))
        clock = next(one for one in clocks if one.limit == limit)
        return clock.read(self.engine.office.calendar, at(when))

    def facts(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of the fact tables, brought up to date."""
        follow([self.engine.log], self.tables)
        assert stale_cases(self.tables) == 0
        return [tuple(row) for row in self.tables.query(statement, **values)]

    def figure(self, code: str, by: str | None = None, group: str | None = None, as_of: date = LAST_DAY) -> Figure:
        """One indicator, for the whole or for one group."""
        self.facts("SELECT 1")
        wanted = [one for one in INDICATORS if one.code == code]
        figures = report(self.tables, Period(None, None, as_of), by, wanted)
        (found,) = [one for one in figures if one.group == group]
        return found

    def groups(self, code: str, by: str) -> dict[str, int]:
        """One indicator's numerators by group."""
        self.facts("SELECT 1")
        wanted = [one for one in INDICATORS if one.code == code]
        figures = report(self.tables, Period(None, None, LAST_DAY), by, wanted)
        return {one.group: one.numerator for one in figures if one.group is not None}


OpenHall = Callable[..., Hall]
"""Opens a hall by a catalogue of the story's own, closed when the story is told."""
