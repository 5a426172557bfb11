"""小蜜蜂箱: papers put in at any hour, received by the district's rule, and the duty to empty it twice a day."""

from collections import deque
from dataclasses import replace
from typing import Any

import pytest
from support.story import (
    BOX,
    CALENDAR,
    CITIZEN,
    CLERK,
    FOOD,
    IN_REVIEW,
    NOW,
    OFFICER,
    Story,
    ask,
    day,
    fact,
    item,
    moment,
    received,
    submitted,
)

from adapters.wire import Wire
from casecore import (
    BoxCollected,
    BoxDeposit,
    BoxDeposited,
    CaseEvent,
    CaseReceived,
    Catalogue,
    Channel,
    ClockKind,
    CollectBox,
    CorrectionRequested,
    CorrectionSubmitted,
    DepositPapers,
    DistrictRule,
    DropBox,
    Duty,
    ItemType,
    NoteDeposit,
    Office,
    PapersCollected,
    PapersDeposited,
    PassPreReview,
    Place,
    PreReviewPassed,
    PreReviewReturned,
    Reason,
    ReceiptDate,
    Refused,
    RequestCorrection,
    ReturnPreReview,
    Site,
    Stage,
    SubmitApplication,
    Tier,
    duty_of,
)
from casecore.between.following import consequences
from casecore.calendar import OutsideCalendarError
from casecore.case.acts.deposits import CollectPapers
from casecore.case.clocks import clock_named
from casecore.drop_box.file import NEW_BOX, DropBoxFile
from casecore.kind import Decided, File
from casecore.kinds import advance, decide
from casecore.places import unsound_register
from casecore.recorded import Envelope

