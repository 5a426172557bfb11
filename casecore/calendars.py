"""Several calendars by their versions: finding one, and the line of versions in which a later notice follows an earlier.

A case keeps the version it was promised under; :func:`newest` answers which version is in force now. Overlays of a region
(地方日历) are lines of their own: they supersede no national version.
"""

from collections.abc import Mapping

from casecore.calendar import WorkCalendar
from casecore.errors import BadInput, Flaw

__all__ = ["find_calendar", "newest"]


def find_calendar(calendars: Mapping[str, WorkCalendar], version: str, place: str = "calendar") -> WorkCalendar:
    """The calendar of a version; raises :class:`~casecore.errors.BadInput` at ``place`` where it is not known."""
    found = calendars.get(version)
    if found is None:
        raise BadInput(Flaw.UNKNOWN_CALENDAR, place, f"{version!r} is none of {', '.join(sorted(calendars))}")
    return found


def successors(calendars: Mapping[str, WorkCalendar]) -> dict[str, str]:
    """Each superseded version and the one that took its place.

    Raises :class:`~casecore.errors.BadInput`, whose place is the later version, where it supersedes one that is not
    known, one that has a successor already, or in the end itself.
    """
    return line_of({version: calendar.supersedes for version, calendar in calendars.items()})


def line_of(supersedes: Mapping[str, str | None]) -> dict[str, str]:
    """As :func:`successors`, of versions with the one each supersedes."""
    later: dict[str, str] = {}
    for version, earlier in sorted(supersedes.items()):
        if earlier is None:
            continue
        if earlier not in supersedes:
            raise BadInput(Flaw.UNKNOWN_CALENDAR, version, f"{earlier!r} is none of {', '.join(sorted(supersedes))}")
        if earlier in later:
            raise BadInput(Flaw.CONTRADICTION, version, f"{earlier} is superseded by {later[earlier]} already")
        later[earlier] = version
    # As nobody has two successors, whoever is on no line that begins somewhere is in a circle.
    straight = set(supersedes.keys() - later.values())
    for version in tuple(straight):
        while (next_version := later.get(version)) is not None:
            straight.add(version := next_version)
    if circle := sorted(supersedes.keys() - straight):
        raise BadInput(Flaw.CONTRADICTION, circle[0], f"it supersedes itself in the end ({', '.join(circle)})")
    return later


def newest(calendars: Mapping[str, WorkCalendar], version: str) -> str:
    """The version now in force on the line of a version: itself, until another supersedes it.

    Raises :class:`~casecore.errors.BadInput` where the version is not known or a line is unsound, see
    :func:`successors`.
    """
    find_calendar(calendars, version)
    later = successors(calendars)
    while version in later:
        version = later[version]
    return version
