"""Opening a whole store that exists: its districts, their engines and fact tables."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from typing import Any, NamedTuple

from adapters.district_books import GivenBooks
from adapters.district_engine import DistrictEngine, engine_over, open_engine
from adapters.district_log import DistrictLog
from adapters.open_tables import open_tables
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from adapters.stores.migrating import Migration
from adapters.tables import Tables
from casecore.errors import BadInput, Flaw
from casecore.kind import Kind
from casecore.kinds import CASE

__all__ = ["Store", "migrate_store", "must_exist", "open_facts", "open_store", "writable"]


class Store(NamedTuple):
    """A store: its fact tables and an engine for each district asked for, or found in it."""

    url: str
    open_tables: Callable[[], Tables]
    """Opens its fact tables, once; they are closed with the store."""
    engines: tuple[DistrictEngine, ...]

    @property
    def tables(self) -> Tables:
        """Its fact tables, opened when they are first asked for: who reads one stream needs none."""
        return self.open_tables()

    @property
    def logs(self) -> tuple[DistrictLog, ...]:
        """The log of each engine."""
        return tuple(engine.log for engine in self.engines)

    def holding(self, stream: str, *kinds: Kind[Any]) -> DistrictEngine:
        """The engine of the district whose log holds the stream; raises ``BadInput`` when none does.

        It is named there as what it is asked for as: one of the ``kinds``, by default a case.
        """
        what = " or ".join(kind.en for kind in kinds or (CASE,))
        holding = [engine for engine in self.engines if engine.log.versions([stream])]
        if not holding:
            raise BadInput(Flaw.UNKNOWN_NAME, f"{what} {stream}", f"not in {shown_address(self.url)}")
        if len(holding) > 1:
            districts = ", ".join(engine.district for engine in holding)
            sentence = f"several districts have one of that id ({districts}): say which with --district"
            raise BadInput(Flaw.DUPLICATE_ID, f"{what} {stream}", sentence)
        return holding[0]


@contextmanager
def open_store(url: str, *, district: str | None = None, adopting: GivenBooks | None = None) -> Iterator[Store]:
    """Open a store that exists, for one district or for all it holds.

    Each district goes by the books (账簿) of its own log, and by those that ship while it has adopted none. Who reads adopts
    nothing; who writes says what is ``adopting``: each log then takes what is given into its books, or what ships where it
    has adopted nothing (:func:`~adapters.district_engine.open_engine`).
    """
    must_exist(url)
    with ExitStack() as stack:
        with closing(open_tables(url, ())) as heads:
            districts = heads.districts()
        if district is not None:
            if district not in districts:
                raise BadInput(Flaw.UNKNOWN_NAME, f"district {district}", f"no log in {shown_address(url)}")
            districts = [district]
        engines = tuple(stack.enter_context(_opened(url, code, adopting)) for code in districts)
        tables = cache(lambda: stack.enter_context(closing(_all_tables(url))))
        yield Store(url, tables, engines)


def _opened(url: str, district: str, adopting: GivenBooks | None) -> DistrictEngine:
    if adopting is not None:
        rule, catalogue, calendars, calendar = adopting
        return open_engine(url, district=district, rule=rule, catalogue=catalogue, calendars=calendars, calendar=calendar)
    with ExitStack() as stack:
        engine = engine_over(stack.enter_context(closing(store_at(url).log(district))))
        stack.pop_all()
    return engine


def _all_tables(url: str) -> Tables:
    from projections.registry import PROJECTIONS  # noqa: PLC0415 - who reads one stream needs none of them

    return open_tables(url, PROJECTIONS)


@contextmanager
def open_facts(url: str) -> Iterator[Tables]:
    """Open only the fact tables of a store that exists: they are all a reporter may read.

    Raises ``BadInput`` where there are no fact tables yet.
    """
    must_exist(url)
    with closing(_all_tables(url)) as tables:
        if tables.live() is None:
            raise BadInput(Flaw.UNKNOWN_NAME, f"store {shown_address(url)}", "no fact tables yet, run casecore follow first")
        yield tables


def writable(url: str) -> bool:
    """Whether a store that exists can be written to now: a standby cannot, nor a file on a medium that is only read."""
    must_exist(url)
    return store_at(url).writable()


def migrate_store(url: str) -> tuple[Migration, ...]:
    """Bring a store's schema up to date; returns the migrations applied. A SQLite file that is not there is made."""
    return store_at(url).migrate()


def must_exist(url: str) -> None:
    """Refuse to read from a store that is none: opening it would make one of whatever database it is."""
    if not store_at(url).exists():
        raise BadInput(
            Flaw.UNKNOWN_NAME, f"store {shown_address(url)}", "casecore has no tables there; casecore migrate makes them"
        )
