"""The file of a visit: who came when and where, which cases it served, when and how it ended."""

from datetime import datetime, timedelta
from typing import NamedTuple

from casecore.value import swift
from casecore.visit.facts import CaseServed, VisitLeft, VisitOpened
from casecore.vocabulary import Place, Visitor, VisitStage

__all__ = ["NEW_VISIT", "VisitFile"]


@swift
class VisitFile(NamedTuple):
    """Everything a visit's facts add up to; immutable. ``version`` counts the facts folded so far."""

    version: int = 0
    stage: VisitStage = VisitStage.NEW
    stage_at: datetime | None = None
    opened: VisitOpened | None = None
    """None where nobody told that it began."""
    served: tuple[CaseServed, ...] = ()
    """Every act done in it, in the order told."""
    left: VisitLeft | None = None

    @property
    def began_at(self) -> datetime | None:
        """When it began, as far as anybody knows: on arriving, or with the first act."""
        if self.opened is not None:
            return self.opened.at
        return min((one.at for one in self.served), default=None)

    @property
    def last_served_at(self) -> datetime | None:
        """When the last act was done in it."""
        return max((one.at for one in self.served), default=None)

    @property
    def minutes(self) -> int | None:
        """How long it took, in whole minutes; None while nobody told of its end."""
        began = self.began_at
        return None if began is None or self.left is None else (self.left.at - began) // timedelta(minutes=1)

    @property
    def persons(self) -> int:
        """人次: how many came; at least one did, where nobody said."""
        return 1 if self.opened is None else self.opened.persons

    @property
    def told_by(self) -> VisitOpened | CaseServed | None:
        """The fact that says who came and where: the arrival's before that of a case."""
        return self.opened or next(iter(self.served), None)

    @property
    def person_times(self) -> int:
        """服务办事人次: the persons who came for a matter of theirs; a 代办员 and home service bring nobody."""
        told = self.told_by
        came = told is not None and told.visitor is not Visitor.HALL_AGENT and told.place not in (Place.HOME, Place.OUTSIDE)
        return self.persons if came else 0

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases it served, each once, in the order told."""
        return tuple(dict.fromkeys(one.case for one in self.served))

    @property
    def applicants_in_person(self) -> tuple[str, ...]:
        """The applicants who came for their own cases, each once; whoever was sent may come for several."""
        return tuple(
            dict.fromkeys(
                one.applicant for one in self.served if one.applicant is not None and one.visitor is Visitor.APPLICANT
            )
        )


NEW_VISIT = VisitFile()
"""The file of a visit nobody has heard of."""
