"""What trips (跑动) count for: recorded as facts with a visit id, counted by rule (domain.md §4, trip rules).

A trip is a physical visit by the applicant or the applicant's own agent to a place where the matter must be handled,
between 提出申请 and 收到办理结果. The hall's agents (代办员), couriers and home service cost the applicant none. Where
districts count differently, :class:`~casecore.district_rule.DistrictRule` says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple, Protocol

from casecore.case.acts.trips import before_application
from casecore.case.clocks import handed_over
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.closing import CaseWithdrawn
from casecore.case.file import CaseFile
from casecore.case.parts import Certificate, Trip
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.reading.reminders import applicants_own
from casecore.vocabulary import Cause, Place, TripVerdict, Visitor

__all__ = ["CountedTrip", "apportion", "count_trips", "exceeding", "promised_trips"]


class CountedTrip(NamedTuple):
    """A recorded trip with what it counts for."""

    trip: Trip
    gross: bool
    """Someone travelled for the applicant's account."""
    net: bool
    """It counts against "at most one visit": not a correction the applicant alone caused (domain rule 6)."""
    journey: bool
    """It is part of the whole journey, "from the preparing of the papers on" (全流程): what came before the application
    too."""
    verdict: TripVerdict
    """Whether it could have been spared."""
    why: str


def count_trips(file: CaseFile, rule: DistrictRule = DEFAULT_RULE) -> tuple[CountedTrip, ...]:
    """What each trip of a case counts for, in the order recorded; which ones were promised goes by when they were made."""
    counted = _once(_count(file, trip, rule) for trip in file.trips)
    in_order = sorted(range(len(counted)), key=lambda number: counted[number].trip.at)
    for place in exceeding(promised_trips(file), [counted[index] for index in in_order]):
        counted[in_order[place]] = counted[in_order[place]]._replace(verdict=TripVerdict.OPTIONAL)
    return tuple(counted)


def is_trip(file: CaseFile, trip: Trip, rule: DistrictRule = DEFAULT_RULE) -> bool:
    """Whether a visit would be a trip of the case, had it been recorded."""
    return _count(file, trip, rule).gross


def trips_in_figures(file: CaseFile, rule: DistrictRule = DEFAULT_RULE) -> tuple[CountedTrip, ...]:
    """The same, as figures of several cases take them: for nothing where no figure counts the case at all."""
    counted = count_trips(file, rule)
    if file.counted:
        return counted
    return tuple(_none(one.trip, f"no figure counts the case ({file.stage.zh})") for one in counted)


class _Counted(Protocol):
    """A trip, or a visit for several cases, with what it counts for."""

    @property
    def net(self) -> bool:
        """It counts against the promise."""

    @property
    def verdict(self) -> TripVerdict:
        """Whether it could have been spared."""


def exceeding(promised: int | None, made: Sequence[_Counted]) -> list[int]:
    """Which of them, in the order made, lie beyond what was promised; those somebody is to blame for do not use it up."""
    using = [place for place, one in enumerate(made) if one.net and one.verdict is TripVerdict.PROMISED]
    return [] if promised is None else using[promised:]


def _once(trips: Iterable[CountedTrip]) -> list[CountedTrip]:
    """Each visit counted once: whoever asked and then applied in it came once, and it is for the application."""
    counted = list(trips)
    served: dict[str, list[int]] = {}
    for index, one in enumerate(counted):
        served.setdefault(one.trip.visit, []).append(index)
    for among in served.values():
        if len(among) > 1:
            decisive = max(among, key=lambda index: (_rank(counted[index]), index))
            whole = [counted[index] for index in among]
            for index in among:
                counted[index] = _none(counted[index].trip, "counted with the visit it was part of (同一次到场)")
            counted[decisive] = whole[among.index(decisive)]._replace(
                gross=any(one.gross for one in whole),
                net=any(one.net for one in whole),
                journey=any(one.journey for one in whole),
            )
    return counted