TOWN_HALL = "HALL-9"
BOXES = (DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up for these stories", hall=TOWN_HALL),)
SITES = (Site(code=TOWN_HALL, name_zh="九号大厅", source="made up for these stories", place=Place.HALL, tier=Tier.TOWNSHIP),)
OPEN_DOOR = Office(Catalogue((item(FOOD),), boxes=BOXES, sites=SITES), CALENDAR)
BY_DEPOSIT = OPEN_DOOR._replace(rule=DistrictRule(drop_box_receipt=ReceiptDate.DEPOSIT))
PASSED = fact(PreReviewPassed, "03-02 08:30", by=CLERK)
NIGHT = fact(PapersDeposited, "03-01 22:40", by=CITIZEN, box=BOX, deposit="D1", materials=("lease",))


class Town:
    """Several streams, and what follows in one from another."""

    def __init__(self, office: Office = OPEN_DOOR) -> None:
        self.office = office
        self.files: dict[str, File] = {}

    def do(self, kind: Any, when: str, /, **rest: Any) -> None:
        """Somebody asks for something, and all that follows from it."""
        following = deque([ask(kind, when, **rest)])
        while following:
            command = following.popleft()
            ruling = decide(self.files.get(command.stream), command, NOW, self.office)
            assert not isinstance(ruling, Refused), ruling
            for event in ruling:
                self.files[command.stream] = advance(self.files.get(command.stream), event)
            if ruling:
                following.extend(consequences(command, Decided(ruling, self.files[command.stream]), self.office))

    def filed(self, case: str, *, passed: bool = True) -> None:
        """An application that waits for its papers."""
        filed = {"item": FOOD, "channel": Channel.WEBSITE, "applicant": case}
        self.do(SubmitApplication, "03-01 20:00", by=CITIZEN, case=case, **filed)
        if passed:
            self.do(PassPreReview, "03-01 21:00", by=CLERK, case=case)

    def file(self, stream: str) -> Any:
        return self.files[stream]


def put_in(deposit: str = "D1", when: str = "03-01 22:40", **rest: Any) -> DepositPapers:
    return ask(DepositPapers, when, by=CITIZEN, **{"box": BOX, "deposit": deposit, "materials": ("lease",), **rest})


def emptied(when: str = "03-02 08:40", deposit: str = "D1") -> CollectPapers:
    return ask(CollectPapers, when, box=BOX, deposit=deposit, hall=TOWN_HALL)


# 投递


@pytest.mark.parametrize("before", [(submitted(),), (submitted(), fact(PreReviewPassed, "03-01 21:00", by=CLERK))])
def test_papers_are_put_in_at_any_hour_and_nobody_has_them_yet(before: tuple[CaseEvent, ...]) -> None:
    story = Story(*before, office=OPEN_DOOR)

    after = story.when(put_in()).then(NIGHT)

    assert (after.file.stage, after.file.received_at) == (story.file.stage, None)
    assert (after.file.service.papers, after.file.trips) == ((), ())


def test_a_deposit_has_a_number_of_its_own() -> None:
    Story(submitted(), NIGHT).when(put_in(when="03-01 23:00")).refused(Reason.DEPOSIT_EXISTS, "D1")


@pytest.mark.parametrize("before", [(received(),), IN_REVIEW])
def test_the_box_is_for_what_waits_for_papers(before: tuple[CaseEvent, ...]) -> None:
    Story(*before).when(put_in(when="03-03 22:00")).refused(Reason.WRONG_STAGE)


def test_nothing_lies_in_a_box_nobody_registered_and_nobody_empties_it() -> None:
    story = Story(submitted(), office=OPEN_DOOR)
    (elsewhere,) = story.when(put_in(box="BOX-0")).ruling

    (noted,) = consequences(put_in(box="BOX-0"), Decided((elsewhere,), story.given(elsewhere).file), OPEN_DOOR)

    Story(office=OPEN_DOOR).when(noted).refused(Reason.UNKNOWN_BOX, "BOX-0")
    Story(office=OPEN_DOOR).when(ask(CollectBox, "03-02 09:00", box="BOX-0")).refused(Reason.UNKNOWN_BOX, "BOX-0")


# 取件, 收件日期


def test_what_was_put_in_at_night_is_received_when_the_box_is_emptied() -> None:
    story = Story(submitted(), fact(PreReviewPassed, "03-01 21:00", by=CLERK), NIGHT, office=OPEN_DOOR)

    after = story.when(emptied()).then(
        PapersCollected(at=moment("03-02 08:40"), by=OFFICER, box=BOX, deposit="D1"),
        CaseReceived(
            at=moment("03-02 08:40"),
            by=OFFICER,
            item=FOOD,
            item_type=ItemType.LICENCE,
            channel=Channel.WEBSITE,
            tier=Tier.TOWNSHIP,
            hall=TOWN_HALL,
            department="Market",
            applicant="Li Lei",
            applicant_kind=story.file.applicant_kind,
            materials=("lease",),
        ),
    )

    assert (after.file.stage, after.file.trips) == (Stage.RECEIVED, ())
    assert after.file.service.deposits[0].collected_at == moment("03-02 08:40")


@pytest.mark.parametrize(("office", "on"), [(OPEN_DOOR, "03-02 08:40"), (BY_DEPOSIT, "03-01 22:40")])
def test_the_district_says_whether_papers_are_received_when_put_in_or_when_taken_out(office: Office, on: str) -> None:
    story = Story(submitted(), NIGHT, PASSED, office=office)

    after = story.when(emptied()).done()

    assert after.file.received_at == moment(on), "whenever the pre-review was passed"
    clock = clock_named(after.file, ClockKind.ACCEPTANCE.value)
    assert clock is not None
    assert clock.started_on == moment(on).date(), "the five working days of Art. 32 run from it"


def test_papers_put_in_before_the_application_was_filed_again_are_not_received_before_it() -> None:
    again = (NIGHT, fact(PreReviewReturned, "03-02 08:00", reason="blurred"), submitted("03-02 08:30"))

    after = Story(submitted(), *again, office=BY_DEPOSIT).when(emptied()).done()

    assert after.file.received_at == moment("03-02 08:30")


def test_papers_are_taken_out_of_the_box_once() -> None:
    story = Story(submitted(), NIGHT, office=OPEN_DOOR).when(emptied()).done()

    assert story.when(emptied("03-02 17:00")).ruling == ()
    assert story.when(emptied("03-02 17:00", deposit="D9")).ruling == ()


def test_a_hall_in_no_register_is_taken_to_be_the_countys() -> None:
    unregistered = Office(Catalogue((item(FOOD),)), CALENDAR)

    assert Story(submitted(), NIGHT, office=unregistered).when(emptied()).done().file.tier is Tier.COUNTY


# what cannot be received as it stands


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        ((submitted(), NIGHT, fact(PreReviewReturned, "03-02 08:00", reason="blurred")), Stage.RETURNED),
        ((submitted(code="GONE"), NIGHT), Stage.SUBMITTED),
        ((submitted(), NIGHT, received("03-02 08:35")), Stage.RECEIVED),
    ],
    ids=["handed back", "no longer offered", "received already"],
)
def test_a_case_that_cannot_be_received_as_it_stands_has_its_papers_at_the_hall_all_the_same(
    before: tuple[CaseEvent, ...], stage: Stage
) -> None:
    after = (
        Story(*before, office=OPEN_DOOR)
        .when(emptied())
        .then(PapersCollected(at=moment("03-02 08:40"), by=OFFICER, box=BOX, deposit="D1"))
    )

    assert (after.file.stage, after.file.service.papers) == (stage, ("lease",))


