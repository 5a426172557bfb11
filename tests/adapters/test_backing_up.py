"""Backups: whole while others write, in one form for every store, restored into any other, and never half there."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from support.vandal import Vandal

from adapters.backing_up import BACKUP, LEDGER, backup, restore
from adapters.evidence.note import make_key
from adapters.following import follow
from adapters.open_tables import open_tables
from adapters.opening import open_store
from adapters.stores.known import store_at
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, NEIGHBOUR, A, B, carried, note, receive
from adapters.verifying import verify
from casecore import BadInput, Fault, Receipt
from casecore.recorded import Head
from projections.registry import PROJECTIONS

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

WRITERS: Final = 4
TAKING: Final = (
    "import sys; from pathlib import Path; from adapters.backing_up import backup; backup(sys.argv[1], Path(sys.argv[2]))"
)


@pytest.fixture
def filled(store_url: str) -> str:
    """A store of two districts, of which one is in its second epoch."""
    for district in (DISTRICT, NEIGHBOUR):
        with open_desk(store_url, district=district, catalogue=CATALOGUE) as desk:
            carried(desk, receive(A, command_id="k1"), *(note(f"s{n}") for n in range(40)))
    with closing(store_at(store_url).log(NEIGHBOUR)) as log:
        log.begin_epoch("restore")
    return store_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another store, which holds nothing."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/restored.db"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


def ledger(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is written."""
    with closing(open_tables(url, ())) as tables:
        return {name: sorted(tables.query(f"SELECT {', '.join(columns)} FROM {name}")) for name, columns in LEDGER.items()}  # noqa: S608


def test_a_backup_is_restored_into_any_store_to_the_last_byte_and_begins_an_epoch(
    filled: str, empty: str, tmp_path: Path
) -> None:
    key = tmp_path / "hall.key"
    make_key(key)
    heads = backup(filled, tmp_path / "monday", key=key)
    assert heads == {name: found._replace(epoch=n) for n, (name, found) in enumerate(heads.items(), 1)}
    assert {path.name for path in (tmp_path / "monday").iterdir()} == {
        BACKUP, f"{DISTRICT}.checkpoint", f"{NEIGHBOUR}.checkpoint",
    }  # fmt: skip
    written = ledger(filled)
    assert ledger(f"sqlite:///{tmp_path}/monday/{BACKUP}") == written

    restored = restore(tmp_path / "monday", empty, key=key.with_suffix(".key.pub"))
    assert restored == {name: head._replace(epoch=head.epoch + 1) for name, head in heads.items()}
    now = ledger(empty)
    assert {name: rows for name, rows in now.items() if name != "casecore_epochs"} == {
        name: rows for name, rows in written.items() if name != "casecore_epochs"
    }
    assert [row[6] for row in now["casecore_epochs"] if row not in written["casecore_epochs"]] == ["restore", "restore"]
    assert all(found.why is None for found in verify(empty).values())
    with open_desk(empty, district=DISTRICT, catalogue=CATALOGUE) as desk:
        (again,) = carried(desk, receive(A, command_id="k1"))
        assert again.position == 1
        carried(desk, receive(B))
    with open_store(empty) as store, closing(open_tables(empty, PROJECTIONS)) as tables:
        assert follow(store.logs, tables) == 83


def test_a_backup_holds_one_moment_of_a_store_that_is_written_to(filled: str, tmp_path: Path) -> None:
    over, told = Event(), dict[str, Receipt]()

    def write(number: int) -> None:
        with open_desk(filled, district=DISTRICT, catalogue=CATALOGUE) as desk:
            for n in range(10_000):
                if over.is_set():
                    return
                command_id = f"w{number}-{n}"
                (told[command_id],) = carried(desk, note("more", command_id=command_id))

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, number) for number in range(WRITERS)]
        taken = list[tuple[dict[str, Head], frozenset[str]]]()
        for n in range(3):
            before = frozenset(told)
            taken.append((backup(filled, tmp_path / f"b{n}"), before))
        over.set()
        for one in writing:
            one.result()
    for n, (heads, before) in enumerate(taken):
        with open_desk(f"sqlite:///{tmp_path}/b{n}/{BACKUP}", district=DISTRICT, catalogue=CATALOGUE) as desk:
            found = desk.log.receipts([*told])
            assert before <= found.keys(), "all that was acknowledged before it began"
            assert all(told[number] == receipt for number, receipt in found.items())
            assert desk.log.head() == heads[DISTRICT]
            assert desk.log.verify().why is None


def test_a_backup_that_was_changed_is_not_restored_and_nothing_is_written(filled: str, empty: str, tmp_path: Path) -> None:
    key = tmp_path / "hall.key"
    make_key(key)
    backup(filled, tmp_path / "monday", key=key)
    with closing(Vandal(f"sqlite:///{tmp_path}/monday/{BACKUP}")) as vandal:
        vandal.run("UPDATE casecore_events SET state = replace(state, 's7', 's8') WHERE log = ? AND position = 9", DISTRICT)
    with pytest.raises(Fault, match=f"log {DISTRICT}: BROKEN at position 9"):
        restore(tmp_path / "monday", empty)
    assert not store_at(empty).begun()


def test_a_backup_cut_short_to_fit_is_found_by_its_checkpoint(filled: str, empty: str, tmp_path: Path) -> None:
    key = tmp_path / "hall.key"
    make_key(key)
    backup(filled, tmp_path / "tuesday", key=key)
    with open_desk(filled, district=DISTRICT, catalogue=CATALOGUE) as desk:
        carried(desk, note("more"))
    backup(filled, tmp_path / "wednesday", key=key)
    (tmp_path / "tuesday" / BACKUP).replace(tmp_path / "wednesday" / BACKUP)
    with pytest.raises(Fault, match=r"the log ends at position 41, the checkpoint of .* saw 42"):
        restore(tmp_path / "wednesday", empty, key=key.with_suffix(".key.pub"))


def test_nothing_is_written_over_and_what_is_no_backup_is_said_to_be_none(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "monday")
    for act, said in (
        (lambda: backup(filled, tmp_path / "monday"), "is there already"),
        (lambda: backup(filled, tmp_path / "nowhere" / "monday"), "is not there"),
        (lambda: backup("memory:", tmp_path / "memory"), "memory"),
        (lambda: restore(tmp_path / "monday", filled), "holds something already"),
        (lambda: restore(tmp_path / "tuesday", filled), "is not there"),
        (lambda: restore(tmp_path / "monday", filled, key=tmp_path / "hall.key.pub"), "no checkpoint beside it"),
    ):
        with pytest.raises(BadInput, match=said):
            act()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".", "mon"))) == ["monday"]


def test_a_backup_that_is_killed_leaves_no_folder_of_its_name(filled: str, tmp_path: Path) -> None:
    with open_desk(filled, district=DISTRICT, catalogue=CATALOGUE) as desk, ExitStack() as stack:
        for first in range(0, 4000, 500):
            assert isinstance(desk.handle_many([note(f"n{first + n}") for n in range(500)]), tuple)
        whole = 0
        for n, wait in enumerate((0.6, 0.8, 1.0, 1.2, 1.5, 30.0)):
            folder = tmp_path / f"b{n}"
            taking = stack.enter_context(subprocess.Popen([sys.executable, "-c", TAKING, filled, str(folder)]))
            until = time.monotonic() + wait
            while taking.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            taking.send_signal(signal.SIGKILL)
            taking.wait()
            if folder.exists():
                whole += 1
                assert all(found.why is None for found in verify(f"sqlite:///{folder}/{BACKUP}").values())
    assert whole >= 1
