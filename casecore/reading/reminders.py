"""What notices of what is missing (补正告知) ask for: the one complete notice, reminders of it, and what nobody had told.

行政许可法 Art. 32(4): everything missing is told once. A further notice that names what the one complete notice named, and
what has not come in since, reminds of it and asks for nothing more; whatever else it names was not told once, and that is
the agency's.
"""

from collections.abc import Iterator
from datetime import datetime

from casecore.case.file import CaseFile
from casecore.case.parts import Correction, Trip
from casecore.vocabulary import CausedBy, HolderKind

__all__ = ["applicants_own", "reminded_of"]


def applicants_own(file: CaseFile, trip: Trip) -> bool:
    """Whether the correction a trip served was the applicant's to make, and was told completely, once.

    It is where the trip brought something the one complete notice had named and the applicant still owed: the applicant
    had to come for that, whatever else a later notice named. A notice whose words nobody recorded reminds of nothing.
    """
    asked = [number for number, one in enumerate(file.corrections) if one.requested_at <= trip.at]
    if not asked:
        return False
    first, last = file.corrections[asked[0]], file.corrections[asked[-1]]
    if not _applicants(first) or last.caused_by is not CausedBy.APPLICANT:
        return False
    if last is first:
        return True
    answered = next((n for n in asked if file.corrections[n].submitted_at == trip.at), asked[-1])
    brought = file.corrections[answered].brought or file.corrections[answered].materials
    return not reminded_of(file, answered).isdisjoint(brought)


def reminded_of(file: CaseFile, number: int) -> frozenset[str]:
    """What a notice names that the one complete notice had named and that had not come in by then.

    ``number`` is its place among the corrections, from 0. Of the first that is everything it names, of one made after an
    incomplete first notice, or on the agency's account, nothing.
    """
    first, notice = file.corrections[0], file.corrections[number]
    if not _applicants(first) or notice.caused_by is not CausedBy.APPLICANT:
        return frozenset()
    came_in = frozenset(_came_in(file, first.requested_at, notice.requested_at))
    return frozenset(notice.materials) & (frozenset(first.materials) - came_in)


def _applicants(first: Correction) -> bool:
    """Whether a first notice named everything, and nothing the agency is to blame for."""
    return first.complete and first.caused_by is CausedBy.APPLICANT


def _came_in(file: CaseFile, since: datetime, until: datetime) -> Iterator[str]:
    """The materials that came in from one notice to another, in whatever way; an answer that names none brought all."""
    for one in file.corrections:
        if one.submitted_at is not None and since <= one.submitted_at <= until:
            yield from one.brought or one.materials
    for met in file.service.materials:
        if since <= met.at <= until:
            yield met.material
    for link in file.service.custody:
        if link.kind is HolderKind.HALL and since <= link.since <= until:
            yield link.material