def test_one_case_that_cannot_be_received_holds_up_no_other_of_the_box() -> None:
    town = Town()
    for case in ("A", "B", "C"):
        town.filed(case, passed=False)
        town.do(DepositPapers, "03-01 22:00", by=CITIZEN, case=case, box=BOX, deposit=f"D-{case}", materials=("lease",))
    town.do(ReturnPreReview, "03-02 08:00", by=CLERK, case="B", reason="blurred")

    town.do(CollectBox, "03-02 08:40")

    assert [town.file(case).stage for case in ("A", "B", "C")] == [Stage.RECEIVED, Stage.RETURNED, Stage.RECEIVED]
    assert all(town.file(case).service.deposits[0].collected_at == moment("03-02 08:40") for case in ("A", "B", "C"))
    assert {town.file(case).hall for case in ("A", "C")} == {TOWN_HALL}
    assert town.file(BOX).inside == ()


# 补正 through the box

ASKED = fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("photo",))


def test_a_correction_comes_in_through_the_box() -> None:
    answer = fact(PapersDeposited, "03-02 23:00", by=CITIZEN, box=BOX, deposit="D2", materials=("photo",))
    story = Story(received(), ASKED, answer, office=OPEN_DOOR)

    after = story.when(emptied("03-03 08:40", "D2")).then(
        PapersCollected(at=moment("03-03 08:40"), by=OFFICER, box=BOX, deposit="D2"),
        CorrectionSubmitted(at=moment("03-03 08:40"), by=OFFICER, materials=("photo",)),
    )

    assert (after.file.stage, after.file.trips) == (Stage.RECEIVED, ())


def test_by_the_day_of_deposit_a_correction_came_in_when_it_was_put_in() -> None:
    answer = fact(PapersDeposited, "03-02 23:00", by=CITIZEN, box=BOX, deposit="D2", materials=("photo",))

    after = Story(received(), ASKED, answer, office=BY_DEPOSIT).when(emptied("03-03 08:40", "D2")).done()

    assert after.file.corrections[0].submitted_at == moment("03-02 23:00")
    assert after.file.stage_at == moment("03-02 23:00")


def test_what_was_put_in_before_the_notice_is_no_answer_to_it() -> None:
    story = Story(submitted(), NIGHT, received("03-02 09:00"), ASKED, office=OPEN_DOOR)

    after = story.when(emptied("03-02 11:00")).then(
        PapersCollected(at=moment("03-02 11:00"), by=OFFICER, box=BOX, deposit="D1")
    )

    assert (after.file.stage, after.file.service.papers) == (Stage.CORRECTING, ("lease",))


# the box's own stream


def test_the_box_knows_what_lies_in_it_and_gives_it_all_out() -> None:
    first = fact(BoxDeposited, "03-01 22:40", case="A", deposit="D1")
    second = fact(BoxDeposited, "03-02 08:00", case="B", deposit="D1")

    after = (
        Story(first, second, office=OPEN_DOOR)
        .when(ask(CollectBox, "03-02 08:40"))
        .then(
            BoxCollected(
                at=moment("03-02 08:40"),
                by=OFFICER,
                deposits=(BoxDeposit(case="A", deposit="D1"), BoxDeposit(case="B", deposit="D1")),
            )
        )
    )

    emptied_on = after.file.on(day("03-02"))
    assert (emptied_on.collections, emptied_on.collected, emptied_on.longest_wait_minutes) == (1, 2, 600)


