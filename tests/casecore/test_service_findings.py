"""Findings beside the examination: trips, agents, seals, materials, ratings; and the list of codes as a whole."""

import re
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from support.examined import SHOWN, UNTOLD, Entered, codes, found
from support.registers import site
from support.story import (
    BOX,
    CALENDAR,
    CLOSED,
    DECIDED,
    FOOD,
    HALL,
    IN_REVIEW,
    ITEMS,
    OFFICER,
    PROOF,
    accepted,
    day,
    fact,
    item,
    received,
    submitted,
)

from casecore import (
    Area,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseVoided,
    CaseWithdrawn,
    Catalogue,
    Cause,
    CertificateMade,
    CertificateSealed,
    CoreStep,
    CorrectionRequested,
    DeliveryMethod,
    DistrictRule,
    DropBox,
    FindingCode,
    Grade,
    HolderKind,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialWay,
    Office,
    Outcome,
    PapersDeposited,
    PapersHandedOver,
    Place,
    ResultDelivered,
    Seal,
    Tier,
    TripMade,
    Visitor,
)

C = FindingCode
SEAL: Final = Seal(
    code="seal-7",
    name_zh="市场监管局行政许可专用章",
    source="made up for these stories",
    department="Market",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 3, 5),
)
SEALS: Final = (
    SEAL,
    replace(SEAL, code="seal-8", department="Fire"),
    replace(SEAL, code="seal-e", electronic=True),
)
BRIEF: Final = item("BRIEF", valid_from=day("03-02"), valid_until=day("03-05"))
CITYWIDE: Final = item("CITYWIDE", handle_area=Area.CROSS_COUNTY)
SITES: Final = (
    site(HALL),
    site("Old Hall", valid_until=day("03-01")),
    site("Bank", place=Place.COMMUNITY_KIOSK, items=(PROOF,)),
    site("Hall across the River", away=Area.CROSS_COUNTY),
    site("Hexing Village", place=Place.VILLAGE_POINT, tier=Tier.VILLAGE),
)
BOXES: Final = (DropBox(code=BOX, name_zh="小蜜蜂箱", source="story", hall=HALL, valid_from=day("03-02")),)
REGISTERED: Final = Office(Catalogue((*ITEMS, BRIEF, CITYWIDE), seals=SEALS, sites=SITES, boxes=BOXES), CALENDAR)
FROM_THE_PAPERS_ON: Final = Office(Catalogue(ITEMS), CALENDAR, DistrictRule(count_before_application=True))


def trip(cause: Cause = Cause.SUBMIT, when: str = "03-03 09:00", **rest: Any) -> TripMade:
    made = {"visit": "V1", "visitor": Visitor.APPLICANT, "place": Place.HALL, "cause": cause}
    return fact(TripMade, when, **{**made, **rest})


def errand(when: str = "03-03 09:00", agent: str | None = "Yang") -> TripMade:
    return trip(Cause.SIGN, when, visitor=Visitor.HALL_AGENT, agent=agent)


def mandate(when: str = "03-01 20:00", agent: str = "Yang", **rest: Any) -> MandateGranted:
    return fact(MandateGranted, when, agent=agent, applicant="Li Lei", scope="everything", **rest)


def handed_over(holder_kind: HolderKind = HolderKind.AGENT, holder: str = "Yang") -> PapersHandedOver:
    link = {"materials": ("lease",), "giver_kind": HolderKind.APPLICANT, "giver": "Li Lei"}
    return fact(PapersHandedOver, "03-03 09:00", holder_kind=holder_kind, holder=holder, **link)


def sealed(when: str, seal: str = "seal-7", *, electronic: bool = False) -> tuple[CaseEvent, ...]:
    made = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence", electronic=electronic)
    return (*DECIDED, made, fact(CertificateSealed, when, certificate="C1", seal=seal))


def met(when: str, material: str = "lease", way: MaterialWay = MaterialWay.PAPER) -> MaterialMet:
    return fact(MaterialMet, when, material=material, way=way)


def collected(
    when: str = "03-09 09:00", method: DeliveryMethod = DeliveryMethod.WINDOW, certificate: str | None = None
) -> ResultDelivered:
    return fact(ResultDelivered, when, method=method, certificate=certificate)


def rated(when: str, step: CoreStep | None = None) -> CaseRated:
    return fact(CaseRated, when, grade=Grade.SATISFIED, step=step)


def put_in(when: str, box: str = BOX) -> PapersDeposited:
    return fact(PapersDeposited, when, box=box, deposit="D1")


def at(hall: str, tier: Tier = Tier.COUNTY, code: str = FOOD) -> tuple[CaseEvent, ...]:
    """Received there, and accepted."""
    return received(hall=hall, tier=tier, code=code), accepted(code=code)


