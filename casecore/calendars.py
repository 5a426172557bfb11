"""Several calendars by their versions: finding one, and the line of versions in which a later notice follows an earlier.

A case keeps the version it was promised under; :func:`newest` answers which version is in force now. Overlays of a region
(地方日历) are lines of their own: they supersede no national version.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from casecore.calendar import LaterNotice, WorkCalendar
from casecore.errors import BadInput, Flaw

__all__ = ["find_calendar", "law_of", "newest"]


def find_calendar(calendars: Mapping[str, WorkCalendar], version: str, place: str = "calendar") -> WorkCalendar:
    """The calendar of a version; raises :class:`~casecore.errors.BadInput` at ``place`` where it is not known."""
    found = calendars.get(version)
    if found is None:
        raise BadInput(Flaw.UNKNOWN_CALENDAR, place, f"{version!r} is none of {', '.join(sorted(calendars))}")
    return found


def law_of(calendars: Mapping[str, WorkCalendar], version: str | None) -> WorkCalendar | None:
    """The calendar that says what the days of a version are now: the one that took its place, or itself; None for none."""
    found = None if version is None else calendars.get(version)
    return None if found is None else found.law


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


def follows(calendars: Mapping[str, WorkCalendar], later: str, earlier: str) -> bool:
    """Whether a version came after another, as a later notice or as an overlay of a region that lies on it."""
    seen, waiting = set[str](), [later]
    while waiting:
        found = calendars.get(waiting.pop())
        if found is None or found.version in seen:
            continue
        seen.add(found.version)
        if earlier in (found.supersedes, found.base):
            return True
        waiting += [version for version in (found.supersedes, found.base) if version is not None]
    return False


def with_later(
    calendars: Mapping[str, WorkCalendar], dated: Sequence[tuple[date | None, str]]
) -> Mapping[str, WorkCalendar]:
    """The calendars, each with those that took its place: ``dated`` are the versions put in force, each with its first day.

    What was promised under a version is judged under those as well (后续通知): whatever is put in force that does not
    follow it, as a calendar of another country, says nothing of it.
    """
    bare = {version: calendar.under(()) for version, calendar in calendars.items()}
    return {version: calendar.under(tuple(_later(bare, dated, version))) for version, calendar in bare.items()}


def _later(
    calendars: Mapping[str, WorkCalendar], dated: Sequence[tuple[date | None, str]], version: str
) -> Iterator[LaterNotice]:
    """Those that took the place of a version, each until another of its line did: one of another line takes nobody's."""
    line = [
        (from_on if number else None, put)
        for number, (from_on, put) in enumerate(dated)
        if put in calendars and (put == version or follows(calendars, put, version))
    ]
    for number, (from_on, put) in enumerate(line, 1):
        if put != version:
            until_on = line[number][0] if number < len(line) else None
            yield LaterNotice(calendars[put], from_on, until_on)
