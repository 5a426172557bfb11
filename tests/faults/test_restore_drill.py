"""The drill (恢复演练): a store is lost while windows write; the last backup is put in its place and everybody goes on."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from support.postgres_server import PostgresServer

from adapters.backing_up import backup, restore
from adapters.evidence.note import make_key
from adapters.following import follow, rebuild
from adapters.opening import open_store
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, carried, note, receive
from adapters.verifying import verify
from casecore import Receipt
from projections.registry import PROJECTIONS

WINDOWS: Final = 4
ROUNDS: Final = 5


class Places:
    """Empty stores, of the two kinds in turn."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._server, self._folder, self._made = server, folder, 0

    def empty(self) -> str:
        self._made += 1
        if self._made % 2:
            return f"sqlite:///{self._folder}/place-{self._made}.db"
        return self._server.create_database()


@pytest.fixture
def places(postgres_server: PostgresServer, tmp_path: Path) -> Places:
    return Places(postgres_server, tmp_path)


def written(url: str, window: int, told: dict[str, Receipt], over: Event, last: int) -> None:
    """A window writes one fact after another, as it has them numbered, until the store is lost."""
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk:
        for n in range(last, last + 100_000):
            if over.is_set():
                return
            time.sleep(0.01)  # a window's pace: what is written while a backup is taken is all told again
            command_id = f"w{window}-{n}"
            (told[command_id],) = carried(desk, note(f"s{n % 7}", f"case-{window}", command_id=command_id))


def rows(url: str, *, anew: bool) -> dict[str, list[str]]:
    with open_store(url) as store:
        (rebuild if anew else follow)(store.logs, store.tables)
        return {
            one.name: sorted(map(repr, store.tables.query(f"SELECT * FROM {one.name}")))  # noqa: S608 - our own names
            for one in PROJECTIONS
        }


def drill(places: Places, folder: Path, rounds: int) -> None:
    """Lose the store ``rounds`` times; every fact acknowledged before a backup stays, each after it is told again, once."""
    key, url = folder / "hall.key", places.empty()
    make_key(key)
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk:
        carried(desk, *(receive(f"case-{n}", command_id=f"first-{n}") for n in range(WINDOWS)))
    kept, again, seconds = 0, 0, list[float]()
    acknowledged: dict[str, Receipt] = {}
    for number in range(rounds):
        told, over = dict[str, Receipt](), Event()
        with ThreadPoolExecutor(WINDOWS) as windows, ExitStack() as stopping:
            stopping.callback(over.set)
            writing = [windows.submit(written, url, n, told, over, number * 100_000) for n in range(WINDOWS)]
            while len(told) < 40 and not any(one.done() for one in writing):
                time.sleep(0.01)
            before = {**acknowledged, **told}
            heads = backup(url, folder / f"backup-{number}", key=key)
            while len(told) < len(before) - len(acknowledged) + 40 and not any(one.done() for one in writing):
                time.sleep(0.01)
        for one in writing:
            one.result()
        began, url = time.monotonic(), places.empty()
        restored = restore(folder / f"backup-{number}", url, key=key.with_suffix(".key.pub"))
        seconds.append(time.monotonic() - began)
        assert (restored[DISTRICT].position, restored[DISTRICT].epoch) == (heads[DISTRICT].position, number + 2)
        with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk:
            there = desk.log.receipts([*acknowledged, *told])
            assert all(there[name] == receipt for name, receipt in before.items()), "acknowledged before the backup began"
            gone = [name for name in told if name not in there]
            assert gone, "somebody wrote on after it, or nothing is practised"
            for name in told:  # whoever does not know what became of it says it again
                window, _, number_ = name.removeprefix("w").partition("-")
                (receipt,) = carried(desk, note(f"s{int(number_) % 7}", f"case-{window}", command_id=name))
                acknowledged[name] = receipt
                assert (receipt == told[name]) or name in gone
            assert desk.log.head().position == WINDOWS + len(acknowledged)
        kept, again = kept + len(told) - len(gone), again + len(gone)
    assert all(found.why is None for found in verify(url).values())
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk, closing(desk.log):
        assert {entry.position for entry in desk.follow()} == set(range(1, WINDOWS + len(acknowledged) + 1))
    assert rows(url, anew=False) == rows(url, anew=True)
    print(  # noqa: T201
        f"{rounds} stores lost, {len(acknowledged)} facts: {kept} were in the backup, {again} were told again,"
        f" 0 lost, 0 doubled; restored in {min(seconds):.2f} to {max(seconds):.2f} s"
    )


def test_a_store_is_lost_and_everybody_goes_on_from_the_last_backup(places: Places, tmp_path: Path) -> None:
    drill(places, tmp_path, 2)


@pytest.mark.torture
def test_a_store_is_lost_again_and_again(places: Places, tmp_path: Path) -> None:
    drill(places, tmp_path, ROUNDS * 4)