SERVICE_SHOWN: Final = {
    C.HALL_UNKNOWN: (at("Hall 9"), at(HALL)),
    C.SITE_OUT_OF_SERVICE: (
        at("Old Hall"),
        (received("03-01 09:00", hall="Old Hall"), accepted("03-02 10:00")),
    ),
    C.SITE_CONTRADICTED: (at("Hexing Village"), at("Hexing Village", Tier.VILLAGE)),
    C.ITEM_NOT_TAKEN_HERE: (at("Bank"), at("Bank", code=PROOF)),
    C.ITEM_OUTSIDE_AREA: (at("Hall across the River"), (received(hall="Hall across the River", code="CITYWIDE"),)),
    C.ITEM_OUT_OF_FORCE: ((received("03-06 00:00", code="BRIEF"),), (received("03-05 23:59", code="BRIEF"),)),
    C.BOX_OUT_OF_SERVICE: ((submitted(), put_in("03-01 22:00")), (submitted(), put_in("03-02 00:00"))),
    C.TRIP_BEFORE_APPLICATION: (
        (received(), trip(Cause.SIGN, "03-02 08:59")),
        (received(), trip(Cause.CONSULT, "03-02 08:59", visit="V2"), trip(Cause.SUBMIT, "03-02 08:59")),
    ),
    C.AGENT_WITHOUT_MANDATE: ((*IN_REVIEW, errand()), (*IN_REVIEW, mandate(), errand())),
    C.UNRECORDED_COLLECTION: (
        (*CLOSED, trip(), collected()),
        (*CLOSED, trip(), collected("03-09 09:00"), trip(Cause.COLLECT, "03-09 10:00", visit="V2")),
    ),
    C.SEAL_OUT_OF_FORCE: (sealed("03-06 09:00"), sealed("03-05 17:00")),
    C.SEAL_OF_ANOTHER: (sealed("03-05 17:00", "seal-8"), sealed("03-05 17:00")),
    C.SEAL_NOT_ELECTRONIC: (
        sealed("03-05 17:00", electronic=True),
        sealed("03-05 17:00", "seal-e", electronic=True),
    ),
    C.MATERIAL_MET_TWICE: (
        (*IN_REVIEW, met("03-02 09:00"), met("03-03 09:00")),
        (*IN_REVIEW, met("03-02 09:00"), met("03-03 09:00", "map")),
    ),
    C.RATED_BEFORE_DONE: ((*CLOSED, rated("03-06 08:59")), (*CLOSED, rated("03-06 09:00"))),
}
"""For each of these codes a history that shows it, and the lawful one beside it."""


@pytest.mark.parametrize("code", SERVICE_SHOWN, ids=str)
def test_every_code_of_service_is_reached_and_its_lawful_neighbour_is_not(code: FindingCode) -> None:
    questionable, lawful = SERVICE_SHOWN[code]

    assert codes(*questionable, office=REGISTERED) == [code]
    assert codes(*lawful, office=REGISTERED) == []


def test_the_list_of_codes_is_closed_and_three_of_them_take_many_cases() -> None:
    of_other_streams = {C.BOX_NOT_EMPTIED, C.THEME_OUT_OF_FORCE}
    in_tests_of_their_own = {*UNTOLD, C.DUE_DATE_MOVED_BY_NOTICE, C.OUT_OF_ORDER}
    across_cases = {C.ACCEPT_CLOSE_BURST, C.VISIT_CONTRADICTED, C.DOUBLE_FILING}
    assert {*SHOWN, *SERVICE_SHOWN} == set(FindingCode) - of_other_streams - in_tests_of_their_own - across_cases
    for code in FindingCode:
        assert code.value == code.name.lower()
        assert re.fullmatch(r"[\u4e00-\u9fff]+", code.zh)
    assert len({code.zh for code in FindingCode}) == len(FindingCode)


# 跑动


EARLY: Final = trip(Cause.SIGN, "03-01 09:00")


def test_a_trip_before_the_application_says_what_it_counts_for() -> None:
    (finding,) = found(submitted(), received(), EARLY, office=REGISTERED)

    assert (finding.code, finding.version, finding.by) == (C.TRIP_BEFORE_APPLICATION, 3, OFFICER)
    assert finding.sentence == (
        "came to sign on 2026-03-01, before the application of 2026-03-01: it counts for the whole journey only"
    )


