"""Another promise, another calendar or another district's rule, supposed of a case: the file as it would be then.

What happened stays what it was, and when: day 0, the closing, each suspension. Only what was promised, the calendar it
is counted under and what moves the promise are other ones. Nothing is written.
"""

from dataclasses import replace
from typing import NamedTuple

from casecore.case.file import CaseFile
from casecore.case.parts import Suspension
from casecore.district_rule import DistrictRule
from casecore.limits import Limit
from casecore.vocabulary import SuspensionKind

__all__ = ["Supposition"]


class Supposition(NamedTuple):
    """What is supposed; what is None stays as it was recorded."""

    promise: Limit | None = None
    """Of every case, whatever unit or fixed date it was promised in."""
    calendar: str | None = None
    """A version: every limit, the statutory one too, is counted under it."""
    rule: DistrictRule | None = None
    """Its ``moves_promise`` says which kinds of 挂起 move the promise, whatever was frozen into the facts.

    A special procedure (特别程序) is not the district's to decide: it moves what the fact says it moves.
    """
    item: str | None = None
    """Only cases of this item (事项) are supposed to be other ones; None for all."""

    def concerns(self, file: CaseFile) -> bool:
        """Whether anything is supposed of this case: it was accepted, and for the item meant."""
        return file.promise is not None and self.item in (None, file.promise.item)

    def of(self, file: CaseFile) -> CaseFile:
        """The file under what is supposed; the file itself where that changes nothing."""
        promise = file.promise
        if promise is None or not self.concerns(file):
            return file
        limit, version = self.promise or promise.promised, self.calendar or promise.calendar
        if limit is not promise.promised or version != promise.calendar:
            file = file._replace(promise=replace(promise, promised=limit, calendar=version))
        if self.rule is not None and file.suspensions:
            file = file._replace(suspensions=tuple(_ruled(s, self.rule) for s in file.suspensions))
        return file


def _ruled(suspension: Suspension, rule: DistrictRule) -> Suspension:
    fact = suspension.fact
    moves = fact.moves_promise if fact.kind is SuspensionKind.SPECIAL_PROCEDURE else fact.kind in rule.moves_promise
    return suspension if moves == fact.moves_promise else suspension._replace(fact=replace(fact, moves_promise=moves))
