from collections import Counter
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Final

import pytest

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.catalogue_toml import load_catalogue
from adapters.district_engine import open_engine
from casecore import (
    AcceptCase,
    BadInput,
    CaseCommand,
    CaseFile,
    CaseReceived,
    Catalogue,
    DeliverResult,
    DeliveryMethod,
    GrantApproval,
    Limit,
    Place,
    ReceiveCase,
    Refused,
    RequestCorrection,
    ResendCourier,
    ReturnPreReview,
    SealCertificate,
    Stage,
    SubmitApplication,
    Tier,
    Transit,
    Visit,
    fold,
)
from casecore.kinds import CASE, DROP_BOX, PACKAGE
from ops.demo.arrival import NEAR, department_of
from ops.demo.demand import HALLS, WITHIN_PACKAGES
from ops.demo.simulation import (
    DISTRICT,
    SHOWCASE,
    WEEKEND,
    SimulatedCase,
    apportion,
    opening,
    simulate,
)
from ops.demo.story_files import load_stories
from projections.case_facts import CASE_FACTS, CaseFact
from projections.delivery_facts import DELIVERY_FACTS, DeliveryFact
from projections.projection import Subject

CATALOGUE: Final = load_catalogue()
CALENDARS: Final = shipped_calendars()
SATURDAY, SUNDAY = date(2017, 8, 5), date(2017, 8, 6)
BY_HALL: Final = {hall.name: hall for hall in HALLS}


@cache
def week(seed: int = 1, cases: int = 2000) -> tuple[SimulatedCase, ...]:
    played = simulate(seed=seed, cases=cases, catalogue=CATALOGUE, calendar=CALENDARS[NATIONAL])
    return tuple(played)


@cache
def files() -> dict[str, CaseFile]:
    """What the engine makes of the week: the file of each case."""
    found: dict[str, CaseFile] = {}
    with open_engine("memory:", district=DISTRICT) as engine:
        for case, commands in week():
            receipts = engine.handle_many(commands)
            assert not isinstance(receipts, Refused), receipts
            found[case] = fold(chain.from_iterable(receipt.events for receipt in receipts))
    return found


@cache
def case_facts() -> tuple[CaseFact, ...]:
    rows = (row for case, file in files().items() for row in CASE_FACTS.rows(subject(case, file)))
    return tuple(row for row in rows if isinstance(row, CaseFact))


@cache
def consignments() -> tuple[DeliveryFact, ...]:
    """The results that first left by courier."""
    rows = (row for case, file in files().items() for row in DELIVERY_FACTS.rows(subject(case, file)))
    sent = [row for row in rows if isinstance(row, DeliveryFact)]
    return tuple(row for row in sent if row.method == DeliveryMethod.COURIER and row.replaces is None)


def subject(case: str, file: CaseFile) -> Subject:
    return Subject(DISTRICT, case, file, CALENDARS)


def received(cases: tuple[SimulatedCase, ...]) -> list[ReceiveCase]:
    return [command for case in cases for command in case.commands if isinstance(command, ReceiveCase)]


def at(command: CaseCommand) -> datetime:
    assert command.at is not None
    return command.at


def share(part: int, whole: int) -> float:
    assert whole > 0
    return part / whole


# --- the same again ---


def test_the_same_seed_gives_the_same_commands() -> None:
    again = simulate(seed=1, cases=2000, catalogue=CATALOGUE, calendar=CALENDARS[NATIONAL])
    assert tuple(again) == week()


def test_another_seed_gives_other_commands_but_the_same_story() -> None:
    ours, other = week(1, 50), week(2, 50)
    assert ours[1:] != other[1:]
    assert [(at(c), c.by) for c in ours[0].commands] == [(at(c), c.by) for c in other[0].commands]


def test_it_gives_as_many_cases_as_asked_for_and_none_for_none() -> None:
    assert [len(week(1, cases)) for cases in (0, 1, 2, 2000)] == [0, 1, 2, 2000]


def test_every_case_and_every_command_has_an_id_of_its_own() -> None:
    assert len({case for case, _ in week()}) == 2000
    ids = [command.command_id for _, commands in week() for command in commands]
    assert None not in ids
    assert len(set(ids)) == len(ids)


