"""Findings of a district's books (区划账簿): what its rule names that its registers do not know."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from casecore.auditing.any_kind import find_ahead
from casecore.auditing.finding import Examination, Finding, examine, found, gathered
from casecore.district.facts import RuleAdopted
from casecore.district.file import DistrictFile
from casecore.kinds import DISTRICT
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.vocabulary import FindingCode

__all__ = ["findings_of_books"]

Examined = Examination[DistrictFile]


def findings_of_books(history: Sequence[Recorded], office: Office, at: datetime) -> tuple[Finding, ...]:
    """Everything questionable in the books of a district, in the order of the facts."""
    return gathered(examine(DISTRICT, history, office, at), _CHECKS) if history else ()


def _windows(books: Examined) -> Iterator[Finding]:
    """Halls a rule says something of (周末收件) that are no site of any register there ever was: it says it of nobody."""
    kept = books.file.books
    known = {site for one in (kept.catalogue, *(dated.catalogue for dated in kept.catalogues)) for site in one.sites}
    for recorded in books.history:
        event = recorded.event
        if not known or not isinstance(event, RuleAdopted):
            continue
        for hall in dict.fromkeys(window.hall for window in event.rule.windows):
            if hall not in known:
                sentence = f"{hall}, of which rule {event.rule.name} says what its windows do, is no site of the register"
                yield found(FindingCode.HALL_UNKNOWN, recorded, sentence)


_CHECKS: Final = (_windows, find_ahead)
