"""The trip list (跑动台账) of a case or a package: every visit, what it counts for, and whether it could be spared."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from casecore.books import Books
from casecore.case.file import CaseFile
from casecore.kind import Kind
from casecore.kinds import CASE, PACKAGE
from casecore.package.file import PackageFile
from casecore.reading.presence import package_trips_unknown, trips_unknown
from casecore.reading.trips import CountedTrip, apportion, count_trips, promised_trips, trips_in_figures
from casecore.reading.visits import CountedVisit, count_visits
from casecore.vocabulary import Stage, TripsUnknown
from projections.projection import rule_of

__all__ = ["Served", "TripLine", "TripList", "TripTotals", "trip_list_of_case", "trip_list_of_package", "visits_of"]

Trips = Mapping[str, tuple[CountedTrip, ...]]
"""What the trips of cases count for."""


class Served(NamedTuple):
    """The other cases some visits served."""

    trips: dict[str, tuple[CountedTrip, ...]]
    """Of each case all its trips as figures take them, whatever visit they belong to."""
    unread: tuple[str, ...] = ()
    """Cases that were served too and cannot be read, each with the reason."""


class TripLine(NamedTuple):
    """One visit."""

    visit: CountedVisit
    cases: tuple[str, ...]
    """Every case of the district it served."""
    share: Fraction
    """What of it goes to the account of the case, or of the package's cases together: 1/k each."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        visit, trip = self.visit, self.visit.trip
        return {
            "visit": visit.visit,
            "at": visit.at,
            "visitor": trip.visitor.value,
            "agent": trip.agent,
            "place": trip.place.value,
            "device": trip.device,
            "causes": [cause.value for cause in visit.causes],
            "cases": self.cases,
            "gross": visit.gross,
            "net": visit.net,
            "near": visit.near,
            "journey": visit.journey,
            "share": str(self.share),
            "verdict": visit.verdict.value,
            "verdict_zh": visit.verdict.zh,
            "why": visit.why,
        }


class TripTotals(NamedTuple):
    """The visits added up."""

    visits: int
    gross: int
    net: int
    near: int
    journey: int
    """全程: from the preparing of the papers on."""
    apportioned: Fraction


class TripList(NamedTuple):
    """The visits made for a case or a package."""

    kind: Kind[Any]
    stream: str
    district: str
    stage: str
    rule: str
    """The district's rule they are counted by."""
    promised: int | None
    """到办事现场次数; None where nothing was promised yet."""
    unknown: TripsUnknown | None
    """Why nobody knows how often the applicant came (跑动不明): then no line says nothing. None where that is known."""
    lines: tuple[TripLine, ...]
    unread: tuple[str, ...] = ()
    """Cases that share a visit and cannot be read, each with the reason: the shares leave them out."""
    uncounted: str | None = None
    """Why no trip figure counts it as a case, however it goes on: how it ended; None where nothing stands against that."""

    @property
    def totals(self) -> TripTotals:
        """The lines added up."""
        visits = [line.visit for line in self.lines]
        return TripTotals(
            len(visits),
            sum(visit.gross for visit in visits),
            sum(visit.net for visit in visits),
            sum(visit.near for visit in visits),
            sum(visit.journey for visit in visits),
            sum((line.share for line in self.lines), Fraction()),
        )

    @property
    def kept(self) -> bool | None:
        """Whether no more visits were made than promised.

        None where nothing was promised, its trips are not known, or no figure counts it.
        """
        if self.promised is None or self.unknown is not None or self.uncounted is not None:
            return None
        return self.totals.net <= self.promised

    def plain(self) -> dict[str, Any]:
        """As JSON values; shares as exact fractions."""
        totals = self.totals
        return {
            "kind": self.kind.name,
            "id": self.stream,
            "district": self.district,
            "stage": self.stage,
            "rule": self.rule,
            "trips_recorded": self.unknown is not TripsUnknown.NOT_RECORDED,
            "trips_unknown": None if self.unknown is None else self.unknown.value,
            "trips_unknown_zh": None if self.unknown is None else self.unknown.zh,
            "visits": [line.plain() for line in self.lines],
            "totals": {**totals._asdict(), "apportioned": str(totals.apportioned)},
            "promised": self.promised,
            "actual": totals.net if self.unknown is None else None,
            "kept": self.kept,
            "uncounted": self.uncounted,
            "unread": self.unread,
        }


def visits_of(files: Mapping[str, CaseFile]) -> tuple[str, ...]:
    """The visits of these cases, each once."""
    return tuple(dict.fromkeys(trip.visit for file in files.values() for trip in file.trips))


def trip_list_of_case(district: str, case: str, file: CaseFile, served: Served, books: Books) -> TripList:
    """The trip list of one case; ``served`` are the other cases of the district that its visits served."""
    promised, rule = promised_trips(file), rule_of(books, file).rule
    own = {case: count_trips(file, rule)}
    lines = _lines(count_visits(own, promised), own, served.trips)
    return TripList(
        CASE,
        case,
        district,
        file.stage.zh,
        rule.name,
        promised,
        trips_unknown(file, own[case], rule),
        lines,
        served.unread,
        _uncounted(file),
    )


def trip_list_of_package(  # noqa: PLR0913, PLR0917 - a package, its cases, and those of others
    district: str,
    package: str,
    file: PackageFile,
    members: Mapping[str, CaseFile],
    served: Served,
    books: Books,
) -> TripList:
    """The trip list of a package: the visits of its cases, each once, against what was promised for the whole.

    What a visit counts for is its case's to say: each is counted under the rule of the day it began.
    """
    promised = file.opened.visits_promised if file.opened is not None else None
    own = {case: trips_in_figures(found, rule_of(books, found).rule) for case, found in members.items()}
    visits = count_visits(own, promised)
    counted = [(found, rule_of(books, found).rule) for found in members.values()]
    return TripList(
        PACKAGE,
        package,
        district,
        file.stage.zh,
        rule_of(books, file).rule.name,
        promised,
        package_trips_unknown(counted, visits),
        _lines(visits, own, served.trips),
        served.unread,
    )


def _uncounted(file: CaseFile) -> str | None:
    """Why a case that has ended is in no trip figure, which are of closed cases (办结) that count."""
    if file.stage in (Stage.WITHDRAWN, Stage.VOIDED):
        ended = file.stage if file.outcome is None else file.outcome
        return f"{ended.zh} {ended.name.lower()}"
    if file.stage is Stage.NOT_ACCEPTED:
        whole = ", though its visits count for its package (一件事)" if file.service.package is not None else ""
        return f"{file.stage.zh} {file.stage.value}: never closed (办结){whole}"
    return None


def _lines(visits: Iterable[CountedVisit], own: Trips, elsewhere: Trips) -> tuple[TripLine, ...]:
    everybody = {**elsewhere, **own}
    lines = []
    for visit in visits:
        shared = {case: tuple(one for one in trips if one.trip.visit == visit.visit) for case, trips in everybody.items()}
        shares = apportion(shared)
        cases = tuple(sorted(case for case, trips in shared.items() if trips))
        lines.append(TripLine(visit, cases, sum((shares[case] for case in own), Fraction())))
    return tuple(lines)
