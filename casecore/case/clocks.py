"""The clocks of a case (时限): which it runs, since when, until when, under which limit and by which law.

All are derived from the file, none is stored. What a clock says at a moment is :func:`casecore.clocks.read_clock`'s.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import count
from typing import Final

from casecore.case.facts.acceptance import NotAccepted, Promise
from casecore.case.facts.closing import CaseClosed
from casecore.case.file import CaseFile
from casecore.case.parts import Certificate
from casecore.clock import UNTOLD_DECISION, CaseClock
from casecore.ledger import Ledger
from casecore.limits import Limit
from casecore.vocabulary import Answer, ClockKind, CoreStep, Decision, Outcome, RatingReview, Stage

__all__ = ["clock_named", "clocks_of", "decided_by"]


ACCEPTANCE_DAYS: Final = 5
"""Art. 32(4): all that is missing is told within five working days."""
PRELIMINARY_DAYS: Final = 20
"""Art. 43."""
DELIVERY_DAYS: Final = 10
"""Art. 44."""
HEARING_REQUEST_DAYS: Final = 5
"""Art. 47(1): a hearing is asked for within five (working, Art. 82) days of being told."""
HEARING_DAYS: Final = 20
"""Art. 47."""
_DECIDING: Final = (Outcome.CERTIFICATE_ISSUED, Outcome.OTHER)
"""办结结果 of a case that was decided."""
RENEWAL_DAYS_BEFORE: Final = timedelta(days=30)
"""Art. 50: filed thirty days before the licence runs out."""


def papers_in(file: CaseFile) -> datetime | None:
    """When the papers that wait for acceptance came in: at the receipt, or with the last corrections (Art. 32(5))."""
    return max(_papers(file), default=None)


def clocks_of(file: CaseFile) -> tuple[CaseClock, ...]:
    """Every clock of a case, those that have ended among them, in the order a case meets them."""
    finds = (_acceptance, _limits, _steps, _hearings, _renewal, _delivery, _rectifications)
    return tuple(clock for find in finds for clock in find(file))


def clock_named(file: CaseFile, name: str) -> CaseClock | None:
    """The clock of that name."""
    return next((clock for clock in clocks_of(file) if clock.name == name), None)


def _acceptance(file: CaseFile) -> Iterator[CaseClock]:
    """One clock each time papers come in of what is under the law of licences; a notice ends it, or an answer."""
    if not file.licence_law:
        return
    answers = [*(c.requested_at for c in file.corrections), *_answers(file)]
    for number, start in enumerate(_papers(file), 1):
        yield CaseClock(
            ClockKind.ACCEPTANCE,
            "acceptance" if number == 1 else f"acceptance:{number}",
            "行政许可法 Art. 32",
            Limit.working_days(ACCEPTANCE_DAYS),
            start.date(),
            start,
            Ledger(),
            min((at for at in answers if at >= start), default=None),
            file.promise.calendar if file.promise else None,
            file.department,
        )


def _papers(file: CaseFile) -> list[datetime]:
    """Each time papers came in that had to be answered; what is corrected after the answer waits for none."""
    if file.received_at is None:
        return []
    answered = min(_answers(file), default=None)
    corrected = (c.submitted_at for c in file.corrections if c.submitted_at is not None)
    return [file.received_at, *(at for at in corrected if answered is None or at <= answered)]


def _answers(file: CaseFile) -> list[datetime]:
    """When the case was accepted, and when it ended."""
    ended_at = file.closing.at if file.closing is not None else None
    return [at for at in (file.accepted_at, ended_at) if at is not None]


def _limits(file: CaseFile) -> Iterator[CaseClock]:
    """The promised limit, which ends with the closing (办结), and the statutory one, which ends with the decision (决定)."""
    promise = file.promise
    if promise is None:
        return
    closed_at = file.closing.at if file.closing is not None else None
    started_at = (papers_in(file) if file.deemed else None) or promise.at
    law = "行政许可法 Art. 42(2)" if promise.joint else "行政许可法 Art. 42(1)"
    if not file.licence_law:
        law = f"{promise.item} v{promise.item_version} 法定"
    promise_of = f"{promise.item} v{promise.item_version} 承诺"
    if file.again is not None and file.again.limit is not None:
        law = promise_of = f"{file.again.document} 重作期限"
    for kind, source, limit, ended_at in (
        (ClockKind.PROMISED, promise_of, promise.promised, closed_at),
        (ClockKind.STATUTORY, law, promise.statutory, decided_by(file)),
    ):
        if limit is not None:
            yield CaseClock(
                kind,
                kind.value,
                source,
                limit,
                promise.effective_on,
                started_at,
                _from_day_0(file.ledger(statutory=kind is ClockKind.STATUTORY), promise),
                ended_at,
                promise.calendar,
                file.department,
                remark=UNTOLD_DECISION if kind is ClockKind.STATUTORY and _undecided(file) else None,
            )


def _from_day_0(ledger: Ledger, promise: Promise) -> Ledger:
    """What was done between an acceptance on a rest day and its day 0 counts from day 0 on; before it nothing does."""
    day_0 = promise.effective_on
    if day_0 <= promise.at.date():
        return ledger
    begins = datetime.combine(day_0, time.min, promise.at.tzinfo)
    spans = (
        span._replace(seen_from=begins) if promise.at <= span.started_at < begins else span for span in ledger.suspensions
    )
    extension = ledger.extension
    if extension is not None and promise.at.date() <= extension.approved_on < day_0:
        extension = extension._replace(approved_on=day_0)
    return Ledger(tuple(spans), extension)


def _steps(file: CaseFile) -> Iterator[CaseClock]:
    """Each routing of a step that has a limit; what makes the case stand still makes its steps stand still."""
    promise = file.promise
    if promise is None:
        return
    planned = {step.step: step for step in file.plan}
    rounds = {step: count(1) for step in planned}
    for approval in file.approvals:
        step = planned.get(approval.step)
        if step is None or (step.limit is None and not (step.preliminary and file.licence_law)):
            continue
        kind = ClockKind.PRELIMINARY_REVIEW if step.preliminary else ClockKind.STEP
        number = next(rounds[step.step])
        yield CaseClock(
            kind,
            f"{kind.value}:{step.step}" + (f":{number}" if number > 1 else ""),
            "行政许可法 Art. 43" if step.preliminary and file.licence_law else "环节时限",
            step.limit or Limit.working_days(PRELIMINARY_DAYS),
            approval.opened_at.date(),
            approval.opened_at,
            _since(file.ledger(statutory=False), approval.opened_at),
            approval.answered_at or decided_by(file),
            promise.calendar,
            approval.department,
            step.step,
            approval.handed_over,
        )


def decided_by(file: CaseFile) -> datetime | None:
    """When nothing is left to be examined: with the decision (Art. 42), or the end of a case that came to none.

    Of an imported history that tells a closing and no decision, that is the latest it can have been made.
    """
    ends = [fact.at for fact in (file.decision, file.closing) if fact is not None]
    return min(ends, default=None)


def _undecided(file: CaseFile) -> bool:
    """Whether the case was closed as one that was decided, and nobody told the decision."""
    closing = file.closing
    return file.decision is None and isinstance(closing, CaseClosed) and closing.outcome in _DECIDING


def _since(ledger: Ledger, opened_at: datetime) -> Ledger:
    """The suspensions as a step sees them: from its own beginning on."""
    return Ledger(
        tuple(
            span if span.started_at >= opened_at else span._replace(seen_from=opened_at)
            for span in ledger.suspensions
            if span.ended_at is None or span.ended_at > opened_at
        )
    )


def _hearings(file: CaseFile) -> Iterator[CaseClock]:
    hearing = file.hearing
    if hearing is None or file.promise is None:
        return
    over, offered, requested = decided_by(file), hearing.offered_at, hearing.requested_at
    common = (file.promise.calendar, file.department)
    if offered is not None:
        yield CaseClock(
            ClockKind.HEARING_REQUEST, "hearing_request", "行政许可法 Art. 47", Limit.working_days(HEARING_REQUEST_DAYS),
            offered.date(), offered, Ledger(), requested or over, *common,
        )  # fmt: skip
    if requested is not None:
        yield CaseClock(
            ClockKind.HEARING, "hearing", "行政许可法 Art. 47", Limit.working_days(HEARING_DAYS),
            requested.date(), requested, Ledger(), hearing.held_at or over, *common,
        )  # fmt: skip


def _renewal(file: CaseFile) -> Iterator[CaseClock]:
    """A renewal filed in time is decided before the licence runs out (Art. 50)."""
    expires, received = file.licence_expires_on, file.received_at
    if not file.licence_law or expires is None or received is None or expires - received.date() < RENEWAL_DAYS_BEFORE:
        return
    yield CaseClock(
        ClockKind.RENEWAL, "renewal", "行政许可法 Art. 50", Limit.fixed(expires), received.date(), received, Ledger(),
        decided_by(file), file.promise.calendar if file.promise else None, file.department,
    )  # fmt: skip


def _delivery(file: CaseFile) -> Iterator[CaseClock]:
    """From the decision to grant to the applicant's hands; where nothing is to be handed over there is no clock."""
    decision = file.decision
    granted = decision is not None and decision.decision is not Decision.REFUSED
    if decision is None or not granted or not (file.certificates or file.deliveries) or file.promise is None:
        return
    if file.stage is Stage.VOIDED or not file.licence_law:
        return
    yield CaseClock(
        ClockKind.DELIVERY, "delivery", "行政许可法 Art. 44", Limit.working_days(DELIVERY_DAYS),
        decision.at.date(), decision.at, Ledger(), handed_over(file),
        file.promise.calendar, file.department,
    )  # fmt: skip


