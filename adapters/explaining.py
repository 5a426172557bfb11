"""``explain``: a case told whole, from the log of its district."""

from datetime import datetime

from adapters.folding import NOT_POISON
from adapters.sound_histories import facts_by
from casecore.engine import Engine
from casecore.errors import BadInput, Fault
from casecore.kinds import CASE
from projections.explaining.explanation import Explanation, explain_case

__all__ = ["explain"]


def explain(engine: Engine, case: str, as_of: datetime | None = None, *, other: str | None = None) -> Explanation:
    """Explain a case (办件): its story, its clocks day by day, its critical path, cards, findings and trips.

    ``as_of`` is an aware instant: only what had happened by then is told, and what runs is told as of then; None tells all
    that is known, as of now. With ``other``, the version of a calendar, each clock is told under that one too. What comes
    back is plain values, and its ``plain()`` the same for JSON.

    Raises :class:`~casecore.errors.BadInput` for an id that is no case of this district or a calendar nobody knows, and
    :class:`~casecore.errors.Fault` naming the fact where the history of the case cannot be read, folded or explained.
    """
    facts = facts_by(engine, case, CASE, until=as_of)
    try:
        return explain_case(facts, as_of or engine.now(), engine.office, other=other)
    except (*NOT_POISON, BadInput):
        raise
    except Exception as error:
        raise Fault(f"case {case} version {facts[-1].version}: its facts cannot be explained: {error!r}") from error
