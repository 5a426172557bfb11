"""Findings of a case (疑点): what its history shows that no rule would have let in, or that supervision should look at.

History is taken as it is: an import, a late report and an older rule may have recorded what is refused live today. What
the derived clocks do with such acts is said with each finding, and is :mod:`casecore.case.clocks`'s and
:mod:`casecore.clocks`'s to do.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, get_args

from casecore.auditing.act_findings import find_in_extensions, find_in_suspensions
from casecore.auditing.any_kind import find_ahead, find_moved_by_notice, find_uncountable
from casecore.auditing.finding import Examined, Finding, examine, found, gathered
from casecore.auditing.late_entries import find_late_entries
from casecore.auditing.order_findings import find_out_of_order
from casecore.auditing.place_findings import find_in_boxes, find_in_halls, find_in_items, find_in_sites
from casecore.auditing.service_findings import (
    find_in_handing_over,
    find_in_handovers,
    find_in_materials,
    find_in_presence,
    find_in_ratings,
    find_in_seals,
    find_in_trips,
)
from casecore.case.facts.acceptance import AcceptanceDeemed, CaseAccepted, NotAccepted, Promise
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.closing import CaseClosed, CaseVoided
from casecore.case.facts.correction import CorrectionRequested
from casecore.case.facts.decision import DecisionMade, RenewalDeemed
from casecore.kinds import CASE
from casecore.office import Office
from casecore.reading.reminders import reminded_of
from casecore.recorded import Recorded
from casecore.refusals import blank
from casecore.vocabulary import ClockKind, Decision, FindingCode, HandlingKind

__all__ = ["findings_of"]


AT_ONCE: Final = timedelta(minutes=5)
"""Nobody handles within this what is not done at the window while one waits."""


def findings_of(history: Sequence[Recorded], office: Office, at: datetime) -> tuple[Finding, ...]:
    """Everything questionable in one case's facts, in the order of the facts; none for a case without facts.

    ``history`` is the case's facts as recorded, ``at`` the moment at which what still runs is judged (an aware instant).
    """
    if not history:
        return ()
    return gathered(examine(CASE, history, office, at), _CHECKS)


def quickly_closed(case: CaseAccepted, closing: CaseClosed) -> bool:
    """Whether a case that is no 即办件 was accepted and closed within minutes."""
    instantly = case.handling is HandlingKind.INSTANT or closing.outcome.void  # a slip is struck out at once
    return not instantly and timedelta() <= closing.at - case.at <= AT_ONCE


def _intake(case: Examined) -> Iterator[Finding]:
    """What went wrong before the acceptance."""
    for recorded in case.history:
        event = recorded.event
        if isinstance(event, AcceptanceDeemed):
            sentence = (
                f"nobody answered by {event.notice_due_on}: accepted by law, its limits run since {event.effective_on}"
            )
            yield found(FindingCode.DEEMED_ACCEPTANCE, recorded, sentence)


def _notices(case: Examined) -> Iterator[Finding]:
    """Notices after the first of what is missing. One that only reminds of the one complete notice is none to question."""
    notices = [recorded for recorded in case.history if isinstance(recorded.event, CorrectionRequested)]
    for number, (recorded, notice) in enumerate(zip(notices, case.file.corrections, strict=True)):
        first = case.file.corrections[0]
        if notice is first or (notice.materials and reminded_of(case.file, number).issuperset(notice.materials)):
            continue
        on = first.requested_at.date()
        yield found(FindingCode.SERIAL_CORRECTIONS, recorded, f"a further notice after that of {on}")
        # A first notice that names nothing is one whose words nobody imported.
        if first.materials and (news := sorted(set(notice.materials) - set(first.materials))):
            sentence = f"not in the notice of {on}: {', '.join(news)}"
            yield found(FindingCode.SECOND_NOTICE_NAMES_MORE, recorded, sentence)


def _late_answers(case: Examined) -> Iterator[Finding]:
    """Answers that came after the five days of Art. 32. What the law answered by itself is no late answer."""
    for clock in case.clocks:
        ended = clock.ended_at
        if clock.kind is not ClockKind.ACCEPTANCE or ended is None or ended.date() == clock.started_on:
            continue
        due_on = clock.read(case.calendar_of(clock), ended).due_on
        if ended.date() <= due_on:
            continue
        answered = next(
            (r for r in case.history if r.occurred_at == ended and isinstance(r.event, _ANSWERS)),
            None,
        )
        if answered is not None:
            sentence = f"the papers of {clock.started_on} were to be answered by {due_on}"
            yield found(FindingCode.ANSWERED_TOO_LATE, answered, sentence)


def _ending(case: Examined) -> Iterator[Finding]:
    """How it ended."""
    accepted = case.file.promise
    for recorded in case.history:
        event = recorded.event
        if isinstance(event, CaseClosed) and isinstance(accepted, CaseAccepted) and quickly_closed(accepted, event):
            minutes = (event.at - accepted.at) // timedelta(minutes=1)
            sentence = f"closed {minutes} min after its acceptance, under a limit of {accepted.promised}"
            yield found(FindingCode.ACCEPTED_AND_CLOSED_AT_ONCE, recorded, sentence)
        if _reasonless(recorded):
            yield found(FindingCode.REASONLESS_NEGATIVE, recorded, "no reason was given")


def _renewals(case: Examined) -> Iterator[Finding]:
    """What silence renewed."""
    for recorded in case.history:
        event = recorded.event
        if isinstance(event, RenewalDeemed):
            sentence = f"nobody decided before the licence ran out on {event.licence_expired_on}: renewed by law"
            yield found(FindingCode.DEEMED_RENEWAL, recorded, sentence)


def _reasonless(recorded: Recorded) -> bool:
    match recorded.event:
        case NotAccepted(reason=reason) | CaseVoided(reason=reason):
            return blank(reason)
        case DecisionMade(decision=Decision.REFUSED, reason=reason):
            return blank(reason)
        case CaseClosed(outcome=outcome, reason=reason):
            return outcome.reason_required and blank(reason)
        case _:
            return False


_ANSWERS: Final = (CaseAccepted, NotAccepted, CorrectionRequested)
_BEGINNINGS: Final = (CaseReceived, CaseAccepted, AcceptanceDeemed)
_CHECKS: Final[tuple[Callable[[Examined], Iterator[Finding]], ...]] = (
    partial(find_uncountable, promises=get_args(Promise), beginnings=_BEGINNINGS),
    partial(find_moved_by_notice, promises=get_args(Promise)),
    _intake,
    _notices,
    _late_answers,
    find_in_suspensions,
    find_in_extensions,
    _ending,
    _renewals,
    find_in_halls,
    find_in_sites,
    find_in_items,
    find_in_boxes,
    find_in_trips,
    find_in_presence,
    find_in_handing_over,
    find_in_handovers,
    find_in_seals,
    find_in_materials,
    find_in_ratings,
    find_out_of_order,
    find_ahead,
    find_late_entries,
)
