"""A store set back under running programs: what is remembered of what is gone decides nothing, and is told aloud."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Final

import pytest
from structlog.testing import capture_logs
from support.old_programs import forget_what_is_new
from support.set_back import Copied, rows

from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.testing.opened import open_desk
from adapters.testing.world import (
    CATALOGUE,
    DISTRICT,
    OFFICER,
    A,
    B,
    C,
    accept,
    carried,
    moment,
    note,
    receive,
)
from casecore import DeclineAcceptance, Engine, Fault, Mark, Receipt, Refused
from casecore.refusals import Reason
from projections.registry import PROJECTIONS

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

ABOUT: Final = "log set back"


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def desk(store_url: str, opened: ExitStack) -> Engine:
    return another(store_url, opened)


def another(url: str, opened: ExitStack) -> Engine:
    """A desk of another program."""
    return opened.enter_context(open_desk(url, district=DISTRICT, catalogue=CATALOGUE))


def copied(url: str, opened: ExitStack) -> Copied:
    copy = Copied(url)
    opened.callback(copy.close)
    return copy


def whole(engine: Engine) -> bool:
    """Whether the log is what was written, every case of it can be read, and no receipt speaks of what is not there."""
    log = engine.log
    for case in log.streams(0):
        engine.file(case)
    return log.verify().why is None  # type: ignore[attr-defined, no-any-return]


def decline(case: str = A, when: str = "2025-03-03 12:00") -> DeclineAcceptance:
    return DeclineAcceptance(case=case, by=OFFICER, at=moment(when), reason="不属本机关职权", remedy="行政复议")


# --- what an engine remembers ---


def test_a_file_whose_facts_are_gone_is_read_anew_and_gone_on_with_from_what_is_there(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A), *(note(f"s{n}") for n in range(5)))
    before = copied(store_url, opened)
    carried(desk, *(note(f"lost{n}") for n in range(7)))
    assert desk.file(A).version == 13

    before.put_back()
    with capture_logs() as said:
        (receipt,) = carried(desk, note("after"))
    assert (receipt.version, receipt.position) == (7, 7)
    assert [one["log_level"] for one in said if one["event"] == ABOUT] == ["critical"]
    assert [one.version for one in desk.history(A)] == [*range(1, 8)]
    assert whole(desk)


def test_nothing_is_decided_on_a_fact_that_another_has_taken_the_place_of(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    before = copied(store_url, opened)
    carried(desk, note("lost"))  # as far as this desk knows, nobody has accepted the case
    before.put_back()
    carried(another(store_url, opened), accept(A))

    with capture_logs() as said:
        refused = desk.handle(decline())
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.WRONG_STAGE
    assert [one["seen"] for one in said if one["event"] == ABOUT] == [2]
    assert whole(desk)


def test_control_a_program_that_asserts_nothing_declines_a_case_that_was_accepted(
    store_url: str, opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_what_is_new(4, monkeypatch.setattr)
    old = another(store_url, opened)
    carried(old, receive(A))
    before = copied(store_url, opened)
    carried(old, note("lost"))
    before.put_back()
    carried(another(store_url, opened), accept(A))
    assert isinstance(old.handle(decline()), Receipt)


def test_what_was_only_read_is_forgotten_as_well(desk: Engine, store_url: str, opened: ExitStack) -> None:
    other = another(store_url, opened)
    carried(other, receive(A), receive(B))
    before = copied(store_url, opened)
    carried(other, note("lost", A))
    assert isinstance(desk.handle(decline(B)), Receipt)  # it has read no more than B
    desk.file(A)
    before.put_back()
    carried(another(store_url, opened), receive(C), accept(B))

    assert isinstance(desk.handle(decline(B)), Refused)
    assert whole(desk)


def test_what_was_read_beyond_the_gap_does_not_hide_it(desk: Engine, store_url: str, opened: ExitStack) -> None:
    """Another program has written on, and this one reads that first: what it remembers of the lost part is void."""
    carried(desk, receive(A), receive(B))
    before = copied(store_url, opened)
    carried(desk, note("lost", A))
    before.put_back()
    carried(another(store_url, opened), accept(A), receive(C), *(note(f"s{n}", B) for n in range(5)))

    assert desk.file(B).version == 6
    assert isinstance(desk.handle(note("more", C)), Receipt)
    assert isinstance(desk.handle(decline(A)), Refused)
    assert whole(desk)


def test_a_command_whose_facts_are_gone_is_carried_out_again_when_it_is_sent_again(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    before = copied(store_url, opened)
    (lost,) = carried(desk, note("scan", command_id="k-1"))
    before.put_back()
    (again,) = carried(desk, note("scan", command_id="k-1"))
    assert (again.position, again.version) == (lost.position, lost.version)
    assert len(desk.history(A)) == 2
    assert whole(desk)


def test_nothing_is_refused_by_a_fact_that_is_gone_before_the_answer_is_given(
    desk: Engine, store_url: str, opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is in its file when that is read, and gone when its receipt is asked for."""
    carried(desk, receive(B))
    before = copied(store_url, opened)
    (lost,) = carried(desk, receive(A, command_id="k-1"))
    asked = desk.log.receipts
    sets_back = iter([before.put_back])

    def receipts(numbers: Sequence[str]) -> dict[str, Receipt]:
        for set_back in sets_back:
            set_back()
        return asked(numbers)

    monkeypatch.setattr(desk.log, "receipts", receipts)
    (again,) = carried(desk, receive(A, command_id="k-1"))
    assert (again.stream, again.version, again.position) == (lost.stream, lost.version, lost.position)
    assert whole(desk)


