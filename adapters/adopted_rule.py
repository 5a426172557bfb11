"""Whether a rule file says what districts count under: for who still names one where the log says it."""

from collections.abc import Iterable
from dataclasses import fields

from casecore.district_rule import DistrictRule
from casecore.engine import Engine
from casecore.errors import BadInput, Flaw

__all__ = ["must_be_in_force"]


def must_be_in_force(rule: DistrictRule, engines: Iterable[Engine]) -> None:
    """Refuse a rule that is not the one each district has adopted last; it changes no figure.

    Raises :class:`~casecore.errors.BadInput` naming the first district that counts under another, and what differs.
    """
    for engine in engines:
        dated = engine.books.rule_on(None)
        differing = [one.name for one in fields(rule) if getattr(rule, one.name) != getattr(dated.rule, one.name)]
        if differing:
            sentence = f"district {engine.district} counts under version {dated.version} of its rule, and this file differs"
            advice = "a report rests on the books in the log: casecore books adopt changes them"
            raise BadInput(Flaw.CONTRADICTION, "--rule", f"{sentence} in {', '.join(differing)}; {advice}")
