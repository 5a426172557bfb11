"""A store set back in three ways under four running programs, which go on from what it holds or stop with a sentence."""

import os
import shutil
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
from support.set_back import Copied, rows
from support.standby import Standby

from adapters.district_engine import DistrictEngine
from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, A, B, carried, moment, note, receive
from casecore import Fault, Receipt, Unavailable
from projections.registry import PROJECTIONS

SECONDS: Final = 60
R = TypeVar("R")


class InPlace:
    """A backup is restored into the place of the store, and its server runs on."""

    epoch = 1

    def __init__(self, url: str) -> None:
        self.url = url

    def keep(self) -> None:
        self._copy = Copied(self.url)

    def set_back(self) -> None:
        self._copy.put_back()
        self._copy.close()


class OldFolder:
    """The server is stopped, and started again on an older copy of its data folder."""

    epoch = 1

    def __init__(self, bin_dir: Path, stack: ExitStack) -> None:
        self._server = stack.enter_context(PostgresServer(bin_dir))
        self.url = self._server.create_database()
        self._kept = self._server.home / "kept"

    def keep(self) -> None:
        self._server.stop()
        shutil.copytree(self._server.data_dir, self._kept)
        shutil.copystat(self._server.data_dir, self._kept)
        self._server.start()

    def set_back(self) -> None:
        self._server.stop()
        owner = self._server.data_dir.stat()
        shutil.rmtree(self._server.data_dir)
        self._kept.rename(self._server.data_dir)
        for path in (self._server.data_dir, *self._server.data_dir.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        self._server.start()


class Promoted:
    """The standby is promoted without the last facts, and the URL leads to whichever of the two can be written to."""

    epoch = 2

    def __init__(self, bin_dir: Path, stack: ExitStack) -> None:
        self.primary = stack.enter_context(PostgresServer(bin_dir))
        self.database = urlsplit(self.primary.create_database()).path.removeprefix("/")
        self.standby = stack.enter_context(Standby(self.primary))
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        self.url = f"postgresql://casecore@{hosts}/{self.database}?target_session_attrs=read-write"

    def keep(self) -> None:
        self.standby.catch_up()
        self.standby.cut_off()

    def set_back(self) -> None:
        self.primary.kill()
        self.standby.promote()


Way = InPlace | OldFolder | Promoted


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(params=["in place on sqlite", "in place on postgresql", "old data folder", "promoted standby"])
def way(request: pytest.FixtureRequest, opened: ExitStack, tmp_path: Path) -> Way:
    """A store, and one of the ways in which it is set back."""
    if request.param == "in place on sqlite":
        return InPlace(f"sqlite:///{tmp_path}/cases.db")
    if request.param == "in place on postgresql":
        return InPlace(request.getfixturevalue("postgres_url"))
    kind = Promoted if request.param == "promoted standby" else OldFolder
    return kind(request.getfixturevalue("postgres_bin"), opened)


def desk(way: Way, opened: ExitStack) -> DistrictEngine:
    return opened.enter_context(open_desk(way.url, district=DISTRICT, catalogue=CATALOGUE))


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


def test_four_programs_go_on_from_what_a_store_that_was_set_back_holds(way: Way, opened: ExitStack) -> None:
    writer, reader, clock = (desk(way, opened) for _ in range(3))
    tables = opened.enter_context(closing(open_tables(way.url, PROJECTIONS)))
    followers = Followers([reader.log], tables)
    carried(writer, receive(A), *(note(f"s{n}") for n in range(5)))
    way.keep()
    insisting(followers.follow)
    following = reader.follow(wait=True)
    assert [insisting(lambda: next(following)).position for _ in range(6)] == [1, 2, 3, 4, 5, 6]
    insisting(lambda: clock.tick(moment("2025-03-03 12:00")))
    for n in range(7):
        insisting(lambda n=n: writer.handle(note(f"lost{n}", command_id=f"lost{n}")))  # type: ignore[misc]
    assert [next(following).position for _ in range(7)] == [*range(7, 14)]
    clock.tick(moment("2025-03-03 12:01"))
    assert followers.follow() == 7

    way.set_back()
    with capture_logs() as said:
        receipt = insisting(lambda: writer.handle(note("after", command_id="after")))
    assert isinstance(receipt, Receipt)
    assert (receipt.version, receipt.position, writer.log.head().epoch) == (7, 7, way.epoch)
    assert [one["event"] for one in said if one["log_level"] == "critical"] == ["log set back"]
    with pytest.raises(Fault, match=rf"it ends at position 7, epoch {way.epoch}.*read anew"):
        insisting(lambda: next(following))
    carried(writer, receive(B))
    ticked = insisting(lambda: clock.tick(moment("2025-04-03 12:00")))
    assert {one.stream for one in ticked.receipts} == {A, B}, "all that time has brought, though it was below what was seen"
    insisting(followers.follow)
    followed = rows(tables)
    followers.rebuild()
    assert followed == rows(tables)
    assert writer.log.verify().why is None
    for case in (A, B):
        assert [one.version for one in writer.history(case)] == [*range(1, writer.file(case).version + 1)]
    if isinstance(way, Promoted):
        refuse_the_primary_that_was_left_behind(way, writer, clock)


def refuse_the_primary_that_was_left_behind(pair: Promoted, writer: DistrictEngine, clock: DistrictEngine) -> None:
    pair.standby.kill()
    pair.primary.start()
    for program in (writer, clock):
        with pytest.raises(Fault, match=r"of epoch 1, and epoch 2 was seen.*left behind"):
            insisting(lambda one=program: one.handle(note("on the old one")))  # type: ignore[misc]
    with pytest.raises(Fault, match="left behind"):
        clock.tick(moment("2025-04-03 12:00"))
    with closing(psycopg.connect(pair.primary.url(pair.database))) as found:
        assert found.execute("SELECT max(position) FROM casecore_events").fetchall() == [(13,)]