def test_a_second_run_adds_nothing() -> None:
    with open_engine("memory:", district=DISTRICT) as engine:
        first = [engine.handle_many(commands) for _, commands in week(5, 60)]
        head = engine.log.head()
        assert [engine.handle_many(commands) for _, commands in week(5, 60)] == first
        assert engine.log.head() == head


# --- by the rules ---


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engine_accepts_every_command(seed: int) -> None:
    with open_engine("memory:", district=DISTRICT) as engine:
        refused = [engine.handle_many(commands) for _, commands in week(seed, 400)]
    assert [result for result in refused if isinstance(result, Refused)] == []


def test_the_commands_of_a_case_are_its_own_in_the_order_of_time_and_within_the_year() -> None:
    for case, commands in week():
        assert {command.case for command in commands} == {case}
        times = [at(command) for command in commands]
        assert times == sorted(times)
        assert all(time.utcoffset() is not None for time in times)
        assert datetime(2017, 7, 31, tzinfo=times[0].tzinfo) <= times[0]
        assert times[-1].date() < date(2017, 12, 31)


def test_the_week_and_the_stories_show_every_act_but_those_of_rarer_days() -> None:
    played = {type(command) for _, commands in week() for command in commands}
    played |= {type(command) for story in load_stories(1).trips for command in story.commands}
    acts = [act for kind in (CASE, PACKAGE, DROP_BOX) for act in kind.acts]
    given = {act.zh: {one for one, rule in act.rules.items() if not rule.follows} for act in acts}
    shown = {zh for zh, commands in given.items() if commands & played}

    assert {zh for zh, commands in given.items() if commands} - shown == {
        "听证",
        "电子监察",
        "材料",
        "时间推移",
        "一件事时限",
        "撤销重作",
    }


def test_who_accepts_never_answers_an_approval_or_decides() -> None:
    for file in files().values():
        judges = {approval.by for approval in file.approvals}
        if file.decision is not None:
            judges.add(file.decision.by)
        assert file.accepted_by is None or file.accepted_by not in judges


def test_only_items_in_force_in_that_week_are_asked_for() -> None:
    asked = {(file.item, file.promise.item_version) for file in files().values() if file.promise is not None}
    in_force = {
        (item.code, item.version)
        for item in CATALOGUE
        if item.applied_for and item.in_force(SATURDAY) and item.code not in WITHIN_PACKAGES
    }
    assert asked <= in_force
    assert len(asked) > len(in_force) * 3 // 4


def test_what_is_asked_for_within_packages_stands_in_the_catalogue() -> None:
    joined = {one.item for theme in CATALOGUE.themes for one in theme.items}
    assert set(WITHIN_PACKAGES) <= joined
    assert all(CATALOGUE.known(code) for code in WITHIN_PACKAGES)


def test_every_seal_of_the_play_is_registered_and_in_force() -> None:
    played = (*week(), *load_stories(1).clocks)
    sealed = [c for one in played for c in one.commands if isinstance(c, SealCertificate)]
    assert len({command.seal for command in sealed}) > 5
    assert [c.seal for c in sealed if c.seal not in CATALOGUE.seals] == []
    assert all(CATALOGUE.seals[command.seal].in_force(at(command).date()) for command in sealed)


def test_every_organ_of_the_catalogue_has_its_seal_under_its_own_name_and_that_of_the_play() -> None:
    organs = {name for item in CATALOGUE if item.applied_for for name in (item.department, department_of(item))}
    assert {CATALOGUE.seals[f"{organ}专用章"].department for organ in organs} == organs


def test_the_sites_that_are_halls_of_the_play_take_papers_in_at_the_same_tier() -> None:
    both = {hall: CATALOGUE.sites[hall.name] for hall in HALLS if hall.name in CATALOGUE.sites}
    assert len(both) == 5
    assert all(hall.tier is site.tier for hall, site in both.items())


def test_who_goes_to_no_hall_of_the_play_goes_to_a_site_of_that_place() -> None:
    assert {CATALOGUE.sites[hall].place: hall for hall in NEAR.values()} == NEAR
    came = {(trip.place, trip.hall) for file in files().values() for trip in file.trips if trip.place in NEAR}
    assert came == set(NEAR.items())


