"""A tick brings cards to packages and drop boxes too, once each, however often and by however many it is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.registers import SHOP, WORLD, member, open_package
from support.story import BOX, CASE, CLERK, FOOD, HALL, PACKAGE, ask, day, moment

from adapters import open_engine
from adapters.calendar_toml import NATIONAL
from adapters.district_engine import DistrictEngine
from casecore import (
    AcceptCase,
    BoxCardIssued,
    CardGround,
    Catalogue,
    Channel,
    CollectBox,
    DropBox,
    PackageCardIssued,
    Receipt,
    ReceiveCase,
    RevokePackageCard,
)
from casecore.command import Command

KEPT = WORLD.catalogue
TWICE = DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up for these stories", hall=HALL, valid_until=day("03-05"))
CATALOGUE = Catalogue(KEPT, themes=KEPT.themes, sites=KEPT.sites.values(), boxes=(TWICE,))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hall.db"


@pytest.fixture
def hall(url: str) -> Iterator[DistrictEngine]:
    with open_engine(url, district="510107", catalogue=CATALOGUE, calendar=NATIONAL) as engine:
        yield engine


def done(hall: DistrictEngine, *commands: Command) -> None:
    for command in commands:
        assert isinstance(hall.handle(command), Receipt), hall.handle(command)


@pytest.fixture
def begun(hall: DistrictEngine) -> DistrictEngine:
    """A package whose first case was accepted on 03-03, its second waits; a box emptied once; a case nobody answered."""
    done(
        hall,
        open_package("03-02 09:00"),
        ask(AcceptCase, "03-03 09:00", case=member(SHOP)),
        ask(CollectBox, "03-02 10:00"),
        ask(ReceiveCase, "03-02 09:00", by=CLERK, item=FOOD, hall=HALL, applicant="Li", channel=Channel.WINDOW),
    )
    return hall


def brought(hall: DistrictEngine, when: str) -> list[tuple[str, str]]:
    """The cards a tick issues to packages and boxes, by their streams."""
    ticked = hall.tick(moment(when))
    assert ticked.unreadable == ()
    issued = (BoxCardIssued, PackageCardIssued)
    found = [(one.stream, event.card) for one in ticked.receipts for event in one.events if isinstance(event, issued)]
    return sorted(found)


def test_each_kind_gets_the_cards_time_has_brought_it_and_nothing_twice(begun: DistrictEngine) -> None:
    missed = [(BOX, f"box_not_emptied:2026-{on}") for on in ("03-02", "03-03", "03-04", "03-05")]

    assert brought(begun, "03-02 18:00") == []
    assert brought(begun, "03-03 00:00") == missed[:1]
    assert brought(begun, "03-03 12:00") == []
    assert brought(begun, "03-05 09:00") == missed[1:3]
    assert brought(begun, "03-18 00:00") == [(PACKAGE, "promise_overdue:promised:2026-03-17"), *missed[3:]]
    assert brought(begun, "03-20 00:00") == []


def test_one_late_look_brings_what_many_would_have(begun: DistrictEngine) -> None:
    once = brought(begun, "05-12 00:00")

    assert [name for stream, name in once if stream == BOX] == [
        f"box_not_emptied:2026-{on}" for on in ("03-02", "03-03", "03-04", "03-05")
    ]
    assert [name for stream, name in once if stream == PACKAGE] == [
        "promise_overdue:promised:2026-03-17",
        "statutory_overdue:statutory:2026-05-09",
    ]


def test_another_process_issues_nothing_again_and_a_card_taken_back_stays_back(begun: DistrictEngine, url: str) -> None:
    (late,) = [name for stream, name in brought(begun, "03-18 00:00") if stream == PACKAGE]
    done(begun, ask(RevokePackageCard, "03-18 09:00", card=late, reason="the system was down"))
    with open_engine(url, district="510107") as other:
        assert brought(other, "03-18 10:00") == []
        (card,) = other.package(PACKAGE).cards
        assert card.revoked is not None
        assert {one.fact.ground for one in other.drop_box(BOX).cards} == {CardGround.BOX_NOT_EMPTIED}


def test_what_a_case_is_owed_comes_in_the_same_tick(begun: DistrictEngine) -> None:
    ticked = begun.tick(moment("03-18 00:00"))

    assert {CASE, BOX, PACKAGE} <= {receipt.stream for receipt in ticked.receipts}
    assert begun.tick(moment("03-18 00:01")).receipts == ()
