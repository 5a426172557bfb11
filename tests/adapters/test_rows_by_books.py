"""Rows rest on the books their log holds: whatever is adopted when, following and rebuilding come to the same."""

import pytest
from support.adopted import drawn, lives_of, told
from support.followed import A, World, rows_of

from adapters import following, recounting
from adapters.district_books import books_of
from adapters.following import follow, rebuild


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("page", [1, 3, 5000])
def test_following_and_rebuilding_count_under_the_books_the_log_holds_in_the_end(
    world: World, page: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", page)
    monkeypatch.setattr(following, "REMEMBERED_FILES", 3)
    monkeypatch.setattr(recounting, "TOGETHER", 2)
    steps = drawn(seed)
    told(world, steps, lambda: follow(world.logs, world.tables))
    wanted = rows_of({A: lives_of(steps)}, {A: books_of(world.engine().log)})

    follow(world.logs, world.tables)
    live = world.tables.live()
    assert live is not None
    assert world.tables.quarantine(live, A) == []
    assert world.rows() == wanted
    assert len({row[-2] for row in wanted["case_facts"]}) > 1  # versions of the rule

    rebuild(world.logs, world.tables)
    assert world.rows() == wanted
