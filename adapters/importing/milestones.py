"""Milestones that events say: the receipt is the first of its kind, the closing the last."""

from collections.abc import Sequence

from adapters.importing.draft import Draft, Held
from adapters.importing.facts import Rule
from adapters.importing.sound_mapping import Take
from adapters.importing.values import Record
from casecore.errors import BadInput, Flaw

__all__ = ["make_taken", "offer"]


def offer(rules: Sequence[Rule], draft: Draft, record: Record, event: Record, *, only: bool) -> bool:
    """Offer an event to the milestones it fits; whether there was one. ``only``: it says nothing else."""
    fitted = False
    for place, rule in enumerate(rules):
        if rule.at is None or not (rule.fits is None or rule.fits(record, event)):
            continue
        at = rule.at(record, event)
        if at is None:
            if rule.required:
                raise BadInput(Flaw.MISSING_FIELD, rule.columns[0], "empty")
            continue
        fitted = True
        held = draft.held.get(place)
        if held is None or (at < held.at if rule.take is Take.FIRST else at >= held.at):
            draft.held[place] = Held(at, event, only, draft.line)
    if fitted and only:
        draft.candidates += 1
    return fitted


def make_taken(rules: Sequence[Rule], draft: Draft, record: Record) -> None:
    """Make the milestones; events that could have been one, were not, and say nothing else, are set aside by number."""
    for place, rule in enumerate(rules):
        held = draft.held.get(place)
        draft.line = 0 if held is None else held.line
        if held is not None:
            rule.make(draft, record, held.event, held.at, None)
        elif rule.required:
            raise BadInput(Flaw.MISSING_FIELD, rule.columns[0], f"no event says when the case was {rule.said}")
    draft.ignored += draft.candidates - len({id(held.event) for held in draft.held.values() if held.only})