def _rank(one: CountedTrip) -> tuple[bool, bool, bool, bool]:
    """Which trip of one visit says what it counts for: one that could not have been spared before others."""
    return one.verdict is TripVerdict.PROMISED, one.net, one.gross, one.journey


def promised_trips(file: CaseFile) -> int | None:
    """到办事现场次数 promised: for the whole package (一件事) where the case is in one, else for its item.

    None where nothing was promised: before the acceptance, and of a case of a package that waits (待前置事项).
    """
    package = file.service.package
    if package is not None:
        return None if package.waiting else package.visits_promised
    return file.promise.trips_promised if file.promise is not None else None


def apportion(cases: Mapping[str, Iterable[CountedTrip]]) -> dict[str, Fraction]:
    """Each case's share of the visits that served several (1/k each); over all cases they add up to the visits made.

    ``cases`` are those of one district: a visit id names one visit there.
    """
    served: dict[str, set[str]] = {}
    for case, trips in cases.items():
        for one in trips:
            if one.gross:
                served.setdefault(one.trip.visit, set()).add(case)
    shares = dict.fromkeys(cases, Fraction())
    for among in served.values():
        share = Fraction(1, len(among))
        for case in among:
            shares[case] += share
    return shares


def _count(file: CaseFile, trip: Trip, rule: DistrictRule) -> CountedTrip:  # noqa: PLR0911 - one way out a rule
    if trip.visitor is Visitor.HALL_AGENT:
        return _none(trip, "the hall's agent went (代办员跑腿)")
    if trip.place is Place.HOME:
        return _none(trip, "home service (上门服务)")
    gross = not trip.place.near or rule.near_visits_gross
    net = gross and (not trip.place.near or rule.near_visits_net)
    if before_application(file, trip.cause, trip.at):
        why = "before the application (申请前" + ("咨询)" if trip.cause is Cause.CONSULT else ")")
        if not rule.count_before_application:
            return _none(trip, why)._replace(journey=True)
        return CountedTrip(trip, gross, net, journey=True, verdict=TripVerdict.PROMISED, why=why)
    over = _over(file)
    if over is not None and trip.at > over:
        if any(_got_wrong(file, certificate, over, trip.at) for certificate in file.certificates):
            why = "for a certificate the agency got wrong (证照更正)"
            return CountedTrip(trip, gross, net=gross, journey=True, verdict=TripVerdict.AGENCY, why=why)
        return _none(trip, "after the result was received (收到办理结果之后)")
    if trip.cause is Cause.CORRECT:
        if applicants_own(file, trip):
            why = "correction after one complete notice (一次性告知后补正)"
            return CountedTrip(trip, gross, net=False, journey=True, verdict=TripVerdict.APPLICANT, why=why)
        why = "a correction the agency caused (行政机关原因补正)"
        return CountedTrip(trip, gross, net=gross, journey=True, verdict=TripVerdict.AGENCY, why=why)
    why = "near visit (就近)" if trip.place.near else "visit (到场)"
    return CountedTrip(trip, gross, net, journey=True, verdict=TripVerdict.PROMISED, why=why)


def _none(trip: Trip, why: str) -> CountedTrip:
    return CountedTrip(trip, gross=False, net=False, journey=False, verdict=TripVerdict.NO_TRIP, why=why)


def _over(file: CaseFile) -> datetime | None:
    """收到办理结果: when the applicant had all there is, or had given up, or was told that there will be nothing."""
    if isinstance(file.closing, CaseWithdrawn | NotAccepted):
        return file.closing.at
    return handed_over(file)


def _got_wrong(file: CaseFile, certificate: Certificate, over: datetime, at: datetime) -> bool:
    """Whether a certificate had been found wrong by ``at`` after all was handed over, and was not in hand again before."""
    names = {certificate.certificate}
    while again := {one.certificate for one in file.certificates if one.replaces in names} - names:
        names |= again
    handed_over_again = [one.at for one in file.deliveries if one.certificate in names]
    return any(
        over < wrong <= at and not any(wrong <= then < at for then in handed_over_again) for wrong in certificate.corrections
    )