def test_what_was_put_in_after_it_was_emptied_waits_for_the_next_time() -> None:
    late = fact(BoxDeposited, "03-02 09:00", case="A", deposit="D1")

    after = (
        Story(late, office=OPEN_DOOR)
        .when(ask(CollectBox, "03-02 08:40"))
        .then(BoxCollected(at=moment("03-02 08:40"), by=OFFICER, deposits=()))
    )

    assert after.file.inside == (late,)


def test_an_empty_box_is_emptied_all_the_same() -> None:
    after = (
        Story(office=OPEN_DOOR)
        .when(ask(CollectBox, "03-02 08:40"))
        .then(BoxCollected(at=moment("03-02 08:40"), by=OFFICER, deposits=()))
    )

    assert (after.file.since, after.file.on(day("03-02")).collections) == (day("03-02"), 1)


# 每日至少两次取件


def emptied_at(*moments: str) -> DropBoxFile:
    file = Story(*(fact(BoxCollected, when, deposits=()) for when in moments)).file
    assert isinstance(file, DropBoxFile)
    return file


def test_the_duty_is_done_where_the_box_is_emptied_twice_on_every_working_day() -> None:
    file = emptied_at(
        "03-05 08:40", "03-05 16:30", "03-06 08:40", "03-07 10:00", "03-09 08:40", "03-09 16:30", "03-09 18:00"
    )

    duties = tuple(duty_of(BOX, file, OPEN_DOOR, day("03-10")))

    assert duties == (
        Duty(day("03-05"), 2, 2),
        Duty(day("03-06"), 1, 2),  # a Friday: once only
        Duty(day("03-09"), 3, 2),  # the weekend between asks for nothing, and what was done on it counts for no other day
        Duty(day("03-10"), 0, 2),  # missed
    )
    assert [one.done for one in duties] == [True, False, True, False]


def test_a_saturday_that_is_worked_is_a_day_of_duty_and_a_holiday_is_none() -> None:
    file = emptied_at("02-14 08:40")

    assert [one.day for one in duty_of(BOX, file, OPEN_DOOR, day("02-19"))] == [day("02-14"), day("02-19")]


def test_the_duty_begins_with_the_first_thing_that_happens_to_a_box() -> None:
    assert tuple(duty_of(BOX, DropBoxFile(), OPEN_DOOR, day("03-10"))) == ()
    waiting = Story(fact(BoxDeposited, "03-09 22:00", case="A", deposit="D1")).file

    assert tuple(duty_of(BOX, waiting, OPEN_DOOR, day("03-10"))) == (Duty(day("03-09"), 0, 2), Duty(day("03-10"), 0, 2))


def test_a_collection_told_late_is_counted_on_its_own_day() -> None:
    file = emptied_at("03-05 08:40", "03-06 08:40", "03-05 16:30")

    assert [one.collections for one in duty_of(BOX, file, OPEN_DOOR, day("03-06"))] == [2, 1]


def test_nobody_counts_duties_in_a_year_the_calendar_knows_nothing_of() -> None:
    with pytest.raises(OutsideCalendarError):
        tuple(duty_of(BOX, emptied_at("2019-01-04 08:40"), OPEN_DOOR, day("03-10")))


def test_a_day_of_the_box_from_the_deposit_at_night_to_the_second_round() -> None:
    town = Town()
    town.filed("A")
    town.do(DepositPapers, "03-01 22:00", by=CITIZEN, case="A", box=BOX, deposit="D1", materials=("lease",))
    town.do(CollectBox, "03-02 08:40")
    town.do(RequestCorrection, "03-02 09:00", by=CLERK, case="A", materials=("photo",))
    town.do(DepositPapers, "03-02 12:30", by=CITIZEN, case="A", box=BOX, deposit="D2", materials=("photo",))
    town.do(CollectBox, "03-02 16:30")

    case, box = town.file("A"), town.file(BOX)
    assert (case.stage, case.service.papers, case.trips) == (Stage.RECEIVED, ("lease", "photo"), ())
    assert box.on(day("03-02")).longest_wait_minutes == 640
    assert tuple(duty_of(BOX, box, OPEN_DOOR, day("03-02")))[-1].done