def test_a_catalogue_with_nothing_in_force_is_refused() -> None:
    none = Catalogue([item for item in CATALOGUE if item.valid_from > SUNDAY])
    with pytest.raises(BadInput, match="no item of the catalogue is in force"):
        list(simulate(seed=1, cases=1, catalogue=none, calendar=CALENDARS[NATIONAL]))


# --- the first weekend of extended service (S0) ---


def test_the_seeds_weekend_is_split_as_in_the_seed() -> None:
    assert apportion(11306, tuple(WEEKEND.values())) == [2090, 7694, 1522]


@pytest.mark.parametrize("total", [0, 1, 2, 3, 100, 360, 9999])
def test_a_split_adds_up_and_no_part_is_off_by_a_whole(total: int) -> None:
    parts = apportion(total, tuple(WEEKEND.values()))
    assert sum(parts) == total
    assert all(abs(part - total * of / 11306) < 1 for part, of in zip(parts, WEEKEND.values(), strict=True))


def test_the_weekends_cases_are_split_over_the_tiers_in_the_seeds_proportion() -> None:
    weekend = Counter(command.tier for command in received(week()) if at(command).date() >= SATURDAY)
    assert weekend.total() == 360  # 18 of 100 of the 1999 beside the showcase
    assert weekend == {Tier.CITY: 67, Tier.COUNTY: 245, Tier.TOWNSHIP: 48}


def test_the_engine_counts_the_weekend_alike() -> None:
    weekend = Counter(row.tier for row in case_facts() if row.received_on is not None and row.received_on >= SATURDAY)
    assert weekend == {"city": 67, "county": 245, "township": 48}


def test_the_market_centre_opens_on_sundays_with_an_odd_day_of_the_month() -> None:
    (market,) = [hall for hall in HALLS if hall.market_days]
    assert opening(market, SUNDAY) == ()
    ((opens, closes),) = opening(market, date(2017, 8, 13))
    assert (opens.hour, closes.hour) == (9, 13)


def test_desks_receive_only_while_they_are_open() -> None:
    seen: Counter[int] = Counter()
    for _, commands in week():
        first = commands[0]
        by_machine = any("自助" in c.by for c in commands if isinstance(c, AcceptCase))
        (receipt,) = [command for command in commands if isinstance(command, ReceiveCase)]
        hall = BY_HALL[receipt.hall]
        if by_machine or hall.self_service:
            continue
        moment = at(receipt)
        assert any(opens <= moment.time() < closes for opens, closes in opening(hall, moment.date())), (hall, moment)
        assert at(first) <= moment
        seen[moment.isoweekday()] += 1
    assert set(seen) == {1, 2, 3, 4, 5, 6}


def test_machines_and_the_web_receive_at_night_and_on_sunday() -> None:
    assert any(at(command).date() == SUNDAY for command in received(week()))
    filed = [at(c) for _, commands in week() for c in commands if isinstance(c, SubmitApplication)]
    assert any(moment.hour < 6 for moment in filed)
    assert any(moment.hour >= 20 for moment in filed)


def test_saturdays_promises_in_days_run_from_monday() -> None:
    for file in files().values():
        promise = file.promise
        if promise is not None and promise.at.date() == SATURDAY and promise.promised == Limit.working_days(10):
            assert promise.effective_on == date(2017, 8, 7)
            return
    pytest.fail("no promise of 10 working days was made on the Saturday")


# --- what happens to the cases ---


def test_some_visits_serve_several_cases_of_one_applicant() -> None:
    applicants: dict[str, list[str | None]] = {}
    for command in received(week()):
        if isinstance(command.visit, Visit):
            applicants.setdefault(command.visit.visit, []).append(command.applicant)
    sizes = Counter(map(len, applicants.values()))
    assert set(sizes) == {1, 2, 3}
    assert all(len(set(found)) == 1 for found in applicants.values())