def test_a_tick_looks_again_at_all_that_came_in_below_what_it_had_seen(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    before = copied(store_url, opened)
    carried(desk, *(note(f"lost{n}") for n in range(5)))
    now = moment("2025-03-03 12:00")
    desk.tick(now)
    before.put_back()
    carried(another(store_url, opened), receive(B), receive(C))

    late = desk.tick(now + timedelta(days=30))
    assert {receipt.stream for receipt in late.receipts} == {A, B, C}, "silence accepts, Art. 32"
    assert whole(desk)


# --- epochs ---


def test_in_a_new_epoch_nothing_is_written_by_what_was_remembered_in_the_one_before(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    assert desk.log.head().epoch == 1
    assert another(store_url, opened).log.begin_epoch("restore") == 2  # type: ignore[attr-defined]
    with capture_logs() as said:
        (receipt,) = carried(desk, note("scan"))
    assert [(one["event"], one["epoch"]) for one in said] == [("log taken up in a new epoch", 2)]
    assert (receipt.version, desk.log.head().epoch) == (2, 2)
    assert next(iter(desk.follow(1))).mark.epoch == 2


def test_a_store_of_an_earlier_epoch_is_refused_until_somebody_takes_it_up(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    left_behind = copied(store_url, opened)
    desk.log.begin_epoch("promotion")  # type: ignore[attr-defined]
    carried(desk, note("scan"))

    left_behind.put_back()
    for _ in range(3):
        with pytest.raises(Fault, match=r"of epoch 1, and epoch 2 was seen.*adopt-restore"):
            desk.handle(note("more"))
        with pytest.raises(Fault, match="of epoch 1"):
            desk.tick(moment("2025-03-04 09:00"))
    fresh = another(store_url, opened)
    assert len(fresh.history(A)) == 1
    fresh.log.begin_epoch("restore")  # type: ignore[attr-defined]
    (receipt,) = carried(desk, note("more"))
    assert (receipt.version, desk.log.head().epoch) == (2, 2)
    assert whole(desk)


# --- who follows ---


def test_who_follows_from_a_mark_is_told_where_the_log_does_not_hold_it(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A), note("kept"))
    before = copied(store_url, opened)
    carried(desk, note("lost"), note("lost too"))
    kept, lost, end = (desk.history(A)[n].mark for n in (1, 2, 3))
    assert [one.position for one in desk.follow(kept)] == [3, 4]
    before.put_back()
    assert list(desk.follow(kept)) == []
    for mark in (lost, end, Mark(4), 4, Mark(3)):
        with pytest.raises(Fault, match=r"ends at position 2.*read anew"):
            list(desk.follow(mark))
    carried(desk, note("another"), note("and one"))
    for mark in (lost, end):
        with pytest.raises(Fault, match="another fact stands there"):
            list(desk.follow(mark))
    with pytest.raises(Fault, match="of epoch 1"):
        list(desk.follow(kept._replace(epoch=2)))
    assert [one.position for one in desk.follow(kept)] == [3, 4]


def test_who_waits_for_more_is_told_when_the_store_is_set_back_meanwhile(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    carried(desk, receive(A))
    before = copied(store_url, opened)
    carried(desk, note("lost"))
    following = desk.follow(wait=True)
    assert [next(following).position for _ in range(2)] == [1, 2]
    before.put_back()
    carried(another(store_url, opened), note("another"), note("and one"))
    with pytest.raises(Fault, match="another fact stands there"):
        next(following)


def test_rows_set_back_with_their_log_are_gone_on_with_as_if_made_anew(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    """The follower remembers a file of the same version as the one that is there, and of other content."""
    tables = opened.enter_context(closing(open_tables(store_url, PROJECTIONS)))
    running = Followers([desk.log], tables)
    carried(desk, receive(A), receive(B))
    running.follow()
    before = copied(store_url, opened)
    carried(desk, note("lost", A), note("lost", B))
    assert running.follow() == 2
    before.put_back()
    other = another(store_url, opened)
    carried(other, accept(A), accept(B), note("more", B))

    assert running.follow() == 3
    carried(other, note("last", A), note("last", B))
    assert running.follow() == 2
    found = rows(tables)
    running.rebuild()
    assert found == rows(tables)


def test_rows_of_another_log_are_not_gone_on_with_and_a_rebuild_is_asked_for(
    desk: Engine, store_url: str, opened: ExitStack
) -> None:
    """The fact tables were made by the log as it was; the log alone was set back."""
    tables = opened.enter_context(closing(open_tables(store_url, PROJECTIONS)))
    carried(desk, receive(A), note("scan"))
    Followers([desk.log], tables).follow()
    live = tables.live()
    assert live is not None
    mark = tables.mark(live, DISTRICT)
    assert (mark.position, mark.epoch) == (2, 1)
    other = "0" * len(mark.leaf)
    with tables._transaction() as cursor:
        tables._execute(cursor, "UPDATE casecore_marks SET leaf = :leaf", {"leaf": other})
    for _ in range(2):
        with pytest.raises(Fault, match=r"another fact stands there.*casecore rebuild"):
            Followers([desk.log], tables).follow()
    Followers([desk.log], tables).rebuild()
    assert Followers([desk.log], tables).follow() == 0


def test_marks_of_before_are_followed_as_they_were(desk: Engine, store_url: str, opened: ExitStack) -> None:
    tables = opened.enter_context(closing(open_tables(store_url, PROJECTIONS)))
    carried(desk, receive(A), note("scan"))
    Followers([desk.log], tables).follow()
    with tables._transaction() as cursor:
        tables._execute(cursor, "DELETE FROM casecore_marks", {})
    carried(desk, note("more"))
    assert Followers([desk.log], tables).follow() == 1
