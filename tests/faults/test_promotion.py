"""A standby promoted without the last facts, and the old primary come back: nothing is written on what is gone."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
from structlog.testing import capture_logs
from support.postgres_server import PostgresServer
from support.standby import Standby

from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, A, B, carried, moment, note, receive
from casecore import Engine, Fault, Receipt, Unavailable
from projections.registry import PROJECTIONS

SECONDS: Final = 60
R = TypeVar("R")


class Pair:
    """A primary and its standby, and a URL that leads to whichever of them can be written to."""

    def __init__(self, bin_dir: Path, stack: ExitStack) -> None:
        self.primary = stack.enter_context(PostgresServer(bin_dir))
        self.database = urlsplit(self.primary.create_database()).path.removeprefix("/")
        self.standby = stack.enter_context(Standby(self.primary))
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        self.url = f"postgresql://casecore@{hosts}/{self.database}?target_session_attrs=read-write"

    def fail_over_without_the_tail(self) -> None:
        self.primary.kill()
        self.standby.promote()


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def pair(postgres_bin: Path, opened: ExitStack) -> Pair:
    return Pair(postgres_bin, opened)


def desk(pair: Pair, opened: ExitStack) -> Engine:
    return opened.enter_context(open_desk(pair.url, district=DISTRICT, catalogue=CATALOGUE))


def insisting(act: Callable[[], R]) -> R:
    """Act until the store answers."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            return act()
        except Unavailable:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_programs_go_on_from_what_a_promoted_standby_has_and_refuse_the_old_primary(pair: Pair, opened: ExitStack) -> None:
    writer, reader, clock = (desk(pair, opened) for _ in range(3))
    tables = opened.enter_context(closing(open_tables(pair.url, PROJECTIONS)))
    followers = Followers([reader.log], tables)
    carried(writer, receive(A), *(note(f"s{n}") for n in range(5)))
    following = reader.follow(wait=True)
    assert [next(following).position for _ in range(6)] == [1, 2, 3, 4, 5, 6]
    clock.tick(moment("2025-03-03 12:00"))
    followers.follow()
    pair.standby.catch_up()
    pair.standby.cut_off()
    carried(writer, *(note(f"lost{n}") for n in range(7)))
    assert [next(following).position for _ in range(7)] == [*range(7, 14)]
    clock.tick(moment("2025-03-03 12:01"))
    assert followers.follow() == 7

    pair.fail_over_without_the_tail()
    with capture_logs() as said:
        receipt = insisting(lambda: writer.handle(note("after", command_id="after")))
    assert isinstance(receipt, Receipt)
    assert (receipt.version, receipt.position, writer.log.head().epoch) == (7, 7, 2)
    assert [one["event"] for one in said if one["log_level"] == "critical"] == ["log set back"]
    with pytest.raises(Fault, match=r"it ends at position 7, epoch 2.*read anew"):
        insisting(lambda: next(following))
    carried(writer, receive(B))
    ticked = insisting(lambda: clock.tick(moment("2025-04-03 12:00")))
    assert {one.stream for one in ticked.receipts} == {A, B}
    assert insisting(followers.follow) >= 2
    rows = {one.name: sorted(map(repr, tables.query(f"SELECT * FROM {one.name}"))) for one in PROJECTIONS}  # noqa: S608
    followers.rebuild()
    assert rows == {one.name: sorted(map(repr, tables.query(f"SELECT * FROM {one.name}"))) for one in PROJECTIONS}  # noqa: S608
    assert writer.log.verify().why is None  # type: ignore[attr-defined]
    assert [one.version for one in writer.history(A)] == [*range(1, len(writer.history(A)) + 1)]

    pair.standby.kill()
    pair.primary.start()
    for program in (writer, clock):
        with pytest.raises(Fault, match=r"of epoch 1, and epoch 2 was seen.*left behind"):
            insisting(lambda one=program: one.handle(note("on the old one")))
    with pytest.raises(Fault, match="left behind"):
        clock.tick(moment("2025-04-03 12:00"))
    with closing(psycopg.connect(pair.primary.url(pair.database))) as found:
        assert found.execute("SELECT max(position) FROM casecore_events").fetchall() == [(13,)]
