"""When something may be said to have happened, whatever is asked; the table of rules is in test_decision_table."""

from datetime import timedelta

import pytest
from support.case_samples import STANDING
from support.registers import ACCEPTED, WORLD, open_package, opened
from support.story import BUILD, FOOD, HALL, Story, accepted, ask, moment, received, routed

from casecore import (
    DEFAULT_RULE,
    AcceptCase,
    BadInput,
    CaseCommand,
    Cause,
    CollectBox,
    CompleteStep,
    DeliverResult,
    DeliveryMethod,
    ExtendPackage,
    Flaw,
    GrantApproval,
    Reason,
    ReceiveCase,
    RecordTrip,
    ReportCourierLost,
    ReportCourierReturned,
    ShareMaterial,
    SpecialGround,
    Stage,
)


def test_a_command_without_a_time_happens_now() -> None:
    now = moment("03-02 09:30")

    (accepted_,) = Story(received()).when(ask(AcceptCase), now=now).ruling

    assert accepted_.at == now


def test_a_command_with_a_time_happened_then() -> None:
    (taken_in,) = Story(received()).when(ask(AcceptCase, "03-02 09:20"), now=moment("03-02 09:30")).ruling

    assert taken_in.at == moment("03-02 09:20")


def test_a_clock_that_runs_a_little_ahead_is_forgiven() -> None:
    now = moment("03-03 09:00")
    story = Story(received())

    assert timedelta(minutes=10) == DEFAULT_RULE.skew
    story.when(ask(AcceptCase, "03-03 09:10"), now=now).done()
    story.when(ask(AcceptCase, "03-03 09:11"), now=now).refused(Reason.IN_THE_FUTURE, "2026-03-03T09:11:00+08:00")


def test_a_clock_that_ran_ahead_does_not_hold_up_the_next_command() -> None:
    now = moment("03-03 09:00")
    story = Story().when(ask(ReceiveCase, "03-03 09:04", item=FOOD, hall=HALL), now=now).done()

    story.when(ask(AcceptCase), now=now + timedelta(minutes=1)).done()


def test_two_things_may_happen_at_the_same_instant() -> None:
    Story(received("03-02 09:00")).when(ask(AcceptCase, "03-02 09:00")).done()


@pytest.mark.parametrize(
    "command",
    [
        ask(CompleteStep, "03-01 08:00", name="审核"),
        ask(RecordTrip, "02-01 08:00", visit="V9", cause=Cause.CONSULT),
        ask(ReportCourierReturned, "03-05 18:00", consignment="EMS1", reason="nobody at home"),
        ask(ReportCourierLost, "03-05 18:00", consignment="EMS1"),
        ask(DeliverResult, "03-05 18:00", method=DeliveryMethod.WINDOW, certificate="C1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_some_things_may_be_reported_after_the_case_was_closed(command: CaseCommand) -> None:
    Story(*STANDING[Stage.CLOSED]).when(command).done()


def test_the_last_answer_opens_and_completes_at_its_own_time() -> None:
    story = Story(received(code=BUILD), accepted(code=BUILD), *routed("survey"))

    facts = story.when(ask(GrantApproval, "03-04 09:00", step="survey", department="Land")).ruling

    assert {event.at for event in facts} == {moment("03-04 09:00")}


def test_special_grounds_are_those_of_article_45() -> None:
    assert [ground.zh for ground in SpecialGround] == [
        "听证",
        "招标",
        "拍卖",
        "检验",
        "检测",
        "检疫",
        "鉴定",
        "专家评审",
    ]


def test_the_same_moment_is_judged_alike_for_packages_and_boxes() -> None:
    now = moment("03-03 09:00")
    story = Story(office=WORLD).when(open_package("03-03 09:04"), now=now).done()

    story.when(ask(ShareMaterial, material="lease"), now=now + timedelta(minutes=1)).done()
    Story(office=WORLD).when(open_package("03-03 09:11"), now=now).refused(Reason.IN_THE_FUTURE)
    Story(office=WORLD).when(ask(CollectBox, "03-03 09:11"), now=now).refused(Reason.IN_THE_FUTURE)


def test_a_package_is_not_extended_before_it_was_accepted() -> None:
    extend = ask(ExtendPackage, "03-02 17:00", days=5, approver="the mayor", reason="complex", notice="E-1")

    Story(*ACCEPTED, office=WORLD).when(extend).refused(Reason.BEFORE_STAGE, "2026-03-03T09:00:00+08:00")


def test_a_fact_of_another_kind_than_its_stream_is_no_history() -> None:
    with pytest.raises(BadInput) as caught:
        Story(received(), opened())

    assert caught.value.code is Flaw.OTHER_KIND
