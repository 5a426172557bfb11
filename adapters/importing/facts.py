"""The facts a mapping makes: each ``[[fact]]`` compiled into a function that writes them to the draft of a history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from adapters.importing.draft import BETWEEN, FIRST, LAST, SECOND, Draft
from adapters.importing.pairing import as_begun, as_ended
from adapters.importing.rule_texts import Texts
from adapters.importing.sound_mapping import FactRule, Kind, Mapping, Pairs, Take
from adapters.importing.values import (
    Column,
    Instant,
    Record,
    Text,
    compile_condition,
    compile_days,
    compile_instant,
    compile_needed,
    compile_optional_term,
    compile_outcome,
    compile_term,
)
from casecore.case.facts import CaseEvent
from casecore.case.facts.acceptance import CaseAccepted
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.closing import CaseClosed, CaseVoided
from casecore.case.facts.correction import CorrectionRequested, CorrectionSubmitted
from casecore.case.facts.review import StepCompleted
from casecore.case.facts.time_limits import ExtensionApproved, Resumed, Suspended, told_in_writing
from casecore.errors import BadInput, Flaw
from casecore.vocabulary import Authority, Channel, HandlingKind, SpecialGround, SuspensionKind, Tier

__all__ = ["Rule", "compile_rules"]

_Make = Callable[[Draft, Record, Record, datetime, datetime | None], None]


class Rule(NamedTuple):
    """A fact rule, compiled."""

    fits: Callable[[Record, Record], bool] | None
    at: Instant | None
    """None for an ignored record."""
    until: Instant | None
    required: bool
    columns: tuple[str, str | None]
    make: _Make
    take: Take | None = None
    said: str = ""
    """What it says of a case: ``received``."""
    any_end: bool = False
    """An end before the beginning is recorded as it is said, instead of rejecting the record."""


def compile_rules(mapping: Mapping, column: Column) -> list[Rule]:
    """Compile every ``[[fact]]`` for the columns of a file."""
    shared: dict[str, Text] = {}
    return [_compiled(mapping, column, rule, shared) for rule in mapping.facts]


def _compiled(mapping: Mapping, column: Column, rule: FactRule, shared: dict[str, Text]) -> Rule:
    fits = compile_condition(column, rule)
    if rule.event is Kind.IGNORED:
        return Rule(fits, None, None, required=False, columns=("", None), make=_nothing)
    make = _MAKERS[rule.event](mapping, Texts(mapping, column, rule, shared))
    return Rule(
        fits,
        compile_instant(column, rule.at, rule.scope, mapping),
        None if rule.until is None else compile_instant(column, rule.until, rule.scope, mapping),
        required=rule.required,
        columns=(rule.at, rule.until),
        make=_said_when_begun(make) if rule.at == Pairs.BEGAN and rule.event is not Kind.STEP_COMPLETED else make,
        take=rule.take,
        said=rule.event,
        any_end=rule.event is Kind.SPECIAL_PROCEDURE,
    )


def _said_when_begun(make: _Make) -> _Make:
    """Make a fact of the beginning of a pair by what was said then: it stays as it was when the end is told later."""

    def made(draft: Draft, record: Record, event: Record, at: datetime, until: datetime | None) -> None:
        make(draft, record, as_begun(event), at, until)

    return made


def _nothing(_draft: Draft, _record: Record, _event: Record, _at: datetime, _until: datetime | None) -> None:
    """Make no fact."""


def _received(_: Mapping, texts: Texts) -> _Make:
    by, item, hall = texts.by(), texts.needed("item"), texts.needed("hall")
    tier = compile_term(texts.optional("tier"), "tier", Tier)
    channel = compile_term(texts.optional("channel"), "channel", Channel)
    department = texts.optional("department")

    def make(draft: Draft, record: Record, event: Record, at: datetime, _: datetime | None) -> None:
        fact = CaseReceived(
            at=at,
            by=by(record, event),
            item=item(record, event),
            channel=channel(record, event),
            tier=tier(record, event),
            hall=hall(record, event),
            department=department(record, event),
            trips_recorded=False,
        )
        draft.received_at = at
        draft.dated.append((at, FIRST, fact, draft.line))

    return make


def _accepted(mapping: Mapping, texts: Texts) -> _Make:
    by, item = texts.by(), texts.needed("item")
    promised, statutory = texts.promise(mapping.promise, "promise"), texts.promise(mapping.statutory, "statutory")
    version, calendar = mapping.item_version, mapping.calendar

    def make(draft: Draft, record: Record, event: Record, at: datetime, _: datetime | None) -> None:
        limit = promised(draft, record)
        if limit is None:
            raise BadInput(Flaw.MISSING_FIELD, "promise", "none")
        fact = CaseAccepted(
            at=at,
            by=by(record, event),
            effective_on=at.date(),
            item=item(record, event),
            item_version=version,
            handling=HandlingKind.PROMISED,
            promised=limit,
            statutory=statutory(draft, record),
            plan=(),
            trips_promised=None,
            calendar=calendar,
        )
        draft.accepted_at = at
        draft.dated.append((at, SECOND, fact, draft.line))

    return make


def _closed(_: Mapping, texts: Texts) -> _Make:
    by, reason = texts.by(), texts.optional("reason")
    why = compile_needed(reason, "reason")
    outcome = compile_outcome(texts.optional("outcome"), "outcome")
    day_only = texts.rule.day_only

    def make(draft: Draft, record: Record, event: Record, at: datetime, _: datetime | None) -> None:
        draft.closed_at, draft.closed_day_only = at, day_only
        how = outcome(record, event)
        fact: CaseEvent
        if how.void:  # as live: a record that was wrong is no case that ends
            fact = CaseVoided(at=at, by=by(record, event), outcome=how, reason=why(record, event))
        else:
            fact = CaseClosed(at=at, by=by(record, event), outcome=how, reason=reason(record, event))
        draft.dated.append((at, LAST, fact, draft.line))

    return make


def _step(_: Mapping, texts: Texts) -> _Make:
    """A step is its end; one that spans two columns and has no end yet is no fact, it only counts."""
    spans = texts.rule.until is not None
    by, name = texts.by(), texts.needed("name")
    department, action = texts.optional("department"), texts.optional("action")

    def make(draft: Draft, record: Record, event: Record, at: datetime, until: datetime | None) -> None:
        if spans and until is None:
            draft.open_steps += 1
            return
        ended_at = at if until is None else until
        fact = StepCompleted(
            at=ended_at,
            by=by(record, event),
            name=name(record, event),
            department=department(record, event),
            action=action(record, event),
            started_at=at if spans else None,
        )
        draft.dated.append((ended_at, BETWEEN, fact, draft.line))

    return make


def _suspension(mapping: Mapping, texts: Texts) -> _Make:
    by, reason = texts.by(), texts.needed("reason")
    moves_promise = mapping.suspension_moves_promise

    def make(draft: Draft, record: Record, event: Record, at: datetime, until: datetime | None) -> None:
        who = by(record, event)
        number = f"{draft.command_id}:{len(draft.dated) + 1}"
        fact = Suspended(
            at=at,
            by=who,
            suspension=number,
            kind=SuspensionKind.ORDINARY,
            reason=reason(record, event),
            moves_promise=moves_promise,
        )
        draft.dated.append((at, BETWEEN, fact, draft.line))
        if until is not None:
            draft.dated.append(
                (until, BETWEEN, Resumed(at=until, by=by(record, as_ended(event)), suspension=number), draft.line)
            )

    return make


def _correction(_: Mapping, texts: Texts) -> _Make:
    by = texts.by()

    def make(draft: Draft, record: Record, event: Record, at: datetime, until: datetime | None) -> None:
        who = by(record, event)
        draft.dated.append((at, BETWEEN, CorrectionRequested(at=at, by=who, materials=()), draft.line))
        if until is not None:
            draft.dated.append((until, BETWEEN, CorrectionSubmitted(at=until, by=by(record, as_ended(event))), draft.line))

    return make


def _special_procedure(_: Mapping, texts: Texts) -> _Make:
    """What the live rule would move, it moves; what it would refuse is recorded and moves nothing."""
    by, reason, notice = texts.by(), texts.needed("reason"), texts.optional("notice")
    ground = compile_optional_term(texts.optional("ground"), "ground", SpecialGround)
    declared_days = compile_days(texts.optional("declared_days"), "declared_days")

    def make(draft: Draft, record: Record, event: Record, at: datetime, until: datetime | None) -> None:
        who = by(record, event)
        number = f"{draft.command_id}:{len(draft.dated) + 1}"
        fact = Suspended(
            at=at,
            by=who,
            suspension=number,
            kind=SuspensionKind.SPECIAL_PROCEDURE,
            reason=reason(record, event),
            ground=ground(record, event),
            declared_days=declared_days(record, event),
            notice=notice(record, event),
        )
        if told_in_writing(fact):
            fact = replace(fact, moves_promise=True, moves_statutory=True)
        draft.dated.append((at, BETWEEN, fact, draft.line))
        if until is not None:  # recorded after its beginning even where it is said to have ended before it
            draft.dated.append(
                (max(at, until), BETWEEN, Resumed(at=until, by=by(record, as_ended(event)), suspension=number), draft.line)
            )

    return make


def _extension(_: Mapping, texts: Texts) -> _Make:
    by, reason, approver = texts.by(), texts.needed("reason"), texts.needed("approver")
    notice, days = texts.optional("notice"), compile_days(texts.needed("days"), "days")
    authority = compile_optional_term(texts.optional("authority"), "authority", Authority)

    def make(draft: Draft, record: Record, event: Record, at: datetime, _: datetime | None) -> None:
        fact = ExtensionApproved(
            at=at,
            by=by(record, event),
            days=days(record, event) or 0,
            approver=approver(record, event),
            reason=reason(record, event),
            notice=notice(record, event),
            authority=authority(record, event),
        )
        draft.dated.append((at, BETWEEN, fact, draft.line))

    return make


_MAKERS: Final[dict[Kind, Callable[[Mapping, Texts], _Make]]] = {
    Kind.RECEIVED: _received,
    Kind.ACCEPTED: _accepted,
    Kind.CLOSED: _closed,
    Kind.STEP_COMPLETED: _step,
    Kind.SUSPENSION: _suspension,
    Kind.CORRECTION: _correction,
    Kind.SPECIAL_PROCEDURE: _special_procedure,
    Kind.EXTENSION: _extension,
}