@pytest.mark.parametrize(
    ("office", "lawful"),
    [
        (FROM_THE_PAPERS_ON, EARLY),
        (REGISTERED, replace(EARLY, place=Place.HOME)),
        (REGISTERED, replace(EARLY, visitor=Visitor.HALL_AGENT, agent="Yang")),
    ],
    ids=["where the district counts it", "home service", "an agent's errand"],
)
def test_what_might_be_recorded_before_the_application_is_no_finding(office: Office, lawful: TripMade) -> None:
    assert codes(mandate("02-28 20:00"), submitted(), received(), lawful, office=office) == []


def test_a_trip_for_what_nobody_has_applied_for_is_found_until_the_application_is_told_of() -> None:
    came = trip(Cause.SIGN, "03-02 10:00")

    (finding,) = found(mandate(), came)
    assert (
        finding.sentence == "came to sign on 2026-03-02, and nothing was applied for: it counts for the whole journey only"
    )
    assert codes(mandate(), came, Entered(received("03-02 09:00"), "03-04 09:00")) == []


def test_an_imported_case_that_never_tells_of_an_application_has_no_trip_before_it() -> None:
    closed = fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER)

    assert codes(closed, trip(Cause.COLLECT)) == []


# 领取


@pytest.mark.parametrize("method", DeliveryMethod)
def test_what_is_collected_in_person_takes_somebody_who_came(method: DeliveryMethod) -> None:
    in_person = method in (DeliveryMethod.WINDOW, DeliveryMethod.LOCKER)

    assert codes(*CLOSED, collected(method=method)) == [C.UNRECORDED_COLLECTION] * in_person


def test_a_collection_nobody_came_for_says_what_it_may_mean() -> None:
    (finding,) = found(*CLOSED, collected(method=DeliveryMethod.LOCKER))

    assert (finding.code, finding.version, finding.at.day) == (C.UNRECORDED_COLLECTION, len(CLOSED) + 1, 9)
    assert finding.sentence == (
        "collection on 2026-03-09 takes somebody at hall_kiosk, and no visit is recorded that day:"
        " its trips are unknown, and no figure of trips counts it"
    )


def test_several_certificates_collected_on_one_day_are_one_coming() -> None:
    second = fact(CertificateMade, "03-05 12:00", certificate="C2", kind="annex")
    third = fact(CertificateMade, "03-05 12:00", certificate="C3", kind="annex")
    several = (collected(certificate="C1"), collected(certificate="C2"), collected("03-10 09:00", certificate="C3"))

    found_on = [one.at.day for one in found(*CLOSED[:-1], second, third, CLOSED[-1], *several)]
    assert found_on == [9, 10]


@pytest.mark.parametrize(
    ("came", "explained"),
    [
        (trip(Cause.PAY, "03-09 16:00"), True),
        (trip(Cause.PAY, "03-09 08:00", visitor=Visitor.OWN_AGENT), True),
        (trip(Cause.COLLECT, "03-09 09:00", visitor=Visitor.HALL_AGENT), True),
        (trip(Cause.PAY, "03-09 08:00", place=Place.HOME), False),
        (trip(Cause.PAY, "03-06 09:00"), False),
    ],
    ids=["for something else that day", "by whom they sent", "by a 代办员", "home service", "another day"],
)
def test_a_collection_goes_with_whoever_came_to_the_hall_that_day(came: TripMade, *, explained: bool) -> None:
    assert codes(*CLOSED, came, collected()) == [C.UNRECORDED_COLLECTION] * (not explained)


def test_where_no_trips_are_recorded_none_is_missing() -> None:
    history = (received(trips_recorded=False), *CLOSED[1:], collected())

    assert codes(*history) == []


# 代办


@pytest.mark.parametrize("agent", ["Yang", None])
@pytest.mark.parametrize(
    ("entrusted", "lawful"),
    [
        ((mandate(),), True),
        ((mandate("03-03 09:01"),), False),
        ((mandate(until=date(2026, 3, 2)),), False),
        ((mandate(until=date(2026, 3, 3)),), True),
        ((mandate(), fact(MandateRevoked, "03-02 12:00", agent="Yang", reason="moved away")), False),
        ((mandate(), fact(MandateRevoked, "03-03 12:00", agent="Yang", reason="moved away")), True),
    ],
    ids=["entrusted", "entrusted later", "run out", "on its last day", "revoked", "revoked later"],
)
def test_an_agent_goes_under_a_mandate_in_force_that_day(
    entrusted: tuple[CaseEvent, ...], agent: str | None, *, lawful: bool
) -> None:
    assert codes(*IN_REVIEW, *entrusted, errand(agent=agent)) == [C.AGENT_WITHOUT_MANDATE] * (not lawful)


def test_another_agent_than_the_one_entrusted_is_named() -> None:
    (finding,) = found(*IN_REVIEW, mandate(), errand(agent="Zhou"))

    assert finding.sentence == "Zhou went, whom no mandate in force entrusted"