def test_however_much_lies_in_a_box_it_is_emptied_at_once_and_that_is_one_collection() -> None:
    """More than one fact may hold (64 KiB) is named in several; the duty counts how often somebody came."""
    inside = [fact(BoxDeposited, "03-02 07:00", by=CITIZEN, case=f"{number:0>150}", deposit="D1") for number in range(1000)]
    story = Story(*inside, file=NEW_BOX, office=OPEN_DOOR)

    after = story.when(ask(CollectBox, "03-02 09:00")).done()

    assert after.file.inside == ()
    assert [(one.day, one.collections, one.collected) for one in after.file.days] == [(day("03-02"), 1, 1000)]
    assert [one.done for one in duty_of(BOX, after.file, OPEN_DOOR, day("03-02"))] == [False]

    again = after.when(ask(CollectBox, "03-02 15:00")).then(fact(BoxCollected, "03-02 15:00", deposits=()))

    assert [one.collections for one in again.file.days] == [2]


@pytest.mark.parametrize("name", ["箱" * 200, '"' * 200, "C"])
def test_each_fact_of_a_full_box_is_one_a_store_takes(name: str) -> None:
    inside = [fact(BoxDeposited, "03-02 07:00", by=CITIZEN, case=name, deposit=f"D{number}") for number in range(3000)]
    story = Story(*inside, file=NEW_BOX, office=OPEN_DOOR)

    facts = story.when(ask(CollectBox, "03-02 09:00")).ruling

    assert not isinstance(facts, Refused)
    for number, one in enumerate(facts, 1):
        assert Wire().encode(Envelope(BOX, number, one, "c"))


# 启用期: the first day and the last one

BRIEF = replace(BOXES[0], valid_from=day("03-02"), valid_until=day("03-05"))
BRIEFLY = Office(Catalogue((item(FOOD),), boxes=(BRIEF,), sites=SITES), CALENDAR)
DAYS = [("03-01", False), ("03-02", True), ("03-03", True), ("03-05", True), ("03-06", False)]


@pytest.mark.parametrize(("when", "in_service"), DAYS)
def test_papers_are_put_in_from_a_boxs_first_day_to_its_last(when: str, *, in_service: bool) -> None:
    told = Story(file=NEW_BOX, office=BRIEFLY).when(ask(NoteDeposit, f"{when} 23:59", case="A", deposit="D1"))

    if in_service:
        told.done()
    else:
        told.refused(Reason.BOX_NOT_IN_SERVICE, f"{BOX}: from 2026-03-02 to 2026-03-05")


@pytest.mark.parametrize(("when", "emptied"), [("03-01", False), ("03-02", True), ("03-05", True), ("03-09", True)])
def test_what_lies_in_a_box_as_it_is_taken_down_is_taken_out_still(when: str, *, emptied: bool) -> None:
    told = Story(file=NEW_BOX, office=BRIEFLY).when(ask(CollectBox, f"{when} 00:00"))

    assert isinstance(told.ruling, Refused) is not emptied


def test_the_duty_lasts_as_long_as_the_service_of_the_box() -> None:
    """From its first day, though nobody came, to its last; then there is nothing to empty."""
    file = emptied_at("03-04 08:40", "03-04 16:30", "03-09 08:40")

    days = [(one.day, one.done) for one in duty_of(BOX, file, BRIEFLY, day("03-10"))]

    assert days == [(day("03-02"), False), (day("03-03"), False), (day("03-04"), True), (day("03-05"), False)]
    assert [one.day for one in duty_of(BOX, file, BRIEFLY, day("03-03"))] == [day("03-02"), day("03-03")]


@pytest.mark.parametrize(
    ("elements", "key"),
    [({"valid_until": day("03-01")}, "valid_until"), ({"collections_a_day": 0}, "collections_a_day")],
)
def test_a_box_that_cannot_be_is_unsound(elements: Any, key: str) -> None:
    assert [found for found, _ in unsound_register(replace(BRIEF, **elements))] == [key]
