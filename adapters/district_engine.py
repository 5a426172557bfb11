"""``open_engine``: the one call an embedder makes."""

import random
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final, Self
from zoneinfo import ZoneInfo

from adapters.calendar_toml import NATIONAL, known_calendars
from adapters.catalogue_toml import load_catalogue
from adapters.district_log import DistrictLog
from adapters.district_rule_toml import district_rule
from adapters.stores.known import store_at
from casecore import door
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.district_rule import DistrictRule
from casecore.engine import Engine, Surroundings
from casecore.kind import File
from casecore.office import Office
from casecore.service_item import Catalogue

__all__ = ["DistrictEngine", "calendar_in_force", "open_engine", "pause"]

REMEMBERED_FILES: Final = 10_000
LONGEST_PAUSE_SECONDS: Final = 0.25


class RecentFiles(MutableMapping[str, File]):
    """The files used last, bounded, safe between threads."""

    def __init__(self, most: int = REMEMBERED_FILES) -> None:
        self._most = most
        self._files: OrderedDict[str, File] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, case: str) -> File:
        with self._lock:
            self._files.move_to_end(case)
            return self._files[case]

    def __setitem__(self, case: str, file: File) -> None:
        with self._lock:
            self._files[case] = file
            self._files.move_to_end(case)
            if len(self._files) > self._most:
                self._files.popitem(last=False)

    def __delitem__(self, case: str) -> None:
        with self._lock:
            del self._files[case]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._files))

    def __len__(self) -> int:
        return len(self._files)


class DistrictEngine(Engine):
    """The engine of one district over a real store; a context manager that closes its connections."""

    log: DistrictLog

    def close(self) -> None:
        """Close every connection."""
        self.log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_engine(  # noqa: PLR0913 - what an embedder may say
    url: str,
    *,
    district: str,
    catalogue: Path | str | Catalogue | None = None,
    calendar: str | None = None,
    rule: Path | str | DistrictRule | None = None,
    calendars: Path | str | Mapping[str, WorkCalendar] | None = None,
) -> DistrictEngine:
    """Open the engine of one district.

    ``url`` is ``memory:``, ``sqlite:///file.db`` (relative; four slashes for an absolute path) or
    ``postgresql://user@host/database``. ``district`` is the 行政区划代码 whose log this is. ``catalogue`` is a folder of
    TOML files or a catalogue; by default the one that ships. ``rule`` is the district's own (区划规则): its TOML
    file, or the rule itself; by default common practice. ``calendar`` is the version in force, which new promises are made
    under; by default the rule's, else the national one.
    ``calendars`` are those there are: a folder of TOML files beside what ships, or calendars by their version.

    Raises :class:`~casecore.errors.Fault` naming file and key of an unsound catalogue, calendar or rule,
    :class:`~casecore.errors.BadInput` for a calendar version that is not known,
    :class:`~casecore.errors.Unavailable` where the store cannot be reached.
    """
    door.check_district(district, "district")
    if not isinstance(calendars, Mapping):
        calendars = known_calendars(Path(calendars) if calendars else None)
    items = catalogue if isinstance(catalogue, Catalogue) else load_catalogue(Path(catalogue) if catalogue else None)
    ruled = district_rule(rule)
    office = Office(items, calendar_in_force(calendars, ruled, calendar), ruled, calendars)
    zone = ZoneInfo(office.calendar.zone)
    surroundings = Surroundings(
        now=lambda: datetime.now(zone),
        localize=lambda at: at.astimezone(zone),
        new_id=lambda: token_hex(16),
        pause=pause,
    )
    return DistrictEngine(store_at(url).log(district), office, surroundings, RecentFiles())


def calendar_in_force(calendars: Mapping[str, WorkCalendar], rule: DistrictRule, version: str | None = None) -> WorkCalendar:
    """The calendar in force: of the ``version`` said, else of the district's rule, else the national one.

    Raises :class:`~casecore.errors.BadInput` where it is not among the ``calendars``.
    """
    if version is None and rule.calendar is not None:
        return find_calendar(calendars, rule.calendar, f"rule {rule.name}: calendar")
    return find_calendar(calendars, version or NATIONAL)


def pause(attempt: int) -> None:
    """Longer with every attempt, and never for two of a race the same."""
    longest = min(LONGEST_PAUSE_SECONDS, 0.001 * 2 ** min(attempt, 16))
    time.sleep(random.uniform(longest / 4, longest))  # noqa: S311 - no secret