def test_about_six_of_a_hundred_promises_are_broken_and_most_are_kept_well() -> None:
    closed = [row for row in case_facts() if row.handling == "promised" and row.closed_normally]
    assert 0.03 < share(sum(row.promised_verdict == "overdue" for row in closed), len(closed)) < 0.1
    assert share(sum(row.early for row in closed), len(closed)) > 0.6


def test_what_is_done_at_once_is_never_overdue() -> None:
    closed = [row for row in case_facts() if row.handling == "instant" and row.closed]
    assert {row.promised_verdict for row in closed} == {"on_time"}


def test_about_four_of_a_hundred_promised_cases_stay_open() -> None:
    promised = [row for row in case_facts() if row.handling == "promised"]
    still_open = [row for row in promised if row.stage in (Stage.IN_REVIEW, Stage.REVIEWED)]
    assert 0.02 < share(len(still_open), len(promised)) < 0.08


def test_about_eight_of_a_hundred_cases_are_corrected() -> None:
    rows = case_facts()
    assert 0.05 < share(sum(row.corrections > 0 for row in rows), len(rows)) < 0.12
    asked = [c for _, commands in week() for c in commands if isinstance(c, RequestCorrection)]
    assert share(sum(c.complete for c in asked), len(asked)) > 0.8


def test_couriers_bring_back_about_six_of_a_hundred_and_it_is_sent_again() -> None:
    first = consignments()
    assert 0.02 < share(sum(row.state == Transit.RETURNED for row in first), len(first)) < 0.12
    failed = [row for row in first if row.state in (Transit.RETURNED, Transit.LOST)]
    again = [c for _, commands in week() for c in commands if isinstance(c, ResendCourier)]
    assert len(again) == len(failed)


def test_results_reach_the_applicant_in_every_way() -> None:
    handed = [c for _, commands in week() for c in commands if isinstance(c, DeliverResult)]
    assert {c.method for c in handed} == set(DeliveryMethod)
    assert any(c.method is DeliveryMethod.LOCKER and c.visit and c.visit.place is Place.HALL_KIOSK for c in handed)


def test_an_application_handed_back_is_filed_again() -> None:
    for _, commands in week():
        back = sum(isinstance(c, ReturnPreReview) for c in commands)
        filed = sum(isinstance(c, SubmitApplication) for c in commands)
        assert filed in (0, 1) if back == 0 else filed == 1 + back


# --- the showcase ---


def test_the_first_case_is_a_story_with_one_of_everything() -> None:
    assert week()[0].case == SHOWCASE
    file = files()[SHOWCASE]
    assert file.stage is Stage.CLOSED
    (correction,) = file.corrections
    assert correction.complete
    assert correction.submitted_at is not None
    (suspension,) = file.suspensions
    assert (suspension.fact.declared_days, suspension.fact.moves_statutory) == (3, True)
    assert suspension.ended_at is not None
    assert [consignment.state for consignment in file.consignments] == [Transit.RETURNED, Transit.DELIVERED]
    assert [certificate.sealed_at is not None for certificate in file.certificates] == [True]
    assert len(file.deliveries) == 1
    assert file.rating is not None


def test_the_showcase_has_three_approvals_open_at_the_same_time() -> None:
    file = files()[SHOWCASE]
    grants = [c for c in week()[0].commands if isinstance(c, GrantApproval)]
    assert len(grants) == len(file.plan)
    opened = Counter(approval.opened_at for approval in file.approvals)
    assert max(opened.values()) == 3


def test_the_showcase_keeps_its_promise_and_its_correction_costs_no_net_trip() -> None:
    (row,) = [row for row in case_facts() if row.case_id == SHOWCASE]
    assert (row.promised_verdict, row.excluded_days) == ("on_time", 3)
    assert (row.trips_gross, row.trips_net) == (2, 1)
    assert row.delivered_on == date(2017, 8, 23)


def test_the_showcase_was_received_at_a_window_of_the_county_hall() -> None:
    with open_engine("memory:", district=DISTRICT) as engine:
        engine.handle_many(week()[0].commands)
        first = engine.history(SHOWCASE)[0].event
    assert isinstance(first, CaseReceived)
    assert (first.hall, first.tier, first.window) == ("新都区政务服务中心", Tier.COUNTY, "07号")
