"""One SQLite file, windows that serve, and a rebuild beside them: nobody waits long."""

import time
from pathlib import Path
from typing import Final

import pytest
from support.followed import LIVES, World
from support.oracle import DISTRICT
from support.victims import Served, Victim, rebuild_whole, serve

WINDOWS: Final = 3
LONGEST_SECONDS: Final = 2.0


def watch(url: str, seconds: float, *, courteous: bool = True) -> list[Served]:
    """What windows saw for so long while the tables were rebuilt again and again."""
    windows = [Victim(serve, url, courteous) for _ in range(WINDOWS)]
    keeper = Victim(rebuild_whole, url, courteous)
    victims = [*windows, keeper]
    try:
        for one in victims:
            assert one.hear() == "ready"
        for one in victims:
            one.wire.send("go")
        time.sleep(seconds)
        for one in victims:
            one.wire.send("stop")
        seen = [one.hear(300) for one in windows]
        rebuilds = keeper.hear(300)
    finally:
        for one in victims:
            one.kill()
            one.wire.close()
    what = "slices and turns" if courteous else "control: whole pages, nobody queues"
    told = "; ".join(
        f"{one.receipts} receipts, longest {one.longest_seconds:.2f} s, median {one.median_seconds:.4f} s" for one in seen
    )
    print(f"\n{what}: {rebuilds} rebuilds; {told}")  # noqa: T201
    assert rebuilds > 0
    return seen


def filled(folder: Path, copies: int) -> str:
    """A file with the lives of so many districts' halls, told again and again."""
    url = f"sqlite:///{folder}/cases.db"
    world = World(url)
    for n in range(0, copies, 20):
        world.happened({f"{case}-{n + m}": events for m in range(20) for case, events in LIVES.items()}, DISTRICT)
    world.close()
    return url


def test_windows_serve_on_while_a_file_is_rebuilt(tmp_path: Path) -> None:
    url = filled(tmp_path, 20)
    assert all(one.receipts > 0 for one in watch(url, 3))


@pytest.mark.torture
def test_no_window_waits_two_seconds_while_a_file_is_rebuilt(tmp_path: Path) -> None:
    url = filled(tmp_path, 300)
    seen = watch(url, 60)
    watch(url, 30, courteous=False)
    assert max(one.longest_seconds for one in seen) < LONGEST_SECONDS
