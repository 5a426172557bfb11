"""What each part of the contract begins with: an empty store, opened once or twice, by one district or two."""

# ruff: noqa: S101, ANN401 - part of tests: it asserts, and passes on any field of a command

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from adapters.district_books import GivenBooks
from adapters.district_engine import DistrictEngine, engine_over
from adapters.district_log import DistrictLog
from adapters.stores.known import store_at
from adapters.testing.world import CATALOGUE, DISTRICT, NEIGHBOUR, A, B, accept, carried, note, receive
from casecore import Books, Engine
from casecore.books_at_hand import BooksAtHand

__all__ = ["Opened", "beside", "open_desk"]


class Opened:
    """An empty store, opened. Whoever inherits has a fixture ``store_url``: the URL of a store nobody has written to."""

    @pytest.fixture
    def engine(self, store_url: str) -> Iterator[DistrictEngine]:
        """An engine over an empty store; whatever a test did to it, its chain must hold."""
        with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as opened:
            yield opened
            assert opened.log.verify().why is None

    @pytest.fixture
    def log(self, engine: DistrictEngine) -> DistrictLog:
        """Its log."""
        return engine.log

    @pytest.fixture
    def desks(self, store_url: str, engine: DistrictEngine) -> Iterator[tuple[Engine, Engine]]:
        """Two engines that know nothing of each other, on one store."""
        if not store_at(store_url).kept:
            yield engine, beside(engine)
            return
        with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as other:
            yield engine, other

    @pytest.fixture
    def neighbours(self, store_url: str, engine: DistrictEngine) -> Iterator[tuple[DistrictEngine, DistrictEngine]]:
        """Two districts in one database."""
        with open_desk(store_url, district=NEIGHBOUR, catalogue=CATALOGUE) as other:
            yield engine, other
            assert other.log.verify().why is None

    @pytest.fixture
    def told(self, engine: DistrictEngine) -> DistrictEngine:
        """Three facts of one case and two of another, in four appends."""
        carried(engine, receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A), note("scan", B), note("scan"))
        return engine


def open_desk(url: str, *, district: str, **books: Any) -> DistrictEngine:
    """An engine that goes by these books, as ``GivenBooks`` names them, and adopts none.

    What is written then stands at positions 1, 2, 3 …: here the log is looked at, and not what is decided.
    """
    with ExitStack() as stack:
        engine = engine_over(stack.enter_context(closing(store_at(url).log(district))), GivenBooks(**books))
        stack.pop_all()
    return engine


def beside(engine: Engine, books: Books | None = None, **around: Any) -> Engine:
    """Another engine on the same log, with files of its own; it takes the books of the log for ``books``, if any."""
    at_hand = BooksAtHand(engine.log, books or engine.books)
    at_hand.remember(at_hand.anew(), engine.log.branch, books)
    return Engine(engine.log, at_hand, engine._surroundings._replace(**around), {})  # noqa: SLF001 - all but what is said
