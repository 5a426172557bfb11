"""Writing a share of a district's year into a store, by one of the ways."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple, TypeVar

from adapters.district_engine import DistrictEngine
from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.command import Command
from casecore.errors import BadInput, Flaw
from casecore.log import Batch
from ops.demo.arrival import CHENGDU
from ops.year.coming import FORESEEN_DAYS
from ops.year.days import Day, Share, days_of
from ops.year.interleaving import Life, interleaved
from ops.year.parties import Town
from ops.year.telling import Party
from ops.year.writing import Drafts, Way, Written, through_engine, through_import, through_log

__all__ = ["BEGINS", "Year", "write_year"]

T = TypeVar("T")

BEGINS: Final = date(2017, 1, 3)
"""The first working day of the year of the seeds S0 and S1."""


class Year(NamedTuple):
    """A share of a district's year, with the days it has."""

    share: Share
    days: tuple[Day, ...]
    town: Town

    @classmethod
    def of(cls, share: Share, engine: DistrictEngine) -> "Year":
        """What is to be simulated under the books of an engine's log.

        Raises :class:`~casecore.errors.BadInput` where it would end in the future, or past the calendar's coverage.
        """
        office = engine.office_on(share.begins)
        days = _days(share, office.calendar)
        if days[-1].day >= engine.now().date():
            raise BadInput(Flaw.USAGE, "--district-days", f"the last of them is {days[-1].day}: that lies in the future")
        return cls(share, days, Town(share, engine.district, engine.books.catalogue, office.calendar))

    @property
    def until(self) -> datetime:
        """The midnight it ends with."""
        return datetime.combine(self.days[-1].day + timedelta(days=1), time(0), CHENGDU)

    def commands(self) -> Iterator[Command]:
        """All that is asked in it, in the order of time across all cases."""
        return self._interleaved(_by_time)

    def drafted(self, drafts: Drafts) -> Iterator[Sequence[Batch]]:
        """The facts all that makes, in the same order."""
        return self._interleaved(drafts.of)

    def _interleaved(self, lived: Callable[[Party], Life[T]]) -> Iterator[T]:
        days: Iterable[tuple[datetime, Iterable[Life[T]]]] = (
            (day.sure_until, map(lived, self.town.parties(day))) for day in self.days
        )
        return interleaved(days, self.until)


def write_year(engine: DistrictEngine, year: Year, way: Way, told: Callable[[int], None]) -> Written:
    """Write it; ``told`` hears how many facts each transaction brought.

    The same share in the same store again adds nothing, and one of more days goes on where it ended. Raises
    :class:`~casecore.errors.Fault` where the store holds other facts of the cases it is about.
    """
    match way:
        case Way.ENGINE:
            return through_engine(engine, year.commands(), year.share.name, told)
        case Way.LOG:
            return through_log(engine, year.drafted(Drafts(engine)), told)
        case Way.IMPORT:
            return through_import(engine, year.drafted(Drafts(engine)), year.share.name, told)


def _by_time(party: Party) -> Life[Command]:
    return [(command.at, command) for command in party if command.at is not None]


def _days(share: Share, calendar: WorkCalendar) -> tuple[Day, ...]:
    try:
        days = tuple(days_of(share, calendar))
        calendar.is_working(days[-1].day + timedelta(days=FORESEEN_DAYS))
    except OutsideCalendarError as error:
        raise BadInput(Flaw.USAGE, "--district-days", f"calendar {calendar.version}: {error}") from error
    return days
