"""Packages (一件事) over each kind of store: written whole or not at all, once, and told alike by all of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier
from typing import Final

import pytest
from eventsourcing.persistence import StoredEvent
from support.package_story import (
    BOOKS,
    CAFE,
    CATALOGUE,
    FIRE,
    ID_CARD,
    PACKAGE,
    PLAN,
    TAX,
    accepting,
    case,
    opening,
    shared,
    whole_way,
)
from support.story import CLERK, HALL, moment

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import beside, open_desk
from casecore import CaseReceived, Engine, Reason, Receipt, ReceiveCase, Refused, ShareMaterial, WithdrawCase
from casecore.case.facts.materials import MaterialMet
from casecore.command import Command
from casecore.errors import BadInput, Conflict, Fault
from casecore.histories import History
from casecore.log import Batch
from casecore.package.facts.limits import PackageClosed
from casecore.package.facts.opening import MaterialShared
from casecore.recorded import Envelope, Recorded, Source

DISTRICT: Final = "510107"
FORM: Final = replace(opening(subjects=("Lake", "Hill"), given=(shared(ID_CARD),)), command_id="form")


@pytest.fixture
def hall(store_url: str) -> Iterator[DistrictEngine]:
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        yield engine


def done(engine: Engine, *commands: Command) -> list[Receipt]:
    receipts = []
    for command in commands:
        receipt = engine.handle(command)
        assert isinstance(receipt, Receipt), receipt
        receipts.append(receipt)
    return receipts


def sound(hall: DistrictEngine) -> list[Recorded]:
    """Every fact of the log: chained, and at positions without a gap."""
    log = list(hall.follow())
    assert hall.log.verify().why is None
    assert [fact.position for fact in log] == list(range(1, len(log) + 1))
    return log


def test_a_package_is_written_whole_in_one_commit_and_once(hall: DistrictEngine) -> None:
    (receipt,) = done(hall, FORM)
    assert done(beside(hall), FORM) == [receipt]
    log = sound(hall)
    planned = {case(code, shop) for shop in (1, 2) for code in (BOOKS, CAFE, FIRE, TAX)}
    assert {fact.stream for fact in log} == {PACKAGE, *planned}
    assert len({fact.recorded_at for fact in log}) == 1
    assert hall.log.receipts(["form"])["form"] == receipt
    assert (receipt.stream, receipt.version) == (PACKAGE, 2)


def test_a_package_that_is_refused_leaves_nothing(hall: DistrictEngine) -> None:
    done(hall, ReceiveCase(case=case(FIRE, 2), by=CLERK, at=moment("03-01 09:00"), item=FIRE, hall=HALL))
    refused = hall.handle(FORM)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.case) == (Reason.WRONG_STAGE, case(FIRE, 2))
    assert len(sound(hall)) == 1
    assert hall.package(PACKAGE).version == 0


def test_a_case_that_cannot_be_read_keeps_no_other_case_of_its_package_from_its_papers(hall: DistrictEngine) -> None:
    done(hall, opening(tax="no"))
    version = hall.log.versions([case(FIRE)])[case(FIRE)] + 1
    hall.log.ledger.insert_events([StoredEvent(case(FIRE), version, "case.weighed.v1", b"{}")])
    done(hall, ShareMaterial(package=PACKAGE, by=CLERK, at=moment("03-02 10:00"), material=PLAN))
    assert [one.material for one in hall.file(case(CAFE)).service.materials] == [PLAN]
    with pytest.raises(Fault, match=f"{case(FIRE)} version {version}"):
        done(hall, accepting(case(FIRE), "03-02 11:00"))


def test_more_than_a_fact_may_hold_leaves_nothing(hall: DistrictEngine) -> None:
    with pytest.raises(BadInput, match="the limit is 65536"):
        hall.handle(replace(FORM, subjects=tuple(f"shop {number}" for number in range(300))))
    assert sound(hall) == []


def test_a_package_of_two_hundred_cases_is_opened_and_read(hall: DistrictEngine) -> None:
    done(hall, replace(FORM, subjects=tuple(f"shop {number}" for number in range(50))))
    assert len(hall.package(PACKAGE).members) == 200
    assert len({fact.stream for fact in sound(hall)}) == 201


def test_it_goes_its_way_and_closes_once(hall: DistrictEngine) -> None:
    done(hall, opening())
    for code, on in ((BOOKS, "03-03"), (CAFE, "03-04"), (FIRE, "03-05"), (TAX, "03-06")):
        done(hall, *whole_way(case(code), on))
    closed = [fact.event for fact in sound(hall) if isinstance(fact.event, PackageClosed)]
    assert [(one.granted, one.failed) for one in closed] == [(4, 0)]
    assert beside(hall).package(PACKAGE) == hall.package(PACKAGE)


def test_two_engines_that_take_turns_never_decide_on_what_they_remember_alone(hall: DistrictEngine) -> None:
    desks = [hall, beside(hall), beside(hall)]
    done(hall, opening(tax="no"))
    acts = [command for code in (BOOKS, CAFE, FIRE) for command in whole_way(case(code), "03-03")]
    for turn, act in enumerate(acts):
        done(desks[turn % 3], act)
    assert sum(isinstance(fact.event, PackageClosed) for fact in sound(hall)) == 1
    assert {desk.package(PACKAGE) for desk in desks} == {hall.package(PACKAGE)}


def test_threads_that_end_the_cases_of_one_package_at_once_close_it_once(hall: DistrictEngine) -> None:
    done(hall, replace(opening(tax="no"), subjects=("Lake", "Hill", "Mill")))
    cases = [case(code, shop) for shop in (1, 2, 3) for code in (BOOKS, CAFE, FIRE)]
    together = Barrier(len(cases))

    def end(number: str) -> None:
        desk = beside(hall)
        together.wait()
        done(desk, WithdrawCase(case=number, by=CLERK, at=moment("03-03 09:00"), reason="changed their mind"))

    with ThreadPoolExecutor(len(cases)) as pool:
        list(pool.map(end, cases))
    closed = [fact.event for fact in sound(hall) if isinstance(fact.event, PackageClosed)]
    assert [(one.granted, one.failed) for one in closed] == [(0, 9)]


def test_threads_that_hand_in_the_same_paper_at_once_hand_it_in_once(hall: DistrictEngine) -> None:
    done(hall, opening())
    together, numbers = Barrier(6), count(1)

    def hand_in(_: int) -> bool:
        desk = beside(hall)
        sharing = ShareMaterial(package=PACKAGE, by=CLERK, at=moment("03-02 10:00"), material=ID_CARD)
        together.wait()
        answer = desk.handle(replace(sharing, command_id=f"k{next(numbers)}"))
        return isinstance(answer, Receipt) or answer.reason is not Reason.MATERIAL_MET

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(hand_in, range(6))) == 1
    log = sound(hall)
    assert sum(isinstance(fact.event, MaterialShared) for fact in log) == 1
    assert sorted(fact.stream for fact in log if isinstance(fact.event, MaterialMet)) == [case(BOOKS), case(CAFE)]


def test_a_tick_accepts_a_case_in_silence_and_moves_its_package(hall: DistrictEngine) -> None:
    done(hall, opening(coffee="no", tax="no"))
    ticked = hall.tick(moment("03-10 01:00"))
    assert [receipt.stream for receipt in ticked.receipts] == [case(BOOKS)]
    assert hall.package(PACKAGE).promise is not None
    assert hall.tick(moment("03-10 01:00")).receipts == ()


# -- what lies under an id


def test_the_first_fact_of_each_stream_says_what_it_is(hall: DistrictEngine) -> None:
    done(hall, opening(coffee="no", tax="no"), accepting(case(BOOKS), "03-02 10:00"))
    found = hall.log.beginnings([PACKAGE, case(BOOKS), "nobody"])
    assert {stream: (entry.position, entry.version) for stream, entry in found.items()} == {
        PACKAGE: (1, 1),
        case(BOOKS): (2, 1),
    }
    assert hall.log.beginnings([]) == {}


def test_an_import_does_not_go_on_with_a_package(hall: DistrictEngine) -> None:
    done(hall, opening(coffee="no", tax="no"))
    (event,) = hall.history(case(BOOKS))[1:]
    assert isinstance(event.event, CaseReceived)
    histories = [History(stream, f"i-{stream}", (event.event,), Source("m", "f", 1)) for stream in (PACKAGE, "C-1")]
    refused, taken = hall.record(histories)
    assert refused == Refused(Reason.OTHER_KIND, f"{PACKAGE}: package", PACKAGE, "import")
    assert isinstance(taken, Receipt)
    assert hall.package(PACKAGE).version == 1
    assert hall.file("C-1").item == BOOKS


def test_a_stream_whose_versions_are_taken_takes_nothing_of_an_append_over_several(hall: DistrictEngine) -> None:
    done(hall, opening(coffee="no", tax="no"))
    first, second = (fact.envelope.event for fact in hall.history(case(BOOKS)))
    forged = [
        Batch("a", "NEW", (Envelope("NEW", 1, first, "a"),)),
        Batch("b", case(BOOKS), (Envelope(case(BOOKS), 1, second, "b"),)),
    ]
    with pytest.raises(Conflict):
        hall.log.append(forged)
    assert hall.log.versions(["NEW"]) == {}