def handed_over(file: CaseFile) -> datetime | None:
    """When the applicant had all there is: every certificate, or the result as one, which names none.

    A certificate that was revoked is owed no more; one that was replaced is owed in the new one, unless the applicant
    had it: what is issued again later (补发, 换发) does not move an end that has been.
    """
    first: dict[str | None, datetime] = {}
    for delivery in file.deliveries:
        first[delivery.certificate] = min(delivery.at, first.get(delivery.certificate, delivery.at))
    ends = [first[None]] if None in first else []
    owed = [certificate for certificate in file.certificates if certificate.replaces is None]
    if owed:
        settled = [_settled(file, certificate, first) for certificate in owed]
        if None not in settled:
            ends.append(max(at for at in settled if at is not None))
    elif first:
        ends.append(max(first.values()))
    return min(ends, default=None)


def paper_owed(file: CaseFile) -> bool:
    """Whether a result on paper is still to be handed over: a certificate that is no electronic one, or a refusal.

    A refusal is told in writing (Art. 38(2)); who applied online is answered online. What was set aside is owed no more.
    """
    if file.set_aside is not None:
        return False
    first = {delivery.certificate: delivery.at for delivery in file.deliveries}
    if None in first:
        return False
    owed = [one for one in file.certificates if one.replaces is None and _settled(file, one, first) is None]
    if any(not _standing(file, one).electronic for one in owed):
        return True
    refused = file.decision is not None and file.decision.decision is Decision.REFUSED
    return refused and not first and not (file.channel is not None and file.channel.online)