def test_a_history_from_before_mandates_and_agents_were_recorded_shows_none() -> None:
    assert codes(*IN_REVIEW, errand(agent=None)) == []


@pytest.mark.parametrize("who", [Visitor.APPLICANT, Visitor.OWN_AGENT])
def test_the_applicant_and_whoever_the_applicant_sends_need_no_mandate(who: Visitor) -> None:
    assert codes(*IN_REVIEW, mandate("03-01 20:00"), trip(Cause.SIGN, visitor=who)) == []


def test_an_agent_is_handed_originals_under_a_mandate_alone() -> None:
    assert codes(*IN_REVIEW, mandate(), handed_over()) == []
    assert codes(*IN_REVIEW, handed_over(HolderKind.HALL, "wang")) == []

    (finding,) = found(*IN_REVIEW, handed_over())
    assert (finding.code, finding.version) == (C.AGENT_WITHOUT_MANDATE, 3)
    assert finding.sentence == "Yang was given lease, whom no mandate in force entrusted"


def test_whoever_another_applicant_entrusted_is_entrusted_by_nobody() -> None:
    of_another = replace(mandate(), applicant="Wang Mei")

    assert codes(*IN_REVIEW, of_another, errand()) == [C.AGENT_WITHOUT_MANDATE]
    assert codes(*IN_REVIEW, of_another, handed_over()) == [C.AGENT_WITHOUT_MANDATE]


# 用印


@pytest.mark.parametrize(
    ("when", "seal", "sentence"),
    [
        ("03-06 09:00", "seal-7", "which is in force from 2026-01-01 to 2026-03-05"),
        ("03-05 17:00", "seal-9", "which is in no register"),
    ],
)
def test_a_seal_is_one_of_the_register_on_a_day_it_is_in_force(when: str, seal: str, sentence: str) -> None:
    (finding,) = found(*sealed(when, seal), office=REGISTERED)

    assert finding.sentence == f"C1 was sealed on 2026-{when[:5]} with {seal}, {sentence}"


def test_where_the_hall_keeps_no_register_of_seals_any_will_do() -> None:
    assert codes(*sealed("03-06 09:00", "whatever")) == []


# 材料


def test_every_further_time_a_material_is_met_is_found_with_the_first() -> None:
    again = met("03-04 09:00", way=MaterialWay.UPLOAD)

    findings = found(*IN_REVIEW, met("03-02 09:00"), met("03-03 09:00"), again)

    assert [one.version for one in findings] == [4, 5]
    assert findings[1].sentence == (
        "lease was met on 2026-03-02 by paper, and again on 2026-03-04 by upload: the first counts"
    )


def test_what_a_notice_asked_for_again_was_met_once_each_time() -> None:
    asked = fact(CorrectionRequested, "03-02 09:30", materials=("lease",))

    assert codes(received(), met("03-02 09:00"), asked, met("03-03 09:00")) == []
    assert codes(received(), met("03-02 09:00"), asked, met("03-03 09:00"), met("03-04 09:00")) == [C.MATERIAL_MET_TWICE]
    assert codes(received(), met("03-02 09:00", "map"), asked, met("03-03 09:00", "map")) == [C.MATERIAL_MET_TWICE]


# 好差评


def test_what_was_done_afterwards_does_not_make_an_early_rating_right() -> None:
    early = rated("03-02 12:00", CoreStep.APPROVAL)

    (finding,) = found(*IN_REVIEW, early, *CLOSED[2:])

    assert (finding.code, finding.version) == (C.RATED_BEFORE_DONE, 3)
    assert finding.sentence == "the step approval (审批) was not done when it was rated"


def test_a_step_that_is_told_of_late_had_been_done_all_the_same() -> None:
    late = Entered(received("03-02 09:00"), "03-03 09:00")

    assert codes(submitted(), rated("03-02 12:00", CoreStep.RECEIPT), late) == []


def test_voiding_a_record_later_does_not_make_its_rating_early() -> None:
    void = fact(CaseVoided, "03-20 09:00", outcome=Outcome.VOIDED, reason="another one's")

    assert codes(*CLOSED, rated("03-07 09:00"), void) == []


def test_what_was_withdrawn_was_not_done_as_a_whole() -> None:
    withdrawn = fact(CaseWithdrawn, "03-04 09:00", reason="moved away")

    assert codes(received(), accepted(), withdrawn, rated("03-05 09:00", CoreStep.RECEIPT)) == []
    assert codes(received(), accepted(), withdrawn, rated("03-05 09:00")) == [C.RATED_BEFORE_DONE]
