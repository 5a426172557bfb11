"""What a real engine refuses where several streams are involved: all of it or nothing is written, in every one of them."""

from collections.abc import Iterator

import pytest
from support.registers import SHOP, SIGN, WORLD, member, open_package
from support.story import BOX, CASE, CITIZEN, FOOD, HALL, PACKAGE, ask

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApplicantKind,
    BadInput,
    Channel,
    CollectBox,
    DepositPapers,
    Flaw,
    Reason,
    ReceiveCase,
    Refused,
    ShareMaterial,
    SubmitApplication,
)
from casecore.case.command import CaseCommand
from casecore.drop_box.acts import NoteDeposit
from casecore.kinds import KINDS

FILED = ask(
    SubmitApplication,
    "03-01 20:00",
    by=CITIZEN,
    item=FOOD,
    channel=Channel.WEBSITE,
    applicant="Li Lei",
    applicant_kind=ApplicantKind.PERSON,
)


@pytest.fixture
def hall() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="510107", catalogue=WORLD.catalogue) as engine:
        yield engine


def put_in(box: str, deposit: str = "D1", when: str = "03-02 20:00") -> DepositPapers:
    return ask(DepositPapers, when, by=CITIZEN, box=box, deposit=deposit)


def head(hall: DistrictEngine) -> int:
    return max((recorded.position for recorded in hall.follow()), default=0)


def refused(hall: DistrictEngine, *commands: CaseCommand) -> Refused:
    """The refusal; nothing was written by it."""
    before = head(hall)
    answer = hall.handle_many(commands)
    assert isinstance(answer, Refused)
    assert head(hall) == before
    return answer


def test_papers_are_not_put_into_a_box_nobody_knows(hall: DistrictEngine) -> None:
    hall.handle(FILED)

    assert refused(hall, put_in("BOX-9")) == Refused(Reason.UNKNOWN_BOX, "BOX-9", "BOX-9", "NoteDeposit")
    assert hall.file(CASE).service.deposits == ()
    assert hall.drop_box("BOX-9").version == 0


def test_a_deposit_is_in_the_case_and_in_the_box_or_in_neither(hall: DistrictEngine) -> None:
    hall.handle(FILED)
    hall.handle(put_in(BOX))

    assert [one.fact.deposit for one in hall.file(CASE).service.deposits] == ["D1"]
    assert [(one.case, one.deposit) for one in hall.drop_box(BOX).inside] == [(CASE, "D1")]
    assert refused(hall, put_in(BOX, "D2"), put_in("BOX-9", "D3")).reason is Reason.UNKNOWN_BOX
    assert [one.deposit for one in hall.drop_box(BOX).inside] == ["D1"]

    hall.handle(ask(CollectBox, "03-03 09:00"))
    assert hall.drop_box(BOX).inside == ()
    assert hall.file(CASE).received_at is not None


def test_a_package_does_not_take_the_number_of_a_case_nor_a_case_that_of_a_package(hall: DistrictEngine) -> None:
    hall.handle(FILED)
    hall.handle(open_package())

    of_a_case = refused(hall, open_package(package=CASE))
    of_a_package = refused(hall, ask(AcceptCase, case=PACKAGE))

    assert (of_a_case.reason, of_a_case.named) == (Reason.OTHER_KIND, "case")
    assert (of_a_package.reason, of_a_package.named) == (Reason.OTHER_KIND, "package")
    for wrong, stream in ((hall.package, CASE), (hall.file, PACKAGE), (hall.drop_box, PACKAGE)):
        with pytest.raises(BadInput) as caught:
            wrong(stream)
        assert caught.value.code is Flaw.OTHER_KIND


def test_where_a_number_of_its_cases_is_taken_no_part_of_a_package_is_opened(hall: DistrictEngine) -> None:
    taken = ask(ReceiveCase, "03-02 08:30", case=member(SHOP), item=FOOD, hall=HALL, applicant_kind=ApplicantKind.PERSON)
    hall.handle(taken)

    no = refused(hall, open_package())

    assert (no.reason, no.case, no.command) == (Reason.WRONG_STAGE, member(SHOP), "JoinPackage")
    assert hall.package(PACKAGE).version == hall.file(member(SIGN)).version == 0


def test_a_package_nobody_has_opened_shares_nothing(hall: DistrictEngine) -> None:
    assert refused(hall, ask(ShareMaterial, material="lease")).reason is Reason.UNKNOWN_PACKAGE


def test_what_only_follows_is_given_by_nobody(hall: DistrictEngine) -> None:
    with pytest.raises(BadInput, match="not a command that is given") as caught:
        hall.handle(ask(NoteDeposit, case=CASE, deposit="D1"))  # type: ignore[arg-type]

    assert caught.value.code is Flaw.UNKNOWN_COMMAND
    assert sum(rule.follows for kind in KINDS for rule in kind.rules.values()) == 13
