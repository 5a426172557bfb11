"""What an import must not tell past the package a case belongs to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from casecore.case.facts.acceptance import AcceptanceDeemed, CaseAccepted, NotAccepted
from casecore.case.facts.application import ApplicationSubmitted, CaseReceived
from casecore.case.facts.closing import CaseClosed, CaseVoided, CaseWithdrawn
from casecore.case.facts.joining import CaseJoined
from casecore.case.facts.time_limits import Resumed, Suspended
from casecore.fact import Fact
from casecore.histories import History
from casecore.kind import Kind
from casecore.kinds import CASE, PACKAGE, kind_of
from casecore.recorded import Entry, Recorded
from casecore.refusals import Reason, Refused

__all__ = ["Membership", "Places", "joined_packages", "places_of"]

_PACKAGE_MUST_KNOW: Final = (
    CaseAccepted,
    AcceptanceDeemed,
    NotAccepted,
    Suspended,
    Resumed,
    CaseClosed,
    CaseWithdrawn,
    CaseVoided,
)
"""Facts of a case that its package follows; recorded past it, they would leave it open for ever."""

Beginnings = Callable[[Collection[str]], Mapping[str, Fact | None]]
"""The first fact of each of the streams that exists; None for one that cannot be read."""
Histories = Callable[[Collection[str]], Mapping[str, Iterable[Entry]]]
"""Whole histories of several streams."""


class Membership(NamedTuple):
    """A case's place in a package that is kept here."""

    package: str
    waiting: bool
    """Whether it waits for others of it."""


class Places(NamedTuple):
    """Of which kind the streams are that an import names, and which of its cases belong to a package kept here."""

    kinds: Mapping[str, Kind[Any]]
    members: Mapping[str, Membership]
    joining: frozenset[str]
    """Command ids of the histories that tell of joining a package: few do."""
    reads: Mapping[str, int]
    """Packages that are named and not kept here (version 0): the import rests on that. One that is keeps its beginning."""

    def refusal(self, history: History, version: int) -> Refused | None:
        """Why an imported history has no place here: nothing to continue, or something else under an id it names.

        Nor has it in a case of a package kept here that waits for others, which the package will open; nor have there
        facts the package follows, which are given as commands so that it learns of them.
        """
        if history.continues and version == 0:
            return Refused(Reason.UNKNOWN_CASE, case=history.case, command="import")
        packages = joined_packages(history) if history.command_id in self.joining else ()
        named: tuple[tuple[str, Kind[Any]], ...] = ((history.case, CASE), *((one, PACKAGE) for one in packages))
        for stream, wanted in named:
            if (kind := self.kinds.get(stream, wanted)) is not wanted:
                return Refused(Reason.OTHER_KIND, f"{stream}: {kind.name}", history.case, "import")
        member = self.members.get(history.case)
        if member is not None and member.waiting:
            return Refused(Reason.WAITS_FOR_OTHERS, member.package, history.case, "import")
        if member is not None and any(isinstance(event, _PACKAGE_MUST_KNOW) for event in history.events):
            return Refused(Reason.PACKAGE_MUST_KNOW, member.package, history.case, "import")
        return None


def places_of(news: Collection[History], known: Collection[str], beginnings: Beginnings, histories: Histories) -> Places:
    """Look up what the histories name; ``known`` are those of their cases that exist already."""
    begun = {history.case: CASE for history in news if history.case in known or not history.continues}
    joins = {history.command_id: joined for history in news if (joined := joined_packages(history))}
    packages = {one for joined in joins.values() for one in joined}
    first = beginnings({*known, *packages})
    # Most cases begin with what no case of a package begins with.
    joined = [case for case in known if not isinstance(first.get(case), CaseReceived | ApplicationSubmitted | None)]
    members: dict[str, Membership] = {}
    for case, entries in (histories(joined) if joined else {}).items():
        told = [one.event for one in entries if isinstance(one, Recorded) and isinstance(one.event, CaseJoined)]
        if told:
            members[case] = Membership(told[-1].package, told[-1].waiting)
    packages |= {member.package for member in members.values()}
    kept_here = {**first, **(beginnings(packages - first.keys()) if members else {})}
    return Places(
        begun | {stream: kind_of(fact) for stream, fact in first.items() if fact is not None},
        {case: member for case, member in members.items() if kept_here.get(member.package) is not None},
        frozenset(joins),
        dict.fromkeys(sorted(packages - kept_here.keys()), 0),
    )


def joined_packages(history: History) -> list[str]:
    """The packages an imported case joined."""
    return [event.package for event in history.events if type(event) is CaseJoined]
