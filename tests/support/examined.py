"""Histories as recorded, and what is found in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from casecore import (
    AcceptanceDeemed,
    Authority,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CorrectionRequested,
    CorrectionSubmitted,
    Decision,
    DecisionMade,
    Envelope,
    ExtensionApproved,
    Finding,
    FindingCode,
    Limit,
    NotAccepted,
    Office,
    Outcome,
    Recorded,
    RenewalDeemed,
    Resumed,
    Suspended,
    SuspensionKind,
    findings_of,
)
from casecore.annotations import shapes_of
from support.story import (
    CASE,
    CLERK,
    HEAD,
    IN_REVIEW,
    OFFICE,
    OFFICER,
    PROOF,
    accepted,
    day,
    fact,
    moment,
    received,
)
from support.story import procedure as told_in_writing

AT: Final = moment("12-30 17:00")
C = FindingCode


class Entered:
    """A fact, and when it was entered."""

    def __init__(self, event: CaseEvent, when: str) -> None:
        self.event, self.recorded_at = event, moment(when)


def on_record(*events: CaseEvent | Entered, case: str = CASE, log: str = "510107") -> list[Recorded]:
    """A history as recorded: each fact as it happened, or when it is said to have been entered."""
    made = []
    for version, event in enumerate(events, 1):
        found = event.event if isinstance(event, Entered) else event
        at = event.recorded_at if isinstance(event, Entered) else event.at
        made.append(Recorded(log, 100 + version, at, Envelope(case, version, found)))
    return made


UNTOLD: Final = (C.UNRECORDED_VISIT, C.RESULT_NOT_HANDED_OVER)
"""What most histories here leave out: who came, and how the result was handed over. ``test_presence`` is about that."""


def all_found(*events: CaseEvent | Entered, office: Office = OFFICE, at: datetime = AT) -> tuple[Finding, ...]:
    """Whatever is found in a history."""
    return findings_of(on_record(*events), office, at)


def found(*events: CaseEvent | Entered, office: Office = OFFICE, at: datetime = AT) -> tuple[Finding, ...]:
    """What is found in a history but for what it leaves untold (``UNTOLD``)."""
    return tuple(one for one in all_found(*events, office=office, at=at) if one.code not in UNTOLD)


def codes(*events: CaseEvent | Entered, office: Office = OFFICE, at: datetime = AT) -> list[FindingCode]:
    """The codes of what is found in a history."""
    return [finding.code for finding in found(*events, office=office, at=at)]


def procedure(when: str = "03-05 09:00", name: str = "S1", **rest: Any) -> Suspended:
    """A special procedure of five days."""
    return told_in_writing(when, 5, name, **rest)


def paused(when: str, name: str = "S1") -> Suspended:
    """Suspended, and no more than that."""
    return fact(Suspended, when, suspension=name, kind=SuspensionKind.ORDINARY, reason="flood")


def resumed(when: str = "03-12 09:00", name: str = "S1") -> Resumed:
    """The end of a suspension."""
    return fact(Resumed, when, suspension=name)


def extended(when: str = "03-10 09:00", days: int = 10, **rest: Any) -> ExtensionApproved:
    """More days, all papers in order."""
    told = {"approver": "Qian", "reason": "complex", "notice": "N1", "authority": Authority.ORGAN_HEAD}
    return fact(ExtensionApproved, when, by=HEAD, days=days, **{**told, **rest})


def closed(when: str = "03-13 09:00", by: str = OFFICER, **rest: Any) -> CaseClosed:
    """The end."""
    return fact(CaseClosed, when, by=by, **{"outcome": Outcome.OTHER, **rest})


def notice(when: str = "03-02 09:30", *materials: str) -> CorrectionRequested:
    """A notice of what is missing."""
    return fact(CorrectionRequested, when, by=CLERK, materials=materials or ("lease",))


SUPPLIED = fact(CorrectionSubmitted, "03-04 09:00", by=CLERK, materials=("lease",))
SUPPLIED_AGAIN = fact(CorrectionSubmitted, "03-06 09:00", by=CLERK, materials=("lease",))
DEEMED = AcceptanceDeemed(
    **{name: getattr(accepted(), name) for name in shapes_of(CaseAccepted) if name not in ("notice", "at", "by")},
    at=moment("03-10 00:00"),
    by="clock",
    notice_due_on=moment("03-09 00:00").date(),
)
EXPIRES: Final = day("04-30")
RENEWED = fact(RenewalDeemed, "05-01 00:00", by="clock", licence_expired_on=EXPIRES)
LONG = accepted(promised=Limit.working_days(40), statutory=None)
AGREED = accepted(promised=Limit.fixed(day("04-30")), statutory=None)
Told = Sequence[CaseEvent | Entered]

SHOWN: Final[dict[FindingCode, tuple[Told, Told]]] = {
    C.DEEMED_ACCEPTANCE: ((received(), DEEMED), IN_REVIEW),
    C.DEEMED_RENEWAL: (
        (received(licence_expires_on=EXPIRES), accepted(), RENEWED),
        (
            received(licence_expires_on=EXPIRES),
            accepted(),
            fact(DecisionMade, "04-30 09:00", by=HEAD, decision=Decision.GRANTED),
        ),
    ),
    C.ANSWERED_TOO_LATE: ((received(), accepted("03-10 09:00")), (received(), accepted("03-09 16:59"))),
    C.SERIAL_CORRECTIONS: (
        (received(), notice(), SUPPLIED, notice("03-05 09:00"), SUPPLIED_AGAIN),
        (received(), notice(), SUPPLIED),
    ),
    C.SECOND_NOTICE_NAMES_MORE: (
        (received(), notice(), SUPPLIED, notice("03-05 09:00", "lease", "map"), SUPPLIED_AGAIN),
        (received(), notice(), SUPPLIED, notice("03-05 09:00", "lease"), SUPPLIED_AGAIN),
    ),
    C.SPECIAL_PROCEDURE_WITHOUT_NOTICE: ((*IN_REVIEW, procedure(notice=None)), (*IN_REVIEW, procedure())),
    C.PROCEDURE_OVER_DECLARED_DAYS: (
        (*IN_REVIEW, procedure(), resumed("03-13 09:00")),
        (*IN_REVIEW, procedure(), resumed("03-12 09:00")),
    ),
    C.SUSPENDED_NEAR_DEADLINE: ((*IN_REVIEW, paused("03-12 09:00")), (*IN_REVIEW, paused("03-11 09:00"))),
    C.ACT_AFTER_DEADLINE: ((*IN_REVIEW, extended("03-17 09:00")), (*IN_REVIEW, extended("03-16 09:00"))),
    C.OVERLAPPING_DECLARATIONS: (
        (*IN_REVIEW, procedure(), procedure("03-09 09:00", "S2"), resumed("03-10 09:00"), resumed("03-11 09:00", "S2")),
        (*IN_REVIEW, procedure(), resumed("03-09 09:00"), procedure("03-09 09:00", "S2"), resumed("03-11 09:00", "S2")),
    ),
    C.ENDED_BEFORE_STARTED: (
        (*IN_REVIEW, procedure(), resumed("03-04 09:00")),
        (*IN_REVIEW, procedure(), resumed("03-05 09:00")),
    ),
    C.RESUMED_WITHOUT_SUSPENSION: (
        (*IN_REVIEW, procedure(), resumed(), resumed("03-13 09:00")),
        (*IN_REVIEW, resumed(), procedure()),
    ),
    C.CLOSED_WHILE_SUSPENDED: (
        (*IN_REVIEW, procedure(), closed(), resumed("03-20 09:00")),
        (*IN_REVIEW, procedure(), resumed(), closed()),
    ),
    C.EXTENDED_TWICE: ((*IN_REVIEW, extended(), extended("03-11 09:00")), (*IN_REVIEW, extended())),
    C.EXTENSION_WRONG_AUTHORITY: (
        (*IN_REVIEW, extended(authority=Authority.GOVERNMENT_HEAD)),
        (received(), accepted(joint=True), extended(authority=Authority.GOVERNMENT_HEAD)),
    ),
    C.EXTENSION_TOO_LONG: (
        (*IN_REVIEW, extended(days=11)),
        (received(), accepted(joint=True), extended(days=15, authority=Authority.GOVERNMENT_HEAD)),
    ),
    C.EXTENSION_WITHOUT_NOTICE: ((*IN_REVIEW, extended(notice=" ")), (*IN_REVIEW, extended())),
    C.ACCEPTED_AND_CLOSED_AT_ONCE: (
        (*IN_REVIEW, closed("03-02 10:05")),
        (received(code=PROOF), accepted(code=PROOF), closed("03-02 10:00")),
    ),
    C.ENTERED_AFTER_DEADLINE: (
        (*IN_REVIEW, Entered(closed("03-16 16:00"), "03-17 09:00")),
        (*IN_REVIEW, Entered(closed("03-13 16:00"), "03-16 09:00")),
    ),
    C.OCCURRED_AFTER_RECORDING: (
        (*IN_REVIEW, Entered(closed("03-13 09:11"), "03-13 09:00")),
        (*IN_REVIEW, Entered(closed("03-13 09:10"), "03-13 09:00")),
    ),
    C.REASONLESS_NEGATIVE: (
        (received(), fact(NotAccepted, "03-03 09:00", reason=" ", remedy="appeal")),
        (received(), fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal")),
    ),
    C.UNKNOWN_CALENDAR: ((received(), accepted(calendar="story.9"), procedure()), IN_REVIEW),
    C.OUTSIDE_CALENDAR: (
        (received("1999-03-02 09:00"), accepted(effective_on=moment("1999-03-02 09:00").date())),
        IN_REVIEW,
    ),
}
"""For each code of a single case a history that shows it, and the lawful one beside it."""
