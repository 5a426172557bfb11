"""Findings of a package (一件事): where it was opened, and what was done to its joint limit (Art. 42(2))."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from casecore.auditing.any_kind import find_ahead, find_moved_by_notice, find_uncountable
from casecore.auditing.finding import Examination, Finding, examine, found, gathered
from casecore.auditing.late_entries import find_late_entries
from casecore.auditing.place_findings import about_hall, contradicted
from casecore.extending import longest_extension
from casecore.kinds import PACKAGE
from casecore.office import Office
from casecore.package.facts.limits import PackageAccepted, PackageExtended
from casecore.package.facts.opening import PackageOpened
from casecore.package.file import PackageFile
from casecore.recorded import Recorded
from casecore.refusals import blank
from casecore.vocabulary import FindingCode
from casecore.whereabouts import site_of

__all__ = ["findings_of_package"]

Examined = Examination[PackageFile]


def findings_of_package(history: Sequence[Recorded], office: Office, at: datetime) -> tuple[Finding, ...]:
    """Everything questionable in one package's facts, in the order of the facts; what its cases show is theirs."""
    return gathered(examine(PACKAGE, history, office, at), _CHECKS) if history else ()


def _opening(package: Examined) -> Iterator[Finding]:
    """A hall or a theme the catalogue does not know, or not for that day; a tier told otherwise than the register says."""
    for recorded in package.history:
        event = recorded.event
        if not isinstance(event, PackageOpened):
            continue
        on = event.at.date()
        office = package.office.on(on)
        yield from about_hall(recorded, event.hall, package.office)
        if any(office.catalogue.themes) and office.catalogue.theme(event.theme, on) is None:
            known = "no theme of the catalogue" if not office.catalogue.knows_theme(event.theme) else "a theme out of force"
            yield found(FindingCode.THEME_OUT_OF_FORCE, recorded, f"{event.theme} is {known} on {on}")
        site = site_of(event.hall, on, office)
        if site is not None and event.tier is not site.tier:
            yield contradicted(recorded, f"tier {event.tier.value} told of {event.hall}", site.tier.value)


def _extensions(package: Examined) -> Iterator[Finding]:
    """Extensions of the joint limit that the law does not allow, or that came when it had run out."""
    most, authority = longest_extension(joint=True)
    earlier: PackageExtended | None = None
    for recorded in package.history:
        event = recorded.event
        if not isinstance(event, PackageExtended):
            continue
        if earlier is not None:
            sentence = f"extended by {earlier.days} on {earlier.at.date()} already: a limit is extended once"
            yield found(FindingCode.EXTENDED_TWICE, recorded, sentence)
        if event.authority is not authority:
            sentence = f"approved as {event.authority}, it takes the {authority.value} ({authority.zh})"
            yield found(FindingCode.EXTENSION_WRONG_AUTHORITY, recorded, sentence)
        if event.days > most:
            yield found(FindingCode.EXTENSION_TOO_LONG, recorded, f"{event.days} working days: the law allows {most}")
        if blank(event.notice):
            sentence = "the applicant was not told in writing; it counts all the same"
            yield found(FindingCode.EXTENSION_WITHOUT_NOTICE, recorded, sentence)
        if package.unknown_calendar is None:
            yield from _after_deadline(package, recorded, event)
        earlier = earlier or event


def _after_deadline(package: Examined, recorded: Recorded, extended: PackageExtended) -> Iterator[Finding]:
    gone = []
    for clock in package.limits:
        bare = clock._replace(ledger=clock.ledger._replace(extension=None), ended_at=None)
        due_on = bare.read(package.calendar_of(clock), extended.at).due_on
        if clock.started_on <= extended.at.date() and extended.at.date() > due_on:
            gone.append(f"the {clock.name} limit ran out on {due_on}")
    if gone:
        sentence = f"the extension of {extended.at.date()} came after {' and '.join(gone)}: it does not revive it"
        yield found(FindingCode.ACT_AFTER_DEADLINE, recorded, sentence)


_CHECKS: Final = (
    partial(find_uncountable, promises=(PackageAccepted,), beginnings=(PackageOpened, PackageAccepted)),
    partial(find_moved_by_notice, promises=(PackageAccepted,)),
    _opening,
    _extensions,
    find_ahead,
    find_late_entries,
)
