"""What may be asked of a store before any log of it is opened, and opening it for a district."""

# ruff: noqa: D102, S101 - these are tests: they assert, their names are their sentences

from contextlib import closing

import pytest

from adapters.district_engine import open_engine
from adapters.stores.known import store_at
from adapters.testing.opened import Opened, open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, NEIGHBOUR, A, carried, receive
from casecore import BadInput, Unavailable
from projections.registry import PROJECTIONS

__all__ = ["Opening"]


class Opening(Opened):
    """A store is made by whoever opens or migrates it, and by nobody who only asks."""

    def test_a_store_nobody_has_opened_does_not_exist_however_often_it_is_asked(self, store_url: str) -> None:
        assert [exists(store_url) for _ in range(2)] == [False, False]

    def test_what_was_written_is_there_when_a_store_that_keeps_it_is_opened_again(self, store_url: str) -> None:
        with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
            carried(engine, receive())
            head = engine.log.head()
        with store_at(store_url).log(DISTRICT) as log:
            assert (log.head() == head) is store_at(store_url).kept
            assert log.versions([A]) == ({A: 1} if store_at(store_url).kept else {})

    def test_a_store_that_keeps_what_is_written_exists_once_it_was_opened(self, store_url: str) -> None:
        place = store_at(store_url)
        place.log(DISTRICT).close()
        if place.kept:
            assert place.exists()
        else:
            with pytest.raises(BadInput):
                place.exists()

    def test_a_store_that_keeps_what_is_written_is_migrated_once(self, store_url: str) -> None:
        place = store_at(store_url)
        if not place.kept:
            with pytest.raises(BadInput):
                place.migrate()
            return
        applied = place.migrate()
        assert place.exists()
        assert [step.number for step in applied] == list(range(1, len(applied) + 1))
        assert place.migrate() == ()

    def test_the_fact_tables_of_a_store_know_the_districts_with_a_log_in_it(self, store_url: str) -> None:
        place = store_at(store_url)
        for district in (NEIGHBOUR, DISTRICT):
            with open_desk(store_url, district=district, catalogue=CATALOGUE) as engine:
                carried(engine, receive())
        with closing(place.tables(PROJECTIONS)) as tables:
            assert tables.districts() == ([DISTRICT, NEIGHBOUR] if place.kept else [])
            assert tables.live() is None

    @pytest.mark.parametrize("district", ["", "a\x00", "5" * 201], ids=["empty", "NUL", "long"])
    def test_a_district_that_can_never_be_is_bad_input(self, store_url: str, district: str) -> None:
        with pytest.raises(BadInput):
            open_engine(store_url, district=district, catalogue=CATALOGUE)


def exists(url: str) -> bool:
    """Whether there is a store that may be read; where there is not even a place for one, it says so by raising."""
    try:
        return store_at(url).exists()
    except (BadInput, Unavailable):
        return False