def _standing(file: CaseFile, certificate: Certificate) -> Certificate:
    """A certificate, or what took its place last."""
    seen = {certificate.certificate}
    while (again := next((one for one in file.certificates if one.replaces == certificate.certificate), None)) is not None:
        if again.certificate in seen:
            break
        seen.add(again.certificate)
        certificate = again
    return certificate


def _settled(file: CaseFile, certificate: Certificate, first: Mapping[str | None, datetime]) -> datetime | None:
    """When a certificate, or what took its place, was handed over, or was owed no more."""
    seen: set[str] = set()
    while True:
        if certificate.certificate in first:
            return first[certificate.certificate]
        seen.add(certificate.certificate)
        again = next((one for one in file.certificates if one.replaces == certificate.certificate), None)
        if again is None or again.certificate in seen:
            return certificate.revoked_at
        certificate = again


def rectification(step: CoreStep | None) -> str:
    """The name of the clock a bad rating of a step, or of the case as a whole, runs."""
    kind = ClockKind.RECTIFICATION.value
    return kind if step is None else f"{kind}:{step.value}"


def _rectifications(file: CaseFile) -> Iterator[CaseClock]:
    """差评整改时限: one clock for each bad rating that stands, from the rating to its rectification.

    The district promised it with the rating. It ends too where the review finds the rating mistaken or malicious, and it
    runs on after the case has ended, however that ended: a step may be rated before the end, and the whole after it.
    """
    if file.stage is Stage.VOIDED:
        return
    for rating in file.service.ratings:
        fact, limit = rating.fact, rating.fact.rectify_within
        if limit is None or fact.defaulted or not fact.grade.bad or file.service.rating(fact.step) is not rating:
            continue
        ends = [rating.rectified.at] if rating.rectified is not None else []
        if rating.review is not None and rating.review.review is not RatingReview.VALID:
            ends.append(rating.review.at)
        yield CaseClock(
            ClockKind.RECTIFICATION, rectification(fact.step), "差评整改承诺", limit,
            fact.at.date(), fact.at, Ledger(), min(ends, default=None),
            file.promise.calendar if file.promise else None, file.department,
        )  # fmt: skip


def cut_off(file: CaseFile, clock: CaseClock) -> datetime | None:
    """When the case ended under a clock without being closed (撤回, 作废); 不予受理 answers the first clock.

    That of a step is cut off too where nobody waits for the answer any more (撤回加签, 否决即止).
    What a bad rating asks for (差评整改) is owed however the case ended.
    """
    closing = file.closing
    if clock.step is not None and (called_off := _called_off(file, clock)) is not None:
        return called_off
    if closing is None or isinstance(closing, CaseClosed) or clock.kind is ClockKind.RECTIFICATION:
        return None
    if isinstance(closing, NotAccepted) and clock.kind is ClockKind.ACCEPTANCE:
        return None
    return closing.at if clock.ended_at is None or clock.ended_at >= closing.at else None


def _called_off(file: CaseFile, clock: CaseClock) -> datetime | None:
    """When a step was called off while its clock ran."""
    of_clock = ((a.step, a.opened_at) == (clock.step, clock.started_at) for a in file.approvals)
    approval = next((a for a, its in zip(file.approvals, of_clock, strict=True) if its), None)
    return approval.answered_at if approval is not None and approval.answer is Answer.CALLED_OFF else None
