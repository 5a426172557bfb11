"""``explain``: a case told whole, from the log of its district."""

from collections.abc import Mapping
from datetime import datetime

from adapters.calendar_toml import shipped_calendars
from adapters.folding import NOT_POISON
from adapters.sound_histories import facts_by
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.engine import Engine
from casecore.errors import BadInput, Fault
from casecore.kinds import CASE
from projections.explaining.explanation import Explanation, explain_case

__all__ = ["explain"]


def explain(
    engine: Engine,
    case: str,
    as_of: datetime | None = None,
    *,
    other: str | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
) -> Explanation:
    """Explain a case (办件): its story, its clocks day by day, its critical path, cards, findings and trips.

    ``as_of`` is an aware instant: only what had happened by then is told, and what runs is told as of then; None tells all
    that is known, as of now. It is counted under the books of the day it began. With ``other``, the version of a calendar,
    each clock is told under that one too, which is one of the district's own or of ``calendars``, by default those that
    ship. What comes back is plain values, and its ``plain()`` the same for JSON.

    Raises :class:`~casecore.errors.BadInput` for an id that is no case of this district or a calendar nobody knows, and
    :class:`~casecore.errors.Fault` naming the fact where the history of the case cannot be read, folded or explained.
    """
    facts = facts_by(engine, case, CASE, until=as_of)
    others = shipped_calendars() if calendars is None else calendars
    try:
        office = engine.office_for(CASE.fold(recorded.event for recorded in facts))
        if other is not None:
            found = find_calendar({**others, **office.calendars}, other)
            office = office._replace(calendars={**office.calendars, other: found})
        return explain_case(facts, as_of or engine.now(), office, other=other)
    except (*NOT_POISON, BadInput):
        raise
    except Exception as error:
        raise Fault(f"case {case} version {facts[-1].version}: its facts cannot be explained: {error!r}") from error
